"""A claim from texts alone, as the command line gives them: parameters are inferred."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from verifier.kernel.claim import Claim, Equation, Parameter
from verifier.lang.ast import App, Expr, Measure, Num, Relation, Var, free_vars, functions, subterms
from verifier.lang.errors import Position, SourceError
from verifier.lang.parse import ClaimText, parse_any, parse_any_expression, parse_claim, parse_system
from verifier.spec.definedness import require_defined
from verifier.spec.load import empty, narrow
from verifier.spec.theorems import FORM, NotACase, theorem_relation

_NAME = re.compile(r"[^\W\d]\w*")
_DECLARED = re.compile(r"\s*([^\W\d]\w*)\s*(?::|\bin\b)\s*((?:positive|non-?negative|integer|real)\b.*)", re.S)


@dataclass(frozen=True, slots=True)
class Declarations:
    """What is said about parameters beside the claim.  Every other name is an integer >= 1 that grows.

    `given`: assumptions; `domains`: `n >= 2`, `2 <= n <= 9` or `p: real in (0,1)`; `recurrences`: equations, separated by
    `;`; `real`: positive reals, uniform unless listed under another role."""

    given: Sequence[str] = ()
    domains: Sequence[str] = ()
    recurrences: Sequence[str] = ()
    real: Sequence[str] = ()
    integer: Sequence[str] = ()
    constant: Sequence[str] = ()
    uniform: Sequence[str] = ()
    growing: Sequence[str] = ()


def question(text: str, declared: Declarations | None = None) -> Claim:
    """The claim `text`; SourceError if it cannot be read or speaks about undefined values."""
    declared = declared or Declarations()
    equations = _equations(declared.recurrences)
    names = _function_names(equations)
    if equations and (m := FORM.fullmatch(text)):
        found = ClaimText(_theorem(m, equations, text), ())
    else:
        found = _read("<claim>", text, functions=names)
    parameters, assumptions = _context([found.relation.left, found.relation.right], found.conditions, equations, declared,
                                       "<claim>", text)
    claim = Claim(parameters, found.relation, assumptions, equations)
    _no_measures(claim, text)
    require_defined(claim, Position("<claim>"), text)
    return claim


def expression(text: str, declared: Declarations | None = None) -> tuple[Expr, Claim]:
    """An expression and the claim `expression = Theta(expression)` that holds its parameters, assumptions and recurrences."""
    declared = declared or Declarations()
    equations = _equations(declared.recurrences)
    e = parse_any_expression(_text(text, "<expression>"), functions=_function_names(equations),
                             position=Position("<expression>"))
    parameters, assumptions = _context([e], (), equations, declared, "<expression>", text)
    claim = Claim(parameters, Relation("Theta", e, e), assumptions, equations)
    require_defined(claim, Position("<expression>"), text)
    return e, claim


def _theorem(m: re.Match[str], equations: tuple[Equation, ...], text: str) -> Relation:
    place = Position("<claim>", 1, m.start(4) + 1)
    try:
        return theorem_relation(m, equations, lambda t: parse_any_expression(t, position=place))
    except NotACase as error:
        raise SourceError("not a case of the master theorem", position=place, text=text, hint=str(error)) from None
    except KeyError:
        raise SourceError(f"unknown function '{m[2]}'", position=Position("<claim>", 1, m.start(2) + 1), text=text,
                          hint="defined here: " + ", ".join(_function_names(equations))) from None


def _text(text: str, place: str) -> str:
    if not text.strip():
        raise SourceError("the text is empty", position=Position(place))
    return text


def _read(place: str, text: str, functions: Sequence[str] = ()) -> ClaimText:
    return parse_any(_text(text, place), functions=functions, position=Position(place))


def _equations(texts: Sequence[str]) -> tuple[Equation, ...]:
    out = []
    for text in texts:
        for c in parse_system(_text(text, "<recurrence>"), functions=None, position=Position("<recurrence>")):
            left = c.relation.left
            if c.relation.op != "=" or not isinstance(left, App) or left.op not in functions(left) or not all(
                    isinstance(a, Var | Num) for a in left.args):
                raise SourceError("a recurrence is an equation such as T(n) = 2*T(n/2) + n",
                                  position=Position("<recurrence>"), text=text)
            out.append(Equation(c.relation, c.conditions))
    names = _function_names(tuple(out))
    for e in out:
        unknown = functions(e.relation.right) - set(names)
        if unknown:
            raise SourceError(f"unknown function '{min(unknown)}'", position=Position("<recurrence>"),
                              hint=f"defined here: {', '.join(names)}; write a product with *")
    return tuple(out)


def _function_names(equations: Sequence[Equation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.relation.left.op for e in equations if isinstance(e.relation.left, App)))


def _context(sides: Sequence[Expr], conditions: Sequence[Relation], equations: Sequence[Equation],
             declared: Declarations, place: str, text: str) -> tuple[tuple[Parameter, ...], tuple[Relation, ...]]:
    """The parameters in the order of their first appearance, and the assumptions."""
    given: list[Relation] = []
    for a in declared.given:
        c = _read("<given>", a)
        if c.conditions:
            raise SourceError("an assumption has no conditions of its own", position=Position("<given>"), text=a)
        given.append(c.relation)
    domains, explicit = _domains(declared.domains)
    order = [n for e in sides for n in _in_order(e)]
    order += [n for r in (*conditions, *given) for e in (r.left, r.right) for n in _in_order(e)]
    for equation in equations:
        formals = {a.name for a in getattr(equation.relation.left, "args", ()) if isinstance(a, Var)}
        order += [n for n in _in_order(equation.relation.right) if n not in formals]
    order = list(dict.fromkeys(order))
    roles = {"constant": declared.constant, "uniform": declared.uniform, "growing": declared.growing}
    named = [*explicit, *declared.real, *declared.integer, *(n for names in roles.values() for n in names),
             *(n for r in domains for n in sorted(free_vars(r.left) | free_vars(r.right)))]
    for n in named:
        if n not in order:
            from difflib import get_close_matches
            close = get_close_matches(n, order, 1, 0.5)
            raise SourceError(f"'{n}' does not occur in the claim", position=Position(place), text=text,
                              hint=f"did you mean {close[0]}?" if close else "the claim is about " + ", ".join(order))
    table = []
    for n in order:
        p = replace(explicit[n], name=n) if n in explicit else Parameter(n)
        if n in declared.real:
            if n in declared.integer:
                raise SourceError(f"'{n}' is declared both real and integer", position=Position(place))
            p = Parameter(n, "real", Fraction(0), True, role="uniform")
        chosen = [role for role, names in roles.items() if n in names]
        if len(chosen) > 1:
            raise SourceError(f"'{n}' cannot be both {chosen[0]} and {chosen[1]}", position=Position(place))
        table.append(replace(p, role=chosen[0]) if chosen else p)
    parameters, rest = narrow(tuple(table), [*domains, *given, *conditions])
    for p in parameters:
        if empty(p):
            raise SourceError(f"nothing is left of the domain of {p.name}: the conditions contradict each other",
                              position=Position(place), text=text)
    return parameters, tuple(dict.fromkeys(rest))


def _domains(texts: Sequence[str]) -> tuple[list[Relation], dict[str, Parameter]]:
    relations: list[Relation] = []
    explicit: dict[str, Parameter] = {}
    for text in texts:
        if m := _DECLARED.fullmatch(_text(text, "<domain>")):
            from verifier.spec.model import parse_domain
            try:
                explicit[m[1]] = parse_domain(m[2])
            except ValueError as error:
                raise SourceError(str(error), position=Position("<domain>"), text=text) from None
            continue
        relations += parse_claim("0 = 0 for " + text, position=Position("<domain>", 1, -9)).conditions
    return relations, explicit


def _in_order(e: Expr) -> list[str]:
    """Free variables in the order of first appearance."""
    free = free_vars(e)
    return list(dict.fromkeys(s.name for s in subterms(e) if isinstance(s, Var) and s.name in free))


def _no_measures(claim: Claim, text: str) -> None:
    for side in (claim.statement.left, claim.statement.right):
        if any(isinstance(s, Measure) for s in subterms(side)):
            raise SourceError("a measure needs an algorithm: write the claim into a specification file",
                              position=Position("<claim>"), text=text)
