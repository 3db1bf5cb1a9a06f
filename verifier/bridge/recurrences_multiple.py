"""T(n) = sum_j a_j(n) T(n - j) without a driving function: a positive function U with the same equation.

T is between two multiples of U from there on, where U and T are positive on the largest lag."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.recurrences_step import StepProof
from verifier.bridge.text import NotExported
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import real_of
from verifier.lang.ast import ZERO, Num, substitute
from verifier.lang.parse import parse_expression

SAMPLE = 40
"""So many values of a coefficient are computed to see whether it is positive: the proof shows it for all."""


def multiple(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule multiple."""
    return MultipleProof(s, str(bound["solution"])).text(bound)


class MultipleProof(StepProof):
    """T(n) = sum_j a_j(n) T(n - j)."""

    def __init__(self, s: Statement, solution: str) -> None:
        super().__init__(s)
        self.solution = parse_expression(solution)
        self.shifts: list[int] = []

    def prepare(self) -> None:
        s, v, out = self.s, self.s.variable, self.lines
        if s.sums or not s.terms or s.driving != ZERO:
            raise NotExported("a multiple of a solution, with sums or a driving function")
        for t in s.terms:
            found = re.fullmatch(rf"{v} - (\d+)", t.argument.text)
            if not found:
                raise NotExported("an argument that is not n - j")
            self.shifts.append(int(found.group(1)))
        early = s.printer.with_context(s.context)
        for k, t in enumerate(s.terms):
            growth = self.grower.grow(t.coefficient)
            if growth.value.sign() <= 0 or s.start is not None and not self.positive_from(k, s.start):
                raise NotExported("a coefficient that is not positive")
            out += [f"Definition a_{k} ({v} : nat) : R := {early.real(t.coefficient)}.", f"Lemma a_late_{k} : late (fun n => 0 < a_{k} n).",
                    f"Proof. exact (grows_nonneg _ {growth.text} _ _ _ _ {self.sign_proof()} {growth.name}). Qed."]
        self.growth = self.products.products(self.solution)
        lags = "; ".join(f"(a_{k}, {j}%nat)" for k, j in enumerate(self.shifts))
        cases, signs = "[]", []
        for k in reversed(range(len(self.shifts))):
            cases = f"[<-|{cases}]"
            signs.insert(0, f"generalize a_late_{k}")
        body = " | ".join(f"(split; [lia | {x}; apply late_imp; intros n; apply Rlt_le])" for x in signs)
        low = max(self.shifts) + 1
        down = " ".join(f"replace (S_ - {j})%nat with ({_successors(low - j)})%nat by lia." for j in self.shifts).replace("S_", _successors(low))
        unfolded = ", ".join(["U_", *(f"a_{k}" for k in range(len(self.shifts)))])
        peeled = "m_"
        for _ in range(low):
            peeled = f"[|{peeled}]"
        out += [f"Definition U_ ({v} : nat) : R := {early.real(self.solution)}.", f"Definition lags_of : vlags := [{lags}].",
                f"Lemma lags_good : vlags_ok {max(self.shifts)} lags_of.", f"Proof. split; [lia|]. intros aj {cases}; cbn [fst snd]; [{body}]. Qed.",
                "Lemma U_positive : late (fun n => 0 < U_ n).", f"Proof. exact (xgrows_positive _ {self.growth.text} {'_ ' * 7}{self.sign_proof()} {self.growth.name}). Qed.",
                "Lemma U_equation : late (fun n => U_ n = vsum lags_of U_ n).",
                f"Proof. exists {low}%nat. intros n Hn. destruct n as {peeled}; try lia. unfold vsum. cbn [lags_of fold_right fst snd]. {down}",
                f"  unfold {unfolded}. first [rewrite ?fact_simpl, ?mult_INR, ?S_INR; ring | rewrite ?fact_simpl, ?mult_INR, ?S_INR; pose proof (pos_INR m_); field; repeat split; lra]. Qed."]

    def positive_from(self, k: int, start: int) -> bool:
        """Whether a coefficient is positive at the first sizes from the start on."""
        e, n = self.s.terms[k].coefficient, self.s.system.variable
        try:
            return all(real_of(substitute(e, {n: Num(Fraction(start + i))})).sign() > 0 for i in range(SAMPLE))
        except (Rejected, ZeroDivisionError):
            return False

    def late_signs(self) -> list[str]:
        return ["g_late", *(f"a_late_{k}" for k in range(len(self.shifts)))]

    def sign_of(self, lemma: str) -> str:
        return f"0 < a_{lemma[len('a_late_'):]} n" if lemma.startswith("a_late_") else super().sign_of(lemma)

    def sign_from(self, lemma: str) -> str:
        if not lemma.startswith("a_late_"):
            return "unfold g. lra."
        return f"unfold {lemma.replace('late_', '')}. apply le_INR in Hn. simpl (INR {self.s.start}) in Hn. first [lra | pos | nra]."

    def solve(self, bound: Mapping[str, Any]) -> None:
        v, f, out = self.s.variable, self.s.name, self.lines
        strict = self.base_sign()
        products = [f"a_{k} {v} * {f} ({v} - {j})%nat" for k, j in enumerate(self.shifts)]
        right = " + ".join(products)
        names = ", ".join(f"a_{k}" for k in range(len(self.shifts)))
        cmp = "<" if strict else "<="
        out += [f"Lemma lag_equation : forall {v}, (n0 <= {v})%nat -> {f} {v} = {right}.", f"Proof. intros {v} Hn. rewrite (equation {v} Hn). unfold {names}. ring. Qed.",
                f"Lemma every_sign : forall {v}, 0 {cmp} {f} {v}.",
                f"Proof. intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. destruct (le_lt_dec n0 {v}) as [Hn|Hn]; [|exact (base_sign {v} Hn)].",
                f"  rewrite (lag_equation {v} Hn)."]
        for k, x in enumerate(products):
            proof = f"apply Rmult_lt_0_compat; [exact (sign_{k + 1} {v} Hn) | apply IH_; lia]" if strict else \
                f"apply Rmult_le_pos; [left; exact (sign_{k + 1} {v} Hn) | apply IH_; lia]"
            out.append(f"  assert (P{k}_ : 0 {cmp} {x}) by ({proof}).")
        out += ["  lra. Qed.", f"Lemma positive : late (fun n => 0 < {f} n)."]
        if strict:
            out.append("Proof. exists 0%nat. intros n _. apply every_sign. Qed.")
        else:
            self.from_zero(products)
        growth, e = self.growth, self.growth.exponents
        out += [f"Lemma late_equation : late (fun n => {f} n = vsum lags_of {f} n).",
                "Proof. exists n0. intros n Hn. rewrite (lag_equation n Hn). unfold vsum. cbn [lags_of fold_right fst snd]. ring. Qed."]
        common = f"{max(self.shifts)} lags_of {f} (fun _ => 0) lags_good (ex_intro _ 0%nat (fun _ _ => Rle_refl 0)) U_"
        same, solution = "generalize late_equation; apply late_imp; intros n H; lra", "generalize U_equation; apply late_imp; intros n H; lra"
        where = f"_ {growth.text} {'_ ' * 7}{self.sign_proof()} {growth.name}"
        self.found(e, "split.\n"
                   f"  - destruct (xgrows_above {where}) as (c & N & Hc & B). apply (above_weaken {f} U_ _ c Hc); [exists N; exact B|].\n"
                   f"    apply (lag_upper {common}); [{same} | exact U_positive | {solution}].\n"
                   f"  - destruct (xgrows_below {where}) as (q & N & Hq & B). apply (below_weaken {f} U_ _ (/ q)); [apply Rinv_0_lt_compat; exact Hq | |].\n"
                   "    + exists N. intros n Hn. specialize (B n Hn). apply Rmult_le_reg_l with q; [exact Hq|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. exact B.\n"
                   f"    + apply (lag_lower {common}); [{same} | exact positive | {solution}].")

    def from_zero(self, products: list[str]) -> None:
        """T > 0 for large n although some base values are 0: the first values one by one, then along one lag."""
        s, v, f, out = self.s, self.s.variable, self.s.name, self.lines
        if s.start is None:
            raise NotExported("values 0 without a start")
        given = {i: real_of(x, s.system.facts).sign() > 0 for i, x in s.points}
        known = {i: given.get(i, True) for i in range(s.start)}
        early: list[int] = []
        m, along = s.start, None
        while along is None:
            along = next((q for q, x in enumerate(self.shifts) if all(known.get(i, False) for i in range(m - x, m))), None)
            if along is None:
                if m > s.start + 2 * max(self.shifts):
                    raise NotExported("values 0 that do not end")
                known[m] = any(known.get(m - x, False) for x in self.shifts)
                early.append(m)
                m += 1
        low = m - self.shifts[along]
        out.append(f"Proof. assert (Z_ : forall {v}, ({low} <= {v})%nat -> ({v} < {m})%nat -> 0 < {f} {v}).")
        facts = []
        for i in range(s.start):
            if known[i]:
                at = next((q for q, (x, _) in enumerate(s.points) if x == i), None)
                proof = f"{self.component(at, 'HB')} rewrite HB. first [lra | pos]" if at is not None else f"{self.component(len(s.points), 'HB')} apply HB; lia"
                facts.append(f"assert (V{i}_ : 0 < {f} {i}%nat) by ({proof.replace('. ', '; ')}).")
        for i in early:
            if known[i]:
                terms = "".join(f" pose proof (every_sign ({i} - {x})%nat) as N{x}_. pose proof (sign_{q + 1} {i}%nat ltac:(lia)) as A{x}_. assert (0 <= a_{q} {i}%nat * {f} ({i} - {x})%nat) by (apply Rmult_le_pos; lra)."
                                for q, x in enumerate(self.shifts))
                strict = " ".join(f"assert (0 < a_{q} {i}%nat * {f} {i - x}%nat) by (apply Rmult_lt_0_compat; [lra | exact V{i - x}_])." for q, x in enumerate(self.shifts) if known.get(i - x, False))
                out_fact = f"assert (V{i}_ : 0 < {f} {i}%nat). {{ rewrite (lag_equation {i}%nat ltac:(lia)).{terms} {strict} cbn [Nat.sub] in *. lra. }}"
                facts.append(out_fact)
        cases = " ".join(f"destruct (Nat.eq_dec {v} {i}) as [->|]; [exact V{i}_|]." for i in range(low, m))
        out += [f"  {{ {' '.join(facts)}", f"    intros {v} L_ H_. {cases} lia. }}",
                f"  exists {low}%nat. intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. intros L_. destruct (le_lt_dec {m} {v}) as [Hm|Hm]; [|exact (Z_ {v} L_ Hm)].",
                f"  assert (Hn : (n0 <= {v})%nat) by lia. rewrite (lag_equation {v} Hn)."]
        for q, (x, text) in enumerate(zip(self.shifts, products, strict=True)):
            if q == along:
                out.append(f"  assert (0 < {text}) by (apply Rmult_lt_0_compat; [exact (sign_{q + 1} {v} Hn) | apply IH_; lia]).")
            else:
                out.append(f"  assert (0 <= {text}) by (apply Rmult_le_pos; [left; exact (sign_{q + 1} {v} Hn) | exact (every_sign ({v} - {x})%nat)]).")
        out.append("  lra. Qed.")


def _successors(k: int) -> str:
    text = "m_"
    for _ in range(k):
        text = f"S ({text})" if text != "m_" else "S m_"
    return text
