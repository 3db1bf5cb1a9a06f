"""Checking many certificates with coqc, in parallel: files of `aalp rocq`, and the entries of a check."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from verifier.bridge import coqc
from verifier.bridge.library import missing
from verifier.bridge.run import Limits, Outcome, check_certificate, leave
from verifier.kernel.claim import claim_from_json
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii_relation

MAX_BYTES = 50_000_000
UNREADABLE = "not a certificate: "
"""How the reason of an entry begins whose file is not a certificate at all."""

A = TypeVar("A")
B = TypeVar("B")


def check_files(paths: Sequence[Path], out: Path | None, jobs: int, limits: Limits | None = None) -> Iterator[dict[str, Any]]:
    """The entries of `aalp rocq --format json`, in the order of the paths, each as soon as it and those before it are there."""
    limits = limits or Limits()
    folders = [None if out is None else out / name for name in names(paths)]
    return _parallel(lambda item: check_file(item[0], item[1], limits), list(zip(paths, folders)), jobs)


def names(paths: Sequence[Path]) -> list[str]:
    """A folder for each file: its name without suffix, after as many of its parents as tell it from the others."""
    for depth in range(1, max((len(p.parts) for p in paths), default=1) + 1):
        out = ["/".join(p.with_suffix("").parts[-depth:]).lstrip("/") for p in paths]
        if len(set(out)) == len(out):
            break
    return out if paths else []


def check_file(path: Path, out: Path | None, limits: Limits | None = None) -> dict[str, Any]:
    """One certificate: the kernel first, then coqc."""
    from verifier.kernel.check import check
    from verifier.kernel.context import Rejected

    limits = limits or Limits()
    claim: str | None = None
    data: dict[str, Any] = {}
    try:
        data = _read(path)
        claim = ascii_relation(claim_from_json(data["claim"]).statement)
        check(data)
    except _Unreadable as error:
        found = Outcome("rejected", reason=f"{UNREADABLE}{error}")
    except (Rejected, SourceError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        found = Outcome("rejected", reason=f"the kernel rejects it: {error}")
    else:
        found = check_certificate(data, out, origin=str(path), limits=limits)
        return _entry(path, claim, found, limits)
    if out is not None:
        leave(out, data, None, found, str(path))
    return _entry(path, claim, found, limits)


def _entry(path: Path, claim: str | None, found: Outcome, limits: Limits) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "certificate": str(path),
        "claim": claim,
        "rocq": found.rocq,
        "axioms": list(found.axioms),
        "seconds": round(found.seconds, 2),
        "reason": found.reason,
    }
    return entry | ({"coqchk": found.coqchk or "not checked"} if limits.coqchk else {})


class _Unreadable(Exception):
    """A file that is not a certificate."""


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _Unreadable(f"more than {MAX_BYTES} bytes")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise _Unreadable(error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _Unreadable(f"{type(error).__name__}: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("claim"), dict) or "verdict" not in data:
        raise _Unreadable("a certificate is a JSON object with a claim and a verdict")
    return data


def check_library(limits: Limits | None = None) -> Outcome:
    """What coqchk says of the modules of the library (Coq's own are loaded unchecked)."""
    limits = limits or Limits()
    reason = missing()
    if reason:
        return Outcome("not checked", reason=reason)
    with tempfile.TemporaryDirectory(prefix="aalp-rocq-") as scratch:
        answer = coqc.recheck(Path(scratch), coqc.library_modules(), limits.seconds, limits.megabytes)
    verdict = {"good": "accepted", "bad": "rejected"}.get(answer.kind, "not checked")
    return Outcome(verdict, reason=None if answer.kind == "good" else " ".join(answer.output.split())[:400])


def confirm(
    entries: Sequence[Mapping[str, Any]],
    certificates: Sequence[Mapping[str, Any] | None],
    jobs: int = 1,
    limits: Limits | None = None,
) -> Iterator[dict[str, Any]]:
    """The entries of verdicts with what coqc says of their certificates, under "rocq"; undecided claims have none."""

    def one(pair: tuple[Mapping[str, Any], Mapping[str, Any] | None]) -> dict[str, Any]:
        entry, certificate = pair
        if certificate is None:
            return {**entry, "rocq": "not checked", "axioms": [], "rocq_reason": "there is no certificate"}
        found = check_certificate(certificate, limits=limits)
        return {**entry, "rocq": found.rocq, "axioms": list(found.axioms), "rocq_reason": found.reason}

    return _parallel(one, list(zip(entries, certificates)), jobs)


def _parallel(work: Callable[[A], B], items: Iterable[A], jobs: int) -> Iterator[B]:
    """Results in order; after an interrupt no further item is begun."""
    pool = ThreadPoolExecutor(jobs or os.cpu_count() or 1)
    try:
        yield from pool.map(work, items)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


__all__ = ["Limits", "Outcome", "check_file", "check_files", "check_library", "confirm", "names"]
