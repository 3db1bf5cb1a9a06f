"""Sample values in statements about recurrences: single steps of the equation, evaluated without the exporter's reading of it.

At a size m the calls of the equation get values, and the right-hand side is a number: computed here from the claim as it was
written, and shown in Rocq for the equation as it was printed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from verifier.bridge.statement import holds_at
from verifier.bridge.text import number
from verifier.kernel.claim import Claim, Equation
from verifier.lang.ast import App, Expr, Num, Var, functions, subterms
from verifier.lang.enclosure import EvaluationError, Undefined
from verifier.lang.evaluate import evaluate

if TYPE_CHECKING:
    from verifier.bridge.recurrences_statement import Statement

SIZES = (4, 7, 12)
"""Sizes that are tried; two of them are printed."""
MOST = 10**6
"""Largest value that is printed."""
EXACT = frozenset(["+", "*", "neg", "/", "^", "max", "min"])
"""Functions with rational values whose printed forms compute in Rocq."""


def samples(s: Statement, claim: Claim) -> list[str]:
    """`Example`s about one step of the equation; none where values are irrational or driving terms are classes."""
    if s.landau or s.sums or any(t.argument.real is not None for t in s.terms):
        return []
    equation = _general(s, claim)
    if equation is None:
        return []
    out: list[str] = []
    first = s.start or 0
    for m in (first + k if first > 4 else k for k in SIZES):
        text = _step(s, claim, equation, m)
        if text is not None:
            out.append(text)
        if len(out) == 2:
            break
    return ["", "(* single steps, computed independently *)", *out] if out else []


def _general(s: Statement, claim: Claim) -> Equation | None:
    """The equation of the function that is not a base value."""
    found = [e for e in claim.recurrences if isinstance(e.relation.left, App) and isinstance(e.relation.left.args[0], Var)
             and functions(e.relation.right)]
    return found[0] if len(found) == 1 else None


def _step(s: Statement, claim: Claim, equation: Equation, m: int) -> str | None:
    if m < (s.start or 0) or any(i >= m for i, _ in s.points):
        return None
    left, right = equation.relation.left, equation.relation.right
    if not isinstance(left, App) or not isinstance(left.args[0], Var):
        return None
    env = {left.args[0].name: Fraction(m)}
    texts = []
    for k, (name, kind) in enumerate(s.constants, 2):
        source = next((p.name for p in claim.parameters if s.printer.name(p.name) == name), None)
        if source is None:
            return None
        env[source] = Fraction(k)
        texts.append(f"{k}%nat" if kind == "nat" else str(k))
    calls = [c for c in subterms(right) if isinstance(c, App) and c.op == left.op]
    try:
        arguments = {c: _argument(c.args[0], env) for c in calls}
        values = {a: _base(s, a, k) for k, a in enumerate(sorted(set(arguments.values())))}
        exact = _with(right, {c: Num(values[a]) for c, a in arguments.items()})
        if any(isinstance(x, App) and x.op not in EXACT or isinstance(x, App) and x.op == "^" and not _natural(x.args[1])
               for x in subterms(exact)):
            return None
        value = evaluate(exact, env)
        inside = all(0 <= a < m for a in arguments.values()) and all(holds_at(r, env) for r in equation.conditions)
    except EvaluationError:
        return None
    if not inside or not isinstance(value, Fraction) or abs(value) > MOST:
        return None
    open_ = {t.argument.rounding: a for t, a in zip(s.terms, [arguments[c] for c in calls]) if t.argument.rounding}
    if len(s.terms) != len(calls) and open_:
        return None
    f = s.name
    arguments_text = "".join(f" {t}" for t in texts) + (" n0" if s.start is None else "") + "".join(f" {a.rounding}" for a in s.roundings)
    typed = (" (n0 : nat)" if s.start is None else "") + "".join(f" ({a.rounding} : nat -> nat)" for a in s.roundings)
    premises = (f"(n0 <= {m})%nat -> " if s.start is None else "") + f"recurrence{arguments_text} {f} -> "
    premises += "".join(f"{r} {m}%nat = {a}%nat -> " for r, a in open_.items())
    premises += "".join(f"{f} {a}%nat = {_number(v)} -> " for a, v in values.items())
    return (f"Example step_at_{m} : forall{typed} ({f} : nat -> R), {premises}{f} {m}%nat {s.relation} {_number(value)}.\n"
            f"Proof. unfold recurrence. intros. one_step {m}%nat. Qed.")


def _argument(e: Expr, env: Mapping[str, Fraction]) -> int:
    """The argument of a call, rounded down if its rounding is open."""
    value = evaluate(e, env)
    if not isinstance(value, Fraction):
        raise Undefined("an irrational argument")
    return floor(value) if value >= 0 else ceil(value)


def _base(s: Statement, a: int, k: int) -> Fraction:
    """A value for T(a): the base value if there is one, else a small number."""
    for i, e in s.points:
        if i == a:
            value = evaluate(e, {})
            if not isinstance(value, Fraction):
                raise Undefined("an irrational base value")
            return value
    return Fraction(k + 2)


def _with(e: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """The expression with numbers in place of calls."""
    if e in values:
        return values[e]
    return App(e.op, tuple(_with(a, values) for a in e.args)) if isinstance(e, App) else e


def _natural(e: Expr) -> bool:
    """Whether an exponent is a number that is printed as a natural one."""
    return isinstance(e, Num) and e.value.denominator == 1 and 0 <= e.value <= 64


def _number(q: Fraction) -> str:
    text, level = number(q)
    return text if level == 9 else f"({text})"

