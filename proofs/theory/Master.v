(* The cases of the master theorem for a driving function whose order is known, and the cases that do not apply. *)
From Coq Require Import Reals ZArith Lra Lia.
From Aalp Require Import Analysis Recurrence AkraBazzi Growth Compare Calls.
Open Scope R_scope.

Lemma log_equal : forall A B P Q, 0 < A -> 1 < B -> (0 < Q)%nat -> powerRZ B P = A ^ Q -> ln A / ln B = IZR P / INR Q.
Proof.
  intros A B P Q HA HB HQ H. apply lt_0_INR in HQ. pose proof (ln_pos B HB). apply (f_equal ln) in H.
  rewrite ln_pow in H by assumption. rewrite powerRZ_Rpower in H by lra. unfold Rpower in H. rewrite ln_exp in H.
  apply Rmult_eq_reg_r with (INR Q * ln B); [|apply Rmult_integral_contrapositive_currified; lra].
  replace (IZR P / INR Q * (INR Q * ln B)) with (IZR P * ln B) by (field; lra).
  replace (ln A / ln B * (INR Q * ln B)) with (INR Q * ln A) by (field; lra). symmetry. exact H.
Qed.

Lemma power_plain : forall x n, Rpower (INR n) x = Sc 0 x 0 0 n.
Proof. intros. rewrite <- Sc_W. unfold W, Rpower. rewrite Rmult_0_l, exp_0. ring. Qed.

Section Cases.
Variables (f : nat -> R) (C d k j p : R).
Hypotheses (HC : 0 < C) (G : grows f C 0 d k j).
Lemma above : bounded_above f (Sc 0 d k j). Proof. exact (grows_above f C 0 d k j HC G). Qed.
Lemma below : bounded_below f (Sc 0 d k j). Proof. exact (grows_below f C 0 d k j HC G). Qed.

(* case 1: f = O(n^(p - e)) for some e > 0 *)
Definition first_case := exists e c N, 0 < e /\ 0 < c /\ forall n, (N <= n)%nat -> f n <= c * Rpower (INR n) (p - e).
Lemma first_holds : d < p -> first_case.
Proof.
  intros L. destruct above as (c & N & Hc & A). destruct (Sc_le 0 d k j 0 (p - (p - d) / 2) 0 0 ltac:(right; split; [ring | left; lra]) 1 ltac:(lra)) as (M & B).
  exists ((p - d) / 2), c, (Nat.max N M). split; [lra|]. split; [exact Hc|]. intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)).
  rewrite power_plain. apply (Rmult_le_compat_l c) in B; lra.
Qed.
Lemma first_fails : p <= d -> ~ first_case.
Proof.
  intros L (e & c & N & He & Hc & A).
  refine (not_bounded f (Sc 0 (p - e) 0 0) (Sc 0 d k j) (Sc 0 (p - e) 0 0) ltac:(intros; apply Sc_pos) _ _ below _).
  - apply (Sc_le 0 (p - e) 0 0 0 d k j). right. split; [ring | left; lra].
  - exists 1, 0%nat. split; [lra|]. intros n _. lra.
  - exists c, N. split; [exact Hc|]. intros n Hn. rewrite <- power_plain. apply A, Hn.
Qed.

(* case 2: f = Theta(n^p (log n)^k) for some k >= 0 *)
Definition second_case := exists x c N, 0 <= x /\ 0 < c /\ forall n, (N <= n)%nat ->
  f n <= c * (Rpower (INR n) p * Rpower (ln (INR n)) x) /\ Rpower (INR n) p * Rpower (ln (INR n)) x <= c * f n.
Lemma second_holds : d = p -> j = 0 -> 0 <= k -> second_case.
Proof.
  intros E J K. destruct above as (c & N & Hc & A). destruct below as (q & M & Hq & B). exists k, (c + / q), (Nat.max N M).
  assert (Q : 0 < / q) by (apply Rinv_0_lt_compat, Hq).
  split; [exact K|]. split; [lra|]. intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)).
  change (Rpower (INR n) p * Rpower (ln (INR n)) k) with (W p k (INR n)). rewrite Sc_W. rewrite E, J in A, B. pose proof (Sc_pos 0 p k 0 n) as S.
  set (s := Sc 0 p k 0 n) in *. assert (s <= / q * f n) by (apply (Rmult_le_compat_l (/ q)) in B; [|lra]; replace (/ q * (q * s)) with s in B by (field; lra); exact B).
  assert (0 <= / q * s) by (apply Rmult_le_pos; lra). assert (0 < q * s) by (apply Rmult_lt_0_compat; lra). assert (0 <= c * f n) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma second_fails : d < p \/ p < d \/ d = p /\ k < 0 -> ~ second_case.
Proof.
  intros L (x & c & N & Hx & Hc & A).
  assert (R1 : forall n, Rpower (INR n) p * Rpower (ln (INR n)) x = Sc 0 p x 0 n) by (intros n; rewrite <- Sc_W; reflexivity).
  destruct L as [L|[L|[E L]]].
  2: { refine (not_bounded f (Sc 0 p x 0) (Sc 0 d k j) (Sc 0 p x 0) ltac:(intros; apply Sc_pos) _ _ below _).
       - apply (Sc_le 0 p x 0 0 d k j). right. split; [ring | left; lra].
       - exists 1, 0%nat. split; [lra|]. intros n _. lra.
       - exists c, N. split; [exact Hc|]. intros n Hn. rewrite <- R1. apply A, Hn. }
  - refine (not_bounded (fun n => Sc 0 p x 0 n) f (fun n => Sc 0 p x 0 n) (Sc 0 d k j) ltac:(intros; apply Sc_pos) _ above _ _);
      [apply (Sc_le 0 d k j 0 p x 0); right; split; [ring | left; lra] | exists 1, 0%nat; split; [lra|]; intros n _; lra | exists c, N; split; [exact Hc|]; intros n Hn; rewrite <- R1; apply A, Hn].
  - refine (not_bounded (fun n => Sc 0 p x 0 n) f (fun n => Sc 0 p x 0 n) (Sc 0 d k j) ltac:(intros; apply Sc_pos) _ above _ _);
      [apply (Sc_le 0 d k j 0 p x 0); right; split; [ring | right; split; [lra | left; lra]] | exists 1, 0%nat; split; [lra|]; intros n _; lra | exists c, N; split; [exact Hc|]; intros n Hn; rewrite <- R1; apply A, Hn].
Qed.

(* case 3: f = Omega(n^(p + e)) for some e > 0, and a f(n/b) <= c f(n) for some c < 1; h n is f(n/b) *)
Variables (h : nat -> R) (a D : R).
Definition third_case := (exists e c N, 0 < e /\ 0 < c /\ forall n, (N <= n)%nat -> Rpower (INR n) (p + e) <= c * f n) /\
  exists c N, c < 1 /\ forall n, (N <= n)%nat -> a * h n <= c * f n.
Lemma third_holds : p < d -> 0 < D -> 0 < a -> grows h D 0 d k j -> a * D < C -> third_case.
Proof.
  intros L HD Ha H S. split.
  - destruct below as (q & M & Hq & B). destruct (Sc_le 0 (p + (d - p) / 2) 0 0 0 d k j ltac:(right; split; [ring | left; lra]) 1 ltac:(lra)) as (N & E).
    exists ((d - p) / 2), (/ q), (Nat.max N M). split; [lra|]. split; [apply Rinv_0_lt_compat, Hq|]. intros n Hn. specialize (B n ltac:(lia)). specialize (E n ltac:(lia)).
    rewrite power_plain. assert (Q : 0 < / q) by (apply Rinv_0_lt_compat, Hq). apply (Rmult_le_compat_l (/ q)) in B; [|lra].
    replace (/ q * (q * Sc 0 d k j n)) with (Sc 0 d k j n) in B by (field; lra). lra.
  - set (u := (C + a * D) / 2). assert (X : 0 < a * D) by (apply Rmult_lt_0_compat; assumption).
    (* h <= D1 Sc and C1 Sc <= f with a D1 < C1 *)
    set (g := (C - a * D) / (4 * (a + 1))). assert (g0 : 0 < g) by (apply Rmult_lt_0_compat; [unfold g; lra | apply Rinv_0_lt_compat; lra]).
    assert (ga : g * (a + 1) = (C - a * D) / 4) by (unfold g; field; lra).
    destruct (H g g0) as (N & A). destruct (G g g0) as (M & B). exists ((a * D + a * g) / (C - g)), (Nat.max N M).
    assert (cg : 0 < C - g) by nra.
    assert (agD : a * D + a * g < C - g) by nra.
    split; [apply Rmult_lt_reg_r with (C - g); [exact cg|]; replace ((a * D + a * g) / (C - g) * (C - g)) with (a * D + a * g) by (field; lra); lra|].
    intros n Hn. specialize (A n ltac:(lia)). specialize (B n ltac:(lia)). unfold R_dist in A, B. apply Rabs_def2 in A, B. pose proof (Sc_pos 0 d k j n) as P.
    set (s := Sc 0 d k j n) in *. assert (hs : h n <= (D + g) * s) by (replace (h n) with (h n / s * s) by (field; lra); apply Rmult_le_compat_r; lra).
    assert (fs : (C - g) * s <= f n) by (replace (f n) with (f n / s * s) by (field; lra); apply Rmult_le_compat_r; lra).
    apply Rle_trans with ((a * D + a * g) / (C - g) * ((C - g) * s)).
    + replace ((a * D + a * g) / (C - g) * ((C - g) * s)) with (a * ((D + g) * s)) by (field; lra). apply Rmult_le_compat_l; lra.
    + apply Rmult_le_compat_l; [|exact fs]. assert (0 < a * g) by (apply Rmult_lt_0_compat; assumption). apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat, cg].
Qed.
Lemma third_fails : d <= p -> ~ third_case.
Proof.
  intros L ((e & c & N & He & Hc & A) & _).
  refine (not_bounded (Sc 0 (p + e) 0 0) f (Sc 0 (p + e) 0 0) (Sc 0 d k j) ltac:(intros; apply Sc_pos) _ above _ _).
  - apply (Sc_le 0 d k j 0 (p + e) 0 0). right. split; [ring | left; lra].
  - exists 1, 0%nat. split; [lra|]. intros n _. lra.
  - exists c, N. split; [exact Hc|]. intros n Hn. rewrite <- power_plain. apply A, Hn.
Qed.
End Cases.
