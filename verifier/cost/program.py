"""Abstract syntax of algorithms whose only priced step is a call of a language model.

A `Program` is a body of statements over sizes.  What the texts say is left out: only lengths, repetitions,
branches and probabilities remain, so every statement has a cost that is an expression in the parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from verifier.kernel.claim import Parameter
from verifier.lang.ast import Expr, Relation
from verifier.lang.errors import Position, SourceError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands, with its source line for a caret."""

    position: Position = field(default_factory=Position)
    line: str | None = None

    def error(self, message: str, hint: str | None = None) -> SourceError:
        """The error to raise about this place."""
        return SourceError(message, position=self.position, text=self.line, hint=hint)

    def __str__(self) -> str:
        return f"line {self.position.line}"


NOWHERE = Place()
Locate = Callable[[int, int], Place]
"""(line, column) of a text, counted from 1, to the place in its file."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a model: a prompt of `prompt` tokens, a reply of `reply` tokens."""

    model: str
    prompt: Expr
    reply: Expr
    needs: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Loop:
    """for index in lower..upper, both ends included; empty if upper < lower.  `parallel`: all at the same
    time."""

    index: str
    lower: Expr
    upper: Expr
    body: Body
    parallel: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Statements that run at the same time."""

    body: Body
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    """A branch on sizes (`condition` a conjunction), or on an event the sizes do not determine (`event`, a
    description): then either branch may be taken and the worst one counts."""

    condition: tuple[Relation, ...]
    event: str | None
    then: Body
    orelse: Body = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Chance:
    """`then` with the probability, else `orelse`; independent of everything before."""

    probability: Expr
    then: Body
    orelse: Body = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Retry:
    """The body again and again until a round succeeds; rounds succeed independently with the probability."""

    probability: Expr
    body: Body
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Sweep:
    """The body again and again until each of `count` items has succeeded in some round; in a round each item
    succeeds independently with the probability, and stays solved."""

    count: Expr
    probability: Expr
    body: Body
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Vote:
    """The body is one vote, right with the probability; voting ends when one of two answers is ahead by
    `lead`."""

    lead: Expr
    probability: Expr
    body: Body
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """goto target; probability None: whatever probability the other steps of the state leave."""

    target: str
    probability: Expr | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """A state of a `States` machine: run the body, then move."""

    name: str
    body: Body
    steps: tuple[Step, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class States:
    """A finite Markov chain with an exit called `done`; it starts in the worst of the `start` states."""

    start: tuple[str, ...]
    states: tuple[State, ...]
    place: Place = field(default=NOWHERE, compare=False)

    def state(self, name: str) -> State:
        """The state of that name; KeyError if there is none."""
        for s in self.states:
            if s.name == name:
                return s
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Run:
    """Another algorithm, or this one."""

    algorithm: str
    args: tuple[Expr, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Oracle:
    """An assumed, free decomposition."""

    description: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Let:
    """A name for a size, to the end of the block."""

    name: str
    value: Expr
    place: Place = field(default=NOWHERE, compare=False)


Statement = Call | Loop | Parallel | If | Chance | Retry | Sweep | Vote | States | Run | Oracle | Let
Body = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """An algorithm: formal parameters (sizes) and a body."""

    name: str
    params: tuple[Parameter, ...]
    body: Body
    about: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Model:
    """A language model: its size, prices a token, and what it can do (None: anything)."""

    name: str
    size: Expr
    capabilities: frozenset[str] | None = None
    p_in: Expr | None = None
    p_out: Expr | None = None


@dataclass(frozen=True, slots=True)
class System:
    """Everything the cost of an algorithm depends on."""

    parameters: tuple[Parameter, ...]
    models: Mapping[str, Model]
    programs: Mapping[str, Program]
    assumptions: tuple[Relation, ...] = ()
    definitions: Mapping[str, Expr] = field(default_factory=dict)
    """Names for expressions in the parameters, which bodies may use."""


def blocks(s: Statement) -> tuple[Body, ...]:
    """The bodies directly inside a statement."""
    match s:
        case Loop() | Parallel() | Retry() | Sweep() | Vote():
            return (s.body,)
        case If() | Chance():
            return (s.then, s.orelse)
        case States():
            return tuple(state.body for state in s.states)
    return ()


def statements(body: Body) -> Iterator[Statement]:
    """Every statement of a body, outer ones first."""
    for s in body:
        yield s
        for inner in blocks(s):
            yield from statements(inner)


def callees(program: Program) -> frozenset[str]:
    """Names of the algorithms a program runs."""
    return frozenset(s.algorithm for s in statements(program.body) if isinstance(s, Run))


def reachable(programs: Mapping[str, Program], name: str) -> tuple[str, ...]:
    """The algorithm and those it runs, directly or not, in the order they are met."""
    found = [name]
    for n in found:
        found += sorted(c for c in callees(programs[n]) if c not in found)
    return tuple(found)


def recursive(programs: Mapping[str, Program]) -> frozenset[str]:
    """Names of the algorithms that run themselves, directly or through others."""
    return frozenset(n for n, p in programs.items() if any(n in reachable(programs, c) for c in callees(p)))


def required_capabilities(system: System, name: str) -> dict[str, frozenset[str]]:
    """For each model an algorithm calls: the capabilities its calls need."""
    out: dict[str, frozenset[str]] = {}
    for n in reachable(system.programs, name):
        for s in statements(system.programs[n].body):
            if isinstance(s, Call):
                out[s.model] = out.get(s.model, frozenset()) | frozenset(s.needs)
    return out
