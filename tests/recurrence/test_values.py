"""Exact values at any size."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from tests.recurrence.claims import claim
from verifier.cost.recurrence import MissingBase, NotWellFounded, value
from verifier.kernel.recurrence_system import read_systems
from verifier.kernel.recurrence_value import Values
from verifier.lang.enclosure import Enclosure


def system(recurrence: str):  # type: ignore[no-untyped-def]
    return read_systems(claim(recurrence, "T(n) = O(n)"))


def test_agrees_with_plain_recursion() -> None:
    s = system("T(n) = T(floor(n/2)) + 2*T(ceil(n/3)) + n^2; T(0) = 1; T(1) = 1; T(2) = 3")
    table = {0: 1, 1: 1, 2: 3}
    for n in range(3, 200):
        table[n] = table[n // 2] + 2 * table[-(-n // 3)] + n * n
        assert value(s, "T", n) == table[n]


def test_huge_sizes_are_quick() -> None:
    s = system("T(n) = T(floor(n/2)) + T(ceil(n/2)) + n - 1; T(1) = 0")
    n = 10 ** 100
    start = time.perf_counter()
    v = value(s, "T", n)
    seconds = time.perf_counter() - start
    level = (n - 1).bit_length()
    assert v == n * level - 2 ** level + 1
    assert seconds < 0.25  # 15 ms on an idle machine


def test_quicksort() -> None:
    s = system("T(n) = n - 1 + (2/n)*sum(T(k), k, 0, n-1); T(0) = 0")
    harmonic = sum((Fraction(1, k) for k in range(1, 41)), Fraction(0))
    assert value(s, "T", 40) == 2 * 41 * harmonic - 160


def test_open_roundings_give_an_enclosure() -> None:
    s = system("T(n) = T(n/2) + 1; T(1) = 1")
    v = value(s, "T", 5)
    assert isinstance(v, Enclosure) and v.lo == 3 and v.hi == 4
    assert Values(s, pick="max")("T", 5) == 4 and Values(s, pick="min")("T", 5) == 3


def test_errors() -> None:
    with pytest.raises(NotWellFounded):
        value(system("T(n) = T(ceil(n/2)) + 1; T(0) = 1"), "T", 5)
    with pytest.raises(MissingBase):
        value(system("T(n) = T(n-1) + T(n-2); T(0) = 1"), "T", 5)
