"""Proofs of one relation on a context: normal forms, closed forms of sums, envelopes, and cases."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import polynomial
from verifier.kernel.rules import RULES
from verifier.lang.ast import App, Expr, Relation, Var, add, free_vars, mul, num, substitute, subterms
from verifier.lang.show import ascii_relation
from verifier.scales.envelope import envelope, has_envelope
from verifier.scales.inequality import exact_any
from verifier.scales.script import Script, Step
from verifier.scales.strict import by_difference
from verifier.scales.tangents import by_tangent, by_unit_tangent

_CASES = (2, 3, 4, 5, 8, 16, 32)

SUMS = frozenset(("sum",))


def prove_goal(goal: Relation, context: Context, depth: int = 0) -> list[Step] | None:
    """Steps that end in the goal."""
    for rule in ("bounds", "ring", "evaluate"):
        try:
            RULES[rule]({}, goal, (), context)
            return [{"rule": rule, "conclusion": ascii_relation(goal)}]
        except Rejected:
            continue
    if goal.op == "=":
        steps = prove_equation(goal, context)
    else:
        script = exact_any(goal, context)
        steps = None if script is None else script.steps
    return steps or by_difference(goal, context) or by_tangent(goal, context) or by_unit_tangent(goal, context) \
        or by_residues(goal, context, depth) or by_cases(goal, context, depth)


def by_residues(goal: Relation, context: Context, depth: int) -> list[Step] | None:
    """n = d*m + r for the denominators d that stand under floors and ceilings with n."""
    if depth >= 1:
        return None
    for name, domain in context.names.items():
        if not domain.integer or domain.lo is None:
            continue
        d = 1
        for side in (goal.left, goal.right):
            for s in subterms(side):
                if isinstance(s, App) and s.op in ("floor", "ceil") and name in free_vars(s):
                    try:
                        p = polynomial(s.args[0], context)
                    except Rejected:
                        continue
                    d = lcm(d, *(Fraction(c).denominator for c in p.values()))
        if not 2 <= d <= 16:
            continue
        fresh = name + "_q"
        out = []
        for r in range(d):
            value = {name: add(mul(num(d), Var(fresh)), num(r))}
            first = Fraction(-((r - domain.lo) / d).__floor__())
            names = {n: i for n, i in context.names.items() if n != name} | {fresh: Interval(first, False, None, False, True)}
            case = Context(names, tuple(Relation(h.op, substitute(h.left, value), substitute(h.right, value))
                                        for h in context.hypotheses), context.functions)
            steps = prove_goal(Relation(goal.op, substitute(goal.left, value), substitute(goal.right, value)),
                               case, depth + 1)
            if steps is None:
                break
            out.append(steps)
        else:
            return [{"rule": "residues", "conclusion": ascii_relation(goal), "parameter": name, "quotient": fresh,
                     "modulus": str(d), "cases": out}]
    return None


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
            script.end(script.add("chain", goal, tuple(links)))
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
    if not has_envelope(e, SUMS):
        return e, None
    up, down = Script(), Script()
    high, low = envelope(e, True, context, up, SUMS), envelope(e, False, context, down, SUMS)
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
            far = context.raised(name, Fraction(at))
            script = exact_any(goal, far)
            above = by_tangent(goal, far) if script is None else script.steps
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
                         "below": below, "above": above}]
    return None

