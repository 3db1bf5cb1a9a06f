"""Tidy expressions: constant folding, collection of equal terms and factors, nothing that changes a value.

These constructors keep derived costs readable.  Every rewriting is an identity wherever the operands are
defined; deciding anything is the business of later layers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, free_vars, num, rebuild, substitute

MAX_BITS = 512
"""Numeric powers are folded only below this size."""
_MINUS_ONE = num(-1)


def coefficient(e: Expr) -> tuple[Fraction, Expr]:
    """(c, rest) with e = c*rest and c a literal; rest is ONE for a number."""
    match e:
        case Num(value):
            return value, ONE
        case App("neg", (a,)):
            c, rest = coefficient(a)
            return -c, rest
        case App("/", (a, Num(value))) if value:
            c, rest = coefficient(a)
            return c / value, rest
        case App("*", (Num(value), *others)):
            return value, _product(others)
    return Fraction(1), e


def _product(factors: Iterable[Expr]) -> Expr:
    args = tuple(factors)
    return ONE if not args else args[0] if len(args) == 1 else App("*", args)


def scaled(c: Fraction, rest: Expr) -> Expr:
    """c * rest, with a sign in front and no coefficient 1."""
    if c == 0:
        return ZERO
    if rest == ONE:
        return Num(c)
    if c == 1:
        return rest
    if c < 0:
        return App("neg", (scaled(-c, rest),))
    if c.denominator != 1:
        return App("/", (scaled(Fraction(c.numerator), rest), num(c.denominator)))
    factors = rest.args if isinstance(rest, App) and rest.op == "*" else (rest,)
    return App("*", (Num(c), *factors))


def plus(*terms: Expr) -> Expr:
    """Sum; equal terms are collected, in order of first appearance."""
    found: dict[Expr, Fraction] = {}
    todo = list(reversed(terms))
    while todo:
        t = todo.pop()
        if isinstance(t, App) and t.op == "+":
            todo.extend(reversed(t.args))
            continue
        c, rest = coefficient(t)
        if isinstance(rest, App) and rest.op == "+":
            todo.extend(reversed([scaled(c * d, r) for d, r in map(coefficient, rest.args)]))
            continue
        found[rest] = found.get(rest, Fraction(0)) + c
    args = tuple(scaled(c, r) for r, c in found.items() if c)
    return ZERO if not args else args[0] if len(args) == 1 else App("+", args)


def times(*factors: Expr) -> Expr:
    """Product; numbers are folded and natural powers of equal factors collected."""
    c = Fraction(1)
    found: dict[Expr, int] = {}
    todo = list(reversed(factors))
    while todo:
        f = todo.pop()
        d, rest = coefficient(f)
        c *= d
        if rest == ONE:
            continue
        if isinstance(rest, App) and rest.op == "*":
            todo.extend(reversed(rest.args))
            continue
        base, n = _natural_power(rest)
        found[base] = found.get(base, 0) + n
    if c == 0:
        return ZERO
    return scaled(c, _product(b if n == 1 else App("^", (b, num(n))) for b, n in found.items() if n))


def _natural_power(e: Expr) -> tuple[Expr, int]:
    match e:
        case App("^", (base, Num(value))) if value.denominator == 1 and value >= 1:
            return base, int(value)
    return e, 1


def minus(a: Expr, b: Expr) -> Expr:
    """a - b."""
    return plus(a, times(_MINUS_ONE, b))


def over(a: Expr, b: Expr) -> Expr:
    """a / b; a literal b becomes a coefficient, c^-x a factor c^x."""
    match b:
        case Num(value) if value:
            return times(Num(1 / value), a)
        case App("^", (Num(value) as base, App("neg", (x,)))) if value > 0:
            return times(a, App("^", (base, x)))
        case App("/", (p, q)):
            return over(times(a, q), p)
    c, rest = coefficient(b)
    if c not in (0, 1):
        return times(Num(1 / c), App("/", (a, rest)))
    return App("/", (a, b))


def raised(base: Expr, exponent: Expr) -> Expr:
    """base ^ exponent; small numeric powers are folded."""
    if isinstance(exponent, Num):
        n = exponent.value
        if n == 1:
            return base
        if n == 0:
            return ONE
        if isinstance(base, Num) and n.denominator == 1 and (n > 0 or base.value):
            size = max(base.value.numerator.bit_length(), base.value.denominator.bit_length())
            if size * abs(n.numerator) <= MAX_BITS:
                return Num(base.value**n.numerator)
    if base == ONE:
        return ONE
    return App("^", (base, exponent))


def greatest(*args: Expr) -> Expr:
    """max, of the different arguments; literals are folded."""
    return _extremum("max", args)


def least(*args: Expr) -> Expr:
    """min, of the different arguments; literals are folded."""
    return _extremum("min", args)


def _extremum(op: str, args: Iterable[Expr]) -> Expr:
    rest: list[Expr] = []
    literals: list[Fraction] = []
    todo = list(args)
    while todo:
        a = todo.pop(0)
        if isinstance(a, App) and a.op == op:
            todo[:0] = a.args
        elif isinstance(a, Num):
            literals.append(a.value)
        elif a not in rest:
            rest.append(a)
    if literals:
        rest.append(Num(max(literals) if op == "max" else min(literals)))
    return rest[0] if len(rest) == 1 else App(op, tuple(rest))


def tidy(e: Expr) -> Expr:
    """The expression rebuilt with the constructors above."""
    if not isinstance(e, App):
        return rebuild(e, tidy)
    args = tuple(map(tidy, e.args))
    match e.op, args:
        case "+", _:
            return plus(*args)
        case "*", _:
            return times(*args)
        case "neg", (a,):
            return times(_MINUS_ONE, a)
        case "/", (a, b):
            return over(a, b)
        case "^", (a, b):
            return raised(a, b)
        case "floor", (Num(value),):
            return num(floor(value))
        case "ceil", (Num(value),):
            return num(ceil(value))
        case (("max" | "min"), _):
            return _extremum(e.op, args)
        case "sum", (term, _, _, _) if term == ZERO:
            return ZERO
        case "sum", (term, Var(index), Num(a), Num(b)) if a == b and a.denominator == 1:
            return tidy(substitute(term, {index: Num(a)}))
    return App(e.op, args)


def summed(term: Expr, index: str, lower: Expr, upper: Expr, count: Expr) -> Expr:
    """sum of the term for index = lower..upper, where `count` is the number of its terms: linear, so what
    does not depend on the index is taken out."""
    if index not in free_vars(term):
        return times(count, term)
    c, rest = coefficient(term)
    if isinstance(rest, App) and rest.op == "+" and all(coefficient(t)[0] > 0 for t in rest.args):
        # a difference stays whole: its parts may be larger than what is left of them
        free = [t for t in rest.args if index not in free_vars(t)]
        bound = [t for t in rest.args if index in free_vars(t)]
        parts = [times(Num(c), summed(t, index, lower, upper, count)) for t in bound]
        return plus(*parts, times(Num(c), count, plus(*free)))
    factors = rest.args if isinstance(rest, App) and rest.op == "*" else (rest,)
    outside = [f for f in factors if index not in free_vars(f)]
    inside = [f for f in factors if index in free_vars(f)]
    if outside and len(inside) == 1:
        return times(Num(c), *outside, summed(inside[0], index, lower, upper, count))
    return times(Num(c), *outside, App("sum", (times(*inside), Var(index), lower, upper)))
