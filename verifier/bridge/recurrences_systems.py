"""Systems of several functions, T_f(n) = sum a T_g(r(n)) + h_f(n), by the Akra-Bazzi theorem on the scale n.

A group of functions that call each other is one recurrence: with M(q)_fg = sum a b^q and positive v, M(q) v = v, the greatest and the
least of T_f/v_f satisfy recurrences with one branch a function, each with the sum 1.  Calls of earlier groups are driving functions,
of the classes shown there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_compare import _lexpos, conclude, needed
from verifier.bridge.recurrences_growth import Exponents, Growth, between, with_roots
from verifier.bridge.recurrences_proof import HEADER, Proof
from verifier.bridge.recurrences_statement import LARGE, TAKEN, Argument, Statement, argument_of, goal
from verifier.bridge.recurrences_systems_lags import lag_group
from verifier.bridge.text import NotExported, Printer, ratio_text
from verifier.kernel.claim import Claim, equation_text
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.recurrence_joint import determinant
from verifier.kernel.recurrence_real import Real, exp_real, log_real, power_real, real, real_of
from verifier.kernel.recurrence_system import System, read_systems
from verifier.kernel.recurrence_value import NotWellFounded, check_well_founded, relaxed
from verifier.lang.ast import LANDAU, ONE, ZERO, App, Expr, Num, Var, free_vars, functions, substitute, subterms
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii_relation

Nought, One = real(0), real(1)
MAX_POINTS = 24
"""Most base values of one function that are written out."""


@dataclass(frozen=True)
class Called:
    """coefficient * function(argument); `at` numbers the argument."""

    coefficient: Expr
    value: Real
    function: int
    argument: Argument
    at: int


@dataclass(frozen=True)
class Part:
    """One function of a system."""

    system: System
    name: str
    calls: tuple[Called, ...]
    driving: Expr
    points: tuple[tuple[int, Expr], ...]


@dataclass(frozen=True)
class Joint:
    """The statement about a system; `single` is what it says about the claimed function."""

    text: str
    parts: tuple[Part, ...]
    single: Statement
    order: tuple[int, ...]
    """The functions, those first whose value at n others need at n."""

    @property
    def names(self) -> str:
        return " ".join(p.name for p in self.parts)

    @property
    def roundings(self) -> list[Argument]:
        return [c.argument for p in self.parts for c in p.calls if c.argument.rounding]

    @property
    def arguments(self) -> str:
        return (" n0" if self.single.start is None else "") + "".join(f" {a.rounding}" for a in self.roundings)


# ---------------------------------------------------------------- the statement

def state_system(claim: Claim, verdict: str) -> Joint:
    """The statement of a claim about one function of a system; NotExported for what is not covered."""
    systems = relaxed(read_systems(claim))
    try:
        check_well_founded(systems)
    except NotWellFounded as error:
        raise NotExported("a recurrence that is not well-founded") from error
    r = claim.statement
    if r.op not in LANDAU or functions(r.right) or not (
            isinstance(r.left, App) and r.left.op in systems and len(r.left.args) == 1 and isinstance(r.left.args[0], Var)):
        raise NotExported("several functions, and a claim that does not bound one of them")
    if len(claim.parameters) != 1 or claim.assumptions:
        raise NotExported("several functions with parameters other than the size")
    size = claim.parameters[0]
    if size.kind != "integer" or size.role == "constant" or size.upper is not None or size.name != r.left.args[0].name:
        raise NotExported("parameters that are neither constant nor the size")
    own = systems[r.left.op]
    n, start = own.variable, own.start
    for s in systems.values():
        if s.parameters or s.scaled or len(s.branches) != 1 or s.single.histories or s.relation != "=":
            raise NotExported("several functions with branches, sums, inequalities or several arguments")
        if s.variable != n or s.start != start:
            raise NotExported("several functions with different variables or starts")
        if any(isinstance(x, App) and (x.op in LANDAU or functions(x) & systems.keys()) for x in subterms(s.single.driving)):
            raise NotExported("several functions with driving terms that are only bounded")
    renamed = {x: f"{x}_" for x in (n, *systems) if TAKEN.fullmatch(x) or "_" in x}
    late = Context({n: Interval(Fraction(LARGE), integer=True)})
    context = Context({n: Interval(Fraction(LARGE if start is None else max(start, 0)), integer=True)})
    printer = Printer(late, frozenset({n}), coerce=True, renamed=renamed, naturals=frozenset({n}))
    v, names = printer.name(n), list(systems)
    parts: list[Part] = []
    count = 0
    for s in systems.values():
        calls: list[Called] = []
        for c in s.single.calls:
            if n in free_vars(c.coefficient):
                raise NotExported("several functions with coefficients that depend on n")
            value = real_of(c.coefficient, s.facts)
            if value.sign() <= 0:
                raise NotExported("a coefficient that is not positive")
            count += 1
            a = argument_of(c.argument, n, v, f"r{count}", s, printer)
            if a.real is not None:
                raise NotExported("several functions with arguments that are not linear")
            calls.append(Called(c.coefficient, value, names.index(c.function), a, count))
        if not calls:
            raise NotExported("a function without calls among several")
        parts.append(Part(s, printer.name(s.name), tuple(calls), s.single.driving, _points(s)))
    bound = substitute(r.right, {r.left.args[0].name: Var(n)})
    single = Statement("", own, printer, printer.name(own.name), v, (), ZERO, bound, r.op, start, (), (), (), context, verdict == "refuted")
    out = Joint("", tuple(parts), single, _order(parts, v))
    return replace(out, text=_text(out, claim))


def _points(s: System) -> tuple[tuple[int, Expr], ...]:
    out: list[tuple[int, Expr]] = []
    for b in s.bases:
        low = 0 if b.low is None else max(b.low, 0)
        if b.high - low > MAX_POINTS:
            raise NotExported("a long list of base values")
        out += [(i, substitute(b.value, {s.variable: Num(Fraction(i))})) for i in range(low, b.high + 1)]
    return tuple(out)


def _order(parts: Sequence[Part], v: str) -> tuple[int, ...]:
    out: list[int] = []
    while len(out) < len(parts):
        ready = [i for i, p in enumerate(parts) if i not in out and all(c.argument.text != v or c.function in out for c in p.calls)]
        if not ready:
            raise NotExported("functions that need each other at the same argument")
        out += ready
    return tuple(out)


def _product(printer: Printer, coefficient: Expr, call: str) -> str:
    return call if coefficient == ONE else f"{printer.factor(coefficient)} * {call}"


def _call(c: Called, names: Sequence[str], v: str) -> str:
    return f"{names[c.function]} {v if c.argument.text == v else c.argument.call}"


def _right(j: Joint, p: Part, driving: str) -> str:
    """The right side of an equation."""
    printer = j.single.printer.with_context(j.single.context)
    names = [x.name for x in j.parts]
    return " + ".join([_product(printer, c.coefficient, _call(c, names, j.single.variable)) for c in p.calls] + ([driving] if driving else []))


def _driving_text(j: Joint, p: Part) -> str:
    if p.driving == ZERO:
        return ""
    text = j.single.printer.with_context(j.single.context).real(p.driving)
    return f"({text})" if text.startswith("-") else text


def _text(j: Joint, claim: Claim) -> str:
    s = j.single
    v, f = s.variable, s.name
    equations = "; ".join(equation_text(e) for e in claim.recurrences)
    rounded = any(isinstance(x, App) and x.op in ("floor", "ceil") for e in (s.bound, *(p.driving for p in j.parts)) for x in subterms(e))
    lines = [f"(* {equations}", f"   {ascii_relation(claim.statement)}: {'refuted' if s.refuted else 'proved'}, for all large {v}. *)",
             "From Coq Require Import Reals Arith.", *(["From Aalp Require Import Analysis."] if rounded else []), "Open Scope R_scope.",
             "Coercion INR : nat >-> R.", ""]
    for a in j.roundings:
        lines.append(f"Definition rounding_{a.rounding} ({a.rounding} : nat -> nat) : Prop := forall {v}, ({a.low} <= {a.rounding} {v} <= {a.high})%nat.")
    start = "n0" if s.start is None else str(s.start)
    typed = (" (n0 : nat)" if s.start is None else "") + "".join(f" ({a.rounding} : nat -> nat)" for a in j.roundings)
    lines += ["(* values below the start that are not given are any positive numbers *)" if start != "0" else "",
              f"Definition recurrence{typed} ({j.names} : nat -> R) : Prop :="]
    body: list[str] = []
    for p in j.parts:
        body += [f"  {p.name} {i}%nat = {s.printer.real(e)}" for i, e in p.points]
        other = "".join(f"{v} <> {i}%nat -> " for i, _ in p.points)
        body += [f"  (forall {v}, ({v} < {start})%nat -> {other}0 < {p.name} {v})",
                 f"  (forall {v}, ({start} <= {v})%nat -> {p.name} {v} = {_right(j, p, _driving_text(j, p))})"]
    lines.append(" /\\\n".join(body) + ".")
    lines += [f"Definition rhs ({v} : nat) : R := {s.printer.real(s.bound)}.", "",
              f"Definition solvable{typed} : Prop := exists {j.names}, recurrence{j.arguments} {j.names}."]
    if s.op in ("O", "Theta", "Omega"):
        head = f"exists c N, 0 < c /\\ forall {v}, (N <= {v})%nat ->"
        upper, lower = f"{f} {v} <= c * rhs {v}", f"rhs {v} <= c * {f} {v}"
    else:
        head = f"forall c, 0 < c -> exists N, forall {v}, (N <= {v})%nat ->"
        upper, lower = f"c * {f} {v} <= rhs {v}", f"c * rhs {v} <= {f} {v}"
    if s.op in ("O", "Theta", "o"):
        lines.append(f"Definition upper ({f} : nat -> R) : Prop := {head} {upper}.")
    if s.op in ("Omega", "Theta", "omega"):
        lines.append(f"Definition lower ({f} : nat -> R) : Prop := {head} {lower}.")
    lines.append(f"Definition bound ({f} : nat -> R) : Prop := {goal(s)}.")
    head = "exists m_, forall n0, (m_ <= n0)%nat -> " if s.start is None else ""
    head += "".join(f"forall {a.rounding}, rounding_{a.rounding} {a.rounding} -> " for a in j.roundings)
    lines.append(f"Definition claim : Prop := {head}\n  solvable{j.arguments} /\\ forall {j.names}, recurrence{j.arguments} {j.names} -> "
                 f"{'~ ' if s.refuted else ''}bound {f}.")
    return "\n".join(x for x in lines) + "\n"


# ---------------------------------------------------------------- the proof

@dataclass(frozen=True)
class Class:
    """A function of n with its text and the lemmas that bound it by a class from above and from below."""

    text: str
    late: str
    exponents: Exponents
    above: str
    below: str


class SystemProof(Proof):
    """The text of a proof about a system."""

    def __init__(self, j: Joint) -> None:
        super().__init__(j.single)
        self.j = j
        self.rows: dict[str, list[tuple[Real, Real]]] = {}
        self.known: dict[int, Exponents] = {}
        self.growths: dict[int, Growth] = {}
        self.only_upper = needed(j.single) == {"upper"}

    def system_text(self, bound: Mapping[str, Any]) -> str:
        s, j = self.s, self.j
        out = self.lines
        self.exponent_forms()
        self.bound = self.grower.grow(s.bound)
        if self.bound.value.sign() <= 0:
            raise NotExported("a bound that is not positive")
        self.prepare()
        self.solutions()
        out += ["Section Solution.", f"Variables {j.names} : nat -> R.", f"Hypothesis HT : recurrence{j.arguments} {j.names}."]
        self.equations()
        self.signs()
        names = [p.system.name for p in j.parts]
        for k, entry in enumerate((*bound.get("auxiliary", ()), bound)):
            if entry["rule"] not in ("akra_bazzi", "joint") or entry.get("size", "n") not in ("n", "exp(n)"):
                raise NotExported(f"several functions, the rule {entry['rule']}" + (f" in the size {entry['size']}" if "size" in entry else ""))
            group = [names.index(str(f)) for f in entry["functions"]] if entry["rule"] == "joint" else [names.index(str(entry["function"]))]
            if entry.get("size", "n") == "n":
                self.group(k + 1, group, entry)
            else:
                lag_group(self, k + 1, group, entry)
        own = names.index(s.system.name)
        e = self.known[own]
        for side, way in (("upper", "above"), ("lower", "below"))[:1 if self.only_upper else 2]:
            out += [f"Lemma class_{side} : bounded_{way} {s.name} (Sc {self.grower.exponents(e)}).", f"Proof. exact class_{way}_{own + 1}. Qed."]
        self.upper, self.lower = e, None if self.only_upper else e
        conclude(self)
        return self.finish()

    # ------------------------------------------------------------------ the frame
    def prepare(self) -> None:
        s, j, v, out = self.s, self.j, self.s.variable, self.lines
        for i, p in enumerate(j.parts):
            if p.driving != ZERO:
                self.growths[i] = g = self.grower.grow(p.driving)
                if g.value.sign() <= 0:
                    raise NotExported("a driving function that is not positive for large n")
                if g.exponents[0].num or g.exponents[3].num:
                    raise NotExported("several functions with log log n or an exponential in a driving function")
        out += ["Section Recurrence."]
        self.growth_at = len(out)
        for i, p in enumerate(j.parts):
            g = self.growths.get(i)
            proof = f"generalize (grows_nonneg _ {g.text} _ _ _ _ {self.sign_proof()} {g.name}). apply late_imp. intros n. apply Rlt_le." if g is not None else "exists 0%nat. intros n _. apply Rle_refl."
            out += [f"Definition drive_{i + 1} ({v} : nat) : R := {_driving_text(j, p) or '0'}.", f"Lemma drive_late_{i + 1} : late (fun n => 0 <= drive_{i + 1} n).", f"Proof. {proof} Qed."]
        every = " /\\ ".join(f"0 <= drive_{i + 1} n" for i in range(len(j.parts)))
        late = f"drive_late_{len(j.parts)}"
        for i in reversed(range(len(j.parts) - 1)):
            late = f"(late_and _ _ drive_late_{i + 1} {late})"
        self.least_start = self.least()
        out += [f"Lemma g_late : late (fun n => {every}).", f"Proof. exact {late}. Qed.", "Variable n0 : nat.",
                f"Hypothesis start : (n0 = {s.start})%nat." if s.start is not None else f"Hypothesis start : ({self.least_start} <= n0)%nat."]
        if s.start is None:
            out.append(f"Hypothesis g_nonneg : forall n, (n0 <= n)%nat -> {every}.")
        else:
            unfolded = ", ".join(f"drive_{i + 1}" for i in range(len(j.parts)))
            out += [f"Lemma g_nonneg : forall n, (n0 <= n)%nat -> {every}.",
                    f"Proof. intros n Hn. rewrite start in Hn. apply le_INR in Hn. simpl (INR {s.start}) in Hn. unfold {unfolded}. repeat split; first [lra | pos | apply floor_nonneg; pos | apply ceil_nonneg; pos]. Qed."]
        for a in j.roundings:
            out += [f"Variable {a.rounding} : nat -> nat.", f"Hypothesis H_{a.rounding} : rounding_{a.rounding} {a.rounding}.",
                    f"Lemma range_{a.rounding} : forall {v}, ({a.low} <= {a.rounding} {v} <= {a.high})%nat.", f"Proof. exact H_{a.rounding}. Qed."]
        for c in self.calls():
            fact = f"pose proof (H_{c.argument.rounding} {v}) as R_. " if c.argument.rounding else ""
            kept = " R_" if c.argument.rounding else ""
            if c.argument.text != v:
                out += [f"Lemma smaller_{c.at} : forall {v}, (n0 <= {v})%nat -> ({c.argument.text} < {v})%nat.",
                        f"Proof. intros {v} Hn. {fact}clear - start Hn{kept}. lia. Qed."]
            out += [f"Lemma near_{c.at} : forall {v}, (n0 <= {v})%nat -> Rabs (INR ({c.argument.text}) - {ratio_text(c.argument.slope)} * INR {v}) <= {ratio_text(c.argument.distance)}.",
                    f"Proof. {f'pose proof range_{c.argument.rounding}. ' if c.argument.rounding else ''}call_near. Qed."]

    def calls(self) -> list[Called]:
        return [c for p in self.j.parts for c in p.calls]

    def least(self) -> int:
        found = 2
        for c in self.calls():
            b, d = c.argument.slope, c.argument.distance
            if b < 1:
                found = max(found, int(d / (1 - b)) + 2, int(d / b) + 2)
            elif c.argument.text != self.s.variable:
                found = max(found, int(d) + 2)
        if found > 5000:
            raise NotExported("a recurrence whose arguments shrink only for very large n")
        return found

    # ------------------------------------------------------------------ solutions
    def projection(self, i: int, text: str) -> str:
        """The i-th entry of a tuple, which is nested to the left."""
        total = len(self.j.parts)
        for _ in range(total - 1 - max(i, 1)):
            text = f"fst ({text})"
        return f"({'snd' if i else 'fst'} ({text}))"

    def solutions(self) -> None:
        s, j, v, out = self.s, self.j, self.s.variable, self.lines
        total = len(j.parts)
        kind = "(" * (total - 1) + "R" + " * R)" * (total - 1)
        printer = s.printer.with_context(s.context)
        texts: dict[int, str] = {}
        for i in j.order:
            p = j.parts[i]
            products = []
            for c in p.calls:
                value = f"({texts[c.function]})" if c.argument.text == v else self.projection(c.function, f"V_ {c.argument.call}")
                products.append(_product(printer, c.coefficient, value))
            texts[i] = " + ".join([*products, f"drive_{i + 1} {v}"])

        def tupled(parts: Sequence[str]) -> str:
            text = parts[0]
            for x in parts[1:]:
                text = f"({text}, {x})"
            return text

        for i, p in enumerate(j.parts):
            base = "1"
            for k, e in reversed(p.points):
                base = f"if Nat.eqb {v} {k} then {s.printer.real(e)} else {base}"
            out.append(f"Definition base_{i + 1} ({v} : nat) : R := {base}.")
        out += [f"Definition base ({v} : nat) : {kind}%type := {tupled([f'base_{i + 1} {v}' for i in range(total)])}.",
                f"Definition step (V_ : nat -> {kind}%type) ({v} : nat) : {kind}%type := {tupled([texts[i] for i in range(total)])}."]
        rewrites = " ".join(f"rewrite ?(E_ _ (smaller_{c.at} {v} Hn))." for c in self.calls() if c.argument.text != v)
        out += [f"Lemma step_local : forall V_ W_ {v}, (n0 <= {v})%nat -> (forall m_, (m_ < {v})%nat -> V_ m_ = W_ m_) -> step V_ {v} = step W_ {v}.",
                f"Proof. intros V_ W_ {v} Hn E_. unfold step. {rewrites} reflexivity. Qed."]
        found = [f"(fun {v} => {self.projection(i, f'system _ step base n0 {v}')})" for i in range(total)]
        goals: list[str] = []
        for i, p in enumerate(j.parts):
            plain = f"cbv beta. rewrite system_base by lia. unfold base. cbn [fst snd]. unfold base_{i + 1}."
            goals += [f"{plain} reflexivity." for _ in p.points]
            apart = " ".join(f"E{k}" for k, _ in p.points)
            cases = "".join(f" destruct (Nat.eqb_spec {v} {k}); [lia|]." for k, _ in p.points)
            goals.append(f"intros {v} Hn {apart}. {plain}{cases} lra.")
            goals.append(f"intros {v} Hn. cbv beta. rewrite (system_step _ step base n0 step_local {v} ltac:(lia)). unfold step. cbn [fst snd]. unfold {', '.join(f'drive_{k + 1}' for k in range(total))}. ring.")
        nested = "_"
        for _ in range(len(goals) - 1):
            nested = f"(conj _ {nested})"
        out += [f"Lemma exists_solution : solvable{j.arguments}.", "Proof.", f"  exists {', '.join(found)}. refine {nested}.",
                *(f"  - {g}" for g in goals), "Qed."]

    def part(self, k: int) -> str:
        """The k-th conjunct of the recurrence."""
        total = sum(len(p.points) + 2 for p in self.j.parts)
        body = "HT"
        for _ in range(k):
            body = f"(proj2 {body})"
        return body if k == total - 1 else f"(proj1 {body})"

    def equations(self) -> None:
        out, v, at = self.lines, self.s.variable, 0
        for i, p in enumerate(self.j.parts):
            at += len(p.points) + 2
            out += [f"Lemma equation_{i + 1} : forall {v}, (n0 <= {v})%nat -> {p.name} {v} = {_right(self.j, p, f'drive_{i + 1} {v}')}.",
                    f"Proof. intros {v} Hn. {'rewrite start in Hn. ' if self.s.start is not None else ''}rewrite ({self.part(at - 1)} {v} Hn) at 1. unfold drive_{i + 1}. ring. Qed."]

    def signs(self) -> None:
        """Every function is positive, by induction over all of them."""
        out, v, at = self.lines, self.s.variable, 0
        parts = self.j.parts
        total = len(parts)
        if any(real_of(e, p.system.facts).sign() <= 0 for p in parts for _, e in p.points):
            raise NotExported("several functions with base values that are not positive")
        early = []
        for p in parts:
            text = ""
            for k, (i, _) in enumerate(p.points):
                text += f"destruct (Nat.eq_dec {v} {i}) as [->|E{i}]; [rewrite {self.part(at + k)}; first [lra | pos]|]. "
            at += len(p.points) + 2
            early.append(f"{text}apply {self.part(at - 2)}; {'assumption' if self.s.start is None else 'lia'}.")
        every = " /\\ ".join(f"0 < {p.name} {v}" for p in parts)
        out += [f"Lemma signs : forall {v}, {every}.",
                f"Proof. intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. destruct (le_lt_dec n0 {v}) as [Hn|Hn].",
                f"  - pose proof (g_nonneg {v} Hn) as G_."]
        names = [p.name for p in parts]
        for i in self.j.order:
            products = []
            for c in parts[i].calls:
                smaller = f"Q{c.function + 1}_" if c.argument.text == v else _component(f"(IH_ _ (smaller_{c.at} {v} Hn))", c.function, total)
                text = _product(self.s.printer.with_context(self.s.context), c.coefficient, _call(c, names, v))
                proof = f"exact {smaller}" if c.coefficient == ONE else f"apply Rmult_lt_0_compat; [first [lra | pos] | exact {smaller}]"
                products.append(f"assert (P{c.at}_ : 0 < {text}) by ({proof}).")
            out.append(f"    assert (Q{i + 1}_ : 0 < {names[i]} {v}). {{ rewrite (equation_{i + 1} {v} Hn). {' '.join(products)} lra. }}")
        out += ["    repeat split; assumption.", f"  - refine {_conjunction(total)}.", *(f"    + {e}" for e in early), "Qed."]
        for i, p in enumerate(parts):
            out += [f"Lemma sign_{i + 1} : forall {v}, 0 < {p.name} {v}.", f"Proof. intros {v}. exact {_component(f'(signs {v})', i, total)}. Qed."]

    # ------------------------------------------------------------------ a group
    def group(self, number: int, group: Sequence[int], entry: Mapping[str, Any]) -> None:
        """The class of the functions of one group."""
        parts, v, out = self.j.parts, self.s.variable, self.lines
        inner = {i: [c for c in parts[i].calls if c.function in group] for i in group}
        if any(not x for x in inner.values()):
            raise NotExported("a function without calls among several")
        if any(c.argument.text == v or c.argument.slope >= 1 for x in inner.values() for c in x):
            raise NotExported("functions that call each other at arguments that do not shrink by a constant factor")
        outer = {i: self.outer(i, group) for i in group}
        pieces = [x for i in group for x in outer[i]]
        top = pieces[0].exponents if pieces else None
        for x in pieces:
            top = x.exponents if top is None or self.order_scale.gap(x.exponents, top) > 0 else top
        side = 1
        if top is not None:
            side = self.side(inner, group, top[1])
        q = top[1] if top is not None and side <= 0 else self.leaf(inner, entry)
        weights = self.weights(inner, group, q, side)
        self.extremes(number, group, inner, weights)
        uppers, lowers = self.driving_of(number, group, outer, weights, top, q, side)
        slopes = [c.argument.slope for x in inner.values() for c in x]
        distance = max(c.argument.distance for x in inner.values() for c in x)
        low, high = ratio_text(min(slopes)), ratio_text(max(slopes))
        listed = "[" + "; ".join(f"row_{i + 1}" for i in group) + "]"
        cases = "[]"
        for _ in group:
            cases = f"[<-|{cases}]"
        near = " ".join(f"pose proof near_{c.at}." for x in inner.values() for c in x)
        out += [f"Lemma rounded_{number} : rounded INR {low} {high} {ratio_text(distance)} n0 (listed {listed}).",
                f"Proof. {near} do 4 (split; [lra|]). intros l t {cases} Ht; terms_cases Ht; cbn [ta tb tr]; (split; [first [lra | left; pos] | split; [lra|]]);",
                "  intros m_ Hm_; match goal with H : forall n, _ -> Rabs _ <= ?c |- _ => refine (Rle_trans _ _ _ (H m_ Hm_) _); lra end. Qed."]
        head = f"{listed} {low} {high} {ratio_text(distance)} n0 rounded_{number}"
        up = f"most_{number} over_{number} {head} over_late_{number} below_{number}"
        down = f"least_{number} under_{number} {head}"
        qt = self.grower.tight(self.grower.exponent(q))

        def each(relation: str, name: str, proof: str) -> str:
            for i in group:
                self.asum(q, relation, f"{name}_{i + 1}", f"row_{i + 1}")
            return f"ltac:(intros l_ {cases}; [" + " | ".join(f"exact {proof.replace('@', f'{name}_{i + 1}')}" for i in group) + "])"

        if side > 0:
            e: Exponents = (Nought, q, Nought, Nought)
            sums = each("=", f"sum_{number}", "(Req_le _ _ @)")
            at_least = sums.replace("(Req_le _ _ ", "(Req_le _ _ (eq_sym ").replace(")" + " |", ")) |").replace(")])", "))])")
            middle = real(between(top[1], q)) if top is not None else q - One
            mt = self.grower.tight(self.grower.exponent(middle))
            out += [f"Lemma apart_{number} : {mt} < {qt}.", f"Proof. {self.grower.bracket(q, middle) if q.rational is None and top is not None else ''}lra. Qed."]
            above = f"system_leaf_upper {up} {qt} {mt} apart_{number} {sums} {uppers}"
            below = f"system_leaf_lower {down} under_late_{number} above_{number} least_positive_{number} {qt} {at_least}"
        else:
            if top is None or lowers is None and not self.only_upper:
                raise NotExported("functions that call each other, with driving functions of different classes")
            kt = self.grower.tight(self.grower.exponent(top[2]))
            if side == 0:
                if (top[2] + One).sign() <= 0:
                    raise NotExported("several functions with a driving function n^d/log(n)^k, k >= 1, in the balanced case")
                e = (Nought, q, top[2] + One, Nought)
                sums = each("=", f"sum_{number}", "(Req_le _ _ @)")
                at_least = sums.replace("(Req_le _ _ ", "(Req_le _ _ (eq_sym ").replace(")" + " |", ")) |").replace(")])", "))])")
                above = f"system_balanced_upper {up} {qt} {kt} ltac:(lra) {sums} {uppers}"
                below = f"system_balanced_lower {down} above_{number} least_positive_{number} {qt} {kt} ltac:(lra) {at_least} {lowers}"
            else:
                e = top
                for i in group:
                    self.asum(q, "<", f"sum_{number}_{i + 1}", f"row_{i + 1}")
                rho, small = f"(asum row_{group[-1] + 1} {qt})", f"sum_{number}_{group[-1] + 1}"
                for i in reversed(group[:-1]):
                    rho, small = f"(Rmax (asum row_{i + 1} {qt}) {rho})", f"(Rmax_lub_lt _ _ _ sum_{number}_{i + 1} {small})"
                reach = " | ".join("exact " + self.up_to(k, len(group)) for k in range(len(group)))
                above = f"system_root_upper {up} {qt} {kt} {rho} {small} ltac:(intros l_ {cases}; [{reach}]) {uppers}"
                below = f"system_root_lower {down} above_{number} least_positive_{number} {qt} {kt} {lowers}"
        text = self.grower.exponents(e)
        shift = ""
        if side == 0 and top is not None:
            shift = f"replace ({self.grower.tight(self.grower.exponent(top[2]))} + 1) with {self.grower.tight(self.grower.exponent(e[2]))} in X_ by lra. "
        out += [f"Lemma most_above_{number} : bounded_above most_{number} (Sc {text}).", f"Proof. pose proof ({above}) as X_. {shift}exact X_. Qed."]
        if not self.only_upper:
            out += [f"Lemma least_below_{number} : bounded_below least_{number} (Sc {text}).", f"Proof. pose proof ({below}) as X_. {shift}exact X_. Qed."]
        for i in group:
            w = ratio_text(weights[i])
            out += [f"Lemma class_above_{i + 1} : bounded_above {parts[i].name} (Sc {text}).",
                    f"Proof. exact (part_above _ _ _ {w} ltac:(lra) under_most_{i + 1} most_above_{number}). Qed."]
            if not self.only_upper:
                out += [f"Lemma class_below_{i + 1} : bounded_below {parts[i].name} (Sc {text}).",
                    f"Proof. exact (part_below _ _ _ {w} ltac:(lra) over_least_{i + 1} least_below_{number}). Qed."]
            self.known[i] = e

    def ratios(self, listed: str) -> list[tuple[Real, Real]]:
        return self.rows[listed]

    @staticmethod
    def up_to(k: int, total: int) -> str:
        """x_k <= Rmax x_0 (Rmax x_1 ..)."""
        if total == 1:
            return "(Rle_refl _)"
        if k == 0:
            return "(Rmax_l _ _)"
        return f"(Rle_trans _ _ _ {SystemProof.up_to(k - 1, total - 1)} (Rmax_r _ _))"

    @staticmethod
    def down_to(k: int, total: int) -> str:
        """Rmin x_0 (Rmin x_1 ..) <= x_k."""
        if total == 1:
            return "(Rle_refl _)"
        if k == 0:
            return "(Rmin_l _ _)"
        return f"(Rle_trans _ _ _ (Rmin_r _ _) {SystemProof.down_to(k - 1, total - 1)})"

    def matrix(self, inner: Mapping[int, list[Called]], group: Sequence[int], q: Real) -> list[list[Real]]:
        """M(q)."""
        out = [[Nought] * len(group) for _ in group]
        for a, i in enumerate(group):
            for c in inner[i]:
                b = group.index(c.function)
                out[a][b] = out[a][b] + c.value * power_real(real(c.argument.slope), q)
        return out

    def side(self, inner: Mapping[int, list[Called]], group: Sequence[int], q: Real) -> int:
        """The sign of rho(M(q)) - 1, by the leading principal minors of I - M(q)."""
        m = self.matrix(inner, group, q)
        gap = [[(One if i == k else Nought) - m[i][k] for k in range(len(m))] for i in range(len(m))]
        signs = [determinant([row[:k] for row in gap[:k]]).sign() for k in range(1, len(m) + 1)]
        if all(x > 0 for x in signs):
            return -1
        return 0 if all(x > 0 for x in signs[:-1]) and signs[-1] == 0 else 1

    def leaf(self, inner: Mapping[int, list[Called]], entry: Mapping[str, Any]) -> Real:
        """The exponent of the certificate, as a quotient of logarithms that the ratios fit."""
        text = entry.get("exponent")
        if text is None:
            raise NotExported("exponents from one side")
        q = real_of(parse_expression(str(text)), self.s.system.facts)
        if q.rational is None and q.key not in self.arguments:
            base = 1 / max(c.argument.slope for x in inner.values() for c in x)
            self.register(App("/", (App("log", (with_roots(exp_real(q * log_real(real(base))).expr),)), App("log", (Num(base),)))))
            if q.key not in self.arguments:
                raise NotExported("an exponent that is not a quotient of logarithms")
        return q

    def weights(self, inner: Mapping[int, list[Called]], group: Sequence[int], q: Real, side: int) -> dict[int, Fraction]:
        """Positive v with M(q) v = v, or M(q) v < v if the spectral radius is less than 1, from the cofactors of I - M(q)."""
        n = len(group)
        if n == 1:
            return {group[0]: Fraction(1)}
        m = self.matrix(inner, group, q)
        gap = [[(One if i == k else Nought) - m[i][k] for k in range(n)] for i in range(n)]

        def cofactor(i: int, k: int) -> Real:
            d = determinant([row[:k] + row[k + 1:] for row in gap[:i] + gap[i + 1:]])
            return d if (i + k) % 2 == 0 else -d

        found: list[Fraction] = []
        for k in range(n):
            x = cofactor(0, k)
            for i in range(1, n if side < 0 else 1):
                x = x + cofactor(i, k)
            if x.rational is None or x.rational <= 0:
                raise NotExported("several functions whose orders have irrational weights")
            found.append(x.rational)
        unit = Fraction(gcd(*(x.numerator for x in found)), lcm(*(x.denominator for x in found)))
        return {i: x / unit for i, x in zip(group, found, strict=True)}

    # ------------------------------------------------------------------ driving functions of a group
    def outer(self, i: int, group: Sequence[int]) -> list[Class]:
        """The driving function of one function: its own, and calls of functions outside of the group.  Writes `outer_i`."""
        p, v, out = self.j.parts[i], self.s.variable, self.lines
        found: list[Class] = []
        if i in self.growths:
            g = self.growths[i]
            found.append(Class(f"drive_{i + 1}", f"drive_late_{i + 1}", g.exponents, f"(grows_above _ {g.text} _ _ _ _ {self.sign_proof()} {g.name})",
                               f"(grows_below _ {g.text} _ _ _ _ {self.sign_proof()} {g.name})"))
        for c in p.calls:
            if c.function in group:
                continue
            e = self.known.get(c.function)
            if e is None:
                raise NotExported("a call of a function whose class is not known")
            if e[0].num or e[3].num:
                raise NotExported("a call of a function whose class has log log n or an exponential")
            name = self.j.parts[c.function].name
            a = self.s.printer.tight(c.coefficient)
            inside = f"(fun {v} => {c.argument.text})%nat"
            fixed = f"{name} {inside} {ratio_text(c.argument.slope)} {ratio_text(c.argument.distance)} {a} {self.grower.tight(self.grower.exponent(e[1]))} {self.grower.tight(self.grower.exponent(e[2]))} n0 ltac:(lra) ltac:(lra) near_{c.at} ltac:(first [lra | pos])"
            out += [f"Definition call_{c.at} ({v} : nat) : R := {a} * {_call(c, [x.name for x in self.j.parts], v)}.",
                    f"Lemma call_late_{c.at} : late (fun n => 0 <= call_{c.at} n).",
                    f"Proof. exists 0%nat. intros n _. unfold call_{c.at}. apply Rmult_le_pos; [first [lra | left; pos] | left; apply sign_{c.function + 1}]. Qed.",
                    f"Lemma call_above_{c.at} : bounded_above call_{c.at} (Sc {self.grower.exponents(e)}).", f"Proof. exact (called_above {fixed} class_above_{c.function + 1}). Qed."]
            if not self.only_upper:
                out += [f"Lemma call_below_{c.at} : bounded_below call_{c.at} (Sc {self.grower.exponents(e)}).", f"Proof. exact (called_below {fixed} class_below_{c.function + 1}). Qed."]
            found.append(Class(f"call_{c.at}", f"call_late_{c.at}", e, f"call_above_{c.at}", f"call_below_{c.at}"))
        body = " + ".join(f"{x.text} {v}" for x in found) or "0"
        nonneg = " ".join(f"pose proof (sign_{c.function + 1} {c.argument.call if c.argument.text != v else v}) as S{c.at}_. assert (0 <= call_{c.at} {v}) by (unfold call_{c.at}; apply Rmult_le_pos; [first [lra | left; pos] | left; exact S{c.at}_])."
                          for c in p.calls if c.function not in group)
        out += [f"Definition outer_{i + 1} ({v} : nat) : R := {body}.",
                f"Lemma outer_nonneg_{i + 1} : forall {v}, (n0 <= {v})%nat -> 0 <= outer_{i + 1} {v}.",
                f"Proof. intros {v} Hn. pose proof (g_nonneg {v} Hn) as G_. {nonneg} unfold outer_{i + 1}. lra. Qed."]
        return found

    def driving_of(self, number: int, group: Sequence[int], outer: Mapping[int, list[Class]], weights: Mapping[int, Fraction], top: Exponents | None,
                   q: Real, side: int) -> tuple[str, str | None]:
        """The classes of the sum and of the least of the weighted driving functions."""
        out = self.lines
        target: Exponents = top if top is not None and side <= 0 else (Nought, real(between(top[1], q)) if top is not None else q - One, Nought, Nought)
        tt = self.grower.exponents(target)
        positive = "ltac:(intros; apply Sc_pos)"
        sums, least = [], []
        for i in group:
            w = ratio_text(1 / weights[i])
            if not outer[i]:
                text = f"(zero_above (Sc {tt}) {positive})"
            else:
                raised = [self.raised(x, target) for x in outer[i]]
                text = raised[0]
                for x in raised[1:]:
                    text = f"(sum_above _ _ _ {text} {x} {positive})"
            out += [f"Lemma outer_above_{i + 1} : bounded_above outer_{i + 1} (Sc {tt}).", f"Proof. exact {text}. Qed."]
            sums.append(f"(multiple_above outer_{i + 1} _ {w} ltac:(lra) outer_above_{i + 1})")
            same = [] if self.only_upper else [k for k, x in enumerate(outer[i]) if top is not None and side <= 0 and self.order_scale.gap(x.exponents, top) == 0]
            if same:
                k = same[0]
                text = outer[i][k].below
                if k:
                    before = outer[i][0].late
                    for x2 in outer[i][1:k]:
                        before = f"(sum_late _ _ {before} {x2.late})"
                    text = f"(sum_below_r _ _ _ {before} {text})"
                for x2 in outer[i][k + 1:]:
                    text = f"(sum_below_l _ _ _ {text} {x2.late})"
                out += [f"Lemma outer_below_{i + 1} : bounded_below outer_{i + 1} (Sc {tt}).", f"Proof. exact {text}. Qed."]
                least.append(f"(multiple_below outer_{i + 1} _ {w} ltac:(lra) outer_below_{i + 1})")
        text = sums[-1]
        for x3 in reversed(sums[:-1]):
            text = f"(sum_above _ _ _ {x3} {text} {positive})"
        out += [f"Lemma over_above_{number} : bounded_above over_{number} (Sc {tt}).", f"Proof. exact {text}. Qed."]
        if len(least) < len(group):
            return f"over_above_{number}", None
        text = least[-1]
        for x3 in reversed(least[:-1]):
            text = f"(least_below _ _ _ {positive} {x3} {text})"
        out += [f"Lemma under_below_{number} : bounded_below under_{number} (Sc {tt}).", f"Proof. exact {text}. Qed."]
        return f"over_above_{number}", f"under_below_{number}"

    def raised(self, x: Class, target: Exponents) -> str:
        if self.order_scale.gap(x.exponents, target) == 0:
            return x.above
        return f"(raise_upper {x.text} _ _ _ _ _ _ _ _ {_lexpos(self, x.exponents, target)} {x.above})"

    # ------------------------------------------------------------------ the greatest and the least quotient
    def extremes(self, number: int, group: Sequence[int], inner: Mapping[int, list[Called]], weights: Mapping[int, Fraction]) -> None:
        v, out, parts = self.s.variable, self.lines, self.j.parts
        printer = self.s.printer
        total = len(group)
        for i in group:
            entries = []
            self.rows[f"row_{i + 1}"] = []
            for c in inner[i]:
                ratio = weights[c.function] / weights[i]
                value = c.value * real(ratio)
                a = ratio_text(value.rational) if value.rational is not None else f"({printer.tight(c.coefficient)} * {ratio_text(ratio)})"
                entries.append(f"Term {a} {ratio_text(c.argument.slope)} (fun {v} : nat => {c.argument.text})%nat")
                self.rows[f"row_{i + 1}"].append((value, real(c.argument.slope)))
            out.append(f"Definition row_{i + 1} : list term := [{'; '.join(entries)}].")

        def folded(op: str, texts: Sequence[str]) -> str:
            text = texts[-1]
            for x in reversed(texts[:-1]):
                text = f"{op} ({x}) ({text})"
            return text

        quotients = [f"{ratio_text(1 / weights[i])} * {parts[i].name} {v}" for i in group]
        driving = [f"{ratio_text(1 / weights[i])} * outer_{i + 1} {v}" for i in group]
        summed = driving[-1]
        for x in reversed(driving[:-1]):
            summed = f"{x} + ({summed})"
        out += [f"Definition most_{number} ({v} : nat) : R := {folded('Rmax', quotients)}.", f"Definition least_{number} ({v} : nat) : R := {folded('Rmin', quotients)}.",
                f"Definition over_{number} ({v} : nat) : R := {summed}.", f"Definition under_{number} ({v} : nat) : R := {folded('Rmin', driving)}."]
        nonneg = " ".join(f"pose proof (outer_nonneg_{i + 1} {v} Hn)." for i in group)
        out += [f"Lemma over_late_{number} : late (fun n => 0 <= over_{number} n).", f"Proof. exists n0. intros {v} Hn. {nonneg} unfold over_{number}. lra. Qed.",
                f"Lemma under_late_{number} : late (fun n => 0 <= under_{number} n).", f"Proof. exists n0. intros {v} Hn. {nonneg} unfold under_{number}. repeat apply Rmin_glb; lra. Qed.",
                f"Lemma least_positive_{number} : late (fun n => 0 < least_{number} n).",
                f"Proof. exists 0%nat. intros {v} _. {' '.join(f'pose proof (sign_{i + 1} {v}).' for i in group)} unfold least_{number}. repeat apply Rmin_glb_lt; lra. Qed."]
        for k, i in enumerate(group):
            w = ratio_text(weights[i])
            out += [f"Lemma under_most_{i + 1} : forall {v}, {parts[i].name} {v} <= {w} * most_{number} {v}.",
                    f"Proof. intros {v}. assert (X_ : {quotients[k]} <= most_{number} {v}) by exact {self.up_to(k, total)}. lra. Qed.",
                    f"Lemma over_least_{i + 1} : forall {v}, {w} * least_{number} {v} <= {parts[i].name} {v}.",
                    f"Proof. intros {v}. assert (X_ : least_{number} {v} <= {quotients[k]}) by exact {self.down_to(k, total)}. lra. Qed."]
        for k, i in enumerate(group):
            for way, bound, which, g in (("below", "under_most", "most", "over"), ("above", "over_least", "least", "under")):
                known = " ".join(f"pose proof ({bound}_{c.function + 1} {c.argument.call}) as B{c.at}_. apply (Rmult_le_compat_l {printer.tight(c.coefficient)}) in B{c.at}_; [|first [lra | left; pos]]." for c in inner[i])
                left, right = f"{quotients[k]}", f"rsum (fun t => ta t * {which}_{number} (tr t {v})) row_{i + 1} + {g}_{number} {v}"
                small, big = (left, right) if way == "below" else (right, left)
                driven = nonneg + f" assert (D_ : {driving[k]} <= over_{number} {v}) by (unfold over_{number}; lra)." if way == "below" else \
                    f"assert (D_ : under_{number} {v} <= {driving[k]}) by exact {self.down_to(k, total)}."
                mine = [f"call_{c.at}" for c in parts[i].calls if c.function not in group]
                unfolded = ", ".join([f"outer_{i + 1}", *mine])
                out += [f"Lemma row_{way}_{i + 1} : forall {v}, (n0 <= {v})%nat -> {small} <= {big}.",
                        f"Proof. intros {v} Hn. {driven} unfold {unfolded} in D_. rewrite (equation_{i + 1} {v} Hn). {known} cbn [rsum row_{i + 1} ta tr].{self.without_drive(i)} lra. Qed."]
        listed = "[" + "; ".join(f"row_{i + 1}" for i in group) + "]"
        is_one = " \\/ ".join(f"@ {v} = {x}" for x in quotients)
        for which, op, way in (("most", "Rmax", "below"), ("least", "Rmin", "above")):
            out += [f"Lemma {which}_is_{number} : forall {v}, {is_one.replace('@', f'{which}_{number}')}.",
                    f"Proof. intros {v}. unfold {which}_{number}, {op}. repeat destruct (Rle_dec _ _); auto. Qed."]
            found = " | ".join(f"exists row_{i + 1}; split; [unfold listed; cbn [In]; auto | exact (row_{way}_{i + 1} {v} Hn)]" for i in group)
            pattern = "E_"
            for _ in range(total - 1):
                pattern = f"[E_|{pattern}]"
            g = "over" if way == "below" else "under"
            out += [f"Lemma {way}_{number} : {way} {which}_{number} {g}_{number} n0 (listed {listed}).",
                    f"Proof. intros {v} Hn. pose proof ({which}_is_{number} {v}) as {pattern}; rewrite E_; [{found}]. Qed."]

    def without_drive(self, i: int) -> str:
        """A driving function that is 0 is not part of `outer`."""
        return "" if i in self.growths else f" unfold drive_{i + 1} in *."

    # ------------------------------------------------------------------ the end
    def finish(self) -> str:
        s, j, out = self.s, self.j, self.lines
        out += ["End Solution.", f"Lemma whole : solvable{j.arguments} /\\ forall {j.names}, recurrence{j.arguments} {j.names} -> {'~ ' if s.refuted else ''}bound {s.name}.",
                "Proof using All. split; [exact exists_solution | exact bounds]. Qed.", "End Recurrence.", "", "Theorem t : claim.", "Proof."]
        roundings = " ".join(f"{a.rounding} H_{a.rounding}" for a in j.roundings)
        if s.start is None:
            out += ["  destruct g_late as (M_ & G_).", f"  exists (Nat.max M_ {self.least_start}). intros n0 Hn0 {roundings}.",
                    f"  exact (whole n0 ltac:(lia) (fun n Hn => G_ n ltac:(lia)) {roundings})."]
        else:
            out += [f"  intros {roundings}." if roundings else "", f"  exact (whole {s.start}%nat eq_refl {roundings})."]
        out.append("Qed.")
        out[self.growth_at:self.growth_at] = self.grower.lines
        return HEADER.replace("Growth Compare", "Growth Compare Loose Calls Systems").replace("ZArith List", "ZArith Wf_nat List") + "\n".join(out) + "\n"


def _component(text: str, i: int, total: int) -> str:
    for _ in range(i):
        text = f"(proj2 {text})"
    return text if i == total - 1 else f"(proj1 {text})"


def _conjunction(total: int) -> str:
    text = "_"
    for _ in range(total - 1):
        text = f"(conj _ {text})"
    return text


def export_system(certificate: Mapping[str, Any], claim: Claim) -> Files:
    """The files of a certificate about one function of a system."""
    if certificate.get("comparison", {}).get("rule") != "orders":
        raise NotExported("a comparison by a certificate of its own")
    try:
        j = state_system(claim, str(certificate["verdict"]))
        return Files(j.text, SystemProof(j).system_text(certificate["bound"]))
    except Rejected as error:
        raise NotExported(f"undecided constants: {error}") from error
