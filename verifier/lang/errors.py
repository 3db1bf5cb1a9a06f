"""Errors in what a user wrote, with the place and a hint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source text; line and column count from 1."""

    file: str | None = None
    line: int = 1
    column: int = 1


class SourceError(Exception):
    """Bad input: what is wrong, where, and what to write instead.

    `text` is the source line shown under the message with a caret at the column."""

    def __init__(self, message: str, *, position: Position | None = None, text: str | None = None,
                 hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position or Position()
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        place = self.position
        head = f"{place.file or '<input>'}:{place.line}:{place.column}: error: {self.message}"
        lines = [head]
        if self.text is not None:
            shown, column = self.text, place.column
            if len(shown) > 160:  # a window around the caret
                start = max(0, column - 81)
                shown, column = shown[start:start + 160], column - start
            lines += ["    " + shown, "    " + " " * (column - 1) + "^"]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)
