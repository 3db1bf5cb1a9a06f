(* b^2*k*l + b^2*k^2*l^2 = Theta(b^2*k^2*l^2)
   growing: b, k, l, integers >= 1; assumption b <= k; everywhere. *)
From Coq Require Import ZArith.
Open Scope Z_scope.

Definition domain (b k l : Z) : Prop := 1 <= b /\ 1 <= k /\ 1 <= l /\ b <= k.
Definition lhs (b k l : Z) : Z := b^2*k*l + b^2*k^2*l^2.
Definition rhs (b k l : Z) : Z := b^2*k^2*l^2.

Definition inhabited : Prop := exists b k l, domain b k l.
Definition upper : Prop := exists c, 0 < c /\ forall b k l, domain b k l -> lhs b k l <= c * rhs b k l.
Definition lower : Prop := exists c, 0 < c /\ forall b k l, domain b k l -> rhs b k l <= c * lhs b k l.
Definition claim : Prop := inhabited /\ upper /\ lower.

(* sample values, computed independently *)
Example lhs_at : lhs 2 3 5 = 960. Proof. reflexivity. Qed.
Example rhs_at : rhs 2 3 5 = 900. Proof. reflexivity. Qed.
