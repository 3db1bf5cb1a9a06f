"""A bound against exact values, before it is reported: a second opinion that shares no code with the rules.

The ratio T/W of a tight bound stays between two positive constants.  It is computed at sizes that double (and, where
few arguments are reached, whose exponents double); a ratio that keeps drifting like a power of n, or of log n at huge
sizes, means that a rule or its implementation is wrong.  This never proves anything; it can only stop a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import log

from verifier.kernel import recurrence_order as ro
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_orders import Orders
from verifier.kernel.recurrence_system import System, argument
from verifier.kernel.recurrence_value import Values, compiled
from verifier.lang.ast import App, Expr
from verifier.lang.enclosure import Enclosure, EvaluationError
from verifier.lang.evaluate import evaluate

SMALL = (37, 75, 150, 300)
LARGE = (1 << 16, 1 << 32, 1 << 64, 1 << 128)
DRIFT = 0.5
"""Growth of log(T/W) per step that is taken for a drift if it does not slow down."""
ARGUMENTS = 800


def cross_check(systems: Mapping[str, System], name: str, orders: Orders) -> str | None:
    """A complaint if exact values contradict the bound, else None.  Base values that are not given are 1.

    Looked at: linear and full-history recurrences up to 300, and divide and conquer with one size n/b at powers of 2, where
    the ratio oscillates by at most b^|p|, with functions whose values are rational."""
    system = systems[name]
    if len(systems) != 1 or system.facts.lower or system.parameters or system.relation != "=" or not _rational(system):
        return None
    slopes = _slopes(system)
    if slopes is None:
        return None
    wobble = 0.0
    if slopes:
        if len(set(slopes)) != 1 or slopes[0] >= 1:
            return None
        wobble = log(1 / slopes[0])
    for side, m in (("upper", orders.upper), ("lower", orders.lower)):
        if m is None or slopes and ro.faster_than_powers(m):
            continue
        sign = 1.0 if side == "upper" else -1.0
        sizes = LARGE if slopes else SMALL
        ratios = _ratios(system, ro.mono_to_expr(m, "n"), sizes)
        if len(ratios) == len(sizes) and _drifts([sign * r for r in ratios], wobble * _power(m)):
            return f"exact values of {name} at {sizes[0]} to {sizes[-1]} contradict the {side} bound"
    return None


def _power(m: ro.Mono) -> float:
    lo, hi = ro.exponent(m, 1).enclosure(32)
    return abs(float(lo)) + 0.1


def _rational(s: System) -> bool:
    return all(compiled(e, s.variable) is not None for b in s.branches
               for e in (b.driving, *(c.coefficient for c in b.calls), *(c.argument for c in b.calls)))


def _slopes(s: System) -> list[float] | None:
    """The slopes below 1 of the arguments; empty for arguments n - j and sums; None for anything else."""
    out: list[float] = []
    for b in s.branches:
        for c in b.calls:
            try:
                p = argument(c.argument, s.variable, s.facts)
            except Rejected:
                return None
            if p.shift is None and p.slope.rational is None:
                return None
            if p.shift is None and p.slope.rational is not None:
                out.append(float(p.slope.rational))
            elif out:
                return None
    return out


def _drifts(r: list[float], wobble: float) -> bool:
    steps = [b - a for a, b in zip(r, r[1:], strict=False)]
    return all(s > DRIFT for s in steps) and steps[-1] > 0.9 * steps[0] and steps[-1] > 2 * wobble


def _ratios(system: System, w: Expr, sizes: tuple[int, ...]) -> list[float]:
    out: list[float] = []
    values = Values({system.name: system}, default=1, start=4, bits=64, most=ARGUMENTS)
    for n in sizes:
        try:
            top = _log(values(system.name, n))
            bottom = evaluate(App("log", (w,)), {"n": n}, bits=32)
        except (EvaluationError, Rejected, RecursionError):
            break
        if top is None:
            break
        out.append(top - float(bottom.lo if isinstance(bottom, Enclosure) else bottom))
    return out


def _log(v: Fraction | int | Enclosure) -> float | None:
    q = v.lo if isinstance(v, Enclosure) else Fraction(v)
    if q <= 0:
        return None
    return log(q.numerator) - log(q.denominator)

