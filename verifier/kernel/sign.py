"""Signs that can be read off a normal form, and signs of numbers."""

from __future__ import annotations

from fractions import Fraction

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import UNIT, Mono, Poly, mono_expr, numeric, to_expr
from verifier.lang.ast import Num
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
    here, rest = [], []
    for k, q in m[0]:
        (here if numeric((((k, q),), ())) else rest).append((k, q))
    numbers, others = [], []
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


__all__ = ["manifestly_nonnegative", "mono_expr", "mono_positive", "nonnegative_mono", "sign_of_number", "Num"]
