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
from verifier.kernel.normal import Mono, Poly, key_expr, mono_expr, normal, primitive, times, to_expr
from verifier.lang.ast import App, Expr, Num, Var, log
from verifier.lang.show import ascii

Atom = tuple[str, object]
"""("key", key) for the atom of a key, ("exp", monomial) for the exponential of a monomial."""


@dataclass
class Atoms:
    """The atoms of some polynomials, with the common denominator of their exponents."""

    printer: Printer
    roots: dict[Atom, int] = field(default_factory=dict)

    def add(self, polys: Iterable[Poly]) -> Atoms:
        for p in polys:
            for m in p:
                for atom, q in parts(m):
                    self.roots[atom] = lcm(self.roots.get(atom, 1), Fraction(q).denominator)
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
        seen: list[Expr] = []
        for e in es:
            for node in reversed(nodes(e)):  # a function before the ones in its arguments
                if node not in seen:
                    seen.append(node)
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
        return c == 1 and self.atoms.mono(m) in (f"({self.printer.real(e)})", self.printer.real(e))

    def same(self, es: Iterable[Expr] = ()) -> list[str]:
        return [*self.rewrite(es), "same."]

    def congruence(self, e: App) -> list[str]:
        """floor, ceil, max, min, sum, ..: the same function of equal arguments."""
        p = self.polynomial(e)
        if len(p) != 1 or len(next(iter(p))[0]) != 1 or next(iter(p.values())) != 1:
            raise NotExported(f"integer parts of {ascii(e)[:60]} are not exported")
        return ["congruent."]

    def log_factors(self, a: Expr) -> tuple[str, list[str]]:
        """a as `f1 * (f2 * ...)` with every factor a power whose logarithm is known, and nothing else."""
        p = self.polynomial(a)
        content, rest = primitive(p)
        ((m, c),) = content.items()
        factors: list[str] = []
        for key, n in _prime_powers(Fraction(c)):
            factors.append(f"powerRZ {key} ({n})")
        atoms = Atoms(self.printer, dict(self.atoms.roots)).add([p])
        factors += [f"powerRZ ({atoms.base(atom)}) ({atoms.exponent(atom, q)})" for atom, q in parts(m)]
        if len(rest) > 1:
            factors.append(self.printer.tight(to_expr(rest)))
        return " * (".join(factors) + ")" * (len(factors) - 1) if factors else "1", factors

    def logarithm(self, a: Expr) -> list[str]:
        """Proof of  ln a = its normal form."""
        r = normal(a, self.context)
        if r.den is not None:
            raise NotExported(f"the logarithm of a quotient of sums, {ascii(a)[:60]}")
        product, factors = self.log_factors(a)
        if a == Num(Fraction(1)):
            return ["rewrite ln_1. same."]
        inner = Normaliser(self.printer, Atoms(self.printer, dict(self.atoms.roots)).add([r.num]), self.counter)
        name = self.fresh()
        return [
            f"assert ({name} : {self.printer.real(a)} = {product}).",
            "{ " + " ".join([*inner.rewrite([a]), "same_powers."]) + " }",
            f"rewrite {name}.",
            "expand_ln." if factors else "rewrite ln_1.",
            "same.",
        ]

    def power(self, a: Expr | None, b: Expr, *, root: bool = False) -> list[str]:
        """Proof of  a^b = its normal form, exp b for a = None."""
        lines: list[str] = []
        if a is None:
            exponent = self.polynomial(b)
            shown = self.printer.real(b)
        else:
            la = self.polynomial(log(a))
            exponent = times(self.polynomial(b), la)
            lines.append("rewrite <- Rpower_sqrt by pos." if root else "")
            lines.append("unfold Rpower at 1.")
            shown = f"{self.printer.tight(b) if not root else '(/ 2)'} * ln {self.printer.tight(a)}"
            lines += self.node(log(a))
        terms, targets = [], []
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
            targets.append(d)
        total = " + ".join(
            f"({(q * d).numerator}) / {d} * {t}" if d > 1 else f"({q.numerator}) * {t}" for q, t, d, _ in terms
        )
        if not terms:
            return [*lines, f"replace ({shown}) with 0 by same.", "rewrite exp_0.", "same."]
        lines.append(f"match goal with |- exp ?x = _ => replace x with ({total}) by same end.")
        lines.append("expand_exp.")
        lines.append("same_powers.")
        return [x for x in lines if x]


def _prime_powers(q: Fraction) -> list[tuple[str, int]]:
    from verifier.kernel.normal import factor

    return [(str(p), e) for p, e in factor(q.numerator).items()] + [(str(p), -e) for p, e in factor(q.denominator).items()]


__all__ = ["Atom", "Atoms", "Normaliser", "parts"]
