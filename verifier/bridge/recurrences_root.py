"""The driving function dominates: T(n) = Theta(g(n)) for sum a_i(n) g(r_i(n)) <= rho*g(n), rho < 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_scaled import on_size
from verifier.bridge.recurrences_scaling import rescaled_by_size, scalable
from verifier.bridge.recurrences_statement import Statement


def root(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule root."""
    if scalable(s):
        return rescaled_by_size(s, bound)
    return on_size(s, bound)
