"""Constants that mention parameters: their signs, claims under assumptions about them, and case tables."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from tests.recurrence.claims import N, claim
from verifier.decide import Budget, decide
from verifier.kernel.check import check
from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import real_of
from verifier.kernel.recurrence_system import constant_facts
from verifier.lang.errors import SourceError
from verifier.lang.evaluate import compare
from verifier.lang.parse import parse_expression, parse_relation


def constants(text: str) -> tuple[Parameter, ...]:
    """`a b>1 p<1`: positive real constants, with bounds."""
    out = []
    for word in text.split():
        name, _, low = word.partition(">")
        name, _, high = name.partition("<")
        upper = Fraction(high) if high else None
        out.append(Parameter(name, "real", Fraction(low or 0), True, upper, bool(high), "constant"))
    return tuple(out)


PROVED = """
T(n) = p*T(floor(p*n + d)) + q*T(ceil(q*n - d)) + 1 | Theta(log(n)) | p<1 q d<1 | p + q = 1; 2*p + d < 2
T(n) = p*T(p*n) + q*T(q*n) + 1 | Theta(log(n)) | p q | p + q = 1
T(n) = T(p*n) + T(q*n) + 1 | Theta(n) | p q | p + q = 1
T(n) = T(floor(p*n)) + T(n - floor(p*n)) + n | Theta(n*log(n)) | p<1 |
T(n) = T(a*n) + T(b*n) + T(c*n) + n | Theta(n*log(n)) | a b c | a + b + c = 1
T(n) = T(a*n) + T(b*n) + n | Theta(n) | a b | a + b < 1
T(n) = a*T(n/b) + n | Theta(n^(log(a)/log(b))) | a b>1 | a > b
T(n) = a*T(n/b) + n | Theta(n) | a b>1 | a < b
T(n) = a*T(n/b) + n | Theta(n*log(n)) | a b>1 | a = b
T(n) = b*T(n/b) + n | Theta(n*log(n)) | b>1 |
T(n) = a*T(n/b) + n^c | Theta(n^c) | a b>1 c | a < b^c
T(n) = a*T(n/b) + n^c | Theta(n^c*log(n)) | a b>1 c | a = b^c
T(n) = a*T(n/b) + n^c | Theta(n^(log(a)/log(b))) | a b>1 c | a > b^c
T(n) = a*T(n/b) + n^c | Omega(n^c) | a b>1 c |
T(n) = a*T(n/2) + n | Omega(n) | a |
T(n) = a*T(n/2) + b*T(n/4) + n^2 | Theta(n^2) | a b | 4*a + b < 16
T(n) = a*T(sqrt(n)) + log(n) | Theta(log(n)) | a | a < 2
T(n) = a*T(n-1) + 1 | Omega(1) | a |
"""

REFUTED = """
T(n) = p*T(p*n) + q*T(q*n) + 1 | Theta(n) | p q | p + q = 1
T(n) = p*T(p*n) + q*T(q*n) + 1 | O(1) | p q | p + q = 1
T(n) = T(p*n) + T(q*n) + 1 | o(n) | p q | p + q = 1
T(n) = T(a*n) + T(b*n) + T(c*n) + n | Theta(n) | a b c | a + b + c = 1
T(n) = a*T(n/b) + n | Theta(n) | a b>1 | a > b
T(n) = a*T(n/b) + n | Theta(n) | a b>1 | a = b
T(n) = a*T(n/b) + n^c | Theta(n^c*log(n)) | a b>1 c | a < b^c
T(n) = a*T(n/b) + n^c | Theta(n^c*log(n)) | a b>1 c |
T(n) = a*T(n/2) + n | Theta(n) | a |
T(n) = a*T(n/2) + n | O(n^2) | a |
T(n) = a*T(n-1) + 1 | Theta(a^n) | a |
T(n) = 2*T(n/b) + n | Theta(n) | b |
T(n) = a*T(n/2) + b*T(n/4) + n^2 | Theta(n^2) | a b | 4*a + b < 17
"""


def lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(x.strip() for x in line.split("|")) for line in text.strip().splitlines()]


def built(recurrence: str, bound: str, names: str, given: str) -> Claim:
    assumptions = tuple(x.strip() for x in given.split(";") if x.strip())
    return claim(recurrence, f"T(n) = {bound}", (N, *constants(names)), assumptions)


@pytest.mark.parametrize("line", lines(PROVED))
def test_proved(line: tuple[str, ...]) -> None:
    d = decide(built(*line), Budget())
    assert d.verdict == "proved", d.reason
    assert d.certificate is not None and check(d.certificate).verdict == "proved"


@pytest.mark.parametrize("line", lines(REFUTED))
def test_refuted(line: tuple[str, ...]) -> None:
    d = decide(built(*line), Budget())
    assert d.verdict == "refuted", d.reason
    assert d.certificate is not None and check(d.certificate).verdict == "refuted"


def test_the_case_table_is_a_finding() -> None:
    d = decide(built("T(n) = a*T(n/2) + n", "Theta(n)", "a", ""), Budget())
    assert d.findings == ("a < 2: proved, T(n) = Theta(n)", "a = 2: refuted, T(n) = Theta(n*log(n))",
                          "a > 2: refuted, T(n) = Theta(n^(log(a)/log(2)))")


def test_cases_do_not_prove_without_all_of_them() -> None:
    d = decide(built("T(n) = a*T(n/2) + n", "Omega(n)", "a", ""), Budget())
    assert d.certificate is not None
    for name in ("less", "equal", "greater"):
        rest = {k: v for k, v in d.certificate["comparison"].items() if k != name}
        with pytest.raises(Rejected):
            check({**d.certificate, "comparison": rest})
    swapped = {**d.certificate["comparison"], "less": d.certificate["comparison"]["greater"]}
    with pytest.raises(Rejected):
        check({**d.certificate, "comparison": swapped})
    with pytest.raises(Rejected):
        check({**d.certificate, "bound": {"rule": "cases", "left": "n", "right": "2"}})


def test_a_recurrence_that_does_not_end_for_some_constants_is_not_proved() -> None:
    for bound in ("Omega(1)", "Theta(n)", "O(n^64)"):
        assert decide(built("T(n) = T(n/b) + n", bound, "b", ""), Budget()).verdict != "proved"


def test_contradictory_constants_prove_nothing() -> None:
    for given in ("a + b = 1; a > 1", "a < b; b < a", "a = b; a > b"):
        d = decide(built("T(n) = a*T(n/2) + b*T(n/4) + n", "Theta(n^9)", "a b", given), Budget())
        assert d.verdict == "undecided"


def test_signs_agree_with_values() -> None:
    """Random polynomials, powers and logarithms of constants against exact values where the assumptions hold."""
    rng = random.Random(7)
    parts = ("a", "b", "p", "c", "1", "2", "1/2", "a*b", "b^2", "1/b", "p*b", "log(b)", "log(a)", "log(p)", "b^c", "1/b^c",
             "p^c", "a/b^c", "1 - p", "log(a)/log(b)", "p^(c + 1)", "(1 - p)^2", "sqrt(a)", "log(2)")
    givens = ((), ("a < b",), ("a > b",), ("p + a = 1",), ("a = b^c",), ("a > b^c",), ("a <= 1", "c >= 2"), ("a + p < 1",))
    decided = 0
    for _ in range(400):
        given = rng.choice(givens)
        c = claim("T(n) = T(n/2) + 1", "T(n) = O(n)", (N, *constants("a b>1 p<1 c")), given)
        facts = constant_facts(c)
        e = parse_expression(" ".join(f"{rng.choice('+-')} {rng.randint(1, 3)}*({rng.choice(parts)})" for _ in range(
            rng.randint(1, 4))).removeprefix("+ "))
        try:
            sign = real_of(e, facts).sign()
        except Rejected:
            continue
        decided += 1
        for _ in range(12):
            point = {"a": Fraction(rng.randint(1, 60), rng.choice((1, 8, 40))), "b": 1 + Fraction(rng.randint(1, 40), 8),
                     "p": Fraction(rng.randint(1, 15), 16), "c": Fraction(rng.randint(1, 24), 4)}
            if given == ("a = b^c",):
                point["c"] = Fraction(rng.randint(1, 4))
                point["a"] = point["b"] ** int(point["c"])
            elif given == ("p + a = 1",):
                point["a"] = 1 - point["p"]
            relations = [parse_relation(g) for g in given]
            if all({"<": s < 0, ">": s > 0, "=": s == 0, "<=": s <= 0, ">=": s >= 0}[r.op] for r in relations
                   for s in [compare(r.left, r.right, point)]):
                assert compare(e, parse_expression("0"), point) == sign, (e, given, point)
    assert decided > 150


@pytest.mark.parametrize("seed", range(4))
def test_no_exception_escapes(seed: int) -> None:
    """Random recurrences with symbolic coefficients, slopes and shifts: a verdict or bad input, nothing else."""
    rng = random.Random(seed)
    scalars = ("a", "b", "p", "1 - p", "2", "1/2", "a*b", "p^2", "a - b")
    arguments = ("n/2", "n/b", "p*n", "floor(p*n + c)", "n - 1", "sqrt(n)", "n^p", "a*n", "floor(n/2) + 1", "n - a", "log(n)")
    drivings = ("1", "n", "n^c", "a*n", "n^p*log(n)", "b^n", "n/log(n)", "n - a")
    for _ in range(8):
        calls = " + ".join(f"({rng.choice(scalars)})*T({rng.choice(arguments)})" for _ in range(rng.randint(1, 2)))
        bound = rng.choice(("Theta(n)", "O(n^c)", "Omega(a^n)", "Theta(n^(log(a)/log(b)))", "O(1)"))
        given = rng.choice(("", "a < b", "a + p = 1", "a = b^c"))
        c = built(f"T(n) = {calls} + {rng.choice(drivings)}", bound, "a b>1 p<1 c", given)
        try:
            d = decide(c, Budget(seconds=2))
        except SourceError:
            continue
        assert d.verdict in ("proved", "refuted", "undecided")
