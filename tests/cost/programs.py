"""Random programs for property tests."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from verifier.cost.program import (
    Call,
    Chance,
    If,
    Let,
    Loop,
    Model,
    Oracle,
    Parallel,
    Program,
    Retry,
    Run,
    State,
    States,
    Step,
    Sweep,
    System,
    Vote,
)
from verifier.kernel.claim import Parameter
from verifier.lang.ast import App, Relation, Var, add, mul, neg, num
from verifier.lang.parse import parse_expression

PARAMETERS = (
    Parameter("n"),
    Parameter("k"),
    Parameter("b"),
    Parameter("q", "real", Fraction(0), True, Fraction(1), True),
    Parameter("m", "real", Fraction(0), True, role="uniform"),
    Parameter("w", "real", Fraction(0), True, role="uniform"),
    Parameter("p_in", "real", Fraction(0), True, role="constant"),
    Parameter("p_out", "real", Fraction(0), True, role="constant"),
)
MODELS = {"M": Model("M", Var("m")), "W": Model("W", parse_expression("2*w"), None, num(2), num(3))}
DEFINITIONS = {"d": parse_expression("n + k")}
ASSUMPTIONS = (Relation("<=", Var("b"), Var("k")),)

env_values = st.fixed_dictionaries(
    {
        "n": st.integers(1, 4),
        "k": st.integers(1, 3),
        "b": st.integers(1, 3),
        "q": st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(3, 4)]),
        "m": st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)]),
        "w": st.just(Fraction(5, 7)),
        "p_in": st.just(Fraction(1, 10)),
        "p_out": st.just(Fraction(3)),
    }
).filter(lambda e: e["b"] <= e["k"])


@st.composite
def sizes(draw, names, depth=2):
    """An integer-valued expression that is >= 0 when the names are."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.one_of(st.sampled_from(names).map(Var), st.integers(0, 3).map(num)))
    a, b = draw(sizes(names, depth - 1)), draw(sizes(names, depth - 1))
    kind = draw(st.sampled_from(["+", "*", "half", "up", "max", "min", "gap", "square"]))
    match kind:
        case "half":
            return App("floor", (App("/", (a, num(2))),))
        case "up":
            return App("ceil", (App("/", (a, num(3))),))
        case "gap":
            return App("max", (add(a, neg(b)), num(0)))
        case "square":
            return App("^", (a, num(2)))
    return {"+": add, "*": mul}[kind](a, b) if kind in "+*" else App(kind, (a, b))


probabilities = st.sampled_from(
    [parse_expression(t) for t in ("1/2", "2/3", "q", "1 - q", "1/(n + 1)", "2^(-k)", "q^2", "1", "1/k")]
)


@st.composite
def bodies(draw, names=("n", "k", "b", "d"), depth=3, runs=()):
    """A body of one to three statements."""
    out, names = [], tuple(names)
    for _ in range(draw(st.integers(1, 3 if depth > 1 else 2))):
        s = draw(statements(names, depth, runs))
        if isinstance(s, Let):
            names = (*names, s.name)
        out.append(s)
    return tuple(out)


@st.composite
def statements(draw, names, depth, runs):
    simple = ["call"] * 4 + ["oracle"] + ["run"] * bool(runs) + ["let"]
    nested = ["for"] * 3 + [
        "parallel for",
        "parallel",
        "if",
        "event",
        "chance",
        "retry",
        "sweep",
        "vote",
        "states",
    ]
    kind = draw(st.sampled_from(simple if depth == 0 else simple + nested))

    def inner(extra=()):
        return draw(bodies((*names, *extra), depth - 1, runs))

    match kind:
        case "call":
            return Call(draw(st.sampled_from(sorted(MODELS))), draw(sizes(names)), draw(sizes(names)))
        case "oracle":
            return Oracle("the parts are known")
        case "run":
            name, arity = draw(st.sampled_from(runs))
            return Run(name, tuple(draw(sizes(names, 1)) for _ in range(arity)))
        case "let":
            return Let(f"x{len(names)}", draw(sizes(names)))
        case "for" | "parallel for":
            index = f"i{len(names)}" if draw(st.booleans()) else "i"
            if index in names:
                index = f"i{len(names)}"
            lower = draw(st.one_of(st.integers(0, 2).map(num), sizes(names, 1)))
            return Loop(index, lower, draw(sizes(names, 1)), inner((index,)), kind == "parallel for")
        case "parallel":
            return Parallel(inner())
        case "if":
            op = draw(st.sampled_from(["<=", "<", ">=", ">", "="]))
            tests = [Relation(op, draw(sizes(names, 1)), draw(sizes(names, 1)))]
            if draw(st.booleans()):
                tests.append(Relation(">", draw(sizes(names, 1)), draw(sizes(names, 1))))
            return If(tuple(tests), None, inner(), inner() if draw(st.booleans()) else ())
        case "event":
            return If((), "something happens", inner(), inner() if draw(st.booleans()) else ())
        case "chance":
            return Chance(draw(probabilities), inner(), inner() if draw(st.booleans()) else ())
        case "retry":
            return Retry(draw(probabilities), inner())
        case "sweep":
            return Sweep(draw(st.sampled_from([Var("k"), Var("n"), num(2)])), draw(probabilities), inner())
        case "vote":
            return Vote(draw(st.sampled_from([Var("k"), num(2), num(1)])), draw(probabilities), inner())
    p, r = draw(probabilities), draw(probabilities)
    states = (
        State("first", inner(), (Step("done", p), Step(draw(st.sampled_from(["first", "second"]))))),
        State("second", inner(), (Step(draw(st.sampled_from(["first", "done"])), r), Step("second"))),
    )
    return States(draw(st.sampled_from([("first",), ("second",), ("first", "second")])), states)


@st.composite
def systems(draw):
    """A program `main` that may run a helper; neither recurs."""
    helper = Program(
        "helper", (Parameter("n"), Parameter("i", "integer", None)), draw(bodies(("n", "k", "b", "d"), 1))
    )
    main = Program("main", (), draw(bodies(runs=(("helper", 2),))))
    return System(PARAMETERS, MODELS, {"main": main, "helper": helper}, ASSUMPTIONS, DEFINITIONS)


@st.composite
def recursive_systems(draw):
    """A divide and conquer algorithm: a condition on its size outside loops, and smaller sizes inside."""
    smaller = [parse_expression(t) for t in ("floor(n/2)", "ceil(n/2)", "n - 1", "floor(n/3)")]
    body: list = list(draw(bodies(("n", "k", "b"), 1)))
    for _ in range(draw(st.integers(1, 3))):
        call = Run("solve", (draw(st.sampled_from(smaller)),))
        wrapped = draw(st.sampled_from(["plain", "loop", "parallel", "chance", "event"]))
        body.append(
            {
                "plain": call,
                "loop": Loop("r", num(1), Var("k"), (call,)),
                "parallel": Parallel((call, call)),
                "chance": Chance(parse_expression("1/2"), (call,)),
                "event": If((), "it fails", (call,), ()),
            }[wrapped]
        )
    base = draw(bodies(("n", "k", "b"), 1))
    test = draw(st.sampled_from(["n > 1", "n >= 2", "n > k", "n >= 3"]))
    left, op, right = test.split()
    branch = If((Relation(op, Var(left), parse_expression(right)),), None, tuple(body), base)
    after = draw(bodies(("n", "k"), 0)) if draw(st.booleans()) else ()
    solve = Program("solve", (Parameter("n", lower=Fraction(0)),), (branch, *after))
    return System(PARAMETERS, MODELS, {"solve": solve}, ASSUMPTIONS, {})
