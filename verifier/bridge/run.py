"""Running coqc on exported claims: time limits, banned words, axioms, manifests."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verifier.bridge.export import AUDIT, Files, export
from verifier.bridge.text import NotExported

SECONDS = 60.0
"""Time limit for one file."""

BANNED = (
    "Axiom",
    "Axioms",
    "Parameter",
    "Parameters",
    "Conjecture",
    "Admitted",
    "admit",
    "give_up",
    "bypass_check",
    "Unset",
    "Typing",
    "Universe",
    "Declare",
    "Load",
    "Drop",
    "Redirect",
    "Extract",
    "Extraction",
    "unsafe",
)
"""Words that a generated file or a file of the library may not contain: they could admit what was not proved."""

STANDARD_AXIOMS = frozenset(
    {
        "Classical_Prop.classic",
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
)
"""The axioms of Coq's real numbers; integer claims use none."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")


@dataclass(frozen=True)
class Outcome:
    """What coqc said of one certificate: rocq is "accepted", "rejected" or "not checked"."""

    rocq: str
    axioms: tuple[str, ...] = ()
    seconds: float = 0.0
    reason: str | None = None


def theory() -> Path:
    """The folder of the compiled library: AALP_THEORY, or proofs/theory of the repository."""
    import os

    if os.environ.get("AALP_THEORY"):
        return Path(os.environ["AALP_THEORY"])
    return Path(__file__).resolve().parents[2] / "proofs" / "theory"


def missing() -> str | None:
    """Why nothing can be checked: no coqc, or no compiled library."""
    if shutil.which("coqc") is None:
        return "coqc is not installed"
    if not (theory() / "_CoqProject").exists():
        return "the Rocq library proofs/theory is not here"
    sources = [theory() / n for n in (theory() / "_CoqProject").read_text().split() if n.endswith(".v")]
    stale = [s.name for s in sources if not s.with_suffix(".vo").exists()]
    return f"the Rocq library is not compiled ({stale[0]}): run `make -C proofs theory`" if stale else None


def version() -> str:
    """The version of coqc."""
    found = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, timeout=20)
    return found.stdout.split()[0] if found.stdout else "unknown"


def banned(text: str) -> str | None:
    """A banned word in the text of a file (comments and strings included), if there is one."""
    return next((w for w in _WORD.findall(text) if w in BANNED), None)


def compile_file(folder: Path, name: str, seconds: float = SECONDS) -> tuple[bool, str]:
    """Run coqc on a file in a folder that stands for the library `Claim`: (accepted, output)."""
    try:
        found = subprocess.run(
            ["coqc", "-q", "-Q", str(theory()), "Aalp", "-Q", ".", "Claim", name],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return False, f"{name}: no answer within {seconds:g} s"
    return found.returncode == 0, found.stdout + found.stderr


def compile_files(files: Files, folder: Path, seconds: float = SECONDS) -> Outcome:
    """Write and compile the three files of a claim, and read the axioms that its proof uses."""
    folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    if files.audit != AUDIT:
        return Outcome("rejected", reason="the audit was altered")
    for name, text in (("Statement.v", files.statement), ("Proof.v", files.proof), ("Audit.v", files.audit)):
        word = banned(text)
        if word:
            return Outcome("rejected", reason=f"{name} contains the word {word}")
        (folder / name).write_text(text)
    output = ""
    for name in ("Statement.v", "Proof.v", "Audit.v"):
        good, output = compile_file(folder, name, seconds)
        if not good:
            return Outcome("rejected", seconds=time.monotonic() - start, reason=_first_error(name, output))
    axioms = read_axioms(output)
    spent = time.monotonic() - start
    if axioms is None:
        return Outcome("rejected", seconds=spent, reason="the axioms of the proof could not be read")
    foreign = [a for a in axioms if a not in STANDARD_AXIOMS]
    if foreign:
        return Outcome("rejected", tuple(axioms), spent, f"it rests on {foreign[0]}")
    return Outcome("accepted", tuple(axioms), spent)


def read_axioms(output: str) -> list[str] | None:
    """The axioms that `Print Assumptions` lists; None if the output is not understood."""
    if "Closed under the global context" in output:
        return []
    if "Axioms:" not in output:
        return None
    body = output.split("Axioms:", 1)[1]
    return [m.group(1) for m in re.finditer(r"^([A-Za-z_][\w'.]*)\s*(?=:|$)", body, re.MULTILINE)]


def _first_error(name: str, output: str) -> str:
    text = " ".join(output.split())
    return f"{name}: {text[:400]}"


def check_certificate(
    certificate: Mapping[str, Any], folder: Path | None = None, seconds: float = SECONDS, origin: str = ""
) -> Outcome:
    """Export a certificate, compile it, and leave the files with a manifest in `folder` (if given)."""
    reason = missing()
    try:
        files = export(certificate)
    except NotExported as error:
        return Outcome("not checked", reason=str(error))
    if reason:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in (("Statement.v", files.statement), ("Proof.v", files.proof), ("Audit.v", files.audit)):
                (folder / name).write_text(text)
        return Outcome("not checked", reason=reason)
    if folder is not None:
        outcome = compile_files(files, folder, seconds)
        (folder / "manifest.json").write_text(json.dumps(manifest(certificate, files, outcome, origin), indent=1) + "\n")
        return outcome
    with tempfile.TemporaryDirectory(prefix="aalp-rocq-") as scratch:
        return compile_files(files, Path(scratch), seconds)


def manifest(certificate: Mapping[str, Any], files: Files, outcome: Outcome, origin: str) -> dict[str, Any]:
    """What was compiled, with what, and the result."""

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    library = hashlib.sha256()
    for source in sorted(theory().glob("*.v")):
        library.update(source.read_bytes())
    return {
        "format": 1,
        "certificate": origin,
        "sha256": {
            "certificate": digest(json.dumps(certificate, sort_keys=True)),
            "Statement.v": digest(files.statement),
            "Proof.v": digest(files.proof),
            "Audit.v": digest(files.audit),
            "theory": library.hexdigest(),
        },
        "coqc": version(),
        "rocq": outcome.rocq,
        "axioms": list(outcome.axioms),
        "seconds": round(outcome.seconds, 2),
        "reason": outcome.reason,
    }
