(* Stirling's bounds  2 sqrt n (n/e)^n <= n! <= 3 sqrt n (n/e)^n  for n >= 1: the quotient n!/(sqrt n (n/e)^n) decreases, by
   (n + 1/2)(ln (n+1) - ln n) >= 1, from e at n = 1, and stays above e^(3/4), by the trapezoidal bound
   (n + 1/2)(ln (n+1) - ln n) <= 1 + 1/(4 n (n+1)).  Also the elementary  e (n/e)^n <= n! <= e n (n/e)^n.
   Source: Robbins, A remark on Stirling's formula (1955), with weaker constants. *)
From Coq Require Import Reals Lra Lia Arith.
From Aalp Require Import Analysis.
Open Scope R_scope.

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
