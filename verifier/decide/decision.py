"""The outcome of deciding one claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a claim may take (seconds) and how deep the search for violating sizes goes."""

    seconds: float = 20.0
    witnesses: bool = True
    cross_check: bool = False
    seed: int | None = None

    def deadline(self) -> float:
        """The moment, on the monotonic clock, at which work has to stop."""
        return monotonic() + self.seconds


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and what it rests on.

    verdict: proved | refuted | undecided; `certificate` is accepted by the kernel whenever the verdict is not undecided.
    `family` and `witnesses` (exact values along it, and the smallest sizes at which the ratio passes 2, 10 and 100)
    belong to refutations; `repair` holds the tight bound and the weakest assumption under which the claim holds, each with a
    certificate; `weaker` says where a claim that is proved in one strength fails in a stronger one; `tried` names what an
    undecided claim was tried with; `findings` reports non-termination, contradictory assumptions, suspicion."""

    verdict: str
    strength: str | None = None
    certificate: Mapping[str, Any] | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    family: Mapping[str, Any] | None = None
    witnesses: Mapping[str, Any] | None = None
    repair: Mapping[str, Any] | None = None
    weaker: Mapping[str, Any] | None = None
    reason: str | None = None
    tried: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    seconds: float = 0.0
