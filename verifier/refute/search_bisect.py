"""The first integer at which a monotone predicate becomes true, with few evaluations.

Numbers may have thousands of bits, so plain bisection is the last resort: the magnitude is bisected first, powers of the
claim's bases are tried, and then a real-valued score that changes sign with the predicate is interpolated, the
bracket shrinking quadratically."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mpmath import libmp as mp


class Undecidable(Exception):
    """The predicate has no answer somewhere."""


def first_true(
    true: Callable[[int], bool | None],
    low: int,
    high: int,
    bases: Iterable[int] = (2,),
    score: Callable[[int], Any | None] | None = None,
) -> int:
    """The least n in low < n <= high with true(n), for a predicate false at low, true at high and monotone between.

    `score(n)`, raw mpmath numbers or None, is negative where the predicate is false and positive where it is
    true, roughly linear on short ranges; it only guides the search."""

    def at(n: int) -> bool:
        answer = true(n)
        if answer is None:
            raise Undecidable
        return answer

    def narrow(m: int) -> None:
        nonlocal low, high
        if low < m < high:
            if at(m):
                high = m
            else:
                low = m

    while low > 0 and high > 4 * low:
        narrow(1 << ((low.bit_length() + high.bit_length()) // 2))
    if high - low > 1 << 12:
        for m in _powers(bases, low, high):
            narrow(m)
            narrow(m - 1)
            narrow(m + 1)
    if score is not None:
        shrink = 4
        while high - low > 1 << 12:
            width = high - low
            guess = _secant(score, low, high)
            if guess is None:
                break
            m = guess
            reach = max(1, width >> shrink)
            narrow(min(max(m - reach, low + 1), high - 1))
            narrow(min(max(m + reach, low + 1), high - 1))
            if high - low <= 2 * reach + 1:
                shrink = min(2 * shrink, 4096)
            else:
                shrink = max(2, shrink // 2)
                narrow((low + high) // 2)
    while high - low > 1:
        narrow((low + high) // 2)
    return high


def _powers(bases: Iterable[int], low: int, high: int) -> list[int]:
    found = set()
    for b in bases:
        k = max(0, int((low.bit_length() - 1) / b.bit_length()) - 1)
        q = b**k
        while q <= high:
            if q > low:
                found.add(q)
            q *= b
    return sorted(found)[-12:]


def _secant(score: Callable[[int], Any | None], low: int, high: int) -> int | None:
    a, b = score(low), score(high)
    if a is None or b is None or mp.mpf_sign(a) >= 0 or mp.mpf_sign(b) <= 0:
        return None
    prec = high.bit_length() + 64
    share = mp.mpf_div(a, mp.mpf_sub(a, b, prec, "n"), prec, "n")
    step = int(mp.to_int(mp.mpf_mul(share, mp.from_int(high - low), prec, "n")))
    return low + step
