(* Named facts.
   - Stirling's bounds  2 sqrt n (n/e)^n <= n! <= 3 sqrt n (n/e)^n  for n >= 1: the quotient n!/(sqrt n (n/e)^n) decreases, by
     (n + 1/2)(ln (n+1) - ln n) >= 1, from e at n = 1, and stays above e^(3/4), by the trapezoidal bound
     (n + 1/2)(ln (n+1) - ln n) <= 1 + 1/(4 n (n+1)).  Also the elementary  e (n/e)^n <= n! <= e n (n/e)^n.
     Source: Robbins, A remark on Stirling's formula (1955), with weaker constants.
   - The expected maximum of k independent geometric variables with success probability p = 1 - q, 0 < q < 1:
     E = sum_{t >= 0} P(max > t) = sum_{t >= 0} (1 - (1 - q^t)^k), and with L = -ln q
       ln (k+1) / L <= H_k / L <= E <= 1 + H_k / L <= 1 + (1 + ln k)/L.
     Source: Eisenberg, On the expectation of the maximum of IID geometric random variables (2008); here by the integral test
     with the antiderivative (1/L) sum_{j <= k} (1 - e^(-L s))^j / j. *)
From Coq Require Import Reals ZArith Lra Lia Arith.
From Aalp Require Import Analysis SumsZ Sums.
Open Scope R_scope.

(* ---- Stirling ---- *)

(* 2 (x-1)/(x+1) <= ln x <= (x - 1/x)/2 for x >= 1 *)
Lemma ln_pade : forall x, 1 <= x -> 2 - 4 / (x + 1) <= ln x.
Proof.
  intros x Hx. set (f := fun x => ln x - (2 - 4 / (x + 1))).
  enough (H : f 1 <= f x) by (unfold f in H; rewrite ln_1 in H; lra).
  apply increasing_of_derivative with (f' := fun x => / x - (0 - (0 * (x + 1) - (1 + 0) * 4) / Rsqr (x + 1))); [assumption | |].
  - intros y Hy. unfold f. apply (derivable_pt_lim_minus ln (fun x => 2 - 4 / (x + 1))); [apply derivable_pt_lim_ln; lra|].
    apply (derivable_pt_lim_minus (fct_cte 2) (fun x => 4 / (x + 1))); [apply derivable_pt_lim_const|].
    apply (derivable_pt_lim_div (fct_cte 4) (id + fct_cte 1)%F).
    + apply derivable_pt_lim_const.
    + apply derivable_pt_lim_plus; [apply derivable_pt_lim_id | apply derivable_pt_lim_const].
    + unfold plus_fct, id, fct_cte. lra.
  - intros y Hy. unfold Rsqr. replace (/ y - (0 - (0 * (y + 1) - (1 + 0) * 4) / ((y + 1) * (y + 1)))) with
      ((y - 1) * (y - 1) / (y * ((y + 1) * (y + 1)))) by (field; lra).
    apply div_nonneg; [nra|]. repeat apply Rmult_lt_0_compat; lra.
Qed.
Lemma ln_trapezoid : forall x, 1 <= x -> ln x <= (x - 1 / x) / 2.
Proof.
  intros x Hx. set (f := fun x => (x - 1 / x) * / 2 - ln x).
  enough (H : f 1 <= f x) by (unfold f in H; rewrite ln_1 in H; lra).
  apply increasing_of_derivative with (f' := fun x => (1 - (0 * x - 1 * 1) / Rsqr x) * / 2 + (x - 1 / x) * 0 - / x); [assumption | |].
  - intros y Hy. unfold f. apply (derivable_pt_lim_minus (fun x => (x - 1 / x) * / 2) ln); [|apply derivable_pt_lim_ln; lra].
    apply (derivable_pt_lim_mult (fun x => x - 1 / x) (fct_cte (/ 2))); [|apply derivable_pt_lim_const].
    apply (derivable_pt_lim_minus id (fun x => 1 / x)); [apply derivable_pt_lim_id|].
    apply (derivable_pt_lim_div (fct_cte 1) id); [apply derivable_pt_lim_const | apply derivable_pt_lim_id | unfold id; lra].
  - intros y Hy. unfold Rsqr. replace ((1 - (0 * y - 1 * 1) / (y * y)) * / 2 + (y - 1 / y) * 0 - / y) with
      ((y - 1) * (y - 1) / (2 * (y * y))) by (field; lra).
    apply div_nonneg; [nra|]. repeat apply Rmult_lt_0_compat; lra.
Qed.

(* ln of n!/(sqrt n (n/e)^n) *)
Definition defect (n : nat) : R := ln (INR (fact n)) - (INR n + 1 / 2) * ln (INR n) + INR n.

Lemma defect_step : forall n, (1 <= n)%nat ->
  0 <= defect n - defect (S n) <= 1 / 4 * (1 / INR n - 1 / INR (S n)).
Proof.
  intros n Hn. assert (N : 1 <= INR n) by (apply (le_INR 1); assumption).
  assert (E : defect n - defect (S n) = (INR n + 1 / 2) * (ln ((INR n + 1) / INR n)) - 1).
  { unfold defect. rewrite fact_simpl, mult_INR, S_INR. unfold Rdiv at 4.
    rewrite !ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; try lra; apply lt_0_INR, lt_O_fact). lra. }
  rewrite E, S_INR. set (x := INR n) in *.
  assert (X : 1 <= (x + 1) / x) by (apply le_div; lra). split.
  - pose proof (ln_pade _ X) as P. replace (2 - 4 / ((x + 1) / x + 1)) with (/ (x + 1 / 2)) in P by (field; lra).
    apply Rmult_le_compat_l with (r := x + 1 / 2) in P; [|lra]. rewrite Rinv_r in P by lra. lra.
  - pose proof (ln_trapezoid _ X) as P. apply Rmult_le_compat_l with (r := x + 1 / 2) in P; [|lra].
    replace ((x + 1 / 2) * (((x + 1) / x - 1 / ((x + 1) / x)) / 2)) with (1 + 1 / 4 * (1 / x - 1 / (x + 1))) in P by (field; lra). lra.
Qed.
Lemma defect_bounds : forall n, (1 <= n)%nat -> 3 / 4 + 1 / 4 * (1 / INR n) <= defect n <= 1.
Proof.
  intros n Hn. induction Hn as [|n Hn IH].
  - unfold defect. simpl. rewrite ln_1. lra.
  - pose proof (defect_step n Hn). lra.
Qed.
Lemma fact_defect : forall n, (1 <= n)%nat -> INR (fact n) = exp (defect n) * (sqrt (INR n) * (INR n / exp 1) ^ n).
Proof.
  intros n Hn. assert (N : 1 <= INR n) by (apply (le_INR 1); assumption).
  rewrite <- (exp_ln (INR (fact n))) at 1 by (apply lt_0_INR, lt_O_fact).
  rewrite <- Rpower_sqrt by lra. rewrite <- Rpower_pow by (apply div_pos; [lra | apply exp_pos]).
  unfold Rpower, Rdiv. rewrite ln_mult, ln_Rinv, ln_exp by (try apply Rinv_0_lt_compat; try lra; apply exp_pos).
  rewrite <- !exp_plus. f_equal. unfold defect. lra.
Qed.
Lemma exp_three_quarters : 2 <= exp (3 / 4).
Proof.
  replace (3 / 4) with (1/8 + 1/8 + 1/8 + 1/8 + 1/8 + 1/8) by lra. rewrite !exp_plus. pose proof (exp_tangent (1/8)) as H.
  assert (H2 : (9/8) * (9/8) <= exp (1/8) * exp (1/8)) by nra. assert (H4 : 3/2 <= exp (1/8) * exp (1/8) * exp (1/8) * exp (1/8)) by nra. nra.
Qed.

Theorem stirling : forall n, (1 <= n)%nat ->
  2 * (sqrt (INR n) * (INR n / exp 1) ^ n) <= INR (fact n) <= 3 * (sqrt (INR n) * (INR n / exp 1) ^ n).
Proof.
  intros n Hn. rewrite (fact_defect n Hn). pose proof (defect_bounds n Hn) as [A B].
  assert (N : 1 <= INR n) by (apply (le_INR 1); assumption).
  assert (P : 0 <= sqrt (INR n) * (INR n / exp 1) ^ n).
  { apply Rmult_le_pos; [apply sqrt_pos | apply pow_le, div_nonneg; [lra | apply exp_pos]]. }
  assert (0 <= 1 / INR n) by (apply div_nonneg; lra).
  split; apply Rmult_le_compat_r; try assumption.
  - apply Rle_trans with (1 := exp_three_quarters). apply exp_le. lra.
  - apply Rle_trans with (exp 1); [apply exp_le; lra | apply exp_le_3].
Qed.

Theorem stirling_elementary : forall n, (1 <= n)%nat ->
  exp 1 * (INR n / exp 1) ^ n <= INR (fact n) <= exp 1 * (INR n * (INR n / exp 1) ^ n).
Proof.
  intros n Hn. assert (N : 1 <= INR n) by (apply (le_INR 1); assumption).
  assert (Q : 0 < (INR n / exp 1) ^ n) by (apply pow_lt, div_pos; [lra | apply exp_pos]). split.
  - rewrite <- (exp_ln (INR (fact n))) by (apply lt_0_INR, lt_O_fact).
    rewrite <- (Rpower_pow n (INR n / exp 1)) by (apply div_pos; [lra | apply exp_pos]).
    unfold Rpower, Rdiv. rewrite <- exp_plus. apply exp_le.
    rewrite ln_mult, ln_Rinv, ln_exp by (try apply Rinv_0_lt_compat; try lra; apply exp_pos). clear N Q.
    induction Hn as [|n Hn IH]; [simpl; rewrite ln_1; lra|].
    assert (N : 1 <= INR n) by (apply (le_INR 1); assumption). rewrite fact_simpl, mult_INR, S_INR.
    rewrite ln_mult by (try lra; apply lt_0_INR, lt_O_fact).
    pose proof (ln_le_minus_one ((INR n + 1) / INR n) ltac:(apply div_pos; lra)) as L.
    unfold Rdiv at 1 in L. rewrite ln_mult, ln_Rinv in L by (try lra; apply Rinv_0_lt_compat; lra).
    replace ((INR n + 1) / INR n - 1) with (/ INR n) in L by (field; lra).
    apply Rmult_le_compat_l with (r := INR n) in L; [|lra]. rewrite Rinv_r in L by lra. lra.
  - rewrite (fact_defect n Hn). pose proof (defect_bounds n Hn) as [_ B]. rewrite <- !Rmult_assoc. apply Rmult_le_compat_r; [lra|].
    apply Rmult_le_compat; [left; apply exp_pos | apply sqrt_pos | apply exp_le; assumption |].
    rewrite <- (sqrt_square (INR n)) at 2 by lra. apply sqrt_le_1; nra.
Qed.

(* ---- The maximum of geometric variables ---- *)

Section MaxGeometric.
Variable L : R.
Hypothesis HL : 0 < L.
Let y (s : R) : R := exp (- L * s).
(* P(max > s) *)
Let f (k : nat) (s : R) : R := 1 - (1 - y s) ^ k.
Fixpoint F (k : nat) (s : R) : R := match k with O => 0 | S k' => F k' s + (1 - y s) ^ k / (INR k * L) end.
Fixpoint H (k : nat) : R := match k with O => 0 | S k' => H k' + 1 / INR k end.

Lemma y_range : forall s, 0 <= s -> 0 < y s <= 1.
Proof.
  intros s Hs. unfold y. split; [apply exp_pos|]. rewrite <- exp_0. apply exp_le. assert (0 <= L * s) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma y_anti : forall s t, s <= t -> y t <= y s.
Proof. intros s t H0. unfold y. apply exp_le. assert (L * s <= L * t) by (apply Rmult_le_compat_l; lra). lra. Qed.
Lemma f_anti : forall k s t, 0 <= s -> s <= t -> f k t <= f k s.
Proof.
  intros k s t Hs Ht. unfold f. pose proof (y_anti s t Ht). pose proof (y_range s Hs). pose proof (y_range t ltac:(lra)).
  assert ((1 - y s) ^ k <= (1 - y t) ^ k) by (apply pow_incr; lra). lra.
Qed.
Lemma f_range : forall k s, 0 <= s -> 0 <= f k s <= 1.
Proof.
  intros k s Hs. pose proof (y_range s Hs). unfold f. assert (0 <= (1 - y s) ^ k) by (apply pow_le; lra).
  assert ((1 - y s) ^ k <= 1 ^ k) by (apply pow_incr; lra). rewrite pow1 in *. lra.
Qed.
Lemma F_derivative : forall k s, derivable_pt_lim (F k) s (f k s).
Proof.
  intros k s. induction k as [|k IH].
  - unfold f. simpl. replace (1 - 1) with 0 by ring. apply (derivable_pt_lim_const 0).
  - replace (f (S k) s) with (f k s + INR (S k) * (1 - y s) ^ pred (S k) * (0 - exp (- L * s) * (0 * s + - L * 1)) * / (INR (S k) * L)).
    + apply (derivable_pt_lim_plus (F k) (fun s => (1 - y s) ^ S k * / (INR (S k) * L))); [exact IH|].
      replace (INR (S k) * (1 - y s) ^ pred (S k) * (0 - exp (- L * s) * (0 * s + - L * 1)) * / (INR (S k) * L)) with
        (INR (S k) * (1 - y s) ^ pred (S k) * (0 - exp (- L * s) * (0 * s + - L * 1)) * fct_cte (/ (INR (S k) * L)) s + (1 - y s) ^ S k * 0) by (unfold fct_cte; ring).
      apply (derivable_pt_lim_mult (fun s => (1 - y s) ^ S k) (fct_cte (/ (INR (S k) * L)))); [|apply derivable_pt_lim_const].
      apply (derivable_pt_lim_comp (fun s => 1 - y s) (fun z => z ^ S k)); [|apply derivable_pt_lim_pow].
      apply (derivable_pt_lim_minus (fct_cte 1) y); [apply derivable_pt_lim_const|].
      apply (derivable_pt_lim_comp (fun s => - L * s) exp); [|apply derivable_pt_lim_exp].
      apply (derivable_pt_lim_mult (fct_cte (- L)) id); [apply derivable_pt_lim_const | apply derivable_pt_lim_id].
    + unfold f. fold (y s). simpl pred. rewrite <- tech_pow_Rmult. field. split; [lra | apply not_0_INR; lia].
Qed.
Lemma F_bounds : forall k s, 0 <= s -> H k / L - INR k * y s / L <= F k s <= H k / L.
Proof.
  intros k s Hs. pose proof (y_range s Hs) as Y. induction k as [|k IH].
  - simpl. unfold Rdiv. lra.
  - assert (K : 0 < INR (S k)) by (apply lt_0_INR; lia). cbn [F H].
    assert (A : 0 <= (1 - y s) ^ S k) by (apply pow_le; lra).
    assert (B : (1 - y s) ^ S k <= 1 ^ S k) by (apply pow_incr; lra). rewrite pow1 in B.
    assert (C : 1 - INR (S k) * y s <= (1 - y s) ^ S k).
    { clear - Y. generalize (S k) as m. induction m as [|m IHm]; [simpl; lra|]. rewrite S_INR. simpl. pose proof (pos_INR m). nra. }
    replace ((H k + 1 / INR (S k)) / L) with (H k / L + 1 / (INR (S k) * L)) by (field; split; lra).
    assert (I : 0 < / (INR (S k) * L)) by (apply Rinv_0_lt_compat, Rmult_lt_0_compat; lra).
    assert (U : (1 - y s) ^ S k / (INR (S k) * L) <= 1 / (INR (S k) * L)) by (apply Rmult_le_compat_r; lra).
    assert (V : (1 - INR (S k) * y s) / (INR (S k) * L) <= (1 - y s) ^ S k / (INR (S k) * L)) by (apply Rmult_le_compat_r; lra).
    replace ((1 - INR (S k) * y s) / (INR (S k) * L)) with (1 / (INR (S k) * L) - y s / L) in V by (field; split; lra).
    rewrite S_INR in *. replace ((INR k + 1) * y s / L) with (INR k * y s / L + y s / L) by (field; lra). lra.
Qed.
Lemma y_0 : y 0 = 1. Proof. unfold y. rewrite Rmult_0_r. apply exp_0. Qed.
Lemma F_0 : forall k, F k 0 = 0.
Proof. induction k as [|k IH]; [reflexivity|]. cbn [F]. rewrite IH, y_0. replace (1 - 1) with 0 by ring. rewrite pow_i by lia. unfold Rdiv. ring. Qed.

(* partial sums of the expectation *)
Definition partial (k N : nat) : R := sum (fun t => f k (IZR t)) 0 (Z.of_nat N).
Lemma partial_bounds : forall k N, H k / L - INR k * y (INR N) / L <= partial k N <= 1 + H k / L.
Proof.
  intros k N. unfold partial.
  destruct (integral_decreasing (f k) (F k) 0 (Z.of_nat N) ltac:(lia) (fun x _ => F_derivative k x)
    (fun s t Hs Ht _ => f_anti k s t Hs Ht)) as [A B]. rewrite <- INR_IZR_INZ, F_0 in *.
  pose proof (F_bounds k (INR N) (pos_INR N)). pose proof (f_range k (INR N) (pos_INR N)). pose proof (f_range k 0 ltac:(lra)).
  change (IZR 0) with 0 in *. lra.
Qed.
Lemma H_bounds : forall k, (1 <= k)%nat -> ln (INR k + 1) <= H k <= 1 + ln (INR k).
Proof.
  intros k Hk. assert (E : H k = sum (fun i => 1 / IZR i) 1 (Z.of_nat k)).
  { clear Hk. induction k as [|k IH]; [reflexivity|]. rewrite Nat2Z.inj_succ, <- Z.add_1_r, sum_last by lia. cbn [H]. rewrite IH.
    f_equal. rewrite INR_IZR_INZ, Nat2Z.inj_succ, <- Z.add_1_r. reflexivity. }
  rewrite E, INR_IZR_INZ. split; [apply harmonic_lower | apply harmonic_upper]; lia.
Qed.

Theorem max_geometric : forall k E, (1 <= k)%nat -> Un_cv (partial k) E ->
  ln (INR k + 1) / L <= E <= 1 + (1 + ln (INR k)) / L.
Proof.
  intros k E Hk C. pose proof (H_bounds k Hk) as [A B].
  assert (A' : ln (INR k + 1) / L <= H k / L) by (apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat|]; lra).
  assert (B' : H k / L <= (1 + ln (INR k)) / L) by (apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat|]; lra).
  split.
  - apply Rle_trans with (1 := A'). destruct (Rle_lt_dec (H k / L) E) as [Q|Q]; [exact Q|]. exfalso.
    set (e := (H k / L - E) / 2). assert (He : 0 < e) by (unfold e; lra).
    destruct (C e He) as (N1 & C1). destruct (nat_above (INR k / L / e / L)) as (N2 & H2). set (N := Nat.max N1 N2).
    specialize (C1 N ltac:(unfold N; lia)). unfold R_dist in C1. apply Rabs_def2 in C1. pose proof (partial_bounds k N) as [P _].
    (* y N <= 1/(1 + L N), so k y N / L < e *)
    apply (le_INR_trans _ N) in H2; [|unfold N; lia]. assert (K : 1 <= INR k) by (apply (le_INR 1); assumption).
    assert (Y : y (INR N) * (1 + L * INR N) <= 1).
    { unfold y. rewrite Ropp_mult_distr_l_reverse, exp_Ropp. pose proof (exp_tangent (L * INR N)). pose proof (exp_pos (L * INR N)).
      apply Rmult_le_reg_l with (exp (L * INR N)); [assumption|]. rewrite <- Rmult_assoc, Rinv_r by lra. lra. }
    assert (Z1 : INR k / L / e <= L * INR N).
    { replace (INR k / L / e) with (L * (INR k / L / e / L)) by (field; split; lra). apply Rmult_le_compat_l; lra. }
    assert (P0 : 0 < INR k / L / e) by (repeat apply div_pos; lra).
    pose proof (y_range (INR N) (pos_INR N)).
    assert (Z2 : y (INR N) * (INR k / L / e) <= 1). { apply Rle_trans with (2 := Y). apply Rmult_le_compat_l; lra. }
    assert (Z3 : INR k * y (INR N) / L <= e).
    { replace (INR k * y (INR N) / L) with (e * (y (INR N) * (INR k / L / e))) by (field; split; lra).
      apply Rle_trans with (e * 1); [apply Rmult_le_compat_l; lra | lra]. }
    unfold e in *. lra.
  - apply Rle_trans with (1 + H k / L); [|lra]. destruct (Rle_lt_dec E (1 + H k / L)) as [Q|Q]; [exact Q|]. exfalso.
    destruct (C (E - (1 + H k / L)) ltac:(lra)) as (N & C1). specialize (C1 N (le_n N)). unfold R_dist in C1. apply Rabs_def2 in C1.
    pose proof (partial_bounds k N). lra.
Qed.
End MaxGeometric.
