(* Tactics of generated proofs over the integers (no axioms; the reals are not loaded).
   Every tactic solves its goal or fails; what is searched for was found before and is written in the file. *)
From Coq Require Import ZArith List Lia Bool.
From Aalp Require Export OrderedRing Posynomial PosynomialZ SumsZ.
Export ListNotations.
Open Scope Z_scope.

(* integer parts of quotients: floor(a/b) is a / b, ceil(a/b) is - (- a / b) *)
Lemma ceil_nonneg : forall a b, 0 <= a -> 0 < b -> 0 <= - (- a / b).
Proof. intros a b A B. pose proof (Z.mul_div_le (- a) b B). nia. Qed.
Lemma ceil_pos : forall a b, 0 < a -> 0 < b -> 0 < - (- a / b).
Proof. intros a b A B. pose proof (Z.mul_div_le (- a) b B). nia. Qed.
Lemma max_nonneg : forall a b, 0 <= a -> 0 <= Z.max a b. Proof. intros; lia. Qed.
Lemma max_pos : forall a b, 0 < a -> 0 < Z.max a b. Proof. intros; lia. Qed.

(* 0 < e and 0 <= e by the structure of e, leaves from the hypotheses *)
Ltac pos :=
  cbv beta; lazymatch goal with
  | |- 0 < ?a * ?b => apply Z.mul_pos_pos; pos
  | |- 0 <= ?a * ?b => apply Z.mul_nonneg_nonneg; pos
  | |- 0 < ?a ^ ?n => apply Z.pow_pos_nonneg; [pos | lia]
  | |- 0 <= ?a ^ ?n => apply Z.pow_nonneg; pos
  | |- 0 <= ?a + ?b => apply Z.add_nonneg_nonneg; pos
  | |- 0 < ?a + ?b => first [apply Z.add_pos_nonneg; [pos | pos] | apply Z.add_nonneg_pos; [pos | pos]]
  | |- 0 <= - (- _ / _) => apply ceil_nonneg; pos
  | |- 0 < - (- _ / _) => apply ceil_pos; pos
  | |- 0 <= _ / _ => apply Z.div_pos; pos
  | |- 0 < _ / _ => apply Z.div_str_pos; split; [pos | lia]
  | |- 0 <= Z.max _ _ => first [lia | apply max_nonneg; pos]
  | |- 0 < Z.max _ _ => first [lia | apply max_pos; pos]
  | |- 0 <= Z.min _ _ => first [lia | apply Z.min_glb; pos]
  | |- 0 < Z.min _ _ => first [lia | apply Z.min_glb_lt; pos]
  | |- 0 <= sum _ _ _ => apply sum_nonneg; intros; pos
  | |- _ => lia
  end.

(* facts about coordinates: N <= x_i and x_i <= x_j *)
Definition unit (i : nat) : mono := repeat 0 i ++ [1].
Definition at_least (N : Z) (i : nat) : fact := Fact N [] 1 (unit i).
Definition at_most (i j : nat) : fact := Fact 1 (unit i) 1 (unit j).
Arguments unit _%nat.
Arguments at_least _%Z _%nat.
Arguments at_most (_ _)%nat.
Lemma fact_intro : forall xs c P d Q, c * monomial xs P <= d * monomial xs Q -> fact_at xs (Fact c P d Q).
Proof. intros; assumption. Qed.
Ltac solve_fact := apply fact_intro; cbn [monomial repeat app unit]; rewrite ?Z.pow_0_r, ?Z.pow_1_r, ?Z.mul_1_r, ?Z.mul_1_l; first [assumption | lia].
Ltac all_pos := first [apply Forall_nil | apply Forall_cons; [cbv beta; pos | all_pos]].
Ltac all_facts := first [apply Forall_nil | apply Forall_cons; [solve_fact | all_facts]].

(* l <= r by posynomial domination: points xs, facts, steps, and r - l as a polynomial in xs *)
Ltac dominate_Z xs facts steps diff :=
  apply (dominate xs facts steps diff);
  [ cbn [polynomial monomial]; ring | all_pos | unfold at_least, at_most; all_facts | vm_compute; reflexivity ].


(* a family of points escapes all thresholds *)
Lemma escape : forall N c : Z, exists t, 1 <= t /\ N <= t /\ c < t.
Proof. intros N c. exists (Z.max 1 (Z.max N (c + 1))). lia. Qed.
(* along a family:  g h <= k f  and  f <= c g  with g > 0 bound h ;  so do  f h <= k g  and  g <= c f *)
Lemma contradiction_upper : forall c k f g h, 0 < g -> 0 < k -> g * h <= k * f -> f <= c * g -> h <= k * c.
Proof.
  intros c k f g h G K B U. apply (Z.mul_le_mono_pos_l h (k * c) g G). apply Z.le_trans with (1 := B).
  replace (g * (k * c)) with (k * (c * g)) by ring. apply Z.mul_le_mono_nonneg_l; lia.
Qed.
Lemma contradiction_lower : forall c k f g h, 0 < g -> 0 <= h -> 0 < c -> f * h <= k * g -> g <= c * f -> h <= k * c.
Proof.
  intros c k f g h G H C B U. apply (Z.mul_le_mono_pos_l h (k * c) g G). apply Z.le_trans with (c * f * h).
  - apply Z.mul_le_mono_nonneg_r; assumption.
  - replace (c * f * h) with (c * (f * h)) by ring. replace (g * (k * c)) with (c * (k * g)) by ring. apply Z.mul_le_mono_nonneg_l; lia.
Qed.
