"""Certificates as proofs in words."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from verifier.kernel.rules import RULES
from verifier.report import explain
from verifier.report.words import KNOWN, proof

REPOSITORY = Path(__file__).parents[2]
CERTIFICATES = sorted([*REPOSITORY.glob("proofs/*/*.json"), *REPOSITORY.glob("counterexamples/*/*.json")])


def certificates(run: tuple[dict[str, Any], Path]) -> Iterator[Mapping[str, Any]]:
    result, root = run
    for e in result["claims"]:
        if e["certificate"]:
            yield json.loads((root / e["certificate"]).read_text(encoding="utf-8"))


def test_every_rule_of_the_kernel_has_words() -> None:
    assert set(RULES) == KNOWN


@pytest.mark.parametrize("form", ["markdown", "text", "latex"])
def test_every_certificate_is_explained(run: tuple[dict[str, Any], Path], form: str) -> None:
    for c in certificates(run):
        assert len(explain(c, form)) > 100
    for path in CERTIFICATES:
        text = explain(json.loads(path.read_text(encoding="utf-8")), form)
        assert "by the rule" not in text


def test_the_numbers_of_a_proof_are_in_its_words(run: tuple[dict[str, Any], Path]) -> None:
    sums = next(certificates(run))
    text = explain(sums, "text")
    assert "1/2*" in text
    assert "telescopes" in text
    assert "F(j) = " in text
    assert "Upper bound" in text
    assert "Lower bound" in text


def test_a_refutation_names_family_and_growth(run: tuple[dict[str, Any], Path]) -> None:
    c = list(certificates(run))[1]
    text = explain(c, "text")
    assert "n = t" in text
    assert "unbounded" in text
    assert "log(t)" in text


def test_an_assignment_is_shown_with_both_sides(run: tuple[dict[str, Any], Path]) -> None:
    text = explain(list(certificates(run))[3], "text")
    assert "n = 1001" in text
    assert "1002001" in text
    assert "1001000" in text


def test_a_recurrence_names_its_theorem(run: tuple[dict[str, Any], Path]) -> None:
    text = explain(list(certificates(run))[4], "text")
    assert "Akra-Bazzi" in text
    assert "T(n) = 2*T(n/2) + n" in text


def test_cases_are_nested_and_numbered() -> None:
    inner = [{"rule": "evaluate", "conclusion": "1 <= 2"}]
    blocks = proof(
        [
            {"rule": "ring", "conclusion": "n <= n"},
            {
                "rule": "split",
                "conclusion": "n <= 2*n",
                "parameter": "n",
                "at": "2",
                "below": [inner],
                "above": [{"rule": "bounds", "conclusion": "n <= 2*n"}],
            },
        ]
    )
    from verifier.report.document import to_html, to_latex, to_text

    assert "(2.1)" in to_text(blocks)
    assert "(2.2)" in to_text(blocks)
    assert "Case " in to_html(blocks)
    assert to_latex(blocks).count(r"\begin{itemize}") == to_latex(blocks).count(r"\end{itemize}")


def test_a_broken_certificate_is_an_error() -> None:
    for broken in ({}, {"verdict": "proved"}, {"verdict": "proved", "claim": {"parameters": []}}):
        with pytest.raises(ValueError, match=r".+"):
            explain(broken)
    with pytest.raises(ValueError, match="unknown format"):
        explain({"verdict": "proved"}, "pdf")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_latex_compiles_with_amsmath_alone(run: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    chosen = [*certificates(run), *(json.loads(p.read_text(encoding="utf-8")) for p in CERTIFICATES[::4])]
    body = "\n\n".join(explain(c, "latex") for c in chosen)
    (tmp_path / "a.tex").write_text(
        "\\documentclass{article}\n\\usepackage{amsmath,amsthm}\n\\begin{document}\n" + body + "\n\\end{document}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path,
        timeout=60,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1500:].decode(errors="replace")
    assert not re.findall(rb"^! ", done.stdout, re.MULTILINE)


def test_markup_in_names_is_inert() -> None:
    from verifier.report.document import latex_text, markdown_text

    assert latex_text("a_b & 50% {x} \\input $") == r"a\_b \& 50\% \{x\} \textbackslash{}input \$"
    assert markdown_text("*a* <b> [c](d)") == r"\*a\* \<b\> \[c\](d)"
    assert inspect.getdoc(explain)
