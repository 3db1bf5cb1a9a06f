(* Enclosures of numbers by computation: logarithms of rationals from the series of ln ((1 + x)/(1 - x)), exponentials through logarithms,
   and the interval arithmetic of sums, products and powers. *)
From Coq Require Import Reals ZArith QArith Qpower Qreals Lra Lia.
From Aalp Require Export Steps.
Open Scope R_scope.

Fixpoint series (x : R) (n : nat) : R := match n with O => 0 | S k => series x k + x ^ (2 * k + 1) / IZR (Z.of_nat (2 * k + 1)) end.
Fixpoint squares (x : R) (n : nat) : R := match n with O => 0 | S k => squares x k + x ^ (2 * k) end.
Lemma odd_positive : forall k, 0 < IZR (Z.of_nat (2 * k + 1)).
Proof. intros k. apply IZR_lt. lia. Qed.
Lemma d_series : forall n x, derivable_pt_lim (fun y => series y n) x (squares x n).
Proof.
  intros n x. induction n as [|n IH]; [exact (d_const 0 x)|]. cbn [series squares]. apply d_plus; [exact IH|]. pose proof (odd_positive n).
  eapply d_eq; [unfold Rdiv; apply (d_mult (fun y => y ^ (2 * n + 1)) (fun _ => / IZR (Z.of_nat (2 * n + 1)))); [apply (d_pow (fun y => y)), d_id | apply d_const]|].
  replace (pred (2 * n + 1)) with (2 * n)%nat by lia. rewrite INR_IZR_INZ. field. lra.
Qed.
Lemma squares_sum : forall n x, (1 - x * x) * squares x n = 1 - x ^ (2 * n).
Proof.
  intros n x. induction n as [|n IH]; [simpl; ring|]. cbn [squares]. rewrite Rmult_plus_distr_l, IH. replace (2 * S n)%nat with (S (S (2 * n))) by lia. rewrite <- !tech_pow_Rmult. ring.
Qed.
Lemma d_artanh : forall x, -1 < x < 1 -> derivable_pt_lim (fun y => ln (1 + y) - ln (1 - y)) x (2 / (1 - x * x)).
Proof.
  intros x H. assert (0 < 1 - x * x) by nra. eapply d_eq; [derive; lra|]. field. repeat split; nra.
Qed.
Lemma artanh_bounds : forall n x, 0 <= x < 1 -> 2 * series x n <= ln (1 + x) - ln (1 - x) <= 2 * series x n + 2 * x ^ (2 * n + 1) / (IZR (Z.of_nat (2 * n + 1)) * (1 - x * x)).
Proof.
  intros n x [H0 H1]. assert (Z0 : series 0 n = 0).
  { clear. induction n as [|n IH]; [reflexivity|]. cbn [series]. rewrite IH, pow_i by lia. unfold Rdiv. ring. }
  pose proof (odd_positive n) as K. set (K' := IZR (Z.of_nat (2 * n + 1))) in *. assert (M : 0 < 1 - x * x) by nra. split.
  - assert (L : ln (1 + 0) - ln (1 - 0) - 2 * series 0 n <= ln (1 + x) - ln (1 - x) - 2 * series x n).
    { apply (increasing_of_derivative (fun y => ln (1 + y) - ln (1 - y) - 2 * series y n) (fun y => 2 / (1 - y * y) - (0 * series y n + 2 * squares y n))); [assumption| |].
      - intros y Hy. apply d_minus; [apply d_artanh; lra|]. apply d_mult; [apply d_const | apply d_series].
      - intros y Hy. assert (Y : 0 < 1 - y * y) by nra. pose proof (squares_sum n y) as Q. replace (squares y n) with ((1 - y ^ (2 * n)) / (1 - y * y)) by (rewrite <- Q; field; lra).
        replace (2 / (1 - y * y) - (0 * series y n + 2 * ((1 - y ^ (2 * n)) / (1 - y * y)))) with (2 * y ^ (2 * n) / (1 - y * y)) by (field; lra).
        apply div_nonneg; [|lra]. apply Rmult_le_pos; [lra | apply Analysis.pow_nonneg; lra]. }
    rewrite Z0, Rplus_0_r, Rminus_0_r, ln_1 in L. lra.
  - assert (L : 2 * series 0 n + 2 * 0 ^ (2 * n + 1) / (K' * (1 - x * x)) - (ln (1 + 0) - ln (1 - 0)) <= 2 * series x n + 2 * x ^ (2 * n + 1) / (K' * (1 - x * x)) - (ln (1 + x) - ln (1 - x))).
    { apply (increasing_of_derivative (fun y => 2 * series y n + 2 * y ^ (2 * n + 1) / (K' * (1 - x * x)) - (ln (1 + y) - ln (1 - y)))
        (fun y => 2 * squares y n + 2 * y ^ (2 * n) / (1 - x * x) - 2 / (1 - y * y))); [assumption| |].
      - intros y Hy. apply d_minus; [|apply d_artanh; lra]. apply d_plus.
        + eapply d_eq; [apply (d_mult (fun _ => 2)); [apply d_const | apply d_series] | ring].
        + eapply d_eq; [unfold Rdiv; apply (d_mult (fun z => 2 * z ^ (2 * n + 1)) (fun _ => / (K' * (1 - x * x)))); [apply (d_mult (fun _ => 2)); [apply d_const | apply (d_pow (fun z => z)), d_id] | apply d_const]|].
          replace (pred (2 * n + 1)) with (2 * n)%nat by lia. rewrite INR_IZR_INZ. fold K'. field. lra.
      - intros y Hy. assert (Y : 0 < 1 - y * y) by nra. pose proof (squares_sum n y) as Q. replace (squares y n) with ((1 - y ^ (2 * n)) / (1 - y * y)) by (rewrite <- Q; field; lra).
        replace (2 * ((1 - y ^ (2 * n)) / (1 - y * y)) + 2 * y ^ (2 * n) / (1 - x * x) - 2 / (1 - y * y)) with (2 * y ^ (2 * n) * (/ (1 - x * x) - / (1 - y * y))) by (field; lra).
        apply Rmult_le_pos; [apply Rmult_le_pos; [lra | apply Analysis.pow_nonneg; lra]|]. assert (/ (1 - y * y) <= / (1 - x * x)) by (apply Rinv_le_contravar; nra). lra. }
    rewrite Z0, Rplus_0_r, Rminus_0_r, ln_1, pow_i in L by lia. unfold Rdiv in L at 1. lra.
Qed.

(* the same in rational numbers *)
Open Scope Q_scope.
Fixpoint series_Q (x : Q) (n : nat) : Q := match n with O => 0 | S k => Qred (series_Q x k + Qred (x ^ Z.of_nat (2 * k + 1)) / inject_Z (Z.of_nat (2 * k + 1))) end.
Definition low_Q (r : Q) (n : nat) : Q := let x := Qred ((r - 1) / (r + 1)) in Qred (2 * series_Q x n).
Definition high_Q (r : Q) (n : nat) : Q := let x := Qred ((r - 1) / (r + 1)) in
  Qred (2 * series_Q x n + 2 * Qred (x ^ Z.of_nat (2 * n + 1)) / (inject_Z (Z.of_nat (2 * n + 1)) * (1 - x * x))).
Close Scope Q_scope.
Lemma Q2R_red : forall q, Q2R (Qred q) = Q2R q.
Proof. intros q. apply Qeq_eqR, Qred_correct. Qed.
Lemma Q2R_Z : forall z, Q2R (inject_Z z) = IZR z.
Proof. intros z. unfold Q2R, inject_Z. simpl. field. Qed.
Lemma Q2R_pow : forall x n, Q2R (x ^ Z.of_nat n)%Q = Q2R x ^ n.
Proof.
  intros x n. induction n as [|n IH]; [apply RMicromega.Q2R_1|]. rewrite Nat2Z.inj_succ, <- tech_pow_Rmult, <- IH, <- Q2R_mult. apply Qeq_eqR.
  destruct n as [|n]; [simpl; ring|]. rewrite <- Z.add_1_l. rewrite Qpower_plus' by lia. simpl Qpower at 1. ring.
Qed.
Lemma Q2R_quotient : forall x y, ~ (y == 0)%Q -> Q2R (x / y) = Q2R x / Q2R y.
Proof. intros x y H. unfold Qdiv. rewrite Q2R_mult, Q2R_inv by assumption. reflexivity. Qed.
Lemma series_Q2R : forall n x, Q2R (series_Q x n) = series (Q2R x) n.
Proof.
  intros n x. induction n as [|n IH]; [apply RMicromega.Q2R_0|]. cbn [series_Q series]. rewrite Q2R_red, Q2R_plus, IH, Q2R_quotient, Q2R_red, Q2R_pow, Q2R_Z; [reflexivity|].
  intros E. unfold Qeq, inject_Z in E. simpl in E. lia.
Qed.
Lemma ln_Q : forall r n, (1 <= r)%Q -> Q2R (low_Q r n) <= ln (Q2R r) <= Q2R (high_Q r n).
Proof.
  intros r n H. assert (R1 : 1 <= Q2R r) by (apply Qle_Rle in H; rewrite RMicromega.Q2R_1 in H; exact H).
  assert (N : ~ (r + 1 == 0)%Q) by (intros E; apply Qeq_eqR in E; rewrite Q2R_plus, RMicromega.Q2R_1, RMicromega.Q2R_0 in E; lra).
  unfold low_Q, high_Q. set (x := Qred ((r - 1) / (r + 1))).
  assert (X : Q2R x = (Q2R r - 1) / (Q2R r + 1)) by (unfold x; rewrite Q2R_red, Q2R_quotient, Q2R_minus, Q2R_plus, RMicromega.Q2R_1 by assumption; reflexivity).
  assert (I : 0 <= Q2R x < 1). { rewrite X. split; [apply div_nonneg; lra|]. apply Rmult_lt_reg_r with (Q2R r + 1); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  assert (D : ~ (inject_Z (Z.of_nat (2 * n + 1)) * (1 - x * x) == 0)%Q).
  { intros E. apply Qeq_eqR in E. rewrite Q2R_mult, Q2R_minus, Q2R_mult, Q2R_Z, RMicromega.Q2R_1, RMicromega.Q2R_0 in E. pose proof (odd_positive n). assert (0 < 1 - Q2R x * Q2R x) by nra. nra. }
  assert (T : Q2R 2 = 2) by (unfold Q2R; simpl; field).
  pose proof (artanh_bounds n (Q2R x) I) as B. assert (E : ln (1 + Q2R x) - ln (1 - Q2R x) = ln (Q2R r)).
  { replace (Q2R r) with ((1 + Q2R x) * / (1 - Q2R x)) by (rewrite X; field; lra). rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra). ring. }
  rewrite E in B. rewrite !Q2R_red, Q2R_plus, Q2R_quotient, !Q2R_mult, Q2R_red, Q2R_pow, Q2R_minus, Q2R_mult, Q2R_Z, series_Q2R, RMicromega.Q2R_1, T by assumption. exact B.
Qed.
(* a = 2^k r with 1 <= r *)
Definition log_check (a : Q) (k : Z) (r : Q) (n : nat) (lo hi : Q) : bool :=
  (Qle_bool 1 r && Qeq_bool a (2 ^ k * r) && (0 <? Qnum a)%Z &&
   if (0 <=? k)%Z then Qle_bool lo (inject_Z k * low_Q 2 n + low_Q r n) && Qle_bool (inject_Z k * high_Q 2 n + high_Q r n) hi
   else Qle_bool lo (inject_Z k * high_Q 2 n + low_Q r n) && Qle_bool (inject_Z k * low_Q 2 n + high_Q r n) hi)%bool.
Theorem log_between : forall a k r n lo hi, log_check a k r n lo hi = true -> Q2R lo <= ln (Q2R a) <= Q2R hi.
Proof.
  intros a k r n lo hi C. unfold log_check in C. apply andb_prop in C. destruct C as [C D]. apply andb_prop in C. destruct C as [C _]. apply andb_prop in C. destruct C as [C1 C2].
  apply Qle_bool_iff in C1. apply Qeq_bool_iff in C2. pose proof (ln_Q r n C1) as B. pose proof (ln_Q 2 n ltac:(unfold Qle; simpl; lia)) as B2.
  assert (T : Q2R 2 = 2) by (unfold Q2R; simpl; field). rewrite T in B2.
  assert (R1 : 1 <= Q2R r) by (apply Qle_Rle in C1; rewrite RMicromega.Q2R_1 in C1; exact C1).
  assert (E : ln (Q2R a) = IZR k * ln 2 + ln (Q2R r)).
  { apply Qeq_eqR in C2. rewrite C2, Q2R_mult. assert (P : Q2R (2 ^ k) = powerRZ 2 k).
    { destruct k as [|p|p]; [apply RMicromega.Q2R_1| |].
      - rewrite <- (positive_nat_Z p), Q2R_pow, T, positive_nat_Z. reflexivity.
      - change (2 ^ Z.neg p)%Q with (/ 2 ^ Z.pos p)%Q. rewrite Q2R_inv by (apply Qpower_not_0; unfold Qeq; simpl; lia). rewrite <- (positive_nat_Z p), Q2R_pow, T. reflexivity. }
    rewrite P, ln_mult by (try apply powerRZ_lt; lra). rewrite ln_powerRZ by lra. reflexivity. }
  rewrite E. destruct (Z.leb_spec 0 k) as [K|K]; apply andb_prop in D; destruct D as [D1 D2]; apply Qle_bool_iff, Qle_Rle in D1; apply Qle_bool_iff, Qle_Rle in D2;
    rewrite Q2R_plus, Q2R_mult, Q2R_Z in D1, D2.
  - apply IZR_le in K. split; [apply Rle_trans with (1 := D1) | apply Rle_trans with (2 := D2)]; apply Rplus_le_compat; try lra; apply Rmult_le_compat_l; lra.
  - apply IZR_lt in K. split; [apply Rle_trans with (1 := D1) | apply Rle_trans with (2 := D2)]; apply Rplus_le_compat; try lra;
      apply Ropp_le_cancel; rewrite !Ropp_mult_distr_l; apply Rmult_le_compat_l; lra.
Qed.
Lemma log_enclosed : forall (p q : positive) k r n a b c d, log_check (Zpos p # q) k r n (a # b) (c # d) = true ->
  IZR a / IZR (Zpos b) <= ln (IZR (Zpos p) / IZR (Zpos q)) /\ ln (IZR (Zpos p) / IZR (Zpos q)) <= IZR c / IZR (Zpos d).
Proof. intros p q k r n a b c d H. exact (log_between (Zpos p # q) k r n (a # b) (c # d) H). Qed.

(* ---- Interval arithmetic ---- *)

Lemma log_low : forall q x l, 0 < q -> l <= ln q -> q <= x -> l <= ln x.
Proof. intros q x l P L H. apply Rle_trans with (1 := L), ln_le; assumption. Qed.
Lemma log_high : forall q x h, 0 < x -> ln q <= h -> x <= q -> ln x <= h.
Proof. intros q x h P L H. apply Rle_trans with (2 := L), ln_le; assumption. Qed.
Lemma exp_low : forall q x r, 0 < r -> ln r <= q -> q <= x -> r <= exp x.
Proof. intros q x r P L H. rewrite <- (exp_ln r P). apply exp_le. lra. Qed.
Lemma exp_high : forall q x r, 0 < r -> q <= ln r -> x <= q -> exp x <= r.
Proof. intros q x r P L H. rewrite <- (exp_ln r P). apply exp_le. lra. Qed.
Lemma exp_low_0 : forall x, 0 <= x -> 1 <= exp x.
Proof. exact one_le_exp_. Qed.
Lemma exp_high_0 : forall x, x <= 0 -> exp x <= 1.
Proof. intros x H. rewrite <- exp_0. apply exp_le, H. Qed.
Lemma mul_low : forall a b x y, 0 <= a -> a <= x -> 0 <= b -> b <= y -> a * b <= x * y.
Proof. intros. apply Rmult_le_compat; assumption. Qed.
Lemma mul_pos : forall x y, 0 < x -> 0 < y -> 0 < x * y.
Proof. exact Rmult_lt_0_compat. Qed.
Lemma mul_high : forall a b x y, 0 <= x -> x <= a -> 0 <= y -> y <= b -> x * y <= a * b.
Proof. intros. apply Rmult_le_compat; assumption. Qed.
Lemma mul_low_mixed : forall a b x y, 0 <= x -> x <= a -> b <= 0 -> b <= y -> a * b <= x * y.
Proof. intros. nra. Qed.
Lemma mul_high_mixed : forall a b x y, 0 <= a -> a <= x -> y <= b -> b <= 0 -> x * y <= a * b.
Proof. intros. nra. Qed.
Lemma mul_comm_low : forall x y l, l <= y * x -> l <= x * y.
Proof. intros. lra. Qed.
Lemma mul_comm_high : forall x y h, y * x <= h -> x * y <= h.
Proof. intros. lra. Qed.
Lemma mul_low_negative : forall a b x y, x <= a -> a <= 0 -> y <= b -> b <= 0 -> a * b <= x * y.
Proof. intros. nra. Qed.
Lemma mul_high_negative : forall a b x y, a <= x -> x <= 0 -> b <= y -> y <= 0 -> x * y <= a * b.
Proof. intros. nra. Qed.
Lemma inv_low : forall h x, 0 < x -> x <= h -> / h <= / x.
Proof. intros. apply Rinv_le_contravar; assumption. Qed.
Lemma inv_high : forall l x, 0 < l -> l <= x -> / x <= / l.
Proof. intros. apply Rinv_le_contravar; assumption. Qed.
Lemma pow_low : forall l x n, 0 <= l -> l <= x -> l ^ n <= x ^ n.
Proof. intros. apply pow_incr. lra. Qed.
Lemma pow_high : forall h x n, 0 <= x -> x <= h -> x ^ n <= h ^ n.
Proof. intros. apply pow_incr. lra. Qed.
Lemma pow_even : forall x n, 0 <= x ^ (2 * n).
Proof. intros x n. rewrite pow_mult. apply Analysis.pow_nonneg. nra. Qed.
Lemma power_low_1 : forall x y, 1 <= x -> 0 <= y -> 1 <= Rpower x y.
Proof. intros. apply Rpower_ge_1; assumption. Qed.
Lemma power_low_base : forall l x y, 1 <= l -> l <= x -> 1 <= y -> l <= Rpower x y.
Proof. intros l x y L H Y. apply Rle_trans with (1 := H). rewrite <- (Rpower_1 x) at 1 by lra. apply Rle_Rpower; lra. Qed.
Lemma power_high_1 : forall x y, 0 < x -> x <= 1 -> 0 <= y -> Rpower x y <= 1.
Proof. intros x y P H Y. unfold Rpower. apply exp_high_0. assert (ln x <= 0) by (rewrite <- ln_1; apply ln_le; assumption). nra. Qed.
Lemma power_high_2 : forall x y, 1 <= x -> y <= 0 -> Rpower x y <= 1.
Proof. intros x y P H. unfold Rpower. apply exp_high_0. pose proof (ln_nonneg x P). nra. Qed.
Lemma sqrt_low : forall l x, 0 <= l -> l * l <= x -> l <= sqrt x.
Proof. intros l x P H. rewrite <- (sqrt_square l P). apply sqrt_le_1_alt, H. Qed.
Lemma sqrt_high : forall h x, 0 <= h -> x <= h * h -> sqrt x <= h.
Proof. intros h x P H. rewrite <- (sqrt_square h P). apply sqrt_le_1_alt, H. Qed.
Lemma floor_high : forall x h (z : Z), x <= h -> h < IZR z + 1 -> IZR (floor x) <= IZR z.
Proof. intros x h z H L. apply IZR_le. pose proof (floor_bounds x). assert (floor x < z + 1)%Z by (apply lt_IZR; rewrite plus_IZR; lra). lia. Qed.
Lemma floor_low : forall x l (z : Z), l <= x -> IZR z <= l -> IZR z <= IZR (floor x).
Proof. intros x l z H L. apply floor_ge. lra. Qed.
Lemma ceil_low : forall x l (z : Z), l <= x -> IZR z - 1 < l -> IZR z <= IZR (ceil x).
Proof. intros x l z H L. apply IZR_le. pose proof (ceil_bounds x). assert (z - 1 < ceil x)%Z by (apply lt_IZR; rewrite minus_IZR; lra). lia. Qed.
Lemma ceil_low_open : forall x l (z : Z), l < x -> IZR z - 1 <= l -> IZR z <= IZR (ceil x).
Proof. intros x l z H L. apply IZR_le. pose proof (ceil_bounds x). assert (z - 1 < ceil x)%Z by (apply lt_IZR; rewrite minus_IZR; lra). lia. Qed.
Lemma ceil_high : forall x h (z : Z), x <= h -> h <= IZR z -> IZR (ceil x) <= IZR z.
Proof. intros x h z H L. apply IZR_le. pose proof (ceil_bounds x). assert (ceil x < z + 1)%Z by (apply lt_IZR; rewrite plus_IZR; lra). lia. Qed.
Lemma max_low_l : forall l a b, l <= a -> l <= Rmax a b.
Proof. intros l a b H. apply Rle_trans with (1 := H), Rmax_l. Qed.
Lemma max_low_r : forall l a b, l <= b -> l <= Rmax a b.
Proof. intros l a b H. apply Rle_trans with (1 := H), Rmax_r. Qed.
Lemma min_high_l : forall h a b, a <= h -> Rmin a b <= h.
Proof. intros h a b H. apply Rle_trans with (2 := H), Rmin_l. Qed.
Lemma min_high_r : forall h a b, b <= h -> Rmin a b <= h.
Proof. intros h a b H. apply Rle_trans with (2 := H), Rmin_r. Qed.
Lemma log_enclosed_whole : forall (p : positive) k r n a b c d, log_check (Zpos p # 1) k r n (a # b) (c # d) = true ->
  IZR a / IZR (Zpos b) <= ln (IZR (Zpos p)) /\ ln (IZR (Zpos p)) <= IZR c / IZR (Zpos d).
Proof. intros p k r n a b c d H. pose proof (log_enclosed p 1 k r n a b c d H) as L. unfold Rdiv in L at 2 3. rewrite Rinv_1, Rmult_1_r in L. exact L. Qed.
Lemma sum_low : forall f a b t, 0 <= t -> (a <= b)%Z -> (forall i, (a <= i <= b)%Z -> t <= f i) -> t <= Sums.sum f a b.
Proof.
  intros f a b t T L H. apply Rle_trans with (f a); [apply H; lia|]. apply (Rules.rule_member f a b a); [lia|]. intros i Hi. apply Rle_trans with (1 := T), H, Hi.
Qed.
