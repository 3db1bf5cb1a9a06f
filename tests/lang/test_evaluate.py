"""Exact and enclosed values."""

from __future__ import annotations

import math
import random
import time
from fractions import Fraction
from itertools import product

import mpmath
import pytest
from hypothesis import given, strategies as st

from tests.lang.strategies import NAMES, expressions
from verifier.lang import enclosure as en
from verifier.lang.ast import Expr
from verifier.lang.enclosure import Enclosure, EvaluationError, TooLarge, Undecided, Undefined
from verifier.lang.evaluate import compare, evaluate, max_geometric, quotient_value
from verifier.lang.parse import parse_expression

mpmath.mp.prec = 700


def real(q: Fraction) -> mpmath.mpf:
    return mpmath.mpf(q.numerator) / q.denominator


def value(text: str, **env: int | Fraction) -> Fraction | Enclosure:
    return evaluate(parse_expression(text), env)


@given(st.fractions(min_value=Fraction(1, 10**30), max_value=10**40), st.sampled_from((20, 64, 300)))
def test_log_encloses(q: Fraction, bits: int) -> None:
    e = en.log_rational(q, bits)
    assert real(e.lo) <= mpmath.log(real(q)) + mpmath.mpf(2) ** -690
    assert mpmath.log(real(q)) - mpmath.mpf(2) ** -690 <= real(e.hi)
    assert e.width * 2**bits <= max(abs(e.lo), abs(e.hi))


@given(st.fractions(min_value=-2000, max_value=2000), st.sampled_from((20, 64, 300)))
def test_exp_encloses(q: Fraction, bits: int) -> None:
    e = en.exp_rational(q, bits)
    true = mpmath.exp(real(q))
    slack = true * mpmath.mpf(2) ** -650
    assert real(e.lo) - slack <= true <= real(e.hi) + slack
    assert e.width * 2**bits <= e.lo


@given(st.fractions(-20, 20, max_denominator=50), st.fractions(0, 1, max_denominator=300))
def test_simplest(lo: Fraction, width: Fraction) -> None:
    s = Enclosure(lo, lo + width).simplest()
    assert lo <= s <= lo + width
    for d in range(1, s.denominator):
        assert math.ceil(lo * d) > math.floor((lo + width) * d)


@given(st.integers(2, 40), st.integers(1, 40), st.integers(-9, 9), st.integers(1, 9))
def test_exact_logs_and_powers(p: int, q: int, a: int, b: int) -> None:
    t = Fraction(p, q)
    if t != 1:
        assert en.exact_log(t**a, t**b) == Fraction(a, b)
    assert en.exact_power(t**b, Fraction(a, b)) == t**a
    assert en.integer_root(p**b * q, b) ** b <= p**b * q < (en.integer_root(p**b * q, b) + 1) ** b


@pytest.mark.parametrize(
    ("text", "env", "expected"),
    [
        ("log2(n)", {"n": 2**10000}, 10000),
        ("log(8, 2)", {}, 3),
        ("log(4, 8)", {}, Fraction(2, 3)),
        ("log(1/8, 2)", {}, -3),
        ("log(n, n)", {"n": 7}, 1),
        ("sqrt(16)", {}, 4),
        ("8^(1/3)", {}, 2),
        ("(27/8)^(-2/3)", {}, Fraction(4, 9)),
        ("0^0", {}, 1),
        ("0^n", {"n": 2}, 0),
        ("2^10", {}, 1024),
        ("(-2)^3", {}, -8),
        ("-2^2", {}, -4),
        ("exp(0)", {}, 1),
        ("log(1)", {}, 0),
        ("sqrt(2)^2", {}, 2),
        ("2^log2(3)", {}, 3),
        ("8^log2(n)", {"n": 5}, 125),
        ("exp(log(n))", {"n": 10}, 10),
        ("exp(2*log(n)/3)", {"n": 8}, 4),
        ("log(9)/log(3)", {}, 2),
        ("log2(6) - log2(3)", {}, 1),
        ("sqrt(2)*sqrt(3) - sqrt(6)", {}, 0),
        ("floor(sqrt(2)^2)", {}, 2),
        ("ceil(2^log2(3))", {}, 3),
        ("floor(log2(1000))", {}, 9),
        ("ceil(log2(1024))", {}, 10),
        ("floor(-7/2)", {}, -4),
        ("ceil(-7/2)", {}, -3),
        ("floor(log(n)/log(2))", {"n": 2**64}, 64),
        ("log2(2^n)", {"n": 10**100}, 10**100),
        ("ceil(log2(n))", {"n": 10**100}, 333),
        ("floor(log2(2^n*3))", {"n": 10**100}, 10**100 + 1),
        ("min(n, log(n))", {"n": 1}, 0),
        ("max(n, log(n))", {"n": 5}, 5),
        ("min(1, 2, 1/2)", {}, Fraction(1, 2)),
        ("5!", {}, 120),
        ("binomial(5, 2)", {}, 10),
        ("binomial(5, 6)", {}, 0),
        ("binomial(n, 2)", {"n": 10**50}, 10**50 * (10**50 - 1) // 2),
        ("sum(i^2, i, 1, n)", {"n": 10**100}, 10**100 * (10**100 + 1) * (2 * 10**100 + 1) // 6),
        ("sum(i, i, 1, n)", {"n": 0}, 0),
        ("sum(i, i, 3, 1)", {}, 0),
        ("sum(i, i, 1, n)", {"n": Fraction(7, 2)}, 6),
        ("sum(2^i, i, 0, n)", {"n": 200}, 2**201 - 1),
        ("sum(1/i, i, 1, 4)", {}, Fraction(25, 12)),
        (
            "sum(sum(i*j, j, 1, i), i, 1, n)",
            {"n": 10},
            sum(i * j for i in range(1, 11) for j in range(1, i + 1)),
        ),
        ("sum(sum(j, j, 4, i), i, 1, n)", {"n": 50}, sum(j for i in range(1, 51) for j in range(4, i + 1))),
        ("sum(sum(1, j, 1, i), i, 1, n)", {"n": 10**40}, 10**40 * (10**40 + 1) // 2),
        ("sum(n*i, i, 1, n)", {"n": 100}, 505000),
        ("max_geometric(1, 1/4)", {}, 4),
        ("max_geometric(2, 1/2)", {}, Fraction(8, 3)),
        ("max_geometric(k, 1)", {"k": 9}, 1),
        ("0*log(n)", {"n": 3}, 0),
        ("n^-2", {"n": 2}, Fraction(1, 4)),
    ],
)
def test_exact_values(text: str, env: dict[str, int], expected: int | Fraction) -> None:
    assert value(text, **env) == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1/0", Undefined),
        ("1/(n - n)", Undefined),
        ("log(0)", Undefined),
        ("log(-1)", Undefined),
        ("0^-1", Undefined),
        ("(-2)^(1/2)", Undefined),
        ("sqrt(-1)", Undefined),
        ("log(5, 1)", Undefined),
        ("1/(sqrt(2)^2 - 2)", Undefined),
        ("log(sqrt(2)^2 - 2)", Undefined),
        ("(-1)!", Undefined),
        ("(1/2)!", Undefined),
        ("binomial(1/2, 1)", Undefined),
        ("max_geometric(3, 2)", Undefined),
        ("9^9^9^9", TooLarge),
        ("2^(2^100)", TooLarge),
        ("exp(2^60)", TooLarge),
        ("(10^10)!", TooLarge),
        ("sum(log(i), i, 1, 10^12)", TooLarge),
        ("(-2)^sqrt(2)", Undefined),
        ("x", EvaluationError),
        ("(1 + 1/n)^(10^9)", None),
        ("exp(-10^30)", None),
        ("n^(1/2)", None),
    ],
)
def test_no_value(text: str, error: type[Exception] | None) -> None:
    start = time.perf_counter()
    if error is None:
        assert isinstance(value(text, n=3 * 10**8), Enclosure)
    else:
        with pytest.raises(error):
            value(text, n=3)
    assert time.perf_counter() - start < 1


def test_undecided() -> None:
    # the floor of 1 + exp(-10^4): beyond 4096 bits from 1
    with pytest.raises(Undecided):
        value("floor(1 - exp(-10^4))")


@pytest.mark.parametrize(
    ("left", "right", "env", "order"),
    [
        ("log2(3)", "1.58", {}, 1),
        ("n^1.58", "n^log2(3)", {"n": 2**453}, -1),
        ("n*log(n)", "n^1.1", {"n": 10**17}, -1),
        ("n*log(n)", "n^1.1", {"n": 10**15}, 1),
        ("exp(1)", "2.718281828459045", {}, 1),
        ("sqrt(2)*sqrt(8)", "4", {}, 0),
        ("n^log2(7)", "7^log2(n)", {"n": 5}, 0),
        ("log(n^2)", "2*log(n)", {"n": 12}, 0),
        ("2^n", "3^n", {"n": 10**100}, -1),
        ("4^n", "2^(2*n)", {"n": 10**100}, 0),
        ("sqrt(1 + sqrt(2))", "sqrt(sqrt(2) + 1)", {}, 0),
        ("log(n)^5", "n^0.01", {"n": 10**100}, 1),
        ("exp(1)*exp(2)", "exp(3)", {}, 0),
        ("log(2)*log(9)", "log(4)*log(3)", {}, 0),
        ("1/(1+sqrt(2))", "sqrt(2) - 1", {}, 0),
        ("2/(1+sqrt(5))", "(1+sqrt(5))/2 - 1", {}, 0),
        ("sqrt(3 + 2*sqrt(2))^2", "3 + sqrt(8)", {}, 0),
        ("sqrt(3 + 2*sqrt(2))", "1 + sqrt(2)", {}, None),
    ],
)
def test_compare(left: str, right: str, env: dict[str, int], order: int | None) -> None:
    a, b = parse_expression(left), parse_expression(right)
    if order is None:
        with pytest.raises(Undecided):
            compare(a, b, env)
    else:
        assert compare(a, b, env) == order
        assert compare(b, a, env) == -order


def test_functions() -> None:
    e = parse_expression("T(n/2) + n", functions=("T",))
    assert evaluate(e, {"n": 8}, functions={"T": lambda x: x * x}) == 24
    with pytest.raises(EvaluationError):
        evaluate(e, {"n": 8})


@pytest.mark.parametrize(("k", "p"), list(product((1, 3, 8, 40, 300), (Fraction(1, 2), Fraction(1, 7), Fraction(99, 100)))))
def test_max_geometric(k: int, p: Fraction) -> None:
    q = 1 - real(p)
    true = mpmath.mpf(0)
    power = mpmath.mpf(1)
    while power > mpmath.mpf(2) ** -300:
        true += 1 - (1 - power) ** k
        power *= q
    v = max_geometric(k, p, 64)
    bounds = v if isinstance(v, Enclosure) else Enclosure(Fraction(v), Fraction(v))
    assert real(bounds.lo) - mpmath.mpf(2) ** -200 <= true <= real(bounds.hi) + mpmath.mpf(2) ** -200
    assert bounds.width < Fraction(1, 2**50)


def _reference(e: Expr, env: dict[str, int]) -> mpmath.mpf:
    """The value by mpmath at 700 bits; raises where it is not defined or too large to try."""
    from verifier.lang.ast import App, Num, Var

    if isinstance(e, Num):
        return real(e.value)
    if isinstance(e, Var):
        return mpmath.mpf(env[e.name])
    assert isinstance(e, App)
    if e.op == "sum":
        term, index, lower, upper = e.args
        assert isinstance(index, Var)
        lo, hi = (_reference(x, env) for x in (lower, upper))
        if hi - lo > 50:
            raise OverflowError
        total = mpmath.mpf(0)
        for i in range(int(mpmath.ceil(lo)), int(mpmath.floor(hi)) + 1):
            total += _reference(term, {**env, index.name: i})
        return total
    args = [_reference(a, env) for a in e.args]
    if any(abs(a) > 10**6 for a in args):
        raise OverflowError
    match e.op:
        case "+":
            return mpmath.fsum(args)
        case "*":
            return mpmath.fprod(args)
        case "neg":
            return -args[0]
        case "/":
            return args[0] / args[1]
        case "^":
            if abs(args[1]) > 300:
                raise OverflowError
            return mpmath.power(*args)
        case "log":
            return mpmath.log(*args)
        case "log2":
            return mpmath.log(args[0], 2)
        case "exp":
            return mpmath.exp(args[0])
        case "sqrt":
            return mpmath.sqrt(args[0])
        case "floor":
            return mpmath.floor(args[0])
        case "ceil":
            return mpmath.ceil(args[0])
        case "min":
            return min(args)
        case "max":
            return max(args)
        case "factorial":
            return mpmath.factorial(args[0])
        case "binomial":
            return mpmath.binomial(*args)
    raise OverflowError


@given(expressions, st.integers(0, 10**6))
def test_against_mpmath(e: Expr, seed: int) -> None:
    chosen = random.Random(seed)
    env = {name: chosen.randint(1, 9) for name in NAMES}
    env["i"] = 1
    try:
        v = evaluate(e, env)
    except EvaluationError:
        return
    try:
        true = _reference(e, env)
        if mpmath.im(true) != 0 or not mpmath.isfinite(true):
            return
    except (OverflowError, ZeroDivisionError, ValueError, TypeError):
        return
    bounds = v if isinstance(v, Enclosure) else Enclosure(v, v)
    slack = (abs(true) + 1) * mpmath.mpf(2) ** -500
    assert real(bounds.lo) - slack <= true <= real(bounds.hi) + slack


def test_speed_and_size() -> None:
    e = parse_expression("m*b^2*k^2*n*log2(n) + n!/k^b")
    env = {"m": 3, "b": 5, "k": 7, "n": 50}
    start = time.perf_counter()
    for _ in range(200):
        evaluate(e, env)
    assert (time.perf_counter() - start) / 200 < 0.005
    v = quotient_value(parse_expression("3^n"), parse_expression("2^n*n"), {"n": 10**6})
    assert isinstance(v, Enclosure)
