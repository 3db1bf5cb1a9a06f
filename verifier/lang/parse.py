"""ASCII mathematics to trees, and the entry points of the reader.

Grammar, loosest first (all left-associative but the power):

    claim    = relation ["for" condition {("," | "and") condition}]
    relation = sum ("=" | "<=" | ">=" | "<" | ">" | "~" | "in") sum
    sum      = ["-"] term {("+" | "-") term}
    term     = factor {("*" | "/") factor}
    factor   = "-" factor | postfix ["^" factor]
    postfix  = primary ["!"]
    primary  = number | name | name "(" sum {"," sum} ")" | "(" sum ")" | measure

so -n^2 is -(n^2), -a*b is -(a*b), a/b*c is (a/b)*c and 2^3^2 is 2^(3^2).  `**` is `^`.  Products are
written with `*`; `2n` and `n m` are refused.  Nothing is computed, with one exception that makes rational
literals canonical: a bare integer over a bare integer, `3/4`, is the number 3/4 (`(3)/4` is a quotient)."""

from __future__ import annotations

import re
from collections.abc import Collection

from verifier.lang.ast import MEASURES, App, Expr, Num, Relation, Var, neg
from verifier.lang.errors import Position
from verifier.lang.reader import GREEK_LETTERS, ClaimText, Reader, _numbers

__all__ = [
    "ClaimText",
    "looks_like_latex",
    "parse_any",
    "parse_any_expression",
    "parse_any_relation",
    "parse_claim",
    "parse_expression",
    "parse_relation",
    "parse_system",
]

_UNICODE = {
    **GREEK_LETTERS,
    "≤": "<=",
    "⩽": "<=",
    "≥": ">=",
    "⩾": ">=",
    "Θ": "Theta",
    "Ω": "Omega",
    "\u2126": "Omega",
    "ω": "omega",
    "𝒪": "O",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "∙": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "∈": "in",
    "∼": "~",
    "≈": "approx",
    "≃": "approx",
    "≅": "approx",
    "≠": "!=",
    "→": "->",
    "≪": "<<",
    "≫": ">>",
    "∝": "propto",
    "…": "..",
    "∧": "and",
}
_CLOSING = {"(": ")", "⌈": "⌉", "⌊": "⌋"}


class Ascii(Reader):
    """Recursive descent over ASCII tokens; unicode signs such as ≤, Θ and ⌈ are read as well."""

    __slots__ = ()
    pattern = re.compile(
        r"\s*([^\W\d]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\*\*|<=|>=|==|!=|=<|=>|<>|<<|>>|->|:=|\.\.+|\.\d+|\S)"
    )

    def tokens(self, text: str) -> list[str]:
        toks = self.pattern.findall(text.rstrip())  # spaces at the end would be tried one by one
        if "**" in text:
            toks = ["^" if t == "**" else t for t in toks]
        if not text.isascii():
            names = self.names or ()
            toks = [t if t in names else _UNICODE.get(t, t) for t in toks]
            self.toks = toks
            for n, t in enumerate(toks):
                if t[0].isalpha() and not t.isidentifier() or t[0].isdigit() and not t.isascii():
                    self.fail(f"'{t}' is not a name", n, "write powers with ^: n^2")
        return toks

    def expression(self) -> Expr:
        toks = self.toks
        if toks[self.i] == "-":
            self.i += 1
            first = neg(self.term())
        else:
            first = self.term()
        tok = toks[self.i]
        if tok != "+" and tok != "-":
            return first
        terms = list(first.args) if type(first) is App and first.op == "+" else [first]
        while True:
            if tok == "+":
                self.i += 1
                t = self.term()
            elif tok == "-":
                self.i += 1
                t = neg(self.term())
            else:
                return App("+", tuple(terms))
            if type(t) is App and t.op == "+":
                terms += t.args
            else:
                terms.append(t)
            tok = toks[self.i]

    def term(self) -> Expr:
        """Products and quotients, from the left."""
        toks = self.toks
        start = self.i
        f = self.factor()
        tok = toks[self.i]
        if tok != "*" and tok != "/":
            return f
        literal = type(f) is Num and self.i == start + 1
        product = list(f.args) if type(f) is App and f.op == "*" else [f]
        while True:
            if tok == "*":
                self.i += 1
                g = self.factor()
                if type(g) is App and g.op == "*":
                    product += g.args
                else:
                    product.append(g)
            elif tok == "/":
                start = self.i = self.i + 1
                g = self.factor()
                if literal and type(g) is Num and self.i == start + 1 and _fraction(f, g):
                    product = [Num(f.value / g.value)]  # type: ignore[union-attr]
                else:
                    product = [App("/", (product[0] if len(product) == 1 else App("*", tuple(product)), g))]
                    self.chained += 1
            else:
                return product[0] if len(product) == 1 else App("*", tuple(product))
            literal = False
            tok = toks[self.i]

    def factor(self) -> Expr:
        """A signed power of a primary."""
        toks = self.toks
        i = self.i
        tok = toks[i]
        base: Expr | None
        if tok.isidentifier():
            if toks[i + 1] == "(" or toks[i + 1] == "[":
                base = self.call(tok)
            else:
                self.i = i + 1
                base = self.name(tok, i)
        else:
            base = _numbers.get(tok)
            if base is not None:
                self.i = i + 1
            elif tok[:1].isdigit() or (tok[:1] == "." and tok[1:].isdigit()):
                self.i = i + 1
                base = self.number(tok)
            elif tok == "-":
                self.nest()
                self.i = i + 1
                base = neg(self.factor())
                self.depth -= 1
                return base
            else:
                base = self.group(tok)
        tok = toks[self.i]
        if tok == "!":
            self.i += 1
            base = App("factorial", (base,))
            tok = toks[self.i]
            if tok == "!":
                self.fail("n!! is ambiguous", hint="write (n!)! or spell the double factorial out")
        if tok == "^":
            self.nest()
            self.i += 1
            base = App("^", (base, self.factor()))
            self.depth -= 1
        return base

    def group(self, tok: str) -> Expr:
        """( sum ), or a ceiling or floor in its fences."""
        if tok not in _CLOSING:
            self.unexpected()
        opened = self.i
        self.nest()
        self.i += 1
        inner = self.expression()
        self.close(opened, _CLOSING[tok])
        if tok == "(":
            return inner
        return App("ceil" if tok == "⌈" else "floor", (inner,))

    def close(self, opened: int, closing: str) -> None:
        """Leave a bracket that token `opened` entered."""
        tok = self.toks[self.i]
        if tok != closing:
            if tok == "":
                self.fail(f"'{self.toks[opened]}' is never closed", opened, f"add the missing '{closing}'")
            if tok in (")", "]", "}", "⌉", "⌋"):
                self.fail(f"'{tok}' does not close '{self.toks[opened]}'", hint=f"'{closing}' is expected")
            if tok == "," or tok in ("=", "<=", ">=", "<", ">", "~", "in", "for", ".."):
                self.fail(
                    f"unexpected '{tok}' inside '{self.toks[opened]}'", hint=f"'{closing}' is expected first"
                )
            self.missing_operator()
        self.i += 1
        self.depth -= 1

    def call(self, name: str) -> Expr:
        """name(arguments), or measure[model](algorithm, arguments)."""
        at = self.i
        toks = self.toks
        if self.algorithms is not None and name in MEASURES:
            return self.read_measure(name)
        if toks[at + 1] == "[":
            self.fail(
                f"'{name}[...]' is not a measure here",
                at,
                "measures are " + ", ".join(MEASURES) if name not in MEASURES else None,
            )
        self.nest()
        self.i = at + 2
        if name == "sum":
            return self.read_sum(at)
        args = [self.expression()]
        while toks[self.i] == ",":
            self.i += 1
            args.append(self.expression())
        self.close(at + 1, ")")
        return self.apply(name, args, at)

    def read_sum(self, at: int) -> Expr:
        """sum(term, i, a, b) or sum(term, i=a..b); the index is bound in the term alone."""
        toks = self.toks
        start = len(self.unknown)
        term = self.expression()
        end = len(self.unknown)
        if toks[self.i] != ",":
            if toks[self.i] == ")":
                self.fail("sum takes 4 arguments, not 1", at, "write sum(term, i, 1, n)")
            self.close(at + 1, ")")
        self.i += 1
        index = toks[self.i]
        if not index.isidentifier() or index in ("e", "for", "in", "and"):
            self.fail("the index of a sum is a name", hint="write sum(term, i, 1, n)")
        self.i += 1
        if toks[self.i] not in (",", "=", "in"):
            self.fail("the index of a sum is a single name", self.i - 1, "write sum(term, i, 1, n)")
        separator = "," if toks[self.i] == "," else ".."
        self.i += 1
        lower = self.expression()
        if toks[self.i] != separator:
            self.fail(
                f"'{separator}' and the upper end of the sum are expected",
                hint="write sum(term, i, 1, n) or sum(term, i=1..n)",
            )
        self.i += 1
        upper = self.expression()
        self.close(at + 1, ")")
        self.bind(index, start, end)
        return App("sum", (term, Var(index), lower, upper))

    def read_measure(self, name: str) -> Expr:
        """measure(algorithm, arguments), measure[model](algorithm, arguments)."""
        toks = self.toks
        at = self.i
        self.i += 1
        model = None
        if toks[self.i] == "[":
            model = toks[self.i + 1]
            if not model.isidentifier() or toks[self.i + 2] != "]":
                self.fail("a model's name is expected", self.i + 1, f"write {name}[M](algorithm)")
            self.i += 3
        at_model = at + 2
        if toks[self.i] != "(" or not toks[self.i + 1].isidentifier() or toks[self.i + 2] not in (",", ")"):
            self.fail(
                "an algorithm's name in parentheses is expected",
                self.i + (toks[self.i] == "("),
                f"write {name}(algorithm)",
            )
        opened = self.i
        self.nest()
        algorithm = toks[self.i + 1]
        self.i += 2
        args: list[Expr] = []
        while toks[self.i] == ",":
            self.i += 1
            args.append(self.expression())
        self.close(opened, ")")
        return self.measure(name, model, algorithm, args, at, at_model, opened + 1)


def _fraction(f: Expr, g: Num) -> bool:
    return type(f) is Num and f.value.denominator == 1 and g.value.denominator == 1 and g.value != 0


_START = Position()


def _set(names: Collection[str] | None) -> Collection[str] | None:
    return frozenset(names) if isinstance(names, list | tuple) else names


def parse_expression(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> Expr:
    """The expression written in ASCII.

    `names`: the declared variables (None: every identifier is one).  `functions`: names of functions defined
    by recurrences (None: any called name that is not built in).  `algorithms`, `models`: names that
    measures such as cost[M](A) may mention (`algorithms` None: no measures).  `position`: where the text
    starts in its file.  Raises SourceError."""
    r = Ascii(
        text, names=_set(names), functions=functions, position=position, algorithms=algorithms, models=models
    )
    e = r.expression()
    r.finish(e)
    return e


def parse_relation(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> Relation:
    """The relation `LHS REL RHS` written in ASCII; arguments as for `parse_expression`.

    f = O(g) and f in O(g) give Relation("O", f, g); on the right, classes of one kind are summed into one
    bound, m*Theta(n) is Theta(m*n).  On the left they stay, as App("Theta", ...)."""
    r = Ascii(
        text,
        names=_set(names),
        functions=functions,
        position=position,
        algorithms=algorithms,
        models=models,
        landau=True,
    )
    result = r.relation()
    r.finish(result)
    return result


def parse_claim(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> ClaimText:
    """The claim `LHS REL RHS [for cond, cond ...]` written in ASCII."""
    return _claim(
        Ascii(
            text,
            names=_set(names),
            functions=functions,
            position=position,
            algorithms=algorithms,
            models=models,
            landau=True,
        )
    )


def _claim(r: Reader) -> ClaimText:
    c = r.claim()
    for condition in c.conditions:
        r.finish(condition)
    r.finish(c.relation)
    return c


def parse_system(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = None,
    position: Position = _START,
) -> tuple[ClaimText, ...]:
    """Equations separated by `;`, such as `T(n) = T(n-1) + n; T(1) = 1`, each with its own conditions."""
    out = []
    line, column, start = position.line, position.column, 0
    for part in text.split(";"):
        if part.strip():
            out.append(
                parse_any(
                    part, names=names, functions=functions, position=Position(position.file, line, column)
                )
            )
        newlines = part.count("\n")
        line += newlines
        column = len(part) - part.rfind("\n") + 1 if newlines else column + len(part) + 1
        start += len(part) + 1
    if not out:
        parse_any(text, position=position)
    return tuple(out)


_LATEX = re.compile(r"\\[A-Za-z,;!:{]|[_^]\s*\{|\{")


def looks_like_latex(text: str) -> bool:
    """Whether the text has a backslash command or braces."""
    return _LATEX.search(text) is not None


def parse_any(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> ClaimText:
    """A claim in LaTeX if it has a backslash command or braces, in ASCII otherwise."""
    if looks_like_latex(text):
        from verifier.lang.latex import Latex

        return _claim(
            Latex(
                text,
                names=_set(names),
                functions=functions,
                position=position,
                algorithms=algorithms,
                models=models,
                landau=True,
            )
        )
    return parse_claim(
        text, names=names, functions=functions, position=position, algorithms=algorithms, models=models
    )


def parse_any_relation(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> Relation:
    """A relation in LaTeX or ASCII."""
    if looks_like_latex(text):
        from verifier.lang.latex import parse_latex_relation

        return parse_latex_relation(
            text, names=names, functions=functions, position=position, algorithms=algorithms, models=models
        )
    return parse_relation(
        text, names=names, functions=functions, position=position, algorithms=algorithms, models=models
    )


def parse_any_expression(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> Expr:
    """An expression in LaTeX or ASCII."""
    if looks_like_latex(text):
        from verifier.lang.latex import parse_latex

        return parse_latex(
            text, names=names, functions=functions, position=position, algorithms=algorithms, models=models
        )
    return parse_expression(
        text, names=names, functions=functions, position=position, algorithms=algorithms, models=models
    )
