"""Claims that are false must never be proved, whatever finder thinks of.

Each entry is a claim and the reason why it is false.  A verdict of refuted or undecided is right, and bad input is
for those that speak about values which do not exist."""

from __future__ import annotations

from contextlib import suppress

import pytest

from verifier.decide import Budget, decide
from verifier.decide.question import Declarations, question
from verifier.kernel.check import check
from verifier.lang.errors import SourceError

D = Declarations
ASYMPTOTIC: list[tuple[str, Declarations, str]] = [
    ("n^2 = O(n)", D(), "grows faster"),
    ("n*log(n) = O(n)", D(), "a logarithm more"),
    ("n = Theta(n*log(n))", D(), "the lower bound fails"),
    ("n = Omega(n*log(log(n)))", D(), "a double logarithm more"),
    ("2^(2*n) = O(2^n)", D(), "4^n"),
    ("3^n = O(2^n)", D(), "another base"),
    ("2^n = O(n^100)", D(), "exponential against polynomial"),
    ("n^0.01 = O(log(n)^5)", D(), "power against logarithm"),
    ("x*exp(-y) = O(1)", D(), "x grows alone"),
    ("n*m = O(n + m)", D(), "n = m"),
    ("n + m = O(n)", D(), "m grows alone"),
    ("n*m = Omega(n^2)", D(), "m = 1"),
    ("n^2 + m = Theta(n^2)", D(), "m = n^3"),
    ("m = O(n)", D(given=["n <= m"]), "the assumption is the other way round"),
    ("b*k^2 = O(b^2*k)", D(given=["b <= k"]), "k = b^2"),
    ("k*m_q + m_d*b = Theta(m_d*b)", D(given=["b <= k"], real=["m_q", "m_d"]), "m_q is not tied to m_d"),
    ("k^n = O(2^n)", D(uniform=["k"]), "uniformly in k"),
    ("k*n = O(n)", D(uniform=["k"]), "k is not bounded"),
    ("n^k = O(n^2)", D(constant=["k"]), "k = 3"),
    ("k^n = O(2^n)", D(constant=["k"]), "k = 3"),
    ("m*n = O(n)", D(real=["m"]), "uniform in m"),
    ("n = O(m*n)", D(real=["m"]), "m may be small"),
    ("p*n = Omega(n)", D(domains=["p: real in (0,1)"]), "p may be small"),
    ("n/p = O(n)", D(domains=["p: real in (0,1)"]), "p may be small"),
    ("n/(1-p) = O(n)", D(domains=["p: real in (0,1)"]), "p may be close to 1"),
    ("n = o(n)", D(), "a constant factor"),
    ("2*n = o(n)", D(), "a constant factor"),
    ("n*m = o(n*m)", D(), "a constant factor"),
    ("n = o(n*m)", D(uniform=["m"]), "m does not grow"),
    ("n^2 = omega(n^2)", D(), "a constant factor"),
    ("n = omega(log(n)*n)", D(), "the wrong way"),
    ("2*n ~ n", D(), "the quotient is 2"),
    ("n + n/1000 ~ n", D(), "the quotient is 1.001"),
    ("n + m ~ n", D(), "m grows"),
    ("sum(i, i, 1, n) = O(n)", D(), "n^2/2"),
    ("sum(i, i, 1, n) = Theta(n^3)", D(), "n^2/2"),
    ("sum(1/i, i, 1, n) = O(1)", D(), "harmonic"),
    ("sum(2^i, i, 1, n) = O(n*n)", D(), "geometric"),
    ("sum(i*j, i, 1, n) = O(n^2)", D(), "j grows as well"),
    ("sum(i^2, i, 1, n) ~ n^3/2", D(), "n^3/3"),
    ("sum(log(i), i, 1, n) = O(n)", D(), "n log n"),
    ("n - m = Omega(n)", D(given=["m <= n"]), "m = n"),
    ("n - log(n) = o(n)", D(), "it is ~ n"),
    ("n^2 - n*m = Theta(n^2)", D(given=["m <= n"]), "m = n"),
    ("n! = O(2^n)", D(), "Stirling"),
    ("n! = Theta(n^n)", D(), "an exponential less"),
    ("log(n!) = O(n)", D(), "n log n"),
    ("n^n = O(factorial(n))", D(), "an exponential more"),
    ("max(n, m) = O(min(n, m))", D(), "n = m^2"),
    ("floor(n/2) = o(n)", D(), "half of it"),
    ("2^ceil(log2(n)) = o(n)", D(), "at least n"),
    ("n^(1/2) = Omega(n)", D(), "a root"),
    ("(n + m)^2 = O(n^2 + m)", D(), "m^2"),
    ("log(n + m) = O(log(n))", D(), "m = 2^(n^2)"),
    ("log(n*m) = Theta(log(n))", D(), "m = 2^(n^2)"),
    ("m_g*n = O(m_s*n)", D(given=["m_g = Theta(k*m_s)"], real=["m_g", "m_s"]), "the factor k"),
    ("n = O(m)", D(given=["m = O(n)"]), "the assumption is the other way round"),
    ("n*m = O(n^2)", D(given=["n = O(m)"]), "the assumption is the other way round"),
    ("cost_a + cost_b = O(cost_a)", D(real=["cost_a", "cost_b"]), "cost_b is free"),
    ("(n^2 + n*m)/(n + m^2) = O(n)", D(given=["m <= n"]), "m = n^(1/2): n^2/n = n is fine, m = 1: n"),
    ("2^(n + m) = O(2^n + 2^m)", D(), "the product"),
    ("n^log(n) = O(n^5)", D(), "quasi-polynomial"),
    ("log(n)^log(n) = O(n)", D(), "n^(log log n)"),
    ("Theta(n) + Theta(m) = O(n)", D(), "m is free"),
    ("sum(Theta(i), i, 1, n) = Theta(n)", D(), "n^2"),
]
ASYMPTOTIC = [entry for entry in ASYMPTOTIC if "is fine" not in entry[2]]

EXPLICIT: list[tuple[str, Declarations, str]] = [
    ("n < n", D(), "irreflexive"),
    ("n^2 <= n", D(), "n = 2"),
    ("n <= 1000000", D(), "n = 1000001"),
    ("2^n <= n^3 + 100", D(), "n = 12"),
    ("n^2 <= 2^n", D(), "n = 3"),
    ("n <= 2^(n-1) - 1", D(), "n = 1"),
    ("log(n) <= 0", D(), "n = 2"),
    ("0 < log(n)", D(), "log 1 = 0"),
    ("n = n + 1", D(), "never"),
    ("sum(i, i, 1, n) = n*(n-1)/2", D(), "an index off by one"),
    ("sum(i, i, 1, n) <= n^2/2", D(), "n/2 more"),
    ("sum(i^2, i, 1, n) = n^3/3", D(), "lower terms"),
    ("sum(i, i, 2, n) <= n^2/2 + n/2 - 2", D(), "n = 1: the empty sum is 0, not -1"),
    ("sum(1, i, 1, n - 5) = n - 5", D(), "the empty sum is 0 for n < 5"),
    ("floor(n/2) = n/2", D(), "odd n"),
    ("floor(n/2) + floor(n/2) = n", D(), "odd n"),
    ("ceil(n/3) <= n/3", D(), "n = 1"),
    ("floor(n/2)*2 >= n", D(), "odd n"),
    ("n - 1 >= 1", D(), "n = 1"),
    ("b - k >= 0", D(given=["b <= k"]), "the assumption is the other way round"),
    ("b*k <= b^2", D(given=["b <= k"]), "k = 2b"),
    ("max(n, m) <= n", D(), "m > n"),
    ("n + m <= max(n, m)", D(), "twice"),
    ("min(n, m) >= n", D(), "m < n"),
    ("n! <= 2^n", D(), "n = 4"),
    ("n! >= 2^n", D(), "n = 1"),
    ("n*ceil(log2(n)) <= n*log2(n)", D(), "n = 3"),
    ("2^floor(log2(n)) >= n", D(), "n = 3"),
    ("x^2 >= x", D(real=["x"]), "x = 1/2"),
    ("x <= x^2 + 1/5", D(real=["x"]), "x = 1/2"),
    ("log(x) <= x/2 - 1", D(real=["x"]), "x = 2 : log 2 > 0"),
    ("log(x)^2 <= x", D(real=["x"]), "x = 1/100"),
    ("p*(1-p) >= 1/4", D(domains=["p: real in (0,1)"]), "p = 1/3"),
    ("n^2 >= 0.999999999*n^2 + 1/2", D(), "n = 1"),
    ("(1 + 1/n)^n >= e", D(), "it increases to e"),
    ("n^0 = 0", D(), "1"),
    ("x/x = 0", D(real=["x"]), "1"),
    ("exp(n) <= 3^n - 1", D(), "n = 1: e > 2"),
    ("2*n^2 + 3*n <= 3*n^2", D(), "n = 1"),
    ("binomial(n, 2) = n^2/2", D(), "n less"),
    ("binomial(n, 2) >= 1", D(), "n = 1"),
]

UNDEFINED: list[tuple[str, Declarations]] = [
    ("1/(k-1) = O(1)", D()),
    ("n/(b-k) = O(n)", D(given=["b <= k"])),
    ("log(n-1) <= n", D()),
    ("log(n-1) = O(n)", D()),
    ("1/0 = O(1)", D()),
    ("log(0) <= n", D()),
    ("n/log(n) <= n", D()),
    ("sum(1/(i-1), i, 1, n) = O(n)", D()),
    ("log(n, k) = O(n)", D(uniform=["k"])),
    ("(n-1)^(-2) <= 1", D()),
]

CONTRADICTORY: list[tuple[str, Declarations]] = [
    ("n^2 <= n", D(given=["n <= m", "m + 1 <= n"])),
    ("n^2 = O(n)", D(given=["n < m", "m < n"])),
    ("2 <= 1", D(given=["n*n <= n - 1"])),
]


def verdict(text: str, declared: Declarations) -> str:
    decision = decide(question(text, declared), Budget(seconds=4))
    if decision.certificate is not None:
        assert check(decision.certificate).verdict == decision.verdict
    return decision.verdict


def _ids(entries: list[tuple[str, Declarations, str]]) -> list[str]:
    return [e[0] for e in entries]


@pytest.mark.parametrize(("text", "declared", "why"), ASYMPTOTIC, ids=_ids(ASYMPTOTIC))
def test_false_asymptotic_claims_are_not_proved(text: str, declared: Declarations, why: str) -> None:
    with suppress(SourceError):
        assert verdict(text, declared) != "proved", why


@pytest.mark.parametrize(("text", "declared", "why"), EXPLICIT, ids=_ids(EXPLICIT))
def test_false_explicit_claims_are_refuted(text: str, declared: Declarations, why: str) -> None:
    assert verdict(text, declared) == "refuted", why


@pytest.mark.parametrize(("text", "declared"), UNDEFINED, ids=[e[0] for e in UNDEFINED])
def test_claims_about_undefined_values_are_bad_input(text: str, declared: Declarations) -> None:
    with pytest.raises(SourceError, match=r"undefined|positive|divi"):
        question(text, declared)


@pytest.mark.parametrize(("text", "declared"), CONTRADICTORY, ids=[e[0] for e in CONTRADICTORY])
def test_contradictory_assumptions_prove_nothing(text: str, declared: Declarations) -> None:
    try:
        decision = decide(question(text, declared), Budget(seconds=4))
    except SourceError:
        return
    assert decision.verdict == "undecided"
