"""The Rocq statement of a claim, printed from the claim alone (no certificate is read here).

A reviewer compares this file's output with the paper.  Integer parameters are of type Z, real ones of type R; constant
parameters, and the unknown constants of Landau assumptions, are quantified before the constants of the bound, all
others after them.
Larger-side convention: f = Omega(g) is  exists c > 0, g <= c f."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.bridge.text import NotExported, Printer, number, safe
from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.obligations import SIDES, assumption_constant, base_context, growing, interval, statement
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, subterms
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import compare, evaluate
from verifier.lang.show import ascii, ascii_relation

STRENGTH_OF_LIMITS = {"everywhere": "any-large"}
"""A limit has no meaning without a tail: under `everywhere` it is stated where some parameter is large."""


AND, OR = " /\\ ", " \\/ "


@dataclass(frozen=True)
class Binder:
    """A quantified variable of the statement: its Rocq name and type."""

    name: str
    type: str
    source: str


@dataclass(frozen=True)
class Statement:
    """The text of a claim and the binders that a proof has to introduce."""

    text: str
    fixed: tuple[Binder, ...]
    free: tuple[Binder, ...]
    tail: str | None
    asymptotic: bool
    op: str
    goal: str
    limits: bool
    model: bool
    geometric: bool

    def vector(self, which: Sequence[Binder] | None = None) -> str:
        return " ".join(b.name for b in (self.free + self.fixed if which is None else which))


def binders(claim: Claim) -> tuple[tuple[Binder, ...], tuple[Binder, ...]]:
    """The constants that are fixed first, and the parameters that are quantified after the constants of the bound."""
    fixed: list[Binder] = []
    free: list[Binder] = []
    for p in claim.parameters:
        b = Binder(safe(p.name), "Z" if p.kind == "integer" else "R", p.name)
        (fixed if p.role == "constant" else free).append(b)
    for k, a in enumerate(claim.assumptions):
        for side in SIDES.get(a.op, ()):
            name = assumption_constant(k, side)
            fixed.append(Binder(safe(name), "R", name))
    return tuple(fixed), tuple(free)


def printer(claim: Claim, *, coerce: bool) -> Printer:
    return Printer(base_context(claim), frozenset(p.name for p in claim.parameters if p.kind == "integer"), coerce, zero=True)


def state(claim: Claim, verdict: str, strength: str | None) -> Statement:
    """The statement of a claim in a strength (None for explicit claims); its negation for "refuted"."""
    r = statement(claim)
    p = printer(claim, coerce=True)
    fixed, free = binders(claim)
    asymptotic = r.op in SIDES
    limits = r.op in ("o", "omega", "~")
    strength = (STRENGTH_OF_LIMITS.get(str(strength), strength) if limits else strength) or "everywhere"
    tail = _tail(claim, strength, free) if asymptotic else None
    geometric = any(isinstance(s, App) and s.op == "max_geometric" for side in (r.left, r.right) for s in subterms(side))
    every = (*free, *fixed)
    typed, names = _typed(every), _names(every)
    lines = [
        f"(* {_comment(ascii_relation(claim.statement))}",
        f"   {_comment(_about(claim, strength, asymptotic))} *)",
        "From Coq Require Import Reals ZArith.",
        "From Aalp Require Import Analysis Sums Statements.",
        "Open Scope R_scope.",
        "Coercion IZR : Z >-> R.",
        "",
    ]
    if geometric:
        lines += [
            "Section Functions.",
            "(* the expected maximum of k independent geometric variables with success probability p *)",
            "Variable max_geometric : Z -> R -> R.",
            "Hypothesis is_max_geometric : expected_maximum max_geometric.",
            "",
        ]
    lines.append(f"Definition domain{typed} : Prop :=\n  {_domain(claim, p)}.")
    if tail is not None:
        lines.append(f"Definition tail (N_ : R){_typed(free)} : Prop := {tail}.")
    lines.append(f"Definition lhs{typed} : R :=\n  {p.real(r.left)}.")
    lines.append(f"Definition rhs{typed} : R :=\n  {p.real(r.right)}.")
    lines.append("")
    model = bool(claim.assumptions) and verdict == "proved"
    if model:
        inner = f"domain{names}" + (f" /\\ tail N_{_names(free)}" if tail else "")
        body = f"exists{_typed(free)}, {inner}" if free else inner
        if tail:
            body = f"forall N_ : R, {body}"
        lines.append("(* the assumptions do not contradict each other *)")
        lines.append(f"Definition inhabited : Prop :=\n  {_exists(fixed)}{body}.")
    parts: list[str] = []
    quantified = f"forall{_typed(free)}, " if free else ""
    premise = f"domain{names} -> " + (f"tail N_{_names(free)} -> " if tail else "")
    threshold = " N_" if tail else ""
    left, right = f"lhs{names}", f"rhs{names}"
    if not asymptotic:
        whole = f"forall{typed}, " if every else ""
        lines.append(f"Definition holds : Prop :=\n  {whole}domain{names} -> {left} {r.op} {right}.")
        goal = "holds"
    else:
        for side in SIDES[r.op]:
            small, large = (left, right) if side == "upper" else (right, left)
            if limits:
                start = f"forall c_ : R, 0 < c_ -> exists N_ : R, {quantified}{premise}"
                body = {"~": f"c_ * ({small} - {large}) <= {right}"}.get(r.op, f"c_ * {small} <= {large}")
                if r.op == "~" and side == "lower":
                    body = f"c_ * ({right} - {left}) <= {right}"
                if r.op == "~" and side == "upper":
                    body = f"c_ * ({left} - {right}) <= {right}"
            else:
                start = f"exists c_{threshold} : R, 0 < c_ /\\ {quantified}{premise}"
                body = f"{small} <= c_ * {large}"
            lines.append(f"Definition {side}{_typed(fixed)} : Prop :=\n  {start}\n  {body}.")
            parts.append(f"{side}{_names(fixed)}")
        every_fixed = ""
        if fixed:
            lines.append(f"Definition constants{_typed(fixed)} : Prop := {_constant_domain(claim, p)}.")
            every_fixed = f"forall{_typed(fixed)}, constants{_names(fixed)} -> "
        lines.append(f"Definition bound : Prop := {every_fixed}{AND.join(parts)}.")
        goal = "bound"
    if verdict == "refuted":
        lines.append(f"Definition statement : Prop := ~ {goal}.")
    else:
        lines.append(f"Definition statement : Prop := {'inhabited' + AND if model else ''}{goal}.")
    if geometric:
        lines.append("End Functions.")
        lines.append(
            "Definition claim : Prop := forall max_geometric, expected_maximum max_geometric -> statement max_geometric."
        )
    else:
        lines.append("Definition claim : Prop := statement.")
        lines += _samples(claim, r, every)
    return Statement(
        "\n".join(lines) + "\n", fixed, free, strength if tail else None, asymptotic, r.op, goal, limits, model, geometric
    )


def _typed(bs: Sequence[Binder]) -> str:
    return "".join(f" ({b.name} : {b.type})" for b in bs)


def _names(bs: Sequence[Binder]) -> str:
    return "".join(f" {b.name}" for b in bs)


def _exists(bs: Sequence[Binder]) -> str:
    return f"exists{_typed(bs)}, " if bs else ""


def _comment(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )").replace('"', "'")


def _about(claim: Claim, strength: str, asymptotic: bool) -> str:
    roles: dict[str, list[str]] = {}
    for p in claim.parameters:
        roles.setdefault(p.role, []).append(p.name)
    text = "; ".join(f"{role}: {', '.join(names)}" for role, names in roles.items())
    if claim.assumptions:
        text += "; assuming " + ", ".join(map(ascii_relation, claim.assumptions))
    return f"{text}; {strength}." if asymptotic else f"{text}."


def _tail(claim: Claim, strength: str, free: Sequence[Binder]) -> str | None:
    names = growing(claim)
    if strength == "everywhere":
        return None
    if not names:
        raise NotExported("no parameter grows")
    return {"all-large": " /\\ ", "any-large": " \\/ "}[strength].join(f"N_ <= {safe(n)}" for n in names)


def bounds_of(q: Parameter) -> list[Relation]:
    """The domain of a parameter as relations."""
    out, x = [], Var(q.name)
    if q.lower is not None:
        out.append(Relation("<" if q.lower_open else "<=", Num(q.lower), x))
    if q.upper is not None:
        out.append(Relation("<" if q.upper_open else "<=", x, Num(q.upper)))
    return out


def conditions(claim: Claim) -> list[Relation]:
    """Domains and assumptions, in the order of the statement; Landau assumptions with their constants."""
    out = [r for q in claim.parameters for r in bounds_of(q)]
    for k, a in enumerate(claim.assumptions):
        if a.op in LANDAU:
            for side in SIDES[a.op]:
                c = App("*", (Var(assumption_constant(k, side)), a.right))
                out.append(Relation("<=", a.left, c) if side == "upper" else Relation("<=", c, a.left))
        else:
            out.append(Relation(a.op.replace(">", "<"), a.right, a.left) if a.op in (">=", ">") else a)
    return out


def _domain(claim: Claim, p: Printer) -> str:
    return " /\\ ".join([f"{p.real(r.left)} {r.op} {p.real(r.right)}" for r in conditions(claim)]) or "True"


def constant_conditions(claim: Claim) -> list[Relation]:
    """What is known of the fixed names alone."""
    out = [r for q in claim.parameters if q.role == "constant" for r in bounds_of(q)]
    return out + [
        Relation("<", Num(Fraction(0)), Var(assumption_constant(k, s)))
        for k, a in enumerate(claim.assumptions)
        for s in SIDES.get(a.op, ())
    ]


def _constant_domain(claim: Claim, p: Printer) -> str:
    return AND.join(f"{p.real(r.left)} {r.op} {p.real(r.right)}" for r in constant_conditions(claim)) or "True"


# ---------------------------------------------------------------- sample values

EXAMPLES = re.compile(r"\(\* (?:sample values|single steps), computed independently")
"""Where the examples of a statement begin, which end it."""


def without_examples(text: str) -> str:
    """A statement for a place inside a proof: its definitions alone."""
    return EXAMPLES.split(text)[0]


def _samples(claim: Claim, r: Relation, every: Sequence[Binder]) -> list[str]:
    """`Example`s: values of the two sides at small points, computed by the evaluator of `lang`; rational ones only."""
    out: list[str] = []
    size = len(every)
    points = [[k % 4 + 1 for k in range(size)], [k % 4 + 2 for k in range(size)], [(size - k) % 4 + 2 for k in range(size)], [3] * size]
    for shift, point in enumerate(points, 1):
        if len(out) >= 4:
            break
        env = {b.source: Fraction(v) for b, v in zip(every, point)}
        for q in claim.parameters:
            d, v = interval(q), env[q.name]
            low = d.lo if d.lo is not None else Fraction(0)
            v = v + low - (1 if low >= 1 else 0)
            if d.hi is not None and v > d.hi or d.hi is not None and d.hi_open and v == d.hi:
                v = (low + d.hi) / 2 if q.kind == "real" else low
            env[q.name] = v
        if not _admissible(claim, env):
            continue
        for side, e in (("lhs", r.left), ("rhs", r.right)):
            if not _rational(e):
                continue
            try:
                value = evaluate(e, env)
            except EvaluationError:
                continue
            if not isinstance(value, Fraction | int) or abs(Fraction(value)) > 10**9:
                continue
            arguments = "".join(f" ({number(env[b.source])[0]})" for b in every)
            out.append(
                f"Example {side}_at_{shift} : {side}{arguments} = {number(Fraction(value))[0]}. Proof. unfold {side}. sample. Qed."
            )
    return ["", "(* sample values, computed independently *)", *out] if out else []


def _admissible(claim: Claim, env: dict[str, Fraction]) -> bool:
    for a in claim.assumptions:
        try:
            if a.op not in LANDAU and not holds_at(a, env):
                return False
        except EvaluationError:
            return False
    return True


def holds_at(r: Relation, env: Mapping[str, Fraction]) -> bool:
    """Whether an exact relation holds at a point; EvaluationError where that cannot be found out."""
    s = compare(r.left, r.right, env)
    return {"<=": s <= 0, "<": s < 0, "=": s == 0, ">=": s >= 0, ">": s > 0}[r.op]


def _rational(e: Expr) -> bool:
    """Whether the value is computed by +, *, /, natural powers and sums alone."""
    for s in subterms(e):
        if isinstance(s, App) and s.op not in ("+", "*", "neg", "/", "^", "sum"):
            return False
        if isinstance(s, App) and s.op == "^" and not (isinstance(s.args[1], Num) and s.args[1].value.denominator == 1):
            return False
    return len(ascii(e)) < 2000
