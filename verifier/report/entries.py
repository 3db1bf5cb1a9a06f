"""The claims of a run as a report shows them: the entry, its certificate, numbers, figure and proof."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verifier.kernel.claim import claim_from_json
from verifier.lang.ast import Relation
from verifier.lang.errors import SourceError
from verifier.lang.parse import parse_relation
from verifier.refute.witnesses import witnesses
from verifier.report.document import Block
from verifier.report.explain import STRENGTH_WORDS, claim_blocks, proof_blocks
from verifier.report.figures import Figure, proof_figure, proof_rows, refutation_figure
from verifier.report.words import readable

WITNESS_SECONDS = 1.0
MAX_CERTIFICATE = 20_000_000


@dataclass(frozen=True)
class Entry:
    """One claim of a report; `problem` says why parts are missing."""

    data: Mapping[str, Any]
    anchor: str
    name: str
    certificate: Mapping[str, Any] | None = None
    statement: Relation | None = None
    claim: list[Block] = field(default_factory=list)
    proof: list[Block] = field(default_factory=list)
    witnesses: Mapping[str, Any] | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    figure: Figure | None = None
    problem: str | None = None

    @property
    def strength_words(self) -> str:
        """The tail condition in words."""
        words = STRENGTH_WORDS.get(str(self.data.get("strength")), "")
        return f"it breaks {words}" if words and self.data["verdict"] == "refuted" else words

    @property
    def rerun(self) -> list[str]:
        """Commands that decide the claim again and check its certificate."""
        out = []
        if self.data.get("spec"):
            out.append(f"aalp check {self.data['spec']}")
        if self.data.get("certificate"):
            out += [f"aalp recheck {self.data['certificate']}", f"aalp explain {self.data['certificate']}"]
        return out


def entries(result: Mapping[str, Any], root: Path | None = None) -> list[Entry]:
    """All claims of a run; certificates are read relative to `root` (the working directory if None)."""
    taken: set[str] = set()
    return [entry(e, root or Path(), taken) for e in result["claims"]]


def entry(e: Mapping[str, Any], root: Path, taken: set[str]) -> Entry:
    """One claim with all that its certificate gives."""
    name = " ".join(
        str(x)
        for x in (
            e.get("id") or "claim",
            f"({e['reading']})" if e.get("reading") else None,
            f"[{e['cost_model']}]" if e.get("cost_model") and e.get("expected") is None else None,
        )
        if x
    )
    stem = Path(str(e.get("spec") or "")).stem
    anchor = base = re.sub(r"[^a-z0-9]+", "-", f"{stem} {name}".lower()).strip("-") or "claim"
    k = 2
    while anchor in taken:
        anchor, k = f"{base}-{k}", k + 1
    taken.add(anchor)
    statement = _statement(e)
    if not e.get("certificate"):
        return Entry(e, anchor, name, statement=statement)
    try:
        certificate = read_certificate(root / str(e["certificate"]))
        claim, proof = claim_blocks(certificate), proof_blocks(certificate)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, SourceError) as error:
        return Entry(e, anchor, name, statement=statement, problem=f"the certificate could not be shown: {error}")
    numbers: Mapping[str, Any] | None = e.get("witnesses")
    rows: list[dict[str, str]] = []
    figure = None
    if e["verdict"] == "refuted":
        numbers = numbers or witnesses(certificate, seconds=WITNESS_SECONDS)
        if numbers and numbers.get("rows"):
            figure = refutation_figure(numbers, certificate)
    elif e["verdict"] == "proved" and "bound" not in certificate:
        rows = proof_rows(certificate)
        figure = proof_figure(rows, certificate)
    return Entry(e, anchor, name, certificate, statement, claim, proof, numbers, rows, figure)


def read_certificate(path: Path) -> Mapping[str, Any]:
    """A certificate file; ValueError if it is none."""
    if path.stat().st_size > MAX_CERTIFICATE:
        raise ValueError("the file is too large")
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or "claim" not in data or "verdict" not in data:
        raise ValueError("not a certificate")
    claim_from_json(data["claim"])
    return data


def _statement(e: Mapping[str, Any]) -> Relation | None:
    text = e.get("statement")
    if not text:
        return None
    try:
        r = parse_relation(str(text), functions=None)
    except SourceError:
        return None
    return Relation(r.op, readable(r.left), readable(r.right))


__all__ = ["Entry", "entries", "read_certificate"]
