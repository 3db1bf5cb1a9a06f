"""`aalp check`: every claim of every specification."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verifier.cli import AS_EXPECTED, BAD_INPUT, CONTRADICTED, INCONSISTENT, UNDECIDED
from verifier.cli.options import budget_options

if TYPE_CHECKING:
    from verifier.decide.session import Settings


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[FILES|DIRS]...", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--cost-model", metavar="NAME|FORMULA", help="Use this cost model in place of the specification's.")
@click.option("--all-cost-models", is_flag=True, help="Decide claims about costs under every cost model.")
@click.option("--allow-undecided", is_flag=True, help="Exit 0 although a claim was left undecided.")
@click.option("--certificates", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write DIR/proofs/ and DIR/counterexamples/ (by default they stand beside the specs/ directory).")
@click.option("--no-certificates", is_flag=True, help="Write no certificates.")
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write HTML, Markdown and JSON reports.")
@click.option("--rocq", is_flag=True, help="Have coqc check every certificate as well.")
@click.option("--jobs", type=click.IntRange(min=0), default=1, show_default=True, help="Processes (0: one per processor).")
@budget_options
def command(paths: tuple[Path, ...], form: str, cost_model: str | None, all_cost_models: bool, allow_undecided: bool,
            certificates: Path | None, no_certificates: bool, report: Path | None, rocq: bool, jobs: int, budget: float,
            seed: int | None, cross_check: bool) -> None:
    """Decide every claim of every specification and print the table of verdicts.

    Exit codes: 0 every claim as expected; 1 some verdict contradicts its expectation; 3 nothing contradicts, but a claim is
    undecided; 2 bad input or usage; 4 internal inconsistency."""
    from verifier.decide.decision import Budget
    from verifier.decide.session import Inconsistent, Settings, Unreadable
    from verifier.lang.errors import SourceError
    if cost_model and all_cost_models:
        raise click.UsageError("--cost-model and --all-cost-models exclude each other")
    if no_certificates and certificates:
        raise click.UsageError("--certificates and --no-certificates exclude each other")
    if not paths:
        if not Path("specs").is_dir():
            raise click.UsageError("name specification files or directories (there is no specs/ here)")
        paths = (Path("specs"),)
    settings = Settings(Budget(seconds=budget, cross_check=cross_check, seed=seed), cost_model, all_cost_models,
                        not no_certificates, certificates, jobs)
    try:
        entries = _entries(paths, settings, rocq)
    except (Unreadable, SourceError) as error:
        _refuse(list(error.errors) if isinstance(error, Unreadable) else [error], form)
        sys.exit(BAD_INPUT)
    except Inconsistent as error:
        click.echo(f"internal inconsistency: {error}", err=True)
        sys.exit(INCONSISTENT)
    _finish(entries, form, report, allow_undecided)


def _entries(paths: tuple[Path, ...], settings: Settings, rocq: bool) -> list[dict[str, Any]]:
    from verifier.decide.session import entry, find_specs, run, tasks
    todo = tasks(find_specs(paths), settings)
    with _Progress(len(todo), "deciding") as progress:
        results = run(todo, settings, lambda n, t: progress(n, t.claim.name))
    entries = [entry(r) for r in results]
    if not rocq:
        return entries
    from verifier.cli.trust import confirm
    with _Progress(len(entries), "coqc") as progress:
        return confirm(entries, [r.decision.certificate for r in results], settings.jobs, progress)


def _refuse(errors: list[Any], form: str) -> None:
    if form == "json":
        click.echo(json.dumps({"format": 1, "claims": [], "summary": None, "errors": [
            {"file": e.position.file, "line": e.position.line, "column": e.position.column, "message": e.message,
             "hint": e.hint} for e in errors]}, indent=1, ensure_ascii=False))
    for e in errors:
        click.echo(str(e), err=True)


def _finish(entries: list[dict[str, Any]], form: str, report: Path | None, allow_undecided: bool) -> None:
    from verifier.cli.render import footer, table
    from verifier.cli.trust import footer as rocq_footer
    from verifier.decide.session import document
    result = document(entries)
    counts = result["summary"]
    if form == "json":
        click.echo(json.dumps(result, indent=1, ensure_ascii=False))
    else:
        text = table(entries)
        click.echo("\n\n".join(t for t in (text, "\n".join([footer(counts), *rocq_footer(entries)])) if t))
    if report is not None:
        from verifier.report import write_reports
        for path in write_reports(result, report):
            click.echo(f"written: {path}", err=True)
    if counts["contradicted"]:
        sys.exit(CONTRADICTED)
    sys.exit(UNDECIDED if counts["open"] and not allow_undecided else AS_EXPECTED)


class _Progress:
    """A bar on a terminal, nothing elsewhere."""

    def __init__(self, total: int, stage: str) -> None:
        self.total, self.stage = total, stage
        self.bar: Any = None
        self.row: Any = None

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty() and self.total > 1:
            from rich.console import Console
            from rich.progress import Progress
            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.row = self.bar.add_task(self.stage, total=self.total)
        return self

    def __call__(self, done: int, name: str) -> None:
        if self.bar is not None:
            self.bar.update(self.row, completed=done, description=f"{self.stage}: {name}")

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
