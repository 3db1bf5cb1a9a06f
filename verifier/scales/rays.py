"""Rays: directions of growth along which one monomial outgrows all others, as families of sizes x(t).

First with every size a power of t: exponents u with (log M - log G_j).u > 0 for all j under the assumptions, the primal of
the linear program whose dual gives the multipliers.  Where powers tie, sizes are spread over two scales,
t^a and 2^(a*t), and the finer coordinates (logarithms, exponentials) decide."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import lcm, prod
from operator import mul as times
from typing import Any

from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import Mono, Poly, atom, key_expr, log_mono, mono_expr, normal, plus, polynomial, scale
from verifier.kernel.obligations import base_context, constant_names, contexts
from verifier.lang.ast import App, Expr, Num, Var, log, mul, num, power, substitute
from verifier.scales.deadline import quick, remaining
from verifier.scales.forms import form

T = "t"


@dataclass(frozen=True, slots=True)
class Ray:
    """Sizes as expressions in t, a lower bound for t, and a divergence h(t) to try (None: the ratio stays bounded below)."""

    sizes: Mapping[str, Expr]
    start: int
    divergence: Expr


def growth_key(m: Mono) -> tuple[Any, ...]:
    """Orders univariate coordinates by growth: exponential part, then powers of t, log t, log log t."""
    lead: tuple[Any, ...] = ()
    if m[1]:
        parts = [(growth_key(n), c) for n, c in form_items(dict(m[1]))]
        lead = max(parts, default=((), 0))
    powers = {"": Fraction(0), "log": Fraction(0), "loglog": Fraction(0)}
    for key, q in m[0]:
        depth = 0
        e = key_expr(key)
        while isinstance(e, App) and e.op == "log":
            e, depth = e.args[0], depth + 1
        if depth < 3:
            powers[("", "log", "loglog")[depth]] += Fraction(q)
    sign = 0 if not lead else 1 if lead[1] > 0 else -1
    return (sign, lead, powers[""], powers["log"], powers["loglog"])


def form_items(p: Poly) -> list[tuple[Mono, Fraction]]:
    """Coordinates and coefficients of a polynomial."""
    return list(form(p).coefficients.items())


def leading(p: Poly) -> tuple[Mono, Fraction] | None:
    """The fastest growing coordinate of a univariate form, with its coefficient; None if it is constant."""
    items = [(m, c) for m, c in form_items(p) if m != ((), ())]
    return max(items, key=lambda mc: growth_key(mc[0])) if items else None


def tail_context(start: int) -> Context:
    """Integers t >= start."""
    return Context({T: Interval(Fraction(start), False, None, False, True)})


def log_ratio(m: Mono, g: Mono, sizes: Mapping[str, Expr], context: Context) -> Poly:
    """log(m/g) along a family."""
    e = substitute(mul(mono_expr(m), power(mono_expr(g), num(-1))), sizes)
    return polynomial(log(e), context)


def divergence_of(ratios: Sequence[Poly]) -> Expr | None:
    """An unbounded h(t) that the ratios exp(p) outgrow or match; Num(1) if all stay bounded below, None if one tends to 0."""
    worst: tuple[tuple[Any, ...], Fraction, Mono] | None = None
    for p in ratios:
        lead = leading(p)
        if lead is None:
            return num(1)
        if lead[1] < 0:
            return None
        key = (growth_key(lead[0]), lead[1], lead[0])
        if worst is None or key[:2] < worst[:2]:
            worst = key
    if worst is None:
        return Var(T)
    _, c, m = worst
    t, log_t = Var(T), log(Var(T))
    single = m[0][0][0] if len(m[0]) == 1 and not m[1] and m[0][0][1] == 1 else ""
    base: Expr
    if single == "log(t)":
        base = t
    elif single == "log(log(t))":
        base = log_t
    elif single == "log(log(log(t)))":
        base = log(log_t)
    elif growth_key(m) > growth_key(next(iter(atom("log(t)")))):
        return t
    else:
        return log_t
    c = min(c, Fraction(1)) if c >= 1 else Fraction(int(c * 64), 64) or Fraction(1, 256)
    return base if c == 1 else power(base, Num(c))


def rays(claim: Claim, m: Mono, targets: Sequence[Mono], *, strength: str = "all-large", limit: int = 24,
         grid: int = 3000) -> Iterator[Ray]:
    """Families along which m is at least as large as every target up to a constant, strictly outgrowing ones first.

    all-large lets every growing parameter grow; otherwise some may stay fixed.  `grid` bounds the search over scales."""
    seen: set[tuple[tuple[str, Expr], ...]] = set()
    weak: list[Ray] = []
    count = 0
    differences = _differences(claim, m, targets)
    for sizes, known in _candidates(claim, m, targets, strength, grid):
        remaining()
        if not all(_may_stay_up(p, sizes) for p in differences):
            continue
        key = tuple(sorted(sizes.items()))
        if key in seen:
            continue
        seen.add(key)
        if known is not None:
            yield Ray(sizes, 1, known)
            count += 1
            continue
        for start in (1, 2, 3, 16):
            context = tail_context(start)
            try:
                ratios = [log_ratio(m, g, sizes, context) for g in targets]
                h = divergence_of(ratios)
            except Rejected:
                continue
            if h is None:
                break
            ray = Ray(sizes, start, h)
            if h == num(1):
                weak.append(ray)
            else:
                yield ray
                count += 1
            break
        if count >= limit:
            return
    yield from weak[:limit]


def _differences(claim: Claim, m: Mono, targets: Sequence[Mono]) -> list[Poly]:
    """log(m/g) for every target that the tail of the domain lets one take logarithms in."""
    context = next(iter(contexts(claim, "all-large", Fraction(16), base_context(claim)).values()))
    out = []
    for g in targets:
        try:
            out.append(plus(log_mono(m, context), scale(log_mono(g, context), -1)))
        except Rejected:
            continue
    return out


def _may_stay_up(p: Poly, sizes: Mapping[str, Expr]) -> bool:
    """False if floating point shows that exp(p) tends to 0 along the family: a filter before exact work."""
    try:
        near, far = (_float(p, sizes, t) for t in (2.0 ** 12, 2.0 ** 48))
    except (ValueError, OverflowError, KeyError):
        return True
    return not (far < -1 and far < near)


def _float(p: Poly, sizes: Mapping[str, Expr], t: float) -> float:
    total = 0.0
    for m, c in form(p).coefficients.items():
        total += float(c) * _float_mono(m, sizes, t)
    return total


def _float_mono(m: Mono, sizes: Mapping[str, Expr], t: float) -> float:
    if m[1]:
        raise ValueError
    out = 1.0
    for key, q in m[0]:
        e, depth = key_expr(key), 0
        while isinstance(e, App) and e.op == "log":
            e, depth = e.args[0], depth + 1
        if not isinstance(e, Var):
            raise ValueError
        value = _float_log(sizes[e.name], t)
        if depth == 0:
            value = math.exp(min(value, 600.0))
        for _ in range(depth - 1):
            value = math.log(value)
        out *= value ** float(q)
    return out


def _float_log(size: Expr, t: float) -> float:
    """log of a size at t."""
    match size:
        case Var():
            return math.log(t)
        case Num(q):
            return math.log(q)
        case App("^", (Var(), Num(q))):
            return float(q) * math.log(t)
        case App("^", (Num(b), e)):
            return math.log(b) * math.copysign(math.exp(_float_log(e, t)), 1) if not isinstance(e, App) or e.op != "*" \
                else -math.log(b) * t
        case App("+", args):
            return max(_float_log(a, t) for a in args)
    raise ValueError


def _candidates(claim: Claim, m: Mono, targets: Sequence[Mono], strength: str,
                grid: int) -> Iterator[tuple[dict[str, Expr], Expr | None]]:
    """Sizes, with the divergence where it can be read off the exponents."""
    base = base_context(claim)
    fixed = constant_names(claim)
    growing = [p.name for p in claim.parameters if p.role == "growing"]
    free = [n for n in base.names if n not in fixed and n not in growing]
    constants = _constant_values(base, fixed)
    for values in constants:
        t = Var(T)
        if len(growing) == 1 and not free:
            for e in (t, *(power(num(b), t) for b in (2, 3)), power(t, num(2))):
                yield {growing[0]: fit(e, base.names[growing[0]]), **values}, None
            continue
        for u in _exponents(base, growing, free, m, targets, 1 if strength == "all-large" else 0):
            sizes = {n: fit(_power_size(u.get(n, 0)), base.names[n]) for n in (*growing, *free)} | values
            yield sizes, _power_divergence(m, targets, u)
        if quick():
            continue
        scales: list[Expr] = [t, power(num(2), t), power(t, num(2)), power(num(4), t), power(num(16), t),
                              power(num(256), t), power(t, num(4))]
        choices = []
        for n in growing:
            choices.append([fit(e, base.names[n]) for e in (scales if strength == "all-large" else [*scales[:4], num(1)])])
        for n in free:
            domain = base.names[n]
            options: list[Expr] = [fit(num(1), domain), fit(num(2), domain), fit(num(3), domain)]
            if domain.hi is None:
                options += [t, power(num(2), t), power(t, num(2))]
            if not domain.integer and domain.lo is not None and domain.lo <= 0:
                options += [power(t, num(-1)), power(num(2), mul(num(-1), t)), power(t, num(-2))]
            choices.append(options)
        names = [*growing, *free]
        width = max(map(len, choices), default=0)
        while width > 2 and prod(min(len(c), width) for c in choices) > 3000:
            width -= 1
        choices = [c[:width] for c in choices]
        for k, combo in enumerate(product(*choices)):
            if k > grid:
                break
            yield dict(zip(names, combo)) | values, None


def _power_divergence(m: Mono, targets: Sequence[Mono], u: Mapping[str, int]) -> Expr | None:
    """t^q where m outgrows every target by at least t^q along powers of t, if these are all there is to compare."""
    if m[1] or any(g[1] for g in targets) or not targets:
        return None

    def degree(mono: Mono) -> Fraction:
        return sum((Fraction(q) * u.get(k, 0) for k, q in mono[0]), Fraction(0))
    q = degree(m) - max(map(degree, targets))
    if q <= 0 or any("(" in k for mono in (m, *targets) for k, _ in mono[0]):
        return None
    return Var(T) if q >= 1 else power(Var(T), num(q))


def _constant_values(base: Context, fixed: frozenset[str]) -> list[dict[str, Expr]]:
    names = sorted(n for n in base.names if n in fixed)
    options = []
    for n in names:
        d = base.names[n]
        values = [q for q in map(Fraction, (1, 2, 3, 10, Fraction(1, 2), 0, Fraction(1, 10)))
                  if d.contains(q)] or [d.lo if d.lo is not None and not d.lo_open else Fraction(1)]
        options.append([num(v) for v in values])
    out = []
    for k, combo in enumerate(product(*options)):
        if k >= 60:
            break
        out.append(dict(zip(names, combo)))
    return out


def fit(e: Expr, domain: Interval) -> Expr:
    """A size moved into its domain by the constant it needs (n >= 5: t + 4)."""
    low = domain.lo
    if isinstance(e, Num):
        if low is not None and (e.value < low or domain.lo_open and e.value == low):
            e = num(low + 1 if domain.lo_open else low)
        if domain.hi is not None and isinstance(e, Num) and (e.value > domain.hi or domain.hi_open and e.value == domain.hi):
            mid = domain.hi if low is None else (domain.hi + low) / 2
            e = num(mid)
        return e
    if domain.integer and low is not None and low > 1:
        return App("+", (e, num(low - 1)))
    return e


def _power_size(u: Fraction | int) -> Expr:
    if u == 0:
        return num(1)
    return Var(T) if u == 1 else power(Var(T), num(u))


@lru_cache(maxsize=256)
def _grid(bounds: tuple[tuple[int, int], ...]) -> tuple[tuple[int, ...], ...]:
    """The integer points of a box, small ones first."""
    return tuple(sorted(product(*(range(lo, hi + 1) for lo, hi in bounds)), key=lambda u: (sum(map(abs, u)), u)))


def _whole(row: Sequence[Fraction]) -> list[int]:
    """A positive integer multiple of a row."""
    common = lcm(*(a.denominator for a in row))
    return [int(a * common) for a in row]


def _exponents(base: Context, growing: Sequence[str], free: Sequence[str], m: Mono, targets: Sequence[Mono],
               least: int) -> Iterator[dict[str, int]]:
    """Integer exponents u with log(m/g).u > 0 for every target, by small search and then by z3."""
    names = [*growing, *free]

    def exponents(mono: Mono) -> list[Fraction]:
        table = dict(mono[0])
        return [Fraction(table.get(n, 0)) for n in names]
    mine = exponents(m)
    rows = [[a - b for a, b in zip(mine, exponents(g))] for g in targets]
    limits: list[list[Fraction]] = []
    for h in base.hypotheses:
        try:
            left, right = normal(h.left, base), normal(h.right, base)
        except Rejected:
            continue
        if left.den or right.den or len(right.num) != 1:
            continue
        for a in left.num:
            limits.append([y - x for x, y in zip(exponents(a), exponents(next(iter(right.num))))])
            if h.op == "=":
                limits.append([-x for x in limits[-1]])
    bounds = []
    for n in names:
        d = base.names[n]
        low = least if n in growing else 0 if d.integer or d.lo is not None and d.lo > 0 else -3
        bounds.append((low, 0 if d.hi is not None else 3))
    ok = [r for r in rows if any(r)]
    if len(names) <= 4:
        found = 0
        above, not_below = [_whole(r) for r in rows], [_whole(r) for r in limits]
        for u in _grid(tuple(bounds)):
            if all(sum(map(times, r, u)) > 0 for r in above) and all(sum(map(times, r, u)) >= 0 for r in not_below):
                yield dict(zip(names, u))
                found += 1
                if found >= 3:
                    return
        if found:
            return
    if targets and not ok or quick():
        return
    import z3
    solver = z3.Solver()
    solver.set("timeout", 2000)
    us = [z3.Real(n) for n in names]
    for u, (lo, hi), n in zip(us, bounds, names):
        if n in growing:
            solver.add(u >= least)
        elif lo == 0:
            solver.add(u >= 0)
        if hi == 0:
            solver.add(u <= 0)

    def dot(r: Sequence[Fraction]) -> Any:
        return z3.Sum([z3.Q(c.numerator, c.denominator) * u for c, u in zip(r, us)])
    solver.add(*(dot(r) >= 0 for r in limits))
    strict = True
    solver.push()
    solver.add(*(dot(r) > 0 for r in rows))
    if solver.check() != z3.sat:
        solver.pop()
        strict = False
        solver.add(*(dot(r) >= 0 for r in rows))
        if solver.check() != z3.sat:
            return
    for cap in (1, 2, 3, 5, None):
        solver.push()
        if cap is not None:
            solver.add(*(u <= cap for u in us), *(u >= -cap for u in us))
        if strict:
            solver.add(*(dot(r) >= 1 for r in rows))
        if solver.check() == z3.sat:
            model = solver.model()
            values = []
            for u in us:
                q = model.eval(u, model_completion=True)
                values.append(Fraction(q.numerator_as_long(), q.denominator_as_long()))
            d = lcm(*(v.denominator for v in values))
            yield {n: int(v * d) for n, v in zip(names, values)}
            return
        solver.pop()
