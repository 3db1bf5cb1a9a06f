"""The Akra-Bazzi theorem for any calls near b_i*n on the scale n or log n: symbolic slopes, roots of n, perturbed arguments and
coefficients, a maximum or minimum of branches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_calls import SIGNS, Call, Calls, linear_part
from verifier.bridge.recurrences_growth import Exponents, Growth, between, order
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real, power_real, real, real_of
from verifier.lang.ast import ZERO, App, Expr, add, free_vars
from verifier.lang.parse import parse_expression

ZERO_REAL, UNIT = real(0), real(1)


@dataclass(frozen=True)
class Scale:
    """loc, its lemmas, and where an exponent of loc stands in a class."""

    loc: str
    proof: str
    shift: int
    suffix: str

    def exponents(self, d: Real, k: Real) -> Exponents:
        """The class of loc^d (log loc)^k."""
        out = [ZERO_REAL] * 4
        out[1 + self.shift], out[2 + self.shift] = d, k
        return (out[0], out[1], out[2], out[3])

    def indices(self, e: Exponents) -> tuple[Real, Real] | None:
        """d and k of a class that is loc^d (log loc)^k."""
        d, k = e[1 + self.shift], e[2 + self.shift]
        return (d, k) if self.exponents(d, k) == e else None


SCALES = {"n": Scale("INR", "scale_INR", 0, "size"), "log(n)": Scale("log_size", "scale_log_size", 1, "log_size")}


def on_size(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule akra_bazzi for any calls on the scale n."""
    return Scaled(s, SCALES["n"]).write(Scaled.method, bound)  # type: ignore[arg-type]


def on_log_size(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule akra_bazzi in the size log n."""
    return Scaled(s, SCALES["log(n)"]).write(Scaled.method, bound)  # type: ignore[arg-type]


class Scaled(Calls):
    """A proof by the Akra-Bazzi theorem on a scale."""

    def __init__(self, s: Statement, scale: Scale) -> None:
        super().__init__(s)
        self.along = scale
        self.limits: dict[int, tuple[Real, str]] = {}
        self.slopes: dict[int, tuple[Real, str]] = {}
        self.loss = Fraction(1, 2)
        self.lists: dict[str, list[Call]] = {}
        self.unknown, self.driver, self.stem = s.name, "g", "class"

    sign_name = "positive"

    @property
    def drive(self) -> Growth | None:
        """The growth of the driving function of the unknown."""
        return self.driving

    def rate_facts(self, e: Exponents) -> str:
        """The sign of the rate of a driving function."""
        return self.grower.rates(e[0], ZERO_REAL) if e[0].num else ""

    # ------------------------------------------------------------------ calls on the scale
    def limit(self, c: Call) -> tuple[Real, Expr]:
        """The limit of the coefficient, and what it differs by."""
        e, n = c.term.coefficient, self.s.system.variable
        if n not in free_vars(e):
            return c.term.value, ZERO
        parts = e.args if isinstance(e, App) and e.op == "+" else (e,)
        fixed = [a for a in parts if n not in free_vars(a)]
        rest = add(*(a for a in parts if n in free_vars(a)))
        value = ZERO_REAL
        for a in fixed:
            value = value + self.constant(a)
        return value, rest

    def constant(self, e: Expr) -> Real:
        return real_of(e, self.s.system.facts)

    def read_calls(self) -> None:
        """The limits, the slopes, and the loss: how fast the relative errors vanish on the scale."""
        n, s = self.s.system.variable, self.s
        self.rests: dict[int, tuple[Expr, Expr]] = {}
        for c in self.calls:
            value, difference = self.limit(c)
            rest = ZERO
            if c.growth is None:
                raise NotExported("an argument without growth")
            if self.along.shift == 0:
                slope, shown, rest = (real(c.term.argument.slope), ZERO, ZERO) if c.linear else linear_part(c.target, n, s.system.facts)
                if rest != ZERO and n in free_vars(rest):
                    self.decays(self.grower.grow(rest).exponents, Fraction(1))
            else:
                slope = c.growth.exponents[1]
                shown = slope.expr
                if c.growth.exponents != (ZERO_REAL, slope, ZERO_REAL, ZERO_REAL):
                    raise NotExported("an argument that is not a root of n")
            if slope.sign() <= 0 or (slope - UNIT).sign() >= 0:
                raise NotExported("an argument that does not shrink by a constant factor on this scale")
            if difference != ZERO:
                self.decays(self.grower.grow(difference).exponents, Fraction(0))
            if value.sign() < 0:
                raise NotExported("a coefficient with a negative limit")
            self.rests[c.number] = (difference, rest)
            self.limits[c.number] = (value, self.s.printer.real(value.expr) if n in free_vars(c.term.coefficient) else self.s.printer.real(c.term.coefficient))
            self.slopes[c.number] = (slope, ratio_text(slope.rational) if slope.rational is not None else self.grower.tight(self.s.printer.real(shown)))

    def decays(self, e: Exponents, top: Fraction) -> None:
        """The loss dl with e = O(loc^(top - dl))."""
        d = e[1 + self.along.shift].rational
        early = [x for x in e[:1 + self.along.shift] if x.num]
        if early:
            if order(e) < 0 and early[0].sign() < 0:
                return
            raise NotExported("an error that does not vanish on this scale")
        if d is None or d >= top:
            raise NotExported("an error that does not vanish on this scale")
        self.loss = min(self.loss, (top - d) / 2)

    def term_text(self, c: Call) -> str:
        return f"Term ({self.limits[c.number][1]}) {self.slopes[c.number][1]} {self.index(c)}"

    def coefficients(self) -> None:
        """The coefficient of a term as a function of n."""
        v, out, n = self.s.variable, self.lines, self.s.system.variable
        moving = [c for c in self.calls if n in free_vars(c.term.coefficient)]
        if not moving:
            out.append("Definition ca (t : term) (_ : nat) : R := ta t.")
            return
        slopes = [self.slopes[c.number][0] for c in self.calls]
        if any(x == y for i, x in enumerate(slopes) for y in slopes[:i]) or any(x.rational is None for x in slopes):
            raise NotExported("variable coefficients of calls with equal slopes")
        body = "0"
        for c in reversed(self.calls):
            body = f"if Req_EM_T (tb t) {self.slopes[c.number][1]} then {self.early(c.term.coefficient)} else {body}"
        out.append(f"Definition ca (t : term) ({v} : nat) : R := {body}.")
        for c in self.calls:
            out += [f"Lemma ca_{c.number} : forall a_ r_ {v}, ca (Term a_ {self.slopes[c.number][1]} r_) {v} = {self.early(c.term.coefficient)}.",
                    f"Proof. intros a_ r_ {v}. unfold ca. cbn [tb]. repeat (destruct (Req_EM_T _ _); try reflexivity; try lra). Qed."]

    def moving_coefficients(self) -> bool:
        """Whether some coefficient depends on n."""
        return any(self.s.system.variable in free_vars(c.term.coefficient) for c in self.calls)

    def regular(self) -> None:
        """Lemmas regular_k."""
        out, v, n = self.lines, self.s.variable, self.s.system.variable
        dl = ratio_text(self.loss)
        loc = self.along.loc
        for c in self.calls:
            difference, rest = self.rests[c.number]
            slope = self.slopes[c.number][1]
            if self.along.shift == 0:
                h = f"(fun {v} : nat => {self.s.printer.real(rest)})"
                if n in free_vars(rest):
                    g = self.grower.grow(rest)
                    vanish = f"refine (small_class _ _ _ _ _ _ 0 (1 - {dl}) 0 0 {g.name} _); close_lexpos"
                else:
                    bound = self.constant(rest)
                    q = bound.rational
                    if q is None:
                        raise NotExported("an irrational offset")
                    vanish = f"refine (small_class _ _ _ _ _ _ 0 (1 - {dl}) 0 0 (grows_const _) _); close_lexpos"
                distance = ratio_text(c.term.argument.distance) if c.linear else "1"
                x = self.s.printer.real(c.target) if not c.linear else f"{slope} * INR {v}"
                near = (f"exists n0; intros {v} Hn; pose proof ({c.near} {v} Hn) as N_; cbv beta in N_ |- *; "
                        f"replace ({slope} * INR {v} + ({self.s.printer.real(rest)})) with ({x}) by first [lra | field; lra]; lra")
                way = f"apply (call_linear {self.index(c)} {slope} {h} {distance} {dl}); [lra | lra | {near} | {vanish}]"
            else:
                g = c.growth
                assert_ = g.text if g is not None else ""
                way = f"exact (call_root {self.index(c)} {assert_} {slope} {dl} ltac:(lra) {self.sign_proof()} growth_r{c.number})"
            value = self.limits[c.number][0]
            sign = f"[{'left; ' if value.sign() > 0 else 'right; '}{SIGNS if value.sign() > 0 else 'lra'}]"
            slopes = f"split; {SIGNS}"
            head = f"Lemma regular_{c.number} : regular {loc} {dl} ca ({self.term_text(c)})."
            if n not in free_vars(c.term.coefficient) and not any(n in free_vars(d.term.coefficient) for d in self.calls):
                out += [head, f"Proof. apply regular_constant; cbn [ta tb tr]; [reflexivity | {sign[1:-1]} | {slopes} | {way}]. Qed."]
                continue
            if difference == ZERO:
                gap = f"exists 0; split; [lra|]; exists 0%nat; intros {v} _; rewrite ca_{c.number}, Rminus_diag_eq, Rabs_R0 by reflexivity; lra"
            else:
                g = self.grower.grow(difference)
                zeros = ["0"] * 4
                zeros[1 + self.along.shift] = f"(- {dl})"
                gap = (f"exists 1; split; [lra|]; generalize (small_class _ {g.text} {self.grower.exponents(g.exponents)} {' '.join(zeros)} {g.name} ltac:(close_lexpos)); apply late_imp; intros {v} H_; "
                       f"rewrite ca_{c.number}; {'rewrite size_power' if self.along.shift == 0 else 'rewrite log_size_power'}; "
                       f"replace ({self.early(c.term.coefficient)} - ({self.limits[c.number][1]})) with ({self.s.printer.real(difference)}) by lra; exact H_")
            known = f"exact (coefficient_{c.number} {v} Hn)" if n in free_vars(c.term.coefficient) else SIGNS
            out += [head, f"Proof. apply regular_perturbed; cbn [ta tb tr]; [{sign[1:-1]} | {slopes} | exists n0; intros {v} Hn; rewrite ca_{c.number}; left; {known} | {gap} | {way}]. Qed."]

    # ------------------------------------------------------------------ lists of calls
    def ratios(self, listed: str) -> list[tuple[Real, Real]]:
        return [(self.limits[c.number][0], self.slopes[c.number][0]) for c in self.lists[listed]]

    def total(self, listed: str, q: Real) -> Real:
        """The sum of a_i b_i^q of one branch."""
        out = ZERO_REAL
        for a, b in self.ratios(listed):
            out = out + (a * power_real(b, q) if a.num else ZERO_REAL)
        return out

    def asum(self, q: Real, relation: str, name: str, listed: str = "terms") -> None:
        """Lemma `name`: the sum of a_i b_i^q is = 1, < 1, <= 1 or >= 1; symbolic slopes for integer q."""
        ratios = self.ratios(listed)
        if all(b.rational is not None for _, b in ratios):
            super().asum(q, relation, name, listed)
            return
        m = q.rational
        if m is None or m.denominator != 1 or abs(m) > 12:
            raise NotExported("a power of a symbolic slope")
        text = self.grower.tight(self.grower.exponent(q))
        rewrites = "rewrite ?Rpower_O by (first [lra | pos | inverses])." if m == 0 else f"change {text} with (IZR ({m})). rewrite ?Rpower_Z by (first [lra | pos | inverses]). compute_powers_only."
        head = f"Lemma {name} : {f'1 <= asum {listed} ' + text if relation == '>=' else f'asum {listed} {text} {relation} 1'}."
        self.lines += [head, f"Proof. unfold asum. cbn [rsum {listed} ta tb]. {rewrites} first [lra | field; repeat split; lra | inverses]. Qed."]

    def listed(self) -> list[str]:
        """The lists of the calls of each branch, by their names."""
        s, out = self.s, self.lines
        names, start = [], 0
        for k, group in enumerate(s.groups):
            name = f"branch_{k + 1}"
            self.lists[name] = self.calls[start:start + len(group)]
            start += len(group)
            out.append(f"Definition {name} : list term := [{'; '.join(self.term_text(c) for c in self.lists[name])}].")
            names.append(name)
        return names

    def decisive(self, names: list[str], q: Real) -> str:
        """The branch with the largest sum (of a maximum) or the smallest (of a minimum) at q."""
        best = names[0]
        for name in names[1:]:
            side = (self.total(name, q) - self.total(best, q)).sign()
            if side > 0 and self.s.extreme == "max" or side < 0 and self.s.extreme == "min":
                best = name
        return best

    @property
    def rewriting(self) -> str:
        """How the equation is put in place of the unknown."""
        return f"(equation {self.s.variable} Hn). unfold step, g"

    def equations(self, upper: list[str], lower: list[str]) -> None:
        """The equation as an inequality with one of the lists, from above and from below."""
        f, v, out = self.unknown, self.s.variable, self.lines
        moving = self.moving_coefficients()
        unfold = f"cbn [rsum {' '.join(self.lists)} ta tb tr]; " + (f"rewrite ?{', ?'.join(f'ca_{c.number}' for c in self.calls)}; " if moving else "unfold ca; cbn [ta]; ")
        for side, names in (("above", upper), ("below", lower)):
            ls = f"[{'; '.join(names)}]"
            sums = f"rsum (fun t => ca t {v} * {f} (tr t {v})) l + {self.driver} {v}"
            inequality = f"{f} {v} <= {sums}" if side == "above" else f"{sums} <= {f} {v}"
            tries = " | ".join(f"exists {x}; split; [{member(i)}|]; {unfold}lra" for i, x in enumerate(names))
            extremes = "unfold Rmax, Rmin; repeat destruct (Rle_dec _ _); " if self.s.extreme else ""
            out += [f"Lemma equation_{side} : late (fun {v} : nat => exists l, In l {ls} /\\ {inequality}).",
                    f"Proof. exists n0. intros {v} Hn. rewrite {self.rewriting}. {extremes}first [{tries}]. Qed."]
        for side, names in (("above", upper), ("below", lower)):
            ls = f"[{'; '.join(names)}]"
            out += [f"Lemma calls_{side} : forall l t, In l {ls} -> In t l -> regular {self.along.loc} {ratio_text(self.loss)} ca t.",
                    f"Proof. intros l t Hl. revert t. revert l Hl. intros l {pattern(len(names))}; [{self.cases(names)}]. Qed."]

    def cases(self, names: list[str]) -> str:
        """One proof for each member of each list."""
        return " | ".join(f"(intros t_ {pattern(len(self.lists[x]))}; [{' | '.join(f'exact regular_{c.number}' for c in self.lists[x])}])" for x in names)

    # ------------------------------------------------------------------ the cases
    def method(self, bound: Mapping[str, Any]) -> None:
        self.read_calls()
        self.coefficients()
        self.regular()
        self.cases_of(self.listed(), bound)

    def cases_of(self, names: list[str], bound: Mapping[str, Any]) -> None:
        """The case of the theorem that the driving function decides."""
        d = self.drive
        if d is not None and not self.along.shift and not d.exponents[0].num and d.exponents[3].num:
            best = self.decisive(names, d.exponents[1])
            if not (self.total(best, d.exponents[1]) - UNIT).num:
                self.iterated(names, best, d)
                return
        index = self.along.indices(d.exponents) if d is not None else None
        if d is not None and index is not None:
            dd, k = index
            best = self.decisive(names, dd)
            side = (self.total(best, dd) - UNIT).sign()
            if side <= 0:
                self.driven(names, best, dd, k, side)
                return
        self.leaf(names, bound)

    def prepared(self, names: list[str], best: str) -> tuple[list[str], list[str], str, str]:
        upper = [best] if self.s.extreme == "min" else names
        lower = [best] if self.s.extreme == "max" else names
        self.equations(upper, lower)
        common = [f"{self.along.loc} {self.along.proof} {ratio_text(self.loss)} ca ltac:(lra) [{'; '.join(x)}]" for x in (upper, lower)]
        return upper, lower, f"{common[0]} calls_above {self.unknown} {self.driver} {self.driver}_late equation_above", f"{common[1]} calls_below {self.unknown} {self.driver}"

    def bounds_on(self, names: list[str], q: Real, relation: str, stem: str) -> str:
        """forall l, In l names -> asum l q related to 1."""
        proofs = []
        for x in names:
            exact = (self.total(x, q) - UNIT).sign() == 0
            self.asum(q, "=" if exact and relation != "<" else relation, f"{stem}_{x}", x)
            lemma = f"{stem}_{x}"
            proofs.append(f"exact (Req_le _ _ {lemma})" if exact and relation == "<=" else f"exact (Req_le _ _ (eq_sym {lemma}))" if exact and relation == ">=" else f"exact {lemma}")
        return f"ltac:(intros l_ {pattern(len(names))}; [{' | '.join(proofs)}])"

    def as_class(self, side: str, e: Exponents, proof: str, rewrite: str = "") -> None:
        f, suffix = self.unknown, self.along.suffix
        swap = "swap" if side == "above" else "swap'"
        name = f"{self.stem}_upper" if side == "above" else f"{self.stem}_lower"
        self.lines += [f"Lemma {name} : bounded_{side} {f} (Sc {self.grower.exponents(e)}).",
                       f"Proof. pose proof ({swap} {f} _ _ (fun n => W_{suffix} _ _ n) {proof}) as X_. {rewrite}exact X_. Qed."]

    def driven(self, names: list[str], best: str, d: Real, k: Real, side: int) -> None:
        g = self.drive
        if g is None:
            raise NotExported("no driving function")
        upper, lower, up, low = self.prepared(names, best)
        low = f"{low} "
        dt, kt = (self.grower.tight(self.grower.exponent(x)) for x in (d, k))
        self.lines += [f"Lemma driving : late (fun n => {self.driver} n <= 2 * {g.text} * W {dt} {kt} ({self.along.loc} n)) /\\ late (fun n => {g.text} / 2 * W {dt} {kt} ({self.along.loc} n) <= {self.driver} n).",
                       f"Proof. exact (driving_{self.along.suffix} {self.driver} {g.text} {dt} {kt} {self.sign_proof()} {g.name}). Qed.",
                       f"Lemma constant_positive : 0 < {g.text}.", f"Proof. {SIGNS}. Qed."]
        above = f"(2 * {g.text}) {dt} {kt} ltac:(pose proof constant_positive; lra) (proj1 driving)"
        below = f"({g.text} / 2) {dt} {kt} ltac:(pose proof constant_positive; lra) (proj2 driving)"
        e = self.along.exponents(d, k)
        if side < 0:
            self.bounds_on(upper, d, "<", "small")
            sums = " ".join(["Rmax (" + f"asum {x} {dt}" + ") (" for x in upper[:-1]]) + f"asum {upper[-1]} {dt}" + ")" * (len(upper) - 1)
            small = f"ltac:(repeat apply Rmax_lub_lt; {'first [' + ' | '.join(f'exact small_{x}' for x in upper) + ']'})"
            within = f"ltac:(intros l_ {pattern(len(upper))}; repeat first [apply Rle_refl | apply Rmax_l | eapply Rle_trans; [|apply Rmax_r]])"
            self.as_class("above", e, f"(scaled_root_upper {up} {above} ({sums}) {small} {within})")
            self.as_class("below", e, f"(scaled_root_lower {low}equation_below {self.sign_name} {below})")
        elif (k + UNIT).sign() > 0:
            e = self.along.exponents(d, k + UNIT)
            most, least = self.bounds_on(upper, d, "<=", "most"), self.bounds_on(lower, d, ">=", "least")
            one = f"replace ({kt} + 1) with {self.grower.tight(self.grower.exponent(k + UNIT))} in X_ by lra. "
            self.as_class("above", e, f"(scaled_balanced_upper {up} {above} ltac:(lra) {most})", one)
            self.as_class("below", e, f"(scaled_balanced_lower {low}equation_below {self.sign_name} {below} ltac:(lra) {least})", one)
        elif (k + UNIT).sign() < 0:
            e = self.along.exponents(d, ZERO_REAL)
            most, least = self.bounds_on(upper, d, "<=", "most"), self.bounds_on(lower, d, ">=", "least")
            self.as_class("above", e, f"(scaled_small_upper {up} {above} ltac:(lra) {most})")
            self.as_class("below", e, f"(scaled_leaf_lower {low}{self.driver}_late equation_below {self.sign_name} {dt} {least})")
        else:
            if self.along.shift:
                raise NotExported("a bound with log log log n")
            e = (ZERO_REAL, d, ZERO_REAL, UNIT)
            most, least = self.bounds_on(upper, d, "<=", "most"), self.bounds_on(lower, d, ">=", "least")
            text = self.grower.exponents(e)
            f = self.unknown
            self.lines += [f"Lemma class_upper : bounded_above {f} (Sc {text}).",
                           f"Proof. exact (above_late {f} _ _ (loglog_size {dt}) (scaled_loglog_upper {up} {above} ltac:(lra) {most})). Qed.",
                           f"Lemma class_lower : bounded_below {f} (Sc {text}).",
                           f"Proof. exact (below_late {f} _ _ (loglog_size {dt}) (scaled_loglog_lower {low}equation_below {self.sign_name} {below} ltac:(lra) {least})). Qed."]
        self.upper = self.lower = e

    def iterated(self, names: list[str], best: str, g: Growth) -> None:
        """The balanced case of a driving function with a power of log log n."""
        _, d, k, j = g.exponents
        upper, lower, _, _ = self.prepared(names, best)
        if (k + UNIT).sign() > 0:
            a, i = k + UNIT, j
        elif not (k + UNIT).num and (j + UNIT).sign() > 0:
            a, i = ZERO_REAL, j + UNIT
        else:
            raise NotExported("a driving function with a small power of log log n")
        dt, kt, jt, at, it = (self.grower.tight(self.grower.exponent(x)) for x in (d, k, j, a, i))
        e: Exponents = (ZERO_REAL, d, a, i)
        most, least = self.bounds_on(upper, d, "<=", "most"), self.bounds_on(lower, d, ">=", "least")
        if a.num:
            slopes = f"destruct (comparable_power {at} {it} ltac:(lra)) as (L0_ & low_ & C_). replace ({at} - 1) with {kt} in C_ by lra."
            sizes = f"{at} {it} ({at} / 2) (2 * {at}) L0_ low_ ltac:(lra) ltac:(lra) C_"
        else:
            slopes = f"pose proof (comparable_log {it} ltac:(lra)) as C_. replace ({it} - 1) with {jt} in C_ by lra."
            sizes = f"0 {it} {it} {it} 4 ltac:(lra) ltac:(lra) ltac:(lra) C_"
        f, loss = self.unknown, ratio_text(self.loss)
        for side, listed, last in (("upper", upper, f"equation_above {most}"), ("lower", lower, f"equation_below {self.sign_name} {least}")):
            way = "above" if side == "upper" else "below"
            self.lines += [f"Lemma {self.stem}_{side} : bounded_{way} {f} (Sc {self.grower.exponents(e)}).",
                           f"Proof. {slopes} exact (calls_loglog_{side} {loss} ca ltac:(lra) [{'; '.join(listed)}] calls_{way} {f} {self.driver} {self.driver}_late {g.text} {dt} {kt} {jt} "
                           f"{self.sign_proof()} {g.name} {sizes} {last}). Qed."]
        self.upper = self.lower = e

    def leaf(self, names: list[str], bound: Mapping[str, Any]) -> None:
        """T = Theta(loc^q), the driving function below it."""
        if bound.get("exponent") is None:
            raise NotExported("exponents from one side")
        q = self.register(parse_expression(str(bound["exponent"])))
        best = self.decisive(names, q)
        upper, lower, up, low = self.prepared(names, best)
        text = self.grower.tight(self.grower.exponent(q))
        e = self.along.exponents(q, ZERO_REAL)
        suffix, g = self.along.suffix, self.drive
        most, least = self.bounds_on(upper, q, "<=", "most"), self.bounds_on(lower, q, ">=", "least")
        if g is None:
            mt, small = f"({text} - 1)", f"exists 0%nat. intros n _. unfold {self.driver}. pose proof (W_pos ({text} - 1) 0 ({self.along.loc} n)). lra."
            less = "ltac:(lra)"
        else:
            if any(x.num for x in g.exponents[:1 + self.along.shift]) and order(g.exponents) > 0:
                raise NotExported("a driving function above the powers of the scale")
            top = g.exponents[1 + self.along.shift] if not any(x.num for x in g.exponents[:1 + self.along.shift]) else q - real(2)
            bracket = self.grower.bracket(q, top) if q.symbolic else ""
            mt = f"(({ratio_text(top.rational or Fraction(0))} + {text})/2)" if q.symbolic else ratio_text(between(top, q))
            zeros = ["0"] * 4
            zeros[1 + self.along.shift] = mt
            small = f"apply below_{suffix}. apply (grows_below_class _ _ _ _ _ _ {' '.join(zeros)} {g.name}). {self.rate_facts(g.exponents)}{bracket}close_lexpos."
            near = bracket or (self.grower.bracket(q, real(Fraction(between(top, q)))) if q.rational is None else "")
            self.lines += [f"Lemma between_classes : {mt} < {text}.", f"Proof. {near}lra. Qed."]
            less = "between_classes"
        self.lines += [f"Lemma driving_small : late (fun n => {self.driver} n <= 1 * W {mt} 0 ({self.along.loc} n)).", f"Proof. {small} Qed."]
        self.as_class("above", e, f"(scaled_leaf_upper {up} {text} {mt} {less} {most} driving_small)")
        self.as_class("below", e, f"(scaled_leaf_lower {low} {self.driver}_late equation_below {self.sign_name} {text} {least})")
        self.upper = self.lower = e


def member(i: int) -> str:
    return "right; " * i + "left; reflexivity"


def pattern(count: int) -> str:
    """An intro pattern for membership in a list of the given length."""
    return "[<-|" * count + "[]" + "]" * count

