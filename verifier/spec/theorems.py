"""Claims about theorems: `master(T) = case 2`, `master(T) = inapplicable`, `akra_bazzi(T) = log2(3)`.

In the kernel's language they are equations: master(T(n)) is the number of the case that applies (0: none), akra_bazzi(T(n))
the exponent p with sum a_i b_i^-p = 1, which may also be bounded: `akra_bazzi(T) <= 0.7`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from verifier.kernel.claim import Equation
from verifier.lang.ast import App, Expr, Relation, num

FORM = re.compile(
    r"\s*(master|akra_bazzi)\s*\(\s*([^\W\d]\w*)\s*(?:\([^()]*\)\s*)?\)\s*(<=|>=|=|<|>)\s*(.+?)\s*", re.S
)
_CASE = re.compile(r"(?:case\s*)?([123])")
_NONE = ("inapplicable", "none", "no case", "0")


class NotACase(ValueError):
    """The right side of a claim about the master theorem is not a case."""


def theorem_relation(
    m: re.Match[str], equations: Sequence[Equation], read: Callable[[str], Expr]
) -> Relation:
    """The equation that a match of `FORM` stands for; `read` reads the right side of an Akra-Bazzi claim.

    NotACase if a case of the master theorem is none of 1, 2, 3 and inapplicable; KeyError if the function is not defined."""
    name, function, op, right = m[1], m[2], m[3], m[4]
    head = next(
        (
            e.relation.left
            for e in equations
            if isinstance(e.relation.left, App)
            and e.relation.left.op == function
            and any(a for a in e.relation.left.args if not hasattr(a, "value"))
        ),
        None,
    )
    if head is None:
        raise KeyError(function)
    left = App(name, (head,))
    if name == "akra_bazzi":
        return Relation(op, left, read(right))
    case = _CASE.fullmatch(right.lower())
    if op != "=" or case is None and right.lower() not in _NONE:
        raise NotACase("master(T) = case 1, case 2, case 3 or inapplicable")
    return Relation("=", left, num(int(case[1]) if case else 0))
