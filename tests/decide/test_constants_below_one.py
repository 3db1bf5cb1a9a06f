"""Constants in (0, 1): their powers, geometric sums, logarithms and the divisors 1 - p."""

from __future__ import annotations

from fractions import Fraction

import pytest

from verifier.decide import Budget, decide
from verifier.decide.question import Declarations, question
from verifier.kernel.check import check
from verifier.kernel.context import Context, Interval
from verifier.kernel.rules import prove
from verifier.lang.ast import Var
from verifier.lang.parse import parse_expression
from verifier.scales.decay import DEGREES, bernoulli


def decided(text: str, *, constant: str = "", uniform: str = "", upper: str = "1") -> str:
    name = constant or uniform
    declared = Declarations(domains=[f"{name}: real in (0,{upper})"], constant=[constant] if constant else [],
                            uniform=[uniform] if uniform else [])
    found = decide(question(text, declared), Budget(seconds=8, witnesses=False))
    if found.certificate is not None:
        assert check(found.certificate).verdict == found.verdict
    return found.verdict


@pytest.mark.parametrize("base", ["q", "1 - q"])
@pytest.mark.parametrize("k", range(1, DEGREES + 1))
def test_lemma(base: str, k: int) -> None:
    context = Context({"q": Interval(Fraction(0), True, Fraction(1), True), "n": Interval(Fraction(1), integer=True)})
    script = bernoulli(k, Var("n"), parse_expression(base), context)
    prove(script.steps, context, script.relations[-1])
    assert script.relations[-1].left == parse_expression("n" if k == 1 else f"n^{k}")


@pytest.mark.parametrize("text", [
    "(1 - q)^n = o(1)", "q^n = o(1)", "(1/q)^n = omega(n)", "n^2*q^n = O(1)", "n*q^n = o(1)", "n*sum(q^i, i, 0, m) = O(n)",
    "sum(q^i, i, 0, n) = (1 - q^(n + 1))/(1 - q)",
])
def test_constant(text: str) -> None:
    assert decided(text, constant="q") == "proved"


@pytest.mark.parametrize("text", [
    "log(1 - q) <= -q", "(1 - q)^n <= exp(-n*q)", "1/(1 - q) = O(1/(1 - q)^2)", "sum(q^i, i, 0, n) <= n + 1",
])
def test_uniform(text: str) -> None:
    assert decided(text, uniform="q") == "proved"


@pytest.mark.parametrize("text", [
    "q^n = omega(1)", "(1/q)^n = O(n)", "n*q^n = Omega(1)", "sum(q^i, i, 0, n) = (1 - q^n)/(1 - q)", "log(1 - q) <= -2*q",
    "(1 - q)^n <= exp(-2*n*q)",
])
def test_refuted(text: str) -> None:
    assert decided(text, constant="q") == "refuted"


def test_constants_that_reach_one() -> None:
    assert decided("q^n = o(1)", constant="q", upper="2") == "refuted"


@pytest.mark.parametrize("text", [
    "q^n = o(1)", "(1/q)^n = omega(n)", "sum(q^i, i, 0, n) = O(1)", "1/(1 - q)^2 = O(1/(1 - q))",
])
def test_not_uniformly(text: str) -> None:
    assert decided(text, uniform="q") != "proved"
