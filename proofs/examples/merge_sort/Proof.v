From Coq Require Import Reals ZArith List Lra Lia Arith.
From Aalp Require Import TacticsR.
From Claim Require Import Statement.
Open Scope R_scope.

Definition terms : list term :=
  [Term 1 (1/2) (fun n => (1 * n + 0) / 2)%nat; Term 1 (1/2) (fun n => (1 * n + 1) / 2)%nat].
Lemma terms_rounded : rounded INR (1/2) (1/2) 1 2 (single terms).
Proof. rounded_terms. Qed.
Lemma terms_decrease : forall t n, In t terms -> (2 <= n)%nat -> (tr t n < n)%nat.
Proof. decreasing_terms. Qed.
Lemma characteristic : forall l, single terms l -> asum l 1 = 1.
Proof. intros l ->. unfold asum. cbn [rsum terms ta tb]. rewrite ?Rpower_1 by lra. lra. Qed.
Lemma unfold_terms : forall T n, rsum (fun t => ta t * T (tr t n)) terms + INR n = T (n / 2)%nat + T ((n + 1) / 2)%nat + INR n.
Proof. intros T n. cbn [rsum terms ta tr]. rewrite !Nat.mul_1_l, !Nat.add_0_r. ring. Qed.

Lemma exists_solution : Statement.solvable.
Proof.
  exists (solution terms INR (fun _ => 1) 2). split.
  - intros n Hn. rewrite solution_base by assumption. lra.
  - intros n Hn. rewrite (solution_recurrence terms INR (fun _ => 1) 2 terms_decrease n Hn) at 1. apply unfold_terms.
Qed.

Section T.
Variable T : nat -> R.
Hypothesis HT : recurrence T.
Lemma step_below : below T INR 2 (single terms).
Proof. apply below_single. intros n Hn. rewrite unfold_terms. right. apply (proj2 HT), Hn. Qed.
Lemma step_above : above T INR 2 (single terms).
Proof. apply above_single. intros n Hn. rewrite unfold_terms. right. symmetry. apply (proj2 HT), Hn. Qed.
Lemma positive : forall n, 0 < T n.
Proof.
  apply (solution_pos T INR terms 2); [discriminate | positive_terms | exact terms_decrease | apply HT | intros; apply pos_INR |].
  intros n Hn. rewrite unfold_terms. right. symmetry. apply (proj2 HT), Hn.
Qed.
Lemma driving : late (fun n => 0 <= INR n <= 1 * W 1 0 (INR n)) /\ late (fun n => 1 * W 1 0 (INR n) <= INR n).
Proof.
  split; exists 2%nat; intros n Hn; apply le_INR in Hn; simpl in Hn; unfold W;
    rewrite Rpower_1, Rpower_O by (try apply ln_pos; lra); lra.
Qed.
Lemma bounds : upper T /\ lower T.
Proof.
  destruct (Rules.rule_akra_bazzi INR scale_INR T INR (single terms) _ _ _ 2 1 0 1 1 terms_rounded step_below step_above
    (ex_intro _ 0%nat (fun n _ => positive n)) ltac:(lra) ltac:(lra) (proj1 driving) (proj2 driving)) as (_ & B & _).
  apply (theta_as T _ rhs 1 2 ltac:(lra) (B characteristic ltac:(lra))).
  intros n Hn. unfold W, rhs. replace (0 + 1) with 1 by ring. apply le_INR in Hn; simpl in Hn. rewrite !Rpower_1 by (try apply ln_pos; lra). ring.
Qed.
End T.

Theorem t : claim.
Proof. exact (conj exists_solution bounds). Qed.
