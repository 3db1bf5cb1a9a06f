"""LaTeX text to tokens in which names, measures and functions are already resolved.

A token is a number, a variable's name, a sign, a command, or @name for the call of a function."""

from __future__ import annotations

import re
from typing import NoReturn

from verifier.lang.ast import FUNCTIONS, LANDAU, MEASURES
from verifier.lang.reader import GREEK_LETTERS, Reader

__all__ = ["COMMAND_FUNCTIONS", "GREEK", "OPEN", "STARTS", "LatexTokens"]

# fmt: off
GREEK = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta",
    "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell",
))
_VARIANTS = {
    "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma",
}
_UPRIGHT = frozenset((
    "text", "mathrm", "mathit", "operatorname", "textit", "textrm", "mathsf", "mathtt", "texttt",
    "textsf", "mathbf", "mathcal", "textsc", "mathfrak", "mbox",
))
_IGNORED = frozenset((
    "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg", "biggl", "biggr",
    "Biggl", "Biggr", "quad", "qquad", "displaystyle", "textstyle", "limits", "nolimits", "thinspace",
    "medspace", "thickspace", "middle", "nonumber",
))
_OPERATORS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=",
    "lt": "<", "ge": ">=", "geq": ">=", "geqslant": ">=", "gt": ">", "sim": "~", "in": "in",
    "forall": "for", "land": "and", "wedge": "and", "lbrace": "\\{", "rbrace": "\\}", "lbrack": "[",
    "rbrack": "]", "approx": "approx", "simeq": "approx", "cong": "approx", "asymp": "propto",
    "propto": "propto", "ne": "!=", "neq": "!=", "ll": "<<", "gg": ">>", "to": "->", "rightarrow": "->",
    "coloneqq": ":=", "dfrac": "\\frac", "tfrac": "\\frac", "dbinom": "\\binom", "tbinom": "\\binom",
    "lparen": "(", "rparen": ")", "colon": ":",
}
_STRUCTURE = frozenset((
    "frac", "sqrt", "sum", "binom", "lceil", "rceil", "lfloor", "rfloor", "log", "ln", "lg", "exp", "min",
    "max",
))
_REFUSED_COMMANDS = {
    **dict.fromkeys(("dots", "ldots", "cdots", "dotsb", "dotsc"), "write the sum out: \\sum_{i=1}^{n}"),
    **dict.fromkeys(
        ("prod", "int", "lim", "sup", "inf", "limsup", "liminf"), "it is not part of the language"
    ),
    "pm": "claim each sign by itself",
    "infty": "infinity is not a number here",
    "bmod": "remainders are not part of the language",
    "pmod": "remainders are not part of the language",
    "choose": "write \\binom{n}{k}",
    "over": "write \\frac{a}{b}",
    "begin": "one formula at a time, without \\begin",
    "tilde": "hidden logarithms: write them, O(n*log(n)^k)",
    "widetilde": "hidden logarithms: write them",
    "equiv": "write =",
    "mid": "it is not part of the language",
    "sin": "not part of the language",
}
COMMAND_FUNCTIONS = frozenset(("\\log", "\\ln", "\\lg", "\\exp", "\\min", "\\max"))
OPEN = {"(": ")", "[": "]", "\\{": "\\}"}
STARTS = frozenset(
    (
        "(",
        "[",
        "\\{",
        "{",
        "\\frac",
        "\\sqrt",
        "\\sum",
        "\\binom",
        "\\lceil",
        "\\lfloor",
        *COMMAND_FUNCTIONS,
        *("\\" + c for c in LANDAU),
    )
)
_WORDS = ("log", "ln", "lg", "min", "max", "exp", "sqrt", "floor", "ceil", "sum", "factorial", "binomial")

_SPACE = re.compile(r"(?:\s|\\[,;:! ])+")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|\\(.)", re.S)
_GROUP = re.compile(r"\s*\{((?:[^{}\\]|\\_|\\ )*)\}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LETTERS = re.compile(r"[A-Za-z]+")
_SYMBOL = re.compile(r"\*\*|<=|>=|==|!=|=<|=>|<>|->|:=|\S")
_FENCE = re.compile(r"(?:\s|\\[,;:! ]|\\left|\\[bB]igg?l?)*(\(|\[|\\\{|\\lbrace)")
_SUBSCRIPT = re.compile(r"\s*_\s*(?:\{((?:[^{}]|\\[a-z]+\s*\{[^{}]*\})*)\}|(\\[A-Za-z]+|.))", re.S)
_INDEX = re.compile(
    r"\\sum\s*(?:\\limits\s*)?(?:\^\s*(?:\{[^{}]*\}|\S)\s*)?_\s*\{\s*([A-Za-z](?:_(?:\w|\{\w+\}))?)\s*="
)
_CLASS_AHEAD = re.compile(
    r"(?:\s|\\[,;:! ])*(?:\\(?:Theta|Omega|omega|mathcal|mathrm)\b|[Oo]\s*(?:\\left)?\s*\(|Theta|Omega)"
)
_NAME = (
    r"(?:\\(?:text|mathrm|mathit|operatorname|texttt|mathtt|mathsf)\s*\{([\w\\ ]*)\}"
    r"|([A-Za-z]\w*?)(?:_\{(\w+)\})?)"
)
_MEASURE = re.compile(
    rf"\s*(?:\[\s*{_NAME}\s*\]|_\s*\{{\s*{_NAME}\s*\}}|_\s*([A-Za-z])(?![A-Za-z0-9]))?\s*(?:\\left\s*|\\[bB]igl?\s*)?"
    rf"\(\s*{_NAME}\s*(?=[,)]|\\right)"
)
_UNICODE = {
    "·": "*", "×": "*", "⋅": "*", "−": "-", "≤": "<=", "≥": ">=", "∼": "~", "∈": "in", "≈": "approx",
    "⌈": "\\lceil", "⌉": "\\rceil", "⌊": "\\lfloor", "⌋": "\\rfloor", "Θ": "\\Theta", "Ω": "\\Omega",
    "ω": "\\omega", "**": "^", "≠": "!=",
}
# fmt: on


class LatexTokens(Reader):
    """The tokens of a LaTeX text; the grammar is a subclass."""

    __slots__ = ("bare", "called", "ends", "indices", "offsets")
    pattern = _SYMBOL

    # -- tokens ---------------------------------------------------------------------------------

    def tokens(self, text: str) -> list[str]:
        self.offsets: list[int] = []
        self.ends: list[int] = []
        self.bare: set[str] = set()
        self.called: dict[str, int] = {}
        self.indices = {self.subscripted(m.group(1)) for m in _INDEX.finditer(text)}
        p = 0
        body = text.strip()
        for opening, closing in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
            if len(body) >= len(opening) + len(closing) and body.startswith(opening) and body.endswith(closing):
                p = text.index(opening) + len(opening)
                text = text[: text.rindex(closing)]
                break
        while True:
            space = _SPACE.match(text, p)
            if space:
                p = space.end()
            if p >= len(text):
                return self.toks
            start = p
            c = text[p]
            if c == "\\":
                p = self.command(text, p)
            elif c.isascii() and (c.isdigit() or (c == "." and text[p + 1 : p + 2].isdigit())):
                p = self.numeral(text, p)
            elif c.isascii() and c.isalpha():
                p = self.letters(text, p)
            elif c in GREEK_LETTERS:
                p = self.subscript(GREEK_LETTERS[c], text, p, p + 1)
            elif c == "@" or not (c.isascii() or c in _UNICODE):
                self.fail_at(f"unexpected character '{c}'", p)
            else:
                m = _SYMBOL.match(text, p)
                tok = m.group() if m else c
                if tok == "~":
                    self.fail_at("~ is a space in LaTeX", start, "write \\sim")
                self.emit(_UNICODE.get(tok, tok), start, start + len(tok))
                p += len(tok)

    def emit(self, tok: str, start: int, end: int) -> None:
        """Append a token that stands for text[start:end]."""
        self.toks.append(tok)
        self.offsets.append(start)
        self.ends.append(end)

    def offset(self, index: int) -> int:
        return self.offsets[index] if index < len(self.offsets) else len(self.text.rstrip())

    def source(self, index: int) -> str:
        return self.text[self.offsets[index] : self.ends[index]] if index < len(self.offsets) else ""

    def describe(self, index: int) -> str:
        return f"'{self.source(index)}'" if index < len(self.offsets) else "the end of the text"

    def fail_at(self, message: str, offset: int, hint: str | None = None) -> NoReturn:
        """Report an error at an offset of the text."""
        self.fail(message, hint=hint, offset=offset)

    def numeral(self, text: str, p: int) -> int:
        """A number; as an exponent without braces only its first digit would be raised."""
        m = _NUMBER.match(text, p)
        tok = m.group() if m else text[p]
        if self.toks and self.toks[-1] in ("^", "_") and len(tok) > 1:
            sign = self.toks[-1]
            self.fail_at(
                f"{sign}{tok} is ambiguous: TeX prints {sign}{tok[0]} followed by {tok[1:]}",
                p,
                f"write {sign}{{{tok}}}",
            )
        self.emit(tok, p, p + len(tok))
        return p + len(tok)

    def command(self, text: str, p: int) -> int:
        """A backslash command."""
        m = _COMMAND.match(text, p)
        if m is None:
            self.fail_at("a backslash at the end", p)
        end = m.end()
        name = m.group(1)
        if name is None:
            tok = "\\" + m.group(2)
            if tok not in ("\\{", "\\}"):
                self.fail_at(f"'{tok}' is not read here", p, "one formula at a time")
            self.emit(tok, p, end)
            return end
        if name in _IGNORED:
            if name in ("left", "right") and text[end:].lstrip()[:1] == ".":
                self.fail_at("an invisible delimiter", p, "write parentheses")
            return end
        if name in _UPRIGHT:
            return self.upright(text, p, end, name)
        name = _VARIANTS.get(name, name)
        if name in ("Theta", "Omega", "omega") and self.is_class(name, text, end):
            self.emit("\\" + name, p, end)
            return end
        if name in GREEK:
            return self.subscript("l" if name == "ell" else name, text, p, end)
        if name in _OPERATORS:
            self.emit(_OPERATORS[name], p, end)
            return end
        if name in _STRUCTURE:
            self.emit("\\" + name, p, end)
            return end
        if name in _REFUSED_COMMANDS:
            self.fail_at(f"\\{name} is not read here", p, _REFUSED_COMMANDS[name])
        from difflib import get_close_matches

        close = get_close_matches(name, [*_STRUCTURE, *_OPERATORS, *GREEK, *_UPRIGHT], 1, 0.6)
        self.fail_at(f"unknown command \\{name}", p, f"did you mean \\{close[0]}?" if close else None)

    def upright(self, text: str, p: int, end: int, command: str) -> int:
        """A word in \\mathrm{...} and the like."""
        m = _GROUP.match(text, end)
        if m is None:
            self.fail_at(f"\\{command} needs a plain word in braces", p)
        word = m.group(1).replace("\\_", "_").replace("\\ ", " ").strip()
        end = m.end()
        if command == "mathcal" and word == "O" and self.is_class(word, text, end):
            self.emit("\\O", p, end)
            return end
        if word in ("for", "for all", "for every", "where", "when", "whenever", "if", "for any"):
            self.emit("for", p, end)
            return end
        if word in ("and", ",", "in"):
            self.emit(word, p, end)
            return end
        if word == "e":
            self.emit("\\e", p, end)
            return end
        if not word.isidentifier():
            self.fail_at(f"'{word}' is not a name", p, "words are for names and for 'for', 'and'")
        if self.algorithms is not None and word in MEASURES:
            return self.read_measure(word, text, p, end)
        fenced = _FENCE.match(text, end) is not None
        if word in _WORDS[:6] or self.is_class(word, text, end):
            self.emit("\\" + word, p, end)
            return end
        if (
            fenced
            and not (self.names is not None and word in self.names)
            and (word in FUNCTIONS or word in ("log10", "log2") or self.functions is None or word in self.functions)
        ):
            self.emit("@" + word, p, end)
            return end
        return self.subscript(word, text, p, end)

    def letters(self, text: str, p: int) -> int:
        """A run of letters: a declared name, a function, a keyword, or a product of names."""
        m, i = _LETTERS.match(text, p), _IDENTIFIER.match(text, p)
        word = m.group() if m else text[p]
        identifier = i.group() if i else word
        if len(word) > 80:
            self.fail_at(f"a word of {len(word)} letters", p, "names have at most 80 letters")
        end = p + len(word)
        if word in ("for", "and"):
            self.emit(word, p, end)
            if word == "for":
                rest = re.compile(r"\s+(?:all|every|any)\b").match(text, end)
                return rest.end() if rest else end
            return end
        if word == "in" and _CLASS_AHEAD.match(text, end):
            self.emit("in", p, end)
            return end
        whole = identifier if self.algorithms is not None and identifier in MEASURES else word
        if self.algorithms is not None and whole in MEASURES:
            return self.read_measure(whole, text, p, p + len(whole))
        names = self.names
        if (
            names is not None
            and identifier in names
            and len(identifier) > 1
            and "_" not in text[p + len(identifier) : p + len(identifier) + 1]
        ):
            if self.splits_otherwise(identifier):
                self.fail_at(
                    f"'{identifier}' is ambiguous: a name, or a product of names",
                    p,
                    f"write \\mathrm{{{identifier.replace('_', chr(92) + '_')}}}, or separate the factors",
                )
            self.emit(identifier, p, p + len(identifier))
            return p + len(identifier)
        fenced = _FENCE.match(text, end) is not None
        called = p + len(identifier)
        if (
            _FENCE.match(text, called)
            and len(identifier) > 1
            and (
                (self.functions is not None and identifier in self.functions)
                or identifier in FUNCTIONS
                or identifier in ("log10", "log2")
            )
            and identifier not in _WORDS[:6]
        ):
            if identifier == "sum":
                self.fail_at("sum(...) among LaTeX", p, "write \\sum_{i=1}^{n}")
            self.emit("@" + identifier, p, called)
            return called
        if fenced and word in _WORDS[:6]:
            self.emit("\\" + word, p, end)
            return end
        if self.is_class(word, text, end):
            self.emit("\\" + word, p, end)
            return end
        if word in _WORDS:
            self.fail_at(
                f"'{word}' would be a product of its letters",
                p,
                f"write \\{word}" if word in ("log", "ln", "lg", "min", "max", "exp", "sqrt") else f"write {word}(...)",
            )
        if names is None:
            for w in (*_WORDS[:8], *(MEASURES if len(word) > 3 else ())):
                if len(word) > 2 and w in word:
                    self.fail_at(
                        f"'{word}' would be a product of its letters",
                        p,
                        f"write \\{w}" if w in _WORDS else f"write \\mathrm{{{word}}} for a name",
                    )
        return self.product(word, text, p, end)

    def is_class(self, name: str, text: str, end: int) -> bool:
        """Whether a name that ends there is a Landau class: it is followed by a fence and not declared."""
        declared = self.names is not None and name in self.names
        return name in LANDAU and not declared and _FENCE.match(text, end) is not None

    def known(self, name: str) -> bool:
        """Whether a name may stand for a variable (a declared one, an index, the constant e, any letter)."""
        if self.names is None:
            return True
        return (
            name in self.names
            or name in self.indices
            or name == "e"
            or (self.functions is not None and name in self.functions)
        )

    def segmentations(self, word: str, last: str) -> list[list[str]]:
        """The ways (two at most) to write a run of letters as names, where the last one takes a subscript."""
        if self.names is None:
            return [[*word[:-1], word[-1] + last]]
        ways: list[list[list[str]]] = [[] for _ in range(len(word) + 1)]
        ways[0] = [[]]
        for stop in range(1, len(word) + 1):
            for start in range(max(0, stop - 40), stop):
                if ways[start]:
                    name = word[start:stop] + (last if stop == len(word) else "")
                    if self.known(name):
                        ways[stop] += [[*way, name] for way in ways[start]]
            ways[stop] = ways[stop][:2]
        return ways[-1]

    def splits_otherwise(self, identifier: str) -> bool:
        """Whether TeX's reading of a declared identifier is another product of declared names."""
        word, _, rest = identifier.partition("_")
        if not word.isalpha() or len(word) + len(rest) < 2 or (rest and not rest.isalpha()):
            return False
        if not rest:
            return any(way != [identifier] for way in self.segmentations(word, ""))
        if len(rest) == 1:
            return any(way != [identifier] for way in self.segmentations(word, "_" + rest))
        heads, tails = self.segmentations(word, "_" + rest[0]), self.segmentations(rest[1:], "")
        return bool(heads and tails)

    def product(self, word: str, text: str, p: int, end: int) -> int:
        """A run of letters that is no name by itself; a subscript belongs to the last letter."""
        sub, after = self.read_subscript(text, end)
        ways = self.segmentations(word, sub)
        if len(ways) > 1:
            self.fail_at(
                f"'{word}' is ambiguous: " + " or ".join(" ".join(w) for w in ways),
                p,
                "separate the factors by spaces",
            )
        if ways:
            at = p
            names = ways[0]
            for n, name in enumerate(names):
                if n == len(names) - 1:
                    self.variable(name, text, at, after)
                else:
                    self.variable(name, text, at, at + len(name))
                    at += len(name)
            return after
        if len(word) == 1:
            self.variable(word + sub, text, p, after)
            return after
        self.toks.append(word)
        self.offsets.append(p)
        self.ends.append(end)
        known = {*(self.names or ()), *self.indices}
        from difflib import get_close_matches

        close = get_close_matches(word + sub, sorted(known), 2, 0.6)
        unknown = next((c for c in word if not self.known(c)), word)
        self.fail_at(
            f"unknown name '{word}{sub}'"
            if close or unknown == word
            else f"'{word}' is read as a product of its letters, and '{unknown}' is not declared",
            p,
            "did you mean " + " or ".join(close) + "?"
            if close
            else f"write \\mathrm{{{word}}} for a name of several letters, and declare it",
        )

    def variable(self, name: str, text: str, start: int, end: int) -> None:
        """A name: a function if it is called and may be one, else a variable."""
        names, functions = self.names, self.functions
        if _FENCE.match(text, end):
            if self.is_class(name, text, end):
                self.emit("\\" + name, start, end)
                return
            declared = names is not None and name in names or name in self.indices
            if not declared and (functions is None or name in functions):
                self.called.setdefault(name, len(self.toks))
                self.emit("@" + name, start, end)
                return
        self.bare.add(name)
        self.emit(name, start, end)

    def subscript(self, base: str, text: str, start: int, end: int) -> int:
        """A name that is no plain letter, with its subscript."""
        sub, end = self.read_subscript(text, end)
        self.variable(base + sub, text, start, end)
        return end

    def subscripted(self, written: str) -> str:
        """m_{d} as m_d."""
        return written.replace("{", "").replace("}", "").replace(" ", "")

    def read_subscript(self, text: str, end: int) -> tuple[str, int]:
        """'_d' and where it ends, or '' if no subscript follows."""
        m = _SUBSCRIPT.match(text, end)
        if m is None:
            return "", end
        group, single = m.groups()
        at = m.start(1) if group is not None else m.start(2)
        if group is None:
            if single.isdigit() and text[m.end() : m.end() + 1].isdigit():
                self.fail_at("a subscript of several digits needs braces", at, "write n_{10}")
            if self.names is None and re.match(r"\w[A-Za-z]", text[m.end() - 1 : m.end() + 1]):
                self.fail_at("where does this subscript end?", at, "write m_{de} for a long subscript, m_d e for a product")
            content = single
        else:
            content = (
                re.sub(
                    r"\\(?:text|mathrm|mathit|operatorname|mathsf|mathtt|texttt|textrm)\s*\{([^{}]*)\}",
                    r"\1",
                    group,
                )
                .replace("\\_", "_")
                .strip()
            )
        if content.startswith("\\") and content[1:] in GREEK:
            content = content[1:]
        if not re.fullmatch(r"\w+", content):
            self.fail_at("a subscript is part of a name", at, "write letters and digits: m_d, m_{dev}, x_1")
        return "_" + content, m.end()

    def read_measure(self, word: str, text: str, p: int, end: int) -> int:
        """measure(algorithm, measure[model](algorithm, measure_{model}(algorithm as raw names."""
        m = _MEASURE.match(text, end)
        if m is None:
            self.fail_at("an algorithm's name in parentheses is expected", end, f"write {word}(algorithm)")
        g = m.groups()

        def name(upright: str | None, plain: str | None, sub: str | None) -> str | None:
            if upright is not None:
                return upright.replace("\\_", "_").strip()
            return None if plain is None else plain + (f"_{sub}" if sub else "")

        model = name(*g[0:3]) or name(*g[3:6]) or g[6]
        self.emit("@measure", p, end)
        self.emit(word, p, end)
        self.emit(model or "", end, m.end())
        self.emit(name(*g[7:10]) or "", m.start(8) if g[7] is not None else m.start(9), m.end())
        return m.end()
