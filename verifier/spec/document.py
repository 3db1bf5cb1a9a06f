"""YAML to plain data with the place of every key and value.

Only what a specification needs is read: one document of mappings, sequences and texts (numbers stay texts,
so that 0.1 is the rational 1/10).  Tags, merge keys and duplicate keys are refused, size, depth and the
number of values (aliases expanded) are limited; no object is ever constructed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import yaml

from verifier.cost.program import Locate, Place
from verifier.lang.errors import Position, SourceError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """The extent of a scalar in the file, counted from 0, and its style (plain, quoted or block)."""

    line: int
    column: int
    end_line: int
    end_column: int
    style: str | None = None


@dataclass(frozen=True)
class Document:
    """The data of a file and where each part of it stands."""

    file: str | None
    lines: tuple[str, ...]
    data: Any
    values: dict[Path, Spot]
    keys: dict[Path, Spot]
    _aligned: dict[Path, list[tuple[int, int]]] = field(default_factory=dict, repr=False)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where the value (or the key) at a path starts; of the nearest parent if the path does not exist."""
        path = tuple(path)
        spot = (self.keys if key else self.values).get(path)
        if spot is None and not key:
            spot = self.keys.get(path)
        if spot is None:
            return self.place(path[:-1], key=True) if path else self._at(0, 0)
        if spot.style in ("|", ">") and self._alignment(path):
            return self._at(*self._alignment(path)[0])
        return self._at(spot.line, spot.column + (spot.style in ("'", '"')))

    def locate(self, path: Path) -> Locate:
        """(line, column) in the text at a path, to the place in the file."""
        path = tuple(path)
        text = self.text(path)
        starts = [0]
        for row in text.split("\n"):
            starts.append(starts[-1] + len(row) + 1)

        def find(line: int, column: int) -> Place:
            aligned = self._alignment(path)
            if not aligned:
                return self.place(path)
            offset = starts[min(line, len(starts)) - 1] + column - 1
            if offset < len(aligned):
                return self._at(*aligned[offset])
            row, last = aligned[-1]
            return self._at(row, last + 1)

        return find

    def text(self, path: Path) -> str:
        """The text at a path, or an empty one."""
        here: Any = self.data
        for part in path:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return ""
        return here if isinstance(here, str) else ""

    def _at(self, line: int, column: int) -> Place:
        return Place(
            Position(self.file, line + 1, column + 1), self.lines[line] if line < len(self.lines) else None
        )

    def _alignment(self, path: Path) -> list[tuple[int, int]]:
        """The place of every character of a text: the file is read along with it, and what the text does
        not have (indentation, escapes, folds) is skipped."""
        if path not in self._aligned:
            self._aligned[path] = self._align(self.values.get(path), self.text(path))
        return self._aligned[path]

    def _align(self, spot: Spot | None, text: str) -> list[tuple[int, int]]:
        if spot is None:
            return []
        line, column = spot.line, spot.column
        if spot.style in ("|", ">"):
            line, column = line + 1, 0
        elif spot.style:
            column += 1
        out: list[tuple[int, int]] = []
        margin: int | None = None
        for c in text:
            row = self.lines[line] if line < len(self.lines) else ""
            if (
                spot.style == '"'
                and row[column : column + 1] == "\\"
                and len(row) > column + 1
                or spot.style == "'"
                and row[column : column + 2] == "''"
            ):
                # an escape stands for one character; a line break that is escaped away for none
                out.append((line, column))
                column += 2 + {"x": 2, "u": 4, "U": 8}.get(row[column + 1], 0)
                continue
            while line < len(self.lines):
                row = self.lines[line]
                if spot.style == "|":  # line by line: the margin is that of the first line with text
                    if margin is None:
                        first = next((x for x in self.lines[line:] if x.strip()), "")
                        margin = (
                            len(first)
                            - len(first.lstrip(" "))
                            - (len(text) - len(text.lstrip(" \n")) if text[:1] == " " else 0)
                        )
                    column = max(column, min(margin, len(row)))
                if c == "\n" or column < len(row) and row[column] == c:
                    break
                if column < len(row) and not (c.isspace() and row[column].isspace()):
                    column += 1
                elif column >= len(row):
                    line, column = line + 1, 0
                    if c == " ":
                        break
                else:
                    break
            out.append((line, column))
            if c == "\n" and spot.style in ("|", ">"):
                line, column = line + 1, 0
            elif c != "\n" and not (c == " " and column == 0 and spot.style != "|"):
                column += 1
        return out


def read(path: str) -> Document:
    """The document of a file; SourceError if it is too large, no UTF-8 or no YAML."""
    try:
        size = os.stat(path).st_size
        if size > MAX_BYTES:
            raise SourceError(
                f"the file has {size} bytes; at most {MAX_BYTES} are read",
                position=Position(path),
                hint="a specification is a short text; split it by paper",
            )
        with open(path, "rb") as f:
            raw = f.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", position=Position(path)) from None
    if len(raw) > MAX_BYTES:
        raise SourceError(f"the file has more than {MAX_BYTES} bytes", position=Position(path))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            "the file is not UTF-8 text", position=Position(path, raw.count(b"\n", 0, error.start) + 1)
        ) from None
    return parse(text, path)


def parse(text: str, file: str | None = None) -> Document:
    """The document of a text."""
    if len(text) > MAX_BYTES:
        raise SourceError(
            f"the text has {len(text)} characters; at most {MAX_BYTES} are read", position=Position(file)
        )
    return _Builder(text, file).document()


class _Builder:
    """Data from parser events, with an explicit stack: depth is limited before anything recurses."""

    def __init__(self, text: str, file: str | None) -> None:
        self.text = text
        self.file = file
        self.lines = tuple(text.split("\n"))
        self.lines = tuple(row.rstrip("\r") for row in self.lines)
        self.values: dict[Path, Spot] = {}
        self.keys: dict[Path, Spot] = {}
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = 0

    def fail(self, mark: Any, message: str, hint: str | None = None) -> SourceError:
        line, column = (mark.line, mark.column) if mark is not None else (0, 0)
        return SourceError(
            message,
            position=Position(self.file, line + 1, column + 1),
            text=self.lines[line] if line < len(self.lines) else None,
            hint=hint,
        )

    def document(self) -> Document:
        try:
            data = self.build()
        except yaml.MarkedYAMLError as error:
            message = " ".join(filter(None, (error.context, error.problem)))
            hint = (
                "quote a text that contains ': ' or starts with a special character"
                if error.problem and "mapping values" in error.problem
                else None
            )
            if error.problem and "cannot start any token" in error.problem:
                hint = "indent by spaces, not tabs" if "\t" in self.text else hint
            raise self.fail(error.problem_mark or error.context_mark, message or "not YAML", hint) from None
        except yaml.YAMLError as error:  # characters YAML does not allow
            raise SourceError(
                f"not YAML: {str(error).splitlines()[0]}", position=Position(self.file)
            ) from None
        return Document(self.file, self.lines, data, self.values, self.keys)

    def build(self) -> Any:
        root: list[Any] = []
        documents = 0
        # open collections: (container, path, pending key, anchor, values before)
        stack: list[list[Any]] = []
        for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.fail(event.start_mark, "a second document", "a file has one specification")
                continue
            if isinstance(event, yaml.NodeEvent):
                self.count += 1
                if self.count > MAX_VALUES:
                    raise self.fail(event.start_mark, f"more than {MAX_VALUES} values")
                self.node(event, stack, root)
            elif isinstance(event, yaml.CollectionEndEvent):
                container, _, pending, anchor, before = stack.pop()
                if anchor:
                    self.anchors[anchor] = container, self.count - before
        return root[0] if root else {}

    def node(self, event: Any, stack: list[list[Any]], root: list[Any]) -> None:
        top = stack[-1] if stack else None
        if top and isinstance(top[0], dict) and top[2] is None:
            self.key(event, top)
            return
        path: Path = () if top is None else (*top[1], top[2] if isinstance(top[0], dict) else len(top[0]))
        tag = getattr(event, "tag", None)
        if tag and not (isinstance(event, yaml.ScalarEvent) and event.implicit[1] and tag == "!"):
            raise self.fail(event.start_mark, f"the tag '{tag}' is not allowed", "remove it")
        mark, end = event.start_mark, event.end_mark
        value: Any
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise self.fail(mark, f"the alias '*{event.anchor}' stands inside its own anchor or has none")
            value, size = self.anchors[event.anchor]
            self.count += size
            if self.count > MAX_VALUES:
                raise self.fail(
                    mark, f"the aliases expand to more than {MAX_VALUES} values", "write them out"
                )
        elif isinstance(event, yaml.ScalarEvent):
            value = event.value
            self.values[path] = Spot(mark.line, mark.column, end.line, end.column, event.style or None)
            if event.anchor:
                self.anchors[event.anchor] = value, 1
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.values[path] = Spot(mark.line, mark.column, end.line, end.column)
            if len(stack) >= MAX_DEPTH:
                raise self.fail(mark, f"nested more than {MAX_DEPTH} deep")
        if top is None:
            root.append(value)
        elif isinstance(top[0], dict):
            top[0][top[2]] = value
            top[2] = None
        else:
            top[0].append(value)
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append([value, path, None, event.anchor, self.count])

    def key(self, event: Any, top: list[Any]) -> None:
        mark: Any = event.start_mark
        if not isinstance(event, yaml.ScalarEvent):
            raise self.fail(mark, "a key is a text")
        if event.tag and event.tag != "!":
            raise self.fail(mark, f"the tag '{event.tag}' is not allowed", "remove it")
        name = event.value
        if name == "<<":
            raise self.fail(mark, "merge keys are not supported", "write the keys out")
        if name in top[0]:
            first = self.keys[(*top[1], name)]
            raise self.fail(mark, f"the key '{name[:60]}' is there already, in line {first.line + 1}")
        top[2] = name
        end: Any = event.end_mark
        self.keys[(*top[1], name)] = Spot(mark.line, mark.column, end.line, end.column, event.style or None)
