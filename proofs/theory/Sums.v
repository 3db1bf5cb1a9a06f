(* Finite sums of reals over integer ranges, sum f a b = f(a) + ... + f(b) (0 for b < a): telescoping, termwise
   comparison, integral test, half-range bound, harmonic numbers, geometric sums.
   Source: finite differences; the integral test is the mean value theorem, interval by interval. *)
From Coq Require Import Reals ZArith Lra Lia.
From Aalp Require Import Analysis SumsZ.
Open Scope R_scope.

Fixpoint sum_from (f : Z -> R) (a : Z) (n : nat) : R := match n with O => 0 | S n' => sum_from f a n' + f (a + Z.of_nat n')%Z end.
Definition sum (f : Z -> R) (a b : Z) : R := sum_from f a (Z.to_nat (b - a + 1)).

Lemma sum_empty : forall f a b, (b < a)%Z -> sum f a b = 0.
Proof. intros f a b H. unfold sum. replace (Z.to_nat (b - a + 1)) with O by lia. reflexivity. Qed.
Lemma sum_last : forall f a b, (a - 1 <= b)%Z -> sum f a (b + 1) = sum f a b + f (b + 1)%Z.
Proof.
  intros f a b H. unfold sum. replace (Z.to_nat (b + 1 - a + 1)) with (S (Z.to_nat (b - a + 1))) by lia.
  cbn [sum_from]. f_equal. f_equal. lia.
Qed.
Theorem sum_le : forall f g a b, (forall i, (a <= i <= b)%Z -> f i <= g i) -> sum f a b <= sum g a b.
Proof.
  intros f g a b H. destruct (Z_lt_le_dec b (a - 1)) as [L|L]; [rewrite !sum_empty by lia; lra|]. revert H.
  apply (range_ind a (fun b => (forall i, (a <= i <= b)%Z -> f i <= g i) -> sum f a b <= sum g a b)); [| |exact L].
  - intros _. rewrite !sum_empty by lia. lra.
  - intros c Hc IH H. rewrite !sum_last by assumption. pose proof (H (c + 1)%Z ltac:(lia)). assert (sum f a c <= sum g a c) by (apply IH; intros; apply H; lia). lra.
Qed.
Theorem sum_ext : forall f g a b, (forall i, (a <= i <= b)%Z -> f i = g i) -> sum f a b = sum g a b.
Proof. intros f g a b H. apply Rle_antisym; apply sum_le; intros i Hi; rewrite (H i Hi); lra. Qed.
Theorem telescope : forall f F a b, (a - 1 <= b)%Z -> (forall i, (a <= i <= b)%Z -> f i = F i - F (i - 1)%Z) -> sum f a b = F b - F (a - 1)%Z.
Proof.
  intros f F a. apply (range_ind a (fun b => (forall i, (a <= i <= b)%Z -> f i = F i - F (i - 1)%Z) -> sum f a b = F b - F (a - 1)%Z)).
  - intros _. rewrite sum_empty by lia. lra.
  - intros b Hb IH H. rewrite sum_last by assumption. rewrite IH by (intros; apply H; lia). rewrite (H (b + 1)%Z) by lia.
    replace (b + 1 - 1)%Z with b by lia. lra.
Qed.
Theorem telescope_le : forall f F a b, (a - 1 <= b)%Z -> (forall i, (a <= i <= b)%Z -> f i <= F i - F (i - 1)%Z) -> sum f a b <= F b - F (a - 1)%Z.
Proof. intros f F a b L H. rewrite <- (telescope (fun i => F i - F (i - 1)%Z) F a b L) by reflexivity. apply sum_le, H. Qed.
Theorem telescope_ge : forall f F a b, (a - 1 <= b)%Z -> (forall i, (a <= i <= b)%Z -> F i - F (i - 1)%Z <= f i) -> F b - F (a - 1)%Z <= sum f a b.
Proof. intros f F a b L H. rewrite <- (telescope (fun i => F i - F (i - 1)%Z) F a b L) by reflexivity. apply sum_le, H. Qed.
Theorem sum_scale : forall c f a b, sum (fun i => c * f i) a b = c * sum f a b.
Proof. intros c f a b. unfold sum. induction (Z.to_nat (b - a + 1)) as [|n IH]; simpl; [ring | rewrite IH; ring]. Qed.
Theorem sum_plus : forall f g a b, sum (fun i => f i + g i) a b = sum f a b + sum g a b.
Proof. intros f g a b. unfold sum. induction (Z.to_nat (b - a + 1)) as [|n IH]; simpl; [ring | rewrite IH; ring]. Qed.
Theorem sum_const : forall c a b, (a - 1 <= b)%Z -> sum (fun _ => c) a b = IZR (b - a + 1) * c.
Proof.
  intros c a b H. rewrite (telescope (fun _ => c) (fun i => IZR i * c) a b H) by (intros i _; rewrite minus_IZR; ring).
  rewrite !plus_IZR, !minus_IZR. ring.
Qed.
Theorem sum_nonneg : forall f a b, (forall i, (a <= i <= b)%Z -> 0 <= f i) -> 0 <= sum f a b.
Proof.
  intros f a b H. apply Rle_trans with (sum (fun _ => 0) a b); [|apply sum_le, H].
  destruct (Z_lt_le_dec b a); [rewrite sum_empty by lia; lra | rewrite sum_const by lia; lra].
Qed.
Theorem sum_first : forall f a b, (a <= b)%Z -> sum f a b = f a + sum f (a + 1) b.
Proof.
  intros f a b H. enough (Q : forall b, (a + 1 - 1 <= b)%Z -> sum f a b = f a + sum f (a + 1) b) by (apply Q; lia). clear.
  apply range_ind.
  - rewrite (sum_empty f (a + 1)) by lia. replace (a + 1 - 1)%Z with (a - 1 + 1)%Z by lia. rewrite sum_last, sum_empty by lia.
    replace (a - 1 + 1)%Z with a by lia. lra.
  - intros b Hb IH. rewrite !sum_last, IH by lia. lra.
Qed.
Lemma sum_IZR : forall f a b, sum (fun i => IZR (f i)) a b = IZR (SumsZ.sum f a b).
Proof. intros f a b. unfold sum, SumsZ.sum. induction (Z.to_nat (b - a + 1)) as [|n IH]; simpl; [reflexivity | rewrite IH, plus_IZR; reflexivity]. Qed.

(* ---- Integral test ---- *)

Section Integral.
Variables (f F : R -> R) (a b : Z).
Hypothesis ab : (a <= b)%Z.
Hypothesis F_f : forall x, IZR a <= x <= IZR b -> derivable_pt_lim F x (f x).

Lemma mean_value : forall i, (a < i <= b)%Z -> exists x, IZR (i - 1) <= x <= IZR i /\ F (IZR i) - F (IZR (i - 1)) = f x.
Proof.
  intros i Hi. assert (L : IZR a <= IZR (i - 1)) by (apply IZR_le; lia). assert (U : IZR i <= IZR b) by (apply IZR_le; lia).
  rewrite minus_IZR in *. destruct (MVT_cor2 F f (IZR i - 1) (IZR i) ltac:(lra)) as (x & E & Hx).
  - intros x Hx. apply F_f. lra.
  - exists x. split; [lra|]. rewrite E. ring.
Qed.
Theorem integral_increasing : (forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f x <= f y) ->
  F (IZR b) - F (IZR a) + f (IZR a) <= sum (fun i => f (IZR i)) a b <= F (IZR b) - F (IZR a) + f (IZR b).
Proof.
  intros M. split.
  - rewrite sum_first by assumption. apply Rplus_le_reg_l with (- f (IZR a)).
    replace (- f (IZR a) + (F (IZR b) - F (IZR a) + f (IZR a))) with (F (IZR b) - F (IZR (a + 1 - 1))) by (replace (a + 1 - 1)%Z with a by lia; ring).
    replace (- f (IZR a) + (f (IZR a) + sum (fun i => f (IZR i)) (a + 1) b)) with (sum (fun i => f (IZR i)) (a + 1) b) by ring.
    apply (telescope_ge (fun i => f (IZR i)) (fun i => F (IZR i))); [lia|]. intros i Hi. destruct (mean_value i ltac:(lia)) as (x & Hx & ->).
    assert (IZR a <= IZR (i - 1)) by (apply IZR_le; lia). assert (IZR i <= IZR b) by (apply IZR_le; lia). apply M; lra.
  - replace b with (b - 1 + 1)%Z at 1 by lia. rewrite sum_last by lia. replace (b - 1 + 1)%Z with b by lia. apply Rplus_le_compat_r.
    replace (F (IZR b) - F (IZR a)) with ((fun i => F (IZR (i + 1))) (b - 1)%Z - (fun i => F (IZR (i + 1))) (a - 1)%Z)
      by (cbv beta; replace (b - 1 + 1)%Z with b by lia; replace (a - 1 + 1)%Z with a by lia; ring).
    apply (telescope_le (fun i => f (IZR i)) (fun i => F (IZR (i + 1)))); [lia|]. intros i Hi. destruct (mean_value (i + 1) ltac:(lia)) as (x & Hx & E). replace (i + 1 - 1)%Z with i in * by lia.
    cbv beta. replace (i - 1 + 1)%Z with i by lia. rewrite E. assert (IZR a <= IZR i) by (apply IZR_le; lia). assert (IZR (i + 1) <= IZR b) by (apply IZR_le; lia). apply M; lra.
Qed.
Theorem integral_decreasing : (forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f y <= f x) ->
  F (IZR b) - F (IZR a) + f (IZR b) <= sum (fun i => f (IZR i)) a b <= F (IZR b) - F (IZR a) + f (IZR a).
Proof.
  intros M. split.
  - replace b with (b - 1 + 1)%Z at 3 by lia. rewrite sum_last by lia. replace (b - 1 + 1)%Z with b by lia. apply Rplus_le_compat_r.
    replace (F (IZR b) - F (IZR a)) with ((fun i => F (IZR (i + 1))) (b - 1)%Z - (fun i => F (IZR (i + 1))) (a - 1)%Z)
      by (cbv beta; replace (b - 1 + 1)%Z with b by lia; replace (a - 1 + 1)%Z with a by lia; ring).
    apply (telescope_ge (fun i => f (IZR i)) (fun i => F (IZR (i + 1)))); [lia|]. intros i Hi. destruct (mean_value (i + 1) ltac:(lia)) as (x & Hx & E). replace (i + 1 - 1)%Z with i in * by lia.
    cbv beta. replace (i - 1 + 1)%Z with i by lia. rewrite E. assert (IZR a <= IZR i) by (apply IZR_le; lia). assert (IZR (i + 1) <= IZR b) by (apply IZR_le; lia). apply M; lra.
  - rewrite sum_first by assumption. apply Rplus_le_reg_l with (- f (IZR a)).
    replace (- f (IZR a) + (F (IZR b) - F (IZR a) + f (IZR a))) with (F (IZR b) - F (IZR (a + 1 - 1))) by (replace (a + 1 - 1)%Z with a by lia; ring).
    replace (- f (IZR a) + (f (IZR a) + sum (fun i => f (IZR i)) (a + 1) b)) with (sum (fun i => f (IZR i)) (a + 1) b) by ring.
    apply (telescope_le (fun i => f (IZR i)) (fun i => F (IZR i))); [lia|]. intros i Hi. destruct (mean_value i ltac:(lia)) as (x & Hx & ->).
    assert (IZR a <= IZR (i - 1)) by (apply IZR_le; lia). assert (IZR i <= IZR b) by (apply IZR_le; lia). apply M; lra.
Qed.
End Integral.

(** half of the terms lie in the upper half: (b-a+1)/2 f((a+b)/2) <= sum *)
Theorem half_range : forall (f : R -> R) a b, (a <= b)%Z ->
  (forall x, IZR a <= x <= IZR b -> 0 <= f x) -> (forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f x <= f y) ->
  (IZR b - IZR a + 1) / 2 * f ((IZR a + IZR b) / 2) <= sum (fun i => f (IZR i)) a b.
Proof.
  intros f a b ab P M. set (m := (IZR a + IZR b) / 2). assert (AB : IZR a <= IZR b) by (apply IZR_le; assumption).
  set (G := fun i : Z => Rmax 0 (IZR i - m + 1 / 2) * f m).
  assert (E : G b - G (a - 1)%Z = (IZR b - IZR a + 1) / 2 * f m).
  { unfold G. rewrite minus_IZR, Rmax_right, Rmax_left by (unfold m; lra). unfold m. field. }
  rewrite <- E. apply telescope_ge; [lia|]. intros i Hi.
  assert (IZR a <= IZR i) by (apply IZR_le; lia). assert (IZR i <= IZR b) by (apply IZR_le; lia).
  assert (Pm : 0 <= f m) by (apply P; unfold m; lra). unfold G. rewrite minus_IZR.
  destruct (Z_lt_le_dec (2 * i) (a + b)) as [L|L].
  - assert (L' : 2 * IZR i + 1 <= IZR a + IZR b) by (rewrite <- plus_IZR, <- mult_IZR, <- plus_IZR; apply IZR_le; lia).
    rewrite !Rmax_left by (unfold m; lra). pose proof (P (IZR i) ltac:(lra)). lra.
  - assert (L' : IZR a + IZR b <= 2 * IZR i) by (rewrite <- plus_IZR, <- mult_IZR; apply IZR_le; lia).
    pose proof (M m (IZR i) ltac:(unfold m; lra) ltac:(unfold m; lra) ltac:(lra)).
    rewrite (Rmax_right 0 (IZR i - m + 1 / 2)) by (unfold m; lra). pose proof (Rmax_r 0 (IZR i - 1 - m + 1 / 2)). nra.
Qed.

(* ---- Harmonic numbers and geometric sums ---- *)

Theorem harmonic_lower : forall n, (0 <= n)%Z -> ln (IZR n + 1) <= sum (fun i => 1 / IZR i) 1 n.
Proof.
  intros n Hn. replace (ln (IZR n + 1)) with ((fun i => ln (IZR i + 1)) n - (fun i => ln (IZR i + 1)) (1 - 1)%Z)
    by (cbv beta; simpl; rewrite Rplus_0_l, ln_1; ring).
  apply (telescope_ge (fun i => 1 / IZR i) (fun i => ln (IZR i + 1))); [lia|]. intros i Hi. assert (1 <= IZR i) by (apply IZR_le; lia). rewrite minus_IZR.
  replace (IZR i - 1 + 1) with (IZR i) by ring.
  pose proof (ln_le_minus_one ((IZR i + 1) / IZR i) ltac:(apply div_pos; lra)) as Q.
  unfold Rdiv at 1 in Q. rewrite ln_mult, ln_Rinv in Q by (try lra; apply Rinv_0_lt_compat; lra).
  replace (1 / IZR i) with ((IZR i + 1) / IZR i - 1) by (field; lra). lra.
Qed.
Theorem harmonic_upper : forall n, (1 <= n)%Z -> sum (fun i => 1 / IZR i) 1 n <= 1 + ln (IZR n).
Proof.
  intros n Hn. rewrite sum_first by assumption. replace (1 / 1) with 1 by field. apply Rplus_le_compat_l.
  replace (ln (IZR n)) with ((fun i => ln (IZR i)) n - (fun i => ln (IZR i)) (1 + 1 - 1)%Z) by (cbv beta; simpl; rewrite ln_1; ring).
  apply (telescope_le (fun i => 1 / IZR i) (fun i => ln (IZR i))); [lia|]. intros i Hi. assert (2 <= IZR i) by (apply IZR_le; lia). rewrite minus_IZR.
  pose proof (ln_le_minus_one ((IZR i - 1) / IZR i) ltac:(apply div_pos; lra)) as Q.
  unfold Rdiv at 1 in Q. rewrite ln_mult, ln_Rinv in Q by (try lra; apply Rinv_0_lt_compat; lra).
  replace (1 / IZR i) with (1 - (IZR i - 1) / IZR i) by (field; lra). lra.
Qed.
Theorem geometric : forall r n, (r - 1) * sum (fun i => r ^ Z.to_nat i) 0 (Z.of_nat n) = r ^ S n - 1.
Proof.
  intros r n. induction n as [|n IH].
  - unfold sum; simpl. ring.
  - rewrite Nat2Z.inj_succ, <- Z.add_1_r, sum_last, Rmult_plus_distr_l, IH by lia.
    replace (Z.to_nat (Z.of_nat n + 1)) with (S n) by lia. simpl. ring.
Qed.
