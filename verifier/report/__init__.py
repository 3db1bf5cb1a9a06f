"""Reports: from the JSON of a run and its certificates to HTML, Markdown, JSON, SARIF, JUnit and proofs in words."""

from verifier.report.explain import explain
from verifier.report.write import write_reports

__all__ = ["explain", "write_reports"]
