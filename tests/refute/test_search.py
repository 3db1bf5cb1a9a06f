"""The smallest violation of explicit claims: exactly, fast, the same every time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from time import process_time

import pytest

from tests.refute.claims import make
from tests.refute.false_claims import FALSE
from verifier.kernel.claim import Claim
from verifier.kernel.recurrence_system import read_systems
from verifier.kernel.recurrence_value import Values
from verifier.lang.evaluate import compare, holds
from verifier.refute.search import find_violation, search
from verifier.refute.search_bisect import first_true
from verifier.refute.search_box import digits, order

BRUTE = 700
"""Claims that fail up to here are confirmed by trying every smaller size."""


def fails(claim: Claim, point: Mapping[str, int], values: Values | None) -> bool:
    """Straight from the meaning, with the evaluator of the language and that of the kernel's recurrences."""
    if not all(holds(a.op, a.left, a.right, point) for a in claim.assumptions):
        return False
    functions = {} if values is None else {"T": lambda n: values("T", int(n))}
    r = claim.statement
    sign = compare(r.left, r.right, point, functions=functions)
    return not {"=": sign == 0, "<=": sign <= 0, ">=": sign >= 0, "<": sign < 0, ">": sign > 0}[r.op]


@pytest.mark.parametrize(("text", "given", "equations", "expected"), FALSE, ids=[c[0] for c in FALSE])
def test_the_smallest_violation_is_found(
    text: str, given: tuple[str, ...], equations: tuple[str, ...], expected: dict[str, int]
) -> None:
    claim = make(text, given, equations)
    found = search(claim, seconds=60)
    assert found is not None
    assert found.point == expected
    assert found.smallest


@pytest.mark.parametrize(("text", "given", "equations", "expected"), FALSE, ids=[c[0] for c in FALSE])
def test_the_expected_sizes_are_right(
    text: str, given: tuple[str, ...], equations: tuple[str, ...], expected: dict[str, int]
) -> None:
    claim = make(text, given, equations)
    values = Values(read_systems(claim)) if equations else None
    slow = "T(n-1)" in "".join(equations) and max(expected.values()) > BRUTE
    if slow:  # the evaluator of the kernel needs a small step at a time
        for n in range(1000, max(expected.values()), 1000):
            assert values is not None
            values("T", n)
    assert fails(claim, expected, values)
    if len(expected) == 1:
        ((name, n),) = expected.items()
        if n > 1:
            assert not fails(claim, {name: n - 1}, values)
        if n <= BRUTE:
            assert not any(fails(claim, {name: k}, values) for k in range(1, n))
    elif sum(map(digits, expected.values())) <= 4:
        limit = 10 ** (sum(map(digits, expected.values())) - len(expected) + 1)
        names = list(expected)
        smaller = [c for c in product(range(1, limit), repeat=len(names)) if order(c) < order(list(expected.values()))]
        assert not any(fails(claim, dict(zip(names, c, strict=True)), values) for c in smaller)


TRUE = [
    "n <= n^2",
    "log2(n) <= n - 1",
    "floor(n/2) + ceil(n/2) = n",
    "sum(i, i, 1, n) = n*(n+1)/2",
    "a*b <= (a^2 + b^2)/2",
    "factorial(n) <= n^n",
]


@pytest.mark.parametrize("text", TRUE)
def test_true_claims_are_not_refuted(text: str) -> None:
    assert find_violation(make(text), seconds=0.3) is None


def test_the_time_budget_is_kept() -> None:
    start = process_time()
    find_violation(make("T(n) <= n*log2(n) + n", (), ("T(1) = 1", "T(n) = 2*T(floor(n/2)) + n for n >= 2")), seconds=0.5)
    find_violation(make("n^1.585 <= 2*n^(log(3)/log(2))"), seconds=0.5)
    assert process_time() - start < 10  # processor time: a budget that is ignored takes minutes


def test_the_search_is_deterministic() -> None:
    claim = make("a*b <= 50*(a + b)")
    first = find_violation(claim, seconds=30)
    assert first is not None
    assert first == find_violation(claim, seconds=30)


def test_assumptions_and_domains_are_kept() -> None:
    found = find_violation(make("b*k <= 7*b", ("b <= k", "k >= 10")), seconds=30)
    assert found == {"b": 1, "k": 10}


def test_real_parameters_take_simple_values() -> None:
    found = find_violation(make("m*n <= m^2*n^2", real=("m",)), seconds=30)
    assert found == {"m": Fraction(1, 2), "n": 1}


def test_every_rounding_counts() -> None:
    # T(3) may be T(2) + 1 = T(1) + 2
    claim = make("T(n) <= log2(n) + 1", (), ("T(1) = 1", "T(n) = T(n/2) + 1 for n >= 2"))
    assert find_violation(claim, seconds=30) == {"n": 3}


def test_bisection_with_a_score_needs_few_evaluations() -> None:
    from mpmath import libmp as mp

    target, calls = 3**700, []

    def true(n: int) -> bool:
        calls.append(n)
        return n * n > target

    def score(n: int) -> object:
        return mp.mpf_sub(mp.mpf_log(mp.from_int(n * n), 1300), mp.mpf_log(mp.from_int(target), 1300), 1300, "n")

    found = first_true(true, 1, 1 << 1024, score=score)
    assert found**2 > target >= (found - 1) ** 2
    assert len(calls) < 150
