"""Powers of constants in (0, 1) against powers of the exponent: n^k <= k!/(1 - b)^k * b^(-n).

The logarithm of b is a negative constant whose sign no tangent may use as a slope.  The lemma is shown by summation instead:
i^(k-1) <= C*b^(-i) gives n^k/k <= sum(i^(k-1), i, 1, n) <= C/(1 - b)*b^(-n), starting from 1 <= b^(-i)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import Mono, key_expr, log_mono, plus, polynomial, ratio, scale
from verifier.kernel.rules import positive_part
from verifier.lang.ast import App, Expr, Var, div, free_vars, log, mul, neg, num, power, sub, substitute
from verifier.lang.show import ascii
from verifier.scales.forms import log_argument
from verifier.scales.rows import Row, finish
from verifier.scales.script import Script, le

DEGREES = 3


def decaying_row(m: Mono, targets: Sequence[Mono], context: Context, names: frozenset[str]) -> Row | None:
    """A row of m on one target where b^n, b in (0, 1) constant, makes up for powers of n; the rest of b^n is at most 1."""
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
    except Rejected:
        return None
    for t in targets:
        try:
            row = _row(m, t, plus(log_mono(t, local), scale(own, -1)), local, names)
        except Rejected:
            continue
        if row is not None:
            return row
    return None


def _row(m: Mono, target: Mono, slack: Mapping[Mono, Any], context: Context, names: frozenset[str]) -> Row | None:
    facts: list[Mapping[str, Any]] = []
    lemmas: list[Script] = []
    rest = dict(slack)
    for r, c in slack.items():
        found = _decay(r, context, names)
        if found is None or c >= 0:
            continue
        n, base = found
        left, growth = -Fraction(c), -Fraction(rest.get((((f"log({n})", 1),), ()), 0))
        if growth > 0:
            k = next((k for k in range(1, DEGREES + 1) if growth <= k * left), None)
            if k is None:
                return None
            lemma = bernoulli(k, Var(n), base, context)
            fact = lemma.relations[-1]
            facts.append({"log": [ascii(fact.left), ascii(fact.right)], "premise": len(lemmas), "times": str(growth / k)})
            lemmas.append(lemma)
            gap = plus(_log(fact.right, context), scale(_log(fact.left, context), -1))
            rest = plus(rest, scale(gap, ratio(-growth / k)))
            left -= growth / k
        if left:
            multiplier = mul(num(left), Var(n))
            facts.append({"log": [ascii(base), "1"], "times": ascii(multiplier)})
            rest = plus(rest, scale(polynomial(mul(multiplier, log(base)), context), 1))
    if not facts:
        return None
    return finish(m, ((target, Fraction(1)),), facts, rest, context, names=names, lemmas=tuple(lemmas))


def _log(e: Expr, context: Context) -> Any:
    return polynomial(log(e), context)


def _decay(r: Mono, context: Context, names: frozenset[str]) -> tuple[str, Expr] | None:
    """n and b for the coordinate n*log(b), n an integer >= 1 and b in (0, 1) constant."""
    keys = dict(r[0])
    logs = [(k, a) for k in keys if (a := log_argument(k)) is not None]
    if r[1] or len(keys) != 2 or len(logs) != 1 or set(keys.values()) != {1}:
        return None
    (key, argument), = logs
    (n,) = set(keys) - {key}
    domain = context.names.get(n)
    base = key_expr(argument)
    if domain is None or not domain.integer or domain.lo is None or domain.lo < 1 or not free_vars(base) <= names:
        return None
    if not context.positive(f"({ascii(base)})") or not context.positive(f"({ascii(sub(num(1), base))})"):
        return None
    return n, base


def bernoulli(k: int, n: Expr, b: Expr, context: Context) -> Script:
    """Steps that end in n^k <= k!*D^(-k - 1/4)*b^(-n) with D = 1 - b.  With an exponent that is no integer the power of D is
    one factor, as a row needs it; so D^k goes over in steps of sqrt(D), after a first one of D^(3/4) on the larger side."""
    script = _over_divisor(k, n, b, context)
    d = _gap(b, context)
    left, decay = power(n, num(k)) if k != 1 else n, power(b, neg(n))
    root, inverse = power(d, num(Fraction(1, 2))), power(d, num(Fraction(-1, 2)))

    def right(exponent: Fraction) -> Expr:
        return mul(num(_factorial(k)), power(d, num(exponent)), decay)
    step = script.add("scale", le(mul(*[root] * (2 * k), left), mul(num(_factorial(k)), decay)), (len(script.steps) - 1,),
                      by=ascii(power(d, num(k))))
    for j in range(1, 2 * k + 1):
        e = Fraction(-1, 2) if j == 1 else Fraction(-1, 4) - Fraction(j, 2)
        step = script.add("scale", le(mul(*[root] * (2 * k - j), left), right(e)), (step,), by=ascii(inverse))
        if j == 1:
            first, wider = (ascii(mul(power(d, num(Fraction(-q, 4))), decay)) for q in (2, 3))
            wide = script.add("dominate", le(right(e), right(Fraction(-3, 4))), rows=[{
                "term": first, "weights": [[wider, "1"]], "facts": [{"log": [ascii(d), "1"], "times": "1/4"}]}])
            step = script.add("chain", le(mul(*[root] * (2 * k - j), left), right(Fraction(-3, 4))), (step, wide))
    script.end(step)
    return script


def _gap(b: Expr, context: Context) -> Expr:
    """1 - b in normal form."""
    from verifier.scales.envelope import tidy
    return tidy(sub(num(1), b), context)


def _factorial(k: int) -> Fraction:
    return Fraction(1) if k < 2 else k * _factorial(k - 1)


def _over_divisor(k: int, n: Expr, b: Expr, context: Context) -> Script:
    """Steps that end in n^k <= k!/(1 - b)^k * b^(-n)."""
    script = Script()
    decay = power(b, neg(n))
    if k == 0:
        below_one = {"log": [ascii(b), "1"], "times": ascii(n)}
        script.add("dominate", le(num(1), decay), rows=[{"term": "1", "weights": [[ascii(decay), "1"]],
                                                         "facts": [below_one]}])
        return script
    i = next(x for x in (f"i{j}" for j in range(len(context.names) + 1)) if x not in context.names)
    inner = context.with_name(i, Interval(Fraction(1), False, context.bounds(n).hi, False, True),
                              (le(num(1), Var(i)), le(Var(i), n)))
    term = num(1) if k == 1 else Var(i) if k == 2 else power(Var(i), num(k - 1))
    total = App("sum", (term, Var(i), num(1), n))
    top = div(num(_factorial(k - 1)), power(sub(num(1), b), num(k)))
    upper = mul(top, power(b, neg(Var(i))))
    at_end, at_start = (substitute(upper, {i: x}) for x in (n, num(0)))
    a = script.add("telescoping", le(total, sub(at_end, at_start)), of=ascii(total), antidifference=ascii(upper),
                   inductive=_over_divisor(k - 1, Var(i), b, inner).steps)
    size = power(n, num(k)) if k > 1 else n
    lower = div(power(Var(i), num(k)), num(k)) if k > 1 else Var(i)
    data: dict[str, Any] = {}
    if k > 1:
        from verifier.scales.bound import exact
        nested = exact(le(sub(lower, substitute(lower, {i: sub(Var(i), num(1))})), term), inner)
        if nested is None:
            raise Rejected("no lower bound of a sum of powers")
        data["inductive"] = nested.steps
    c = script.add("telescoping", le(div(size, num(k)), total), of=ascii(total), antidifference=ascii(lower), **data)
    zero = script.add("bounds", le(num(0), at_start))
    d = script.add("monotone", le(sub(at_end, at_start), at_end), (zero,), template=f"{ascii(at_end)} - _1")
    e = script.add("chain", le(div(size, num(k)), at_end), (c, a, d))
    script.end(script.add("scale", le(size, mul(num(k), at_end)), (e,), by=str(k)))
    return script
