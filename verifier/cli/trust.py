"""`--rocq`: what coqc says of the certificates behind verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def confirm(entry: dict[str, Any], certificate: Mapping[str, Any] | None) -> dict[str, Any]:
    """The entry of a verdict with coqc's answer on its certificate under "rocq"."""
    if certificate is None:
        return entry
    from verifier.bridge.run import check_certificate
    outcome = check_certificate(certificate)
    return {**entry, "rocq": outcome.rocq, "axioms": list(outcome.axioms), "rocq_reason": outcome.reason}
