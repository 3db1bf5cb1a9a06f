"""Linear recurrences with constant coefficients, T(n) = sum a_j T(n - j) + g(n): the theorem on the scale 2^n."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verifier.bridge.recurrences_first_order import first_order, increments
from verifier.bridge.recurrences_growth import Exponents, between
from verifier.bridge.recurrences_proof import Proof
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real, exp_real, log_real, power_real, real, real_of
from verifier.lang.parse import parse_expression


def lags(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule akra_bazzi in the size exp(n)."""
    if len(s.terms) == 1:
        return first_order(s, bound)
    p = Proof(s)
    p.imports = "From Aalp Require Import Lags ProductGrowth.\n"
    return p.write(linear, bound)


def linear(p: Proof, bound: Mapping[str, Any], g: str = "g", n0: str = "n0", given: list[str] | None = None) -> None:
    """T(n) = sum a_j T(n - j) + g(n): the theorem on the scale 2^n, with bases instead of exponents.

    `given` shows the equation with the driving function `g` from `n0` on, if it is not that of the statement."""
    s, v, f = p.s, p.s.variable, p.s.name
    lags: list[tuple[str, int, Real]] = []
    for t in s.terms:
        found = re.fullmatch(rf"{v} - (\d+)", t.argument.text)
        if not found:
            raise NotExported("an argument that is not n - j")
        lags.append((s.printer.real(t.coefficient), int(found.group(1)), t.value))
    listed = "; ".join(f"({a}, {j}%nat)" for a, j, _ in lags)
    own = [f"Proof. intros {v} Hn. rewrite (equation {v} Hn). unfold lsum. cbn [rsum terms ta tr lags_of fold_right fst snd]. ring. Qed."]
    p.lines += [f"Definition lags_of : list (R * nat) := [{listed}].", f"Lemma lags_good : lags_ok {n0} lags_of.", "Proof. lags_fine. Qed.",
                f"Lemma equation_lags : forall {v}, ({n0} <= {v})%nat -> {f} {v} = lsum lags_of {f} {v} + {g} {v}.", *(given or own)]
    common = f"{f} {g} lags_of {n0} lags_good equation_lags"
    zero, one = real(0), real(1)

    def chi(r: Real) -> Real:
        total = zero
        for _, j, a in lags:
            total = total + a / power_real(r, real(j))
        return total

    def chi_lemma(text: str, relation: str, name: str, base: Real) -> None:
        surd = base.rational is None
        close = "surds" if surd else "first [lra | field; lra]"
        p.lines += [f"Lemma {name} : chi lags_of {text} {relation} 1.",
                    f"Proof. unfold chi. cbn [lags_of fold_right fst snd]. {close}. Qed."]

    d = p.driving
    rate = None if d is None else d.exponents[0]
    s0 = None if rate is None else exp_real(rate).rational if rate.num else Fraction(1)
    if d is not None and s0 is None:
        raise NotExported("an irrational rate")
    if d is not None and s0 is not None:
        sign = (chi(real(s0)) - one).sign()
        st, scale = ratio_text(s0), " ".join(p.grower.tight(p.grower.exponent(x)) for x in d.exponents[1:])
        exact = f"ltac:(first [exact {d.name} | rewrite ln_1; exact {d.name}])"
        known = f"{common} positive {g}_late {st}"
        if sign < 0:
            chi_lemma(st, "<", "sum_small", real(s0))
            p.classes(d.exponents, d.exponents, f"pose proof (linear_driven {known} {scale} {d.text} ltac:(lra) sum_small {p.sign_proof()} {exact}) as X_. "
                                                "rewrite ?ln_1 in X_. exact X_.")
            return
        if sign == 0:
            chi_lemma(st, "=", "sum_one", real(s0))
            up, lam, at = increments(p, "driving_increments", (d.exponents[1], d.exponents[2], d.exponents[3]))
            diverges = lam.sign() > 0
            e: Exponents = (d.exponents[0], *up) if diverges else (d.exponents[0], zero, zero, zero)
            p.classes(e, e, f"pose proof (linear_{'sum' if diverges else 'bounded'} {known} ltac:(lra) sum_one {at} {d.text} driving_increments "
                            f"ltac:({'lra' if diverges else 'close_lexpos'}) {p.sign_proof()} {exact}) as X_. rewrite ?ln_1 in X_. exact X_.")
            return
    text = bound.get("base")
    if text is None:
        raise NotExported("bases from one side")
    base = real_of(parse_expression(str(text)), s.system.facts)
    if (chi(base) - one).num:
        raise NotExported("a base that is not a root")
    rate = log_real(base)
    if base.rational is None and rate.key not in p.grower.bases:
        raise NotExported("an irrational base that the bound does not show")
    shown = p.grower.bases.get(rate.key) or (ratio_text(base.rational) if base.rational is not None else f"({s.printer.real(base.expr)})")
    p.grower.names.setdefault(rate.key, f"(ln {shown})")
    low = s0 if s0 is not None else Fraction(0)
    middle = between(real(low), base)
    if middle == 1 and d is None:
        middle = between(real(0), real(1)) if (base - one).sign() >= 0 else middle
    mt = ratio_text(middle)
    p.lines += [f"Lemma between_bases : 0 < {mt} /\\ {mt} < {shown}.", f"Proof. split; [lra|]. {'lra' if base.rational is not None else 'surd_bounds; nra'}. Qed."]
    if d is None:
        p.lines += [f"Lemma driving_small : late (fun n => {g} n <= 1 * Sc (ln {mt}) 0 0 0 n).",
                    f"Proof. exists 0%nat. intros n _. unfold {g}. pose proof (Sc_pos (ln {mt}) 0 0 0 n). lra. Qed."]
    else:
        p.lines += [f"Lemma driving_small : late (fun n => {g} n <= 1 * Sc (ln {mt}) 0 0 0 n).",
                    f"Proof. refine (grows_below_class _ _ _ _ _ _ _ _ _ _ {d.name} _). pose proof ln_1 as L1_. "
                    f"pose proof (ln_increasing {ratio_text(low)} {mt} ltac:(lra) ltac:(lra)) as L2_. close_lexpos. Qed."]
    chi_lemma(shown, "=", "sum_one", base)
    e = (rate, zero, zero, zero)
    p.classes(e, e, f"pose proof between_bases as [B1_ B2_]. split; [refine (as_written _ _ _ _ (linear_class_leaf_upper {common} {g}_late {shown} {mt} B1_ B2_ (Req_le _ _ sum_one) driving_small) _) | "
                    f"refine (as_written' _ _ _ _ (linear_class_leaf_lower {common} positive {g}_late {shown} ltac:(lra) (Req_le _ _ (eq_sym sum_one))) _)]; rewrite ?ln_1; reflexivity.")
