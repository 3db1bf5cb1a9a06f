
"""The Rocq statement of a claim about one recurrence, printed from the claim alone.

T is a function nat -> R.  An argument that the equation leaves unrounded is a function r with floor <= r n <= ceiling, any such
function; base values that are not given are any positive numbers.  An equation without a range holds from some n0 on: the
statement gives an m such that every n0 >= m will do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from verifier.bridge.recurrences_samples import samples
from verifier.bridge.statement import AND, bounds_of
from verifier.bridge.text import NotExported, Printer
from verifier.kernel.claim import Claim, Parameter, equation_text
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.obligations import interval
from verifier.kernel.recurrence_real import Facts, Real, real_of
from verifier.kernel.recurrence_system import History, System, affine, integer_valued, read_systems
from verifier.kernel.recurrence_value import NotWellFounded, check_well_founded, relaxed
from verifier.lang.ast import (
    LANDAU,
    ONE,
    ZERO,
    App,
    Expr,
    Num,
    Relation,
    Var,
    add,
    free_vars,
    functions,
    substitute,
    subterms,
)
from verifier.lang.show import ascii, ascii_relation

EXPLICIT = ("=", "<=", ">=", "<", ">")
TAKEN = re.compile(r"c|g|n0|Plain|agree|r\d+|h\d+|closed|compared|rhs|bound|holds|base|terms?|step|equation|positive|bounds|whole|classes|solution|late|small|near|past|lags?|chi|W|Sc|Ex|XSc"
                   r"|rate|scale|shift|single|rises|grows|between|exponent|history|recursion|start")
"""Names that statements and proofs use: a parameter or function that has one gets an underscore, which no other name ends in."""
MOST_POINTS = 24
"""Most base values that are written out."""
LARGE = 16
"""From here on log log n > 1: powers of logarithms are defined for large n."""


@dataclass(frozen=True)
class Argument:
    """The argument of a call: its text in n; `rounding` names the function if the rounding is open, between `low` and `high`.
    `real` is the argument before it is rounded, if it is not p*n + q with rational p and q; slope and distance are 0 then."""

    text: str
    slope: Fraction
    distance: Fraction
    rounding: str | None = None
    low: str = ""
    high: str = ""
    real: Expr | None = None

    @property
    def call(self) -> str:
        """The argument as it stands in a call."""
        return f"({self.text})" + ("" if self.rounding else "%nat")


@dataclass(frozen=True)
class Term:
    """coefficient * T(argument)."""

    coefficient: Expr
    argument: Argument
    facts: Facts

    @property
    def value(self) -> Real:
        """The coefficient, if it is constant."""
        return real_of(self.coefficient, self.facts)


@dataclass(frozen=True)
class Sum:
    """coefficient * sum_{index=lower}^{upper} weight(index) * T(argument(index)), the sum as text."""

    coefficient: Expr
    weight: Expr
    argument: Expr
    index: str
    lower: Expr
    upper: Expr
    text: str


@dataclass(frozen=True)
class Statement:
    """The text, and the parts that the proof takes up again."""

    text: str
    system: System
    printer: Printer
    name: str
    variable: str
    terms: tuple[Term, ...]
    driving: Expr
    bound: Expr
    op: str
    start: int | None
    points: tuple[tuple[int, Expr], ...]
    constants: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    context: Context
    refuted: bool
    sums: tuple[Sum, ...] = ()
    groups: tuple[tuple[Term, ...], ...] = ()
    extreme: str = ""
    assumed: tuple[Relation, ...] = ()
    relation: str = "="
    size: Parameter | None = None
    landau: tuple[tuple[str, str, Expr], ...] = ()
    given: str = "="
    some: bool = False

    @property
    def loose(self) -> bool:
        """Whether T is only bounded: by an inequality, or by driving terms O(f), Omega(f), Theta(f)."""
        return bool(self.landau) or self.relation != "=" or self.given != "="

    @property
    def fixed(self) -> str:
        """The constants as arguments."""
        return "".join(f" {name}" for name, _ in self.constants)

    @property
    def roundings(self) -> list[Argument]:
        return [t.argument for t in self.terms if t.argument.rounding]

    @property
    def all_arguments(self) -> str:
        return self.fixed + "".join(f" {h}" for h, _, _ in self.landau) + (" n0" if self.start is None else "") + "".join(f" {a.rounding}" for a in self.roundings)

    def premise(self, a: Argument) -> str:
        """That a function is a rounding of the argument."""
        if a.real is None:
            return f"rounding_{a.rounding} {a.rounding}"
        return f"rounding_{a.rounding}{self.fixed}{' n0' if self.start is None else ''} {a.rounding}"

    @property
    def general(self) -> bool:
        """Whether the recurrence has branches, arguments that are not linear, or symbolic ones, or constants with assumptions."""
        return bool(self.extreme or self.assumed) or any(t.argument.real is not None for t in self.terms)

    @property
    def typed_constants(self) -> str:
        return "".join(f" ({n} : {t})" for n, t in self.constants)

    @property
    def driving_text(self) -> str:
        """Printed for the range of the equation: there powers have to be defined."""
        return self.printer.with_context(self.context).real(self.driving)


def state_recurrence(claim: Claim, verdict: str, *, some: bool = False) -> Statement:
    """The statement of a claim T(n) = O(f(n)), ..; NotExported for what is not covered.  `some`: a refutation is about some
    values of the constants, not about all."""
    systems = relaxed(read_systems(claim))
    if len(systems) != 1:
        raise NotExported("several functions")
    (system,) = systems.values()
    try:
        check_well_founded(systems)
    except NotWellFounded as error:
        raise NotExported("a recurrence that is not well-founded") from error
    r = claim.statement
    explicit = r.op in EXPLICIT
    if r.op not in (*LANDAU, "~") and not explicit:
        raise NotExported(f"claims with {r.op} about recurrences")
    if not (isinstance(r.left, App) and r.left.op == system.name and len(r.left.args) == 1 and isinstance(r.left.args[0], Var)):
        raise NotExported("a claim whose left side is not T(n)")
    if functions(r.right):
        raise NotExported("a recurrence on the right side")
    if system.parameters:
        raise NotExported("functions of several arguments")
    branch = system.branches[0]
    if any(b.driving != branch.driving or b.histories for b in system.branches[1:]):
        raise NotExported("branches with different driving functions")
    n = system.variable
    growing = [p for p in claim.parameters if p.role != "constant"]
    if [p.name for p in growing] != [r.left.args[0].name] or growing[0].kind != "integer" \
            or growing[0].upper is not None and not explicit:
        raise NotExported("parameters that are neither constant nor the size")
    bound = substitute(r.right, {r.left.args[0].name: Var(n)})
    names: dict[str, Interval] = {p.name: interval(p) for p in claim.parameters if p.role == "constant" and p.name != n}
    context = Context({**names, n: Interval(Fraction(LARGE if system.start is None else max(system.start, 0)), integer=True)})
    late = Context({**names, n: Interval(Fraction(LARGE), integer=True)})
    integers = frozenset(p.name for p in claim.parameters if p.kind == "integer") | {n}
    if any(p.kind == "integer" and (p.lower is None or p.lower < 0) for p in claim.parameters if p.role == "constant"):
        raise NotExported("constant parameters that may be negative integers")
    fixed = frozenset(p.name for p in claim.parameters if p.role == "constant")
    if any(a.op in LANDAU or a.op == "~" or not (free_vars(a.left) | free_vars(a.right)) <= fixed for a in claim.assumptions):
        raise NotExported("assumptions about other than constant parameters")
    renamed = {x: f"{x}_" for x in (n, system.name, *names) if TAKEN.fullmatch(x)}
    printer = Printer(late, integers, coerce=True, renamed=renamed, naturals=frozenset({n}))
    if explicit:
        if system.start is None:
            raise NotExported("an explicit claim without base values")
        printer = Powers(Context({**names, n: _from(growing[0])}), integers, coerce=True, renamed=renamed, naturals=frozenset({n}))
    elif r.op == "~":
        printer = Powers(late, integers, coerce=True, renamed=renamed, naturals=frozenset({n}))
    driving, landau = _landau(branch.driving, n) if len(system.branches) == 1 else (branch.driving, ())
    for side in (bound, driving, *(f for _, _, f in landau), *(c.coefficient for b in system.branches for c in (*b.calls, *b.histories))):
        _supported(side)
    v, f = printer.name(n), printer.name(system.name)
    groups: list[tuple[Term, ...]] = []
    for b in system.branches:
        terms: list[Term] = []
        for c in b.calls:
            if c.function != system.name:
                raise NotExported("calls of other functions")
            name = f"r{sum(map(len, groups)) + len(terms) + 1}"
            terms.append(Term(c.coefficient, argument_of(c.argument, n, v, name, system, printer), system.facts))
        groups.append(tuple(terms))
    sums = tuple(_sum(h, system, printer.with_context(context), v, f) for h in branch.histories)
    points = _points(system)
    constants = tuple((printer.name(p.name), "nat" if p.kind == "integer" else "R") for p in claim.parameters if p.role == "constant")
    known = [q for p in claim.parameters if p.role == "constant" for q in bounds_of(p)]
    conditions = tuple(_condition(q, printer) for q in (*known, *claim.assumptions))
    out = Statement("", system, printer, f, v, tuple(x for group in groups for x in group), driving, bound, r.op, system.start, points,
                    constants, conditions, context, verdict == "refuted", sums, tuple(groups), system.op if len(groups) > 1 else "",
                    (*known, *claim.assumptions) if claim.assumptions else (),
                    system.relation, growing[0] if explicit else None, landau, _given(claim), some)
    return replace(out, text=_text(out, claim))


def _condition(q: Relation, printer: Printer) -> str:
    """A condition on the constants; an equation takes its type from its left side, which therefore is made real."""
    real = "INR " if q.op == "=" and isinstance(q.left, Var) and q.left.name in printer.integers else ""
    return f"{real}{printer.real(q.left)} {q.op} {printer.real(q.right)}"


def _from(p: Parameter) -> Interval:
    """The domain of an integer parameter as a natural number."""
    return Interval(Fraction(least(p)), integer=True)


def least(p: Parameter) -> int:
    """The least natural number of the domain."""
    if p.lower is None or p.lower < 0:
        raise NotExported("a size that may be negative")
    return p.lower.numerator // p.lower.denominator + 1 if p.lower_open else -(-p.lower.numerator // p.lower.denominator)


def greatest(p: Parameter) -> int | None:
    """The greatest natural number of the domain, None if there is none."""
    if p.upper is None:
        return None
    return -(-p.upper.numerator // p.upper.denominator) - 1 if p.upper_open else p.upper.numerator // p.upper.denominator


@dataclass(frozen=True)
class Powers(Printer):
    """Prints b^n, n a natural number, as a natural power: of any base b."""

    def _power(self, a: Expr, b: Expr) -> tuple[str, int]:
        text = None
        match b:
            case Var(name) if name in self.naturals:
                text = self.name(name)
            case App("+", (Var(name), Num(q))) if name in self.naturals and q.denominator == 1 and q > 0:
                text = f"({self.name(name)} + {q})"
        return (f"{self._real(a, 8)}^{text}", 7) if text is not None else super()._power(a, b)


def _landau(e: Expr, n: str) -> tuple[Expr, tuple[tuple[str, str, Expr], ...]]:
    """The plain part of a driving function and its terms O(f), Omega(f), Theta(f), each with the name of a function that stands for it."""
    plain, terms = [], []
    for a in e.args if isinstance(e, App) and e.op == "+" else (e,):
        if isinstance(a, App) and a.op in ("O", "Omega", "Theta"):
            terms.append((f"h{len(terms) + 1}", a.op, a.args[0]))
        else:
            plain.append(a)
    return (add(*plain), tuple(terms)) if terms else (e, ())


def _given(claim: Claim) -> str:
    """The relation of the base values; all have the same."""
    found = {e.relation.op for e in claim.recurrences if isinstance(e.relation.left, App) and e.relation.op not in LANDAU
             and all(isinstance(a, Num) for a in e.relation.left.args)}
    if len(found) > 1:
        raise NotExported("base values of which some are given and some are bounded")
    return found.pop() if found else "="


def _supported(e: Expr) -> None:
    for s in subterms(e):
        if isinstance(s, App) and s.op in (*LANDAU, "binomial", "max_geometric"):
            raise NotExported(f"{s.op} in a recurrence")


def _sum(h: History, system: System, printer: Printer, v: str, f: str) -> Sum:
    """sum_{k=lower}^{upper} weight(k) * T(argument), with ends and arguments that are natural numbers."""
    n = system.variable
    if h.function != system.name:
        raise NotExported("sums of other functions")
    _supported(h.weight)
    for e in (h.lower, h.upper, *(substitute(h.argument, {h.index: x}) for x in (h.lower, h.upper))):
        try:
            p = affine(e, n, system.facts)
        except Rejected as error:
            raise NotExported("a sum with other than linear ends") from error
        slope = p.slope.rational
        if slope is None or slope < 0 or p.lo + slope * (system.start or 0) < 0 and (system.start is not None or not slope):
            raise NotExported("a sum over arguments that may be negative")
    inside = printer.with_index(h.index, printer.context.with_name(h.index, Interval(Fraction(0), integer=True)))
    inside = replace(inside, naturals=printer.naturals | {h.index})
    k = printer.name(h.index)
    call = f"{f} {_tight(_nat_linear(h.argument, {n: v, h.index: k}))}%nat"
    if isinstance(h.argument, Var):
        call = f"{f} {inside.name(h.argument.name)}"
    body = call if h.weight == ONE else f"{inside.factor(h.weight)} * {call}"
    ends = " ".join(_tight(_nat(e, n, v, system)) + "%nat" for e in (h.lower, h.upper))
    return Sum(h.coefficient, h.weight, h.argument, h.index, h.lower, h.upper, f"sum_nat (fun {k} => {body}) {ends}")


def _nat_linear(e: Expr, names: Mapping[str, str]) -> str:
    """A difference of natural numbers as text: what is added first, then what is subtracted."""
    parts = e.args if isinstance(e, App) and e.op == "+" else (e,)

    def one(a: Expr) -> str:
        match a:
            case Var(name):
                return names[name]
            case Num(q) if q.denominator == 1 and q >= 0:
                return str(q.numerator)
            case App("*", (Num(q), Var(name))) if q.denominator == 1 and q > 0:
                return f"{q.numerator} * {names[name]}"
        raise NotExported(f"the argument {ascii(e)[:60]}")

    plus = [one(a) for a in parts if not _negative(a)]
    if not plus:
        raise NotExported("a negative argument")
    return " - ".join([" + ".join(plus), *(_tight(one(_opposite(a))) for a in parts if _negative(a))])


def argument_of(e: Expr, n: str, v: str, name: str, system: System, printer: Printer) -> Argument:
    """The text of an argument; a rounding function where it is open."""
    try:
        p = affine(e, n, system.facts)
    except Rejected:
        return real_argument(e, n, v, name, printer)
    slope = p.slope.rational
    if slope is None:
        return real_argument(e, n, v, name, printer)
    distance = max(abs(p.lo), abs(p.hi)) + 2
    if integer_valued(e, n):
        return Argument(_nat(e, n, v, system), slope, distance)
    if p.lo != p.hi:
        raise NotExported("an open rounding of something rounded")
    low, high = _quotient(slope, p.lo, v, system, up=False), _quotient(slope, p.lo, v, system, up=True)
    return Argument(f"{name} {v}", slope, distance, name, low, high)


def real_argument(e: Expr, n: str, v: str, name: str, printer: Printer) -> Argument:
    """An argument that is a real function of n, rounded."""
    op, x = (e.op, e.args[0]) if isinstance(e, App) and e.op in ("floor", "ceil") else ("", e)
    if any(isinstance(y, App) and y.op in ("floor", "ceil", "max", "min") for y in subterms(x)):
        raise NotExported("an argument that is rounded inside")
    if isinstance(x, App) and x.op == "/" and x.args[0] == Var(n) and isinstance(x.args[1], Var) and x.args[1].name in printer.integers:
        b = printer.name(x.args[1].name)
        low, high = f"{v} / {b}", f"({v} + {b} - 1) / {b}"
    else:
        text = printer.tight(x)
        low, high = f"floor {text}", f"ceil {text}"
        if op:
            return Argument(f"Z.to_nat ({op} {text})", Fraction(0), Fraction(0), real=x)
    if op:
        return Argument(low if op == "floor" else high, Fraction(0), Fraction(0), real=x)
    return Argument(f"{name} {v}", Fraction(0), Fraction(0), name, low, high, real=x)


def _quotient(slope: Fraction, offset: Fraction, v: str, system: System, *, up: bool) -> str:
    """floor or ceiling of slope*n + offset."""
    m = lcm(slope.denominator, offset.denominator)
    p, q = int(slope * m), int(offset * m)
    if p <= 0 or system.start is not None and p * system.start + q < 0:
        raise NotExported("an argument that may be negative")
    top = v if p == 1 else f"{p} * {v}"
    if q:
        top += f" + {q}" if q > 0 else f" - {-q}"
    if m == 1:
        return top
    if up:
        top += f" + {m - 1}"
    return f"({top}) / {m}" if " " in top else f"{top} / {m}"


def _nat(e: Expr, n: str, v: str, system: System) -> str:
    match e:
        case Var(_):
            return v
        case Num(q) if q.denominator == 1 and q >= 0:
            return str(q.numerator)
        case App("+", args):
            p = affine(e, n, system.facts)
            if system.start is not None and (p.slope.rational or Fraction(0)) * system.start + p.lo < 0:
                raise NotExported("an argument that may be negative")
            plus = [a for a in args if not _negative(a)]
            out = " + ".join(_tight(_nat(a, n, v, system)) for a in plus)
            for a in args:
                if _negative(a):
                    out += " - " + _tight(_nat(_opposite(a), n, v, system))
            if not plus:
                raise NotExported("a negative argument")
            return out
        case App("*", (Num(q), a)) if q.denominator == 1 and q > 0:
            return f"{q.numerator} * {_tight(_nat(a, n, v, system))}"
        case App(("floor" | "ceil") as op, (a,)):
            p = affine(a, n, system.facts)
            if p.lo == p.hi and p.slope.rational is not None:
                return _quotient(p.slope.rational, p.lo, v, system, up=op == "ceil")
    raise NotExported(f"the argument {ascii(e)[:60]}")


def _negative(e: Expr) -> bool:
    return isinstance(e, Num) and e.value < 0 or isinstance(e, App) and e.op == "neg"


def _opposite(e: Expr) -> Expr:
    if isinstance(e, Num):
        return Num(-e.value)
    if isinstance(e, App) and e.op == "neg":
        return e.args[0]
    raise NotExported("a negative argument")


def _tight(text: str) -> str:
    return f"({text})" if " " in text else text


def _points(system: System) -> tuple[tuple[int, Expr], ...]:
    """The base values that are given, point by point."""
    out: list[tuple[int, Expr]] = []
    for b in system.bases:
        low = 0 if b.low is None else max(b.low, 0)
        if b.high - low > MOST_POINTS:
            raise NotExported("a long list of base values")
        out += [(i, substitute(b.value, {system.variable: Num(Fraction(i))})) for i in range(low, b.high + 1)]
    return tuple(out)


def equation_body(s: Statement) -> str:
    """The right side of the equation."""
    early = s.printer.with_context(s.context)

    def product(coefficient: Expr, call: str) -> str:
        return call if coefficient == ONE else f"{early.factor(coefficient)} * {call}"

    groups = [" + ".join(product(t.coefficient, f"{s.name} {t.argument.call}") for t in group) for group in s.groups]
    if s.extreme:
        text = groups[-1]
        for group in reversed(groups[:-1]):
            text = f"R{s.extreme} ({group}) ({text})"
        parts = [text]
    else:
        parts = [x for x in groups if x] + [product(h.coefficient, h.text) for h in s.sums]
    if s.driving != ZERO:
        parts.append(s.driving_text if not s.driving_text.startswith("-") else f"({s.driving_text})")
    parts += [f"{h} {s.variable}" for h, _, _ in s.landau]
    return " + ".join(parts)


def _driving_term(s: Statement, h: str, op: str, bound: Expr) -> str:
    """A term O(f), Omega(f) or Theta(f) of the equation: some nonnegative function with that bound, any such function."""
    v, f = s.variable, s.printer.real(bound)
    f = f"({f})" if " " in f or "/" in f else f
    sides = {"O": f"{h} {v} <= c * {f}", "Omega": f"{f} <= c * {h} {v}", "Theta": f"{h} {v} <= c * {f} /\\ {f} <= c * {h} {v}"}[op]
    start = "" if s.start is None else f"(forall {v}, ({s.start} <= {v})%nat -> 0 <= {h} {v}) /\\ "
    low = f"0 <= {h} {v} /\\ " if s.start is None else ""
    return (f"Definition term_{h}{s.typed_constants} ({h} : nat -> R) : Prop :=  (* {_comment(ascii(App(op, (bound,))))} *)\n"
            f"  {start}exists c N, 0 < c /\\ forall {v}, (N <= {v})%nat -> {low}{sides}.")


def _text(s: Statement, claim: Claim) -> str:
    v, f = s.variable, s.name
    equations = "; ".join(equation_text(e) for e in claim.recurrences)
    reals = any(a.low.startswith("floor") or a.text.startswith("Z.") for a in (t.argument for t in s.terms))
    examples = samples(s, claim)
    rounded = reals or any(isinstance(x, App) and x.op in ("floor", "ceil") for e in (s.bound, s.driving) for x in subterms(e))
    lines = [f"(* {_comment(equations)}", f"   {_comment(ascii_relation(claim.statement))}: {'refuted' if s.refuted else 'proved'}{f', for all large {v}' if s.size is None else ''}. *)",
             f"From Coq Require Import Reals Arith{' ZArith' if reals else ''}.", *(["From Aalp Require Import Analysis."] if rounded else []),
             *(["From Aalp Require Import History."] if s.sums or _has_sums(s) else []),
             *(["From Aalp Require Import Statements."] if examples else []),
             "Open Scope R_scope.", "Coercion INR : nat >-> R.", ""]
    for a in s.roundings:
        lines.append(_rounding(s, a))
    start = "n0" if s.start is None else str(s.start)
    for h, op, bound in s.landau:
        lines.append(_driving_term(s, h, op, bound))
    typed = s.typed_constants + "".join(f" ({h} : nat -> R)" for h, _, _ in s.landau) + (" (n0 : nat)" if s.start is None else "") + "".join(f" ({a.rounding} : nat -> nat)" for a in s.roundings)
    values = [f"  {f} {i}%nat {s.given} {s.printer.real(e)} /\\" for i, e in s.points]
    other = "".join(f"{v} <> {i}%nat -> " for i, _ in s.points)
    lines += ["(* values below the start that are not given are any positive numbers *)" if start != "0" else "",
              f"Definition recurrence{typed} ({f} : nat -> R) : Prop :=", *values,
              f"  (forall {v}, ({v} < {start})%nat -> {other}0 < {f} {v}) /\\",
              f"  (forall {v}, ({start} <= {v})%nat -> {f} {v} {s.relation} {equation_body(s)}).",
              f"Definition rhs{s.typed_constants} ({v} : nat) : R := {s.printer.real(s.bound)}.", "",
              f"Definition solvable{typed} : Prop := exists {f}, recurrence{s.all_arguments} {f}."]
    if s.size is not None:
        return "\n".join([*lines, *_explicit(s, s.size), *examples]) + "\n"
    value = f"rhs{s.fixed} {v}"
    if s.op in ("O", "Theta", "Omega"):
        head = f"exists c N, 0 < c /\\ forall {v}, (N <= {v})%nat ->"
    else:
        head = f"forall c, 0 < c -> exists N, forall {v}, (N <= {v})%nat ->"
    if s.op in ("O", "Theta"):
        lines.append(f"Definition upper{s.typed_constants} ({f} : nat -> R) : Prop := {head} {f} {v} <= c * {value}.")
    if s.op in ("Omega", "Theta"):
        lines.append(f"Definition lower{s.typed_constants} ({f} : nat -> R) : Prop := {head} {value} <= c * {f} {v}.")
    if s.op == "o":
        lines.append(f"Definition upper{s.typed_constants} ({f} : nat -> R) : Prop := {head} c * {f} {v} <= {value}.")
    if s.op == "omega":
        lines.append(f"Definition lower{s.typed_constants} ({f} : nat -> R) : Prop := {head} c * {value} <= {f} {v}.")
    if s.op == "~":
        for side, gap in (("upper", f"{f} {v} - {value}"), ("lower", f"{value} - {f} {v}")):
            lines.append(f"Definition {side}{s.typed_constants} ({f} : nat -> R) : Prop := {head} c * ({gap}) <= {value}.")
    lines.append(f"Definition bound{s.typed_constants} ({f} : nat -> R) : Prop := {goal(s)}.")
    premises = "".join(f"{c} -> " for c in s.conditions)
    head = (f"forall{s.typed_constants}, " if s.constants else "") + premises
    if s.some:
        head = f"exists{s.typed_constants}, " + "".join(f"{c} /\\ " for c in s.conditions)
    head += "".join(f"forall {h}, term_{h}{s.fixed} {h} -> " for h, _, _ in s.landau)
    if s.start is None:
        head += "exists m_, forall n0, (m_ <= n0)%nat -> "
    for a in s.roundings:
        head += f"forall {a.rounding}, {s.premise(a)} -> "
    result = f"bound{s.fixed} {f}"
    inhabited = f"(exists{s.typed_constants}, {AND.join(s.conditions)}) /\\\n  " if s.assumed and not s.some else ""
    lines.append(f"Definition claim : Prop := {inhabited}{head}\n  solvable{s.all_arguments} /\\ forall {f}, recurrence{s.all_arguments} {f} -> "
                 f"{'~ ' if s.refuted else ''}{result}.")
    return "\n".join([*lines, *examples]) + "\n"


def _rounding(s: Statement, a: Argument) -> str:
    """The definition of the roundings of an argument: any integer between floor and ceiling."""
    v, r = s.variable, a.rounding
    if a.real is None:
        return f"Definition rounding_{r} ({r} : nat -> nat) : Prop := forall {v}, ({a.low} <= {r} {v} <= {a.high})%nat."
    start = " (n0 : nat)" if s.start is None else ""
    body = f"({a.low} <= {r} {v} <= {a.high})%nat" if not a.low.startswith("floor") else f"({a.low}%R <= Z.of_nat ({r} {v}) <= {a.high}%R)%Z"
    return (f"Definition rounding_{r}{s.typed_constants}{start} ({r} : nat -> nat) : Prop :=\n"
            f"  forall {v}, ({'n0' if s.start is None else s.start} <= {v})%nat -> {body}.")


def _explicit(s: Statement, p: Parameter) -> list[str]:
    """The claim for every n of the domain; a refutation is its negation."""
    v, f = s.variable, s.name
    top = greatest(p)
    domain = f"({least(p)} <= {v})%nat -> " + (f"({v} <= {top})%nat -> " if top is not None else "")
    head = (f"forall{s.typed_constants}, " if s.constants else "") + "".join(f"{c} -> " for c in s.conditions)
    head += "".join(f"forall {a.rounding}, rounding_{a.rounding} {a.rounding} -> " for a in s.roundings)
    solvable = "" if s.refuted else f"solvable{s.all_arguments} /\\ "
    whole = f"{head}{solvable}forall {f}, recurrence{s.all_arguments} {f} -> holds{s.fixed} {f}"
    return [f"Definition holds{s.typed_constants} ({f} : nat -> R) : Prop := forall {v}, {domain}{f} {v} {s.op} rhs{s.fixed} {v}.",
            f"Definition claim : Prop := {f'~ ({whole})' if s.refuted else whole}."]


def _has_sums(s: Statement) -> bool:
    return any(isinstance(x, App) and x.op == "sum" for e in (s.bound, s.driving, *(t.coefficient for t in s.terms)) for x in subterms(e))


def goal(s: Statement) -> str:
    parts = []
    if s.op in ("O", "Theta", "o", "~"):
        parts.append(f"upper{s.fixed} {s.name}")
    if s.op in ("Omega", "Theta", "omega", "~"):
        parts.append(f"lower{s.fixed} {s.name}")
    return " /\\ ".join(parts)


def _comment(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )").replace('"', "'")


