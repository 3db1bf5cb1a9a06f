"""Making claims from text, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from verifier.kernel.claim import Claim, Parameter
from verifier.lang.ast import free_vars
from verifier.lang.parse import parse_relation


def claim(text: str, *, given: Sequence[str] = (), constant: Sequence[str] = (), real: Sequence[str] = ()) -> Claim:
    """Integer parameters >= 1 that grow, but for constant ones and for positive uniform reals."""
    statement = parse_relation(text)
    assumptions = tuple(map(parse_relation, given))
    names = frozenset().union(*(free_vars(s) for r in (statement, *assumptions) for s in (r.left, r.right)))
    parameters = []
    for n in sorted(names):
        role = "constant" if n in constant else "uniform" if n in real else "growing"
        parameters.append(Parameter(n, "real" if n in real else "integer", Fraction(0 if n in real else 1), n in real,
                                    role=role))
    return Claim(tuple(parameters), statement, assumptions)
