(* Landau notation in several variables, with plain quantifiers, over the integers or the reals.

   A point x : P assigns sizes to all parameters; D is the domain with the assumptions; `grow` lists the growing
   parameters as functions of the point.  Uniform parameters are part of the point but not of `grow`; constant parameters
   are fixed outside (quantify over them before the claim), so constants may depend on them.  The three strengths differ in
   the tail on which the inequality must hold: everywhere; where some growing parameter is >= N; where all are >= N.
   The positive constant stands on the larger side, so that whole numbers do for it: g <= c f means f >= (1/c) g.

   Proved: the strengths form a chain and differ; transitivity and transfer along Theta; the family lemmas for refutations.
   Source: Howell, On asymptotic notation with multiple variables (2008), for the strengths. *)
From Coq Require Import ZArith List Lia Ring.
From Aalp Require Import OrderedRing.
Import ListNotations.

Inductive strength := everywhere | any_large | all_large.

Section Notions.
Variable K : ordered_ring.
Add Ring Kring : (ring_laws K).
Notation "0" := (zero K). Notation "1" := (one K).
Infix "+" := (add K). Infix "*" := (mul K). Infix "-" := (sub K).
Infix "<=" := (le K). Infix "<" := (lt K).
Variable P : Type.
Variable D : P -> Prop.
Variable grow : list (P -> K).

Definition tail (s : strength) (N : K) (x : P) : Prop :=
  match s with
  | everywhere => True
  | any_large => Exists (fun size => N <= size x) grow
  | all_large => Forall (fun size => N <= size x) grow
  end.
Definition O s (f g : P -> K) := exists c N, 0 < c /\ forall x, D x -> tail s N x -> f x <= c * g x.
Definition Omega s (f g : P -> K) := exists c N, 0 < c /\ forall x, D x -> tail s N x -> g x <= c * f x.
Definition Theta s f g := O s f g /\ Omega s f g.
Definition o s (f g : P -> K) := forall c, 0 < c -> exists N, forall x, D x -> tail s N x -> c * f x <= g x.
Definition omega s (f g : P -> K) := forall c, 0 < c -> exists N, forall x, D x -> tail s N x -> c * g x <= f x.
Definition equivalent s (f g : P -> K) :=
  forall c, 0 < c -> exists N, forall x, D x -> tail s N x -> c * (f x - g x) <= g x /\ c * (g x - f x) <= g x.

(* ---- The strengths ---- *)

Inductive weaker : strength -> strength -> Prop :=
| weaker_refl : forall s, weaker s s
| weaker_any : weaker any_large everywhere
| weaker_all : grow <> nil -> weaker all_large any_large
| weaker_all' : weaker all_large everywhere.

Lemma tail_weaker : forall w s N x, weaker w s -> tail w N x -> tail s N x.
Proof.
  intros w s N x [s'| |H| ] T; simpl in *; auto. destruct grow as [|size l]; [congruence|]. inversion T; subst. now left.
Qed.
Lemma tail_mono : forall s N M x, N <= M -> tail s M x -> tail s N x.
Proof.
  intros [] N M x H T; simpl in *; auto.
  - apply Exists_exists in T as (size & I & L). apply Exists_exists. exists size. split; [exact I | apply (le_trans K _ M); assumption].
  - apply Forall_forall. intros size I. apply (proj1 (Forall_forall _ _) T) in I. apply (le_trans K _ M); assumption.
Qed.
Theorem O_weaken : forall w s f g, weaker w s -> O s f g -> O w f g.
Proof. intros w s f g H (c & N & C & B). exists c, N. eauto using tail_weaker. Qed.
Theorem Omega_weaken : forall w s f g, weaker w s -> Omega s f g -> Omega w f g.
Proof. intros w s f g H (c & N & C & B). exists c, N. eauto using tail_weaker. Qed.
Theorem Theta_weaken : forall w s f g, weaker w s -> Theta s f g -> Theta w f g.
Proof. intros w s f g H [A B]. split; [eapply O_weaken | eapply Omega_weaken]; eassumption. Qed.
Theorem o_weaken : forall w s f g, weaker w s -> o s f g -> o w f g.
Proof. intros w s f g H B c C. destruct (B c C) as (N & Q). exists N. eauto using tail_weaker. Qed.
Theorem omega_weaken : forall w s f g, weaker w s -> omega s f g -> omega w f g.
Proof. intros w s f g H B c C. destruct (B c C) as (N & Q). exists N. eauto using tail_weaker. Qed.
Theorem equivalent_weaken : forall w s f g, weaker w s -> equivalent s f g -> equivalent w f g.
Proof. intros w s f g H B c C. destruct (B c C) as (N & Q). exists N. eauto using tail_weaker. Qed.

(* ---- Algebra of the notions ---- *)

Theorem Omega_O : forall s f g, Omega s f g <-> O s g f. Proof. reflexivity. Qed.
Theorem Theta_sym : forall s f g, Theta s f g -> Theta s g f. Proof. intros s f g [A B]; split; assumption. Qed.
Theorem O_refl : forall s f, O s f f.
Proof. intros s f. exists 1, 0. split; [apply one_pos|]. intros x _ _. replace (1 * f x) with (f x) by ring. apply le_refl. Qed.
Theorem O_trans : forall s f g h, O s f g -> O s g h -> O s f h.
Proof.
  intros s f g h (c & N & C & B) (c' & N' & C' & B'). destruct (upper_of_two N N') as (M & L & L').
  exists (c * c'), M. split; [apply mul_pos; assumption|]. intros x Dx T.
  apply (le_trans K _ (c * g x)); [apply B; eauto using tail_mono|].
  replace (c * c' * h x) with (c * (c' * h x)) by ring. apply mul_le_l; [apply lt_le, C | apply B'; eauto using tail_mono].
Qed.
(** transfer of a proof: T = O(W), W = O(h) give T = O(h), and dually *)
Theorem transfer_O : forall s T W h, O s T W -> O s W h -> O s T h.
Proof. intros; eapply O_trans; eassumption. Qed.
Theorem transfer_Omega : forall s T W h, Omega s T W -> Omega s W h -> Omega s T h.
Proof. intros s T W h H H'. apply (O_trans s h W T); assumption. Qed.
Theorem transfer_Theta : forall s T W h, Theta s T W -> Theta s W h -> Theta s T h.
Proof. intros s T W h [A B] [A' B']; split; [eapply transfer_O | eapply transfer_Omega]; eassumption. Qed.
(** transfer of a refutation: T = Theta(W) and W is not O(h), so T is not O(h), and dually *)
Theorem transfer_not_O : forall s T W h, Omega s T W -> ~ O s W h -> ~ O s T h.
Proof. intros s T W h H N Q. apply N. eapply O_trans; [apply H | exact Q]. Qed.
Theorem transfer_not_Omega : forall s T W h, O s T W -> ~ Omega s W h -> ~ Omega s T h.
Proof. intros s T W h H N Q. apply N. eapply O_trans; [apply Q | exact H]. Qed.
Theorem transfer_not_Theta : forall s T W h, Theta s T W -> ~ Theta s W h -> ~ Theta s T h.
Proof. intros s T W h H N Q. apply N. eapply transfer_Theta; [apply Theta_sym, H | exact Q]. Qed.
Theorem transfer_o : forall s T W h, O s T W -> o s W h -> o s T h.
Proof.
  intros s T W h (c & N & C & B) H e E. destruct (H (e * c)) as (N' & B'); [apply mul_pos; assumption|].
  destruct (upper_of_two N N') as (M & L & L'). exists M. intros x Dx Tx.
  apply (le_trans K _ (e * c * W x)); [|apply B'; eauto using tail_mono].
  replace (e * c * W x) with (e * (c * W x)) by ring. apply mul_le_l; [apply lt_le, E | apply B; eauto using tail_mono].
Qed.
(** a rate: f*h <= c*g with h >= any bound on the tail gives f = o(g), where f >= 0 *)
Theorem o_of_rate : forall s f g h c, 0 < c -> (forall x, D x -> 0 <= f x) ->
  (exists N, forall x, D x -> tail s N x -> f x * h x <= c * g x) ->
  (forall M, exists N, forall x, D x -> tail s N x -> M <= h x) -> o s f g.
Proof.
  intros s f g h c C F (N & B) H e E. destruct (H (e * c)) as (N' & B'). destruct (upper_of_two N N') as (M & L & L').
  exists M. intros x Dx Tx. specialize (B x Dx (tail_mono s N M x L Tx)). specialize (B' x Dx (tail_mono s N' M x L' Tx)).
  apply (mul_cancel_l _ _ c C). apply (le_trans K _ (f x * h x)); [|exact B].
  replace (c * (e * f x)) with (f x * (e * c)) by ring. apply mul_le_l; auto.
Qed.

(* ---- Families: refutations ---- *)

(* points x t of the domain that enter every tail while h is beyond every bound *)
Definition escaping {I : Type} (s : strength) (x : I -> P) (h : I -> K) : Prop :=
  forall N, exists t, D (x t) /\ tail s N (x t) /\ N <= h t.

(** g h <= c f along the family and g > 0: f is not O(g) *)
Theorem family_not_O : forall I s f g (x : I -> P) (h : I -> K) c, 0 < c -> escaping s x h ->
  (forall t, D (x t) -> 0 < g (x t)) -> (forall t, D (x t) -> g (x t) * h t <= c * f (x t)) -> ~ O s f g.
Proof.
  intros I s f g x h c C E G B (k & N & Pk & U).
  destruct (upper_of_two N (c * k + 1)) as (M & L & L'). destruct (E M) as (t & Dt & T & Ht).
  specialize (U (x t) Dt (tail_mono s N M _ L T)). specialize (B t Dt). specialize (G t Dt).
  destruct (lt_not_le K (c * k) (h t)).
  - apply (lt_trans_le _ (c * k + 1)); [apply lt_succ|]. apply (le_trans K _ M); assumption.
  - apply (mul_cancel_l _ _ (g (x t)) G). apply (le_trans K _ (c * f (x t))); [exact B|].
    replace (g (x t) * (c * k)) with (c * (k * g (x t))) by ring. apply mul_le_l; [apply lt_le, C | exact U].
Qed.
(** f h <= c g along the family and g > 0: f is not Omega(g) *)
Theorem family_not_Omega : forall I s f g (x : I -> P) (h : I -> K) c, 0 < c -> escaping s x h ->
  (forall t, D (x t) -> 0 < g (x t)) -> (forall t, D (x t) -> f (x t) * h t <= c * g (x t)) -> ~ Omega s f g.
Proof.
  intros I s f g x h c C E G B (k & N & Pk & U).
  assert (F : forall t, D (x t) -> tail s N (x t) -> 0 < f (x t)).
  { intros t Dt T. destruct (le_or_lt K (f (x t)) 0) as [L|L]; [|exact L]. destruct (lt_not_le K _ _ (G t Dt)).
    apply (le_trans K _ (k * f (x t))); [apply U; assumption|]. replace 0 with (k * 0) by ring. apply mul_le_l; [apply lt_le, Pk | exact L]. }
  destruct (upper_of_two N (c * k + 1)) as (M & L & L'). destruct (E M) as (t & Dt & T & Ht).
  pose proof (tail_mono s N M _ L T) as T'. specialize (U (x t) Dt T'). specialize (B t Dt). specialize (F t Dt T').
  destruct (lt_not_le K (c * k) (h t)).
  - apply (lt_trans_le _ (c * k + 1)); [apply lt_succ|]. apply (le_trans K _ M); assumption.
  - apply (mul_cancel_l _ _ (f (x t)) F). apply (le_trans K _ (c * g (x t))); [exact B|].
    replace (f (x t) * (c * k)) with (c * (k * f (x t))) by ring. apply mul_le_l; [apply lt_le, C | exact U].
Qed.
(** g <= c f along the family and g > 0: f is not o(g) *)
Theorem family_not_o : forall I s f g (x : I -> P) c, 0 < c -> escaping s x (fun t => 0) \/ (forall N, exists t, D (x t) /\ tail s N (x t)) ->
  (forall t, D (x t) -> 0 < g (x t)) -> (forall t, D (x t) -> g (x t) <= c * f (x t)) -> ~ o s f g.
Proof.
  intros I s f g x c C E G B H. assert (E' : forall N, exists t, D (x t) /\ tail s N (x t)).
  { destruct E as [E|E]; [|exact E]. intros N. destruct (E N) as (t & A & Q & _). eauto. } clear E.
  destruct (H (c + 1)) as (N & U). { apply (lt_trans_le _ c); [exact C | apply lt_le, lt_succ]. }
  destruct (E' N) as (t & Dt & T). specialize (U _ Dt T). specialize (B _ Dt). specialize (G _ Dt).
  assert (F : f (x t) <= 0).
  { apply (le_by _ _ (g (x t) - (c + 1) * f (x t) + (c * f (x t) - g (x t)))); [ring|].
    apply add_nonneg; apply nonneg_sub; assumption. }
  destruct (lt_not_le K _ _ G). apply (le_trans K _ (c * f (x t))); [exact B|].
  replace 0 with (c * 0) by ring. apply mul_le_l; [apply lt_le, C | exact F].
Qed.
(** f <= c g along the family and f > 0: f is not omega(g) *)
Theorem family_not_omega : forall I s f g (x : I -> P) c, 0 < c -> (forall N, exists t, D (x t) /\ tail s N (x t)) ->
  (forall t, D (x t) -> 0 < f (x t)) -> (forall t, D (x t) -> f (x t) <= c * g (x t)) -> ~ omega s f g.
Proof. intros I s f g x c C E F B H. apply (family_not_o I s g f x c C (or_intror E) F B H). Qed.
(** a fixed relative gap along the family: f is not equivalent to g *)
Theorem family_not_equivalent : forall I s f g (x : I -> P) c, 0 < c -> (forall N, exists t, D (x t) /\ tail s N (x t)) ->
  (forall t, D (x t) -> g (x t) < c * (f (x t) - g (x t)) \/ g (x t) < c * (g (x t) - f (x t))) -> ~ equivalent s f g.
Proof.
  intros I s f g x c C E B H. destruct (H c C) as (N & U). destruct (E N) as (t & Dt & T).
  destruct (U _ Dt T) as [U1 U2]. destruct (B _ Dt) as [Q|Q]; exact (lt_not_le K _ _ Q ltac:(assumption)).
Qed.
(* how a family escapes: its sizes and h pass every bound from some t on *)
Lemma escaping_all : forall (x : nat -> P) (h : nat -> K),
  (forall t, D (x t)) -> Forall (fun size => forall N, exists t0, forall t, (t0 <= t)%nat -> N <= size (x t)) grow ->
  (forall N, exists t0, forall t, (t0 <= t)%nat -> N <= h t) -> escaping all_large x h.
Proof.
  intros x h Dx G H N. destruct (H N) as (t0 & H0).
  assert (Q : exists t1, forall t, (t1 <= t)%nat -> Forall (fun size => N <= size (x t)) grow).
  { clear H H0 t0. induction grow as [|size l IH]. exists 0%nat; constructor. inversion G; subst. destruct (IH H2) as (t1 & L1).
    destruct (H1 N) as (t2 & L2). exists (Nat.max t1 t2). intros t L. constructor; [apply L2 | apply L1]; lia. }
  destruct Q as (t1 & H1). exists (Nat.max t0 t1). repeat split; [apply Dx | apply H1; lia | apply H0; lia].
Qed.
End Notions.

(* ---- The strengths differ ---- *)

Section Differ.
Open Scope Z_scope.
Let D (x : Z * Z) : Prop := 1 <= fst x /\ 1 <= snd x.
Let grow : list (Z * Z -> Z) := [fst; snd].
Let one_ (x : Z * Z) : Z := 1.

(** 1 = O((x-1) + (y-1)) where some parameter is large, not everywhere *)
Theorem any_large_not_everywhere : exists f g,
  O Z_ring (Z * Z) D grow any_large f g /\ ~ O Z_ring (Z * Z) D grow everywhere f g.
Proof.
  exists one_, (fun x => (fst x - 1) + (snd x - 1)). split.
  - exists 1, 2. split; [reflexivity|]. intros (x, y) [H1 H2] T.
    change (Exists (fun size : Z * Z -> Z => 2 <= size (x, y)) grow) in T. simpl in H1, H2.
    change (1 <= 1 * ((x - 1) + (y - 1))).
    inversion T as [? ? L|? ? T']; subst; [simpl in L; lia|].
    inversion T' as [? ? L|? ? T'']; subst; [simpl in L; lia | inversion T''].
  - intros (c & N & C & H). specialize (H (1, 1) (conj (Z.le_refl 1) (Z.le_refl 1)) I).
    change (1 <= c * ((1 - 1) + (1 - 1))) in H. lia.
Qed.
(** 1 = O((x-1)(y-1)) where all parameters are large, not where only one is *)
Theorem all_large_not_any_large : exists f g,
  O Z_ring (Z * Z) D grow all_large f g /\ ~ O Z_ring (Z * Z) D grow any_large f g.
Proof.
  exists one_, (fun x => (fst x - 1) * (snd x - 1)). split.
  - exists 1, 2. split; [reflexivity|]. intros (x, y) [H1 H2] T.
    change (Forall (fun size : Z * Z -> Z => 2 <= size (x, y)) grow) in T. simpl in H1, H2.
    change (1 <= 1 * ((x - 1) * (y - 1))).
    inversion T as [|? ? L T']; subst. inversion T' as [|? ? L' _]; subst. change (2 <= x) in L. change (2 <= y) in L'. nia.
  - intros (c & N & C & H). specialize (H (Z.max N 1, 1)).
    assert (Q : 1 <= c * ((Z.max N 1 - 1) * 0)); [|rewrite Z.mul_0_r, Z.mul_0_r in Q; exact (Q eq_refl)].
    apply H; [split; simpl; lia|]. left. change (N <= Z.max N 1). lia.
Qed.
End Differ.
