"""Recurrences that decrease by a constant as Rocq theorems: first order with any coefficient, and constant lags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.recurrence.claims import claim
from verifier.bridge.export import Files, export
from verifier.bridge.run import BANNED, STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported
from verifier.decide import Budget, decide
from verifier.kernel.claim import Parameter

FIRST_ORDER = {
    "diverging sum": ("T(n) = (n+1)/n*T(n-1) + 2; T(0) = 0", "T(n) = Theta(n*log(n))"),
    "bounded sum": ("T(n) = (1 + 1/n^2)*T(n-1) + 1/n^2", "T(n) = Theta(1)"),
    "a coefficient 0": ("T(n) = (1 - 1/n)*T(n-1) + 1; T(0) = 1", "T(n) = Theta(n)"),
    "driven": ("T(n) = T(n-1)/n + n", "T(n) = Theta(n)"),
    "factorials": ("T(n) = n*T(n-2) + 3^n; T(0) = 2; T(1) = 1", "T(n) = Theta(sqrt(factorial(n))*n^(1/4))"),
    "square root": ("T(n) = (1 + 3/sqrt(n))*T(n-2)", "T(n) = Theta(exp(3*sqrt(n))/n^(9/4))"),
    "central binomial": ("T(n) = (4*n - 2)/n*T(n-1); T(0) = 1", "T(n) = Theta(4^n/sqrt(n))"),
    "exponential coefficient": ("T(n) = 3^n*T(n-1)", "T(n) = Theta(3^(n*(n+1)/2))"),
    "root of n": ("T(n) = n^(1/2)*T(n-1) + 1", "T(n) = Theta(sqrt(factorial(n)))"),
    "little o": ("T(n) = n*T(n-1) + 1; T(0) = 1", "T(n) = o(n*factorial(n))"),
    "refuted": ("T(n) = n*T(n-1) + 1; T(0) = 1", "T(n) = O(5^n)")}
LAGS = {
    "logarithms": ("T(n) = T(n-3) + sqrt(n)*log(n)", "T(n) = Theta(n^(3/2)*log(n))"),
    "harmonic": ("T(n) = 2*T(n-1) + 2^n/(n*log(n))", "T(n) = Theta(2^n*log(log(n)))"),
    "rounded logarithm": ("T(n) = T(n-1) + floor(log(n)/log(2)); T(1) = 0", "T(n) = Theta(n*log(n))"),
    "several lags": ("T(n) = 1/2*T(n-1) + 1/2*T(n-3) + 1/n", "T(n) = Theta(log(n))"),
    "irrational rate": ("T(n) = 5*T(n-3) + n", "T(n) = Theta(5^(n/3))"),
    "factorial driver": ("T(n) = 3*T(n-2) + factorial(n)", "T(n) = Theta(factorial(n))"),
    "two rates": ("T(n) = 2*T(n-2) + 1", "T(n) = o(3^(n/3))")}
CASES = {**FIRST_ORDER, **LAGS}


@cache
def certificate(recurrence: str, statement: str) -> Mapping[str, Any]:
    found = decide(claim(recurrence, statement), Budget()).certificate
    assert found is not None
    return found


def files(case: tuple[str, str]) -> Files:
    return export(certificate(*case))


@pytest.mark.rocq
@pytest.mark.parametrize("name", CASES)
def test_accepted(name: str, tmp_path: Path) -> None:
    outcome = compile_files(files(CASES[name]), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


@pytest.mark.rocq
@pytest.mark.parametrize(("name", "old", "new"), [
    ("diverging sum", "n*ln n", "n"), ("diverging sum", "(n + 1)/n", "(n + 2)/n"),
    ("factorials", "Rpower n (1/4)", "Rpower n (1/2)"), ("central binomial", "Rpower 4 n", "Rpower 5 n"),
    ("harmonic", "ln (ln n)", "ln n"), ("refuted", "Rpower 5 n", "INR (fact n)")])
def test_altered_statement_is_rejected(name: str, old: str, new: str, tmp_path: Path) -> None:
    """The proof does not prove another bound, or the bound of another recurrence."""
    good = files(CASES[name])
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"


@pytest.mark.rocq
def test_altered_expansion_is_rejected(tmp_path: Path) -> None:
    """The product of 1 + 1/n is n, not n^2."""
    good = files(FIRST_ORDER["diverging sum"])
    assert "near a_ (XSc 0 0 0 0 1 0 0) 1" in good.proof
    wrong = good.proof.replace("near a_ (XSc 0 0 0 0 1 0 0) 1", "near a_ (XSc 0 0 0 0 2 0 0) 1")
    assert compile_files(replace(good, proof=wrong), tmp_path, 60).rocq == "rejected"


def test_statement_reads_like_the_claim() -> None:
    text = files(FIRST_ORDER["factorials"]).statement
    for part in ("T 0%nat = 2", "T n = n * T (n - 2)%nat + Rpower 3 n", "sqrt (INR (fact n))*Rpower n (1/4)"):
        assert part in text


def test_no_banned_words() -> None:
    for case in CASES.values():
        for text in (files(case).statement, files(case).proof):
            assert not [w for w in BANNED if w in text.replace(".", " ").split()]


@pytest.mark.parametrize(("recurrence", "statement"), [
    ("T(n) = (1 + log(n)/n)*T(n-1)", "T(n) = Theta(exp(log(n)^2/2))"),
    ("T(n) = (1 - 1/n)*T(n-1); T(0) = 1", "T(n) = O(1)")])
def test_what_is_not_covered_is_refused_with_a_reason(recurrence: str, statement: str) -> None:
    """Logarithms in the coefficient; a coefficient 0."""
    with pytest.raises(NotExported) as refused:
        export(certificate(recurrence, statement))
    assert str(refused.value)


@pytest.mark.rocq
def test_a_parameter_is_not_captured_by_the_constant_of_the_bound(tmp_path: Path) -> None:
    """A parameter named like the constant c of the bound, and one named like the driving function of the proof."""
    n, c, g = Parameter("n"), *(Parameter(x, "real", Fraction(0), lower_open=True, role="constant") for x in "cg")
    found = decide(claim("T(n) = c*n*T(n-1) + g", "T(n) = Theta(factorial(n)*c^n)", (n, c, g)), Budget()).certificate
    assert found is not None
    out = export(found)
    assert "T n <= c * rhs c_ g_ n" in out.statement
    assert compile_files(out, tmp_path, 60).rocq == "accepted"
