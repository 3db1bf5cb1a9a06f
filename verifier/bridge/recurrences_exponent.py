"""Claims about the exponent of the Akra-Bazzi theorem: akra_bazzi(T(n)) = log(3)/log(2).

The statement has the recurrence, says that every call of T is at b_i*n up to a bounded distance, and that the exponent, the number
p with sum a_i*b_i^p = 1, exists and is unique; the claim compares p with its right side q.  The sum decreases, so its side of 1 at q decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_proof import Proof
from verifier.bridge.recurrences_statement import Statement, state_recurrence
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.claim import Claim, equation_text
from verifier.kernel.recurrence_real import Real
from verifier.kernel.recurrence_theorems import akra_bazzi_side
from verifier.lang.ast import ONE, App, Expr, Num, Relation, Var
from verifier.lang.show import ascii_relation

HEADER = """From Coq Require Import Reals ZArith List Lra Lia Arith.
From Aalp Require Import TacticsR Growth Exponent.
From Claim Require Import Statement.
Import ListNotations.
Open Scope R_scope.
"""
LATE = 64
"""From here on no argument of a call is cut off at 0."""
GREATEST = 200
"""The largest denominator, and a quarter of the largest numerator, of a rational exponent whose powers are compared."""
LEMMAS = {-1: ("below", "<"), 0: ("equal", "="), 1: ("above", ">")}


def export_exponent(certificate: Mapping[str, Any], claim: Claim) -> Files:
    """The files of a claim about the exponent."""
    r = claim.statement
    s = recurrence_of(claim)
    refuted = certificate["verdict"] == "refuted"
    q = spelled(r.right)
    p = Sides(s)
    p.op = r.op
    return Files(_statement(s, r, q, claim, refuted=refuted), p.text(q, akra_bazzi_side(s.system, r.right), refuted=refuted))


def recurrence_of(claim: Claim) -> Statement:
    """The recurrence of a claim about a theorem."""
    left = claim.statement.left
    if not isinstance(left, App):
        raise NotExported("a claim about other than T(n)")
    (call,) = left.args
    s = state_recurrence(replace(claim, statement=Relation("O", call, Var(_size(call)))), "proved")
    if s.constants or s.sums or s.extreme or s.loose or any(t.argument.real is not None for t in s.terms) or not s.terms:
        raise NotExported("the exponent of another kind of recurrence")
    return s


def _size(call: Expr) -> str:
    if isinstance(call, App) and len(call.args) == 1 and isinstance(call.args[0], Var):
        return call.args[0].name
    raise NotExported("a claim about other than T(n)")


def spelled(e: Expr) -> Expr:
    """Logarithms to a base as quotients of natural ones."""
    if not isinstance(e, App):
        return e
    args = tuple(map(spelled, e.args))
    if e.op == "log2":
        return App("/", (App("log", args), App("log", (Num(Fraction(2)),))))
    if e.op == "log" and len(args) == 2:
        return App("/", (App("log", args[:1]), App("log", args[1:])))
    return App(e.op, args)


def _statement(s: Statement, r: Relation, q: Expr, claim: Claim, *, refuted: bool) -> str:
    total = " + ".join(f"{'' if t.coefficient == ONE else s.printer.factor(t.coefficient) + '*'}Rpower {ratio_text(t.argument.slope)} p" for t in s.terms)
    lines = [*equations_and_calls(s, claim, refuted=refuted),
             f"Definition exponent (p : R) : Prop := {total} = 1.",
             f"Definition rhs : R := {s.printer.real(q)}.",
             f"Definition holds : Prop := forall p, exponent p -> p {r.op} rhs.",
             f"Definition claim : Prop := calls /\\ (exists p, exponent p /\\ forall q, exponent q -> q = p) /\\ {'~ ' if refuted else ''}holds."]
    return "\n".join(lines) + "\n"


def equations_and_calls(s: Statement, claim: Claim, *, refuted: bool) -> list[str]:
    """The statement up to the claim: the recurrence, and where T is called."""
    v = s.variable
    body = s.text[s.text.index("From Coq"):s.text.index("Definition rhs")]
    equations = "; ".join(equation_text(e) for e in claim.recurrences)
    given = "".join(f"forall {a.rounding}, rounding_{a.rounding} {a.rounding} -> " for a in s.roundings)
    near = " /\\ ".join(f"Rabs (INR {t.argument.call} - {ratio_text(t.argument.slope)}*{v}) <= d_" for t in s.terms)
    return [f"(* {equations}", f"   {ascii_relation(claim.statement)}: {'refuted' if refuted else 'proved'}. *)", body.rstrip(), "",
            "(* where T is called, up to a bounded distance *)",
            f"Definition calls : Prop := {given}exists d_ N_, forall {v} : nat, (N_ <= {v})%nat -> {near}."]


class Sides(Proof):
    """The proof: the calls, the sum as one over a list, and its side of 1 at q."""

    def text(self, q: Expr, side: int, *, refuted: bool) -> str:
        s, out = self.s, self.lines
        value = self.register(q)
        if value.rational is not None and max(value.rational.denominator, abs(value.rational.numerator) // 4) > GREATEST:
            raise NotExported("an exponent against a rational number with a large denominator")
        text = self.grower.tight(self.grower.exponent(value))
        names = self.calls()
        listed = "; ".join(f"({s.printer.real(t.coefficient)}, {ratio_text(t.argument.slope)})" for t in s.terms)
        out += [f"Definition terms : list (R * R) := [{listed}].",
                "Lemma all_shrink : shrinking terms.", "Proof. repeat (apply Forall_cons; [cbn [fst snd]; first [lra | split; [pos | lra]]|]). apply Forall_nil. Qed.",
                "Lemma some_call : terms <> []. Proof. discriminate. Qed.",
                "Lemma as_sum : forall p, exponent p <-> esum terms p = 1.",
                "Proof. intros p. unfold exponent, esum, terms. cbn [fold_right fst snd]. split; intros E_; (etransitivity; [|exact E_]); ring. Qed."]
        lemma, relation = LEMMAS[side]
        self.total(value, text, relation)
        holds = {"=": side == 0, "<=": side <= 0, ">=": side >= 0, "<": side < 0, ">": side > 0}[self.op]
        if holds == refuted:
            raise NotExported("an exponent on the other side")
        out += [f"Lemma side : forall p, exponent p -> p {relation} rhs.",
                f"Proof. intros p E_. apply as_sum in E_. pose proof (exponent_{lemma} terms p {text} all_shrink some_call E_ at_bound) as S_. unfold rhs. lra. Qed.",
                "Theorem t : claim.", "Proof.",
                f"  destruct (exponent_exists terms all_shrink some_call) as (p & P_). apply as_sum in P_. split; [{f'intros {names}; ' if names else ''}exact {f'(near_all {names})' if names else 'near_all'}|].",
                "  split.", "  - exists p. split; [exact P_|]. intros q Q_. apply as_sum in P_, Q_. exact (exponent_equal terms q p all_shrink some_call Q_ P_)."]
        if refuted:
            out.append("  - intros H_. specialize (H_ p P_). pose proof (side p P_). lra.")
        else:
            out.append("  - intros q Q_. pose proof (side q Q_). lra.")
        return HEADER + "\n".join([*out, "Qed."]) + "\n"

    def calls(self) -> str:
        """The lemma near_all about the calls; returns its arguments."""
        s, v, out = self.s, self.s.variable, self.lines
        distance = max(t.argument.distance for t in s.terms)
        names = " ".join(f"{a.rounding} H_{a.rounding}" for a in s.roundings)
        out += ["Section Calls."]
        for a in s.roundings:
            out += [f"Variable {a.rounding} : nat -> nat.", f"Hypothesis H_{a.rounding} : forall {v}, ({a.low} <= {a.rounding} {v} <= {a.high})%nat."]
        known = "".join(f"pose proof H_{a.rounding}. " for a in s.roundings)
        for k, t in enumerate(s.terms):
            b, d = ratio_text(t.argument.slope), ratio_text(t.argument.distance)
            out += [f"Lemma near_{k} : forall {v} : nat, ({LATE} <= {v})%nat -> Rabs (INR {t.argument.call} - {b} * INR {v}) <= {d}.", f"Proof. {known}call_near. Qed."]
        facts = "".join(f"pose proof (near_{k} {v} L_) as N{k}_. " for k in range(len(s.terms)))
        out += [f"Lemma near_all : exists d_ N_, forall {v} : nat, (N_ <= {v})%nat -> " + " /\\ ".join(
                    f"Rabs (INR {t.argument.call} - {ratio_text(t.argument.slope)} * INR {v}) <= d_" for t in s.terms) + ".",
                f"Proof. exists {ratio_text(distance)}, {LATE}%nat. intros {v} L_. {facts}repeat split; lra. Qed.", "End Calls."]
        return names

    op = "="

    def total(self, value: Real, text: str, relation: str) -> None:
        """Lemma at_bound: the sum at q against 1."""
        known: dict[Fraction, str] = {}
        exact = True
        for t in self.s.terms:
            b = t.argument.slope
            if b not in known:
                known[b] = f"power_{len(known) + 1}"
                exact &= self.power(known[b], b, value, text, ">=" if relation == ">" else relation, "terms")
        use = " ".join(f"rewrite ?{x} by lra." for x in known.values()) if exact else " ".join(f"pose proof {x}." for x in known.values())
        goal = f"1 < esum terms {text}" if relation == ">" else f"esum terms {text} {relation} 1"
        self.lines += [f"Lemma at_bound : {goal}.",
                       f"Proof. unfold esum, terms. cbn [fold_right fst snd]. {use} first [lra | field; lra | numbers | surds | nra]. Qed."]
