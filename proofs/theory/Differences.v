(* Differences of classes over a small step:  Sc(n) - Sc(r(n)) for r(n) = n - o(n), and what follows: sums of functions with a class,
   log n!, and recurrences T(n) = T(r(n)) + g(n).
   Source: -log(1 - x) ~ x and 1 - e^(-x) ~ x for x -> 0; Stolz and Cesaro. *)
From Coq Require Import Reals Lra Lia List Arith.
From Aalp Require Import Analysis Recurrence AkraBazzi Growth Calls History.
Import ListNotations.
Open Scope R_scope.

Section Small.
Variables (x : nat -> R) (C r d k j : R).
Hypothesis C_pos : 0 < C.
Hypothesis small : lexpos (- r) (- d) (- k) (- j).
Hypothesis G : grows x C r d k j.
Lemma small_range : late (fun n => 0 < x n <= 1 / 2).
Proof.
  destruct (grows_bounds x C r d k j C_pos G) as (N & H). destruct (Sc_vanishes r d k j small (1 / (4 * C)) ltac:(apply div_pos; lra)) as (M & V).
  exists (Nat.max N M). intros n Hn. specialize (H n ltac:(lia)). specialize (V n ltac:(lia)). unfold R_dist in V. pose proof (Sc_pos r d k j n) as P.
  rewrite Rminus_0_r, Rabs_right in V by lra. split; [assert (0 < C / 2 * Sc r d k j n) by (apply Rmult_lt_0_compat; lra); lra|].
  apply Rle_trans with (1 := proj2 H). apply Rlt_le in V. apply Rmult_le_compat_l with (r := 2 * C) in V; [|lra]. replace (2 * C * (1 / (4 * C))) with (1 / 2) in V by (field; lra). exact V.
Qed.
Lemma small_same : forall y : nat -> R, (forall n, 0 < x n <= 1 / 2 -> Rabs (y n - x n) <= 2 * (x n * x n)) -> grows y C r d k j.
Proof.
  intros y Hy. unfold grows in *. apply (cv_all (fun n => x n / Sc r d k j n + (y n - x n) / Sc r d k j n)); [intros n; unfold Rdiv; ring|].
  replace C with (C + 0) by ring. apply CV_plus; [exact G|]. apply (cv_squeeze _ (fun n => Rabs (2 * ((x n / Sc r d k j n) * (x n / Sc r d k j n) * Sc r d k j n)))).
  - intros n. apply Rabs_pos.
  - generalize small_range. apply late_imp. intros n Hn. pose proof (Sc_pos r d k j n) as P. unfold Rdiv at 1. rewrite Rabs_mult, (Rabs_right (/ _)) by (left; apply Rinv_0_lt_compat, P).
    apply Rle_trans with (2 * (x n * x n) * / Sc r d k j n); [apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, P | apply Hy, Hn]|].
    apply Rle_trans with (2 := Rle_abs _). right. field. lra.
  - rewrite <- Rabs_R0. apply (cv_cvabs (fun n => 2 * (x n / Sc r d k j n * (x n / Sc r d k j n) * Sc r d k j n)) 0).
    replace 0 with (2 * (C * C * 0)) by ring. apply CV_mult; [apply cv_const|]. apply CV_mult; [apply CV_mult; exact G | apply Sc_vanishes, small].
Qed.
Lemma small_log : grows (fun n => - ln (1 - x n)) C r d k j.
Proof.
  apply small_same. intros n H. pose proof (ln_le_minus_one (1 - x n) ltac:(lra)) as A. pose proof (ln_le_minus_one (/ (1 - x n)) ltac:(apply Rinv_0_lt_compat; lra)) as B.
  rewrite ln_Rinv in B by lra. assert (E : / (1 - x n) - 1 <= x n + 2 * (x n * x n)).
  { replace (/ (1 - x n) - 1) with (x n / (1 - x n)) by (field; lra). apply div_le; [lra|]. nra. }
  apply Rabs_le. split; [assert (0 <= x n * x n) by nra; lra | lra].
Qed.
Lemma small_exp : grows (fun n => 1 - exp (- x n)) C r d k j.
Proof.
  apply small_same. intros n H. pose proof (exp_tangent (- x n)) as A. pose proof (exp_tangent (x n)) as B. rewrite exp_Ropp in *.
  assert (E : / exp (x n) <= / (1 + x n)) by (apply Rinv_le_contravar; lra). assert (F : / (1 + x n) <= 1 - x n + x n * x n).
  { apply Rmult_le_reg_l with (1 + x n); [lra|]. rewrite Rinv_r by lra. nra. }
  apply Rabs_le. split; [lra | assert (0 <= x n * x n) by nra; lra].
Qed.
End Small.

(* ---- Sc(n) - Sc(r(n)) ---- *)
Section Step.
Variables (r : nat -> nat) (D e k' j' : R).
Hypothesis D_pos : 0 < D.
Hypothesis step : grows (fun n => INR n - INR (r n)) D 0 e k' j'.
Hypothesis slow : lexpos 0 (1 - e) (- k') (- j').
Ltac lex := unfold lexpos in slow; destruct slow as [?|[? [?|[? [?|[? ?]]]]]]; try (exfalso; lra); close_lexpos.
Lemma relative_step : grows (fun n => (INR n - INR (r n)) / INR n) D 0 (e - 1) k' j'.
Proof.
  pose proof (grows_div _ _ _ 1 _ _ _ _ _ _ _ _ R1_neq_R0 step grows_n) as X. refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); first [lra | field].
Qed.
Lemma ln_step : grows (fun n => ln (INR n) - ln (INR (r n))) D 0 (e - 1) k' j'.
Proof.
  assert (L : lexpos (- 0) (- (e - 1)) (- k') (- j')) by lex. pose proof (small_log _ D 0 (e - 1) k' j' D_pos L relative_step) as X.
  refine (cv_late _ _ _ _ X). generalize (late_and _ _ (small_range _ D 0 (e - 1) k' j' D_pos L relative_step) (late_of _ (eventually_above 1))). apply late_imp. intros n [[A B] P].
  f_equal. assert (Q : 0 < INR (r n)). { apply Rmult_le_compat_r with (r := INR n) in B; [|lra]. replace ((INR n - INR (r n)) / INR n * INR n) with (INR n - INR (r n)) in B by (field; lra). lra. }
  replace (1 - (INR n - INR (r n)) / INR n) with (INR (r n) * / INR n) by (field; lra). rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra). ring.
Qed.
Lemma ratio_step : forall (F : nat -> R) (S : nat -> R) C1 r1 d1 k1 j1 r2 d2 k2 j2, 0 < C1 -> lexpos (- (r1 - r2)) (- (d1 - d2)) (- (k1 - k2)) (- (j1 - j2)) ->
  grows (fun n => S n - F n) C1 r1 d1 k1 j1 -> grows S 1 r2 d2 k2 j2 ->
  grows (fun n => ln (S n) - ln (F n)) C1 (r1 - r2) (d1 - d2) (k1 - k2) (j1 - j2).
Proof.
  intros F S C1 r1 d1 k1 j1 r2 d2 k2 j2 HC L A B.
  assert (X : grows (fun n => (S n - F n) / S n) C1 (r1 - r2) (d1 - d2) (k1 - k2) (j1 - j2)).
  { pose proof (grows_div _ _ _ 1 _ _ _ _ _ _ _ _ R1_neq_R0 A B) as X. refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); first [lra | field]. }
  refine (cv_late _ _ _ _ (small_log _ C1 _ _ _ _ HC L X)).
  generalize (late_and _ _ (small_range _ C1 _ _ _ _ HC L X) (grows_nonneg S 1 r2 d2 k2 j2 Rlt_0_1 B)). apply late_imp. intros n [[P P'] Q].
  f_equal. assert (Q' : 0 < F n). { apply Rmult_le_compat_r with (r := S n) in P'; [|lra]. replace ((S n - F n) / S n * S n) with (S n - F n) in P' by (field; lra). lra. }
  replace (1 - (S n - F n) / S n) with (F n * / S n) by (field; lra). rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra). ring.
Qed.
Lemma lnln_step : grows (fun n => ln (ln (INR n)) - ln (ln (INR (r n)))) D 0 (e - 1) (k' - 1) j'.
Proof.
  pose proof (ratio_step (fun n => ln (INR (r n))) (fun n => ln (INR n)) D 0 (e - 1) k' j' 0 0 1 0 D_pos ltac:(lex) ln_step grows_ln_n) as X.
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); lra.
Qed.
Lemma lnlnln_step : grows (fun n => ln (ln (ln (INR n))) - ln (ln (ln (INR (r n))))) D 0 (e - 1) (k' - 1) (j' - 1).
Proof.
  pose proof (ratio_step (fun n => ln (ln (INR (r n)))) (fun n => ln (ln (INR n))) D 0 (e - 1) (k' - 1) j' 0 0 0 1 D_pos ltac:(lex) lnln_step grows_lnln_n) as X.
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); lra.
Qed.
Lemma times : forall c f C1 r1 d1 k1 j1, grows f C1 r1 d1 k1 j1 -> grows (fun n => c * f n) (c * C1) r1 d1 k1 j1.
Proof. intros c f C1 r1 d1 k1 j1 H. pose proof (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ (grows_const c) H) as X. refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); ring. Qed.
Lemma exponent_step : forall p k j, 0 < p -> grows (fun n => exponent 0 p k j (INR n) - exponent 0 p k j (INR (r n))) (p * D) 0 (e - 1) k' j'.
Proof.
  intros p k j Hp. assert (X : grows (fun n => p * (ln (INR n) - ln (INR (r n))) + (k * (ln (ln (INR n)) - ln (ln (INR (r n)))) + j * (ln (ln (ln (INR n))) - ln (ln (ln (INR (r n)))))))
    (p * D) 0 (e - 1) k' j').
  { refine (grows_add_l _ _ _ _ _ _ _ _ _ _ _ _ _ (times p _ _ _ _ _ _ ln_step) (grows_add_l _ _ _ _ _ _ _ _ _ _ _ _ _ (times k _ _ _ _ _ _ lnln_step) (times j _ _ _ _ _ _ lnlnln_step))); lex. }
  refine (cv_all _ _ _ _ X). intros n. f_equal. unfold exponent. ring.
Qed.
Lemma exponent_step_log : forall k j, 0 < k -> grows (fun n => exponent 0 0 k j (INR n) - exponent 0 0 k j (INR (r n))) (k * D) 0 (e - 1) (k' - 1) j'.
Proof.
  intros k j Hk. assert (X : grows (fun n => k * (ln (ln (INR n)) - ln (ln (INR (r n)))) + j * (ln (ln (ln (INR n))) - ln (ln (ln (INR (r n)))))) (k * D) 0 (e - 1) (k' - 1) j').
  { refine (grows_add_l _ _ _ _ _ _ _ _ _ _ _ _ _ (times k _ _ _ _ _ _ lnln_step) (times j _ _ _ _ _ _ lnlnln_step)); lex. }
  refine (cv_all _ _ _ _ X). intros n. f_equal. unfold exponent. ring.
Qed.
Lemma class_step_of : forall p k j C1 d1 k1 j1, 0 < C1 -> lexpos (- 0) (- d1) (- k1) (- j1) -> grows (fun n => exponent 0 p k j (INR n) - exponent 0 p k j (INR (r n))) C1 0 d1 k1 j1 ->
  grows (fun n => Sc 0 p k j n - Sc 0 p k j (r n)) C1 0 (p + d1) (k + k1) (j + j1).
Proof.
  intros p k j C1 d1 k1 j1 HC L X. pose proof (small_exp _ C1 0 d1 k1 j1 HC L X) as Y.
  assert (Z : grows (Sc 0 p k j) 1 0 p k j). { apply grows_exact. exists 0%nat. intros n _. ring. }
  pose proof (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ Z Y) as W. refine (grows_ext _ _ _ _ _ _ _ _ (grows_same _ _ _ _ _ _ _ _ _ _ _ W _ _ _ _ _)); [|lra..].
  intros n. unfold Sc. rewrite Rmult_minus_distr_l, <- exp_plus, Rmult_1_r. f_equal. f_equal. ring.
Qed.
Theorem class_step : forall p k j, 0 < p -> grows (fun n => Sc 0 p k j n - Sc 0 p k j (r n)) (p * D) 0 (p + e - 1) (k + k') (j + j').
Proof.
  intros p k j Hp. pose proof (class_step_of p k j (p * D) (e - 1) k' j' ltac:(apply Rmult_lt_0_compat; assumption) ltac:(lex) (exponent_step p k j Hp)) as X.
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); lra.
Qed.
Theorem class_step_log : forall k j, 0 < k -> grows (fun n => Sc 0 0 k j n - Sc 0 0 k j (r n)) (k * D) 0 (e - 1) (k + k' - 1) (j + j').
Proof.
  intros k j Hk. pose proof (class_step_of 0 k j (k * D) (e - 1) (k' - 1) j' ltac:(apply Rmult_lt_0_compat; assumption) ltac:(lex) (exponent_step_log k j Hk)) as X.
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); lra.
Qed.
End Step.

(* ---- T(n) = T(r(n)) + g(n) ---- *)
Section Telescoped.
Variables (T g U : nat -> R) (r : nat -> nat).
Hypothesis U_pos : late (fun n => 0 < U n).
Hypothesis far : forall m, late (fun n => (m <= r n < n)%nat).
Hypothesis nonneg : late (fun n => 0 <= g n).
Let l : list term := [Term 1 0 r].
Lemma telescoped_calls : forall m, late (fun n => (m <= r n < n)%nat) -> exists N, calls_in (fun _ _ => 1) m N (single l).
Proof. intros m (N & H). exists N. intros l' t n -> [<-|[]] Hn. split; [lra | apply H, Hn]. Qed.
Theorem telescoped_upper : forall C, 0 < C -> late (fun n => T n <= T (r n) + g n) -> late (fun n => g n <= C * (U n - U (r n))) -> bounded_above T U.
Proof.
  intros C HC (N1 & HT) (N2 & HG). destruct U_pos as (n1 & HU). destruct nonneg as (N3 & Hg). destruct (telescoped_calls n1 (far n1)) as (N4 & Hr).
  set (N := Nat.max (Nat.max n1 N1) (Nat.max (Nat.max N2 N3) N4)).
  destruct (compare_upper (fun _ _ => 1) T (fun n => C * U n) g (single l) n1 N) as (K & HK & B).
  - intros l' t n Bl Ht Hn. apply (Hr l'); try assumption. unfold N in Hn; lia.
  - intros n Hn. exists l. split; [reflexivity|]. cbn [rsum l tr]. specialize (HT n ltac:(unfold N in Hn; lia)). lra.
  - intros l' n -> Hn. cbn [rsum l tr]. specialize (HG n ltac:(unfold N in Hn; lia)). lra.
  - intros n Hn. apply Rmult_lt_0_compat; [exact HC | apply HU; lia].
  - intros n Hn. apply Hg. unfold N in Hn; lia.
  - exists (K * C), n1. split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. rewrite Rmult_assoc. apply B, Hn.
Qed.
Theorem telescoped_lower : forall C, 0 < C -> late (fun n => 0 < T n) -> late (fun n => T (r n) + g n <= T n) -> late (fun n => C * (U n - U (r n)) <= g n) -> bounded_below T U.
Proof.
  intros C HC (M & P) (N1 & HT) (N2 & HG). destruct nonneg as (N3 & Hg). destruct (telescoped_calls M (far M)) as (N4 & Hr).
  set (N := Nat.max (Nat.max M N1) (Nat.max (Nat.max N2 N3) N4)).
  destruct (compare_lower (fun _ _ => 1) T (fun n => C * U n) g (single l) M N) as (K & HK & B).
  - intros l' t n Bl Ht Hn. apply (Hr l'); try assumption. unfold N in Hn; lia.
  - intros n Hn. exists l. split; [reflexivity|]. cbn [rsum l tr]. specialize (HT n ltac:(unfold N in Hn; lia)). lra.
  - intros l' n -> Hn. cbn [rsum l tr]. specialize (HG n ltac:(unfold N in Hn; lia)). lra.
  - intros n Hn. apply P. lia.
  - intros n Hn. apply Hg. unfold N in Hn; lia.
  - exists (K * C), M. split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. rewrite Rmult_assoc. apply B, Hn.
Qed.
End Telescoped.
(* both from growth: g and U(n) - U(r(n)) have the same class *)
Theorem telescoped : forall T g r p k j K d' k' j' C, late (fun n => T n = T (r n) + g n) -> late (fun n => 0 < T n) -> (forall m, late (fun n => (m <= r n < n)%nat)) ->
  0 < K -> 0 < C -> grows (fun n => Sc 0 p k j n - Sc 0 p k j (r n)) K 0 d' k' j' -> grows g C 0 d' k' j' -> bounded_above T (Sc 0 p k j) /\ bounded_below T (Sc 0 p k j).
Proof.
  intros T g r p k j K d' k' j' C E P F HK HC GU GG. pose proof (grows_bounds _ _ _ _ _ _ HK GU) as BU. pose proof (grows_bounds _ _ _ _ _ _ HC GG) as BG.
  assert (UP : late (fun n => 0 < Sc 0 p k j n)) by (exists 0%nat; intros; apply Sc_pos).
  assert (NN : late (fun n => 0 <= g n)). { revert BG. apply late_imp. intros n [A _]. apply Rle_trans with (2 := A). apply Rmult_le_pos; [lra | left; apply Sc_pos]. }
  split.
  - apply (telescoped_upper T g _ r UP F NN (4 * C / K)); [apply div_pos; lra | revert E; apply late_imp; intros n ->; lra|].
    generalize (late_and _ _ BU BG). apply late_imp. intros n [[A _] [_ B]]. apply Rle_trans with (1 := B).
    apply Rmult_le_compat_l with (r := 4 * C / K) in A; [|left; apply div_pos; lra]. apply Rle_trans with (2 := A). right. field. lra.
  - apply (telescoped_lower T g _ r F NN (C / (4 * K))); [apply div_pos; lra | exact P | revert E; apply late_imp; intros n ->; lra|].
    generalize (late_and _ _ BU BG). apply late_imp. intros n [[_ A] [B _]]. apply Rle_trans with (2 := B).
    apply Rmult_le_compat_l with (r := C / (4 * K)) in A; [|left; apply div_pos; lra]. apply Rle_trans with (1 := A). right. field. lra.
Qed.

(* ---- sums ---- *)
Lemma stolz : forall u v : nat -> R, forall L, late (fun n => 0 < v (S n) - v n) -> (forall M, late (fun n => M <= v n)) ->
  Un_cv (fun n => (u (S n) - u n) / (v (S n) - v n)) L -> Un_cv (fun n => u n / v n) L.
Proof.
  intros u v L (N1 & I) Inf H eps He. destruct (H (eps / 2) ltac:(lra)) as (N2 & B). set (N := Nat.max N1 N2).
  assert (S1 : forall m, Rabs (u (N + m)%nat - L * v (N + m)%nat - (u N - L * v N)) <= eps / 2 * (v (N + m)%nat - v N)).
  { induction m as [|m IH]; [rewrite Nat.add_0_r; rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; lra|].
    rewrite Nat.add_succ_r. set (n := (N + m)%nat) in *. specialize (I n ltac:(unfold n, N; lia)). specialize (B n ltac:(unfold n, N; lia)). unfold R_dist in B.
    assert (Q : Rabs ((u (S n) - u n) - L * (v (S n) - v n)) <= eps / 2 * (v (S n) - v n)).
    { replace ((u (S n) - u n) - L * (v (S n) - v n)) with (((u (S n) - u n) / (v (S n) - v n) - L) * (v (S n) - v n)) by (field; lra).
      rewrite Rabs_mult, (Rabs_right (v (S n) - v n)) by lra. apply Rmult_le_compat_r; lra. }
    replace (u (S n) - L * v (S n) - (u N - L * v N)) with ((u (S n) - u n - L * (v (S n) - v n)) + (u n - L * v n - (u N - L * v N))) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _). lra. }
  set (K := Rabs (u N - L * v N) + eps / 2 * Rabs (v N)). assert (HK : 0 <= K) by (unfold K; pose proof (Rabs_pos (u N - L * v N)); pose proof (Rabs_pos (v N)); nra).
  destruct (Inf (Rmax 1 (2 * K / eps + 1))) as (N3 & V). exists (Nat.max N N3). intros n Hn. specialize (V n ltac:(lia)).
  pose proof (Rmax_l 1 (2 * K / eps + 1)). pose proof (Rmax_r 1 (2 * K / eps + 1)). specialize (S1 (n - N)%nat). replace (N + (n - N))%nat with n in S1 by lia.
  unfold R_dist. replace (u n / v n - L) with ((u n - L * v n) / v n) by (field; lra). unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ v n)) by (left; apply Rinv_0_lt_compat; lra).
  apply Rmult_lt_reg_r with (v n); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  assert (A : Rabs (u n - L * v n) <= eps / 2 * (v n - v N) + Rabs (u N - L * v N)).
  { replace (u n - L * v n) with ((u n - L * v n - (u N - L * v N)) + (u N - L * v N)) by ring. apply Rle_trans with (1 := Rabs_triang _ _). lra. }
  pose proof (Rle_abs (- v N)) as Q. rewrite Rabs_Ropp in Q. assert (W : K < eps / 2 * v n).
  { assert (2 * K / eps < v n) by lra. apply Rmult_lt_compat_l with (r := eps / 2) in H2; [|lra]. replace (eps / 2 * (2 * K / eps)) with K in H2 by (field; lra). exact H2. }
  unfold K in W. nra.
Qed.
Lemma unit_step : grows (fun n => INR n - INR (n - 1)) 1 0 0 0 0.
Proof.
  refine (cv_late _ _ _ _ (grows_const 1)). exists 1%nat. intros n Hn. f_equal. rewrite minus_INR by exact Hn. simpl. ring.
Qed.
Lemma shifted : forall e C, Un_cv e C -> Un_cv (fun n => e (S n)) C.
Proof. intros e C H eps He. destruct (H eps He) as (N & B). exists N. intros n Hn. apply B. unfold ge in *. lia. Qed.
(* u(n) - u(n-1) and Sc(n) - Sc(n-1) of the same class *)
Lemma grows_of_steps : forall (u f : nat -> R) p k j K C d' k' j', 0 < K -> lexpos 0 p k j -> grows (fun n => Sc 0 p k j n - Sc 0 p k j (n - 1)) K 0 d' k' j' -> grows f C 0 d' k' j' ->
  (forall n, (1 <= n)%nat -> u n - u (n - 1)%nat = f n) -> grows u (C / K) 0 p k j.
Proof.
  intros u f p k j K C d' k' j' HK L GU GF E. unfold grows. apply stolz.
  - destruct (grows_nonneg _ K _ _ _ _ HK GU) as (N & P). exists N. intros n Hn. specialize (P (S n) ltac:(lia)). rewrite Nat.sub_succ, Nat.sub_0_r in P. exact P.
  - intros M. apply Sc_unbounded, L.
  - pose proof (grows_div _ _ _ K _ _ _ _ _ _ _ _ ltac:(apply Rgt_not_eq; lra) GF GU) as X. apply shifted in X.
    assert (Z : forall n, Sc (0 - 0) (d' - d') (k' - k') (j' - j') (S n) = 1) by (intros n; rewrite !Rminus_diag_eq by reflexivity; apply Sc_0).
    refine (cv_all _ _ _ _ X). intros n. rewrite Z, Nat.sub_succ, Nat.sub_0_r. pose proof (E (S n) ltac:(lia)) as Q. rewrite Nat.sub_succ, Nat.sub_0_r in Q. rewrite Q. unfold Rdiv. rewrite Rinv_1. ring.
Qed.
Lemma sum_step : forall f a n, (S a <= n)%nat -> sum_nat f a n - sum_nat f a (n - 1) = f n.
Proof. intros f a [|n] H; [lia|]. rewrite Nat.sub_succ, Nat.sub_0_r, sum_nat_last by lia. ring. Qed.
Lemma sum_step_one : forall f n, (1 <= n)%nat -> sum_nat f 1 n - sum_nat f 1 (n - 1) = f n.
Proof. intros f [|n] H; [lia|]. rewrite Nat.sub_succ, Nat.sub_0_r, sum_nat_last by lia. ring. Qed.
Theorem grows_sum : forall f C d k j, -1 < d -> grows f C 0 d k j -> grows (fun n => sum_nat f 1 n) (C / (d + 1)) 0 (d + 1) k j.
Proof.
  intros f C d k j Hd G. pose proof (class_step (fun n => (n - 1)%nat) 1 0 0 0 Rlt_0_1 unit_step ltac:(close_lexpos) (d + 1) k j ltac:(lra)) as X.
  apply (grows_of_steps _ f (d + 1) k j (d + 1) C d k j); [lra | close_lexpos | | exact G | intros n Hn; apply sum_step_one, Hn].
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); ring.
Qed.
Theorem grows_sum_log : forall f C k j, -1 < k -> grows f C 0 (-1) k j -> grows (fun n => sum_nat f 1 n) (C / (k + 1)) 0 0 (k + 1) j.
Proof.
  intros f C k j Hk G. pose proof (class_step_log (fun n => (n - 1)%nat) 1 0 0 0 Rlt_0_1 unit_step ltac:(close_lexpos) (k + 1) j ltac:(lra)) as X.
  apply (grows_of_steps _ f 0 (k + 1) j (k + 1) C (-1) k j); [lra | close_lexpos | | exact G | intros n Hn; apply sum_step_one, Hn].
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); ring.
Qed.
Theorem grows_log_fact : grows (fun n => ln (INR (fact n))) 1 0 1 1 0.
Proof.
  pose proof (class_step (fun n => (n - 1)%nat) 1 0 0 0 Rlt_0_1 unit_step ltac:(close_lexpos) 1 1 0 Rlt_0_1) as X.
  refine (grows_same _ _ _ _ _ _ _ _ _ _ _ (grows_of_steps (fun n => ln (INR (fact n))) (fun n => ln (INR n)) 1 1 0 1 1 0 1 0 Rlt_0_1 ltac:(close_lexpos) _ grows_ln_n _) _ _ _ _ _);
    [refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); ring | | field | reflexivity..].
  intros [|n] Hn; [lia|]. rewrite Nat.sub_succ, Nat.sub_0_r. change (fact (S n)) with (S n * fact n)%nat. rewrite mult_INR, ln_mult by (apply lt_0_INR; [lia | apply lt_O_fact] || (apply lt_0_INR, lt_O_fact) || (apply lt_0_INR; lia)). ring.
Qed.
