"""`aalp recheck`: the kernel alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

MAX_BYTES = 50_000_000


@click.command("recheck")
@click.argument("certificates", nargs=-1, required=True, metavar="CERT|DIR...",
                type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="List rejected certificates only.")
def command(certificates: tuple[Path, ...], form: str, quiet: bool) -> None:
    """Check certificates with the kernel alone: standard library, no solver, nothing believed.

    A directory stands for every .json file in it.  Exit 1 if any certificate is rejected."""
    files = [f for path in certificates for f in _files(path)]
    if not files:
        raise click.UsageError("there is no .json file in " + ", ".join(map(str, certificates)))
    entries = [_recheck(f) for f in files]
    bad = [e for e in entries if e["result"] == "rejected"]
    if form == "json":
        click.echo(json.dumps({"format": 1, "certificates": entries,
                               "summary": {"accepted": len(entries) - len(bad), "rejected": len(bad)}}, indent=1))
    else:
        lines = [_line(e) for e in (bad if quiet else entries)]
        click.echo("\n".join([*lines, f"{len(entries) - len(bad)} accepted, {len(bad)} rejected"]))
    sys.exit(1 if bad else 0)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(f for f in path.rglob("*.json") if not any(p.startswith(".") for p in f.parts[len(path.parts):]))


def _recheck(path: Path) -> dict[str, Any]:
    from verifier.kernel.check import check
    from verifier.kernel.context import Rejected
    from verifier.lang.show import ascii_relation
    out: dict[str, Any] = {"certificate": str(path), "result": "rejected", "verdict": None, "strength": None,
                           "claim": None, "reason": None}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Rejected(f"a certificate has at most {MAX_BYTES} bytes")
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict):
            raise Rejected("a certificate is a JSON object")
        found = check(data)
    except (Rejected, ValueError, RecursionError, OSError) as error:
        return {**out, "reason": str(error)}
    return {**out, "result": "accepted", "verdict": found.verdict, "strength": found.strength,
            "claim": ascii_relation(found.claim.statement)}


def _line(e: dict[str, Any]) -> str:
    if e["result"] == "rejected":
        return f"rejected  {e['certificate']}: {e['reason']}"
    strength = f" ({e['strength']})" if e["strength"] else ""
    return f"accepted  {e['certificate']}: {e['verdict']}{strength}: {e['claim']}"
