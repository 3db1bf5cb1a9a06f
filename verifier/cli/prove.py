"""`aalp prove`: one claim, without a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from verifier.cli import AS_EXPECTED, BAD_INPUT, CONTRADICTED, INCONSISTENT, UNDECIDED
from verifier.cli.options import budget_options, declarations

EXIT = {"proved": AS_EXPECTED, "refuted": CONTRADICTED, "undecided": UNDECIDED}


@click.command("prove")
@click.argument("claim")
@declarations
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--certificate", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the certificate to this file.")
@click.option("--rocq", is_flag=True, help="Have coqc check the certificate as well.")
@budget_options
def command(claim: str, form: str, certificate: Path | None, rocq: bool, budget: float, seed: int | None,
            cross_check: bool, **declared: tuple[str, ...]) -> None:
    """Decide one CLAIM, in ASCII or LaTeX: 'b^2*k*l = O(b^2*k^2*l)'.

    Every name is an integer >= 1 that grows, unless an option says otherwise.
    Exit codes: 0 proved, 1 refuted, 3 undecided, 2 bad input, 4 internal inconsistency."""
    from verifier.decide import Budget, decide_fully
    from verifier.decide.question import Declarations, question
    from verifier.decide.session import CONTRADICTION, INCONSISTENT as FOUND, Inconsistent, confirm, document, outcome
    from verifier.decide.store import serialised, write_text
    from verifier.lang.errors import Position, SourceError
    asked = question(claim, Declarations(**declared))
    found = decide_fully(asked, Budget(seconds=budget, cross_check=cross_check, seed=seed))
    if CONTRADICTION in found.findings:
        given = declared.get("given") or (claim,)
        raise SourceError("the assumptions contradict each other: nothing follows from them",
                          position=Position("<given>"), text=", ".join(given), hint="drop one of them")
    try:
        if any(f.startswith(FOUND) for f in found.findings):
            raise Inconsistent("; ".join(found.findings))
        if found.certificate is not None:
            text = serialised(found.certificate, {"published": claim})
            confirm(text, found, "the claim")
            if certificate is not None:
                write_text(certificate, text)
    except Inconsistent as error:
        click.echo(f"internal inconsistency: {error}", err=True)
        sys.exit(INCONSISTENT)
    except OSError as error:
        click.echo(f"{certificate}: the certificate cannot be written: {error.strerror}", err=True)
        sys.exit(BAD_INPUT)
    written = str(certificate) if certificate is not None and found.certificate is not None else None
    entry = outcome(found, claim=asked, text=claim, certificate=written,
                    rests_on=[f"assumption: {a}" for a in _assumptions(asked)])
    if rocq:
        from verifier.cli.trust import confirm as by_rocq
        (entry,) = by_rocq([entry], [found.certificate])
    _print(entry, document([entry]), form)
    sys.exit(EXIT[found.verdict])


def _assumptions(claim: Any) -> list[str]:
    from verifier.lang.show import ascii_relation
    return [ascii_relation(a) for a in claim.assumptions]


def _print(entry: dict[str, Any], document: dict[str, Any], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    from verifier.cli.render import one
    click.echo(one(entry))
