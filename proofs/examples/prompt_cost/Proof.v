From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Import TacticsR.
From Claim Require Import Statement.
Open Scope R_scope.

Lemma model : Statement.inhabited.
Proof.
  intros N. destruct (escape N 0) as (t & T1 & TN & _). exists t, t, t, 1. unfold domain, tail. reals. repeat split; lra.
Qed.

(* telescoping *)
Lemma sum_1 : forall b : Z, (1 <= b)%Z -> sum (fun j => IZR j) 1 b = 1/2 * IZR b ^ 2 + 1/2 * IZR b.
Proof.
  intros b Hb. rewrite (telescope (fun j => IZR j) (fun j => 1/2 * IZR j ^ 2 + 1/2 * IZR j) 1 b); [|lia|].
  - push_IZR. field.
  - intros i _. push_IZR. field.
Qed.

(* dominate, with the parameters as positive reals *)
Lemma upper_1 : forall k l b m_q c, 1 <= k -> 1 <= l -> 1 <= b -> 0 < m_q -> b <= k -> 1 <= c ->
  m_q*(c*(k*l*(1/2*b^2 + 1/2*b) + c*(1/2*b^2 + 1/2*b - b)) + b*c*(c - 1)/2) <= (1/2*c^2 + c) * (m_q*b^2*k*l).
Proof.
  intros k l b m_q c Hk Hl Hb Hm Hbk Hc.
  dominate_R [k; l; b; m_q; c] [at_least 1 0; at_least 1 1; at_least 1 2; at_least 1 4]
    [Step 1 [1; 1; 1; 1; 1] [Target 1 1 [1; 1; 2; 1; 1]] [0; 0; 1; 0]%N; Step 1 [0; 0; 2; 1; 2] [Target 1 1 [1; 1; 2; 1; 2]] [1; 1; 0; 0]%N]%Z
    [(1, [1; 1; 2; 1; 2]); (1, [1; 1; 2; 1; 1]); (-1, [1; 1; 1; 1; 1]); (-1, [0; 0; 2; 1; 2]); (1, [0; 0; 1; 1; 1])]%Z 2.
Qed.

Lemma lower_1 : forall k l b m_q c, 2 <= k -> 2 <= l -> 2 <= b -> 0 < m_q -> b <= k -> 1 <= c ->
  m_q*b^2*k*l <= 5/2 * (m_q*(c*(k*l*(1/2*b^2 + 1/2*b) + c*(1/2*b^2 + 1/2*b - b)) + b*c*(c - 1)/2)).
Proof.
  intros k l b m_q c Hk Hl Hb Hm Hbk Hc.
  dominate_R [k; l; b; m_q; c] [at_least 2 0; at_least 2 1; at_least 2 2; at_least 1 4]
    [Step 5 [0; 0; 1; 1; 1] [Target 1 1 [1; 1; 2; 1; 1]] [1; 1; 1; 0]%N; Step 4 [1; 1; 2; 1; 0] [Target 1 4 [1; 1; 2; 1; 1]] [0; 0; 0; 1]%N]%Z
    [(5, [1; 1; 2; 1; 1]); (5, [1; 1; 1; 1; 1]); (5, [0; 0; 2; 1; 2]); (-5, [0; 0; 1; 1; 1]); (-4, [1; 1; 2; 1; 0])]%Z 4.
Qed.

Theorem t : claim.
Proof.
  split; [exact model|]. intros c Hc. unfold constants in Hc. split.
  - exists (1/2*c^2 + c), 1. split; [pos|]. intros k l b m_q (Hk & Hl & Hb & Hm & Hbk) _. unfold lhs, rhs.
    rewrite !sum_1 by (apply le_IZR; assumption). apply upper_1; assumption.
  - exists (5/2), 2. split; [pos|]. intros k l b m_q (Hk & Hl & Hb & Hm & Hbk) (Tk & Tl & Tb). unfold lhs, rhs.
    rewrite !sum_1 by (apply le_IZR; assumption). apply lower_1; assumption.
Qed.
