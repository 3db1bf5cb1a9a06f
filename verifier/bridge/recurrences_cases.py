"""Claims about recurrences by cases between two constants, as the kernel's rule `cases` has them.

A proof is one for x < y, one for x = y and one for x > y, each in a module of its own.  A refutation gives constants for which the
bound fails: those of one case, so its statement says that there are such constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_equivalent import module
from verifier.bridge.recurrences_statement import Statement, state_recurrence
from verifier.bridge.text import NotExported
from verifier.kernel.claim import Claim, claim_from_json
from verifier.lang.ast import LANDAU
from verifier.lang.parse import parse_expression

CASES = ("less", "equal", "greater")
COERCION = "Coercion INR : nat >-> R.\n"
"""Declared once, by the statement."""
Export = Callable[[Mapping[str, Any], Claim], Files]


def export_cases(certificate: Mapping[str, Any], claim: Claim, export: Export) -> Files:
    """The files of a claim that is decided by cases; `export` writes those of one case."""
    if claim.statement.op not in LANDAU:
        raise NotExported(f"cases of a claim with {claim.statement.op}")
    refuted = certificate["verdict"] == "refuted"
    s = state_recurrence(claim, str(certificate["verdict"]), some=refuted)
    nested: Mapping[str, Mapping[str, Any]] = certificate["comparison"]
    used = [name for name in CASES if name in nested and nested[name]["verdict"] == certificate["verdict"]]
    if refuted:
        used = used[:1]
    imports: dict[str, None] = {}
    modules = ""
    for name in used:
        part = claim_from_json(nested[name]["claim"])
        of_part = state_recurrence(part, str(certificate["verdict"]))
        if of_part.conditions[:-1] != s.conditions or _definitions(of_part) != _definitions(s):
            raise NotExported("a case whose statement reads otherwise")
        needed, text = module(name.capitalize(), export(nested[name], part))
        imports |= dict.fromkeys(needed)
        modules += text.replace(COERCION, "")
    proof = _some(s, used[0].capitalize(), nested[used[0]]) if refuted else _every(s, certificate["bound"])
    head = "\n".join([*imports, "From Claim Require Import Statement.", "Open Scope R_scope."])
    return Files(s.text, f"{head}\n{modules}Theorem t : claim.\nProof.\n{proof}\nQed.\n")


def _definitions(s: Statement) -> str:
    """The statement without the claim itself."""
    start = s.text.index("Definition ")
    return s.text[start:s.text.index("Definition claim ")]


def _every(s: Statement, bound: Mapping[str, Any]) -> str:
    """The claim from its three cases."""
    names = " ".join(n for n, _ in s.constants)
    known = " ".join(f"C{k}_" for k in range(len(s.conditions)))
    left, right = (s.printer.tight(parse_expression(str(bound[side]))) for side in ("left", "right"))
    cases = " | ".join(f"exact (proj2 {name.capitalize()}.t {names} {known} D_)" for name in CASES)
    split = f"split; [destruct (proj1 Less.t) as ({_pattern(s)} & I_); {_exists(s)}tauto|]. " if s.assumed else ""
    return f"  {split}intros {names} {known}. destruct (Rtotal_order {left} {right}) as [D_|[D_|D_]]; [{cases}]."


def _some(s: Statement, name: str, nested: Mapping[str, Any]) -> str:
    """The constants of the refuted case."""
    known = [f"C{k}_" for k in range(len(s.conditions))]
    whole = "R_"
    for k in reversed(known):
        whole = f"(conj {k} {whole})"
    if nested["bound"]["rule"] == "cases":
        return f"  destruct {name}.t as ({_pattern(s)} & {' & '.join([*known, 'D_', 'R_'])}). {_exists(s)[:-2]}. exact {whole}."
    given = " ".join([*known, "D_"])
    return (f"  destruct {name}.t as (({_pattern(s)} & {' & '.join([*known, 'D_'])}) & W_). {_exists(s)[:-2]}. "
            f"pose proof (W_ {' '.join(n for n, _ in s.constants)} {given}) as R_. exact {whole}.")


def _pattern(s: Statement) -> str:
    return " & ".join(n for n, _ in s.constants)


def _exists(s: Statement) -> str:
    return "".join(f"exists {n}; " for n, _ in s.constants)
