"""Recurrences of which only bounds are known: T(n) <= .. and T(n) >= .., driving terms O(f), Omega(f) and Theta(f).

A term O(f) is a nonnegative function h, any with h <= c*f; the theorem of the certificate gives an upper bound of T from an upper
class of the driving function and `T(n) <= ..`, a lower bound from a lower class and `T(n) >= ..`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from verifier.bridge.recurrences_compare import conclude, needed, strict
from verifier.bridge.recurrences_divide import leaf_exponent
from verifier.bridge.recurrences_growth import Exponents, between
from verifier.bridge.recurrences_proof import HEADER, Proof
from verifier.bridge.recurrences_statement import Statement
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.recurrence_real import Real, exp_real, log_real, power_real, real, real_of
from verifier.lang.ast import ZERO, free_vars
from verifier.lang.parse import parse_expression

Nought, One = real(0), real(1)


class Loose(Proof):
    """The frame of such a proof."""

    def write(self, method: Callable[[Any, Mapping[str, Any]], None], bound: Mapping[str, Any]) -> str:
        s, v, f = self.s, self.s.variable, self.s.name
        out = self.lines
        if s.general or s.sums or s.constants or any(v in free_vars(t.coefficient) for t in s.terms):
            raise NotExported("an inequality or a bounded driving term with branches, sums or constants")
        if s.given not in ("=", s.relation):
            raise NotExported("base values that are bounded from the other side")
        self.exponent_forms()
        self.bound = self.grower.grow(s.bound)
        if self.bound.value.sign() <= 0:
            raise NotExported("a bound that is not positive")
        self.driving = None if s.driving == ZERO else self.grower.grow(s.driving)
        inner = [(h, op, self.grower.grow(e)) for h, op, e in s.landau]
        if any(x.value.sign() <= 0 for x in ([self.driving] if self.driving else []) + [g for _, _, g in inner]):
            raise NotExported("a driving function that is not positive for large n")
        least = self.least()
        out += ["Section Recurrence."]
        growth_at = len(out)
        for h, _, _ in s.landau:
            out += [f"Variable {h} : nat -> R.", f"Hypothesis H_{h} : term_{h} {h}."]
        plain = s.driving_text if self.driving else "0"
        body = " + ".join(([] if s.landau and not self.driving else [plain]) + [f"{h} {v}" for h, _, _ in s.landau])
        out += [f"Definition g ({v} : nat) : R := {body}."]
        self.driving_classes(inner)
        out += ["Variable n0 : nat.", f"Hypothesis start : (n0 = {s.start})%nat." if s.start is not None else f"Hypothesis start : ({least} <= n0)%nat."]
        if s.start is None:
            out.append(f"Hypothesis g_nonneg : forall {v}, (n0 <= {v})%nat -> 0 <= g {v}.")
        else:
            known = "".join(f" pose proof (proj1 H_{h} {v} ltac:(lia)) as N_{h}." for h, _, _ in s.landau)
            whole = "first [lra | pos | apply floor_nonneg; pos | apply ceil_nonneg; pos]"
            if s.landau and self.driving:
                whole = f"assert (0 <= {plain}) by ({whole}); lra"
            out += [f"Lemma g_nonneg : forall {v}, (n0 <= {v})%nat -> 0 <= g {v}.",
                    f"Proof. intros {v} Hn. rewrite start in Hn.{known} unfold g. apply le_INR in Hn. simpl (INR {s.start}) in Hn. {whole}. Qed."]
        for a in s.roundings:
            out += [f"Variable {a.rounding} : nat -> nat.", f"Hypothesis H_{a.rounding} : rounding_{a.rounding} {a.rounding}.",
                    f"Lemma range_{a.rounding} : forall {v}, ({a.low} <= {a.rounding} {v} <= {a.high})%nat.", f"Proof. exact H_{a.rounding}. Qed."]
        self.terms()
        at = len(out)
        self.existence()
        out[at:] = [x.replace("cbn [rsum terms ta tr]. ring.", "cbn [rsum terms ta tr]. first [ring | lra].")
                    .replace("lia. reflexivity.", f"lia. {'' if s.given == '=' else 'right. '}reflexivity.") for x in out[at:]]
        out += ["Section Solution.", f"Variable {f} : nat -> R.", f"Hypothesis HT : recurrence{s.all_arguments} {f}."]
        both = f"rsum (fun t => ta t * {f} (tr t {v})) terms + g {v}"
        for way, left, right in (("le", f"{f} {v}", both), ("ge", both, f"{f} {v}")):
            if s.relation in ("=", {"le": "<=", "ge": ">="}[way]):
                out += [f"Lemma equation_{way} : forall {v}, (n0 <= {v})%nat -> {left} <= {right}.",
                        f"Proof. intros {v} Hn. {self.component(len(s.points) + 1, 'HE')} {'rewrite start in Hn. ' if s.start is not None else ''}"
                        f"specialize (HE {v} Hn). unfold g. cbn [rsum terms ta tr]. lra. Qed."]
        self.upper = self.lower = None
        if "lower" in needed(s):
            if s.relation not in ("=", ">="):
                raise NotExported("a lower bound from an upper inequality")
            self.positive()
        elif s.relation not in ("=", "<="):
            raise NotExported("an upper bound from a lower inequality")
        method(self, bound)
        conclude(self)
        out += ["End Solution.", f"Lemma whole : solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> {'~ ' if s.refuted else ''}bound {f}.",
                "Proof using All. split; [exact exists_solution | exact bounds]. Qed.", "End Recurrence.", ""]
        self.finish(least)
        out[growth_at:growth_at] = self.grower.lines
        return HEADER.replace("Compare.", "Compare Loose.") + "\n".join(out) + "\n"

    def positive(self) -> None:
        s, v, f = self.s, self.s.variable, self.s.name
        if any(real_of(e, s.system.facts).sign() <= 0 for _, e in s.points):
            raise NotExported("base values that are not positive")
        lines = [f"Lemma base_sign : forall {v}, ({v} < n0)%nat -> 0 < {f} {v}.", f"Proof. intros {v} Hn."]
        for k, (i, _) in enumerate(s.points):
            lines.append(f"  destruct (Nat.eq_dec {v} {i}) as [->|E{i}]; [{self.component(k, 'HB')[:-1]}; first [lra | rewrite HB; first [lra | pos]]|].")
        lines += [f"  {self.component(len(s.points), 'HB')} apply HB; {'assumption' if s.start is None else 'lia'}.", "Qed.",
                  f"Lemma positive : late (fun n => 0 < {f} n).",
                  f"Proof. exists 0%nat. intros n _. apply (solution_pos {f} g terms n0); [discriminate | exact terms_positive | exact terms_decrease | exact base_sign | exact g_nonneg | exact equation_ge]. Qed."]
        self.lines += lines

    def finish(self, least: int) -> None:
        s = self.s
        given = " ".join(f"{h} H_{h}" for h, _, _ in s.landau)
        roundings = " ".join(f"{a.rounding} H_{a.rounding}" for a in s.roundings)
        self.lines += ["Theorem t : claim.", "Proof."]
        if s.start is None:
            self.lines += [f"  {f'intros {given}. ' if given else ''}destruct {f'(g_late {given})' if given else 'g_late'} as (M_ & G_).",
                           f"  exists (Nat.max M_ {least}). intros n0 Hn0 {roundings}.",
                           f"  exact (whole {given} n0 ltac:(lia) (fun n Hn => G_ n ltac:(lia)) {roundings})."]
        else:
            self.lines += [f"  intros {given} {roundings}." if given or roundings else "", f"  exact (whole {given} {s.start}%nat eq_refl {roundings})."]
        self.lines += ["Qed."]

    # ------------------------------------------------------------------ the driving function
    def driving_classes(self, inner: list[tuple[str, str, Any]]) -> None:
        """Lemmas g_late, g_above and g_below: g >= 0 for large n, its upper and its lower class."""
        s, v, g = self.s, self.s.variable, self.grower
        parts: list[tuple[str, str, str | None, Exponents | None, str | None, Exponents | None]] = []
        if self.driving is not None:
            d = self.driving
            text = f"(fun {v} : nat => {s.driving_text})"
            self.lines += [f"Lemma plain_late : late (fun n => 0 <= {text} n).",
                           f"Proof. generalize (grows_nonneg _ {d.text} _ _ _ _ {self.sign_proof()} {d.name}). apply late_imp. intros n. apply Rlt_le. Qed.",
                           f"Lemma plain_above : bounded_above {text} (Sc {g.exponents(d.exponents)}).", f"Proof. exact (grows_above _ {d.text} _ _ _ _ {self.sign_proof()} {d.name}). Qed.",
                           f"Lemma plain_below : bounded_below {text} (Sc {g.exponents(d.exponents)}).", f"Proof. exact (grows_below _ {d.text} _ _ _ _ {self.sign_proof()} {d.name}). Qed."]
            parts.append((text, "plain_late", "plain_above", d.exponents, "plain_below", d.exponents))
        for h, op, d in inner:
            first = f"destruct {f'H_{h}' if s.start is None else f'(proj2 H_{h})'} as (c & N & Hc & B)."
            low = "exists N. intros n Hn. apply (B n Hn)." if s.start is None else f"exists {s.start}%nat. intros n Hn. apply (proj1 H_{h} n Hn)."
            self.lines += [f"Lemma {h}_late : late (fun n => 0 <= {h} n).", f"Proof. {first if s.start is None else ''} {low} Qed."]
            above = below = None
            if op in ("O", "Theta"):
                above = f"{h}_above"
                self.lines += [f"Lemma {above} : bounded_above {h} (Sc {g.exponents(d.exponents)}).",
                               f"Proof. {first} apply (above_class {h} _ {d.text} _ _ _ _ c N {self.sign_proof()} {d.name} Hc). intros n Hn. apply (B n Hn). Qed."]
            if op in ("Omega", "Theta"):
                below = f"{h}_below"
                self.lines += [f"Lemma {below} : bounded_below {h} (Sc {g.exponents(d.exponents)}).",
                               f"Proof. {first} apply (below_class {h} _ {d.text} _ _ _ _ c N {self.sign_proof()} {d.name} Hc). intros n Hn. apply (B n Hn). Qed."]
            parts.append((h, f"{h}_late", above, d.exponents if above else None, below, d.exponents if below else None))
        self.g_above: Exponents | None = None
        self.g_below: Exponents | None = None
        if not parts:
            self.lines += ["Lemma g_late : late (fun n => 0 <= g n).", "Proof. exists 0%nat. intros n _. apply Rle_refl. Qed."]
            return
        late = parts[0][1]
        for p in parts[1:]:
            late = f"(sum_late _ _ {late} {p[1]})"
        self.lines += ["Lemma g_late : late (fun n => 0 <= g n).", f"Proof. exact {late}. Qed."]
        if all(p[2] for p in parts):
            top = parts[0][3]
            for p in parts[1:]:
                top = p[3] if top is None or p[3] is not None and self.order_scale.gap(p[3], top) > 0 else top
            if top is None:
                raise NotExported("a driving function without a bound")
            raised = [self.raised(p[0], p[3], top, str(p[2])) for p in parts]
            text = raised[0]
            for x in raised[1:]:
                text = f"(sum_above _ _ _ {text} {x} ltac:(intros; apply Sc_pos))"
            self.lines += [f"Lemma g_above : bounded_above g (Sc {g.exponents(top)}).", f"Proof. exact {text}. Qed."]
            self.g_above = top
        known = [(k, p) for k, p in enumerate(parts) if p[4]]
        if known:
            at, best = known[0]
            for k, p in known[1:]:
                if best[5] is not None and p[5] is not None and self.order_scale.gap(p[5], best[5]) > 0:
                    at, best = k, p
            if best[5] is None:
                raise NotExported("a driving function without a bound")
            before, late = "", ""
            text = str(best[4])
            if at:
                late = parts[0][1]
                for p in parts[1:at]:
                    late = f"(sum_late _ _ {late} {p[1]})"
                before = text = f"(sum_below_r _ _ _ {late} {text})"
            del before
            for p in parts[at + 1:]:
                text = f"(sum_below_l _ _ _ {text} {p[1]})"
            self.lines += [f"Lemma g_below : bounded_below g (Sc {g.exponents(best[5])}).", f"Proof. exact {text}. Qed."]
            self.g_below = best[5]

    def raised(self, text: str, a: Exponents | None, b: Exponents, known: str) -> str:
        """bounded_above by a larger class."""
        if a is None or self.order_scale.gap(a, b) == 0:
            return known
        return f"(raise_upper {text} _ _ _ _ _ _ _ _ {self.ordered(a, b)} {known})"

    def ordered(self, a: Exponents, b: Exponents) -> str:
        """A lemma: the class a is below b."""
        from verifier.bridge.recurrences_compare import _lexpos
        return _lexpos(self, a, b)

    def result(self, side: str, e: Exponents, proof: str) -> None:
        """The lemma about the class of T from one side."""
        way = {"upper": "above", "lower": "below"}[side]
        self.lines += [f"Lemma class_{side} : bounded_{way} {self.s.name} (Sc {self.grower.exponents(e)}).", f"Proof. {proof} Qed."]
        if side == "upper":
            self.upper = e
        else:
            self.lower = e

    def text(self, x: Real) -> str:
        return self.grower.tight(self.grower.exponent(x))


def loose_divide(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule akra_bazzi in the size n."""
    return Loose(s).write(divide, bound)


def divide(p: Loose, bound: Mapping[str, Any]) -> None:
    """The cases of the Akra-Bazzi theorem, each side from its own class of the driving function."""
    low, high, c = p.rounding()
    head = f"{p.s.name} g terms {low} {high} {c} n0 terms_rounded"
    sides = {"upper": (f"{head} g_late (below_single _ _ _ _ equation_le)", p.g_above), "lower": (f"{head} g_late (above_single _ _ _ _ equation_ge) positive", p.g_below)}
    for side in ("upper", "lower"):
        if side not in needed(p.s):
            continue
        common, e = sides[side]
        if side == "lower":
            common_root = f"{head} (above_single _ _ _ _ equation_ge) positive"
        if e is not None and (e[0].num or e[3].num):
            raise NotExported("a driving function with log log n or an exponential in this case")
        if side == "upper" and e is None and (p.driving is not None or p.s.landau):
            raise NotExported("a driving function without an upper bound")
        if e is not None:
            d, k = e[1], e[2]
            sign = (p.sum_at(d) - One).sign()
            dt, kt = p.text(d), p.text(k)
            if sign < 0:
                p.asum(d, "<", f"sum_{side}")
                p.result(side, e, f"exact (loose_root_{side} {common if side == 'upper' else common_root} {dt} {kt} {f'sum_{side} ' if side == 'upper' else ''}g_{'above' if side == 'upper' else 'below'}).")
                continue
            if sign == 0 and (k + One).sign() > 0:
                p.asum(d, "=", f"sum_{side}")
                fact = f"(Req_le _ _ sum_{side})" if side == "upper" else f"(Req_le _ _ (eq_sym sum_{side}))"
                top: Exponents = (Nought, d, k + One, Nought)
                p.result(side, top, f"pose proof (loose_balanced_{side} {common if side == 'upper' else common_root} {dt} {kt} ltac:(lra) {fact} g_{'above' if side == 'upper' else 'below'}) as X_. "
                         f"replace ({kt} + 1) with {p.text(k + One)} in X_ by lra. exact X_.")
                continue
            if sign == 0 and side == "upper":
                raise NotExported("a driving function n^d/log(n)^k that is only bounded")
        leaf(p, bound, side, common, e)


def leaf(p: Loose, bound: Mapping[str, Any], side: str, common: str, e: Exponents | None) -> None:
    """The case n^p."""
    given = bound.get(side + "_exponent")
    if given is not None:
        q = real_of(parse_expression(str(given)), p.s.system.facts)
        claimed = p.bound.exponents[1]
        room = (claimed - q).sign() * (1 if side == "upper" else -1)
        if room > 0:
            q = claimed if claimed.rational is not None and claimed.rational.denominator <= 1000 and not strict(p.s) else \
                real(between(q, claimed) if side == "upper" else between(claimed, q))
        if q.rational is None or q.rational.denominator > 1000:
            raise NotExported("an exponent from one side that is irrational or has many digits")
        p.asum(q, "<=" if side == "upper" else ">=", f"sum_{side}")
        fact = f"sum_{side}"
    else:
        q = leaf_exponent(p, bound)
        p.asum(q, "=", f"sum_{side}")
        fact = f"(Req_le _ _ sum_{side})" if side == "upper" else f"(Req_le _ _ (eq_sym sum_{side}))"
    top: Exponents = (Nought, q, Nought, Nought)
    qt = p.text(q)
    if side == "lower":
        p.result(side, top, f"exact (loose_leaf_lower {common} {qt} {fact}).")
        return
    if e is None:
        mt = f"({qt} - 1)"
        small = f"ltac:(exists 1, 0%nat; split; [lra|]; intros n _; unfold g; pose proof (Sc_pos 0 {mt} 0 0 n); lra)"
    else:
        middle = real(between(e[1], q))
        mt = ratio_text(middle.rational or 0)  # type: ignore[arg-type]
        small = p.raised("g", e, (Nought, middle, Nought, Nought), "g_above")
    p.lines += [f"Lemma between_classes : {mt} < {qt}.",
                f"Proof. {p.grower.bracket(q, middle) if e is not None and q.rational is None else ''}lra. Qed."]
    p.result(side, top, f"exact (loose_leaf_upper {common} {qt} {mt} between_classes {fact} {small}).")


# ---------------------------------------------------------------- linear recurrences

def loose_lags(s: Statement, bound: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule akra_bazzi in the size exp(n)."""
    return Loose(s).write(linear, bound)


def linear(p: Loose, bound: Mapping[str, Any]) -> None:
    """T(n) = sum a_j T(n - j) + g(n) with rational bases."""
    s, v, f = p.s, p.s.variable, p.s.name
    lags: list[tuple[str, int, Real]] = []
    for t in s.terms:
        found = re.fullmatch(rf"{v} - (\d+)", t.argument.text)
        if not found:
            raise NotExported("an argument that is not n - j")
        lags.append((s.printer.real(t.coefficient), int(found.group(1)), t.value))
    listed = "; ".join(f"({a}, {j}%nat)" for a, j, _ in lags)
    p.lines += [f"Definition lags_of : list (R * nat) := [{listed}].", "Lemma lags_good : lags_ok n0 lags_of.", "Proof. lags_fine. Qed."]
    for way, left, right in (("le", f"{f} {v}", f"lsum lags_of {f} {v} + g {v}"), ("ge", f"lsum lags_of {f} {v} + g {v}", f"{f} {v}")):
        if s.relation in ("=", {"le": "<=", "ge": ">="}[way]):
            p.lines += [f"Lemma lags_{way} : forall {v}, (n0 <= {v})%nat -> {left} <= {right}.",
                        f"Proof. intros {v} Hn. pose proof (equation_{way} {v} Hn) as E_. unfold lsum. cbn [rsum terms ta tr] in E_. cbn [lags_of fold_right fst snd]. lra. Qed."]

    def chi(r: Real) -> Real:
        total = Nought
        for _, j, a in lags:
            total = total + a / power_real(r, real(j))
        return total

    def chi_lemma(base: Real, relation: str, name: str) -> str:
        text = ratio_text(base.rational or 0)  # type: ignore[arg-type]
        sides = f"1 <= chi lags_of {text}" if relation == ">=" else f"chi lags_of {text} {relation} 1"
        p.lines += [f"Lemma {name} : {sides}.", "Proof. unfold chi. cbn [lags_of fold_right fst snd]. first [lra | field; lra]. Qed."]
        return text

    for side in ("upper", "lower"):
        if side not in needed(s):
            continue
        e = p.g_above if side == "upper" else p.g_below
        way, fact = ("le", "below") if side == "upper" else ("ge", "above")
        del fact
        head = f"{f} g lags_of n0 lags_good"
        if side == "upper" and e is None and (p.driving is not None or s.landau):
            raise NotExported("a driving function without an upper bound")
        plain = "rewrite ?ln_1 in X_. exact X_."
        common = f"{head} g_late lags_{way}" + ("" if side == "upper" else " positive")
        late_free = f"{head} lags_{way}" + ("" if side == "upper" else " positive")
        known = "g_above" if side == "upper" else "g_below"
        if e is not None:
            base = exp_real(e[0]) if e[0].num else One
            if base.rational is None or e[2].num or e[3].num:
                raise NotExported("an irrational rate, or logarithms in a linear recurrence")
            exact = f"ltac:(first [exact {known} | rewrite ln_1; exact {known}])"
            sign = (chi(base) - One).sign()
            kt = p.text(e[1])
            if sign < 0:
                st = chi_lemma(base, "<", f"sum_{side}")
                arguments = f"{common} {st} {kt} ltac:(lra) sum_upper {exact}" if side == "upper" else f"{late_free} {st} {kt} ltac:(lra) {exact}"
                p.result(side, e, f"pose proof (loose_linear_root_{side} {arguments}) as X_. {plain}")
                continue
            if sign == 0 and (e[1] + One).sign() > 0:
                st = chi_lemma(base, "=", f"sum_{side}")
                sums = f"(Req_le _ _ sum_{side})" if side == "upper" else f"(Req_le _ _ (eq_sym sum_{side}))"
                arguments = f"{common if side == 'upper' else late_free} {st} {kt} ltac:(lra) ltac:(lra) {sums} {exact}"
                p.result(side, (e[0], e[1] + One, Nought, Nought), f"pose proof (loose_linear_balanced_{side} {arguments}) as X_. rewrite ?ln_1 in X_. "
                         f"replace ({kt} + 1) with {p.text(e[1] + One)} in X_ by lra. exact X_.")
                continue
            if sign == 0:
                raise NotExported("a driving function n^k with k <= -1 in this case")
        given = bound.get(side + "_base", bound.get("base"))
        if given is None:
            raise NotExported("a base that the certificate does not give")
        root = real_of(parse_expression(str(given)), s.system.facts)
        claimed = exp_real(p.bound.exponents[0]) if p.bound.exponents[0].num else One
        if root.rational is None or root.rational.denominator > 1000:  # a simpler base between it and the claimed one
            if (claimed - root).sign() * (1 if side == "upper" else -1) <= 0:
                raise NotExported("an irrational base")
            root = claimed if claimed.rational is not None and not strict(s) else \
                real(between(root, claimed) if side == "upper" else between(claimed, root))
        rt = chi_lemma(root, "<=" if side == "upper" else ">=", f"sum_{side}")
        rate = log_real(root)
        p.grower.names.setdefault(rate.key, f"(ln {rt})")
        if side == "lower":
            p.result(side, (rate, Nought, Nought, Nought), f"pose proof (loose_linear_leaf_lower {common} {rt} ltac:(lra) sum_lower) as X_. {plain}")
            continue
        low = exp_real(e[0]) if e is not None and e[0].num else One if e is not None else Nought
        middle = between(low, root)
        mt = ratio_text(middle)
        small = p.raised("g", e, (log_real(real(middle)), Nought, Nought, Nought), "g_above") if e is not None else \
            f"ltac:(exists 1, 0%nat; split; [lra|]; intros n _; unfold g; pose proof (Sc_pos (ln {mt}) 0 0 0 n); lra)"
        p.result(side, (rate, Nought, Nought, Nought), f"pose proof (loose_linear_leaf_upper {common} {rt} {mt} ltac:(lra) ltac:(lra) sum_upper {small}) as X_. {plain}")
