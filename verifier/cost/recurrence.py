"""Recurrences as input: are they well formed, do they end, and what are their values?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_system import Call, System, argument, integer_valued, shifted_index
from verifier.kernel.recurrence_value import MissingBase, NotWellFounded, Values, check_well_founded
from verifier.lang.enclosure import EvaluationError, Undefined, Value
from verifier.lang.errors import SourceError
from verifier.lang.evaluate import evaluate
from verifier.lang.show import ascii

CHECKED = 24
"""How many arguments from the start of an equation on are looked at for missing base values and divisions by 0."""
SELF_CALLS = 2000
"""How many arguments are looked at for calls that are not smaller."""


def check_input(systems: Mapping[str, System], *, exact: bool) -> None:
    """SourceError for a driving function or coefficient that is undefined in the range of its equation, and for base
    values that are missing: those of T(n-j), and with `exact` any other (a bound up to constants takes base values that are
    not given as arbitrary positive constants)."""
    for s in systems.values():
        if s.start is None:
            if exact:
                raise SourceError(f"the base values of {s.name} are not given", hint=f"{s.name}(1) = 1")
            continue
        for n in range(s.start, s.start + CHECKED):
            _check_defined(s, n)
            _check_arguments(systems, s, n, exact)


def _check_defined(s: System, n: int) -> None:
    for b in s.branches:
        for e in (b.driving, *(c.coefficient for c in b.calls), *(h.coefficient for h in b.histories)):
            try:
                evaluate(e, {s.variable: n})
            except Undefined as error:
                place = f"{s.variable} = {n}, in the range of the equation for {s.name}"
                raise SourceError(f"{ascii(e)} is undefined at {place}: {error}",
                                  hint=f"let the equation start later: for {s.variable} >= {n + 1}") from error
            except EvaluationError:
                continue


def _check_arguments(systems: Mapping[str, System], s: System, n: int, exact: bool) -> None:
    values = Values(systems)
    for b in s.branches:
        for c in b.calls:
            other = systems[c.function]
            if not exact and not (other.bases and _subtractive(c, s)):
                continue
            try:
                points = values.points(c, s, n)
            except EvaluationError:
                continue
            for m in points:
                if other.start is not None and m < other.start and not _given(other, m) and (other.bases or exact):
                    raise SourceError(f"{c.function}({m}) is not defined: {s.name}({n}) uses it",
                                      hint=f"add a base case: {c.function}({m}) = ...")
        for h in b.histories:
            if exact and s.bases:
                k = shifted_index(h, s.variable, s.facts)
                low = evaluate(k.lower, {s.variable: n})
                if isinstance(low, Fraction) and low.denominator == 1 and low < s.start and not _given(s, int(low)):
                    raise SourceError(f"{s.name}({low}) is not defined: the sum in {s.name}({n}) uses it",
                                      hint=f"add a base case: {s.name}({low}) = ...")


def self_calls(systems: Mapping[str, System]) -> tuple[str, ...]:
    """Equations without a range that do not end at small arguments: T(n) = T(ceil(n/2)) + 1 calls T(1) from T(1), so it
    can only hold from n = 2 on.  Arguments that are not pinned by a rounding are taken to shrink."""
    out = []
    for s in systems.values():
        if s.start is not None:
            continue
        values = Values(systems)
        worst: tuple[int, int] | None = None
        for c in (c for b in s.branches for c in b.calls if c.function == s.name):
            try:
                p = argument(c.argument, s.variable, s.facts)
                slope = p.slope.rational
                if slope is None or slope >= 1 or not integer_valued(c.argument, s.variable):
                    continue
                last = int(p.hi / (1 - slope)) + 1  # from here on the argument is smaller
                pairs = ((n, max(values.points(c, s, n))) for n in range(last, max(0, last - SELF_CALLS), -1))
                found = next((x for x in pairs if x[1] >= x[0]), None)
            except (Rejected, EvaluationError):
                continue
            worst = max((x for x in (worst, found) if x), default=None)
        if worst is not None:
            n, m = worst
            out.append(f"{s.name}({n}) calls {s.name}({m}): the equation is read as holding from {s.variable} = {n + 1} on, "
                       f"with any positive values before")
    return tuple(out)


def _subtractive(c: Call, s: System) -> bool:
    try:
        return argument(c.argument, s.variable, s.facts).shift is not None
    except Rejected:
        return False


def _given(s: System, m: int) -> bool:
    return any((b.low is None or b.low <= m) and m <= b.high for b in s.bases)


def value(systems: Mapping[str, System], name: str, n: int, *, default: Fraction | int | None = None) -> Value:
    """T(n), exactly: a rational, or an enclosure where logarithms or open roundings come in.  `default` stands for base
    values that are not given.  A divide-and-conquer recurrence takes O(log n) steps, so n may have hundreds of digits."""
    start = 2 if systems[name].start is None else None
    return Values(systems, default=default, start=start)(name, n)


__all__ = ["MissingBase", "NotWellFounded", "Values", "check_input", "check_well_founded", "self_calls", "value"]
