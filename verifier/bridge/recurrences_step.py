"""The frame of proofs about recurrences whose step is any function of the smaller arguments.

T(n) = F(T, n) for n >= n0, where F looks at arguments below n only: such a recurrence has a solution for any base values.  A
method adds the signs, and the class of T on the scale of `recurrences_products`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_compare import conclude
from verifier.bridge.recurrences_products import PRODUCTS, ProductGrower, Scale
from verifier.bridge.recurrences_proof import HEADER, Proof
from verifier.bridge.recurrences_statement import Statement, equation_body
from verifier.bridge.text import NotExported
from verifier.kernel.recurrence_real import real_of
from verifier.lang.ast import ZERO

STEP_HEADER = HEADER + "From Aalp Require Import History Lags FirstOrder ProductGrowth.\nFrom Coq Require Import Factorial.\n"


class StepProof(Proof):
    """The text of a proof, written in order."""

    def __init__(self, s: Statement) -> None:
        super().__init__(s)
        self.products = ProductGrower(s.printer, s.system.variable, s.system.facts)
        self.grower = self.products
        self.order_scale = PRODUCTS

    # ------------------------------------------------------------------ what a method provides
    def prepare(self) -> None:
        """Definitions and lemmas before the solution: signs that hold from some n on."""

    def late_signs(self) -> list[str]:
        """The lemmas that say what holds from some n on and is needed in the range of the equation."""
        return ["g_late"]

    def solve(self, bound: Mapping[str, Any]) -> None:
        """Lemmas class_upper and class_lower about T."""
        raise NotImplementedError

    # ------------------------------------------------------------------ the frame
    def text(self, bound: Mapping[str, Any]) -> str:
        s, v, f = self.s, self.s.variable, self.s.name
        out = self.lines
        if s.roundings or s.general:
            raise NotExported("roundings in a recurrence with lags")
        self.exponent_forms()
        self.bound = self.products.products(s.bound)
        if self.bound.value.sign() <= 0:
            raise NotExported("a bound that is not positive")
        self.read_driving()
        out += ["Section Constants."]
        out += [f"Variable {n} : {t}." for n, t in s.constants]
        out += [f"Hypothesis constant_{k} : {c}." for k, c in enumerate(s.conditions)]
        self.growth_at = len(out)
        out.append(f"Definition g ({v} : nat) : R := {s.driving_text if s.driving != ZERO else '0'}.")
        self.driving_signs()
        self.prepare()
        late = self.late_signs()
        least = max(2, self.least_step())
        out += ["Section Solution.", "Variable n0 : nat."]
        if s.start is None:
            out.append(f"Hypothesis start : ({least} <= n0)%nat.")
            out += [f"Hypothesis sign_{k} : forall n, (n0 <= n)%nat -> {self.sign_of(x)}." for k, x in enumerate(late)]
        else:
            out.append(f"Hypothesis start : (n0 = {s.start})%nat.")
            for k, x in enumerate(late):
                out += [f"Lemma sign_{k} : forall n, (n0 <= n)%nat -> {self.sign_of(x)}.", f"Proof. intros n Hn. rewrite start in Hn. {self.sign_from(x)} Qed."]
        self.existence()
        out += [f"Variable {f} : nat -> R.", f"Hypothesis HT : recurrence{s.all_arguments} {f}.",
                f"Lemma equation : forall {v}, (n0 <= {v})%nat -> {f} {v} = {equation_body(s)}.",
                f"Proof. intros {v} Hn. {self.component(len(s.points) + 1, 'HE')} {'rewrite start in Hn. ' if s.start is not None else ''}exact (HE {v} Hn). Qed."]
        self.solve(bound)
        conclude(self)
        out += ["End Solution."]
        self.close(late, least)
        out[self.growth_at:self.growth_at] = self.grower.lines
        return STEP_HEADER + "\n".join(out) + "\n"

    def least_step(self) -> int:
        """From here on no argument is cut off."""
        lags = [int(x) for t in self.s.terms for x in re.findall(r"- (\d+)", t.argument.text)]
        return max(lags, default=0) + 1

    def read_driving(self) -> None:
        """The growth of the driving function, which is positive for large n."""
        self.growth_of_driving = None if self.s.driving == ZERO else self.products.products(self.s.driving)
        if self.growth_of_driving is not None and self.growth_of_driving.value.sign() <= 0:
            raise NotExported("a driving function that is not positive for large n")

    def driving_signs(self) -> None:
        """Its sign as lemmas."""
        g = self.growth_of_driving
        if g is None:
            self.lines += ["Lemma g_late : late (fun n => 0 <= g n).", "Proof. exists 0%nat. intros n _. apply Rle_refl. Qed."]
            return
        self.lines += ["Lemma g_positive : late (fun n => 0 < g n).", f"Proof. exact (xgrows_positive _ {g.text} _ _ _ _ _ _ _ {self.sign_proof()} {g.name}). Qed.",
                       "Lemma g_late : late (fun n => 0 <= g n).", "Proof. generalize g_positive. apply late_imp. intros n. apply Rlt_le. Qed."]

    def sign_of(self, lemma: str) -> str:
        """The property that the lemma shows for large n."""
        return {"g_late": "0 <= g n"}[lemma]

    def sign_from(self, lemma: str) -> str:
        """Tactics for the same from the start of the equation on."""
        s = self.s
        return f"unfold g. apply le_INR in Hn. simpl (INR {s.start}) in Hn. first [lra | pos | apply floor_nonneg; pos | apply ceil_nonneg; pos]."

    def existence(self) -> None:
        s, v, f = self.s, self.s.variable, self.s.name
        base = "1"
        for i, e in reversed(s.points):
            base = f"if Nat.eqb {v} {i} then {s.printer.real(e)} else {base}"
        out = self.lines
        out += [f"Definition base ({v} : nat) : R := {base}.", f"Definition step ({f} : nat -> R) ({v} : nat) : R := {equation_body(s)}.",
                "Lemma step_local : forall U U' n, (n0 <= n)%nat -> (forall m, (m < n)%nat -> U m = U' m) -> step U n = step U' n.",
                "Proof. intros U U' n Hn HU. unfold step. same_values HU. Qed.", f"Lemma exists_solution : solvable{s.all_arguments}.", "Proof using All.",
                "  exists (recursion step base n0). repeat split."]
        for _ in s.points:
            out.append("  - rewrite recursion_base by lia. reflexivity.")
        apart = " ".join(f"E{i}" for i, _ in s.points)
        cases = "".join(f" destruct (Nat.eqb_spec {v} {i}); [lia|]." for i, _ in s.points)
        out += [f"  - intros {v} Hn {apart}. rewrite recursion_base by lia. unfold base.{cases} lra.",
                f"  - intros {v} Hn. exact (recursion_step step base n0 step_local {v} ltac:(lia)).", "Qed."]

    def base_sign(self) -> bool:
        """Lemma base_sign: the base values are positive (True) or not negative (False)."""
        s, v, f = self.s, self.s.variable, self.s.name
        signs = [real_of(e, s.system.facts).sign() for _, e in s.points]
        if any(x < 0 for x in signs):
            raise NotExported("a negative base value")
        strict = all(x > 0 for x in signs)
        self.lines += [f"Lemma base_sign : forall {v}, ({v} < n0)%nat -> 0 {'<' if strict else '<='} {f} {v}.", f"Proof. intros {v} Hn."]
        for k, (i, _) in enumerate(s.points):
            self.lines.append(f"  destruct (Nat.eq_dec {v} {i}) as [->|E{i}]; [{self.component(k, 'HB')[:-1]}; rewrite HB; first [lra | pos]|].")
        self.lines += [f"  {self.component(len(s.points), 'HB')} {'' if strict else 'left. '}apply HB; {'assumption' if s.start is None else 'lia'}.", "Qed."]
        return strict

    # ------------------------------------------------------------------ comparison
    def found(self, e: Scale, proof: str) -> None:
        """Lemmas class_upper and class_lower from a proof of both."""
        f = self.s.name
        at = f"(XSc {self.products.scale(e)})"
        self.upper = self.lower = e
        self.lines += [f"Lemma classes : bounded_above {f} {at} /\\ bounded_below {f} {at}.", f"Proof. {proof} Qed.",
                       f"Lemma class_upper : bounded_above {f} {at}.", "Proof. exact (proj1 classes). Qed.",
                       f"Lemma class_lower : bounded_below {f} {at}.", "Proof. exact (proj2 classes). Qed."]

    def close(self, late: list[str], least: int) -> None:
        s, f = self.s, self.s.name
        out = self.lines
        names = " ".join(n for n, _ in s.constants)
        hyps = " ".join(f"C{k}_" for k in range(len(s.conditions)))
        no = "~ " if s.refuted else ""
        premise = f"exists m_, forall n0, (m_ <= n0)%nat -> solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> {no}bound{s.fixed} {f}" \
            if s.start is None else f"solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> {no}bound{s.fixed} {f}"
        out += [f"Lemma whole : {premise}."]
        if s.start is None:
            signs = "".join(f" (fun n Hn => G{k}_ n ltac:(lia))" for k in range(len(late)))
            bound = "".join(f"(Nat.max M{k}_ " for k in range(len(late))) + str(least) + ")" * len(late)
            out += ["Proof using All.", *(f"  destruct {x} as (M{k}_ & G{k}_)." for k, x in enumerate(late)), f"  exists {bound}. intros n0 Hn0.",
                    f"  split; [exact (exists_solution n0 ltac:(lia){signs}) | intros {f} HT; exact (bounds n0 ltac:(lia){signs} {f} HT)].", "Qed."]
        else:
            out += ["Proof using All.", f"  split; [exact (exists_solution {s.start}%nat eq_refl) | intros {f} HT; exact (bounds {s.start}%nat eq_refl {f} HT)].", "Qed."]
        out += ["End Constants.", "Theorem t : claim.", f"Proof. {f'intros {names} {hyps}. ' if names else ''}exact (whole {names} {hyps}). Qed."]
