"""The gate of `aalp rocq`, with a coqc that answers as told: what is neither yes nor no is "not checked"."""

from __future__ import annotations

import json
import os
from hashlib import md5
from pathlib import Path

import pytest

from tests.cli.conftest import Aalp, aalp, project
from verifier.bridge import coqc, library
from verifier.bridge.coqc import unsound
from verifier.bridge.library import banned, missing, without_comments
from verifier.bridge.run import BANNED, Limits, check_certificate, read_axioms
from verifier.bridge.session import check_file, check_files, names

__all__ = ["aalp", "project"]

CERTIFICATE = Path(__file__).parents[2] / "proofs" / "meyerson-qiu-2025" / "routing.eq1.json"
CLOSED = "echo 'Closed under the global context'"


class Fake:
    """A coqc and a library of one file, in folders of their own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.programs, self.theory = folder / "bin", folder / "theory"
        self.programs.mkdir()
        self.theory.mkdir()
        (self.theory / "_CoqProject").write_text("-Q . Aalp\nBase.v\n")
        (self.theory / "Base.v").write_text("(* Admitted *) Definition one := 1.\n")
        (self.theory / "Base.vo").write_text("compiled")
        monkeypatch.setenv("AALP_THEORY", str(self.theory))
        monkeypatch.setenv("PATH", f"{self.programs}:/usr/bin:/bin")
        library.version.cache_clear()
        self.answers(CLOSED)

    def answers(self, script: str, program: str = "coqc") -> None:
        path = self.programs / program
        path.write_text(f"#!/bin/sh\n[ \"$1\" = --print-version ] && echo 8.16.1 && exit 0\n{script}\n")
        path.chmod(0o755)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    return Fake(tmp_path, monkeypatch)


def test_accepted(fake: Fake) -> None:
    found = check_file(CERTIFICATE, None)
    assert found["rocq"] == "accepted" and found["axioms"] == [] and found["reason"] is None
    assert list(found) == ["certificate", "claim", "rocq", "axioms", "seconds", "reason"]


@pytest.mark.parametrize(("script", "verdict", "reason"), [
    ("echo 'Error: Unable to unify'; exit 1", "rejected", "Statement.v: Error: Unable to unify"),
    ("exec sleep 30", "not checked", "no answer within 1 s"),
    ("kill -KILL $$", "not checked", "stopped by SIGKILL"),
    ("echo 'Fatal error: out of memory'; exit 2", "not checked", "ran out of memory"),
    ("echo 'Error: File A.vo has bad version number 1 (expected 2).'; exit 1", "not checked", "compile it again"),
    ("echo 'Error: Compiled library A makes inconsistent assumptions over library B'; exit 1", "not checked",
     "compile it again"),
    ("echo 'Axioms:'; echo 'Proof.trust : False'", "rejected", "it rests on Proof.trust"),
    ("echo 'Axioms:'; echo 'Proof.f is assumed to be guarded.'", "rejected", "could not be read"),
    ("true", "rejected", "could not be read"),
])
def test_answers(fake: Fake, script: str, verdict: str, reason: str) -> None:
    fake.answers(script)
    found = check_file(CERTIFICATE, None, Limits(seconds=1))
    assert found["rocq"] == verdict
    assert reason in found["reason"]


def test_memory_is_limited(fake: Fake) -> None:
    fake.answers("ulimit -v; ulimit -t; exit 1")
    answer = coqc.run(["coqc"], Path("/"), 7, 512)
    assert answer == coqc.Answer("bad", f"{512 * 1024}\n12\n")


def test_library_that_is_not_compiled(fake: Fake) -> None:
    assert missing() is None
    (fake.theory / "Base.vo").unlink()
    assert check_file(CERTIFICATE, None)["reason"].startswith("the Rocq library is not compiled (Base.v): run `make")
    (fake.theory / "_CoqProject").unlink()
    assert "set AALP_THEORY" in check_file(CERTIFICATE, None)["reason"]


def test_library_that_has_changed(fake: Fake) -> None:
    source, compiled = fake.theory / "Base.v", fake.theory / "Base.vo"
    os.utime(compiled, (1, 1))
    found = check_file(CERTIFICATE, None)
    assert found["rocq"] == "not checked" and "has changed since it was compiled" in found["reason"]
    (fake.theory / "Base.glob").write_text(f"DIGEST {md5(source.read_bytes()).hexdigest()}\nFAalp.Base\n")
    assert missing() is None  # a copy whose dates were lost
    source.write_text(source.read_text() + "Definition two := 2.\n")
    os.utime(source, (0, 0))
    assert "has changed" in str(missing())


def test_installed_library(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AALP_THEORY")
    monkeypatch.setattr(library, "__file__", str(tmp_path / "site-packages" / "verifier" / "bridge" / "library.py"))
    monkeypatch.setattr(library, "INSTALLED", fake.theory)
    assert library.theory() == fake.theory and missing() is None
    (fake.theory / "Base.vo").unlink()
    assert str(missing()).endswith(f"run `make -C {tmp_path} theory`")


def test_library_with_a_banned_word(fake: Fake) -> None:
    (fake.theory / "Base.v").write_text("Axiom magic : False.\n")
    os.utime(fake.theory / "Base.vo")
    assert missing() == "Base.v of the Rocq library contains the word Axiom"


def test_banned_words_outside_comments() -> None:
    assert all(banned(f"Lemma a : True. {word} b.") == word for word in BANNED)
    assert banned('(* Axiom "*)" Admitted (* nested *) admit *) Lemma a : True.') is None
    assert banned('Definition s := "(*". Axiom a : False. Definition u := "*)".') == "Axiom"
    assert without_comments("a (* b *) c").split() == ["a", "c"]


def test_axioms_of_an_output_that_is_not_understood() -> None:
    assert read_axioms("Axioms:\nA.b : forall x,\n  x = x\nA.c\n  : nat\n") == ["A.b", "A.c"]
    assert read_axioms("Axioms:\nA.b relies on an unsafe hierarchy.\n") is None
    assert read_axioms("Warning: x\nClosed under the global context\n") is None


SUMMARY = """CONTEXT SUMMARY
* Axioms:
    Coq.Logic.Classical_Prop.classic
* Constants/Inductives relying on type-in-type: <none>
* Constants/Inductives relying on unsafe (co)fixpoints: <none>
* Inductives whose positivity is assumed: <none>
"""


@pytest.mark.parametrize(("old", "new"), [
    ("Coq.Logic.Classical_Prop.classic", "Claim.Proof.trust"),
    ("Coq.Logic.Classical_Prop.classic", "Aalp.Sums.trust"),
    ("type-in-type: <none>", "type-in-type: Claim.Proof.t"),
    ("(co)fixpoints: <none>", "(co)fixpoints: Claim.Proof.t"),
    ("positivity is assumed: <none>", "positivity is assumed: Claim.Proof.t"),
    ("* Inductives whose positivity is assumed: <none>\n", ""),
])
def test_coqchk_summary(fake: Fake, old: str, new: str) -> None:
    assert unsound(SUMMARY) is None
    assert unsound(SUMMARY.replace(old, new))
    for text, verdict in ((SUMMARY, "accepted"), (SUMMARY.replace(old, new), "rejected")):
        fake.answers(f"cat <<'END'\n{text}END", "coqchk")
        found = check_file(CERTIFICATE, None, Limits(coqchk=True))
        assert (found["rocq"], found["coqchk"]) == (verdict, verdict)


def test_coqchk_that_does_not_answer(fake: Fake) -> None:
    fake.answers("exit 127", "coqchk")
    found = check_file(CERTIFICATE, None, Limits(coqchk=True))
    assert found["rocq"] == "not checked" and found["coqchk"] == "not checked"
    assert found["reason"] == "coqchk: coqchk cannot be run"


# ---------------------------------------------------------------- files


def test_files_and_manifest(fake: Fake, tmp_path: Path) -> None:
    data = json.loads(CERTIFICATE.read_text())
    assert check_certificate(data, tmp_path / "out", origin="x.json").rocq == "accepted"
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["Audit.v", "Proof.v", "Statement.v", "manifest.json"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["rocq"] == "accepted" and manifest["coqc"] == "8.16.1" and manifest["coqchk"] is None
    assert all(len(v) == 64 for v in manifest["sha256"].values())


def test_what_an_earlier_run_left_is_not_mistaken_for_a_result(fake: Fake, tmp_path: Path) -> None:
    check_file(CERTIFICATE, tmp_path / "out")
    bad = tmp_path / "bad.json"
    bad.write_text(CERTIFICATE.read_text().replace('"upper": "', '"upper": "0*'))
    found = check_file(bad, tmp_path / "out")
    assert found["rocq"] == "rejected" and found["reason"].startswith("the kernel rejects it")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["manifest.json"]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["rocq"] == "rejected"


def test_an_interrupted_run_leaves_no_manifest(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_file(CERTIFICATE, tmp_path / "out")
    from verifier.bridge import run

    def interrupt(path: Path, text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "write_text", interrupt)
    with pytest.raises(KeyboardInterrupt):
        check_file(CERTIFICATE, tmp_path / "out")
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_names() -> None:
    assert names([Path("a/x.json"), Path("b/y.json")]) == ["x", "y"]
    assert names([Path("p/a/x.json"), Path("p/b/x.json"), Path("p/b/y.json")]) == ["a/x", "b/x", "b/y"]
    assert names([]) == []


def test_two_certificates_of_one_name(fake: Fake, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.json").write_text(CERTIFICATE.read_text())
    paths = [tmp_path / folder / "x.json" for folder in ("a", "b")]
    entries = list(check_files(paths, tmp_path / "out", 2))
    assert [e["certificate"] for e in entries] == [str(p) for p in paths]
    for folder, path in zip(("a", "b"), paths):
        assert json.loads((tmp_path / "out" / folder / "x" / "manifest.json").read_text())["certificate"] == str(path)


# ---------------------------------------------------------------- command line


def test_exit_codes(fake: Fake, aalp: Aalp, tmp_path: Path) -> None:
    assert aalp("rocq", CERTIFICATE).code == 0
    odd = tmp_path / "odd.json"
    for text in ("{", "[]", "{}", '{"claim": 1, "verdict": "proved"}', "\x00"):
        odd.write_text(text)
        done = aalp("rocq", odd, CERTIFICATE, "--format", "json")
        assert done.code == 2 and "not a certificate" in done.err
        assert [e["rocq"] for e in json.loads(done.out)["certificates"]] == ["rejected", "accepted"]
    assert aalp("rocq", tmp_path / "absent.json").code == 2
    (tmp_path / "empty").mkdir()
    assert aalp("rocq", tmp_path / "empty").code == 2
    (tmp_path / "file").write_text("")
    assert aalp("rocq", CERTIFICATE, "-o", tmp_path / "file" / "x").code == 2
    fake.answers("exit 1")
    assert aalp("rocq", CERTIFICATE).code == 1


def test_machine_output(fake: Fake, aalp: Aalp) -> None:
    assert json.loads(aalp("rocq", CERTIFICATE, "--format", "json").out) == {"format": 1, "certificates": [{
        "certificate": str(CERTIFICATE), "claim": "m_g*(r*n + r*(r - 1)/2) = Theta(m_g*n)", "rocq": "accepted", "axioms": [],
        "seconds": pytest.approx(0, abs=9), "reason": None}]}
    fake.answers(f"cat <<'END'\n{SUMMARY}END", "coqchk")
    document = json.loads(aalp("rocq", CERTIFICATE, "--coqchk", "--format", "json").out)
    assert document["coqchk"] == {"library": "accepted", "reason": None}
    assert document["certificates"][0]["coqchk"] == "accepted"


def test_a_refused_library_is_no_success(fake: Fake, aalp: Aalp) -> None:
    fake.answers(f"case \"$*\" in *Aalp.Base*) exit 1;; esac; cat <<'END'\n{SUMMARY}END", "coqchk")
    done = aalp("rocq", CERTIFICATE, "--coqchk")
    assert done.code == 1 and "library rejected by coqchk" in done.out


def test_check_says_what_rocq_did_not_check(aalp: Aalp, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    done = aalp("check", "specs", "--rocq")
    assert done.code == 0
    assert "Rocq accepts 0 of 3 certificates\n" in done.out
    assert "not checked by Rocq: linear, quadratic, wrong: coqc is not installed" in done.out
    assert "+rocq" not in done.out
    result = json.loads(aalp("check", "specs", "--rocq", "--no-certificates", "--format", "json").out)
    assert {(c["rocq"], c["rocq_reason"]) for c in result["claims"]} == {("not checked", "coqc is not installed")}


def test_check_raises_trust(fake: Fake, aalp: Aalp, project: Path) -> None:
    for options in ((), ("--no-certificates",), ("--jobs", "2")):
        done = aalp("check", "specs", "--rocq", *options)
        assert done.code == 0 and done.out.count("+rocq") == 3
        assert "Rocq accepts 3 of 3 certificates" in done.out
    fake.answers("echo 'Error: no'; exit 1")
    done = aalp("check", "specs", "--rocq")
    assert "+rocq" not in done.out and "rejected by Rocq: linear, quadratic, wrong: Statement.v: Error: no" in done.out


def test_prove_raises_trust(fake: Fake, aalp: Aalp) -> None:
    assert aalp("prove", "b*k = O(k^2)", "--given", "b <= k", "--rocq").out.startswith("proved+rocq")
    fake.answers("exit 126")
    done = aalp("prove", "b*k = O(k^2)", "--given", "b <= k", "--rocq")
    assert done.out.startswith("proved (") and "not checked by Rocq: Statement.v: coqc cannot be run" in done.out
    assert json.loads(aalp("prove", "n = O(n)", "--rocq", "--format", "json").out)["claims"][0]["rocq"] == "not checked"


def test_schema_is_what_is_printed(fake: Fake, aalp: Aalp) -> None:
    schema = json.loads(aalp("schema", "rocq").out)
    fake.answers(f"cat <<'END'\n{SUMMARY}END", "coqchk")
    for options in ((), ("--coqchk",)):
        document = json.loads(aalp("rocq", CERTIFICATE, "--format", "json", *options).out)
        entry = schema["properties"]["certificates"]["items"]
        for described, found in ((schema, document), (entry, document["certificates"][0])):
            assert set(described["required"]) <= set(found) <= set(described["properties"])
            assert options or set(described["required"]) == set(found)
    assert json.loads(aalp("schema").out)["title"]


def test_a_defect_of_the_export_is_no_verdict(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """One certificate on which the exporter breaks does not end a run over many."""
    monkeypatch.setattr("verifier.bridge.run.export", lambda _: {}["missing"])
    (found,) = check_files([CERTIFICATE], None, 1)
    assert (found["rocq"], found["reason"]) == ("not checked", "the export failed: KeyError: 'missing'")
