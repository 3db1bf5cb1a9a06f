"""LaTeX reading, LaTeX and MathML writing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from tests.lang.strategies import NAMES, expressions
from verifier.lang.ast import Expr, Relation, Var
from verifier.lang.enclosure import Enclosure, EvaluationError
from verifier.lang.errors import Position, SourceError
from verifier.lang.evaluate import evaluate
from verifier.lang.latex import parse_latex
from verifier.lang.parse import parse_any, parse_expression, parse_relation, parse_system
from verifier.lang.show import ascii, ascii_relation, latex, latex_relation, mathml, mathml_relation

N = ("n", "m", "k", "b", "m_d", "m_q", "l")


def _value(e: Expr, env: dict[str, int]) -> Fraction | Enclosure | str:
    try:
        return evaluate(e, env, functions={"T": lambda a, b: a + 3 * b * b})
    except EvaluationError as error:
        return type(error).__name__


@settings(max_examples=300)
@given(expressions, st.tuples(*(st.integers(1, 6) for _ in NAMES)))
def test_round_trip_means_the_same(e: Expr, values: tuple[int, ...]) -> None:
    text = latex(e)
    back = parse_latex(text, names=(*NAMES, "i"), functions=("T",))
    env = {**dict(zip(NAMES, values, strict=True)), "i": 2}
    left, right = _value(e, env), _value(back, env)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        assert left == right
    elif isinstance(left, str) or isinstance(right, str):
        assert left == right or "TooLarge" in (left, right) or "Undecided" in (left, right)
    else:
        low = left if isinstance(left, Enclosure) else Enclosure(left, left)
        high = right if isinstance(right, Enclosure) else Enclosure(right, right)
        assert low.lo <= high.hi and high.lo <= low.hi


@given(expressions)
def test_mathml_is_well_formed(e: Expr) -> None:
    root = ET.fromstring(mathml(e))
    assert root.tag == "math" and root.get("alttext") == ascii(e)
    allowed = {"math", "mrow", "mi", "mn", "mo", "mfrac", "msup", "msub", "msqrt", "munderover"}
    assert {x.tag for x in root.iter()} <= allowed
    arity = {"mfrac": 2, "msup": 2, "msub": 2, "munderover": 3}
    for x in root.iter():
        assert len(x) == arity.get(x.tag, len(x))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (r"m_d b^2", "m_d*b^2"),
        (r"m_{d} b^{2}", "m_d*b^2"),
        (r"m_db^2", "m_d*b^2"),
        ("bk^{2}", "b*k^2"),
        (r"\frac{n}{2}", "n/2"),
        (r"\frac12 n", "1/2*n"),
        (r"\frac{1}{2} n", "1/2*n"),
        (r"\frac n2", "n/2"),
        (r"2^{10}", "2^10"),
        (r"2n", "2*n"),
        (r"2 n \cdot 3", "2*n*3"),
        (r"n(n+1)", "n*(n + 1)"),
        (r"\left(n+1\right)\left(n-1\right)", "(n + 1)*(n - 1)"),
        (r"\log n", "log(n)"),
        (r"\ln(n)", "log(n)"),
        (r"\lg n", "log2(n)"),
        (r"\log_2 n", "log2(n)"),
        (r"\log_{b} n", "log(n, b)"),
        (r"\log_b(n+1)", "log(n + 1, b)"),
        (r"\log^2 n", "log(n)^2"),
        (r"\log^{2}_2 n", "log2(n)^2"),
        (r"n \log n \log m", "n*log(n)*log(m)"),
        (r"\log\log n", "log(log(n))"),
        (r"\log n!", "log(factorial(n))"),
        (r"(\log n)^{2}", "log(n)^2"),
        (r"\frac{\log n}{\log\log n}", "log(n)/log(log(n))"),
        (r"\log n/\log m", "log(n)/log(m)"),
        (r"\exp(-n)", "exp(-n)"),
        (r"e^{-n}", "exp(1)^(-n)"),
        (r"\mathrm{e}^n", "exp(1)^n"),
        (r"\sqrt{n}", "sqrt(n)"),
        (r"\sqrt[3]{n}", "n^(1/3)"),
        (r"\sqrt n", "sqrt(n)"),
        (r"\lceil n/2 \rceil", "ceil(n/2)"),
        (r"\left\lfloor \frac{n}{2} \right\rfloor^2", "floor(n/2)^2"),
        (r"\min(n, k)", "min(n, k)"),
        (r"\max\{n, k, b\}", "max(n, k, b)"),
        (r"\binom{n}{k}", "binomial(n, k)"),
        (r"n!", "factorial(n)"),
        (r"\sum_{i=1}^{b} i n^2", "sum(i*n^2, i, 1, b)"),
        (r"\sum_{i=1}^b in^2", "sum(i*n^2, i, 1, b)"),
        (r"\sum_{i=1}^{n} (i + k) + 1", "sum(i + k, i, 1, n) + 1"),
        (r"2 + \sum_{i=1}^{n} i k", "2 + sum(i*k, i, 1, n)"),
        (r"\sum_{i=1}^{n} i + \sum_{k=1}^{n} k", "sum(i, i, 1, n) + sum(k, k, 1, n)"),
        (r"\sum_{i=1}^{n} \sum_{l=i}^{n} i l", "sum(sum(i*l, l, i, n), i, 1, n)"),
        (r"-n^{2}", "-n^2"),
        (r"n - k - 1", "n - k - 1"),
        (r"\frac{a}{b}", None),
        (r"n\,k\;b", "n*k*b"),
        (r"$n k$", "n*k"),
        (r"\[ n \]", "n"),
        (r"ab/k", None),
        (r"nb/k", "n*b/k"),
        (r"n/b/k", "n/b/k"),
        (r"2^{m_d}", "2^m_d"),
        (r"2^n^", None),
        (r"[n+1]^2", "(n + 1)^2"),
        (r"T(n/2)", "T(n/2)"),
        (r"2T\left(\frac{n}{2}\right) + n", "2*T(n/2) + n"),
        (r"n^{k^{2}}", "n^k^2"),
        (r"{n}^2", "n^2"),
        (r"n \times 10^{6}", "n*10^6"),
        (r"\operatorname{max\_geometric}(k, 1/2)", "max_geometric(k, 1/2)"),
        (r"n\cdot(-1)", "n*(-1)"),
        (r"ceil(n/2) \cdot n", "ceil(n/2)*n"),
        (r"log(n) \cdot n", "log(n)*n"),
    ],
)
def test_trees(text: str, same: str | None) -> None:
    if same is None:
        with pytest.raises(SourceError):
            parse_latex(text, names=N, functions=("T",))
    else:
        assert ascii(parse_latex(text, names=N, functions=("T",))) == same
        assert parse_latex(text, names=N, functions=("T",)) == parse_expression(same, names=N, functions=("T",))


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("2^10 \\cdot n", 3, "ambiguous", "^{10}"),
        ("\\log(n)^2", 8, "exponent", "\\log^{2} n"),
        ("\\log n^2", 7, "exponent", ""),
        ("1 + \\dots + n", 5, "\\dots", "\\sum"),
        ("\\log n m", 8, "argument of \\log", "m \\log n"),
        ("\\log n/m", 7, "quotient", "frac"),
        ("\\log 2n", 7, "argument of \\log", ""),
        ("n/mk", 4, "denominator", "frac"),
        ("1/2 n", 5, "denominator", ""),
        ("\\sum_{i=1}^{n} i + k", 18, "sum ends", "parentheses"),
        ("\\sum_i i", 6, "range", ""),
        ("\\sum_{i=1} i", 1, "range", "both"),
        ("n^-1", 3, "braces", "^{-1}"),
        ("n^m_d", 3, "subscript", "{m_d}"),
        ("n^(k+1)", 3, "braces", ""),
        ("\\frac{n}{2", 9, "never closed", "}"),
        ("n \\foo k", 3, "unknown command", ""),
        ("\\frc{n}{2}", 1, "unknown command", "\\frac"),
        ("n x", 3, "unknown name 'x'", ""),
        ("\\mathrm{kk} n", 1, "unknown name 'kk'", "k"),
        ("n k_2^{2}", 3, "unknown name 'k_2'", ""),
        ("n 2", 3, "number after", "\\cdot"),
        ("(n", 1, "never closed", ")"),
        ("n)", 2, "closes nothing", ""),
        ("\\log^{-1} n", 6, "inverse", ""),
        ("n ~ k", 3, "space", "\\sim"),
        ("{n + k} b", 1, "braces do not print", "\\left"),
        ("n_10", 3, "several digits", "{10}"),
        ("n_{i+1}", 4, "part of a name", ""),
        ("\\lceil n )", 10, "does not close", ""),
        ("\\frac{n}{k}^2", 12, "exponent", ""),
        ("n\\\\ k", 2, "not read", ""),
        ("\\prod_{i=1}^n i", 1, "\\prod", ""),
        ("|n|", 1, "unexpected", ""),
        ("\\log", 5, "missing", ""),
        ("n^{2}^{3}", 6, "second exponent", ""),
        ("n^2!", 4, "factorial", ""),
        ("sum(n) \\cdot 2", 1, "sum", "\\sum"),
        ("m^2_d", 4, "subscript", "m_d^2"),
        ("n +", 4, "end of the text", ""),
        ("n \\bmod 2", 3, "remainders", ""),
        ("\\left. n \\right)", 1, "invisible", ""),
    ],
)
def test_refused(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(SourceError) as info:
        parse_latex(text, names=N)
    assert message in str(info.value)
    assert info.value.position.column == column
    assert hint in (info.value.hint or "")


def test_names_decide() -> None:
    with pytest.raises(SourceError, match="subscript end"):
        parse_latex("m_dev^{2}")
    with pytest.raises(SourceError, match="is a class"):
        parse_latex(r"\Theta(n)")
    with pytest.raises(SourceError, match="is a class"):
        parse_latex("2^{n} O(n)")
    assert parse_latex(r"\max(n, k)^2") == parse_expression("max(n, k)^2")
    assert parse_latex("bk", names=("b", "k")) == parse_expression("b*k")
    assert parse_latex("bk", names=("bk",)) == Var("bk")
    with pytest.raises(SourceError, match="ambiguous"):
        parse_latex("bk", names=("b", "k", "bk"))
    assert parse_latex("b k", names=("b", "k", "bk")) == parse_expression("b*k")
    assert parse_latex(r"\mathrm{bk}", names=("b", "k", "bk")) == Var("bk")
    with pytest.raises(SourceError, match="ambiguous"):
        parse_latex("m_db", names=("m_d", "b", "m_db"))
    assert parse_latex("m_db", names=("m_db",)) == Var("m_db")
    assert parse_latex("n_tokens k", names=("n_tokens", "k")) == parse_expression("n_tokens*k")
    assert parse_latex(r"n_{\text{tokens}} k", names=("n_tokens", "k")) == parse_expression("n_tokens*k")
    assert parse_latex(r"\text{n\_tokens}", names=("n_tokens",)) == Var("n_tokens")
    assert parse_latex(r"\lambda_1 \ell", names=("lambda_1", "l")) == parse_expression("lambda_1*l")
    assert parse_latex("e^{n}", names=("e", "n")) == parse_expression("e^n", names=("e", "n"))
    with pytest.raises(SourceError, match="product of its letters"):
        parse_latex("n^{2} log n")
    assert parse_latex("T(n) + n", functions=None) == parse_expression("T(n) + n", functions=None)
    assert parse_latex("k(n+1)", functions=()) == parse_expression("k*(n+1)")
    with pytest.raises(SourceError, match="a function here"):
        parse_latex("n(n+1)", functions=None)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (
            r"cost(naive) = \Theta(m_q b^2 k l) + \Theta(m_d b^2 k^2 l^2)",
            "cost(naive) = Theta(m_q*b^2*k*l + m_d*b^2*k^2*l^2)",
        ),
        (
            r"\frac{\mathrm{cost}(\text{naive})}{\mathrm{cost}_{M_d}(\text{tree\_sum}, 5)} = \Theta(b k^2)",
            "cost(naive)/cost[M_d](tree_sum, 5) = Theta(b*k^2)",
        ),
        (r"cost[M_d](naive) = \mathcal{O}\left(n\right)", "cost[M_d](naive) = O(n)"),
        (r"n \log n \in o(n^{1.1})", "n*log(n) = o(n^(11/10))"),
        (r"n \sim k", "n ~ k"),
        (r"n \leq k", "n <= k"),
        (
            r"\sum_{i=1}^{b} m_q \Theta(i n) = \Theta(m_q b^2 n)",
            "sum(m_q*Theta(i*n), i, 1, b) = Theta(m_q*b^2*n)",
        ),
        (r"n = m_q \Theta(k)", "n = Theta(m_q*k)"),
        (r"k^n = \omega(1)", "k^n = omega(1)"),
    ],
)
def test_relations(text: str, same: str) -> None:
    options = {"algorithms": ("naive", "tree_sum"), "models": ("M_d",)}
    r = parse_any(text, **options).relation
    assert ascii_relation(r) == same
    assert parse_any(latex_relation(r) + " \\,", **options).relation == r
    assert ET.fromstring(mathml_relation(r)).tag == "math"


@pytest.mark.parametrize(
    "text",
    [
        r"n^2 \le 2^{n} \text{ for } n \ge 4, 1 \le k < n",
        r"n^2 \le 2^{n} for n \ge 4 and 1 \le k < n",
        r"n^2 \le 2^{n} \text{ for all } n \ge 4 \text{ and } 1 \leq k < n",
        r"n^2 \le 2^{n} \quad \forall n \geq 4, 1 \le k \lt n",
        "n^2 <= 2^n for n >= 4, 1 <= k < n",
    ],
)
def test_conditions(text: str) -> None:
    c = parse_any(text, names=("n", "k"))
    assert [ascii_relation(r) for r in (c.relation, *c.conditions)] == [
        "n^2 <= 2^n",
        "n >= 4",
        "1 <= k",
        "k < n",
    ]


@pytest.mark.parametrize(
    "text",
    [
        r"n == k \cdot 2",
        r"n \approx \frac{k}{2}",
        r"n = O(k) + \Theta(k)",
        r"n \le \Theta(k)",
        r"n = k = \frac{b}{2}",
        r"\frac{n}{k}",
        r"n = k + O(\frac{n}{2})",
        r"n \in \frac{n}{k}",
    ],
)
def test_bad_claims(text: str) -> None:
    with pytest.raises(SourceError):
        parse_any(text)


def test_system_in_latex() -> None:
    first, second = parse_system(r"T(n) = 2T(\lceil n/2 \rceil) + n \log n; T(1) = 1")
    assert ascii_relation(first.relation) == "T(n) = 2*T(ceil(n/2)) + n*log(n)"
    assert ascii_relation(second.relation) == "T(1) = 1"


def test_position_of_errors() -> None:
    with pytest.raises(SourceError) as info:
        parse_any(
            r"n = \Theta(k) +" + "\n  \\Theta(\\frac{k}{x})",
            names=("n", "k"),
            position=Position("s.yaml", 5, 9),
        )
    assert (info.value.position.file, info.value.position.line, info.value.position.column) == (
        "s.yaml",
        6,
        19,
    )
    assert str(info.value).splitlines()[2].index("^") - 4 == 18


@pytest.mark.parametrize(
    ("text", "typeset"),
    [
        ("m_d*b^2*k^2*l^2", "m_d b^2 k^2 l^2"),
        ("n*log(n)", r"n \log n"),
        ("log2(n)^2/3", r"\frac{\log_2^2 n}{3}"),
        ("ceil(n/2)", r"\left\lceil \frac{n}{2}\right\rceil"),
        ("2*3*n", r"2 \cdot 3 n"),
        ("n*2^k", r"n \cdot 2^k"),
        ("n^(1/2)", "n^{1/2}"),
        ("n^-1", "n^{-1}"),
        ("exp(-n)", r"\mathrm{e}^{-n}"),
        ("(n + 1)*(n - 1)", "(n + 1) (n - 1)"),
        ("log(n)*n", r"(\log n) n"),
        ("sum(i*n, i, 1, b)", r"\sum_{i=1}^{b} i n"),
        ("m_dev + alpha", r"m_{\mathrm{dev}} + \alpha"),
        ("1/2*n", r"\frac{1}{2} n"),
        ("-2*n", "-2 n"),
        ("binomial(n, k)", r"\binom{n}{k}"),
        ("factorial(n)^2", "(n!)^2"),
        ("sum(i, i, 1, n) + 1", r"\left(\sum_{i=1}^{n} i\right) + 1"),
        ("n - (k - 1)", "n - (k - 1)"),
    ],
)
def test_typography(text: str, typeset: str) -> None:
    assert latex(parse_expression(text)) == typeset


@pytest.mark.parametrize(
    "name",
    [
        "n",
        "m_d",
        "n1",
        "m_a_b",
        "x_10",
        "alpha",
        "alpha_1",
        "m_alpha",
        "tokens",
        "tok_in",
        "l",
        "i_",
        "k_",
        "epsilon",
        "Theta_1",
        "m_dev",
        "T",
        "omega_x",
    ],
)
def test_names_round_trip(name: str) -> None:
    typeset = latex(Var(name))
    assert parse_latex(typeset, names=(name,)) == Var(name)
    assert parse_latex(f"2 {typeset} b", names=(name, "b")) == parse_expression(f"2*{name}*b")
    ET.fromstring(mathml(Var(name)))


def test_landau_typography() -> None:
    assert latex_relation(parse_relation("n = Theta(k^2)")) == r"n = \Theta(k^2)"
    assert latex_relation(Relation("<=", Var("n"), Var("k"))) == r"n \le k"
