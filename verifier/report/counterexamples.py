"""The counterexamples of a run, one page a refuted claim beside its certificate, and an index.

`python -m verifier.report.counterexamples RESULT.json counterexamples` writes them from the JSON of `aalp check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from verifier.report.entries import Entry, entries
from verifier.report.html import page
from verifier.report.markdown import code, section, table
from verifier.report.write import replace_text


def write_counterexamples(
    result: Mapping[str, Any], directory: Path | str, certificates_root: Path | str | None = None
) -> list[Path]:
    """NAME.html and NAME.md beside the certificate NAME.json of every refuted claim, and README.md and index.html over all.

    Certificates have to lie below `directory`; pages of claims that are no longer refuted are removed."""
    directory = Path(directory)
    refuted = {**result, "claims": [e for e in result["claims"] if e["verdict"] == "refuted" and e.get("certificate")]}
    shown = entries(refuted, None if certificates_root is None else Path(certificates_root))
    out: list[Path] = []
    rows: list[tuple[PurePosixPath, Entry]] = []
    for e in shown:
        place = _place(str(e.data["certificate"]), directory)
        stem = place.with_suffix("")
        title = f"{e.name}: refuted" + (f" ({e.data['title']})" if e.data.get("title") else "")
        out.append(
            replace_text(directory / f"{stem}.html", page([e], {"as_expected": 1}, title, table=False, open_proofs=True))
        )
        out.append(replace_text(directory / f"{stem}.md", section(e, 1) + "\n"))
        rows.append((PurePosixPath(stem.as_posix()), e))
    out.append(replace_text(directory / "README.md", _index(rows)))
    out.append(
        replace_text(
            directory / "index.html",
            page(shown, {"as_expected": sum(bool(e.data["as_expected"]) for e in shown)}, "Counterexamples"),
        )
    )
    keep = {p.resolve() for p in out}
    for old in directory.rglob("*"):
        if (
            old.suffix in (".html", ".md")
            and old.resolve() not in keep
            and old.with_suffix(".json") != old
            and old.parent != directory
        ):
            old.unlink()
    return out


def _place(certificate: str, directory: Path) -> PurePosixPath:
    """The certificate's path below the directory."""
    parts = PurePosixPath(certificate.replace("\\", "/")).parts
    if directory.name in parts:
        return PurePosixPath(*parts[parts.index(directory.name) + 1 :])
    return PurePosixPath(*parts[-2:])


def _index(rows: list[tuple[PurePosixPath, Entry]]) -> str:
    lines = [
        "# Counterexamples",
        "The refuted claims of the specifications, each with its family or its sizes, exact values, the "
        "refutation in words and the certificate. `index.html` shows all on one page.",
        table(
            ("claim", "as published", "specification", "report", "certificate"),
            [
                [
                    e.name,
                    code(str(e.data["claim"])),
                    code(str(e.data.get("spec") or "")),
                    f"[page]({stem}.html), [text]({stem}.md)",
                    f"[JSON]({stem}.json)",
                ]
                for stem, e in rows
            ],
        ),
    ]
    return "\n\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """RESULT.json [DIRECTORY]."""
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m verifier.report.counterexamples RESULT.json [DIRECTORY]", file=sys.stderr)
        return 2
    result = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    for path in write_counterexamples(result, arguments[1] if len(arguments) > 1 else "counterexamples"):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
