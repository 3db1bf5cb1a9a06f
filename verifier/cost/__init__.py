"""Algorithms: pseudo-code, its cost as an expression or a recurrence, and its exact execution at concrete
sizes."""
