"""What a verdict comes with: exact values, smallest sizes, a repair, where a stronger reading fails, an attack on a proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from verifier.decide.crosscheck import Hit, attack, suspicion, write_bundle
from verifier.decide.decision import Budget, Decision
from verifier.decide.pipeline import decide
from verifier.decide.repair import repair
from verifier.kernel.check import check
from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import growing
from verifier.lang.ast import LANDAU
from verifier.lang.enclosure import EvaluationError
from verifier.refute.landau import refute_landau
from verifier.refute.witnesses import witnesses
from verifier.scales.deadline import OutOfTime, until

INCONSISTENT = "internal inconsistency"
"""How the finding of an attack that succeeded begins."""


def decide_fully(claim: Claim, budget: Budget | None = None, *, repairs: bool = True) -> Decision:
    """The verdict with everything a reader of a report asks for next, within the budget."""
    budget = budget or Budget()
    start = monotonic()
    found = decide(claim, budget)
    left = replace(budget, seconds=max(1.0, budget.seconds - found.seconds), witnesses=False)
    try:
        with until(monotonic() + left.seconds):
            found = _enriched(claim, found, left, repairs)
    except (OutOfTime, Rejected, EvaluationError):
        pass  # the verdict stands without them
    return replace(found, seconds=monotonic() - start)


def _enriched(claim: Claim, d: Decision, budget: Budget, repairs: bool) -> Decision:
    match d.verdict:
        case "refuted" if d.certificate is not None:
            seen = witnesses(d.certificate, seconds=min(1.0, budget.seconds / 4))
            third = replace(budget, seconds=budget.seconds / 3)
            return replace(d, witnesses=seen, repair=repair(claim, third) if repairs else None)
        case "proved" if d.certificate is not None:
            d = replace(d, weaker=_weaker(claim, d))
            hit = attack(d.certificate, min(2.0, budget.seconds / 4), budget.seed) if budget.cross_check else None
            return d if hit is None else replace(d, findings=(*d.findings, f"{INCONSISTENT}: {hit}{_bundled(d, hit)}"))
        case "undecided" if not d.findings:
            trend = suspicion(claim)
            return d if trend is None else replace(d, findings=(str(trend),))
    return d


def _bundled(d: Decision, hit: Hit) -> str:
    """Write all that is needed to report a hit into the working directory, and say where."""
    if d.certificate is None:
        return ""
    name = sha256(repr((d.certificate["claim"], hit)).encode()).hexdigest()[:12]
    try:
        path = write_bundle(d.certificate, hit, Path(f"aalp-inconsistency-{name}.json"))
    except OSError as error:
        return f" (no bundle could be written: {error.strerror})"
    return f" (please report it with {path})"


def _weaker(claim: Claim, d: Decision) -> Mapping[str, Any] | None:
    """The family along which a claim that holds where all parameters are large fails where one of them is."""
    if d.strength != "all-large" or claim.recurrences or claim.statement.op not in LANDAU or len(growing(claim)) < 2:
        return None
    certificate = refute_landau(claim, "any-large")
    if certificate is None:
        return None
    try:
        check(certificate)
    except Rejected:
        return None
    return {"any-large": certificate["family"]}
