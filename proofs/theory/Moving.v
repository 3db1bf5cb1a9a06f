(* Functions of two arguments of which one moves in the recursion:  T(a, n) = sum_c x_c T(m_c(a), r_c(n)) + kappa(a) g(n),
   kappa(m_c(a)) = q_c kappa(a).  T is of the order of kappa(a) S(n), where S(n) = sum_c x_c q_c S(r_c(n)) + g(n). *)
From Coq Require Import Reals Lra Lia List Arith Wf_nat.
From Aalp Require Import Analysis Recurrence.
Import ListNotations.
Open Scope R_scope.

Section Moving.
Variable A : Type.
Record moving := Moving { coefficient : R; factor : R; move : A -> A; index : nat -> nat }.
Fixpoint msum (f : moving -> R) (l : list moving) : R := match l with nil => 0 | c :: l' => f c + msum f l' end.
Variables (D : A -> Prop) (kappa : A -> R) (l : list moving) (g : nat -> R) (n0 : nat).
Definition fixed_terms : list term := map (fun c => Term (coefficient c) 0 (index c)) l.
Definition moved_terms : list term := map (fun c => Term (coefficient c * factor c) 0 (index c)) l.
Hypothesis calls : forall c, In c l -> 0 <= coefficient c /\ 0 <= factor c /\ (forall a, D a -> D (move c a) /\ kappa (move c a) = factor c * kappa a) /\
  forall n, (n0 <= n)%nat -> (index c n < n)%nat.
Variable k0 : R.
Hypothesis k0_pos : 0 < k0.
Hypothesis kappa_large : forall a, D a -> k0 <= kappa a.

Lemma msum_le : forall f h, (forall c, In c l -> f c <= h c) -> msum f l <= msum h l.
Proof. clear calls. intros f h. induction l as [|c l' IH]; intros H; simpl; [lra|]. pose proof (H c (or_introl eq_refl)). assert (msum f l' <= msum h l') by (apply IH; intros; apply H; now right). lra. Qed.
Lemma msum_moved : forall k (S : nat -> R) n, msum (fun c => coefficient c * (k * (factor c * S (index c n)))) l = k * rsum (fun t => ta t * S (tr t n)) moved_terms.
Proof. clear calls. intros k S n. unfold moved_terms. induction l as [|c l' IH]; simpl; [ring|]. rewrite IH. ring. Qed.

Section Bounds.
Variables (T : A -> nat -> R) (S : nat -> R) (n1 : nat).
Hypothesis equation : forall a n, D a -> (n0 <= n)%nat -> T a n = msum (fun c => coefficient c * T (move c a) (index c n)) l + kappa a * g n.
Theorem moving_upper : forall q, 0 < q -> (forall a n, D a -> (n < n0)%nat -> T a n <= q) -> (forall n, (n < n0)%nat -> 0 < S n) -> (forall n, (n0 <= n)%nat -> 0 <= g n) ->
  (forall n, (n0 <= n)%nat -> S n = rsum (fun t => ta t * S (tr t n)) moved_terms + g n) ->
  exists C, 0 < C /\ forall a n, D a -> T a n <= C * (kappa a * S n).
Proof.
  intros q Hq B SB0 G E. destruct (base_upper (fun _ => 1) S 0 n0) as (C0 & HC0 & SB1); [intros n Hn; apply SB0; lia|].
  assert (P0 : 0 < q / k0) by (apply div_pos; assumption). assert (P : 0 < q / k0 * C0) by (apply Rmult_lt_0_compat; lra).
  assert (SB : forall n, (n < n0)%nat -> 1 <= C0 * S n) by (intros n Hn; apply SB1; lia).
  exists (q / k0 * C0 + 1). split; [lra|].
  intros a n. revert a. induction n as [n IH] using lt_wf_ind. intros a Da. pose proof (kappa_large a Da) as Ka. destruct (le_lt_dec n0 n) as [L|L].
  - rewrite (equation a n Da L), (E n L).
    apply Rle_trans with (msum (fun c => coefficient c * ((q / k0 * C0 + 1) * kappa a * (factor c * S (index c n)))) l + kappa a * g n).
    + apply Rplus_le_compat_r, msum_le. intros c Hc. destruct (calls c Hc) as (X & Y & M & I). destruct (M a Da) as [D' K]. apply Rmult_le_compat_l; [exact X|].
      apply Rle_trans with (1 := IH _ (I n L) _ D'). rewrite K. right. ring.
    + rewrite msum_moved. specialize (G n L). assert (0 <= q / k0 * C0 * (kappa a * g n)) by (apply Rmult_le_pos; [lra | apply Rmult_le_pos; lra]). lra.
  - apply Rle_trans with (1 := B a n Da L). specialize (SB n L). specialize (SB0 n L). assert (Q : q <= q / k0 * kappa a).
    { apply Rle_trans with (q / k0 * k0); [right; field; lra | apply Rmult_le_compat_l; lra]. }
    assert (q / k0 * kappa a * 1 <= q / k0 * kappa a * (C0 * S n)) by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | exact SB]).
    assert (0 <= kappa a * S n) by (apply Rmult_le_pos; lra). lra.
Qed.
(* from n1 on all calls are at n0 or later, where T(a, n) >= kappa(a) g(n) > 0 *)
Theorem moving_lower : (n0 <= n1)%nat -> (forall a n, D a -> (n < n0)%nat -> 0 <= T a n) ->  (forall n, (n0 <= n)%nat -> 0 < g n) ->
  (forall c n, In c l -> (n1 <= n)%nat -> (n0 <= index c n)%nat) ->
  (forall n, (n1 <= n)%nat -> S n = rsum (fun t => ta t * S (tr t n)) moved_terms + g n) ->
  exists C, 0 < C /\ forall a n, D a -> (n0 <= n)%nat -> C * (kappa a * S n) <= T a n.
Proof.
  intros L01 B G In1 E. destruct (base_upper S (fun _ => 1) 0 n1) as (C0 & HC0 & SB0); [intros; lra|]. assert (SB : forall n, (n < n1)%nat -> S n <= C0) by (intros n Hn; rewrite <- (Rmult_1_r C0); apply SB0; lia). assert (Z : forall n a, D a -> 0 <= T a n).
  { intros n. induction n as [n IH] using lt_wf_ind. intros a Da. destruct (le_lt_dec n0 n) as [L|L]; [|apply B; assumption].
    rewrite (equation a n Da L). pose proof (kappa_large a Da). specialize (G n L). assert (0 <= kappa a * g n) by (apply Rmult_le_pos; lra).
    enough (0 <= msum (fun c => coefficient c * T (move c a) (index c n)) l) by lra. clear - calls IH Da L. revert calls.
    induction l as [|c l' IHl]; intros H; simpl; [lra|]. destruct (H c (or_introl eq_refl)) as (X & _ & M & I). destruct (M a Da) as [D' _].
    assert (0 <= coefficient c * T (move c a) (index c n)) by (apply Rmult_le_pos; [exact X | apply IH; [apply I, L | exact D']]).
    assert (0 <= msum (fun c => coefficient c * T (move c a) (index c n)) l') by (apply IHl; intros; apply H; now right). lra. }
  assert (first : forall a n, D a -> (n0 <= n)%nat -> kappa a * g n <= T a n).
  { intros a n Da L. rewrite (equation a n Da L). enough (0 <= msum (fun c => coefficient c * T (move c a) (index c n)) l) by lra. clear - calls Z Da. revert calls.
    induction l as [|c l' IHl]; intros H; simpl; [lra|]. destruct (H c (or_introl eq_refl)) as (X & _ & M & I). destruct (M a Da) as [D' _].
    assert (0 <= coefficient c * T (move c a) (index c n)) by (apply Rmult_le_pos; [exact X | apply Z, D']).
    assert (0 <= msum (fun c => coefficient c * T (move c a) (index c n)) l') by (apply IHl; intros; apply H; now right). lra. }
  destruct (base_upper (fun _ => C0) g n0 n1) as (C & HC & HB). { intros n Hn. apply G. lia. }
  exists (/ C). assert (P : 0 < / C) by (apply Rinv_0_lt_compat; lra). assert (C1 : / C <= 1) by (rewrite <- Rinv_1; apply Rinv_le_contravar; lra). split; [exact P|].
  intros a n. revert a. induction n as [n IH] using lt_wf_ind. intros a Da L. pose proof (kappa_large a Da) as Ka. destruct (le_lt_dec n1 n) as [L1|L1].
  - rewrite (equation a n Da L), (E n L1).
    apply Rle_trans with (msum (fun c => coefficient c * (/ C * kappa a * (factor c * S (index c n)))) l + kappa a * g n).
    + rewrite msum_moved. specialize (G n L). assert (/ C * (kappa a * g n) <= 1 * (kappa a * g n)) by (apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact C1]). lra.
    + apply Rplus_le_compat_r, msum_le. intros c Hc. destruct (calls c Hc) as (X & Y & M & I). destruct (M a Da) as [D' K]. apply Rmult_le_compat_l; [exact X|].
      apply Rle_trans with (2 := IH _ (I n L) _ D' (In1 c n Hc L1)). rewrite K. right. ring.
  - apply Rle_trans with (2 := first a n Da L). specialize (SB n L1). specialize (HB n ltac:(lia)). cbv beta in HB.
    apply Rle_trans with (/ C * (kappa a * C0)); [apply Rmult_le_compat_l; [lra|]; apply Rmult_le_compat_l; lra|].
    assert (/ C * C0 <= g n). { apply Rmult_le_reg_l with C; [lra|]. rewrite <- Rmult_assoc, Rinv_r by lra. lra. }
    replace (/ C * (kappa a * C0)) with (kappa a * (/ C * C0)) by ring. apply Rmult_le_compat_l; lra.
Qed.
End Bounds.

(** a solution with base values 1 *)
Theorem moving_solution : exists T, (forall a n, (n < n0)%nat -> T a n = 1) /\
  forall a n, D a -> (n0 <= n)%nat -> T a n = msum (fun c => coefficient c * T (move c a) (index c n)) l + kappa a * g n.
Proof.
  assert (D1 : forall t n, In t fixed_terms -> (n0 <= n)%nat -> (tr t n < n)%nat).
  { intros t n Ht Hn. apply in_map_iff in Ht. destruct Ht as (c & <- & Hc). apply (calls c Hc). exact Hn. }
  assert (D2 : forall t n, In t moved_terms -> (n0 <= n)%nat -> (tr t n < n)%nat).
  { intros t n Ht Hn. apply in_map_iff in Ht. destruct Ht as (c & <- & Hc). apply (calls c Hc). exact Hn. }
  set (U := solution fixed_terms (fun _ => 0) (fun _ => 1) n0). set (S := solution moved_terms g (fun _ => 0) n0).
  exists (fun a n => U n + kappa a * S n). split.
  - intros a n Hn. unfold U, S. rewrite !solution_base by assumption. ring.
  - intros a n Da Hn. unfold U at 1. unfold S at 1. rewrite (solution_recurrence _ _ _ _ D1 n Hn), (solution_recurrence _ _ _ _ D2 n Hn). fold U. fold S.
    assert (Q : msum (fun c => coefficient c * (U (index c n) + kappa (move c a) * S (index c n))) l =
      rsum (fun t => ta t * U (tr t n)) fixed_terms + kappa a * rsum (fun t => ta t * S (tr t n)) moved_terms).
    { unfold fixed_terms, moved_terms. clear - calls Da. revert calls. induction l as [|c l' IH]; intros H; simpl; [ring|]. rewrite IH by (intros; apply H; now right).
      destruct (H c (or_introl eq_refl)) as (_ & _ & M & _). destruct (M a Da) as [_ K]. rewrite K. ring. }
    rewrite Q. ring.
Qed.
End Moving.
Arguments Moving {A}.
Arguments coefficient {A}.
Arguments factor {A}.
Arguments move {A}.
Arguments index {A}.
Arguments msum {A}.
