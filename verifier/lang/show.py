"""Trees to text: canonical ASCII, which `parse_expression` inverts exactly, LaTeX and MathML.

In ASCII a number p/q prints as `p/q`, a quotient of two integer literals as `(p)/q`; a negative literal
reads as a leading minus and is parenthesised wherever that would bind differently."""

from __future__ import annotations

from fractions import Fraction

from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var

_SUM, _TERM, _POWER, _ATOM = range(4)  # how tightly a printed text holds together


def digits(n: int) -> str:
    """Decimal digits of an integer of any size (str() stops at 4300 digits)."""
    if n < 0:
        return "-" + digits(-n)
    if n.bit_length() < 13000:
        return str(n)
    chunks = []
    base = 10**3900
    while n:
        n, r = divmod(n, base)
        chunks.append(str(r).rjust(3900, "0"))
    return "".join(reversed(chunks)).lstrip("0")


def rational(q: Fraction) -> str:
    """p or p/q."""
    return digits(q.numerator) if q.denominator == 1 else f"{digits(q.numerator)}/{digits(q.denominator)}"


def ascii(e: Expr) -> str:
    """Canonical ASCII with the fewest parentheses; parse_expression(ascii(e)) == e.

    Variables named like a function or the constant e read back only when they are declared."""
    return _text(e)[0]


def ascii_relation(r: Relation) -> str:
    """`left op right`, or `left = Theta(right)` for a Landau relation."""
    left, right = _text(r.left)[0], _text(r.right)[0]
    return f"{left} = {r.op}({right})" if r.op in LANDAU else f"{left} {r.op} {right}"


def _text(e: Expr) -> tuple[str, int]:
    if type(e) is Var:
        return e.name, _ATOM
    if type(e) is Num:
        q = e.value
        if q.denominator == 1:
            return digits(q.numerator), _SUM if q < 0 else _ATOM
        return rational(q), _SUM if q < 0 else _TERM
    if type(e) is App:
        op, args = e.op, e.args
        if op == "+":
            return _sum(args), _SUM
        if op == "*":
            return "*".join([_at(args[0], _TERM), *[_at(a, _POWER) for a in args[1:]]]), _TERM
        if op == "neg":
            return "-" + _at(args[0], _TERM), _SUM
        if op == "/":
            left = args[0]
            top = f"({_text(left)[0]})" if _folds(left, args[1]) else _at(left, _TERM)
            return f"{top}/{_at(args[1], _POWER)}", _TERM
        if op == "^":
            return f"{_at(args[0], _ATOM)}^{_at(args[1], _POWER)}", _POWER
        return f"{op}({', '.join([_text(a)[0] for a in args])})", _ATOM
    model = f"[{e.model}]" if e.model is not None else ""  # type: ignore[union-attr]
    inner = [e.algorithm, *[_text(a)[0] for a in e.args]]  # type: ignore[union-attr]
    return f"{e.measure}{model}({', '.join(inner)})", _ATOM  # type: ignore[union-attr]


def _at(e: Expr, level: int) -> str:
    text, own = _text(e)
    return text if own >= level else f"({text})"


def _folds(left: Expr, right: Expr) -> bool:
    # a bare integer over an integer would read as one rational literal; 3/4/n is legal but hard on the eye
    return type(left) is Num and (left.value.denominator != 1 or type(right) is Num)


def _sum(args: tuple[Expr, ...]) -> str:
    out = [_text(args[0])[0]]
    for a in args[1:]:
        if type(a) is App and a.op == "neg":
            out += (" - ", _at(a.args[0], _TERM))
        elif type(a) is Num and a.value < 0:
            out += (" - ", rational(-a.value))
        else:
            out += (" + ", _at(a, _TERM))
    return "".join(out)


def latex(e: Expr) -> str:
    """LaTeX, for math mode; `parse_latex` reads it back as an expression of the same value."""
    from verifier.lang.typeset import LATEX

    return LATEX.text(e)


def latex_relation(r: Relation) -> str:
    """A relation in LaTeX; a Landau relation as f = \\Theta(g)."""
    from verifier.lang.typeset import LATEX

    return LATEX.relation(r)


def mathml(e: Expr, *, display: bool = False) -> str:
    """A `<math>` element of MathML Core."""
    from verifier.lang.typeset import MATHML

    return _math(MATHML.text(e), ascii(e), display)


def mathml_relation(r: Relation, *, display: bool = False) -> str:
    """A relation as a `<math>` element of MathML Core."""
    from verifier.lang.typeset import MATHML

    return _math(MATHML.relation(r), ascii_relation(r), display)


def _math(content: str, text: str, display: bool) -> str:
    from html import escape

    block = ' display="block"' if display else ""
    return f'<math{block} alttext="{escape(text)}"><mrow>{content}</mrow></math>'
