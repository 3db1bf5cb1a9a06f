"""Refuse claims about values that do not exist: a division by 0, a logarithm of something <= 0.

An explicit claim speaks about the whole domain, so its two sides have to be defined everywhere on it.  A Landau claim
speaks about large sizes: n/log(n) and log(log(n)) are fine although they mean nothing at n = 1, since a logarithm
that is 0 or negative at small sizes no longer is at large ones.  A difference such as k - 1 or b - k gets no such
grace: whoever divides by it has to say k >= 2, or b < k.

The search for a point where something is undefined is over small and boundary values, exact, and finds no fault with a
claim it cannot evaluate; the kernel refuses in its own right whatever it cannot show to be defined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from verifier.kernel.claim import Claim, Parameter
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, free_vars, subterms
from verifier.lang.enclosure import EvaluationError, TooLarge, Undefined
from verifier.lang.errors import Position, SourceError
from verifier.lang.evaluate import evaluate, holds
from verifier.lang.show import ascii

MAX_POINTS = 1500
_LARGE = Fraction(2) ** 128
"""From here on log(log(log(log(n)))) is defined and positive."""

Point = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class _Demand:
    """`part` must not be 0 (nonzero) or must be > 0; `binders` are the sums it stands in."""

    part: Expr
    positive: bool
    where: Expr
    binders: tuple[tuple[str, Expr, Expr], ...]


def require_defined(claim: Claim, position: Position | None = None, text: str | None = None) -> None:
    """SourceError if a side of the claim's statement or an assumption is undefined somewhere it is spoken about.

    `position` is where the claim starts and `text` that line of its source; the error points at the part within the line
    where it can be found."""
    for r in (claim.statement, *claim.assumptions):
        asymptotic = r.op in (*LANDAU, "~")
        for side in (r.left, r.right):
            _bounded_numbers(side, position, text)
            for demand in _demands(side, ()):
                at = _bad_point(demand, claim, asymptotic)
                if at is not None:
                    raise _error(demand, at, position, text)


def _bounded_numbers(e: Expr, position: Position | None, text: str | None) -> None:
    """SourceError for a number such as 9^9^9^9 that no machine can write down."""
    for s in subterms(e):
        if isinstance(s, App) and s.op in ("^", "factorial", "exp") and not free_vars(s):
            try:
                evaluate(s, {})
            except TooLarge:
                part = ascii(s)
                raise SourceError(
                    f"the number {part} is too large",
                    position=_place(part, position, text),
                    text=text,
                    hint="write it as a parameter",
                ) from None
            except EvaluationError:
                continue


def _demands(e: Expr, binders: tuple[tuple[str, Expr, Expr], ...]) -> Iterator[_Demand]:
    if not isinstance(e, App):
        return
    match e:
        case App("sum", (term, Var(i), low, high)):
            yield from _demands(low, binders)
            yield from _demands(high, binders)
            yield from _demands(term, (*binders, (i, low, high)))
            return
        case App("/", (_, b)):
            yield _Demand(b, False, e, binders)
        case App("log", (a, base)):
            yield _Demand(a, True, e, binders)
            yield _Demand(base, True, e, binders)
            yield _Demand(App("log", (base,)), False, e, binders)
        case App("log" | "log2", (a,)):
            yield _Demand(a, True, e, binders)
        case App("^", (a, Num(q))) if q < 0:
            yield _Demand(a, False, e, binders)
    for a in e.args:
        yield from _demands(a, binders)


def _bad_point(demand: _Demand, claim: Claim, asymptotic: bool) -> Point | None:
    """A point of the domain at which the demand fails; None if none was found."""
    late = frozenset[str]()
    if asymptotic:
        growing = {p.name for p in claim.parameters if p.role == "growing"}
        late = frozenset(
            n
            for s in subterms(demand.part)
            if isinstance(s, App) and s.op in ("log", "log2")
            for n in free_vars(s) & growing
        )
    for env in _points(demand, claim, late):
        try:
            value = evaluate(demand.part, env)
        except Undefined:
            continue  # an inner part is undefined: it has a demand of its own
        except EvaluationError:
            continue
        zero = value == 0 if isinstance(value, Fraction | int) else value.lo == value.hi == 0
        negative = value < 0 if isinstance(value, Fraction | int) else value.hi < 0
        if zero or demand.positive and negative:
            return env
    return None


def _points(demand: _Demand, claim: Claim, late: frozenset[str]) -> Iterator[Point]:
    """Points that satisfy domain and assumptions as far as they speak about the names involved."""
    bound = {i for i, _, _ in demand.binders}
    names = set(free_vars(demand.part))
    for i, low, high in reversed(demand.binders):
        if i in names:
            names |= free_vars(low) | free_vars(high)
    table = {p.name: p for p in claim.parameters}
    if not names - bound <= set(table):
        return
    literals = {s.value for s in subterms(demand.part) if isinstance(s, Num) and s.value.denominator == 1}
    chosen = sorted(names - bound)
    choices = [_values(table[n], literals, n in late) for n in chosen]
    hypotheses = [
        a
        for a in claim.assumptions
        if a.op in ("=", "<=", "<", ">=", ">") and free_vars(a.left) | free_vars(a.right) <= set(chosen)
    ]
    for point in islice(product(*choices), MAX_POINTS):
        env = dict(zip(chosen, point))
        if all(_holds(h, env) for h in hypotheses):
            yield from _inside([b for b in demand.binders if b[0] in names], env)


def _inside(binders: Sequence[tuple[str, Expr, Expr]], env: dict[str, Fraction]) -> Iterator[Point]:
    """The point with values for the indices of sums, near both ends of their ranges."""
    if not binders:
        yield env
        return
    (i, low, high), rest = binders[0], binders[1:]
    try:
        a, b = evaluate(low, env), evaluate(high, env)
    except EvaluationError:
        return
    if not isinstance(a, Fraction | int) or not isinstance(b, Fraction | int):
        return
    for value in sorted({Fraction(a) + j for j in range(3)} | {Fraction(b) - j for j in range(3)}):
        if a <= value <= b:
            yield from _inside(rest, {**env, i: value})


def _values(p: Parameter, literals: set[Fraction], late: bool) -> list[Fraction]:
    """A few values of the domain: the smallest, those near the numbers in the claim, large ones."""
    integer = p.kind == "integer"
    low = p.lower
    if late:
        base = max(_LARGE, low) if low is not None else _LARGE
        found = [base, base + 1]
    elif low is None:
        found = [Fraction(k) for k in range(-2, 5)]
    else:
        found = [low + k for k in range(4)] if integer else [low, low + Fraction(1, 2), low + 1, low + 2]
    if not late:
        found += [q + d for q in sorted(literals) for d in (-1, 0, 1)]
    if p.upper is not None:
        found += [p.upper, p.upper - 1] if integer else [p.upper, ((low or Fraction(0)) + p.upper) / 2]
    return [q for q in dict.fromkeys(found) if _inside_domain(p, q)]


def _inside_domain(p: Parameter, q: Fraction) -> bool:
    if p.kind == "integer" and q.denominator != 1:
        return False
    if p.lower is not None and (q < p.lower or p.lower_open and q == p.lower):
        return False
    return p.upper is None or q < p.upper or not p.upper_open and q == p.upper


def _holds(r: Relation, env: Point) -> bool:
    try:
        return bool(holds(r.op, r.left, r.right, env))
    except EvaluationError:
        return False


def _error(demand: _Demand, at: Point, position: Position | None, text: str | None) -> SourceError:
    part, where = ascii(demand.part), ascii(demand.where)
    sizes = ", ".join(f"{n} = {q}" for n, q in at.items())
    point = f" at {sizes}" if sizes else ""
    if isinstance(demand.where, App) and demand.where.op in ("log", "log2"):
        if not demand.positive:
            message = f"{where} is undefined{point}: the logarithm of its base is 0"
        else:
            message = f"{where} is undefined{point}: {part} is not positive"
    else:
        zero = part if part == "0" else f"{part} = 0"
        message = f"{where} is undefined{point}: it divides by {zero}"
    return SourceError(
        message,
        position=_place(part, position, text),
        text=text,
        hint=_hint(demand.part, at, demand.positive),
    )


def _hint(part: Expr, at: Point, positive: bool) -> str:
    if not free_vars(part):
        return "this value exists nowhere"
    if len(at) == 1:
        ((name, value),) = at.items()
        return f"restrict the domain: declare {name} >= {value + 1}, or add `for {name} >= {value + 1}` to the claim"
    return (
        f"add the assumption {ascii(part)} > 0, or another that keeps it away from 0"
        if not positive
        else f"add the assumption {ascii(part)} > 0"
    )


def _place(part: str, position: Position | None, text: str | None) -> Position:
    """Where the part stands in the line, whatever its spacing; otherwise where the claim starts."""
    start = position or Position()
    if text is None:
        return start
    m = re.compile(r"\s*".join(map(re.escape, re.findall(r"\w+|\S", part)))).search(text, start.column - 1)
    return start if m is None else Position(start.file, start.line, m.start() + 1)
