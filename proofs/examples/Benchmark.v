(* The worked examples of the field's verified master theorem (Eberl, Proving divide and conquer complexities in
   Isabelle/HOL, 2017), each closed from the library: recurrences with floors, ceilings, offsets, symbolic parameters and
   irrational exponents, and the one with a moving parameter. *)
From Coq Require Import Reals ZArith List Lra Lia Arith.
From Aalp Require Import TacticsR.
Open Scope R_scope.

(* T = solution with positive base values *)
Definition solves (l : list term) (g : nat -> R) (n0 : nat) (T : nat -> R) : Prop :=
  (forall n, (n < n0)%nat -> 0 < T n) /\ (forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n).

Ltac late_2 := exists 2%nat; let n := fresh in let H := fresh in intros n H; apply le_INR in H; simpl INR in H; try (rewrite W_int by lra); cbn [powerRZ]; cbv [Pos.to_nat Pos.iter_op Nat.add]; rewrite ?pow_1, ?Rmult_1_r.

(* Karatsuba: T(n) = 2 T(ceil(n/2)) + T(floor(n/2)) + n *)
Definition karatsuba := [Term 2 (/2) (fun n => (1*n+1)/2)%nat; Term 1 (/2) (fun n => (1*n+0)/2)%nat].
Theorem karatsuba_bound : forall T, solves karatsuba INR 2 T -> Rules.theta T (fun n => Rpower (INR n) (ln 3 / ln 2)).
Proof.
  intros T (B & E). apply (proj1 (standard T INR karatsuba (/2) (/2) 1 2 1 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B ltac:(intros; pos) E ltac:(lra) ltac:(late_2; lra))).
  - apply rate_lt; try lra. rewrite Rpower_1; lra.
  - sum_terms karatsuba. rewrite !Rpower_log by lra. lra.
Qed.

(* Strassen: T(n) = 7 T(floor(n/2)) + n^2 *)
Definition strassen := [Term 7 (/2) (fun n => (1*n+0)/2)%nat].
Theorem strassen_bound : forall T, solves strassen (fun n => INR n ^ 2) 2 T -> Rules.theta T (fun n => Rpower (INR n) (ln 7 / ln 2)).
Proof.
  intros T (B & E). apply (proj1 (standard T (fun n => INR n ^ 2) strassen (/2) (/2) 1 2 2 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B ltac:(intros; pos) E ltac:(lra) ltac:(late_2; lra))).
  - apply rate_lt; try lra. powers. lra.
  - sum_terms strassen. rewrite !Rpower_log by lra. lra.
Qed.

(* deterministic selection: T(n) = T(floor(n/5)) + T(floor(7n/10) + 6) + 12n/5 for n > 20 *)
Definition select := [Term 1 (/5) (fun n => (1*n+0)/5)%nat; Term 1 (7/10) (fun n => (7*n+60)/10)%nat].
Theorem select_bound : forall T, solves select (fun n => 12/5 * INR n) 21 T -> Rules.theta T (fun n => W 1 0 (INR n)).
Proof.
  intros T (B & E). apply (proj2 (proj2 (proj2 (proj2 (standard T (fun n => 12/5 * INR n) select (/5) (7/10) 6 21 1 0 (12/5) (12/5) ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B ltac:(intros; pos) E ltac:(lra) ltac:(late_2; lra)))))).
  sum_terms select. rewrite !Rpower_1 by lra. lra.
Qed.

(* dec-cost: T(n) = T(floor(n/2))/2 + 1/n = Theta(log(n)/n) *)
Definition dec_cost := [Term (/2) (/2) (fun n => (1*n+0)/2)%nat].
Theorem dec_cost_bound : forall T, solves dec_cost (fun n => / INR n) 2 T -> Rules.theta T (fun n => W (-1) (0 + 1) (INR n)).
Proof.
  intros T (B & E). apply (proj1 (proj2 (standard T (fun n => / INR n) dec_cost (/2) (/2) 1 2 (-1) 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B ltac:(intros n Hn; left; apply Rinv_0_lt_compat, lt_0_INR; lia) E ltac:(lra) ltac:(late_2; rewrite ?Rmult_1_r; lra)))); [|lra].
  sum_terms dec_cost. rewrite Rpower_inv by lra. lra.
Qed.

(* T(n) = 4 T(floor(n/2)) + n^2/log(n) = Theta(n^2 log log n) *)
Definition four_halves := [Term 4 (/2) (fun n => (1*n+0)/2)%nat].
Theorem loglog_bound : forall T, solves four_halves (fun n => INR n ^ 2 / ln (INR n)) 2 T ->
  Rules.theta T (fun n => Rpower (INR n) 2 * ln (ln (INR n))).
Proof.
  intros T (B & E). unshelve eapply (proj1 (proj2 (proj2 (standard T (fun n => INR n ^ 2 / ln (INR n)) four_halves (/2) (/2) 1 2 2 (-1) 1 1 ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B _ E ltac:(lra) _)))).
  - intros n Hn. apply le_INR in Hn. simpl INR in Hn. pos.
  - late_2. rewrite ?Rmult_1_r. unfold Rdiv. lra.
  - sum_terms four_halves. powers. lra.
  - reflexivity.
Qed.

(* Boncelet: T(n) = p T(r1(n)) + q T(r2(n)) + 1 with p + q = 1 and any r1, r2 within c of p n, q n *)
Theorem boncelet_bound : forall p q c r1 r2 n0, 0 < p -> 0 < q -> p + q = 1 -> 0 <= c ->
  (forall n, (n0 <= n)%nat -> (r1 n < n)%nat /\ (r2 n < n)%nat /\ Rabs (INR (r1 n) - p * INR n) <= c /\ Rabs (INR (r2 n) - q * INR n) <= c) ->
  forall T, solves [Term p p r1; Term q q r2] (fun _ => 1) n0 T -> Rules.theta T (fun n => W 0 (0 + 1) (INR n)).
Proof.
  intros p q c r1 r2 n0 Hp Hq Hpq Hc R T (B & E).
  unshelve eapply (proj1 (proj2 (standard T (fun _ => 1) [Term p p r1; Term q q r2] (Rmin p q) (Rmax p q) c n0 0 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    _ _ B ltac:(intros; lra) E ltac:(lra) ltac:(late_2; lra)))).
  - intros t n Ht Hn. destruct (R n Hn) as (A1 & A2 & _). terms_cases Ht; assumption.
  - pose proof (Rmin_l p q). pose proof (Rmin_r p q). pose proof (Rmax_l p q). pose proof (Rmax_r p q).
    split; [apply Rmin_glb_lt; assumption|]. split; [lra|]. split; [apply Rmax_lub_lt; lra|]. split; [assumption|].
    intros l t -> Ht. terms_cases Ht; cbn [ta tb tr]; (split; [lra | split; [lra | intros n Hn; apply (R n Hn)]]).
  - unfold asum. cbn [rsum ta tb]. rewrite !Rpower_O by assumption. lra.
  - lra.
Qed.

(* T(n) = T(floor(n/3)) + T(floor(3n/4) + 42) + n: Theta(n^p) with (1/3)^p + (3/4)^p = 1, 1 < p, and p <= 144/125 *)
Definition thirds := [Term 1 (1/3) (fun n => (1*n+0)/3)%nat; Term 1 (3/4) (fun n => (3*n+168)/4)%nat].
Theorem thirds_bound : forall T p, 1 < p -> asum thirds p = 1 -> solves thirds INR 169 T -> Rules.theta T (fun n => Rpower (INR n) p).
Proof.
  intros T p Hp Hs (B & E). apply (proj1 (standard T INR thirds (1/3) (3/4) 42 169 1 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B ltac:(intros; pos) E ltac:(lra) ltac:(late_2; lra))); assumption.
Qed.
Theorem thirds_exponent : asum thirds (INR 144 / INR 125) <= 1.
Proof.
  sum_terms thirds. destruct Rules.rule_evaluate as [_ V].
  assert (A := proj1 (V (1/3) (28207/100000) 144%nat 125%nat ltac:(lra) ltac:(lra) ltac:(lia)) ltac:(apply (pow_fractions 1 3 28207 100000); [lia.. | vm_compute; reflexivity])).
  assert (C := proj1 (V (3/4) (71792/100000) 144%nat 125%nat ltac:(lra) ltac:(lra) ltac:(lia)) ltac:(apply (pow_fractions 3 4 71792 100000); [lia.. | vm_compute; reflexivity])). lra.
Qed.

(* symbolic a = b: T(n) = b T(floor(n/b)) + n = Theta(n log n) for every fixed b >= 2 *)
Theorem symbolic_bound : forall b : nat, (2 <= b)%nat -> forall T, solves [Term (INR b) (/ INR b) (fun n => n / b)%nat] INR b T ->
  Rules.theta T (fun n => W 1 (0 + 1) (INR n)).
Proof.
  intros b Hb T (B & E). assert (Hb' : 2 <= INR b) by (apply (le_INR 2); assumption).
  assert (I : / INR b <= / 2) by (apply Rinv_le_contravar; lra).
  unshelve eapply (proj1 (proj2 (standard T INR [Term (INR b) (/ INR b) (fun n => n / b)%nat] (/ INR b) (/ INR b) 1 b 1 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    _ _ B ltac:(intros; pos) E ltac:(lra) ltac:(late_2; lra)))).
  - intros t n Ht Hn. terms_cases Ht. cbn [tr]. apply Nat.div_lt; lia.
  - split; [pos|]. split; [lra|]. split; [lra|]. split; [lra|]. intros l t -> Ht. terms_cases Ht. cbn [ta tb tr].
    split; [lra | split; [lra | intros n _]]. apply (between_distance (fun n => (n / b)%nat) b n ltac:(lia)).
    split; [lia | apply Nat.div_le_mono; lia].
  - unfold asum. cbn [rsum ta tb]. rewrite Rpower_1 by pos. field. lra.
  - lra.
Qed.

(* a constant parameter m: T(n) = 2 T(any rounding of n/2) + m n, uniform in nothing, for each m > 0 *)
Theorem parameter_bound : forall (m : R) r, 0 < m -> (forall n, (n / 2 <= r n <= (n + 2 - 1) / 2)%nat) ->
  forall T, solves [Term 2 (/ INR 2) r] (fun n => m * INR n) 2 T -> Rules.theta T (fun n => W 1 (0 + 1) (INR n)).
Proof.
  intros m r Hm R T (B & E). unshelve eapply (proj1 (proj2 (standard T (fun n => m * INR n) [Term 2 (/ INR 2) r] (/ INR 2) (/ INR 2) 1 2 1 0 m m ltac:(discriminate) ltac:(positive_terms)
    _ _ B ltac:(intros; pos) E ltac:(lra) ltac:(late_2; lra)))).
  - intros t n Ht Hn. terms_cases Ht. cbn [tr]. pose proof (R n). assert ((n + 2 - 1) / 2 < n)%nat by (apply Nat.div_lt_upper_bound; lia). lia.
  - simpl INR. do 4 (split; [lra|]). intros l t -> Ht. terms_cases Ht. cbn [ta tb tr]. split; [lra | split; [lra | intros n _]].
    apply (between_distance r 2 n ltac:(lia)), R.
  - unfold asum. cbn [rsum ta tb]. simpl INR. rewrite Rpower_1 by lra. lra.
  - lra.
Qed.

(* ham sandwich: T(n) = T(ceil(n/4)) + T(ceil(n/2)) + 1 = Theta(n^(log2 of the golden ratio)) *)
Definition ham := [Term 1 (/ 2 ^ 2) (fun n => (1*n+3)/4)%nat; Term 1 (/ 2 ^ 1) (fun n => (1*n+1)/2)%nat].
Definition golden := (1 + sqrt 5) / 2.
Lemma golden_bounds : 1 < golden /\ golden ^ 2 = golden + 1.
Proof.
  assert (S : sqrt 5 * sqrt 5 = 5) by (apply sqrt_sqrt; lra). assert (1 < sqrt 5) by (rewrite <- sqrt_1; apply sqrt_lt_1; lra).
  unfold golden. split; [lra | nra].
Qed.
Theorem ham_bound : forall T, solves ham (fun _ => 1) 2 T -> Rules.theta T (fun n => Rpower (INR n) (ln golden / ln 2)).
Proof.
  intros T (B & E). destruct golden_bounds as [G1 G2].
  apply (proj1 (standard T (fun _ => 1) ham (/ 2 ^ 2) (/ 2 ^ 1) 1 2 0 0 1 1 ltac:(discriminate) ltac:(positive_terms)
    ltac:(decreasing_terms) ltac:(rounded_terms) B ltac:(intros; lra) E ltac:(lra) ltac:(late_2; lra))).
  - apply rate_lt; try lra. rewrite Rpower_O; lra.
  - sum_terms ham. rewrite !Rpower_log_pow by lra. transitivity ((golden + 1) / golden ^ 2); [field; lra|]. rewrite G2. field. lra.
Qed.

(* a moving parameter: T(a, n) = 3 T(2a, floor(n/2)) + a for n > 2, 0 below: T(a, n) = a S(n), S(n) = 6 S(floor(n/2)) + 1 *)
Definition six := [Term 6 (/2) (fun n => (1*n+0)/2)%nat].
Theorem moving_bound : forall T : R -> nat -> R, (forall a n, (n <= 2)%nat -> T a n = 0) -> (forall a n, (3 <= n)%nat -> T a n = 3 * T (2 * a) (n / 2)%nat + a) ->
  exists S, (forall a n, T a n = a * S n) /\ Rules.theta S (fun n => Rpower (INR n) (ln 6 / ln 2)).
Proof.
  intros T B E. exists (T 1). assert (L : forall n a, T a n = a * T 1 n).
  { intros n. induction n as [n IH] using lt_wf_ind. intros a. destruct (le_lt_dec n 2) as [H|H]; [rewrite !B by assumption; ring|].
    rewrite (E a), (E 1) by lia. assert (D : (n / 2 < n)%nat) by (apply Nat.div_lt; lia). rewrite (IH _ D (2 * a)), (IH _ D (2 * 1)). ring. }
  split; [intros; apply L|].
  assert (R : forall n, (3 <= n)%nat -> T 1 n = rsum (fun t => ta t * T 1 (tr t n)) six + 1).
  { intros n Hn. cbn [rsum six ta tr]. rewrite Nat.mul_1_l, Nat.add_0_r, (E 1 n Hn), (L (n / 2)%nat (2 * 1)). ring. }
  assert (N : forall n, 0 <= T 1 n).
  { apply (solution_nonneg (T 1) (fun _ => 1) six 3).
    - positive_terms.
    - decreasing_terms.
    - intros n Hn. rewrite B by lia. lra.
    - intros; lra.
    - intros n Hn. right. symmetry. apply R, Hn. }
  assert (rounding : rounded INR (/2) (/2) 1 3 (single six)) by rounded_terms.
  apply (proj1 (Rules.rule_akra_bazzi INR scale_INR (T 1) (fun _ => 1) (single six) (/2) (/2) 1 3 0 0 1 1 rounding
    (below_single _ _ _ _ (fun n Hn => Req_le _ _ (R n Hn))) (above_single _ _ _ _ (fun n Hn => Req_le _ _ (eq_sym (R n Hn))))
    ltac:(exists 3%nat; intros n Hn; rewrite (R n Hn); cbn [rsum six ta tr]; pose proof (N ((1*n+0)/2)%nat); lra)
    ltac:(lra) ltac:(lra) ltac:(late_2; lra) ltac:(late_2; lra))).
  - apply rate_lt; try lra. rewrite Rpower_O; lra.
  - intros l ->. sum_terms six. rewrite !Rpower_log by lra. lra.
Qed.

Definition all := (karatsuba_bound, strassen_bound, select_bound, dec_cost_bound, loglog_bound, boncelet_bound, thirds_bound, thirds_exponent,
  symbolic_bound, parameter_bound, ham_bound, moving_bound).
Print Assumptions all.
