"""Certificates about recurrences as Rocq theorems: what is accepted, what is refused, and what coqc has to reject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.recurrence.claims import claim
from verifier.bridge.export import Files, export
from verifier.bridge.run import BANNED, STANDARD_AXIOMS, compile_files
from verifier.bridge.text import NotExported
from verifier.decide import Budget, decide

LEAF = ("T(n) = 3*T(n/2) + n", "T(n) = Theta(n^(log(3)/log(2)))")
BALANCED = ("T(n) = T(floor(n/2)) + T(ceil(n/2)) + n; T(1) = 1", "T(n) = Theta(n*log(n))")
ROOT = ("T(n) = T(floor(n/5)) + T(floor(7*n/10) + 6) + 12*n/5", "T(n) = Theta(n)")
GOLDEN = ("T(n) = T(n-1) + T(n-2); T(0) = 0; T(1) = 1", "T(n) = Theta(((1+sqrt(5))/2)^n)")
LOGLOG = ("T(n) = 4*T(floor(n/2)) + n^2/log(n)", "T(n) = O(n^2*log(log(n)))")
ONE_SIDED = ("T(n) = T(floor(n/3)) + T(floor(3*n/4) + 42) + n", "T(n) = O(n^(144/125))")
LINEAR = ("T(n) = T(n-1) + 2*T(n-2) + 1", "T(n) = O(3^n)")


@cache
def certificate(recurrence: str, statement: str) -> Mapping[str, Any]:
    found = decide(claim(recurrence, statement), Budget()).certificate
    assert found is not None
    return found


def files(case: tuple[str, str]) -> Files:
    return export(certificate(*case))


@pytest.mark.rocq
@pytest.mark.parametrize("case", [LEAF, BALANCED, ROOT, GOLDEN, LOGLOG, LINEAR, ONE_SIDED],
                         ids=["leaf", "balanced", "root", "golden", "loglog", "linear", "one-sided"])
def test_accepted(case: tuple[str, str], tmp_path: Path) -> None:
    outcome = compile_files(files(case), tmp_path, 60)
    assert outcome.rocq == "accepted", outcome.reason
    assert set(outcome.axioms) <= STANDARD_AXIOMS


@pytest.mark.rocq
@pytest.mark.parametrize(("old", "new"), [("n*ln n", "n"), ("n*ln n", "n*(ln n)^2"), ("(n + 1) / 2", "n / 3"),
                                          ("c * rhs n", "c * rhs n - c * c")])
def test_altered_statement_is_rejected(old: str, new: str, tmp_path: Path) -> None:
    """The proof of one claim does not prove another one: a wrong exponent, another recurrence, a stronger inequality."""
    good = files(BALANCED)
    assert old in good.statement
    assert compile_files(replace(good, statement=good.statement.replace(old, new)), tmp_path, 60).rocq == "rejected"


@pytest.mark.rocq
def test_altered_proof_is_rejected(tmp_path: Path) -> None:
    """An exponent of a logarithm that the theorem does not give."""
    good = files(BALANCED)
    assert "Sc 0 1 1 0" in good.proof
    wrong = good.proof.replace("Sc 0 1 1 0", "Sc 0 1 (1/2) 0")
    assert compile_files(replace(good, proof=wrong), tmp_path, 60).rocq == "rejected"


def test_statement_reads_like_the_claim() -> None:
    text = files(BALANCED).statement
    for part in ("T n = T (n / 2)%nat + T ((n + 1) / 2)%nat + n", "T 1%nat = 1", "n*ln n",
                 "solvable /\\ forall T, recurrence T -> bound T"):
        assert part in text


def test_open_roundings_are_arbitrary() -> None:
    text = files(LEAF).statement
    assert "(n / 2 <= r1 n <= (n + 1) / 2)%nat" in text
    assert "forall r1, rounding_r1 r1 ->" in text
    assert "exists m_, forall n0, (m_ <= n0)%nat" in text  # no base values: every late enough start


def test_no_banned_words() -> None:
    for case in (LEAF, BALANCED, ROOT, GOLDEN, LOGLOG, LINEAR):
        for text in (files(case).statement, files(case).proof):
            assert not [w for w in BANNED if w in text.replace(".", " ").split()]


@pytest.mark.parametrize(("recurrence", "statement"), [
    ("T(n) = 2*T(n/2) + n^log(n)", "T(n) = Theta(n^log(n))"),
    ("T(n) = 2*T(n/2) + T(sqrt(n)) + n", "T(n) = Theta(n*log(n))")])
def test_what_is_not_covered_is_refused_with_a_reason(recurrence: str, statement: str) -> None:
    with pytest.raises(NotExported) as refused:
        export(certificate(recurrence, statement))
    assert str(refused.value)


def test_a_certificate_of_a_smaller_bound_is_refused() -> None:
    """The claim says n, the recurrence gives n log n."""
    data = dict(certificate(*BALANCED))
    data["claim"] = {**data["claim"], "statement": "T(n) = Theta(n)"}
    with pytest.raises(NotExported, match="does not hold"):
        export(data)


def test_single_steps_are_sampled() -> None:
    """T(4) from the values of its calls, evaluated from the claim as written."""
    for line in ("forall (T : nat -> R), recurrence T -> T 2%nat = 2 -> T 4%nat = 8.",
                 "forall (T : nat -> R), recurrence T -> T 3%nat = 2 -> T 4%nat = 3 -> T 7%nat = 12."):
        assert line in files(BALANCED).statement
    assert "(n0 <= 7)%nat -> recurrence n0 r1 T -> r1 7%nat = 3%nat -> T 3%nat = 2 -> T 7%nat = 13." in files(LEAF).statement


@pytest.mark.rocq
def test_sample_rejects_another_equation(tmp_path: Path) -> None:
    """A statement whose equation does not compute the sample values is no statement of the claim."""
    good = files(BALANCED)
    wrong = good.statement.replace("T ((n + 1) / 2)%nat + n)", "T ((n + 1) / 2)%nat + 2*n)")
    assert wrong != good.statement
    found = compile_files(replace(good, statement=wrong), tmp_path, 60)
    assert found.rocq == "rejected" and "Statement.v" in str(found.reason)
