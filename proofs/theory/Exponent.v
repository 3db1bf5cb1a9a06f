(* The exponent p of the Akra-Bazzi theorem, sum a_i b_i^p = 1: it exists and is unique, since the sum decreases from infinity to 0. *)
From Coq Require Import Reals List Lra.
Import ListNotations.
Open Scope R_scope.

Definition esum (l : list (R * R)) (p : R) : R := fold_right (fun t s => fst t * Rpower (snd t) p + s) 0 l.
Definition shrinking (l : list (R * R)) : Prop := Forall (fun t => 0 < fst t /\ 0 < snd t < 1) l.

Lemma ln_below : forall b, 0 < b < 1 -> ln b < 0.
Proof. intros b H. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma power_decreases : forall b x y, 0 < b < 1 -> x < y -> Rpower b y < Rpower b x.
Proof.
  intros b x y H L. unfold Rpower. apply exp_increasing. pose proof (ln_below b H).
  rewrite (Rmult_comm y), (Rmult_comm x). apply Rmult_lt_gt_compat_neg_l; lra.
Qed.
Lemma power_at_value : forall b v, 0 < b < 1 -> 0 < v -> Rpower b (ln v / ln b) = v.
Proof.
  intros b v H V. pose proof (ln_below b H). unfold Rpower. replace (ln v / ln b * ln b) with (ln v) by (field; lra). apply exp_ln, V.
Qed.
Lemma esum_nonneg : forall l p, shrinking l -> 0 <= esum l p.
Proof.
  intros l p H. induction H as [|[a b] l [A B] _ IH]; cbn [esum fold_right fst snd] in *; [lra|].
  assert (0 < a * Rpower b p) by (apply Rmult_lt_0_compat; [exact A | apply exp_pos]). fold (esum l p). lra.
Qed.
Lemma esum_decreases : forall l x y, shrinking l -> l <> [] -> x < y -> esum l y < esum l x.
Proof.
  intros l x y H N L. destruct H as [|[a b] l [A B] H]; [congruence|]. clear N. cbn [fst snd] in A, B.
  assert (P : forall a b, 0 < a -> 0 < b < 1 -> a * Rpower b y < a * Rpower b x) by (intros; apply Rmult_lt_compat_l; [assumption | apply power_decreases; assumption]).
  assert (Q : esum l y <= esum l x).
  { induction H as [|[c d] l [C D] _ IH]; [right; reflexivity|]. unfold esum in *. cbn [fold_right fst snd] in *. specialize (P c d C D). lra. }
  specialize (P a b A B). unfold esum in *. cbn [fold_right fst snd] in *. lra.
Qed.
Lemma esum_vanishes : forall l, shrinking l -> forall e, 0 < e -> exists y, forall x, y <= x -> esum l x < e.
Proof.
  intros l H. induction H as [|[a b] l [A B] _ IH]; intros e He; [exists 0; intros; exact He|]. cbn [fst snd] in A, B.
  destruct (IH (e / 2) ltac:(lra)) as (y & Y). set (v := e / 4 / a). assert (V : 0 < v) by (apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat, A]).
  exists (Rmax y (ln v / ln b)). intros x Hx. pose proof (Rmax_l y (ln v / ln b)). pose proof (Rmax_r y (ln v / ln b)). specialize (Y x ltac:(lra)).
  assert (Q : Rpower b x <= v).
  { rewrite <- (power_at_value b v B V). destruct (Req_dec x (ln v / ln b)) as [->|]; [right; reflexivity|]. left. apply power_decreases; [exact B | lra]. }
  apply (Rmult_le_compat_l a) in Q; [|lra]. replace (a * v) with (e / 4) in Q by (unfold v; field; lra). unfold esum in *. cbn [fold_right fst snd]. lra.
Qed.
Lemma esum_continuous : forall l, continuity (esum l).
Proof.
  induction l as [|[a b] l IH]; [apply continuity_const; intros x y; reflexivity|].
  change (continuity (plus_fct (fun p => a * exp (p * ln b)) (esum l))). apply continuity_plus; [reg | exact IH].
Qed.
Theorem exponent_exists : forall l, shrinking l -> l <> [] -> exists p, esum l p = 1.
Proof.
  intros l H N. destruct (esum_vanishes l H 1 ltac:(lra)) as (y & Y).
  assert (X : exists x, 1 < esum l x).
  { destruct H as [|[a b] l [A B] H]; [congruence|]. cbn [fst snd] in A, B. exists (ln (2 / a) / ln b).
    unfold esum. cbn [fold_right fst snd]. rewrite power_at_value by (first [assumption | apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat, A]]).
    replace (a * (2 / a)) with 2 by (field; lra). pose proof (esum_nonneg l (ln (2 / a) / ln b) H) as Q. unfold esum in Q. lra. }
  destruct X as (x & X). set (f := fun p => 1 - esum l p).
  assert (C : continuity f) by (apply (continuity_minus (fun _ => 1) (esum l)); [apply continuity_const; intros ? ?; reflexivity | apply esum_continuous]).
  set (z := Rmax y (x + 1)). pose proof (Rmax_l y (x + 1)) as Z. pose proof (Rmax_r y (x + 1)) as Z'. fold z in Z, Z'. specialize (Y z Z).
  destruct (IVT f x z C ltac:(lra) ltac:(unfold f; lra) ltac:(unfold f; lra)) as (p & _ & P). exists p. unfold f in P. lra.
Qed.

Section Side.
Variables (l : list (R * R)) (p q : R).
Hypotheses (H : shrinking l) (N : l <> []) (P : esum l p = 1).
Lemma exponent_below : esum l q < 1 -> p < q.
Proof.
  intros S. destruct (Rtotal_order p q) as [L|[<-|L]]; [exact L | lra|]. pose proof (esum_decreases l q p H N L). lra.
Qed.
Lemma exponent_above : 1 < esum l q -> q < p.
Proof.
  intros S. destruct (Rtotal_order p q) as [L|[<-|L]]; [|lra | exact L]. pose proof (esum_decreases l p q H N L). lra.
Qed.
Lemma exponent_equal : esum l q = 1 -> p = q.
Proof.
  intros S. destruct (Rtotal_order p q) as [L|[L|L]]; [|exact L|]; [pose proof (esum_decreases l p q H N L) | pose proof (esum_decreases l q p H N L)]; lra.
Qed.
End Side.
