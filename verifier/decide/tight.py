"""The tight bound of an expression: a sum of undominated monomials, or a ratio of such sums."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from verifier.decide.decision import Budget, Decision
from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import UNIT, Mono, Poly, Ratio, expression, mono_expr, names_in, normal
from verifier.kernel.obligations import base_context, constant_names, contexts, growing
from verifier.kernel.sign import split_number
from verifier.lang.ast import App, Expr, Relation, add, div
from verifier.scales.envelope import envelope, has_envelope
from verifier.scales.rows import find_row
from verifier.scales.script import Script


def tight_bound(e: Expr, parameters: Sequence[Parameter], assumptions: Sequence[Relation] = (),
                budget: Budget | None = None) -> tuple[Expr, Decision] | None:
    """g with e = Theta(g) and the decision that proves it; None if no such g was found."""
    from verifier.decide.pipeline import decide
    for g in candidates(e, parameters, assumptions):
        claim = Claim(tuple(parameters), Relation("Theta", e, g), tuple(assumptions))
        found = decide(claim, budget, proofs_only=True)
        if found.verdict == "proved":
            return g, found
    return None


def candidates(e: Expr, parameters: Sequence[Parameter], assumptions: Sequence[Relation] = ()) -> list[Expr]:
    """Simplified envelopes of e: the upper one, then the lower one."""
    probe = Claim(tuple(parameters), Relation("Theta", e, e), tuple(assumptions))
    base = base_context(probe)
    strength = "all-large" if growing(probe) else "everywhere"
    context = next(iter(contexts(probe, strength, Fraction(1024), base).values()))
    out: list[Expr] = []
    for upper in (True, False):
        try:
            shape = envelope(e, upper, context, Script()).expr if has_envelope(e) else e
            r = normal(shape, context)
            fixed = constant_names(probe)
            num = leading_terms(r.num, context, fixed)
            den = None if r.den is None else leading_terms(r.den, context, fixed)
            simple = simplify(num, den, context)
        except Rejected:
            continue
        if simple not in out:
            out.append(simple)
    return out


def leading_terms(p: Poly, context: Context, fixed: frozenset[str]) -> list[Mono]:
    """The positive monomials, without numbers and constant parameters as factors, that the others do not dominate."""
    monos = sorted({_bare(m, fixed) for m, c in p.items() if c > 0}, key=repr)
    kept = list(monos)
    for m in monos:
        others = [k for k in kept if k != m]
        if others and find_row(m, others, context, fixed) is not None:
            kept = others
    return kept


def _bare(m: Mono, fixed: frozenset[str]) -> Mono:
    factors, exponential = split_number(m)[1]
    return tuple((k, q) for k, q in factors if not (names_in(k) and names_in(k) <= fixed)), exponential


def simplify(num: Sequence[Mono], den: Sequence[Mono] | None, context: Context) -> Expr:
    """The ratio of the two sums, common factors cancelled; min(..) where the numerator is one term."""
    top = dict.fromkeys(num, 1) or {UNIT: 1}
    if den is None or len(den) == 1:
        bottom = {den[0]: 1} if den else {UNIT: 1}
        r = normal(div(expression(Ratio(dict(top))), expression(Ratio(dict(bottom)))), context)
        return expression(r)
    if len(num) == 1:
        parts = []
        for d in den:
            r = normal(div(mono_expr(num[0]), mono_expr(d)), context)
            parts.append(expression(r))
        return App("min", tuple(parts))
    shared = _common(list(top) + list(den), context)
    parts = [div(add(*map(mono_expr, side)), mono_expr(shared)) for side in (top, den)]
    return expression(normal(div(*parts), context))


def _common(monos: Sequence[Mono], context: Context) -> Mono:
    """The greatest common monomial factor (of the plain atoms)."""
    keys = set.intersection(*({k for k, _ in m[0]} for m in monos)) if monos else set()
    return tuple(sorted((k, min(dict(m[0])[k] for m in monos)) for k in keys)), ()

