(* Systems of several functions, T_f(n) = sum a T_g(r(n)) + h_f(n).
   - Solutions: well-founded recursion with values in any type, here tuples of numbers.
   - A group of functions that call each other: max_f T_f/v_f is bounded by the recurrence whose branches are the weighted equations,
     min_f T_f/v_f from below; the cases of the Akra-Bazzi theorem for finitely many branches.
   - A function that only calls groups with known classes has them in its driving function: the class of n -> T(r(n)). *)
From Coq Require Import Reals Lra Lia List Arith Wf_nat.
From Aalp Require Import Analysis Recurrence AkraBazzi LinearRecurrence Growth Calls Dominated.
Open Scope R_scope.

Section Solutions.
Variables (X : Type) (F : (nat -> X) -> nat -> X) (base : nat -> X) (n0 : nat).
Hypothesis local : forall T T' n, (n0 <= n)%nat -> (forall m, (m < n)%nat -> T m = T' m) -> F T n = F T' n.
Fixpoint values (k : nat) : nat -> X := match k with
  | O => base | S k' => fun n => if le_lt_dec n0 n then F (values k') n else base n end.
Lemma values_stable : forall n k k', (n < k)%nat -> (n < k')%nat -> values k n = values k' n.
Proof.
  intros n; induction n as [n IH] using lt_wf_ind; intros [|k] [|k'] H H'; try lia. cbn [values].
  destruct (le_lt_dec n0 n) as [L|L]; [|reflexivity]. apply local; [assumption|]. intros m Hm. apply IH; lia.
Qed.
Definition system (n : nat) : X := values (S n) n.
Theorem system_base : forall n, (n < n0)%nat -> system n = base n.
Proof. intros n L. unfold system. cbn [values]. destruct (le_lt_dec n0 n); [lia | reflexivity]. Qed.
Theorem system_step : forall n, (n0 <= n)%nat -> system n = F system n.
Proof.
  intros n L. unfold system at 1. cbn [values]. destruct (le_lt_dec n0 n); [|lia]. apply local; [assumption|].
  intros m Hm. apply values_stable; lia.
Qed.
End Solutions.

Definition listed (ls : list (list term)) : list term -> Prop := fun l => In l ls.

(* ---- from the greatest and the least quotient to each function ---- *)
Lemma part_above : forall (T U F : nat -> R) v, 0 < v -> (forall n, T n <= v * U n) -> bounded_above U F -> bounded_above T F.
Proof.
  intros T U F v Hv H (c & N & Hc & B). exists (v * c), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  apply Rle_trans with (1 := H n). rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra | apply B, Hn].
Qed.
Lemma part_below : forall (T U F : nat -> R) v, 0 < v -> (forall n, v * U n <= T n) -> bounded_below U F -> bounded_below T F.
Proof.
  intros T U F v Hv H (c & N & Hc & B). exists (v * c), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  apply Rle_trans with (2 := H n). rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra | apply B, Hn].
Qed.

(* ---- calls of functions with a known class ---- *)
Section Called.
Variables (T : nat -> R) (r : nat -> nat) (b c a d k : R) (N0 : nat).
Hypothesis b_pos : 0 < b.
Hypothesis c_nonneg : 0 <= c.
Hypothesis near : forall n, (N0 <= n)%nat -> Rabs (INR (r n) - b * INR n) <= c.
Hypothesis a_pos : 0 < a.
Let G : grows (fun n => INR (r n)) b 0 1 0 0 := grows_linear r b c N0 b_pos c_nonneg near.
Let K : R := Rpower b d * Rpower 1 k.
Let K_pos : 0 < K. Proof. apply Rmult_lt_0_compat; apply Rpower_pos. Qed.
Let size : late (fun n => K / 2 * Sc 0 d k 0 n <= Sc 0 d k 0 (r n) <= 2 * K * Sc 0 d k 0 n).
Proof.
  assert (S0 : grows (Sc 0 d k 0) 1 0 d k 0).
  { intros eps He. exists 0%nat. intros n _. unfold R_dist. replace (Sc 0 d k 0 n / Sc 0 d k 0 n - 1) with 0; [rewrite Rabs_R0; exact He|].
    pose proof (Sc_pos 0 d k 0 n). unfold Rdiv. rewrite Rinv_r; lra. }
  pose proof (grows_compose r b 1 0 0 b_pos Rlt_0_1 G _ _ _ _ _ S0) as X.
  assert (Y : grows (fun n => Sc 0 d k 0 (r n)) K 0 d k 0) by (refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X _ _ _ _ _); unfold K; ring).
  exact (grows_bounds _ _ _ _ _ _ K_pos Y).
Qed.
Let far (m : nat) : late (fun n => (m <= r n)%nat) := compose_far r b 1 0 0 b_pos Rlt_0_1 G m.
Theorem called_above : bounded_above T (Sc 0 d k 0) -> bounded_above (fun n => a * T (r n)) (Sc 0 d k 0).
Proof.
  intros (q & N & Hq & B). destruct (late_and _ _ (far N) size) as (M & H). exists (a * (q * (2 * K))), M.
  split; [apply Rmult_lt_0_compat; [assumption | apply Rmult_lt_0_compat; lra]|]. intros n Hn. destruct (H n Hn) as (L & _ & S). specialize (B (r n) L).
  rewrite !Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rle_trans with (1 := B). apply Rmult_le_compat_l; lra.
Qed.
Theorem called_below : bounded_below T (Sc 0 d k 0) -> bounded_below (fun n => a * T (r n)) (Sc 0 d k 0).
Proof.
  intros (q & N & Hq & B). destruct (late_and _ _ (far N) size) as (M & H). exists (a * (q * (K / 2))), M.
  split; [apply Rmult_lt_0_compat; [assumption | apply Rmult_lt_0_compat; lra]|]. intros n Hn. destruct (H n Hn) as (L & S & _). specialize (B (r n) L).
  rewrite !Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rle_trans with (2 := B). apply Rmult_le_compat_l; lra.
Qed.
Theorem called_late : (forall n, 0 < T n) -> late (fun n => 0 <= a * T (r n)).
Proof. intros H. exists 0%nat. intros n _. apply Rmult_le_pos; [lra | left; apply H]. Qed.
End Called.

(* ---- the cases of the theorem ---- *)
Section Divide.
Variables (T g : nat -> R) (ls : list (list term)) (al be c : R) (n0 : nat).
Hypothesis rounding : rounded INR al be c n0 (listed ls).
Hypothesis nonneg : late (fun n => 0 <= g n).
Section Upper.
Hypothesis B : below T g n0 (listed ls).
Let size : forall d k, bounded_above g (Sc 0 d k 0) -> exists K, 0 < K /\ late (fun n => 0 <= g n <= K * W d k (INR n)).
Proof.
  intros d k (K & N & HK & A). exists K. split; [assumption|]. destruct nonneg as (M & P). exists (Nat.max N M). intros n Hn.
  rewrite Sc_W. split; [apply P | apply A]; lia.
Qed.
Theorem system_leaf_upper : forall p d1, d1 < p -> (forall l, In l ls -> asum l p <= 1) -> bounded_above g (Sc 0 d1 0 0) -> bounded_above T (Sc 0 p 0 0).
Proof.
  intros p d1 Hd S U. destruct (size _ _ U) as (K & HK & U'). apply (as_class T (fun n => Rpower (INR n) p)); [intros; apply power_class|].
  apply (upper_leaf INR scale_INR T g (listed ls) al be c n0 rounding B p d1 0 K Hd S); [lra | assumption].
Qed.
Theorem system_root_upper : forall d k rho, rho < 1 -> (forall l, In l ls -> asum l d <= rho) -> bounded_above g (Sc 0 d k 0) -> bounded_above T (Sc 0 d k 0).
Proof.
  intros d k rho Hr S U. destruct (size _ _ U) as (K & HK & U'). apply (as_class T (fun n => W d k (INR n))); [intros; apply Sc_W|].
  apply (upper_root INR scale_INR T g (listed ls) al be c n0 rounding B d k rho K S Hr); [lra | assumption].
Qed.
Theorem system_balanced_upper : forall d k, -1 < k -> (forall l, In l ls -> asum l d <= 1) -> bounded_above g (Sc 0 d k 0) -> bounded_above T (Sc 0 d (k + 1) 0).
Proof.
  intros d k Hk S U. destruct (size _ _ U) as (K & HK & U'). apply (as_class T (fun n => W d (k + 1) (INR n))); [intros; apply Sc_W|].
  apply (upper_balanced INR scale_INR T g (listed ls) al be c n0 rounding B d k K Hk S); [lra | assumption].
Qed.
End Upper.
Section Lower.
Hypothesis A : above T g n0 (listed ls).
Hypothesis positive : late (fun n => 0 < T n).
Let size : forall d k, bounded_below g (Sc 0 d k 0) -> exists q, 0 < q /\ late (fun n => q * W d k (INR n) <= g n).
Proof. intros d k (q & N & Hq & L). exists q. split; [assumption|]. exists N. intros n Hn. rewrite Sc_W. apply L, Hn. Qed.
Theorem system_leaf_lower : forall p, (forall l, In l ls -> 1 <= asum l p) -> bounded_below T (Sc 0 p 0 0).
Proof.
  intros p S. apply (as_class' T (fun n => Rpower (INR n) p)); [intros; apply power_class|].
  exact (lower_leaf INR scale_INR T g (listed ls) al be c n0 rounding A positive p S nonneg).
Qed.
Theorem system_root_lower : forall d k, bounded_below g (Sc 0 d k 0) -> bounded_below T (Sc 0 d k 0).
Proof.
  intros d k L. destruct (size _ _ L) as (q & Hq & L'). apply (as_class' T (fun n => W d k (INR n))); [intros; apply Sc_W|].
  destruct (lower_root INR scale_INR T g (listed ls) al be c n0 rounding A positive (fun x => q * W d k x) L') as (N & H). exists q, N. split; assumption.
Qed.
Theorem system_balanced_lower : forall d k, -1 < k -> (forall l, In l ls -> 1 <= asum l d) -> bounded_below g (Sc 0 d k 0) -> bounded_below T (Sc 0 d (k + 1) 0).
Proof.
  intros d k Hk S L. destruct (size _ _ L) as (q & Hq & L'). apply (as_class' T (fun n => W d (k + 1) (INR n))); [intros; apply Sc_W|].
  exact (lower_balanced INR scale_INR T g (listed ls) al be c n0 rounding A positive d k q Hk S Hq L').
Qed.
End Lower.
End Divide.

(* ---- driving functions of a group ---- *)
Lemma zero_above : forall F, (forall n, 0 < F n) -> bounded_above (fun _ => 0) F.
Proof. intros F P. exists 1, 0%nat. split; [lra|]. intros n _. pose proof (P n). lra. Qed.
Lemma multiple_above : forall f F a, 0 < a -> bounded_above f F -> bounded_above (fun n => a * f n) F.
Proof.
  intros f F a Ha (c & N & Hc & B). exists (a * c), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra | apply B, Hn].
Qed.
Lemma multiple_below : forall f F a, 0 < a -> bounded_below f F -> bounded_below (fun n => a * f n) F.
Proof.
  intros f F a Ha (c & N & Hc & B). exists (a * c), N. split; [apply Rmult_lt_0_compat; assumption|]. intros n Hn.
  rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra | apply B, Hn].
Qed.
Lemma least_below : forall f g F, (forall n, 0 < F n) -> bounded_below f F -> bounded_below g F -> bounded_below (fun n => Rmin (f n) (g n)) F.
Proof.
  intros f g F P (c & N & Hc & A) (d & M & Hd & B). exists (Rmin c d), (Nat.max N M). split; [apply Rmin_glb_lt; assumption|].
  intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). pose proof (P n). pose proof (Rmin_l c d). pose proof (Rmin_r c d).
  apply Rmin_glb; [apply Rle_trans with (2 := A) | apply Rle_trans with (2 := B)]; apply Rmult_le_compat_r; lra.
Qed.
