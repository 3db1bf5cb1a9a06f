(* Posynomial domination over the integers: the checker of Posynomial.v at points with positive integer coordinates.
   Axiom-free.  `dominate` is what generated files apply; the points are lists [b; k; l] in the order of the exponents. *)
From Coq Require Import ZArith NArith Nnat List Lia Bool.
From Aalp Require Import OrderedRing Posynomial.
Import ListNotations.
Open Scope Z_scope.

(* x_1^(e_1) * x_2^(e_2) * ... *)
Fixpoint monomial (xs : list Z) (m : mono) : Z :=
  match m, xs with e :: m', x :: xs' => x ^ e * monomial xs' m' | _, _ => 1 end.
Fixpoint polynomial (xs : list Z) (p : poly) : Z :=
  match p with nil => 0 | (c, m) :: p' => c * monomial xs m + polynomial xs p' end.
Definition fact_at (xs : list Z) (f : fact) : Prop :=
  fact_c f * monomial xs (fact_P f) <= fact_d f * monomial xs (fact_Q f).

Definition nonneg_exponents (m : mono) : bool := forallb (Z.leb 0) m.
Definition integral (fs : list fact) (steps : list step) (diff : poly) : bool :=
  forallb (fun f => nonneg_exponents (fact_P f) && nonneg_exponents (fact_Q f)) fs &&
  forallb (fun s => nonneg_exponents (small s) && forallb (fun t => nonneg_exponents (goal t)) (targets s)) steps &&
  forallb (fun cm => nonneg_exponents (snd cm)) diff.

Section At.
Variable xs : list Z.
Hypothesis pos : Forall (fun x => 0 < x) xs.
Let ok (m : mono) : Prop := nonneg_exponents m = true.

Lemma monomial_pos : forall m, ok m -> 0 < monomial xs m.
Proof.
  induction pos as [|x xs' Hx Hxs IH]; intros [|e m] H; simpl; try lia.
  unfold ok in H. simpl in H. apply andb_prop in H as [He H]. apply Z.leb_le in He.
  apply Z.mul_pos_pos; [apply Z.pow_pos_nonneg; lia | auto].
Qed.
Lemma ok_vadd : forall a b, ok a -> ok b -> ok (vadd a b).
Proof.
  unfold ok. induction a as [|x a IH]; intros [|y b] Ha Hb; simpl in *; auto.
  apply andb_prop in Ha as [H1 H2]. apply andb_prop in Hb as [H3 H4]. apply Z.leb_le in H1, H3.
  apply andb_true_intro. split; [apply Z.leb_le; lia | auto].
Qed.
Lemma ok_vscale : forall n a, ok a -> ok (vscale n a).
Proof.
  unfold ok. intros n a; induction a as [|x a IH]; intros H; simpl in *; auto.
  apply andb_prop in H as [H1 H2]. apply Z.leb_le in H1. apply andb_true_intro. split; [apply Z.leb_le; nia | auto].
Qed.
Lemma monomial_vadd : forall a b, ok a -> ok b -> monomial xs (vadd a b) = monomial xs a * monomial xs b.
Proof.
  clear pos. unfold ok. induction xs as [|x xs' IH]; intros [|e a] [|f b] Ha Hb; cbn [vadd monomial]; try ring.
  simpl in Ha, Hb. apply andb_prop in Ha as [H1 H2]. apply andb_prop in Hb as [H3 H4]. apply Z.leb_le in H1, H3.
  rewrite IH, Z.pow_add_r by assumption. ring.
Qed.
Lemma monomial_vscale : forall n a, ok a -> monomial xs (vscale n a) = pow Z_ring (monomial xs a) (N.to_nat n).
Proof.
  clear pos. assert (P1 : forall n, pow Z_ring 1 n = 1) by (intros; apply (@pow_one Z_ring)).
  assert (PM : forall x y n, pow Z_ring (x * y) n = pow Z_ring x n * pow Z_ring y n) by (intros; apply (@pow_mul Z_ring)).
  assert (PP : forall x e n, 0 <= e -> x ^ (Z.of_N n * e) = pow Z_ring (x ^ e) (N.to_nat n)).
  { intros x e n He. rewrite <- (N2Nat.id n) at 1. generalize (N.to_nat n) as k. induction k as [|k IH]. reflexivity.
    replace (Z.of_N (N.of_nat (S k)) * e) with (e + Z.of_N (N.of_nat k) * e) by lia.
    rewrite Z.pow_add_r, IH by lia. reflexivity. }
  unfold ok. induction xs as [|x xs' IH]; intros n [|e a] H; cbn [vscale map monomial]; rewrite ?P1; auto.
  simpl in H. apply andb_prop in H as [H1 H2]. apply Z.leb_le in H1.
  fold (vscale n a). rewrite IH, PM, PP by assumption. reflexivity.
Qed.
Lemma monomial_veqb : forall a b, ok a -> ok b -> veqb a b = true -> monomial xs a = monomial xs b.
Proof.
  clear pos. assert (Z0 : forall l m, forallb (Z.eqb 0) m = true -> monomial l m = 1).
  { induction l as [|x l IH]; intros [|e m] H; simpl; auto. cbn [forallb] in H. apply andb_prop in H as [H1 H2].
    apply Z.eqb_eq in H1. subst e. rewrite IH by assumption. reflexivity. }
  induction xs as [|x xs' IH]; intros [|e a] [|f b] Ha Hb H; auto.
  - symmetry. apply Z0. exact H.
  - simpl in H. apply andb_prop in H as [H1 H2]. apply Z.eqb_eq in H1. subst f.
    unfold ok in Ha, Hb. simpl in Ha, Hb. apply andb_prop in Ha as [_ Ha]. apply andb_prop in Hb as [_ Hb].
    simpl. rewrite (IH a b Ha Hb H2). reflexivity.
Qed.

Lemma polynomial_peval : forall p, polynomial xs p = peval Z_ring (monomial xs) p.
Proof. induction p as [|(c, m) p IH]; simpl; [reflexivity | rewrite IH; reflexivity]. Qed.

Theorem dominate_at : forall fs steps diff, Forall (fact_at xs) fs ->
  integral fs steps diff && check fs steps diff = true -> 0 <= polynomial xs diff.
Proof.
  intros fs steps diff Hf H. apply andb_prop in H as [W H]. unfold integral in W.
  apply andb_prop in W as [W W3]. apply andb_prop in W as [W1 W2].
  rewrite polynomial_peval. change (le Z_ring 0 (peval Z_ring (monomial xs) diff)).
  apply (check_sound Z_ring ok (monomial xs)) with (fs := fs) (steps := steps); auto.
  - reflexivity.
  - apply ok_vadd.
  - apply ok_vscale.
  - destruct xs; reflexivity.
  - apply monomial_pos.
  - apply monomial_vadd.
  - apply monomial_vscale.
  - apply monomial_veqb.
  - apply Forall_forall. intros f Hin. apply (proj1 (forallb_forall _ _) W1) in Hin. apply andb_prop in Hin. exact Hin.
  - apply Forall_forall. intros s Hin. apply (proj1 (forallb_forall _ _) W2) in Hin. apply andb_prop in Hin as [H1 H2].
    split; [exact H1|]. apply Forall_forall. apply (proj1 (forallb_forall _ _) H2).
  - apply Forall_forall. apply (proj1 (forallb_forall _ _) W3).
Qed.
End At.

(** For a goal `l <= r`: reify r - l as `diff`, give facts and steps, compute. *)
Theorem dominate : forall xs fs steps diff l r,
  r - l = polynomial xs diff -> Forall (fun x => 0 < x) xs -> Forall (fact_at xs) fs ->
  integral fs steps diff && check fs steps diff = true -> l <= r.
Proof. intros xs fs steps diff l r E P F H. pose proof (dominate_at xs P fs steps diff F H). lia. Qed.
