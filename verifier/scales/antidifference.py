"""Closed forms: F with F(i) - F(i-1) = f(i), and F with F' = f, for the terms that occur in cost sums."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from verifier.kernel.context import Context
from verifier.kernel.normal import UNIT, Mono, expression, mono_expr, names_in, normal
from verifier.lang.ast import App, Expr, Num, Var, add, div, free_vars, log, mul, neg, num, power, sub


def antidifference(f: Expr, i: str, context: Context, *, decreasing: bool = True) -> Expr | None:
    """F with F(i) - F(i-1) = f(i) for sums of c * i^d * r^i (c, r free of i, d natural); None otherwise, and without
    `decreasing` for parameters r < 1."""
    r = normal(f, context)
    if r.den is not None:
        return None
    groups: dict[Mono, dict[int, list[Expr]]] = {}
    for m, c in r.num.items():
        parts = split_index(m, i)
        if parts is None:
            return None
        d, geometric, rest = parts
        if d.denominator != 1 or d < 0:
            return None
        groups.setdefault(geometric, {}).setdefault(int(d), []).append(mono_expr(rest, c))
    out = []
    for geometric, powers in groups.items():
        coefficients = [add(*powers.get(d, [])) for d in range(max(powers) + 1)]
        if geometric == UNIT:
            out.append(_power_sum(coefficients, i))
            continue
        base = _base(geometric, i)
        if base is None:
            return None
        found = _geometric_sum(coefficients, base, i, context, decreasing)
        if found is None:
            return None
        out.append(found)
    return add(*out)


def split_index(m: Mono, i: str) -> tuple[Fraction, Mono, Mono] | None:
    """m = i^d * geometric * rest, rest free of i and geometric = exp of terms linear in i; None if i occurs otherwise."""
    d, rest = Fraction(0), []
    for key, q in m[0]:
        if key == i:
            d = Fraction(q)
        elif i in names_in(key):
            return None
        else:
            rest.append((key, q))
    geometric, other = [], []
    for n, c in m[1]:
        names = free_vars(mono_expr(n))
        if i not in names:
            other.append((n, c))
        elif dict(n[0]).get(i) == 1 and not n[1] and not any(i in names_in(k) for k, _ in n[0] if k != i):
            geometric.append((n, c))
        else:
            return None
    return d, ((), tuple(geometric)), (tuple(rest), tuple(other))


def _base(geometric: Mono, i: str) -> Expr | None:
    """r with r^i = the geometric factor."""
    terms = []
    for n, c in geometric[1]:
        inner = (tuple((k, q) for k, q in n[0] if k != i), ())
        terms.append(mono_expr(inner, c))
    return App("exp", (add(*terms),))


def _power_sum(coefficients: list[Expr], i: str) -> Expr:
    """sum_d c_d * (1^d + .. + i^d), by Faulhaber's formula."""
    out = []
    for d, c in enumerate(coefficients):
        if c != Num(Fraction(0)):
            s = _polynomial(_faulhaber(d), i)
            out.append(s if c == num(1) else mul(c, s))
    return add(*out)


def _faulhaber(d: int) -> list[Fraction]:
    """Coefficients of S with S(i) - S(i-1) = i^d, S(0) = 0."""
    target = [Fraction(0)] * d + [Fraction(1)]
    s = [Fraction(0)] * (d + 2)
    for e in range(d + 1, 0, -1):  # S's top coefficient is fixed by the top coefficient of what is left
        s[e] = target[e - 1] / e
        for j in range(e):  # i^e - (i-1)^e = sum_j<e comb(e, j) (-1)^(e-j+1) i^j
            target[j] -= s[e] * comb(e, j) * (-1) ** (e - j + 1)
    return s


def _polynomial(coefficients: list[Fraction], i: str) -> Expr:
    terms = []
    for d in range(len(coefficients) - 1, -1, -1):
        c = coefficients[d]
        if c:
            x: Expr = num(1) if d == 0 else Var(i) if d == 1 else power(Var(i), num(d))
            terms.append(x if c == 1 else mul(num(c), x))
    return add(*terms)


def _geometric_sum(coefficients: list[Expr], r: Expr, i: str, context: Context, decreasing: bool
                   ) -> Expr | None:
    """r^i q(i) with q(i) - q(i-1)/r = p(i)."""
    d = len(coefficients) - 1
    ratio = normal(r, context)
    top: Expr = num(1)
    if ratio.den is None and list(ratio.num) == [UNIT]:
        value = Fraction(ratio.num[UNIT])
        if value == 1 or value <= 0:
            return None
        inverse: Expr = num(1 / value)
        gap: Expr = num(1 - 1 / value)
    else:
        if d > 3:
            return None
        inverse = div(num(1), r)
        top, gap = r, sub(r, num(1))  # 1/(1 - 1/r) = r/(r - 1)
        if not context.positive("(" + _text(gap) + ")"):
            r = expression(ratio)
            top, gap = neg(r), sub(num(1), r)
            if not decreasing or not context.positive("(" + _text(gap) + ")"):
                return None
    target = list(coefficients)
    q: list[Expr] = [num(0)] * (d + 1)
    for e in range(d, -1, -1):
        q[e] = div(target[e] if top == num(1) else mul(top, target[e]), gap)
        for j in range(e):  # -(i-1)^e/r contributes to lower powers
            c = num(comb(e, j) * (-1) ** (e - j))
            target[j] = add(target[j], mul(q[e], inverse, c))
    terms = [mul(q[e], power(Var(i), num(e))) if e else q[e] for e in range(d, -1, -1)]
    return mul(power(r, Var(i)), add(*terms))


def _text(e: Expr) -> str:
    from verifier.lang.show import ascii
    return ascii(e)


def antiderivative(f: Expr, i: str, context: Context) -> Expr | None:
    """F with F' = f for sums of c * i^p * log(i)^q (p rational, q natural, or p = -1 and q rational); None otherwise."""
    r = normal(f, context)
    if r.den is not None:
        return None
    out = []
    for m, c in r.num.items():
        p, q, rest = Fraction(0), Fraction(0), []
        for key, e in m[0]:
            if key == i:
                p = Fraction(e)
            elif key == f"log({i})":
                q = Fraction(e)
            elif i in names_in(key):
                return None
            else:
                rest.append((key, e))
        if m[1] and any(i in free_vars(mono_expr(n)) for n, _ in m[1]):
            return None
        found = _primitive(p, q, Var(i))
        if found is None:
            return None
        factor = mono_expr((tuple(rest), m[1]), c)
        out.append(found if factor == num(1) else mul(factor, found))
    return add(*out)


def _primitive(p: Fraction, q: Fraction, x: Expr) -> Expr | None:
    """Integral of x^p log(x)^q."""
    if p == -1:
        return log(log(x)) if q == -1 else div(power(log(x), num(q + 1)), num(q + 1))
    if q.denominator != 1 or q < 0:
        return None
    terms, c = [], Fraction(1)
    for j in range(int(q), -1, -1):
        factor = power(log(x), num(j)) if j else num(1)
        terms.append(mul(num(c / (p + 1)), power(x, num(p + 1)), factor))
        c *= -Fraction(j) / (p + 1)
    return add(*terms)
