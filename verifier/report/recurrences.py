"""Certificates about recurrences in words: the theorem that gives the order, and the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verifier.kernel.claim import Claim
from verifier.lang.ast import App, Num, Relation, Var, num
from verifier.report.document import Block, Inline, Paragraph, Run
from verifier.report.words import expression

THEOREMS = {
    "akra_bazzi": "the discrete Akra-Bazzi theorem, which allows any bounded rounding of the arguments",
    "root": "the rule for a dominating driving function: what the calls add is a fixed fraction of it",
    "substitution": "the substitution method: by induction, multiples of the solution bound T from both sides",
    "first_order": "summation factors for a recurrence of first order",
    "history": "differencing of the sum over all smaller arguments, and summation factors",
    "scaling": "dividing by a power of n, which makes the coefficients constant, and the Akra-Bazzi theorem for roots",
    "differencing": "subtracting the equation for n - 1, which gives a linear recurrence",
    "closed_form": "a closed form, checked by putting it into the equations",
    "multiple": "a positive solution of the same homogeneous equation",
    "characteristic": "the roots of the characteristic polynomial",
    "joint": "the rule for functions that call each other: one multiple of one order serves all of them",
    "master": "the master theorem (case distinctions of CLRS, 4th edition)",
    "superposition": "linearity: the driving function is split into its parts, and their solutions add up",
}
_DATA = {
    "size": "in the size variable",
    "solution": "with the solution",
    "power": "with the power",
    "base": "with the base",
    "exponent": "with the exponent",
    "upper": "with the upper exponent",
    "lower": "with the lower exponent",
}


def recurrence_blocks(certificate: Mapping[str, Any], claim: Claim) -> list[Block]:
    """The proof or refutation of a claim about a recurrence."""
    bound = certificate["bound"]
    rule = str(bound["rule"])
    if rule == "not_well_founded":
        f, n, m = str(bound["function"]), Fraction(bound["n"]), Fraction(bound["argument"])
        return [
            Paragraph(
                [
                    "The recurrence never ends: ",
                    App(f, (num(n),)),
                    " needs ",
                    App(f, (num(m),)),
                    ", whose argument is not smaller.",
                ]
            )
        ]
    if rule == "cases":
        return _cases(certificate)
    if rule in ("induction", "dyadic_induction"):
        return _induction(certificate)
    out: list[Block] = []
    for entry in (*bound.get("auxiliary", ()), bound, *bound.get("functions", ())):
        if not isinstance(entry, Mapping):
            continue
        out.append(Paragraph(_order({"rule": "superposition", **entry})))
        out += [Paragraph(["One part: ", *_order(part)]) for part in entry.get("parts", ()) if isinstance(part, Mapping)]
    verdict = "follows" if certificate["verdict"] == "proved" else "contradicts it"
    comparison = certificate.get("comparison")
    if comparison is None:
        return [*out, Paragraph(["That is the claim." if verdict == "follows" else "That contradicts the claim."])]
    if comparison.get("rule") == "orders":
        text = (
            "Comparing orders of growth, the claim follows."
            if verdict == "follows"
            else "Comparing orders of growth, this contradicts the claim."
        )
        return [*out, Paragraph([text])]
    from verifier.report.explain import proof_blocks

    return [*out, Paragraph(["It remains to compare the order with the claim."]), *proof_blocks(comparison)]


def _cases(certificate: Mapping[str, Any]) -> list[Block]:
    """The case of the constants that refutes the claim, or all of them."""
    from verifier.report.explain import proof_blocks

    left, right = (expression(certificate["bound"][k]) for k in ("left", "right"))
    out: list[Block] = []
    for name, inner in certificate["comparison"].items():
        relation = Relation({"less": "<", "equal": "=", "greater": ">"}[name], left, right)
        out += [Paragraph(["Let ", relation, "."], "One case of the constants"), *proof_blocks(inner)]
    return out


def _order(entry: Mapping[str, Any]) -> list[Inline]:
    f = str(entry.get("function", "T"))
    theorem = THEOREMS.get(str(entry["rule"]), f"the rule {entry['rule']}")
    out: list[Inline] = [f"By {theorem}"]
    for key, words in _DATA.items():
        if key in entry:
            out += [f", {words} ", expression(entry[key])]
    if "class" in entry and "relation" in entry:
        out += [": ", Relation(str(entry["relation"]), App(f, (Var("n"),)), expression(entry["class"]))]
        if "lower_class" in entry:
            out += [" and ", Relation("Omega", App(f, (Var("n"),)), expression(entry["lower_class"]))]
    return [*out, "."]


def _induction(certificate: Mapping[str, Any]) -> list[Block]:
    """An explicit bound by induction: base values one by one, and the steps as certificates of their own."""
    bound = certificate["bound"]
    from verifier.report.explain import claim_blocks, proof_blocks

    start = bound.get("start")
    base: Run = [". The base cases, below ", num(Fraction(start)), ", hold by evaluation"] if start else []
    out: list[Block] = [Paragraph(["By induction on n", *base, "."])]
    if bound["rule"] == "dyadic_induction":
        words = (
            "Between two powers of two the rounded logarithm L is constant, and both sides are polynomials in n, L and "
            "2^L. The difference of the two sides of the induction step has no negative coefficient on such a block, "
            "measured from its ends."
        )
        out.append(Paragraph([words], "Induction step"))
    for k, step in enumerate(certificate.get("steps", []), 1):
        out.append(Paragraph(["Assuming the bound for all smaller arguments, it is enough to show:"], f"Induction step {k}"))
        out += list(claim_blocks(step))
        out += proof_blocks(step)
    return out


__all__ = ["THEOREMS", "Num", "recurrence_blocks"]
