(* Tactics of generated proofs over the reals.  No decision procedure runs on a problem whose size depends on the claim, except ring
   and field on named equations; exponents and constants are rational, compared by integers. *)
From Coq Require Import Reals ZArith List Lra Lia Bool.
From Aalp Require Export OrderedRing RealRing Landau Posynomial PosynomialR Analysis Sums Rounding Recurrence AkraBazzi LinearRecurrence Substitution.
From Aalp Require Domination Rules SumsZ.
Export ListNotations.
Open Scope R_scope.

(* 0 < e, 0 <= e and e <> 0 by the structure of e, leaves from the hypotheses *)
Ltac pos :=
  match goal with
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
