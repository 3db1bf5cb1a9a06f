"""Functions of two arguments of which one moves in the recursion: T(a, n) = 3*T(2*a, n/2) + a.

T(a, n) is of the order of kappa(a)*S(n), where kappa is the factor of the driving function and S satisfies a recurrence in n alone:
the proof about S is the one of its own claim, and the library's `Moving` lifts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_statement import Statement, state_recurrence
from verifier.bridge.statement import AND, without_examples
from verifier.bridge.text import NotExported, Printer, ratio_text
from verifier.kernel.claim import Claim, Equation, Parameter, equation_text
from verifier.kernel.context import Interval
from verifier.kernel.recurrence_parameters import outer_parameters, rescaled, split
from verifier.kernel.recurrence_system import System, read_systems
from verifier.kernel.recurrence_value import relaxed
from verifier.lang.ast import LANDAU, ONE, App, Expr, Num, Relation, Var, add, free_vars, mul
from verifier.lang.show import ascii_relation

INNER = "S"
HEADER = """From Coq Require Import Reals ZArith List Lra Lia Arith ZifyNat Wf_nat.
From Aalp Require Import TacticsR Growth Compare History Calls Moving.
From Claim Require Statement.
Import ListNotations.
Open Scope R_scope.
Ltac Zify.zify_post_hook ::= Z.to_euclidean_division_equations.
Coercion INR : nat >-> R.
"""

Prove = Callable[[Statement, Mapping[str, Any]], str]


def export_moving(certificate: Mapping[str, Any], claim: Claim, method: Callable[[Mapping[str, Any]], Prove]) -> Files:
    """The files of a claim about T(a, n), by the recurrence of S(n)."""
    if certificate["verdict"] != "proved":
        raise NotExported("refuted claims about functions of several arguments")
    systems = relaxed(read_systems(claim))
    entries = certificate["bound"].get("functions", ())
    if len(systems) != 1 or len(entries) != 1:
        raise NotExported("several functions")
    (system,) = systems.values()
    r = claim.statement
    if r.op not in ("O", "Omega", "Theta") or r.op not in LANDAU:
        raise NotExported("this relation for functions of several arguments")
    if not (isinstance(r.left, App) and r.left.op == system.name and len(r.left.args) == 2 and all(isinstance(x, Var) for x in r.left.args)):
        raise NotExported("a claim whose left side is not T(a, n)")
    if system.start is not None or system.bases or claim.assumptions:
        raise NotExported("functions of several arguments with given base values or assumptions")
    if len(claim.parameters) != 2 or any(p.role != "growing" for p in claim.parameters):
        raise NotExported("functions of several arguments with further parameters")
    n = system.variable
    names = [x.name for x in r.left.args if isinstance(x, Var)]
    if n not in names:
        raise NotExported("arguments under other names than in the recurrence")
    (a,) = (claim.parameter(x) for x in names if x != n)
    if a.lower is None or a.lower < 1 or a.upper is not None:
        raise NotExported("an argument that may be smaller than 1")
    parts = split(system, outer_parameters(claim, system))
    if len(parts) != 1 or len(entries[0]["parts"]) != 1:
        raise NotExported("a driving function with several parameter factors")
    ((kappa, _),) = parts
    rest = _without(r.right, kappa, a.name)
    body = rescaled(system, kappa).single
    inner_body = add(*(mul(c.coefficient, App(INNER, (c.argument,))) for c in body.calls), parts[0][1])
    size = claim.parameter(n)
    inner = Claim((size,), Relation(r.op, App(INNER, (Var(n),)), rest), (), (Equation(Relation("=", App(INNER, (Var(n),)), inner_body)),))
    s = state_recurrence(inner, "proved")
    if s.general or s.constants:
        raise NotExported("functions of several arguments with other than plain calls")
    bound = {**entries[0]["parts"][0], "function": INNER}
    return Files(_statement(claim, system, s, a, kappa), _proof(system, s, a, kappa, method(bound)(s, bound)))


def _without(e: Expr, kappa: Expr, a: str) -> Expr:
    """h with e = kappa*h(n)."""
    parts = e.args if isinstance(e, App) and e.op == "*" else (e,)
    if mul(*(x for x in parts if a in free_vars(x))) != kappa and not (kappa == ONE and a not in free_vars(e)):
        raise NotExported("a bound that is not a function of n times the parameter factor of the driving function")
    return mul(*(x for x in parts if a not in free_vars(x)))


def _typed(s: Statement, system: System, a: Parameter) -> tuple[str, str, str]:
    """The type of a, its domain, and its name."""
    return ("nat" if a.kind == "integer" else "R"), f"{ratio_text(a.lower or Fraction(1))} <= {s.printer.name(a.name)}", s.printer.name(a.name)


def _arguments(system: System, first: str, second: str) -> str:
    """Both arguments in the order of the recurrence."""
    at_front = [isinstance(x, Var) and x.name == system.variable for x in system.arguments]
    return f"{second} {first}" if at_front and at_front[0] else f"{first} {second}"


def _moved(a: Parameter, name: str, q: Fraction) -> str:
    if q == 1:
        return name
    if a.kind == "integer":
        return f"({q.numerator} * {name})%nat"
    return f"({ratio_text(q)} * {name})"


def _printer(s: Statement, a: Parameter) -> Printer:
    context = s.printer.context.with_name(a.name, Interval(a.lower, integer=a.kind == "integer"))
    return replace(s.printer, context=context, integers=s.printer.integers | ({a.name} if a.kind == "integer" else set()))


def _statement(claim: Claim, system: System, s: Statement, a: Parameter, kappa: Expr) -> str:
    f, v = s.printer.name(system.name), s.variable
    kind, domain, x = _typed(s, system, a)
    p = _printer(s, a)
    body = []
    for c, t in zip(system.single.calls, s.terms, strict=True):
        q = dict(c.scales).get(a.name, Fraction(1))
        call = f"{f} {_arguments(system, _moved(a, x, q), t.argument.call)}"
        body.append(call if c.coefficient == ONE else f"{p.factor(c.coefficient)} * {call}")
    body.append(p.real(system.single.driving))
    typed = " (n0 : nat)" + "".join(f" ({r.rounding} : nat -> nat)" for r in s.roundings)
    arguments = " n0" + "".join(f" {r.rounding}" for r in s.roundings)
    both = _arguments(system, x, v)
    of_type = f"({f} : {_type(kind, both, v)})"
    heads = f"forall ({x} : {kind}) ({v} : nat), {domain} ->"
    lines = ["(* " + "; ".join(equation_text(e) for e in claim.recurrences).replace("(*", "( *").replace("*)", "* )"),
             "   " + ascii_relation(claim.statement).replace("(*", "( *").replace("*)", "* )") + f": proved, for all large {x} and {v}. *)",
             "From Coq Require Import Reals Arith.", "Open Scope R_scope.", "Coercion INR : nat >-> R.", ""]
    lines += [f"Definition rounding_{r.rounding} ({r.rounding} : nat -> nat) : Prop := forall {v}, ({r.low} <= {r.rounding} {v} <= {r.high})%nat." for r in s.roundings]
    lines += ["(* values below the start are between two positive numbers *)",
              f"Definition recurrence{typed} {of_type} : Prop :=",
              f"  (exists p q : R, 0 < p /\\ {heads} ({v} < n0)%nat -> p <= {f} {both} <= q) /\\",
              f"  ({heads} (n0 <= {v})%nat -> {f} {both} = {' + '.join(body)}).",
              f"Definition rhs ({x} : {kind}) ({v} : nat) : R := {p.real(claim.statement.right)}.", "",
              f"Definition solvable{typed} : Prop := exists {f}, recurrence{arguments} {f}."]
    tail = f"exists c (N : nat), 0 < c /\\ {heads} N <= {x} -> (N <= {v})%nat ->"
    goals = []
    if claim.statement.op in ("O", "Theta"):
        lines.append(f"Definition upper {of_type} : Prop := {tail} {f} {both} <= c * rhs {x} {v}.")
        goals.append(f"upper {f}")
    if claim.statement.op in ("Omega", "Theta"):
        lines.append(f"Definition lower {of_type} : Prop := {tail} rhs {x} {v} <= c * {f} {both}.")
        goals.append(f"lower {f}")
    lines.append(f"Definition bound {of_type} : Prop := {AND.join(goals)}.")
    premises = "".join(f"forall {r.rounding}, rounding_{r.rounding} {r.rounding} -> " for r in s.roundings)
    lines.append(f"Definition claim : Prop := exists m_, forall n0, (m_ <= n0)%nat -> {premises}\n  solvable{arguments} /\\ forall {f}, recurrence{arguments} {f} -> bound {f}.")
    return "\n".join(lines) + "\n"


def _stripped(text: str) -> str:
    """A generated file without what it imports."""
    return "\n".join(x for x in text.splitlines() if not x.startswith(("From ", "Import ", "Open Scope", "Ltac Zify", "Coercion ")))


def _proof(system: System, s: Statement, a: Parameter, kappa: Expr, inner: str) -> str:
    f, v = s.printer.name(system.name), s.variable
    kind, domain, x = _typed(s, system, a)
    p = _printer(s, a)
    both = _arguments(system, x, v)
    rounded = "".join(f" {r.rounding}" for r in s.roundings)
    premises = "".join(f" H_{r.rounding}" for r in s.roundings)
    reach = max(int((n0_factor(t.argument.slope)).__ceil__()) for t in s.terms)
    far = max(int(t.argument.distance.__ceil__()) for t in s.terms) + 2
    calls = []
    for c, t in zip(system.single.calls, s.terms, strict=True):
        q = dict(c.scales).get(a.name, Fraction(1))
        index = t.argument.rounding or f"(fun {v} : nat => ({t.argument.text})%nat)"
        factor = _power(kappa, a.name, q)
        calls.append(f"Moving ({p.real(c.coefficient)}) {ratio_text(factor)} (fun {x} => {_moved(a, x, q)}) {index}")
    pattern = "[<-|" * len(calls) + "[]" + "]" * len(calls)
    known = "".join(f"pose proof (H_{r.rounding} n) as R_{r.rounding}. " for r in s.roundings)
    keep = "start Hn " + " ".join(f"R_{r.rounding}" for r in s.roundings)
    out = [HEADER, "Module One.", _stripped(without_examples(s.text)), "End One.", "Module Proof_one.", "Import One.", _stripped(inner), "End Proof_one.", "", "Import Statement.",
           f"Definition kappa ({x} : {kind}) : R := {p.real(kappa)}.", f"Definition inside ({x} : {kind}) : Prop := {domain}.",
           "Section Claim.", "Variable n0 : nat."]
    for r in s.roundings:
        out += [f"Variable {r.rounding} : nat -> nat.", f"Hypothesis H_{r.rounding} : rounding_{r.rounding} {r.rounding}."]
    out += [f"Hypothesis start : (2 + {max(reach, far)} <= n0)%nat.", "Hypothesis g_positive : forall n, (n0 <= n)%nat -> 0 < Proof_one.g n.",
            f"Hypothesis one : forall n1, (n0 <= n1)%nat -> One.solvable n1{rounded} /\\ forall S_, One.recurrence n1{rounded} S_ -> One.bound S_.",
            f"Definition calls_ : list (moving {kind}) := [{'; '.join(calls)}].",
            "Lemma calls_good : forall c, In c calls_ -> 0 <= coefficient c /\\ 0 <= factor c /\\",
            "  (forall a, inside a -> inside (move c a) /\\ kappa (move c a) = factor c * kappa a) /\\ forall n, (n0 <= n)%nat -> (index c n < n)%nat.",
            f"Proof. intros c {pattern}; cbn [coefficient factor move index]; (split; [lra|]; split; [lra|]; split);",
            "  first [intros a_ D_; unfold inside, kappa in *; rewrite ?mult_INR, ?INR_IZR_INZ in *; cbn [Z.of_nat Pos.of_succ_nat Pos.succ] in *; split; [lra | first [ring | field]]",
            f"    | intros n Hn; {known.replace('. ', '; ')}clear - {keep}; lia]. Qed.",
            "Lemma kappa_large : forall a, inside a -> 1 <= kappa a.",
            "Proof. intros a_ D_. unfold inside, kappa in *. first [lra | apply pow_R1_Rle; lra | rewrite <- (Rmult_1_r 1); apply Rmult_le_compat; try lra; apply pow_R1_Rle; lra]. Qed.",
            f"Definition swapped ({f} : {_type(kind, both, v)}) ({x} : {kind}) ({v} : nat) : R := {f} {both}.",
            f"Lemma equation_ : forall {f}, recurrence n0{rounded} {f} -> forall a n, inside a -> (n0 <= n)%nat ->",
            f"  swapped {f} a n = msum (fun c => coefficient c * swapped {f} (move c a) (index c n)) calls_ + kappa a * Proof_one.g n.",
            f"Proof. intros {f} HT_ a n D_ Hn. unfold swapped. rewrite (proj2 HT_ a n D_ Hn). unfold kappa, Proof_one.g. cbn [msum calls_ coefficient move index]. first [ring | field; lra]. Qed.",
            f"Lemma exists_solution_ : solvable n0{rounded}.",
            f"Proof. destruct (moving_solution {kind} inside kappa calls_ Proof_one.g n0 calls_good) as (S_ & B_ & E_).",
            f"  exists (fun {both} => S_ {x} {v}). split.", f"  - exists 1, 1. split; [lra|]. intros {x} {v} D_ Hn. rewrite B_ by exact Hn. lra.",
            f"  - intros {x} {v} D_ Hn. rewrite (E_ {x} {v} D_ Hn). unfold kappa, Proof_one.g. cbn [msum calls_ coefficient move index]. first [ring | field; lra]. Qed.",
            f"Lemma equation_one : forall S_ n1, One.recurrence n1{rounded} S_ -> forall n, (n1 <= n)%nat -> S_ n = rsum (fun t => ta t * S_ (tr t n)) (moved_terms {kind} calls_) + Proof_one.g n.",
            "Proof. intros S_ n1 HS n Hn. rewrite (proj2 HS n Hn). unfold Proof_one.g. cbn [rsum moved_terms map calls_ coefficient factor index ta tr]. first [ring | field; lra]. Qed."]
    goals = []
    if s.op in ("O", "Theta"):
        take = "proj1 " if s.op == "Theta" else ""
        goals.append(f"upper_ {f} HT_")
        out += [f"Lemma upper_ : forall {f}, recurrence n0{rounded} {f} -> upper {f}.",
                f"Proof. intros {f} HT_. destruct (one n0 (le_n n0)) as [(S_ & HS) B_]. destruct ({take}(B_ S_ HS)) as (c & N & Hc & U). destruct (proj1 HT_) as (p & q & Hp & Hb).",
                f"  destruct (moving_upper {kind} inside kappa calls_ Proof_one.g n0 calls_good 1 Rlt_0_1 kappa_large (swapped {f}) S_ (equation_ {f} HT_) (Rmax 1 q)) as (C & HC & V).",
                "  - pose proof (Rmax_l 1 q). lra.", "  - intros a n D_ Hn. pose proof (Rmax_r 1 q). unfold swapped. pose proof (Hb a n D_ Hn). lra.",
                "  - intros n Hn. apply (proj1 HS n Hn).", "  - intros n Hn. left. apply g_positive, Hn.", "  - exact (equation_one S_ n0 HS).",
                f"  - exists (C * c), N. split; [apply Rmult_lt_0_compat; assumption|]. intros {x} {v} D_ _ Hn. apply Rle_trans with (1 := V {x} {v} D_). specialize (U {v} Hn).",
                f"    pose proof (kappa_large {x} D_). replace (C * c * rhs {x} {v}) with (C * (kappa {x} * (c * One.rhs {v}))) by (unfold rhs, One.rhs, kappa; first [ring | field]).",
                "    apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; lra. Qed."]
    if s.op in ("Omega", "Theta"):
        take = "proj2 " if s.op == "Theta" else ""
        goals.append(f"lower_ {f} HT_")
        known1 = known
        out += [f"Lemma lower_ : forall {f}, recurrence n0{rounded} {f} -> lower {f}.",
                f"Proof. intros {f} HT_. set (n1 := ({reach} * (n0 + {far}))%nat). destruct (one n1 ltac:(unfold n1; lia)) as [(S_ & HS) B_]. destruct ({take}(B_ S_ HS)) as (c & N & Hc & U).",
                "  destruct (proj1 HT_) as (p & q & Hp & Hb).",
                f"  destruct (moving_lower {kind} inside kappa calls_ Proof_one.g n0 calls_good 1 Rlt_0_1 kappa_large (swapped {f}) S_ n1 (equation_ {f} HT_)) as (C & HC & V).",
                "  - unfold n1; lia.", "  - intros a n D_ Hn. unfold swapped. pose proof (Hb a n D_ Hn). lra.", "  - exact g_positive.",
                f"  - intros c_ n {pattern}; cbn [index]; intros Hn; unfold n1 in Hn; {known1.replace('. ', '; ')}clear - {keep}; lia.", "  - exact (equation_one S_ n1 HS).",
                f"  - exists (c / C), (Nat.max N n0). split; [apply div_pos; assumption|]. intros {x} {v} D_ _ Hn. specialize (V {x} {v} D_ ltac:(lia)). specialize (U {v} ltac:(lia)).",
                f"    pose proof (kappa_large {x} D_). change ({f} {both}) with (swapped {f} {x} {v}). replace (rhs {x} {v}) with (kappa {x} * One.rhs {v}) by (unfold rhs, One.rhs, kappa; first [ring | field]).",
                f"    apply Rle_trans with (kappa {x} * (c * S_ {v})); [apply Rmult_le_compat_l; lra|]. replace (kappa {x} * (c * S_ {v})) with (c / C * (C * (kappa {x} * S_ {v}))) by (field; lra).",
                "    apply Rmult_le_compat_l; [left; apply div_pos; assumption | exact V]. Qed."]
    goal = f"split; [exact ({goals[0]}) | exact ({goals[1]})]" if len(goals) == 2 else f"exact ({goals[0]})"
    heads = "".join(f" {r.rounding} H_{r.rounding}" for r in s.roundings)
    out += ["End Claim.", "Theorem t : claim.", "Proof.", "  destruct Proof_one.t as (m_ & O_). destruct Proof_one.g_positive as (M_ & G_).",
            f"  exists (Nat.max (2 + {max(reach, far)}) (Nat.max m_ M_)). intros n0 Hn0{heads}.",
            f"  assert (one_ : forall n1, (n0 <= n1)%nat -> One.solvable n1{rounded} /\\ forall S_, One.recurrence n1{rounded} S_ -> One.bound S_).",
            f"  {{ intros n1 H1_. exact (O_ n1 ltac:(lia){''.join(f' {r.rounding} H_{r.rounding}' for r in s.roundings)}). }}",
            "  assert (g_ : forall n, (n0 <= n)%nat -> 0 < Proof_one.g n) by (intros n Hn; apply G_; lia).",
            f"  split; [apply exists_solution_; first [assumption | lia]|]. intros {f} HT_.",
            f"  {goal.replace('upper_ ', 'upper_ n0' + rounded + premises + ' ltac:(lia) g_ one_ ').replace('lower_ ', 'lower_ n0' + rounded + premises + ' ltac:(lia) g_ one_ ')}.", "Qed."]
    return "\n".join(out) + "\n"


def n0_factor(slope: Fraction) -> Fraction:
    """How much larger n has to be than its call."""
    return 1 / slope


def _type(kind: str, both: str, v: str) -> str:
    if kind == "nat":
        return "nat -> nat -> R"
    return "nat -> R -> R" if both.startswith(v + " ") else "R -> nat -> R"


def _power(kappa: Expr, a: str, q: Fraction) -> Fraction:
    """q^e for kappa = a^e."""
    out = Fraction(1)
    for x in kappa.args if isinstance(kappa, App) and kappa.op == "*" else (kappa,):
        match x:
            case Var(name) if name == a:
                out *= q
            case App("^", (Var(name), Num(e))) if name == a and e.denominator == 1 and e >= 0:
                out *= q ** e.numerator
            case Num(c) if c == 1:
                pass
            case _:
                raise NotExported("a parameter factor that is not a power with a natural exponent")
    return out

