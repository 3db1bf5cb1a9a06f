(* Functions of a natural number as functions of an integer: limits, sums. *)
From Coq Require Import Reals ZArith Arith Factorial Lra Lia.
From Aalp Require Import Sums History Statements.
Open Scope R_scope.

(* limits of functions of an integer as limits of functions of a natural number: P c x y is c (x - y) <= y or c (y - x) <= y *)
Section Integers.
Variables (P : R -> R -> R -> Prop) (T G : nat -> R) (f g : Z -> R) (D : Z -> Prop) (m : nat).
Hypothesis agree : forall n, (m <= n)%nat -> D (Z.of_nat n) /\ T n = f (Z.of_nat n) /\ G n = g (Z.of_nat n).
Lemma limit_from_integers : (forall c, 0 < c -> exists N : R, forall z, D z -> N <= IZR z -> P c (f z) (g z)) ->
  forall c, 0 < c -> exists N, forall n, (N <= n)%nat -> P c (T n) (G n).
Proof.
  intros L c Hc. destruct (L c Hc) as (N & B). destruct (archimed N) as [A _]. exists (Nat.max m (Z.to_nat (up N))). intros n Hn.
  destruct (agree n ltac:(lia)) as (d & -> & ->). apply B; [exact d|]. apply Rlt_le, Rlt_le_trans with (1 := A), IZR_le. lia.
Qed.
Lemma limit_to_integers : (forall c, 0 < c -> exists N, forall n, (N <= n)%nat -> P c (T n) (G n)) ->
  forall c, 0 < c -> exists N : R, forall z, D z -> N <= IZR z -> P c (f z) (g z).
Proof.
  intros L c Hc. destruct (L c Hc) as (N & B). exists (IZR (Z.of_nat (Nat.max m N))). intros z _ Hz. apply le_IZR in Hz.
  destruct (agree (Z.to_nat z) ltac:(lia)) as (_ & E & E'). specialize (B (Z.to_nat z) ltac:(lia)). rewrite E, E', Z2Nat.id in B by lia. exact B.
Qed.
End Integers.
Lemma sum_of_integers : forall (f : Z -> R) (h : nat -> R) a n, (forall k, (a <= k <= n)%nat -> f (Z.of_nat k) = h k) ->
  Sums.sum f (Z.of_nat a) (Z.of_nat n) = sum_nat h a n.
Proof.
  intros f h a n. unfold Sums.sum, sum_nat. replace (Z.to_nat (Z.of_nat n - Z.of_nat a + 1)) with (S n - a)%nat by lia.
  enough (Q : forall m, (forall k, (a <= k < a + m)%nat -> f (Z.of_nat k) = h k) -> sum_from f (Z.of_nat a) m = sum_nat_from h a m) by (intros H; apply Q; intros; apply H; lia).
  induction m as [|m IH]; intros H; cbn [sum_from sum_nat_from]; [reflexivity|].
  rewrite IH by (intros; apply H; lia). rewrite <- Nat2Z.inj_add, H by lia. reflexivity.
Qed.
Lemma factorial_of_nat : forall n, factorial (Z.of_nat n) = INR (fact n).
Proof. intros n. unfold factorial. rewrite Nat2Z.id. reflexivity. Qed.
(* both sides print the same expression, over the integers and over the natural numbers *)
Ltac same_sides := rewrite <- ?INR_IZR_INZ; repeat (rewrite Rpower_plus); rewrite ?Rpower_1 by lra; rewrite ?Rpower_pow by lra; rewrite ?pow_add; cbn [pow];
  first [reflexivity | ring | field; repeat split; apply Rgt_not_eq; first [apply lt_0_INR; lia | lra]].
