"""Derived costs of single constructs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.cost.programs import MODELS, PARAMETERS
from verifier.cost.derive import derive
from verifier.cost.parse import Scope, parse_body
from verifier.cost.program import Program, System
from verifier.kernel.claim import Parameter, equation_text
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii


def system(body, **others):
    """A system whose algorithm `main` has the body; others: name=(params, body)."""
    arity = {"main": 0, **{name: len(params) for name, (params, _) in others.items()}}
    names = {p.name for p in PARAMETERS}
    programs = {"main": Program("main", (), parse_body(body, Scope(names, MODELS, arity)))}
    for name, (params, text) in others.items():
        programs[name] = Program(
            name, tuple(map(Parameter, params)), parse_body(text, Scope(names | set(params), MODELS, arity))
        )
    return System(PARAMETERS, MODELS, programs)


def shown(body, measure="calls", **others):
    return ascii(derive(system(body, **others), "main", measure=measure).expr)


@pytest.mark.parametrize(
    "body, measure, expected",
    [
        ("for i in 1..n:\n  M(prompt=k, reply=1)", "calls", "n"),
        ("for i in 0..n-1:\n  M(prompt=k, reply=1)", "calls", "n"),
        ("for i in k..n:\n  M(prompt=k, reply=1)", "calls", "max(n + 1 - k, 0)"),
        ("for i in k..n:\n  M(prompt=i, reply=1)", "prompt_tokens", "sum(i, i, k, max(n, k - 1))"),
        ("for i in 1..n:\n  M(prompt=i*k, reply=1)", "context", "n*k"),
        ("for i in 1..n:\n  M(prompt=n-i, reply=1)", "context", "n - 1"),
        ("parallel for i in 1..n:\n  M(prompt=i, reply=1)", "latency", "m*n"),
        (
            "parallel for i in 1..n:\n  repeat until success with probability q:\n    M(prompt=k, reply=1)",
            "latency",
            "max_geometric(n, q)*m*k",
        ),
        ('if "it fails":\n  M(prompt=n, reply=1)\nelse:\n  M(prompt=n + k, reply=1)', "cost", "m*(n + k)"),
        ("if n > 0:\n  M(prompt=n, reply=1)\nelse:\n  W(prompt=n, reply=1)", "cost", "m*n"),
        ("repeat until success with probability 2^-k:\n  M(prompt=n, reply=1)", "calls", "2^k"),
        ("vote first-to-ahead-by k, 1/2:\n  M(prompt=n, reply=1)", "calls", "k^2"),
        ("repeat n times:\n  M(prompt=1, reply=1)", "calls", "n"),
    ],
)
def test_constructs(body, measure, expected):
    assert shown(body, measure) == expected


def test_merge_sort_recurrence():
    s = system(
        "sort(n)", sort=(("n",), "if n > 1:\n  sort(floor(n/2))\n  sort(ceil(n/2))\n  M(prompt=n, reply=1)")
    )
    found = derive(s, "main", measure="calls")
    assert ascii(found.expr) == "calls_sort(n)"
    assert [equation_text(e) for e in found.equations] == [
        "calls_sort(n) = calls_sort(floor(n/2)) + calls_sort(ceil(n/2)) + 1 for n >= 2",
        "calls_sort(1) = 0",
    ]


def test_a_formal_parameter_does_not_capture_a_global_one():
    s = system("f(k)", f=(("n",), "if n > 1:\n  f(n - 1)\n  g()"), g=((), "M(prompt=n, reply=1)"))
    found = derive(s, "main", measure="prompt_tokens")
    assert (
        equation_text(found.equations[0]) == "prompt_tokens_f(n_) = prompt_tokens_f(n_ - 1) + n for n_ >= 2"
    )


def test_an_index_is_not_captured():
    s = system("for i in 1..k:\n  f(i)", f=(("x",), "for i in 1..k:\n  M(prompt=x*i, reply=0)"))
    found = derive(s, "main", measure="prompt_tokens")
    assert ascii(found.expr) == "sum(i_, i_, 1, k)*sum(i, i, 1, k)"


def test_recursion_without_an_end_is_reported():
    s = system("f(n)", f=(("n",), "f(n - 1)\nM(prompt=n, reply=1)"))
    assert "every way" in derive(s, "main").findings[0].message


def test_states_from_which_there_is_no_way_out_are_reported():
    s = system(
        "states from a:\n  a:\n    M(prompt=1, reply=1)\n    goto b with probability 1/2\n    goto done\n"
        "  b:\n    goto b"
    )
    found = derive(s, "main", measure="calls")
    assert [f.place.position.line for f in found.findings] == [6]


@pytest.mark.parametrize(
    "body, message",
    [
        ("repeat until success with probability 2:\n  M(prompt=1, reply=1)", "not a probability"),
        ("with probability n:\n  M(prompt=1, reply=1)", "not a probability: it is 2 at n = 2"),
        ("for i in 1..n/2:\n  M(prompt=1, reply=1)", "need not be an integer"),
        ("states from a:\n  a:\n    goto done with probability 1/2", "do not add up"),
    ],
)
def test_mistakes(body, message):
    with pytest.raises(SourceError, match=message):
        derive(system(body), "main")


def test_parallel_random_latency_is_refused():
    s = system(
        "parallel:\n  repeat until success with probability q:\n    M(prompt=1, reply=1)\n"
        "  M(prompt=9, reply=9)"
    )
    with pytest.raises(SourceError, match="not a maximum of expectations"):
        derive(s, "main", measure="latency")
    assert derive(s, "main", measure="cost").rests_on


def test_what_a_cost_rests_on():
    s = system(
        "oracle a plan of k steps\nM(prompt=n - k, reply=1)\nwith probability q:\n  M(prompt=1, reply=1)"
    )
    found = derive(s, "main").rests_on
    assert [r.split(" (")[0] for r in found] == [
        "oracle: a plan of k steps",
        "prompt size n - k >= 0",
        "the branch has probability q whatever happened before",
    ]


def test_gambler_with_a_known_side():
    from verifier.cost.derive import votes
    from verifier.cost.facts import facts_about
    from verifier.lang.ast import Var

    p = Parameter("p", "real", Fraction(1, 2), True, Fraction(1), True)
    assert (
        ascii(votes(Var("k"), Var("p"), facts_about([p, Parameter("k")]), frozenset()))
        == "k*(p^k - (1 - p)^k)/((2*p - 1)*(p^k + (1 - p)^k))"
    )


@pytest.mark.parametrize(
    "body, equations",
    [
        (
            "if n > 0:\n  f(n - 1)\n  M(prompt=1, reply=1)",
            ["calls_f(n) = calls_f(n - 1) + 1 for n >= 1", "calls_f(0) = 0"],
        ),
        (
            "if n > 1:\n  f(floor(n/3))\n  M(prompt=1, reply=1)",
            ["calls_f(n) = calls_f(floor(n/3)) + 1 for n >= 2", "calls_f(n) = 0 for n <= 1"],
        ),
        (
            "if n > 1:\n  for i in 1..n-1:\n    f(i)\nelse:\n  M(prompt=1, reply=1)",
            ["calls_f(n) = sum(calls_f(i), i, 1, n - 1) for n >= 2", "calls_f(1) = 1"],
        ),
    ],
)
def test_the_domain_of_a_recurrence_is_closed(body, equations):
    found = derive(system("f(n)", f=(("n",), body)), "main", measure="calls")
    assert [equation_text(e) for e in found.equations] == equations
