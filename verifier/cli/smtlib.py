"""`aalp smtlib`: the SMT problems of certificates, with a second solver's opinion."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from verifier.cli import AS_EXPECTED, CONTRADICTED


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
@click.option("--alethe", is_flag=True, help="Store the Alethe proofs of cvc5 beside the scripts, and count their holes.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(certificates: tuple[Path, ...], output: Path | None, timeout: float, alethe: bool, form: str) -> None:
    """Export the steps of certificates as SMT-LIB 2 and ask z3 and cvc5: unsat means the step is right.

    Exit 1 if a solver finds a model, which contradicts the certificate, or if the solvers contradict each other."""
    from verifier.bridge.session import names
    from verifier.cli.recheck import _files

    if alethe and output is None:
        raise click.UsageError("--alethe needs -o DIR, where the proofs are stored")
    files = list(dict.fromkeys(f for c in certificates for f in _files(c)))
    if not files:
        raise click.UsageError("there is no .json file in " + ", ".join(map(str, certificates)))
    entries: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="aalp-smt-") as scratch:
        for path, name in zip(files, names(files)):
            entries.append(_entry(path, (output or Path(scratch)) / name, timeout, alethe))
            if form == "table":
                _table(entries[-1])
    if form == "json":
        click.echo(json.dumps({"format": 1, "certificates": entries}, indent=1, ensure_ascii=False))
    else:
        click.echo(_summary([p for e in entries for p in e["problems"]]))
    found = [f"{e['certificate']}: {f}" for e in entries for f in e["findings"]]
    for f in found:
        click.echo(f, err=True)
    sys.exit(CONTRADICTED if found else AS_EXPECTED)


def _entry(path: Path, folder: Path, timeout: float, alethe: bool) -> dict[str, Any]:
    from verifier.bridge.smt import Problem, survey
    from verifier.bridge.solvers import ask, findings
    from verifier.lang.errors import Position, SourceError

    try:
        steps = survey(json.loads(path.read_bytes()))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, SourceError) as error:
        raise SourceError(f"not a certificate: {error}", position=Position(str(path))) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        problems = [ask(p, folder, timeout, proof=alethe) for p in steps if isinstance(p, Problem)]
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", position=Position(str(folder))) from error
    return {
        "certificate": str(path),
        "problems": problems,
        "skipped": [{"step": s.name, "rule": s.rule, "reason": s.reason} for s in steps if not isinstance(s, Problem)],
        "findings": [f for p in problems for f in findings(p)],
    }


def _table(e: dict[str, Any]) -> None:
    for p in e["problems"]:
        proof = f", a proof with {p['holes']} holes" if p.get("alethe") else ""
        answers = f"z3 {p['z3']}, cvc5 {p['cvc5']}{proof}"
        click.echo(f"{e['certificate']}: {p['step']} ({p['rule']}): {answers} ({p['seconds']:.1f} s)")
    for s in e["skipped"]:
        click.echo(f"{e['certificate']}: {s['step']} ({s['rule']}): no SMT problem: {s['reason']}")
    sys.stdout.flush()


def _summary(problems: list[dict[str, Any]]) -> str:
    """How many steps each solver shows."""
    if not problems:
        return "no SMT problems"
    parts = []
    for solver in ("z3", "cvc5"):
        answers = [p[solver] for p in problems]
        parts.append(f"{solver}: " + ", ".join(f"{answers.count(a)} {a}" for a in sorted(set(answers))))
    both = sum(p["z3"] == p["cvc5"] == "unsat" for p in problems)
    neither = sum("unsat" not in (p["z3"], p["cvc5"]) for p in problems)
    return f"{len(problems)} steps; {'; '.join(parts)}; both show {both}, neither {neither}"
