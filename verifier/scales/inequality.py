"""Proofs of inequalities between arbitrary expressions: first as exp-log posynomials, then through their envelopes."""

from __future__ import annotations

from collections.abc import Callable

from verifier.kernel.context import Context, Rejected
from verifier.lang.ast import Expr, Relation, Var, mul
from verifier.lang.show import ascii
from verifier.scales.bound import Bound, bound, exact
from verifier.scales.envelope import envelope, has_envelope
from verifier.scales.script import Script, le


def bound_any(small: Expr, large: Expr, context: Context, names: frozenset[str] = frozenset(),
              by: Callable[[Expr, Expr, Context, frozenset[str]], Bound | None] = bound) -> Bound | None:
    """small <= c*large, with functions such as floor, max, n! and sums replaced by envelopes where needed; `by` bounds
    posynomials."""
    plain = not has_envelope(small) and not has_envelope(large)
    if plain:
        return by(small, large, context, names)
    script = Script()
    try:
        high = envelope(small, True, context, script)
        low = envelope(large, False, context, script)
    except Rejected:
        return by(small, large, context, names)
    found = by(high.expr, low.expr, context, names)
    if found is None:
        return by(small, large, context, names)
    k = script.extend(found.script)
    scaled = mul(found.constant, low.expr)
    links = [] if high.step is None else [high.step]
    links.append(k)
    if low.step is not None:
        goal = le(scaled, mul(found.constant, large))
        links.append(script.add("monotone", goal, (low.step,), template=ascii(mul(found.constant, Var("_1")))))
    if len(links) > 1:
        script.add("chain", le(small, mul(found.constant, large)), tuple(links))
    return Bound(found.constant, script)


def exact_any(goal: Relation, context: Context) -> Script | None:
    """goal (a <= b or a < b) without a free constant."""
    if not has_envelope(goal.left) and not has_envelope(goal.right):
        return exact(goal, context)
    script = Script()
    try:
        high = envelope(goal.left, True, context, script)
        low = envelope(goal.right, False, context, script)
    except Rejected:
        return exact(goal, context)
    found = exact(Relation(goal.op, high.expr, low.expr), context)
    if found is None:
        return exact(goal, context)
    k = script.extend(found)
    links = [s for s in (high.step, k, low.step) if s is not None]
    if len(links) > 1:
        script.add("chain", goal, tuple(links))
    return script

