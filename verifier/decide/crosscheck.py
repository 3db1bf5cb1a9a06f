"""The conscience of the prover: certificates attacked at concrete sizes, and trends where nothing was decided.

A certificate of a proved claim names constants and thresholds, so its obligations are plain inequalities between
numbers at every point of their context.  `attack` looks for a point where one fails.  The kernel has accepted the
certificate, so a hit is a bug of ours, to be reported with the bundle, never a verdict.

`suspicion` follows the ratio of the two sides of an undecided Landau claim along simple families.  What it sees is
evidence, not a verdict either."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import log
from pathlib import Path
from time import thread_time
from typing import Any

from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.obligations import base_context, obligations, statement
from verifier.lang.ast import LANDAU, App, Expr, Relation, Var, free_vars
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import Enclosure, compare, evaluate, holds
from verifier.lang.show import ascii_relation, rational
from verifier.refute.search import find_violation, gallop
from verifier.refute.search_box import Point, Problem
from verifier.refute.search_range import Growth, point_sign
from verifier.refute.search_sample import log_ratio, sample

EXAMPLES = 80


@dataclass(frozen=True, slots=True)
class Hit:
    """A point at which an obligation of an accepted certificate is false."""

    obligation: str
    relation: str
    point: Mapping[str, Fraction]

    def __str__(self) -> str:
        at = ", ".join(f"{n} = {rational(q)}" for n, q in self.point.items())
        return f"{self.relation} ({self.obligation}) fails at {at}"


def attack(certificate: Mapping[str, Any], seconds: float = 0.5, seed: int | None = None) -> Hit | None:
    """A point that contradicts a certificate of a proved claim, or None after `seconds` without one.

    Claims about recurrences are attacked where they are explicit."""
    if certificate.get("verdict") != "proved":
        return None
    deadline = thread_time() + seconds
    claim = claim_from_json(certificate["claim"])
    if claim.statement.op not in (*LANDAU, "~"):
        point = find_violation(claim, seconds=seconds, seed=seed)
        return None if point is None else Hit("holds", ascii_relation(claim.statement), point)
    if claim.recurrences:
        return None
    try:
        constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
        todo = obligations(claim, str(certificate["strength"]), constants)
    except (Rejected, KeyError, EvaluationError):
        return None
    for k, (name, o) in enumerate(todo.items()):
        share = (deadline - thread_time()) / (len(todo) - k)
        if share <= 0:
            break
        point = breaking_point(o.context, o.goal, share, seed)
        if point is not None:
            return Hit(name, ascii_relation(o.goal), point)
    return None


def breaking_point(context: Context, goal: Relation, seconds: float, seed: int | None = None) -> Point | None:
    """A point of the context at which the goal is false, decided exactly."""
    prefixes: dict[Any, Any] = {}

    def violated(point: Point) -> bool | None:
        full = completed(context, point)
        if full is None or not _inside(context, full):
            return False
        sign = point_sign(goal.left, goal.right, full, {}, prefixes)
        if sign is None:
            try:
                sign = compare(goal.left, goal.right, full, bits=512)
            except EvaluationError:
                return None
        return sign != 0 if goal.op == "=" else sign > 0 if goal.op == "<=" else sign >= 0

    user = Context(
        {n: i for n, i in context.names.items() if not n.startswith("_")},
        tuple(h for h in context.hypotheses if not _fresh(h)),
    )
    start = thread_time()
    found = None
    for fixed in _reals(user):
        if thread_time() - start > seconds / 3:
            break
        problem = Problem(goal, user, violated, fixed=fixed)
        problem.comparisons = []
        found = gallop(problem, start + seconds / 3)
        if found is not None:
            break
    if found is None:
        found = sample(user, goal, violated, {}, seconds - (thread_time() - start), seed, EXAMPLES)
    return None if found is None else completed(context, found)


def _reals(context: Context) -> Iterator[dict[str, Fraction]]:
    """Extreme and equal values of the real names."""
    names = [n for n, i in context.names.items() if not i.integer]
    values = [Fraction(1), Fraction(1, 1000), Fraction(1000), Fraction(1, 2)]
    columns = [[q for q in values if context.names[n].contains(q)] or [_some(context.names[n])] for n in names]
    for k, combination in enumerate(product(*columns)):
        if k > 40:
            return
        yield dict(zip(names, combination, strict=True))


def _some(d: Interval) -> Fraction:
    if d.lo is not None and d.hi is not None:
        return (d.lo + d.hi) / 2
    return d.lo + 1 if d.lo is not None else d.hi - 1 if d.hi is not None else Fraction(0)


def _fresh(h: Relation) -> bool:
    return any(n.startswith("_") for n in free_vars(h.left) | free_vars(h.right))


def completed(context: Context, point: Mapping[str, Fraction]) -> Point | None:
    """The point with the constants of asymptotic assumptions: each the ratio that makes its assumption tight."""
    out = dict(point)
    for h in context.hypotheses:
        for bound, other in ((h.right, h.left), (h.left, h.right)):
            if (
                isinstance(bound, App)
                and bound.op == "*"
                and isinstance(bound.args[0], Var)
                and bound.args[0].name.startswith("_")
                and bound.args[0].name in context.names
            ):
                rest: Expr = bound.args[1] if len(bound.args) == 2 else App("*", bound.args[1:])
                try:
                    v = evaluate(App("/", (other, rest)), out)
                except EvaluationError:
                    return None
                if isinstance(v, Enclosure):
                    v = v.hi if bound is h.right else v.lo
                out[bound.args[0].name] = v
    return out if set(out) == set(context.names) else None


def _inside(context: Context, point: Mapping[str, Fraction]) -> bool:
    if not all(i.contains(point[n]) for n, i in context.names.items()):
        return False
    try:
        return all(_fresh(h) or holds(h.op, h.left, h.right, point) for h in context.hypotheses)
    except EvaluationError:
        return False


def bundle(certificate: Mapping[str, Any], hit: Hit) -> dict[str, Any]:
    """All that is needed to look into a hit: the certificate, the obligation and the point."""
    return {
        "format": 1,
        "kind": "internal inconsistency",
        "obligation": hit.obligation,
        "relation": hit.relation,
        "point": {n: rational(q) for n, q in hit.point.items()},
        "certificate": dict(certificate),
    }


def write_bundle(certificate: Mapping[str, Any], hit: Hit, path: Path) -> Path:
    """Write the bundle as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bundle(certificate, hit), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


# ------------------------------------------------------------------ trends


@dataclass(frozen=True, slots=True)
class Trend:
    """What was seen along a family: the ratio that should stay bounded (or tend to 0) grew like t^exponent, or slower if the
    exponent is 0.  `rows` holds pairs (t, ratio) as text."""

    sizes: Mapping[str, str]
    exponent: float
    ratio: str
    rows: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        at = ", ".join(f"{n} = {s}" for n, s in self.sizes.items())
        growth = f"like t^{self.exponent:.2f}" if self.exponent >= 0.05 else "slowly"
        return f"suspect: along {at} the ratio {self.ratio} grows {growth} (observed, not proved)"


_POWERS = (6, 8, 10, 12, 16, 20, 24, 32, 40, 48)


def suspicion(claim: Claim, seconds: float = 1.0) -> Trend | None:
    """Numeric evidence against an undecided Landau claim: a family along which a ratio that should be bounded grows."""
    try:
        r, context = statement(claim), base_context(claim)
    except Rejected:
        return None
    if r.op not in LANDAU:
        return None
    from verifier.refute.search import recurrence_functions

    _, growth = recurrence_functions(claim, r)
    pairs = {
        "O": [("left/right", r.left, r.right)],
        "Omega": [("right/left", r.right, r.left)],
        "o": [("left/right", r.left, r.right)],
        "omega": [("right/left", r.right, r.left)],
        "Theta": [("left/right", r.left, r.right), ("right/left", r.right, r.left)],
    }[r.op]
    small = r.op in ("o", "omega")
    deadline = thread_time() + seconds
    for powers in _families(claim):
        for label, top, bottom in pairs:
            seen = list(_follow(context, powers, (top, bottom), growth, deadline))
            if len(seen) < 5:
                continue
            logs = [v for _, v in seen]
            rise = (logs[-1] - logs[-3]) / ((seen[-1][0] - seen[-3][0]) * log(2))
            rising = all(b >= a - 1e-9 for a, b in zip(logs[-5:], logs[-4:]))
            if small and rise > -0.01 and logs[-1] > -3 or not small and rising and logs[-1] - logs[-5] > 0.5:
                shown = {n: _size(q) for n, q in powers.items()}
                rows = tuple((f"2^{k}", f"{2.718281828459045 ** min(v, 600.0):.4g}") for k, v in seen)
                return Trend(shown, max(0.0, rise), label, rows)
        if thread_time() > deadline:
            break
    return None


def _families(claim: Claim) -> Iterator[dict[str, Fraction]]:
    """Exponents of t for every parameter: equal growth, then one faster or slower than the others."""
    names = [p.name for p in claim.parameters]
    grows = [p.name for p in claim.parameters if p.role == "growing"]
    base = {n: Fraction(1 if n in grows else 0) for n in names}
    yield base
    loose = [p.name for p in claim.parameters if p.role != "constant"]
    for n in loose:
        for q in (Fraction(2), Fraction(1, 2)) if n in grows else (Fraction(1), Fraction(-1)):
            yield base | {n: q}
    for n, m in product(loose, repeat=2):
        if n < m and n not in grows:
            yield base | {n: Fraction(1), m: Fraction(-1)}


def _follow(
    context: Context,
    powers: Mapping[str, Fraction],
    sides: tuple[Expr, Expr],
    growth: Mapping[str, Growth],
    deadline: float,
) -> Iterator[tuple[int, float]]:
    for k in _POWERS:
        if thread_time() > deadline:
            return
        point = {}
        for n, q in powers.items():
            d = context.names[n]
            v = Fraction(2) ** int(k * q)
            point[n] = v if d.contains(v) else _some(d) if q == 0 else v
        full = completed(context, point)
        if full is None or not _inside(context, full):
            continue
        seen = log_ratio(*sides, full, growth)
        if seen is not None:
            yield k, seen


def _size(q: Fraction) -> str:
    return "1" if q == 0 else "t" if q == 1 else f"t^{q}" if q.denominator == 1 and q > 0 else f"t^({q})"


__all__ = ["Hit", "Trend", "attack", "bundle", "suspicion", "write_bundle"]
