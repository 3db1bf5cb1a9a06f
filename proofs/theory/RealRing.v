(* The reals as an ordered ring. *)
From Coq Require Import Reals ZArith Lra.
From Aalp Require Import OrderedRing.
Open Scope R_scope.

Lemma R_le_or_lt : forall x y, x <= y \/ y < x. Proof. exact Rle_or_lt. Qed.
Definition R_ring : ordered_ring := {|
  carrier := R; zero := 0; one := 1; add := Rplus; mul := Rmult; sub := Rminus; opp := Ropp; le := Rle; lt := Rlt;
  ring_laws := RTheory; le_refl := Rle_refl; le_trans := Rle_trans; lt_le := Rlt_le;
  lt_not_le := fun x y H H' => Rlt_not_le y x H H'; le_or_lt := R_le_or_lt;
  le_add := fun x y z H => Rplus_le_compat_l z x y H; lt_add := fun x y z H => Rplus_lt_compat_l z x y H;
  mul_nonneg := Rmult_le_pos; mul_pos := Rmult_lt_0_compat;
  inj := IZR; inj_0 := eq_refl; inj_1 := eq_refl; inj_add := plus_IZR; inj_mul := mult_IZR;
  inj_le := IZR_le; inj_lt := IZR_lt |}.
