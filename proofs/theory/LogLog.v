(* The balanced case of the Akra-Bazzi theorem for driving functions with powers of log log n:
     g = Theta(n^d (log n)^k (log log n)^j),  asum d = 1:   k > -1           T = Theta(n^d (log n)^(k+1) (log log n)^j)
                                                            k = -1, j > -1   T = Theta(n^d (log log n)^(j+1))
   by the potentials phi(L) = L^a (log L)^i, whose differences follow their derivatives. *)
From Coq Require Import Reals Lra Lia List Arith.
From Aalp Require Import Analysis Recurrence AkraBazzi Growth Calls.
Import ListNotations.
Open Scope R_scope.

Definition slope (a i x : R) : R := a * W (a - 1) i x + i * W (a - 1) (i - 1) x.
Lemma W_derivative : forall a i x, 1 < x -> derivable_pt_lim (W a i) x (slope a i x).
Proof.
  intros a i x Hx. assert (L : 0 < ln x) by (apply ln_pos; lra).
  assert (D2 : derivable_pt_lim (fun y => Rpower (ln y) i) x (i * Rpower (ln x) (i - 1) * / x)).
  { apply (derivable_pt_lim_comp ln (fun z => Rpower z i)); [apply derivable_pt_lim_ln; lra | apply derivable_pt_lim_power; exact L]. }
  pose proof (derivable_pt_lim_mult (fun y => Rpower y a) (fun y => Rpower (ln y) i) x _ _ (derivable_pt_lim_power x a ltac:(lra)) D2) as D.
  replace (slope a i x) with (a * Rpower x (a - 1) * Rpower (ln x) i + Rpower x a * (i * Rpower (ln x) (i - 1) * / x)); [exact D|].
  unfold slope, W. assert (E : Rpower x a * / x = Rpower x (a - 1)).
  { unfold Rminus. rewrite Rpower_plus, Rpower_Ropp, Rpower_1 by lra. reflexivity. }
  rewrite <- E. ring.
Qed.
Lemma W_mean : forall a i x y, 1 < x -> x < y -> exists xi, x <= xi <= y /\ W a i y - W a i x = slope a i xi * (y - x).
Proof.
  intros a i x y Hx Hy. destruct (MVT_cor2 (W a i) (slope a i) x y Hy) as (xi & E & H); [intros z Hz; apply W_derivative; lra|].
  exists xi. split; [lra | exact E].
Qed.
(* the derivative is of the order of s W(a', i') *)
Definition comparable (a i a' i' lo hi L0 : R) : Prop := forall x, L0 <= x -> lo * W a' i' x <= slope a i x <= hi * W a' i' x.
Lemma comparable_power : forall a i, 0 < a -> exists L0, 4 <= L0 /\ comparable a i (a - 1) i (a / 2) (2 * a) L0.
Proof.
  intros a i Ha. destruct (ln_unbounded (Rmax 1 (2 * Rabs i / a))) as (x0 & _ & H). exists (Rmax 4 x0). pose proof (Rmax_l 4 x0). pose proof (Rmax_r 4 x0). split; [lra|].
  intros x Hx. specialize (H x ltac:(lra)). pose proof (Rmax_l 1 (2 * Rabs i / a)). pose proof (Rmax_r 1 (2 * Rabs i / a)). unfold slope.
  assert (E : W (a - 1) (i - 1) x * ln x = W (a - 1) i x).
  { unfold W. rewrite Rmult_assoc. f_equal. replace i with (i - 1 + 1) at 2 by ring. rewrite Rpower_plus, Rpower_1 by lra. reflexivity. }
  pose proof (W_pos (a - 1) (i - 1) x) as P. set (w := W (a - 1) (i - 1) x) in *. rewrite <- E.
  assert (B : 2 * Rabs i <= a * ln x). { apply Rmult_le_reg_r with (/ a); [apply Rinv_0_lt_compat, Ha|]. replace (a * ln x * / a) with (ln x) by (field; lra). unfold Rdiv in *. lra. }
  pose proof (Rle_abs i). pose proof (Rle_abs (- i)) as Q. rewrite Rabs_Ropp in Q.
  assert (C1 : - (a / 2 * ln x) * w <= i * w) by (apply Rmult_le_compat_r; lra). assert (C2 : i * w <= (a / 2 * ln x) * w) by (apply Rmult_le_compat_r; lra).
  assert (0 < a * (ln x * w)) by (apply Rmult_lt_0_compat; [exact Ha | apply Rmult_lt_0_compat; lra]). split; lra.
Qed.
Lemma comparable_log : forall i, 0 < i -> comparable 0 i (-1) (i - 1) i i 4.
Proof. intros i Hi x Hx. unfold slope. replace (0 - 1) with (-1) by ring. split; lra. Qed.

Section Potential.
Variables a i a' i' lo hi L0 : R.
Hypothesis low : 4 <= L0.
Hypothesis lo_pos : 0 < lo.
Hypothesis hi_pos : 0 < hi.
Hypothesis C : comparable a i a' i' lo hi L0.
Lemma potential_nondecreasing : nondecreasing (W a i) L0.
Proof.
  intros x y H. destruct (Req_dec x y) as [->|N]; [lra|]. destruct (W_mean a i x y ltac:(lra) ltac:(lra)) as (xi & Hxi & E).
  destruct (C xi ltac:(lra)) as [A _]. assert (0 < lo * W a' i' xi) by (apply Rmult_lt_0_compat; [exact lo_pos | apply W_pos]).
  assert (0 <= slope a i xi * (y - x)) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma potential_drop : forall h L, 0 < h -> 2 * h + 2 * L0 <= L ->
  h * (lo / (near a' * near i')) * W a' i' L <= W a i L - W a i (L - h) <= h * (hi * (near a' * near i')) * W a' i' L.
Proof.
  intros h L Hh HL. destruct (W_mean a i (L - h) L ltac:(lra) ltac:(lra)) as (xi & Hxi & E). rewrite E. replace (L - (L - h)) with h by ring.
  destruct (C xi ltac:(lra)) as [A B]. pose proof (W_near a' i' L xi ltac:(lra) ltac:(lra)) as N1. pose proof (W_near a' i' xi L ltac:(lra) ltac:(lra)) as N2.
  pose proof (near_pos a'). pose proof (near_pos i'). set (D := near a' * near i') in *. assert (HD : 0 < D) by (apply Rmult_lt_0_compat; assumption). pose proof (W_pos a' i' L). pose proof (W_pos a' i' xi). split.
  - replace (h * (lo / D) * W a' i' L) with (lo * (W a' i' L / D) * h) by (field; lra). apply Rmult_le_compat_r; [lra|]. apply Rle_trans with (2 := A). apply Rmult_le_compat_l; [lra|].
    apply div_le; [exact HD|]. rewrite Rmult_comm. exact N1.
  - replace (h * (hi * D) * W a' i' L) with (hi * (D * W a' i' L) * h) by ring. apply Rmult_le_compat_r; [lra|]. apply Rle_trans with (1 := B). apply Rmult_le_compat_l; lra.
Qed.
End Potential.
Lemma slow_W : forall a i, slow (W a i).
Proof.
  intros a i e He. destruct (slow_pow a (e / 2) ltac:(lra)) as (L1 & H1). destruct (pow_slow i (e / 2) ltac:(lra)) as (L2 & _ & H2). destruct (ln_unbounded L2) as (x0 & X0 & H3).
  exists (Rmax L1 (Rmax 1 x0)). pose proof (Rmax_l L1 (Rmax 1 x0)). pose proof (Rmax_r L1 (Rmax 1 x0)). pose proof (Rmax_l 1 x0). pose proof (Rmax_r 1 x0). intros x y Hxy. unfold W.
  specialize (H1 x y ltac:(lra)). specialize (H2 (ln x) (ln y) ltac:(split; [apply H3; lra | apply ln_le; lra])). destruct H2 as [_ H2].
  destruct (ln_diff x y ltac:(lra)) as [D0 D]. assert (D1 : ln y - ln x <= y - x). { apply Rle_trans with (1 := D). apply div_le; [lra|]. assert (0 <= (y - x) * (x - 1)) by (apply Rmult_le_pos; lra). lra. }
  replace (Rpower x a * Rpower (ln x) i * exp (e * (y - x))) with ((Rpower x a * exp (e / 2 * (y - x))) * (exp (e / 2 * (y - x)) * Rpower (ln x) i)).
  2:{ replace (e * (y - x)) with (e / 2 * (y - x) + e / 2 * (y - x)) by field. rewrite exp_plus. ring. }
  apply Rmult_le_compat; [left; apply Rpower_pos | left; apply Rpower_pos | exact H1|]. apply Rle_trans with (1 := H2).
  apply Rmult_le_compat_r; [left; apply Rpower_pos|]. apply exp_le. apply Rmult_le_compat_l; lra.
Qed.
(* the driving function around n *)
Lemma W3_near : forall d k j, eventually (fun x => forall y, x / 2 <= y <= 2 * x -> Rpower x d * W k j (ln x) <= (near d * (near k * near j)) * (Rpower y d * W k j (ln y)) /\
  Rpower y d * W k j (ln y) <= (near d * (near k * near j)) * (Rpower x d * W k j (ln x))).
Proof.
  intros d k j. destruct (ln_unbounded 8) as (x0 & X0 & H). exists (Rmax 8 x0). pose proof (Rmax_l 8 x0). pose proof (Rmax_r 8 x0). intros x Hx y Hy. specialize (H x ltac:(lra)).
  pose proof (ln_near x y ltac:(lra) Hy) as N. pose proof (W_near k j (ln x) (ln y) ltac:(lra) N) as N1. pose proof (W_near k j (ln y) (ln x) ltac:(lra) ltac:(lra)) as N2.
  pose proof (pow_near d x y ltac:(lra) Hy) as P1. pose proof (pow_near d y x ltac:(lra) ltac:(lra)) as P2. pose proof (near_pos d). pose proof (near_pos k). pose proof (near_pos j).
  assert (S : forall A B D E F G : R, 0 <= A -> 0 <= B -> A <= D * E -> B <= F * G -> A * B <= D * F * (E * G)).
  { intros A B D E F G HA HB Q1 Q2. apply Rle_trans with ((D * E) * (F * G)); [apply Rmult_le_compat; assumption | right; ring]. }
  split; (apply S; [left; apply Rpower_pos | left; apply W_pos | assumption | assumption]).
Qed.

Section Balanced.
Variable loc : nat -> R.
Hypothesis Hloc : scale loc.
Variables (T g : nat -> R) (branch : list term -> Prop) (al be c dl : R) (n0 : nat) (ca : term -> nat -> R).
Hypothesis OK : perturbed loc al be c dl n0 branch ca.
Variables a i k j lo hi L0 : R.
Hypothesis low : 4 <= L0.
Hypothesis lo_pos : 0 < lo.
Hypothesis hi_pos : 0 < hi.
Hypothesis C : comparable a i k j lo hi L0.
Theorem loglog_upper : forall d Gc, approx_below ca T g n0 branch -> (forall l, branch l -> asum l d <= 1) -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * (Rpower (loc n) d * W k j (ln (loc n)))) ->
  exists K N, 0 < K /\ forall n, (N <= n)%nat -> T n <= K * (Rpower (loc n) d * W a i (ln (loc n))).
Proof.
  intros d Gc HT HA HG Hg. destruct (drop_pos loc branch al be c dl n0 ca OK) as [Hh _]. set (h := - ln be) in *.
  pose proof (near_pos d). pose proof (near_pos k). pose proof (near_pos j). set (D := near d * (near k * near j)).
  assert (HD : 0 < D) by (apply Rmult_lt_0_compat; [assumption | apply Rmult_lt_0_compat; assumption]). set (E := h * (lo / (near k * near j))).
  assert (HE : 0 < E) by (apply Rmult_lt_0_compat; [assumption | apply div_pos; [exact lo_pos | apply Rmult_lt_0_compat; assumption]]).
  set (K := (Gc * D + 1) / E). assert (HGD : 0 <= Gc * D) by (apply Rmult_le_pos; lra). assert (HK : 0 < K) by (apply div_pos; lra).
  destruct (potential_upper loc Hloc T g branch al be c dl n0 ca OK d (fun L => K * W a i L) (fun L => Gc * D * W k j L) (fun x => Gc * (Rpower x d * W k j (ln x))) L0 HA) as (Q & N & HQ & B); auto.
  - intros L _. apply Rmult_lt_0_compat; [exact HK | apply W_pos].
  - apply scale_nondecreasing; [exact HK | exact (potential_nondecreasing a i k j lo hi L0 low lo_pos C)].
  - apply slow_scale; [exact HK | apply slow_W].
  - exists (2 * h + 2 * L0). intros L HL. replace (L + ln be) with (L - h) by (unfold h; ring).
    destruct (potential_drop a i k j lo hi L0 low lo_pos hi_pos C h L Hh HL) as [A _]. fold E in A. pose proof (W_pos k j L).
    rewrite <- Rmult_minus_distr_l. apply Rle_trans with (K * (E * W k j L)); [|apply Rmult_le_compat_l; lra].
    replace (K * (E * W k j L)) with ((Gc * D + 1) * W k j L) by (unfold K; field; lra). apply Rmult_le_compat_r; lra.
  - destruct (W3_near d k j) as (x0 & N). exists x0. intros x Hx y Hy. destruct (N x Hx y Hy) as [A _]. fold D in A.
    replace (Rpower y d * (Gc * D * W k j (ln y))) with (Gc * (D * (Rpower y d * W k j (ln y)))) by ring. apply Rmult_le_compat_l; assumption.
  - exists (Q * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. apply Rle_trans with (1 := B n Hn). right. unfold V. ring.
Qed.
Theorem loglog_lower : forall d Gc, approx_above ca T g n0 branch -> (forall l, branch l -> 1 <= asum l d) -> 0 < Gc ->
  late (fun n => Gc * (Rpower (loc n) d * W k j (ln (loc n))) <= g n) -> late (fun n => 0 <= g n) -> late (fun n => 0 < T n) ->
  exists K N, 0 < K /\ forall n, (N <= n)%nat -> K * (Rpower (loc n) d * W a i (ln (loc n))) <= T n.
Proof.
  intros d Gc HT HA HG Hg Hg0 HP. destruct (drop_pos loc branch al be c dl n0 ca OK) as [Hh0 Hh1]. set (h := - ln al) in *. assert (Hh : 0 < h) by lra.
  pose proof (near_pos d). pose proof (near_pos k). pose proof (near_pos j). set (D := near d * (near k * near j)).
  assert (HD : 0 < D) by (apply Rmult_lt_0_compat; [assumption | apply Rmult_lt_0_compat; assumption]). set (E := h * (hi * (near k * near j))).
  assert (HE : 0 < E) by (apply Rmult_lt_0_compat; [assumption | apply Rmult_lt_0_compat; [exact hi_pos | apply Rmult_lt_0_compat; assumption]]).
  set (K := Gc / D / E). assert (HGD : 0 < Gc / D) by (apply div_pos; assumption). assert (HK : 0 < K) by (apply div_pos; assumption).
  destruct (potential_lower loc Hloc T g branch al be c dl n0 ca OK d (fun L => K * W a i L) (fun L => Gc / D * W k j L) (fun x => Gc * (Rpower x d * W k j (ln x))) L0 HA) as (Q & N & HQ & B); auto.
  - intros L _. apply Rmult_lt_0_compat; [exact HK | apply W_pos].
  - apply scale_nondecreasing; [exact HK | exact (potential_nondecreasing a i k j lo hi L0 low lo_pos C)].
  - apply slow_scale; [exact HK | apply slow_W].
  - exists (2 * h + 2 * L0). intros L HL. replace (L + ln al) with (L - h) by (unfold h; ring).
    destruct (potential_drop a i k j lo hi L0 low lo_pos hi_pos C h L Hh HL) as [_ A]. fold E in A. pose proof (W_pos k j L).
    rewrite <- Rmult_minus_distr_l. apply Rle_trans with (K * (E * W k j L)); [apply Rmult_le_compat_l; lra|]. right. unfold K. field. lra.
  - destruct (W3_near d k j) as (x0 & N). exists x0. intros x Hx y Hy. destruct (N x Hx y Hy) as [_ A]. fold D in A.
    replace (Rpower y d * (Gc / D * W k j (ln y))) with (Gc * (Rpower y d * W k j (ln y) / D)) by (field; lra). apply Rmult_le_compat_l; [lra|].
    apply div_le; [exact HD|]. lra.
  - exists (Q * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. apply Rle_trans with (2 := B n Hn). right. unfold V. ring.
Qed.
End Balanced.

(* ---- for calls on the scale n ---- *)
Lemma W3_class : forall d k j, late (fun n => Rpower (INR n) d * W k j (ln (INR n)) = Sc 0 d k j n).
Proof. intros d k j. exists 0%nat. intros n _. unfold W, Sc, exponent, Rpower. rewrite <- !exp_plus. f_equal. ring. Qed.
Section Calls.
Variables (dl : R) (ca : term -> nat -> R).
Hypothesis dl_pos : 0 < dl.
Variable ls : list (list term).
Hypothesis calls : forall l t, In l ls -> In t l -> regular INR dl ca t.
Variables T g : nat -> R.
Hypothesis nonneg : late (fun n => 0 <= g n).
Variables G d k j : R.
Hypothesis G_pos : 0 < G.
Hypothesis growth : grows g G 0 d k j.
Variables a i lo hi L0 : R.
Hypothesis low : 4 <= L0.
Hypothesis lo_pos : 0 < lo.
Hypothesis hi_pos : 0 < hi.
Hypothesis C : comparable a i k j lo hi L0.
Lemma driving_3 : late (fun n => G / 2 * (Rpower (INR n) d * W k j (ln (INR n))) <= g n <= 2 * G * (Rpower (INR n) d * W k j (ln (INR n)))).
Proof. generalize (late_and _ _ (W3_class d k j) (grows_bounds g G 0 d k j G_pos growth)). apply late_imp. intros n [E H]. rewrite E. exact H. Qed.
Theorem calls_loglog_upper : late (fun n => exists l, In l ls /\ T n <= rsum (fun t => ca t n * T (tr t n)) l + g n) -> (forall l, In l ls -> asum l d <= 1) -> bounded_above T (Sc 0 d a i).
Proof.
  intros E S. destruct (start_above INR dl ca dl_pos ls calls T g E) as (al & be & c & N & OK & HT). apply (above_late T _ _ (W3_class d a i)).
  apply (loglog_upper INR scale_INR T g (branches ls) al be c dl N ca OK a i k j lo hi L0 low lo_pos hi_pos C d (2 * G) HT S ltac:(lra)).
  generalize (late_and _ _ nonneg driving_3). apply late_imp. intros n [P [_ Q]]. split; assumption.
Qed.
Theorem calls_loglog_lower : late (fun n => exists l, In l ls /\ rsum (fun t => ca t n * T (tr t n)) l + g n <= T n) -> late (fun n => 0 < T n) -> (forall l, In l ls -> 1 <= asum l d) ->
  bounded_below T (Sc 0 d a i).
Proof.
  intros E P S. destruct (start_below INR dl ca dl_pos ls calls T g E) as (al & be & c & N & OK & HT). apply (below_late T _ _ (W3_class d a i)).
  apply (loglog_lower INR scale_INR T g (branches ls) al be c dl N ca OK a i k j lo hi L0 low lo_pos hi_pos C d (G / 2) HT S ltac:(lra)); [|exact nonneg | exact P].
  generalize driving_3. apply late_imp. intros n [Q _]. exact Q.
Qed.
End Calls.
