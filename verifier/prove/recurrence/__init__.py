"""Bounds of recurrences: which theorem, with which data."""

from verifier.prove.recurrence.bound import Bound, establishes, find_bound, target_order

__all__ = ["Bound", "establishes", "find_bound", "target_order"]
