"""Exact real constants: exponents, bases and coefficients of recurrences.

A `Real` is a quotient of two normal forms (`normal.Poly`) over logarithms of primes, surds, exponentials and,
possibly, positive constant parameters.  Equality is decided by cross-multiplication of normal forms, which is sound in
one direction: equal forms are equal numbers.  Signs are decided by the normal form and then by enclosures that are
refined until they exclude 0; `Rejected` if they never do.  Nothing is ever compared by a floating-point number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from verifier.kernel import normal as nf
from verifier.kernel.context import Rejected
from verifier.kernel.normal import UNIT, Poly
from verifier.kernel.recurrence_symbolic import Signs
from verifier.lang.ast import App, Expr, Num, Var, div, free_vars
from verifier.lang.enclosure import Enclosure
from verifier.lang.evaluate import evaluate
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii

_PRECISIONS = (64, 192, 768, 3072)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about constant parameters, all positive: their lower bounds (>= 0; excluded for the names in `strict`)
    and upper bounds, polynomials that are positive, non-negative or zero by an assumption, and the parameters that an
    equation expresses by others."""

    lower: tuple[tuple[str, Fraction], ...] = ()
    positive: tuple[Real, ...] = ()
    zero: tuple[Real, ...] = ()
    nonnegative: tuple[Real, ...] = ()
    strict: frozenset[str] = frozenset()
    upper: tuple[tuple[str, Fraction], ...] = ()
    values: tuple[tuple[str, Real], ...] = ()


NO_FACTS = Facts()


class Real:
    """num/den, den nonzero; immutable by convention, hashable by its canonical text.  `facts` is what is known about
    the parameters it mentions, None if it mentions none."""

    __slots__ = ("num", "den", "facts", "_key", "_sign")

    def __init__(self, num: Poly, den: Poly | None = None, facts: Facts | None = None) -> None:
        self.num = num
        self.den = den
        self.facts = facts
        self._key: str | None = None
        self._sign: int | None = None

    @property
    def rational(self) -> Fraction | None:
        """The value if it is rational by its form, else None."""
        if self.den is None:
            if not self.num:
                return Fraction(0)
            if len(self.num) == 1 and UNIT in self.num:
                return Fraction(self.num[UNIT])
        return None

    @property
    def key(self) -> str:
        """Canonical text: equal keys are equal numbers."""
        if self._key is None:
            self._key = ascii(self.expr)
        return self._key

    @property
    def expr(self) -> Expr:
        """An expression of the number."""
        if self.den is None and len(self.num) == 1:
            (m, c), = self.num.items()
            below = tuple((k, -q) for k, q in m[0] if q < 0)
            if below and not m[1]:
                above = nf.to_expr({(tuple((k, q) for k, q in m[0] if q > 0), ()): c})
                return div(above, nf.to_expr({(below, ()): 1}))
        top = nf.to_expr(self.num)
        return top if self.den is None else div(top, nf.to_expr(self.den))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Real) and not (self - other).num

    def __hash__(self) -> int:
        return hash(self.key)

    def __add__(self, other: Real) -> Real:
        if not other.num:
            return self
        if not self.num:
            return other
        facts = self.facts or other.facts
        if self.den == other.den:
            return _make(nf.plus(self.num, other.num), self.den, facts)
        a, b = self.den or ONE.num, other.den or ONE.num
        return _make(nf.plus(nf.times(self.num, b), nf.times(other.num, a)), nf.times(a, b), facts)

    def __neg__(self) -> Real:
        return Real(nf.scale(self.num, -1), self.den, self.facts)

    def __sub__(self, other: Real) -> Real:
        return self + -other

    def __mul__(self, other: Real) -> Real:
        a, b, c, d = self.num, self.den, other.num, other.den
        if d is not None:
            q = _multiple(a, d)
            if q is not None:
                a, d = nf.constant(q), None
        if b is not None:
            q = _multiple(c, b)
            if q is not None:
                c, b = nf.constant(q), None
        den = b if d is None else d if b is None else nf.times(b, d)
        return _make(nf.times(a, c), den, self.facts or other.facts)

    def inverse(self) -> Real:
        """1/self; Rejected for 0."""
        if not self.num:
            raise Rejected("division by zero in a constant")
        return _make(self.den or ONE.num, self.num, self.facts)

    def __truediv__(self, other: Real) -> Real:
        return self * other.inverse()

    def sign(self) -> int:
        """-1, 0 or 1; Rejected if undecided."""
        if self._sign is None:
            value = _sign(self.num, self.facts or NO_FACTS)
            if value and self.den is not None:
                value *= _sign(self.den, self.facts or NO_FACTS)
            self._sign = value
        return self._sign

    def enclosure(self, bits: int = 64) -> tuple[Fraction, Fraction]:
        """Rational bounds of the number; it must not mention parameters."""
        return bounds(self.expr, bits)

    @property
    def symbolic(self) -> bool:
        """Whether it mentions a parameter."""
        return bool(free_vars(self.expr))

    def __repr__(self) -> str:
        return f"Real({self.key})"


def bounds(e: Expr, bits: int) -> tuple[Fraction, Fraction]:
    """Rational bounds of a closed expression."""
    value = evaluate(e, {}, bits=bits)
    if isinstance(value, Enclosure):
        return value.lo, value.hi
    return Fraction(value), Fraction(value)


def _make(num: Poly, den: Poly | None, facts: Facts | None = None) -> Real:
    """num/den with a monomial denominator divided out and proportional sides cancelled."""
    if den is None or not num:
        return Real(num, None, facts)
    if len(den) == 1:
        (m, c), = den.items()
        inverse = nf._mono({k: -q for k, q in m[0]}, {n: -q for n, q in m[1]})
        return Real(nf.times(num, nf.scale(inverse, Fraction(1) / Fraction(c))), None, facts)
    q = _multiple(num, den)
    if q is not None:
        return Real(nf.constant(q))
    lead = den[min(den, key=nf.mono_key)]
    if lead != 1:
        num, den = nf.scale(num, Fraction(1) / Fraction(lead)), nf.scale(den, Fraction(1) / Fraction(lead))
    return Real(num, den, facts)


def _multiple(a: Poly, b: Poly) -> Fraction | int | None:
    """q with a = q*b for rational q, if there is one."""
    if len(a) != len(b) or not a:
        return None
    q: Fraction | None = None
    for m, c in b.items():
        d = a.get(m)
        if d is None:
            return None
        r = Fraction(d) / Fraction(c)
        if q is None:
            q = r
        elif q != r:
            return None
    return None if q is None else nf.ratio(q)


def _cleared(p: Poly) -> Poly:
    """p times even powers of its sum atoms with negative exponents: the same sign, and zero shows."""
    for _ in range(4):
        worst = {k: q for m in p for k, q in m[0] if k[0] == "(" and isinstance(q, int) and q < 0}
        if not worst:
            break
        key = min(worst)
        depth = max(-q for m in p for k, q in m[0] if k == key and isinstance(q, int))
        if depth > 64:
            break
        even = depth + depth % 2
        out: Poly = {}
        for m, c in p.items():
            exponents = dict(m[0])
            exponents[key] = exponents.get(key, 0) + even
            out = nf.plus(out, nf.scale(nf._mono({k: q for k, q in exponents.items() if q}, dict(m[1])), c))
        p = out
    return p


def _sign(p: Poly, facts: Facts) -> int:
    p = _cleared(p)
    if not p:
        return 0
    if len(p) == 1:
        (m, c), = p.items()
        if all(k[0].isdigit() or k.startswith("log(") and k[4:-1].isdigit() for k, _ in m[0]):
            return 1 if c > 0 else -1
    e = nf.to_expr(p)
    names = free_vars(e)
    if names:
        return _signs(facts).sign(p)
    for bits in _PRECISIONS:
        if bits == _PRECISIONS[1] and _logarithms_cancel(p):
            return 0
        lo, hi = bounds(e, bits)
        if lo > 0:
            return 1
        if hi < 0:
            return -1
        if lo == hi:
            return 0
    raise Rejected(f"the sign of {ascii(e)} was not decided")


def _logarithms_cancel(p: Poly) -> bool:
    """Whether p, up to positive logarithms of primes as common factors, is sum q_i*log(A_i) with rational q_i and
    prod A_i^q_i = 1 by multiplying out surds."""
    depth: dict[str, int] = {}
    for m in p:
        for k, q in m[0]:
            if k.startswith("log(") and isinstance(q, int) and q < 0:
                depth[k] = max(depth.get(k, 0), -q)
    p = nf.times(p, nf._mono(dict(depth), {}))
    weights: list[tuple[str, Fraction]] = []
    for m, c in p.items():
        if m[1] or len(m[0]) != 1 or m[0][0][1] != 1 or not m[0][0][0].startswith("log("):
            return False
        weights.append((m[0][0][0][4:-1], Fraction(c)))
    common = lcm(*(q.denominator for _, q in weights))
    sides = [nf.constant(1), nf.constant(1)]
    for text, q in weights:
        power = int(q * common)
        if abs(power) > 64:
            return False
        value = real_of(parse_expression(text)).num
        side = 0 if power > 0 else 1
        sides[side] = nf.times(sides[side], nf.poly_power(value, abs(power)))
    return sides[0] == sides[1]


@lru_cache(maxsize=64)
def _signs(facts: Facts) -> Signs:
    def read(text: str) -> Poly | None:
        try:
            x = real_of(parse_expression(text), facts)
        except Rejected:
            return None
        return x.num if x.den is None else None

    def polys(xs: tuple[Real, ...]) -> list[Poly]:
        return [x.num for x in xs if x.den is None]
    return Signs(dict(facts.lower), facts.strict, polys(facts.positive), polys(facts.nonnegative), polys(facts.zero), read,
                 lambda p: _log_poly(p, facts))


@lru_cache(maxsize=4096)
def real(q: Fraction | int) -> Real:
    """The rational number."""
    return Real(nf.constant(nf.ratio(Fraction(q))))


ZERO, ONE = Real({}), real(1)


def log_real(x: Real) -> Real:
    """Natural logarithm of a positive number."""
    if x.sign() <= 0:
        raise Rejected("log of a constant that is not positive")
    facts = x.facts or NO_FACTS
    out = _log_poly(x.num, facts)
    return Real(out if x.den is None else nf.plus(out, nf.scale(_log_poly(x.den, facts), -1)), None, x.facts)


def _log_poly(p: Poly, facts: Facts) -> Poly:
    """log of |p| for a polynomial p that is not 0."""
    if _sign(p, facts) < 0:
        p = nf.scale(p, -1)
    content, rest = nf.primitive(p)
    (m, c), = content.items()
    out = nf.plus(nf.log_number(Fraction(c)), dict(m[1]))
    for k, q in m[0]:
        out = nf.plus(out, nf.scale(nf.atom(f"log({k[1:-1]})" if k[0] == "(" else f"log({k})"), q))
    if list(rest) != [UNIT]:
        out = nf.plus(out, nf.atom(f"log({ascii(nf.to_expr(rest))})"))
    return out


def exp_real(x: Real) -> Real:
    """e^x."""
    if x.den is not None:
        quotient = nf.times(x.num, nf._mono({f"({ascii(nf.to_expr(x.den))})": -1}, {}))
        return Real(nf.exponential(quotient), None, x.facts)
    return Real(nf.exponential(dict(x.num)), None, x.facts)


def power_real(base: Real, exponent: Real) -> Real:
    """base^exponent: an integer exponent, or a positive base."""
    q = exponent.rational
    if q is not None and q.denominator == 1 and abs(q) <= 4096:
        if q < 0:
            return power_real(base.inverse(), -exponent)
        num = nf.poly_power(base.num, q.numerator) if q else ONE.num
        return _make(num, None if base.den is None or not q else nf.poly_power(base.den, q.numerator), base.facts)
    return exp_real(log_real(base) * exponent)


def real_of(e: Expr, facts: Facts = NO_FACTS) -> Real:
    """The number an expression over numbers and known constant parameters denotes; Rejected otherwise."""
    match e:
        case Num(q):
            return real(q)
        case Var(name):
            for parameter, value in facts.values:
                if parameter == name:
                    return Real(value.num, value.den, facts)
            if name == "e" and not any(name == n for n, _ in facts.lower):
                return exp_real(ONE)
            if not any(name == n for n, _ in facts.lower):
                raise Rejected(f"{name} is not a constant")
            return Real(nf.atom(name), None, facts)
        case App("+", args):
            out = ZERO
            for a in args:
                out = out + real_of(a, facts)
            return out
        case App("*", args):
            out = ONE
            for a in args:
                out = out * real_of(a, facts)
            return out
        case App("neg", (a,)):
            return -real_of(a, facts)
        case App("/", (a, b)):
            return real_of(a, facts) / real_of(b, facts)
        case App("^", (a, b)):
            return power_real(real_of(a, facts), real_of(b, facts))
        case App("sqrt", (a,)):
            return power_real(real_of(a, facts), real(Fraction(1, 2)))
        case App("log", (a,)):
            return log_real(real_of(a, facts))
        case App("log", (a, b)):
            return log_real(real_of(a, facts)) / log_real(real_of(b, facts))
        case App("log2", (a,)):
            return log_real(real_of(a, facts)) / log_real(real(2))
        case App("exp", (a,)):
            return exp_real(real_of(a, facts))
        case App("max" | "min", args):
            best = real_of(args[0], facts)
            for a in args[1:]:
                x = real_of(a, facts)
                if ((x - best).sign() > 0) == (isinstance(e, App) and e.op == "max"):
                    best = x
            return best
        case App("factorial", (Num(q),)) if q.denominator == 1 and 0 <= q <= 1000:
            product = 1
            for k in range(2, q.numerator + 1):
                product *= k
            return real(product)
        case App("floor" | "ceil", (a,)):
            x = real_of(a, facts)
            lo, hi = x.enclosure(128)
            f, g = (lo.numerator // lo.denominator, hi.numerator // hi.denominator)
            if x.rational is None and f != g:
                raise Rejected("a rounding of a constant was not decided")
            if isinstance(e, App) and e.op == "ceil" and not (x.rational is not None and x.rational.denominator == 1):
                f += 1
            return real(f)
    raise Rejected(f"{ascii(e)} is not a constant")
