"""SMT-LIB export: the steps are unsatisfiable when negated, a false step is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verifier.bridge.smt import Problem, ask, problems

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = ROOT / "proofs" / "meyerson-qiu-2025" / "routing.eq1.json"


def test_both_solvers_agree(tmp_path: Path) -> None:
    found = problems(json.loads(CERTIFICATE.read_text()))
    assert [p.name for p in found] == ["upper.0", "lower.0"]
    entry = ask(found[0], tmp_path, 10.0)
    assert entry["z3"] == "unsat"
    assert entry["cvc5"] in ("unsat", "not installed")


def test_a_false_step_has_a_model(tmp_path: Path) -> None:
    problem = problems(json.loads(CERTIFICATE.read_text()))[0]
    reversed_ = Problem(problem.name, problem.text.replace("(assert (< (+", "(assert (>= (+"))
    assert reversed_.text != problem.text
    assert ask(reversed_, tmp_path, 10.0)["z3"] == "sat"


@pytest.mark.slow
def test_alethe_proof_is_stored(tmp_path: Path) -> None:
    pytest.importorskip("cvc5")
    entry = ask(problems(json.loads(CERTIFICATE.read_text()))[0], tmp_path, 20.0, proof=True)
    assert entry["alethe"] and "(step" in (tmp_path / entry["alethe"]).read_text()
