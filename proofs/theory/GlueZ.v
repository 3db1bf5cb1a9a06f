(* What exported proofs over the integers are glued with: inequalities between quotients as inequalities between products,
   their non-negative combinations, sums up to common factors, rates and families.  Axiom-free. *)
From Coq Require Import ZArith List Lia Ring Bool.
From Aalp Require Export TacticsZ.
Open Scope Z_scope.

(* ---- Combinations: y (r - l) = e with e >= 0 a combination of what is known ---- *)

Lemma combine_le : forall y l r e, 0 < y -> y * (r - l) = e -> 0 <= e -> l <= r.
Proof. intros y l r e Y E H. destruct (Z_le_gt_dec l r) as [L|L]; [exact L|]. nia. Qed.
Lemma combine_lt : forall y l r e, 0 < y -> y * (r - l) = e -> 0 < e -> l < r.
Proof. intros y l r e Y E H. destruct (Z_lt_ge_dec l r) as [L|L]; [exact L|]. nia. Qed.
Lemma combine_eq : forall y l r e, 0 < y -> y * (r - l) = e -> e = 0 -> l = r.
Proof. intros y l r e Y E H. assert (Q : y * (r - l) = 0) by congruence. apply Z.mul_eq_0 in Q as [Q|Q]; lia. Qed.
Lemma part_le : forall x l r, 0 <= x -> l <= r -> 0 <= x * (r - l).
Proof. intros x l r X H. apply Z.mul_nonneg_nonneg; lia. Qed.
Lemma part_lt : forall x l r, 0 < x -> l < r -> 0 < x * (r - l).
Proof. intros x l r X H. apply Z.mul_pos_pos; lia. Qed.
Lemma part_eq : forall x l r, l = r -> x * (r - l) = 0.
Proof. intros x l r ->. ring. Qed.
Lemma part_eq_le : forall x l r, l = r -> 0 <= x * (r - l).
Proof. intros x l r ->. lia. Qed.
Lemma add_zero : forall a b, a = 0 -> b = 0 -> a + b = 0.
Proof. intros; lia. Qed.
Lemma equal_to : forall p (P : Z -> Prop) q, p = q -> P q -> P p.
Proof. intros p P q -> H. exact H. Qed.
Lemma nonneg_as : forall e p, e = p -> 0 <= p -> 0 <= e. Proof. intros; lia. Qed.
Lemma pos_as : forall e p, e = p -> 0 < p -> 0 < e. Proof. intros; lia. Qed.
Lemma one_le_pow : forall b k, 0 < b -> 0 <= k -> 1 <= b ^ k.
Proof. intros b k B K. pose proof (Z.pow_pos_nonneg b k B K). lia. Qed.

(* ---- Sums up to common factors ---- *)

Theorem sum_le_scaled : forall c d f g a b, (forall i, a <= i <= b -> c * f i <= d * g i) -> c * sum f a b <= d * sum g a b.
Proof. intros c d f g a b H. rewrite <- !sum_scale. apply sum_le, H. Qed.
Theorem telescope_scaled_le : forall c f F a b, a - 1 <= b -> (forall i, a <= i <= b -> c * f i <= F i - F (i - 1)) -> c * sum f a b <= F b - F (a - 1).
Proof. intros c f F a b L H. rewrite <- sum_scale. apply telescope_le; assumption. Qed.
Theorem telescope_scaled_ge : forall c f F a b, a - 1 <= b -> (forall i, a <= i <= b -> F i - F (i - 1) <= c * f i) -> F b - F (a - 1) <= c * sum f a b.
Proof. intros c f F a b L H. rewrite <- sum_scale. apply telescope_ge; assumption. Qed.
Theorem member : forall f a b j, a <= j <= b -> (forall i, a <= i <= b -> 0 <= f i) -> f j <= sum f a b.
Proof.
  intros f a b j J H.
  assert (S : forall n, (Z.of_nat n <= b - a + 1) -> (0 <= sum_from f a n) /\ (j < a + Z.of_nat n -> f j <= sum_from f a n)).
  { induction n as [|n IH]; intros L; [simpl; split; [lia | intros; lia]|].
    destruct IH as [I1 I2]; [lia|]. cbn [sum_from]. pose proof (H (a + Z.of_nat n) ltac:(lia)). split; [lia|]. intros Lt.
    destruct (Z.eq_dec j (a + Z.of_nat n)) as [->|N]; [lia|]. specialize (I2 ltac:(lia)). lia. }
  unfold sum. apply (S (Z.to_nat (b - a + 1))); lia.
Qed.

(* ---- Cases ---- *)

Lemma residues : forall d n, 0 < d -> exists m r, n = d * m + r /\ 0 <= r < d.
Proof. intros d n D. exists (n / d), (n mod d). split; [apply Z.div_mod; lia | apply Z.mod_pos_bound, D]. Qed.

(* ---- Rates and families ---- *)

(* f h <= a g with a rate h >= a e gives e f <= g, where f or g is >= 0 *)
Lemma limit_step : forall f g h a e, 0 < a -> 0 < e -> 0 <= f \/ 0 <= g -> f * h <= a * g -> a * e <= h -> e * f <= g.
Proof.
  intros f g h a e A E G B R. destruct (Z_le_gt_dec f 0) as [L|L]; [destruct G; nia|].
  apply (Z.mul_le_mono_pos_l (e * f) g a A). apply Z.le_trans with (f * h); [|exact B].
  replace (a * (e * f)) with (f * (a * e)) by ring. apply Z.mul_le_mono_nonneg_l; lia.
Qed.
(* f cannot be below every fraction of g when d g <= n f, nor g - f when d (g - f) >= n g *)
Lemma contradiction_limit : forall f g n d, 0 < g -> 0 < n -> 0 < d -> d * g <= n * f -> (n + 1) * f <= g -> False.
Proof. intros f g n d G N D B U. assert (0 < f) by nia. assert (g <= d * g) by nia. nia. Qed.
Lemma contradiction_above : forall f g n d, 0 < g -> 0 < n -> 0 < d -> d * f <= n * g -> (n + 1) * g <= f -> False.
Proof. intros f g n d G N D B U. assert (0 < f) by nia. assert (f <= d * f) by nia. nia. Qed.
Lemma contradiction_gap : forall f g n d, 0 < g -> 0 < n -> 0 < d -> n * g <= d * f -> 2 * d * f <= g -> False.
Proof. intros f g n d G N D B U. assert (g <= n * g) by nia. nia. Qed.

(* sizes that pass every bound from some point on *)
Definition unbounded (x : Z -> Z) : Prop := forall N, exists t0, forall t, t0 <= t -> N <= x t.
Lemma unbounded_ge : forall x s c, (forall t, s <= t -> t + c <= x t) -> unbounded x.
Proof. intros x s c H N. exists (Z.max s (N - c)). intros t T. specialize (H t). lia. Qed.
Lemma pow_above : forall b t, 2 <= b -> 0 <= t -> t <= b ^ t.
Proof. intros b t B T. apply Z.lt_le_incl, Z.pow_gt_lin_r; lia. Qed.

(* ---- Powers against exponentials:  d n^p b^n <= k c^n  for all n >= lo, by finitely many comparisons ---- *)

Lemma exponential_step : forall p b c m n, 0 <= p -> 0 <= b -> 1 <= m -> m <= n -> (m + 1) ^ p * b <= m ^ p * c -> (n + 1) ^ p * b <= n ^ p * c.
Proof.
  intros p b c m n P B M N H. assert (Q : (n + 1) ^ p * m ^ p <= n ^ p * (m + 1) ^ p).
  { rewrite <- !Z.pow_mul_l. apply Z.pow_le_mono_l. nia. }
  assert (0 < m ^ p) by (apply Z.pow_pos_nonneg; lia). assert (0 <= n ^ p) by (apply Z.pow_nonneg; lia).
  apply (Z.mul_le_mono_pos_l _ _ (m ^ p)); [assumption|]. apply Z.le_trans with (n ^ p * ((m + 1) ^ p * b)).
  - replace (m ^ p * ((n + 1) ^ p * b)) with ((n + 1) ^ p * m ^ p * b) by ring. rewrite Z.mul_assoc. apply Z.mul_le_mono_nonneg_r; assumption.
  - replace (m ^ p * (n ^ p * c)) with (n ^ p * (m ^ p * c)) by ring. apply Z.mul_le_mono_nonneg_l; assumption.
Qed.
Lemma pow_shift : forall b x y k, 0 <= k -> 0 <= y -> x = k + y -> b ^ x = b ^ k * b ^ y.
Proof. intros b x y k K Y ->. apply Z.pow_add_r; assumption. Qed.
Lemma pow_times : forall b c x, 0 <= c -> 0 <= x -> b ^ (c * x) = (b ^ x) ^ c.
Proof. intros b c x C X. rewrite Z.mul_comm. apply Z.pow_mul_r; assumption. Qed.
Lemma pow_swap : forall b q v, 0 <= q -> 0 <= v -> (b ^ q) ^ v = (b ^ v) ^ q.
Proof. intros b q v Q V. rewrite <- !Z.pow_mul_r by assumption. f_equal. ring. Qed.
Definition exponential_check (p b c d k lo : Z) (m : nat) : bool :=
  let n := lo + Z.of_nat m in
  (0 <=? p) && (0 <=? b) && (0 <=? c) && (0 <=? d) && (0 <=? lo) && (1 <=? n) && ((n + 1) ^ p * b <=? n ^ p * c) &&
  forallb (fun i => let x := lo + Z.of_nat i in d * (x ^ p * b ^ x) <=? k * c ^ x) (seq 0 (S m)).
Theorem exponential : forall p b c d k lo m, exponential_check p b c d k lo m = true ->
  forall n, lo <= n -> d * (n ^ p * b ^ n) <= k * c ^ n.
Proof.
  intros p b c d k lo m H. unfold exponential_check in H. apply andb_prop in H as [H F]. apply andb_prop in H as [H S0].
  repeat (apply andb_prop in H as [H ?]). rewrite Z.leb_le in *. rewrite forallb_forall in F.
  assert (small : forall x, lo <= x <= lo + Z.of_nat m -> d * (x ^ p * b ^ x) <= k * c ^ x).
  { intros x Hx. specialize (F (Z.to_nat (x - lo))). rewrite Z2Nat.id in F by lia. replace (lo + (x - lo)) with x in F by lia.
    apply Z.leb_le, F, in_seq. lia. }
  set (n0 := lo + Z.of_nat m) in *.
  assert (large : forall x, n0 <= x -> d * (x ^ p * b ^ x) <= k * c ^ x).
  { intros x Hx. replace x with (n0 + (x - n0)) by lia. assert (N : 0 <= x - n0) by lia. revert N. generalize (x - n0). clear x Hx.
    apply (natlike_ind (fun y => d * ((n0 + y) ^ p * b ^ (n0 + y)) <= k * c ^ (n0 + y))).
    - rewrite Z.add_0_r. apply small. lia.
    - intros y Y IH. replace (n0 + Z.succ y) with (n0 + y + 1) by lia. set (z := n0 + y) in *.
      rewrite !Z.pow_add_r, !Z.pow_1_r by lia.
      assert (E : (z + 1) ^ p * b <= z ^ p * c) by (apply (exponential_step p b c n0 z); lia).
      assert (0 <= b ^ z) by (apply Z.pow_nonneg; lia). apply Z.le_trans with (d * (b ^ z * (z ^ p * c))).
      + apply Z.mul_le_mono_nonneg_l; [assumption|]. replace ((z + 1) ^ p * (b ^ z * b)) with (b ^ z * ((z + 1) ^ p * b)) by ring.
        apply Z.mul_le_mono_nonneg_l; assumption.
      + replace (d * (b ^ z * (z ^ p * c))) with (d * (z ^ p * b ^ z) * c) by ring.
        replace (k * (c ^ z * c)) with (k * c ^ z * c) by ring. apply Z.mul_le_mono_nonneg_r; assumption. }
  intros n Hn. destruct (Z_le_gt_dec n n0); [apply small | apply large]; lia.
Qed.

(* ---- Tactics ---- *)

Ltac conjunctions := repeat match goal with H : _ /\ _ |- _ => destruct H end.
Ltac known := first [assumption | lia].
(* equations between polynomials, sums compared term by term *)
Ltac terms_same := first [reflexivity | ring | lia | apply sum_ext; intros; cbv beta; terms_same
  | match goal with |- sum ?f _ _ = sum ?f _ _ => apply f_equal2; terms_same | |- sum _ ?a ?b = sum _ ?c ?d =>
      replace a with c by ring; replace b with d by ring; apply sum_ext; intros; cbv beta; terms_same end
  | match goal with |- _ + _ = _ + _ => apply f_equal2 | |- _ - _ = _ - _ => apply f_equal2 | |- _ * _ = _ * _ => apply f_equal2
      | |- _ ^ _ = _ ^ _ => apply f_equal2 | |- Z.max _ _ = _ => apply f_equal2 | |- Z.min _ _ = _ => apply f_equal2
      | |- _ / _ = _ / _ => apply f_equal2 | |- - _ = - _ => apply f_equal end; terms_same].
(* facts about max and min, by the order of the arguments *)
Ltac order_cases := repeat match goal with
  | |- context [Z.max ?a ?b] => destruct (Z.max_spec a b) as [[? ?E]|[? ?E]]; rewrite E; clear E
  | |- context [Z.min ?a ?b] => destruct (Z.min_spec a b) as [[? ?E]|[? ?E]]; rewrite E; clear E
  end.
Ltac extremum := first [lia | order_cases; first [lia | nia]].
(* a relation between numbers that is false (computed in the goal: there the kernel computes the same way again) *)
Ltac false_at_numbers H :=
  let E := fresh in
  lazymatch type of H with
  | ?a <= ?b => assert (E : (a <=? b) = false) by (vm_compute; reflexivity); apply Z.leb_gt in E; exact (Zlt_not_le _ _ E H)
  | ?a < ?b => assert (E : (a <? b) = false) by (vm_compute; reflexivity); apply Z.ltb_ge in E; exact (Zle_not_lt _ _ E H)
  | ?a = ?b => assert (E : (a =? b) = false) by (vm_compute; reflexivity); apply Z.eqb_neq in E; exact (E H)
  end.
Ltac numbers := first [reflexivity | vm_compute; reflexivity | vm_compute; intro; discriminate | lia].
(* N <= size for one or for all of the growing sizes *)
Ltac tails := repeat split; first [lia | left; tails | right; tails].
