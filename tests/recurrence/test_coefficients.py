"""Divide and conquer with coefficients that grow: T(n) = log(n)*T(n/2) + 1 outgrows every power of n."""

from __future__ import annotations

import pytest

from tests.recurrence.claims import claim
from verifier.decide import Budget, decide
from verifier.kernel.check import check

PROVED = """
T(n) = log(n)*T(n/2) + 1 | O(n^log(n))
T(n) = log(n)*T(n/2) + 1 | O(2^n)
T(n) = log(n)*T(n/2) + 1 | Omega(n^3)
T(n) = log(n)*T(n/2) + n | O(n^(log(log(n))/log(2) + 1))
T(n) = log(n)*T(n/2) + n | O(n^(2*log(log(n))))
T(n) = log(n)*T(n/2) + n | Omega(n^log(log(n)))
T(n) = n*T(n/2) + 1 | O(n^(log2(n)/2 + 1))
T(n) = sqrt(n)*T(n/2) + n | O(n^log(n))
"""

REFUTED = """
T(n) = log(n)*T(n/2) + n | O(n^5)
T(n) = log(n)*T(n/2) + 1 | Theta(n^2)
T(n) = n*T(n/2) + 1 | O(n^5)
T(n) = n*T(n/2) + 1 | Omega(2^n)
T(n) = log(n)*T(n/2) + 1 | Omega(2^n)
T(n) = sqrt(n)*T(n/2) + n | Theta(n)
"""

UNPROVED = """
T(n) = log(n)*T(n/2) + n | O(n^log(log(n)))
T(n) = n*T(n/2) + 1 | O(n^(log2(n)/3))
T(n) = log(n)*T(n/2) + 1 | Theta(n^log(n))
"""


def lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(x.strip() for x in line.split("|")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("recurrence", "bound"), lines(PROVED))
def test_proved(recurrence: str, bound: str) -> None:
    d = decide(claim(recurrence, f"T(n) = {bound}"), Budget())
    assert d.verdict == "proved", d.reason
    assert d.certificate is not None and check(d.certificate).verdict == "proved"


@pytest.mark.parametrize(("recurrence", "bound"), lines(REFUTED))
def test_refuted(recurrence: str, bound: str) -> None:
    assert decide(claim(recurrence, f"T(n) = {bound}"), Budget()).verdict == "refuted"


@pytest.mark.parametrize(("recurrence", "bound"), lines(UNPROVED))
def test_not_proved(recurrence: str, bound: str) -> None:
    assert decide(claim(recurrence, f"T(n) = {bound}"), Budget()).verdict != "proved"
