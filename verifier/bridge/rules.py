"""The rules of the kernel and the functions that write their Rocq proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verifier.bridge import calculus, cases, functions, proof
from verifier.bridge.proof import Lines, Premise, Scope
from verifier.lang.ast import Relation

RULES: Mapping[str, Callable[[Any, Relation, Sequence[Premise], Scope], Lines]] = {
    "ring": proof.ring,
    "bounds": proof.bounds,
    "chain": proof.chain,
    "antisymmetry": proof.antisymmetry,
    "scale": proof.scaled,
    "dominate": proof.dominate,
    "monotone": proof.monotone,
    "rounding": functions.rounding,
    "extremum": proof.extremum,
    "log_sum": functions.log_sum,
    "tangent": functions.tangent,
    "stirling": functions.stirling,
    "max_geometric": functions.max_geometric,
    "telescoping": proof.telescoping,
    "termwise": proof.termwise,
    "integral": calculus.integral,
    "half_range": calculus.half_range,
    "member": proof.member,
    "split": cases.split,
    "residues": cases.residues,
    "cases": cases.cases,
    "evaluate": proof.evaluate,
}

__all__ = ["RULES"]
