(* Growth of expressions in one natural number: e ~ C * exp(r n) n^d (log n)^k (log log n)^j, with the arithmetic of these classes and
   their order, so that driving functions and claimed bounds are compared by their exponents. *)
From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Import Analysis Recurrence AkraBazzi LinearRecurrence.
Open Scope R_scope.

Definition exponent (r d k j x : R) : R := r * x + (d * ln x + (k * ln (ln x) + j * ln (ln (ln x)))).
Definition Sc (r d k j : R) (n : nat) : R := exp (exponent r d k j (INR n)).
Definition grows (e : nat -> R) (C r d k j : R) : Prop := Un_cv (fun n => e n / Sc r d k j n) C.
Definition lexpos (r d k j : R) : Prop := 0 < r \/ r = 0 /\ (0 < d \/ d = 0 /\ (0 < k \/ k = 0 /\ 0 < j)).

Lemma Sc_pos : forall r d k j n, 0 < Sc r d k j n. Proof. intros. apply exp_pos. Qed.
Lemma Sc_mul : forall r d k j r' d' k' j' n, Sc r d k j n * Sc r' d' k' j' n = Sc (r + r') (d + d') (k + k') (j + j') n.
Proof. intros. unfold Sc. rewrite <- exp_plus. f_equal. unfold exponent. ring. Qed.
Lemma Sc_div : forall r d k j r' d' k' j' n, Sc r d k j n / Sc r' d' k' j' n = Sc (r - r') (d - d') (k - k') (j - j') n.
Proof. intros. unfold Sc, Rdiv. rewrite <- exp_Ropp, <- exp_plus. f_equal. unfold exponent. ring. Qed.
Lemma Sc_inv : forall r d k j n, / Sc r d k j n = Sc (- r) (- d) (- k) (- j) n.
Proof. intros. unfold Sc. rewrite <- exp_Ropp. f_equal. unfold exponent. ring. Qed.
Lemma Sc_0 : forall n, Sc 0 0 0 0 n = 1.
Proof. intros. unfold Sc, exponent. replace (0 * INR n + (0 * ln (INR n) + (0 * ln (ln (INR n)) + 0 * ln (ln (ln (INR n)))))) with 0 by ring. apply exp_0. Qed.
Lemma Sc_Rpower : forall r d k j q n, Rpower (Sc r d k j n) q = Sc (q * r) (q * d) (q * k) (q * j) n.
Proof. intros. unfold Sc, Rpower. rewrite ln_exp. f_equal. unfold exponent. ring. Qed.
Lemma Sc_W : forall d k n, W d k (INR n) = Sc 0 d k 0 n.
Proof. intros. unfold W, Rpower, Sc. rewrite <- exp_plus. f_equal. unfold exponent. ring. Qed.

(* ---- limits ---- *)
Lemma cv_late : forall u v l, late (fun n => u n = v n) -> Un_cv u l -> Un_cv v l.
Proof.
  intros u v l (N & E) H eps He. destruct (H eps He) as (M & HM). exists (Nat.max N M). intros n Hn.
  rewrite <- E by lia. apply HM. lia.
Qed.
Lemma cv_all : forall u v l, (forall n, u n = v n) -> Un_cv u l -> Un_cv v l.
Proof. intros u v l E. apply cv_late. exists 0%nat. auto. Qed.
Lemma cv_const : forall c, Un_cv (fun _ => c) c.
Proof. intros c eps He. exists 0%nat. intros n _. unfold R_dist. rewrite Rminus_diag_eq, Rabs_R0 by reflexivity. assumption. Qed.
Lemma cv_squeeze : forall u v, (forall n, 0 <= v n) -> late (fun n => Rabs (u n) <= v n) -> Un_cv v 0 -> Un_cv u 0.
Proof.
  intros u v P (N & H) V eps He. destruct (V eps He) as (M & HM). exists (Nat.max N M). intros n Hn.
  specialize (HM n ltac:(lia)). specialize (H n ltac:(lia)). unfold R_dist in *. rewrite Rminus_0_r in *.
  rewrite (Rabs_right (v n)) in HM by (apply Rle_ge, P). lra.
Qed.

(* ---- slow functions ---- *)
Lemma ln_slow : forall eps, 0 < eps -> eventually (fun x => ln x <= eps * x).
Proof.
  intros eps He. exists (Rmax 1 (2 * (- 1 - ln (eps / 2)) / eps)). intros x Hx.
  pose proof (Rmax_l 1 (2 * (- 1 - ln (eps / 2)) / eps)). pose proof (Rmax_r 1 (2 * (- 1 - ln (eps / 2)) / eps)).
  pose proof (ln_tangent x (eps / 2) ltac:(lra) ltac:(lra)) as A.
  assert (B : 2 * (- 1 - ln (eps / 2)) / eps <= x) by lra.
  apply Rmult_le_compat_r with (r := eps) in B; [|lra].
  replace (2 * (- 1 - ln (eps / 2)) / eps * eps) with (2 * (- 1 - ln (eps / 2))) in B by (field; lra). lra.
Qed.
Lemma eventually_imp : forall Q Q' : R -> Prop, (forall x, Q x -> Q' x) -> eventually Q -> eventually Q'.
Proof. intros Q Q' H (x & E). exists x. auto. Qed.
Lemma late_of : forall Q, eventually Q -> late (fun n => Q (INR n)).
Proof. intros Q (x & H). destruct (nat_above x) as (N & L). exists N. intros n Hn. apply H. apply le_INR in Hn. lra. Qed.
Lemma late_imp : forall Q Q' : nat -> Prop, (forall n, Q n -> Q' n) -> late Q -> late Q'.
Proof. intros Q Q' H (N & E). exists N. auto. Qed.

Lemma dominated : forall a B y z t, 0 < a -> 0 <= B -> 0 <= z -> Rabs t <= B * z -> z <= a / (2 * (B + 1)) * y -> a / 2 * y <= a * y + t.
Proof.
  intros a B y z t Ha HB Hz Ht H. apply Rabs_bounds in Ht.
  assert (H' : z * (2 * (B + 1)) <= a * y).
  { apply Rmult_le_compat_r with (r := 2 * (B + 1)) in H; [|lra].
    replace (a / (2 * (B + 1)) * y * (2 * (B + 1))) with (a * y) in H by (field; lra). exact H. }
  assert (B * z <= (B + 1) * z) by (apply Rmult_le_compat_r; lra). lra.
Qed.

Lemma above_ln : forall M, eventually (fun x => M <= ln x). Proof. intros M. apply (eventually_ln (fun y => M <= y)), eventually_above. Qed.
Lemma above_lnln : forall M, eventually (fun x => M <= ln (ln x)). Proof. intros M. apply (eventually_ln (fun y => M <= ln y)), above_ln. Qed.
Lemma above_lnlnln : forall M, eventually (fun x => M <= ln (ln (ln x))). Proof. intros M. apply (eventually_ln (fun y => M <= ln (ln y))), above_lnln. Qed.
Lemma ladder : eventually (fun x => 1 <= x /\ 1 <= ln x /\ 1 <= ln (ln x) /\ 0 <= ln (ln (ln x)) /\ ln (ln (ln x)) <= ln (ln x) <= ln x /\ ln x <= x).
Proof.
  assert (S : eventually (fun x => 1 <= x /\ ln x <= x)).
  { apply eventually_and; [apply eventually_above | apply (eventually_imp _ _ (fun x H => Rle_trans _ _ _ H (Req_le _ _ (Rmult_1_l x))) (ln_slow 1 Rlt_0_1))]. }
  generalize (eventually_and _ _ S (eventually_and _ _ (eventually_ln _ S) (eventually_and _ _ (eventually_ln _ (eventually_ln _ S)) (above_lnlnln 0)))).
  apply eventually_imp. intros x. cbv beta. lra.
Qed.

Lemma Rabs_scaled : forall c z y, 0 <= z <= y -> Rabs (c * z) <= Rabs c * y.
Proof. intros c z y H. rewrite Rabs_mult, (Rabs_right z) by lra. apply Rmult_le_compat_l; [apply Rabs_pos | lra]. Qed.
Lemma above_scaled : forall (F : R -> R) a, 0 < a -> (forall M, eventually (fun x => M <= F x)) -> forall M, eventually (fun x => M <= a * F x).
Proof.
  intros F a Ha H M. apply (eventually_imp (fun x => M / a <= F x)); [|apply H]. intros x Hx.
  apply Rmult_le_compat_l with (r := a) in Hx; [|lra]. replace (a * (M / a)) with M in Hx by (field; lra). exact Hx.
Qed.
Theorem exponent_unbounded : forall r d k j, lexpos r d k j -> forall M, eventually (fun x => M <= exponent r d k j x).
Proof.
  intros r d k j H M. unfold exponent. destruct H as [H|[-> [H|[-> [H|[-> H]]]]]].
  - set (B := Rabs d + (Rabs k + Rabs j)). assert (HB : 0 <= B) by (unfold B; pose proof (Rabs_pos d); pose proof (Rabs_pos k); pose proof (Rabs_pos j); lra).
    assert (He : 0 < r / (2 * (B + 1))) by (apply div_pos; lra).
    generalize (eventually_and _ _ ladder (eventually_and _ _ (ln_slow _ He) (above_scaled (fun x => x) (r / 2) ltac:(lra) (fun M => eventually_above M) M))).
    apply eventually_imp. cbv beta. intros x (L & S & A). apply Rle_trans with (1 := A). apply dominated with (B := B) (z := ln x); try lra.
    apply Rle_trans with (1 := Rabs_triang _ _). pose proof (Rabs_triang (k * ln (ln x)) (j * ln (ln (ln x)))).
    pose proof (Rabs_scaled d (ln x) (ln x) ltac:(lra)). pose proof (Rabs_scaled k (ln (ln x)) (ln x) ltac:(lra)). pose proof (Rabs_scaled j (ln (ln (ln x))) (ln x) ltac:(lra)).
    unfold B. lra.
  - set (B := Rabs k + Rabs j). assert (HB : 0 <= B) by (unfold B; pose proof (Rabs_pos k); pose proof (Rabs_pos j); lra).
    assert (He : 0 < d / (2 * (B + 1))) by (apply div_pos; lra).
    generalize (eventually_and _ _ ladder (eventually_and _ _ (eventually_ln _ (ln_slow _ He)) (above_scaled ln (d / 2) ltac:(lra) above_ln M))).
    apply eventually_imp. cbv beta. intros x (L & S & A). rewrite Rmult_0_l, Rplus_0_l. apply Rle_trans with (1 := A). apply dominated with (B := B) (z := ln (ln x)); try lra.
    apply Rle_trans with (1 := Rabs_triang _ _).
    pose proof (Rabs_scaled k (ln (ln x)) (ln (ln x)) ltac:(lra)). pose proof (Rabs_scaled j (ln (ln (ln x))) (ln (ln x)) ltac:(lra)). unfold B. lra.
  - set (B := Rabs j). assert (HB : 0 <= B) by apply Rabs_pos.
    assert (He : 0 < k / (2 * (B + 1))) by (apply div_pos; lra).
    generalize (eventually_and _ _ ladder (eventually_and _ _ (eventually_ln _ (eventually_ln _ (ln_slow _ He))) (above_scaled (fun x => ln (ln x)) (k / 2) ltac:(lra) above_lnln M))).
    apply eventually_imp. cbv beta. intros x (L & S & A). rewrite !Rmult_0_l, !Rplus_0_l. apply Rle_trans with (1 := A). apply dominated with (B := B) (z := ln (ln (ln x))); try lra.
    apply Rabs_scaled. lra.
  - generalize (above_scaled (fun x => ln (ln (ln x))) j H above_lnlnln M). apply eventually_imp. cbv beta. intros x A. lra.
Qed.
Lemma Sc_unbounded : forall r d k j, lexpos r d k j -> forall M, late (fun n => M <= Sc r d k j n).
Proof.
  intros r d k j H M. generalize (late_of _ (exponent_unbounded r d k j H M)). apply late_imp. intros n A. unfold Sc.
  pose proof (exp_tangent (exponent r d k j (INR n))). lra.
Qed.
Lemma Sc_vanishes : forall r d k j, lexpos (- r) (- d) (- k) (- j) -> Un_cv (Sc r d k j) 0.
Proof.
  intros r d k j H eps He. destruct (Sc_unbounded _ _ _ _ H (/ eps + 1)) as (N & A). exists N. intros n Hn. specialize (A n Hn).
  rewrite <- Sc_inv in A. pose proof (Sc_pos r d k j n) as P. unfold R_dist. rewrite Rminus_0_r, Rabs_right by lra.
  assert (I : 0 < / eps) by (apply Rinv_0_lt_compat; assumption).
  rewrite <- (Rinv_inv eps), <- (Rinv_inv (Sc r d k j n)). apply Rinv_lt_contravar; [|lra].
  apply Rmult_lt_0_compat; [assumption | apply Rinv_0_lt_compat, P].
Qed.
Lemma Sc_le : forall r d k j r' d' k' j', lexpos (r' - r) (d' - d) (k' - k) (j' - j) -> forall K, 0 < K -> late (fun n => K * Sc r d k j n <= Sc r' d' k' j' n).
Proof.
  intros r d k j r' d' k' j' H K HK. generalize (Sc_unbounded _ _ _ _ H K). apply late_imp. intros n A. rewrite <- Sc_div in A.
  pose proof (Sc_pos r d k j n) as P. apply Rmult_le_compat_r with (r := Sc r d k j n) in A; [|lra].
  replace (Sc r' d' k' j' n / Sc r d k j n * Sc r d k j n) with (Sc r' d' k' j' n) in A by (field; lra). exact A.
Qed.

(* ---- arithmetic ---- *)
Lemma grows_exact : forall e C r d k j, late (fun n => e n = C * Sc r d k j n) -> grows e C r d k j.
Proof.
  intros e C r d k j H. apply (cv_late (fun _ => C)); [|apply cv_const]. revert H. apply late_imp. intros n ->. field.
  pose proof (Sc_pos r d k j n). lra.
Qed.
Lemma grows_const : forall c, grows (fun _ => c) c 0 0 0 0.
Proof. intros c. apply grows_exact. exists 0%nat. intros n _. rewrite Sc_0. ring. Qed.
Lemma grows_n : grows INR 1 0 1 0 0.
Proof.
  apply grows_exact. exists 1%nat. intros n Hn. unfold Sc, exponent. apply (le_INR 1) in Hn. simpl (INR 1) in Hn.
  replace (0 * INR n + (1 * ln (INR n) + (0 * ln (ln (INR n)) + 0 * ln (ln (ln (INR n)))))) with (ln (INR n)) by ring. rewrite exp_ln; lra.
Qed.
Lemma grows_ln_n : grows (fun n => ln (INR n)) 1 0 0 1 0.
Proof.
  apply grows_exact. generalize (late_of _ (above_ln 1)). apply late_imp. intros n Hn. unfold Sc, exponent.
  replace (0 * INR n + (0 * ln (INR n) + (1 * ln (ln (INR n)) + 0 * ln (ln (ln (INR n)))))) with (ln (ln (INR n))) by ring. rewrite exp_ln; lra.
Qed.
Lemma grows_lnln_n : grows (fun n => ln (ln (INR n))) 1 0 0 0 1.
Proof.
  apply grows_exact. generalize (late_of _ (above_lnln 1)). apply late_imp. intros n Hn. unfold Sc, exponent.
  replace (0 * INR n + (0 * ln (INR n) + (0 * ln (ln (INR n)) + 1 * ln (ln (ln (INR n)))))) with (ln (ln (ln (INR n)))) by ring. rewrite exp_ln; lra.
Qed.
Lemma grows_pow_n : forall a, 0 < a -> grows (fun n => a ^ n) 1 (ln a) 0 0 0.
Proof.
  intros a Ha. apply grows_exact. exists 0%nat. intros n _. unfold Sc, exponent.
  replace (ln a * INR n + (0 * ln (INR n) + (0 * ln (ln (INR n)) + 0 * ln (ln (ln (INR n)))))) with (INR n * ln a) by ring.
  rewrite <- ln_pow, exp_ln by (try apply pow_lt; assumption). ring.
Qed.
Lemma grows_mul : forall e e' C C' r d k j r' d' k' j', grows e C r d k j -> grows e' C' r' d' k' j' ->
  grows (fun n => e n * e' n) (C * C') (r + r') (d + d') (k + k') (j + j').
Proof.
  intros. apply (cv_all (fun n => (e n / Sc r d k j n) * (e' n / Sc r' d' k' j' n))); [|apply CV_mult; assumption].
  intros n. rewrite <- Sc_mul. field. split; apply Rgt_not_eq, Sc_pos.
Qed.
Lemma cv_inv : forall u l, l <> 0 -> Un_cv u l -> Un_cv (fun n => / u n) (/ l).
Proof.
  intros u l Hl H. apply (continuity_seq (fun x => / x) u l); [|assumption].
  apply (continuity_pt_inv id l); [apply derivable_continuous_pt, derivable_pt_id | exact Hl].
Qed.
Lemma grows_inv : forall e C r d k j, C <> 0 -> grows e C r d k j -> grows (fun n => / e n) (/ C) (- r) (- d) (- k) (- j).
Proof.
  intros e C r d k j HC H. apply (cv_all (fun n => / (e n / Sc r d k j n))); [|apply cv_inv; assumption].
  intros n. rewrite <- Sc_inv. unfold Rdiv. rewrite Rinv_mult, !Rinv_inv. reflexivity.
Qed.
Lemma grows_div : forall e e' C C' r d k j r' d' k' j', C' <> 0 -> grows e C r d k j -> grows e' C' r' d' k' j' ->
  grows (fun n => e n / e' n) (C / C') (r - r') (d - d') (k - k') (j - j').
Proof. intros. apply (grows_mul e (fun n => / e' n)); [assumption | apply grows_inv; assumption]. Qed.
Lemma grows_opp : forall e C r d k j, grows e C r d k j -> grows (fun n => - e n) (- C) r d k j.
Proof.
  intros e C r d k j H. apply (cv_all (fun n => - (e n / Sc r d k j n))); [|apply CV_opp, H]. intros n. unfold Rdiv. ring.
Qed.
Lemma grows_ext : forall e e' C r d k j, (forall n, e n = e' n) -> grows e C r d k j -> grows e' C r d k j.
Proof. intros e e' C r d k j E. apply cv_all. intros n. rewrite E. reflexivity. Qed.
Lemma grows_same : forall e C r d k j C' r' d' k' j', grows e C r d k j -> C = C' -> r = r' -> d = d' -> k = k' -> j = j' -> grows e C' r' d' k' j'.
Proof. intros; subst; assumption. Qed.
Lemma grows_add : forall e e' C C' r d k j, grows e C r d k j -> grows e' C' r d k j -> grows (fun n => e n + e' n) (C + C') r d k j.
Proof.
  intros. apply (cv_all (fun n => e n / Sc r d k j n + e' n / Sc r d k j n)); [|apply CV_plus; assumption]. intros n. unfold Rdiv. ring.
Qed.
Lemma grows_lower : forall e C r d k j r' d' k' j', lexpos (r' - r) (d' - d) (k' - k) (j' - j) -> grows e C r d k j -> grows e 0 r' d' k' j'.
Proof.
  intros e C r d k j r' d' k' j' L H. rewrite <- (Rmult_0_r C).
  apply (cv_all (fun n => e n / Sc r d k j n * Sc (r - r') (d - d') (k - k') (j - j') n)).
  - intros n. rewrite <- Sc_div. field. split; apply Rgt_not_eq, Sc_pos.
  - apply CV_mult; [exact H|]. apply Sc_vanishes. rewrite !Ropp_minus_distr. exact L.
Qed.
Lemma grows_add_l : forall e e' C C' r d k j r' d' k' j', lexpos (r - r') (d - d') (k - k') (j - j') -> grows e C r d k j -> grows e' C' r' d' k' j' ->
  grows (fun n => e n + e' n) C r d k j.
Proof. intros. rewrite <- (Rplus_0_r C). apply grows_add; [assumption | eapply grows_lower; eassumption]. Qed.
Lemma grows_add_r : forall e e' C C' r d k j r' d' k' j', lexpos (r' - r) (d' - d) (k' - k) (j' - j) -> grows e C r d k j -> grows e' C' r' d' k' j' ->
  grows (fun n => e n + e' n) C' r' d' k' j'.
Proof. intros. rewrite <- (Rplus_0_l C'). apply grows_add; [eapply grows_lower; eassumption | assumption]. Qed.
Lemma grows_pow : forall e C r d k j m, grows e C r d k j -> grows (fun n => e n ^ m) (C ^ m) (INR m * r) (INR m * d) (INR m * k) (INR m * j).
Proof.
  intros e C r d k j m H. induction m as [|m IH].
  - simpl. apply (grows_same _ 1 0 0 0 0); [apply grows_const | ring..].
  - apply (grows_same (fun n => e n * e n ^ m) (C * C ^ m) _ _ _ _ _ _ _ _ _ (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ H IH)); [reflexivity | rewrite S_INR; ring..].
Qed.
Lemma grows_bounds : forall e C r d k j, 0 < C -> grows e C r d k j -> late (fun n => C / 2 * Sc r d k j n <= e n <= 2 * C * Sc r d k j n).
Proof.
  intros e C r d k j HC H. destruct (H (C / 2) ltac:(lra)) as (N & A). exists N. intros n Hn. specialize (A n Hn). unfold R_dist in A.
  apply Rlt_le, Rabs_bounds in A. pose proof (Sc_pos r d k j n) as P. set (S := Sc r d k j n) in *.
  assert (E : e n = e n / S * S) by (field; lra). rewrite E. split; apply Rmult_le_compat_r; lra.
Qed.
Lemma grows_Rpower : forall e C r d k j q, 0 < C -> grows e C r d k j -> grows (fun n => Rpower (e n) q) (Rpower C q) (q * r) (q * d) (q * k) (q * j).
Proof.
  intros e C r d k j q HC H. apply (cv_late (fun n => Rpower (e n / Sc r d k j n) q)).
  - generalize (grows_bounds e C r d k j HC H). apply late_imp. intros n B. pose proof (Sc_pos r d k j n) as P.
    assert (E : 0 < e n / Sc r d k j n). { apply div_pos; [|assumption]. assert (0 < C / 2 * Sc r d k j n) by (apply Rmult_lt_0_compat; lra). lra. }
    rewrite <- Sc_Rpower. assert (X : Rpower (e n) q = Rpower (e n / Sc r d k j n) q * Rpower (Sc r d k j n) q).
    { rewrite Rpower_mult_distr by assumption. f_equal. field. lra. }
    rewrite X. field. apply Rgt_not_eq, Rpower_pos.
  - apply (continuity_seq (fun x => Rpower x q)); [|exact H].
    apply derivable_continuous_pt. exists (q * Rpower C (q - 1)). apply derivable_pt_lim_power. exact HC.
Qed.
Lemma grows_sqrt : forall e C r d k j, 0 < C -> grows e C r d k j -> grows (fun n => sqrt (e n)) (Rpower C (/ 2)) (/ 2 * r) (/ 2 * d) (/ 2 * k) (/ 2 * j).
Proof.
  intros e C r d k j HC H. generalize (grows_Rpower e C r d k j (/ 2) HC H). apply cv_late.
  generalize (grows_bounds e C r d k j HC H). apply late_imp. intros n B. pose proof (Sc_pos r d k j n) as P.
  rewrite Rpower_sqrt; [reflexivity|]. assert (0 < C / 2 * Sc r d k j n) by (apply Rmult_lt_0_compat; lra). lra.
Qed.
Lemma grows_near : forall e e' B C r d k j, lexpos r d k j -> late (fun n => Rabs (e' n - e n) <= B) -> grows e C r d k j -> grows e' C r d k j.
Proof.
  intros e e' B C r d k j L HB H. rewrite <- (Rplus_0_r C).
  apply (cv_all (fun n => e n / Sc r d k j n + (e' n - e n) / Sc r d k j n)); [intros; unfold Rdiv; ring|].
  apply CV_plus; [exact H|]. apply (cv_squeeze _ (fun n => Rabs B * Sc (- r) (- d) (- k) (- j) n)).
  - intros n. apply Rmult_le_pos; [apply Rabs_pos | left; apply Sc_pos].
  - revert HB. apply late_imp. intros n A. rewrite <- Sc_inv. unfold Rdiv. pose proof (Rinv_0_lt_compat _ (Sc_pos r d k j n)).
    rewrite Rabs_mult, (Rabs_right (/ Sc r d k j n)) by lra. apply Rmult_le_compat_r; [lra|]. pose proof (Rle_abs B). lra.
  - rewrite <- (Rmult_0_r (Rabs B)). apply CV_mult; [apply cv_const|]. apply Sc_vanishes. rewrite !Ropp_involutive. exact L.
Qed.
Lemma grows_floor : forall e C r d k j, lexpos r d k j -> grows e C r d k j -> grows (fun n => IZR (floor (e n))) C r d k j.
Proof.
  intros e C r d k j L. apply (grows_near _ _ 1); [assumption|]. exists 0%nat. intros n _. pose proof (floor_bounds (e n)).
  apply Rabs_le. lra.
Qed.
Lemma grows_ceil : forall e C r d k j, lexpos r d k j -> grows e C r d k j -> grows (fun n => IZR (ceil (e n))) C r d k j.
Proof.
  intros e C r d k j L. apply (grows_near _ _ 1); [assumption|]. exists 0%nat. intros n _. pose proof (ceil_bounds (e n)).
  apply Rabs_le. lra.
Qed.
(* log e for e ~ C n^d (log n)^k .., d > 0 *)
Lemma grows_ln : forall e C d k j, 0 < C -> 0 < d -> grows e C 0 d k j -> grows (fun n => ln (e n)) d 0 0 1 0.
Proof.
  intros e C d k j HC Hd H. assert (U : grows (fun n => k * ln (ln (INR n)) + j * ln (ln (ln (INR n)))) 0 0 0 1 0).
  { apply (grows_same _ (0 + 0) 0 0 1 0); [|ring..]. apply (grows_add (fun n => k * ln (ln (INR n)))).
    - apply (grows_lower _ (k * 1) (0 + 0) (0 + 0) (0 + 0) (0 + 1)); [unfold lexpos; lra|]. apply (grows_mul (fun _ => k)); [apply grows_const | apply grows_lnln_n].
    - rewrite <- (Rmult_0_r j). apply (grows_same _ (j * 0) (0 + 0) (0 + 0) (0 + 1) (0 + 0)); [|ring..]. apply (grows_mul (fun _ => j) (fun n => ln (ln (ln (INR n))))); [apply grows_const|].
      assert (S : forall eps, 0 < eps -> late (fun n => 0 <= ln (ln (ln (INR n))) <= eps * ln (INR n))).
      { intros eps He. generalize (late_of _ (eventually_and _ _ ladder (eventually_ln _ (ln_slow eps He)))). apply late_imp. cbv beta. intros n (A & B). lra. }
      intros eps He. destruct (late_and _ _ (late_of _ ladder) (S (eps / 2) ltac:(lra))) as (N & A). exists N. intros n Hn. destruct (A n Hn) as (A1 & A2). cbv beta in A1.
      unfold R_dist. rewrite Rminus_0_r. assert (E : Sc 0 0 1 0 n = ln (INR n)).
      { unfold Sc, exponent. replace (0 * INR n + (0 * ln (INR n) + (1 * ln (ln (INR n)) + 0 * ln (ln (ln (INR n)))))) with (ln (ln (INR n))) by ring. rewrite exp_ln; lra. }
      rewrite E. rewrite Rabs_right by (apply Rle_ge, div_nonneg; lra). apply Rle_lt_trans with (eps / 2); [|lra]. apply div_le; lra. }
  assert (V : grows (fun n => d * ln (INR n) + (k * ln (ln (INR n)) + j * ln (ln (ln (INR n))))) d 0 0 1 0).
  { apply (grows_same _ (d + 0) 0 0 1 0); [|ring..]. apply (grows_add (fun n => d * ln (INR n))); [|exact U].
    apply (grows_same _ (d * 1) (0 + 0) (0 + 0) (0 + 1) (0 + 0)); [|ring..]. apply (grows_mul (fun _ => d)); [apply grows_const | apply grows_ln_n]. }
  revert V. apply (grows_near _ _ (Rabs (ln (C / 2)) + Rabs (ln (2 * C)))); [unfold lexpos; lra|].
  generalize (grows_bounds _ _ _ _ _ _ HC H). apply late_imp. intros n (A & B). pose proof (Sc_pos 0 d k j n) as P.
  assert (PA : 0 < C / 2 * Sc 0 d k j n) by (apply Rmult_lt_0_compat; lra).
  assert (PE : 0 < e n) by lra. apply ln_le in A; [|assumption]. apply ln_le in B; [|assumption]. rewrite (ln_mult (C / 2)) in A by lra. rewrite (ln_mult (2 * C)) in B by lra. unfold Sc in A, B. rewrite ln_exp in A, B. unfold exponent in A, B.
  pose proof (Rle_abs (ln (C / 2))). pose proof (Rle_abs (- ln (C / 2))). rewrite Rabs_Ropp in *. pose proof (Rle_abs (ln (2 * C))). pose proof (Rabs_pos (ln (2 * C))). pose proof (Rabs_pos (ln (C / 2))).
  apply Rabs_le. lra.
Qed.

(* ---- the forms that theorems about recurrences and statements about them have ---- *)
Lemma grows_W : forall g C d k, 0 < C -> grows g C 0 d k 0 -> late (fun n => C / 2 * W d k (INR n) <= g n <= 2 * C * W d k (INR n)).
Proof. intros g C d k HC H. generalize (grows_bounds _ _ _ _ _ _ HC H). apply late_imp. intros n. rewrite Sc_W. auto. Qed.
Lemma grows_exp_bounds : forall g C a k, 0 < C -> 0 < a -> grows g C (ln a) k 0 0 ->
  late (fun n => C / 2 * (a ^ n * Rpower (INR n) k) <= g n <= 2 * C * (a ^ n * Rpower (INR n) k)).
Proof.
  intros g C a k HC Ha H. generalize (grows_bounds _ _ _ _ _ _ HC H). apply late_imp. intros n.
  replace (a ^ n * Rpower (INR n) k) with (Sc (ln a) k 0 0 n); [auto|]. unfold Sc, exponent, Rpower.
  rewrite <- (exp_ln (a ^ n)) by (apply pow_lt; assumption). rewrite ln_pow, <- exp_plus by assumption. f_equal. ring.
Qed.
(* an upper bound by any larger class *)
Lemma grows_below_W : forall g C r d k j d' k', grows g C r d k j -> lexpos (0 - r) (d' - d) (k' - k) (0 - j) -> late (fun n => g n <= 1 * W d' k' (INR n)).
Proof.
  intros g C r d k j d' k' H L. pose proof (grows_lower _ _ _ _ _ _ 0 d' k' 0 L H) as V. destruct (V 1 Rlt_0_1) as (N & A). exists N. intros n Hn.
  specialize (A n Hn). unfold R_dist in A. rewrite Rminus_0_r in A. apply Rlt_le, Rabs_bounds in A. pose proof (Sc_pos 0 d' k' 0 n) as P. rewrite Sc_W.
  assert (E : g n = g n / Sc 0 d' k' 0 n * Sc 0 d' k' 0 n) by (field; lra). rewrite E. apply Rmult_le_compat_r; lra.
Qed.
Lemma grows_nonneg : forall g C r d k j, 0 < C -> grows g C r d k j -> late (fun n => 0 < g n).
Proof.
  intros g C r d k j HC H. generalize (grows_bounds _ _ _ _ _ _ HC H). apply late_imp. intros n (A & _). pose proof (Sc_pos r d k j n).
  assert (0 < C / 2 * Sc r d k j n) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Definition bounded_above (T h : nat -> R) : Prop := exists c N, 0 < c /\ forall n, (N <= n)%nat -> T n <= c * h n.
Definition bounded_below (T h : nat -> R) : Prop := exists q N, 0 < q /\ forall n, (N <= n)%nat -> q * h n <= T n.
Lemma transfer_upper : forall T h C r d k j, bounded_above T (Sc r d k j) -> 0 < C -> grows h C r d k j -> bounded_above T h.
Proof.
  intros T h C r d k j (c & N & Hc & B) HC H. destruct (grows_bounds _ _ _ _ _ _ HC H) as (M & A).
  exists (c * (2 / C)), (Nat.max N M). split; [apply Rmult_lt_0_compat; [assumption | apply div_pos; lra]|]. intros n Hn.
  specialize (B n ltac:(lia)). specialize (A n ltac:(lia)). apply Rle_trans with (1 := B). rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|].
  apply Rle_trans with (2 / C * (C / 2 * Sc r d k j n)); [right; field; lra|]. apply Rmult_le_compat_l; [left; apply div_pos; lra | apply A].
Qed.
Lemma transfer_lower : forall T h C r d k j, bounded_below T (Sc r d k j) -> 0 < C -> grows h C r d k j -> bounded_above h T.
Proof.
  intros T h C r d k j (q & N & Hq & B) HC H. destruct (grows_bounds _ _ _ _ _ _ HC H) as (M & A).
  exists (2 * C / q), (Nat.max N M). split; [apply div_pos; lra|]. intros n Hn.
  specialize (B n ltac:(lia)). specialize (A n ltac:(lia)). apply Rle_trans with (1 := proj2 A).
  apply Rle_trans with (2 * C / q * (q * Sc r d k j n)); [right; field; lra|]. apply Rmult_le_compat_l; [left; apply div_pos; lra | apply B].
Qed.
Lemma raise_upper : forall T r d k j r' d' k' j', lexpos (r' - r) (d' - d) (k' - k) (j' - j) -> bounded_above T (Sc r d k j) -> bounded_above T (Sc r' d' k' j').
Proof.
  intros T r d k j r' d' k' j' L (c & N & Hc & B). destruct (Sc_le _ _ _ _ _ _ _ _ L 1 Rlt_0_1) as (M & A). exists c, (Nat.max N M).
  split; [assumption|]. intros n Hn. apply Rle_trans with (1 := B n ltac:(lia)). specialize (A n ltac:(lia)). apply Rmult_le_compat_l; lra.
Qed.
Lemma lower_lower : forall T r d k j r' d' k' j', lexpos (r - r') (d - d') (k - k') (j - j') -> bounded_below T (Sc r d k j) -> bounded_below T (Sc r' d' k' j').
Proof.
  intros T r d k j r' d' k' j' L (c & N & Hc & B). destruct (Sc_le _ _ _ _ _ _ _ _ L 1 Rlt_0_1) as (M & A). exists c, (Nat.max N M).
  split; [assumption|]. intros n Hn. apply Rle_trans with (2 := B n ltac:(lia)). specialize (A n ltac:(lia)). apply Rmult_le_compat_l; lra.
Qed.

(* ---- arguments of calls: b n + lo <= r(n) <= b n + hi ---- *)
Definition between (r : nat -> nat) (b lo hi : R) (N : nat) : Prop := forall n, (N <= n)%nat -> b * INR n + lo <= INR (r n) <= b * INR n + hi.
Lemma between_n : forall N, between (fun n => n) 1 0 0 N. Proof. intros N n _. lra. Qed.
Lemma between_const : forall c N, between (fun _ => c) 0 (INR c) (INR c) N. Proof. intros c N n _. lra. Qed.
Lemma between_add : forall r r' b lo hi b' lo' hi' N, between r b lo hi N -> between r' b' lo' hi' N ->
  between (fun n => (r n + r' n)%nat) (b + b') (lo + lo') (hi + hi') N.
Proof. intros r r' b lo hi b' lo' hi' N H H' n Hn. rewrite plus_INR. specialize (H n Hn). specialize (H' n Hn). lra. Qed.
Lemma between_sub : forall r r' b lo hi b' lo' hi' N, (forall n, (N <= n)%nat -> (r' n <= r n)%nat) -> between r b lo hi N -> between r' b' lo' hi' N ->
  between (fun n => (r n - r' n)%nat) (b - b') (lo - hi') (hi - lo') N.
Proof. intros r r' b lo hi b' lo' hi' N L H H' n Hn. rewrite minus_INR by (apply L, Hn). specialize (H n Hn). specialize (H' n Hn). lra. Qed.
Lemma between_mul : forall r b lo hi N k, between r b lo hi N -> between (fun n => (k * r n)%nat) (INR k * b) (INR k * lo) (INR k * hi) N.
Proof.
  intros r b lo hi N k H n Hn. rewrite mult_INR. specialize (H n Hn). pose proof (pos_INR k).
  rewrite Rmult_assoc, <- !Rmult_plus_distr_l. split; apply Rmult_le_compat_l; lra.
Qed.
Lemma between_div : forall r b lo hi N m, (0 < m)%nat -> between r b lo hi N -> between (fun n => (r n / m)%nat) (b / INR m) (lo / INR m - 1) (hi / INR m) N.
Proof.
  intros r b lo hi N m Hm H n Hn. specialize (H n Hn). pose proof (quotient_bounds (r n) m Hm) as Q. apply lt_0_INR in Hm.
  assert (A : (b * INR n + lo) / INR m <= INR (r n) / INR m) by (apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption | apply H]).
  assert (B : INR (r n) / INR m <= (b * INR n + hi) / INR m) by (apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption | apply H]).
  replace ((b * INR n + lo) / INR m) with (b / INR m * INR n + lo / INR m) in A by (field; lra).
  replace ((b * INR n + hi) / INR m) with (b / INR m * INR n + hi / INR m) in B by (field; lra). lra.
Qed.
Lemma between_range : forall r r1 r2 b lo hi b' lo' hi' N, (forall n, (r1 n <= r n <= r2 n)%nat) -> b = b' -> between r1 b lo hi N -> between r2 b' lo' hi' N ->
  between r b lo hi' N.
Proof.
  intros r r1 r2 b lo hi b' lo' hi' N H <- H1 H2 n Hn. specialize (H1 n Hn). specialize (H2 n Hn). destruct (H n) as [A B]. apply le_INR in A, B. lra.
Qed.
Lemma between_near : forall r b lo hi N b' c, between r b lo hi N -> b = b' -> - c <= lo -> hi <= c -> forall n, (N <= n)%nat -> Rabs (INR (r n) - b' * INR n) <= c.
Proof. intros r b lo hi N b' c H <- L U n Hn. specialize (H n Hn). apply Rabs_le. lra. Qed.

(* ---- powers whose exponent is a quotient of logarithms or of integers ---- *)
Lemma Rpower_of_log : forall b A B m, 0 < A -> 1 < B -> b = / B ^ m -> Rpower b (ln A / ln B) = / A ^ m.
Proof.
  intros b A B m HA HB ->. unfold Rpower. rewrite ln_Rinv, ln_pow by (try apply pow_lt; lra). pose proof (ln_pos B HB).
  replace (ln A / ln B * - (INR m * ln B)) with (- (INR m * ln A)) by (field; lra). rewrite <- ln_pow, exp_Ropp, exp_ln by (try apply pow_lt; assumption). reflexivity.
Qed.
Lemma Rpower_of_root : forall b v P Q, 0 < b -> 0 < v -> (0 < Q)%nat -> powerRZ b P = v ^ Q -> Rpower b (IZR P / INR Q) = v.
Proof.
  intros b v P Q Hb Hv HQ E. apply lt_0_INR in HQ. unfold Rpower. assert (L : IZR P * ln b = INR Q * ln v).
  { rewrite <- ln_pow by assumption. rewrite <- E. rewrite powerRZ_Rpower by assumption. unfold Rpower. rewrite ln_exp. reflexivity. }
  replace (IZR P / INR Q * ln b) with ((IZR P * ln b) / INR Q) by (field; lra). rewrite L.
  replace (INR Q * ln v / INR Q) with (ln v) by (field; lra). apply exp_ln, Hv.
Qed.
Lemma Rpower_at_most : forall b v P Q, 0 < b -> 0 < v -> (0 < Q)%nat -> powerRZ b P <= v ^ Q -> Rpower b (IZR P / INR Q) <= v.
Proof.
  intros b v P Q Hb Hv HQ E. apply lt_0_INR in HQ. unfold Rpower. rewrite <- (exp_ln v) by assumption. apply exp_le.
  apply ln_le in E; [|apply powerRZ_lt, Hb]. rewrite ln_pow in E by assumption. rewrite powerRZ_Rpower in E by assumption. unfold Rpower in E. rewrite ln_exp in E.
  apply Rmult_le_reg_l with (INR Q); [assumption|]. replace (INR Q * (IZR P / INR Q * ln b)) with (IZR P * ln b) by (field; lra). exact E.
Qed.
Lemma Rpower_at_least : forall b v P Q, 0 < b -> 0 < v -> (0 < Q)%nat -> v ^ Q <= powerRZ b P -> v <= Rpower b (IZR P / INR Q).
Proof.
  intros b v P Q Hb Hv HQ E. apply lt_0_INR in HQ. unfold Rpower. rewrite <- (exp_ln v) at 1 by assumption. apply exp_le.
  apply ln_le in E; [|apply pow_lt, Hv]. rewrite ln_pow in E by assumption. rewrite powerRZ_Rpower in E by assumption. unfold Rpower in E. rewrite ln_exp in E.
  apply Rmult_le_reg_l with (INR Q); [assumption|]. replace (INR Q * (IZR P / INR Q * ln b)) with (IZR P * ln b) by (field; lra). exact E.
Qed.
Lemma log_above : forall A B P Q, 0 < A -> 1 < B -> (0 < Q)%nat -> powerRZ B P < A ^ Q -> IZR P / INR Q < ln A / ln B.
Proof.
  intros A B P Q HA HB HQ H. apply lt_0_INR in HQ. pose proof (ln_pos B HB). apply ln_increasing in H; [|apply powerRZ_lt; lra].
  rewrite ln_pow in H by assumption. rewrite powerRZ_Rpower in H by lra. unfold Rpower in H. rewrite ln_exp in H.
  apply Rmult_lt_reg_r with (INR Q * ln B); [apply Rmult_lt_0_compat; assumption|].
  replace (IZR P / INR Q * (INR Q * ln B)) with (IZR P * ln B) by (field; lra).
  replace (ln A / ln B * (INR Q * ln B)) with (INR Q * ln A) by (field; lra). exact H.
Qed.
Lemma log_below : forall A B P Q, 0 < A -> 1 < B -> (0 < Q)%nat -> A ^ Q < powerRZ B P -> ln A / ln B < IZR P / INR Q.
Proof.
  intros A B P Q HA HB HQ H. apply lt_0_INR in HQ. pose proof (ln_pos B HB). apply ln_increasing in H; [|apply pow_lt; assumption].
  rewrite ln_pow in H by assumption. rewrite powerRZ_Rpower in H by lra. unfold Rpower in H. rewrite ln_exp in H.
  apply Rmult_lt_reg_r with (INR Q * ln B); [apply Rmult_lt_0_compat; assumption|].
  replace (IZR P / INR Q * (INR Q * ln B)) with (IZR P * ln B) by (field; lra).
  replace (ln A / ln B * (INR Q * ln B)) with (INR Q * ln A) by (field; lra). exact H.
Qed.

(* ---- divide and conquer: the cases of the Akra-Bazzi theorem as classes ---- *)
Section Divide.
Variables (T g : nat -> R) (l : list term) (al be c : R) (n0 : nat).
Hypothesis rounding : rounded INR al be c n0 (single l).
Hypothesis equation : forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n.
Hypothesis positive : late (fun n => 0 < T n).
Hypothesis nonneg : late (fun n => 0 <= g n).

Lemma divide_below : below T g n0 (single l). Proof. apply below_single. intros n Hn. right. apply equation, Hn. Qed.
Lemma divide_above : above T g n0 (single l). Proof. apply above_single. intros n Hn. right. symmetry. apply equation, Hn. Qed.
Lemma power_class : forall p n, Rpower (INR n) p = Sc 0 p 0 0 n.
Proof. intros p n. unfold Rpower, Sc. f_equal. unfold exponent. ring. Qed.
Lemma as_class : forall (F : nat -> R) r d k j, (forall n, F n = Sc r d k j n) -> bounded_above T F -> bounded_above T (Sc r d k j).
Proof. intros F r d k j E (C & N & HC & B). exists C, N. split; [assumption|]. intros n Hn. rewrite <- E. apply B, Hn. Qed.
Lemma as_class' : forall (F : nat -> R) r d k j, (forall n, F n = Sc r d k j n) -> bounded_below T F -> bounded_below T (Sc r d k j).
Proof. intros F r d k j E (C & N & HC & B). exists C, N. split; [assumption|]. intros n Hn. rewrite <- E. apply B, Hn. Qed.

Theorem divide_leaf_upper : forall p d1, d1 < p -> asum l p <= 1 -> late (fun n => g n <= 1 * W d1 0 (INR n)) -> bounded_above T (Sc 0 p 0 0).
Proof.
  intros p d1 Hd S U. apply (as_class (fun n => Rpower (INR n) p)); [intros; apply power_class|].
  apply (upper_leaf INR scale_INR T g (single l) al be c n0 rounding divide_below p d1 0 1 Hd); [intros ? ->; assumption | lra|].
  generalize (late_and _ _ nonneg U). apply late_imp. auto.
Qed.
Theorem divide_leaf_lower : forall p, 1 <= asum l p -> bounded_below T (Sc 0 p 0 0).
Proof.
  intros p S. apply (as_class' (fun n => Rpower (INR n) p)); [intros; apply power_class|].
  apply (lower_leaf INR scale_INR T g (single l) al be c n0 rounding divide_above positive p); [intros ? ->; assumption | assumption].
Qed.
Section Driving.
Variables (C d k : R).
Hypothesis C_pos : 0 < C.
Hypothesis G : grows g C 0 d k 0.
Lemma driving_sides : late (fun n => 0 <= g n <= 2 * C * W d k (INR n)) /\ late (fun n => C / 2 * W d k (INR n) <= g n).
Proof.
  split; [generalize (late_and _ _ nonneg (grows_W g C d k C_pos G)) | generalize (grows_W g C d k C_pos G)]; apply late_imp; intros n; tauto.
Qed.
Theorem divide_root : asum l d < 1 -> bounded_above T (Sc 0 d k 0) /\ bounded_below T (Sc 0 d k 0).
Proof.
  intros S. destruct driving_sides as [U L]. split.
  - apply (as_class (fun n => W d k (INR n))); [intros; apply Sc_W|].
    apply (upper_root INR scale_INR T g (single l) al be c n0 rounding divide_below d k (asum l d) (2 * C)); [intros ? ->; apply Rle_refl | assumption | lra | assumption].
  - apply (as_class' (fun n => W d k (INR n))); [intros; apply Sc_W|].
    destruct (lower_root INR scale_INR T g (single l) al be c n0 rounding divide_above positive (fun x => C / 2 * W d k x) L) as (N & H).
    exists (C / 2), N. split; [lra | assumption].
Qed.
Theorem divide_balanced : -1 < k -> asum l d = 1 -> bounded_above T (Sc 0 d (k + 1) 0) /\ bounded_below T (Sc 0 d (k + 1) 0).
Proof.
  intros Hk S. destruct driving_sides as [U L]. split.
  - apply (as_class (fun n => W d (k + 1) (INR n))); [intros; apply Sc_W|].
    apply (upper_balanced INR scale_INR T g (single l) al be c n0 rounding divide_below d k (2 * C) Hk); [intros ? ->; lra | lra | assumption].
  - apply (as_class' (fun n => W d (k + 1) (INR n))); [intros; apply Sc_W|].
    apply (lower_balanced INR scale_INR T g (single l) al be c n0 rounding divide_above positive d k (C / 2) Hk); [intros ? ->; lra | lra | assumption].
Qed.
Theorem divide_small : k < -1 -> asum l d = 1 -> bounded_above T (Sc 0 d 0 0) /\ bounded_below T (Sc 0 d 0 0).
Proof.
  intros Hk S. destruct driving_sides as [U L]. split; [|apply divide_leaf_lower; lra].
  apply (as_class (fun n => Rpower (INR n) d)); [intros; apply power_class|].
  apply (upper_balanced_small INR scale_INR T g (single l) al be c n0 rounding divide_below d k (2 * C) Hk); [intros ? ->; lra | lra | assumption].
Qed.
End Driving.
Theorem divide_loglog : forall C d, 0 < C -> grows g C 0 d (-1) 0 -> asum l d = 1 -> bounded_above T (Sc 0 d 0 1) /\ bounded_below T (Sc 0 d 0 1).
Proof.
  intros C d HC G S. destruct (driving_sides C d (-1) HC G) as [U L].
  assert (E : late (fun n => Rpower (INR n) d * ln (ln (INR n)) = Sc 0 d 0 1 n)).
  { generalize (late_of _ (above_lnln 1)). apply late_imp. intros n Hn. rewrite power_class.
    replace (Sc 0 d 0 1 n) with (Sc (0 + 0) (d + 0) (0 + 0) (0 + 1) n) by (f_equal; ring). rewrite <- Sc_mul. f_equal.
    unfold Sc, exponent. replace (0 * INR n + (0 * ln (INR n) + (0 * ln (ln (INR n)) + 1 * ln (ln (ln (INR n)))))) with (ln (ln (ln (INR n)))) by ring.
    rewrite exp_ln; lra. }
  destruct E as (M & E). split.
  - destruct (upper_balanced_loglog INR scale_INR T g (single l) al be c n0 rounding divide_below d (2 * C)) as (A & N & HA & B); [intros ? ->; lra | lra | assumption|].
    exists A, (Nat.max M N). split; [assumption|]. intros n Hn. rewrite <- E by lia. apply B. lia.
  - destruct (lower_balanced_loglog INR scale_INR T g (single l) al be c n0 rounding divide_above positive d (C / 2)) as (A & N & HA & B); [intros ? ->; lra | lra | assumption|].
    exists A, (Nat.max M N). split; [assumption|]. intros n Hn. rewrite <- E by lia. apply B. lia.
Qed.
End Divide.

(* ---- linear recurrences ---- *)
Section Linear.
Variables (T g : nat -> R) (l : list (R * nat)) (D : nat).
Hypothesis OK : lags_ok D l.
Hypothesis equation : forall n, (D <= n)%nat -> T n = lsum l T n + g n.
Hypothesis positive : late (fun n => 0 < T n).
Hypothesis nonneg : late (fun n => 0 <= g n).
Lemma linear_le : forall n, (D <= n)%nat -> T n <= lsum l T n + g n. Proof. intros n Hn. right. apply equation, Hn. Qed.
Lemma linear_ge : forall n, (D <= n)%nat -> lsum l T n + g n <= T n. Proof. intros n Hn. right. symmetry. apply equation, Hn. Qed.
Lemma geometric_class : forall s k n, 0 < s -> s ^ n * Rpower (INR n) k = Sc (ln s) k 0 0 n.
Proof.
  intros s k n Hs. unfold Sc, exponent, Rpower. rewrite <- (exp_ln (s ^ n)) by (apply pow_lt; assumption).
  rewrite ln_pow, <- exp_plus by assumption. f_equal. ring.
Qed.
Lemma geometric_class_0 : forall s n, 0 < s -> s ^ n = Sc (ln s) 0 0 0 n.
Proof. intros s n Hs. rewrite <- geometric_class by assumption. unfold Rpower. rewrite Rmult_0_l, exp_0. ring. Qed.
Theorem linear_class_leaf_upper : forall r s, 0 < s -> s < r -> chi l r <= 1 -> late (fun n => g n <= 1 * Sc (ln s) 0 0 0 n) -> bounded_above T (Sc (ln r) 0 0 0).
Proof.
  intros r s Hs Hr S U. apply (as_class T (fun n => r ^ n)); [intros; apply geometric_class_0; lra|].
  apply (linear_upper_leaf T g l D OK linear_le r s 0 1 Hs Hr S ltac:(lra)).
  generalize (late_and _ _ nonneg U). apply late_imp. intros n. rewrite geometric_class by assumption. auto.
Qed.
Theorem linear_class_leaf_lower : forall r, 0 < r -> 1 <= chi l r -> bounded_below T (Sc (ln r) 0 0 0).
Proof.
  intros r Hr S. apply (as_class' T (fun n => r ^ n)); [intros; apply geometric_class_0; lra|].
  apply (linear_lower_leaf T g l D OK linear_ge positive r Hr S nonneg).
Qed.
Theorem linear_class_balanced : forall s k C, 0 < s -> -1 < k -> chi l s = 1 -> 0 < C -> grows g C (ln s) k 0 0 ->
  bounded_above T (Sc (ln s) (k + 1) 0 0) /\ bounded_below T (Sc (ln s) (k + 1) 0 0).
Proof.
  intros s k C Hs Hk S HC G. pose proof (grows_exp_bounds g C s k HC Hs G) as B. split.
  - apply (as_class T (fun n => s ^ n * Rpower (INR n) (k + 1))); [intros; apply geometric_class; lra|].
    apply (linear_upper_balanced T g l D OK linear_le s k (2 * C) Hs Hk); [lra | lra|].
    generalize (late_and _ _ nonneg B). apply late_imp. tauto.
  - apply (as_class' T (fun n => s ^ n * Rpower (INR n) (k + 1))); [intros; apply geometric_class; lra|].
    apply (linear_lower_balanced T g l D OK linear_ge positive s k (C / 2) Hs Hk); [lra | lra|].
    revert B. apply late_imp. tauto.
Qed.
Theorem linear_class_root : forall s k C, 0 < s -> chi l s < 1 -> 0 < C -> grows g C (ln s) k 0 0 ->
  bounded_above T (Sc (ln s) k 0 0) /\ bounded_below T (Sc (ln s) k 0 0).
Proof.
  intros s k C Hs S HC G. pose proof (grows_exp_bounds g C s k HC Hs G) as B. split.
  - apply (as_class T (fun n => s ^ n * Rpower (INR n) k)); [intros; apply geometric_class; lra|].
    apply (linear_upper_root T g l D OK linear_le s k (chi l s) (2 * C) Hs); [lra | lra | lra|].
    generalize (late_and _ _ nonneg B). apply late_imp. tauto.
  - apply (as_class' T (fun n => s ^ n * Rpower (INR n) k)); [intros; apply geometric_class; lra|].
    destruct (linear_lower_root T g l D OK linear_ge positive (fun n => C / 2 * (s ^ n * Rpower (INR n) k))) as (N & H); [revert B; apply late_imp; tauto|].
    exists (C / 2), N. split; [lra | exact H].
Qed.
End Linear.

(* ---- what generated proofs about recurrences are written with ---- *)
Lemma grows_exponential : forall a e q, 0 < a -> (forall n, e n = q * INR n) -> grows (fun n => Rpower a (e n)) 1 (q * ln a) 0 0 0.
Proof.
  intros a e q Ha E. apply grows_exact. exists 0%nat. intros n _. unfold Rpower, Sc, exponent. rewrite E, Rmult_1_l. f_equal. ring.
Qed.
Lemma recurrence_positive : forall (T g : nat -> R) l n0, (forall t, In t l -> 0 <= ta t) -> (forall t n, In t l -> (n0 <= n)%nat -> (tr t n < n)%nat) ->
  (forall n, (n < n0)%nat -> 0 <= T n) -> (forall n, (n0 <= n)%nat -> 0 <= g n) ->
  (forall n, (n0 <= n)%nat -> T n = rsum (fun t => ta t * T (tr t n)) l + g n) -> late (fun n => 0 < g n) -> late (fun n => 0 < T n).
Proof.
  intros T g l n0 A D B G E (N & P). assert (Z : forall n, 0 <= T n) by (apply (solution_nonneg T g l n0); auto; intros n Hn; right; symmetry; apply E, Hn).
  exists (Nat.max n0 N). intros n Hn. rewrite E by lia. specialize (P n ltac:(lia)).
  enough (0 <= rsum (fun t => ta t * T (tr t n)) l) by lra. apply rsum_nonneg. intros t Ht. apply Rmult_le_pos; [apply A, Ht | apply Z].
Qed.
(* signs of expressions that are linear in inverses of numbers above 1 *)
Ltac inverses := unfold Rdiv; repeat match goal with |- context [/ ?b] => lazymatch b with 1 => fail | _ =>
  assert (0 < / b) by (apply Rinv_0_lt_compat; lra); assert (/ b < 1) by (rewrite <- Rinv_1; apply Rinv_1_lt_contravar; lra); generalize dependent (/ b); intros end end; lra.
Ltac same_rate := lazymatch goal with
  | |- _ = ln (1 / ?a) => replace (1 / a) with (/ a) by (field; lra); rewrite ln_Rinv by lra; lra
  | |- ?q * ln ?a = ln ?b => replace b with (a ^ 2) by lra; rewrite ln_pow by lra; cbn [INR]; lra
  | |- ln ?a + ln ?b = ln ?c => replace c with (a * b) by lra; rewrite ln_mult by lra; reflexivity
  end.
Ltac same_exponents := first [reflexivity | same_rate | cbn [INR]; lra | cbn [INR]; field; repeat split; apply Rgt_not_eq; first [lra | apply ln_pos; lra]].
Ltac by_growth X := refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); same_exponents.
Ltac close_lexpos := unfold lexpos; first [left; lra | right; split; [lra|]; first [left; lra | right; split; [lra|]; first [left; lra | right; split; [lra|lra]]]].
Ltac numbers := rewrite ?INR_IZR_INZ; cbn [Z.of_nat Pos.of_succ_nat Pos.succ]; first [lra | field; lra].
Ltac bounds_of_call := first [apply between_n | apply between_const | apply between_mul; bounds_of_call
  | eapply between_div; [lia | bounds_of_call] | eapply between_add; [bounds_of_call | bounds_of_call]
  | eapply between_sub; [intros; lia | bounds_of_call | bounds_of_call]
  | eapply between_range; [match goal with H : forall _ : nat, (_ <= _ <= _)%nat |- _ => exact H end | | bounds_of_call | bounds_of_call]; numbers].
Ltac call_near := lazymatch goal with |- forall n, _ -> Rabs (INR (@?r n) - _) <= _ =>
  let n := fresh in let H := fresh in intros n H; eapply (between_near r); [| | | | exact H]; [bounds_of_call | numbers | numbers | numbers] end.
Ltac compute_powers := cbn [powerRZ]; cbv [Pos.to_nat Pos.iter_op Nat.add]; cbn [pow]; first [lra | field; lra].

Lemma grows_below_class : forall g C r d k j r' d' k' j', grows g C r d k j -> lexpos (r' - r) (d' - d) (k' - k) (j' - j) ->
  late (fun n => g n <= 1 * Sc r' d' k' j' n).
Proof.
  intros g C r d k j r' d' k' j' H L. pose proof (grows_lower _ _ _ _ _ _ r' d' k' j' L H) as V. destruct (V 1 Rlt_0_1) as (N & A). exists N. intros n Hn.
  specialize (A n Hn). unfold R_dist in A. rewrite Rminus_0_r in A. apply Rlt_le, Rabs_bounds in A. pose proof (Sc_pos r' d' k' j' n) as P.
  assert (E : g n = g n / Sc r' d' k' j' n * Sc r' d' k' j' n) by (field; lra). rewrite E. apply Rmult_le_compat_r; lra.
Qed.
(* positive base values just below the start make the solution positive *)
Lemma window_positive : forall (T : nat -> R) r a M N, 0 < a -> (forall n, (N <= n)%nat -> (M <= r n < n)%nat /\ a * T (r n) <= T n) ->
  (forall n, (M <= n < N)%nat -> 0 < T n) -> late (fun n => 0 < T n).
Proof.
  intros T r a M N Ha H W. exists M. intros n. induction n as [n IH] using lt_wf_ind. intros Hn.
  destruct (le_lt_dec N n) as [L|L]; [|apply W; lia]. destruct (H n L) as [[A B] C]. apply Rlt_le_trans with (2 := C).
  apply Rmult_lt_0_compat; [assumption | apply IH; assumption].
Qed.
(* all members of a listed list of lags *)
Ltac lags_cases Ht := hnf in Ht; lazymatch type of Ht with _ \/ _ => destruct Ht as [<-|Ht]; [|lags_cases Ht] | False => destruct Ht end.
Ltac lags_fine := split; [lia|]; let aj := fresh in let H := fresh in intros aj H; lags_cases H; cbn [fst snd]; (split; [lra | lia]).
Lemma as_written : forall T r r' d, bounded_above T (Sc r d 0 0) -> r = r' -> bounded_above T (Sc r' d 0 0). Proof. intros; subst; assumption. Qed.
Lemma as_written' : forall T r r' d, bounded_below T (Sc r d 0 0) -> r = r' -> bounded_below T (Sc r' d 0 0). Proof. intros; subst; assumption. Qed.
(* square roots of integers: bounds, and polynomial identities *)
Ltac surd_bounds := repeat match goal with |- context [sqrt ?x] => lazymatch goal with H : sqrt x * sqrt x = x |- _ => fail | _ =>
  assert (sqrt x * sqrt x = x) by (apply sqrt_sqrt; lra); assert (1 < sqrt x) by (rewrite <- sqrt_1 at 1; apply sqrt_lt_1; lra) end end.
Ltac surds := surd_bounds; field_simplify_eq; [|repeat split; lra];
  match goal with H : sqrt ?x * sqrt ?x = _ |- _ => let s := fresh in set (s := sqrt x) in *; ring_simplify; first [ring [H] | nra] end.

Lemma floor_nonneg : forall x, 0 <= x -> 0 <= IZR (floor x).
Proof. intros x H. pose proof (floor_bounds x) as [A _]. apply IZR_le. assert (-1 < floor x)%Z by (apply lt_IZR; lra). lia. Qed.
Lemma ceil_nonneg : forall x, 0 <= x -> 0 <= IZR (ceil x). Proof. intros x H. pose proof (ceil_bounds x). lra. Qed.
Lemma log_above_surd : forall A L B P Q, 0 < L -> L <= A -> 1 < B -> (0 < Q)%nat -> powerRZ B P < L ^ Q -> IZR P / INR Q < ln A / ln B.
Proof.
  intros A L B P Q HL HA HB HQ H. apply Rlt_le_trans with (ln L / ln B); [apply log_above; assumption|].
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, ln_pos, HB | apply ln_le; assumption].
Qed.
Lemma log_below_surd : forall A L B P Q, 0 < A -> A <= L -> 1 < B -> (0 < Q)%nat -> L ^ Q < powerRZ B P -> ln A / ln B < IZR P / INR Q.
Proof.
  intros A L B P Q HA HL HB HQ H. apply Rle_lt_trans with (ln L / ln B); [|apply log_below; [lra | assumption..]].
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, ln_pos, HB | apply ln_le; assumption].
Qed.
