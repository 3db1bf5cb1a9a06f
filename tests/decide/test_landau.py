"""Landau claims with known answers: verdict, strength and, where the literature has it, the constants."""

from __future__ import annotations

import pytest

from tests.decide.claims import claim
from verifier.decide import decide
from verifier.decide.tight import tight_bound
from verifier.kernel.check import check
from verifier.lang.parse import parse_expression

DEBUG = "(m_q*b^2*k*l + m_d*b^2*k^2*l^2)/(m_q*k*l + m_d*l^2*b)"

PROVED = [
    ("b^2*k*l + b^2*k^2*l^2 = Theta(b^2*k^2*l^2)", "everywhere"),
    ("n*log(n) = O(n^1.1)", "everywhere"),
    ("log(n)^5 = O(n^0.01)", "everywhere"),
    ("2^k*k = O(3^k)", "everywhere"),
    ("factorial(n) = O(n^n)", "everywhere"),
    ("n*log(n) = o(n^1.1)", "any-large"),
    ("factorial(n) = o(n^n)", "any-large"),
    ("log(factorial(n)) = Theta(n*log(n))", "any-large"),
    ("log(factorial(n)) ~ n*log(n)", "any-large"),
    ("sum(1/i, i, 1, n) = Theta(log(n))", "any-large"),
    ("sum(1/i, i, 1, n) ~ log(n)", "any-large"),
    ("sum(log(i), i, 1, n) = Theta(n*log(n))", "any-large"),
    ("sum(sqrt(i), i, 1, n) = Theta(n^1.5)", "everywhere"),
    ("sum(2^i*i, i, 1, n) = Theta(2^n*n)", "any-large"),
    ("sum(i*log(i), i, 1, n) = Theta(n^2*log(n))", "any-large"),
    ("sum(1/(i*log(i)), i, 2, n) = Theta(log(log(n)))", "any-large"),
    ("sum(sum(i*j, j, 1, i), i, 1, n) = Theta(n^4)", "everywhere"),
    ("sum(sum(1, j, i, n), i, 1, n) = Theta(n^2)", "everywhere"),
    ("sum(ceil(n/2^i), i, 1, n) = O(n)", "everywhere"),
    ("binomial(2*n, n) = Theta(4^n/sqrt(n))", "everywhere"),
    ("ceil(n/2) = Theta(n)", "everywhere"),
    ("floor(n/2) = Theta(n)", "any-large"),
    ("max(n, k) = Theta(n + k)", "everywhere"),
    ("min(n, k) = O(n)", "everywhere"),
    ("log(n + k) = O(log(n) + log(k))", "any-large"),
    ("sqrt(n + 1) = Theta(sqrt(n))", "everywhere"),
    ("n/log(n) = o(n)", "any-large"),
    ("max_geometric(k, 1/2) = Theta(log(k))", "any-large"),
    ("n^100 = o(1.01^n)", "any-large"),
    ("(n+1)^2 ~ n^2", "any-large"),
    ("2^(n^2) = O(2^(2^n))", "everywhere"),
    ("n^log(n) = O(2^n)", "everywhere"),
    ("2^sqrt(log(n)) = O(n^0.1)", "everywhere"),
    ("log(n)^log(n) = omega(n)", "any-large"),
    ("n^(1/log(n)) = Theta(1)", "any-large"),
    ("n^2 - 3*n = Theta(n^2)", "any-large"),
    ("n*k = O(n^2 + k^2)", "everywhere"),
    ("sum(m*Theta(i*n), i, 1, b) = Theta(m*b^2*n)", "everywhere"),
]

REFUTED = [
    "n^2 = O(n)", "n = o(n)", "n + k = O(n)", "x*exp(-y) = O(1)", "2^(2*n) = O(2^n)", "3^n = O(2^n)",
    "factorial(n) = Theta(n^n)", "min(n, k) = Theta(n + k)", "n/log(n) = O(n^0.99)", "2^n = O(n^100)",
    "2^(2^n) = O(2^(n^2))", "n*log(k) = O(n + k)", "log(n)^2 = Theta(log(n^2))", "n^2*sqrt(k) = O(n^2 + k^2)",
    "log(n)^log(n) = O(n)", "n = omega(n)", "2*n ~ n", "n^2 + n*log(n) = o(n^2)", "k^n = O(2^n)", "n^1.001 = O(n*log(n))",
]


@pytest.mark.parametrize(("text", "strength"), PROVED)
def test_proved(text: str, strength: str) -> None:
    found = decide(claim(text))
    assert (found.verdict, found.strength) == ("proved", strength), found.reason
    assert found.certificate is not None
    assert check(found.certificate).verdict == "proved"


@pytest.mark.parametrize("text", REFUTED)
def test_refuted(text: str) -> None:
    found = decide(claim(text))
    assert (found.verdict, found.strength) == ("refuted", "all-large"), found.reason
    assert found.certificate is not None
    assert check(found.certificate).verdict == "refuted"
    assert found.family is not None and set(found.family["sizes"]) == {p.name for p in claim(text).parameters}


def test_constants_of_a_domination() -> None:
    """b^2 k l + b^2 k^2 l^2 lies between 1 and 2 times its larger term."""
    found = decide(claim("b^2*k*l + b^2*k^2*l^2 = Theta(b^2*k^2*l^2)"))
    assert found.constants == {"upper": "2", "lower": "1"}


def test_constant_and_uniform_differ() -> None:
    """k^n = O(2^n) for each fixed k <= 2; for fixed k without the bound, and uniformly in k, it is false."""
    assert decide(claim("k^n = O(2^n)", given=["k <= 2"], constant=["k"])).verdict == "proved"
    assert decide(claim("k^n = O(2^n)", constant=["k"])).verdict == "refuted"
    assert decide(claim("p*n = O(n)", constant=["p"])).verdict == "proved"
    assert decide(claim("p*n = O(n)", real=["p"])).verdict == "refuted"


@pytest.mark.parametrize("text", ["n^p = O(2^n)", "log(n)^p = O(n)"])
def test_constants_may_depend_on_constant_parameters(text: str) -> None:
    found = decide(claim(text, constant=["p"]))
    assert found.verdict == "proved"
    assert "p" in found.constants["upper"]


def test_debugging_ratio() -> None:
    """Equation (11) of Meyerson and Qiu: the upper bound holds, the lower one needs m_q*k = O(m_d*b*l)."""
    reals = ["m_q", "m_d"]
    assert decide(claim(f"{DEBUG} = O(b*k^2)", given=["b <= k"], real=reals)).verdict == "proved"
    assert decide(claim(f"{DEBUG} = Theta(b*k^2)", given=["b <= k"], real=reals)).verdict == "refuted"
    condition = ["b <= k", "m_q*k = O(m_d*b*l)"]
    assert decide(claim(f"{DEBUG} = Theta(b*k^2)", given=condition, real=reals)).verdict == "proved"


def test_asymptotic_assumption() -> None:
    found = decide(claim("m_g*n = Theta(k*m_s*n)", given=["m_g = Theta(k*m_s)"], real=["m_g", "m_s"]))
    assert (found.verdict, found.strength) == ("proved", "everywhere")
    assert found.certificate is not None and "model" in found.certificate


def test_assumption_with_equality_cancels() -> None:
    """n - k + 1 is 1 where k = n, although k <= n."""
    assert decide(claim("n - k + 1 = Theta(n)", given=["k <= n"])).verdict == "refuted"
    assert decide(claim("n - k + 1 = Theta(n)", given=["2*k <= n"])).verdict == "proved"


def test_contradictory_assumptions_prove_nothing() -> None:
    found = decide(claim("k*b = O(k)", given=["b <= k", "k <= b - 1"]))
    assert found.verdict == "undecided"
    assert found.findings == ("the assumptions contradict each other",)


def test_a_bounded_parameter_that_was_to_grow() -> None:
    """k <= 2 leaves no tail in which k is large, but the inequality holds on the whole domain, which is not empty."""
    found = decide(claim("k^n = O(2^n)", given=["k <= 2"]))
    assert (found.verdict, found.strength) == ("proved", "everywhere")
    assert decide(claim("n = O(n - 3)", given=["n <= 3"])).verdict == "undecided"


@pytest.mark.parametrize(("text", "bound"), [
    ("3*n^2 + n*log(n) + 7", "n^2"), ("b^2*k*l + b^2*k^2*l^2", "b^2*k^2*l^2"), ("sum(1/i, i, 1, n)", "log(n)"),
    ("sum(i*2^i, i, 1, n) + n^5", "n*2^n"), ("log(factorial(n))", "n*log(n)"), ("k*n/(k + n)", "min(n, k)"),
])
def test_tight_bound(text: str, bound: str) -> None:
    probe = claim(f"{text} = Theta(1)")
    found = tight_bound(probe.statement.left, probe.parameters)
    assert found is not None
    assert found[0] == parse_expression(bound)
    assert found[1].verdict == "proved"
