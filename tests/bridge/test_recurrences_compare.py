"""Refuted and strict claims about T(n) as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

REFUTED = ("T(n) = 2*T(n/2) + n", "T(n) = O(n)")
NOT_THETA = ("T(n) = 4*T(floor(n/2)) + n^2; T(1) = 1", "T(n) = Theta(n^2)")
NOT_LITTLE_O = ("T(n) = 2*T(floor(n/2)) + n; T(1) = 1", "T(n) = o(n*log(n))")
NOT_OMEGA = ("T(n) = T(n/2) + T(n/4) + 1", "T(n) = Omega(n^0.7)")
LITTLE_O = ("T(n) = 3*T(n/2) + n", "T(n) = o(n^(log(3)/log(2))*n)")
LITTLE_OMEGA = ("T(n) = 2*T(n/2) + n", "T(n) = omega(n)")


@pytest.mark.rocq
@pytest.mark.parametrize("case", [REFUTED, NOT_THETA, NOT_LITTLE_O, NOT_OMEGA, LITTLE_O, LITTLE_OMEGA],
                         ids=["not O", "not Theta", "not o", "not Omega", "o", "omega"])
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_a_refutation_is_about_every_solution() -> None:
    """The bound fails for every admissible T, and there is one."""
    text = files(REFUTED).statement
    assert "forall r1, rounding_r1 r1 ->" in text
    assert "solvable n0 r1 /\\ forall T, recurrence n0 r1 T -> ~ bound T." in text


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (REFUTED, "rhs (n : nat) : R := n", "rhs (n : nat) : R := n*ln n"),
    (LITTLE_O, "*n.", "."),
    (LITTLE_OMEGA, "rhs (n : nat) : R := n", "rhs (n : nat) : R := n*ln n"),
    (NOT_LITTLE_O, "c * T n <= rhs n", "T n <= c * rhs n")])
def test_an_altered_statement_is_rejected(case: tuple[str, str], old: str, new: str, tmp_path: Path) -> None:
    """True bounds are not refuted, equal classes are not strictly ordered."""
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"


def test_a_refutation_of_a_true_bound_is_refused() -> None:
    data = dict(certificate(*REFUTED))
    data["claim"] = {**data["claim"], "statement": "T(n) = O(n*log(n))"}
    with pytest.raises(NotExported, match="does not hold"):
        export(data)
