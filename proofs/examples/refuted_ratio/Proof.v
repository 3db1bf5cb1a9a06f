From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Import TacticsR.
From Claim Require Import Statement.
Open Scope R_scope.

(* the family b = l = t, k = t^3, m_q = m_d = 1:  lhs * t <= 2 * rhs *)
Lemma diverges : forall t : Z, (1 <= t)%Z -> lhs t (t^3) t 1 1 * t <= 2 * rhs t (t^3) t 1 1.
Proof.
  intros t Ht. reals. unfold lhs, rhs. push_IZR. generalize dependent (IZR t). intros x Hx.
  dominate_R [x] [at_least 1 0] [Step 1 [7] [Target 1 1 [10]] [3]%N]%Z
    [(2, [10]); (-1, [7]); (1, [11])]%Z (1 * x^3 * x + 1 * x^2 * x).
Qed.

Lemma not_lower : ~ lower.
Proof.
  intros (c & N & Hc & H). destruct (escape N (2 * c)) as (t & T1 & TN & Tc).
  assert (P : (t <= t ^ 3)%Z) by nia. reals.
  assert (B : rhs t (t^3) t 1 1 <= c * lhs t (t^3) t 1 1).
  { apply H; unfold domain, tail; push_IZR; repeat split; lra. }
  assert (G : 0 < rhs t (t^3) t 1 1) by (unfold rhs; push_IZR; pos).
  assert (h : 0 <= IZR t) by pos.
  pose proof (contradiction_lower c 2 _ _ _ G h Hc (diverges t (le_IZR _ _ T1)) B). lra.
Qed.
Theorem t : refuted.
Proof. intros [_ L]. exact (not_lower L). Qed.
