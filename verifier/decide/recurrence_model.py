"""Values of the parameters of a recurrence that satisfy the assumptions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import check_point
from verifier.kernel.recurrence_system import constant_facts
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import evaluate

_POINTS = 5000


def model(claim: Claim) -> dict[str, str] | None:
    """Values from a small grid; a parameter that an equation expresses by others takes the value it gives."""
    try:
        solved = {n: v.expr for n, v in constant_facts(claim).values}
    except Rejected:
        solved = {}
    free = [p for p in claim.parameters if p.name not in solved]
    for count, point in enumerate(product(*(_values(p, bool(solved)) for p in free))):
        if count > _POINTS:
            break
        assignment = {p.name: v for p, v in zip(free, point, strict=True)}
        try:
            for name, e in solved.items():
                value = evaluate(e, assignment)
                if not isinstance(value, Fraction):
                    raise Rejected("not a rational number")
                assignment[name] = value
            check_point(claim, assignment)
        except (Rejected, EvaluationError):
            continue
        return {p.name: str(assignment[p.name]) for p in claim.parameters}
    return None


def _values(p: Parameter, fine: bool) -> list[Fraction]:
    low = p.lower if p.lower is not None else Fraction(1)
    out = [low + j for j in range(8)] + [low + 16, low + 64]
    if p.kind == "real":
        out += [low + Fraction(1, 2), low + Fraction(1, 8), low + Fraction(3, 2), low + Fraction(5, 2), low + Fraction(7, 2)]
        if p.upper is not None:
            out += [low + (p.upper - low) * Fraction(k, 8) for k in (4, 2, 1, 6, 7)]
        if fine:  # a sum of parameters may be small
            out = [low + Fraction(1, k) for k in (2, 3, 4, 8)] + out
    return [v for v in dict.fromkeys(out) if (v > low or not p.lower_open) and (
        p.upper is None or v < p.upper or v == p.upper and not p.upper_open)]
