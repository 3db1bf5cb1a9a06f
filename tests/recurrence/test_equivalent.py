"""T(n) ~ g(n), and bounds of merge sort with log2(n), through closed forms."""

from __future__ import annotations

import pytest

from tests.recurrence.claims import claim
from verifier.decide import Budget, decide
from verifier.kernel.check import check
from verifier.kernel.context import Rejected

MERGE = "T(n) = T(floor(n/2)) + T(ceil(n/2)) + n; T(1) = "
PROVED = f"""
T(n) = T(n-1) + n; T(0) = 0 | T(n) ~ n^2/2
T(n) = T(n-1) + n; T(0) = 7 | T(n) ~ n^2/2
T(n) = T(n-1) + n^2; T(0) = 0 | T(n) ~ n^3/3
T(n) = 2*T(n-1) + 1; T(0) = 0 | T(n) ~ 2^n
T(n) = T(n-1) + 1/n; T(0) = 0 | T(n) ~ log(n)
T(n) = T(n-1) + log(n); T(1) = 0 | T(n) ~ n*log(n)
T(n) = T(floor(n/2)) + 1; T(1) = 1 | T(n) ~ log2(n)
T(n) = T(floor(n/2)) + T(ceil(n/2)) + 1; T(1) = 1 | T(n) ~ 2*n
{MERGE}0 | T(n) ~ n*log2(n)
{MERGE}0 | T(n) <= n*log2(n) + n
{MERGE}0 | T(n) <= n*log2(n) + n/11
{MERGE}1 | T(n) <= n*log2(n) + 11/10*n
{MERGE}1 | T(n) <= n*log2(n) + 2*n
{MERGE}0 | T(n) <= n*ceil(log2(n))
T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0 | T(n) <= n*log2(n)
T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0 | T(n) <= n*ceil(log2(n))
T(n) = 2*T(floor(n/2)) + n; T(1) = 1 | T(n) <= n*log2(n) + n
"""

REFUTED = f"""
T(n) = T(n-1) + n; T(0) = 0 | T(n) ~ n^2
T(n) = T(n-1) + n; T(0) = 0 | T(n) ~ n^2/2 + n^2/100
T(n) = 2*T(n-1) + 1; T(0) = 0 | T(n) ~ 2^(n+1)
{MERGE}0 | T(n) <= n*log2(n)
{MERGE}0 | T(n) <= n*log2(n) + n/12
{MERGE}1 | T(n) <= n*log2(n) + n
{MERGE}1 | T(n) <= n*log2(n) + 21/20*n
T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0 | T(n) <= n*log2(n) - n/12
"""

UNPROVED = f"""
T(n) = 2*T(n/2) + n; T(1) = 1 | T(n) ~ n*log2(n)
T(n) = 2*T(floor(n/2)) + n; T(1) = 1 | T(n) ~ n*log2(n)
T(n) = 2*T(floor(n/2)) + 1; T(1) = 1 | T(n) ~ 2*n
T(n) = T(n-1) + log(n); T(1) = 0 | T(n) ~ n
{MERGE}0 | T(n) ~ n*ceil(log2(n)) + n^2
"""
"""No limit, a wrong one, or none that is known: refuted or undecided, never proved."""


def lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(x.strip() for x in line.split("|")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("recurrence", "statement"), lines(PROVED))
def test_proved(recurrence: str, statement: str) -> None:
    d = decide(claim(recurrence, statement), Budget())
    assert d.verdict == "proved", d.reason
    assert d.certificate is not None and check(d.certificate).verdict == "proved"


@pytest.mark.parametrize(("recurrence", "statement"), lines(REFUTED))
def test_refuted(recurrence: str, statement: str) -> None:
    assert decide(claim(recurrence, statement), Budget()).verdict == "refuted"


@pytest.mark.parametrize(("recurrence", "statement"), lines(UNPROVED))
def test_not_proved(recurrence: str, statement: str) -> None:
    assert decide(claim(recurrence, statement), Budget(seconds=3)).verdict != "proved"


def test_the_comparison_is_about_the_closed_form() -> None:
    good = decide(claim("T(n) = T(n-1) + n; T(0) = 0", "T(n) ~ n^2/2"), Budget()).certificate
    other = decide(claim("T(n) = T(n-1) + n + 1; T(0) = 0", "T(n) ~ n^2/2"), Budget()).certificate
    assert good is not None and other is not None
    for wrong in ({"comparison": other["comparison"]}, {"bound": other["bound"]}, {"verdict": "refuted"},
                  {"claim": {**good["claim"], "statement": "T(n) ~ n^2"}}):
        with pytest.raises(Rejected):
            check({**good, **wrong})
