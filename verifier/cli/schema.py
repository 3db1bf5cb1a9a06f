"""`aalp schema`: the JSON Schema of specification files."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of specification files, for editors."""
    from verifier.spec.model import json_schema
    click.echo(json.dumps(json_schema(), indent=2))
