"""Explicit claims about T(n) as Rocq theorems: inductions, and refutations at one size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.recurrence.claims import claim
from verifier.bridge.export import Files, export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.decide import Budget, decide

Case = tuple[str, str, int]
INDUCTION: Case = ("T(n) = 2*T(floor(n/2)) + n; T(1) = 1", "T(n) <= n*log2(n) + n", 1)
INEQUALITY: Case = ("T(n) <= 2*T(floor(n/2)) + n; T(1) = 1", "T(n) <= n*log2(n) + n", 1)
POWERS: Case = ("T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 1", "T(n) <= 2^n", 0)
ROOTS: Case = ("T(n) = 3*T(floor(n/2)) + n; T(1) = 1", "T(n) <= 3*n^1.58", 1)
LARGE: Case = ("T(n) = T(floor(n/2)) + 1; T(1) = 1", "T(n) <= 30", 1)
OPEN: Case = ("T(n) = 2*T(n/2) + n; T(1) = 1", "T(n) >= n*log2(n)", 1)
NOT_EQUAL: Case = ("T(n) = 2*T(n-1) + 1; T(0) = 0", "T(n) = 2^n", 0)
MERGE: Case = ("T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0", "T(n) = n*ceil(log2(n)) - 2^ceil(log2(n)) + 1", 1)
BLOCKS: Case = ("T(n) = T(n/2) + 1; T(1) = 1", "T(n) <= ceil(log2(n)) + 1", 1)
GOLDEN: Case = ("T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 1", "T(n) = (((1+sqrt(5))/2)^n - ((1-sqrt(5))/2)^n)/sqrt(5)", 0)
FACTORIAL: Case = ("T(n) = n*T(n-1); T(0) = 1", "T(n) = factorial(n)", 0)
CLOSED: Case = ("T(n) = 2*T(n-1) + 1; T(0) = 0", "T(n) <= 2^n", 0)


@cache
def certificate(recurrence: str, statement: str, lower: int) -> Mapping[str, Any]:
    found = decide(claim(recurrence, statement, lower=lower), Budget()).certificate
    assert found is not None
    return found


def files(case: Case) -> Files:
    return export(certificate(*case))


ACCEPTED = {"induction": INDUCTION, "inequality": INEQUALITY, "powers": POWERS, "roots": ROOTS, "large": LARGE, "open": OPEN,
            "not-equal": NOT_EQUAL, "merge": MERGE, "blocks": BLOCKS, "golden": GOLDEN, "factorial": FACTORIAL,
            "closed": CLOSED}


@pytest.mark.rocq
@pytest.mark.parametrize("case", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(case: Case, tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


def test_statement_reads_like_the_claim() -> None:
    text = files(INDUCTION).statement
    for part in ("T 1%nat = 1", "T n = 2 * T (n / 2)%nat + n", "rhs (n : nat) : R := n*(ln n/ln 2) + n",
                 "forall n, (1 <= n)%nat -> T n <= rhs n", "solvable /\\ forall T, recurrence T -> holds T"):
        assert part in text
    assert "T n <= 2 * T (n / 2)%nat + n" in files(INEQUALITY).statement


def test_a_refutation_negates_the_claim_for_every_rounding() -> None:
    assert "~ (forall r1, rounding_r1 r1 -> forall T, recurrence r1 T -> holds T)" in files(OPEN).statement


@pytest.mark.rocq
@pytest.mark.parametrize(("case", "old", "new"), [
    (INDUCTION, "+ n.\n\nDefinition solvable", "+ n - 1.\n\nDefinition solvable"),
    (INDUCTION, "T 1%nat = 1", "T 1%nat = 2"),
    (POWERS, "2^n", "2^n - 2"),
    (ROOTS, "3*Rpower", "4*Rpower"),
    (NOT_EQUAL, "2^n", "2^n - 1"),
    (MERGE, "+ n - 1)", "+ n)"),
    (BLOCKS, "+ 1.\n\nDefinition solvable", ".\n\nDefinition solvable"),
    (FACTORIAL, "INR (fact n)", "2*INR (fact n)")])
def test_an_altered_statement_is_rejected(case: Case, old: str, new: str, tmp_path: Path) -> None:
    good = files(case)
    changed = good.statement.replace(old, new)
    assert changed != good.statement
    assert compile_files(replace(good, statement=changed), tmp_path, 60).rocq == "rejected"
