"""Reports: from the JSON of a run and its certificates to HTML, Markdown, JSON, SARIF, JUnit and proofs in words."""

from verifier.report.explain import explain

__all__ = ["explain"]
