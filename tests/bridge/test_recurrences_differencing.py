"""Sums over smaller arguments that end before n - 1, as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

GAP = ("T(n) = 1 + sum(T(k), k, 0, n-2); T(0) = 1; T(1) = 1", "T(n) = Theta(((1+sqrt(5))/2)^n)")
TWICE = ("T(n) = 1 + 2*sum(T(k), k, 0, n-2)", "T(n) = Theta(2^n)")
REFUTED = ("T(n) = 3 + 2*sum(T(k), k, 1, n-2)", "T(n) = O(n^5)")
CASES = {"gap": GAP, "twice": TWICE, "refuted": REFUTED}


@pytest.mark.rocq
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


@pytest.mark.rocq
@pytest.mark.parametrize(("old", "new"), [("(n - 2)%nat + 1", "(n - 1)%nat + 1"), ("(1 + sqrt 5)/2", "(2 + sqrt 5)/2"),
                                          ("0%nat (n - 2)%nat + 1", "0%nat (n - 2)%nat + n")])
def test_altered_statement_is_rejected(old: str, new: str, tmp_path: Path) -> None:
    """A longer sum, another base, another driving function."""
    good = files(GAP)
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"


def test_refused() -> None:
    with pytest.raises(NotExported):
        export(certificate("T(n) = n + sum(T(k), k, 0, n-2)", "T(n) = O(2^n)"))
