"""Checking many certificates with coqc: in parallel, and for the entries of a check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from verifier.bridge.run import SECONDS, Outcome, check_certificate
from verifier.kernel.claim import claim_from_json
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii_relation

MAX_BYTES = 50_000_000


def check_files(paths: Sequence[Path], out: Path | None, jobs: int, seconds: float = SECONDS) -> list[dict[str, Any]]:
    """The entries of `aalp rocq --format json`, in the order of the paths."""
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        return list(pool.map(lambda p: check_file(p, out, seconds), paths))


def check_file(path: Path, out: Path | None, seconds: float = SECONDS) -> dict[str, Any]:
    """One certificate: the kernel first, then coqc."""
    from verifier.kernel.check import check
    from verifier.kernel.context import Rejected

    entry: dict[str, Any] = {
        "certificate": str(path),
        "claim": None,
        "rocq": "rejected",
        "axioms": [],
        "seconds": 0.0,
        "reason": None,
    }
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Rejected(f"a certificate has at most {MAX_BYTES} bytes")
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict):
            raise Rejected("a certificate is a JSON object")
        entry["claim"] = ascii_relation(claim_from_json(data["claim"]).statement)
        check(data)
    except (Rejected, SourceError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        return {**entry, "reason": f"the kernel rejects it: {error}"}
    found = check_certificate(data, None if out is None else out / path.stem, seconds, str(path))
    return {
        **entry,
        "rocq": found.rocq,
        "axioms": list(found.axioms),
        "seconds": round(found.seconds, 2),
        "reason": found.reason,
    }


def confirm(entries: Sequence[dict[str, Any]], jobs: int = 1) -> list[dict[str, Any]]:
    """The entries of a check with what coqc says of their certificates, under "rocq"."""

    def one(e: dict[str, Any]) -> dict[str, Any]:
        path = e.get("certificate")
        if not path or not Path(path).is_file():
            return {**e, "rocq": "not checked"}
        found = check_file(Path(path), None)
        return {**e, "rocq": found["rocq"], "rocq_reason": found["reason"]}

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        return list(pool.map(one, entries))


__all__ = ["Outcome", "check_file", "check_files", "confirm"]
