"""Findings as SARIF 2.1.0 for code hosts: claims that are refuted, undecided, or not as expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "refuted-claim": "A complexity claim is refuted by an accepted certificate.",
    "undecided-claim": "A complexity claim could not be decided.",
    "unexpected-verdict": "The verdict contradicts what the specification expects.",
}


def sarif(result: Mapping[str, Any]) -> dict[str, Any]:
    """The SARIF log of a run.  A verdict against its expectation is an error, a refuted claim that is expected to be
    refuted a note, an undecided one a warning; proved claims are not findings."""
    results = [r for e in result["claims"] if (r := _result(e)) is not None]
    rules = [{"id": k, "shortDescription": {"text": v}} for k, v in _RULES.items()]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "aalp", "informationUri": "https://arxiv.org/abs/2502.04358", "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _result(e: Mapping[str, Any]) -> dict[str, Any] | None:
    verdict, expected = e["verdict"], e.get("expected")
    unexpected = not e.get("as_expected", True)
    if verdict == "undecided":
        rule, level = "undecided-claim", "warning" if unexpected else "note"
    elif unexpected:
        rule, level = "unexpected-verdict", "error"
    elif verdict == "refuted":
        rule, level = "refuted-claim", "note"
    else:
        return None
    text = f"{e['claim']}: {verdict}"
    if unexpected and expected:
        text += f" (expected {expected})"
    if e.get("reason"):
        text += f"; {e['reason']}"
    out: dict[str, Any] = {"ruleId": rule, "ruleIndex": list(_RULES).index(rule), "level": level, "message": {"text": text}}
    file = e.get("file") or e.get("spec")
    if file:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(str(file))}}
        line = e.get("line")
        if isinstance(line, int) and line > 0:
            region = {"startLine": line}
            if isinstance(e.get("column"), int) and e["column"] > 0:
                region["startColumn"] = e["column"]
            place["region"] = region
        out["locations"] = [{"physicalLocation": place}]
    name = ":".join(str(x) for x in (e.get("spec"), e.get("id"), e.get("reading"), e.get("cost_model")) if x)
    out["partialFingerprints"] = {"claim/v1": name or str(e["claim"])}
    return out
