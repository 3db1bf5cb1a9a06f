"""Divide and conquer, T(n) = sum a_i T(n/b_i) + g(n): the Akra-Bazzi theorem on the scale n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.bridge.recurrences_compare import needed, strict
from verifier.bridge.recurrences_growth import Exponents, between, with_roots
from verifier.bridge.recurrences_proof import Proof
from verifier.bridge.recurrences_scaled import on_size
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real, exp_real, log_real, real, real_of
from verifier.lang.ast import App, Num, free_vars
from verifier.lang.parse import parse_expression


def divide_and_conquer(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule akra_bazzi in the size n."""
    if s.general or any(s.system.variable in free_vars(t.coefficient) for t in s.terms):
        return on_size(s, bound)
    return Proof(s).write(divide, bound)


def divide(p: Proof, bound: Mapping[str, Any]) -> None:
    """The Akra-Bazzi theorem on the scale n."""
    s = p.s
    low, high, c = p.rounding()
    zero, one = real(0), real(1)
    common = f"{s.name} g terms {low} {high} {c} n0 terms_rounded equation"
    d = p.driving
    if d is not None:
        r, dd, k, j = d.exponents
        if not r.num and not j.num:
            sign = (p.sum_at(dd) - one).sign()
            arguments = f"{d.text} {p.grower.tight(p.grower.exponent(dd))}"
            kk = p.grower.tight(p.grower.exponent(k))
            if sign < 0:
                p.asum(dd, "<", "sum_small")
                e: Exponents = (zero, dd, k, zero)
                p.classes(e, e, f"exact (divide_root {common} positive g_late {arguments} {kk} {p.sign_proof()} {d.name} sum_small).")
                return
            if sign == 0:
                p.asum(dd, "=", "sum_one")
                side = (k + one).sign() if k.rational is not None or k.num else 1
                if side > 0:
                    e = (zero, dd, k + one, zero)
                    p.classes(e, e, f"pose proof (divide_balanced {common} positive g_late {arguments} {kk} {p.sign_proof()} {d.name} ltac:(lra) sum_one) as X_. "
                                    f"replace ({kk} + 1) with {p.grower.tight(p.grower.exponent(k + one))} in X_ by lra. exact X_.")
                elif side == 0:
                    e = (zero, dd, zero, one)
                    p.classes(e, e, f"exact (divide_loglog {common} positive g_late {arguments} {p.sign_proof()} {d.name} sum_one).")
                else:
                    e = (zero, dd, zero, zero)
                    p.classes(e, e, f"exact (divide_small {common} positive g_late {arguments} {kk} {p.sign_proof()} {d.name} ltac:(lra) sum_one).")
                return
        elif r.num or (p.sum_at(dd) - one).sign() <= 0:
            raise NotExported("a driving function with log log n or an exponential in this case")
    leaves(p, bound, common)


def leaves(p: Proof, bound: Mapping[str, Any], common: str) -> None:
    """T = Theta(n^p), the driving function below n^p."""
    d, zero = p.driving, real(0)
    if "exponent" not in bound:
        one_sided(p, bound, common)
        return
    q = leaf_exponent(p, bound)
    below = d.exponents[1] if d is not None else q - real(2)
    middle = between(below, q) if d is not None else None
    if d is not None and middle is not None:
        mt = ratio_text(middle)
        order_proof = "ltac:(lra)"
        text = p.grower.tight(p.grower.exponent(q))
        p.lines += [f"Lemma between_classes : {mt} < {text}.", f"Proof. {p.grower.bracket(q, real(middle)) if q.rational is None else ''}lra. Qed."]
        order_proof = "between_classes"
        apart = p.grower.separate(d.exponents, (zero, real(middle), zero, zero))
        p.lines += [f"Lemma driving_small : late (fun n => g n <= 1 * W {mt} 0 (INR n)).",
                    f"Proof. apply (grows_below_W _ _ _ _ _ _ _ _ {d.name}). {apart}close_lexpos. Qed."]
    else:
        text = p.grower.tight(p.grower.exponent(q))
        mt, order_proof = f"({text} - 1)", "ltac:(lra)"
        p.lines += [f"Lemma driving_small : late (fun n => g n <= 1 * W {mt} 0 (INR n)).",
                    "Proof. exists 0%nat. intros n _. unfold g. pose proof (W_pos " + f"{mt} 0 (INR n)). lra. Qed."]
    p.asum(q, "=", "sum_one")
    e: Exponents = (zero, q, zero, zero)
    p.classes(e, e, f"split; [exact (divide_leaf_upper {common} g_late {text} {mt} {order_proof} (Req_le _ _ sum_one) driving_small) | "
                    f"exact (divide_leaf_lower {common} positive g_late {text} (Req_le _ _ (eq_sym sum_one)))].")


def one_sided(p: Proof, bound: Mapping[str, Any], common: str) -> None:
    """T = O(n^q) for a rational q with a sum of at most 1, T = Omega(n^q) with one of at least 1."""
    d, zero = p.driving, real(0)
    upper: Exponents | None = None
    lower: Exponents | None = None
    f = p.s.name
    for side, relation in (("upper", "<="), ("lower", ">=")):
        text = bound.get(side + "_exponent")
        if text is None or side not in needed(p.s):
            continue
        q = real_of(parse_expression(str(text)), p.s.system.facts)
        claimed = p.bound.exponents[1]
        gap = (claimed - q).sign() * (1 if side == "upper" else -1)
        if gap > 0:  # a simpler exponent between the two serves
            exact = claimed.rational is not None and claimed.rational.denominator <= 1000 and not strict(p.s)
            q = claimed if exact else \
                real(between(q, claimed) if side == "upper" else between(claimed, q))
        if q.rational is None or q.rational.denominator > 1000:
            raise NotExported("an exponent from one side that is irrational or has many digits")
        qt = ratio_text(q.rational)
        name = f"sum_{side}"
        p.asum(q, relation, name)
        e: Exponents = (zero, q, zero, zero)
        if side == "lower":
            lower = e
            p.lines += [f"Lemma class_lower : bounded_below {f} (Sc {p.grower.exponents(e)}).",
                        f"Proof. exact (divide_leaf_lower {common} positive g_late {qt} {name}). Qed."]
            continue
        upper = e
        middle = ratio_text(between(d.exponents[1], q)) if d is not None else f"({qt} - 1)"
        small = (f"apply (grows_below_W _ _ _ _ _ _ _ _ {d.name}). close_lexpos." if d is not None
                 else f"exists 0%nat. intros n _. unfold g. pose proof (W_pos {middle} 0 (INR n)). lra.")
        p.lines += [f"Lemma driving_small : late (fun n => g n <= 1 * W {middle} 0 (INR n)).", f"Proof. {small} Qed.",
                    f"Lemma class_upper : bounded_above {f} (Sc {p.grower.exponents(e)}).",
                    f"Proof. exact (divide_leaf_upper {common} g_late {qt} {middle} ltac:(lra) {name} driving_small). Qed."]
    p.classes(upper, lower, "")


def leaf_exponent(p: Proof, bound: Mapping[str, Any]) -> Real:
    """The exponent of the certificate, as a quotient of logarithms that the ratios fit."""
    text = bound.get("exponent")
    if text is None:
        raise NotExported("exponents from one side")
    q = real_of(parse_expression(str(text)), p.s.system.facts)
    if q.rational is not None or q.key in p.arguments:
        return q
    slopes = {t.argument.slope for t in p.s.terms}
    base = 1 / max(slopes)
    a = exp_real(q * log_real(real(base)))
    p.register(App("/", (App("log", (with_roots(a.expr),)), App("log", (Num(base),)))))
    if q.key not in p.arguments:
        raise NotExported("an exponent that is not a quotient of logarithms")
    return q
