"""The files of a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from verifier.report import plots, write_reports
from verifier.report.counterexamples import write_counterexamples
from verifier.report.figures import log10_of
from verifier.report.html import formula, shortened

Run = tuple[dict[str, Any], Path]


@pytest.fixture(scope="module")
def written(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    result, root = run
    out = tmp_path_factory.mktemp("report")
    return {p.name: p.read_text(encoding="utf-8") for p in write_reports(result, out, root)}


def test_all_files_are_written(written: dict[str, str]) -> None:
    assert set(written) == {"index.html", "report.md", "report.json", "report.sarif", "junit.xml"}


def test_the_page_needs_no_network(written: dict[str, str]) -> None:
    page = written["index.html"]
    for word in ("http://", "https://", "src=", "@import", "url("):
        hits = [h for h in page.split(word)[1:] if not h.startswith(("www.w3.org/", "#"))]
        assert not hits, (word, hits[0][:80])


def test_text_from_outside_is_escaped(written: dict[str, str]) -> None:
    assert "<script>alert" not in written["index.html"]
    assert "&lt;script&gt;alert" in written["index.html"]
    assert "<script>" not in written["report.md"]


def test_a_refuted_claim_is_complete(written: dict[str, str]) -> None:
    page = written["index.html"]
    article = page[page.index('<article id="paper-ratio"') :]
    article = article[: article.index("</article>")]
    for part in (
        "Formal statement",
        "Smallest sizes",
        "Exact values along the family",
        "Refutation",
        "Run it again",
        "<math",
        "aalp recheck",
        "b &lt;= k",
    ):
        assert part in article, part
    assert ("<svg" in article) == plots.available()
    assert "Repair" in page


def test_a_proved_claim_is_complete(written: dict[str, str]) -> None:
    page = written["index.html"]
    article = page[page.index('<article id="paper-sums"') :]
    article = article[: article.index("</article>")]
    for part in ("upper constant", "lower constant", "everywhere: for all parameters", "Proof", "Values of the ratio"):
        assert part in article, part


def test_the_json_has_the_witnesses(written: dict[str, str]) -> None:
    data = json.loads(written["report.json"])
    log = next(e for e in data["claims"] if e["id"] == "log")
    assert [w["sizes"]["n"] for w in log["witnesses"]["smallest"]] == [
        "8",
        "22027",
        "26881171418161354484126255515800135873611119",
    ]
    assert {w["how"] for w in log["witnesses"]["smallest"]} == {"smallest"}


def test_sarif(written: dict[str, str]) -> None:
    log = json.loads(written["report.sarif"])
    results = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    assert {(r["ruleId"], r["level"]) for r in results} == {
        ("unexpected-verdict", "error"),
        ("refuted-claim", "note"),
        ("undecided-claim", "warning"),
    }
    opened = next(r for r in results if r["ruleId"] == "undecided-claim")
    assert opened["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "specs/a%20b.yaml"},
        "region": {"startLine": 7},
    }
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in results)


def test_junit(written: dict[str, str]) -> None:
    root = ElementTree.fromstring(written["junit.xml"])
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("8", "1", "1")
    assert len(root.findall(".//testcase")) == 8
    assert len(root.findall(".//failure")) == 1


def test_the_same_run_gives_the_same_page(run: Run, written: dict[str, str], tmp_path: Path) -> None:
    result, root = run
    first = {**result, "claims": [result["claims"][0]]}
    a = write_reports(first, tmp_path / "a", root)[0].read_bytes()
    assert a == write_reports(first, tmp_path / "b", root)[0].read_bytes()


def test_without_a_drawing_library(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "available", lambda: False)
    result, root = run
    page = write_reports({**result, "claims": result["claims"][:2]}, tmp_path, root)[0].read_text(encoding="utf-8")
    assert "<svg" not in page
    assert "aalp-verifier[report]" in page


def test_a_missing_certificate_is_said(run: Run, tmp_path: Path) -> None:
    result, _ = run
    page = write_reports({**result, "claims": result["claims"][:1]}, tmp_path, tmp_path)[0].read_text(encoding="utf-8")
    assert "the certificate could not be shown" in page


@pytest.mark.parametrize("bad", [{}, [], {"format": 1}, {"format": 2, "claims": []}, {"format": 1, "claims": [{}]}])
def test_other_documents_are_refused(bad: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r".+"):
        write_reports(bad, tmp_path / "x")


def test_an_empty_run(tmp_path: Path) -> None:
    assert "0 claims" in write_reports({"format": 1, "claims": [], "summary": {}}, tmp_path)[0].read_text(encoding="utf-8")


def test_counterexamples_stand_beside_their_certificates(run: Run) -> None:
    result, root = run
    paths = write_counterexamples(result, root / "counterexamples", root)
    names = {p.relative_to(root / "counterexamples").as_posix() for p in paths}
    assert {"README.md", "index.html"} <= names
    for e in result["claims"]:
        if e["verdict"] == "refuted":
            stem = e["certificate"].removeprefix("counterexamples/").removesuffix(".json")
            assert {stem + ".html", stem + ".md"} <= names
    stale = root / "counterexamples" / "paper" / "old.html"
    stale.write_text("", encoding="utf-8")
    write_counterexamples(result, root / "counterexamples", root)
    assert not stale.exists()


def test_numbers_in_words() -> None:
    assert log10_of("100") == pytest.approx(2)
    assert log10_of("~1.5e+300") == pytest.approx(300.176, abs=1e-3)
    assert log10_of("2^64") == pytest.approx(19.266, abs=1e-3)
    assert log10_of("1/1000") == pytest.approx(-3)
    assert log10_of("0") is None
    assert log10_of("x") is None
    assert shortened("1" * 100).endswith("(100 digits)")
    assert "<math" in formula("Theta(n^2)")
    assert formula("<b>") == "<code>&lt;b&gt;</code>"
