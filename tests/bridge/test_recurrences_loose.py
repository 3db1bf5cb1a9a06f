"""Inequalities and driving terms O(f), Omega(f), Theta(f) as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

THETA = ("T(n) = 2*T(n/2) + Theta(n)", "T(n) = Theta(n*log(n))")
SELECTION = ("T(n) = T(floor(n/5)) + T(floor(7*n/10) + 6) + O(n)", "T(n) = O(n)")
MIXED = ("T(n) = 2*T(floor(n/2)) + n + O(1); T(1) = 1", "T(n) = Theta(n*log(n))")
AT_MOST = ("T(n) <= 3*T(n/2) + n", "T(n) = O(n^1.6)")
AT_LEAST = ("T(n) >= T(n-1) + n; T(1) = 1", "T(n) = Omega(n^2)")
BASES = ("T(n) <= T(n-1) + T(n-2) + 1; T(0) <= 1; T(1) <= 1", "T(n) = O(2^n)")
REFUTED = ("T(n) = 2*T(n/2) + Theta(n)", "T(n) = O(n)")
CASES = {"theta": THETA, "selection": SELECTION, "mixed": MIXED, "at most": AT_MOST, "at least": AT_LEAST, "bases": BASES,
         "refuted": REFUTED}


@pytest.mark.rocq
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_the_statement_shows_what_is_bounded() -> None:
    text = files(SELECTION).statement
    assert "0 <= h1 n /\\ h1 n <= c * n" in text
    assert "forall h1, term_h1 h1 ->" in text
    assert "T n = T (n / 5)%nat + T (((7 * n) / 10) + 6)%nat + h1 n" in text
    assert "T n <= 3 * T (r1 n) + n" in files(AT_MOST).statement
    assert "T 0%nat <= 1" in files(BASES).statement


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (THETA, "h1 n <= c * n /\\ n <= c * h1 n", "h1 n <= c * n"), (SELECTION, "h1 n <= c * n", "h1 n <= c * n*n"),
    (AT_MOST, "T n <= 3", "T n >= 3"), (AT_LEAST, "n^2", "n^3")])
def test_an_altered_statement_is_rejected(case: tuple[str, str], old: str, new: str, tmp_path: Path) -> None:
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"


def test_a_lower_bound_does_not_follow_from_an_upper_inequality() -> None:
    data = dict(certificate(*AT_MOST))
    data["claim"] = {**data["claim"], "statement": "T(n) = Omega(1)"}
    with pytest.raises(NotExported, match="lower bound"):
        export(data)
