"""Families of sizes over the integers: that the assumptions leave points in every tail, and refutations."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.integers import (
    Compared,
    Den,
    IntegerScope,
    Quotient,
    product,
    quotient,
    scope_of,
)
from verifier.bridge.integers_combine import Part, combine, nonnegative
from verifier.bridge.integers_proof import prove
from verifier.bridge.integers_statement import IntegerStatement, state
from verifier.bridge.integers_text import (
    defined,
    definitions,
    numeral,
    rewriting,
    theorem,
)
from verifier.bridge.proof import Lines, block
from verifier.bridge.text import NotExported, safe
from verifier.kernel.check import read_family
from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import UNIT, polynomial
from verifier.kernel.obligations import (
    SIDES,
    Obligation,
    family_obligations,
    growing,
    refutation_obligations,
    statement,
)
from verifier.kernel.rules import expr, rational
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, free_vars, num, sub, substitute
from verifier.lang.show import ascii_relation

# ---------------------------------------------------------------- families


def _family_scope(family: Any) -> IntegerScope:
    context = family.context
    return scope_of(context.names, (), context, frozenset())


def _sizes(s: IntegerStatement, sizes: Mapping[str, Expr], scope: IntegerScope) -> dict[str, Expr]:
    """The sizes as integer expressions; d for a constant c = 1/d."""
    out = {}
    for b in (*s.free, *s.fixed):
        q = quotient(sizes[b.source], scope)
        if b.source in s.scope.inverted:
            if not isinstance(q.top, Num) or q.top.value != 1:
                raise NotExported("a constant of an assumption that is not 1 over an integer")
            q = Quotient(q.den.expr())
        if not q.den.unit:
            raise NotExported("sizes that are not integers")
        out[b.source] = q.top
    return out


def model(certificate: Mapping[str, Any], claim: Claim, s: IntegerStatement, strength: str) -> Lines:
    data = certificate["model"]
    if s.op not in SIDES:
        plain = scope_of({}, (), Context({}), frozenset())
        sizes = _sizes(s, {k: Num(rational(v)) for k, v in data.items()}, plain)
        exists = " ".join(f"exists ({plain.real(sizes[b.source])})." for b in (*s.fixed, *s.free))
        return ["Lemma model : inhabited.", f"Proof. unfold inhabited. {exists} unfold domain. repeat split; numbers. Qed."]
    family = read_family(data)
    todo = family_obligations(claim, family, strength)
    scope = _family_scope(family)
    sizes = _sizes(s, family.sizes, scope)
    lines = _along(certificate, claim, s, family, sizes, todo, "model", "model:")
    t = scope.printer.name(family.parameter)
    exists = [f"exists ({scope.real(sizes[b.source])})." for b in s.fixed]
    lines += ["Lemma model : inhabited.", "Proof. unfold inhabited.", *exists]
    if s.tail:
        lines.append("intros N_.")
    lines += _point(claim, s, family, sizes, scope, "model", "N_" if s.tail else None, None)
    lines += [f"exists ({scope.real(sizes[b.source])})." for b in s.free]
    arguments = _arguments(s, sizes, scope)
    if s.tail:
        lines += ["split.", *block([f"exact (model_domain {t} h0_)." if arguments else "exact I."]), *block(["unfold tail. tails."])]
    else:
        lines.append(f"exact (model_domain {t} h0_).")
    return [*lines, "Qed."]


def _arguments(s: IntegerStatement, sizes: Mapping[str, Expr], scope: IntegerScope) -> str:
    return " ".join(f"({scope.real(sizes[b.source])})" for b in (*s.free, *s.fixed))


def _along(
    certificate: Mapping[str, Any],
    claim: Claim,
    s: IntegerStatement,
    family: Any,
    sizes: Mapping[str, Expr],
    todo: Mapping[str, Obligation],
    name: str,
    prefix: str,
) -> Lines:
    """Lemmas about a family: its assumptions, its domain, and that its growing sizes pass every bound."""
    scope = _family_scope(family)
    t = scope.printer.name(family.parameter)
    start = numeral(Fraction(family.start.__ceil__()))
    lines: Lines = []
    known = []
    for key, o in todo.items():
        if not key.startswith("assumption"):
            continue
        steps = certificate.get("proofs", {}).get(prefix + key) or [{"rule": "bounds", "conclusion": ascii_relation(o.goal)}]
        lines += [
            f"Lemma {name}_{key} : forall {t} : Z, {start} <= {t} -> {scope.text(o.goal)}.",
            f"Proof. intros {t} h0_.",
            *prove(steps, scope, o.goal),
            "Qed.",
        ]
        known.append((f"({name}_{key} {t} h0_)", scope.compared(o.goal)))
    conjuncts: list[Lines] = []
    count = len(s.domain) - len(known)
    for k, c in enumerate(s.domain):
        put = Compared(substitute(c.left, sizes), c.op, substitute(c.right, sizes))
        if k < count:
            conjuncts.append(_domain_part(put, scope))
        else:
            fact, have = known[k - count]
            conjuncts.append(
                [
                    f"cut ({scope.shown(put)}).",
                    *block([f"let Q := fresh in intro Q; first [exact Q | {rewriting(put.op, 'Q')}]."]),
                    f"pose proof {fact} as A_.",
                    *_rescaled(put, have, scope),
                ]
            )
    lines += [
        f"Lemma {name}_domain : forall {t} : Z, {start} <= {t} -> domain {_arguments(s, sizes, scope)}.",
        f"Proof. intros {t} h0_. unfold domain.",
    ]
    if not conjuncts:
        lines.append("exact I.")
    for k, p in enumerate(conjuncts):
        lines += ["split.", *block(p)] if k < len(conjuncts) - 1 else p
    lines.append("Qed.")
    for n in growing(claim):
        if free_vars(sizes[n]):
            lines += _unbounded(f"{name}_grows_{safe(n)}", sizes[n], scope, t, start)
    return lines


def _domain_part(c: Compared, scope: IntegerScope) -> Lines:
    gap = sub(c.right, c.left)
    if not free_vars(gap):
        return ["numbers."]
    if c.op == "=":
        return ["ring."]
    return combine(Compared(c.left, c.op, c.right), (), scope, Quotient(gap))


def _rescaled(goal: Compared, have: Compared, scope: IntegerScope) -> Lines:
    """The assumption along the family as the statement prints it, which may be the one shown times a positive integer."""
    try:
        g, h = polynomial(sub(goal.right, goal.left), scope.context), polynomial(sub(have.right, have.left), scope.context)
    except Rejected as error:
        raise NotExported("an assumption along a family") from error
    ratio = {Fraction(g[m]) / Fraction(h[m]) for m in g if m in h}
    if g.keys() != h.keys() or len(ratio) > 1:
        raise NotExported("an assumption along a family")
    q = ratio.pop() if ratio else Fraction(1)
    if q <= 0:
        raise NotExported("an assumption along a family")
    return combine(Compared(goal.left, goal.op, goal.right), [Part("A_", Compared(have.left, have.op, have.right), Quotient(num(q.numerator), Den(q.denominator)))], scope)


def _unbounded(name: str, size: Expr, scope: IntegerScope, t: str, start: str) -> Lines:
    """A size that is at least the parameter plus a constant tends to infinity."""
    ((parameter, _),) = scope.context.names.items()
    head = f"Lemma {name} : GlueZ.unbounded (fun {t} : Z => {scope.real(size)})."
    x = Var(parameter)
    if isinstance(size, App) and size.op == "^" and isinstance(size.args[0], Num) and size.args[1] == x and size.args[0].value >= 2:
        return [head, f"Proof. apply (GlueZ.unbounded_ge _ 0 0). intros {t} h0_. rewrite Z.add_0_r. apply GlueZ.pow_above; lia. Qed."]
    p = polynomial(size, scope.context)
    constant = min(Fraction(p.get(UNIT, 0)), Fraction(0))
    if constant.denominator != 1 or any(c < 0 for m, c in p.items() if m != UNIT):
        raise NotExported("a family whose sizes do not grow with its parameter")
    floor = add(x, Num(constant)) if constant else x
    if not scope.context.at_least(sub(size, floor), Fraction(0)):
        raise NotExported("a family whose sizes do not grow with its parameter")
    return [
        head,
        f"Proof. apply (GlueZ.unbounded_ge _ {start} ({int(constant)})). intros {t} h0_.",
        f"cut ({scope.real(floor)} <= {scope.real(size)}).",
        *block(["lia."]),
        *combine(Compared(floor, "<=", size), (), scope, Quotient(sub(size, floor))),
        "Qed.",
    ]


def _point(
    claim: Claim,
    s: IntegerStatement,
    family: Any,
    sizes: Mapping[str, Expr],
    scope: IntegerScope,
    name: str,
    threshold: str | None,
    divergence: str | None,
) -> Lines:
    """Choose t beyond every threshold."""
    t = scope.printer.name(family.parameter)
    start = numeral(Fraction(family.start.__ceil__()))
    lines, bounds = [], [start]
    if threshold is not None:
        for n in growing(claim):
            if free_vars(sizes[n]):
                lines.append(f"destruct ({name}_grows_{safe(n)} {threshold}) as (t_{safe(n)}_ & G_{safe(n)}_).")
                bounds.append(f"t_{safe(n)}_")
    if divergence is not None:
        lines.append(f"destruct ({name}_diverges_to ({divergence})) as (t_h_ & G_h_).")
        bounds.append("t_h_")
    maximum = bounds[0]
    for b in bounds[1:]:
        maximum = f"(Z.max {maximum} {b})"
    lines.append(f"pose (w_ := {maximum}).")
    for b in bounds[1:]:
        g = "G_" + b[2:]
        lines.append(f"specialize ({g} w_ ltac:(unfold w_; lia)). cbv beta in {g}.")
    lines.append(f"assert (h0_ : {start} <= w_) by (unfold w_; lia).")
    lines.append(f"clearbody w_. rename w_ into {t}.")
    return lines


def refute(certificate: Mapping[str, Any], claim: Claim) -> tuple[str, str]:
    strength = str(certificate["strength"])
    s = state(claim, "refuted", strength)
    data = certificate["family"]
    family = read_family(data)
    side = str(data["side"])
    h = expr(data.get("divergence", "1"))
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    todo = refutation_obligations(claim, family, strength, side, h, constants)
    scope = _family_scope(family)
    sizes = _sizes(s, family.sizes, scope)
    t = scope.printer.name(family.parameter)
    start = numeral(Fraction(family.start.__ceil__()))
    lines = [*defined(s), *_along(certificate, claim, s, family, sizes, todo, "family", "")]
    goal = todo["diverges"].goal
    lines += [
        f"Lemma diverges : forall {t} : Z, {start} <= {t} -> {scope.text(goal)}.",
        f"Proof. intros {t} h0_.",
        *prove(certificate["proofs"]["diverges"], scope, goal),
        "Qed.",
    ]
    r = statement(claim)
    f, g = quotient(family.at(r.left), scope), quotient(family.at(r.right), scope)
    a, b = product(f.top, g.den.expr()), product(g.top, f.den.expr())
    lines += [
        f"Lemma bound_positive : forall {t} : Z, {start} <= {t} -> 0 < {scope.real(b)}.",
        f"Proof. intros {t} h0_.",
        *nonnegative(b, scope, strict=True),
        "Qed.",
    ]
    arguments = _arguments(s, sizes, scope)
    shown = {"lhs": f.top, "rhs": g.top, "lhs_under": f.den.expr(), "rhs_under": g.den.expr()}
    along = []
    for name in definitions(s).split(", "):
        along.append(name)
        lines += [
            f"Lemma {name}_along : forall {t} : Z, {start} <= {t} -> {name} {arguments} = {scope.real(shown[name])}.",
            f"Proof. intros {t} h0_. unfold {name}. terms_same. Qed.",
        ]
    lines += _contradiction(claim, s, family, sizes, side, h, constants, scope, a, b, f.den * g.den, along)
    return theorem(s, lines, "main")


def _contradiction(
    claim: Claim,
    s: IntegerStatement,
    family: Any,
    sizes: Mapping[str, Expr],
    side: str,
    h: Expr,
    constants: Mapping[str, str],
    scope: IntegerScope,
    f: Expr,
    g: Expr,
    den: Den,
    along: list[str],
) -> Lines:
    t = scope.printer.name(family.parameter)
    start = numeral(Fraction(family.start.__ceil__()))
    c = Fraction(constants["factor"])
    lines: Lines = []
    diverging = s.op in ("O", "Omega", "Theta")
    rate = quotient(h, scope)
    speed = product(num(c.denominator), rate.top)
    if rate.den.factors:
        raise NotExported("a divergence with a denominator")
    factor = num(c.numerator * rate.den.number)
    if diverging:
        lines += _unbounded("family_diverges_to", speed, scope, t, start)
    lines += ["Lemma main : ~ bound.", "Proof.", "unfold bound. intros H_."]
    values = {b.source: f"({scope.real(sizes[b.source])})" for b in (*s.free, *s.fixed)}
    fixed = " ".join(values[b.source] for b in s.fixed)
    free = " ".join(values[b.source] for b in s.free)
    if s.fixed:
        lines.append(f"assert (K_ : constants {fixed}) by (unfold constants; repeat split; numbers). specialize (H_ {fixed} K_).")
    if s.op in ("Theta", "~"):
        lines.append("destruct H_ as [U_ L_]. " + ("clear L_; rename U_ into H_." if side == "upper" else "clear U_; rename L_ into H_."))
    lines.append(f"unfold {side} in H_.")
    bounded = "N_" if s.tail else None
    if not diverging:
        e = c.numerator + 1 if s.op != "~" else 2 * c.denominator
        lines += [f"destruct (H_ {e} ltac:(reflexivity)) as (N_ & B_).", *_point(claim, s, family, sizes, scope, "family", bounded, None)]
    else:
        lines += [
            f"destruct H_ as (c_ & {'N_ & ' if s.tail else ''}P_ & B_).",
            *_point(claim, s, family, sizes, scope, "family", bounded, f"{scope.real(factor)} * c_ + 1"),
        ]
    lines.append(f"specialize (B_ {free} (family_domain {t} h0_)).".replace("  ", " "))
    if s.tail:
        lines.append(f"assert (T_ : tail N_ {free}) by (unfold tail; tails). specialize (B_ T_).")
    lines.append("".join(f"rewrite ({n}_along {t} h0_) in B_. " for n in along).strip())
    lines += [f"pose proof (diverges {t} h0_) as V_.", f"pose proof (bound_positive {t} h0_) as Q_."]
    goal = _diverging(claim, s, family, side, h, constants)
    have = scope.compared(goal)
    if diverging:
        small, large = (g, f) if side == "upper" else (f, g)
        wanted = Compared(product(small, speed), "<=", product(factor, large), Den(rate.den.number * c.denominator) * den)
        lemma = "contradiction_upper" if side == "upper" else "contradiction_lower"
        shape = f"({scope.real(small)}) * ({scope.real(speed)}) <= ({scope.real(factor)}) * ({scope.real(large)})"
        lines += [
            f"assert (W_ : {shape}).",
            *block([f"cut ({scope.shown(wanted)}).", *block([f"let Q := fresh in intro Q; first [exact Q | {rewriting('<=', 'Q')}]."]), *combine(wanted, [Part("V_", have)], scope)]),
        ]
        ordered = f"({scope.real(f)}) <= c_ * ({scope.real(g)})" if side == "upper" else f"({scope.real(g)}) <= c_ * ({scope.real(f)})"
        lines += [
            f"assert (Y_ : {ordered}).",
            *block([f"first [exact B_ | {rewriting('<=', 'B_')}]."]),
            f"assert (X_ : {scope.real(speed)} <= ({scope.real(factor)}) * c_).",
        ]
        apply = f"TacticsZ.{lemma} c_ ({scope.real(factor)}) ({scope.real(f)}) ({scope.real(g)}) ({scope.real(speed)})"
        if side == "upper":
            lines += block([f"exact ({apply} Q_ ltac:(reflexivity) W_ Y_)."])
        else:
            lines += block([f"refine ({apply} Q_ _ P_ W_ Y_).", *nonnegative(speed, scope)])
        return [*lines, "lia.", "Qed."]
    n, d = num(c.numerator), num(c.denominator)
    if s.op == "~":
        gap = sub(f, g) if side == "upper" else sub(g, f)
        wanted = Compared(product(n, g), "<=", product(d, gap), Den(c.denominator) * den)
        shape, lemma, over_ = f"{c.numerator} * ({scope.real(g)}) <= {c.denominator} * ({scope.real(gap)})", "contradiction_gap", gap
        ordered = f"2 * {c.denominator} * ({scope.real(gap)}) <= {scope.real(g)}"
        positive_ = scope.real(g)
    elif s.op == "o":
        wanted = Compared(product(d, g), "<=", product(n, f), Den(c.denominator) * den)
        shape, lemma, over_ = f"{c.denominator} * ({scope.real(g)}) <= {c.numerator} * ({scope.real(f)})", "contradiction_limit", f
        ordered = f"({c.numerator} + 1) * ({scope.real(f)}) <= {scope.real(g)}"
        positive_ = scope.real(g)
    else:
        wanted = Compared(product(d, f), "<=", product(n, g), Den(c.denominator) * den)
        shape, lemma, over_ = f"{c.denominator} * ({scope.real(f)}) <= {c.numerator} * ({scope.real(g)})", "contradiction_above", f
        ordered = f"({c.numerator} + 1) * ({scope.real(g)}) <= {scope.real(f)}"
        positive_ = scope.real(g)
    lines += [
        f"assert (W_ : {shape}).",
        *block([f"cut ({scope.shown(wanted)}).", *block([f"let Q := fresh in intro Q; first [exact Q | {rewriting('<=', 'Q')}]."]), *combine(wanted, [Part("V_", have)], scope)]),
        f"assert (Y_ : {ordered}).",
        *block([f"first [exact B_ | {rewriting('<=', 'B_')}]."]),
        f"exact (GlueZ.{lemma} ({scope.real(over_)}) ({positive_}) {c.numerator} {c.denominator} Q_ ltac:(reflexivity) ltac:(reflexivity) W_ Y_).",
    ]
    return [*lines, "Qed."]


def _diverging(claim: Claim, s: IntegerStatement, family: Any, side: str, h: Expr, constants: Mapping[str, str]) -> Relation:
    strength = s.tail or "everywhere"
    return refutation_obligations(claim, family, strength, side, h, constants)["diverges"].goal


