(* Ordered rings with an embedding of Z: the common ground of the integers (without axioms) and the reals. *)
From Coq Require Import ZArith Lia Ring.

Record ordered_ring := {
  carrier :> Type;
  zero : carrier; one : carrier;
  add : carrier -> carrier -> carrier; mul : carrier -> carrier -> carrier;
  sub : carrier -> carrier -> carrier; opp : carrier -> carrier;
  le : carrier -> carrier -> Prop; lt : carrier -> carrier -> Prop;
  ring_laws : ring_theory zero one add mul sub opp eq;
  le_refl : forall x, le x x;
  le_trans : forall x y z, le x y -> le y z -> le x z;
  lt_le : forall x y, lt x y -> le x y;
  lt_not_le : forall x y, lt x y -> le y x -> False;
  le_or_lt : forall x y, le x y \/ lt y x;
  le_add : forall x y z, le x y -> le (add z x) (add z y);
  lt_add : forall x y z, lt x y -> lt (add z x) (add z y);
  mul_nonneg : forall x y, le zero x -> le zero y -> le zero (mul x y);
  mul_pos : forall x y, lt zero x -> lt zero y -> lt zero (mul x y);
  inj : Z -> carrier;
  inj_0 : inj 0 = zero; inj_1 : inj 1 = one;
  inj_add : forall a b, inj (a + b) = add (inj a) (inj b);
  inj_mul : forall a b, inj (a * b) = mul (inj a) (inj b);
  inj_le : forall a b, (a <= b)%Z -> le (inj a) (inj b);
  inj_lt : forall a b, (a < b)%Z -> lt (inj a) (inj b)
}.

Section Laws.
Variable K : ordered_ring.
Add Ring Kring : (ring_laws K).
Notation "0" := (zero K). Notation "1" := (one K).
Infix "+" := (add K). Infix "*" := (mul K). Infix "-" := (sub K). Notation "- x" := (opp K x).
Infix "<=" := (le K). Infix "<" := (lt K).

Fixpoint pow (x : K) (n : nat) : K := match n with O => 1 | S n' => x * pow x n' end.
Infix "^" := pow.
Definition nat_ (n : nat) : K := inj K (Z.of_nat n).

Lemma le_by : forall x y z, z = y - x -> 0 <= z -> x <= y.
Proof. intros x y z -> H. apply (le_add K _ _ x) in H. replace (x + 0) with x in H by ring. replace (x + (y - x)) with y in H by ring. exact H. Qed.
Lemma nonneg_sub : forall x y, x <= y -> 0 <= y - x.
Proof. intros x y H. apply (le_add K _ _ (- x)) in H. replace (- x + x) with 0 in H by ring. replace (- x + y) with (y - x) in H by ring. exact H. Qed.
Lemma pos_sub : forall x y, x < y -> 0 < y - x.
Proof. intros x y H. apply (lt_add K _ _ (- x)) in H. replace (- x + x) with 0 in H by ring. replace (- x + y) with (y - x) in H by ring. exact H. Qed.
Lemma add_nonneg : forall x y, 0 <= x -> 0 <= y -> 0 <= x + y.
Proof. intros x y Hx Hy. apply (le_trans K _ x); [exact Hx|]. apply (le_by _ _ y); [ring | exact Hy]. Qed.
Lemma add_pos_nonneg : forall x y, 0 < x -> 0 <= y -> 0 < x + y.
Proof.
  intros x y Hx Hy. destruct (le_or_lt K (x + y) 0) as [H|H]; [|exact H].
  destruct (lt_not_le K _ _ Hx). apply (le_trans K _ (x + y)); [|exact H]. apply (le_by _ _ y); [ring | exact Hy].
Qed.
Lemma mul_le_l : forall x y z, 0 <= z -> x <= y -> z * x <= z * y.
Proof. intros x y z Hz H. apply (le_by _ _ (z * (y - x))); [ring|]. apply mul_nonneg; [exact Hz | apply nonneg_sub, H]. Qed.
Lemma mul_le : forall x y z t, 0 <= x -> x <= y -> 0 <= z -> z <= t -> x * z <= y * t.
Proof.
  intros x y z t Hx H Hz Ht. apply (le_trans K _ (x * t)); [apply mul_le_l; assumption|].
  replace (x * t) with (t * x) by ring. replace (y * t) with (t * y) by ring. apply mul_le_l; [|exact H].
  apply (le_trans K _ z); assumption.
Qed.
Lemma mul_cancel_l : forall x y z, 0 < z -> z * x <= z * y -> x <= y.
Proof.
  intros x y z Hz H. destruct (le_or_lt K x y) as [L|L]; [exact L|].
  destruct (lt_not_le K 0 (z * (x - y))); [apply mul_pos; [exact Hz | apply pos_sub, L]|].
  apply (le_by _ _ (z * y - z * x)); [ring | apply nonneg_sub, H].
Qed.
Lemma one_pos : 0 < 1.
Proof. rewrite <- inj_0, <- inj_1. apply inj_lt. lia. Qed.
Lemma one_nonneg : 0 <= 1.
Proof. apply lt_le, one_pos. Qed.
Lemma pow_nonneg : forall x n, 0 <= x -> 0 <= x ^ n.
Proof. intros x n H. induction n as [|n IH]; simpl; [apply one_nonneg | apply mul_nonneg; assumption]. Qed.
Lemma pow_pos : forall x n, 0 < x -> 0 < x ^ n.
Proof. intros x n H. induction n as [|n IH]; simpl; [apply one_pos | apply mul_pos; assumption]. Qed.
Lemma pow_mul : forall x y n, (x * y) ^ n = x ^ n * y ^ n.
Proof. intros x y n. induction n as [|n IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma pow_add : forall x n m, x ^ (n + m) = x ^ n * x ^ m.
Proof. intros x n m. induction n as [|n IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma pow_one : forall n, 1 ^ n = 1.
Proof. induction n as [|n IH]; simpl; [reflexivity | rewrite IH; ring]. Qed.
Lemma pow_le : forall x y n, 0 <= x -> x <= y -> x ^ n <= y ^ n.
Proof. intros x y n Hx H. induction n as [|n IH]; simpl; [apply le_refl | apply mul_le; try assumption; apply pow_nonneg, Hx]. Qed.
Lemma pow_lt : forall x y n, 0 <= x -> x < y -> x ^ S n < y ^ S n.
Proof.
  intros x y n Hx H. assert (Hy : 0 < y).
  { destruct (le_or_lt K y 0) as [L|L]; [|exact L]. destruct (lt_not_le K _ _ H). apply (le_trans K _ 0); assumption. }
  induction n as [|n IH].
  - simpl. replace (x * 1) with x by ring. replace (y * 1) with y by ring. exact H.
  - change (x * x ^ S n < y * y ^ S n). set (a := x ^ S n) in *. assert (Pb : 0 < y ^ S n) by (apply pow_pos, Hy).
    set (b := y ^ S n) in *.
    assert (P : 0 < (y - x) * b + x * (b - a)).
    { apply add_pos_nonneg; [apply mul_pos; [apply pos_sub, H | exact Pb]|].
      apply mul_nonneg; [exact Hx | apply nonneg_sub, lt_le, IH]. }
    apply (lt_add K _ _ (x * a)) in P. replace (x * a + 0) with (x * a) in P by ring.
    replace (x * a + ((y - x) * b + x * (b - a))) with (y * b) in P by ring. exact P.
Qed.
Lemma pow_root : forall x y n, 0 <= y -> x ^ S n <= y ^ S n -> x <= y.
Proof.
  intros x y n Hy H. destruct (le_or_lt K x y) as [L|L]; [exact L|].
  destruct (lt_not_le K _ _ (pow_lt y x n Hy L) H).
Qed.
Lemma upper_of_two : forall x y, exists z, x <= z /\ y <= z.
Proof. intros x y. destruct (le_or_lt K x y) as [H|H]; [exists y | exists x]; auto using le_refl, lt_le. Qed.
Lemma lt_trans_le : forall x y z, x < y -> y <= z -> x < z.
Proof. intros x y z H L. destruct (le_or_lt K z x) as [Q|Q]; [|exact Q]. destruct (lt_not_le K x y H). apply (le_trans K _ z); assumption. Qed.
Lemma lt_succ : forall x, x < x + 1.
Proof. intros x. pose proof (lt_add K _ _ x one_pos) as H. replace (x + 0) with x in H by ring. exact H. Qed.
End Laws.

Arguments le_by {K}.
Arguments nonneg_sub {K}.
Arguments pos_sub {K}.
Arguments add_nonneg {K}.
Arguments add_pos_nonneg {K}.
Arguments mul_le_l {K}.
Arguments mul_le {K}.
Arguments mul_cancel_l {K}.
Arguments one_pos {K}.
Arguments one_nonneg {K}.
Arguments pow_nonneg {K}.
Arguments pow_pos {K}.
Arguments pow_mul {K}.
Arguments pow_add {K}.
Arguments pow_one {K}.
Arguments pow_le {K}.
Arguments pow_lt {K}.
Arguments pow_root {K}.
Arguments upper_of_two {K}.
Arguments lt_trans_le {K}.
Arguments lt_succ {K}.

(* ---- The integers ---- *)

Open Scope Z_scope.
Lemma Z_le_or_lt : forall x y, x <= y \/ y < x. Proof. intros; lia. Qed.
Definition Z_ring : ordered_ring := {|
  carrier := Z; zero := 0; one := 1; add := Z.add; mul := Z.mul; sub := Z.sub; opp := Z.opp; le := Z.le; lt := Z.lt;
  ring_laws := InitialRing.Zth; le_refl := Z.le_refl; le_trans := Z.le_trans; lt_le := Z.lt_le_incl;
  lt_not_le := fun x y H H' => Zlt_not_le x y H H'; le_or_lt := Z_le_or_lt;
  le_add := fun x y z H => Zplus_le_compat_l x y z H; lt_add := fun x y z H => Zplus_lt_compat_l x y z H;
  mul_nonneg := Z.mul_nonneg_nonneg; mul_pos := Z.mul_pos_pos;
  inj := fun a => a; inj_0 := eq_refl; inj_1 := eq_refl; inj_add := fun a b => eq_refl; inj_mul := fun a b => eq_refl;
  inj_le := fun a b H => H; inj_lt := fun a b H => H |}.
