"""Exact values along the family of a refutation, and the smallest sizes at which one can see the bound break.

The ratio is f/g where the claim f <= c*g fails for every c, and g/f where f >= c*g fails: a claim with constant c
is violated wherever the ratio exceeds c (or 1/c)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from time import thread_time
from typing import Any

from verifier.kernel.check import read_family
from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Context
from verifier.kernel.obligations import base_context, statement
from verifier.lang.ast import Expr, Relation, mul, num
from verifier.lang.enclosure import Enclosure, EvaluationError
from verifier.lang.evaluate import Function, compare, evaluate, quotient_value
from verifier.lang.parse import parse_expression
from verifier.lang.show import rational
from verifier.refute.search import real_values, recurrence_functions, reduce
from verifier.refute.search_box import Problem, order, smallest_violation
from verifier.refute.search_range import Growth, point_sign

LEVELS = (2, 10, 100)
DOUBLINGS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 24, 32)
SIGNIFICANT = 12


def witnesses(certificate: Mapping[str, Any], *, seconds: float = 2.0) -> dict[str, Any] | None:
    """For a certificate that refutes a Landau claim by a family:

    {"ratio": "f/g", "rows": [{"t", "sizes", "left", "right", "ratio", "divergence"}, ...],
     "smallest": [{"ratio": 2, "sizes", "value", "how"}, ...]}

    Numbers are strings: exact rationals where short, else decimals with a leading "~".  "how" is "smallest" (every
    smaller choice was excluded), or "smallest found".  None for other certificates."""
    if certificate.get("verdict") != "refuted" or "family" not in certificate:
        return None
    deadline = thread_time() + seconds
    claim = claim_from_json(certificate["claim"])
    r = statement(claim)
    family, side = read_family(certificate["family"]), str(certificate["family"]["side"])
    functions, growth = recurrence_functions(claim, r)
    upper = side == "upper" if r.op != "o" and r.op != "omega" else r.op == "o"
    top, bottom = (r.left, r.right) if upper else (r.right, r.left)
    rows = list(
        _rows(
            certificate,
            family.parameter,
            family.start,
            family.sizes,
            r,
            (top, bottom),
            functions,
            min(deadline, thread_time() + seconds / 3),
        )
    )
    out: dict[str, Any] = {
        "ratio": "left/right" if upper else "right/left",
        "trend": str(certificate["family"].get("divergence", "1")),
        "rows": rows,
    }
    if r.op in ("O", "Omega", "Theta"):
        out["smallest"] = list(
            _levels(claim, (top, bottom), functions, growth, family.parameter, family.start, family.sizes, deadline)
        )
    return out


def _rows(
    certificate: Mapping[str, Any],
    t: str,
    start: Fraction,
    sizes: Mapping[str, Expr],
    r: Relation,
    pair: tuple[Expr, Expr],
    functions: Mapping[str, Function],
    deadline: float,
) -> Iterator[dict[str, Any]]:
    """Values at t = start, then doubled ever more often."""
    divergence = parse_expression(str(certificate["family"].get("divergence", "1")), functions=None)
    names = {p["name"] for p in certificate["claim"]["parameters"]}
    first = max(Fraction(1), Fraction(-(-start.numerator // start.denominator)))
    for doublings in DOUBLINGS:
        if thread_time() > deadline:
            return
        k = first * 2**doublings
        env = {t: k}
        try:
            point = {n: _exact(evaluate(e, env)) for n, e in sizes.items() if n in names}
            full = {n: _exact(evaluate(e, env)) for n, e in sizes.items()}
            yield {
                "t": rational(k),
                "sizes": {n: show_size(q) for n, q in point.items()},
                "left": show(_value(r.left, full, functions)),
                "right": show(_value(r.right, full, functions)),
                "ratio": show(quotient_value(*pair, full, functions=functions)),
                "divergence": show(evaluate(divergence, env)),
            }
        except EvaluationError:
            return


def _value(e: Expr, point: Mapping[str, Fraction], functions: Mapping[str, Function]) -> Fraction | Enclosure | None:
    from verifier.lang.enclosure import TooLarge

    try:
        return evaluate(e, point, functions=functions)
    except TooLarge:
        return None


def _exact(v: Fraction | Enclosure) -> Fraction:
    if isinstance(v, Enclosure):
        # a real parameter: any rational near the irrational size of the family serves for the table
        return v.simplest()
    return v


def point_values(claim: Claim, point: Mapping[str, Fraction]) -> tuple[str, str] | None:
    """Both sides of an explicit statement at a point, as text; None where they are too large to write down."""
    functions, _ = recurrence_functions(claim, statement(claim))
    try:
        left, right = (_value(e, point, functions) for e in (claim.statement.left, claim.statement.right))
    except EvaluationError:
        return None
    if left is None or right is None:
        return None
    a, b = show(left), show(right)
    if a == b and a is not None and a.startswith("~"):  # they differ beyond the digits shown
        ends = [v if isinstance(v, Fraction) else (v.lo + v.hi) / 2 for v in (left, right)]
        for digits in (20, 40, 80, 160, 320):
            a, b = ("~" + decimal(q, digits) for q in ends)
            if a != b:
                break
    return (a, b) if a is not None and b is not None else None


# ------------------------------------------------------------------ the smallest sizes


def _levels(
    claim: Claim,
    pair: tuple[Expr, Expr],
    functions: Mapping[str, Function],
    growth: Mapping[str, Growth],
    t: str,
    start: Fraction,
    sizes: Mapping[str, Expr],
    deadline: float,
) -> Iterator[dict[str, Any]]:
    """The smallest sizes with ratio > 2, 10, 100: f > level*g as violations of f <= level*g."""
    base = base_context(claim)
    fixed = {n: _constant(sizes[n]) for n in base.names if n.startswith("_") or claim_role(claim, n) == "constant"}
    top, bottom = pair
    known: dict[str, Fraction] | None = None
    for index, level in enumerate(LEVELS):
        share = (deadline - thread_time()) / (len(LEVELS) - index)
        if share <= 0:
            return
        r = Relation("<=", top, mul(num(level), bottom))
        found = _level(claim, base, r, bottom, functions, growth, fixed, t, start, sizes, thread_time() + share)
        if found is None:
            return
        known, how = found
        shown = {p.name: show_size(known[p.name]) for p in claim.parameters}
        try:
            value = show(quotient_value(top, bottom, known, functions=functions))
        except EvaluationError:
            value = None
        yield {"ratio": level, "sizes": shown, "value": value, "how": how}


def claim_role(claim: Claim, name: str) -> str:
    """The role of a parameter; that of a constant of an assumption is "assumption"."""
    return next((p.role for p in claim.parameters if p.name == name), "assumption")


def _constant(e: Expr) -> Fraction:
    return _exact(evaluate(e, {}))


def _level(
    claim: Claim,
    base: Context,
    r: Relation,
    bottom: Expr,
    functions: Mapping[str, Function],
    growth: Mapping[str, Growth],
    fixed: Mapping[str, Fraction],
    t: str,
    start: Fraction,
    sizes: Mapping[str, Expr],
    deadline: float,
) -> tuple[dict[str, Fraction], str] | None:
    prefixes: dict[Any, Any] = {}

    def positive(e: Expr, point: Mapping[str, Fraction]) -> bool:
        # a ratio with a bound of 0 shows nothing
        sign = point_sign(e, num(0), point, growth, prefixes)
        if sign is None:
            try:
                sign = compare(e, num(0), point, functions=functions)
            except EvaluationError:
                return False
        return sign > 0

    def violated(point: Mapping[str, Fraction]) -> bool | None:
        if not inside(base, point) or not positive(bottom, point):
            return False
        sign = point_sign(r.left, r.right, point, growth, prefixes)
        if sign is None:
            try:
                sign = compare(r.left, r.right, point, functions=functions)
            except EvaluationError:
                return None
        return sign > 0

    along = _along(violated, t, start, sizes, deadline)
    integers = [n for n, i in base.names.items() if i.integer and n not in fixed]
    best: tuple[tuple[int, Any], dict[str, Fraction], bool] | None = None
    if along is not None:
        best = (_order(along, base), along, False)
    reals = [n for n, i in base.names.items() if not i.integer and n not in fixed]
    for values in real_values({n: base.names[n] for n in reals}):
        if thread_time() > deadline:
            break
        if len(values) > 1 and len(set(values.values())) > 2 and best is not None:
            continue
        problem = Problem(r, base, violated, functions, growth, {**fixed, **values})
        problem.names = list(integers)
        seed = None
        if best is not None and all(best[1][n] == q for n, q in values.items()):
            seed = best[1]
        outcome = smallest_violation(problem, min(deadline, thread_time() + 0.25) if reals else deadline, seed)
        if outcome.point is not None:
            point = {**outcome.point, **values, **fixed}
            key = _order(point, base)
            if best is None or key < best[0] or key == best[0] and outcome.smallest:
                best = (key, point, outcome.smallest)
        if not reals:
            break
        if best is not None and best[2] and sum(len(str(q)) for q in values.values()) > len(values):
            break
    if best is not None and not best[2]:
        smaller = reduce(base.names, best[1], violated, thread_time() + 0.2, frozenset(fixed))
        best = (_order(smaller, base), smaller, False)
    if best is None:
        return None
    how = "smallest found"
    if best[2]:
        how = "smallest" if not reals and not fixed else "smallest found"
        if reals or fixed:
            how = "smallest integers for simple values of " + ", ".join(
                n for n in (*reals, *(f for f in fixed if not f.startswith("_")))
            )
    return best[1], how.strip()


def _order(point: Mapping[str, Fraction], base: Context) -> tuple[int, Any]:
    return order([point[n] for n in base.names if not n.startswith("_")])


def inside(base: Context, point: Mapping[str, Fraction]) -> bool:
    """Whether a point lies in the domain and satisfies the hypotheses."""
    from verifier.lang.evaluate import holds

    for n, i in base.names.items():
        if not i.contains(point[n]):
            return False
    try:
        return all(holds(h.op, h.left, h.right, point) for h in base.hypotheses)
    except EvaluationError:
        return False


def _along(violated: Any, t: str, start: Fraction, sizes: Mapping[str, Expr], deadline: float) -> dict[str, Fraction] | None:
    """The first point of the family, t doubling and then by bisection, beyond the level."""

    def at(k: Fraction) -> dict[str, Fraction] | None:
        try:
            return {n: _exact(evaluate(e, {t: k})) for n, e in sizes.items()}
        except EvaluationError:
            return None

    low = Fraction(-(-start.numerator // start.denominator)) - 1
    high = low + 1
    for _ in range(400):
        if thread_time() > deadline:
            return None
        point = at(high)
        if point is None:
            return None
        try:
            hit = violated(point)
        except EvaluationError:
            hit = None
        if hit:
            break
        low, high = high, high * 2 if high > 0 else Fraction(1)
    else:
        return None
    found = point
    while high - low > 1 and thread_time() < deadline:
        middle = Fraction((low + high) // 2)
        point = at(middle)
        if point is not None and violated(point):
            high, found = middle, point
        else:
            low = middle
    return found


# ------------------------------------------------------------------ numbers as text


def show(v: Fraction | Enclosure | None) -> str | None:
    """An exact rational of at most 30 digits, else a decimal with about twelve significant digits after "~"."""
    if v is None:
        return None
    if not isinstance(v, Enclosure):
        text = rational(v)
        if len(text) <= 30 and (v.denominator < 10**6):
            return text
        return "~" + decimal(v)
    return "~" + decimal((v.lo + v.hi) / 2)


def show_size(q: Fraction) -> str:
    """A size exactly: digits, or 2^k for long powers of two."""
    n = q.numerator
    if q.denominator == 1 and n.bit_length() > 60 and n & (n - 1) == 0:
        return f"2^{n.bit_length() - 1}"
    return rational(q)


def decimal(q: Fraction, significant: int = SIGNIFICANT) -> str:
    """Decimal notation, rounded: 1234.5, 1.5e+300."""
    if q == 0:
        return "0"
    sign, q = ("-", -q) if q < 0 else ("", q)
    exponent = len(str(q.numerator >> max(0, q.numerator.bit_length() - 64))) - 1
    exponent = int((q.numerator.bit_length() - q.denominator.bit_length()) * 30103 / 100000)
    while Fraction(10) ** exponent > q:
        exponent -= 1
    while Fraction(10) ** (exponent + 1) <= q:
        exponent += 1
    scaled = q / Fraction(10) ** (exponent - significant + 1)
    n = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    if n >= 10**significant:
        n, exponent = n // 10, exponent + 1
    text = str(n)
    if -5 < exponent < significant + 3:
        point = exponent + 1
        if point <= 0:
            return sign + ("0." + "0" * -point + text).rstrip("0").rstrip(".")
        whole, rest = text[:point].ljust(point, "0"), text[point:].rstrip("0")
        return sign + whole + ("." + rest if rest else "")
    rest = text[1:].rstrip("0")
    return f"{sign}{text[0]}{'.' + rest if rest else ''}e{exponent:+d}"


__all__ = ["LEVELS", "decimal", "point_values", "show", "witnesses"]
