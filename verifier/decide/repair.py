"""What would repair a refuted claim: the tight bound, and the weakest monomial assumption under which the claim holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from time import monotonic
from typing import Any

from verifier.decide.decision import Budget
from verifier.decide.model import model_family
from verifier.decide.tight import leading_terms, tight_bound
from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import Mono, Poly, mono_expr as expression_of, times
from verifier.kernel.obligations import SIDES, base_context, constant_names, contexts, statement
from verifier.kernel.sign import split_number
from verifier.lang.ast import LANDAU, Relation
from verifier.lang.show import ascii, ascii_relation
from verifier.refute.landau import terms_of
from verifier.scales.rows import find_row


def repair(claim: Claim, budget: Budget) -> dict[str, Any] | None:
    """{"bound", "bound_certificate", "assumption", "assumption_certificate"}, whichever was proved; None if neither was."""
    if claim.recurrences or claim.statement.op not in LANDAU:
        return None
    deadline = budget.deadline()
    out: dict[str, Any] = {}
    r = statement(claim)
    try:
        found = tight_bound(r.left, claim.parameters, claim.assumptions, budget)
        if found is not None:
            out["bound"] = f"Theta({ascii(found[0])})"
            out["bound_certificate"] = found[1].certificate
    except Rejected:
        pass
    assumption = weakest_assumption(claim, budget, deadline)
    if assumption is not None:
        out["assumption"], out["assumption_certificate"] = assumption
    return out or None


def weakest_assumption(claim: Claim, budget: Budget, deadline: float) -> tuple[str, Any] | None:
    """A monomial assumption M = O(G) (or several, joined) that makes the claim true, implied by every other one tried that
    does; with the certificate of the claim under it."""
    from verifier.decide.pipeline import decide
    best: tuple[tuple[Relation, ...], Any] | None = None
    tried = 0
    for extra in _candidates(claim):
        tried += 1
        if monotonic() > deadline or tried > 24:
            break
        stronger = replace(claim, assumptions=(*claim.assumptions, *extra))
        if model_family(stronger, "all-large") is None:
            continue  # it would keep some parameter from growing
        decision = decide(stronger, replace(budget, seconds=max(0.5, min(5.0, deadline - monotonic())),
                                            witnesses=False), proofs_only=True)
        if decision.verdict != "proved":
            continue
        if best is None or _implies(claim, best[0], extra, budget):
            best = (extra, decision.certificate)
    if best is None:
        return None
    return ", ".join(map(ascii_relation, best[0])), best[1]


def _implies(claim: Claim, strong: tuple[Relation, ...], weak: tuple[Relation, ...], budget: Budget) -> bool:
    """Whether `strong` implies `weak` and not the other way round."""
    return _follows(claim, strong, weak) and not _follows(claim, weak, strong)


def _follows(claim: Claim, given: tuple[Relation, ...], goals: tuple[Relation, ...]) -> bool:
    from verifier.prove.landau import prove_landau
    return all(prove_landau(Claim(claim.parameters, g, (*claim.assumptions, *given)), ("all-large",)) is not None
               or prove_landau(Claim(claim.parameters, g, (*claim.assumptions, *given)), ("everywhere",)) is not None
               for g in goals)


def _candidates(claim: Claim) -> Iterator[tuple[Relation, ...]]:
    """For every term that is not dominated, one of the targets it would have to be dominated by."""
    r = statement(claim)
    base = base_context(claim)
    context = next(iter(contexts(claim, "all-large", Fraction(16), base).values()))
    needs: list[list[Relation]] = []
    for side in SIDES[r.op]:
        small, large = (r.left, r.right) if side == "upper" else (r.right, r.left)
        pair = terms_of(small, large, context, pessimistic=True)
        if pair is None:
            return
        fixed = constant_names(claim)
        demand, targets = (leading_terms(dict.fromkeys(side_terms, 1), context, fixed) for side_terms in pair)
        for m in demand:
            if find_row(m, targets, context, constant_names(claim)) is None:
                options = [o for o in (assumption(m, t, context) for t in targets) if o is not None]
                if not options:
                    return
                needs.append(list(dict.fromkeys(options)))
    seen = set()
    for combo in product(*needs):
        extra = tuple(dict.fromkeys(combo))
        if extra and extra not in seen:
            seen.add(extra)
            yield extra


def assumption(m: Mono, t: Mono, context: Context) -> Relation | None:
    """m = O(t) with common factors cancelled; None if it has the shape 1 = O(..) or mentions an exponential."""
    from verifier.kernel.normal import mono_power
    (quotient, _), = times({m: 1}, mono_power(t, -1)).items()
    quotient = split_number(quotient)[1]
    if quotient[1]:
        return None
    left: Poly = {(tuple((k, q) for k, q in quotient[0] if q > 0), ()): 1}
    right: Poly = {(tuple((k, -q) for k, q in quotient[0] if q < 0), ()): 1}
    (a, _), (b, _) = (*left.items(), *right.items())
    if not a[0]:
        return None
    return Relation("O", expression_of(a), expression_of(b))
