"""Claims about recurrences by cases between two constants: a < 2, a = 2, a > 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from verifier.kernel.claim import STRENGTHS, Claim, claim_from_json
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import real_of
from verifier.kernel.recurrence_system import constant_facts
from verifier.lang.ast import Relation
from verifier.lang.parse import parse_expression

if TYPE_CHECKING:
    from verifier.kernel.check import Checked

CASES = {"less": "<", "equal": "=", "greater": ">"}


def case(claim: Claim, name: str, left: object, right: object) -> Claim:
    """The claim under one more assumption, left < right, left = right or left > right, between constants."""
    facts = constant_facts(claim)
    a, b = parse_expression(str(left)), parse_expression(str(right))
    real_of(a, facts), real_of(b, facts)  # numbers that mention constant parameters only
    return replace(claim, assumptions=(*claim.assumptions, Relation(CASES[name], a, b)))


def rule_cases(certificate: Mapping[str, Any], claim: Claim,
               check: Callable[[Mapping[str, Any]], Checked]) -> Checked:
    """A claim for every value of its constant parameters holds if it holds where x < y, where x = y and where x > y, for two
    constants x and y; and it is refuted if it is refuted in one of the cases, for that refutation gives constants that
    satisfy the case (its model).  A recurrence that does not end in one case is no refutation.  Rocq: rule_trichotomy."""
    from verifier.kernel.check import Checked
    bound, nested = certificate["bound"], certificate["comparison"]
    done: dict[str, Checked] = {}
    for name, inner in nested.items():
        if name not in CASES or claim_from_json(inner["claim"]) != case(claim, name, bound["left"], bound["right"]):
            raise Rejected("a case is not the claim under that assumption")
        done[name] = check(inner)
        if inner.get("bound", {}).get("rule") == "not_well_founded":
            raise Rejected("a recurrence that does not end")
    verdicts = {name: c.verdict for name, c in done.items()}
    if certificate["verdict"] == "refuted" and "refuted" in verdicts.values():
        return Checked("refuted", None, claim)
    if certificate["verdict"] != "proved" or set(verdicts) != set(CASES) or set(verdicts.values()) != {"proved"}:
        raise Rejected("the cases do not decide the claim")
    strengths = [str(c.strength) for c in done.values()]
    if any(s not in STRENGTHS for s in strengths):
        raise Rejected("unknown strength")
    return Checked("proved", max(strengths, key=STRENGTHS.index), claim)
