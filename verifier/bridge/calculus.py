"""The integral test and the half-range bound: antiderivatives and slopes are proved along the structure of the term.

The tactic `derive` of the library finds a derivative in the raw form of the rules of calculus; `raw` is the same form as an
expression, and the two sides meet in normal form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.bridge.proof import Lines, Premise, Scope, block, glue, nonnegative, prove, range_holds, same
from verifier.bridge.text import NotExported
from verifier.kernel.context import Interval
from verifier.kernel.differentiate import derivative
from verifier.kernel.rules import _matches, _sum_parts, expr
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, div, free_vars, log, mul, neg, num, power, sub, substitute


def raw(e: Expr, x: str) -> Expr:
    """The derivative of e in x as the rules of calculus give it, not simplified."""
    if x not in free_vars(e):
        return num(0)
    match e:
        case Var():
            return num(1)
        case App("+", args):
            return add(*(raw(a, x) for a in args))
        case App("neg", (a,)):
            return neg(raw(a, x))
        case App("*", args):
            return add(*(mul(*args[:k], raw(a, x), *args[k + 1 :]) for k, a in enumerate(args)))
        case App("/", (a, b)):
            return add(div(raw(a, x), b), neg(div(mul(a, raw(b, x)), mul(b, b))))
        case App("sqrt", (a,)):
            return div(raw(a, x), mul(num(2), e))
        case App("log", (a,)):
            return div(raw(a, x), a)
        case App("log2", (a,)):
            return div(raw(a, x), mul(a, log(num(2))))
        case App("log", (a, b)):
            return raw(div(log(a), log(b)), x)
        case App("exp", (a,)):
            return mul(e, raw(a, x))
        case App("^", (a, Num(q))) if q.denominator == 1 and q > 0:
            return mul(num(q), power(a, num(q - 1)) if q > 1 else num(1), raw(a, x))
        case App("^", (a, Num(q))) if q.denominator == 1:
            return neg(div(mul(num(-q), power(a, num(-q - 1)) if q < -1 else num(1), raw(a, x)), power(a, num(-2 * q))))
        case App("^", (a, b)):
            return mul(e, add(mul(raw(b, x), log(a)), mul(b, div(raw(a, x), a))))
    raise NotExported("a derivative of a function that is not exported")


def sides(e: Expr, x: str) -> list[Expr]:
    """The subterms that have to be positive for the rules of calculus: divisors, bases, arguments of roots and logarithms."""
    out: list[Expr] = []
    if isinstance(e, App) and x in free_vars(e):
        for a in e.args:
            out += sides(a, x)
        match e:
            case App("/", (_, b)) if x in free_vars(b):
                out.append(b)
            case App(("sqrt" | "log" | "log2"), args) if x in free_vars(args[0]):
                out.append(args[0])
            case App("^", (a, b)) if not (isinstance(b, Num) and b.value.denominator == 1 and b.value >= 0):
                out.append(power(a, Num(-b.value)) if isinstance(b, Num) and b.value.denominator == 1 else a)
    return list(dict.fromkeys(out))


def derives(e: Expr, d: Expr, x: str, scope: Scope) -> Lines:
    """Tactics for  derivable_pt_lim (fun x => e) x (d)."""
    lines: Lines = []
    for a in sides(e, x):
        if not isinstance(a, Var | Num):
            name = scope.fresh("P")
            lines += [f"assert ({name} : 0 < {scope.real(a)}).", *block(nonnegative(a, scope, strict=True))]
    found = raw(e, x)
    return [
        *lines,
        f"apply (d_eq _ _ ({scope.real(found)}) _).",
        *block(["eapply d_eq; [derive|]. cbn [pred INR]. same."]),
        *block(same(found, d, scope)),
    ]


def _real_range(step: Any, scope: Scope) -> tuple[Expr, Expr, str, Expr, Expr, Scope, str, str, Lines]:
    """The sum of a step with its index as a real number between the bounds."""
    s, f, i, a, b, inner = _sum_parts(step, scope.context, empty=False)
    domain = inner.names[i]
    context = inner.with_name(i, Interval(domain.lo, False, domain.hi, False, False))
    p = scope.printer.with_index(i, context, integer=False)
    index = p.name(i)
    if index in {scope.printer.name(n) for n in scope.context.names}:
        raise NotExported("an index shadows a parameter")
    low, high = scope.fresh("H"), scope.fresh("H")
    enter = [f"intros {index} R_. push_IZR_in R_. destruct R_ as [{low} {high}]."]
    for bound, text in ((domain.lo, "{} <= " + index), (domain.hi, index + " <= {}")):
        if bound is not None:
            name = scope.fresh("H")
            enter.append(f"assert ({name} : {text.format(p.tight(num(bound)))}) by known.")
    return s, f, i, a, b, replace(scope, printer=p), scope.printer.integer(a), scope.printer.integer(b), enter


def _function(e: Expr, i: str, inner: Scope) -> str:
    return f"(fun {inner.printer.name(i)} : R => {inner.real(e)})"


def _slopes(f: Expr, i: str, za: str, zb: str, inner: Scope, enter: Lines, name: str, g: Expr) -> Lines:
    index = inner.printer.name(i)
    return [
        f"assert ({name} : forall {index} : R, IZR {za} <= {index} <= IZR {zb} -> "
        f"derivable_pt_lim {_function(f, i, inner)} {index} ({inner.real(g)})).",
        *block([*enter, *derives(f, g, i, inner)]),
    ]


def _finish(name: str) -> Lines:
    return [
        f"cbv beta in {name}; push_IZR_in {name}.",
        f"first [exact {name} | refine (le_eq _ _ _ _ _ {name} _); first [reflexivity | whole_powers; same]].",
    ]


def integral(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """Sums of monotone terms against an antiderivative."""
    s, f, i, a, b, inner, za, zb, enter = _real_range(step, scope)
    big = expr(step["antiderivative"])
    slope = derivative(f, i)
    rising = step.get("direction") == "increasing"
    sign = Relation("<=", num(0), slope) if rising else Relation("<=", slope, num(0))
    area = sub(substitute(big, {i: b}), substitute(big, {i: a}))
    ends = add(area, substitute(f, {i: a})), add(area, substitute(f, {i: b}))
    first, last = ends if rising else ends[::-1]
    low, high = Relation("<=", first, s), Relation("<=", s, last)
    lower = _matches(goal, low, scope.context)
    index, q = inner.printer.name(i), scope.fresh("Q")
    names = [scope.fresh("A") for _ in range(4)]
    functions = " ".join(_function(e, i, inner) for e in (big, f, slope))
    proof = [
        f"assert ({names[0]} : ({za} <= {zb})%Z).",
        *block(range_holds(a, b, scope, empty=False)),
        *_slopes(big, i, za, zb, inner, enter, names[1], f),
        *_slopes(f, i, za, zb, inner, enter, names[2], slope),
        f"assert ({names[3]} : forall {index} : R, IZR {za} <= {index} <= IZR {zb} -> {inner.text(sign)}).",
        *block([*enter, *prove(step["monotone"], inner, sign)]),
        f"pose proof (integral_{'rising' if rising else 'falling'} {functions} {za} {zb} {' '.join(names)}) as {q}.",
        f"{'apply proj1' if lower else 'apply proj2'} in {q}.",
        *_finish(q),
    ]
    return glue(goal, low if lower else high, proof, scope)


def half_range(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """Half of the terms of a growing sum lie above the middle one."""
    s, f, i, a, b, inner, za, zb, enter = _real_range(step, scope)
    slope = derivative(f, i)
    sign = Relation("<=", num(0), slope)
    half = num(Fraction(1, 2))
    middle = substitute(f, {i: mul(half, add(a, b))})
    fact = Relation("<=", mul(half, add(b, neg(a), num(1)), middle), s)
    index, q = inner.printer.name(i), scope.fresh("Q")
    names = [scope.fresh("A") for _ in range(4)]
    functions = " ".join(_function(e, i, inner) for e in (f, slope))
    proof = [
        f"assert ({names[0]} : ({za} <= {zb})%Z).",
        *block(range_holds(a, b, scope, empty=False)),
        *_slopes(f, i, za, zb, inner, enter, names[1], slope),
        f"assert ({names[2]} : forall {index} : R, IZR {za} <= {index} <= IZR {zb} -> {inner.text(sign)}).",
        *block([*enter, *prove(step["monotone"], inner, sign)]),
        f"assert ({names[3]} : forall {index} : R, IZR {za} <= {index} <= IZR {zb} -> 0 <= {inner.real(f)}).",
        *block([*enter, *nonnegative(f, inner)]),
        f"pose proof (half_range_rising {functions} {za} {zb} {' '.join(names)}) as {q}.",
        f"cbv beta in {q}; push_IZR_in {q}.",
        f"assert (M_ : ({scope.real(a)} + {scope.real(b)}) / 2 = {scope.real(mul(half, add(a, b)))}) by same. rewrite ?M_ in {q}.",
        f"refine (le_eq _ _ _ _ _ {q} _); first [reflexivity | whole_powers; same].",
    ]
    return glue(goal, fact, proof, scope)


__all__ = ["derives", "half_range", "integral", "raw", "sides"]
