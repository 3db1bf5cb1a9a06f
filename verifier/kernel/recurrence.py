"""Certificates about recurrences: a bound of T from the equations alone, and the comparison with what is claimed.

    {"claim": {"recurrences": [...], "statement": "T(n) = O(n^2)"}, "verdict": "proved", "strength": "any-large",
     "bound": {"rule": "akra_bazzi", ..., "relation": "Theta", "class": "n*log(n)"}, "comparison": {...}}

`bound` names a theorem (`recurrence_orders.RULES`) and what it cannot compute; the kernel checks the
hypotheses and derives T = O(U), T = Omega(L) itself.  The comparison is either a nested certificate of the plain
claim with T replaced by its class, or {"rule": "orders"}: both sides are log-exp functions and are
compared by `recurrence_order.compare`.  Explicit claims are in `recurrence_explicit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verifier.kernel import recurrence_order as ro
from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Rejected
from verifier.kernel.obligations import check_point
from verifier.kernel.recurrence_cases import rule_cases
from verifier.kernel.recurrence_joint import jointly_positive, rule_joint
from verifier.kernel.recurrence_order import Mono, Scope
from verifier.kernel.recurrence_orders import RULES, Orders, nonnegative_everywhere
from verifier.kernel.recurrence_parameters import rule_superposition
from verifier.kernel.recurrence_real import real
from verifier.kernel.recurrence_system import System, read_systems
from verifier.kernel.recurrence_theorems import check_theorem, theorem_claim
from verifier.kernel.recurrence_value import NotWellFounded, check_well_founded, relaxed
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, free_vars, functions, rebuild, substitute, subterms
from verifier.lang.parse import parse_expression

if TYPE_CHECKING:
    from verifier.kernel.check import Checked

STRENGTH = "any-large"
"""A bound for all n >= N: with one growing parameter any-large and all-large say the same."""


def check_recurrence(certificate: Mapping[str, Any], claim: Claim,
                     check: Callable[[Mapping[str, Any]], Checked]) -> Checked:
    """The verdict a certificate about a recurrence establishes; Rejected if it establishes none."""
    from verifier.kernel.check import Checked
    verdict = certificate["verdict"]
    if verdict not in ("proved", "refuted"):
        raise Rejected("unknown verdict")
    bound = certificate["bound"]
    if bound.get("rule") == "cases":
        return rule_cases(certificate, claim, check)
    systems = relaxed(read_systems(claim))
    if bound.get("rule") == "not_well_founded":
        if verdict != "refuted":
            raise Rejected("a recurrence that is not well-founded proves nothing")
        _not_well_founded(systems)
        return Checked("refuted", None, claim)
    try:
        check_well_founded(systems)
    except NotWellFounded as error:
        raise Rejected(str(error)) from error
    if claim.assumptions:
        _inhabited(claim, certificate)
    statement = claim.statement
    theorem = theorem_claim(claim, systems)
    if theorem is not None:
        if check_theorem(claim, *theorem) != verdict:
            raise Rejected("the theorem says otherwise")
        return Checked(verdict, "everywhere" if verdict == "proved" else None, claim)
    if statement.op == "~":
        from verifier.kernel.recurrence_equivalent import check_equivalent
        return check_equivalent(certificate, claim, systems, check)
    if statement.op not in LANDAU:
        from verifier.kernel.recurrence_explicit import check_explicit
        return Checked(verdict, check_explicit(certificate, claim, systems, check), claim)
    if bound.get("rule") == "superposition":
        return _superposed(certificate, claim, systems, check)
    orders = establish(systems, bound)
    found = compare_orders(claim, systems, orders)
    if "comparison" in certificate and certificate["comparison"].get("rule") != "orders":
        found = _nested(certificate["comparison"], claim, orders, check)
    if found != verdict:
        raise Rejected(f"the comparison gives {found}")
    if verdict == "refuted" and "family" in certificate:
        check_family(certificate["family"], claim, systems, orders)
    return Checked(verdict, STRENGTH if verdict == "proved" else None, claim)


def _inhabited(claim: Claim, certificate: Mapping[str, Any]) -> None:
    """Nothing follows from a contradiction: the certificate gives values that satisfy the exact assumptions.  Landau
    assumptions are left to the nested comparison, which needs a model of its own."""
    if certificate["bound"].get("rule") == "superposition":
        return
    if any(a.op in LANDAU for a in claim.assumptions):
        raise Rejected("a Landau assumption about a recurrence")
    fixed = {p.name for p in claim.parameters if p.role == "constant"}
    if certificate["verdict"] == "refuted" and "assignment" not in certificate and any(
            not free_vars(a.left) | free_vars(a.right) <= fixed for a in claim.assumptions):
        raise Rejected("a refutation under an assumption about sizes: it might leave only finitely many")
    check_point(claim, {str(k): Fraction(str(v)) for k, v in certificate["model"].items()})


def _superposed(certificate: Mapping[str, Any], claim: Claim, systems: Mapping[str, System],
                check: Callable[[Mapping[str, Any]], Checked]) -> Checked:
    """T(n) = Theta(W) with W in several parameters, and the plain claim about W, for all n >= N: under all-large."""
    from verifier.kernel.check import Checked
    inner = superposed_claim(claim, systems, certificate["bound"])
    nested = certificate["comparison"]
    if claim_from_json(nested["claim"]) != inner:
        raise Rejected("the comparison is not the claim with the recurrence replaced by its class")
    done = check(nested)
    if done.verdict != certificate["verdict"] or done.verdict == "refuted" and done.strength != "all-large":
        raise Rejected("the comparison does not decide the claim")
    return Checked(done.verdict, "all-large", claim)


def superposed_claim(claim: Claim, systems: Mapping[str, System], bound: Mapping[str, Any]) -> Claim:
    """The plain claim that decides a claim about recurrences with other parameters: every T(r) is replaced by W(r).

    T = Theta(W) uniformly for all n >= N, so E[T] = Theta(E[W]) for an expression E that is built from T and
    non-negative expressions by +, *, /, max, min and constant powers."""
    classes: dict[str, Expr] = {}
    for entry in bound["functions"]:
        system = systems[str(entry["function"])]
        classes[system.name] = rule_superposition(system, claim, entry)
    if any(p.lower is None or p.lower < 0 for p in claim.parameters):
        raise Rejected("a parameter that may be negative")

    def go(e: Expr) -> Expr:
        if not isinstance(e, App) or not functions(e) & frozenset(systems):
            if isinstance(e, App) and any(isinstance(x, App) and x.op == "neg" for x in subterms(e)):
                raise Rejected("a difference beside a recurrence")
            return e
        if e.op in systems:
            return _class_at(e, systems[e.op], classes, claim)
        if e.op not in ("+", "*", "/", "max", "min", "sqrt") and not (e.op == "^" and isinstance(e.args[1], Num)):
            raise Rejected(f"a recurrence inside {e.op}")
        return rebuild(e, go)

    r = claim.statement
    return Claim(claim.parameters, Relation(r.op, go(r.left), go(r.right)), claim.assumptions)


def _class_at(e: App, system: System, classes: Mapping[str, Expr], claim: Claim) -> Expr:
    """W at the argument of T(n), an unbounded integer parameter (in T(n, k) the other arguments are passed on)."""
    if system.name not in classes:
        raise Rejected(f"no bound of {system.name}")
    moving = [a for a in e.args if isinstance(a, Var) and (len(e.args) == 1 or a.name == system.variable)]
    if len(moving) != 1 or len(e.args) != 1 and e.args != system.arguments:
        raise Rejected("the arguments of a function are those of its equation")
    p = claim.parameter(moving[0].name)
    if p.kind != "integer" or p.role != "growing" or p.upper is not None:
        raise Rejected(f"{p.name} has to be an unbounded integer")
    return substitute(classes[system.name], {system.variable: moving[0]})


def _not_well_founded(systems: Mapping[str, System]) -> None:
    """Rejected unless some value depends on itself."""
    try:
        check_well_founded(systems)
    except NotWellFounded:
        return
    raise Rejected("no argument that is not smaller was found")


def establish(systems: Mapping[str, System], bound: Mapping[str, Any]) -> dict[str, Orders]:
    """The orders of the functions: those of `auxiliary`, in order, then that of the bound itself.

    Each entry names its `function` (optional if there is only one), its `rule`, and the class it establishes, which
    has to be what the rule gives."""
    known: dict[str, Orders] = {}
    for entry in (*bound.get("auxiliary", ()), bound):
        if entry["rule"] == "joint":
            group = [systems[str(f)] for f in entry["functions"]]
            if any(s.scaled for s in group):
                raise Rejected("several moving arguments")
            found = rule_joint(group, entry, known)
            positive = jointly_positive(group, known)
            for s in group:
                known[s.name] = replace(found[s.name], nonnegative=positive and s.start is not None)
            _check_class(entry, group[0], known[group[0].name])
            continue
        name = entry.get("function") or (next(iter(systems)) if len(systems) == 1 else "")
        system = systems.get(str(name))
        rule = RULES.get(str(entry["rule"]))
        if system is None or rule is None or system.scaled:
            raise Rejected("unknown function or rule, or several moving arguments")
        orders = rule(system, entry, known)
        known[system.name] = replace(orders, nonnegative=nonnegative_everywhere(system, known))
        _check_class(entry, system, orders)
    return known


def _check_class(entry: Mapping[str, Any], system: System, orders: Orders) -> None:
    relation, text = entry["relation"], entry["class"]
    scope = Scope(system.variable, system.facts)
    if orders.nonpositive:
        if relation != "<=" or text != "0":
            raise Rejected("the rule shows T <= 0 for large n only")
        return
    for key, side in (("class", "upper"), ("lower_class", "lower")) if "lower_class" in entry else (
            ("class", {"O": "upper", "Omega": "lower"}.get(relation, "both")),):
        m = ro.series(parse_expression(str(entry[key])), scope).lead[0]
        for s in ("upper", "lower") if side == "both" else (side,):
            found = orders.upper if s == "upper" else orders.lower
            if found is None or ro.compare(found, m) != 0:
                raise Rejected(f"{text} is not the class that the rule establishes")


def check_family(family: Mapping[str, Any], claim: Claim, systems: Mapping[str, System],
                 known: Mapping[str, Orders]) -> None:
    """Along n = t the claim is off by at least a constant times the family's divergence, which tends to infinity (for o and
    omega it may be 1): T/h on the side "upper", h/T on the side "lower"."""
    n = _growing(claim, claim.statement, systems)
    t = str(family["parameter"])
    if len(claim.parameters) != 1 or dict(family["sizes"]) != {n: t}:
        raise Rejected("the family is not n = t")
    scope = Scope(t, next(iter(systems.values())).facts)
    divergence = ro.series(parse_expression(str(family["divergence"])), scope)
    found = divergence_order(claim, systems, known, str(family["side"]))
    if not divergence.positive() or ro.compare(divergence.lead[0], found) > 0 or \
            claim.statement.op in ("O", "Omega", "Theta") and not ro.infinite(divergence.lead[0]):
        raise Rejected("the family does not diverge as it says")


def divergence_order(claim: Claim, systems: Mapping[str, System], known: Mapping[str, Orders], side: str) -> Mono:
    """The order of a lower bound of T/h ("upper") or of h/T ("lower")."""
    n = _growing(claim, claim.statement, systems)
    left, right = _side(claim.statement.left, n, systems, known), _side(claim.statement.right, n, systems, known)
    if left is None or right is None or right[0] is None:
        raise Rejected("no bound from that side")
    inverse = real(-1)
    if side == "upper" and left[1] is not None:
        return ro.product(left[1], ro.raise_mono(right[0], inverse))
    if side == "lower" and left[0] is not None:
        return ro.product(right[0], ro.raise_mono(left[0], inverse))
    raise Rejected("no bound from that side")


def relation_of(left: Mono, right: Mono, op: str) -> bool:
    """Whether `left op right` holds for two monomials and a Landau relation."""
    side = ro.compare(left, right)
    return {"O": side <= 0, "Omega": side >= 0, "Theta": side == 0, "o": side < 0, "omega": side > 0}[op]


def compare_orders(claim: Claim, systems: Mapping[str, System], known: Mapping[str, Orders]) -> str | None:
    """"proved", "refuted" or None, from the orders of both sides.

    Left sides T(n) use one-sided bounds: T = O(U) and U = O(h) give T = O(h); T = Omega(L) and h = o(L) refute it, and so
    on.  Any other side has to consist of functions with tight bounds, and h has to be positive for large n."""
    r = claim.statement
    n = _growing(claim, r, systems)
    right = _side(r.right, n, systems, known)
    if right is None:
        return None
    left = _side(r.left, n, systems, known)
    if left is None:
        return None
    upper, lower = left
    h_upper, h_lower = right
    if h_upper is not None and isinstance(r.left, App) and r.left.op in known and known[r.left.op].nonpositive:
        # T <= 0 < eps*h for large n: every bound from above holds, none from below
        return "proved" if r.op in ("O", "o") else "refuted"
    if h_upper is None or h_lower is None or ro.compare(h_upper, h_lower) != 0:
        return None
    h = h_upper
    tests = {"O": (upper, -1, 0), "o": (upper, -1, -1), "Omega": (lower, 1, 0), "omega": (lower, 1, 1)}
    if r.op == "Theta":
        if upper is not None and lower is not None and ro.compare(upper, h) <= 0 and ro.compare(lower, h) >= 0:
            return "proved"
        if upper is not None and ro.compare(upper, h) < 0 or lower is not None and ro.compare(lower, h) > 0:
            return "refuted"
        return None
    known_side, direction, need = tests[r.op]
    if known_side is not None:
        side = ro.compare(known_side, h)
        if side * direction > 0 or side == 0 and need == 0:
            return "proved"
    other = lower if direction < 0 else upper
    if other is not None:
        side = ro.compare(other, h)
        if side * direction < 0 or side == 0 and need != 0:
            return "refuted"
    return None


def _growing(claim: Claim, r: Relation, systems: Mapping[str, System]) -> str:
    """The growing parameter of the statement; the other parameters it mentions have to be constant."""
    names = (free_vars(r.left) | free_vars(r.right)) - {"e"}
    growing = [p.name for p in claim.parameters if p.role != "constant" and p.name in names]
    if len(growing) != 1:
        raise Rejected("a statement about several parameters that are not constant")
    p = claim.parameter(growing[0])
    if p.role != "growing" or p.kind != "integer" or p.upper is not None:
        raise Rejected(f"{p.name} has to be an unbounded integer")
    return growing[0]


def _side(e: Expr, n: str, systems: Mapping[str, System],
          known: Mapping[str, Orders]) -> tuple[Mono | None, Mono | None] | None:
    """Upper and lower order of a side of the statement."""
    system = next(iter(systems.values()))
    names = functions(e) & frozenset(systems)
    if isinstance(e, App) and e.op in systems and len(names) == 1 and e.op in known:
        orders = known[e.op]
        if len(e.args) != 1 and e.args != systems[e.op].arguments:
            raise Rejected("the other arguments of a function are those of its equation")
        arg = [a for a in e.args if n in free_vars(a)]
        if len(arg) != 1:
            raise Rejected("a function of several moving arguments")
        x = ro.series(arg[0], Scope(n, system.facts))
        if not ro.infinite(x.lead[0]) or not x.positive():
            raise Rejected("an argument that does not grow")

        def at(m: Mono | None) -> Mono | None:
            return None if m is None else ro.compose_mono(m, x).lead[0]

        return at(orders.upper), at(orders.lower)
    table = []
    for name in names:
        orders = known.get(name, Orders(None, None))
        if not orders.tight or orders.upper is None:
            return None
        table.append((name, ro.order(orders.upper)))
    s = ro.series(e, Scope(n, system.facts, tuple(table)))
    if not s.positive():
        raise Rejected("a side of the statement is not positive for large n")
    return s.lead[0], s.lead[0]


def plain_claim(claim: Claim, orders: Mapping[str, Orders], side: str) -> Relation:
    """The statement with every T(n) replaced by its class (the upper one or the lower one)."""
    r = claim.statement

    def go(e: Expr) -> Expr:
        if isinstance(e, App):
            found = orders.get(e.op)
            if found is not None and len(e.args) >= 1:
                m = found.upper if side == "upper" else found.lower
                if m is None:
                    raise Rejected(f"no bound of {e.op} from that side")
                return substitute(ro.mono_to_expr(m, "n_"), {"n_": e.args[0]})
        return rebuild(e, go)

    return Relation(r.op, go(r.left), go(r.right))


def _nested(comparison: Mapping[str, Any], claim: Claim, orders: Mapping[str, Orders],
            check: Callable[[Mapping[str, Any]], Checked]) -> str | None:
    """Transfer: with T = Theta(W) the plain claim about W decides the claim; with T = O(W) a proof of an upper claim, or
    a refutation of a lower one, does, and the other way round."""
    inner = claim_from_json(comparison["claim"])
    if inner.recurrences or inner.parameters != claim.parameters or inner.assumptions != claim.assumptions:
        raise Rejected("the comparison is not about the same parameters")
    left = claim.statement.left
    if not (isinstance(left, App) and left.op in orders and left.args and isinstance(left.args[0], Var)
            and not functions(claim.statement.right) & frozenset(orders)):
        raise Rejected("a nested comparison needs T(n) on the left")
    verdict = check(comparison).verdict
    mine = orders[left.op]
    upward = claim.statement.op in ("O", "o")
    for side in ("upper", "lower"):
        try:
            same = plain_claim(claim, orders, side) == inner.statement
        except Rejected:
            continue
        if same and (mine.tight or (side == "upper") == (upward == (verdict == "proved"))
                     and claim.statement.op != "Theta"):
            return verdict
    raise Rejected("the comparison is not the claim with the recurrence replaced by its class")

