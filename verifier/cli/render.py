"""Tables and lines for people; rich on a terminal, plain text on a pipe."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = ("id", "claim", "verdict", "strength", "constants or family", "time")
_STYLES = {"proved": "green", "refuted": "red", "undecided": "yellow"}


def on_terminal() -> bool:
    """Whether people watch."""
    return sys.stdout.isatty()


def row(e: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of one claim."""
    name = ":".join(str(x) for x in (e["id"], e["reading"]) if x)
    if e.get("cost_model") and e.get("expected") is None:
        name += f" [{e['cost_model']}]"
    mark = "" if e["as_expected"] else f" (expected {e['expected']})"
    return name, e["claim"], e["verdict"] + trust(e) + mark, e["strength"] or "-", evidence(e), time(e["seconds"])


def trust(e: Mapping[str, Any]) -> str:
    """What has accepted the certificate besides the kernel."""
    return "+rocq" if e.get("rocq") == "accepted" else ""


def evidence(e: Mapping[str, Any]) -> str:
    """Constants of a proof, family or sizes of a refutation, the reason why there is neither."""
    if e.get("assignment"):
        return ", ".join(f"{n} = {v}" for n, v in e["assignment"].items())
    if e.get("family"):
        sizes = e["family"].get("sizes", {})
        text = ", ".join(f"{n} = {v}" for n, v in sizes.items() if not n.endswith("'"))
        divergence = e["family"].get("divergence")
        return f"{text}: off by {divergence}" if divergence and divergence != "1" else text
    if e["verdict"] == "undecided" or e.get("reason"):
        return e["reason"] or "-"
    names = {"lower": "c1", "upper": "c2", "threshold": "N", "rate": "rate"}
    constants = e.get("constants") or {}
    return ", ".join(f"{names.get(k, k)} = {v}" for k, v in sorted(constants.items(), key=lambda t: list(names).index(
        t[0]) if t[0] in names else 9)) or "-"


def time(seconds: float) -> str:
    """Milliseconds below a second."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def table(entries: Sequence[Mapping[str, Any]]) -> str | None:
    """The verdict table as plain text, or None after printing it to a terminal."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for e in entries:
        groups.setdefault(e["spec"] or "", []).append(e)
    if on_terminal():
        _rich(groups)
        return None
    blocks = []
    for spec, group in groups.items():
        rows = [COLUMNS, *(row(e) for e in group)]
        widths = [max(len(r[i]) for r in rows) for i in range(len(COLUMNS))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(r, widths)).rstrip() for r in rows]
        lines.insert(1, "  ".join("-" * w for w in widths))
        blocks.append("\n".join([*([spec] if spec else []), *lines]))
    return "\n\n".join(blocks)


def _rich(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
    console = Console()
    for spec, group in groups.items():
        t = Table(title=Text(spec) if spec else None, title_justify="left", title_style="bold")
        for name in COLUMNS:
            t.add_column(name, justify="right" if name == "time" else "left", overflow="fold",
                         no_wrap=name in ("time", "strength"))
        for e in group:
            cells = [Text(c) for c in row(e)]
            cells[2].stylize(_STYLES[e["verdict"]] if e["as_expected"] else "bold reverse " + _STYLES[e["verdict"]])
            t.add_row(*cells)
        console.print(t)


def footer(s: Mapping[str, Any]) -> str:
    """The counts under the table."""
    parts = [f"{s['claims']} claim{'s' * (s['claims'] != 1)}", *(f"{s[v]} {v}" for v in ("proved", "refuted", "undecided")
                                                                if s[v])]
    rest = "all as expected" if s["as_expected"] == s["claims"] else \
        ", ".join(t for t in (f"{s['contradicted']} against expectation" if s["contradicted"] else "",
                              f"{s['open']} left undecided" if s["open"] else "") if t)
    return ", ".join(parts) + f": {rest} ({time(s['seconds'])})"


def one(e: Mapping[str, Any]) -> str:
    """The outcome of one claim in a few lines."""
    lines = [f"{e['verdict']}{trust(e)}" + (f" ({e['strength']})" if e["strength"] else "")]
    if e["verdict"] == "undecided":
        lines.append(f"  reason: {e['reason'] or 'no proof and no counterexample found'}")
        if e["tried"]:
            lines.append("  tried: " + ", ".join(e["tried"]))
    elif e.get("assignment"):
        lines.append("  fails at " + evidence(e))
    elif e.get("family"):
        f = e["family"]
        start = f.get("from", "1")
        lines.append("  family: " + ", ".join(f"{n} = {v}" for n, v in f["sizes"].items() if not n.endswith("'"))
                     + f" for {f.get('parameter', 't')} >= {start}")
        if f.get("divergence"):
            lines.append(f"  the ratio of the two sides grows at least like {f['divergence']}")
    elif evidence(e) != "-":
        lines.append("  " + evidence(e))
    lines += [f"  rests on {r}" for r in e["rests_on"]] + [f"  note: {f}" for f in e["findings"]]
    if e.get("rocq") and e["rocq"] != "accepted":
        lines.append(f"  {e['rocq']} by Rocq: {e['rocq_reason']}")
    lines += weaker(e.get("weaker")) + smallest(e.get("witnesses")) + repair(e.get("repair"))
    if e["certificate"]:
        lines.append(f"  certificate: {e['certificate']}")
    return "\n".join(lines)


def smallest(found: Mapping[str, Any] | None) -> list[str]:
    """The smallest sizes at which the ratio of the two sides passes 2, 10, 100."""
    out = []
    for w in (found or {}).get("smallest", ()):
        sizes = ", ".join(f"{n} = {v}" for n, v in w["sizes"].items())
        out.append(f"  the ratio reaches {w['ratio']} at {sizes} ({w['how']})")
    return out


def weaker(found: Mapping[str, Any] | None) -> list[str]:
    """Where a stronger reading of a proved claim fails."""
    return [f"  not {strength}: fails along " + ", ".join(f"{n} = {v}" for n, v in family["sizes"].items())
            for strength, family in (found or {}).items() if isinstance(family, Mapping) and "sizes" in family]


REPAIRS = {"bound": "tight", "assumption": "true under"}


def repair(found: Mapping[str, Any] | None) -> list[str]:
    """What would make a refuted claim true."""
    return [f"  {words}: {found[key]}" for key, words in REPAIRS.items() if found and isinstance(found.get(key), str)]
