"""A certificate as Rocq files: Statement.v from its claim, Proof.v from its steps, Audit.v."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.bridge.integers_export import export_integers
from verifier.bridge.proof import Lines, Scope, block, nonnegative, prove, same
from verifier.bridge.statement import Statement, printer, state
from verifier.bridge.text import NotExported, Printer, ratio_text, safe
from verifier.kernel.check import read_family
from verifier.kernel.claim import Claim, claim_from_json
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import mono_expr, polynomial
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
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, free_vars, sub
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii, ascii_relation

AUDIT = "From Claim Require Statement Proof.\nDefinition audit : Statement.claim := Proof.t.\nPrint Assumptions audit.\n"
HEADER = (
    "From Coq Require Import Reals ZArith List Lra Lia.\nFrom Aalp Require Import Glue.\n"
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
    try:
        from verifier.bridge.recurrences import export_recurrence
    except ImportError as error:
        raise NotExported("recurrences have no export") from error
    files: Files = export_recurrence(certificate, claim)
    return files


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
        lines += _obligation(_lemma(name), o, proofs.get(name), claim, s)
    if s.model:
        lines += _model(certificate, claim, s, str(strength))
    if not asymptotic:
        lines += _explicit(claim, s)
    elif s.limits:
        lines += _limits(claim, s, constants, todo)
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


def _head(s: Statement, name: str) -> str:
    """The name of a definition of the statement, applied to the functions it is about."""
    return f"{name} max_geometric" if s.geometric else name


def _lemma(name: str) -> str:
    return "at_" + "".join(ch if ch.isalnum() else "_" for ch in name)


def _domain_facts(c: Context, p: Printer) -> list[str]:
    """What the context says, as premises of a lemma."""
    out = []
    for name, i in c.names.items():
        x = p.real(Var(name))
        if i.lo is not None:
            out.append(f"{ratio_text(i.lo)} {'<' if i.lo_open else '<='} {x}")
        if i.hi is not None:
            out.append(f"{x} {'<' if i.hi_open else '<='} {ratio_text(i.hi)}")
    return out + [f"{p.real(h.left)} {h.op} {p.real(h.right)}" for h in c.hypotheses]


def _obligation(name: str, o: Obligation, steps: Any, claim: Claim, s: Statement) -> Lines:
    """One lemma for an obligation: its conclusion wherever the context holds."""
    p = printer(claim, coerce=False).with_context(o.context)
    every = (*s.free, *s.fixed)
    premises = _domain_facts(o.context, p)
    steps = steps if steps is not None else [{"rule": "bounds", "conclusion": ascii_relation(o.goal)}]
    names = " ".join(f"h{k}_" for k in range(len(premises)))
    variables = " ".join(b.name for b in every)
    return [
        f"Lemma {name} : forall{''.join(f' ({b.name} : {b.type})' for b in every)}, {' -> '.join([*premises, ''])}",
        f"  {p.real(o.goal.left)} {o.goal.op} {p.real(o.goal.right)}.",
        "Proof.",
        f"intros {variables} {names}.",
        *prove(steps, Scope(p), o.goal),
        "Qed.",
    ]


def _intro_domain(name: str = "D_") -> str:
    return f"unfold domain in {name}; conjunctions."


def _names(s: Statement) -> tuple[str, str, str]:
    fixed, free = " ".join(b.name for b in s.fixed), " ".join(b.name for b in s.free)
    return fixed, free, f"{free} {fixed}".strip()


def _bounds(claim: Claim, s: Statement, constants: Mapping[str, str], todo: Mapping[str, Obligation]) -> Lines:
    fixed, free, every = _names(s)
    p = printer(claim, coerce=False)
    scope = Scope(p)
    lines: Lines = []
    sides = list(dict.fromkeys(n.split("@")[0] for n in todo))
    typed = "".join(f" ({b.name} : {b.type})" for b in s.fixed)
    known = f"constants {fixed} -> " if fixed and _has_constants(s) else ""
    for side in sides:
        c = parse_expression(constants[side])
        value = p.tight(c) if side == "upper" else f"/ {p.tight(c)}"
        quantified = f"forall{typed}, {known}" if fixed else ""
        lines += [f"Lemma prove_{side} : {quantified}{_head(s, side)} {fixed}.", "Proof."]
        if fixed:
            lines.append(f"intros {fixed}{' K_. unfold constants in K_; conjunctions' if known else ''}.")
        lines.append(f"exists ({value}){', ' + ratio_text(Fraction(constants.get('threshold', '1'))) if s.tail else ''}.")
        lines += [
            "split.",
            *block((["apply Rinv_0_lt_compat."] if side == "lower" else []) + nonnegative(c, scope, strict=True)),
        ]
        lines.append(
            f"intros {free} D_{' T_' if s.tail else ''}. {_intro_domain()}{' unfold tail in T_; conjunctions.' if s.tail else ''} unfold lhs, rhs."
        )
        cases = [n for n in todo if n.split("@")[0] == side]
        if len(cases) > 1:
            lines.append("destruct_cases.")
        for name in cases:
            apply = f"apply ({_lemma(name)} {every}); known."
            if side == "upper":
                body = [_from_lemma(todo[name], p), *block(["same."]), *block([apply]), *block(["same."])]
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
        f"Lemma main : {_head(s, 'bound')}.",
        "Proof.",
        f"{intro}{end if fixed else end.replace('; assumption', '')}",
        "Qed.",
    ]


def _from_lemma(o: Obligation, p: Printer) -> str:
    """Move to the inequality of an obligation's lemma."""
    return f"apply (le_eq _ ({p.real(o.goal.left)}) ({p.real(o.goal.right)}) _)."


def _has_constants(s: Statement) -> bool:
    return "Definition constants" in s.text


def _explicit(claim: Claim, s: Statement) -> Lines:
    _, _, every = _names(s)
    return [
        f"Lemma main : {_head(s, 'holds')}.",
        "Proof.",
        f"intros {every} D_. {_intro_domain()} unfold lhs, rhs.",
        f"apply ({_lemma('holds')} {every}); known.",
        "Qed.",
    ]


def _limits(claim: Claim, s: Statement, constants: Mapping[str, str], todo: Mapping[str, Obligation]) -> Lines:
    """f = o(g), omega or ~ from a rate h that tends to infinity in the tail."""
    if len({n.split("@")[0] for n in todo}) != len(todo) or s.tail != "all-large":
        raise NotExported("limits in the tail of one large parameter")
    fixed, free, every = _names(s)
    p = printer(claim, coerce=False)
    h = parse_expression(constants["rate"])
    r = statement(claim)
    lines: Lines = []
    sides = list(todo)
    context = todo[sides[0]].context
    lines += _rate(claim, s, h, context)
    threshold = ratio_text(Fraction(constants.get("threshold", "1")))
    typed = "".join(f" ({b.name} : {b.type})" for b in s.fixed)
    for side in sides:
        c = parse_expression(constants[side])
        small, large = {
            ("o", "upper"): (r.left, r.right),
            ("omega", "lower"): (r.right, r.left),
            ("~", "upper"): (sub(r.left, r.right), r.right),
            ("~", "lower"): (sub(r.right, r.left), r.right),
        }[r.op, side]
        sign, what = ("right", small) if r.op == "omega" else ("left", large)
        scope = Scope(p.with_context(todo[side].context))
        lines += [
            f"Lemma prove_{side} : {f'forall{typed}, constants {fixed} -> ' if fixed else ''}{_head(s, side)} {fixed}.",
            "Proof.",
            f"{f'intros {fixed} K_. unfold constants in K_; conjunctions. ' if fixed else ''}intros c_ P_.",
            f"destruct (rate_grows {fixed} (c_ * {p.tight(c)})) as (M_ & R_).",
            f"exists (Rmax {threshold} M_). intros {free} D_ T_. {_intro_domain()} unfold tail in T_; conjunctions. maxima. unfold lhs, rhs.",
            f"apply (limit_step _ _ ({p.real(h)}) {p.tight(c)}).",
            *block(["exact P_."]),
            *block(nonnegative(c, scope, strict=True)),
            *block([f"apply (R_ {free}); known."]),
            *block([f"{sign}.", *_named_facts(todo[side].context, scope.printer), *nonnegative(what, scope)]),
            *block(
                [
                    _from_lemma(todo[side], p),
                    *block(["same."]),
                    *block([f"apply ({_lemma(side)} {every}); known."]),
                    *block(["same."]),
                ]
            ),
            "Qed.",
        ]
    end = (
        "split; [apply prove_upper | apply prove_lower]; assumption."
        if len(sides) > 1
        else f"apply prove_{sides[0]}; assumption."
    )
    intro = f"intros {fixed} K_. " if fixed else ""
    return [
        *lines,
        f"Lemma main : {_head(s, 'bound')}.",
        "Proof.",
        intro + (end if fixed else end.replace("; assumption", "")),
        "Qed.",
    ]


def _named_facts(context: Context, p: Printer) -> Lines:
    """The facts of the context as hypotheses."""
    return [f"assert ({f}) by known." for f in _domain_facts(context, p)]


def _rate(claim: Claim, s: Statement, h: Expr, context: Context) -> Lines:
    """The rate is above every bound once one growing parameter, a factor of it, is large."""
    p = printer(claim, coerce=False).with_context(context)
    ((m, c),) = polynomial(h, context).items()
    chosen = next(((k, Fraction(q)) for k, q in m[0] if k in growing(claim) and q > 0), None)
    if chosen is None:
        raise NotExported("a rate without a power of a growing parameter")
    key, q = chosen
    x = Var(key)
    power = x if q == 1 else App("^", (x, Num(q)))
    root = f"Rpower ({p.real(x)}) ({ratio_text(q)})"
    typed = "".join(f" ({b.name} : {b.type})" for b in s.fixed)
    fixed, free, every = _names(s)
    facts = _domain_facts(context, p)
    goal = Relation("<=", App("*", (Num(Fraction(c)), power)), h)
    step = {
        "rule": "dominate",
        "conclusion": ascii_relation(goal),
        "rows": []
        if Fraction(q) and m == (((key, q),), ())
        else [{"term": ascii(power), "weights": [[ascii(mono_expr(m)), "1"]]}],
    }
    hypotheses = " ".join(f"h{k}_" for k in range(len(facts)))
    return [
        f"Lemma rate_grows : forall{typed} (M_ : R), exists N_ : R, forall{''.join(f' ({b.name} : {b.type})' for b in s.free)}, "
        f"{' -> '.join([*facts, ''])} N_ <= {p.real(x)} -> M_ <= {p.real(h)}.",
        "Proof.",
        f"intros {fixed} M_.",
        f"destruct (Rpower_unbounded {ratio_text(q)} ltac:(lra) (M_ / {ratio_text(Fraction(c))})) as (x0_ & _ & X_). exists x0_. intros {free} {hypotheses} T_.",
        f"assert (G_ : {p.real(goal.left)} <= {p.real(goal.right)}).",
        *block(prove([step], Scope(p), goal)),
        f"specialize (X_ ({p.real(x)}) T_). apply Rle_trans with (2 := G_).",
        f"assert (Y_ : {root} = {p.real(power)}) by (first [reflexivity | apply Rpower_1; known | rewrite Rpower_integer by known; same]).",
        "try rewrite Y_ in X_. apply from_quotient in X_; [|lra]. lra.",
        "Qed.",
    ]


# ---------------------------------------------------------------- families


def _value(size: Expr, kind: str, p: Printer) -> str:
    return f"({p.integer(size)})" if kind == "Z" else f"({p.real(size)})"


def _family_scope(context: Context) -> Scope:
    ((name, _),) = context.names.items()
    return Scope(Printer(context, frozenset({name})))


def _model(certificate: Mapping[str, Any], claim: Claim, s: Statement, strength: str) -> Lines:
    data = certificate["model"]
    fixed, free, every = _names(s)
    if not s.asymptotic:
        values = {k: Num(rational(v)) for k, v in data.items()}
        p = printer(claim, coerce=False)
        exists = "".join(f"exists ({_value(values[b.source], b.type, p)}). " for b in (*s.fixed, *s.free))
        return [f"Lemma model : {_head(s, 'inhabited')}.", f"Proof. {exists}unfold domain. conclude. Qed."]
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
        f"Lemma {name}_domain : forall {t} : Z, {start} <= IZR {t} -> {_head(s, 'domain')} {arguments}.".replace(
            _head(s, "domain"), "domain"
        ),
        f"Proof. intros {t} h0_. unfold domain. push_IZR.",
    ]
    base = base_context(claim)
    for k, _ in enumerate(base.hypotheses):
        key = f"assumption{k or ''}"
        lines.append(f"pose proof ({name}_{key} {t} h0_) as A{k}_.")
    lines += ["push_IZR. repeat split; conclude_part.", "Qed."]
    for n in growing(claim):
        lines += _unbounded(f"{name}_grows_{safe(n)}", family.sizes[n], scope, t)
    return lines if divergence is not None else [*lines, *_inhabited(claim, s, family, name, t, values)]


def _unbounded(name: str, size: Expr, scope: Scope, t: str) -> Lines:
    """The size tends to infinity: it is at least the parameter, or a logarithm or a root of something that is."""
    if not free_vars(size):
        return []
    ((parameter, _),) = scope.context.names.items()
    text = scope.real(size)
    head = f"Lemma {name} : unbounded (fun {t} : Z => {text})."
    steps: list[str] = []
    inner = size
    while inner != Var(parameter):
        match inner:
            case App("log", (x,)):
                steps.append("apply unbounded_ln.")
            case App("sqrt", (x,)):
                steps.append("apply unbounded_sqrt.")
            case App("^", (x, Num(q))) if q.denominator > 1 and q > 0:
                steps.append("apply unbounded_Rpower; [lra|].")
            case App("*", (Num(q), x)) if q > 0:
                steps.append("apply unbounded_scale; [lra|].")
            case _:
                break
        inner = x
    if inner == Var(parameter):
        return [head, "Proof. " + " ".join([*steps, "exact unbounded_id. Qed."])]
    return [
        head,
        "Proof.",
        f"apply (unbounded_ge IZR 2); [exact unbounded_id|]. intros {t} H_. apply IZR_le in H_. grows.",
        "Qed.",
    ]


def _inhabited(claim: Claim, s: Statement, family: Any, name: str, t: str, values: Mapping[str, str]) -> Lines:
    fixed = "".join(f"exists {values[b.source]}. " for b in s.fixed)
    free = "".join(f"exists {values[b.source]}. " for b in s.free)
    start = family.start.__ceil__()
    lines = [f"Lemma {name} : {_head(s, 'inhabited')}.", "Proof.", fixed + ("intros N_." if s.tail else "")]
    if s.tail is None:
        return [*lines, f"pose ({t} := {start}%Z). {free}apply ({name}_domain {t}). unfold {t}. lra.", "Qed."]
    lines += _point(claim, s, family, name, t, "N_", None)
    return [
        *lines,
        free,
        "split.",
        *block([f"apply {name}_domain. assumption."]),
        *block(["unfold tail. push_IZR. tails."]),
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
            f"Lemma {name}_along : forall {t} : Z, {start} <= IZR {t} -> {_head(s, name)} {arguments} = {p.real(e)}.".replace(
                _head(s, name), _head(s, name) if _uses(s, name) else name
            ),
            f"Proof. intros {t} h0_. unfold {name}. push_IZR. along. Qed.",
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
    lines += [f"Theorem shown : {_head(s, 'statement')}.", "Proof.", f"unfold statement, {s.goal}. intros H_."]
    if s.fixed:
        lines.append(f"specialize (H_ {fixed}).")
        if _has_constants(s):
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
        lines += [f"assert (T_ : tail N_ {free}) by (unfold tail; push_IZR; tails). specialize (B_ T_)."]
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
    s = state(claim, "refuted", None)
    values = {str(k): rational(v) for k, v in certificate["assignment"].items()}
    p = printer(claim, coerce=False)
    every = (*s.free, *s.fixed)
    arguments = " ".join(_value(Num(values[b.source]), b.type, p) for b in every)
    lines = [
        HEADER,
        *_opening(s),
        f"Theorem shown : {_head(s, 'statement')}.",
        "Proof.",
        f"unfold statement, holds. intros H_. specialize (H_ {arguments}).",
        "assert (D_ : domain "
        + arguments
        + ") by (unfold domain; repeat split; lra). specialize (H_ D_). unfold lhs, rhs in H_.",
        "revert H_. at_numbers.",
        "Qed.",
    ]
    return Files(s.text, "\n".join([*lines, *_closing(s)]) + "\n")


EXPORTERS: Mapping[Callable[[Mapping[str, Any], Claim], bool], Callable[[Mapping[str, Any], Claim], Files]] = {
    _of_recurrence: _recurrence,
    _refuted_by_point: _at_point,
    _refuted_by_family: _refute,
    _proved: _prove,
}
"""How certificates of each shape are exported, in the order in which shapes are tried."""

__all__ = ["App", "Files", "export", "same", "sub"]
