"""A certificate of a claim about integers alone as Rocq files over Z, without axioms."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.integers import (
    ONE,
    Compared,
    IntegerScope,
    Quotient,
    claim_scope,
    factors,
    product,
    quotient,
    times,
)
from verifier.bridge.integers_combine import Part, combine, nonnegative
from verifier.bridge.integers_families import model, refute
from verifier.bridge.integers_proof import prove
from verifier.bridge.integers_statement import IntegerStatement, state, typed
from verifier.bridge.integers_text import (
    defined,
    definitions,
    every_name,
    facts_of,
    fixed_names,
    free_names,
    numeral,
    rewriting,
    theorem,
)
from verifier.bridge.proof import Lines, block
from verifier.bridge.text import NotExported
from verifier.kernel.claim import Claim
from verifier.kernel.obligations import (
    SIDES,
    Obligation,
    assumption_constant,
    growing,
    obligations,
    statement,
)
from verifier.kernel.rules import rational
from verifier.lang.ast import App, Expr, Num, Var, free_vars, num, sub
from verifier.lang.evaluate import evaluate
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii_relation


def export_integers(certificate: Mapping[str, Any], claim: Claim) -> tuple[str, str]:
    """Statement.v and Proof.v; NotExported where the claim or a step of its proof is not about integers alone."""
    if certificate["verdict"] == "proved":
        return _prove(certificate, claim)
    if "assignment" in certificate:
        return _at_point(certificate, claim)
    if "family" in certificate:
        return refute(certificate, claim)
    raise NotExported("certificates of this shape have no export")


def _lemma(name: str) -> str:
    return "at_" + "".join(ch if ch.isalnum() else "_" for ch in name)


def _obligation(name: str, o: Obligation, steps: Any, claim: Claim, s: IntegerStatement) -> Lines:
    """One lemma for an obligation: its conclusion wherever the context holds."""
    scope = claim_scope(claim, o.context)
    premises = facts_of(scope)
    steps = steps if steps is not None else [{"rule": "bounds", "conclusion": ascii_relation(o.goal)}]
    return [
        f"Lemma {name} : forall{typed((*s.free, *s.fixed))}, {' -> '.join([*premises, ''])}",
        f"  {scope.text(o.goal)}.",
        "Proof.",
        f"intros {every_name(s)} {' '.join(f'h{k}_' for k in range(len(premises)))}.",
        *prove(steps, scope, o.goal),
        "Qed.",
    ]


# ---------------------------------------------------------------- proved claims


def _prove(certificate: Mapping[str, Any], claim: Claim) -> tuple[str, str]:
    strength = certificate.get("strength")
    asymptotic = statement(claim).op in SIDES
    s = state(claim, "proved", strength if asymptotic else None)
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    todo = obligations(claim, str(strength), constants)
    proofs = certificate.get("proofs", {})
    lines: Lines = defined(s)
    for name, o in todo.items() if not s.limits or _rate(constants, s) is not None else ():
        lines += _obligation(_lemma(name), o, proofs.get(name), claim, s)
    if s.model:
        lines += model(certificate, claim, s, str(strength))
    if not asymptotic:
        lines += _explicit(claim, s, todo["holds"])
    else:
        lines += _bounds(claim, s, constants, todo)
    return theorem(s, lines, "main")


def _use(name: str, o: Obligation, claim: Claim, s: IntegerStatement, goal: Compared, slack: Quotient | None = None) -> Lines:
    """`goal` from an obligation's lemma."""
    scope = claim_scope(claim, o.context)
    fact = scope.compared(o.goal)
    return [
        f"assert (L_ : {scope.shown(fact)}).",
        *block([f"apply ({_lemma(name)} {every_name(s)}); known."]),
        *combine(goal, [Part("L_", fact)], scope, slack),
    ]


def _explicit(claim: Claim, s: IntegerStatement, o: Obligation) -> Lines:
    goal = s.cross(s.op, s.side("left"), s.side("right"))
    return [
        "Lemma main : holds.",
        "Proof.",
        f"unfold holds, domain. intros {every_name(s)} D_. conjunctions. unfold {definitions(s)}.",
        *_shape(s, goal, "X_"),
        *_use("holds", o, claim, s, goal),
        "Qed.",
    ]


def _shape(s: IntegerStatement, goal: Compared, name: str) -> Lines:
    """From the cross products as the statement prints them to one product each."""
    return [
        f"cut ({s.scope.shown(goal)}).",
        *block([f"intro {name}. first [exact {name} | {rewriting(goal.op, name)}]."]),
    ]


def _bounds(claim: Claim, s: IntegerStatement, constants: Mapping[str, str], todo: Mapping[str, Obligation]) -> Lines:
    lines: Lines = []
    sides = list(dict.fromkeys(n.split("@")[0] for n in todo))
    threshold = max(Fraction(constants.get("threshold", "1")).__ceil__(), 1)
    for side in sides:
        entries = [n for n in todo if n.split("@")[0] == side]
        make = _limit if s.limits else _bound
        witness, bodies = make(claim, s, constants, side, {n: todo[n] for n in entries}, threshold)
        fixing = f"forall{typed(s.fixed)}, constants {fixed_names(s)} -> " if s.fixed else ""
        lines += [f"Lemma prove_{side} : {fixing}{side} {fixed_names(s)}.", "Proof."]
        if s.fixed:
            lines.append(f"intros {fixed_names(s)} K_. unfold constants in K_. conjunctions.")
        tail = " T_" if s.tail else ""
        lines += [
            f"unfold {side}. {witness}",
            f"intros {free_names(s)} D_{tail}. unfold domain in D_. {'unfold tail in T_. ' if tail else ''}conjunctions. unfold {definitions(s)}.",
        ]
        if len(bodies) > 1:
            patterns = "T_"
            for _ in range(len(bodies) - 1):
                patterns = f"[T_|{patterns}]"
            lines.append(f"destruct T_ as {patterns}.")
            for b in bodies:
                lines += block(b)
        else:
            lines += bodies[0]
        lines.append("Qed.")
    intro = f"intros {fixed_names(s)} K_. " if s.fixed else ""
    use = f" {fixed_names(s)} K_" if s.fixed else ""
    both = [f"exact (prove_{x}{use})" for x in sides]
    end = f"split; [{both[0]} | {both[1]}]." if len(both) > 1 else f"{both[0]}."
    return [*lines, "Lemma main : bound.", f"Proof. unfold bound. {intro}{end} Qed."]


def _bound(
    claim: Claim, s: IntegerStatement, constants: Mapping[str, str], side: str, todo: Mapping[str, Obligation], threshold: int
) -> tuple[str, list[Lines]]:
    """f <= c*g with a whole number above c (or 1/c, which stands on the larger side)."""
    scope = s.scope
    c = quotient(parse_expression(constants[side]), scope)
    if side == "lower":
        c = Quotient(c.den.expr(), factors(c.top, scope))
    numeral = isinstance(c.top, Num) and not c.den.factors
    whole: Expr = num((c.top.value / c.den.number).__ceil__()) if numeral else c.top  # type: ignore[union-attr]
    exact = c.den.unit or numeral and c.top.value % c.den.number == 0  # type: ignore[union-attr]
    witness = f"exists ({scope.real(whole)}){f', {threshold}' if s.tail else ''}. split."
    lines = [witness, *block(nonnegative(whole, scope, strict=True))]
    small, large = (s.side("left"), s.side("right")) if side == "upper" else (s.side("right"), s.side("left"))
    goal = s.cross("<=", small, product(whole, large))
    bodies = []
    r = statement(claim)
    for name, o in todo.items():
        inner = claim_scope(claim, o.context)
        fact = inner.compared(o.goal)
        by = Quotient(ONE) if side == "upper" else c
        slack = None
        if not exact:
            # whole - c times what it multiplies, which has to be >= 0
            gap = Quotient(sub(product(whole, c.den.expr()), c.top), c.den)
            slack = times(gap, quotient(r.right if side == "upper" else r.left, inner))
        bodies.append(
            [
                *_shape(s, goal, "X_"),
                f"assert (L_ : {inner.shown(fact)}).",
                *block([f"apply ({_lemma(name)} {every_name(s)}); known."]),
                *combine(goal, [Part("L_", fact, by)], inner, slack),
            ]
        )
    return "\n".join(lines), bodies


def _rate(constants: Mapping[str, str], s: IntegerStatement) -> Quotient | None:
    """The rate of a limit; None for one with roots, in whose place a growing parameter has to do."""
    try:
        return quotient(parse_expression(constants["rate"]), s.scope)
    except NotExported:
        return None


def _limit(
    claim: Claim, s: IntegerStatement, constants: Mapping[str, str], side: str, todo: Mapping[str, Obligation], threshold: int
) -> tuple[str, list[Lines]]:
    """e*f <= g beyond a threshold, from f*h <= c*g and a rate h that is at least a growing parameter."""
    scope = s.scope
    a, b = s.side("left"), s.side("right")
    small, large = {
        ("o", "upper"): (a, b),
        ("omega", "lower"): (b, a),
        ("~", "upper"): (sub(a, b), b),
        ("~", "lower"): (sub(b, a), b),
    }[s.op, side]
    names = growing(claim)
    rate = _rate(constants, s)
    choices = {n: [n.split("@")[1]] if "@" in n else list(names) for n in todo}
    if rate is None:
        factor, speeds = _parameter_rates(small, large, choices, {n: claim_scope(claim, o.context) for n, o in todo.items()})
        c = Quotient(ONE)
    else:
        # small*h <= c*large as small*(h_top*c_den) <= (c_top*h_den)*large
        c = quotient(parse_expression(constants[side]), scope)
        factor = product(c.top, rate.den.expr())
        speeds = dict.fromkeys(todo, product(rate.top, c.den.expr()))
    witness = f"intros c_ P_. exists (Z.max {threshold} ({scope.tight(factor)} * c_))."
    bodies = []
    for name, o in todo.items():
        inner = claim_scope(claim, o.context)
        speed = speeds[name]
        chosen = _below(speed, choices[name], inner)
        den = s.left.den * s.right.den
        if rate is None:
            goal = Compared(product(small, speed), "<=", product(factor, large))
            shown = combine(goal, (), inner, Quotient(sub(goal.right, goal.left)))
        else:
            goal = Compared(product(small, speed), "<=", product(factor, large), den * rate.den * c.den)
            fact = inner.compared(o.goal)
            shown = [
                f"assert (L_ : {inner.shown(fact)}).",
                *block([f"apply ({_lemma(name)} {every_name(s)}); known."]),
                *combine(goal, [Part("L_", fact)], inner),
            ]
        bodies.append(
            [
                f"apply (GlueZ.limit_step _ _ ({inner.real(speed)}) ({inner.real(factor)})).",
                *block(nonnegative(factor, inner, strict=True)),
                *block(["exact P_."]),
                *block([*_named(inner), *_one_sign(small, large, inner)]),
                *block([*_named(inner), *_shape(s, goal, "X_"), *shown]),
                *block(
                    [
                        *_named(inner),
                        f"apply Z.le_trans with ({inner.real(Var(chosen))}).",
                        *block(["lia."]),
                        *combine(Compared(Var(chosen), "<=", speed), (), inner, Quotient(sub(speed, Var(chosen)))),
                    ]
                ),
            ]
        )
    return witness, bodies


def _parameter_rates(
    small: Expr, large: Expr, choices: Mapping[str, list[str]], scopes: Mapping[str, IntegerScope]
) -> tuple[Expr, dict[str, Expr]]:
    """small*x <= c*large, shown by its signs, for a growing parameter x in every case of the tail."""
    for c in (1, 2, 4, 8, 16):
        found: dict[str, Expr] = {}
        for name, candidates in choices.items():
            for x in candidates:
                gap = sub(product(num(c), large), product(small, Var(x)))
                if scopes[name].context.at_least(gap, Fraction(0)):
                    found[name] = Var(x)
                    break
        if len(found) == len(choices):
            return num(c), found
    raise NotExported("a rate with roots")


def _one_sign(small: Expr, large: Expr, scope: IntegerScope) -> Lines:
    """0 <= small or 0 <= large."""
    for side, e in (("left", small), ("right", large)):
        if scope.context.at_least(e, Fraction(0)):
            return [f"{side}.", *_shaped_sign(e, scope)]
    raise NotExported("a limit between functions that may be negative")


def _shaped_sign(e: Expr, scope: IntegerScope) -> Lines:
    return [f"cut (0 <= {scope.real(e)}).", *block(["let Q := fresh in intro Q; first [exact Q | refine (Z.le_trans _ _ _ Q (Z.eq_le_incl _ _ _)); ring]."]), *block(nonnegative(e, scope))]


def _named(scope: IntegerScope) -> Lines:
    """The facts of the context as hypotheses."""
    return [f"assert ({f}) by known." for f in facts_of(scope)]


def _below(speed: Expr, names: Any, scope: IntegerScope) -> str:
    """A growing parameter that the rate is at least."""
    for n in names:
        if scope.context.at_least(sub(speed, Var(n)), Fraction(0)):
            return str(n)
    raise NotExported("a rate that is not at least a growing parameter")


# ---------------------------------------------------------------- one point


MAX_BITS = 20_000
"""Size of the powers that coqc is asked to compute: it multiplies step by step."""


def _size(e: Expr, values: Mapping[str, Fraction]) -> int:
    """About the bits of the largest power in an expression at numbers."""
    if not isinstance(e, App):
        return 0
    inner = max(_size(a, values) for a in e.args)
    if e.op != "^" or not free_vars(e) <= values.keys():
        return inner
    base, exponent = (evaluate(a, values) for a in e.args)
    if not isinstance(base, Fraction | int) or not isinstance(exponent, Fraction | int):
        return MAX_BITS + 1
    return max(inner, int(abs(exponent)) * int(abs(base)).bit_length())


def _unknown_constants(claim: Claim, values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The least whole constants with which the asymptotic assumptions hold at a point (d for a lower bound 1/d)."""
    out = {}
    for k, a in enumerate(claim.assumptions):
        for side in SIDES.get(a.op, ()):
            small, large = (evaluate(x, values) for x in ((a.left, a.right) if side == "upper" else (a.right, a.left)))
            if not isinstance(small, Fraction | int) or not isinstance(large, Fraction | int) or large <= 0:
                raise NotExported("an asymptotic assumption at one point")
            out[assumption_constant(k, side)] = Fraction(max(1, (Fraction(small) / large).__ceil__()))
    return out


def _at_point(certificate: Mapping[str, Any], claim: Claim) -> tuple[str, str]:
    s = state(claim, "refuted", None)
    values = {str(k): rational(v) for k, v in certificate["assignment"].items()}
    values |= _unknown_constants(claim, values)
    arguments = " ".join(numeral(values[b.source]) for b in (*s.free, *s.fixed))
    if max(_size(x, values) for x in (s.left.top, s.right.top, s.left.den.expr(), s.right.den.expr())) > MAX_BITS:
        raise NotExported("numbers too large to compute with")
    lines = [
        *defined(s),
        "Lemma main : ~ holds.",
        "Proof.",
        f"unfold holds. intros H_. specialize (H_ {arguments}).",
        f"assert (D_ : domain {arguments}) by (unfold domain; repeat split; numbers). specialize (H_ D_).",
        "false_at_numbers H_.",
        "Qed.",
    ]
    return theorem(s, lines, "main")


__all__ = ["export_integers"]
