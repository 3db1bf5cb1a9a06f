"""Small certificates by hand."""

from __future__ import annotations

from typing import Any

import pytest

from verifier.kernel.check import Checked, check
from verifier.kernel.context import Rejected


def integer(name: str, lower: str | None = "1", **more: Any) -> dict[str, Any]:
    """An integer parameter, growing unless said otherwise."""
    return {"name": name, "kind": "integer", "lower": lower, "role": "growing", **more}


def real(name: str, lower: str | None = "0", **more: Any) -> dict[str, Any]:
    """A real parameter, positive and uniform unless said otherwise."""
    return {"name": name, "kind": "real", "lower": lower, "lower_open": lower is not None, "role": "uniform", **more}


def step(rule: str, conclusion: str, *premises: int, **data: Any) -> dict[str, Any]:
    """One step of a proof."""
    out: dict[str, Any] = {"rule": rule, "conclusion": conclusion}
    if premises:
        out["premises"] = list(premises)
    return {**out, **data}


def row(term: str, *weights: tuple[str, str], **more: Any) -> dict[str, Any]:
    """One row of `dominate`."""
    return {"term": term, "weights": [list(w) for w in weights], **more}


def explicit(statement: str, parameters: list[dict[str, Any]], steps: list[dict[str, Any]] | None,
             assumptions: list[str] | None = None, model: dict[str, str] | None = None) -> dict[str, Any]:
    """A proof of an explicit claim."""
    claim: dict[str, Any] = {"parameters": parameters, "statement": statement}
    if assumptions:
        claim["assumptions"] = assumptions
    out: dict[str, Any] = {"format": 1, "claim": claim, "verdict": "proved", "strength": "everywhere"}
    if model is not None:
        out["model"] = model
    return {**out, "proofs": {} if steps is None else {"holds": steps}}


def landau(statement: str, parameters: list[dict[str, Any]], constants: dict[str, str],
           proofs: dict[str, list[dict[str, Any]]], strength: str = "everywhere", **more: Any) -> dict[str, Any]:
    """A proof of a Landau claim."""
    claim: dict[str, Any] = {"parameters": parameters, "statement": statement}
    if "assumptions" in more:
        claim["assumptions"] = more.pop("assumptions")
    return {"format": 1, "claim": claim, "verdict": "proved", "strength": strength, "constants": constants,
            "proofs": proofs, **more}


def refuted(statement: str, parameters: list[dict[str, Any]], sizes: dict[str, str],
            proofs: dict[str, list[dict[str, Any]]], *, divergence: str = "t", side: str = "upper",
            strength: str = "all-large", factor: str = "1", start: str = "1", **more: Any) -> dict[str, Any]:
    """A refutation along a family."""
    claim: dict[str, Any] = {"parameters": parameters, "statement": statement}
    if "assumptions" in more:
        claim["assumptions"] = more.pop("assumptions")
    family = {"parameter": "t", "from": start, "sizes": sizes, "divergence": divergence, "side": side}
    return {"format": 1, "claim": claim, "verdict": "refuted", "strength": strength, "constants": {"factor": factor},
            "family": family, "proofs": proofs, **more}


def accepted(certificate: dict[str, Any]) -> Checked:
    """The kernel's verdict."""
    return check(certificate)


def rejected(certificate: dict[str, Any], reason: str | None = None) -> None:
    """The kernel must refuse, for this reason."""
    with pytest.raises(Rejected, match=reason):
        check(certificate)
