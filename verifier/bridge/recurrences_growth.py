
"""Growth of expressions in one natural number, as lemmas of the library's `Growth`.

An expression e is shown to satisfy e ~ C * exp(r n) n^d (log n)^k (log log n)^j, bottom up, one lemma for each subterm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from verifier.bridge.text import NotExported, Printer, ratio_text
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import NO_FACTS, Facts, Real, exp_real, log_real, power_real, real, real_of
from verifier.lang.ast import App, Expr, Num, Var, free_vars, log, num, substitute
from verifier.lang.show import ascii

Exponents = tuple[Real, Real, Real, Real]
"""(r, d, k, j)."""


@dataclass(frozen=True)
class Growth:
    """The lemma `name` shows  e ~ value * exp(r n) n^d (log n)^k (log log n)^j."""

    name: str
    text: str
    value: Real
    exponents: Exponents


@dataclass
class Grower:
    """Writes the lemmas of the subterms of some expressions in the variable n."""

    printer: Printer
    variable: str
    facts: Facts = NO_FACTS
    lines: list[str] = field(default_factory=list)
    done: dict[Expr, Growth] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------------ exponents as text
    def exponent(self, x: Real) -> str:
        """An exponent of n or of its logarithms."""
        q = x.rational
        if q is not None:
            return ratio_text(q)
        if x.key not in self.names:  # in terms of a logarithm that has a name: lra compares the two
            for known in self.logarithms.values():
                rest, factor = (x - known).rational, (x / known).rational
                if rest is not None:
                    return f"({self.names[known.key]} + {ratio_text(rest)})"
                if factor is not None:
                    return f"({ratio_text(factor)}*{self.names[known.key]})"
        return self.names.setdefault(x.key, f"({self.printer.real(x.expr)})")

    def rate(self, x: Real) -> str:
        """The rate r as the logarithm of its base."""
        if not x.num:
            return "0"
        try:
            base = exp_real(x).rational
        except Rejected:
            base = None
        return f"ln {ratio_text(base)}" if base is not None else self.names.setdefault(x.key, f"({self.printer.real(x.expr)})")

    def exponents_list(self, e: Sequence[Real]) -> list[str]:
        return [self.tight(self.rate(e[0])), *(self.tight(self.exponent(x)) for x in e[1:])]

    def exponents(self, e: Exponents) -> str:
        return " ".join(self.exponents_list(e))

    @staticmethod
    def tight(text: str) -> str:
        return text if text.replace("_", "").isalnum() or text.startswith("(") and text.endswith(")") else f"({text})"

    # ------------------------------------------------------------------ lemmas
    def lemma(self, e: Expr, proof: str, value: Real, exponents: Exponents, raw: str) -> Growth:
        name = f"growth_{len(self.lines) + 1}"
        q = value.rational
        text = ratio_text(q) if q is not None else raw
        v = self.printer.name(self.variable)
        self.lines += [f"Lemma {name} : grows (fun {v} : nat => {self.printer.real(e)}) {self.tight(text)} {self.exponents(exponents)}.",
                       f"Proof. {proof} Qed."]
        out = Growth(name, self.tight(text), value, exponents)
        self.done[e] = out
        return out

    def grow(self, e: Expr) -> Growth:
        """The growth of e; NotExported if the library has no lemma for it."""
        if e in self.done:
            return self.done[e]
        zero = real(0)
        if self.variable not in free_vars(e):
            value = real_of(e, self.facts)
            if not value.num:
                raise NotExported("a term that is 0")
            text = self.printer.tight(e)
            return self.lemma(e, f"by_growth (grows_const {text}).", value, (zero,) * 4, text)
        match e:
            case Var(_):
                return self.lemma(e, "by_growth grows_n.", real(1), (zero, real(1), zero, zero), "1")
            case App("log", (Var(_),)):
                return self.lemma(e, "by_growth grows_ln_n.", real(1), (zero, zero, real(1), zero), "1")
            case App("log", (App("log", (Var(_),)),)):
                return self.lemma(e, "by_growth grows_lnln_n.", real(1), (zero, zero, zero, real(1)), "1")
            case App("log", (App("factorial", (Var(name),)),)) if name == self.variable:
                return self.lemma(e, "exact grows_log_fact.", real(1), (zero, real(1), real(1), zero), "1")
            case App("sum", (term, Var(i), Num(q), Var(name))) if q == 1 and name == self.variable not in free_vars(term):
                return self._sum_to_n(e, self.grow(substitute(term, {i: Var(name)})))
            case App("log", (a,)):
                return self._log(e, self.grow(a))
            case App("log", (a, b)):
                return self._quotient(e, self.grow(log(a)), self.grow(log(b)))
            case App("log2", (a,)):
                return self._quotient(e, self.grow(log(a)), self.grow(log(num(2))))
            case App("+", args):
                return self._sum(e, args)
            case App("neg", (a,)):
                g = self.grow(a)
                return self.lemma(e, f"by_growth (grows_opp _ _ _ _ _ _ {g.name}).", -g.value, g.exponents, f"(- {g.text})")
            case App("*", args):
                return self._product(e, args)
            case App("/", (a, b)):
                return self._quotient(e, self.grow(a), self.grow(b))
            case App("sqrt", (a,)):
                return self._root(e, self.grow(a))
            case App("^", (a, Num(q))):
                return self._power(e, a, q)
            case App("^", (a, b)) if self.variable not in free_vars(b):
                return self._real_power(e, self.grow(a), real_of(b, self.facts), self.printer.tight(b))
            case App("^", (a, b)) if self.variable not in free_vars(a):
                return self._exponential(e, a, b)
            case App(("floor" | "ceil") as op, (a,)):
                g = self.grow(a)
                self._require_growing(g)
                return self.lemma(e, f"refine (grows_{op} _ _ _ _ _ _ _ {g.name}). close_lexpos.", g.value, g.exponents, g.text)
        raise NotExported(f"the growth of {ascii(e)[:60]}")

    def _sum_to_n(self, e: Expr, g: Growth) -> Growth:
        """The sum of f(i) for 1 <= i <= n: the power of n, or of its logarithm, goes up by one."""
        r, d, k, j = g.exponents
        one = real(1)
        if r.num:
            raise NotExported("a sum of exponentials")
        if (d + one).sign() > 0:
            return self.lemma(e, f"by_growth (grows_sum _ {g.text} {self.tight(self.exponent(d))} {self.tight(self.exponent(k))} {self.tight(self.exponent(j))} ltac:(lra) {g.name}).",
                              g.value / (d + one), (r, d + one, k, j), f"({g.text} / ({self.exponent(d)} + 1))")
        if not (d + one).num and (k + one).sign() > 0:
            return self.lemma(e, f"by_growth (grows_sum_log _ {g.text} {self.tight(self.exponent(k))} {self.tight(self.exponent(j))} ltac:(lra) {g.name}).",
                              g.value / (k + one), (r, real(0), k + one, j), f"({g.text} / ({self.exponent(k)} + 1))")
        raise NotExported("a sum that converges, or of a logarithm of a logarithm")

    def _require_growing(self, g: Growth) -> None:
        if order(g.exponents) <= 0:
            raise NotExported("a rounding of something bounded")

    @staticmethod
    def _require_positive(g: Growth) -> str:
        if g.value.sign() <= 0:
            raise NotExported("a power of something negative")
        return "ltac:(first [lra | pos | inverses])"

    def _log(self, e: Expr, g: Growth) -> Growth:
        r, d, _, _ = g.exponents
        if r.num or d.sign() <= 0:
            raise NotExported("the logarithm of something that is not a power of n")
        p = self._require_positive(g)
        return self.lemma(e, f"by_growth (grows_ln _ {g.text} {self.tight(self.exponent(d))} _ _ {p} ltac:(first [lra | pos | inverses]) {g.name}).", d, (real(0), real(0), real(1), real(0)), self.exponent(d))

    def _sum(self, e: Expr, args: tuple[Expr, ...]) -> Growth:
        total = self.grow(args[0])
        for i in range(1, len(args)):
            part = App("+", args[:i + 1])
            g = self.grow(args[i])
            c = order(tuple(x - y for x, y in zip(total.exponents, g.exponents, strict=True)))  # type: ignore[arg-type]
            blanks = " ".join("_" * 12)
            if c == 0:
                value = total.value + g.value
                if not value.num:
                    raise NotExported("leading terms that cancel")
                total = self.lemma(part, f"by_growth (grows_add _ _ _ _ _ _ _ _ {total.name} {g.name}).", value, g.exponents, f"({total.text} + {g.text})")
                continue
            big = total if c > 0 else g
            side = "l" if c > 0 else "r"
            total = self.lemma(part, f"refine (grows_add_{side} {blanks} _ {total.name} {g.name}). {self.separate(total.exponents, g.exponents)}close_lexpos.",
                               big.value, big.exponents, big.text)
        return total

    def separate(self, a: Sequence[Real], b: Sequence[Real]) -> str:
        """Tactics that add what is needed to compare irrational exponents: none here, see the exponents of the leaves."""
        if any(x.rational is None for x in (*a[1:], *b[1:])) or a[0] != b[0] and (a[0].num and b[0].num):
            return self.irrational(a, b)
        rates = [x for x in (a[0], b[0]) if x.num]
        if a[0] != b[0] and rates:
            return self.rates(a[0], b[0])
        return ""

    def rates(self, a: Real, b: Real) -> str:
        """ln a < ln b as hypotheses."""
        bases = [exp_real(x).rational for x in (a, b)]
        if any(q is None or q <= 0 for q in bases):
            raise NotExported("an irrational rate")
        low, high = sorted(q for q in bases if q is not None)
        return (f"pose proof ln_1 as L1_. pose proof (ln_increasing {ratio_text(low)} {ratio_text(high)} ltac:(lra) ltac:(lra)) as L2_. ")

    def irrational(self, a: Sequence[Real], b: Sequence[Real]) -> str:
        out = ""
        if a[0] != b[0]:
            out += self.rates(a[0], b[0])
        for x, y in zip(a[1:], b[1:], strict=True):
            if x == y:
                continue
            for z, w in ((x, y), (y, x)):
                if z.rational is None and (x - y).rational is None:
                    out += self.bracket(z, w)
            break
        return out

    def bracket(self, z: Real, w: Real) -> str:
        """z against w, by a rational number between them: z = log A / log B."""
        form = self.forms.get(z.key)
        if form is None:
            for known in self.logarithms.values():
                rest = (z - known).rational
                if rest is not None:
                    return self.bracket(known, w - real(rest))
            raise NotExported("an exponent that is not a quotient of logarithms")
        a, b, value, exact = *form, form[2].rational
        below = (z - w).sign() > 0
        if value.symbolic:
            return self.symbolic_bracket(a, b, w, below)
        q = between(w, z) if below else between(z, w)
        lemma = "log_above" if below else "log_below"
        at, known = a, "ltac:(lra)"
        if exact is None:
            low, high = value.enclosure()
            near = ratio_text(Fraction((low * 1000).__floor__(), 1000) if below else Fraction((high * 1000).__ceil__(), 1000))
            lemma += "_surd"
            at = f"{a} {near}"
            known = f"{'ltac:(lra)' if below else 'ltac:(pos)'} ltac:(surd_bounds; nra)"
        self.brackets += 1
        name = f"B{self.brackets}_"
        return (f"pose proof ({lemma} {at} {b} ({q.numerator}) {q.denominator} {known} ltac:(lra) ltac:(lia) ltac:(compute_powers)) as {name}. "
                f"cbn [INR] in {name}. ")

    def symbolic_bracket(self, a: str, b: str, w: Real, below: bool) -> str:
        """log A / log B against the rational w, where A depends on constants: A^Q against B^P for w = P/Q."""
        q = w.rational
        if q is None:
            raise NotExported("two exponents that depend on constants")
        self.brackets += 1
        name = f"B{self.brackets}_"
        return (f"pose proof (log_{'above' if below else 'below'} {a} {b} ({q.numerator}) {q.denominator} ltac:(first [lra | pos]) ltac:(lra) ltac:(lia) "
                f"ltac:(first [compute_powers | nra])) as {name}. cbn [INR] in {name}. ")

    forms: dict[str, tuple[str, str, Real]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    logarithms: dict[str, Real] = field(default_factory=dict)
    brackets: int = 0

    def _product(self, e: Expr, args: tuple[Expr, ...]) -> Growth:
        total = self.grow(args[0])
        for i in range(1, len(args)):
            g = self.grow(args[i])
            total = self.lemma(App("*", args[:i + 1]), f"by_growth (grows_mul {' '.join('_' * 12)} {total.name} {g.name}).", total.value * g.value,
                               combined(total.exponents, g.exponents, 1), f"({total.text} * {g.text})")
        return total

    def _quotient(self, e: Expr, a: Growth, b: Growth) -> Growth:
        proof = f"by_growth (grows_div _ _ _ {b.text} {' '.join('_' * 8)} ltac:(apply Rgt_not_eq; unfold Rgt; first [lra | pos | inverses]) {a.name} {b.name})."
        if b.value.sign() < 0:
            proof = proof.replace("apply Rgt_not_eq", "apply Rlt_not_eq")
        return self.lemma(e, proof, a.value / b.value, combined(a.exponents, b.exponents, -1), f"({a.text} / {b.text})")

    def _power(self, e: Expr, a: Expr, q: Fraction) -> Growth:
        g = self.grow(a)
        if q.denominator != 1:
            return self._real_power(e, g, real(q), ratio_text(q))
        m = abs(q.numerator)
        exponents: Exponents = tuple(x * real(m) for x in g.exponents)  # type: ignore[assignment]
        value = power_real(g.value, real(m))
        text = f"({g.text} ^ {m})"
        if q >= 0:
            return self.lemma(e, f"by_growth (grows_pow _ _ _ _ _ _ {m} {g.name}).", value, exponents, text)
        inner = g if m == 1 else self.lemma(App("^", (a, num(m))), f"by_growth (grows_pow _ _ _ _ _ _ {m} {g.name}).", value, exponents, text)
        if m == 1:
            v = self.printer.name(self.variable)
            body = self.printer.tight(a)
            first = f"growth_first_{len(self.lines)}"
            self.lines += [f"Lemma {first} : grows (fun {v} : nat => {body} ^ 1) {g.text} {self.exponents(g.exponents)}.",
                           f"Proof. by_growth (grows_pow _ _ _ _ _ _ 1 {g.name}). Qed."]
            inner = Growth(first, g.text, g.value, g.exponents)
        return self.lemma(e, f"by_growth (grows_inv _ {inner.text} _ _ _ _ ltac:(apply Rgt_not_eq; unfold Rgt; first [lra | pos | inverses]) {inner.name}).", value.inverse(),
                          tuple(-x for x in exponents), f"(/ {inner.text})")  # type: ignore[arg-type]

    def _real_power(self, e: Expr, g: Growth, q: Real, text: str) -> Growth:
        p = self._require_positive(g)
        exponents: Exponents = tuple(q * x for x in g.exponents)  # type: ignore[assignment]
        if q.rational is None:
            self.names.setdefault(q.key, text if text.startswith("(") else f"({text})")
            if g.value != real(1):
                raise NotExported("an irrational power of a multiple")
        value = power_real(g.value, q)
        proof = f"by_growth (grows_Rpower _ {g.text} _ _ _ _ {self.tight(text)} {p} {g.name})."
        if g.value == real(1):
            proof = (f"pose proof (grows_Rpower _ {g.text} _ _ _ _ {self.tight(text)} {p} {g.name}) as X_. "
                     f"refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ _ _ _ _ _); first [unfold Rpower; rewrite ln_1, Rmult_0_r; apply exp_0 | same_exponents].")
            value = real(1)
        return self.lemma(e, proof, value, exponents, f"(Rpower {g.text} {self.tight(text)})")

    def _root(self, e: Expr, g: Growth) -> Growth:
        p = self._require_positive(g)
        half = real(Fraction(1, 2))
        exponents: Exponents = tuple(half * x for x in g.exponents)  # type: ignore[assignment]
        if g.value == real(1):
            proof = (f"pose proof (grows_sqrt _ {g.text} _ _ _ _ {p} {g.name}) as X_. "
                     f"refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ _ _ _ _ _); first [unfold Rpower; rewrite ln_1, Rmult_0_r; apply exp_0 | same_exponents].")
            return self.lemma(e, proof, real(1), exponents, "1")
        return self.lemma(e, f"by_growth (grows_sqrt _ {g.text} _ _ _ _ {p} {g.name}).", power_real(g.value, half), exponents, f"(Rpower {g.text} (/ 2))")

    def _exponential(self, e: Expr, a: Expr, b: Expr) -> Growth:
        """a^(q n)."""
        g = self.grow(b)
        base = real_of(a, self.facts)
        q = g.value.rational
        if g.exponents != (real(0), real(1), real(0), real(0)) or q is None or base.sign() <= 0 or isinstance(b, App) and b.op == "+":
            raise NotExported(f"the growth of {ascii(e)[:60]}")
        v = self.printer.name(self.variable)
        at = self.printer.tight(a)
        rate = log_real(base) * real(q)
        if base.rational is None:
            self.bases[rate.key] = at
            self.names[rate.key] = f"(ln {at})"
        proof = (f"pose proof (grows_exponential {at} (fun {v} : nat => {self.printer.real(b)}) {ratio_text(q)} ltac:(first [lra | pos | inverses]) ltac:(intros; cbv beta; first [lra | field])) as X_. "
                 f"refine (grows_same _ _ _ _ _ _ _ _ _ _ _ X_ _ _ _ _ _); first [lra | {log_rule(base, q)}same_exponents].")
        if base.rational is None and q != 1:
            raise NotExported("an irrational base")
        return self.lemma(e, proof, real(1), (rate, real(0), real(0), real(0)), "1")


def log_rule(base: Real, q: Fraction) -> str:
    """Tactics for  q * ln a = ln (a^q)."""
    a = base.rational
    if a is None:
        return ""
    if q == -1:
        return f"rewrite <- (ln_Rinv {ratio_text(a)}) by lra; f_equal; lra | "
    if q.denominator == 1 and q > 0:
        return f"rewrite <- (ln_pow {ratio_text(a)} {q}) by lra; f_equal; lra | " if q != 1 else ""
    return ""


def order(e: Iterable[Real]) -> int:
    """-1, 0 or 1: the class tends to 0, is constant, or tends to infinity."""
    for x in e:
        s = x.sign() if x.num else 0
        if s:
            return s
    return 0


def combined(a: Exponents, b: Exponents, sign: int) -> Exponents:
    return tuple(x + y if sign > 0 else x - y for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def with_roots(e: Expr) -> Expr:
    """Powers with the exponent 1/2 as square roots."""
    if isinstance(e, App):
        args = tuple(with_roots(a) for a in e.args)
        return App("sqrt", args[:1]) if e.op == "^" and args[1] == Num(Fraction(1, 2)) else App(e.op, args)
    return e


def between(low: Real, high: Real) -> Fraction:
    """The rational number of least denominator strictly between two numbers."""
    for d in range(1, 200):
        (x, _), (_, y) = low.enclosure(), high.enclosure()
        for n in range((x * d).__floor__(), (y * d).__ceil__() + 1):
            q = Fraction(n, d)
            if (real(q) - low).sign() > 0 and (high - real(q)).sign() > 0:
                return q
    raise NotExported("two exponents that are very close")
