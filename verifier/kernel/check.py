"""Check a certificate: the only place that says "proved" or "refuted".

`check` takes the JSON object of a certificate, derives from its claim what has to hold (`obligations`), and
demands a proof of every obligation (`rules`).  Nothing of the certificate is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verifier.kernel.claim import STRENGTHS, Claim, claim_from_json
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import (
    Family,
    Obligation,
    check_point,
    family_obligations,
    obligations,
    refutation_obligations,
    violates,
)
from verifier.kernel.rules import expr, prove, rational
from verifier.lang.ast import LANDAU
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import SourceError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """What a certificate was found to show."""

    verdict: str
    strength: str | None
    claim: Claim


def check(certificate: Mapping[str, Any]) -> Checked:
    """The verdict that the certificate establishes; `Rejected` if it establishes none."""
    try:
        return _check(certificate)
    except (SourceError, EvaluationError, KeyError, ValueError, TypeError, AttributeError, ArithmeticError,
            RecursionError) as error:
        raise Rejected(f"malformed: {type(error).__name__}: {error}") from error


def _check(certificate: Mapping[str, Any]) -> Checked:
    if certificate.get("format") != FORMAT:
        raise Rejected("unknown format")
    claim = claim_from_json(certificate["claim"])
    verdict, strength = certificate["verdict"], certificate.get("strength")
    if claim.recurrences:
        from verifier.kernel.recurrence import check_recurrence
        return check_recurrence(certificate, claim, check)
    if verdict == "refuted" and "assignment" in certificate:
        violates(claim, {str(k): rational(v) for k, v in certificate["assignment"].items()})
        return Checked(verdict, None, claim)
    asymptotic = claim.statement.op in (*LANDAU, "~")
    if strength not in STRENGTHS or not asymptotic and strength != "everywhere":
        raise Rejected("unknown strength")
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    if verdict == "proved":
        todo = obligations(claim, strength, constants) | inhabited(certificate, claim, strength, asymptotic)
    elif verdict == "refuted":
        if not asymptotic:
            raise Rejected("an explicit claim is refuted by an assignment")
        family = read_family(certificate["family"])
        todo = refutation_obligations(claim, family, strength, certificate["family"]["side"],
                                      expr(certificate["family"].get("divergence", "1")), constants)
    else:
        raise Rejected("unknown verdict")
    discharge(certificate.get("proofs", {}), todo)
    return Checked(verdict, strength, claim)


def read_family(data: Mapping[str, Any]) -> Family:
    """The family of a certificate."""
    return Family(str(data["parameter"]), rational(data["from"]),
                  {str(k): expr(v) for k, v in data["sizes"].items()})


def discharge(proofs: Mapping[str, Any], todo: Mapping[str, Obligation]) -> None:
    """Demand a proof of every obligation.  An obligation without a proof of its own is tried by the rule `bounds`."""
    for name, obligation in todo.items():
        steps = proofs.get(name)
        if steps is None:
            steps = [{"rule": "bounds", "conclusion": _text(obligation)}]
        prove(steps, obligation.context, obligation.goal)


def _text(obligation: Obligation) -> str:
    from verifier.lang.show import ascii_relation
    return ascii_relation(obligation.goal)


def inhabited(certificate: Mapping[str, Any], claim: Claim, strength: str, asymptotic: bool) -> dict[str, Obligation]:
    """That the assumptions do not contradict each other: nothing follows from a contradiction.

    With assumptions the certificate carries a "model": for an explicit claim one assignment that satisfies
    them, for an asymptotic one a family of sizes that satisfies them and leaves every tail."""
    if not claim.assumptions:
        return {}
    model = certificate["model"]
    if not asymptotic:
        check_point(claim, {str(k): rational(v) for k, v in model.items()})
        return {}
    todo = family_obligations(claim, read_family(model), strength)
    return {"model:" + name: o for name, o in todo.items()}
