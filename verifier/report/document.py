"""Prose with formulas, and its four forms: plain text, Markdown, LaTeX and HTML.

A document is a list of blocks; running text is a list of strings and formulas.  Formulas are trees of the language, so
each form typesets them in its own way: ASCII, `$...$`, LaTeX, MathML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import fill

from verifier.lang.ast import App, Expr, Measure, Num, Relation, Var
from verifier.lang.show import ascii, ascii_relation, latex, latex_relation, mathml, mathml_relation

Formula = Expr | Relation
Inline = str | Formula
Run = Sequence[Inline]
"""Running text."""

WIDTH = 100
BREAK = 100
LONG = 60
"""Formulas of more characters than this in ASCII stand on a line of their own."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the document, level 1 to 4."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a paragraph with a `lead` starts with it in bold."""

    run: Run
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on its own line, with its number in the proof, if it has one."""

    formula: Formula
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered steps: a number, blocks."""

    items: Sequence[tuple[str, Sequence[Block]]]


Block = Heading | Paragraph | Display | Steps


def is_long(f: Formula) -> bool:
    """Whether the formula deserves a line of its own."""
    return len(_ascii(f)) > LONG


def _ascii(f: Formula) -> str:
    return ascii_relation(f) if isinstance(f, Relation) else ascii(f)


def _latex(f: Formula) -> str:
    return latex_relation(f) if isinstance(f, Relation) else latex(f)


def _is_formula(x: Inline) -> bool:
    return isinstance(x, Num | Var | App | Measure | Relation)


# ------------------------------------------------------------------ plain text


def to_text(blocks: Sequence[Block], indent: int = 0) -> str:
    """Plain text, filled to a line length of WIDTH."""
    out = []
    pad = " " * indent
    for b in blocks:
        match b:
            case Heading(text, _):
                out.append(f"{pad}{text}\n{pad}{'-' * len(text)}")
            case Paragraph(run, lead):
                body = (f"{lead}. " if lead else "") + "".join(x if isinstance(x, str) else _ascii(x) for x in run)
                out.append(
                    fill(
                        body, WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
                    )
                )
            case Display(formula, number):
                out.append(f"{pad}    {_ascii(formula)}" + (f"    ({number})" if number else ""))
            case Steps(items):
                for number, content in items:
                    body = to_text(content, indent + 5)
                    label = f"({number})"
                    gap = " " if len(label) >= 5 else " " * (5 - len(label))
                    out.append(f"{pad}{label}{gap}" + body[indent + 5 :])
    return "\n\n".join(out)


# ------------------------------------------------------------------ Markdown

_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_[]<>#|"})


def markdown_text(text: str) -> str:
    """Text in which Markdown sees nothing of its own."""
    return text.translate(_MARKDOWN)


def to_markdown(blocks: Sequence[Block], depth: int = 0) -> str:
    """Markdown with formulas between dollar signs."""
    out = []
    pad = "   " * depth
    for b in blocks:
        match b:
            case Heading(text, level):
                out.append(f"{'#' * (level + 1)} {markdown_text(text)}")
            case Paragraph(run, lead):
                body = (f"**{markdown_text(lead)}.** " if lead else "") + "".join(
                    markdown_text(x) if isinstance(x, str) else f"${_latex(x)}$" for x in run
                )
                out.append(pad + body)
            case Display(formula, number):
                tag = f" \\tag{{{number}}}" if number else ""
                out.append(f"{pad}$$\n{pad}{_latex(formula)}{tag}\n{pad}$$")
            case Steps(items):
                lines = []
                for number, content in items:
                    body = to_markdown(content, depth + 1).lstrip()
                    lines.append(f"{pad}{number.split('.')[-1]}. {body}")
                out.append("\n".join(lines))
    return "\n\n".join(out)


# ------------------------------------------------------------------ LaTeX

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "\u2013": "--",
    "\u2014": "---",
    "\u2018": "`",
    "\u2019": "'",
    "\u201c": "``",
    "\u201d": "''",
    "\u2026": r"\dots{}",
    "|": r"\textbar{}",
    '"': "''",
}


def latex_text(text: str) -> str:
    """Text for pdflatex: specials escaped, what has no character in T1 spelt as U+XXXX."""
    out = []
    for c in text:
        if c in _LATEX:
            out.append(_LATEX[c])
        elif ord(c) < 0x180 or c == "\n":
            out.append(c)
        else:
            out.append(f"[U+{ord(c):04X}]")
    return "".join(out)


def to_latex(blocks: Sequence[Block], depth: int = 0) -> str:
    """LaTeX for amsmath; lists nest at most four deep, as LaTeX allows."""
    out = []
    for b in blocks:
        match b:
            case Heading(text, _):
                out.append(rf"\medskip\noindent\textbf{{{latex_text(text)}.}}\enspace")
            case Paragraph(run, lead):
                body = "".join(latex_text(x) if isinstance(x, str) else f"${_latex(x)}$" for x in run)
                out.append((rf"\textit{{{latex_text(lead)}.}} " if lead else "") + body)
            case Display(formula, number):
                tag = rf"\tag{{{number}}}" if number else ""
                body = _latex(formula)
                if isinstance(formula, Relation) and len(_ascii(formula)) > BREAK:  # the two sides on two lines
                    op = _latex(Relation(formula.op, Var("x"), Var("x"))).replace("x", "", 1).rstrip()
                    right = _latex(formula.right)
                    after = op[: op.index("x")] + right + op[op.index("x") + 1 :]
                    body = f"\\begin{{aligned}}\n&{_latex(formula.left)}\\\\\n&\\qquad {after.strip()}\n\\end{{aligned}}"
                out.append("\\[\n" + body + tag + "\n\\]")
            case Steps(items):
                lines = []
                for number, content in items:
                    label = number.replace(".", r".\,")
                    lines.append(rf"\item[({label})] " + to_latex(content, depth + 1))
                if depth < 4:
                    out.append("\\begin{itemize}\n" + "\n".join(lines) + "\n\\end{itemize}")
                else:
                    out.append("\n\n".join(line.replace(r"\item[", r"\noindent[", 1) for line in lines))
    return "\n\n".join(out)


# ------------------------------------------------------------------ HTML


def to_html(blocks: Sequence[Block], heading: int = 3) -> str:
    """HTML with MathML; headings start at level `heading`."""
    out = []
    for b in blocks:
        match b:
            case Heading(text, level):
                tag = f"h{min(6, heading + level - 2)}"
                out.append(f"<{tag}>{escape(text)}</{tag}>")
            case Paragraph(run, lead):
                out.append("<p>" + (f"<strong>{escape(lead)}.</strong> " if lead else "") + html_run(run) + "</p>")
            case Display(formula, number):
                tag = f'<span class="tag">({escape(number)})</span>' if number else ""
                out.append(
                    f'<div class="display" tabindex="0" role="group" aria-label="formula">{_mathml(formula, True)}{tag}</div>'
                )
            case Steps(items):
                rows = "".join(
                    f'<li><span class="number">({escape(n)})</span><div>{to_html(c, heading)}</div></li>' for n, c in items
                )
                out.append(f'<ol class="steps">{rows}</ol>')
    return "\n".join(out)


def html_run(run: Run) -> str:
    """Running text in HTML."""
    return "".join(escape(x) if isinstance(x, str) else _mathml(x, False) for x in run)


def _mathml(f: Formula, display: bool) -> str:
    return mathml_relation(f, display=display) if isinstance(f, Relation) else mathml(f, display=display)


__all__ = [
    "Block",
    "Display",
    "Formula",
    "Heading",
    "Inline",
    "Paragraph",
    "Run",
    "Steps",
    "html_run",
    "is_long",
    "latex_text",
    "markdown_text",
    "to_html",
    "to_latex",
    "to_markdown",
    "to_text",
]
