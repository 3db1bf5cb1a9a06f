"""Certificates as theorems: what coqc accepts, and what it has to reject."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from verifier.bridge.export import Files, export
from verifier.bridge.run import banned, check_certificate, compile_files, missing, read_axioms
from verifier.bridge.session import confirm
from verifier.bridge.text import safe

ROOT = Path(__file__).resolve().parents[2]
PROVED = ROOT / "proofs" / "meyerson-qiu-2025"
REFUTED = ROOT / "counterexamples" / "meyerson-qiu-2025"


def certificate(name: str, folder: Path = PROVED) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return data


@pytest.fixture
def coqc() -> None:
    """Skip without coqc, but never in continuous integration."""
    reason = missing()
    if reason:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.rocq
@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (PROVED, "routing.eq1"),
        (PROVED, "debugging.eq4.transcript"),
        (PROVED, "evolution.eq12a"),
        (REFUTED, "debugging.eq11.overwritten"),
    ],
)
def test_accepted(coqc: None, folder: Path, name: str, tmp_path: Path) -> None:
    found = check_certificate(certificate(name, folder), tmp_path / name)
    assert found.rocq == "accepted", found.reason
    assert len(found.axioms) <= 4
    manifest = json.loads((tmp_path / name / "manifest.json").read_text())
    assert manifest["rocq"] == "accepted" and manifest["coqc"].startswith("8.")


def corrupt(files: Files, old: str, new: str, *, statement: bool = False) -> Files:
    text = files.statement if statement else files.proof
    assert old in text
    changed = text.replace(old, new, 1)
    return replace(files, statement=changed) if statement else replace(files, proof=changed)


@pytest.mark.rocq
@pytest.mark.parametrize(
    ("old", "new", "statement"),
    [
        ("[Target 1 1 [1; 1; 2]] [1]%N", "[Target 1 1 [1; 1; 2]] [0]%N", False),
        ("[Target 1 1 [1; 1; 2]]", "[Target 1 1 [1; 0; 2]]", False),
        ("exists (/ (1/2)).", "exists (1/4).", False),
        ("rhs n m_g r <= c_ * lhs n m_g r", "rhs n m_g r <= c_ * lhs n m_g r + 1", True),
        ("lhs n m_g r <= c_ * rhs n m_g r", "rhs n m_g r <= c_ * lhs n m_g r", True),
        ("m_g*n.", "m_g*n^2.", True),
    ],
    ids=[
        "corrupted multiplier",
        "wrong exponent",
        "smaller constant",
        "weakened statement",
        "swapped inequality",
        "other bound",
    ],
)
def test_rejected(coqc: None, old: str, new: str, statement: bool, tmp_path: Path) -> None:
    files = corrupt(export(certificate("routing.eq1")), old, new, statement=statement)
    found = compile_files(files, tmp_path)
    assert found.rocq == "rejected"
    assert found.reason


@pytest.mark.rocq
def test_foreign_axiom(coqc: None, tmp_path: Path) -> None:
    files = export(certificate("routing.eq1"))
    hidden = files.proof.replace(
        "Theorem t : claim.\nProof. exact shown. Qed.", "Axiom trust : claim.\nDefinition t := trust."
    )
    assert hidden != files.proof
    assert compile_files(replace(files, proof=hidden), tmp_path).reason == "Proof.v contains the word Axiom"


def test_banned_words() -> None:
    for text in ("Axiom a : False.", "Proof. admit. Admitted.", "Unset Guard Checking.", 'Declare ML Module "x".'):
        assert banned(text)
    assert banned(export(certificate("routing.eq1")).proof) is None


def test_library_has_no_banned_word() -> None:
    for path in (ROOT / "proofs" / "theory").glob("*.v"):
        assert banned(path.read_text()) is None, path.name


def test_axioms_are_read() -> None:
    assert read_axioms("Closed under the global context\n") == []
    output = "Axioms:\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P\nfoo\n  : nat\n"
    assert read_axioms(output) == ["Classical_Prop.classic", "foo"]
    assert read_axioms("") is None


def test_without_coqc_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = check_certificate(certificate("routing.eq1"))
    assert found.rocq == "not checked"
    assert found.reason == "coqc is not installed"
    from verifier.cli.rocq import command

    result = CliRunner().invoke(command, [str(PROVED / "routing.eq1.json"), "--format", "json"])
    assert result.exit_code == 1
    entry = json.loads(result.output)["certificates"][0]
    assert entry["rocq"] == "not checked" and entry["axioms"] == []


def test_entries_without_a_certificate_are_not_checked() -> None:
    (found,) = confirm([{"id": "x"}], [None])
    assert found["rocq"] == "not checked" and found["rocq_reason"] == "there is no certificate"


def test_the_kernel_comes_first(tmp_path: Path) -> None:
    data = certificate("routing.eq1")
    data["constants"]["upper"] = "1/1000"
    (tmp_path / "bad.json").write_text(json.dumps(data))
    from verifier.bridge.session import check_file

    found = check_file(tmp_path / "bad.json", None)
    assert found["rocq"] == "rejected" and found["reason"].startswith("the kernel rejects it")


def test_identifiers_are_injective() -> None:
    names = ["m_q", "m_q_", "x_m_q_", "fun", "lhs", "c", "c_", "S", "S1", "H", "ε", "uu3b5uu", "R", "λx", "n"]
    assert len({safe(n) for n in names}) == len(names)
    assert safe("m_q") == "m_q" and safe("fun") != "fun"


def test_statement_reads_like_the_claim() -> None:
    text = export(certificate("debugging.eq4.transcript")).statement
    assert "Definition rhs (k : Z) (l : Z) (b : Z) (m_q : R) (c : Z) : R :=\n  m_q*b^2*k*l." in text
    assert "b <= k" in text
    assert "Example lhs_at_" in text
