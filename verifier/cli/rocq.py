"""`aalp rocq`: certificates as theorems that coqc checks."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click


@click.command("rocq")
@click.argument("certificates", nargs=-1, required=True, metavar="CERT|DIR...",
                type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Keep Statement.v, Proof.v, Audit.v and a manifest of each certificate below this directory.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Certificates compiled at a time.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True,
              help="Time limit of coqc for one file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(certificates: tuple[Path, ...], output: Path | None, jobs: int, seconds: float, form: str) -> None:
    """Export certificates to Rocq (Coq), compile them and list the axioms they use.

    Exit 0 only if every certificate was accepted; without coqc the answer is "not checked"."""
    from verifier.cli.recheck import _files
    files = [(f, path) for path in certificates for f in _files(path)]
    if not files:
        raise click.UsageError("there is no .json file in " + ", ".join(map(str, certificates)))
    with ThreadPoolExecutor(jobs) as pool:
        entries = list(pool.map(lambda t: _entry(*t, output, seconds), files))
    accepted = sum(e["rocq"] == "accepted" for e in entries)
    if form == "json":
        click.echo(json.dumps({"format": 1, "certificates": entries,
                               "summary": {"accepted": accepted, "others": len(entries) - accepted}}, indent=1,
                              ensure_ascii=False))
    else:
        click.echo("\n".join([*map(_line, entries), f"{accepted} of {len(entries)} accepted by Rocq"]))
    sys.exit(0 if accepted == len(entries) else 1)


def _entry(path: Path, base: Path, output: Path | None, seconds: float) -> dict[str, Any]:
    from verifier.bridge.run import check_certificate
    from verifier.kernel.check import check
    from verifier.kernel.context import Rejected
    from verifier.lang.show import ascii_relation
    entry: dict[str, Any] = {"certificate": str(path), "claim": None, "rocq": "not checked", "axioms": [], "seconds": 0.0,
                             "reason": None}
    try:
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict):
            raise Rejected("a certificate is a JSON object")
        checked = check(data)
    except (Rejected, ValueError, RecursionError, OSError) as error:
        return {**entry, "reason": f"rejected by the kernel: {error}"}
    name = path.relative_to(base) if base.is_dir() else Path(path.name)
    folder = None if output is None else output / name.with_suffix("")
    outcome = check_certificate(data, folder, seconds, str(name))
    return {**entry, "claim": ascii_relation(checked.claim.statement), "rocq": outcome.rocq, "axioms": list(outcome.axioms),
            "seconds": round(outcome.seconds, 2), "reason": outcome.reason}


def _line(e: Mapping[str, Any]) -> str:
    if e["rocq"] != "accepted":
        return f"{e['rocq']}  {e['certificate']}: {e['reason']}"
    axioms = ", ".join(e["axioms"]) or "none"
    return f"accepted  {e['certificate']}: {e['claim']} (axioms: {axioms}; {e['seconds']:.1f} s)"


def confirm(entry: dict[str, Any], certificate: Mapping[str, Any] | None) -> dict[str, Any]:
    """The entry of a verdict with what coqc says of its certificate."""
    if certificate is None:
        return entry
    from verifier.bridge.run import check_certificate
    outcome = check_certificate(certificate)
    return {**entry, "rocq": outcome.rocq, "axioms": list(outcome.axioms), "rocq_reason": outcome.reason}
