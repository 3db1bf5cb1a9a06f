"""`aalp prove`, `bound`, `recheck`, `compare`, `schema`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Aalp
from verifier.kernel.check import check


@pytest.mark.parametrize(("args", "code", "words"), [
    (["b^2*k*l + b^2*k^2*l^2 = Theta(b^2*k^2*l^2)"], 0, "proved (everywhere)"),
    (["b*k = O(k^2)", "--given", "b <= k"], 0, "rests on assumption: b <= k"),
    (["b*k = O(k^2)"], 1, "family: "),
    ([r"\sum_{i=1}^{b} i n^2 = \Theta(b^2 n^2)"], 0, "proved"),
    ([r"m_d b^{2} = O(m_d b^{3})", "--real", "m_d"], 0, "proved"),
    (["k^n = O(2^n)", "--constant", "k"], 1, "refuted"),
    (["n^2 <= 2^n"], 1, "fails at n = 3"),
    (["n^2 <= 2^n for n >= 4"], 0, "proved (everywhere)"),
    (["n^2 >= n", "--domain", "n >= 2"], 0, "proved"),
    (["p*n = O(n)", "--domain", "p: real in (0,1)"], 0, "proved"),
    (["n = Omega(p*n)", "--domain", "p: real in (0,1)"], 0, "proved"),
    (["T(n) = Theta(n*log(n))", "--recurrence", "T(n) = 2*T(n/2) + n"], 0, "proved"),
    (["T(n) = O(n)", "--recurrence", "T(n) = 2*T(n/2) + n"], 1, "refuted"),
    (["x*exp(-y) = O(1)"], 1, "family"),
    (["n*log(n) = o(n^1.1)"], 0, "proved"),
])
def test_prove(aalp: Aalp, args: list[str], code: int, words: str) -> None:
    done = aalp("prove", *args)
    assert (done.code, done.err) == (code, ""), done
    assert words in done.out


def test_json_and_certificate(aalp: Aalp, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "c.json"
    done = aalp("prove", "b*k = O(k^2)", "--given", "b <= k", "--format", "json", "--certificate", path)
    (entry,) = json.loads(done.out)["claims"]
    assert entry["spec"] is None
    assert entry["claim"] == "b*k = O(k^2)"
    assert entry["certificate"] == str(path)
    assert entry["constants"] == {"upper": "1"}
    assert check(json.loads(path.read_text())).verdict == "proved"
    assert aalp("recheck", path).code == 0


@pytest.mark.parametrize(("expression", "options", "bound"), [
    ("sum(i*n + j, j, 0, n)", [], "Theta(i*n^2)"),
    ("n^2 + n*log(n) + m*n", [], "Theta(n^2 + m*n)"),
    ("T(n)", ["--recurrence", "T(n) = 2*T(n/2) + n"], "Theta(n*log(n))"),
    ("T(n)", ["--recurrence", "T(n) = T(n-1) + 2^n"], "Theta(2^n)"),
])
def test_bound(aalp: Aalp, expression: str, options: list[str], bound: str) -> None:
    done = aalp("bound", expression, *options, "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)["claims"][0]["bound"] == bound


def test_recheck_refuses(aalp: Aalp, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    aalp("prove", "2*n*m = O(n^2 + m^2)", "--certificate", path)
    good = path.read_text()
    changes = {"claim.json": good.replace("n^2 + m^2)", "n^2 + m)"), "verdict.json": good.replace("proved", "refuted"),
               "cut.json": good[:-20], "list.json": "[]", "empty.json": "", "format.json": good.replace(
                   '"format": 1', '"format": 2'), "strength.json": good.replace("everywhere", "everywhere!")}
    for name, text in changes.items():
        (tmp_path / name).write_text(text)
    done = aalp("recheck", tmp_path)
    assert done.code == 1
    assert f"1 accepted, {len(changes)} rejected" in done.out
    entries = json.loads(aalp("recheck", tmp_path, "--format", "json").out)["certificates"]
    assert {Path(e["certificate"]).name for e in entries if e["result"] == "rejected"} == set(changes)
    assert all(e["reason"] for e in entries if e["result"] == "rejected")


def test_recheck_needs_no_third_party_package(tmp_path: Path, aalp: Aalp) -> None:
    path = tmp_path / "c.json"
    aalp("prove", "n*log(n) = O(n^1.1)", "--certificate", path)
    code = ("import sys; from verifier.cli import main\n"
            "try: main(['recheck', sys.argv[1]])\n"
            "except SystemExit as s: print([m for m in ('z3', 'sympy', 'hypothesis', 'pydantic', 'rich', 'yaml') "
            "if m in sys.modules], s.code)")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[] 0")


def test_compare(aalp: Aalp, project: Path) -> None:
    done = aalp("compare", "specs/paper/small.yaml", "often", "once", "--certificates", "out")
    assert done.code == 0
    assert "cost(often)/cost(once) = Theta(b)   proved (everywhere)" in done.out
    assert "once never costs more than often: proved for all sizes" in done.out
    assert "M in once: Theta(m*n); it decides the order of cost(once): proved" in done.out
    assert aalp("recheck", "out").code == 0
    (entry,) = json.loads(aalp("compare", "specs/paper/small.yaml", "often", "once", "--format", "json").out)["comparisons"]
    assert entry["ratio"]["bound"] == "Theta(b)"


CROSSING = """\
title: Crossing
parameters: {n: size, m: {domain: real > 0}}
models: {M: m}
algorithms:
  steep: |
    for i in 1..n:
        M(prompt=n, reply=1)
  flat: |
    for i in 1..1000:
        M(prompt=n, reply=1)
claims:
  ratio: cost(steep)/cost(flat) = Theta(n)
"""


def test_crossover_is_exact(aalp: Aalp, project: Path) -> None:
    (project / "crossing.yaml").write_text(CROSSING)
    (entry,) = json.loads(aalp("compare", "crossing.yaml", "steep", "flat", "--format", "json").out)["comparisons"]
    assert entry["ratio"]["bound"] == "Theta(n)"
    assert [(x["parameter"], x["size"], x["cheaper"]) for x in entry["crossovers"]] == [
        ("n", "1000", None), ("n", "1001", "flat")]


def test_schema(aalp: Aalp) -> None:
    assert "properties" in json.loads(aalp("schema").out)


def test_help_and_version(aalp: Aalp) -> None:
    assert "every claim of every specification" in aalp("--help").out
    assert aalp("--version").out.startswith("aalp ")
    for name in ("check", "prove", "bound", "recheck", "compare", "schema"):
        assert aalp(name, "--help").code == 0
