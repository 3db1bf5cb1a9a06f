"""Reading a specification file: from its texts to parameters, programs and equations.

Every mistake is a SourceError with the place in the file and a hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from pydantic import ValidationError

from verifier.cost.model import COST_MODELS, CostModel, cost_model
from verifier.cost.parse import Scope, parse_body, relocate
from verifier.cost.program import Model, Program, System, callees
from verifier.kernel.claim import Equation, Parameter
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, free_vars, substitute
from verifier.lang.errors import Position, SourceError
from verifier.lang.parse import parse_any, parse_any_expression, parse_claim
from verifier.lang.reader import RESERVED
from verifier.spec import document
from verifier.spec.document import Document, Path
from verifier.spec.model import AlgorithmPart, SpecFile, known_keys, parse_domain

_NAME = re.compile(r"[^\W\d]\w*")
_HEAD = re.compile(r"\s*([^\W\d]\w*)\s*(?:\(([^()]*)\))?\s*")
T = TypeVar("T")

IMPLICIT = (
    Parameter("p_in", "real", Fraction(0), True, role="constant"),
    Parameter("p_out", "real", Fraction(0), True, role="constant"),
)
"""Prices of a prompt token and of a reply token of models that do not state them: constants of a price
list."""


@dataclass(frozen=True)
class Spec:
    """A specification whose texts are read.

    `programs` holds each algorithm under its name and each of its readings under `name@reading`;
    `variants` lists those readings."""

    file: str | None
    document: Document
    content: SpecFile
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Relation, ...]
    definitions: Mapping[str, Expr]
    models: Mapping[str, Model]
    programs: Mapping[str, Program]
    variants: Mapping[str, tuple[str, ...]]
    recurrences: Mapping[str, tuple[Equation, ...]]
    cost_model: CostModel

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Names of the algorithms, in the order of the file."""
        return tuple(dict.fromkeys(n.partition("@")[0] for n in self.programs))

    @property
    def names(self) -> frozenset[str]:
        """Names that expressions may use."""
        return frozenset(p.name for p in self.parameters) | frozenset(self.definitions)

    @property
    def system(self) -> System:
        """What costs are derived from."""
        declared = {p.name for p in self.parameters}
        implicit = tuple(p for p in IMPLICIT if p.name not in declared)
        return System(
            (*self.parameters, *implicit), self.models, self.programs, self.assumptions, self.definitions
        )


def load(path: str) -> Spec:
    """The specification in a YAML file; SourceError."""
    return build(document.read(str(path)))


def loads(text: str, file: str | None = None) -> Spec:
    """The specification in a YAML text; SourceError."""
    return build(document.parse(text, file))


def build(doc: Document) -> Spec:
    """The specification of a document."""
    return _Loader(doc, _validated(doc)).spec()


# ---------------------------------------------------------------- shape


def _validated(doc: Document) -> SpecFile:
    if not isinstance(doc.data, dict):
        raise doc.place(()).error("a specification is a mapping", "start with `title: ...`")
    try:
        return SpecFile.model_validate(doc.data)
    except ValidationError as error:
        # unknown keys first: a misspelt key is the reason why another one is missing
        found = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")[0]
        raise _shape_error(doc, found) from None


def _shape_error(doc: Document, found: object) -> SourceError:
    e: dict[str, object] = dict(found)  # type: ignore[call-overload]
    path: Path = tuple(p for p in e["loc"] if p != "[key]")  # type: ignore[attr-defined]
    kind, message = str(e["type"]), str(e["msg"])
    hint: str | None = None
    place = doc.place(path)
    if kind == "extra_forbidden":
        known = known_keys(path[:-1])
        close = get_close_matches(str(path[-1]), known, 1, 0.5)
        hint = f"did you mean {close[0]}?" if close else "keys here: " + ", ".join(known) if known else None
        return doc.place(path, key=True).error(f"unknown key '{str(path[-1])[:60]}'", hint)
    if kind == "missing":
        message = f"the key '{path[-1]}' is missing"
        place = doc.place(path[:-1])
    elif kind in ("dict_type", "model_type", "model_attributes_type"):
        message = "a mapping is expected here"
    elif kind == "list_type":
        message = "a list of texts is expected here"
    elif kind == "string_type":
        message = "a text is expected here"
    elif kind == "literal_error":
        given = str(e.get("input"))
        options = re.findall(r"'([^']*)'", str(e["msg"]))
        close = get_close_matches(given, options, 1, 0.5)
        message = f"'{given[:60]}' is not one of {', '.join(options)}"
        hint = f"did you mean {close[0]}?" if close else None
    elif kind == "value_error":
        message = message.removeprefix("Value error, ")
    return place.error(message, hint)


# ---------------------------------------------------------------- contents


class _Loader:
    def __init__(self, doc: Document, content: SpecFile) -> None:
        self.doc = doc
        self.content = content

    def spec(self) -> Spec:
        parameters = self.parameters()
        declared = frozenset(p.name for p in parameters)
        definitions = self.definitions(declared)
        self.names = declared | frozenset(definitions)
        parameters, assumptions = self.assumptions(parameters, definitions)
        models = self.models(definitions)
        programs, variants = self.algorithms(parameters, models)
        return Spec(
            self.doc.file,
            self.doc,
            self.content,
            parameters,
            assumptions,
            definitions,
            models,
            programs,
            variants,
            self.recurrences(definitions),
            self.model_of_cost(("cost_model",), self.content.cost_model),
        )

    def name(self, name: str, path: Path, kind: str) -> None:
        """Refuse what cannot be a name."""
        place = self.doc.place(path, key=True)
        if not _NAME.fullmatch(name):
            raise place.error(
                f"'{name[:60]}' cannot name {kind}", "a name is a letter followed by letters, digits and _"
            )
        if name in RESERVED:
            raise place.error(f"'{name}' is reserved and cannot name {kind}")

    def parameters(self) -> tuple[Parameter, ...]:
        out = []
        for name, part in self.content.parameters.items():
            path: Path = ("parameters", name)
            self.name(name, path, "a parameter")
            try:
                out.append(part.parameter(name))
            except ValueError as error:
                raise self.doc.place(path).error(str(error)) from None
        return tuple(out)

    def definitions(self, declared: frozenset[str]) -> dict[str, Expr]:
        """`let`, with every definition expanded."""
        let = self.content.let
        for name in let:
            self.name(name, ("let", name), "a definition")
            if name in declared:
                raise self.doc.place(("let", name), key=True).error(
                    f"'{name}' is a parameter already", "remove one of the two declarations"
                )
        raw = {
            name: expression(self.doc, ("let", name), text, declared | frozenset(let))
            for name, text in let.items()
        }
        done: dict[str, Expr] = {}
        state: dict[str, int] = {}
        for name in raw:
            todo = [name]
            while todo:
                here = todo[-1]
                waiting = [n for n in sorted(free_vars(raw[here])) if n in raw and n not in done]
                if not waiting:
                    done[here] = substitute(raw[here], done)
                    state.pop(here, None)
                    todo.pop()
                    continue
                state[here] = 1
                if waiting[0] in state:
                    cycle = [*todo[todo.index(waiting[0]) :], waiting[0]]
                    raise self.doc.place(("let", here)).error(
                        f"cyclic definition: {' -> '.join(cycle)}",
                        "a definition may only use parameters and other definitions",
                    )
                todo.append(waiting[0])
        return {name: done[name] for name in raw}

    def assumptions(
        self, parameters: tuple[Parameter, ...], definitions: Mapping[str, Expr]
    ) -> tuple[tuple[Parameter, ...], tuple[Relation, ...]]:
        """Bounds by a number narrow the parameter; the rest stays an assumption."""
        found: list[Relation] = []
        for path, text in self.assumption_texts():
            r = relation(self.doc, path, text, self.names)
            found.append(Relation(r.op, substitute(r.left, definitions), substitute(r.right, definitions)))
        narrowed, rest = narrow(parameters, found)
        for p in narrowed:
            if empty(p):
                raise self.doc.place(("parameters", p.name)).error(
                    f"nothing is left of the domain of {p.name}: its assumptions contradict each other"
                )
        return narrowed, tuple(rest)

    def assumption_texts(self) -> Iterable[tuple[Path, str]]:
        for name, part in self.content.parameters.items():
            for n, text in enumerate(part.assume):
                yield item(self.doc, ("parameters", name, "assume"), n), text
        for n, text in enumerate(self.content.assumptions):
            yield item(self.doc, ("assumptions",), n), text

    def models(self, definitions: Mapping[str, Expr]) -> dict[str, Model]:
        out: dict[str, Model] = {}
        for name, part in self.content.models.items():
            path: Path = ("models", name)
            self.name(name, path, "a model")
            read: list[Expr | None] = []
            for key in ("size", "p_in", "p_out"):
                text = getattr(part, key)
                where = (*path, key) if (*path, key) in self.doc.values else path
                read.append(
                    None
                    if text is None
                    else substitute(expression(self.doc, where, text, self.names), definitions)
                )
            size, p_in, p_out = read
            if size is None:
                raise self.doc.place(path).error("a model needs a size")
            capabilities = None if part.capabilities is None else frozenset(part.capabilities)
            out[name] = Model(name, size, capabilities, p_in, p_out)
        return out

    # -- algorithms -----------------------------------------------------------------------------

    def algorithms(
        self, parameters: tuple[Parameter, ...], models: Mapping[str, Model]
    ) -> tuple[dict[str, Program], dict[str, tuple[str, ...]]]:
        heads: dict[str, tuple[str, tuple[Parameter, ...], AlgorithmPart]] = {}
        for key, part in self.content.algorithms.items():
            m = _HEAD.fullmatch(key)
            if not m:
                raise self.doc.place(("algorithms", key), key=True).error(
                    f"'{key[:60]}' cannot name an algorithm", "write name: or name(size, size):"
                )
            name = m[1]
            self.name(name, ("algorithms", key), "an algorithm")
            if name in models or name in heads:
                raise self.doc.place(("algorithms", key), key=True).error(f"'{name}' is there already")
            heads[name] = key, self.formals(key, m[2], part, parameters), part
        arity = {name: len(formals) for name, (_, formals, _) in heads.items()}
        programs: dict[str, Program] = {}
        variants: dict[str, tuple[str, ...]] = {}
        for name, (key, formals, part) in heads.items():
            scope = Scope(self.names | {p.name for p in formals}, models, arity)
            base: Path = ("algorithms", key)
            bodies: list[tuple[str, Path, str]] = []
            if part.body is not None:
                bodies.append(
                    (
                        name,
                        base if base in self.doc.values and self.doc.text(base) else (*base, "body"),
                        part.body,
                    )
                )
            for label, text in part.readings.items():
                bodies.append((f"{name}@{label}", (*base, "readings", label), text))
            variants[name] = tuple(part.readings)
            for full, path, text in bodies:
                if not text.strip():
                    raise self.doc.place(path).error(f"the algorithm {name} is empty", "`pass` does nothing")
                body = parse_body(text, scope, locate=self.doc.locate(path))
                programs[full] = Program(full, formals, body, part.about, self.doc.place(path))
        for name, (key, _, _part) in heads.items():
            for full in [n for n in programs if n.partition("@")[0] == name]:
                for used in sorted(callees(programs[full])):
                    if used not in programs and not variants.get(used):
                        raise self.doc.place(("algorithms", key)).error(f"unknown algorithm '{used}'")
        return programs, variants

    def formals(
        self, key: str, inline: str | None, part: AlgorithmPart, parameters: tuple[Parameter, ...]
    ) -> tuple[Parameter, ...]:
        path: Path = ("algorithms", key)
        place = self.doc.place(path, key=True)
        texts: dict[str, str] = {}
        if inline is not None:
            if part.params:
                raise place.error("the sizes are given twice: after the name, and as params")
            texts = dict.fromkeys((n.strip() for n in inline.split(",") if n.strip()), "")
        elif isinstance(part.params, dict):
            texts = dict(part.params)
        else:
            texts = dict.fromkeys(part.params, "")
        out = []
        for name, domain in texts.items():
            if not _NAME.fullmatch(name) or name in RESERVED:
                raise place.error(f"'{name[:60]}' cannot name a size")
            # a size of the same name as a real parameter is of its kind; a whole size starts at 1, whatever the bounds
            # of the parameter: recursion reaches smaller ones
            same = [p for p in parameters if p.name == name and p.kind == "real"]
            try:
                found = parse_domain(domain) if domain else same[0] if same else Parameter(name)
            except ValueError as error:
                raise self.doc.place((*path, "params", name)).error(str(error)) from None
            out.append(replace(found, name=name))
        return tuple(out)

    # -- recurrences and cost models ------------------------------------------------------------

    def recurrences(self, definitions: Mapping[str, Expr]) -> dict[str, tuple[Equation, ...]]:
        parts = self.content.recurrences
        for name in parts:
            self.name(name, ("recurrences", name), "a function")
            if name in self.names:
                raise self.doc.place(("recurrences", name), key=True).error(
                    f"'{name}' is a parameter already"
                )
        out = {}
        for name, part in parts.items():
            path: Path = ("recurrences", name)
            if (*path, "equations") in self.doc.values:
                path = (*path, "equations")
            equations = []
            for n, text in enumerate(part.equations):
                where = item(self.doc, path, n)
                for start, piece in _pieces(text):
                    equations.append(self.equation(where, start, piece, name, frozenset(parts), definitions))
            if not equations:
                raise self.doc.place(path).error(f"{name} has no equation", f"{name}(n) = 2*{name}(n/2) + n")
            out[name] = tuple(equations)
        return out

    def equation(
        self,
        path: Path,
        start: tuple[int, int],
        text: str,
        name: str,
        functions: frozenset[str],
        definitions: Mapping[str, Expr],
    ) -> Equation:
        m = re.match(r"\s*([^\W\d]\w*)\s*\(([^()]*)\)\s*=", text)
        place = self.doc.locate(path)(*start)
        if not m or m[1] != name:
            raise place.error(f"an equation starts with {name}(...) =", f"{name}(n) = 2*{name}(n/2) + n")
        formals = frozenset(a.strip() for a in m[2].split(",") if _NAME.fullmatch(a.strip()))
        found = read(
            self.doc,
            path,
            text,
            lambda t, p: parse_any(t, names=self.names | formals, functions=functions, position=p),
            start,
        )
        left = found.relation.left
        if (
            found.relation.op != "="
            or not isinstance(left, App)
            or not all(isinstance(a, Var | Num) for a in left.args)
        ):
            raise place.error(
                f"the left side is {name} of names or numbers", f"{name}(n) = ..., {name}(1) = ..."
            )
        values = {k: v for k, v in definitions.items() if k not in formals}
        return Equation(
            Relation("=", left, substitute(found.relation.right, values)),
            tuple(
                Relation(c.op, substitute(c.left, values), substitute(c.right, values))
                for c in found.conditions
            ),
        )

    def model_of_cost(self, path: Path, text: str) -> CostModel:
        return cost_model_at(self.doc, path, text)


def cost_model_at(doc: Document, path: Path, text: str) -> CostModel:
    """The cost model written at a path."""
    try:
        return cost_model(text)
    except SourceError as error:
        close = get_close_matches(text, COST_MODELS, 1, 0.5)
        hint = (
            f"did you mean {close[0]}?"
            if close
            else "one of " + ", ".join(COST_MODELS) + ", or a formula in m, n, t"
        )
        place = doc.locate(path)(error.position.line, error.position.column)
        raise place.error(f"not a cost model: {error.message}", hint) from None


# ---------------------------------------------------------------- texts in their places


def item(doc: Document, path: Path, n: int) -> Path:
    """The path of entry n of a list, which may be written as a single text."""
    return (*path, n) if (*path, n) in doc.values else path


def read(
    doc: Document,
    path: Path,
    text: str,
    reader: Callable[[str, Position], T],
    start: tuple[int, int] = (1, 1),
) -> T:
    """Read a text, with errors placed in the file; `start`: where it begins in the text at the path."""
    try:
        return reader(text, Position(None, *start))
    except SourceError as error:
        raise relocate(error, doc.locate(path)(error.position.line, error.position.column)) from None


def expression(doc: Document, path: Path, text: str, names: Collection[str]) -> Expr:
    """The expression at a path."""
    return read(doc, path, text, lambda t, p: parse_any_expression(t, names=names, position=p))


def relation(doc: Document, path: Path, text: str, names: Collection[str]) -> Relation:
    """The assumption at a path."""
    found = read(doc, path, text, lambda t, p: parse_any(t, names=names, position=p))
    if found.conditions:
        raise doc.place(path).error("an assumption has no conditions of its own")
    return found.relation


def condition_of(text: str, names: Collection[str]) -> tuple[Relation, ...]:
    """Conditions separated by commas, chains allowed."""
    return parse_claim("0 = 0 for " + text, names=names, position=Position(None, 1, -9)).conditions


def _pieces(text: str) -> Iterable[tuple[tuple[int, int], str]]:
    """Equations one a line or separated by `;`, with the place of each."""
    for number, row in enumerate(text.split("\n"), 1):
        column = 1
        for part in row.split(";"):
            if part.strip():
                yield (number, column), part
            column += len(part) + 1


# ---------------------------------------------------------------- bounds


def narrow(
    parameters: tuple[Parameter, ...], relations: Iterable[Relation]
) -> tuple[tuple[Parameter, ...], list[Relation]]:
    """Comparisons of a parameter with a number become its bounds; the other relations are returned."""
    table = {p.name: p for p in parameters}
    rest = []
    flipped = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "=": "="}
    for r in relations:
        op, left, right = r.op, r.left, r.right
        if isinstance(left, Num) and isinstance(right, Var) and op in flipped:
            op, left, right = flipped[op], right, left
        if (
            op in LANDAU
            or not isinstance(left, Var)
            or not isinstance(right, Num)
            or left.name not in table
            or op not in flipped
        ):
            rest.append(r)
            continue
        table[left.name] = _bounded(table[left.name], op, right.value)
    return tuple(table.values()), rest


def _bounded(p: Parameter, op: str, value: Fraction) -> Parameter:
    if op in (">", ">=", "="):
        low, is_open = (value, op == ">")
        if p.kind == "integer":
            low, is_open = Fraction(floor(value) + 1 if is_open else ceil(value)), False
        if p.lower is None or low > p.lower or low == p.lower and is_open:
            p = replace(p, lower=low, lower_open=is_open)
    if op in ("<", "<=", "="):
        high, is_open = (value, op == "<")
        if p.kind == "integer":
            high, is_open = Fraction(ceil(value) - 1 if is_open else floor(value)), False
        if p.upper is None or high < p.upper or high == p.upper and is_open:
            p = replace(p, upper=high, upper_open=is_open)
    return p


def empty(p: Parameter) -> bool:
    """Whether no value is left."""
    if p.lower is None or p.upper is None:
        return False
    return p.lower > p.upper or p.lower == p.upper and (p.lower_open or p.upper_open)
