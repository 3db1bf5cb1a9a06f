"""Recurrences that a multiple of another solution bounds, as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import files
from verifier.bridge.run import STANDARD_AXIOMS, compile_files

DERANGEMENTS = ("T(n) = (n-1)*(T(n-1) + T(n-2)); T(0) = 1; T(1) = 0", "T(n) = Theta(factorial(n))")
FREE = ("T(n) = (n-1)*T(n-1) + (n-1)*T(n-2)", "T(n) = Omega(factorial(n))")
REFUTED = ("T(n) = (n-1)*(T(n-1) + T(n-2)); T(0) = 1; T(1) = 0", "T(n) = o(factorial(n))")
CASES = {"derangements": DERANGEMENTS, "free": FREE, "refuted": REFUTED}


@pytest.mark.rocq
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


@pytest.mark.rocq
@pytest.mark.parametrize(("old", "new"), [("fact n", "fact (n - 1)"), ("T 0%nat = 1", "T 0%nat = 0"),
                                          ("T (n - 2)%nat", "2 * T (n - 2)%nat")])
def test_altered_statement_is_rejected(old: str, new: str, tmp_path: Path) -> None:
    """Another bound, base values that are all 0, another coefficient."""
    good = files(DERANGEMENTS)
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"
