"""T(n) ~ g(n) and its refutations: T(n) = F(n) by induction, and F(n) ~ g(n) (or not) as a claim about integers.

The plain claim is stated and proved in a module of its own, in the form that such claims have; its sides at a natural number
are those of the claim about T, so the limit is taken over in one direction for a proof, in the other for a refutation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from verifier.bridge.export import Files, export
from verifier.bridge.recurrences_closed import solved
from verifier.bridge.recurrences_explicit import HEADER, Explicit
from verifier.bridge.recurrences_statement import LARGE, Statement, least
from verifier.bridge.statement import without_examples
from verifier.bridge.text import NotExported
from verifier.kernel.claim import claim_from_json
from verifier.kernel.recurrence_closed import rule_closed_form
from verifier.lang.parse import parse_expression

IMPORTS = """From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Import Analysis Sums Statements Numbers Integers.
Open Scope R_scope.
"""


def export_equivalent(s: Statement, certificate: Mapping[str, Any]) -> Files:
    """The files of a claim T(n) ~ g(n)."""
    if s.start is None:
        raise NotExported("a limit of a function without base values")
    if s.loose or s.sums or s.extreme:
        raise NotExported("a limit of another kind of recurrence")
    if s.constants:
        raise NotExported("a limit with constants")
    nested = certificate["comparison"]
    (n,) = claim_from_json(nested["claim"]).parameters
    solution = parse_expression(str(certificate["bound"]["solution"]))
    first = rule_closed_form(s.system, solution)
    p = Explicit(s)
    p.opening()
    solved(p, solution, first)
    v, f = s.variable, s.name
    late = max(first, LARGE, least(n))
    agree = (f"forall {v}, ({late} <= {v})%nat -> Plain.domain (Z.of_nat {v}) /\\ {f} {v} = Plain.lhs (Z.of_nat {v}) /\\ rhs {v} = Plain.rhs (Z.of_nat {v})")
    p.lines += [f"Lemma agree : {agree}.",
                f"Proof. intros {v} L_. rewrite is_closed by lia. unfold closed, rhs, Plain.lhs, Plain.rhs, Plain.domain. "
                f"split; [rewrite <- INR_IZR_INZ; apply le_INR in L_; rewrite INR_IZR_INZ in L_; cbn in L_; lra|]. split; same_sides. Qed."]
    gaps = [f"(fun c x y => c * ({gap}) <= y)" for gap in ("x - y", "y - x")]
    arguments = f"{f} rhs Plain.lhs Plain.rhs Plain.domain {late} agree"
    if s.refuted:
        parts = [f"exact (limit_to_integers {gap} {arguments} {h})" for gap, h in zip(gaps, ("U_", "L_"), strict=True)]
        body = f"intros [U_ L_]. apply Plain.t. split; [{parts[0]} | {parts[1]}]."
    else:
        parts = [f"exact (limit_from_integers {gap} {arguments} {h})" for gap, h in zip(gaps, ("U_", "L_"), strict=True)]
        body = f"destruct Plain.t as [U_ L_]. split; [{parts[0]} | {parts[1]}]."
    result = f"{'~ ' if s.refuted else ''}bound"
    every = " ".join(f"{a.rounding} H_{a.rounding}" for a in s.roundings)
    p.lines += [f"Lemma bounds : {result} {f}.", f"Proof. {body} Qed.", "End Solution.",
                f"Lemma whole : solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> {result} {f}.",
                "Proof using All. split; [exact exists_solution | exact bounds]. Qed.", "End Claim.",
                "Theorem t : claim.", f"Proof. {f'intros {every}. ' if every else ''}exact {f'(whole {every})' if every else 'whole'}. Qed."]
    return Files(s.text, plain_module(nested) + HEADER + "\n".join(p.lines) + "\n")


def plain_module(certificate: Mapping[str, Any]) -> str:
    """The module Plain: the statement and the proof of a plain claim; its theorem is Plain.t."""
    return IMPORTS + module("Plain", export(certificate, reals=True))[1]


def module(name: str, files: Files) -> tuple[list[str], str]:
    """A statement and its proof as a module, and the imports that it needs before it."""
    text = without_examples(files.statement) + files.proof
    needed = [x for x in re.findall(r"^From .*$", text, flags=re.MULTILINE) if not x.startswith("From Claim")]
    text = re.sub(r"^\(\*.*?\*\)\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^(From .*|Open Scope R_scope\.)\n", "", text, flags=re.MULTILINE)
    return needed, f"Module {name}.\n{text}End {name}.\n"
