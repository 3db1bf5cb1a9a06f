"""`aalp compare`: the separation of two algorithms of a specification."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verifier.cli import INCONSISTENT
from verifier.cli.options import budget_options

if TYPE_CHECKING:
    from verifier.decide.decision import Decision


@click.command("compare")
@click.argument("spec", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("a")
@click.argument("b")
@click.option("--measure", type=click.Choice(["cost", "calls", "prompt_tokens", "reply_tokens", "tokens", "latency",
                                              "context"]), default="cost", show_default=True)
@click.option("--cost-model", metavar="NAME|FORMULA", help="Use this cost model in place of the specification's.")
@click.option("--reading", metavar="LABEL", help="One reading only.")
@click.option("--at", "sizes", multiple=True, metavar="NAME=SIZE", help="Fix a size in the search for crossovers.")
@click.option("--certificates", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write the certificates into this directory.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@budget_options
def command(spec: Path, a: str, b: str, measure: str, cost_model: str | None, reading: str | None,
            sizes: tuple[str, ...], certificates: Path | None, form: str, budget: float, seed: int | None,
            cross_check: bool) -> None:
    """Compare algorithms A and B of SPEC: the tight ratio of their costs, the sizes at which the cheaper one changes, and
    which model's size decides the cost of each."""
    from verifier.decide.compare import as_json, compare
    from verifier.decide.decision import Budget
    from verifier.decide.session import Inconsistent
    from verifier.spec.load import load
    loaded = load(str(spec))
    found = compare(loaded, a, b, Budget(seconds=budget, cross_check=cross_check, seed=seed), measure=measure,
                    cost_model=cost_model, at=_sizes(sizes), reading=reading)
    try:
        entries = [as_json(c, _writer(certificates, f"{spec.stem}.{a}-{b}", c.reading)) for c in found]
    except Inconsistent as error:
        click.echo(f"internal inconsistency: {error}", err=True)
        sys.exit(INCONSISTENT)
    if form == "json":
        click.echo(json.dumps({"format": 1, "spec": str(spec), "measure": measure, "comparisons": entries}, indent=1,
                              ensure_ascii=False))
        return
    click.echo("\n\n".join(_text(e, measure) for e in entries))


def _sizes(texts: tuple[str, ...]) -> dict[str, Fraction]:
    out = {}
    for text in texts:
        name, _, size = text.partition("=")
        try:
            if len(size) > 1000:
                raise ValueError
            out[name.strip()] = Fraction(size.strip())
        except (ValueError, ZeroDivisionError):
            raise click.BadParameter(f"'{text}' is not NAME=SIZE", param_hint="--at") from None
    return out


def _writer(directory: Path | None, stem: str, reading: str | None) -> Any:
    from verifier.decide.session import confirm
    from verifier.decide.store import file_name, serialised, write_text

    def write(name: str, decision: Decision) -> str | None:
        if decision.certificate is None:
            return None
        text = serialised(decision.certificate)
        confirm(text, decision, name)
        if directory is None:
            return None
        path = directory / f"{stem}.{file_name(name, reading, None)}.json"
        write_text(path, text)
        return str(path)

    return write


def _text(e: dict[str, Any], measure: str) -> str:
    a, b = e["a"], e["b"]
    lines = [f"{a} against {b}" + (f" (reading: {e['reading']})" if e["reading"] else "")]
    lines += [f"  {measure}({n}) = {e[k]}" for n, k in ((a, "cost_a"), (b, "cost_b"))]
    ratio = e["ratio"]
    lines.append(f"  {measure}({a})/{measure}({b}) = {ratio['bound']}   proved ({ratio['strength']})" if ratio["bound"]
                 else f"  no tight ratio found: {ratio['reason']}")
    if e["never_dearer"]:
        other = b if e["never_dearer"]["algorithm"] == a else a
        lines.append(f"  {e['never_dearer']['algorithm']} never costs more than {other}: proved for all sizes")
    elif e["smallest"]:
        sizes = ", ".join(f"{n} = {q}" for n, q in e["smallest"]["sizes"].items())
        who = e["smallest"]["cheaper"]
        lines.append(f"  at {sizes} " + (f"{who} is cheaper" if who else "the two cost the same"))
    for x in e["crossovers"]:
        others = ", ".join(f"{n} = {q}" for n, q in x["others"].items())
        what = f"{x['cheaper']} is cheaper" if x["cheaper"] else "the two cost the same"
        lines.append(f"  from {x['parameter']} = {x['size']} on {what}" + (f" (at {others})" if others else ""))
    if not e["never_dearer"] and not e["crossovers"]:
        lines.append("  this does not change along any one parameter")
    for s in e["models"]:
        order = f"Theta({s['bound']})" if s["bound"] else s["part"]
        if s["dominates"]:
            verdict = f"it decides the order of {measure}({s['algorithm']}): proved ({s['strength']})"
        elif s["dominates"] is False:
            family = ", ".join(f"{n} = {v}" for n, v in (s["family"] or {}).items())
            verdict = f"it does not decide the order of {measure}({s['algorithm']}): refuted along {family}"
        else:
            verdict = f"whether it decides the order of {measure}({s['algorithm']}) is undecided"
        lines.append(f"  {s['model']} in {s['algorithm']}: {order}; {verdict}")
    return "\n".join(lines)
