"""Named facts about functions: integer parts, the logarithm, factorials, maxima."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verifier.bridge.proof import Lines, Premise, Scope, block, glue, nonnegative, range_holds, same
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.normal import polynomial, to_expr
from verifier.kernel.rules import _matches, expr, rational
from verifier.lang.ast import App, Relation, add, div, log, mul, neg, num, power, sub


def rounding(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """x - 1 <= floor(x) <= x <= ceil(x) <= x + 1; with d*x an integer the gap is 1 - 1/d."""
    e = expr(step["of"])
    if not isinstance(e, App):
        raise NotExported("rounding of no function")
    x = e.args[0]
    d = rational(step.get("denominator", "1"))
    gap = 1 - 1 / d if "denominator" in step else num(1).value
    near, far = (
        (Relation("<=", x, e), Relation("<=", e, add(x, num(gap))))
        if e.op == "ceil"
        else (Relation("<=", e, x), Relation("<=", sub(x, num(gap)), e))
    )
    if _matches(goal, near, scope.context):
        return glue(goal, near, [f"pose proof ({e.op}_bounds ({scope.real(x)})). lra."], scope)
    if "denominator" not in step:
        return glue(goal, far, [f"pose proof ({e.op}_bounds ({scope.real(x)})). lra."], scope)
    whole = to_expr(polynomial(mul(num(d), x), scope.context))
    z = scope.printer.integer(whole)
    q = scope.fresh("Q")
    return glue(
        goal,
        far,
        [
            f"assert ({q} : IZR {d} * ({scope.real(x)}) = IZR {z}).",
            *block(["push_IZR.", f"transitivity ({scope.real(whole)}).", *block(_product(d, x, whole, scope)), *block(["same."])]),
            f"pose proof ({e.op}_gap ({scope.real(x)}) {z} {d} ltac:(lia) {q}). lra.",
        ],
        scope,
    )


def _product(d: Any, x: Any, whole: Any, scope: Scope) -> Lines:
    product = mul(num(d), x)
    return [f"transitivity ({scope.real(product)}).", *block(["same."]), *block(same(product, whole, scope))]


def log_sum(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """Concavity of the logarithm."""
    terms = [(expr(t), rational(w)) for t, w in step["weights"]]
    left = add(*(mul(num(w), log(div(t, num(w)))) for t, w in terms))
    fact = Relation("<=", left, log(add(*(t for t, _ in terms))))
    ws = "; ".join(ratio_text(w) for _, w in terms)
    ts = "; ".join(scope.real(t) for t, _ in terms)
    q = scope.fresh("Q")
    signs = [x for t, _ in terms for x in ["apply Forall_cons.", *block(nonnegative(t, scope, strict=True))]]
    weights = " ".join("apply Forall_cons; [lra|]." for _ in terms)
    each = [
        f"replace (/ {ratio_text(w)} * ({scope.real(t)})) with ({scope.real(div(t, num(w)))}) in {q} by same."
        for t, w in dict.fromkeys(terms)
    ]
    total = " + ".join(f"({scope.real(t)})" for t, _ in terms)
    return glue(
        goal,
        fact,
        [
            f"pose proof (Rules.rule_log_sum [{ws}] [{ts}] eq_refl) as {q}.",
            f"assert ({q}w : Forall (fun w => 0 < w) [{ws}]) by ({weights.replace('.', ';').strip(';') if weights else 'idtac'}; apply Forall_nil).",
            f"assert ({q}t : Forall (fun t => 0 < t) [{ts}]).",
            *block([*signs, "apply Forall_nil."]),
            f"specialize ({q} {q}w {q}t ltac:(cbn [Domination.total fold_right]; lra)).",
            f"cbn [Domination.dot Domination.vtimes map fold_right] in {q}.",
            *each,
            f"refine (le_eq _ _ _ _ _ {q} _); [ring | f_equal; transitivity ({total}); ring].",
        ],
        scope,
    )


def tangent(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """log A <= e*A - 1 - log e."""
    a, eps = expr(step["of"]), expr(step["eps"])
    fact = Relation("<=", App("log", (a,)), add(mul(eps, a), num(-1), neg(App("log", (eps,)))))
    x, y = scope.fresh("P"), scope.fresh("P")
    return glue(
        goal,
        fact,
        [
            f"assert ({x} : 0 < {scope.real(a)}).",
            *block(nonnegative(a, scope, strict=True)),
            f"assert ({y} : 0 < {scope.real(eps)}).",
            *block(nonnegative(eps, scope, strict=True)),
            f"pose proof (Rules.rule_tangent ({scope.real(a)}) ({scope.real(eps)}) {x} {y}). lra.",
        ],
        scope,
    )


def stirling(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """2 sqrt(n) (n/e)^n <= n! <= 3 sqrt(n) (n/e)^n."""
    n = expr(step["of"])
    core = mul(App("sqrt", (n,)), power(div(n, App("exp", (num(1),))), n))
    factorial = App("factorial", (n,))
    low, high = Relation("<=", mul(num(2), core), factorial), Relation("<=", factorial, mul(num(3), core))
    lower = _matches(goal, low, scope.context)
    q = scope.fresh("Q")
    z = scope.printer.integer(n)
    return glue(
        goal,
        low if lower else high,
        [
            f"assert ({q} : (1 <= {z})%Z).",
            *block(range_holds(num(1), n, scope, empty=False)),
            f"apply stirling_Z in {q}. apply {'proj1' if lower else 'proj2'} in {q}. push_IZR_in {q}.",
            f"refine (le_eq _ _ _ _ _ {q} _); first [reflexivity | same].",
        ],
        scope,
    )


def max_geometric(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """Bounds of the expected maximum of k geometric variables."""
    e = expr(step["of"])
    if not isinstance(e, App):
        raise NotExported("not a maximum")
    k, p = e.args
    rate = neg(App("log", (sub(num(1), p),)))
    low = Relation("<=", div(App("log", (add(k, num(1)),)), rate), e)
    high = Relation("<=", e, add(num(1), div(add(num(1), App("log", (k,))), rate)))
    fact = low if _matches(goal, low, scope.context) else high
    kz = scope.printer.integer(k)
    return glue(
        goal,
        fact,
        [
            f"assert (K_ : (1 <= {kz})%Z).",
            *block(range_holds(num(1), k, scope, empty=False)),
            f"pose proof (geometric_bounds max_geometric is_max_geometric {kz} ({scope.real(p)}) K_ ltac:(lra)) as Q_.",
            "push_IZR_in Q_. destruct Q_ as [Q1_ Q2_].",
            "first [exact Q1_ | exact Q2_ | same_bound Q1_ | same_bound Q2_].",
        ],
        scope,
    )


__all__ = ["log_sum", "max_geometric", "rounding", "stirling", "tangent"]
