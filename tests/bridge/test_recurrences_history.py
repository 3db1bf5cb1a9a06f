"""Sums over all smaller arguments, and closed forms, as Rocq theorems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.test_recurrences_lags import certificate, files
from verifier.bridge.export import export
from verifier.bridge.run import BANNED, STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported

HISTORY = {
    "quicksort": ("T(n) = n - 1 + (2/n)*sum(T(k) + T(n-1-k), k, 0, n-1)/2; T(0) = 0", "T(n) = Theta(n*log(n))"),
    "descending": ("T(n) = 2*sum(T(n-k), k, 1, n) + 1", "T(n) = Theta(3^n)"),
    "driving larger": ("T(n) = n^3 + (2/n)*sum(T(k), k, 1, n-1)", "T(n) = Theta(n^3)"),
    "weights": ("T(n) = 1 + (2/n^2)*sum(k*T(k), k, 1, n-1)", "T(n) = Theta(log(n))"),
    "refuted": ("T(n) = n + (2/n)*sum(T(k), k, 0, n-1); T(0) = 0", "T(n) = O(n)")}
CLOSED = {
    "repeated root": ("T(n) = 6*T(n-1) - 9*T(n-2); T(0) = 1; T(1) = 6", "T(n) = Theta(n*3^n)"),
    "signs": ("T(n) = 5*T(n-1) - 6*T(n-2) + 7^n; T(0) = 1; T(1) = 1", "T(n) = O(7^n)"),
    "cubic": ("T(n) = 3*T(n-1) - 3*T(n-2) + T(n-3) + 1; T(0) = 0; T(1) = 0; T(2) = 1", "T(n) = Theta(n^3)")}
CASES = {**HISTORY, **CLOSED}


@pytest.mark.rocq
@pytest.mark.parametrize("name", CASES)
def test_accepted(name: str, tmp_path: Path) -> None:
    outcome = compile_files(files(CASES[name]), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


@pytest.mark.rocq
@pytest.mark.parametrize(("name", "old", "new"), [
    ("quicksort", "n*ln n", "n"), ("descending", "(fun k => T (n - k)%nat) 1%nat", "(fun k => T (n - k)%nat) 2%nat"),
    ("weights", "2/n^2", "3/n^2"), ("repeated root", "T 1%nat = 6", "T 1%nat = 3"), ("cubic", "n^3", "n^2")])
def test_altered_statement_is_rejected(name: str, old: str, new: str, tmp_path: Path) -> None:
    """Another bound, a sum that leaves out one argument, another coefficient, another base value."""
    good = files(CASES[name])
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"


def test_statement_reads_like_the_claim() -> None:
    text = files(HISTORY["descending"]).statement
    assert "T n = 2 * sum_nat (fun k => T (n - k)%nat) 1%nat n%nat + 1" in text
    assert "From Aalp Require Import History." in text


def test_no_banned_words() -> None:
    for case in CASES.values():
        for text in (files(case).statement, files(case).proof):
            assert not [w for w in BANNED if w in text.replace(".", " ").split()]


def test_the_upper_half_is_refused_with_a_reason() -> None:
    """The sum starts at n/2: its certificate is one of substitution."""
    with pytest.raises(NotExported):
        export(certificate("T(n) = n + (2/n)*sum(T(k), k, floor(n/2), n-1)", "T(n) = Theta(n)"))
