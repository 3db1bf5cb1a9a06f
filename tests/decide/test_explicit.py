"""Explicit claims: proved on the whole domain or refuted by the smallest assignment."""

from __future__ import annotations

import pytest

from tests.decide.claims import claim
from verifier.decide import decide

PROVED = [
    "sum(i, i, 1, n) = n*(n+1)/2", "sum(i^2, i, 1, n) = n*(n+1)*(2*n+1)/6", "sum(2^i, i, 0, n) = 2^(n+1) - 1",
    "sum(sum(sum(1, k, 1, j), j, 1, i), i, 1, n) = n*(n+1)*(n+2)/6", "sum(i^2, i, 1, n) <= n^3",
    "n^2 + 5*n <= 6*n^2", "2*n <= n^2 + 1", "n <= 2^n", "n^3 <= 3^n + 5", "n^2 >= n", "log(n) < n", "log2(n) <= n - 1",
    "n*ceil(log2(n)) <= 2*n*log2(n) + n", "factorial(n) >= 2^(n-1)", "a*b <= (a^2 + b^2)/2", "(a+b)^2 <= 2*a^2 + 2*b^2",
    "sum(i*factorial(i), i, 1, n) = factorial(n+1) - 1", "sum(1/(i*(i+1)), i, 1, n) = n/(n+1)",
    "sum(binomial(2*i, i)/4^i, i, 0, n) = (2*n+1)*binomial(2*n, n)/4^n", "sum(i*2^i, i, 1, n) = (n-1)*2^(n+1) + 2",
    "floor(n/2) + ceil(n/2) = n", "ceil(n/3) <= (n+2)/3",
]

REFUTED = [
    ("n^2 + 5*n <= 5*n^2", {"n": "1"}), ("n^2 > n", {"n": "1"}), ("2^n >= n^2", {"n": "3"}),
    ("log2(n) <= n - 2", {"n": "1"}), ("ceil(n/3) <= (n+1)/3", {"n": "1"}), ("n^2 <= 40*n", {"n": "41"}),
]


@pytest.mark.parametrize("text", PROVED)
def test_proved(text: str) -> None:
    found = decide(claim(text))
    assert (found.verdict, found.strength) == ("proved", "everywhere"), found.reason


@pytest.mark.parametrize(("text", "assignment"), REFUTED)
def test_refuted_by_the_smallest(text: str, assignment: dict[str, str]) -> None:
    found = decide(claim(text))
    assert found.verdict == "refuted"
    assert found.certificate is not None and found.certificate["assignment"] == assignment


def test_real_parameters() -> None:
    assert decide(claim("sqrt(a*b) <= (a+b)/2", real=["a", "b"])).verdict == "proved"


def test_bound_of_a_parameter_in_an_assumption() -> None:
    found = decide(claim("sum(x^i, i, 0, n) = (x^(n+1) - 1)/(x - 1)", given=["x >= 2"]))
    assert found.verdict == "proved"
