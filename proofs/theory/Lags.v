(* Recurrences with lags and coefficients that depend on n, T(n) = sum_j a_j(n) T(n-j) + g(n).
   - Comparison: P with sum_j a_j(n) P(n-j) <= P(n) and F with F(n) - F(n-j) >= g(n)/P(n) give T = O(P F); from below the other way round.
   - Sums of n^d (log n)^k (log log n)^l: increments of the class one step up.
   - First order, T(n) = a(n) T(n-j) + g(n) with a(n) = C rho^n n^k (1 + b/sqrt n + c/n + O(n^(-3/2))): P is a product of a power of n!, exponentials and a power of n.
   Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2.2 (summation factors); mean value theorem. *)
From Coq Require Import Reals Lra Lia List Arith ZArith Wf_nat Factorial.
From Aalp Require Import Analysis Recurrence LinearRecurrence Growth.
Import ListNotations.
Open Scope R_scope.

Definition vlags := list ((nat -> R) * nat).
Definition vsum (l : vlags) (T : nat -> R) (n : nat) : R := fold_right (fun aj s => fst aj n * T (n - snd aj)%nat + s) 0 l.
Definition vlags_ok (D : nat) (l : vlags) : Prop := (1 <= D)%nat /\ forall aj, In aj l -> (1 <= snd aj <= D)%nat /\ late (fun n => 0 <= fst aj n).

Lemma vsum_le : forall l T U n, (forall aj, In aj l -> 0 <= fst aj n /\ T (n - snd aj)%nat <= U (n - snd aj)%nat) -> vsum l T n <= vsum l U n.
Proof.
  induction l as [|aj l IH]; intros T U n H; cbn [vsum fold_right]; [lra|]. destruct (H aj (or_introl eq_refl)) as [A B].
  apply Rplus_le_compat; [apply Rmult_le_compat_l; assumption|]. apply IH. intros x Hx. apply H. right. assumption.
Qed.
Lemma vsum_scale : forall c l T n, vsum l (fun m => c * T m) n = c * vsum l T n.
Proof. intros c l T n. induction l as [|aj l IH]; cbn [vsum fold_right]; [ring|]. fold (vsum l (fun m => c * T m) n). rewrite IH. unfold vsum. ring. Qed.
Lemma vlags_late : forall D l, vlags_ok D l -> late (fun n => forall aj, In aj l -> (1 <= snd aj <= D)%nat /\ 0 <= fst aj n).
Proof.
  intros D l (_ & H). induction l as [|aj l IH]; [exists 0%nat; intros n _ x []|].
  destruct (H aj (or_introl eq_refl)) as [J A]. specialize (IH (fun x Hx => H x (or_intror Hx))).
  generalize (late_and _ _ A IH). apply late_imp. intros n (A1 & A2) x [<-|Hx]; [split; assumption | apply A2, Hx].
Qed.
Lemma late_back : forall Q D, late Q -> late (fun n => forall j, (j <= D)%nat -> Q (n - j)%nat).
Proof. intros Q D (N & H). exists (N + D)%nat. intros n Hn j Hj. apply H. lia. Qed.

Section Comparison.
Variables (D : nat) (l : vlags) (T g : nat -> R).
Hypothesis OK : vlags_ok D l.
Hypothesis g_late : late (fun n => 0 <= g n).

Theorem lag_upper : forall U, late (fun n => T n <= vsum l T n + g n) -> late (fun n => 0 < U n) -> late (fun n => vsum l U n + g n <= U n) -> bounded_above T U.
Proof.
  intros U HT HP HU. destruct (late_and _ _ (vlags_late D l OK) (late_and _ _ HT (late_and _ _ HP (late_and _ _ g_late HU)))) as (N & H).
  destruct (base_upper T U N (N + D)) as (C & HC & B); [intros n Hn; apply (H n ltac:(lia))|].
  exists C, N. split; [lra|]. intros n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec (N + D) n) as [L|L]; [|apply B; lia]. destruct (H n Hn) as (A & H1 & H2 & H3 & H4).
  apply Rle_trans with (1 := H1), Rle_trans with (C * (vsum l U n + g n)); [|apply Rmult_le_compat_l; lra].
  rewrite Rmult_plus_distr_l, <- vsum_scale. apply Rplus_le_compat; [|nra].
  apply vsum_le. intros aj Hin. destruct (A aj Hin) as [J P]. split; [exact P|]. apply IH; lia.
Qed.
Theorem lag_lower : forall U, late (fun n => vsum l T n + g n <= T n) -> late (fun n => 0 < T n) -> late (fun n => U n <= vsum l U n + g n) -> bounded_below T U.
Proof.
  intros U HT HP HU. destruct (late_and _ _ (vlags_late D l OK) (late_and _ _ HT (late_and _ _ HP (late_and _ _ g_late HU)))) as (N & H).
  destruct (base_upper U T N (N + D)) as (C & HC & B); [intros n Hn; apply (H n ltac:(lia))|].
  assert (I : 0 < / C <= 1). { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  exists (/ C), N. split; [lra|]. intros n; induction n as [n IH] using lt_wf_ind; intros Hn.
  destruct (le_lt_dec (N + D) n) as [L|L].
  - destruct (H n Hn) as (A & H1 & H2 & H3 & H4).
    apply Rle_trans with (2 := H1), Rle_trans with (/ C * (vsum l U n + g n)); [apply Rmult_le_compat_l; lra|].
    rewrite Rmult_plus_distr_l, <- vsum_scale. apply Rplus_le_compat; [|nra].
    apply vsum_le. intros aj Hin. destruct (A aj Hin) as [J P]. split; [exact P|]. apply IH; lia.
  - apply Rmult_le_reg_l with C; [lra|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. apply B. lia.
Qed.

(** F sums g/P *)
Theorem sum_upper : forall P F y, late (fun n => T n <= vsum l T n + g n) -> late (fun n => 0 < P n) -> late (fun n => vsum l P n <= P n) ->
  late (fun n => g n <= P n * y n) -> late (fun n => 0 < F n) -> late (fun n => forall j, (1 <= j <= D)%nat -> y n <= F n - F (n - j)%nat) ->
  bounded_above T (fun n => P n * F n).
Proof.
  intros P F y HT HP HPs Hy HF HI. apply lag_upper; [assumption | |].
  - generalize (late_and _ _ HP HF). apply late_imp. intros n [A B]. apply Rmult_lt_0_compat; assumption.
  - generalize (late_and _ _ (vlags_late D l OK) (late_and _ _ (late_back _ D HP) (late_and _ _ (late_back _ D HF) (late_and _ _ HPs (late_and _ _ Hy HI))))).
    apply late_imp. intros n (A & B1 & B2 & C & E & I). destruct OK as (D1 & _).
    pose proof (I 1%nat ltac:(lia)). pose proof (B2 1%nat D1).
    assert (S : vsum l (fun m => P m * F m) n <= vsum l (fun m => (F n - y n) * P m) n).
    { apply vsum_le. intros aj Hin. destruct (A aj Hin) as [J N]. split; [exact N|]. rewrite Rmult_comm. apply Rmult_le_compat_r; [left; apply B1; lia|].
      specialize (I (snd aj) J). lra. }
    rewrite vsum_scale in S. assert ((F n - y n) * vsum l P n <= (F n - y n) * P n) by (apply Rmult_le_compat_l; lra). lra.
Qed.
Theorem sum_lower : forall P F y, late (fun n => vsum l T n + g n <= T n) -> late (fun n => 0 < T n) -> late (fun n => 0 < P n) -> late (fun n => P n <= vsum l P n) ->
  late (fun n => P n * y n <= g n) -> late (fun n => 0 < F n) -> late (fun n => forall j, (1 <= j <= D)%nat -> F n - F (n - j)%nat <= y n) ->
  bounded_below T (fun n => P n * F n).
Proof.
  intros P F y HT HTp HP HPs Hy HF HI. apply lag_lower; [assumption | assumption |].
  generalize (late_and _ _ (vlags_late D l OK) (late_and _ _ (late_back _ D HP) (late_and _ _ (late_back _ D HF) (late_and _ _ HPs (late_and _ _ Hy HI))))).
  apply late_imp. intros n (A & B1 & B2 & C & E & I). pose proof (B1 0%nat ltac:(lia)) as Pn. rewrite Nat.sub_0_r in Pn.
  assert (S : vsum l (fun m => (F n - y n) * P m) n <= vsum l (fun m => P m * F m) n).
  { apply vsum_le. intros aj Hin. destruct (A aj Hin) as [J N]. split; [exact N|]. rewrite (Rmult_comm (P _)). apply Rmult_le_compat_r; [left; apply B1; lia|].
    specialize (I (snd aj) J). lra. }
  rewrite vsum_scale in S. destruct (Rle_lt_dec 0 (F n - y n)) as [L|L].
  - assert ((F n - y n) * P n <= (F n - y n) * vsum l P n) by (apply Rmult_le_compat_l; assumption). lra.
  - assert (0 <= vsum l (fun m => P m * F m) n).
    { replace 0 with (vsum l (fun m => 0 * P m) n) by (rewrite vsum_scale; ring). apply vsum_le. intros aj Hin. destruct (A aj Hin) as [J N].
      split; [exact N|]. rewrite Rmult_0_l. left. apply Rmult_lt_0_compat; [apply B1; lia | apply B2; lia]. }
    assert ((F n - y n) * P n <= 0) by nra. lra.
Qed.
(** the driving function dominates *)
Theorem driven_upper : forall P X A q C, late (fun n => T n <= vsum l T n + g n) -> late (fun n => 0 < P n) -> late (fun n => 0 < X n) -> 0 <= A -> 0 <= q -> A * q < 1 -> 0 < C ->
  late (fun n => vsum l P n <= A * P n) -> late (fun n => forall j, (1 <= j <= D)%nat -> X (n - j)%nat <= q * X n) -> late (fun n => g n <= C * (P n * X n)) ->
  bounded_above T (fun n => P n * X n).
Proof.
  intros P X A q C HT HP HX HA Hq HAq HC HPs HR Hg. set (K := C / (1 - A * q)). assert (HK : 0 < K) by (apply div_pos; lra).
  assert (E : K * (A * q) + C = K) by (unfold K; field; lra).
  destruct (lag_upper (fun n => K * (P n * X n)) HT) as (c & N & Hc & B).
  - generalize (late_and _ _ HP HX). apply late_imp. intros n [H1 H2]. apply Rmult_lt_0_compat; [exact HK | apply Rmult_lt_0_compat; assumption].
  - generalize (late_and _ _ (vlags_late D l OK) (late_and _ _ (late_back _ D HP) (late_and _ _ HX (late_and _ _ HPs (late_and _ _ HR Hg))))).
    apply late_imp. intros n (H1 & H2 & H3 & H4 & H5 & H6). pose proof (H2 0%nat ltac:(lia)) as Pn. rewrite Nat.sub_0_r in Pn.
    rewrite vsum_scale. assert (S : vsum l (fun m => P m * X m) n <= vsum l (fun m => (q * X n) * P m) n).
    { apply vsum_le. intros aj Hin. destruct (H1 aj Hin) as [J M]. split; [exact M|]. rewrite (Rmult_comm (P _)). apply Rmult_le_compat_r; [left; apply H2; lia | apply H5, J]. }
    rewrite vsum_scale in S. assert (q * X n * vsum l P n <= q * X n * (A * P n)) by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | exact H4]).
    assert (K * vsum l (fun m => P m * X m) n <= K * (q * X n * (A * P n))) by (apply Rmult_le_compat_l; lra).
    replace (K * (q * X n * (A * P n))) with ((K * (A * q)) * (P n * X n)) in * by ring.
    apply Rle_trans with ((K * (A * q) + C) * (P n * X n)); [lra | rewrite E; lra].
  - exists (c * K), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn. rewrite Rmult_assoc. apply B, Hn.
Qed.
Theorem driven_lower : forall X C, late (fun n => vsum l T n + g n <= T n) -> late (fun n => 0 < T n) -> 0 < C -> late (fun n => C * X n <= g n) -> bounded_below T X.
Proof.
  intros X C HT HTp HC Hg. destruct (late_and _ _ (vlags_late D l OK) (late_and _ _ HT (late_and _ _ (late_back _ D HTp) Hg))) as (N & H).
  exists C, N. split; [assumption|]. intros n Hn. destruct (H n Hn) as (A & B & E & F).
  enough (0 <= vsum l T n) by lra. replace 0 with (vsum l (fun m => 0 * T m) n) by (rewrite vsum_scale; ring).
  apply vsum_le. intros aj Hin. destruct (A aj Hin) as [J M]. split; [exact M|]. rewrite Rmult_0_l. left. apply E. lia.
Qed.
End Comparison.

(* ---- sums of n^d (log n)^k (log log n)^l ---- *)
Definition at_real (d k l x : R) : R := exp (exponent 0 d k l x).
Definition log_slope (d k l x : R) : R := / x * (d + / ln x * (k + / ln (ln x) * l)).

Lemma exponent_derivative : forall d k l x, 0 < x -> 0 < ln x -> 0 < ln (ln x) -> derivable_pt_lim (exponent 0 d k l) x (log_slope d k l x).
Proof.
  intros d k l x H0 H1 H2. pose proof (derivable_pt_lim_ln x H0) as D1.
  pose proof (derivable_pt_lim_comp ln ln x _ _ D1 (derivable_pt_lim_ln (ln x) H1)) as D2.
  pose proof (derivable_pt_lim_comp (comp ln ln) ln x _ _ D2 (derivable_pt_lim_ln (ln (ln x)) H2)) as D3.
  pose proof (derivable_pt_lim_plus _ _ _ _ _ (derivable_pt_lim_scal id 0 x 1 (derivable_pt_lim_id x))
    (derivable_pt_lim_plus _ _ _ _ _ (derivable_pt_lim_scal _ d x _ D1)
    (derivable_pt_lim_plus _ _ _ _ _ (derivable_pt_lim_scal _ k x _ D2) (derivable_pt_lim_scal _ l x _ D3)))) as Q.
  unfold log_slope. replace (/ x * (d + / ln x * (k + / ln (ln x) * l))) with
    (0 * 1 + (d * / x + (k * (/ ln x * / x) + l * (/ ln (ln x) * (/ ln x * / x))))) by (field; repeat split; lra). exact Q.
Qed.
Lemma at_real_derivative : forall d k l x, 0 < x -> 0 < ln x -> 0 < ln (ln x) -> derivable_pt_lim (at_real d k l) x (at_real d k l x * log_slope d k l x).
Proof. intros d k l x H0 H1 H2. apply (derivable_pt_lim_comp (exponent 0 d k l) exp); [apply exponent_derivative; assumption | apply derivable_pt_lim_exp]. Qed.
Lemma at_real_n : forall d k l n, at_real d k l (INR n) = Sc 0 d k l n. Proof. reflexivity. Qed.

Lemma small_factor : forall t a, 0 < t <= 1 -> Rabs (t * a) <= Rabs a.
Proof. intros t a H. rewrite Rabs_mult, (Rabs_right t) by lra. pose proof (Rabs_pos a). nra. Qed.
Lemma inv_unit : forall x, 1 <= x -> 0 < / x <= 1.
Proof. intros x H. split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. Qed.
Lemma late_minus : forall Q D, eventually Q -> late (fun n => forall x, INR n - INR D <= x -> Q x).
Proof.
  intros Q D (x0 & H). destruct (nat_above (x0 + INR D)) as (N & L). exists N. intros n Hn x Hx. apply H. apply le_INR in Hn. lra.
Qed.
Lemma smooth : forall d k l D q, 1 < q -> late (fun n => forall x, INR n - INR D <= x <= INR n -> at_real d k l x <= q * Sc 0 d k l n /\ Sc 0 d k l n <= q * at_real d k l x).
Proof.
  intros d k l D q Hq. set (B := Rabs d + (Rabs k + Rabs l)). pose proof (ln_pos q Hq) as Lq.
  assert (HB : 0 <= B) by (unfold B; pose proof (Rabs_pos d); pose proof (Rabs_pos k); pose proof (Rabs_pos l); lra).
  generalize (late_and _ _ (late_minus _ D ladder) (late_of _ (eventually_above (INR D + INR D * B / ln q + 1)))).
  apply late_imp. intros n (L & A) x Hx. pose proof (pos_INR D) as PD.
  assert (P0 : 0 <= INR D * B / ln q) by (apply div_nonneg; [apply Rmult_le_pos; assumption | assumption]).
  assert (E : Rabs (exponent 0 d k l (INR n) - exponent 0 d k l x) <= ln q).
  { destruct (Req_dec x (INR n)) as [->|Ne]; [rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; lra|].
    destruct (MVT_cor2 (exponent 0 d k l) (log_slope d k l) x (INR n) ltac:(lra)) as (y & Ey & Hy).
    - intros y Hy. specialize (L y ltac:(lra)). apply exponent_derivative; lra.
    - rewrite Ey. specialize (L y ltac:(lra)). destruct L as (L1 & L2 & L3 & _).
      pose proof (small_factor (/ ln (ln y)) l (inv_unit _ L3)). pose proof (small_factor (/ ln y) (k + / ln (ln y) * l) (inv_unit _ L2)).
      pose proof (Rabs_triang k (/ ln (ln y) * l)). pose proof (Rabs_triang d (/ ln y * (k + / ln (ln y) * l))).
      assert (S : Rabs (d + / ln y * (k + / ln (ln y) * l)) <= B) by (unfold B; lra).
      unfold log_slope. rewrite !Rabs_mult, (Rabs_right (/ y)), (Rabs_right (INR n - x)) by (try (apply Rle_ge; left; apply Rinv_0_lt_compat); lra).
      apply Rle_trans with (/ y * B * INR D).
      + apply Rmult_le_compat; [apply Rmult_le_pos; [left; apply Rinv_0_lt_compat; lra | apply Rabs_pos] | lra | | lra].
        apply Rmult_le_compat_l; [left; apply Rinv_0_lt_compat; lra | assumption].
      + apply Rmult_le_reg_l with y; [lra|]. replace (y * (/ y * B * INR D)) with (INR D * B / ln q * ln q) by (field; lra).
        apply Rmult_le_compat_r; lra. }
  apply Rabs_bounds in E. unfold at_real, Sc. rewrite <- (exp_ln q) by lra. rewrite <- !exp_plus. split; apply exp_le; lra.
Qed.

(* the derivative of the class (d, k, l) is lambda times the class (d', k', l') *)
Definition rises (d k l lam d' k' l' : R) : Prop := lam <> 0 /\
  eventually (fun x => Rabs (at_real d k l x * log_slope d k l x - lam * at_real d' k' l' x) <= Rabs lam / 2 * at_real d' k' l' x).
Lemma at_real_pos : forall d k l x, 0 < at_real d k l x. Proof. intros. apply exp_pos. Qed.
Lemma at_real_less : forall d k l x, 0 < x -> at_real d k l x * / x = at_real (d - 1) k l x.
Proof. intros d k l x H. replace (/ x) with (exp (- ln x)) by (rewrite exp_Ropp, exp_ln by assumption; reflexivity). unfold at_real. rewrite <- exp_plus. f_equal. unfold exponent. ring. Qed.
Lemma at_real_less_log : forall d k l x, 0 < ln x -> at_real d k l x * / ln x = at_real d (k - 1) l x.
Proof. intros d k l x H. replace (/ ln x) with (exp (- ln (ln x))) by (rewrite exp_Ropp, exp_ln by assumption; reflexivity). unfold at_real. rewrite <- exp_plus. f_equal. unfold exponent. ring. Qed.
Lemma at_real_less_loglog : forall d k l x, 0 < ln (ln x) -> at_real d k l x * / ln (ln x) = at_real d k (l - 1) x.
Proof. intros d k l x H. replace (/ ln (ln x)) with (exp (- ln (ln (ln x)))) by (rewrite exp_Ropp, exp_ln by assumption; reflexivity). unfold at_real. rewrite <- exp_plus. f_equal. unfold exponent. ring. Qed.
Lemma div_small : forall a B y, 0 < a -> 0 <= B -> B / a + 1 <= y -> / y * B <= a.
Proof.
  intros a B y Ha HB H. assert (0 <= B / a) by (apply div_nonneg; assumption). apply Rmult_le_reg_l with y; [lra|].
  replace (y * (/ y * B)) with (B / a * a) by (field; lra). apply Rmult_le_compat_r; lra.
Qed.
Lemma rises_power : forall d k l, d <> 0 -> rises d k l d (d - 1) k l.
Proof.
  intros d k l Hd. split; [exact Hd|]. pose proof (Rabs_pos_lt d Hd). set (B := Rabs k + Rabs l).
  assert (HB : 0 <= B) by (unfold B; pose proof (Rabs_pos k); pose proof (Rabs_pos l); lra).
  generalize (eventually_and _ _ ladder (above_ln (B / (Rabs d / 2) + 1))). apply eventually_imp. intros x ((L1 & L2 & L3 & _) & A).
  unfold log_slope. rewrite <- Rmult_assoc, at_real_less by lra. pose proof (at_real_pos (d - 1) k l x) as P.
  replace (at_real (d - 1) k l x * (d + / ln x * (k + / ln (ln x) * l)) - d * at_real (d - 1) k l x)
    with (at_real (d - 1) k l x * (/ ln x * (k + / ln (ln x) * l))) by ring.
  rewrite Rabs_mult, (Rabs_right (at_real (d - 1) k l x)), Rmult_comm by lra. apply Rmult_le_compat_r; [lra|].
  rewrite Rabs_mult, (Rabs_right (/ ln x)) by (apply Rle_ge; left; apply Rinv_0_lt_compat; lra).
  apply Rle_trans with (/ ln x * B); [|apply div_small; lra]. apply Rmult_le_compat_l; [left; apply Rinv_0_lt_compat; lra|].
  apply Rle_trans with (1 := Rabs_triang _ _). unfold B. pose proof (small_factor (/ ln (ln x)) l (inv_unit _ L3)). lra.
Qed.
Lemma rises_log : forall k l, k <> 0 -> rises 0 k l k (-1) (k - 1) l.
Proof.
  intros k l Hk. split; [exact Hk|]. pose proof (Rabs_pos_lt k Hk).
  generalize (eventually_and _ _ ladder (above_lnln (Rabs l / (Rabs k / 2) + 1))). apply eventually_imp. intros x ((L1 & L2 & L3 & _) & A).
  unfold log_slope. rewrite <- Rmult_assoc, at_real_less, Rplus_0_l, <- Rmult_assoc, at_real_less_log by lra. replace (0 - 1) with (-1) by ring.
  pose proof (at_real_pos (-1) (k - 1) l x) as P. set (S := at_real (-1) (k - 1) l x) in *.
  replace (S * (k + / ln (ln x) * l) - k * S) with (S * (/ ln (ln x) * l)) by ring.
  rewrite Rabs_mult, (Rabs_right S), Rmult_comm by lra. apply Rmult_le_compat_r; [lra|].
  rewrite Rabs_mult, (Rabs_right (/ ln (ln x))) by (apply Rle_ge; left; apply Rinv_0_lt_compat; lra).
  apply div_small; [lra | apply Rabs_pos | lra].
Qed.
Lemma rises_loglog : forall l, l <> 0 -> rises 0 0 l l (-1) (-1) (l - 1).
Proof.
  intros l Hl. split; [exact Hl|]. pose proof (Rabs_pos_lt l Hl). generalize ladder. apply eventually_imp. intros x (L1 & L2 & L3 & _).
  unfold log_slope. rewrite <- Rmult_assoc, at_real_less, Rplus_0_l, <- Rmult_assoc, at_real_less_log, Rplus_0_l, <- Rmult_assoc, at_real_less_loglog by lra.
  replace (0 - 1) with (-1) by ring. pose proof (at_real_pos (-1) (-1) (l - 1) x) as P. rewrite Rmult_comm, Rminus_diag_eq, Rabs_R0 by reflexivity.
  apply Rmult_le_pos; lra.
Qed.
Lemma increments : forall d k l lam d' k' l' D, rises d k l lam d' k' l' -> late (fun n => forall j, (1 <= j <= D)%nat ->
  lam * lam / 4 * Sc 0 d' k' l' n <= lam * (Sc 0 d k l n - Sc 0 d k l (n - j)%nat) <= 3 * INR D * (lam * lam) * Sc 0 d' k' l' n).
Proof.
  intros d k l lam d' k' l' D (Hl & R). generalize (late_and _ _ (late_minus _ D R) (late_and _ _ (late_minus _ D ladder) (late_and _ _ (smooth d' k' l' D 2 ltac:(lra)) (late_of _ (eventually_above (INR D)))))).
  apply late_imp. intros n (R1 & L & S & ND) j Hj. apply INR_le in ND. rewrite <- !at_real_n. rewrite minus_INR by lia.
  assert (J : 1 <= INR j <= INR D) by (destruct Hj as [Ja Jb]; apply le_INR in Ja, Jb; simpl (INR 1) in Ja; lra).
  destruct (MVT_cor2 (at_real d k l) (fun x => at_real d k l x * log_slope d k l x) (INR n - INR j) (INR n) ltac:(lra)) as (y & Ey & Hy).
  - intros y Hy. specialize (L y ltac:(lra)). apply at_real_derivative; lra.
  - rewrite Ey. replace (INR n - (INR n - INR j)) with (INR j) by ring. specialize (R1 y ltac:(lra)). apply Rabs_bounds in R1.
    destruct (S y ltac:(lra)) as [S1 S2]. rewrite <- at_real_n in S1, S2. set (G := at_real d k l y * log_slope d k l y) in *.
    pose proof (at_real_pos d' k' l' y) as Py. pose proof (at_real_pos d' k' l' (INR n)) as Pn.
    set (s := at_real d' k' l' y) in *. set (sn := at_real d' k' l' (INR n)) in *.
    assert (Q : lam * lam / 2 * s <= lam * G <= 3 / 2 * (lam * lam) * s).
    { destruct (Rle_lt_dec 0 lam) as [Z|Z].
      - rewrite (Rabs_right lam) in R1 by lra. assert (0 < lam) by lra. split.
        + replace (lam * lam / 2 * s) with (lam * (lam / 2 * s)) by field. apply Rmult_le_compat_l; lra.
        + replace (3 / 2 * (lam * lam) * s) with (lam * (3 / 2 * lam * s)) by ring. apply Rmult_le_compat_l; lra.
      - rewrite (Rabs_left lam) in R1 by lra. split.
        + replace (lam * lam / 2 * s) with (- lam * (- (lam / 2 * s))) by field. replace (lam * G) with (- lam * (- G)) by ring. apply Rmult_le_compat_l; lra.
        + replace (3 / 2 * (lam * lam) * s) with (- lam * (- (3 / 2 * lam * s))) by ring. replace (lam * G) with (- lam * (- G)) by ring. apply Rmult_le_compat_l; lra. }
    assert (L2 : 0 < lam * lam) by (destruct (Rtotal_order lam 0) as [Z|[Z|Z]]; [nra | lra | nra]).
    replace (lam * (G * INR j)) with (INR j * (lam * G)) by ring. split.
    + apply Rle_trans with (1 * (lam * lam / 2 * s)); [|apply Rmult_le_compat; try lra; apply Rmult_le_pos; lra].
      replace (lam * lam / 4 * sn) with (lam * lam * (sn / 4)) by field. replace (1 * (lam * lam / 2 * s)) with (lam * lam * (s / 2)) by field.
      apply Rmult_le_compat_l; lra.
    + apply Rle_trans with (INR D * (3 / 2 * (lam * lam) * s)).
      * apply Rle_trans with (INR j * (3 / 2 * (lam * lam) * s)); [apply Rmult_le_compat_l; lra|]. apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | lra].
      * replace (3 * INR D * (lam * lam) * sn) with (INR D * (3 / 2 * (lam * lam) * (2 * sn))) by field. apply Rmult_le_compat_l; [lra|].
        apply Rmult_le_compat_l; lra.
Qed.
