"""Sums over all smaller arguments, T(n) = c(n) (w(lo) T(lo) + .. + w(n-1) T(n-1)) + g(n).

The sum P(n) = w(lo) T(lo) + .. + w(n) T(n) is of first order, P(n) = (1 + w(n) c(n)) P(n-1) + w(n) g(n), and T(n) = c(n) P(n-1) + g(n)
is of the order of the larger of the two terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_compare import PLAIN
from verifier.bridge.recurrences_first_order import Product, solve_first_order
from verifier.bridge.recurrences_growth import Exponents, Growth, combined
from verifier.bridge.recurrences_statement import Statement, Sum
from verifier.bridge.recurrences_step import StepProof
from verifier.bridge.text import NotExported
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_system import affine
from verifier.lang.ast import ONE, ZERO, App, Expr, Var, add, free_vars, mul, neg, sub, substitute


def history(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule history."""
    return HistoryProof(s).text(bound)


class HistoryProof(StepProof):
    """T(n) = c(n) * (sum of w(k) T(k), lo <= k < n) + g(n)."""

    driving_name = "h_"

    def prepare(self) -> None:
        s, v = self.s, self.s.variable
        if s.terms or not s.sums:
            raise NotExported("calls besides a sum over smaller arguments")
        if s.driving == ZERO:
            raise NotExported("a sum over smaller arguments without a driving function")
        ranges = [self.range_of(h) for h in s.sums]
        self.lower, weight = ranges[0]
        if any(r != ranges[0] for r in ranges):
            raise NotExported("sums with different ranges or weights")
        coefficient = add(*(h.coefficient for h in s.sums)) if len(s.sums) > 1 else s.sums[0].coefficient
        driving = s.driving if weight == ONE else mul(weight, s.driving)
        early = s.printer.with_context(s.context)
        self.coefficient = self.grower.grow(coefficient)
        self.weight = self.grower.grow(weight)
        factor = add(ONE, coefficient if weight == ONE else mul(weight, coefficient))
        self.summed = self.products.products(driving)
        out = self.lines
        out += [f"Definition c_ ({v} : nat) : R := {early.real(coefficient)}.", f"Definition w_ ({v} : nat) : R := {s.printer.real(weight)}.",
                f"Definition h_ ({v} : nat) : R := {s.printer.real(driving)}.", f"Definition a_ ({v} : nat) : R := {early.real(factor)}."]
        if self.coefficient.value.sign() <= 0 or self.weight.value.sign() <= 0 or self.summed.value.sign() <= 0:
            raise NotExported("a coefficient that is not positive")
        sign = self.sign_proof()
        out += ["Lemma c_late : late (fun n => 0 < c_ n).", f"Proof. exact (grows_nonneg _ {self.coefficient.text} _ _ _ _ {sign} {self.coefficient.name}). Qed.",
                "Lemma w_late : late (fun n => 0 < w_ n).", f"Proof. exact (grows_nonneg _ {self.weight.text} _ _ _ _ {sign} {self.weight.name}). Qed.",
                "Lemma h_late : late (fun n => 0 <= h_ n).",
                f"Proof. generalize (xgrows_positive _ {self.summed.text} {'_ ' * 7}{sign} {self.summed.name}). apply late_imp. intros n. apply Rlt_le. Qed.",
                f"Lemma w_sign : forall n, ({self.lower} <= n)%nat -> 0 <= w_ n.",
                f"Proof. intros n Hn. unfold w_. apply le_INR in Hn. simpl (INR {self.lower}) in Hn. first [lra | pos]. Qed."]
        self.near = Product(self, "a_", factor, 1).write()
        if any(x.num for x in self.near[:3]):
            raise NotExported("a sum over smaller arguments that grows like a factorial")

    def range_of(self, h: Sum) -> tuple[int, Expr]:
        """lo and w(n) of a sum over w(k) T(k), lo <= k <= n - 1, or over T(c - k)."""
        s, n = self.s, self.s.system.variable
        facts = s.system.facts

        def shift(e: Expr) -> int | None:
            p = affine(e, n, facts)
            return int(p.lo) if p.slope.rational == 1 and p.lo == p.hi and p.lo.denominator == 1 else None

        def constant(e: Expr) -> int | None:
            p = affine(e, n, facts)
            return int(p.lo) if not p.slope.num and p.lo == p.hi and p.lo.denominator == 1 else None

        try:
            if h.argument == Var(h.index):
                low, high, weight = constant(h.lower), shift(h.upper), substitute(h.weight, {h.index: Var(n)})
            else:
                top = self.top(h)
                low, high, weight = constant(sub(top, h.upper)), shift(sub(top, h.lower)), h.weight
                if weight != ONE:
                    raise NotExported("a weighted sum in descending order")
        except Rejected as error:
            raise NotExported("a sum with other than linear ends") from error
        if low is None or low < 0 or high != -1 or n in free_vars(h.weight):
            raise NotExported("a sum that does not run from a constant to n - 1")
        return low, weight

    @staticmethod
    def top(h: Sum) -> Expr:
        """c, if the argument is c - index."""
        k = Var(h.index)
        parts = h.argument.args if isinstance(h.argument, App) and h.argument.op == "+" else (h.argument,)
        rest = [x for x in parts if x != neg(k)]
        if len(rest) != len(parts) - 1 or any(h.index in free_vars(x) for x in rest) or not rest:
            raise NotExported("a sum over other arguments")
        return add(*rest) if len(rest) > 1 else rest[0]

    def late_signs(self) -> list[str]:
        return ["g_late", "c_late"]

    def sign_of(self, lemma: str) -> str:
        return "0 < c_ n" if lemma == "c_late" else super().sign_of(lemma)

    def sign_from(self, lemma: str) -> str:
        if lemma != "c_late":
            return super().sign_from(lemma)
        return f"unfold c_. apply le_INR in Hn. simpl (INR {self.s.start}) in Hn. first [lra | pos]."

    def same_sums(self) -> list[str]:
        """Tactics that turn every sum of the equation into P(n - 1)."""
        s, v, out = self.s, self.s.variable, []
        for i, h in enumerate(s.sums):
            end = "apply sum_nat_ext; intros; unfold w_; try lra; ring."
            if h.argument == Var(h.index):
                proof = f"unfold past; {end}"
            else:
                top, low, high = (self.natural(e) for e in (self.top(h), h.lower, h.upper))
                proof = (f"rewrite (sum_nat_reverse {s.name} {low} {high} {top}) by lia; unfold past; replace ({top} - {high})%nat with {self.lower}%nat by lia; "
                         f"replace ({top} - {low})%nat with ({v} - 1)%nat by lia; {end}")
            out.append(f"assert (E{i}_ : {h.text} = past {s.name} w_ {self.lower} ({v} - 1)) by ({proof[:-1]}).")
        return out

    def natural(self, e: Expr) -> str:
        """An end of a sum as text."""
        p = affine(e, self.s.system.variable, self.s.system.facts)
        c = int(p.lo)
        if not p.slope.num:
            return f"{c}%nat"
        v = self.s.variable
        return v if c == 0 else f"({v} {'+' if c > 0 else '-'} {abs(c)})%nat"

    def solve(self, bound: Mapping[str, Any]) -> None:
        s, f, lo = self.s, self.s.name, self.lower
        strict = self.base_sign()
        past = f"(past {f} w_ {lo})"
        out = self.lines
        base = "(fun n Hn => Rlt_le _ _ (base_sign n Hn))" if strict else "base_sign"
        rewrites = " ".join(f"rewrite ?E{i}_." for i in range(len(s.sums)))
        common = f"{f} g c_ w_ {lo} n0"
        signs = f"{base} (fun n Hn => Rlt_le _ _ (sign_1 n Hn)) sign_0 w_sign history_equation"
        v = s.variable
        out += [f"Lemma history_equation : forall {v}, (n0 <= {v})%nat -> {f} {v} = c_ {v} * {past} ({v} - 1)%nat + g {v}.",
                f"Proof. intros {v} Hn. rewrite (equation {v} Hn).", *("  " + x for x in self.same_sums()), f"  {rewrites} unfold c_, g. ring. Qed.",
                f"Lemma past_nonnegative : forall n, 0 <= {past} n.", f"Proof. exact (past_nonneg {common} ltac:(lia) {signs}). Qed.",
                f"Lemma past_late : late (fun n => 0 < {past} n).", f"Proof. exact (past_positive {common} ltac:(lia) {signs} g_positive w_late). Qed.",
                f"Lemma past_equation : late (fun n => {past} n = a_ n * {past} (n - 1)%nat + h_ n).",
                f"Proof. generalize (past_first_order {common} ltac:(lia) history_equation). apply late_imp. intros n E. rewrite E. unfold a_, h_, w_, c_, g. ring. Qed."]
        args = f"{past} h_ a_ 1 {self.products.arguments(self.near[:5], 0)} ltac:(lia) a_near h_late past_equation past_late"
        e, proof = solve_first_order(self, args, self.near, self.summed, "")
        if any(x.num for x in e[:3]):
            raise NotExported("a sum over smaller arguments that grows like a factorial")
        plain: Exponents = e[3:]
        at = self.grower.exponents(plain)
        out += [f"Lemma past_product : bounded_above {past} (XSc {self.products.scale(e)}) /\\ bounded_below {past} (XSc {self.products.scale(e)}).", f"Proof. {proof} Qed.",
                f"Lemma past_class : bounded_above {past} (Sc {at}) /\\ bounded_below {past} (Sc {at}).", "Proof. exact (plain_class _ _ _ _ _ past_product). Qed."]
        self.order_scale = PLAIN
        self.bound: Growth = self.grower.grow(s.bound)
        g, c, sign = self.grower.grow(s.driving), self.coefficient, self.sign_proof()
        both = combined(c.exponents, plain, 1)
        term = f"(fun n => c_ n * {past} (n - 1)%nat)"
        shown = self.grower.exponents(both)
        for way, k in (("above", 1), ("below", 2)):
            out += [f"Lemma term_{way} : bounded_{way} {term} (Sc {shown}).",
                    f"Proof. refine ({way}_same {'_ ' * 9}(product_{way} (fun n => {past} (n - 1)%nat) c_ {c.text} {'_ ' * 8}"
                    f"(shift_{way} {'_ ' * 5}(proj{k} past_class)) {sign} {c.name}) _ _ _ _); same_exponents. Qed."]
        side = PLAIN.gap(both, g.exponents)
        largest = both if side >= 0 else g.exponents
        top = self.grower.exponents(largest)
        first = ("term_above", "term_below") if side >= 0 else tuple(f"(grows_{way} _ {g.text} _ _ _ _ {sign} {g.name})" for way in ("above", "below"))
        other = f"(grows_above _ {g.text} _ _ _ _ {sign} {g.name})" if side >= 0 else "term_above"
        if side:
            small = g.exponents if side > 0 else both
            out += [f"Lemma smaller : bounded_above {'g' if side > 0 else term} (Sc {top}).",
                    f"Proof. refine (raise_upper {'_ ' * 9}_ {other}). {self.grower.separate(small, largest)}close_lexpos. Qed."]
            other = "smaller"
        if side >= 0:
            parts = f"{term} g _ ltac:(exists n0; exact history_equation) g_late"
        else:
            parts = (f"g {term} _ ltac:(exists n0; intros n Hn; rewrite (history_equation n Hn); ring) "
                     "ltac:(exists n0; intros n Hn; apply Rmult_le_pos; [left; exact (sign_1 n Hn) | apply past_nonnegative])")
        self.classes(largest, largest, f"exact (sum_of_parts {f} {parts} {first[0]} {first[1]} {other}).")
