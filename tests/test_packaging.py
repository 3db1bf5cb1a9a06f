"""What is installed, and what the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_metadata() -> None:
    assert PROJECT["name"] == "aalp-verifier"
    assert PROJECT["scripts"] == {"aalp": "verifier.cli:main"}
    assert PROJECT["requires-python"] == ">=3.11"
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_everything_is_installed(tmp_path: Path) -> None:
    """Every module, the marker of typed packages, templates and schemas; nothing else."""
    copy, built = tmp_path / "source", tmp_path / "built"
    listed = subprocess.run(["git", "ls-files", "-z", "verifier", "pyproject.toml", "README.md", "LICENSE"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([sys.executable, "-c", "import setuptools; setuptools.setup()", "-q", "build_py", "-d", str(built)],
                   cwd=copy, check=True, capture_output=True)
    expected = {p.relative_to(copy) for p in (copy / "verifier").rglob("*") if p.is_file()}
    assert {p.relative_to(built) for p in built.rglob("*") if p.is_file()} == expected
    assert Path("verifier/py.typed") in expected


def test_the_rocq_library_is_installed() -> None:
    """Its sources and the Makefile that compiles them, under share/aalp."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["data-files"]
    installed = {target: {p.relative_to(ROOT) for pattern in patterns for p in ROOT.glob(pattern)}
                 for target, patterns in data.items()}
    listed = subprocess.run(["git", "ls-files", "proofs/theory"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {str(p) for p in installed["share/aalp/theory"]} >= {n for n in listed.split() if (ROOT / n).is_file()}
    assert installed["share/aalp"] == {Path("proofs/Makefile")}


def commands() -> list[str]:
    """The two indented one-liners of the README's section for fresh machines."""
    section = (ROOT / "README.md").read_text().split("## On a fresh machine")[1].split("\n## ")[0]
    return re.findall(r"^    (\S.*)$", section, re.M)


def test_readme_has_two_commands_and_ci_runs_the_second() -> None:
    first, second = commands()
    assert first.endswith("aalp check specs/")
    assert "pytest" in second
    script = (ROOT / ".ci" / "run").read_text()
    assert f"\n{second}\n" in script
    assert "set -euo pipefail" in script
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


def test_readme_links_exist() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+\.md)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_readme_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """The examples with `$ aalp prove` and `$ aalp bound` print what the README says."""
    import shlex

    from verifier.cli import main
    text = (ROOT / "README.md").read_text()
    examples = re.findall(r"^    \$ (aalp (?:prove|bound) .*)\n((?:    .*\n)+)", text, re.M)
    assert len(examples) >= 5
    for command, output in examples:
        with pytest.raises(SystemExit):
            main(shlex.split(command)[1:])
        expected = [line[4:] for line in output.rstrip("\n").split("\n")]
        found = capsys.readouterr().out.rstrip("\n").split("\n")
        # how far the search for smallest sizes comes depends on the machine
        assert [x for x in found if "reaches" not in x] == [x for x in expected if "reaches" not in x], command


def test_docs_name_every_rule() -> None:
    from verifier.kernel.rules import RULES
    text = (ROOT / "docs" / "certificates.md").read_text()
    assert [r for r in RULES if f"`{r}`" not in text] == []


def test_docs_name_every_command() -> None:
    from verifier.cli import COMMANDS, _exists
    text = (ROOT / "docs" / "cli.md").read_text()
    assert [c for c in COMMANDS if _exists(c) and f"`aalp {c}" not in text] == []
