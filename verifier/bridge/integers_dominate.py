"""The rule `dominate` over the integers, through the reflective checker of the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from verifier.bridge import dominate as dom
from verifier.bridge.integers import (
    ONE,
    Compared,
    Den,
    IntegerScope,
    Quotient,
    difference,
    factors,
    inverse,
    powers,
    product,
    quotient,
    times,
)
from verifier.bridge.integers_combine import Part, combine, nonnegative, ring
from verifier.bridge.proof import Lines, Premise, block
from verifier.bridge.text import NotExported
from verifier.kernel.normal import UNIT, to_expr
from verifier.kernel.rules import expr
from verifier.lang.ast import App, Expr, Num, Relation, add, num, power, sub

Premises = Sequence[Premise]


def bounds(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    c = scope.compared(goal)
    hypotheses = scope.context.hypotheses
    if any(h.op in (goal.op, "=", "<") and {h.left, h.right} == {c.left, c.right} for h in hypotheses):
        return ["lia."]
    return combine(c, (), scope, Quotient(difference(c), c.den)) if c.op != "=" else ["lia."]


# ---------------------------------------------------------------- domination

Exponents = dict[str, int]


@dataclass
class Atoms:
    """The positive integers whose powers make up the monomials, by key."""

    scope: IntegerScope
    bases: dict[str, Expr]

    def vector(self, m: Any) -> dict[str, Fraction]:
        out: dict[str, Fraction] = {}
        for key, base, q in powers(m):
            self.bases.setdefault(key, base)
            out[key] = out.get(key, Fraction(0)) + (-q if key in self.scope.inverted else q)
        return out

    def text(self, v: Mapping[str, Fraction]) -> str:
        """The exponents in the order of the atoms."""
        out = [v.get(k, Fraction(0)) for k in self.bases]
        if any(q.denominator != 1 or q < 0 for q in out):
            raise NotExported("an exponent that is not a natural number")
        while out and out[-1] == 0:
            out.pop()
        return f"[{'; '.join(str(q.numerator) for q in out)}]"

    def expr(self, v: Mapping[str, Fraction]) -> list[Expr]:
        return [self.bases[k] if q == 1 else power(self.bases[k], num(q)) for k, q in v.items() if q]


def dominate(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """Rows of the certificate as steps of the checker; monomials are multiplied by one that leaves no negative exponents."""
    c = scope.compared(goal)
    if goal.op != "<=":
        raise NotExported("a strict domination")
    d = dom.analyse(step, goal, [p for _, p in premises], scope.kernel)
    atoms = Atoms(scope, {})
    vectors = {m: atoms.vector(m) for m in d.num}
    facts = [_monomial_fact(f, atoms) for f in d.facts]
    clear: dict[str, Fraction] = {}
    for v in vectors.values():
        for k, q in v.items():
            clear[k] = max(clear.get(k, Fraction(0)), -q)
    scale = 1
    for q in d.num.values():
        scale = lcm(scale, Fraction(q).denominator)
    for r in d.rows:
        scale = lcm(scale, r.amount.denominator)
        for _, w, k in r.weights:
            scale = lcm(scale, (r.amount * r.factor * w * k).denominator)
    polynomial_ = [(Fraction(q) * scale, _plus(vectors[m], clear)) for m, q in d.num.items()]
    # (right - left)/D = num/den: y*(right - left) = x*polynomial
    y = Den(scale, {k: (atoms.bases[k], int(q)) for k, q in clear.items() if q})
    y, x = _denominators(d, y, c, scope)
    shared = y.meet(x)
    y, x = y.over(shared), x.over(shared)
    names = []
    lines: Lines = []
    for e in atoms.bases.values():
        name = scope.fresh("P")
        lines += [f"assert ({name} : 0 < {scope.real(e)}).", *block(nonnegative(e, scope, strict=True))]
        names.append(name)
    xs = "[" + "; ".join(scope.real(e) for e in atoms.bases.values()) + "]"
    known, texts = [], []
    for f, (n, small, m, large, power_) in zip(d.facts, facts):
        text = f"Fact {n} {atoms.text(small)} {m} {atoms.text(large)}"
        name = scope.fresh("F")
        lines += [f"assert ({name} : fact_at {xs} ({text})).", *block(_fact(f, (n, small, m, large, power_), premises, atoms, scope))]
        known.append(name)
        texts.append(text)
    steps = _steps(d, atoms, vectors, clear, scale, [f[4] for f in facts])
    simple = y.unit and (not x.factors)
    factor = x.number if simple else 1
    if factor != 1:
        steps = _steps(d, atoms, vectors, clear, scale * factor, [f[4] for f in facts])
    diff = "[" + "; ".join(f"({int(q * factor)}, {atoms.text(v)})" for q, v in polynomial_) + "]"
    whole = add(*(product(num(q), *atoms.expr(v)) for q, v in polynomial_))
    apply = [
        f"apply (dominate {xs}\n      [{'; '.join(texts)}]\n      {steps}\n      {diff}).",
    ]
    rest = [
        *block([*(f"apply Forall_cons; [exact {n}|]." for n in names), "apply Forall_nil."]),
        *block([*(f"apply Forall_cons; [exact {n}|]." for n in known), "apply Forall_nil."]),
        *block(["vm_compute; reflexivity."]),
    ]
    if simple:
        return [*lines, *apply, *block(["cbn [polynomial monomial].", *ring([c.left, c.right], scope)]), *rest]
    name = scope.fresh("H")
    lines += [f"assert ({name} : 0 <= {scope.real(whole)}).", *block([*apply, *block(["cbn [polynomial monomial]. ring."]), *rest])]
    part = Part(name, Compared(num(0), "<=", whole), Quotient(x.expr(), y))
    return [*lines, *combine(Compared(c.left, c.op, c.right), [part], scope)]


def _denominators(d: dom.Domination, y: Den, c: Compared, scope: IntegerScope) -> tuple[Den, Den]:
    """y*(right - left) = x*polynomial with the denominators of the kernel's normal form and of the goal."""
    if d.den is None:
        return y, c.den
    e = quotient(to_expr(d.den), scope)
    return y * factors(e.top, scope), c.den * e.den


def _plus(a: Mapping[str, Fraction], b: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {k: a.get(k, Fraction(0)) + b.get(k, Fraction(0)) for k in {**a, **b}}


def _monomial_fact(f: dom.Fact, atoms: Atoms) -> tuple[int, dict[str, Fraction], int, dict[str, Fraction], int]:
    """c*P <= d*Q for 1 <= (number*prod atom^e)^k, with the least k that leaves integers."""
    numbers: dict[int, Fraction] = {}
    vector: dict[str, Fraction] = {}
    for (kind, what), q in f.vector.items():
        if kind == "key" and str(what).isdigit():
            numbers[int(str(what))] = numbers.get(int(str(what)), Fraction(0)) + q
        elif kind == "key":
            for k, e in atoms.vector((((str(what), q),), ())).items():
                vector[k] = vector.get(k, Fraction(0)) + e
        else:
            for k, e in atoms.vector(((), ((what, q),))).items():
                vector[k] = vector.get(k, Fraction(0)) + e
    k = 1
    for q in (*numbers.values(), *vector.values()):
        k = lcm(k, q.denominator)
    number = f.number**k
    for p, q in numbers.items():
        number *= Fraction(p) ** int(q * k)
    small = {a: -q * k for a, q in vector.items() if q < 0}
    large = {a: q * k for a, q in vector.items() if q > 0}
    return number.denominator, small, number.numerator, large, k


def _fact(
    f: dom.Fact,
    found: tuple[int, dict[str, Fraction], int, dict[str, Fraction], int],
    premises: Premises,
    atoms: Atoms,
    scope: IntegerScope,
) -> Lines:
    """A monomial fact: from an inequality between monomials, or by signs."""
    n, small, m, large, k = found
    left, right = product(num(n), *atoms.expr(small)), product(num(m), *atoms.expr(large))
    want = Compared(left, "<=", right)
    enter = [
        "apply fact_intro. cbn [monomial repeat app unit].",
        f"cut ({scope.shown(want)}).",
        *block(["rewrite ?Z.pow_0_r, ?Z.pow_1_r, ?Z.mul_1_r, ?Z.mul_1_l. let Q := fresh in intro Q; first [exact Q | refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ Q (Z.eq_le_incl _ _ _))); ring]."]),
    ]
    if f.kind == "log" and f.times == {UNIT: 1} and k == 1:
        a, b = (expr(t) for t in f.data["log"])
        r = Relation("<=", a, b)
        name = scope.fresh("H")
        shown = [f"assert ({name} : {scope.text(r)}).", *block(_shown(r, f.data, premises, scope))]
        by = times(Quotient(right), inverse(quotient(b, scope), scope))
        return [*enter, *shown, *combine(want, [Part(name, scope.compared(r), by)], scope)]
    if f.kind == "slack" and not small:
        return [*enter, *_at_least(left, right, scope)]
    if f.kind in ("slack", "plain") and len(small) == len(large) == 1 and n == m == 1:
        return [*enter, *_powers_le(atoms.expr(small)[0], atoms.expr(large)[0], scope)]
    raise NotExported("a fact about logarithms")


def _at_least(left: Expr, right: Expr, scope: IntegerScope) -> Lines:
    if isinstance(right, App) and right.op == "^" and not isinstance(right.args[1], Num):
        return ["apply GlueZ.one_le_pow; pos."] if left == ONE else ["lia."]
    return combine(Compared(left, "<=", right), (), scope, Quotient(sub(right, left)))


def _powers_le(a: Expr, b: Expr, scope: IntegerScope) -> Lines:
    """p^x <= q^y for p <= q, or p^x <= p^y for x <= y."""
    if not (isinstance(a, App) and isinstance(b, App) and a.op == b.op == "^"):
        raise NotExported("a fact about powers")
    if a.args[1] == b.args[1]:
        return ["apply Z.pow_le_mono_l; lia."]
    if a.args[0] == b.args[0]:
        return ["apply Z.pow_le_mono_r; [lia | nia]."]
    raise NotExported("a fact about powers")


def _shown(r: Relation, data: Mapping[str, Any], premises: Premises, scope: IntegerScope) -> Lines:
    if "premise" in data:
        name, p = premises[data["premise"]]
        c = scope.compared(p)
        if p.op == "=" and p.left != r.left:
            name, c = f"(eq_sym {name})", Compared(c.right, "=", c.left, c.den)
        return combine(scope.compared(r), [Part(name, c)], scope)
    return bounds({}, r, (), scope)


def _steps(
    d: dom.Domination,
    atoms: Atoms,
    vectors: Mapping[Any, Mapping[str, Fraction]],
    clear: Mapping[str, Fraction],
    scale: int,
    powers_: Sequence[int],
) -> str:
    """The rows as steps with natural weights and multipliers."""
    out = []
    for r in d.rows:
        if r.amount == 0:
            continue
        total = 1
        for _, w, _ in r.weights:
            total = lcm(total, w.denominator)
        shares = [Fraction(0)] * len(d.facts)
        for f, share in r.facts:
            k = next(i for i, g in enumerate(d.facts) if g is f)
            shares[k] += share / powers_[k]
        for s in shares:
            total = lcm(total, s.denominator)
        multipliers = [s * total for s in shares]
        if any(x < 0 for x in multipliers):
            raise NotExported("a multiplier is negative")
        while multipliers and multipliers[-1] == 0:
            multipliers.pop()
        targets = "; ".join(
            f"Target {int(w * total)} {int(scale * r.amount * r.factor * w * k)} {atoms.text(_plus(vectors[t], clear))}"
            for t, w, k in r.weights
        )
        out.append(
            f"Step {int(scale * r.amount)} {atoms.text(_plus(vectors[r.small], clear))} [{targets}] "
            f"[{'; '.join(str(int(x)) for x in multipliers)}]%N"
        )
    return "[" + ";\n      ".join(out) + "]"


