"""Bounds by cases x <= Y or Y <= x: n*log(k) = O(n*log(n) + k), for log(k) <= 2*log(n) if k <= n^2, else n <= sqrt(k).

A term of the smaller side that no weighted mean of targets dominates has a logarithm of some x.  A target with a higher power
of x dominates it as soon as x is at least a power Y of the rest; below, log(x) is at most log(Y)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import Mono, names_in
from verifier.kernel.rules import trend
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, free_vars, mul, num, power, rebuild
from verifier.lang.show import ascii
from verifier.scales.bound import Bound, bound, positive_terms, sides
from verifier.scales.deadline import remaining
from verifier.scales.rows import find_row
from verifier.scales.script import Script, le

DEPTH = 2
_SPLITS = 8
_EXPONENTS = (Fraction(2), Fraction(1), Fraction(3))


def split_bound(small: Expr, large: Expr, context: Context, names: frozenset[str] = frozenset(), depth: int = DEPTH
                ) -> Bound | None:
    """small <= c*large by one comparison of posynomials, or by cases."""
    found = bound(small, large, context, names, lift=False)
    if found is not None or depth == 0:
        return found
    for k, (x, y) in enumerate(_splits(small, large, context, names)):
        if k >= _SPLITS:
            break
        remaining()
        first = _below(small, large, x, y, context, names, depth)
        if first is None:
            continue
        second = split_bound(small, large, _under(context, le(y, x)), names, depth - 1)
        if second is not None:
            return _joined(small, large, x, y, first, second)
    return None


def _under(context: Context, h: Relation) -> Context:
    return Context(context.names, (*context.hypotheses, h), context.functions)


def _below(small: Expr, large: Expr, x: Expr, y: Expr, context: Context, names: frozenset[str], depth: int) -> Bound | None:
    """The case x <= y, for a parameter x: with y in place of x inside logarithms."""
    inner = _under(context, le(x, y))
    template = _in_logarithms(small, x, Var("_1"))
    replaced = _in_logarithms(small, x, y)
    if replaced == small:
        return split_bound(small, large, inner, names, depth - 1)
    try:
        if trend(template, "_1", inner.with_name("_1", inner.interval(f"({ascii(x)})"))) < 0:
            return None
    except Rejected:
        return None
    rest = split_bound(replaced, large, inner, names, depth - 1)
    if rest is None:
        return None
    script = Script()
    h = script.add("bounds", le(x, y))
    k = script.add("monotone", le(small, replaced), (h,), template=ascii(template))
    end = script.extend(rest.script)
    script.add("chain", le(small, mul(rest.constant, large)), (k, end))
    return Bound(rest.constant, script)


def _in_logarithms(e: Expr, x: Expr, y: Expr) -> Expr:
    """e with y for x in the arguments of logarithms."""
    def inside(a: Expr) -> Expr:
        return y if a == x else rebuild(a, inside) if isinstance(a, App) else a

    def go(a: Expr) -> Expr:
        if not isinstance(a, App):
            return a
        return App(a.op, (inside(a.args[0]), *a.args[1:])) if a.op in ("log", "log2") else rebuild(a, go)
    return go(e)


def _joined(small: Expr, large: Expr, x: Expr, y: Expr, first: Bound, second: Bound) -> Bound:
    """One constant for both cases."""
    cs = (first.constant, second.constant)
    c = num(max(q.value for q in cs if isinstance(q, Num))) if all(isinstance(q, Num) for q in cs) else \
        cs[0] if cs[0] == cs[1] else add(*cs)
    goal = le(small, mul(c, large))
    parts: dict[str, Any] = {}
    for key, found in (("first", first), ("second", second)):
        script = Script()
        k = script.extend(found.script)
        if found.constant != c:
            wider = script.add("dominate", le(mul(found.constant, large), mul(c, large)))
            script.add("chain", goal, (k, wider))
        parts[key] = script.steps
    script = Script()
    script.add("cases", goal, (), left=ascii(x), right=ascii(y), **parts)
    return Bound(c, script)


def _splits(small: Expr, large: Expr, context: Context, names: frozenset[str]) -> Iterator[tuple[Expr, Expr]]:
    """Parameters x and powers Y of others, from the terms that are not dominated; then the plain pairs x, y^q."""
    try:
        s = sides(small, large, context)
    except Rejected:
        return
    targets = positive_terms(s.large)
    missing = [m for m in positive_terms(s.small) if m not in targets and find_row(m, targets, context, names) is None]
    if any(m[1] for m in (*missing, *targets)):
        return  # exponentials are not compared through powers
    seen: set[tuple[Expr, Expr]] = set()
    found: list[tuple[Expr, Expr]] = []
    for m in missing:
        for x in sorted(_logarithmic(m)):
            found += [(Var(x), y) for g in targets if (y := _limit(m, g, x)) is not None]
    for m in missing:
        for x in sorted(_logarithmic(m)):
            others = sorted({n for t in (*targets, *missing) for n in _powers(t)} - {x})
            found += [(Var(x), Var(n) if q == 1 else power(Var(n), num(q))) for q in _EXPONENTS for n in others]
    for x_y in found:
        if x_y not in seen and all(_grows(n, context) for e in x_y for n in free_vars(e)):
            seen.add(x_y)
            yield x_y


def _grows(name: str, context: Context) -> bool:
    d = context.names.get(name)
    return d is not None and d.hi is None and d.lo is not None and d.lo >= 0


def _logarithmic(m: Mono) -> set[str]:
    """Names inside the logarithms of a monomial."""
    return {n for k, _ in m[0] if k.startswith("log(") for n in names_in(k)}


def _powers(m: Mono) -> dict[str, Fraction]:
    """Exponents of the plain parameters."""
    return {k: Fraction(q) for k, q in m[0] if k.isidentifier()}


def _limit(m: Mono, target: Mono, x: str) -> Expr | None:
    """Y = (rest of m)^(2/c), where the target has x to a power that is higher by c: m = O(target) for x >= Y up to logarithms
    of x."""
    a, b = _powers(m), _powers(target)
    c = b.get(x, Fraction(0)) - a.get(x, Fraction(0))
    if c <= 0:
        return None
    rest = {n: (q - b.get(n, Fraction(0))) * 2 / c for n, q in a.items() if n != x}
    factors: Sequence[Expr] = [Var(n) if q == 1 else power(Var(n), num(q)) for n, q in sorted(rest.items()) if q > 0]
    return mul(*factors) if factors and all(q <= 16 for q in rest.values()) else None


