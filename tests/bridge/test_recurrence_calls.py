"""Recurrences with any calls in Rocq: the field's worked examples, roots of n, branches, perturbations."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.recurrence.claims import N, claim
from verifier.bridge.export import Files, export
from verifier.bridge.run import STANDARD_AXIOMS, compile_files
from verifier.decide import Budget, decide
from verifier.kernel.claim import Parameter


def positive(name: str) -> Parameter:
    return Parameter(name, kind="real", role="constant", lower=Fraction(0), lower_open=True)


def whole(name: str, lower: int = 1) -> Parameter:
    return Parameter(name, role="constant", lower=Fraction(lower))


Case = tuple[str, str, tuple[Parameter, ...], tuple[str, ...]]
WORKED: dict[str, Case] = {
    "merge sort": ("T(n) = T(floor(n/2)) + T(ceil(n/2)) + n; T(1) = 1", "T(n) = Theta(n*log(n))", (), ()),
    "Karatsuba": ("T(n) = 2*T(ceil(n/2)) + T(floor(n/2)) + n", "T(n) = Theta(n^(log(3)/log(2)))", (), ()),
    "Strassen": ("T(n) = 7*T(floor(n/2)) + n^2", "T(n) = Theta(n^(log(7)/log(2)))", (), ()),
    "selection": ("T(n) = T(floor(n/5)) + T(floor(7*n/10) + 6) + 12*n/5", "T(n) = Theta(n)", (), ()),
    "decreasing cost": ("T(n) = T(floor(n/2))/2 + 1/n", "T(n) = Theta(log(n)/n)", (), ()),
    "log log": ("T(n) = 4*T(floor(n/2)) + n^2/log(n)", "T(n) = Theta(n^2*log(log(n)))", (), ()),
    "Boncelet": ("T(n) = p*T(floor(p*n)) + q*T(floor(q*n)) + 1", "T(n) = Theta(log(n))",
                 (positive("p"), positive("q")), ("p + q = 1",)),
    "irrational exponent": ("T(n) = T(floor(n/3)) + T(floor(3*n/4) + 42) + n", "T(n) = O(n^(144/125))", (), ()),
    "symbolic slope": ("T(n) = b*T(floor(n/b)) + n", "T(n) = Theta(n*log(n))", (whole("b", 2),), ()),
    "constant parameter": ("T(n) = 2*T(n/2) + m*n", "T(n) = Theta(n*log(n))", (whole("m"),), ()),
    "ham sandwich": ("T(n) = T(ceil(n/4)) + T(ceil(n/2)) + 1", "T(n) = Theta(n^(log((1+sqrt(5))/2)/log(2)))", (), ()),
    "moving parameter": ("T(a,n) = 3*T(2*a,floor(n/2)) + a", "T(a,n) = Theta(a*n^(log(6)/log(2)))", (Parameter("a"),), ()),
}
OTHER: dict[str, Case] = {
    "root": ("T(n) = 2*T(floor(sqrt(n))) + log(n)", "T(n) = Theta(log(n)*log(log(n)))", (), ()),
    "open root": ("T(n) = T(n^(1/3)) + 1", "T(n) = O(log(log(n)))", (), ()),
    "branches": ("T(n) = max(2*T(n/2), 3*T(n/3)) + n", "T(n) = Theta(n*log(n))", (), ()),
    "minimum": ("T(n) = min(T(floor(n/2)), T(ceil(n/2))) + n", "T(n) = Theta(n)", (), ()),
    "perturbed argument": ("T(n) = 2*T(n/2 + sqrt(n)) + n", "T(n) = Theta(n*log(n))", (), ()),
    "perturbed coefficient": ("T(n) = (1 + 1/n)*T(n/2) + 1", "T(n) = Theta(log(n))", (), ()),
    "split": ("T(n) = T(p*n) + T((1 - p)*n) + n", "T(n) = Theta(n*log(n))",
              (replace(positive("p"), upper=Fraction(1), upper_open=True),), ()),
    "scaling": ("T(n) = (sqrt(n) + 1)*T(sqrt(n)) + sqrt(n)", "T(n) = Theta(n)", (), ()),
    "scaled root": ("T(n) = sqrt(n)*T(sqrt(n)) + n*log(n)", "T(n) = Theta(n*log(n))", (), ()),
    "small steps": ("T(n) = T(n - sqrt(n)) + 1", "T(n) = Theta(sqrt(n))", (), ()),
    "sum": ("T(n) = 2*T(n/2) + sum(1/i, i, 1, n)", "T(n) = Theta(n)", (), ()),
    "log factorial": ("T(n) = 3*T(n/3) + log(factorial(n))", "T(n) = Theta(n*log(n)^2)", (), ()),
    "dominated": ("T(n) = T(n/log(n)) + n", "T(n) = Theta(n)", (), ()),
    "two scales": ("T(n) = T(n/2) + T(sqrt(n)) + n", "T(n) = Theta(n)", (), ()),
    "exponential": ("T(n) = 2^n*T(n/2) + n^n", "T(n) = Theta(n^n)", (), ()),
    "factorial": ("T(n) = 16*T(n/4) + factorial(n)", "T(n) = Theta(factorial(n))", (), ()),
    "log log driver": ("T(n) = 2*T(n/2) + n*log(log(n))", "T(n) = Theta(n*log(n)*log(log(n)))", (), ()),
    "log log squared": ("T(n) = 2*T(n/2) + n*log(log(n))/log(n)", "T(n) = O(n*log(log(n))^2)", (), ()),
    "surd": ("T(n) = sqrt(2)*T(n/2) + log(n)", "T(n) = Theta(sqrt(n))", (), ()),
    "moving, open": ("T(a,n) = 3*T(2*a,n/2) + a^2*n", "T(a,n) = O(a^2*n^(log(12)/log(2)))", (Parameter("a"),), ()),
    "refuted": ("T(n) = T(sqrt(n)) + 1", "T(n) = O(1)", (), ()),
}


def files(case: Case) -> Files:
    recurrence, statement, parameters, assumptions = case
    found = decide(claim(recurrence, statement, (N, *parameters), assumptions), Budget()).certificate
    assert found is not None
    return export(found)


@pytest.mark.rocq
@pytest.mark.parametrize("name", [*WORKED, *OTHER])
def test_accepted(name: str, tmp_path: Path) -> None:
    outcome = compile_files(files({**WORKED, **OTHER}[name]), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


@pytest.mark.rocq
@pytest.mark.parametrize(("name", "old", "new"), [
    ("root", "ln n*ln (ln n)", "ln n"), ("root", "sqrt n", "Rpower n (2/3)"), ("branches", "3 * T (r2 n)", "4 * T (r2 n)"),
    ("branches", "Rmax", "Rmin"), ("perturbed argument", "+ sqrt n", "+ n/4"),
    ("perturbed coefficient", "1 + 1/n", "1 + 1/ln n"),
    ("symbolic slope", "b * T", "2*b * T"),
    ("scaling", "sqrt n + 1", "ln n * sqrt n"), ("small steps", "n - sqrt n", "n - ln n"), ("sum", "1/i", "i"),
    ("log log driver", "n*ln n*ln (ln n)", "n*ln n"), ("surd", "sqrt 2 * T", "2 * T"),
    ("dominated", "T (r1 n)", "2*ln n * T (r1 n)"),
    ("exponential", "T (r1 n)", "Rpower n n * T (r1 n)"), ("factorial", "INR (fact n)", "Rpower 2 n"),
    ("Boncelet", "p + q = 1", "p + q = 2"), ("moving parameter", "T (2 * a)%nat", "T (3 * a)%nat"),
    ("moving parameter", "p <= T a n <= q", "0 <= T a n <= q + a")])
def test_altered_statement_is_rejected(name: str, old: str, new: str, tmp_path: Path) -> None:
    """The proof is about this recurrence and this bound."""
    good = files({**WORKED, **OTHER}[name])
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"


def test_statements_read_like_the_claims() -> None:
    for name, parts in {
        "root": ("T (Z.to_nat (floor (sqrt n)))%nat + ln n",),
        "open root": ("(floor (Rpower n (1/3))%R <= Z.of_nat (r1 n) <= ceil (Rpower n (1/3))%R)%Z", "(n0 <= n)%nat"),
        "branches": ("T n = Rmax (2 * T (r1 n)) (3 * T (r2 n)) + n",),
        "symbolic slope": ("forall (b : nat), 2 <= b ->", "b * T (n / b)%nat + n"),
        "moving parameter": ("p <= T a n <= q", "T a n = 3 * T (2 * a)%nat (n / 2)%nat + a", "N <= a -> (N <= n)%nat ->"),
        "Boncelet": ("(exists (p : R) (q : R), 0 < p /\\ 0 < q /\\ p + q = 1)", "p * T (Z.to_nat (floor (p*n)))%nat"),
    }.items():
        text = files({**WORKED, **OTHER}[name]).statement
        for part in parts:
            assert part in text, name
