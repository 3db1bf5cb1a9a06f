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

(* the value of a product of powers, and its logarithm *)
Lemma exp_one_root : forall y q, (0 < q)%Z -> exp (IZR 1 / IZR q * y) = exp (y / IZR q).
Proof. intros y q H. f_equal. field. apply IZR_lt in H. lra. Qed.

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

Ltac extremum := first [apply Rmax_l | apply Rmax_r | apply Rmin_l | apply Rmin_r
  | apply Rmax_lub; extremum | apply Rmin_glb; extremum | assumption | lra
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
