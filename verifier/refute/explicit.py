"""Refutations of explicit claims: one assignment, searched among small sizes and then by the search of the layer."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from time import monotonic
from typing import Any

from verifier.kernel.claim import Claim, claim_to_json
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import interval, violates
from verifier.lang.enclosure import EvaluationError


def refute_explicit(claim: Claim, seconds: float, *, seed: int | None = None, quick: bool = False) -> dict[str, Any] | None:
    """A certificate with the smallest violating assignment found (fewest digits in all, then lexicographic); None if none
    was found in time."""
    point = _small(claim, monotonic() + min(seconds, 0.5))
    if point is not None and len(claim.parameters) > 1 or point is None and not quick:
        from verifier.refute.search import find_violation
        from verifier.refute.search_box import order
        names = [p.name for p in claim.parameters]
        found = find_violation(claim, seconds=seconds if point is None else min(seconds, 1.5), seed=seed)
        if found is not None and (point is None or order([found[n] for n in names]) < order([point[n] for n in names])):
            point = found
    if point is None:
        return None
    return {"format": 1, "claim": claim_to_json(claim), "verdict": "refuted",
            "assignment": {n: str(q) for n, q in point.items()}}


def _small(claim: Claim, deadline: float) -> dict[str, Fraction] | None:
    """The first violating assignment in order of the sum of the sizes, up to a few thousand."""
    for point in _points(claim):
        if monotonic() > deadline:
            return None
        try:
            violates(claim, point)
        except (Rejected, EvaluationError):
            continue
        return point
    return None


def _points(claim: Claim) -> Iterator[dict[str, Fraction]]:
    ranges = []
    n = len(claim.parameters)
    width = {0: 1, 1: 300, 2: 40, 3: 14, 4: 7}.get(n, 4)
    for p in claim.parameters:
        d = interval(p)
        low = d.lo if d.lo is not None else Fraction(1)
        if d.integer:
            values = [low + j for j in range(width) if d.hi is None or low + j <= d.hi]
        else:
            grid = [Fraction(1), Fraction(2), Fraction(1, 2), Fraction(10), Fraction(1, 10), Fraction(3, 4), low]
            values = [q for q in grid if (q > low or q == low and not d.lo_open)
                      and (d.hi is None or q < d.hi or q == d.hi and not d.hi_open)][:width]
        ranges.append(values)
    combos = sorted(product(*ranges), key=lambda c: (sum(c), c)) if n else [()]
    for values in combos:
        yield {p.name: v for p, v in zip(claim.parameters, values)}
