"""Known-false claims: none may be proved."""

from __future__ import annotations

import pytest

from tests.recurrence.claims import claim
from verifier.decide import Budget, decide

FALSE = """
T(n) = 2*T(n/2) + n | T(n) = O(n)
T(n) = 2*T(n/2) + n | T(n) = Theta(n)
T(n) = 2*T(n/2) + n | T(n) = o(n*log(n))
T(n) = 2*T(n/2) + n | T(n) = Omega(n^1.01)
T(n) = 2*T(n/2) + n | T(n) = Theta(n*log(n)^2)
T(n) = 2*T(floor(n/2)) + n | T(n) = O(n)
T(n) = 2*T(n/2) + n*log(n) | T(n) = Theta(n*log(n))
T(n) = 2*T(n/2) + n/log(n) | T(n) = Theta(n)
T(n) = 2*T(n/2) + n/log(n) | T(n) = Theta(n*log(n))
T(n) = 2*T(n/2) + n/log(n)^2 | T(n) = Omega(n*log(log(n)))
T(n) = 2*T(n/2) + n^2 | T(n) = Theta(n^2*log(n))
T(n) = 3*T(n/2) + n | T(n) = O(n^1.58)
T(n) = 3*T(n/2) + n | T(n) = O(n^1.584962500721156)
T(n) = 3*T(n/2) + n | T(n) = Omega(n^1.584962500721157)
T(n) = 3*T(n/2) + n | T(n) = Theta(n^(log(3)/log(2))*log(n))
T(n) = 7*T(n/2) + n^2 | T(n) = O(n^2.8)
T(n) = 8*T(n/2) + n^2 | T(n) = Theta(n^2)
T(n) = 4*T(n/2) + n^2 | T(n) = Theta(n^2)
T(n) = 4*T(n/2) + n^3 | T(n) = Theta(n^3*log(n))
T(n) = T(n/2) + 1 | T(n) = Theta(1)
T(n) = T(n/2) + 1 | T(n) = Omega(n^0.001)
T(n) = T(n/2) + log(n) | T(n) = O(log(n))
T(n) = T(n/3) + T(2*n/3) + n | T(n) = O(n)
T(n) = T(n/5) + T(7*n/10) + n | T(n) = Omega(n*log(n))
T(n) = T(n/3) + T(2*n/3 + 4) + n | T(n) = Theta(n)
T(n) = T(n/2) + T(n/4) + 1 | T(n) = O(n^0.69)
T(n) = T(n/2) + T(n/4) + 1 | T(n) = Omega(n^0.7)
T(n) = T(n/3) + T(3*n/4) + 1 | T(n) = O(n^1.1)
T(n) = 0.5*T(n/2) + 1/n | T(n) = Theta(1/n)
T(n) = 0.5*T(n/2) + 1/n | T(n) = Theta(log(n))
T(n) = sqrt(2)*T(n/2) + log(n) | T(n) = Theta(log(n))
T(n) = 6*T(n/3) + n^2*log(n) | T(n) = Theta(n^2)
T(n) = T(n/2) + 2^n | T(n) = Theta(2^n*n)
T(n) = T(sqrt(n)) + 1 | T(n) = Theta(log(n))
T(n) = T(sqrt(n)) + 1 | T(n) = O(1)
T(n) = 2*T(sqrt(n)) + log(n) | T(n) = O(log(n))
T(n) = 2*T(sqrt(n)) + 1 | T(n) = Theta(log(log(n)))
T(n) = sqrt(n)*T(sqrt(n)) + n | T(n) = O(n)
T(n) = sqrt(n)*T(sqrt(n)) + n | T(n) = Theta(n*log(n))
T(n) = T(n-1) + n | T(n) = Theta(n)
T(n) = T(n-1) + n | T(n) = Theta(n*log(n))
T(n) = T(n-1) + 1/n | T(n) = O(1)
T(n) = T(n-1) + 1/n^2 | T(n) = Omega(log(log(n)))
T(n) = T(n-1) + log(n) | T(n) = O(n)
T(n) = 2*T(n-1) + 1 | T(n) = O(1.99^n)
T(n) = 2*T(n-1) + 2^n | T(n) = Theta(2^n)
T(n) = 2*T(n-1) + n | T(n) = Theta(n*2^n)
T(n) = T(n-1) + T(n-2) | T(n) = Theta(2^n)
T(n) = T(n-1) + T(n-2) | T(n) = O(1.618^n)
T(n) = T(n-1) + T(n-2) | T(n) = Omega(1.6181^n)
T(n) = T(n-1) + T(n-2) + T(n-3) | T(n) = O(1.839^n)
T(n) = 2*T(n-2) + 1 | T(n) = Theta(2^n)
T(n) = n*T(n-1) + 1 | T(n) = Theta(n^n)
T(n) = n*T(n-1) + factorial(n) | T(n) = O(factorial(n))
T(n) = (1 - 1/n)*T(n-1) + 1 | T(n) = Theta(log(n))
T(n) = (n+1)/n*T(n-1) + 1 | T(n) = O(n)
T(n) = (1 + 1/n)*T(n-1) | T(n) = O(1)
T(n) = n - 1 + (2/n)*sum(T(k), k, 0, n-1); T(0) = 0 | T(n) = Theta(n)
T(n) = n - 1 + (2/n)*sum(T(k), k, 0, n-1); T(0) = 0 | T(n) = Theta(n^2)
T(n) = n + (1/n)*sum(T(k), k, 0, n-1) | T(n) = Omega(n*log(n))
T(n) = 1 + sum(T(k), k, 0, n-1) | T(n) = O(1.9^n)
T(n) = T(n - sqrt(n)) + 1 | T(n) = Theta(n)
T(n) = T(n - sqrt(n)) + 1 | T(n) = Theta(log(n))
T(n) = 2*T(n/2); T(1) = 0 | T(n) = Theta(n)
T(n) = 2*T(n/2); T(1) = 0 | T(n) = Omega(1)
T(n) = 4*T(n/2) + n; T(1) = -1 | T(n) = Theta(n^2)
T(n) = 5*T(n-1) - 6*T(n-2); T(0) = 1; T(1) = 2 | T(n) = Theta(3^n)
T(n) = 5*T(n-1) - 6*T(n-2); T(0) = 1; T(1) = 0 | T(n) = Theta(3^n)
T(n) = 5*T(n-1) - 6*T(n-2) | T(n) = Omega(3^n)
T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 0 | T(n) = Theta(((1+sqrt(5))/2)^n)
T(n) = 64*T(n/8) - n^2*log(n) | T(n) = Omega(n^2)
T(n) = 2*T(n/2) + O(n) | T(n) = Theta(n*log(n))
T(n) <= 2*T(n/2) + n | T(n) = Omega(n*log(n))
T(n) <= 2*T(n/2) + n | T(n) = Theta(n*log(n))
T(n) >= 2*T(n/2) + n | T(n) = O(n*log(n))
T(n) = max(2*T(n/2), 3*T(n/3)) + n | T(n) = O(n)
T(n) = min(2*T(n/2), 4*T(n/2)) + 1 | T(n) = Omega(n^2)
T(n) = 2*T(n/2) + n | master(T(n)) = 1
T(n) = 2*T(n/2) + n | master(T(n)) = 3
T(n) = 2*T(n/2) + n/log(n) | master(T(n)) = 2
T(n) = 4*T(n/2) + n | master(T(n)) = 2
T(n) = T(n/3) + T(2*n/3) + n | master(T(n)) = 2
T(n) = 64*T(n/8) - n^2*log(n) | master(T(n)) = 2
T(n) = 3*T(n/2) + n | akra_bazzi(T(n)) = 1.585
T(n) = 3*T(n/2) + n | akra_bazzi(T(n)) = 1.58496250072115618
A(n) = 2*B(n/2) + n; B(n) = 2*A(n/2) + n | A(n) = O(n)
A(n) = B(n-1) + 1; B(n) = 2*A(n-1) | A(n) = Theta(2^n)
"""
CASES = [tuple(x.strip() for x in line.split("|")) for line in FALSE.strip().splitlines()]
UNDECIDED = ("T(1) = -1", "5*T(n-1) - 6*T(n-2) |", "<=", ">=", "O(n) |", "64*T(n/8) - n^2*log(n) | T", "min(")
"""False for some base values or for some function in the class only: not refutable by these equations alone."""


@pytest.mark.parametrize(("recurrence", "statement"), CASES, ids=[" | ".join(c) for c in CASES])
def test_never_proved(recurrence: str, statement: str) -> None:
    decision = decide(claim(recurrence, statement), Budget(seconds=10))
    assert decision.verdict != "proved", decision.reason
    line = f"{recurrence} | {statement}"
    if not any(u in line for u in UNDECIDED):
        assert decision.verdict == "refuted", decision.reason


EXPLICIT = """
T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0 | T(n) <= n*log2(n) - n/2 | 1 | 1
T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0 | T(n) = n*ceil(log2(n)) - 2^ceil(log2(n)) | 1 | 1
T(n) = 2*T(floor(n/2)) + n; T(1) = 1 | T(n) <= n*log2(n) | 2 | 2
T(n) = 2*T(ceil(n/2)) + n; T(1) = 1 | T(n) <= n*log2(n) + n | 1 | 3
T(n) = 3*T(floor(n/2)) + n; T(1) = 1 | T(n) <= 3*n^1.58 | 1 | 256
T(n) = T(floor(n/2)) + 1; T(1) = 1 | T(n) <= 10 | 1 | 1024
T(n) = T(ceil(n/2)) + 1; T(1) = 1 | T(n) <= 11 | 1 | 1025
T(n) = T(n-1) + n; T(0) = 0 | T(n) <= 50*n | 1 | 100
T(n) = 2*T(n-1) + 1; T(0) = 0 | T(n) <= n^4 + 1 | 0 | 17
T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 1 | T(n) <= 1.6^n | 0 | ?
T(n) = T(floor(n/2)) + 1; T(1) = 1 | T(n) <= 64 | 1 | 18446744073709551616
T(n) = 2*T(n/2) + n; T(1) = 1 | T(n) <= n*log2(n) + n | 1 | 3
"""
CONCRETE = [tuple(x.strip() for x in line.split("|")) for line in EXPLICIT.strip().splitlines()]


@pytest.mark.parametrize(("recurrence", "statement", "lower", "smallest"), CONCRETE, ids=[c[1] for c in CONCRETE])
def test_smallest_violation(recurrence: str, statement: str, lower: str, smallest: str) -> None:
    decision = decide(claim(recurrence, statement, lower=int(lower)), Budget(seconds=8))
    assert decision.verdict == "refuted", decision.reason
    assert decision.certificate is not None
    if smallest != "?":
        assert decision.certificate["assignment"]["n"] == smallest
