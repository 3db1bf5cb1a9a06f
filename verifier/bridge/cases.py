"""Proofs by cases: small values of an integer parameter one by one, residues, and comparisons of two expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.bridge.proof import Lines, Premise, Scope, block, prove
from verifier.bridge.text import number
from verifier.kernel.context import Context, Interval
from verifier.kernel.rules import expr, rational
from verifier.lang.ast import Expr, Relation, Var, add, mul, num, substitute


def _at(r: Relation, value: dict[str, Expr]) -> Relation:
    return Relation(r.op, substitute(r.left, value), substitute(r.right, value))


def _nested(steps: Any, goal: Relation, scope: Scope) -> Lines:
    """Prove the goal in the case's own words, then meet the goal of the proof, in which the value was put in."""
    name = scope.fresh("G")
    return [f"assert ({name} : {scope.text(goal)}).", *block(prove(steps, scope, goal)), f"put_in {name}."]


def split(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """n = lo, .., N - 1 one by one, and n >= N."""
    name, at = str(step["parameter"]), rational(step["at"])
    domain = scope.context.names[name]
    first = (domain.lo or Fraction(0)).__ceil__()
    if domain.lo_open and domain.lo == first:
        first += 1
    n, last = scope.printer.name(name), int(at)
    values = range(first, last)
    choices = " \\/ ".join([*(f"{n} = {k}" for k in values), f"{last} <= {n}"])
    below, cases = scope.fresh("L"), scope.fresh("C")
    lines = [
        f"assert ({below} : ({first} <= {n})%Z) by (apply le_IZR; known).",
        f"assert ({cases} : ({choices})%Z) by lia.",
    ]
    for k, proof in zip(values, step["below"]):
        value = {name: num(k)}
        context = Context(
            {m: i for m, i in scope.context.names.items() if m != name},
            tuple(_at(h, value) for h in scope.context.hypotheses),
            scope.context.functions,
        )
        inner = replace(scope, printer=scope.printer.with_context(context))
        lines.append(f"destruct {cases} as [{cases}|{cases}].")
        lines += block([f"clear {below}. subst {n}. push_everywhere.", *_nested(proof, _at(goal, value), inner)])
    above = scope.fresh("h")
    inner = replace(scope, printer=scope.printer.with_context(scope.context.raised(name, at)))
    lines.append(f"assert ({above} : {number(at)[0]} <= IZR {n}) by (apply IZR_le; exact {cases}).")
    return [*lines, *prove(step["above"], inner, goal)]


def residues(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """n = d*m + r for r = 0, .., d - 1."""
    name, fresh, d = str(step["parameter"]), str(step["quotient"]), int(rational(step["modulus"]))
    domain = scope.context.names[name]
    low = domain.lo or Fraction(0)
    n = scope.printer.name(name)
    q = replace(scope.printer, integers=scope.printer.integers | {fresh}).name(fresh)
    below, cases = scope.fresh("L"), scope.fresh("C")
    choices = " \\/ ".join(f"{n} = {d} * {q} + {r}" for r in range(d))
    lines = [
        f"assert ({below} : ({low.__ceil__()} <= {n})%Z) by (apply le_IZR; known).",
        f"assert ({cases} : exists {q}, ({choices})%Z).",
        *block(
            [f"exists ({n} / {d})%Z. pose proof (Z.div_mod {n} {d} ltac:(lia)). pose proof (Z.mod_pos_bound {n} {d} ltac:(lia)). lia."]
        ),
        f"destruct {cases} as ({q} & {cases}).",
    ]
    for r, proof in enumerate(step["cases"]):
        value = {name: add(mul(num(d), Var(fresh)), num(r))}
        first = Fraction(-((r - low) / d).__floor__())
        names = {m: i for m, i in scope.context.names.items() if m != name} | {fresh: Interval(first, False, None, False, True)}
        context = Context(names, tuple(_at(h, value) for h in scope.context.hypotheses), scope.context.functions)
        p = replace(scope.printer, integers=scope.printer.integers | {fresh}).with_context(context)
        inner = replace(scope, printer=p)
        known = scope.fresh("h")
        body = [
            f"subst {n}. assert ({known} : {number(first)[0]} <= IZR {q}) by (apply IZR_le; lia). clear {below}. push_everywhere.",
            *_nested(proof, _at(goal, value), inner),
        ]
        if r < d - 1:
            lines.append(f"destruct {cases} as [{cases}|{cases}].")
            lines += block(body)
        else:
            lines += body
    return lines


def cases(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """a <= b or b <= a."""
    a, b = expr(step["left"]), expr(step["right"])
    name = scope.fresh("H")
    out = [f"destruct (Rle_or_le ({scope.real(a)}) ({scope.real(b)})) as [{name}|{name}]."]
    for key, h in (("first", Relation("<=", a, b)), ("second", Relation("<=", b, a))):
        c = Context(scope.context.names, (*scope.context.hypotheses, h), scope.context.functions)
        out += block(prove(step[key], replace(scope, printer=scope.printer.with_context(c)), goal))
    return out


__all__ = ["cases", "residues", "split"]
