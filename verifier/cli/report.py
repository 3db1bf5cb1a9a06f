"""`aalp report`: reports of a check's JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from verifier.cli import BAD_INPUT


@click.command("report")
@click.argument("result", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="RESULT.json")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR",
              help="The directory to write to.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(result: Path, output: Path, form: str) -> None:
    """Write HTML, Markdown, JSON, SARIF and JUnit reports of what `aalp check --format json` printed."""
    from verifier.report import write_reports
    try:
        data = json.loads(result.read_bytes())
        if not isinstance(data, dict) or not isinstance(data.get("claims"), list):
            raise ValueError("it has no claims")
    except (ValueError, RecursionError) as error:
        click.echo(f"{result}:1:1: error: this is not the JSON of a check: {error}\n"
                   "    hint: aalp check --format json > RESULT.json", err=True)
        sys.exit(BAD_INPUT)
    written = [str(p) for p in write_reports(data, output)]
    click.echo(json.dumps({"format": 1, "written": written}, indent=1) if form == "json" else "\n".join(written))
