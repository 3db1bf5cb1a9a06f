"""From a claim to a verdict: find a proof or a refutation, and let the kernel check it."""

from verifier.decide.decision import Budget, Decision
from verifier.decide.enrich import decide_fully
from verifier.decide.pipeline import decide

__all__ = ["Budget", "Decision", "decide", "decide_fully"]
