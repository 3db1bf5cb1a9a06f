(* Recurrences with any right side that is a non-negative combination of smaller values,
     T(n) = sum over (a, i) in calls n of a T(i) + g(n):
   coefficients and calls may depend on n (variable coefficients, sums over the whole history, systems flattened).
   Proved: the substitution method, upper and lower; the root case; functions that call each other, reduced to one
   recurrence with branches by a positive weight for each function.
   Source: CLRS 4th ed., 4.3; Perron-Frobenius weights for systems. *)
From Coq Require Import Reals Lra Lia List Arith Wf_nat.
From Aalp Require Import Analysis Recurrence.
Import ListNotations.
Open Scope R_scope.

Fixpoint combine (cs : list (R * nat)) (T : nat -> R) : R := match cs with nil => 0 | (a, i) :: cs' => a * T i + combine cs' T end.
Lemma combine_le : forall cs T U c, (forall a i, In (a, i) cs -> 0 <= a /\ T i <= c * U i) -> combine cs T <= c * combine cs U.
Proof.
  intros cs T U c; induction cs as [|(a, i) cs IH]; intros H; simpl; [lra|].
  destruct (H a i (or_introl eq_refl)) as [Ha Hi]. pose proof (IH (fun b j Hj => H b j (or_intror Hj))).
  apply Rmult_le_compat_l with (r := a) in Hi; [|assumption]. lra.
Qed.
Lemma combine_nonneg : forall cs T, (forall a i, In (a, i) cs -> 0 <= a /\ 0 <= T i) -> 0 <= combine cs T.
Proof.
  intros cs T; induction cs as [|(a, i) cs IH]; intros H; simpl; [lra|]. destruct (H a i (or_introl eq_refl)).
  pose proof (IH (fun b j Hj => H b j (or_intror Hj))). assert (0 <= a * T i) by (apply Rmult_le_pos; assumption). lra.
Qed.

Section Substitution.
Variables (calls : nat -> list (R * nat)) (T U g : nat -> R) (n1 N : nat).
Hypothesis smaller : forall n a i, (N <= n)%nat -> In (a, i) (calls n) -> 0 <= a /\ (n1 <= i < n)%nat.
Hypothesis g_nonneg : forall n, (N <= n)%nat -> 0 <= g n.

Theorem substitution_upper : (forall n, (N <= n)%nat -> T n <= combine (calls n) T + g n) ->
  (forall n, (N <= n)%nat -> combine (calls n) U + g n <= U n) -> (forall n, (n1 <= n < N)%nat -> 0 < U n) ->
  exists C, 1 <= C /\ forall n, (n1 <= n)%nat -> T n <= C * U n.
Proof.
  intros HT HU Hb. destruct (base_upper T U n1 N Hb) as (C & HC & HB). exists C; split; [assumption|].
  intros n; induction n as [n IH] using lt_wf_ind; intros Hn. destruct (le_lt_dec N n) as [L|L]; [|apply HB; lia].
  apply Rle_trans with (1 := HT n L). apply Rle_trans with (C * (combine (calls n) U + g n)).
  - rewrite Rmult_plus_distr_l. apply Rplus_le_compat.
    + apply combine_le. intros a i Hi. destruct (smaller n a i L Hi). split; [assumption | apply IH; lia].
    + pose proof (g_nonneg n L). nra.
  - apply Rmult_le_compat_l; [lra | auto].
Qed.
Theorem substitution_lower : (forall n, (N <= n)%nat -> combine (calls n) T + g n <= T n) ->
  (forall n, (N <= n)%nat -> U n <= combine (calls n) U + g n) -> (forall n, (n1 <= n < N)%nat -> 0 < T n) ->
  exists c, 0 < c /\ forall n, (n1 <= n)%nat -> c * U n <= T n.
Proof.
  intros HT HU Hb. destruct (base_upper U T n1 N Hb) as (C & HC & HB). exists (/ C). split; [apply Rinv_0_lt_compat; lra|].
  intros n Hn. apply Rmult_le_reg_l with C; [lra|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. revert Hn.
  induction n as [n IH] using lt_wf_ind; intros Hn. destruct (le_lt_dec N n) as [L|L]; [|apply HB; lia].
  apply Rle_trans with (1 := HU n L). apply Rle_trans with (C * (combine (calls n) T + g n)).
  - rewrite Rmult_plus_distr_l. apply Rplus_le_compat.
    + apply combine_le. intros a i Hi. destruct (smaller n a i L Hi). split; [assumption | apply IH; lia].
    + pose proof (g_nonneg n L). nra.
  - apply Rmult_le_compat_l; [lra | auto].
Qed.
End Substitution.

(** the driving function dominates: sum a G(i) <= rho G(n) with rho < 1 *)
Theorem root_upper : forall (calls : nat -> list (R * nat)) (T G g : nat -> R) n1 N rho c,
  (forall n a i, (N <= n)%nat -> In (a, i) (calls n) -> 0 <= a /\ (n1 <= i < n)%nat) ->
  (forall n, (n1 <= n)%nat -> 0 < G n) -> rho < 1 -> 0 <= c ->
  (forall n, (N <= n)%nat -> combine (calls n) G <= rho * G n) -> (forall n, (N <= n)%nat -> 0 <= g n <= c * G n) ->
  (n1 <= N)%nat -> (forall n, (N <= n)%nat -> T n <= combine (calls n) T + g n) ->
  exists C, 0 < C /\ forall n, (n1 <= n)%nat -> T n <= C * G n.
Proof.
  intros calls T G g n1 N rho c S P Hr Hc HG Hg L HT. set (K := (c + 1) / (1 - rho)). assert (HK : 0 < K) by (apply div_pos; lra).
  assert (EK : K * (1 - rho) = c + 1) by (unfold K; field; lra).
  destruct (substitution_upper calls T (fun n => K * G n) g n1 N S (fun n Hn => proj1 (Hg n Hn)) HT) as (C & HC & B).
  - intros n Hn. pose proof (P n ltac:(lia)). destruct (Hg n Hn) as [_ G1]. specialize (HG n Hn).
    assert (E : combine (calls n) (fun m => K * G m) <= K * combine (calls n) G).
    { apply combine_le. intros a i Hi. destruct (S n a i Hn Hi). split; [assumption | lra]. }
    apply Rmult_le_compat_l with (r := K) in HG; [|lra]. assert (K * G n = K * (rho * G n) + (K * (1 - rho)) * G n) by ring. rewrite EK in *. lra.
  - intros n Hn. apply Rmult_lt_0_compat; [assumption | apply P; lia].
  - exists (C * K). split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. rewrite Rmult_assoc. apply B, Hn.
Qed.
Theorem root_lower : forall (calls : nat -> list (R * nat)) (T g : nat -> R) N,
  (forall n a i, (N <= n)%nat -> In (a, i) (calls n) -> 0 <= a /\ 0 <= T i) ->
  (forall n, (N <= n)%nat -> combine (calls n) T + g n <= T n) -> forall n, (N <= n)%nat -> g n <= T n.
Proof. intros calls T g N S HT n Hn. specialize (HT n Hn). pose proof (combine_nonneg (calls n) T (fun a i Hi => S n a i Hn Hi)). lra. Qed.

(* ---- Functions that call each other ---- *)

Section Joint.
(* functions 0 .. m; calls f lists (callee, term) *)
Variables (m : nat) (T : nat -> nat -> R) (v : nat -> R) (calls : nat -> list (nat * term)) (h : nat -> R) (n0 : nat).
Hypothesis v_pos : forall f, (f <= m)%nat -> 0 < v f.
Hypothesis callee : forall f c t, (f <= m)%nat -> In (c, t) (calls f) -> (c <= m)%nat /\ 0 <= ta t.
Fixpoint csum (F : nat -> term -> R) (l : list (nat * term)) : R := match l with nil => 0 | (c, t) :: l' => F c t + csum F l' end.
Definition weighted (f : nat) : list term := map (fun ct => Term (ta (snd ct) * v (fst ct) / v f) (tb (snd ct)) (tr (snd ct))) (calls f).
Definition joint_branch : list term -> Prop := fun l => exists f, (f <= m)%nat /\ l = weighted f.
Fixpoint top (F : nat -> R) (k : nat) : R := match k with O => F O | S k' => Rmax (top F k') (F k) end.
Fixpoint bottom (F : nat -> R) (k : nat) : R := match k with O => F O | S k' => Rmin (bottom F k') (F k) end.
Lemma top_ge : forall F k f, (f <= k)%nat -> F f <= top F k.
Proof.
  intros F k f H. induction H as [|k H IH]; [destruct f; [apply Rle_refl | apply Rmax_r] | apply Rle_trans with (1 := IH), Rmax_l].
Qed.
Lemma top_in : forall F k, exists f, (f <= k)%nat /\ top F k = F f.
Proof.
  intros F k. induction k as [|k (f & Hf & E)]; [exists O; auto|]. simpl. destruct (Rle_lt_dec (top F k) (F (S k))).
  - exists (S k). split; [lia | apply Rmax_right; assumption].
  - exists f. split; [lia|]. rewrite Rmax_left by lra. exact E.
Qed.
Lemma bottom_le : forall F k f, (f <= k)%nat -> bottom F k <= F f.
Proof.
  intros F k f H. induction H as [|k H IH]; [destruct f; [apply Rle_refl | apply Rmin_r] | apply Rle_trans with (2 := IH), Rmin_l].
Qed.
Lemma bottom_in : forall F k, exists f, (f <= k)%nat /\ bottom F k = F f.
Proof.
  intros F k. induction k as [|k (f & Hf & E)]; [exists O; auto|]. simpl. destruct (Rle_lt_dec (bottom F k) (F (S k))).
  - exists f. split; [lia|]. rewrite Rmin_left by lra. exact E.
  - exists (S k). split; [lia | apply Rmin_right; lra].
Qed.
Definition highest (n : nat) : R := top (fun f => T f n / v f) m.
Definition lowest (n : nat) : R := bottom (fun f => T f n / v f) m.
Definition light : R := bottom v m.
Definition heavy : R := top v m.

(** max_f T_f / v_f satisfies the recurrence with one branch a function *)
Theorem joint_below : (forall n, 0 <= h n) ->
  (forall f n, (f <= m)%nat -> (n0 <= n)%nat -> T f n <= csum (fun c t => ta t * T c (tr t n)) (calls f) + h n) ->
  below highest (fun n => h n / light) n0 joint_branch.
Proof.
  intros Hh HT n Hn. destruct (top_in (fun f => T f n / v f) m) as (f & Hf & E). exists (weighted f). split; [exists f; auto|].
  unfold highest at 1. rewrite E. pose proof (v_pos f Hf) as Pf. apply div_le; [assumption|].
  rewrite Rmult_plus_distr_r. apply Rle_trans with (1 := HT f n Hf Hn). apply Rplus_le_compat.
  - unfold weighted. assert (Q : forall c t, In (c, t) (calls f) -> (c <= m)%nat /\ 0 <= ta t) by (intros c t; apply callee, Hf).
    clear - Q v_pos Pf. induction (calls f) as [|(c, t) l IH]; [simpl; lra|]. cbn [csum map rsum fst snd ta tr]. rewrite Rmult_plus_distr_r.
    apply Rplus_le_compat; [|apply IH; intros; apply Q; now right]. destruct (Q c t (or_introl eq_refl)) as [Hc Ht].
    pose proof (v_pos c Hc) as Pc. replace (ta t * v c / v f * highest (tr t n) * v f) with (ta t * (v c * highest (tr t n))) by (field; lra).
    apply Rmult_le_compat_l; [assumption|]. pose proof (top_ge (fun f => T f (tr t n) / v f) m c Hc) as G. cbv beta in G. fold (highest (tr t n)) in G.
    apply Rmult_le_compat_l with (r := v c) in G; [|lra]. replace (v c * (T c (tr t n) / v c)) with (T c (tr t n)) in G by (field; lra). exact G.
  - pose proof (bottom_le v m f Hf) as B. destruct (bottom_in v m) as (c & Hc & Ec). pose proof (v_pos c Hc). fold light in *.
    replace (h n / light * v f) with (h n * (v f / light)) by (field; lra). rewrite <- (Rmult_1_r (h n)) at 1.
    apply Rmult_le_compat_l; [apply Hh | apply le_div; lra].
Qed.
(** min_f T_f / v_f likewise from below *)
Theorem joint_above : (forall n, 0 <= h n) ->
  (forall f n, (f <= m)%nat -> (n0 <= n)%nat -> csum (fun c t => ta t * T c (tr t n)) (calls f) + h n <= T f n) ->
  above lowest (fun n => h n / heavy) n0 joint_branch.
Proof.
  intros Hh HT n Hn. destruct (bottom_in (fun f => T f n / v f) m) as (f & Hf & E). exists (weighted f). split; [exists f; auto|].
  unfold lowest at 2. rewrite E. pose proof (v_pos f Hf) as Pf. apply le_div; [assumption|].
  rewrite Rmult_plus_distr_r. apply Rle_trans with (2 := HT f n Hf Hn). apply Rplus_le_compat.
  - unfold weighted. assert (Q : forall c t, In (c, t) (calls f) -> (c <= m)%nat /\ 0 <= ta t) by (intros c t; apply callee, Hf).
    clear - Q v_pos Pf. induction (calls f) as [|(c, t) l IH]; [simpl; lra|]. cbn [csum map rsum fst snd ta tr]. rewrite Rmult_plus_distr_r.
    apply Rplus_le_compat; [|apply IH; intros; apply Q; now right]. destruct (Q c t (or_introl eq_refl)) as [Hc Ht].
    pose proof (v_pos c Hc) as Pc. replace (ta t * v c / v f * lowest (tr t n) * v f) with (ta t * (v c * lowest (tr t n))) by (field; lra).
    apply Rmult_le_compat_l; [assumption|]. pose proof (bottom_le (fun f => T f (tr t n) / v f) m c Hc) as G. cbv beta in G. fold (lowest (tr t n)) in G.
    apply Rmult_le_compat_l with (r := v c) in G; [|lra]. replace (v c * (T c (tr t n) / v c)) with (T c (tr t n)) in G by (field; lra). exact G.
  - pose proof (top_ge v m f Hf) as B. fold heavy in *.
    replace (h n / heavy * v f) with (h n * (v f / heavy)) by (field; lra). rewrite <- (Rmult_1_r (h n)) at 2.
    apply Rmult_le_compat_l; [apply Hh | apply div_le; lra].
Qed.
End Joint.

(* ---- Perturbed coefficients ---- *)

(** Relative errors of the coefficients that decay exponentially on the scale (powers of n for loc n = log n) change a
    solution by a bounded factor: U / theta with theta between 1/2 and 1 satisfies the recurrence without them. *)
Section Perturbed.
Variable loc : nat -> R.
Hypothesis Hloc : scale loc.
Variables (U g : nat -> R) (branch : list term -> Prop) (al be c : R) (n0 : nat) (eps : term -> nat -> R) (delta E : R).
Hypothesis OK : rounded loc al be c n0 branch.
Hypothesis U_nonneg : forall n, 0 <= U n.
Hypothesis g_nonneg : forall n, 0 <= g n.
Hypothesis delta_pos : 0 < delta.
Hypothesis E_nonneg : 0 <= E.
Hypothesis eps_small : forall l t n, branch l -> In t l -> (n0 <= n)%nat -> Rabs (eps t n) <= E * exp (- delta * loc n).
Let u (n : nat) : R := exp (- delta * loc n).

Let E2 : R := 2 * E + 2.

Lemma decay : exists N, (n0 <= N)%nat /\ (forall n, (N <= n)%nat -> 0 < u n /\ 2 * u n <= 1) /\
  forall l t n, branch l -> In t l -> (N <= n)%nat -> 0 <= ta t /\ E2 * u n <= u (tr t n) /\ 0 < u (tr t n) /\ 2 * u (tr t n) <= 1.
Proof.
  destruct (loc_above loc Hloc (ln 2 / delta)) as (N1 & H1). destruct (rounded_range loc Hloc al be c n0 branch N1 OK) as (N2 & L2 & H2).
  assert (OK' := OK). destruct OK' as (Ha & Hab & Hb & Hc & Hl). assert (P2 : 0 < E2) by (unfold E2; lra).
  destruct (loc_above loc Hloc ((ln E2 / delta + c) / (1 - be))) as (N3 & H3). destruct (loc_above loc Hloc 0) as (N4 & H4).
  assert (half : forall m, (N1 <= m)%nat -> 2 * u m <= 1).
  { intros m Hm. specialize (H1 m Hm). cbv beta in H1. unfold u. apply Rmult_le_compat_l with (r := delta) in H1; [|lra].
    replace (delta * (ln 2 / delta)) with (ln 2) in H1 by (field; lra). rewrite <- exp_0. rewrite <- (exp_ln 2) at 1 by lra. rewrite <- exp_plus.
    apply exp_le. lra. }
  exists (max (max N1 N2) (max N3 N4)). split; [lia|]. split. { intros n Hn. split; [apply exp_pos | apply half; lia]. }
  intros l t n Bl Ht Hn. destruct (H2 l t n Bl Ht ltac:(lia)) as (A & R1 & R2). split; [exact A|].
  split; [|split; [apply exp_pos | apply half; lia]].
  destruct (Hl l t Bl Ht) as (_ & B & Hr). specialize (Hr n ltac:(lia)). apply Rabs_bounds in Hr.
  specialize (H3 n ltac:(lia)). specialize (H4 n ltac:(lia)). cbv beta in H3, H4.
  apply Rmult_le_compat_l with (r := 1 - be) in H3; [|lra].
  replace ((1 - be) * ((ln E2 / delta + c) / (1 - be))) with (ln E2 / delta + c) in H3 by (field; split; lra).
  assert (Q : ln E2 / delta <= loc n - loc (tr t n)) by nra.
  apply Rmult_le_compat_l with (r := delta) in Q; [|lra]. replace (delta * (ln E2 / delta)) with (ln E2) in Q by (field; lra).
  unfold u. rewrite <- (exp_ln E2) at 1 by assumption. rewrite <- exp_plus. apply exp_le. lra.
Qed.

Theorem perturbed_upper :
  (forall n, (n0 <= n)%nat -> exists l, branch l /\ U n <= rsum (fun t => ta t * (1 + eps t n) * U (tr t n)) l + g n) ->
  exists N, (n0 <= N)%nat /\ below (fun n => U n / (1 - u n)) (fun n => 2 * g n) N branch /\
    forall n, (N <= n)%nat -> U n <= U n / (1 - u n).
Proof.
  intros HU. destruct decay as (N & L & H0 & H). exists N. split; [exact L|]. split.
  - intros n Hn. destruct (HU n ltac:(lia)) as (l & Bl & B). destruct (H0 n Hn) as [P Q].
    exists l. split; [exact Bl|]. apply div_le; [lra|]. rewrite Rmult_plus_distr_r, Rmult_comm, <- rsum_scal.
    apply Rle_trans with (1 := B). apply Rplus_le_compat.
    + apply rsum_le. intros t Ht. destruct (H l t n Bl Ht Hn) as (A & Q1 & Q2 & Q3). pose proof (eps_small l t n Bl Ht ltac:(lia)) as S.
      fold (u n) in S. apply Rabs_bounds in S. unfold E2 in Q1.
      replace (ta t * (1 + eps t n) * U (tr t n)) with (ta t * U (tr t n) * (1 + eps t n)) by ring.
      replace ((1 - u n) * (ta t * (U (tr t n) / (1 - u (tr t n))))) with (ta t * U (tr t n) * ((1 - u n) / (1 - u (tr t n)))) by (field; lra).
      apply Rmult_le_compat_l; [apply Rmult_le_pos; [assumption | apply U_nonneg]|]. apply le_div; [lra|].
      assert (0 <= E * u n) by (apply Rmult_le_pos; lra).
      apply Rle_trans with ((1 + E * u n) * (1 - u (tr t n))); [apply Rmult_le_compat_r; lra | nra].
    + pose proof (g_nonneg n). nra.
  - intros n Hn. destruct (H0 n Hn). pose proof (U_nonneg n). apply le_div; [lra|]. nra.
Qed.
Theorem perturbed_lower :
  (forall n, (n0 <= n)%nat -> exists l, branch l /\ rsum (fun t => ta t * (1 + eps t n) * U (tr t n)) l + g n <= U n) ->
  exists N, (n0 <= N)%nat /\ above (fun n => U n / (1 + u n)) (fun n => g n / 2) N branch /\
    forall n, (N <= n)%nat -> U n / (1 + u n) <= U n.
Proof.
  intros HU. destruct decay as (N & L & H0 & H). exists N. split; [exact L|]. split.
  - intros n Hn. destruct (HU n ltac:(lia)) as (l & Bl & B). destruct (H0 n Hn) as [P Q].
    exists l. split; [exact Bl|]. apply le_div; [lra|]. rewrite Rmult_plus_distr_r, Rmult_comm, <- rsum_scal.
    apply Rle_trans with (2 := B). apply Rplus_le_compat.
    + apply rsum_le. intros t Ht. destruct (H l t n Bl Ht Hn) as (A & Q1 & Q2 & Q3). pose proof (eps_small l t n Bl Ht ltac:(lia)) as S.
      fold (u n) in S. apply Rabs_bounds in S. unfold E2 in Q1.
      replace (ta t * (1 + eps t n) * U (tr t n)) with (ta t * U (tr t n) * (1 + eps t n)) by ring.
      replace ((1 + u n) * (ta t * (U (tr t n) / (1 + u (tr t n))))) with (ta t * U (tr t n) * ((1 + u n) / (1 + u (tr t n)))) by (field; lra).
      apply Rmult_le_compat_l; [apply Rmult_le_pos; [assumption | apply U_nonneg]|]. apply div_le; [lra|].
      assert (0 <= E * u n) by (apply Rmult_le_pos; lra).
      apply Rle_trans with ((1 - E * u n) * (1 + u (tr t n))); [nra | apply Rmult_le_compat_r; lra].
    + pose proof (g_nonneg n). nra.
  - intros n Hn. destruct (H0 n Hn). pose proof (U_nonneg n). apply div_le; [lra|]. nra.
Qed.
End Perturbed.
