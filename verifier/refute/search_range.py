"""Ranges of expressions over boxes of sizes, and how they change with each size.

For an expression f and a box a_j <= x_j <= b_j with a_j > 0 the range holds an interval that contains f, and for every
parameter an interval that contains the scaled derivative x_j * df/dx_j and, where f has no zero, the elasticity
x_j * f'/f.  Elasticities of products of powers are exact, so a comparison of two of them is decided on boxes that
span many orders of magnitude.

Rounding: floor(u) that takes one value on the box is that constant; otherwise it is u - theta with an unknown theta in
[0, 1), held fixed while x_j moves.  Intervals are mpmath's, of any exponent and rounded outward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mpmath import libmp as mp

from verifier.kernel.context import Context, Interval as Domain, Rejected
from verifier.lang.ast import App, Expr, Num, Var, add, div, free_vars, mul, neg, num, sub
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import Enclosure, evaluate, polynomial_degree

Interval = tuple[Any, Any]
"""A pair of mpmath's raw numbers."""

Ends = tuple[Fraction, Fraction]
ZERO: Interval = (mp.fzero, mp.fzero)
ONE: Interval = (mp.fone, mp.fone)
_THETA: Interval = (mp.fzero, mp.fone)
MAX_TERMS = 4000
MAX_PREFIX = 30_000
_MAX_FACTORIAL = 2000


STIRLING = "_stirling"
"""n! / (sqrt(n) (n/e)^n), a name no user can write: between sqrt(2 pi) e^(1/(12n+1)) and sqrt(2 pi) e^(1/(12n))."""


LOG_STIRLING = "_log_stirling"
"""The logarithm of `STIRLING`."""
HARMONIC = "_harmonic"
"""1 + 1/2 + .. + 1/n for an integer n >= 0, a name no user can write."""


class Unknown(Exception):
    """No range is known for the expression on the box."""


@dataclass(slots=True)
class Range:
    """f in `value`; `slope[j]` contains x_j*df/dx_j and `elasticity[j]` x_j*f'/f, None where not known."""

    value: Interval
    slope: list[Interval | None]
    elasticity: list[Interval | None]


@dataclass(frozen=True, slots=True)
class Growth:
    """A function of the recurrences: exact values at integers; it does not decrease from `first` on (None: not known).
    `slow`: a value at n takes about n steps."""

    at: Callable[[int], Fraction | int | Enclosure]
    first: int | None = None
    slow: bool = False

    def enclosed(self, n: int, prec: int) -> Interval:
        """The value at n."""
        v = self.at(n)
        if isinstance(v, Enclosure):
            return interval(v.lo, prec)[0], interval(v.hi, prec)[1]
        return interval(v, prec)


@dataclass(slots=True)
class Step:
    """A rounding that takes the values low..high on the box; `inner` is the rounded expression."""

    inner: Expr
    ceiling: bool
    low: int
    high: int


def interval(q: Fraction | int, prec: int) -> Interval:
    """The rational, enclosed."""
    if q.denominator == 1:
        return mp.from_int(int(q), prec, "f"), mp.from_int(int(q), prec, "c")
    return (mp.from_rational(q.numerator, q.denominator, prec, "f"), mp.from_rational(q.numerator, q.denominator, prec, "c"))


def low_sign(a: Interval) -> int:
    """The sign of the lower end."""
    return int(mp.mpf_sign(a[0])) if a[0] != mp.fninf else -1


def high_sign(a: Interval) -> int:
    """The sign of the upper end."""
    return int(mp.mpf_sign(a[1])) if a[1] != mp.finf else 1


def hull(a: Interval, b: Interval) -> Interval:
    """The smallest interval that contains both."""
    return (a[0] if mp.mpf_le(a[0], b[0]) else b[0], a[1] if mp.mpf_ge(a[1], b[1]) else b[1])


def meet(a: Interval | None, b: Interval | None) -> Interval | None:
    """The intersection of two intervals known to overlap; None means no bound."""
    if a is None or b is None:
        return a or b
    out = (a[0] if mp.mpf_ge(a[0], b[0]) else b[0], a[1] if mp.mpf_le(a[1], b[1]) else b[1])
    return out if mp.mpf_le(out[0], out[1]) else a


def _finite(a: Interval) -> bool:
    return not any(x in (mp.finf, mp.fninf, mp.fnan) for x in a)


@dataclass
class Ranges:
    """Ranges at one box.  `steps` collects the roundings that are not constant on the box; a rounding in `loose` is
    treated as not constant (so that a corner can be judged under the theta of any point of a larger box)."""

    box: Mapping[str, Ends]
    prec: int = 64
    growth: Mapping[str, Growth] = field(default_factory=dict)
    loose: frozenset[Expr] = frozenset()
    steps: dict[Expr, Step] = field(default_factory=dict)
    prefixes: dict[tuple[Expr, int], list[Interval]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = [n for n, (lo, hi) in self.box.items() if lo != hi]  # sizes that do not move need no slope
        self.count = len(self.names)
        self.none: list[Interval | None] = [ZERO] * self.count
        self._bound: dict[str, Interval] = {}
        self._memo: dict[int, tuple[Expr, Range]] = {}  # by identity: hashing trees costs more than most nodes

    # ------------------------------------------------------------------ entry

    def of(self, e: Expr) -> Range:
        """The range of e; Unknown if there is none."""
        known = self._memo.get(id(e))
        if known is not None and not self._bound:
            return known[1]
        found = self._of(e)
        if not _finite(found.value):
            raise Unknown
        if not self._bound:
            self._memo[id(e)] = e, found
        return found

    def constant(self, value: Interval) -> Range:
        """A range that does not change over the box."""
        return Range(value, list(self.none), list(self.none))

    def _of(self, e: Expr) -> Range:
        p = self.prec
        match e:
            case Num(q):
                return self.constant(interval(q, p))
            case Var(name):
                return self._variable(name)
            case App("+", args):
                return self.total([self.of(a) for a in args])
            case App("neg", (a,)):
                r = self.of(a)
                return Range(mp.mpi_neg(r.value), [None if s is None else mp.mpi_neg(s) for s in r.slope], r.elasticity)
            case App("*", args):
                out = self.of(args[0])
                for a in args[1:]:
                    out = self._times(out, self.of(a))
                return out
            case App("/", (a, b)):
                return self._times(self.of(a), self._power_number(self.of(b), Fraction(-1)))
            case App("^", (a, Num(q))):
                return self._power_number(self.of(a), q)
            case App("^", (a, b)):
                exponent = self._logarithm(self.of(a))
                return self._exponential(self._times(self.of(b), exponent))
            case App("sqrt", (a,)):
                return self._power_number(self.of(a), Fraction(1, 2))
            case App("exp", (a,)):
                return self._exponential(self.of(a))
            case App("log", (a,)):
                return self._logarithm(self.of(a))
            case App("log2", (a,)):
                return self._base(self.of(a), self.constant(interval(2, p)))
            case App("log", (a, b)):
                return self._base(self.of(a), self.of(b))
            case App("floor" | "ceil", (a,)):
                return self._rounding(e, a)
            case App("min" | "max", args):
                out = self.of(args[0])
                for a in args[1:]:
                    out = self._extreme(e.op == "max", out, self.of(a))
                return out
            case App("factorial", (a,)):
                return self._factorial(self.of(a))
            case App("_harmonic", (a,)):
                return self._harmonic(self.of(a))
            case App("_log_stirling", (a,)):
                return self._logarithm(self._stirling(self.of(a)))
            case App("_stirling", (a,)):
                return self._stirling(self.of(a))
            case App("binomial", (a, b)):
                return self._binomial(a, b)
            case App("sum", (term, Var(i), lower, upper)):
                return self._sum(term, i, lower, upper)
            case App(op, args) if op in self.growth and len(args) == 1:
                return self._call(self.growth[op], args[0])
        raise Unknown

    def _variable(self, name: str) -> Range:
        if name in self._bound:
            return self.constant(self._bound[name])
        lo, hi = self.box[name]
        if lo == hi:
            return self.constant(interval(lo, self.prec))
        j = self.names.index(name)
        value = (interval(lo, self.prec)[0], interval(hi, self.prec)[1])
        out = self.constant(value)
        if lo > 0:
            out.slope[j], out.elasticity[j] = value, ONE
        else:
            out.slope[j] = out.elasticity[j] = None
        return out

    # ------------------------------------------------------------------ arithmetic

    def total(self, parts: list[Range]) -> Range:
        """The sum of ranges; the elasticity of a sum of terms of one sign is a weighted mean."""
        p = self.prec
        value = parts[0].value
        for r in parts[1:]:
            value = mp.mpi_add(value, r.value, p)
        signs = {1 if low_sign(r.value) >= 0 else -1 if high_sign(r.value) <= 0 else 0 for r in parts}
        slopes: list[Interval | None] = []
        elasticities: list[Interval | None] = []
        for j in range(self.count):
            slope: Interval | None = ZERO
            for r in parts:
                s = r.slope[j]
                slope = None if slope is None or s is None else mp.mpi_add(slope, s, p)
            slopes.append(slope)
            elasticity = None
            if low_sign(value) > 0 or high_sign(value) < 0:
                if slope is not None:
                    elasticity = self._finite(mp.mpi_div(slope, value, p))
                if len(signs) == 1 and 0 not in signs:
                    elasticity = meet(self._mean(parts, j), elasticity)
            elasticities.append(elasticity)
        return Range(value, slopes, elasticities)

    def _finite(self, a: Interval) -> Interval | None:
        return a if _finite(a) else None

    def _mean(self, parts: list[Range], j: int) -> Interval | None:
        """Weighted mean of elasticities with weights v_i / sum v: the hull, cut by e_r + sum w_i (e_i - e_r)."""
        p = self.prec
        live = [r for r in parts if r.value != ZERO]
        if any(r.elasticity[j] is None for r in live):
            return None
        es: list[Interval] = [r.elasticity[j] for r in live]  # type: ignore[misc]
        out = es[0]
        for e in es[1:]:
            out = hull(out, e)
        if len(live) > 4 or all(e == es[0] for e in es):
            return out
        sizes = [mp.mpi_abs(r.value, p) for r in live]
        weights = []
        for k, v in enumerate(sizes):
            low_rest = high_rest = mp.fzero
            for i, w in enumerate(sizes):
                if i != k:
                    low_rest, high_rest = mp.mpf_add(low_rest, w[0], p, "f"), mp.mpf_add(high_rest, w[1], p, "c")
            bottom, top = mp.mpf_add(v[0], high_rest, p, "c"), mp.mpf_add(v[1], low_rest, p, "f")
            if bottom == mp.fzero or top == mp.fzero:
                return out
            weights.append((mp.mpf_div(v[0], bottom, p, "f"), mp.mpf_div(v[1], top, p, "c")))
        for k, e in enumerate(es):
            mean = e
            for i, f in enumerate(es):
                if i != k:
                    mean = mp.mpi_add(mean, mp.mpi_mul(weights[i], mp.mpi_sub(f, e, p), p), p)
            out = meet(out, mean) or out
        return out

    def _times(self, a: Range, b: Range) -> Range:
        p = self.prec
        value = mp.mpi_mul(a.value, b.value, p)
        slopes: list[Interval | None] = []
        elasticities: list[Interval | None] = []
        for j in range(self.count):
            x, y = a.elasticity[j], b.elasticity[j]
            e = mp.mpi_add(x, y, p) if x is not None and y is not None else None
            s, t = a.slope[j], b.slope[j]
            slope = None
            if s is not None and t is not None:
                slope = mp.mpi_add(mp.mpi_mul(s, b.value, p), mp.mpi_mul(a.value, t, p), p)
            if e is not None:
                slope = meet(mp.mpi_mul(value, e, p), slope)
            slopes.append(slope)
            elasticities.append(e)
        return Range(value, slopes, elasticities)

    def _power_number(self, a: Range, q: Fraction) -> Range:
        p = self.prec
        if q == 0:
            return self.constant(ONE)
        if q == 1:
            return a
        lo, hi = low_sign(a.value), high_sign(a.value)
        if q.denominator == 1 and abs(q) < 4096:
            if q < 0 and not (lo > 0 or hi < 0):
                raise Unknown
            value = mp.mpi_pow_int(a.value, int(q), p)
        elif lo > 0:
            value = mp.mpi_exp(mp.mpi_mul(interval(q, p + 20), mp.mpi_log(a.value, p + 20), p + 20), p)
        elif lo == 0 and q > 0:
            top = (
                mp.fzero
                if hi == 0
                else mp.mpi_exp(mp.mpi_mul(interval(q, p + 20), mp.mpi_log((a.value[1], a.value[1]), p + 20), p + 20), p)[1]
            )
            value = (mp.fzero, top)
        else:
            raise Unknown
        c = interval(q, p)
        elasticities = [None if e is None else mp.mpi_mul(c, e, p) for e in a.elasticity]
        slopes: list[Interval | None] = []
        for j in range(self.count):
            e, s = elasticities[j], a.slope[j]
            slope = None if e is None else mp.mpi_mul(value, e, p)
            if slope is None and s is not None and q.denominator == 1 and 1 < q < 4096:
                slope = mp.mpi_mul(mp.mpi_mul(c, mp.mpi_pow_int(a.value, int(q) - 1, p), p), s, p)
            slopes.append(slope)
        return Range(value, slopes, elasticities)

    def _logarithm(self, a: Range) -> Range:
        p = self.prec
        if low_sign(a.value) <= 0:
            raise Unknown
        value = mp.mpi_log(a.value, p)
        slopes = list(a.elasticity)
        signed = low_sign(value) > 0 or high_sign(value) < 0
        return Range(
            value,
            slopes,
            [
                self._finite(mp.mpi_div(s, value, p)) if signed and s is not None else ZERO if s == ZERO else None
                for s in slopes
            ],
        )

    def _base(self, a: Range, b: Range) -> Range:
        return self._times(self._logarithm(a), self._power_number(self._logarithm(b), Fraction(-1)))

    def _exponential(self, a: Range) -> Range:
        p = self.prec
        value = mp.mpi_exp(a.value, p)
        return Range(value, [None if s is None else mp.mpi_mul(value, s, p) for s in a.slope], list(a.slope))

    def _extreme(self, greatest: bool, a: Range, b: Range) -> Range:
        if not greatest:
            a, b = b, a
        # now "a wins where it is larger" for max and where b is larger for min
        if mp.mpf_ge(a.value[0], b.value[1]):
            return a if greatest else b
        if mp.mpf_ge(b.value[0], a.value[1]):
            return b if greatest else a

        def pick(x: Any, y: Any) -> Any:
            return x if (mp.mpf_ge(x, y) if greatest else mp.mpf_le(x, y)) else y

        value = (pick(a.value[0], b.value[0]), pick(a.value[1], b.value[1]))

        def both(x: Interval | None, y: Interval | None) -> Interval | None:
            return None if x is None or y is None else hull(x, y)

        return Range(value, list(map(both, a.slope, b.slope)), list(map(both, a.elasticity, b.elasticity)))

    # ------------------------------------------------------------------ rounding

    def _rounding(self, e: Expr, inner: Expr) -> Range:
        ceiling = isinstance(e, App) and e.op == "ceil"
        r = self.of(inner)
        low, high = self._ends(inner, r, ceiling)
        loose = e in self.loose
        if low == high and not loose:
            return self.constant(interval(low, self.prec))
        p = self.prec
        if self._bound:  # its theta could not be held fixed at another corner
            value = (interval(low, p)[0], interval(high, p)[1])
            return Range(value, [s if s == ZERO else None for s in r.slope], [s if s == ZERO else None for s in r.slope])
        self.steps[e] = Step(inner, ceiling, low, high)
        theta = self._theta(inner)
        value = mp.mpi_add(r.value, theta, p) if ceiling else mp.mpi_sub(r.value, theta, p)
        if not loose:
            value = meet((interval(low, p)[0], interval(high, p)[1]), value) or value
        signed = low_sign(value) > 0 or high_sign(value) < 0
        return Range(
            value,
            list(r.slope),
            [self._finite(mp.mpi_div(s, value, p)) if signed and s is not None else None for s in r.slope],
        )

    def _theta(self, inner: Expr) -> Interval:
        """[0, 1], or [0, 1 - 1/d] where d times the rounded expression is an integer."""
        d = _common_denominator(inner)
        if d is None or any(name not in self.box or self.box[name][0].denominator != 1 for name in free_vars(inner)):
            return _THETA
        return mp.fzero, mp.from_rational(d - 1, d, self.prec, "c")

    def _ends(self, inner: Expr, r: Range, ceiling: bool) -> tuple[int, int]:
        """Integers between which the rounded value stays: exact at the corners of a monotone expression."""

        def rounded(x: Any, slack: int) -> int:
            n = int(mp.to_int(mp.mpf_ceil(x, 0, "c") if ceiling else mp.mpf_floor(x, 0, "f")))
            return n + slack

        low, high = rounded(r.value[0], 0), rounded(r.value[1], 0)
        if low == high:
            return low, high
        corners = self._corners(r)
        if corners is None or self._bound:
            return low, high
        e = App("ceil" if ceiling else "floor", (inner,))
        try:
            first, last = (evaluate(e, c) for c in corners)
        except EvaluationError:
            return low, high
        if isinstance(first, Enclosure) or isinstance(last, Enclosure):
            return low, high
        return int(first), int(last)

    def _corners(self, r: Range) -> tuple[dict[str, Fraction], dict[str, Fraction]] | None:
        """The points of the box at which a monotone expression is least and greatest."""
        least = {name: lo for name, (lo, _) in self.box.items()}
        greatest = dict(least)
        for j, name in enumerate(self.names):
            s, (lo, hi) = r.slope[j], self.box[name]
            if s is not None and low_sign(s) >= 0:
                least[name], greatest[name] = lo, hi
            elif s is not None and high_sign(s) <= 0:
                least[name], greatest[name] = hi, lo
            else:
                return None
        return least, greatest

    # ------------------------------------------------------------------ counting

    def _factorial(self, a: Range) -> Range:
        """n! = Gamma(n + 1); log n + 1/(2n) - 1/(12 n^2) <= psi(n + 1) <= log n + 1/(2n)."""
        p = self.prec
        if mp.mpf_lt(a.value[0], mp.fone):
            if a.value[0] == a.value[1] == mp.fzero:
                return self.constant(ONE)
            raise Unknown
        low, high = (self._factorial_at(x) for x in a.value)
        value = (low[0], high[1])
        log_u = mp.mpi_log(a.value, p)
        half = mp.mpi_div(ONE, mp.mpi_mul(interval(2, p), a.value, p), p)
        twelfth = mp.mpi_div(ONE, mp.mpi_mul(interval(12, p), mp.mpi_mul(a.value, a.value, p), p), p)
        psi = mp.mpi_add(log_u, (mp.mpi_sub(half, twelfth, p)[0], half[1]), p)
        elasticities = [None if s is None else mp.mpi_mul(psi, s, p) for s in a.slope]
        return Range(value, [None if e is None else mp.mpi_mul(value, e, p) for e in elasticities], elasticities)

    def _factorial_at(self, x: Any) -> Interval:
        n = mp.mpf_add(x, mp.fone, self.prec + 10)
        big = mp.mpf_gt(x, mp.from_int(_MAX_FACTORIAL))
        if not big:
            return mp.mpi_gamma((n, n), self.prec)  # type: ignore[no-any-return]
        # Stirling's series with 1/(12x + 1) < remainder < 1/(12x), for the factorial of x >= 1
        p = self.prec + 20
        point = (x, x)
        log_x = mp.mpi_log(point, p)
        two_pi = mp.mpi_mul(interval(2, p), (mp.mpf_pi(p, "f"), mp.mpf_pi(p, "c")), p)
        half = interval(Fraction(1, 2), p)
        body = mp.mpi_sub(mp.mpi_mul(mp.mpi_add(point, half, p), log_x, p), point, p)
        body = mp.mpi_add(body, mp.mpi_mul(half, mp.mpi_log(two_pi, p), p), p)
        twelve = mp.mpi_mul(interval(12, p), point, p)
        rest = (mp.mpi_div(ONE, mp.mpi_add(twelve, ONE, p), p)[0], mp.mpi_div(ONE, twelve, p)[1])
        return mp.mpi_exp(mp.mpi_add(body, rest, p), self.prec)  # type: ignore[no-any-return]

    def _harmonic(self, a: Range) -> Range:
        """H(u) = log u + gamma + 1/(2u) - 1/(12u^2) + theta/(120u^4), and 1 - 1/(2u) <= u*H'(u) <= 1 - 1/(2u) + 1/(6u^2)."""
        p = self.prec
        if a.value == ZERO:
            return self.constant(ZERO)
        if mp.mpf_lt(a.value[0], mp.fone):
            raise Unknown
        value = (self._harmonic_at(a.value[0])[0], self._harmonic_at(a.value[1])[1])
        half = mp.mpi_div(ONE, mp.mpi_mul(interval(2, p), a.value, p), p)
        sixth = mp.mpi_div(ONE, mp.mpi_mul(interval(6, p), mp.mpi_mul(a.value, a.value, p), p), p)
        base = mp.mpi_sub(ONE, half, p)
        slope = (base[0], mp.mpi_add(base, sixth, p)[1])
        slopes = [None if e is None else mp.mpi_mul(slope, e, p) for e in a.elasticity]
        return Range(value, slopes, [None if s is None else self._finite(mp.mpi_div(s, value, p)) for s in slopes])

    def _harmonic_at(self, x: Any) -> Interval:
        p = self.prec + 10
        if mp.mpf_le(x, mp.from_int(64)) and mp.mpf_floor(x, 0, "f") == x:
            return interval(sum((Fraction(1, i) for i in range(1, int(mp.to_int(x)) + 1)), Fraction(0)), self.prec)
        point = (x, x)
        gamma = (mp.mpf_euler(p, "f"), mp.mpf_euler(p, "c"))
        square = mp.mpi_mul(point, point, p)
        total = mp.mpi_add(mp.mpi_log(point, p), gamma, p)
        total = mp.mpi_add(total, mp.mpi_div(ONE, mp.mpi_mul(interval(2, p), point, p), p), p)
        total = mp.mpi_sub(total, mp.mpi_div(ONE, mp.mpi_mul(interval(12, p), square, p), p), p)
        rest = mp.mpi_div(ONE, mp.mpi_mul(interval(120, p), mp.mpi_mul(square, square, p), p), p)
        return mp.mpi_add(total, (mp.fzero, rest[1]), self.prec)  # type: ignore[no-any-return]

    def _stirling(self, a: Range) -> Range:
        """The remainder of Stirling's formula decreases; its elasticity lies between -1/(12u) - 1/(2u)^3 and 0."""
        p = self.prec
        if mp.mpf_lt(a.value[0], mp.fone):
            raise Unknown
        two_pi = mp.mpi_mul(interval(2, p), (mp.mpf_pi(p, "f"), mp.mpf_pi(p, "c")), p)
        twelve = mp.mpi_mul(interval(12, p), a.value, p)
        rest = (mp.mpi_div(ONE, mp.mpi_add(twelve, ONE, p), p)[0], mp.mpi_div(ONE, twelve, p)[1])
        value = mp.mpi_mul(mp.mpi_exp(rest, p), mp.mpi_sqrt(two_pi, p), p)
        sixth = mp.mpi_div(ONE, mp.mpi_mul(interval(6, p), a.value, p), p)
        drop = (mp.mpf_neg(sixth[1]), mp.fzero)
        elasticities = [None if e is None else mp.mpi_mul(drop, e, p) for e in a.elasticity]
        return Range(value, [None if e is None else mp.mpi_mul(value, e, p) for e in elasticities], elasticities)

    def _binomial(self, a: Expr, b: Expr) -> Range:
        if isinstance(b, Num) and b.value.denominator == 1 and 0 <= b.value <= 30:
            k = int(b.value)
            out: Expr = num(1)
            for j in range(k):
                out = mul(out, div(sub(a, num(j)), num(j + 1)))
            r = self.of(out)
            if low_sign(r.value) < 0:
                raise Unknown
            return r
        if low_sign(self.of(b).value) < 0 or low_sign(self.of(sub(a, b)).value) < 0:
            raise Unknown
        return self.of(div(App("factorial", (a,)), mul(App("factorial", (b,)), App("factorial", (sub(a, b),)))))

    def _sum(self, term: Expr, index: str, lower: Expr, upper: Expr) -> Range:
        closed = polynomial_sum(term, index, lower, upper)
        if closed is not None:
            r, room = self.of(closed), self.of(sub(upper, lower))
            if mp.mpf_ge(room.value[0], mp.fnone):
                return r
        a, b = self.of(App("ceil", (lower,))), self.of(App("floor", (upper,)))
        first, first_high = (int(mp.to_int(x)) for x in a.value)
        last_low, last = (int(mp.to_int(mp.mpf_floor(x, 0, "f"))) for x in b.value)
        if free_vars(term) <= {index} and first == first_high and not self._bound:
            return self._prefix(term, index, first, last_low, last)
        if last - first > MAX_TERMS:
            raise Unknown
        parts = []
        saved = self._bound.get(index)
        try:
            for i in range(first, last + 1):
                self._bound[index] = interval(i, self.prec)
                r = self.of(term)
                if first_high <= i <= last_low:
                    parts.append(r)
                else:
                    parts.append(Range(hull(r.value, ZERO), [None] * self.count, [None] * self.count))
        finally:
            if saved is None:
                self._bound.pop(index, None)
            else:
                self._bound[index] = saved
        if not parts:
            return self.constant(ZERO)
        if len(parts) > 8:  # by halves, so that the cost of elasticities stays linear
            while len(parts) > 1:
                parts = [self.total(parts[i : i + 2]) for i in range(0, len(parts), 2)]
            return parts[0]
        return self.total(parts)

    def _prefix(self, term: Expr, index: str, first: int, low: int, high: int) -> Range:
        """sum of f(i) from `first` to an integer between low and high, from the partial sums of a non-negative f."""
        if high - first > MAX_PREFIX:
            raise Unknown
        prec = self.prec + 32
        sums = self.prefixes.setdefault((App("sum", (term, Var(index), num(first), Var(index))), prec), [ZERO])
        if len(sums) <= high - first + 1:
            inner = Ranges({}, prec, self.growth)
            while len(sums) <= high - first + 1:
                inner._bound[index] = interval(first + len(sums) - 1, prec)
                v = inner.of(term).value
                if low_sign(v) < 0 and low != high:
                    raise Unknown
                sums.append(mp.mpi_add(sums[-1], v, prec))
        a, b = sums[max(0, low - first + 1)], sums[max(0, high - first + 1)]
        if low == high:
            return self.constant(a)
        return Range((a[0], b[1]), [None] * self.count, [None] * self.count)

    def _call(self, g: Growth, argument: Expr) -> Range:
        """A nondecreasing function of an integer argument: its values at the ends."""
        r = self.of(argument)
        ends = [int(mp.to_int(mp.mpf_floor(x, 0, "f"))) for x in r.value]
        corners = None if self._bound else self._corners(r)
        if corners is not None:
            exact = [evaluate(argument, c) for c in corners]
            if any(isinstance(v, Enclosure) or v.denominator != 1 for v in exact):
                raise Unknown
            ends = [int(v) for v in exact if isinstance(v, Fraction)]
        if ends[0] == ends[1]:
            return self.constant(g.enclosed(ends[0], self.prec))
        if g.first is None or ends[0] < g.first:
            raise Unknown
        value = (g.enclosed(ends[0], self.prec)[0], g.enclosed(ends[1], self.prec)[1])
        return Range(
            value,
            [None if s is None else ZERO if s == ZERO else None for s in r.slope],
            [ZERO if s == ZERO else None for s in r.slope],
        )


def _common_denominator(e: Expr) -> int | None:
    """d with d*e an integer at integers: products and sums of variables with rational coefficients."""
    match e:
        case Num(q):
            return q.denominator
        case Var():
            return 1
        case App("+", args):
            out = 1
            for a in args:
                d = _common_denominator(a)
                if d is None:
                    return None
                from math import lcm

                out = lcm(out, d)
            return out
        case App("*", args):
            out = 1
            for a in args:
                d = _common_denominator(a)
                if d is None:
                    return None
                out *= d
            return out
        case App("neg", (a,)):
            return _common_denominator(a)
        case App("/", (a, Num(q))) if q.denominator == 1 and q:
            d = _common_denominator(a)
            return None if d is None else d * abs(q.numerator)
        case App("floor" | "ceil", _):
            return 1
    return None


def polynomial_sum(term: Expr, index: str, lower: Expr, upper: Expr) -> Expr | None:
    """The sum of a polynomial in the index in closed form, valid for lower - 1 <= upper; None for other terms.

    The coefficients may contain other parameters: sum_d c_d i^d is summed by Newton's differences of its values at
    lower, lower + 1, ..."""
    degree = polynomial_degree(term, index, 0)
    if degree is None or degree > 6 or isinstance(term, App) and _has_sum(term):
        return None
    if _common_denominator(lower) != 1 or _common_denominator(upper) != 1:
        return None
    from verifier.lang.ast import substitute

    row = [substitute(term, {index: add(lower, num(k))}) for k in range(degree + 1)]
    length = add(sub(upper, lower), num(1))
    out: list[Expr] = []
    choose: Expr = num(1)
    for j in range(degree + 1):
        choose = mul(choose, div(sub(length, num(j)), num(j + 1)))
        out.append(mul(row[0], choose))
        row = [sub(y, x) for x, y in zip(row, row[1:])]
    return add(*out)


def known_sum(term: Expr, index: str, lower: Expr, upper: Expr, context: Context) -> Expr | None:
    """The sum in closed form: a polynomial, c/i + .. as harmonic numbers, c*log i + .. by Stirling's formula (for sums from
    1 that are never empty)."""
    found = polynomial_sum(term, index, lower, upper)
    if found is not None or lower != num(1) or _common_denominator(upper) != 1:
        return found
    if not context.at_least(sub(upper, num(1)), Fraction(0)):
        return None
    from verifier.kernel.normal import mono_expr, normal

    try:
        terms = normal(term, context.with_name(index, Domain(Fraction(1), False, None, False, True)))
    except (Rejected, EvaluationError):
        return None
    if terms.den is not None:
        return None
    out: list[Expr] = []
    for (atoms, exponential), c in terms.num.items():
        here = [(k, q) for k, q in atoms if index in _names_of(k)]
        rest = mono_expr((tuple(t for t in atoms if t not in here), ()), c)
        if exponential:
            return None
        match here:
            case []:
                out.append(mul(rest, upper))
            case [(key, -1)] if key == index:
                out.append(mul(rest, App(HARMONIC, (upper,))))
            case [(key, 1)] if key == f"log({index})":
                u = upper
                whole = add(mul(u, App("log", (u,))), neg(u), div(App("log", (u,)), num(2)), App(LOG_STIRLING, (u,)))
                out.append(mul(rest, whole))
            case [(key, q)] if key == index and isinstance(q, int) and 0 < q <= 6:
                power_sum = polynomial_sum(App("^", (Var(index), num(q))), index, lower, upper)
                if power_sum is None:
                    return None
                out.append(mul(rest, power_sum))
            case _:
                return None
    return add(*out)


def _names_of(key: str) -> frozenset[str]:
    from verifier.kernel.normal import key_expr

    return frozenset() if key[0].isdigit() else free_vars(key_expr(key))


def _has_sum(e: Expr) -> bool:
    return isinstance(e, App) and (e.op == "sum" or any(map(_has_sum, e.args)))


def variables(*expressions: Expr) -> frozenset[str]:
    """The free variables of all of them."""
    found: Iterable[frozenset[str]] = map(free_vars, expressions)
    return frozenset().union(*found)


def point_sign(
    left: Expr,
    right: Expr,
    point: Mapping[str, Fraction],
    growth: Mapping[str, Growth],
    prefixes: dict[tuple[Expr, int], list[Interval]],
) -> int | None:
    """The sign of left - right at a point if narrow enclosures separate the two sides, else None."""
    size = max((q.numerator.bit_length() + q.denominator.bit_length() for q in point.values()), default=0)
    ends = {n: (q, q) for n, q in point.items()}
    for prec in (64, 96 + size):
        ranges = Ranges(ends, prec, growth, prefixes=prefixes)
        try:
            a, b = ranges.of(left).value, ranges.of(right).value
        except (Unknown, EvaluationError):
            return None
        if mp.mpf_lt(a[1], b[0]):
            return -1
        if mp.mpf_gt(a[0], b[1]):
            return 1
        if a[0] == a[1] == b[0] == b[1]:
            return 0
    return None


def gap(left: Expr, right: Expr, point: Mapping[str, Fraction], growth: Mapping[str, Growth]) -> Any | None:
    """A number of the sign of left - right at a point: log(left/right) where both are positive; a guide only."""
    size = max((q.numerator.bit_length() for q in point.values()), default=0)
    prec = 96 + size
    ranges = Ranges({n: (q, q) for n, q in point.items()}, prec, growth)
    try:
        a, b = ranges.of(left).value[0], ranges.of(right).value[0]
    except (Unknown, EvaluationError):
        return None
    if mp.mpf_sign(a) > 0 and mp.mpf_sign(b) > 0:
        return mp.mpf_sub(mp.mpf_log(a, prec), mp.mpf_log(b, prec), prec, "n")
    return mp.mpf_sub(a, b, prec, "n")
