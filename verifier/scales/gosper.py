"""Closed forms of hypergeometric sums, proposed by Gosper's algorithm (sympy) and left to the kernel to telescope.

Trees are translated node by node; no text ever reaches sympy."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from verifier.lang.ast import App, Expr, Num, Var, add, div, free_vars, mul, num, power, substitute, subterms

MAX_NODES = 60


@lru_cache(maxsize=512)
def gosper(f: Expr, i: str) -> Expr | None:
    """F with F(i) - F(i-1) = f(i), where f is a product of rational functions, powers r^i, factorials and binomials of i;
    None if there is none of this kind.  Source: Gosper, Proc. Natl. Acad. Sci. 75 (1978)."""
    if i not in free_vars(f) or sum(1 for _ in subterms(f)) > MAX_NODES or not _supported(f, i):
        return None
    import sympy
    from sympy.concrete.gosper import gosper_term
    names = {v: sympy.Symbol(v, integer=True, positive=True) for v in free_vars(f)}
    try:
        factor = gosper_term(_to_sympy(f, names), names[i])
        if factor is None:
            return None
        found = mul(_from_sympy(sympy.together(factor)), f)
    except (ArithmeticError, NotImplementedError, TypeError, ValueError, RecursionError, sympy.PolynomialError):
        return None
    return substitute(found, {i: add(Var(i), num(1))})  # sympy's differences run forward


def _supported(f: Expr, i: str) -> bool:
    """Whether f is built from what the translation knows, with something that calls for Gosper's algorithm."""
    wanted = False
    for s in subterms(f):
        match s:
            case Num() | Var() | App("+" | "*" | "neg", _):
                pass
            case App("/", (_, b)):
                wanted |= i in free_vars(b)
            case App("^", (a, b)):
                if not (isinstance(b, Num) and b.value.denominator == 1 or i not in free_vars(a) and _linear(b, i)):
                    return False
                wanted |= isinstance(b, Num) and b.value < 0
            case App("factorial" | "binomial", _):
                wanted = True
            case _:
                return False
    return wanted


def _linear(e: Expr, i: str) -> bool:
    return all(isinstance(s, Num | Var) or isinstance(s, App) and s.op in ("+", "*", "neg") for s in subterms(e)) \
        and free_vars(e) <= {i}


def _to_sympy(e: Expr, names: dict[str, Any]) -> Any:
    import sympy
    match e:
        case Num(q):
            return sympy.Rational(q.numerator, q.denominator)
        case Var(name):
            return names[name]
        case App(op, args):
            parts = [_to_sympy(a, names) for a in args]
            match op:
                case "+":
                    return sympy.Add(*parts)
                case "*":
                    return sympy.Mul(*parts)
                case "neg":
                    return -parts[0]
                case "/":
                    return parts[0] / parts[1]
                case "^":
                    return parts[0] ** parts[1]
                case "factorial":
                    return sympy.factorial(parts[0])
                case "binomial":
                    return sympy.binomial(*parts)
    raise ValueError("not translated")


def _from_sympy(e: Any) -> Expr:
    """A rational function back as a tree; ValueError for anything else."""
    if e.is_Rational:
        return Num(Fraction(int(e.p), int(e.q)))
    if e.is_Symbol:
        return Var(e.name)
    if e.is_Add:
        return add(*map(_from_sympy, e.args))
    if e.is_Mul:
        top, bottom = e.as_numer_denom()
        if bottom != 1:
            return div(_from_sympy(top), _from_sympy(bottom))
        return mul(*map(_from_sympy, e.args))
    if e.is_Pow and e.exp.is_Integer:
        k = int(e.exp)
        return power(_from_sympy(e.base), num(k)) if k > 0 else div(num(1), power(_from_sympy(e.base), num(-k)))
    raise ValueError("not a rational function")
