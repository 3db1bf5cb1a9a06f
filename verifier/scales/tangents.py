"""Inequalities between a rounded logarithm L = ceil(log2(x)), its power 2^L and log(x), by the tangent of the logarithm.

log A <= e*A - 1 - log e at A = 2^L/x and e = log 2 bounds m*L by m*log2(x) + m*2^L/x and a number times m; sharper than
L <= log2(x) + 1 and x <= 2^L one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Poly,
    key_expr,
    log_mono,
    log_number,
    mono_expr,
    normal,
    plus,
    scale,
    to_expr,
)
from verifier.kernel.sign import mono_positive, nonnegative_mono, sign_of_number, split_number
from verifier.lang.ast import App, Expr, Relation, add, div, log, mul, neg, num, power, sub, subterms
from verifier.lang.show import ascii, ascii_relation
from verifier.scales.forms import log_argument
from verifier.scales.inequality import exact_any
from verifier.scales.rows import key_is_atom
from verifier.scales.script import Script, Step, le

_LOG_2 = log(num(2))


def by_tangent(goal: Relation, context: Context) -> list[Step] | None:
    """Steps that end in the goal, after one tangent for each term -c*m*L of the difference of the sides."""
    if goal.op != "<=":
        return None
    for level, x in _levels(goal):
        point = div(power(num(2), level), x)
        for m, c in _terms(goal, level, context):
            weight = div(mul(num(c), mono_expr(m)), log(num(2)))
            steps = _with_tangent(goal, point, weight, context)
            if steps is not None:
                return steps
    return None


def _levels(goal: Relation) -> Iterator[tuple[Expr, Expr]]:
    """Rounded binary logarithms of which a power of 2 occurs as well, with their arguments."""
    found = [s for side in (goal.left, goal.right) for s in subterms(side)]
    for s in dict.fromkeys(s for s in found if isinstance(s, App) and s.op in ("ceil", "floor")):
        a = s.args[0]
        if isinstance(a, App) and a.op == "log2" and power(num(2), s) in found:
            yield s, a.args[0]


def _terms(goal: Relation, level: Expr, context: Context) -> list[tuple[Mono, Fraction]]:
    """The terms c*m*L, c > 0, that the smaller side has more of."""
    try:
        difference = normal(sub(goal.left, goal.right), context)
        ((key, _),) = next(iter(normal(level, context).num))[0]  # as the normal form writes it
    except (Rejected, ValueError):
        return []
    out = []
    for m, c in difference.num.items() if difference.den is None else ():
        rest = tuple((k, q) for k, q in m[0] if k != key)
        if c > 0 and dict(m[0]).get(key) == 1 and nonnegative_mono((rest, m[1]), context):
            out.append(((rest, m[1]), Fraction(c)))
    return out


def by_unit_tangent(goal: Relation, context: Context) -> list[Step] | None:
    """Steps that end in the goal through log A <= A - 1 for a sum A: log(1 - x) <= -x; powers are compared by their
    logarithms: (1 - x)^n <= exp(-n*x)."""
    if goal.op != "<=":
        return None
    try:
        sides = [normal(e, context) for e in (goal.left, goal.right)]
        difference = plus(sides[0].num, scale(sides[1].num, -1))
        if any(r.den is not None for r in sides):
            return None
        if all(len(r.num) == 1 for r in sides) and any(m[1] for r in sides for m in r.num):
            a, b = (to_expr(_logarithm(r.num, context)) for r in sides)
            steps = by_unit_tangent(le(a, b), context)
            return None if steps is None else [*steps, {
                "rule": "monotone", "conclusion": ascii_relation(goal), "premises": [len(steps) - 1], "template": "exp(_1)"}]
        for m, c in difference.items():
            for key, q in m[0]:
                argument = log_argument(key)
                rest = tuple((k, e) for k, e in m[0] if k != key)
                if c <= 0 or q != 1 or argument is None or key_is_atom(argument) \
                        or not nonnegative_mono((rest, m[1]), context):
                    continue
                found = _with_tangent(goal, key_expr(argument), mono_expr((rest, m[1]), c), context, num(1))
                if found is not None:
                    return found
    except Rejected:
        pass
    return None


def _logarithm(p: Poly, context: Context) -> Poly:
    (m, c), = p.items()
    return plus(log_mono(m, context), log_number(Fraction(c)))


def _with_tangent(goal: Relation, point: Expr, weight: Expr, context: Context, slope: Expr = _LOG_2) -> list[Step] | None:
    fact = le(log(point), add(mul(slope, point), num(-1), neg(log(slope))))
    rest = sub(goal.left, mul(weight, fact.left))
    middle = add(mul(weight, fact.right), rest)
    try:
        last = exact_any(le(middle, goal.right), context) or _collected(le(middle, goal.right), context)
    except Rejected:
        return None
    if last is None:
        return None
    script = Script()
    first = script.add("tangent", fact, of=ascii(point), eps=ascii(slope))
    scaled = script.add("scale", le(mul(weight, fact.left), mul(weight, fact.right)), (first,), by=ascii(weight))
    moved = script.add("monotone", le(add(mul(weight, fact.left), rest), middle), (scaled,),
                       template=f"_1 + ({ascii(rest)})")
    end = script.extend(last)
    script.add("chain", goal, (moved, end))
    return script.steps


def _collected(goal: Relation, context: Context) -> Script | None:
    """a <= b where b - a is a sum of positive monomials whose numeric coefficients, such as 1/log(2) - 10/11, are >= 0 as a
    whole."""
    difference = normal(sub(goal.right, goal.left), context)
    groups: dict[Mono, Poly] = {}
    for m, c in difference.num.items():
        number, rest = split_number(m)
        groups.setdefault(rest, {})[number] = c
    if difference.den is not None or not all(mono_positive(m, context) for m in groups):
        return None
    script = Script()
    parts: list[int] = []
    for m, coefficient in groups.items():
        if sign_of_number(coefficient) < 0:
            return None
        k = script.add("evaluate", le(num(0), to_expr(coefficient)))
        by = mono_expr(m)
        parts.append(k if m == UNIT else script.add("scale", le(mul(by, num(0)), mul(by, to_expr(coefficient))), (k,),
                                                    by=ascii(by)))
    if not parts:
        return None
    holes = " + ".join(f"_{k}" for k in range(1, len(parts) + 1))
    script.add("monotone", goal, tuple(parts), template=f"{holes} + ({ascii(goal.left)})")
    return script
