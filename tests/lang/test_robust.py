"""Whatever the text, the answer is a tree or a SourceError, and soon."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from verifier.lang.errors import SourceError
from verifier.lang.latex import parse_latex
from verifier.lang.parse import parse_any, parse_claim, parse_expression, parse_system

_WRITTEN = r"""
n k b ( ) [ ] { } + - * / ^ _ = < > , ! ~ ; . 2 10 1.5 e i O o m_d sum( log( log min( ceil(
Theta( T( cost( cost[ foo( for in and <= >= == ** .. ⌈ ⌉ ≤ Θ( ² é 𝒪 | $ # ' : @ % & \frac \log
\sum_{i=1}^{n} \sum _{i=1} ^{ \left( \right) \text{for} \mathrm{cost}( \Theta \Theta( \sqrt[
\lceil \rceil \cdot \le \dots \binom{ \mathrm{ \min\{ \\ \, \sim \mathcal{O}( \foo
"""
PIECES = [*_WRITTEN.split(), " ", "\n", "\\", '"']
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@settings(max_examples=300)
@given(st.one_of(texts, spaced, st.text(max_size=20)), st.booleans(), st.booleans())
def test_nothing_else_is_raised(text: str, declared: bool, free: bool) -> None:
    names = ("n", "k", "b", "m_d", "bk") if declared else None
    functions = None if free else ("T",)
    for read in (parse_expression, parse_latex, parse_claim, parse_any):
        try:
            read(text, names=names, functions=functions, algorithms=("n", "alg"))
        except SourceError as error:
            lines = text.split("\n")
            assert 1 <= error.position.line <= max(1, len(lines))
            assert error.position.column >= 1
            assert str(error)
    with suppress(SourceError):
        parse_system(text)


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "(" * 99_000,
        "{" * 99_000,
        "\\frac{" * 16_000,
        "\\sum_{i=1}^{n}" * 6_000,
        "\\log " * 19_000,
        "n_{" * 30_000,
        "\\mathrm{" * 12_000,
        "-" * 99_000,
        "!" * 99_000,
        "n!" * 40_000,
        "a" * 99_000,
        "\\ a" * 30_000,
        "bk" * 49_000,
        "+".join(["n"] * 49_000),
        "\\cdot ".join(["n"] * 14_000),
        "\\sum_{i=1}^{n} (i) + " * 4_000 + "1",
        "log(" * 24_000,
        "n^" * 49_000,
        "1" * 99_000,
        "n/" * 49_000,
        "for " * 24_000,
        "n = O(" * 16_000,
        "x_{\\mathrm{a}" * 7_000,
        "\\text{" + " " * 90_000,
    ],
    ids=lambda text: text[:12],
)
def test_large_texts(text: str) -> None:
    for read in (parse_expression, parse_latex, parse_any):
        start = time.perf_counter()
        with suppress(SourceError):
            read(text)
        try:
            read(text, names=("b", "k", "bk", "a", "aa"))
        except SourceError as error:
            assert len(str(error)) < 2000
        assert time.perf_counter() - start < 5


def test_ten_megabytes() -> None:
    for read in (parse_expression, parse_latex, parse_any):
        with pytest.raises(SourceError):
            read("n + " * 2_500_000 + "n")
