"""SMT-LIB export: the steps are unsatisfiable when negated, a false step is not, and solvers that disagree are reported."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Aalp, aalp
from tests.recurrence.claims import claim
from verifier.bridge import solvers
from verifier.bridge.schema import SMTLIB
from verifier.bridge.smt import Problem, Skipped, problems, survey
from verifier.bridge.solvers import ask, findings, holes
from verifier.decide import Budget, decide

__all__ = ["aalp"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "proofs" / "meyerson-qiu-2025"
CERTIFICATE = FOLDER / "routing.eq1.json"


def load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return data


def answers(problem: Problem, folder: Path) -> set[str]:
    entry = ask(problem, folder, 10.0)
    return {entry["z3"], entry["cvc5"]} - {"not installed"}


def test_both_solvers_agree(tmp_path: Path) -> None:
    found = [p for p in problems(load("routing.eq1")) if p.rule == "dominate"]
    assert [p.name for p in found] == ["upper.0", "lower.0"]
    assert all(answers(p, tmp_path) == {"unsat"} for p in found)


def test_every_step_is_met() -> None:
    """Steps of all obligations, nested ones too; what is no SMT problem says why."""
    found = survey(load("debugging.eq4.transcript"))
    assert {f.rule for f in found} == {"telescoping", "monotone", "dominate", "chain", "scale", "bounds"}
    assert all(isinstance(f, Problem) or f.reason for f in found)
    nested = [f.name for path in FOLDER.glob("*.json") for f in survey(json.loads(path.read_text())) if f.name.count(".") > 1]
    assert nested


def test_telescoping_and_what_follows(tmp_path: Path) -> None:
    found = {p.name: p for p in problems(load("debugging.eq4.transcript"))}
    assert found["upper.0"].rule == "telescoping"
    assert answers(found["upper.0"], tmp_path) == {"unsat"}
    scaled = next(p for p in found.values() if p.rule == "scale")
    assert answers(scaled, tmp_path) == {"unsat"}


def wrong(data: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The certificate with a part of the conclusion of some step replaced, the rest as it was."""
    out = copy.deepcopy(data)
    for steps in out["proofs"].values():
        for step in steps:
            if old in step["conclusion"]:
                step["conclusion"] = step["conclusion"].replace(old, new)
                return out
    raise AssertionError(old)


def test_a_wrong_step_is_refuted_by_both(tmp_path: Path) -> None:
    """A domination and a telescoping sum with an end that is too small."""
    data = load("routing.eq1")
    conclusion = data["proofs"]["upper"][0]["conclusion"]
    end = conclusion.partition("<=")[2].strip()
    false = next(p for p in problems(wrong(data, end, f"1/2*{end}")) if p.name == "upper.0")
    assert answers(false, tmp_path) == {"sat"}
    data = load("debugging.eq4.transcript")
    data["proofs"]["upper"][0]["antidifference"] += " + 2*j"
    false = next(p for p in problems(data) if p.name == "upper.0")
    assert not false.abstract and answers(false, tmp_path) == {"sat"}
    assert findings(ask(false, tmp_path, 10.0))


def test_comparisons_of_recurrences(tmp_path: Path) -> None:
    """The certificate that compares the class of T with the claim is walked as well."""
    found = decide(claim("T(n) = 2*T(n/2) + n", "T(n) = O(n^2)"), Budget()).certificate
    assert found is not None
    steps = survey(found)
    assert all(s.name.startswith("comparison.") for s in steps)
    for p in steps:
        if isinstance(p, Problem):
            assert answers(p, tmp_path) <= {"unsat", "unknown", "timeout"}


def test_named_facts_are_skipped() -> None:
    rules = {s.rule: s.reason for path in FOLDER.glob("*.json") for s in survey(json.loads(path.read_text()))
             if isinstance(s, Skipped)}
    assert rules["max_geometric"] == "the maximum of geometric variables"
    assert rules["monotone"]


@pytest.mark.parametrize(("z3", "cvc5", "abstract", "count"), [
    ("unsat", "unsat", False, 0), ("unsat", "timeout", False, 0), ("unsat", "not installed", False, 0),
    ("sat", "unsat", False, 1), ("unsat", "sat", True, 1), ("sat", "unknown", False, 1), ("sat", "sat", True, 0),
])
def test_findings(z3: str, cvc5: str, abstract: bool, count: int) -> None:
    found = findings({"step": "upper.0", "rule": "ring", "z3": z3, "cvc5": cvc5, "abstract": abstract})
    assert len(found) == count
    assert not found or ("DISAGREE" in found[0]) == ("unsat" in (z3, cvc5))


def test_disagreement_is_loud(aalp: Aalp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solvers, "z3", lambda *_: "unsat")
    monkeypatch.setattr(solvers, "cvc5", lambda *_: "sat")
    done = aalp("smtlib", CERTIFICATE)
    assert done.code == 1 and "the solvers DISAGREE: z3 says unsat, cvc5 says sat" in done.err


def test_machine_output(aalp: Aalp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solvers, "z3", lambda *_: "unsat")
    monkeypatch.setattr(solvers, "cvc5", lambda *_: "unsat")
    monkeypatch.setattr(solvers, "alethe", lambda *_: "(step t1 (cl) :rule hole)")
    document = json.loads(aalp("smtlib", CERTIFICATE, "--alethe", "-o", tmp_path, "--format", "json").out)
    described = SMTLIB["properties"]["certificates"]["items"]
    (entry,) = document["certificates"]
    assert set(entry) == set(described["properties"])
    step = entry["problems"][0]
    assert set(step) == set(described["properties"]["problems"]["items"]["properties"])
    assert step["holes"] == 1 and (tmp_path / "routing.eq1" / step["alethe"]).is_file()
    assert (tmp_path / "routing.eq1" / step["file"]).read_text().startswith("; upper.0")


def test_bad_input(aalp: Aalp, tmp_path: Path) -> None:
    for text in ("{", "[]", "{}"):
        (tmp_path / "x.json").write_text(text)
        done = aalp("smtlib", tmp_path / "x.json")
        assert done.code == 2 and "not a certificate" in done.err
    assert aalp("smtlib", CERTIFICATE, "--alethe").code == 2


def test_solvers_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "bin" / "z3"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\nexec sleep 30\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    assert solvers.z3(tmp_path, 0.5) == "timeout"
    script.write_text('#!/bin/sh\n[ "$(ulimit -v)" = 524288 ] && echo unsat\n')
    assert solvers.z3(tmp_path, 5, 512) == "unsat"


def test_holes() -> None:
    assert holes("(step t1 (cl a) :rule resolution)\n(step t2 (cl) :rule hole :args (x))") == 1


@pytest.mark.slow
def test_alethe_proof_is_stored(tmp_path: Path) -> None:
    pytest.importorskip("cvc5")
    entry = ask(problems(load("routing.eq1"))[0], tmp_path, 20.0, proof=True)
    text = (tmp_path / entry["alethe"]).read_text()
    assert "(step" in text and entry["holes"] == holes(text)
