"""The separation of two algorithms: the tight ratio of their costs, the sizes at which the cheaper one changes, and the model
whose size decides the cost of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from typing import Any

from verifier.cost.program import Call, reachable, statements
from verifier.decide.bound import Found, bound_of
from verifier.decide.decision import Budget, Decision
from verifier.decide.pipeline import decide
from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import check_point, interval
from verifier.lang.ast import ONE, App, Expr, Relation, free_vars
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import Position, SourceError
from verifier.lang.evaluate import compare as compare_values
from verifier.spec.claims import SpecClaim, readings_of
from verifier.spec.load import Spec

LAST = 2 ** 62
"""Crossovers are sought up to this size."""
_SCANNED = 512


@dataclass(frozen=True, slots=True)
class Crossover:
    """At `size` of the parameter, the others as in `others`, the cheaper algorithm becomes `cheaper` (None: equal)."""

    parameter: str
    others: Mapping[str, Fraction]
    size: Fraction
    before: str | None
    cheaper: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a model in the cost of an algorithm: `bound` is its tight order, `dominates` the verdict on
    cost(A) = Theta(cost[M](A))."""

    algorithm: str
    model: str
    part: Expr
    bound: Expr | None
    dominates: Decision


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two algorithms under one reading.  `smallest`: the sizes from which crossovers are sought, and the cheaper one there.
    `never_dearer` names the one that is proved to cost at most as much as the other at
    every size, with its decision; None if neither is."""

    reading: str | None
    a: str
    b: str
    cost_a: Expr
    cost_b: Expr
    ratio: Found
    never_dearer: tuple[str, Decision] | None
    smallest: tuple[Mapping[str, Fraction], str | None] | None
    crossovers: tuple[Crossover, ...]
    shares: tuple[Share, ...]
    rests_on: tuple[str, ...]


def compare(spec: Spec, a: str, b: str, budget: Budget, *, measure: str = "cost", cost_model: str | None = None,
            at: Mapping[str, Fraction] | None = None, reading: str | None = None) -> list[Comparison]:
    """The comparison in every reading (or in the one named).  `at` fixes parameters in the search for crossovers."""
    for name in (a, b):
        if name not in spec.algorithms:
            from difflib import get_close_matches
            close = get_close_matches(name, spec.algorithms, 1, 0.5)
            raise SourceError(f"unknown algorithm '{name}'", position=Position(spec.file),
                              hint=f"did you mean {close[0]}?" if close else "there are " + ", ".join(spec.algorithms))
    found = readings_of(spec, f"{measure}({a})/{measure}({b}) = Theta(1)", cost_model)
    if reading is not None:
        labels = [c.reading or "" for c in found]
        found = [c for c in found if c.reading == reading]
        if not found:
            raise SourceError(f"there is no reading '{reading}'", position=Position(spec.file),
                              hint="readings: " + ", ".join(filter(None, labels)))
    return [_one(spec, c, a, b, budget, measure, cost_model, at or {}) for c in found]


def _one(spec: Spec, c: SpecClaim, a: str, b: str, budget: Budget, measure: str, cost_model: str | None,
         at: Mapping[str, Fraction]) -> Comparison:
    if c.claim is None:
        why = "; ".join(f"{f.algorithm}: {f.message}" for f in c.findings)
        raise SourceError(f"there is nothing to compare: {why}", position=Position(spec.file))
    claim, quotient = c.claim, c.claim.statement.left
    if not (isinstance(quotient, App) and quotient.op == "/"):
        raise SourceError("the ratio of the two costs is not a quotient", position=Position(spec.file))
    cost_a, cost_b = quotient.args
    ratio = bound_of(quotient, replace(claim, statement=Relation("Theta", quotient, ONE)), budget)
    never = None
    for name, small, large in ((a, cost_a, cost_b), (b, cost_b, cost_a)):
        decision = decide(replace(claim, statement=Relation("<=", small, large)), replace(budget, witnesses=False))
        if decision.verdict == "proved":
            never = (name, decision)
            break
    changes = () if never is not None or claim.recurrences else tuple(
        crossovers(claim, (a, cost_a), (b, cost_b), at))
    begin = None if claim.recurrences else _smallest(claim, (a, cost_a), (b, cost_b), at)
    shares = tuple(s for name in (a, b) for s in _shares(spec, c, name, budget, measure, cost_model))
    return Comparison(c.reading, a, b, cost_a, cost_b, ratio, never, begin, changes, shares, c.rests_on)


# ---------------------------------------------------------------- crossovers

def crossovers(claim: Claim, a: tuple[str, Expr], b: tuple[str, Expr], at: Mapping[str, Fraction]) -> Iterator[Crossover]:
    """Where the cheaper one changes as one parameter grows and the others stay: at the sizes given, otherwise as small as the
    assumptions allow.  Every integer up to 512 is looked at, then powers of 2, with bisection between."""
    names = [p.name for p in claim.parameters]
    for n in at:
        if n not in names:
            raise SourceError(f"'{n}' is not a parameter of the comparison", hint="its parameters: " + ", ".join(names))
    mentioned = free_vars(a[1]) | free_vars(b[1])
    for p in claim.parameters:
        if p.name in at or p.name not in mentioned or p.kind != "integer" or p.role == "constant":
            continue
        start = _start(claim, p.name, at)
        if start is None:
            continue
        yield from _changes(claim, p.name, start, a, b)


def _smallest(claim: Claim, a: tuple[str, Expr], b: tuple[str, Expr], at: Mapping[str, Fraction]
              ) -> tuple[Mapping[str, Fraction], str | None] | None:
    """The smallest sizes considered, and which algorithm is cheaper there."""
    point = _start(claim, claim.parameters[0].name, at) if claim.parameters else {}
    if point is None:
        return None
    try:
        sign = compare_values(a[1], b[1], point)
    except EvaluationError:
        return None
    mentioned = free_vars(a[1]) | free_vars(b[1])
    return {n: q for n, q in point.items() if n in mentioned}, a[0] if sign < 0 else b[0] if sign > 0 else None


def _start(claim: Claim, name: str, at: Mapping[str, Fraction]) -> dict[str, Fraction] | None:
    """The smallest admissible sizes with the given ones kept, such that the named parameter is free to grow."""
    choices = []
    for p in claim.parameters:
        d = interval(p)
        low = d.lo if d.lo is not None else Fraction(1)
        if d.integer:
            small = [max(low, Fraction(1)) + k for k in range(3)]
        else:
            small = [q for q in (Fraction(1), low, low + 1) if not (d.lo_open and q == low)]
        found = [at[p.name]] if p.name in at else [q for q in small if d.hi is None or q < d.hi] or [low]
        choices.append(list(dict.fromkeys(found)))
    for values in islice(product(*choices), 5000):
        point = {p.name: v for p, v in zip(claim.parameters, values)}
        if all(_admissible(claim, {**point, name: q}) for q in (point[name], point[name] + 1, point[name] + 7)):
            return point
    for values in islice(product(*choices), 5000):
        point = {p.name: v for p, v in zip(claim.parameters, values)}
        if _admissible(claim, point):
            return point
    return None


def _admissible(claim: Claim, point: Mapping[str, Fraction]) -> bool:
    try:
        check_point(claim, point)
    except (Rejected, EvaluationError):
        return False
    return True


def _changes(claim: Claim, name: str, start: dict[str, Fraction], a: tuple[str, Expr], b: tuple[str, Expr]
             ) -> Iterator[Crossover]:
    def cheaper(q: Fraction) -> str | None:
        sign = compare_values(a[1], b[1], {**start, name: q})
        return a[0] if sign < 0 else b[0] if sign > 0 else None

    first = start[name]
    others = {n: q for n, q in start.items() if n != name and n in free_vars(a[1]) | free_vars(b[1])}
    last: tuple[Fraction, str | None] | None = None
    for q in _sizes(first):
        if not _admissible(claim, {**start, name: q}):
            break
        try:
            now = cheaper(q)
        except EvaluationError:
            break
        while last is not None and now != last[1]:
            size = _first_change(cheaper, last[0], q, last[1])
            yield Crossover(name, others, size, last[1], cheaper(size))
            last = (size, cheaper(size))
        last = (q, now)


def _sizes(first: Fraction) -> Iterator[Fraction]:
    q = first
    for _ in range(_SCANNED):
        yield q
        q += 1
    while q <= LAST:
        yield q
        q *= 2


def _first_change(cheaper: Callable[[Fraction], str | None], low: Fraction, high: Fraction, before: str | None) -> Fraction:
    """A size in (low, high] at which `before` stops to be the answer, by bisection."""
    while high - low > 1:
        middle = (low + high) // 2
        if cheaper(Fraction(middle)) == before:
            low = Fraction(middle)
        else:
            high = Fraction(middle)
    return high


# ---------------------------------------------------------------- models

def _shares(spec: Spec, c: SpecClaim, name: str, budget: Budget, measure: str, cost_model: str | None) -> Iterator[Share]:
    """Each model that the algorithm calls: its part of the cost, and whether that part is the order of the whole."""
    system = spec.system
    program = next((n for n in spec.programs if n.partition("@")[0] == name), name)
    used = {s.model for n in reachable(system.programs, program) if n in system.programs
            for s in statements(system.programs[n].body) if isinstance(s, Call)}
    for model in (m for m in spec.models if m in used):
        text = f"{measure}({name}) = Theta({measure}[{model}]({name}))"
        for found in readings_of(spec, text, cost_model):
            if found.claim is None or found.reading not in (c.reading, None) and c.reading is not None \
                    and found.reading not in c.reading.split(", "):
                continue
            part = found.claim.statement.right
            bound = bound_of(part, replace(found.claim, statement=Relation("Theta", part, part)), budget)
            yield Share(name, model, part, bound.bound, decide(found.claim, replace(budget, witnesses=False)))
            break


def as_json(c: Comparison, certificate: Callable[[str, Decision], str | None]) -> dict[str, Any]:
    """The machine-readable form; `certificate` writes a certificate under a name and returns its path."""
    from verifier.lang.show import ascii

    def text(e: Expr | None) -> str | None:
        return None if e is None else ascii(e)

    return {
        "reading": c.reading, "a": c.a, "b": c.b, "cost_a": text(c.cost_a), "cost_b": text(c.cost_b),
        "ratio": {"bound": None if c.ratio.bound is None else f"Theta({ascii(c.ratio.bound)})",
                  "strength": c.ratio.decision.strength, "constants": dict(c.ratio.decision.constants) or None,
                  "certificate": certificate("ratio", c.ratio.decision), "reason": c.ratio.decision.reason},
        "never_dearer": None if c.never_dearer is None else
        {"algorithm": c.never_dearer[0], "certificate": certificate("never_dearer", c.never_dearer[1])},
        "smallest": None if c.smallest is None else {"sizes": {n: str(q) for n, q in c.smallest[0].items()},
                                                      "cheaper": c.smallest[1]},
        "crossovers": [{"parameter": x.parameter, "others": {n: str(q) for n, q in x.others.items()},
                        "size": str(x.size), "before": x.before, "cheaper": x.cheaper} for x in c.crossovers],
        "models": [{"algorithm": s.algorithm, "model": s.model, "part": text(s.part), "bound": text(s.bound),
                    "dominates": {"proved": True, "refuted": False}.get(s.dominates.verdict),
                    "strength": s.dominates.strength, "family": (s.dominates.family or {}).get("sizes"),
                    "certificate": certificate(f"{s.algorithm}.{s.model}", s.dominates)} for s in c.shares],
        "rests_on": list(c.rests_on),
    }


__all__ = ["Comparison", "Crossover", "Share", "as_json", "compare", "crossovers"]
