(* Posynomial domination over the reals: the checker of Posynomial.v for monomials in positive real atoms
   (parameters, logarithms, exponentials, roots), with integer exponents of either sign.
   Atoms such as ln x and x^(1/q) enter with facts between them (Domination.v). *)
From Coq Require Import Reals ZArith NArith Nnat List Lra Lia Bool.
From Aalp Require Import OrderedRing Posynomial.
Import ListNotations.
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

Fixpoint monomial (xs : list R) (m : mono) : R :=
  match m, xs with e :: m', x :: xs' => powerRZ x e * monomial xs' m' | _, _ => 1 end.
Fixpoint polynomial (xs : list R) (p : poly) : R :=
  match p with nil => 0 | (c, m) :: p' => IZR c * monomial xs m + polynomial xs p' end.
Definition fact_at (xs : list R) (f : fact) : Prop :=
  IZR (fact_c f) * monomial xs (fact_P f) <= IZR (fact_d f) * monomial xs (fact_Q f).

Section At.
Variable xs : list R.
Hypothesis pos : Forall (fun x => 0 < x) xs.

Lemma powerRZ_pos : forall x e, 0 < x -> 0 < powerRZ x e.
Proof. intros. apply powerRZ_lt. assumption. Qed.
Lemma monomial_pos : forall m, 0 < monomial xs m.
Proof.
  induction pos as [|x xs' Hx Hxs IH]; intros [|e m]; simpl; try lra.
  apply Rmult_lt_0_compat; [apply powerRZ_pos, Hx | auto].
Qed.
Lemma monomial_vadd : forall a b, monomial xs (vadd a b) = monomial xs a * monomial xs b.
Proof.
  induction pos as [|x xs' Hx Hxs IH]; intros [|e a] [|f b]; cbn [vadd monomial]; try ring.
  rewrite IH, powerRZ_add by (try assumption; lra). ring.
Qed.
Lemma powerRZ_scale : forall x e n, 0 < x -> powerRZ x (Z.of_N n * e) = pow R_ring (powerRZ x e) (N.to_nat n).
Proof.
  intros x e n Hx. rewrite <- (N2Nat.id n) at 1. generalize (N.to_nat n) as k. induction k as [|k IH]. reflexivity.
  replace (Z.of_N (N.of_nat (S k)) * e)%Z with (e + Z.of_N (N.of_nat k) * e)%Z by lia.
  rewrite powerRZ_add, IH by lra. reflexivity.
Qed.
Lemma monomial_vscale : forall n a, monomial xs (vscale n a) = pow R_ring (monomial xs a) (N.to_nat n).
Proof.
  assert (P1 : forall n, pow R_ring 1 n = 1) by (intros; apply (@pow_one R_ring)).
  assert (PM : forall x y n, pow R_ring (x * y) n = pow R_ring x n * pow R_ring y n) by (intros; apply (@pow_mul R_ring)).
  induction pos as [|x xs' Hx Hxs IH]; intros n [|e a]; cbn [vscale map monomial]; rewrite ?P1; auto.
  fold (vscale n a). rewrite IH, PM, powerRZ_scale by assumption. reflexivity.
Qed.
Lemma monomial_veqb : forall a b, veqb a b = true -> monomial xs a = monomial xs b.
Proof.
  clear pos. assert (Z0 : forall l m, forallb (Z.eqb 0) m = true -> monomial l m = 1).
  { induction l as [|x l IH]; intros [|e m] H; simpl; auto. cbn [forallb] in H. apply andb_prop in H as [H1 H2].
    apply Z.eqb_eq in H1. subst e. rewrite IH by assumption. simpl. ring. }
  induction xs as [|x xs' IH]; intros [|e a] [|f b] H; auto.
  - symmetry. apply Z0. exact H.
  - simpl in H. apply andb_prop in H as [H1 H2]. apply Z.eqb_eq in H1. subst f. simpl. rewrite (IH a b H2). reflexivity.
Qed.
Lemma polynomial_peval : forall p, polynomial xs p = peval R_ring (monomial xs) p.
Proof. induction p as [|(c, m) p IH]; simpl; [reflexivity | rewrite IH; reflexivity]. Qed.

Theorem dominate_at : forall fs steps diff, Forall (fact_at xs) fs -> check fs steps diff = true -> 0 <= polynomial xs diff.
Proof.
  intros fs steps diff Hf H. rewrite polynomial_peval. change (le R_ring 0 (peval R_ring (monomial xs) diff)).
  apply (check_sound R_ring (fun _ => True) (monomial xs)) with (fs := fs) (steps := steps); auto.
  - destruct xs; reflexivity.
  - intros; apply monomial_pos.
  - intros; apply monomial_vadd.
  - intros; apply monomial_vscale.
  - intros; apply monomial_veqb; assumption.
  - apply Forall_forall. intros; split; exact I.
  - apply Forall_forall. intros; split; [exact I | apply Forall_forall; intros; exact I].
  - apply Forall_forall. intros; exact I.
Qed.
End At.

(** For a goal l <= r: K*(r - l) is the polynomial `diff`, K > 0 clearing denominators of rational coefficients. *)
Theorem dominate : forall xs fs steps diff K l r, 0 < K ->
  K * (r - l) = polynomial xs diff -> Forall (fun x => 0 < x) xs -> Forall (fact_at xs) fs ->
  check fs steps diff = true -> l <= r.
Proof.
  intros xs fs steps diff K l r HK E P F H. pose proof (dominate_at xs P fs steps diff F H) as D. rewrite <- E in D.
  apply Rmult_le_reg_l with K; lra.
Qed.

(* fractional exponents: with the atom x^(1/q), x^(p/q) has exponent p *)
Lemma Rpower_root : forall x p q, (0 < q)%Z -> Rpower x (IZR p / IZR q) = powerRZ (Rpower x (/ IZR q)) p.
Proof.
  intros x p q Hq. apply IZR_lt in Hq. rewrite powerRZ_Rpower by apply exp_pos. rewrite Rpower_mult. f_equal. field. lra.
Qed.
