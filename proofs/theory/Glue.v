(* Glue of generated proofs over the reals: equations and inequalities that meet up to normal form, logarithms and powers of
   products, families that leave every tail. *)
From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Export TacticsR Statements NamedFacts.
From Aalp Require SumsZ.
Open Scope R_scope.

Lemma le_eq : forall a b c d : R, a = b -> b <= c -> c = d -> a <= d.
Proof. intros; subst; assumption. Qed.
Lemma lt_eq : forall a b c d : R, a = b -> b < c -> c = d -> a < d.
Proof. intros; subst; assumption. Qed.
Lemma eq_eq : forall a b c d : R, a = b -> b = c -> c = d -> a = d.
Proof. intros; subst; reflexivity. Qed.

(* logarithms *)
Lemma ln_powerRZ : forall x z, 0 < x -> ln (powerRZ x z) = IZR z * ln x.
Proof. intros x z H. rewrite powerRZ_Rpower by assumption. unfold Rpower. apply ln_exp. Qed.
Lemma ln_Rpower : forall x y, ln (Rpower x y) = y * ln x.
Proof. intros. unfold Rpower. apply ln_exp. Qed.
Lemma exp_ln_pow : forall x p, 0 < x -> exp (IZR p * ln x) = powerRZ x p.
Proof. intros x p H. rewrite powerRZ_Rpower by assumption. reflexivity. Qed.
Lemma exp_ln_root : forall x p q, (0 < q)%Z -> exp (IZR p / IZR q * ln x) = powerRZ (Rpower x (/ IZR q)) p.
Proof.
  intros x p q H. rewrite powerRZ_Rpower by apply exp_pos. unfold Rpower. rewrite ln_exp. f_equal. field.
  apply IZR_lt in H. lra.
Qed.
Lemma exp_int : forall y p, exp (IZR p * y) = powerRZ (exp y) p.
Proof. intros y p. rewrite powerRZ_Rpower by apply exp_pos. unfold Rpower. rewrite ln_exp. reflexivity. Qed.
Lemma sum_same : forall f g a b a' b', a = a' -> b = b' -> (forall i, (a <= i <= b)%Z -> f i = g i) -> Sums.sum f a b = Sums.sum g a' b'.
Proof. intros; subst. apply Sums.sum_ext. assumption. Qed.
Lemma exp_multiple : forall y p q, (0 < q)%Z -> exp (IZR p / IZR q * y) = powerRZ (exp (y / IZR q)) p.
Proof.
  intros y p q H. rewrite powerRZ_Rpower by apply exp_pos. unfold Rpower. rewrite ln_exp. f_equal. field.
  apply IZR_lt in H. lra.
Qed.

Lemma ln_sqrt_half : forall x, 0 < x -> ln (sqrt x) = / 2 * ln x.
Proof. intros x H. rewrite <- Rpower_sqrt by assumption. apply ln_Rpower. Qed.

(* a growing function of an integer, in the long run *)
Definition unbounded (h : Z -> R) : Prop := forall M : R, exists t0 : Z, forall t, (t0 <= t)%Z -> M <= h t.
Lemma unbounded_id : unbounded IZR.
Proof. intros M. destruct (Z_above M) as (z & H). exists z. intros t L. apply IZR_le in L. lra. Qed.
Lemma unbounded_ge : forall h t1 (f : Z -> R), unbounded h -> (forall t, (t1 <= t)%Z -> h t <= f t) -> unbounded f.
Proof.
  intros h t1 f H L M. destruct (H M) as (t0 & Q). exists (Z.max t0 t1). intros t Ht. apply Rle_trans with (h t).
  - apply Q. lia.
  - apply L. lia.
Qed.
Lemma unbounded_ln : forall h, unbounded h -> unbounded (fun t => ln (h t)).
Proof.
  intros h H M. destruct (H (exp M)) as (t0 & Q). exists t0. intros t Ht. rewrite <- (ln_exp M). apply ln_le; [apply exp_pos | auto].
Qed.
Lemma unbounded_Rpower : forall h q, 0 < q -> unbounded h -> unbounded (fun t => Rpower (h t) q).
Proof.
  intros h q Hq H M. destruct (Rpower_unbounded q Hq M) as (x0 & _ & Q). destruct (H x0) as (t0 & Q'). exists t0. auto.
Qed.
Lemma unbounded_scale : forall c h, 0 < c -> unbounded h -> unbounded (fun t => c * h t).
Proof.
  intros c h Hc H M. destruct (H (M / c)) as (t0 & Q). exists t0. intros t Ht. specialize (Q t Ht).
  apply Rmult_le_compat_l with (r := c) in Q; [|lra]. replace (c * (M / c)) with M in Q by (field; lra). exact Q.
Qed.
Lemma Rpower_ge_linear : forall t : Z, (0 <= t)%Z -> IZR t <= Rpower 2 (IZR t).
Proof.
  intros t H. rewrite <- (Z2Nat.id t H), <- INR_IZR_INZ. rewrite Rpower_pow by lra. left. apply lt_pow_two.
Qed.

(* f <= c g and f h <= k g refute each other's growth *)
Lemma cancel : forall g h K, 0 < g -> g * h <= g * K -> h <= K.
Proof. intros g h K G H. apply Rmult_le_reg_l with g; assumption. Qed.

(* 2^k for an integer k *)
Lemma IZR_Rpower : forall (b k : Z), (0 < b)%Z -> (0 <= k)%Z -> IZR (b ^ k) = Rpower (IZR b) (IZR k).
Proof.
  intros b k Hb Hk. rewrite <- (Z2Nat.id k Hk). generalize (Z.to_nat k) as n. intros n. rewrite <- INR_IZR_INZ, Rpower_pow by (apply IZR_lt; assumption).
  rewrite pow_IZR. reflexivity.
Qed.


Ltac powers_out := cbn [powerRZ]; cbv [Pos.to_nat Pos.iter_op Nat.add Init.Nat.add].
(* equal as rational functions of their atoms *)
Ltac same := first [reflexivity | ring | field; pos | powers_out; first [ring | field; pos]].

(* the domain of a parameter in the form the proof uses: integer parameters with closed integer ends *)
Ltac integers := repeat match goal with
  | H : IZR _ < IZR _ |- _ => apply lt_IZR in H
  | H : IZR _ <= IZR _ |- _ => apply le_IZR in H
  end.
Ltac known := first [assumption | lra | (apply IZR_le; integers; lia) | (apply IZR_lt; integers; lia)].

(* 0 <= b - a gives a <= b *)
Lemma by_difference : forall a b d : R, b - a = d -> 0 <= d -> a <= b.
Proof. intros; lra. Qed.
Lemma by_difference_lt : forall a b d : R, b - a = d -> 0 < d -> a < b.
Proof. intros; lra. Qed.
Lemma lower_constant : forall c f g x, 0 < c -> x <= f -> c * g = x -> g <= / c * f.
Proof.
  intros c f g x Hc H E. apply Rmult_le_reg_l with c; [assumption|]. rewrite E. replace (c * (/ c * f)) with f by (field; lra). exact H.
Qed.
Lemma Z_le_of_R : forall a b : Z, 0 <= IZR b - IZR a -> (a <= b)%Z.
Proof. intros a b H. apply le_IZR. lra. Qed.
Lemma sum_range : forall (a b i : Z), (a <= i <= b)%Z -> IZR a <= IZR i /\ IZR i <= IZR b.
Proof. intros a b i [H1 H2]. split; apply IZR_le; assumption. Qed.

(* 0 <= e, 0 < e and a <= b by the structure of the sides *)
Ltac positive_le := pos.
Ltac positive_lt := pos.
Ltac apply_positive := first [pos | apply Rmult_lt_0_compat; [lra | assumption] | assumption].
Ltac bound := cbv beta; first [assumption | lra | pos | known | apply Req_le; same | nra].
Ltac push_IZR_in H := rewrite ?plus_IZR, ?minus_IZR, ?mult_IZR, ?opp_IZR, ?IZR_pow in H; cbv [Pos.to_nat Pos.iter_op Nat.add] in H.
Ltac polynomials := cbn [polynomial monomial powerRZ repeat app unit]; cbv [Pos.to_nat Pos.iter_op Nat.add Init.Nat.add].
Ltac equal_polynomials := polynomials; first [ring | field; repeat split; first [assumption | pos]].
(* monomial facts *)
Ltac fact_from := polynomials; lra.
Lemma scaled_fact : forall k a b c d, 0 < k -> a <= b -> k * a = c -> k * b = d -> c <= d.
Proof. intros; subst. apply Rmult_le_compat_l; lra. Qed.
Ltac fact_scaled H := polynomials; first [lra | nra].
Lemma one_le_exp_ : forall x, 0 <= x -> 1 <= exp x.
Proof. intros x H. rewrite <- exp_0. apply exp_le, H. Qed.
Ltac one_le_exp := apply one_le_exp_; bound.
Lemma one_le_root_ : forall x q, 1 <= x -> 0 <= q -> 1 <= Rpower x q.
Proof. intros x q H Q. unfold Rpower. apply one_le_exp_. apply Rmult_le_pos; [exact Q | apply ln_nonneg, H]. Qed.
Ltac one_le_root := apply one_le_root_; [bound | lra].
Lemma le_of_ln : forall a b, 0 < a -> 0 < b -> ln a <= ln b -> a <= b.
Proof. intros a b A B [H|H]. left; apply ln_lt_inv; assumption. right; apply ln_inv; assumption. Qed.

(* logarithms of products of powers *)
Ltac expand_ln := repeat first
  [ rewrite ln_mult by pos | rewrite ln_powerRZ by pos | rewrite ln_pow by pos | rewrite ln_Rpower | rewrite ln_exp | rewrite ln_Rinv by pos
  | rewrite ln_sqrt_half by pos | rewrite ln_1 ].
Ltac fact_logs H := apply le_of_ln; [polynomials; pos | polynomials; pos | cbn [monomial]; expand_ln; eapply by_difference; [|exact H]; same].

Ltac extremum_harmonic_ := fail.
Ltac extremum := first [apply Rmax_l | apply Rmax_r | apply Rmin_l | apply Rmin_r
  | apply Rmax_lub; extremum | apply Rmin_glb; extremum | assumption | lra | extremum_harmonic_
  | eapply Rle_trans; [|apply Rmax_r]; extremum | eapply Rle_trans; [apply Rmin_r|]; extremum].
Lemma Rle_or_le : forall a b : R, {a <= b} + {b <= a}.
Proof. intros a b. destruct (Rle_lt_dec a b); [left | right]; lra. Qed.
Lemma geometric_bounds : forall E, expected_maximum E -> forall k p, (1 <= k)%Z -> 0 < p < 1 ->
  ln (IZR k + 1) / - ln (1 - p) <= E k p /\ E k p <= 1 + (1 + ln (IZR k)) / - ln (1 - p).
Proof.
  intros E H k p Hk Hp. pose proof (Rules.rule_max_geometric p (Z.to_nat k) (E k p) Hp ltac:(lia) (H k p Hk Hp)) as [A B].
  rewrite INR_IZR_INZ, Z2Nat.id in A, B by lia. split; assumption.
Qed.
Ltac same_bound H := refine (le_eq _ _ _ _ _ H _); same.
Ltac same_powers := powers_out; same.
Ltac congruent := first [reflexivity | repeat f_equal; same].

(* ---- Claims ---- *)

Ltac conjunctions := repeat match goal with H : _ /\ _ |- _ => destruct H end.
Ltac destruct_cases := repeat match goal with H : _ \/ _ |- _ => destruct H end.
Ltac conclude_part := first [exact I | assumption | lra | bound | (apply Rlt_le; assumption)].
Ltac conclude := push_IZR; repeat split; conclude_part.
Ltac tails := repeat split; first [assumption | lra | (left; tails) | (right; tails)].
Lemma integer_power_ge : forall t k : Z, (1 <= t)%Z -> (1 <= k)%Z -> (t <= t ^ k)%Z.
Proof. intros t k H K. rewrite <- (Z.pow_1_r t) at 1. apply Z.pow_le_mono_r; lia. Qed.
Lemma power_ge : forall x k, 1 <= x -> x <= x ^ S k.
Proof. intros x k H. simpl. pose proof (pow_R1_Rle x k H). nra. Qed.
Ltac grows := first [lra | apply power_ge; lra | nra].
Ltac along := first [reflexivity | same].
Ltac contradict_limit f g := nra.
Ltac at_numbers := cbv [Sums.sum]; simpl; first [lra | intros H; field_simplify in H; lra].

(* ---- Signs by structure ---- *)

Lemma minus_le : forall a b c d : R, a <= b -> d <= c -> a - c <= b - d.
Proof. intros; lra. Qed.
Lemma div_le_compat : forall a b c, 0 < c -> a <= b -> a / c <= b / c.
Proof. intros a b c H L. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption | assumption]. Qed.
Lemma div_anti : forall a b c d, 0 <= a -> 0 < d -> a <= b -> d <= c -> a / c <= b / d.
Proof. exact (proj1 (proj2 (proj2 (proj2 Rules.rule_monotone)))). Qed.
Lemma Rmax_mono : forall a b c d, a <= b -> c <= d -> Rmax a c <= Rmax b d.
Proof. intros. apply Rmax_lub; [apply Rle_trans with b | apply Rle_trans with d]; auto using Rmax_l, Rmax_r. Qed.
Lemma Rmin_mono : forall a b c d, a <= b -> c <= d -> Rmin a c <= Rmin b d.
Proof. intros. apply Rmin_glb; [apply Rle_trans with a | apply Rle_trans with c]; auto using Rmin_l, Rmin_r. Qed.
Lemma floor_le : forall a b, a <= b -> IZR (floor a) <= IZR (floor b).
Proof. intros. apply IZR_le, floor_mono. assumption. Qed.
Lemma ceil_le : forall a b, a <= b -> IZR (ceil a) <= IZR (ceil b).
Proof. intros. apply IZR_le, ceil_mono. assumption. Qed.
Lemma ceil_nonneg : forall x, 0 <= x -> 0 <= IZR (ceil x).
Proof. intros x H. pose proof (ceil_bounds x). lra. Qed.
Lemma ceil_positive : forall x, 0 < x -> 0 < IZR (ceil x).
Proof. intros x H. pose proof (ceil_bounds x). lra. Qed.
Lemma floor_nonneg : forall x, 0 <= x -> 0 <= IZR (floor x).
Proof. intros x H. apply IZR_le. apply Z.lt_succ_r. apply lt_IZR. rewrite succ_IZR. pose proof (floor_bounds x). lra. Qed.
Lemma floor_least : forall x, 1 <= x -> 1 <= IZR (floor x).
Proof. intros x H. apply IZR_le. assert (0 < floor x)%Z by (apply lt_IZR; pose proof (floor_bounds x); lra). lia. Qed.
Lemma floor_positive : forall x, 1 <= x -> 0 < IZR (floor x).
Proof. intros x H. pose proof (floor_least x H). lra. Qed.
Lemma Rmin_pos_ : forall a b, 0 < a -> 0 < b -> 0 < Rmin a b.
Proof. intros. apply Rmin_glb_lt; assumption. Qed.
Lemma Rmax_pos_ : forall a b, 0 < a -> 0 < Rmax a b.
Proof. intros a b H. apply Rlt_le_trans with a; [assumption | apply Rmax_l]. Qed.
Lemma harmonic_le : forall a s, 0 < a -> 1 / a <= s -> 1 / s <= a.
Proof.
  intros a s H L. assert (0 < 1 / a) by (apply div_pos; lra). apply div_le; [lra|].
  apply Rmult_le_compat_l with (r := a) in L; [|lra]. replace (a * (1 / a)) with 1 in L by (field; lra). lra.
Qed.
Lemma maximum_nonneg : forall E, expected_maximum E -> forall k p, (1 <= k)%Z -> 0 < p < 1 -> 0 < E k p.
Proof.
  intros E H k p Hk Hp. pose proof (geometric_bounds E H k p Hk Hp) as [A _]. apply Rlt_le_trans with (2 := A).
  apply IZR_le in Hk. apply div_pos; [apply ln_pos; lra|]. assert (ln (1 - p) < ln 1) by (apply ln_increasing; lra). rewrite ln_1 in *. lra.
Qed.
Ltac positive_sum_ := fail.
Ltac sign :=
  cbv beta; lazymatch goal with
  | |- _ <> 0 => apply Rgt_not_eq; unfold Rgt; sign
  | |- _ /\ _ => split; sign
  | |- 0 < ?a * ?b => apply Rmult_lt_0_compat; sign
  | |- 0 <= ?a * ?b => apply Rmult_le_pos; sign
  | |- 0 < ?a / ?b => apply div_pos; sign
  | |- 0 <= ?a / ?b => apply div_nonneg; sign
  | |- 0 < / ?a => apply Rinv_0_lt_compat; sign
  | |- 0 <= / ?a => left; apply Rinv_0_lt_compat; sign
  | |- 0 < ?a ^ ?n => apply pow_positive; sign
  | |- 0 <= ?a ^ ?n => apply Analysis.pow_nonneg; sign
  | |- 0 < powerRZ ?a ?n => apply powerRZ_lt; sign
  | |- 0 < Rpower _ _ => apply Rpower_pos
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < sqrt _ => apply sqrt_lt_R0; sign
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= Rpower _ _ => left; apply Rpower_pos
  | |- 0 <= exp _ => left; apply exp_pos
  | |- 0 < ln _ => first [assumption | apply ln_pos; bound]
  | |- 0 <= ln _ => first [assumption | apply ln_nonneg; bound]
  | |- 0 <= IZR (ceil _) => apply ceil_nonneg; sign
  | |- 0 < IZR (ceil _) => apply ceil_positive; sign
  | |- 0 <= IZR (floor _) => apply floor_nonneg; sign
  | |- 0 < IZR (floor _) => first [assumption | apply floor_positive; bound]
  | |- 1 <= IZR (floor _) => first [assumption | apply floor_least; bound]
  | |- 0 < Rmin _ _ => apply Rmin_pos_; sign
  | |- 0 < Rmax _ _ => apply Rmax_pos_; sign
  | |- 0 <= ?a + ?b => first [lra | apply Rplus_le_le_0_compat; sign]
  | |- 0 < ?a + ?b => first [lra | apply Rplus_lt_le_0_compat; [sign | sign] | apply Rplus_le_lt_0_compat; [sign | sign]]
  | |- 0 < Sums.sum _ _ _ => positive_sum_
  | |- 0 <= Sums.sum _ _ _ => let i := fresh "i" in let r := fresh "r" in apply Sums.sum_nonneg; intros i r; apply sum_range in r; push_IZR_in r; destruct r; sign
  | |- 0 <= INR _ => apply pos_INR
  | H : expected_maximum ?e |- 0 < ?e _ _ => apply (maximum_nonneg e H); [apply le_IZR; known | lra]
  | H : expected_maximum ?e |- 0 <= ?e _ _ => left; apply (maximum_nonneg e H); [apply le_IZR; known | lra]
  | |- _ => first [assumption | lra | nra]
  end.
Ltac positive_le ::= sign.
Ltac positive_lt ::= sign.
Ltac pos ::= sign.
Ltac expand_exp := rewrite ?exp_plus; repeat first [ rewrite exp_ln_pow by pos | rewrite exp_ln_root by lia | rewrite exp_multiple by lia | rewrite exp_int ].
Ltac same_sum := first [reflexivity | apply sum_same; [first [reflexivity | ring] | first [reflexivity | ring] | intros; push_IZR; same]].
(* equal arguments first: f_equal would take x/2 = 1/2*x apart *)
Ltac equal_parts := first [reflexivity | same | f_equal; equal_parts].
Ltac congruent ::= rewrite ?Rmult_1_l; first [reflexivity | same_sum | repeat f_equal; same | equal_parts].
Ltac extremum_harmonic_ ::= repeat apply Rmin_glb; apply harmonic_le; [sign | repeat match goal with |- context [1 / ?x] => lazymatch goal with
  | _ : 0 < 1 / x |- _ => fail | _ => assert (0 < 1 / x) by (apply div_pos; [lra | sign]) end end; lra].

(* ---- Numbers ---- *)

Fixpoint ln_low (a : Z) (k : nat) : R := match k with O => 0 | S k' => ln_low a k' + 2 / IZR (2 * (a + Z.of_nat k') + 1) end.
Fixpoint ln_high (a : Z) (k : nat) : R :=
  match k with O => 0 | S k' => ln_high a k' + IZR (2 * (a + Z.of_nat k') + 1) / IZR (2 * (a + Z.of_nat k') * (a + Z.of_nat k' + 1)) end.
Lemma ln_step : forall n, 1 <= n -> 2 / (2 * n + 1) <= ln ((n + 1) / n) <= (2 * n + 1) / (2 * n * (n + 1)).
Proof.
  intros n H. assert (X : 1 <= (n + 1) / n) by (apply le_div; lra). split.
  - pose proof (ln_pade _ X) as L. replace (2 - 4 / ((n + 1) / n + 1)) with (2 / (2 * n + 1)) in L by (field; lra). exact L.
  - pose proof (ln_trapezoid _ X) as U. replace (((n + 1) / n - 1 / ((n + 1) / n)) / 2) with ((2 * n + 1) / (2 * n * (n + 1))) in U by (field; lra). exact U.
Qed.
Lemma ln_enclosure : forall a k, (1 <= a)%Z -> ln_low a k <= ln (IZR (a + Z.of_nat k) / IZR a) <= ln_high a k.
Proof.
  intros a k H. assert (A : 1 <= IZR a) by (apply IZR_le; assumption). induction k as [|k IH].
  - rewrite Z.add_0_r. replace (IZR a / IZR a) with 1 by (field; lra). rewrite ln_1. simpl. lra.
  - set (n := IZR (a + Z.of_nat k)) in *. assert (N : 1 <= n) by (apply IZR_le; lia).
    replace (IZR (a + Z.of_nat (S k)) / IZR a) with ((n + 1) / n * (n / IZR a)).
    + assert (0 < n / IZR a) by (apply div_pos; lra). assert (0 < (n + 1) / n) by (apply div_pos; lra).
      rewrite ln_mult by assumption. pose proof (ln_step n N). cbn [ln_low ln_high]. rewrite !plus_IZR, !mult_IZR, !plus_IZR, <- (plus_IZR a). fold n. lra.
    + replace (a + Z.of_nat (S k))%Z with (a + Z.of_nat k + 1)%Z by lia. rewrite plus_IZR. fold n. field. lra.
Qed.
Ltac ln_numeral p a k := pose proof (ln_enclosure a k ltac:(lia)) as E; simpl in E;
  match type of E with context [ln ?x] => replace x with p in E by field end; lra.
Lemma ln_2 : 692/1000 <= ln 2 <= 695/1000. Proof. ln_numeral 2 8%Z 8%nat. Qed.
Lemma ln_3_2 : 404/1000 <= ln (3/2) <= 407/1000. Proof. ln_numeral (3/2) 8%Z 4%nat. Qed.
Lemma ln_5_4 : 222/1000 <= ln (5/4) <= 225/1000. Proof. ln_numeral (5/4) 8%Z 2%nat. Qed.
Lemma ln_7_4 : 557/1000 <= ln (7/4) <= 562/1000. Proof. ln_numeral (7/4) 8%Z 6%nat. Qed.
Lemma ln_3 : ln 3 = ln 2 + ln (3/2). Proof. rewrite <- ln_mult by lra. f_equal. field. Qed.
Lemma ln_5 : ln 5 = 2 * ln 2 + ln (5/4).
Proof. replace (2 * ln 2) with (ln 2 + ln 2) by ring. rewrite <- !ln_mult by lra. f_equal. field. Qed.
Lemma ln_7 : ln 7 = 2 * ln 2 + ln (7/4).
Proof. replace (2 * ln 2) with (ln 2 + ln 2) by ring. rewrite <- !ln_mult by lra. f_equal. field. Qed.
Lemma ln_inverse_ln_2 : 35/100 <= ln (1 / ln 2) <= 38/100.
Proof.
  pose proof ln_2. pose proof ln_3_2. pose proof ln_5. pose proof ln_5_4. pose proof ln_7. pose proof ln_7_4.
  assert (A : 10/7 <= 1 / ln 2) by (apply le_div; lra). assert (B : 1 / ln 2 <= 13/9 + 1/500) by (apply div_le; lra).
  split.
  - apply ln_le in A; [|lra]. unfold Rdiv in A at 1. rewrite ln_mult, ln_Rinv in A by lra. replace 10 with (2 * 5) in A by ring.
    rewrite ln_mult in A by lra. lra.
  - apply Rle_trans with (ln (3/2 - 1/20)); [apply ln_le; [apply div_pos|]; lra|].
    replace (3/2 - 1/20) with (3/2 * (29/30)) by field. rewrite ln_mult by lra. pose proof (ln_le_minus_one (29/30) ltac:(lra)). lra.
Qed.
Ltac numeric := pose proof ln_2; pose proof ln_3; pose proof ln_3_2; pose proof ln_5; pose proof ln_5_4; pose proof ln_7; pose proof ln_7_4;
  pose proof ln_inverse_ln_2; lra.
Ltac bound ::= cbv beta; first [assumption | lra | sign | known | apply Req_le; same | nra | numeric].
Lemma min_harmonic : forall a b, 0 < a -> 0 < b -> Rmin a b <= 2 / (1 / a + 1 / b).
Proof.
  intros a b A B. pose proof (Rmin_l a b). pose proof (Rmin_r a b). assert (M : 0 < Rmin a b) by (apply Rmin_glb_lt; assumption).
  assert (X : Rmin a b * (1 / a) <= 1). { apply Rmult_le_reg_r with a; [assumption|]. replace (Rmin a b * (1 / a) * a) with (Rmin a b) by (field; lra). lra. }
  assert (Y : Rmin a b * (1 / b) <= 1). { apply Rmult_le_reg_r with b; [assumption|]. replace (Rmin a b * (1 / b) * b) with (Rmin a b) by (field; lra). lra. }
  assert (0 < 1 / a) by (apply div_pos; lra). assert (0 < 1 / b) by (apply div_pos; lra). apply le_div; lra.
Qed.
Ltac extremum ::= first [apply Rmax_l | apply Rmax_r | apply Rmin_l | apply Rmin_r
  | apply Rmax_lub; extremum | apply Rmin_glb; extremum | assumption | lra | extremum_harmonic_ | apply min_harmonic; sign
  | eapply Rle_trans; [|apply Rmax_r]; extremum | eapply Rle_trans; [apply Rmin_r|]; extremum].

(* ---- Limits ---- *)

Lemma limit_step : forall small large h C c, 0 < c -> 0 < C -> c * C <= h -> 0 <= large \/ 0 <= small -> small * h <= C * large -> c * small <= large.
Proof.
  intros small large h C c Hc HC Hh S H. apply Rmult_le_reg_l with C; [assumption|]. destruct (Rle_lt_dec 0 small) as [P|P].
  - apply Rle_trans with (2 := H). replace (C * (c * small)) with (small * (c * C)) by ring. apply Rmult_le_compat_l; assumption.
  - destruct S as [S|S]; [|lra]. assert (c * small < c * 0) by (apply Rmult_lt_compat_l; assumption).
    apply Rmult_le_compat_l; lra.
Qed.
Lemma from_quotient : forall M c x, 0 < c -> M / c <= x -> M <= c * x.
Proof. intros M c x H L. apply Rmult_le_compat_l with (r := c) in L; [|lra]. replace (c * (M / c)) with M in L by (field; lra). exact L. Qed.
Lemma Rpower_integer : forall x n, 0 < x -> Rpower x (IZR (Zpos n)) = x ^ Pos.to_nat n.
Proof. intros x n H. rewrite <- Rpower_pow by assumption. f_equal. rewrite INR_IZR_INZ, positive_nat_Z. reflexivity. Qed.
Ltac maxima := repeat match goal with H : Rmax ?a ?b <= ?x |- _ =>
  let l := fresh in let r := fresh in assert (l : a <= x) by (apply Rle_trans with (2 := H); apply Rmax_l);
  assert (r : b <= x) by (apply Rle_trans with (2 := H); apply Rmax_r); clear H end.
Ltac contradict_limit f g ::= first [nra | lra].
Lemma sum_positive : forall f a b, (a <= b)%Z -> (forall i, (a <= i <= b)%Z -> 0 < f i) -> 0 < Sums.sum f a b.
Proof.
  intros f a b L P. apply Rlt_le_trans with (f a); [apply P; lia|]. apply (Rules.rule_member f a b a); [lia|]. intros i Hi. left. apply P, Hi.
Qed.
Ltac positive_sum := let i := fresh "i" in let r := fresh "r" in
  apply sum_positive; [apply Z_le_of_R; push_IZR; bound | intros i r; apply sum_range in r; push_IZR_in r; destruct r; sign].
Ltac positive_sum_ ::= positive_sum.
Ltac logs_start := apply le_of_ln; [polynomials; pos | polynomials; pos | cbn [monomial]; expand_ln].
Ltac logs_end H := eapply by_difference; [|exact H]; same.
Ltac natural_log := powers_out; field.
(* an atom and its root: x becomes r^n for a fresh r *)
Lemma root_power : forall x p, 0 < x -> x = Rpower x (/ IZR (Zpos p)) ^ Pos.to_nat p.
Proof.
  intros x p H. rewrite <- Rpower_pow by apply Rpower_pos. rewrite Rpower_mult, INR_IZR_INZ, positive_nat_Z, Rinv_l, Rpower_1; [reflexivity | assumption|].
  apply not_0_IZR. lia.
Qed.
Ltac use_root x p := let E := fresh "E" in let r := fresh "r" in
  assert (E : x = Rpower x (/ IZR (Zpos p)) ^ Pos.to_nat p) by (apply root_power; assumption);
  pose proof (Rpower_pos x (/ IZR (Zpos p)));
  cbv [Pos.to_nat Pos.iter_op Nat.add Init.Nat.add] in E; set (r := Rpower x (/ IZR (Zpos p))) in *; clearbody r; rewrite ?E.
Lemma ln_one_over : forall x, 0 < x -> ln (1 / x) = - ln x.
Proof. intros x H. unfold Rdiv. rewrite Rmult_1_l. apply ln_Rinv, H. Qed.
Ltac logs_end H ::= repeat (rewrite ln_one_over in H by sign); eapply by_difference; [|exact H]; same.
Lemma unbounded_sqrt : forall h, unbounded h -> unbounded (fun t => sqrt (h t)).
Proof.
  intros h H M. destruct (H (Rmax 0 M * Rmax 0 M)) as (t0 & Q). exists t0. intros t Ht. specialize (Q t Ht).
  apply Rle_trans with (Rmax 0 M); [apply Rmax_r|]. rewrite <- (sqrt_square (Rmax 0 M)) by apply Rmax_l. apply sqrt_le_1_alt, Q.
Qed.
Ltac nonzero := repeat split; first [assumption | sign | apply Rgt_not_eq; unfold Rgt; first [assumption | lra | nra]].
Ltac same ::= first [reflexivity | ring | field; nonzero | powers_out; first [ring | field; nonzero]].
Ltac equal_polynomials ::= polynomials; first [ring | field; nonzero].
Ltac log_at_least p := apply Rle_trans with (ln p); [numeric | apply ln_le; lra].
Ltac at_least_log := first [log_at_least 2 | log_at_least 3 | log_at_least 5 | log_at_least 7].
Ltac bound ::= cbv beta; first [assumption | lra | sign | known | apply Req_le; same | at_least_log | nra | numeric].

(* ---- The common cases first: no search where the structure of the goal decides ---- *)

(* a hypothesis that is the goal, letter by letter: `assumption` unfolds sums and powers before it gives up *)
Ltac literally := match goal with H : ?g |- ?g => exact H | |- ?a <= ?a => apply Rle_refl | |- ?a = ?a => reflexivity end.
Lemma difference_nonneg : forall a b : R, a <= b -> 0 <= b - a.
Proof. intros; lra. Qed.
Lemma difference_positive : forall a b : R, a < b -> 0 < b - a.
Proof. intros; lra. Qed.
Lemma numeral_positive : forall p : positive, 0 < IZR (Zpos p).
Proof. intros. apply IZR_lt. reflexivity. Qed.
Lemma numeral_nonneg : forall p : positive, 0 <= IZR (Zpos p).
Proof. intros. left. apply numeral_positive. Qed.
Ltac sign_now :=
  lazymatch goal with
  | |- 0 < IZR (Zpos ?p) => apply (numeral_positive p)
  | |- 0 <= IZR (Zpos ?p) => apply (numeral_nonneg p)
  | |- 0 <= 0 => apply Rle_refl
  | |- 0 < ?a * ?b => apply Rmult_lt_0_compat; sign_now
  | |- 0 <= ?a * ?b => apply Rmult_le_pos; sign_now
  | |- 0 < ?a / ?b => apply div_pos; sign_now
  | |- 0 <= ?a / ?b => apply div_nonneg; sign_now
  | |- 0 < ?a ^ ?n => apply pow_positive; sign_now
  | |- 0 <= ?a ^ ?n => apply Analysis.pow_nonneg; sign_now
  | |- 0 <= ?a + ?b => apply Rplus_le_le_0_compat; [|sign_now]; sign_now
  | |- 0 < ?a + ?b => first [apply Rplus_lt_le_0_compat; [|sign_now]; sign_now | apply Rplus_le_lt_0_compat; [|sign_now]; sign_now]
  | _ : ?a <= ?b |- 0 <= ?b - ?a => apply difference_nonneg; assumption
  | _ : ?a < ?b |- 0 < ?b - ?a => apply difference_positive; assumption
  | H : ?g |- ?g => exact H
  | H : 0 < ?x |- 0 <= ?x => left; exact H
  | _ : 1 <= ?x |- 0 < ?x => apply Rlt_le_trans with (1 := Rlt_0_1); assumption
  | _ : 1 <= ?x |- 0 <= ?x => apply Rle_trans with (1 := Rle_0_1); assumption
  end.
Ltac positive_le ::= first [sign_now | sign].
Ltac positive_lt ::= first [sign_now | sign].
Ltac pos ::= first [sign_now | sign].
Ltac known ::= first [literally | lra | assumption | (apply IZR_le; integers; lia) | (apply IZR_lt; integers; lia)].
Ltac nonzero ::= repeat split; first [literally | apply Rgt_not_eq; unfold Rgt; sign_now | sign | apply Rgt_not_eq; unfold Rgt; first [assumption | lra | nra]].
Ltac normal_forms := lazymatch goal with
  | |- context [Rdiv _ _] => first [field; nonzero | ring]
  | |- context [Rinv _] => first [field; nonzero | ring]
  | |- _ => ring
  end.
Ltac same ::= first [literally | normal_forms | powers_out; normal_forms | reflexivity].
Ltac equal_polynomials ::= polynomials; normal_forms.
Ltac bound ::= cbv beta; first [literally | sign_now | lra | assumption | sign | known | apply Req_le; same | at_least_log | nra | numeric].
