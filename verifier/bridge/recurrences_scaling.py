"""T(n) = n*U(n) turns coefficients n^(1 - b) of calls at n^b into constants: sqrt(n)*T(sqrt(n)) + n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_calls import SIGNS, Call
from verifier.bridge.recurrences_growth import Growth
from verifier.bridge.recurrences_scaled import SCALES, UNIT, ZERO_REAL, Scaled
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real
from verifier.lang.ast import ZERO, App, Expr, Var, add, div, free_vars, mul


def rescaled_by_size(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule scaling, or root, with the power 1."""
    if str(bound.get("power", "1")) != "1":
        raise NotExported("a scaling by another power than n")
    return SizeScaled(s, SCALES["log(n)"]).write(SizeScaled.method, bound)  # type: ignore[arg-type]


def scalable(s: Statement) -> bool:
    """Whether there is one call, at a root of n, with a coefficient that depends on n."""
    return len(s.terms) == 1 and not s.extreme and s.terms[0].argument.real is not None and s.system.variable in free_vars(s.terms[0].coefficient)


class SizeScaled(Scaled):
    """A proof about U(n) = T(n)/n on the scale log n."""

    sign_name = "positive_U"

    def __init__(self, s: Statement, scale: Any) -> None:
        super().__init__(s, scale)
        self.unknown, self.driver, self.stem = "U_", "h_", "class_U"
        self.scaled_driving: Growth | None = None

    @property
    def drive(self) -> Growth | None:
        return self.scaled_driving

    @property
    def rewriting(self) -> str:
        return f"(equation_U {self.s.variable} Hn)"

    def lead(self, c: Call) -> tuple[Real, Expr, Expr]:
        """The limit of coefficient*x/n, the part of the coefficient that gives it, and the others."""
        n = self.s.system.variable
        e = c.term.coefficient
        for a in e.args if isinstance(e, App) and e.op == "+" else (e,):
            g = self.grower.grow(mul(a, div(c.target, Var(n))))
            if g.exponents == (ZERO_REAL,) * 4:
                rest = add(*(b for b in e.args if b != a)) if isinstance(e, App) and e.op == "+" else ZERO
                return g.value, a, rest
        raise NotExported("a coefficient that the scaling does not make constant")

    def moving_coefficients(self) -> bool:
        return True

    def method(self, bound: Mapping[str, Any]) -> None:
        s, v, out = self.s, self.s.variable, self.lines
        n = s.system.variable
        if len(self.calls) != 1 or s.extreme:
            raise NotExported("a scaling with several calls")
        (c,) = self.calls
        if c.linear or c.growth is None or c.growth.value != UNIT:
            raise NotExported("a scaling of other arguments than powers of n")
        limit, lead, rest = self.lead(c)
        slope = c.growth.exponents[1]
        if c.growth.exponents != (ZERO_REAL, slope, ZERO_REAL, ZERO_REAL) or slope.sign() <= 0 or (slope - UNIT).sign() >= 0 or limit.sign() <= 0:
            raise NotExported("an argument that is not a root of n")
        self.limits[c.number] = (limit, s.printer.real(limit.expr))
        self.slopes[c.number] = (slope, ratio_text(slope.rational) if slope.rational is not None else self.grower.tight(s.printer.real(slope.expr)))
        self.scaled_driving = None if s.driving == ZERO else self.grower.grow(div(s.driving, Var(n)))
        x, a, r = s.printer.real(c.target), self.early(c.term.coefficient), self.index(c)
        f = s.name
        out += [f"Definition h_ ({v} : nat) : R := {s.printer.real(div(s.driving, Var(n))) if s.driving != ZERO else '0'}.",
                f"Definition U_ ({v} : nat) : R := {f} {v} / INR {v}.",
                f"Definition ca (_ : term) ({v} : nat) : R := ({a}) * INR ({r} {v}) / INR {v}.",
                f"Lemma ca_{c.number} : forall a_ r_ {v}, ca (Term a_ {self.slopes[c.number][1]} r_) {v} = ({a}) * INR ({r} {v}) / INR {v}.", "Proof. reflexivity. Qed.",
                f"Lemma size_positive : forall {v}, (n0 <= {v})%nat -> 0 < INR {v} /\\ 0 < INR ({r} {v}).",
                f"Proof. intros {v} Hn. pose proof ({c.near} {v} Hn) as N_. apply Rabs_def2 in N_. pose proof (large_{c.number} {v} Hn) as L_. pose proof ({c.smaller} {v} Hn) as S_. "
                f"split; [apply lt_0_INR; lia | lra]. Qed.",
                f"Lemma equation_U : forall {v}, (n0 <= {v})%nat -> U_ {v} = ({a}) * INR ({r} {v}) / INR {v} * U_ ({r} {v}) + h_ {v}.",
                f"Proof. intros {v} Hn. destruct (size_positive {v} Hn) as [P_ Q_]. cbv beta in Q_. unfold U_, h_. rewrite (equation {v} Hn). unfold step. cbv beta. "
                f"set (y_ := INR _) in Q_ |- *. field. split; lra. Qed.",
                f"Lemma h__late : late (fun {v} : nat => 0 <= h_ {v}).",
                f"Proof. generalize (late_and _ _ g_late (ex_intro _ n0 (fun n H => H))). apply late_imp. intros {v} [G_ Hn]. destruct (size_positive {v} Hn) as [P_ _]. unfold g in G_. unfold h_. "
                + ("lra. Qed." if s.driving == ZERO else "apply div_nonneg; assumption. Qed."),
                f"Lemma positive_U : late (fun {v} : nat => 0 < U_ {v}).",
                f"Proof. generalize (late_and _ _ positive (ex_intro _ n0 (fun n H => H))). apply late_imp. intros {v} [G_ Hn]. destruct (size_positive {v} Hn) as [P_ _]. unfold U_. apply div_pos; assumption. Qed."]
        self.regular_call(c, lead, rest, x, r, a)
        self.cases_of(self.listed(), bound)
        up, low = self.upper, self.lower
        if up is None or low is None:
            raise NotExported("a bound from one side")
        e = (up[0], up[1] + UNIT, up[2], up[3])
        text = self.grower.exponents(e)
        out += [f"Lemma unscaled : late (fun {v} : nat => {f} {v} = U_ {v} * INR {v}).",
                f"Proof. exists n0. intros {v} Hn. destruct (size_positive {v} Hn) as [P_ _]. unfold U_. field. lra. Qed.",
                f"Lemma class_upper : bounded_above {f} (Sc {text}).",
                f"Proof. pose proof (unscale_above {f} U_ _ _ _ _ unscaled class_U_upper) as X_. replace (0 + 1) with 1 in X_ by lra. exact X_. Qed.",
                f"Lemma class_lower : bounded_below {f} (Sc {text}).",
                f"Proof. pose proof (unscale_below {f} U_ _ _ _ _ unscaled class_U_lower) as X_. replace (0 + 1) with 1 in X_ by lra. exact X_. Qed."]
        self.upper = self.lower = e

    def room(self, c: Call) -> None:
        super().room(c)
        if c.linear or c.growth is None:
            return
        x = self.s.printer.real(c.target)
        self.fact(f"large_{c.number}", f"1 <= {x}", f"(grows_large _ {c.growth.text} {self.grower.exponents(c.growth.exponents)} {self.sign_proof()} ltac:(close_lexpos) {c.growth.name} 1)")

    def regular_call(self, c: Call, lead: Expr, rest: Expr, x: str, r: str, a: str) -> None:
        """Lemma regular_1: coefficient*r(n)/n is near its limit."""
        s, v, out = self.s, self.s.variable, self.lines
        n = s.system.variable
        dl = ratio_text(self.loss)
        limit = self.limits[c.number][1]
        p = s.printer
        lead_over = self.grower.grow(div(lead, Var(n)))
        target = f"0 0 (- {dl}) 0"
        rest_text = p.real(rest)
        if rest == ZERO:
            second = f"exists 0%nat; intros {v} _; rewrite Rmult_0_l; unfold Rdiv; rewrite Rmult_0_l, Rabs_R0; pose proof (Sc_pos {target} {v}); lra"
        else:
            over = self.grower.grow(div(rest, Var(n)))
            g = c.growth
            if g is None:
                raise NotExported("an argument without growth")
            exponents = tuple(i + j for i, j in zip(over.exponents, g.exponents, strict=True))
            size = " ".join(self.grower.exponents_list(exponents))  # type: ignore[arg-type]
            out += [f"Lemma rest_{c.number} : grows (fun {v} : nat => ({rest_text}) * INR ({r} {v}) / INR {v}) ({over.text} * {g.text}) {size}.",
                    f"Proof. pose proof (grows_mul _ _ _ _ _ _ _ _ _ _ _ _ {over.name} {g.name}) as X_. "
                    f"apply (grows_ext (fun {v} : nat => ({self.s.printer.real(div(rest, Var(n)))}) * INR ({r} {v}))); [intros; cbv beta; unfold Rdiv; ring|]. "
                    f"refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ eq_refl _ _ _ _); lra. Qed."]
            second = f"exact (small_class _ ({over.text} * {g.text}) {size} {target} rest_{c.number} ltac:(close_lexpos))"
        roots = [f for f in (lead.args if isinstance(lead, App) and lead.op == "*" else (lead,)) if n in free_vars(f)]
        root = p.tight(mul(*roots))
        product = (f"assert (E_ : {root} * {p.tight(c.target)} = INR {v}) by (rewrite <- ?Rpower_sqrt by exact P_; apply roots_one; [exact P_ | lra]); "
                   f"apply Rmult_eq_reg_r with (INR {v}); [|lra]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra; lra")
        out += [f"Lemma regular_{c.number} : regular log_size {dl} ca ({self.term_text(c)}).",
                f"Proof. apply regular_perturbed; cbn [ta tb tr]; [left; {SIGNS} | split; {SIGNS} | | | exact (call_root {r} {c.growth.text if c.growth else ''} {self.slopes[c.number][1]} {dl} ltac:(lra) {self.sign_proof()} growth_r{c.number})].",
                f"  - exists n0. intros {v} Hn. destruct (size_positive {v} Hn) as [P_ Q_]. rewrite ca_{c.number}. apply div_nonneg; [|exact P_]. apply Rmult_le_pos; [left; exact (coefficient_{c.number} {v} Hn) | left; exact Q_].",
                f"  - destruct (scaled_coefficient {r} (fun {v} : nat => {x}) (fun {v} : nat => {p.real(lead)}) (fun {v} : nat => {rest_text}) (Sc {target}) ({limit}) n0 {c.near}) as (c_ & C_ & L_).",
                f"    + exists (Nat.max 1 n0). intros {v} Hn. assert (P_ : 0 < INR {v}) by (apply lt_0_INR; lia). {product}.",
                f"    + exact (small_class _ {lead_over.text} {self.grower.exponents(lead_over.exponents)} {target} {lead_over.name} ltac:(close_lexpos)).",
                f"    + {second}.",
                f"    + exists c_. split; [exact C_|]. revert L_. apply late_imp. intros {v} L_. rewrite ca_{c.number}, log_size_power. "
                f"replace ({a}) with (({p.real(lead)}) + ({rest_text})) by lra. exact L_. Qed."]

