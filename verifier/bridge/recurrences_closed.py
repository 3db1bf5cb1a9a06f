"""Closed forms and bounds on dyadic blocks for explicit claims: T(n) = F(n) by strong induction.

The values below the start of the step are computed.  The step is an identity: of exponential polynomials (and factorials) in m
for n = m + j, or, where T is called at halves of n, of polynomials in m, L and X = 2^L in the three cases n = 2m, n = 2m + 1,
and n = 2m + 1 where m and m + 1 are on different levels of the binary logarithm.  A bound T(n) <= U(n) needs the same
polynomials to be >= 0 on every block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from verifier.bridge.recurrences_explicit import Explicit
from verifier.bridge.recurrences_induction import OPENING, Plain, base_cases
from verifier.bridge.recurrences_statement import Statement, greatest, least
from verifier.bridge.text import NotExported, ratio_text
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.recurrence_closed import (
    Dyadic,
    _d_at,
    _d_plus,
    dyadic,
    rule_closed_form,
    satisfies_dyadic,
    satisfies_exp_poly,
    satisfies_normal,
    satisfies_power,
)
from verifier.kernel.recurrence_system import argument
from verifier.lang.ast import ZERO, App, Expr, free_vars, subterms
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii

FARTHEST = 200
"""The latest start of the step that is tried."""


def closed_form(s: Statement, certificate: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule closed_form."""
    if s.size is None:
        raise NotExported("a closed form without a size")
    if greatest(s.size) is not None:
        raise NotExported("a size that is bounded above")
    solution = parse_expression(str(certificate["bound"]["solution"]))
    first = rule_closed_form(s.system, solution)
    p = Explicit(s)
    p.opening()
    low, v = least(s.size), s.variable
    same = s.op == "=" and solution == s.bound
    solved(p, solution, first)
    early = [p.compare(k, s.op) for k in range(low, first)]
    plain: Plain | None = None
    body = f"intros {v} D_. destruct (le_lt_dec {max(first, low)} {v}) as [L_|L_].\n  - rewrite (is_closed {v}) by lia. "
    head = ""
    if same:
        body += "reflexivity."
    else:
        try:
            plain = Plain("compared", certificate["comparison"])
        except NotExported:
            gap = _natural_gap(s, solution, max(first, low))
            if gap is None:
                raise
            plain = None
            body += f"unfold closed, rhs. {gap}"
    if not same and plain is not None:
        head = OPENING + "\n".join(plain.lines) + "\n"
        powers = {x.args[0]: None for e in (solution, s.bound) for x in subterms(e)
                  if isinstance(x, App) and x.op == "^" and s.system.variable in free_vars(x.args[1])}
        change = "".join(f"rewrite <- ?(Rpower_pow _ {s.printer.tight(b)}) by lra. rewrite ?plus_INR. " for b in powers)
        body += f"pose proof {plain.at(v)} as S_. unfold closed, rhs. {change}step_from S_."
    where = " \\/ ".join(f"{v} = {k}%nat" for k in range(low, first)) or "False"
    body += f"\n  - assert (W_ : {where}) by lia. {base_cases(early)}"
    return head + p.closing(body)


def solved(p: Explicit, solution: Expr, first: int) -> None:
    """The lemma `is_closed`: T(n) = F(n) for n >= first."""
    s, v, f = p.s, p.s.variable, p.s.name
    shown = s.printer.with_context(Context({**s.printer.context.names, s.system.variable: Interval(Fraction(first), integer=True)}))
    p.lines.append(f"Definition closed{s.typed_constants} ({v} : nat) : R := {shown.real(solution)}.")
    begin = _begin(p, first)
    bases = [p.compare(k, "=", solution, "closed") for k in range(first, begin)]
    _step(p, solution, begin, first)
    where = " \\/ ".join(f"{v} = {k}%nat" for k in range(first, begin)) or "False"
    p.lines += [f"Lemma is_closed : forall {v}, ({first} <= {v})%nat -> {f} {v} = closed{s.fixed} {v}.",
                f"Proof. intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. intros D_. destruct (le_lt_dec {begin} {v}) as [L_|L_].",
                "  - apply step_; assumption.", f"  - assert (W_ : {where}) by lia. {base_cases(bases)}", "Qed."]


def _natural_gap(s: Statement, solution: Expr, low: int) -> str | None:
    """A proof of  F(n) op U(n)  for polynomials, n >= low: the difference at n = low, and for n = low + 1 + m its coefficients in m."""
    n = s.system.variable
    try:
        gap = _d_plus(dyadic(s.bound, n, "ceil"), dyadic(solution, n, "ceil"), Fraction(-1))
    except Rejected:
        return None
    if any(j or k for _, j, k in gap) or s.op not in ("<=", ">="):
        return None
    gap = gap if s.op == "<=" else _times(gap, -1)
    at = _d_at(gap, {(0, 0, 0): Fraction(low)}, {}, {}) if low else {k: c for k, c in gap.items() if k == (0, 0, 0)}
    later = _d_at(gap, _up(N, low + 1), {}, {})
    if any(c < 0 for c in (*at.values(), *later.values())):
        return None
    v = s.variable
    names = ("x_", "", "")
    return (f"destruct (Nat.eq_dec {v} {low}) as [->|Z_]; [rewrite ?(INR_IZR_INZ {low}); cbn [Z.of_nat Pos.of_succ_nat Pos.succ]; lra|]. "
            f"assert (x' : exists m, {v} = (m + {low + 1})%nat) by (exists ({v} - {low + 1})%nat; lia). destruct x' as (m & ->). rewrite ?plus_INR, ?(INR_IZR_INZ {low + 1}). "
            f"cbn [Z.of_nat Pos.of_succ_nat Pos.succ]. pose proof (pos_INR m). set (x_ := INR m) in *. assert (G_ : 0 <= {_poly(later, names)}) by block_positive. nra.")


def _begin(p: Explicit, first: int) -> int:
    """From here on the equation applies and every argument is at least `first`."""
    begin = max(p.start, 2)
    while any(m < first for k in range(begin, begin + 3) for ms in p.arguments(k) for m in ms):
        begin += 1
        if begin > FARTHEST:
            raise NotExported("arguments that leave the range of the closed form")
    return begin


def _step(p: Explicit, f: Expr, begin: int, first: int) -> None:
    """The lemma `step_`: T(n) = F(n) from the smaller arguments."""
    s = p.s
    head = [f"Lemma step_ : forall {s.variable}, ({begin} <= {s.variable})%nat -> "
            f"(forall m, (m < {s.variable})%nat -> ({first} <= m)%nat -> {s.name} m = closed{s.fixed} m) -> {s.name} {s.variable} = closed{s.fixed} {s.variable}."]
    system = s.system
    kinds: tuple[tuple[Callable[[], bool], Callable[[Explicit, Expr, int], list[str]]], ...] = (
        (lambda: f == ZERO and system.single.driving == ZERO, _zero),
        (lambda: satisfies_exp_poly(system, f), _lags), (lambda: satisfies_normal(system, f, begin), _lags),
        (lambda: satisfies_dyadic(system, f, begin), lambda p, f, begin: _levels(p, f, begin, "closed", "=")),
        (lambda: satisfies_power(system, f, begin), _quotient))
    for holds, write in kinds:
        try:
            if not holds():
                continue
        except Rejected:
            continue
        p.lines += [*head, *write(p, f, begin)]
        return
    raise NotExported("an identity of another kind")


def _zero(p: Explicit, f: Expr, begin: int) -> list[str]:
    s = p.s
    facts = " ".join(f"pose proof (H_{a.rounding} {s.variable})." for a in s.roundings)
    calls = dict.fromkeys(f"({t.argument.text})" + ("" if t.argument.rounding else "%nat") for t in s.terms)
    rewrites = " ".join(f"rewrite (IH_ {c}) by lia." for c in calls)
    return [f"Proof. intros {s.variable} L_ IH_. {facts} rewrite (equation {s.variable}) by lia. {rewrites} unfold closed. ring. Qed."]


def _lags(p: Explicit, f: Expr, begin: int) -> list[str]:
    """n = m + j: every shifted term is one in m."""
    s, v = p.s, p.s.variable
    shifts = [argument(c.argument, s.system.variable, s.system.facts).shift for c in s.system.single.calls]
    if any(j is None or j < 1 for j in shifts):
        raise NotExported("an argument that is not n - j")
    if any(isinstance(x, App) and x.op in ("floor", "ceil") and s.system.variable in free_vars(x) for e in (f, s.driving) for x in subterms(e)):
        raise NotExported("roundings in a closed form of shifted arguments")
    top = begin
    lines = [f"Proof. intros {v} L_ IH_. assert (M_ : exists m, {v} = (m + {top})%nat) by (exists ({v} - {top})%nat; lia). destruct M_ as (m & ->).",
             f"  rewrite (equation (m + {top})%nat) by lia."]
    seen: set[int] = set()
    for t, j in zip(s.terms, shifts, strict=True):
        if j is None or j in seen:
            continue
        seen.add(j)
        text = t.argument.text.replace(v, f"(m + {top})") if len(v) > 1 else _at(t.argument.text, v, f"(m + {top})")
        lines.append(f"  replace ({text})%nat with (m + {top - j})%nat by lia. rewrite (IH_ (m + {top - j})%nat) by lia.")
    bases: dict[Expr, None] = {}
    for e in (f, s.driving, *(t.coefficient for t in s.terms)):
        for x in subterms(e):
            if isinstance(x, App) and x.op == "^" and s.system.variable in free_vars(x.args[1]):
                bases[x.args[0]] = None
    lines.append("  unfold closed. shift_powers. " + "".join(
        f"try (set (p{k}_ := {s.printer.tight(b)} ^ m) in *). " for k, b in enumerate(bases)) + "set (x_ := INR m). shifted_identity. Qed.")
    return lines


def _at(text: str, v: str, value: str) -> str:
    import re
    return re.sub(rf"\b{re.escape(v)}\b", value, text)


def _quotient(p: Explicit, f: Expr, begin: int) -> list[str]:
    """T(n) = T(floor(n/b)) + c: the level falls by one."""
    s, v = p.s, p.s.variable
    (t,) = s.terms
    b = t.argument.slope.denominator
    if t.argument.slope.numerator != 1 or t.argument.text != f"{v} / {b}":
        raise NotExported("a logarithm to another base of a ceiling")
    return [f"Proof. intros {v} L_ IH_. rewrite (equation {v}) by lia. rewrite (IH_ ({v} / {b})%nat) by lia. unfold closed.",
            f"  pose proof (floor_log_quotient {b} {v} ltac:(lia) ltac:(lia)) as Q_. replace (INR {b}) with {b} in Q_ by (cbn [INR]; lra). rewrite Q_, minus_IZR. ring. Qed."]


# ---------------------------------------------------------------- dyadic blocks

OR = "\\/"
LEVEL: Mapping[str, tuple[str, str]] = {"ceil": ("Nat.log2_up", "ceil"), "floor": ("Nat.log2", "floor")}
N: Dyadic = {(1, 0, 0): Fraction(1)}
X: Dyadic = {(0, 1, 0): Fraction(1)}
L: Dyadic = {(0, 0, 1): Fraction(1)}


def _times(p: Dyadic, c: int) -> Dyadic:
    return {k: c * x for k, x in p.items()}


def _up(p: Dyadic, c: int) -> Dyadic:
    return _d_plus(p, {(0, 0, 0): Fraction(c)})


def _cases(op: str) -> list[tuple[Dyadic, Dyadic, Dyadic, Dyadic, Dyadic, Dyadic]]:
    """n, X(n), L(n), and m + 1 with its X and L, in m and its X and L, for the three cases."""
    two, one = _times(X, 2), _up(L, 1)
    even = (_times(N, 2), two, one, _up(N, 1), X, L)
    odd = (_up(_times(N, 2), 1), two, one, _up(N, 1), X, L)
    if op == "ceil":
        return [even, odd, (_up(_times(N, 2), 1), _times(X, 4), _up(L, 2), _up(N, 1), two, one)]
    return [even, odd, (_up(_times(N, 2), 1), two, one, _up(N, 1), two, one)]


def _levels(p: Explicit, f: Expr, begin: int, named: str, op: str) -> list[str]:
    """The step for arguments floor(n/2), ceil(n/2) and n/2, as the end of the lemma about n."""
    s, v = p.s, p.s.variable
    n = s.system.variable
    kind = "ceil" if "ceil(log" in ascii(App("+", (f, s.driving))) else "floor"
    level = LEVEL[kind][0]
    u, g = dyadic(f, n, kind), dyadic(s.driving, n, kind)
    texts = {f"{v} / 2": 0, f"({v} + 1) / 2": 1}
    sides = [None if t.argument.rounding else texts.get(t.argument.text) for t in s.terms]
    if any(a is None and not t.argument.rounding for a, t in zip(sides, s.terms, strict=True)):
        raise NotExported("an argument that is not a half of n")
    opened = [t.argument.rounding for t in s.terms if t.argument.rounding]
    weights = [t.value.rational for t in s.terms]
    lines = [f"Proof. intros {v} L_ IH_. pose proof (equation {v} ltac:(lia)) as E_."
             + "".join(f" pose proof (H_{r} {v}) as R{k}_." for k, r in enumerate(opened)),
             f"  destruct ({kind}_halves {v} ltac:(lia)) as (m & K & X & HX & HK & Hm & [(N_ & U_ & B_)|[(N_ & U_ & V_ & B_)|(N_ & U_ & V_ & B_)]])."]
    for k, (at_n, at_x, at_l, up_n, up_x, up_l) in enumerate(_cases(kind)):
        lines.append("  - " + f"assert (half_ : ({v} / 2)%nat = m) by lia. assert (half' : (({v} + 1) / 2)%nat = {'m' if k == 0 else '(m + 1)%nat'}) by lia.")
        choices = list(product(*([0] if k == 0 else [0, 1] for _ in opened)))
        for r in opened:
            lines.append(f"    assert (O_{r} : {r} {v} = m{f' {OR} {r} {v} = (m + 1)%nat' if k else ''}) by lia.")
        if k and opened:
            lines.append("    " + "; ".join(f"destruct O_{r} as [O_{r}|O_{r}]" for r in opened) + ".")
        for names in choices:
            where = dict(zip(opened, names, strict=True))
            picked = [where[t.argument.rounding] if t.argument.rounding else (side or 0) if k else 0 for t, side in zip(s.terms, sides, strict=True)]
            gap = _d_plus(_d_at(u, at_n, at_x, at_l), _d_at(g, at_n, at_x, at_l), Fraction(-1))
            for w, side in zip(weights, picked, strict=True):
                if w is None:
                    raise NotExported("an irrational coefficient")
                gap = _d_plus(gap, _d_at(u, up_n, up_x, up_l) if side else u, -w)
            body = [f"rewrite O_{r} in E_." for r in opened] + ["rewrite ?half_, ?half' in E_."]
            for side in sorted(set(picked)):
                body.append(f"pose proof (IH_ {'(m + 1)%nat' if side else 'm'} ltac:(lia) ltac:(lia)) as I{side}_. unfold {named} in I{side}_.")
            body.append(f"unfold {named}. subst {v}. levels_{kind} U_ HK HX{' V_' if k else ''}.")
            if k == 2:
                body.append(f"seam_{kind} B_.")
            body.append("level_identity." if op == "=" else _block(gap if op == "<=" else _times(gap, -1), kind, k, begin, level))
            lines.append("    { " + " ".join(body) + " }")
    lines.append("Qed.")
    return lines


def _poly(p: Dyadic, names: tuple[str, str, str]) -> str:
    out = []
    for powers, c in sorted(p.items()):
        factors = [ratio_text(c), *(x if e == 1 else f"{x} ^ {e}" for x, e in zip(names, powers, strict=True) if e)]
        out.append("*".join(factors))
    return " + ".join(out) or "0"


def _block(gap: Dyadic, kind: str, case: int, begin: int, level: str) -> str:
    """gap >= 0 on the block, as the end of a case."""
    reach = (begin - 1).bit_length() if kind == "ceil" else begin.bit_length() - 1
    least_level = max(0, reach - (2 if case == 2 and kind == "ceil" else 1))
    x0: Dyadic = {(0, 1, 0): Fraction(1), (0, 0, 0): Fraction(1 << least_level)}
    l0: Dyadic = {(0, 0, 1): Fraction(1), (0, 0, 0): Fraction(least_level)}
    half = Fraction(1, 2)
    ends: list[Dyadic]
    if case == 2:
        ends = [X if kind == "ceil" else _up(_times(X, 2), -1)]
    elif kind == "ceil":
        ends = [{(0, 1, 0): half, (0, 0, 0): half if case == 0 else Fraction(0)}, X if case == 0 else _up(X, -1)]
    else:
        ends = [X, _up(_times(X, 2), -1)]
    if any(i > 1 for i, _, _ in gap):
        raise NotExported("a bound that is not linear in n on a block")
    names = ("x_", "y_", "l_")
    shifted = ("x_", f"(y_ - {1 << least_level})", f"(l_ - {least_level})")
    power = 1 << least_level
    lines = [f"pose proof ({level}_le_mono {begin} _ L_) as K_. change ({level} {begin}) with {reach}%nat in K_. rewrite U_ in K_.",
             f"assert (J_ : ({least_level} <= K)%nat) by lia. pose proof (Nat.pow_le_mono_r 2 {least_level} K ltac:(lia) J_) as P_. rewrite <- HX in P_.",
             f"change (2 ^ {least_level})%nat with {power}%nat in P_. apply le_INR in P_, J_. rewrite (INR_IZR_INZ {power}) in P_. rewrite (INR_IZR_INZ {least_level}) in J_.",
             "cbn [Z.of_nat Pos.of_succ_nat Pos.succ] in P_, J_.", "block_facts B_." if case < 2 else "",
             "set (x_ := INR m) in *. set (y_ := INR X) in *. set (l_ := INR K) in *."]
    a = {k: c for k, c in gap.items() if k[0] == 0}
    b = {(0, *k[1:]): c for k, c in gap.items() if k[0] == 1}
    at, bt = _poly(a, names), _poly(b, names)
    signs = []
    for e in ends:
        shown = _d_at(_d_at(gap, e, X, L), {}, x0, l0)
        if any(c < 0 for c in shown.values()):
            raise NotExported("a step that is not shown on every block")
        signs.append(f"(equal_nonneg ({at} + ({bt})*({_poly(e, names)})) ({_poly(shown, shifted)}) ltac:(ring) ltac:(block_positive))")
    if case == 2:
        lines.append(f"pose proof {signs[0]} as F_.")
    else:
        lo, hi = (_poly(e, names) for e in ends)
        lines.append(f"pose proof (between_ends ({at}) ({bt}) ({lo}) ({hi}) x_ ltac:(split; lra) {' '.join(signs)}) as F_.")
    return " ".join([*lines, "lra."])


def dyadic_induction(s: Statement, certificate: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule dyadic_induction."""
    if s.size is None or greatest(s.size) is not None:
        raise NotExported("a size that is bounded above")
    begin, low = int(str(certificate["bound"]["start"])), least(s.size)
    p = Explicit(s)
    p.opening()
    bases = [p.compare(k, s.op) for k in range(low, begin)]
    v, f = s.variable, s.name
    p.lines += [f"Lemma step_ : forall {v}, ({begin} <= {v})%nat -> (forall m, (m < {v})%nat -> ({low} <= m)%nat -> {f} m {s.op} rhs{s.fixed} m) -> {f} {v} {s.op} rhs{s.fixed} {v}.",
                *_levels(p, s.bound, begin, "rhs", s.op)]
    where = " \\/ ".join(f"{v} = {k}%nat" for k in range(low, begin)) or "False"
    return p.closing(f"intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. intros D_. destruct (le_lt_dec {begin} {v}) as [L_|L_].\n  - apply step_; assumption.\n"
                     f"  - assert (W_ : {where}) by lia. {base_cases(bases)}")

