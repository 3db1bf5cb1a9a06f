"""Rocq proofs of certificate steps over the integers: one small function for each rule of the kernel.

Every inequality stands for one between quotients.  What follows from premises follows as a combination of their differences
with factors >= 0, which the certificate's rule names: the identity is checked by `ring`, the signs by their structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.bridge.integers import (
    ONE,
    Compared,
    Den,
    IntegerScope,
    Quotient,
    at_value,
    over,
    product,
    quotient,
    scope_of,
    turn,
)
from verifier.bridge.integers_combine import Part, _nodes, combine, nonnegative, positive, ring
from verifier.bridge.integers_dominate import Premises, bounds, dominate
from verifier.bridge.proof import Lines, Premise, block
from verifier.bridge.statement import OR
from verifier.bridge.text import NotExported
from verifier.kernel.context import Context, Interval
from verifier.kernel.rules import _sum_parts, expr, rational, trend
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, div, free_vars, mul, neg, num, power, sub, substitute
from verifier.lang.parse import parse_relation
from verifier.lang.show import ascii

# ---------------------------------------------------------------- rules

def rule_ring(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    c = scope.compared(goal)
    return [*(["apply Z.eq_le_incl."] if goal.op == "<=" else []), *ring([c.left, c.right], scope)]


def chain(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    return combine(scope.compared(goal), [Part(n, scope.compared(p)) for n, p in premises], scope)


def antisymmetry(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    return ["apply Z.le_antisymm; assumption."]


def scaled(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    ((name, p),) = premises
    return combine(scope.compared(goal), [Part(name, scope.compared(p), quotient(expr(step["by"]), scope))], scope)


def evaluate(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    return ["numbers."]


def extremum(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    return ["extremum."]


def rounding(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """d*floor(x/d) <= x < d*floor(x/d) + d."""
    e = expr(step["of"])
    if not isinstance(e, App):
        raise NotExported("rounding of no function")
    p = quotient(e.args[0], scope)
    d = p.den.expr()
    top = p.top if e.op == "floor" else neg(p.top)
    a, b = scope.tight(top), scope.tight(d)
    return [
        f"assert (D_ : 0 < {scope.real(d)}).",
        *block(positive(p.den, scope)),
        f"pose proof (Z.mul_div_le {a} {b} D_). pose proof (Z.mul_succ_div_gt {a} {b} D_). nia.",
    ]


def monotone(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """E[b] - E[a] as the sum over the holes of difference quotients times (b_k - a_k)."""
    template = expr(step["template"])
    inner = scope.kernel
    for k, (_, p) in enumerate(premises, 1):
        low, high = scope.kernel.interval(f"({ascii(p.left)})"), scope.kernel.interval(f"({ascii(p.right)})")
        inner = inner.with_name(f"_{k}", Interval(low.lo, low.lo_open, high.hi, high.hi_open))
    parts = []
    ups = [trend(template, f"_{k}", inner) >= 0 for k in range(1, len(premises) + 1)]
    low = {f"_{k}": p.left if up else p.right for k, ((_, p), up) in enumerate(zip(premises, ups), 1)}
    high = {f"_{k}": p.right if up else p.left for k, ((_, p), up) in enumerate(zip(premises, ups), 1)}
    for k, ((name, p), up) in enumerate(zip(premises, ups), 1):
        hole = f"_{k}"
        if hole not in free_vars(template):
            continue
        others = {h: (high[h] if int(h[1:]) < k else low[h]) for h in low if h != hole}
        slope = _slope(substitute(template, others), hole, low[hole], high[hole], up=up)
        parts.append(Part(name, scope.compared(p), quotient(slope, scope)))
    return combine(scope.compared(goal), parts, scope)


def _slope(e: Expr, hole: str, low: Expr, high: Expr, *, up: bool) -> Expr:
    """(e[high] - e[low])/(high - low) (its negative unless `up`), as a sum of products of what is >= 0 in a monotone template."""
    if hole not in free_vars(e):
        return num(0)

    def at(x: Expr, y: Expr) -> Expr:
        return substitute(x, {hole: y})

    match e:
        case Var():
            if not up:
                raise NotExported("a template that is not monotone")
            return ONE
        case App("neg", (x,)):
            return _slope(x, hole, low, high, up=not up)
        case App("+", args):
            return add(*(_slope(a, hole, low, high, up=up) for a in args if hole in free_vars(a)))
        case App("*", args):
            terms = []
            for k, a in enumerate(args):
                if hole in free_vars(a):
                    others = [at(x, high) for x in args[:k]] + [at(x, low) for x in args[k + 1 :]]
                    terms.append(mul(_slope(a, hole, low, high, up=up), *others))
            return add(*terms)
        case App("/", (x, y)):
            terms = []
            if hole in free_vars(x):
                terms.append(div(_slope(x, hole, low, high, up=up), at(y, high)))
            if hole in free_vars(y):
                terms.append(div(mul(at(x, low), _slope(y, hole, low, high, up=not up)), mul(at(y, low), at(y, high))))
            return add(*terms)
        case App("^", (x, Num(q))) if q.denominator == 1 and 0 < q <= 64:
            n = int(q)
            mixed = add(*(mul(_natural(at(x, high), j), _natural(at(x, low), n - 1 - j)) for j in range(n)))
            return mul(_slope(x, hole, low, high, up=up), mixed)
        case App("^", (x, Num(q))) if q.denominator == 1 and -64 <= q < 0:
            return _slope(div(ONE, power(x, Num(-q))), hole, low, high, up=up)
    raise NotExported(f"monotone in {ascii(e)[:60]}")


def _natural(x: Expr, k: int) -> Expr:
    return ONE if k == 0 else x if k == 1 else power(x, num(k))


def cases(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    a, b = expr(step["left"]), expr(step["right"])
    first, second = Relation("<=", a, b), Relation("<=", b, a)
    c = scope.compared(first)
    name = scope.fresh("H")
    out = [f"destruct (Z.le_ge_cases ({scope.real(c.left)}) ({scope.real(c.right)})) as [{name}|{name}]."]
    for key, h in (("first", first), ("second", second)):
        kernel = Context(scope.kernel.names, (*scope.kernel.hypotheses, h), scope.kernel.functions)
        out += block(prove(step[key], scope.known(h, kernel), goal))
    return out


def split(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """n = lo, .., N-1 one by one, and n >= N."""
    name, at = str(step["parameter"]), rational(step["at"])
    x = scope.printer.name(name)
    domain = scope.kernel.names[name]
    if domain.lo is None:
        raise NotExported("a split without a lower bound")
    first = domain.lo.__ceil__()
    low, high = scope.fresh("H"), scope.fresh("H")
    above = scope_of(
        {**scope.context.names, name: scope.kernel.raised(name, at).names[name]}, scope.kernel.hypotheses, scope.kernel.raised(name, at), scope.inverted
    )
    values = [first + k for k in range(len(step["below"]))]
    out = [f"destruct (Z_lt_le_dec {x} {int(at)}) as [{low}|{high}]."]
    each: Lines = []
    if values:
        choices = OR.join(f"{x} = {_numeral(v)}" for v in values)
        each = [f"assert ({high} : {choices}) by lia. clear {low}.", *_destruct(high, high, len(values))]
        for v, proof in zip(values, step["below"]):
            each += block([f"subst {x}.", *_case(proof, {name: num(v)}, goal, {}, scope)])
    else:
        each = ["lia."]
    return [*out, *block(each), *block(prove(step["above"], replace(above, counter=scope.counter), goal))]


def _destruct(name: str, each: str, count: int) -> Lines:
    """One goal for each of several alternatives."""
    out = each
    for _ in range(count - 1):
        out = f"[{each}|{out}]"
    return [f"destruct {name} as {out}."] if count > 1 else [f"rename {name} into {each}."] if name != each else []


def _numeral(v: int) -> str:
    return str(v) if v >= 0 else f"({v})"


def residues(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """n = d*m + r for r = 0, .., d-1."""
    name, fresh, d = str(step["parameter"]), str(step["quotient"]), int(rational(step["modulus"]))
    x, m = scope.printer.name(name), scope.printer.name(fresh)
    domain = scope.kernel.names[name]
    if domain.lo is None:
        raise NotExported("residues without a lower bound")
    r, e, h, q = (scope.fresh("H") for _ in range(4))
    choices = OR.join(f"{r} = {k}" for k in range(d))
    out = [
        f"destruct (GlueZ.residues {d} {x} ltac:(reflexivity)) as ({m} & {r} & {e} & {h}).",
        f"assert ({q} : {choices}) by lia. clear {h}.",
        *_destruct(q, h, d),
    ]
    for k, proof in enumerate(step["cases"]):
        first = Fraction(-((k - domain.lo) / d).__floor__())
        value = {name: add(mul(num(d), Var(fresh)), num(k))}
        bound = scope.fresh("H")
        out += block(
            [
                f"assert ({bound} : {_numeral(int(first))} <= {m}) by lia.",
                f"subst {r}. subst {x}.",
                *_case(proof, value, goal, {fresh: Interval(first, False, None, False, True)}, scope),
            ]
        )
    return out


def _case(proof: Any, value: Mapping[str, Expr], goal: Relation, new: Mapping[str, Interval], scope: IntegerScope) -> Lines:
    """The goal with a value put in for a parameter."""
    inner, old, _ = at_value(scope, value, scope.compared(goal), new)
    here = Relation(goal.op, substitute(goal.left, value), substitute(goal.right, value))
    return [*turn(old, inner.compared(here), inner), *prove(proof, inner, here)]


# ---------------------------------------------------------------- sums


def _sum(step: Any, scope: IntegerScope, *, empty: bool) -> tuple[Expr, Expr, str, Expr, Expr, IntegerScope, Lines]:
    s, f, i, a, b, kernel = _sum_parts(step, scope.kernel, empty=empty)
    low, high = quotient(a, scope), quotient(b, scope)
    if not (low.den.unit and high.den.unit):
        raise NotExported("the bounds of a sum are not integers")
    inner = scope.indexed(i, low.top, high.top, kernel)
    one, two = scope.fresh("H"), scope.fresh("H")
    return s, f, i, low.top, high.top, inner, [f"intros {inner.printer.name(i)} [{one} {two}]."]


def _function(e: Expr, i: str, inner: IntegerScope) -> str:
    return f"(fun {inner.printer.name(i)} : Z => {inner.real(e)})"


def _range(a: Expr, b: Expr, scope: IntegerScope, *, empty: bool) -> Lines:
    """a - 1 <= b, or a <= b."""
    gap = add(b, neg(a), num(1)) if empty else sub(b, a)
    return [f"cut (0 <= {scope.real(gap)}).", *block(["lia."]), *block(nonnegative(gap, scope))]


def telescoping(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """c*f(i) = F(i) - F(i-1) (or <=, >=), with c clearing the denominators of f and F."""
    s, f, i, a, b, inner, enter = _sum(step, scope, empty=True)
    big = expr(step["antidifference"])
    before = substitute(big, {i: sub(Var(i), num(1))})
    term = quotient(f, inner)
    anti = quotient(big, scope.indexed(i, sub(a, num(1)), b))
    if any(i in free_vars(x) for x, _ in (*term.den.factors.values(), *anti.den.factors.values())):
        raise NotExported("a denominator that depends on the index of a sum")
    common = term.den.join(anti.den)
    c = common.over(term.den).expr()
    grown = over(common, anti)
    at = substitute
    total = sub(at(grown, {i: b}), at(grown, {i: sub(a, num(1))}))
    summed = App("sum", (term.top, Var(i), a, b))
    small = product(c, summed)
    upper = goal.left == s
    arguments = f"({scope.real(c)}) {_function(term.top, i, inner)} {_function(grown, i, inner)} {scope.tight(a)} {scope.tight(b)}"
    name = scope.fresh("H")
    increment = sub(grown, at(grown, {i: sub(Var(i), num(1))}))
    scaled_term = product(c, term.top)
    if "inductive" in step:
        lemma, op = ("telescope_scaled_le", "<=") if upper else ("telescope_scaled_ge", ">=")
        rel = Relation("<=", f, sub(big, before)) if upper else Relation("<=", sub(big, before), f)
        hypothesis = scope.fresh("H")
        wanted = Compared(scaled_term, "<=", increment, common) if upper else Compared(increment, "<=", scaled_term, common)
        nested = [
            *enter,
            "cbv beta.",
            f"assert ({hypothesis} : {inner.text(rel)}).",
            *block(prove(step["inductive"], inner, rel)),
            f"cut ({inner.shown(wanted)}).",
            *block(["let Q := fresh in intro Q; refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ Q (Z.eq_le_incl _ _ _))).", *block(["ring."]), *block(["ring."])]),
            *block(combine(wanted, [Part(hypothesis, inner.compared(rel))], inner)),
        ]
        fact = Compared(small, "<=", total, common) if upper else Compared(total, "<=", small, common)
        lines = [
            f"assert ({name} : {scope.shown(fact)}).",
            *block(
                [
                    f"pose proof (GlueZ.{lemma} {arguments}) as R_. cbv beta in R_. refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ (R_ _ _) (Z.eq_le_incl _ _ _))); clear R_.",
                    *block(ring([total, small], scope)),
                    *block(_range(a, b, scope, empty=True)),
                    *block(nested),
                    *block(ring([total, small], scope)),
                ]
            ),
        ]
    else:
        fact = Compared(small, "=", total, common)
        lines = [
            f"assert ({name} : {scope.shown(fact)}).",
            *block(
                [
                    f"pose proof (SumsZ.telescope_scaled {arguments}) as R_. cbv beta in R_. refine (eq_trans _ (eq_trans (R_ _ _) _)); clear R_.",
                    *block(ring([total, small], scope)),
                    *block(_range(a, b, scope, empty=True)),
                    *block([*enter, "cbv beta.", *ring([scaled_term, increment], inner)]),
                    *block(ring([total, small], scope)),
                ]
            ),
        ]
    return [*lines, *combine(scope.compared(goal), [_signed(name, fact, scope.compared(goal))], scope)]


def _signed(name: str, fact: Compared, goal: Compared) -> Part:
    """An equation, turned round when the goal has its sides the other way (found by the sum on its left)."""
    if fact.op != "=":
        return Part(name, fact)
    sums = {n for n in _nodes(fact.left) if n.op == "sum"}
    if sums & set(_nodes(goal.left)):
        return Part(name, fact)
    return Part(f"(eq_sym {name})", Compared(fact.right, "=", fact.left, fact.den))


def termwise(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    s, f, i, a, b, inner, enter = _sum(step, scope, empty=True)
    g = expr(step["term"])
    upper = goal.left == s
    p, q = quotient(f, inner), quotient(g, inner)
    if any(i in free_vars(x) for y in (p, q) for x, _ in y.den.factors.values()):
        raise NotExported("a denominator that depends on the index of a sum")
    common = p.den.join(q.den)
    c, d = common.over(p.den).expr(), common.over(q.den).expr()
    low, high = (p, q) if upper else (q, p)
    lc, hc = (c, d) if upper else (d, c)
    rel = Relation("<=", f, g) if upper else Relation("<=", g, f)
    hypothesis, name = scope.fresh("H"), scope.fresh("H")
    wanted = Compared(product(lc, low.top), "<=", product(hc, high.top), common)
    sums = [App("sum", (x.top, Var(i), a, b)) for x in (low, high)]
    fact = Compared(product(lc, sums[0]), "<=", product(hc, sums[1]), common)
    arguments = f"({scope.real(lc)}) ({scope.real(hc)}) {_function(low.top, i, inner)} {_function(high.top, i, inner)} {scope.tight(a)} {scope.tight(b)}"
    lines = [
        f"assert ({name} : {scope.shown(fact)}).",
        *block(
            [
                f"refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ (GlueZ.sum_le_scaled {arguments} _) (Z.eq_le_incl _ _ _))).",
                *block(["ring."]),
                *block(
                    [
                        *enter,
                        "cbv beta.",
                        f"assert ({hypothesis} : {inner.text(rel)}).",
                        *block(prove(step["inductive"], inner, rel)),
                        f"cut ({inner.shown(wanted)}).",
                        *block(["let Q := fresh in intro Q; refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ Q (Z.eq_le_incl _ _ _))).", *block(["ring."]), *block(["ring."])]),
                        *block(combine(wanted, [Part(hypothesis, inner.compared(rel))], inner)),
                    ]
                ),
                *block(["ring."]),
            ]
        ),
    ]
    parts = [Part(name, fact)]
    if i not in free_vars(g):
        constant = scope.fresh("E")
        total = product(add(b, neg(a), num(1)), q.top)
        other = App("sum", (q.top, Var(i), a, b))
        lines += [
            f"assert ({constant} : {scope.real(other)} = {scope.real(total)}).",
            *block(["rewrite SumsZ.sum_const.", *block(ring([total], scope)), *block(_range(a, b, scope, empty=True))]),
        ]
        parts.append(
            Part(constant, Compared(other, "=", total, q.den))
            if upper
            else Part(f"(eq_sym {constant})", Compared(total, "=", other, q.den))
        )
    return [*lines, *combine(scope.compared(goal), parts, scope)]


def member(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    s, f, i, a, b, inner, enter = _sum(step, scope, empty=False)
    j = quotient(expr(step["at"]), scope).top
    p = quotient(f, inner)
    if "nonnegative" in step:
        rel = Relation("<=", num(0), f)
        hypothesis = scope.fresh("H")
        signs = [
            f"assert ({hypothesis} : {inner.text(rel)}).",
            *block(prove(step["nonnegative"], inner, rel)),
            *combine(Compared(num(0), "<=", p.top), [Part(hypothesis, inner.compared(rel), Quotient(p.den.expr()))], inner),
        ]
    else:
        signs = nonnegative(p.top, inner)
    name = scope.fresh("H")
    at = substitute(p.top, {i: j})
    summed = App("sum", (p.top, Var(i), a, b))
    lines = [
        f"assert ({name} : {scope.real(at)} <= {scope.real(summed)}).",
        *block(
            [
                f"refine (GlueZ.member {_function(p.top, i, inner)} {scope.tight(a)} {scope.tight(b)} {scope.tight(j)} _ _).",
                *block(["split.", *block(_range(a, j, scope, empty=False)), *block(_range(j, b, scope, empty=False))]),
                *block([*enter, "cbv beta.", *signs]),
            ]
        ),
    ]
    den = Den(p.den.number, {k: (substitute(x, {i: j}), n) for k, (x, n) in p.den.factors.items()})
    return [*lines, *combine(scope.compared(goal), [Part(name, Compared(at, "<=", summed, den))], scope)]


RULES: Mapping[str, Callable[[Any, Relation, Premises, IntegerScope], Lines]] = {
    "ring": rule_ring,
    "bounds": bounds,
    "chain": chain,
    "antisymmetry": antisymmetry,
    "scale": scaled,
    "dominate": dominate,
    "monotone": monotone,
    "rounding": rounding,
    "extremum": extremum,
    "telescoping": telescoping,
    "termwise": termwise,
    "member": member,
    "cases": cases,
    "split": split,
    "residues": residues,
    "evaluate": evaluate,
}


def prove(steps: Sequence[Any], scope: IntegerScope, goal: Relation | Compared) -> Lines:
    """Tactics that prove `goal`: each step asserted, proved from its premises alone, the last one is the goal."""
    shown: list[Premise] = []
    lines: Lines = []
    for step in steps:
        r = parse_relation(step["conclusion"], functions=None)
        rule = RULES.get(step["rule"])
        if rule is None:
            raise NotExported(f"the rule {step['rule']} over the integers")
        premises = [shown[k] for k in step.get("premises", [])]
        name = scope.fresh("S")
        others = " ".join(n for n, _ in shown if n not in {m for m, _ in premises})
        lines.append(f"assert ({name} : {scope.text(r)}).")
        lines += block([*([f"clear {others}."] if others else []), *rule(step, r, premises, scope)])
        shown.append((name, r))
    name, r = shown[-1]
    want = goal if isinstance(goal, Compared) else scope.compared(goal)
    return lines + combine(want, [Part(name, scope.compared(r))], scope)


__all__ = ["Part", "combine", "nonnegative", "positive", "prove", "ring"]
