"""The Rocq statement of a claim about integers alone, over Z, printed from the claim alone.

A side that is a quotient p/q is printed as its numerator and its denominator, and every inequality as the one between the
cross products; `defined` says that the denominators are positive on the domain.  The constant of a bound stands on the
larger side, so whole numbers do for it; so they do for the unknown constants of the assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.bridge.integers import Compared, IntegerScope, Quotient, claim_scope, product, quotient, scope_of
from verifier.bridge.statement import (
    AND,
    STRENGTH_OF_LIMITS,
    Binder,
    _about,
    _admissible,
    _comment,
    _names,
    _tail,
    binders,
    bounds_of,
)
from verifier.bridge.text import NotExported
from verifier.kernel.claim import Claim
from verifier.kernel.context import Context
from verifier.kernel.obligations import SIDES, base_context, interval, statement
from verifier.lang.ast import App, Expr, Relation, Var, num, subterms
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import evaluate
from verifier.lang.show import ascii_relation


@dataclass(frozen=True)
class IntegerStatement:
    """The text of a claim over Z, and what a proof has to introduce."""

    text: str
    fixed: tuple[Binder, ...]
    free: tuple[Binder, ...]
    tail: str | None
    op: str
    limits: bool
    model: bool
    defined: bool
    left: Quotient
    right: Quotient
    scope: IntegerScope
    domain: tuple[Compared, ...]

    def side(self, name: str) -> Expr:
        """The integer on one side after cross-multiplication."""
        a, b = (self.left, self.right) if name == "left" else (self.right, self.left)
        return product(a.top, b.den.expr())

    def cross(self, op: str, left: Expr, right: Expr) -> Compared:
        """A relation between multiples of the two sides, over their common denominator."""
        return Compared(left, op, right, self.left.den * self.right.den)


def domain_conditions(claim: Claim, scope: IntegerScope) -> tuple[Compared, ...]:
    """Domains and assumptions as relations between integers, in the order of the statement."""
    out = []
    plain = scope_of(scope.context.names, (), Context(base_context(claim).names), scope.inverted)
    for q in claim.parameters:
        out += [plain.compared(r) for r in bounds_of(q)]
    for a in claim.assumptions:
        if a.op in SIDES and not plain.context.at_least(quotient(a.right, plain).top, Fraction(0)):
            raise NotExported("whole numbers do not stand for the constant of an assumption whose right side may be negative")
    hypotheses = base_context(claim).hypotheses
    for h in hypotheses:
        c = plain.compared(h)  # denominators of assumptions are positive by the bounds of the parameters alone
        out.append(Compared(c.left, c.op, c.right))
    return tuple(out)


def integer_binders(claim: Claim) -> tuple[tuple[Binder, ...], tuple[Binder, ...]]:
    """All of type Z, also the unknown constants of assumptions."""
    fixed, free = binders(claim)
    return tuple(Binder(b.name, "Z", b.source) for b in fixed), free


def typed(bs: Sequence[Binder]) -> str:
    return f" ({' '.join(b.name for b in bs)} : Z)" if bs else ""


def state(claim: Claim, verdict: str, strength: str | None) -> IntegerStatement:
    """The statement of a claim in a strength (None for explicit claims); its negation for "refuted"."""
    r = statement(claim)
    if claim.recurrences:
        raise NotExported("a recurrence")
    scope = claim_scope(claim)
    left, right = quotient(r.left, scope), quotient(r.right, scope)
    domain = domain_conditions(claim, scope)
    fixed, free = integer_binders(claim)
    every = (*free, *fixed)
    asymptotic = r.op in SIDES
    limits = r.op in ("o", "omega", "~")
    if verdict == "refuted" and asymptotic and not limits:
        # no whole constant has to mean no constant: what it multiplies is >= 0
        for side in SIDES[r.op]:
            if not scope.context.at_least((right if side == "upper" else left).top, Fraction(0)):
                raise NotExported("whole numbers do not stand for the constant of a bound that may be negative")
    strength = (STRENGTH_OF_LIMITS.get(str(strength), strength) if limits else strength) or "everywhere"
    tail = _tail(claim, strength, free) if asymptotic else None
    names = _names(every)
    quotients = bool(left.den.factors or right.den.factors) or left.den.number != 1 or right.den.number != 1
    sums = any(isinstance(s, App) and s.op == "sum" for x in _expressions(claim, r) for s in subterms(x))
    lines = [
        f"(* {_comment(ascii_relation(claim.statement))}",
        f"   {_comment(_about(claim, strength, asymptotic))}",
        "   Over the integers." + (" A quotient stands as its numerator and its positive denominator." if quotients else "") + " *)",
        "From Coq Require Import ZArith.",
        *(["From Aalp Require Import SumsZ."] if sums else []),
        "Open Scope Z_scope.",
        "",
        f"Definition domain{typed(every)} : Prop :=\n  {AND.join(map(scope.shown, domain)) or 'True'}.",
    ]
    if tail is not None:
        lines.append(f"Definition tail (N_ : Z){typed(free)} : Prop := {tail}.")
    shown = {}
    dens = []
    for name, q in (("lhs", left), ("rhs", right)):
        lines.append(f"Definition {name}{typed(every)} : Z :=\n  {scope.real(q.top)}.")
        shown[name] = (f"{name}{names}", "")
        if not q.den.unit:
            lines.append(f"Definition {name}_under{typed(every)} : Z :=\n  {scope.real(q.den.expr())}.")
            shown[name] = (f"{name}{names}", f"{name}_under{names}")
            dens.append(f"0 < {name}_under{names}")
    lines.append("")
    a = " * ".join(x for x in (shown["lhs"][0], shown["rhs"][1]) if x)
    b = " * ".join(x for x in (shown["rhs"][0], shown["lhs"][1]) if x)
    quantified = f"forall{typed(free)}, " if free else ""
    everything = f"forall{typed(every)}, " if every else ""
    if dens:
        lines.append("(* the denominators are positive *)")
        lines.append(f"Definition defined : Prop :=\n  {everything}domain{names} -> {AND.join(dens)}.")
    model = bool(claim.assumptions) and verdict == "proved"
    if model:
        inner = f"domain{names}" + (f" /\\ tail N_{_names(free)}" if tail else "")
        body = f"exists{typed(free)}, {inner}" if free else inner
        if tail:
            body = f"forall N_ : Z, {body}"
        lines.append("(* the assumptions do not contradict each other *)")
        lines.append(f"Definition inhabited : Prop :=\n  {f'exists{typed(fixed)}, ' if fixed else ''}{body}.")
    premise = f"domain{names} -> " + (f"tail N_{_names(free)} -> " if tail else "")
    if not asymptotic:
        lines.append(f"Definition holds : Prop :=\n  {everything}domain{names} -> {a} {r.op} {b}.")
        goal = "holds"
    else:
        parts = []
        for side in SIDES[r.op]:
            small, large = (a, b) if side == "upper" else (b, a)
            if limits:
                start = f"forall c_ : Z, 0 < c_ -> exists N_ : Z, {quantified}{premise}"
                body = f"c_ * ({small}) <= {large}" if r.op != "~" else f"c_ * ({small} - {large}) <= {b}"
            else:
                start = f"exists c_{' N_' if tail else ''} : Z, 0 < c_ /\\ {quantified}{premise}"
                body = f"{small} <= c_ * ({large})" if " * " in large else f"{small} <= c_ * {large}"
            lines.append(f"Definition {side}{typed(fixed)} : Prop :=\n  {start}\n  {body}.")
            parts.append(f"{side}{_names(fixed)}")
        fixing = ""
        if fixed:
            lines.append(f"Definition constants{typed(fixed)} : Prop := {_constants(claim, scope)}.")
            fixing = f"forall{typed(fixed)}, constants{_names(fixed)} -> "
        lines.append(f"Definition bound : Prop := {fixing}{AND.join(parts)}.")
        goal = "bound"
    conjuncts = [*(["defined"] if dens else []), *(["inhabited"] if model else []), f"~ {goal}" if verdict == "refuted" else goal]
    lines.append(f"Definition claim : Prop := {AND.join(conjuncts)}.")
    lines += _samples(claim, r, every, left, right)
    return IntegerStatement(
        "\n".join(lines) + "\n", fixed, free, strength if tail else None, r.op, limits, model, bool(dens), left, right, scope, domain
    )


def _expressions(claim: Claim, r: Relation) -> list[Expr]:
    return [r.left, r.right, *(x for a in claim.assumptions for x in (a.left, a.right))]


def constant_conditions(claim: Claim, scope: IntegerScope) -> list[Compared]:
    """What is known of the fixed names alone."""
    plain = scope_of(scope.context.names, (), Context(base_context(claim).names), scope.inverted)
    out = [plain.compared(r) for q in claim.parameters if q.role == "constant" for r in bounds_of(q)]
    return out + [Compared(num(1), "<=", Var(b.source)) for b in integer_binders(claim)[0] if b.source.startswith("_")]


def _constants(claim: Claim, scope: IntegerScope) -> str:
    return AND.join(map(scope.shown, constant_conditions(claim, scope))) or "True"


def _samples(claim: Claim, r: Relation, every: Sequence[Binder], left: Quotient, right: Quotient) -> list[str]:
    """`Example`s: values of the two sides at small points, computed by the evaluator of `lang`."""
    out: list[str] = []
    size = len(every)
    points = [[k % 4 + 1 for k in range(size)], [k % 4 + 2 for k in range(size)], [(size - k) % 4 + 2 for k in range(size)], [3] * size]
    for shift, point in enumerate(points, 1):
        if len(out) >= 4:
            break
        env = {b.source: Fraction(v) for b, v in zip(every, point)}
        for q in claim.parameters:
            d = interval(q)
            low = Fraction((d.lo if d.lo is not None else Fraction(0)).__ceil__())
            v = env[q.name] + low - (1 if low >= 1 else 0)
            env[q.name] = low if d.hi is not None and v > d.hi else v
        if not _admissible(claim, env):
            continue
        for name, e, q in (("lhs", r.left, left), ("rhs", r.right, right)):
            try:
                value = evaluate(e, env)
            except EvaluationError:
                continue
            if not isinstance(value, Fraction | int) or abs(Fraction(value)) > 10**9:
                continue
            arguments = "".join(f" {_literal(env[b.source])}" for b in every)
            found = Fraction(value)
            text = f"{name}{arguments}"
            if found.denominator != 1:
                text += f" * {found.denominator}"
            result = _literal(Fraction(found.numerator))
            if not q.den.unit:
                result += f" * {name}_under{arguments}"
            out.append(f"Example {name}_at_{shift} : {text} = {result}. Proof. reflexivity. Qed.")
    return ["", "(* sample values, computed independently *)", *out] if out else []


def _literal(q: Fraction) -> str:
    return str(q.numerator) if q >= 0 else f"({q.numerator})"


__all__ = ["IntegerStatement", "state", "typed"]
