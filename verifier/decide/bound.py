"""The tight bound of an expression, of a function defined by a recurrence, or of an algorithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

from verifier.decide.decision import Budget, Decision
from verifier.decide.model import contradiction
from verifier.decide.pipeline import decide
from verifier.decide.tight import tight_bound
from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.lang.ast import App, Expr, Relation, Var, functions
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import SourceError
from verifier.lang.parse import parse_expression


@dataclass(frozen=True, slots=True)
class Found:
    """`bound` g with a proof of expression = Theta(g), or None with the reason in the decision."""

    bound: Expr | None
    claim: Claim | None
    decision: Decision


def bound_of(e: Expr, context: Claim, budget: Budget) -> Found:
    """The tight bound of e; parameters, assumptions and recurrences are those of `context`."""
    start = monotonic()
    conflict = contradiction(context)
    if conflict is not None:
        return Found(None, None, Decision("undecided", reason=conflict,
                                          findings=("the assumptions contradict each other",)))
    if functions(e):
        return _of_function(e, context, budget)
    try:
        found = tight_bound(e, context.parameters, context.assumptions, budget)
    except (Rejected, EvaluationError) as error:
        return Found(None, None, Decision("undecided", reason=str(error), seconds=monotonic() - start))
    if found is None:
        return Found(None, None, Decision("undecided", reason="no sum of monomials, ratio or minimum bounds it on both sides",
                                          seconds=monotonic() - start))
    bound, decision = found
    return Found(bound, replace(context, statement=Relation("Theta", e, bound)),
                 replace(decision, seconds=monotonic() - start))


def _of_function(e: Expr, context: Claim, budget: Budget) -> Found:
    reason = "no rule for this recurrence"
    todo = list(_candidates(e, context))
    for bound in todo:
        claim = replace(context, statement=Relation("Theta", e, bound))
        decision = decide(claim, budget)
        if decision.verdict == "proved":
            return Found(bound, claim, decision)
        reason = decision.reason or reason
        order = (decision.certificate or {}).get("bound", {})
        if order.get("relation") == "Theta" and len(todo) == 1:  # the bound by which the candidate was refuted
            todo.append(parse_expression(str(order["class"])))
    return Found(None, None, Decision("undecided", reason=reason))


def _candidates(e: Expr, context: Claim) -> Iterator[Expr]:
    """Orders that the rules for recurrences propose for T(n)."""
    if not isinstance(e, App) or len(functions(e)) != 1 or e.op not in functions(e) or \
            not all(isinstance(a, Var) for a in e.args):
        raise SourceError("a bound is found for one function of its variables", hint="write T(n)")
    probe = replace(context, statement=Relation("Theta", e, e))
    from verifier.kernel.recurrence_system import read_systems
    from verifier.prove.recurrence import establishes
    try:
        entry, _ = establishes(read_systems(probe), e.op, None)
    except (Rejected, EvaluationError):
        yield parse_expression("1")
        return
    if entry.get("relation") == "Theta":
        yield parse_expression(str(entry["class"]))
