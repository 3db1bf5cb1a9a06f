"""Closed forms of T(n): by characteristic roots, as a sum, or fitted on dyadic blocks.

Each is a guess that the kernel checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_closed import rule_closed_form
from verifier.kernel.recurrence_system import System, argument
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, add, mul, neg, num, power, substitute
from verifier.lang.enclosure import EvaluationError
from verifier.prove.recurrence.closed import characteristic_roots, closed_form, coefficients


def solution(system: System) -> tuple[Expr, int]:
    """F and n1 with T(n) = F(n) for n >= n1; Rejected if none is known."""
    for f in _candidates(system):
        with suppress(Rejected, EvaluationError):
            return f, rule_closed_form(system, f)
    raise Rejected("no closed form is known")


def _candidates(system: System) -> Iterator[Expr]:
    with suppress(Rejected, EvaluationError):
        cs = coefficients(system)
        yield closed_form(system, cs, characteristic_roots(cs))
    with suppress(Rejected, EvaluationError):
        yield _as_sum(system)
    for op in ("ceil", "floor"):
        with suppress(Rejected, EvaluationError):
            yield _fitted(system, op)


def _as_sum(system: System) -> Expr:
    """T(n) = T(n-1) + g(n): the base value plus the sum of g."""
    b, n = system.single, system.variable
    if len(b.calls) != 1 or b.histories or b.calls[0].coefficient != ONE or system.start is None \
            or argument(b.calls[0].argument, n, system.facts).shift != 1:
        raise Rejected("not a sum")
    value = Values({system.name: system})(system.name, system.start - 1)
    if not isinstance(value, Fraction | int):
        raise Rejected("a base value that is not rational")
    total = App("sum", (substitute(b.driving, {n: Var("k_")}), Var("k_"), num(system.start), Var(n)))
    return add(num(value), total) if value else total


def _fitted(system: System, op: str) -> Expr:
    """a*n*L + b*2^L + c*n + d*L + e with L = ceil(log2 n) or floor(log2 n), from exact values."""
    n, start = Var(system.variable), system.start
    if start is None or not all(argument(c.argument, n.name, system.facts).slope.rational == Fraction(1, 2)
                                for c in system.single.calls):
        raise Rejected("not a halving")
    level = App(op, (App("log2", (n,)),))
    basis: list[Expr] = [mul(n, level), power(num(2), level), n, level, ONE]
    values = Values({system.name: system})
    rows: list[list[Fraction]] = []
    for k in range(max(start, 1), max(start, 1) + 14):
        length = (k - 1).bit_length() if op == "ceil" else k.bit_length() - 1
        t = values(system.name, k)
        if not isinstance(t, Fraction | int):
            raise Rejected("a value that is not rational")
        rows.append([Fraction(k * length), Fraction(2 ** length), Fraction(k), Fraction(length), Fraction(1), Fraction(t)])
    x = _solve(rows)
    if x is None:
        raise Rejected("no combination fits")
    sizes = [(q, Num(abs(q)) if e == ONE else e if abs(q) == 1 else mul(Num(abs(q)), e)) for q, e in zip(x, basis) if q]
    return add(*(e if q > 0 else neg(e) for q, e in sizes)) if sizes else ZERO


def _solve(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """The solution of an overdetermined linear system (free unknowns 0), None if there is none."""
    rows = [list(r) for r in rows]
    width = len(rows[0]) - 1
    pivots: list[int] = []
    for c in range(width):
        at = next((i for i in range(len(pivots), len(rows)) if rows[i][c]), None)
        if at is None:
            continue
        k = len(pivots)
        rows[k], rows[at] = rows[at], rows[k]
        rows[k] = [q / rows[k][c] for q in rows[k]]
        for i, r in enumerate(rows):
            if i != k and r[c]:
                rows[i] = [a - r[c] * b for a, b in zip(r, rows[k])]
        pivots.append(c)
    if any(r[-1] for r in rows[len(pivots):]):
        return None
    out = [Fraction(0)] * width
    for k, c in enumerate(pivots):
        out[c] = rows[k][-1]
    return out


