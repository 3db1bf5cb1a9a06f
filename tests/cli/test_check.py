"""`aalp check`: table, JSON, certificates, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SPEC, Aalp
from verifier.kernel.check import check

KEYS = {"spec", "id", "reading", "claim", "verdict", "strength", "expected", "as_expected", "rests_on", "certificate",
        "constants", "family", "witnesses", "repair", "reason", "seconds"}


def test_table(aalp: Aalp, project: Path) -> None:
    done = aalp("check", "specs/")
    assert done.code == 0
    assert done.err == ""
    assert "specs/paper/small.yaml" in done.out
    assert "cost(often) = O(m*n^2)" in done.out
    assert "3 claims, 2 proved, 1 refuted: all as expected" in done.out
    assert "\x1b[" not in done.out  # a pipe gets plain text


def test_default_is_the_specs_directory(aalp: Aalp, project: Path) -> None:
    assert "3 claims" in aalp("check").out


def test_json(aalp: Aalp, project: Path) -> None:
    done = aalp("check", "specs", "--format", "json")
    result = json.loads(done.out)
    assert result["format"] == 1
    assert all(set(c) >= KEYS for c in result["claims"])
    by_id = {c["id"]: c for c in result["claims"]}
    assert by_id["linear"]["verdict"] == "proved"
    assert by_id["linear"]["constants"].keys() == {"upper", "lower"}
    assert by_id["quadratic"]["rests_on"] == ["assumption: b <= n"]
    assert by_id["wrong"] | {"verdict": "refuted", "expected": "refuted", "as_expected": True} == by_id["wrong"]
    assert by_id["wrong"]["family"]["sizes"].keys() >= {"n", "b"}
    assert by_id["linear"]["certificate"] == "proofs/paper/small.linear.json"
    assert by_id["wrong"]["certificate"] == "counterexamples/paper/small.wrong.json"
    assert result["summary"]["proved"] == 2
    assert result["summary"]["refuted"] == 1


def test_certificates_are_stable_and_recheck(aalp: Aalp, project: Path) -> None:
    aalp("check", "specs")
    files = sorted([*project.glob("proofs/**/*.json"), *project.glob("counterexamples/**/*.json")])
    first = [f.read_bytes() for f in files]
    assert [f.name for f in files if f.name.count(".") == 2] == ["small.wrong.json", "small.linear.json",
                                                                  "small.quadratic.json"]
    aalp("check", "specs")
    assert [f.read_bytes() for f in files] == first
    assert not list(project.rglob("*.tmp"))
    for f in files:
        data = json.loads(f.read_bytes())
        assert check(data).verdict == data["verdict"]
        assert data["meta"]["spec"] == "specs/paper/small.yaml"
    done = aalp("recheck", "proofs", "counterexamples")
    assert done.code == 0
    assert f"{len(files)} accepted, 0 rejected" in done.out


def test_certificates_elsewhere_and_nowhere(aalp: Aalp, project: Path) -> None:
    aalp("check", "specs", "--certificates", "out")
    assert (project / "out/proofs/paper/small.linear.json").is_file()
    assert not (project / "proofs").exists()
    result = json.loads(aalp("check", "specs", "--no-certificates", "--format", "json").out)
    assert all(c["certificate"] is None for c in result["claims"])
    assert not (project / "proofs").exists()


def test_a_file_outside_of_specs_writes_nothing_unasked(aalp: Aalp, project: Path) -> None:
    (project / "own.yaml").write_text(SPEC)
    assert aalp("check", "own.yaml").code == 0
    assert sorted(p.name for p in project.iterdir()) == ["own.yaml", "specs"]
    aalp("check", "own.yaml", "--certificates", "out")
    assert (project / "out/counterexamples/own.wrong.json").is_file()


def test_stale_certificates_go(aalp: Aalp, project: Path) -> None:
    aalp("check", "specs")
    path = project / "specs/paper/small.yaml"
    path.write_text(SPEC.replace("quadratic:", "square:").replace("{claim: cost(often) = O(m*n), expect: refuted}",
                                                                 "cost(often) = O(m*n*b)"))
    foreign = project / "proofs/paper/small.mine.json"
    foreign.write_text("{}")
    aalp("check", "specs")
    assert sorted(p.name for p in project.glob("proofs/paper/*")) == [
        "small.linear.json", "small.mine.json", "small.square.json", "small.wrong.json"]
    assert not list(project.glob("counterexamples/paper/*"))


@pytest.mark.parametrize(("claim", "code", "options"), [
    ("cost(once) = O(m)", 1, ()),
    ("{claim: cost(once) = O(m*n), expect: refuted}", 1, ()),
    ("{claim: cost(once) = O(m*n), expect: undecided}", 1, ()),
    ("{claim: cost(once) = O(m*n), expect: proved}", 0, ()),
])
def test_exit_codes(aalp: Aalp, project: Path, claim: str, code: int, options: tuple[str, ...]) -> None:
    (project / "specs/paper/small.yaml").write_text(SPEC + f"  other: {claim}\n")
    assert aalp("check", "specs", *options).code == code


def test_undecided(aalp: Aalp, project: Path) -> None:
    (project / "specs/paper/small.yaml").write_text(SPEC + "  hard: exp(exp(n)) - n^n <= factorial(n^n)\n")
    done = aalp("check", "specs", "--budget", "0.5", "--format", "json")
    verdicts = {c["id"]: c for c in json.loads(done.out)["claims"]}
    if verdicts["hard"]["verdict"] == "undecided":
        assert verdicts["hard"]["reason"]
        assert done.code == 3
        assert aalp("check", "specs", "--budget", "0.5", "--allow-undecided").code == 0


def test_all_cost_models(aalp: Aalp, project: Path) -> None:
    result = json.loads(aalp("check", "specs", "--all-cost-models", "--format", "json").out)
    rows = {(c["id"], c["cost_model"]): c for c in result["claims"]}
    assert {m for i, m in rows if i == "linear"} == {"forward-pass", "cached", "calls", "price"}
    assert rows["linear", "calls"]["verdict"] == "refuted"
    assert rows["linear", "calls"]["expected"] is None
    assert rows["linear", "calls"]["as_expected"]
    assert (project / "counterexamples/paper/small.linear@calls.json").is_file()
    aalp("check", "specs")  # a plain run leaves the other models' certificates alone
    assert (project / "counterexamples/paper/small.linear@calls.json").is_file()
    assert aalp("check", "specs", "--all-cost-models", "--cost-model", "calls").code == 2


def test_jobs_give_the_same(aalp: Aalp, project: Path) -> None:
    def verdicts(*options: str) -> list[object]:
        claims = json.loads(aalp("check", "specs", "--format", "json", *options).out)["claims"]
        # how far the search for witnesses gets depends on the clock
        return [{k: v for k, v in c.items() if k not in ("seconds", "witnesses")} for c in claims]

    assert verdicts("--jobs", "2") == verdicts()


def test_a_demanded_strength(aalp: Aalp, project: Path) -> None:
    (project / "specs/paper/small.yaml").write_text(
        SPEC + "  weak: {claim: n*b = O(n*b*log(b)), strength: everywhere}\n")
    done = aalp("check", "specs", "--format", "json")
    weak = next(c for c in json.loads(done.out)["claims"] if c["id"] == "weak")
    if weak["verdict"] == "proved":
        assert weak["strength"] == "all-large"
        assert not weak["as_expected"]
        assert "everywhere" in weak["reason"]
        assert done.code == 1
