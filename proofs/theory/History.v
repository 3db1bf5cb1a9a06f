(* Sums of a function on the natural numbers, and recurrences T(n) = F(T restricted to the arguments below n, n): existence and positivity.
   Source: well-founded recursion. *)
From Coq Require Import Reals Lra Lia Arith Wf_nat.
Open Scope R_scope.

Fixpoint sum_nat_from (f : nat -> R) (a m : nat) : R := match m with O => 0 | S m' => sum_nat_from f a m' + f (a + m')%nat end.
(* f(a) + ... + f(b), 0 for b < a *)
Definition sum_nat (f : nat -> R) (a b : nat) : R := sum_nat_from f a (S b - a).

Lemma sum_nat_empty : forall f a b, (b < a)%nat -> sum_nat f a b = 0.
Proof. intros f a b H. unfold sum_nat. replace (S b - a)%nat with O by lia. reflexivity. Qed.
Lemma sum_nat_last : forall f a b, (a <= S b)%nat -> sum_nat f a (S b) = sum_nat f a b + f (S b).
Proof. intros f a b H. unfold sum_nat. replace (S (S b) - a)%nat with (S (S b - a)) by lia. cbn [sum_nat_from]. do 2 f_equal. lia. Qed.
Lemma sum_nat_ext : forall f g a b, (forall k, (a <= k <= b)%nat -> f k = g k) -> sum_nat f a b = sum_nat g a b.
Proof.
  intros f g a b. unfold sum_nat. enough (Q : forall m, (forall k, (a <= k < a + m)%nat -> f k = g k) -> sum_nat_from f a m = sum_nat_from g a m).
  { intros H. apply Q. intros k Hk. apply H. lia. }
  induction m as [|m IH]; intros H; cbn [sum_nat_from]; [reflexivity|]. rewrite IH, (H (a + m)%nat) by (try intros; try apply H; lia). reflexivity.
Qed.
Lemma sum_nat_scale : forall c f a b, sum_nat (fun k => c * f k) a b = c * sum_nat f a b.
Proof. intros c f a b. unfold sum_nat. induction (S b - a)%nat as [|m IH]; cbn [sum_nat_from]; [ring | rewrite IH; ring]. Qed.
Lemma sum_nat_nonneg : forall f a b, (forall k, (a <= k <= b)%nat -> 0 <= f k) -> 0 <= sum_nat f a b.
Proof.
  intros f a b. unfold sum_nat. enough (Q : forall m, (forall k, (a <= k < a + m)%nat -> 0 <= f k) -> 0 <= sum_nat_from f a m).
  { intros H. apply Q. intros k Hk. apply H. lia. }
  induction m as [|m IH]; intros H; cbn [sum_nat_from]; [lra|].
  assert (0 <= sum_nat_from f a m) by (apply IH; intros; apply H; lia). pose proof (H (a + m)%nat ltac:(lia)). lra.
Qed.
Lemma sum_nat_from_first : forall f a m, sum_nat_from f a (S m) = f a + sum_nat_from f (S a) m.
Proof.
  intros f a m. induction m as [|m IH]; [cbn [sum_nat_from]; rewrite Nat.add_0_r; ring|].
  cbn [sum_nat_from] in *. rewrite IH. replace (S a + m)%nat with (a + S m)%nat by lia. ring.
Qed.
(** the order of the terms does not matter: sum of f(c - k) over [a, b] is that of f over [c - b, c - a] *)
Lemma sum_nat_reverse : forall f a b c, (a <= b <= c)%nat -> sum_nat (fun k => f (c - k)%nat) a b = sum_nat f (c - b) (c - a).
Proof.
  intros f a b c H. unfold sum_nat. replace (S (c - a) - (c - b))%nat with (S b - a)%nat by lia.
  enough (Q : forall m a, (a + m <= S c)%nat -> sum_nat_from (fun k => f (c - k)%nat) a m = sum_nat_from f (S c - (a + m)) m).
  { rewrite Q by lia. f_equal. lia. }
  clear. induction m as [|m IH]; intros a H; [reflexivity|]. rewrite sum_nat_from_first, IH by lia. cbn [sum_nat_from].
  replace (S c - (a + S m) + m)%nat with (c - a)%nat by lia. replace (S a + m)%nat with (a + S m)%nat by lia. ring.
Qed.

(* ---- recurrences on all smaller arguments ---- *)
Section Recursion.
Variables (F : (nat -> R) -> nat -> R) (base : nat -> R) (n0 : nat).
Hypothesis local : forall T T' n, (n0 <= n)%nat -> (forall m, (m < n)%nat -> T m = T' m) -> F T n = F T' n.
Fixpoint stage (k : nat) : nat -> R := match k with
  | O => fun _ => 0 | S k' => fun n => if le_lt_dec n0 n then F (stage k') n else base n end.
Lemma stage_stable : forall n k k', (n < k)%nat -> (n < k')%nat -> stage k n = stage k' n.
Proof.
  intros n; induction n as [n IH] using lt_wf_ind; intros [|k] [|k'] H H'; try lia. cbn [stage].
  destruct (le_lt_dec n0 n) as [L|L]; [|reflexivity]. apply local; [assumption|]. intros m Hm. apply IH; lia.
Qed.
Definition recursion (n : nat) : R := stage (S n) n.
Theorem recursion_base : forall n, (n < n0)%nat -> recursion n = base n.
Proof. intros n L. unfold recursion. cbn [stage]. destruct (le_lt_dec n0 n); [lia | reflexivity]. Qed.
Theorem recursion_step : forall n, (n0 <= n)%nat -> recursion n = F recursion n.
Proof.
  intros n L. unfold recursion at 1. cbn [stage]. destruct (le_lt_dec n0 n); [|lia]. apply local; [assumption|].
  intros m Hm. apply stage_stable; lia.
Qed.
End Recursion.
