"""Bounds of expressions by interval arithmetic, as Rocq proofs: the counterpart of the kernel's `Context.bounds`.

Every bound is a hypothesis  q <= e  (or <) with a rational q, asserted from the bounds of the parts.  Logarithms of rationals are
enclosed by a series that coqc computes; exponentials and real powers of numbers go through logarithms.  Numbers are rounded
outwards to a given number of decimal digits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import factorial

from verifier.bridge.proof import DIGITS, Lines, Scope, block, range_holds, shifted_signs
from verifier.bridge.text import flat, ratio_text
from verifier.kernel.context import Interval, Rejected
from verifier.kernel.normal import normal, round_root
from verifier.lang.ast import App, Expr, Num, Relation, Var, div, free_vars, log, mul, num
from verifier.lang.enclosure import exp_rational, log_rational

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class End:
    """q <= e or e <= q, with < if open, shown by the hypothesis `name`."""

    value: Fraction
    open: bool
    name: str

    @property
    def weak(self) -> str:
        return f"(Rlt_le _ _ {self.name})" if self.open else self.name


@dataclass
class Encloser:
    """Asserts bounds; `lines` are the tactics so far."""

    scope: Scope
    digits: int = 6
    lines: Lines = field(default_factory=list)
    known: dict[tuple[str, str], End | None] = field(default_factory=dict)

    # ------------------------------------------------------------------------------ statements

    def low(self, e: Expr) -> End | None:
        """A lower bound of e."""
        key = ("low", self.scope.real(e))
        if key not in self.known:
            self.known[key] = self._low(e)
        return self.known[key]

    def high(self, e: Expr) -> End | None:
        """An upper bound of e."""
        key = ("high", self.scope.real(e))
        if key not in self.known:
            self.known[key] = self._high(e)
        return self.known[key]

    def _say(self, e: Expr | str, value: Fraction, tactics: str | Lines, *, low: bool, strict: bool = False) -> End:
        name = self.scope.fresh("B")
        text = e if isinstance(e, str) else self.scope.real(e)
        op, q = "<" if strict else "<=", ratio_text(value)
        statement = f"{q} {op} {text}" if low else f"{text} {op} {q}"
        self.lines += [f"assert ({name} : {statement}).", *block([tactics] if isinstance(tactics, str) else tactics)]
        return End(value, strict, name)

    def positive(self, e: Expr) -> str | None:
        """The name of a hypothesis 0 < e."""
        end = self.low(e)
        if end is None or end.value < 0 or end.value == 0 and not end.open:
            return None
        if end.value == 0:
            return end.name
        return self._say(e, ZERO, f"clear - {end.name}; lra.", low=True, strict=True).name

    # ------------------------------------------------------------------------------ lower bounds

    def _low(self, e: Expr) -> End | None:
        found = self._low_by_parts(e)
        if found is not None and (found.value > 0 or found.value == 0 and found.open):
            return found
        if isinstance(e, App) and e.op in ("+", "*", "/", "neg") and free_vars(e):
            for strict in (True, False):
                if not strict and found is not None and found.value == 0:
                    break
                try:
                    r = normal(e, self.scope.context)
                except Rejected:
                    break
                proof = None if r.den is not None else shifted_signs(e, r.num, self.scope, strict=strict)
                if proof is not None:
                    return self._say(e, ZERO, proof, low=True, strict=strict)
        return found

    def _low_by_parts(self, e: Expr) -> End | None:
        match e:
            case Num(q):
                return self._say(e, q, "apply Rle_refl.", low=True)
            case Var(name):
                i = self.scope.context.names[name]
                return None if i.lo is None else self._say(e, i.lo, "known.", low=True, strict=i.lo_open)
            case App("+", _):
                return self._total(e, low=True)
            case App("neg", (a,)):
                end = self.high(a)
                return None if end is None else self._say(e, -end.value, f"clear - {end.name}; lra.", low=True, strict=end.open)
            case App("*", _):
                args = flat("*", e)
                return self._product(e, mul(*args[:-1]), args[-1], low=True)
            case App("/", (a, b)):
                return self._product(e, a, b, low=True, inverse=True)
            case App("^", (a, Num(q))) if q.denominator == 1 and abs(q) <= 512:
                return self._power_low(e, a, int(q))
            case App("^", (a, b)):
                return self._real_power(e, a, b, low=True)
            case App("sqrt", (a,)):
                inner = self.low(a)
                if inner is None or inner.value < 0:
                    return self._say(e, ZERO, "apply sqrt_pos.", low=True)
                root = self._root(inner.value, up=False)
                if root == 0 and (p := self.positive(a)) is not None:
                    return self._say(e, ZERO, f"apply sqrt_lt_R0. exact {p}.", low=True, strict=True)
                return self._say(e, root, f"apply sqrt_low; [lra | clear - {inner.name}; lra].", low=True)
            case App("log", (a,)):
                inner = self.low(a)
                if inner is None or inner.value <= 0:
                    return None
                lo, _, name = self._log(inner.value)
                x = ratio_text(inner.value)
                tactic = f"apply (log_low {x}); [lra | exact (proj1 {name}) | exact {inner.weak}]."
                if lo > 0 or not inner.open or lo < 0:
                    return self._say(e, lo, tactic, low=True)
                return self._say(e, lo, f"apply ln_pos. exact {inner.name}.", low=True, strict=True)
            case App("log2", (a,)):
                return self._low_by_parts(div(log(a), log(num(2))))
            case App("log", (a, b)):
                return self._low_by_parts(div(log(a), log(b)))
            case App("exp", (a,)):
                return self._exponential(e, self.low(a), low=True)
            case App("floor", (a,)):
                inner = self.low(a)
                if inner is None:
                    return None
                z = inner.value.__floor__()
                return self._say(e, Fraction(z), f"apply (floor_low _ {ratio_text(inner.value)} ({z})); [exact {inner.weak} | lra].", low=True)
            case App("ceil", (a,)):
                inner = self.low(a)
                if inner is None:
                    return None
                z = inner.value.__ceil__() + (inner.open and inner.value.denominator == 1)
                lemma = "ceil_low_open" if inner.open else "ceil_low"
                return self._say(e, Fraction(z), f"apply ({lemma} _ {ratio_text(inner.value)} ({z})); [exact {inner.name} | lra].", low=True)
            case App("max", args):
                return self._pick(e, args, "max", low=True)
            case App("min", args):
                return self._every(e, args, "min", low=True)
            case App("factorial", (Num(q),)) if q.denominator == 1 and 0 <= q <= 100:
                return self._factorial(e, int(q), low=True)
            case App("factorial", _):
                return self._say(e, ONE, "apply factorial_ge_1.", low=True)
            case App("sum", (term, Var(i), a, b)):
                return self._sum(e, term, i, a, b)
            case App("max_geometric", _):
                return self._say(e, ZERO, "sign.", low=True, strict=True)
        return None

    # ------------------------------------------------------------------------------ upper bounds

    def _high(self, e: Expr) -> End | None:
        match e:
            case Num(q):
                return self._say(e, q, "apply Rle_refl.", low=False)
            case Var(name):
                i = self.scope.context.names[name]
                return None if i.hi is None else self._say(e, i.hi, "known.", low=False, strict=i.hi_open)
            case App("+", _):
                return self._total(e, low=False)
            case App("neg", (a,)):
                end = self.low(a)
                return None if end is None else self._say(e, -end.value, f"clear - {end.name}; lra.", low=False, strict=end.open)
            case App("*", _):
                args = flat("*", e)
                return self._product(e, mul(*args[:-1]), args[-1], low=False)
            case App("/", (a, b)):
                return self._product(e, a, b, low=False, inverse=True)
            case App("^", (a, Num(q))) if q.denominator == 1 and abs(q) <= 512:
                return self._power_high(e, a, int(q))
            case App("^", (a, b)):
                return self._real_power(e, a, b, low=False)
            case App("sqrt", (a,)):
                inner = self.high(a)
                if inner is None or inner.value < 0:
                    return None
                root = self._root(inner.value, up=True)
                return self._say(e, root, f"apply sqrt_high; [lra | clear - {inner.name}; lra].", low=False)
            case App("log", (a,)):
                inner, p = self.high(a), self.positive(a)
                if inner is None or p is None or inner.value <= 0:
                    return None
                _, hi, name = self._log(inner.value)
                x = ratio_text(inner.value)
                return self._say(e, hi, f"apply (log_high {x}); [exact {p} | exact (proj2 {name}) | exact {inner.weak}].", low=False)
            case App("log2", (a,)):
                return self._high(div(log(a), log(num(2))))
            case App("log", (a, b)):
                return self._high(div(log(a), log(b)))
            case App("exp", (a,)):
                return self._exponential(e, self.high(a), low=False)
            case App("floor", (a,)):
                inner = self.high(a)
                if inner is None:
                    return None
                z = inner.value.__floor__()
                return self._say(e, Fraction(z), f"apply (floor_high _ {ratio_text(inner.value)} ({z})); [exact {inner.weak} | lra].", low=False)
            case App("ceil", (a,)):
                inner = self.high(a)
                if inner is None:
                    return None
                z = inner.value.__ceil__()
                return self._say(e, Fraction(z), f"apply (ceil_high _ {ratio_text(inner.value)} ({z})); [exact {inner.weak} | lra].", low=False)
            case App("factorial", (Num(q),)) if q.denominator == 1 and 0 <= q <= 100:
                return self._factorial(e, int(q), low=False)
            case App("max", args):
                return self._every(e, args, "max", low=False)
            case App("min", args):
                return self._pick(e, args, "min", low=False)
        return None

    # ------------------------------------------------------------------------------ parts

    def _factorial(self, e: Expr, k: int, *, low: bool) -> End:
        value = Fraction(factorial(k))
        text = self.scope.real(e)
        computed = f"assert (V_ : {text} = rising 0 {k}) by exact (factorial_value {k})."
        return self._say(e, value, [computed, "rewrite V_. cbn [rising Z.of_nat Pos.of_succ_nat Pos.succ]. lra."], low=low)

    def _total(self, e: Expr, *, low: bool) -> End | None:
        ends = [self.low(a) if low else self.high(a) for a in flat("+", e)]
        if any(x is None for x in ends):
            return None
        shown = [x for x in ends if x is not None]
        names = " ".join(x.name for x in shown)
        value = sum((x.value for x in shown), ZERO)
        return self._say(e, value, f"clear - {names}; lra.", low=low, strict=any(x.open for x in shown))

    def _inverse(self, b: Expr) -> tuple[End | None, End | None]:
        """Bounds of 1/b for a positive b."""
        p = self.positive(b)
        if p is None:
            return None, None
        text = f"/ ({self.scope.real(b)})"
        top, bottom = self.high(b), self.low(b)
        high = None
        if top is not None:
            q = ratio_text(1 / top.value)
            low = self._say(text, 1 / top.value, [f"apply Rle_trans with (/ {ratio_text(top.value)}); [apply Req_le; field; lra | apply inv_low; [exact {p} | exact {top.weak}]]."], low=True)
        else:
            low = self._say(text, ZERO, f"apply Rinv_0_lt_compat; exact {p}.", low=True, strict=True)
        if bottom is not None and bottom.value > 0:
            q = ratio_text(bottom.value)
            high = self._say(text, 1 / bottom.value, [f"apply Rle_trans with (/ {q}); [apply inv_high; [lra | exact {bottom.weak}] | apply Req_le; field; lra]."], low=False)
        return low, high

    def _product(self, e: Expr, a: Expr, b: Expr, *, low: bool, inverse: bool = False) -> End | None:
        x, y = self.scope.real(a), f"/ ({self.scope.real(b)})" if inverse else self.scope.real(b)
        if inverse:
            b_low, b_high = self._inverse(b)
        else:
            b_low, b_high = self.low(b), self.high(b)
        a_low, a_high = self.low(a), self.high(a)
        return self._corner(e, (x, a_low, a_high), (y, b_low, b_high), low=low)

    def _corner(
        self, e: Expr, left: tuple[str, End | None, End | None], right: tuple[str, End | None, End | None], *, low: bool
    ) -> End | None:
        (x, al, ah), (y, bl, bh) = left, right
        one = (al is not None and al.value >= 0, ah is not None and ah.value <= 0)
        two = (bl is not None and bl.value >= 0, bh is not None and bh.value <= 0)

        def by(lemma: str, p: End, q: End, arguments: str, *, swap: bool = False) -> End:
            value = p.value * q.value
            u, v = (y, x) if swap else (x, y)
            t = self.scope.fresh("T")
            tactic = f"pose proof ({lemma} {ratio_text(p.value)} {ratio_text(q.value)} ({u}) ({v}) {arguments}) as {t}; clear - {t}; unfold Rdiv in *; lra."
            return self._say(e, value, tactic, low=low)

        number = "ltac:(lra)"
        if one[0] and two[0] and al is not None and bl is not None:
            if low:
                if al.value * bl.value == 0 and (al.value > 0 or al.open) and (bl.value > 0 or bl.open):
                    p, q = (n.name if n.value == 0 else f"(Rlt_le_trans _ _ _ (_ : 0 < {ratio_text(n.value)}) {n.weak})" for n in (al, bl))
                    prepare = [f"assert ({self.scope.fresh('T')} : 0 < {t}) by (clear - {n.name}; lra)." for n, t in ((al, f"({x})"), (bl, f"({y})"))]
                    del p, q
                    return self._say(e, ZERO, [*prepare, f"apply (mul_pos ({x}) ({y})); assumption."], low=True, strict=True)
                return by("mul_low", al, bl, f"{number} {al.weak} {number} {bl.weak}")
            if ah is None or bh is None:
                return None
            return by("mul_high", ah, bh, f"{self._zero(al, x)} {ah.weak} {self._zero(bl, y)} {bh.weak}")
        if one[1] and two[1] and ah is not None and bh is not None:
            if low:
                return by("mul_low_negative", ah, bh, f"{ah.weak} {number} {bh.weak} {number}")
            if al is None or bl is None:
                return None
            return by("mul_high_negative", al, bl, f"{al.weak} {self._zero(ah, x, below=False)} {bl.weak} {self._zero(bh, y, below=False)}")
        if one[0] and al is not None and not two[0]:
            if low and ah is not None and bl is not None:
                return by("mul_low_mixed", ah, bl, f"{self._zero(al, x)} {ah.weak} {number} {bl.weak}")
            if not low and two[1] and bh is not None:
                return by("mul_high_mixed", al, bh, f"{number} {al.weak} {bh.weak} {number}")
        if two[0] and bl is not None and not one[0]:
            if low and bh is not None and al is not None:
                return self._swapped(e, y, x, "mul_low_mixed", bh, al, f"{self._zero(bl, y)} {bh.weak} {number} {al.weak}", low=True)
            if not low and one[1] and ah is not None:
                return self._swapped(e, y, x, "mul_high_mixed", bl, ah, f"{number} {bl.weak} {ah.weak} {number}", low=False)
        if al is not None and ah is not None and bl is not None and bh is not None:
            ends = [p * q for p in (al.value, ah.value) for q in (bl.value, bh.value)]
            lo, hi = ratio_text(min(ends)), ratio_text(max(ends))
            four = " ".join(ratio_text(v) for v in (al.value, ah.value, bl.value, bh.value))
            t = self.scope.fresh("T")
            corners = " ".join("ltac:(split; lra)" for _ in range(4))
            tactic = (
                f"pose proof (Rules.interval_product ({x}) ({y}) {four} {lo} {hi} (conj {al.weak} {ah.weak}) (conj {bl.weak} {bh.weak}) {corners}) as {t}; "
                f"clear - {t}; unfold Rdiv in *; lra."
            )
            return self._say(e, min(ends) if low else max(ends), tactic, low=low)
        return None

    def _swapped(self, e: Expr, u: str, v: str, lemma: str, p: End, q: End, arguments: str, *, low: bool) -> End:
        t = self.scope.fresh("T")
        tactic = f"pose proof ({lemma} {ratio_text(p.value)} {ratio_text(q.value)} ({u}) ({v}) {arguments}) as {t}; clear - {t}; unfold Rdiv in *; lra."
        return self._say(e, p.value * q.value, tactic, low=low)

    def _zero(self, end: End, text: str, *, below: bool = True) -> str:
        """A proof of 0 <= text (text <= 0) from a bound of that sign."""
        name = self.scope.fresh("B")
        statement = f"0 <= {text}" if below else f"{text} <= 0"
        self.lines += [f"assert ({name} : {statement}) by (clear - {end.name}; lra)."]
        return name

    def _power_low(self, e: Expr, a: Expr, k: int) -> End | None:
        if k == 0:
            return self._say(e, ONE, "simpl; lra.", low=True)
        if k < 0:
            low, _ = self._inverse(App("^", (a, num(-k))) if k < -1 else a)
            return None if low is None else self._say(e, low.value, f"first [exact {low.name} | rewrite pow_1; exact {low.name}].", low=True, strict=low.open)
        inner = self.low(a)
        if inner is not None and inner.value >= 0:
            if inner.value == 0 and inner.open:
                return self._say(e, ZERO, f"apply pow_positive. exact {inner.name}.", low=True, strict=True)
            q = ratio_text(inner.value)
            t = self.scope.fresh("T")
            return self._say(e, inner.value**k, f"pose proof (pow_low {q} ({self.scope.real(a)}) {k} ltac:(lra) {inner.weak}) as {t}; clear - {t}; lra.", low=True)
        if k % 2 == 0:
            return self._say(e, ZERO, f"apply (pow_even _ {k // 2}).", low=True)
        return None

    def _power_high(self, e: Expr, a: Expr, k: int) -> End | None:
        if k == 0:
            return self._say(e, ONE, "simpl; lra.", low=False)
        if k < 0:
            _, high = self._inverse(App("^", (a, num(-k))) if k < -1 else a)
            return None if high is None else self._say(e, high.value, f"first [exact {high.name} | rewrite pow_1; exact {high.name}].", low=False)
        below, above = self.low(a), self.high(a)
        if below is None or above is None or below.value < 0:
            return None
        t = self.scope.fresh("T")
        zero = self._zero(below, self.scope.real(a))
        return self._say(e, above.value**k, f"pose proof (pow_high {ratio_text(above.value)} ({self.scope.real(a)}) {k} {zero} {above.weak}) as {t}; clear - {t}; lra.", low=False)

    def _real_power(self, e: Expr, a: Expr, b: Expr, *, low: bool) -> End | None:
        p = self.positive(a)
        if p is None:
            return self._say(e, ZERO, "apply rpower_nonneg.", low=True) if low and self.scope.real(e).startswith("rpower") else None
        if not free_vars(e):
            inner = mul(b, log(a))
            return self._exponential(e, self.low(inner) if low else self.high(inner), low=low)
        base, index = self.low(a), self.low(b)
        if low:
            if base is not None and base.value >= 1 and index is not None and index.value >= 0:
                one = self._zero_to(base, ONE, self.scope.real(a))
                if index.value >= 1 and base.value > 1:
                    t = self._zero_to(index, ONE, self.scope.real(b))
                    return self._say(e, base.value, f"apply power_low_base; [lra | exact {base.weak} | exact {t}].", low=True)
                return self._say(e, ONE, f"apply power_low_1; [exact {one} | exact {self._zero(index, self.scope.real(b))}].", low=True)
            return self._say(e, ZERO, "apply Rpower_pos.", low=True, strict=True)
        top, last = self.high(a), self.high(b)
        if top is not None and top.value <= 1 and index is not None and index.value >= 0:
            name = self.scope.fresh("B")
            self.lines += [f"assert ({name} : {self.scope.real(a)} <= 1) by (clear - {top.name}; lra)."]
            return self._say(e, ONE, f"apply power_high_1; [exact {p} | exact {name} | exact {self._zero(index, self.scope.real(b))}].", low=False)
        if base is not None and base.value >= 1 and last is not None and last.value <= 0:
            return self._say(e, ONE, f"apply power_high_2; [exact {self._zero_to(base, ONE, self.scope.real(a))} | exact {self._zero(last, self.scope.real(b), below=False)}].", low=False)
        return None

    def _zero_to(self, end: End, q: Fraction, text: str) -> str:
        name = self.scope.fresh("B")
        self.lines += [f"assert ({name} : {ratio_text(q)} <= {text}) by (clear - {end.name}; lra)."]
        return name

    def _exponential(self, e: Expr, inner: End | None, *, low: bool) -> End | None:
        if inner is None or abs(inner.value) > 60:
            if low and inner is not None and inner.value > 0:
                inner_zero = self.scope.fresh("B")
                del inner_zero
            return self._say(e, ZERO, "apply exp_pos.", low=True, strict=True) if low else None
        if inner.value == 0:
            lemma = "exp_low_0" if low else "exp_high_0"
            return self._say(e, ONE, f"apply {lemma}. exact {inner.weak}.", low=low)
        exact = exp_rational(inner.value, 64)
        r = self._rounded(exact.lo, up=False, relative=True) if low else self._rounded(exact.hi, up=True, relative=True)
        if r <= 0:
            return self._say(e, ZERO, "apply exp_pos.", low=True, strict=True) if low else None
        lo, hi, name = self._log(r)
        q = ratio_text(inner.value)
        if low and hi > inner.value or not low and lo < inner.value:
            shift = Fraction(4, 10**self.digits)
            r = self._rounded(r * (1 - shift), up=False, relative=True) if low else self._rounded(r * (1 + shift), up=True, relative=True)
            if r <= 0:
                return self._say(e, ZERO, "apply exp_pos.", low=True, strict=True) if low else None
            lo, hi, name = self._log(r)
        side = f"apply Rle_trans with (1 := proj2 {name}); lra" if low else f"apply Rle_trans with (2 := proj1 {name}); lra"
        lemma = "exp_low" if low else "exp_high"
        return self._say(e, r, f"apply ({lemma} {q}); [lra | {side} | exact {inner.weak}].", low=low)

    def _pick(self, e: Expr, args: tuple[Expr, ...], op: str, *, low: bool) -> End | None:
        """One argument bounds a maximum from below."""
        ends = [(k, x) for k, a in enumerate(args) if (x := self.low(a) if low else self.high(a)) is not None]
        if not ends:
            return None
        k, end = max(ends, key=lambda t: (t[1].value, t[1].open)) if low else min(ends, key=lambda t: (t[1].value, not t[1].open))
        side = "low" if low else "high"
        path = "".join(f"apply {op}_{side}_r. " for _ in range(k)) + (f"apply {op}_{side}_l. " if k < len(args) - 1 else "")
        return self._say(e, end.value, f"{path}exact {end.weak}.", low=low)

    def _every(self, e: Expr, args: tuple[Expr, ...], op: str, *, low: bool) -> End | None:
        ends = [self.low(a) if low else self.high(a) for a in args]
        if any(x is None for x in ends):
            return None
        shown = [x for x in ends if x is not None]
        value = min(x.value for x in shown) if low else max(x.value for x in shown)
        strict = low and all(x.open or x.value > value for x in shown)
        names = " ".join(x.name for x in shown)
        lemma = ("Rmin_glb_lt" if strict else "Rmin_glb") if op == "min" else "Rmax_lub"
        return self._say(e, value, f"clear - {names}; repeat apply {lemma}; lra.", low=low, strict=strict)

    def _sum(self, e: Expr, term: Expr, i: str, a: Expr, b: Expr) -> End | None:
        context = self.scope.context
        first = context.bounds(a)
        inner = context.with_name(
            i, Interval(first.lo, False, context.bounds(b).hi, False, True), (Relation("<=", Var(i), b), Relation("<=", a, Var(i)))
        )
        p = self.scope.printer.with_index(i, inner)
        nested = Encloser(replace(self.scope, printer=p), self.digits)
        end = nested.low(term)
        if end is None or end.value < 0:
            return None
        index = p.name(i)
        lo, hi = self.scope.fresh("H"), self.scope.fresh("H")
        enter = [f"intros {index} R_. apply sum_range in R_. push_IZR_in R_. destruct R_ as [{lo} {hi}]."]
        gap = context.at_least(App("+", (b, App("neg", (a,)))), ZERO)
        if not gap:
            close = f"clear - {end.name}; lra." if end.value else f"exact {end.weak}."
            return self._say(e, ZERO, ["apply Sums.sum_nonneg.", *enter, *nested.lines, close], low=True)
        if end.value == 0 and end.open:
            return self._say(e, ZERO, ["apply sum_positive.", *block(range_holds(a, b, self.scope, empty=False)), *enter, *nested.lines, f"exact {end.name}."], low=True, strict=True)
        return self._say(
            e, end.value, ["apply sum_low.", *block(["lra."]), *block(range_holds(a, b, self.scope, empty=False)), *enter, *nested.lines, f"exact {end.weak}."], low=True
        )

    # ------------------------------------------------------------------------------ numbers

    def _rounded(self, q: Fraction, *, up: bool, relative: bool = False) -> Fraction:
        scale = 10**self.digits
        if relative:
            while abs(q) * scale < 10**self.digits and scale < 10**60:
                scale *= 10
        n = q * scale
        return Fraction(n.__ceil__() if up else n.__floor__(), scale)

    def _root(self, q: Fraction, *, up: bool) -> Fraction:
        """A rational near the square root."""
        n, d = round_root(q.numerator, 2), round_root(q.denominator, 2)
        if n * n == q.numerator and d * d == q.denominator:
            return Fraction(n, d)
        scale = 10**self.digits
        root = round_root((q * scale * scale).__floor__(), 2)
        return Fraction(root + up, scale)

    def _log(self, q: Fraction) -> tuple[Fraction, Fraction, str]:
        """(lo, hi, name of lo <= ln q /\\ ln q <= hi)."""
        known = self.known.get(("log", str(q)))
        if known is not None:
            lo, hi = (Fraction(x) for x in known.name.split()[1:])
            return lo, hi, known.name.split()[0]
        name, text = self.scope.fresh("L"), ratio_text(q)
        size = 4 * self.digits + 40
        if q == 1:
            lo = hi = ZERO
            self.lines.append(f"assert ({name} : 0 <= ln 1 /\\ ln 1 <= 0) by (rewrite ln_1; lra).")
        elif max(q.numerator.bit_length(), q.denominator.bit_length()) > 2 * size:
            below, above = _short(q, size, up=False), _short(q, size, up=True)
            lo, _, first = self._log(below)
            _, hi, last = self._log(above)
            self.lines += [
                f"assert ({name} : {ratio_text(lo)} <= ln {text} /\\ ln {text} <= {ratio_text(hi)}).",
                "{ split.",
                f"  {{ apply (log_low {ratio_text(below)}); [lra | exact (proj1 {first}) | lra]. }}",
                f"  {{ apply (log_high {ratio_text(above)}); [lra | exact (proj2 {last}) | lra]. }} }}",
            ]
        else:
            exact = log_rational(q, size)
            lo, hi = self._rounded(exact.lo, up=False), self._rounded(exact.hi, up=True)
            k, r = 0, q
            while r >= 2:
                k, r = k + 1, r / 2
            while r < 1:
                k, r = k - 1, r * 2
            lemma = f"log_enclosed_whole {q.numerator}" if q.denominator == 1 else f"log_enclosed {q.numerator} {q.denominator}"
            numbers = f"({lo.numerator}) {lo.denominator} ({hi.numerator}) {hi.denominator}"
            ratio = f"(QArith_base.Qmake {r.numerator} {r.denominator})"
            computed = f"{lemma} ({k}) {ratio} {self.digits + 4} {numbers} ltac:(vm_compute; reflexivity)"
            self.lines += [
                f"assert ({name} : {ratio_text(lo)} <= ln {text} /\\ ln {text} <= {ratio_text(hi)}).",
                "{ " + f"pose proof ({computed}) as {name}e.",
                f"  destruct {name}e; split; lra. " + "}",
            ]
        self.known[("log", str(q))] = End(ZERO, False, f"{name} {lo} {hi}")
        return lo, hi, name


def _short(q: Fraction, bits: int, *, up: bool) -> Fraction:
    """A nearby number with that many leading binary digits."""
    shift = bits - (q.numerator.bit_length() - q.denominator.bit_length())
    scale = Fraction(2) ** shift
    n = q * scale
    return Fraction(n.__ceil__() if up else n.__floor__()) / scale


def lower(e: Expr, scope: Scope, *, strict: bool) -> Lines | None:
    """Tactics for 0 <= e (0 < e) by interval arithmetic, with more digits if few do not decide."""
    for digits in DIGITS:
        found = Encloser(scope, digits)
        end = found.low(e)
        if end is not None and (end.value > 0 or end.value == 0 and (end.open or not strict)):
            return [*found.lines, f"clear - {end.name}; lra."]
    return None


__all__ = ["Encloser", "End", "lower"]
