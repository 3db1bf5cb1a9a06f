"""Recurrences whose order depends on constants: the case table, and the verdict that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from math import gcd, lcm
from time import monotonic
from typing import Any

from verifier.decide.decision import Budget, Decision
from verifier.decide.recurrence_model import model
from verifier.kernel.check import FORMAT, check
from verifier.kernel.claim import Claim, claim_to_json
from verifier.kernel.context import Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Rational,
    _mono,
    key_expr,
    mono_expr,
    mono_key,
    names_in,
    scale,
    times,
)
from verifier.kernel.recurrence_cases import CASES, case
from verifier.kernel.recurrence_orders import RULES
from verifier.kernel.recurrence_real import ONE, Facts, real_of
from verifier.kernel.recurrence_symbolic import UndecidedSign
from verifier.kernel.recurrence_system import System, argument, constant_facts
from verifier.kernel.recurrence_value import NotWellFounded
from verifier.lang.ast import Expr, add, mul, num, power
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii, ascii_relation

DEPTH = 2
"""How many comparisons of constants are made one within the other."""
_PIVOTS = 3


def by_cases(claim: Claim, systems: Mapping[str, System], undecided: Decision, deadline: float, depth: int) -> Decision:
    """The claim for x < y, x = y and x > y, where the sign of x - y was missing.  Without such a sign, or if no case can be
    decided, the decision stays as it is."""
    if depth >= DEPTH or not any(p.role == "constant" for p in claim.parameters):
        return undecided
    best = undecided
    for left, right in islice(_pivots(claim, systems), _PIVOTS):
        rows: list[str] = []
        nested: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for name in CASES:
            if monotonic() > deadline:
                return best
            part = case(claim, name, left, right)
            if model(part) is None:
                continue
            d = _decided(part, deadline, depth + 1)
            text = ascii_relation(part.assumptions[-1])
            rows += [f"{text}, {row}" for row in d.findings] or [f"{text}: {d.verdict}{f', {d.reason}' if d.reason else ''}"]
            if d.certificate is not None and d.verdict != "undecided":
                nested[name] = (d.verdict, d.certificate)
        found = _verdict(claim, left, right, nested) if nested else None
        if found is not None:
            return replace(found, reason=f"the order depends on {left} against {right}", findings=tuple(rows))
        if nested and best is undecided:
            best = replace(undecided, reason=f"the order depends on {left} against {right}",
                           findings=(*undecided.findings, *rows))
    return best


def _decided(part: Claim, deadline: float, depth: int) -> Decision:
    from verifier.decide.recurrences import decide_recurrence
    try:
        return decide_recurrence(part, Budget(seconds=max(0.1, deadline - monotonic())), depth)
    except SourceError as error:
        return Decision("undecided", reason=error.message)
    except (Rejected, EvaluationError) as error:
        return Decision("undecided", reason=str(error))


def _verdict(claim: Claim, left: str, right: str, nested: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Decision | None:
    """Refuted by one case, or proved by all of them."""
    refuted = {n: c for n, (v, c) in nested.items() if v == "refuted"}
    kept = dict(list(refuted.items())[:1]) or {n: c for n, (_, c) in nested.items()}
    certificate: dict[str, Any] = {
        "format": FORMAT, "claim": claim_to_json(claim), "verdict": "refuted" if refuted else "proved",
        "bound": {"rule": "cases", "left": left, "right": right}, "comparison": kept}
    if not refuted and set(nested) == set(CASES):
        certificate["strength"] = next(iter(kept.values()))["strength"]
    if claim.assumptions:
        certificate["model"] = model(claim)
    try:
        checked = check(certificate)
    except Rejected:
        return None
    if checked.strength is not None:
        certificate["strength"] = checked.strength
    return Decision(checked.verdict, checked.strength, certificate)


def _pivots(claim: Claim, systems: Mapping[str, System]) -> Iterator[tuple[str, str]]:
    """Comparisons x against y of constants that the rules and the comparison with the claim would need."""
    seen: set[tuple[str, str]] = set()
    facts = constant_facts(claim)
    for e in _missing(claim, systems):
        with suppress(Rejected, EvaluationError):
            pair = _sides(e, facts)
            if pair not in seen:
                seen.add(pair)
                yield pair


def _missing(claim: Claim, systems: Mapping[str, System]) -> Iterator[Expr]:
    """Constants whose sign was asked for in vain."""
    from verifier.kernel.recurrence import compare_orders
    from verifier.prove.recurrence import establishes, target_order
    from verifier.prove.recurrence.bound import candidates

    def tried(step: Callable[[], object]) -> Expr | None:
        try:
            step()
        except UndecidedSign as error:
            return error.expression
        except (Rejected, EvaluationError, NotWellFounded):
            pass
        return None

    for system in systems.values():
        for b in system.branches:
            for c in b.calls:
                yield from filter(None, [tried(lambda a=c.argument, s=system: (
                    argument(a, s.variable, s.facts).slope - ONE).sign())])
        target = target_order(claim.statement.right, system.variable, systems)
        entries: list[dict[str, Any]] = []
        found = tried(lambda s=system, out=entries, t=target: out.extend(candidates(s, {}, t)))
        for entry in entries:
            yield from filter(None, [tried(lambda s=system, e=entry: RULES[e["rule"]](s, e, {}))])
        yield from filter(None, [found, tried(lambda s=system, t=target: compare_orders(
            claim, systems, establishes(systems, s.name, t)[1]))])


def _sides(e: Expr, facts: Facts) -> tuple[str, str]:
    """x and y without minus signs or negative exponents such that x - y is a positive multiple of e; what mentions no
    parameter stands on the right."""
    p = real_of(e, facts).num  # the sign of a polynomial was asked for: no denominator
    below: dict[str, Rational] = {}
    for m in p:
        for k, q in m[0]:
            if q < 0:
                below[k] = max(below.get(k, 0), -q)
    if all(_positive(k, facts) for k in below):
        p = times(p, _mono(below, {}))
    powers = {n: max(-q for m in p for k, q in m[1] if k == n) for n in {k for m in p for k, q in m[1] if q < 0}}
    if powers:
        p = times(p, _mono({}, dict(powers)))
    above = {m: c for m, c in p.items() if c > 0}
    rest = scale({m: c for m, c in p.items() if c < 0}, -1)
    if not any(names_in(k) for m in above for k, _ in m[0]):
        above, rest = rest, above
    numbers = [Fraction(c) for s in (above, rest) for c in s.values()]
    factor = Fraction(gcd(*(q.numerator for q in numbers)), lcm(*(q.denominator for q in numbers)))
    x, y = (ascii(add(*(_shown(m, Fraction(c) / factor) for m, c in sorted(s.items(), key=lambda t: mono_key(t[0])))))
            for s in (above, rest))
    return x, y


def _shown(m: Mono, c: Fraction) -> Expr:
    """The monomial with exp(c*log(b)) as b^c."""
    factors: list[Expr] = [num(c)] if c != 1 or m == UNIT else []
    plain: Mono = (m[0], tuple((n, q) for n, q in m[1] if not _logs(n)))
    if plain != UNIT:
        factors.append(mono_expr(plain))
    for n, q in m[1]:
        if _logs(n):
            k = _logs(n)[0]
            rest = mono_expr((tuple((a, e) for a, e in n[0] if a != k), n[1]))
            factors.append(power(key_expr(k[4:-1]), mul(num(q), rest) if q != 1 else rest))
    return mul(*factors)


def _logs(n: Mono) -> list[str]:
    return [k for k, q in n[0] if k.startswith("log(") and q == 1]


def _positive(key: str, facts: Facts) -> bool:
    """Whether an atom is known to be positive."""
    try:
        return real_of(key_expr(key), facts).sign() > 0
    except (Rejected, EvaluationError):
        return False
