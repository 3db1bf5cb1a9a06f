"""The exponent p with S(p) = sum a_i s_i^p = 1: exactly where it has a closed form, else between rationals."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd, isqrt

from verifier.kernel.context import Rejected
from verifier.kernel.normal import factor
from verifier.kernel.recurrence_orders import Sized
from verifier.kernel.recurrence_real import ONE, Real, log_real, power_real, real


def sign_at(parts: tuple[Sized, ...], q: Real) -> int:
    """The sign of max_j S_j(q) - 1."""
    return max((p.at(q) - ONE).sign() for p in parts if p.terms)


def exact_exponent(part: Sized) -> Real | None:
    """p in closed form: one ratio, commensurable ratios with a linear or quadratic equation, or a small rational."""
    grouped: list[tuple[Real, Real]] = []
    for a, log_s in part.terms:
        for k, (c, t) in enumerate(grouped):
            if t == log_s:
                grouped[k] = (c + a, t)
                break
        else:
            grouped.append((a, log_s))
    if not grouped:
        return None
    if len(grouped) == 1:
        (a, log_s), = grouped
        return log_real(a) / -log_s
    for q in (1, 0, 2, Fraction(1, 2), 3, -1, Fraction(3, 2), 4, Fraction(1, 3), Fraction(2, 3), 5, -2):
        try:
            if (part.at(real(q)) - ONE).sign() == 0:
                return real(q)
        except Rejected:
            return None
    steps = _common_unit([t for _, t in grouped])
    if steps is None:
        return None
    unit, multiples = steps
    x = _small_root([(a, k) for (a, _), k in zip(grouped, multiples, strict=True)])
    return None if x is None else log_real(x) / -unit  # 1/x = s^-p = exp(-p * unit)


def _common_unit(logs: list[Real]) -> tuple[Real, list[int]] | None:
    """A number u with every logarithm a positive integer multiple of it."""
    ratios: list[Fraction] = []
    for t in logs:
        q = (t / logs[0]).rational
        if q is None or q <= 0:
            return None
        ratios.append(q)
    low = reduce(lambda a, b: a * b // gcd(a, b), (q.denominator for q in ratios))
    whole = [int(q * low) for q in ratios]
    g = reduce(gcd, whole)
    return logs[0] * real(Fraction(g, low)), [k // g for k in whole]


def _small_root(terms: list[tuple[Real, int]]) -> Real | None:
    """1/x for the positive x with sum a_k x^k = 1, if it is rational or a root of a quadratic."""
    coefficients: dict[int, Fraction] = {}
    for a, k in terms:
        q = a.rational
        if q is None:
            return _symbolic_quadratic(terms)
        coefficients[k] = coefficients.get(k, Fraction(0)) + q
    degree = max(coefficients)
    if degree > 64:
        return None
    scale = reduce(lambda a, b: a * b // gcd(a, b), (q.denominator for q in coefficients.values()), 1)
    p = [0] * (degree + 1)
    p[0] = -scale
    for k, q in coefficients.items():
        p[k] = int(q * scale)
    # rational roots u/v: u divides the constant term, v the leading coefficient
    above, below = divisors(scale), divisors(p[degree])
    if len(above) * len(below) <= 4096:
        for u in above:
            for v in below:
                if gcd(u, v) == 1 and sum(c * u ** k * v ** (degree - k) for k, c in enumerate(p)) == 0:
                    return real(Fraction(v, u))
    for q in _quadratic_factors(p):
        return q
    return None


def divisors(n: int) -> list[int]:
    """The positive divisors of n != 0 (only 1, if there are thousands)."""
    out = [1]
    for prime, e in factor(abs(n)).items():
        out = [d * prime ** k for d in out for k in range(e + 1)]
        if len(out) > 4096:
            return out[:1]
    return sorted(out)


def _quadratic_factors(p: list[int]) -> list[Real]:
    """The inverse of the positive root, if an integer quadratic factor b2 x^2 + b1 x + b0 (up to 4000 candidates) has it."""
    degree = len(p) - 1
    if not 2 <= degree <= 8:
        return []
    out: list[Real] = []
    for lead in divisors(p[degree])[:12]:
        for last in divisors(p[0])[:12]:
            bound = range(-40, 41) if degree > 2 else [p[1]] if (lead, -last) == (p[2], p[0]) else []
            for middle in bound:
                quadratic = [-last, middle, lead]
                if middle * middle + 4 * lead * last < 0 or not _divides(quadratic, p):
                    continue
                root = middle * middle + 4 * lead * last
                y = (real(middle) + square_root(root)) * real(Fraction(1, 2 * last))
                if y.sign() > 0:
                    return [y]
    return out


def square_root(q: Fraction | int) -> Real:
    """The square root of a rational >= 0, exactly."""
    q = Fraction(q)
    n, d = isqrt(q.numerator), isqrt(q.denominator)
    if n * n == q.numerator and d * d == q.denominator:
        return real(Fraction(n, d))
    return power_real(real(q), real(Fraction(1, 2)))


def _divides(q: list[int], p: list[int]) -> bool:
    rest = [Fraction(c) for c in p]
    while len(rest) >= len(q):
        c = rest[-1] / q[-1]
        for k in range(len(q)):
            rest[len(rest) - len(q) + k] -= c * q[k]
        rest.pop()
    return not any(rest)


def _symbolic_quadratic(terms: list[tuple[Real, int]]) -> Real | None:
    if sorted(k for _, k in terms) != [1, 2]:
        return None
    by = {k: a for a, k in terms}
    a, b = by[2], by[1]
    root = power_real(b * b + real(4) * a, real(Fraction(1, 2)))
    return (root + b) * real(Fraction(1, 2))


def bracket(parts: tuple[Sized, ...], width: Fraction = Fraction(1, 1 << 20)) -> tuple[Fraction, Fraction]:
    """Rationals lo < p < hi (or lo = hi = p) with hi - lo <= width, by exact signs of S - 1."""
    lo, hi = Fraction(-1), Fraction(1)
    while sign_at(parts, real(lo)) < 0:
        lo *= 2
        if lo < -4096:
            raise Rejected("the exponent is out of range")
    while sign_at(parts, real(hi)) > 0:
        hi *= 2
        if hi > 4096:
            raise Rejected("the exponent is out of range")
    while hi - lo > width:
        middle = (lo + hi) / 2
        s = sign_at(parts, real(middle))
        if s == 0:
            return middle, middle
        if s > 0:
            lo = middle
        else:
            hi = middle
    return lo, hi


def between(parts: tuple[Sized, ...], e: Real, limit: int = 200) -> Fraction:
    """A rational strictly between p and e on the side of p: S(q) - 1 has the sign of S(e) - 1, q between p and e."""
    side = sign_at(parts, e)
    if side == 0:
        raise Rejected("e is the exponent itself")
    bits = 8
    while bits <= limit:
        lo, hi = bracket(parts, Fraction(1, 1 << bits))
        q = hi if side < 0 else lo
        s = (e - real(q)).sign()
        if s * side < 0:
            return q
        bits *= 2
    raise Rejected("the exponent is too close to the claimed one")
