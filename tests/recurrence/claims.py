"""Claims about recurrences from short texts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from verifier.kernel.claim import Claim, Equation, Parameter
from verifier.lang.parse import parse_claim, parse_relation

TABLE = Path(__file__).with_name("table.txt")
N = Parameter("n")


def claim(recurrence: str, statement: str, parameters: tuple[Parameter, ...] = (N,), assumptions: tuple[str, ...] = (),
          lower: int = 1) -> Claim:
    """`T(n) = 2*T(n/2) + n; T(1) = 1` and a statement about T."""
    equations = []
    for text in recurrence.split(";"):
        read = parse_claim(text.strip(), functions=None)
        equations.append(Equation(read.relation, read.conditions))
    names = {e.relation.left.op for e in equations} | {"master", "akra_bazzi"}
    if parameters == (N,) and lower != 1:
        parameters = (Parameter("n", lower=Fraction(lower)),)
    return Claim(parameters, parse_relation(statement, functions=names), tuple(map(parse_relation, assumptions)),
                 tuple(equations))


def table() -> list[tuple[str, str, str]]:
    """(source, recurrence, tight bound)."""
    out = []
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            source, recurrence, bound = (x.strip() for x in line.split("|"))
            out.append((source, recurrence, bound))
    return out
