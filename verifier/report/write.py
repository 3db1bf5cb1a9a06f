"""Write the reports of a run into a directory."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verifier.report.entries import entries
from verifier.report.html import page
from verifier.report.junit import junit
from verifier.report.markdown import report
from verifier.report.sarif import sarif


def write_reports(
    result: Mapping[str, Any],
    out_dir: Path | str,
    certificates_root: Path | str | None = None,
    *,
    title: str = "Complexity claims",
) -> list[Path]:
    """index.html, report.md, report.json, report.sarif and junit.xml of the JSON document of a run.

    Certificates are read relative to `certificates_root` (the working directory if None); a claim whose certificate is
    missing is reported without its proof.  Files are replaced atomically.  ValueError if `result` is no such document."""
    if not isinstance(result, Mapping) or result.get("format") != 1 or not isinstance(result.get("claims"), list):
        raise ValueError("not the JSON document of a run (aalp check --format json)")
    for e in result["claims"]:
        if not isinstance(e, Mapping) or not {"claim", "verdict", "seconds"} <= set(e):
            raise ValueError("a claim of the document lacks its claim, verdict or seconds")
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    shown = entries(result, None if certificates_root is None else Path(certificates_root))
    summary = result.get("summary") or {}
    data = {**result, "claims": [{**e.data, "witnesses": e.data.get("witnesses") or e.witnesses} for e in shown]}
    texts = {
        "index.html": page(shown, summary, title),
        "report.md": report(shown, summary, title),
        "report.json": json.dumps(data, indent=1, ensure_ascii=False, sort_keys=False) + "\n",
        "report.sarif": json.dumps(sarif(result), indent=1, ensure_ascii=False) + "\n",
        "junit.xml": junit(result),
    }
    return [replace_text(out / name, text) for name, text in texts.items()]


def replace_text(path: Path, text: str) -> Path:
    """Write a file atomically, its directory included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)
    return path
