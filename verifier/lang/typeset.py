"""Trees to LaTeX and to MathML Core, by one set of typographic rules.

What is printed reads back, by `parse_latex`, as an expression of the same value: factors are juxtaposed where
that is unambiguous, functions take fences wherever their argument is more than one sign, a sum is fenced
unless nothing follows it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import ClassVar

from verifier.lang.ast import LANDAU, ONE, App, Expr, Measure, Num, Relation, Var
from verifier.lang.latex_tokens import GREEK
from verifier.lang.show import digits

_SUM, _TERM, _FACTOR, _ATOM = range(4)
_CLASS_LIKE = frozenset((*LANDAU,))


@dataclass(frozen=True, slots=True)
class Piece:
    """Markup, how tightly it holds together, whether it begins like a number, and whether its end is open
    (an unfenced function or sum, which would swallow a following factor)."""

    text: str
    level: int = _ATOM
    number: bool = False
    open: bool = False
    tall: bool = False
    fenced: bool = False


class Latex:
    """LaTeX markup."""

    relations: ClassVar[dict[str, str]] = {"<=": "\\le", ">=": "\\ge", "~": "\\sim"}
    dot = " \\cdot "
    times = " "
    minus = "-"
    sums: ClassVar[dict[str, str]] = {"+": " + ", "-": " - "}
    fences: ClassVar[dict[str, tuple[str, str]]] = {
        "(": ("(", ")"),
        "floor": ("\\lfloor ", " \\rfloor"),
        "ceil": ("\\lceil ", " \\rceil"),
    }
    classes: ClassVar[dict[str, str]] = {
        "O": "O",
        "o": "o",
        "Theta": "\\Theta",
        "Omega": "\\Omega",
        "omega": "\\omega",
    }

    def number(self, text: str) -> str:
        return text

    def word(self, text: str) -> str:
        return "\\mathrm{" + text.replace("_", "\\_") + "}"

    def name(self, name: str) -> str:
        base, underscore, sub = name.partition("_")
        if not base or (underscore and not sub.isalnum()):
            return self.word(name)
        letter = (
            base if len(base) == 1 else "\\" + base if base in GREEK and base != "ell" else self.word(base)
        )
        if not underscore:
            return letter
        if len(sub) == 1:
            return f"{letter}_{sub}"
        inner = "\\" + sub if sub in GREEK and sub != "ell" else sub if sub.isdigit() else self.word(sub)
        return f"{letter}_{{{inner}}}"

    def fence(self, kind: str, inner: Piece) -> str:
        left, right = self.fences[kind]
        return (
            f"\\left{left}{inner.text}\\right{right.lstrip()}" if inner.tall else f"{left}{inner.text}{right}"
        )

    def fraction(self, a: str, b: str) -> str:
        return f"\\frac{{{a}}}{{{b}}}"

    def slash(self, a: str, b: str) -> str:
        return f"{a}/{b}"

    def superscript(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"

    def subscript(self, base: str, sub: str) -> str:
        return f"{base}_{sub}" if len(sub) == 1 else f"{base}_{{{sub}}}"

    def function(self, name: str) -> str:
        return (
            "\\" + name
            if name in ("log", "min", "max")
            else f"\\operatorname{{{name.replace('_', chr(92) + '_')}}}"
        )

    def applied(self, function: str, argument: str) -> str:
        return f"{function} {argument}"

    def called(self, function: str, arguments: str) -> str:
        return function + arguments

    def root(self, x: str) -> str:
        return f"\\sqrt{{{x}}}"

    def binomial(self, a: str, b: str) -> str:
        return f"\\binom{{{a}}}{{{b}}}"

    def factorial(self, x: str) -> str:
        return x + "!"

    def sigma(self, index: str, lower: str, upper: str) -> str:
        return f"\\sum_{{{index}={lower}}}^{{{upper}}} "

    def euler(self) -> str:
        return "\\mathrm{e}"

    def separated(self, items: list[str]) -> str:
        return ", ".join(items)

    def row(self, *items: str) -> str:
        return "".join(items)

    def relation(self, op: str) -> str:
        return f" {self.relations.get(op, op)} "


class MathML(Latex):
    """MathML Core markup: no script, no style."""

    relations: ClassVar[dict[str, str]] = {"<=": "≤", ">=": "≥", "~": "∼"}
    dot = "<mo>⋅</mo>"
    times = "<mo>&#x2062;</mo>"
    minus = "<mo>−</mo>"
    sums: ClassVar[dict[str, str]] = {"+": "<mo>+</mo>", "-": "<mo>−</mo>"}
    fences: ClassVar[dict[str, tuple[str, str]]] = {"(": ("(", ")"), "floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}
    classes: ClassVar[dict[str, str]] = {
        "O": "<mi>O</mi>",
        "o": "<mi>o</mi>",
        "Theta": '<mi mathvariant="normal">Θ</mi>',
        "Omega": '<mi mathvariant="normal">Ω</mi>',
        "omega": "<mi>ω</mi>",
    }
    letters: ClassVar[dict[str, str]] = dict(
        zip(
            (
                "alpha",
                "beta",
                "gamma",
                "delta",
                "epsilon",
                "zeta",
                "eta",
                "theta",
                "iota",
                "kappa",
                "lambda",
                "mu",
                "nu",
                "xi",
                "pi",
                "rho",
                "sigma",
                "tau",
                "upsilon",
                "phi",
                "chi",
                "psi",
                "omega",
                "Gamma",
                "Delta",
                "Theta",
                "Lambda",
                "Xi",
                "Pi",
                "Sigma",
                "Upsilon",
                "Phi",
                "Psi",
                "Omega",
            ),
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
            strict=True,
        )
    )

    def number(self, text: str) -> str:
        return f"<mn>{text}</mn>"

    def word(self, text: str) -> str:
        return f"<mi>{escape(self.letters.get(text, text))}</mi>"

    def name(self, name: str) -> str:
        base, underscore, sub = name.partition("_")
        if not base or (underscore and not sub):
            return self.word(name)
        if not underscore:
            return self.word(base)
        return f"<msub>{self.word(base)}{self.number(sub) if sub.isdigit() else self.word(sub)}</msub>"

    def fence(self, kind: str, inner: Piece) -> str:
        left, right = self.fences[kind]
        return f"<mrow><mo>{left}</mo>{inner.text}<mo>{right}</mo></mrow>"

    def fraction(self, a: str, b: str) -> str:
        return f"<mfrac><mrow>{a}</mrow><mrow>{b}</mrow></mfrac>"

    def slash(self, a: str, b: str) -> str:
        return f"{a}<mo>/</mo>{b}"

    def superscript(self, base: str, exponent: str) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def subscript(self, base: str, sub: str) -> str:
        return f"<msub>{base}<mrow>{sub}</mrow></msub>"

    def function(self, name: str) -> str:
        return f"<mi>{escape(name)}</mi>"

    def applied(self, function: str, argument: str) -> str:
        return f"{function}<mo>&#x2061;</mo>{argument}"

    def called(self, function: str, arguments: str) -> str:
        return f"{function}<mo>&#x2061;</mo>{arguments}"

    def root(self, x: str) -> str:
        return f"<msqrt>{x}</msqrt>"

    def binomial(self, a: str, b: str) -> str:
        return (
            f'<mrow><mo>(</mo><mfrac linethickness="0"><mrow>{a}</mrow><mrow>{b}</mrow></mfrac>'
            "<mo>)</mo></mrow>"
        )

    def factorial(self, x: str) -> str:
        return x + "<mo>!</mo>"

    def sigma(self, index: str, lower: str, upper: str) -> str:
        return f"<munderover><mo>∑</mo><mrow>{index}<mo>=</mo>{lower}</mrow><mrow>{upper}</mrow></munderover>"

    def euler(self) -> str:
        return '<mi mathvariant="normal">e</mi>'

    def separated(self, items: list[str]) -> str:
        return "<mo>,</mo>".join(items)

    def relation(self, op: str) -> str:
        return f"<mo>{escape(self.relations.get(op, op))}</mo>"


class Setter:
    """The rules, over one kind of markup."""

    def __init__(self, markup: Latex) -> None:
        self.m = markup

    def text(self, e: Expr) -> str:
        return self.piece(e).text

    def at(self, e: Expr, level: int) -> Piece:
        """e, in parentheses if it holds together less than `level`."""
        p = self.piece(e)
        return p if p.level >= level else self.parenthesised(p)

    def parenthesised(self, p: Piece) -> Piece:
        return Piece(self.m.fence("(", p), tall=p.tall, fenced=True)

    def piece(self, e: Expr) -> Piece:
        m = self.m
        if isinstance(e, Var):
            return Piece(m.name(e.name))
        if isinstance(e, Num):
            return self.rational(e.value)
        if isinstance(e, Measure):
            return self.measure(e)
        op, args = e.op, e.args
        match op:
            case "+":
                return self.total(args)
            case "*":
                return self.product(args)
            case "neg":
                inner = self.at(args[0], _TERM)
                return Piece(m.minus + inner.text, _SUM, open=inner.open, tall=inner.tall)
            case "/":
                return Piece(
                    m.fraction(self.text(args[0]), self.text(args[1])),
                    _FACTOR,
                    tall=True,
                    number=isinstance(args[0], Num),
                )
            case "^":
                return self.power(args[0], args[1])
            case "exp":
                return Piece(m.euler()) if args[0] == ONE else self.raised(Piece(m.euler()), args[0])
            case "sqrt":
                return Piece(m.root(self.text(args[0])), _FACTOR, tall=True)
            case "floor" | "ceil":
                inner = self.piece(args[0])
                return Piece(m.fence(op, inner), tall=inner.tall)
            case "factorial":
                return Piece(
                    m.factorial(self.at(args[0], _ATOM).text),
                    _FACTOR,
                    number=isinstance(args[0], Num) and args[0].value >= 0,
                )
            case "binomial":
                return Piece(m.binomial(self.text(args[0]), self.text(args[1])), tall=True)
            case "log" | "log2":
                return self.logarithm(e, None)
            case "sum":
                term, index, lower, upper = args
                body = self.at(term, _TERM)
                head = m.sigma(self.text(index), self.text(lower), self.text(upper))
                return Piece(m.row(head, body.text), _TERM, open=True, tall=True)
        if op in ("min", "max", "max_geometric"):
            p = self.arguments(args)
            return Piece(m.called(m.function(op), p.text), _FACTOR, tall=p.tall)
        p = self.arguments(args)
        return Piece(m.called(m.classes.get(op) or m.name(op), p.text), tall=p.tall)

    def arguments(self, args: tuple[Expr, ...]) -> Piece:
        pieces = [self.piece(a) for a in args]
        inner = Piece(self.m.separated([p.text for p in pieces]), tall=any(p.tall for p in pieces))
        return Piece(self.m.fence("(", inner), tall=inner.tall)

    def rational(self, q: Fraction) -> Piece:
        m = self.m
        if q < 0:
            p = self.rational(-q)
            return Piece(m.minus + p.text, _SUM, tall=p.tall)
        if q.denominator == 1:
            return Piece(m.number(digits(q.numerator)), number=True)
        return Piece(
            m.fraction(m.number(digits(q.numerator)), m.number(digits(q.denominator))),
            _FACTOR,
            number=True,
            tall=True,
        )

    def total(self, args: tuple[Expr, ...]) -> Piece:
        m = self.m
        out: list[str] = []
        tall = False
        p = Piece("")
        for n, a in enumerate(args):
            sign = "+"
            if n and isinstance(a, App) and a.op == "neg":
                sign, a = "-", a.args[0]
            elif n and isinstance(a, Num) and a.value < 0:
                sign, a = "-", Num(-a.value)
            p = self.at(a, _TERM) if n else self.piece(a)
            if p.open and n < len(args) - 1 and _has_sum(a):
                p = self.parenthesised(p)
            out += ([m.sums[sign]] if n else []) + [p.text]
            tall = tall or p.tall
        return Piece(m.row(*out), _SUM, open=p.open, tall=tall)

    def product(self, args: tuple[Expr, ...]) -> Piece:
        m = self.m
        out = ""
        tall = False
        first = p = Piece("")
        for n, a in enumerate(args):
            last = n == len(args) - 1
            p = self.piece(a)
            if p.level < _FACTOR and not (last and isinstance(a, App) and a.op == "sum"):
                p = self.parenthesised(p)
            if p.open and not last:
                p = self.parenthesised(p)
            if n == 0:
                first, out = p, p.text
            else:
                before = args[n - 1]
                name = before.name if isinstance(before, Var) else ""
                dot = p.number or (p.fenced and name in _CLASS_LIKE)
                out += (m.dot if dot else m.times) + p.text
            tall = tall or p.tall
        return Piece(m.row(out), _TERM, number=first.number, open=p.open, tall=tall)

    def power(self, base: Expr, exponent: Expr) -> Piece:
        if (
            isinstance(base, App)
            and base.op in ("log", "log2")
            and (isinstance(exponent, Num) and exponent.value > 0 and exponent.value.denominator == 1)
        ):
            return self.logarithm(base, exponent)
        return self.raised(self.at(base, _ATOM), exponent)

    def raised(self, base: Piece, exponent: Expr) -> Piece:
        m = self.m
        if isinstance(exponent, Num) and exponent.value.denominator != 1:
            q = exponent.value
            raised = m.slash(
                m.number(digits(q.numerator)) if q > 0 else m.minus + m.number(digits(-q.numerator)),
                m.number(digits(q.denominator)),
            )
        else:
            raised = self.text(exponent)
        return Piece(m.superscript(base.text, raised), _FACTOR, number=base.number, tall=base.tall)

    def logarithm(self, e: App, exponent: Expr | None) -> Piece:
        m = self.m
        name = m.function("log")
        if e.op == "log2":
            name = m.subscript(name, m.number("2"))
        elif len(e.args) == 2:
            name = m.subscript(name, self.text(e.args[1]))
        if exponent is not None:
            name = m.superscript(name, self.text(exponent))
        arg = e.args[0]
        if (
            isinstance(arg, Var)
            or (isinstance(arg, Num) and arg.value >= 0 and arg.value.denominator == 1)
            or (isinstance(arg, App) and arg.op in ("log", "log2"))
        ):
            return Piece(m.applied(name, self.text(arg)), _FACTOR, open=True)
        inner = self.piece(arg)
        return Piece(m.called(name, m.fence("(", inner)), _FACTOR, tall=inner.tall)

    def measure(self, e: Measure) -> Piece:
        m = self.m
        head = m.word(e.measure)
        if e.model is not None:
            head = m.subscript(head, m.word(e.model))
        inner = m.separated([m.word(e.algorithm), *(self.text(a) for a in e.args)])
        return Piece(m.called(head, m.fence("(", Piece(inner))))

    def relation(self, r: Relation) -> str:
        m = self.m
        left = self.text(r.left)
        if r.op in LANDAU:
            return m.row(left, m.relation("="), self.text(App(r.op, (r.right,))))
        return m.row(left, m.relation(r.op), self.text(r.right))


def _has_sum(e: Expr) -> bool:
    # whether a \sum stands open at the end of the term
    while isinstance(e, App) and e.op in ("*", "neg"):
        e = e.args[-1]
    return isinstance(e, App) and e.op == "sum"


LATEX, MATHML = Setter(Latex()), Setter(MathML())

__all__ = ["LATEX", "MATHML"]
