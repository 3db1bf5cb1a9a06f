"""Abstract syntax of mathematical expressions, relations and cost measures.

One immutable tree serves every layer: numbers are exact rationals, and every operation is an
`App` of an operator name to arguments.  The conventional operators are

    "+" "*"        n-ary (at least two arguments, never directly nested in themselves)
    "neg" "/" "^"  unary minus, quotient, power        (a - b is  a + neg(b))
    "log"          log(x), the natural logarithm, or log(x, base)
    "log2" "exp" "sqrt" "floor" "ceil" "min" "max" "factorial" "binomial"
    "sum"          sum(term, index, lower, upper): the index is a `Var` bound in `term`
    "O" "Omega" "Theta" "o" "omega"   only inside the sides of a Landau claim

Any other operator is a function defined by a recurrence, `T(n)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

LANDAU = ("O", "Omega", "Theta", "o", "omega")
RELATIONS = ("=", "<=", ">=", "<", ">", "~", *LANDAU)
ARITHMETIC = ("+", "*", "neg", "/", "^")
FUNCTIONS: Mapping[str, tuple[int, int | None]] = {
    "log": (1, 2), "log2": (1, 1), "exp": (1, 1), "sqrt": (1, 1),
    "floor": (1, 1), "ceil": (1, 1), "min": (2, None), "max": (2, None),
    "factorial": (1, 1), "binomial": (2, 2), "sum": (4, 4),
    # E max(G_1..G_k) of independent geometric variables with success probability p
    "max_geometric": (2, 2),
}
"""Named functions with their least and greatest number of arguments (None: any)."""

MEASURES = ("cost", "calls", "prompt_tokens", "reply_tokens", "tokens", "latency", "context")


@dataclass(frozen=True, slots=True)
class Num:
    """An exact rational number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Var:
    """A parameter or a bound index."""

    name: str


@dataclass(frozen=True, slots=True)
class App:
    """An operator applied to arguments."""

    op: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """`measure[model](algorithm, args)`, e.g. cost[M_d](naive); replaced by its cost expression
    before a claim reaches the kernel."""

    measure: str
    model: str | None
    algorithm: str
    args: tuple[Expr, ...] = ()


Expr = Num | Var | App | Measure


@dataclass(frozen=True, slots=True)
class Relation:
    """`left op right` with op one of `RELATIONS`; for a Landau op, right is the bare bound:
    f = O(g) is Relation("O", f, g)."""

    op: str
    left: Expr
    right: Expr


ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))


def num(value: int | Fraction) -> Num:
    """The literal of a rational number."""
    return Num(Fraction(value))


def add(*terms: Expr) -> Expr:
    """Sum of terms, flattened; the empty sum is 0."""
    flat = tuple(_flatten("+", terms))
    return ZERO if not flat else flat[0] if len(flat) == 1 else App("+", flat)


def mul(*factors: Expr) -> Expr:
    """Product of factors, flattened; the empty product is 1."""
    flat = tuple(_flatten("*", factors))
    return ONE if not flat else flat[0] if len(flat) == 1 else App("*", flat)


def neg(e: Expr) -> Expr:
    """-e; the negative of a literal is a literal."""
    return Num(-e.value) if isinstance(e, Num) else App("neg", (e,))


def sub(a: Expr, b: Expr) -> Expr:
    """a - b."""
    return add(a, neg(b))


def div(a: Expr, b: Expr) -> Expr:
    """a / b."""
    return App("/", (a, b))


def power(base: Expr, exponent: Expr) -> Expr:
    """base ^ exponent."""
    return App("^", (base, exponent))


def log(e: Expr) -> Expr:
    """Natural logarithm."""
    return App("log", (e,))


def _flatten(op: str, args: tuple[Expr, ...]) -> Iterator[Expr]:
    for a in args:
        if isinstance(a, App) and a.op == op:
            yield from a.args
        else:
            yield a


def free_vars(e: Expr) -> frozenset[str]:
    """Names of the variables that occur free."""
    match e:
        case Num():
            return frozenset()
        case Var(name):
            return frozenset((name,))
        case App("sum", (term, Var(i), lower, upper)):
            return (free_vars(term) - {i}) | free_vars(lower) | free_vars(upper)
        case App(_, args) | Measure(_, _, _, args):
            return frozenset().union(*map(free_vars, args))


def rebuild(e: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """e with f applied to each direct argument (sums and products stay flat)."""
    match e:
        case App("+", args):
            return add(*map(f, args))
        case App("*", args):
            return mul(*map(f, args))
        case App("neg", (a,)):
            return neg(f(a))
        case App(op, args):
            return App(op, tuple(map(f, args)))
        case Measure(measure, model, algorithm, args):
            return Measure(measure, model, algorithm, tuple(map(f, args)))
    return e


def substitute(e: Expr, values: Mapping[str, Expr]) -> Expr:
    """Capture-avoiding simultaneous substitution of free variables."""
    match e:
        case Var(name):
            return values.get(name, e)
        case App("sum", (term, Var(i), lower, upper)):
            inner = {k: v for k, v in values.items() if k != i and k in free_vars(term)}
            index = i
            taken = frozenset().union(*map(free_vars, inner.values())) if inner else frozenset()
            while index in taken:
                index += "_"
            if index != i:
                inner[i] = Var(index)
            return App("sum", (substitute(term, inner), Var(index),
                               substitute(lower, values), substitute(upper, values)))
    return rebuild(e, lambda a: substitute(a, values))


def subterms(e: Expr) -> Iterator[Expr]:
    """e and all its subterms, parents first."""
    yield e
    if isinstance(e, App | Measure):
        for a in e.args:
            yield from subterms(a)


def functions(e: Expr) -> frozenset[str]:
    """Names of the functions that are neither arithmetic, built in nor Landau classes."""
    return frozenset(s.op for s in subterms(e) if isinstance(s, App)
                     and s.op not in FUNCTIONS and s.op not in ARITHMETIC and s.op not in LANDAU)
