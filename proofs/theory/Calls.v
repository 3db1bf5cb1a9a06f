(* Recurrences whose calls are near b_t n on a scale, for large n:  T(n) = sum_t a_t(n) T(r_t(n)) + g(n),  a_t(n) -> a_t,
   loc(r_t(n)) ~ b_t loc(n), both with a relative error loc(n)^(-dl); one list of calls for each branch of a maximum or minimum.
   The cases of the Akra-Bazzi theorem (AkraBazzi.v) with every hypothesis for large n only, and what shows these hypotheses from growth.
   Also: arguments that are rounded real functions. *)
From Coq Require Import Reals Lra Lia List Arith ZArith.
From Aalp Require Import Analysis Recurrence AkraBazzi Growth.
Import ListNotations.
Open Scope R_scope.

(* ---- rounded arguments ---- *)
Lemma rounded_near : forall x r, (floor x <= Z.of_nat r <= ceil x)%Z -> Rabs (INR r - x) < 1.
Proof.
  intros x r [L U]. apply IZR_le in L, U. rewrite <- INR_IZR_INZ in L, U. pose proof (floor_bounds x). pose proof (ceil_bounds x).
  apply Rabs_def1; lra.
Qed.
Lemma floor_near : forall x, 0 <= x -> Rabs (INR (Z.to_nat (floor x)) - x) < 1.
Proof.
  intros x H. apply rounded_near. pose proof (floor_bounds x) as [A B]. pose proof (ceil_bounds x) as [C D].
  assert (0 <= floor x)%Z by (assert (-1 < floor x)%Z by (apply lt_IZR; lra); lia). rewrite Z2Nat.id by assumption. split; [lia|]. apply le_IZR. lra.
Qed.
Lemma ceil_near : forall x, 0 <= x -> Rabs (INR (Z.to_nat (ceil x)) - x) < 1.
Proof.
  intros x H. apply rounded_near. pose proof (floor_bounds x) as [A B]. pose proof (ceil_bounds x) as [C D].
  assert (0 <= ceil x)%Z by (apply le_IZR; lra). rewrite Z2Nat.id by assumption. split; [|lia]. apply le_IZR. lra.
Qed.
Lemma quotient_near : forall n b r, (0 < b)%nat -> (n / b <= r <= (n + b - 1) / b)%nat -> Rabs (INR r - INR n / INR b) < 1.
Proof.
  intros n b r Hb [L U]. assert (B : 1 <= INR b) by (apply (le_INR 1); lia). pose proof (quotient_bounds n b Hb) as [Q _]. pose proof (quotient_bounds (n + b - 1) b Hb) as [_ Q'].
  apply le_INR in L, U. rewrite minus_INR, plus_INR in Q' by lia. simpl (INR 1) in Q'.
  replace ((INR n + INR b - 1) / INR b) with (INR n / INR b + 1 - / INR b) in Q' by (field; lra). assert (0 < / INR b) by (apply Rinv_0_lt_compat; lra).
  apply Rabs_def1; lra.
Qed.
Lemma near_smaller : forall n r x, Rabs (INR r - x) < 1 -> x + 1 <= INR n -> (r < n)%nat.
Proof. intros n r x H L. apply INR_lt. apply Rabs_def2 in H. lra. Qed.
Lemma grows_rounded : forall (r : nat -> nat) x C d k j N, lexpos 0 d k j -> (forall n, (N <= n)%nat -> Rabs (INR (r n) - x n) < 1) ->
  grows x C 0 d k j -> grows (fun n => INR (r n)) C 0 d k j.
Proof. intros r x C d k j N L H G. apply (grows_near x (fun n => INR (r n)) 1); [exact L | exists N; intros n Hn; left; apply H, Hn | exact G]. Qed.

(* ---- calls on a scale ---- *)
Section OnScale.
Variable loc : nat -> R.
Hypothesis Hloc : scale loc.
Variables (dl : R) (ca : term -> nat -> R).
Hypothesis dl_pos : 0 < dl.
Definition regular (t : term) : Prop := 0 <= ta t /\ 0 < tb t < 1 /\ exists c N, 0 <= c /\ forall n, (N <= n)%nat ->
  0 <= ca t n /\ Rabs (ca t n - ta t) <= c * Rpower (loc n) (- dl) /\ Rabs (loc (tr t n) - tb t * loc n) <= c * Rpower (loc n) (1 - dl).
Lemma regular_list : forall l, (forall t, In t l -> regular t) -> exists al be c N, 0 < al /\ al <= be /\ be < 1 /\ 0 <= c /\ forall t, In t l -> 0 <= ta t /\ al <= tb t <= be /\
  forall n, (N <= n)%nat -> 0 <= ca t n /\ Rabs (ca t n - ta t) <= c * Rpower (loc n) (- dl) /\ Rabs (loc (tr t n) - tb t * loc n) <= c * Rpower (loc n) (1 - dl).
Proof.
  induction l as [|s l IH]; intros H; [exists (/ 2), (/ 2), 0, 0%nat; do 4 (split; [lra|]); intros t []|].
  destruct IH as (al & be & c & N & A & B & C & D & IH). { intros t Ht. apply H. now right. }
  destruct (H s (or_introl eq_refl)) as (P & Q & c' & N' & D' & F). pose proof (Rmin_l al (tb s)). pose proof (Rmin_r al (tb s)). pose proof (Rmax_l be (tb s)). pose proof (Rmax_r be (tb s)).
  pose proof (Rmax_l c c'). pose proof (Rmax_r c c').
  exists (Rmin al (tb s)), (Rmax be (tb s)), (Rmax c c'), (Nat.max N N').
  split; [apply Rmin_glb_lt; lra|]. split; [lra|]. split; [apply Rmax_lub_lt; lra|]. split; [lra|].
  assert (W : forall x y z, 0 < z -> x <= y -> x * z <= y * z) by (intros; apply Rmult_le_compat_r; lra).
  intros t [<-|Ht].
  - split; [exact P|]. split; [lra|]. intros n Hn. destruct (F n ltac:(lia)) as (F1 & F2 & F3). split; [exact F1|].
    split; [apply Rle_trans with (1 := F2) | apply Rle_trans with (1 := F3)]; apply W; try apply Rpower_pos; assumption.
  - destruct (IH t Ht) as (P' & Q' & F'). split; [exact P'|]. split; [lra|]. intros n Hn. destruct (F' n ltac:(lia)) as (F1 & F2 & F3). split; [exact F1|].
    split; [apply Rle_trans with (1 := F2) | apply Rle_trans with (1 := F3)]; apply W; try apply Rpower_pos; assumption.
Qed.
Variable ls : list (list term).
Hypothesis calls : forall l t, In l ls -> In t l -> regular t.
Definition branches (l : list term) : Prop := In l ls.
Lemma all_regular : exists al be c N, forall N', (N <= N')%nat -> perturbed loc al be c dl N' branches ca.
Proof.
  destruct (regular_list (concat ls)) as (al & be & c & N & A & B & C & D & H).
  { intros t Ht. apply in_concat in Ht. destruct Ht as (l & Hl & Ht). apply (calls l t Hl Ht). }
  exists al, be, (c * INR (S (length (concat ls)))), N. intros N' HN. do 3 (split; [assumption|]).
  assert (L1 : forall n, c <= c * INR (S n)) by (intros n; rewrite S_INR; pose proof (pos_INR n); nra).
  split; [pose proof (L1 (length (concat ls))); lra|]. split; [exact dl_pos|]. intros l Bl.
  assert (I : forall t, In t l -> In t (concat ls)) by (intros t Ht; apply in_concat; exists l; auto). split.
  - intros n Hn. assert (L : (length l <= length (concat ls))%nat).
    { clear - Bl. unfold branches in Bl. induction ls as [|l' ls' IH]; [destruct Bl|]. simpl. rewrite app_length. destruct Bl as [->|Bl]; [lia | specialize (IH Bl); lia]. }
    set (X := c * Rpower (loc n) (- dl)). assert (PX : 0 <= X) by (apply Rmult_le_pos; [exact D | left; apply Rpower_pos]).
    apply Rle_trans with (INR (length l) * X).
    + assert (E : forall t, In t l -> Rabs (ca t n - ta t) <= X) by (intros t Ht; apply (H t (I t Ht)); lia). clear - E. induction l as [|t l IH]; [simpl; lra|].
      cbn [rsum length]. rewrite S_INR. pose proof (E t (or_introl eq_refl)). specialize (IH (fun t Ht => E t (or_intror Ht))). lra.
    + replace (c * INR (S (length (concat ls))) * Rpower (loc n) (- dl)) with (INR (S (length (concat ls))) * X) by (unfold X; ring).
      apply Rmult_le_compat_r; [exact PX | apply le_INR; lia].
  - intros t Ht. destruct (H t (I t Ht)) as (P & Q & F). split; [exact P|]. split; [exact Q|]. intros n Hn. destruct (F n ltac:(lia)) as (F1 & _ & F3).
    split; [exact F1|]. apply Rle_trans with (1 := F3). apply Rmult_le_compat_r; [left; apply Rpower_pos | apply L1].
Qed.

Variables T g : nat -> R.
Hypothesis nonneg : late (fun n => 0 <= g n).
Lemma power_W : forall p x, W p 0 x = Rpower x p.
Proof. intros p x. unfold W. unfold Rpower at 2. rewrite Rmult_0_l, exp_0, Rmult_1_r. reflexivity. Qed.
Lemma swap : forall F G, (forall n, F n = G n) -> bounded_above T F -> bounded_above T G.
Proof. intros F G E (C & N & HC & B). exists C, N. split; [exact HC|]. intros n Hn. rewrite <- E. apply B, Hn. Qed.
Lemma swap' : forall F G, (forall n, F n = G n) -> bounded_below T F -> bounded_below T G.
Proof. intros F G E (C & N & HC & B). exists C, N. split; [exact HC|]. intros n Hn. rewrite <- E. apply B, Hn. Qed.

Section Above.
Hypothesis equation : late (fun n => exists l, In l ls /\ T n <= rsum (fun t => ca t n * T (tr t n)) l + g n).
Lemma start_above : exists al be c N, perturbed loc al be c dl N branches ca /\ approx_below ca T g N branches.
Proof.
  destruct all_regular as (al & be & c & N & H). destruct equation as (M & E). exists al, be, c, (Nat.max N M). split; [apply H; lia|]. intros n Hn. apply E. lia.
Qed.
Theorem scaled_leaf_upper : forall p d1, d1 < p -> (forall l, In l ls -> asum l p <= 1) -> late (fun n => g n <= 1 * W d1 0 (loc n)) -> bounded_above T (fun n => W p 0 (loc n)).
Proof.
  intros p d1 Hd S U. destruct start_above as (al & be & c & N & OK & HT). apply (swap (fun n => Rpower (loc n) p)); [intros; symmetry; apply power_W|].
  apply (approx_upper_leaf loc Hloc T g branches al be c dl N ca OK HT p d1 0 1 Hd S); [lra|]. generalize (late_and _ _ nonneg U). apply late_imp. auto.
Qed.
Variables (C d k : R).
Hypothesis C_pos : 0 <= C.
Hypothesis driving : late (fun n => g n <= C * W d k (loc n)).
Lemma driving_above : late (fun n => 0 <= g n <= C * W d k (loc n)).
Proof. generalize (late_and _ _ nonneg driving). apply late_imp. auto. Qed.
Theorem scaled_root_upper : forall A, A < 1 -> (forall l, In l ls -> asum l d <= A) -> bounded_above T (fun n => W d k (loc n)).
Proof.
  intros A HA S. destruct start_above as (al & be & c & N & OK & HT).
  apply (approx_upper_root loc Hloc T g branches al be c dl N ca OK HT d k A C S HA C_pos driving_above).
Qed.
Theorem scaled_balanced_upper : -1 < k -> (forall l, In l ls -> asum l d <= 1) -> bounded_above T (fun n => W d (k + 1) (loc n)).
Proof.
  intros Hk S. destruct start_above as (al & be & c & N & OK & HT). apply (approx_upper_balanced loc Hloc T g branches al be c dl N ca OK HT d k C Hk S C_pos driving_above).
Qed.
Theorem scaled_small_upper : k < -1 -> (forall l, In l ls -> asum l d <= 1) -> bounded_above T (fun n => W d 0 (loc n)).
Proof.
  intros Hk S. destruct start_above as (al & be & c & N & OK & HT). apply (swap (fun n => Rpower (loc n) d)); [intros; symmetry; apply power_W|].
  apply (approx_upper_balanced_small loc Hloc T g branches al be c dl N ca OK HT d k C Hk S C_pos driving_above).
Qed.
Theorem scaled_loglog_upper : k = -1 -> (forall l, In l ls -> asum l d <= 1) -> bounded_above T (fun n => Rpower (loc n) d * ln (ln (loc n))).
Proof.
  intros Hk S. destruct start_above as (al & be & c & N & OK & HT). pose proof driving_above as D. rewrite Hk in D.
  apply (approx_upper_balanced_loglog loc Hloc T g branches al be c dl N ca OK HT d C S C_pos D).
Qed.
End Above.

Section Below.
Hypothesis equation : late (fun n => exists l, In l ls /\ rsum (fun t => ca t n * T (tr t n)) l + g n <= T n).
Hypothesis positive : late (fun n => 0 < T n).
Lemma start_below : exists al be c N, perturbed loc al be c dl N branches ca /\ approx_above ca T g N branches.
Proof.
  destruct all_regular as (al & be & c & N & H). destruct equation as (M & E). exists al, be, c, (Nat.max N M). split; [apply H; lia|]. intros n Hn. apply E. lia.
Qed.
Theorem scaled_leaf_lower : forall p, (forall l, In l ls -> 1 <= asum l p) -> bounded_below T (fun n => W p 0 (loc n)).
Proof.
  intros p S. destruct start_below as (al & be & c & N & OK & HT). apply (swap' (fun n => Rpower (loc n) p)); [intros; symmetry; apply power_W|].
  apply (approx_lower_leaf loc Hloc T g branches al be c dl N ca OK HT positive p S nonneg).
Qed.
Variables (C d k : R).
Hypothesis C_pos : 0 < C.
Hypothesis driving : late (fun n => C * W d k (loc n) <= g n).
Theorem scaled_root_lower : bounded_below T (fun n => W d k (loc n)).
Proof.
  destruct start_below as (al & be & c & N & OK & HT).
  destruct (approx_lower_root loc Hloc T g branches al be c dl N ca OK HT positive (fun x => C * W d k x) driving) as (M & H). exists C, M. split; assumption.
Qed.
Theorem scaled_balanced_lower : -1 < k -> (forall l, In l ls -> 1 <= asum l d) -> bounded_below T (fun n => W d (k + 1) (loc n)).
Proof.
  intros Hk S. destruct start_below as (al & be & c & N & OK & HT). apply (approx_lower_balanced loc Hloc T g branches al be c dl N ca OK HT positive d k C Hk S C_pos driving).
Qed.
Theorem scaled_loglog_lower : k = -1 -> (forall l, In l ls -> 1 <= asum l d) -> bounded_below T (fun n => Rpower (loc n) d * ln (ln (loc n))).
Proof.
  intros Hk S. destruct start_below as (al & be & c & N & OK & HT). assert (D : late (fun n => C * W d (-1) (loc n) <= g n)) by (rewrite <- Hk; exact driving).
  apply (approx_lower_balanced_loglog loc Hloc T g branches al be c dl N ca OK HT positive d C S C_pos D).
Qed.
End Below.
End OnScale.

(* ---- the scales n and log n as classes ---- *)
Definition log_size (n : nat) : R := ln (INR n).
Lemma scale_log_size : scale log_size. Proof. exact scale_ln. Qed.
Lemma W_size : forall d k n, W d k (INR n) = Sc 0 d k 0 n. Proof. exact Sc_W. Qed.
Lemma W_log_size : forall d k n, W d k (log_size n) = Sc 0 0 d k n.
Proof. intros d k n. unfold W, Sc, exponent, Rpower, log_size. rewrite <- exp_plus. f_equal. ring. Qed.
Lemma loglog_size : forall d, late (fun n => Rpower (INR n) d * ln (ln (INR n)) = Sc 0 d 0 1 n).
Proof.
  intros d. generalize (late_of _ (above_lnln 1)). apply late_imp. intros n Hn. unfold Sc, exponent, Rpower.
  replace (0 * INR n + (d * ln (INR n) + (0 * ln (ln (INR n)) + 1 * ln (ln (ln (INR n)))))) with (d * ln (INR n) + ln (ln (ln (INR n)))) by ring.
  rewrite exp_plus, (exp_ln (ln (ln (INR n)))) by lra. reflexivity.
Qed.
Lemma above_late : forall T F G, late (fun n => F n = G n) -> bounded_above T F -> bounded_above T G.
Proof. intros T F G (M & E) (C & N & HC & B). exists C, (Nat.max N M). split; [exact HC|]. intros n Hn. rewrite <- E by lia. apply B. lia. Qed.
Lemma below_late : forall T F G, late (fun n => F n = G n) -> bounded_below T F -> bounded_below T G.
Proof. intros T F G (M & E) (C & N & HC & B). exists C, (Nat.max N M). split; [exact HC|]. intros n Hn. rewrite <- E by lia. apply B. lia. Qed.

(* ---- what makes a call regular ---- *)
Lemma small_class : forall e C r d k j r' d' k' j', grows e C r d k j -> lexpos (r' - r) (d' - d) (k' - k) (j' - j) -> late (fun n => Rabs (e n) <= 1 * Sc r' d' k' j' n).
Proof.
  intros e C r d k j r' d' k' j' H L. destruct (grows_lower _ _ _ _ _ _ r' d' k' j' L H 1 Rlt_0_1) as (N & A). exists N. intros n Hn. specialize (A n Hn).
  unfold R_dist in A. rewrite Rminus_0_r in A. pose proof (Sc_pos r' d' k' j' n) as P. unfold Rdiv in A. rewrite Rabs_mult, (Rabs_right (/ _)) in A by (left; apply Rinv_0_lt_compat, P).
  apply Rmult_lt_compat_r with (r := Sc r' d' k' j' n) in A; [|exact P]. rewrite Rmult_assoc, Rinv_l in A by lra. lra.
Qed.
Lemma size_power : forall e n, Rpower (INR n) e = Sc 0 e 0 0 n. Proof. intros. unfold Sc, exponent, Rpower. f_equal. ring. Qed.
Lemma log_size_power : forall e n, Rpower (log_size n) e = Sc 0 0 e 0 n. Proof. intros. unfold Sc, exponent, Rpower, log_size. f_equal. ring. Qed.

(* r(n) is b n + h(n) up to 1, h(n) below n^(1 - dl) *)
Lemma call_linear : forall (r : nat -> nat) b (h : nat -> R) c dl, 0 < dl <= 1 -> 0 <= c -> late (fun n => Rabs (INR (r n) - (b * INR n + h n)) <= c) ->
  late (fun n => Rabs (h n) <= 1 * Sc 0 (1 - dl) 0 0 n) -> exists c N, 0 <= c /\ forall n, (N <= n)%nat -> Rabs (INR (r n) - b * INR n) <= c * Rpower (INR n) (1 - dl).
Proof.
  intros r b h c dl Hd Hc (N & H) (M & S). exists (c + 1), (Nat.max 1 (Nat.max N M)). split; [lra|]. intros n Hn. specialize (H n ltac:(lia)). specialize (S n ltac:(lia)).
  rewrite <- size_power in S. assert (I : 1 <= INR n) by (apply (le_INR 1); lia). assert (P : 1 <= Rpower (INR n) (1 - dl)).
  { rewrite <- (Rpower_O (INR n)) at 1 by lra. apply Rle_Rpower; lra. }
  replace (INR (r n) - b * INR n) with ((INR (r n) - (b * INR n + h n)) + h n) by ring. apply Rle_trans with (1 := Rabs_triang _ _).
  assert (c <= c * Rpower (INR n) (1 - dl)) by (rewrite <- (Rmult_1_r c) at 1; apply Rmult_le_compat_l; assumption). lra.
Qed.
(* r(n) ~ C n^b *)
Lemma call_root : forall (r : nat -> nat) C b dl, 0 < dl <= 1 -> 0 < C -> grows (fun n => INR (r n)) C 0 b 0 0 ->
  exists c N, 0 <= c /\ forall n, (N <= n)%nat -> Rabs (log_size (r n) - b * log_size n) <= c * Rpower (log_size n) (1 - dl).
Proof.
  intros r C b dl Hd HC G. destruct (grows_bounds _ _ _ _ _ _ HC G) as (N & H). destruct (late_of _ (above_ln 1)) as (M & L). cbv beta in L.
  exists (Rabs (ln C) + ln 2), (Nat.max N M). assert (L2 : 0 < ln 2) by (apply ln_pos; lra). split; [pose proof (Rabs_pos (ln C)); lra|].
  intros n Hn. specialize (H n ltac:(lia)). specialize (L n ltac:(lia)). rewrite <- size_power in H. unfold log_size in *.
  assert (P : 0 < Rpower (INR n) b) by apply Rpower_pos. assert (E : ln (Rpower (INR n) b) = b * ln (INR n)) by (unfold Rpower; apply ln_exp).
  assert (B : Rabs (ln (INR (r n)) - b * ln (INR n)) <= Rabs (ln C) + ln 2).
  { assert (A1 : ln (C / 2 * Rpower (INR n) b) <= ln (INR (r n))) by (apply ln_le; [apply Rmult_lt_0_compat; lra | lra]).
    assert (A2 : ln (INR (r n)) <= ln (2 * C * Rpower (INR n) b)) by (apply ln_le; [assert (0 < C / 2 * Rpower (INR n) b) by (apply Rmult_lt_0_compat; lra); lra | lra]).
    unfold Rdiv in A1. rewrite !ln_mult, ln_Rinv, E in A1 by lra. rewrite !ln_mult, E in A2 by lra.
    pose proof (Rle_abs (ln C)). pose proof (Rle_abs (- ln C)) as Q. rewrite Rabs_Ropp in Q. apply Rabs_le. lra. }
  apply Rle_trans with (1 := B). rewrite <- (Rmult_1_r (Rabs (ln C) + ln 2)) at 1. apply Rmult_le_compat_l; [pose proof (Rabs_pos (ln C)); lra|].
  rewrite <- (Rpower_O (ln (INR n))) at 1 by lra. apply Rle_Rpower; lra.
Qed.
Lemma regular_constant : forall loc dl ca t, (forall n, ca t n = ta t) -> 0 <= ta t -> 0 < tb t < 1 ->
  (exists c N, 0 <= c /\ forall n, (N <= n)%nat -> Rabs (loc (tr t n) - tb t * loc n) <= c * Rpower (loc n) (1 - dl)) -> regular loc dl ca t.
Proof.
  intros loc dl ca t E A B (c & N & Hc & H). split; [exact A|]. split; [exact B|]. exists c, N. split; [exact Hc|]. intros n Hn. rewrite E, Rminus_diag_eq, Rabs_R0 by reflexivity.
  split; [exact A|]. split; [apply Rmult_le_pos; [exact Hc | left; apply Rpower_pos] | apply H, Hn].
Qed.
Lemma regular_perturbed : forall loc dl ca t, 0 <= ta t -> 0 < tb t < 1 -> late (fun n => 0 <= ca t n) ->
  (exists c, 0 <= c /\ late (fun n => Rabs (ca t n - ta t) <= c * Rpower (loc n) (- dl))) ->
  (exists c N, 0 <= c /\ forall n, (N <= n)%nat -> Rabs (loc (tr t n) - tb t * loc n) <= c * Rpower (loc n) (1 - dl)) -> regular loc dl ca t.
Proof.
  intros loc dl ca t A B (N1 & P) (c1 & Hc1 & N2 & E) (c & N & Hc & H). split; [exact A|]. split; [exact B|]. exists (Rmax c c1), (Nat.max N1 (Nat.max N2 N)).
  pose proof (Rmax_l c c1). pose proof (Rmax_r c c1). split; [lra|]. intros n Hn. split; [apply P; lia|].
  split; [apply Rle_trans with (1 := E n ltac:(lia)) | apply Rle_trans with (1 := H n ltac:(lia))]; apply Rmult_le_compat_r; try assumption; left; apply Rpower_pos.
Qed.
Lemma driving_size : forall g C d k, 0 < C -> grows g C 0 d k 0 -> late (fun n => g n <= 2 * C * W d k (INR n)) /\ late (fun n => C / 2 * W d k (INR n) <= g n).
Proof. intros g C d k HC G. destruct (grows_bounds _ _ _ _ _ _ HC G) as (N & H). split; exists N; intros n Hn; rewrite W_size; apply H, Hn. Qed.
Lemma driving_log_size : forall g C d k, 0 < C -> grows g C 0 0 d k -> late (fun n => g n <= 2 * C * W d k (log_size n)) /\ late (fun n => C / 2 * W d k (log_size n) <= g n).
Proof. intros g C d k HC G. destruct (grows_bounds _ _ _ _ _ _ HC G) as (N & H). split; exists N; intros n Hn; rewrite W_log_size; apply H, Hn. Qed.
Lemma below_size : forall g d, late (fun n => g n <= 1 * Sc 0 d 0 0 n) -> late (fun n => g n <= 1 * W d 0 (INR n)).
Proof. intros g d. apply late_imp. intros n. rewrite W_size. auto. Qed.
Lemma below_log_size : forall g d, late (fun n => g n <= 1 * Sc 0 0 d 0 n) -> late (fun n => g n <= 1 * W d 0 (log_size n)).
Proof. intros g d. apply late_imp. intros n. rewrite W_log_size. auto. Qed.
Lemma late_room : forall x gap : nat -> R, late (fun n => 0 < x n) -> late (fun n => 0 < gap n) -> (forall n, 0 < gap n -> x n + 1 <= INR n) ->
  late (fun n => 0 <= x n /\ x n + 1 <= INR n).
Proof. intros x gap A B E. generalize (late_and _ _ A B). apply late_imp. intros n [P Q]. split; [lra | apply E, Q]. Qed.
Lemma grows_linear : forall (r : nat -> nat) b c N, 0 < b -> 0 <= c -> (forall n, (N <= n)%nat -> Rabs (INR (r n) - b * INR n) <= c) -> grows (fun n => INR (r n)) b 0 1 0 0.
Proof.
  intros r b c N Hb Hc H. apply (grows_near (fun n => b * INR n) (fun n => INR (r n)) c); [right; split; [reflexivity | left; lra] | exists N; exact H|].
  pose proof (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ (grows_const b) grows_n) as X. refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); ring.
Qed.
Ltac compute_powers_only := cbn [powerRZ]; cbv [Pos.to_nat Pos.iter_op Nat.add]; cbn [pow].
Lemma room_of_root : forall x, 3 <= x -> sqrt x + 1 <= x.
Proof.
  intros x H. assert (S : sqrt x * sqrt x = x) by (apply sqrt_sqrt; lra). pose proof (sqrt_pos x). assert (1 < sqrt x) by (rewrite <- sqrt_1; apply sqrt_lt_1; lra).
  assert (sqrt x <= x - 1); [|lra]. destruct (Rle_lt_dec (sqrt x) (x - 1)) as [|C]; [assumption|]. assert (sqrt x * (sqrt x - 1) < 1) by lra.
  assert (3 / 2 < sqrt x); [|nra]. destruct (Rlt_le_dec (3 / 2) (sqrt x)) as [|D]; [assumption|]. assert (sqrt x * sqrt x <= 3 / 2 * (3 / 2)) by (apply Rmult_le_compat; lra). lra.
Qed.

(* ---- T(n) = n U(n): coefficients n^(1 - b) become constants ---- *)
Lemma grows_large : forall e C r d k j, 0 < C -> lexpos r d k j -> grows e C r d k j -> forall M, late (fun n => M <= e n).
Proof.
  intros e C r d k j HC L G M. generalize (late_and _ _ (grows_bounds e C r d k j HC G) (Sc_unbounded r d k j L (2 / C * Rabs M))). apply late_imp. intros n [[A _] B].
  apply Rmult_le_compat_l with (r := C / 2) in B; [|lra]. replace (C / 2 * (2 / C * Rabs M)) with (Rabs M) in B by (field; lra). pose proof (Rle_abs M). lra.
Qed.
Lemma scaled_coefficient : forall (r : nat -> nat) (x lead rest E : nat -> R) a N, (forall n, (N <= n)%nat -> Rabs (INR (r n) - x n) < 1) ->
  late (fun n => lead n * x n / INR n = a) -> late (fun n => Rabs (lead n / INR n) <= 1 * E n) -> late (fun n => Rabs (rest n * INR (r n) / INR n) <= 1 * E n) ->
  exists c, 0 <= c /\ late (fun n => Rabs ((lead n + rest n) * INR (r n) / INR n - a) <= c * E n).
Proof.
  intros r x lead rest E a N H L P Q. exists 2. split; [lra|]. generalize (late_and _ _ L (late_and _ _ P Q)). intros (M & B). exists (Nat.max N M). intros n Hn.
  destruct (B n ltac:(lia)) as (B1 & B2 & B3). specialize (H n ltac:(lia)).
  replace ((lead n + rest n) * INR (r n) / INR n - a) with (lead n / INR n * (INR (r n) - x n) + rest n * INR (r n) / INR n) by (rewrite <- B1; unfold Rdiv; ring).
  apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rabs_mult. pose proof (Rabs_pos (lead n / INR n)).
  assert (Rabs (lead n / INR n) * Rabs (INR (r n) - x n) <= Rabs (lead n / INR n) * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.
Lemma one_size : forall r d k j n, 0 < INR n -> Sc r d k j n * INR n = Sc r (d + 1) k j n.
Proof.
  intros r d k j n H. replace (INR n) with (Sc 0 1 0 0 n) by (rewrite <- size_power; apply Rpower_1; exact H). rewrite Sc_mul. f_equal; ring.
Qed.
Lemma unscale_above : forall (T U : nat -> R) r d k j, late (fun n => T n = U n * INR n) -> bounded_above U (Sc r d k j) -> bounded_above T (Sc r (d + 1) k j).
Proof.
  intros T U r d k j (M & E) (C & N & HC & B). exists C, (Nat.max 1 (Nat.max M N)). split; [exact HC|]. intros n Hn. assert (P : 0 < INR n) by (apply lt_0_INR; lia).
  rewrite E, <- one_size, <- Rmult_assoc by (assumption || lia). apply Rmult_le_compat_r; [lra | apply B; lia].
Qed.
Lemma unscale_below : forall (T U : nat -> R) r d k j, late (fun n => T n = U n * INR n) -> bounded_below U (Sc r d k j) -> bounded_below T (Sc r (d + 1) k j).
Proof.
  intros T U r d k j (M & E) (C & N & HC & B). exists C, (Nat.max 1 (Nat.max M N)). split; [exact HC|]. intros n Hn. assert (P : 0 < INR n) by (apply lt_0_INR; lia).
  rewrite E, <- one_size, <- Rmult_assoc by (assumption || lia). apply Rmult_le_compat_r; [lra | apply B; lia].
Qed.
Lemma roots_one : forall n p q, 0 < n -> p + q = 1 -> Rpower n p * Rpower n q = n.
Proof. intros n p q H E. rewrite <- Rpower_plus, E. apply Rpower_1, H. Qed.
