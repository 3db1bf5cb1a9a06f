(* T(n) = T(floor(n/2)) + T(ceil(n/2)) + n for n >= 2, positive base values:  T(n) = Theta(n*log(n)), all-large. *)
From Coq Require Import Reals Arith.
Open Scope R_scope.
Coercion INR : nat >-> R.

Definition recurrence (T : nat -> R) : Prop :=
  (forall n, (n < 2)%nat -> 0 < T n) /\
  (forall n, (2 <= n)%nat -> T n = T (n / 2)%nat + T ((n + 1) / 2)%nat + n).
Definition rhs (n : nat) : R := n * ln n.

Definition solvable : Prop := exists T, recurrence T.
Definition upper (T : nat -> R) : Prop := exists c N, 0 < c /\ forall n, (N <= n)%nat -> T n <= c * rhs n.
Definition lower (T : nat -> R) : Prop := exists c N, 0 < c /\ forall n, (N <= n)%nat -> rhs n <= c * T n.
Definition claim : Prop := solvable /\ forall T, recurrence T -> upper T /\ lower T.
