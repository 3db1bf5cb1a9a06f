"""T(n) = g + sum_i c_i (T(lo_i) + .. + T(n - s_i)) with constants: T(n) = T(n-1) + sum_i c_i T(n - s_i), one step later.

The equation for n - 1 is subtracted; positivity is that of the sums themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_compare import PLAIN
from verifier.bridge.recurrences_linear import linear
from verifier.bridge.recurrences_statement import Argument, Statement, Sum, Term
from verifier.bridge.recurrences_step import StepProof
from verifier.bridge.text import NotExported
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import real_of
from verifier.kernel.recurrence_system import affine
from verifier.lang.ast import ONE, ZERO, Expr, Var, add, free_vars


def differencing(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule differencing."""
    return DifferencedProof(s).text(bound)


class DifferencedProof(StepProof):
    """Sums over smaller arguments with constant coefficients."""

    def prepare(self) -> None:
        s = self.s
        if s.terms or not s.sums or s.driving == ZERO or s.system.variable in free_vars(s.driving):
            raise NotExported("a difference of sums with calls or a driving function that is not a positive constant")
        self.ends = [self.end_of(h) for h in s.sums]

    def least_step(self) -> int:
        return max(low + end for low, end in map(self.end_of, self.s.sums)) + 1

    def end_of(self, h: Sum) -> tuple[int, int]:
        """lo and s of a sum over T(k), lo <= k <= n - s."""
        s, n = self.s, self.s.system.variable
        try:
            low, high = affine(h.lower, n, s.system.facts), affine(h.upper, n, s.system.facts)
        except Rejected as error:
            raise NotExported("a sum with other than linear ends") from error
        if low.slope.num or high.slope.rational != 1 or low.lo != low.hi or high.lo != high.hi or high.lo > -1 or h.weight != ONE \
                or h.argument != Var(h.index) or n in free_vars(h.coefficient) or real_of(h.coefficient, s.system.facts).sign() <= 0:
            raise NotExported("a sum with weights, or with other ends than a constant and n - s")
        found = int(low.lo), int(-high.lo)
        if s.start is not None and s.start < sum(found):
            raise NotExported("a sum that is empty at the start")
        return found

    def solve(self, bound: Mapping[str, Any]) -> None:
        s, v, f, out = self.s, self.s.variable, self.s.name, self.lines
        strict = self.base_sign()
        base = f"left; exact (base_sign {v} Hn)" if strict else f"exact (base_sign {v} Hn)"
        early = s.printer.with_context(s.context)
        summands = [h.text if h.coefficient == ONE else f"{early.factor(h.coefficient)} * {h.text}" for h in s.sums]

        def signs(proof: str) -> str:
            inner = f"apply sum_nat_nonneg; intros; cbv beta; {proof}"
            return " ".join(f"assert (0 <= {x}) by ({inner if h.coefficient == ONE else f'apply Rmult_le_pos; [first [lra | left; pos] | {inner}]'})."
                            for h, x in zip(s.sums, summands, strict=True))

        driving = f"assert (0 < {s.driving_text}) by (first [lra | pos])."
        out += [f"Lemma every_sign : forall {v}, 0 <= {f} {v}.",
                f"Proof. intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. destruct (le_lt_dec n0 {v}) as [Hn|Hn]; [|{base}].",
                f"  rewrite (equation {v} Hn). {signs('apply IH_; lia')} {driving} lra. Qed.",
                f"Lemma positive : late (fun n => 0 < {f} n).",
                f"Proof. exists n0. intros {v} Hn. rewrite (equation {v} Hn). {signs('apply every_sign')} {driving} lra. Qed.",
                "Definition d_ (_ : nat) : R := 0.", "Lemma d__late : late (fun n => 0 <= d_ n).", "Proof. exists 0%nat. intros n _. apply Rle_refl. Qed."]
        lags: dict[int, Expr] = {1: ONE}
        for h, (_, end) in zip(s.sums, self.ends, strict=True):
            lags[end] = add(lags[end], h.coefficient) if end in lags else h.coefficient
        steps = []
        for low, end in self.ends:
            steps.append(f"replace ({v} - {end})%nat with (S ({v} - 1 - {end}))%nat by lia. rewrite (sum_nat_last _ {low} ({v} - 1 - {end})) by lia.")
        given = [f"Proof. intros {v} Hn. pose proof (equation ({v} - 1)%nat ltac:(lia)) as E_. rewrite (equation {v} ltac:(lia)). unfold lsum, d_. cbn [lags_of fold_right fst snd].",
                 f"  {' '.join(steps)} cbv beta. rewrite E_. ring. Qed."]
        terms = tuple(Term(c, Argument(f"{v} - {j}", Fraction(1), Fraction(j)), s.system.facts) for j, c in lags.items())
        self.order_scale = PLAIN
        self.bound = self.grower.grow(s.bound)
        self.driving = None
        self.s = replace(s, terms=terms)
        linear(self, bound, "d_", "(S n0)", given)
        self.s = s
