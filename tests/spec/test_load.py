"""Specification files: shape, places of mistakes, limits."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from verifier.lang.errors import SourceError
from verifier.lang.show import ascii
from verifier.spec.load import load, loads
from verifier.spec.model import json_schema, parse_domain

ROOT = Path(__file__).parents[2]
BASE = """\
title: t
parameters:
  n: input
  k: {about: parts, assume: k <= n}
  m: {about: size, domain: real > 0}
let: {half: floor(n/2)}
models:
  M: {size: m, capabilities: [read]}
algorithms:
  a: |
    for i in 1..k:
        M(prompt=i*n, reply=1, needs=read)
claims:
  c: cost(a) = Theta(m*k^2*n)
"""


def test_the_schema_on_disk_is_current():
    stored = json.loads((ROOT / "schema" / "spec.schema.json").read_text())
    assert stored == json.loads(json.dumps(json_schema()))


def test_a_specification_is_read():
    spec = loads(BASE)
    assert [p.name for p in spec.parameters] == ["n", "k", "m"]
    assert spec.parameters[2].role == "uniform"
    assert ascii(spec.definitions["half"]) == "floor(n/2)"
    assert spec.algorithms == ("a",)


def mistake(old, new, base=BASE):
    assert old in base
    with pytest.raises(SourceError) as caught:
        from verifier.spec.claims import claims

        claims(loads(base.replace(old, new), "f.yaml"))
    e = caught.value
    return e.position.line, e.position.column, e.message, e.hint or "", e.text or ""


@pytest.mark.parametrize(
    "old, new, line, column, message, hint",
    [
        ("M(prompt=i*n", "N(prompt=i*n", 12, 9, "neither a model nor an algorithm", "M"),
        ("i*n, reply", "i*nn, reply", 12, 20, "unknown name 'nn'", "n"),
        ("needs=read", "needs=write", 12, 38, "not capable of 'write'", "read"),
        ("Theta(m*k^2*n)", "Theta(m*kk^2*n)", 14, 24, "unknown name 'kk'", "k"),
        ("Theta(m*k^2*n)", "Theta(m*k^2*n", 14, 21, "never closed", ")"),
        ("cost(a)", "cost(b)", 14, 11, "unknown algorithm 'b'", "a"),
        (
            "half: floor(n/2)",
            "half: other, other: half + 1",
            6,
            27,
            "cyclic definition: half -> other -> half",
            "",
        ),
        ("assume: k <= n", "asume: k <= n", 4, 21, "unknown key 'asume'", "assume"),
        ("claims:", "claim:", 13, 1, "unknown key 'claim'", "claims"),
        ("real > 0", "reel > 0", 5, 28, "is not a domain", ""),
        ("title: t", "titel: t", 1, 1, "unknown key 'titel'", "title"),
        ("  k: {about", "  n: {about", 4, 3, "the key 'n' is there already, in line 3", ""),
        (
            "cost(a) =",
            "cost(a)/(n-1) =",
            14,
            15,
            "is undefined at n = 1: it divides by n - 1 = 0",
            "for n >= 2",
        ),
        ("cost(a) =", "log(n-1) =", 14, 10, "is undefined at n = 1: n - 1 is not positive", "for n >= 2"),
        ("for i in 1..k:", "for i in 1..k", 11, 18, "ends in ':'", "':'"),
        (
            "  c: cost",
            "  c:\n    expect: refutd\n    claim: cost",
            15,
            13,
            "'refutd' is not one of",
            "refuted",
        ),
        ("m*k^2*n)", "m*k^2*n) for n <= 0", 14, 6, "nothing is left of the domain of n", ""),
        ("k <= n", "k <= 0", 4, 6, "nothing is left of the domain of k", ""),
        ("models:", "cost_model: pryce\nmodels:", 7, 13, "not a cost model", "price"),
    ],
)
def test_mistakes_have_a_place_and_a_hint(old, new, line, column, message, hint):
    found = mistake(old, new)
    assert message in found[2] and hint in found[3], found
    assert found[:2] == (line, column), found


@pytest.mark.parametrize(
    "text, column",
    [
        ("  c: 'cost(a) = Theta(kk)'", 23),
        ('  c: "cost(a) = Theta(kk)"', 23),
        ("  c: |\n    cost(a) = Theta(kk)", 21),
        ("  c: >-\n    cost(a)\n     = Theta(kk)", 14),
        ("  c: {claim: cost(a) = Theta(kk)}", 30),
        (r'  c: "cost(a)\u0020= Theta(kk)"', 28),
    ],
)
def test_columns_in_every_style_of_text(text, column):
    line = mistake("  c: cost(a) = Theta(m*k^2*n)", text)
    assert "unknown name 'kk'" in line[2]
    assert line[1] == column and line[4][column - 1 : column + 1] == "kk"


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "a: &a [x, x]\nb: &b [*a, *a]\n"
            + "".join(
                f"{chr(c)}: &{chr(c)} [*{chr(c - 1)}, *{chr(c - 1)}, *{chr(c - 1)}]\n" for c in range(99, 123)
            ),
            "aliases expand",
        ),
        ("a: &x [*x]", "inside its own anchor"),
        ("[" * 100_000, "nested more than"),
        ("title: !!python/object:os.system x", "tag"),
        ("title: t\n---\ntitle: u", "second document"),
        ("title: t\nparameters: {<<: {a: b}}", "merge"),
        ("title: [", "expected"),
        ("\ttitle: t", "token"),
        ("- a", "a specification is a mapping"),
        ("", "'title' is missing"),
        ("title: t\x00", "not YAML"),
        ("title: t\nparameters: [n]", "a mapping is expected"),
        ("title: t\nclaims: {c: {claim: [x]}}", "a text is expected"),
        ("title: t\nclaims: {c: {expect: proved}}", "the key 'claim' is missing"),
        ("title: t\nparameters: {log: size}", "reserved"),
        ("title: t\nparameters: {n: {lower: 3, upper: 2}}", "nothing lies between"),
        ("title: t\nalgorithms: {a: {about: b}}", "needs a body"),
    ],
)
def test_hostile_and_malformed_files(text, message):
    start = time.perf_counter()
    with pytest.raises(SourceError, match=message):
        loads(text)
    assert time.perf_counter() - start < 1


def test_a_large_file_is_refused_at_once(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_text("title: " + "x" * 10_000_000)
    start = time.perf_counter()
    with pytest.raises(SourceError, match="at most"):
        load(str(path))
    assert time.perf_counter() - start < 0.5
    with pytest.raises(SourceError, match="cannot be read"):
        load(str(tmp_path / "none.yaml"))
    (tmp_path / "latin.yaml").write_bytes(b"title: t\nabout: \xe9")
    with pytest.raises(SourceError, match="UTF-8"):
        load(str(tmp_path / "latin.yaml"))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("integer >= 1", ("integer", 1, False, None, False)),
        ("integer > 1", ("integer", 2, False, None, False)),
        ("real > 0", ("real", 0, True, None, False)),
        ("real in (0,1)", ("real", 0, True, 1, True)),
        ("real in [0, 1)", ("real", 0, False, 1, True)),
        ("integer in 1..10", ("integer", 1, False, 10, False)),
        ("real", ("real", None, False, None, False)),
        ("integer >= 2 and <= 9", ("integer", 2, False, 9, False)),
        ("positive integer", ("integer", 1, False, None, False)),
        ("real > 0.5", ("real", 0.5, True, None, False)),
    ],
)
def test_domains(text, expected):
    p = parse_domain(text)
    assert (p.kind, p.lower, p.lower_open, p.upper, p.upper_open) == expected


@pytest.mark.parametrize(
    "text", ["", "natural", "integer >= x", "real in (1,0)", "integer in (1,2)", "real > 0 or so"]
)
def test_no_domains(text):
    with pytest.raises(ValueError):
        parse_domain(text)
