"""T(n) ~ g(n) through a closed form of T."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_closed import rule_closed_form
from verifier.kernel.recurrence_explicit import Check, claim_parts
from verifier.kernel.recurrence_system import System
from verifier.lang.ast import Relation, Var, substitute
from verifier.lang.parse import parse_expression

if TYPE_CHECKING:
    from verifier.kernel.check import Checked


def equivalent_claim(claim: Claim, systems: Mapping[str, System], bound: Mapping[str, Any]) -> Claim:
    """The plain claim F(n) ~ g(n) for n >= n1, where T(n) = F(n) for n >= n1 by `rule_closed_form`."""
    system, p, low = claim_parts(claim, systems)
    f = parse_expression(str(bound["solution"]))
    start = Fraction(max(low, rule_closed_form(system, f)))
    if p.role != "growing" or p.upper is not None:
        raise Rejected(f"{p.name} has to grow")
    value = substitute(f, {system.variable: Var(p.name)})
    parameters = tuple(replace(q, lower=start, lower_open=False) if q.name == p.name else q for q in claim.parameters)
    return Claim(parameters, Relation("~", value, claim.statement.right))


def check_equivalent(certificate: Mapping[str, Any], claim: Claim, systems: Mapping[str, System], check: Check) -> Checked:
    """T(n) = F(n) for n >= n1 and F ~ g (or not): the same for T, since a limit does not depend on finitely many n.
    Rocq: rule_closed_form, rule_transfer."""
    from verifier.kernel.check import Checked
    if certificate["bound"].get("rule") != "closed_form":
        raise Rejected("~ is shown by a closed form")
    nested = certificate["comparison"]
    if claim_from_json(nested["claim"]) != equivalent_claim(claim, systems, certificate["bound"]):
        raise Rejected("the comparison is not the claim about the closed form")
    done = check(nested)
    if done.verdict != certificate["verdict"]:
        raise Rejected("the comparison does not decide the claim")
    return Checked(done.verdict, done.strength, claim)
