"""Programs to pseudo-code: `parse_body` reads it back."""

from __future__ import annotations

from verifier.cost.program import (
    Body,
    Call,
    Chance,
    If,
    Let,
    Loop,
    Oracle,
    Parallel,
    Program,
    Retry,
    Run,
    Statement,
    States,
    Sweep,
    Vote,
)
from verifier.lang.show import ascii, ascii_relation


def pseudocode(program: Program) -> str:
    """The program with its head."""
    return f"{program.name}({', '.join(p.name for p in program.params)}):\n{body_text(program.body, 1)}"


def body_text(body: Body, depth: int = 0) -> str:
    """The statements of a body, indented `depth` times."""
    lines: list[str] = []
    for s in body:
        _write(s, lines, depth)
    if not body:
        _put(lines, depth, "pass")
    return "\n".join(lines)


def _put(lines: list[str], depth: int, text: str) -> None:
    lines.append("    " * depth + text)


def _block(lines: list[str], depth: int, head: str, body: Body) -> None:
    _put(lines, depth, head + ":")
    lines.append(body_text(body, depth + 1))


def _write(s: Statement, lines: list[str], depth: int) -> None:
    match s:
        case Call(model, prompt, reply, needs):
            extra = f", needs={', '.join(needs)}" if needs else ""
            _put(lines, depth, f"{model}(prompt={ascii(prompt)}, reply={ascii(reply)}{extra})")
        case Run(name, args):
            _put(lines, depth, f"{name}({', '.join(map(ascii, args))})")
        case Let(name, value):
            _put(lines, depth, f"let {name} = {ascii(value)}")
        case Oracle(description):
            _put(lines, depth, f"oracle {description}")
        case Loop("_", _, upper, body):
            _block(lines, depth, f"repeat {ascii(upper)} times", body)
        case Loop(index, lower, upper, body, parallel):
            _block(
                lines, depth, f"{'parallel ' * parallel}for {index} in {ascii(lower)}..{ascii(upper)}", body
            )
        case Parallel(body):
            _block(lines, depth, "parallel", body)
        case If(condition, event, then, orelse):
            test = f'"{event}"' if event is not None else ", ".join(map(ascii_relation, condition))
            _block(lines, depth, f"if {test}", then)
            if orelse:
                _block(lines, depth, "else", orelse)
        case Chance(p, then, orelse):
            _block(lines, depth, f"with probability {ascii(p)}", then)
            if orelse:
                _block(lines, depth, "else", orelse)
        case Retry(p, body):
            _block(lines, depth, f"repeat until success with probability {ascii(p)}", body)
        case Sweep(count, p, body):
            _block(
                lines, depth, f"repeat until all of {ascii(count)} succeed with probability {ascii(p)}", body
            )
        case Vote(lead, p, body):
            _block(lines, depth, f"vote first-to-ahead-by {ascii(lead)}, {ascii(p)}", body)
        case States(start, states):
            _put(lines, depth, f"states from {', '.join(start)}:")
            for state in states:
                _put(lines, depth + 1, f"{state.name}:")
                if state.body:
                    lines.append(body_text(state.body, depth + 2))
                for step in state.steps:
                    chance = (
                        "" if step.probability is None else f" with probability {ascii(step.probability)}"
                    )
                    _put(lines, depth + 2, f"goto {step.target}{chance}")
