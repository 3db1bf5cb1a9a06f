"""Sizes at which an explicit claim about a recurrence fails, by exact evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_explicit import holds_at, pinned
from verifier.kernel.recurrence_system import System
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import free_vars
from verifier.lang.enclosure import EvaluationError
from verifier.refute.search import find_violation


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
        """The smallest violation that the general search finds, up to sizes of thousands of digits."""
        point = find_violation(self.claim, seconds=seconds, seed=None)
        if point is None:
            return None
        n = int(point[self.p.name])
        r = self.fails(n)
        return None if r is None else self.violation(n, r, f"smallest found (every size up to {self.tested} holds)")

    def violation(self, n: int, r: str, note: str) -> Violation:
        """The violation at n."""
        return Violation({**self.fixed, self.p.name: Fraction(n)}, None if r == "given" else r, note)


def _sample(q: Parameter) -> Fraction:
    low = q.lower if q.lower is not None else Fraction(1)
    if q.kind == "integer":
        return Fraction(-(-low.numerator // low.denominator))
    return low + 1 if q.lower_open else low
