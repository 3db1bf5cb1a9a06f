"""ASCII reading and writing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from tests.lang.strategies import expressions
from verifier.lang.ast import (
    App,
    Expr,
    Measure,
    Relation,
    Var,
    add,
    div,
    free_vars,
    mul,
    neg,
    num,
    power,
    sub,
)
from verifier.lang.errors import Position, SourceError
from verifier.lang.parse import (
    parse_claim,
    parse_expression,
    parse_relation,
    parse_system,
)
from verifier.lang.show import ascii, ascii_relation

n, k, b, m = Var("n"), Var("k"), Var("b"), Var("m")


@given(expressions)
def test_round_trip(e: Expr) -> None:
    assert parse_expression(ascii(e), functions=("T",)) == e
    assert parse_expression(ascii(e), names=free_vars(e), functions=None) == e


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-n^2", neg(power(n, num(2)))),
        ("n**2", power(n, num(2))),
        ("2^3^n", power(num(2), power(num(3), n))),
        ("2^-n", power(num(2), neg(n))),
        ("a/b*c", mul(div(Var("a"), Var("b")), Var("c"))),
        ("a - b - c", add(Var("a"), neg(Var("b")), neg(Var("c")))),
        ("-a*b", neg(mul(Var("a"), Var("b")))),
        ("3/4", num(Fraction(3, 4))),
        ("(3)/4", div(num(3), num(4))),
        ("n*3/4", div(mul(n, num(3)), num(4))),
        ("n^1/2", div(power(n, num(1)), num(2))),
        ("n^(1/2)", power(n, num(Fraction(1, 2)))),
        ("1.58", num(Fraction(79, 50))),
        ("1e3", num(1000)),
        ("2.5e-2", num(Fraction(1, 40))),
        ("n!", App("factorial", (n,))),
        ("2^n!", power(num(2), App("factorial", (n,)))),
        ("log(n)^2", power(App("log", (n,)), num(2))),
        ("ln(n)", App("log", (n,))),
        ("lg(n)", App("log2", (n,))),
        ("log10(n)", App("log", (n, num(10)))),
        ("e^n", power(App("exp", (num(1),)), n)),
        ("sum(i^2, i, 1, n)", App("sum", (power(Var("i"), num(2)), Var("i"), num(1), n))),
        ("sum(i^2, i=1..n)", App("sum", (power(Var("i"), num(2)), Var("i"), num(1), n))),
        ("⌈n/2⌉", App("ceil", (div(n, num(2)),))),
        ("n·k − 1", sub(mul(n, k), num(1))),
        ("9^9^9^9", power(num(9), power(num(9), power(num(9), num(9))))),
        ("--n", neg(neg(n))),
        ("n\n + k", add(n, k)),
    ],
)
def test_trees(text: str, tree: Expr) -> None:
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("n = O(k)", Relation("O", n, k)),
        ("n in Theta(k)", Relation("Theta", n, k)),
        ("n ∈ Θ(k)", Relation("Theta", n, k)),
        ("n = ω(1)", Relation("omega", n, num(1))),
        ("n = Theta(k) + Theta(b)", Relation("Theta", n, add(k, b))),
        ("n = m*Theta(k)", Relation("Theta", n, mul(m, k))),
        ("n = Theta(k)/m + m*O(1)*2", None),
        ("n = Theta(k)/m + m*Theta(1)*2", Relation("Theta", n, add(div(k, m), mul(m, num(1), num(2))))),
        (
            "sum(m*Theta(i*n), i, 1, b) = Theta(m*b^2*n)",
            Relation(
                "Theta",
                App("sum", (mul(m, App("Theta", (mul(Var("i"), n),))), Var("i"), num(1), b)),
                mul(m, power(b, num(2)), n),
            ),
        ),
        ("n ~ k", Relation("~", n, k)),
        ("n ≤ k", Relation("<=", n, k)),
        ("n > k", Relation(">", n, k)),
    ],
)
def test_relations(text: str, relation: Relation | None) -> None:
    if relation is None:
        with pytest.raises(SourceError, match="mixed"):
            parse_relation(text)
    else:
        assert parse_relation(text) == relation
        assert parse_relation(ascii_relation(relation)) == relation


def test_claim_conditions() -> None:
    c = parse_claim("n <= 3*k for 1 <= n < 4, k >= 2 and b = 1")
    assert c.relation == Relation("<=", n, mul(num(3), k))
    assert c.conditions == (
        Relation("<=", num(1), n),
        Relation("<", n, num(4)),
        Relation(">=", k, num(2)),
        Relation("=", b, num(1)),
    )
    assert parse_claim("n <= k for all n >= 2").conditions == (Relation(">=", n, num(2)),)


def test_system() -> None:
    first, second = parse_system("T(n) = T(floor(n/2)) + n; T(n) = 1 for n < 4")
    assert first.relation.left == App("T", (n,))
    assert second.conditions == (Relation("<", n, num(4)),)
    with pytest.raises(SourceError) as info:
        parse_system("T(n) = 1;\n T(1) = )", position=Position("f.yaml", 3, 5))
    assert (info.value.position.line, info.value.position.column) == (4, 9)


def test_measures() -> None:
    e = parse_expression(
        "cost[M_d](naive, 5, n)/cost(focused)", names=("n",), algorithms=("naive", "focused"), models=("M_d",)
    )
    assert e == div(Measure("cost", "M_d", "naive", (num(5), n)), Measure("cost", None, "focused"))
    assert parse_expression(ascii(e), algorithms=("naive", "focused")) == e
    with pytest.raises(SourceError, match="naiv"):
        parse_expression("cost(naiv)", algorithms=("naive",))
    with pytest.raises(SourceError, match="unknown model"):
        parse_expression("cost[M](naive)", algorithms=("naive",), models=("M_d",))


def test_bound_names_of_sums() -> None:
    assert parse_expression("sum(sum(i*j, j, 1, i), i, 1, n)", names=("n",))
    with pytest.raises(SourceError, match="'i'"):
        parse_expression("sum(i, i, 1, n) + i", names=("n",))
    with pytest.raises(SourceError, match="'i'"):
        parse_expression("sum(i, i, 1, i)", names=("n",))


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "nothing", ""),
        ("   ", 1, "nothing", ""),
        ("(n + k", 1, "'(' is never closed", ")"),
        ("n*((k + 1)", 3, "'(' is never closed", ")"),
        ("n + k)", 6, "closes nothing", ""),
        ("2n", 2, "operator is missing", "2*n"),
        ("n m", 3, "operator is missing", "n*m"),
        ("n (k+1)", 1, "unknown function 'n'", "n*(...)"),
        ("log n", 1, "parentheses", "log(n)"),
        ("log^2(n)", 1, "parentheses", "log(n)^2"),
        ("n +", 4, "unexpected the end", "operand"),
        ("n $ k", 3, "unexpected '$'", ""),
        ("foo(n)", 1, "unknown function 'foo'", "floor"),
        ("cieling(n)", 1, "unknown function", "ceil"),
        ("log()", 5, "unexpected ')'", ""),
        ("min(n)", 1, "at least 2", ""),
        ("log(n, 2, 3)", 1, "1 or 2", ""),
        ("sum(i, 1, n)", 8, "index", "sum(term"),
        ("n!!", 3, "ambiguous", ""),
        ("O(n)", 1, "class", ""),
        ("n²", 1, "not a name", "^"),
        ("n = k", 3, "relation", ""),
        ("1e99999999", 1, "too large", "power"),
        ("(n]", 3, "does not close", ")"),
        ("n..k", 2, "unexpected", "sum"),
        ("for + 1", 1, "keyword", ""),
        ("cost[M](a)", 1, "not a measure here", ""),
    ],
)
def test_bad_expressions(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(SourceError) as info:
        parse_expression(text)
    assert message in info.value.message
    assert info.value.position.column == column
    assert hint in (info.value.hint or "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n == k", "'=='"),
        ("n ≈ k", "'≈'"),
        ("n != k", "'!='"),
        ("n => k", "'=>'"),
        ("n", "relation is expected"),
        ("n = k = b", "one relation"),
        ("n <= O(k)", "does not go"),
        ("O(n) = k", "class on the left"),
        ("n = k + O(b)", "no single order"),
        ("n = O(k) + Theta(b)", "mixed"),
        ("n = 2^O(k)", "only be added"),
        ("n = O(O(k))", "class inside"),
        ("n in k", "needs a class"),
        ("n = O(k) for n", "condition"),
        ("n = O(k) for 1 < n > 4", "turns around"),
        ("n = O(k) for n == 2", "'=='"),
        ("n = O(k) for n = O(2)", "not a value"),
        ("n = O(k, 2)", "1 argument"),
    ],
)
def test_bad_relations(text: str, message: str) -> None:
    with pytest.raises(SourceError) as info:
        parse_claim(text)
    assert message in info.value.message


def test_did_you_mean_and_caret() -> None:
    with pytest.raises(SourceError) as info:
        parse_expression("n + m_b", names=("n", "m_d"), position=Position("spec.yaml", 7, 11))
    assert str(info.value) == (
        "spec.yaml:7:15: error: unknown name 'm_b'\n              n + m_b\n                  ^\n    hint: did you mean m_d?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "(" * 65 + "n" + ")" * 65,
        "-" * 100 + "n",
        "n^" * 70 + "n",
        "n/" * 300 + "n",
        "(" * 50_000,
        "x/" * 40 + "(" + "-(x*y/(1+" * 30,
    ],
)
def test_too_deep(text: str) -> None:
    with pytest.raises(SourceError):
        parse_expression(text)


def test_sizes() -> None:
    with pytest.raises(SourceError, match="characters"):
        parse_expression("n+" * 60_000 + "n")
    digits = "123456789" * 9000
    e = parse_expression(digits)
    assert ascii(e) == digits
    assert parse_expression("+".join(["n"] * 40_000))


def test_e_declared() -> None:
    assert parse_expression("e", names=("e",)) == Var("e")
    assert parse_expression("e", names=("n",)) == App("exp", (num(1),))
