"""What proofs of proved and of refuted claims over the integers share."""

from __future__ import annotations

from fractions import Fraction

from verifier.bridge.integers import (
    IntegerScope,
)
from verifier.bridge.integers_combine import nonnegative
from verifier.bridge.integers_statement import IntegerStatement
from verifier.bridge.proof import Lines, block
from verifier.lang.ast import Var

HEADER = (
    "From Coq Require Import ZArith List Lia.\nFrom Aalp Require Import GlueZ.\n"
    "From Claim Require Import Statement.\nOpen Scope Z_scope.\n"
)


def theorem(s: IntegerStatement, lines: Lines, main: str) -> tuple[str, str]:
    parts = [*(["are_defined"] if s.defined else []), *(["model"] if s.model else []), main]
    proof = parts[-1]
    for p in reversed(parts[:-1]):
        proof = f"conj {p} ({proof})"
    body = [HEADER, *lines, "Theorem t : claim.", f"Proof. exact ({proof}). Qed."]
    return s.text, "\n".join(body) + "\n"


def every_name(s: IntegerStatement) -> str:
    return " ".join(b.name for b in (*s.free, *s.fixed))


def free_names(s: IntegerStatement) -> str:
    return " ".join(b.name for b in s.free)


def fixed_names(s: IntegerStatement) -> str:
    return " ".join(b.name for b in s.fixed)


def facts_of(scope: IntegerScope) -> list[str]:
    """What the context says, as premises of a lemma."""
    out = []
    for name, i in scope.context.names.items():
        x = scope.real(Var(name))
        if i.lo is not None:
            out.append(f"{numeral(i.lo)} <= {x}")
        if i.hi is not None:
            out.append(f"{x} <= {numeral(i.hi)}")
    return out + [f"{scope.real(h.left)} {h.op} {scope.real(h.right)}" for h in scope.context.hypotheses]


def numeral(q: Fraction) -> str:
    return str(q.numerator) if q >= 0 else f"({q.numerator})"


def definitions(s: IntegerStatement) -> str:
    names = ["lhs", "rhs", *(f"{n}_under" for n, q in (("lhs", s.left), ("rhs", s.right)) if not q.den.unit)]
    return ", ".join(names)


def defined(s: IntegerStatement) -> Lines:
    if not s.defined:
        return []
    lines = ["Lemma are_defined : defined.", "Proof.", f"unfold defined, domain. intros {every_name(s)} D_. conjunctions. unfold {definitions(s)[10:]}."]
    dens = [q.den for q in (s.left, s.right) if not q.den.unit]
    proofs = [nonnegative(d.expr(), s.scope, strict=True) if d.factors else ["reflexivity."] for d in dens]
    return [*lines, *(["split."] if len(dens) > 1 else []), *(x for p in proofs for x in block(p)), "Qed."]


def rewriting(op: str, name: str) -> str:
    if op == "=":
        return f"refine (eq_trans _ (eq_trans {name} _)); ring"
    if op == "<":
        return f"refine (Z.le_lt_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.lt_le_trans _ _ _ {name} (Z.eq_le_incl _ _ _))); ring"
    return f"refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ {name} (Z.eq_le_incl _ _ _))); ring"


