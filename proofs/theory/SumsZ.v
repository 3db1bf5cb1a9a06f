(* Finite sums of integers, sum f a b = f(a) + ... + f(b) (0 for b < a): telescoping, termwise comparison, closed forms.
   Axiom-free.  Source: finite differences. *)
From Coq Require Import ZArith Lia Ring.
Open Scope Z_scope.

Fixpoint sum_from (f : Z -> Z) (a : Z) (n : nat) : Z := match n with O => 0 | S n' => sum_from f a n' + f (a + Z.of_nat n') end.
Definition sum (f : Z -> Z) (a b : Z) : Z := sum_from f a (Z.to_nat (b - a + 1)).

Lemma sum_empty : forall f a b, b < a -> sum f a b = 0.
Proof. intros f a b H. unfold sum. replace (Z.to_nat (b - a + 1)) with O by lia. reflexivity. Qed.
Lemma sum_last : forall f a b, a - 1 <= b -> sum f a (b + 1) = sum f a b + f (b + 1).
Proof.
  intros f a b H. unfold sum. replace (Z.to_nat (b + 1 - a + 1)) with (S (Z.to_nat (b - a + 1))) by lia.
  cbn [sum_from]. f_equal. f_equal. lia.
Qed.
Lemma range_ind : forall a (P : Z -> Prop), P (a - 1) -> (forall b, a - 1 <= b -> P b -> P (b + 1)) -> forall b, a - 1 <= b -> P b.
Proof.
  intros a P H0 HS b Hb. replace b with (a - 1 + (b - (a - 1))) by lia. apply (natlike_ind (fun n => P (a - 1 + n))); [|intros n Hn IH|lia].
  - rewrite Z.add_0_r. exact H0.
  - replace (a - 1 + Z.succ n) with (a - 1 + n + 1) by lia. apply HS; [lia | exact IH].
Qed.

Theorem telescope : forall f F a b, a - 1 <= b -> (forall i, a <= i <= b -> f i = F i - F (i - 1)) -> sum f a b = F b - F (a - 1).
Proof.
  intros f F a. apply (range_ind a (fun b => (forall i, a <= i <= b -> f i = F i - F (i - 1)) -> sum f a b = F b - F (a - 1))).
  - intros _. rewrite sum_empty by lia. lia.
  - intros b Hb IH H. rewrite sum_last, IH, (H (b + 1)) by (try assumption; try (intros; apply H); lia). replace (b + 1 - 1) with b by lia. lia.
Qed.
Theorem sum_le : forall f g a b, (forall i, a <= i <= b -> f i <= g i) -> sum f a b <= sum g a b.
Proof.
  intros f g a b H. destruct (Z_lt_le_dec b (a - 1)) as [L|L]; [rewrite !sum_empty by lia; lia|]. revert H.
  apply (range_ind a (fun b => (forall i, a <= i <= b -> f i <= g i) -> sum f a b <= sum g a b)); [| |exact L].
  - intros _. rewrite !sum_empty by lia. lia.
  - intros c Hc IH H. rewrite !sum_last by assumption. pose proof (H (c + 1) ltac:(lia)). assert (sum f a c <= sum g a c) by (apply IH; intros; apply H; lia). lia.
Qed.
Theorem sum_ext : forall f g a b, (forall i, a <= i <= b -> f i = g i) -> sum f a b = sum g a b.
Proof. intros f g a b H. apply Z.le_antisymm; apply sum_le; intros i Hi; rewrite (H i Hi); lia. Qed.
Theorem telescope_le : forall f F a b, a - 1 <= b -> (forall i, a <= i <= b -> f i <= F i - F (i - 1)) -> sum f a b <= F b - F (a - 1).
Proof. intros f F a b L H. rewrite <- (telescope (fun i => F i - F (i - 1)) F a b L) by reflexivity. apply sum_le, H. Qed.
Theorem telescope_ge : forall f F a b, a - 1 <= b -> (forall i, a <= i <= b -> F i - F (i - 1) <= f i) -> F b - F (a - 1) <= sum f a b.
Proof. intros f F a b L H. rewrite <- (telescope (fun i => F i - F (i - 1)) F a b L) by reflexivity. apply sum_le, H. Qed.
(* telescoping up to a common factor: c*f(i) = F(i) - F(i-1) *)
Theorem telescope_scaled : forall c f F a b, a - 1 <= b -> (forall i, a <= i <= b -> c * f i = F i - F (i - 1)) -> c * sum f a b = F b - F (a - 1).
Proof.
  intros c f F a. apply (range_ind a (fun b => (forall i, a <= i <= b -> c * f i = F i - F (i - 1)) -> c * sum f a b = F b - F (a - 1))).
  - intros _. rewrite sum_empty by lia. lia.
  - intros b Hb IH H. rewrite sum_last, Z.mul_add_distr_l, IH, (H (b + 1)) by (try assumption; try (intros; apply H); lia). replace (b + 1 - 1) with b by lia. lia.
Qed.

Theorem sum_const : forall c a b, a - 1 <= b -> sum (fun _ => c) a b = (b - a + 1) * c.
Proof. intros c a b H. rewrite (telescope (fun _ => c) (fun i => i * c) a b H) by (intros; ring). ring. Qed.
Theorem sum_scale : forall c f a b, sum (fun i => c * f i) a b = c * sum f a b.
Proof. intros c f a b. unfold sum. induction (Z.to_nat (b - a + 1)) as [|n IH]; simpl; [ring | rewrite IH; ring]. Qed.
Theorem sum_plus : forall f g a b, sum (fun i => f i + g i) a b = sum f a b + sum g a b.
Proof. intros f g a b. unfold sum. induction (Z.to_nat (b - a + 1)) as [|n IH]; simpl; [ring | rewrite IH; ring]. Qed.
Theorem sum_nonneg : forall f a b, (forall i, a <= i <= b -> 0 <= f i) -> 0 <= sum f a b.
Proof.
  intros f a b H. apply Z.le_trans with (sum (fun _ => 0) a b); [|apply sum_le, H].
  destruct (Z_lt_le_dec b a); [rewrite sum_empty; lia | rewrite sum_const; lia].
Qed.

(* closed forms *)
Theorem sum_arithmetic : forall n, 0 <= n -> 2 * sum (fun i => i) 1 n = n * (n + 1).
Proof. intros n H. rewrite (telescope_scaled 2 _ (fun i => i * (i + 1)) 1 n); [ring | lia | intros; ring]. Qed.
Theorem sum_squares : forall n, 0 <= n -> 6 * sum (fun i => i ^ 2) 1 n = n * (n + 1) * (2 * n + 1).
Proof. intros n H. rewrite (telescope_scaled 6 _ (fun i => i * (i + 1) * (2 * i + 1)) 1 n); [ring | lia | intros; ring]. Qed.
Theorem sum_cubes : forall n, 0 <= n -> 4 * sum (fun i => i ^ 3) 1 n = n ^ 2 * (n + 1) ^ 2.
Proof. intros n H. rewrite (telescope_scaled 4 _ (fun i => i ^ 2 * (i + 1) ^ 2) 1 n); [ring | lia | intros; ring]. Qed.
Theorem sum_geometric : forall r n, 0 <= n -> (r - 1) * sum (fun i => r ^ i) 0 n = r ^ (n + 1) - 1.
Proof.
  intros r n Hn. enough (Q : forall b, 0 - 1 <= b -> (r - 1) * sum (fun i => r ^ i) 0 b = r ^ (b + 1) - 1) by (apply Q; lia).
  clear n Hn. apply range_ind.
  - rewrite sum_empty by lia. simpl. ring.
  - intros b Hb IH. rewrite sum_last, Z.mul_add_distr_l, IH by assumption. rewrite (Z.pow_add_r r (b + 1) 1) by lia. ring.
Qed.
