"""Claims about integers alone: theorems over Z without axioms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.test_rocq import coqc, corrupt  # noqa: F401  (a fixture)
from tests.decide.claims import claim
from verifier.bridge.export import Files, export
from verifier.bridge.run import check_certificate, compile_files
from verifier.bridge.session import check_files
from verifier.decide import decide

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("integer_claims.txt").read_text().splitlines()
CLAIMS = [line for line in TABLE if line and not line.startswith("#")]
COMPILED = [
    "n^2 - 3*n + 7 = Omega(n^2)",
    "b^2*k*l + k^3*l = O(k^3*l)",
    "sum(sum(j, j, 1, i), i, 1, n) = Theta(n^3)",
    "(k^2 + k*b)/(b + k) = O(k)",
    "n^2 + 5*n ~ n^2 + n",
    "sum(i*n, i, 1, b) = O(b*n)",
    "n = o(n)",
    "n^2 < 2*n",
    "9*n/100/(1 + 9*n/100) < 1/2",
    "max(n, m) = Theta(n + m)",
    "2^(n+1) = Theta(2^n)",
    "n*k = Theta(m*k)",
    "k^2*2^k = O(3^k)",
    "floor(n/2) + ceil(n/2) = n",
]
"""One claim of each shape; the whole table takes minutes."""


@lru_cache
def files(line: str) -> Files:
    """The export of a line of the table."""
    text, given, constant = ([x.strip() for x in line.split("|")] + ["", ""])[:3]
    found = decide(claim(text, given=[g.strip() for g in given.split(";") if g], constant=constant.split()))
    assert found.certificate is not None, text
    certificate: Mapping[str, Any] = found.certificate
    return export(certificate)


def zero_based() -> Files:
    """A claim whose parameter may be 0."""
    c = claim("n^2 + n = O(n^2)")
    found = decide(replace(c, parameters=tuple(replace(p, lower=Fraction(0)) for p in c.parameters)))
    assert found.certificate is not None
    return export(found.certificate)


def named(text: str) -> Files:
    return files(next(line for line in CLAIMS if line.split("|")[0].strip() == text))


@pytest.mark.parametrize("line", CLAIMS)
def test_stated_over_the_integers(line: str) -> None:
    found = files(line)
    assert "Reals" not in found.statement + found.proof
    assert "Open Scope Z_scope." in found.statement


@pytest.mark.rocq
@pytest.mark.parametrize("text", COMPILED)
def test_without_axioms(coqc: None, text: str, tmp_path: Path) -> None:  # noqa: F811
    found = compile_files(named(text), tmp_path)
    assert found.rocq == "accepted", found.reason
    assert found.axioms == ()


@pytest.mark.rocq
def test_a_parameter_that_may_be_zero(coqc: None, tmp_path: Path) -> None:  # noqa: F811
    found = zero_based()
    assert "domain (n : Z) : Prop :=\n  0 <= n." in found.statement
    outcome = compile_files(found, tmp_path)
    assert (outcome.rocq, outcome.axioms) == ("accepted", ()), outcome.reason


@pytest.mark.rocq
def test_entries_list_no_axioms(coqc: None, tmp_path: Path) -> None:  # noqa: F811
    """The JSON of `aalp rocq`: a claim of the corpus about integers alone."""
    (entry,) = check_files([ROOT / "proofs" / "meyerson-qiu-2025" / "evolution.mutations.json"], None, 1)
    assert (entry["rocq"], entry["axioms"]) == ("accepted", []), entry["reason"]


RATIO, INVERSE = "(k^2 + k*b)/(b + k) = O(k)", "n*m^-2 = O(n)"
SUM, REFUTED, LIMIT = "sum(i*n, i, 1, b) = Theta(b^2*n)", "sum(i*n, i, 1, b) = O(b*n)", "n*m = o(n^2*m)"
BOUND, TURNED = "lhs m n <= c_ * (rhs m n * lhs_under m n)", "rhs m n * lhs_under m n <= c_ * lhs m n"


@pytest.mark.rocq
@pytest.mark.parametrize(
    ("text", "old", "new", "statement"),
    [
        ("b^2*k*l + k^3*l = O(k^3*l)", "[2]%N", "[1]%N", False),  # a multiplier
        ("x*y*z = O(x^3 + y^3 + z^3)", "Target 1 ", "Target 2 ", False),  # a weight
        ("n^2 - 3*n + 7 = Omega(n^2)", "exists (4)", "exists (2)", False),  # a constant that is too small
        ("n^2 - 3*n + 7 = Omega(n^2)", ":=\n  n^2 - 3*n + 7", ":=\n  n^2 - 3*n^2 + 7", True),  # an exponent
        (RATIO, ":=\n  k^2 + k*b", ":=\n  k^2 + k^2*b", True),  # an exponent above
        (RATIO, "  b + k.", "  b.", True),  # a denominator
        (INVERSE, BOUND, TURNED, True),  # sides
        (SUM, "=> i*n", "=> i*n + 1", True),  # a term of a sum
        (SUM, "exists c_ : Z, 0 < c_", "exists c_ : Z, 0 < c_ /\\ c_ < 1", True),  # another claim
        (REFUTED, "claim : Prop := ~ bound", "claim : Prop := bound", True),  # the verdict
        (REFUTED, "rhs (b n : Z) : Z :=\n  b*n", "rhs (b n : Z) : Z :=\n  b^2*n", True),  # a true bound is not refuted
        (LIMIT, ":=\n  n^2*m", ":=\n  n*m", True),  # no limit
        ("n^2 + m^2 >= 2*n*m", ":=\n  2*n*m", ":=\n  3*n*m", True),  # an inequality that fails
        ("k^2*2^k = O(3^k)", ":=\n  3^k", ":=\n  2^k", True),  # an exponential that does not grow enough
        ("k^2*2^k = O(3^k)", "GlueZ.exponential 2 2 3 ", "GlueZ.exponential 3 2 3 ", False),  # a power above
        ("n^2 < 2*n", "specialize (H_ 2)", "specialize (H_ 1)", False),  # no counterexample
    ],
)
def test_rejected(coqc: None, text: str, old: str, new: str, statement: bool, tmp_path: Path) -> None:  # noqa: F811
    found = compile_files(corrupt(named(text), old, new, statement=statement), tmp_path)
    assert found.rocq == "rejected"


def test_quotients_are_stated_as_products() -> None:
    text = named(RATIO).statement
    assert "k^2 + k*b" in text and "lhs_under (b k : Z) : Z :=\n  b + k" in text
    assert "lhs b k <= c_ * (rhs b k * lhs_under b k)" in text
    assert "domain b k -> 0 < lhs_under b k" in text


def test_samples_are_computed() -> None:
    text = named("sum(i, i, 1, n) >= n^2/2").statement
    assert "Example lhs_at_2" in text and "Proof. reflexivity. Qed." in text


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("m*n^2 = Theta(m*n^2 + m*n)", ["m"]), ("n^(3/2) = O(n^2)", []),
    ],
)
def test_other_claims_stay_over_the_reals(text: str, real: list[str]) -> None:
    found = decide(claim(text, real=real))
    assert found.certificate is not None
    assert "From Coq Require Import Reals" in export(found.certificate).statement


@pytest.mark.rocq
def test_the_reals_where_the_integers_fail(coqc: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """A proof over Z that coqc does not accept is not the last word on a claim."""
    found = decide(claim("n^2 + n = O(n^2)"))
    assert found.certificate is not None
    monkeypatch.setattr("verifier.bridge.export.export_integers", lambda *_: ("Definition claim := False.", "Fail."))
    outcome = check_certificate(found.certificate)
    assert outcome.rocq == "accepted" and outcome.axioms
