"""Strict inequalities from the sign of the difference alone: (1 - p)^2 < p^2, since 2p - 1 > 0 for p > 1/2."""

from __future__ import annotations

from fractions import Fraction

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import constant, normal, plus, scale, times, to_expr
from verifier.kernel.rules import prove
from verifier.lang.ast import Relation, add, div, mul, num, power
from verifier.lang.show import ascii
from verifier.scales.bound import sides
from verifier.scales.script import Script, Step


def by_difference(goal: Relation, context: Context) -> list[Step] | None:
    """a < b where D = b - a > 0 by interval arithmetic or a shift: a/D < 1 + a/D, scaled by D.

    Both in two steps of sqrt(D), which unlike the sum D is one factor, so that a/D cancels.  Over a common denominator e
    the numerators are compared first."""
    if goal.op != "<":
        return None
    script = Script()
    try:
        s = sides(goal.left, goal.right, context)
        difference = plus(s.large, scale(s.small, -1))
        if len(difference) < 2 or not context.positive(f"({ascii(to_expr(difference))})"):
            return None
        d, small, large = to_expr(difference), to_expr(s.small), to_expr(s.large)
        root, inverse = power(d, num(Fraction(1, 2))), power(d, num(Fraction(-1, 2)))
        part, half = mul(small, inverse, inverse), mul(small, inverse)
        k = script.add("dominate", Relation("<", part, add(num(1), part)))
        k = script.add("scale", Relation("<", half, add(root, half)), (k,), by=ascii(root))
        k = script.add("scale", Relation("<", small, large), (k,), by=ascii(root))
        a, b = (normal(e, context).den for e in (goal.left, goal.right))
        if a is not None or b is not None:
            den = a if a == b and a is not None else times(a or constant(1), b or constant(1))
            script.add("scale", goal, (k,), by=ascii(div(num(1), to_expr(den))))
        prove(script.steps, context, goal)
    except Rejected:
        return None
    return script.steps
