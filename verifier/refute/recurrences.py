"""Sizes at which an explicit claim about a recurrence fails, by exact evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_explicit import holds_at, pinned
from verifier.kernel.recurrence_real import ONE
from verifier.kernel.recurrence_system import System, argument
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import free_vars
from verifier.lang.enclosure import EvaluationError


@dataclass(frozen=True, slots=True)
class Violation:
    """An assignment that makes the claim false; `rounding` where the recurrence leaves it open."""

    point: Mapping[str, Fraction]
    rounding: str | None
    note: str


class Search:
    """Evaluates the claim at sizes of its one growing parameter; the other parameters are fixed."""

    def __init__(self, claim: Claim, systems: Mapping[str, System]) -> None:
        self.claim, self.systems = claim, systems
        names = free_vars(claim.statement.left) | free_vars(claim.statement.right)
        moving = [p for p in claim.parameters if p.name in names and p.role == "growing"]
        if len(moving) != 1 or moving[0].kind != "integer" or moving[0].lower is None:
            raise Rejected("a claim with several growing parameters")
        (self.p,) = moving
        self.fixed = {q.name: _sample(q) for q in claim.parameters if q is not self.p}
        env = {k: v.numerator if v.denominator == 1 else v for k, v in self.fixed.items()}
        self.values: dict[str | None, Values] = {r: Values(systems, env=env, pick=r)
                                                for r in ((None,) if pinned(systems) else ("max", "min"))}
        low = moving[0].lower
        self.low = -(-low.numerator // low.denominator)
        self.tested = self.low - 1
        self.shrinks = all(_shrinks(s) for s in systems.values())

    def fails(self, n: int) -> str | None:
        """The rounding ("given" if there is no choice) for which the claim fails at n; None if it holds or is not decided."""
        for r, values in self.values.items():
            try:
                if not holds_at(self.claim, self.systems, {**self.fixed, self.p.name: Fraction(n)}, r, values):
                    return r or "given"
            except (EvaluationError, Rejected):
                continue
        return None

    def small(self, count: int, seconds: float) -> Violation | None:
        """The smallest violation among the next sizes."""
        deadline = monotonic() + seconds
        for n in range(self.tested + 1, self.tested + 1 + count):
            if self.p.upper is not None and n > self.p.upper or monotonic() > deadline:
                return None
            r = self.fails(n)
            if r is not None:
                return self.violation(n, r, f"smallest, by exhaustion up to {n}")
            self.tested = n
        return None

    def large(self, seconds: float) -> Violation | None:
        """The smallest violation found near powers of 2 (ascending exponents, then narrowed down) and other numbers."""
        if not self.shrinks or self.p.upper is not None:
            return None
        deadline = monotonic() + seconds
        first = max(3, self.tested.bit_length())
        for shape in (lambda k: 1 << k, lambda k: (1 << k) - 1, lambda k: (1 << k) + 1, lambda k: 3 << k - 1,
                      lambda k: 3 ** k, lambda k: 10 ** k):
            good = first
            for k in (*range(first, first + 24), *(int(40 * 1.25 ** i) for i in range(24))):
                if k <= good and k != first or shape(k) <= self.tested:
                    continue
                if monotonic() > deadline or k > 4200:
                    break
                if self.fails(shape(k)) is None:
                    good = k
                    continue
                while k - good > 1 and monotonic() < deadline:  # the least failing exponent, if failures are upward closed
                    middle = (good + k) // 2
                    good, k = (good, middle) if self.fails(shape(middle)) is not None else (middle, k)
                best = self.narrow(max(self.tested, shape(good)), shape(k), deadline)
                return self.violation(best, self.fails(best) or "given",
                                      f"smallest found (every size up to {self.tested} holds)")
        return None

    def narrow(self, good: int, bad: int, deadline: float) -> int:
        """A smaller failing size between a holding and a failing one: all of them if there are few, else by bisection."""
        if bad - good <= 3000:
            for n in range(good + 1, bad):
                if monotonic() > deadline:
                    return bad
                if self.fails(n) is not None:
                    return n
            return bad
        while bad - good > 1 and monotonic() < deadline:
            middle = (good + bad) // 2
            if self.fails(middle) is not None:
                bad = middle
            else:
                good = middle
        return bad

    def violation(self, n: int, r: str, note: str) -> Violation:
        """The violation at n."""
        return Violation({**self.fixed, self.p.name: Fraction(n)}, None if r == "given" else r, note)


def _shrinks(s: System) -> bool:
    """Whether every argument shrinks by a constant factor or to a root: few arguments at any size."""
    if any(b.histories for b in s.branches):
        return False
    for b in s.branches:
        for c in b.calls:
            try:
                if (argument(c.argument, s.variable, s.facts).slope - ONE).sign() >= 0:
                    return False
            except Rejected:
                continue
    return True


def _sample(q: Parameter) -> Fraction:
    low = q.lower if q.lower is not None else Fraction(1)
    if q.kind == "integer":
        return Fraction(-(-low.numerator // low.denominator))
    return low + 1 if q.lower_open else low
