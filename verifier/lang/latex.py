"""LaTeX mathematics to trees, driven by the declared names.

What TeX would typeset is what is read: `m_d b^2` is m_d times b squared, `bk` is b times k unless bk is
declared, `2^10` (which prints 2¹0) is refused.  Names of several letters are declared, or set in
\\mathrm, \\text, \\mathit or \\operatorname.  Rules where papers leave room:

* a quotient with `/` ends a product: `a/bc` and `1/2 n` are refused, `ab/c` is (ab)/c;
* the argument of an unfenced function is one factor: `\\log n`, `\\log\\log n`, `\\log n!`; refused are
  `\\log n m`, `\\log n^2`, `\\log(n)^2`, `\\log n/m`; `\\log^2 n` is (log n)^2;
  \\log is the natural logarithm, \\lg the binary one;
* \\sum extends over the product that follows it; a further `+` or `-` is refused unless the product is one
  fenced group or the next term is a \\sum too;
* a letter before a parenthesis is a factor, unless it is a function (or `functions` is None)."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, add, div, mul, neg, power
from verifier.lang.errors import Position
from verifier.lang.latex_tokens import COMMAND_FUNCTIONS, OPEN, STARTS, LatexTokens
from verifier.lang.reader import EULER

__all__ = ["Latex", "parse_latex", "parse_latex_relation"]


class Latex(LatexTokens):
    """Recursive descent over the resolved tokens."""

    __slots__ = ()

    # -- grammar --------------------------------------------------------------------------------

    def finish(self, result: Expr | Relation) -> None:
        both = sorted(self.bare & self.called.keys())
        if both and self.names is None:
            name = both[0]
            self.fail(
                f"'{name}' is a function here and a variable there",
                self.called[name],
                f"declare {name}, or write {name} \\cdot (...) for a product",
            )
        super().finish(result)

    def trailing(self) -> NoReturn:
        if self.toks[self.i] in ("\\}", "}", "\\rceil", "\\rfloor", ")", "]"):
            self.fail(f"{self.describe(self.i)} closes nothing", hint="remove it, or add the opening one")
        if self.toks[self.i][:1].isdigit():
            self.fail("a number after a factor", hint="put it first, or write \\cdot")
        super().trailing()

    def unexpected(self) -> NoReturn:
        tok = self.toks[self.i]
        if tok == "_":
            self.fail("a subscript belongs to a name", hint="write m_d^2 for the square of m_d")
        if tok == "^":
            self.fail("an exponent without a base, or a second one", hint="write {a^{b}}^{c} as a^{bc}")
        if tok == "\\e":
            self.fail("unexpected constant")
        self.fail(f"unexpected {self.describe(self.i)}", hint=None if tok else "an operand is missing")

    def starts_factor(self, tok: str) -> bool:
        """Whether a token can begin a factor."""
        return tok != "" and (
            tok[0] == "@"
            or tok in STARTS
            or tok == "\\e"
            or (tok[0].isalnum() and tok not in ("for", "and", "in", "approx", "propto"))
            or tok[0] == "_"
            and len(tok) > 1
        )

    def expression(self) -> Expr:
        toks = self.toks
        terms: list[Expr] = []
        sign = False
        if toks[self.i] == "-":
            sign = True
            self.i += 1
        while True:
            before = self.i
            term = self.term()
            terms.append(neg(term) if sign else term)
            tok = toks[self.i]
            if tok not in ("+", "-"):
                return add(*terms)
            self.check_scope(before)
            sign = tok == "-"
            self.i += 1

    def check_scope(self, start: int) -> None:
        """Refuse `\\sum ... + ...` where the sum might be meant to go on."""
        toks = self.toks
        if toks[self.i + 1] == "\\sum":
            return
        depth = 0
        last = -1
        for n in range(start, self.i):
            tok = toks[n]
            if tok in ("(", "[", "{", "\\{", "\\lceil", "\\lfloor"):
                depth += 1
            elif tok in (")", "]", "}", "\\}", "\\rceil", "\\rfloor"):
                depth -= 1
            elif tok == "\\sum" and depth == 0:
                last = n
        if last < 0:
            return
        n = last + 1  # the body: after _{...} and ^...
        for _ in range(2):
            if toks[n] in ("_", "^"):
                n = self.skip(n + 1)
        if toks[n] in ("(", "[", "\\{") and self.skip(n) == self.i:
            return
        self.fail(
            f"it is not clear whether the sum ends before '{toks[self.i]}'",
            hint=("write \\sum_{...}^{...} (...) with parentheses around its term, or around the whole sum"),
        )

    def skip(self, n: int) -> int:
        """The token after the bracket or the token at n."""
        depth = 0
        while n < len(self.offsets):
            tok = self.toks[n]
            if tok in ("(", "[", "{", "\\{", "\\lceil", "\\lfloor"):
                depth += 1
            elif tok in (")", "]", "}", "\\}", "\\rceil", "\\rfloor"):
                depth -= 1
            n += 1
            if depth <= 0:
                break
        return n

    def term(self) -> Expr:
        """Products by juxtaposition or \\cdot, quotients by /."""
        toks = self.toks
        begin = self.i
        product = [self.factor()]
        divided = False
        while True:
            tok = toks[self.i]
            if tok == "*":
                self.i += 1
                product.append(self.factor())
                divided = False
            elif tok == "/":
                self.i += 1
                start = self.i
                g = self.factor()
                f = product[0]
                if (
                    len(product) == 1
                    and isinstance(f, Num)
                    and isinstance(g, Num)
                    and start == begin + 2
                    and self.i == start + 1
                    and g.value != 0
                    and f.value.denominator == 1 == g.value.denominator
                ):
                    product = [Num(f.value / g.value)]
                else:
                    product = [div(mul(*product), g)]
                    self.chained += 1
                divided = True
            elif self.starts_factor(tok):
                if divided:
                    self.fail(
                        f"it is not clear whether {self.describe(self.i)} belongs to the denominator",
                        hint="write \\frac{a}{b} c, \\frac{a}{bc} or parentheses",
                    )
                if tok[0].isdigit():
                    self.fail("a number after a factor", hint="put it first, or write \\cdot")
                product.append(self.factor())
            else:
                return mul(*product)

    def factor(self) -> Expr:
        """A primary with ! and ^."""
        toks = self.toks
        start = self.i
        tok = toks[start]
        if tok == "-":
            self.nest()
            self.i += 1
            e = neg(self.factor())
            self.depth -= 1
            return e
        e = self.primary()
        if toks[self.i] == "!":
            if tok in COMMAND_FUNCTIONS:
                self.fail("it is not clear what the factorial applies to", hint="write (\\log n)! or \\log(n!)")
            if tok == "{" or tok == "\\frac":
                self.fail("it is not clear what the factorial applies to", hint="write parentheses")
            self.i += 1
            e = App("factorial", (e,))
            if toks[self.i] == "!":
                self.fail("n!! is ambiguous", hint="write (n!)! or spell the double factorial out")
        if toks[self.i] == "^":
            if tok in COMMAND_FUNCTIONS and tok not in ("\\min", "\\max"):
                name = tok[1:]
                self.fail(
                    "it is not clear what the exponent applies to",
                    hint=f"write (\\{name} n)^{{2}}, \\{name}^{{2}} n or \\{name}(n^{{2}})",
                )
            if tok in ("\\frac", "\\sum") or (tok == "{" and self.i - start > 3):
                self.fail("it is not clear what the exponent applies to", hint="write \\left( ... \\right)^{2}")
            self.i += 1
            e = power(e, self.argument("an exponent"))
            if toks[self.i] == "!":
                self.fail("it is not clear what the factorial applies to", hint="write parentheses")
            if toks[self.i] == "^":
                self.fail("a second exponent", hint="write n^{a^{b}} or (n^{a})^{b}")
            if toks[self.i] == "_":
                self.unexpected()
        return e

    def argument(self, what: str) -> Expr:
        """What TeX takes as an argument: a group in braces or a single token."""
        tok = self.toks[self.i]
        if tok == "{":
            return self.group()
        if (
            tok in ("-", "(", "[", "\\{", "\\frac", "\\sqrt", "\\sum", "\\lceil", "\\lfloor", *COMMAND_FUNCTIONS)
            or tok[:1] == "@"
        ):
            self.fail(f"{what} of more than one sign needs braces", hint="write ^{-1}, ^{k+1}, \\frac{a}{b}")
        if tok[:1].isdigit():
            if what == "an exponent" or len(tok) == 1:
                self.i += 1
                return self.number(tok)
            # \frac12 is 1/2: TeX takes one digit
            self.toks[self.i] = tok[1:]
            self.offsets[self.i] += 1
            return self.number(tok[0])
        if not self.starts_factor(tok):
            self.fail(f"{what} is missing", hint="write it in braces: {...}")
        if "_" in tok:
            self.fail(f"{what} with a subscript needs braces", hint=f"write {{{self.source(self.i)}}}")
        self.i += 1
        return EULER if tok == "\\e" else self.name(tok, self.i - 1)

    def group(self) -> Expr:
        """{ sum }."""
        opened = self.i
        self.nest()
        self.i += 1
        e = self.expression()
        self.close(opened, "}")
        return e

    def close(self, opened: int, closing: str) -> None:
        """Leave a bracket that token `opened` entered."""
        tok = self.toks[self.i]
        if tok != closing:
            if tok == "":
                self.fail(f"{self.describe(opened)} is never closed", opened, f"add the missing '{closing}'")
            if tok in (")", "]", "}", "\\}", "\\rceil", "\\rfloor"):
                self.fail(
                    f"{self.describe(self.i)} does not close {self.describe(opened)}",
                    hint=f"'{closing}' is expected",
                )
            if tok[:1].isdigit():
                self.fail("a number after a factor", hint="put it first, or write \\cdot")
            self.unexpected()
        self.i += 1
        self.depth -= 1

    def fenced(self) -> list[Expr]:
        """( sum, sum, ... ) in any brackets."""
        opened = self.i
        closing = OPEN[self.toks[opened]]
        self.nest()
        self.i += 1
        args = [self.expression()]
        while self.toks[self.i] == ",":
            self.i += 1
            args.append(self.expression())
        self.close(opened, closing)
        return args

    def primary(self) -> Expr:
        """A number, a name, a fence, a fraction, a function, a sum, a measure."""
        toks = self.toks
        at = self.i
        tok = toks[at]
        if not tok:
            self.unexpected()
        if tok[0].isdigit() or (tok[0] == "." and len(tok) > 1):
            self.i += 1
            return self.number(tok)
        if tok == "\\e":
            self.i += 1
            return EULER
        if tok in OPEN:
            args = self.fenced()
            if len(args) > 1:
                self.fail("a comma inside parentheses that are no function's", at)
            return args[0]
        if tok == "{":
            e = self.group()
            if isinstance(e, App) and e.op in ("+", "neg") or isinstance(e, Num) and e.value < 0:
                self.fail(
                    "braces do not print, so this sum would not look like one factor",
                    at,
                    "write \\left( ... \\right)",
                )
            return e
        if tok in ("\\lceil", "\\lfloor"):
            self.nest()
            self.i += 1
            inner = self.expression()
            self.close(at, "\\rceil" if tok == "\\lceil" else "\\rfloor")
            return App("ceil" if tok == "\\lceil" else "floor", (inner,))
        if tok == "\\frac" or tok == "\\binom":
            self.nest()
            self.i += 1
            what = "a numerator" if tok == "\\frac" else "the upper number"
            a = self.argument(what)
            b = self.argument("a denominator" if tok == "\\frac" else "the lower number")
            self.depth -= 1
            if tok == "\\binom":
                return App("binomial", (a, b))
            if (
                isinstance(a, Num)
                and isinstance(b, Num)
                and b.value > 0
                and a.value >= 0
                and (a.value.denominator == 1 == b.value.denominator)
            ):
                return Num(a.value / b.value)
            return div(a, b)
        if tok == "\\sqrt":
            return self.root()
        if tok == "\\sum":
            return self.read_sum()
        if tok in COMMAND_FUNCTIONS:
            return self.function(tok)
        if tok == "@measure":
            return self.measure_call()
        if tok[0] == "@" or (tok[0] == "\\" and tok[1:] in LANDAU):
            self.i += 1
            return self.apply(tok[1:], self.fenced(), at)
        if not self.starts_factor(tok):
            self.unexpected()
        self.i += 1
        return self.name(tok, at)

    def root(self) -> Expr:
        """\\sqrt{x}, \\sqrt[3]{x}."""
        self.i += 1
        self.nest()
        index: Expr | None = None
        if self.toks[self.i] == "[":
            opened = self.i
            self.nest()
            self.i += 1
            index = self.expression()
            self.close(opened, "]")
        e = self.argument("a radicand")
        self.depth -= 1
        if index is None:
            return App("sqrt", (e,))
        if isinstance(index, Num) and index.value > 0:
            return power(e, Num(1 / index.value))
        return power(e, div(Num(EULER.args[0].value), index))  # type: ignore[union-attr]

    def function(self, tok: str) -> Expr:
        """\\log and its like: subscript, exponent, argument."""
        toks = self.toks
        at = self.i
        name = tok[1:]
        self.nest()
        self.i += 1
        base: Expr | None = None
        exponent: Expr | None = None
        while toks[self.i] in ("_", "^"):
            mark = toks[self.i]
            self.i += 1
            if mark == "_":
                if name != "log" or base is not None:
                    self.fail(f"\\{name} takes no subscript", self.i - 1)
                base = self.argument("a base")
            else:
                start = self.i
                if name in ("min", "max") or exponent is not None:
                    self.fail("an exponent is not expected here", self.i - 1)
                if toks[start] == "*" or (toks[start] == "{" and toks[start + 1] in ("(", "*")):
                    self.fail("iterated functions are not part of the language", start)
                exponent = self.argument("an exponent")
                if toks[start] == "-" or (toks[start] == "{" and toks[start + 1] == "-"):
                    self.fail("an inverse function, or a power?", start, f"write (\\{name} n)^{{-1}}")
        if toks[self.i] in OPEN:
            args = self.fenced()
        elif name in ("min", "max"):
            self.fail(f"\\{name} needs its arguments in parentheses", hint=f"write \\{name}(a, b)")
        else:
            args = [self.bare_argument(name)]
        self.depth -= 1
        if base is not None:
            if len(args) > 1:
                self.fail("a base was given already", at)
            if isinstance(base, Num) and base.value == 2:
                result = self.apply("log2", args, at)
            else:
                result = self.apply("log", [*args, base], at)
        else:
            result = self.apply(name, args, at)
        return result if exponent is None else power(result, exponent)

    def bare_argument(self, name: str) -> Expr:
        """The one factor that an unfenced function applies to."""
        toks = self.toks
        tok = toks[self.i]
        if tok == "\\sum" or tok == "-" or not self.starts_factor(tok):
            self.fail(f"the argument of \\{name} is missing, or needs parentheses", hint=f"write \\{name}(...)")
        e = self.primary()
        if toks[self.i] == "!":
            self.i += 1
            e = App("factorial", (e,))
        following = toks[self.i]
        shown = self.describe(self.i)
        if following == "^" and tok not in COMMAND_FUNCTIONS:
            self.fail(
                "it is not clear what the exponent applies to",
                hint=f"write \\{name}(n^{{2}}), \\{name}^{{2}} n or (\\{name} n)^{{2}}",
            )
        if self.starts_factor(following) and following not in COMMAND_FUNCTIONS:
            self.fail(
                f"it is not clear whether {shown} belongs to the argument of \\{name}",
                hint=f"write \\{name}(n m), or m \\{name} n, or \\{name}(n) m",
            )
        if following == "/" and toks[self.i + 1] not in COMMAND_FUNCTIONS:
            self.fail(
                f"it is not clear whether the quotient belongs to the argument of \\{name}",
                hint=f"write \\frac{{\\{name} n}}{{m}} or \\{name}(n/m)",
            )
        return e

    def read_sum(self) -> Expr:
        """\\sum_{i=a}^{b} product."""
        toks = self.toks
        at = self.i
        self.nest()
        self.i += 1
        index = ""
        lower: Expr | None = None
        upper: Expr | None = None
        for _ in range(2):
            mark = toks[self.i]
            if mark == "_" and lower is None:
                opened = self.i + 1
                if toks[opened] != "{" or toks[opened + 2] != "=" or not toks[opened + 1].isidentifier():
                    self.fail("the range of a sum is \\sum_{i=a}^{b}", opened)
                index = toks[opened + 1]
                self.nest()
                self.i = opened + 3
                lower = self.expression()
                self.close(opened, "}")
            elif mark == "^" and upper is None:
                self.i += 1
                upper = self.argument("an exponent")
        if lower is None or upper is None:
            self.fail("the range of a sum is \\sum_{i=a}^{b}", at, "give both ends")
        if index == "e":
            self.fail("e is the base of natural logarithms, not an index", at)
        start = len(self.unknown)
        if toks[self.i] == "-":
            self.fail("a sum of a negative term needs parentheses")
        term = self.term()
        self.bind(index, start, len(self.unknown))
        self.depth -= 1
        return App("sum", (term, Var(index), lower, upper))

    def measure_call(self) -> Expr:
        """A measure whose names the tokenizer has read."""
        toks = self.toks
        at = self.i
        measure, model, algorithm = toks[at + 1], toks[at + 2], toks[at + 3]
        self.i = at + 4
        self.nest()
        args: list[Expr] = []
        while toks[self.i] == ",":
            self.i += 1
            args.append(self.expression())
        if toks[self.i] != ")":
            self.close(at, ")")
        self.i += 1
        self.depth -= 1
        return self.measure(measure, model or None, algorithm, args, at, at + 2, at + 3)


_START = Position()


def _reader(
    text: str,
    names: Collection[str] | None,
    functions: Collection[str] | None,
    position: Position,
    algorithms: Collection[str] | None,
    models: Collection[str] | None,
    landau: bool,
) -> Latex:
    names = frozenset(names) if names is not None else None
    return Latex(
        text,
        names=names,
        functions=functions,
        position=position,
        algorithms=algorithms,
        models=models,
        landau=landau,
    )


def parse_latex(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> Expr:
    """The expression written in LaTeX; arguments and errors as for `parse_expression`.

    names None: every letter, with its subscript if it has one, is a variable."""
    r = _reader(text, names, functions, position, algorithms, models, False)
    e = r.expression()
    r.finish(e)
    return e


def parse_latex_relation(
    text: str,
    *,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
    position: Position = _START,
    algorithms: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> Relation:
    """The relation written in LaTeX; as `parse_relation`."""
    r = _reader(text, names, functions, position, algorithms, models, True)
    result = r.relation()
    r.finish(result)
    return result
