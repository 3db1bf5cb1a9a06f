"""The Rocq library that generated proofs import: where it is, and whether it can be relied on."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

BANNED = (
    "Axiom",
    "Axioms",
    "Parameter",
    "Parameters",
    "Conjecture",
    "Conjectures",
    "Admitted",
    "admit",
    "give_up",
    "bypass_check",
    "Unset",
    "Typing",
    "Universe",
    "Declare",
    "Load",
    "Cd",
    "Drop",
    "Redirect",
    "Extract",
    "Extraction",
    "unsafe",
)
"""Words that a generated file or a file of the library may not contain: they could admit what was not proved."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")


def banned(text: str) -> str | None:
    """A banned word in the text of a file, comments aside (they may quote the claim), if there is one."""
    return next((w for w in _WORD.findall(without_comments(text)) if w in BANNED), None)


def without_comments(text: str) -> str:
    """The text as coqc reads it: comments nest, a string may hold their signs, and a comment may hold strings."""
    return "".join(_code(text))


def _code(text: str) -> Iterator[str]:
    depth, quoted = 0, False
    for token in re.findall(r"\(\*|\*\)|\"|[^(*\"]+|.", text, re.DOTALL):
        if token == '"':
            quoted = not quoted
        elif not quoted and token == "(*":
            depth += 1
            continue
        elif not quoted and token == "*)" and depth:
            depth -= 1
            yield " "
            continue
        if not depth:
            yield token


def theory() -> Path:
    """The folder of the library: AALP_THEORY, else proofs/theory of the repository, else what was installed with the package."""
    if os.environ.get("AALP_THEORY"):
        return Path(os.environ["AALP_THEORY"]).absolute()
    here = Path(__file__).resolve().parents[2] / "proofs" / "theory"
    return here if here.is_dir() else INSTALLED


INSTALLED = Path(sys.prefix) / "share" / "aalp" / "theory"
"""Where the sources of the library go when the package is installed; `make` compiles them there."""


def sources() -> list[Path]:
    """The files of the library, in the order in which they are compiled."""
    return [theory() / n for n in (theory() / "_CoqProject").read_text().split() if n.endswith(".v")]


def missing() -> str | None:
    """Why nothing can be checked: no coqc, or no library that can be relied on."""
    if shutil.which("coqc") is None:
        return "coqc is not installed"
    if not (theory() / "_CoqProject").is_file():
        return f"there is no Rocq library in {theory()}: set AALP_THEORY to the folder proofs/theory of the sources"
    for source in sources():
        compiled = source.with_suffix(".vo")
        if not source.is_file():
            return f"the Rocq library lacks {source.name}"
        if not compiled.is_file():
            return f"the Rocq library is not compiled ({source.name}): run `{_make()}`"
        if not _current(source):
            return f"the Rocq library has changed since it was compiled ({source.name}): run `{_make()}`"
        word = _banned_in(source, source.stat().st_mtime_ns)
        if word:
            return f"{source.name} of the Rocq library contains the word {word}"
    return None


def _current(source: Path) -> bool:
    """Whether a file was compiled as it stands: by the digest of the source that coqc leaves in the .glob, else by the dates."""
    notes = source.with_suffix(".glob")
    if notes.is_file():
        with notes.open(errors="replace") as lines:
            kind, _, value = lines.readline().strip().partition(" ")
        if kind == "DIGEST" and re.fullmatch("[0-9a-f]{32}", value):
            return value == hashlib.md5(source.read_bytes(), usedforsecurity=False).hexdigest()
    return source.with_suffix(".vo").stat().st_mtime_ns >= source.stat().st_mtime_ns


def _make() -> str:
    folder = theory().parent
    return f"make -C {'proofs' if folder == Path.cwd() / 'proofs' else folder} theory"


@lru_cache
def _banned_in(source: Path, changed: int) -> str | None:
    return banned(source.read_text())


def digest() -> str:
    """One digest of all sources of the library."""
    out = hashlib.sha256()
    for source in sorted(sources()):
        out.update(source.read_bytes())
    return out.hexdigest()


@lru_cache
def version() -> str:
    """The version of coqc."""
    found = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, timeout=20)
    return found.stdout.split()[0] if found.stdout else "unknown"
