"""Claims about the exponent of the Akra-Bazzi theorem as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

KARATSUBA = ("T(n) = 3*T(n/2) + n", "akra_bazzi(T(n)) = log(3)/log(2)")
GOLDEN = ("T(n) = T(n/2) + T(n/4) + n", "akra_bazzi(T(n)) = log((1+sqrt(5))/2)/log(2)")
MEDIANS = ("T(n) = T(floor(n/5)) + T(7*n/10+6) + n", "akra_bazzi(T(n)) < 1")
ABOVE = ("T(n) = T(n/2) + T(n/4) + n", "akra_bazzi(T(n)) >= 0.69")
REFUTED = ("T(n) = 2*T(floor(n/2)) + n; T(1) = 1", "akra_bazzi(T(n)) = log2(3)")


@pytest.mark.rocq
@pytest.mark.parametrize("case", [KARATSUBA, GOLDEN, MEDIANS, ABOVE, REFUTED], ids=" | ".join)
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_the_statement_defines_the_exponent() -> None:
    text = files(MEDIANS).statement
    assert "Definition exponent (p : R) : Prop := Rpower (1/5) p + Rpower (7/10) p = 1." in text
    assert "Rabs (INR (n / 5)%nat - (1/5)*n) <= d_" in text
    assert "(exists p, exponent p /\\ forall q, exponent q -> q = p) /\\ holds." in text
    assert "/\\ ~ holds." in files(REFUTED).statement


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (KARATSUBA, "ln 3/ln 2", "ln 5/ln 2"), (MEDIANS, "rhs : R := 1", "rhs : R := 1/2"),
    (MEDIANS, "Rpower (7/10) p", "Rpower (9/10) p"),
    (MEDIANS, "(1/5)*n", "(1/6)*n"), (REFUTED, "rhs : R := ln 3/ln 2", "rhs : R := 1")])
def test_an_altered_statement_is_rejected(case: tuple[str, str], old: str, new: str, tmp_path: Path) -> None:
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"


def test_a_refutation_of_a_true_claim_is_refused() -> None:
    data = {**certificate(*KARATSUBA), "verdict": "refuted"}
    with pytest.raises(NotExported, match="other side"):
        export(data)
