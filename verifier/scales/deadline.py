"""How far searches go: a moment on the monotonic clock at which they stop, and whether solvers are asked at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class OutOfTime(Exception):
    """The budget of the current task is used up."""


_DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def until(moment: float) -> Iterator[None]:
    """Searches inside stop at the moment, or at an outer one that comes first."""
    outer = _DEADLINE.get()
    token = _DEADLINE.set(moment if outer is None else min(moment, outer))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def remaining() -> float:
    """Seconds left; OutOfTime if none are."""
    moment = _DEADLINE.get()
    if moment is None:
        return 60.0
    left = moment - monotonic()
    if left <= 0:
        raise OutOfTime
    return left


_QUICK: ContextVar[bool] = ContextVar("quick", default=False)


@contextmanager
def quickly() -> Iterator[None]:
    """Searches inside make only the comparisons that need no solver."""
    token = _QUICK.set(True)
    try:
        yield
    finally:
        _QUICK.reset(token)


def quick() -> bool:
    """Whether only cheap searches are wanted."""
    return _QUICK.get()
