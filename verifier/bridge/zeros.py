"""Dominations with factors that may be 0 (log n at n = 1), and strict ones.

The rows of a step fall into groups by the factors of their terms that may vanish.  Where such a factor is 0 a group says that 0 is
at most a sum of terms >= 0; elsewhere all factors are positive and the reflective checker applies.  What no group uses of
the larger side is >= 0, and > 0 for a strict domination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from verifier.bridge import dominate as dom
from verifier.bridge.proof import Lines, Premise, Scope, block, divisors, domination, nonnegative, same
from verifier.bridge.text import NotExported
from verifier.kernel.context import Context
from verifier.kernel.normal import Mono, Poly, key_expr, normal, plus, ratio, scale, to_expr
from verifier.kernel.rules import positive_part
from verifier.lang.ast import App, Expr, Relation, Var, add, div, sub


def may_vanish(m: Mono, context: Context) -> list[str]:
    """The factors of a monomial that are not shown positive."""
    return [key for key, _ in m[0] if not context.positive(key)]


def grouped(d: dom.Domination, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """left <= right (left < right) from one domination for each set of factors that may vanish."""
    groups: dict[frozenset[str], list[dom.Row]] = {}
    for row in d.rows:
        groups.setdefault(frozenset(may_vanish(row.small, scope.context)), []).append(row)
    lines: Lines = []
    rest = dict(d.num)
    shown: list[Expr] = []
    for keys, rows in groups.items():
        small: Poly = {}
        large: Poly = {}
        for r in rows:
            small = plus(small, {r.small: ratio(r.amount)} if r.amount else {})
            for t, w, k in r.weights:
                large = plus(large, {t: ratio(r.amount * r.factor * w * k)} if r.amount else {})
        if not small:
            continue
        rest = plus(rest, small, scale(large, -1))
        facts = [f for f in d.facts if any(f is g for r in rows for g, _ in r.facts)]
        part = dom.Domination(plus(large, scale(small, -1)), None, rows, facts)
        fact = Relation("<=", to_expr(small), to_expr(large))
        name = scope.fresh("G")
        lines += [f"assert ({name} : {scope.text(fact)}).", *block(_group(part, sorted(keys), rows[0].small, fact, premises, scope))]
        shown.append(sub(fact.right, fact.left))
    if any(Fraction(c) < 0 for c in rest.values()):
        raise NotExported("a budget that is shared in a way the export does not follow")
    strict = goal.op == "<"
    left_over = to_expr(rest)
    if rest or strict:
        lines += [f"assert ({scope.fresh('G')} : 0 {goal.op} {scope.real(left_over)}).", *block(nonnegative(left_over, scope, strict=strict))]
    total = add(*shown, left_over) if rest or not shown else add(*shown)
    den = None if d.den is None else to_expr(d.den)
    name = ""
    if den is not None:
        name = scope.fresh("D")
        lines += [f"assert ({name} : 0 < {scope.real(den)}).", *block(nonnegative(den, scope, strict=True))]
    for y in divisors([goal.left, goal.right]):
        lines += [f"assert ({scope.fresh('D')} : 0 < {scope.real(y)}).", *block(nonnegative(y, scope, strict=True))]
    whole = total if den is None else div(total, den)
    difference = sub(goal.right, goal.left)
    equation = scope.fresh("E")
    lines += [
        f"assert ({equation} : {scope.real(goal.right)} - ({scope.real(goal.left)}) = {scope.real(whole)}).",
        *block(_equation(difference, whole, d, scope)),
        f"apply (by_difference{'_lt' if strict else ''} _ _ _ {equation}).",
    ]
    if den is not None:
        lines.append(f"apply {'div_pos' if strict else 'div_nonneg'}; [|exact {name}].")
    return [*lines, "lra."]


def _group(
    part: dom.Domination, keys: Sequence[str], m: Mono, fact: Relation, premises: Sequence[Premise], scope: Scope
) -> Lines:
    """One group: where a factor is 0 there is nothing to show, else all factors are positive."""
    lines: Lines = []
    for key in keys:
        zero = scope.fresh("Z")
        lines += [
            *_cases(key, zero, scope),
            *block(["apply nothing_below.", *block([f"vanish {zero}."]), *block(nonnegative(fact.right, scope))]),
            *_raised(key, zero, scope),
        ]
    if not keys:
        return domination(part, fact, premises, scope)
    inner = replace(scope, printer=scope.printer.with_context(positive_part(m, scope.context)))
    return [*lines, "plain_powers.", *domination(part, fact, premises, inner)]


def _cases(key: str, zero: str, scope: Scope) -> Lines:
    e = key_expr(key)
    name = scope.fresh("N")
    return [
        f"assert ({name} : 0 <= {scope.real(e)}).",
        *block(nonnegative(e, scope)),
        f"destruct (zero_or_positive _ {name}) as [{zero}|{zero}].",
    ]


def _raised(key: str, positive: str, scope: Scope) -> Lines:
    """What a positive factor says about its parameter."""
    e = key_expr(key)
    inner = e.args[0] if isinstance(e, App) and e.op == "log" and len(e.args) == 1 else e
    if not isinstance(inner, Var):
        raise NotExported(f"{key} may be 0")
    x, integer = scope.real(inner), scope.context.names[inner.name].integer
    name = scope.fresh("h")
    if inner is e:
        return [f"assert ({name} : 1 <= {x}) by (apply IZR_le; apply lt_IZR in {positive}; lia)."] if integer else []
    if integer:
        return [f"assert ({name} : 2 <= {x}) by (apply ln_positive; [lra | exact {positive}])."]
    return [f"assert ({name} : 1 < {x}) by (apply ln_positive_real; [lra | exact {positive}])."]


def _equation(a: Expr, b: Expr, d: dom.Domination, scope: Scope) -> Lines:
    """a = b in normal form; cases where a factor that may be 0 stands under a root."""
    roots: dict[str, Mono] = {}
    for e in (a, b):
        for x in _subterms(e):
            r = normal(x, scope.context)
            for m in r.num:
                for key, q in m[0]:
                    if Fraction(q).denominator > 1 and not scope.context.positive(key):
                        roots[key] = ((*roots.get(key, ((), ()))[0], (key, 1)), ())
    if not roots:
        return _differences(a, b, scope)
    lines: Lines = []
    context = scope.context
    for key in roots:
        zero = scope.fresh("Z")
        lines += [*_cases(key, zero, scope), *block([f"vanish {zero}."]), *_raised(key, zero, scope)]
        context = positive_part((((key, 1),), ()), context)
    inner = replace(scope, printer=scope.printer.with_context(context))
    return [*lines, "plain_powers.", *_differences(a, b, inner)]


def _differences(a: Expr, b: Expr, scope: Scope) -> Lines:
    return [f"transitivity ({scope.real(a)}).", *block(["same."]), *block(same(a, b, scope))]


def _subterms(e: Expr) -> list[Expr]:
    from verifier.bridge.normalise import nodes

    return [e, *nodes(e)]


__all__ = ["grouped", "may_vanish"]
