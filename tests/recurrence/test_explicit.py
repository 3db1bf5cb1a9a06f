"""Closed forms and bounds with constants."""

from __future__ import annotations

import pytest

from tests.recurrence.claims import claim
from verifier.decide import Budget, decide
from verifier.kernel.check import check

MERGE = "T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0"
PROVED = f"""
{MERGE} | T(n) = n*ceil(log2(n)) - 2^ceil(log2(n)) + 1 | 1
{MERGE} | T(n) <= n*ceil(log2(n)) | 1
T(n) = T(floor(n/2)) + T(ceil(n/2)) + 1; T(1) = 1 | T(n) = 2*n - 1 | 1
T(n) = 2*T(floor(n/2)) + 1; T(1) = 1 | T(n) = 2^(floor(log2(n)) + 1) - 1 | 1
T(n) = 2*T(floor(n/2)) + n; T(1) = 1 | T(n) <= n*log2(n) + n | 1
T(n) = 2*T(floor(n/2)) + n; T(1) = 1 | T(n) <= 2*n*log2(n) | 2
T(n) = T(floor(n/2)) + 1; T(1) = 1 | T(n) = floor(log2(n)) + 1 | 1
T(n) = T(ceil(n/2)) + 1; T(1) = 0 | T(n) = ceil(log2(n)) | 1
T(n) = T(floor(n/3)) + 2; T(1) = 0; T(2) = 0 | T(n) = 2*floor(log(n, 3)) | 1
T(n) = T(n/2) + 1; T(1) = 1 | T(n) <= ceil(log2(n)) + 1 | 1
T(n) = 2*T(n-1) + 1; T(0) = 0 | T(n) = 2^n - 1 | 0
T(n) = 2*T(n-1) + 1; T(0) = 0 | T(n) <= 2^n | 0
T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 1 | T(n) <= 2^n | 0
T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 1 | T(n) = (((1+sqrt(5))/2)^n - ((1-sqrt(5))/2)^n)/sqrt(5) | 0
T(n) = T(n-1) + 2*T(n-2); T(0) = 0; T(1) = 1 | T(n) = (2^n - (-1)^n)/3 | 0
T(n) = T(n-1) + n; T(0) = 0 | T(n) = n*(n+1)/2 | 0
T(n) = T(n-1) + n^2; T(0) = 0 | T(n) = n*(n+1)*(2*n+1)/6 | 0
T(n) = T(n-1) + n; T(0) = 0 | T(n) <= n^2 | 0
T(n) = n*T(n-1); T(0) = 1 | T(n) = factorial(n) | 0
T(n) = 5*T(n-1) - 6*T(n-2); T(0) = 1; T(1) = 0 | T(n) = 3*2^n - 2*3^n | 0
T(n) = n - 1 + (2/n)*sum(T(k), k, 0, n-1); T(0) = 0 | T(n) = 2*(n+1)*sum(1/k, k, 1, n) - 4*n | 1
T(n) = 2*T(n/2); T(1) = 0 | T(n) = 0 | 1
"""
CASES = [tuple(x.strip() for x in line.split("|")) for line in PROVED.strip().splitlines()]


@pytest.mark.parametrize(("recurrence", "statement", "lower"), CASES, ids=[f"{c[1]} of {c[0]}" for c in CASES])
def test_proved(recurrence: str, statement: str, lower: str) -> None:
    decision = decide(claim(recurrence, statement, lower=int(lower)), Budget())
    assert decision.verdict == "proved", decision.reason
    assert decision.certificate is not None
    assert check(decision.certificate).verdict == "proved"


@pytest.mark.parametrize(("recurrence", "statement", "n"), [
    ("T(n) = 3*T(floor(n/2)) + n; T(1) = 1", "T(n) <= 3*n^1.58", 256),
    ("T(n) = T(floor(n/2)) + 1; T(1) = 1", "T(n) <= 64", 2 ** 64),
    ("T(n) = T(ceil(n/2)) + 1; T(1) = 1", "T(n) <= 11", 1025),
    (MERGE, "T(n) = n*ceil(log2(n)) - 2^ceil(log2(n)) + n - n", 1),
])
def test_refuted_at_the_smallest_size(recurrence: str, statement: str, n: int) -> None:
    decision = decide(claim(recurrence, statement), Budget(seconds=8))
    assert decision.verdict == "refuted", decision.reason
    assert decision.certificate is not None and decision.certificate["assignment"]["n"] == str(n)


def test_a_rounded_exponent_fails_far_out() -> None:
    decision = decide(claim("T(n) = 3*T(floor(n/2)) + n; T(1) = 1", "T(n) <= 100*n^1.58"), Budget())
    assert decision.verdict == "refuted", decision.reason
    assert decision.certificate is not None and len(decision.certificate["assignment"]["n"]) > 200
