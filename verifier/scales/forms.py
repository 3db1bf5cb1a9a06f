"""Linear forms of monomials: log M = sum of coefficients times coordinates.

A coordinate is a monomial without numeric factors, such as log(n), log(log(n)), n or n*log(n); its coefficient is a number,
approximated here by a rational (consistently, so that exact cancellations stay exact)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from verifier.kernel.context import Context
from verifier.kernel.normal import UNIT, Mono, Poly, key_expr, log_mono, mono_expr
from verifier.kernel.sign import nonnegative_mono, split_number
from verifier.lang.ast import App, Expr, Num, Var
from verifier.lang.evaluate import evaluate

_SCALE = 1 << 52


@dataclass(frozen=True, slots=True)
class Form:
    """constant + sum of coefficient * coordinate, with rational approximations of the numbers."""

    coefficients: Mapping[Mono, Fraction]
    constant: Fraction


@lru_cache(maxsize=65536)
def number(m: Mono) -> Fraction:
    """A rational near the value of a numeric monomial."""
    if m == UNIT:
        return Fraction(1)
    if len(m[0]) == 1 and not m[1] and m[0][0][1] == 1:
        key = m[0][0][0]
        if key.startswith("log(") and key[4:-1].isdigit():
            return Fraction(round(math.log(int(key[4:-1])) * _SCALE), _SCALE)
    value = evaluate(mono_expr(m), {}, bits=64)
    if isinstance(value, Fraction | int):
        return Fraction(value)
    return Fraction(round((value.lo + value.hi) / 2 * _SCALE), _SCALE)


def form(p: Poly) -> Form:
    """The linear form of a polynomial (the logarithm of a monomial, or a fact)."""
    out: dict[Mono, Fraction] = {}
    constant = Fraction(0)
    for m, c in p.items():
        if m[0] or m[1]:
            numeric_part, rest = split_number(m)
            value = number(numeric_part) * c
            if rest == UNIT:
                constant += value
            else:
                out[rest] = out.get(rest, Fraction(0)) + value
        else:
            constant += c
    return Form({r: c for r, c in out.items() if c}, constant)


def log_form(m: Mono, context: Context) -> Form:
    """The linear form of log M; Rejected where a factor is not shown positive."""
    return form(log_mono(m, context))


def nonnegative_coordinate(r: Mono, context: Context) -> bool:
    """Whether the coordinate is >= 0 on the context."""
    return nonnegative_mono(r, context)


def approximate(e: Expr, env: Mapping[str, Fraction]) -> float:
    """A float near the value of an expression, for search only."""
    value = evaluate(e, env, bits=64)
    if isinstance(value, Fraction | int):
        return float(value)
    return float((value.lo + value.hi) / 2)


def log_argument(key: str) -> str | None:
    """A for the key log(A) with a parameter or a function inside."""
    if key.startswith("log(") and not key[4:-1].isdigit():
        return key[4:-1]
    return None


__all__ = ["App", "Form", "Num", "Var", "approximate", "form", "key_expr", "log_argument", "log_form",
           "nonnegative_coordinate", "number"]
