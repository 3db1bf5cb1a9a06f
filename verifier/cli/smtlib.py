"""`aalp smtlib`: the SMT problems of certificates, with a second solver's opinion."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click


@click.command("smtlib")
@click.argument("certificates", nargs=-1, required=True, metavar="CERT|DIR...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave the scripts in DIR/<name>/.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=10.0, show_default=True, metavar="SECONDS", help="For each solver."
)
@click.option("--alethe", is_flag=True, help="Store cvc5's Alethe proofs beside the scripts.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(certificates: tuple[Path, ...], output: Path | None, timeout: float, alethe: bool, form: str) -> None:
    """Export the domination steps of certificates as SMT-LIB 2 and ask z3 and cvc5: unsat means the step is right.

    Exit 1 if a solver finds a model ("sat"), which contradicts the certificate."""
    from verifier.bridge.smt import ask, problems
    from verifier.cli.recheck import _files
    from verifier.lang.errors import Position, SourceError

    entries: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="aalp-smt-") as scratch:
        for path in [f for c in certificates for f in _files(c)]:
            folder = (output or Path(scratch)) / path.stem
            folder.mkdir(parents=True, exist_ok=True)
            try:
                found = problems(json.loads(path.read_bytes()))
            except (ValueError, KeyError, TypeError) as error:
                raise SourceError(f"not a certificate: {error}", position=Position(str(path))) from error
            entries.append({"certificate": str(path), "problems": [ask(p, folder, timeout, proof=alethe) for p in found]})
    answers = [p[s] for e in entries for p in e["problems"] for s in ("z3", "cvc5")]
    if form == "json":
        click.echo(json.dumps({"format": 1, "certificates": entries}, indent=1))
    else:
        lines = [
            f"{e['certificate']}: {p['step']}: z3 {p['z3']}, cvc5 {p['cvc5']} ({p['seconds']:.1f} s)"
            for e in entries
            for p in e["problems"]
        ]
        click.echo(
            "\n".join([*lines, ", ".join(f"{answers.count(a)} {a}" for a in dict.fromkeys(answers)) or "no SMT problems"])
        )
    sys.exit(1 if "sat" in answers else 0)
