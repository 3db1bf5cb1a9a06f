"""Equations between expressions with the same normal form, as Rocq tactics.

Logarithms, exponentials and powers are first rewritten, innermost first, into the kernel's normal form over atoms; the rest
is `field`.  Atoms are parameters, ln x, roots x^(1/d), exponentials exp(M/d), sums and other functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from verifier.bridge.text import NotExported, Printer, ratio_text
from verifier.kernel.context import Context
from verifier.kernel.normal import UNIT, Mono, Poly, _integral, key_expr, mono_expr, normal, plus, primitive, times, to_expr
from verifier.lang.ast import App, Expr, Num, Var, add, div, log, mul, neg, num, sub
from verifier.lang.show import ascii

Atom = tuple[str, object]
"""("key", key) for the atom of a key, ("exp", monomial) for the exponential of a monomial."""


@dataclass
class Atoms:
    """The atoms of some polynomials, with the common denominator of their exponents."""

    printer: Printer
    roots: dict[Atom, int] = field(default_factory=dict)
    below: dict[Atom, None] = field(default_factory=dict)

    def add(self, polys: Iterable[Poly]) -> Atoms:
        for p in polys:
            for m in p:
                for atom, q in parts(m):
                    self.roots[atom] = lcm(self.roots.get(atom, 1), Fraction(q).denominator)
                    if q < 0:
                        self.below[atom] = None
        return self

    def base(self, atom: Atom) -> str:
        """The positive real number whose integer powers stand for the atom's powers."""
        kind, what = atom
        d = self.roots.get(atom, 1)
        if kind == "exp":
            inner = self.printer.real(mono_expr(what))  # type: ignore[arg-type]
            return f"exp ({inner})" if d == 1 else f"exp (({inner}) / {d})"
        e = key_expr(str(what))
        return self.printer.real(e) if d == 1 else f"Rpower ({self.printer.real(e)}) (/ {d})"

    def exponent(self, atom: Atom, q: Fraction) -> int:
        n = q * self.roots.get(atom, 1)
        if n.denominator != 1:
            raise NotExported("an exponent outside the atoms of a step")
        return n.numerator

    def factor(self, atom: Atom, n: int) -> str:
        """An integer power of the atom's base."""
        base = self.base(atom)
        tight = base if base.isidentifier() else f"({base})"
        if n == 1:
            return tight
        return f"{tight}^{n}" if n > 0 else f"(/ {tight}^{-n})"

    def mono(self, m: Mono) -> str:
        return "*".join(self.factor(a, self.exponent(a, q)) for a, q in parts(m)) or "1"

    def poly(self, p: Poly) -> str:
        return " + ".join(f"{ratio_text(Fraction(c))}*({self.mono(m)})" for m, c in p.items()) or "0"


def parts(m: Mono) -> list[tuple[Atom, Fraction]]:
    """The atoms of a monomial with their exponents."""
    return [(("key", k), Fraction(q)) for k, q in m[0]] + [(("exp", n), Fraction(c)) for n, c in m[1]]


def transcendental(e: Expr) -> bool:
    """Whether the head is a function that the normal form rewrites."""
    if not isinstance(e, App):
        return False
    if e.op == "^":
        return not (isinstance(e.args[1], Num) and e.args[1].value.denominator == 1)
    return e.op in (
        "log",
        "log2",
        "exp",
        "sqrt",
        "floor",
        "ceil",
        "max",
        "min",
        "factorial",
        "sum",
        "max_geometric",
        "binomial",
    )


def nodes(e: Expr) -> list[Expr]:
    """Subterms with a function at the head, innermost first, those under a sum's index left out."""
    out: list[Expr] = []

    def walk(x: Expr) -> None:
        if isinstance(x, App):
            for a in x.args if x.op != "sum" else ():
                walk(a)
            if transcendental(x) and x not in out:
                out.append(x)

    walk(e)
    return out


def outer(e: Expr) -> list[Expr]:
    """The functions of an expression that do not stand in another one: what is inside becomes part of an atom."""
    out: list[Expr] = []

    def walk(x: Expr) -> None:
        if transcendental(x):
            if x not in out:
                out.append(x)
        elif isinstance(x, App):
            for a in x.args:
                walk(a)

    walk(e)
    return out


@dataclass
class Normaliser:
    """Writes tactics that bring expressions to normal form over the atoms."""

    printer: Printer
    atoms: Atoms
    counter: list[int]

    @property
    def context(self) -> Context:
        return self.printer.context

    def rewrite(self, es: Iterable[Expr]) -> list[str]:
        """Tactics that rewrite every function in the goal to its normal form."""
        lines: list[str] = []
        for node in sorted({x: None for e in es for x in outer(e)}, key=lambda x: -len(ascii(x))):  # no part of another one first
            lines += self.node(node)
        return lines

    def fresh(self) -> str:
        self.counter[0] += 1
        return f"E{self.counter[0]}"

    def polynomial(self, e: Expr) -> Poly:
        r = normal(e, self.context)
        if r.den is not None:
            raise NotExported(f"a denominator with several terms inside {ascii(e)[:60]}")
        return r.num

    def node(self, e: Expr) -> list[str]:
        """`rewrite` of one function application by its normal form, if it is not there already."""
        if not isinstance(e, App):
            return []
        head = self.printer.real(e)
        p = self.polynomial(e)
        target = self.atoms.poly(p)
        if self._is_atom(e, p):
            return []
        match e:
            case App("log", (a,)):
                proof, shown = self.logarithm(a), f"ln {self.printer.tight(a)}"
            case App("log", (a, b)):
                return self._expand([a, b])
            case App("log2", (a,)):
                return self._expand([a])
            case App("sqrt", (a,)):
                proof, shown = self.power(a, Num(Fraction(1, 2)), root=True), head
            case App("^", (a, b)):
                proof, shown = self.power(a, b), head
            case App("exp", (a,)):
                proof, shown = self.power(None, a), head
            case _:
                proof, shown = self.congruence(e), head
        name = self.fresh()
        return [f"assert ({name} : {shown} = {target}).", "{ " + " ".join(proof) + " }", f"try rewrite {name}."]

    def _expand(self, inner: list[Expr]) -> list[str]:
        """Logarithms to a base are printed as quotients of natural logarithms."""
        out: list[str] = []
        for a in inner:
            if not isinstance(a, Num) or a.value.denominator != 1 or a.value != 2:
                out += self.node(log(a))
        return out

    def _is_atom(self, e: Expr, p: Poly) -> bool:
        if len(p) != 1:
            return False
        ((m, c),) = p.items()
        head = self.printer.real(e)
        if c == 1 and not m[1] and len(m[0]) == 1 and m[0][0][1] == 1 and self.printer.real(key_expr(m[0][0][0])) == head:
            return True
        return c == 1 and self.atoms.mono(m) in (f"({head})", head)

    def same(self, es: Iterable[Expr] = ()) -> list[str]:
        return [*self.rewrite(es), *self.use_roots(), *self.finish()]

    def finish(self) -> list[str]:
        """The equation of rational functions, modulo r^d = P for the roots r of sums P."""
        closed: list[str] = []
        lines: list[str] = []
        for (kind, what), d in self.atoms.roots.items():
            if kind == "key" and d > 1 and str(what)[0] == "(":
                e, name = key_expr(str(what)), self.fresh()
                lines += [f"assert ({name}p : 0 < {self.printer.real(e)}). {{ {' '.join(self.positive(e))} }}"]
                lines += [f"close_root {name} {name}p ({self.printer.real(e)}) {d}%positive."]
                closed.append(name)
        if not closed:
            return ["same."]
        return [*lines, f"first [same | field [{' '.join(closed)}]; nonzero | ring [{' '.join(closed)}]]."]

    def use_roots(self) -> list[str]:
        """Signs of divisors; atoms that stand beside their roots become powers of the roots."""
        out: list[str] = []
        for kind, what in self.atoms.below:
            if kind == "key" and not isinstance(key_expr(str(what)), Var | Num) and self.atoms.roots[kind, what] == 1:
                e = key_expr(str(what))
                out.append(f"assert ({self.fresh()} : 0 < {self.printer.real(e)}). {{ {' '.join(self.positive(e))} }}")
        for (kind, what), d in self.atoms.roots.items():
            if kind == "key" and d > 1 and not str(what)[0].isdigit() and str(what)[0] != "(":
                e = key_expr(str(what))
                x = self.printer.real(e)
                sign = " ".join(self.positive(e))
                out.append(f"assert ({self.fresh()} : 0 < {x}). {{ {sign} }} use_root ({x}) {d}%positive.")
        return out

    def congruence(self, e: App) -> list[str]:
        """Integer parts, extrema, factorials, sums and named functions, whose arguments are brought to normal form."""
        match e:
            case App(("floor" | "ceil"), (a,)):
                return self.rounded(e, a)
            case App("factorial", (a,)):
                return self.factorial(a)
            case App("binomial", (a, b)):
                return self.binomial(a, b)
            case App(("max" | "min"), args):
                lines = [x for a in args for x in self.argument(a, to_expr(self.polynomial(a)))]
                return [*lines, "rewrite ?Rmult_1_l; first [reflexivity | apply Rle_antisym; extremum]."]
            case App("max_geometric", (_, p)):
                return [*self.argument(p, to_expr(self.polynomial(p))), "congruent."]
        return ["congruent."]

    def argument(self, a: Expr, b: Expr) -> list[str]:
        """Rewrite an argument to an equal expression."""
        if self.printer.real(a) == self.printer.real(b):
            return []
        name = self.fresh()
        inner = Normaliser(self.printer, Atoms(self.printer, dict(self.atoms.roots)).add([self.polynomial(a)]), self.counter)
        proof = " ".join(inner.same([a, b]))
        return [f"assert ({name} : {self.printer.real(a)} = {self.printer.real(b)}).", f"{{ {proof} }}", f"rewrite {name}."]

    def rounded(self, e: App, a: Expr) -> list[str]:
        """floor(x + z) = floor(x) + z for a whole z."""
        r = normal(a, self.context)
        if r.den is not None:
            return [*self.argument(a, div(to_expr(r.num), to_expr(r.den))), "congruent."]
        whole = {m: c for m, c in r.num.items() if isinstance(c, int) and _integral(m, self.context)}
        rest = {m: c for m, c in r.num.items() if m not in whole}
        z = to_expr(whole)
        if list(rest) == [UNIT] or not rest:
            q = Fraction(rest.get(UNIT, 0))
            n = q.__floor__() if e.op == "floor" else q.__ceil__()
            z = to_expr(plus(whole, {UNIT: n} if n else {}))
            inner = sub(add(z, num(q)), num(n))
            lines = self.argument(a, inner)
            return [*lines, f"rewrite ({e.op}_number _ {self.printer.integer(z)}) by (push_IZR; lra).", "push_IZR. same."]
        x = key_expr(f"{e.op}({ascii(to_expr(rest))})").args[0]  # type: ignore[union-attr]
        if not whole:
            return [*self.argument(a, x), "congruent."]
        sum_ = add(x, z)
        integer = self.printer.integer(z)
        return [
            *self.argument(a, sum_),
            f"rewrite ({e.op}_shift _ ({self.printer.real(x)}) {integer}) by (push_IZR; same).",
            "push_IZR. same.",
        ]

    def factorial(self, a: Expr) -> list[str]:
        """(n + c)! = (n + 1) .. (n + c) n!"""
        p = self.polynomial(a)
        shift = int(p.get(UNIT, 0))
        rest = {m: c for m, c in p.items() if m != UNIT}
        below = self.printer.integer(a)
        if not rest:
            if shift > 100:
                raise NotExported("a large factorial")
            value = self.fresh()
            return [
                f"assert ({value} : factorial {below} = rising 0 {shift}) by (exact (factorial_value {shift})).",
                f"rewrite {value}. cbn [rising Z.of_nat Pos.of_succ_nat Pos.succ]. same.",
            ]
        n = key_expr(f"factorial({ascii(to_expr(rest))})").args[0]  # type: ignore[union-attr]
        base = self.printer.integer(n)
        small, large = (base, below) if shift >= 0 else (below, base)
        low = n if shift >= 0 else a
        name, known = self.fresh(), self.fresh()
        lines = [
            f"assert ({known} : (0 <= {small})%Z).",
            "{ " + " ".join(self.at_least_zero(low)) + " }",
            f"assert ({name} : {large} = ({small} + Z.of_nat {abs(shift)})%Z) by (cbn [Z.of_nat Pos.of_succ_nat Pos.succ]; ring).",
        ]
        step = (
            f"pose proof (factorial_shift {abs(shift)} {small} {known}) as {known}s. rewrite <- {name} in {known}s. "
            f"cbn [rising Z.of_nat Pos.of_succ_nat Pos.succ] in {known}s. push_IZR_in {known}s."
        )
        if shift == 0:
            return [f"replace {below} with {base} by ring. same."]
        if shift > 0:
            return [*lines, step, f"rewrite {known}s. same."]
        positive = self.fresh()
        product = mul(*(add(low, num(j)) for j in range(1, 1 - shift)))
        return [
            *lines,
            step,
            f"assert ({positive} : 0 < {self.printer.real(product)}).",
            "{ " + " ".join(self.positive(product)) + " }",
            f"rewrite {known}s. same.",
        ]

    def binomial(self, a: Expr, b: Expr) -> list[str]:
        """A product of linear factors for a fixed lower number, else a quotient of factorials."""
        k = b.value if isinstance(b, Num) else None
        n, known = self.printer.integer(a), self.fresh()
        if k is not None and k.denominator == 1 and 0 <= k <= 64:
            return [
                f"assert ({known} : (0 <= {n})%Z).",
                "{ " + " ".join(self.at_least_zero(a)) + " }",
                f"pose proof (binomial_falling {k} {n} {known}) as {known}s. "
                f"cbn [falling Z.of_nat Pos.of_succ_nat Pos.succ] in {known}s. push_IZR_in {known}s.",
                f"rewrite (INR_IZR_INZ (Factorial.fact {k})) in {known}s. "
                f"replace (Z.of_nat (Factorial.fact {k})) with {_factorial(int(k))}%Z in {known}s by (vm_compute; reflexivity).",
                f"rewrite {known}s.",
                *self.rewrite([a]),
                "same.",
            ]
        other = self.fresh()
        c = add(a, neg(b))
        parts_ = [App("factorial", (x,)) for x in (a, b, c)]
        return [
            f"assert ({known} : (0 <= {self.printer.integer(b)})%Z).",
            "{ " + " ".join(self.at_least_zero(b)) + " }",
            f"assert ({other} : ({self.printer.integer(b)} <= {n})%Z).",
            "{ apply Z.le_0_sub. "
            + " ".join(self.at_least_zero(c, f"({n} - {self.printer.integer(b)})%Z"))
            + " }",
            f"rewrite (binomial_factorials {n} {self.printer.integer(b)} {known} {other}).",
            f"replace ({n} - {self.printer.integer(b)})%Z with {self.printer.integer(c)} by ring.",
            *self.rewrite(parts_),
            *(f"pose proof (factorial_positive {self.printer.integer(x)})." for x in (a, b, c)),
            *(f"pose proof (factorial_positive {self.printer.integer(to_expr(self.polynomial(x)))})." for x in (a, b, c)),
            "same.",
        ]

    def at_least_zero(self, e: Expr, text: str | None = None) -> list[str]:
        """Tactics for (0 <= e)%Z."""
        from verifier.bridge.proof import Scope, nonnegative

        scope = Scope(self.printer, self.counter)
        change = f"replace {text} with {self.printer.integer(e)} by ring. " if text else ""
        return [
            f"{change}apply Z_le_of_R. push_IZR. apply (by_difference 0 _ ({scope.real(e)})).",
            "{ ring. }",
            "{ " + " ".join(nonnegative(e, scope)) + " }",
        ]

    def positive(self, e: Expr) -> list[str]:
        from verifier.bridge.proof import Scope, nonnegative

        return nonnegative(e, Scope(self.printer, self.counter), strict=True)

    def log_factors(self, p: Poly) -> tuple[list[str], list[str]]:
        """A polynomial as factors whose logarithms are known, and proofs that a factor with several terms is positive."""
        content, rest = primitive(p)
        ((m, c),) = content.items()
        factors: list[str] = []
        signs: list[str] = []
        for key, n in _prime_powers(Fraction(c)):
            factors.append(f"powerRZ {key} ({n})")
        atoms = Atoms(self.printer).add([p])
        factors += [f"powerRZ ({atoms.base(atom)}) ({atoms.exponent(atom, q)})" for atom, q in parts(m)]
        if len(rest) > 1:
            e = to_expr(rest)
            factors.append(self.printer.tight(e))
            signs += [f"assert ({self.fresh()} : 0 < {self.printer.real(e)}).", "{ " + " ".join(self.positive(e)) + " }"]
        return factors, signs

    def logarithm(self, a: Expr) -> list[str]:
        """Proof of  ln a = its normal form."""
        r = normal(a, self.context)
        if a == Num(Fraction(1)):
            return ["rewrite ln_1. same."]
        factors, signs = self.log_factors(r.num)
        polys = [r.num]
        if r.den is not None:
            below, more = self.log_factors(r.den)
            factors += [f"/ ({x})" for x in below]
            signs += more
            polys.append(r.den)
        product = " * (".join(factors) + ")" * (len(factors) - 1) if factors else "1"
        inner = Normaliser(self.printer, Atoms(self.printer).add(polys), self.counter)
        name = self.fresh()
        return [
            *signs,
            f"assert ({name} : {self.printer.real(a)} = {product}).",
            "{ " + " ".join([*inner.rewrite([a]), *inner.use_roots(), "same_powers."]) + " }",
            f"rewrite {name}.",
            "rewrite ?ln_one_over by pos.",
            "expand_ln." if factors else "rewrite ln_1.",
            *self.use_roots(),
            "same.",
        ]

    def power(self, a: Expr | None, b: Expr, *, root: bool = False) -> list[str]:
        """Proof of  a^b = its normal form, exp b for a = None."""
        lines: list[str] = []
        if a is None:
            exponent = self.polynomial(b)
        else:
            la = self.polynomial(log(a))
            exponent = times(self.polynomial(b), la)
            lines.append("rewrite <- Rpower_sqrt by pos." if root else "")
            lines.append("unfold Rpower at 1.")
            lines += self.node(log(a))
        terms = []
        inside: list[Expr] = [b]
        for m, c in exponent.items():
            q = Fraction(c)
            if not m[1] and len(m[0]) == 1 and m[0][0][1] == 1 and m[0][0][0].startswith("log("):
                key = m[0][0][0][4:-1]
                atom: Atom = ("key", key)
                e = key_expr(key)
                if not isinstance(e, Var | Num) and not (isinstance(e, App) and e.op not in ("+", "*", "/", "^", "neg")):
                    atom = ("key", f"({key})")
                d = lcm(self.atoms.roots.get(atom, 1), q.denominator)
                terms.append((q, f"ln {self.printer.tight(e)}", d, "root"))
            else:
                d = lcm(self.atoms.roots.get(("exp", m), 1), q.denominator)
                terms.append((q, f"({self.printer.real(mono_expr(m))})", d, "exp"))
                inside.append(mono_expr(m))
        total = " + ".join(
            f"({(q * d).numerator}) / {d} * {t}" if d > 1 else f"({q.numerator}) * {t}" for q, t, d, _ in terms
        )
        inner = Normaliser(self.printer, Atoms(self.printer).add([exponent, *_polynomials(inside, self.context)]), self.counter)
        proof = " ".join([*inner.rewrite(inside), *inner.use_roots(), "same."])
        lines.append(f"transitivity (exp ({total or '0'})).")
        lines.append(f"{{ apply (f_equal exp). {proof} }}")
        if not terms:
            return [*lines, "rewrite exp_0. same."]
        lines.append("expand_exp.")
        lines.append("same_powers.")
        return [x for x in lines if x]


def _prime_powers(q: Fraction) -> list[tuple[str, int]]:
    from verifier.kernel.normal import factor

    return [(str(p), e) for p, e in factor(q.numerator).items()] + [(str(p), -e) for p, e in factor(q.denominator).items()]


def _polynomials(es: Iterable[Expr], context: Context) -> list[Poly]:
    """The normal forms of expressions and of the functions in them, where they are polynomials."""
    out = []
    for e in es:
        for x in (e, *nodes(e)):
            r = normal(x, context)
            if r.den is None:
                out.append(r.num)
    return out


def _factorial(k: int) -> int:
    out = 1
    for j in range(2, k + 1):
        out *= j
    return out


__all__ = ["Atom", "Atoms", "Normaliser", "parts"]
