"""The rule `dominate` through the reflective checker of the library: rows of the certificate as steps with natural weights,
facts and manifest slack as monomial facts c*P <= d*Q between positive atoms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from verifier.bridge.normalise import Atom, Atoms, parts
from verifier.bridge.text import NotExported
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Poly,
    key_expr,
    log_mono,
    log_number,
    normal,
    plus,
    polynomial,
    scale,
    times,
    to_expr,
)
from verifier.kernel.rules import RULES, _fact, _term, _weights, expr, positive_part, rational
from verifier.kernel.sign import split_number
from verifier.lang.ast import App, Relation, sub
from verifier.lang.show import ascii

Vector = dict[Atom, Fraction]


@dataclass
class Fact:
    """A monomial fact 1 <= exp(form): the log-linear form is >= 0, shown by `source`.

    kind "slack": by signs; "log"/"plain"/"tangent": fact number `index` of a row, times a multiplier."""

    form: Poly
    kind: str
    data: Mapping[str, Any]
    times: Poly
    number: Fraction = Fraction(1)
    vector: Vector = field(default_factory=dict)


@dataclass
class Row:
    """amount*M <= sum_t amount*C*w_t*k_t*G_t."""

    small: Mono
    amount: Fraction
    factor: Fraction
    weights: list[tuple[Mono, Fraction, Fraction]]
    facts: list[tuple[Fact, Fraction]]


@dataclass
class Domination:
    """Everything the Rocq proof of one step needs."""

    num: Poly
    den: Poly | None
    rows: list[Row]
    facts: list[Fact]


def analyse(step: Mapping[str, Any], goal: Relation, premises: Sequence[Relation], context: Context) -> Domination:
    """The rows of a certificate's step with every fact and slack term as a log-linear form."""
    step = simpler(step, goal, premises, context)
    difference = normal(sub(goal.right, goal.left), context)
    facts: list[Fact] = []
    rows = []
    used: dict[Mono, Fraction] = {}
    for data in step.get("rows", []):
        m = _term(data.get("term"), context)
        demand = -Fraction(difference.num[m])
        amount = rational(data["amount"]) if "amount" in data else demand - used.get(m, Fraction(0))
        used[m] = used.get(m, Fraction(0)) + amount
        local = positive_part(m, context)
        factor = rational(data.get("factor", "1"))
        weights = _weights(data, context)
        slack = plus(log_number(factor), scale(log_mono(m, local), -1))
        for t, w, k in weights:
            slack = plus(slack, scale(plus(log_mono(t, local), log_number(k)), w))
        mine: list[tuple[Fact, Fraction]] = []
        for entry in data.get("facts", []):
            multiplier = polynomial(expr(entry.get("times", "1")), local)
            base = _fact(entry, premises, local)
            slack = plus(slack, scale(times(multiplier, base), -1))
            mine.append(_split(facts, multiplier, base, entry))
        groups: dict[Mono, Poly] = {}
        for mono, c in slack.items():
            number, rest = split_number(mono)
            groups.setdefault(rest, {})[number] = c
        for rest, coefficient in groups.items():
            if rest == UNIT and all(_prime_log(n) for n in coefficient):
                continue  # an integer comparison of the checker
            form = times(coefficient, {rest: 1})
            mine.append(_split(facts, {UNIT: 1}, form, {"slack": True}))
        rows.append(Row(m, amount, factor, weights, mine))
    return Domination(difference.num, difference.den, rows, facts)


LARGE = 64
"""Denominators of multipliers up to this one are taken as they are: they become exponents of the reflective checker."""

_NUMBER = re.compile(r"(?<![\w.])\d+(?:/\d+)?(?![\w.])")


def simpler(step: Mapping[str, Any], goal: Relation, premises: Sequence[Relation], context: Context) -> Mapping[str, Any]:
    """The step with multipliers of small denominators in place of large ones, where the kernel accepts them as well."""
    for k, row in enumerate(step.get("rows", [])):
        for j, fact in enumerate(row.get("facts", [])):
            for field_ in ("times", "eps"):
                text = fact.get(field_)
                for found in list(_NUMBER.finditer(text or "")):
                    q = Fraction(found.group())
                    if q.denominator <= LARGE:
                        continue
                    for near in _near(q):
                        if near <= 0:
                            continue
                        start, end = found.span()
                        changed = {**fact, field_: f"{text[:start]}{near}{text[end:]}"}  # type: ignore[index]
                        tried = _with(step, k, j, changed)
                        if _accepted(tried, goal, premises, context):
                            return simpler(tried, goal, premises, context)
    return step


def _near(q: Fraction) -> list[Fraction]:
    out: list[Fraction] = []
    for d in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64):
        low = Fraction((q * d).__floor__(), d)
        out += [low, low + Fraction(1, d)]
    out += [q.limit_denominator(d) for d in (8, LARGE)]
    return sorted(dict.fromkeys(out), key=lambda x: (x.denominator, abs(x - q)))


def _with(step: Mapping[str, Any], k: int, j: int, fact: Mapping[str, Any]) -> Mapping[str, Any]:
    rows = [dict(r) for r in step["rows"]]
    rows[k]["facts"] = [fact if n == j else f for n, f in enumerate(rows[k]["facts"])]
    return {**step, "rows": rows}


def _accepted(step: Mapping[str, Any], goal: Relation, premises: Sequence[Relation], context: Context) -> bool:
    try:
        RULES["dominate"](step, goal, premises, context)
    except Rejected:
        return False
    return True


def _prime_log(n: Mono) -> bool:
    return not n[1] and len(n[0]) == 1 and n[0][0][1] == 1 and n[0][0][0][4:-1].isdigit() and n[0][0][0].startswith("log(")


def _split(facts: list[Fact], multiplier: Poly, base: Poly, data: Mapping[str, Any]) -> tuple[Fact, Fraction]:
    """Register multiplier*base >= 0 up to a positive rational, return the fact and that rational."""
    share = Fraction(1)
    if len(multiplier) == 1 and UNIT in multiplier:
        share, multiplier = Fraction(multiplier[UNIT]), {UNIT: 1}
    if "slack" in data and len(base) == 1:
        ((m, c),) = base.items()
        share, base = Fraction(c), {m: 1}
    form = times(multiplier, base)
    whole = lcm(*(Fraction(c).denominator for m, c in form.items() if _prime_log(m)))
    if whole > 1:  # a power of the fact, so that numbers stand in it with whole exponents
        share, form = share / whole, scale(form, whole)
        multiplier = scale(multiplier, whole)
    for f in facts:
        if f.form == form:
            return f, share
    kind = next(k for k in ("slack", "log", "plain", "tangent") if k in data)
    number, vector = log_vector(form)
    facts.append(Fact(form, kind, data, multiplier, number, vector))
    return facts[-1], share


def log_vector(form: Poly) -> tuple[Fraction, Vector]:
    """exp of a log-linear form as a rational number times powers of atoms."""
    number = Fraction(1)
    vector: Vector = {}
    for m, c in form.items():
        q = Fraction(c)
        if not m[1] and len(m[0]) == 1 and m[0][0][1] == 1 and m[0][0][0].startswith("log("):
            key = m[0][0][0][4:-1]
            if key.isdigit():
                if q.denominator == 1:
                    number *= Fraction(int(key)) ** q.numerator
                    continue
                vector[("key", key)] = vector.get(("key", key), Fraction(0)) + q
                continue
            inverse = key_expr(key)
            if isinstance(inverse, App) and inverse.op == "/" and key.startswith("1/"):
                key, q = ascii(inverse.args[1]), -q  # the kernel keeps logarithms of numbers positive
            atom: Atom = ("key", log_key(key))
            vector[atom] = vector.get(atom, Fraction(0)) + q
        else:
            vector[("exp", m)] = q
    return number, vector


def log_key(inner: str) -> str:
    """The atom key of x in log(x)."""
    from verifier.kernel.normal import _is_atom_key

    return inner if _is_atom_key(inner) else f"({inner})"


def atoms_of(d: Domination, atoms: Atoms) -> Atoms:
    """All atoms with their roots."""
    atoms.add([d.num])
    if d.den is not None:
        atoms.add([d.den])
    for f in d.facts:
        for atom, q in f.vector.items():
            atoms.roots[atom] = lcm(atoms.roots.get(atom, 1), q.denominator)
    return atoms


def used_atoms(d: Domination) -> set[Atom]:
    """The atoms of the monomials, the denominator and the facts."""
    out = {a for p in (d.num, d.den or {}) for m in p for a, _ in parts(m)}
    out |= {a for f in d.facts for a in f.vector}
    return out | {a for r in d.rows for m in (r.small, *(t for t, _, _ in r.weights)) for a, _ in parts(m)}


def root_facts(order: Sequence[Atom], atoms: Atoms) -> list[Fact]:
    """r^d <= p and p <= r^d for the d-th roots r of numbers p among the atoms."""
    out = []
    for a in order:
        if a[0] == "key" and str(a[1]).isdigit() and atoms.roots[a] > 1:
            for sign in (1, -1):
                q = Fraction(int(str(a[1]))) ** sign
                out.append(Fact({}, "root", {}, {}, q, {a: Fraction(-sign)}))
    return out


def vector_of(m: Mono) -> Vector:
    return dict(parts(m))


def exponents(v: Vector, order: Sequence[Atom], atoms: Atoms) -> str:
    """The exponent list of a monomial over the atoms."""
    out = [atoms.exponent(a, v.get(a, Fraction(0))) for a in order]
    while out and out[-1] == 0:
        out.pop()
    return "[" + "; ".join(map(str, out)) + "]"


def steps_text(d: Domination, order: Sequence[Atom], atoms: Atoms, clear: int, start: int) -> tuple[str, int]:
    """The list of steps, and the integer that clears all denominators of coefficients and budgets."""
    need = clear
    for c in d.num.values():
        need = lcm(need, Fraction(c).denominator)
    for r in d.rows:
        need = lcm(need, r.amount.denominator)
        for _, w, k in r.weights:
            need = lcm(need, (r.amount * r.factor * w * k).denominator)
    out = []
    for r in d.rows:
        if r.amount == 0:
            continue
        total = 1
        for _, w, _ in r.weights:
            total = lcm(total, w.denominator)
        for _, share in r.facts:
            total = lcm(total, share.denominator)
        roots = [(k, f) for k, f in enumerate(d.facts) if f.kind == "root"]
        for _, f in roots:
            total = lcm(total, *(atoms.roots[a] for a in f.vector))
        targets = "; ".join(
            f"Target {(w * total).numerator} {(need * r.amount * r.factor * w * k).numerator} "
            f"{exponents(vector_of(t), order, atoms)}"
            for t, w, k in r.weights
        )
        multipliers = [Fraction(0)] * (len(d.facts) + start)
        for f, share in r.facts:
            multipliers[next(i for i, g in enumerate(d.facts) if g is f)] += share * total
        for k, f in roots:
            ((a, q),) = f.vector.items()
            excess = total * vector_of(r.small).get(a, Fraction(0)) - sum(w * total * vector_of(t).get(a, Fraction(0)) for t, w, _ in r.weights)
            excess += sum((m * g.vector.get(a, Fraction(0)) for m, g in zip(multipliers, d.facts) if g.kind != "root"), Fraction(0))
            multipliers[k] = max(Fraction(0), excess * -q)
        if any(x.denominator != 1 or x < 0 for x in multipliers):
            raise NotExported("a multiplier is not a natural number")
        while multipliers and multipliers[-1] == 0:
            multipliers.pop()
        out.append(
            f"Step {(need * r.amount).numerator} {exponents(vector_of(r.small), order, atoms)} [{targets}] "
            f"[{'; '.join(str(x.numerator) for x in multipliers)}]%N"
        )
    return "[" + ";\n      ".join(out) + "]", need


def fact_text(f: Fact, order: Sequence[Atom], atoms: Atoms) -> tuple[str, int, Vector, int, Vector]:
    """`Fact c P d Q` for 1 <= number*prod atom^e, with the parts."""
    small = {a: -q for a, q in f.vector.items() if q < 0}
    large = {a: q for a, q in f.vector.items() if q > 0}
    text = (
        f"Fact {f.number.denominator} {exponents(small, order, atoms)} {f.number.numerator} {exponents(large, order, atoms)}"
    )
    return text, f.number.denominator, small, f.number.numerator, large


def polynomial_text(num: Poly, clear: int, order: Sequence[Atom], atoms: Atoms) -> str:
    return (
        "["
        + "; ".join(f"({(Fraction(c) * clear).numerator}, {exponents(vector_of(m), order, atoms)})" for m, c in num.items())
        + "]"
    )


def expression_of(p: Poly) -> Any:
    return to_expr(p)
