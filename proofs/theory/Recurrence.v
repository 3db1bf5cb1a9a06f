(* Divide-and-conquer recurrences  T(n) = sum_t a_t T(r_t(n)) + g(n)  for n >= n0, T : nat -> R.

   Proved: every well-founded recurrence has a solution, and one only for given base values, so no theorem about T is vacuous;
   solutions are positive; comparison with a solution of the recurrence's inequality (verified substitution), upper
   and lower; the shift lemma, by which a smooth ansatz V on the reals absorbs every bounded rounding
   abs(r_t(n) - b_t n) <= c:  with s = c/(1 - max b),  r - s <= b (n - s)  and  r + s >= b (n + s).
   Source: substitution method (CLRS, ch. 4); the shift is the bounded-perturbation part of Akra-Bazzi (Leighton 1996). *)
From Coq Require Import Reals Lra Lia List Arith Wf_nat.
From Aalp Require Import Analysis.
Import ListNotations.
Open Scope R_scope.

Record term := Term { ta : R; tb : R; tr : nat -> nat }.     (* coefficient, ratio, index function *)
Fixpoint rsum (h : term -> R) (l : list term) : R := match l with nil => 0 | t :: l' => h t + rsum h l' end.

Lemma rsum_le : forall h1 h2 l, (forall t, In t l -> h1 t <= h2 t) -> rsum h1 l <= rsum h2 l.
Proof.
  intros h1 h2 l; induction l as [|t l IH]; intros H; simpl; [lra|].
  pose proof (H t (or_introl eq_refl)). assert (rsum h1 l <= rsum h2 l) by (apply IH; intros; apply H; now right). lra.
Qed.
Lemma rsum_scal : forall c h l, rsum (fun t => c * h t) l = c * rsum h l.
Proof. intros c h l; induction l as [|t l IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma rsum_ext : forall h1 h2 l, (forall t, In t l -> h1 t = h2 t) -> rsum h1 l = rsum h2 l.
Proof.
  intros h1 h2 l; induction l as [|t l IH]; intros H; simpl; [reflexivity|].
  rewrite (H t (or_introl eq_refl)), IH; auto. intros; apply H; now right.
Qed.
Lemma rsum_nonneg : forall h l, (forall t, In t l -> 0 <= h t) -> 0 <= rsum h l.
Proof.
  intros h l; induction l as [|t l IH]; intros H; simpl; [lra|].
  pose proof (H t (or_introl eq_refl)). assert (0 <= rsum h l) by (apply IH; intros; apply H; now right). lra.
Qed.

(* ---- Index functions of recurrences ---- *)

Lemma quotient_bounds : forall a m : nat, (0 < m)%nat -> INR a / INR m - 1 < INR (a / m) <= INR a / INR m.
Proof.
  intros a m Hm. assert (H : 0 < INR m) by (apply lt_0_INR; lia).
  pose proof (Nat.div_mod a m ltac:(lia)) as E. pose proof (Nat.mod_upper_bound a m ltac:(lia)) as B.
  apply lt_INR in B. pose proof (pos_INR (a mod m)).
  assert (E' : INR a = INR m * INR (a / m) + INR (a mod m)) by (rewrite <- mult_INR, <- plus_INR; f_equal; exact E).
  split; [|apply le_div; [assumption | lra]]. apply Rplus_lt_reg_r with 1.
  apply Rmult_lt_reg_r with (INR m); [assumption|]. replace ((INR a / INR m - 1 + 1) * INR m) with (INR a) by (field; lra). lra.
Qed.
(** every floor, ceiling and offset of n/m has the form (p n + q)/m *)
Theorem index_distance : forall (p q m : nat) (b c : R), (0 < m)%nat -> b * INR m = INR p -> INR q <= c * INR m -> 1 <= c ->
  forall n, Rabs (INR ((p * n + q) / m) - b * INR n) <= c.
Proof.
  intros p q m b c Hm Hb Hc H1 n. assert (H : 0 < INR m) by (apply lt_0_INR; lia).
  pose proof (quotient_bounds (p * n + q) m Hm) as Q. rewrite plus_INR, mult_INR in Q.
  replace ((INR p * INR n + INR q) / INR m) with (b * INR n + INR q / INR m) in Q by (rewrite <- Hb; field; lra).
  assert (0 <= INR q / INR m <= c). { split; [apply div_nonneg; [apply pos_INR | assumption] | apply div_le; assumption]. }
  apply Rabs_le. lra.
Qed.
(** any integer between floor(n/m) and ceil(n/m) *)
Theorem between_distance : forall (r : nat -> nat) m n, (0 < m)%nat -> (n / m <= r n <= (n + m - 1) / m)%nat ->
  Rabs (INR (r n) - / INR m * INR n) <= 1.
Proof.
  intros r m n Hm [L U]. assert (H : 0 < INR m) by (apply lt_0_INR; lia).
  pose proof (quotient_bounds n m Hm) as [Q1 _]. pose proof (quotient_bounds (n + m - 1) m Hm) as [_ Q2].
  apply le_INR in L, U. replace (INR (n + m - 1)) with (INR n + INR m - 1) in Q2 by (rewrite minus_INR, plus_INR by lia; simpl; ring).
  replace ((INR n + INR m - 1) / INR m) with (INR n / INR m + 1 - / INR m) in Q2 by (field; lra).
  assert (0 < / INR m) by (apply Rinv_0_lt_compat; assumption). unfold Rdiv in *. apply Rabs_le. split; lra.
Qed.

(* ---- Existence and uniqueness ---- *)

Section Existence.
Variables (l : list term) (g base : nat -> R) (n0 : nat).
Hypothesis dec : forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat.
Let step (T : nat -> R) (n : nat) : R := if le_lt_dec n0 n then rsum (fun t => ta t * T (tr t n)) l + g n else base n.
Fixpoint approximation (k : nat) : nat -> R := match k with O => fun _ => 0 | S k' => step (approximation k') end.
Lemma approximation_stable : forall n k k', (n < k)%nat -> (n < k')%nat -> approximation k n = approximation k' n.
Proof.
  intros n; induction n as [n IH] using lt_wf_ind; intros [|k] [|k'] H1 H2; try lia. simpl. unfold step.
  destruct (le_lt_dec n0 n) as [L|L]; [|reflexivity]. f_equal. apply rsum_ext. intros t Ht. f_equal.
  pose proof (dec t n Ht L). apply IH; lia.
Qed.
Definition solution (n : nat) : R := approximation (S n) n.
Theorem solution_recurrence : forall n, (n0 <= n)%nat -> solution n = rsum (fun t => ta t * solution (tr t n)) l + g n.
Proof.
  intros n L. unfold solution at 1. cbn [approximation]. unfold step at 1. destruct (le_lt_dec n0 n) as [_|C]; [|lia]. f_equal.
  apply rsum_ext. intros t Ht. f_equal. unfold solution. pose proof (dec t n Ht L). apply approximation_stable; lia.
Qed.
Theorem solution_base : forall n, (n < n0)%nat -> solution n = base n.
Proof. intros n L. unfold solution. cbn [approximation]. unfold step at 1. destruct (le_lt_dec n0 n); [lia|reflexivity]. Qed.
Theorem solution_unique : forall T, (forall n, (n < n0)%nat -> T n = base n) ->
  (forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n) -> forall n, T n = solution n.
Proof.
  intros T B R n; induction n as [n IH] using lt_wf_ind. destruct (le_lt_dec n0 n) as [L|L].
  - rewrite (R n L), solution_recurrence by assumption. f_equal. apply rsum_ext. intros t Ht. f_equal. apply IH, dec; assumption.
  - rewrite solution_base by assumption. apply B, L.
Qed.
End Existence.

(* ---- Positivity ---- *)

Theorem solution_nonneg : forall (T g : nat -> R) l n0, (forall t, In t l -> 0 <= ta t) ->
  (forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat) ->
  (forall n, (n < n0)%nat -> 0 <= T n) -> (forall n, (n0 <= n)%nat -> 0 <= g n) ->
  (forall n, (n0 <= n)%nat -> rsum (fun t => ta t * T (tr t n)) l + g n <= T n) -> forall n, 0 <= T n.
Proof.
  intros T g l n0 Ha Hr Hb Hg HT n; induction n as [n IH] using lt_wf_ind.
  destruct (le_lt_dec n0 n) as [L|L]; [|auto].
  apply Rle_trans with (2 := HT n L). apply Rplus_le_le_0_compat; [|auto]. apply rsum_nonneg. intros t Ht.
  apply Rmult_le_pos; auto.
Qed.
Theorem solution_pos : forall (T g : nat -> R) l n0, l <> nil -> (forall t, In t l -> 0 < ta t) ->
  (forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat) ->
  (forall n, (n < n0)%nat -> 0 < T n) -> (forall n, (n0 <= n)%nat -> 0 <= g n) ->
  (forall n, (n0 <= n)%nat -> rsum (fun t => ta t * T (tr t n)) l + g n <= T n) -> forall n, 0 < T n.
Proof.
  intros T g l n0 Hl Ha Hr Hb Hg HT n; induction n as [n IH] using lt_wf_ind.
  destruct (le_lt_dec n0 n) as [L|L]; [|auto].
  apply Rlt_le_trans with (2 := HT n L). specialize (Hg n L). destruct l as [|t l']; [congruence|]. simpl.
  assert (0 < ta t * T (tr t n)) by (apply Rmult_lt_0_compat; [apply Ha; now left | apply IH, Hr; [now left | assumption]]).
  assert (0 <= rsum (fun t => ta t * T (tr t n)) l'); [|lra].
  apply rsum_nonneg. intros u Hu. apply Rmult_le_pos; [left; apply Ha; now right | left; apply IH, Hr; [now right | assumption]].
Qed.

(* ---- Comparison (verified substitution) ---- *)

Lemma base_upper : forall (T U : nat -> R) n1 N, (forall n, (n1 <= n < N)%nat -> 0 < U n) ->
  exists C, 1 <= C /\ forall n, (n1 <= n < N)%nat -> T n <= C * U n.
Proof.
  intros T U n1 N; induction N as [|N IH]; intros H.
  - exists 1. split; [lra | intros; lia].
  - destruct IH as (C & HC & IH). { intros; apply H; lia. }
    destruct (le_lt_dec n1 N) as [L|L].
    + assert (UN : 0 < U N) by (apply H; lia).
      exists (Rmax C (T N / U N)). split. { pose proof (Rmax_l C (T N / U N)); lra. }
      intros n Hn. destruct (Nat.eq_dec n N) as [->|Ne].
      * apply Rle_trans with (T N / U N * U N). { right; field; lra. }
        apply Rmult_le_compat_r; [lra | apply Rmax_r].
      * apply Rle_trans with (C * U n); [apply IH; lia|].
        apply Rmult_le_compat_r; [apply Rlt_le, H; lia | apply Rmax_l].
    + exists C. split; [lra | intros; apply IH; lia].
Qed.
(* A recurrence with branches: at each n one of the lists of terms applies (a maximum, a minimum, several procedures). *)
Definition single (l : list term) : list term -> Prop := fun l' => l' = l.
Definition in_range (n1 N : nat) (branch : list term -> Prop) : Prop :=
  forall l t n, branch l -> In t l -> (N <= n)%nat -> 0 <= ta t /\ (n1 <= tr t n < n)%nat.
Definition below (T g : nat -> R) (N : nat) (branch : list term -> Prop) : Prop :=
  forall n, (N <= n)%nat -> exists l, branch l /\ T n <= rsum (fun t => ta t * T (tr t n)) l + g n.
Definition above (T g : nat -> R) (N : nat) (branch : list term -> Prop) : Prop :=
  forall n, (N <= n)%nat -> exists l, branch l /\ rsum (fun t => ta t * T (tr t n)) l + g n <= T n.
Lemma below_single : forall T g N l, (forall n, (N <= n)%nat -> T n <= rsum (fun t => ta t * T (tr t n)) l + g n) -> below T g N (single l).
Proof. intros T g N l H n Hn. exists l. split; [reflexivity | auto]. Qed.
Lemma above_single : forall T g N l, (forall n, (N <= n)%nat -> rsum (fun t => ta t * T (tr t n)) l + g n <= T n) -> above T g N (single l).
Proof. intros T g N l H n Hn. exists l. split; [reflexivity | auto]. Qed.

(** U satisfies the recurrence's inequality from N on, in every branch: T <= C U, C from the base range [n1, N) *)
Theorem compare_upper : forall (T U g : nat -> R) branch (n1 N : nat),
  in_range n1 N branch -> below T g N branch ->
  (forall l n, branch l -> (N <= n)%nat -> rsum (fun t => ta t * U (tr t n)) l + g n <= U n) ->
  (forall n, (n1 <= n < N)%nat -> 0 < U n) -> (forall n, (N <= n)%nat -> 0 <= g n) ->
  exists C, 1 <= C /\ forall n, (n1 <= n)%nat -> T n <= C * U n.
Proof.
  intros T U g branch n1 N Hr HT HU Hb Hg.
  destruct (base_upper T U n1 N Hb) as (C & HC & HB). exists C; split; [assumption|].
  intros n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec N n) as [L|L]; [| apply HB; lia].
  destruct (HT n L) as (l & Bl & H). apply Rle_trans with (1 := H).
  apply Rle_trans with (C * (rsum (fun t => ta t * U (tr t n)) l + g n)).
  - rewrite Rmult_plus_distr_l, <- rsum_scal. apply Rplus_le_compat.
    + apply rsum_le. intros t Ht. replace (C * (ta t * U (tr t n))) with (ta t * (C * U (tr t n))) by ring.
      destruct (Hr l t n Bl Ht L) as [Ha Hi]. apply Rmult_le_compat_l; [assumption|]. apply IH; lia.
    + pose proof (Hg n L). nra.
  - apply Rmult_le_compat_l; [lra | auto].
Qed.
Theorem compare_lower : forall (T U g : nat -> R) branch (n1 N : nat),
  in_range n1 N branch -> above T g N branch ->
  (forall l n, branch l -> (N <= n)%nat -> U n <= rsum (fun t => ta t * U (tr t n)) l + g n) ->
  (forall n, (n1 <= n < N)%nat -> 0 < T n) -> (forall n, (N <= n)%nat -> 0 <= g n) ->
  exists c, 0 < c /\ forall n, (n1 <= n)%nat -> c * U n <= T n.
Proof.
  intros T U g branch n1 N Hr HT HU Hb Hg.
  destruct (base_upper U T n1 N Hb) as (C & HC & HB).
  assert (I : 0 < / C <= 1). { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  exists (/ C). split; [lra|].
  intros n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec N n) as [L|L].
  - destruct (HT n L) as (l & Bl & H). apply Rle_trans with (2 := H).
    apply Rle_trans with (/ C * (rsum (fun t => ta t * U (tr t n)) l + g n)).
    + apply Rmult_le_compat_l; [lra | auto].
    + rewrite Rmult_plus_distr_l, <- rsum_scal. apply Rplus_le_compat.
      * apply rsum_le. intros t Ht. replace (/ C * (ta t * U (tr t n))) with (ta t * (/ C * U (tr t n))) by ring.
        destruct (Hr l t n Bl Ht L) as [Ha Hi]. apply Rmult_le_compat_l; [assumption|]. apply IH; lia.
      * pose proof (Hg n L). nra.
  - apply Rmult_le_reg_l with C; [lra|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. apply HB; lia.
Qed.
(** the same with explicit constant 1, the base checked by the user *)
Theorem induction_upper : forall (T U g : nat -> R) (l : list term) (n1 N : nat),
  (forall t, In t l -> 0 <= ta t) -> (forall t n, In t l -> (N <= n)%nat -> (n1 <= tr t n < n)%nat) ->
  (forall n, (N <= n)%nat -> T n <= rsum (fun t => ta t * T (tr t n)) l + g n) ->
  (forall n, (N <= n)%nat -> rsum (fun t => ta t * U (tr t n)) l + g n <= U n) ->
  (forall n, (n1 <= n < N)%nat -> T n <= U n) -> forall n, (n1 <= n)%nat -> T n <= U n.
Proof.
  intros T U g l n1 N Ha Hr HT HU HB n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec N n) as [L|L]; [|apply HB; lia].
  apply Rle_trans with (1 := HT n L), Rle_trans with (2 := HU n L), Rplus_le_compat_r, rsum_le. intros t Ht.
  apply Rmult_le_compat_l; [auto|]. destruct (Hr t n Ht L). apply IH; lia.
Qed.
Theorem induction_lower : forall (T U g : nat -> R) (l : list term) (n1 N : nat),
  (forall t, In t l -> 0 <= ta t) -> (forall t n, In t l -> (N <= n)%nat -> (n1 <= tr t n < n)%nat) ->
  (forall n, (N <= n)%nat -> rsum (fun t => ta t * T (tr t n)) l + g n <= T n) ->
  (forall n, (N <= n)%nat -> U n <= rsum (fun t => ta t * U (tr t n)) l + g n) ->
  (forall n, (n1 <= n < N)%nat -> U n <= T n) -> forall n, (n1 <= n)%nat -> U n <= T n.
Proof.
  intros T U g l n1 N Ha Hr HT HU HB n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec N n) as [L|L]; [|apply HB; lia].
  apply Rle_trans with (2 := HT n L), Rle_trans with (1 := HU n L), Rplus_le_compat_r, rsum_le. intros t Ht.
  apply Rmult_le_compat_l; [auto|]. destruct (Hr t n Ht L). apply IH; lia.
Qed.
(** the general principle, for functions of several variables with any measure (moving parameters) *)
Theorem induction_measure : forall (X : Type) (mu : X -> nat) (P : X -> Prop),
  (forall x, (forall y, (mu y < mu x)%nat -> P y) -> P x) -> forall x, P x.
Proof. intros X mu P H x. apply (well_founded_ind (well_founded_ltof X mu)). intros y Hy. apply H. exact Hy. Qed.

(* ---- Bounded rounding on a scale ---- *)

(* A scale is a nondecreasing unbounded loc : nat -> R; an index is moved on it by x -> b x, up to a bounded error.
   loc n = n: divide and conquer; loc n = log n: roots, T(sqrt n); loc n = 2^n: T(n-1), T(n-2), ... with b = 2^(-j). *)
Definition scale (loc : nat -> R) : Prop :=
  (forall n m, (n <= m)%nat -> loc n <= loc m) /\ forall x, exists N, x <= loc N.
Lemma scale_INR : scale INR. Proof. split; [intros; apply le_INR; assumption | exact nat_above]. Qed.
Lemma scale_ln : scale (fun n => ln (INR n)).
Proof.
  split.
  - intros [|n] m H.
    + destruct m as [|m]; [apply Rle_refl|]. replace (ln (INR 0)) with 0; [apply ln_nonneg, (le_INR 1); lia|].
      unfold ln. change (INR 0) with 0. destruct (Rlt_dec 0 0); [exfalso; lra | reflexivity].
    + apply ln_le; [apply lt_0_INR; lia | apply le_INR; assumption].
  - intros x. destruct (nat_above (exp x)) as (N & L). exists N. rewrite <- (ln_exp x). apply ln_le; [apply exp_pos | assumption].
Qed.
Lemma scale_pow2 : scale (fun n => 2 ^ n).
Proof.
  split.
  - intros n m H. apply Rle_pow; [lra | assumption].
  - intros x. destruct (nat_above x) as (N & L). exists N. pose proof (lt_pow_two N). lra.
Qed.


Definition eventually (Q : R -> Prop) := exists x0, forall x, x0 <= x -> Q x.
Definition late (Q : nat -> Prop) := exists N, forall n, (N <= n)%nat -> Q n.
Lemma eventually_and : forall Q Q', eventually Q -> eventually Q' -> eventually (fun x => Q x /\ Q' x).
Proof.
  intros Q Q' (x & H) (y & H'). exists (Rmax x y). intros z Hz. pose proof (Rmax_l x y). pose proof (Rmax_r x y).
  split; [apply H | apply H']; lra.
Qed.
Lemma eventually_above : forall a, eventually (fun x => a <= x). Proof. intros a. exists a. auto. Qed.
Lemma late_and : forall Q Q', late Q -> late Q' -> late (fun n => Q n /\ Q' n).
Proof. intros Q Q' (N & H) (M & H'). exists (Nat.max N M). intros n Hn. split; [apply H | apply H']; lia. Qed.

Section Scale.
Variable loc : nat -> R.
Hypothesis Hloc : scale loc.
Lemma loc_above : forall x, late (fun n => x <= loc n).
Proof. intros x. destruct Hloc as [M U]. destruct (U x) as (N & L). exists N. intros n Hn. pose proof (M N n Hn). lra. Qed.
Lemma eventually_shift : forall Q s, eventually Q -> late (fun n => Q (loc n + s)).
Proof. intros Q s (x & H). destruct (loc_above (x - s)) as (N & L). exists N. intros n Hn. apply H. specialize (L n Hn). lra. Qed.

(* al <= b_t <= be < 1, coefficients >= 0, and abs(r_t(n) - b_t n) <= c from n0 on *)
Definition rounded (al be c : R) (n0 : nat) (branch : list term -> Prop) : Prop :=
  0 < al /\ al <= be /\ be < 1 /\ 0 <= c /\
  forall l t, branch l -> In t l -> 0 <= ta t /\ al <= tb t <= be /\
     forall n, (n0 <= n)%nat -> Rabs (loc (tr t n) - tb t * loc n) <= c.

Lemma rounded_range : forall al be c n0 branch n1, rounded al be c n0 branch ->
  exists N, (n0 <= N)%nat /\ in_range n1 N branch.
Proof.
  intros al be c n0 branch n1 (Ha & Hab & Hb & Hc & Hl).
  destruct (loc_above ((loc n1 + c + 1) / al)) as (M1 & HM1). destruct (loc_above (c / (1 - be) + 1)) as (M2 & HM2).
  destruct (loc_above 0) as (M3 & HM3).
  exists (max (max n0 M3) (max M1 M2)). split; [lia|]. intros l t n Bl Ht Hn.
  destruct (Hl l t Bl Ht) as (Hat & Hbt & Hr). split; [exact Hat|]. specialize (Hr n ltac:(lia)). apply Rabs_bounds in Hr.
  pose proof (HM1 n ltac:(lia)) as Q1. pose proof (HM2 n ltac:(lia)) as Q2. pose proof (HM3 n ltac:(lia)) as P0. cbv beta in P0.
  assert (Q1' : loc n1 + c + 1 <= al * loc n).
  { apply Rmult_le_compat_l with (r := al) in Q1; [|lra]. replace (al * ((loc n1 + c + 1)/al)) with (loc n1 + c + 1) in Q1 by (field; lra). lra. }
  assert (Q2' : c < (1 - be) * loc n).
  { apply Rmult_le_compat_l with (r := 1 - be) in Q2; [|lra].
    replace ((1-be) * (c/(1-be) + 1)) with (c + (1 - be)) in Q2 by (field; lra). lra. }
  destruct Hloc as [Mono _].
  assert (A : loc n1 < loc (tr t n)) by nra. assert (B : loc (tr t n) < loc n) by nra. split.
  - destruct (le_lt_dec n1 (tr t n)) as [L|L]; [exact L|]. pose proof (Mono (tr t n) n1 ltac:(lia)). lra.
  - destruct (le_lt_dec n (tr t n)) as [L|L]; [|exact L]. pose proof (Mono n (tr t n) L). lra.
Qed.

(* V does not decrease (up) or does not increase (not up) from some point on *)
Definition monotone (up : bool) (V : R -> R) (x1 : R) : Prop :=
  forall x y, x1 <= x <= y -> if up then V x <= V y else V y <= V x.
Definition shift (be c : R) : R := c / (1 - be).
Lemma shift_nonneg : forall be c, be < 1 -> 0 <= c -> 0 <= shift be c.
Proof. intros. apply div_nonneg; lra. Qed.
Lemma shift_eq : forall be c, be < 1 -> c = shift be c * (1 - be).
Proof. intros. unfold shift. field. lra. Qed.

Lemma shifted_index : forall al be c n0 branch l t n, rounded al be c n0 branch -> branch l -> In t l -> (n0 <= n)%nat ->
  loc (tr t n) - shift be c <= tb t * (loc n - shift be c) /\ tb t * (loc n + shift be c) <= loc (tr t n) + shift be c.
Proof.
  intros al be c n0 branch l t n (Ha & Hab & Hb & Hc & Hl) Bl Ht Hn. destruct (Hl l t Bl Ht) as (_ & Hbt & Hr).
  specialize (Hr n Hn). apply Rabs_bounds in Hr. pose proof (shift_nonneg be c Hb Hc). pose proof (shift_eq be c Hb).
  assert (shift be c * (1 - be) <= shift be c * (1 - tb t)) by (apply Rmult_le_compat_l; lra). split; nra.
Qed.

(* where to evaluate V: below n for an increasing upper bound or a decreasing lower one, above n otherwise *)
Definition offset (below : bool) (be c : R) : R := if below then - shift be c else shift be c.

(* the index and its image stay in the tail *)
Lemma tail_index : forall al be c n0 branch x1, rounded al be c n0 branch -> 0 <= x1 ->
  exists N, (n0 <= N)%nat /\ forall l t n, branch l -> In t l -> (N <= n)%nat ->
    x1 <= loc (tr t n) - shift be c /\ x1 <= tb t * (loc n - shift be c) /\ x1 <= loc n - shift be c.
Proof.
  intros al be c n0 branch x1 OK Hx1. destruct (loc_above (x1 + shift be c)) as (n1 & Hn1).
  destruct (rounded_range al be c n0 branch n1 OK) as (N & HN & Hr). exists (max N n1). split; [lia|].
  intros l t n Bl Ht Hn. pose proof (shifted_index al be c n0 branch l t n OK Bl Ht ltac:(lia)) as [S _].
  destruct (Hr l t n Bl Ht ltac:(lia)) as [_ [R1 _]]. pose proof (Hn1 _ R1). pose proof (Hn1 n ltac:(lia)). cbv beta in *. repeat split; lra.
Qed.

Theorem shift_upper : forall up (T g : nat -> R) branch al be c n0 (V G : R -> R) x1,
  rounded al be c n0 branch -> monotone up V x1 -> (forall x, x1 <= x -> 0 < V x) ->
  eventually (fun x => forall l, branch l -> rsum (fun t => ta t * V (tb t * x)) l + G x <= V x) ->
  late (fun n => 0 <= g n <= G (loc n + offset up be c)) ->
  below T g n0 branch ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * V (loc n).
Proof.
  intros up T g branch al be c n0 V G x1' OK Vm' Vp' HV (M & HG) HT. set (x1 := Rmax x1' 0).
  assert (Hx1 : 0 <= x1) by apply Rmax_r.
  assert (Vm : monotone up V x1). { intros x y H. apply Vm'. pose proof (Rmax_l x1' 0). unfold x1 in H. lra. }
  assert (Vp : forall x, x1 <= x -> 0 < V x). { intros x H. apply Vp'. pose proof (Rmax_l x1' 0). unfold x1 in H. lra. }
  clear Vm' Vp'. assert (OK' := OK). destruct OK' as (Ha & Hab & Hb & Hc & Hl).
  pose proof (shift_nonneg be c Hb Hc) as Hs. set (s := offset up be c) in *.
  assert (Hs' : - shift be c <= s) by (unfold s, offset; destruct up; lra).
  destruct (tail_index al be c n0 branch x1 OK Hx1) as (N1 & HN1 & Ht1).
  destruct (loc_above (shift be c + x1)) as (n1 & Hn1). destruct (rounded_range al be c n0 branch n1 OK) as (N0 & HN0 & Hr).
  apply (eventually_shift _ s) in HV. destruct HV as (M2 & HM2).
  set (N := max n1 (max (max N0 N1) (max M M2))).
  destruct (compare_upper T (fun n => V (loc n + s)) g branch n1 N) as (C & HC & HB).
  - intros l t n Bl Ht Hn. apply (Hr l); try assumption. unfold N in Hn; lia.
  - intros n Hn. apply HT. unfold N in Hn; lia.
  - intros l n Bl Hn. unfold N in Hn. apply Rle_trans with (2 := HM2 n ltac:(lia) l Bl).
    apply Rplus_le_compat; [| apply HG; lia]. apply rsum_le. intros t Ht. apply Rmult_le_compat_l; [apply (Hl l t Bl Ht)|].
    destruct (shifted_index al be c n0 branch l t n OK Bl Ht ltac:(lia)) as [S1 S2]. destruct (Ht1 l t n Bl Ht ltac:(lia)) as (I1 & I2 & I3).
    unfold s, offset. destruct (Hl l t Bl Ht) as (_ & Bt & _). destruct up.
    + apply (Vm (loc (tr t n) + - shift be c) (tb t * (loc n + - shift be c))). split; [lra|]. exact S1.
    + apply (Vm (tb t * (loc n + shift be c)) (loc (tr t n) + shift be c)). split; [|exact S2].
      assert (0 <= tb t * shift be c) by (apply Rmult_le_pos; lra). lra.
  - intros n Hn. apply Vp. specialize (Hn1 n ltac:(lia)). lra.
  - intros n Hn. apply HG. unfold N in Hn; lia.
  - exists C, n1. split; [lra|]. intros n Hn. apply Rle_trans with (1 := HB n Hn). apply Rmult_le_compat_l; [lra|].
    specialize (Hn1 n Hn). cbv beta in Hn1. unfold s, offset. destruct up.
    + apply (Vm (loc n + - shift be c) (loc n)); lra.
    + apply (Vm (loc n) (loc n + shift be c)); lra.
Qed.

Theorem shift_lower : forall up (T g : nat -> R) branch al be c n0 (V G : R -> R) x1,
  rounded al be c n0 branch -> monotone up V x1 ->
  eventually (fun x => forall l, branch l -> V x <= rsum (fun t => ta t * V (tb t * x)) l + G x) ->
  late (fun n => 0 <= g n /\ G (loc n + offset (negb up) be c) <= g n) -> late (fun n => 0 < T n) ->
  above T g n0 branch ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * V (loc n) <= T n.
Proof.
  intros up T g branch al be c n0 V G x1' OK Vm' HV (M & HG) (MT & HTp) HT. set (x1 := Rmax x1' 0).
  assert (Hx1 : 0 <= x1) by apply Rmax_r.
  assert (Vm : monotone up V x1). { intros x y H. apply Vm'. pose proof (Rmax_l x1' 0). unfold x1 in H. lra. }
  clear Vm'. assert (OK' := OK). destruct OK' as (Ha & Hab & Hb & Hc & Hl).
  pose proof (shift_nonneg be c Hb Hc) as Hs. set (s := offset (negb up) be c) in *.
  assert (Hs' : - shift be c <= s) by (unfold s, offset; destruct up; simpl; lra).
  destruct (tail_index al be c n0 branch x1 OK Hx1) as (N1 & HN1 & Ht1).
  destruct (loc_above (shift be c + x1)) as (n1' & Hn1). set (n1 := max n1' MT).
  destruct (rounded_range al be c n0 branch n1 OK) as (N0 & HN0 & Hr).
  apply (eventually_shift _ s) in HV. destruct HV as (M2 & HM2).
  set (N := max n1 (max (max N0 N1) (max M M2))).
  destruct (compare_lower T (fun n => V (loc n + s)) g branch n1 N) as (q & Hq & HB).
  - intros l t n Bl Ht Hn. apply (Hr l); try assumption. unfold N in Hn; lia.
  - intros n Hn. apply HT. unfold N in Hn; lia.
  - intros l n Bl Hn. unfold N in Hn. apply Rle_trans with (1 := HM2 n ltac:(lia) l Bl).
    apply Rplus_le_compat; [| apply HG; lia]. apply rsum_le. intros t Ht. apply Rmult_le_compat_l; [apply (Hl l t Bl Ht)|].
    destruct (shifted_index al be c n0 branch l t n OK Bl Ht ltac:(lia)) as [S1 S2]. destruct (Ht1 l t n Bl Ht ltac:(lia)) as (I1 & I2 & I3).
    destruct (Hl l t Bl Ht) as (_ & Bt & _). unfold s, offset. destruct up; simpl negb; cbv iota.
    + apply (Vm (tb t * (loc n + shift be c)) (loc (tr t n) + shift be c)). split; [|exact S2].
      assert (0 <= tb t * shift be c) by (apply Rmult_le_pos; lra). lra.
    + apply (Vm (loc (tr t n) + - shift be c) (tb t * (loc n + - shift be c))). split; [lra|]. exact S1.
  - intros n Hn. apply HTp. unfold n1 in Hn; lia.
  - intros n Hn. apply HG. unfold N in Hn; lia.
  - exists q, n1. split; [lra|]. intros n Hn. apply Rle_trans with (2 := HB n Hn). apply Rmult_le_compat_l; [lra|].
    specialize (Hn1 n ltac:(unfold n1 in Hn; lia)). cbv beta in Hn1. unfold s, offset. destruct up; simpl negb; cbv iota.
    + apply (Vm (loc n) (loc n + shift be c)); lra.
    + apply (Vm (loc n + - shift be c) (loc n)); lra.
Qed.
End Scale.
