(* What generated statements need besides numbers and sums: a named function, and the evaluation of sample values. *)
From Coq Require Import Reals ZArith Arith Lra Lia.
From Aalp Require Import Sums NamedFacts.
Open Scope R_scope.

(* what a statement assumes of a function that stands for the expected maximum of k independent geometric variables *)
Definition expected_maximum (E : Z -> R -> R) : Prop :=
  forall k p, (1 <= k)%Z -> 0 < p < 1 -> Un_cv (partial (- ln (1 - p)) (Z.to_nat k)) (E k p).

Definition factorial (n : Z) : R := INR (fact (Z.to_nat n)).
Definition binomial (n k : Z) : R := if ((0 <=? k) && (k <=? n))%Z%bool then factorial n / (factorial k * factorial (n - k)) else 0.

(* x^y for x >= 0 and y > 0, also where x = 0 *)
Definition rpower (x y : R) : R := if Rle_dec x 0 then 0 else Rpower x y.

Ltac sample := cbv [sum]; simpl; first [lra | field].

(* one step of a recurrence at a size m, from the values of its calls *)
Ltac one_step m :=
  repeat match goal with H : _ /\ _ |- _ => destruct H end;
  match goal with E : forall k, (_ <= k)%nat -> _ |- _ => specialize (E m ltac:(lia)); rewrite ?INR_IZR_INZ in E; simpl in E; one_step_in E end
with one_step_in E :=
  repeat match goal with H : _ = ?k :> nat |- _ => rewrite H in E; clear H end;
  unfold Rmax, Rmin in E; repeat match type of E with context [Rle_dec ?a ?b] => destruct (Rle_dec a b) end; lra.
