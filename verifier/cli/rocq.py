"""`aalp rocq`: certificates as theorems, checked by coqc."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.command("rocq")
@click.argument("certificates", nargs=-1, required=True, metavar="CERT|DIR...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave Statement.v, Proof.v, Audit.v and manifest.json of each certificate in DIR/<name>/.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Certificates at a time.")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=60.0, show_default=True, metavar="SECONDS", help="For each file."
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(certificates: tuple[Path, ...], output: Path | None, jobs: int, timeout: float, form: str) -> None:
    """Export certificates to Rocq and compile them: the statement is printed from the claim alone, coqc checks the proof.

    A directory stands for every .json file in it. Exit 0 only if all were accepted; "not checked" (no coqc, or a step without
    an export) is not accepted."""
    from verifier.bridge.session import check_files
    from verifier.cli.recheck import _files

    files = [f for path in certificates for f in _files(path)]
    if not files:
        raise click.UsageError("there is no .json file in " + ", ".join(map(str, certificates)))
    entries = check_files(files, output, jobs, timeout)
    if form == "json":
        click.echo(json.dumps({"format": 1, "certificates": entries}, indent=1, ensure_ascii=False))
    else:
        counts = {k: sum(e["rocq"] == k for e in entries) for k in ("accepted", "rejected", "not checked")}
        click.echo("\n".join([*map(_line, entries), ", ".join(f"{n} {k}" for k, n in counts.items())]))
    sys.exit(0 if all(e["rocq"] == "accepted" for e in entries) else 1)


def _line(e: dict[str, Any]) -> str:
    axioms = f"{len(e['axioms'])} axioms of the reals" if e["axioms"] else "no axioms"
    tail = f"{axioms}, {e['seconds']:.1f} s" if e["rocq"] == "accepted" else e["reason"]
    return f"{e['rocq']:11}  {e['certificate']}: {tail}"
