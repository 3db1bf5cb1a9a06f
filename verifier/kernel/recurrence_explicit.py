"""Explicit claims about recurrences: T(n) <= 3*n*ceil(log2(n)), T(n) = n*ceil(log2(n)) - 2^ceil(log2(n)) + 1.

*Refuted* by one assignment at which both sides are evaluated exactly.  *Proved* by a closed form that is substituted
back, by a closed form and a comparison of plain expressions, or by induction, whose step is a plain claim with a
certificate of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from verifier.kernel.claim import Claim, Parameter, claim_from_json
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import check_point
from verifier.kernel.recurrence_closed import dyadic_gaps, nonnegative_on_block, rule_closed_form
from verifier.kernel.recurrence_system import System, argument, integer_valued
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, free_vars, functions, mul, num, substitute
from verifier.lang.enclosure import Value
from verifier.lang.evaluate import compare, evaluate
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii_relation

if TYPE_CHECKING:
    from verifier.kernel.check import Checked

Check = Callable[[Mapping[str, Any]], "Checked"]
EXACT = ("=", "<=", ">=", "<", ">")
MAX_BASE = 4096
"""Most values that the base range of an induction evaluates."""


def check_explicit(certificate: Mapping[str, Any], claim: Claim, systems: Mapping[str, System], check: Check) -> str | None:
    """The strength ("everywhere") of a proof, None for a refutation; Rejected if neither is shown."""
    if claim.statement.op not in EXACT:
        raise Rejected("not an explicit claim")
    if certificate["verdict"] == "refuted":
        point = {str(k): Fraction(str(v)) for k, v in certificate["assignment"].items()}
        check_point(claim, point)
        if holds_at(claim, systems, point, certificate.get("rounding")):
            raise Rejected("the claim holds at the assignment")
        return None
    bound = certificate["bound"]
    rules = {"closed_form": _closed_form, "induction": _induction, "dyadic_induction": _dyadic_induction}
    rule = rules.get(str(bound["rule"]))
    if rule is None:
        raise Rejected("unknown rule")
    rule(certificate, claim, systems, check)
    return "everywhere"


def holds_at(claim: Claim, systems: Mapping[str, System], point: Mapping[str, Fraction], rounding: str | None,
             values: Values | None = None) -> bool:
    """The truth of the statement at one assignment, with exact values of the functions.

    Open roundings are all taken the way `rounding` says: one admissible choice.  `values` may keep the values of the
    functions from one call to the next, for the same other parameters."""
    if rounding not in (None, "max", "min"):
        raise Rejected("unknown rounding")
    env: dict[str, Fraction | int] = {k: v.numerator if v.denominator == 1 else v for k, v in point.items()}
    if values is None:
        values = Values(systems, env=env, pick=rounding)

    def lookup(name: str) -> Callable[[Fraction], Value]:
        def at(x: Fraction) -> Value:
            if x.denominator != 1:
                raise Rejected(f"{name} at a number that is not an integer")
            return values(name, x.numerator)
        return at

    r = claim.statement
    side = compare(r.left, r.right, env, functions={name: lookup(name) for name in systems})
    return {"=": side == 0, "<=": side <= 0, ">=": side >= 0, "<": side < 0, ">": side > 0}[r.op]


def claim_parts(claim: Claim, systems: Mapping[str, System]) -> tuple[System, Parameter, int]:
    """The system of T(n) = left side, its parameter, and the least n of the claim."""
    left = claim.statement.left
    if not (isinstance(left, App) and left.op in systems and len(left.args) == 1 and isinstance(left.args[0], Var)):
        raise Rejected("the left side has to be T(n)")
    if functions(claim.statement.right) & frozenset(systems) or claim.assumptions:
        raise Rejected("a claim between several functions, or under assumptions")
    p = claim.parameter(left.args[0].name)
    if p.kind != "integer" or p.lower is None:
        raise Rejected(f"{p.name} has to be an integer that is bounded below")
    low = p.lower.numerator // p.lower.denominator + 1 if p.lower.denominator != 1 or p.lower_open else int(p.lower)
    return systems[left.op], p, low


def _single(claim: Claim, systems: Mapping[str, System], low: int, high: int, p: Parameter) -> None:
    """The claim for low <= n < high by evaluation; only n may be a parameter then."""
    if high - low > MAX_BASE:
        raise Rejected("too many base values")
    if high > low and len(claim.parameters) != 1:
        raise Rejected("base values with other parameters")
    top = p.upper
    for n in range(low, high):
        if top is not None and n > top:
            break
        for rounding in ((None,) if pinned(systems) else ("max", "min")):
            if not holds_at(claim, systems, {p.name: Fraction(n)}, rounding):
                raise Rejected(f"the claim fails at {n}")


def pinned(systems: Mapping[str, System]) -> bool:
    """Whether every recursive argument has its rounding given."""
    return all(integer_valued(c.argument, s.variable) for s in systems.values() for b in s.branches for c in b.calls)


def _closed_form(certificate: Mapping[str, Any], claim: Claim, systems: Mapping[str, System], check: Check) -> None:
    """T(n) = F(n) for n >= n1 (`rule_closed_form`).  An equation whose right side is F is then proved; any other
    relation needs the plain claim F(n) op right side, for the n of the claim from n1 on.  The n below n1 are evaluated."""
    system, p, low = claim_parts(claim, systems)
    f = parse_expression(str(certificate["bound"]["solution"]))
    n1 = rule_closed_form(system, f)
    _single(claim, systems, low, n1, p)
    value = substitute(f, {system.variable: Var(p.name)})
    if claim.statement.op == "=" and value == claim.statement.right:
        return
    wanted = Relation(claim.statement.op, value, claim.statement.right)
    _plain(certificate["comparison"], claim, p, max(low, n1), wanted, check)


def _plain(nested: Mapping[str, Any], claim: Claim, p: Parameter, low: int, wanted: Relation, check: Check) -> None:
    """Demand a proof of the plain claim `wanted` for all n >= low (and the other parameters)."""
    inner = claim_from_json(nested["claim"])
    parameters = tuple(replace(q, lower=Fraction(low), lower_open=False) if q.name == p.name else q
                       for q in claim.parameters)
    if inner != Claim(parameters, inner.statement) or ascii_relation(inner.statement) != ascii_relation(wanted):
        raise Rejected(f"the nested claim is not {ascii_relation(wanted)}")
    done = check(nested)
    if done.verdict != "proved" or done.strength != "everywhere":
        raise Rejected("the nested claim is not proved")


def _induction(certificate: Mapping[str, Any], claim: Claim, systems: Mapping[str, System], check: Check) -> None:
    """Induction on n for T(n) op U(n), op one of <=, <, >=, >, or = (every recursive value replaced by U).

    Let the coefficients be >= 0 and s the start of the step.  (1) T(n) op U(n) for the n of the claim below s, by
    evaluation.  (2) For n >= s the equation applies and every recursive argument is < n and a value of n in the claim.
    (3) For n >= s:  sum a_i(n) U(r_i(n)) + g(n)  op  U(n), a plain claim with its own certificate, one for every choice of
    floor or ceiling where the rounding is open.  For <= the equation may be T(n) <= ..., for >= it may be >=.
    Rocq: rule_induction."""
    system, p, low = claim_parts(claim, systems)
    op = claim.statement.op
    if system.relation != "=" and system.relation != {"<": "<=", ">": ">="}.get(op, op):
        raise Rejected("the recurrence is an inequality in the other direction")
    s = int(str(certificate["bound"]["start"]))
    if system.start is None or s < system.start or s < low:
        raise Rejected("the step starts before the equation")
    for b in system.branches:
        if b.histories:
            raise Rejected("a sum over all smaller arguments")
        for c in b.calls:
            if c.function != system.name:
                raise Rejected("a call of another function")
            least = least_argument(c.argument, system, s)
            if least < low:
                raise Rejected("a recursive argument below the range of the claim")
    _single(claim, systems, low, s, p)
    steps = list(step_relations(system, p.name, claim.statement.right, op))
    given = certificate["steps"]
    if len(given) != len(steps):
        raise Rejected("one certificate for every choice of roundings")
    for nested, wanted in zip(given, steps, strict=True):
        _plain(nested, claim, p, s, wanted, check)
    _coefficients_nonnegative(system, system.start)


def _dyadic_induction(certificate: Mapping[str, Any], claim: Claim, systems: Mapping[str, System], check: Check) -> None:
    """Induction for T(n) <= U(n) or T(n) >= U(n), arguments floor(n/2), ceil(n/2) or n/2 with either rounding, and U and the
    driving function polynomials in n, L and 2^L, L = ceil(log2 n) or floor(log2 n).

    As in `recurrence_closed.satisfies_dyadic`, with the difference of both sides >= 0 instead of 0: it is a polynomial
    in m, X, L, shown to be >= 0 on the dyadic block by `nonnegative_on_block` (and U at the seam, where an argument
    belongs to
    the neighbouring level, is at most its value at the level used).  The n below s are evaluated.
    Rocq: rule_dyadic_induction."""
    system, p, low = claim_parts(claim, systems)
    op = claim.statement.op
    if op not in ("<=", ">=") or system.relation not in ("=", op) or system.start is None:
        raise Rejected("not an inequality that this rule shows")
    s = int(str(certificate["bound"]["start"]))
    if s < max(system.start, 2 * low, 2) or len(claim.parameters) != 1:
        raise Rejected("the step starts before the equation")
    _single(claim, systems, low, s, p)
    sign = 1 if op == "<=" else -1
    u = substitute(claim.statement.right, {p.name: Var(system.variable)})
    for b in system.branches:
        for gap, region in dyadic_gaps(system, b, u):
            if not nonnegative_on_block({k: sign * c for k, c in gap.items()}, region, s):
                raise Rejected("the step is not shown on every dyadic block")


def least_argument(e: Expr, system: System, s: int) -> Fraction:
    """A lower bound of the integer argument for all n >= s: its value at s where it is nondecreasing, else slope*s + lo."""
    n = system.variable
    r = argument(e, n, system.facts)
    q = r.slope.rational
    if q is None or q <= 0 or q > 1:
        raise Rejected("an argument that is not slope*n")
    if nondecreasing(e, n):
        v = Fraction(evaluate(e, {n: s}))  # type: ignore[arg-type]
        return Fraction(v.numerator // v.denominator)
    return q * s + r.lo


def nondecreasing(e: Expr, n: str) -> bool:
    """Whether e is nondecreasing in n by its shape: sums, roundings and positive multiples of n and constants."""
    match e:
        case App("+" | "floor" | "ceil" | "max" | "min", args):
            return all(nondecreasing(a, n) for a in args)
        case App("*", args):
            return all(isinstance(a, Num) and a.value > 0 or nondecreasing(a, n) for a in args) \
                and sum(n in free_vars(a) for a in args) <= 1
        case App("/", (a, Num(q))):
            return q > 0 and nondecreasing(a, n)
    return n not in free_vars(e) or e == Var(n)


def _coefficients_nonnegative(system: System, s: int) -> None:
    from verifier.kernel.recurrence_order import nonnegative_from
    for b in system.branches:
        for c in b.calls:
            if not nonnegative_from(c.coefficient, system.variable, Fraction(s)):
                raise Rejected("a coefficient that is not shown to be >= 0")


def step_relations(system: System, n: str, u: Expr, op: str) -> Iterator[Relation]:
    """The plain claims of the induction step, in a fixed order: branches, then choices of the roundings."""
    for b in system.branches:
        choices: list[tuple[Expr, ...]] = []
        for c in b.calls:
            e = substitute(c.argument, {system.variable: Var(n)})
            choices.append((e,) if integer_valued(e, n) else (App("floor", (e,)), App("ceil", (e,))))
        for picked in product(*choices):
            total = [mul(substitute(c.coefficient, {system.variable: Var(n)}), substitute(u, {n: e}))
                     for c, e in zip(b.calls, picked, strict=True)]
            left = add(*total, *([] if b.driving == num(0) else
                                 [substitute(b.driving, {system.variable: Var(n)})]))
            yield Relation(op, left, u)

