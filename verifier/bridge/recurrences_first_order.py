"""First order, T(n) = a(n) T(n - j) + g(n), with a(n) = C rho^n n^k (1 + b/sqrt(n) + c/n + O(n^(-3/2))).

The products of a are  A(n) = exp(q n^2) n!^f exp(s sqrt n) exp(r n) n^d  to within constant factors, with

    2 j q = log rho,  j f = k,  j s = 2 b,  j r = log C + j (log rho)/2,  j d = c - b^2/2 + k (j - 1)/2,

and T is A times the sum of g/A: where that converges A, where it diverges one step up the scale, where its last term dominates g."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_products import PRODUCTS, ProductGrower, ProductGrowth, Scale
from verifier.bridge.recurrences_proof import Proof
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.recurrences_step import StepProof
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import Facts, Real, exp_real, log_real, real, real_of
from verifier.lang.ast import App, Expr, Num, Var, free_vars, num, subterms

Polynomial = dict[int, Fraction]
"""Coefficients by the power of sqrt(n)."""
SAMPLE = 40
"""So many values of a coefficient are computed to see whether it is 0 somewhere: the proof shows it for all."""


def first_order(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule first_order (or of any rule, if the recurrence has one lag)."""
    return FirstOrderProof(s).text(bound)


# ---------------------------------------------------------------- the coefficient

@dataclass
class Coefficient:
    """constant * rate^n * top(sqrt n)/bottom(sqrt n)."""

    constant: Real = field(default_factory=lambda: real(1))
    rate: Expr | None = None
    top: Polynomial = field(default_factory=lambda: {0: Fraction(1)})
    bottom: Polynomial = field(default_factory=lambda: {0: Fraction(1)})

    @property
    def halves(self) -> bool:
        """Whether odd powers of sqrt(n) occur, apart from a common one of a monomial."""
        return any(k % 2 for p in (self.top, self.bottom) for k in p)


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    out: Polynomial = {}
    for i, x in a.items():
        for j, y in b.items():
            out[i + j] = out.get(i + j, Fraction(0)) + x * y
    return {k: c for k, c in out.items() if c}


def plus(a: Polynomial, b: Polynomial, factor: Fraction = Fraction(1)) -> Polynomial:
    out = dict(a)
    for k, c in b.items():
        out[k] = out.get(k, Fraction(0)) + factor * c
    return {k: c for k, c in out.items() if c}


def quotient(e: Expr, n: str) -> tuple[Polynomial, Polynomial]:
    """e as a quotient of polynomials in sqrt(n)."""
    one: Polynomial = {0: Fraction(1)}
    match e:
        case Num(q):
            return ({0: q} if q else {}), one
        case Var(name) if name == n:
            return {2: Fraction(1)}, one
        case App("sqrt", (Var(name),)) if name == n:
            return {1: Fraction(1)}, one
        case App("neg", (a,)):
            p, q = quotient(a, n)
            return {k: -c for k, c in p.items()}, q
        case App("+", args):
            return _sum(args, n)
        case App("*", args):
            top, bottom = one, one
            for a in args:
                p, q = quotient(a, n)
                top, bottom = times(top, p), times(bottom, q)
            return top, bottom
        case App("/", (a, b)):
            (p, q), (x, y) = quotient(a, n), quotient(b, n)
            return times(p, y), times(q, x)
        case App("^", (Var(name), Num(q))) if name == n and (q.denominator == 1 or q == Fraction(1, 2)):
            k = int(2 * q)
            return ({k: Fraction(1)}, one) if k >= 0 else (one, {-k: Fraction(1)})
        case App("^", (a, Num(q))) if q.denominator == 1 and abs(q) <= 20:
            p, r = quotient(a, n)
            if q < 0:
                p, r = r, p
            top, bottom = one, one
            for _ in range(abs(int(q))):
                top, bottom = times(top, p), times(bottom, r)
            return top, bottom
    raise NotExported("a coefficient that is not a quotient of polynomials in sqrt(n)")


def _sum(args: tuple[Expr, ...], n: str) -> tuple[Polynomial, Polynomial]:
    top: Polynomial = {}
    bottom: Polynomial = {0: Fraction(1)}
    for a in args:
        p, q = quotient(a, n)
        if q == bottom:
            top = plus(top, p)
        else:
            top, bottom = plus(times(top, q), times(p, bottom)), times(bottom, q)
    return top, bottom


def read(e: Expr, n: str, facts: Facts) -> Coefficient:
    """The parts of a coefficient; NotExported for what is not of this form."""
    out = Coefficient()

    def go(x: Expr, sign: int) -> None:
        if n not in free_vars(x):
            c = real_of(x, facts)
            if c.sign() <= 0:
                raise NotExported("a coefficient that is not positive")
            out.constant = out.constant * (c if sign > 0 else c.inverse())
            return
        match x:
            case App("*", args):
                for a in args:
                    go(a, sign)
            case App("/", (a, b)):
                go(a, sign)
                go(b, -sign)
            case App("^", (a, Var(name))) if name == n and n not in free_vars(a) and sign > 0 and out.rate is None:
                out.rate = a
            case _:
                p, q = quotient(x, n)
                if sign < 0:
                    p, q = q, p
                out.top, out.bottom = times(out.top, p), times(out.bottom, q)

    go(e, 1)
    if not out.top or not out.bottom:
        raise NotExported("a coefficient 0")
    return out


def value(p: Polynomial, n: int) -> Fraction:
    """p at a natural number, if it has even powers of sqrt(n) only."""
    return sum((c * Fraction(n) ** (k // 2) for k, c in p.items()), Fraction(0))


def polynomial(p: Polynomial, n: str, *, halves: bool) -> Expr:
    """p as an expression in n, or in sqrt(n)."""
    parts: list[Expr] = []
    for k in sorted(p, reverse=True):
        x: Expr = App("sqrt", (Var(n),)) if halves else Var(n)
        m = k if halves else k // 2
        power = None if m == 0 else x if m == 1 else App("^", (x, num(m)))
        c = abs(p[k])
        term = num(c) if power is None else power if c == 1 else App("*", (num(c), power))
        parts.append(term if p[k] > 0 else App("neg", (term,)))
    return parts[0] if len(parts) == 1 else App("+", tuple(parts))


# ---------------------------------------------------------------- the product

class Product:
    """The lemma  near a (XSc ..) j  for the function a(n), whose text is defined already."""

    def __init__(self, proof: StepProof, name: str, coefficient: Expr, j: int) -> None:
        self.proof, self.name, self.j = proof, name, j
        self.prefix = name.rstrip("_")
        self.n = proof.s.system.variable
        self.products: ProductGrower = proof.products
        self.coefficient = coefficient
        self.parts = read(coefficient, self.n, proof.s.system.facts)

    def write(self) -> Scale:
        """The lemmas; the exponents of the product."""
        p, j, n = self.parts, self.j, self.n
        v = self.products.printer.name(n)
        degree = max(p.top) - max(p.bottom)
        lead = p.top[max(p.top)] / p.bottom[max(p.bottom)]
        if lead < 0:
            raise NotExported("a coefficient that is not positive")
        b, c = self.expansion(degree, lead)
        k = Fraction(degree, 2)
        constant = p.constant * real(lead)
        zero = real(0)
        rho = zero if p.rate is None else log_real(real_of(p.rate, self.proof.s.system.facts))
        over = real(Fraction(1, j))
        r = log_real(constant) * over
        exponents: Scale = (rho * over * real(Fraction(1, 2)), real(k / j), real(2 * b / j), r + rho * real(Fraction(1, 2)),
                            real((c - b * b / 2 + k * (j - 1) / 2) / j), zero, zero)
        remainder = self.remainder(degree, lead, b, c)
        out = self.proof.lines
        facts: list[str] = []
        for e in self.denominators():
            g = self.products.grow(e)
            name = f"{self.prefix}_denominator_{len(facts) + 1}"
            sign = g.value.sign()
            out += [f"Lemma {name} : late (fun {v} : nat => {'0 < ' if sign > 0 else ''}{self.products.printer.real(e)}{' < 0' if sign < 0 else ''}).",
                    f"Proof. exact (late_{'positive' if sign > 0 else 'negative'} _ {g.text} _ _ _ _ {self.proof.sign_proof()} {g.name}). Qed."]
            facts.append(name)
        eps = "0"
        small = "exact small_zero."
        if remainder is not None:
            g = self.products.grow(remainder)
            eps = self.products.printer.real(remainder)
            small = f"exact (small_of_grows _ {g.text} {self.products.tight(self.products.exponent(g.exponents[1]))} {g.name} ltac:(lra))."
        out += [f"Definition {self.prefix}_rest ({v} : nat) : R := {eps}.", f"Lemma {self.prefix}_small : small {self.prefix}_rest.", f"Proof. {small} Qed."]
        halves = p.halves
        base = "1" if p.rate is None else f"Rpower {self.products.printer.tight(p.rate)} (INR n)"
        base_proof = "(exp_times_0 _)" if p.rate is None else "(exp_times_ln _ _)"
        lr = "0" if p.rate is None else f"(ln {self.products.printer.tight(p.rate)})"
        m = abs(degree) if halves else abs(degree) // 2
        x = "sqrt (INR n)" if halves else "INR n"
        power = "1" if degree == 0 else f"{'/ ' if degree < 0 else ''}{x} ^ {m}"
        lemma = "exp_times_0 _" if degree == 0 else f"exp_ln_{'root' if halves else ''}{'_' if halves and degree < 0 else ''}{'inverse' if degree < 0 else ''}{'' if halves or degree < 0 else 'times'}" \
            f" (INR n) {m} {ratio_text(k)} ltac:(lra) ltac:(cbn [INR]; lra)"
        lc, lc_proof, shown = self.constant_log(constant, r)
        binders = "((R1 & R2 & R3)" + "".join(f" & D{i}" for i in range(len(facts))) + ")"
        nested = "late_one" if not facts else f"(late_and _ _ late_one {self.nest(facts)})"
        kt = ratio_text(k)
        bt, ct = ratio_text(b), ratio_text(c)
        roots = "rewrite ?Rpower_half by lra." if any(e == App("^", (Var(n), Num(Fraction(1, 2)))) for e in subterms(self.coefficient)) else ""
        close = "field; nonzero" if not halves else "set (s_ := sqrt (INR n)) in *; rewrite ?R2 in *; field; nonzero"
        out += [f"Lemma {self.prefix}_form : late (fun n => {self.name} n = exp ({lc} + ({lr} * INR n + {kt} * ln (INR n))) * (1 + ({bt} / sqrt (INR n) + {ct} / INR n + {self.prefix}_rest n))).",
                f"Proof. generalize {nested}. apply late_imp. intros n {binders if facts else '(R1 & R2 & R3)'}. unfold {self.name}, {self.prefix}_rest. {roots}",
                f"  rewrite (main_form {lc} {lr} {kt} {shown} ({base}) ({power}) (INR n) {lc_proof} {base_proof} ({lemma})). {close}. Qed.",
                f"Lemma {self.prefix}_near : near {self.name} (XSc {self.products.scale(exponents)}) {j}.",
                f"Proof. apply (product_near {self.name} {j} {lc} {lr} {kt} {bt} {ct} {self.prefix}_rest); [lia | cbn [INR]; first [lra | field].. | exact {self.prefix}_small | exact {self.prefix}_form]. Qed."]
        return exponents

    @staticmethod
    def nest(facts: list[str]) -> str:
        out = facts[-1]
        for name in reversed(facts[:-1]):
            out = f"(late_and _ _ {name} {out})"
        return out

    def constant_log(self, constant: Real, r: Real) -> tuple[str, str, str]:
        """(l, proof of exp l = constant, constant) with l in terms of the logarithm that the class shows."""
        q = constant.rational
        text = ratio_text(q) if q is not None else self.products.printer.tight(constant.expr)
        if q is None and self.products.rate(r).strip("()") != f"ln {text}".strip("()"):
            raise NotExported("an irrational constant in a coefficient")
        if constant == real(1):
            return "0", "exp_0", "1"
        if self.j > 1 and q is not None:
            try:
                base = exp_real(r).rational
            except Rejected:
                base = None
            if base is not None:
                return f"({self.j} * ln {ratio_text(base)})", f"(eq_trans (exp_ln_times {ratio_text(base)} {self.j} {self.j} ltac:(lra) ltac:(cbn [INR]; lra)) (ltac:(lra) : {ratio_text(base)} ^ {self.j} = {text}))", text
        return f"(ln {text})", f"(exp_ln {text} {self.proof.sign_proof()})", text

    def expansion(self, degree: int, lead: Fraction) -> tuple[Fraction, Fraction]:
        """b and c with top/bottom = lead * n^(degree/2) * (1 + b/sqrt(n) + c/n + ..)."""
        p = self.parts
        m, k = max(p.top), max(p.bottom)
        top = [p.top.get(m - i, Fraction(0)) / p.top[m] for i in range(3)]
        low = [p.bottom.get(k - i, Fraction(0)) / p.bottom[k] for i in range(3)]
        b = top[1] - low[1]
        return b, top[2] - low[2] - b * low[1]

    def remainder(self, degree: int, lead: Fraction, b: Fraction, c: Fraction) -> Expr | None:
        """top/(lead n^(degree/2) bottom) - 1 - b/sqrt(n) - c/n as one quotient; None if it is 0."""
        p = self.parts
        series: Polynomial = plus(plus({2: Fraction(1)}, {1: b}), {0: c})
        series = {k: x for k, x in series.items() if x}
        up, down = (max(degree, 0), max(-degree, 0))
        bottom = times(p.bottom, {up + 2: lead})
        top = plus(times(p.top, {down + 2: Fraction(1)}), times(times(series, p.bottom), {up: lead}), Fraction(-1))
        if not top:
            return None
        shift = min(min(top), min(bottom))
        halves = p.halves
        shift -= 0 if halves else shift % 2
        top, bottom = ({k - shift: x for k, x in q.items()} for q in (top, bottom))
        return App("/", (polynomial(top, self.n, halves=halves), polynomial(bottom, self.n, halves=halves)))

    def denominators(self) -> list[Expr]:
        """What has to be nonzero for the expansion to be an identity of fractions."""
        out: list[Expr] = []

        def go(e: Expr) -> None:
            if isinstance(e, App):
                if e.op == "/" and self.n in free_vars(e.args[1]):
                    out.append(e.args[1])
                if e.op == "^" and isinstance(e.args[1], Num) and e.args[1].value < 0 and self.n in free_vars(e.args[0]):
                    out.append(e.args[0])
                for a in e.args:
                    go(a)

        go(self.coefficient)
        bottom = polynomial(self.parts.bottom, self.n, halves=self.parts.halves)
        if self.n in free_vars(bottom):
            out.append(bottom)
        plain = (Var(self.n), App("sqrt", (Var(self.n),)))
        return [e for i, e in enumerate(out) if e not in plain and e not in out[:i]]


# ---------------------------------------------------------------- sums over the product

def increments(p: Proof, name: str, x: tuple[Real, Real, Real]) -> tuple[tuple[Real, Real, Real], Real, str]:
    """Lemma `name`: the class whose increments are lambda n^d (log n)^k (log log n)^j, lambda, and all exponents as text."""
    d, k, j = x
    zero, one = real(0), real(1)

    def t(e: Real) -> str:
        return p.grower.tight(p.grower.exponent(e))

    if (d + one).num:
        up, lam, lemma = (d + one, k, j), d + one, f"rises_power {t(d + one)} {t(k)} {t(j)}"
    elif (k + one).num:
        up, lam, lemma = (zero, k + one, j), k + one, f"rises_log {t(k + one)} {t(j)}"
    elif (j + one).num:
        up, lam, lemma = (zero, zero, j + one), j + one, f"rises_loglog {t(j + one)}"
    else:
        raise NotExported("a sum that grows like log log log n")
    text = " ".join(map(t, (*up, lam, *x)))
    p.lines += [f"Lemma {name} : rises {text}.", f"Proof. refine (rises_same {'_ ' * 14}({lemma} _) _ _ _ _ _ _ _); lra. Qed."]
    return up, lam, text


def solve_first_order(p: StepProof, common: str, near: Scale, g: ProductGrowth | None, none: str) -> tuple[Scale, str]:
    """The class of T and its proof; `common` are the arguments of the theorems up to the exponents; `none` shows that g is 0."""
    zero, two = real(0), real(2)
    q, f, s, r, d, _, _ = near
    products = p.products

    def exponent(x: Real) -> str:
        return products.tight(products.exponent(x))

    if g is not None:
        gap: Scale = tuple(x - y for x, y in zip(g.exponents, near, strict=True))  # type: ignore[assignment]
        outer: Scale = (*gap[:4], zero, zero, zero)
        side = PRODUCTS.gap(outer, (zero,) * 7)
        sign = p.sign_proof()
        if side > 0:
            if gap[0].num or gap[1].sign() < 0:
                raise NotExported("a driving function with an exponential of n^2")
            if gap[1].num:
                return g.exponents, f"exact (first_order_factorial {common} {g.text} {products.arguments(g.exponents[1:], 1)} {sign} ltac:(lra) {g.name})."
            if gap[2].num or not gap[3].num:
                raise NotExported("a driving function with an exponential of sqrt(n) in this case")
            return g.exponents, f"{p.grower.separate(near, g.exponents)}exact (first_order_driven {common} {g.text} {products.arguments(g.exponents[3:], 3)} {sign} ltac:(lra) {g.name})."
        if side == 0:
            up, lam, at = increments(p, "driving_increments", (gap[4], gap[5], gap[6]))
            if lam.sign() > 0:
                e: Scale = (q, f, s, r, d + up[0], up[1], up[2])
                return e, f"exact (first_order_sum {common} {at} {g.text} {exponent(g.exponents[4])} {exponent(e[4])} driving_increments ltac:(lra) {sign} ltac:(lra) ltac:(lra) {g.name})."
            return near, (f"exact (first_order_bounded {common} {at} (2 * {g.text}) {exponent(g.exponents[4])} driving_increments "
                          f"ltac:(close_lexpos) ltac:(first [lra | pos]) ltac:(lra) (xgrows_at_most _ {g.text} {'_ ' * 7}{sign} {g.name})).")
    p.lines += ["Lemma convergent_increments : rises (-1) 0 0 (-1) (-2) 0 0.", f"Proof. refine (rises_same {'_ ' * 14}(rises_power (-1) 0 0 _) _ _ _ _ _ _ _); lra. Qed."]
    target: Scale = (q, f, s, r, d - two, zero, zero)
    at = products.scale(target)
    if g is None:
        below, value = f"(none_below g {at} {none})", "1"
    else:
        below, value = "driving_below", g.text
        p.lines += [f"Lemma driving_below : late (fun n => {p.driving_name} n <= 2 * {g.text} * XSc {at} n).",
                    f"Proof. refine (xgrows_dominated _ {g.text} {products.scale(g.exponents)} {at} {p.sign_proof()} {g.name} _). {p.grower.separate(g.exponents, target)}close_xlexpos. Qed."]
    return near, (f"exact (first_order_bounded {common} (-1) 0 0 (-1) (-2) 0 0 (2 * {value}) {exponent(target[4])} convergent_increments ltac:(close_lexpos) "
                  f"ltac:(first [lra | pos]) ltac:(lra) {below}).")


class FirstOrderProof(StepProof):
    """T(n) = a(n) T(n - j) + g(n)."""

    driving_name = "g"

    def prepare(self) -> None:
        s, v = self.s, self.s.variable
        if s.sums or len(s.terms) != 1:
            raise NotExported("more than one call")
        (t,) = s.terms
        found = re.fullmatch(rf"{v} - (\d+)", t.argument.text)
        if not found:
            raise NotExported("an argument that is not n - j")
        self.lag = int(found.group(1))
        early = s.printer.with_context(s.context)
        self.lines.append(f"Definition a_ ({v} : nat) : R := {early.real(t.coefficient)}.")
        self.product = Product(self, "a_", t.coefficient, self.lag)
        self.near = self.product.write()
        self.lines += ["Lemma a_late : late (fun n => 0 < a_ n).", "Proof. exact (proj1 a_near). Qed."]

    def late_signs(self) -> list[str]:
        return ["g_late", "a_late"]

    def sign_of(self, lemma: str) -> str:
        return "0 < a_ n" if lemma == "a_late" and self.strict_coefficient() else "0 <= a_ n" if lemma == "a_late" else super().sign_of(lemma)

    def strict_coefficient(self) -> bool:
        """Whether the coefficient is positive in the range of the equation, not only non-negative."""
        p, start = self.product.parts, self.s.start
        if start is None or p.halves:
            return True
        values = [(value(p.top, n), value(p.bottom, n)) for n in range(start, start + SAMPLE)]
        if any(y == 0 or x / y < 0 for x, y in values):
            raise NotExported("a coefficient that is negative or not defined for small n")
        return all(x for x, _ in values)

    def sign_from(self, lemma: str) -> str:
        if lemma != "a_late":
            return super().sign_from(lemma)
        p = self.product.parts
        head = f"unfold a_. apply le_INR in Hn. simpl (INR {self.s.start}) in Hn."
        if p.rate is None and not p.halves and p.constant.rational is not None and p.bottom != {0: 1}:
            show = self.s.printer.real
            v = self.s.variable
            top = show(polynomial({k: c * p.constant.rational for k, c in p.top.items()}, self.s.system.variable, halves=False))
            bottom = show(polynomial(p.bottom, self.s.system.variable, halves=False))
            early = self.s.printer.with_context(self.s.context).real(self.s.terms[0].coefficient)
            change = f"(({top}) / ({bottom}))"
            if v != "n":
                change, early = (re.sub(rf"\b{v}\b", "n", x) for x in (change, early))
            return f"{head} first [pos | replace ({early}) with {change} by (field; nonzero); apply div_{'pos' if self.strict_coefficient() else 'nonneg'}; nra]."
        return f"{head} first [lra | pos | nra]."

    def solve(self, bound: Mapping[str, Any]) -> None:
        f, j = self.s.name, self.lag
        strict = self.base_sign()
        lines = self.lines
        v = self.s.variable
        lines += [f"Lemma first_order_equation : forall {v}, (n0 <= {v})%nat -> {f} {v} = a_ {v} * {f} ({v} - {j})%nat + g {v}.",
                  f"Proof. intros {v} Hn. rewrite (equation {v} Hn). unfold a_, g. ring. Qed.",
                  f"Lemma positive : late (fun n => 0 < {f} n)."]
        positive = self.strict_coefficient()
        if strict and positive:
            lines.append(f"Proof. exists 0%nat. intros n _. exact (first_order_positive {f} a_ g {j} n0 ltac:(lia) ltac:(lia) base_sign sign_1 sign_0 first_order_equation n). Qed.")
        elif self.growth_of_driving is not None:
            sign = "(fun n Hn => Rlt_le _ _ (sign_1 n Hn))" if positive else "sign_1"
            base = "(fun n Hn => Rlt_le _ _ (base_sign n Hn))" if strict else "base_sign"
            lines += ["Proof. generalize (late_and _ _ g_positive (late_ge n0)). apply late_imp. intros n (P & N). rewrite (first_order_equation n N).",
                      f"  pose proof (first_order_nonneg {f} a_ g {j} n0 ltac:(lia) ltac:(lia) {base} {sign} sign_0 first_order_equation (n - {j})%nat).",
                      f"  assert (0 <= a_ n * {f} (n - {j})%nat) by (apply Rmult_le_pos; [apply ({sign} n N) | assumption]). lra. Qed."]
        else:
            raise NotExported("values 0 without a driving function")
        lines += [f"Lemma late_equation : late (fun n => {f} n = a_ n * {f} (n - {j})%nat + g n).", "Proof. exists n0. exact first_order_equation. Qed."]
        common = f"{f} g a_ {j} {self.products.arguments(self.near[:5], 0)} ltac:(lia) a_near g_late late_equation positive"
        e, proof = solve_first_order(self, common, self.near, self.growth_of_driving, "(fun _ => eq_refl)")
        self.found(e, proof)
