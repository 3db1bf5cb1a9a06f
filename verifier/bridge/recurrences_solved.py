"""Closed forms: T(n) = F(n) for all n from the first base value on, by induction; then F is compared with the claimed bound.

Coefficients of any sign; F and the driving function are sums of powers of n times exponentials b^n."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_compare import PLAIN
from verifier.bridge.recurrences_growth import Growth
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.recurrences_step import StepProof
from verifier.bridge.text import NotExported
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_closed import exp_poly, rule_closed_form
from verifier.kernel.recurrence_real import real_of
from verifier.lang.ast import App, Expr, Num, Var, free_vars, subterms
from verifier.lang.parse import parse_expression


def closed_form(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule closed_form."""
    return ClosedProof(s).text(bound)


class ClosedProof(StepProof):
    """T(n) = F(n)."""

    def read_driving(self) -> None:
        """Any sign will do."""

    def driving_signs(self) -> None:
        """No sign is needed."""

    def late_signs(self) -> list[str]:
        return []

    def prepare(self) -> None:
        s, v = self.s, self.s.variable
        if s.sums or s.start is None:
            raise NotExported("a closed form of a recurrence that is not one with lags")
        self.lags = []
        for t in s.terms:
            found = re.fullmatch(rf"{v} - (\d+)", t.argument.text)
            if not found:
                raise NotExported("a closed form of a recurrence that is not one with lags")
            self.lags.append(int(found.group(1)))

    def exponentials(self, e: Expr) -> None:
        """NotExported unless all exponentials are b^n with rational b > 0."""
        n = self.s.system.variable
        exp_poly(e, n, self.s.system.facts)
        for x in subterms(e):
            if isinstance(x, App) and x.op == "^" and n in free_vars(x.args[1]):
                base = real_of(x.args[0], self.s.system.facts)
                if x.args[1] != Var(n) or base.rational is None or base.sign() <= 0:
                    raise NotExported("a closed form with other exponentials than b^n")
            if isinstance(x, App) and x.op == "^" and isinstance(x.args[1], Num) and (x.args[1].value.denominator != 1 or x.args[1].value < 0):
                raise NotExported("a closed form with roots")

    def solve(self, bound: Mapping[str, Any]) -> None:
        s, v, f = self.s, self.s.variable, self.s.name
        solution = parse_expression(str(bound["solution"]))
        try:
            self.exponentials(solution)
            self.exponentials(s.driving)
            first = rule_closed_form(s.system, solution)
        except Rejected as error:
            raise NotExported(str(error)) from error
        reach = max(self.lags)
        if s.start is None or s.start < first + reach:
            raise NotExported("a closed form that starts late")
        self.order_scale = PLAIN
        self.bound: Growth = self.grower.grow(s.bound)
        g = self.grower.grow(solution)
        if g.value.sign() <= 0:
            raise NotExported("a closed form that is not positive")
        shifts = " ".join(f"replace (m + {reach} - {j})%nat with (m + {reach - j})%nat by lia." for j in sorted(set(self.lags)))
        powers = "rewrite ?Rpower_pow by lra"
        out = self.lines
        out += [f"Definition closed_ ({v} : nat) : R := {s.printer.real(solution)}.",
                f"Lemma solved : forall n, ({first} <= n)%nat -> {f} n = closed_ n.", "Proof. induction n as [n IH] using lt_wf_ind. intros Hn. destruct (le_lt_dec n0 n) as [L|L].",
                f"  - rewrite (equation n L). rewrite !IH by lia. assert (E : exists m, n = (m + {reach})%nat) by (exists (n - {reach})%nat; lia). destruct E as (m & ->).",
                f"    {shifts} unfold closed_. {powers}. rewrite ?Rfunctions.pow_add, ?plus_INR. cbn [INR pow]. field."]
        for k, (i, _) in enumerate(s.points):
            if i >= first:
                out.append(f"  {'-' if i == min(j for j, _ in s.points if j >= first) else ' '} destruct (Nat.eq_dec n {i}) as [->|N{i}]; "
                           f"[{self.component(k, 'HB')[:-1]}; rewrite HB; unfold closed_; {powers}; cbn [INR pow]; field|].")
        out += ["    lia.", "Qed."]
        proof = (f"assert (G : grows {f} {g.text} {self.grower.exponents(g.exponents)}) by (refine (cv_late _ _ _ _ {g.name}); exists {first}%nat; intros n Hn; rewrite (solved n Hn); reflexivity). "
                 f"split; [exact (grows_above _ {g.text} _ _ _ _ {self.sign_proof()} G) | exact (grows_below _ {g.text} _ _ _ _ {self.sign_proof()} G)].")
        self.classes(g.exponents, g.exponents, proof)
