"""The inference rules: each shows one inequality or equation on a context.

A rule is a function of the step (its data, straight from the certificate), the conclusion it is to show, the
conclusions of its premises, and the context.  It returns None when the conclusion follows and raises `Rejected`
otherwise.  Conclusions are relations `a <= b`, `a < b` or `a = b` between expressions, for every
assignment of the context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.differentiate import derivative
from verifier.kernel.normal import (
    Mono,
    Poly,
    constant,
    key_expr,
    log_mono,
    log_number,
    mono_expr,
    normal,
    numeric,
    plus,
    polynomial,
    ratio,
    scale,
    times,
)
from verifier.kernel.sign import manifestly_nonnegative, mono_positive, nonnegative, nonnegative_mono, sign_of_number
from verifier.lang.ast import App, Expr, Relation, Var, add, div, free_vars, log, mul, neg, num, power, sub, substitute
from verifier.lang.parse import parse_expression, parse_relation
from verifier.lang.show import ascii

Step = Mapping[str, Any]
Prover = Callable[[Any, Context, Relation, int], None]
"""Checks a nested proof of a relation on a context, at a nesting depth."""


def expr(text: object) -> Expr:
    """An expression of the certificate."""
    if not isinstance(text, str):
        raise Rejected("an expression is a string")
    return parse_expression(text, functions=None)


def rational(text: object) -> Fraction:
    """A rational number of the certificate: "3/4"."""
    if not isinstance(text, str) or len(text) > 10_000 or "e" in text.lower() or "." in text:
        raise Rejected("a rational number is written p/q in a string")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise Rejected("not a rational number") from error


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise Rejected("a list was expected")
    return value


def _need(ok: bool, message: str) -> None:
    if not ok:
        raise Rejected(message)


def same(a: Expr, b: Expr, context: Context) -> bool:
    """Whether two expressions have the same normal form."""
    if a == b:
        return True
    return not normal(sub(a, b), context).num


# ------------------------------------------------------------------------------------------ the rules

def ring(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """a = b (hence a <= b) when a - b is 0 in ring normal form over the atoms.  Rocq: rule_ring."""
    _need(goal.op in ("=", "<="), "ring shows = or <=")
    _need(same(goal.left, goal.right, context), "the two sides differ in normal form")


def bounds(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """a <= b when it is a hypothesis, or when interval arithmetic on the domain (with hypotheses added to cancel negative
    terms) shows b - a >= 0.  Rocq: rule_hypothesis."""
    if goal in context.hypotheses:
        return
    if goal.op == "<=" and (Relation("<", goal.left, goal.right) in context.hypotheses
                            or Relation("=", goal.left, goal.right) in context.hypotheses
                            or Relation("=", goal.right, goal.left) in context.hypotheses):
        return
    _need(goal.op == "<=", "bounds shows <=")
    _need(context.at_least(sub(goal.right, goal.left), Fraction(0)), "the bound does not follow from the domain")


def chain(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """a_0 <= a_1 <= ... <= a_n from its links; < if one link is strict, = if all are equations.  Rocq: rule_chain."""
    _need(len(premises) > 0, "a chain needs premises")
    _need(same(goal.left, premises[0].left, context) and same(goal.right, premises[-1].right, context),
          "the chain does not have the ends of the conclusion")
    for a, b in zip(premises, premises[1:]):
        _need(same(a.right, b.left, context), "two links of the chain do not meet")
    ops = {p.op for p in premises}
    _need(ops <= {"=", "<=", "<"} and (goal.op == "<=" or goal.op == "<" and "<" in ops or ops == {"="}),
          "the links are weaker than the conclusion")


def antisymmetry(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """a = b from a <= b and b <= a.  Rocq: rule_antisymmetry."""
    _need(goal.op == "=" and Relation("<=", goal.left, goal.right) in premises
          and Relation("<=", goal.right, goal.left) in premises, "antisymmetry needs both inequalities")


def dominate(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Posynomial domination: weighted AM-GM, growth scales and Farkas multipliers in one step.

    With right - left = (sum_t b_t G_t - sum_i a_i M_i) / D in normal form (a_i, b_t > 0 rational, monomials M_i, G_t,
    D > 0): the conclusion holds if every M_i has weights w_it > 0, sum_t w_it = 1, scales k_it > 0 (1 unless given) and a
    rational factor C_i > 0 with

        log M_i + sum_j mu_ij F_ij <= sum_t w_it log(k_it G_t) + log C_i     (facts F_ij >= 0, multipliers mu_ij >= 0)

    where the difference of the two sides is manifestly >= 0, and sum_i a_i C_i w_it k_it <= b_t for every t.  For then
    M_i <= C_i prod_t (k_it G_t)^w_it <= C_i sum_t w_it k_it G_t.  The coefficient a_i may be shared out over several rows
    ("amount").  Strict, if some budget is left over on a monomial that is positive.

    A fact is {"log": [a, b]} for log b - log a >= 0 (0 < a <= b), {"plain": [a, b]} for b - a >= 0, both by bounds or
    by the premise named in "premise", or {"tangent": A, "eps": e} for e*A - 1 - log e - log A >= 0 (A, e > 0).
    An atom of M_i that may be 0 may be taken as positive in row i, since M_i = 0 is dominated anyway
    (so an integer n with log(n) in M_i is at least 2).  Fails if a monomial may be negative, or D is not
    shown positive.  Rocq: rule_dominate."""
    _need(goal.op in ("<=", "<"), "dominate shows <= or <")
    difference = normal(sub(goal.right, goal.left), context)
    if difference.den is not None:
        _need(nonnegative(difference.den, context, strict=True), "the denominator is not shown positive")
    budget: dict[Mono, Fraction] = {}
    demand: dict[Mono, Fraction] = {}
    for m, c in difference.num.items():
        _need(nonnegative_mono(m, context), f"{ascii(mono_expr(m))} may be negative")
        (budget if c > 0 else demand)[m] = abs(Fraction(c))
    for row in _list(step.get("rows", [])):
        m = _term(row.get("term"), context)
        _need(m in demand, f"{row.get('term')} is not a term on the smaller side")
        amount = rational(row["amount"]) if "amount" in row else demand[m]
        _need(amount >= 0, "an amount may not be negative")
        demand[m] -= amount
        spent = amount * _row(row, m, budget, premises, context)
        for t, w, k in _weights(row, context):
            budget[t] -= spent * w * k
    _need(all(d <= 0 for d in demand.values()), "a term on the smaller side is not covered")
    _need(all(b >= 0 for b in budget.values()), "a budget is exceeded")
    if goal.op == "<":
        _need(any(b > 0 and mono_positive(m, context) for m, b in budget.items()), "the inequality may be an equality")


def _term(text: object, context: Context) -> Mono:
    p = polynomial(expr(text), context)
    _need(len(p) == 1 and list(p.values()) == [1], "a row names one monomial")
    return next(iter(p))


def _weights(row: Step, context: Context) -> list[tuple[Mono, Fraction, Fraction]]:
    """The entries [G, w] or [G, w, k] of a row."""
    out = []
    for entry in _list(row.get("weights")):
        text, weight, *rest = _list(entry)
        _need(len(rest) <= 1, "a weight has at most a scale beside it")
        out.append((_term(text, context), rational(weight), rational(rest[0]) if rest else Fraction(1)))
    return out


def _row(row: Step, m: Mono, budget: Mapping[Mono, Fraction], premises: Sequence[Relation],
         context: Context) -> Fraction:
    """The factor C of a row, after checking it."""
    local = positive_part(m, context)
    factor = rational(row.get("factor", "1"))
    _need(factor > 0, "a factor must be positive")
    slack = plus(log_number(factor), scale(log_mono(m, local), -1))
    total = Fraction(0)
    for t, w, k in _weights(row, context):
        _need(t in budget and w > 0 and k > 0, "weights and scales must be positive, on terms of the larger side")
        slack = plus(slack, scale(plus(log_mono(t, local), log_number(k)), ratio(w)))
        total += w
    _need(total == 1, "the weights of a row do not add up to 1")
    for fact in _list(row.get("facts", [])):
        multiplier = polynomial(expr(fact.get("times", "1")), local)
        _need(manifestly_nonnegative(multiplier, local), "a multiplier may be negative")
        slack = plus(slack, scale(times(multiplier, _fact(fact, premises, local)), -1))
    _need(manifestly_nonnegative(slack, local), f"the row of {row.get('term')} does not balance")
    return factor


def positive_part(m: Mono, context: Context) -> Context:
    """The part of the context where the monomial is not 0: integer parameters step up to the next value that keeps
    its factors positive, any other factor becomes positive by hypothesis."""
    for key, _ in m[0]:
        if context.positive(key):
            continue
        _need(context.nonnegative(key), f"{key} may be negative")
        e = key_expr(key)
        inner = e.args[0] if isinstance(e, App) and e.op == "log" and len(e.args) == 1 else e
        name = inner.name if isinstance(inner, Var) else None
        _need(name is not None, f"{key} may be 0")
        old = context.names[str(name)]
        floor = Fraction(0) if inner is e else Fraction(1)
        context = context.raised(str(name), floor + 1) if old.integer else context.with_name(
            str(name), Interval(floor, True, old.hi, old.hi_open))
        _need(context.positive(key), f"{key} may be 0")
    return context


def _fact(fact: Step, premises: Sequence[Relation], context: Context) -> Poly:
    """The polynomial F >= 0 that a fact stands for."""
    if "tangent" in fact:
        a, eps = polynomial(expr(fact["tangent"]), context), polynomial(expr(fact["eps"]), context)
        _need(nonnegative(eps, context, strict=True), "eps must be positive")
        _need(nonnegative(a, context, strict=True), "the point of a tangent must be positive")
        return plus(times(eps, a), constant(-1), scale(_logarithm(eps, context), -1), scale(_logarithm(a, context), -1))
    kind = "log" if "log" in fact else "plain"
    left, right = (expr(t) for t in _list(fact[kind]))
    if "premise" in fact:
        k = fact["premise"]
        _need(isinstance(k, int) and 0 <= k < len(premises), "no such premise")
        p = premises[k]
        _need(p.op in ("<=", "<", "=") and same(p.left, left, context) and same(p.right, right, context)
              or p.op == "=" and same(p.left, right, context) and same(p.right, left, context),
              "the fact is not the premise")
    else:
        goal = Relation("<=", left, right)
        bounds({}, goal, (), context)
    a, b = polynomial(left, context), polynomial(right, context)
    if kind == "plain":
        return plus(b, scale(a, -1))
    return plus(_logarithm(b, context), scale(_logarithm(a, context), -1))


def _logarithm(p: Poly, context: Context) -> Poly:
    _need(bool(p) and (len(p) > 1 or next(iter(p.values())) > 0), "log of a number that is not positive")
    if len(p) == 1:
        (m, c), = p.items()
        return plus(log_mono(m, context), log_number(Fraction(c)))
    from verifier.kernel.normal import to_expr
    return polynomial(log(to_expr(p)), context)


def scaled(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """q*a <= q*b from a <= b, for q > 0 (also = and <).  Rocq: rule_scale."""
    _need(len(premises) == 1 and goal.op == premises[0].op, "one premise with the same relation")
    q = expr(step.get("by"))
    _positive(q, context)
    _need(_matches(goal, Relation(goal.op, mul(q, premises[0].left), mul(q, premises[0].right)), context),
          "not the scaled premise")


def monotone(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """E[a_1, .., a_r] <= E[b_1, .., b_r] from premises between a_k and b_k, for a template E with a hole _k for premise
    number k = 1, .., r: a_k <= b_k where E increases with the hole, b_k <= a_k where it decreases (an equation serves both).
    E has to be monotone in every hole while the holes range between their ends: sums, products with factors >= 0,
    quotients with positive divisors, powers, log, exp, floor, ceil, min, max.  Rocq: rule_monotone."""
    _need(goal.op == "<=", "monotone shows <=")
    template = expr(step.get("template"))
    inner = context
    for k, p in enumerate(premises, 1):
        name = f"_{k}"
        _need(name not in context.names, "a hole is a parameter")
        low, high = context.interval(f"({ascii(p.left)})"), context.interval(f"({ascii(p.right)})")
        inner = inner.with_name(name, Interval(low.lo, low.lo_open, high.hi, high.hi_open))
    left, right = {}, {}
    for k, p in enumerate(premises, 1):
        up = trend(template, f"_{k}", inner) >= 0
        left[f"_{k}"], right[f"_{k}"] = (p.left, p.right) if up else (p.right, p.left)
    a, b = substitute(template, left), substitute(template, right)
    _need((a == goal.left or same(a, goal.left, context)) and (b == goal.right or same(b, goal.right, context)),
          "the template does not give the conclusion")


def trend(e: Expr, hole: str, context: Context) -> int:
    """1 if e is non-decreasing in the hole on the context, -1 if non-increasing, 0 if it does not occur; Rejected if neither
    is shown."""
    if hole not in free_vars(e):
        return 0
    match e:
        case Var():
            return 1
        case App("neg", (x,)):
            return -trend(x, hole, context)
        case App(("+" | "min" | "max"), args):
            return _agree({trend(a, hole, context) for a in args})
        case App("*", args):
            for k, a in enumerate(args):
                if hole in free_vars(a):
                    for other in args[:k] + args[k + 1:]:
                        _nonnegative(other, context)
            return _agree({trend(a, hole, context) for a in args})
        case App("/", (x, y)):
            _positive(y, context)
            if hole in free_vars(y):
                _nonnegative(x, context)
            return _agree({trend(x, hole, context), -trend(y, hole, context)})
        case App("^", (x, y)) if hole not in free_vars(y):
            power_of = context.bounds(y)
            if power_of.nonnegative:
                _nonnegative(x, context)
                return trend(x, hole, context)
            _need(power_of.hi is not None and power_of.hi <= 0, "the sign of an exponent is not known")
            _positive(x, context)
            return -trend(x, hole, context)
        case App("^", (x, y)) if hole not in free_vars(x):
            _need(context.at_least(x, Fraction(1)), "a base may be below 1")
            return trend(y, hole, context)
        case App(("log" | "log2" | "sqrt") as f, (x,)):
            (_nonnegative if f == "sqrt" else _positive)(x, context)
            return trend(x, hole, context)
        case App("log", (x, base)) if hole not in free_vars(base):
            _positive(x, context)
            _need(context.positive(f"({ascii(sub(base, num(1)))})"), "a logarithm's base may be at most 1")
            return trend(x, hole, context)
        case App(("exp" | "floor" | "ceil"), (x,)):
            return trend(x, hole, context)
    raise Rejected(f"not known to be monotone: {ascii(e)}")


def _agree(trends: set[int]) -> int:
    _need(not {1, -1} <= trends, "a template increases and decreases with a hole")
    return sum(trends)


def _nonnegative(e: Expr, context: Context) -> None:
    _need(context.at_least(e, Fraction(0)), f"{ascii(e)} may be negative")


def _positive(e: Expr, context: Context) -> None:
    _need(context.positive(f"({ascii(e)})"), f"{ascii(e)} is not shown positive")


def rounding(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """x - 1 <= floor(x) <= x <= ceil(x) <= x + 1; and with a natural d such that d*x is an integer,
    x - (d-1)/d <= floor(x) and ceil(x) <= x + (d-1)/d.  Rocq: rule_rounding."""
    e = expr(step.get("of"))
    _need(isinstance(e, App) and e.op in ("floor", "ceil"), "rounding is about floor and ceil")
    x = e.args[0]  # type: ignore[union-attr]
    gap = Fraction(1)
    if "denominator" in step:
        d = rational(step["denominator"])
        _need(d >= 1 and d.denominator == 1 and integral(mul(num(d), x), context), "d*x is not an integer")
        gap = 1 - 1 / d
    near, far = Relation("<=", x, e), Relation("<=", e, add(x, num(gap)))
    if e.op == "floor":  # type: ignore[union-attr]
        near, far = Relation("<=", e, x), Relation("<=", sub(x, num(gap)), e)
    _need(_matches(goal, near, context) or _matches(goal, far, context), "not one of the rounding facts")


def integral(e: Expr, context: Context) -> bool:
    """Whether the normal form is an integer combination of products of integers."""
    p = polynomial(e, context)
    return all(isinstance(c, int) and not m[1] and all(isinstance(q, int) and q > 0 and context.integer(k)
                                                       for k, q in m[0]) for m, c in p.items())


def _matches(goal: Relation, fact: Relation, context: Context) -> bool:
    return goal.op == fact.op and same(goal.left, fact.left, context) and same(goal.right, fact.right, context)


def extremum(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """max(a_1..a_r): a_i <= max; max <= a_1 + .. + a_r (all >= 0); (a_1 + .. + a_r)/r <= max; max <= c from premises
    a_i <= c.  min likewise: min <= a_i; c <= min from premises c <= a_i; and with H = 1/(1/a_1 + .. + 1/a_r), all a_i > 0:
    H <= min <= r*H.  Rocq: rule_extremum."""
    _need(goal.op == "<=", "extremum shows <=")
    a, b = goal.left, goal.right
    if isinstance(b, App) and b.op == "max" and \
            same(a, div(add(*b.args), num(len(b.args))), context):
        return
    if isinstance(a, App) and a.op == "min" and all(context.positive(f"({ascii(x)})") for x in a.args) and \
            same(b, div(num(len(a.args)), add(*(div(num(1), x) for x in a.args))), context):
        return
    if isinstance(b, App) and b.op == "max" and a in b.args or isinstance(a, App) and a.op == "min" and b in a.args:
        return
    if isinstance(a, App) and a.op == "max":
        if all(Relation("<=", x, b) in premises or x == b for x in a.args):
            return
        for x in a.args:
            _nonnegative(x, context)
        return _need(same(b, add(*a.args), context), "not a fact about max")
    if isinstance(b, App) and b.op == "min":
        if all(Relation("<=", a, x) in premises or x == a for x in b.args):
            return
        for x in b.args:
            _positive(x, context)
        harmonic = div(num(1), add(*(div(num(1), x) for x in b.args)))
        return _need(same(a, harmonic, context), "not a fact about min")
    raise Rejected("extremum is about max and min")


def log_sum(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Concavity of the logarithm: sum_i w_i log(T_i / w_i) <= log(sum_i T_i) for positive T_i, weights w_i > 0 that
    add up to 1.  Rocq: rule_log_sum."""
    terms = [(expr(t), rational(w)) for t, w in _list(step.get("weights"))]
    _need(sum(w for _, w in terms) == 1 and all(w > 0 for _, w in terms), "the weights are not positive with sum 1")
    for t, _ in terms:
        _positive(t, context)
    left = add(*(mul(num(w), log(div(t, num(w)))) for t, w in terms))
    _need(_matches(goal, Relation("<=", left, log(add(*(t for t, _ in terms)))), context), "not an instance")


def tangent(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Growth scales: log A <= e*A - 1 - log e for A, e > 0 (the tangent of the logarithm at 1/e).  Rocq: rule_tangent."""
    a, eps = expr(step.get("of")), expr(step.get("eps"))
    _positive(a, context)
    _positive(eps, context)
    fact = Relation("<=", log(a), add(mul(eps, a), num(-1), neg(log(eps))))
    _need(_matches(goal, fact, context), "not an instance")


def stirling(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """2 sqrt(n) (n/e)^n <= n! <= 3 sqrt(n) (n/e)^n for an integer n >= 1: n! / (sqrt(n) (n/e)^n) decreases from e at
    n = 1 to sqrt(2 pi).  Rocq: rule_stirling."""
    n = expr(step.get("of"))
    _need(context.at_least(n, Fraction(1)) and integral(n, context), "Stirling's bounds need an integer >= 1")
    core = mul(App("sqrt", (n,)), power(div(n, App("exp", (num(1),))), n))
    factorial = App("factorial", (n,))
    _need(_matches(goal, Relation("<=", mul(num(2), core), factorial), context)
          or _matches(goal, Relation("<=", factorial, mul(num(3), core)), context), "not an instance")


def maximum_of_geometrics(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """E max of k >= 1 independent geometric variables with success probability p in (0, 1), L = -log(1 - p):
    log(k + 1)/L <= E <= 1 + (1 + log k)/L, from H_k/L <= E <= 1 + H_k/L (exponential variables rounded up) and
    log(k+1) <= H_k <= 1 + log k.  Source: Eisenberg, Statist. Probab. Lett. 78 (2008).  Rocq: rule_max_geometric."""
    e = expr(step.get("of"))
    _need(isinstance(e, App) and e.op == "max_geometric" and len(e.args) == 2, "about max_geometric")
    k, p = e.args  # type: ignore[union-attr]
    _need(context.at_least(k, Fraction(1)) and integral(k, context), "k must be an integer >= 1")
    _positive(p, context)
    _positive(sub(num(1), p), context)
    rate = neg(log(sub(num(1), p)))
    low = Relation("<=", div(log(add(k, num(1))), rate), e)
    high = Relation("<=", e, add(num(1), div(add(num(1), log(k)), rate)))
    _need(_matches(goal, low, context) or _matches(goal, high, context), "not an instance")


def telescoping(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Sums by telescoping.  For integers a - 1 <= b and F with f(i) R F(i) - F(i-1) for all integers a <= i <= b,
    R one of = <= >=:   sum(f, i, a, b) R F(b) - F(a-1).  For = the difference has to vanish in normal form; otherwise
    a nested proof under "inductive" shows it.  Rocq: rule_telescoping."""
    s, f, i, a, b, inner = _sum_parts(step, context, empty=True)
    big_f = expr(step.get("antidifference"))
    increment = sub(big_f, substitute(big_f, {i: sub(Var(i), num(1))}))
    total = sub(substitute(big_f, {i: b}), substitute(big_f, {i: sub(a, num(1))}))
    if "inductive" in step:
        upper = goal.left == s
        rel = Relation("<=", f, increment) if upper else Relation("<=", increment, f)
        step["_prove"](step["inductive"], inner, rel)
        fact = Relation("<=", s, total) if upper else Relation("<=", total, s)
        return _need(_matches(goal, fact, context), "not the telescoped sum")
    _need(same(f, increment, inner), "the antidifference does not telescope")
    _need(goal.op in ("=", "<=") and (goal.left == s and same(goal.right, total, context)
                                      or goal.right == s and same(goal.left, total, context)),
          "not the telescoped sum")


def termwise(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """sum(f, i, a, b) <= sum(g, i, a, b) from f <= g for all integers a <= i <= b (nested proof "inductive"); where g (or f)
    does not depend on i, its sum may be written (b - a + 1)*g.  Needs a - 1 <= b.  Rocq: rule_termwise."""
    _need(goal.op == "<=", "termwise shows <=")
    s, f, i, a, b, inner = _sum_parts(step, context, empty=True)
    g = expr(step.get("term"))
    other = mul(add(b, neg(a), num(1)), g) if i not in free_vars(g) else App("sum", (g, Var(i), a, b))
    if goal.left == s:
        step["_prove"](step["inductive"], inner, Relation("<=", f, g))
        return _need(same(goal.right, other, context), "not the bounded sum")
    step["_prove"](step["inductive"], inner, Relation("<=", g, f))
    _need(goal.right == s and same(goal.left, other, context), "not the bounded sum")


def integral_test(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Integral test for integers a <= b, F' = f and f monotone on [a, b]:
    increasing:  F(b) - F(a) + f(a) <= sum(f, i, a, b) <= F(b) - F(a) + f(b);   decreasing: the two ends change places.
    F' = f is checked by differentiation and normal form; f is monotone when the sign of f' is manifest (after a
    nested proof "monotone" of 0 <= f' or f' <= 0 over real i).  Rocq: rule_integral."""
    s, f, i, a, b, inner = _sum_parts(step, context, empty=False)
    low, high = inner.names[i].lo, inner.names[i].hi
    real = inner.with_name(i, Interval(low, False, high, False, False))
    big_f = expr(step.get("antiderivative"))
    _need(same(derivative(big_f, i), f, real), "F' is not f")
    slope = derivative(f, i)
    increasing = step.get("direction") == "increasing"
    rel = Relation("<=", num(0), slope) if increasing else Relation("<=", slope, num(0))
    step["_prove"](step["monotone"], real, rel)
    area = sub(substitute(big_f, {i: b}), substitute(big_f, {i: a}))
    first, last = add(area, substitute(f, {i: a})), add(area, substitute(f, {i: b}))
    if not increasing:
        first, last = last, first
    _need(_matches(goal, Relation("<=", first, s), context) or _matches(goal, Relation("<=", s, last), context),
          "not the integral bound")


def half_range(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """For integers a <= b and f >= 0 that grows with i on [a, b] (nested proof "monotone" of 0 <= f' over real i):
    (b - a + 1)/2 * f((a+b)/2) <= sum(f, i, a, b), since half of the terms lie in the upper half.
    Rocq: rule_half_range."""
    s, f, i, a, b, inner = _sum_parts(step, context, empty=False)
    real = inner.with_name(i, Interval(inner.names[i].lo, False, inner.names[i].hi, False, False))
    _need(real.at_least(f, Fraction(0)), "the term may be negative")
    step["_prove"](step["monotone"], real, Relation("<=", num(0), derivative(f, i)))
    middle = substitute(f, {i: mul(num(Fraction(1, 2)), add(a, b))})
    fact = Relation("<=", mul(num(Fraction(1, 2)), add(b, neg(a), num(1)), middle), s)
    _need(_matches(goal, fact, context), "not the half-range bound")


def member(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """f(j) <= sum(f, i, a, b) for an integer a <= j <= b and f >= 0 on the range.  Rocq: rule_member."""
    s, f, i, a, b, inner = _sum_parts(step, context, empty=False)
    j = expr(step.get("at"))
    _need(integral(j, context) and context.at_least(sub(j, a), Fraction(0)) and context.at_least(sub(b, j), Fraction(0)),
          "not an index of the sum")
    if "nonnegative" in step:
        step["_prove"](step["nonnegative"], inner, Relation("<=", num(0), f))
    else:
        _need(inner.at_least(f, Fraction(0)), "a term may be negative")
    _need(_matches(goal, Relation("<=", substitute(f, {i: j}), s), context), "not the term")


def residues(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Cases n = d*m + r, r = 0, .., d-1, of an integer parameter n >= lo, with an integer m >= (lo - r)/d (nested proofs
    under "cases", with d*m + r put in for n).  Rocq: rule_residues."""
    name, fresh, d = str(step.get("parameter")), str(step.get("quotient")), rational(step.get("modulus"))
    context.require(name)
    domain = context.names[name]
    _need(domain.integer and domain.lo is not None and d.denominator == 1 and 2 <= d <= 64
          and fresh not in context.names and fresh.isidentifier(), "residues need an integer parameter with a lower bound")
    cases = _list(step.get("cases"))
    _need(len(cases) == d, "a case is missing")
    low = domain.lo or Fraction(0)
    for r, proof in enumerate(cases):
        value = {name: add(mul(num(d), Var(fresh)), num(r))}
        first = Fraction(-((r - low) / d).__floor__())
        names = {n: i for n, i in context.names.items() if n != name} | {fresh: Interval(first, False, None, False, True)}
        case = Context(names, tuple(Relation(h.op, substitute(h.left, value), substitute(h.right, value))
                                    for h in context.hypotheses), context.functions)
        step["_prove"](proof, case, Relation(goal.op, substitute(goal.left, value), substitute(goal.right, value)))


def cases(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """a <= b or b <= a: the goal under each as a further hypothesis (nested proofs "first", "second").  Fails where a or b is
    not shown to be defined: then neither might hold.  Rocq: rule_cases."""
    a, b = expr(step.get("left")), expr(step.get("right"))
    polynomial(a, context)
    polynomial(b, context)
    for key, hypothesis in (("first", Relation("<=", a, b)), ("second", Relation("<=", b, a))):
        step["_prove"](step[key], Context(context.names, (*context.hypotheses, hypothesis), context.functions), goal)


def _sum_parts(step: Step, context: Context, *, empty: bool) -> tuple[Expr, Expr, str, Expr, Expr, Context]:
    """The sum a step is about, and the context of its term; `empty` allows the empty range b = a - 1."""
    s = expr(step.get("of"))
    if not (isinstance(s, App) and s.op == "sum" and isinstance(s.args[1], Var)):
        raise Rejected("the step is about a sum")
    f, _, a, b = s.args
    index = s.args[1]
    i = index.name
    _need(i not in context.names, "the index of the sum is a parameter")
    _need(integral(a, context) and integral(b, context), "the bounds of a sum must be integers")
    _need(context.at_least(sub(b, a), Fraction(-1 if empty else 0)), "the range of the sum may be empty")
    inner = context.with_name(i, Interval(context.bounds(a).lo, False, context.bounds(b).hi, False, True),
                              (Relation("<=", a, index), Relation("<=", index, b)))
    return s, f, i, a, b, inner


def split(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """Cases of an integer parameter n >= lo: n = lo, .., N-1 one by one (nested proofs under "below", with the value put
    in for n) and n >= N (nested proof "above").  At most 1000 cases.  Rocq: rule_split."""
    name, at = str(step.get("parameter")), rational(step.get("at"))
    context.require(name)
    domain = context.names[name]
    _need(domain.integer and domain.lo is not None and at.denominator == 1 and 0 <= at - domain.lo <= 1000,
          "split needs an integer parameter with a lower bound")
    below = _list(step.get("below"))
    lo = domain.lo or Fraction(0)
    first = -((-lo.numerator) // lo.denominator) + (domain.lo_open and lo.denominator == 1)
    _need(len(below) == at - first, "a case is missing")
    for k, proof in enumerate(below):
        value = {name: num(first + k)}
        case = Context({n: i for n, i in context.names.items() if n != name},
                       tuple(Relation(h.op, substitute(h.left, value), substitute(h.right, value))
                             for h in context.hypotheses), context.functions)
        step["_prove"](proof, case, Relation(goal.op, substitute(goal.left, value), substitute(goal.right, value)))
    step["_prove"](step["above"], context.raised(name, at), goal)


def evaluate(step: Step, goal: Relation, premises: Sequence[Relation], context: Context) -> None:
    """A relation between numbers, decided by exact arithmetic and rational enclosures.  Rocq: rule_evaluate."""
    p = normal(sub(goal.right, goal.left), context)
    _need(p.den is None or nonnegative(p.den, context, strict=True), "the denominator is not shown positive")
    _need(all(map(numeric, p.num)), "not a relation between numbers")
    sign = sign_of_number(p.num)
    _need(sign == 0 and goal.op in ("=", "<=") or sign > 0 and goal.op in ("<", "<="), "the relation is false")


RULES: Mapping[str, Callable[[Step, Relation, Sequence[Relation], Context], None]] = {
    "ring": ring, "bounds": bounds, "chain": chain, "antisymmetry": antisymmetry, "scale": scaled, "dominate": dominate,
    "monotone": monotone, "rounding": rounding, "extremum": extremum, "log_sum": log_sum, "tangent": tangent,
    "stirling": stirling, "max_geometric": maximum_of_geometrics, "telescoping": telescoping, "termwise": termwise,
    "integral": integral_test, "half_range": half_range, "member": member, "split": split,
    "residues": residues, "cases": cases, "evaluate": evaluate,
}

MAX_STEPS, MAX_DEPTH = 2000, 6


def prove(steps: object, context: Context, goal: Relation, depth: int = 0) -> None:
    """Check a proof: steps in order, each by its rule from earlier conclusions; the last is the goal."""
    if depth > MAX_DEPTH or not isinstance(steps, list) or not 0 < len(steps) <= MAX_STEPS:
        raise Rejected("a proof is a list of steps, not nested too deep")
    shown: list[Relation] = []
    for step in steps:
        if not isinstance(step, dict) or not isinstance(step.get("rule"), str) or step["rule"] not in RULES:
            raise Rejected("unknown rule")
        text = step.get("conclusion")
        if not isinstance(text, str):
            raise Rejected("a step needs a conclusion")
        relation = parse_relation(text, functions=None)
        if relation.op not in ("=", "<=", "<"):
            raise Rejected("a conclusion is =, <= or <")
        ids = step.get("premises", [])
        if not isinstance(ids, list) or not all(type(k) is int and 0 <= k < len(shown) for k in ids):
            raise Rejected("a premise has to come before its step")
        data = {**step, "_prove": lambda s, c, g: prove(s, c, g, depth + 1)}
        RULES[step["rule"]](data, relation, [shown[k] for k in ids], context)
        shown.append(relation)
    last = shown[-1]
    if last != goal and not (last.op == goal.op or last.op in ("<", "=") and goal.op == "<=") \
            or last != goal and not (same(last.left, goal.left, context) and same(last.right, goal.right, context)):
        raise Rejected(f"the last step shows {ascii(last.left)} {last.op} {ascii(last.right)}, "
                       f"not {ascii(goal.left)} {goal.op} {ascii(goal.right)}")
