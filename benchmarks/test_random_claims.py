"""160 random claims: all decided, none wrong, certificates included; the time of a claim beside z3's on the same problem."""

from __future__ import annotations

import json
from fractions import Fraction
from statistics import median
from time import process_time as clock
from typing import Any

import pytest

from benchmarks.random_claims import Sample, Sum, _product, samples
from verifier.decide import Budget, decide
from verifier.decide.question import question
from verifier.kernel.check import check

COUNT = 160


def ours(s: Sample) -> tuple[str, float]:
    """The verdict, checked after a round trip through JSON, and the processor seconds from text to certificate."""
    start = clock()
    found = decide(question(s.text), Budget(seconds=20, witnesses=False))
    seconds = clock() - start
    if found.certificate is not None:
        assert check(json.loads(json.dumps(found.certificate))).verdict == found.verdict
    return found.verdict, seconds


def by_z3(s: Sample) -> float:
    """Seconds that z3 takes for the linear programs of the claim alone, without a certificate."""
    import z3
    start = clock()
    f, g = s.numerator, s.bound if s.denominator is None else _product(s.bound, s.denominator)
    sides: list[tuple[Sum, Sum]] = []
    if s.relation in ("O", "Theta", "o"):
        sides.append((f, g))
    if s.relation in ("Omega", "Theta", "omega"):
        sides.append((g, f))
    for small, large in sides:
        for m in small:
            solver = z3.Solver()
            names = [z3.Real(f"{kind}{i}") for kind in "cde" for i in range(len(m.d))]
            solver.add(*(x >= 0 for x in names))
            for t in large:
                row = [a - b for p, q in ((m.c, t.c), (m.d, t.d), (m.e, t.e)) for a, b in zip(p, q)]
                solver.add(z3.Sum([z3.Q(v.numerator, v.denominator) * x
                                   for v, x in zip(map(Fraction, row), names)]) > 0)
            solver.check()
    return clock() - start


@pytest.mark.parametrize("seed", [1])
def test_all_right(seed: int, record_property: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ours(next(samples(1, 99)))  # imports
    wrong, undecided, times, peer = [], [], [], []
    for s in samples(COUNT, seed):
        verdict, seconds = ours(s)
        times.append(seconds)
        peer.append(by_z3(s))
        if verdict == "undecided":
            undecided.append(s.text)
        elif (verdict == "proved") != s.truth:
            wrong.append(f"{s.text}: {verdict}")
    right = COUNT - len(wrong) - len(undecided)
    with capsys.disabled():
        print(f"\nseed {seed}: {right} right, {len(wrong)} wrong, {len(undecided)} undecided; median "
              f"{median(times) * 1000:.1f} ms, worst {max(times) * 1000:.0f} ms; z3 alone {median(peer) * 1000:.1f} ms")
    assert not wrong
    assert not undecided
    # a shared machine: the median is compared with z3's in the same run, and bounded loosely by the clock
    assert median(times) < max(0.005, 3 * median(peer))


def test_one_claim(benchmark: Any) -> None:
    claim = question("b^2*k*l + b^2*k^2*l^2 = Theta(b^2*k^2*l^2)")
    assert benchmark(decide, claim).verdict == "proved"


def test_a_ratio(benchmark: Any) -> None:
    claim = question("(n^2 + n*m)/(n + m) = Theta(n)")
    assert benchmark(decide, claim).verdict == "proved"


def test_a_refutation(benchmark: Any) -> None:
    claim = question("n*m = O(n + m)")
    budget = Budget(witnesses=False)
    assert benchmark(decide, claim, budget).verdict == "refuted"
