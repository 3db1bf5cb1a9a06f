(* Recurrences of which only bounds are known: T(n) <= .. or >= .., driving functions O(f), Omega(f), Theta(f).  Each case of the
   theorems gives an upper bound of T from one of the driving function, and a lower bound from one. *)
From Coq Require Import Reals Lra Lia List.
From Aalp Require Import Analysis Recurrence AkraBazzi LinearRecurrence Growth.
Open Scope R_scope.

Lemma sum_above : forall f g F, bounded_above f F -> bounded_above g F -> (forall n, 0 < F n) -> bounded_above (fun n => f n + g n) F.
Proof.
  intros f g F (c & N & Hc & A) (d & M & Hd & B) P. exists (c + d), (Nat.max N M). split; [lra|]. intros n Hn.
  specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). lra.
Qed.
Lemma sum_below_l : forall f g F, bounded_below f F -> late (fun n => 0 <= g n) -> bounded_below (fun n => f n + g n) F.
Proof. intros f g F (q & N & Hq & A) (M & B). exists q, (Nat.max N M). split; [assumption|]. intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). lra. Qed.
Lemma sum_below_r : forall f g F, late (fun n => 0 <= f n) -> bounded_below g F -> bounded_below (fun n => f n + g n) F.
Proof. intros f g F (M & B) (q & N & Hq & A). exists q, (Nat.max N M). split; [assumption|]. intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). lra. Qed.
Lemma sum_late : forall f g : nat -> R, late (fun n => 0 <= f n) -> late (fun n => 0 <= g n) -> late (fun n => 0 <= f n + g n).
Proof. intros f g A B. generalize (late_and _ _ A B). apply late_imp. intros n H. lra. Qed.
Lemma above_class : forall (h f : nat -> R) C r d k j c N, 0 < C -> grows f C r d k j -> 0 < c -> (forall n, (N <= n)%nat -> h n <= c * f n) -> bounded_above h (Sc r d k j).
Proof.
  intros h f C r d k j c N HC G Hc H. destruct (grows_bounds _ _ _ _ _ _ HC G) as (M & B). exists (c * (2 * C)), (Nat.max N M).
  split; [apply Rmult_lt_0_compat; lra|]. intros n Hn. specialize (H n ltac:(lia)). destruct (B n ltac:(lia)) as [_ B']. apply Rmult_le_compat_l with (r := c) in B'; lra.
Qed.
Lemma below_class : forall (h f : nat -> R) C r d k j c N, 0 < C -> grows f C r d k j -> 0 < c -> (forall n, (N <= n)%nat -> f n <= c * h n) -> bounded_below h (Sc r d k j).
Proof.
  intros h f C r d k j c N HC G Hc H. destruct (grows_bounds _ _ _ _ _ _ HC G) as (M & B). exists (C / 2 / c), (Nat.max N M).
  split; [repeat apply div_pos; lra|]. intros n Hn. specialize (H n ltac:(lia)). destruct (B n ltac:(lia)) as [B' _].
  apply Rmult_le_reg_l with c; [assumption|]. replace (c * (C / 2 / c * Sc r d k j n)) with (C / 2 * Sc r d k j n) by (field; lra). lra.
Qed.

Section Divide.
Variables (T g : nat -> R) (l : list term) (al be c : R) (n0 : nat).
Hypothesis rounding : rounded INR al be c n0 (single l).
Hypothesis nonneg : late (fun n => 0 <= g n).
Lemma driving_W : forall d k, bounded_above g (Sc 0 d k 0) -> exists K, 0 < K /\ late (fun n => 0 <= g n <= K * W d k (INR n)).
Proof.
  intros d k (K & N & HK & A). exists K. split; [assumption|]. destruct nonneg as (M & P). exists (Nat.max N M). intros n Hn.
  rewrite Sc_W. split; [apply P | apply A]; lia.
Qed.
Section Upper.
Hypothesis B : below T g n0 (single l).
Theorem loose_leaf_upper : forall p d1, d1 < p -> asum l p <= 1 -> bounded_above g (Sc 0 d1 0 0) -> bounded_above T (Sc 0 p 0 0).
Proof.
  intros p d1 Hd S U. destruct (driving_W _ _ U) as (K & HK & U'). apply (as_class T (fun n => Rpower (INR n) p)); [intros; apply power_class|].
  apply (upper_leaf INR scale_INR T g (single l) al be c n0 rounding B p d1 0 K Hd); [intros ? ->; assumption | lra | assumption].
Qed.
Theorem loose_root_upper : forall d k, asum l d < 1 -> bounded_above g (Sc 0 d k 0) -> bounded_above T (Sc 0 d k 0).
Proof.
  intros d k S U. destruct (driving_W _ _ U) as (K & HK & U'). apply (as_class T (fun n => W d k (INR n))); [intros; apply Sc_W|].
  apply (upper_root INR scale_INR T g (single l) al be c n0 rounding B d k (asum l d) K); [intros ? ->; apply Rle_refl | assumption | lra | assumption].
Qed.
Theorem loose_balanced_upper : forall d k, -1 < k -> asum l d <= 1 -> bounded_above g (Sc 0 d k 0) -> bounded_above T (Sc 0 d (k + 1) 0).
Proof.
  intros d k Hk S U. destruct (driving_W _ _ U) as (K & HK & U'). apply (as_class T (fun n => W d (k + 1) (INR n))); [intros; apply Sc_W|].
  apply (upper_balanced INR scale_INR T g (single l) al be c n0 rounding B d k K Hk); [intros ? ->; assumption | lra | assumption].
Qed.
End Upper.
Section Lower.
Hypothesis A : above T g n0 (single l).
Hypothesis positive : late (fun n => 0 < T n).
Theorem loose_leaf_lower : forall p, 1 <= asum l p -> bounded_below T (Sc 0 p 0 0).
Proof.
  intros p S. apply (as_class' T (fun n => Rpower (INR n) p)); [intros; apply power_class|].
  apply (lower_leaf INR scale_INR T g (single l) al be c n0 rounding A positive p); [intros ? ->; assumption | assumption].
Qed.
Lemma driving_W_below : forall d k, bounded_below g (Sc 0 d k 0) -> exists q, 0 < q /\ late (fun n => q * W d k (INR n) <= g n).
Proof. intros d k (q & N & Hq & L). exists q. split; [assumption|]. exists N. intros n Hn. rewrite Sc_W. apply L, Hn. Qed.
Theorem loose_root_lower : forall d k, bounded_below g (Sc 0 d k 0) -> bounded_below T (Sc 0 d k 0).
Proof.
  intros d k L. destruct (driving_W_below _ _ L) as (q & Hq & L'). apply (as_class' T (fun n => W d k (INR n))); [intros; apply Sc_W|].
  destruct (lower_root INR scale_INR T g (single l) al be c n0 rounding A positive (fun x => q * W d k x) L') as (N & H). exists q, N. split; assumption.
Qed.
Theorem loose_balanced_lower : forall d k, -1 < k -> 1 <= asum l d -> bounded_below g (Sc 0 d k 0) -> bounded_below T (Sc 0 d (k + 1) 0).
Proof.
  intros d k Hk S L. destruct (driving_W_below _ _ L) as (q & Hq & L'). apply (as_class' T (fun n => W d (k + 1) (INR n))); [intros; apply Sc_W|].
  apply (lower_balanced INR scale_INR T g (single l) al be c n0 rounding A positive d k q Hk); [intros ? ->; assumption | assumption | assumption].
Qed.
End Lower.
End Divide.

Section Linear.
Variables (T g : nat -> R) (l : list (R * nat)) (D : nat).
Hypothesis OK : lags_ok D l.
Hypothesis nonneg : late (fun n => 0 <= g n).
Lemma driving_geometric : forall s k, 0 < s -> bounded_above g (Sc (ln s) k 0 0) -> exists K, 0 < K /\ late (fun n => 0 <= g n <= K * (s ^ n * Rpower (INR n) k)).
Proof.
  intros s k Hs (K & N & HK & A). exists K. split; [assumption|]. destruct nonneg as (M & P). exists (Nat.max N M). intros n Hn.
  rewrite geometric_class by assumption. split; [apply P | apply A]; lia.
Qed.
Section Upper.
Hypothesis B : forall n, (D <= n)%nat -> T n <= lsum l T n + g n.
Theorem loose_linear_leaf_upper : forall r s, 0 < s -> s < r -> chi l r <= 1 -> bounded_above g (Sc (ln s) 0 0 0) -> bounded_above T (Sc (ln r) 0 0 0).
Proof.
  intros r s Hs Hr S U. destruct (driving_geometric _ _ Hs U) as (K & HK & U'). apply (as_class T (fun n => r ^ n)); [intros; apply geometric_class_0; lra|].
  apply (linear_upper_leaf T g l D OK B r s 0 K Hs Hr S ltac:(lra)). exact U'.
Qed.
Theorem loose_linear_balanced_upper : forall s k, 0 < s -> -1 < k -> chi l s <= 1 -> bounded_above g (Sc (ln s) k 0 0) -> bounded_above T (Sc (ln s) (k + 1) 0 0).
Proof.
  intros s k Hs Hk S U. destruct (driving_geometric _ _ Hs U) as (K & HK & U'). apply (as_class T (fun n => s ^ n * Rpower (INR n) (k + 1))); [intros; apply geometric_class; lra|].
  apply (linear_upper_balanced T g l D OK B s k K Hs Hk); [assumption | lra | exact U'].
Qed.
Theorem loose_linear_root_upper : forall s k, 0 < s -> chi l s < 1 -> bounded_above g (Sc (ln s) k 0 0) -> bounded_above T (Sc (ln s) k 0 0).
Proof.
  intros s k Hs S U. destruct (driving_geometric _ _ Hs U) as (K & HK & U'). apply (as_class T (fun n => s ^ n * Rpower (INR n) k)); [intros; apply geometric_class; lra|].
  apply (linear_upper_root T g l D OK B s k (chi l s) K Hs); [lra | assumption | lra | exact U'].
Qed.
End Upper.
Section Lower.
Hypothesis A : forall n, (D <= n)%nat -> lsum l T n + g n <= T n.
Hypothesis positive : late (fun n => 0 < T n).
Theorem loose_linear_leaf_lower : forall r, 0 < r -> 1 <= chi l r -> bounded_below T (Sc (ln r) 0 0 0).
Proof.
  intros r Hr S. apply (as_class' T (fun n => r ^ n)); [intros; apply geometric_class_0; lra|].
  apply (linear_lower_leaf T g l D OK A positive r Hr S nonneg).
Qed.
Lemma driving_geometric_below : forall s k, 0 < s -> bounded_below g (Sc (ln s) k 0 0) -> exists q, 0 < q /\ late (fun n => q * (s ^ n * Rpower (INR n) k) <= g n).
Proof. intros s k Hs (q & N & Hq & L). exists q. split; [assumption|]. exists N. intros n Hn. rewrite geometric_class by assumption. apply L, Hn. Qed.
Theorem loose_linear_balanced_lower : forall s k, 0 < s -> -1 < k -> 1 <= chi l s -> bounded_below g (Sc (ln s) k 0 0) -> bounded_below T (Sc (ln s) (k + 1) 0 0).
Proof.
  intros s k Hs Hk S L. destruct (driving_geometric_below _ _ Hs L) as (q & Hq & L'). apply (as_class' T (fun n => s ^ n * Rpower (INR n) (k + 1))); [intros; apply geometric_class; lra|].
  apply (linear_lower_balanced T g l D OK A positive s k q Hs Hk); [assumption | assumption | exact L'].
Qed.
Theorem loose_linear_root_lower : forall s k, 0 < s -> bounded_below g (Sc (ln s) k 0 0) -> bounded_below T (Sc (ln s) k 0 0).
Proof.
  intros s k Hs L. destruct (driving_geometric_below _ _ Hs L) as (q & Hq & L'). apply (as_class' T (fun n => s ^ n * Rpower (INR n) k)); [intros; apply geometric_class; lra|].
  destruct (linear_lower_root T g l D OK A positive (fun n => q * (s ^ n * Rpower (INR n) k)) L') as (N & H). exists q, N. split; assumption.
Qed.
End Lower.
End Linear.
