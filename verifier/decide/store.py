"""Certificates as files: where they go, their bytes, and writing them whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEYS = ("format", "claim", "verdict", "strength", "constants", "assignment", "family", "bound", "comparison", "model",
         "proofs")
FOLDERS = {"proved": "proofs", "refuted": "counterexamples"}
"""Top-level folder by verdict."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the certificates of one specification belong: `root`/proofs/`folder`/`stem`.ID.json."""

    root: Path
    folder: Path
    stem: str

    def path(self, verdict: str, name: str) -> Path:
        """The file of a claim's certificate."""
        return self.root / FOLDERS[verdict] / self.folder / f"{self.stem}.{name}.json"

    @property
    def source(self) -> str:
        """The specification relative to the root, as certificates name it."""
        return (Path("specs") / self.folder / self.stem).as_posix()


def place_of(spec: Path, root: Path | None = None) -> Place | None:
    """The place for a specification at .../specs/FOLDER/NAME.yaml: .../proofs/FOLDER and .../counterexamples/FOLDER.

    `root` replaces the directory that `specs` lies in.  None if the specification lies under no directory
    named `specs` and no root is given."""
    path = Path(os.path.abspath(spec))
    parents = path.parts[:-1]
    if "specs" in parents:
        at = len(parents) - 1 - parents[::-1].index("specs")
        return Place(root or Path(*parents[:at]), Path(*parents[at + 1:]), path.stem)
    return None if root is None else Place(root, Path(), path.stem)


def file_name(identifier: str, reading: str | None, cost_model: str | None) -> str:
    """ID, ID.READING, with @COST-MODEL where that is not the one of the specification; safe as a file name."""
    name = ".".join(_slug(p) for p in (identifier, reading) if p)
    return f"{name}@{_slug(cost_model)}" if cost_model else name


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_+-]+", "-", text).strip("-")[:80] or "claim"


def serialised(certificate: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> str:
    """The text of a certificate: the same for the same content, keys in a fixed order, what the kernel ignores last."""
    known = {k: certificate[k] for k in _KEYS if certificate.get(k) is not None}
    rest = {k: v for k, v in certificate.items() if k not in _KEYS and k != "meta" and v is not None}
    remarks = {k: v for k, v in {**certificate.get("meta", {}), **(meta or {})}.items() if v not in (None, "", [], {})}
    out = {**known, **rest, **({"meta": remarks} if remarks else {})}
    return pretty(out) + "\n"


def pretty(value: Any, indent: int = 0, width: int = 110) -> str:
    """JSON in which whatever fits on one line stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= width or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        rows = [f"{json.dumps(k, ensure_ascii=False)}: {pretty(v, indent + 1, width)}" for k, v in value.items()]
        return "{\n" + ",\n".join(inner + r for r in rows) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + pretty(v, indent + 1, width) for v in value) + "\n" + " " * indent + "]"


def write_text(path: Path, text: str) -> None:
    """Write a file atomically: readers see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as f:
            f.write(text)
            f.flush()
            os.fsync(f.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def remove_stale(place: Place, kept: frozenset[Path]) -> list[Path]:
    """Remove certificates that an earlier run left for this specification and that no longer belong to a verdict; returns
    them.  Only files whose remarks name the specification are touched."""
    removed = []
    for folder in FOLDERS.values():
        for path in sorted((place.root / folder / place.folder).glob(f"{place.stem}.*.json")):
            if path in kept:
                continue
            try:
                meta = json.loads(path.read_bytes()).get("meta", {})
            except (ValueError, OSError, AttributeError):
                continue
            if isinstance(meta, dict) and str(meta.get("spec", "")).rpartition(".")[0] == place.source:
                path.unlink()
                removed.append(path)
    return removed


def shown(path: Path) -> str:
    """The path relative to the working directory where it lies below, otherwise absolute."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
