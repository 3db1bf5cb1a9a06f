"""The kernel's rules, the lemmas that prove them sound, and the tables of the exporters are about the same rules."""

from __future__ import annotations

import re
from pathlib import Path

from verifier.bridge import rules, smt
from verifier.kernel.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
THEORY = ROOT / "proofs" / "theory"


def lemmas() -> set[str]:
    """Every `rule_<name>` that the library proves, in files that `make theory` compiles."""
    compiled = [n for n in (THEORY / "_CoqProject").read_text().split() if n.endswith(".v")]
    text = "\n".join((THEORY / n).read_text() for n in compiled)
    return set(re.findall(r"^(?:Lemma|Theorem) (rule_\w+)", text, re.MULTILINE))


def named() -> dict[str, str]:
    """The lemmas that the kernel's docstrings name, with the file."""
    found = ((m, path.name) for path in (ROOT / "verifier" / "kernel").glob("*.py")
             for m in re.findall(r"Rocq:\s+(rule_[a-z_]+)", path.read_text()))
    return dict(found)


def test_every_rule_names_a_lemma() -> None:
    for name, rule in RULES.items():
        assert re.search(r"Rocq: (rule_\w+)", rule.__doc__ or ""), name


def test_every_lemma_named_is_proved() -> None:
    assert len(named()) > 30
    assert {k: v for k, v in named().items() if k not in lemmas()} == {}


def test_the_library_is_complete_and_whole() -> None:
    listed = {n for n in (THEORY / "_CoqProject").read_text().split() if n.endswith(".v")}
    assert listed == {p.name for p in THEORY.glob("*.v")}


def test_exporters_know_every_rule() -> None:
    """Exported or refused with a reason; as an SMT problem, by its nested proofs, or by name."""
    assert set(rules.RULES) == set(RULES)
    assert {*smt.MAKERS, *smt.INSIDE, *smt.NAMED} == set(RULES)
    assert not set(smt.MAKERS) & {*smt.INSIDE, *smt.NAMED}


def test_readme_lists_the_library() -> None:
    text = (ROOT / "proofs" / "README.md").read_text()
    table = set(re.findall(r"`(\w+\.v)`", text))
    assert {p.name for p in THEORY.glob("*.v")} - table == set()
