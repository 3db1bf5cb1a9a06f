"""Claims about the case of the master theorem as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

MERGE_SORT = ("T(n) = 2*T(n/2) + n", "master(T(n)) = 2")
STRASSEN = ("T(n) = 7*T(n/2) + n^2", "master(T(n)) = 1")
REGULAR = ("T(n) = 3*T(n/4) + n*log(n)", "master(T(n)) = 3")
GAP = ("T(n) = 2*T(n/2) + n/log(n)", "master(T(n)) = 0")
REFUTED = ("T(n) = 2*T(n/2) + n", "master(T(n)) = 3")


@pytest.mark.rocq
@pytest.mark.parametrize("case", [MERGE_SORT, STRASSEN, REGULAR, GAP, REFUTED], ids=" | ".join)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_the_statement_writes_the_case_out() -> None:
    text = files(REGULAR).statement
    assert "Definition p_ : R := ln 3/ln 4." in text
    assert "exists c_ N_, c_ < 1 /\\ forall n : nat, (N_ <= n)%nat -> 3*inner n <= c_*driving n." in text
    assert "(~ case_1 /\\ ~ case_2 /\\ ~ case_3)." in files(GAP).statement


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (MERGE_SORT, "0 <= k_", "1 <= k_"), (STRASSEN, "ln 7/ln 2", "ln 3/ln 2"),
    (REGULAR, "c_ < 1", "c_ < 1/2"), (GAP, "0 <= k_", "-1 <= k_")])
def test_an_altered_statement_is_rejected(case: tuple[str, str], old: str, new: str, tmp_path: Path) -> None:
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"


def test_another_case_is_refused() -> None:
    data = {**certificate(*MERGE_SORT), "verdict": "refuted"}
    with pytest.raises(NotExported, match="another case"):
        export(data)
