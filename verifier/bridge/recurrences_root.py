"""The driving function dominates: T(n) = Theta(g(n)) where sum a_i(n) g(r_i(n)) <= rho*g(n), rho < 1.

Either g has a class, and so has g(r_i(n)); or g = e^h for an h with a class, and h(n) - h(r_i(n)) - log a_i(n) is unbounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_calls import SIGNS, Call, Calls
from verifier.bridge.recurrences_growth import Exponents, Growth, between, order
from verifier.bridge.recurrences_scaled import on_size
from verifier.bridge.recurrences_scaling import rescaled_by_size, scalable
from verifier.bridge.recurrences_statement import Statement, goal
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import Real, power_real, real
from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, add, free_vars, log, mul, neg

NOTHING: Exponents = (real(0), real(0), real(0), real(0))


def root(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule root."""
    if scalable(s):
        return rescaled_by_size(s, bound)
    return first_of(on_size, dominated)(s, bound)


def first_of(*methods: Callable[[Statement, Mapping[str, Any]], str]) -> Callable[[Statement, Mapping[str, Any]], str]:
    """The first method that applies; the reason is the one of the first."""
    def any_of(s: Statement, bound: Mapping[str, Any]) -> str:
        reason: NotExported | Rejected | None = None
        for method in methods:
            try:
                return method(s, bound)
            except (NotExported, Rejected) as error:
                reason = reason or error
        raise reason or NotExported("no method")

    return any_of


def dominated(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof by the ratios of the driving function."""
    if s.driving == ZERO or s.extreme:
        raise NotExported("no driving function, or several branches")
    p = Dominated(s)
    try:
        return p.write(Dominated.method, bound)  # type: ignore[arg-type]
    except (NotExported, Rejected):
        if s.bound != s.driving or s.refuted or s.op in ("o", "omega"):
            raise
    return Exponential(s).write(Exponential.method, bound)  # type: ignore[arg-type]


class Dominated(Calls):
    """A driving function with a class."""

    def method(self, bound: Mapping[str, Any]) -> None:
        del bound
        g = self.driving
        if g is None or g.exponents[0].num:
            raise NotExported("a driving function that is exponential")
        self.listed()
        shares = [self.share(c, g) for c in self.calls]
        left = real(1)
        for x in shares:
            left = left - x
        if left.sign() <= 0:
            raise NotExported("a driving function that does not dominate")
        room = between(real(0), left) / len(shares)
        limits = [between(x, x + real(room)) for x in shares]
        for c, x, q in zip(self.calls, shares, limits, strict=True):
            self.below(c, g, x, q)
        self.ratio(limits)
        f = self.s.name
        e = self.grower.exponents(g.exponents)
        self.lines += [f"Lemma class_upper : bounded_above {f} (Sc {e}).",
                       f"Proof. destruct (grows_bounds g {g.text} {e} {self.sign_proof()} {g.name}) as (N_ & G_). destruct above_g as (C_ & M_ & P_ & B_). exists (C_ * (2 * {g.text})), (Nat.max N_ M_).",
                       f"  split; [apply Rmult_lt_0_compat; [exact P_ | {SIGNS}]|]. intros n Hn. rewrite Rmult_assoc. apply Rle_trans with (1 := B_ n ltac:(lia)). apply Rmult_le_compat_l; [lra | apply G_; lia]. Qed.",
                       f"Lemma class_lower : bounded_below {f} (Sc {e}).",
                       f"Proof. destruct (grows_bounds g {g.text} {e} {self.sign_proof()} {g.name}) as (N_ & G_). destruct below_g as (C_ & M_ & P_ & B_). exists (C_ * ({g.text} / 2)), (Nat.max N_ M_).",
                       f"  split; [apply Rmult_lt_0_compat; [exact P_ | {SIGNS}]|]. intros n Hn. rewrite Rmult_assoc. apply Rle_trans with (2 := B_ n ltac:(lia)). apply Rmult_le_compat_l; [lra | apply G_; lia]. Qed."]
        self.upper = self.lower = g.exponents

    # ------------------------------------------------------------------ calls
    def listed(self) -> None:
        """The calls as a list, smaller and far out."""
        v, f, out = self.s.variable, self.s.name, self.lines
        listed = "; ".join(f"(({self.early(c.term.coefficient)}) : R, {self.index(c)} {v})" for c in self.calls)
        pattern = "[E_|" * len(self.calls) + "[]" + "]" * len(self.calls)
        inject = "injection E_ as <- <-"
        signs = " | ".join(f"{inject}; split; [left; {f'exact (coefficient_{c.number} {v} Hn)' if self.s.system.variable in free_vars(c.term.coefficient) else SIGNS} | exact ({c.smaller} {v} Hn)]"
                           for c in self.calls)
        far = " | ".join(f"{inject}; apply F{c.number}_; lia" for c in self.calls)
        out += [f"Definition calls_ ({v} : nat) : list (R * nat) := [{listed}].",
                f"Lemma equation_late : late (fun {v} : nat => {f} {v} = combine (calls_ {v}) {f} + g {v}).",
                f"Proof. exists n0. intros {v} Hn. rewrite (equation {v} Hn). unfold step, g, calls_. cbn [combine]. ring. Qed.",
                f"Lemma smaller_late : late (fun {v} : nat => forall a i, In (a, i) (calls_ {v}) -> 0 <= a /\\ (i < {v})%nat).",
                f"Proof. exists n0. intros {v} Hn a i {pattern}; [{signs}]. Qed."]
        for c in self.calls:
            g = self.growth_of(c)
            tail = " ".join(self.grower.exponents_list(g.exponents)[1:])
            out += [f"Lemma far_{c.number} : forall m : nat, late (fun {v} : nat => (m <= {self.index(c)} {v})%nat).",
                    f"Proof. exact (compose_far {self.index(c)} {g.text} {tail} {self.sign_proof()} ltac:(lra) {g.name}). Qed."]
        out += [f"Lemma far_late : forall m : nat, late (fun {v} : nat => forall a i, In (a, i) (calls_ {v}) -> (m <= i)%nat).",
                "Proof. intros m. " + " ".join(f"destruct (far_{c.number} m) as (M{c.number}_ & F{c.number}_)." for c in self.calls)
                + f" exists ({self.greatest()}). intros {v} Hn a i {pattern}; [{far}]. Qed."]

    def greatest(self) -> str:
        out = "0%nat"
        for c in self.calls:
            out = f"Nat.max M{c.number}_ {out}" if out == "0%nat" else f"Nat.max M{c.number}_ ({out})"
        return out

    def growth_of(self, c: Call) -> Growth:
        g = c.growth
        if g is None or g.exponents[0].num or g.exponents[1].sign() <= 0 or g.value.sign() <= 0:
            raise NotExported("an argument that is not a power of n")
        return g

    def composed(self, c: Call, h: Growth, text: str) -> Growth:
        """The growth of h(r(n)) for the function with the given text."""
        r = self.growth_of(c)
        _, b, k, j = r.exponents
        d, k2, j2 = h.exponents[1:]
        e: Exponents = (real(0), d * b, d * k + k2, d * j + j2)
        value = h.value * power_real(r.value, d) * power_real(b, k2)
        tail = " ".join(self.grower.exponents_list(r.exponents)[1:])
        self.counter += 1
        name = f"composed_{self.counter}"
        dt, kt = self.grower.tight(self.grower.exponent(d)), self.grower.tight(self.grower.exponent(k2))
        left = f"({h.text} * (Rpower {r.text} {dt} * Rpower {self.grower.tight(self.grower.exponent(b))} {kt}))"
        self.lines += [f"Lemma {name} : grows (fun n => {text} ({self.index(c)} n)) {left} {self.grower.exponents(e)}.",
                       f"Proof. pose proof (grows_compose {self.index(c)} {r.text} {tail} {self.sign_proof()} ltac:(lra) {r.name} {text} {h.text} {' '.join(self.grower.exponents_list(h.exponents)[1:])} {h.name}) as X_. "
                       "refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ _ _ _ _ _); first [reflexivity | lra | field]. Qed."]
        return Growth(name, left, value, e)

    def share(self, c: Call, g: Growth) -> Real:
        """The limit of a(n)*g(r(n))/g(n)."""
        h = self.composed(c, g, "g")
        a = self.grower.grow(c.term.coefficient)
        e = tuple(x + y for x, y in zip(a.exponents, h.exponents, strict=True))
        self.counter += 1
        name = f"share_{c.number}"
        text = f"({a.text} * {h.text})"
        self.lines += [f"Lemma {name} : grows (fun n => {self.in_n(c.term.coefficient)} * g ({self.index(c)} n)) {text} {self.grower.exponents(e)}.",  # type: ignore[arg-type]
                       f"Proof. pose proof (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ {a.name} {h.name}) as X_. refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ _ _ _ _ _); first [reflexivity | lra | field]. Qed."]
        side = order(tuple(x - y for x, y in zip(e, g.exponents, strict=True)))  # type: ignore[arg-type]
        if side > 0:
            raise NotExported("a driving function that does not dominate")
        if side < 0:
            self.lines += [f"Lemma {name}_low : grows (fun n => {self.in_n(c.term.coefficient)} * g ({self.index(c)} n)) 0 {self.grower.exponents(g.exponents)}.",
                           f"Proof. refine (grows_lower _ _ _ _ _ _ _ _ _ _ _ {name}). {self.grower.separate(e, g.exponents)}close_lexpos. Qed."]  # type: ignore[arg-type]
            self.shares[c.number] = (f"{name}_low", "0")
            return real(0)
        self.shares[c.number] = (name, text)
        return a.value * h.value / g.value

    @property
    def shares(self) -> dict[int, tuple[str, str]]:
        if not hasattr(self, "_shares"):
            self._shares: dict[int, tuple[str, str]] = {}
        return self._shares

    def in_n(self, e: Expr) -> str:
        return f"({self.s.printer.real(e)})"

    def below(self, c: Call, g: Growth, x: Real, q: Fraction) -> None:
        """Lemma below_k: a(n)*g(r(n)) <= q*g(n) for large n."""
        del x
        name, text = self.shares[c.number]
        v = self.s.variable
        powers = "rewrite ?Rpower_1, ?Rpower_O by lra; " if "Rpower" in text else ""
        self.lines += [f"Lemma below_{c.number} : late (fun {v} : nat => {self.in_n(c.term.coefficient)} * g ({self.index(c)} {v}) <= {ratio_text(q)} * g {v}).",
                       f"Proof. refine (below_ratio _ {text} g {g.text} {self.grower.exponents(g.exponents)} {ratio_text(q)} {self.sign_proof()} _ {name} {g.name}). "
                       f"{powers}first [lra | compute_powers_only; lra]. Qed."]

    def ratio(self, limits: list[Fraction]) -> None:
        """Lemmas above_g and below_g: T is of the order of g."""
        f, v, out = self.s.name, self.s.variable, self.lines
        rho = ratio_text(sum(limits, Fraction(0)))
        names = [f"below_{c.number}" for c in self.calls]
        body, pattern = names[-1], f"B{self.calls[-1].number}_"
        for c, name in zip(reversed(self.calls[:-1]), reversed(names[:-1]), strict=True):
            body, pattern = f"(late_and _ _ {name} {body})", f"[B{c.number}_ {pattern}]"
        theorem = f"calls_ {f} g {rho}"
        out += [f"Lemma small_sum : late (fun {v} : nat => combine (calls_ {v}) g <= {rho} * g {v}).",
                f"Proof. generalize {body}. apply late_imp. intros {v} {pattern}. unfold calls_. cbn [combine]. lra. Qed.",
                f"Lemma above_g : bounded_above {f} g.",
                f"Proof. exact (dominated_upper {theorem} ltac:(lra) equation_late smaller_late far_late g_positive small_sum). Qed.",
                f"Lemma below_g : bounded_below {f} g.",
                f"Proof. apply (dominated_lower calls_ {f} g equation_late smaller_late). exists 0%nat. intros _ _ i. first [apply every_sign | left; apply every_sign]. Qed."]


class Exponential(Dominated):
    """A driving function e^h; the claim is about the same function."""

    def exponent_forms(self) -> None:
        """The bound is the driving function: no exponent of it is compared."""

    def growths(self) -> None:
        if self.s.bound != self.s.driving:
            raise NotExported("a bound of another form than the driving function")
        self.exponent = logarithm(self.s.driving, self.s.system.variable)
        self.bound = self.driving = Growth("g", "1", real(1), NOTHING)
        self.power = self.grower.grow(self.exponent)
        if self.power.value.sign() <= 0 or order(self.power.exponents) <= 0 or self.power.exponents[0].num:
            raise NotExported("a driving function that is not a growing exponential")

    def late_driving(self) -> list[str]:
        v = self.s.variable
        return [f"Lemma g_every : forall {v} : nat, (1 <= {v})%nat -> 0 < g {v}.",
                f"Proof. intros {v} Hn. assert (P_ : 0 < INR {v}) by (apply lt_0_INR; lia). unfold g. first [pos | apply INR_fact_lt_0 | repeat apply Rmult_lt_0_compat; first [pos | apply INR_fact_lt_0]]. Qed.",
                "Lemma g_positive : late (fun n => 0 < g n).", "Proof. exists 1%nat. exact g_every. Qed.",
                "Lemma g_late : late (fun n => 0 <= g n).", "Proof. generalize g_positive. apply late_imp. intros n. apply Rlt_le. Qed."]

    def method(self, bound: Mapping[str, Any]) -> None:
        del bound
        s, v, out = self.s, self.s.variable, self.lines
        n = s.system.variable
        self.listed()
        h = s.printer.real(self.exponent)
        out += [f"Definition h_ ({v} : nat) : R := {h}.",
                f"Lemma g_exp : forall {v} : nat, (1 <= {v})%nat -> g {v} = exp (h_ {v}).",
                f"Proof. intros {v} Hn. assert (P_ : 0 < INR {v}) by (apply lt_0_INR; lia). pose proof (INR_fact_lt_0 {v}) as Q_. rewrite <- (exp_ln (g {v})) by exact (g_every {v} Hn). apply f_equal. unfold g, h_, Rpower. "
                f"rewrite ?ln_mult, ?ln_exp, ?ln_pow by (first [assumption | pos | apply exp_pos | repeat apply Rmult_lt_0_compat; first [assumption | apply exp_pos | pos]]). cbn [INR]. first [reflexivity | ring | field]. Qed."]
        power = self.power
        q = Fraction(1, 2 * len(self.calls))
        for c in self.calls:
            a = c.term.coefficient
            la = logarithm(a, n)
            inner = self.composed(c, Growth(power.name, power.text, power.value, power.exponents), "h_")
            la_text = s.printer.real(la)
            total, name = inner, f"inner_{c.number}"
            if la == ZERO:
                out += [f"Lemma {name} : grows (fun n => h_ ({self.index(c)} n) + 0) {inner.text} {self.grower.exponents(inner.exponents)}.",
                        f"Proof. apply (grows_ext (fun n => h_ ({self.index(c)} n))); [intros; ring | exact {inner.name}]. Qed."]
            else:
                more = self.grower.grow(la)
                side = order(tuple(x - y for x, y in zip(inner.exponents, more.exponents, strict=True)))  # type: ignore[arg-type]
                if side <= 0:
                    raise NotExported("a coefficient of the order of the driving function")
                out += [f"Lemma {name} : grows (fun n => h_ ({self.index(c)} n) + ({la_text})) {inner.text} {self.grower.exponents(inner.exponents)}.",
                        f"Proof. refine (grows_add_l _ _ _ _ _ _ _ _ _ _ _ _ _ {inner.name} {more.name}). close_lexpos. Qed."]
            total = Growth(name, inner.text, inner.value, inner.exponents)
            side = order(tuple(x - y for x, y in zip(power.exponents, total.exponents, strict=True)))  # type: ignore[arg-type]
            gap = f"gap_{c.number}"
            e = self.grower.exponents(power.exponents)
            opposite = f"(grows_opp _ _ _ _ _ _ {name})"
            if side == 0 and (power.value - total.value).sign() > 0:
                value = f"({power.text} + - {total.text})"
                proof = f"exact (grows_add _ _ _ _ _ _ _ _ {power.name} {opposite})"
            elif side > 0:
                value = power.text
                proof = f"refine (grows_add_l _ _ _ _ _ _ _ _ _ _ _ _ _ {power.name} {opposite}). close_lexpos"
            else:
                raise NotExported("a driving function that does not dominate")
            known = self.known_powers(c, power)
            out += [f"Lemma {gap} : grows (fun n => h_ n + - (h_ ({self.index(c)} n) + ({la_text}))) {value} {e}.", f"Proof. {proof}. Qed.",
                    f"Lemma {gap}_positive : 0 < {value}.", f"Proof. {known}first [lra | pos | nra]. Qed.",
                    f"Lemma below_{c.number} : late (fun {v} : nat => {self.in_n(a)} * g ({self.index(c)} {v}) <= {ratio_text(q)} * g {v}).",
                    f"Proof. refine (exp_ratio (fun {v} : nat => {self.in_n(a)}) g h_ (fun {v} : nat => {la_text}) {self.index(c)} {value} {' '.join(self.grower.exponents_list(power.exponents)[1:])} {ratio_text(q)} ltac:(lra) {gap}_positive ltac:(close_lexpos) {gap} _ g_exp (far_{c.number} 1%nat)). "
                    f"exists 1%nat. intros {v} Hn. assert (P_ : 0 < INR {v}) by (apply lt_0_INR; lia). {self.exp_of_log(a)} Qed."]
        self.ratio([q] * len(self.calls))

    def exp_of_log(self, a: Expr) -> str:
        if a == ONE:
            return "rewrite exp_0. lra."
        return "rewrite <- (exp_ln (" + self.s.printer.real(a) + ")) at 1 by pos. apply f_equal. unfold Rpower. rewrite ?ln_mult, ?ln_exp, ?ln_pow by pos. cbn [INR]. first [reflexivity | ring | field]."

    def known_powers(self, c: Call, power: Growth) -> str:
        """Bounds of the powers in the constant of the composition."""
        r = self.growth_of(c)
        d, k = power.exponents[1], power.exponents[2]
        out = "positive_logarithms. "
        if power.exponents[2].num == {} or not k.num:
            out += "rewrite ?(Rpower_O 1) by lra. "
        out += "rewrite ?Rpower_1, ?Rpower_O by lra. "
        q = r.value.rational
        if q is not None and d.rational is not None and d != real(1) and d.num and 0 < q < 1:
            dt = self.grower.tight(self.grower.exponent(d))
            out += f"pose proof (Rpower_below_1 {r.text} {dt} ltac:(lra) ltac:(lra)) as R_. pose proof (Rpower_pos {r.text} {dt}) as Q_. "
        return out

    def finish(self) -> None:
        s, f = self.s, self.s.name
        up = "exact above_g"
        low = "destruct below_g as (q_ & N_ & Q_ & B_). exists (/ q_), N_. split; [apply Rinv_0_lt_compat, Q_|]. intros n Hn. specialize (B_ n Hn). apply Rmult_le_reg_l with q_; [exact Q_|]. " \
              "rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. exact B_"
        parts = {"upper": up, "lower": low}
        proofs = [parts[x] for x in ("upper", "lower") if f"{x}{s.fixed} {f}" in goal(s)]
        text = f"split. {{ {proofs[0]}. }} {proofs[1]}" if len(proofs) == 2 else proofs[0]
        self.lines += [f"Lemma bounds : bound{s.fixed} {f}.", f"Proof. {text}. Qed."]


def logarithm(e: Expr, n: str) -> Expr:
    """log e, multiplied out."""
    match e:
        case Num(q) if q == 1:
            return ZERO
        case App("*", args):
            return add(*(logarithm(a, n) for a in args))
        case App("/", (a, b)):
            return add(logarithm(a, n), neg(logarithm(b, n)))
        case App("^", (Var(_) as a, Num(q))) if q == 1:
            return log(a)
        case App("^", (a, b)):
            return mul(b, log(a))
        case App("sqrt", (a,)):
            return mul(Num(Fraction(1, 2)), log(a))
        case App("exp", (a,)):
            return a
    return log(e)

