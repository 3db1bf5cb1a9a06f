"""T(n) ~ g(n) as Rocq theorems, through closed forms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import files
from verifier.bridge.run import STANDARD_AXIOMS, compile_files

TRIANGLE = "T(n) = T(n-1) + n; T(0) = 0"
MERGE = "T(n) = T(floor(n/2)) + T(ceil(n/2)) + n; T(1) = 0"
HANOI = "T(n) = 2*T(n-1) + 1; T(0) = 0"
PROVED = [(TRIANGLE, "T(n) ~ n^2/2"), (HANOI, "T(n) ~ 2^n"), (MERGE, "T(n) ~ n*log2(n)")]
REFUTED = [(TRIANGLE, "T(n) ~ n^2"), (HANOI, "T(n) ~ 2^(n+1)")]


@pytest.mark.rocq
@pytest.mark.parametrize("case", PROVED + REFUTED, ids=" | ".join)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_the_statement_is_the_limit() -> None:
    text = files(PROVED[0]).statement
    assert "forall c, 0 < c -> exists N, forall n, (N <= n)%nat -> c * (T n - rhs n) <= rhs n." in text
    assert "forall c, 0 < c -> exists N, forall n, (N <= n)%nat -> c * (rhs n - T n) <= rhs n." in text
    assert "recurrence T -> bound T." in text
    assert "recurrence T -> ~ bound T." in files(REFUTED[0]).statement


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (PROVED[0], "R := n^2/2", "R := n^2/3"), (PROVED[2], "R := n*(ln n/ln 2)", "R := n*ln n"),
    (REFUTED[0], "R := n^2", "R := n^2/2"), (PROVED[1], "2 * T (n - 1)%nat", "3 * T (n - 1)%nat")])
def test_an_altered_statement_is_rejected(case: tuple[str, str], old: str, new: str, tmp_path: Path) -> None:
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"
