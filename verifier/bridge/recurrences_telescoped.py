"""T(n) = T(n - d(n)) + g(n) with d(n) = o(n): T has the order of the class U with U(n) - U(n - d(n)) of the order of g."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_calls import SIGNS, Calls
from verifier.bridge.recurrences_growth import Exponents, order
from verifier.bridge.recurrences_scaled import on_size
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported
from verifier.kernel.recurrence_real import real
from verifier.lang.ast import ONE, ZERO

UNIT, ZERO_REAL = real(1), real(0)


def substitution(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule substitution."""
    p = Telescoped(s)
    if len(s.terms) == 1 and s.terms[0].coefficient == ONE and s.terms[0].argument.real is not None and p.distance(s.terms[0].argument.real) is not None:
        return p.write(Telescoped.method, bound)  # type: ignore[arg-type]
    return on_size(s, bound)


class Telescoped(Calls):
    """A proof by the differences of a class."""

    def method(self, bound: Mapping[str, Any]) -> None:
        del bound
        s, v, f, out = self.s, self.s.variable, self.s.name, self.lines
        (c,) = self.calls
        d, g = self.distance(c.target) or ZERO, self.driving
        if g is None or c.growth is None:
            raise NotExported("no driving function")
        step = self.positive_growth(d)
        _, e, k, j = step.exponents
        if order(step.exponents) <= 0 or step.exponents[0].num or g.exponents[0].num:
            raise NotExported("a step that does not grow, or an exponential")
        if order((ZERO_REAL, UNIT - e, -k, -j)) <= 0:
            raise NotExported("a step of the order of n")
        u: Exponents = (ZERO_REAL, g.exponents[1] + UNIT - e, g.exponents[2] - k, g.exponents[3] - j)
        if u[1].sign() <= 0:
            raise NotExported("a bound that is not a power of n")
        r, x, dt = self.index(c), s.printer.real(c.target), s.printer.real(d)
        places = " ".join(self.grower.exponents_list(step.exponents)[1:])
        ut = self.grower.exponents_list(u)
        gt = self.grower.exponents_list(g.exponents)
        out += [f"Lemma step_growth : grows (fun {v} : nat => INR {v} - INR ({r} {v})) {step.text} {self.grower.exponents(step.exponents)}.",
                f"Proof. apply (grows_near (fun {v} : nat => {dt}) _ 1); [close_lexpos | | exact {step.name}]. exists n0. intros {v} Hn. pose proof ({c.near} {v} Hn) as N_. "
                f"replace (INR {v} - INR ({r} {v}) - ({dt})) with (- (INR ({r} {v}) - ({x}))) by lra. rewrite Rabs_Ropp. lra. Qed.",
                f"Lemma class_growth : grows (fun {v} : nat => Sc {' '.join(ut)} {v} - Sc {' '.join(ut)} ({r} {v})) ({ut[1]} * {step.text}) {' '.join(gt)}.",
                f"Proof. pose proof (class_step {r} {step.text} {places} {self.sign_proof()} step_growth ltac:(close_lexpos) {' '.join(ut[1:])} ltac:(lra)) as X_. "
                "refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ _ _ _ _ _); lra. Qed.",
                f"Lemma far : forall m, late (fun {v} : nat => (m <= {r} {v} < {v})%nat).",
                f"Proof. intros m. generalize (late_and _ _ (grows_large _ {c.growth.text} {self.grower.exponents(c.growth.exponents)} {self.sign_proof()} ltac:(close_lexpos) {c.growth.name} (INR m)) "
                f"(ex_intro _ n0 (fun n H => H))). apply late_imp. intros {v} [L_ Hn]. split; [apply INR_le; exact L_ | exact ({c.smaller} {v} Hn)]. Qed.",
                f"Lemma equation_late : late (fun {v} : nat => {f} {v} = {f} ({r} {v}) + g {v}).", f"Proof. exists n0. intros {v} Hn. rewrite (equation {v} Hn). unfold step, g. reflexivity. Qed."]
        self.classes(u, u, f"exact (telescoped {f} g {r} {' '.join(ut[1:])} ({ut[1]} * {step.text}) {' '.join(gt[1:])} {g.text} equation_late positive far "
                           f"ltac:(apply Rmult_lt_0_compat; [lra | {SIGNS}]) {self.sign_proof()} class_growth {g.name}).")
