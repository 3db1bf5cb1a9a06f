"""That the assumptions of a claim can be satisfied: nothing is proved from a contradiction."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import Family, base_context, check_point, family_obligations, interval
from verifier.lang.ast import LANDAU
from verifier.lang.enclosure import EvaluationError
from verifier.lang.show import ascii
from verifier.refute.landau import show
from verifier.scales.rays import T, rays


def with_model(claim: Claim, certificate: Mapping[str, Any]) -> dict[str, Any] | None:
    """The certificate with a model of the assumptions, where one is needed; None if none was found."""
    out = dict(certificate)
    if not claim.assumptions or certificate["verdict"] != "proved" or "bound" in certificate:
        return out
    if claim.statement.op in (*LANDAU, "~"):
        found = model_family(claim, str(certificate["strength"]))
        if found is None:
            return None
        family, proofs = found
        out["model"] = {"parameter": family.parameter, "from": str(family.start),
                        "sizes": {n: ascii(e) for n, e in family.sizes.items()}}
        out["proofs"] = {**certificate["proofs"], **{f"model:{k}": v for k, v in proofs.items()}}
        return out
    point = model_point(claim)
    if point is None:
        return None
    out["model"] = {n: str(q) for n, q in point.items()}
    return out


def model_family(claim: Claim, strength: str) -> tuple[Family, dict[str, Any]] | None:
    """Sizes that satisfy the assumptions and leave every tail, with proofs."""
    for ray in rays(claim, ((), ()), [], strength=strength, limit=40, grid=200):
        for start in (1, 2, 4, 16):
            family = Family(T, Fraction(start), ray.sizes)
            try:
                proofs = {}
                for name, o in family_obligations(claim, family, strength).items():
                    steps = show(o.goal, o.context)
                    if steps is None:
                        break
                    proofs[name] = steps
                else:
                    return family, proofs
            except Rejected:
                continue
    return None


_VALUES = tuple(map(Fraction, (1, 2, 3, 4, 5, 8, 16, 64, 1024)))


def model_point(claim: Claim) -> dict[str, Fraction] | None:
    """One assignment that satisfies the exact assumptions."""
    choices = []
    for p in claim.parameters:
        d = interval(p)
        options = [q for q in (*_VALUES, Fraction(0), Fraction(1, 2), Fraction(1, 4), Fraction(-1), d.lo, d.hi,
                               None if d.lo is None else d.lo + 1, None if d.hi is None else d.hi - 1)
                   if q is not None]
        choices.append(list(dict.fromkeys(options)))
    for k, values in enumerate(product(*choices)):
        if k > 20_000:
            return None
        point = {p.name: v for p, v in zip(claim.parameters, values)}
        try:
            check_point(claim, point)
        except (Rejected, EvaluationError):
            continue
        return point
    return None


def contradiction(claim: Claim) -> str | None:
    """Why the assumptions cannot be satisfied, if z3 shows it for their polynomial part."""
    if not claim.assumptions:
        return None
    try:
        base = base_context(claim)
    except Rejected as error:
        return str(error)
    point = model_point(claim) if all(a.op not in LANDAU for a in claim.assumptions) else {}
    if point is not None:
        return None
    from verifier.decide.satisfiable import unsatisfiable
    return "the assumptions contradict each other: no sizes satisfy them" if unsatisfiable(base) else None
