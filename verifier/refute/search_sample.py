"""Sampling with Hypothesis: sizes of every magnitude that respect domain and assumptions, climbing on the ratio.

Sizes are drawn uniform in the exponent, at the ends of the domain, at powers of small bases and their
neighbours, equal to another size, or far from it.  `target` climbs on log(left/right).  The run is deterministic
unless a seed is given, and bounded in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isfinite
from time import thread_time
from typing import Any

from mpmath import libmp as mp

from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.obligations import base_context, statement
from verifier.lang.ast import Relation, Var
from verifier.lang.enclosure import EvaluationError
from verifier.refute.search_box import Point, bases_of, order
from verifier.refute.search_range import Growth, Ranges, Unknown, low_sign

MAX_EXAMPLES = 4000


def sizes_strategy(context: Context, bases: list[int], exponent: int = 64) -> Any:
    """A Hypothesis strategy of assignments to the names of a context (user's names only)."""
    from hypothesis import strategies as st

    names = [n for n in context.names if not n.startswith("_")]

    def integer(d: Interval) -> Any:
        lo = int(d.lo) if d.lo is not None else -(1 << exponent)
        hi = int(d.hi) if d.hi is not None else max(lo, 1) << exponent

        def clamp(v: int) -> int:
            return min(max(v, lo), hi)

        choices = [
            st.integers(lo, min(hi, lo + 20)),
            st.integers(0, exponent - 1).flatmap(lambda e: st.integers(1 << e, (2 << e) - 1)).map(clamp),
            st.builds(
                lambda b, k, j: clamp(b**k + j), st.sampled_from(bases), st.integers(0, exponent // 2), st.integers(-1, 1)
            ),
            st.sampled_from(sorted({lo, clamp(lo + 1), hi, clamp(hi - 1)})),
        ]
        return st.one_of(choices).map(Fraction)

    def real(d: Interval) -> Any:
        powers = st.builds(
            lambda e, q: q * Fraction(2) ** e,
            st.integers(-exponent // 2, exponent // 2),
            st.sampled_from([Fraction(1), Fraction(3, 2)]),
        )
        simple = st.builds(Fraction, st.integers(-9, 100), st.integers(1, 10))
        return st.one_of(simple, powers).filter(lambda q: d.contains(q))

    columns = [integer(context.names[n]) if context.names[n].integer else real(context.names[n]) for n in names]
    same = st.integers(0, 9)
    copies = st.integers(0, max(0, len(names) - 1))

    def assemble(values: tuple[Fraction, ...], relation: int, source: int, into: int) -> Point:
        point = dict(zip(names, values, strict=True))
        if len(names) > 1 and relation < 3:  # two equal sizes, or one far beyond the other
            a, b = names[source], names[into]
            v = point[a] if relation == 0 else point[a] ** 2 if relation == 1 else point[a] + 1
            if context.names[b].contains(v):
                point[b] = v
        return repaired(context, point)

    return st.builds(assemble, st.tuples(*columns), same, copies, copies)


def repaired(context: Context, point: Point) -> Point:
    """The point moved to satisfy assumptions x <= y between two names."""
    for _ in range(2):
        for h in context.hypotheses:
            if (
                h.op in ("<=", "<")
                and isinstance(h.left, Var)
                and isinstance(h.right, Var)
                and h.left.name in point
                and h.right.name in point
            ):
                a, b = h.left.name, h.right.name
                if point[a] > point[b] and context.names[b].contains(point[a]) and context.names[a].contains(point[b]):
                    point[a], point[b] = point[b], point[a]
    return point


def log_ratio(left: Any, right: Any, point: Mapping[str, Fraction], growth: Mapping[str, Growth]) -> float | None:
    """log(left/right) at a point, roughly; None where it is not defined."""
    ranges = Ranges({n: (q, q) for n, q in point.items()}, 64, growth)
    try:
        a, b = ranges.of(left).value, ranges.of(right).value
        if low_sign(a) <= 0 or low_sign(b) <= 0:
            return None
        v = float(mp.to_float(mp.mpf_sub(mp.mpf_log(a[0], 53), mp.mpf_log(b[0], 53), 53, "n")))
    except (Unknown, EvaluationError, OverflowError, ValueError):
        return None
    return v if isfinite(v) else None


def sample(
    context: Context,
    r: Relation,
    violated: Callable[[Point], bool | None],
    growth: Mapping[str, Growth],
    seconds: float,
    seed: int | None = None,
    examples: int = MAX_EXAMPLES,
) -> Point | None:
    """The smallest violation met while Hypothesis explores and shrinks, or None."""
    from hypothesis import HealthCheck, Phase, given, seed as with_seed, settings, target

    deadline = thread_time() + seconds
    best: list[tuple[Any, Point]] = []
    exponent = 64 if len(context.names) > 1 else 512

    def attempt(point: Point) -> None:
        if thread_time() > deadline:
            raise _TimeUp
        if violated(point):
            key = order(list(point.values()))
            if not best or key < best[0][0]:
                best[:] = [(key, dict(point))]
            raise _Found
        if r.op != "=":
            score = log_ratio(r.left, r.right, point, growth)
            if score is not None:
                target(max(-1e9, min(score, 1e9)), label="log of left/right")

    test: Any = given(sizes_strategy(context, bases_of(r), exponent))(attempt)  # type: ignore[no-untyped-call]
    test = settings(
        max_examples=examples,
        derandomize=seed is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.target, Phase.shrink],
    )(test)
    if seed is not None:
        test = with_seed(seed)(test)
    try:
        test()
    except (_Found, _TimeUp):
        pass
    except Exception:  # Hypothesis reports a search space that is too small or too filtered in several ways
        if not best:
            return None
    return best[0][1] if best else None


class _TimeUp(BaseException):
    """Out of time.  Not an `Exception`, which Hypothesis would take for a failing example and shrink."""


class _Found(Exception):
    """A violation was met."""


def sample_violation(
    claim: Claim,
    violated: Callable[[Point], bool | None],
    growth: Mapping[str, Growth],
    seconds: float,
    seed: int | None = None,
) -> Point | None:
    """The smallest violation of an explicit claim that sampling meets."""
    try:
        return sample(base_context(claim), statement(claim), violated, growth, seconds, seed)
    except Rejected:
        return None
