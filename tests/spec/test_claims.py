"""Claims made complete: measures, definitions, assumptions, readings, recurrences."""

from __future__ import annotations

from pathlib import Path

import pytest

from verifier.kernel.claim import claim_from_json, claim_to_json, equation_text
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii_relation
from verifier.spec.claims import claims
from verifier.spec.load import load, loads

ROOT = Path(__file__).parents[2]
HEAD = """\
title: t
parameters:
  n: input
  k: {about: parts, assume: k <= n}
  j: unrelated
  m: {about: size, domain: real > 0}
let: {d: n + k}
models:
  M: m
algorithms:
  a: |
    for i in 1..k:
        M(prompt=d, reply=1)
  b: |
    M(prompt=n, reply=n)
  sort(n): |
    if n > 1:
        sort(floor(n/2))
        sort(ceil(n/2))
        M(prompt=n, reply=1)
recurrences:
  T: [T(x) = 2*T(x/2) + k*x for x >= 2, T(1) = 1]
"""


def only(text):
    found = claims(loads(HEAD + "claims:\n" + text))
    assert len(found) == 1
    return found[0]


def test_measures_and_definitions_are_expanded():
    c = only("  c: cost(a) = Theta(m*k*d)")
    assert ascii_relation(c.claim.statement) == "k*m*(n + k) = Theta(m*k*(n + k))"
    assert [p.name for p in c.claim.parameters] == ["n", "k", "m"]
    assert [ascii_relation(a) for a in c.claim.assumptions] == ["k <= n"]
    assert c.rests_on == ("assumption: k <= n",)
    assert claim_from_json(claim_to_json(c.claim)) == c.claim


def test_comparisons_ratios_and_conditions():
    c = only("  c: calls(b) <= tokens(a)/prompt_tokens[M](b) for 2 <= n < 10, k = 2, n <= 3*k")
    by_name = {p.name: p for p in c.claim.parameters}
    assert (by_name["n"].lower, by_name["n"].upper) == (2, 9)
    assert (by_name["k"].lower, by_name["k"].upper) == (2, 2)
    assert [ascii_relation(a) for a in c.claim.assumptions] == ["k <= n", "n <= 3*k"]


def test_latex():
    c = only(r"  c: 'cost(a) = \Theta(m k d)'")
    assert ascii_relation(c.claim.statement) == "k*m*(n + k) = Theta(m*k*(n + k))"


def test_recursive_algorithms_bring_their_recurrence():
    c = only("  c: calls(sort) = Theta(n)")
    assert [equation_text(e) for e in c.claim.recurrences] == [
        "calls_sort(n) = calls_sort(floor(n/2)) + calls_sort(ceil(n/2)) + 1 for n >= 2",
        "calls_sort(1) = 0",
    ]
    assert claim_from_json(claim_to_json(c.claim)) == c.claim
    assert ascii_relation(only("  c: calls(sort, 4*k) = O(k)").claim.statement) == "calls_sort(4*k) = O(k)"


def test_recurrences():
    c = only("  c: T(x) = Theta(k*x*log(x)) for x >= 2")
    assert [p.name for p in c.claim.parameters] == ["n", "k", "x"]
    assert len(c.claim.recurrences) == 2
    c = only("  c: 'master(T) = case 2'")
    assert ascii_relation(c.claim.statement) == "master(T(x)) = 2"
    assert [p.name for p in c.claim.parameters] == ["n", "k"]
    with pytest.raises(SourceError, match="not a case"):
        only("  c: master(T) = case 4")
    with pytest.raises(SourceError, match="unknown recurrence 'S'"):
        only("  c: akra_bazzi(S) = 1")


def test_cost_models():
    spec = loads(
        HEAD + "claims:\n  c: cost(a) = Theta(m*k*n)\n  e: {claim: cost(a) = O(n^3), cost_model: m*n^2}\n"
    )
    [c, e] = claims(spec, "price")
    assert ascii_relation(c.claim.statement) == "k*m*(p_in*(n + k) + p_out) = Theta(m*k*n)"
    assert {p.name: p.role for p in c.claim.parameters}["p_in"] == "constant"
    assert (c.expect, c.cost_model, e.expect, e.cost_model) == (None, "price", "proved", "m*n^2")
    assert ascii_relation(claims(spec)[1].claim.statement) == "k*m*(n + k)^2 = O(n^3)"
    with pytest.raises(SourceError):
        claims(spec, "m*x")


def test_readings():
    spec = loads("""\
title: t
parameters: {n: size, c: {role: constant, about: c}}
let: {d: 2*n}
models: {M: 1}
algorithms:
  a:
    readings:
      short: M(prompt=d, reply=1)
      long: M(prompt=d^2, reply=1)
  other: M(prompt=7, reply=1)
  outer: a()
claims:
  every: cost(outer) = Theta(n)
  chosen:
    claim: cost(a) = Theta(n)
    expect: refuted
    readings:
      short: {expect: proved}
      long: {note: longer}
      another: {a: other, assume: n >= 3}
      renamed: {a: short, d: n^3}
""")
    found = {c.name: c for c in claims(spec)}
    assert {n: ascii_relation(c.claim.statement) for n, c in found.items()} == {
        "every:short": "2*n = Theta(n)",
        "every:long": "(2*n)^2 = Theta(n)",
        "chosen:short": "2*n = Theta(n)",
        "chosen:long": "(2*n)^2 = Theta(n)",
        "chosen:another": "7 = Theta(n)",
        "chosen:renamed": "n^3 = Theta(n)",
    }
    assert [found[f"chosen:{x}"].expect for x in ("short", "long", "another")] == [
        "proved",
        "refuted",
        "refuted",
    ]
    assert found["chosen:another"].claim.parameter("n").lower == 3


def test_a_program_that_never_ends_is_cut_off():
    text = HEAD.replace(
        "  b: |",
        "  never: |\n    repeat until success with probability 0:\n        M(prompt=n, reply=1)\n  b: |",
    )
    spec = loads(
        text + "claims:\n  up: cost(never) = Theta(m*n)\n  ratio: cost(b)/cost(never) = Theta(n)\n"
        "  low: cost(never) = Omega(n)\n"
    )
    up, ratio, low = claims(spec)
    assert up.claim is None and up.findings[0].place.position.line == 15
    assert ascii_relation(up.truncation.statement) == "rounds*m*n = O(m*n)"
    assert ratio.truncation.statement.op == "Omega"
    assert low.truncation is None  # an infinite cost obeys every lower bound


def test_unresolved_readings_are_refused():
    with pytest.raises(SourceError, match="does not say what 'z' is"):
        only("  c: {claim: cost(a) = O(n), readings: {r: {z: b}}}")
    with pytest.raises(SourceError, match=r"takes 1 sizes?, not 2"):
        only("  c: cost(sort, n, k) = O(n)")


@pytest.mark.parametrize("path", sorted((ROOT / "specs").rglob("*.yaml")), ids=lambda p: p.stem)
def test_published_specifications_load(path):
    found = claims(load(str(path)))
    assert found
    for c in found:
        assert c.published and (c.location or c.source)
        for statement in (c.claim, c.truncation):
            assert statement is None or claim_from_json(claim_to_json(statement)) == statement


def test_debugging_costs_by_hand():
    found = {c.name: c for c in claims(load(str(ROOT / "specs/meyerson-qiu-2025/debugging.yaml")))}
    assert (
        ascii_relation(found["eq9"].claim.statement) == "b*m_d*(l*(l + c) + l*(l - 1)/2) = Theta(m_d*l^2*b)"
    )
    assert found["eq11:transcript"].expect == "refuted"


def test_recursion_reaches_below_the_domain_of_the_claim():
    text = HEAD.replace("n: input", "n: {about: input, domain: integer >= 5}")
    c = claims(loads(text + "claims:\n  c: calls(sort) = Theta(n)"))[0]
    assert not c.findings and len(c.claim.recurrences) == 2


def test_the_number_of_rounds_gets_a_free_name():
    spec = loads(
        "title: t\nparameters: {rounds: mine}\nmodels: {M: 1}\nalgorithms:\n  a: |\n"
        "    repeat until success with probability 0:\n        M(prompt=rounds, reply=1)\n"
        "claims:\n  c: cost(a) = O(rounds)"
    )
    assert ascii_relation(claims(spec)[0].truncation.statement) == "rounds_*rounds = O(rounds)"
