"""A moment on the monotonic clock at which every search of the current task has to stop."""

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
