(* Domination of sums of positive monomials by weighted AM-GM, with logarithmic certificates.
   If  ln M <= sum_t w_t ln (k_t G_t) + ln C  with weights w_t >= 0 of sum 1 and scales k_t > 0, then
   M <= C sum_t w_t k_t G_t ; summing such rows within the budgets b_t gives  sum_i a_i M_i <= sum_t b_t G_t.
   Source: convexity of exp (Jensen), as in SAGE certificates. *)
From Coq Require Import Reals Lra Lia List.
From Aalp Require Import Analysis.
Import ListNotations.
Open Scope R_scope.

(* sum_t w_t g_t *)
Fixpoint dot (ws gs : list R) : R := match ws, gs with w :: ws', g :: gs' => w * g + dot ws' gs' | _, _ => 0 end.
Definition total (ws : list R) : R := fold_right Rplus 0 ws.

Lemma dot_tangent : forall A ws gs, length ws = length gs -> Forall (fun w => 0 <= w) ws -> Forall (fun g => 0 < g) gs ->
  exp A * (total ws + dot ws (map ln gs) - total ws * A) <= dot ws gs.
Proof.
  intros A ws; induction ws as [|w ws IH]; intros [|g gs] L W G; simpl in *; try discriminate; [lra|].
  inversion W; subst. inversion G; subst. specialize (IH gs ltac:(lia) H2 H4).
  pose proof (exp_tangent (ln g - A)) as T. unfold Rminus in T at 2. rewrite exp_plus, exp_ln, exp_Ropp in T by assumption.
  pose proof (exp_pos A) as PA.
  assert (T' : exp A * (1 + (ln g - A)) <= g).
  { apply Rmult_le_compat_l with (r := exp A) in T; [|lra]. replace (exp A * (g * / exp A)) with g in T by (field; lra). exact T. }
  apply Rmult_le_compat_l with (r := w) in T'; [|assumption]. nra.
Qed.
(** weighted AM-GM: exp (sum w_t ln G_t) <= sum w_t G_t *)
Theorem weighted_am_gm : forall ws gs, length ws = length gs -> Forall (fun w => 0 <= w) ws ->
  Forall (fun g => 0 < g) gs -> total ws = 1 -> exp (dot ws (map ln gs)) <= dot ws gs.
Proof.
  intros ws gs L W G T. pose proof (dot_tangent (dot ws (map ln gs)) ws gs L W G) as H. rewrite T in H. lra.
Qed.

(* a row: demand * monomial, with ln monomial <= sum_t w_t ln (k_t G_t) + ln factor *)
Record row := Row { demand : R; monomial : R; factor : R; weights : list R; scales : list R }.
Fixpoint vtimes (a b : list R) : list R := match a, b with x :: a', y :: b' => x * y :: vtimes a' b' | _, _ => nil end.
Definition row_ok (gs : list R) (r : row) : Prop :=
  0 <= demand r /\ 0 < monomial r /\ 0 < factor r /\ length (weights r) = length gs /\ length (scales r) = length gs /\
  Forall (fun w => 0 <= w) (weights r) /\ Forall (fun k => 0 < k) (scales r) /\ total (weights r) = 1 /\
  ln (monomial r) <= dot (weights r) (map ln (vtimes (scales r) gs)) + ln (factor r).

Lemma length_vtimes : forall a b, length a = length b -> length (vtimes a b) = length b.
Proof. intros a; induction a as [|x a IH]; intros [|y b] L; simpl in *; try discriminate; auto. Qed.
Lemma vtimes_pos : forall a b, Forall (fun k => 0 < k) a -> Forall (fun g => 0 < g) b -> Forall (fun g => 0 < g) (vtimes a b).
Proof. intros a b H. revert b. induction H as [|x a Hx H IH]; intros [|y b] G; simpl; constructor; inversion G; subst; auto. apply Rmult_lt_0_compat; assumption. Qed.
Lemma dot_vtimes : forall w k g, dot w (vtimes k g) = dot (vtimes w k) g.
Proof. intros w; induction w as [|x w IH]; intros [|y k] [|z g]; simpl; try lra. rewrite IH. ring. Qed.
Lemma row_sound : forall gs r, Forall (fun g => 0 < g) gs -> row_ok gs r ->
  monomial r <= factor r * dot (vtimes (weights r) (scales r)) gs.
Proof.
  intros gs r G (_ & M & C & L & L' & W & S & T & H).
  pose proof (weighted_am_gm (weights r) (vtimes (scales r) gs) ltac:(rewrite length_vtimes by congruence; congruence) W (vtimes_pos _ _ S G) T) as A.
  rewrite dot_vtimes in A. rewrite <- (exp_ln _ M). apply Rle_trans with (1 := exp_le _ _ H).
  rewrite exp_plus, exp_ln by assumption. rewrite Rmult_comm. apply Rmult_le_compat_l; lra.
Qed.

(* what the rows spend on each G_t *)
Fixpoint vplus (a b : list R) : list R := match a, b with x :: a', y :: b' => x + y :: vplus a' b' | _, _ => nil end.
Definition spent (n : nat) (rows : list row) : list R :=
  fold_right (fun r s => vplus (map (Rmult (demand r * factor r)) (vtimes (weights r) (scales r))) s) (repeat 0 n) rows.
Definition demanded (rows : list row) : R := fold_right (fun r s => demand r * monomial r + s) 0 rows.

Lemma dot_vplus : forall a b gs, length a = length b -> dot (vplus a b) gs = dot a gs + dot b gs.
Proof. intros a; induction a as [|x a IH]; intros [|y b] [|g gs] L; simpl in *; try discriminate; try lra. rewrite IH by lia. lra. Qed.
Lemma dot_scale : forall c a gs, dot (map (Rmult c) a) gs = c * dot a gs.
Proof. intros c a; induction a as [|x a IH]; intros [|g gs]; simpl; try lra. rewrite IH. lra. Qed.
Lemma dot_zero : forall n gs, dot (repeat 0 n) gs = 0.
Proof. intros n; induction n as [|n IH]; intros [|g gs]; simpl; try lra. rewrite IH. lra. Qed.
Lemma length_vplus : forall a b, length a = length b -> length (vplus a b) = length b.
Proof. intros a; induction a as [|x a IH]; intros [|y b] L; simpl in *; try discriminate; auto. Qed.
Lemma dot_le : forall a b gs, Forall2 Rle a b -> Forall (fun g => 0 < g) gs -> dot a gs <= dot b gs.
Proof.
  intros a b gs H. revert gs. induction H as [|x y a b Hxy H IH]; intros [|g gs] G; simpl; try lra.
  inversion G; subst. specialize (IH gs H3). assert (x * g <= y * g) by (apply Rmult_le_compat_r; lra). lra.
Qed.

(** the rows within the budgets: sum_i a_i M_i <= sum_t b_t G_t *)
Theorem dominate : forall gs bs rows, Forall (fun g => 0 < g) gs -> Forall (row_ok gs) rows ->
  Forall2 Rle (spent (length gs) rows) bs -> demanded rows <= dot bs gs.
Proof.
  intros gs bs rows G H B. apply Rle_trans with (dot (spent (length gs) rows) gs); [|apply dot_le; assumption].
  clear B. assert (L : length (spent (length gs) rows) = length gs /\ demanded rows <= dot (spent (length gs) rows) gs).
  { induction H as [|r rows Hr H IH]; simpl. split. apply repeat_length. rewrite dot_zero; lra.
    destruct IH as [L IH]. pose proof (row_sound gs r G Hr) as S. destruct Hr as (D & _ & C & Lr & Lk & _).
    assert (E : length (map (Rmult (demand r * factor r)) (vtimes (weights r) (scales r))) = length (spent (length gs) rows)).
    { rewrite map_length, length_vtimes by congruence. congruence. }
    split. rewrite length_vplus; [exact L | exact E]. rewrite dot_vplus, dot_scale by exact E.
    apply Rplus_le_compat; [|exact IH]. rewrite Rmult_assoc. apply Rmult_le_compat_l; assumption. }
  apply L.
Qed.
