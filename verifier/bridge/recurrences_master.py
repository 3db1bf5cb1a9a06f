"""Claims about the case of the master theorem: master(T(n)) = 2.

The statement writes the case out: with p = log_b a, f = O(n^(p - e)), or f = Theta(n^p log(n)^k) with k >= 0, or f = Omega(n^(p + e)) and
a*f(n/b) <= c*f(n) with c < 1 for all large n; 0 says that none of them holds.  The order of f decides."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.export import Files
from verifier.bridge.recurrences_exponent import HEADER, Sides, equations_and_calls, recurrence_of
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.claim import Claim
from verifier.kernel.recurrence_real import log_real, real
from verifier.kernel.recurrence_theorems import master_case
from verifier.lang.ast import ZERO, App, Expr, Num, Var, substitute


def export_master(certificate: Mapping[str, Any], claim: Claim) -> Files:
    """The files of a claim about the case."""
    s = recurrence_of(claim)
    right = claim.statement.right
    if not isinstance(right, Num):
        raise NotExported("a case that is not a number")
    found = master_case(s.system)
    if s.driving == ZERO or found.case == 0 and not found.reason.startswith("f"):
        raise NotExported("a recurrence that does not have the form of the master theorem")
    refuted = certificate["verdict"] == "refuted"
    if (found.case == right.value) == refuted:
        raise NotExported("another case")
    p = Master(s)
    wanted = int(right.value)
    return Files(p.statement(claim, wanted, refuted=refuted), p.text_of(wanted, found.case, refuted=refuted))


class Master(Sides):
    """a, b and p of the theorem, and the proof."""

    def __init__(self, s: Statement) -> None:
        super().__init__(s)
        slopes = {t.argument.slope for t in s.terms}
        total = real(0)
        for t in s.terms:
            total = total + t.value
        if len(slopes) != 1 or total.rational is None:
            raise NotExported("an irrational number of subproblems")
        self.a, self.b = total.rational, 1 / slopes.pop()
        self.p = log_real(total) / log_real(real(self.b))

    def inner(self) -> Expr:
        """f(n/b)."""
        n = self.s.system.variable
        return substitute(self.s.driving, {n: App("/", (Var(n), Num(self.b)))})

    def statement(self, claim: Claim, wanted: int, *, refuted: bool) -> str:
        s, v, (a, b) = self.s, self.s.variable, (ratio_text(self.a), ratio_text(self.b))
        large = f"forall {v} : nat, (N_ <= {v})%nat ->"
        power = f"Rpower {v} p_*Rpower (ln {v}) k_"
        cases = {
            1: [f"Definition case_1 : Prop := exists e_ c_ N_, 0 < e_ /\\ 0 < c_ /\\ {large} driving {v} <= c_*Rpower {v} (p_ - e_)."],
            2: [f"Definition case_2 : Prop := exists k_ c_ N_, 0 <= k_ /\\ 0 < c_ /\\ {large} driving {v} <= c_*({power}) /\\ {power} <= c_*driving {v}."],
            3: [f"Definition inner ({v} : nat) : R := {s.printer.real(self.inner())}.  (* the driving function at n/b *)",
                f"Definition case_3 : Prop := (exists e_ c_ N_, 0 < e_ /\\ 0 < c_ /\\ {large} Rpower {v} (p_ + e_) <= c_*driving {v}) /\\",
                f"  exists c_ N_, c_ < 1 /\\ {large} {a}*inner {v} <= c_*driving {v}."]}
        whole = f"case_{wanted}" if wanted else "(~ case_1 /\\ ~ case_2 /\\ ~ case_3)"
        lines = [*equations_and_calls(s, claim, refuted=refuted), f"(* T(n) = a*T(n/b) + f(n) with a = {a} and b = {b} *)",
                 f"Definition driving ({v} : nat) : R := {s.printer.real(s.driving)}.", f"Definition p_ : R := ln {a}/ln {b}.",
                 *(x for k in ([wanted] if wanted else [1, 2, 3]) for x in cases[k]),
                 f"Definition claim : Prop := calls /\\ 0 < {a} /\\ 1 < {b} /\\ {'~ ' if refuted else ''}{whole}."]
        return "\n".join(lines) + "\n"

    def text_of(self, wanted: int, case: int, *, refuted: bool) -> str:
        s, out = self.s, self.lines
        names = self.calls()
        self.growth = self.grower.grow(s.driving)
        r, d, k, j = self.growth.exponents
        if r.num or d.rational is None or k.rational is None or self.growth.value.sign() <= 0:
            raise NotExported("a driving function of another order")
        self.side = (d - self.p).sign()
        self.beside = self.grower.exponents(self.growth.exponents)
        steps = {True: [case] if not wanted else [], False: [wanted] if wanted else []}[refuted]
        fails = [wanted] if refuted and wanted else [1, 2, 3] if not wanted and not refuted else []
        proofs = [self.holds(i) for i in steps] + [self.fails(i, k.rational) for i in fails]
        relation = {-1: ("below", "<"), 0: ("equal", "="), 1: ("above", ">")}[-self.side]
        q: Fraction = d.rational
        out += self.grower.lines
        out += [f"Lemma order : p_ {relation[1]} {ratio_text(q)}.",
                f"Proof. unfold p_. pose proof (log_{relation[0]} {ratio_text(self.a)} {ratio_text(self.b)} ({q.numerator}) {q.denominator} ltac:(lra) ltac:(lra) ltac:(lia) "
                "ltac:(compute_powers)) as B_. cbn [INR] in B_. lra. Qed."]
        if refuted and not wanted:
            end = f"intros (F1_ & F2_ & F3_). apply F{case}_. {proofs[0]}"
        else:
            end = proofs[0] if len(proofs) == 1 else f"split; [{proofs[0][:-1]} | split; [{proofs[1][:-1]} | {proofs[2][:-1]}]]."
        out += ["Theorem t : claim.", f"Proof. split; [{f'intros {names}; ' if names else ''}exact {f'(near_all {names})' if names else 'near_all'}|]. "
                f"split; [lra|]. split; [lra|]. pose proof order as O_. {end} Qed."]
        return HEADER.replace(" Exponent.", " Master.") + "\n".join(out) + "\n"

    def common(self) -> str:
        return f"driving {self.growth.text} {' '.join(self.beside.split(' ')[1:])} p_ {self.sign_proof()} {self.growth.name}"

    def holds(self, case: int) -> str:
        if case == 1:
            return f"exact (first_holds {self.common()} ltac:(lra))."
        if case == 2:
            return f"exact (second_holds {self.common()} ltac:(lra) ltac:(lra) ltac:(lra))."
        h = self.grower.grow(self.inner())
        return (f"exact (third_holds {self.common()} inner {ratio_text(self.a)} {h.text} ltac:(lra) {self.sign_proof()} ltac:(lra) {h.name} "
                "ltac:(first [lra | field_simplify; lra | nra])).")

    def fails(self, case: int, k: Fraction) -> str:
        if case == 1:
            return f"exact (first_fails {self.common()} ltac:(lra))."
        if case == 3:
            return f"exact (third_fails {self.common()} inner {ratio_text(self.a)} ltac:(lra))."
        if self.side == 0 and k >= 0:
            raise NotExported("a driving function with powers of log log n")
        return f"exact (second_fails {self.common()} ltac:(first [left; lra | right; left; lra | right; right; split; lra]))."
