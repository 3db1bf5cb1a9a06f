"""Growth of expressions with factorials and exp(sqrt(n)), as lemmas of the library's `ProductGrowth`.

An expression e is shown to satisfy  e ~ C * exp(q n^2) n!^f exp(s sqrt n) * exp(r n) n^d (log n)^k (log log n)^j."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from verifier.bridge.recurrences_compare import Scale as Names
from verifier.bridge.recurrences_growth import Grower
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real, log_real, power_real, real, real_of
from verifier.lang.ast import App, Expr, Num, Var, free_vars
from verifier.lang.show import ascii

Scale = tuple[Real, Real, Real, Real, Real, Real, Real]
"""(q, f, s, r, d, k, j)."""
IMPORTANCE = (0, 1, 3, 2, 4, 5, 6)
"""The numbers of the exponents in the order of growth: n^2, log n!, n, sqrt n, log n, .."""


PRODUCTS = Names("XSc", "x", IMPORTANCE)


@dataclass(frozen=True)
class ProductGrowth:
    """The lemma `name` shows  e ~ value * XSc."""

    name: str
    text: str
    value: Real
    exponents: Scale


@dataclass
class ProductGrower(Grower):
    """`Grower` with factorials and exponentials of square roots."""

    seen: dict[Expr, ProductGrowth] = field(default_factory=dict)

    def scale(self, e: Scale) -> str:
        """The exponents as arguments of XSc."""
        return self.arguments(e, 0)

    def exponents_list(self, e: Sequence[Real]) -> list[str]:
        return [self.tight(self.rate(x) if i in (0, 2, 3) else self.exponent(x)) for i, x in enumerate(e)] if len(e) == len(IMPORTANCE) else super().exponents_list(e)

    def separate(self, a: Sequence[Real], b: Sequence[Real]) -> str:
        if len(a) != len(IMPORTANCE):
            return super().separate(a, b)
        first = next((i for i in IMPORTANCE if a[i] != b[i]), None)
        if first in (0, 2, 3):
            return self.rates(a[first], b[first])
        return "" if first in (1, None) else super().separate(a[3:], b[3:])

    def arguments(self, e: Sequence[Real], first: int) -> str:
        """Those from number `first` on."""
        return " ".join(self.tight(self.rate(x) if i in (0, 2, 3) else self.exponent(x)) for i, x in enumerate(e, first))

    def rates(self, a: Real, b: Real) -> str:
        """a < b or b < a as hypotheses, for rates that are multiples of logarithms."""
        try:
            return super().rates(a, b)
        except NotExported:
            low, high = (self._logarithm(x) for x in ((a, b) if (b - a).sign() > 0 else (b, a)))
        out = ""
        for base, _ in (low, high):
            if base > 1:
                out += f"pose proof (ln_pos {ratio_text(base)} ltac:(lra)). "
        if low[0] > 1 and high[0] > 1 and low[1] > 0:
            m = lcm(low[1].denominator, high[1].denominator)
            (x, p), (y, q) = ((base, int(c * m)) for base, c in (low, high))
            if max(p, q) > 200:
                raise NotExported("two rates that are very close")
            out += (f"pose proof (ln_increasing ({ratio_text(x)} ^ {p}) ({ratio_text(y)} ^ {q}) ltac:(lra) ltac:(lra)) as L_. "
                    "rewrite !ln_pow in L_ by lra. cbn [INR] in L_. ")
        return out

    def _logarithm(self, x: Real) -> tuple[Fraction, Fraction]:
        """(base, c) with x = c log base, as the text of x shows it."""
        if not x.num:
            return Fraction(1), Fraction(0)
        shown = {Fraction(t) for t in re.findall(r"ln \(?(\d+(?:/\d+)?)", self.rate(x))}
        if len(shown) == 1 and (base := shown.pop()) > 0:
            c = (x / log_real(real(base))).rational
            if c is not None:
                return base, c
        raise NotExported("an irrational rate")

    def products(self, e: Expr) -> ProductGrowth:
        """The growth of e; NotExported if the library has no lemma for it."""
        if e not in self.seen:
            self.seen[e] = self._plain(e) if not self._special(e) else self._structural(e)
        return self.seen[e]

    def _special(self, e: Expr) -> bool:
        """Whether e has a factorial or an exponential that is not a^(q n)."""
        match e:
            case App("factorial", _):
                return True
            case App("exp", (a,)):
                return self.variable in free_vars(a)
            case App("^", (a, b)) if self.variable in free_vars(b):
                return self.variable not in free_vars(a) and not self._linear(b)
            case App(_, args):
                return any(self._special(a) for a in args)
        return False

    def _linear(self, e: Expr) -> bool:
        try:
            parts = self.powers(e)
        except NotExported:
            return False
        return set(parts) <= {Fraction(1)}

    def _plain(self, e: Expr) -> ProductGrowth:
        g = self.grow(e)
        zero = real(0)
        return self._lemma(e, f"apply xgrows_plain, {g.name}.", g.value, (zero, zero, zero, *g.exponents), g.text)

    def _lemma(self, e: Expr, proof: str, value: Real, exponents: Scale, text: str) -> ProductGrowth:
        name = f"product_growth_{len(self.lines)}"  # the lines only grow
        v = self.printer.name(self.variable)
        q = value.rational
        shown = self.tight(text if q is None or q.denominator != 1 or q < 0 else str(q))
        self.lines += [f"Lemma {name} : xgrows (fun {v} : nat => {self.printer.real(e)}) {shown} {self.scale(exponents)}.", f"Proof. {proof} Qed."]
        return ProductGrowth(name, shown, value, exponents)

    def _same(self, lemma: str) -> str:
        return f"refine (xgrows_same {'_ ' * 17}({lemma}) _ _ _ _ _ _ _ _); same_exponents."

    def _structural(self, e: Expr) -> ProductGrowth:
        zero, one = real(0), real(1)
        match e:
            case App("factorial", (Var(_),)):
                return self._lemma(e, "exact xgrows_fact.", one, (zero, one, *(zero,) * 5), "1")
            case App("*", args):
                total = self.products(args[0])
                for i in range(1, len(args)):
                    g = self.products(args[i])
                    total = self._lemma(App("*", args[:i + 1]), self._same(f"xgrows_mul {'_ ' * 18}{total.name} {g.name}"), total.value * g.value,
                                        self._combined(total.exponents, g.exponents, Real.__add__), f"({total.text} * {g.text})")
                return total
            case App("/", (a, b)):
                x, y = self.products(a), self.products(b)
                return self._lemma(e, self._same(f"xgrows_div _ _ _ {y.text} {'_ ' * 14}ltac:(apply Rgt_not_eq; unfold Rgt; first [lra | pos]) {x.name} {y.name}"), x.value / y.value,
                                   self._combined(x.exponents, y.exponents, Real.__sub__), f"({x.text} / {y.text})")
            case App("sqrt", (a,)):
                return self._rooted(e, self.products(a), real(Fraction(1, 2)), "xgrows_sqrt", "/ 2")
            case App("^", (a, Num(q))) if q.denominator == 1 and q >= 0:
                g = self.products(a)
                exponents: Scale = tuple(x * real(q) for x in g.exponents)  # type: ignore[assignment]
                return self._lemma(e, self._same(f"xgrows_pow {'_ ' * 9}{q} {g.name}"), power_real(g.value, real(q)), exponents, f"({g.text} ^ {q})")
            case App("^", (a, b)) if self.variable not in free_vars(b):
                text = self.printer.tight(b)
                return self._rooted(e, self.products(a), real_of(b, self.facts), f"xgrows_Rpower_at {text}", text)
            case App("exp", (a,)):
                return self._exponential_of(e, a, one, "", "")
            case App("^", (a, b)) if self.variable not in free_vars(a):
                base = real_of(a, self.facts)
                if base.sign() <= 0:
                    raise NotExported("a power of something negative")
                return self._exponential_of(e, b, log_real(base), self.printer.tight(a), f"ln {self.printer.tight(a)}")
        raise NotExported(f"the growth of {ascii(e)[:60]}")

    @staticmethod
    def _combined(a: Scale, b: Scale, op: Callable[[Real, Real], Real]) -> Scale:
        return tuple(op(x, y) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]

    def _rooted(self, e: Expr, g: ProductGrowth, q: Real, lemma: str, text: str) -> ProductGrowth:
        if g.value != real(1):
            raise NotExported("a root of a multiple of a factorial")
        exponents: Scale = tuple(x * q for x in g.exponents)  # type: ignore[assignment]
        at = f"xgrows_Rpower {'_ ' * 9}{text} Rlt_0_1 {g.name}" if lemma.startswith("xgrows_Rpower") else f"xgrows_sqrt {'_ ' * 9}Rlt_0_1 {g.name}"
        proof = f"refine (xgrows_same {'_ ' * 17}({at}) _ _ _ _ _ _ _ _); first [unfold Rpower; rewrite ln_1, Rmult_0_r; apply exp_0 | same_exponents]."
        return self._lemma(e, proof, real(1), exponents, "1")

    def powers(self, e: Expr) -> dict[Fraction, Fraction]:
        """e as a combination of n^2, n and sqrt(n) with rational coefficients."""
        match e:
            case Var(name) if name == self.variable:
                return {Fraction(1): Fraction(1)}
            case App("sqrt", (a,)):
                return self._raised(a, Fraction(1, 2))
            case App("^", (a, Num(q))):
                return self._raised(a, q)
            case App("neg", (a,)):
                return {k: -c for k, c in self.powers(a).items()}
            case App("/", (a, Num(q))):
                return {k: c / q for k, c in self.powers(a).items()}
            case App("+", args):
                out: dict[Fraction, Fraction] = {}
                for a in args:
                    for k, c in self.powers(a).items():
                        out[k] = out.get(k, Fraction(0)) + c
                return {k: c for k, c in out.items() if c}
            case App("*", args):
                out = {Fraction(0): Fraction(1)}
                for a in args:
                    part = {Fraction(0): a.value} if isinstance(a, Num) else self.powers(a)
                    total: dict[Fraction, Fraction] = {}
                    for k, c in out.items():
                        for m, d in part.items():
                            total[k + m] = total.get(k + m, Fraction(0)) + c * d
                    out = {k: c for k, c in total.items() if c}
                return out
            case Num(q):
                return {Fraction(0): q} if q else {}
        raise NotExported(f"the growth of {ascii(e)[:60]}")

    def _raised(self, a: Expr, q: Fraction) -> dict[Fraction, Fraction]:
        inner = self.powers(a)
        if inner == {Fraction(1): Fraction(1)}:
            return {q: Fraction(1)}
        if q.denominator == 1 and 0 < q <= 4:
            return self.powers(App("*", (a,) * int(q)))
        raise NotExported(f"the growth of {ascii(a)[:60]}")

    def _exponential_of(self, e: Expr, a: Expr, rate: Real, base: str, ln: str) -> ProductGrowth:
        """base^(x n^2 + y n + z sqrt n)."""
        parts = self.powers(a)
        if not set(parts) <= {Fraction(2), Fraction(1), Fraction(1, 2)}:
            raise NotExported(f"the growth of {ascii(e)[:60]}")
        x, y, z = (parts.get(k, Fraction(0)) for k in (Fraction(2), Fraction(1), Fraction(1, 2)))
        zero = real(0)
        exponents: Scale = (rate * real(x), zero, rate * real(z), rate * real(y), zero, zero, zero)
        v = self.printer.name(self.variable)
        coefficients = " ".join(f"({q.numerator}/{q.denominator})" for q in (x, z, y))
        equal = "ltac:(exists 0%nat; intros; field)"
        head = f"xgrows_base {base}" if base else "xgrows_exp"
        return self._lemma(e, self._same(f"{head} (fun {v} : nat => {self.printer.real(a)}) {coefficients} 0 {equal}"), real(1), exponents, "1")
