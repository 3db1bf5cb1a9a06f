"""Algorithms run at concrete sizes, every call counted exactly.

This is what an algorithm means.  It shares no formula with `verifier.cost.derive`: loops are run, the
forward passes of a call are added one by one, the expected numbers of rounds come from Markov chains solved
by exact linear algebra.  An event takes whichever branch is worse, measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, comb, floor

from verifier.cost.model import FORWARD_PASS, CostModel
from verifier.cost.program import (
    Body,
    Call,
    Chance,
    If,
    Let,
    Loop,
    Oracle,
    Parallel,
    Place,
    Retry,
    Run,
    Statement,
    States,
    Sweep,
    System,
    Vote,
)
from verifier.lang.ast import MEASURES, Expr, Relation
from verifier.lang.evaluate import EvaluationError, evaluate, holds

MAX_STEPS = 1_000_000
"""Most statements that are run."""
MAX_FORWARD_PASSES = 20_000
"""Longest reply whose forward passes are added one by one."""
MAX_DEPTH = 100
"""Deepest nesting of algorithms."""

Key = tuple[str, str | None]
Number = Fraction | int


class NeverEnds(Exception):
    """The run can reach a state from which it never ends."""


class TooLong(Exception):
    """The run exceeds the limits of this module."""


class NotCounted(Exception):
    """The measure has no value here: the latency of random parts that run at the same time."""


@dataclass(frozen=True)
class Counts:
    """Values by (measure, model), model None for all; latency None where it has no value."""

    values: Mapping[Key, Fraction] = field(default_factory=dict)
    random: bool = False
    no_latency: bool = False

    def get(self, measure: str, model: str | None = None) -> Fraction:
        """The value of a measure; NotCounted if it has none."""
        if measure == "latency" and self.no_latency:
            raise NotCounted(measure)
        return self.values.get((measure, model), Fraction(0))


NOTHING = Counts()


def run(
    system: System,
    name: str,
    args: Sequence[Number] = (),
    env: Mapping[str, Number] | None = None,
    *,
    cost_model: CostModel = FORWARD_PASS,
    up: bool = True,
    max_steps: int = MAX_STEPS,
) -> Counts:
    """Run an algorithm at sizes `args`, with the parameters of the system in `env`.

    An unrounded size that a formal integer parameter takes is rounded up (`up`) or down."""
    program = system.programs[name]
    values = {k: Fraction(v) for k, v in (env or {}).items()}
    for k, d in system.definitions.items():
        with suppress(EvaluationError):  # it may speak of parameters this run does not have
            values[k] = _exact(d, values)
    machine = _Machine(system, values, cost_model, up, max_steps)
    sizes = [Fraction(a) for a in args] or [values[p.name] for p in program.params]
    return machine.run(name, sizes, program.place)


def _exact(e: Expr, env: Mapping[str, Fraction]) -> Fraction:
    value = evaluate(e, env)
    if not isinstance(value, Fraction | int):
        raise EvaluationError("not a rational number")
    return Fraction(value)


class _Machine:
    def __init__(
        self, system: System, env: Mapping[str, Fraction], cost_model: CostModel, up: bool, max_steps: int
    ) -> None:
        self.system = system
        self.globals = env
        self.cost_model = cost_model
        self.up = up
        self.max_steps = max_steps
        self.steps = 0
        self.depth = 0
        self.done: dict[tuple[str, tuple[Fraction, ...]], Counts] = {}

    def value(self, e: Expr, env: Mapping[str, Fraction], place: Place) -> Fraction:
        try:
            return _exact(e, env)
        except EvaluationError as error:
            raise place.error(f"this size has no exact value: {error}") from None

    def whole(self, e: Expr, env: Mapping[str, Fraction], place: Place) -> int:
        value = self.value(e, env, place)
        if value.denominator != 1:
            raise place.error(f"{value} is not an integer", "round it: floor(...) or ceil(...)")
        return int(value)

    def run(self, name: str, args: Sequence[Fraction], place: Place) -> Counts:
        program = self.system.programs[name]
        sizes = tuple(
            Fraction(ceil(a) if self.up else floor(a)) if p.kind == "integer" else a
            for p, a in zip(program.params, args, strict=True)
        )
        key = name, sizes
        if key not in self.done:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise TooLong(f"{name} is nested more than {MAX_DEPTH} deep")
            env = {**self.globals, **{p.name: a for p, a in zip(program.params, sizes, strict=True)}}
            self.done[key] = self.body(program.body, env)
            self.depth -= 1
        return self.done[key]

    def body(self, body: Body, env: Mapping[str, Fraction], *, parallel: bool = False) -> Counts:
        parts = []
        for s in body:
            if isinstance(s, Let):
                env = {**env, s.name: self.value(s.value, env, s.place)}
            else:
                parts.append(self.statement(s, env))
        return _together(parts) if parallel else _after(parts)

    def statement(self, s: Statement, env: Mapping[str, Fraction]) -> Counts:
        self.steps += 1
        if self.steps > self.max_steps:
            raise TooLong(f"more than {self.max_steps} statements")
        match s:
            case Call():
                return self.call(s, env)
            case Run(name, args, place):
                return self.run(name, [self.value(a, env, place) for a in args], place)
            case Oracle():
                return NOTHING
            case Loop(index, lower, upper, body, parallel, place):
                first, last = self.whole(lower, env, place), self.whole(upper, env, place)
                rounds = [self.body(body, {**env, index: Fraction(i)}) for i in range(first, last + 1)]
                if parallel and rounds and any(r.random for r in rounds):
                    return self.random_parallel(
                        s, rounds, [{**env, index: Fraction(i)} for i in range(first, last + 1)]
                    )
                return _together(rounds) if parallel else _after(rounds)
            case Parallel(body):
                return self.body(body, env, parallel=True)
            case If(condition, event, then, orelse):
                if event is None:
                    return self.body(
                        then if all(self.holds(c, env, s.place) for c in condition) else orelse, env
                    )
                a, b = self.body(then, env), self.body(orelse, env)
                return Counts(
                    {
                        k: max(a.values.get(k, Fraction(0)), b.values.get(k, Fraction(0)))
                        for k in {**a.values, **b.values}
                    },
                    a.random or b.random,
                    a.no_latency or b.no_latency,
                )
            case Chance(probability, then, orelse, place):
                p = self.probability(probability, env, place)
                return _mixed([(p, self.body(then, env)), (1 - p, self.body(orelse, env))])
            case Retry(probability, body, place):
                p = self.probability(probability, env, place)
                if p == 0:
                    raise NeverEnds(str(place))
                # two states: before success and done
                return _mixed(
                    [
                        (
                            _visits(["again"], {"again": {"again": 1 - p, "done": p}}, "again")["again"],
                            self.body(body, env),
                        )
                    ]
                )
            case Sweep(count, probability, body, place):
                k, p = self.whole(count, env, place), self.probability(probability, env, place)
                if p == 0 and k > 0:
                    raise NeverEnds(str(place))
                return _mixed([(_sweeps(k, p), self.body(body, env))])
            case Vote(lead, probability, body, place):
                k, p = self.whole(lead, env, place), self.probability(probability, env, place)
                return _mixed([(_votes(k, p), self.body(body, env))])
            case States():
                return self.machine(s, env)
        raise TypeError(f"not a statement: {s}")

    def holds(self, r: Relation, env: Mapping[str, Fraction], place: Place) -> bool:
        try:
            return holds(r.op, r.left, r.right, env)
        except EvaluationError as error:
            raise place.error(f"the condition has no value: {error}") from None

    def probability(self, e: Expr, env: Mapping[str, Fraction], place: Place) -> Fraction:
        p = self.value(e, env, place)
        if not 0 <= p <= 1:
            raise place.error(f"{p} is not a probability")
        return p

    def call(self, s: Call, env: Mapping[str, Fraction]) -> Counts:
        n, t = self.value(s.prompt, env, s.place), self.value(s.reply, env, s.place)
        if n < 0 or t < 0:
            raise s.place.error(f"a {'prompt' if n < 0 else 'reply'} of {min(n, t)} tokens")
        model = self.system.models[s.model]
        m = self.value(model.size, self.globals, s.place)
        cost = Fraction(0)
        if self.cost_model.name == "forward-pass" and t.denominator == 1 and t <= MAX_FORWARD_PASSES:
            prefix: Number = int(n) if n.denominator == 1 else n  # integers add faster
            cost = m * sum(prefix + j for j in range(int(t)))
        else:
            inner = {"m": m, "n": n, "t": t}
            for key, price in (("p_in", model.p_in), ("p_out", model.p_out)):
                if price is not None:
                    inner[key] = self.value(price, self.globals, s.place)
                elif key in self.globals:
                    inner[key] = self.globals[key]
            cost = self.value(self.cost_model.formula, inner, s.place)
        found = {
            "cost": cost,
            "calls": Fraction(1),
            "prompt_tokens": n,
            "reply_tokens": t,
            "tokens": n + t,
            "latency": cost,
            "context": n,
        }
        return Counts({(measure, who): v for measure, v in found.items() for who in (None, s.model)})

    def random_parallel(self, s: Loop, rounds: list[Counts], envs: list[dict[str, Fraction]]) -> Counts:
        """Equal independent retries that run at the same time last as long as the slowest of them."""
        together = _together(rounds)
        if len(s.body) != 1 or not isinstance(s.body[0], Retry):
            return together
        retry = s.body[0]
        inner = [self.body(retry.body, e) for e in envs]
        chances = {self.probability(retry.probability, e, retry.place) for e in envs}
        if (
            any(x.random for x in inner)
            or len(chances) > 1
            or len(
                {
                    tuple(sorted((k[1] or "", v) for k, v in x.values.items() if k[0] == "latency"))
                    for x in inner
                }
            )
            > 1
        ):
            return together
        slowest = _sweeps(len(envs), chances.pop())
        values = {
            k: slowest * inner[0].values[k] if k[0] == "latency" else v for k, v in together.values.items()
        }
        return Counts(values, True, False)

    def machine(self, s: States, env: Mapping[str, Fraction]) -> Counts:
        edges: dict[str, dict[str, Fraction]] = {}
        for state in s.states:
            out: dict[str, Fraction] = {}
            left = Fraction(1)
            for step in state.steps:
                p = left if step.probability is None else self.probability(step.probability, env, step.place)
                left -= p
                if p:
                    out[step.target] = p
            if left < 0 or left > 0 and all(x.probability is not None for x in state.steps):
                raise state.place.error(f"the probabilities out of '{state.name}' do not add up to 1")
            edges[state.name] = out
        results = []
        for start in s.start:
            reached = [start]
            for n in reached:
                reached += [t for t in edges.get(n, ()) if t not in reached]
            for n in reached:
                ahead = [n]
                for x in ahead:
                    ahead += [t for t in edges.get(x, ()) if t not in ahead]
                if "done" not in ahead:
                    raise NeverEnds(f"state {n}, {s.state(n).place}")
            names = [n for n in reached if n != "done"]
            visits = _visits(names, edges, start)
            counts = _mixed([(visits[n], self.body(s.state(n).body, env)) for n in names])
            results.append(counts)
        keys = {k for r in results for k in r.values}
        return Counts(
            {k: max(r.values.get(k, Fraction(0)) for r in results) for k in keys},
            True,
            any(r.no_latency for r in results),
        )


def _after(parts: Sequence[Counts]) -> Counts:
    """One after the other."""
    return _joined(parts, parallel=False)


def _together(parts: Sequence[Counts]) -> Counts:
    """At the same time."""
    found = _joined(parts, parallel=True)
    return Counts(found.values, found.random, found.no_latency or found.random)


def _joined(parts: Sequence[Counts], *, parallel: bool) -> Counts:
    values: dict[Key, Fraction] = {}
    for part in parts:
        for k, v in part.values.items():
            old = values.get(k)
            if old is None:
                values[k] = v
            elif k[0] == "context" or parallel and k[0] == "latency":
                values[k] = max(old, v)
            else:
                values[k] = old + v
    return Counts(values, any(p.random for p in parts), any(p.no_latency for p in parts))


def _mixed(parts: Sequence[tuple[Fraction, Counts]]) -> Counts:
    """Expected values: each part as often as its weight says; the context is the largest of all parts."""
    values: dict[Key, Fraction] = {}
    for weight, part in parts:
        for k, v in part.values.items():
            values[k] = (
                max(values.get(k, Fraction(0)), v)
                if k[0] == "context"
                else values.get(k, Fraction(0)) + weight * v
            )
    return Counts(values, True, any(p.no_latency for _, p in parts))


def _visits(
    names: Sequence[str], edges: Mapping[str, Mapping[str, Fraction]], start: str
) -> dict[str, Fraction]:
    """Expected visits of each state before `done`: v_t = [t = start] + sum_s v_s P(s, t), by Gaussian
    elimination."""
    n = len(names)
    rows = [
        [Fraction(int(i == j)) - edges[names[j]].get(names[i], Fraction(0)) for j in range(n)]
        + [Fraction(int(names[i] == start))]
        for i in range(n)
    ]
    for c in range(n):
        pivot = next(r for r in range(c, n) if rows[r][c])
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [x / rows[c][c] for x in rows[c]]
        for r in range(n):
            if r != c and rows[r][c]:
                factor = rows[r][c]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[c], strict=True)]
    return {name: rows[i][n] for i, name in enumerate(names)}


def _sweeps(k: int, p: Fraction) -> Fraction:
    """Expected sweeps until k items have succeeded: a chain over the number of items that are left."""
    q = 1 - p
    expected = [Fraction(0)]
    for r in range(1, k + 1):
        later = sum((comb(r, j) * q**j * p ** (r - j) * expected[j] for j in range(r)), Fraction(0))
        expected.append((1 + later) / (1 - q**r))
    return expected[max(k, 0)]


def _votes(k: int, p: Fraction) -> Fraction:
    """Expected steps of the walk on -k..k from 0 with steps +1 (probability p) and -1, until it reaches an
    end."""
    if k <= 0:
        return Fraction(0)
    names = [str(x) for x in range(1 - k, k)]
    edges = {
        str(x): {str(x + 1) if x + 1 < k else "done": p, str(x - 1) if x - 1 > -k else "done ": 1 - p}
        for x in range(1 - k, k)
    }
    return sum(_visits(names, edges, "0").values(), Fraction(0))


__all__ = ["MEASURES", "Counts", "NeverEnds", "NotCounted", "TooLong", "run"]
