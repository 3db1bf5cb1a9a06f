"""Pseudo-code to programs.

One statement a line; a line that ends in `:` opens a block, which is indented by spaces.

    M(prompt=SIZE, reply=SIZE, needs=a, b)      call of a model; `needs` only where capabilities matter
    algorithm(SIZE, ...)                        run another algorithm, or this one
    reply <- M(...)                             the names left of an arrow are remarks
    for i in SIZE..SIZE:                        both ends included
    parallel for i in SIZE..SIZE:               all at the same time
    parallel:                                   the statements of the block at the same time
    repeat SIZE times:
    if n > 1, m >= n:  /  elif ...  /  else:    a condition on sizes
    if "a test fails":                          an event: either branch may be taken, the worst one counts
    with probability P:  /  else:
    repeat until success with probability P:    independent rounds (P is the chance of one round)
    repeat until all of K succeed with probability P:    a sweep over K items, until each has succeeded once
    vote first-to-ahead-by K, P:                the block is one vote, right with probability P
    states from A, B:                           a finite Markov chain; starts in the worst of A, B
        A:
            M(...)
            goto done with probability P        `done` leaves the chain
            goto A                              with the probability that is left
    let x = SIZE                                a name, to the end of the block
    oracle what is assumed to be given          free, but every verdict names it
    pass                                        nothing

SIZE and P are expressions in the declared parameters, `let` names and indices; `#` starts a remark."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from verifier.cost.program import (
    NOWHERE,
    Body,
    Call,
    Chance,
    If,
    Let,
    Locate,
    Loop,
    Model,
    Oracle,
    Parallel,
    Place,
    Retry,
    Run,
    State,
    Statement,
    States,
    Step,
    Sweep,
    Vote,
)
from verifier.lang.ast import LANDAU, ONE, Expr, Relation
from verifier.lang.errors import Position, SourceError
from verifier.lang.parse import parse_expression, parse_relation
from verifier.lang.reader import RESERVED

MAX_DEPTH = 32
"""Deepest nesting of blocks."""
MAX_LINES = 5000
MAX_COLUMNS = 500

_NAME = r"[^\W\d]\w*"
_KEYWORDS = (
    "for",
    "parallel",
    "if",
    "else",
    "elif",
    "with",
    "repeat",
    "vote",
    "states",
    "goto",
    "let",
    "oracle",
    "pass",
    "while",
    "return",
    "break",
    "continue",
    "done",
)
_OPENING = ("for", "parallel", "if", "else", "elif", "with", "otherwise", "repeat", "vote", "states")
_HINTS = {
    "while": "say how often: for i in 1..r:, repeat until success with probability p:, or states from ...:",
    "return": "write the branches with if and else; the cost of a program is the cost of its longest path",
    "break": "write `repeat until success with probability p:`, or let a `for` run to its worst case",
    "continue": "put the rest of the block under if",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of pseudo-code without its indentation and remark; line and column count from 1."""

    text: str
    line: int
    indent: int

    def at(self, start: int) -> tuple[int, int]:
        """Line and column of an offset of the text."""
        return self.line, self.indent + start + 1


@dataclass
class Block:
    """A line and the lines indented below it."""

    head: Line
    body: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """Names that may occur: sizes, models, and algorithms with their number of parameters."""

    names: Collection[str]
    models: Mapping[str, Model]
    algorithms: Mapping[str, int]


def located(locate: Locate | None, text: str) -> Locate:
    """`locate`, or the places of the text itself."""
    if locate is not None:
        return locate
    lines = text.split("\n")
    return lambda line, column: Place(
        Position(None, line, column), lines[line - 1] if line <= len(lines) else None
    )


def relocate(error: SourceError, place: Place) -> SourceError:
    """The same error about another place."""
    return SourceError(error.message, position=place.position, text=place.line, hint=error.hint)


def parse_body(text: str, scope: Scope, *, locate: Locate | None = None) -> Body:
    """The statements of a pseudo-code text; SourceError with the place of the first mistake."""
    return _Parser(scope, located(locate, text)).body(
        _tree(text, located(locate, text)), frozenset(scope.names)
    )


def _lines(text: str, locate: Locate) -> list[Line]:
    out = []
    rows = text.split("\n")
    if len(rows) > MAX_LINES:
        raise locate(1, 1).error(f"{len(rows)} lines; at most {MAX_LINES} are read")
    for number, row in enumerate(rows, 1):
        content = _without_remark(row).rstrip()
        if len(content) > MAX_COLUMNS:
            raise locate(number, 1).error(f"a line of {len(content)} characters; at most {MAX_COLUMNS} are read")
        stripped = content.lstrip(" ")
        if not stripped.strip():
            continue
        indent = len(content) - len(stripped)
        if stripped[0] == "\t":
            raise locate(number, indent + 1).error("a tab in the indentation", "indent by spaces")
        out.append(Line(stripped, number, indent))
    return out


def _without_remark(row: str) -> str:
    quoted = False
    for n, c in enumerate(row):
        if c == '"':
            quoted = not quoted
        elif c == "#" and not quoted:
            return row[:n]
    return row


def _tree(text: str, locate: Locate) -> list[Block]:
    """Lines nested by indentation."""
    root: list[Block] = []
    stack: list[tuple[int, list[Block]]] = []  # indentation of each open block, and its lines
    for line in _lines(text, locate):
        if not stack:
            stack.append((line.indent, root))
        indent, siblings = stack[-1]
        if line.indent > indent:
            if not siblings or not siblings[-1].head.text.endswith(":"):
                before = siblings[-1].head if siblings else line
                if before.text.split()[0] in _OPENING:
                    raise locate(*before.at(len(before.text))).error(
                        "a line that opens a block ends in ':'", "add ':'"
                    )
                raise locate(*line.at(0)).error(
                    "unexpected indentation", "only a line that ends in ':' opens a block"
                )
            if len(stack) > MAX_DEPTH:
                raise locate(*line.at(0)).error(f"blocks nested more than {MAX_DEPTH} deep")
            stack.append((line.indent, siblings[-1].body))
        elif line.indent < indent:
            while stack and stack[-1][0] > line.indent:
                stack.pop()
            if not stack or stack[-1][0] != line.indent:
                raise locate(*line.at(0)).error(
                    "this indentation matches no open block", "align it with the block it belongs to"
                )
        stack[-1][1].append(Block(line))
    return root


class _Parser:
    def __init__(self, scope: Scope, locate: Locate) -> None:
        self.scope = scope
        self.locate = locate

    # -- places and errors ----------------------------------------------------------------------

    def place(self, line: Line, start: int = 0) -> Place:
        return self.locate(*line.at(start))

    def fail(self, line: Line, start: int, message: str, hint: str | None = None) -> NoReturn:
        raise self.place(line, start).error(message, hint)

    def read(
        self, line: Line, span: tuple[int, int], reader: Callable[[str, Position], Expr | Relation]
    ) -> Expr | Relation:
        """Read a part of a line, with errors placed in the file."""
        start, end = span
        number, column = line.at(start)
        try:
            return reader(line.text[start:end], Position(None, number, column))
        except SourceError as error:
            raise relocate(error, self.locate(error.position.line, error.position.column)) from None

    def size(self, line: Line, span: tuple[int, int], names: frozenset[str]) -> Expr:
        e = self.read(line, _trim(line.text, span), lambda t, p: parse_expression(t, names=names, position=p))
        if isinstance(e, Relation):
            raise TypeError("an expression was read as a relation")
        return e

    def relation(self, line: Line, span: tuple[int, int], names: frozenset[str]) -> Relation:
        span = _trim(line.text, span)
        r = self.read(line, span, lambda t, p: parse_relation(t, names=names, position=p))
        if not isinstance(r, Relation) or r.op in LANDAU or r.op == "~":
            self.fail(line, span[0], "a condition compares two sizes: n > 1", "= <= >= < > are known here")
        return r

    def new_name(self, line: Line, name: str, start: int, names: frozenset[str], kind: str) -> None:
        if name in RESERVED or name in _KEYWORDS:
            self.fail(line, start, f"'{name}' is reserved and cannot name {kind}")
        if name in names:
            self.fail(line, start, f"'{name}' is already a size here", f"choose another name for {kind}")

    # -- statements -----------------------------------------------------------------------------

    def body(self, blocks: list[Block], names: frozenset[str]) -> Body:
        out: list[Statement] = []
        k = 0
        while k < len(blocks):
            b = blocks[k]
            text, line = b.head.text, b.head
            m = _match(r"let\s+(NAME)\s*=\s*(.+)", text)
            if m:
                self.childless(b)
                self.new_name(line, m[1], m.start(1), names, "a size")
                out.append(Let(m[1], self.size(line, m.span(2), names), self.place(line)))
                names = names | {m[1]}
                k += 1
                continue
            if _match(r"if\b.*", text) or _match(r"with\s+probability\b.*", text):
                s, k = self.branches(blocks, k, names)
                out.append(s)
                continue
            if _match(r"(else|elif|otherwise)\b.*", text):
                self.fail(
                    line, 0, f"'{text.split()[0].rstrip(':')}' without an if or a probability before it"
                )
            if text != "pass":
                out.append(self.statement(b, names))
            else:
                self.childless(b)
            k += 1
        return tuple(out)

    def branches(self, blocks: list[Block], k: int, names: frozenset[str]) -> tuple[Statement, int]:
        """An if or a probability with what follows it; the index after them."""
        b = blocks[k]
        line = b.head
        chance = _match(r"with\s+probability\s+(.+):", line.text)
        test = _match(r"(?:if|elif)\s+(.+):", line.text)
        if not chance and not test:
            self.header(line)
        then = self.inside(b, names)
        orelse: Body = ()
        k += 1
        if k < len(blocks):
            following = blocks[k]
            if _match(r"(?:else|otherwise)\s*:", following.head.text):
                orelse = self.inside(following, names)
                k += 1
            elif _match(r"elif\b.*", following.head.text) and test:
                nested, k = self.branches(blocks, k, names)
                orelse = (nested,)
        if chance:
            return Chance(self.size(line, chance.span(1), names), then, orelse, self.place(line)), k
        if test is None:
            raise TypeError("a branch without a condition")
        event = _match(r'"([^"]*)"', test[1].strip())
        if event:
            if not event[1].strip():
                self.fail(line, test.start(1), "an event needs a description", 'write if "a test fails":')
            return If((), event[1].strip(), then, orelse, self.place(line)), k
        if '"' in test[1] or not re.search(r"[<>=≤≥]", test[1]):
            self.fail(
                line,
                test.start(1),
                "neither a comparison of sizes nor an event in quotes",
                'write if n > 1:, or if "the answer is wrong": for an event',
            )
        condition = tuple(
            self.relation(line, span, names) for span in _split(line.text, test.span(1), ("and", ","))
        )
        return If(condition, None, then, orelse, self.place(line)), k

    def statement(self, b: Block, names: frozenset[str]) -> Statement:
        line, text = b.head, b.head.text
        place = self.place(line)
        if m := _match(r"(parallel\s+)?for\s+(NAME)\s+in\s+(.+):", text):
            ends = _split(text, m.span(3), ("..",))
            if len(ends) != 2:
                self.fail(line, m.start(3), "the range of a loop is written a..b", "for i in 1..n:")
            self.new_name(line, m[2], m.start(2), names, "an index")
            lower, upper = (self.size(line, e, names) for e in ends)
            return Loop(m[2], lower, upper, self.inside(b, names | {m[2]}), bool(m[1]), place)
        if _match(r"parallel\s*:", text):
            return Parallel(self.inside(b, names), place)
        if m := _match(
            r"repeat\s+until\s+all\s+of\s+(.+?)\s+succeed(?:\s+with\s+probability)?\s+(.+):", text
        ):
            return Sweep(
                self.size(line, m.span(1), names),
                self.size(line, m.span(2), names),
                self.inside(b, names),
                place,
            )
        if m := _match(r"repeat\s+until\s+success(?:\s+with\s+probability)?\s+(.+):", text):
            return Retry(self.size(line, m.span(1), names), self.inside(b, names), place)
        if m := _match(r"repeat\s+(.+?)\s+times\s*:", text):
            return Loop("_", ONE, self.size(line, m.span(1), names), self.inside(b, names), False, place)
        if m := _match(r"vote\s+first-to-ahead-by\s+(.+):", text):
            parts = _split(text, m.span(1), (",",))
            if len(parts) != 2:
                self.fail(
                    line,
                    m.start(1),
                    "a vote needs the lead and the probability of a right vote",
                    "vote first-to-ahead-by k, p:",
                )
            return Vote(
                self.size(line, parts[0], names),
                self.size(line, parts[1], names),
                self.inside(b, names),
                place,
            )
        if m := _match(r"states\s+from\s+(.+):", text):
            return self.machine(b, m.start(1), [n.strip() for n in m[1].split(",")], names)
        if m := _match(r"oracle\s+(.+)", text):
            self.childless(b)
            return Oracle(m[1].strip(), place)
        if m := _match(r"(?:[\w\s,']*(?:<-|←)\s*)?(NAME)\s*\((.*)\)", text):
            self.childless(b)
            return self.call(line, m[1], m.start(1), m.span(2), names)
        self.header(line)

    def inside(self, b: Block, names: frozenset[str]) -> Body:
        if not b.body:
            self.fail(b.head, 0, "this block is empty", "indent its statements below it; `pass` does nothing")
        return self.body(b.body, names)

    def childless(self, b: Block) -> None:
        if b.body:
            self.fail(b.body[0].head, 0, "unexpected indentation")

    def header(self, line: Line) -> NoReturn:
        """An unknown statement."""
        word = re.match(r"\w*", line.text)
        first = word[0] if word else ""
        hint = _HINTS.get(first)
        if hint is None:
            known = [*_KEYWORDS[:13], *self.scope.models, *self.scope.algorithms]
            close = get_close_matches(first, known, 1, 0.6)
            if (
                first in ("for", "if", "parallel", "with", "repeat", "vote", "states")
                and line.text[-1] != ":"
            ):
                hint = "a block ends its first line with ':'"
            elif first in _KEYWORDS:
                hint = next(u for u in _USAGE if u.startswith(first))
            elif close:
                hint = f"did you mean {close[0]}?"
            else:
                hint = (
                    "a statement is a call M(prompt=..., reply=...), for, parallel, repeat, if, with, vote, "
                    "states, let or oracle"
                )
        self.fail(line, 0, f"unknown statement '{line.text[:60]}'", hint)

    def call(self, line: Line, name: str, at: int, span: tuple[int, int], names: frozenset[str]) -> Statement:
        if name in self.scope.models:
            return self.model_call(line, self.scope.models[name], at, span, names)
        if name in self.scope.algorithms:
            spans = _split(line.text, span, (",",)) if line.text[slice(*span)].strip() else []
            expected = self.scope.algorithms[name]
            if len(spans) != expected:
                self.fail(line, at, f"{name} takes {expected} size{'s' * (expected != 1)}, not {len(spans)}")
            return Run(name, tuple(self.size(line, s, names) for s in spans), self.place(line, at))
        known = [*self.scope.models, *self.scope.algorithms]
        close = get_close_matches(name, known, 2, 0.5)
        self.fail(
            line,
            at,
            f"'{name}' is neither a model nor an algorithm",
            f"did you mean {' or '.join(close)}?"
            if close
            else "declared: " + ", ".join(known)
            if 0 < len(known) < 9
            else "declare it under models or algorithms",
        )

    def model_call(
        self, line: Line, model: Model, at: int, span: tuple[int, int], names: frozenset[str]
    ) -> Call:
        found: dict[str, Expr] = {}
        needs: list[str] = []
        spans = _split(line.text, span, (",",)) if line.text[slice(*span)].strip() else []
        in_needs = False
        for start, end in spans:
            m = re.compile(r"\s*(?:(\w+)\s*=(?!=))?\s*(.*?)\s*$", re.S).match(line.text, start, end)
            if m is None:
                raise TypeError("an argument did not match")
            if m[1] == "needs" or m[1] is None and in_needs:
                in_needs = True
                self.capability(line, model, m[2], m.start(2))
                needs.append(m[2])
            elif m[1] in ("prompt", "reply"):
                in_needs = False
                if m[1] in found:
                    self.fail(line, m.start(1), f"'{m[1]}' is given twice")
                found[m[1]] = self.size(line, (m.start(2), end), names)
            elif m[1] is None:
                self.fail(
                    line, m.start(2), "the sizes of a call are named", f"{model.name}(prompt=..., reply=...)"
                )
            else:
                close = get_close_matches(m[1], ("prompt", "reply", "needs"), 1, 0.4)
                self.fail(
                    line,
                    m.start(1),
                    f"a call has no '{m[1]}'",
                    f"did you mean {close[0]}?" if close else "prompt, reply and needs are known",
                )
        for key in ("prompt", "reply"):
            if key not in found:
                self.fail(
                    line,
                    at,
                    f"the call does not say its {key}",
                    f"{model.name}(prompt=..., reply=...), in tokens",
                )
        return Call(model.name, found["prompt"], found["reply"], tuple(needs), self.place(line, at))

    def capability(self, line: Line, model: Model, name: str, start: int) -> None:
        if not re.fullmatch(r"[^\W\d][\w-]*", name):
            self.fail(line, start, "a capability is a name", "needs=a, b")
        if model.capabilities is not None and name not in model.capabilities:
            others = sorted(
                m.name for m in self.scope.models.values() if m.capabilities and name in m.capabilities
            )
            close = get_close_matches(name, sorted(model.capabilities), 1, 0.6)
            hint = (
                f"did you mean {close[0]}?"
                if close
                else f"{' and '.join(others)} can"
                if others
                else f"{model.name} can: {', '.join(sorted(model.capabilities)) or 'nothing'}"
            )
            self.fail(line, start, f"{model.name} is not capable of '{name}'", hint)

    def machine(self, b: Block, at: int, start: list[str], names: frozenset[str]) -> States:
        """A block of states."""
        if not b.body:
            self.inside(b, names)
        heads: dict[str, Block] = {}
        for inner in b.body:
            m = _match(r"(NAME)\s*:", inner.head.text)
            if not m:
                self.fail(inner.head, 0, "a state is expected", "write its name and ':'")
            if m[1] in heads or m[1] == "done":
                self.fail(
                    inner.head,
                    0,
                    f"the state '{m[1]}' is there already"
                    if m[1] != "done"
                    else "'done' is the exit, it has no body",
                )
            heads[m[1]] = inner
        for name in start:
            if name not in heads:
                self.unknown_state(b.head, at, name, list(heads))
        states = tuple(self.state(name, inner, [*heads, "done"], names) for name, inner in heads.items())
        return States(tuple(start), states, self.place(b.head))

    def state(self, name: str, b: Block, known: list[str], names: frozenset[str]) -> State:
        steps: list[Step] = []
        first = next(
            (n for n, x in enumerate(b.body) if _match(r"(?:otherwise\s+)?goto\b.*", x.head.text)), None
        )
        if first is None:
            self.fail(
                b.head,
                0,
                f"the state '{name}' does not say where it goes",
                "end it with goto done, or goto a state",
            )
        for n, x in enumerate(b.body[first:], first):
            line = x.head
            m = _match(r"(?:otherwise\s+)?goto\s+(NAME)(?:\s+with\s+probability\s+(.+))?", line.text)
            if not m:
                self.fail(line, 0, "only goto may follow a goto", "goto STATE with probability p")
            self.childless(x)
            if m[1] not in known:
                self.unknown_state(line, m.start(1), m[1], known)
            if m[2] is None and n != len(b.body) - 1:
                self.fail(line, 0, "a goto without a probability comes last")
            if any(s.target == m[1] for s in steps):
                self.fail(line, m.start(1), f"'{m[1]}' is named twice", "add the probabilities up")
            steps.append(Step(m[1], self.size(line, m.span(2), names) if m[2] else None, self.place(line)))
        return State(name, self.body(b.body[:first], names), tuple(steps), self.place(b.head))

    def unknown_state(self, line: Line, at: int, name: str, known: list[str]) -> NoReturn:
        close = get_close_matches(name, known, 1, 0.5)
        self.fail(
            line,
            at,
            f"unknown state '{name}'",
            f"did you mean {close[0]}?" if close else "states: " + ", ".join(known),
        )


_USAGE = (
    "for i in 1..n:",
    "parallel for i in 1..n:",
    "if n > 1:",
    "with probability p:",
    "repeat until success with probability p:, repeat until all of k succeed with probability p:, "
    "or repeat n times:",
    "vote first-to-ahead-by k, p:",
    "states from A, B:",
    "let x = n/2",
    "goto belongs to a state, see states from",
    "oracle what is assumed",
    "pass stands alone",
    "else:",
    "elif n > 1:",
    "done is written goto done",
)


def _match(pattern: str, text: str) -> re.Match[str] | None:
    return re.fullmatch(pattern.replace("NAME", _NAME), text)


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _split(text: str, span: tuple[int, int], separators: tuple[str, ...]) -> list[tuple[int, int]]:
    """The spans between separators that stand outside parentheses."""
    out, depth = [], 0
    start = n = span[0]
    while n < span[1]:
        c = text[n]
        depth += (c in "([") - (c in ")]")
        found = next(
            (
                s
                for s in separators
                if depth == 0
                and text.startswith(s, n)
                and (
                    s[0].isalpha() is False
                    or text[n - 1].isspace()
                    and text[n + len(s) : n + len(s) + 1].isspace()
                )
            ),
            None,
        )
        if found:
            out.append((start, n))
            n += len(found)
            start = n
        else:
            n += 1
    return [*out, (start, span[1])]


__all__ = ["MAX_DEPTH", "NOWHERE", "Scope", "parse_body", "relocate"]
