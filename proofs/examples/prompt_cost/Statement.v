(* m_q*(c*(k*l*sum(j, j, 1, b) + c*(sum(j, j, 1, b) - b)) + b*c*(c - 1)/2) = Theta(m_q*b^2*k*l)
   growing: k, l, b, integers >= 1; uniform: m_q, real > 0; constant: c, integer >= 1; assumption b <= k; all-large. *)
From Coq Require Import Reals ZArith.
From Aalp Require Import Sums.
Open Scope R_scope.
Coercion IZR : Z >-> R.

Definition domain (k l b : Z) (m_q : R) : Prop := 1 <= k /\ 1 <= l /\ 1 <= b /\ 0 < m_q /\ b <= k.
Definition constants (c : Z) : Prop := 1 <= c.
Definition tail (N : R) (k l b : Z) : Prop := N <= k /\ N <= l /\ N <= b.
Definition lhs (k l b : Z) (m_q : R) (c : Z) : R :=
  m_q*(c*(k*l*sum (fun j => IZR j) 1 b + c*(sum (fun j => IZR j) 1 b - b)) + b*c*(c - 1)/2).
Definition rhs (k l b : Z) (m_q : R) : R := m_q*b^2*k*l.

Definition inhabited : Prop := forall N, exists k l b m_q, domain k l b m_q /\ tail N k l b.
Definition upper (c : Z) : Prop := exists C N, 0 < C /\ forall k l b m_q, domain k l b m_q -> tail N k l b ->
  lhs k l b m_q c <= C * rhs k l b m_q.
Definition lower (c : Z) : Prop := exists C N, 0 < C /\ forall k l b m_q, domain k l b m_q -> tail N k l b ->
  rhs k l b m_q <= C * lhs k l b m_q c.
Definition claim : Prop := inhabited /\ forall c, constants c -> upper c /\ lower c.
