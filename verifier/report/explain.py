"""A certificate as a proof in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from verifier.kernel.claim import Claim, Parameter, claim_from_json, equation_text
from verifier.kernel.obligations import statement
from verifier.lang.ast import LANDAU, Expr, Num, Relation, Var, mul, num, sub
from verifier.lang.parse import parse_relation
from verifier.lang.show import ascii_relation
from verifier.report.document import Block, Display, Heading, Inline, Paragraph, Run, is_long, to_latex, to_markdown, to_text
from verifier.report.words import expression, proof, readable

FORMATS = ("markdown", "text", "latex")

STRENGTH_WORDS = {
    "everywhere": "for all parameters of the domain, without a threshold",
    "any-large": "as soon as one of the growing parameters is large",
    "all-large": "when all growing parameters are large",
}


def explain(certificate: Mapping[str, Any], format: str = "markdown") -> str:
    """The certificate as a proof in words: Markdown, plain text, or a LaTeX theorem and `proof` environment that needs
    amsmath and amsthm only.  ValueError for another format or a certificate that cannot be read."""
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}: one of {', '.join(FORMATS)}")
    try:
        claim_part, proof_part = claim_blocks(certificate), proof_blocks(certificate)
    except (KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as error:
        raise ValueError(f"not a certificate: {type(error).__name__}: {error}") from error
    if format == "text":
        return to_text([Heading(title(certificate)), *claim_part, Heading("Proof"), *proof_part]) + "\n"
    if format == "markdown":
        return to_markdown([Heading(title(certificate), 1), *claim_part, Heading("Proof"), *proof_part]) + "\n"
    return _latex(certificate, claim_part, proof_part)


def _latex(certificate: Mapping[str, Any], claim_part: Sequence[Block], proof_part: Sequence[Block]) -> str:
    return (
        f"% {title(certificate)}\n"
        "% Needs \\usepackage{amsmath,amsthm}; paste into the document, or compile with a preamble.\n"
        "\\begin{proof}[" + ("Proof" if certificate["verdict"] == "proved" else "Refutation") + "]\n"
        "\\emergencystretch=3em\n" + to_latex(claim_part) + "\n\n" + to_latex(proof_part) + "\n\\end{proof}\n"
    )


def title(certificate: Mapping[str, Any]) -> str:
    """What is proved or refuted, in one line."""
    meta = certificate.get("meta", {})
    name = " ".join(str(x) for x in (meta.get("id"), f"({meta['reading']})" if meta.get("reading") else None) if x)
    return f"{str(certificate['verdict']).capitalize()}{': ' + name if name else ''}"


# ------------------------------------------------------------------ the claim


def claim_blocks(certificate: Mapping[str, Any]) -> list[Block]:
    """The claim: parameters, assumptions, recurrences, statement, strength."""
    claim = claim_from_json(certificate["claim"])
    out: list[Block] = [Paragraph(_quantifiers(claim), "Claim")]
    r = claim.statement
    shown = Relation(r.op, readable(r.left), readable(r.right))
    out.append(Display(shown))
    if claim.recurrences:
        out.append(Paragraph(["where"]))
        for q in claim.recurrences:
            c = parse_claim_text(equation_text(q))
            tail: Run = [" for ", *_commas([[x] for x in c[1]])] if c[1] else []
            out.append(Paragraph([c[0], *tail]))
    return out


def parse_claim_text(text: str) -> tuple[Relation, tuple[Relation, ...]]:
    """A recurrence equation and its conditions."""
    head, _, tail = text.partition(" for ")
    conditions = tuple(parse_relation(t, functions=None) for t in tail.split(", ")) if tail else ()
    return parse_relation(head, functions=None), conditions


def _quantifiers(claim: Claim) -> Run:
    groups: dict[tuple[Any, ...], list[Parameter]] = {}
    for p in claim.parameters:
        groups.setdefault((p.kind, p.lower, p.lower_open, p.upper, p.upper_open, p.role), []).append(p)
    parts: list[Run] = []
    for key, members in groups.items():
        kind, role = key[0], key[5]
        word = {"growing": "growing ", "constant": "constant ", "uniform": ""}[role]
        noun = "integer" if kind == "integer" else "real"
        run: list[Inline] = [f"{word}{noun}{'s' if len(members) > 1 else ''} ", *_commas([[Var(p.name)] for p in members])]
        run += _range(members[0])
        if role == "uniform":
            run.append(" (uniform: the constants do not depend on " + ("them" if len(members) > 1 else "it") + ")")
        parts.append(run)
    out: list[Inline] = ["For all ", *_commas(parts, "; ")] if parts else ["Without parameters"]
    if claim.assumptions:
        out += [" with ", *_commas([[Relation(a.op, readable(a.left), readable(a.right))] for a in claim.assumptions])]
    return [*out, ":"]


def _range(p: Parameter) -> list[Inline]:
    lo, hi = p.lower, p.upper
    if lo is not None and hi is not None:
        return [f" in {'(' if p.lower_open else '['}", num(lo), ", ", num(hi), ")" if p.upper_open else "]"]
    if lo is not None:
        return [" greater than " if p.lower_open else " at least ", num(lo)]
    if hi is not None:
        return [" less than " if p.upper_open else " at most ", num(hi)]
    return []


def _commas(parts: Sequence[Run], glue: str = ", ") -> list[Inline]:
    out: list[Inline] = []
    for k, part in enumerate(parts):
        if k:
            out.append(glue)
        out += part
    return out


# ------------------------------------------------------------------ the proof


def proof_blocks(certificate: Mapping[str, Any]) -> list[Block]:
    """The proof or refutation in words."""
    claim = claim_from_json(certificate["claim"])
    if certificate["verdict"] == "refuted" and "assignment" in certificate:
        return _assignment(certificate, claim)
    if "bound" in certificate:
        from verifier.report.recurrences import recurrence_blocks

        return recurrence_blocks(certificate, claim)
    if certificate["verdict"] == "refuted":
        return _family(certificate, claim)
    if claim.statement.op in (*LANDAU, "~"):
        return _landau(certificate, claim) + _model(certificate)
    out: list[Block] = [
        Paragraph(
            [
                "The inequality holds for every choice of the parameters."
                if claim.statement.op != "="
                else "Both sides agree for every choice of the parameters."
            ]
        )
    ]
    return out + proof(certificate["proofs"]["holds"]) + _model(certificate)


def _landau(certificate: Mapping[str, Any], claim: Claim) -> list[Block]:
    r = statement(claim)
    f, g = readable(r.left), readable(r.right)
    constants, strength = certificate.get("constants", {}), str(certificate["strength"])
    threshold = constants.get("threshold")
    start: Run = [": from ", num(Fraction(threshold)), " on"] if threshold and strength != "everywhere" else []
    out: list[Block] = [Paragraph([f"The bound holds {STRENGTH_WORDS[strength]}", *start, "."])]
    for name, steps in certificate.get("proofs", {}).items():
        if name.startswith("model:"):
            continue
        side, _, large = name.partition("@")
        goal = _goal(r.op, side, f, g, constants)
        run: list[Inline] = ["We show ", goal] if goal is not None and not is_long(goal) else ["We show"]
        if large and threshold:
            run += [" where ", Relation(">=", Var(large), num(Fraction(threshold)))]
        lead = {"upper": "Upper bound", "lower": "Lower bound"}.get(side, side)
        out.append(Paragraph([*run, "."] if goal is None or not is_long(goal) else [*run, ":"], lead))
        if goal is not None and is_long(goal):
            out.append(Display(goal))
        out += proof(steps)
    if "rate" in constants:
        out.append(
            Paragraph(
                [
                    "The rate ",
                    expression(constants["rate"]),
                    " tends to infinity, which gives the claim for every positive constant.",
                ]
            )
        )
    return out


def _goal(op: str, side: str, f: Expr, g: Expr, constants: Mapping[str, Any]) -> Relation | None:
    if side not in constants:
        return None
    c = expression(constants[side])

    def times(x: Expr, y: Expr) -> Expr:
        return y if x == num(1) else mul(x, y)

    if "rate" in constants:
        h = expression(constants["rate"])
        small, large = {("o", "upper"): (f, g), ("omega", "lower"): (g, f), ("~", "upper"): (sub(f, g), g)}.get(
            (op, side), (sub(g, f), g)
        )
        return Relation("<=", mul(small, h), times(c, large))
    return Relation("<=", f, times(c, g)) if side == "upper" else Relation("<=", times(c, g), f)


def _model(certificate: Mapping[str, Any]) -> list[Block]:
    """That the assumptions can hold together."""
    model = certificate.get("model")
    if not model:
        return []
    if "sizes" in model:
        sizes = [[Relation("=", readable(Var(n)), expression(e))] for n, e in model["sizes"].items()]
        return [
            Paragraph(
                [
                    "The assumptions do not contradict each other: they hold for ",
                    *_commas(sizes),
                    ", ",
                    Relation(">=", Var(str(model["parameter"])), num(Fraction(model["from"]))),
                    ".",
                ]
            )
        ]
    point = [[Relation("=", Var(n), num(Fraction(v)))] for n, v in model.items()]
    return [Paragraph(["The assumptions do not contradict each other: they hold for ", *_commas(point), "."])]


def _assignment(certificate: Mapping[str, Any], claim: Claim) -> list[Block]:
    point = {str(n): Fraction(v) for n, v in certificate["assignment"].items()}
    sizes = [[Relation("=", Var(n), num(q))] for n, q in point.items()]
    from verifier.refute.witnesses import point_values

    out: list[Block] = [Paragraph(["The claim fails at ", *_commas(sizes), "."])]
    values = point_values(claim, point)
    if values is not None:
        left, right = values
        out.append(
            Paragraph([f"There the left-hand side is {left} and the right-hand side is {right}; they were compared exactly."])
        )
    return out


def _family(certificate: Mapping[str, Any], claim: Claim) -> list[Block]:
    """A refutation along a family of sizes."""
    r = statement(claim)
    family, side = certificate["family"], str(certificate["family"]["side"])
    t = str(family["parameter"])
    sizes = [[Relation("=", readable(Var(n)), expression(e))] for n, e in family["sizes"].items()]
    out: list[Block] = [
        Paragraph(
            [
                "Take ",
                *_commas(sizes),
                " for the integers ",
                Relation(">=", Var(t), num(Fraction(family["from"]))),
                ". These sizes lie in the domain and leave every bounded range"
                + ("" if certificate.get("strength") == "all-large" else " in one parameter at least")
                + ".",
            ],
            "Family",
        )
    ]
    h, c = expression(family.get("divergence", "1")), Fraction(certificate["constants"]["factor"])
    if len(h_text := ascii_relation(Relation("=", Var("h"), h))) > 200:  # pragma: no cover - certificates keep h short
        raise ValueError(h_text)
    f_, g_ = Var("f"), Var("g")
    factor = num(c)

    def scaled(e: Expr) -> Expr:
        return e if c == 1 else mul(factor, e)

    match r.op, side:
        case (("O" | "Theta"), "upper"):
            goal, why = Relation("<=", mul(g_, h), scaled(f_)), "f/g is unbounded, and no multiple of g bounds f"
        case (("Omega" | "Theta"), "lower"):
            goal, why = (
                Relation("<=", mul(f_, h), scaled(g_)),
                "g/f is unbounded, and no multiple of g bounds f from below",
            )
        case "o", _:
            goal, why = Relation("<=", g_, scaled(f_)), "f/g stays away from 0"
        case "omega", _:
            goal, why = Relation("<=", f_, scaled(g_)), "f/g stays bounded"
        case _, "upper":
            goal, why = Relation("<=", mul(num(1 + c), g_), f_), "f/g stays away from 1"
        case _:
            goal, why = Relation("<=", f_, mul(num(1 - c), g_)), "f/g stays away from 1"
    out.append(
        Paragraph(
            [
                "Write f for the left-hand side and g for the right-hand side of the claim. Along the family ",
                goal,
                ": ",
                why,
                *([". The growth is at least of the order of ", h] if h != Num(Fraction(1)) else []),
                ".",
            ],
            "Conclusion",
        )
    )
    for name, steps in certificate.get("proofs", {}).items():
        lead = "The inequality along the family" if name == "diverges" else "The family satisfies the assumptions"
        out.append(Paragraph([""], lead))
        out += proof(steps)
    return out


__all__ = ["FORMATS", "STRENGTH_WORDS", "claim_blocks", "explain", "proof_blocks", "title"]
