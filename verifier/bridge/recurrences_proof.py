"""The frame of proofs about one recurrence: equation, existence, positivity, and the comparison with the claimed bound.

A method (`recurrences.METHODS`) writes what lies between: the class of T by the theorem that the certificate names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_compare import PLAIN, conclude
from verifier.bridge.recurrences_growth import Exponents, Grower
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real, power_real, real, real_of
from verifier.lang.ast import ZERO, App, Expr, free_vars, subterms

HEADER = """From Coq Require Import Reals ZArith List Lra Lia Arith ZifyNat.
From Aalp Require Import TacticsR Growth Compare.
From Claim Require Import Statement.
Import ListNotations.
Open Scope R_scope.
Ltac Zify.zify_post_hook ::= Z.to_euclidean_division_equations.
"""


class Proof:
    """The text of a proof, written in order."""

    def __init__(self, s: Statement) -> None:
        self.s = s
        self.grower = Grower(s.printer, s.system.variable, s.system.facts)
        self.lines: list[str] = []
        self.counter = 0
        self.order_scale = PLAIN
        self.imports = ""

    # ------------------------------------------------------------------ the frame
    def write(self, method: Callable[[Proof, Mapping[str, Any]], None], bound: Mapping[str, Any]) -> str:
        s, v, f = self.s, self.s.variable, self.s.name
        out = self.lines
        if s.general:
            raise NotExported("branches, and arguments that are not linear in the size")
        if s.sums:
            raise NotExported("sums over all smaller arguments")
        if any(v in free_vars(t.coefficient) for t in s.terms):
            raise NotExported("coefficients that depend on n")
        self.exponent_forms()
        self.bound = self.grower.grow(s.bound)
        self.driving = None if s.driving == ZERO else self.grower.grow(s.driving)
        if self.bound.value.sign() <= 0:
            raise NotExported("a bound that is not positive")
        if self.driving is not None and self.driving.value.sign() <= 0:
            raise NotExported("a driving function that is not positive for large n")
        least = self.least()
        out += ["Section Recurrence."]
        out += [f"Variable {n} : {t}." for n, t in s.constants]
        out += [f"Hypothesis constant_{k} : {c}." for k, c in enumerate(s.conditions)]
        self.growth_at = len(out)
        out += [f"Definition g ({v} : nat) : R := {s.driving_text if self.driving else '0'}."]
        out += self.late_driving()
        out += ["Variable n0 : nat.", f"Hypothesis start : (n0 = {s.start})%nat." if s.start is not None else f"Hypothesis start : ({least} <= n0)%nat."]
        if s.start is None:
            out.append(f"Hypothesis g_nonneg : forall {v}, (n0 <= {v})%nat -> 0 <= g {v}.")
        else:
            out += [f"Lemma g_nonneg : forall {v}, (n0 <= {v})%nat -> 0 <= g {v}.",
                    f"Proof. intros {v} Hn. unfold g. rewrite start in Hn. apply le_INR in Hn. simpl (INR {s.start}) in Hn. first [lra | pos | apply floor_nonneg; pos | apply ceil_nonneg; pos]. Qed."]
        for a in s.roundings:
            out += [f"Variable {a.rounding} : nat -> nat.", f"Hypothesis H_{a.rounding} : rounding_{a.rounding} {a.rounding}.",
                    f"Lemma range_{a.rounding} : forall {v}, ({a.low} <= {a.rounding} {v} <= {a.high})%nat.", f"Proof. exact H_{a.rounding}. Qed."]
        self.terms()
        self.existence()
        out += ["Section Solution.", f"Variable {f} : nat -> R.", f"Hypothesis HT : recurrence{s.all_arguments} {f}."]
        out += [f"Lemma equation : forall {v}, (n0 <= {v})%nat -> {f} {v} = rsum (fun t => ta t * {f} (tr t {v})) terms + g {v}.",
                f"Proof. intros {v} Hn. {self.component(len(s.points) + 1, 'HE')} {'rewrite start in Hn. ' if s.start is not None else ''}rewrite (HE {v} Hn). unfold g. cbn [rsum terms ta tr]. ring. Qed."]
        self.positive()
        method(self, bound)
        conclude(self)
        out += ["End Solution.", f"Lemma whole : solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> {'~ ' if s.refuted else ''}bound{s.fixed} {f}.",
                "Proof using All. split; [exact exists_solution | exact bounds]. Qed.", "End Recurrence.", ""]
        self.theorem(least)
        out[self.growth_at:self.growth_at] = self.grower.lines
        text = "\n".join(out) + "\n"
        more = "sum_nat" in text or "grows_log_fact" in text
        header = HEADER.replace("Growth Compare", "Growth Compare History Differences") if more else HEADER
        return (header.replace("Import ListNotations", "From Coq Require Import Factorial.\nImport ListNotations") if "fact" in text else header) + self.imports + text

    def component(self, k: int, name: str) -> str:
        """The k-th conjunct of the recurrence (from 0) as a hypothesis."""
        total = len(self.s.points) + 2
        body = "HT"
        for _ in range(k):
            body = f"(proj2 {body})"
        return f"pose proof {body if k == total - 1 else f'(proj1 {body})'} as {name}."

    def least(self) -> int:
        """From here on every call has a smaller argument, and no subtraction is cut off."""
        out = 2
        for t in self.s.terms:
            if t.argument.real is not None:
                continue
            b, c = t.argument.slope, t.argument.distance
            if b < 1:
                out = max(out, int(c / (1 - b)) + 2, int(c / b) + 2)
            else:
                out = max(out, int(c) + 2)
        if out > 5000:
            raise NotExported("a recurrence whose arguments shrink only for very large n")
        return out

    def late_driving(self) -> list[str]:
        if self.driving is None:
            return ["Lemma g_late : late (fun n => 0 <= g n).", "Proof. exists 0%nat. intros n _. apply Rle_refl. Qed."]
        d = self.driving
        return ["Lemma g_positive : late (fun n => 0 < g n).", f"Proof. exact (grows_nonneg _ {d.text} _ _ _ _ {self.sign_proof()} {d.name}). Qed.",
                "Lemma g_late : late (fun n => 0 <= g n).", "Proof. generalize g_positive. apply late_imp. intros n. apply Rlt_le. Qed."]

    @staticmethod
    def sign_proof() -> str:
        return "ltac:(first [lra | pos | inverses])"

    # ------------------------------------------------------------------ calls
    def terms(self) -> None:
        s, v = self.s, self.s.variable
        listed = []
        for t in s.terms:
            body = f"(fun {v} : nat => {t.argument.text})%nat" if not t.argument.rounding else t.argument.rounding
            listed.append(f"Term ({s.printer.real(t.coefficient)}) {ratio_text(t.argument.slope)} {body}")
        if any(t.value.sign() <= 0 for t in s.terms):
            raise NotExported("a coefficient that is not positive")
        if not s.terms:
            raise NotExported("no call")
        facts = " ".join(f"pose proof (H_{a.rounding} n) as R_{a.rounding}." for a in s.roundings)
        self.lines += [f"Definition terms : list term := [{'; '.join(listed)}].",
                       "Lemma terms_positive : forall t, In t terms -> 0 < ta t.",
                       "Proof. intros t Ht. terms_cases Ht; cbn [ta]; first [lra | pos]. Qed.",
                       "Lemma terms_decrease : forall t n, In t terms -> (n0 <= n)%nat -> (tr t n < n)%nat.",
                       f"Proof. intros t n Ht Hn. {facts} clear - start Ht Hn {' '.join(f'R_{a.rounding}' for a in s.roundings)}. terms_cases Ht; cbn [tr]; lia. Qed."]

    def rounding(self) -> tuple[str, str, str]:
        """The lemma that the calls are near ratio * n; the least and largest ratio and the distance."""
        slopes = [t.argument.slope for t in self.s.terms]
        low, high = ratio_text(min(slopes)), ratio_text(max(slopes))
        c = ratio_text(max([t.argument.distance for t in self.s.terms]))
        ranges = " ".join(f"pose proof range_{a.rounding}." for a in self.s.roundings)
        self.lines += [f"Lemma terms_rounded : rounded INR {low} {high} {c} n0 (single terms).",
                       f"Proof. {ranges}", "  do 4 (split; [lra|]). intros l t -> Ht. pose proof (terms_positive t Ht). terms_cases Ht; cbn [ta tb tr] in *;",
                       "    (split; [lra | split; [lra | call_near]]).", "Qed."]
        return low, high, c

    # ------------------------------------------------------------------ solutions
    def existence(self) -> None:
        s, v, f = self.s, self.s.variable, self.s.name
        base = "1"
        for i, e in reversed(s.points):
            base = f"if Nat.eqb {v} {i} then {s.printer.real(e)} else {base}"
        out = self.lines
        rewrite = "" if s.start is None else "rewrite start. "
        out += [f"Definition base ({v} : nat) : R := {base}.", f"Lemma exists_solution : solvable{s.all_arguments}.", "Proof.",
                "  exists (solution terms g base n0). repeat split."]
        for _i, _e in s.points:
            out.append("  - rewrite solution_base by lia. reflexivity.")
        apart = " ".join(f"E{i}" for i, _ in s.points)
        cases = "".join(f" destruct (Nat.eqb_spec {v} {i}); [lia|]." for i, _ in s.points)
        out.append(f"  - intros {v} Hn {apart}. rewrite solution_base by lia. unfold base.{cases} lra.")
        out.append(f"  - intros {v} Hn. rewrite (solution_recurrence terms g base n0 terms_decrease {v}) at 1 by lia. unfold g. cbn [rsum terms ta tr]. ring.")
        out.append("Qed.")
        del f, rewrite

    def positive(self) -> None:
        """T > 0 for large n."""
        s, v, f = self.s, self.s.variable, self.s.name
        signs = [real_of(e, s.system.facts).sign() for _, e in s.points]
        if any(x < 0 for x in signs):
            raise NotExported("a negative base value")
        out = self.lines
        strict = all(x > 0 for x in signs)
        cmp = "<" if strict else "<="
        lines = [f"Lemma base_sign : forall {v}, ({v} < n0)%nat -> 0 {cmp} {f} {v}.", f"Proof. intros {v} Hn."]
        for k, (i, _) in enumerate(s.points):
            lines.append(f"  destruct (Nat.eq_dec {v} {i}) as [->|E{i}]; [{self.component(k, 'HB')[:-1]}; rewrite HB; first [lra | pos]|].")
        lines.append(f"  {self.component(len(s.points), 'HB')} {'' if strict else 'left. '}apply HB; {'assumption' if s.start is None else 'lia'}.")
        lines.append("Qed.")
        out += lines
        out += ["Lemma positive : late (fun n => 0 < " + f + " n)."]
        if strict:
            out += [f"Proof. exists 0%nat. intros n _. apply (solution_pos {f} g terms n0); [discriminate | exact terms_positive | exact terms_decrease | exact base_sign | exact g_nonneg |].",
                    "  intros m_ H_. right. symmetry. apply equation, H_. Qed."]
        elif self.driving is not None:
            out += [f"Proof. apply (recurrence_positive {f} g terms n0); [intros t Ht; left; apply terms_positive, Ht | exact terms_decrease | exact base_sign | exact g_nonneg | exact equation | exact g_positive]. Qed."]
        else:
            self.window()

    def window(self) -> None:
        """T > 0 for large n from positive base values just below the start, T = sum of lags."""
        s, v, f = self.s, self.s.variable, self.s.name
        given = {i: real_of(e, s.system.facts).sign() for i, e in s.points}
        for t in s.terms:
            lag = t.argument.slope == 1 and s.start is not None and re.fullmatch(rf"{v} - (\d+)", t.argument.text)
            if not lag or s.start is None:
                continue
            low = s.start - int(lag.group(1))
            if not all(given.get(i, 1) > 0 for i in range(low, s.start)):
                continue
            known = " ".join(f"pose proof (nonnegative ({x.argument.text})%nat)." for x in s.terms)
            self.lines += [f"Proof. assert (nonnegative : forall {v}, 0 <= {f} {v}).",
                           f"  {{ apply (solution_nonneg {f} g terms n0); [intros t Ht; left; apply terms_positive, Ht | exact terms_decrease | exact base_sign | exact g_nonneg |].",
                           "    intros m_ H_. right. symmetry. apply equation, H_. }",
                           f"  apply (window_positive {f} (fun {v} => {t.argument.text})%nat ({s.printer.real(t.coefficient)}) {low} n0); [first [lra | pos] | |].",
                           f"  - intros {v} Hn. split; [lia|]. rewrite (equation {v} Hn). unfold g. cbn [rsum terms ta tr]. {known} lra.",
                           f"  - intros {v} Hn."]
            for k, (i, _) in enumerate(s.points):
                if i >= low:
                    self.lines.append(f"    destruct (Nat.eq_dec {v} {i}) as [->|]; [{self.component(k, 'HB')[:-1]}; rewrite HB; first [lra | pos]|].")
            self.lines.append(f"    {self.component(len(s.points), 'HB')} apply HB; lia. Qed.")
            return
        raise NotExported("base values 0 without a driving function")

    # ------------------------------------------------------------------ exponents
    def exponent_forms(self) -> None:
        """Exponents log A / log B of the claimed bound, under the name they have there."""
        for x in subterms(self.s.bound):
            if isinstance(x, App) and x.op == "^" and self.s.system.variable in free_vars(x.args[0]):
                self.register(x.args[1])

    def register(self, e: Expr) -> Real:
        value = real_of(e, self.s.system.facts)
        if value.rational is None and isinstance(e, App) and e.op == "/":
            a, b = e.args
            if isinstance(a, App) and isinstance(b, App) and a.op == b.op == "log" and len(a.args) == len(b.args) == 1:
                p = self.s.printer
                self.grower.names.setdefault(value.key, f"({p.real(e)})")
                self.grower.forms.setdefault(value.key, (p.tight(a.args[0]), p.tight(b.args[0]), real_of(a.args[0], self.s.system.facts)))
                self.grower.logarithms[value.key] = value
                self.arguments[value.key] = (a.args[0], b.args[0])
        return value

    @property
    def arguments(self) -> dict[str, tuple[Expr, Expr]]:
        if not hasattr(self, "_arguments"):
            self._arguments: dict[str, tuple[Expr, Expr]] = {}
        return self._arguments

    def sum_at(self, q: Real) -> Real:
        total = real(0)
        for t in self.s.terms:
            total = total + t.value * power_real(real(t.argument.slope), q)
        return total

    def asum(self, q: Real, relation: str, name: str, listed: str = "terms") -> None:
        """Lemma `name`: the sum of a_i b_i^q is = 1, < 1, <= 1 or >= 1."""
        text = self.grower.tight(self.grower.exponent(q))
        seen: dict[Fraction, str] = {}
        out = self.lines
        exact = True
        for _, ratio in self.ratios(listed):
            b = ratio.rational
            if b is None:
                raise NotExported("an irrational slope")
            if b in seen:
                continue
            self.counter += 1
            lemma = f"power_{self.counter}"
            seen[b] = lemma
            exact &= self.power(lemma, b, q, text, relation, listed)
        head = f"Lemma {name} : {f'1 <= asum {listed} ' + text if relation == '>=' else f'asum {listed} {text} {relation} 1'}."
        rewrites = " ".join(f"rewrite ?{x} by lra." for x in seen.values()) if exact else " ".join(f"pose proof {x}." for x in seen.values())
        out += [head, f"Proof. unfold asum. cbn [rsum {listed} ta tb]. {rewrites} first [lra | field; lra | numbers | surds | field; repeat split; apply Rgt_not_eq, sqrt_lt_R0; lra]. Qed."]

    def ratios(self, listed: str) -> list[tuple[Real, Real]]:
        """The coefficients and ratios of a list of terms."""
        return [(t.value, real(t.argument.slope)) for t in self.s.terms]

    def power(self, lemma: str, b: Fraction, q: Real, text: str, relation: str, listed: str) -> bool:
        """Lemma `lemma`: the value of b^q, or a bound of it; True if it is an equation."""
        out = self.lines
        bt = ratio_text(b)
        r = q.rational
        if r is not None:
            value = power_real(real(b), q).rational
            left = f"Rpower {bt} {text}"
            at = f"(IZR ({r.numerator}) / INR {r.denominator})"
            same = f"[{'right; ' if relation != '=' and value is None else ''}f_equal; cbn [INR]; lra|]."
            compute = "compute_powers"
            if value is not None:
                if r == 0:
                    out += [f"Lemma {lemma} : {left} = 1.", "Proof. apply Rpower_O. lra. Qed."]
                    return True
                out += [f"Lemma {lemma} : {left} = {ratio_text(value)}.",
                        f"Proof. transitivity (Rpower {bt} {at}); {same} apply Rpower_of_root; [lra | lra | lia | {compute}]. Qed."]
                return True
            if relation == "=" and r == Fraction(1, 2) and b.numerator == 1:
                out += [f"Lemma {lemma} : {left} = / sqrt {b.denominator}.",
                        f"Proof. replace {bt} with (/ {b.denominator}) by lra. replace {text} with (/ 2) by lra. rewrite Rpower_sqrt by lra. symmetry. apply inv_sqrt. lra. Qed."]
                return True
            if relation == "=":
                raise NotExported("a sum of irrational powers")
            up = relation in ("<", "<=")
            low, high = power_real(real(b), q).enclosure()
            grain = self.grain(q, up, listed)
            v = Fraction((high * grain).__ceil__(), grain) if up else Fraction((low * grain).__floor__(), grain)
            out += [f"Lemma {lemma} : {left + ' <= ' + ratio_text(v) if up else ratio_text(v) + ' <= ' + left}.",
                    f"Proof. apply Rle_trans with (Rpower {bt} {at}); {same if up else '[|' + same[1:-3] + '].'} apply {'Rpower_at_most' if up else 'Rpower_at_least'}; [lra | lra | lia | {self.big_powers(b, v, r, up)}]. Qed."]
            return False
        pair = self.arguments.get(q.key)
        if pair is None:
            raise NotExported("an exponent that is not a quotient of logarithms")
        a_e, b_e = pair
        base = real_of(b_e).rational
        m = None
        if base is not None and base > 1:
            for k in range(1, 40):
                if (1 / base) ** k == b:
                    m = k
        if m is None:
            raise NotExported("an exponent whose logarithm is to another base than the ratios")
        p = self.s.printer
        at, bt2 = p.tight(a_e), p.tight(b_e)
        out += [f"Lemma {lemma} : Rpower {bt} {text} = / {at} ^ {m}.",
                f"Proof. apply (Rpower_of_log {bt} {at} {bt2} {m}); [first [lra | pos] | lra | cbn [pow]; first [lra | field; lra]]. Qed."]
        return True

    def grain(self, q: Real, up: bool, listed: str) -> int:
        """A denominator fine enough for the sum of the rounded powers to stay on its side of 1."""
        for digits in range(3, 12):
            total = Fraction(0)
            for value, ratio in self.ratios(listed):
                low, high = power_real(ratio, q).enclosure()
                v = (high * 10 ** digits).__ceil__() if up else (low * 10 ** digits).__floor__()
                a = value.rational
                if a is None:
                    raise NotExported("irrational coefficients and irrational powers")
                total += a * Fraction(v, 10 ** digits)
            if (total < 1) if up else (total > 1):
                return int(10 ** digits)
        raise NotExported("a sum of powers that is very close to 1")

    @staticmethod
    def big_powers(b: Fraction, v: Fraction, r: Fraction, up: bool) -> str:
        """b^P <= v^Q or v^Q <= b^P by comparing integers."""
        if r < 0:
            return "compute_powers"
        first, second, m, k = (b, v, r.numerator, r.denominator) if up else (v, b, r.denominator, r.numerator)
        return (f"cbn [powerRZ]; change (Pos.to_nat {r.numerator}) with {r.numerator}%nat; "
                f"apply (pow_fractions {first.numerator} {first.denominator} {second.numerator} {second.denominator} {m} {k}); [lia.. | vm_compute; reflexivity]")

    # ------------------------------------------------------------------ classes
    def classes(self, upper: Exponents | None, lower: Exponents | None, proof: str) -> None:
        """Lemmas class_upper and class_lower from a proof of both."""
        self.upper, self.lower = upper, lower
        f = self.s.name
        if proof and upper is not None:
            e = self.grower.exponents(upper)
            self.lines += [f"Lemma classes : bounded_above {f} (Sc {e}) /\\ bounded_below {f} (Sc {e}).", f"Proof. {proof} Qed.",
                           f"Lemma class_upper : bounded_above {f} (Sc {e}).", "Proof. exact (proj1 classes). Qed.",
                           f"Lemma class_lower : bounded_below {f} (Sc {e}).", "Proof. exact (proj2 classes). Qed."]

    def theorem(self, least: int) -> None:
        s = self.s
        names = " ".join(n for n, _ in s.constants)
        hyps = " ".join(f"C{k}_" for k in range(len(s.conditions)))
        roundings = " ".join(f"{a.rounding} H_{a.rounding}" for a in s.roundings)
        out = self.lines
        out += ["Theorem t : claim.", "Proof."]
        if names:
            out.append(f"  intros {names} {hyps}.")
        if s.start is None:
            out += [f"  destruct (g_late {names}{' ' + hyps if self.uses_constants() else ''}) as (M_ & G_).".replace("( ", "(") if names else "  destruct g_late as (M_ & G_).",
                    f"  exists (Nat.max M_ {least}). intros n0 Hn0 {roundings}.",
                    f"  exact (whole {names} {hyps} n0 ltac:(lia) (fun n Hn => G_ n ltac:(lia)) {roundings})."]
        else:
            out += [f"  intros {roundings}." if roundings else "", f"  exact (whole {names} {hyps} {s.start}%nat eq_refl {roundings})."]
        out += ["Qed."]

    def uses_constants(self) -> bool:
        return bool(self.s.conditions)
