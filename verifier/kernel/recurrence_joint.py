"""Several functions that call each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from verifier.kernel import recurrence_order as ro
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_order import Mono, Series
from verifier.kernel.recurrence_orders import (
    LEVELS,
    Orders,
    driving_series,
    eventually_positive,
    exponents_of,
    growth_index,
    integral_order,
    size_power,
)
from verifier.kernel.recurrence_real import ONE, ZERO, Real, exp_real, log_real, real, real_of
from verifier.kernel.recurrence_system import System, argument, root_argument
from verifier.lang.show import ascii

Matrix = list[list[Real]]
Entries = dict[tuple[int, int], list[tuple[Real, Real]]]
MAX_FUNCTIONS = 4


def entries(group: Sequence[System], level: int) -> Entries:
    """The calls of each function to each: (a, log s) with argument size X*s, 0 < s <= 1; s = 1 only for another function
    and without a cycle of such calls."""
    out: Entries = {}
    names = [s.name for s in group]
    same: set[tuple[int, int]] = set()
    for i, s in enumerate(group):
        b = s.single
        if b.histories:
            raise Rejected("a sum over all smaller arguments")
        for c in b.calls:
            if c.function not in names:
                continue
            a = real_of(c.coefficient, s.facts)
            if a.sign() <= 0:
                raise Rejected("a coefficient that is not positive")
            j = names.index(c.function)
            if level == 2:
                log_s = log_real(root_argument(c.argument, s.variable, s.facts))
            else:
                p = argument(c.argument, s.variable, s.facts)
                if level == 0:
                    if p.shift is None or p.shift < 0:
                        raise Rejected(f"{ascii(c.argument)} is not n - j")
                    log_s = real(-p.shift)
                else:
                    if p.slope.sign() <= 0 or (p.slope - ONE).sign() > 0 or p.slope == ONE and p.shift != 0:
                        raise Rejected(f"{ascii(c.argument)} does not shrink by a constant factor")
                    log_s = log_real(p.slope)
            if log_s.sign() >= 0:
                same.add((i, j))
            out.setdefault((i, j), []).append((a, log_s))
    if _cyclic(same, len(group)):
        raise Rejected("functions that call each other without a smaller argument")
    return out


def _cyclic(edges: set[tuple[int, int]], n: int) -> bool:
    reach = set(edges)
    for _ in range(n):
        reach |= {(a, d) for a, b in reach for c, d in edges if b == c}
    return any(a == b for a, b in reach)


def irreducible(table: Entries, n: int) -> bool:
    """Whether every function calls every other, directly or through others."""
    reach = set(table)
    for _ in range(n):
        reach |= {(a, d) for a, b in reach for c, d in table if b == c}
    return all((i, j) in reach for i in range(n) for j in range(n))


def matrix(table: Entries, n: int, q: Real) -> Matrix:
    """M(q) with entries sum a*s^q."""
    out = [[ZERO] * n for _ in range(n)]
    for (i, j), terms in table.items():
        for a, log_s in terms:
            out[i][j] = out[i][j] + a * exp_real(q * log_s)
    return out


def determinant(m: Matrix) -> Real:
    """By expansion along the first row."""
    if not m:
        return ONE
    total = ZERO
    for j, x in enumerate(m[0]):
        if x.num:
            minor = determinant([row[:j] + row[j + 1:] for row in m[1:]])
            total = total + (x * minor if j % 2 == 0 else -(x * minor))
    return total


def spectral_side(table: Entries, n: int, q: Real) -> int:
    """The sign of rho(M(q)) - 1 for an irreducible non-negative matrix, by the leading principal minors of I - M: all
    positive iff rho < 1; the last 0 and the others positive iff rho = 1 (Fiedler and Ptak 1962; Perron, Frobenius)."""
    m = matrix(table, n, q)
    gap = [[(ONE if i == j else ZERO) - m[i][j] for j in range(n)] for i in range(n)]
    signs = [determinant([row[:k] for row in gap[:k]]).sign() for k in range(1, n + 1)]
    if all(s > 0 for s in signs):
        return -1
    if all(s > 0 for s in signs[:-1]) and signs[-1] == 0:
        return 0
    return 1


def rule_joint(group: Sequence[System], data: Mapping[str, Any], known: Mapping[str, Orders]) -> dict[str, Orders]:
    """Akra-Bazzi for functions that call each other.

    T_f(n) = sum_g sum_i a_{fgi} T_g(r_{fgi}(n)) + h_f(n) with constants a > 0, sizes X as in `rule_akra_bazzi`, s <= 1
    (s = 1 only to another function, without a cycle of such calls), and M(q)_{fg} = sum_i a_{fgi} s_{fgi}^q
    irreducible, rho its
    spectral radius, strictly decreasing in q.  Let h = max_f h_f = Theta(X^d L(X)) as there.
      rho(M(d)) < 1 or d = +oo:  T_f = Theta(h), if h is of power type
      rho(M(d)) = 1:             T_f = Theta(X^d * integral L du/u)
      rho(M(d)) > 1 or h = 0:    T_f = Theta(X^p), rho(M(p)) = 1, for all f.
    Proof: the scalar ansatz times the positive Perron vector; below, every function reaches the largest h in boundedly many
    calls.  Lower bounds need all T_f > 0.  Fails for: branches, sums, reducible systems, h faster than powers.
    Rocq: rule_joint."""
    n = len(group)
    if not 2 <= n <= MAX_FUNCTIONS:
        raise Rejected("too many functions that call each other")
    level = LEVELS[str(data.get("size", "n"))]
    table = entries(group, level)
    if not irreducible(table, n):
        raise Rejected("functions that do not all call each other")
    if any(s.relation != "=" for s in group):
        raise Rejected("inequalities between functions")
    positive = jointly_positive(group, known)
    total = Series(())
    for s in group:
        names = {g.name for g in group}
        outer = replace(s, branches=(replace(s.single, calls=tuple(c for c in s.single.calls
                                                                    if c.function not in names)),))
        g = driving_series(outer, outer.single, known, "upper")
        low = driving_series(outer, outer.single, known, "lower")
        if g is None or low is None:
            raise Rejected("a driving function known from one side only")
        if g.zero:
            continue
        if not g.positive() or ro.compare(g.lead[0], low.lead[0]) != 0:
            raise Rejected("a driving function that is not positive")
        total = ro.plus(total, ro.order(g.lead[0]))
    kind, d, rest = growth_index(total, level)
    p_upper, p_lower = exponents_of(data, group[0], level)
    upper: Mono | None = None
    lower: Mono | None = None
    if kind == "above":
        raise Rejected("a driving function faster than every power")
    side = 1
    if kind == "power" and d is not None and rest is not None:
        side = spectral_side(table, n, d)
        grown = integral_order(rest, level) if side == 0 else None
        if side < 0:
            upper = lower = total.lead[0]
        elif side == 0:
            upper = lower = size_power(level, d) if grown is None else ro.product(size_power(level, d), grown)
    if side > 0:
        if p_upper is not None and (d is None or (p_upper - d).sign() > 0) and spectral_side(table, n, p_upper) <= 0:
            upper = size_power(level, p_upper)
        if p_lower is not None and spectral_side(table, n, p_lower) >= 0:
            lower = size_power(level, p_lower)
    if not positive:
        lower = None
    if upper is None and lower is None:
        raise Rejected("neither bound could be shown")
    return {s.name: Orders(upper, lower) for s in group}


def jointly_positive(group: Sequence[System], known: Mapping[str, Orders]) -> bool:
    """All functions positive for large n, by one induction over all of them: each is, if the others are."""
    assumed = {**known, **{s.name: Orders((), (), True) for s in group}}
    return all(eventually_positive(s, {k: v for k, v in assumed.items() if k != s.name}) for s in group) \
        and len({s.start is None for s in group}) == 1
