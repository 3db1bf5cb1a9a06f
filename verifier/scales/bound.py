"""small <= c * large on a context: the constant and the steps that show it.

The workhorse of proofs (large = the claimed bound) and of refutations (along a family)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Poly,
    constant,
    log_mono,
    log_number,
    mono_expr,
    mono_power,
    normal,
    plus,
    ratio,
    scale,
    times,
    to_expr,
)
from verifier.kernel.rules import positive_part, prove
from verifier.kernel.sign import nonnegative, nonnegative_mono, split_number
from verifier.lang.ast import App, Expr, Num, Relation, add, div, free_vars, mul, num, power, subterms
from verifier.lang.enclosure import exp_rational, log_rational
from verifier.lang.show import ascii
from verifier.scales.deadline import quick, remaining
from verifier.scales.forms import form
from verifier.scales.logarithms import hypothesis_rows
from verifier.scales.rows import Row, direct_row, farkas_row, find_row, finish, simplest_above, simplest_below, tangent_rows
from verifier.scales.script import Script, le

FAR = 10 ** 30
"""From here on a slow function such as log(n) is below a small multiple of a small power."""


def has_exponential(r: Relation) -> bool:
    """Whether there are exponents that may change places late: factorials, n^n, 2^(n^1.1), but not 2^n alone."""
    def late(e: Expr) -> bool:
        return any(isinstance(s, App) and (s.op in ("log", "log2", "sqrt") or s.op == "^" and not (
            isinstance(s.args[1], Num) and s.args[1].value.denominator == 1)) for s in subterms(e))
    return any(isinstance(s, App) and (s.op == "factorial" or s.op == "exp" and late(s.args[0]) or s.op == "^" and
                                       free_vars(s.args[1]) and bool(free_vars(s.args[0]) or late(s.args[1])))
               for e in (r.left, r.right) for s in subterms(e))


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
        if den is not None and not nonnegative(den, context, strict=True):
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


def bound(small: Expr, large: Expr, context: Context, names: frozenset[str] = frozenset(), *,
          lift: bool = True) -> Bound | None:
    """The constant c and the one `dominate` step of small <= c*large; None if none was found.  With `lift`, exponents
    are compared one scale up where nothing else helps."""
    remaining()
    try:
        divided = _constant_divisor(small, large, context, names)
        if divided is not None:
            return divided
        s = sides(small, large, context)
    except Rejected:
        return _cross_multiplied(small, large, context, names)
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
        for t, q in row.spent():
            used[t] = used.get(t, Fraction(0)) - s.large[m] * q
    free = {t: s.large[t] - used.get(t, Fraction(0)) for t in targets}
    if any(f <= 0 for f in free.values()):
        usable = [t for t in targets if free[t] > 0]
    else:
        usable = targets
    if not usable:
        return None
    by_constant: dict[Mono, dict[Mono, Fraction]] = {}  # constant factor of c -> demand on each target
    for m in positive_terms(s.small):
        found = _row(m, usable, context, names, lift)
        if found is None:
            return None
        rows.setdefault(m, found)
        demand = by_constant.setdefault(found.share, {})
        for t, q in found.spent():
            demand[t] = demand.get(t, Fraction(0)) + s.small[m] * q
    c: Poly = {}
    for share, demand in by_constant.items():
        need = max(Fraction(d) / free[t] for t, d in demand.items())
        c[share] = ratio(need)
    if not c:
        c = constant(1)
    elif list(c) == [UNIT]:
        c = constant(ratio(simplest_above(Fraction(c[UNIT]))))
    for _ in range(4):
        chosen = _cover(plus(times(c, s.large), scale(s.small, -1)), c, rows)
        if chosen is not None:
            factor = to_expr(c)
            return Bound(factor, dominate_step(le(small, mul(factor, large)), chosen))
        c = scale(c, 2)  # terms that cancel leave less of a budget than was counted on
    return None


def _constant_divisor(small: Expr, large: Expr, context: Context, names: frozenset[str]) -> Bound | None:
    """a/d <= (c/d)*b from a <= c*b, for a divisor d > 0 that is a sum in constant parameters only, such as 1 - x."""
    a = normal(small, context)
    if a.den is None or not names:
        return None
    d = to_expr(a.den)
    if not free_vars(d) <= names or not context.positive(f"({ascii(d)})"):
        return None
    found = bound(to_expr(a.num), large, context, names)
    if found is None:
        return None
    script, c = found.script, div(found.constant, d)
    script.add("scale", le(small, mul(c, large)), (len(script.steps) - 1,), by=ascii(div(num(1), d)))
    return Bound(c, script)


def _cross_multiplied(small: Expr, large: Expr, context: Context, names: frozenset[str]) -> Bound | None:
    """a/d <= c*b/e from a*e <= c*b*d, for divisors d, e > 0 as they are written: (1 - p)^2 is positive as a square, which its
    terms do not show."""
    (a, d), (b, e) = (x.args if isinstance(x, App) and x.op == "/" else (x, num(1)) for x in (small, large))
    below = mul(d, e)
    if not any(n in context.names and context.names[n].hi is not None for n in free_vars(below)):
        return None  # a shift shows the sign of other divisors
    if not context.positive(f"({ascii(div(num(1), below))})"):
        return None
    found = bound(mul(a, e), mul(b, d), context, names) or (None if quick() else _outright(mul(a, e), mul(b, d), context))
    if found is None:
        return None
    script = found.script
    script.add("scale", le(small, mul(found.constant, large)), (len(script.steps) - 1,), by=ascii(div(num(1), below)))
    return Bound(found.constant, script)


def _outright(small: Expr, large: Expr, context: Context) -> Bound | None:
    """small <= c*large with a definite c, where terms of the larger side cancel almost."""
    for c in map(num, (1, 2, 4)):
        script = exact(le(small, mul(c, large)), context)
        if script is not None:
            return Bound(c, script)
    return None


def _cover(difference: Poly, c: Poly, rows: Mapping[Mono, Row]) -> list[tuple[Row, Fraction | None]] | None:
    """Rows for the negative terms of c*large - small, shared by the constant factors of c, within the budgets."""
    budget = {m: Fraction(q) for m, q in difference.items() if q > 0}
    chosen: list[tuple[Row, Fraction | None]] = []
    for m in sorted((m for m, q in difference.items() if q < 0), key=repr):
        row = rows.get(m)
        if row is None or len(row.weights) == 1 and row.on(row.weights[0][0]) == m:
            row = next((_shared(rows[n], m, share) for share in c if share != UNIT
                        for n in times({m: 1}, mono_power(share, -1)) if n in rows), None)
        if row is None:
            return None
        for t, q in row.spent():
            key = row.on(t)
            budget[key] = budget.get(key, Fraction(0)) + difference[m] * q
            if budget[key] < 0:
                return None
        chosen.append((row, None))
    return chosen


def _shared(row: Row, m: Mono, share: Mono) -> Row:
    """The row of a term, for that term times a constant factor."""
    (both, _), = times({row.share: 1}, {share: 1}).items()
    return replace(row, term=m, share=both)


def dominate_step(goal: Relation, rows: Sequence[tuple[Row, Fraction | None]]) -> Script:
    """The step of the rule `dominate`, after the lemmas its rows need."""
    script = Script()
    premises: list[int] = []
    out = []
    for row, amount in rows:
        data = row.json(amount)
        if row.lemmas:
            data["facts"] = [{**f, "premise": f["premise"] + len(premises)} if "premise" in f else f
                             for f in data["facts"]]
            premises += [script.extend(lemma) for lemma in row.lemmas]
        out.append(data)
    script.add("dominate", goal, tuple(premises), **({"rows": out} if out else {}))
    return script


def _row(m: Mono, targets: Sequence[Mono], context: Context, names: frozenset[str], lift: bool = True) -> Row | None:
    """A row for m: itself, one target, the linear program, or a tangent with a symbolic slope."""
    if m in targets:
        return Row(m, ((m, Fraction(1)),), (), Fraction(1))
    row = find_row(m, targets, context, names)
    return row if row is not None or quick() or not lift else lifted_row(m, targets, context)


def lifted_row(m: Mono, targets: Sequence[Mono], context: Context, depth: int = 0) -> Row | None:
    """A row whose exponents are compared one scale up: for exponents r and s with r <= C*sqrt(s), a lemma
    r <= C*e*s + C/(4*e) makes r as small a part of s as wanted."""
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
    except Rejected:
        return None
    for t in targets:
        try:
            slack = plus(log_mono(t, local), scale(own, -1))
        except Rejected:
            continue
        shape = form(slack).coefficients
        low = [r for r, c in shape.items() if c < 0]
        high = [r for r, c in shape.items() if c > 0 and nonnegative_mono(r, local)]
        if not low or not high or all(_plain_log(r, local) for r in shape):
            continue  # powers alone are compared by the linear program
        facts: list[Mapping[str, Any]] = []
        lemmas: list[Script] = []
        for r in low:
            found = next((f for s in high if (f := _lift(r, s, -shape[r], shape[s] / (2 * len(low)), local))), None)
            if found is None:
                break
            script, gap, coefficient = found[0], found[1], {split_number(k)[0]: -v for k, v in slack.items()
                                                            if split_number(k)[1] == r}
            relation = script.relations[-1]
            facts.append({"plain": [ascii(relation.left), ascii(relation.right)], "premise": len(lemmas),
                          "times": ascii(to_expr(coefficient))})
            lemmas.append(script)
            slack = plus(slack, scale(times(coefficient, gap), -1))
        else:
            with suppress(Rejected):  # a factor that is too large
                row = finish(m, ((t, Fraction(1)),), facts, slack, local, lemmas=tuple(lemmas))
                if row is not None:
                    return row
    return None


def _plain_log(r: Mono, context: Context) -> bool:
    """Whether a coordinate is the logarithm of a parameter."""
    return not r[1] and len(r[0]) == 1 and r[0][0][1] == 1 and r[0][0][0][4:-1] in context.names


def _lift(r: Mono, s: Mono, c: Fraction, d: Fraction, context: Context) -> tuple[Script, Poly] | None:
    """A proof of r <= q*s + K with c*q <= d, and the polynomial q*s + K - r: with K = 0 where r is small enough on the
    context, else from r <= C*s^w with w < 1 by weighted AM-GM of s and 1."""
    small = mono_expr(r)
    q = simplest_below(d / c)
    near = direct_row(r, [s], context, tight=True)
    if near is not None and near.factor <= q:
        return dominate_step(le(small, mul(num(q), mono_expr(s))), [(near, None)]), plus({s: ratio(q)}, {r: -1})
    if any(i.lo is not None and i.lo >= FAR for i in context.names.values()):
        far = exact(le(small, mul(num(q), mono_expr(s))), context)
        if far is not None:
            return far, plus({s: ratio(q)}, {r: -1})
    for w in map(Fraction, (Fraction(1, 2), Fraction(3, 4), Fraction(9, 10), Fraction(39, 40))):
        root = power(mono_expr(s), num(w))
        first = bound(small, root, context)
        if first is None or not isinstance(first.constant, Num):
            continue
        top = first.constant.value
        scales = [q / (top * w), Fraction(0)]
        # the second scale makes the weighted product of scales at least 1
        need = -log_rational(scales[0], 64).lo * w / (1 - w)
        if abs(need) > 4000:
            continue
        scales[1] = simplest_above(exp_rational(need, 64).hi)
        rest = simplest_above(scales[1] * top * (1 - w))
        middle, end = mul(first.constant, root), add(mul(num(q), mono_expr(s)), num(rest))
        script = Script()
        a = script.extend(first.script)
        (term, one), = normal(root, context).num.items()
        if one != 1:
            continue
        row = Row(term, ((s, w), (UNIT, 1 - w)), (), Fraction(1), UNIT, tuple(scales))
        b = script.extend(dominate_step(le(middle, end), [(row, None)]))
        script.add("chain", le(small, end), (a, b))
        return script, plus({s: ratio(q)}, constant(ratio(rest)), {r: -1})
    return None


def _absorb(m: Mono, targets: Sequence[Mono], context: Context, large: Poly,
            used: Mapping[Mono, Fraction]) -> Row | None:
    """A row for a negative term of the larger side that leaves part of every target's coefficient."""
    best: Row | None = None
    best_share = Fraction(1)
    for t in targets:
        options = [direct_row(m, [t], context, tight=True), *tangent_rows(m, t, context), *hypothesis_rows(m, t, context)]
        row = min((o for o in options if o is not None), key=lambda o: o.factor, default=None)
        if row is None:
            continue
        share = (used.get(t, Fraction(0)) - large[m] * row.factor) / large[t]
        if share < best_share:
            best, best_share = row, share
    if best is not None:
        return best
    row = _spread(m, targets, context)
    if row is None and not quick():
        row = farkas_row(m, targets, context)
    if row is not None and all(used.get(t, Fraction(0)) - large[m] * q < large[t] for t, q in row.spent()):
        return row
    return None


def _spread(m: Mono, targets: Sequence[Mono], context: Context) -> Row | None:
    """A row that shares m equally among all targets that dominate it alone."""
    alone = [t for t in targets if direct_row(m, [t], context) is not None]
    if len(alone) < 2:
        return None
    weight = Fraction(1, len(alone))
    try:
        local = positive_part(m, context)
        slack = plus(*(scale(log_mono(t, local), ratio(weight)) for t in alone), scale(log_mono(m, local), -1))
    except Rejected:
        return None
    return finish(m, tuple((t, weight) for t in alone), (), slack, local, tight=True)


def exact(goal: Relation, context: Context) -> Script | None:
    """The `dominate` step of an inequality without a free constant, the budgets shared out by z3."""
    try:
        s = sides(goal.left, goal.right, context)
    except Rejected:
        return None
    difference = plus(s.large, scale(s.small, -1))
    demand = {m: -Fraction(c) for m, c in difference.items() if c < 0}
    supply = {m: Fraction(c) for m, c in difference.items() if c > 0}
    if not all(nonnegative_mono(m, context) for m in difference):
        return None
    if not demand:
        return _if_strict(dominate_step(goal, []), goal, context)
    if not supply:
        return None
    options: list[tuple[Mono, Row]] = []
    for m in sorted(demand, key=repr):
        for t in sorted(supply, key=repr):
            row = direct_row(m, [t], context, tight=True)
            if row is not None:
                options.append((m, row))
            options.extend((m, r) for r in tangent_rows(m, t, context))
        options.extend((m, r) for r in _mixtures(m, supply, context))
        if not any(o[0] == m for o in options):
            row = farkas_row(m, sorted(supply, key=repr), context)
            if row is None:
                return None
            options.append((m, row))
    shares = _transport(demand, supply, options)
    if shares is None:
        return None
    return _if_strict(dominate_step(goal, [(row, None if q == 1 else q * demand[m])
                                           for (m, row), q in zip(options, shares) if q]), goal, context)


def _if_strict(script: Script, goal: Relation, context: Context) -> Script | None:
    """The script, unless it is to show a < b and leaves nothing over."""
    if goal.op == "<":
        try:
            prove(script.steps, context, goal)
        except Rejected:
            return None
    return script


def _mixtures(m: Mono, supply: Mapping[Mono, Fraction], context: Context) -> list[Row]:
    """AM-GM of two targets whose geometric mean dominates m, scaled to their coefficients."""
    out: list[Row] = []
    if len(supply) > 12:
        return out
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
        logs = [(t, log_mono(t, local)) for t in sorted(supply, key=repr)]
    except Rejected:
        return out
    for i, (t, a) in enumerate(logs):
        for u, b in logs[i + 1:]:
            for w in (Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(1, 4), Fraction(3, 4)):
                scales = (supply[t] / w, supply[u] / (1 - w))
                slack = plus(scale(plus(a, log_number(scales[0])), ratio(w)),
                             scale(plus(b, log_number(scales[1])), ratio(1 - w)), scale(own, -1))
                row = finish(m, ((t, w), (u, 1 - w)), (), slack, local, tight=True, scales=scales)
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
            for u, share in row.spent():
                if u == t:
                    q = demand[m] * share
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


__all__ = ["FAR", "Bound", "bound", "exact", "has_exponential", "positive_terms", "sides"]
