(* Domination of posynomials, decided by computation.

   A certificate shows 0 <= diff(x) for a polynomial `diff` with integer coefficients, at every point where some
   monomial facts  c*P(x) <= d*Q(x)  hold.  It is a list of steps

       a*M(x) <= sum_t b_t*G_t(x)

   each justified by weighted AM-GM: with natural weights w_t of sum D > 0 and fact multipliers l_j,

       M^D * prod Q_j^(l_j) = prod G_t^(w_t) * prod P_j^(l_j)                    (an identity of exponent vectors)
       a^D * prod w_t^(w_t) * prod d_j^(l_j) <= D^D * prod b_t^(w_t) * prod c_j^(l_j)     (one integer comparison)

   and what is left of `diff` after all steps must have coefficients >= 0.  The box x_i >= 1 and thresholds
   x_i >= N are facts, as is an assumption such as b <= k.  `check` runs by vm_compute; `check_sound` holds over every
   ordered ring, so the same certificates serve the integers (no axioms) and the reals.

   Source: arithmetic-geometric mean certificates (SONC/SAGE; Farkas' lemma on the exponents). *)
From Coq Require Import ZArith NArith Nnat List Lia Bool Ring.
From Aalp Require Import OrderedRing.
Import ListNotations.

(* ---- Certificates ---- *)

Definition mono := list Z.                              (* exponents; missing ones are 0 *)
Definition poly := list (Z * mono).                     (* coefficient, monomial *)
Record fact := Fact { fact_c : Z; fact_P : mono; fact_d : Z; fact_Q : mono }.          (* c*P <= d*Q *)
Record target := Target { weight : N; budget : Z; goal : mono }.                       (* budget*goal *)
Record step := Step { coef : Z; small : mono; targets : list target; multipliers : list N }.
Arguments Fact (_ _ _ _)%Z.
Arguments Target _%N (_ _)%Z.
Arguments Step (_ _)%Z _ _%N.

Open Scope Z_scope.

Fixpoint vadd (a b : mono) : mono :=
  match a, b with
  | nil, _ => b
  | _, nil => a
  | x :: a', y :: b' => (x + y) :: vadd a' b'
  end.
Definition vscale (n : N) (a : mono) : mono := map (Z.mul (Z.of_N n)) a.
Fixpoint veqb (a b : mono) : bool :=
  match a, b with
  | nil, _ => forallb (Z.eqb 0) b
  | _, nil => forallb (Z.eqb 0) a
  | x :: a', y :: b' => (x =? y) && veqb a' b'
  end.

Fixpoint zpow (x : Z) (n : nat) : Z := match n with O => 1 | S n' => x * zpow x n' end.

(* products over targets and over facts with their multipliers *)
Definition total (ts : list target) : N := fold_right (fun t s => N.add (weight t) s) 0%N ts.
Definition goals (ts : list target) : mono := fold_right (fun t v => vadd (vscale (weight t) (goal t)) v) nil ts.
Fixpoint over_facts (side : fact -> mono) (fs : list fact) (ls : list N) : mono :=
  match fs, ls with f :: fs', l :: ls' => vadd (vscale l (side f)) (over_facts side fs' ls') | _, _ => nil end.
Fixpoint const_facts (side : fact -> Z) (fs : list fact) (ls : list N) : Z :=
  match fs, ls with f :: fs', l :: ls' => zpow (side f) (N.to_nat l) * const_facts side fs' ls' | _, _ => 1 end.
Definition const_targets (side : target -> Z) (ts : list target) : Z :=
  fold_right (fun t s => zpow (side t) (N.to_nat (weight t)) * s) 1 ts.

Definition fact_pos (f : fact) : bool := (0 <? fact_c f) && (0 <? fact_d f).
Definition target_ok (t : target) : bool := (0 <? Z.of_N (weight t)) && (0 <=? budget t).

Definition step_check (fs : list fact) (s : step) : bool :=
  let ts := targets s in
  let D := total ts in
  let nD := N.to_nat D in
  (0 <=? coef s) && (0 <? Z.of_N D) && forallb target_ok ts &&
  veqb (vadd (vscale D (small s)) (over_facts fact_Q fs (multipliers s)))
       (vadd (goals ts) (over_facts fact_P fs (multipliers s))) &&
  (zpow (coef s) nD * const_targets (fun t => Z.of_N (weight t)) ts * const_facts fact_d fs (multipliers s)
   <=? zpow (Z.of_N D) nD * const_targets budget ts * const_facts fact_c fs (multipliers s)).

(* p + c*m, merged with the first like term *)
Fixpoint padd (c : Z) (m : mono) (p : poly) : poly :=
  match p with
  | nil => (c, m) :: nil
  | (c', m') :: p' => if veqb m m' then (c + c', m') :: p' else (c', m') :: padd c m p'
  end.
Definition use_step (s : step) (p : poly) : poly :=
  padd (coef s) (small s) (fold_right (fun t q => padd (- budget t) (goal t) q) p (targets s)).

Definition check (fs : list fact) (steps : list step) (diff : poly) : bool :=
  forallb fact_pos fs && forallb (step_check fs) steps &&
  forallb (fun cm => 0 <=? fst cm) (fold_right use_step diff steps).

Close Scope Z_scope.

Section Soundness.
Variable K : ordered_ring.
Add Ring Kring : (ring_laws K).
Notation "0" := (zero K). Notation "1" := (one K).
Infix "+" := (add K). Infix "*" := (mul K). Infix "-" := (sub K). Notation "- x" := (opp K x).
Infix "<=" := (le K). Infix "<" := (lt K). Infix "^" := (pow K). Notation nat_ := (nat_ K).

Lemma nat_S : forall n, nat_ (S n) = 1 + nat_ n.
Proof. intros n. unfold nat_. rewrite Nat2Z.inj_succ, <- Z.add_1_l, inj_add, inj_1. reflexivity. Qed.
Lemma nat_add : forall n m, nat_ (n + m) = nat_ n + nat_ m.
Proof. intros. unfold nat_. rewrite Nat2Z.inj_add. apply inj_add. Qed.
Lemma nat_nonneg : forall n, 0 <= nat_ n.
Proof. intros n. unfold nat_. rewrite <- inj_0. apply inj_le. lia. Qed.
Lemma nat_pos : forall n, (0 < n)%nat -> 0 < nat_ n.
Proof. intros n H. unfold nat_. rewrite <- inj_0. apply inj_lt. lia. Qed.

(* ---- Weighted AM-GM with natural weights ---- *)

Lemma bernoulli : forall m u h, 0 <= u -> 0 <= u + h -> u ^ S m + nat_ (S m) * u ^ m * h <= (u + h) ^ S m.
Proof.
  induction m as [|m IH]; intros u h Hu Hh.
  - simpl. rewrite nat_S. unfold nat_; simpl. rewrite inj_0. apply (le_by _ _ 0); [ring | apply le_refl].
  - specialize (IH u h Hu Hh). change ((u + h) ^ S (S m)) with ((u + h) * (u + h) ^ S m).
    apply (le_trans K _ ((u + h) * (u ^ S m + nat_ (S m) * u ^ m * h))); [|apply mul_le_l; assumption].
    rewrite (nat_S (S m)). change (u ^ S (S m)) with (u * (u * u ^ m)). change (u ^ S m) with (u * u ^ m).
    apply (le_by _ _ (nat_ (S m) * u ^ m * (h * h))); [ring|].
    assert (Q : 0 <= h * h).
    { destruct (le_or_lt K 0 h) as [L|L]; [apply mul_nonneg; assumption|]. apply lt_le in L.
      apply nonneg_sub in L. replace (h * h) with ((0 - h) * (0 - h)) by ring. apply mul_nonneg; assumption. }
    apply mul_nonneg; [|exact Q]. apply mul_nonneg; [apply nat_nonneg | apply pow_nonneg, Hu].
Qed.

Lemma mean_step : forall n S x, 0 <= S -> 0 <= x -> (0 < n)%nat ->
  nat_ (n + 1) ^ (n + 1) * (S ^ n * x) <= nat_ n ^ n * (S + x) ^ (n + 1).
Proof.
  intros n T x HT Hx Hn. apply (mul_cancel_l _ _ (nat_ n)); [apply nat_pos, Hn|].
  rewrite (Nat.add_comm n 1). change (1 + n)%nat with (S n).
  pose proof (nat_nonneg n) as Nn. pose proof (nat_nonneg (S n)) as NS.
  pose proof (bernoulli n (nat_ (S n) * T) (nat_ n * x - T)) as B.
  assert (E : nat_ (S n) * T + (nat_ n * x - T) = nat_ n * (T + x)) by (rewrite nat_S; ring).
  rewrite E in B. specialize (B (mul_nonneg K _ _ NS HT) (mul_nonneg K _ _ Nn (add_nonneg _ _ HT Hx))).
  rewrite (pow_mul (nat_ n)) in B.
  replace (nat_ n * (nat_ n ^ n * (T + x) ^ S n)) with (nat_ n ^ S n * (T + x) ^ S n) by (simpl; ring).
  replace (nat_ n * (nat_ (S n) ^ S n * (T ^ n * x))) with
    ((nat_ (S n) * T) ^ S n + nat_ (S n) * (nat_ (S n) * T) ^ n * (nat_ n * x - T)); [exact B|].
  rewrite !pow_mul. simpl. ring.
Qed.

Fixpoint lsum (l : list K) : K := match l with nil => 0 | x :: l' => lsum l' + x end.
Fixpoint lprod (l : list K) : K := match l with nil => 1 | x :: l' => lprod l' * x end.
Lemma lsum_nonneg : forall l, (forall x, In x l -> 0 <= x) -> 0 <= lsum l.
Proof. induction l as [|x l IH]; intros H; simpl. apply le_refl. apply add_nonneg; [apply IH; intros; apply H; now right | apply H; now left]. Qed.
Lemma lprod_nonneg : forall l, (forall x, In x l -> 0 <= x) -> 0 <= lprod l.
Proof. induction l as [|x l IH]; intros H; simpl. apply one_nonneg. apply mul_nonneg; [apply IH; intros; apply H; now right | apply H; now left]. Qed.
Lemma lsum_app : forall a b, lsum (a ++ b) = lsum a + lsum b.
Proof. intros a b; induction a as [|x a IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma lprod_app : forall a b, lprod (a ++ b) = lprod a * lprod b.
Proof. intros a b; induction a as [|x a IH]; simpl; [ring | rewrite IH; ring]. Qed.
Lemma lsum_repeat : forall x n, lsum (repeat x n) = nat_ n * x.
Proof. intros x n; induction n as [|n IH]; simpl. unfold nat_; simpl; rewrite inj_0; ring. rewrite IH, nat_S; ring. Qed.
Lemma lprod_repeat : forall x n, lprod (repeat x n) = x ^ n.
Proof. intros x n; induction n as [|n IH]; simpl. reflexivity. rewrite IH; ring. Qed.

Theorem am_gm : forall l, (forall x, In x l -> 0 <= x) -> nat_ (length l) ^ length l * lprod l <= lsum l ^ length l.
Proof.
  induction l as [|x l IH]; intros H.
  - simpl. apply (le_by _ _ 0); [ring | apply le_refl].
  - assert (Hx : 0 <= x) by (apply H; now left). assert (Hl : forall y, In y l -> 0 <= y) by (intros; apply H; now right).
    specialize (IH Hl). destruct l as [|y l'].
    + simpl. unfold nat_; simpl. rewrite inj_1. apply (le_by _ _ 0); [ring | apply le_refl].
    + set (l := y :: l') in *. pose proof (lsum_nonneg l Hl) as HS.
      assert (Hn : (0 < length l)%nat) by (simpl; lia). cbn [length lprod lsum]. set (n := length l) in *.
      apply (mul_cancel_l _ _ (nat_ n ^ n)); [apply pow_pos, nat_pos, Hn|].
      apply (le_trans K _ (nat_ (n + 1) ^ (n + 1) * (lsum l ^ n * x))).
      * replace (n + 1)%nat with (S n) by lia.
        replace (nat_ n ^ n * (nat_ (S n) ^ S n * (lprod l * x))) with (nat_ (S n) ^ S n * x * (nat_ n ^ n * lprod l)) by ring.
        replace (nat_ (S n) ^ S n * (lsum l ^ n * x)) with (nat_ (S n) ^ S n * x * lsum l ^ n) by ring.
        apply mul_le_l; [|exact IH]. apply mul_nonneg; [apply pow_nonneg, nat_nonneg | exact Hx].
      * replace (S n) with (n + 1)%nat by lia. apply mean_step; assumption.
Qed.

Lemma two_blocks : forall D w S z, (0 < D)%nat -> (0 < w)%nat -> 0 <= S -> 0 <= z ->
  nat_ (D + w) ^ (D + w) * (S ^ D * z ^ w) <= nat_ D ^ D * nat_ w ^ w * (S + z) ^ (D + w).
Proof.
  intros D w T z HD Hw HT Hz. pose proof (nat_pos D HD) as PD. pose proof (nat_pos w Hw) as Pw.
  pose proof (am_gm (repeat (T * nat_ w) D ++ repeat (z * nat_ D) w)) as A.
  rewrite app_length, !repeat_length, lsum_app, lprod_app, !lsum_repeat, !lprod_repeat in A.
  assert (A' : nat_ (D + w) ^ (D + w) * ((T * nat_ w) ^ D * (z * nat_ D) ^ w) <= (nat_ D * (T * nat_ w) + nat_ w * (z * nat_ D)) ^ (D + w)).
  { apply A. intros x Hx. apply in_app_or in Hx. destruct Hx as [Hx|Hx]; apply repeat_spec in Hx; subst x;
    apply mul_nonneg; try assumption; apply lt_le; assumption. }
  clear A. replace (nat_ D * (T * nat_ w) + nat_ w * (z * nat_ D)) with ((nat_ D * nat_ w) * (T + z)) in A' by ring.
  apply (mul_cancel_l _ _ (nat_ D ^ w * nat_ w ^ D)). { apply mul_pos; apply pow_pos; assumption. }
  rewrite (pow_mul T), (pow_mul z), (pow_mul (nat_ D * nat_ w)), (pow_mul (nat_ D)), (pow_add (nat_ D)), (pow_add (nat_ w)) in A'.
  match goal with |- ?a <= ?b => match type of A' with ?c <= ?d => replace a with c by ring; replace b with d by ring end end.
  exact A'.
Qed.

(* ---- Evaluation of monomials: any homomorphism from exponent vectors that the ring allows ---- *)

Variable ok : mono -> Prop.              (* vectors with a value, e.g. exponents >= 0 *)
Variable ev : mono -> K.
Hypothesis ok_nil : ok nil.
Hypothesis ok_add : forall a b, ok a -> ok b -> ok (vadd a b).
Hypothesis ok_scale : forall n a, ok a -> ok (vscale n a).
Hypothesis ev_nil : ev nil = 1.
Hypothesis ev_pos : forall a, ok a -> 0 < ev a.
Hypothesis ev_add : forall a b, ok a -> ok b -> ev (vadd a b) = ev a * ev b.
Hypothesis ev_scale : forall n a, ok a -> ev (vscale n a) = ev a ^ N.to_nat n.
Hypothesis ev_eq : forall a b, ok a -> ok b -> veqb a b = true -> ev a = ev b.

Definition ok_fact f := ok (fact_P f) /\ ok (fact_Q f).
Definition ok_step s := ok (small s) /\ Forall (fun t => ok (goal t)) (targets s).
Definition holds (f : fact) : Prop := inj K (fact_c f) * ev (fact_P f) <= inj K (fact_d f) * ev (fact_Q f).
Fixpoint peval (p : poly) : K := match p with nil => 0 | (c, m) :: p' => inj K c * ev m + peval p' end.

Lemma zpow_inj : forall x n, inj K (zpow x n) = inj K x ^ n.
Proof. intros x n; induction n as [|n IH]; simpl. apply inj_1. rewrite inj_mul, IH. reflexivity. Qed.
Lemma nat_of_N : forall n, nat_ (N.to_nat n) = inj K (Z.of_N n).
Proof. intros n. unfold nat_. rewrite N_nat_Z. reflexivity. Qed.
Lemma inj_nonneg : forall a, (0 <= a)%Z -> 0 <= inj K a.
Proof. intros a H. rewrite <- inj_0. apply inj_le, H. Qed.
Lemma inj_pos : forall a, (0 < a)%Z -> 0 < inj K a.
Proof. intros a H. rewrite <- inj_0. apply inj_lt, H. Qed.

Definition tsum (ts : list target) : K := fold_right (fun t s => s + inj K (budget t) * ev (goal t)) 0 ts.
Lemma tsum_nonneg : forall ts, Forall (fun t => ok (goal t)) ts -> forallb target_ok ts = true -> 0 <= tsum ts.
Proof.
  induction ts as [|t ts IH]; intros O H; simpl. apply le_refl. inversion O; subst. simpl in H. apply andb_prop in H as [Ht H].
  apply andb_prop in Ht as [_ Hb]. apply Z.leb_le in Hb.
  apply add_nonneg; [auto|]. apply mul_nonneg; [apply inj_nonneg, Hb | apply lt_le, ev_pos; assumption].
Qed.
Lemma ok_goals : forall ts, Forall (fun t => ok (goal t)) ts -> ok (goals ts).
Proof. intros ts H; induction H; simpl; auto. Qed.
Lemma const_pos : forall ts, forallb target_ok ts = true -> 0 < inj K (const_targets (fun t => Z.of_N (weight t)) ts).
Proof.
  induction ts as [|t ts IH]; intros H; simpl. rewrite inj_1; apply one_pos. simpl in H. apply andb_prop in H as [Ht H].
  apply andb_prop in Ht as [Hw _]. apply Z.ltb_lt in Hw. rewrite inj_mul, zpow_inj. apply mul_pos; [apply pow_pos, inj_pos, Hw | auto].
Qed.

(* prod (b_t G_t)^(w_t) * D^D <= (sum b_t G_t)^D * prod w_t^(w_t) *)
Lemma weighted_am_gm : forall ts, Forall (fun t => ok (goal t)) ts -> forallb target_ok ts = true ->
  let D := N.to_nat (total ts) in
  nat_ D ^ D * (inj K (const_targets budget ts) * ev (goals ts))
  <= tsum ts ^ D * inj K (const_targets (fun t => Z.of_N (weight t)) ts).
Proof.
  induction ts as [|t ts IH]; intros O H; cbv zeta.
  - simpl. rewrite !inj_1, ev_nil. apply (le_by _ _ 0); [ring | apply le_refl].
  - inversion O as [|? ? Ot Ots]; subst. assert (H' := H). simpl in H'. apply andb_prop in H' as [Ht Hts].
    specialize (IH Ots Hts). cbv zeta in IH. pose proof (tsum_nonneg ts Ots Hts) as HS.
    apply andb_prop in Ht as [Hw Hb]. apply Z.ltb_lt in Hw. apply Z.leb_le in Hb.
    cbn [total goals const_targets tsum fold_right].
    fold (total ts) (goals ts) (const_targets budget ts) (const_targets (fun t => Z.of_N (weight t)) ts) (tsum ts).
    rewrite N2Nat.inj_add, !inj_mul, !zpow_inj, ev_add, ev_scale by auto using ok_goals.
    rewrite <- nat_of_N. set (w := N.to_nat (weight t)) in *. set (D := N.to_nat (total ts)) in *.
    assert (Hw' : (0 < w)%nat) by (unfold w; lia).
    assert (Hz : 0 <= inj K (budget t) * ev (goal t)) by (apply mul_nonneg; [apply inj_nonneg, Hb | apply lt_le, ev_pos, Ot]).
    replace (inj K (budget t) ^ w * inj K (const_targets budget ts) * (ev (goal t) ^ w * ev (goals ts)))
      with ((inj K (const_targets budget ts) * ev (goals ts)) * (inj K (budget t) * ev (goal t)) ^ w) by (rewrite pow_mul; ring).
    set (z := inj K (budget t) * ev (goal t)) in *. set (T := tsum ts) in *.
    set (P := inj K (const_targets budget ts) * ev (goals ts)) in *.
    set (W := inj K (const_targets (fun t => Z.of_N (weight t)) ts)) in *.
    assert (PW : 0 < W) by (apply const_pos; assumption).
    destruct (Nat.eq_dec D 0) as [E|E].
    + rewrite E in IH |- *. simpl in IH. replace (w + 0)%nat with w by lia.
      assert (P1 : P <= W). { replace P with (1 * P) by ring. replace W with (1 * W) by ring. exact IH. }
      replace (nat_ w ^ w * (P * z ^ w)) with (P * (nat_ w ^ w * z ^ w)) by ring.
      replace ((T + z) ^ w * (nat_ w ^ w * W)) with (W * (nat_ w ^ w * (T + z) ^ w)) by ring.
      assert (L : z <= T + z) by (apply (le_by _ _ T); [ring | exact HS]).
      apply (le_trans K _ (W * (nat_ w ^ w * z ^ w))).
      * rewrite (ring_laws K).(Rmul_comm) with (x := P). rewrite (ring_laws K).(Rmul_comm) with (x := W).
        apply mul_le_l; [apply mul_nonneg; apply pow_nonneg; [apply nat_nonneg | exact Hz] | exact P1].
      * apply mul_le_l; [apply lt_le, PW|]. apply mul_le_l; [apply pow_nonneg, nat_nonneg|]. apply pow_le; assumption.
    + assert (HD : (0 < D)%nat) by lia. replace (w + D)%nat with (D + w)%nat by lia.
      pose proof (two_blocks D w T z HD Hw' HS Hz) as B.
      apply (mul_cancel_l _ _ (nat_ D ^ D)); [apply pow_pos, nat_pos, HD|].
      apply (le_trans K _ (W * (nat_ (D + w) ^ (D + w) * (T ^ D * z ^ w)))).
      * replace (nat_ D ^ D * (nat_ (D + w) ^ (D + w) * (P * z ^ w))) with ((nat_ (D + w) ^ (D + w) * z ^ w) * (nat_ D ^ D * P)) by ring.
        replace (W * (nat_ (D + w) ^ (D + w) * (T ^ D * z ^ w))) with ((nat_ (D + w) ^ (D + w) * z ^ w) * (T ^ D * W)) by ring.
        apply mul_le_l; [|exact IH]. apply mul_nonneg; apply pow_nonneg; [apply nat_nonneg | exact Hz].
      * replace (nat_ D ^ D * ((T + z) ^ (D + w) * (nat_ w ^ w * W))) with (W * (nat_ D ^ D * nat_ w ^ w * (T + z) ^ (D + w))) by ring.
        apply mul_le_l; [apply lt_le, PW | exact B].
Qed.

(* prod (c_j P_j)^(l_j) <= prod (d_j Q_j)^(l_j), both positive *)
Lemma facts_product : forall fs ls, Forall ok_fact fs -> Forall holds fs -> forallb fact_pos fs = true ->
  inj K (const_facts fact_c fs ls) * ev (over_facts fact_P fs ls) <= inj K (const_facts fact_d fs ls) * ev (over_facts fact_Q fs ls)
  /\ 0 < inj K (const_facts fact_d fs ls) * ev (over_facts fact_Q fs ls)
  /\ ok (over_facts fact_P fs ls) /\ ok (over_facts fact_Q fs ls) /\ 0 < inj K (const_facts fact_c fs ls).
Proof.
  induction fs as [|f fs IH]; intros [|l ls] O H P; simpl; rewrite ?inj_1, ?ev_nil;
    try (repeat split; try assumption; try apply one_pos; [apply le_refl | replace (1 * 1) with 1 by ring; apply one_pos]).
  inversion O as [|? ? [OP OQ] Ofs]; subst. inversion H as [|? ? Hf Hfs]; subst. simpl in P. apply andb_prop in P as [Pf Pfs].
  apply andb_prop in Pf as [Pc Pd]. apply Z.ltb_lt in Pc, Pd.
  destruct (IH ls Ofs Hfs Pfs) as (I1 & I2 & I3 & I4 & I5).
  rewrite !inj_mul, !zpow_inj, !ev_add, !ev_scale by auto.
  set (n := N.to_nat l). set (p := ev (fact_P f)) in *. set (q := ev (fact_Q f)) in *.
  set (c := inj K (fact_c f)) in *. set (d := inj K (fact_d f)) in *.
  assert (Hc : 0 < c) by (apply inj_pos; assumption). assert (Hd : 0 < d) by (apply inj_pos; assumption).
  assert (Hp : 0 < p) by (apply ev_pos; assumption). assert (Hq : 0 < q) by (apply ev_pos; assumption).
  replace (c ^ n * inj K (const_facts fact_c fs ls) * (p ^ n * ev (over_facts fact_P fs ls))) with
    ((c * p) ^ n * (inj K (const_facts fact_c fs ls) * ev (over_facts fact_P fs ls))) by (rewrite pow_mul; ring).
  replace (d ^ n * inj K (const_facts fact_d fs ls) * (q ^ n * ev (over_facts fact_Q fs ls))) with
    ((d * q) ^ n * (inj K (const_facts fact_d fs ls) * ev (over_facts fact_Q fs ls))) by (rewrite pow_mul; ring).
  repeat split; auto.
  - apply mul_le; try assumption.
    + apply lt_le, pow_pos, mul_pos; assumption.
    + apply pow_le; [apply lt_le, mul_pos; assumption | exact Hf].
    + apply lt_le, mul_pos; [assumption | apply ev_pos; assumption].
  - apply mul_pos; [apply pow_pos, mul_pos; assumption | assumption].
  - apply mul_pos; [apply pow_pos; assumption | assumption].
Qed.

Theorem step_sound : forall fs s, Forall ok_fact fs -> Forall holds fs -> forallb fact_pos fs = true -> ok_step s ->
  step_check fs s = true -> inj K (coef s) * ev (small s) <= tsum (targets s).
Proof.
  intros fs s Ofs Hfs Pfs [OM Ots] H. unfold step_check in H.
  apply andb_prop in H as [H Hnum]. apply andb_prop in H as [H Hvec]. apply andb_prop in H as [H Hts].
  apply andb_prop in H as [Ha HD]. apply Z.leb_le in Ha. apply Z.ltb_lt in HD. apply Z.leb_le in Hnum.
  destruct (facts_product fs (multipliers s) Ofs Hfs Pfs) as (F1 & F2 & F3 & F4 & F5).
  pose proof (weighted_am_gm (targets s) Ots Hts) as A. cbv zeta in A.
  apply ev_eq in Hvec; auto using ok_goals. rewrite !ev_add, ev_scale in Hvec by auto using ok_goals.
  apply (inj_le K) in Hnum. rewrite !inj_mul, !zpow_inj, <- nat_of_N in Hnum.
  set (D := N.to_nat (total (targets s))) in *. assert (HD' : (0 < D)%nat) by (unfold D; lia).
  pose proof (const_pos _ Hts) as PW. pose proof (tsum_nonneg _ Ots Hts) as HT.
  set (W := inj K (const_targets (fun t => Z.of_N (weight t)) (targets s))) in *.
  set (B := inj K (const_targets budget (targets s))) in *. set (G := ev (goals (targets s))) in *.
  set (cc := inj K (const_facts fact_c fs (multipliers s))) in *. set (dd := inj K (const_facts fact_d fs (multipliers s))) in *.
  set (pp := ev (over_facts fact_P fs (multipliers s))) in *. set (qq := ev (over_facts fact_Q fs (multipliers s))) in *.
  set (M := ev (small s)) in *. set (a := inj K (coef s)) in *. set (T := tsum (targets s)) in *.
  assert (PM : 0 < M) by (apply ev_pos; assumption). assert (Pq : 0 < qq) by (apply ev_pos; assumption).
  assert (Pp : 0 < pp) by (apply ev_pos; assumption). assert (PG : 0 < G) by (apply ev_pos, ok_goals; assumption).
  assert (Pa : 0 <= a) by (apply inj_nonneg; assumption).
  assert (PB : 0 <= B).
  { unfold B. clear - Hts. induction (targets s) as [|t ts IH]; simpl. rewrite inj_1; apply one_nonneg.
    simpl in Hts. apply andb_prop in Hts as [Ht Hts]. apply andb_prop in Ht as [_ Hb]. apply Z.leb_le in Hb.
    rewrite inj_mul, zpow_inj. apply mul_nonneg; [apply pow_nonneg, inj_nonneg, Hb | auto]. }
  assert (PD : 0 < nat_ D ^ D) by (apply pow_pos, nat_pos, HD').
  (* (aM)^D * W * dd*qq <= D^D * B*G * cc*pp <= D^D * B*G * dd*qq <= T^D * W * dd*qq *)
  assert (Q : (a * M) ^ D <= T ^ D).
  { apply (mul_cancel_l _ _ (W * (dd * qq))); [apply mul_pos; assumption|].
    apply (le_trans K _ (nat_ D ^ D * B * cc * (G * pp))).
    - rewrite pow_mul. replace (W * (dd * qq) * (a ^ D * M ^ D)) with (a ^ D * W * dd * (M ^ D * qq)) by ring.
      rewrite Hvec. replace (a ^ D * W * dd * (G * pp)) with ((G * pp) * (a ^ D * W * dd)) by ring.
      replace (nat_ D ^ D * B * cc * (G * pp)) with ((G * pp) * (nat_ D ^ D * B * cc)) by ring.
      apply mul_le_l; [apply lt_le, mul_pos; assumption | exact Hnum].
    - apply (le_trans K _ ((nat_ D ^ D * (B * G)) * (dd * qq))).
      + replace (nat_ D ^ D * B * cc * (G * pp)) with ((nat_ D ^ D * (B * G)) * (cc * pp)) by ring.
        apply mul_le_l; [|exact F1]. apply mul_nonneg; [apply lt_le, PD | apply mul_nonneg; [assumption | apply lt_le, PG]].
      + replace (nat_ D ^ D * (B * G) * (dd * qq)) with ((dd * qq) * (nat_ D ^ D * (B * G))) by ring.
        replace (W * (dd * qq) * T ^ D) with ((dd * qq) * (T ^ D * W)) by ring.
        apply mul_le_l; [apply lt_le, F2 | exact A]. }
  destruct D as [|D]; [lia|]. apply (pow_root _ _ D HT Q).
Qed.

Lemma peval_padd : forall c m p, ok m -> Forall (fun cm => ok (snd cm)) p -> peval (padd c m p) = inj K c * ev m + peval p.
Proof.
  intros c m p Om; induction p as [|(c', m') p IH]; intros O; simpl. reflexivity.
  inversion O; subst. destruct (veqb m m') eqn:E; simpl.
  - rewrite (ev_eq m m') by assumption. rewrite inj_add. ring.
  - rewrite IH by assumption. ring.
Qed.
Lemma ok_padd : forall c m p, ok m -> Forall (fun cm : Z * mono => ok (snd cm)) p -> Forall (fun cm => ok (snd cm)) (padd c m p).
Proof.
  intros c m p Om; induction p as [|(c', m') p IH]; intros O; simpl. repeat constructor; assumption.
  inversion O; subst. destruct (veqb m m'); constructor; auto.
Qed.
Lemma use_step_ok : forall s p, ok_step s -> Forall (fun cm => ok (snd cm)) p ->
  Forall (fun cm => ok (snd cm)) (use_step s p) /\ peval (use_step s p) = peval p + (inj K (coef s) * ev (small s) - tsum (targets s)).
Proof.
  intros s p [OM Ots] O. unfold use_step.
  assert (H : Forall (fun cm => ok (snd cm)) (fold_right (fun t q => padd (- budget t) (goal t) q) p (targets s)) /\
    peval (fold_right (fun t q => padd (- budget t) (goal t) q) p (targets s)) = peval p - tsum (targets s)).
  { induction Ots as [|t ts Ot Ots IH]; simpl. split; [assumption | ring]. destruct IH as [I1 I2].
    split; [apply ok_padd; assumption|]. rewrite peval_padd, I2 by assumption.
    replace (inj K (- budget t)) with (- inj K (budget t)). ring.
    assert (E : inj K (budget t) + inj K (- budget t) = 0) by (rewrite <- inj_add, Z.add_opp_diag_r; apply inj_0).
    replace (inj K (- budget t)) with (inj K (budget t) + inj K (- budget t) - inj K (budget t)) by ring. rewrite E. ring. }
  destruct H as [H1 H2]. split; [apply ok_padd; assumption|]. rewrite peval_padd, H2 by assumption. ring.
Qed.

(** The checker is sound: at every point where the facts hold, `diff` is non-negative. *)
Theorem check_sound : forall fs steps diff,
  Forall ok_fact fs -> Forall ok_step steps -> Forall (fun cm => ok (snd cm)) diff ->
  Forall holds fs -> check fs steps diff = true -> 0 <= peval diff.
Proof.
  intros fs steps diff Ofs Os Od Hfs H. unfold check in H.
  apply andb_prop in H as [H Hres]. apply andb_prop in H as [Pfs Hs].
  assert (R : Forall (fun cm => ok (snd cm)) (fold_right use_step diff steps) /\ peval (fold_right use_step diff steps) <= peval diff).
  { clear Hres. induction Os as [|s ss O1 O2 IH]; simpl. split; [assumption | apply le_refl].
    simpl in Hs. apply andb_prop in Hs as [Hs1 Hs2]. destruct (IH Hs2) as [I1 I2].
    destruct (use_step_ok s _ O1 I1) as [U1 U2]. split; [exact U1|]. rewrite U2.
    apply (le_trans K _ (peval (fold_right use_step diff ss))); [|exact I2].
    apply (le_by _ _ (tsum (targets s) - inj K (coef s) * ev (small s))); [ring|].
    apply nonneg_sub, (step_sound fs); assumption. }
  destruct R as [R1 R2]. apply (le_trans K _ (peval (fold_right use_step diff steps))); [|exact R2].
  clear - Hres R1 ev_pos. induction (fold_right use_step diff steps) as [|(c, m) p IH]; simpl. apply le_refl.
  simpl in Hres. apply andb_prop in Hres as [Hc Hres]. apply Z.leb_le in Hc. inversion R1; subst.
  apply add_nonneg; [|auto]. apply mul_nonneg; [apply inj_nonneg, Hc | apply lt_le, ev_pos; assumption].
Qed.
End Soundness.
