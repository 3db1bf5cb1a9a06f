"""Certificates about recurrences as Rocq files.

The theorem that a certificate names is applied again in Rocq: its hypotheses (rounding, positivity, the sum that decides the case)
are shown for the recurrence at hand, and the bound is compared with the claimed one through exponents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_cases import export_cases
from verifier.bridge.recurrences_differencing import differencing
from verifier.bridge.recurrences_divide import divide_and_conquer
from verifier.bridge.recurrences_equivalent import export_equivalent
from verifier.bridge.recurrences_explicit import export_explicit
from verifier.bridge.recurrences_exponent import export_exponent
from verifier.bridge.recurrences_first_order import first_order
from verifier.bridge.recurrences_history import history
from verifier.bridge.recurrences_linear import lags
from verifier.bridge.recurrences_loose import loose_divide, loose_lags
from verifier.bridge.recurrences_master import export_master
from verifier.bridge.recurrences_moving import export_moving
from verifier.bridge.recurrences_multiple import multiple
from verifier.bridge.recurrences_root import dominated, first_of, root
from verifier.bridge.recurrences_scaled import on_log_size, on_size
from verifier.bridge.recurrences_scaling import rescaled_by_size
from verifier.bridge.recurrences_solved import closed_form
from verifier.bridge.recurrences_statement import Statement, state_recurrence
from verifier.bridge.recurrences_systems import export_system
from verifier.bridge.recurrences_telescoped import substitution
from verifier.bridge.text import NotExported
from verifier.kernel.claim import THEOREMS, Claim
from verifier.kernel.context import Rejected
from verifier.lang.ast import App

Method = Callable[[Statement, Mapping[str, Any]], str]
"""From the statement and the certificate's `bound` to the text of the proof."""
METHODS: Mapping[tuple[str, str], Method] = {
    ("akra_bazzi", "n"): first_of(divide_and_conquer, on_size, dominated), ("akra_bazzi", "log(n)"): first_of(on_log_size, dominated), ("akra_bazzi", "exp(n)"): lags,
    ("substitution", "n"): substitution, ("root", "n"): root, ("scaling", "n"): rescaled_by_size,
    ("first_order", "n"): first_order, ("multiple", "n"): first_of(first_order, multiple), ("history", "n"): history, ("differencing", "n"): differencing, ("closed_form", "n"): closed_form,
}
"""The rules that have an export, with the size they are used in."""
LOOSE: Mapping[tuple[str, str], Method] = {("akra_bazzi", "n"): loose_divide, ("akra_bazzi", "exp(n)"): loose_lags}
"""The same for inequalities and driving terms O(f), Omega(f), Theta(f)."""


def export_recurrence(certificate: Mapping[str, Any], claim: Claim) -> Files:
    """The files of a certificate about a recurrence; NotExported with the reason where there are none."""
    bound = certificate.get("bound")
    if not isinstance(bound, Mapping):
        raise NotExported("a certificate without a bound")
    if bound.get("rule") == "cases":
        return export_cases(certificate, claim, export_recurrence)
    left = claim.statement.left
    if isinstance(left, App) and left.op in THEOREMS:
        return (export_master if left.op == "master" else export_exponent)(certificate, claim)
    if bound.get("rule") == "superposition":
        return export_moving(certificate, claim, method_of)
    if len({e.relation.left.op for e in claim.recurrences if isinstance(e.relation.left, App)}) > 1:
        return export_system(certificate, claim)
    s = state_recurrence(claim, str(certificate["verdict"]))
    if s.size is not None:
        if s.landau:
            raise NotExported("an explicit claim with a driving term that is only bounded")
        return export_explicit(s, certificate)
    if s.op == "~":
        return export_equivalent(s, certificate)
    if certificate.get("comparison", {}).get("rule") != "orders":
        raise NotExported("a comparison by a certificate of its own")
    try:
        return Files(s.text, (loose_method(bound) if s.loose else method_of(bound))(s, bound))
    except Rejected as error:
        raise NotExported(f"undecided constants: {error}") from error


def loose_method(bound: Mapping[str, Any]) -> Method:
    """The method where T is only bounded."""
    rule = (str(bound["rule"]), str(bound.get("size", "n")))
    if rule not in LOOSE:
        raise NotExported("an inequality or a driving term that is only bounded, by this rule")
    return LOOSE[rule]


def method_of(bound: Mapping[str, Any]) -> Method:
    """The method for the rule that a bound names."""
    rule = (str(bound["rule"]), str(bound.get("size", "n")))
    method = METHODS.get(rule)
    if method is None:
        raise NotExported(f"the rule {rule[0]}" + (f" in the size {rule[1]}" if rule[1] != "n" else ""))
    return method
