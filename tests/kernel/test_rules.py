"""Every rule: a proof it accepts, the reversed inequality it refuses, and for each of its checks a certificate that only
this check refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.kernel.support import accepted, explicit, integer, real, rejected, row, step
from verifier.kernel.rules import RULES
from verifier.lang.parse import parse_relation
from verifier.lang.show import ascii

N, M, X = integer("n"), integer("m"), real("x")
Steps = list[dict[str, Any]]


@dataclass(frozen=True)
class Bad:
    """Steps that differ from a good proof in one place, and what the kernel says about them."""

    why: str
    message: str
    steps: Steps
    parameters: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Case:
    """A rule's proof of its last conclusion; `reversible`: the other direction is false."""

    rule: str
    parameters: list[dict[str, Any]]
    steps: Steps
    bad: list[Bad] = field(default_factory=list)
    reversible: bool = True
    assumptions: list[str] = field(default_factory=list)
    model: dict[str, str] | None = None


def holds(case: Case, steps: Steps, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return explicit(steps[-1]["conclusion"], parameters or case.parameters, steps, case.assumptions, case.model)


SUM, SQUARES = "sum(i, i, 1, n)", "sum(i^2, i, 1, n)"
TRIVIAL = [step("ring", "1 <= 1")]

CASES = [
    Case("ring", [N], [step("ring", "(n + 1)^2 = n^2 + 2*n + 1")], [
        Bad("a coefficient", "differ in normal form", [step("ring", "(n + 1)^2 = n^2 + n + 1")]),
        Bad("a strict inequality", "= or <=", [step("ring", "n < n")]),
    ], reversible=False),
    Case("bounds", [N], [step("bounds", "1 <= n^2")], [
        Bad("more than the domain gives", "does not follow", [step("bounds", "2 <= n^2")]),
        Bad("strict", "bounds shows <=", [step("bounds", "0 < n")]),
    ]),
    Case("chain", [N], [step("bounds", "1 <= n"), step("bounds", "n <= n + 1"), step("chain", "1 <= n + 1", 0, 1)], [
        Bad("links that do not meet", "do not meet",
            [step("bounds", "1 <= n"), step("bounds", "n + 1 <= n + 2"), step("chain", "1 <= n + 2", 0, 1)]),
        Bad("another end", "ends of the conclusion",
            [step("bounds", "1 <= n"), step("bounds", "n <= n + 1"), step("chain", "1 <= n", 0, 1)]),
        Bad("stronger than its links", "weaker than the conclusion",
            [step("bounds", "1 <= n"), step("bounds", "n <= n + 1"), step("chain", "1 < n + 1", 0, 1)]),
        Bad("no links", "needs premises", [step("chain", "1 <= n")]),
    ]),
    Case("antisymmetry", [N], [step("ring", "n + n <= 2*n"), step("ring", "2*n <= n + n"),
                               step("antisymmetry", "n + n = 2*n", 0, 1)], [
        Bad("one inequality only", "both inequalities",
            [step("bounds", "n <= n^2 + n"), step("antisymmetry", "n = n^2 + n", 0)]),
    ], reversible=False),
    Case("scale", [N, X], [step("bounds", "1 <= n"), step("scale", "x <= n*x", 0, by="x")], [
        Bad("by a number that may be negative", "not shown positive",
            [step("bounds", "1 <= n"), step("scale", "n - 5 <= n*(n - 5)", 0, by="n - 5")]),
        Bad("not the product", "not the scaled premise",
            [step("bounds", "1 <= n"), step("scale", "x <= x", 0, by="x")]),
        Bad("another relation", "same relation", [step("bounds", "1 <= n"), step("scale", "x < n*x", 0, by="x")]),
    ]),
    Case("dominate", [N, M], [step("dominate", "2*n*m <= n^2 + m^2",
                                   rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/2"))])], [
        Bad("weights that do not add up", "do not add up to 1", [step(
            "dominate", "2*n*m <= n^2 + m^2", rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/3"))])]),
        Bad("a negative weight", "must be positive", [step(
            "dominate", "2*n*m <= n^2 + m^2", rows=[row("n*m", ("n^2", "3/2"), ("m^2", "-1/2"))])]),
        Bad("more than the budget", "budget is exceeded", [step(
            "dominate", "3*n*m <= n^2 + m^2", rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/2"))])]),
        Bad("a term left out", "not covered", [step("dominate", "2*n*m <= n^2 + m^2", rows=[])]),
        Bad("not AM-GM", "does not balance", [step(
            "dominate", "2*n*m <= n^2 + m^2", rows=[row("n*m", ("n^2", "1"))])]),
        Bad("a term of the larger side", "not a term on the smaller side", [step(
            "dominate", "2*n*m <= n^2 + m^2", rows=[row("n^2", ("n^2", "1"))])]),
        Bad("a factor that is not positive", "factor must be positive", [step(
            "dominate", "2*n*m <= n^2 + m^2", rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/2"), factor="0")])]),
        Bad("a negative amount", "amount may not be negative", [step(
            "dominate", "2*n*m <= n^2 + m^2", rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/2"), amount="-1")])]),
        Bad("a monomial that may be negative", "may be negative", [step(
            "dominate", "2*n*m <= n^2 + m^2 + y", rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/2"))])],
            [N, M, real("y", None)]),
        Bad("a fact that is false", "does not follow", [step(
            "dominate", "n*m <= n^2", rows=[row("n*m", ("n^2", "1"), facts=[{"log": ["m", "n"]}])])]),
        Bad("a negative multiplier", "multiplier may be negative", [step(
            "dominate", "n^2 <= n", rows=[row("n^2", ("n", "1"), facts=[{"log": ["1", "n"], "times": "-1"}])])]),
        Bad("a tangent at a point that may be 0", "must be positive", [step(
            "dominate", "n <= n^2", rows=[row("n", ("n^2", "1"), facts=[{"tangent": "log(n)", "eps": "1"}])])]),
        Bad("strict without slack", "may be an equality", [step(
            "dominate", "2*n*m < n^2 + m^2", rows=[row("n*m", ("n^2", "1/2"), ("m^2", "1/2"))])]),
        Bad("a denominator that may vanish", "not shown positive", [step(
            "dominate", "0 <= n/(n - 5)", rows=[])]),
    ]),
    Case("monotone", [N], [step("bounds", "n <= n^2 + n"), step("monotone", "log(n) + 1 <= log(n^2 + n) + 1", 0,
                                                            template="log(_1) + 1")], [
        Bad("a decreasing place", "does not give the conclusion",
            [step("bounds", "n <= n^2 + n"), step("monotone", "1/n <= 1/(n^2 + n)", 0, template="1/_1")]),
        Bad("both directions at once", "increases and decreases",
            [step("bounds", "n <= n^2 + n"), step("monotone", "n - n <= n^2 + n - (n^2 + n)", 0, template="_1 - _1")]),
        Bad("a factor that may be negative", "may be negative",
            [step("bounds", "n <= n^2 + n"), step("monotone", "(n - 5)*n <= (n - 5)*(n^2 + n)", 0,
                                                 template="(n - 5)*_1")]),
        Bad("a base below 1", "below 1", [step("bounds", "n <= n^2 + n"), step(
            "monotone", "(1/2)^n <= (1/2)^(n^2 + n)", 0, template="(1/2)^_1")]),
        Bad("a function nobody knows", "not known to be monotone", [step("bounds", "n <= n^2 + n"), step(
            "monotone", "binomial(n, 2) <= binomial(n^2 + n, 2)", 0, template="binomial(_1, 2)")]),
        Bad("not the premise", "does not give the conclusion", [step("bounds", "n <= n^2 + n"), step(
            "monotone", "log(n^2 + n) <= log(n)", 0, template="log(_1)")]),
    ]),
    Case("rounding", [N], [step("rounding", "n/2 - 1/2 <= floor(n/2)", of="floor(n/2)", denominator="2")], [
        Bad("d*x is no integer", "not an integer",
            [step("rounding", "n/3 - 1/2 <= floor(n/3)", of="floor(n/3)", denominator="2")]),
        Bad("a smaller gap", "not one of the rounding facts",
            [step("rounding", "n/2 - 1/4 <= floor(n/2)", of="floor(n/2)", denominator="2")]),
        Bad("not a rounding", "floor and ceil", [step("rounding", "n/2 <= n", of="n/2")]),
    ]),
    Case("extremum", [N, M], [step("extremum", "max(n, m) <= n + m")], [
        Bad("the maximum is not the smaller one", "extremum|not a fact", [step("extremum", "max(n, m) <= n")]),
        Bad("arguments that may be negative", "may be negative", [step("extremum", "max(n, m - 5) <= n + m - 5")]),
        Bad("the arithmetic mean above a minimum", "not a fact|extremum", [step("extremum", "(n + m)/2 <= min(n, m)")]),
    ]),
    Case("log_sum", [N], [step("log_sum", "1/2*log(2*n) + 1/2*log(2*n) <= log(n + n)",
                               weights=[["n", "1/2"], ["n", "1/2"]])], [
        Bad("weights above 1", "sum 1", [step("log_sum", "log(n) + log(n) <= log(n + n)",
                                              weights=[["n", "1"], ["n", "1"]])]),
        Bad("a term that may be 0", "not shown positive", [step(
            "log_sum", "1/2*log(2*n) + 1/2*log(2*(n - 1)) <= log(n + n - 1)",
            weights=[["n", "1/2"], ["n - 1", "1/2"]])]),
        Bad("another sum", "not an instance", [step("log_sum", "1/2*log(2*n) + 1/2*log(2*n) <= log(n)",
                                                    weights=[["n", "1/2"], ["n", "1/2"]])]),
    ], reversible=False),
    Case("tangent", [X], [step("tangent", "log(x) <= 1/2*x - 1 - log(1/2)", of="x", eps="1/2")], [
        Bad("below the tangent", "not an instance", [step("tangent", "log(x) <= 1/2*x - 1", of="x", eps="1/2")]),
        Bad("a negative slope", "not shown positive", [step("tangent", "log(x) <= -x - 1", of="x", eps="-1")]),
        Bad("a point that may be negative", "not shown positive",
            [step("tangent", "log(x - 1) <= x - 1 - 1", of="x - 1", eps="1")]),
    ]),
    Case("stirling", [N], [step("stirling", "factorial(n) <= 3*(sqrt(n)*(n/exp(1))^n)", of="n")], [
        Bad("a smaller constant", "not an instance",
            [step("stirling", "factorial(n) <= 2*(sqrt(n)*(n/exp(1))^n)", of="n")]),
        Bad("n = 0", "integer >= 1", [step("stirling", "factorial(n) <= 3*(sqrt(n)*(n/exp(1))^n)", of="n")],
            [integer("n", "0")]),
        Bad("a real number", "integer >= 1", [step("stirling", "factorial(n) <= 3*(sqrt(n)*(n/exp(1))^n)", of="n")],
            [real("n", "1")]),
    ]),
    Case("max_geometric", [N], [step("max_geometric", "max_geometric(n, 1/2) <= 1 + (1 + log(n))/(-log(1 - 1/2))",
                                     of="max_geometric(n, 1/2)")], [
        Bad("without the 1", "not an instance", [step(
            "max_geometric", "max_geometric(n, 1/2) <= (1 + log(n))/(-log(1 - 1/2))", of="max_geometric(n, 1/2)")]),
        Bad("no variable at all", "integer >= 1", [step(
            "max_geometric", "max_geometric(n, 1/2) <= 1 + (1 + log(n))/(-log(1 - 1/2))",
            of="max_geometric(n, 1/2)")], [integer("n", "0")]),
        Bad("certain success", "not shown positive", [step(
            "max_geometric", "max_geometric(n, 1) <= 1", of="max_geometric(n, 1)")]),
    ]),
    Case("telescoping", [N], [step("telescoping", f"{SUM} = n*(n + 1)/2", of=SUM, antidifference="i*(i + 1)/2")], [
        Bad("not an antidifference", "does not telescope",
            [step("telescoping", f"{SUM} = n^2/2", of=SUM, antidifference="i^2/2")]),
        Bad("another value", "not the telescoped sum",
            [step("telescoping", f"{SUM} = n*(n + 1)/2 + 1", of=SUM, antidifference="i*(i + 1)/2")]),
        Bad("a range that may be shorter than empty", "may be empty", [step(
            "telescoping", "sum(i, i, 5, n) = n*(n + 1)/2 - 10", of="sum(i, i, 5, n)", antidifference="i*(i + 1)/2")]),
        Bad("a bound that is no integer", "must be integers", [step(
            "telescoping", "sum(i, i, 1, n + 1/2) = (n + 1/2)*(n + 3/2)/2", of="sum(i, i, 1, n + 1/2)",
            antidifference="i*(i + 1)/2")]),
        Bad("an index that is a parameter", "is a parameter", [step(
            "telescoping", "sum(n, n, 1, m) = m*(m + 1)/2", of="sum(n, n, 1, m)", antidifference="n*(n + 1)/2")],
            [N, M]),
    ], reversible=False),
    Case("termwise", [N], [step("termwise", f"{SUM} <= n*n", of=SUM, term="n", inductive=[step("bounds", "i <= n")])], [
        Bad("a smaller term", "does not follow",
            [step("termwise", f"{SUM} <= n*(n - 1)", of=SUM, term="n - 1", inductive=[step("bounds", "i <= n - 1")])]),
        Bad("another number of terms", "not the bounded sum",
            [step("termwise", f"{SUM} <= n*(n - 1)", of=SUM, term="n", inductive=[step("bounds", "i <= n")])]),
        Bad("a range that may be shorter than empty", "may be empty", [step(
            "termwise", "sum(i, i, 5, n) <= (n - 4)*n", of="sum(i, i, 5, n)", term="n",
            inductive=[step("bounds", "i <= n")])]),
        Bad("the wrong direction", "the last step shows", [step(
            "termwise", f"{SUM} <= n*n", of=SUM, term="n", inductive=[step("bounds", "1 <= i")])]),
    ]),
    Case("integral", [N], [step("integral", f"{SQUARES} <= n^3/3 - 1/3 + n^2", of=SQUARES, antiderivative="i^3/3",
                                direction="increasing", monotone=[step("bounds", "0 <= 2*i")])], [
        Bad("not an antiderivative", "F' is not f", [step(
            "integral", f"{SQUARES} <= n^3/4 - 1/4 + n^2", of=SQUARES, antiderivative="i^3/4", direction="increasing",
            monotone=[step("bounds", "0 <= 2*i")])]),
        Bad("the wrong end", "not the integral bound", [step(
            "integral", f"{SQUARES} <= n^3/3 - 1/3 + 1", of=SQUARES, antiderivative="i^3/3", direction="increasing",
            monotone=[step("bounds", "0 <= 2*i")])]),
        Bad("decreasing", "the last step shows|does not follow", [step(
            "integral", f"{SQUARES} <= n^3/3 - 1/3 + 1", of=SQUARES, antiderivative="i^3/3", direction="decreasing",
            monotone=[step("bounds", "0 <= 2*i")])]),
        Bad("a range that may be empty", "may be empty", [step(
            "integral", "sum(i^2, i, 2, n) <= n^3/3 - 8/3 + n^2", of="sum(i^2, i, 2, n)", antiderivative="i^3/3",
            direction="increasing", monotone=[step("bounds", "0 <= 2*i")])]),
        Bad("a function with corners", "no derivative", [step(
            "integral", "sum(floor(i/2), i, 1, n) <= n^2", of="sum(floor(i/2), i, 1, n)", antiderivative="floor(i/2)",
            direction="increasing", monotone=TRIVIAL)]),
    ]),
    Case("half_range", [N], [step("half_range", f"(n - 1 + 1)/2*((1 + n)/2)^2 <= {SQUARES}", of=SQUARES,
                                  monotone=[step("bounds", "0 <= 2*i")])], [
        Bad("the whole range", "not the half-range bound", [step(
            "half_range", f"n*((1 + n)/2)^2 <= {SQUARES}", of=SQUARES, monotone=[step("bounds", "0 <= 2*i")])]),
        Bad("a decreasing term", "does not follow", [step(
            "half_range", "n/2*(1/((1 + n)/2)) <= sum(1/i, i, 1, n)", of="sum(1/i, i, 1, n)",
            monotone=[step("bounds", "0 <= -1/i^2")])]),
        Bad("a term that may be negative", "may be negative", [step(
            "half_range", "n/2*((1 + n)/2 - 5) <= sum(i - 5, i, 1, n)", of="sum(i - 5, i, 1, n)",
            monotone=[step("bounds", "0 <= 1")])]),
    ], reversible=False),
    Case("member", [N], [step("member", f"n <= {SUM}", of=SUM, at="n")], [
        Bad("outside of the range", "not an index", [step("member", f"n + 1 <= {SUM}", of=SUM, at="n + 1")]),
        Bad("between two indices", "not an index", [step("member", "n/2 <= " + SUM, of=SUM, at="n/2")],
            [integer("n", "2")]),
        Bad("another term", "not the term", [step("member", f"n^2 <= {SUM}", of=SUM, at="n")]),
        Bad("terms that may be negative", "may be negative", [step(
            "member", "n - 5 <= sum(i - 5, i, 1, n)", of="sum(i - 5, i, 1, n)", at="n")]),
    ]),
    Case("split", [N], [step("split", "3*n <= n^2 + 2", parameter="n", at="3",
                             below=[[step("evaluate", "3*1 <= 1^2 + 2")], [step("evaluate", "3*2 <= 2^2 + 2")]],
                             above=[step("bounds", "3*n <= n^2 + 2")])], [
        Bad("a case left out", "case is missing", [step(
            "split", "3*n <= n^2 + 2", parameter="n", at="3", below=[[step("evaluate", "3*1 <= 1^2 + 2")]],
            above=[step("bounds", "3*n <= n^2 + 2")])]),
        Bad("a case for another value", "the last step shows", [step(
            "split", "3*n <= n^2 + 2", parameter="n", at="3",
            below=[[step("evaluate", "3*1 <= 1^2 + 2")], [step("evaluate", "3*1 <= 1^2 + 2")]],
            above=[step("bounds", "3*n <= n^2 + 2")])]),
        Bad("a real parameter", "needs an integer parameter", [step(
            "split", "3*n <= n^2 + 2", parameter="n", at="3",
            below=[[step("evaluate", "3*1 <= 1^2 + 2")], [step("evaluate", "3*2 <= 2^2 + 2")]],
            above=[step("bounds", "3*n <= n^2 + 2")])], [real("n", "1")]),
    ]),
    Case("residues", [N], [step("residues", "n <= 2*floor(n/2) + 1", parameter="n", quotient="q", modulus="2", cases=[
        [step("ring", "2*q <= 2*q"), step("bounds", "2*q + 0 <= 2*floor((2*q + 0)/2) + 1")],
        [step("bounds", "2*q + 1 <= 2*floor((2*q + 1)/2) + 1")]])], [
        Bad("a case left out", "case is missing", [step(
            "residues", "n <= 2*floor(n/2) + 1", parameter="n", quotient="q", modulus="2",
            cases=[[step("bounds", "2*q + 0 <= 2*floor((2*q + 0)/2) + 1")]])]),
        Bad("a case shown twice", "the last step shows", [step(
            "residues", "n <= 2*floor(n/2)", parameter="n", quotient="q", modulus="2",
            cases=[[step("bounds", "2*q + 0 <= 2*floor((2*q + 0)/2)")]] * 2)]),
        Bad("a quotient that is a parameter", "needs? an integer parameter", [step(
            "residues", "n <= 2*floor(n/2) + 1", parameter="n", quotient="m", modulus="2", cases=[
                [step("bounds", "2*m + 0 <= 2*floor((2*m + 0)/2) + 1")],
                [step("bounds", "2*m + 1 <= 2*floor((2*m + 1)/2) + 1")]])], [N, M]),
    ]),
    Case("cases", [N, M], [step("cases", "min(n, m) <= (n + m)/2", left="n", right="m",
                                first=[step("extremum", "min(n, m) <= n"), step("bounds", "n <= (n + m)/2"),
                                       step("chain", "min(n, m) <= (n + m)/2", 0, 1)],
                                second=[step("extremum", "min(n, m) <= m"), step("bounds", "m <= (n + m)/2"),
                                        step("chain", "min(n, m) <= (n + m)/2", 0, 1)])], [
        Bad("a case that uses the other hypothesis", "does not follow", [step(
            "cases", "n <= m", left="n", right="m", first=[step("bounds", "n <= m")],
            second=[step("bounds", "n <= m")])]),
        Bad("a value that may not exist", "not shown positive", [step(
            "cases", "1 <= 1", left="exp(1/(n - 5))", right="1", first=TRIVIAL, second=TRIVIAL)]),
    ]),
    Case("evaluate", [N], [step("evaluate", "exp(1) <= 3")], [
        Bad("a false number", "relation is false", [step("evaluate", "3 <= exp(1)")]),
        Bad("not a number", "numbers|decided|malformed|Unbound", [step("evaluate", "n <= n^2")]),
        Bad("strict on equals", "relation is false", [step("evaluate", "log(4) < 2*log(2)")]),
    ]),
]


def test_every_rule_is_tried() -> None:
    assert {c.rule for c in CASES} == set(RULES)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.rule)
def test_good(case: Case) -> None:
    assert accepted(holds(case, case.steps)).verdict == "proved"


@pytest.mark.parametrize("case", [c for c in CASES if c.reversible], ids=lambda c: c.rule)
def test_reversed(case: Case) -> None:
    """The same steps with the last inequality turned round."""
    last = case.steps[-1]
    r = parse_relation(last["conclusion"], functions=None)
    turned = {**last, "conclusion": f"{ascii(r.right)} {r.op} {ascii(r.left)}"}
    rejected(holds(case, [*case.steps[:-1], turned]))


BAD = [(c, b) for c in CASES for b in c.bad]


@pytest.mark.parametrize(("case", "bad"), BAD, ids=[f"{c.rule}: {b.why}" for c, b in BAD])
def test_bad(case: Case, bad: Bad) -> None:
    rejected(holds(case, bad.steps, bad.parameters), bad.message)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.rule)
def test_docstring_states_the_rule_and_its_lemma(case: Case) -> None:
    text = RULES[case.rule].__doc__ or ""
    assert "Rocq: " in text and len(text) > 40


def test_a_premise_comes_before_its_step() -> None:
    for k in (-1, 1, 2, True, "0"):
        steps = [step("bounds", "1 <= n"), {"rule": "chain", "conclusion": "1 <= n", "premises": [k]}]
        rejected(explicit("1 <= n", [N], steps), "premise")


def test_unknown_rules_and_empty_proofs() -> None:
    rejected(explicit("1 <= n", [N], [step("trust", "1 <= n")]), "unknown rule")
    rejected(explicit("2 <= n", [N], []), "list of steps")
    rejected(explicit("2 <= n", [N], None))


def test_the_last_step_is_the_goal() -> None:
    rejected(explicit("2 <= n", [N], [step("bounds", "1 <= n")]), "the last step shows")
    rejected(explicit("1 < n", [N], [step("bounds", "1 <= n")]), "the last step shows")
    rejected(explicit("1 = n", [N], [step("bounds", "1 <= n")]), "the last step shows")
