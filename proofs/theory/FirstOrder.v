(* Classes of recurrences with lags, on the scale  exp(rho n^2) n!^f exp(s sqrt n) * exp(r n) n^d (log n)^k (log log n)^l.
   T(n) = a(n) T(n-j) + g(n) with a(n) = C rho^n n^k (1 + b/sqrt n + c/n + O(n^(-3/2))): the products of a, to within constant factors, by the
   expansions of log(1 + x), n! and square roots; sums of g over them by `Lags`.
   Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2.2 (summation factors). *)
From Coq Require Import Reals Lra Lia List Arith ZArith Wf_nat Factorial.
From Aalp Require Import Analysis Recurrence LinearRecurrence Growth Lags.
Import ListNotations.
Open Scope R_scope.

Lemma above_scaled_class : forall T P X K, 0 < K -> bounded_above T (fun n => P n * (K * X n)) -> bounded_above T (fun n => P n * X n).
Proof.
  intros T P X K HK (c & N & Hc & B). exists (c * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  replace (c * K * (P n * X n)) with (c * (P n * (K * X n))) by ring. apply B, Hn.
Qed.
Lemma below_scaled_class : forall T P X K, 0 < K -> bounded_below T (fun n => P n * (K * X n)) -> bounded_below T (fun n => P n * X n).
Proof.
  intros T P X K HK (c & N & Hc & B). exists (c * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  replace (c * K * (P n * X n)) with (c * (P n * (K * X n))) by ring. apply B, Hn.
Qed.
Lemma above_weaken : forall T h h' C, 0 < C -> late (fun n => h n <= C * h' n) -> bounded_above T h -> bounded_above T h'.
Proof.
  intros T h h' C HC (M & H) (c & N & Hc & B). exists (c * C), (Nat.max M N). split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  apply Rle_trans with (1 := B n ltac:(lia)). rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra | apply H; lia].
Qed.
Lemma below_weaken : forall T h h' C, 0 < C -> late (fun n => h' n <= C * h n) -> bounded_below T h -> bounded_below T h'.
Proof.
  intros T h h' C HC (M & H) (c & N & Hc & B). exists (c / C), (Nat.max M N). split; [apply div_pos; assumption|]. intros n Hn.
  apply Rle_trans with (2 := B n ltac:(lia)). replace (c * h n) with (c / C * (C * h n)) by (field; lra).
  apply Rmult_le_compat_l; [left; apply div_pos; assumption | apply H; lia].
Qed.

Section Classes.
Variables (D : nat) (l : vlags) (T g : nat -> R).
Hypothesis OK : vlags_ok D l.
Hypothesis g_late : late (fun n => 0 <= g n).
Hypothesis equation : late (fun n => T n = vsum l T n + g n).
Hypothesis positive : late (fun n => 0 < T n).
Variable P : nat -> R.
Hypothesis P_pos : late (fun n => 0 < P n).
Let T_le : late (fun n => T n <= vsum l T n + g n). Proof. generalize equation. apply late_imp. intros n H. lra. Qed.
Let T_ge : late (fun n => vsum l T n + g n <= T n). Proof. generalize equation. apply late_imp. intros n H. lra. Qed.

Theorem class_sum_upper : forall d k j lam d' k' j' C, late (fun n => vsum l P n <= P n) -> rises d k j lam d' k' j' -> 0 < lam -> 0 < C ->
  late (fun n => g n <= P n * (C * Sc 0 d' k' j' n)) -> bounded_above T (fun n => P n * Sc 0 d k j n).
Proof.
  intros d k j lam d' k' j' C HP R Hl HC Hg. assert (K : 0 < 4 * C / lam) by (apply div_pos; lra).
  apply above_scaled_class with (1 := K). apply (sum_upper D l T g OK g_late P _ (fun n => C * Sc 0 d' k' j' n)); try assumption.
  - exists 0%nat. intros n _. apply Rmult_lt_0_compat; [exact K | apply Sc_pos].
  - generalize (increments d k j lam d' k' j' D R). apply late_imp. intros n H i Hi. destruct (H i Hi) as [A _]. cbv beta.
    replace (C * Sc 0 d' k' j' n) with (4 * C / (lam * lam) * (lam * lam / 4 * Sc 0 d' k' j' n)) by (field; lra).
    replace (4 * C / lam * Sc 0 d k j n - 4 * C / lam * Sc 0 d k j (n - i)) with (4 * C / (lam * lam) * (lam * (Sc 0 d k j n - Sc 0 d k j (n - i)))) by (field; lra).
    apply Rmult_le_compat_l; [|exact A]. apply div_nonneg; [lra | apply Rmult_lt_0_compat; assumption].
Qed.
Theorem class_sum_lower : forall d k j lam d' k' j' C, late (fun n => P n <= vsum l P n) -> rises d k j lam d' k' j' -> 0 < lam -> 0 < C ->
  late (fun n => P n * (C * Sc 0 d' k' j' n) <= g n) -> bounded_below T (fun n => P n * Sc 0 d k j n).
Proof.
  intros d k j lam d' k' j' C HP R Hl HC Hg. assert (HD : 0 < INR D) by (apply lt_0_INR; destruct OK; lia).
  assert (HDl : 0 < INR D * lam) by (apply Rmult_lt_0_compat; assumption).
  assert (K : 0 < C / (3 * (INR D * lam))) by (apply div_pos; lra).
  apply below_scaled_class with (1 := K). apply (sum_lower D l T g OK g_late P _ (fun n => C * Sc 0 d' k' j' n)); try assumption.
  - exists 0%nat. intros n _. apply Rmult_lt_0_compat; [exact K | apply Sc_pos].
  - generalize (increments d k j lam d' k' j' D R). apply late_imp. intros n H i Hi. destruct (H i Hi) as [_ A]. cbv beta.
    replace (C / (3 * (INR D * lam)) * Sc 0 d k j n - C / (3 * (INR D * lam)) * Sc 0 d k j (n - i))
      with (C / (3 * (INR D * lam) * lam) * (lam * (Sc 0 d k j n - Sc 0 d k j (n - i)))) by (field; lra).
    replace (C * Sc 0 d' k' j' n) with (C / (3 * (INR D * lam) * lam) * (3 * INR D * (lam * lam) * Sc 0 d' k' j' n)) by (field; lra).
    apply Rmult_le_compat_l; [|exact A]. apply div_nonneg; [lra | apply Rmult_lt_0_compat; lra].
Qed.
Theorem class_bounded_upper : forall d k j lam d' k' j' C, late (fun n => vsum l P n <= P n) -> rises d k j lam d' k' j' -> lexpos 0 (- d) (- k) (- j) -> 0 < C ->
  late (fun n => g n <= P n * (C * Sc 0 d' k' j' n)) -> bounded_above T P.
Proof.
  intros d k j lam d' k' j' C HP R V HC Hg. pose proof (proj1 R) as Hl. assert (L2 : 0 < lam * lam) by (destruct (Rtotal_order lam 0) as [Z|[Z|Z]]; [nra | lra | nra]).
  assert (V' : Un_cv (Sc 0 d k j) 0) by (apply Sc_vanishes; rewrite Ropp_0; exact V).
  destruct (V' (/ (Rabs (4 * C / lam) + 1))) as (M & HM). { apply Rlt_gt, Rinv_0_lt_compat. pose proof (Rabs_pos (4 * C / lam)). lra. }
  assert (F : late (fun n => 1 <= 2 + 4 * C / lam * Sc 0 d k j n <= 3)).
  { exists M. intros n Hn. specialize (HM n Hn). unfold R_dist in HM. rewrite Rminus_0_r in HM. pose proof (Rabs_pos (4 * C / lam)) as Q.
    assert (E : Rabs (4 * C / lam * Sc 0 d k j n) <= 1).
    { rewrite Rabs_mult. apply Rle_trans with (Rabs (4 * C / lam) * / (Rabs (4 * C / lam) + 1)); [apply Rmult_le_compat_l; lra|].
      apply Rmult_le_reg_r with (Rabs (4 * C / lam) + 1); [lra|]. rewrite Rmult_assoc, Rinv_l by lra. lra. }
    apply Rabs_bounds in E. lra. }
  apply above_weaken with (fun n => P n * (2 + 4 * C / lam * Sc 0 d k j n)) 3; [lra | |].
  - generalize (late_and _ _ F P_pos). apply late_imp. intros n (A & B). rewrite (Rmult_comm 3). apply Rmult_le_compat_l; lra.
  - apply (sum_upper D l T g OK g_late P _ (fun n => C * Sc 0 d' k' j' n)); try assumption.
    + generalize F. apply late_imp. intros n A. lra.
    + generalize (increments d k j lam d' k' j' D R). apply late_imp. intros n H i Hi. destruct (H i Hi) as [A _]. cbv beta.
      replace (C * Sc 0 d' k' j' n) with (4 * C / (lam * lam) * (lam * lam / 4 * Sc 0 d' k' j' n)) by (field; lra).
      replace (2 + 4 * C / lam * Sc 0 d k j n - (2 + 4 * C / lam * Sc 0 d k j (n - i))) with (4 * C / (lam * lam) * (lam * (Sc 0 d k j n - Sc 0 d k j (n - i)))) by (field; lra).
      apply Rmult_le_compat_l; [|exact A]. apply div_nonneg; lra.
Qed.
Theorem class_bounded_lower : late (fun n => P n <= vsum l P n) -> bounded_below T P.
Proof.
  intros HP. apply below_weaken with (fun n => P n * 1) 1; [lra | exists 0%nat; intros; lra|].
  apply (sum_lower D l T g OK g_late P (fun _ => 1) (fun _ => 0)); try assumption.
  - generalize g_late. apply late_imp. intros n H. lra.
  - exists 0%nat. intros. lra.
  - exists 0%nat. intros. lra.
Qed.
Theorem class_driven : forall X A q C1 C2, late (fun n => 0 < X n) -> 0 <= A -> 0 <= q -> A * q < 1 -> 0 < C1 -> 0 < C2 -> late (fun n => vsum l P n <= A * P n) ->
  late (fun n => forall j, (1 <= j <= D)%nat -> X (n - j)%nat <= q * X n) -> late (fun n => C1 * (P n * X n) <= g n <= C2 * (P n * X n)) ->
  bounded_above T (fun n => P n * X n) /\ bounded_below T (fun n => P n * X n).
Proof.
  intros X A q C1 C2 HX HA Hq HAq H1 H2 HP HR Hg. split.
  - apply (driven_upper D l T g OK g_late P X A q C2); try assumption. generalize Hg. apply late_imp. tauto.
  - apply (driven_lower D l T g OK _ C1); try assumption. generalize Hg. apply late_imp. tauto.
Qed.
End Classes.

(* ---- expansions to within O(n^(-3/2)) ---- *)
Definition small (f : nat -> R) : Prop := exists K, 0 <= K /\ late (fun n => Rabs (f n) <= K / (INR n * sqrt (INR n))).
Definition root_n (n : nat) : R := sqrt (INR n).
Lemma late_ge : forall m, late (fun n => (m <= n)%nat). Proof. intros m. exists m. auto. Qed.
Lemma late_one : late (fun n => 1 <= sqrt (INR n) /\ INR n = sqrt (INR n) * sqrt (INR n) /\ 1 <= INR n).
Proof.
  exists 1%nat. intros n Hn. apply (le_INR 1) in Hn. simpl (INR 1) in Hn. split; [|split; [symmetry; apply sqrt_sqrt; lra | exact Hn]].
  rewrite <- sqrt_1. apply sqrt_le_1; lra.
Qed.
Lemma small_late : forall f f', late (fun n => f n = f' n) -> small f -> small f'.
Proof.
  intros f f' E (K & HK & H). exists K. split; [assumption|]. generalize (late_and _ _ E H). apply late_imp. intros n [-> A]. exact A.
Qed.
Lemma small_add : forall f f', small f -> small f' -> small (fun n => f n + f' n).
Proof.
  intros f f' (K & HK & H) (K' & HK' & H'). exists (K + K'). split; [lra|]. generalize (late_and _ _ H H'). apply late_imp. intros n [A B].
  apply Rle_trans with (1 := Rabs_triang _ _). unfold Rdiv in *. lra.
Qed.
Lemma small_scale : forall c f, small f -> small (fun n => c * f n).
Proof.
  intros c f (K & HK & H). exists (Rabs c * K). split; [apply Rmult_le_pos; [apply Rabs_pos | assumption]|]. revert H. apply late_imp. intros n A.
  rewrite Rabs_mult. unfold Rdiv in *. rewrite Rmult_assoc. apply Rmult_le_compat_l; [apply Rabs_pos | exact A].
Qed.
Lemma small_zero : small (fun _ => 0).
Proof. exists 0. split; [lra|]. exists 0%nat. intros n _. rewrite Rabs_R0. unfold Rdiv. lra. Qed.
Lemma small_inverse : forall K, 0 <= K -> small (fun n => K / (INR n * INR n)).
Proof.
  intros K HK. exists K. split; [assumption|]. generalize late_one. apply late_imp. intros n (A & B & C).
  rewrite Rabs_right by (apply Rle_ge, div_nonneg; nra). apply Rmult_le_compat_l; [assumption|]. apply Rinv_le_contravar; [nra|].
  apply Rmult_le_compat_l; nra.
Qed.
Lemma small_of : forall f K, 0 <= K -> late (fun n => Rabs (f n) <= K / (sqrt (INR n) * (sqrt (INR n) * sqrt (INR n)))) -> small f.
Proof.
  intros f K HK H. exists K. split; [assumption|]. generalize (late_and _ _ late_one H). apply late_imp. intros n ((A & B & C) & E).
  set (s := sqrt (INR n)) in *. rewrite B. replace (s * s * s) with (s * (s * s)) by ring. exact E.
Qed.

Lemma ln_expansion : forall x, Rabs x <= 1 / 2 -> Rabs (ln (1 + x) - x + / 2 * (x * x)) <= 2 * (Rabs x * (x * x)).
Proof.
  set (f := fun y => ln (1 + y) - y + / 2 * (y * y)). set (f' := fun y => / (1 + y) * (0 + 1) - 1 + / 2 * (1 * y + y * 1)).
  assert (Df : forall y, -1 < y -> derivable_pt_lim f y (f' y)).
  { intros y Hy. unfold f, f'. pose proof (derivable_pt_lim_plus _ _ _ _ _ (derivable_pt_lim_const 1 y) (derivable_pt_lim_id y)) as D1.
    pose proof (derivable_pt_lim_comp _ ln y _ _ D1 (derivable_pt_lim_ln (1 + y) ltac:(lra))) as D2.
    exact (derivable_pt_lim_plus _ _ _ _ _ (derivable_pt_lim_minus _ _ _ _ _ D2 (derivable_pt_lim_id y))
      (derivable_pt_lim_scal _ (/ 2) y _ (derivable_pt_lim_mult _ _ _ _ _ (derivable_pt_lim_id y) (derivable_pt_lim_id y)))). }
  assert (B : forall x y, Rabs x <= 1 / 2 -> Rabs y <= Rabs x -> Rabs (f' y) <= 2 * (x * x)).
  { intros x y Hx Hy. assert (Q : -1/2 <= y) by (apply Rabs_bounds in Hy; lra). replace (f' y) with (y * y * / (1 + y)) by (unfold f'; field; lra).
    assert (I : 0 < / (1 + y) <= 2) by (split; [apply Rinv_0_lt_compat; lra | apply Rmult_le_reg_r with (1 + y); [lra | rewrite Rinv_l by lra; lra]]).
    assert (S : y * y <= x * x) by (apply Rsqr_le_abs_1 in Hy; unfold Rsqr in Hy; exact Hy). assert (0 <= y * y) by nra.
    rewrite Rabs_right by (apply Rle_ge, Rmult_le_pos; lra). rewrite Rmult_comm. apply Rmult_le_compat; lra. }
  intros x Hx. change (Rabs (f x) <= 2 * (Rabs x * (x * x))). assert (F0 : f 0 = 0) by (unfold f; rewrite Rplus_0_r, ln_1; ring).
  destruct (Rtotal_order x 0) as [L|[->|L]].
  - destruct (MVT_cor2 f f' x 0 L) as (y & E & Hy); [intros y Hy; apply Df; rewrite Rabs_left in Hx by lra; lra|].
    replace (f x) with (f' y * x) by lra. rewrite Rabs_mult. assert (Rabs y <= Rabs x) by (rewrite !Rabs_left by lra; lra). specialize (B x y Hx ltac:(assumption)). pose proof (Rabs_pos x). nra.
  - rewrite F0, Rabs_R0. lra.
  - destruct (MVT_cor2 f f' 0 x L) as (y & E & Hy); [intros y Hy; apply Df; lra|].
    replace (f x) with (f' y * x) by lra. rewrite Rabs_mult. assert (Rabs y <= Rabs x) by (rewrite !Rabs_right by lra; lra). specialize (B x y Hx ltac:(assumption)). pose proof (Rabs_pos x). nra.
Qed.
(* log(1 + b/sqrt n + c/n + ..) *)
Lemma ln_small : forall b c eps, small eps -> small (fun n => ln (1 + (b / sqrt (INR n) + c / INR n + eps n)) - (b / sqrt (INR n) + (c - b * b / 2) / INR n)) /\
  late (fun n => 1 / 2 <= 1 + (b / sqrt (INR n) + c / INR n + eps n)).
Proof.
  intros b c eps (K & HK & He). set (Y := Rabs c + K). set (X := Rabs b + Y). pose proof (Rabs_pos b). pose proof (Rabs_pos c).
  assert (HY : 0 <= Y) by (unfold Y; lra). assert (HX : 0 <= X) by (unfold X; lra).
  assert (S : late (fun n => exists s y, s = sqrt (INR n) /\ INR n = s * s /\ 1 <= s /\ 2 * X <= s /\ Rabs y <= Y / (s * s) /\ Rabs (eps n) <= K / (s * (s * s)) /\ c / INR n + eps n = y)).
  { destruct (nat_above ((2 * X + 1) * (2 * X + 1))) as (M & HM).
    generalize (late_and _ _ (late_ge M) (late_and _ _ late_one He)). apply late_imp. intros n (M1 & (A & B & C) & E). apply le_INR in M1.
    set (s := sqrt (INR n)) in *. exists s, (c / INR n + eps n). rewrite B in E. split; [reflexivity|]. split; [exact B|]. split; [exact A|]. split; [|split; [|split; [|reflexivity]]].
    - destruct (Rle_lt_dec (2 * X) s) as [Z|Z]; [exact Z|]. exfalso. nra.
    - apply Rle_trans with (1 := Rabs_triang _ _). rewrite B. unfold Y. assert (P : 0 < / (s * s)) by (apply Rinv_0_lt_compat; nra).
      unfold Rdiv at 1. rewrite Rabs_mult, (Rabs_right (/ (s * s))) by lra.
      assert (K / (s * s * s) <= K * / (s * s)). { apply Rmult_le_compat_l; [assumption|]. apply Rinv_le_contravar; nra. }
      unfold Rdiv in *. lra.
    - replace (s * (s * s)) with (s * s * s) by ring. exact E. }
  assert (Small : late (fun n => Rabs (b / sqrt (INR n) + c / INR n + eps n) <= X / sqrt (INR n) /\ X / sqrt (INR n) <= 1 / 2)).
  { revert S. apply late_imp. intros n (s & y & Es & En & H1 & H2 & H3 & _ & H4). rewrite <- Es. rewrite Rplus_assoc, H4. assert (I : 0 < / s <= 1) by (apply inv_unit, H1). split.
    - apply Rle_trans with (1 := Rabs_triang _ _). unfold Rdiv at 1. rewrite Rabs_mult, (Rabs_right (/ s)) by lra. unfold X.
      assert (Y / (s * s) <= Y * / s). { apply Rmult_le_compat_l; [assumption|]. apply Rinv_le_contravar; nra. } unfold Rdiv in *. lra.
    - apply div_le; lra. }
  split.
  2: { revert Small. apply late_imp. intros n [A B]. apply Rle_trans with (2 := Rplus_le_compat_l 1 _ _ (proj1 (Rabs_bounds _ _ A))). lra. }
  apply (small_of _ (2 * X * (X * X) + K + Rabs b * Y + Y * Y)); [nra|]. generalize (late_and _ _ S Small). apply late_imp.
  intros n ((s & y & Es & En & H1 & H2 & H3 & H5 & H4) & (A & B)). rewrite <- Es in *. rewrite Rplus_assoc, H4 in *. rewrite En in *.
  set (x := b / s + y) in *. pose proof (ln_expansion x ltac:(lra)) as L. assert (I : 0 < / s <= 1) by (apply inv_unit, H1).
  assert (P3 : 0 < / (s * (s * s))) by (apply Rinv_0_lt_compat; nra).
  assert (E : ln (1 + x) - (b / s + (c - b * b / 2) / (s * s)) = (ln (1 + x) - x + / 2 * (x * x)) + (eps n - (b / s * y + / 2 * (y * y)))).
  { replace (eps n) with (y - c / (s * s)) by lra. unfold x. field. lra. }
  rewrite E. apply Rle_trans with (1 := Rabs_triang _ _).
  assert (Y2 : Rabs y <= Y / s). { apply Rle_trans with (1 := H3). apply Rmult_le_compat_l; [assumption|]. apply Rinv_le_contravar; nra. }
  assert (T1 : Rabs x * (x * x) <= X * (X * X) * / (s * (s * s))).
  { assert (Q : x * x <= X / s * (X / s)). { apply Rsqr_le_abs_1. rewrite (Rabs_right (X / s)) by (apply Rle_ge, div_nonneg; lra). exact A. }
    replace (X * (X * X) * / (s * (s * s))) with (X / s * (X / s * (X / s))) by (field; lra). apply Rmult_le_compat; [apply Rabs_pos | nra | exact A | exact Q]. }
  assert (T2 : Rabs (b / s * y) <= Rabs b * Y * / (s * (s * s))).
  { unfold Rdiv. rewrite !Rabs_mult, (Rabs_right (/ s)) by lra. replace (Rabs b * Y * / (s * (s * s))) with (Rabs b * / s * (Y / (s * s))) by (field; lra).
    apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | exact H3]. }
  assert (T3 : Rabs (/ 2 * (y * y)) <= Y * Y * / (s * (s * s))).
  { rewrite Rabs_mult, (Rabs_right (/ 2)), Rabs_mult by lra. pose proof (Rabs_pos y). assert (Rabs y * Rabs y <= Y / (s * s) * (Y / s)) by (apply Rmult_le_compat; lra).
    replace (Y * Y * / (s * (s * s))) with (Y / (s * s) * (Y / s)) by (field; lra). assert (0 <= Y / (s * s) * (Y / s)) by (apply Rmult_le_pos; apply div_nonneg; nra). lra. }
  assert (T4 : Rabs (eps n - (b / s * y + / 2 * (y * y))) <= Rabs (eps n) + (Rabs (b / s * y) + Rabs (/ 2 * (y * y)))).
  { unfold Rminus. apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rabs_Ropp. pose proof (Rabs_triang (b / s * y) (/ 2 * (y * y))). lra. }
  unfold Rdiv in *. rewrite !Rmult_plus_distr_r. lra.
Qed.
Lemma inverse_root_step : forall n j, (1 <= j)%nat -> (j < n)%nat -> / (2 * (INR n * sqrt (INR n))) <= / sqrt (INR (n - j)) - / sqrt (INR n).
Proof.
  intros n j Hj Hn. assert (E : INR (n - j) = INR n - INR j) by (apply minus_INR; lia). apply (le_INR 1) in Hj. simpl (INR 1) in Hj.
  assert (Q : 0 < INR (n - j)) by (apply lt_0_INR; lia). set (s := sqrt (INR n)). set (t := sqrt (INR (n - j))).
  assert (Es : s * s = INR n) by (apply sqrt_sqrt; lra). assert (Et : t * t = INR (n - j)) by (apply sqrt_sqrt; lra).
  assert (Ps : 0 < s) by (apply sqrt_lt_R0; lra). assert (Pt : 0 < t) by (apply sqrt_lt_R0; assumption).
  assert (L : t <= s) by (apply sqrt_le_1; lra). rewrite <- Es.
  assert (F : / t - / s = INR j * / (s * t * (s + t))). { replace (INR j) with (s * s - t * t) by lra. field. repeat split; nra. }
  rewrite F. apply Rle_trans with (1 * / (s * t * (s + t))); [|apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; lra | lra]].
  rewrite Rmult_1_l. apply Rinv_le_contravar; [repeat apply Rmult_lt_0_compat; lra|]. nra.
Qed.

(* ---- the products of a coefficient, with step j: A(n) is a(n) A(n-j) to within factors whose product converges ---- *)
Definition near (a A : nat -> R) (j : nat) : Prop :=
  late (fun n => 0 < a n) /\ (forall n, 0 < A n) /\ small (fun n => ln (a n) - (ln (A n) - ln (A (n - j)%nat))).

Section FirstOrder.
Variables (T g a A : nat -> R) (j : nat).
Hypothesis j1 : (1 <= j)%nat.
Hypothesis a_A : near a A j.
Hypothesis g_late : late (fun n => 0 <= g n).
Hypothesis equation : late (fun n => T n = a n * T (n - j)%nat + g n).
Hypothesis positive : late (fun n => 0 < T n).
Let l : vlags := [(a, j)].
Let OK : vlags_ok j l.
Proof.
  split; [exact j1|]. intros aj [<-|[]]. cbn [fst snd]. split; [lia|]. destruct a_A as (P & _). revert P. apply late_imp. intros n H. lra.
Qed.
Let equation' : late (fun n => T n = vsum l T n + g n).
Proof. revert equation. apply late_imp. intros n H. cbn. lra. Qed.
Lemma perturbed : exists K, 0 <= K /\
  late (fun n => vsum l (fun n => A n * exp (- (2 * K * / sqrt (INR n)))) n <= A n * exp (- (2 * K * / sqrt (INR n)))) /\
  late (fun n => A n * exp (2 * K * / sqrt (INR n)) <= vsum l (fun n => A n * exp (2 * K * / sqrt (INR n))) n).
Proof.
  destruct a_A as (Pa & PA & (K & HK & H)). exists K. split; [exact HK|].
  assert (Q : late (fun n => a n * A (n - j)%nat = A n * exp (ln (a n) - (ln (A n) - ln (A (n - j)%nat))) /\
    Rabs (ln (a n) - (ln (A n) - ln (A (n - j)%nat))) <= 2 * K * / sqrt (INR (n - j)) - 2 * K * / sqrt (INR n))).
  { generalize (late_and _ _ Pa (late_and _ _ H (late_and _ _ late_one (late_ge (S j))))). apply late_imp. intros n (P & B & (R1 & R2 & R3) & N). split.
    - replace (ln (a n) - (ln (A n) - ln (A (n - j)%nat))) with (ln (a n) + (ln (A (n - j)%nat) + - ln (A n))) by ring.
      rewrite !exp_plus, exp_Ropp, !exp_ln by (try apply PA; assumption). field. apply Rgt_not_eq, PA.
    - apply Rle_trans with (1 := B). pose proof (inverse_root_step n j j1 ltac:(lia)) as S.
      assert (0 < INR n * sqrt (INR n)) by (apply Rmult_lt_0_compat; lra).
      replace (K / (INR n * sqrt (INR n))) with (2 * K * / (2 * (INR n * sqrt (INR n)))) by (field; lra).
      rewrite <- Rmult_minus_distr_l. apply Rmult_le_compat_l; lra. }
  split; revert Q; apply late_imp; intros n (E & B); apply Rabs_bounds in B; cbn [vsum fold_right fst snd l]; rewrite Rplus_0_r.
  - replace (a n * (A (n - j)%nat * exp (- (2 * K * / sqrt (INR (n - j)))))) with (a n * A (n - j)%nat * exp (- (2 * K * / sqrt (INR (n - j))))) by ring.
    rewrite E, (Rmult_assoc (A n)), <- exp_plus. apply Rmult_le_compat_l; [left; apply PA | apply exp_le; lra].
  - replace (a n * (A (n - j)%nat * exp (2 * K * / sqrt (INR (n - j))))) with (a n * A (n - j)%nat * exp (2 * K * / sqrt (INR (n - j)))) by ring.
    rewrite E, (Rmult_assoc (A n)), <- exp_plus. apply Rmult_le_compat_l; [left; apply PA | apply exp_le; lra].
Qed.
Lemma perturbed_near : forall K, 0 <= K -> late (fun n => exp (- (2 * K)) * A n <= A n * exp (- (2 * K * / sqrt (INR n))) <= A n /\ A n <= A n * exp (2 * K * / sqrt (INR n)) <= exp (2 * K) * A n).
Proof.
  intros K HK. destruct a_A as (_ & PA & _). generalize late_one. apply late_imp. intros n (R1 & _). pose proof (PA n) as P.
  pose proof (inv_unit _ R1) as I. assert (0 <= 2 * K * / sqrt (INR n) <= 2 * K) by (split; [apply Rmult_le_pos; lra | rewrite <- (Rmult_1_r (2 * K)) at 2; apply Rmult_le_compat_l; lra]).
  assert (exp (- (2 * K)) <= exp (- (2 * K * / sqrt (INR n))) <= exp 0) by (split; apply exp_le; lra).
  assert (exp 0 <= exp (2 * K * / sqrt (INR n)) <= exp (2 * K)) by (split; apply exp_le; lra). rewrite exp_0 in *. nra.
Qed.

Theorem near_sum : forall d k i lam d' k' i' C1 C2, rises d k i lam d' k' i' -> 0 < lam -> 0 < C1 -> 0 < C2 ->
  late (fun n => C1 * (A n * Sc 0 d' k' i' n) <= g n <= C2 * (A n * Sc 0 d' k' i' n)) ->
  bounded_above T (fun n => A n * Sc 0 d k i n) /\ bounded_below T (fun n => A n * Sc 0 d k i n).
Proof.
  intros d k i lam d' k' i' C1 C2 R Hl H1 H2 Hg. destruct perturbed as (K & HK & U & L). pose proof (perturbed_near K HK) as N. destruct a_A as (_ & PA & _).
  pose proof (exp_pos (2 * K)). pose proof (exp_pos (- (2 * K))). split.
  - apply above_weaken with (fun n => A n * exp (- (2 * K * / sqrt (INR n))) * Sc 0 d k i n) 1; [lra | |].
    + revert N. apply late_imp. intros n ((_ & B) & _). rewrite Rmult_1_l. apply Rmult_le_compat_r; [left; apply Sc_pos | exact B].
    + apply (class_sum_upper j l T g OK g_late equation') with (lam := lam) (d' := d') (k' := k') (j' := i') (C := C2 * exp (2 * K)); try assumption.
      * exists 0%nat. intros n _. apply Rmult_lt_0_compat; [apply PA | apply exp_pos].
      * apply Rmult_lt_0_compat; assumption.
      * generalize (late_and _ _ N Hg). apply late_imp. intros n (((B & _) & _) & (_ & G)). apply Rle_trans with (1 := G). pose proof (Sc_pos 0 d' k' i' n).
        replace (C2 * (A n * Sc 0 d' k' i' n)) with (exp (- (2 * K)) * A n * (C2 * exp (2 * K) * Sc 0 d' k' i' n)).
        -- apply Rmult_le_compat_r; [|exact B]. repeat apply Rmult_le_pos; lra.
        -- rewrite exp_Ropp. field. lra.
  - apply below_weaken with (fun n => A n * exp (2 * K * / sqrt (INR n)) * Sc 0 d k i n) 1; [lra | |].
    + revert N. apply late_imp. intros n (_ & (B & _)). rewrite Rmult_1_l. apply Rmult_le_compat_r; [left; apply Sc_pos | exact B].
    + apply (class_sum_lower j l T g OK g_late equation' positive) with (lam := lam) (d' := d') (k' := k') (j' := i') (C := C1 * exp (- (2 * K))); try assumption.
      * exists 0%nat. intros n _. apply Rmult_lt_0_compat; [apply PA | apply exp_pos].
      * apply Rmult_lt_0_compat; assumption.
      * generalize (late_and _ _ N Hg). apply late_imp. intros n ((_ & (_ & B)) & (G & _)). apply Rle_trans with (2 := G). pose proof (Sc_pos 0 d' k' i' n).
        replace (C1 * (A n * Sc 0 d' k' i' n)) with (exp (2 * K) * A n * (C1 * exp (- (2 * K)) * Sc 0 d' k' i' n)).
        -- apply Rmult_le_compat_r; [|exact B]. repeat apply Rmult_le_pos; lra.
        -- rewrite exp_Ropp. field. lra.
Qed.
Theorem near_bounded : forall d k i lam d' k' i' C, rises d k i lam d' k' i' -> lexpos 0 (- d) (- k) (- i) -> 0 < C ->
  late (fun n => g n <= C * (A n * Sc 0 d' k' i' n)) -> bounded_above T A /\ bounded_below T A.
Proof.
  intros d k i lam d' k' i' C R V HC Hg. destruct perturbed as (K & HK & U & L). pose proof (perturbed_near K HK) as N. destruct a_A as (_ & PA & _).
  pose proof (exp_pos (2 * K)). pose proof (exp_pos (- (2 * K))). split.
  - apply above_weaken with (fun n => A n * exp (- (2 * K * / sqrt (INR n)))) 1; [lra | revert N; apply late_imp; intros n; lra |].
    apply (class_bounded_upper j l T g OK g_late equation' _ ) with (d := d) (k := k) (j := i) (lam := lam) (d' := d') (k' := k') (j' := i') (C := C * exp (2 * K)); try assumption.
    + exists 0%nat. intros n _. apply Rmult_lt_0_compat; [apply PA | apply exp_pos].
    + apply Rmult_lt_0_compat; assumption.
    + generalize (late_and _ _ N Hg). apply late_imp. intros n (((B & _) & _) & G). apply Rle_trans with (1 := G). pose proof (Sc_pos 0 d' k' i' n).
      replace (C * (A n * Sc 0 d' k' i' n)) with (exp (- (2 * K)) * A n * (C * exp (2 * K) * Sc 0 d' k' i' n)).
      * apply Rmult_le_compat_r; [|exact B]. repeat apply Rmult_le_pos; lra.
      * rewrite exp_Ropp. field. lra.
  - apply below_weaken with (fun n => A n * exp (2 * K * / sqrt (INR n))) 1; [lra | revert N; apply late_imp; intros n; lra |].
    apply (class_bounded_lower j l T g OK g_late equation' positive); [|assumption].
    exists 0%nat. intros n _. apply Rmult_lt_0_compat; [apply PA | apply exp_pos].
Qed.
Theorem near_driven : forall X q C1 C2, late (fun n => 0 < X n) -> 0 <= q -> q < 1 -> 0 < C1 -> 0 < C2 ->
  late (fun n => forall i, (1 <= i <= j)%nat -> X (n - i)%nat <= q * X n) -> late (fun n => C1 * (A n * X n) <= g n <= C2 * (A n * X n)) ->
  bounded_above T (fun n => A n * X n) /\ bounded_below T (fun n => A n * X n).
Proof.
  intros X q C1 C2 HX Hq Hq1 H1 H2 HR Hg. destruct perturbed as (K & HK & U & _). pose proof (perturbed_near K HK) as N. destruct a_A as (_ & PA & _).
  pose proof (exp_pos (2 * K)). split.
  - apply above_weaken with (fun n => A n * exp (- (2 * K * / sqrt (INR n))) * X n) 1; [lra | |].
    + generalize (late_and _ _ HX N). apply late_imp. intros n (P & (_ & B) & _). rewrite Rmult_1_l. apply Rmult_le_compat_r; [lra | exact B].
    + apply (driven_upper j l T g OK g_late _ X 1 q (C2 * exp (2 * K))); try assumption; try lra.
      * revert equation'. apply late_imp. intros n E. lra.
      * exists 0%nat. intros n _. apply Rmult_lt_0_compat; [apply PA | apply exp_pos].
      * apply Rmult_lt_0_compat; assumption.
      * revert U. apply late_imp. intros n E. rewrite Rmult_1_l. exact E.
      * generalize (late_and _ _ HX (late_and _ _ N Hg)). apply late_imp. intros n (P & ((B & _) & _) & (_ & G)). apply Rle_trans with (1 := G).
        replace (C2 * (A n * X n)) with (C2 * exp (2 * K) * (exp (- (2 * K)) * A n * X n)).
        -- apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|]. apply Rmult_le_compat_r; [lra | exact B].
        -- rewrite exp_Ropp. field. lra.
  - apply (driven_lower j l T g OK _ C1); try assumption.
    + revert equation'. apply late_imp. intros n E. lra.
    + revert Hg. apply late_imp. tauto.
Qed.
End FirstOrder.

(* ---- expansions of the factors under a step ---- *)
Lemma log_lag : forall j, small (fun n => ln (INR n) - ln (INR (n - j)) - INR j / INR n).
Proof.
  intros j. destruct (ln_small 0 (- INR j) (fun _ => 0) small_zero) as (Sm & P). apply (small_late (fun n => -1 * (ln (1 + (0 / sqrt (INR n) + - INR j / INR n + 0)) - (0 / sqrt (INR n) + (- INR j - 0 * 0 / 2) / INR n)))); [|apply small_scale, Sm].
  generalize (late_and _ _ P (late_and _ _ late_one (late_ge (S j)))). apply late_imp. intros n (Q & (A & _ & B) & N). rewrite minus_INR by lia.
  replace (0 / sqrt (INR n) + - INR j / INR n + 0) with (- INR j / INR n) in * by (field; lra).
  replace (INR n - INR j) with (INR n * (1 + - INR j / INR n)) by (field; lra). rewrite ln_mult by lra. field. lra.
Qed.
Lemma root_lag : forall j, small (fun n => sqrt (INR n) - sqrt (INR (n - j)) - INR j / 2 / sqrt (INR n)).
Proof.
  intros j. pose proof (pos_INR j) as Pj. apply (small_of _ (INR j * INR j)); [nra|]. generalize (late_and _ _ late_one (late_ge (S j))). apply late_imp. intros n ((A & B & C) & N).
  assert (E : INR (n - j) = INR n - INR j) by (apply minus_INR; lia). assert (Q : 0 < INR (n - j)) by (apply lt_0_INR; lia).
  set (s := sqrt (INR n)) in *. set (t := sqrt (INR (n - j))). assert (Et : t * t = INR (n - j)) by (apply sqrt_sqrt; lra). assert (Pt : 0 < t) by (apply sqrt_lt_R0; assumption).
  assert (F : s - t - INR j / 2 / s = INR j * INR j * / (2 * s * ((s + t) * (s + t)))). { replace (INR j) with (s * s - t * t) by lra. field. lra. }
  rewrite F, Rabs_right by (apply Rle_ge, Rmult_le_pos; [nra | left; apply Rinv_0_lt_compat; nra]). apply Rmult_le_compat_l; [nra|]. apply Rinv_le_contravar; [nra|].
  assert (s * s <= (s + t) * (s + t)) by nra. nra.
Qed.
Lemma fact_lag : forall j, small (fun n => ln (INR (fact n)) - ln (INR (fact (n - j))) - INR j * ln (INR n) + INR j * (INR j - 1) / 2 / INR n).
Proof.
  induction j as [|j IH].
  - apply (small_late (fun _ => 0)); [|exact small_zero]. generalize late_one. apply late_imp. intros n (_ & _ & H). rewrite Nat.sub_0_r. simpl (INR 0). field. lra.
  - apply (small_late (fun n => (ln (INR (fact n)) - ln (INR (fact (n - j))) - INR j * ln (INR n) + INR j * (INR j - 1) / 2 / INR n)
      + -1 * (ln (INR n) - ln (INR (n - j)) - INR j / INR n))); [|apply small_add; [exact IH | apply small_scale, log_lag]].
    generalize (late_and _ _ late_one (late_ge (S j))). apply late_imp. intros n ((_ & _ & H) & N).
    assert (F : ln (INR (fact (n - j))) = ln (INR (n - j)) + ln (INR (fact (n - S j)))).
    { replace (n - j)%nat with (S (n - S j)) by lia. rewrite fact_simpl, mult_INR, ln_mult; [reflexivity | apply lt_0_INR; lia | apply lt_0_INR, lt_O_fact]. }
    rewrite F, S_INR. field. lra.
Qed.

Definition Ex (rho f s : R) (n : nat) : R := exp (rho * (INR n * INR n) + (f * ln (INR (fact n)) + s * sqrt (INR n))).
Definition XSc (rho f s r d k j : R) (n : nat) : R := Ex rho f s n * Sc r d k j n.
Lemma Ex_pos : forall rho f s n, 0 < Ex rho f s n. Proof. intros. apply exp_pos. Qed.
Lemma XSc_pos : forall rho f s r d k j n, 0 < XSc rho f s r d k j n. Proof. intros. apply Rmult_lt_0_compat; apply exp_pos. Qed.
Lemma XSc_mul : forall rho f s r d k j r' d' k' j' n, XSc rho f s r d k j n * Sc r' d' k' j' n = XSc rho f s (r + r') (d + d') (k + k') (j + j') n.
Proof. intros. unfold XSc. rewrite Rmult_assoc, Sc_mul. reflexivity. Qed.
Lemma Ex_0 : forall n, Ex 0 0 0 n = 1.
Proof. intros n. unfold Ex. rewrite !Rmult_0_l, !Rplus_0_l. apply exp_0. Qed.

(** a(n) = C rho^n n^k (1 + b/sqrt n + c/n + eps(n)) *)
Theorem product_near : forall a j lC lr k b c eps rho f s r d, (1 <= j)%nat ->
  2 * (INR j * rho) = lr -> INR j * f = k -> INR j * s = 2 * b -> INR j * r = lC + INR j * lr / 2 -> INR j * d = c - b * b / 2 + k * (INR j - 1) / 2 ->
  small eps -> late (fun n => a n = exp (lC + (lr * INR n + k * ln (INR n))) * (1 + (b / sqrt (INR n) + c / INR n + eps n))) ->
  near a (XSc rho f s r d 0 0) j.
Proof.
  intros a j lC lr k b c eps rho f s r d Hj E1 E2 E3 E4 E5 He Ha. destruct (ln_small b c eps He) as (L & P). split; [|split].
  - generalize (late_and _ _ P Ha). apply late_imp. intros n (A & ->). apply Rmult_lt_0_compat; [apply exp_pos | lra].
  - intros n. apply XSc_pos.
  - apply (small_late (fun n => (ln (1 + (b / sqrt (INR n) + c / INR n + eps n)) - (b / sqrt (INR n) + (c - b * b / 2) / INR n))
      + ((- f) * (ln (INR (fact n)) - ln (INR (fact (n - j))) - INR j * ln (INR n) + INR j * (INR j - 1) / 2 / INR n)
      + ((- s) * (sqrt (INR n) - sqrt (INR (n - j)) - INR j / 2 / sqrt (INR n)) + (- d) * (ln (INR n) - ln (INR (n - j)) - INR j / INR n))))).
    + generalize (late_and _ _ P (late_and _ _ Ha (late_and _ _ late_one (late_ge (S j))))). apply late_imp. intros n (A & -> & (R1 & R2 & R3) & N).
      unfold XSc, Ex, Sc. rewrite <- !exp_plus, !ln_exp, ln_mult, ln_exp by (try apply exp_pos; lra). unfold exponent. rewrite (minus_INR n j) by lia.
      replace (b / sqrt (INR n)) with (INR j * s / 2 / sqrt (INR n)) by (rewrite E3; field; lra).
      replace ((c - b * b / 2) / INR n) with ((INR j * d - k * (INR j - 1) / 2) / INR n) by (rewrite E5; field; lra).
      rewrite <- E2. replace lC with (INR j * r - INR j * lr / 2) by lra. rewrite <- E1. field. lra.
    + apply small_add; [exact L|]. apply small_add; [apply small_scale, fact_lag|]. apply small_add; apply small_scale; [apply root_lag | apply log_lag].
Qed.
