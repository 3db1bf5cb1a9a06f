(* Tactics of generated proofs over the reals.  No decision procedure runs on a problem whose size depends on the claim, except ring
   and field on named equations; exponents and constants are rational, compared by integers. *)
From Coq Require Import Reals ZArith List Lra Lia Bool.
From Aalp Require Export OrderedRing Posynomial Analysis PosynomialR Sums Recurrence AkraBazzi LinearRecurrence Substitution.
From Aalp Require Landau Domination Rules SumsZ.
Export ListNotations.
Open Scope R_scope.

(* 0 < e, 0 <= e and e <> 0 by the structure of e, leaves from the hypotheses *)
Ltac pos :=
  cbv beta; lazymatch goal with
  | |- _ <> 0 => apply Rgt_not_eq; unfold Rgt; pos
  | |- _ /\ _ => split; pos
  | |- 0 < ?a * ?b => apply Rmult_lt_0_compat; pos
  | |- 0 <= ?a * ?b => apply Rmult_le_pos; pos
  | |- 0 < ?a / ?b => apply div_pos; pos
  | |- 0 <= ?a / ?b => apply div_nonneg; pos
  | |- 0 < / ?a => apply Rinv_0_lt_compat; pos
  | |- 0 < ?a ^ ?n => apply pow_positive; pos
  | |- 0 <= ?a ^ ?n => apply Analysis.pow_nonneg; pos
  | |- 0 < powerRZ ?a ?n => apply powerRZ_lt; pos
  | |- 0 < Rpower _ _ => apply Rpower_pos
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < sqrt _ => apply sqrt_lt_R0; pos
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= Rpower _ _ => left; apply Rpower_pos
  | |- 0 <= exp _ => left; apply exp_pos
  | |- 0 < ln _ => apply ln_pos; lra
  | |- 0 <= ln _ => apply ln_nonneg; lra
  | |- 0 <= ?a + ?b => first [lra | apply Rplus_le_le_0_compat; pos]
  | |- 0 < ?a + ?b => first [lra | apply Rplus_lt_le_0_compat; [pos | pos] | apply Rplus_le_lt_0_compat; [pos | pos]]
  | |- 0 <= sum _ _ _ => apply sum_nonneg; intros; pos
  | |- 0 <= INR _ => apply pos_INR
  | |- _ => lra
  end.

(* facts about coordinates: N <= x_i and x_i <= x_j *)
Definition unit (i : nat) : mono := repeat 0%Z i ++ [1%Z].
Definition at_least (N : Z) (i : nat) : fact := Fact N [] 1 (unit i).
Definition at_most (i j : nat) : fact := Fact 1 (unit i) 1 (unit j).
Arguments unit _%nat.
Arguments at_least _%Z _%nat.
Arguments at_most (_ _)%nat.
Lemma fact_intro : forall xs c P d Q, IZR c * monomial xs P <= IZR d * monomial xs Q -> fact_at xs (Fact c P d Q).
Proof. intros; assumption. Qed.
Ltac solve_fact := apply fact_intro; cbn [monomial repeat app unit]; rewrite ?powerRZ_O, ?powerRZ_1, ?Rmult_1_r, ?Rmult_1_l; first [assumption | lra].
Ltac all_pos := first [apply Forall_nil | apply Forall_cons; [cbv beta; pos | all_pos]].
Ltac all_facts := first [apply Forall_nil | apply Forall_cons; [solve_fact | all_facts]].

(* l <= r by posynomial domination: K (r - l) is a polynomial in the positive reals xs, K > 0 clears denominators *)
Ltac dominate_R xs facts steps diff K :=
  apply (dominate xs facts steps diff K);
  [ pos | cbn [polynomial monomial powerRZ]; cbv [Pos.to_nat Pos.iter_op Nat.add]; first [ring | field; pos]
  | all_pos | unfold at_least, at_most; all_facts | vm_compute; reflexivity ].


(* E[a] <= E[b] along the structure of E, from hypotheses between the leaves *)
Ltac mono :=
  match goal with
  | |- ?a <= ?a => apply Rle_refl
  | H : ?a <= ?b |- ?a <= ?b => exact H
  | |- _ + _ <= _ + _ => apply Rplus_le_compat; mono
  | |- _ - _ <= _ - _ => apply Rplus_le_compat; mono
  | |- - _ <= - _ => apply Ropp_le_contravar; mono
  | |- _ * _ <= _ * _ => apply Rmult_le_compat; [pos | pos | mono | mono]
  | |- _ / _ <= _ / _ => apply (proj1 (proj2 (proj2 (proj2 Rules.rule_monotone)))); [pos | pos | mono | mono]
  | |- _ ^ _ <= _ ^ _ => apply pow_incr; split; [pos | mono]
  | |- ln _ <= ln _ => apply ln_le; [pos | mono]
  | |- exp _ <= exp _ => apply exp_le; mono
  | |- Rpower _ _ <= Rpower _ _ => first [apply Rpower_mono; [split; [pos | mono] | pos] | apply Rle_Rpower; [lra | mono]]
  | |- _ => lra
  end.

(* integer expressions as real ones *)
Lemma IZR_pow : forall x p, IZR (x ^ Zpos p) = IZR x ^ Pos.to_nat p.
Proof. intros x p. rewrite pow_IZR, positive_nat_Z. reflexivity. Qed.
Ltac push_IZR := rewrite ?plus_IZR, ?minus_IZR, ?mult_IZR, ?opp_IZR, ?IZR_pow; cbv [Pos.to_nat Pos.iter_op Nat.add].
(* thresholds of integer parameters, as reals *)
Ltac reals := repeat match goal with
  | H : (_ <= _)%Z |- _ => apply IZR_le in H; rewrite ?plus_IZR, ?mult_IZR, ?IZR_pow in H; cbv [Pos.to_nat Pos.iter_op Nat.add] in H
  | H : (_ < _)%Z |- _ => apply IZR_lt in H; rewrite ?plus_IZR, ?mult_IZR, ?IZR_pow in H; cbv [Pos.to_nat Pos.iter_op Nat.add] in H
  end.
Lemma escape : forall N c : R, exists t : Z, (1 <= t)%Z /\ N <= IZR t /\ c < IZR t.
Proof.
  intros N c. destruct (Z_above (Rmax 1 (Rmax N (c + 1)))) as (t & H). exists t.
  pose proof (Rmax_l 1 (Rmax N (c + 1))). pose proof (Rmax_r 1 (Rmax N (c + 1))). pose proof (Rmax_l N (c + 1)). pose proof (Rmax_r N (c + 1)).
  repeat split; try lra. apply le_IZR. lra.
Qed.
(* along a family:  g h <= k f  and  f <= c g  with g > 0 bound h ;  so do  f h <= k g  and  g <= c f *)
Lemma contradiction_upper : forall c k f g h, 0 < g -> 0 < k -> g * h <= k * f -> f <= c * g -> h <= k * c.
Proof.
  intros c k f g h G K B U. apply Rmult_le_reg_l with g; [assumption|]. apply Rle_trans with (1 := B).
  apply Rmult_le_compat_l with (r := k) in U; lra.
Qed.
Lemma contradiction_lower : forall c k f g h, 0 < g -> 0 <= h -> 0 < c -> f * h <= k * g -> g <= c * f -> h <= k * c.
Proof.
  intros c k f g h G H C B U. apply Rmult_le_reg_l with g; [assumption|]. apply Rmult_le_compat_r with (r := h) in U; [|assumption].
  apply Rmult_le_compat_l with (r := c) in B; lra.
Qed.

(* ---- Recurrences ---- *)

(* terms written (p n + q)/m with ratio p/m: rounded on the scale n with distance c *)
Ltac index := apply index_distance; [lia | simpl; lra | rewrite !INR_IZR_INZ; simpl Z.of_nat; lra | lra].
(* the members of a listed list, one by one *)
Ltac terms_cases Ht := hnf in Ht; lazymatch type of Ht with _ \/ _ => destruct Ht as [<-|Ht]; [|terms_cases Ht] | False => destruct Ht end.
Ltac rounded_terms :=
  do 4 (split; [lra|]);
  let l := fresh in let t := fresh in let Ht := fresh in
  intros l t -> Ht; terms_cases Ht; cbn [ta tb tr]; (split; [lra | split; [lra | intros ? _; index]]).
(* b^(ln a / ln c) for b = 1/c *)
Lemma Rpower_log : forall a c, 0 < a -> 0 < c -> c <> 1 -> Rpower (/ c) (ln a / ln c) = / a.
Proof.
  intros a c Ha Hc H1. unfold Rpower. rewrite ln_Rinv by assumption. assert (ln c <> 0) by (apply ln_neq_0; assumption).
  replace (ln a / ln c * - ln c) with (- ln a) by (field; assumption). rewrite exp_Ropp, exp_ln by assumption. reflexivity.
Qed.
(* comparison of rational powers by integers: (a/b)^P <= (c/d)^Q *)
Lemma pow_fractions : forall (a b c d : Z) (P Q : nat), (0 < a)%Z -> (0 < b)%Z -> (0 < c)%Z -> (0 < d)%Z ->
  (a ^ Z.of_nat P * d ^ Z.of_nat Q <=? c ^ Z.of_nat Q * b ^ Z.of_nat P)%Z = true -> (IZR a / IZR b) ^ P <= (IZR c / IZR d) ^ Q.
Proof.
  intros a b c d P Q Ha Hb Hc Hd H. apply Z.leb_le in H. apply IZR_lt in Ha, Hb, Hc, Hd. unfold Rdiv. rewrite !Rpow_mult_distr, !pow_inv by lra.
  assert (0 < IZR b ^ P) by (apply pow_positive; assumption). assert (0 < IZR d ^ Q) by (apply pow_positive; assumption).
  apply IZR_le in H. rewrite !mult_IZR, <- !pow_IZR in H. apply Rmult_le_reg_r with (IZR b ^ P * IZR d ^ Q); [apply Rmult_lt_0_compat; assumption|].
  replace (IZR a ^ P * / IZR b ^ P * (IZR b ^ P * IZR d ^ Q)) with (IZR a ^ P * IZR d ^ Q) by (field; lra).
  replace (IZR c ^ Q * / IZR d ^ Q * (IZR b ^ P * IZR d ^ Q)) with (IZR c ^ Q * IZR b ^ P) by (field; lra). exact H.
Qed.
(* calls (p n + q)/m with p n + q < m n are smaller; coefficients are positive *)
Ltac decreasing_terms := let t := fresh in let n := fresh in let Ht := fresh in
  intros t n Ht ?; terms_cases Ht; cbn [ta tb tr]; apply Nat.div_lt_upper_bound; lia.
Ltac positive_terms := let t := fresh in let Ht := fresh in intros t Ht; terms_cases Ht; cbn [ta tb tr]; lra.
(* a tight bound by f, with f = K h from n0 on, in the form of a statement *)
Lemma theta_as : forall (T f h : nat -> R) K n0, 0 < K -> Rules.theta T f -> (forall n, (n0 <= n)%nat -> f n = K * h n) ->
  (exists c N, 0 < c /\ forall n, (N <= n)%nat -> T n <= c * h n) /\ (exists c N, 0 < c /\ forall n, (N <= n)%nat -> h n <= c * T n).
Proof.
  intros T f h K n0 HK [(C & N & HC & U) (q & M & Hq & L)] E. split.
  - exists (C * K), (max n0 N). split; [pos|]. intros n Hn. rewrite Rmult_assoc, <- E by lia. apply U. lia.
  - exists (/ (q * K)), (max n0 M). split; [pos|]. intros n Hn. specialize (L n ltac:(lia)). rewrite E in L by lia.
    apply Rmult_le_reg_l with (q * K); [pos|]. rewrite <- Rmult_assoc, Rinv_r by pos. lra.
Qed.

(* ---- Divide and conquer in standard form: T(n) = sum a T(r(n)) + g(n) for n >= n0, positive before ---- *)

Section Standard.
Variables (T g : nat -> R) (l : list term) (al be c : R) (n0 : nat) (d k G G' : R).
Hypothesis nonempty : l <> nil.
Hypothesis coefficients : forall t, In t l -> 0 < ta t.
Hypothesis decreasing : forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat.
Hypothesis rounding : rounded INR al be c n0 (single l).
Hypothesis base : forall n, (n < n0)%nat -> 0 < T n.
Hypothesis driving_nonneg : forall n, (n0 <= n)%nat -> 0 <= g n.
Hypothesis recurrence : forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n.
Hypothesis G_pos : 0 < G' <= G.
Hypothesis driving : late (fun n => G' * W d k (INR n) <= g n <= G * W d k (INR n)).

Lemma standard_pos : forall n, 0 < T n.
Proof. apply (solution_pos T g l n0); auto. intros n Hn. right. symmetry. apply recurrence, Hn. Qed.
Lemma standard_below : below T g n0 (single l).
Proof. apply below_single. intros n Hn. right. apply recurrence, Hn. Qed.
Lemma standard_above : above T g n0 (single l).
Proof. apply above_single. intros n Hn. right. symmetry. apply recurrence, Hn. Qed.
Lemma standard :
  (forall p, d < p -> asum l p = 1 -> Rules.theta T (fun n => Rpower (INR n) p)) /\
  (asum l d = 1 -> -1 < k -> Rules.theta T (fun n => W d (k + 1) (INR n))) /\
  (asum l d = 1 -> k = -1 -> Rules.theta T (fun n => Rpower (INR n) d * ln (ln (INR n)))) /\
  (asum l d = 1 -> k < -1 -> Rules.theta T (fun n => Rpower (INR n) d)) /\
  (asum l d < 1 -> Rules.theta T (fun n => W d k (INR n))).
Proof.
  assert (U : late (fun n => 0 <= g n <= G * W d k (INR n))).
  { destruct driving as (N & H). exists (max N n0). intros n Hn. split; [apply driving_nonneg; lia | apply H; lia]. }
  assert (L : late (fun n => G' * W d k (INR n) <= g n)) by (destruct driving as (N & H); exists N; intros n Hn; apply H, Hn).
  destruct (Rules.rule_akra_bazzi INR scale_INR T g (single l) al be c n0 d k G G' rounding standard_below standard_above
    (ex_intro _ 0%nat (fun n _ => standard_pos n)) ltac:(lra) ltac:(lra) U L) as (A & B & C & D & E).
  repeat split; intros.
  - apply A; [assumption | intros ? ->; assumption].
  - apply A; [assumption | intros ? ->; assumption].
  - apply B; [intros ? ->|]; assumption.
  - apply B; [intros ? ->|]; assumption.
  - apply C; [intros ? ->|]; assumption.
  - apply C; [intros ? ->|]; assumption.
  - apply D; [intros ? ->|]; assumption.
  - apply D; [intros ? ->|]; assumption.
  - apply (E (asum l d)); [intros ? ->; apply Rle_refl | assumption].
  - apply (E (asum l d)); [intros ? ->; apply Rle_refl | assumption].
Qed.
End Standard.

(* sums a_t b_t^e of listed terms *)
Ltac sum_terms l := unfold asum; cbn [rsum l ta tb].
(* powers with exponent log_c a, and driving functions n^m (log n)^j with integer exponents *)
Lemma Rpower_log_pow : forall a c m, 0 < a -> 0 < c -> c <> 1 -> Rpower (/ c ^ m) (ln a / ln c) = / a ^ m.
Proof.
  intros a c m Ha Hc H1. unfold Rpower. rewrite ln_Rinv, ln_pow by (try apply pow_positive; assumption).
  assert (ln c <> 0) by (apply ln_neq_0; assumption).
  replace (ln a / ln c * - (INR m * ln c)) with (- (INR m * ln a)) by (field; assumption). rewrite <- ln_pow, exp_Ropp, exp_ln by (try apply pow_positive; assumption). reflexivity.
Qed.
Lemma Rpower_Z : forall x m, 0 < x -> Rpower x (IZR m) = powerRZ x m.
Proof. intros x m Hx. symmetry. apply powerRZ_Rpower, Hx. Qed.
Lemma W_int : forall m j x, 1 < x -> W (IZR m) (IZR j) x = powerRZ x m * powerRZ (ln x) j.
Proof. intros m j x Hx. unfold W. rewrite !Rpower_Z by (try apply ln_pos; lra). reflexivity. Qed.
Lemma rate_lt : forall d a c, 0 < a -> 1 < c -> Rpower c d < a -> d < ln a / ln c.
Proof.
  intros d a c Ha Hc H. pose proof (ln_pos c Hc). apply ln_increasing in H; [|apply Rpower_pos]. unfold Rpower in H. rewrite ln_exp in H.
  apply Rmult_lt_reg_r with (ln c); [assumption|]. replace (ln a / ln c * ln c) with (ln a) by (field; lra). exact H.
Qed.
(* integer powers of numbers *)
Ltac powers := rewrite ?Rpower_Z by lra; cbn [powerRZ]; cbv [Pos.to_nat Pos.iter_op Nat.add].
