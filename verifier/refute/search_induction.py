"""Bounds of T(n)/g(n) block by block, for recurrences whose arguments shrink by constant factors.

With blocks e_k <= n < e_(k+1), where every argument of a block lies in earlier ones (or at the first point of the block),

    T(n)/G(n) <= sum_i a_i * (greatest ratio on the argument's blocks) * sup G(argument)/G(n) + sup f(n)/G(n)

for G(n) = g(n - s).  So the greatest ratios r_k are bounded one after the other, starting from a block that is evaluated
point by point; a claim T(n) <= g(n) holds on every block with r_k * sup G/g <= 1.  Lower bounds are the same with
inf.  An argument at most n/b + h satisfies argument - s <= (n - s)/b for s = h*b/(b-1), so rounding loses nothing.
Suprema come from elasticities: h(n) <= h(e_k) * (n/e_k)^(greatest elasticity)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from time import thread_time
from typing import Any

from mpmath import libmp as mp

from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Interval as Domain, Rejected
from verifier.kernel.normal import normal, to_expr
from verifier.kernel.recurrence_system import System, affine, read_systems
from verifier.lang.ast import App, Expr, Relation, Var, add, div, free_vars, mul, num, sub, substitute
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import SourceError
from verifier.refute.search_range import (
    Growth,
    Interval,
    Range,
    Ranges,
    Unknown,
    high_sign,
    interval,
    low_sign,
)

FIRST = 128
"""Blocks below this size are evaluated point by point."""
_PREC = 72


@dataclass(frozen=True, slots=True)
class _Call:
    """coefficient * T(argument), with slope*n + lo <= argument <= slope*n + hi."""

    coefficient: Fraction
    argument: Callable[[int], int]
    slope: Fraction
    lo: Fraction
    hi: Fraction


def cleared(claim: Claim, r: Relation, growth: dict[str, Growth], deadline: float, limit: int) -> tuple[int, int] | None:
    """A range of n, up to about `limit`, on which the claim is shown to hold by induction over blocks; None if the claim has
    no such form."""
    upper = isinstance(r.left, App) and r.left.op in growth
    call, bound = (r.left, r.right) if upper else (r.right, r.left)
    if r.op == "=" or not isinstance(call, App) or call.op not in growth or claim.assumptions:
        return None
    try:
        systems = read_systems(claim)
        system = systems[call.op]
        if len(systems) != 1 or len(system.branches) != 1 or call.args != (Var(claim.parameters[0].name),):
            return None
        bound = substitute(bound, {claim.parameters[0].name: Var(system.variable)})
        if _mentions(bound, growth):
            return None
        lagged = _lagged(system, bound, growth[call.op], upper, deadline, limit)
        if lagged is not None:
            return lagged
        calls = _calls(system)
    except (Rejected, SourceError, EvaluationError, Unknown):
        return None
    if not calls:
        return None
    try:
        return _Induction(system, calls, bound, growth[call.op], upper, deadline).run(limit)
    except (Unknown, EvaluationError):
        return None


def _lagged(system: System, bound: Expr, growth: Growth, upper: bool, deadline: float, limit: int) -> tuple[int, int] | None:
    """T(n) = sum_j a_j T(n - j) + f(n): the ratios T(n)/g(n) one after the other, as intervals."""
    n, lags = system.variable, []
    from verifier.refute.search_recurrence import compiled

    if system.start is None or len(system.branches) != 1 or system.single.histories:
        return None
    for c in system.single.calls:
        p = affine(c.argument, n, system.facts)
        if p.shift is None or free_vars(c.coefficient):
            return None
        a = compiled(c.coefficient, n)(0)
        if not isinstance(a, int | Fraction):
            return None
        factor = _tidied(div(substitute(bound, {n: sub(Var(n), num(p.shift))}), bound), n)
        if free_vars(factor):
            return None
        lags.append((p.shift, mp.mpi_mul(interval(a, _PREC), Ranges({}, _PREC).of(factor).value, _PREC)))
    driving = _tidied(div(system.single.driving, bound), n)
    deepest = max(j for j, _ in lags)
    start = max(system.start, 2) + deepest
    factors = [(j, _scaled(a)) for j, a in lags]
    constant = _scaled(Ranges({}, _PREC).of(driving).value) if not free_vars(driving) else None
    ratios: list[tuple[int, int]] = []
    for x in range(start - deepest, start):
        g = Ranges({n: (Fraction(x), Fraction(x))}, _PREC).of(bound).value
        ratios.append(_scaled(mp.mpi_div(growth.enclosed(x, _PREC), g, _PREC)))
    x = start
    while x <= min(limit, 200_000):
        if constant is not None:
            low, high = constant
        else:
            low, high = _scaled(Ranges({n: (Fraction(x), Fraction(x))}, _PREC).of(driving).value)
        low, high = low << _FIXED, high << _FIXED
        for j, (a, b) in factors:
            low, high = low + a * ratios[-j][0], high + b * ratios[-j][1]
        low, high = low >> _FIXED, -(-high >> _FIXED)
        if not (high <= 1 << _FIXED if upper else low >= 1 << _FIXED) or x % 64 == 0 and thread_time() > deadline:
            break
        ratios.append((low, high))
        x += 1
    return (start, x - 1) if x > start else None


_FIXED = 96


def _scaled(v: Interval) -> tuple[int, int]:
    """The ends of an interval of non-negative numbers in units of 2^-_FIXED."""
    if low_sign(v) < 0 or mp.mpf_gt(v[1], mp.from_int(1 << 64)):
        raise Unknown
    return (
        int(mp.to_int(mp.mpf_floor(mp.mpf_shift(v[0], _FIXED), 0, "f"))),
        int(mp.to_int(mp.mpf_ceil(mp.mpf_shift(v[1], _FIXED), 0, "c"))),
    )


def _tidied(e: Expr, n: str) -> Expr:
    """The expression with powers of n collected, where that is possible."""
    try:
        found = normal(e, Context({n: Domain(Fraction(2))}))
    except (Rejected, EvaluationError):
        return e
    return to_expr(found.num) if found.den is None else e


def _mentions(e: Expr, growth: dict[str, Growth]) -> bool:
    return isinstance(e, App) and (e.op in growth or any(_mentions(a, growth) for a in e.args))


def _calls(system: System) -> list[_Call] | None:
    from verifier.refute.search_recurrence import compiled

    out = []
    n = system.variable
    if system.single.histories or system.start is None or system.start > FIRST // 2:
        return None
    for c in system.single.calls:
        if free_vars(c.coefficient):
            return None
        p = affine(c.argument, n, system.facts)
        slope = p.slope.rational
        coefficient = compiled(c.coefficient, n)(0)
        if slope is None or not 0 < slope < 1 or not isinstance(coefficient, int | Fraction) or coefficient < 0:
            return None
        value = compiled(c.argument, n)
        lo, hi = p.lo, p.hi
        if isinstance(c.argument, App) and c.argument.op in ("floor", "ceil"):
            # over integers slope*n = j/d, so rounding moves it by at most (d - 1)/d
            gap = 1 - Fraction(1, Fraction(slope).denominator)
            exact = c.argument.args[0]
            q = affine(exact, n, system.facts)
            if q.lo == q.hi and q.lo.denominator == 1:
                lo, hi = (q.lo - gap, q.hi) if c.argument.op == "floor" else (q.lo, q.hi + gap)
        else:
            gap = 1 - Fraction(1, Fraction(slope).denominator)  # open rounding
            lo, hi = p.lo - gap, p.hi + gap

        def argument(x: int, value: Callable[[int], Any] = value) -> int:
            return int(value(x).numerator // value(x).denominator)

        out.append(_Call(Fraction(coefficient), argument, Fraction(slope), lo, hi))
    return out


class _Induction:
    """The blocks of one claim; all ratios are one-sided bounds."""

    def __init__(self, system: System, calls: list[_Call], bound: Expr, growth: Growth, upper: bool, deadline: float) -> None:
        self.n = system.variable
        self.calls, self.growth, self.upper, self.deadline = calls, growth, upper, deadline
        n = Var(self.n)
        shifts = [(c.hi if upper else c.lo) / (1 - c.slope) for c in calls]
        s = max(shifts) if upper else min(shifts)
        # the block's variable is x = n - s, so that G(n) = g(x) and the argument shifts to at most slope*x
        self.shift = s
        self.bound = substitute(bound, {self.n: sub(n, num(s))})
        self.driving = _tidied(div(substitute(system.single.driving, {self.n: add(n, num(s))}), bound), self.n)
        self.shrunk = [_tidied(div(substitute(bound, {self.n: mul(num(c.slope), n)}), bound), self.n) for c in calls]
        self.back = _tidied(div(bound, substitute(bound, {self.n: add(n, num(s))})), self.n)
        self.constants = {
            id(e): Ranges({}, _PREC).of(e).value for e in (self.driving, self.back, *self.shrunk) if not free_vars(e)
        }
        self.factor = min(1 / c.slope for c in calls)
        self.directions: dict[int, bool] = {}
        self.edges: list[int] = []
        self.ratios: list[Any] = []
        self.firsts: dict[int, Any] = {}

    def better(self, a: Any, b: Any) -> Any:
        """The weaker of two one-sided bounds."""
        return (a if mp.mpf_ge(a, b) else b) if self.upper else (a if mp.mpf_le(a, b) else b)

    def end(self, v: Interval) -> Any:
        """The safe end of an interval."""
        return v[1] if self.upper else v[0]

    def ratio_at(self, x: int) -> Any:
        """T(x)/g(x), rounded to the safe side."""
        if x not in self.firsts:
            g = Ranges({self.n: (Fraction(x), Fraction(x))}, _PREC).of(self.bound).value
            if low_sign(g) <= 0:
                raise Unknown
            self.firsts[x] = self.end(mp.mpi_div(self.growth.enclosed(x, _PREC), g, _PREC))
        return self.firsts[x]

    def run(self, limit: int) -> tuple[int, int] | None:
        """Block after block, up to the first that is not cleared."""
        start = FIRST if self.factor <= 4 else 64
        last = int(start * self.factor)
        # the first edges cover every argument of the first inductive block
        low = min(int(start * c.slope) for c in self.calls) - 2
        edge = max(1, low)
        while edge < last:
            following = max(edge + 1, int(edge * self.factor))
            worst = None
            for x in range(edge, min(following, last)):
                if thread_time() > self.deadline:
                    return None
                v = self.ratio_at(x)
                worst = v if worst is None else self.better(worst, v)
            self.edges.append(edge)
            self.ratios.append(worst)
            edge = min(following, last)
        while edge <= limit and thread_time() < self.deadline:
            following = self.next_edge(edge)
            r = self.block(edge, following - 1)
            claimed = self.end(mp.mpi_mul((r, r), self.extreme(self.back, edge, following - 1), _PREC))
            if not (mp.mpf_le(claimed, mp.fone) if self.upper else mp.mpf_ge(claimed, mp.fone)):
                break
            self.edges.append(edge)
            self.ratios.append(r)
            edge = following
        return (last, edge - 1) if edge > last else None

    def next_edge(self, edge: int) -> int:
        """The first n one of whose arguments reaches beyond the blocks already known (their ends included)."""
        return max(edge + 1, -(-edge * self.factor.numerator // self.factor.denominator))

    def block(self, a: int, b: int) -> Any:
        """A bound of the ratio on a..b."""
        total = self.extreme(self.driving, a, b)
        for c, shrunk in zip(self.calls, self.shrunk, strict=True):
            low, high = c.argument(a), c.argument(b) + 1
            child = self.children(low, min(high, a))
            term = mp.mpi_mul(self.extreme(shrunk, a, b), (child, child), _PREC)
            term = mp.mpi_mul(interval(c.coefficient, _PREC), term, _PREC)
            total = mp.mpi_add(total, term, _PREC)
        return self.end(total)

    def children(self, low: int, high: int) -> Any:
        """The worst ratio on low..high, which lies in known blocks or is the first point after them."""
        top = self.edges[-1]
        first = max(0, bisect_right(self.edges, low) - 1)
        last = max(0, bisect_right(self.edges, high) - 1)
        worst = None
        for k in range(first, last + 1):
            v = self.ratios[k]
            if k == last and high == self.edges[k] and high != top or high == self.edges[k]:
                v = self.ratio_at(high)  # only the first point of this block
            worst = v if worst is None else self.better(worst, v)
        return worst

    def first_is_worst(self, e: Expr) -> bool:
        """Whether the expression is non-negative and moves one way from FIRST/2 on, so that the first point of a block is
        its worst."""
        found = self.directions.get(id(e))
        if found is None:
            box = {self.n: (Fraction(FIRST // 4), Fraction(1 << 70_000))}
            try:
                r = Ranges(box, _PREC).of(e)
                slope = r.elasticity[0]
                found = (
                    low_sign(r.value) >= 0
                    and slope is not None
                    and (high_sign(slope) <= 0 if self.upper else low_sign(slope) >= 0)
                )
            except (Unknown, EvaluationError):
                found = False
            self.directions[id(e)] = found
        return found

    def extreme(self, e: Expr, a: int, b: int) -> Interval:
        """An interval whose safe end bounds a positive expression of x = n - s on the block, by its elasticity."""
        known = self.constants.get(id(e))
        if known is not None:
            return known
        low, high = a - self.shift, b - self.shift
        if a == b or self.first_is_worst(e):
            return Ranges({self.n: (low, low)}, _PREC).of(e).value
        r: Range = Ranges({self.n: (low, high)}, _PREC).of(e)
        if r.value == (mp.fzero, mp.fzero):
            return r.value
        slope = r.elasticity[0]
        if low_sign(r.value) < 0 or slope is None:
            raise Unknown
        first = Ranges({self.n: (low, low)}, _PREC).of(e).value
        growing = high_sign(slope) > 0 if self.upper else low_sign(slope) < 0
        if not growing:
            return first
        width = mp.mpi_log(interval(high / low, _PREC), _PREC)
        stretch = mp.mpi_exp(mp.mpi_mul((self.end(slope), self.end(slope)), width, _PREC), _PREC)
        return mp.mpi_mul(first, stretch, _PREC)  # type: ignore[no-any-return]
