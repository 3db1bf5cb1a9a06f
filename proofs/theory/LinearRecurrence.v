(* Further classes of recurrences.
   - Linear recurrences with lags and coefficients >= 0, T(n) = sum_j a_j T(n-j) + g(n): the Akra-Bazzi theorem on the scale 2^n.
     With chi(r) = sum_j a_j r^(-j), r > 0:  chi(r) = 1 gives r^n (leaf), r^n n^(k+1) (driving r^n n^k, k > -1);
     chi(s) < 1 with driving s^n n^k gives s^n n^k (root).
   - First order with variable coefficients, T(n) = a(n) T(n-1) + g(n), solved by a product and a sum.
   - Full history, T(n) = u(n) (T(n0) + ... + T(n-1)) + g(n), differenced to first order.
   - Roots, T(floor(sqrt n)), by the scale log n.
   Source: Graham, Knuth, Patashnik, Concrete Mathematics, ch. 2 and 7. *)
From Coq Require Import Reals Lra Lia List Arith ZArith.
From Aalp Require Import Analysis Recurrence AkraBazzi.
Import ListNotations.
Open Scope R_scope.

(* ---- Lags ---- *)

Definition pow2 (n : nat) : R := 2 ^ n.
Definition lag (aj : R * nat) : term := Term (fst aj) (/ 2 ^ snd aj) (fun n => (n - snd aj)%nat).
Definition lags (l : list (R * nat)) : list term := map lag l.
Definition chi (l : list (R * nat)) (r : R) : R := fold_right (fun aj s => fst aj / r ^ snd aj + s) 0 l.
Definition lags_ok (D : nat) (l : list (R * nat)) : Prop := (1 <= D)%nat /\ forall aj, In aj l -> 0 <= fst aj /\ (1 <= snd aj <= D)%nat.
(* the right side of the recurrence *)
Definition lsum (l : list (R * nat)) (T : nat -> R) (n : nat) : R := fold_right (fun aj s => fst aj * T (n - snd aj)%nat + s) 0 l.

Lemma rsum_lags : forall l T n, rsum (fun t => ta t * T (tr t n)) (lags l) = lsum l T n.
Proof. intros l T n; induction l as [|aj l IH]; simpl; [reflexivity | rewrite IH; reflexivity]. Qed.
Lemma pow2_pos : forall n, 0 < 2 ^ n. Proof. intros; apply pow_lt; lra. Qed.
Lemma rounded_lags : forall D l, lags_ok D l -> rounded pow2 (/ 2 ^ D) (/ 2) 0 D (single (lags l)).
Proof.
  intros D l (HD & H). pose proof (pow2_pos D). assert (I : forall m n, (m <= n)%nat -> / 2 ^ n <= / 2 ^ m).
  { intros m n L. apply Rinv_le_contravar; [apply pow2_pos | apply Rle_pow; [lra | assumption]]. }
  split; [apply Rinv_0_lt_compat; assumption|]. split; [pose proof (I 1%nat D HD) as Q; simpl in Q; rewrite Rmult_1_r in Q; exact Q|].
  split; [lra|]. split; [lra|]. intros l' t -> Ht. apply in_map_iff in Ht as (aj & <- & Hin). destruct (H aj Hin) as (A & J1 & J2). simpl.
  split; [exact A|]. split; [split; [apply I; assumption | pose proof (I 1%nat (snd aj) J1) as Q; simpl in Q; rewrite Rmult_1_r in Q; exact Q]|].
  intros n Hn. unfold pow2. replace (2 ^ n) with (2 ^ (n - snd aj) * 2 ^ snd aj) by (rewrite <- pow_add; f_equal; lia).
  replace (2 ^ (n - snd aj) - / 2 ^ snd aj * (2 ^ (n - snd aj) * 2 ^ snd aj)) with 0.
  - rewrite Rabs_R0. lra.
  - field. pose proof (pow2_pos (snd aj)). lra.
Qed.
Definition rate (r : R) : R := ln r / ln 2.
Lemma ln2_pos : 0 < ln 2. Proof. apply ln_pos; lra. Qed.
Lemma Rpower_rate : forall r n, 0 < r -> Rpower (2 ^ n) (rate r) = r ^ n.
Proof.
  intros r n Hr. pose proof ln2_pos. rewrite <- (Rpower_pow n r) by assumption. unfold Rpower, rate. rewrite ln_pow by lra.
  f_equal. field. lra.
Qed.
Lemma asum_lags : forall l r, 0 < r -> asum (lags l) (rate r) = chi l r.
Proof.
  intros l r Hr. unfold asum. induction l as [|aj l IH]; simpl; [reflexivity|]. rewrite IH. f_equal. unfold Rdiv. f_equal.
  rewrite <- (Rpower_rate r) by assumption. unfold Rpower. rewrite ln_Rinv, <- exp_Ropp by apply pow2_pos. f_equal. ring.
Qed.
Lemma W_lags : forall r k n, 0 < r -> (1 <= n)%nat -> W (rate r) k (pow2 n) = Rpower (ln 2) k * (r ^ n * Rpower (INR n) k).
Proof.
  intros r k n Hr Hn. unfold W, pow2. rewrite Rpower_rate by assumption. rewrite ln_pow by lra.
  rewrite <- Rpower_mult_distr by (try apply ln2_pos; apply lt_0_INR; lia). ring.
Qed.

Lemma lsum_nonneg : forall l D T n, lags_ok D l -> (forall m, (n - D <= m)%nat -> 0 <= T m) -> 0 <= lsum l T n.
Proof.
  intros l D T n (_ & H) P. induction l as [|aj l' IH]; simpl; [lra|].
  destruct (H aj (or_introl eq_refl)) as (A & J). specialize (IH (fun x Hx => H x (or_intror Hx))).
  assert (0 <= fst aj * T (n - snd aj)%nat) by (apply Rmult_le_pos; [assumption | apply P; lia]). lra.
Qed.

Section Lags.
Variables (T g : nat -> R) (l : list (R * nat)) (D : nat).
Hypothesis OK : lags_ok D l.
Let R2 := rounded_lags D l OK.

Lemma W_late_upper : forall r k Gc, 0 < r -> late (fun n => 0 <= g n <= Gc * (r ^ n * Rpower (INR n) k)) ->
  late (fun n => 0 <= g n <= (Gc / Rpower (ln 2) k) * W (rate r) k (pow2 n)).
Proof.
  intros r k Gc Hr (N & H). exists (max 1 N). intros n Hn. destruct (H n ltac:(lia)) as [A B]. split; [exact A|].
  rewrite W_lags by (try assumption; lia). apply Rle_trans with (1 := B). right. field. pose proof (Rpower_pos (ln 2) k). lra.
Qed.
Lemma W_late_lower : forall r k Gc, 0 < r -> late (fun n => Gc * (r ^ n * Rpower (INR n) k) <= g n) ->
  late (fun n => (Gc / Rpower (ln 2) k) * W (rate r) k (pow2 n) <= g n).
Proof.
  intros r k Gc Hr (N & H). exists (max 1 N). intros n Hn. rewrite W_lags by (try assumption; lia).
  apply Rle_trans with (2 := H n ltac:(lia)). right. field. pose proof (Rpower_pos (ln 2) k). lra.
Qed.

Section Upper.
Hypothesis HT : forall n, (D <= n)%nat -> T n <= lsum l T n + g n.
Let HT' : below T g D (single (lags l)).
Proof. apply below_single. intros n Hn. rewrite rsum_lags. apply HT, Hn. Qed.

Theorem linear_upper_leaf : forall r s k Gc, 0 < s -> s < r -> chi l r <= 1 -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * (s ^ n * Rpower (INR n) k)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * r ^ n.
Proof.
  intros r s k Gc Hs Hr HA HG Hg. pose proof ln2_pos.
  destruct (upper_leaf pow2 scale_pow2 T g _ _ _ _ _ R2 HT' (rate r) (rate s) k (Gc / Rpower (ln 2) k)) as (C & N & HC & B).
  - unfold rate. apply Rmult_lt_compat_r; [apply Rinv_0_lt_compat; assumption | apply ln_increasing; assumption].
  - intros l' ->. rewrite asum_lags; [assumption | lra].
  - apply div_nonneg; [assumption | apply Rpower_pos].
  - apply W_late_upper; assumption.
  - exists C, N. split; [assumption|]. intros n Hn. rewrite <- Rpower_rate by lra. apply B, Hn.
Qed.
Theorem linear_upper_balanced : forall r k Gc, 0 < r -> -1 < k -> chi l r <= 1 -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * (r ^ n * Rpower (INR n) k)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * (r ^ n * Rpower (INR n) (k + 1)).
Proof.
  intros r k Gc Hr Hk HA HG Hg.
  destruct (upper_balanced pow2 scale_pow2 T g _ _ _ _ _ R2 HT' (rate r) k (Gc / Rpower (ln 2) k)) as (C & N & HC & B); auto.
  - intros l' ->. rewrite asum_lags; assumption.
  - apply div_nonneg; [assumption | apply Rpower_pos].
  - apply W_late_upper; assumption.
  - exists (C * Rpower (ln 2) (k + 1)), (max 1 N). split; [apply Rmult_lt_0_compat; [assumption | apply Rpower_pos]|].
    intros n Hn. rewrite Rmult_assoc, <- W_lags by (try assumption; lia). apply B. lia.
Qed.
Theorem linear_upper_root : forall s k A Gc, 0 < s -> chi l s <= A -> A < 1 -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * (s ^ n * Rpower (INR n) k)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * (s ^ n * Rpower (INR n) k).
Proof.
  intros s k A Gc Hs HA HA1 HG Hg.
  destruct (upper_root pow2 scale_pow2 T g _ _ _ _ _ R2 HT' (rate s) k A (Gc / Rpower (ln 2) k)) as (C & N & HC & B); auto.
  - intros l' ->. rewrite asum_lags; assumption.
  - apply div_nonneg; [assumption | apply Rpower_pos].
  - apply W_late_upper; assumption.
  - exists (C * Rpower (ln 2) k), (max 1 N). split; [apply Rmult_lt_0_compat; [assumption | apply Rpower_pos]|].
    intros n Hn. rewrite Rmult_assoc, <- W_lags by (try assumption; lia). apply B. lia.
Qed.
End Upper.

Section Lower.
Hypothesis HT : forall n, (D <= n)%nat -> lsum l T n + g n <= T n.
Hypothesis Tpos : late (fun n => 0 < T n).
Let HT' : above T g D (single (lags l)).
Proof. apply above_single. intros n Hn. rewrite rsum_lags. apply HT, Hn. Qed.

Theorem linear_lower_leaf : forall r, 0 < r -> 1 <= chi l r -> late (fun n => 0 <= g n) ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * r ^ n <= T n.
Proof.
  intros r Hr HA Hg. destruct (lower_leaf pow2 scale_pow2 T g _ _ _ _ _ R2 HT' Tpos (rate r)) as (q & N & Hq & B).
  - intros l' ->. rewrite asum_lags; assumption.
  - exact Hg.
  - exists q, N. split; [assumption|]. intros n Hn. rewrite <- Rpower_rate by assumption. apply B, Hn.
Qed.
Theorem linear_lower_balanced : forall r k Gc, 0 < r -> -1 < k -> 1 <= chi l r -> 0 < Gc ->
  late (fun n => Gc * (r ^ n * Rpower (INR n) k) <= g n) ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * (r ^ n * Rpower (INR n) (k + 1)) <= T n.
Proof.
  intros r k Gc Hr Hk HA HG Hg.
  destruct (lower_balanced pow2 scale_pow2 T g _ _ _ _ _ R2 HT' Tpos (rate r) k (Gc / Rpower (ln 2) k)) as (q & N & Hq & B); auto.
  - intros l' ->. rewrite asum_lags; assumption.
  - apply div_pos; [assumption | apply Rpower_pos].
  - apply W_late_lower; assumption.
  - exists (q * Rpower (ln 2) (k + 1)), (max 1 N). split; [apply Rmult_lt_0_compat; [assumption | apply Rpower_pos]|].
    intros n Hn. rewrite Rmult_assoc, <- W_lags by (try assumption; lia). apply B. lia.
Qed.
Theorem linear_lower_root : forall F : nat -> R, late (fun n => F n <= g n) -> exists N, forall n, (N <= n)%nat -> F n <= T n.
Proof.
  intros F (N & Hg). destruct Tpos as (M & P). exists (max (max N D) (M + D)). intros n Hn.
  apply Rle_trans with (1 := Hg n ltac:(lia)), Rle_trans with (2 := HT n ltac:(lia)).
  enough (0 <= lsum l T n) by lra. apply lsum_nonneg with D; [exact OK|]. intros m Hm. left. apply P. lia.
Qed.
End Lower.
End Lags.

(* ---- First order, variable coefficients ---- *)

Section FirstOrder.
(* P > 0 solves the homogeneous recurrence, Q sums (or bounds the sum of) g/P *)
Variables (T a g P Q : nat -> R) (n0 : nat).
Hypothesis P_pos : forall n, (n0 <= n)%nat -> 0 < P n.
Hypothesis P_step : forall n, (n0 <= n)%nat -> P (S n) = a (S n) * P n.

Lemma quotient_step : forall n, (n0 <= n)%nat -> (a (S n) * T n + g (S n)) / P (S n) = T n / P n + g (S n) / P (S n).
Proof.
  intros n Hn. pose proof (P_pos n Hn). pose proof (P_pos (S n) ltac:(lia)) as Q1. rewrite (P_step n Hn) in *.
  assert (a (S n) <> 0) by (intros E; rewrite E in Q1; lra). field. split; lra.
Qed.
Theorem first_order_upper : (forall n, (n0 <= n)%nat -> T (S n) <= a (S n) * T n + g (S n)) ->
  (forall n, (n0 <= n)%nat -> g (S n) / P (S n) <= Q (S n) - Q n) ->
  forall n, (n0 <= n)%nat -> T n <= P n * (T n0 / P n0 + (Q n - Q n0)).
Proof.
  intros HT HQ n Hn. enough (T n / P n <= T n0 / P n0 + (Q n - Q n0)).
  { pose proof (P_pos n Hn). replace (T n) with (P n * (T n / P n)) by (field; lra). apply Rmult_le_compat_l; lra. }
  induction Hn as [|n Hn IH]; [lra|]. pose proof (P_pos (S n) ltac:(lia)). specialize (HT n Hn). specialize (HQ n Hn).
  apply Rle_trans with ((a (S n) * T n + g (S n)) / P (S n)).
  - apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption | assumption].
  - rewrite quotient_step by assumption. lra.
Qed.
Theorem first_order_lower : (forall n, (n0 <= n)%nat -> a (S n) * T n + g (S n) <= T (S n)) ->
  (forall n, (n0 <= n)%nat -> Q (S n) - Q n <= g (S n) / P (S n)) ->
  forall n, (n0 <= n)%nat -> P n * (T n0 / P n0 + (Q n - Q n0)) <= T n.
Proof.
  intros HT HQ n Hn. enough (T n0 / P n0 + (Q n - Q n0) <= T n / P n).
  { pose proof (P_pos n Hn). replace (T n) with (P n * (T n / P n)) by (field; lra). apply Rmult_le_compat_l; lra. }
  induction Hn as [|n Hn IH]; [lra|]. pose proof (P_pos (S n) ltac:(lia)). specialize (HT n Hn). specialize (HQ n Hn).
  apply Rle_trans with ((a (S n) * T n + g (S n)) / P (S n)).
  - rewrite quotient_step by assumption. lra.
  - apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption | assumption].
Qed.
Theorem first_order : (forall n, (n0 <= n)%nat -> T (S n) = a (S n) * T n + g (S n)) ->
  (forall n, (n0 <= n)%nat -> Q (S n) - Q n = g (S n) / P (S n)) ->
  forall n, (n0 <= n)%nat -> T n = P n * (T n0 / P n0 + (Q n - Q n0)).
Proof.
  intros HT HQ n Hn. apply Rle_antisym; [apply first_order_upper | apply first_order_lower]; auto; intros m Hm;
    try (rewrite HT by assumption; lra); rewrite HQ by assumption; lra.
Qed.
End FirstOrder.

(* ---- Full history ---- *)

(* T(n0) + ... + T(n-1) *)
Fixpoint history (T : nat -> R) (n0 n : nat) : R :=
  match n with O => 0 | S n' => if le_lt_dec n0 n' then history T n0 n' + T n' else 0 end.
Lemma history_step : forall T n0 n, (n0 <= n)%nat -> history T n0 (S n) = history T n0 n + T n.
Proof. intros T n0 n H. simpl. destruct (le_lt_dec n0 n); [reflexivity | lia]. Qed.
(** two neighbouring equations subtracted: the recurrence becomes first order *)
Theorem differencing : forall (T u g : nat -> R) n0 n1, (n0 <= n1)%nat -> (forall n, (n1 <= n)%nat -> u n <> 0) ->
  (forall n, (n1 <= n)%nat -> T n = u n * history T n0 n + g n) ->
  forall n, (n1 <= n)%nat -> T (S n) = (u (S n) / u n + u (S n)) * T n + (g (S n) - u (S n) / u n * g n).
Proof.
  intros T u g n0 n1 H01 Hu HT n Hn. pose proof (Hu n Hn). rewrite (HT (S n)) by lia. rewrite history_step by lia.
  assert (E : history T n0 n = (T n - g n) / u n) by (rewrite (HT n Hn); field; assumption). rewrite E. field. assumption.
Qed.

(* ---- Roots ---- *)

(** floor(sqrt n) halves log n up to log 2 *)
Theorem sqrt_distance : forall n, (1 <= n)%nat -> Rabs (ln (INR (Nat.sqrt n)) - / 2 * ln (INR n)) <= ln 2.
Proof.
  intros n Hn. pose proof ln2_pos. destruct (Nat.sqrt_spec n ltac:(lia)) as [A B]. set (s := Nat.sqrt n) in *.
  assert (S1 : (1 <= s)%nat) by (destruct s; [simpl in B; lia | lia]).
  assert (U : INR s * INR s <= INR n) by (rewrite <- mult_INR; apply le_INR; exact A).
  assert (V : INR n <= (2 * INR s) * (2 * INR s)).
  { replace 2 with (INR 2) by (simpl; ring). rewrite <- !mult_INR. apply le_INR. nia. }
  apply (le_INR 1) in S1. simpl in S1. apply (le_INR 1) in Hn. simpl in Hn.
  assert (P : 0 < INR s * INR s) by (apply Rmult_lt_0_compat; lra). pose proof (ln_le _ _ P U) as LU. assert (P2 : 0 < INR n) by lra. pose proof (ln_le _ _ P2 V) as LV.
  rewrite ln_mult in LU by lra. rewrite !ln_mult in LV by (try apply Rmult_lt_0_compat; lra). apply Rabs_le. lra.
Qed.
(** a list of terms a_i T(floor(sqrt n)): the recurrence on the scale log n *)
Theorem rounded_sqrt : forall coefs, (forall a, In a coefs -> 0 <= a) ->
  rounded (fun n => ln (INR n)) (/ 2) (/ 2) (ln 2) 1 (single (map (fun a => Term a (/ 2) Nat.sqrt) coefs)).
Proof.
  intros coefs H. pose proof ln2_pos. do 4 (split; [lra|]). intros l t -> H1. repeat split.
  - apply in_map_iff in H1 as (a & <- & Ha). simpl. apply H, Ha.
  - apply in_map_iff in H1 as (a & <- & Ha). simpl. lra.
  - apply in_map_iff in H1 as (a & <- & Ha). simpl. lra.
  - intros n Hn. apply in_map_iff in H1 as (a & <- & Ha). simpl. apply sqrt_distance, Hn.
Qed.
