"""Claims about theorems: master(T(n)) = 2 and akra_bazzi(T(n)) = log(3)/log(2).

The number of a master claim is the case that applies, 0 for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from verifier.kernel import recurrence_order as ro
from verifier.kernel.claim import THEOREMS, Claim
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_order import Mono, Scope
from verifier.kernel.recurrence_orders import Sized, growth_index, sized
from verifier.kernel.recurrence_real import ONE, Real, log_real, real, real_of
from verifier.kernel.recurrence_system import System, argument
from verifier.lang.ast import App, Expr, Num


@dataclass(frozen=True, slots=True)
class MasterCase:
    """The case of the master theorem (0: none applies), why, and the class where one does; `classical` says whether the
    theorem of the earlier editions (a >= 1, case 2 without logarithms) applies as well."""

    case: int
    reason: str
    order: Mono | None = None
    classical: bool = True


def master_case(system: System) -> MasterCase:
    """The master theorem in the form of CLRS, 4th edition, theorem 4.1, for T(n) = a T(n/b) + f(n).

    a > 0 and b > 1 constants, T(n/b) read as a' T(floor(n/b)) + a'' T(ceil(n/b)), a' + a'' = a, or with either rounding; f
    non-negative for large n.  With p = log_b a:
      case 1: f = O(n^(p - eps)): T = Theta(n^p)
      case 2: f = Theta(n^p log(n)^k), k >= 0: T = Theta(n^p log(n)^(k+1))
      case 3: f = Omega(n^(p + eps)) and a f(n/b) <= c f(n) for some c < 1 and all large n: T = Theta(f).
    Rejected where the order of f is not known well enough to say.  Rocq: rule_master."""
    n, facts = system.variable, system.facts
    if len(system.branches) != 1:
        return MasterCase(0, "a maximum or minimum of branches")
    b = system.single
    if b.histories:
        return MasterCase(0, "a sum over all smaller arguments")
    total: Real | None = None
    slope: Real | None = None
    for c in b.calls:
        if c.function != system.name:
            return MasterCase(0, "calls of another function")
        try:
            a = real_of(c.coefficient, facts)
        except Rejected:
            return MasterCase(0, "the coefficient a is not constant")
        try:
            p = argument(c.argument, n, facts)
        except Rejected:
            return MasterCase(0, "an argument that is not n/b")
        if p.slope.sign() <= 0 or (p.slope - ONE).sign() >= 0:
            return MasterCase(0, "an argument that is not n/b with b > 1")
        if p.lo < -1 or p.hi > 1:
            return MasterCase(0, "an argument shifted by more than a rounding")
        if slope is not None and (slope - p.slope).sign():
            return MasterCase(0, "several sizes of subproblems")
        slope = p.slope
        total = a if total is None else total + a
    if total is None or slope is None:
        return MasterCase(0, "no recursive call")
    if total.sign() <= 0:
        return MasterCase(0, "a is not positive")
    classical = (total - ONE).sign() >= 0
    f = ro.series(b.driving, Scope(n, facts))
    if f.terms and not f.positive():
        return MasterCase(0, "the driving function is negative", classical=classical)
    exponent = log_real(total) / -log_real(slope)
    kind, d, rest = growth_index(f, 1)
    if kind == "zero":
        return MasterCase(1, "f is smaller than every power of n", ((1, exponent),) if exponent.num else (), classical)
    if kind == "above":
        return MasterCase(3, "f outgrows every power of n; the regularity condition holds", f.lead[0], classical)
    if d is None or rest is None:
        raise Rejected("the order of the driving function is not known")
    side = (d - exponent).sign()
    if side < 0:
        return MasterCase(1, "f is polynomially smaller than n^p", ((1, exponent),) if exponent.num else (), classical)
    if side > 0:
        if f.lead[1] is None:
            raise Rejected("the regularity condition is not decided: the leading constant of f is not known")
        return MasterCase(3, "f is polynomially larger than n^p; the regularity condition holds", f.lead[0], classical)
    k = ro.exponent(rest, 2)
    only_log = ro.product(rest, ((2, -k),)) == () if k.num else rest == ()
    if not only_log:
        return MasterCase(0, "f/n^p is not a power of log(n): the gap is not polynomial", classical=classical)
    if k.sign() < 0:
        return MasterCase(0, "f is smaller than n^p by a negative power of log(n) only: the gap is not polynomial",
                          classical=classical)
    grown = ro.product(f.lead[0], ((2, real(1)),))
    return MasterCase(2, "f is n^p times a power of log(n)", grown, classical and not k.num)


def akra_bazzi_side(system: System, q: Expr) -> int:
    """The sign of p - q, where sum a_i b_i^-p = 1: that of S(q) - 1, since S decreases."""
    parts: tuple[Sized, ...] = sized(system, 1)
    if len(parts) != 1 or not parts[0].terms:
        raise Rejected("no exponent: not a divide-and-conquer recurrence")
    return (parts[0].at(real_of(q, system.facts)) - ONE).sign()


def theorem_claim(claim: Claim, systems: Mapping[str, System]) -> tuple[str, System] | None:
    """("master" | "akra_bazzi", system) if the statement is a claim about a theorem."""
    left = claim.statement.left
    if isinstance(left, App) and left.op in THEOREMS and len(left.args) == 1:
        inner = left.args[0]
        if isinstance(inner, App) and inner.op in systems and not systems[inner.op].scaled:
            return left.op, systems[inner.op]
        raise Rejected(f"{left.op}(...) takes a function of the recurrences")
    return None


def check_theorem(claim: Claim, theorem: str, system: System) -> str:
    """"proved" or "refuted"; Rejected if undecided."""
    r = claim.statement
    if theorem == "master":
        if r.op != "=" or not isinstance(r.right, Num) or r.right.value not in (0, 1, 2, 3):
            raise Rejected("master(T(n)) is 1, 2, 3 or 0")
        return "proved" if master_case(system).case == r.right.value else "refuted"
    if system.branches and r.op in ("=", "<=", ">=", "<", ">"):
        side = akra_bazzi_side(system, r.right)
        truth = {"=": side == 0, "<=": side <= 0, ">=": side >= 0, "<": side < 0, ">": side > 0}[r.op]
        return "proved" if truth else "refuted"
    raise Rejected("the exponent is compared by =, <=, >=, < or >")
