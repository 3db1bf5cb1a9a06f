"""Refutations of Landau claims between expressions: families of sizes along which the bound breaks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from verifier.kernel.claim import Claim, claim_to_json
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import Mono
from verifier.kernel.obligations import (
    SIDES,
    Family,
    base_context,
    constant_names,
    contexts,
    family_obligations,
    holds,
    shown_positive,
    statement,
    unbounded_in,
)
from verifier.lang.ast import App, Expr, Num, Relation, Var, free_vars, log, mul, num, power, substitute, subterms
from verifier.lang.enclosure import EvaluationError
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii
from verifier.scales.bound import FAR, has_exponential, positive_terms, sides
from verifier.scales.deadline import quick
from verifier.scales.envelope import at_least_one, envelope, has_envelope
from verifier.scales.goal import prove_goal
from verifier.scales.inequality import bound_any, exact_any
from verifier.scales.rays import Ray, T, rays, tail_context
from verifier.scales.rows import find_row
from verifier.scales.script import Script

_START = (1, 2, 3, 4, 16, 64)
_FAR = (FAR, FAR ** 4)
"""For exponents, which may change places late: n^1.1 and n*log(n)."""


def refute_landau(claim: Claim, strength: str = "all-large") -> dict[str, Any] | None:
    """A certificate of a diverging family; None if none was found."""
    found = _refute(claim, strength)
    if found is None and any(isinstance(s, App) and s.op == "ceil" for e in (claim.statement.left, claim.statement.right)
                             for s in subterms(e)):
        with at_least_one():
            found = _refute(claim, strength)
    return found


def _refute(claim: Claim, strength: str) -> dict[str, Any] | None:
    r = statement(claim)
    for side in SIDES[r.op]:
        for ray in _rays(claim, r, side, strength):
            found = certificate(claim, r, side, ray, strength)
            if found is not None:
                return found
    for ray, side in _tight_rays(claim, strength):
        found = certificate(claim, r, side, ray, strength)
        if found is not None:
            return found
    return None


def _tight_rays(claim: Claim, strength: str) -> Iterator[tuple[Ray, str]]:
    """Families on which an assumption x <= e holds with equality: differences such as k - b may cancel there."""
    for k, a in enumerate(claim.assumptions):
        if a.op not in ("<=", ">="):
            continue
        small, large = (a.left, a.right) if a.op == "<=" else (a.right, a.left)
        for x, e in ((small, large), (large, small)):
            if not isinstance(x, Var) or x.name in free_vars(e):
                continue
            put = {x.name: e}

            def at(rel: Relation, put: dict[str, Expr] = put) -> Relation:
                return Relation(rel.op, substitute(rel.left, put), substitute(rel.right, put))
            rest = Claim(tuple(p for p in claim.parameters if p.name != x.name), at(claim.statement),
                         tuple(at(b) for j, b in enumerate(claim.assumptions) if j != k))
            try:
                found = _refute(rest, strength)
            except Rejected:
                continue
            if found is not None and all(b.op in ("<=", "<", ">=", ">", "=") for b in claim.assumptions):
                family = found["family"]
                sizes = {n: parse_expression(t) for n, t in family["sizes"].items()}
                yield Ray({**sizes, x.name: substitute(e, sizes)}, int(family["from"]),
                          parse_expression(family.get("divergence", "1"))), family["side"]
            break


def _rays(claim: Claim, r: Relation, side: str, strength: str) -> Iterator[Ray]:
    """Rays for the terms that the other side does not dominate."""
    f, g = r.left, r.right
    small, large = (f, g) if side == "upper" else (g, f)
    if r.op in ("o", "omega"):
        small, large = (f, g) if r.op == "o" else (g, f)
    base = base_context(claim)
    context = next(iter(contexts(claim, "all-large", Fraction(16), base).values()))
    pair = terms_of(small, large, context)
    if pair is None:
        return
    demand, targets = pair
    strict = r.op in ("O", "Omega", "Theta")
    for m in demand:
        if strict and find_row(m, targets, context, constant_names(claim)) is not None:
            continue
        yield from rays(claim, m, targets, strength=strength, limit=24 if strict else 4)


def terms_of(small: Expr, large: Expr, context: Context, *,
             pessimistic: bool = False) -> tuple[list[Mono], list[Mono]] | None:
    """Positive monomials of both sides: from below for the smaller and from above for the larger side, so that a term
    which is not dominated refutes; pessimistic: the other way round, so that dominated terms prove."""
    script = Script()
    try:
        if has_envelope(small):
            small = envelope(small, pessimistic, context, script).expr
        if has_envelope(large):
            large = envelope(large, not pessimistic, context, script).expr
        s = sides(small, large, context)
    except Rejected:
        return None
    return positive_terms(s.small), positive_terms(s.large)


def divergences(h: Expr) -> Iterator[Expr]:
    """h itself, then slower unbounded functions."""
    yield h
    t = Var(T)
    for slower in (t, power(t, num(Fraction(1, 2))), log(t), power(log(t), num(Fraction(1, 2))), log(log(t))):
        if slower != h:
            yield slower


def certificate(claim: Claim, r: Relation, side: str, ray: Ray, strength: str) -> dict[str, Any] | None:
    """The refutation along one family, if its obligations can be shown."""
    strict = r.op in ("O", "Omega", "Theta")
    sizes = dict(ray.sizes)
    starts = [s for s in (*_START, *(() if quick() or not has_exponential(r) else _FAR)) if s >= ray.start]
    for k, start in enumerate(starts):
        if k == 1 and strict and not _diverges_from(starts[-1], r, side, ray):
            return None  # what fails far out fails closer in
        if k and strict and not _diverges_from(start, r, side, ray):
            continue
        family = Family(T, Fraction(start), sizes)
        context = tail_context(start)
        try:
            proofs = _assumptions(claim, family, strength)
            f, g = family.at(r.left), family.at(r.right)
            if proofs is None or not shown_positive(g, context):
                continue
        except Rejected:
            continue
        for h in divergences(ray.divergence) if strict and ray.divergence != num(1) else (num(1),):
            if strict:
                try:
                    if h == num(1) or not unbounded_in(h, context):
                        continue
                except Rejected:
                    continue
                small, large = (mul(g, h), f) if side == "upper" else (mul(f, h), g)
                found = bound_any(small, large, context)
                if found is None or not isinstance(found.constant, Num):
                    continue
                factor, steps = found.constant.value, found.script.steps
            elif r.op in ("o", "omega"):
                small, large = (g, f) if r.op == "o" else (f, g)
                found = bound_any(small, large, context)
                if found is None or not isinstance(found.constant, Num):
                    continue
                factor, steps = found.constant.value, found.script.steps
            else:
                gap = _gap(f, g, side, context)
                if gap is None:
                    continue
                factor, steps = gap
            return {"format": 1, "claim": claim_to_json(claim), "verdict": "refuted", "strength": strength,
                    "constants": {"factor": str(factor)},
                    "family": {"parameter": T, "from": str(start), "side": side,
                               "sizes": {n: ascii(e) for n, e in sizes.items()},
                               **({"divergence": ascii(h)} if strict else {})},
                    "proofs": {**proofs, "diverges": steps}}
    return None


def _diverges_from(start: int, r: Relation, side: str, ray: Ray) -> bool:
    """Whether the bound breaks by the slowest divergence from a start on."""
    f, g = (substitute(e, ray.sizes) for e in (r.left, r.right))
    small, large = (g, f) if side == "upper" else (f, g)
    *_, slowest = divergences(ray.divergence)
    return bound_any(mul(small, slowest), large, tail_context(start)) is not None


def _gap(f: Expr, g: Expr, side: str, context: Context) -> tuple[Any, list[dict[str, Any]]] | None:
    """A rational d with (1 + d)*g <= f or f <= (1 - d)*g."""
    for d in map(Fraction, (1, Fraction(1, 2), Fraction(1, 4), Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000))):
        if side == "lower" and d >= 1:
            continue
        goal = Relation("<=", mul(num(1 + d), g), f) if side == "upper" else Relation("<=", f, mul(num(1 - d), g))
        script = exact_any(goal, context)
        if script is not None:
            return d, script.steps
    return None


def _assumptions(claim: Claim, family: Family, strength: str) -> dict[str, list[dict[str, Any]]] | None:
    """Proofs that the family satisfies the assumptions; None if one was not found."""
    out = {}
    for name, o in family_obligations(claim, family, strength).items():
        steps = show(o.goal, o.context)
        if steps is None:
            return None
        out[name] = steps
    return out


def show(goal: Relation, context: Context) -> list[dict[str, Any]] | None:
    """A proof of one relation along a family; None if none was found."""
    try:
        (name, domain), = context.names.items()
        for t in (domain.lo or Fraction(1), (domain.lo or Fraction(1)) + 1, Fraction(64)):
            if not holds(goal, {name: t}):
                return None
    except (EvaluationError, ValueError):
        pass
    try:
        return prove_goal(goal, context)
    except Rejected:
        return None
