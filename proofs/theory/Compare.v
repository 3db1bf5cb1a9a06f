(* Comparison of functions of a natural number by the classes that bound them: O, Omega, o, omega, and their refutations. *)
From Coq Require Import Reals ZArith Lra Lia.
From Aalp Require Import Analysis Recurrence AkraBazzi Growth.
Open Scope R_scope.

Lemma grows_above : forall h C r d k j, 0 < C -> grows h C r d k j -> bounded_above h (Sc r d k j).
Proof.
  intros h C r d k j HC H. destruct (grows_bounds _ _ _ _ _ _ HC H) as (N & B). exists (2 * C), N. split; [lra|]. intros n Hn. apply B, Hn.
Qed.
Lemma grows_below : forall h C r d k j, 0 < C -> grows h C r d k j -> bounded_below h (Sc r d k j).
Proof.
  intros h C r d k j HC H. destruct (grows_bounds _ _ _ _ _ _ HC H) as (N & B). exists (C / 2), N. split; [lra|]. intros n Hn. apply B, Hn.
Qed.

Section Sides.
Variables (f h F H : nat -> R).
Hypothesis F_pos : forall n, 0 < F n.
Hypothesis H_pos : forall n, 0 < H n.

(* f = O(F), H = Omega(F) : f <= c h *)
Lemma bounded_by : bounded_above f F -> bounded_below h F -> exists c N, 0 < c /\ forall n, (N <= n)%nat -> f n <= c * h n.
Proof.
  intros (c & N & Hc & A) (q & M & Hq & B). exists (c / q), (Nat.max N M). split; [apply div_pos; lra|]. intros n Hn.
  specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). apply Rle_trans with (1 := A).
  apply Rle_trans with (c / q * (q * F n)); [right; field; lra|]. apply Rmult_le_compat_l; [left; apply div_pos; lra | exact B].
Qed.
(* f = O(F), h = Omega(H), F = o(H) : c f <= h for every c *)
Lemma negligible : (forall K, 0 < K -> late (fun n => K * F n <= H n)) -> bounded_above f F -> bounded_below h H ->
  forall c, 0 < c -> exists N, forall n, (N <= n)%nat -> c * f n <= h n.
Proof.
  intros L (C & N & HC & A) (q & M & Hq & B) c Hc. destruct (L (c * C / q) ltac:(apply div_pos; [apply Rmult_lt_0_compat|]; lra)) as (P & D).
  exists (Nat.max N (Nat.max M P)). intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). specialize (D n ltac:(lia)).
  apply Rle_trans with (2 := B). apply Rmult_le_compat_l with (r := q) in D; [|lra].
  apply Rmult_le_compat_l with (r := c) in A; [|lra]. replace (q * (c * C / q * F n)) with (c * (C * F n)) in D by (field; lra). lra.
Qed.
(* h = O(H), f = Omega(F), H = o(F) : no c with f <= c h *)
Lemma not_bounded : (forall K, 0 < K -> late (fun n => K * H n <= F n)) -> bounded_above h H -> bounded_below f F ->
  ~ (exists c N, 0 < c /\ forall n, (N <= n)%nat -> f n <= c * h n).
Proof.
  intros L (C & N & HC & A) (q & M & Hq & B) (c & P & Hc & E). destruct (L ((c * C + 1) / q) ltac:(apply div_pos; [|lra]; assert (0 < c * C) by (apply Rmult_lt_0_compat; lra); lra)) as (Q & D).
  set (n := Nat.max (Nat.max N M) (Nat.max P Q)). specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). specialize (E n ltac:(lia)). specialize (D n ltac:(lia)).
  apply Rmult_le_compat_l with (r := q) in D; [|lra]. apply Rmult_le_compat_l with (r := c) in A; [|lra].
  replace (q * ((c * C + 1) / q * H n)) with (c * (C * H n) + H n) in D by (field; lra). pose proof (H_pos n). lra.
Qed.
(* h = O(F), f = Omega(F) : not c f <= h for every c *)
Lemma not_negligible : bounded_above h F -> bounded_below f F -> ~ (forall c, 0 < c -> exists N, forall n, (N <= n)%nat -> c * f n <= h n).
Proof.
  intros (C & N & HC & A) (q & M & Hq & B) E. destruct (E ((C + 1) / q) ltac:(apply div_pos; lra)) as (P & D).
  set (n := Nat.max N (Nat.max M P)). specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). specialize (D n ltac:(lia)).
  apply Rmult_le_compat_l with (r := (C + 1) / q) in B; [|left; apply div_pos; lra].
  replace ((C + 1) / q * (q * F n)) with (C * F n + F n) in B by (field; lra). pose proof (F_pos n). lra.
Qed.
End Sides.
Lemma bounded_weaker : forall f F H, (exists K, 0 < K /\ late (fun n => F n <= K * H n)) -> bounded_above f F -> bounded_above f H.
Proof.
  intros f F H (K & HK & (M & L)) (c & N & Hc & A). exists (c * K), (Nat.max N M). split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  specialize (A n ltac:(lia)). specialize (L n ltac:(lia)). apply Rmult_le_compat_l with (r := c) in L; lra.
Qed.
