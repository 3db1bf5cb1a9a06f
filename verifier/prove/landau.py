"""Proofs of Landau claims between expressions: strengths, thresholds, constants and rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from verifier.kernel.claim import STRENGTHS, Claim, claim_to_json
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import expression, normal
from verifier.kernel.obligations import (
    SIDES,
    base_context,
    constant_names,
    contexts,
    growing,
    shown_nonnegative,
    statement,
    tends_to_infinity,
)
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, div, log, mul, num, power, sub, subterms
from verifier.lang.show import ascii
from verifier.scales.bound import FAR, Bound, has_exponential
from verifier.scales.deadline import quick
from verifier.scales.inequality import bound_any
from verifier.scales.split import split_bound

THRESHOLDS = tuple(map(Fraction, (2, 3, 4, 8, 16, 64, 1024, 10**6)))
_FAR = tuple(map(Fraction, (FAR, FAR ** 4, FAR ** 14)))
"""For exponents: n! <= 2^(n^1.1) holds from n = 10^18 on, and 2^(n^1.01) needs 10^390."""


Bounder = Callable[[Expr, Expr, Context, frozenset[str]], Bound | None]
"""small <= c*large on a context, the constant in the given names."""


def prove_landau(claim: Claim, strengths: tuple[str, ...] = STRENGTHS, by: Bounder = bound_any) -> dict[str, Any] | None:
    """A certificate in the strongest strength for which one was found; None if none was."""
    r = statement(claim)
    base = base_context(claim)
    for strength in strengths:
        if strength != "everywhere" and not growing(claim):
            continue
        if strength == "all-large" and len(growing(claim)) == 1 and "any-large" in strengths:
            continue  # one growing parameter: the two tails are the same
        if r.op in ("o", "omega", "~") and strength == "everywhere":
            continue
        if strength != "everywhere" and _attempt(claim, r, strength, THRESHOLDS[-1], base, by) is None:
            for threshold in _FAR if has_exponential(r) and not quick() else ():
                found = _attempt(claim, r, strength, threshold, base, by)
                if found is not None:
                    return found
            continue  # what fails far out fails closer in
        for threshold in (Fraction(1),) if strength == "everywhere" else THRESHOLDS:
            found = _attempt(claim, r, strength, threshold, base, by)
            if found is not None:
                return found
    return None


def prove_by_cases(claim: Claim) -> dict[str, Any] | None:
    """A certificate of O, Omega or Theta that distinguishes whether one parameter is below a power of others; None if there
    are no two parameters or no logarithms."""
    r = statement(claim)
    if r.op not in ("O", "Omega", "Theta") or len(claim.parameters) < 2 or \
            not any(isinstance(s, App) and s.op in ("log", "log2") for e in (r.left, r.right) for s in subterms(e)):
        return None
    return prove_landau(claim, by=lambda small, large, context, names: bound_any(small, large, context, names, split_bound))


def _attempt(claim: Claim, r: Relation, strength: str, threshold: Fraction, base: Context, by: Bounder
             ) -> dict[str, Any] | None:
    tails = contexts(claim, strength, threshold, base)
    names = constant_names(claim)
    try:
        if r.op in ("O", "Omega", "Theta"):
            constants, proofs = {}, {}
            for side in SIDES[r.op]:
                small, large = (r.left, r.right) if side == "upper" else (r.right, r.left)
                merged = _over_tails(small, large, tails, names, by)
                if merged is None:
                    return None
                c, scripts = merged
                if side == "lower":
                    c, scripts = _invert(c, r, scripts, tails)
                constants[side] = ascii(c)
                proofs |= {side + suffix: steps for suffix, steps in scripts.items()}
        else:
            found = _with_rate(claim, r, strength, tails, names)
            if found is None:
                return None
            constants, proofs = found
    except Rejected:
        return None
    if strength != "everywhere":
        constants["threshold"] = str(threshold)
    return {"format": 1, "claim": claim_to_json(claim), "verdict": "proved", "strength": strength,
            "constants": constants, "proofs": proofs}


def _over_tails(small: Expr, large: Expr, tails: dict[str, Context],
                names: frozenset[str], by: Bounder = bound_any) -> tuple[Expr, dict[str, list[dict[str, Any]]]] | None:
    """One constant for all tails, with a proof on each."""
    found: dict[str, Bound] = {}
    for suffix, context in tails.items():
        b = by(small, large, context, names)
        if b is None:
            return None
        found[suffix] = b
    constants = [b.constant for b in found.values()]
    if all(c == constants[0] for c in constants):
        return constants[0], {s: b.script.steps for s, b in found.items()}
    c = num(max(x.value for x in constants if isinstance(x, Num))) if all(isinstance(x, Num) for x in constants) \
        else add(*constants)
    out = {}
    for suffix, b in found.items():
        script = b.script
        first = script.relations[-1]
        k = len(script.steps) - 1
        widen = script.add("dominate", Relation("<=", mul(b.constant, large), mul(c, large)))
        script.add("chain", Relation("<=", first.left, mul(c, large)), (k, widen))
        out[suffix] = script.steps
    return c, out


def _invert(c: Expr, r: Relation, scripts: dict[str, list[dict[str, Any]]],
            tails: dict[str, Context]) -> tuple[Expr, dict[str, list[dict[str, Any]]]]:
    """From g <= c*f to (1/c)*g <= f."""
    inverse: Expr = num(1 / c.value) if isinstance(c, Num) else div(num(1), c)
    if not isinstance(c, Num):
        inverse = expression(normal(inverse, next(iter(tails.values()))))
    if inverse == num(1):
        return inverse, scripts
    goal = Relation("<=", mul(inverse, r.right), r.left)
    return inverse, {s: [*steps, {"rule": "scale", "conclusion": _relation(goal), "premises": [len(steps) - 1],
                                  "by": ascii(inverse)}] for s, steps in scripts.items()}


def _relation(r: Relation) -> str:
    from verifier.lang.show import ascii_relation
    return ascii_relation(r)


_POWERS = tuple(map(Fraction, (1, Fraction(1, 2), Fraction(1, 8), Fraction(1, 64), Fraction(1, 1024))))


def rates(claim: Claim, possible: Callable[[Expr], bool]) -> Iterator[Expr]:
    """Candidates h for o, omega and ~: powers, then logarithms, of all growing parameters together or of one.  A group of
    parameters, and then a scale, is skipped if its slowest function is not `possible`."""
    names = growing(claim)
    groups = [names] if len(names) == 1 else [names, *((n,) for n in names)]

    def rate(group: tuple[str, ...], wrap: Callable[[Expr], Expr], q: Fraction) -> Expr:
        return mul(*(wrap(Var(n)) if q == 1 else power(wrap(Var(n)), num(q)) for n in group))
    scales: tuple[Callable[[Expr], Expr], ...] = (lambda e: e, log, lambda e: log(log(e)))
    for wrap in scales:
        for group in groups:
            if possible(rate(group, wrap, _POWERS[-1])):
                yield from (rate(group, wrap, q) for q in _POWERS)
    for wrap in scales[:2] if len(names) > 1 else ():  # where no parameter alone makes the ratio small

        def least(q: Fraction, wrap: Callable[[Expr], Expr] = wrap) -> Expr:
            return App("min", tuple(rate((n,), wrap, q) for n in names))
        if possible(least(_POWERS[-1])):
            yield from map(least, _POWERS)


def _with_rate(claim: Claim, r: Relation, strength: str, tails: dict[str, Context],
               names: frozenset[str]) -> tuple[dict[str, str], dict[str, Any]] | None:
    f, g = r.left, r.right
    pairs = {"o": {"upper": (f, g)}, "omega": {"lower": (g, f)},
             "~": {"upper": (sub(f, g), g), "lower": (sub(g, f), g)}}[r.op]
    for context in tails.values():
        if not shown_nonnegative(g, context):
            return None

    def possible(h: Expr) -> bool:
        return all(_tends(h, c, claim, strength) for c in tails.values()) and \
            all(bound_any(mul(small, h), large, c, names) is not None
                for small, large in pairs.values() for c in tails.values())
    for h in rates(claim, possible):
        if not all(_tends(h, c, claim, strength) for c in tails.values()):
            continue
        constants, proofs = {"rate": ascii(h)}, {}
        for side, (small, large) in pairs.items():
            merged = _over_tails(mul(small, h), large, tails, names)
            if merged is None:
                break
            constants[side] = ascii(merged[0])
            proofs |= {side + suffix: steps for suffix, steps in merged[1].items()}
        else:
            return constants, proofs
    return None


def _tends(h: Expr, context: Context, claim: Claim, strength: str) -> bool:
    try:
        return tends_to_infinity(h, context, growing(claim), strength)
    except Rejected:
        return False

