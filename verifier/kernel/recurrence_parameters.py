"""Driving functions with other parameters as factors: T(n) = 2*T(n/2) + k*n + m."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.kernel import recurrence_order as ro
from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_explicit import least_argument
from verifier.kernel.recurrence_orders import RULES, Orders
from verifier.kernel.recurrence_system import System
from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, add, free_vars, mul, power
from verifier.lang.show import ascii


def outer_parameters(claim: Claim, system: System) -> frozenset[str]:
    """Parameters of the driving functions that are neither the recursion's variable nor constant."""
    names = frozenset().union(*(free_vars(b.driving) for b in system.branches))
    return system.scaled | frozenset(p.name for p in claim.parameters if p.name in names and p.role != "constant"
                                     and p.name != system.variable)


def split(system: System, outer: frozenset[str]) -> list[tuple[Expr, Expr]]:
    """The driving function as sum of factor * g(n), the factors products of other parameters; equal factors are added."""
    out: list[tuple[Expr, Expr]] = []
    for t in _expanded(system.single.driving, outer):
        parts = t.args if isinstance(t, App) and t.op == "*" else (t,)
        factor = mul(*(f for f in parts if free_vars(f) & outer))
        g = mul(*(f for f in parts if not free_vars(f) & outer))
        if system.variable in free_vars(factor):
            raise Rejected(f"{ascii(t)}: the parameters are not a factor of a function of {system.variable}")
        for i, (old, h) in enumerate(out):
            if old == factor:
                out[i] = (old, add(h, g))
                break
        else:
            out.append((factor, g))
    return out


def _expanded(e: Expr, outer: frozenset[str]) -> list[Expr]:
    """Terms of a sum, products multiplied out as far as the other parameters occur in a sum, quotients as products."""
    match e:
        case App("+", args):
            return [t for a in args for t in _expanded(a, outer)]
        case App("/", (a, b)) if free_vars(a) & outer and not free_vars(b) & outer:
            return [mul(t, App("/", (ONE, b))) for t in _expanded(a, outer)]
        case App("*", args):
            terms: list[Expr] = [ONE]
            for a in args:
                parts = _expanded(a, outer) if free_vars(a) & outer else [a]
                terms = [mul(t, p) if t != ONE else p for t in terms for p in parts]
                if len(terms) > 64:
                    raise Rejected("too many terms")
            return terms
    return [e]


def rule_superposition(system: System, claim: Claim, data: Mapping[str, Any]) -> Expr:
    """T(n) = sum_i a_i T(r_i(n)) + sum_j kappa_j g_j(n), the kappa_j > 0 products of parameters that do not move in the
    recursion, the rest independent of them: T = Theta(sum_j kappa_j W_j), uniformly in those parameters, for all n >= N.

    T = T_h + sum_j kappa_j T_j, T_h with the base values and no driving function, T_j with g_j and base values 0.  Each
    g_j > 0 for large n and >= 0 in the range of the equation, so T_j = Theta(W_j), where W_j is the order of the recurrence
    with g_j and positive base values, and T_h = kappa*O(W_j) where base values are kappa times constants >= 0.  T_h is
    absorbed if it is 0 (all base values are), if kappa is some kappa_j, or if kappa = 1 and some kappa_j is bounded below
    by a positive number; otherwise kappa*W_h is added (base values > 0).  Returns the sum.

    An argument a that calls multiply by constants q_i >= 1, T(a, n) = 3*T(2*a, n/2) + a: the part with the factor a^e is
    a^e*S(n), and S has the coefficients a_i*q_i^e (`rescaled`).  Rocq: rule_superposition."""
    outer = outer_parameters(claim, system)
    if system.relation != "=":
        raise Rejected("an inequality")
    for name, q in (s for c in system.single.calls for s in c.scales):
        p = claim.parameter(name)
        if p.role == "constant" or p.upper is not None or p.kind == "integer" and q.denominator != 1:
            raise Rejected(f"the recursion takes {name} out of its domain")
    start_factor = base_factor(system, outer)
    for c in system.single.calls:
        if free_vars(c.coefficient) & outer or free_vars(c.argument) & outer:
            raise Rejected("another parameter outside the driving function")
    for h in system.single.histories:
        if (free_vars(h.coefficient) | free_vars(h.weight) | free_vars(h.lower) | free_vars(h.upper)) & outer:
            raise Rejected("another parameter outside the driving function")
    positive = {p.name for p in claim.parameters if p.lower is not None and (p.lower > 0 or p.lower == 0 and p.lower_open)}
    bounded = {p.name for p in claim.parameters if p.lower is not None and p.lower > 0}
    parts = split(system, outer)
    if len(parts) != len(data["parts"]):
        raise Rejected("one bound for every parameter factor")
    total: list[Expr] = []
    absorbed = bool(parts) and _starts_at_zero(system)
    for (factor, g), entry in zip(parts, data["parts"], strict=True):
        names = free_vars(factor)
        if not names <= positive or not _monomial(factor):
            raise Rejected("a factor that is not a product of positive parameters")
        absorbed = absorbed or factor == start_factor or \
            start_factor == ONE and names <= bounded and _nonnegative_powers(factor)
        orders = part_orders(rescaled(system, factor), g, entry)
        if not orders.tight or orders.upper is None:
            raise Rejected("a part without a tight bound")
        w = ro.mono_to_expr(orders.upper, system.variable)
        total.append(w if factor == ONE else factor if w == ONE else mul(factor, w))
    if not absorbed:
        if not free_vars(start_factor) <= positive or not _base_positive(system):
            raise Rejected("base values that are not shown to be positive")
        orders = part_orders(rescaled(system, start_factor), ZERO, data["base"])
        if not orders.tight or orders.upper is None:
            raise Rejected("the homogeneous part has no tight bound")
        w = ro.mono_to_expr(orders.upper, system.variable)
        total.append(w if start_factor == ONE else mul(start_factor, w))
    return add(*total)


def _starts_at_zero(system: System) -> bool:
    """Whether every base value that the equation can reach is given, and 0: then T_h = 0."""
    if system.start is None or not system.bases or system.single.histories:
        return False
    low = min(b.high if b.low is None else b.low for b in system.bases)
    covered = {m for b in system.bases if b.low is not None for m in range(b.low, b.high + 1)}
    if any(b.value != ZERO for b in system.bases) or set(range(low, system.start)) - covered:
        return False
    return all(least_argument(c.argument, system, system.start) >= low for c in system.single.calls)


def base_factor(system: System, outer: frozenset[str]) -> Expr:
    """kappa if all base values are kappa times a constant >= 0, for one product kappa of other parameters; 1 if none is
    given (arbitrary positive constants)."""
    found: Expr | None = None
    for b in system.bases:
        parts = b.value.args if isinstance(b.value, App) and b.value.op == "*" else (b.value,)
        factor = mul(*(f for f in parts if free_vars(f) & outer))
        rest = mul(*(f for f in parts if not free_vars(f) & outer))
        low = Fraction(b.low if b.low is not None else 0)
        if not _monomial(factor) or not ro.nonnegative_from(rest, system.variable, low):
            raise Rejected("a base value that is not a parameter factor times a constant >= 0")
        if found is not None and found != factor:
            raise Rejected("base values with different parameter factors")
        found = factor
    return ONE if found is None else found


def _base_positive(system: System) -> bool:
    return all(ro.positive_from(f, system.variable, Fraction(b.low if b.low is not None else 0)) for b in system.bases
               for f in (b.value.args if isinstance(b.value, App) and b.value.op == "*" else (b.value,)))


def rescaled(system: System, factor: Expr) -> System:
    """The recurrence of S(n) for T = factor*S(n): coefficients times q^e for an argument multiplied by q that has the
    exponent e >= 0 in the factor."""
    exponents: dict[str, Fraction] = {}
    for f in factor.args if isinstance(factor, App) and factor.op == "*" else (factor,):
        if not free_vars(f) & system.scaled:
            continue
        match f:
            case Var(name):
                exponents[name] = exponents.get(name, Fraction(0)) + 1
            case App("^", (Var(name), Num(q))) if q >= 0:
                exponents[name] = exponents.get(name, Fraction(0)) + q
            case _:
                raise Rejected(f"{ascii(f)}: a moving argument that is not a power")
    calls = []
    for c in system.single.calls:
        coefficient = c.coefficient
        for name, q in c.scales:
            if exponents.get(name, Fraction(0)):
                coefficient = mul(coefficient, power(Num(q), Num(exponents[name])))
        calls.append(replace(c, coefficient=coefficient, scales=()))
    return replace(system, branches=(replace(system.single, calls=tuple(calls)),))


def part_orders(system: System, g: Expr, entry: Mapping[str, Any]) -> Orders:
    """The order of the recurrence with the driving function g alone and positive base values."""
    n = system.variable
    if system.start is not None and not ro.nonnegative_from(g, n, Fraction(system.start)):
        raise Rejected("a driving function that is not shown to be >= 0")
    part = replace(system, branches=(replace(system.single, driving=g),), start=None, bases=())
    rule = RULES.get(str(entry["rule"]))
    if rule is None:
        raise Rejected("unknown rule")
    return rule(part, entry, {})


def _monomial(e: Expr) -> bool:
    factors = e.args if isinstance(e, App) and e.op == "*" else (e,)
    return all(isinstance(f, Var) or e == ONE or isinstance(f, App) and f.op in ("^", "sqrt", "/")
               and all(not isinstance(a, App) for a in f.args) for f in factors)


def _nonnegative_powers(e: Expr) -> bool:
    factors = e.args if isinstance(e, App) and e.op == "*" else (e,)
    for f in factors:
        if isinstance(f, App) and f.op == "/" and free_vars(f.args[1]):
            return False
        if isinstance(f, App) and f.op == "^" and not ro.nonnegative_from(f.args[1], "", Fraction(0)):
            return False
    return True

