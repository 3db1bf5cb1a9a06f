"""`--rocq`: what coqc says of the certificates behind verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def confirm(entries: Sequence[dict[str, Any]], certificates: Sequence[Mapping[str, Any] | None], jobs: int = 1,
            progress: Callable[[int, str], None] | None = None) -> list[dict[str, Any]]:
    """The entries of verdicts with coqc's answers on their certificates."""
    from verifier.bridge.session import confirm as by_coqc
    out: list[dict[str, Any]] = []
    for e in by_coqc(entries, certificates, jobs):
        out.append(e)
        if progress is not None:
            progress(len(out), str(e["id"]))
    return out


def footer(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """How many certificates coqc accepted, and why it did not accept the others."""
    asked = [e for e in entries if "rocq" in e and e["verdict"] != "undecided"]
    if not asked:
        return []
    reasons: dict[tuple[str, str], list[str]] = {}
    for e in asked:
        if e["rocq"] != "accepted":
            name = ":".join(str(x) for x in (e["id"], e["reading"]) if x)
            reasons.setdefault((e["rocq"], e["rocq_reason"] or ""), []).append(name)
    accepted = sum(e["rocq"] == "accepted" for e in asked)
    return [f"Rocq accepts {accepted} of {len(asked)} certificates",
            *(f"{verdict} by Rocq: {_some(names)}: {reason}" for (verdict, reason), names in reasons.items())]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
