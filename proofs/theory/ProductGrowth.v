(* Growth of expressions with factorials and exp(sqrt n), e ~ C XSc(n), as in `Growth`; and what the theorems about recurrences of first order, with
   constant lags, and with sums over all smaller arguments say on that scale. *)
From Coq Require Import Reals Lra Lia List Arith ZArith Wf_nat Factorial.
From Aalp Require Import Analysis Recurrence LinearRecurrence Growth History Lags FirstOrder.
Import ListNotations.
Open Scope R_scope.

Definition xgrows (h : nat -> R) (C rho f s r d k j : R) : Prop := grows (fun n => h n / Ex rho f s n) C r d k j.
Lemma xgrows_same : forall h C rho f s r d k j C' rho' f' s' r' d' k' j', xgrows h C rho f s r d k j ->
  C = C' -> rho = rho' -> f = f' -> s = s' -> r = r' -> d = d' -> k = k' -> j = j' -> xgrows h C' rho' f' s' r' d' k' j'.
Proof. intros; subst; assumption. Qed.
Lemma xgrows_plain : forall h C r d k j, grows h C r d k j -> xgrows h C 0 0 0 r d k j.
Proof. intros h C r d k j. apply cv_all. intros n. rewrite Ex_0. f_equal. field. Qed.
Lemma Ex_mul : forall rho f s rho' f' s' n, Ex rho f s n * Ex rho' f' s' n = Ex (rho + rho') (f + f') (s + s') n.
Proof. intros. unfold Ex. rewrite <- exp_plus. f_equal. ring. Qed.
Lemma Ex_inv : forall rho f s n, / Ex rho f s n = Ex (- rho) (- f) (- s) n.
Proof. intros. unfold Ex. rewrite <- exp_Ropp. f_equal. ring. Qed.
Lemma Ex_Rpower : forall rho f s q n, Rpower (Ex rho f s n) q = Ex (q * rho) (q * f) (q * s) n.
Proof. intros. unfold Ex, Rpower. rewrite ln_exp. f_equal. ring. Qed.
Lemma xgrows_mul : forall h h' C C' rho f s r d k j rho' f' s' r' d' k' j', xgrows h C rho f s r d k j -> xgrows h' C' rho' f' s' r' d' k' j' ->
  xgrows (fun n => h n * h' n) (C * C') (rho + rho') (f + f') (s + s') (r + r') (d + d') (k + k') (j + j').
Proof.
  intros h h' C C' rho f s r d k j rho' f' s' r' d' k' j' H H'. generalize (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ H H'). apply cv_all. intros n.
  rewrite <- Ex_mul. f_equal. field. split; apply Rgt_not_eq, Ex_pos.
Qed.
Lemma xgrows_inv : forall h C rho f s r d k j, C <> 0 -> xgrows h C rho f s r d k j -> xgrows (fun n => / h n) (/ C) (- rho) (- f) (- s) (- r) (- d) (- k) (- j).
Proof.
  intros h C rho f s r d k j HC H. generalize (grows_inv _ _ _ _ _ _ HC H). apply cv_all. intros n. f_equal. rewrite <- Ex_inv. unfold Rdiv. rewrite Rinv_mult, !Rinv_inv. reflexivity.
Qed.
Lemma xgrows_div : forall h h' C C' rho f s r d k j rho' f' s' r' d' k' j', C' <> 0 -> xgrows h C rho f s r d k j -> xgrows h' C' rho' f' s' r' d' k' j' ->
  xgrows (fun n => h n / h' n) (C / C') (rho - rho') (f - f') (s - s') (r - r') (d - d') (k - k') (j - j').
Proof. intros. apply (xgrows_mul h (fun n => / h' n)); [assumption | apply xgrows_inv; assumption]. Qed.
Lemma xgrows_bounds : forall h C rho f s r d k j, 0 < C -> xgrows h C rho f s r d k j ->
  late (fun n => C / 2 * XSc rho f s r d k j n <= h n <= 2 * C * XSc rho f s r d k j n).
Proof.
  intros h C rho f s r d k j HC H. generalize (grows_bounds _ _ _ _ _ _ HC H). apply late_imp. intros n (A & B). pose proof (Ex_pos rho f s n) as P. unfold XSc.
  assert (E : h n = h n / Ex rho f s n * Ex rho f s n) by (field; lra). rewrite E. apply Rmult_le_compat_r with (r := Ex rho f s n) in A, B; lra.
Qed.
Lemma xgrows_above : forall h C rho f s r d k j, 0 < C -> xgrows h C rho f s r d k j -> bounded_above h (XSc rho f s r d k j).
Proof. intros h C rho f s r d k j HC H. destruct (xgrows_bounds _ _ _ _ _ _ _ _ _ HC H) as (N & B). exists (2 * C), N. split; [lra|]. intros n Hn. apply B, Hn. Qed.
Lemma xgrows_below : forall h C rho f s r d k j, 0 < C -> xgrows h C rho f s r d k j -> bounded_below h (XSc rho f s r d k j).
Proof. intros h C rho f s r d k j HC H. destruct (xgrows_bounds _ _ _ _ _ _ _ _ _ HC H) as (N & B). exists (C / 2), N. split; [lra|]. intros n Hn. apply B, Hn. Qed.
Lemma xgrows_positive : forall h C rho f s r d k j, 0 < C -> xgrows h C rho f s r d k j -> late (fun n => 0 < h n).
Proof.
  intros h C rho f s r d k j HC H. generalize (xgrows_bounds _ _ _ _ _ _ _ _ _ HC H). apply late_imp. intros n (A & _). pose proof (XSc_pos rho f s r d k j n).
  assert (0 < C / 2 * XSc rho f s r d k j n) by (apply Rmult_lt_0_compat; lra). lra.
Qed.
Lemma xgrows_Rpower : forall h C rho f s r d k j q, 0 < C -> xgrows h C rho f s r d k j ->
  xgrows (fun n => Rpower (h n) q) (Rpower C q) (q * rho) (q * f) (q * s) (q * r) (q * d) (q * k) (q * j).
Proof.
  intros h C rho f s r d k j q HC H. generalize (grows_Rpower _ _ _ _ _ _ q HC H). apply cv_late. generalize (xgrows_positive _ _ _ _ _ _ _ _ _ HC H). apply late_imp.
  intros n P. f_equal. rewrite <- Ex_Rpower. pose proof (Ex_pos rho f s n) as Q. unfold Rdiv. rewrite <- Rpower_mult_distr by (try apply Rinv_0_lt_compat; assumption).
  f_equal. unfold Rpower. rewrite ln_Rinv, <- exp_Ropp by assumption. f_equal. ring.
Qed.
Lemma xgrows_sqrt : forall h C rho f s r d k j, 0 < C -> xgrows h C rho f s r d k j ->
  xgrows (fun n => sqrt (h n)) (Rpower C (/ 2)) (/ 2 * rho) (/ 2 * f) (/ 2 * s) (/ 2 * r) (/ 2 * d) (/ 2 * k) (/ 2 * j).
Proof.
  intros h C rho f s r d k j HC H. generalize (xgrows_Rpower _ _ _ _ _ _ _ _ _ (/ 2) HC H). apply cv_late. generalize (xgrows_positive _ _ _ _ _ _ _ _ _ HC H). apply late_imp.
  intros n P. rewrite Rpower_sqrt by assumption. reflexivity.
Qed.
Lemma xgrows_pow : forall h C rho f s r d k j m, xgrows h C rho f s r d k j ->
  xgrows (fun n => h n ^ m) (C ^ m) (INR m * rho) (INR m * f) (INR m * s) (INR m * r) (INR m * d) (INR m * k) (INR m * j).
Proof.
  intros h C rho f s r d k j m H. induction m as [|m IH].
  - simpl. apply (xgrows_same _ 1 0 0 0 0 0 0 0); [apply xgrows_plain, grows_const | ring..].
  - apply (xgrows_same (fun n => h n * h n ^ m) (C * C ^ m) _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ (xgrows_mul _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ H IH)); [reflexivity | rewrite S_INR; ring..].
Qed.
Lemma xgrows_fact : xgrows (fun n => INR (fact n)) 1 0 1 0 0 0 0 0.
Proof.
  apply grows_exact. exists 0%nat. intros n _. rewrite Sc_0. unfold Ex. replace (0 * (INR n * INR n) + (1 * ln (INR (fact n)) + 0 * sqrt (INR n))) with (ln (INR (fact n))) by ring.
  rewrite exp_ln by (apply lt_0_INR, lt_O_fact). field. apply INR_fact_neq_0.
Qed.
Lemma xgrows_exp : forall e rho s r d, late (fun n => e n = rho * (INR n * INR n) + (s * sqrt (INR n) + (r * INR n + d * ln (INR n)))) -> xgrows (fun n => exp (e n)) 1 rho 0 s r d 0 0.
Proof.
  intros e rho s r d H. apply grows_exact. revert H. apply late_imp. intros n ->. unfold Ex, Sc, exponent, Rdiv. rewrite <- exp_Ropp, <- exp_plus, Rmult_1_l. f_equal. ring.
Qed.
Lemma xgrows_base : forall a e rho s r d, late (fun n => e n = rho * (INR n * INR n) + (s * sqrt (INR n) + (r * INR n + d * ln (INR n)))) ->
  xgrows (fun n => Rpower a (e n)) 1 (rho * ln a) 0 (s * ln a) (r * ln a) (d * ln a) 0 0.
Proof. intros a e rho s r d H. unfold Rpower. apply xgrows_exp. revert H. apply late_imp. intros n ->. ring. Qed.

Lemma XSc_plain : forall r d k j n, XSc 0 0 0 r d k j n = Sc r d k j n. Proof. intros. unfold XSc. rewrite Ex_0. ring. Qed.

(* ---- order of the scale ---- *)
Definition xlexpos (rho f s r d k j : R) : Prop := 0 < rho \/ rho = 0 /\ (0 < f \/ f = 0 /\ (0 < r \/ r = 0 /\ (0 < s \/ s = 0 /\ lexpos 0 d k j))).
Lemma ln_fact_lower : forall n, (1 <= n)%nat -> INR n * (ln (INR n) - 1) <= ln (INR (fact n)).
Proof.
  intros n Hn. pose proof (lt_0_INR n ltac:(lia)) as P. induction Hn as [|n Hn IH]; [simpl; rewrite ln_1; lra|]. pose proof (lt_0_INR n ltac:(lia)) as Q. specialize (IH Q).
  rewrite fact_simpl, mult_INR, ln_mult by (try assumption; apply lt_0_INR, lt_O_fact). rewrite S_INR in *.
  assert (L : ln (INR n + 1) - ln (INR n) <= / INR n).
  { pose proof (ln_le_minus_one ((INR n + 1) * / INR n) ltac:(apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; assumption])) as H.
    rewrite ln_mult, ln_Rinv in H by (try apply Rinv_0_lt_compat; lra). replace ((INR n + 1) * / INR n - 1) with (/ INR n) in H by (field; lra). lra. }
  apply Rmult_le_compat_l with (r := INR n) in L; [|lra]. rewrite Rinv_r in L by lra. lra.
Qed.
Lemma ln_fact_upper : forall n, (1 <= n)%nat -> 0 <= ln (INR (fact n)) <= INR n * ln (INR n).
Proof.
  intros n Hn. induction Hn as [|n Hn IH]; [simpl; rewrite ln_1; lra|]. pose proof (lt_0_INR n ltac:(lia)) as Q. assert (N1 : 1 <= INR n) by (apply (le_INR 1); exact Hn).
  rewrite fact_simpl, mult_INR, ln_mult by (try apply lt_0_INR; try apply lt_O_fact; lia). rewrite S_INR. pose proof (ln_nonneg (INR n + 1) ltac:(lra)). pose proof (ln_le (INR n) (INR n + 1) Q ltac:(lra)).
  split; [lra|]. assert (INR n * ln (INR n) <= INR n * ln (INR n + 1)) by (apply Rmult_le_compat_l; lra). lra.
Qed.
Lemma exponent_linear : forall r d k j, late (fun n => Rabs (exponent r d k j (INR n)) <= (Rabs r + (Rabs d + (Rabs k + Rabs j))) * INR n).
Proof.
  intros r d k j. generalize (late_of _ ladder). apply late_imp. intros n H. unfold exponent.
  pose proof (Rabs_scaled r (INR n) (INR n) ltac:(lra)). pose proof (Rabs_scaled d (ln (INR n)) (INR n) ltac:(lra)). pose proof (Rabs_scaled k (ln (ln (INR n))) (INR n) ltac:(lra)).
  pose proof (Rabs_scaled j (ln (ln (ln (INR n)))) (INR n) ltac:(lra)). pose proof (Rabs_triang (r * INR n) (d * ln (INR n) + (k * ln (ln (INR n)) + j * ln (ln (ln (INR n)))))).
  pose proof (Rabs_triang (d * ln (INR n)) (k * ln (ln (INR n)) + j * ln (ln (ln (INR n))))). pose proof (Rabs_triang (k * ln (ln (INR n))) (j * ln (ln (ln (INR n))))). lra.
Qed.
Theorem XSc_unbounded : forall rho f s r d k j, xlexpos rho f s r d k j -> forall M, late (fun n => M <= XSc rho f s r d k j n).
Proof.
  intros rho f s r d k j H M. enough (Q : late (fun n => M <= rho * (INR n * INR n) + (f * ln (INR (fact n)) + s * sqrt (INR n)) + exponent r d k j (INR n))).
  { revert Q. apply late_imp. intros n Q. unfold XSc, Ex, Sc. rewrite <- exp_plus. apply Rle_trans with (2 := exp_tangent _). lra. }
  set (B := Rabs s + (Rabs r + (Rabs d + (Rabs k + Rabs j)))). assert (HB : 0 <= B).
  { unfold B. pose proof (Rabs_pos s). pose proof (Rabs_pos r). pose proof (Rabs_pos d). pose proof (Rabs_pos k). pose proof (Rabs_pos j). lra. }
  assert (S : late (fun n => Rabs (s * sqrt (INR n)) <= Rabs s * INR n)).
  { generalize late_one. apply late_imp. intros n (A & E & C). apply Rabs_scaled. nra. }
  assert (Lin : late (fun n => - (B * INR n) <= s * sqrt (INR n) + exponent r d k j (INR n) /\ 1 <= INR n)).
  { generalize (late_and _ _ S (late_and _ _ (exponent_linear r d k j) late_one)). apply late_imp. intros n (A & E & _ & _ & C). apply Rabs_bounds in A, E. unfold B. lra. }
  destruct H as [H|[-> [H|[-> [H|[-> [H|[-> H]]]]]]]].
  - assert (He : 0 < rho / (2 * (Rabs f + 1))) by (apply div_pos; [assumption | pose proof (Rabs_pos f); lra]).
    generalize (late_and _ _ Lin (late_and _ _ (late_of _ (ln_slow _ He)) (late_and _ _ (late_ge 1) (late_of _ (eventually_above ((B + Rabs M) / (rho / 2))))))).
    apply late_imp. intros n ((L & N1) & E & N & A). pose proof (ln_fact_upper n N) as F. pose proof (Rabs_pos f) as Pf. pose proof (Rle_abs M). pose proof (Rabs_pos M).
    assert (G : - (rho / 2 * (INR n * INR n)) <= f * ln (INR (fact n))).
    { pose proof (Rabs_scaled f (ln (INR (fact n))) (INR n * ln (INR n)) F) as Q. apply Rabs_bounds in Q.
      assert ((Rabs f + 1) * ln (INR n) <= rho / 2 * INR n). { apply Rmult_le_compat_l with (r := Rabs f + 1) in E; [|lra]. replace ((Rabs f + 1) * (rho / (2 * (Rabs f + 1)) * INR n)) with (rho / 2 * INR n) in E by (field; lra). exact E. }
      pose proof (ln_nonneg (INR n) N1). assert (INR n * ((Rabs f + 1) * ln (INR n)) <= INR n * (rho / 2 * INR n)) by (apply Rmult_le_compat_l; lra). nra. }
    assert (A' : B + Rabs M <= rho / 2 * INR n). { apply Rmult_le_compat_l with (r := rho / 2) in A; [|lra]. replace (rho / 2 * ((B + Rabs M) / (rho / 2))) with (B + Rabs M) in A by (field; lra). exact A. }
    assert (INR n * (B + Rabs M) <= INR n * (rho / 2 * INR n)) by (apply Rmult_le_compat_l; lra). nra.
  - generalize (late_and _ _ Lin (late_and _ _ (late_ge 1) (late_of _ (above_ln ((B + Rabs M) / f + 1))))). apply late_imp. intros n ((L & N1) & N & A).
    pose proof (ln_fact_lower n N) as F. pose proof (Rle_abs M). pose proof (Rabs_pos M).
    assert (A' : B + Rabs M <= f * (ln (INR n) - 1)). { apply Rle_trans with (f * ((B + Rabs M) / f)); [right; field; lra | apply Rmult_le_compat_l; lra]. }
    assert (INR n * (B + Rabs M) <= INR n * (f * (ln (INR n) - 1))) by (apply Rmult_le_compat_l; lra).
    assert (f * (INR n * (ln (INR n) - 1)) <= f * ln (INR (fact n))) by (apply Rmult_le_compat_l; lra). nra.
  - destruct (nat_above ((Rabs s / (r / 2)) * (Rabs s / (r / 2)))) as (K & HK).
    generalize (late_and _ _ (late_of _ (exponent_unbounded (r / 2) d k j ltac:(left; lra) M)) (late_and _ _ late_one (late_ge K))). apply late_imp. intros n (A & (E1 & E2 & E3) & N).
    apply le_INR in N. set (q := sqrt (INR n)) in *. rewrite !Rmult_0_l, !Rplus_0_l. unfold exponent in *. pose proof (Rabs_pos s). assert (Z : 0 <= Rabs s / (r / 2)) by (apply div_nonneg; lra).
    assert (Rabs s / (r / 2) <= q). { destruct (Rle_lt_dec (Rabs s / (r / 2)) q) as [Y|Y]; [exact Y|]. exfalso. nra. }
    assert (Rabs s <= r / 2 * q). { apply Rle_trans with (r / 2 * (Rabs s / (r / 2))); [right; field; lra | apply Rmult_le_compat_l; lra]. }
    pose proof (Rle_abs (- s)) as Q. rewrite Rabs_Ropp in Q. assert (- (r / 2 * INR n) <= s * q) by (rewrite E2; nra). lra.
  - set (B2 := Rabs d + (Rabs k + Rabs j)). assert (HB2 : 0 <= B2) by (unfold B2; pose proof (Rabs_pos d); pose proof (Rabs_pos k); pose proof (Rabs_pos j); lra).
    assert (He : 0 < s / (4 * (B2 + 1))) by (apply div_pos; lra). destruct (ln_slow _ He) as (x0 & Sl). destruct (nat_above ((Rabs x0 + Rabs M / (s / 2) + 1) * (Rabs x0 + Rabs M / (s / 2) + 1))) as (K & HK).
    generalize (late_and _ _ (late_of _ ladder) (late_and _ _ late_one (late_ge K))). apply late_imp. intros n (L & (E1 & E2 & E3) & N). apply le_INR in N. set (q := sqrt (INR n)) in *.
    rewrite !Rmult_0_l, !Rplus_0_l. unfold exponent. rewrite Rmult_0_l, Rplus_0_l. pose proof (Rabs_pos x0). pose proof (Rabs_pos M). pose proof (Rle_abs x0). pose proof (Rle_abs M).
    assert (Z : 0 <= Rabs M / (s / 2)) by (apply div_nonneg; lra).
    assert (Y : Rabs x0 + Rabs M / (s / 2) + 1 <= q). { destruct (Rle_lt_dec (Rabs x0 + Rabs M / (s / 2) + 1) q) as [Y|Y]; [exact Y|]. exfalso. nra. }
    specialize (Sl q ltac:(lra)). assert (Ln : ln (INR n) = 2 * ln q) by (rewrite E2, ln_mult by lra; ring).
    assert (G : (B2 + 1) * ln (INR n) <= s / 2 * q). { rewrite Ln. apply Rmult_le_compat_l with (r := 2 * (B2 + 1)) in Sl; [|lra]. replace (2 * (B2 + 1) * (s / (4 * (B2 + 1)) * q)) with (s / 2 * q) in Sl by (field; lra). lra. }
    pose proof (Rabs_scaled d (ln (INR n)) (ln (INR n)) ltac:(lra)) as Q1. pose proof (Rabs_scaled k (ln (ln (INR n))) (ln (INR n)) ltac:(lra)) as Q2.
    pose proof (Rabs_scaled j (ln (ln (ln (INR n)))) (ln (INR n)) ltac:(lra)) as Q3. apply Rabs_bounds in Q1, Q2, Q3.
    assert (B2 * ln (INR n) <= (B2 + 1) * ln (INR n)) by lra. unfold B2 in *.
    assert (Rabs M <= s / 2 * q). { apply Rle_trans with (s / 2 * (Rabs M / (s / 2))); [right; field; lra | apply Rmult_le_compat_l; lra]. } lra.
  - generalize (late_of _ (exponent_unbounded 0 d k j H M)). apply late_imp. intros n A. lra.
Qed.
Lemma XSc_div : forall rho f s r d k j rho' f' s' r' d' k' j' n, XSc rho f s r d k j n / XSc rho' f' s' r' d' k' j' n = XSc (rho - rho') (f - f') (s - s') (r - r') (d - d') (k - k') (j - j') n.
Proof.
  intros. unfold XSc. rewrite <- Sc_div. replace (Ex (rho - rho') (f - f') (s - s') n) with (Ex rho f s n * / Ex rho' f' s' n) by (rewrite Ex_inv; apply Ex_mul).
  field. split; apply Rgt_not_eq; [apply Sc_pos | apply Ex_pos].
Qed.
Lemma XSc_le : forall rho f s r d k j rho' f' s' r' d' k' j', xlexpos (rho' - rho) (f' - f) (s' - s) (r' - r) (d' - d) (k' - k) (j' - j) -> forall K, 0 < K ->
  late (fun n => K * XSc rho f s r d k j n <= XSc rho' f' s' r' d' k' j' n).
Proof.
  intros rho f s r d k j rho' f' s' r' d' k' j' H K HK. generalize (XSc_unbounded _ _ _ _ _ _ _ H K). apply late_imp. intros n A. rewrite <- XSc_div in A.
  pose proof (XSc_pos rho f s r d k j n) as P. apply Rmult_le_compat_r with (r := XSc rho f s r d k j n) in A; [|lra].
  replace (XSc rho' f' s' r' d' k' j' n / XSc rho f s r d k j n * XSc rho f s r d k j n) with (XSc rho' f' s' r' d' k' j' n) in A by (field; lra). exact A.
Qed.
Lemma xraise_upper : forall T rho f s r d k j rho' f' s' r' d' k' j', xlexpos (rho' - rho) (f' - f) (s' - s) (r' - r) (d' - d) (k' - k) (j' - j) ->
  bounded_above T (XSc rho f s r d k j) -> bounded_above T (XSc rho' f' s' r' d' k' j').
Proof. intros T rho f s r d k j rho' f' s' r' d' k' j' H. apply (above_weaken _ _ _ 1 Rlt_0_1). generalize (XSc_le _ _ _ _ _ _ _ _ _ _ _ _ _ _ H 1 Rlt_0_1). apply late_imp. intros n A. lra. Qed.

(* ---- classes of recurrences ---- *)
Lemma same_class : forall T (F F' : nat -> R), (forall n, F n = F' n) -> bounded_above T F /\ bounded_below T F -> bounded_above T F' /\ bounded_below T F'.
Proof.
  intros T F F' E ((c & N & Hc & B) & (q & M & Hq & L)). split; [exists c, N | exists q, M]; (split; [assumption|]); intros n Hn; rewrite <- E; auto.
Qed.
Lemma xgrows_dominated : forall h C rho f s r d k j rho' f' s' r' d' k' j', 0 < C -> xgrows h C rho f s r d k j ->
  xlexpos (rho' - rho) (f' - f) (s' - s) (r' - r) (d' - d) (k' - k) (j' - j) -> late (fun n => h n <= 2 * C * XSc rho' f' s' r' d' k' j' n).
Proof.
  intros h C rho f s r d k j rho' f' s' r' d' k' j' HC H L. generalize (late_and _ _ (xgrows_bounds _ _ _ _ _ _ _ _ _ HC H) (XSc_le _ _ _ _ _ _ _ _ _ _ _ _ _ _ L 1 Rlt_0_1)).
  apply late_imp. intros n ((_ & A) & B). apply Rle_trans with (1 := A). apply Rmult_le_compat_l; lra.
Qed.
Lemma xgrows_at_most : forall h C rho f s r d k j, 0 < C -> xgrows h C rho f s r d k j -> late (fun n => h n <= 2 * C * XSc rho f s r d k j n).
Proof. intros h C rho f s r d k j HC H. generalize (xgrows_bounds _ _ _ _ _ _ _ _ _ HC H). apply late_imp. tauto. Qed.
Lemma none_below : forall (h : nat -> R) rho f s r d k j, (forall n, h n = 0) -> late (fun n => h n <= 2 * 1 * XSc rho f s r d k j n).
Proof. intros h rho f s r d k j H. exists 0%nat. intros n _. rewrite H. pose proof (XSc_pos rho f s r d k j n). lra. Qed.

Lemma geometric_ratio : forall r d k i D, 0 < r -> late (fun n => forall m, (1 <= m <= D)%nat -> Sc r d k i (n - m)%nat <= exp (- (r / 2)) * Sc r d k i n).
Proof.
  intros r d k i D Hr. generalize (late_and _ _ (smooth d k i D (exp (r / 2)) ltac:(rewrite <- exp_0; apply exp_increasing; lra)) (late_ge D)). apply late_imp. intros n (S & N) m Hm.
  assert (E : INR (n - m) = INR n - INR m) by (apply minus_INR; lia). destruct Hm as [M1 M2]. apply le_INR in M1, M2. simpl (INR 1) in M1. pose proof (pos_INR m).
  destruct (S (INR (n - m)) ltac:(lra)) as [A _]. rewrite at_real_n in A.
  assert (F : forall p, Sc r d k i p = exp (r * INR p) * Sc 0 d k i p). { intros p. unfold Sc. rewrite <- exp_plus. f_equal. unfold exponent. ring. }
  rewrite !F, E. replace (exp (- (r / 2)) * (exp (r * INR n) * Sc 0 d k i n)) with (exp (r * INR n - r) * (exp (r / 2) * Sc 0 d k i n)).
  - apply Rmult_le_compat; [left; apply exp_pos | left; apply Sc_pos | apply exp_le; nra | exact A].
  - rewrite <- !Rmult_assoc, <- !exp_plus. f_equal. f_equal. field.
Qed.
Lemma factorial_ratio : forall f s r d k i D q, 0 < f -> 0 < q -> late (fun n => forall m, (1 <= m <= D)%nat -> XSc 0 f s r d k i (n - m)%nat <= q * XSc 0 f s r d k i n).
Proof.
  intros f s r d k i D q Hf Hq. generalize (late_and _ _ (smooth d k i D 2 ltac:(lra)) (late_and _ _ (late_ge (S D)) (late_and _ _ late_one (late_of _ (above_ln ((ln 2 - ln q + Rabs s * INR D + Rabs r * INR D) / f)))))).
  apply late_imp. intros n (Sm & N & (R1 & R2 & R3) & A) m Hm. assert (E : INR (n - m) = INR n - INR m) by (apply minus_INR; lia).
  assert (M2 : 0 < INR m <= INR D) by (split; [apply lt_0_INR | apply le_INR]; lia). assert (Q : 0 < INR (n - m)) by (apply lt_0_INR; lia).
  destruct (Sm (INR (n - m)) ltac:(lra)) as [B _]. rewrite at_real_n in B.
  assert (Fa : ln (INR n) + ln (INR (fact (n - m))) <= ln (INR (fact n))).
  { rewrite <- ln_mult by (try apply lt_0_INR; try apply lt_O_fact; lia). apply ln_le; [apply Rmult_lt_0_compat; apply lt_0_INR; try apply lt_O_fact; lia|].
    destruct n as [|n]; [lia|]. rewrite fact_simpl, mult_INR. apply Rmult_le_compat_l; [apply pos_INR|]. apply le_INR, fact_le. lia. }
  assert (Ro : 0 <= sqrt (INR n) - sqrt (INR (n - m)) <= INR D).
  { assert (L : sqrt (INR (n - m)) <= sqrt (INR n)) by (apply sqrt_le_1; lra). split; [lra|]. set (x := sqrt (INR n)) in *. set (y := sqrt (INR (n - m))) in *.
    assert (Ey : y * y = INR (n - m)) by (apply sqrt_sqrt; lra). assert (0 <= y) by apply sqrt_pos. nra. }
  assert (G : forall p, XSc 0 f s r d k i p = exp (f * ln (INR (fact p)) + (s * sqrt (INR p) + r * INR p)) * Sc 0 d k i p).
  { intros p. unfold XSc, Ex, Sc. rewrite <- !exp_plus. f_equal. unfold exponent. ring. }
  rewrite !G. pose proof (Sc_pos 0 d k i n). apply Rle_trans with (exp (f * ln (INR (fact n)) + (s * sqrt (INR n) + r * INR n) + (ln q - ln 2)) * (2 * Sc 0 d k i n)).
  - apply Rmult_le_compat; [left; apply exp_pos | left; apply Sc_pos | | exact B]. apply exp_le.
    pose proof (Rabs_scaled s (sqrt (INR n) - sqrt (INR (n - m))) (INR D) Ro) as S1. pose proof (Rabs_scaled r (INR n - INR (n - m)) (INR D) ltac:(lra)) as S2. apply Rabs_bounds in S1, S2.
    assert (A' : ln 2 - ln q + Rabs s * INR D + Rabs r * INR D <= f * ln (INR n)). { apply Rle_trans with (f * ((ln 2 - ln q + Rabs s * INR D + Rabs r * INR D) / f)); [right; field; lra | apply Rmult_le_compat_l; lra]. }
    assert (f * (ln (INR n) + ln (INR (fact (n - m)))) <= f * ln (INR (fact n))) by (apply Rmult_le_compat_l; lra). lra.
  - right. rewrite exp_plus. unfold Rminus. rewrite (exp_plus (ln q)), exp_Ropp, !exp_ln by lra. field.
Qed.

Section FirstOrderClass.
Variables (T g a : nat -> R) (j : nat) (rho f s r d : R).
Hypothesis j1 : (1 <= j)%nat.
Hypothesis a_near : near a (XSc rho f s r d 0 0) j.
Hypothesis g_late : late (fun n => 0 <= g n).
Hypothesis equation : late (fun n => T n = a n * T (n - j)%nat + g n).
Hypothesis positive : late (fun n => 0 < T n).
(* g/A ~ n^d3 (log n)^k3 .., its sum diverges *)
Theorem first_order_sum : forall d2 k2 i2 lam d3 k3 i3 C d1 dd, rises d2 k2 i2 lam d3 k3 i3 -> 0 < lam -> 0 < C -> d1 = d + d3 -> dd = d + d2 -> xgrows g C rho f s r d1 k3 i3 ->
  bounded_above T (XSc rho f s r dd k2 i2) /\ bounded_below T (XSc rho f s r dd k2 i2).
Proof.
  intros d2 k2 i2 lam d3 k3 i3 C d1 dd R Hl HC -> -> G. apply (same_class _ (fun n => XSc rho f s r d 0 0 n * Sc 0 d2 k2 i2 n)).
  - intros n. rewrite XSc_mul, !Rplus_0_l, Rplus_0_r. reflexivity.
  - apply (near_sum T g a _ j j1 a_near g_late equation positive d2 k2 i2 lam d3 k3 i3 (C / 2) (2 * C) R Hl ltac:(lra) ltac:(lra)).
    generalize (xgrows_bounds _ _ _ _ _ _ _ _ _ HC G). apply late_imp. intros n. rewrite XSc_mul, !Rplus_0_l, Rplus_0_r. auto.
Qed.
(* it converges *)
Theorem first_order_bounded : forall d2 k2 i2 lam d3 k3 i3 C d1, rises d2 k2 i2 lam d3 k3 i3 -> lexpos 0 (- d2) (- k2) (- i2) -> 0 < C -> d1 = d + d3 ->
  late (fun n => g n <= C * XSc rho f s r d1 k3 i3 n) -> bounded_above T (XSc rho f s r d 0 0) /\ bounded_below T (XSc rho f s r d 0 0).
Proof.
  intros d2 k2 i2 lam d3 k3 i3 C d1 R V HC -> G. apply (near_bounded T g a _ j j1 a_near g_late equation positive d2 k2 i2 lam d3 k3 i3 C R V HC).
  revert G. apply late_imp. intros n. rewrite XSc_mul, !Rplus_0_l, Rplus_0_r. auto.
Qed.
(* it is dominated by its last term *)
Theorem first_order_driven : forall C r1 d1 k1 i1, 0 < C -> r < r1 -> xgrows g C rho f s r1 d1 k1 i1 -> bounded_above T (XSc rho f s r1 d1 k1 i1) /\ bounded_below T (XSc rho f s r1 d1 k1 i1).
Proof.
  intros C r1 d1 k1 i1 HC Hr G. assert (E : forall n, XSc rho f s r d 0 0 n * Sc (r1 - r) (d1 - d) k1 i1 n = XSc rho f s r1 d1 k1 i1 n) by (intros n; rewrite XSc_mul; f_equal; ring).
  apply (same_class _ _ _ E). apply (near_driven T g a _ j j1 a_near g_late equation positive _ (exp (- ((r1 - r) / 2))) (C / 2) (2 * C)); try lra.
  - exists 0%nat. intros n _. apply Sc_pos.
  - left. apply exp_pos.
  - apply Rlt_le_trans with (exp 0); [apply exp_increasing; lra | rewrite exp_0; lra].
  - apply geometric_ratio. lra.
  - generalize (xgrows_bounds _ _ _ _ _ _ _ _ _ HC G). apply late_imp. intros n. rewrite E. auto.
Qed.
Theorem first_order_factorial : forall C f1 s1 r1 d1 k1 i1, 0 < C -> f < f1 -> xgrows g C rho f1 s1 r1 d1 k1 i1 -> bounded_above T (XSc rho f1 s1 r1 d1 k1 i1) /\ bounded_below T (XSc rho f1 s1 r1 d1 k1 i1).
Proof.
  intros C f1 s1 r1 d1 k1 i1 HC Hf G. assert (E : forall n, XSc rho f s r d 0 0 n * XSc 0 (f1 - f) (s1 - s) (r1 - r) (d1 - d) k1 i1 n = XSc rho f1 s1 r1 d1 k1 i1 n).
  { intros n. unfold XSc. replace (Ex rho f1 s1 n) with (Ex rho f s n * Ex 0 (f1 - f) (s1 - s) n) by (rewrite Ex_mul; f_equal; ring).
    replace (Sc r1 d1 k1 i1 n) with (Sc r d 0 0 n * Sc (r1 - r) (d1 - d) k1 i1 n) by (rewrite Sc_mul; f_equal; ring). ring. }
  apply (same_class _ _ _ E). apply (near_driven T g a _ j j1 a_near g_late equation positive _ (/ 2) (C / 2) (2 * C)); try lra.
  - exists 0%nat. intros n _. apply XSc_pos.
  - apply factorial_ratio; lra.
  - generalize (xgrows_bounds _ _ _ _ _ _ _ _ _ HC G). apply late_imp. intros n. rewrite E. auto.
Qed.
End FirstOrderClass.

Definition constant (l : list (R * nat)) : vlags := map (fun aj => ((fun _ => fst aj), snd aj)) l.
Lemma constant_sum : forall l U n, vsum (constant l) U n = lsum l U n.
Proof. intros l U n. unfold constant, vsum, lsum. induction l as [|aj l IH]; [reflexivity|]. cbn [map fold_right fst snd]. rewrite IH. reflexivity. Qed.
Lemma constant_ok : forall D l, lags_ok D l -> vlags_ok D (constant l).
Proof.
  intros D l (D1 & H). split; [exact D1|]. intros x Hx. apply in_map_iff in Hx as (aj & <- & Hin). cbn [fst snd]. destruct (H aj Hin) as (A & J). split; [exact J|].
  exists 0%nat. intros. exact A.
Qed.
Lemma chi_step : forall l D s n, lags_ok D l -> 0 < s -> (D <= n)%nat -> lsum l (fun m => s ^ m) n = chi l s * s ^ n.
Proof.
  intros l D s n (_ & H) Hs Hn. induction l as [|aj l IH]; cbn [lsum chi fold_right]; [ring|]. destruct (H aj (or_introl eq_refl)) as (_ & J).
  fold (lsum l (fun m => s ^ m) n). fold (chi l s). rewrite IH by (intros x Hx; apply H; right; assumption).
  replace (s ^ n) with (s ^ (n - snd aj) * s ^ snd aj) by (rewrite <- pow_add; f_equal; lia). field. apply pow_nonzero. lra.
Qed.
Lemma chi_nonneg : forall l D s, lags_ok D l -> 0 < s -> 0 <= chi l s.
Proof.
  intros l D s (_ & H) Hs. induction l as [|aj l IH]; cbn [chi fold_right]; [lra|]. fold (chi l s). specialize (IH (fun x Hx => H x (or_intror Hx))).
  destruct (H aj (or_introl eq_refl)) as (A & _). assert (0 <= fst aj / s ^ snd aj) by (apply div_nonneg; [assumption | apply pow_lt; assumption]). lra.
Qed.
Section LinearClass.
Variables (T g : nat -> R) (l : list (R * nat)) (D : nat).
Hypothesis lags : lags_ok D l.
Hypothesis equation : forall n, (D <= n)%nat -> T n = lsum l T n + g n.
Hypothesis positive : late (fun n => 0 < T n).
Hypothesis g_late : late (fun n => 0 <= g n).
Let OK := constant_ok D l lags.
Let equation' : late (fun n => T n = vsum (constant l) T n + g n).
Proof. exists D. intros n Hn. rewrite constant_sum. apply equation, Hn. Qed.
Section Balanced.
Variable s : R.
Hypothesis s0 : 0 < s.
Hypothesis s_root : chi l s = 1.
Let P_pos : late (fun n => 0 < s ^ n). Proof. exists 0%nat. intros n _. apply pow_lt, s0. Qed.
Let P_step : late (fun n => vsum (constant l) (fun m => s ^ m) n = s ^ n).
Proof. exists D. intros n Hn. rewrite constant_sum, (chi_step l D s n lags s0 Hn), s_root. ring. Qed.
Let P_up : late (fun n => vsum (constant l) (fun m => s ^ m) n <= s ^ n). Proof. revert P_step. apply late_imp. intros n ->. lra. Qed.
Let P_low : late (fun n => s ^ n <= vsum (constant l) (fun m => s ^ m) n). Proof. revert P_step. apply late_imp. intros n ->. lra. Qed.
Let at_class : forall d k i n, s ^ n * Sc 0 d k i n = Sc (ln s) d k i n.
Proof. intros d k i n. rewrite geometric_class_0, Sc_mul, Rplus_0_r, !Rplus_0_l by assumption. reflexivity. Qed.
Theorem linear_sum : forall d2 k2 i2 lam d3 k3 i3 C, rises d2 k2 i2 lam d3 k3 i3 -> 0 < lam -> 0 < C -> grows g C (ln s) d3 k3 i3 ->
  bounded_above T (Sc (ln s) d2 k2 i2) /\ bounded_below T (Sc (ln s) d2 k2 i2).
Proof.
  intros d2 k2 i2 lam d3 k3 i3 C R Hl HC G. apply (same_class _ _ _ (at_class d2 k2 i2)). pose proof (grows_bounds _ _ _ _ _ _ HC G) as B. split.
  - apply (class_sum_upper D (constant l) T g OK g_late equation' _) with (lam := lam) (d' := d3) (k' := k3) (j' := i3) (C := 2 * C); try assumption; try lra.
    revert B. apply late_imp. intros n (_ & B). replace (s ^ n * (2 * C * Sc 0 d3 k3 i3 n)) with (2 * C * (s ^ n * Sc 0 d3 k3 i3 n)) by ring. rewrite at_class. exact B.
  - apply (class_sum_lower D (constant l) T g OK g_late equation' positive _) with (lam := lam) (d' := d3) (k' := k3) (j' := i3) (C := C / 2); try assumption; try lra.
    revert B. apply late_imp. intros n (B & _). replace (s ^ n * (C / 2 * Sc 0 d3 k3 i3 n)) with (C / 2 * (s ^ n * Sc 0 d3 k3 i3 n)) by ring. rewrite at_class. exact B.
Qed.
Theorem linear_bounded : forall d2 k2 i2 lam d3 k3 i3 C, rises d2 k2 i2 lam d3 k3 i3 -> lexpos 0 (- d2) (- k2) (- i2) -> 0 < C -> grows g C (ln s) d3 k3 i3 ->
  bounded_above T (Sc (ln s) 0 0 0) /\ bounded_below T (Sc (ln s) 0 0 0).
Proof.
  intros d2 k2 i2 lam d3 k3 i3 C R V HC G. pose proof (grows_bounds _ _ _ _ _ _ HC G) as B. apply (same_class _ (fun n => s ^ n)); [intros n; apply geometric_class_0, s0|]. split.
  - apply (class_bounded_upper D (constant l) T g OK g_late equation' _) with (d := d2) (k := k2) (j := i2) (lam := lam) (d' := d3) (k' := k3) (j' := i3) (C := 2 * C); try assumption; try lra.
    revert B. apply late_imp. intros n (_ & B). replace (s ^ n * (2 * C * Sc 0 d3 k3 i3 n)) with (2 * C * (s ^ n * Sc 0 d3 k3 i3 n)) by ring. rewrite at_class. exact B.
  - apply (class_bounded_lower D (constant l) T g OK g_late equation' positive); assumption.
Qed.
End Balanced.
Theorem linear_driven : forall s d k i C, 0 < s -> chi l s < 1 -> 0 < C -> grows g C (ln s) d k i -> bounded_above T (Sc (ln s) d k i) /\ bounded_below T (Sc (ln s) d k i).
Proof.
  intros s d k i C Hs HX HC G. pose proof (grows_bounds _ _ _ _ _ _ HC G) as B.
  assert (E : forall n, s ^ n * Sc 0 d k i n = Sc (ln s) d k i n) by (intros n; rewrite geometric_class_0, Sc_mul, Rplus_0_r, !Rplus_0_l by assumption; reflexivity).
  pose proof (chi_nonneg l D s lags Hs) as X0.
  set (q := 2 / (1 + chi l s)). assert (Q1 : 1 < q) by (unfold q; apply Rmult_lt_reg_r with (1 + chi l s); [lra|]; replace (2 / (1 + chi l s) * (1 + chi l s)) with 2 by (field; lra); lra).
  assert (Q2 : chi l s * q < 1). { apply Rmult_lt_reg_r with (1 + chi l s); [lra|]. unfold q. replace (chi l s * (2 / (1 + chi l s)) * (1 + chi l s)) with (2 * chi l s) by (field; lra). lra. }
  apply (same_class _ _ _ E). apply (class_driven D (constant l) T g OK g_late equation' positive (fun n => s ^ n)) with (A := chi l s) (q := q) (C1 := C / 2) (C2 := 2 * C); try lra.
  - exists 0%nat. intros n _. apply pow_lt, Hs.
  - exists 0%nat. intros n _. apply Sc_pos.
  - exists D. intros n Hn. rewrite constant_sum, (chi_step l D s n lags Hs Hn). lra.
  - generalize (late_and _ _ (smooth d k i D q Q1) (late_ge D)). apply late_imp. intros n (S & N) j Hj. destruct (S (INR (n - j))) as [A _]; [|exact A].
    rewrite minus_INR by lia. destruct Hj as [_ J]. apply le_INR in J. pose proof (pos_INR j). lra.
  - revert B. apply late_imp. intros n. rewrite E. auto.
Qed.
Theorem linear_factorial : forall C f s r d k i, 0 < C -> 0 < f -> xgrows g C 0 f s r d k i -> bounded_above T (XSc 0 f s r d k i) /\ bounded_below T (XSc 0 f s r d k i).
Proof.
  intros C f s r d k i HC Hf G. pose proof (xgrows_bounds _ _ _ _ _ _ _ _ _ HC G) as B.
  pose proof (chi_nonneg l D 1 lags Rlt_0_1) as X0.
  assert (Q : 0 < / (2 * (chi l 1 + 1))) by (apply Rinv_0_lt_compat; lra).
  apply (same_class _ (fun n => 1 ^ n * XSc 0 f s r d k i n)); [intros n; rewrite pow1; ring|].
  apply (class_driven D (constant l) T g OK g_late equation' positive (fun n => 1 ^ n)) with (A := chi l 1) (q := / (2 * (chi l 1 + 1))) (C1 := C / 2) (C2 := 2 * C); try lra.
  - exists 0%nat. intros n _. rewrite pow1. lra.
  - exists 0%nat. intros n _. apply XSc_pos.
  - apply Rmult_lt_reg_r with (2 * (chi l 1 + 1)); [lra|]. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - exists D. intros n Hn. rewrite constant_sum, (chi_step l D 1 n lags ltac:(lra) Hn). lra.
  - apply factorial_ratio; assumption.
  - revert B. apply late_imp. intros n. rewrite pow1, Rmult_1_l. auto.
Qed.
End LinearClass.

(* ---- sums over all smaller arguments ---- *)
Section History.
Variables (T g c w : nat -> R) (lo n0 : nat).
Definition past (n : nat) : R := sum_nat (fun k => w k * T k) lo n.
Hypothesis start : (1 <= n0)%nat.
Hypothesis base : forall n, (n < n0)%nat -> 0 <= T n.
Hypothesis c_sign : forall n, (n0 <= n)%nat -> 0 <= c n.
Hypothesis g_sign : forall n, (n0 <= n)%nat -> 0 <= g n.
Hypothesis w_sign : forall n, (lo <= n)%nat -> 0 <= w n.
Hypothesis equation : forall n, (n0 <= n)%nat -> T n = c n * past (n - 1) + g n.
Lemma history_nonneg : forall n, 0 <= T n.
Proof.
  induction n as [n IH] using lt_wf_ind. destruct (le_lt_dec n0 n) as [L|L]; [|apply base, L]. rewrite equation by assumption.
  pose proof (g_sign n L). enough (0 <= c n * past (n - 1)) by lra. apply Rmult_le_pos; [apply c_sign, L|]. unfold past. apply sum_nat_nonneg.
  intros k Hk. apply Rmult_le_pos; [apply w_sign; lia | apply IH; lia].
Qed.
Lemma past_nonneg : forall n, 0 <= past n.
Proof. intros n. unfold past. apply sum_nat_nonneg. intros k Hk. apply Rmult_le_pos; [apply w_sign; lia | apply history_nonneg]. Qed.
Lemma past_first_order : late (fun n => past n = (1 + w n * c n) * past (n - 1) + w n * g n).
Proof.
  exists (Nat.max n0 (Nat.max lo 1)). intros n Hn. destruct n as [|n]; [lia|]. unfold past at 1. rewrite sum_nat_last by lia. fold (past n). rewrite (equation (S n)) by lia.
  replace (S n - 1)%nat with n by lia. ring.
Qed.
Hypothesis g_late : late (fun n => 0 < g n).
Hypothesis w_late : late (fun n => 0 < w n).
Lemma history_positive : late (fun n => 0 < T n).
Proof.
  generalize (late_and _ _ g_late (late_ge n0)). apply late_imp. intros n (P & N). rewrite equation by assumption. pose proof (past_nonneg (n - 1)). pose proof (c_sign n N).
  assert (0 <= c n * past (n - 1)) by (apply Rmult_le_pos; assumption). lra.
Qed.
Lemma past_positive : late (fun n => 0 < past n).
Proof.
  generalize (late_and _ _ history_positive (late_and _ _ w_late (late_ge (S lo)))). apply late_imp. intros n (P & W & N). destruct n as [|n]; [lia|]. unfold past. rewrite sum_nat_last by lia. fold (past n).
  pose proof (past_nonneg n). assert (0 < w (S n) * T (S n)) by (apply Rmult_lt_0_compat; assumption). lra.
Qed.
End History.
Lemma shift_above : forall Q r d k i, bounded_above Q (Sc r d k i) -> bounded_above (fun n => Q (n - 1)%nat) (Sc r d k i).
Proof.
  intros Q r d k i (c & N & Hc & B). destruct (late_and _ _ (smooth d k i 1 2 ltac:(lra)) (late_ge (S N))) as (M & H).
  exists (c * (exp (Rabs r) * 2)), M. pose proof (exp_pos (Rabs r)). split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. destruct (H n Hn) as (S & L). apply Rle_trans with (1 := B (n - 1)%nat ltac:(lia)).
  rewrite (Rmult_assoc c). apply Rmult_le_compat_l; [lra|]. assert (E : INR (n - 1) = INR n - 1) by (rewrite minus_INR by lia; reflexivity).
  destruct (S (INR (n - 1))) as [A _]; [simpl; lra|]. rewrite at_real_n in A. assert (F : forall p, Sc r d k i p = exp (r * INR p) * Sc 0 d k i p) by (intros p; unfold Sc; rewrite <- exp_plus; f_equal; unfold exponent; ring).
  rewrite !F, E. replace (exp (Rabs r) * 2 * (exp (r * INR n) * Sc 0 d k i n)) with (exp (r * INR n + Rabs r) * (2 * Sc 0 d k i n)) by (rewrite exp_plus; ring).
  apply Rmult_le_compat; [left; apply exp_pos | left; apply Sc_pos | apply exp_le | exact A]. pose proof (Rle_abs (- r)). rewrite Rabs_Ropp in *. lra.
Qed.
Lemma shift_below : forall Q r d k i, bounded_below Q (Sc r d k i) -> bounded_below (fun n => Q (n - 1)%nat) (Sc r d k i).
Proof.
  intros Q r d k i (c & N & Hc & B). destruct (late_and _ _ (smooth d k i 1 2 ltac:(lra)) (late_ge (S N))) as (M & H).
  exists (c * (exp (- Rabs r) / 2)), M. pose proof (exp_pos (- Rabs r)). split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. destruct (H n Hn) as (S & L). apply Rle_trans with (2 := B (n - 1)%nat ltac:(lia)).
  rewrite (Rmult_assoc c). apply Rmult_le_compat_l; [lra|]. assert (E : INR (n - 1) = INR n - 1) by (rewrite minus_INR by lia; reflexivity).
  destruct (S (INR (n - 1))) as [_ A]; [simpl; lra|]. rewrite at_real_n in A. assert (F : forall p, Sc r d k i p = exp (r * INR p) * Sc 0 d k i p) by (intros p; unfold Sc; rewrite <- exp_plus; f_equal; unfold exponent; ring).
  rewrite !F, E. replace (exp (- Rabs r) / 2 * (exp (r * INR n) * Sc 0 d k i n)) with (exp (r * INR n + - Rabs r) * (/ 2 * Sc 0 d k i n)) by (rewrite exp_plus; field).
  apply Rmult_le_compat; [left; apply exp_pos | apply Rmult_le_pos; [lra | left; apply Sc_pos] | apply exp_le | lra]. pose proof (Rle_abs r). lra.
Qed.
Lemma product_above : forall Q h C r d k i r' d' k' i', bounded_above Q (Sc r d k i) -> 0 < C -> grows h C r' d' k' i' -> bounded_above (fun n => h n * Q n) (Sc (r' + r) (d' + d) (k' + k) (i' + i)).
Proof.
  intros Q h C r d k i r' d' k' i' (c & N & Hc & B) HC G. destruct (late_and _ _ (grows_bounds _ _ _ _ _ _ HC G) (late_ge N)) as (M & H). exists (2 * C * c), M. split; [apply Rmult_lt_0_compat; lra|].
  intros n Hn. destruct (H n Hn) as ((L & U) & Nn). rewrite <- Sc_mul. pose proof (Sc_pos r' d' k' i' n). pose proof (Sc_pos r d k i n). assert (0 < C / 2 * Sc r' d' k' i' n) by (apply Rmult_lt_0_compat; lra).
  apply Rle_trans with (h n * (c * Sc r d k i n)); [apply Rmult_le_compat_l; [lra | apply B, Nn]|].
  replace (2 * C * c * (Sc r' d' k' i' n * Sc r d k i n)) with (2 * C * Sc r' d' k' i' n * (c * Sc r d k i n)) by ring. apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact U].
Qed.
Lemma product_below : forall Q h C r d k i r' d' k' i', bounded_below Q (Sc r d k i) -> 0 < C -> grows h C r' d' k' i' -> bounded_below (fun n => h n * Q n) (Sc (r' + r) (d' + d) (k' + k) (i' + i)).
Proof.
  intros Q h C r d k i r' d' k' i' (c & N & Hc & B) HC G. destruct (late_and _ _ (grows_bounds _ _ _ _ _ _ HC G) (late_ge N)) as (M & H). exists (C / 2 * c), M. split; [apply Rmult_lt_0_compat; lra|].
  intros n Hn. destruct (H n Hn) as ((L & U) & Nn). rewrite <- Sc_mul. pose proof (Sc_pos r' d' k' i' n). pose proof (Sc_pos r d k i n). assert (0 < C / 2 * Sc r' d' k' i' n) by (apply Rmult_lt_0_compat; lra).
  apply Rle_trans with (h n * (c * Sc r d k i n)); [|apply Rmult_le_compat_l; [lra | apply B, Nn]].
  replace (C / 2 * c * (Sc r' d' k' i' n * Sc r d k i n)) with (C / 2 * Sc r' d' k' i' n * (c * Sc r d k i n)) by ring. apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact L].
Qed.
(** T = X + Y with X, Y >= 0 *)
Theorem sum_of_parts : forall T X Y F, late (fun n => T n = X n + Y n) -> late (fun n => 0 <= Y n) -> bounded_above X F -> bounded_below X F -> bounded_above Y F -> bounded_above T F /\ bounded_below T F.
Proof.
  intros T X Y F E P (c & N & Hc & B) (q & M & Hq & L) (c' & N' & Hc' & B'). destruct (late_and _ _ E P) as (K & H). split.
  - exists (c + c'), (Nat.max K (Nat.max N N')). split; [lra|]. intros n Hn. rewrite (proj1 (H n ltac:(lia))). specialize (B n ltac:(lia)). specialize (B' n ltac:(lia)). lra.
  - exists q, (Nat.max K M). split; [assumption|]. intros n Hn. destruct (H n ltac:(lia)) as [-> Z]. specialize (L n ltac:(lia)). lra.
Qed.

(* ---- what generated proofs are written with ---- *)
Lemma small_of_grows : forall e C d, grows e C 0 d 0 0 -> d <= - (3 / 2) -> small e.
Proof.
  intros e C d H Hd. exists (Rabs C + 1). split; [pose proof (Rabs_pos C); lra|]. destruct (H 1 Rlt_0_1) as (N & B).
  generalize (late_and _ _ (late_ge N) late_one). apply late_imp. intros n (Hn & (R1 & R2 & R3)). specialize (B n Hn). unfold R_dist in B. apply Rlt_le, Rabs_bounds in B.
  pose proof (Sc_pos 0 d 0 0 n) as P. pose proof (Rle_abs C). pose proof (Rle_abs (- C)) as Q. rewrite Rabs_Ropp in Q.
  assert (E : e n = e n / Sc 0 d 0 0 n * Sc 0 d 0 0 n) by (field; lra). rewrite E, Rabs_mult, (Rabs_right (Sc _ _ _ _ _)) by lra.
  apply Rmult_le_compat; [apply Rabs_pos | lra | apply Rabs_le; lra|].
  replace (/ (INR n * sqrt (INR n))) with (exp (- (3 / 2) * ln (INR n))).
  - unfold Sc. apply exp_le. unfold exponent. pose proof (ln_nonneg (INR n) R3). nra.
  - replace (- (3 / 2) * ln (INR n)) with (- (ln (INR n) + / 2 * ln (INR n))) by field. rewrite exp_Ropp, exp_plus, exp_ln by lra. fold (Rpower (INR n) (/ 2)). rewrite Rpower_sqrt by lra. reflexivity.
Qed.
Lemma rises_same : forall d k l lam d' k' l' d0 k0 l0 lam0 d1 k1 l1, rises d k l lam d' k' l' -> d = d0 -> k = k0 -> l = l0 -> lam = lam0 -> d' = d1 -> k' = k1 -> l' = l1 -> rises d0 k0 l0 lam0 d1 k1 l1.
Proof. intros; subst; assumption. Qed.
(* exp(lC + lr n + k log n) as it is written *)
Lemma main_form : forall lC lr k C B M x, exp lC = C -> exp (lr * x) = B -> exp (k * ln x) = M -> exp (lC + (lr * x + k * ln x)) = C * B * M.
Proof. intros lC lr k C B M x <- <- <-. rewrite !exp_plus. ring. Qed.
Lemma exp_times_0 : forall x, exp (0 * x) = 1. Proof. intros. rewrite Rmult_0_l. apply exp_0. Qed.
Lemma exp_times_ln : forall a x, exp (ln a * x) = Rpower a x. Proof. intros. unfold Rpower. f_equal. ring. Qed.
Lemma exp_ln_times : forall a m k, 0 < a -> k = INR m -> exp (k * ln a) = a ^ m. Proof. intros a m k Ha ->. rewrite <- ln_pow, exp_ln by (try apply pow_lt; assumption). reflexivity. Qed.
Lemma exp_ln_inverse : forall a m k, 0 < a -> k = - INR m -> exp (k * ln a) = / a ^ m.
Proof. intros a m k Ha ->. replace (- INR m * ln a) with (- (INR m * ln a)) by ring. rewrite exp_Ropp, (exp_ln_times a m) by auto. reflexivity. Qed.
Lemma exp_ln_root : forall a m k, 0 < a -> k = INR m / 2 -> exp (k * ln a) = sqrt a ^ m.
Proof. intros a m k Ha ->. rewrite <- (exp_ln_times (sqrt a) m (INR m)) by (try apply sqrt_lt_R0; auto). f_equal. rewrite <- (Rpower_sqrt a) by assumption. unfold Rpower. rewrite ln_exp. field. Qed.
Lemma exp_ln_root_inverse : forall a m k, 0 < a -> k = - (INR m / 2) -> exp (k * ln a) = / sqrt a ^ m.
Proof. intros a m k Ha ->. replace (- (INR m / 2) * ln a) with (- (INR m / 2 * ln a)) by ring. rewrite exp_Ropp, (exp_ln_root a m) by auto. reflexivity. Qed.
Lemma late_positive : forall e C r d k j, 0 < C -> grows e C r d k j -> late (fun n => 0 < e n). Proof. exact grows_nonneg. Qed.
Lemma late_negative : forall e C r d k j, C < 0 -> grows e C r d k j -> late (fun n => e n < 0).
Proof. intros e C r d k j HC H. generalize (grows_nonneg _ (- C) r d k j ltac:(lra) (grows_opp _ _ _ _ _ _ H)). apply late_imp. intros n A. lra. Qed.
Lemma first_order_nonneg : forall (T a g : nat -> R) j n0, (1 <= j)%nat -> (1 <= n0)%nat -> (forall n, (n < n0)%nat -> 0 <= T n) -> (forall n, (n0 <= n)%nat -> 0 <= a n) -> (forall n, (n0 <= n)%nat -> 0 <= g n) ->
  (forall n, (n0 <= n)%nat -> T n = a n * T (n - j)%nat + g n) -> forall n, 0 <= T n.
Proof.
  intros T a g j n0 Hj H0 B A G E n. induction n as [n IH] using lt_wf_ind. destruct (le_lt_dec n0 n) as [L|L]; [|apply B, L]. rewrite E by assumption.
  specialize (A n L). specialize (G n L). specialize (IH (n - j)%nat ltac:(lia)). assert (0 <= a n * T (n - j)%nat) by (apply Rmult_le_pos; assumption). lra.
Qed.
Lemma first_order_positive : forall (T a g : nat -> R) j n0, (1 <= j)%nat -> (1 <= n0)%nat -> (forall n, (n < n0)%nat -> 0 < T n) -> (forall n, (n0 <= n)%nat -> 0 < a n) -> (forall n, (n0 <= n)%nat -> 0 <= g n) ->
  (forall n, (n0 <= n)%nat -> T n = a n * T (n - j)%nat + g n) -> forall n, 0 < T n.
Proof.
  intros T a g j n0 Hj H0 B A G E n. induction n as [n IH] using lt_wf_ind. destruct (le_lt_dec n0 n) as [L|L]; [|apply B, L]. rewrite E by assumption.
  specialize (A n L). specialize (G n L). specialize (IH (n - j)%nat ltac:(lia)). assert (0 < a n * T (n - j)%nat) by (apply Rmult_lt_0_compat; assumption). lra.
Qed.
(* F T n = F T' n for T, T' that agree below n *)
Ltac same_values H := first [reflexivity | lazymatch goal with
  | |- sum_nat _ _ _ = sum_nat _ _ _ => apply sum_nat_ext; intros; cbv beta; same_values H
  | |- _ + _ = _ + _ => apply f_equal2; same_values H
  | |- _ * _ = _ * _ => apply f_equal2; same_values H
  | |- - _ = - _ => apply f_equal; same_values H
  | |- _ - _ = _ - _ => apply f_equal2; same_values H
  | |- _ => apply H; lia end].
Ltac nonzero := repeat split; first [apply Rgt_not_eq; first [lra | nra] | apply Rlt_not_eq; first [lra | nra]].
Ltac close_xlexpos := unfold xlexpos; first [left; lra | right; split; [lra|]; first [left; lra | right; split; [lra|]; first [left; lra | right; split; [lra|]; first [left; lra | right; split; [lra | close_lexpos]]]]].
Lemma above_same : forall F r d k j r' d' k' j', bounded_above F (Sc r d k j) -> r = r' -> d = d' -> k = k' -> j = j' -> bounded_above F (Sc r' d' k' j'). Proof. intros; subst; assumption. Qed.
Lemma below_same : forall F r d k j r' d' k' j', bounded_below F (Sc r d k j) -> r = r' -> d = d' -> k = k' -> j = j' -> bounded_below F (Sc r' d' k' j'). Proof. intros; subst; assumption. Qed.
Lemma plain_class : forall T r d k j, bounded_above T (XSc 0 0 0 r d k j) /\ bounded_below T (XSc 0 0 0 r d k j) -> bounded_above T (Sc r d k j) /\ bounded_below T (Sc r d k j).
Proof. intros T r d k j. apply same_class. intros n. apply XSc_plain. Qed.
Lemma Rpower_half : forall x, 0 < x -> Rpower x (1 / 2) = sqrt x. Proof. intros x H. rewrite <- Rpower_sqrt by assumption. f_equal. lra. Qed.
