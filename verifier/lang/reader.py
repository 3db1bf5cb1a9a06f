"""What the ASCII and the LaTeX reader share: tokens with places, relations, claims, limits, errors.

Tokens are plain strings; their places in the text are worked out only when an error is reported, so
that reading the thousands of steps of a certificate stays cheap."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, NoReturn

from verifier.lang.ast import (
    ARITHMETIC,
    FUNCTIONS,
    LANDAU,
    MEASURES,
    App,
    Expr,
    Measure,
    Num,
    Relation,
    Var,
    add,
    div,
    mul,
)
from verifier.lang.errors import Position, SourceError

MAX_TEXT = 100_000
"""Longest text read, in characters."""
MAX_NESTING = 64
"""Deepest nesting of parentheses, calls, exponents and signs."""
MAX_DEPTH = 160
"""Deepest tree: left-nested quotients count as well, since every layer walks trees recursively."""
MAX_EXPONENT = 10_000
"""Largest decimal exponent of a literal such as 1e100; larger powers are written 10^n and not expanded."""

KEYWORDS = frozenset(("for", "in", "and"))
RESERVED = frozenset((*FUNCTIONS, "ln", "lg", "log10", *LANDAU, *KEYWORDS, "e"))
"""Identifiers that are not variables unless declared (`for`, `in` and `and` never are)."""

COMPARISONS = frozenset(("=", "<=", ">=", "<", ">", "~", "in"))
_REFUSED = {
    "==": "write = for equality",
    "!=": "an inequation is not a claim; for a factorial followed by = put a space between: n! = ...",
    "=<": "write <=",
    "=>": "write >=",
    "<>": "an inequation is not a claim",
    "->": "write f ~ g for asymptotic equality",
    ":=": "write =",
    "approx": "write ~ (the quotient tends to 1), or = Theta(...) for the same order of growth",
    "<<": "write f = o(g)",
    ">>": "write f = omega(g)",
    "propto": "write f = Theta(g)",
}
GREEK_LETTERS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "\u00b5": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "Γ": "Gamma",
    "Δ": "Delta",
    "Λ": "Lambda",
    "Ξ": "Xi",
    "Π": "Pi",
    "Φ": "Phi",
    "Ψ": "Psi",
}
EULER = App("exp", (Num(Fraction(1)),))

_variables: dict[str, Var] = {}
_numbers: dict[str, Num] = {}
_CACHE = 4096


@dataclass(frozen=True, slots=True)
class ClaimText:
    """`relation for conditions`; a chained condition 1 <= n < 4 is split in two."""

    relation: Relation
    conditions: tuple[Relation, ...] = ()


def integer(digits: str) -> int:
    """The natural number written in decimal digits, of any length (int() stops at 4300 digits)."""
    if len(digits) <= 4000:
        return int(digits)
    value = 0
    for start in range(0, len(digits), 4000):
        chunk = digits[start : start + 4000]
        value = value * 10 ** len(chunk) + int(chunk)
    return value


def variable(name: str) -> Var:
    """The variable of that name, shared between trees."""
    found = _variables.get(name)
    if found is None:
        if len(_variables) > _CACHE:
            _variables.clear()
        found = _variables[name] = Var(name)
    return found


class Reader:
    """A token stream and the grammar above expressions; subclasses supply `pattern` and `expression`.

    `names` None: any identifier is a variable.  `functions` None: any call is a function's.
    `algorithms` None: measures are not recognised.  `landau`: whether O(...) and the like may occur."""

    __slots__ = (
        "algorithms",
        "chained",
        "deepest",
        "depth",
        "functions",
        "i",
        "landau",
        "models",
        "names",
        "position",
        "text",
        "toks",
        "unknown",
    )
    pattern: ClassVar[re.Pattern[str]]

    def __init__(
        self,
        text: str,
        *,
        names: Collection[str] | None,
        functions: Collection[str] | None,
        position: Position,
        algorithms: Collection[str] | None = None,
        models: Collection[str] | None = None,
        landau: bool = False,
    ) -> None:
        self.text = text
        self.names = names
        self.functions = functions
        self.algorithms = algorithms
        self.models = models
        self.position = position
        self.landau = landau
        self.i = self.depth = self.deepest = self.chained = 0
        self.unknown: list[int] = []  # tokens of undeclared names; a sum may still bind them
        self.toks: list[str] = []
        if len(text) > MAX_TEXT:
            raise SourceError(
                f"the text has {len(text)} characters; at most {MAX_TEXT} are read",
                position=position,
                hint="split it, or name parts of it with let",
            )
        self.toks = self.tokens(text)
        if not self.toks:
            self.fail("an expression is expected, but there is nothing", 0)
        self.toks += ("", "")

    def tokens(self, text: str) -> list[str]:
        """The tokens of the text, in order."""
        return self.pattern.findall(text)

    def expression(self) -> Expr:
        """Read a sum."""
        raise NotImplementedError

    # -- errors ---------------------------------------------------------------------------------

    def offset(self, index: int) -> int:
        """Where token `index` starts in the text (its trimmed end for a token past the last)."""
        for n, match in enumerate(self.pattern.finditer(self.text.rstrip())):
            if n == index:
                return match.start(1)
        return len(self.text.rstrip())

    def place(self, offset: int) -> tuple[Position, str]:
        """The position of an offset, and the source line padded so that a caret falls under it."""
        origin, text = self.position, self.text
        line_start = text.rfind("\n", 0, offset) + 1
        line_end = text.find("\n", offset)
        line = text[line_start : line_end if line_end >= 0 else len(text)].replace("\t", " ")
        number = origin.line + text.count("\n", 0, offset)
        if line_start == 0:
            pad = origin.column - 1
            return Position(origin.file, number, pad + offset + 1), " " * pad + line.rstrip()
        return Position(origin.file, number, offset - line_start + 1), line.rstrip()

    def fail(self, message: str, index: int | None = None, hint: str | None = None, offset: int | None = None) -> NoReturn:
        """Report an error at a token (the current one by default)."""
        if offset is None:
            offset = self.offset(self.i if index is None else index)
        position, line = self.place(offset)
        raise SourceError(_short(message), position=position, text=line, hint=_short(hint) if hint else None)

    def fail_unknown(self, kind: str, name: str, known: Collection[str], index: int, hint: str | None = None) -> NoReturn:
        """An undeclared name, with the closest declared ones."""
        from difflib import get_close_matches

        close = get_close_matches(name, sorted(known), 3, 0.5)
        if close:
            hint = "did you mean " + " or ".join(close) + "?"
        elif hint is None and known and len(known) <= 12:
            hint = "declared: " + ", ".join(sorted(known))
        elif hint is None:
            hint = "declare it first"
        self.fail(f"unknown {kind} '{name}'", index, hint)

    def describe(self, index: int) -> str:
        """A token as it is named in a message."""
        tok = self.toks[index]
        return f"'{tok}'" if tok else "the end of the text"

    # -- shared pieces of expressions -----------------------------------------------------------

    def nest(self) -> None:
        """Enter one level of nesting."""
        self.depth += 1
        if self.depth > self.deepest:
            self.deepest = self.depth
            if self.depth > MAX_NESTING:
                self.fail(f"nested more than {MAX_NESTING} deep", hint="name parts of it with let")

    def number(self, tok: str) -> Num:
        """The literal of a decimal number token, exactly; 1e3 is 1000."""
        found = _numbers.get(tok)
        if found is not None:
            return found
        mantissa, _, exponent = tok.replace("E", "e").partition("e")
        whole, _, part = mantissa.partition(".")
        shift = 0
        if exponent:
            if len(exponent) > 7 or abs(int(exponent)) > MAX_EXPONENT:
                self.fail(
                    "the exponent of this number is too large",
                    self.toks.index(tok),
                    hint="write it as a power: 10^1000000",
                )
            shift = int(exponent)
        shift -= len(part)
        digits = integer(whole + part)
        value = Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)
        if len(_numbers) > _CACHE:
            _numbers.clear()
        result = Num(value)
        if len(tok) <= 24:
            _numbers[tok] = result
        return result

    def apply(self, name: str, args: list[Expr], at: int) -> Expr:
        """A named function (or class, or declared function) of its arguments; `at` is its token."""
        bounds = FUNCTIONS.get(name)
        if bounds is not None:
            low, high = bounds
            if not low <= len(args) or (high is not None and len(args) > high):
                need = str(low) if low == high else f"at least {low}" if high is None else f"{low} or {high}"
                form = {
                    "sum": "write sum(term, i, 1, n)",
                    "binomial": "write binomial(n, k)",
                    "max_geometric": "write max_geometric(k, p)",
                }.get(name)
                self.fail(f"{name} takes {need} argument{'s' * (need != '1')}, not {len(args)}", at, form)
            return App(name, tuple(args))
        if self.functions is not None and name in self.functions:
            return App(name, tuple(args))
        if name in ("ln", "lg", "log10"):
            if len(args) != 1:
                self.fail(f"{name} takes 1 argument, not {len(args)}", at, "write log(x, base) for another base")
            if name == "log10":
                return App("log", (args[0], Num(Fraction(10))))
            return App("log" if name == "ln" else "log2", tuple(args))
        if name in LANDAU:
            if not self.landau:
                self.fail(
                    f"{name}(...) is a class of functions, not a value",
                    at,
                    "Landau classes belong to the sides of a claim: f = O(g)",
                )
            if len(args) != 1:
                self.fail(f"{name} takes 1 argument, not {len(args)}", at)
            return App(name, tuple(args))
        if self.functions is None and name not in KEYWORDS:
            return App(name, tuple(args))
        known = {*FUNCTIONS, "ln", "lg", "log10", *LANDAU, *(self.functions or ())}
        if self.algorithms is not None:
            known.update(MEASURES)
        if self.names is not None and name in self.names:
            self.fail(f"'{name}' is a parameter, not a function", at, f"write {name}*(...) for a product")
        hint = {
            "product": "products over an index are not supported; take logarithms, or use factorial",
            "prod": "products over an index are not supported; take logarithms, or use factorial",
            "abs": "absolute values are not supported; use max(x, -x)",
        }.get(name)
        if hint is None and len(name) == 1:
            hint = f"write {name}*(...) for a product, or declare the function {name}"
        self.fail_unknown("function", name, () if hint else known, at, hint)

    def measure(
        self,
        name: str,
        model: str | None,
        algorithm: str,
        args: list[Expr],
        at: int,
        at_model: int,
        at_algorithm: int,
    ) -> Measure:
        """measure[model](algorithm, args), with its names checked."""
        if model is not None and self.models is not None and model not in self.models:
            self.fail_unknown("model", model, self.models, at_model)
        if self.algorithms is not None and algorithm not in self.algorithms:
            self.fail_unknown("algorithm", algorithm, self.algorithms, at_algorithm)
        return Measure(name, model, algorithm, tuple(args))

    def name(self, tok: str, index: int) -> Expr:
        """An identifier that is not called: a variable, or the constant e."""
        names = self.names
        if names is None:
            if tok not in RESERVED:
                return variable(tok)
        elif tok in names:
            return variable(tok)
        if tok == "e":
            return EULER
        if tok in RESERVED:
            self.reserved(tok, index)
        self.unknown.append(index)
        return variable(tok)

    def reserved(self, tok: str, index: int) -> NoReturn:
        """A function name, class or keyword where a value is expected."""
        if tok in KEYWORDS:
            self.fail(f"'{tok}' is a keyword; an expression is expected here", index)
        following = self.toks[index + 1]
        hint = f"write {tok}(n)"
        if following == "^":
            hint = f"write {tok}(n)^{self.toks[index + 2] or 2} for a power of the value"
        elif following and (following.isalnum() or following.isidentifier()):
            hint = f"write {tok}({following})"
        self.fail(f"{tok} needs its argument in parentheses", index, hint)

    def bind(self, index: str, start: int, end: int) -> None:
        """A sum binds its index in the names met between marks `start` and `end` of `unknown`."""
        if start < end:
            self.unknown[start:end] = [u for u in self.unknown[start:end] if self.toks[u] != index]

    # -- relations and claims -------------------------------------------------------------------

    def finish(self, result: Expr | Relation) -> None:
        """Check that all is read, every name is declared and the tree is not too deep."""
        if self.toks[self.i]:
            self.trailing()
        self.check_names()
        if self.deepest > 16 or self.chained > 32:
            for side in (result,) if not isinstance(result, Relation) else (result.left, result.right):
                if depth_exceeds(side, MAX_DEPTH):
                    self.fail(f"nested more than {MAX_DEPTH} operations deep", 0, "name parts of it with let")

    def check_names(self) -> None:
        """Report the first name that neither a declaration nor a sum binds."""
        if self.unknown:
            at = min(self.unknown)
            self.fail_unknown("name", self.toks[at], self.names or (), at)

    def trailing(self) -> NoReturn:
        """The expression ended but the text did not."""
        tok = self.toks[self.i]
        if tok in _REFUSED:
            self.fail(f"'{self.source(self.i)}' is not a relation here", hint=_REFUSED[tok])
        if tok in (")", "]", "}", "⌉", "⌋"):
            self.fail(f"'{tok}' closes nothing", hint="remove it, or add the opening one")
        if tok in COMPARISONS:
            self.fail(
                f"'{tok}': one relation is read at a time here",
                hint="an expression has none, a claim has one; chains belong after 'for': for 1 <= n < 4",
            )
        if tok == "for":
            self.fail("conditions are not accepted here")
        self.missing_operator()

    def missing_operator(self) -> NoReturn:
        """Two operands side by side, or a stray character."""
        i = self.i
        tok, before = self.toks[i], self.toks[i - 1] if i else ""
        if tok == "(" or tok[:1].isalnum() or tok.isidentifier():
            shown = f"{before}*{tok}" if before.isalnum() or before.isidentifier() else f"*{tok}"
            self.fail(f"an operator is missing before '{tok}'", hint=f"write products with *: {shown}")
        self.unexpected()

    def unexpected(self) -> NoReturn:
        """A token that fits nowhere."""
        tok = self.toks[self.i]
        self.fail(f"unexpected {self.describe(self.i)}", hint=_CHARACTERS.get(tok))

    def source(self, index: int) -> str:
        """A token as the user wrote it."""
        for n, match in enumerate(self.pattern.finditer(self.text.rstrip())):
            if n == index:
                return match.group(1)
        return self.toks[index]

    def relation(self) -> Relation:
        """LHS REL RHS, where a Landau class may stand on the right."""
        start = self.i
        left = self.expression()
        at = self.i
        op = self.toks[at]
        if op not in COMPARISONS:
            if op in _REFUSED:
                self.fail(f"'{self.source(at)}' is not a relation here", hint=_REFUSED[op])
            if op == "" or op == "for" or op == ",":
                self.fail("a relation is expected: = <= >= < > ~", hint="for example f = Theta(g), or f <= g")
            self.trailing()
        self.i = at + 1
        right_at = self.i
        right = self.expression()
        if not self.landau:
            return Relation(op, left, right) if op != "in" else self.fail("'in' needs a class: f in O(g)", at)
        cls = landau_class(right)
        if cls is not None and op in ("=", "<=", ">=") and calls_outside_classes(right):
            return Relation(op, left, right)  # a recurrence with a driving function known up to constants
        if cls is None:
            if op == "in":
                self.fail("'in' needs a class on its right: f in O(g)", at)
            if landau_class(left) is not None:
                self.fail("a class on the left needs one on the right", start, "write f = Theta(g)")
            return Relation(op, left, right)
        if op not in ("=", "in"):
            self.fail(f"'{op}' does not go with a class", at, f"write f = {cls}(g)")
        return Relation(cls, left, self.bound(right, cls, right_at))

    def bound(self, e: Expr, cls: str, at: int) -> Expr:
        """The g of a right side equal to the class of g; classes of one kind add and multiply."""
        match e:
            case App("+", args):
                parts = []
                for a in args:
                    if landau_class(a) is None:
                        self.fail(
                            f"a sum of a plain term and {cls}(...) has no single order of growth",
                            at,
                            f"put every term in a class: {cls}(f) + {cls}(g)",
                        )
                    parts.append(self.bound(a, cls, at))
                return add(*parts)
            case App("*", args):
                return mul(*(a if landau_class(a) is None else self.bound(a, cls, at) for a in args))
            case App("/", (a, b)) if landau_class(b) is None:
                return div(self.bound(a, cls, at), b)
            case App(op, (g,)) if op in LANDAU:
                if op != cls:
                    self.fail(f"{cls}(...) and {op}(...) are mixed in one bound", at, "claim them one at a time")
                if landau_class(g) is not None:
                    self.fail("a class inside a class", at)
                return g
        self.fail(
            f"{cls}(...) may only be added, or multiplied by a factor",
            at,
            f"write the bound inside: {cls}(...)",
        )

    def claim(self) -> ClaimText:
        """LHS REL RHS [for cond, cond ...]."""
        relation = self.relation()
        conditions: list[Relation] = []
        if self.toks[self.i] == "for":
            landau, self.landau = self.landau, False
            self.i += 1
            if self.toks[self.i] == "all" and (self.toks[self.i + 1][:1].isalnum() or self.toks[self.i + 1].isidentifier()):
                self.i += 1
            while True:
                conditions += self.condition()
                if self.toks[self.i] not in (",", "and"):
                    break
                self.i += 1
            self.landau = landau
        return ClaimText(relation, tuple(conditions))

    def condition(self) -> list[Relation]:
        """left REL right [REL right ...], a chain in one direction."""
        left = self.expression()
        if self.toks[self.i] not in COMPARISONS or self.toks[self.i] in ("in", "~"):
            if self.toks[self.i] in _REFUSED:
                self.trailing()
            self.fail("a condition compares two expressions: for n >= 2", hint="= <= >= < > are known here")
        out: list[Relation] = []
        direction = ""
        while (op := self.toks[self.i]) in COMPARISONS and op not in ("in", "~"):
            if op != "=":
                if direction and op[0] != direction:
                    self.fail("a chain of comparisons that turns around", hint="write 1 <= n < 4")
                direction = op[0]
            self.i += 1
            right = self.expression()
            out.append(Relation(op, left, right))
            left = right
        return out


_CHARACTERS = {
    "√": "write sqrt(n)",
    "∑": "write sum(term, i, 1, n)",
    "Σ": "write sum(term, i, 1, n)",
    "∞": "infinity is not a number here",
    "|": "absolute values are not supported",
    "\\": "this looks like LaTeX, which is not read here",
    "{": "write parentheses",
    "}": "write parentheses",
    "[": "write parentheses",
    "%": "write mod out, or a fraction",
    "&": "separate conditions by commas",
    ":": "write = , or a relation",
    "@": "write * for a product",
    "+": "a sign + is not needed",
    "...": "write the sum out: sum(term, i, 1, n)",
    "..": "a range belongs to a sum: sum(i, i=1..n)",
    "": "an operand is missing",
    "*": "an operand is missing",
    "/": "an operand is missing",
    "^": "an operand is missing",
    ")": "an operand is missing",
    ",": "an operand is missing",
    "!": "the factorial follows its operand: n!",
    "=": "an operand is missing",
}


def _short(message: str) -> str:
    # a name in a message may be as long as the text
    return message if len(message) <= 300 else message[:140] + " ... " + message[-140:]


def calls_outside_classes(e: Expr) -> bool:
    """Whether a function that is not built in is applied outside every Landau class: T(n/2) + Theta(n)."""
    stack = [e]
    while stack:
        x = stack.pop()
        if isinstance(x, App) and x.op not in LANDAU:
            if x.op not in FUNCTIONS and x.op not in ARITHMETIC:
                return True
            stack.extend(x.args)
    return False


def landau_class(e: Expr) -> str | None:
    """A Landau class that occurs in the expression, or None."""
    todo: list[Expr] = [e]
    while todo:
        x = todo.pop()
        if type(x) is App:
            if x.op in LANDAU:
                return x.op
            todo.extend(reversed(x.args))
    return None


def depth_exceeds(e: Expr, limit: int) -> bool:
    """Whether the tree is deeper than `limit`."""
    level: list[Expr] = [e]
    for _ in range(limit):
        level = [a for x in level if isinstance(x, App | Measure) for a in x.args]
        if not level:
            return False
    return True
