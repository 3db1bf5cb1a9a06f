"""A certificate that says more than its equations do is rejected."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.recurrence.claims import N, claim, table
from verifier.decide import Budget, decide
from verifier.kernel.check import check
from verifier.kernel.claim import Parameter
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_orders import RULES


def certificate(recurrence: str, statement: str, **more: Any) -> dict[str, Any]:
    found = decide(claim(recurrence, statement, **more), Budget()).certificate
    assert found is not None
    return json.loads(json.dumps(found))


@pytest.mark.parametrize(("recurrence", "statement", "wrong"), [
    ("T(n) = 3*T(n/2) + n", "T(n) = Theta(n^(log(3)/log(2)))", {"exponent": "2"}),
    ("T(n) = 3*T(n/2) + n", "T(n) = Theta(n^(log(3)/log(2)))", {"exponent": "8/5"}),
    ("T(n) = 3*T(n/2) + n", "T(n) = Theta(n^(log(3)/log(2)))", {"class": "n^2"}),
    ("T(n) = 2*T(n/2) + n", "T(n) = Theta(n*log(n))", {"class": "n"}),
    ("T(n) = 2*T(n/2) + n", "T(n) = Theta(n*log(n))", {"rule": "root"}),
    ("T(n) = 2*T(n/2) + n", "T(n) = Theta(n*log(n))", {"size": "log(n)"}),
    ("T(n) = 2*T(n/2) + n", "T(n) = Theta(n*log(n))", {"rule": "closed_form", "solution": "n*log(n)"}),
    ("T(n) = T(n-1) + T(n-2)", "T(n) = Theta(((1+sqrt(5))/2)^n)", {"base": "2"}),
    ("T(n) = T(n - sqrt(n)) + 1", "T(n) = Theta(sqrt(n))", {"solution": "n"}),
    ("T(n) = sqrt(n)*T(sqrt(n)) + n", "T(n) = Theta(n*log(log(n)))", {"power": "1/2"}),
    ("T(n) = 6*T(n-1) - 9*T(n-2); T(0) = 1; T(1) = 6", "T(n) = Theta(n*3^n)", {"solution": "(n + 2)*3^n"}),
    ("T(n) = 6*T(n-1) - 9*T(n-2); T(0) = 1; T(1) = 6", "T(n) = Theta(n*3^n)", {"solution": "3^n"}),
    ("T(n) = 2*T(n-1) - T(n-2) + 2", "T(n) = Theta(n^2)", {"roots": [["1", 1], ["2", 1]]}),
    ("T(n) = 2*T(n-1) - T(n-2) + 2", "T(n) = Theta(n^2)", {"particular": "n^3"}),
])
def test_wrong_data(recurrence: str, statement: str, wrong: dict[str, Any]) -> None:
    good = certificate(recurrence, statement)
    assert check(good).verdict == "proved"
    good["bound"].update(wrong)
    with pytest.raises(Rejected):
        check(good)


def test_the_verdict_cannot_be_turned() -> None:
    for source, recurrence, bound in table()[::9]:
        f = recurrence.split("(")[0]
        good = certificate(recurrence, f"{f}(n) = Theta({bound})")
        bad = {**good, "verdict": "refuted"}
        with pytest.raises(Rejected):
            check(bad)
        other = copy.deepcopy(good)
        other["claim"]["statement"] = f"{f}(n) = o({bound})"
        with pytest.raises(Rejected):
            check(other)
        assert source


def test_another_recurrence_needs_another_certificate() -> None:
    good = certificate("T(n) = 2*T(n/2) + n; T(1) = 1", "T(n) = Theta(n*log(n))")
    for text in ("T(n) = 3*T(n/2) + n", "T(n) = 2*T(n/2) + n^2", "T(n) = 2*T(n/3) + n", "T(n) = 2*T(n/2)",
                 "T(n) = 2*T(n/2) - n", "T(n) <= 2*T(n/2) + n", "T(n) = 2*T(n-1) + n"):
        bad = copy.deepcopy(good)
        bad["claim"]["recurrences"][0] = text
        with pytest.raises(Rejected):
            check(bad)


def test_an_induction_needs_its_step_and_its_base() -> None:
    good = certificate("T(n) = 2*T(floor(n/2)) + n; T(1) = 1", "T(n) <= n*log2(n) + n")
    assert good["bound"]["rule"] == "induction"
    for change in ({"steps": []}, {"bound": {**good["bound"], "start": "1"}}, {"bound": {**good["bound"], "start": "0"}}):
        with pytest.raises(Rejected):
            check({**good, **change})
    bad = copy.deepcopy(good)
    bad["claim"]["statement"] = "T(n) <= n*log2(n) + n/2"
    with pytest.raises(Rejected):
        check(bad)


def test_contradictory_assumptions_prove_nothing() -> None:
    a = Parameter("a", role="constant")
    decision = decide(claim("T(n) = a*T(n/2) + n", "T(n) = Theta(n)", parameters=(N, a), assumptions=("a < 1",)), Budget())
    assert decision.verdict == "undecided"


def test_case_split() -> None:
    a = Parameter("a", role="constant")
    for assumption, bound in (("a < 2", "n"), ("a = 2", "n*log(n)"), ("a > 2", "n^(log(a)/log(2))")):
        c = claim("T(n) = a*T(n/2) + n", f"T(n) = Theta({bound})", parameters=(N, a), assumptions=(assumption,))
        decision = decide(c, Budget())
        assert decision.verdict == "proved", decision.reason
        bad = copy.deepcopy(dict(decision.certificate or {}))
        bad["claim"].pop("assumptions")
        with pytest.raises(Rejected):
            check(bad)


def test_other_parameters() -> None:
    k = Parameter("k")
    for statement, verdict in (("T(n) = Theta(k*n*log(n))", "proved"), ("T(n) = O(n*log(n))", "refuted"),
                               ("T(n) = O(k*n)", "refuted"), ("T(n) = Omega(n*log(n))", "proved")):
        assert decide(claim("T(n) = 2*T(n/2) + k*n", statement, parameters=(N, k)), Budget()).verdict == verdict


def _mutations(value: Any, rng: random.Random) -> Any:
    """The JSON value with one leaf changed."""
    if isinstance(value, dict) and value:
        key = rng.choice(sorted(value))
        return {**value, key: _mutations(value[key], rng)}
    if isinstance(value, list) and value:
        i = rng.randrange(len(value))
        return [*value[:i], _mutations(value[i], rng), *value[i + 1:]]
    return rng.choice(["2", "n", "n^2", "1/2", "O", "", None, 3, "log(n)", "n*log(n)", "T(n) = O(n)", "root"])


def test_random_mutations_stay_true() -> None:
    """A mutant is rejected, or what it claims is decided the same way from scratch."""
    rng = random.Random(20260101)
    for _, recurrence, bound in table()[::7]:
        f = recurrence.split("(")[0]
        good = certificate(recurrence, f"{f}(n) = Theta({bound})")
        for _ in range(6):
            mutant = _mutations(good, rng)
            if not isinstance(mutant, dict) or mutant == good:
                continue
            try:
                done = check(mutant)
            except Rejected:
                continue
            again = decide(done.claim, Budget())
            assert again.verdict == done.verdict


def test_every_rule_names_its_lemma() -> None:
    for rule in RULES.values():
        assert rule.__doc__ is not None and "Rocq: rule_" in rule.__doc__


def test_a_refutation_needs_unbounded_sizes() -> None:
    c = claim("T(n) = 2*T(n/2) + n", "T(n) = O(1)", assumptions=("n <= 100",))
    assert decide(c, Budget()).verdict != "refuted"


def test_a_parameter_that_does_not_grow() -> None:
    c = claim("T(n) = 2*T(n/2) + n", "T(n) = O(n^2)", parameters=(Parameter("n", role="uniform"),))
    assert decide(c, Budget()).verdict == "undecided"


@pytest.mark.parametrize(("recurrence", "statement"), [
    ("T(n,k) = 2*T(n/2,k) + k*n", "T(k,n) = Theta(k*n*log(n))"),
    ("T(n,k) = 2*T(n/2,k) + k*n; T(n,1) = n", "T(n,k) = Theta(k*n*log(n))"),
    ("T(n,k) = T(n-1,k) + 1; T(1,k) = k", "T(n,n) = Theta(n)"),
])
def test_the_other_arguments_stay_what_they_are(recurrence: str, statement: str) -> None:
    assert decide(claim(recurrence, statement, parameters=(N, Parameter("k"))), Budget()).verdict != "proved"


@pytest.mark.parametrize(("recurrence", "bound"), [
    ("T(a,n) = 3*T(2*a,n/2) + a", "a*n^(log(6)/log(2))"),
    ("T(a,n) = 3*T(2*a,n/2) + a; T(a,1) = a", "a*n^(log(6)/log(2))"),
    ("T(a,n) = 3*T(2*a,n/2) + n", "n^(log(3)/log(2))"),
    ("T(a,n) = T(3*a,n-1) + a", "a*3^n"),
])
def test_a_growing_argument_is_a_factor(recurrence: str, bound: str) -> None:
    parameters = (N, Parameter("a"))
    assert decide(claim(recurrence, f"T(a,n) = Theta({bound})", parameters=parameters), Budget()).verdict == "proved"
    assert decide(claim(recurrence, f"T(a,n) = O(({bound})/log(n))", parameters=parameters), Budget()).verdict == "refuted"
    fixed = (N, Parameter("a", role="constant"))
    assert decide(claim(recurrence, f"T(a,n) = Theta({bound})", parameters=fixed), Budget()).verdict != "refuted"


def test_a_symbolic_split() -> None:
    p = Parameter("p", kind="real", lower=Fraction(0), lower_open=True, upper=Fraction(1), upper_open=True, role="constant")
    for recurrence, bound in (("T(n) = p*T(p*n) + (1-p)*T((1-p)*n) + 1", "log(n)"),
                              ("T(n) = T(p*n) + T((1-p)*n) + n", "n*log(n)")):
        assert decide(claim(recurrence, f"T(n) = Theta({bound})", parameters=(N, p)), Budget()).verdict == "proved"
        assert decide(claim(recurrence, f"T(n) = o({bound})", parameters=(N, p)), Budget()).verdict == "refuted"
