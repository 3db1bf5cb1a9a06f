"""Proofs of explicit claims about recurrences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_closed import dyadic_gaps, nonnegative_on_block, rule_closed_form
from verifier.kernel.recurrence_explicit import least_argument, step_relations
from verifier.kernel.recurrence_system import System
from verifier.lang.ast import App, Expr, Relation, Var, substitute
from verifier.lang.show import ascii
from verifier.prove.recurrence.solutions import solution

Decide = Callable[[Claim], Mapping[str, Any] | None]


def _system(claim: Claim, systems: Mapping[str, System]) -> tuple[System, Parameter, int]:
    left = claim.statement.left
    if not (isinstance(left, App) and left.op in systems and len(left.args) == 1 and isinstance(left.args[0], Var)):
        raise Rejected("the left side has to be T(n)")
    p = claim.parameter(left.args[0].name)
    if p.lower is None:
        raise Rejected("n is not bounded below")
    return systems[left.op], p, -(-p.lower.numerator // p.lower.denominator)


def prove_closed_form(claim: Claim, systems: Mapping[str, System], decide: Decide) -> dict[str, Any]:
    """T(n) = F(n) as claimed, or a closed form found for T and a comparison with the right side."""
    system, p, low = _system(claim, systems)
    right = substitute(claim.statement.right, {p.name: Var(system.variable)})
    if claim.statement.op == "=":
        rule_closed_form(system, right)
        return {"bound": {"rule": "closed_form", "function": system.name, "solution": ascii(right)}}
    f, n1 = solution(system)
    value = substitute(f, {system.variable: Var(p.name)})
    nested = _decided(claim, p, max(low, n1), Relation(claim.statement.op, value, claim.statement.right), decide)
    return {"bound": {"rule": "closed_form", "function": system.name, "solution": ascii(f)}, "comparison": nested}


def _decided(claim: Claim, p: Parameter, low: int, wanted: Relation, decide: Decide) -> Mapping[str, Any]:
    parameters = tuple(replace(q, lower=Fraction(low), lower_open=False) if q.name == p.name else q
                       for q in claim.parameters)
    found = decide(Claim(parameters, wanted))
    if found is None or found.get("verdict") != "proved":
        raise Rejected(f"not shown for {p.name} >= {low}: {ascii(wanted.left)} {wanted.op} {ascii(wanted.right)}")
    return found


def prove_induction(claim: Claim, systems: Mapping[str, System], decide: Decide) -> dict[str, Any]:
    """Induction with the claimed bound itself; the start is raised until the arguments stay in range and the step
    holds."""
    system, p, low = _system(claim, systems)
    if system.start is None:
        raise Rejected("the equation has no range")
    last: Rejected | None = None
    first = max(system.start, low)
    while any(least_argument(c.argument, system, first) < low for b in system.branches for c in b.calls):
        first += 1
        if first > low + 200:
            raise Rejected("arguments leave the range of the claim")
    u: Expr = claim.statement.right
    for start in (first, first + 1, first + 3, 2 * first + 4, 4 * first + 16):
        steps = list(step_relations(system, p.name, u, claim.statement.op))
        if len(steps) > 8:
            raise Rejected("too many roundings")
        try:
            nested = [_decided(claim, p, start, r, decide) for r in steps]
        except Rejected as error:
            last = error
            continue
        return {"bound": {"rule": "induction", "function": system.name, "start": str(start)}, "steps": nested}
    raise last or Rejected("no start was found")


def prove_dyadic(claim: Claim, systems: Mapping[str, System], decide: Decide) -> dict[str, Any]:
    """Induction over dyadic blocks, for bounds in n, ceil(log2(n)) and its power of 2."""
    system, p, low = _system(claim, systems)
    if claim.statement.op not in ("<=", ">=") or system.start is None or len(claim.parameters) != 1:
        raise Rejected("not an inequality of one parameter")
    sign = 1 if claim.statement.op == "<=" else -1
    u = substitute(claim.statement.right, {p.name: Var(system.variable)})
    gaps = [g for b in system.branches for g in dyadic_gaps(system, b, u)]
    first = max(system.start, 2 * low, 2)
    for start in (first, first + 1, 2 * first, 4 * first, 16 * first, 64 * first):
        if all(nonnegative_on_block({k: sign * c for k, c in g.items()}, region, start) for g, region in gaps):
            return {"bound": {"rule": "dyadic_induction", "function": system.name, "start": str(start)}}
    raise Rejected("the step is not shown on every dyadic block")
