"""Claims about recurrences that are decided by cases between constants, as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.recurrence.claims import claim
from verifier.bridge.export import Files, export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported
from verifier.decide import Budget, decide
from verifier.kernel.claim import Parameter

N = Parameter("n")
A = Parameter("a", role="constant", kind="real", lower=1)
B = Parameter("b", role="constant", kind="integer", lower=2)
PROVED = ("T(n) = a*T(n/2) + n", "T(n) = Omega(n)")
GIVEN = ("T(n) = a*T(floor(n/2)) + n^2; T(1) = 1", "T(n) = Omega(n^2)")
REFUTED = ("T(n) = a*T(n/2) + n", "T(n) = O(n)")
TWICE = ("T(n) = a*T(n/2) + n", "T(n) = O(n^2)")


def files(case: tuple[str, str], constant: Parameter = A) -> Files:
    found = decide(claim(*case, (N, constant)), Budget()).certificate
    assert found is not None and found["bound"]["rule"] == "cases"
    return export(found)


@pytest.mark.rocq
@pytest.mark.parametrize("case", [PROVED, GIVEN, REFUTED, TWICE], ids=" | ".join)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_a_refutation_is_about_some_constants() -> None:
    """The claim is one about all constants: a refutation gives some for which the bound fails, for every solution."""
    text = files(REFUTED).statement
    assert "Definition claim : Prop := exists (a : R), 1 <= a /\\" in text
    assert "recurrence a n0 r1 T -> ~ bound a T." in text
    assert "Definition claim : Prop := forall (a : R), 1 <= a ->" in files(PROVED).statement


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (PROVED, "R := n.", "R := n^2."),
    (REFUTED, "claim : Prop := exists (a : R), 1 <= a /\\", "claim : Prop := forall (a : R), 1 <= a ->"),
    (TWICE, "R := n^2.", "R := n^3.")])
def test_an_altered_statement_is_rejected(case: tuple[str, str], old: str, new: str, tmp_path: Path) -> None:
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"


def test_a_case_that_changes_the_argument_is_refused() -> None:
    with pytest.raises(NotExported, match="reads otherwise"):
        files(("T(n) = 2*T(n/b) + n", "T(n) = O(n)"), B)
