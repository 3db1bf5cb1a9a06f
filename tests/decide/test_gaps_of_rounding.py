"""Explicit bounds that hold through one envelope, strict bounds, and ceilings that do not vanish."""

from __future__ import annotations

import pytest

from verifier.decide import Budget, decide
from verifier.decide.question import Declarations, question
from verifier.kernel.check import check


def decided(text: str, *domains: str, seconds: float = 30) -> str:
    found = decide(question(text, Declarations(domains=list(domains))), Budget(seconds=seconds, witnesses=False))
    if found.certificate is not None:
        assert check(found.certificate).verdict == found.verdict
    return found.verdict


@pytest.mark.parametrize(("text", "domains"), [
    ("max(n, k) <= n + k", ()),
    ("max(a, b, c) <= a + b + c", ()),
    ("ceil(n/k) <= n/k + 1", ()),
    ("n/k - 1 <= floor(n/k)", ()),
    ("sum(1, i, 1, N) = N", ()),
    ("ceil(n/k) < n", ("n >= 2", "k >= 2")),
    ("ceil((n - 1)/(k - 1)) <= n - 1", ("k >= 2",)),
    ("ceil(n/k) + ceil(n/m) <= 2*n", ()),
    ("(1 - p)^2 < p^2", ("p: real in (1/2,1)",)),
    ("(1 - p)/(1 + p) < p/(1 + 2*p)", ("p: real in (3/4,1)",)),
])
def test_proved(text: str, domains: tuple[str, ...]) -> None:
    assert decided(text, *domains) == "proved"


@pytest.mark.parametrize(("text", "domains"), [
    ("max(n, k) <= n + k - 2", ()),
    ("sum(1, i, 1, N) < N", ()),
    ("ceil(n/k) < n", ()),
    ("ceil((n + 1)/k) <= n", ()),
    ("(1 - p)^2 < p^2", ("p: real in [1/2,1]",)),
    ("(1 - p)/(1 + p) < p/(1 + 2*p)", ("p: real in (1/2,1)",)),
    ("ceil(N/k) = Theta(N/k)", ()),
    ("ceil((n - 1)/(k - 1)) = O(n/k)", ("k >= 2",)),
    ("k*ceil((N - 1)/(c - 1)) = O(k*N/(c - 1))", ("c >= 2",)),
])
def test_refuted(text: str, domains: tuple[str, ...]) -> None:
    assert decided(text, *domains) == "refuted"


@pytest.mark.parametrize(("text", "domains"), [
    ("floor(N/k) = O(N/k)", ()),
    ("ceil(N/k) = O(N)", ()),
    ("ceil((n - 1)/(k - 1)) = O(n/k + 1)", ("k >= 2",)),
])
def test_rounding_that_is_bounded(text: str, domains: tuple[str, ...]) -> None:
    assert decided(text, *domains) == "proved"


@pytest.mark.parametrize(("assumption", "verdict"), [
    ("m^2 <= s", "proved"), ("m^3 <= s^2", "proved"), ("m <= s", "refuted"), ("m^2 <= s^2", "undecided"),
])
def test_logarithms_of_an_assumption(assumption: str, verdict: str) -> None:
    found = decide(question("log(s/m) = Theta(log(s))", Declarations(given=[assumption])), Budget(witnesses=False))
    assert found.verdict == verdict
