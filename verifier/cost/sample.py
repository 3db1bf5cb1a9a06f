"""Small points of a domain, to find where an expression is not defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product

from verifier.cost.facts import Facts
from verifier.kernel.claim import Parameter
from verifier.lang.ast import App, Expr, Num, Var, free_vars, num, sub
from verifier.lang.evaluate import EvaluationError, evaluate

MAX_POINTS = 400
Point = dict[str, Fraction]


def values(p: Parameter) -> list[Fraction]:
    """A few small values of a parameter."""
    low = p.lower if p.lower is not None else Fraction(-2)
    if p.kind == "integer":
        steps = [low + k for k in range(4)]
    else:
        top = p.upper if p.upper is not None else low + 2
        steps = [low + (top - low) * Fraction(k, 4) for k in range(1 if p.lower_open else 0, 5)]
    return [x for x in steps if p.upper is None or x < p.upper or x == p.upper and not p.upper_open]


def points(names: frozenset[str], facts: Facts) -> Iterator[Point]:
    """Points over the names that obey the facts about those names alone; none if a name is unknown."""
    chosen = sorted(names)
    if not names <= set(facts.parameters):
        return
    choices = [values(facts.parameters[n]) for n in chosen]
    while choices and _size(choices) > MAX_POINTS:
        widest = max(range(len(choices)), key=lambda i: len(choices[i]))
        if len(choices[widest]) == 1:
            break
        choices[widest] = choices[widest][:-1]
    slacks = [s for s in facts.slacks if free_vars(s) <= names]
    for point in islice(product(*choices), MAX_POINTS):
        env = dict(zip(chosen, point, strict=True))
        if all(_sign(s, env) in (0, 1) for s in slacks):
            yield env


def _size(choices: list[list[Fraction]]) -> int:
    n = 1
    for c in choices:
        n *= len(c)
    return n


def _sign(e: Expr, env: Mapping[str, Fraction]) -> int | None:
    """The sign of a value; None if it is not defined or not known."""
    try:
        v = evaluate(e, env)
    except EvaluationError:
        return None
    if isinstance(v, Fraction):
        return (v > 0) - (v < 0)
    return 1 if v.lo > 0 else -1 if v.hi < 0 else None


def exact_values(e: Expr, facts: Facts) -> Iterator[tuple[Point, Fraction]]:
    """Values of e at small points, where they are rational."""
    for env in points(free_vars(e), facts):
        try:
            v = evaluate(e, env)
        except EvaluationError:
            continue
        if isinstance(v, Fraction):
            yield env, v


def undefined_at(e: Expr, facts: Facts) -> tuple[str, Point] | None:
    """A division by 0 or a logarithm of something <= 0 at a small point of the domain, if one was found."""
    if not isinstance(e, App):
        return None
    if e.op == "sum" and isinstance(e.args[1], Var):
        return undefined_at(e.args[2], facts) or undefined_at(e.args[3], facts)
    for a in e.args:
        found = undefined_at(a, facts)
        if found:
            return found
    checks: list[tuple[Expr, tuple[int, ...], str]] = []
    if e.op == "/":
        checks.append((e.args[1], (0,), "division by 0"))
    elif e.op in ("log", "log2"):
        checks.append((e.args[0], (0, -1), "the logarithm of a value <= 0"))
        if len(e.args) == 2:
            checks.append((e.args[1], (0, -1), "a logarithm to a base <= 0"))
            checks.append((sub(e.args[1], num(1)), (0,), "a logarithm to the base 1"))
    elif e.op == "^" and isinstance(e.args[1], Num) and e.args[1].value < 0:
        checks.append((e.args[0], (0,), "a negative power of 0"))
    for part, bad, message in checks:
        if facts.positive(part):
            continue
        for env in points(free_vars(part), facts):
            if _sign(part, env) in bad:
                return message, env
    return None
