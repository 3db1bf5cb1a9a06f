"""`aalp schema`: the JSON Schemas of specification files and of what commands print."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument("what", type=click.Choice(["spec", "rocq", "smtlib"]), default="spec")
def command(what: str) -> None:
    """Print the JSON Schema of specification files, for editors; or of `aalp rocq` or `aalp smtlib --format json`."""
    if what == "spec":
        from verifier.spec.model import json_schema
        click.echo(json.dumps(json_schema(), indent=2))
        return
    from verifier.bridge.schema import SCHEMAS
    click.echo(json.dumps(SCHEMAS[what], indent=2))
