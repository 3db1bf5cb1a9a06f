"""Verdicts as JUnit XML, which every CI system shows: one suite a specification, one case a claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring


def junit(result: Mapping[str, Any]) -> str:
    """A verdict against its expectation is a failure, a claim left undecided is skipped, an expected verdict passes."""
    root = Element("testsuites", name="aalp")
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for e in result["claims"]:
        groups.setdefault(str(e.get("spec") or "claims"), []).append(e)
    totals = [0, 0, 0]
    for spec, members in groups.items():
        failures = [e for e in members if _failed(e)]
        skipped = [e for e in members if _open(e)]
        suite = SubElement(
            root,
            "testsuite",
            name=_clean(spec),
            tests=str(len(members)),
            failures=str(len(failures)),
            errors="0",
            skipped=str(len(skipped)),
            time=f"{sum(e['seconds'] for e in members):.3f}",
        )
        for e in members:
            _case(suite, spec, e)
        totals = [a + b for a, b in zip(totals, (len(members), len(failures), len(skipped)), strict=True)]
    root.set("tests", str(totals[0]))
    root.set("failures", str(totals[1]))
    root.set("skipped", str(totals[2]))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, spec: str, e: Mapping[str, Any]) -> None:
    name = " ".join(
        str(x)
        for x in (
            e.get("id") or e["claim"],
            f"({e['reading']})" if e.get("reading") else None,
            f"[{e['cost_model']}]" if e.get("cost_model") else None,
        )
        if x
    )
    case = SubElement(suite, "testcase", classname=_clean(spec), name=_clean(name), time=f"{e['seconds']:.3f}")
    if isinstance(e.get("line"), int):
        case.set("file", _clean(str(e.get("file") or spec)))
        case.set("line", str(e["line"]))
    if _failed(e):
        text = f"{e['verdict']}, expected {e.get('expected')}"
        SubElement(case, "failure", message=_clean(text), type=_clean(str(e["verdict"]))).text = _clean(_detail(e))
    elif _open(e):
        SubElement(case, "skipped", message=_clean(f"undecided: {e.get('reason') or 'no proof and no counterexample found'}"))
    SubElement(case, "system-out").text = _clean(_detail(e))


def _failed(e: Mapping[str, Any]) -> bool:
    return not e.get("as_expected", True) and e["verdict"] != "undecided"


def _open(e: Mapping[str, Any]) -> bool:
    return not e.get("as_expected", True) and e["verdict"] == "undecided"


def _detail(e: Mapping[str, Any]) -> str:
    lines = [f"claim: {e['claim']}", f"verdict: {e['verdict']}" + (f" ({e['strength']})" if e.get("strength") else "")]
    lines += [f"{k}: {e[k]}" for k in ("statement", "reason", "certificate") if e.get(k)]
    return "\n".join(lines)


def _clean(text: str) -> str:
    """Without the control characters XML 1.0 has no way to write."""
    return "".join(
        c for c in text if c in "\t\n\r" or 0x20 <= ord(c) <= 0xD7FF or 0xE000 <= ord(c) <= 0xFFFD or ord(c) >= 0x10000
    )
