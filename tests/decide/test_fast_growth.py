"""Sums that their last term dominates, factorials beside powers, and exponents that change places late."""

from __future__ import annotations

import pytest

from verifier.decide import Budget, decide
from verifier.decide.question import question
from verifier.kernel.check import check

TRUE = """
sum(factorial(i), i, 1, n) = Theta(factorial(n))
sum(factorial(i), i, 0, n) = Theta(factorial(n))
sum(i*factorial(i), i, 1, n) = Theta(factorial(n + 1))
sum(factorial(i)^2, i, 1, n) = Theta(factorial(n)^2)
sum(factorial(i)*2^i, i, 1, n) = Theta(factorial(n)*2^n)
sum(factorial(i)/2^i, i, 1, n) = Theta(factorial(n)/2^n)
sum(factorial(2*i), i, 1, n) = Theta(factorial(2*n))
sum(factorial(i), i, 1, n) = O(n^n/2^n)
sum(binomial(2*i, i), i, 0, n) = Theta(binomial(2*n, n))
sum(binomial(2*i, i), i, 1, n) = Theta(4^n/sqrt(n))
sum(2^(i^2), i, 1, n) = Theta(2^(n^2))
sum(2^(2^i), i, 1, n) = Theta(2^(2^n))
sum(i^i, i, 1, n) = Theta(n^n)
sum(3^i/i, i, 1, n) = Theta(3^n/n)
sum(k^i, i, 0, n) = Theta(k^n)
factorial(n) = O(2^(n^1.1))
factorial(n) = o(2^(n^1.01))
n^n = O(2^(n^1.05))
n^log(n) = O(2^(n^0.1))
2^(n*log(n)^2) = O(2^(n^1.2))
"""

FALSE = """
sum(factorial(i), i, 1, n) = Theta(factorial(n)*n)
sum(factorial(i), i, 1, n) = Theta(factorial(n - 1))
sum(2^(i^2), i, 1, n) = Theta(n*2^(n^2))
sum(2^(i^2), i, 1, n) = O(2^(n^2 - n))
sum(i^i, i, 1, n) = o(n^n)
sum(i*2^i, i, 1, n) = O(2^n)
factorial(n) = O(2^n)
factorial(n) = O(n^(n/2))
2^(n^1.1) = O(factorial(n))
n^n = O(2^(n^0.99))
"""

UNPROVED = """
sum(factorial(i), i, 1, n) = O(factorial(n)/n)
sum(factorial(i)/2^i, i, 1, n) = O(factorial(n)/3^n)
sum(binomial(2*i, i), i, 0, n) = O(4^n/n)
sum(3^i/i, i, 1, n) = O(3^n/n^2)
sum(i^i, i, 1, n) = O(n^n/n)
factorial(n) = Omega(2^(n^1.1))
"""
"""False: refuted or undecided within a short time, never proved."""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("text", lines(TRUE))
def test_true(text: str) -> None:
    d = decide(question(text), Budget())
    assert d.verdict == "proved", d.reason
    assert d.certificate is not None and check(d.certificate).verdict == "proved"


@pytest.mark.parametrize("text", lines(FALSE))
def test_false(text: str) -> None:
    assert decide(question(text), Budget()).verdict == "refuted"


@pytest.mark.parametrize("text", lines(UNPROVED))
def test_not_proved(text: str) -> None:
    assert decide(question(text), Budget(seconds=3)).verdict != "proved"
