"""Closed forms of linear recurrences with constant coefficients: undetermined coefficients, exactly."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd

from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_closed import ExpPoly, ep_plus, ep_scale, ep_shift, exp_poly
from verifier.kernel.recurrence_real import ONE, ZERO, Real, power_real, real, real_of
from verifier.kernel.recurrence_system import System, argument
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import Expr, Num, Var, add, mul, power
from verifier.lang.enclosure import Enclosure, EvaluationError
from verifier.prove.recurrence.exponents import divisors, square_root

Roots = list[tuple[Real, int]]
MAX_ORDER = 8


def coefficients(system: System) -> dict[int, Fraction]:
    """The rational c_j of T(n) = sum c_j T(n-j) + g(n); Rejected otherwise."""
    b = system.single
    if b.histories or not b.calls:
        raise Rejected("not a linear recurrence")
    out: dict[int, Fraction] = {}
    for c in b.calls:
        p = argument(c.argument, system.variable, system.facts)
        q = real_of(c.coefficient, system.facts).rational
        if c.function != system.name or p.shift is None or q is None:
            raise Rejected("not linear with constant rational coefficients")
        out[p.shift] = out.get(p.shift, Fraction(0)) + q
    out = {j: q for j, q in out.items() if q}
    if not out or max(out) > MAX_ORDER:
        raise Rejected("order too large")
    return out


def characteristic_roots(cs: dict[int, Fraction]) -> Roots:
    """Real roots with multiplicities of x^k - sum c_j x^(k-j): rational ones and those of one remaining quadratic factor
    (or of a quadratic in x^2); Rejected if others are left."""
    k = max(cs)
    p = [Fraction(0)] * k + [Fraction(1)]
    for j, q in cs.items():
        p[k - j] -= q
    roots: Roots = []
    while len(p) > 1:
        r = _rational_root(p)
        if r is None:
            break
        m = 0
        while len(p) > 1 and sum(c * r ** i for i, c in enumerate(p)) == 0:
            p, m = _deflate(p, r), m + 1
        roots.append((real(r), m))
    if len(p) == 1:
        return roots
    if len(p) == 3:
        a, b, c = p[2], p[1], p[0]
        roots += [(x, 1) for x in _quadratic(a, b, c)]
        return roots
    if len(p) == 5 and p[1] == p[3] == 0:
        for x in _quadratic(p[4], p[2], p[0]):
            if x.sign() < 0:
                raise Rejected("complex roots")
            y = power_real(x, real(Fraction(1, 2)))
            roots += [(y, 1), (-y, 1)]
        return roots
    raise Rejected("the characteristic polynomial has other roots")


def _quadratic(a: Fraction, b: Fraction, c: Fraction) -> list[Real]:
    d = b * b - 4 * a * c
    if d < 0:
        raise Rejected("complex roots")
    root = square_root(d)
    return [(real(-b) + root) * real(1 / (2 * a)), (real(-b) - root) * real(1 / (2 * a))]


def _rational_root(p: list[Fraction]) -> Fraction | None:
    if p[0] == 0:
        return Fraction(0)
    scale = reduce(lambda x, y: x * y // gcd(x, y), (c.denominator for c in p), 1)
    low, high = int(p[0] * scale), int(p[-1] * scale)
    above, below = divisors(low), divisors(high)
    if len(above) * len(below) > 4096:
        return None
    for u in above:
        for v in below:
            for r in (Fraction(u, v), Fraction(-u, v)):
                if sum(c * r ** i for i, c in enumerate(p)) == 0:
                    return r
    return None


def _deflate(p: list[Fraction], r: Fraction) -> list[Fraction]:
    out: list[Fraction] = []
    carry = Fraction(0)
    for c in reversed(p):
        carry = carry * r + c
        out.append(carry)
    return list(reversed(out[:-1]))


def basis(roots: Roots, g: ExpPoly) -> tuple[list[tuple[Real, int]], list[tuple[Real, int]]]:
    """(base, power) of the homogeneous solutions, and of the particular ansatz."""
    homogeneous = [(r, k) for r, m in roots for k in range(m)]
    particular: list[tuple[Real, int]] = []
    for base, c in g:
        degree = max((k for k, x in enumerate(c) if x.sign()), default=-1)
        if degree < 0:
            continue
        m = next((m for r, m in roots if (r - base).sign() == 0), 0)
        particular += [(base, k) for k in range(m, m + degree + 1)]
    return homogeneous, particular


def solve(rows: list[list[Real]], right: list[Real]) -> list[Real]:
    """Gaussian elimination; Rejected if singular."""
    n = len(rows)
    a = [[*row, x] for row, x in zip(rows, right, strict=True)]
    for i in range(n):
        pivot = next((r for r in range(i, n) if a[r][i].sign()), None)
        if pivot is None:
            raise Rejected("a singular system")
        a[i], a[pivot] = a[pivot], a[i]
        inverse = simplified(a[i][i].inverse())
        a[i] = [simplified(x * inverse) for x in a[i]]
        for r in range(n):
            if r != i and a[r][i].sign():
                f = a[r][i]
                a[r] = [simplified(x - f * y) for x, y in zip(a[r], a[i], strict=True)]
    return [row[n] for row in a]


def simplified(x: Real) -> Real:
    """1/(a + b*sqrt(d)) without a surd below; anything else as it is."""
    if x.den is not None and len(x.den) == 2:
        for m in x.den:
            conjugate = dict(x.den)
            conjugate[m] = -conjugate[m]
            other = Real(conjugate, None, x.facts)
            below = Real(x.den, None, x.facts) * other
            if below.rational:
                return Real(x.num, None, x.facts) * other * real(1 / below.rational)
    return x


def particular_solution(system: System, cs: dict[int, Fraction], roots: Roots) -> Expr | None:
    """A solution of the inhomogeneous equation by undetermined coefficients; None if g = 0."""
    n = system.variable
    g = exp_poly(system.single.driving, n, system.facts)
    _, ansatz = basis(roots, g)
    if not ansatz:
        return None
    # images of the basis under 1 - sum c_j shift^j, compared with g coefficient by coefficient
    images = []
    for base, k in ansatz:
        f: ExpPoly = [(base, [ZERO] * k + [ONE])]
        image = f
        for j, q in cs.items():
            image = ep_plus(image, ep_scale(ep_shift(f, j), real(-q)))
        images.append(image)
    keys: list[tuple[Real, int]] = []
    for base, k in ansatz:
        m = next((m for r, m in roots if (r - base).sign() == 0), 0)
        keys.append((base, k - m))
    rows = [[_coefficient(image, base, k) for image in images] for base, k in keys]
    right = [_coefficient(g, base, k) for base, k in keys]
    solution = solve(rows, right)
    return ep_expr(list(zip(ansatz, solution, strict=True)), n)


def _coefficient(p: ExpPoly, base: Real, k: int) -> Real:
    for b, c in p:
        if (b - base).sign() == 0:
            return c[k] if k < len(c) else ZERO
    return ZERO


def closed_form(system: System, cs: dict[int, Fraction], roots: Roots) -> Expr:
    """The solution with the given base values."""
    n = system.variable
    if system.start is None or not system.bases:
        raise Rejected("base values are not given")
    g = exp_poly(system.single.driving, n, system.facts)
    homogeneous, particular = basis(roots, g)
    terms = [t for t in [*homogeneous, *particular] if t[0].num]
    values = Values({system.name: system})
    first = max(system.start - max(cs), min(b.high if b.low is None else b.low for b in system.bases))
    rows, right = [], []
    for at in range(first, first + len(terms)):
        try:
            v = values(system.name, at)
        except EvaluationError as error:
            raise Rejected(str(error)) from error
        if isinstance(v, Enclosure):
            raise Rejected("base values that are not rational")
        right.append(real(v))
        rows.append([simplified(power_real(b, real(at))) * real(Fraction(at) ** k) for b, k in terms])
    return ep_expr(list(zip(terms, solve(rows, right), strict=True)), n)


def ep_expr(terms: list[tuple[tuple[Real, int], Real]], n: str) -> Expr:
    """sum c * n^k * b^n as an expression."""
    out: list[Expr] = []
    for (b, k), c in terms:
        if not c.sign():
            continue
        factors: list[Expr] = [] if c == ONE else [c.expr]
        if k:
            factors.append(Var(n) if k == 1 else power(Var(n), Num(Fraction(k))))
        if b != ONE:
            factors.append(power(b.expr, Var(n)))
        out.append(mul(*factors))
    return add(*out)

