"""Bad input: exit 2 with file, line and column, quickly, and nothing half-written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.conftest import SPEC, Aalp

HEAD = SPEC.partition("claims:")[0]


def spec(**changes: str) -> str:
    text = SPEC
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text


CASES: dict[str, tuple[str, str]] = {
    "misspelt model": (SPEC.replace("    M(prompt=n, reply=1)\n  often", "    N(prompt=n, reply=1)\n  often"), "N"),
    "undeclared name": (SPEC.replace("Theta(m*n)", "Theta(m*q)"), "q"),
    "unknown algorithm": (SPEC.replace("cost(once)", "cost(onec)"), "onec"),
    "unknown key": (SPEC.replace("title: Small", "titel: Small"), "titel"),
    "cyclic let": (SPEC.replace("models:", "let: {u: v + 1, v: u + 1}\nmodels:"), "cycl"),
    "division by zero": (SPEC + "  more: m/(n - 1) = O(m)\n", "n - 1"),
    "division by a difference": (SPEC + "  more: m/(n - b) = O(m)\n", "n - b"),
    "division by 0": (SPEC + "  more: n/0 = O(n)\n", "0"),
    "log of zero": (SPEC + "  more: log(n - 1) = O(n)\n", "n - 1"),
    "log 0": (SPEC + "  more: log(0) = O(n)\n", "log"),
    "contradictory assumptions": (SPEC + "  more: {claim: n = O(b), assume: [n <= b - 1, b <= n]}\n", "contradict"),
    "contradictory bounds": (SPEC.replace("n: size", "n: {assume: [n >= 5, n <= 3]}"), "contradict"),
    "alias bomb": ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi")) + SPEC, ""),
    "a tower": (SPEC + "  more: n = O(9^9^9^9)\n", "too large"),
    "mismatched parentheses": (SPEC + "  more: cost(once = O(m*n)\n", "never closed|expected|\\("),
    "not YAML": ("title: [unclosed\nclaims: {", ""),
    "a tab": ("title: x\n\tclaims: {}\n", ""),
    "not a mapping": ("- a\n- b\n", "mapping"),
    "not UTF-8": ("", ""),
    "empty": ("", ""),
    "a large file": ("", ""),
    "deep nesting": (SPEC + f"  more: {'(' * 500}n{')' * 500} = O(n)\n", "deep|nest"),
    "no claim": (SPEC + "  more: {expect: refuted}\n", "claim"),
    "a wrong expectation": (SPEC + "  more: {claim: n = O(n), expect: true}\n", ""),
    "arguments that grow": (SPEC.replace("claims:", "recurrences: {T: T(n) = T(2*n) + 1}\nclaims:")
                            + "  more: T(n) = O(n)\n", "T\\(2\\*n\\)"),
    "python tags": (SPEC + "  more: !!python/object/apply:os.system [true]\n", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_specification(aalp: Aalp, project: Path, name: str) -> None:
    path = project / "specs/paper/small.yaml"
    text, words = CASES[name]
    path.write_text(text)
    if name == "not UTF-8":
        path.write_bytes(b"title: \xff\xfe")
    elif name == "a large file":
        path.write_text("title: " + "x" * 10_000_000)
    start = monotonic()
    done = aalp("check", "specs")
    assert monotonic() - start < 2, "within two seconds"
    assert done.code == 2, done
    assert re.search(r"specs/paper/small\.yaml:\d+:\d+: error: ", done.err), done.err
    assert re.search(words, done.err), done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert sorted(p.name for p in project.iterdir()) == ["specs"], "nothing is written"


def test_errors_point_at_the_place(aalp: Aalp, project: Path) -> None:
    path = project / "specs/paper/small.yaml"
    path.write_text(SPEC + "  more: m/(n - 1) = O(m)\n")
    line = len(SPEC.split("\n"))
    err = aalp("check", "specs").err.split("\n")
    assert err[0].startswith(f"specs/paper/small.yaml:{line}:"), err
    assert err[1].strip() == "more: m/(n - 1) = O(m)"
    assert err[2].index("^") == err[1].index("n - 1")
    assert "n >= 2" in err[3]


def test_all_files_are_reported(aalp: Aalp, project: Path) -> None:
    for name in ("a", "b"):
        (project / f"specs/paper/{name}.yaml").write_text(SPEC.replace("Theta(m*n)", "Theta(m*q)"))
    done = aalp("check", "specs", "--format", "json")
    assert done.code == 2
    errors = json.loads(done.out)["errors"]
    assert [Path(e["file"]).name for e in errors] == ["a.yaml", "b.yaml"]
    assert all(e["line"] and e["column"] for e in errors)
    assert not (project / "proofs").exists()


@pytest.mark.parametrize("args", [
    ("check", "nowhere.yaml"), ("check", "--format", "xml"), ("chek",), ("prove",), ("prove", ""), ("prove", "n = O("),
    ("prove", "n"), ("prove", "n = O(n)", "--given", "n <="), ("prove", "n = O(n)", "--constant", "k"),
    ("prove", "n = O(n)", "--domain", "n in 2"), ("prove", "1/(k-1) = O(1)"), ("prove", "log(n-1) <= n"),
    ("prove", "9^9^9^9 <= n"), ("prove", "n^(1/0) = O(n)"), ("prove", "n = O(n)", "--budget", "0"),
    ("prove", "n*n = O(n)", "--given", "n < m", "--given", "m < n"), ("prove", "cost(a) = O(n)"),
    ("prove", r"\log(n)^2 = O(n)"), ("prove", "T(n) = O(n)"), ("bound", "n +"), ("bound", "1/(n-1)"),
    ("prove", "T(n) = O(n)", "--recurrence", "T(n) = T(2*n) + 1"), ("recheck", "nowhere"), ("recheck",),
    ("prove", "(" * 5000 + "n" + ")" * 5000 + " = O(n)"), ("compare", "nowhere.yaml", "a", "b"),
    ("prove", "n = O(n)", "--certificate", "/dev/null/x/y.json"),
])
def test_bad_usage(aalp: Aalp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    start = monotonic()
    done = aalp(*args)
    assert monotonic() - start < 2
    assert done.code == 2, done
    assert done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_suggestions(aalp: Aalp, project: Path) -> None:
    assert "Did you mean 'check'?" in aalp("chek").err
    assert "focused" not in aalp("compare", "specs/paper/small.yaml", "once", "offen").err
    assert "did you mean often?" in aalp("compare", "specs/paper/small.yaml", "once", "offen").err


def test_an_interrupt_is_clean(monkeypatch: pytest.MonkeyPatch, aalp: Aalp, project: Path) -> None:
    import verifier.decide.session as session

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "decide_spec_claim", interrupted)
    done = aalp("check", "specs")
    assert done.code == 130
    assert done.err.strip() == "interrupted"
    assert not (project / "proofs").exists()


def test_an_inconsistency_exits_with_4(monkeypatch: pytest.MonkeyPatch, aalp: Aalp, project: Path) -> None:
    """A certificate that does not check is never reported as a verdict."""
    import verifier.decide.session as session
    from verifier.decide.decision import Decision

    def lies(*_: object) -> Decision:
        claim = {"parameters": [{"name": "n", "kind": "integer", "lower": "1", "role": "growing"}],
                 "statement": "n^2 = O(n)"}
        return Decision("proved", "everywhere", {"format": 1, "claim": claim, "verdict": "proved",
                                                 "strength": "everywhere", "constants": {"upper": "1"}, "proofs": {}})

    monkeypatch.setattr(session, "decide_spec_claim", lies)
    done = aalp("check", "specs")
    assert done.code == 4
    assert "inconsisten" in done.err
    assert not (project / "proofs").exists()


def test_a_closed_pipe_is_no_crash(project: Path) -> None:
    done = subprocess.run(f"{sys.executable} -m verifier.cli check specs | head -0", shell=True, capture_output=True,
                          text=True, check=False)
    assert "Traceback" not in done.stderr
