"""Claims in several parameters that need a distinction of cases, such as k <= n^2 or k >= n^2."""

from __future__ import annotations

from fractions import Fraction

import pytest

from verifier.decide import Budget, decide
from verifier.kernel.check import check
from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Rejected
from verifier.lang.ast import free_vars
from verifier.lang.parse import parse_relation

TRUE = """
n*log(k) = O(n*log(n) + k)
n*log(k)^2 = O(n*log(n)^2 + k)
n*log(n + k) = O(n*log(n) + k)
n*k*log(k) = O(n*k*log(n) + k^2)
m*log(n) = O(m*log(m) + n)
n*log(n*k) = O(n*log(n) + k)
n*log(k)*log(n) = O(n*log(n)^2 + k)
n*log(k) = O(n*log(n) + sqrt(k))
n^2*log(k) = O(n^2*log(n) + k)
n*log(k) + k*log(n) = O(n*log(n) + k*log(k))
n*m*log(k) = O(n*m*log(n*m) + k)
sqrt(n)*log(k) = O(sqrt(n)*log(n) + k)
(n + k)*log(n + k) = Theta(n*log(n) + k*log(k))
n*log(k)^3 = O(n*log(n)^3 + k)
n*log(k)*log(log(k)) = O(n*log(n)^2 + k)
n*log(k) = O(n*log(n) + sqrt(k)/n)
n*log(n) + k = Omega(n*log(k))
"""

FALSE = """
n*log(k) = O(n*log(n))
n*log(k) = O(n*sqrt(log(n)) + k)
n*log(k) = O(n*log(log(n)) + k)
n*log(k) = O(n + k)
n*log(k)^2 = O(n*log(n) + k)
n*log(k) = O(n*log(n) + log(k))
n*log(k) = o(n*log(n) + k)
n*k*log(k) = O(n*k + k^2)
n*log(k)*log(n) = O(n*log(n) + k)
n*log(n) + k = O(n*log(k))
n*log(n) + k = Theta(n*log(k))
m*log(n) = O(m*log(log(n)) + n)
m*n*log(k) = O(m*n*log(n) + k)
n*log(k) = Omega(n*log(n) + k)
(n + k)*log(n + k) = O(n*log(n) + k)
"""

HARD = """
n*log(k) = O(n*log(n) + log(k)^5)
n*log(k) = O(n*log(n) + k^(1/log(n)))
"""
"""False, along families that are not sought: not refuted, but not proved either."""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def built(text: str) -> Claim:
    r = parse_relation(text)
    names = sorted(free_vars(r.left) | free_vars(r.right))
    return Claim(tuple(Parameter(n, lower=Fraction(2 if "log(log" in text else 1)) for n in names), r)


@pytest.mark.parametrize("text", lines(TRUE))
def test_true(text: str) -> None:
    d = decide(built(text), Budget())
    assert d.verdict == "proved", d.reason
    assert d.certificate is not None and check(d.certificate).verdict == "proved"


@pytest.mark.parametrize("text", lines(FALSE))
def test_false(text: str) -> None:
    assert decide(built(text), Budget()).verdict == "refuted"


@pytest.mark.parametrize("text", lines(HARD))
def test_not_proved(text: str) -> None:
    assert decide(built(text), Budget(seconds=4)).verdict != "proved"


def test_one_case_is_not_enough() -> None:
    d = decide(built("n*log(k) = O(n*log(n) + k)"), Budget())
    assert d.certificate is not None
    step = d.certificate["proofs"]["upper"][-1]
    assert step["rule"] == "cases"
    for a, b in (("first", "second"), ("second", "first")):
        wrong = {**d.certificate, "proofs": {"upper": [{**step, a: step[b]}]}}
        with pytest.raises(Rejected):
            check(wrong)
