"""Systems of several functions as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

AGENTS = ("A(n) = 2*B(n/2) + n; B(n) = 2*A(n/2) + n", "A(n) = Theta(n*log(n))")
PLANNER = ("A(n) = A(n/2) + B(n/2) + n; B(n) = 2*B(n/2) + n", "A(n) = Theta(n*log(n))")
DEBATE = ("A(n) = 2*A(n/2) + B(n); B(n) = 4*B(n/4) + 1", "A(n) = Theta(n*log(n))")
WEIGHTED = ("A(n) = 2*B(floor(n/2)) + 1; B(n) = 8*A(ceil(n/2)); A(0) = 1; B(0) = 1; A(1) = 1; B(1) = 3", "B(n) = Theta(n^2)")
ROOT = ("A(n) = 2*B(n/2) + n; B(n) = A(n/2) + n", "A(n) = O(n)")
THREE = ("A(n) = B(n/2) + n; B(n) = 2*C(n/2) + 3*n; C(n) = 4*A(n/2) + n", "C(n) = Theta(n*log(n))")
REFUTED = ("A(n) = 2*B(n/2) + n; B(n) = 2*A(n/2) + n", "A(n) = O(n)")
TURNS = ("A(n) = B(n-1) + 1; B(n) = 2*A(n-1)", "A(n) = Theta(2^(n/2))")
EIGENVALUE = ("A(n) = A(n-1) + 2*B(n-1) + n; B(n) = 3*A(n-1) + 2*B(n-1)", "B(n) = Theta(4^n)")
LAG = ("A(n) = 3*B(n-2) + n^2; B(n) = 3*A(n-2) + 1; A(0) = 1; A(1) = 2; B(0) = 1; B(1) = 1", "A(n) = O(3^(n/2))")
MIXED = ("A(n) = B(n/2) + n; B(n) = A(n/2) + 5", "A(n) = O(n)")
CASES = {"mixed": MIXED, "turns": TURNS, "eigenvalue": EIGENVALUE, "lag": LAG,
         "agents": AGENTS, "planner": PLANNER, "debate": DEBATE,
         "weighted": WEIGHTED, "root": ROOT, "three": THREE, "refuted": REFUTED}


@pytest.mark.rocq
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_the_statement_shows_every_equation() -> None:
    text = files(AGENTS).statement
    assert "A n = 2 * B (r1 n) + n" in text and "B n = 2 * A (r2 n) + n" in text
    assert "solvable n0 r1 r2 /\\ forall A B, recurrence n0 r1 r2 A B -> bound A" in text
    assert "A n = 2 * A (r1 n) + B n" in files(DEBATE).statement
    text = files(WEIGHTED).statement
    assert "B 1%nat = 3 /\\" in text and "B n = 8 * A ((n + 1) / 2)%nat" in text and "bound B" in text


@pytest.mark.rocq
@pytest.mark.parametrize(("old", "new"), [("n*ln n", "n"), ("B n = 2 * A (r2 n) + n", "B n = 3 * A (r2 n) + n"),
                                          ("-> bound A", "-> bound B /\\ 0 < A 0%nat - B 0%nat"),
                                          ("(forall n, (n0 <= n)%nat -> B n = 2 * A (r2 n) + n)", "(forall n, 0 < B n)")])
def test_altered_statement_is_rejected(old: str, new: str, tmp_path: Path) -> None:
    """Another bound, another coefficient, more than the claim, a system without one of its equations."""
    good = files(AGENTS)
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"


@pytest.mark.rocq
def test_altered_proof_is_rejected(tmp_path: Path) -> None:
    """Weights that are not an eigenvector."""
    good = files(WEIGHTED)
    assert "(1/2) * B n" in good.proof
    wrong = replace(good, proof=good.proof.replace("(1/2) * B n", "(1/3) * B n"))
    assert compile_files(wrong, tmp_path, 60).rocq == "rejected"


@pytest.mark.rocq
def test_another_base_is_rejected(tmp_path: Path) -> None:
    good = files(TURNS)
    assert "2 * A (n - 1)%nat" in good.statement
    wrong = replace(good, statement=good.statement.replace("2 * A (n - 1)%nat", "3 * A (n - 1)%nat"))
    assert compile_files(wrong, tmp_path, 60).rocq == "rejected"


def test_refused() -> None:
    """The least driving function decides a lower bound only if all have one class."""
    with pytest.raises(NotExported):
        export(certificate("A(n) = B(n/2) + n; B(n) = A(n/2) + 5", "A(n) = Theta(n)"))
