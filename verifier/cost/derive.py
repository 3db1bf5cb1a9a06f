"""The cost of an algorithm as an expression in its sizes, or as a recurrence.

Additive measures (cost, calls, prompt_tokens, reply_tokens, tokens) add over everything that runs;
`latency` adds over what runs one after the other and takes the maximum over what runs at the same time;
`context` is the largest prompt that any run can send.  Where the algorithm is random the value is the
expectation (of `context`: the maximum); where a branch depends on an event, the worst branch counts.

    repeat until success with probability p     E = E[body]/p                      (Wald's identity)
    repeat until all of k succeed with p        E = E[max of k geometric(p)] * E[body]
    vote first-to-ahead-by k, p                 E = k*sum_{j<k} p^(k-1-j) q^j / (p^k + q^k) * E[body], q = 1-p
                                                (gambler's ruin; the quotient is (p^k-q^k)/((p-q)(p^k+q^k)))
    states                                      E_s = E[body_s] + sum_t P(s,t) E_t, solved by elimination

`verifier.cost.interpret` runs the same programs at concrete sizes; the two must agree exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from verifier.cost.facts import Facts, coefficients_in, facts_about
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
    Program,
    Retry,
    Run,
    State,
    Statement,
    States,
    Sweep,
    System,
    Vote,
    blocks,
    callees,
    reachable,
    recursive,
    statements,
)
from verifier.cost.sample import exact_values
from verifier.cost.simplify import greatest, least, minus, over, plus, raised, summed, tidy, times
from verifier.kernel.claim import Equation, Parameter
from verifier.lang.ast import MEASURES, ONE, ZERO, App, Expr, Num, Relation, Var, free_vars, num, substitute
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii, ascii_relation

ADDITIVE = ("cost", "calls", "prompt_tokens", "reply_tokens", "tokens")
ROUNDS = "_rounds"
"""The number of rounds after which a program that never ends is cut off in `Derived.expr`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A program that can reach a state from which it never ends."""

    algorithm: str
    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure of an algorithm.

    `equations` define the functions that occur in `expr`.  With `findings` the true value is infinite in
    the worst case; `expr` then counts `rounds` rounds of what never ends, a lower bound for every number of
    rounds."""

    expr: Expr
    equations: tuple[Equation, ...] = ()
    rests_on: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def functions(self) -> frozenset[str]:
        """Names of the functions the equations define."""
        return frozenset(e.relation.left.op for e in self.equations if isinstance(e.relation.left, App))


def derive(
    system: System,
    name: str,
    args: Sequence[Expr] | None = None,
    *,
    measure: str = "cost",
    model: str | None = None,
    cost_model: CostModel = FORWARD_PASS,
) -> Derived:
    """The measure of algorithm `name` at `args` (by default its own formal parameters), of the calls of one
    model if `model` is given.  SourceError where the value has no expression."""
    if measure not in MEASURES:
        raise ValueError(f"unknown measure {measure}")
    program = system.programs[name]
    work = _Derivation(system, measure, model, cost_model)
    values = tuple(Var(p.name) for p in program.params) if args is None else tuple(args)
    if len(values) != len(program.params):
        raise program.place.error(f"{name} takes {len(program.params)} sizes, not {len(values)}")
    facts = facts_about(system.parameters, system.assumptions)
    for p in program.params:
        if p.name not in facts.parameters:
            facts = facts.with_parameter(p)
    scope = _Scope(system.definitions, facts, frozenset(facts.parameters) | _free(values), name)
    expr = work.run(name, values, scope, program.place)
    equations = work.all_equations()
    return Derived(expr, equations, tuple(dict.fromkeys(work.rests_on)), tuple(dict.fromkeys(work.findings)))


def _free(exprs: Sequence[Expr]) -> frozenset[str]:
    return frozenset().union(*map(free_vars, exprs)) if exprs else frozenset()


@dataclass(frozen=True)
class _Scope:
    """Values of the names of a program, what is known, and the names that must not be captured."""

    env: Mapping[str, Expr]
    facts: Facts
    taken: frozenset[str]
    algorithm: str

    def bind(self, name: str, value: Expr) -> _Scope:
        return _Scope({**self.env, name: value}, self.facts, self.taken, self.algorithm)

    def knowing(self, facts: Facts) -> _Scope:
        return _Scope(self.env, facts, self.taken, self.algorithm)

    def value(self, e: Expr) -> Expr:
        return tidy(substitute(e, self.env))


@dataclass
class _Derivation:
    system: System
    measure: str
    model: str | None
    cost_model: CostModel
    rests_on: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.recursive = recursive(self.system.programs)
        self.additive = self.measure in ADDITIVE
        self.largest = self.measure == "context"

    # -- algorithms -----------------------------------------------------------------------------

    def function(self, name: str) -> str:
        """The function of the recurrence of an algorithm."""
        return "_".join(filter(None, (self.measure, self.model, name)))

    def run(self, name: str, args: Sequence[Expr], scope: _Scope, place: Place) -> Expr:
        """A call of an algorithm: a function if it is recursive, its body otherwise."""
        program = self.system.programs[name]
        if name in self.recursive:
            if name not in self.needed:
                self.needed.append(name)
            return (
                App(self.function(name), tuple(args))
                if args
                else self.endless(program, "it runs itself at the same size", ONE)
            )
        env = {**self.system.definitions, **dict(zip((p.name for p in program.params), args, strict=True))}
        inner = _Scope(env, scope.facts, scope.taken, name)
        return self.body(program.body, inner)

    def all_equations(self) -> tuple[Equation, ...]:
        """The equations of the recursive algorithms met, and of those they meet."""
        out: dict[str, list[tuple[frozenset[str], Equation]]] = {}
        for name in self.needed:  # grows while equations are built
            out[name] = self.equations(name)
        ends: set[str] = set()
        while True:
            more = {n for n, eqs in out.items() if any(used <= ends for used, _ in eqs)} - ends
            if not more:
                break
            ends |= more
        for name in out:
            if name not in ends:
                self.finding(name, "every way through it runs it again", self.system.programs[name].place)
        return tuple(e for eqs in out.values() for _, e in eqs)

    def equations(self, name: str) -> list[tuple[frozenset[str], Equation]]:
        """The cases of a recursive algorithm, each with the algorithms it runs."""
        program = self.system.programs[name]
        definitions = self.system.definitions
        used = {
            n: _names(self.system.programs[n].body) - {p.name for p in self.system.programs[n].params}
            for n in reachable(self.system.programs, name)
        }
        # a formal parameter must not capture a global size of the same name that others use
        used_inside = frozenset().union(
            *(names for n, names in used.items() if n != name),
            *(free_vars(definitions[d]) for names in used.values() for d in names if d in definitions),
            *(free_vars(m.size) for m in self.system.models.values()),
        )
        env: dict[str, Expr] = dict(definitions)
        facts = facts_about(self.system.parameters, self.system.assumptions)
        formals: list[Parameter] = []
        for p in program.params:
            formal = p.name
            while formal in used_inside or formal in (q.name for q in formals):
                formal += "_"
            env[p.name] = Var(formal)
            formals.append(Parameter(formal, p.kind, p.lower, p.lower_open, p.upper, p.upper_open, p.role))
        hidden = {f.name for f in formals}
        others = Facts(
            {k: v for k, v in facts.parameters.items() if k not in hidden},
            tuple(s for s in facts.slacks if free_vars(s).isdisjoint(hidden)),
        )
        out = []
        for conditions, body, known in self.closed_cases(program, formals, others, env):
            value = self.body(body, known)
            runs = frozenset(s.algorithm for s in statements(body) if isinstance(s, Run)) & self.recursive
            pinned = {
                f.name: Num(q.lower)
                for f in formals
                if (q := known.facts.parameters[f.name]).lower is not None
                and q.lower == q.upper
                and not q.lower_open
                and not q.upper_open
            }
            conditions = tuple(
                c for c in conditions if not free_vars(c.left) | free_vars(c.right) <= set(pinned)
            )
            left = App(self.function(name), tuple(pinned.get(f.name, Var(f.name)) for f in formals))
            where = tuple(
                Relation(c.op, substitute(c.left, pinned), substitute(c.right, pinned)) for c in conditions
            )
            out.append((runs, Equation(Relation("=", left, tidy(substitute(value, pinned))), where)))
        return out

    def closed_cases(
        self, program: Program, formals: list[Parameter], others: Facts, env: Mapping[str, Expr]
    ) -> list[tuple[tuple[Relation, ...], Body, _Scope]]:
        """The cases over a domain of the formal sizes that the algorithm's own calls do not leave: the declared
        one, or what begins at 0, or all integers."""
        cases = []
        for low in (Fraction(1), Fraction(0), None):
            facts = others
            lows: list[Fraction | None] = []
            for f in formals:
                own = f.lower
                if f.kind == "integer" and own is not None:
                    own = None if low is None else min(own, low) if low == 0 else own
                lows.append(own)
                facts = facts.with_parameter(replace(f, lower=own))
            scope = _Scope(env, facts, frozenset(facts.parameters), program.name)
            cases = self.cases(program.body, (), scope)
            if all(
                own is None or known.nonnegative(minus(arg, Num(own)))
                for _, body, scope in cases
                for args, known in self.own_calls(program.name, body, scope)
                for own, arg in zip(lows, args, strict=True)
            ):
                break
        return cases

    def own_calls(self, name: str, body: Body, scope: _Scope) -> Iterator[tuple[list[Expr], Facts]]:
        """The sizes at which a body runs an algorithm, and what is known there."""
        for s in body:
            if isinstance(s, Let):
                scope = scope.bind(s.name, scope.value(s.value))
            elif isinstance(s, Run) and s.algorithm == name:
                yield [scope.value(a) for a in s.args], scope.facts
            elif isinstance(s, Loop):
                facts = scope.facts.with_index(s.index, scope.value(s.lower), scope.value(s.upper))
                yield from self.own_calls(name, s.body, scope.knowing(facts).bind(s.index, Var(s.index)))
            elif isinstance(s, If) and s.event is None:
                for tests, truth in _alternatives(
                    [Relation(c.op, scope.value(c.left), scope.value(c.right)) for c in s.condition]
                ):
                    facts = scope.facts
                    for r in tests:
                        facts = facts.assume(r)
                    yield from self.own_calls(name, s.then if truth else s.orelse, scope.knowing(facts))
            else:
                for inner in blocks(s):
                    yield from self.own_calls(name, inner, scope)

    def cases(
        self, body: Body, conditions: tuple[Relation, ...], scope: _Scope
    ) -> list[tuple[tuple[Relation, ...], Body, _Scope]]:
        """The body split at the conditions on sizes outside loops: conditions, what runs, what is known."""
        for k, s in enumerate(body):
            if isinstance(s, Let):
                rest = tuple(_substituted(x, s.name, scope.value(s.value)) for x in body[k + 1 :])
                return self.cases((*body[:k], *rest), conditions, scope)
            if isinstance(s, If) and s.event is None:
                out = []
                tests = [Relation(c.op, scope.value(c.left), scope.value(c.right)) for c in s.condition]
                for extra, truth in _alternatives(tests):
                    facts: Facts | None = scope.facts
                    kept: list[Relation] = []
                    for r in extra:
                        if facts is None or any(facts.holds(n) for n in _negations(r)[:1]) and r.op != "=":
                            facts = None
                            break
                        if r.op == "=" and any(facts.holds(n) for n in _negations(r)):
                            facts = None
                            break
                        if not facts.holds(r):
                            kept.append(_integral(r, facts))
                        facts = facts.assume(r)
                    if facts is not None:
                        chosen = s.then if truth else s.orelse
                        out += self.cases(
                            (*body[:k], *chosen, *body[k + 1 :]), (*conditions, *kept), scope.knowing(facts)
                        )
                return out
        return [(conditions, body, scope)]

    # -- statements -----------------------------------------------------------------------------

    def body(self, body: Body, scope: _Scope, *, parallel: bool = False) -> Expr:
        """Statements one after the other, or at the same time."""
        values = []
        for s in body:
            if isinstance(s, Let):
                scope = scope.bind(s.name, scope.value(s.value))
            else:
                values.append(self.statement(s, scope))
        return self.join(values, scope, parallel=parallel)

    def join(self, values: Sequence[Expr], scope: _Scope, *, parallel: bool) -> Expr:
        """The value of parts that run one after the other, or at the same time."""
        if self.additive or not self.largest and not parallel:
            return plus(*values)
        return self.worst(values, scope)

    def worst(self, values: Sequence[Expr], scope: _Scope) -> Expr:
        """The maximum of values that are >= 0, without those another one is known to exceed."""
        kept: list[Expr] = []
        for v in values:
            if v == ZERO or any(_at_least(k, v, scope.facts) for k in kept):
                continue
            kept = [k for k in kept if not _at_least(v, k, scope.facts)] + [v]
        return greatest(*kept) if kept else ZERO

    def statement(self, s: Statement, scope: _Scope) -> Expr:
        match s:
            case Call():
                return self.call(s, scope)
            case Run(name, args, place):
                return self.run(name, [scope.value(a) for a in args], scope, place)
            case Oracle(description, place):
                self.rests_on.append(f"oracle: {description} ({scope.algorithm}, {place})")
                return ZERO
            case Loop():
                return self.loop(s, scope)
            case Parallel(body, place):
                if self.measure == "latency" and any(self.random((b,)) for b in body):
                    raise _random_parallel(place)
                return self.body(body, scope, parallel=True)
            case If():
                return self.branch(s, scope)
            case Chance():
                return self.chance(s, scope)
            case Retry(probability, body, place):
                return self.retry(scope.value(probability), self.body(body, scope), place, scope)
            case Sweep():
                return self.sweep(s, scope)
            case Vote():
                return self.vote(s, scope)
            case States():
                return self.machine(s, scope)
        raise TypeError(f"not a statement: {s}")

    def call(self, s: Call, scope: _Scope) -> Expr:
        prompt, reply = scope.value(s.prompt), scope.value(s.reply)
        for what, size in (("prompt", prompt), ("reply", reply)):
            if not scope.facts.nonnegative(size):
                self.rests_on.append(f"{what} size {ascii(size)} >= 0 ({scope.algorithm}, {s.place})")
        if self.model not in (None, s.model):
            return ZERO
        match self.measure:
            case "calls":
                return ONE
            case "prompt_tokens" | "context":
                return prompt
            case "reply_tokens":
                return reply
            case "tokens":
                return plus(prompt, reply)
        return self.cost_model.price(self.system.models[s.model], s, scope.env)

    def loop(self, s: Loop, scope: _Scope) -> Expr:
        lower, upper = scope.value(s.lower), scope.value(s.upper)
        for end in (lower, upper):
            if not scope.facts.integer(end):
                raise s.place.error(
                    f"the loop runs to {ascii(end)}, which need not be an integer",
                    "round it: floor(...) or ceil(...)",
                )
        index = s.index
        while index in scope.taken or index == "_":
            index = "i" if index == "_" else index + "_"
        count = minus(plus(upper, ONE), lower)
        exact = scope.facts.nonnegative(count)
        inner = _Scope(
            {**scope.env, s.index: Var(index)},
            scope.facts.with_index(index, lower, upper),
            scope.taken | {index},
            scope.algorithm,
        )
        if self.measure == "latency" and s.parallel and self.random(s.body):
            return self.parallel_retry(s, inner, index, count if exact else greatest(count, ZERO))
        term = self.body(s.body, inner)
        if term == ZERO:
            return ZERO
        if self.additive or not self.largest and not s.parallel:
            return summed(
                term,
                index,
                lower,
                upper if exact else greatest(upper, minus(lower, ONE)),
                count if exact else greatest(count, ZERO),
            )
        value = _largest(term, index, lower, upper, inner.facts)
        if value is None:
            raise s.place.error(
                f"the largest {self.measure} over the loop, of {ascii(term)}, was not found",
                "split the loop where the value stops rising or falling",
            )
        if scope.facts.nonnegative(minus(count, ONE)):
            return value
        return times(least(ONE, count if exact else greatest(count, ZERO)), value)

    def parallel_retry(self, s: Loop, inner: _Scope, index: str, count: Expr) -> Expr:
        """The latency of equal independent retries at the same time: the maximum of geometric variables."""
        match s.body:
            case (Retry(probability, body, place),) if not self.random(body):
                p, value = inner.value(probability), self.body(body, inner)
                if index not in free_vars(p) | free_vars(value):
                    self.probability(p, place, inner)
                    self.rests_on.append(
                        f"the retries of the parallel loop are independent ({inner.algorithm}, {place})"
                    )
                    return times(App("max_geometric", (count, p)), value)
        raise _random_parallel(s.place)

    def branch(self, s: If, scope: _Scope) -> Expr:
        if s.event is not None:
            return self.worst([self.body(s.then, scope), self.body(s.orelse, scope)], scope)
        tests = [Relation(c.op, scope.value(c.left), scope.value(c.right)) for c in s.condition]
        if all(scope.facts.holds(t) for t in tests):
            return self.body(s.then, scope)
        parts = []
        for extra, truth in _alternatives(tests):
            facts = scope.facts
            for r in extra:
                facts = facts.assume(r)
            value = self.body(s.then if truth else s.orelse, scope.knowing(facts))
            parts.append((value, times(*(_indicator(r, scope.facts, s.place) for r in extra))))
        if len({v for v, _ in parts}) == 1:
            return parts[0][0]
        return plus(*(times(i, v) for v, i in parts))

    def chance(self, s: Chance, scope: _Scope) -> Expr:
        p = scope.value(s.probability)
        self.probability(p, s.place, scope, positive=False)
        then, orelse = self.body(s.then, scope), self.body(s.orelse, scope)
        if self.largest:
            return self.worst([then, orelse], scope)
        self.rests_on.append(
            f"the branch has probability {ascii(p)} whatever happened before ({scope.algorithm}, {s.place})"
        )
        return plus(times(p, then), times(minus(ONE, p), orelse))

    def retry(self, p: Expr, value: Expr, place: Place, scope: _Scope) -> Expr:
        if not self.probability(p, place, scope):
            return self.endless_here(
                scope.algorithm, f"success has probability {ascii(p)}, so the rounds never end", place, value
            )
        if self.largest:
            return value
        self.rests_on.append(
            f"the rounds succeed independently, each with probability {ascii(p)} ({scope.algorithm}, {place})"
        )
        return over(value, p)

    def sweep(self, s: Sweep, scope: _Scope) -> Expr:
        count, p = scope.value(s.count), scope.value(s.probability)
        value = self.body(s.body, scope)
        if not scope.facts.integer(count):
            raise s.place.error(
                f"the number of items {ascii(count)} need not be an integer",
                "round it: floor(...) or ceil(...)",
            )
        if not scope.facts.nonnegative(minus(count, ONE)):
            self.rests_on.append(f"{ascii(count)} >= 1 ({scope.algorithm}, {s.place})")
        if not self.probability(p, s.place, scope):
            return self.endless_here(
                scope.algorithm,
                f"an item succeeds with probability {ascii(p)}, so the sweeps never end",
                s.place,
                value,
            )
        if self.largest:
            return value
        self.rests_on.append(
            f"the {ascii(count)} items succeed independently, each with probability {ascii(p)} a sweep "
            f"({scope.algorithm}, {s.place})"
        )
        return times(App("max_geometric", (count, p)), value)

    def vote(self, s: Vote, scope: _Scope) -> Expr:
        lead, p = scope.value(s.lead), scope.value(s.probability)
        value = self.body(s.body, scope)
        if not scope.facts.integer(lead):
            raise s.place.error(
                f"the lead {ascii(lead)} need not be an integer", "round it: floor(...) or ceil(...)"
            )
        if not scope.facts.nonnegative(minus(lead, ONE)):
            self.rests_on.append(f"{ascii(lead)} >= 1 ({scope.algorithm}, {s.place})")
        self.probability(p, s.place, scope, positive=False)
        if self.largest:
            return value
        self.rests_on.append(
            f"the votes are independent and fall on two answers, the right one with probability {ascii(p)} "
            f"({scope.algorithm}, {s.place})"
        )
        return times(votes(lead, p, scope.facts, scope.taken), value)

    def machine(self, s: States, scope: _Scope) -> Expr:
        """Expected cost from the worst start; states with no way out are reported."""
        values = {st.name: self.body(st.body, scope) for st in s.states}
        edges = {st.name: self.steps(st, scope) for st in s.states}
        reached = _closure(s.start, edges)
        escaping = {"done"}
        while True:
            more = {n for n in edges if n not in escaping and any(t in escaping for t in edges[n])}
            if not more:
                break
            escaping |= more
        for name in sorted(reached - escaping - {"done"}):
            state = s.state(name)
            self.finding(
                scope.algorithm,
                f"the state '{name}' is reached from {' or '.join(s.start)} and never leads to done",
                state.place,
            )
        random = any(len(e) > 1 for n, e in edges.items() if n in reached)
        if random and not self.largest:
            self.rests_on.append(
                f"the next state depends on the present state alone ({scope.algorithm}, {s.place})"
            )
        if self.largest:
            return self.worst([values[n] for n in edges if n in reached], scope)
        if not reached <= escaping:
            # once in a set of states it never leaves, each of them comes up again and again
            again = [
                n
                for n in edges
                if n in reached - escaping and all(n in _closure([t], edges) for t in _closure([n], edges))
            ]
            return times(Var(ROUNDS), plus(*(values[n] for n in again)))
        return self.worst([_solve(start, values, edges, reached) for start in s.start], scope)

    def steps(self, state: State, scope: _Scope) -> dict[str, Expr]:
        """The transition probabilities out of a state, without those that are 0."""
        out: dict[str, Expr] = {}
        left: Expr = ONE
        for step in state.steps:
            if step.probability is None:
                p = left
            else:
                p = scope.value(step.probability)
                left = minus(left, p)
            if p == ZERO:
                continue
            if p != ONE and not scope.facts.positive(p):
                self.outside(p, step.place, scope, positive=True)
                self.rests_on.append(f"0 < {ascii(p)} ({scope.algorithm}, {step.place})")
            out[step.target] = p
        if (
            all(st.probability is not None for st in state.steps)
            and left != ZERO
            and not (scope.facts.nonnegative(left) and scope.facts.nonnegative(times(num(-1), left)))
        ):
            raise state.place.error(
                f"the probabilities out of '{state.name}' do not add up to 1",
                f"{ascii(left)} is left; a last goto without a probability takes it",
            )
        return out

    # -- probabilities, endless programs --------------------------------------------------------

    def probability(self, p: Expr, place: Place, scope: _Scope, *, positive: bool = True) -> bool:
        """Check that p is a probability; False if it can be 0 and must not."""
        facts = scope.facts
        above = facts.positive(p) if positive else facts.nonnegative(p)
        below = facts.nonnegative(minus(ONE, p))
        if not above and self.outside(p, place, scope, positive=positive):
            return False
        if not below:
            self.outside(p, place, scope, positive=False)
        if not (above and below):
            self.rests_on.append(
                f"0 {'<' if positive else '<='} {ascii(p)} <= 1 ({scope.algorithm}, {place})"
            )
        return True

    def outside(self, p: Expr, place: Place, scope: _Scope, *, positive: bool) -> bool:
        """Whether p is 0 somewhere in its domain; SourceError if it is no probability there."""
        for env, value in exact_values(p, scope.facts):
            at = ", ".join(f"{k} = {v}" for k, v in env.items())
            if value < 0 or value > 1:
                raise place.error(
                    f"{ascii(p)} is not a probability" + (f": it is {value} at {at}" if at else ""),
                    "restrict the domain of its parameters",
                )
            if value == 0 and positive:
                return True
        return False

    def finding(self, algorithm: str, message: str, place: Place) -> None:
        f = Finding(algorithm, message, place)
        if f not in self.findings:
            self.findings.append(f)

    def endless_here(self, algorithm: str, message: str, place: Place, value: Expr) -> Expr:
        self.finding(algorithm, message, place)
        return value if self.largest else times(Var(ROUNDS), value)

    def endless(self, program: Program, message: str, value: Expr) -> Expr:
        return self.endless_here(program.name, message, program.place, value)

    def random(self, body: Body) -> bool:
        """Whether what the body runs is random."""
        for s in statements(body):
            if isinstance(s, Chance | Retry | Sweep | Vote | States):
                return True
            if isinstance(s, Run) and any(
                isinstance(x, Chance | Retry | Sweep | Vote | States)
                for n in reachable(self.system.programs, s.algorithm)
                for x in statements(self.system.programs[n].body)
            ):
                return True
        return False


def _random_parallel(place: Place) -> SourceError:
    return place.error(
        "the latency of random parts that run at the same time is not a maximum of expectations",
        "equal independent retries are supported: parallel for ... : repeat until success ...",
    )


def votes(lead: Expr, p: Expr, facts: Facts, taken: frozenset[str]) -> Expr:
    """Expected number of votes until one of two answers is ahead by `lead` (gambler's ruin), for any p in
    [0, 1]."""
    if p == num(Fraction(1, 2)):
        return raised(lead, num(2))
    if p in (ZERO, ONE):
        return lead
    q = minus(ONE, p)
    ends = plus(raised(p, lead), raised(q, lead))
    half = num(Fraction(1, 2))
    if facts.positive(minus(p, half)) or facts.positive(minus(half, p)):
        return over(times(lead, minus(raised(p, lead), raised(q, lead))), times(minus(p, q), ends))
    j = "j"
    while j in taken or j in free_vars(p) | free_vars(lead):
        j += "_"
    term = times(App("^", (p, minus(minus(lead, ONE), Var(j)))), App("^", (q, Var(j))))
    return over(times(lead, App("sum", (term, Var(j), ZERO, minus(lead, ONE)))), ends)


def _solve(
    start: str, values: Mapping[str, Expr], edges: Mapping[str, Mapping[str, Expr]], reached: frozenset[str]
) -> Expr:
    """E_start of E_s = values_s + sum_t P(s,t) E_t, E_done = 0, by elimination of the other states."""
    rows = {n: (values[n], dict(edges[n])) for n in edges if n in reached}
    order = [n for n in rows if n != start]
    for name in [*order, start]:
        value, out = rows[name]
        if name in out:  # a loop at the state is a geometric number of rounds
            del out[name]
            leaving = plus(*out.values())
            value = over(value, leaving)
            out = {t: over(p, leaving) for t, p in out.items()}
            rows[name] = value, out
        if name == start:
            return value
        for other, (v, o) in rows.items():
            if other != name and name in o:
                p = o.pop(name)
                for t, q in out.items():
                    o[t] = plus(o.get(t, ZERO), times(p, q))
                rows[other] = plus(v, times(p, value)), o
        del rows[name]
    raise TypeError("the start is not a state")


def _closure(start: Sequence[str], edges: Mapping[str, Mapping[str, Expr]]) -> frozenset[str]:
    found = list(start)
    for n in found:
        found += [t for t in edges.get(n, ()) if t not in found]
    return frozenset(found)


def _at_least(a: Expr, b: Expr, facts: Facts) -> bool:
    """Whether a >= b is evident."""
    return a == b or facts.nonnegative(minus(a, b))


def _names(body: Body) -> frozenset[str]:
    """Names of sizes that occur in a body."""
    found: frozenset[str] = frozenset()
    for s in statements(body):
        match s:
            case Call(_, a, b) | Loop(_, a, b) | Sweep(a, b) | Vote(a, b):
                found |= free_vars(a) | free_vars(b)
            case Chance(a) | Retry(a) | Let(_, a):
                found |= free_vars(a)
            case Run(_, args):
                found |= _free(args)
            case If(condition):
                for r in condition:
                    found |= free_vars(r.left) | free_vars(r.right)
            case States(_, states):
                for step in (x for st in states for x in st.steps if x.probability is not None):
                    found |= free_vars(step.probability) if step.probability is not None else frozenset()
    return found


def _substituted(s: Statement, name: str, value: Expr) -> Statement:
    """A statement in which a `let` name is replaced: the value becomes a `let` of its blocks."""
    values = {name: value}

    def sub_body(body: Body) -> Body:
        return tuple(_substituted(x, name, value) for x in body)

    match s:
        case Call(model, prompt, reply, needs, place):
            return Call(model, substitute(prompt, values), substitute(reply, values), needs, place)
        case Loop(index, lower, upper, body, parallel, place):
            return Loop(
                index, substitute(lower, values), substitute(upper, values), sub_body(body), parallel, place
            )
        case Parallel(body, place):
            return Parallel(sub_body(body), place)
        case If(condition, event, then, orelse, place):
            relations = tuple(
                Relation(r.op, substitute(r.left, values), substitute(r.right, values)) for r in condition
            )
            return If(relations, event, sub_body(then), sub_body(orelse), place)
        case Chance(p, then, orelse, place):
            return Chance(substitute(p, values), sub_body(then), sub_body(orelse), place)
        case Retry(p, body, place):
            return Retry(substitute(p, values), sub_body(body), place)
        case Sweep(count, p, body, place):
            return Sweep(substitute(count, values), substitute(p, values), sub_body(body), place)
        case Vote(lead, p, body, place):
            return Vote(substitute(lead, values), substitute(p, values), sub_body(body), place)
        case Run(algorithm, args, place):
            return Run(algorithm, tuple(substitute(a, values) for a in args), place)
        case Let(other, v, place):
            return Let(other, substitute(v, values), place)
        case States(start, states, place):
            return States(
                start,
                tuple(
                    State(
                        st.name,
                        sub_body(st.body),
                        tuple(
                            type(x)(
                                x.target,
                                None if x.probability is None else substitute(x.probability, values),
                                x.place,
                            )
                            for x in st.steps
                        ),
                        st.place,
                    )
                    for st in states
                ),
                place,
            )
    return s


def _negations(r: Relation) -> list[Relation]:
    """Relations one of which holds where r fails."""
    opposite = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}
    if r.op == "=":
        return [Relation("<", r.left, r.right), Relation(">", r.left, r.right)]
    return [Relation(opposite[r.op], r.left, r.right)]


def _alternatives(tests: Sequence[Relation]) -> list[tuple[tuple[Relation, ...], bool]]:
    """Disjoint cases that cover everything: all tests hold, or the first k hold and the next one fails."""
    out: list[tuple[tuple[Relation, ...], bool]] = [(tuple(tests), True)]
    for k, test in enumerate(tests):
        out += [((*tests[:k], n), False) for n in _negations(test)]
    return out


def _integral(r: Relation, facts: Facts) -> Relation:
    """n > 1 as n >= 2 between integers."""
    if facts.integer(r.left) and facts.integer(r.right):
        if r.op == ">":
            return Relation(">=", r.left, plus(r.right, ONE))
        if r.op == "<":
            return Relation("<=", r.left, minus(r.right, ONE))
    return r


def _indicator(r: Relation, facts: Facts, place: Place) -> Expr:
    """1 where the relation between integers holds and 0 elsewhere."""
    if not (facts.integer(r.left) and facts.integer(r.right)):
        raise place.error(
            f"whether {ascii_relation(r)} holds depends on sizes that need not be integers",
            'compare integers, or name an event in quotes: if "...":',
        )
    gap = minus(r.right, r.left) if r.op in ("<=", "<", "=") else minus(r.left, r.right)
    if r.op == "=":
        return times(
            _indicator(Relation("<=", r.left, r.right), facts, place),
            _indicator(Relation(">=", r.left, r.right), facts, place),
        )
    if r.op in ("<=", ">="):
        gap = plus(gap, ONE)
    if facts.nonnegative(minus(gap, ONE)):
        return ONE
    if facts.nonnegative(times(num(-1), gap)):
        return ZERO
    return least(ONE, gap if facts.nonnegative(gap) else greatest(gap, ZERO))


def _largest(e: Expr, index: str, lower: Expr, upper: Expr, facts: Facts) -> Expr | None:
    """The maximum of e for index = lower..upper, where it is monotone or convex in the index."""
    if index not in free_vars(e):
        return e
    direction = _direction(e, index, facts)
    if direction is not None:
        return tidy(substitute(e, {index: upper if direction > 0 else lower}))
    ends = [tidy(substitute(e, {index: x})) for x in (upper, lower)]
    parts = coefficients_in(e, index)
    if (
        parts is not None
        and facts.nonnegative(Var(index))
        and all(
            facts.nonnegative(plus(*(times(Num(c), *(raised(a, num(k)) for a, k in m)) for m, c in terms)))
            for n, terms in parts.items()
            if n >= 2
        )
    ):
        return greatest(*ends)
    return None


def _direction(e: Expr, index: str, facts: Facts) -> int | None:
    """0 if e is constant in the index, 1 if it never falls, -1 if it never rises, None if that was not
    shown."""
    if index not in free_vars(e):
        return 0
    match e:
        case Var():
            return 1
        case App("+" | "max" | "min" | "log2" | "exp" | "sqrt" | "floor" | "ceil" | "factorial", args):
            return _agree(_direction(a, index, facts) for a in args)
        case App("log", (x,)):
            return _direction(x, index, facts)
        case App("neg", (a,)):
            d = _direction(a, index, facts)
            return None if d is None else -d
        case App("*", args):
            signs = [
                1 if facts.nonnegative(a) else -1 if facts.nonnegative(times(num(-1), a)) else 0 for a in args
            ]
            if len([a for a in args if index in free_vars(a)]) == 1 or all(s == 1 for s in signs):
                moving = _agree(_direction(a, index, facts) for a in args)
                rest = [s for a, s in zip(args, signs, strict=True) if index not in free_vars(a)]
                if moving is None or 0 in rest:
                    return None
                return -moving if rest.count(-1) % 2 else moving
            return None
        case App("/", (a, b)) if index not in free_vars(b) and facts.positive(b):
            return _direction(a, index, facts)
        case App("/", (a, b)) if index not in free_vars(a) and facts.nonnegative(a) and facts.positive(b):
            d = _direction(b, index, facts)
            return None if d is None else -d
        case App("^", (base, exponent)) if (
            index not in free_vars(exponent) and facts.nonnegative(exponent) and facts.nonnegative(base)
        ):
            return _direction(base, index, facts)
        case App("^", (base, exponent)) if index not in free_vars(base) and facts.nonnegative(
            minus(base, ONE)
        ):
            return _direction(exponent, index, facts)
    return None


def _agree(directions: object) -> int | None:
    found = 0
    for d in directions:  # type: ignore[attr-defined]
        if d is None or d * found < 0:
            return None
        found = found or d
    return found


__all__ = ["ADDITIVE", "ROUNDS", "Derived", "Finding", "callees", "derive", "votes"]
