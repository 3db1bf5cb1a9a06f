"""Published claims beside the founding paper's, as theorems."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.test_rocq import coqc, corrupt  # noqa: F401  (a fixture)
from verifier.bridge.export import Files, export
from verifier.bridge.run import compile_files
from verifier.decide import Budget, decide
from verifier.decide.question import Declarations, question

OPTIONS = {
    "given": "given",
    "domain": "domains",
    "recurrence": "recurrences",
    "real": "real",
    "constant": "constant",
    "uniform": "uniform",
}
LINES = [
    [x.strip() for x in line.split("|")]
    for line in Path(__file__).with_name("published.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
DECIDED = {line[0]: line for line in LINES if line[-1] != "open"}
COMPILED = (
    "CH-06b", "CL-01b", "DH-02a", "SO-01a", "DH-04a", "KO-02a", "LO-01b", "LR-07", "SN-02b", "SW-04b", "SW-07a", "TK-02b",
)  # fmt: skip


@lru_cache
def certificate(name: str) -> Mapping[str, Any]:
    """The certificate of a line."""
    _, text, declared, verdict, *_ = DECIDED[name]
    options: dict[str, list[str]] = {}
    for option in filter(None, (x.strip() for x in declared.split(";;"))):
        key, _, value = option.partition(" ")
        options.setdefault(OPTIONS[key], []).append(value.strip())
    found = decide(question(text, Declarations(**options)), Budget(seconds=60, witnesses=False))
    assert found.verdict == verdict, found.reason
    assert found.certificate is not None
    return found.certificate


def files(name: str) -> Files:
    return export(certificate(name))


@pytest.mark.parametrize("name", DECIDED)
def test_exported(name: str) -> None:
    found = files(name)
    assert "claim" in found.statement and "Theorem t" in found.proof


@pytest.mark.rocq
@pytest.mark.parametrize("name", COMPILED)
def test_accepted(coqc: None, name: str, tmp_path: Path) -> None:  # noqa: F811
    found = compile_files(files(name), tmp_path)
    assert found.rocq == "accepted", found.reason
    assert len(found.axioms) <= 4


@pytest.mark.rocq
@pytest.mark.parametrize(
    ("name", "old", "new", "statement"),
    [
        ("DH-04a", "  2212.", "  2213.", True),
        ("LR-07", "Definition statement : Prop := ~ bound", "Definition statement : Prop := bound", True),
    ],
)
def test_rejected(coqc: None, name: str, old: str, new: str, statement: bool, tmp_path: Path) -> None:  # noqa: F811
    changed = files(name)
    assert compile_files(corrupt(changed, old, new, statement=statement), tmp_path).rocq == "rejected"
