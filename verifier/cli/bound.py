"""`aalp bound`: the tight Theta of an expression or of a function defined by a recurrence."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from verifier.cli import BAD_INPUT, INCONSISTENT, UNDECIDED
from verifier.cli.options import budget_options, declarations


@click.command("bound")
@click.argument("expression")
@declarations
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--certificate", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the certificate to this file.")
@budget_options
def command(expression: str, form: str, certificate: Path | None, budget: float, seed: int | None, cross_check: bool,
            **declared: tuple[str, ...]) -> None:
    """The tight Theta of EXPRESSION, such as 'sum(i*n + j, j, 0, n)', or 'T(n)' with --recurrence.

    Exit codes: 0 found (with a certificate), 3 not found, 2 bad input."""
    from verifier.decide.bound import bound_of
    from verifier.decide.decision import Budget
    from verifier.decide.question import Declarations, expression as read
    from verifier.decide.session import CONTRADICTION, Inconsistent, confirm, document, outcome
    from verifier.decide.store import serialised, write_text
    from verifier.lang.ast import Relation
    from verifier.lang.errors import Position, SourceError
    from verifier.lang.show import ascii, ascii_relation
    e, context = read(expression, Declarations(**declared))
    found = bound_of(e, context, Budget(seconds=budget, cross_check=cross_check, seed=seed))
    if CONTRADICTION in found.decision.findings:
        raise SourceError("the assumptions contradict each other: nothing follows from them",
                          position=Position("<given>"), text=", ".join(declared["given"]), hint="drop one of them")
    decision = found.decision
    written = None
    text = expression if found.bound is None else ascii_relation(Relation("Theta", e, found.bound))
    if decision.certificate is not None:
        try:
            content = serialised(decision.certificate, {"published": text})
            confirm(content, decision, "the bound")
            if certificate is not None:
                write_text(certificate, content)
                written = str(certificate)
        except Inconsistent as error:
            click.echo(f"internal inconsistency: {error}", err=True)
            sys.exit(INCONSISTENT)
        except OSError as error:
            click.echo(f"{certificate}: the certificate cannot be written: {error.strerror}", err=True)
            sys.exit(BAD_INPUT)
    entry: dict[str, Any] = outcome(decision, claim=found.claim, text=text, certificate=written,
                                    rests_on=[f"assumption: {ascii_relation(a)}" for a in context.assumptions])
    entry["bound"] = None if found.bound is None else f"Theta({ascii(found.bound)})"
    if form == "json":
        click.echo(json.dumps(document([entry]), indent=1, ensure_ascii=False))
    elif found.bound is None:
        click.echo(f"no tight bound found: {decision.reason}")
    else:
        from verifier.cli.render import evidence
        click.echo(f"{text}\n  proved ({decision.strength}): {evidence(entry)}"
                   + (f"\n  certificate: {written}" if written else ""))
    sys.exit(0 if found.bound is not None else UNDECIDED)
