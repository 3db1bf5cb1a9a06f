"""The gate of a claim: its three files pass coqc alone, without banned words, on at most the axioms of the reals."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verifier.bridge import coqc
from verifier.bridge.coqc import MEGABYTES, SECONDS
from verifier.bridge.export import AUDIT, Files, export
from verifier.bridge.library import BANNED, banned, digest, missing, theory, version
from verifier.bridge.text import NotExported
from verifier.decide.store import write_text

STANDARD_AXIOMS = frozenset(
    {
        "Classical_Prop.classic",
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
)
"""The axioms of Coq's real numbers; integer claims use none."""

MODULES = ("Statement", "Proof", "Audit")


@dataclass(frozen=True)
class Limits:
    """Seconds for one file, megabytes for one coqc, and whether coqchk checks the compiled claim again."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    coqchk: bool = False


@dataclass(frozen=True)
class Outcome:
    """What coqc said of one certificate: rocq is "accepted", "rejected" or "not checked"; coqchk likewise, if it was asked."""

    rocq: str
    axioms: tuple[str, ...] = ()
    seconds: float = 0.0
    reason: str | None = None
    coqchk: str | None = None


def compile_files(files: Files, folder: Path, seconds: float = SECONDS, limits: Limits | None = None) -> Outcome:
    """Write and compile the three files of a claim, and read the axioms that its proof uses."""
    limits = limits or Limits(seconds)
    folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    if files.audit != AUDIT:
        return Outcome("rejected", reason="the audit was altered")
    for name, text in texts(files).items():
        word = banned(text)
        if word:
            return Outcome("rejected", reason=f"{name} contains the word {word}")
        (folder / name).write_text(text)
    output = ""
    for module in MODULES:
        answer = coqc.compile_file(folder, f"{module}.v", limits.seconds, limits.megabytes)
        if answer.kind != "good":
            verdict = "rejected" if answer.kind == "bad" else "not checked"
            text = " ".join(answer.output.split())[:400]
            return Outcome(verdict, seconds=time.monotonic() - start, reason=f"{module}.v: {text}")
        output = answer.output
    found = _judge(output, time.monotonic() - start)
    return _rechecked(found, folder, limits, start) if limits.coqchk and found.rocq == "accepted" else found


def _judge(output: str, spent: float) -> Outcome:
    axioms = read_axioms(output)
    if axioms is None:
        return Outcome("rejected", seconds=spent, reason="the axioms of the proof could not be read")
    foreign = [a for a in axioms if a not in STANDARD_AXIOMS]
    if foreign:
        return Outcome("rejected", tuple(axioms), spent, f"it rests on {foreign[0]}")
    return Outcome("accepted", tuple(axioms), spent)


def _rechecked(found: Outcome, folder: Path, limits: Limits, start: float) -> Outcome:
    """The outcome after coqchk has read the claim's three modules (library and Coq's own are loaded unchecked)."""
    answer = coqc.recheck(folder, [f"Claim.{m}" for m in MODULES], limits.seconds, limits.megabytes)
    verdict = {"good": "accepted", "bad": "rejected"}.get(answer.kind, "not checked")
    reason = None if verdict == "accepted" else f"coqchk: {' '.join(answer.output.split())[:400]}"
    return Outcome(verdict, found.axioms, time.monotonic() - start, reason, verdict)


def read_axioms(output: str) -> list[str] | None:
    """The axioms that `Print Assumptions` lists; None if the output is not understood."""
    lines = [line for line in output.splitlines() if line.strip()]
    if lines == ["Closed under the global context"]:
        return []
    if not lines or lines[0] != "Axioms:":
        return None
    out = []
    for line in lines[1:]:
        if line[0].isspace():
            continue  # a type that goes on
        name = re.match(r"([A-Za-z_][\w'.]*)\s*(?=:|$)", line)
        if name is None:
            return None  # "f is assumed to be guarded." and the like
        out.append(name.group(1))
    return out


def check_certificate(
    certificate: Mapping[str, Any],
    folder: Path | None = None,
    seconds: float = SECONDS,
    origin: str = "",
    limits: Limits | None = None,
) -> Outcome:
    """Export a certificate, compile it, and leave the files with a manifest in `folder` (if given)."""
    limits = limits or Limits(seconds)
    files: Files | None = None
    try:
        files = export(certificate)
    except NotExported as error:
        outcome = Outcome("not checked", reason=str(error))
    except Exception as error:  # a defect here must not cost the answers about other certificates
        outcome = Outcome("not checked", reason=f"the export failed: {type(error).__name__}: {error}")
    else:
        reason = missing()
        if reason:
            outcome = Outcome("not checked", reason=reason)
        else:
            with tempfile.TemporaryDirectory(prefix="aalp-rocq-") as scratch:
                outcome = compile_files(files, Path(scratch), limits=limits)
                if outcome.rocq == "rejected" and files.integers:
                    files, outcome = over_the_reals(certificate, Path(scratch), limits, (files, outcome))
    if folder is not None:
        leave(folder, certificate, files, outcome, origin)
    return outcome


def over_the_reals(
    certificate: Mapping[str, Any], scratch: Path, limits: Limits, found: tuple[Files, Outcome]
) -> tuple[Files, Outcome]:
    """A second attempt for a claim whose proof over the integers was not accepted; what was `found` if this fails too."""
    try:
        files = export(certificate, reals=True)
    except NotExported:
        return found
    outcome = compile_files(files, scratch / "reals", limits=limits)
    return (files, outcome) if outcome.rocq == "accepted" else found


def texts(files: Files) -> dict[str, str]:
    """The files by name, in the order in which they are compiled."""
    return {"Statement.v": files.statement, "Proof.v": files.proof, "Audit.v": files.audit}


def leave(folder: Path, certificate: Mapping[str, Any], files: Files | None, outcome: Outcome, origin: str = "") -> None:
    """Files and manifest in a folder.  Each appears whole; the manifest is taken away first and comes last, so that a folder with
    a manifest is complete, whenever the run was interrupted."""
    (folder / "manifest.json").unlink(missing_ok=True)
    content = texts(files) if files else {}
    for name in (f"{m}.v" for m in MODULES):
        if name not in content:
            (folder / name).unlink(missing_ok=True)
    content["manifest.json"] = json.dumps(manifest(certificate, files, outcome, origin), indent=1) + "\n"
    for name, text in content.items():
        write_text(folder / name, text)


def manifest(certificate: Mapping[str, Any], files: Files | None, outcome: Outcome, origin: str) -> dict[str, Any]:
    """What was compiled, with what, and the result."""

    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    here = missing() is None
    return {
        "format": 1,
        "certificate": origin,
        "sha256": {
            "certificate": sha(json.dumps(certificate, sort_keys=True)),
            **({name: sha(text) for name, text in texts(files).items()} if files else {}),
            "theory": digest() if here else None,
        },
        "coqc": version() if here else None,
        "rocq": outcome.rocq,
        "axioms": list(outcome.axioms),
        "seconds": round(outcome.seconds, 2),
        "reason": outcome.reason,
        "coqchk": None
        if outcome.coqchk is None
        else {"result": outcome.coqchk, "checked": [f"Claim.{m}" for m in MODULES], "loaded unchecked": ["Aalp", "Coq"]},
    }


__all__ = [
    "BANNED",
    "STANDARD_AXIOMS",
    "Limits",
    "Outcome",
    "banned",
    "check_certificate",
    "compile_files",
    "leave",
    "missing",
    "read_axioms",
    "theory",
    "version",
]
