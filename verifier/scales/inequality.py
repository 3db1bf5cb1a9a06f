"""Proofs of inequalities between arbitrary expressions: first as exp-log posynomials, then through their envelopes."""

from __future__ import annotations

from collections.abc import Callable

from verifier.kernel.context import Context, Rejected
from verifier.lang.ast import App, Expr, Relation, Var, mul, subterms
from verifier.lang.show import ascii
from verifier.scales.bound import Bound, bound, exact
from verifier.scales.envelope import OPAQUE, decreases, envelope, has_envelope, in_terms, numerators, term_by_term
from verifier.scales.script import Script, le

FACTORIALS = frozenset(("factorial", "binomial"))
_WITHOUT_FACTORIALS = frozenset(OPAQUE) - {"factorial"}


def bound_any(small: Expr, large: Expr, context: Context, names: frozenset[str] = frozenset(),
              by: Callable[[Expr, Expr, Context, frozenset[str]], Bound | None] = bound) -> Bound | None:
    """small <= c*large, with functions such as floor, max, n! and sums replaced by envelopes where needed; `by` bounds
    posynomials."""
    if all(any(isinstance(s, App) and s.op in FACTORIALS for s in subterms(e)) for e in (small, large)):
        found = _enveloped(small, large, context, names, by, _WITHOUT_FACTORIALS)  # n! as it is on both sides
        if found is not None:
            return found
    plain = not has_envelope(small) and not has_envelope(large)
    if plain:
        return by(small, large, context, names)
    found = _enveloped(small, large, context, names, by)
    if found is None and _closed_otherwise(context, small, large):
        with term_by_term():
            found = _enveloped(small, large, context, names, by)
    return found or by(small, large, context, names)


def _closed_otherwise(context: Context, *sides: Expr) -> bool:
    return not in_terms() and any(decreases(e, context) for e in sides)


def _enveloped(small: Expr, large: Expr, context: Context, names: frozenset[str],
               by: Callable[[Expr, Expr, Context, frozenset[str]], Bound | None], only: frozenset[str] | None = None
               ) -> Bound | None:
    """Through an envelope above the smaller side and one below the larger side."""
    script = Script()
    try:
        high = envelope(small, True, context, script, only)
        low = envelope(large, False, context, script, only)
    except Rejected:
        return None
    found = by(high.expr, low.expr, context, names)
    if found is None:
        return None
    k = script.extend(found.script)
    scaled = mul(found.constant, low.expr)
    links = [] if high.step is None else [high.step]
    links.append(k)
    if low.step is not None:
        goal = le(scaled, mul(found.constant, large))
        links.append(script.add("monotone", goal, (low.step,), template=ascii(mul(found.constant, Var("_1")))))
    if len(links) > 1:
        script.end(script.add("chain", le(small, mul(found.constant, large)), tuple(links)))
    return Bound(found.constant, script)


def exact_any(goal: Relation, context: Context) -> Script | None:
    """goal (a <= b or a < b) without a free constant."""
    if not has_envelope(goal.left) and not has_envelope(goal.right):
        return exact(goal, context)
    if _closed_otherwise(context, goal.left, goal.right):
        with term_by_term():
            found = _through_envelopes(goal, context)
        if found is not None:
            return found
    found = _through_envelopes(goal, context) or exact(goal, context)
    if found is None and any(isinstance(s, App) and s.op == "ceil" and isinstance(s.args[0], App) and s.args[0].op == "/"
                             for e in (goal.left, goal.right) for s in subterms(e)):
        with numerators():
            found = _through_envelopes(goal, context)
    return found


def _through_envelopes(goal: Relation, context: Context) -> Script | None:
    script = Script()
    try:
        high = envelope(goal.left, True, context, script)
        low = envelope(goal.right, False, context, script)
    except Rejected:
        return None
    found = exact(Relation(goal.op, high.expr, low.expr), context)
    if found is None:
        return None
    k = script.extend(found)
    links = [s for s in (high.step, k, low.step) if s is not None]
    if len(links) > 1:
        script.end(script.add("chain", goal, tuple(links)))
    return script

