"""`aalp rocq`: certificates as theorems, checked by coqc."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from verifier.cli import AS_EXPECTED, BAD_INPUT, CONTRADICTED


@click.command("rocq")
@click.argument("certificates", nargs=-1, required=True, metavar="CERT|DIR...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave Statement.v, Proof.v, Audit.v and manifest.json of each certificate in DIR/<name>/.",
)
@click.option(
    "--jobs", type=click.IntRange(min=0), default=1, show_default=True, help="Certificates at a time (0: one per processor)."
)
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=60.0, show_default=True, metavar="SECONDS", help="For each file."
)
@click.option(
    "--memory", type=click.IntRange(min=256), default=4096, show_default=True, metavar="MB", help="For each coqc."
)
@click.option("--coqchk", is_flag=True, help="Have coqchk check the library once, and the compiled files of every claim.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(
    certificates: tuple[Path, ...], output: Path | None, jobs: int, timeout: float, memory: int, coqchk: bool, form: str
) -> None:
    """Export certificates to Rocq and compile them: the statement is printed from the claim alone, coqc checks the proof.

    A directory stands for every .json file in it. Exit 0 only if all were accepted, 2 if a file is not a certificate,
    otherwise 1; "not checked" (no coqc, a library that is not compiled, a limit reached, a step without an export) is not
    accepted."""
    from verifier.bridge.session import UNREADABLE, Limits, check_files, check_library
    from verifier.cli.recheck import _files

    files = list(dict.fromkeys(f for path in certificates for f in _files(path)))
    if not files:
        raise click.UsageError("there is no .json file in " + ", ".join(map(str, certificates)))
    limits = Limits(timeout, memory, coqchk)
    library = check_library(limits) if coqchk else None
    try:
        entries = _shown(check_files(files, output, jobs, limits), form)
    except OSError as error:
        click.echo(f"{error.filename or output}: cannot be written: {error.strerror}", err=True)
        sys.exit(BAD_INPUT)
    odd = [e for e in entries if (e["reason"] or "").startswith(UNREADABLE)]
    if form == "json":
        document: dict[str, Any] = {"format": 1, "certificates": entries}
        if library is not None:
            document["coqchk"] = {"library": library.rocq, "reason": library.reason}
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        counts = {k: sum(e["rocq"] == k for e in entries) for k in ("accepted", "rejected", "not checked")}
        if library is not None:
            click.echo(f"library {library.rocq} by coqchk" + (f": {library.reason}" if library.reason else ""))
        click.echo(", ".join(f"{n} {k}" for k, n in counts.items()))
    for e in odd:
        click.echo(f"{e['certificate']}: {e['reason']}", err=True)
    good = all(e["rocq"] == "accepted" for e in entries) and (library is None or library.rocq == "accepted")
    sys.exit(BAD_INPUT if odd else AS_EXPECTED if good else CONTRADICTED)


def _shown(entries: Iterable[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """All entries; a table shows each as soon as it is there."""
    out = []
    for e in entries:
        out.append(e)
        if form == "table":
            click.echo(_line(e))
            sys.stdout.flush()
    return out


def _line(e: dict[str, Any]) -> str:
    axioms = f"{len(e['axioms'])} axioms of the reals" if e["axioms"] else "no axioms"
    again = ", coqchk" if e.get("coqchk") == "accepted" else ""
    tail = f"{axioms}{again}, {e['seconds']:.1f} s" if e["rocq"] == "accepted" else e["reason"]
    return f"{e['rocq']:11}  {e['certificate']}: {tail}"
