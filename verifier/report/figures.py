"""What a report shows of one claim in numbers: points along a family, as logarithms to base ten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from time import thread_time
from typing import Any

from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import base_context, statement
from verifier.lang.ast import LANDAU, Expr, Num
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import Enclosure, evaluate, holds, quotient_value
from verifier.lang.parse import parse_expression
from verifier.lang.show import rational
from verifier.refute.search import recurrence_functions
from verifier.refute.witnesses import decimal, show, show_size

_DOUBLINGS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20)


@dataclass(frozen=True, slots=True)
class Series:
    """Points (log10 t, log10 y) under a name; `line`: drawn as a line without markers."""

    name: str
    points: tuple[tuple[float, float], ...]
    line: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A log-log plot: curves, the two axis labels and a sentence that says what one sees."""

    series: tuple[Series, ...]
    x: str
    y: str
    caption: str


def log10_of(text: str | None) -> float | None:
    """log10 of a positive number as the reports print it: 12, 3/4, ~1.5e+300, 2^64; None for anything else."""
    if not text:
        return None
    text = text.lstrip("~")
    try:
        if "^" in text:
            base, exponent = text.split("^")
            return int(exponent) * log10(int(base))
        mantissa, _, exponent = text.partition("e")
        q = Fraction(mantissa)
        if q <= 0:
            return None
        shift = q.numerator.bit_length() - q.denominator.bit_length()
        small = q / Fraction(2) ** shift
        return shift * log10(2) + log10(float(small)) + (int(exponent) if exponent else 0)
    except (ValueError, ArithmeticError):
        return None


def refutation_figure(witnesses: Mapping[str, Any], certificate: Mapping[str, Any]) -> Figure | None:
    """The ratio along the family, and the proved lower bound of its growth."""
    rows = witnesses.get("rows", [])
    points, trend = [], []
    factor = log10(float(Fraction(certificate.get("constants", {}).get("factor", "1"))))
    for row in rows:
        x, y, h = log10_of(row["t"]), log10_of(row["ratio"]), log10_of(row["divergence"])
        if x is None or y is None:
            continue
        points.append((x, y))
        if h is not None:
            trend.append((x, h - factor))
    if len(points) < 2:
        return None
    series = [Series("ratio, exact values", tuple(points))]
    divergence = str(witnesses.get("trend", "1"))
    if divergence != "1" and len(trend) > 1:
        series.append(Series(f"proved: at least {divergence} over a constant", tuple(trend), True))
        level = points[0][1]
        series.append(Series("as claimed: bounded by a constant", ((points[0][0], level), (points[-1][0], level)), True))
        caption = "Along the family the ratio grows without bound; a true claim would keep it below a constant."
    else:
        caption = "Along the family the ratio does not behave as claimed."
    name = {"left/right": "left side / right side", "right/left": "right side / left side"}[str(witnesses["ratio"])]
    return Figure(tuple(series), "t", name, caption)


def proof_rows(certificate: Mapping[str, Any], seconds: float = 1.0) -> list[dict[str, str]]:
    """For a proved Landau claim, the ratio left/right at sizes that satisfy the assumptions: {"t", "sizes", "ratio"}."""
    deadline = thread_time() + seconds
    claim = claim_from_json(certificate["claim"])
    if claim.statement.op not in (*LANDAU, "~"):
        return []
    try:
        r, base = statement(claim), base_context(claim)
    except Rejected:
        return []
    functions, _ = recurrence_functions(claim, r)
    out = []
    parameter, sizes, start = _family(certificate, claim)
    for k in _DOUBLINGS:
        if thread_time() > deadline:
            break
        t = start * 2**k
        try:
            point = {n: _exact(evaluate(e, {parameter: t})) for n, e in sizes.items()}
            if not all(
                holds(h.op, h.left, h.right, point)
                for h in base.hypotheses
                if not any(n.startswith("_") for n in _names(h.left, h.right))
            ):
                continue
            v = quotient_value(r.left, r.right, point, functions=functions)
        except EvaluationError:
            continue
        text = show(v)
        if text is not None:
            out.append(
                {
                    "t": rational(t),
                    "sizes": ", ".join(f"{n} = {show_size(point[n])}" for n in sizes if n in point and not n.startswith("_")),
                    "ratio": text,
                }
            )
    return out


def _names(*expressions: Expr) -> frozenset[str]:
    from verifier.lang.ast import free_vars

    return frozenset().union(*map(free_vars, expressions))


def _exact(v: Fraction | Enclosure) -> Fraction:
    return v.simplest() if isinstance(v, Enclosure) else v


def _family(certificate: Mapping[str, Any], claim: Claim) -> tuple[str, dict[str, Expr], Fraction]:
    """The model of the certificate, or all growing parameters equal and the others as simple as their domain allows."""
    model = certificate.get("model")
    if model and "sizes" in model:
        return (
            str(model["parameter"]),
            {n: parse_expression(str(e), functions=None) for n, e in model["sizes"].items()},
            Fraction(model["from"]),
        )
    sizes: dict[str, Expr] = {}
    start = Fraction(1)
    for p in claim.parameters:
        low = p.lower if p.lower is not None else Fraction(1)
        if p.role == "growing":
            sizes[p.name] = parse_expression("t")
            start = max(start, low)
        elif p.upper is not None:
            sizes[p.name] = Num((low + p.upper) / 2 if p.kind == "real" else low)
        else:
            sizes[p.name] = Num(low + 1 if p.lower_open else max(low, Fraction(1)))
    return "t", sizes, Fraction(-(-start.numerator // start.denominator))


def proof_figure(rows: list[dict[str, str]], certificate: Mapping[str, Any]) -> Figure | None:
    """The ratio between its proved constants, where they are numbers at the sizes shown."""
    points = [(x, y) for x, y in ((log10_of(r["t"]), log10_of(r["ratio"])) for r in rows) if x is not None and y is not None]
    if len(points) < 2:
        return None
    series = [Series("ratio, exact values", tuple((x, y) for x, y in points))]
    constants = certificate.get("constants", {})
    point = _constants_at(certificate)
    if "rate" not in constants:
        for side, words in (("upper", "proved upper constant"), ("lower", "proved lower constant")):
            level = _level(constants.get(side), point)
            if level is not None:
                name = f"{words} {constants[side]}" if len(str(constants[side])) < 24 else words
                series.append(Series(name, ((points[0][0], level), (points[-1][0], level)), True))
    caption = (
        "The ratio of the two sides stays between the proved constants."
        if "rate" not in constants
        else "The ratio of the two sides tends to its limit at least as fast as proved."
    )
    return Figure(tuple(series), "t", "left side / right side", caption)


def _constants_at(certificate: Mapping[str, Any]) -> dict[str, Fraction]:
    _, sizes, _ = _family(certificate, claim_from_json(certificate["claim"]))
    return {n: e.value for n, e in sizes.items() if isinstance(e, Num)}


def _level(text: object, point: Mapping[str, Fraction]) -> float | None:
    if text is None:
        return None
    try:
        v = evaluate(parse_expression(str(text), functions=None), point)
    except EvaluationError:
        return None
    return log10_of(decimal(_exact(v)))


__all__ = ["Figure", "Series", "log10_of", "proof_figure", "proof_rows", "refutation_figure"]
