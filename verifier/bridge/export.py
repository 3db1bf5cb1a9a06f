"""A certificate as Rocq files: Statement.v from its claim, Proof.v from its steps, Audit.v."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from verifier.bridge.enclose import lower
from verifier.bridge.integers_export import export_integers
from verifier.bridge.limits import at_least_rational, growing_factor, limits, rational_below
from verifier.bridge.obligations import Names, domain_facts, from_lemma, has_constants, head, intro_domain, lemma
from verifier.bridge.proof import Lines, Scope, block, nonnegative, prove, same
from verifier.bridge.statement import Statement, bounds_of, conditions, printer, state
from verifier.bridge.text import NotExported, Printer, ratio_text, safe
from verifier.kernel.check import read_family
from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import UNIT, normal, polynomial, to_expr
from verifier.kernel.obligations import (
    Obligation,
    base_context,
    family_obligations,
    growing,
    obligations,
    refutation_obligations,
    statement,
)
from verifier.kernel.rules import expr, rational
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, add, free_vars, mul, num, sub, substitute
from verifier.lang.evaluate import evaluate
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii_relation

AUDIT = "From Claim Require Statement Proof.\nDefinition audit : Statement.claim := Proof.t.\nPrint Assumptions audit.\n"
HEADER = (
    "From Coq Require Import Reals ZArith List Lra Lia.\nFrom Aalp Require Import Numbers.\n"
    "From Claim Require Import Statement.\nOpen Scope R_scope.\n"
)


@dataclass(frozen=True)
class Files:
    """The three files of a claim."""

    statement: str
    proof: str
    audit: str = AUDIT
    integers: bool = False
    """Over Z, without axioms."""


def export(certificate: Mapping[str, Any], *, reals: bool = False) -> Files:
    """The Rocq files of a certificate; NotExported with the reason where there are none yet.  Claims about integers alone are
    exported over Z, unless the reals are asked for."""
    claim = claim_from_json(certificate["claim"])
    if not claim.recurrences and not reals:
        try:
            return Files(*export_integers(certificate, claim), integers=True)
        except (NotExported, Rejected):
            pass  # not about integers alone: over the reals
    try:
        for shape, exporter in EXPORTERS.items():
            if shape(certificate, claim):
                return exporter(certificate, claim)
    except Rejected as error:
        raise NotExported(f"the kernel refuses a part of it: {error}") from error
    raise NotExported("certificates of this shape have no export")


# ---------------------------------------------------------------- shapes


def _of_recurrence(certificate: Mapping[str, Any], claim: Claim) -> bool:
    return bool(claim.recurrences)


def _refuted_by_point(certificate: Mapping[str, Any], claim: Claim) -> bool:
    return certificate["verdict"] == "refuted" and "assignment" in certificate


def _refuted_by_family(certificate: Mapping[str, Any], claim: Claim) -> bool:
    return certificate["verdict"] == "refuted" and "family" in certificate


def _proved(certificate: Mapping[str, Any], claim: Claim) -> bool:
    return bool(certificate["verdict"] == "proved")


def _recurrence(certificate: Mapping[str, Any], claim: Claim) -> Files:
    from verifier.bridge.recurrences import export_recurrence

    return export_recurrence(certificate, claim)


# ---------------------------------------------------------------- proved claims


def _prove(certificate: Mapping[str, Any], claim: Claim) -> Files:
    strength = certificate.get("strength")
    asymptotic = claim.statement.op in (*LANDAU, "~")
    s = state(claim, "proved", strength if asymptotic else None)
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    todo = obligations(claim, str(strength), constants)
    proofs = certificate.get("proofs", {})
    lines: Lines = [HEADER, *_opening(s)]
    for name, o in todo.items():
        lines += _obligation(lemma(name), o, proofs.get(name), claim, s)
    if s.model:
        lines += _model(certificate, claim, s, str(strength))
    if not asymptotic:
        lines += _explicit(claim, s)
    elif s.limits:
        lines += limits(claim, s, constants, todo)
    else:
        lines += _bounds(claim, s, constants, todo)
    model = "split; [exact model|]. " if s.model else ""
    lines += [f"Theorem shown : statement{' max_geometric' if s.geometric else ''}.", f"Proof. {model}exact main. Qed."]
    return Files(s.text, "\n".join([*lines, *_closing(s)]) + "\n")


def _opening(s: Statement) -> Lines:
    return (
        [
            "Section Functions.",
            "Variable max_geometric : Z -> R -> R.",
            "Hypothesis is_max_geometric : expected_maximum max_geometric.",
        ]
        if s.geometric
        else []
    )


def _closing(s: Statement) -> Lines:
    return (
        ["End Functions.", "Theorem t : claim.", "Proof. exact shown. Qed."]
        if s.geometric
        else ["Theorem t : claim.", "Proof. exact shown. Qed."]
    )


def _obligation(name: str, o: Obligation, steps: Any, claim: Claim, s: Statement) -> Lines:
    """One lemma for an obligation: its conclusion wherever the context holds."""
    p = printer(claim, coerce=False).with_context(o.context)
    every = (*s.free, *s.fixed)
    premises = domain_facts(o.context, p)
    steps = steps if steps is not None else [{"rule": "bounds", "conclusion": ascii_relation(o.goal)}]
    names = " ".join(f"h{k}_" for k in range(len(premises)))
    variables = " ".join(b.name for b in every)
    whole = f"forall{''.join(f' ({b.name} : {b.type})' for b in every)}, " if every else ""
    return [
        f"Lemma {name} : {whole}{' -> '.join([*premises, ''])}",
        f"  {p.real(o.goal.left)} {o.goal.op} {p.real(o.goal.right)}.",
        "Proof.",
        f"intros {variables} {names}.",
        *prove(steps, Scope(p), o.goal),
        "Qed.",
    ]


def _bounds(claim: Claim, s: Statement, constants: Mapping[str, str], todo: Mapping[str, Obligation]) -> Lines:
    names = Names.of(s)
    fixed, free, every = names.fixed, names.free, names.every
    p = printer(claim, coerce=False)
    scope = Scope(p, [1000])  # beyond the names that Rocq gives to hypotheses
    lines: Lines = []
    sides = list(dict.fromkeys(n.split("@")[0] for n in todo))
    typed = "".join(f" ({b.name} : {b.type})" for b in s.fixed)
    known = f"constants {fixed} -> " if fixed and has_constants(s) else ""
    for side in sides:
        c = parse_expression(constants[side])
        value = p.tight(c) if side == "upper" else f"/ {p.tight(c)}"
        quantified = f"forall{typed}, {known}" if fixed else ""
        lines += [f"Lemma prove_{side} : {quantified}{head(s, side)} {fixed}.", "Proof."]
        if fixed:
            lines.append(f"intros {fixed}{' K_. unfold constants in K_; conjunctions' if known else ''}.")
        lines.append(f"exists ({value}){', ' + ratio_text(Fraction(constants.get('threshold', '1'))) if s.tail else ''}.")
        lines += [
            "split.",
            *block((["apply Rinv_0_lt_compat."] if side == "lower" else []) + nonnegative(c, scope, strict=True)),
        ]
        lines.append(
            f"intros {free} D_{' T_' if s.tail else ''}. {intro_domain()}{' unfold tail in T_; conjunctions.' if s.tail else ''} unfold lhs, rhs."
        )
        cases = [n for n in todo if n.split("@")[0] == side]
        if len(cases) > 1:
            lines.append("destruct_cases.")
        for name in cases:
            apply = f"apply ({lemma(name)} {every}); known."
            if side == "upper":
                body = [from_lemma(todo[name], p), *block(["same."]), *block([apply]), *block(["same."])]
            else:
                body = [
                    f"eapply (lower_constant {p.tight(c)}).",
                    *block(nonnegative(c, scope, strict=True)),
                    *block([apply]),
                    *block(["same."]),
                ]
            lines += block(body) if len(cases) > 1 else body
        lines.append("Qed.")
    both = [f"prove_{x}" for x in sides]
    if len(both) > 1:
        end = "split; [apply prove_upper | apply prove_lower]; assumption."
    else:
        end = f"apply {both[0]}; assumption."
    intro = f"intros {fixed}{' K_' if known else ''}. " if fixed else ""
    return [
        *lines,
        f"Lemma main : {head(s, 'bound')}.",
        "Proof.",
        f"{intro}{end if fixed else end.replace('; assumption', '')}",
        "Qed.",
    ]


def _explicit(claim: Claim, s: Statement) -> Lines:
    every = Names.of(s).every
    return [
        f"Lemma main : {head(s, 'holds')}.",
        "Proof.",
        f"intros {every} D_. {intro_domain()} unfold lhs, rhs.",
        f"apply ({lemma('holds')} {every}); known.",
        "Qed.",
    ]


# ---------------------------------------------------------------- families


def _value(size: Expr, kind: str, p: Printer) -> str:
    return f"({p.integer(size)})" if kind == "Z" else f"({p.real(size)})"


def _family_scope(context: Context) -> Scope:
    ((name, _),) = context.names.items()
    return Scope(Printer(context, frozenset({name}), zero=True))


def _model(certificate: Mapping[str, Any], claim: Claim, s: Statement, strength: str) -> Lines:
    data = certificate["model"]
    if not s.asymptotic:
        values = {k: Num(rational(v)) for k, v in data.items()}
        p = printer(claim, coerce=False)
        exists = "".join(f"exists ({_value(values[b.source], b.type, p)}). " for b in (*s.fixed, *s.free))
        return [f"Lemma model : {head(s, 'inhabited')}.", f"Proof. {exists}unfold domain. conclude. Qed."]
    family = read_family(data)
    todo = family_obligations(claim, family, strength)
    return _along(certificate, claim, s, family, todo, "model", "model:", None)


def _along(
    certificate: Mapping[str, Any],
    claim: Claim,
    s: Statement,
    family: Any,
    todo: Mapping[str, Obligation],
    name: str,
    prefix: str,
    divergence: Expr | None,
) -> Lines:
    """Lemmas about a family: its assumptions, its domain, and that it leaves the tail."""
    scope = _family_scope(family.context)
    p = scope.printer
    t = p.name(family.parameter)
    lines: Lines = []
    start = ratio_text(family.start)
    for key, o in todo.items():
        if not key.startswith("assumption"):
            continue
        steps = certificate.get("proofs", {}).get(prefix + key) or [{"rule": "bounds", "conclusion": ascii_relation(o.goal)}]
        lines += [
            f"Lemma {name}_{key} : forall {t} : Z, {start} <= IZR {t} -> {p.real(o.goal.left)} {o.goal.op} {p.real(o.goal.right)}.",
            f"Proof. intros {t} h0_.",
            *prove(steps, scope, o.goal),
            "Qed.",
        ]
    every = (*s.free, *s.fixed)
    values = {b.source: _value(family.sizes[b.source], b.type, p) for b in every}
    arguments = " ".join(values[b.source] for b in every)
    lines += [
        f"Lemma {name}_domain : forall {t} : Z, {start} <= IZR {t} -> {head(s, 'domain')} {arguments}.".replace(
            head(s, "domain"), "domain"
        ),
        f"Proof. intros {t} h0_. unfold domain. sizes.",
    ]
    base = base_context(claim)
    for k, _ in enumerate(base.hypotheses):
        key = f"assumption{k or ''}"
        lines.append(f"pose proof ({name}_{key} {t} h0_) as A{k}_.")
    lines += ["sizes. repeat split.", *_in_domain(claim, family, scope), "Qed."]
    for n in growing(claim):
        lines += _unbounded(f"{name}_grows_{safe(n)}", family.sizes[n], scope, t)
    return lines if divergence is not None else [*lines, *_inhabited(claim, s, family, name, t, values)]


def _in_domain(claim: Claim, family: Any, scope: Scope) -> Lines:
    """The conditions of the statement at the sizes of a family, one by one: bounds of the domain and the assumptions."""
    lines: Lines = []
    bounds = sum(len(bounds_of(q)) for q in claim.parameters)
    for k, c in enumerate(conditions(claim)):
        difference = family.at(sub(c.right, c.left))
        if k >= bounds or not free_vars(difference):
            lines += block(["conclude_part."])
            continue
        strict = c.op == "<"
        lines += block(
            [
                f"apply (by_difference{'_lt' if strict else ''} _ _ ({scope.real(difference)})).",
                *block(["same."]),
                *block(nonnegative(difference, scope, strict=strict)),
            ]
        )
    return lines or ["exact I."]


def _unbounded(name: str, size: Expr, scope: Scope, t: str) -> Lines:
    """The size tends to infinity: a number times a factor that does, and terms >= 0."""
    if not free_vars(size):
        return []
    ((parameter, domain),) = scope.context.names.items()
    late = Fraction(max(domain.lo or 0, 16).__ceil__())
    inner = replace(scope, printer=scope.printer.with_context(scope.context.raised(parameter, late)))
    p = polynomial(size, inner.context)
    for m, c in p.items():
        if m == UNIT or c <= 0:
            continue
        try:
            _, grow, rest = growing_factor(m, Fraction(c), [parameter], inner.context)
        except NotExported:
            continue
        break
    else:
        raise NotExported("a size whose growth the export does not find")
    others = to_expr({n: d for n, d in p.items() if n != m})
    low = rational_below(rest, inner)
    printer_ = inner.printer
    function = replace(printer_, renamed={**(printer_.renamed or {}), parameter: "x_"}, integers=printer_.integers - {parameter})
    total = add(mul(rest, grow), others)
    return [
        f"Lemma {name} : unbounded (fun {t} : Z => {scope.real(size)}).",
        "Proof.",
        f"assert (G_ : rate (fun x_ : R => {function.real(grow)})) by rates.",
        f"apply (unbounded_rate _ {ratio_text(low)} {late} _ G_ ltac:(lra)). clear G_. intros {t} H_. apply IZR_le in H_. cbv beta.",
        f"apply (rate_part _ ({inner.real(rest)}) _ ({inner.real(others)}) _).",
        *block(at_least_rational(rest, low, inner)),
        *block(nonnegative(grow, inner)),
        *block(nonnegative(others, inner)),
        *block([f"transitivity ({inner.real(total)}).", *block(["same."]), *block(same(total, size, inner))]),
        "Qed.",
    ]


def _inhabited(claim: Claim, s: Statement, family: Any, name: str, t: str, values: Mapping[str, str]) -> Lines:
    fixed = "".join(f"exists {values[b.source]}. " for b in s.fixed)
    free = "".join(f"exists {values[b.source]}. " for b in s.free)
    start = family.start.__ceil__()
    lines = [f"Lemma {name} : {head(s, 'inhabited')}.", "Proof.", fixed + ("intros N_." if s.tail else "")]
    if s.tail is None:
        return [*lines, f"pose ({t} := {start}%Z). {free}apply ({name}_domain {t}). unfold {t}. lra.", "Qed."]
    lines += _point(claim, s, family, name, t, "N_", None)
    return [
        *lines,
        free,
        "split.",
        *block([f"apply {name}_domain. assumption."]),
        *block(["unfold tail. sizes. tails."]),
        "Qed.",
    ]


def _point(claim: Claim, s: Statement, family: Any, name: str, t: str, threshold: str, divergence: str | None) -> Lines:
    """Choose t beyond every threshold: hypotheses about each growing size and the divergence at t."""
    start = family.start.__ceil__()
    lines, bounds = [], [f"{start}%Z"]
    for n in growing(claim):
        if not free_vars(family.sizes[n]):
            continue
        lines.append(f"destruct ({name}_grows_{safe(n)} {threshold}) as (t_{safe(n)}_ & G_{safe(n)}_).")
        bounds.append(f"t_{safe(n)}_")
    if divergence is not None:
        lines.append(f"destruct ({name}_diverges_to {divergence}) as (t_h_ & G_h_).")
        bounds.append("t_h_")
    maximum = bounds[0]
    for b in bounds[1:]:
        maximum = f"(Z.max {maximum} {b})"
    lines.append(f"set (w_ := {maximum}).")
    for b in bounds[1:]:
        g = "G_" + b[2:]
        lines.append(f"specialize ({g} w_ ltac:(unfold w_; lia)). cbv beta in {g}.")
    lines.append(f"assert (h0_ : {ratio_text(family.start)} <= IZR w_) by (apply IZR_le; unfold w_; lia).")
    lines.append(f"clearbody w_. rename w_ into {t}." if t != "w_" else "clearbody w_.")
    return lines


def _refute(certificate: Mapping[str, Any], claim: Claim) -> Files:
    strength = str(certificate["strength"])
    s = state(claim, "refuted", strength)
    data = certificate["family"]
    family = read_family(data)
    side = data["side"]
    h = expr(data.get("divergence", "1"))
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    todo = refutation_obligations(claim, family, strength, side, h, constants)
    scope = _family_scope(family.context)
    p = scope.printer
    t = p.name(family.parameter)
    r = statement(claim)
    lines: Lines = [HEADER, *_opening(s)]
    lines += _along(certificate, claim, s, family, todo, "family", "", h)
    goal = todo["diverges"].goal
    start = ratio_text(family.start)
    lines += [
        f"Lemma diverges : forall {t} : Z, {start} <= IZR {t} -> {p.real(goal.left)} <= {p.real(goal.right)}.",
        f"Proof. intros {t} h0_.",
        *prove(certificate["proofs"]["diverges"], scope, goal),
        "Qed.",
    ]
    f, g = family.at(r.left), family.at(r.right)
    lines += [
        f"Lemma bound_positive : forall {t} : Z, {start} <= IZR {t} -> 0 < {p.real(g)}.",
        f"Proof. intros {t} h0_.",
        *nonnegative(g, scope, strict=True),
        "Qed.",
    ]
    every = (*s.free, *s.fixed)
    values = {b.source: _value(family.sizes[b.source], b.type, p) for b in every}
    arguments = " ".join(values[b.source] for b in every)
    for name, e in (("lhs", f), ("rhs", g)):
        lines += [
            f"Lemma {name}_along : forall {t} : Z, {start} <= IZR {t} -> {head(s, name)} {arguments} = {p.real(e)}.".replace(
                head(s, name), head(s, name) if _uses(s, name) else name
            ),
            f"Proof. intros {t} h0_. unfold {name}. sizes. plain_powers. along. Qed.",
        ]
    lines += _contradiction(claim, s, family, side, h, constants, values, scope, r)
    return Files(s.text, "\n".join([*lines, *_closing(s)]) + "\n")


def _uses(s: Statement, name: str) -> bool:
    """Whether a definition mentions the functions of the section (and so takes them as an argument outside)."""
    if not s.geometric:
        return False
    start = s.text.index(f"Definition {name}")
    return "max_geometric" in s.text[start : s.text.index("Definition", start + 5)]


def _contradiction(
    claim: Claim,
    s: Statement,
    family: Any,
    side: str,
    h: Expr,
    constants: Mapping[str, str],
    values: Mapping[str, str],
    scope: Scope,
    r: Relation,
) -> Lines:
    p, t = scope.printer, scope.printer.name(family.parameter)
    c = ratio_text(Fraction(constants["factor"]))
    lines: Lines = []
    diverging = r.op in ("O", "Omega", "Theta")
    if diverging:
        lines += _unbounded("family_diverges_to", h, scope, t)
    fixed = " ".join(values[b.source] for b in s.fixed)
    free = " ".join(values[b.source] for b in s.free)
    lines += [f"Theorem shown : {head(s, 'statement')}.", "Proof.", f"unfold statement, {s.goal}. intros H_."]
    if s.fixed:
        lines.append(f"specialize (H_ {fixed}).")
        if has_constants(s):
            lines += [
                "assert (K_ : constants " + fixed + ") by (unfold constants; push_IZR; repeat split; lra).",
                "specialize (H_ K_).",
            ]
    if r.op in ("Theta", "~"):
        lines.append(
            "destruct H_ as [U_ L_]. "
            + ("clear L_; rename U_ into H_." if side == "upper" else "clear U_; rename L_ into H_.")
        )
    if not diverging:
        value = {"o": f"({c} + 1)", "omega": f"({c} + 1)", "~": f"(2 / {c})"}[r.op]
        lines += [f"destruct (H_ {value} ltac:(lra)) as (N_ & B_)."]
        lines += _point(claim, s, family, "family", t, "N_", None)
    else:
        lines += [f"destruct H_ as (c_ & {'N_ & ' if s.tail else ''}P_ & B_)."]
        lines += _point(claim, s, family, "family", t, "N_", f"({c} * c_ + 1)")
    lines += [f"specialize (B_ {free} (family_domain {t} h0_)).".replace("  ", " ")]
    if s.tail:
        lines += [f"assert (T_ : tail N_ {free}) by (unfold tail; sizes; tails). specialize (B_ T_)."]
    lines += [
        f"rewrite (lhs_along {t} h0_), (rhs_along {t} h0_) in B_.",
        f"pose proof (diverges {t} h0_) as V_.",
        f"pose proof (bound_positive {t} h0_) as Q_.",
    ]
    f, g = p.real(family.at(r.left)), p.real(family.at(r.right))
    if diverging:
        lemma = "contradiction_upper" if side == "upper" else "contradiction_lower"
        ht = p.real(h)
        lines += [
            f"assert (X_ : {ht} <= {c} * c_).",
            *block(
                [
                    f"apply ({lemma} c_ {c} ({f}) ({g}) ({ht})); first [assumption | lra | refine (le_eq _ _ _ _ _ V_ _); same | bound]."
                ]
            ),
            "lra.",
        ]
    else:
        lines += [f"contradict_limit ({f}) ({g})."]
    return [*lines, "Qed."]


def _at_point(certificate: Mapping[str, Any], claim: Claim) -> Files:
    """One assignment at which an explicit claim fails."""
    s = state(claim, "refuted", None)
    values = {str(k): Num(rational(v)) for k, v in certificate["assignment"].items()}
    p = printer(claim, coerce=False)
    every = (*s.free, *s.fixed)
    arguments = " ".join(_value(values[b.source], b.type, p) for b in every)
    r = statement(claim)
    empty = Context({})
    scope = Scope(Printer(empty, frozenset(), zero=True))
    left, right = (expanded(substitute(e, values)) for e in (r.left, r.right))
    lines = [
        HEADER,
        *_opening(s),
        f"Theorem shown : {head(s, 'statement')}.",
        "Proof.",
        f"unfold statement, holds. intros H_. specialize (H_ {arguments}).",
        "assert (D_ : domain " + arguments + ").",
        *block(["unfold domain. repeat split.", *(x for c in conditions(claim) for x in block(_holds(c, values, scope)))]),
        "specialize (H_ D_). unfold lhs, rhs in H_. clear D_.",
    ]
    if r.op == "<=" or r.op == "<" and normal(sub(left, right), empty).num:
        lines += _apart(right, left, scope)
    elif r.op == "<":
        lines += [f"assert (A_ : {scope.real(left)} = {scope.real(right)}).", *block(same(left, right, scope))]
    else:
        found = lower(sub(left, right), scope, strict=True)
        lines += _apart(right, left, scope) if found is not None else _apart(left, right, scope)
    lines += ["at_point H_ A_.", "Qed."]
    return Files(s.text, "\n".join([*lines, *_closing(s)]) + "\n")


def _apart(a: Expr, b: Expr, scope: Scope) -> Lines:
    """a < b between numbers, as A_."""
    difference = sub(b, a)
    return [
        f"assert (A_ : {scope.real(a)} < {scope.real(b)}).",
        *block(
            [
                f"apply (by_difference_lt _ _ ({scope.real(difference)})).",
                *block(["ring."]),
                *block(nonnegative(difference, scope, strict=True)),
            ]
        ),
    ]


def _holds(c: Relation, values: Mapping[str, Expr], scope: Scope) -> Lines:
    """A condition of the domain between numbers."""
    a, b = (expanded(substitute(e, values)) for e in (c.left, c.right))
    if isinstance(a, Num) and isinstance(b, Num):
        return ["lra."]
    difference = sub(b, a)
    if c.op == "=" or not normal(difference, scope.context).num:
        proof = ["apply Req_le."] if c.op == "<=" else []
        return [f"assert (A_ : {scope.real(a)} {c.op} {scope.real(b)}).", *block([*proof, *same(a, b, scope)]), "at_condition A_."]
    strict = c.op == "<"
    return [
        f"assert (A_ : {scope.real(a)} {c.op} {scope.real(b)}).",
        *block(
            [
                f"apply (by_difference{'_lt' if strict else ''} _ _ ({scope.real(difference)})).",
                *block(["ring."]),
                *block(nonnegative(difference, scope, strict=strict)),
            ]
        ),
        "at_condition A_.",
    ]


def expanded(e: Expr) -> Expr:
    """Sums between numbers written out."""
    if not isinstance(e, App):
        return e
    if e.op == "sum":
        term, i, a, b = e.args
        low, high = evaluate(expanded(a), {}), evaluate(expanded(b), {})
        if not isinstance(i, Var) or not isinstance(low, Fraction | int) or not isinstance(high, Fraction | int) or high - low > 500:
            raise NotExported("a sum with many terms at the assignment")
        terms = [expanded(substitute(term, {i.name: num(k)})) for k in range(int(low), int(high) + 1)]
        return add(*terms) if terms else num(0)
    return App(e.op, tuple(map(expanded, e.args)))


EXPORTERS: Mapping[Callable[[Mapping[str, Any], Claim], bool], Callable[[Mapping[str, Any], Claim], Files]] = {
    _of_recurrence: _recurrence,
    _refuted_by_point: _at_point,
    _refuted_by_family: _refute,
    _proved: _prove,
}
"""How certificates of each shape are exported, in the order in which shapes are tried."""

__all__ = ["App", "Files", "export", "same", "sub"]
