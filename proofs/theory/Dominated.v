(* Recurrences whose driving function dominates:  T(n) = sum a_i(n) T(r_i(n)) + g(n) = Theta(g(n)),  where the sum of a_i(n) g(r_i(n)) is
   at most rho g(n), rho < 1.  The classes of compositions h(r(n)), and of g = e^h for h of a class. *)
From Coq Require Import Reals Lra Lia List Arith.
From Aalp Require Import Analysis Recurrence AkraBazzi Substitution Growth Calls.
Import ListNotations.
Open Scope R_scope.

(* ---- compositions ---- *)
Lemma grows_ln_of_ln : forall f C, 0 < C -> grows f C 0 0 1 0 -> grows (fun n => ln (f n)) 1 0 0 0 1.
Proof.
  intros f C HC G. apply (grows_near (fun n => ln (ln (INR n))) _ (Rabs (ln C) + ln 2)); [close_lexpos | | exact grows_lnln_n].
  generalize (late_and _ _ (grows_bounds f C 0 0 1 0 HC G) (late_of _ (above_ln 1))). apply late_imp. intros n [[A B] L].
  assert (E : Sc 0 0 1 0 n = ln (INR n)).
  { unfold Sc, exponent. replace (0 * INR n + (0 * ln (INR n) + (1 * ln (ln (INR n)) + 0 * ln (ln (ln (INR n)))))) with (ln (ln (INR n))) by ring. apply exp_ln. lra. }
  rewrite E in A, B. assert (P : 0 < C / 2 * ln (INR n)) by (apply Rmult_lt_0_compat; lra).
  assert (A1 : ln (C / 2 * ln (INR n)) <= ln (f n)) by (apply ln_le; lra). assert (A2 : ln (f n) <= ln (2 * C * ln (INR n))) by (apply ln_le; lra).
  unfold Rdiv in A1. rewrite !ln_mult, ln_Rinv in A1 by lra. rewrite !ln_mult in A2 by lra.
  pose proof (Rle_abs (ln C)). pose proof (Rle_abs (- ln C)) as Q. rewrite Rabs_Ropp in Q. assert (0 < ln 2) by (apply ln_pos; lra). apply Rabs_le. lra.
Qed.
Section Compose.
Variables (r : nat -> nat) (R0 b k' j' : R).
Hypothesis R0_pos : 0 < R0.
Hypothesis b_pos : 0 < b.
Hypothesis G : grows (fun n => INR (r n)) R0 0 b k' j'.
Lemma compose_far : forall m : nat, late (fun n => (m <= r n)%nat).
Proof. intros m. generalize (grows_large _ R0 0 b k' j' R0_pos ltac:(right; split; [reflexivity | left; exact b_pos]) G (INR m)). apply late_imp. intros n. apply INR_le. Qed.
Theorem grows_compose : forall h C d k j, grows h C 0 d k j -> grows (fun n => h (r n)) (C * (Rpower R0 d * Rpower b k)) 0 (d * b) (d * k' + k) (d * j' + j).
Proof.
  intros h C d k j H.
  pose proof (grows_ln _ R0 b k' j' R0_pos b_pos G) as L1. pose proof (grows_ln_of_ln _ b b_pos L1) as L2.
  pose proof (grows_Rpower _ R0 0 b k' j' d R0_pos G) as P1. pose proof (grows_Rpower _ b 0 0 1 0 k b_pos L1) as P2. pose proof (grows_Rpower _ 1 0 0 0 1 j Rlt_0_1 L2) as P3.
  pose proof (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ P1 (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ P2 P3)) as S.
  assert (A : forall eps, 0 < eps -> late (fun n => Rabs (h (r n) / Sc 0 d k j (r n) - C) < eps)).
  { intros eps He. destruct (H eps He) as (N & B). generalize (compose_far N). apply late_imp. intros n Hn. apply (B (r n) Hn). }
  assert (S1 : Un_cv (fun n => h (r n) / Sc 0 d k j (r n)) C). { intros eps He. destruct (A eps He) as (N & B). exists N. intros n Hn. apply B, Hn. }
  assert (S2 : grows (fun n => Sc 0 d k j (r n)) (Rpower R0 d * Rpower b k) 0 (d * b) (d * k' + k) (d * j' + j)).
  { apply (grows_ext (fun n => Rpower (INR (r n)) d * (Rpower (ln (INR (r n))) k * Rpower (ln (ln (INR (r n)))) j))).
    - intros n. unfold Sc, exponent, Rpower. rewrite <- !exp_plus. f_equal. ring.
    - refine (grows_same _ _ _ _ _ _ _ _ _ _ _ S _ _ _ _ _); try ring. unfold Rpower at 3. rewrite ln_1, Rmult_0_r, exp_0. ring. }
  unfold grows in *. pose proof (CV_mult _ _ _ _ S1 S2) as X. refine (cv_all _ _ _ _ X). intros n. pose proof (Sc_pos 0 d k j (r n)). pose proof (Sc_pos 0 (d * b) (d * k' + k) (d * j' + j) n). field. split; lra.
Qed.
End Compose.

(* ---- the driving function dominates ---- *)
Section Dominated.
Variables (calls : nat -> list (R * nat)) (T g : nat -> R) (rho : R).
Hypothesis rho_small : rho < 1.
Hypothesis equation : late (fun n => T n = combine (calls n) T + g n).
Hypothesis smaller : late (fun n => forall a i, In (a, i) (calls n) -> 0 <= a /\ (i < n)%nat).
Hypothesis far : forall m : nat, late (fun n => forall a i, In (a, i) (calls n) -> (m <= i)%nat).
Hypothesis g_pos : late (fun n => 0 < g n).
Hypothesis small : late (fun n => combine (calls n) g <= rho * g n).
Theorem dominated_upper : bounded_above T g.
Proof.
  destruct g_pos as (n1 & P). destruct (far n1) as (N1 & F). destruct equation as (N2 & E). destruct smaller as (N3 & S). destruct small as (N4 & Q).
  set (N := Nat.max n1 (Nat.max (Nat.max N1 N2) (Nat.max N3 N4))).
  destruct (root_upper calls T g g n1 N rho 1) as (C & HC & B).
  - intros n a i Hn Hi. unfold N in Hn. destruct (S n ltac:(lia) a i Hi). split; [assumption|]. split; [apply (F n ltac:(lia) a i Hi) | assumption].
  - exact P.
  - exact rho_small.
  - lra.
  - intros n Hn. apply Q. unfold N in Hn. lia.
  - intros n Hn. pose proof (P n ltac:(unfold N in Hn; lia)). lra.
  - unfold N. lia.
  - intros n Hn. right. apply E. unfold N in Hn. lia.
  - exists C, n1. split; [exact HC | exact B].
Qed.
Theorem dominated_lower : late (fun n => forall i, 0 <= T i) -> bounded_below T g.
Proof.
  intros (M & Z). destruct equation as (N2 & E). destruct smaller as (N3 & S). exists 1, (Nat.max M (Nat.max N2 N3)). split; [lra|]. intros n Hn. rewrite (E n) by lia.
  assert (0 <= combine (calls n) T); [|lra]. apply combine_nonneg. intros a i Hi. destruct (S n ltac:(lia) a i Hi). split; [assumption | apply (Z M (le_n M))].
Qed.
End Dominated.
Lemma below_ratio : forall e C' g C r d k j q, 0 < C -> C' < q * C -> grows e C' r d k j -> grows g C r d k j -> late (fun n => e n <= q * g n).
Proof.
  intros e C' g C r d k j q HC Hq A B. assert (X : Un_cv (fun n => e n / Sc r d k j n - q * (g n / Sc r d k j n)) (C' - q * C)).
  { apply CV_minus; [exact A|]. apply CV_mult; [apply cv_const | exact B]. }
  destruct (X (q * C - C') ltac:(lra)) as (N & H). exists N. intros n Hn. specialize (H n Hn). unfold R_dist in H. apply Rabs_def2 in H. pose proof (Sc_pos r d k j n) as P.
  assert (Q : e n / Sc r d k j n - q * (g n / Sc r d k j n) <= 0) by lra. apply Rmult_le_compat_r with (r := Sc r d k j n) in Q; [|lra].
  replace ((e n / Sc r d k j n - q * (g n / Sc r d k j n)) * Sc r d k j n) with (e n - q * g n) in Q by (field; lra). lra.
Qed.
(* g = e^h: the ratio a(n) g(r(n)) / g(n) vanishes if h(n) - h(r(n)) - log a(n) is unbounded *)
Lemma exp_ratio : forall (a g : nat -> R) (h la : nat -> R) (r : nat -> nat) C d k j q, 0 < q -> 0 < C -> lexpos 0 d k j -> grows (fun n => h n + - (h (r n) + la n)) C 0 d k j ->
  late (fun n => a n = exp (la n)) -> (forall n, (1 <= n)%nat -> g n = exp (h n)) -> late (fun n => (1 <= r n)%nat) -> late (fun n => a n * g (r n) <= q * g n).
Proof.
  intros a g h la r C d k j q Hq HC L G (N1 & A) E (N2 & I). destruct (grows_large _ C 0 d k j HC L G (- ln q)) as (N3 & H). exists (Nat.max 1 (Nat.max N1 (Nat.max N2 N3))). intros n Hn.
  rewrite A, (E n), (E (r n)), <- exp_plus by (try apply I; lia). specialize (H n ltac:(lia)). cbv beta in H. rewrite <- (exp_ln q) at 1 by exact Hq. rewrite <- exp_plus. apply exp_le. lra.
Qed.
Lemma Rpower_below_1 : forall x d, 0 < x < 1 -> 0 < d -> Rpower x d < 1.
Proof.
  intros x d Hx Hd. assert (L : ln x < 0) by (rewrite <- ln_1; apply ln_increasing; lra). unfold Rpower. rewrite <- exp_0. apply exp_increasing.
  assert (0 < d * - ln x) by (apply Rmult_lt_0_compat; lra). lra.
Qed.
Ltac positive_logarithms := repeat match goal with |- context [ln ?c] => lazymatch goal with _ : 0 < ln c |- _ => fail | _ => assert (0 < ln c) by (apply ln_pos; lra) end end.
