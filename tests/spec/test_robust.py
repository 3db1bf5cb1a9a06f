"""Whatever a file contains: claims or a SourceError, within bounds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.spec.test_claims import HEAD
from verifier.cost.program import required_capabilities
from verifier.lang.errors import SourceError
from verifier.spec.claims import claims
from verifier.spec.load import loads

ROOT = Path(__file__).parents[2]
TEXTS = [p.read_text() for p in sorted((ROOT / "specs" / "meyerson-qiu-2025").glob("*.yaml"))]
TEXTS.append(HEAD + "claims:\n  c: cost(a) = Theta(m*k*d) for n >= 2\n  d: master(T) = case 2\n")
PIECES = st.sampled_from(
    [
        "",
        " ",
        "\n",
        ":",
        "    ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        "-",
        "*",
        "^",
        "/",
        "0",
        "-1",
        "9^9^9^9",
        "n",
        "k",
        "for i in 1..",
        "if n > 1:",
        "else:",
        "repeat until success with probability ",
        "states from a:",
        "goto done",
        "&a",
        "*a",
        "!!x",
        "'",
        '"',
        "#",
        "\\frac{",
        "log(",
        "sum(",
        "Theta(",
        "claims:",
        "e",
        "é",
        "\t",
        "..",
        "=",
        "<=",
        ",",
        "needs=",
        "prompt=",
        "let x = ",
        "parallel:",
        "vote first-to-ahead-by 2, 1/2:",
        "10^10^10",
        "1/0",
        "0.1",
        "a()",
    ]
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), PIECES), min_size=1, max_size=3),
)
def test_edited_files(text, edits):
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    start = time.perf_counter()
    try:
        claims(loads(text, "f.yaml"))
    except SourceError as error:
        assert error.position.line >= 1 and error.position.column >= 1
        assert str(error)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "old, new",
    [
        ("Theta(m*k*d)", "Theta(9^9^9^9*n)"),
        ("1..k", "1..9^9^9^9"),
        ("prompt=d", "prompt=9^9^9^9"),
        ("floor(n/2)", "floor(n^9^9^9^9)"),
        ("d: n + k", "d: 9^9^9^9"),
        ("M: m", "M: 9^9^9^9"),
        ("m*k*d", "m*k*d/9^(9^9^9-9^9^9)"),
        ("for n >= 2", "for n >= 9^9^9^9"),
        ("Theta(m*k*d)", "Theta(factorial(factorial(99)))"),
        ("    for i in 1..k:", "    repeat until success with probability 1/9^9^9^9:"),
        ("    for i in 1..k:", "    repeat until success with probability factorial(n)^9^9:"),
    ],
)
def test_huge_numbers_cost_no_time(old, new):
    text = HEAD + "claims:\n  c: cost(a) = Theta(m*k*d) for n >= 2\n  s: cost(sort) = O(n)\n"
    assert old in text
    start = time.perf_counter()
    try:
        claims(loads(text.replace(old, new)))
    except SourceError as error:
        assert str(error)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "line",
    [
        "repeat until all of " + " " * 400 + "x",
        "repeat " + " " * 400 + "times x",
        "a," * 200,
        "a " * 200 + "<- ",
        "M(" + "(" * 400,
        "x" * 100_000,
    ],
)
def test_strange_lines_cost_no_time(line):
    start = time.perf_counter()
    with pytest.raises(SourceError):
        claims(loads("title: t\nmodels: {M: 1}\nalgorithms:\n  a: |\n    " + line + "\n"))
    assert time.perf_counter() - start < 1


def test_capabilities():
    spec = loads("""\
title: t
parameters: {n: size}
models:
  Q: {size: 1, capabilities: [find, explain]}
  D: {size: 2, capabilities: "fix"}
algorithms:
  a: |
    Q(prompt=n, reply=1, needs=find, explain)
    b(n)
  b(x): D(prompt=x, reply=x, needs=fix)
""")
    assert required_capabilities(spec.system, "a") == {"Q": {"find", "explain"}, "D": {"fix"}}
    assert required_capabilities(spec.system, "b") == {"D": {"fix"}}
