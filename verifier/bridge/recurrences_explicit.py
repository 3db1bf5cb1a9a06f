"""Explicit claims about T(n) as Rocq files: T(n) <= 3*n*log2(n), T(n) = 2^n - 1, and their refutations at one size.

Values of T at given sizes are computed from the equation, one lemma each; a bound for every n is shown by strong induction
from them (`recurrences_induction`), a refutation is one value at which the inequality fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_numbers import Numbers, Range, exact
from verifier.bridge.recurrences_statement import Statement, equation_body, greatest, least
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import App, Expr, Num, subterms
from verifier.lang.enclosure import Enclosure, EvaluationError

HEADER = """From Coq Require Import Reals ZArith List Lra Lia Arith ZifyNat.
From Aalp Require Import TacticsR History Growth Explicit.
From Claim Require Import Statement.
Import ListNotations Coq.Arith.Factorial.
Open Scope R_scope.
Ltac Zify.zify_post_hook ::= Z.to_euclidean_division_equations.
"""
MOST_VALUES = 400
"""Most values of T that are computed one by one."""
LITERAL = 2000
"""Larger sizes are written in binary."""
HOLDS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda side: side == 0, "<=": lambda side: side <= 0, ">=": lambda side: side >= 0, "<": lambda side: side < 0, ">": lambda side: side > 0}
NEGATION = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}


class Explicit:
    """The text of a proof about one function, written in order."""

    def __init__(self, s: Statement, rounding: str | None = None) -> None:
        """`rounding` max or min: open roundings are chosen so that T is the largest or the smallest."""
        if s.sums:
            raise NotExported("sums over all smaller arguments")
        if s.start is None:
            raise NotExported("an explicit claim without base values")
        self.s = s
        self.start = s.start
        self.lines: list[str] = []
        self.rounding = rounding
        self.chosen: dict[str, set[int]] = {a.rounding: set() for a in s.roundings if a.rounding}
        system = s.system
        self.highest = Values({system.name: system}, pick="max")
        self.lowest = Values({system.name: system}, pick="min")
        self.shown: set[int] = set()
        self.sizes: set[int] = set()

    # ------------------------------------------------------------------ numerals
    def nat(self, k: int) -> str:
        """k as a natural number."""
        return f"{k}%nat" if k <= LITERAL else f"(N.to_nat {k})"

    def size(self, k: int) -> str:
        """The lemma INR k = k."""
        if k not in self.sizes:
            self.sizes.add(k)
            more = "" if k <= LITERAL else ", N_nat_Z"
            self.lines.append(f"Lemma size_{k} : INR {self.nat(k)} = {k}. Proof. rewrite INR_IZR_INZ{more}. reflexivity. Qed.")
        return f"size_{k}"

    def above(self, k: int) -> str:
        """The proof that the equation holds at k."""
        return "ltac:(lia)" if k <= LITERAL else f"(large_le {self.start} {k} ltac:(lia))"

    # ------------------------------------------------------------------ the equation
    def opening(self) -> None:
        """Constants, roundings, existence, and the equation of a solution T."""
        s, v, f = self.s, self.s.variable, self.s.name
        out = self.lines
        out += ["Section Claim."]
        out += [f"Variable {n} : {t}." for n, t in s.constants]
        out += [f"Hypothesis constant_{k} : {c}." for k, c in enumerate(s.conditions)]
        self.roundings_at = len(out)
        if self.rounding is None:
            for a in s.roundings:
                out += [f"Variable {a.rounding} : nat -> nat.", f"Hypothesis H_{a.rounding} : rounding_{a.rounding} {a.rounding}."]
        base = "1"
        for i, e in reversed(s.points):
            base = f"if Nat.eqb {v} {i} then {s.printer.real(e)} else {base}"
        calls = []
        for t in s.terms:
            text = f"({t.argument.text})%nat" if not t.argument.rounding else f"({t.argument.text})"
            if text not in calls:
                calls.append(text)
        facts = "".join(f" pose proof (H_{a.rounding} {v}) as R_{a.rounding}." for a in s.roundings)
        rewrites = " ".join(f"rewrite (E_ {c}) by lia." for c in calls)
        cases = "".join(f" destruct (Nat.eqb_spec {v} {i}); [lia|]." for i, _ in s.points)
        apart = "".join(f" E{i}" for i, _ in s.points)
        step = f"recursion_step F_ base_ {self.start} local_ {v} Hn"
        out += [f"Definition F_ ({f} : nat -> R) ({v} : nat) : R := {equation_body(s)}.",
                f"Definition base_ ({v} : nat) : R := {base}.",
                f"Lemma local_ : forall {f} {f}' {v}, ({self.start} <= {v})%nat -> (forall m, (m < {v})%nat -> {f} m = {f}' m) -> F_ {f} {v} = F_ {f}' {v}.",
                f"Proof. intros {f} {f}' {v} Hn E_. unfold F_.{facts} {rewrites} reflexivity. Qed.",
                f"Lemma exists_solution : solvable{s.all_arguments}.", "Proof.",
                f"  exists (recursion F_ base_ {self.start}). refine {'(conj _ ' * (len(s.points) + 1)}_{')' * (len(s.points) + 1)}."]
        out += [f"  - rewrite recursion_base by lia. {'' if s.given == '=' else 'right. '}reflexivity." for _ in s.points]
        out += [f"  - intros {v} Hn{apart}. rewrite recursion_base by lia. unfold base_.{cases} lra.",
                f"  - intros {v} Hn. {'' if s.relation == '=' else 'right. '}exact ({step}).", "Qed.",
                "Section Solution.", f"Variable {f} : nat -> R.", f"Hypothesis HT : recurrence{s.all_arguments} {f}.",
                f"Lemma equation : forall {v}, ({self.start} <= {v})%nat -> {f} {v} {s.relation} {equation_body(s)}.",
                f"Proof. exact {self.component(len(s.points) + 1)}. Qed."]

    def component(self, k: int) -> str:
        """The k-th conjunct of the recurrence."""
        body = "HT"
        for _ in range(k):
            body = f"(proj2 {body})"
        return body if k == len(self.s.points) + 1 else f"(proj1 {body})"

    # ------------------------------------------------------------------ values
    def arguments(self, k: int) -> list[list[int]]:
        """The arguments that each call may have at n = k."""
        out = []
        for c, t in zip(self.s.system.single.calls, self.s.terms, strict=True):
            ms = self.highest.points(c, self.s.system, k)
            if self.rounding is not None and len(ms) > 1:
                chosen = (max if self.rounding == "max" else min)(ms, key=lambda m: self.ends(m)[0])
                if chosen != ms[0]:
                    self.chosen[t.argument.rounding or ""].add(k)
                ms = [chosen]
            out.append(ms)
        return out

    def roundings(self) -> list[str]:
        """The chosen roundings: floors, but ceilings at the sizes where those give the value that is wanted."""
        out = []
        for a in self.s.roundings:
            up = f"existsb (Nat.eqb {self.s.variable}) [{'; '.join(map(str, sorted(self.chosen[a.rounding or ''])))}]%nat"
            out += [f"Definition {a.rounding} ({self.s.variable} : nat) : nat := if {up} then ({a.high})%nat else ({a.low})%nat.",
                    f"Lemma H_{a.rounding} : rounding_{a.rounding} {a.rounding}.",
                    f"Proof. intros {self.s.variable}. unfold {a.rounding}. destruct ({up}); lia. Qed."]
        return out

    def ends(self, k: int) -> Range:
        """The least and the largest value of T(k) over all roundings."""
        out = []
        for values in {None: (self.lowest, self.highest), "max": (self.highest,) * 2, "min": (self.lowest,) * 2}[self.rounding]:
            try:
                v = values(self.s.system.name, k)
            except EvaluationError as error:
                raise NotExported(f"a value that is not computed: {error}") from error
            if isinstance(v, Enclosure):
                raise NotExported("values of T that are not rational")
            out.append(Fraction(v))
        return out[0], out[1]

    def value(self, k: int) -> str:
        """The lemma about T(k): its value, or bounds where the rounding is open or the equation an inequality."""
        todo = [k]
        while todo:
            top = todo[-1]
            if top in self.shown:
                todo.pop()
                continue
            missing = [m for ms in self.arguments(top) for m in ms if m not in self.shown] if top >= self.start else []
            if missing:
                todo += missing
                continue
            todo.pop()
            self._value(top)
            if len(self.shown) > MOST_VALUES:
                raise NotExported("too many values of T")
        return f"value_{k}"

    def fact(self, k: int) -> str:
        """What the lemma about T(k) says."""
        low, high = self.ends(k)
        left, f = self.nat(k), self.s.name
        if self.s.relation == "<=":
            return f"{f} {left} <= {ratio_text(high)}"
        if self.s.relation == ">=":
            return f"{ratio_text(low)} <= {f} {left}"
        return f"{f} {left} = {ratio_text(low)}" if low == high else f"{ratio_text(low)} <= {f} {left} <= {ratio_text(high)}"

    def _value(self, k: int) -> None:
        s = self.s
        self.shown.add(k)
        head = f"Lemma value_{k} : {self.fact(k)}."
        at = next((i for i, (p, _) in enumerate(s.points) if p == k), None)
        if s.given not in ("=", s.relation):
            raise NotExported("base values that are bounded from the other side")
        if k < self.start:
            if at is None:
                raise NotExported("a base value that is not given")
            self.lines += [head, f"Proof. pose proof {self.component(at)} as B_. lra. Qed."]
            return
        n = self.nat(k)
        numbers = Numbers(s.printer.with_context(s.context), s.system.variable, k)
        parts = [numbers.rounded(x) for x in (*(t.coefficient for t in s.terms), s.driving)]
        if any(exact(x, numbers.env) is None for x in parts):
            raise NotExported("values of T that are not rational")
        size = self.size(k)
        choices: list[str] = []
        lines = [f"pose proof (equation {n} {self.above(k)}) as E_."]
        for j, (t, ms) in enumerate(zip(s.terms, self.arguments(k), strict=True)):
            a = t.argument
            if a.rounding is None:
                text = re.sub(rf"\b{re.escape(s.variable)}\b", n.removesuffix("%nat"), a.text)
                lines.append(f"assert (A{j}_ : ({text})%nat = {self.nat(ms[0])}) by {'nat_value' if k <= LITERAL else 'large_value'}. rewrite A{j}_ in E_.")
            else:
                if k > LITERAL:
                    raise NotExported("open roundings of large sizes")
                if self.rounding is not None:
                    lines.append(f"assert (A{j}_ : {a.rounding} {n} = {self.nat(ms[0])}) by reflexivity. rewrite A{j}_ in E_.")
                    continue
                options = " \\/ ".join(f"{a.rounding} {n} = {self.nat(m)}" for m in ms)
                lines.append(f"assert (A{j}_ : {options}) by (pose proof (H_{a.rounding} {n}); lia).")
                choices.append(f"destruct A{j}_ as [A{j}_|A{j}_]; rewrite A{j}_ in E_;" if len(ms) > 1 else f"rewrite A{j}_ in E_;")
        known = {m for ms in self.arguments(k) for m in ms}
        lines += [f"pose proof value_{m} as V{m}_." for m in sorted(known)]
        lines.append(f"rewrite ?{size} in E_.")
        lines.append(numbers.simplify("E_"))
        lines.append(f"{' '.join(choices)} evaluate_at E_.")
        self.lines += [head, "Proof. " + " ".join(lines) + " Qed."]

    # ------------------------------------------------------------------ comparisons
    def compare(self, k: int, op: str, bound: Expr | None = None, named: str = "rhs") -> str:
        """The lemma T(k) op U(k), U the right side of the claim (or what `named` defines), from the value of T(k)."""
        s = self.s
        low, high = self.ends(k)
        value, size, n = self.value(k), self.size(k), self.nat(k)
        numbers = Numbers(s.printer, s.system.variable, k)
        bound = numbers.rounded(s.bound if bound is None else bound)
        worst = {"<=": (high,), "<": (high,), ">=": (low,), ">": (low,), "=": (low, high)}[op]

        def true(r: Range) -> bool:
            lo, hi = r
            if op == "=":
                return lo == hi == worst[0] == worst[1]
            return {"<=": worst[0] <= lo, "<": worst[0] < lo, ">=": worst[0] >= hi, ">": worst[0] > hi}[op]

        surds = op == "=" and low == high and exact(bound, numbers.env) == low and any(isinstance(x, App) and x.op == "sqrt" for x in subterms(bound))
        facts = "" if surds else numbers.decide(bound, true)
        name = f"{named}_at_{k}"
        self.lines += [f"Lemma {name} : {s.name} {n} {op} {named}{s.fixed} {n}.",
                       f"Proof. pose proof {value} as V_. unfold {named}. rewrite ?{size}. {numbers.simplify()} {facts} {'surds_at' if surds else 'compare_at'}. Qed."]
        return name

    def closing(self, holds: str) -> str:
        """The theorem, with `holds` as the proof of the bound for every n."""
        s = self.s
        f = s.name
        names = " ".join(n for n, _ in s.constants)
        hyps = " ".join(f"C{k}_" for k in range(len(s.conditions)))
        roundings = " ".join(f"{a.rounding} H_{a.rounding}" for a in s.roundings)
        every = " ".join(x for x in (names, hyps, roundings) if x)
        self.lines += [f"Lemma bounds : holds{s.fixed} {f}.", f"Proof. {holds} Qed.", "End Solution.",
                       f"Lemma whole : solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> holds{s.fixed} {f}.",
                       "Proof using All. split; [exact exists_solution | exact bounds]. Qed.", "End Claim.",
                       "Theorem t : claim.", f"Proof. {f'intros {every}. ' if every else ''}exact (whole {every}). Qed."]
        return HEADER + "\n".join(self.lines) + "\n"


# ---------------------------------------------------------------- refutations

def refutation(s: Statement, certificate: Mapping[str, Any]) -> Files:
    """One size at which the bound fails, and an admissible T with its value there."""
    point = {str(k): Fraction(str(v)) for k, v in certificate["assignment"].items()}
    if s.constants:
        raise NotExported("a refutation with constants")
    if s.size is None or set(point) != {s.size.name}:
        raise NotExported("a refutation with several parameters")
    k = int(point[s.size.name])
    if s.relation != "=":
        raise NotExported("a refutation of a bound of an inequality")
    p = Explicit(s, str(certificate.get("rounding") or "max") if s.roundings else None)
    p.opening()
    low, _ = p.ends(k)
    op = NEGATION.get(s.op)
    if op is None:
        value = exact(s.bound, {s.system.variable: Fraction(k)})
        op = ("<" if low < value else ">") if value is not None else _side(s, k, low)
    name = p.compare(k, op)
    n, f = p.nat(k), s.name
    given = "".join(f" {a.rounding} H_{a.rounding}" for a in s.roundings)
    low_proof = "ltac:(lia)" if k <= LITERAL else f"(large_le {least(s.size)} {k} ltac:(lia))"
    if greatest(s.size) is not None and k > LITERAL:
        raise NotExported("a large size below a bound")
    inside = f" {low_proof}" + ("" if greatest(s.size) is None else " ltac:(lia)")
    p.lines += ["End Solution.", "End Claim.", "Theorem t : claim.",
                f"Proof. intros H_. destruct exists_solution as ({f} & S_). specialize (H_{given} {f} S_ {n}{inside}). pose proof ({name} {f} S_). lra. Qed."]
    p.lines[p.roundings_at:p.roundings_at] = p.roundings()
    return Files(s.text, HEADER + "\n".join(p.lines) + "\n")


def _side(s: Statement, k: int, value: Fraction) -> str:
    from verifier.lang.evaluate import compare
    return "<" if compare(Num(value), s.bound, {s.system.variable: k}) < 0 else ">"


# ---------------------------------------------------------------- the shapes

def export_explicit(s: Statement, certificate: Mapping[str, Any]) -> Files:
    """The files of an explicit claim."""
    try:
        if s.refuted:
            return refutation(s, certificate)
        rule = str(certificate["bound"]["rule"])
        from verifier.bridge.recurrences_closed import closed_form, dyadic_induction
        from verifier.bridge.recurrences_induction import induction
        methods: Mapping[str, Callable[[Statement, Mapping[str, Any]], str]] = {
            "induction": induction, "closed_form": closed_form, "dyadic_induction": dyadic_induction}
        method = methods.get(rule)
        if method is None:
            raise NotExported(f"the rule {rule}")
        return Files(s.text, method(s, certificate))
    except Rejected as error:
        raise NotExported(f"undecided: {error}") from error


__all__ = ["Explicit", "export_explicit"]
