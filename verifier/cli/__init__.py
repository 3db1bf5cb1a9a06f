"""The command line: one thin module per command, imported only when it runs.

Exit codes: 0 as expected (or proved), 1 a verdict contradicts its expectation (or refuted, rejected), 2 bad input or
usage, 3 undecided, 4 internal inconsistency."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

AS_EXPECTED, CONTRADICTED, BAD_INPUT, UNDECIDED, INCONSISTENT = 0, 1, 2, 3, 4

COMMANDS = {
    "check": "every claim of every specification: the table of verdicts",
    "prove": "one claim, without a file",
    "bound": "the tight Theta of an expression or a recurrence",
    "recheck": "check certificates with the kernel alone",
    "compare": "the separation of two algorithms of a specification",
    "explain": "a proof or a refutation in words",
    "report": "reports of a check's JSON: HTML, Markdown, JSON",
    "schema": "the JSON Schema of specification files",
    "rocq": "export certificates to Rocq and compile them",
    "smtlib": "export the SMT problems of certificates, with a second solver's opinion",
}


class _Lazy(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if _exists(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS or not _exists(cmd_name):
            return None
        command: click.Command = import_module(f"verifier.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.list_commands(ctx):
            from difflib import get_close_matches
            close = get_close_matches(name, self.list_commands(ctx), 1, 0.5)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            ctx.fail(f"No such command '{name}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # the summaries stand here, so that --help imports no command
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _exists(name: str) -> bool:
    from importlib.util import find_spec
    return find_spec(f"verifier.cli.{name}") is not None


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version
        click.echo(f"aalp {version('aalp-verifier')}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True,
              help="Show the version and exit.")
def group() -> None:
    """Proofs and counterexamples for complexity claims about systems built from language models."""


def main(args: list[str] | None = None) -> Any:
    """Run a command; errors in what the user wrote exit with 2, an interrupt with 130."""
    from verifier.lang.errors import SourceError
    try:
        group.main(args=args, prog_name="aalp", standalone_mode=False)
    except SourceError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # the reader of a pipe has seen enough
        import os
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        import traceback
        traceback.print_exc()
        click.echo(f"internal error: {type(error).__name__}: {error}", err=True)
        sys.exit(INCONSISTENT)
    sys.exit(AS_EXPECTED)
