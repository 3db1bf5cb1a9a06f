(* Elementary real analysis used throughout: logarithm, exponential and real powers; growth
   scales (ln against powers, powers against exponentials) with explicit constants; monotonicity from derivatives; floor and ceiling.
   Source: standard; the growth scales are tangents of the logarithm. *)
From Coq Require Import Reals Lra Lia ZArith.
Open Scope R_scope.

Lemma nat_above : forall x : R, exists n : nat, x <= INR n.
Proof.
  intros x. destruct (archimed x) as [H _]. destruct (Z_le_gt_dec 0 (up x)) as [P|P].
  - exists (Z.to_nat (up x)). rewrite INR_IZR_INZ, Z2Nat.id by lia. lra.
  - exists 0%nat. simpl. assert (IZR (up x) <= 0) by (apply IZR_le; lia). lra.
Qed.
Lemma le_INR_trans : forall (n m : nat) x, x <= INR n -> (n <= m)%nat -> x <= INR m.
Proof. intros n m x H L. apply le_INR in L. lra. Qed.
Lemma Z_above : forall x : R, exists z : Z, x <= IZR z.
Proof. intros x. exists (up x). destruct (archimed x). lra. Qed.
Lemma Rabs_bounds : forall x a, Rabs x <= a -> - a <= x <= a.
Proof. intros x a H. pose proof (Rle_abs x). pose proof (Rle_abs (-x)) as H1. rewrite Rabs_Ropp in H1. lra. Qed.
Lemma le_div : forall x y z, 0 < z -> x * z <= y -> x <= y / z.
Proof. intros x y z Hz H. apply Rmult_le_reg_r with z; [assumption|]. replace (y / z * z) with y by (field; lra). exact H. Qed.
Lemma div_le : forall x y z, 0 < z -> x <= y * z -> x / z <= y.
Proof. intros x y z Hz H. apply Rmult_le_reg_r with z; [assumption|]. replace (x / z * z) with x by (field; lra). exact H. Qed.
Lemma div_pos : forall x y, 0 < x -> 0 < y -> 0 < x / y.
Proof. intros. apply Rmult_lt_0_compat; [assumption | apply Rinv_0_lt_compat; assumption]. Qed.
Lemma div_nonneg : forall x y, 0 <= x -> 0 < y -> 0 <= x / y.
Proof. intros. apply Rmult_le_pos; [assumption | left; apply Rinv_0_lt_compat; assumption]. Qed.

(* ---- logarithm, exponential, powers ---- *)

Lemma ln_le : forall x y, 0 < x -> x <= y -> ln x <= ln y.
Proof. intros x y H [L|E]. left; apply ln_increasing; assumption. subst; lra. Qed.
Lemma ln_nonneg : forall x, 1 <= x -> 0 <= ln x.
Proof. intros x H. rewrite <- ln_1. apply ln_le; lra. Qed.
Lemma ln_pos : forall x, 1 < x -> 0 < ln x.
Proof. intros x H. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma exp_le : forall x y, x <= y -> exp x <= exp y.
Proof. intros x y [H|H]. left; apply exp_increasing, H. subst; lra. Qed.
Lemma exp_tangent : forall x, 1 + x <= exp x.
Proof. intros x. destruct (Req_dec x 0) as [->|H]. rewrite exp_0; lra. left. apply exp_ineq1, H. Qed.
Lemma ln_le_minus_one : forall x, 0 < x -> ln x <= x - 1.
Proof. intros x H. pose proof (exp_tangent (ln x)) as E. rewrite exp_ln in E by assumption. lra. Qed.
Lemma exp_le_ln : forall x y, 0 < y -> x <= ln y -> exp x <= y.
Proof. intros x y Hy H. rewrite <- (exp_ln y Hy). apply exp_le, H. Qed.
Lemma ln_le_exp : forall x y, 0 < x -> x <= exp y -> ln x <= y.
Proof. intros x y Hx H. rewrite <- (ln_exp y). apply ln_le; assumption. Qed.
Lemma Rpower_pos : forall x y, 0 < Rpower x y. Proof. intros; apply exp_pos. Qed.
Lemma Rpower_mono : forall x y p, 0 < x <= y -> 0 <= p -> Rpower x p <= Rpower y p.
Proof. intros x y p [Hx H] Hp. apply Rle_Rpower_l; lra. Qed.
Lemma Rpower_anti : forall x y p, 0 < x <= y -> p <= 0 -> Rpower y p <= Rpower x p.
Proof.
  intros x y p [Hx H] Hp. unfold Rpower. apply exp_le. assert (ln x <= ln y) by (apply ln_le; lra). nra.
Qed.
Lemma Rpower_ge_1 : forall x p, 1 <= x -> 0 <= p -> 1 <= Rpower x p.
Proof. intros x p Hx Hp. rewrite <- (Rpower_O x) by lra. apply Rle_Rpower; assumption. Qed.
Lemma pow_nonneg : forall x n, 0 <= x -> 0 <= x ^ n. Proof. intros; apply pow_le; assumption. Qed.
Lemma pow_positive : forall x n, 0 < x -> 0 < x ^ n. Proof. intros; apply pow_lt; assumption. Qed.

(* ---- growth scales ---- *)

(** the tangent of the logarithm at 1/e:  ln a <= e a - 1 - ln e *)
Lemma ln_tangent : forall a e, 0 < a -> 0 < e -> ln a <= e * a - 1 - ln e.
Proof. intros a e Ha He. pose proof (ln_le_minus_one (e * a) ltac:(apply Rmult_lt_0_compat; assumption)) as H. rewrite ln_mult in H by assumption. lra. Qed.
(** ln x <= x^e / e *)
Lemma ln_le_Rpower : forall e x, 0 < e -> ln x <= Rpower x e / e.
Proof. intros e x He. apply le_div; [assumption|]. unfold Rpower. pose proof (exp_tangent (e * ln x)). lra. Qed.
(** x <= e^(e x) / e *)
Lemma le_exp_scale : forall e x, 0 < e -> x <= exp (e * x) / e.
Proof. intros e x He. apply le_div; [assumption|]. pose proof (exp_tangent (e * x)). lra. Qed.
Lemma lt_pow_two : forall n, INR n < 2 ^ n.
Proof. induction n as [|n IH]; [simpl; lra|]. rewrite S_INR. simpl. pose proof (pow_R1_Rle 2 n ltac:(lra)). lra. Qed.

Lemma ln_unbounded : forall c, exists x0, 1 <= x0 /\ forall x, x0 <= x -> c <= ln x.
Proof.
  intros c. exists (Rmax 1 (exp c)). split; [apply Rmax_l|]. intros x H. rewrite <- (ln_exp c).
  apply ln_le; [apply exp_pos|]. apply Rle_trans with (2 := H), Rmax_r.
Qed.
Lemma Rpower_unbounded : forall p, 0 < p -> forall c, exists x0, 1 <= x0 /\ forall x, x0 <= x -> c <= Rpower x p.
Proof.
  intros p Hp c. destruct (ln_unbounded (c / p)) as (x0 & H1 & H). exists x0. split; [assumption|]. intros x Hx.
  specialize (H x Hx). unfold Rpower. pose proof (exp_tangent (p * ln x)).
  apply Rmult_le_compat_l with (r := p) in H; [|lra]. replace (p * (c / p)) with c in H by (field; lra). lra.
Qed.

(* ---- monotone functions ---- *)

(** f' >= 0 on [a, b] gives f a <= f b *)
Lemma increasing_of_derivative : forall (f f' : R -> R) a b, a <= b ->
  (forall x, a <= x <= b -> derivable_pt_lim f x (f' x)) -> (forall x, a <= x <= b -> 0 <= f' x) -> f a <= f b.
Proof.
  intros f f' a b H D P. destruct (Req_dec a b) as [->|N]; [lra|].
  destruct (MVT_cor2 f f' a b ltac:(lra) D) as (c & E & Hc). specialize (P c ltac:(lra)).
  assert (0 <= f' c * (b - a)) by (apply Rmult_le_pos; lra). lra.
Qed.

(* ---- Floor and ceiling: x - 1 < floor x <= x <= ceil x < x + 1 ---- *)

Definition floor (x : R) : Z := Int_part x.
Definition ceil (x : R) : Z := (- Int_part (- x))%Z.

Theorem floor_bounds : forall x, x - 1 < IZR (floor x) <= x.
Proof. intros x. destruct (base_Int_part x). unfold floor. lra. Qed.
Theorem ceil_bounds : forall x, x <= IZR (ceil x) < x + 1.
Proof. intros x. destruct (base_Int_part (- x)). unfold ceil. rewrite opp_IZR. lra. Qed.
Theorem floor_unique : forall x z, IZR z <= x < IZR z + 1 -> floor x = z.
Proof.
  intros x z H. pose proof (floor_bounds x). assert (A : (floor x < z + 1)%Z) by (apply lt_IZR; rewrite plus_IZR; lra).
  assert (B : (z < floor x + 1)%Z) by (apply lt_IZR; rewrite plus_IZR; lra). lia.
Qed.
Theorem floor_mono : forall x y, x <= y -> (floor x <= floor y)%Z.
Proof. intros x y H. pose proof (floor_bounds x). pose proof (floor_bounds y). assert ((floor x < floor y + 1)%Z) by (apply lt_IZR; rewrite plus_IZR; lra). lia. Qed.
Theorem ceil_mono : forall x y, x <= y -> (ceil x <= ceil y)%Z.
Proof. intros x y H. pose proof (floor_mono (- y) (- x) ltac:(lra)). unfold ceil, floor in *. lia. Qed.
Theorem floor_quotient : forall a b, (0 < b)%Z -> floor (IZR a / IZR b) = (a / b)%Z.
Proof.
  intros a b Hb. assert (B : 0 < IZR b) by (apply IZR_lt; assumption). apply floor_unique.
  pose proof (Z.div_mod a b ltac:(lia)) as E. pose proof (Z.mod_pos_bound a b Hb) as [M1 M2].
  apply IZR_le in M1. apply IZR_lt in M2.
  assert (Q : IZR a = IZR b * IZR (a / b) + IZR (a mod b)) by (rewrite <- mult_IZR, <- plus_IZR; f_equal; exact E).
  split; [apply le_div | apply Rmult_lt_reg_r with (IZR b); [assumption | replace (IZR a / IZR b * IZR b) with (IZR a) by (field; lra)]]; nra.
Qed.
(** with d*x an integer the gap is at most 1 - 1/d *)
Theorem floor_gap : forall x z d, (1 <= d)%Z -> IZR d * x = IZR z -> x - (1 - 1 / IZR d) <= IZR (floor x).
Proof.
  intros x z d Hd E. assert (D : 1 <= IZR d) by (apply IZR_le; assumption). pose proof (floor_bounds x) as [A _].
  assert (Q : (z - d < d * floor x)%Z) by (apply lt_IZR; rewrite minus_IZR, mult_IZR; nra).
  assert (Q' : IZR (z - d + 1) <= IZR (d * floor x)) by (apply IZR_le; lia). rewrite plus_IZR, minus_IZR, mult_IZR in Q'.
  apply Rmult_le_reg_l with (IZR d); [lra|]. replace (IZR d * (x - (1 - 1 / IZR d))) with (IZR d * x - IZR d + 1) by (field; lra). lra.
Qed.
Theorem ceil_gap : forall x z d, (1 <= d)%Z -> IZR d * x = IZR z -> IZR (ceil x) <= x + (1 - 1 / IZR d).
Proof.
  intros x z d Hd E. pose proof (floor_gap (- x) (- z)%Z d Hd) as H. rewrite opp_IZR in H. specialize (H ltac:(lra)).
  unfold ceil, floor in *. rewrite opp_IZR. lra.
Qed.
