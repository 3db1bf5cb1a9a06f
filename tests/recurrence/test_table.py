"""The literature's recurrences: each tight bound is proved, and its neighbours above and below are refuted."""

from __future__ import annotations

import statistics
import time

import pytest

from tests.recurrence.claims import claim, table
from verifier.decide import Budget, decide
from verifier.kernel.check import check

ENTRIES = table()


def name_of(recurrence: str) -> str:
    return recurrence.split("(")[0]


@pytest.mark.parametrize(("source", "recurrence", "bound"), ENTRIES, ids=[e[0] for e in ENTRIES])
def test_tight_bound(source: str, recurrence: str, bound: str) -> None:
    f = name_of(recurrence)
    decision = decide(claim(recurrence, f"{f}(n) = Theta({bound})"), Budget())
    assert decision.verdict == "proved", decision.reason
    assert decision.certificate is not None
    assert check(decision.certificate).verdict == "proved"


@pytest.mark.parametrize(("source", "recurrence", "bound"), ENTRIES[::3], ids=[e[0] for e in ENTRIES[::3]])
def test_neighbours_are_refuted(source: str, recurrence: str, bound: str) -> None:
    f = name_of(recurrence)
    for wrong in (f"{f}(n) = O(({bound})/log(log(n)))", f"{f}(n) = Omega(({bound})*log(log(n)))", f"{f}(n) = o({bound})",
                  f"{f}(n) = Theta(({bound})*n^0.001)"):
        decision = decide(claim(recurrence, wrong), Budget())
        assert decision.verdict == "refuted", (wrong, decision.reason)


def test_median_time() -> None:
    seconds = []
    for _, recurrence, bound in ENTRIES[::4]:
        c = claim(recurrence, f"{name_of(recurrence)}(n) = Theta({bound})")
        start = time.perf_counter()
        decide(c, Budget())
        seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) < 0.05  # 20 ms on an idle machine
