(* Divide-and-conquer recurrences  T(n) = sum_t a_t T(r_t(n)) + g(n)  for n >= n0, T : nat -> R.

   Proved: every well-founded recurrence has a solution, and one only for given base values, so no theorem about T is vacuous;
   solutions are positive; comparison with a solution of the recurrence's inequality (verified substitution), upper
   solutions are positive; comparison with a solution of the recurrence's inequality (verified substitution), upper
   and lower; the perturbation theorem, by which a smooth ansatz V on the reals absorbs every relative error n^(-dl) of indices and
   coefficients, so every rounding:  V(n)(1 - n^(-dl/2)) and V(n)(1 + n^(-dl/2)) satisfy the perturbed inequalities.
   Source: substitution method (CLRS, ch. 4); the perturbations are those of Akra-Bazzi (Leighton 1996). *)
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
Lemma rsum_add : forall h1 h2 l, rsum (fun t => h1 t + h2 t) l = rsum h1 l + rsum h2 l.
Proof. intros h1 h2 l; induction l as [|t l IH]; simpl; [ring | rewrite IH; ring]. Qed.
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

(* the same with coefficients that depend on n *)
Definition approx_below (ca : term -> nat -> R) (T g : nat -> R) (N : nat) (branch : list term -> Prop) : Prop :=
  forall n, (N <= n)%nat -> exists l, branch l /\ T n <= rsum (fun t => ca t n * T (tr t n)) l + g n.
Definition approx_above (ca : term -> nat -> R) (T g : nat -> R) (N : nat) (branch : list term -> Prop) : Prop :=
  forall n, (N <= n)%nat -> exists l, branch l /\ rsum (fun t => ca t n * T (tr t n)) l + g n <= T n.
Definition calls_in (ca : term -> nat -> R) (n1 N : nat) (branch : list term -> Prop) : Prop :=
  forall l t n, branch l -> In t l -> (N <= n)%nat -> 0 <= ca t n /\ (n1 <= tr t n < n)%nat.

(** U satisfies the recurrence's inequality from N on, in every branch: T <= C U, C from the base range [n1, N) *)
Theorem compare_upper : forall (ca : term -> nat -> R) (T U g : nat -> R) branch (n1 N : nat),
  calls_in ca n1 N branch -> approx_below ca T g N branch ->
  (forall l n, branch l -> (N <= n)%nat -> rsum (fun t => ca t n * U (tr t n)) l + g n <= U n) ->
  (forall n, (n1 <= n < N)%nat -> 0 < U n) -> (forall n, (N <= n)%nat -> 0 <= g n) ->
  exists C, 1 <= C /\ forall n, (n1 <= n)%nat -> T n <= C * U n.
Proof.
  intros ca T U g branch n1 N Hr HT HU Hb Hg.
  destruct (base_upper T U n1 N Hb) as (C & HC & HB). exists C; split; [assumption|].
  intros n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec N n) as [L|L]; [| apply HB; lia].
  destruct (HT n L) as (l & Bl & H). apply Rle_trans with (1 := H).
  apply Rle_trans with (C * (rsum (fun t => ca t n * U (tr t n)) l + g n)).
  - rewrite Rmult_plus_distr_l, <- rsum_scal. apply Rplus_le_compat.
    + apply rsum_le. intros t Ht. replace (C * (ca t n * U (tr t n))) with (ca t n * (C * U (tr t n))) by ring.
      destruct (Hr l t n Bl Ht L) as [Ha Hi]. apply Rmult_le_compat_l; [assumption|]. apply IH; lia.
    + pose proof (Hg n L). nra.
  - apply Rmult_le_compat_l; [lra | auto].
Qed.
Theorem compare_lower : forall (ca : term -> nat -> R) (T U g : nat -> R) branch (n1 N : nat),
  calls_in ca n1 N branch -> approx_above ca T g N branch ->
  (forall l n, branch l -> (N <= n)%nat -> U n <= rsum (fun t => ca t n * U (tr t n)) l + g n) ->
  (forall n, (n1 <= n < N)%nat -> 0 < T n) -> (forall n, (N <= n)%nat -> 0 <= g n) ->
  exists c, 0 < c /\ forall n, (n1 <= n)%nat -> c * U n <= T n.
Proof.
  intros ca T U g branch n1 N Hr HT HU Hb Hg.
  destruct (base_upper U T n1 N Hb) as (C & HC & HB).
  assert (I : 0 < / C <= 1). { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  exists (/ C). split; [lra|].
  intros n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec N n) as [L|L].
  - destruct (HT n L) as (l & Bl & H). apply Rle_trans with (2 := H).
    apply Rle_trans with (/ C * (rsum (fun t => ca t n * U (tr t n)) l + g n)).
    + apply Rmult_le_compat_l; [lra | auto].
    + rewrite Rmult_plus_distr_l, <- rsum_scal. apply Rplus_le_compat.
      * apply rsum_le. intros t Ht. replace (/ C * (ca t n * U (tr t n))) with (ca t n * (/ C * U (tr t n))) by ring.
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

(* Perturbations: coefficients a_t(n) and indices r_t(n) that are a_t and b_t n up to a relative error loc(n)^(-dl) *)
Definition perturbed (al be c dl : R) (n0 : nat) (branch : list term -> Prop) (ca : term -> nat -> R) : Prop :=
  0 < al /\ al <= be /\ be < 1 /\ 0 <= c /\ 0 < dl /\
  forall l, branch l -> (forall n, (n0 <= n)%nat -> rsum (fun t => Rabs (ca t n - ta t)) l <= c * Rpower (loc n) (- dl)) /\
    forall t, In t l -> 0 <= ta t /\ al <= tb t <= be /\
      forall n, (n0 <= n)%nat -> 0 <= ca t n /\ Rabs (loc (tr t n) - tb t * loc n) <= c * Rpower (loc n) (1 - dl).
Lemma perturbed_of_rounded : forall al be c n0 branch, rounded al be c n0 branch -> perturbed al be c 1 n0 branch (fun t _ => ta t).
Proof.
  intros al be c n0 branch (Ha & Hab & Hb & Hc & H). do 3 (split; [assumption|]). split; [exact Hc|]. split; [lra|]. intros l Bl. split.
  - intros n _. apply Rle_trans with 0; [|apply Rmult_le_pos; [exact Hc | left; apply Rpower_pos]].
    right. induction l as [|t l' IH]; [reflexivity|]. simpl. rewrite Rminus_diag_eq, Rabs_R0, Rplus_0_l by reflexivity. clear - n. induction l' as [|s l' IH]; [reflexivity|].
    simpl. rewrite Rminus_diag_eq, Rabs_R0, Rplus_0_l by reflexivity. exact IH.
  - intros t Ht. destruct (H l t Bl Ht) as (A & B & R). split; [exact A|]. split; [exact B|]. intros n Hn. split; [exact A|].
    unfold Rpower. replace (1 - 1) with 0 by ring. rewrite Rmult_0_l, exp_0, Rmult_1_r. apply R, Hn.
Qed.
(* abs(log V(y) - log V(x)) <= Q abs(log y - log x) *)
Definition smooth (V : R -> R) (x1 Q : R) : Prop :=
  0 <= Q /\ forall x y, x1 <= x -> x1 <= y -> 0 < V x /\ V y <= V x * exp (Q * Rabs (ln y - ln x)).

Lemma small_power : forall e, 0 < e -> forall nu, 0 < nu -> eventually (fun x => 0 < Rpower x (- e) <= nu).
Proof.
  intros e He nu Hn. destruct (Rpower_unbounded e He (/ nu)) as (x0 & _ & H). exists x0. intros x Hx. split; [apply Rpower_pos|].
  rewrite Rpower_Ropp, <- (Rinv_inv nu). apply Rinv_le_contravar; [apply Rinv_0_lt_compat, Hn | apply H, Hx].
Qed.

Lemma log_near : forall z y m, 0 < z -> 0 <= m <= / 2 -> z - m * z <= y <= z + m * z -> z / 2 <= y /\ Rabs (ln y - ln z) <= 2 * m.
Proof.
  intros z y m Hz Hm Hy. assert (M : m * z <= / 2 * z) by (apply Rmult_le_compat_r; lra). assert (Y : z / 2 <= y) by lra. split; [exact Y|].
  assert (E : forall a b, 0 < a -> 0 < b -> ln a - ln b <= (a - b) / b).
  { intros a b A B. pose proof (ln_le_minus_one (a / b) ltac:(apply div_pos; assumption)) as Q. unfold Rdiv in Q at 1.
    rewrite ln_mult, ln_Rinv in Q by (try apply Rinv_0_lt_compat; assumption). replace ((a - b) / b) with (a / b - 1) by (field; lra). lra. }
  pose proof (E z y Hz ltac:(lra)) as E1. pose proof (E y z ltac:(lra) Hz) as E2.
  assert (D1 : (z - y) / y <= 2 * m). { apply div_le; [lra|]. assert (2 * m * (z / 2) <= 2 * m * y) by (apply Rmult_le_compat_l; lra). lra. }
  assert (D2 : (y - z) / z <= m) by (apply div_le; lra). apply Rabs_le. split; lra.
Qed.

Section Perturbed.
Variables (al be c dl : R) (n0 : nat) (branch : list term -> Prop) (ca : term -> nat -> R).
Hypothesis OK : perturbed al be c dl n0 branch ca.
Let eta := dl / 2.
Let u (x : R) : R := Rpower x (- eta).
Let gain : R := Rpower ((1 + be) / 2) (- eta) - 1.

Lemma eta_pos : 0 < eta. Proof. destruct OK as (_ & _ & _ & _ & D & _). unfold eta. lra. Qed.
Lemma gain_pos : 0 < gain.
Proof.
  destruct OK as (Ha & Hab & Hb & _). pose proof eta_pos. unfold gain, Rpower. assert (L : ln ((1 + be) / 2) < 0).
  { rewrite <- ln_1. apply ln_increasing; lra. }
  pose proof (exp_tangent (- eta * ln ((1 + be) / 2))). assert (0 < - eta * ln ((1 + be) / 2)) by nra. lra.
Qed.
Lemma relative_error : forall x, 0 < x -> c * Rpower x (1 - dl) = c * u x * u x * x /\ c * Rpower x (- dl) = c * u x * u x.
Proof.
  intros x Hx. assert (E : u x * u x = Rpower x (- dl)) by (unfold u, eta; rewrite <- Rpower_plus; f_equal; field).
  split; rewrite !Rmult_assoc; f_equal; [|symmetry; exact E]. rewrite <- Rmult_assoc, E. unfold Rminus. rewrite Rpower_plus, Rpower_1 by exact Hx. ring.
Qed.

(* where calls lead: near b_t n, into the tail, where u is larger by a constant factor *)
Lemma perturbed_terms : forall x1 Q nu, 0 < x1 -> 0 <= Q -> 0 < nu -> exists N, (n0 <= N)%nat /\ forall n, (N <= n)%nat ->
  x1 <= loc n /\ 0 < u (loc n) <= nu /\ c * Rpower (loc n) (- dl) <= nu * u (loc n) /\
  forall l t, branch l -> In t l -> let x := loc n in let y := loc (tr t n) in
    x1 <= tb t * x /\ x1 <= y /\ y < x /\ Q * Rabs (ln y - ln (tb t * x)) <= nu * u x /\ (1 + gain) * u x <= u y <= nu.
Proof.
  intros x1 Q nu Hx1 HQ Hnu. assert (OK' := OK). destruct OK' as (Ha & Hab & Hb & Hc & Hd & Hl). pose proof eta_pos as He.
  set (m0 := Rmin (/ 2) ((1 - be) / 2)). assert (Hm0 : 0 < m0) by (apply Rmin_glb_lt; lra).
  pose proof (Rmin_l (/ 2) ((1 - be) / 2)) as M1. pose proof (Rmin_r (/ 2) ((1 - be) / 2)) as M2. fold m0 in M1, M2. clearbody m0.
  assert (bound : forall a b, 0 <= a -> 0 < b -> exists k, 0 < k /\ forall v, 0 <= v <= k -> a * v <= b).
  { intros a b A B. exists (b / (a + 1)). split; [apply div_pos; lra|]. intros v [V0 V]. apply Rle_trans with ((a + 1) * v); [apply Rmult_le_compat_r; lra|].
    apply Rle_trans with ((a + 1) * (b / (a + 1))); [apply Rmult_le_compat_l; lra | right; field; lra]. }
  destruct (bound c nu Hc Hnu) as (k1 & Hk1 & K1). destruct (bound c (m0 * al) Hc ltac:(apply Rmult_lt_0_compat; assumption)) as (k2 & Hk2 & K2).
  destruct (bound (Q * (2 * c)) (nu * al) ltac:(apply Rmult_le_pos; lra) ltac:(apply Rmult_lt_0_compat; assumption)) as (k3 & Hk3 & K3). clear bound.
  destruct (small_power eta He k1 Hk1) as (z1 & Z1). destruct (small_power eta He k2 Hk2) as (z2 & Z2). destruct (small_power eta He k3 Hk3) as (z3 & Z3).
  destruct (small_power eta He nu Hnu) as (z4 & Z4). destruct (small_power eta He 1 Rlt_0_1) as (z5 & Z5).
  set (x2 := Rmax (Rmax x1 (Rmax z1 z2)) (Rmax z3 (Rmax z4 z5))). destruct (loc_above (2 * x2 / al)) as (N & HN). exists (max n0 N). split; [lia|].
  intros n Hn. pose proof (HN n ltac:(lia)) as X. cbv beta in X. set (x := loc n) in *.
  assert (P : x1 <= x2 /\ z1 <= x2 /\ z2 <= x2 /\ z3 <= x2 /\ z4 <= x2 /\ z5 <= x2).
  { unfold x2. pose proof (Rmax_l (Rmax x1 (Rmax z1 z2)) (Rmax z3 (Rmax z4 z5))). pose proof (Rmax_r (Rmax x1 (Rmax z1 z2)) (Rmax z3 (Rmax z4 z5))).
    pose proof (Rmax_l x1 (Rmax z1 z2)). pose proof (Rmax_r x1 (Rmax z1 z2)). pose proof (Rmax_l z1 z2). pose proof (Rmax_r z1 z2).
    pose proof (Rmax_l z3 (Rmax z4 z5)). pose proof (Rmax_r z3 (Rmax z4 z5)). pose proof (Rmax_l z4 z5). pose proof (Rmax_r z4 z5). repeat split; lra. }
  destruct P as (P0 & P1 & P2 & P3 & P4 & P5). clearbody x2.
  assert (X' : 2 * x2 <= al * x). { apply Rmult_le_compat_l with (r := al) in X; [|lra]. replace (al * (2 * x2 / al)) with (2 * x2) in X by (field; lra). exact X. }
  assert (Px : 0 < x). { apply Rmult_lt_reg_l with al; lra. }
  assert (Xx : 2 * x2 <= x). { assert (al * x <= 1 * x) by (apply Rmult_le_compat_r; lra). lra. }
  destruct (Z1 x ltac:(lra)) as [U0 U1]. destruct (Z2 x ltac:(lra)) as [_ U2]. destruct (Z3 x ltac:(lra)) as [_ U3]. destruct (Z4 x ltac:(lra)) as [_ U4].
  destruct (Z5 x ltac:(lra)) as [_ U5]. fold (u x) in U0, U1, U2, U3, U4, U5. destruct (relative_error x Px) as [E1 E2].
  specialize (K1 (u x) ltac:(lra)). specialize (K2 (u x) ltac:(lra)). specialize (K3 (u x) ltac:(lra)). set (v := u x) in *.
  split; [lra|]. split; [lra|]. split. { rewrite E2. apply Rmult_le_compat_r; lra. }
  intros l t Bl Ht. cbv zeta. fold x. destruct (Hl l Bl) as [_ Hl']. destruct (Hl' t Ht) as (_ & Hbt & Hr). destruct (Hr n ltac:(lia)) as [_ R]. fold x in R.
  set (y := loc (tr t n)) in *. set (b := tb t) in *. rewrite E1 in R. apply Rabs_bounds in R. fold v. clearbody y b. clear Hl Hl' Hr HN Z1 Z2 Z3 X E1 E2 U1 U2 U3.
  set (m := c * v * v / b). assert (Hcv : 0 <= c * v * v) by (repeat apply Rmult_le_pos; lra).
  assert (Em : c * v * v = m * b) by (unfold m; field; lra). assert (Pm : 0 <= m) by (apply div_nonneg; lra).
  assert (Cm : m * al <= c * v * v) by (rewrite Em; apply Rmult_le_compat_l; lra).
  assert (Cv : c * v * v <= m0 * al). { apply Rle_trans with (c * v * 1); [apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | lra] | lra]. }
  assert (Mm : m <= m0) by (apply Rmult_le_reg_r with al; lra).
  assert (Pbx : al * x <= b * x) by (apply Rmult_le_compat_r; lra). set (z := b * x) in *.
  assert (Ez : c * v * v * x = m * z) by (rewrite Em; unfold z; ring). rewrite Ez in R.
  destruct (log_near z y m ltac:(lra) ltac:(lra) ltac:(lra)) as [Y1 Y2].
  assert (Y3 : y <= (1 + be) / 2 * x).
  { assert (A1 : z <= be * x) by (apply Rmult_le_compat_r; lra). assert (A2 : m * z <= (1 - be) / 2 * (1 * x)).
    { apply Rmult_le_compat; [exact Pm | lra | lra|]. apply Rmult_le_compat_r; lra. } lra. }
  assert (Y4 : (1 + be) / 2 * x < 1 * x) by (apply Rmult_lt_compat_r; lra).
  split; [lra|]. split; [lra|]. split; [lra|]. split; [|split].
  - apply Rle_trans with (Q * (2 * m)); [apply Rmult_le_compat_l; assumption|]. apply Rmult_le_reg_r with al; [assumption|].
    apply Rle_trans with (Q * 2 * (c * v * v)); [replace (Q * (2 * m) * al) with (Q * 2 * (m * al)) by ring; apply Rmult_le_compat_l; lra|].
    replace (Q * 2 * (c * v * v)) with (Q * (2 * c) * v * v) by ring. replace (nu * v * al) with (nu * al * v) by ring. apply Rmult_le_compat_r; lra.
  - unfold gain, v, u. replace (1 + (Rpower ((1 + be) / 2) (- eta) - 1)) with (Rpower ((1 + be) / 2) (- eta)) by ring.
    rewrite Rpower_mult_distr by lra. apply Rpower_anti; lra.
  - apply Z4. lra.
Qed.

Lemma perturbed_range : forall n1, exists N, (n0 <= N)%nat /\ calls_in ca n1 N branch.
Proof.
  intros n1. destruct (perturbed_terms (Rmax 1 (loc n1 + 1)) 0 1 ltac:(pose proof (Rmax_l 1 (loc n1 + 1)); lra) ltac:(lra) ltac:(lra)) as (N & L & H).
  pose proof (Rmax_r 1 (loc n1 + 1)). exists N. split; [exact L|]. intros l t n Bl Ht Hn. destruct (H n Hn) as (_ & _ & _ & H'). specialize (H' l t Bl Ht). cbv zeta in H'.
  destruct H' as (_ & A & B & _). destruct OK as (_ & _ & _ & _ & _ & Hl). destruct (Hl l Bl) as [_ Hl']. destruct (Hl' t Ht) as (_ & _ & Hr).
  split; [apply Hr; lia|]. destruct Hloc as [Mono _]. split.
  - destruct (le_lt_dec n1 (tr t n)) as [D|D]; [exact D|]. pose proof (Mono (tr t n) n1 ltac:(lia)). lra.
  - destruct (le_lt_dec n (tr t n)) as [D|D]; [|exact D]. pose proof (Mono n (tr t n) D). lra.
Qed.

(* comparison functions V(loc n)(1 - u) and V(loc n)(1 + u): the change of u over one call pays for the perturbation *)
Lemma perturbed_sum : forall (V : R -> R) x1 Q, 0 < x1 -> smooth V x1 Q -> exists L0, 0 < L0 /\ forall nu, 0 < nu -> nu <= / 2 ->
  exists N, (n0 <= N)%nat /\ forall n l, (N <= n)%nat -> branch l -> let x := loc n in
    x1 <= x /\ 0 < u x <= nu /\ 0 <= rsum (fun t => ta t * V (tb t * x)) l /\
    (forall t, In t l -> 0 < V (tb t * x) /\ 0 <= u (loc (tr t n)) <= nu /\ (1 + gain) * u x <= u (loc (tr t n)) /\
      (1 - 2 * nu * u x) * V (tb t * x) <= V (loc (tr t n)) <= (1 + 2 * nu * u x) * V (tb t * x) /\ 0 < V (loc (tr t n)) <= L0 * V x) /\
    rsum (fun t => Rabs (ca t n - ta t)) l <= nu * u x.
Proof.
  intros V x1 Q Hx1 [HQ S]. assert (OK' := OK). destruct OK' as (Ha & Hab & Hb & Hc & Hd & Hl).
  exists (exp (Q * (- ln al) + 1)). split; [apply exp_pos|]. intros nu Hnu Hnu2.
  destruct (perturbed_terms x1 Q nu Hx1 HQ Hnu) as (N & L & H). exists N. split; [exact L|]. intros n l Hn Bl. cbv zeta.
  destruct (H n Hn) as (X1 & [U0 U1] & E & HT'). destruct (Hl l Bl) as [He Hl'].
  assert (T' : forall t, In t l -> 0 < V (tb t * loc n) /\ 0 <= u (loc (tr t n)) <= nu /\ (1 + gain) * u (loc n) <= u (loc (tr t n)) /\
      (1 - 2 * nu * u (loc n)) * V (tb t * loc n) <= V (loc (tr t n)) <= (1 + 2 * nu * u (loc n)) * V (tb t * loc n) /\
      0 < V (loc (tr t n)) <= exp (Q * (- ln al) + 1) * V (loc n)).
  { intros t Ht. specialize (HT' l t Bl Ht). cbv zeta in HT'. destruct HT' as (A1 & A2 & A3 & A4 & A5 & A6).
    set (x := loc n) in *. set (y := loc (tr t n)) in *. set (D := Rabs (ln y - ln (tb t * x))) in *.
    destruct (S (tb t * x) y A1 A2) as [V1 S1]. destruct (S y (tb t * x) A2 A1) as [V2 S2]. fold D in S1. rewrite Rabs_minus_sym in S2. fold D in S2.
    assert (PD : 0 <= Q * D) by (apply Rmult_le_pos; [exact HQ | apply Rabs_pos]).
    assert (Pnu : 0 <= nu * u x <= / 4). { split; [apply Rmult_le_pos; lra|]. apply Rle_trans with (/ 2 * / 2); [apply Rmult_le_compat; lra | lra]. }
    assert (E1 : exp (Q * D) <= 1 + 2 * nu * u x).
    { apply Rle_trans with (exp (nu * u x)); [apply exp_le; exact A4|]. pose proof (exp_tangent (- (nu * u x))) as Z. rewrite exp_Ropp in Z.
      pose proof (exp_pos (nu * u x)) as P. apply Rmult_le_compat_r with (r := exp (nu * u x)) in Z; [|lra]. rewrite Rinv_l in Z by lra.
      assert (0 <= nu * u x * (1 - 2 * (nu * u x))) by (apply Rmult_le_pos; lra). apply Rmult_le_reg_r with (1 + - (nu * u x)); lra. }
    split; [exact V1|]. split; [split; [left; apply Rpower_pos | exact A6]|]. split; [exact A5|]. split; [split|].
    - pose proof (exp_tangent (- (Q * D))) as Z.
      assert (Z2 : V (tb t * x) * exp (- (Q * D)) <= V y).
      { apply Rmult_le_compat_r with (r := exp (- (Q * D))) in S2; [|left; apply exp_pos]. rewrite Rmult_assoc, <- exp_plus in S2.
        replace (Q * D + - (Q * D)) with 0 in S2 by ring. rewrite exp_0, Rmult_1_r in S2. exact S2. }
      apply Rle_trans with (2 := Z2). rewrite Rmult_comm. apply Rmult_le_compat_l; lra.
    - apply Rle_trans with (1 := S1). rewrite Rmult_comm. apply Rmult_le_compat_r; lra.
    - split; [exact V2|]. destruct (S x (tb t * x) X1 A1) as [V3 S3]. destruct (Hl' t Ht) as (_ & Hbt & _).
      assert (Px : 0 < x) by lra. rewrite ln_mult in S3 by lra. replace (ln (tb t) + ln x - ln x) with (ln (tb t)) in S3 by ring.
      assert (Lb : Rabs (ln (tb t)) <= - ln al).
      { assert (ln (tb t) < 0) by (rewrite <- ln_1; apply ln_increasing; lra). rewrite Rabs_left by assumption. apply Ropp_le_contravar, ln_le; lra. }
      rewrite exp_plus. apply Rle_trans with (V (tb t * x) * exp 1).
      + apply Rle_trans with (1 := S1). apply Rmult_le_compat_l; [lra|]. apply exp_le. lra.
      + rewrite Rmult_assoc, (Rmult_comm (exp 1)), <- Rmult_assoc. apply Rmult_le_compat_r; [left; apply exp_pos|].
        apply Rle_trans with (1 := S3). rewrite Rmult_comm. apply Rmult_le_compat_r; [lra|]. apply exp_le. apply Rmult_le_compat_l; assumption. }
  split; [exact X1|]. split; [split; assumption|]. split; [|split; [exact T' | apply Rle_trans with (1 := He n ltac:(lia)), E]].
  apply rsum_nonneg. intros t Ht. destruct (Hl' t Ht) as (A & _). destruct (T' t Ht) as (B & _). apply Rmult_le_pos; lra.
Qed.

(* the accounts of one term and of the sum: w = u(n), k the relative gain of u over one call *)
Lemma below_all : forall a b c d, 0 < a -> 0 < b -> 0 < c -> 0 < d -> exists nu, 0 < nu /\ nu <= a /\ nu <= b /\ nu <= c /\ nu <= d.
Proof.
  clear. intros a b c d A B C D. exists (Rmin (Rmin a b) (Rmin c d)). pose proof (Rmin_l (Rmin a b) (Rmin c d)). pose proof (Rmin_r (Rmin a b) (Rmin c d)).
  pose proof (Rmin_l a b). pose proof (Rmin_r a b). pose proof (Rmin_l c d). pose proof (Rmin_r c d). repeat split; try lra. repeat apply Rmin_glb_lt; assumption.
Qed.
Lemma deviation : forall a a' z B, 0 <= z <= B -> - (Rabs (a' - a) * B) <= (a' - a) * z <= Rabs (a' - a) * B.
Proof.
  clear. intros a a' z B H. pose proof (Rle_abs (a' - a)) as P. pose proof (Rle_abs (- (a' - a))) as Q. rewrite Rabs_Ropp in Q. pose proof (Rabs_pos (a' - a)) as Z.
  assert (Rabs (a' - a) * z <= Rabs (a' - a) * B) by (apply Rmult_le_compat_l; lra).
  assert ((a' - a) * z <= Rabs (a' - a) * z) by (apply Rmult_le_compat_r; lra). assert (- (a' - a) * z <= Rabs (a' - a) * z) by (apply Rmult_le_compat_r; lra). lra.
Qed.
Lemma upper_factor : forall w nu k, 0 < w -> 0 < k -> 0 < nu -> nu <= k / 8 -> (1 + 2 * nu * w) * (1 - (1 + k) * w) <= 1 - w - 3 / 4 * (k * w).
Proof.
  clear. intros w nu k W K P H. assert (nu * w <= k / 8 * w) by (apply Rmult_le_compat_r; lra). assert (0 <= nu * w * ((1 + k) * w)) by (repeat apply Rmult_le_pos; lra). lra.
Qed.
Lemma upper_term : forall a a' vb vy uy w nu k B, 0 <= a -> 0 < vb -> vy <= (1 + 2 * nu * w) * vb -> 0 < vy <= B -> 0 <= uy <= nu -> (1 + k) * w <= uy ->
  0 < w -> 0 < k -> 0 < nu -> nu <= / 8 -> nu <= k / 8 -> a' * (vy * (1 - uy)) <= (1 - w - 3 / 4 * (k * w)) * (a * vb) + B * Rabs (a' - a).
Proof.
  clear. intros a a' vb vy uy w nu k B A Vb Vy Pv U Uy W K P N1 N2. pose proof (upper_factor w nu k W K P N2) as F.
  assert (Z : 0 <= vy * (1 - uy) <= B). { split; [apply Rmult_le_pos; lra|]. apply Rle_trans with (vy * 1); [apply Rmult_le_compat_l; lra | lra]. }
  pose proof (deviation a a' _ _ Z) as D.
  assert (M : vy * (1 - uy) <= (1 + 2 * nu * w) * vb * (1 - (1 + k) * w)) by (apply Rmult_le_compat; lra).
  assert (M2 : a * (vy * (1 - uy)) <= a * ((1 + 2 * nu * w) * vb * (1 - (1 + k) * w))) by (apply Rmult_le_compat_l; assumption).
  assert (M3 : a * vb * ((1 + 2 * nu * w) * (1 - (1 + k) * w)) <= a * vb * (1 - w - 3 / 4 * (k * w))) by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | exact F]).
  lra.
Qed.
Lemma lower_term : forall a a' vb vy uy w nu k B, 0 <= a -> 0 < vb -> (1 - 2 * nu * w) * vb <= vy -> 0 < vy <= B -> 0 <= uy <= nu -> (1 + k) * w <= uy ->
  0 < w -> 0 < k -> 0 < nu -> nu <= / 8 -> nu <= k / 16 -> (1 + w + 3 / 4 * (k * w)) * (a * vb) - 2 * B * Rabs (a' - a) <= a' * (vy * (1 + uy)).
Proof.
  clear. intros a a' vb vy uy w nu k B A Vb Vy Pv U Uy W K P N1 N2.
  assert (Wn : w <= nu). { assert (0 <= k * w) by (apply Rmult_le_pos; lra). lra. }
  assert (Pw : 0 <= nu * w <= / 64). { split; [apply Rmult_le_pos; lra|]. apply Rle_trans with (/ 8 * / 8); [apply Rmult_le_compat; lra | lra]. }
  assert (F : 1 + w + 3 / 4 * (k * w) <= (1 - 2 * nu * w) * (1 + (1 + k) * w)).
  { assert (nu * w <= k / 16 * w) by (apply Rmult_le_compat_r; lra). assert (nu * w * ((1 + k) * w) <= nu * w * 1) by (apply Rmult_le_compat_l; lra). lra. }
  assert (Z : 0 <= vy * (1 + uy) <= 2 * B). { split; [apply Rmult_le_pos; lra|]. apply Rle_trans with (vy * 2); [apply Rmult_le_compat_l; lra | lra]. }
  pose proof (deviation a a' _ _ Z) as D.
  assert (Q1 : 0 <= 1 - 2 * nu * w) by lra. assert (Q2 : 0 <= (1 - 2 * nu * w) * vb) by (apply Rmult_le_pos; lra). assert (Q3 : 0 <= (1 + k) * w) by (apply Rmult_le_pos; lra).
  assert (M : (1 - 2 * nu * w) * vb * (1 + (1 + k) * w) <= vy * (1 + uy)) by (apply Rmult_le_compat; lra).
  assert (M2 : a * ((1 - 2 * nu * w) * vb * (1 + (1 + k) * w)) <= a * (vy * (1 + uy))) by (apply Rmult_le_compat_l; assumption).
  assert (M3 : a * vb * (1 + w + 3 / 4 * (k * w)) <= a * vb * ((1 - 2 * nu * w) * (1 + (1 + k) * w))) by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | exact F]).
  lra.
Qed.
Lemma upper_total : forall S V G g w q D, 0 <= S -> S + G <= V -> 0 <= g <= G -> 0 < w <= / 8 -> 0 < q <= / 8 -> D <= q / 8 * V ->
  2 * ((1 - w - 3 / 4 * q) * S + D) + g <= 2 * (V * (1 - w)).
Proof.
  clear. intros S V G g w q D HS HV Hg Hw Hq HD. assert (A : (1 - w - 3 / 4 * q) * S <= (1 - w - 3 / 4 * q) * (V - G)) by (apply Rmult_le_compat_l; lra).
  assert (B : (w + 3 / 4 * q) * G <= / 4 * G) by (apply Rmult_le_compat_r; lra). assert (0 <= q * V) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma lower_total : forall S V G g w q D, 0 <= S -> 0 < V -> V <= S + G -> 0 <= g -> G <= g -> 0 < w <= / 8 -> 0 < q <= / 8 -> D <= q / 4 * V ->
  V * (1 + w) <= (1 + w + 3 / 4 * q) * S - D + 2 * g.
Proof.
  clear. intros S V G g w q D HS HV HG Hg HGg Hw Hq HD. assert (A : (1 + w + q / 4) * V <= (1 + w + q / 4) * (S + g)) by (apply Rmult_le_compat_l; lra).
  assert (B : (w + q / 4) * g <= / 4 * g) by (apply Rmult_le_compat_r; lra). assert (0 <= q * S) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma small_error : forall (V : R -> R) x1 Q, 0 < x1 -> smooth V x1 Q -> exists n1, forall n1', (n1 <= n1')%nat -> exists N, (n1' <= N)%nat /\ (n0 <= N)%nat /\
  calls_in ca n1' N branch /\ (forall n, (n1' <= n)%nat -> 0 < V (loc n) /\ 0 < u (loc n) <= / 8) /\
  forall n l, (N <= n)%nat -> branch l -> exists D, 0 <= D /\ let x := loc n in let S := rsum (fun t => ta t * V (tb t * x)) l in let q := gain * u x in
    0 <= S /\ 0 < q <= / 8 /\ D <= q / 8 * V x /\
    rsum (fun t => ca t n * (V (loc (tr t n)) * (1 - u (loc (tr t n))))) l <= (1 - u x - 3 / 4 * q) * S + D /\
    (1 + u x + 3 / 4 * q) * S - 2 * D <= rsum (fun t => ca t n * (V (loc (tr t n)) * (1 + u (loc (tr t n))))) l.
Proof.
  intros V x1 Q Hx1 HV. pose proof gain_pos as Hk. assert (P : forall x, x1 <= x -> 0 < V x) by (intros x Hx; apply (proj2 HV x x); assumption).
  destruct (perturbed_sum V x1 Q Hx1 HV) as (L0 & HL & H).
  destruct (below_all (/ 8) (gain / 16) (gain / (8 * L0)) (/ (8 * gain)) ltac:(lra) ltac:(lra) ltac:(apply div_pos; lra) ltac:(apply Rinv_0_lt_compat; lra)) as (nu & Hnu & B1 & B2 & B3 & B4).
  destruct (H nu Hnu ltac:(lra)) as (N1 & L1 & H'). clear H. destruct (loc_above x1) as (n1 & Hn1).
  destruct (small_power eta eta_pos (/ 8) ltac:(lra)) as (xu & Hu). destruct (loc_above xu) as (n2 & Hn2).
  assert (B3' : nu * L0 <= gain / 8). { apply Rmult_le_compat_r with (r := L0) in B3; [|lra]. replace (gain / (8 * L0) * L0) with (gain / 8) in B3 by (field; lra). exact B3. }
  assert (B4' : gain * nu <= / 8). { apply Rmult_le_compat_l with (r := gain) in B4; [|lra]. replace (gain * / (8 * gain)) with (/ 8) in B4 by (field; lra). exact B4. }
  exists (max n1 n2). intros m Hm. destruct (perturbed_range m) as (N0 & L0' & Hr). exists (max m (max N0 N1)). split; [lia|]. split; [lia|]. split; [|split].
  - intros l t n Bl Ht Hn. apply (Hr l); try assumption; lia.
  - intros n Hn. split; [apply P, Hn1; lia|]. apply Hu, Hn2. lia.
  - intros n l Hn Bl. destruct (H' n l ltac:(lia) Bl) as (X & [U0 U1] & S0 & Ht & D). exists (rsum (fun t => Rabs (ca t n - ta t)) l * (L0 * V (loc n))). cbv zeta.
    specialize (P _ X). set (x := loc n) in *. set (w := u x) in *.
    assert (LV : 0 <= L0 * V x) by (apply Rmult_le_pos; lra).
    assert (Hl' : forall t, In t l -> 0 <= ta t) by (intros t Ht'; destruct OK as (_ & _ & _ & _ & _ & Hl); apply (Hl l Bl), Ht').
    split; [apply Rmult_le_pos; [apply rsum_nonneg; intros; apply Rabs_pos | exact LV]|]. split; [exact S0|].
    split; [split; [apply Rmult_lt_0_compat; lra | apply Rle_trans with (gain * nu); [apply Rmult_le_compat_l; lra | exact B4']]|]. split; [|split].
    + apply Rle_trans with (nu * w * (L0 * V x)); [apply Rmult_le_compat_r; [exact LV | exact D]|].
      replace (nu * w * (L0 * V x)) with (nu * L0 * (w * V x)) by ring. replace (gain * w / 8 * V x) with (gain / 8 * (w * V x)) by field.
      apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact B3'].
    + rewrite (Rmult_comm (rsum (fun t => Rabs _) l)), <- !rsum_scal, <- rsum_add. apply rsum_le. intros t Ht'.
      destruct (Ht t Ht') as (V1 & [Y0 Y1] & Y2 & [_ V2] & V3).
      apply (upper_term (ta t) (ca t n) (V (tb t * x)) (V (loc (tr t n))) (u (loc (tr t n))) w nu gain (L0 * V x)); try assumption; try lra. apply Hl', Ht'.
    + replace (2 * (rsum (fun t => Rabs (ca t n - ta t)) l * (L0 * V x))) with (- (- (2 * (L0 * V x)) * rsum (fun t => Rabs (ca t n - ta t)) l)) by ring.
      rewrite <- !rsum_scal. unfold Rminus at 1. rewrite Ropp_involutive, <- rsum_add. apply rsum_le. intros t Ht'.
      destruct (Ht t Ht') as (V1 & [Y0 Y1] & Y2 & [V2 _] & V3).
      pose proof (lower_term (ta t) (ca t n) (V (tb t * x)) (V (loc (tr t n))) (u (loc (tr t n))) w nu gain (L0 * V x) (Hl' t Ht') V1 V2 V3 (conj Y0 Y1) Y2 U0 Hk Hnu B1 B2). lra.
Qed.

Theorem approx_upper : forall (T g : nat -> R) (V G : R -> R) x1 Q, 0 < x1 -> smooth V x1 Q ->
  eventually (fun x => forall l, branch l -> rsum (fun t => ta t * V (tb t * x)) l + G x <= V x) ->
  late (fun n => 0 <= g n <= G (loc n)) -> approx_below ca T g n0 branch ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * V (loc n).
Proof.
  intros T g V G x1 Q Hx1 HV (M & HS) (N2 & Hg) HT. destruct (small_error V x1 Q Hx1 HV) as (n1 & H). destruct (loc_above M) as (n2 & Hn2).
  destruct (H n1 (le_n n1)) as (N1 & L1 & L2 & Hr & HP & HB). set (N := max N1 (max N2 n2)).
  destruct (compare_upper ca T (fun n => 2 * (V (loc n) * (1 - u (loc n)))) g branch n1 N) as (C & HC & B).
  - intros l t n Bl Ht Hn. apply (Hr l); try assumption. unfold N in Hn; lia.
  - intros n Hn. apply HT. unfold N in Hn; lia.
  - intros l n Bl Hn. unfold N in Hn. destruct (HB n l ltac:(lia) Bl) as (D & D0 & S0 & Hq & HD & Z & _). destruct (HP n ltac:(lia)) as [V0 U0].
    apply Rle_trans with (2 := upper_total _ _ _ _ _ _ D S0 (HS (loc n) (Hn2 n ltac:(lia)) l Bl) (Hg n ltac:(lia)) U0 Hq HD). apply Rplus_le_compat_r.
    apply Rmult_le_compat_l with (r := 2) in Z; [|lra]. rewrite <- rsum_scal in Z. apply Rle_trans with (2 := Z). apply rsum_le. intros t _. right. ring.
  - intros n Hn. destruct (HP n ltac:(lia)) as [V0 U0]. apply Rmult_lt_0_compat; [lra | apply Rmult_lt_0_compat; lra].
  - intros n Hn. apply Hg. unfold N in Hn; lia.
  - exists (2 * C), n1. split; [lra|]. intros n Hn. apply Rle_trans with (1 := B n Hn). destruct (HP n Hn) as [V0 U0].
    rewrite (Rmult_comm 2 C), Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; [lra|].
    apply Rle_trans with (V (loc n) * 1); [apply Rmult_le_compat_l; lra | lra].
Qed.
Theorem approx_lower : forall (T g : nat -> R) (V G : R -> R) x1 Q, 0 < x1 -> smooth V x1 Q ->
  eventually (fun x => forall l, branch l -> V x <= rsum (fun t => ta t * V (tb t * x)) l + G x) ->
  late (fun n => 0 <= g n /\ G (loc n) <= g n) -> late (fun n => 0 < T n) -> approx_above ca T g n0 branch ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * V (loc n) <= T n.
Proof.
  intros T g V G x1 Q Hx1 HV (M & HS) (N2 & Hg) (N3 & HTp) HT. destruct (small_error V x1 Q Hx1 HV) as (n1' & H). destruct (loc_above M) as (n2 & Hn2). set (n1 := max n1' N3).
  destruct (H n1 ltac:(unfold n1; lia)) as (N1 & L1 & L2 & Hr & HP & HB). set (N := max N1 (max N2 n2)).
  destruct (compare_lower ca T (fun n => / 2 * (V (loc n) * (1 + u (loc n)))) g branch n1 N) as (q & Hq & B).
  - intros l t n Bl Ht Hn. apply (Hr l); try assumption. unfold N in Hn; lia.
  - intros n Hn. apply HT. unfold N in Hn; lia.
  - intros l n Bl Hn. unfold N in Hn. destruct (HB n l ltac:(lia) Bl) as (D & D0 & S0 & Hq & HD & _ & Z). destruct (HP n ltac:(lia)) as [V0 U0]. destruct (Hg n ltac:(lia)) as [G0 G1].
    pose proof (lower_total _ _ _ _ _ _ (2 * D) S0 V0 (HS (loc n) (Hn2 n ltac:(lia)) l Bl) G0 G1 U0 Hq ltac:(lra)) as Y.
    assert (E : rsum (fun t => ca t n * (/ 2 * (V (loc (tr t n)) * (1 + u (loc (tr t n)))))) l = / 2 * rsum (fun t => ca t n * (V (loc (tr t n)) * (1 + u (loc (tr t n))))) l).
    { rewrite <- rsum_scal. apply rsum_ext. intros t _. ring. } rewrite E. lra.
  - intros n Hn. apply HTp. unfold n1 in Hn; lia.
  - intros n Hn. apply Hg. unfold N in Hn; lia.
  - exists (q / 2), n1. split; [lra|]. intros n Hn. apply Rle_trans with (2 := B n Hn). destruct (HP n Hn) as [V0 U0].
    replace (q / 2 * V (loc n)) with (q * (/ 2 * (V (loc n) * 1))) by field. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; lra.
Qed.
End Perturbed.
End Scale.
