"""The kernel's speed: one certificate from process start, and a thousand in one process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from benchmarks.random_claims import samples
from verifier.decide import Budget, decide
from verifier.decide.question import question
from verifier.decide.store import serialised
from verifier.kernel.check import check


@pytest.fixture(scope="module")
def certificates() -> list[str]:
    """The texts of certificates of random claims."""
    found = (decide(question(s.text), Budget(witnesses=False)).certificate for s in samples(60, 5))
    return [serialised(c) for c in found if c is not None]


def run(*args: str) -> float:
    start = perf_counter()
    done = subprocess.run([sys.executable, "-m", "verifier.cli", "recheck", *args], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    return perf_counter() - start


def bare() -> float:
    start = perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return perf_counter() - start


def test_one_certificate(certificates: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.json"
    path.write_text(certificates[0])
    run(str(path))
    times = [run(str(path)) for _ in range(7)]
    start = median(bare() for _ in range(7))
    with capsys.disabled():
        print(f"\none certificate: {median(times) * 1000:.0f} ms from process start (python alone {start * 1000:.0f} ms)")
    assert min(times) < max(0.150, 9 * start)


def test_a_thousand(certificates: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for k in range(1000):
        (tmp_path / f"{k}.json").write_text(certificates[k % len(certificates)])
    run(str(tmp_path))
    seconds = min(run(str(tmp_path)) for _ in range(2))
    with capsys.disabled():
        print(f"\n1000 certificates: {seconds:.2f} s")
    assert seconds < 2 or seconds < 60 * bare()


def test_check(certificates: list[str], benchmark: Any) -> None:
    data = json.loads(certificates[0])
    benchmark(check, data)
