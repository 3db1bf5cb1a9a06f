"""What is claimed: parameters, assumptions, recurrences and one statement, complete in itself.

A `Claim` carries everything its meaning depends on, so that a certificate can be checked without the
specification it came from.  Its JSON form uses canonical ASCII expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.lang.ast import Relation
from verifier.lang.parse import parse_claim, parse_relation
from verifier.lang.reader import RESERVED
from verifier.lang.show import ascii_relation

STRENGTHS = ("everywhere", "any-large", "all-large")
"""From the strongest to the weakest."""

THEOREMS = ("master", "akra_bazzi")
"""What a statement may say of a recurrence besides its values: master(T(n)) = 2, akra_bazzi(T(n)) = log(3)/log(2)."""

ROLES = ("growing", "constant", "uniform")
KINDS = ("integer", "real")
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter ranging over the integers or reals in an interval.

    `lower`/`upper` None means unbounded on that side; an `open` end is excluded.  Role *growing*: the
    bound must hold as it grows; *constant*: constants may depend on it; *uniform*: it neither grows nor
    may constants depend on it."""

    name: str
    kind: str = "integer"
    lower: Fraction | None = Fraction(1)
    lower_open: bool = False
    upper: Fraction | None = None
    upper_open: bool = False
    role: str = "growing"


@dataclass(frozen=True, slots=True)
class Equation:
    """One line of a recurrence: `relation` is T(args) = right-hand side, valid where all `conditions` hold.
    A base case is an equation whose right side does not mention the function; T(1) = 1 keeps its literal
    argument."""

    relation: Relation
    conditions: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """For all parameter values in their domains that satisfy the assumptions: the statement.

    A Landau statement is read with the thresholds of a strength (everywhere, any-large, all-large); any other
    relation is universally quantified over the domain.  `assumptions` may be exact (b <= k) or Landau
    (m_g = Theta(k*m_s)): some positive constants, unknown but fixed."""

    parameters: tuple[Parameter, ...]
    statement: Relation
    assumptions: tuple[Relation, ...] = ()
    recurrences: tuple[Equation, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name; KeyError if there is none."""
        for p in self.parameters:
            if p.name == name:
                return p
        raise KeyError(name)


def _ratio(text: object) -> Fraction | None:
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > 1000:
        raise ValueError("a bound is a rational number in a string")
    return Fraction(text)


def _parameter(data: Mapping[str, Any]) -> Parameter:
    p = Parameter(str(data["name"]), data.get("kind", "integer"), _ratio(data.get("lower", "1")),
                  data.get("lower_open", False), _ratio(data.get("upper")), data.get("upper_open", False),
                  data.get("role", "growing"))
    if not _NAME.fullmatch(p.name) or p.name in RESERVED:
        raise ValueError(f"{p.name[:40]!r} cannot name a parameter")
    if p.kind not in KINDS or p.role not in ROLES:
        raise ValueError(f"parameter {p.name}: unknown kind or role")
    return p


def claim_from_json(data: Mapping[str, Any]) -> Claim:
    """Read a claim; ValueError, KeyError or SourceError if it is malformed."""
    parameters = tuple(_parameter(p) for p in data["parameters"])
    names = frozenset(p.name for p in parameters)
    if len(names) != len(parameters):
        raise ValueError("a parameter is declared twice")
    functions = tuple(str(f) for f in data.get("functions", ()))
    equations = []
    for text in data.get("recurrences", ()):
        c = parse_claim(text, functions=functions)
        equations.append(Equation(c.relation, c.conditions))
    in_statement = (*functions, *THEOREMS) if functions else functions
    return Claim(parameters, parse_relation(data["statement"], names=names, functions=in_statement),
                 tuple(parse_relation(a, names=names) for a in data.get("assumptions", ())), tuple(equations))


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """The JSON form, in a fixed key order; `claim_from_json` inverts it."""
    out: dict[str, Any] = {"parameters": [_parameter_json(p) for p in claim.parameters]}
    if claim.assumptions:
        out["assumptions"] = [ascii_relation(a) for a in claim.assumptions]
    if claim.recurrences:
        out["functions"] = sorted({e.relation.left.op for e in claim.recurrences
                                   if hasattr(e.relation.left, "op")})
        out["recurrences"] = [equation_text(e) for e in claim.recurrences]
    out["statement"] = ascii_relation(claim.statement)
    return out


def equation_text(e: Equation) -> str:
    """`T(n) = 2*T(n/2) + n for n >= 2`."""
    tail = " for " + ", ".join(map(ascii_relation, e.conditions)) if e.conditions else ""
    return ascii_relation(e.relation) + tail


def _parameter_json(p: Parameter) -> dict[str, Any]:
    out: dict[str, Any] = {"name": p.name, "kind": p.kind, "lower": None if p.lower is None else str(p.lower)}
    if p.lower_open:
        out["lower_open"] = True
    if p.upper is not None:
        out["upper"] = str(p.upper)
    if p.upper_open:
        out["upper_open"] = True
    out["role"] = p.role
    return out
