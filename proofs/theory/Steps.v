(* What the steps of generated proofs use beyond Glue: derivatives by structure, factorials, integer parts, cases, factors that may be 0,
   rates, and enclosures of numbers. *)
From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Export Glue.
From Coq Require Factorial.
Open Scope R_scope.

(* ---- Derivatives, along the structure of a function ---- *)

Lemma d_id : forall x, derivable_pt_lim (fun y => y) x 1.
Proof. intros x. apply derivable_pt_lim_id. Qed.
Lemma d_const : forall c x, derivable_pt_lim (fun _ => c) x 0.
Proof. intros c x. apply derivable_pt_lim_const. Qed.
Lemma d_plus : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b -> derivable_pt_lim (fun y => f y + g y) x (a + b).
Proof. intros. apply (derivable_pt_lim_plus f g); assumption. Qed.
Lemma d_minus : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b -> derivable_pt_lim (fun y => f y - g y) x (a - b).
Proof. intros. apply (derivable_pt_lim_minus f g); assumption. Qed.
Lemma d_opp : forall f x a, derivable_pt_lim f x a -> derivable_pt_lim (fun y => - f y) x (- a).
Proof. intros. apply (derivable_pt_lim_opp f); assumption. Qed.
Lemma d_mult : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b -> derivable_pt_lim (fun y => f y * g y) x (a * g x + f x * b).
Proof. intros. apply (derivable_pt_lim_mult f g); assumption. Qed.
Lemma d_inv : forall f x a, 0 < f x -> derivable_pt_lim f x a -> derivable_pt_lim (fun y => / f y) x (- a / (f x * f x)).
Proof.
  intros f x a P H. assert (N : f x <> 0) by lra. pose proof (derivable_pt_lim_div (fct_cte 1) f x 0 a (derivable_pt_lim_const 1 x) H N) as Q.
  unfold Rsqr, fct_cte in Q. replace (- a / (f x * f x)) with ((0 * f x - a * 1) / (f x * f x)) by (field; lra).
  intros e He. destruct (Q e He) as (d & Q'). exists d. intros h h0 hd. specialize (Q' h h0 hd). unfold div_fct in Q'. unfold Rdiv in Q' at 2 3.
  rewrite !Rmult_1_l in Q'. exact Q'.
Qed.
Lemma d_div : forall f g x a b, 0 < g x -> derivable_pt_lim f x a -> derivable_pt_lim g x b ->
  derivable_pt_lim (fun y => f y / g y) x (a * / g x + f x * (- b / (g x * g x))).
Proof. intros f g x a b P F G. exact (d_mult f (fun y => / g y) x a _ F (d_inv g x b P G)). Qed.
Lemma d_ln : forall f x a, 0 < f x -> derivable_pt_lim f x a -> derivable_pt_lim (fun y => ln (f y)) x (/ f x * a).
Proof. intros f x a P H. apply (derivable_pt_lim_comp f ln); [assumption | apply derivable_pt_lim_ln, P]. Qed.
Lemma d_exp : forall f x a, derivable_pt_lim f x a -> derivable_pt_lim (fun y => exp (f y)) x (exp (f x) * a).
Proof. intros f x a H. apply (derivable_pt_lim_comp f exp); [assumption | apply derivable_pt_lim_exp]. Qed.
Lemma d_pow : forall f n x a, derivable_pt_lim f x a -> derivable_pt_lim (fun y => f y ^ n) x (INR n * f x ^ pred n * a).
Proof. intros f n x a H. apply (derivable_pt_lim_comp f (fun y => y ^ n)); [assumption | apply derivable_pt_lim_pow]. Qed.
Lemma d_Rpower : forall f g x a b, 0 < f x -> derivable_pt_lim f x a -> derivable_pt_lim g x b ->
  derivable_pt_lim (fun y => Rpower (f y) (g y)) x (Rpower (f x) (g x) * (b * ln (f x) + g x * (/ f x * a))).
Proof. intros f g x a b P F G. exact (d_exp (fun y => g y * ln (f y)) x _ (d_mult g (fun y => ln (f y)) x b _ G (d_ln f x a P F))). Qed.
Lemma d_sqrt : forall f x a, 0 < f x -> derivable_pt_lim f x a -> derivable_pt_lim (fun y => sqrt (f y)) x (/ (2 * sqrt (f x)) * a).
Proof. intros f x a P H. apply (derivable_pt_lim_comp f sqrt); [assumption | apply derivable_pt_lim_sqrt, P]. Qed.
Lemma d_eq : forall f x a b, derivable_pt_lim f x a -> a = b -> derivable_pt_lim f x b.
Proof. intros; subst; assumption. Qed.
(* the side conditions, positive divisors and arguments of logarithms, are hypotheses *)
Ltac derive := cbv beta; lazymatch goal with
  | |- derivable_pt_lim (fun x => x) _ _ => apply d_id
  | |- derivable_pt_lim (fun _ => ?c) _ _ => apply d_const
  | |- derivable_pt_lim (fun x => @?f x + @?g x) _ _ => eapply (d_plus f g); derive
  | |- derivable_pt_lim (fun x => @?f x - @?g x) _ _ => eapply (d_minus f g); derive
  | |- derivable_pt_lim (fun x => - @?f x) _ _ => eapply (d_opp f); derive
  | |- derivable_pt_lim (fun x => @?f x * @?g x) _ _ => eapply (d_mult f g); derive
  | |- derivable_pt_lim (fun x => @?f x / @?g x) _ _ => eapply (d_div f g); [cbv beta; bound | derive | derive]
  | |- derivable_pt_lim (fun x => / @?f x) _ _ => eapply (d_inv f); [cbv beta; bound | derive]
  | |- derivable_pt_lim (fun x => ln (@?f x)) _ _ => eapply (d_ln f); [cbv beta; bound | derive]
  | |- derivable_pt_lim (fun x => exp (@?f x)) _ _ => eapply (d_exp f); derive
  | |- derivable_pt_lim (fun x => sqrt (@?f x)) _ _ => eapply (d_sqrt f); [cbv beta; bound | derive]
  | |- derivable_pt_lim (fun x => @?f x ^ ?n) _ _ => eapply (d_pow f n); derive
  | |- derivable_pt_lim (fun x => Rpower (@?f x) (@?g x)) _ _ => eapply (d_Rpower f g); [cbv beta; bound | derive | derive]
  end.

(* ---- Sums against integrals ---- *)

Section Between.
Variables (F f g : R -> R) (a b : Z).
Hypothesis ab : (a <= b)%Z.
Hypothesis F_prime : forall x, IZR a <= x <= IZR b -> derivable_pt_lim F x (f x).
Hypothesis f_prime : forall x, IZR a <= x <= IZR b -> derivable_pt_lim f x (g x).
Lemma rises : (forall x, IZR a <= x <= IZR b -> 0 <= g x) -> forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f x <= f y.
Proof. intros P x y Hx Hxy Hy. apply (increasing_of_derivative f g); [assumption | |]; intros z Hz; [apply f_prime | apply P]; lra. Qed.
Lemma falls : (forall x, IZR a <= x <= IZR b -> g x <= 0) -> forall x y, IZR a <= x -> x <= y -> y <= IZR b -> f y <= f x.
Proof.
  intros P x y Hx Hxy Hy. apply Ropp_le_cancel. apply (increasing_of_derivative (fun z => - f z) (fun z => - g z)); [assumption | |]; intros z Hz.
  - apply d_opp, f_prime. lra.
  - specialize (P z ltac:(lra)). lra.
Qed.
Lemma integral_rising : (forall x, IZR a <= x <= IZR b -> 0 <= g x) ->
  F (IZR b) - F (IZR a) + f (IZR a) <= Sums.sum (fun i => f (IZR i)) a b <= F (IZR b) - F (IZR a) + f (IZR b).
Proof. intros P. apply (proj1 (Rules.rule_integral f F a b ab F_prime)), rises, P. Qed.
Lemma integral_falling : (forall x, IZR a <= x <= IZR b -> g x <= 0) ->
  F (IZR b) - F (IZR a) + f (IZR b) <= Sums.sum (fun i => f (IZR i)) a b <= F (IZR b) - F (IZR a) + f (IZR a).
Proof. intros P. apply (proj2 (Rules.rule_integral f F a b ab F_prime)), falls, P. Qed.
Lemma half_range_rising : (forall x, IZR a <= x <= IZR b -> 0 <= g x) -> (forall x, IZR a <= x <= IZR b -> 0 <= f x) ->
  (IZR b - IZR a + 1) / 2 * f ((IZR a + IZR b) / 2) <= Sums.sum (fun i => f (IZR i)) a b.
Proof. intros P Q. apply (Rules.rule_half_range f a b ab Q), rises, P. Qed.
End Between.

(* ---- Factorials ---- *)

Lemma stirling_Z : forall n, (1 <= n)%Z ->
  2 * (sqrt (IZR n) * Rpower (IZR n / exp 1) (IZR n)) <= factorial n <= 3 * (sqrt (IZR n) * Rpower (IZR n / exp 1) (IZR n)).
Proof.
  intros n H. pose proof (Rules.rule_stirling (Z.to_nat n) ltac:(lia)) as S. assert (E : INR (Z.to_nat n) = IZR n) by (rewrite INR_IZR_INZ, Z2Nat.id by lia; reflexivity).
  assert (P : 0 < IZR n / exp 1) by (apply div_pos; [apply IZR_lt; lia | apply exp_pos]). rewrite <- Rpower_pow in S by (rewrite E; exact P).
  rewrite E in S. exact S.
Qed.
Lemma factorial_step : forall n, (1 <= n)%Z -> factorial n = IZR n * factorial (n - 1).
Proof.
  intros n H. unfold factorial. replace (Z.to_nat n) with (S (Z.to_nat (n - 1))) by lia. rewrite fact_simpl, mult_INR. f_equal.
  rewrite INR_IZR_INZ. f_equal. lia.
Qed.
Fixpoint rising (x : R) (k : nat) : R := match k with O => 1 | S k' => rising x k' * (x + IZR (Z.of_nat k)) end.
Lemma factorial_shift : forall (k : nat) n, (0 <= n)%Z -> factorial (n + Z.of_nat k) = rising (IZR n) k * factorial n.
Proof.
  intros k n H. induction k as [|k IH].
  - rewrite Z.add_0_r. simpl. ring.
  - rewrite factorial_step by lia. replace (n + Z.of_nat (S k) - 1)%Z with (n + Z.of_nat k)%Z by lia. rewrite IH. cbn [rising]. rewrite plus_IZR. ring.
Qed.
Lemma factorial_positive : forall n, 0 < factorial n.
Proof. intros n. apply lt_0_INR, lt_O_fact. Qed.
Lemma factorial_ge_1 : forall n, 1 <= factorial n.
Proof. intros n. apply (le_INR 1). apply lt_O_fact. Qed.
Lemma factorial_value : forall k : nat, factorial (Z.of_nat k) = rising 0 k.
Proof. intros k. pose proof (factorial_shift k 0 ltac:(lia)) as E. rewrite Z.add_0_l in E. rewrite E. change (factorial 0) with (INR 1). simpl INR. ring. Qed.
Fixpoint falling (x : R) (k : nat) : R := match k with O => 1 | S k' => falling x k' * (x - IZR (Z.of_nat k')) end.
Lemma binomial_falling : forall (k : nat) n, (0 <= n)%Z -> binomial n (Z.of_nat k) = falling (IZR n) k / INR (Factorial.fact k).
Proof.
  assert (A : forall (k : nat) n, (Z.of_nat k <= n)%Z -> factorial n = falling (IZR n) k * factorial (n - Z.of_nat k)).
  { intros k n. induction k as [|k IH]; intros H; [rewrite Z.sub_0_r; simpl; ring|]. rewrite IH by lia. rewrite (factorial_step (n - Z.of_nat k)) by lia.
    replace (n - Z.of_nat k - 1)%Z with (n - Z.of_nat (S k))%Z by lia. cbn [falling]. rewrite minus_IZR. ring. }
  assert (B : forall (k : nat) n, (0 <= n)%Z -> (n < Z.of_nat k)%Z -> falling (IZR n) k = 0).
  { intros k n H. induction k as [|k IH]; intros L; [lia|]. cbn [falling]. destruct (Z.eq_dec n (Z.of_nat k)) as [->|N]; [|rewrite IH by lia]; ring. }
  intros k n H. unfold binomial. replace (0 <=? Z.of_nat k)%Z with true by (symmetry; apply Z.leb_le; lia). cbn [andb].
  assert (F : factorial (Z.of_nat k) = INR (Factorial.fact k)) by (unfold factorial; rewrite Nat2Z.id; reflexivity).
  assert (P : 0 < INR (Factorial.fact k)) by (apply lt_0_INR, lt_O_fact). destruct (Z.leb_spec (Z.of_nat k) n) as [L|L].
  - rewrite (A k n L), F. pose proof (factorial_positive (n - Z.of_nat k)). field. lra.
  - rewrite B by lia. field. lra.
Qed.
Lemma binomial_factorials : forall n k, (0 <= k)%Z -> (k <= n)%Z -> binomial n k = factorial n / (factorial k * factorial (n - k)).
Proof.
  intros n k H L. unfold binomial. replace (0 <=? k)%Z with true by (symmetry; apply Z.leb_le; lia). replace (k <=? n)%Z with true by (symmetry; apply Z.leb_le; lia). reflexivity.
Qed.

(* ---- Integer parts of sums with whole terms ---- *)

Lemma floor_shift : forall x y (z : Z), x = y + IZR z -> IZR (floor x) = IZR (floor y) + IZR z.
Proof. intros x y z ->. rewrite <- plus_IZR. f_equal. apply floor_unique. pose proof (floor_bounds y). rewrite plus_IZR. lra. Qed.
Lemma ceil_shift : forall x y (z : Z), x = y + IZR z -> IZR (ceil x) = IZR (ceil y) + IZR z.
Proof.
  intros x y z ->. unfold ceil. pose proof (floor_shift (- (y + IZR z)) (- y) (- z) ltac:(rewrite opp_IZR; ring)) as E. unfold floor in E.
  rewrite !opp_IZR in *. rewrite E. ring.
Qed.
Lemma floor_number : forall x (z : Z), IZR z <= x < IZR z + 1 -> IZR (floor x) = IZR z.
Proof. intros x z H. f_equal. apply floor_unique, H. Qed.
Lemma ceil_number : forall x (z : Z), IZR z - 1 < x <= IZR z -> IZR (ceil x) = IZR z.
Proof. intros x z H. unfold ceil. fold (floor (- x)). rewrite opp_IZR. rewrite (floor_number (- x) (- z)), ?opp_IZR by (rewrite ?opp_IZR; lra). ring. Qed.
Lemma floor_ge : forall x (z : Z), IZR z <= x -> IZR z <= IZR (floor x).
Proof. intros x z H. apply IZR_le. apply Z.lt_succ_r. apply lt_IZR. rewrite succ_IZR. pose proof (floor_bounds x). lra. Qed.
Lemma ceil_gt : forall x (z : Z), IZR z < x -> IZR z + 1 <= IZR (ceil x).
Proof. intros x z H. rewrite <- plus_IZR. apply IZR_le. assert (z < ceil x)%Z by (apply lt_IZR; pose proof (ceil_bounds x); lra). lia. Qed.

(* ---- Factors that may be 0 ---- *)

Lemma zero_or_positive : forall x, 0 <= x -> x = 0 \/ 0 < x.
Proof. intros x [H|H]; [right | left]; auto. Qed.
Lemma nothing_below : forall d t, d = 0 -> 0 <= t -> d <= t.
Proof. intros; subst; assumption. Qed.
Lemma rpower_nonneg : forall x y, 0 <= rpower x y.
Proof. intros x y. unfold rpower. destruct (Rle_dec x 0); [lra | left; apply Rpower_pos]. Qed.
Lemma rpower_pos : forall x y, 0 < x -> rpower x y = Rpower x y.
Proof. intros x y H. unfold rpower. destruct (Rle_dec x 0); [lra | reflexivity]. Qed.
Lemma rpower_0 : forall y, rpower 0 y = 0.
Proof. intros y. unfold rpower. destruct (Rle_dec 0 0); lra. Qed.
Lemma sqrt_rpower : forall x, 0 <= x -> sqrt x = rpower x (1 / 2).
Proof.
  intros x H. destruct (zero_or_positive x H) as [->|P]; [rewrite sqrt_0, rpower_0; reflexivity|]. rewrite rpower_pos, <- Rpower_sqrt by assumption. f_equal. field.
Qed.
Lemma ln_positive : forall n : Z, 0 < IZR n -> 0 < ln (IZR n) -> 2 <= IZR n.
Proof.
  intros n P H. apply IZR_le. assert (1 < IZR n). { rewrite <- ln_1 in H. apply ln_lt_inv in H; lra. } apply lt_IZR in H0. lia.
Qed.
Lemma ln_positive_real : forall x, 0 < x -> 0 < ln x -> 1 < x.
Proof. intros x P H. rewrite <- ln_1 in H. apply ln_lt_inv in H; lra. Qed.
Lemma harmonic_swap : forall m s r, 0 < m -> 0 < s -> s <= r / m -> m <= r / s.
Proof. intros m s r M S H. apply le_div; [assumption|]. apply Rmult_le_compat_l with (r := m) in H; [|lra]. replace (m * (r / m)) with r in H by (field; lra). lra. Qed.
Ltac plain_powers := repeat match goal with |- context [rpower ?x ?y] => rewrite (rpower_pos x y) by bound end.
Ltac vanish H := rewrite ?H, ?rpower_0, ?sqrt_0; first [ring | field; nonzero].

(* ---- Rates ---- *)

Definition rate (g : R -> R) : Prop := forall M : R, exists x0 : R, forall x, x0 <= x -> M <= g x.
Lemma rate_id : rate (fun x => x).
Proof. intros M. exists M. auto. Qed.
Lemma rate_of : forall h f, rate h -> (forall x, h x <= f x) -> rate f.
Proof. intros h f H L M. destruct (H M) as (x0 & Q). exists x0. intros x Hx. apply Rle_trans with (2 := L x). auto. Qed.
Lemma rate_ln : forall h, rate h -> rate (fun x => ln (h x)).
Proof. intros h H M. destruct (H (exp M)) as (x0 & Q). exists x0. intros x Hx. rewrite <- (ln_exp M). apply ln_le; [apply exp_pos | auto]. Qed.
Lemma rate_exp : forall h, rate h -> rate (fun x => exp (h x)).
Proof. intros h H M. destruct (H M) as (x0 & Q). exists x0. intros x Hx. specialize (Q x Hx). pose proof (exp_tangent (h x)). lra. Qed.
Lemma rate_Rpower : forall h q, 0 < q -> rate h -> rate (fun x => Rpower (h x) q).
Proof. intros h q Hq H M. destruct (Rpower_unbounded q Hq M) as (y & _ & Q). destruct (H y) as (x0 & Q'). exists x0. auto. Qed.
Lemma rate_pow : forall h n, rate h -> rate (fun x => h x ^ S n).
Proof.
  intros h n H M. destruct (H (Rmax 1 M)) as (x0 & Q). exists x0. intros x Hx. specialize (Q x Hx). pose proof (Rmax_l 1 M). pose proof (Rmax_r 1 M).
  pose proof (power_ge (h x) n ltac:(lra)). lra.
Qed.
Lemma rate_sqrt : forall h, rate h -> rate (fun x => sqrt (h x)).
Proof.
  intros h H M. destruct (H (Rmax 0 M * Rmax 0 M)) as (x0 & Q). exists x0. intros x Hx. specialize (Q x Hx).
  apply Rle_trans with (Rmax 0 M); [apply Rmax_r|]. rewrite <- (sqrt_square (Rmax 0 M)) by apply Rmax_l. apply sqrt_le_1_alt, Q.
Qed.
Lemma rate_scale : forall c h, 0 < c -> rate h -> rate (fun x => c * h x).
Proof.
  intros c h Hc H M. destruct (H (M / c)) as (x0 & Q). exists x0. intros x Hx. apply from_quotient; auto.
Qed.
Lemma rate_scale_r : forall c h, 0 < c -> rate h -> rate (fun x => h x * c).
Proof. intros c h Hc H. apply (rate_of (fun x => c * h x)); [apply rate_scale; assumption | intros; lra]. Qed.
Lemma rate_base : forall b h, 1 < b -> rate h -> rate (fun x => Rpower b (h x)).
Proof.
  intros b h Hb H. unfold Rpower. apply rate_exp. apply rate_scale_r; [apply ln_pos; assumption | assumption].
Qed.
Lemma rate_times : forall M l r g, 0 < l -> l <= r -> Rmax 0 M / l <= g -> M <= r * g.
Proof.
  intros M l r g L R G. pose proof (Rmax_l 0 M). pose proof (Rmax_r 0 M). assert (P : Rmax 0 M <= l * g) by (apply from_quotient; assumption).
  apply Rle_trans with (Rmax 0 M); [assumption|]. apply Rle_trans with (1 := P). apply Rmult_le_compat_r; [|assumption].
  apply Rle_trans with (2 := G). apply div_nonneg; assumption.
Qed.
Lemma unbounded_rate : forall g l t1 (f : Z -> R), rate g -> 0 < l -> (forall t, (t1 <= t)%Z -> l * g (IZR t) <= f t) -> unbounded f.
Proof.
  intros g l t1 f G L H M. destruct (G (M / l)) as (x0 & Q). destruct (Z_above x0) as (z & Hz). exists (Z.max z t1). intros t Ht.
  apply Rle_trans with (2 := H t ltac:(lia)). apply from_quotient; [assumption|]. apply Q. apply Rle_trans with (1 := Hz), IZR_le. lia.
Qed.
Lemma rate_part : forall l r g o f, l <= r -> 0 <= g -> 0 <= o -> r * g + o = f -> l * g <= f.
Proof. intros l r g o f L G O <-. assert (l * g <= r * g) by (apply Rmult_le_compat_r; assumption). lra. Qed.
Ltac rates := first [exact rate_id | apply rate_ln; rates | apply rate_exp; rates | apply rate_sqrt; rates
  | apply rate_Rpower; [bound | rates] | apply rate_base; [bound | rates] | apply rate_scale; [bound | rates]
  | apply rate_scale_r; [bound | rates] | refine (rate_pow _ _ _); rates | refine (rate_scale_r _ _ _ _); [bound | rates]].

(* ---- Powers with whole exponents, after numbers were put in ---- *)

Ltac whole_powers := repeat match goal with
  | |- context [Rpower ?x (IZR (Zpos ?p))] => rewrite (Rpower_integer x p) by bound
  end; cbv [Pos.to_nat Pos.iter_op Nat.add Init.Nat.add].
Ltac put_in H := first [exact H | whole_powers; exact H
  | (first [refine (le_eq _ _ _ _ _ H _) | refine (lt_eq _ _ _ _ _ H _) | refine (eq_eq _ _ _ _ _ H _)]); whole_powers; same].
Ltac push_everywhere := repeat match goal with
  | H : context [IZR (_ + _)] |- _ => progress (rewrite ?plus_IZR, ?mult_IZR in H)
  | H : context [IZR (_ * _)] |- _ => progress (rewrite ?mult_IZR in H)
  end; push_IZR.

(* ---- Sizes along a family: powers of integers ---- *)

Ltac sizes := push_IZR; repeat match goal with
  | |- context [IZR (?b ^ ?k)] => rewrite (IZR_Rpower b k) by first [lia | apply lt_IZR; lra | apply le_IZR; lra]
  end.

(* the root r of a sum x becomes a variable with r^n = x *)
Ltac close_root E P x p := let r := fresh "r" in
  assert (E : Rpower x (/ IZR (Zpos p)) ^ Pos.to_nat p = x) by (symmetry; apply root_power; exact P);
  cbv [Pos.to_nat Pos.iter_op Nat.add Init.Nat.add] in E; pose proof (Rpower_pos x (/ IZR (Zpos p)));
  set (r := Rpower x (/ IZR (Zpos p))) in *; clearbody r.

(* ---- Claims at one point: the numbers of the statement against those of the proof ---- *)

Ltac at_point H A := cbv [Sums.sum] in H; simpl Z.to_nat in H; cbn [Sums.sum_from Z.of_nat Pos.of_succ_nat Pos.succ Z.add Pos.add] in H; push_IZR_in H;
  first [lra | revert H; whole_powers; intros H; lra | simpl in H; revert H; whole_powers; intros H; lra].
Ltac at_condition A := first [exact A | whole_powers; exact A | push_IZR; whole_powers; lra].
