"""small <= c * large on a context: the constant and the steps that show it.

The workhorse of proofs (large = the claimed bound) and of refutations (along a family)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import (UNIT, Mono, Poly, constant, key_expr, mono_expr, normal, plus, ratio, scale, times,
                                    to_expr)
from verifier.kernel.sign import manifestly_nonnegative, nonnegative_mono
from verifier.lang.ast import Expr, Num, Relation, free_vars, mul, num
from verifier.scales.rows import Row, direct_row, farkas_row, find_row, simplest_above
from verifier.scales.script import Script, le


@dataclass(frozen=True, slots=True)
class Bound:
    """The constant c (an expression in constant parameters) and a proof of small <= c*large."""

    constant: Expr
    script: Script


@dataclass(frozen=True, slots=True)
class Sides:
    """num(small)*den(large) and num(large)*den(small), both denominators positive."""

    small: Poly
    large: Poly


def sides(small: Expr, large: Expr, context: Context) -> Sides:
    """The two sides of small <= c*large over a common positive denominator; Rejected if that is not shown."""
    a, b = normal(small, context), normal(large, context)
    for den in (a.den, b.den):
        if den is not None and not manifestly_nonnegative(den, context, strict=True):
            raise Rejected("a denominator is not shown positive")
    left = a.num if b.den is None else times(a.num, b.den)
    right = b.num if a.den is None else times(b.num, a.den)
    if a.den is not None and a.den == b.den:
        left, right = a.num, b.num
    return Sides(left, right)


def positive_terms(p: Poly) -> list[Mono]:
    """Monomials with positive coefficients, in a fixed order."""
    from verifier.kernel.normal import mono_key
    return sorted((m for m, c in p.items() if c > 0), key=mono_key, reverse=True)


def bound(small: Expr, large: Expr, context: Context, names: frozenset[str] = frozenset()) -> Bound | None:
    """The constant c and the one `dominate` step of small <= c*large; None if none was found."""
    try:
        s = sides(small, large, context)
    except Rejected:
        return None
    if not all(nonnegative_mono(m, context) for m in (*s.small, *s.large)):
        return None
    targets = positive_terms(s.large)
    if not targets:
        return None
    rows: dict[Mono, Row] = {}
    used: dict[Mono, Fraction] = {}
    for m in sorted((m for m, c in s.large.items() if c < 0), key=repr):
        row = _absorb(m, targets, context, s.large, used)
        if row is None:
            return None
        rows[m] = row
        for t, w in row.weights:
            used[t] = used.get(t, Fraction(0)) - s.large[m] * row.factor * w
    free = {t: s.large[t] - used.get(t, Fraction(0)) for t in targets}
    if any(f <= 0 for f in free.values()):
        usable = [t for t in targets if free[t] > 0]
    else:
        usable = targets
    if not usable:
        return None
    by_constant: dict[Mono, dict[Mono, Fraction]] = {}  # constant factor of c -> demand on each target
    for m in positive_terms(s.small):
        found = _row(m, usable, context, names)
        if found is None:
            return None
        rows.setdefault(m, found)
        demand = by_constant.setdefault(found.share, {})
        for t, w in found.weights:
            demand[t] = demand.get(t, Fraction(0)) + s.small[m] * found.factor * w
    c: Poly = {}
    for share, demand in by_constant.items():
        need = max(Fraction(d) / free[t] for t, d in demand.items())
        c[share] = ratio(need)
    if not c:
        c = constant(1)
    elif list(c) == [UNIT]:
        c = constant(ratio(simplest_above(Fraction(c[UNIT]))))
    factor = to_expr(c)
    difference = plus(times(c, s.large), scale(s.small, -1))
    out = []
    for m in sorted((m for m, q in difference.items() if q < 0), key=repr):
        if m not in rows or (len(rows[m].weights) == 1 and rows[m].on(rows[m].weights[0][0]) == m):
            return None
        out.append(rows[m].json())
    script = Script()
    script.add("dominate", le(small, mul(factor, large)), **({"rows": out} if out else {}))
    return Bound(factor, script)


def _row(m: Mono, targets: Sequence[Mono], context: Context, names: frozenset[str]) -> Row | None:
    """A row for m: itself, one target, the linear program, or a tangent with a symbolic slope."""
    if m in targets:
        return Row(m, ((m, Fraction(1)),), (), Fraction(1))
    return find_row(m, targets, context, names)


def _absorb(m: Mono, targets: Sequence[Mono], context: Context, large: Poly,
            used: Mapping[Mono, Fraction]) -> Row | None:
    """A row for a negative term of the larger side that leaves part of every target's coefficient."""
    best: Row | None = None
    best_share = Fraction(1)
    for t in targets:
        row = direct_row(m, [t], context, tight=True)
        if row is None:
            continue
        share = (used.get(t, Fraction(0)) - large[m] * row.factor) / large[t]
        if share < best_share:
            best, best_share = row, share
    if best is not None:
        return best
    row = farkas_row(m, targets, context)
    if row is not None and all((used.get(t, Fraction(0)) - large[m] * row.factor * w) < large[t] for t, w in row.weights):
        return row
    return None


def exact(goal: Relation, context: Context) -> Script | None:
    """The `dominate` step of an inequality without a free constant, the budgets shared out by z3."""
    try:
        s = sides(goal.left, goal.right, context)
    except Rejected:
        return None
    difference = plus(s.large, scale(s.small, -1))
    script = Script()
    demand = {m: -Fraction(c) for m, c in difference.items() if c < 0}
    supply = {m: Fraction(c) for m, c in difference.items() if c > 0}
    if not all(nonnegative_mono(m, context) for m in difference):
        return None
    if not demand:
        script.add("dominate", goal)
        return script
    if not supply:
        return None
    options: list[tuple[Mono, Row]] = []
    for m in sorted(demand, key=repr):
        for t in sorted(supply, key=repr):
            row = direct_row(m, [t], context, tight=True)
            if row is not None:
                options.append((m, row))
        options.extend((m, r) for r in _mixtures(m, sorted(supply, key=repr), context))
        if not any(o[0] == m for o in options):
            row = farkas_row(m, sorted(supply, key=repr), context)
            if row is None:
                return None
            options.append((m, row))
    shares = _transport(demand, supply, options)
    if shares is None:
        return None
    rows = []
    for (m, row), q in zip(options, shares):
        if q:
            rows.append(row.json(None if q == 1 else q * demand[m]))
    script.add("dominate", goal, rows=rows)
    return script


def _mixtures(m: Mono, targets: Sequence[Mono], context: Context) -> list[Row]:
    """AM-GM of two targets whose geometric mean dominates m."""
    from verifier.kernel.normal import log_mono
    from verifier.kernel.rules import positive_part
    from verifier.scales.rows import finish
    out: list[Row] = []
    if len(targets) > 12:
        return out
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
        logs = []
        for t in targets:
            logs.append((t, log_mono(t, local)))
    except Rejected:
        return out
    for i, (t, a) in enumerate(logs):
        for u, b in logs[i + 1:]:
            for w in (Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(1, 4), Fraction(3, 4)):
                slack = plus(scale(a, ratio(w)), scale(b, ratio(1 - w)), scale(own, -1))
                row = finish(m, ((t, w), (u, 1 - w)), (), slack, local, tight=True)
                if row is not None:
                    out.append(row)
    return out


def _transport(demand: Mapping[Mono, Fraction], supply: Mapping[Mono, Fraction],
               options: Sequence[tuple[Mono, Row]]) -> list[Fraction] | None:
    """Shares of each demand over its possible rows that keep every budget."""
    import z3
    solver = z3.Solver()
    solver.set("timeout", 2000)
    xs = [z3.Real(f"x{i}") for i in range(len(options))]
    solver.add(*(x >= 0 for x in xs))
    for m in demand:
        solver.add(z3.Sum([x for x, (k, _) in zip(xs, options) if k == m]) == 1)
    for t, b in supply.items():
        parts = []
        for x, (m, row) in zip(xs, options):
            for u, w in row.weights:
                if u == t:
                    q = demand[m] * row.factor * w
                    parts.append(z3.Q(q.numerator, q.denominator) * x)
        if parts:
            solver.add(z3.Sum(parts) <= z3.Q(b.numerator, b.denominator))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    out = []
    for x in xs:
        q = model.eval(x, model_completion=True)
        out.append(Fraction(q.numerator_as_long(), q.denominator_as_long()))
    return out


__all__ = ["Bound", "bound", "exact", "positive_terms", "sides"]
