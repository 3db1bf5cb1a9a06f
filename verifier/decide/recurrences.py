"""Claims about recurrences: a bound from the equations, then the comparison with the claim."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from time import monotonic
from typing import Any

from verifier.cost.recurrence import check_input, self_calls
from verifier.decide.decision import Budget, Decision
from verifier.decide.pipeline import decide_plain
from verifier.decide.recurrence_model import model
from verifier.kernel.check import FORMAT, check
from verifier.kernel.claim import Claim, claim_from_json, claim_to_json
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence import compare_orders, divergence_order, superposed_claim
from verifier.kernel.recurrence_equivalent import equivalent_claim
from verifier.kernel.recurrence_explicit import claim_parts
from verifier.kernel.recurrence_order import infinite, mono_to_expr
from verifier.kernel.recurrence_orders import Orders
from verifier.kernel.recurrence_parameters import (
    base_factor,
    outer_parameters,
    rescaled,
    rule_superposition,
    split,
)
from verifier.kernel.recurrence_symbolic import UndecidedSign
from verifier.kernel.recurrence_system import System, read_systems
from verifier.kernel.recurrence_theorems import akra_bazzi_side, check_theorem, master_case, theorem_claim
from verifier.kernel.recurrence_value import NotWellFounded, check_well_founded, relaxed
from verifier.lang.ast import LANDAU, ZERO, App, Num, free_vars, functions
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii
from verifier.prove.explicit import prove_explicit
from verifier.prove.recurrence import establishes, find_bound, target_order
from verifier.prove.recurrence.crosscheck import cross_check
from verifier.prove.recurrence.explicit import prove_closed_form, prove_dyadic, prove_induction
from verifier.prove.recurrence.solutions import solution
from verifier.refute.recurrences import Search, Violation


def decide_recurrence(claim: Claim, budget: Budget, depth: int = 0) -> Decision:
    """The verdict on a claim about functions defined by recurrences; `depth` counts the cases it lies in."""
    start = monotonic()
    try:
        systems = relaxed(read_systems(claim))
    except UndecidedSign:
        systems = read_systems(claim)
    except Rejected as error:
        return Decision("undecided", reason=str(error))
    try:
        found = _decide(claim, systems, budget)
    except (Rejected, EvaluationError, RecursionError) as error:
        found = Decision("undecided", reason=str(error) or "out of recursion depth")
    if found.verdict != "undecided":
        notes = self_calls(systems) if depth == 0 else ()
        return replace(found, findings=(*found.findings, *notes)) if notes else found
    if claim.statement.op not in LANDAU:
        return found
    from verifier.decide.cases import by_cases
    return by_cases(claim, systems, found, start + budget.seconds / 2, depth)


def _decide(claim: Claim, systems: dict[str, System], budget: Budget) -> Decision:
    _reject_growing(systems)
    try:
        check_well_founded(systems)
    except NotWellFounded as error:
        finding = (f"{error.function} does not terminate: {error.function}({error.n}) calls "
                   f"{error.function}({error.argument})")
        certificate = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": "refuted",
                       "bound": {"rule": "not_well_founded", "function": error.function, "n": str(error.n),
                                 "argument": str(error.argument)}}
        return _checked(certificate, findings=(finding,), reason=finding)
    try:
        theorem = theorem_claim(claim, systems)
        if theorem is not None:
            return _theorem(claim, *theorem)
    except (Rejected, EvaluationError) as error:
        return Decision("undecided", reason=str(error))
    check_input(systems, exact=claim.statement.op not in LANDAU)
    if claim.statement.op in LANDAU:
        return _landau(claim, systems, budget)
    if claim.statement.op == "~":
        return _equivalent(claim, systems, budget)
    return _explicit(claim, systems, budget)


def _reject_growing(systems: dict[str, System]) -> None:
    """SourceError for an argument that grows, T(2*n), on sight."""
    from verifier.kernel.recurrence_real import ONE
    from verifier.kernel.recurrence_system import argument
    for s in systems.values():
        for b in s.branches:
            for c in b.calls:
                if c.function != s.name:
                    continue
                try:
                    p = argument(c.argument, s.variable, s.facts)
                    side = (p.slope - ONE).sign()
                except Rejected:
                    continue
                if side > 0 or side == 0 and p.lo == p.hi and p.lo >= 0:
                    raise SourceError(f"{s.name}({ascii(c.argument)}) does not get smaller: the recursion never ends",
                                      hint=f"the arguments on the right are smaller than {s.variable}")


def _theorem(claim: Claim, theorem: str, system: System) -> Decision:
    """Which case of the master theorem applies, or the exponent of Akra and Bazzi."""
    verdict = check_theorem(claim, theorem, system)
    if theorem == "master":
        found = master_case(system)
        name = f"case {found.case}" if found.case else "no case"
        reason = f"CLRS 4th edition: {name}: {found.reason}"
        if found.case and not found.classical:
            reason += " (outside the classical theorem)"
    else:
        lo, hi = akra_bazzi_enclosure(system)
        reason = f"the Akra-Bazzi exponent lies in [{float(lo):.4f}, {float(hi):.4f}]; the sign of sum a*b^-q - 1 at " \
                 f"q = {ascii(claim.statement.right)} decides"
    certificate: dict[str, Any] = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": verdict}
    if verdict == "proved":
        certificate["strength"] = "everywhere"
    return _checked({**certificate, "bound": {"rule": theorem, "function": system.name}}, reason=reason)


def akra_bazzi_enclosure(system: System, bits: int = 14) -> tuple[Fraction, Fraction]:
    """Rationals around the exponent p with sum a_i b_i^-p = 1, at most 2^-bits apart, by bisection on exact signs."""
    lo, hi = Fraction(-64), Fraction(64)
    while hi - lo > Fraction(1, 1 << bits):
        middle = (lo + hi) / 2
        side = akra_bazzi_side(system, Num(middle))
        if side == 0:
            return middle, middle
        lo, hi = (middle, hi) if side > 0 else (lo, middle)
    return lo, hi


def _with_parameters(claim: Claim, systems: dict[str, System], names: list[str], budget: Budget) -> Decision:
    """Other parameters as factors of the driving functions: bound each part, compare the sums."""
    try:
        entries = [_parts(claim, systems[name]) for name in names]
        bound: dict[str, Any] = {"rule": "superposition", "functions": entries}
        inner = superposed_claim(claim, systems, bound)
    except (Rejected, EvaluationError) as error:
        return Decision("undecided", reason=str(error))
    texts = []
    for entry in entries:
        system = systems[entry["function"]]
        entry["class"] = ascii(rule_superposition(system, claim, entry))
        texts.append(f"{system.name}({system.variable}) = Theta({entry['class']})")
    text = "; ".join(texts)
    plain = decide_plain(inner, budget)
    if plain.certificate is None or plain.verdict == "undecided":
        return Decision("undecided", reason=f"{text}; {plain.reason}")
    certificate = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": plain.verdict}
    if plain.verdict == "proved":
        certificate["strength"] = "all-large"
    done = _checked({**certificate, "bound": bound, "comparison": plain.certificate}, reason=text)
    return replace(done, family=plain.family)


def _parts(claim: Claim, system: System) -> dict[str, Any]:
    parts = []
    for factor, g in split(system, outer_parameters(claim, system)):
        scaled = rescaled(system, factor)
        part = replace(scaled, branches=(replace(scaled.single, driving=g),), start=None, bases=())
        found = find_bound(part, {})
        parts.append({k: v for k, v in found.entry.items() if k != "function"})
    entry: dict[str, Any] = {"function": system.name, "parts": parts}
    with suppress(Rejected, EvaluationError):
        scaled = rescaled(system, base_factor(system, outer_parameters(claim, system)))
        part = replace(scaled, branches=(replace(scaled.single, driving=ZERO),), start=None, bases=())
        entry["base"] = {k: v for k, v in find_bound(part, {}).entry.items() if k != "function"}
    return entry


def _landau(claim: Claim, systems: dict[str, System], budget: Budget) -> Decision:
    statement = claim.statement
    names = sorted((functions(statement.left) | functions(statement.right)) & set(systems))
    if not names:
        return Decision("undecided", reason="the statement does not mention a function of the recurrences")
    variable = [p.name for p in claim.parameters if p.role == "growing"]
    n = variable[0] if variable else "n"
    mentioned = free_vars(statement.left) | free_vars(statement.right)
    if any(outer_parameters(claim, s) for s in systems.values()) or \
            any(p.role != "constant" and p.name in mentioned - {n} for p in claim.parameters):
        return _with_parameters(claim, systems, names, budget)
    wanted = statement.left.op if isinstance(statement.left, App) and statement.left.op in systems else names[0]
    try:
        target = target_order(statement.right, n, systems)
        entry, known = establishes(systems, wanted, target)
        for other in names:
            if other not in known:
                more, found = establishes(systems, other, None)
                known |= found
                entry = {**entry, "auxiliary": [*more.pop("auxiliary", ()), more, *entry.get("auxiliary", ())]}
    except (Rejected, EvaluationError) as error:
        return Decision("undecided", reason=str(error))
    for name in names:
        complaint = cross_check(systems, name, known[name])
        if complaint is not None:
            return Decision("undecided", reason=complaint, findings=(f"internal inconsistency: {complaint}",))
    try:
        verdict = compare_orders(claim, systems, known)
    except (Rejected, EvaluationError) as error:
        return Decision("undecided", reason=f"{wanted} is {_class(entry)}; {error}")
    if verdict is None:
        return Decision("undecided", reason=f"{wanted}(n) = {_class(entry)} does not decide the claim")
    certificate: dict[str, Any] = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": verdict}
    if verdict == "proved":
        certificate["strength"] = "any-large"
    certificate |= {"bound": entry, "comparison": {"rule": "orders"}}
    if verdict == "refuted":
        family = _family(claim, systems, known)
        if family is not None:
            certificate["family"] = family
    return _checked(certificate, reason=f"{wanted}(n) = {_class(entry)}")


def _explicit(claim: Claim, systems: dict[str, System], budget: Budget) -> Decision:
    """Small sizes, then proofs, then larger and very large sizes."""
    if any(len(s.arguments) > 1 for s in systems.values()):
        return Decision("undecided", reason="an explicit claim about a function of several arguments")
    deadline = budget.deadline()
    tried = ["evaluation at small sizes"]
    reasons: list[str] = []
    try:
        search = Search(claim, systems)
    except Rejected as error:
        return Decision("undecided", reason=str(error))
    found = search.small(SMALL, 0.5)
    if found is not None:
        return _refuted(claim, found)
    for name, proof in (("a closed form", prove_closed_form), ("dyadic induction", prove_dyadic),
                        ("induction", prove_induction)):
        if monotonic() > deadline:
            break
        tried.append(name)
        share = min(deadline, monotonic() + budget.seconds / 4)
        try:
            body = proof(claim, systems, lambda c, share=share: decide_step(c, share))
        except (Rejected, EvaluationError) as error:
            reasons.append(f"{name}: {error}")
            continue
        certificate = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": "proved",
                       "strength": "everywhere", **body}
        done = _checked(certificate)
        if done.verdict == "proved":
            return replace(done, tried=tuple(tried))
        reasons.append(f"{name}: {done.reason}")
    tried.append("evaluation at larger sizes")
    left = max(0.5, min(budget.seconds / 3, deadline - monotonic()))
    found = search.large(left / 2) or search.small(LARGE, left / 2)
    if found is not None:
        return replace(_refuted(claim, found), tried=tuple(tried))
    return Decision("undecided", reason=f"no violation up to {search.tested}; " + "; ".join(reasons), tried=tuple(tried))


def _equivalent(claim: Claim, systems: dict[str, System], budget: Budget) -> Decision:
    """T(n) ~ g(n) by a closed form of T and the plain claim about it."""
    try:
        system, _, _ = claim_parts(claim, systems)
        f, _ = solution(system)
        bound = {"rule": "closed_form", "function": system.name, "solution": ascii(f)}
        inner = equivalent_claim(claim, systems, bound)
    except (Rejected, EvaluationError) as error:
        return Decision("undecided", reason=f"asymptotic equality is decided through a closed form: {error}")
    plain = decide_plain(inner, budget)
    text = f"{system.name}({system.variable}) = {ascii(f)}"
    if plain.certificate is None or plain.verdict == "undecided":
        return Decision("undecided", reason=f"{text}; {plain.reason}")
    certificate: dict[str, Any] = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": plain.verdict}
    if plain.verdict == "proved":
        certificate["strength"] = plain.strength
    done = _checked({**certificate, "bound": bound, "comparison": plain.certificate}, reason=text)
    return replace(done, family=plain.family)


SMALL, LARGE = 300, 40_000
"""Sizes tried one by one before and after the proofs."""


def decide_step(claim: Claim, deadline: float) -> dict[str, Any] | None:
    """A certificate of the plain claim of an induction step, by a proof alone."""
    if monotonic() > deadline:
        return None
    try:
        return prove_explicit(claim)
    except (Rejected, EvaluationError):
        return None


def _refuted(claim: Claim, found: Violation) -> Decision:
    certificate: dict[str, Any] = {"format": FORMAT, "claim": claim_to_json(claim), "verdict": "refuted",
                                   "assignment": {k: str(v) for k, v in found.point.items()},
                                   "bound": {"rule": "evaluation"}}
    if found.rounding:
        certificate["rounding"] = found.rounding
    return _checked(certificate, reason=found.note)


def _family(claim: Claim, systems: dict[str, System], known: dict[str, Orders]) -> dict[str, Any] | None:
    """n = t, and how far the claim is off along it; None where no ratio diverges."""
    if len(claim.parameters) != 1:
        return None
    (p,) = claim.parameters
    sides = {"O": ("upper",), "o": ("upper",), "Omega": ("lower",), "omega": ("lower",)}
    for side in sides.get(claim.statement.op, ("upper", "lower")):
        try:
            m = divergence_order(claim, systems, known, side)
        except (Rejected, EvaluationError):
            continue
        if infinite(m) or claim.statement.op in ("o", "omega"):
            low = max([16, *(s.start for s in systems.values() if s.start is not None)])
            return {"parameter": "t", "from": str(low), "side": side, "sizes": {p.name: "t"},
                    "divergence": ascii(mono_to_expr(m, "t"))}
    return None


def _class(entry: dict[str, Any]) -> str:
    text = f"{entry['relation']}({entry['class']})"
    return text + (f" and Omega({entry['lower_class']})" if "lower_class" in entry else "")


def _checked(certificate: dict[str, Any], *, findings: tuple[str, ...] = (), reason: str | None = None) -> Decision:
    if certificate["claim"].get("assumptions") and "model" not in certificate:
        found = model(claim_from_json(certificate["claim"]))
        if found is not None:
            certificate = {**certificate, "model": found}
        elif certificate["bound"].get("rule") != "superposition":
            return Decision("undecided", reason="no values that satisfy the assumptions were found", findings=findings)
    try:
        checked = check(certificate)
    except Rejected as error:
        return Decision("undecided", reason=f"the kernel rejected a certificate ({error})", findings=findings)
    return Decision(checked.verdict, checked.strength, certificate, family=certificate.get("family"), reason=reason,
                    findings=findings)
