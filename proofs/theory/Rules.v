(* The soundness of every inference rule of the kernel, one lemma `rule_<name>` each: its statement is the rule's docstring.
   The first part are the steps between inequalities, the second the theorems on recurrences, the third the
   meaning of claims (families, transfer).  Proofs are in the files of this library. *)
From Coq Require Import Reals ZArith List Lra Lia Arith.
From Aalp Require Import OrderedRing Landau Analysis Domination SumsZ Sums NamedFacts.
From Aalp Require Import Recurrence AkraBazzi LinearRecurrence Substitution.
Import ListNotations.
Open Scope R_scope.

(* ================================================================ steps *)

Lemma rule_ring : forall a b : R, a - b = 0 -> a = b /\ a <= b.
Proof. intros; split; lra. Qed.

Lemma rule_hypothesis : forall a b : R, (a < b \/ a = b \/ b = a \/ 0 <= b - a) -> a <= b.
Proof. intros; lra. Qed.
(* interval arithmetic, the case of a product: the extremes are at the corners *)
Lemma interval_line : forall a b x y lo hi, a <= x <= b -> lo <= a * y <= hi -> lo <= b * y <= hi -> lo <= x * y <= hi.
Proof.
  intros a b x y lo hi Hx Ha Hb. destruct (Rle_lt_dec 0 y).
  - assert (a * y <= x * y <= b * y) by (split; apply Rmult_le_compat_r; lra). lra.
  - assert (b * y <= x * y <= a * y) by (split; apply Rmult_le_compat_neg_r || (apply Ropp_le_cancel; rewrite !Ropp_mult_distr_r; apply Rmult_le_compat_r); lra). lra.
Qed.
Lemma interval_product : forall x y a b c d lo hi, a <= x <= b -> c <= y <= d ->
  lo <= a * c <= hi -> lo <= a * d <= hi -> lo <= b * c <= hi -> lo <= b * d <= hi -> lo <= x * y <= hi.
Proof.
  intros x y a b c d lo hi Hx Hy H1 H2 H3 H4. apply (interval_line a b); [assumption| |]; rewrite Rmult_comm;
    apply (interval_line c d); rewrite 1?Rmult_comm; try assumption; rewrite Rmult_comm; assumption.
Qed.

Lemma rule_chain : forall a b c : R, (a <= b -> b <= c -> a <= c) /\ (a < b -> b <= c -> a < c) /\ (a <= b -> b < c -> a < c) /\ (a = b -> b = c -> a = c).
Proof. intros; repeat split; intros; lra. Qed.

Lemma rule_antisymmetry : forall a b : R, a <= b -> b <= a -> a = b.
Proof. intros; lra. Qed.

Lemma rule_scale : forall q a b, 0 < q -> (a <= b -> q * a <= q * b) /\ (a < b -> q * a < q * b) /\ (a = b -> q * a = q * b).
Proof. intros q a b Hq. repeat split; intros; [apply Rmult_le_compat_l; lra | apply Rmult_lt_compat_l; lra | subst; reflexivity]. Qed.

(** shift positivity: a polynomial with coefficients >= 0 in x_i = lo_i + y_i is >= 0 where all y_i >= 0 *)
Fixpoint monomial_at (ys : list R) (es : list nat) : R := match ys, es with y :: ys', e :: es' => y ^ e * monomial_at ys' es' | _, _ => 1 end.
Definition polynomial_at (ys : list R) (p : list (R * list nat)) : R := fold_right (fun cm s => fst cm * monomial_at ys (snd cm) + s) 0 p.
Lemma rule_shift : forall ys p, Forall (fun y => 0 <= y) ys -> Forall (fun cm => 0 <= fst cm) p -> 0 <= polynomial_at ys p.
Proof.
  intros ys p Y P. assert (M : forall es, 0 <= monomial_at ys es).
  { induction Y as [|y ys Hy Y IH]; intros [|e es]; simpl; try lra. apply Rmult_le_pos; [apply Analysis.pow_nonneg, Hy | apply IH]. }
  induction P as [|(c, m) p Hc P IH]; simpl in *; [lra|]. pose proof (Rmult_le_pos _ _ Hc (M m)). lra.
Qed.

Lemma rule_tangent : forall a e, 0 < a -> 0 < e -> ln a <= e * a - 1 - ln e.
Proof. exact ln_tangent. Qed.

(** sum_i a_i M_i <= sum_t b_t G_t; `Posynomial.check_sound` is the same rule by computation, over Z and R *)
Lemma rule_dominate : forall gs bs rows, Forall (fun g => 0 < g) gs -> Forall (row_ok gs) rows ->
  Forall2 Rle (spent (length gs) rows) bs -> demanded rows <= dot bs gs.
Proof. exact dominate. Qed.

Lemma rule_monotone :
  (forall a b c d, a <= b -> c <= d -> a + c <= b + d) /\
  (forall a b, a <= b -> - b <= - a) /\
  (forall a b c d, 0 <= a -> 0 <= c -> a <= b -> c <= d -> a * c <= b * d) /\
  (forall a b c d, 0 <= a -> 0 < d -> a <= b -> d <= c -> a / c <= b / d) /\
  (forall a b p, 0 < a -> a <= b -> 0 <= p -> Rpower a p <= Rpower b p) /\
  (forall a b p, 0 < a -> a <= b -> p <= 0 -> Rpower b p <= Rpower a p) /\
  (forall a p q, 1 <= a -> p <= q -> Rpower a p <= Rpower a q) /\
  (forall a b, 0 < a -> a <= b -> ln a <= ln b) /\
  (forall a b, a <= b -> exp a <= exp b) /\
  (forall a b, a <= b -> (floor a <= floor b)%Z /\ (ceil a <= ceil b)%Z) /\
  (forall a b c d, a <= b -> c <= d -> Rmin a c <= Rmin b d /\ Rmax a c <= Rmax b d).
Proof.
  repeat match goal with |- _ /\ _ => split end; intros; try lra.
  - apply Rmult_le_compat; assumption.
  - apply Rmult_le_compat; try assumption; [left; apply Rinv_0_lt_compat; lra | apply Rinv_le_contravar; assumption].
  - apply Rpower_mono; lra.
  - apply Rpower_anti; lra.
  - apply Rle_Rpower; assumption.
  - apply ln_le; assumption.
  - apply exp_le; assumption.
  - split; [apply floor_mono | apply ceil_mono]; assumption.
  - unfold Rmin, Rmax. destruct (Rle_dec a c), (Rle_dec b d); split; lra.
Qed.

Lemma rule_rounding : forall x,
  (x - 1 <= IZR (floor x) <= x) /\ (x <= IZR (ceil x) <= x + 1) /\
  (forall z d, (1 <= d)%Z -> IZR d * x = IZR z -> x - (1 - 1 / IZR d) <= IZR (floor x) /\ IZR (ceil x) <= x + (1 - 1 / IZR d)).
Proof.
  intros x. pose proof (floor_bounds x). pose proof (ceil_bounds x). split; [lra|]. split; [lra|]. intros z d Hd E.
  split; [apply floor_gap with z | apply ceil_gap with z]; assumption.
Qed.

(* maximum and minimum of a non-empty list *)
Definition maximum (a : R) (l : list R) : R := fold_right Rmax a l.
Definition minimum (a : R) (l : list R) : R := fold_right Rmin a l.
Lemma rule_extremum : forall a l,
  (forall x, In x (a :: l) -> x <= maximum a l) /\ (forall c, (forall x, In x (a :: l) -> x <= c) -> maximum a l <= c) /\
  ((forall x, In x (a :: l) -> 0 <= x) -> maximum a l <= fold_right Rplus 0 (a :: l)) /\
  (forall x, In x (a :: l) -> minimum a l <= x) /\ (forall c, (forall x, In x (a :: l) -> c <= x) -> c <= minimum a l) /\
  ((forall x, In x (a :: l) -> 0 < x) -> 1 / fold_right (fun x s => 1 / x + s) 0 (a :: l) <= minimum a l).
Proof.
  intros a l.
  assert (M1 : forall x, In x (a :: l) -> x <= maximum a l).
  { induction l as [|y l IH]; intros x; simpl; [intros [->|[]]; lra|]. intros [->|[->|H]].
    - apply Rle_trans with (maximum x l); [apply IH; now left | apply Rmax_r].
    - apply Rmax_l.
    - apply Rle_trans with (maximum a l); [apply IH; now right | apply Rmax_r]. }
  assert (M2 : forall c, (forall x, In x (a :: l) -> x <= c) -> maximum a l <= c).
  { clear M1. induction l as [|y l IH]; intros c H; simpl; [apply H; now left|]. apply Rmax_lub; [apply H; right; now left|].
    apply IH. intros x [->|Hx]; apply H; [now left | right; now right]. }
  assert (N1 : forall x, In x (a :: l) -> minimum a l <= x).
  { clear M1 M2. induction l as [|y l IH]; intros x; simpl; [intros [->|[]]; lra|]. intros [->|[->|H]].
    - apply Rle_trans with (minimum x l); [apply Rmin_r | apply IH; now left].
    - apply Rmin_l.
    - apply Rle_trans with (minimum a l); [apply Rmin_r | apply IH; now right]. }
  assert (N2 : forall c, (forall x, In x (a :: l) -> c <= x) -> c <= minimum a l).
  { clear M1 M2 N1. induction l as [|y l IH]; intros c H; simpl; [apply H; now left|]. apply Rmin_glb; [apply H; right; now left|].
    apply IH. intros x [->|Hx]; apply H; [now left | right; now right]. }
  repeat split; auto.
  - intros P. apply M2. generalize (a :: l), P. clear. intros l P. induction l as [|y l IH]; intros x Hx; [destruct Hx|].
    assert (S : 0 <= fold_right Rplus 0 l).
    { assert (P' : forall x, In x l -> 0 <= x) by (intros; apply P; now right). clear - P'. induction l as [|z l IH]; simpl; [lra|].
      pose proof (P' z (or_introl eq_refl)). pose proof (IH (fun x Hx => P' x (or_intror Hx))). lra. }
    simpl. destruct Hx as [->|Hx]; [lra|]. pose proof (IH (fun x Hx => P x (or_intror Hx)) x Hx). pose proof (P y (or_introl eq_refl)). lra.
  - intros P. apply N2. generalize (a :: l), P. clear. intros l P x Hx.
    assert (Q : forall l, (forall x, In x l -> 0 < x) -> 0 <= fold_right (fun x s => 1 / x + s) 0 l).
    { clear. intros l P. induction l as [|z l IH]; simpl; [lra|]. pose proof (P z (or_introl eq_refl)).
      pose proof (IH (fun x Hx => P x (or_intror Hx))). assert (0 < 1 / z) by (apply div_pos; lra). lra. }
    assert (L : 1 / x <= fold_right (fun x s => 1 / x + s) 0 l).
    { revert Hx. induction l as [|z l IH]; intros Hx; [destruct Hx|]. simpl. pose proof (P z (or_introl eq_refl)).
      assert (0 < 1 / z) by (apply div_pos; lra). pose proof (Q l (fun y Hy => P y (or_intror Hy))).
      destruct Hx as [->|Hx]; [lra|]. pose proof (IH (fun y Hy => P y (or_intror Hy)) Hx). lra. }
    pose proof (P x Hx). assert (0 < 1 / x) by (apply div_pos; lra). apply div_le; [lra|].
    apply Rmult_le_compat_l with (r := x) in L; [|lra]. replace (x * (1 / x)) with 1 in L by (field; lra). exact L.
Qed.

Lemma rule_log_sum : forall ws ts, length ws = length ts -> Forall (fun w => 0 < w) ws -> Forall (fun t => 0 < t) ts -> total ws = 1 ->
  dot ws (map ln (vtimes (map Rinv ws) ts)) <= ln (fold_right Rplus 0 ts).
Proof.
  intros ws ts L W T S. pose proof (weighted_am_gm ws (vtimes (map Rinv ws) ts)) as A.
  rewrite length_vtimes in A by (rewrite map_length; exact L). specialize (A L).
  assert (W' : Forall (fun w => 0 <= w) ws) by (apply Forall_impl with (2 := W); intros; lra).
  assert (I : Forall (fun k => 0 < k) (map Rinv ws)) by (apply Forall_map; apply Forall_impl with (2 := W); intros; apply Rinv_0_lt_compat; assumption).
  specialize (A W' (vtimes_pos _ _ I T) S).
  assert (E : dot ws (vtimes (map Rinv ws) ts) = fold_right Rplus 0 ts).
  { clear - L W. revert ts L. induction W as [|w ws Hw W IH]; intros [|t ts] L; simpl in *; try discriminate; [reflexivity|].
    rewrite IH by lia. rewrite <- Rmult_assoc, Rinv_r by lra. ring. }
  rewrite E in A. rewrite <- (ln_exp (dot ws _)). apply ln_le; [apply exp_pos | exact A].
Qed.

Lemma rule_stirling : forall n, (1 <= n)%nat ->
  2 * (sqrt (INR n) * (INR n / exp 1) ^ n) <= INR (fact n) <= 3 * (sqrt (INR n) * (INR n / exp 1) ^ n).
Proof. exact stirling. Qed.

(** E max of k geometric variables with success probability p: L = -ln (1 - p) *)
Lemma rule_max_geometric : forall p k E, 0 < p < 1 -> (1 <= k)%nat -> let L := - ln (1 - p) in
  Un_cv (partial L k) E -> ln (INR k + 1) / L <= E <= 1 + (1 + ln (INR k)) / L.
Proof.
  intros p k E Hp Hk L C. apply max_geometric; try assumption. unfold L. assert (H : ln (1 - p) < ln 1) by (apply ln_increasing; lra).
  rewrite ln_1 in H. lra.
Qed.

Lemma rule_telescoping : forall (f G : Z -> R) a b, (a - 1 <= b)%Z ->
  ((forall i, (a <= i <= b)%Z -> f i = G i - G (i - 1)%Z) -> sum f a b = G b - G (a - 1)%Z) /\
  ((forall i, (a <= i <= b)%Z -> f i <= G i - G (i - 1)%Z) -> sum f a b <= G b - G (a - 1)%Z) /\
  ((forall i, (a <= i <= b)%Z -> G i - G (i - 1)%Z <= f i) -> G b - G (a - 1)%Z <= sum f a b).
Proof. intros f G a b H. repeat split; intros Q; [apply telescope | apply telescope_le | apply telescope_ge]; assumption. Qed.

Lemma rule_termwise : forall (f g : Z -> R) a b, (a - 1 <= b)%Z -> (forall i, (a <= i <= b)%Z -> f i <= g i) ->
  sum f a b <= sum g a b /\ forall c, sum (fun _ => c) a b = IZR (b - a + 1) * c.
Proof. intros f g a b H Q. split; [apply sum_le, Q | intros c; apply sum_const, H]. Qed.

Lemma rule_integral : forall (f G : R -> R) a b, (a <= b)%Z -> (forall x, IZR a <= x <= IZR b -> derivable_pt_lim G x (f x)) ->
  ((forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f x <= f y) ->
    G (IZR b) - G (IZR a) + f (IZR a) <= sum (fun i => f (IZR i)) a b <= G (IZR b) - G (IZR a) + f (IZR b)) /\
  ((forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f y <= f x) ->
    G (IZR b) - G (IZR a) + f (IZR b) <= sum (fun i => f (IZR i)) a b <= G (IZR b) - G (IZR a) + f (IZR a)).
Proof. intros f G a b ab D. split; intros M; [apply integral_increasing | apply integral_decreasing]; assumption. Qed.

Lemma rule_half_range : forall (f : R -> R) a b, (a <= b)%Z ->
  (forall x, IZR a <= x <= IZR b -> 0 <= f x) -> (forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f x <= f y) ->
  (IZR b - IZR a + 1) / 2 * f ((IZR a + IZR b) / 2) <= sum (fun i => f (IZR i)) a b.
Proof. exact half_range. Qed.

Lemma rule_member : forall (f : Z -> R) a b j, (a <= j <= b)%Z -> (forall i, (a <= i <= b)%Z -> 0 <= f i) -> f j <= sum f a b.
Proof.
  intros f a b j Hj P. set (G := fun i : Z => if Z_le_dec j i then f j else 0).
  assert (E : G b - G (a - 1)%Z = f j).
  { unfold G. destruct (Z_le_dec j b); [|lia]. destruct (Z_le_dec j (a - 1)); [lia | lra]. }
  rewrite <- E. apply telescope_ge; [lia|]. intros i Hi. unfold G. pose proof (P i Hi). pose proof (P j Hj).
  destruct (Z_le_dec j i), (Z_le_dec j (i - 1)); try lia; try lra. replace i with j by lia. lra.
Qed.

Lemma rule_residues : forall (P : Z -> Prop) d lo, (0 < d)%Z ->
  (forall r m, (0 <= r < d)%Z -> (lo <= d * m + r)%Z -> P (d * m + r)%Z) -> forall n, (lo <= n)%Z -> P n.
Proof.
  intros P d lo Hd H n Hn. rewrite (Z.div_mod n d) by lia. apply H; [apply Z.mod_pos_bound, Hd|]. rewrite <- Z.div_mod by lia. exact Hn.
Qed.

Lemma rule_cases : forall (a b : R) (P : Prop), (a <= b -> P) -> (b <= a -> P) -> P.
Proof. intros a b P H H'. destruct (Rle_lt_dec a b); [auto | apply H'; lra]. Qed.

Lemma rule_trichotomy : forall (a b : R) (P : Prop), (a < b -> P) -> (a = b -> P) -> (a > b -> P) -> P.
Proof. intros a b P H H' H''. destruct (Rtotal_order a b) as [|[|]]; auto. Qed.

Lemma rule_split : forall (P : Z -> Prop) lo N, (forall n, (lo <= n < N)%Z -> P n) -> (forall n, (N <= n)%Z -> P n) -> forall n, (lo <= n)%Z -> P n.
Proof. intros P lo N H H' n Hn. destruct (Z_lt_le_dec n N); [apply H; lia | apply H'; assumption]. Qed.

(** rational comparisons, and powers by integers: b^(P/Q) <= u from b^P <= u^Q *)
Lemma rule_evaluate :
  (forall a b c d, (0 < b)%Z -> (0 < d)%Z -> (a * d <= c * b)%Z -> IZR a / IZR b <= IZR c / IZR d) /\
  (forall (b u : R) (P Q : nat), 0 < b -> 0 < u -> (0 < Q)%nat -> (b ^ P <= u ^ Q -> Rpower b (INR P / INR Q) <= u) /\
     (u ^ Q <= b ^ P -> u <= Rpower b (INR P / INR Q))).
Proof.
  split.
  - intros a b c d Hb Hd H. apply IZR_lt in Hb, Hd. apply IZR_le in H. rewrite !mult_IZR in H. apply div_le; [assumption|].
    replace (IZR c / IZR d * IZR b) with (IZR c * IZR b / IZR d) by (field; lra). apply le_div; lra.
  - intros b u P Q Hb Hu HQ. assert (q0 : 0 < INR Q) by (apply lt_0_INR; assumption).
    assert (E : INR P / INR Q * ln b = (INR P * ln b) / INR Q) by (field; lra).
    assert (Lb : ln (b ^ P) = INR P * ln b) by (apply ln_pow; assumption). assert (Lu : ln (u ^ Q) = INR Q * ln u) by (apply ln_pow; assumption).
    split; intros H; unfold Rpower; rewrite E, <- Lb; rewrite <- (exp_ln u Hu); apply exp_le.
    + apply div_le; [assumption|]. rewrite Rmult_comm, <- Lu. apply ln_le; [apply Rfunctions.pow_lt; assumption | assumption].
    + apply le_div; [assumption|]. rewrite Rmult_comm, <- Lu. apply ln_le; [apply Rfunctions.pow_lt; assumption | assumption].
Qed.

(* ================================================================ recurrences *)

(** Discrete Akra-Bazzi on a scale, with branches.  Theta is: some C, c > 0 and N with both bounds for n >= N. *)
Definition theta (T f : nat -> R) : Prop :=
  (exists C N, 0 < C /\ forall n, (N <= n)%nat -> T n <= C * f n) /\ (exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * f n <= T n).
Lemma rule_akra_bazzi : forall loc, scale loc -> forall (T g : nat -> R) branch al be c n0 d k G G',
  rounded loc al be c n0 branch -> below T g n0 branch -> above T g n0 branch -> late (fun n => 0 < T n) ->
  0 < G' -> 0 <= G -> late (fun n => 0 <= g n <= G * W d k (loc n)) -> late (fun n => G' * W d k (loc n) <= g n) ->
  (forall p, d < p -> (forall l, branch l -> asum l p = 1) -> theta T (fun n => Rpower (loc n) p)) /\
  ((forall l, branch l -> asum l d = 1) -> -1 < k -> theta T (fun n => W d (k + 1) (loc n))) /\
  ((forall l, branch l -> asum l d = 1) -> k = -1 -> theta T (fun n => Rpower (loc n) d * ln (ln (loc n)))) /\
  ((forall l, branch l -> asum l d = 1) -> k < -1 -> theta T (fun n => Rpower (loc n) d)) /\
  (forall A, (forall l, branch l -> asum l d <= A) -> A < 1 -> theta T (fun n => W d k (loc n))).
Proof.
  intros loc Hloc T g branch al be c n0 d k G G' OK B A P HG' HG U L.
  assert (g0 : late (fun n => 0 <= g n)) by (destruct U as (N & U); exists N; intros n Hn; apply U, Hn).
  repeat match goal with |- _ /\ _ => split end.
  - intros p Hp S. split.
    + eapply upper_leaf; try eassumption. intros l Bl. rewrite (S l Bl). lra.
    + eapply lower_leaf; try eassumption. intros l Bl. rewrite (S l Bl). lra.
  - intros S Hk. split.
    + eapply upper_balanced; try eassumption. intros l Bl. rewrite (S l Bl). lra.
    + eapply lower_balanced; try eassumption. intros l Bl. rewrite (S l Bl). lra.
  - intros S ->. split.
    + eapply upper_balanced_loglog; try eassumption. intros l Bl. rewrite (S l Bl). lra.
    + eapply lower_balanced_loglog; try eassumption. intros l Bl. rewrite (S l Bl). lra.
  - intros S Hk. split.
    + eapply upper_balanced_small; try eassumption. intros l Bl. rewrite (S l Bl). lra.
    + eapply lower_leaf; try eassumption. intros l Bl. rewrite (S l Bl). lra.
  - intros a S Ha. split.
    + eapply upper_root; eassumption.
    + destruct (lower_root loc Hloc T g branch al be c n0 OK A P (fun x => G' * W d k x) L) as (N & H). exists G', N. split; assumption.
Qed.

(** the master theorem: all calls to n/b with either rounding, a the sum of their coefficients, p = log_b a *)
Lemma rule_master : forall (T g : nat -> R) l a b c n0, 1 < b -> 0 < a -> 0 <= c -> (forall t, In t l -> 0 <= ta t /\ tb t = / b) ->
  rsum ta l = a -> (forall t n, In t l -> (n0 <= n)%nat -> Rabs (INR (tr t n) - tb t * INR n) <= c) ->
  (forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n) -> late (fun n => 0 < T n) -> late (fun n => 0 <= g n) ->
  let p := ln a / ln b in
  (forall e G, 0 < e -> 0 <= G -> late (fun n => g n <= G * Rpower (INR n) (p - e)) -> theta T (fun n => Rpower (INR n) p)) /\
  (forall k G G', 0 <= k -> 0 < G' -> 0 <= G -> late (fun n => G' * W p k (INR n) <= g n <= G * W p k (INR n)) -> theta T (fun n => W p (k + 1) (INR n))) /\
  (forall n1 N rho, (n1 <= N)%nat -> (n0 <= N)%nat -> rho < 1 -> (forall n, (n1 <= n)%nat -> 0 < g n) -> (forall t n, In t l -> (N <= n)%nat -> (n1 <= tr t n < n)%nat) ->
     (forall n, (N <= n)%nat -> rsum (fun t => ta t * g (tr t n)) l <= rho * g n) -> (forall n, 0 <= T n) -> theta T g).
Proof.
  intros T g l a b c n0 Hb Ha Hc Hl Hs Hr HT P g0 p. assert (Lb : 0 < ln b) by (apply ln_pos; assumption).
  assert (I : 0 < / b < 1). { split; [apply Rinv_0_lt_compat; lra | rewrite <- Rinv_1; apply Rinv_lt_contravar; lra]. }
  assert (OK : rounded INR (/ b) (/ b) c n0 (single l)).
  { do 4 (split; [lra|]). intros l' t -> Ht. destruct (Hl t Ht) as [A B]. split; [exact A|]. split; [lra | intros; apply Hr; assumption]. }
  assert (B : below T g n0 (single l)) by (apply below_single; intros n Hn; right; apply HT, Hn).
  assert (A : above T g n0 (single l)) by (apply above_single; intros n Hn; right; symmetry; apply HT, Hn).
  assert (S : asum l p = 1).
  { transitivity (rsum (fun t => / a * ta t) l); [|rewrite rsum_scal, Hs; field; lra]. apply rsum_ext. intros t Ht. destruct (Hl t Ht) as [_ ->].
    rewrite Rmult_comm. f_equal. unfold p, Rpower. rewrite ln_Rinv by lra. replace (ln a / ln b * - ln b) with (- ln a) by (field; lra).
    rewrite exp_Ropp, exp_ln by assumption. reflexivity. }
  assert (S1 : forall l', single l l' -> asum l' p <= 1) by (intros l' ->; lra).
  assert (S2 : forall l', single l l' -> 1 <= asum l' p) by (intros l' ->; lra).
  split; [|split].
  - intros e G He HG U. split.
    + apply (upper_leaf INR scale_INR T g (single l) (/ b) (/ b) c n0 OK B p (p - e) 0 G); try assumption; [lra|].
      destruct (late_and _ _ g0 U) as (N & H). exists (max 3 N). intros n Hn. destruct (H n ltac:(lia)) as [H1 H2]. split; [exact H1|].
      unfold W. assert (X : 1 < INR n) by (apply (lt_INR 1); lia).
      rewrite Rpower_O by (apply ln_pos; lra). lra.
    + apply (lower_leaf INR scale_INR T g (single l) (/ b) (/ b) c n0 OK A P p S2 g0).
  - intros k G G' Hk HG' HG (N & D). split.
    + apply (upper_balanced INR scale_INR T g (single l) (/ b) (/ b) c n0 OK B p k G); try assumption; [lra|].
      destruct g0 as (M & g0). exists (max M N). intros n Hn. split; [apply g0; lia | apply D; lia].
    + apply (lower_balanced INR scale_INR T g (single l) (/ b) (/ b) c n0 OK A P p k G'); try assumption; [lra|].
      exists N. intros n Hn. apply D, Hn.
  - intros n1 N rho HN HN0 Hrho G0 R C T0. assert (E : forall F n, combine (map (fun t => (ta t, tr t n)) l) F = rsum (fun t => ta t * F (tr t n)) l).
    { intros F n. clear. induction l as [|t l IH]; simpl; [reflexivity | rewrite IH; reflexivity]. }
    assert (Sm : forall n x i, (N <= n)%nat -> In (x, i) (map (fun t => (ta t, tr t n)) l) -> 0 <= x /\ (n1 <= i < n)%nat).
    { intros n x i Hn H. apply in_map_iff in H as (t & H & Ht). inversion H; subst. split; [apply Hl, Ht | apply R; assumption]. }
    split.
    + destruct (root_upper (fun n => map (fun t => (ta t, tr t n)) l) T g g n1 N rho 1 Sm G0 Hrho ltac:(lra)) as (K & HK & H); try assumption.
      * intros n Hn. rewrite E. apply C, Hn.
      * intros n Hn. pose proof (G0 n ltac:(lia)). lra.
      * intros n Hn. rewrite E. right. apply HT. lia.
      * exists K, n1. split; assumption.
    + exists 1, N. split; [lra|]. intros n Hn. rewrite Rmult_1_l.
      apply (root_lower (fun n => map (fun t => (ta t, tr t n)) l) T g N); try assumption.
      * intros m x i Hm H. destruct (Sm m x i Hm H). split; [assumption | apply T0].
      * intros m Hm. rewrite E. right. symmetry. apply HT. lia.
Qed.

(** solutions are linear in the driving function and the base values *)
Lemma rsum_plus : forall f g l, rsum (fun t => f t + g t) l = rsum f l + rsum g l.
Proof. intros f g l; induction l as [|t l IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma rule_superposition : forall (l : list term) (g h b b' : nat -> R) kappa n0, (forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat) ->
  forall n, solution l (fun n => g n + kappa * h n) (fun n => b n + kappa * b' n) n0 n = solution l g b n0 n + kappa * solution l h b' n0 n.
Proof.
  intros l g h b b' kappa n0 D n. symmetry.
  apply (solution_unique l (fun n => g n + kappa * h n) (fun n => b n + kappa * b' n) n0 D (fun n => solution l g b n0 n + kappa * solution l h b' n0 n)).
  - intros m Hm. rewrite !solution_base by assumption. reflexivity.
  - intros m Hm. rewrite (solution_recurrence l g b n0 D m Hm), (solution_recurrence l h b' n0 D m Hm).
    set (A := solution l g b n0). set (B := solution l h b' n0).
    assert (E : rsum (fun t => ta t * (A (tr t m) + kappa * B (tr t m))) l = rsum (fun t => ta t * A (tr t m)) l + kappa * rsum (fun t => ta t * B (tr t m)) l).
    { rewrite <- rsum_scal, <- rsum_plus. apply rsum_ext. intros; ring. }
    rewrite E. ring.
Qed.

(** the dyadic blocks 2^L <= n < 2^(L+1) and 2^(L-1) < n <= 2^L, and the levels of floor(n/2) and ceil(n/2) *)
Lemma halves : forall n, (n = 2 * (n / 2) \/ n = 2 * (n / 2) + 1)%nat /\ (n / 2 + (n + 1) / 2 = n)%nat.
Proof.
  intros n. pose proof (Nat.div_mod n 2 ltac:(lia)). pose proof (Nat.mod_upper_bound n 2 ltac:(lia)).
  pose proof (Nat.div_mod (n + 1) 2 ltac:(lia)). pose proof (Nat.mod_upper_bound (n + 1) 2 ltac:(lia)). lia.
Qed.
Lemma rule_dyadic_induction :
  (forall n, (1 <= n)%nat -> (2 ^ Nat.log2 n <= n < 2 ^ S (Nat.log2 n))%nat) /\
  (forall n, (2 <= n)%nat -> S (Nat.log2 (n / 2)) = Nat.log2 n) /\
  (forall n, (2 <= n)%nat -> (2 ^ pred (Nat.log2_up n) < n <= 2 ^ Nat.log2_up n)%nat) /\
  (forall n, (2 <= n)%nat -> S (Nat.log2_up ((n + 1) / 2)) = Nat.log2_up n) /\
  (forall P : nat -> Prop, P 1%nat -> (forall n, (2 <= n)%nat -> P (n / 2)%nat -> P ((n + 1) / 2)%nat -> P n) -> forall n, (1 <= n)%nat -> P n).
Proof.
  split; [intros; apply Nat.log2_spec; lia|]. split; [|split; [intros; apply Nat.log2_up_spec; lia|split]].
  - intros n Hn. destruct (halves n) as [[E|E] _]; rewrite E at 2; symmetry; [apply Nat.log2_double | apply Nat.log2_succ_double]; lia.
  - intros n Hn. destruct (halves n) as [[E|E] E2].
    + replace ((n + 1) / 2)%nat with (n / 2)%nat by lia. rewrite E at 2. symmetry. apply Nat.log2_up_double. lia.
    + replace ((n + 1) / 2)%nat with (S (n / 2)) by lia. rewrite E at 2. rewrite Nat.log2_up_succ_double, (Nat.log2_up_eqn (S (n / 2))) by lia. reflexivity.
  - intros P P1 H n. induction n as [n IH] using lt_wf_ind. intros Hn. destruct (Nat.eq_dec n 1) as [->|N1]; [exact P1|].
    destruct (halves n) as [_ E]. pose proof (Nat.div_lt n 2 ltac:(lia) ltac:(lia)). assert (1 <= n / 2)%nat by (apply Nat.div_le_lower_bound; lia).
    apply H; [lia | apply IH; lia | apply IH; lia].
Qed.

(** linear recurrences T(n) = sum_j a_j T(n-j) + g(n), a_j >= 0 *)
Lemma rule_linear_recurrence : forall (T g : nat -> R) l D s k G G', lags_ok D l ->
  (forall n, (D <= n)%nat -> T n = lsum l T n + g n) -> late (fun n => 0 < T n) -> 0 < s -> 0 < G' -> 0 <= G ->
  late (fun n => 0 <= g n <= G * (s ^ n * Rpower (INR n) k)) -> late (fun n => G' * (s ^ n * Rpower (INR n) k) <= g n) ->
  (forall r, s < r -> chi l r = 1 -> theta T (fun n => r ^ n)) /\
  (chi l s = 1 -> -1 < k -> theta T (fun n => s ^ n * Rpower (INR n) (k + 1))) /\
  (forall A, chi l s <= A -> A < 1 -> theta T (fun n => s ^ n * Rpower (INR n) k)).
Proof.
  intros T g l D s k G G' OK E P Hs HG' HG U L.
  assert (B : forall n, (D <= n)%nat -> T n <= lsum l T n + g n) by (intros n Hn; rewrite (E n Hn) at 1; lra).
  assert (A : forall n, (D <= n)%nat -> lsum l T n + g n <= T n) by (intros n Hn; rewrite (E n Hn) at 1; lra).
  assert (g0 : late (fun n => 0 <= g n)) by (destruct U as (N & U); exists N; intros n Hn; apply U, Hn).
  repeat match goal with |- _ /\ _ => split end.
  - intros r Hr S. split.
    + apply (linear_upper_leaf T g l D OK B r s k G); try assumption; rewrite S; lra.
    + apply (linear_lower_leaf T g l D OK A P r); try assumption; [lra | rewrite S; lra].
  - intros S Hk. split.
    + apply (linear_upper_balanced T g l D OK B s k G); try assumption; rewrite S; lra.
    + apply (linear_lower_balanced T g l D OK A P s k G'); try assumption; rewrite S; lra.
  - intros a S Ha. split.
    + apply (linear_upper_root T g l D OK B s k a G); assumption.
    + destruct (linear_lower_root T g l D OK A P (fun n => G' * (s ^ n * Rpower (INR n) k)) L) as (N & H). exists G', N. split; assumption.
Qed.

(** recurrences in sqrt n: the Akra-Bazzi theorem on the scale log n *)
Lemma rule_change_of_variable : forall coefs, (forall a, In a coefs -> 0 <= a) ->
  scale (fun n => ln (INR n)) /\ rounded (fun n => ln (INR n)) (/ 2) (/ 2) (ln 2) 1 (single (map (fun a => Term a (/ 2) Nat.sqrt) coefs)).
Proof. intros coefs H. split; [exact scale_ln | apply rounded_sqrt, H]. Qed.

Lemma rule_root : forall (calls : nat -> list (R * nat)) (T G g : nat -> R) n1 N rho c,
  (forall n a i, (N <= n)%nat -> In (a, i) (calls n) -> 0 <= a /\ (n1 <= i < n)%nat) ->
  (forall n, (n1 <= n)%nat -> 0 < G n) -> rho < 1 -> 0 <= c ->
  (forall n, (N <= n)%nat -> combine (calls n) G <= rho * G n) -> (forall n, (N <= n)%nat -> 0 <= g n <= c * G n) -> (n1 <= N)%nat ->
  ((forall n, (N <= n)%nat -> T n <= combine (calls n) T + g n) -> exists C, 0 < C /\ forall n, (n1 <= n)%nat -> T n <= C * G n) /\
  ((forall n, (n1 <= n)%nat -> 0 <= T n) -> (forall n, (N <= n)%nat -> combine (calls n) T + g n <= T n) -> forall n, (N <= n)%nat -> g n <= T n).
Proof.
  intros calls T G g n1 N rho c S P Hr Hc HG Hg L. split.
  - intros HT. eapply root_upper; eassumption.
  - intros HT0 HT n Hn. eapply root_lower; try eassumption. intros m a i Hm Hi. destruct (S m a i Hm Hi). split; [assumption | apply HT0; lia].
Qed.

Lemma rule_substitution : forall (calls : nat -> list (R * nat)) (T U g : nat -> R) n1 N,
  (forall n a i, (N <= n)%nat -> In (a, i) (calls n) -> 0 <= a /\ (n1 <= i < n)%nat) -> (forall n, (N <= n)%nat -> 0 <= g n) ->
  ((forall n, (N <= n)%nat -> T n <= combine (calls n) T + g n) -> (forall n, (N <= n)%nat -> combine (calls n) U + g n <= U n) ->
     (forall n, (n1 <= n < N)%nat -> 0 < U n) -> exists C, 1 <= C /\ forall n, (n1 <= n)%nat -> T n <= C * U n) /\
  ((forall n, (N <= n)%nat -> combine (calls n) T + g n <= T n) -> (forall n, (N <= n)%nat -> U n <= combine (calls n) U + g n) ->
     (forall n, (n1 <= n < N)%nat -> 0 < T n) -> exists c, 0 < c /\ forall n, (n1 <= n)%nat -> c * U n <= T n).
Proof. intros. split; intros; [eapply substitution_upper | eapply substitution_lower]; eassumption. Qed.

(** a positive solution U of the same homogeneous equation *)
Lemma rule_multiple : forall (calls : nat -> list (R * nat)) (T U : nat -> R) n1 N,
  (forall n a i, (N <= n)%nat -> In (a, i) (calls n) -> 0 <= a /\ (n1 <= i < n)%nat) ->
  (forall n, (N <= n)%nat -> T n = combine (calls n) T) -> (forall n, (N <= n)%nat -> U n = combine (calls n) U) ->
  ((forall n, (n1 <= n < N)%nat -> 0 < U n) -> exists C, 1 <= C /\ forall n, (n1 <= n)%nat -> T n <= C * U n) /\
  ((forall n, (n1 <= n < N)%nat -> 0 < T n) -> exists c, 0 < c /\ forall n, (n1 <= n)%nat -> c * U n <= T n).
Proof.
  intros calls T U n1 N S HT HU. split; intros P.
  - apply (substitution_upper calls T U (fun _ => 0) n1 N); auto; intros; try lra; [rewrite (HT n) at 1 by assumption | rewrite (HU n) by assumption]; lra.
  - apply (substitution_lower calls T U (fun _ => 0) n1 N); auto; intros; try lra; [rewrite (HT n) by assumption | rewrite (HU n) at 1 by assumption]; lra.
Qed.

(** T is the closed form: it satisfies the equation from n0 on and agrees before *)
Lemma rule_closed_form : forall (l : list term) (T U g : nat -> R) n0, (forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat) ->
  (forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n) ->
  (forall n, (n0 <= n)%nat -> U n = rsum (fun t => ta t * U (tr t n)) l + g n) -> (forall n, (n < n0)%nat -> T n = U n) -> forall n, T n = U n.
Proof.
  intros l T U g n0 D HT HU HB n. rewrite (solution_unique l g U n0 D T HB HT n). symmetry. apply solution_unique; auto.
Qed.

(** explicit bounds: U satisfies the inequality and holds on the base range; and any well-founded induction *)
Lemma rule_induction : forall (T U g : nat -> R) (l : list term) (n1 N : nat),
  (forall t, In t l -> 0 <= ta t) -> (forall t n, In t l -> (N <= n)%nat -> (n1 <= tr t n < n)%nat) ->
  ((forall n, (N <= n)%nat -> T n <= rsum (fun t => ta t * T (tr t n)) l + g n) -> (forall n, (N <= n)%nat -> rsum (fun t => ta t * U (tr t n)) l + g n <= U n) ->
    (forall n, (n1 <= n < N)%nat -> T n <= U n) -> forall n, (n1 <= n)%nat -> T n <= U n) /\
  ((forall n, (N <= n)%nat -> rsum (fun t => ta t * T (tr t n)) l + g n <= T n) -> (forall n, (N <= n)%nat -> U n <= rsum (fun t => ta t * U (tr t n)) l + g n) ->
    (forall n, (n1 <= n < N)%nat -> U n <= T n) -> forall n, (n1 <= n)%nat -> U n <= T n) /\
  (forall (X : Type) (mu : X -> nat) (P : X -> Prop), (forall x, (forall y, (mu y < mu x)%nat -> P y) -> P x) -> forall x, P x).
Proof.
  intros T U g l n1 N Ha Hr. repeat split; intros.
  - eapply induction_upper; eassumption.
  - eapply induction_lower; eassumption.
  - eapply induction_measure; eassumption.
Qed.

Lemma rule_first_order : forall (T a g P Q : nat -> R) n0, (forall n, (n0 <= n)%nat -> 0 < P n) -> (forall n, (n0 <= n)%nat -> P (S n) = a (S n) * P n) ->
  ((forall n, (n0 <= n)%nat -> T (S n) = a (S n) * T n + g (S n)) -> (forall n, (n0 <= n)%nat -> Q (S n) - Q n = g (S n) / P (S n)) ->
    forall n, (n0 <= n)%nat -> T n = P n * (T n0 / P n0 + (Q n - Q n0))) /\
  ((forall n, (n0 <= n)%nat -> T (S n) <= a (S n) * T n + g (S n)) -> (forall n, (n0 <= n)%nat -> g (S n) / P (S n) <= Q (S n) - Q n) ->
    forall n, (n0 <= n)%nat -> T n <= P n * (T n0 / P n0 + (Q n - Q n0))) /\
  ((forall n, (n0 <= n)%nat -> a (S n) * T n + g (S n) <= T (S n)) -> (forall n, (n0 <= n)%nat -> Q (S n) - Q n <= g (S n) / P (S n)) ->
    forall n, (n0 <= n)%nat -> P n * (T n0 / P n0 + (Q n - Q n0)) <= T n).
Proof. intros T a g P Q n0 HP HS. repeat split; intros; [eapply first_order | eapply first_order_upper | eapply first_order_lower]; eassumption. Qed.

(* sum of w(k) T(k), n0 <= k < n *)
Definition weighted_history (w T : nat -> R) (n0 n : nat) : R := history (fun k => w k * T k) n0 n.
(** T(n) = g(n) + c(n) P(n) with P the weighted sum of the history: P is of first order *)
Lemma rule_history : forall (T g c w : nat -> R) n0, (forall n, (n0 <= n)%nat -> T n = g n + c n * weighted_history w T n0 n) ->
  forall n, (n0 <= n)%nat -> weighted_history w T n0 (S n) = (1 + w n * c n) * weighted_history w T n0 n + w n * g n.
Proof. intros T g c w n0 H n Hn. unfold weighted_history in *. rewrite history_step by assumption. rewrite (H n Hn). ring. Qed.

(** T(n) = g(n) + c (T(n0) + ... + T(n-s)): neighbouring equations subtracted *)
Lemma rule_differencing : forall (T g : nat -> R) c s n0, (1 <= s)%nat ->
  (forall n, (n0 + s <= n)%nat -> T n = g n + c * history T n0 (n - s + 1)) ->
  forall n, (n0 + s <= n)%nat -> T (S n) = T n + c * T (S n - s)%nat + (g (S n) - g n).
Proof.
  intros T g c s n0 Hs H n Hn. rewrite (H (S n)), (H n) by lia. replace (S n - s + 1)%nat with (S (n - s + 1)) by lia.
  rewrite history_step by lia. replace (S n - s)%nat with (n - s + 1)%nat by lia. ring.
Qed.

(** relative errors of the coefficients that decay on the scale change T by a bounded factor only *)
Lemma rule_scaling : forall loc, scale loc -> forall (U g : nat -> R) branch al be c n0 eps delta E,
  rounded loc al be c n0 branch -> (forall n, 0 <= U n) -> (forall n, 0 <= g n) -> 0 < delta -> 0 <= E ->
  (forall l t n, branch l -> In t l -> (n0 <= n)%nat -> Rabs (eps t n) <= E * exp (- delta * loc n)) ->
  ((forall n, (n0 <= n)%nat -> exists l, branch l /\ U n <= rsum (fun t => ta t * (1 + eps t n) * U (tr t n)) l + g n) ->
    exists N, (n0 <= N)%nat /\ below (fun n => U n / (1 - exp (- delta * loc n))) (fun n => 2 * g n) N branch /\
      forall n, (N <= n)%nat -> U n <= U n / (1 - exp (- delta * loc n))) /\
  ((forall n, (n0 <= n)%nat -> exists l, branch l /\ rsum (fun t => ta t * (1 + eps t n) * U (tr t n)) l + g n <= U n) ->
    exists N, (n0 <= N)%nat /\ above (fun n => U n / (1 + exp (- delta * loc n))) (fun n => g n / 2) N branch /\
      forall n, (N <= n)%nat -> U n / (1 + exp (- delta * loc n)) <= U n).
Proof. intros. split; intros; [eapply perturbed_upper | eapply perturbed_lower]; eassumption. Qed.

(** functions that call each other: their weighted maximum (minimum) satisfies one recurrence with branches *)
Lemma rule_joint : forall (m : nat) (T : nat -> nat -> R) (v : nat -> R) (calls : nat -> list (nat * term)) (h : nat -> R) n0,
  (forall f, (f <= m)%nat -> 0 < v f) -> (forall f c t, (f <= m)%nat -> In (c, t) (calls f) -> (c <= m)%nat /\ 0 <= ta t) -> (forall n, 0 <= h n) ->
  ((forall f n, (f <= m)%nat -> (n0 <= n)%nat -> T f n <= csum (fun c t => ta t * T c (tr t n)) (calls f) + h n) ->
    below (highest m T v) (fun n => h n / light m v) n0 (joint_branch m v calls)) /\
  ((forall f n, (f <= m)%nat -> (n0 <= n)%nat -> csum (fun c t => ta t * T c (tr t n)) (calls f) + h n <= T f n) ->
    above (lowest m T v) (fun n => h n / heavy m v) n0 (joint_branch m v calls)).
Proof. intros. split; intros; [apply joint_below | apply joint_above]; assumption. Qed.

(** one factor x - r of the characteristic polynomial: abs(u) = O(s^n n^k) and T(n+1) = r T(n) + u(n) *)
Lemma rule_characteristic : forall (T u : nat -> R) r s k G, (forall n, T (S n) = r * T n + u (S n)) -> 0 < s -> 0 <= G -> -1 < k ->
  late (fun n => Rabs (u n) <= G * (s ^ n * Rpower (INR n) k)) ->
  (s < Rabs r -> exists C N, 0 < C /\ forall n, (N <= n)%nat -> Rabs (T n) <= C * Rabs r ^ n) /\
  (Rabs r = s -> exists C N, 0 < C /\ forall n, (N <= n)%nat -> Rabs (T n) <= C * (s ^ n * Rpower (INR n) (k + 1))) /\
  (Rabs r < s -> exists C N, 0 < C /\ forall n, (N <= n)%nat -> Rabs (T n) <= C * (s ^ n * Rpower (INR n) k)).
Proof.
  intros T u r s k G HT Hs HG Hk (M & Hu). set (l := [(Rabs r, 1%nat)]).
  assert (OK : lags_ok 1 l). { split; [lia|]. intros aj [<-|[]]. simpl. split; [apply Rabs_pos | lia]. }
  assert (B : forall n, (1 <= n)%nat -> Rabs (T n) <= lsum l (fun n => Rabs (T n)) n + Rabs (u n)).
  { intros [|n] Hn; [lia|]. simpl. rewrite Nat.sub_0_r, HT. apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rabs_mult. lra. }
  assert (U : late (fun n => 0 <= Rabs (u n) <= G * (s ^ n * Rpower (INR n) k))) by (exists M; intros n Hn; split; [apply Rabs_pos | apply Hu, Hn]).
  assert (chi1 : forall x, 0 < x -> chi l x = Rabs r / x) by (intros x Hx; unfold l, chi; simpl; field; lra).
  repeat match goal with |- _ /\ _ => split end; intros H.
  - eapply (linear_upper_leaf (fun n => Rabs (T n)) _ l 1 OK B (Rabs r) s k G); try eassumption. rewrite chi1 by lra. apply div_le; lra.
  - eapply (linear_upper_balanced (fun n => Rabs (T n)) _ l 1 OK B s k G); try eassumption. rewrite chi1 by lra. apply div_le; lra.
  - eapply (linear_upper_root (fun n => Rabs (T n)) _ l 1 OK B s k (Rabs r / s) G); try eassumption.
    + rewrite chi1 by lra. lra.
    + apply Rmult_lt_reg_r with s; [assumption|]. replace (Rabs r / s * s) with (Rabs r) by (field; lra). lra.
Qed.

(* ================================================================ claims *)

(** refutations by families, over the integers or the reals, in any strength *)
Lemma rule_family : forall K P D grow s (f g : P -> carrier K) (I : Type) (x : I -> P) (h : I -> carrier K) c,
  lt K (zero K) c -> escaping K P D grow s x h -> (forall t, D (x t) -> lt K (zero K) (g (x t))) ->
  ((forall t, D (x t) -> le K (mul K (g (x t)) (h t)) (mul K c (f (x t)))) -> ~ O K P D grow s f g) /\
  ((forall t, D (x t) -> le K (mul K (f (x t)) (h t)) (mul K c (g (x t)))) -> ~ Omega K P D grow s f g).
Proof. intros. split; intros; [eapply family_not_O | eapply family_not_Omega]; eassumption. Qed.

(** composition with a tight bound *)
Lemma rule_transfer : forall K P D grow s (T W h : P -> carrier K), Theta K P D grow s T W ->
  (O K P D grow s W h -> O K P D grow s T h) /\ (Omega K P D grow s W h -> Omega K P D grow s T h) /\
  (~ O K P D grow s W h -> ~ O K P D grow s T h) /\ (~ Omega K P D grow s W h -> ~ Omega K P D grow s T h).
Proof.
  intros K P D grow s T W h [A B]. repeat split; intros.
  - eapply transfer_O; eassumption.
  - eapply transfer_Omega; eassumption.
  - eapply transfer_not_O; eassumption.
  - eapply transfer_not_Omega; eassumption.
Qed.
