"""One self-contained HTML page: no network, no fonts, no libraries; formulas in MathML, plots as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from jinja2 import Environment, Template, select_autoescape

from verifier.lang.ast import LANDAU, Relation
from verifier.lang.errors import SourceError
from verifier.lang.parse import parse_expression, parse_relation
from verifier.lang.show import mathml, mathml_relation
from verifier.report import plots
from verifier.report.document import to_html
from verifier.report.entries import Entry
from verifier.report.words import readable

VERDICTS = ("proved", "refuted", "undecided")
COLUMNS = ("Claim", "As published", "Verdict", "Strength", "Seconds")
CONSTANT_NAMES = {
    "upper": "upper constant",
    "lower": "lower constant",
    "threshold": "threshold",
    "rate": "rate",
    "factor": "factor along the family",
}


def _resource(name: str) -> str:
    return (files("verifier.report") / "templates" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True), trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_resource("page.html.j2"))


def page(
    entries: Sequence[Entry],
    summary: Mapping[str, Any],
    title: str = "Complexity claims",
    *,
    table: bool = True,
    open_proofs: bool = False,
) -> str:
    """The page of a set of claims; `table`: with an overview that sorts and filters."""
    counts = {v: sum(e.data["verdict"] == v for e in entries) for v in VERDICTS}
    missing = "" if plots.available() or not any(e.figure for e in entries) else plots.MISSING
    text = _template().render(
        title=title,
        entries=entries,
        summary=counts,
        counts=counted(counts, summary),
        verdicts=VERDICTS,
        columns=COLUMNS,
        table=table,
        missing=missing,
        open=open_proofs,
        css="CSS!",
        js="JS!",
        rocq=any(e.data.get("rocq") for e in entries),
        constants=_constants,
        repairs=_repairs,
        sizes=sizes,
        figure=_figure,
        proof_html=lambda e: to_html(e.proof, 3),
        claim_html=lambda e: to_html(e.claim, 3),
        statement_html=lambda e: mathml_relation(e.statement, display=True),
    )
    # style and script hold no text from outside and must not be escaped
    return text.replace("<style>CSS!</style>", f"<style>{_resource('page.css')}</style>").replace(
        "<script>JS!</script>", f"<script>{_resource('page.js')}</script>"
    )


def counted(counts: Mapping[str, int], summary: Mapping[str, Any]) -> str:
    """The counts in one line."""
    total = sum(counts.values())
    parts = [f"{counts[v]} {v}" for v in VERDICTS if counts[v]]
    text = f"{total} claim{'s' if total != 1 else ''}: {', '.join(parts) or 'none'}."
    unexpected = total - int(summary.get("as_expected", total))
    return text + (f" {unexpected} not as expected." if unexpected else "")


def sizes(values: Mapping[str, str]) -> str:
    """n = 4, k = 2."""
    return ", ".join(f"{n} = {shortened(str(v))}" for n, v in values.items())


def shortened(text: str, limit: int = 60) -> str:
    """A long number by its first and last digits."""
    return text if len(text) <= limit else f"{text[:20]}...{text[-20:]} ({len(text)} digits)"


def formula(text: str) -> str:
    """MathML of an expression or relation, or the text itself where it cannot be read."""
    head, _, rest = text.partition("(")
    if head in LANDAU and rest.endswith(")"):
        symbol = {"Theta": "\u0398", "Omega": "\u03a9", "omega": "\u03c9"}.get(head, head)
        return f"{symbol}({formula(rest[:-1])})"
    try:
        if any(op in text for op in ("<=", ">=", "=", "<", ">")):
            r = parse_relation(text, functions=None)
            return mathml_relation(Relation(r.op, readable(r.left), readable(r.right)))
        return mathml(readable(parse_expression(text, functions=None)))
    except SourceError:
        return f"<code>{escape(text)}</code>"


def _constants(e: Entry) -> str:
    found = e.data.get("constants") or {}
    return ", ".join(f"{CONSTANT_NAMES.get(k, k)} {formula(str(v))}" for k, v in found.items())


def repair_texts(repair: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What would make a refuted claim true: pairs of words and a formula."""
    words = {"bound": "The left-hand side is", "assumption": "The claim holds if in addition"}
    out = []
    for key, value in (repair or {}).items():
        if key.endswith("certificate"):
            continue
        text = (
            value.get("text") or value.get("claim") or value.get("assumption") or value.get("bound")
            if isinstance(value, Mapping)
            else value
        )
        if isinstance(text, str):
            out.append((words.get(key, key.replace("_", " ")), text))
    return out


def _repairs(e: Entry) -> list[str]:
    out = []
    for words, text in repair_texts(e.data.get("repair")):
        shown = " and ".join(formula(t) for t in text.split(", "))
        out.append(f"{escape(words)} {shown}")
    return out


def _figure(e: Entry) -> str | None:
    if e.figure is None:
        return None
    return plots.svg(e.figure, f"{e.name}: {e.figure.caption}")


__all__ = ["CONSTANT_NAMES", "counted", "page", "repair_texts", "shortened", "sizes"]
