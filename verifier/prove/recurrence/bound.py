"""Finding the rule, and its data, that gives the order of a recurrence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from verifier.kernel import recurrence_order as ro
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_joint import entries, rule_joint, spectral_side
from verifier.kernel.recurrence_order import Mono, Scope
from verifier.kernel.recurrence_orders import (
    LEVELS,
    RULES,
    Orders,
    Sized,
    differenced,
    driving_series,
    nonnegative_everywhere,
    sized,
)
from verifier.kernel.recurrence_real import ONE, Real, exp_real, log_real, real
from verifier.kernel.recurrence_system import System, root_argument
from verifier.lang.ast import App, Expr, Num, Var, add, mul
from verifier.lang.enclosure import EvaluationError
from verifier.lang.show import ascii
from verifier.prove.recurrence.closed import characteristic_roots, closed_form, coefficients, particular_solution
from verifier.prove.recurrence.exponents import between, bracket, exact_exponent, sign_at

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """What is known about one function: the certificate entry and the orders it establishes."""

    entry: Entry
    orders: Orders


def dependency_order(systems: Mapping[str, System]) -> list[list[str]]:
    """Strongly connected groups of functions, called ones first (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    out: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for f in sorted(systems[name].functions):
            if f not in systems:
                continue
            if f not in index:
                visit(f)
                low[name] = min(low[name], low[f])
            elif f in stack:
                low[name] = min(low[name], index[f])
        if low[name] == index[name]:
            group = []
            while True:
                f = stack.pop()
                group.append(f)
                if f == name:
                    break
            out.append(sorted(group))

    for name in systems:
        if name not in index:
            visit(name)
    return out


def find_joint(group: list[System], known: Mapping[str, Orders], target: Mono | None) -> tuple[Entry, dict[str, Orders]]:
    """The joint bound of functions that call each other."""
    reasons: list[str] = []
    for size, level in LEVELS.items():
        entry: Entry = {"rule": "joint", "functions": [s.name for s in group]}
        if size != "n":
            entry["size"] = size
        try:
            table = entries(group, level)
        except Rejected as error:
            reasons.append(str(error))
            continue
        for more in ({}, *_joint_exponents(table, len(group), level, target)):
            try:
                orders = rule_joint(group, {**entry, **more}, known)
            except (Rejected, EvaluationError) as error:
                reasons.append(str(error))
                continue
            first = orders[group[0].name]
            if first.tight or more:
                return _described({**entry, **more}, group[0], first), orders
    raise Rejected("; ".join(dict.fromkeys(reasons)))


def _joint_exponents(table: Any, n: int, level: int, target: Mono | None) -> Iterator[Entry]:
    """rho(M(p)) = 1: p from the characteristic equation det(I - M) = 0 of two functions, else rational bounds."""
    key = "base" if level == 0 else "exponent"

    def shown(q: Real) -> str:
        return ascii(exp_real(q).expr if level == 0 else q.expr)

    guesses: list[Real] = [real(q) for q in (1, 0, 2, Fraction(1, 2), 3, Fraction(3, 2))]
    if target is not None:
        guesses.insert(0, ro.exponent(target, level))
    if n == 2:
        m = [[table.get((i, j), []) for j in range(2)] for i in range(2)]
        terms = [*m[0][0], *m[1][1]]
        terms += [(a * b, s + t) for a, s in m[0][1] for b, t in m[1][0]]
        terms += [(-(a * b), s + t) for a, s in m[0][0] for b, t in m[1][1]]
        try:
            p = exact_exponent(Sized(tuple(terms)))
            if p is not None:
                guesses.insert(0, p)
        except Rejected:
            pass
    for q in guesses:
        try:
            if spectral_side(table, n, q) == 0:
                yield {key: shown(q)}
                return
        except Rejected:
            continue
    if level == 0:
        a, b = Fraction(0), Fraction(1)
        while spectral_side(table, n, log_real(real(b))) > 0 and b < 1 << 20:
            a, b = b, 2 * b
        for _ in range(30):
            c = (a + b) / 2
            a, b = (c, b) if spectral_side(table, n, log_real(real(c))) > 0 else (a, c)
        yield {"upper_base": str(b), "lower_base": str(a)}
        return
    lo, hi = Fraction(-16), Fraction(16)
    for _ in range(30):
        c = (lo + hi) / 2
        lo, hi = (c, hi) if spectral_side(table, n, real(c)) > 0 else (lo, c)
    yield {"upper_exponent": str(hi), "lower_exponent": str(lo)}


def candidates(system: System, known: Mapping[str, Orders], target: Mono | None) -> Iterator[Entry]:
    """Rules with their data, most specific first."""
    fs = [c for b in system.branches for c in b.calls if c.function == system.name]
    has_history = any(b.histories for b in system.branches)
    if _vanishes(system):
        yield {"rule": "closed_form", "solution": "0"}
    if not has_history:
        for size in ("n", "exp(n)", "log(n)"):
            try:
                parts = sized(system, LEVELS[size])
            except Rejected:
                continue
            yield from _akra_bazzi(system, parts, size, known, target)
            break
    else:
        yield {"rule": "history"}
        yield from _differencing(system, known, target)
    if not has_history:
        yield from _linear(system)
        if target is not None and fs and system.branches[0].driving == Num(Fraction(0)):
            yield {"rule": "multiple", "solution": ascii(ro.mono_to_expr(target, system.variable))}
    yield {"rule": "first_order"}
    yield {"rule": "root"}
    yield from _scaling(system, known, target)
    if fs and not has_history:
        yield from _ansatz(system, known, target)


def _akra_bazzi(system: System, parts: tuple[Sized, ...], size: str, known: Mapping[str, Orders],
                target: Mono | None, rule: str = "akra_bazzi") -> Iterator[Entry]:
    level = LEVELS[size]
    entry: Entry = {"rule": rule}
    if rule == "akra_bazzi" and size != "n":
        entry["size"] = size
    if all(not p.terms for p in parts):
        return
    yield entry  # root and balanced cases need no exponent
    chosen = [p for p in parts if p.terms]
    if len(chosen) > 1:  # the largest exponent decides
        ranked = []
        for p in chosen:
            e = exact_exponent(p)
            lo, hi = (e, e) if e is not None else tuple(real(x) for x in bracket((p,)))
            ranked.append((e, hi, p))
        best = ranked[0]
        for r in ranked[1:]:
            if (r[1] - best[1]).sign() > 0:
                best = r
        p = best[0]
    else:
        p = exact_exponent(chosen[0])
    e = None if target is None else ro.exponent(target, level)
    if p is None and e is not None:
        try:
            if sign_at(parts, e) == 0:
                p = e
        except Rejected:
            pass
    if p is not None:
        if size == "exp(n)":
            yield {**entry, "base": ascii(exp_real(p).expr)}
        else:
            yield {**entry, "exponent": ascii(p.expr)}
        return
    lo, hi = bracket(parts)
    if e is not None:
        try:
            q = between(parts, e)
            if sign_at(parts, e) < 0:
                hi = min(hi, q)
            else:
                lo = max(lo, q)
        except Rejected:
            pass
    if size == "exp(n)":
        yield {**entry, **_bases(parts, lo, hi, target)}
    else:
        yield {**entry, "upper_exponent": str(hi), "lower_exponent": str(lo)}


def _bases(parts: tuple[Sized, ...], lo: Fraction, hi: Fraction, target: Mono | None) -> Entry:
    """Rational bases r_lo <= e^p <= r_hi of a linear recurrence."""
    a, b = Fraction(0), Fraction(1)

    def sign(r: Fraction) -> int:
        return sign_at(parts, log_real(real(r)))

    while sign(b) > 0:
        a, b = b, b * 2
    wanted = exp_real(ro.exponent(target, 0)) if target is not None and ro.exponent(target, 0).num else None
    for step in range(200):
        middle = (a + b) / 2
        s = sign(middle)
        if s == 0:
            return {"base": str(middle)}
        a, b = (middle, b) if s > 0 else (a, middle)
        if step > 24 and a > 0:
            if wanted is None or (wanted - real(a)).sign() < 0 or (wanted - real(b)).sign() > 0:
                break
    return {"upper_base": str(b), "lower_base": str(a)}


def _vanishes(system: System) -> bool:
    """Whether all base values and the driving functions are 0."""
    zero = Num(Fraction(0))
    return bool(system.bases) and all(b.value == zero for b in system.bases) \
        and all(b.driving == zero for b in system.branches)


def _linear(system: System) -> Iterator[Entry]:
    """Constant coefficients of which one is negative: the closed form, or characteristic roots and a particular solution."""
    try:
        cs = coefficients(system)
        roots = characteristic_roots(cs)
        if all(q > 0 for q in cs.values()):
            return
    except Rejected:
        return
    with suppress(Rejected, EvaluationError):
        yield {"rule": "closed_form", "solution": ascii(closed_form(system, cs, roots))}
    entry: Entry = {"rule": "characteristic", "roots": [[ascii(r.expr), m] for r, m in roots]}
    try:
        p = particular_solution(system, cs, roots)
    except Rejected:
        return
    yield entry if p is None else {**entry, "particular": ascii(p)}


def _differencing(system: System, known: Mapping[str, Orders], target: Mono | None) -> Iterator[Entry]:
    try:
        linear = differenced(system)
        parts = sized(linear, 0)
    except Rejected:
        return
    yield from _akra_bazzi(linear, parts, "exp(n)", known, target, "differencing")


def _scaling(system: System, known: Mapping[str, Orders], target: Mono | None) -> Iterator[Entry]:
    """s with n^e = coefficient and e = s*(1 - beta)."""
    for b in system.branches:
        for c in b.calls:
            try:
                beta = root_argument(c.argument, system.variable, system.facts)
                a = ro.series(c.coefficient, Scope(system.variable, system.facts))
                e = ro.exponent(a.lead[0], 1)
            except Rejected:
                return
            if not e.num:
                return
            s = e / (ONE - beta)
            entry = {"rule": "scaling", "power": ascii(s.expr)}
            yield entry
            alpha = a.lead[1]
            if alpha is not None:
                part = Sized(((alpha, log_real(beta)),))
                p = exact_exponent(part)
                if p is not None:
                    yield {**entry, "exponent": ascii(p.expr)}
            return


def _ansatz(system: System, known: Mapping[str, Orders], target: Mono | None) -> Iterator[Entry]:
    """The claimed class and its neighbours, and n*g(n)/(n - r(n)) for one recursive argument that shrinks slowly."""
    n = system.variable
    scope = Scope(n, system.facts)
    seen: set[str] = set()
    guesses: list[Mono] = []
    try:
        for b in system.branches:
            g = driving_series(system, b, known, "upper")
            own = [c for c in b.calls if c.function == system.name]
            if g is not None and g.terms and len(own) == 1:
                gap = ro.series(add(Var(n), App("neg", (own[0].argument,))), scope).lead[0]
                rate = ro.product(g.lead[0], ro.raise_mono(gap, real(-1)))
                found = ro.sum_lead(rate, None)
                if found is not None:
                    guesses.append(found[0])
    except Rejected:
        pass
    smooth = _smoothed(system)
    if smooth is not None:
        try:
            found = find_bound(smooth, known).orders
            guesses += [m for m in (found.upper, found.lower) if m is not None]
        except Rejected:
            pass
    if target is not None:  # a bound beyond the claimed one refutes it
        guesses += [target, ro.product(target, ro.N), ro.product(target, ro.raise_mono(ro.N, real(-1)))]
    for m in guesses:
        text = ascii(ro.mono_to_expr(m, n))
        if text not in seen:
            seen.add(text)
            yield {"rule": "substitution", "solution": text}


def _smoothed(system: System) -> System | None:
    """The same recurrence with every coefficient and argument replaced by its leading term, slope*n: its order is a good
    ansatz.  Calls whose share vanishes (coefficient or argument of smaller order) are left out."""
    n = system.variable
    scope = Scope(n, system.facts)
    branches = []
    changed = False
    try:
        for b in system.branches:
            calls = []
            if b.histories:
                return None
            for c in b.calls:
                m, k = ro.series(c.coefficient, scope).lead
                r, slope = ro.series(c.argument, scope).lead
                if ro.compare(r, ro.N) < 0 and not ro.infinite(m) or ro.compare(m, ro.UNIT) < 0:
                    changed = True
                    continue
                if m != ro.UNIT or k is None or r != ro.N or slope is None or (slope - ONE).sign() >= 0:
                    return None
                smooth = mul(slope.expr, Var(n))
                changed = changed or ro.series(c.argument, scope).terms[1:] != () or ro.series(c.coefficient,
                scope).terms[1:] != ()
                calls.append(replace(c, coefficient=k.expr, argument=smooth))
            if not calls:
                return None
            branches.append(replace(b, calls=tuple(calls)))
    except Rejected:
        return None
    return replace(system, branches=tuple(branches), start=None, bases=()) if changed else None


def find_bound(system: System, known: Mapping[str, Orders], target: Mono | None = None) -> Bound:
    """The best bound that a rule gives: the first tight one, else the union of one-sided ones as found."""
    best: Bound | None = None
    reasons: list[str] = []
    for entry in candidates(system, known, target):
        try:
            orders = RULES[entry["rule"]](system, entry, known)
        except (Rejected, EvaluationError) as error:
            reasons.append(f"{entry['rule']}: {error}")
            continue
        if orders.nonpositive:
            return Bound({**entry, "function": system.name, "relation": "<=", "class": "0"}, orders)
        if orders.upper is None and orders.lower is None:
            continue
        described = _described(entry, system, orders)
        found = Bound(described, Orders(orders.upper, orders.lower, nonnegative_everywhere(system, known)))
        if orders.tight:
            return found
        if best is None or _better(orders, best.orders, target):
            best = found
    if best is None:
        raise Rejected("; ".join(dict.fromkeys(reasons)) or "no rule applies")
    return best


def _better(a: Orders, b: Orders, target: Mono | None) -> bool:
    """A side that reaches the claimed order, more sides, or the same sides and closer."""
    if target is not None and _reaches_target(a, target) != _reaches_target(b, target):
        return _reaches_target(a, target)
    count = [(o.upper is not None) + (o.lower is not None) for o in (a, b)]
    if count[0] != count[1]:
        return count[0] > count[1]
    if a.upper is not None and b.upper is not None and ro.compare(a.upper, b.upper) < 0:
        return True
    return a.lower is not None and b.lower is not None and ro.compare(a.lower, b.lower) > 0


def _reaches_target(o: Orders, target: Mono) -> bool:
    """Whether T = O(target) or T = Omega(target) follows."""
    return o.upper is not None and ro.compare(o.upper, target) <= 0 \
        or o.lower is not None and ro.compare(o.lower, target) >= 0


def _described(entry: Entry, system: System, orders: Orders) -> Entry:
    n = system.variable
    out = {"rule": entry["rule"], "function": system.name, **{k: v for k, v in entry.items() if k != "rule"}}
    upper, lower = (None if m is None else ascii(ro.mono_to_expr(m, n)) for m in (orders.upper, orders.lower))
    if orders.tight:
        out |= {"relation": "Theta", "class": upper}
    elif upper is not None and lower is not None:
        out |= {"relation": "O", "class": upper, "lower_class": lower}
    else:
        out |= {"relation": "O", "class": upper} if upper is not None else {"relation": "Omega", "class": lower}
    return out


def target_order(e: Expr, n: str, systems: Mapping[str, System]) -> Mono | None:
    """The order of the claimed bound, as an ansatz."""
    try:
        system = next(iter(systems.values()))
        return ro.series(e, Scope(n, system.facts)).lead[0]
    except Rejected:
        return None


def establishes(systems: Mapping[str, System], wanted: str, target: Mono | None) -> tuple[Entry, dict[str, Orders]]:
    """The certificate entry for one function, with auxiliary entries for those it calls."""
    known: dict[str, Orders] = {}
    chain: list[Entry] = []
    for group in dependency_order(systems):
        if wanted not in group and not any(_reaches(systems, wanted, name) for name in group):
            continue
        goal = target if wanted in group else None
        if len(group) > 1:
            entry, orders = find_joint([systems[f] for f in group], known, goal)
            known |= orders
        else:
            found = find_bound(systems[group[0]], known, goal)
            known[group[0]] = found.orders
            entry = found.entry
        chain.append(entry)
        if wanted in group:
            break
    if wanted not in known:
        raise Rejected(f"{wanted} is not defined")
    return ({**chain[-1], "auxiliary": chain[:-1]} if len(chain) > 1 else chain[-1]), known


def _reaches(systems: Mapping[str, System], start: str, name: str) -> bool:
    seen, stack = {start}, [start]
    while stack:
        for f in systems[stack.pop()].functions:
            if f in systems and f not in seen:
                seen.add(f)
                stack.append(f)
    return name in seen
