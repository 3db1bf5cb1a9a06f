(* (m_q*b^2*k*l + m_d*b^2*k^2*l^2) / (m_q*k*l + m_d*l^2*b) = Theta(b*k^2)
   growing: b, k, l, integers >= 1; assumption b <= k; uniform: m_q, m_d, reals > 0; all-large.
   Refuted: the lower bound fails. *)
From Coq Require Import Reals ZArith.
Open Scope R_scope.
Coercion IZR : Z >-> R.

Definition domain (b k l : Z) (m_q m_d : R) : Prop := 1 <= b /\ 1 <= k /\ 1 <= l /\ b <= k /\ 0 < m_q /\ 0 < m_d.
Definition tail (N : R) (b k l : Z) : Prop := N <= b /\ N <= k /\ N <= l.
Definition lhs (b k l : Z) (m_q m_d : R) : R := (m_q*b^2*k*l + m_d*b^2*k^2*l^2) / (m_q*k*l + m_d*l^2*b).
Definition rhs (b k l : Z) (m_q m_d : R) : R := b*k^2.

Definition upper : Prop := exists c N, 0 < c /\ forall b k l m_q m_d, domain b k l m_q m_d -> tail N b k l ->
  lhs b k l m_q m_d <= c * rhs b k l m_q m_d.
Definition lower : Prop := exists c N, 0 < c /\ forall b k l m_q m_d, domain b k l m_q m_d -> tail N b k l ->
  rhs b k l m_q m_d <= c * lhs b k l m_q m_d.
Definition claim : Prop := upper /\ lower.
Definition refuted : Prop := ~ claim.

Example lhs_at : lhs 2 3 5 1 1 = 192 / 13. Proof. unfold lhs. field. Qed.
Example rhs_at : rhs 2 3 5 1 1 = 18. Proof. unfold rhs. field. Qed.
