"""Envelopes: an exp-log posynomial above (or below) an expression, up to a constant factor, with the steps that show it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction

from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.differentiate import derivative
from verifier.kernel.normal import Poly, mono_expr, normal, polynomial, to_expr
from verifier.kernel.rules import integral, same
from verifier.lang.ast import (
    App,
    Expr,
    Num,
    Relation,
    Var,
    add,
    div,
    free_vars,
    log,
    mul,
    neg,
    num,
    power,
    sub,
    substitute,
    subterms,
)
from verifier.lang.enclosure import EvaluationError, Undefined
from verifier.lang.evaluate import compare, evaluate
from verifier.lang.show import ascii, ascii_relation
from verifier.scales.antidifference import antiderivative, antidifference
from verifier.scales.bound import bound, exact
from verifier.scales.deadline import quick
from verifier.scales.gosper import gosper
from verifier.scales.script import Script, Step, le

OPAQUE = ("binomial", "floor", "ceil", "min", "max", "factorial", "sum", "max_geometric")


_AT_LEAST_ONE: ContextVar[bool] = ContextVar("at_least_one", default=False)


@contextmanager
def at_least_one() -> Iterator[None]:
    """Below a ceiling of some x > 0 lies (x + 1)/2 rather than x: weaker for x > 1, but it does not vanish with x."""
    token = _AT_LEAST_ONE.set(True)
    try:
        yield
    finally:
        _AT_LEAST_ONE.reset(token)


_NUMERATORS: ContextVar[bool] = ContextVar("numerators", default=False)


@contextmanager
def numerators() -> Iterator[None]:
    """Above ceil(a/b), b >= 1, lies the integer a rather than a/b + 1."""
    token = _NUMERATORS.set(True)
    try:
        yield
    finally:
        _NUMERATORS.reset(token)


_TERM_BY_TERM: ContextVar[bool] = ContextVar("term_by_term", default=False)


@contextmanager
def term_by_term() -> Iterator[None]:
    """Sums of r^i with r < 1 are bounded by their terms, not closed: a + 1 for a sum up to a, without 1/(1 - r)."""
    token = _TERM_BY_TERM.set(True)
    try:
        yield
    finally:
        _TERM_BY_TERM.reset(token)


def in_terms() -> bool:
    """Whether sums of r^i with r < 1 are bounded by their terms."""
    return _TERM_BY_TERM.get()


def decreases(e: Expr, context: Context) -> bool:
    """Whether a power of a number or parameter in (0, 1) stands in a sum."""
    for s in subterms(e):
        for p in subterms(s.args[0]) if isinstance(s, App) and s.op == "sum" else ():
            if isinstance(p, App) and p.op == "^" and free_vars(p.args[0]) <= context.names.keys():
                high = context.bounds(p.args[0]).hi
                if high is not None and high <= 1:
                    return True
    return False


@dataclass(frozen=True, slots=True)
class Enveloped:
    """The envelope and the step that shows e <= expr (upper) or expr <= e (lower); no step if it is e itself."""

    expr: Expr
    step: int | None


def has_envelope(e: Expr, only: frozenset[str] | None = None) -> bool:
    """Whether an expression contains something that `envelope` would replace (of the kinds `only`, if given)."""
    return any(_replaced(s, only) for s in subterms(e))


def _sum_inside(s: App) -> bool:
    """log of a sum, or a power of a sum with an exponent that is not a natural number."""
    if s.op in ("log", "log2"):
        return any(isinstance(x, App) and x.op == "+" for x in subterms(s.args[0]))
    if s.op == "^" or s.op == "sqrt":
        exponent = s.args[1] if s.op == "^" else num(Fraction(1, 2))
        natural = isinstance(exponent, Num) and exponent.value.denominator == 1
        return not natural and isinstance(exponent, Num) and any(
            isinstance(x, App) and x.op == "+" for x in subterms(s.args[0]))
    return False


def envelope(e: Expr, upper: bool, context: Context, script: Script, only: frozenset[str] | None = None) -> Enveloped:
    """An exp-log posynomial on the asked side of e, or e with the functions `only` replaced; Rejected if none is known."""
    if not has_envelope(e, only):
        return Enveloped(e, None)
    if _replaced(e, only):
        raw = _special(e, upper, context, script)  # type: ignore[arg-type]
        if raw.step is None or not has_envelope(raw.expr, only):
            return raw
        again = envelope(raw.expr, upper, context, script, only)
        if again.step is None:
            return raw
        links = (raw.step, again.step) if upper else (again.step, raw.step)
        return Enveloped(again.expr, script.add("chain", _side(e, again.expr, upper), links))
    parts: dict[Expr, Enveloped] = {}
    holes: dict[str, Expr] = {}

    def visit(x: Expr, up: bool) -> Expr:
        if not has_envelope(x, only):
            return x
        if _replaced(x, only):
            part = envelope(x, up, context, script, only)
            parts[Var(f"_{len(parts) + 1}")] = part
            name = f"_{len(parts)}"
            holes[name] = part.expr
            return Var(name)
        if not isinstance(x, App):
            raise Rejected("nothing to replace")
        args = tuple(visit(a, up == _increasing(x, k)) for k, a in enumerate(x.args))
        return add(*args) if x.op == "+" else mul(*args) if x.op == "*" else App(x.op, args)
    template = visit(e, upper)
    new = substitute(template, holes)
    steps = tuple(p.step for p in parts.values() if p.step is not None)
    if len(steps) != len(parts):
        raise Rejected("a part has no envelope")
    return Enveloped(new, script.add("monotone", _side(e, new, upper), steps, template=ascii(template)))


def _replaced(e: Expr, only: frozenset[str] | None = None) -> bool:
    if not isinstance(e, App):
        return False
    return e.op in OPAQUE or _sum_inside(e) if only is None else e.op in only


def _increasing(e: App, k: int) -> bool:
    """Whether e grows with its k-th argument."""
    if e.op == "neg" or e.op == "/" and k == 1:
        return False
    if e.op == "^" and k == 0:
        exponent = e.args[1]
        return not (isinstance(exponent, Num) and exponent.value < 0)
    return True


def _side(e: Expr, bound_expr: Expr, upper: bool) -> Relation:
    return le(e, bound_expr) if upper else le(bound_expr, e)


def _special(e: App, upper: bool, context: Context, script: Script) -> Enveloped:
    match e:
        case App("floor" | "ceil", (x,)):
            return _rounding(e, x, upper, context, script)
        case App("max", args):
            top = None if upper else _largest(args, context)
            if top is not None:
                return Enveloped(top, script.add("extremum", _side(e, top, upper)))
            new = add(*args) if upper else div(add(*args), num(len(args)))
            return Enveloped(new, script.add("extremum", _side(e, new, upper)))
        case App("min", args):
            harmonic = add(*(div(num(1), a) for a in args))
            new = div(num(len(args) if upper else 1), harmonic)
            return Enveloped(new, script.add("extremum", _side(e, new, upper)))
        case App("binomial", (a, b)):
            if isinstance(b, Num):
                new = tidy(e, context)
            else:
                new = div(App("factorial", (a,)), mul(App("factorial", (b,)), App("factorial", (tidy(sub(a, b), context),))))
            return Enveloped(new, script.add("ring", _side(e, new, upper)))
        case App("factorial", (n,)):
            core = mul(power(n, num(Fraction(1, 2))), power(div(n, App("exp", (num(1),))), n))
            new = mul(num(3 if upper else 2), core)
            return Enveloped(new, script.add("stirling", _side(e, new, upper), of=ascii(n)))
        case App("max_geometric", (k, p)):
            rate = neg(log(sub(num(1), p)))
            new = add(num(1), div(add(num(1), log(k)), rate)) if upper else div(log(add(k, num(1))), rate)
            return Enveloped(new, script.add("max_geometric", _side(e, new, upper), of=ascii(e)))
        case App("sum", (term, Var(i), a, b)):
            return _sum(e, term, i, a, b, upper, context, script)
        case App("log2", (x,)):
            new = div(log(x), log(num(2)))
            return Enveloped(new, script.add("ring", _side(e, new, upper)))
        case App(("log" | "^" | "sqrt"), args):
            return _of_sum(e, args[0], upper, context, script)
    raise Rejected(f"no envelope for {e.op}")


def _largest(args: tuple[Expr, ...], context: Context) -> Expr | None:
    """An argument that is at least as large as the others, up to a constant."""
    from verifier.scales.inequality import bound_any
    return next((a for a in args if bound_any(add(*args), a, context) is not None), None)


def _rounding(e: App, x: Expr, upper: bool, context: Context, script: Script) -> Enveloped:
    near = upper == (e.op == "floor")
    if near and not upper and _AT_LEAST_ONE.get():
        one, half = context.bounds(e).lo, num(Fraction(1, 2))
        if one is not None and one >= 1 and not context.at_least(x, one):
            new = add(mul(half, x), half)
            links = (script.add("rounding", le(x, e), of=ascii(e)), script.add("bounds", le(num(1), e)))
            return Enveloped(new, script.add("monotone", le(new, e), links, template="1/2*_1 + 1/2*_2"))
    if near:
        return Enveloped(x, script.add("rounding", _side(e, x, upper), of=ascii(e)))
    if e.op == "ceil" and _NUMERATORS.get() and isinstance(x, App) and x.op == "/":
        top, below = x.args
        if integral(top, context) and context.at_least(top, Fraction(0)) and context.at_least(below, Fraction(1)):
            k = script.add("bounds", le(num(1), below))
            k = script.add("monotone", le(x, top), (k,), template=ascii(div(top, Var("_1"))))
            return Enveloped(top, script.add("monotone", le(e, top), (k,), template="ceil(_1)"))
    gap, data = Fraction(1), {}
    try:
        d = max((Fraction(c).denominator for c in polynomial(x, context).values()), default=1)
        if d > 1 and integral(mul(num(d), x), context):
            gap, data = 1 - Fraction(1, d), {"denominator": str(d)}
    except Rejected:
        pass
    new = add(x, num(gap if e.op == "ceil" else -gap))
    return Enveloped(new, script.add("rounding", _side(e, new, upper), of=ascii(e), **data))


def _of_sum(e: App, x: Expr, upper: bool, context: Context, script: Script) -> Enveloped:
    """log(P) or P^q for a sum P through its dominating term, up to a constant inside."""
    up = upper == _increasing(e, 0)
    template = ascii(App(e.op, (Var("_1"), *e.args[1:])))
    if has_envelope(x):
        part = envelope(x, up, context, script)
        if part.step is None:
            raise Rejected("a part has no envelope")
        new: Expr = App(e.op, (part.expr, *e.args[1:]))
        return _expanded(e, new, upper, context, script,
                         script.add("monotone", _side(e, new, upper), (part.step,), template=template))
    r = normal(x, context)
    target = _dominating(r.num, up, context)
    if r.den is not None:
        target = div(target, _dominating(r.den, not up, context))
    found = bound(x, target, context) if up else bound(target, x, context)
    if found is None or not isinstance(found.constant, Num):
        raise Rejected("no dominating term")
    c = found.constant.value
    inside = target if c == 1 else mul(num(c if up else 1 / c), target)
    proof = found.script if up or c == 1 else exact(le(inside, x), context)
    if proof is None:
        raise Rejected("no dominating term")
    if c == 1:
        proof = exact(le(x, inside) if up else le(inside, x), context) or proof
    k = script.extend(proof)
    new = App(e.op, (inside, *e.args[1:]))
    return _expanded(e, new, upper, context, script,
                     script.add("monotone", _side(e, new, upper), (k,), template=template))


def _expanded(e: App, new: Expr, upper: bool, context: Context, script: Script, step: int) -> Enveloped:
    """log(c*n) as log(c) + log(n), so that a logarithm around it sees the sum."""
    wide = tidy(new, context) if e.op == "log" else new
    if wide == new:
        return Enveloped(new, step)
    k = script.add("ring", _side(new, wide, upper))
    return Enveloped(wide, script.add("chain", _side(e, wide, upper), (step, k) if upper else (k, step)))


def _dominating(p: Poly, upper: bool, context: Context) -> Expr:
    """One positive term that bounds all others (else, above, the product of all terms)."""
    positive = sorted((m for m, c in p.items() if c > 0), key=repr)
    if len(positive) == 1:
        return mono_expr(positive[0])
    for m in positive:
        if bound(to_expr(dict.fromkeys(positive, 1)), mono_expr(m), context) is not None:
            return mono_expr(m)
    if not upper:
        # the geometric mean of the terms lies below their sum
        return mul(*(power(mono_expr(m), num(Fraction(1, len(positive)))) for m in positive))
    return mul(*(mono_expr(m) for m in positive if m != ((), ())))


# ------------------------------------------------------------------------------------- sums

def _sum(e: App, term: Expr, i: str, a: Expr, b: Expr, upper: bool, context: Context, script: Script) -> Enveloped:
    if i in context.names:
        raise Rejected("the index of the sum is a parameter")
    inner = context.with_name(i, Interval(context.bounds(a).lo, False, context.bounds(b).hi, False, True),
                              (le(a, Var(i)), le(Var(i), b)))
    exact = antidifference(term, i, inner, decreasing=not _TERM_BY_TERM.get()) or _hypergeometric(term, i, inner)
    if exact is not None:
        total = tidy(sub(substitute(exact, {i: b}), substitute(exact, {i: sub(a, num(1))})), context)
        return Enveloped(total, script.add("telescoping", _side(e, total, upper), of=ascii(e),
                                           antidifference=ascii(exact)))
    if has_envelope(term):
        last = _last_term(e, term, i, a, b, upper, context, inner, script) if _fast(term, i) else None
        if last is not None:
            return last
        nested = Script()
        part = envelope(term, upper, inner, nested)
        if part.step is None or part.step != len(nested.steps) - 1:
            raise Rejected("no envelope for the term of a sum")
        if i in free_vars(part.expr):
            new: Expr = App("sum", (part.expr, Var(i), a, b))
        else:
            new = mul(add(b, neg(a), num(1)), part.expr)
        k = script.add("termwise", _side(e, new, upper), of=ascii(e), term=ascii(part.expr), inductive=nested.steps)
        return Enveloped(new, k)
    found = _integral(e, term, i, a, b, upper, context, inner, script)
    if found is not None:
        return found
    return _extreme_terms(e, term, i, a, b, upper, context, inner, script)


def _hypergeometric(term: Expr, i: str, context: Context) -> Expr | None:
    """Gosper's antidifference, if its difference is the term in normal form."""
    found = None if quick() else gosper(term, i)
    if found is None:
        return None
    try:
        return found if same(sub(found, substitute(found, {i: sub(Var(i), num(1))})), term, context) else None
    except Rejected:
        return None


def tidy(e: Expr, context: Context) -> Expr:
    """The expression in normal form where that is a polynomial, else as it is."""
    r = normal(e, context)
    return to_expr(r.num) if r.den is None else div(to_expr(r.num), to_expr(r.den))


def _integral(e: App, term: Expr, i: str, a: Expr, b: Expr, upper: bool, context: Context, inner: Context,
              script: Script) -> Enveloped | None:
    from verifier.scales.inequality import exact_any
    domain = inner.names[i]
    real = inner.with_name(i, Interval(domain.lo, False, domain.hi, False, False))
    try:
        primitive = antiderivative(term, i, real)
        if primitive is None:
            return None
        slope = derivative(term, i)
        for direction, goal in (("increasing", le(num(0), slope)), ("decreasing", le(slope, num(0)))):
            proof = exact_any(goal, real)
            if proof is None:
                continue
            area = sub(substitute(primitive, {i: b}), substitute(primitive, {i: a}))
            at_end = b if upper == (direction == "increasing") else a
            new = tidy(add(area, substitute(term, {i: at_end})), context)
            k = script.add("integral", _side(e, new, upper), of=ascii(e), antiderivative=ascii(primitive),
                           direction=direction, monotone=proof.steps)
            return Enveloped(new, k)
    except Rejected:
        return None
    return None


def _extreme_terms(e: App, term: Expr, i: str, a: Expr, b: Expr, upper: bool, context: Context, inner: Context,
                   script: Script) -> Enveloped:
    """Terms without a closed form: fast growing ones by the last term, others by the term at an end."""
    from verifier.scales.inequality import exact_any
    last = _last_term(e, term, i, a, b, upper, context, inner, script) \
        or _powers_of_the_end(e, term, i, a, b, upper, inner, script)
    if last is not None:
        return last
    for value in (substitute(term, {i: b}), substitute(term, {i: a})):
        proof = exact_any(le(term, value) if upper else le(value, term), inner)
        if proof is not None:
            new = mul(add(b, neg(a), num(1)), value)
            return Enveloped(new, script.add("termwise", _side(e, new, upper), of=ascii(e), term=ascii(value),
                                             inductive=proof.steps))
    raise Rejected("no envelope for a sum")


def _fast(term: Expr, i: str) -> bool:
    """Whether a factorial or a binomial coefficient of the index occurs."""
    return any(isinstance(s, App) and s.op in ("factorial", "binomial") and i in free_vars(s) for s in subterms(term))


_MULTIPLES = tuple((c, 0) for c in (1, 2, 3, 4, 8, 16))


def _shapes(term: Expr, i: str, a: Expr) -> Iterator[tuple[Expr, tuple[tuple[int, int], ...]]]:
    """Candidates c*g + k*i for F: g is the term f itself, f with 1/(i+1) for 1/i, and for factorials f made 0 before the
    first index and the next term f(i+1) where the ratio of two terms is bounded or grows like i."""
    if not _fast(term, i):
        yield term, ((2, 0), (2, 1), (4, 1), (3, 3))
        late = _late(term, i)
        if late != term:
            yield late, _MULTIPLES[1:]
        return
    yield term, _MULTIPLES[1:]
    if isinstance(a, Num):
        place = add(Var(i), num(1 - a.value)) if a.value != 1 else Var(i)
        yield mul(term, div(place, add(place, num(1)))), _MULTIPLES[1:]
    following = substitute(term, {i: add(Var(i), num(1))})
    yield following, _MULTIPLES[:2]
    yield mul(following, div(add(Var(i), num(1)), power(add(Var(i), num(2)), num(2)))), _MULTIPLES[2:]


def _last_term(e: App, term: Expr, i: str, a: Expr, b: Expr, upper: bool, outer: Context, inner: Context, script: Script
               ) -> Enveloped | None:
    """A sum of fast growing terms through its last one: f(i) <= F(i) - F(i-1) for F near a multiple of f."""
    from verifier.scales.inequality import exact_any
    at_end = substitute(term, {i: b})
    try:
        if not upper:
            proof = None if inner.at_least(term, Fraction(0)) else exact_any(le(num(0), term), inner)
            data = {} if proof is None else {"nonnegative": proof.steps}
            return Enveloped(at_end, script.add("member", _side(e, at_end, upper), of=ascii(e), at=ascii(b), **data))
    except Rejected:
        return None
    for shape, pairs in _shapes(term, i, a):
        for c, k in pairs:
            f = mul(num(c), shape) if c > 1 else shape
            f = add(f, mul(num(k), Var(i))) if k else f
            goal = le(term, sub(f, substitute(f, {i: sub(Var(i), num(1))})))
            try:
                if not _holds_early(goal, i, a, inner):
                    continue
                steps = _from_some_value(goal, i, inner)
            except Rejected:
                break
            if steps is not None:
                total = sub(substitute(f, {i: b}), substitute(f, {i: sub(a, num(1))}))
                total = tidy(total, outer) if _fast(term, i) else total
                return Enveloped(total, script.add("telescoping", _side(e, total, upper), of=ascii(e),
                                                   antidifference=ascii(f), inductive=steps))
    return None


def _from_some_value(goal: Relation, i: str, inner: Context) -> list[Step] | None:
    """A proof with functions as atoms, after finitely many values of i; else with their envelopes."""
    from verifier.scales.goal import prove_goal
    first = inner.names[i].lo
    if has_envelope(goal.left) and first is not None:
        for at in range(int(first), int(first) + 8):
            above = exact(goal, inner.raised(i, Fraction(at)))
            if above is None:
                continue
            below = []
            for k in range(int(first), at):
                value = {i: num(k)}
                case = Context({n: d for n, d in inner.names.items() if n != i},
                               tuple(Relation(h.op, substitute(h.left, value), substitute(h.right, value))
                                     for h in inner.hypotheses), inner.functions)
                steps = prove_goal(Relation(goal.op, substitute(goal.left, value), substitute(goal.right, value)), case, 2)
                if steps is None:
                    return None
                below.append(steps)
            return above.steps if at == first else [{"rule": "split", "conclusion": ascii_relation(goal), "parameter": i,
                                                     "at": str(at), "below": below, "above": above.steps}]
        return None
    return prove_goal(goal, inner)


def _late(term: Expr, i: str) -> Expr:
    """The term with 1/(i + 1) for 1/i: defined one step earlier."""
    if not isinstance(term, App):
        return term
    if term.op == "/" and term.args[1] == Var(i):
        return div(_late(term.args[0], i), add(Var(i), num(1)))
    if term.op == "/" and isinstance(term.args[1], App) and term.args[1].op == "^" and term.args[1].args[0] == Var(i):
        return div(_late(term.args[0], i), power(add(Var(i), num(1)), term.args[1].args[1]))
    return App(term.op, tuple(_late(x, i) for x in term.args)) if term.op in ("*", "/") else term


def _holds_early(goal: Relation, i: str, a: Expr, inner: Context) -> bool:
    """Whether the goal holds at the first values of i (the other parameters at small values), as far as that can be told."""
    point = {n: d.lo if d.lo is not None else Fraction(1) for n, d in inner.names.items() if n != i}
    try:
        first = evaluate(a, point)
        for k in (0, 1, 2, 3, 6, 20):
            if not isinstance(first, Fraction) or compare(goal.left, goal.right, {**point, i: first + k}) > 0:
                return not isinstance(first, Fraction)
    except Undefined:
        return False
    except (EvaluationError, ValueError):
        pass
    return True


def _powers_of_the_end(e: App, term: Expr, i: str, a: Expr, b: Expr, upper: bool, inner: Context,
                       script: Script) -> Enveloped | None:
    """i^i <= b^i: a geometric sum."""
    from verifier.scales.goal import prove_goal

    def go(x: Expr) -> Expr:
        if not isinstance(x, App):
            return x
        if x.op == "^" and i in free_vars(x.args[1]):
            return power(substitute(x.args[0], {i: b}), x.args[1])
        return App(x.op, tuple(map(go, x.args))) if x.op in ("*", "/") else x
    wide = go(term)
    if not upper or wide == term:
        return None
    try:
        if antidifference(wide, i, inner) is None:
            return None
        steps = prove_goal(le(term, wide), inner)
    except Rejected:
        return None
    if steps is None:
        return None
    new = App("sum", (wide, Var(i), a, b))
    return Enveloped(new, script.add("termwise", _side(e, new, upper), of=ascii(e), term=ascii(wide), inductive=steps))
