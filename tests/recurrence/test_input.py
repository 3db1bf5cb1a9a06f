"""What is wrong whatever the rule: clear errors, or a finding before any bound."""

from __future__ import annotations

import pytest

from tests.recurrence.claims import claim
from verifier.decide import Budget, decide
from verifier.kernel.check import check
from verifier.lang.errors import SourceError

BAD = """
T(n) = T(2*n) + 1 | T(n) = O(n) | does not get smaller
T(n) = T(n+1) + 1 | T(n) = O(n) | does not get smaller
T(n) = T(n) + 1 | T(n) = O(n) | does not get smaller
T(n) = 2*T(n/2) + n; T(1) = 1; T(1) = 2 | T(n) = O(n) | two base cases
T(n) = 2*T(n/2) + n; T(1) = 1; T(n) = 2 for n < 3 | T(n) = O(n) | two base cases
T(n) = 2*T(n/2) + n for n >= 1; T(1) = 1 | T(n) = O(n) | by a base case and by the equation
T(n) = T(n-1) + T(n-2); T(0) = 1 | T(n) = O(2^n) | is not defined
T(n) = T(n-1) + 1/(n-3); T(1) = 1 | T(n) = O(n) | undefined at n = 3
T(n) = T(n-1) + 1/log(n); T(0) = 1 | T(n) = O(n) | undefined at n = 1
T(n) = T(n/2) + T(n, 2) | T(n) = O(n) | 1 and 2 arguments
T(n) = 2*S(n/2) + n | T(n) = O(n) | not defined by an equation
T(n) = 2*T(n/2) + k | T(n) = O(n) | not a parameter
T(n) = 2*T(n/2) + n for k >= 1 | T(n) = O(n) | a range compares n
T(n) = T(n-1) + 1; T(1/2) = 1 | T(n) = O(n) | is an integer
"""
CASES = [tuple(x.strip() for x in line.split("|")) for line in BAD.strip().splitlines()]


@pytest.mark.parametrize(("recurrence", "statement", "message"), CASES, ids=[c[0] for c in CASES])
def test_bad_input(recurrence: str, statement: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        decide(claim(recurrence, statement), Budget())


@pytest.mark.parametrize("recurrence", ["T(n) = T(ceil(n/2)) + 1; T(0) = 1", "T(n) = T(ceil(n/2)) + 1 for n >= 1",
                                        "T(n) = 2*T(floor(n/2) + 1) + n for n >= 2; T(1) = 1"])
def test_a_recursion_that_never_ends_is_reported_first(recurrence: str) -> None:
    decision = decide(claim(recurrence, "T(n) = O(log(n))"), Budget())
    assert decision.verdict == "refuted"
    assert decision.findings and "does not terminate" in decision.findings[0]
    assert decision.certificate is not None and check(decision.certificate).verdict == "refuted"


@pytest.mark.parametrize(("recurrence", "message"), [
    ("T(n,k) = T(n/2,k) + T(n/2,k/2) + n", "moves in 2 of its arguments"),
    ("T(n) = T(n/2)*T(n/3)", "product of calls"),
    ("T(n) = T(T(n-1))", "nested call"),
])
def test_what_is_not_supported_is_refused_clearly(recurrence: str, message: str) -> None:
    from verifier.kernel.claim import Parameter
    call = "T(n, k)" if "k" in recurrence else "T(n)"
    c = claim(recurrence, f"{call} = O(n)", parameters=(Parameter("n"), Parameter("k")))
    decision = decide(c, Budget())
    assert decision.verdict == "undecided" and decision.reason is not None and message in decision.reason


@pytest.mark.parametrize(("recurrence", "finding"), [
    ("T(n) = T(ceil(n/2)) + 1", "T(1) calls T(1): the equation is read as holding from n = 2 on"),
    ("T(n) = T(ceil(n/3)) + T(ceil(2*n/3)) + n", "T(2) calls T(2): the equation is read as holding from n = 3 on"),
    ("T(n) = 2*T(floor(n/2) + 17) + n", "T(34) calls T(34): the equation is read as holding from n = 35 on"),
    ("T(n) = T(floor(999*n/1000) + 5) + 1", "T(5000) calls T(5000): the equation is read as holding from n = 5001 on"),
    ("T(n) = T(floor(n/2)) + 1", None), ("T(n) = T(n/2) + 1", None), ("T(n) = T(ceil(n/2)) + 1 for n >= 2", None)])
def test_self_calls_at_small_arguments_are_findings(recurrence: str, finding: str | None) -> None:
    d = decide(claim(recurrence, "T(n) = O(n^2)"), Budget())
    assert d.verdict == "proved"
    assert [f.partition(",")[0] for f in d.findings] == ([finding] if finding else [])
