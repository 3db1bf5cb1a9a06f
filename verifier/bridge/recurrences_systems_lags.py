"""Functions that call each other at n - j, one j for all: the greatest and the least of T_f/v_f satisfy a recurrence with one lag.

With r^j v_f = sum_g a_fg v_g,  max_f T_f/v_f <= r^j max_f T_f/v_f at n - j, plus the driving functions, and likewise from below."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from verifier.bridge.recurrences_growth import Exponents, between, with_roots
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_joint import determinant
from verifier.kernel.recurrence_real import Real, log_real, power_real, real, real_of
from verifier.lang.parse import parse_expression

if TYPE_CHECKING:
    from verifier.bridge.recurrences_systems import Called, SystemProof

Nought, One = real(0), real(1)


def weights(inner: Mapping[int, list[Called]], group: Sequence[int], rate: Real) -> list[Real]:
    """v with sum_g a_fg v_g = rate v_f, from the cofactors of rate - (a_fg)."""
    n = len(group)
    gap = [[rate if i == k else Nought for k in range(n)] for i in range(n)]
    for a, i in enumerate(group):
        for c in inner[i]:
            b = group.index(c.function)
            gap[a][b] = gap[a][b] - c.value
    if determinant(gap).num:
        raise NotExported("a base that is not a root")
    found = []
    for k in range(n):
        d = determinant([row[:k] + row[k + 1:] for row in gap[1:]])
        found.append(d if k % 2 == 0 else -d)
    if any(x.sign() <= 0 for x in found):
        raise NotExported("a base that is not the largest root")
    return found


def lag_group(p: SystemProof, number: int, group: Sequence[int], entry: Mapping[str, Any]) -> None:
    """The class r^n of the functions of one group."""
    parts, v, out = p.j.parts, p.s.variable, p.lines
    inner = {i: [c for c in parts[i].calls if c.function in group] for i in group}
    lags = {c.argument.text for x in inner.values() for c in x}
    (shown, *more) = lags
    found = re.fullmatch(rf"{v} - (\d+)", shown)
    if more or not found or "base" not in entry or any(not x for x in inner.values()):
        raise NotExported("functions that call each other at different n - j, or grow more slowly than an exponential")
    lag = int(found.group(1))
    base = real_of(parse_expression(str(entry["base"])), p.s.system.facts)
    square = (base * base).rational
    if square is None:
        raise NotExported("several functions with a base that is not a square root")
    vs = weights(inner, group, power_real(base, real(lag)))
    printer = p.s.printer
    texts = {i: p.grower.tight(f"({printer.real(with_roots(x.expr))})" if x.rational is None else ratio_text(x.rational)) for i, x in zip(group, vs, strict=True)}
    bt = ratio_text(base.rational) if base.rational is not None else f"(sqrt {ratio_text(square)})"
    outer = {i: p.outer(i, group) for i in group}
    pieces = [x for i in group for x in outer[i]]
    slowest = real(0)
    if pieces:
        slowest = One
        if (base - One).sign() <= 0:
            raise NotExported("several functions with a driving function that dominates")
    middle = between(slowest, base)
    mt = ratio_text(middle)
    target: Exponents = (log_real(real(middle)), Nought, Nought, Nought)
    e: Exponents = (log_real(base), Nought, Nought, Nought)
    tt = p.grower.exponents(target)
    positive = "ltac:(intros; apply Sc_pos)"

    def folded(op: str, values: Sequence[str]) -> str:
        text = values[-1]
        for x in reversed(values[:-1]):
            text = f"{op} ({x}) ({text})"
        return text

    quotients = [f"/ {texts[i]} * {parts[i].name} {v}" for i in group]
    driving = [f"/ {texts[i]} * outer_{i + 1} {v}" for i in group]
    total = len(group)
    summed = driving[-1]
    for x in reversed(driving[:-1]):
        summed = f"{x} + ({summed})"
    out += [f"Lemma root_{number} : 0 < {mt} /\\ {mt} < {bt}.", f"Proof. split; [lra|]. {'lra' if base.rational is not None else 'surd_bounds; nra'}. Qed.",
            f"Definition most_{number} ({v} : nat) : R := {folded('Rmax', quotients)}.", f"Definition least_{number} ({v} : nat) : R := {folded('Rmin', quotients)}.",
            f"Definition over_{number} ({v} : nat) : R := {summed}.",
            f"Definition lag_{number} : list (R * nat) := [({bt} ^ {lag}, {lag}%nat)]."]
    for i in group:
        out += [f"Lemma weight_{i + 1} : 0 < {texts[i]}.", f"Proof. {'lra' if '(' not in texts[i] or 'sqrt' not in texts[i] else 'surd_bounds; nra'}. Qed.",
                f"Lemma share_{i + 1} : forall x, 0 <= x -> 0 <= / {texts[i]} * x.",
                f"Proof. intros x H. apply Rmult_le_pos; [left; apply Rinv_0_lt_compat, weight_{i + 1} | exact H]. Qed."]
    nonneg = " ".join(f"pose proof (share_{i + 1} _ (outer_nonneg_{i + 1} {v} Hn))." for i in group)
    out += [f"Lemma over_late_{number} : late (fun n => 0 <= over_{number} n).", f"Proof. exists n0. intros {v} Hn. {nonneg} unfold over_{number}. lra. Qed.",
            f"Lemma least_positive_{number} : late (fun n => 0 < least_{number} n).",
            f"Proof. exists 0%nat. intros {v} _. unfold least_{number}. repeat apply Rmin_glb_lt; (apply Rmult_lt_0_compat; [apply Rinv_0_lt_compat | idtac]); "
            f"first [{' | '.join(f'exact weight_{i + 1} | exact (sign_{i + 1} {v})' for i in group)}]. Qed.",
            f"Lemma lag_good_{number} : lags_ok n0 lag_{number}.",
            f"Proof. split; [lia|]. intros aj [<-|[]]; cbn [fst snd]. split; [left; apply Rfunctions.pow_lt; pose proof root_{number}; lra | lia]. Qed.",
            f"Lemma lag_sum_{number} : chi lag_{number} {bt} = 1.",
            f"Proof. unfold chi. cbn [lag_{number} fold_right fst snd]. unfold Rdiv. rewrite Rinv_r; [lra|]. apply Rfunctions.pow_nonzero. pose proof root_{number}. lra. Qed."]
    for k, i in enumerate(group):
        w = texts[i]
        out += [f"Lemma under_most_{i + 1} : forall {v}, {parts[i].name} {v} <= {w} * most_{number} {v}.",
                f"Proof. intros {v}. assert (X_ : {quotients[k]} <= most_{number} {v}) by exact {p.up_to(k, total)}. pose proof weight_{i + 1} as W_. "
                f"apply (Rmult_le_compat_l {w}) in X_; [|lra]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l in X_ by lra. exact X_. Qed.",
                f"Lemma over_least_{i + 1} : forall {v}, {w} * least_{number} {v} <= {parts[i].name} {v}.",
                f"Proof. intros {v}. assert (X_ : least_{number} {v} <= {quotients[k]}) by exact {p.down_to(k, total)}. pose proof weight_{i + 1} as W_. "
                f"apply (Rmult_le_compat_l {w}) in X_; [|lra]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l in X_ by lra. exact X_. Qed."]
    for k, i in enumerate(group):
        row = " + ".join(f"{printer.tight(c.coefficient)} * {texts[c.function]}" for c in inner[i])
        out += [f"Lemma balance_{i + 1} : {row} = {texts[i]} * {bt} ^ {lag}.",
                "Proof. cbn [pow]. first [lra | field; lra | surd_bounds; nra | surds]. Qed."]
        mine = [f"call_{c.at}" for c in parts[i].calls if c.function not in group]
        unfolded = ", ".join([f"outer_{i + 1}", *mine])
        for way, bound, which in (("below", "under_most", "most"), ("above", "over_least", "least")):
            known = " ".join(f"pose proof ({bound}_{c.function + 1} {c.argument.call}) as B{c.at}_. apply (Rmult_le_compat_l {printer.tight(c.coefficient)}) in B{c.at}_; [|first [lra | left; pos]]."
                             for c in inner[i])
            at = f"{which}_{number} ({v} - {lag})%nat"
            whole = f"{texts[i]} * {bt} ^ {lag} * {at}"
            if way == "below":
                step, left, right = f"{parts[i].name} {v} <= {whole} + outer_{i + 1} {v}", quotients[k], f"lsum lag_{number} {which}_{number} {v} + over_{number} {v}"
            else:
                step, left, right = f"{whole} <= {parts[i].name} {v}", f"lsum lag_{number} {which}_{number} {v} + 0", quotients[k]
            shares = " ".join(f"pose proof (share_{x + 1} _ (outer_nonneg_{x + 1} {v} Hn))." for x in group)
            out += [f"Lemma row_{way}_{i + 1} : forall {v}, (n0 <= {v})%nat -> {left} <= {right}.",
                    f"Proof. intros {v} Hn. pose proof (outer_nonneg_{i + 1} {v} Hn) as N_. pose proof weight_{i + 1} as W_.",
                    f"  assert (X_ : {step}).",
                    f"  {{ rewrite <- balance_{i + 1}. unfold {unfolded} in *. rewrite (equation_{i + 1} {v} Hn). {known}{p.without_drive(i)} lra. }}",
                    f"  apply (Rmult_le_compat_l (/ {texts[i]})) in X_; [|left; apply Rinv_0_lt_compat; exact W_].",
                    f"  rewrite ?Rmult_plus_distr_l, <- ?Rmult_assoc, Rinv_l, Rmult_1_l in X_ by lra. {shares}",
                    f"  unfold lsum. cbn [lag_{number} fold_right fst snd]. {f'unfold over_{number}. ' if way == 'below' else ''}lra. Qed."]
    is_one = " \\/ ".join(f"@ {v} = {x}" for x in quotients)
    pattern = "E_"
    for _ in range(total - 1):
        pattern = f"[E_|{pattern}]"
    for which, op, way in (("most", "Rmax", "below"), ("least", "Rmin", "above")):
        right = f"lsum lag_{number} {which}_{number} {v}"
        goal = f"{which}_{number} {v} <= {right} + over_{number} {v}" if way == "below" else f"{right} + (fun _ => 0) {v} <= {which}_{number} {v}"
        rows = " | ".join(f"exact (row_{way}_{i + 1} {v} Hn)" for i in group)
        out += [f"Lemma {which}_is_{number} : forall {v}, {is_one.replace('@', f'{which}_{number}')}.",
                f"Proof. intros {v}. unfold {which}_{number}, {op}. repeat destruct (Rle_dec _ _); auto. Qed.",
                f"Lemma {way}_{number} : forall {v}, (n0 <= {v})%nat -> {goal}.",
                f"Proof. intros {v} Hn. pose proof ({which}_is_{number} {v}) as {pattern}; rewrite E_; [{rows}]. Qed."]
    sums = []
    for i in group:
        raised = [p.raised(x, target) for x in outer[i]] or [f"(zero_above (Sc {tt}) {positive})"]
        text = raised[0]
        for x in raised[1:]:
            text = f"(sum_above _ _ _ {text} {x} {positive})"
        out += [f"Lemma outer_above_{i + 1} : bounded_above outer_{i + 1} (Sc {tt}).", f"Proof. exact {text}. Qed."]
        sums.append(f"(multiple_above outer_{i + 1} _ (/ {texts[i]}) (Rinv_0_lt_compat _ weight_{i + 1}) outer_above_{i + 1})")
    text = sums[-1]
    for x in reversed(sums[:-1]):
        text = f"(sum_above _ _ _ {x} {text} {positive})"
    et = p.grower.exponents(e)
    rate = p.grower.exponents_list(e)[0]
    same = "reflexivity" if base.rational is not None else "rewrite <- Rpower_sqrt by lra; unfold Rpower; rewrite ln_exp; first [lra | field; lra]"
    out += [f"Lemma over_above_{number} : bounded_above over_{number} (Sc {tt}).", f"Proof. exact {text}. Qed.",
            f"Lemma rate_{number} : ln {bt} = {rate}.", f"Proof. {same}. Qed.",
            f"Lemma most_above_{number} : bounded_above most_{number} (Sc {et}).",
            f"Proof. destruct root_{number} as [B1_ B2_]. refine (as_written _ _ _ _ (loose_linear_leaf_upper most_{number} over_{number} lag_{number} n0 lag_good_{number} over_late_{number} "
            f"below_{number} {bt} {mt} B1_ B2_ (Req_le _ _ lag_sum_{number}) over_above_{number}) rate_{number}). Qed.",
            f"Lemma least_below_{number} : bounded_below least_{number} (Sc {et}).",
            f"Proof. destruct root_{number} as [B1_ B2_]. refine (as_written' _ _ _ _ (loose_linear_leaf_lower least_{number} (fun _ => 0) lag_{number} n0 lag_good_{number} "
            f"(ex_intro _ 0%nat (fun _ _ => Rle_refl 0)) above_{number} least_positive_{number} {bt} ltac:(lra) (Req_le _ _ (eq_sym lag_sum_{number}))) rate_{number}). Qed."]
    for i in group:
        out += [f"Lemma class_above_{i + 1} : bounded_above {parts[i].name} (Sc {et}).",
                f"Proof. exact (part_above _ _ _ {texts[i]} weight_{i + 1} under_most_{i + 1} most_above_{number}). Qed.",
                f"Lemma class_below_{i + 1} : bounded_below {parts[i].name} (Sc {et}).",
                f"Proof. exact (part_below _ _ _ {texts[i]} weight_{i + 1} over_least_{i + 1} least_below_{number}). Qed."]
        p.known[i] = e
