"""Claims from text, for the tests."""

from __future__ import annotations

from fractions import Fraction

from verifier.kernel.claim import Claim, Equation, Parameter
from verifier.lang.ast import free_vars
from verifier.lang.parse import parse_claim, parse_relation


def make(text: str, given: tuple[str, ...] = (), equations: tuple[str, ...] = (), real: tuple[str, ...] = ()) -> Claim:
    """A claim about the variables of the text, integers >= 1 unless named real (> 0, uniform)."""
    functions = ("T",) if equations else ()
    r = parse_relation(text, functions=functions)
    assumptions = tuple(parse_relation(g) for g in given)
    names = free_vars(r.left) | free_vars(r.right)
    for a in assumptions:
        names |= free_vars(a.left) | free_vars(a.right)
    parameters = tuple(
        Parameter(n, "real", Fraction(0), True, role="uniform") if n in real else Parameter(n) for n in sorted(names)
    )
    parsed = [parse_claim(q, functions=functions) for q in equations]
    return Claim(parameters, r, assumptions, tuple(Equation(c.relation, c.conditions) for c in parsed))
