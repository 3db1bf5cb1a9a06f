"""The derived expression equals the interpreter's count, exactly, for random programs."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.cost.programs import env_values, recursive_systems, systems
from verifier.cost.derive import derive
from verifier.cost.interpret import NeverEnds, NotCounted, TooLong, run
from verifier.cost.model import COST_MODELS, cost_model
from verifier.cost.parse import Scope, parse_body
from verifier.cost.show import body_text
from verifier.lang.ast import MEASURES, App, Num, Var
from verifier.lang.errors import SourceError
from verifier.lang.evaluate import evaluate, holds

OWN = "m*n^2 + t"
CASES = (
    [(measure, model, "forward-pass") for measure in MEASURES for model in (None, "M", "W")]
    + [("cost", None, name) for name in (*COST_MODELS[1:], OWN)]
    + [("latency", None, "cached")]
)
relaxed = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def counted(system, name, args, env, model):
    """The counts, or None for a run that takes too long."""
    try:
        return run(system, name, args, env, cost_model=cost_model(model), max_steps=2000)
    except TooLong:
        return None


@settings(relaxed, max_examples=60)
@given(
    systems(),
    st.lists(env_values, min_size=3, max_size=3),
    st.lists(st.sampled_from(CASES), min_size=4, max_size=4, unique=True),
)
def test_expression_is_the_count(system, envs, cases):
    for measure, model, pricing in cases:
        try:
            found = derive(system, "main", measure=measure, model=model, cost_model=cost_model(pricing))
        except SourceError as error:
            assert (
                "latency" in error.message
                or "largest" in error.message
                or "not a probability" in error.message
            )
            continue
        assert not found.findings
        for env in envs:
            counts = counted(system, "main", (), env, pricing)
            if counts is None:
                continue
            try:
                expected = counts.get(measure, model)
            except NotCounted:  # the expression is finer: it saw that a random part never runs
                continue
            assert evaluate(found.expr, env) == expected


@settings(relaxed, max_examples=40)
@given(recursive_systems(), env_values, st.sampled_from(CASES), st.integers(0, 7))
def test_recurrence_is_the_count(system, env, case, size):
    measure, model, pricing = case
    try:
        found = derive(system, "solve", measure=measure, model=model, cost_model=cost_model(pricing))
    except SourceError as error:
        assert "latency" in error.message or "largest" in error.message
        return
    counts = counted(system, "solve", (Fraction(size),), env, pricing)
    if counts is None or counts.no_latency and measure == "latency":
        return
    assert evaluate(found.expr, {**env, "n": size}, functions=solutions(found, env)) == counts.get(
        measure, model
    )


def solutions(found, env):
    """The functions that the equations define, by recursion."""
    memo = {}

    def value(name, args):
        key = name, args
        if key not in memo:
            for e in found.equations:
                left = e.relation.left
                assert isinstance(left, App)
                if left.op != name:
                    continue
                inner = {
                    **env,
                    **{a.name: x for a, x in zip(left.args, args, strict=True) if isinstance(a, Var)},
                }
                literal = all(
                    not isinstance(a, Num) or a.value == x for a, x in zip(left.args, args, strict=True)
                )
                if literal and all(holds(c.op, c.left, c.right, inner) for c in e.conditions):
                    memo[key] = evaluate(e.relation.right, inner, functions=table)
                    break
            else:
                raise AssertionError(f"no equation for {key}")
        return memo[key]

    table = {f: (lambda *args, f=f: value(f, tuple(map(Fraction, args)))) for f in found.functions}
    return table


@settings(relaxed, max_examples=60)
@given(systems())
def test_pseudocode_reads_back(system):
    scope = Scope({p.name for p in system.parameters} | set(system.definitions), system.models, {"helper": 2})
    body = system.programs["main"].body
    assert parse_body(body_text(body), scope) == body


def test_a_chance_of_zero_never_ends():
    from tests.cost.test_derive import system

    s = system("repeat until success with probability 0:\n    M(prompt=n, reply=1)")
    with pytest.raises(NeverEnds):
        run(s, "main", (), {"n": 1, "m": 1})
    assert derive(s, "main").findings
