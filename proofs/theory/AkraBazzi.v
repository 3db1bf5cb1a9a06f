(* The discrete Akra-Bazzi (master) theorem for  T(n) = sum_t a_t T(r_t(n)) + g(n),  a_t >= 0,
   abs(loc(r_t(n)) - b_t loc(n)) <= c,  0 < b_t < 1,  on a scale loc (approx_: a relative error loc(n)^(-dl) of indices and coefficients).  With loc n = n: any bounded rounding, floors, ceilings, offsets;
   with loc n = log n: T(sqrt n); with loc n = 2^n, b = 2^(-j): linear recurrences in T(n-j).

   Below n stands for loc n.  The driving function is of order n^d (log n)^k, d and k real of either sign.  With asum e = sum_t a_t b_t^e:
     leaf      d < p, asum p = 1                    T = Theta(n^p)
     balanced  asum d = 1, k > -1                   T = Theta(n^d (log n)^(k+1))
                           k = -1                   T = Theta(n^d log log n)
                           k < -1                   T = Theta(n^d)
     root      asum d < 1                           T = Theta(n^d (log n)^k)
   each bound from its half of the hypothesis.  All but the root case come from one potential argument: V(x) = x^p phi(log x)
   with phi(L) - phi(L - h) against the driving function.
   Source: Akra and Bazzi (1998), Leighton (1996); proof by verified substitution (Recurrence.v). *)
From Coq Require Import Reals Lra Lia List Arith.
From Aalp Require Import Analysis Recurrence.
Import ListNotations.
Open Scope R_scope.

Definition W (d k x : R) : R := Rpower x d * Rpower (ln x) k.

(* ---- Real powers of L are slowly varying against exp L ---- *)

Lemma ln_diff : forall x y, 0 < x <= y -> 0 <= ln y - ln x <= (y - x) / x.
Proof.
  intros x y [Hx H]. split. pose proof (ln_le x y Hx H); lra.
  pose proof (ln_le_minus_one (y / x) ltac:(apply div_pos; lra)) as Q. unfold Rdiv at 1 in Q. rewrite ln_mult, ln_Rinv in Q; try lra.
  replace ((y - x) / x) with (y / x - 1) by (field; lra). lra. apply Rinv_0_lt_compat; lra.
Qed.
Lemma abs_times : forall k z B, 0 <= z <= B -> - (Rabs k * B) <= k * z <= Rabs k * B.
Proof.
  intros k z B H. pose proof (Rle_abs k). pose proof (Rle_abs (- k)) as H1. rewrite Rabs_Ropp in H1. pose proof (Rabs_pos k).
  assert (Rabs k * z <= Rabs k * B) by (apply Rmult_le_compat_l; lra). split; nra.
Qed.
Lemma pow_slow : forall k e, 0 < e -> exists L0, 1 <= L0 /\ forall L1 L2, L0 <= L1 <= L2 ->
  exp (- (e * (L2 - L1))) * Rpower L1 k <= Rpower L2 k <= exp (e * (L2 - L1)) * Rpower L1 k.
Proof.
  intros k e He. exists (Rmax 1 (Rabs k / e)). split; [apply Rmax_l|]. intros L1 L2 H.
  pose proof (Rmax_l 1 (Rabs k / e)). pose proof (Rmax_r 1 (Rabs k / e)).
  pose proof (abs_times k _ _ (ln_diff L1 L2 ltac:(lra))) as Q.
  assert (B : Rabs k * ((L2 - L1) / L1) <= e * (L2 - L1)).
  { replace (Rabs k * ((L2 - L1) / L1)) with ((Rabs k / L1) * (L2 - L1)) by (field; lra).
    apply Rmult_le_compat_r; [lra|]. apply div_le; [lra|].
    replace (Rabs k) with (e * (Rabs k / e)) by (field; lra). apply Rmult_le_compat_l; lra. }
  unfold Rpower. rewrite <- !exp_plus. split; apply exp_le; lra.
Qed.
(* the factor lost between points within a factor of 2 *)
Definition near (d : R) : R := Rpower 2 (Rabs d).
Lemma near_pos : forall d, 0 < near d. Proof. intros; apply Rpower_pos. Qed.
Lemma pow_near : forall d x y, 0 < x -> x / 2 <= y <= 2 * x -> Rpower x d <= near d * Rpower y d.
Proof.
  intros d x y Hx H. unfold near, Rpower. rewrite <- exp_plus. apply exp_le.
  assert (L2 : 0 < ln 2) by (apply ln_pos; lra).
  assert (U : ln y <= ln 2 + ln x) by (rewrite <- ln_mult by lra; apply ln_le; lra).
  assert (B : ln x <= ln 2 + ln y) by (rewrite <- ln_mult by lra; apply ln_le; lra).
  destruct (Rle_lt_dec (ln x) (ln y)) as [C|C].
  - pose proof (abs_times d (ln y - ln x) (ln 2) ltac:(lra)). nra.
  - pose proof (abs_times d (ln x - ln y) (ln 2) ltac:(lra)). nra.
Qed.
Lemma ln_near : forall x y, 4 <= x -> x / 2 <= y <= 2 * x -> ln x / 2 <= ln y <= 2 * ln x.
Proof.
  intros x y Hx H. assert (L2 : 0 < ln 2) by (apply ln_pos; lra).
  assert (L4 : 2 * ln 2 <= ln x). { replace (2 * ln 2) with (ln 2 + ln 2) by ring. rewrite <- ln_mult by lra. apply ln_le; lra. }
  assert (U : ln y <= ln 2 + ln x) by (rewrite <- ln_mult by lra; apply ln_le; lra).
  assert (B : ln x <= ln 2 + ln y) by (rewrite <- ln_mult by lra; apply ln_le; lra). lra.
Qed.
Lemma W_pos : forall d k x, 0 < W d k x.
Proof. intros. apply Rmult_lt_0_compat; apply Rpower_pos. Qed.
Lemma W_near : forall d k x y, 4 <= x -> x / 2 <= y <= 2 * x -> W d k x <= (near d * near k) * W d k y.
Proof.
  intros d k x y Hx H. unfold W. pose proof (ln_near x y Hx H). assert (0 < ln x) by (apply ln_pos; lra).
  replace (near d * near k * (Rpower y d * Rpower (ln y) k)) with ((near d * Rpower y d) * (near k * Rpower (ln y) k)) by ring.
  apply Rmult_le_compat; try (left; apply Rpower_pos); apply pow_near; lra.
Qed.
Lemma eventually_ln : forall Q, eventually Q -> eventually (fun x => Q (ln x)).
Proof. intros Q (L0 & H). destruct (ln_unbounded L0) as (x0 & _ & Hx). exists x0. intros x H1. apply H, Hx, H1. Qed.

(* ---- Potentials ---- *)

Definition nondecreasing (phi : R -> R) (L0 : R) := forall L1 L2, L0 <= L1 <= L2 -> phi L1 <= phi L2.
Definition slow (phi : R -> R) := forall e, 0 < e -> exists L0, forall L1 L2, L0 <= L1 <= L2 -> phi L2 <= phi L1 * exp (e * (L2 - L1)).
Definition V (p : R) (phi : R -> R) (x : R) : R := Rpower x p * phi (ln x).

Lemma V_smooth : forall p phi L0, (forall L, L0 <= L -> 0 < phi L) -> nondecreasing phi L0 -> slow phi -> exists x1, 1 <= x1 /\ smooth (V p phi) x1 (Rabs p + 1).
Proof.
  intros p phi L0 P M S. destruct (S 1 Rlt_0_1) as (L1 & HL). destruct (ln_unbounded (Rmax L0 L1)) as (x1 & H1 & Hx). pose proof (Rmax_l L0 L1). pose proof (Rmax_r L0 L1).
  exists x1. split; [exact H1|]. split; [pose proof (Rabs_pos p); lra|]. intros x y Hx1 Hy1. pose proof (Hx x Hx1). pose proof (Hx y Hy1).
  split; [apply Rmult_lt_0_compat; [apply Rpower_pos | apply P; lra]|]. unfold V. set (D := Rabs (ln y - ln x)).
  replace (Rpower x p * phi (ln x) * exp ((Rabs p + 1) * D)) with ((Rpower x p * exp (Rabs p * D)) * (phi (ln x) * exp (1 * D))).
  2:{ rewrite Rmult_plus_distr_r, exp_plus. ring. }
  apply Rmult_le_compat; [left; apply Rpower_pos | left; apply P; lra | |].
  - unfold Rpower. rewrite <- exp_plus. apply exp_le. unfold D. rewrite <- Rabs_mult. pose proof (Rle_abs (p * (ln y - ln x))). lra.
  - unfold D. destruct (Rle_lt_dec x y) as [C|C].
    + pose proof (ln_le x y ltac:(lra) C). rewrite Rabs_right by lra. apply HL. lra.
    + pose proof (ln_le y x ltac:(lra) ltac:(lra)). apply Rle_trans with (phi (ln x)); [apply M; lra|]. rewrite <- Rmult_1_r at 1.
      apply Rmult_le_compat_l; [left; apply P; lra|]. pose proof (exp_tangent (1 * Rabs (ln y - ln x))). pose proof (Rabs_pos (ln y - ln x)). lra.
Qed.

Definition asum (l : list term) (e : R) := rsum (fun t => ta t * Rpower (tb t) e) l.

Section Cases.
Variable loc : nat -> R.
Hypothesis Hloc : scale loc.
Variables (T g : nat -> R) (branch : list term -> Prop) (al be c dl : R) (n0 : nat) (ca : term -> nat -> R).
Hypothesis OK : perturbed loc al be c dl n0 branch ca.

Lemma drop_pos : 0 < - ln be /\ - ln be <= - ln al.
Proof.
  destruct OK as (Ha & Hab & Hb & _). split.
  - assert (H : ln be < ln 1) by (apply ln_increasing; lra). rewrite ln_1 in H. lra.
  - pose proof (ln_le al be Ha Hab). lra.
Qed.
Lemma term_ln : forall l t, branch l -> In t l -> ln al <= ln (tb t) <= ln be.
Proof. intros l t Bl Ht. destruct OK as (Ha & _ & Hb & _ & _ & Hl). destruct (proj2 (Hl l Bl) t Ht) as (_ & Bt & _). split; apply ln_le; lra. Qed.
Lemma term_pos : forall l t, branch l -> In t l -> 0 <= ta t /\ 0 < tb t < 1.
Proof. intros l t Bl Ht. destruct OK as (Ha & _ & Hb & _ & _ & Hl). destruct (proj2 (Hl l Bl) t Ht) as (A & Bt & _). split; lra. Qed.
Lemma asum_nonneg : forall l e, branch l -> 0 <= asum l e.
Proof. intros l e Bl. apply rsum_nonneg. intros t Ht. apply Rmult_le_pos; [apply (term_pos l t Bl Ht) | left; apply Rpower_pos]. Qed.
Lemma V_term : forall p phi l t x, branch l -> In t l -> 0 < x -> V p phi (tb t * x) = Rpower (tb t) p * (Rpower x p * phi (ln x + ln (tb t))).
Proof.
  intros p phi l t x Bl Ht Hx. destruct (term_pos l t Bl Ht) as [_ Bt]. unfold V. rewrite <- Rpower_mult_distr, ln_mult by lra.
  rewrite (Rplus_comm (ln (tb t))). ring.
Qed.
(* driving terms, where F and G differ by a factor *)
Lemma driving_upper : forall F G, late (fun n => 0 <= g n <= F (loc n)) ->
  eventually (fun x => forall y, x / 2 <= y <= 2 * x -> F x <= G y) -> late (fun n => 0 <= g n <= G (loc n)).
Proof.
  intros F G (N & Hg) (x0 & HF). destruct (loc_above loc Hloc (Rmax 0 x0)) as (M & HM). exists (max N M). intros n Hn. destruct (Hg n ltac:(lia)) as [A B].
  specialize (HM n ltac:(lia)). cbv beta in HM. pose proof (Rmax_l 0 x0). pose proof (Rmax_r 0 x0). split; [exact A|]. apply Rle_trans with (1 := B), HF; lra.
Qed.
Lemma driving_lower : forall F G, late (fun n => F (loc n) <= g n) -> late (fun n => 0 <= g n) ->
  eventually (fun x => forall y, x / 2 <= y <= 2 * x -> G y <= F x) -> late (fun n => 0 <= g n /\ G (loc n) <= g n).
Proof.
  intros F G (N & Hg) (N' & Hg') (x0 & HF). destruct (loc_above loc Hloc (Rmax 0 x0)) as (M & HM). exists (max (max N N') M). intros n Hn.
  specialize (HM n ltac:(lia)). cbv beta in HM. pose proof (Rmax_l 0 x0). pose proof (Rmax_r 0 x0). split; [apply Hg'; lia|].
  apply Rle_trans with (2 := Hg n ltac:(lia)), HF; lra.
Qed.

(** asum l p <= 1 and a drop of phi over one level at least the driving function *)
Theorem potential_upper : forall p phi psi F L0, (forall l, branch l -> asum l p <= 1) ->
  (forall L, L0 <= L -> 0 < phi L) -> nondecreasing phi L0 -> slow phi ->
  eventually (fun L => psi L <= phi L - phi (L + ln be)) ->
  eventually (fun x => forall y, x / 2 <= y <= 2 * x -> F x <= Rpower y p * psi (ln y)) ->
  late (fun n => 0 <= g n <= F (loc n)) ->
  approx_below ca T g n0 branch ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * V p phi (loc n).
Proof.
  intros p phi psi F L0 HA P M S D HF Hg HT.
  destruct (V_smooth p phi L0 P M S) as (x1 & Hx1 & Vs).
  apply (approx_upper loc Hloc al be c dl n0 branch ca OK T g (V p phi) (fun x => Rpower x p * psi (ln x)) x1 (Rabs p + 1) ltac:(lra) Vs); auto.
  2:{ apply (driving_upper F (fun x => Rpower x p * psi (ln x)) Hg HF). }
  apply eventually_ln in D. destruct D as (x2 & D). destruct (ln_unbounded (L0 - ln al)) as (x3 & _ & H3).
  exists (Rmax 1 (Rmax x2 x3)). intros x Hx l Bl. pose proof (Rmax_l 1 (Rmax x2 x3)). pose proof (Rmax_r 1 (Rmax x2 x3)).
  pose proof (Rmax_l x2 x3). pose proof (Rmax_r x2 x3). specialize (HA l Bl). specialize (D x ltac:(lra)). specialize (H3 x ltac:(lra)).
  pose proof drop_pos as [Dp Dl]. assert (X : 0 < Rpower x p) by apply Rpower_pos.
  assert (Pb : 0 < phi (ln x + ln be)) by (apply P; lra).
  apply Rle_trans with (Rpower x p * phi (ln x + ln be) * asum l p + Rpower x p * psi (ln x)).
  - apply Rplus_le_compat_r. unfold asum. rewrite <- rsum_scal. apply rsum_le. intros t Ht. destruct (term_pos l t Bl Ht) as [At Bt].
    rewrite (V_term p phi l t x) by (try assumption; lra).
    replace (Rpower x p * phi (ln x + ln be) * (ta t * Rpower (tb t) p)) with (ta t * (Rpower (tb t) p * (Rpower x p * phi (ln x + ln be)))) by ring.
    apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_l; [left; apply Rpower_pos|].
    apply Rmult_le_compat_l; [lra|]. pose proof (term_ln l t Bl Ht). apply M. lra.
  - assert (Q : 0 <= Rpower x p * phi (ln x + ln be)) by (apply Rmult_le_pos; lra).
    assert (Rpower x p * phi (ln x + ln be) * asum l p <= Rpower x p * phi (ln x + ln be) * 1) by (apply Rmult_le_compat_l; assumption).
    assert (Rpower x p * psi (ln x) <= Rpower x p * (phi (ln x) - phi (ln x + ln be))) by (apply Rmult_le_compat_l; lra).
    unfold V. lra.
Qed.
(** asum p >= 1 and a drop of phi over one level at most the driving function *)
Theorem potential_lower : forall p phi psi F L0, (forall l, branch l -> 1 <= asum l p) ->
  (forall L, L0 <= L -> 0 < phi L) -> nondecreasing phi L0 -> slow phi ->
  eventually (fun L => phi L - phi (L + ln al) <= psi L) ->
  eventually (fun x => forall y, x / 2 <= y <= 2 * x -> Rpower y p * psi (ln y) <= F x) ->
  late (fun n => F (loc n) <= g n) -> late (fun n => 0 <= g n) -> late (fun n => 0 < T n) ->
  approx_above ca T g n0 branch ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * V p phi (loc n) <= T n.
Proof.
  intros p phi psi F L0 HA P M S D HF Hg Hg0 HTp HT.
  destruct (V_smooth p phi L0 P M S) as (x1 & Hx1 & Vs).
  apply (approx_lower loc Hloc al be c dl n0 branch ca OK T g (V p phi) (fun x => Rpower x p * psi (ln x)) x1 (Rabs p + 1) ltac:(lra) Vs); auto.
  2:{ apply (driving_lower F (fun x => Rpower x p * psi (ln x)) Hg Hg0 HF). }
  apply eventually_ln in D. destruct D as (x2 & D). destruct (ln_unbounded (L0 - ln al)) as (x3 & _ & H3).
  exists (Rmax 1 (Rmax x2 x3)). intros x Hx l Bl. pose proof (Rmax_l 1 (Rmax x2 x3)). pose proof (Rmax_r 1 (Rmax x2 x3)).
  pose proof (Rmax_l x2 x3). pose proof (Rmax_r x2 x3). specialize (HA l Bl). specialize (D x ltac:(lra)). specialize (H3 x ltac:(lra)).
  pose proof drop_pos as [Dp Dl]. assert (X : 0 < Rpower x p) by apply Rpower_pos.
  assert (Pb : 0 < phi (ln x + ln al)) by (apply P; lra).
  apply Rle_trans with (Rpower x p * phi (ln x + ln al) * asum l p + Rpower x p * psi (ln x)).
  - assert (Q : 0 <= Rpower x p * phi (ln x + ln al)) by (apply Rmult_le_pos; lra).
    assert (Rpower x p * phi (ln x + ln al) * 1 <= Rpower x p * phi (ln x + ln al) * asum l p) by (apply Rmult_le_compat_l; assumption).
    assert (Rpower x p * (phi (ln x) - phi (ln x + ln al)) <= Rpower x p * psi (ln x)) by (apply Rmult_le_compat_l; lra).
    unfold V. lra.
  - apply Rplus_le_compat_r. unfold asum. rewrite <- rsum_scal. apply rsum_le. intros t Ht. destruct (term_pos l t Bl Ht) as [At Bt].
    rewrite (V_term p phi l t x) by (try assumption; lra).
    replace (Rpower x p * phi (ln x + ln al) * (ta t * Rpower (tb t) p)) with (ta t * (Rpower (tb t) p * (Rpower x p * phi (ln x + ln al)))) by ring.
    apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_l; [left; apply Rpower_pos|].
    apply Rmult_le_compat_l; [lra|]. pose proof (term_ln l t Bl Ht). apply M. lra.
Qed.

(* ---- The potentials of the cases ---- *)

(* L^q - (L-h)^q = q xi^(q-1) h *)
Lemma pow_drop : forall q h L, 0 < h -> 2 * h <= L -> exists xi, L / 2 <= xi <= L /\ Rpower L q - Rpower (L - h) q = q * Rpower xi (q - 1) * h.
Proof.
  intros q h L Hh HL. destruct (MVT_cor2 (fun x => Rpower x q) (fun x => q * Rpower x (q - 1)) (L - h) L ltac:(lra)) as (xi & E & H).
  - intros x Hx. apply derivable_pt_lim_power. lra.
  - exists xi. split; [lra|]. rewrite E. ring.
Qed.
Lemma Rpower_inv : forall x, 0 < x -> Rpower x (-1) = / x.
Proof. intros x Hx. replace (-1) with (- (1)) by lra. rewrite Rpower_Ropp, Rpower_1 by assumption. reflexivity. Qed.
Lemma Rpower_le_1 : forall x p, 1 <= x -> p <= 0 -> Rpower x p <= 1.
Proof. intros x p Hx Hp. apply Rle_trans with (Rpower x 0); [apply Rle_Rpower; lra | rewrite Rpower_O; lra]. Qed.
Lemma xi_near : forall k L xi, 0 < L -> L / 2 <= xi <= L -> Rpower L k <= near k * Rpower xi k /\ Rpower xi k <= near k * Rpower L k.
Proof. intros k L xi HL H. split; apply pow_near; lra. Qed.
Lemma pow_nondecreasing : forall q, 0 <= q -> nondecreasing (fun L => Rpower L q) 1.
Proof. intros q Hq L1 L2 H. apply Rpower_mono; lra. Qed.
Lemma slow_pow : forall q, slow (fun L => Rpower L q).
Proof. intros q e He. destruct (pow_slow q e He) as (L0 & _ & H). exists L0. intros L1 L2 HL. rewrite Rmult_comm. apply H, HL. Qed.
Lemma slow_ln : slow ln.
Proof.
  intros e He. exists (Rmax (exp 1) (/ e)). intros L1 L2 H. pose proof (Rmax_l (exp 1) (/ e)). pose proof (Rmax_r (exp 1) (/ e)).
  pose proof (exp_tangent 1). assert (1 <= ln L1). { rewrite <- (ln_exp 1). apply ln_le; [apply exp_pos | lra]. }
  destruct (ln_diff L1 L2 ltac:(lra)) as [_ D]. pose proof (exp_tangent (e * (L2 - L1))).
  assert (Q : (L2 - L1) / L1 <= e * (L2 - L1)).
  { unfold Rdiv. rewrite Rmult_comm. apply Rmult_le_compat_r; [lra|]. rewrite <- (Rinv_inv e).
    apply Rinv_le_contravar; [apply Rinv_0_lt_compat; lra | lra]. }
  assert (Z : 0 <= e * (L2 - L1)) by (apply Rmult_le_pos; lra).
  apply Rle_trans with (ln L1 * (1 + e * (L2 - L1))); [nra | apply Rmult_le_compat_l; lra].
Qed.
(* bounded potentials 2 - u with 0 < u <= 1 decreasing to 0 *)
Lemma slow_bounded : forall u, (exists L0, forall L, L0 <= L -> 0 <= u L <= 1) ->
  (forall e, 0 < e -> exists L0, forall L1 L2, L0 <= L1 <= L2 -> u L1 - u L2 <= e * (L2 - L1)) -> slow (fun L => 2 - u L).
Proof.
  intros u (L0 & B) H e He. destruct (H e He) as (L1 & H1). exists (Rmax L0 L1). intros M1 M2 HM.
  pose proof (Rmax_l L0 L1). pose proof (Rmax_r L0 L1). specialize (H1 M1 M2 ltac:(lra)).
  destruct (B M1 ltac:(lra)). pose proof (exp_tangent (e * (M2 - M1))).
  assert (Z : 0 <= e * (M2 - M1)) by (apply Rmult_le_pos; lra).
  apply Rle_trans with ((2 - u M1) * (1 + e * (M2 - M1))); [nra | apply Rmult_le_compat_l; lra].
Qed.
Lemma slow_scale : forall K phi, 0 < K -> slow phi -> slow (fun L => K * phi L).
Proof. intros K phi HK S e He. destruct (S e He) as (L0 & H). exists L0. intros L1 L2 HL. rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra | apply H, HL]. Qed.
Lemma slow_const : slow (fun _ => 1).
Proof.
  intros e He. exists 0. intros L1 L2 H. rewrite Rmult_1_l. pose proof (exp_tangent (e * (L2 - L1))).
  assert (0 <= e * (L2 - L1)) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma scale_nondecreasing : forall K phi L0, 0 < K -> nondecreasing phi L0 -> nondecreasing (fun L => K * phi L) L0.
Proof. intros K phi L0 HK H L1 L2 HL. apply Rmult_le_compat_l; [lra | apply H, HL]. Qed.

(* the driving function Gc W d k around n *)
Lemma W_driving_upper : forall Gc d k, 0 <= Gc -> eventually (fun x => forall y, x / 2 <= y <= 2 * x ->
  Gc * W d k x <= Rpower y d * ((Gc * (near d * near k)) * Rpower (ln y) k)).
Proof.
  intros Gc d k HG. exists 4. intros x Hx y Hy. pose proof (W_near d k x y Hx Hy) as H.
  replace (Rpower y d * (Gc * (near d * near k) * Rpower (ln y) k)) with (Gc * (near d * near k * W d k y)) by (unfold W; ring).
  apply Rmult_le_compat_l; assumption.
Qed.
Lemma W_driving_lower : forall Gc d k, 0 <= Gc -> eventually (fun x => forall y, x / 2 <= y <= 2 * x ->
  Rpower y d * ((Gc / (near d * near k)) * Rpower (ln y) k) <= Gc * W d k x).
Proof.
  intros Gc d k HG. exists 8. intros x Hx y Hy. pose proof (W_near d k y x ltac:(lra) ltac:(lra)) as H.
  pose proof (near_pos d). pose proof (near_pos k). set (D := near d * near k) in *. assert (HD : 0 < D) by (apply Rmult_lt_0_compat; assumption).
  replace (Rpower y d * (Gc / D * Rpower (ln y) k)) with (Gc * (W d k y / D)) by (unfold W; field; lra).
  apply Rmult_le_compat_l; [assumption|]. apply div_le; [assumption|]. rewrite Rmult_comm. exact H.
Qed.

(* ---- Upper bounds ---- *)

Section Upper.
Hypothesis HT : approx_below ca T g n0 branch.

Theorem approx_upper_balanced : forall d k Gc, -1 < k -> (forall l, branch l -> asum l d <= 1) -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * W d k (loc n)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * W d (k + 1) (loc n).
Proof.
  intros d k Gc Hk HA HG Hg. destruct drop_pos as [Hh _]. set (h := - ln be) in *.
  set (G' := Gc * (near d * near k)). pose proof (near_pos d). pose proof (near_pos k).
  assert (HG' : 0 <= G') by (unfold G'; apply Rmult_le_pos; [assumption | left; apply Rmult_lt_0_compat; assumption]).
  set (K := (G' + 1) * near k / ((k + 1) * h)).
  assert (HK : 0 < K) by (apply div_pos; apply Rmult_lt_0_compat; lra).
  destruct (potential_upper d (fun L => K * Rpower L (k + 1)) (fun L => G' * Rpower L k) (fun x => Gc * W d k x) 1 HA) as (C & N & HC & B); auto.
  - intros L _. apply Rmult_lt_0_compat; [assumption | apply Rpower_pos].
  - apply scale_nondecreasing; [assumption | apply pow_nondecreasing; lra].
  - apply slow_scale; [assumption | apply slow_pow].
  - exists (2 * h). intros L HL. destruct (pow_drop (k + 1) h L Hh HL) as (xi & Hxi & E). replace (k + 1 - 1) with k in E by ring.
    replace (L + ln be) with (L - h) by (unfold h; ring). rewrite <- Rmult_minus_distr_l, E.
    destruct (xi_near k L xi ltac:(lra) Hxi) as [X _]. assert (Pxi : 0 < Rpower xi k) by apply Rpower_pos.
    replace (K * ((k + 1) * Rpower xi k * h)) with ((G' + 1) * (near k * Rpower xi k)) by (unfold K; field; split; lra).
    apply Rle_trans with ((G' + 1) * Rpower L k); [assert (0 < Rpower L k) by apply Rpower_pos; nra | apply Rmult_le_compat_l; lra].
  - apply (W_driving_upper Gc d k HG).
  - exists (C * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. apply Rle_trans with (1 := B n Hn). right. unfold V, W. ring.
Qed.

Theorem approx_upper_balanced_loglog : forall d Gc, (forall l, branch l -> asum l d <= 1) -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * W d (-1) (loc n)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * (Rpower (loc n) d * ln (ln (loc n))).
Proof.
  intros d Gc HA HG Hg. destruct drop_pos as [Hh _]. set (h := - ln be) in *.
  set (G' := Gc * (near d * near (-1))). pose proof (near_pos d). pose proof (near_pos (-1)).
  assert (HG' : 0 <= G') by (unfold G'; apply Rmult_le_pos; [assumption | left; apply Rmult_lt_0_compat; assumption]).
  set (K := (G' + 1) / h). assert (HK : 0 < K) by (apply div_pos; lra).
  destruct (potential_upper d (fun L => K * ln L) (fun L => G' * Rpower L (-1)) (fun x => Gc * W d (-1) x) 2 HA) as (C & N & HC & B); auto.
  - intros L HL. apply Rmult_lt_0_compat; [assumption | apply ln_pos; lra].
  - apply scale_nondecreasing; [assumption|]. intros L1 L2 HL. apply ln_le; lra.
  - apply slow_scale; [assumption | apply slow_ln].
  - exists (2 * h). intros L HL. replace (L + ln be) with (L - h) by (unfold h; ring). rewrite <- Rmult_minus_distr_l.
    rewrite Rpower_inv by lra.
    pose proof (ln_le_minus_one ((L - h) / L) ltac:(apply div_pos; lra)) as Q.
    unfold Rdiv at 1 in Q. rewrite ln_mult, ln_Rinv in Q by (try lra; apply Rinv_0_lt_compat; lra).
    replace ((L - h) / L - 1) with (- (h * / L)) in Q by (field; lra).
    assert (0 < / L) by (apply Rinv_0_lt_compat; lra).
    apply Rle_trans with (K * (h * / L)); [|apply Rmult_le_compat_l; lra].
    replace (K * (h * / L)) with ((G' + 1) * / L) by (unfold K; field; split; lra). nra.
  - apply (W_driving_upper Gc d (-1) HG).
  - exists (C * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. apply Rle_trans with (1 := B n Hn). right. unfold V. ring.
Qed.

(* bounded potential: V is between x^p and 2 x^p *)
Lemma upper_bounded : forall p u psi F K, (forall l, branch l -> asum l p <= 1) -> 0 < K -> (exists L0, forall L, L0 <= L -> 0 <= u L <= 1) ->
  (exists L0, forall L1 L2, L0 <= L1 <= L2 -> u L2 <= u L1) ->
  (forall e, 0 < e -> exists L0, forall L1 L2, L0 <= L1 <= L2 -> u L1 - u L2 <= e * (L2 - L1)) ->
  eventually (fun L => psi L <= K * (u (L + ln be) - u L)) ->
  eventually (fun x => forall y, x / 2 <= y <= 2 * x -> F x <= Rpower y p * psi (ln y)) ->
  late (fun n => 0 <= g n <= F (loc n)) -> exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * Rpower (loc n) p.
Proof.
  intros p u psi F K HA HK (L0 & B) (L1 & M) S D HF Hg. set (L2 := Rmax L0 L1). pose proof (Rmax_l L0 L1). pose proof (Rmax_r L0 L1).
  destruct (potential_upper p (fun L => K * (2 - u L)) psi F L2 HA) as (C & N & HC & Q); auto.
  - intros L HL. destruct (B L ltac:(unfold L2 in HL; lra)). apply Rmult_lt_0_compat; lra.
  - apply scale_nondecreasing; [assumption|]. intros M1 M2 HM. specialize (M M1 M2 ltac:(unfold L2 in HM; lra)). lra.
  - apply slow_scale; [assumption|]. apply slow_bounded; [exists L0; exact B | exact S].
  - destruct D as (L3 & D). exists L3. intros L HL. specialize (D L HL). lra.
  - destruct (ln_unbounded L0) as (x0 & _ & Hx). destruct (loc_above loc Hloc x0) as (N2 & H2).
    exists (C * (2 * K)), (max N N2). split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. apply Rle_trans with (1 := Q n ltac:(lia)).
    unfold V. specialize (Hx (loc n) (H2 n ltac:(lia))). destruct (B (ln (loc n)) Hx).
    assert (0 < Rpower (loc n) p) by apply Rpower_pos.
    replace (C * (Rpower (loc n) p * (K * (2 - u (ln (loc n)))))) with ((C * (K * Rpower (loc n) p)) * (2 - u (ln (loc n)))) by ring.
    replace (C * (2 * K) * Rpower (loc n) p) with ((C * (K * Rpower (loc n) p)) * 2) by ring.
    apply Rmult_le_compat_l; [|lra]. apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; lra.
Qed.

Theorem approx_upper_balanced_small : forall d k Gc, k < -1 -> (forall l, branch l -> asum l d <= 1) -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * W d k (loc n)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * Rpower (loc n) d.
Proof.
  intros d k Gc Hk HA HG Hg. destruct drop_pos as [Hh _]. set (h := - ln be) in *.
  set (G' := Gc * (near d * near k)). pose proof (near_pos d). pose proof (near_pos k).
  assert (HG' : 0 <= G') by (unfold G'; apply Rmult_le_pos; [assumption | left; apply Rmult_lt_0_compat; assumption]).
  set (K := (G' + 1) * near k / (- (k + 1) * h)).
  assert (HK : 0 < K) by (apply div_pos; apply Rmult_lt_0_compat; lra).
  apply (upper_bounded d (fun L => Rpower L (k + 1)) (fun L => G' * Rpower L k) (fun x => Gc * W d k x) K HA HK).
  - exists 1. intros L HL. split; [left; apply Rpower_pos|]. apply Rpower_le_1; lra.
  - exists 1. intros L1 L2 HL. apply Rpower_anti; lra.
  - intros e He. destruct (pow_slow (k + 1) e He) as (L0 & HL0 & S). exists L0. intros L1 L2 HL. destruct (S L1 L2 HL) as [S1 _].
    pose proof (exp_tangent (- (e * (L2 - L1)))).
    assert (U : 0 < Rpower L1 (k + 1) <= 1). { split; [apply Rpower_pos|]. apply Rpower_le_1; lra. }
    assert (0 <= e * (L2 - L1)) by (apply Rmult_le_pos; lra). nra.
  - exists (2 * h). intros L HL. destruct (pow_drop (k + 1) h L Hh HL) as (xi & Hxi & E). replace (k + 1 - 1) with k in E by ring.
    replace (L + ln be) with (L - h) by (unfold h; ring).
    destruct (xi_near k L xi ltac:(lra) Hxi) as [X _].
    replace (Rpower (L - h) (k + 1) - Rpower L (k + 1)) with (- (k + 1) * Rpower xi k * h) by lra.
    replace (K * (- (k + 1) * Rpower xi k * h)) with ((G' + 1) * (near k * Rpower xi k)) by (unfold K; field; split; lra).
    apply Rle_trans with ((G' + 1) * Rpower L k); [assert (0 < Rpower L k) by apply Rpower_pos; nra | apply Rmult_le_compat_l; lra].
  - apply (W_driving_upper Gc d k HG).
  - exact Hg.
Qed.

Theorem approx_upper_leaf : forall p d k Gc, d < p -> (forall l, branch l -> asum l p <= 1) -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * W d k (loc n)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * Rpower (loc n) p.
Proof.
  intros p d k Gc Hd HA HG Hg. destruct drop_pos as [Hh _]. set (h := - ln be) in *.
  set (e := (p - d) / 2). assert (He : 0 < e) by (unfold e; lra).
  destruct (pow_slow k e He) as (L0 & HL0 & S). set (Q := Rpower L0 k * exp (- (e * L0))).
  assert (HQ : 0 < Q) by (apply Rmult_lt_0_compat; [apply Rpower_pos | apply exp_pos]).
  assert (Poly : forall L, L0 <= L -> Rpower L k <= Q * exp (e * L)).
  { intros L HL. destruct (S L0 L ltac:(lra)) as [_ U]. apply Rle_trans with (1 := U). right. unfold Q.
    replace (e * (L - L0)) with (e * L + - (e * L0)) by ring. rewrite exp_plus. ring. }
  set (G' := Gc * (near d * near k) * Q). pose proof (near_pos d). pose proof (near_pos k).
  assert (HG' : 0 <= G').
  { unfold G'. apply Rmult_le_pos; [|lra]. apply Rmult_le_pos; [assumption | left; apply Rmult_lt_0_compat; assumption]. }
  assert (Ee : 1 < exp (e * h)). { pose proof (exp_tangent (e * h)). assert (0 < e * h) by (apply Rmult_lt_0_compat; lra). lra. }
  set (K := (G' + 1) / (exp (e * h) - 1)). assert (HK : 0 < K) by (apply div_pos; lra).
  assert (U1 : forall L, 0 <= L -> 0 <= exp (- (e * L)) <= 1).
  { intros L HL. split; [left; apply exp_pos|]. rewrite <- exp_0. apply exp_le. assert (0 <= e * L) by (apply Rmult_le_pos; lra). lra. }
  apply (upper_bounded p (fun L => exp (- (e * L))) (fun L => G' * exp (- (e * L))) (fun x => Gc * W d k x) K HA HK).
  - exists 0. exact U1.
  - exists 0. intros L1 L2 HL. apply exp_le. assert (e * L1 <= e * L2) by (apply Rmult_le_compat_l; lra). lra.
  - intros e' He'. destruct (Rpower_unbounded 1 ltac:(lra) (e / e')) as (x0 & Hx0 & Hx). exists (Rmax 1 (x0 / e)).
    intros L1 L2 HL. pose proof (Rmax_l 1 (x0 / e)). pose proof (Rmax_r 1 (x0 / e)).
    assert (X : x0 <= e * L1). { apply Rle_trans with (e * (x0 / e)); [right; field; lra | apply Rmult_le_compat_l; lra]. }
    specialize (Hx _ X). rewrite Rpower_1 in Hx by lra.
    assert (S1 : exp (- (e * L1)) * e <= e').
    { rewrite exp_Ropp. rewrite Rmult_comm. apply div_le; [apply exp_pos|]. pose proof (exp_tangent (e * L1)).
      replace e with (e' * (e / e')) at 1 by (field; lra). apply Rmult_le_compat_l; lra. }
    replace (exp (- (e * L2))) with (exp (- (e * L1)) * exp (- (e * (L2 - L1)))) by (rewrite <- exp_plus; f_equal; ring).
    pose proof (exp_tangent (- (e * (L2 - L1)))) as Tn. pose proof (exp_pos (- (e * L1))).
    assert (exp (- (e * L1)) * (1 + - (e * (L2 - L1))) <= exp (- (e * L1)) * exp (- (e * (L2 - L1)))) by (apply Rmult_le_compat_l; lra).
    assert (exp (- (e * L1)) * e * (L2 - L1) <= e' * (L2 - L1)) by (apply Rmult_le_compat_r; lra). lra.
  - exists 0. intros L HL. replace (- (e * (L + ln be))) with (- (e * L) + e * h) by (unfold h; ring). rewrite exp_plus.
    replace (K * (exp (- (e * L)) * exp (e * h) - exp (- (e * L)))) with ((G' + 1) * exp (- (e * L))) by (unfold K; field; lra).
    apply Rmult_le_compat_r; [left; apply exp_pos | lra].
  - destruct (W_driving_upper Gc d k HG) as (x0 & Hx). destruct (ln_unbounded L0) as (x1 & _ & Hx1).
    exists (Rmax x0 (2 * Rmax 1 x1)). intros x H1 y Hy. pose proof (Rmax_l x0 (2 * Rmax 1 x1)). pose proof (Rmax_r x0 (2 * Rmax 1 x1)).
    pose proof (Rmax_l 1 x1). pose proof (Rmax_r 1 x1). apply Rle_trans with (1 := Hx x ltac:(lra) y Hy).
    specialize (Poly (ln y) (Hx1 y ltac:(lra))).
    replace p with (d + 2 * e) by (unfold e; field). rewrite Rpower_plus, (Rmult_assoc (Rpower y d)). apply Rmult_le_compat_l; [left; apply Rpower_pos|].
    unfold G'. replace (Rpower y (2 * e) * (Gc * (near d * near k) * Q * exp (- (e * ln y)))) with
      ((Gc * (near d * near k)) * (Q * (Rpower y (2 * e) * exp (- (e * ln y))))) by ring.
    apply Rmult_le_compat_l; [apply Rmult_le_pos; [assumption | left; apply Rmult_lt_0_compat; assumption]|].
    unfold Rpower at 2. rewrite <- exp_plus. replace (2 * e * ln y + - (e * ln y)) with (e * ln y) by ring. exact Poly.
  - exact Hg.
Qed.

Lemma W_smooth : forall d k, exists x1, 1 <= x1 /\ smooth (W d k) x1 (Rabs d + 1).
Proof.
  intros d k. destruct (pow_slow k 1 Rlt_0_1) as (L0 & H0 & S). destruct (ln_unbounded L0) as (x1 & H1 & Hx). exists x1. split; [exact H1|].
  split; [pose proof (Rabs_pos d); lra|]. intros x y Hx1 Hy1. pose proof (Hx x Hx1). pose proof (Hx y Hy1). split; [apply W_pos|]. unfold W. set (D := Rabs (ln y - ln x)).
  replace (Rpower x d * Rpower (ln x) k * exp ((Rabs d + 1) * D)) with ((Rpower x d * exp (Rabs d * D)) * (exp (1 * D) * Rpower (ln x) k)).
  2:{ rewrite Rmult_plus_distr_r, exp_plus. ring. }
  apply Rmult_le_compat; [left; apply Rpower_pos | left; apply Rpower_pos | |].
  - unfold Rpower. rewrite <- exp_plus. apply exp_le. unfold D. rewrite <- Rabs_mult. pose proof (Rle_abs (d * (ln y - ln x))). lra.
  - unfold D. destruct (Rle_lt_dec x y) as [C|C].
    + pose proof (ln_le x y ltac:(lra) C). rewrite Rabs_right by lra. apply S. lra.
    + pose proof (ln_le y x ltac:(lra) ltac:(lra)). rewrite Rabs_left1 by lra. destruct (S (ln y) (ln x) ltac:(lra)) as [S1 _].
      replace (1 * - (ln y - ln x)) with (1 * (ln x - ln y)) by ring. apply Rmult_le_compat_l with (r := exp (1 * (ln x - ln y))) in S1; [|left; apply exp_pos].
      rewrite <- Rmult_assoc, <- exp_plus in S1. replace (1 * (ln x - ln y) + - (1 * (ln x - ln y))) with 0 in S1 by ring. rewrite exp_0, Rmult_1_l in S1. exact S1.
Qed.

Theorem approx_upper_root : forall d k A Gc, (forall l, branch l -> asum l d <= A) -> A < 1 -> 0 <= Gc ->
  late (fun n => 0 <= g n <= Gc * W d k (loc n)) ->
  exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * W d k (loc n).
Proof.
  intros d k A Gc HA HA1 HG Hg. destruct drop_pos as [Hh Hh'].
  assert (A0 : 0 <= A).
  { destruct (HT n0 (le_n n0)) as (l & Bl & _). apply Rle_trans with (asum l d); [apply asum_nonneg, Bl | apply HA, Bl]. }
  set (G' := Gc * (near d * near k)). pose proof (near_pos d). pose proof (near_pos k).
  assert (HG' : 0 <= G') by (unfold G'; apply Rmult_le_pos; [assumption | left; apply Rmult_lt_0_compat; assumption]).
  set (A' := (1 + A) / 2). set (eta := 2 / (1 + A)). assert (He : 1 < eta). { unfold eta. apply Rmult_lt_reg_r with (1 + A); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  set (eps := ln eta / (- ln al)). assert (Heps : 0 < eps) by (apply div_pos; [apply ln_pos; assumption | lra]).
  destruct (pow_slow k eps Heps) as (L0 & HL0 & S).
  set (B := eta * A). assert (HB : B < 1). { unfold B, eta. apply Rmult_lt_reg_r with (1 + A); [lra|]. replace (2 / (1 + A) * A * (1 + A)) with (2 * A) by (field; lra). lra. }
  set (K := (G' + 1) / (1 - B)). assert (HK : 0 < K) by (apply div_pos; lra).
  assert (EK : K * (1 - B) = G' + 1) by (unfold K; field; lra).
  destruct (W_smooth d k) as (x1 & Hx1 & [Q0 Vs]).
  destruct (approx_upper loc Hloc al be c dl n0 branch ca OK T g (fun x => K * W d k x) (fun x => G' * W d k x) x1 (Rabs d + 1) ltac:(lra)) as (C & N & HC & H1); auto.
  - split; [exact Q0|]. intros x y Hx Hy. destruct (Vs x y Hx Hy). split; [apply Rmult_lt_0_compat; assumption|]. rewrite Rmult_assoc. apply Rmult_le_compat_l; lra.
  - destruct (ln_unbounded (L0 - ln al)) as (x2 & H2 & Hx2). exists (Rmax 1 x2). intros x Hx l Bl.
    pose proof (Rmax_l 1 x2). specialize (HA l Bl). pose proof (Rmax_r 1 x2). specialize (Hx2 x ltac:(lra)).
    assert (HW : 0 < W d k x) by apply W_pos.
    apply Rle_trans with (K * W d k x * eta * asum l d + G' * W d k x).
    + apply Rplus_le_compat_r. unfold asum. rewrite <- rsum_scal. apply rsum_le. intros t Ht. destruct (term_pos l t Bl Ht) as [At Bt].
      pose proof (term_ln l t Bl Ht) as Lt.
      replace (K * W d k x * eta * (ta t * Rpower (tb t) d)) with (ta t * (K * (Rpower (tb t) d * (Rpower x d * (eta * Rpower (ln x) k))))) by (unfold W; ring).
      apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_l; [lra|].
      unfold W. rewrite <- Rpower_mult_distr, ln_mult, Rmult_assoc by lra.
      apply Rmult_le_compat_l; [left; apply Rpower_pos|]. apply Rmult_le_compat_l; [left; apply Rpower_pos|].
      destruct (S (ln (tb t) + ln x) (ln x) ltac:(lra)) as [S1 _].
      replace (ln x - (ln (tb t) + ln x)) with (- ln (tb t)) in S1 by ring.
      assert (E : exp (eps * - ln (tb t)) <= eta).
      { rewrite <- (exp_ln eta) by lra. apply exp_le. replace (ln eta) with (eps * - ln al) by (unfold eps; field; lra).
        apply Rmult_le_compat_l; lra. }
      rewrite exp_Ropp in S1. pose proof (exp_pos (eps * - ln (tb t))) as Pe.
      apply (Rmult_le_compat_l (exp (eps * - ln (tb t)))) in S1; [|lra]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l in S1 by lra.
      apply Rle_trans with (1 := S1). apply Rmult_le_compat_r; [left; apply Rpower_pos | exact E].
    + assert (Q : K * W d k x * eta * asum l d <= K * W d k x * eta * A).
      { apply Rmult_le_compat_l; [|assumption]. apply Rmult_le_pos; [|lra]. apply Rmult_le_pos; lra. }
      replace (K * W d k x * eta * A) with (K * B * W d k x) in Q by (unfold B; ring).
      assert (E : K * W d k x = K * B * W d k x + (K * (1 - B)) * W d k x) by ring. rewrite E, EK. nra.
  - apply (driving_upper (fun x => Gc * W d k x) (fun x => G' * W d k x) Hg). destruct (W_driving_upper Gc d k HG) as (x0 & Hx).
    exists x0. intros x H2 y Hy. apply Rle_trans with (1 := Hx x H2 y Hy). right. unfold W, G'. ring.
  - exists (C * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. rewrite Rmult_assoc. auto.
Qed.
End Upper.

(* ---- Lower bounds ---- *)

Section Lower.
Hypothesis HT : approx_above ca T g n0 branch.
Hypothesis Tpos : late (fun n => 0 < T n).

Theorem approx_lower_leaf : forall p, (forall l, branch l -> 1 <= asum l p) -> late (fun n => 0 <= g n) ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * Rpower (loc n) p <= T n.
Proof.
  intros p HA Hg. destruct (potential_lower p (fun _ => 1) (fun _ => 0) (fun _ => 0) 0 HA) as (q & N & Hq & B); auto.
  - intros; lra.
  - intros L1 L2 _; lra.
  - apply slow_const.
  - exists 0; intros; lra.
  - exists 0; intros; lra.
  - exists q, N. split; [assumption|]. intros n Hn. specialize (B n Hn). unfold V in B. rewrite Rmult_1_r in B. exact B.
Qed.

Lemma driving_nonneg : forall Gc d k, 0 <= Gc -> late (fun n => Gc * W d k (loc n) <= g n) -> late (fun n => 0 <= g n).
Proof. intros Gc d k HG (N & H). exists N. intros n Hn. apply Rle_trans with (2 := H n Hn). apply Rmult_le_pos; [assumption | left; apply W_pos]. Qed.

Theorem approx_lower_balanced : forall d k Gc, -1 < k -> (forall l, branch l -> 1 <= asum l d) -> 0 < Gc ->
  late (fun n => Gc * W d k (loc n) <= g n) ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * W d (k + 1) (loc n) <= T n.
Proof.
  intros d k Gc Hk HA HG Hg. destruct drop_pos as [Hh0 Hh1]. set (h := - ln al) in *. assert (Hh : 0 < h) by lra.
  set (G' := Gc / (near d * near k)). pose proof (near_pos d). pose proof (near_pos k).
  assert (HG' : 0 < G') by (apply div_pos; [assumption | apply Rmult_lt_0_compat; assumption]).
  set (K := G' / (near k * ((k + 1) * h))).
  assert (HK : 0 < K) by (apply div_pos; [assumption|]; apply Rmult_lt_0_compat; [assumption | apply Rmult_lt_0_compat; lra]).
  destruct (potential_lower d (fun L => K * Rpower L (k + 1)) (fun L => G' * Rpower L k) (fun x => Gc * W d k x) 1 HA) as (q & N & Hq & B); auto.
  - intros L _. apply Rmult_lt_0_compat; [assumption | apply Rpower_pos].
  - apply scale_nondecreasing; [assumption | apply pow_nondecreasing; lra].
  - apply slow_scale; [assumption | apply slow_pow].
  - exists (2 * h). intros L HL. destruct (pow_drop (k + 1) h L Hh HL) as (xi & Hxi & E). replace (k + 1 - 1) with k in E by ring.
    replace (L + ln al) with (L - h) by (unfold h; ring). rewrite <- Rmult_minus_distr_l, E.
    destruct (xi_near k L xi ltac:(lra) Hxi) as [_ X].
    replace (K * ((k + 1) * Rpower xi k * h)) with (G' / near k * Rpower xi k) by (unfold K; field; repeat split; lra).
    apply Rle_trans with (G' / near k * (near k * Rpower L k)); [apply Rmult_le_compat_l; [left; apply div_pos; assumption | exact X]|].
    right. field. lra.
  - apply (W_driving_lower Gc d k ltac:(lra)).
  - apply driving_nonneg with Gc d k; [lra | assumption].
  - exists (q * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. apply Rle_trans with (2 := B n Hn). right. unfold V, W. ring.
Qed.

Theorem approx_lower_balanced_loglog : forall d Gc, (forall l, branch l -> 1 <= asum l d) -> 0 < Gc ->
  late (fun n => Gc * W d (-1) (loc n) <= g n) ->
  exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * (Rpower (loc n) d * ln (ln (loc n))) <= T n.
Proof.
  intros d Gc HA HG Hg. destruct drop_pos as [Hh0 Hh1]. set (h := - ln al) in *. assert (Hh : 0 < h) by lra.
  set (G' := Gc / (near d * near (-1))). pose proof (near_pos d). pose proof (near_pos (-1)).
  assert (HG' : 0 < G') by (apply div_pos; [assumption | apply Rmult_lt_0_compat; assumption]).
  set (K := G' / (2 * h)). assert (HK : 0 < K) by (apply div_pos; lra).
  destruct (potential_lower d (fun L => K * ln L) (fun L => G' * Rpower L (-1)) (fun x => Gc * W d (-1) x) 2 HA) as (q & N & Hq & B); auto.
  - intros L HL. apply Rmult_lt_0_compat; [assumption | apply ln_pos; lra].
  - apply scale_nondecreasing; [assumption|]. intros L1 L2 HL. apply ln_le; lra.
  - apply slow_scale; [assumption | apply slow_ln].
  - exists (2 * h). intros L HL. replace (L + ln al) with (L - h) by (unfold h; ring). rewrite <- Rmult_minus_distr_l.
    rewrite Rpower_inv by lra. destruct (ln_diff (L - h) L ltac:(lra)) as [_ Q].
    replace (L - (L - h)) with h in Q by ring. apply Rle_trans with (K * (h / (L - h))); [apply Rmult_le_compat_l; lra|].
    replace (K * (h / (L - h))) with ((G' / 2) * / (L - h)) by (unfold K; field; repeat split; lra).
    replace (G' * / L) with ((G' / 2) * (2 * / L)) by (field; lra).
    apply Rmult_le_compat_l; [lra|]. replace (2 * / L) with (/ (L / 2)) by (field; lra). apply Rinv_le_contravar; lra.
  - apply (W_driving_lower Gc d (-1) ltac:(lra)).
  - apply driving_nonneg with Gc d (-1); [lra | assumption].
  - exists (q * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. apply Rle_trans with (2 := B n Hn). right. unfold V. ring.
Qed.

(** T is at least its driving function *)
Theorem approx_lower_root : forall F : R -> R, late (fun n => F (loc n) <= g n) ->
  exists N, forall n, (N <= n)%nat -> F (loc n) <= T n.
Proof.
  intros F (M & Hg). destruct Tpos as (MT & HTp).
  destruct (perturbed_range loc Hloc al be c dl n0 branch ca OK MT) as (N0 & HN0 & Hr).
  exists (max N0 M). intros n Hn. apply Rle_trans with (1 := Hg n ltac:(lia)).
  destruct (HT n ltac:(lia)) as (l & Bl & H). apply Rle_trans with (2 := H).
  assert (0 <= rsum (fun t => ca t n * T (tr t n)) l); [|lra]. apply rsum_nonneg. intros t Ht.
  destruct (Hr l t n Bl Ht ltac:(lia)) as (A & L & _). apply Rmult_le_pos; [exact A | left; apply HTp, L].
Qed.
End Lower.
End Cases.

(* ---- Exact coefficients and bounded rounding ---- *)

Section Rounded.
Variable loc : nat -> R.
Hypothesis Hloc : scale loc.
Variables (T g : nat -> R) (branch : list term -> Prop) (al be c : R) (n0 : nat).
Hypothesis OK : rounded loc al be c n0 branch.
Let P := perturbed_of_rounded loc al be c n0 branch OK.
Definition upper_leaf := approx_upper_leaf loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition upper_balanced := approx_upper_balanced loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition upper_balanced_loglog := approx_upper_balanced_loglog loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition upper_balanced_small := approx_upper_balanced_small loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition upper_root := approx_upper_root loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition lower_leaf := approx_lower_leaf loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition lower_balanced := approx_lower_balanced loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition lower_balanced_loglog := approx_lower_balanced_loglog loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
Definition lower_root := approx_lower_root loc Hloc T g branch al be c 1 n0 (fun t _ => ta t) P.
End Rounded.
