(* Explicit bounds of recurrences: values at given sizes, roundings of naturals, levels of the binary logarithm. *)
From Coq Require Import Reals ZArith Arith NArith Bool Lra Lia ZifyNat.
From Aalp Require Import Analysis.
Open Scope R_scope.

(* ---- floor and ceiling by their bounds ---- *)
Lemma floor_is : forall x z, IZR z <= x < IZR z + 1 -> floor x = z.
Proof. intros x z H. pose proof (floor_bounds x) as B. assert (z < floor x + 1)%Z by (apply lt_IZR; rewrite plus_IZR; lra). assert (floor x < z + 1)%Z by (apply lt_IZR; rewrite plus_IZR; lra). lia. Qed.
Lemma ceil_is : forall x z, IZR z - 1 < x <= IZR z -> ceil x = z.
Proof. intros x z H. pose proof (ceil_bounds x) as B. assert (z - 1 < ceil x)%Z by (apply lt_IZR; rewrite minus_IZR; lra). assert (ceil x - 1 < z)%Z by (apply lt_IZR; rewrite minus_IZR; lra). lia. Qed.
Lemma quotient_floor : forall a m x, (0 < m)%nat -> x * INR m = INR a -> INR (a / m) = IZR (floor x).
Proof.
  intros a m x Hm E. rewrite INR_IZR_INZ. f_equal. symmetry. apply floor_is. rewrite <- INR_IZR_INZ.
  pose proof (Nat.div_mod a m ltac:(lia)) as D. pose proof (Nat.mod_upper_bound a m ltac:(lia)) as U.
  apply (f_equal INR) in D. rewrite plus_INR, mult_INR in D. apply lt_INR in U. pose proof (pos_INR (a mod m)). apply lt_INR in Hm. simpl (INR 0) in Hm.
  split; apply Rmult_le_reg_r with (INR m) || apply Rmult_lt_reg_r with (INR m); try assumption; rewrite E, ?Rmult_plus_distr_r; lra.
Qed.
Lemma quotient_ceil : forall a m x, (0 < m)%nat -> x * INR m = INR a -> INR ((a + m - 1) / m) = IZR (ceil x).
Proof.
  intros a m x Hm E. rewrite INR_IZR_INZ. f_equal. symmetry. apply ceil_is. rewrite <- INR_IZR_INZ.
  pose proof (Nat.div_mod (a + m - 1) m ltac:(lia)) as D. pose proof (Nat.mod_upper_bound (a + m - 1) m ltac:(lia)) as U.
  set (d := ((a + m - 1) / m)%nat) in *. set (q := ((a + m - 1) mod m)%nat) in *.
  assert (D' : (a + m = m * d + q + 1)%nat) by lia. assert (U' : (q + 1 <= m)%nat) by lia.
  apply (f_equal INR) in D'. rewrite !plus_INR, mult_INR in D'. apply le_INR in U'. rewrite plus_INR in U'. simpl (INR 1) in *. pose proof (pos_INR q). apply lt_INR in Hm. simpl (INR 0) in Hm.
  split; apply Rmult_le_reg_r with (INR m) || apply Rmult_lt_reg_r with (INR m); try assumption; rewrite E, ?Rmult_minus_distr_r; lra.
Qed.

(* ---- logarithms and powers of integers against fractions, by comparing integers ---- *)
Lemma le_from_logs : forall a b, 0 < a -> 0 < b -> ln a <= ln b -> a <= b.
Proof. intros a b A B [H|H]; [left; apply ln_lt_inv | right; apply ln_inv]; assumption. Qed.
Lemma ln_Zpow : forall a p, (0 < a)%Z -> (0 <= p)%Z -> ln (IZR (a ^ p)) = IZR p * ln (IZR a).
Proof.
  intros a p Ha Hp. rewrite <- (Z2Nat.id p Hp), <- pow_IZR, ln_pow by (apply IZR_lt; assumption). rewrite INR_IZR_INZ, !Z2Nat.id by assumption. reflexivity.
Qed.
Lemma log_at_least : forall A B P Q, (0 < A)%Z -> (1 < B)%Z -> (0 <= P)%Z -> (0 < Q)%Z -> (B ^ P <=? A ^ Q)%Z = true -> IZR P / IZR Q <= ln (IZR A) / ln (IZR B).
Proof.
  intros A B P Q HA HB HP HQ H. apply Z.leb_le, IZR_le in H. apply ln_le in H; [|apply IZR_lt, Z.pow_pos_nonneg; lia].
  rewrite !ln_Zpow in H by lia. apply IZR_lt in HQ, HB. pose proof (ln_pos _ HB). apply le_div; [assumption|].
  apply Rmult_le_reg_r with (IZR Q); [assumption|]. replace (IZR P / IZR Q * ln (IZR B) * IZR Q) with (IZR P * ln (IZR B)) by (field; lra). lra.
Qed.
Lemma log_at_most : forall A B P Q, (0 < A)%Z -> (1 < B)%Z -> (0 <= P)%Z -> (0 < Q)%Z -> (A ^ Q <=? B ^ P)%Z = true -> ln (IZR A) / ln (IZR B) <= IZR P / IZR Q.
Proof.
  intros A B P Q HA HB HP HQ H. apply Z.leb_le, IZR_le in H. apply ln_le in H; [|apply IZR_lt, Z.pow_pos_nonneg; lia].
  rewrite !ln_Zpow in H by lia. apply IZR_lt in HQ, HB. pose proof (ln_pos _ HB). apply div_le; [assumption|].
  apply Rmult_le_reg_r with (IZR Q); [assumption|]. replace (IZR P / IZR Q * ln (IZR B) * IZR Q) with (IZR P * ln (IZR B)) by (field; lra). lra.
Qed.
Lemma log_floor : forall A B z, (0 < A)%Z -> (1 < B)%Z -> (0 <= z)%Z -> ((B ^ z <=? A) && (A <? B ^ (z + 1)))%Z = true -> floor (ln (IZR A) / ln (IZR B)) = z.
Proof.
  intros A B z HA HB Hz H. apply andb_prop in H as [H1 H2]. apply floor_is. split.
  - replace (IZR z) with (IZR z / 1) by field. apply log_at_least; try lia; rewrite Z.pow_1_r; exact H1.
  - apply Z.ltb_lt, IZR_lt, ln_increasing in H2; [|apply IZR_lt; assumption]. rewrite ln_Zpow, plus_IZR in H2 by lia. apply IZR_lt in HB. pose proof (ln_pos _ HB).
    apply Rmult_lt_reg_r with (ln (IZR B)); [assumption|]. replace (ln (IZR A) / ln (IZR B) * ln (IZR B)) with (ln (IZR A)) by (field; lra). exact H2.
Qed.
Lemma log_ceil : forall A B z, (0 < A)%Z -> (1 < B)%Z -> (0 <= z)%Z -> ((B ^ (z - 1) <? A) && (A <=? B ^ z))%Z = true -> ceil (ln (IZR A) / ln (IZR B)) = z.
Proof.
  intros A B z HA HB Hz H. apply andb_prop in H as [H1 H2]. apply ceil_is. split.
  - apply IZR_lt in HB as HB'. pose proof (ln_pos _ HB'). apply Rmult_lt_reg_r with (ln (IZR B)); [assumption|].
    replace (ln (IZR A) / ln (IZR B) * ln (IZR B)) with (ln (IZR A)) by (field; lra).
    destruct (Z.eq_dec z 0) as [->|N].
    + apply Rlt_le_trans with 0; [simpl; lra|]. rewrite <- ln_1. apply ln_le; [lra|]. apply IZR_le. lia.
    + apply Z.ltb_lt, IZR_lt, ln_increasing in H1; [|apply IZR_lt, Z.pow_pos_nonneg; lia]. rewrite ln_Zpow, minus_IZR in H1 by lia. exact H1.
  - replace (IZR z) with (IZR z / 1) by field. apply log_at_most; try lia; rewrite Z.pow_1_r; exact H2.
Qed.
Lemma root_at_least : forall A P Q c d, (0 < A)%Z -> (0 <= P)%Z -> (0 < Q)%Z -> (0 < c)%Z -> (0 < d)%Z -> (c ^ Q <=? A ^ P * d ^ Q)%Z = true -> IZR c / IZR d <= Rpower (IZR A) (IZR P / IZR Q).
Proof.
  intros A P Q c d HA HP HQ Hc Hd H. apply Z.leb_le, IZR_le in H. rewrite mult_IZR in H. apply ln_le in H; [|apply IZR_lt, Z.pow_pos_nonneg; lia].
  rewrite ln_mult in H by (apply IZR_lt, Z.pow_pos_nonneg; lia). rewrite !ln_Zpow in H by lia. apply IZR_lt in HQ, Hc, Hd.
  unfold Rpower. rewrite <- (exp_ln (IZR c / IZR d)) by (apply div_pos; assumption). apply exp_le. unfold Rdiv at 1. rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; assumption).
  apply Rmult_le_reg_l with (IZR Q); [assumption|]. replace (IZR Q * (IZR P / IZR Q * ln (IZR A))) with (IZR P * ln (IZR A)) by (field; lra). lra.
Qed.
Lemma root_at_most : forall A P Q c d, (0 < A)%Z -> (0 <= P)%Z -> (0 < Q)%Z -> (0 < c)%Z -> (0 < d)%Z -> (A ^ P * d ^ Q <=? c ^ Q)%Z = true -> Rpower (IZR A) (IZR P / IZR Q) <= IZR c / IZR d.
Proof.
  intros A P Q c d HA HP HQ Hc Hd H. apply Z.leb_le, IZR_le in H. rewrite mult_IZR in H. apply ln_le in H; [|apply Rmult_lt_0_compat; apply IZR_lt, Z.pow_pos_nonneg; lia].
  rewrite ln_mult in H by (apply IZR_lt, Z.pow_pos_nonneg; lia). rewrite !ln_Zpow in H by lia. apply IZR_lt in HQ, Hc, Hd.
  unfold Rpower. rewrite <- (exp_ln (IZR c / IZR d)) by (apply div_pos; assumption). apply exp_le. unfold Rdiv at 2. rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; assumption).
  apply Rmult_le_reg_l with (IZR Q); [assumption|]. replace (IZR Q * (IZR P / IZR Q * ln (IZR A))) with (IZR P * ln (IZR A)) by (field; lra). lra.
Qed.
Lemma power_whole : forall a p v, (0 < a)%Z -> (0 <= p)%Z -> (a ^ p =? v)%Z = true -> Rpower (IZR a) (IZR p) = IZR v.
Proof.
  intros a p v Ha Hp H. apply Z.eqb_eq in H. rewrite <- H. unfold Rpower. rewrite <- ln_Zpow by assumption. apply exp_ln, IZR_lt, Z.pow_pos_nonneg; assumption.
Qed.
Lemma sqrt_as_root : forall x, 0 < x -> sqrt x = Rpower x (1 / 2).
Proof. intros x H. replace (1 / 2) with (/ 2) by field. symmetry. apply Rpower_sqrt, H. Qed.

(* ---- levels: floor and ceiling of the binary logarithm of a natural ---- *)
Lemma INR_Z : forall n, INR n = IZR (Z.of_nat n). Proof. exact INR_IZR_INZ. Qed.
Lemma floor_level : forall n, (1 <= n)%nat -> IZR (floor (ln (INR n) / ln 2)) = INR (Nat.log2 n).
Proof.
  intros n Hn. rewrite (INR_Z (Nat.log2 n)). f_equal. rewrite INR_Z. apply log_floor; try lia.
  pose proof (Nat.log2_spec n ltac:(lia)) as [A B]. apply andb_true_intro. split; [apply Z.leb_le | apply Z.ltb_lt].
  - apply inj_le in A. rewrite Nat2Z.inj_pow in A. exact A.
  - apply inj_lt in B. rewrite Nat2Z.inj_pow in B. replace (Z.of_nat (Nat.log2 n) + 1)%Z with (Z.of_nat (S (Nat.log2 n))) by lia. exact B.
Qed.
Lemma ceil_level : forall n, (1 <= n)%nat -> IZR (ceil (ln (INR n) / ln 2)) = INR (Nat.log2_up n).
Proof.
  intros n Hn. rewrite (INR_Z (Nat.log2_up n)). f_equal. rewrite INR_Z. apply log_ceil; try lia.
  apply andb_true_intro. destruct (Nat.eq_dec n 1) as [->|N]; [split; reflexivity|].
  pose proof (Nat.log2_up_spec n ltac:(lia)) as [A B]. pose proof (Nat.log2_up_pos n ltac:(lia)) as P. split; [apply Z.ltb_lt | apply Z.leb_le].
  - apply inj_lt in A. rewrite Nat2Z.inj_pow in A. replace (Z.of_nat (Nat.log2_up n) - 1)%Z with (Z.of_nat (Nat.pred (Nat.log2_up n))) by lia. exact A.
  - apply inj_le in B. rewrite Nat2Z.inj_pow in B. exact B.
Qed.
Lemma power_of_level : forall k, Rpower 2 (INR k) = INR (2 ^ k).
Proof. intros k. rewrite Rpower_pow by lra. rewrite pow_INR. reflexivity. Qed.

(* the level of n and of its halves m and m + 1, X = 2^L, L the level of m; in the odd case m + 1 may begin a new level *)
Theorem ceil_halves : forall n, (2 <= n)%nat -> exists m L X, X = (2 ^ L)%nat /\ Nat.log2_up m = L /\ (1 <= m)%nat /\
  (n = (2 * m)%nat /\ Nat.log2_up n = S L /\ (X + 1 <= 2 * m <= 2 * X)%nat \/
   n = (2 * m + 1)%nat /\ Nat.log2_up n = S L /\ Nat.log2_up (m + 1) = L /\ (X <= 2 * m /\ m + 1 <= X)%nat \/
   n = (2 * m + 1)%nat /\ Nat.log2_up n = S (S L) /\ Nat.log2_up (m + 1) = S L /\ m = X).
Proof.
  intros n Hn. pose proof (Nat.div_mod n 2 ltac:(lia)) as D. pose proof (Nat.mod_upper_bound n 2 ltac:(lia)). set (m := (n / 2)%nat) in *.
  exists m, (Nat.log2_up m), (2 ^ Nat.log2_up m)%nat. split; [reflexivity|]. split; [reflexivity|]. split; [lia|]. destruct (n mod 2) as [|[|]] eqn:E; [left | right | lia].
  - assert (N : n = (2 * m)%nat) by lia. rewrite N. split; [reflexivity|]. split; [apply Nat.log2_up_double; lia|].
    destruct (Nat.eq_dec m 1) as [->|M]; [cbn; lia|]. pose proof (Nat.log2_up_spec m ltac:(lia)) as [A B]. pose proof (Nat.log2_up_pos m ltac:(lia)).
    replace (Nat.log2_up m) with (S (Nat.pred (Nat.log2_up m))) in * by lia. cbn [Nat.pred] in A. rewrite Nat.pow_succ_r' in *. lia.
  - assert (N : n = (2 * m + 1)%nat) by lia. assert (U : Nat.log2_up n = S (S (Nat.log2 m))) by (rewrite N, Nat.log2_up_succ_double by lia; reflexivity).
    assert (U' : Nat.log2_up (m + 1) = S (Nat.log2 m)) by (rewrite Nat.add_1_r; apply Nat.log2_up_eqn0 || (unfold Nat.log2_up; cbn [Nat.compare]; destruct m; [lia | reflexivity])).
    rewrite U, U'. pose proof (Nat.log2_spec m ltac:(lia)) as [A B]. rewrite Nat.pow_succ_r' in B.
    destruct (Nat.eq_dec m (2 ^ Nat.log2 m)) as [Q|Q].
    + right. assert (V : Nat.log2_up m = Nat.log2 m) by (rewrite Q at 1; apply Nat.log2_up_pow2; lia). rewrite V. repeat split; lia.
    + left. assert (V : Nat.log2_up m = S (Nat.log2 m)) by (apply Nat.log2_up_unique; [lia|]; cbn [Nat.pred]; rewrite Nat.pow_succ_r'; lia).
      rewrite V, Nat.pow_succ_r'. repeat split; lia.
Qed.
Theorem floor_halves : forall n, (2 <= n)%nat -> exists m L X, X = (2 ^ L)%nat /\ Nat.log2 m = L /\ (1 <= m)%nat /\
  (n = (2 * m)%nat /\ Nat.log2 n = S L /\ (X <= m /\ m + 1 <= 2 * X)%nat \/
   n = (2 * m + 1)%nat /\ Nat.log2 n = S L /\ Nat.log2 (m + 1) = L /\ (X <= m /\ m + 1 <= 2 * X)%nat \/
   n = (2 * m + 1)%nat /\ Nat.log2 n = S L /\ Nat.log2 (m + 1) = S L /\ (m + 1 = 2 * X)%nat).
Proof.
  intros n Hn. pose proof (Nat.div_mod n 2 ltac:(lia)) as D. pose proof (Nat.mod_upper_bound n 2 ltac:(lia)). set (m := (n / 2)%nat) in *.
  exists m, (Nat.log2 m), (2 ^ Nat.log2 m)%nat. split; [reflexivity|]. split; [reflexivity|]. split; [lia|].
  pose proof (Nat.log2_spec m ltac:(lia)) as [A B]. rewrite Nat.pow_succ_r' in B. destruct (n mod 2) as [|[|]] eqn:E; [left | right | lia].
  - assert (N : n = (2 * m)%nat) by lia. rewrite N. split; [reflexivity|]. split; [apply Nat.log2_double; lia | lia].
  - assert (N : n = (2 * m + 1)%nat) by lia. rewrite N. rewrite Nat.log2_succ_double by lia.
    destruct (Nat.eq_dec (m + 1) (2 * 2 ^ Nat.log2 m)) as [Q|Q].
    + right. repeat split; try lia. rewrite Q, <- Nat.pow_succ_r'. apply Nat.log2_pow2. lia.
    + left. repeat split; try lia. apply Nat.log2_unique; [lia|]. rewrite Nat.pow_succ_r'. lia.
Qed.
Lemma double_power : forall L, INR (2 ^ S L) = 2 * INR (2 ^ L).
Proof. intros L. rewrite Nat.pow_succ_r', mult_INR. reflexivity. Qed.
(* a linear function is nonnegative between two points where it is *)
Lemma between_ends : forall a b lo hi m, lo <= m <= hi -> 0 <= a + b * lo -> 0 <= a + b * hi -> 0 <= a + b * m.
Proof.
  intros a b lo hi m [L H] A B. destruct (Rle_lt_dec 0 b) as [P|P].
  - apply Rle_trans with (1 := A). apply Rplus_le_compat_l, Rmult_le_compat_l; assumption.
  - apply Rle_trans with (1 := B). apply Rplus_le_compat_l. apply Rmult_le_compat_neg_l; lra.
Qed.
(* floor(log_b) of floor(n/b), ceil(log_b) of ceil(n/b) *)
Lemma floor_log_quotient : forall b n, (2 <= b)%nat -> (b <= n)%nat -> floor (ln (INR (n / b)) / ln (INR b)) = (floor (ln (INR n) / ln (INR b)) - 1)%Z.
Proof.
  intros b n Hb Hn. assert (B : 1 < INR b) by (apply (lt_INR 1); lia). pose proof (ln_pos _ B) as P. set (z := floor (ln (INR n) / ln (INR b))).
  pose proof (floor_bounds (ln (INR n) / ln (INR b))) as F. fold z in F. assert (Q : 1 <= ln (INR n) / ln (INR b)).
  { apply le_div; [assumption|]. rewrite Rmult_1_l. apply ln_le; [lra | apply le_INR, Hn]. }
  assert (Z1 : (1 <= z)%Z). { assert (0 < z)%Z by (apply lt_IZR; lra). lia. }
  assert (N : 0 < INR n) by (apply (lt_INR 0); lia). assert (NB : (1 <= n / b)%nat) by (apply Nat.div_le_lower_bound; lia).
  assert (NB' : 0 < INR (n / b)) by (apply (lt_INR 0); lia).
  assert (L : (Z.of_nat b ^ z <= Z.of_nat n < Z.of_nat b ^ (z + 1))%Z).
  { assert (E : IZR (Z.of_nat b) = INR b) by (symmetry; apply INR_IZR_INZ). split.
    - apply le_IZR. rewrite <- INR_IZR_INZ. apply le_from_logs; [apply IZR_lt, Z.pow_pos_nonneg; lia | assumption |]. rewrite ln_Zpow, E by lia.
      apply Rmult_le_reg_r with (/ ln (INR b)); [apply Rinv_0_lt_compat; assumption|]. replace (IZR z * ln (INR b) * / ln (INR b)) with (IZR z) by (field; lra). apply F.
    - apply lt_IZR. rewrite <- INR_IZR_INZ. apply ln_lt_inv; [assumption | apply IZR_lt, Z.pow_pos_nonneg; lia |]. rewrite ln_Zpow, E, plus_IZR by lia.
      apply Rmult_lt_reg_r with (/ ln (INR b)); [apply Rinv_0_lt_compat; assumption|]. replace ((IZR z + 1) * ln (INR b) * / ln (INR b)) with (IZR z + 1) by (field; lra). unfold Rdiv in F. lra. }
  assert (K : ((Z.of_nat b ^ (z - 1) <=? Z.of_nat (n / b)) && (Z.of_nat (n / b) <? Z.of_nat b ^ (z - 1 + 1)))%Z = true).
  { rewrite Nat2Z.inj_div. apply andb_true_intro. split; [apply Z.leb_le, Z.div_le_lower_bound | apply Z.ltb_lt, Z.div_lt_upper_bound]; try lia.
    - replace (Z.of_nat b * Z.of_nat b ^ (z - 1))%Z with (Z.of_nat b ^ z)%Z; [lia|]. rewrite <- Z.pow_succ_r by lia. f_equal. lia.
    - rewrite <- Z.pow_succ_r by lia. replace (Z.succ (z - 1 + 1)) with (z + 1)%Z by lia. lia. }
  rewrite !INR_IZR_INZ. apply log_floor; first [exact K | lia].
Qed.

Lemma large_le : forall (a : nat) (b : N), (N.of_nat a <= b)%N -> (a <= N.to_nat b)%nat.
Proof. intros. lia. Qed.

(* ---- what generated proofs are written with ---- *)
Ltac nat_value := first [reflexivity | lia].
Ltac large_value := apply Nat2N.inj; rewrite ?Nat2N.inj_div, ?Nat2N.inj_add, ?Nat2N.inj_mul, ?Nat2N.inj_sub, ?N2Nat.id; vm_compute; reflexivity.
(* E : T k = the right side at k, with the values of the calls as hypotheses *)
Ltac evaluate_at E := cbn [pow Nat.add] in E; first [lra | field_simplify in E; lra | nra].
Ltac compare_at := cbn [pow Nat.add]; repeat match goal with |- context [ln ?a / ln ?b] => let x := fresh "x" in set (x := ln a / ln b) in * | |- context [Rpower ?a ?b] => let x := fresh "x" in set (x := Rpower a b) in * end; first [lra | nra].
Lemma times_le : forall a x y, 0 <= a -> x <= y -> a * x <= a * y. Proof. intros. apply Rmult_le_compat_l; assumption. Qed.
Lemma times_lt : forall a x y, 0 <= a -> x < y -> a * x <= a * y. Proof. intros. apply Rmult_le_compat_l; lra. Qed.
Lemma times_ge : forall a x y, 0 <= a -> x >= y -> a * x >= a * y. Proof. intros a x y H K. apply Rle_ge, Rmult_le_compat_l; lra. Qed.
Lemma times_gt : forall a x y, 0 <= a -> x > y -> a * x >= a * y. Proof. intros a x y H K. apply Rle_ge, Rmult_le_compat_l; lra. Qed.
Lemma times_eq : forall a x y : R, 0 <= a -> x = y -> a * x = a * y. Proof. intros; subst; reflexivity. Qed.
Ltac numerals := rewrite ?INR_IZR_INZ; cbn [Z.of_nat Pos.of_succ_nat Pos.succ]; first [reflexivity | lra | field].
Ltac natural_argument := rewrite ?plus_INR, ?mult_INR; repeat rewrite minus_INR by lia; rewrite ?plus_INR, ?mult_INR.
Ltac quotient_floor := apply quotient_floor; [lia | natural_argument; numerals].
Ltac quotient_ceil := lazymatch goal with |- INR (?a / ?m) = _ => replace a with ((a - (m - 1)) + m - 1)%nat by lia; apply quotient_ceil; [lia | replace (a - (m - 1))%nat with (a + 1 - m)%nat by lia; natural_argument; numerals] end.
Ltac step_from S := rewrite <- ?INR_IZR_INZ in *; cbn [INR] in *; first [lra | nra].
(* closed forms in m for n = m + j *)
Lemma fact_shift : forall m k, INR (fact (m + S k)) = (INR m + INR (S k)) * INR (fact (m + k)).
Proof. intros m k. rewrite Nat.add_succ_r. change (fact (S (m + k))) with (S (m + k) * fact (m + k))%nat. rewrite mult_INR, !S_INR, plus_INR. ring. Qed.
Lemma Rpower_shift : forall b m k j, 0 < b -> (j <= k)%nat -> Rpower b (INR (m + k) - INR j) = b ^ (m + (k - j)).
Proof. intros b m k j Hb H. rewrite <- Rpower_pow by assumption. f_equal. rewrite !plus_INR, minus_INR by assumption. ring. Qed.
Ltac shift_powers := rewrite ?pow_add; repeat rewrite fact_shift; rewrite ?Nat.add_0_r;
  rewrite ?plus_INR; cbn [pow INR].
Ltac shifted_identity := first [ring | field; repeat split; first [lra | apply Rgt_not_eq; lra | nra] | surd_identity]
with surd_identity := repeat match goal with |- context [sqrt ?x] => lazymatch goal with H : sqrt x * sqrt x = x |- _ => fail | _ =>
  assert (sqrt x * sqrt x = x) by (apply sqrt_sqrt; lra); assert (0 < sqrt x) by (apply sqrt_lt_R0; lra) end end;
  field_simplify_eq; [|repeat split; lra]; match goal with H : sqrt ?x * sqrt ?x = _ |- _ => let s := fresh in set (s := sqrt x) in *; ring_simplify; first [ring [H] | nra] end.
Ltac surds_at := cbn [pow Nat.add]; match goal with V : ?t = _ |- ?t = _ => rewrite V end; first [lra | surd_identity].
(* dyadic blocks *)
Ltac level_numbers H := rewrite ?Rpower_plus, ?power_of_level in *; rewrite ?double_power in *; rewrite <- ?H in *; rewrite ?Rpower_1 in * by lra;
  rewrite ?S_INR, ?plus_INR, ?mult_INR in *; cbn [INR] in *.
Tactic Notation "levels_ceil" hyp(U) hyp(K) hyp(H) := rewrite ?ceil_level in * by lia; rewrite ?U, ?K in *; level_numbers H.
Tactic Notation "levels_ceil" hyp(U) hyp(K) hyp(H) hyp(V) := rewrite ?ceil_level in * by lia; rewrite ?U, ?K, ?V in *; level_numbers H.
Tactic Notation "levels_floor" hyp(U) hyp(K) hyp(H) := rewrite ?floor_level in * by lia; rewrite ?U, ?K in *; level_numbers H.
Tactic Notation "levels_floor" hyp(U) hyp(K) hyp(H) hyp(V) := rewrite ?floor_level in * by lia; rewrite ?U, ?K, ?V in *; level_numbers H.
Ltac seam_ceil B := apply (f_equal INR) in B; try rewrite B in *.
Ltac seam_floor B := apply (f_equal INR) in B; rewrite plus_INR, mult_INR in B; cbn [INR] in B;
  match type of B with ?x + 1 = ?y => let E := fresh in assert (E : x = y - 1) by lra; try rewrite E in * end.
Ltac block_facts B := let B' := fresh in destruct B as [B B']; apply le_INR in B, B'; rewrite ?plus_INR in B; rewrite ?plus_INR in B'; rewrite ?mult_INR in B; rewrite ?mult_INR in B'; cbn [INR] in B, B'.
Ltac block_positive := first [lra | apply Rplus_le_le_0_compat; block_positive | apply Rmult_le_pos; block_positive | apply pow_le; block_positive].
Ltac level_identity := first [lra | nra | field_simplify_eq; lra].
Lemma equal_nonneg : forall a b : R, a = b -> 0 <= b -> 0 <= a. Proof. intros; subst; assumption. Qed.
