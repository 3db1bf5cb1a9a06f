"""Signs that can be read off a normal form, and signs of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Poly,
    Rational,
    atom,
    constant,
    numeric,
    plus,
    poly_power,
    polynomial,
    ratio,
    times,
    to_expr,
)
from verifier.lang.ast import Var
from verifier.lang.evaluate import evaluate

_PRECISIONS = (64, 256, 1024, 4096)


def sign_of_number(p: Poly) -> int:
    """The sign of a polynomial without parameters: exact for rationals and for integer combinations of
    logarithms of primes, otherwise by enclosures that are refined; Rejected if they do not decide."""
    if not p:
        return 0
    if list(p) == [UNIT]:
        return 1 if p[UNIT] > 0 else -1
    if len(p) == 1:  # numeric monomials are positive: primes, logs of numbers >= 2, exponentials
        (m, c), = p.items()
        if all(k[0].isdigit() or k.startswith("log(") and k[4:-1].isdigit() for k, _ in m[0]):
            return 1 if c > 0 else -1
    e = to_expr(p)
    for bits in _PRECISIONS:
        value = evaluate(e, {}, bits=bits)
        if isinstance(value, Fraction | int):
            return (value > 0) - (value < 0)
        if value.lo > 0:
            return 1
        if value.hi < 0:
            return -1
    raise Rejected("the sign of a number was not decided")


def nonnegative_mono(m: Mono, context: Context) -> bool:
    """Whether the monomial is >= 0 on the context, and defined."""
    return all(context.positive(k) if q < 0 else
               context.nonnegative(k) or isinstance(q, int) and q % 2 == 0 for k, q in m[0])


def mono_positive(m: Mono, context: Context) -> bool:
    """Whether the monomial is > 0 on the context."""
    return all(context.positive(k) for k, _ in m[0])


def split_number(m: Mono) -> tuple[Mono, Mono]:
    """The numeric part of a monomial and the rest."""
    here: list[tuple[str, Rational]] = []
    rest: list[tuple[str, Rational]] = []
    for k, q in m[0]:
        (here if numeric((((k, q),), ())) else rest).append((k, q))
    numbers: list[tuple[Mono, Rational]] = []
    others: list[tuple[Mono, Rational]] = []
    for n, c in m[1]:
        (numbers if numeric(n) else others).append((n, c))
    return (tuple(here), tuple(numbers)), (tuple(rest), tuple(others))


def manifestly_nonnegative(p: Poly, context: Context, *, strict: bool = False) -> bool:
    """Whether every coefficient (a number, after collecting) is >= 0 and every monomial is >= 0; strict: and one of
    them is positive with a positive monomial."""
    groups: dict[Mono, Poly] = {}
    for m, c in p.items():
        number, rest = split_number(m)
        groups.setdefault(rest, {})[number] = c
    positive = False
    for rest, coefficient in groups.items():
        sign = sign_of_number(coefficient)
        if sign and not nonnegative_mono(rest, context):
            return False
        if sign < 0:
            return False
        positive = positive or sign > 0 and mono_positive(rest, context)
    return positive or not strict


def nonnegative(p: Poly, context: Context, *, strict: bool = False) -> bool:
    """Whether p >= 0 (> 0) is shown: by manifest signs, or by shift positivity: with x = lo + y for every parameter x that
    has a lower bound lo, and x = e + y for a hypothesis e <= x, all coefficients are >= 0.  Rocq: rule_shift."""
    if manifestly_nonnegative(p, context, strict=strict):
        return True
    movable = _movable(p, context)
    if not movable:
        return False
    moved: set[str] = set()
    for h in context.hypotheses:
        if h.op not in ("<=", "<", "=") or not isinstance(h.right, Var):
            continue
        x, small = h.right.name, polynomial(h.left, context)
        names = {k for m in small for k, _ in m[0]}
        if names and x in movable - moved - names and not names & moved and _plain(small, names, context):
            p = substitute_poly(p, {x: plus(small, atom(_slack(x)))})
            movable = _movable(p, context)  # the names of `small` may stand elsewhere in p, in a root or a function
            moved.add(x)
    lower = {x: context.names[x] for x in movable - moved}
    p = substitute_poly(p, {x: plus(atom(_slack(x)), constant(ratio(i.lo))) for x, i in lower.items()
                            if i.lo is not None and not i.lo_open})
    slack = {_slack(x): Interval(Fraction(0)) for x in movable | moved}
    if not slack.keys().isdisjoint(context.names):
        return False
    return manifestly_nonnegative(p, replace(context, names={**context.names, **slack}, _signs={}), strict=strict)


def _slack(x: str) -> str:
    """The name of the non-negative difference between a parameter and its lower bound (no user can write it)."""
    return f"_slack_{x}"


def _movable(p: Poly, context: Context) -> set[str]:
    """Parameters with a lower bound that occur in p as factors with natural exponents only (or inside other atoms, which
    keep their own signs)."""
    names = {k for m in p for k, _ in m[0] if k in context.names}
    return {x for x in names if context.names[x].lo is not None
            and all(q > 0 and isinstance(q, int) for m in p for k, q in m[0] if k == x)}


def _plain(p: Poly, names: set[str], context: Context) -> bool:
    """Whether p is a polynomial in parameters that have lower bounds."""
    return all(not m[1] and all(isinstance(q, int) and q > 0 for _, q in m[0]) for m in p) \
        and all(n in context.names and context.names[n].lo is not None for n in names)


def substitute_poly(p: Poly, values: Mapping[str, Poly]) -> Poly:
    """p with polynomials put in for plain factors with natural exponents."""
    out: Poly = {}
    for m, c in p.items():
        rest = tuple((k, q) for k, q in m[0] if k not in values)
        term: Poly = {(rest, m[1]): c}
        for k, q in m[0]:
            if k in values:
                term = times(term, poly_power(values[k], int(q)))
        out = plus(out, term)
    return out
