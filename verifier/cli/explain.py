"""`aalp explain`: a proof or a refutation in words."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from verifier.cli import BAD_INPUT, CONTRADICTED, UNDECIDED
from verifier.cli.options import budget_options, declarations


@click.command("explain")
@click.argument("subject", metavar="CLAIM|CERT")
@declarations
@click.option("--format", "form", type=click.Choice(["text", "markdown", "latex", "json"]), default="text", show_default=True)
@budget_options
def command(subject: str, form: str, budget: float, seed: int | None, cross_check: bool, **declared: tuple[str, ...]) -> None:
    """A certificate file, or a claim that is decided first, as a proof in words.

    Exit codes: 0 explained, 1 the kernel rejects the certificate, 3 the claim is undecided, 2 bad input."""
    from verifier.kernel.check import check
    from verifier.kernel.context import Rejected
    from verifier.report.explain import explain
    if os.path.isfile(subject):
        certificate = _load(Path(subject))
        try:
            check(certificate)
        except Rejected as error:
            click.echo(f"{subject}: the kernel rejects this certificate: {error}", err=True)
            sys.exit(CONTRADICTED)
    else:
        certificate = _decide(subject, budget, seed, cross_check, declared)
    text = explain(certificate, "markdown" if form == "json" else form)
    if form == "json":
        text = json.dumps({"format": 1, "verdict": certificate["verdict"], "strength": certificate.get("strength"),
                           "markdown": text}, indent=1, ensure_ascii=False)
    click.echo(text.rstrip("\n"))


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        click.echo(f"{path}:1:1: error: this is no JSON: {error}", err=True)
        sys.exit(BAD_INPUT)
    if not isinstance(data, dict) or "claim" not in data:
        click.echo(f"{path}:1:1: error: this is no certificate\n    hint: aalp prove --certificate FILE writes one", err=True)
        sys.exit(BAD_INPUT)
    return data


def _decide(text: str, budget: float, seed: int | None, cross_check: bool, declared: dict[str, Any]) -> dict[str, Any]:
    from verifier.decide import Budget, decide
    from verifier.decide.question import Declarations, question
    found = decide(question(text, Declarations(**declared)), Budget(seconds=budget, cross_check=cross_check, seed=seed))
    if found.certificate is None:
        click.echo(f"undecided: {found.reason}", err=True)
        sys.exit(UNDECIDED)
    return {**found.certificate}
