"""The report as Markdown with formulas between dollar signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verifier.report.document import Display, markdown_text, to_markdown
from verifier.report.entries import Entry
from verifier.report.html import CONSTANT_NAMES, VERDICTS, counted, repair_texts, sizes


def report(entries: Sequence[Entry], summary: Mapping[str, Any], title: str = "Complexity claims") -> str:
    """All claims: an overview table and a section for each."""
    counts = {v: sum(e.data["verdict"] == v for e in entries) for v in VERDICTS}
    out = [f"# {markdown_text(title)}", counted(counts, summary)]
    rows = [
        [
            f"[{markdown_text(e.name)}](#{e.anchor})",
            code(str(e.data["claim"])),
            _verdict(e.data),
            e.data.get("strength") or "",
        ]
        for e in entries
    ]
    out.append(table(("Claim", "As published", "Verdict", "Strength"), rows))
    out += [section(e) for e in entries]
    return "\n\n".join(out) + "\n"


def section(e: Entry, level: int = 2) -> str:
    """One claim with everything known about it."""
    d = e.data
    out = [f'<a id="{e.anchor}"></a>', f"{'#' * level} {markdown_text(e.name)}: {d['verdict']}"]
    facts = [("As published", code(str(d["claim"])))]
    facts += [
        (name, markdown_text(str(d[key])))
        for name, key in (
            ("Source", "source"),
            ("Location", "location"),
            ("Specification", "title"),
            ("Reading", "reading"),
            ("Cost model", "cost_model"),
            ("About", "about"),
            ("Note", "note"),
        )
        if d.get(key)
    ]
    if d.get("strength"):
        weaker = d.get("weaker") or {}
        facts += [(f"Fails {k}", sizes(v.get("sizes", {}))) for k, v in weaker.items() if isinstance(v, Mapping)]
        facts.append(("Strength", f"{d['strength']}: {e.strength_words}"))
    facts += [("Rests on", markdown_text(str(r))) for r in d.get("rests_on") or ()]
    facts += [("Remark", markdown_text(str(x))) for x in dict.fromkeys([d.get("reason"), *(d.get("findings") or ())]) if x]
    facts += [(CONSTANT_NAMES.get(k, k).capitalize(), code(str(v))) for k, v in (d.get("constants") or {}).items()]
    facts += [("Repair", f"{words} {code(text)}") for words, text in repair_texts(d.get("repair"))]
    out.append("\n".join(f"- **{name}:** {text}" for name, text in facts))
    if e.claim:
        out += [f"{'#' * (level + 1)} Formal statement", to_markdown(e.claim)]
    elif e.statement is not None:
        out += [f"{'#' * (level + 1)} Formal statement", to_markdown([Display(e.statement)])]
    if e.witnesses and e.witnesses.get("smallest"):
        rows = [[str(w["ratio"]), sizes(w["sizes"]), w["value"] or "unbounded", w["how"]] for w in e.witnesses["smallest"]]
        out += [f"{'#' * (level + 1)} Smallest sizes", table(("ratio above", "sizes", "ratio there", ""), rows)]
    if e.witnesses and e.witnesses.get("rows"):
        rows = [
            [w["t"], sizes(w["sizes"]), w["left"] or "too large to write", w["right"] or "too large to write", w["ratio"]]
            for w in e.witnesses["rows"]
        ]
        out += [
            f"{'#' * (level + 1)} Values along the family",
            table(("t", "sizes", "left side", "right side", "ratio"), rows),
        ]
    if e.proof:
        out += [f"{'#' * (level + 1)} {'Proof' if d['verdict'] == 'proved' else 'Refutation'}", to_markdown(e.proof)]
    if e.problem:
        out.append(markdown_text(e.problem))
    if e.rerun:
        out += [f"{'#' * (level + 1)} Run it again", "```sh\n" + "\n".join(e.rerun) + "\n```"]
    return "\n\n".join(out)


def _verdict(d: Mapping[str, Any]) -> str:
    return str(d["verdict"]) + ("" if d.get("as_expected", True) else f" (expected {d.get('expected')})")


def code(text: str) -> str:
    """Text in code style, whatever it contains."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text.replace('|', chr(92) + '|')}{fence}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; bars in the cells are escaped by the caller's text or here."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(str(c).replace("\n", " ") for c in r) + " |" for r in rows]
    return "\n".join(lines)


__all__ = ["report", "section", "table"]
