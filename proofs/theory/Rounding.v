(* Floor and ceiling: x - 1 < floor x <= x, their values on quotients, and index functions (p n + q)/m of recurrences in
   bounded distance of (p/m) n. *)
From Coq Require Import Reals ZArith Lra Lia Arith.
From Aalp Require Import Analysis.
Open Scope R_scope.

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

(* ---- Index functions of recurrences ---- *)

Lemma quotient_bounds : forall a m : nat, (0 < m)%nat -> INR a / INR m - 1 < INR (a / m) <= INR a / INR m.
Proof.
  intros a m Hm. assert (H : 0 < INR m) by (apply lt_0_INR; lia).
  pose proof (Nat.div_mod a m ltac:(lia)) as E. pose proof (Nat.mod_upper_bound a m ltac:(lia)) as B.
  apply lt_INR in B. pose proof (pos_INR (a mod m)).
  assert (E' : INR a = INR m * INR (a / m) + INR (a mod m)) by (rewrite <- mult_INR, <- plus_INR; f_equal; exact E).
  split; [|apply le_div; [assumption | lra]]. apply Rplus_lt_reg_r with 1.
  apply Rmult_lt_reg_r with (INR m); [assumption|]. replace ((INR a / INR m - 1 + 1) * INR m) with (INR a) by (field; lra). lra.
Qed.
(** every floor, ceiling and offset of n/m has the form (p n + q)/m *)
Theorem index_distance : forall (p q m : nat) (b c : R), (0 < m)%nat -> b * INR m = INR p -> INR q <= c * INR m -> 1 <= c ->
  forall n, Rabs (INR ((p * n + q) / m) - b * INR n) <= c.
Proof.
  intros p q m b c Hm Hb Hc H1 n. assert (H : 0 < INR m) by (apply lt_0_INR; lia).
  pose proof (quotient_bounds (p * n + q) m Hm) as Q. rewrite plus_INR, mult_INR in Q.
  replace ((INR p * INR n + INR q) / INR m) with (b * INR n + INR q / INR m) in Q by (rewrite <- Hb; field; lra).
  assert (0 <= INR q / INR m <= c). { split; [apply div_nonneg; [apply pos_INR | assumption] | apply div_le; assumption]. }
  apply Rabs_le. lra.
Qed.
(** any integer between floor(n/m) and ceil(n/m) *)
Theorem between_distance : forall (r : nat -> nat) m n, (0 < m)%nat -> (n / m <= r n <= (n + m - 1) / m)%nat ->
  Rabs (INR (r n) - / INR m * INR n) <= 1.
Proof.
  intros r m n Hm [L U]. assert (H : 0 < INR m) by (apply lt_0_INR; lia).
  pose proof (quotient_bounds n m Hm) as [Q1 _]. pose proof (quotient_bounds (n + m - 1) m Hm) as [_ Q2].
  apply le_INR in L, U. replace (INR (n + m - 1)) with (INR n + INR m - 1) in Q2 by (rewrite minus_INR, plus_INR by lia; simpl; ring).
  replace ((INR n + INR m - 1) / INR m) with (INR n / INR m + 1 - / INR m) in Q2 by (field; lra).
  assert (0 < / INR m) by (apply Rinv_0_lt_compat; assumption). unfold Rdiv in *. apply Rabs_le. split; lra.
Qed.
