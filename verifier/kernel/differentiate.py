"""Derivatives of expressions, for the integral test."""

from __future__ import annotations

from verifier.kernel.context import Rejected
from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, add, div, free_vars, log, mul, neg, num, power, sub


def derivative(e: Expr, x: str) -> Expr:
    """d e / d x by the rules of calculus; Rejected for functions that are not differentiable everywhere."""
    if x not in free_vars(e):
        return ZERO
    match e:
        case Var():
            return ONE
        case App("+", args):
            return add(*(derivative(a, x) for a in args))
        case App("neg", (a,)):
            return neg(derivative(a, x))
        case App("*", args):
            return add(*(mul(derivative(a, x), *args[:j], *args[j + 1:]) for j, a in enumerate(args)
                         if x in free_vars(a)))
        case App("/", (a, b)):
            return div(sub(mul(derivative(a, x), b), mul(a, derivative(b, x))), power(b, num(2)))
        case App("^", (a, b)) if x not in free_vars(b):
            lower = Num(b.value - 1) if isinstance(b, Num) else sub(b, ONE)
            return mul(b, power(a, lower), derivative(a, x))
        case App("^", (a, b)):
            return mul(e, derivative(mul(b, log(a)), x))
        case App("sqrt", (a,)):
            return div(derivative(a, x), mul(num(2), e))
        case App("log", (a,)):
            return div(derivative(a, x), a)
        case App("log2", (a,)):
            return div(derivative(a, x), mul(log(num(2)), a))
        case App("log", (a, b)):
            return derivative(div(log(a), log(b)), x)
        case App("exp", (a,)):
            return mul(e, derivative(a, x))
    raise Rejected("no derivative")
