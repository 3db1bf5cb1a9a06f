"""The frame of a proof about a recurrence with any calls: arguments that are rounded real functions of n, coefficients that depend
on n, a maximum or minimum of branches.

What has to hold in the range of the equation (arguments that get smaller, values >= 0) is shown for large n; a recurrence that is
not given from a fixed start on holds from such an n on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from operator import eq, ge, gt, le, lt
from typing import Any

from verifier.bridge.recurrences_compare import conclude
from verifier.bridge.recurrences_growth import Growth
from verifier.bridge.recurrences_proof import HEADER, Proof
from verifier.bridge.recurrences_statement import Term, equation_body
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import Facts, Real, real, real_of
from verifier.kernel.recurrence_system import affine
from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, add, free_vars, sub
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import evaluate

HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "<=": le, "<": lt, ">=": ge, ">": gt}
SIGNS = "first [lra | pos | inverses]"


@dataclass
class Call:
    """One call: `near` shows that its argument r(n) is within a bounded distance of `target`."""

    term: Term
    number: int
    target: Expr
    linear: bool
    growth: Growth | None = None

    @property
    def near(self) -> str:
        return f"near_{self.number}"

    @property
    def smaller(self) -> str:
        return f"smaller_{self.number}"


class Calls(Proof):
    """The text of a proof about any calls, written in order."""

    def write(self, method: Callable[[Calls, Mapping[str, Any]], None], bound: Mapping[str, Any]) -> str:
        s, v, f = self.s, self.s.variable, self.s.name
        out = self.lines
        if s.sums:
            raise NotExported("sums over all smaller arguments")
        if not s.terms or not all(s.groups):
            raise NotExported("no call")
        self.exponent_forms()
        self.growths()
        if self.bound.value.sign() <= 0:
            raise NotExported("a bound that is not positive")
        if self.driving is not None and self.driving.value.sign() <= 0:
            raise NotExported("a driving function that is not positive for large n")
        self.facts: list[tuple[str, str]] = []
        self.late: list[str] = []
        self.calls = [self.read(t, k + 1) for k, t in enumerate(s.terms)]
        out += ["Section Recurrence."]
        out += [f"Variable {n} : {t}." for n, t in s.constants]
        out += [f"Hypothesis constant_{k} : {c}." for k, c in enumerate(s.conditions)]
        self.growth_at = len(out)
        out += [f"Definition g ({v} : nat) : R := {s.driving_text if self.driving else '0'}."]
        out += self.late_driving()
        self.fact("g_nonneg", f"0 <= g {v}", "g_late")
        for c in self.calls:
            self.room(c)
            self.coefficient(c)
        self.tail()
        for c in self.calls:
            self.call(c)
        self.solution()
        out += ["Section Solution.", f"Variable {f} : nat -> R.", f"Hypothesis HT : recurrence{s.all_arguments} {f}.",
                f"Lemma equation : forall {v}, (n0 <= {v})%nat -> {f} {v} = step {f} {v}.",
                f"Proof. intros {v} Hn. {self.component(len(s.points) + 1, 'HE')} {self.at_start}exact (HE {v} Hn). Qed."]
        self.sign()
        method(self, bound)
        self.finish()
        out += ["End Solution.", f"Lemma whole : solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> {'~ ' if s.refuted else ''}bound{s.fixed} {f}.",
                "Proof using All. split; [exact exists_solution | exact bounds]. Qed.", "End Recurrence.", ""]
        self.claim()
        out[self.growth_at:self.growth_at] = self.grower.lines
        text = "\n".join(out) + "\n"
        header = HEADER.replace("Import ListNotations", "From Coq Require Import Factorial.\nImport ListNotations") if "fact" in text else HEADER
        return header.replace("Growth Compare", "Growth Compare History Calls Differences Substitution Dominated LogLog").replace("Reals ZArith", "Reals ZArith Wf_nat") + text

    def growths(self) -> None:
        """The growth of the claimed bound and of the driving function."""
        self.bound = self.grower.grow(self.s.bound)
        self.driving: Growth | None = None if self.s.driving == ZERO else self.grower.grow(self.s.driving)

    def finish(self) -> None:
        """From the class of T to the claim."""
        conclude(self)

    @property
    def at_start(self) -> str:
        return "rewrite start in Hn. " if self.s.start is not None else ""

    # ------------------------------------------------------------------ calls
    def read(self, t: Term, number: int) -> Call:
        """The real function that the argument is near."""
        if t.argument.real is not None:
            return Call(t, number, t.argument.real, False)
        return Call(t, number, App("*", (Num(t.argument.slope), Var(self.s.system.variable))), True)

    def fact(self, name: str, predicate: str, late: str) -> None:
        """What holds for large n, and has to hold in the range of the equation."""
        self.facts.append((name, predicate))
        self.late.append(late)

    def room(self, c: Call) -> None:
        """0 <= x and x + 1 <= n for the real argument x."""
        v = self.s.variable
        if c.linear:
            if self.s.start is None and not any(name == "least_start" for name, _ in self.facts):
                self.fact("least_start", f"({self.least()} <= {v})%nat", f"(ex_intro _ {self.least()}%nat (fun n H => H))")
            return
        n = Var(self.s.system.variable)
        x = self.s.printer.real(c.target)
        g = self.positive_growth(c.target)
        rest = add(sub(n, c.target), Num(-ONE.value)) if not self.distance(c.target) else add(self.distance(c.target) or ZERO, Num(-ONE.value))
        gap = self.positive_growth(rest)
        c.growth = g
        self.fact(f"room_{c.number}", f"0 <= {x} /\\ {x} + 1 <= INR {v}",
                  f"(late_room (fun {v} : nat => {x}) (fun {v} : nat => {self.s.printer.real(rest)}) {self.late_positive(g)} {self.late_positive(gap)} ltac:(intros; cbv beta in *; lra))")

    def distance(self, x: Expr) -> Expr | None:
        """d for x = n - d."""
        if isinstance(x, App) and x.op == "+" and Var(self.s.system.variable) in x.args:
            rest = [a for a in x.args if a != Var(self.s.system.variable)]
            if len(rest) == len(x.args) - 1 and all(isinstance(a, App) and a.op == "neg" for a in rest):
                return add(*(a.args[0] for a in rest if isinstance(a, App)))
        return None

    def positive_growth(self, e: Expr) -> Growth:
        g = self.grower.grow(e)
        if g.value.sign() <= 0:
            raise NotExported("an argument or coefficient that is not positive for large n")
        return g

    def late_positive(self, g: Growth) -> str:
        return f"(grows_nonneg _ {g.text} _ _ _ _ {self.sign_proof()} {g.name})"

    def coefficient(self, c: Call) -> None:
        """Coefficients are positive."""
        e = c.term.coefficient
        if self.s.system.variable not in free_vars(e):
            if c.term.value.sign() <= 0:
                raise NotExported("a coefficient that is not positive")
            return
        g = self.positive_growth(e)
        self.fact(f"coefficient_{c.number}", f"0 < {self.early(e)}", self.late_positive(g))

    def early(self, e: Expr) -> str:
        return self.s.printer.with_context(self.s.context).real(e)

    def tail(self) -> None:
        s, v, out = self.s, self.s.variable, self.lines
        body, proof = "True", "(ex_intro _ 0%nat (fun _ _ => I))"
        for (_, predicate), late in zip(reversed(self.facts), reversed(self.late), strict=True):
            body, proof = f"({predicate}) /\\ {body}", f"(late_and _ _ {late} {proof})"
        if s.start is None:
            out += [f"Lemma tail_late : late (fun {v} : nat => {body}).", f"Proof using All. exact {proof}. Qed.", "Variable n0 : nat.",
                    f"Hypothesis tail : forall {v} : nat, (n0 <= {v})%nat -> {body}."]
        else:
            direct = ("first [assumption | exact I | lra | pos | apply floor_nonneg; pos | apply ceil_nonneg; pos | "
                      "split; [pos | apply room_of_root; lra]]")
            out += ["Variable n0 : nat.", f"Hypothesis start : (n0 = {s.start})%nat.", f"Lemma tail : forall {v} : nat, (n0 <= {v})%nat -> {body}.",
                    f"Proof. intros {v} Hn. rewrite start in Hn. apply le_INR in Hn. rewrite INR_IZR_INZ in Hn at 1. cbn [Z.of_nat Pos.of_succ_nat Pos.succ] in Hn. unfold g. "
                    f"repeat match goal with |- _ /\\ True => split; [|exact I] | |- _ /\\ (_ /\\ _) => split end; {direct}. Qed."]
        for k, (name, predicate) in enumerate(self.facts):
            path = "(tail " + v + " Hn)"
            for _ in range(k):
                path = f"(proj2 {path})"
            out += [f"Lemma {name} : forall {v} : nat, (n0 <= {v})%nat -> {predicate}.", f"Proof. intros {v} Hn. exact (proj1 {path}). Qed."]
        for a in s.roundings:
            out += [f"Variable {a.rounding} : nat -> nat.", f"Hypothesis H_{a.rounding} : {s.premise(a)}."]
            if a.real is None:
                out += [f"Lemma range_{a.rounding} : forall {v}, ({a.low} <= {a.rounding} {v} <= {a.high})%nat.", f"Proof. exact H_{a.rounding}. Qed."]

    def index(self, c: Call) -> str:
        """The index function of a call."""
        a = c.term.argument
        return a.rounding or f"(fun {self.s.variable} : nat => ({a.text})%nat)"

    def call(self, c: Call) -> None:
        """Lemmas near_k, smaller_k, and the growth of the argument."""
        a, v, out = c.term.argument, self.s.variable, self.lines
        if c.linear:
            b, d = ratio_text(a.slope), ratio_text(a.distance)
            ranges = f"pose proof range_{a.rounding}. " if a.rounding else ""
            known = (f"pose proof (range_{a.rounding} {v}) as R_. " if a.rounding else "") + (f"pose proof (least_start {v} Hn) as L_. " if self.s.start is None else "")
            keep = ("R_ " if a.rounding else "") + ("L_" if self.s.start is None else "start")
            out += [f"Lemma {c.near} : forall {v} : nat, (n0 <= {v})%nat -> Rabs (INR ({self.index(c)} {v}) - {b} * INR {v}) <= {d}.", f"Proof. {ranges}call_near. Qed.",
                    f"Lemma {c.smaller} : forall {v} : nat, (n0 <= {v})%nat -> ({self.index(c)} {v} < {v})%nat.",
                    f"Proof. intros {v} Hn. {known}clear - Hn {keep}. cbv beta. lia. Qed.",
                    f"Lemma growth_r{c.number} : grows (fun {v} : nat => INR ({self.index(c)} {v})) {b} 0 1 0 0.",
                    f"Proof. exact (grows_linear _ {b} {d} n0 ltac:(lra) ltac:(lra) {c.near}). Qed."]
            zero = real(0)
            c.growth = Growth(f"growth_r{c.number}", b, real(a.slope), (zero, real(1), zero, zero))
            return
        g = c.growth
        if g is None:
            raise NotExported("an argument without growth")
        hn = "ltac:(rewrite start in *; lia)" if self.s.start is not None else "Hn"
        natural = not a.low.startswith("floor") and not a.text.startswith("Z.")
        size = f"assert (B_ : (0 < {self.s.printer.real(c.target.args[1])})%nat) by (apply INR_lt; simpl (INR 0); lra). " if natural and isinstance(c.target, App) else ""
        if natural:
            way = f"{size}apply quotient_near; [exact B_ | {f'exact (H_{a.rounding} {v} {hn})' if a.rounding else 'split; [lia | apply Nat.div_le_mono; lia]'}]"
        elif a.rounding:
            way = f"apply rounded_near. exact (H_{a.rounding} {v} {hn})"
        else:
            way = f"apply {'floor' if 'floor' in a.text[:16] else 'ceil'}_near. exact (proj1 (room_{c.number} {v} Hn))"
        x = self.s.printer.real(c.target)
        out += [f"Lemma {c.near} : forall {v} : nat, (n0 <= {v})%nat -> Rabs (INR ({self.index(c)} {v}) - ({x})) < 1.", f"Proof. intros {v} Hn. cbv beta. {way}. Qed.",
                f"Lemma {c.smaller} : forall {v} : nat, (n0 <= {v})%nat -> ({self.index(c)} {v} < {v})%nat.",
                f"Proof. intros {v} Hn. exact (near_smaller _ _ _ ({c.near} {v} Hn) (proj2 (room_{c.number} {v} Hn))). Qed.",
                f"Lemma growth_r{c.number} : grows (fun {v} : nat => INR ({self.index(c)} {v})) {g.text} {self.grower.exponents(g.exponents)}.",
                f"Proof. exact (grows_rounded {self.index(c)} (fun {v} : nat => {x}) {g.text} {' '.join(self.grower.exponents(g.exponents).split(' ', 1)[1:])} n0 ltac:(close_lexpos) {c.near} {g.name}). Qed."]
        if g.exponents[0].num:
            raise NotExported("an argument that grows exponentially")
        c.growth = Growth(f"growth_r{c.number}", g.text, g.value, g.exponents)

    # ------------------------------------------------------------------ solutions
    def step_text(self, f: str) -> str:
        """The right side of the equation for the function f, as in the statement."""
        return equation_body(replace(self.s, name=f))

    def solution(self) -> None:
        s, v, out = self.s, self.s.variable, self.lines
        base = "1"
        for i, e in reversed(s.points):
            base = f"if Nat.eqb {v} {i} then {s.printer.real(e)} else {base}"
        out += [f"Definition base ({v} : nat) : R := {base}.", f"Definition step (U_ : nat -> R) ({v} : nat) : R := {self.step_text('U_')}.",
                f"Lemma step_local : forall U_ V_ {v}, (n0 <= {v})%nat -> (forall m_, (m_ < {v})%nat -> U_ m_ = V_ m_) -> step U_ {v} = step V_ {v}.",
                f"Proof. intros U_ V_ {v} Hn E_. unfold step. " + " ".join(f"pose proof (E_ _ ({c.smaller} {v} Hn)) as S{c.number}_; cbv beta in S{c.number}_; rewrite ?S{c.number}_; clear S{c.number}_." for c in self.calls)
                + " reflexivity. Qed.",
                f"Lemma exists_solution : solvable{s.all_arguments}.", "Proof.", "  exists (recursion step base n0). repeat split."]
        for _ in s.points:
            out.append("  - rewrite recursion_base by lia. reflexivity.")
        apart = " ".join(f"E{i}" for i, _ in s.points)
        cases = "".join(f" destruct (Nat.eqb_spec {v} {i}); [lia|]." for i, _ in s.points)
        out.append(f"  - intros {v} Hn {apart}. rewrite recursion_base by lia. unfold base.{cases} lra.")
        out.append(f"  - intros {v} Hn. exact (recursion_step step base n0 step_local {v} ltac:(lia)).")
        out.append("Qed.")

    def sign(self) -> None:
        """T >= 0, and T > 0 for large n."""
        s, v, f, out = self.s, self.s.variable, self.s.name, self.lines
        signs = [real_of(e, s.system.facts).sign() for _, e in s.points]
        if any(x < 0 for x in signs):
            raise NotExported("a negative base value")
        strict = all(x > 0 for x in signs)
        if not strict and self.driving is None:
            raise NotExported("base values 0 without a driving function")
        cmp = "<" if strict else "<="
        out += [f"Lemma base_sign : forall {v}, ({v} < n0)%nat -> 0 {cmp} {f} {v}.", f"Proof. intros {v} Hn."]
        for k, (i, _) in enumerate(s.points):
            out.append(f"  destruct (Nat.eq_dec {v} {i}) as [->|E{i}]; [{self.component(k, 'HB')[:-1]}; rewrite HB; first [lra | pos]|].")
        out.append(f"  {self.component(len(s.points), 'HB')} {'' if strict else 'left. '}apply HB; {'assumption' if s.start is None else 'lia'}.")
        out += ["Qed.", f"Lemma every_sign : forall {v}, 0 {cmp} {f} {v}.",
                f"Proof. intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. destruct (le_lt_dec n0 {v}) as [Hn|Hn]; [|exact (base_sign {v} Hn)].",
                f"  rewrite (equation {v} Hn). pose proof (g_nonneg {v} Hn) as G_. unfold g in G_. unfold step."]
        for c in self.calls:
            factor = self.early(c.term.coefficient)
            known = f"exact (coefficient_{c.number} {v} Hn)" if self.s.system.variable in free_vars(c.term.coefficient) else SIGNS
            out.append(f"  assert (P{c.number}_ : 0 {cmp} ({factor}) * {f} ({self.index(c)} {v})) by (apply {'Rmult_lt_0_compat' if strict else 'Rmult_le_pos'}; "
                       f"[{'' if strict else 'left; '}{known} | apply IH_, ({c.smaller} {v} Hn)]). cbv beta in P{c.number}_.")
        extremes = "repeat (unfold Rmax, Rmin; destruct (Rle_dec _ _)); " if s.extreme else ""
        out += [f"  {extremes}lra. Qed.", f"Lemma positive : late (fun {v} : nat => 0 < {f} {v})."]
        if strict:
            out.append(f"Proof. exists 0%nat. intros {v} _. exact (every_sign {v}). Qed.")
            return
        out += [f"Proof. destruct g_positive as (M_ & G_). exists (Nat.max n0 M_). intros {v} H_. assert (Hn : (n0 <= {v})%nat) by lia. rewrite (equation {v} Hn). "
                f"specialize (G_ {v} ltac:(lia)). unfold g in G_. unfold step."]
        for c in self.calls:
            factor = self.early(c.term.coefficient)
            known = f"exact (coefficient_{c.number} {v} Hn)" if self.s.system.variable in free_vars(c.term.coefficient) else SIGNS
            out.append(f"  assert (P{c.number}_ : 0 <= ({factor}) * {f} ({self.index(c)} {v})) by (apply Rmult_le_pos; [left; {known} | apply every_sign]). cbv beta in P{c.number}_.")
        out.append(f"  {extremes}lra. Qed.")

    # ------------------------------------------------------------------ the claim
    def witness(self) -> list[str]:
        """Values of the constants that satisfy the assumptions."""
        names = sorted({x for r in self.s.assumed for x in free_vars(r.left) | free_vars(r.right)})
        for values in product(GRID, repeat=len(names)):
            point = dict(zip(names, values, strict=True))
            try:
                good = all(HOLDS[r.op](evaluate(r.left, point), evaluate(r.right, point)) for r in self.s.assumed)
            except (EvaluationError, TypeError):
                continue
            if good and all(point[x].denominator == 1 for x in names if dict(self.s.constants).get(self.s.printer.name(x)) == "nat"):
                shown = {self.s.printer.name(x): f"{q.numerator}%nat" if dict(self.s.constants)[self.s.printer.name(x)] == "nat" else ratio_text(q) for x, q in point.items()}
                return [shown.get(n, "1%nat" if t == "nat" else "1") for n, t in self.s.constants]
        raise NotExported("no values of the constants were found that satisfy the assumptions")

    def claim(self) -> None:
        s, out = self.s, self.lines
        names = " ".join(n for n, _ in s.constants)
        hyps = " ".join(f"C{k}_" for k in range(len(s.conditions)))
        roundings = " ".join(f"{a.rounding} H_{a.rounding}" for a in s.roundings)
        out += ["Theorem t : claim.", "Proof."]
        if s.assumed:
            out.append(f"  split; [{''.join(f'exists {x}; ' for x in self.witness())}repeat split; cbn [INR]; lra|].")
        if names:
            out.append(f"  intros {names} {hyps}.")
        if s.start is None:
            out += [f"  destruct (tail_late {names} {hyps}) as (M_ & G_)." if names else "  destruct tail_late as (M_ & G_).",
                    f"  exists M_. intros n0 Hn0 {roundings}.",
                    f"  exact (whole {names} {hyps} n0 (fun n Hn => G_ n (Nat.le_trans _ _ _ Hn0 Hn)) {roundings})."]
        else:
            out += [f"  intros {roundings}." if roundings else "", f"  exact (whole {names} {hyps} {s.start}%nat eq_refl {roundings})."]
        out += ["Qed."]


GRID = tuple(Fraction(*q) for q in ((1, 1), (1, 2), (2, 1), (1, 3), (2, 3), (1, 4), (3, 4), (3, 1), (4, 1), (1, 8), (10, 1)))
"""Values tried for constants with assumptions."""


def linear_part(x: Expr, n: str, facts: Facts) -> tuple[Real, Expr, Expr]:
    """The number b, an expression of it, and h with x = b*n + h."""
    slopes: list[Expr] = []
    value, rest = real(0), []
    for a in x.args if isinstance(x, App) and x.op == "+" else (x,):
        try:
            p = affine(a, n, facts)
            exact = p.lo == p.hi
        except Rejected:
            exact = False
        if not exact or p.lo:
            rest.append(a)
            continue
        value = value + p.slope
        slopes.append(App("*", tuple(b for b in a.args if b != Var(n))) if isinstance(a, App) and a.op == "*" and Var(n) in a.args and len(a.args) > 2
                      else next(b for b in a.args if b != Var(n)) if isinstance(a, App) and a.op == "*" and Var(n) in a.args and len(a.args) == 2
                      else p.slope.expr)
    return value, slopes[0] if len(slopes) == 1 else value.expr, add(*rest) if rest else ZERO
