"""Proofs of explicit claims: inequalities and equations for all sizes of the domain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verifier.kernel.claim import Claim, claim_to_json
from verifier.kernel.context import Context, Rejected
from verifier.kernel.obligations import base_context, statement
from verifier.kernel.rules import RULES
from verifier.lang.ast import Expr, Relation, num, substitute
from verifier.lang.show import ascii, ascii_relation
from verifier.scales.envelope import envelope, has_envelope
from verifier.scales.inequality import exact_any
from verifier.scales.script import Script, Step

_CASES = (2, 3, 4, 5, 8, 16, 32)


def prove_explicit(claim: Claim) -> dict[str, Any] | None:
    """A certificate of `a <= b`, `a < b` or `a = b` on the whole domain; None if none was found."""
    goal, context = statement(claim), base_context(claim)
    steps = prove_goal(goal, context)
    if steps is None:
        return None
    return {"format": 1, "claim": claim_to_json(claim), "verdict": "proved", "strength": "everywhere",
            "proofs": {"holds": steps}}


def prove_goal(goal: Relation, context: Context, depth: int = 0) -> list[Step] | None:
    """Steps that end in the goal."""
    for rule in ("bounds", "ring", "evaluate"):
        try:
            RULES[rule]({}, goal, (), context)
            return [{"rule": rule, "conclusion": ascii_relation(goal)}]
        except Rejected:
            continue
    if goal.op == "=":
        return prove_equation(goal, context)
    script = exact_any(goal, context)
    if script is not None:
        return script.steps
    return by_cases(goal, context, depth)


def prove_equation(goal: Relation, context: Context) -> list[Step] | None:
    """a = b through exact closed forms of the sums on both sides, else from the two inequalities."""
    script = Script()
    try:
        left, right = closed(goal.left, context, script), closed(goal.right, context, script)
    except Rejected:
        left = right = None
    if left is not None and right is not None:
        middle = Relation("=", left[0], right[0])
        try:
            RULES["ring"]({}, middle, (), context)
            links = [s for s in (left[1],) if s is not None] + [script.add("ring", middle)] \
                + [s for s in (right[1],) if s is not None]
            script.add("chain", goal, tuple(links))
            return script.steps
        except Rejected:
            pass
    out = Script()
    for relation in (Relation("<=", goal.left, goal.right), Relation("<=", goal.right, goal.left)):
        found = exact_any(relation, context)
        if found is None:
            return None
        out.extend(found)
    ends = [k for k, r in enumerate(out.relations) if {r.left, r.right} == {goal.left, goal.right}]
    out.add("antisymmetry", goal, tuple(ends))
    return out.steps


def closed(e: Expr, context: Context, script: Script) -> tuple[Expr, int | None] | None:
    """A closed form of an expression whose only opaque parts are sums with one, and the step e <= form (equations
    are chained from the two directions)."""
    if not has_envelope(e):
        return e, None
    up, down = Script(), Script()
    high, low = envelope(e, True, context, up), envelope(e, False, context, down)
    if high.step is None or low.step is None or high.expr != low.expr:
        return None
    a, b = script.extend(up), script.extend(down)
    back = script.add("antisymmetry", Relation("=", e, high.expr), (a, b))
    return high.expr, back


def by_cases(goal: Relation, context: Context, depth: int) -> list[Step] | None:
    """Small values of one integer parameter one by one, the rest by a proof with a higher threshold."""
    if depth >= 2:
        return None
    for name, domain in context.names.items():
        if not domain.integer or domain.lo is None or name.startswith("_"):
            continue
        first = int(domain.lo)
        for at in _CASES:
            if at <= first:
                continue
            above = exact_any(goal, context.raised(name, Fraction(at)))
            if above is None:
                continue
            below = []
            for k in range(first, at):
                value = {name: num(k)}
                case = Context({n: i for n, i in context.names.items() if n != name},
                               tuple(Relation(h.op, substitute(h.left, value), substitute(h.right, value))
                                     for h in context.hypotheses), context.functions)
                steps = prove_goal(Relation(goal.op, substitute(goal.left, value), substitute(goal.right, value)),
                                   case, depth + 1)
                if steps is None:
                    break
                below.append(steps)
            else:
                return [{"rule": "split", "conclusion": ascii_relation(goal), "parameter": name, "at": str(at),
                         "below": below, "above": above.steps}]
    return None


__all__ = ["ascii", "prove_equation", "prove_explicit", "prove_goal"]
