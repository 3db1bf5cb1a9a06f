"""The order in which a claim is attacked.

Cheap and strong first: a proof on the whole domain, then a diverging family, then proofs in the tails.  Only what the
kernel accepts is reported as proved or refuted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any

from verifier.decide.decision import Budget, Decision
from verifier.decide.model import contradiction, with_model
from verifier.kernel.check import check
from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import statement
from verifier.lang.ast import LANDAU
from verifier.lang.enclosure import EvaluationError
from verifier.prove.explicit import prove_explicit
from verifier.prove.landau import prove_by_cases, prove_landau
from verifier.refute.explicit import refute_explicit
from verifier.refute.landau import refute_landau
from verifier.scales.deadline import OutOfTime, quickly, remaining, until

Finder = Callable[[], Mapping[str, Any] | None]


def decide(claim: Claim, budget: Budget | None = None, *, proofs_only: bool = False) -> Decision:
    """The verdict on a claim within a budget of time; with `proofs_only` no family that refutes it is sought."""
    budget = budget or Budget()
    start = monotonic()
    try:
        if claim.recurrences:
            from verifier.decide.recurrences import decide_recurrence
            found = decide_recurrence(claim, budget)
        else:
            found = decide_plain(claim, budget, proofs_only=proofs_only)
    except (Rejected, EvaluationError, RecursionError) as error:  # no more than "not shown"; bad input is a SourceError
        found = Decision("undecided", reason=str(error) or "an expression is nested too deeply")
    return replace(found, seconds=monotonic() - start)


def decide_plain(claim: Claim, budget: Budget, *, proofs_only: bool = False) -> Decision:
    """A claim between expressions."""
    deadline = budget.deadline()
    conflict = contradiction(claim)
    if conflict is not None:
        return Decision("undecided", reason=conflict, findings=("the assumptions contradict each other",))
    try:
        op = statement(claim).op
    except Rejected as error:
        return Decision("undecided", reason=str(error))
    plan = _landau_plan(claim, proofs_only) if op in (*LANDAU, "~") else _explicit_plan(claim, budget)
    tried: list[str] = []
    reason = None
    for name, find in plan:
        tried.append(name)
        try:
            with until(min(deadline, monotonic() + budget.seconds / 2)):  # no attempt takes the time of all others
                remaining()
                certificate = find()
                if certificate is None:
                    continue
                certificate = with_model(claim, certificate)
        except (Rejected, EvaluationError, RecursionError):  # a finder that fails leaves the claim to the others
            continue
        except OutOfTime:
            reason = f"out of time after {budget.seconds:g} s"
            if monotonic() < deadline:
                continue
            break
        if certificate is None:
            reason = "a proof was found, but no sizes that satisfy the assumptions"
            continue
        try:
            checked = check(certificate)
        except Rejected as error:
            reason = f"the kernel rejected a certificate ({error})"
            continue
        return Decision(checked.verdict, checked.strength, certificate, certificate.get("constants", {}),
                        certificate.get("family"))
    return Decision("undecided", reason=reason or "no proof and no counterexample found",
                    tried=tuple(dict.fromkeys(tried)))


def _landau_plan(claim: Claim, proofs_only: bool) -> Iterator[tuple[str, Finder]]:
    attempts: list[tuple[str, Finder]] = [
        ("a proof on the whole domain", lambda: prove_landau(claim, ("everywhere",))),
        ("a diverging family", lambda: refute_landau(claim)),
        ("a proof for some large parameter", lambda: prove_landau(claim, ("any-large",))),
        ("a proof for all parameters large", lambda: prove_landau(claim, ("all-large",))),
        ("a proof by cases", lambda: prove_by_cases(claim))]
    if proofs_only:
        del attempts[1]
    elif claim.statement.op == "~":
        attempts = [attempts[2], *attempts[:2], *attempts[3:]]
    yield from ((name, _without_solvers(find)) for name, find in attempts[:2])
    yield from attempts


def _without_solvers(find: Finder) -> Finder:
    def cheap() -> Mapping[str, Any] | None:
        with quickly():
            return find()
    return cheap


def _explicit_plan(claim: Claim, budget: Budget) -> Iterator[tuple[str, Finder]]:
    yield "small sizes", lambda: refute_explicit(claim, budget.seconds / 8, seed=budget.seed, quick=True)
    yield "a proof on the whole domain", lambda: prove_explicit(claim)
    yield "a search for violating sizes", lambda: refute_explicit(claim, budget.seconds / 2, seed=budget.seed)
