(* What generated statements need besides numbers and sums: a named function, and the evaluation of sample values. *)
From Coq Require Import Reals ZArith Lra.
From Aalp Require Import Sums NamedFacts.
Open Scope R_scope.

(* what a statement assumes of a function that stands for the expected maximum of k independent geometric variables *)
Definition expected_maximum (E : Z -> R -> R) : Prop :=
  forall k p, (1 <= k)%Z -> 0 < p < 1 -> Un_cv (partial (- ln (1 - p)) (Z.to_nat k)) (E k p).

Ltac sample := cbv [sum]; simpl; first [lra | field].
