"""From equations to a system: what T calls, with which coefficients, and what else is added.

`read_systems` turns the equations of a claim into one `System` per function.  Everything the rules rely on is fixed
here: the range of the equation, the base values, and for every recursive call the linear coefficient and the
argument.  A shape that is not understood is refused (`Rejected`); an input that is wrong whatever the rule is a
`SourceError`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction

from verifier.kernel.claim import Claim, Equation
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import ZERO, Facts, Real, log_real, real, real_of
from verifier.lang.ast import (
    LANDAU,
    ONE,
    ZERO as ZERO_EXPR,
    App,
    Expr,
    Num,
    Relation,
    Var,
    add,
    div,
    free_vars,
    functions,
    mul,
    neg,
    num,
    sub,
    substitute,
    subterms,
)
from verifier.lang.errors import SourceError
from verifier.lang.show import ascii, ascii_relation


@dataclass(frozen=True, slots=True)
class Call:
    """coefficient * function(argument); `scales` are the other arguments that the call multiplies by a constant."""

    coefficient: Expr
    function: str
    argument: Expr
    scales: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """coefficient * sum_{index=lower}^{upper} weight(index) * function(argument(index))."""

    coefficient: Expr
    function: str
    weight: Expr
    argument: Expr
    index: str
    lower: Expr
    upper: Expr


@dataclass(frozen=True, slots=True)
class Branch:
    """sum of calls and history sums + driving function."""

    calls: tuple[Call, ...]
    histories: tuple[History, ...]
    driving: Expr


@dataclass(frozen=True, slots=True)
class Base:
    """T(n) = value(n) for low <= n <= high (None: all integers below)."""

    low: int | None
    high: int
    value: Expr


@dataclass(frozen=True)
class System:
    """T(n) relation op(branches) for n >= start; start None: from some n0 on, arbitrary positive below."""

    name: str
    variable: str
    relation: str
    op: str
    branches: tuple[Branch, ...]
    start: int | None
    bases: tuple[Base, ...]
    body: Expr = ONE
    explicit_start: bool = False
    parameters: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)
    arguments: tuple[Expr, ...] = ()

    @property
    def functions(self) -> frozenset[str]:
        """All functions it calls."""
        return frozenset([c.function for b in self.branches for c in b.calls]
                         + [h.function for b in self.branches for h in b.histories])

    @property
    def scaled(self) -> frozenset[str]:
        """The other arguments that some call multiplies by a constant."""
        return frozenset(name for b in self.branches for c in b.calls for name, _ in c.scales)

    @property
    def single(self) -> Branch:
        """The only branch; Rejected if there are several."""
        if len(self.branches) != 1:
            raise Rejected("a maximum of branches")
        return self.branches[0]


# ---------------------------------------------------------------- arguments

@dataclass(frozen=True, slots=True)
class Affine:
    """slope*n + lo <= r(n) <= slope*n + hi."""

    slope: Real
    lo: Fraction
    hi: Fraction
    exact: bool = False

    @property
    def shift(self) -> int | None:
        """j if r(n) = n - j exactly."""
        if self.slope.rational == 1 and self.lo == self.hi and self.lo.denominator == 1:
            return -int(self.lo)
        return None


def affine(e: Expr, n: str, facts: Facts) -> Affine:
    """Bounds slope*n + lo <= e <= slope*n + hi for every n, by floor(x) in (x-1, x] and ceil(x) in [x, x+1)."""
    if n not in free_vars(e):
        x = real_of(e, facts)
        q = x.rational
        if q is not None:
            return Affine(ZERO, q, q)
        ends = enclosed(x, facts)
        if ends is None:
            raise Rejected(f"{ascii(e)} is not between rational numbers")
        return Affine(ZERO, *ends)
    match e:
        case Var(_):
            return Affine(real(1), Fraction(0), Fraction(0))
        case App("+", args):
            parts = [affine(a, n, facts) for a in args]
            slope = ZERO
            for p in parts:
                slope = slope + p.slope
            return Affine(slope, sum((p.lo for p in parts), Fraction(0)), sum((p.hi for p in parts), Fraction(0)))
        case App("neg", (a,)):
            p = affine(a, n, facts)
            return Affine(-p.slope, -p.hi, -p.lo)
        case App("*", args):
            scalars = [a for a in args if n not in free_vars(a)]
            rest = [a for a in args if n in free_vars(a)]
            if len(rest) != 1:
                raise Rejected(f"{ascii(e)} is not linear in {n}")
            return _scaled(affine(rest[0], n, facts), real_of(mul(*scalars), facts))
        case App("/", (a, b)) if n not in free_vars(b):
            return _scaled(affine(a, n, facts), real_of(b, facts).inverse())
        case App("floor", (a,)):
            p = affine(a, n, facts)
            return p if _integral(p) else Affine(p.slope, p.lo - 1, p.hi)
        case App("ceil", (a,)):
            p = affine(a, n, facts)
            return p if _integral(p) else Affine(p.slope, p.lo, p.hi + 1)
        case App("max" | "min" as op, args):
            parts = [affine(a, n, facts) for a in args if n in free_vars(a)]
            fixed = [a for a in args if n not in free_vars(a)]
            if any(p.slope != parts[0].slope for p in parts) or fixed and op == "min":
                raise Rejected("an argument that is a maximum of different slopes")
            if fixed and parts[0].slope.sign() <= 0:
                raise Rejected("an argument that does not grow")
            # max(c, r(n)) = r(n) as soon as r(n) >= c: a bounded change of finitely many arguments
            extra = max([Fraction(0), *(abs(q) for a in fixed if (q := real_of(a, facts).rational) is not None)])
            return Affine(parts[0].slope, min(p.lo for p in parts), max(p.hi for p in parts) + extra)
    raise Rejected(f"{ascii(e)} is not linear in {n}")


def enclosed(x: Real, facts: Facts) -> tuple[Fraction, Fraction] | None:
    """Rational bounds of a constant: an enclosure of a number, the domains where it is linear in parameters."""
    if not x.symbolic:
        return x.enclosure()
    low, high = dict(facts.lower), dict(facts.upper)
    ends = [Fraction(0), Fraction(0)]
    if x.den is not None:
        return None
    for m, c in x.num.items():
        name = m[0][0][0] if m[0] else None
        if m[1] or len(m[0]) > 1 or m[0] and (m[0][0][1] != 1 or name not in low or name not in high):
            return None
        pair = [Fraction(c)] * 2 if name is None else sorted((Fraction(c) * low[name], Fraction(c) * high[name]))
        ends = [ends[0] + pair[0], ends[1] + pair[1]]
    return ends[0], ends[1]


def _scaled(p: Affine, c: Real) -> Affine:
    q = c.rational
    if q is None:
        if p.lo == p.hi == 0:
            return Affine(p.slope * c, Fraction(0), Fraction(0))
        if c.symbolic:
            raise Rejected("a shift times a parameter")
        size = max(abs(x) for x in c.enclosure())
        bound = max(abs(p.lo), abs(p.hi)) * size
        return Affine(p.slope * c, -bound, bound)
    ends = sorted((p.lo * q, p.hi * q))
    return Affine(p.slope * c, ends[0], ends[1])


def _integral(p: Affine) -> bool:
    q = p.slope.rational
    return q is not None and q.denominator == 1 and p.lo == p.hi and p.lo.denominator == 1


def argument(e: Expr, n: str, facts: Facts) -> Affine:
    """Bounds of the integer argument T is called with: where e need not be an integer, any integer between its
    floor and its ceiling."""
    p = affine(e, n, facts)
    if not integer_valued(e, n):
        p = Affine(p.slope, p.lo - 1, p.hi + 1)
    return p


def integer_valued(e: Expr, n: str) -> bool:
    """Whether e is an integer for every integer n, by its shape."""
    match e:
        case Num(q):
            return q.denominator == 1
        case Var(name):
            return name == n
        case App("floor" | "ceil", _):
            return True
        case App("+" | "*" | "neg" | "max" | "min", args):
            return all(integer_valued(a, n) for a in args)
        case App("^", (a, Num(q))):
            return q.denominator == 1 and q >= 0 and integer_valued(a, n)
    return False


def root_argument(e: Expr, n: str, facts: Facts) -> Real:
    """beta with log e = beta*log n + O(1) for e = c*n^beta, rounded or not, plus a constant; 0 < beta < 1."""
    match e:
        case App("floor" | "ceil", (a,)):
            return root_argument(a, n, facts)
        case App("sqrt", (a,)):
            return real(Fraction(1, 2)) * _power_of(a, n, facts)
        case App("^", (a, b)) if n not in free_vars(b):
            return real_of(b, facts) * _power_of(a, n, facts)
        case App("*", args) if sum(n in free_vars(a) for a in args) == 1:
            if any(n not in free_vars(a) and real_of(a, facts).sign() <= 0 for a in args):
                raise Rejected("an argument that is not positive")
            return root_argument(next(a for a in args if n in free_vars(a)), n, facts)
        case App("/", (a, b)) if n not in free_vars(b) and real_of(b, facts).sign() > 0:
            return root_argument(a, n, facts)
        case App("+", args) if sum(n in free_vars(a) for a in args) == 1:
            return root_argument(next(a for a in args if n in free_vars(a)), n, facts)
    raise Rejected(f"{ascii(e)} is not a root of {n}")


def _power_of(e: Expr, n: str, facts: Facts) -> Real:
    return real(1) if e == Var(n) else root_argument(e, n, facts)


# ---------------------------------------------------------------- equations

def read_systems(claim: Claim) -> dict[str, System]:
    """The systems of a claim's recurrences by function name."""
    facts = constant_facts(claim)
    names = frozenset(p.name for p in claim.parameters)
    out = systems(claim.recurrences, facts, names)
    for s in out.values():
        used = frozenset().union(free_vars(s.body), *(free_vars(b.value) for b in s.bases)) - {s.variable}
        for p in claim.parameters:
            if p.name in used and not (p.lower is not None and (p.lower > 0 or p.lower == 0 and p.lower_open)):
                raise Rejected(f"{p.name} is not known to be positive")
    return out


def constant_facts(claim: Claim) -> Facts:
    """The constant parameters that are positive, and the exact assumptions between them.  An equation that can be solved for
    a parameter, p + q = 1 or a = b^c, makes it a value: p is 1 - q wherever it occurs."""
    constant = [p for p in claim.parameters if p.role == "constant"
                and p.lower is not None and (p.lower > 0 or p.lower == 0 and p.lower_open)]
    facts = Facts(tuple((p.name, p.lower) for p in constant if p.lower is not None),
                  strict=frozenset(p.name for p in constant if p.lower_open),
                  upper=tuple((p.name, p.upper) for p in constant if p.upper is not None))
    moving = frozenset(p.name for p in claim.parameters if p.role != "constant")
    exact = [a for a in claim.assumptions if a.op not in LANDAU and not moving & (free_vars(a.left) | free_vars(a.right))]
    for a in exact:
        if a.op == "=":
            facts = _solved(a, facts)
    positive: list[Real] = []
    nonnegative: list[Real] = []
    zero: list[Real] = []
    values = dict(facts.values)
    for p in constant:
        x = real_of(Var(p.name), facts)
        if p.upper is not None:
            (positive if p.upper_open else nonnegative).append(real(p.upper) - x)
        if p.name in values and p.lower is not None:
            (positive if p.lower_open else nonnegative).append(x - real(p.lower))
            if p.lower > 0:
                positive.append(x)
    for a in exact:
        try:
            left, right = real_of(a.left, facts), real_of(a.right, facts)
        except Rejected:
            continue
        below = a.op in ("<", "<=")
        gaps = [right - left if below else left - right]
        with suppress(Rejected):
            logs = log_real(right) - log_real(left)
            gaps.append(logs if below else -logs)
        gaps = [g for g in gaps if g.num]
        (zero if a.op == "=" else positive if a.op in ("<", ">") else nonnegative).extend(gaps)
    return replace(facts, positive=tuple(positive), nonnegative=tuple(nonnegative), zero=tuple(zero))


def _solved(a: Relation, facts: Facts) -> Facts:
    """The facts with one more parameter expressed by others, if the equation is x = value or has a term q*x with a rational q
    and x in no other term."""
    known = {name for name, _ in facts.values}
    open_names = [name for name, _ in facts.lower if name not in known]
    try:
        left, right = real_of(a.left, facts), real_of(a.right, facts)
        sides = [(s, v) for s, v in ((a.left, right), (a.right, left)) if isinstance(s, Var) and s.name in open_names]
        for s, v in sides:
            if isinstance(s, Var) and s.name not in free_vars(v.expr):
                return _with_value(s.name, v, facts)
        gap = left - right
        for name in reversed(open_names):
            c = gap.num.get((((name, 1),), ()))
            if gap.den is not None or c is None:
                continue
            rest = gap - real(Fraction(c)) * real_of(Var(name), facts)
            if name not in free_vars(rest.expr):
                return _with_value(name, rest * real(-1 / Fraction(c)), facts)
    except Rejected:
        pass
    return facts


def _with_value(name: str, value: Real, facts: Facts) -> Facts:
    """The parameter replaced in the values found before as well."""
    new = replace(facts, values=(*facts.values, (name, value)))
    return replace(new, values=tuple((n, real_of(v.expr, new)) for n, v in new.values))


def systems(equations: Iterable[Equation], facts: Facts, names: frozenset[str]) -> dict[str, System]:
    """Group equations by function; SourceError for an input that is wrong by itself."""
    by_name: dict[str, list[Equation]] = {}
    for e in equations:
        left = e.relation.left
        if not isinstance(left, App) or not left.args:
            raise SourceError("the left side of a recurrence is T(n)", hint="write T(n) = ...")
        by_name.setdefault(left.op, []).append(e)
    arities = {f: _arity(f, equations) for f in by_name}
    for f, wanted in arities.items():
        if len(wanted) > 1:
            raise SourceError(f"{f} is used with {' and '.join(map(str, sorted(wanted)))} arguments",
                              hint=f"every {f}(...) takes the same number of arguments")
    return {f: _system(f, group, facts, names, frozenset(by_name)) for f, group in by_name.items()}


def _arity(f: str, equations: Iterable[Equation]) -> set[int]:
    found: set[int] = set()

    def walk(e: Expr) -> None:
        stack = [e]
        while stack:
            x = stack.pop()
            if isinstance(x, App):
                if x.op == f:
                    found.add(len(x.args))
                stack.extend(x.args)

    for q in equations:
        walk(q.relation.left)
        walk(q.relation.right)
    return found


def _system(f: str, group: list[Equation], facts: Facts, names: frozenset[str], defined: frozenset[str]) -> System:
    main: list[Equation] = []
    bases: list[Base] = []
    position = _position(f, group)
    top: int | None = None  # the largest argument with a base value known up to constants, T(1) = Theta(1)
    for e in group:
        left = e.relation.left
        if not isinstance(left, App):
            raise SourceError("the left side of a recurrence is T(n)")
        first = left.args[position]
        if e.relation.op in LANDAU:
            end = int(first.value) if isinstance(first, Num) else _range(e.conditions, _variable(first, names, e))[1]
            if end is not None:
                if e.relation.op not in ("O", "Theta"):
                    raise Rejected("a base value that is not bounded")
                top = end if top is None else max(top, end)
                continue
            e = replace(e, relation=Relation("=", left, App(e.relation.op, (e.relation.right,))))
        if isinstance(first, Num):
            if first.value.denominator != 1:
                raise SourceError(f"{ascii(left)}: the argument of a base case is an integer")
            if functions(e.relation.right):
                raise SourceError(f"{ascii(left)}: a base value does not call {f}")
            bases.append(Base(int(first.value), int(first.value), e.relation.right))
            continue
        variable = _variable(first, names, e)
        low, high = _range(e.conditions, variable)
        right = e.relation.right
        if not functions(right) and high is not None and first == Var(variable):
            bases.append(Base(low, high, right))
            continue
        if high is not None:
            raise Rejected("an equation that holds on a finite range only")
        main.append(e)
    if not main:
        raise SourceError(f"there is no equation for {f}(n)", hint=f"{f}(n) = ...")
    if len(main) > 1:
        raise SourceError(f"two equations define {f}(n) on overlapping ranges",
                          hint="give each a range: for n >= 2, for n < 2")
    (e,) = main
    left = e.relation.left
    if not isinstance(left, App):
        raise SourceError("the left side of a recurrence is T(n)")
    first = left.args[position]
    variable = _variable(first, names, e)
    low, _ = _range(e.conditions, variable)
    right = e.relation.right
    if first != Var(variable):  # T(n + s) = ...: replace n by n - s
        p = affine(first, variable, facts)
        if p.shift is None:
            raise SourceError(f"{ascii(left)}: the left side of a recurrence is {f}({variable})",
                              hint=f"write it as an equation for {f}({variable})")
        right = substitute(right, {variable: add(Var(variable), num(p.shift))})
        right = _tidy(right)
        if low is not None:
            low -= p.shift
    extra: tuple[str, ...] = ()
    if len(left.args) > 1:
        right = _drop_arguments(right, position, f, left)
        extra = tuple(sorted({v for a in left.args for v in free_vars(a)} - {variable}))
    for name in sorted(free_vars(right) - {variable}):
        if name not in names and name != "e":
            raise SourceError(f"'{name}' is not a parameter", hint="declare it, or use the recurrence's variable")
    for g in sorted(functions(right) - defined - {SCALE}):
        raise SourceError(f"'{g}' is not defined by an equation", hint=f"add an equation for {g}")
    if variable in dict(facts.lower):
        facts = _without(variable, facts)
    op, branches = _branches(right, variable, defined)
    branches = tuple(_constant_calls(b, f, variable, bases) for b in branches)
    start = low
    ends = sorted(bases, key=lambda b: b.high)
    for a, b in zip(ends, ends[1:], strict=False):
        if b.low is None or b.low <= a.high:
            raise SourceError(f"two base cases define {f}({max(a.low or a.high, b.low or a.high)})",
                              hint="each argument has one value")
    if top is not None and bases:
        raise Rejected("base values of which some are given and some are not")
    if bases:
        top = max(b.high for b in bases)
        if start is None:
            start = top + 1
        elif start <= top:
            raise SourceError(f"{f}({top}) is defined by a base case and by the equation for {variable} >= {start}",
                              hint=f"let the equation start at {variable} >= {top + 1}")
    return System(f, variable, e.relation.op, op, branches, start, tuple(ends), right, low is not None, extra, facts,
                  left.args)


def _without(name: str, facts: Facts) -> Facts:
    """The facts that do not mention a parameter whose name the recursion's variable takes."""
    def kept(xs: tuple[Real, ...]) -> tuple[Real, ...]:
        return tuple(x for x in xs if name not in free_vars(x.expr))
    return Facts(tuple(t for t in facts.lower if t[0] != name), kept(facts.positive), kept(facts.zero),
                 kept(facts.nonnegative), facts.strict - {name}, tuple(t for t in facts.upper if t[0] != name),
                 tuple((n, v) for n, v in facts.values if n != name and name not in free_vars(v.expr)))


def _constant_calls(b: Branch, f: str, n: str, bases: list[Base]) -> Branch:
    """T(0) on the right is a base value: its given value, or some positive constant."""
    calls: list[Call] = []
    driving = [b.driving] if b.driving != ZERO_EXPR else []
    for c in b.calls:
        if n in free_vars(c.argument) or c.function != f or not isinstance(c.argument, Num):
            calls.append(c)
            continue
        given = [x.value for x in bases if x.low is not None and x.low <= c.argument.value <= x.high]
        value = substitute(given[0], {n: c.argument}) if given else App("Theta", (ONE,))
        if not given and c.coefficient != ONE:
            raise Rejected("a multiple of a base value that is not given")
        if value != ZERO_EXPR:
            driving.append(mul(c.coefficient, value) if c.coefficient != ONE else value)
    return Branch(tuple(calls), b.histories, add(*driving))


def _position(f: str, group: list[Equation]) -> int:
    """Which argument the recursion changes: the one for which some right side passes something else, the first if there is
    none; Rejected if there are several, or if an equation fixes another argument."""
    moved: set[int] = set()
    for e in group:
        left = e.relation.left
        stack: list[Expr] = [e.relation.right]
        while stack:
            x = stack.pop()
            if isinstance(x, App):
                if x.op == f and isinstance(left, App) and len(x.args) == len(left.args):
                    moved |= {i for i, (a, b) in enumerate(zip(left.args, x.args, strict=True)) if a != b}
                stack.extend(x.args)
    moved -= {i for i in moved if len(moved) > 1 and _only_scaled(f, group, i)}
    if len(moved) > 1:
        raise Rejected(f"{f} moves in {len(moved)} of its arguments at once: only one may change in the recursion")
    position = moved.pop() if moved else 0
    names: set[tuple[Expr, ...]] = set()
    for e in group:
        left = e.relation.left
        if isinstance(left, App):
            names.add(left.args[:position] + left.args[position + 1:])
    if len(names) > 1 or any(not isinstance(a, Var) for rest in names for a in rest):
        raise Rejected(f"{f} is defined by cases in an argument that the recursion does not change")
    return position


def _only_scaled(f: str, group: list[Equation], position: int) -> bool:
    """Whether every call passes a constant multiple >= 1 of the parameter in this place."""
    for e in group:
        left = e.relation.left
        stack: list[Expr] = [e.relation.right]
        while stack:
            x = stack.pop()
            if isinstance(x, App):
                if x.op == f and (not isinstance(left, App) or _multiple_of(x.args[position], left.args[position]) is None):
                    return False
                stack.extend(x.args)
    return True


def _multiple_of(e: Expr, variable: Expr) -> Fraction | None:
    """q >= 1 with e = q*variable."""
    if e == variable:
        return Fraction(1)
    match e:
        case App("*", (Num(q), v)) | App("*", (v, Num(q))) if v == variable and q >= 1:
            return q
    return None


SCALE = "scale argument"  # no function can have this name


def _drop_arguments(e: Expr, position: int, f: str, left: App) -> Expr:
    if isinstance(e, App):
        args = tuple(_drop_arguments(a, position, f, left) for a in e.args)
        if e.op != f:
            return App(e.op, args)
        scales = []
        for i, (a, v) in enumerate(zip(e.args, left.args, strict=True)):
            q = _multiple_of(a, v) if i != position else None
            if q is not None and q != 1:
                scales.append(App(SCALE, (v, Num(q))))
        return App(f, (args[position], *scales))
    return e


def _variable(first: Expr, names: frozenset[str], e: Equation) -> str:
    found = sorted(free_vars(first))
    if len(found) != 1:
        raise SourceError(f"{ascii_relation(e.relation)}: the left side has one variable",
                          hint="write T(n) = ...")
    return found[0]


def _range(conditions: Iterable[Relation], n: str) -> tuple[int | None, int | None]:
    low: int | None = None
    high: int | None = None
    for c in conditions:
        op, left, right = c.op, c.left, c.right
        if isinstance(left, Num) and right == Var(n):
            left, right, op = right, left, {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}.get(op, op)
        if left != Var(n) or not isinstance(right, Num) or op not in ("<", "<=", ">", ">=", "="):
            raise SourceError(f"'{ascii_relation(c)}': a range compares {n} with a number", hint=f"for {n} >= 2")
        q = right.value
        if op in (">", ">=", "="):
            bound = q.numerator // q.denominator + 1 if op == ">" else -(-q.numerator // q.denominator)
            low = bound if low is None else max(low, bound)
        if op in ("<", "<=", "="):
            bound = -(-q.numerator // q.denominator) - 1 if op == "<" else q.numerator // q.denominator
            high = bound if high is None else min(high, bound)
    if low is not None and high is not None and low > high:
        raise SourceError("the range of an equation is empty")
    return low, high


def _tidy(e: Expr) -> Expr:
    """n + 2 - 2 -> n inside arguments."""
    if isinstance(e, App):
        args = tuple(_tidy(a) for a in e.args)
        if e.op == "+":
            total = Fraction(0)
            rest: list[Expr] = []
            for a in args:
                if isinstance(a, Num):
                    total += a.value
                else:
                    rest.append(a)
            return add(*rest, Num(total)) if total else add(*rest)
        return App(e.op, args)
    return e


def _branches(e: Expr, n: str, fs: frozenset[str]) -> tuple[str, tuple[Branch, ...]]:
    """max(A, B) + g as the branches A + g and B + g."""
    match e:
        case App("max" | "min" as op, args) if functions(e) & fs:
            return op, tuple(_branch(a, n, fs) for a in args)
        case App("+", args):
            for k, a in enumerate(args):
                if isinstance(a, App) and a.op in ("max", "min") and functions(a) & fs:
                    rest = args[:k] + args[k + 1:]
                    return a.op, tuple(_branch(add(x, *rest), n, fs) for x in a.args)
        case App("*", args):
            for k, a in enumerate(args):
                if isinstance(a, App) and a.op in ("max", "min") and functions(a) & fs:
                    rest = args[:k] + args[k + 1:]
                    return a.op, tuple(_branch(mul(x, *rest), n, fs) for x in a.args)
    return "single", (_branch(e, n, fs),)


def _branch(e: Expr, n: str, fs: frozenset[str]) -> Branch:
    calls: list[Call] = []
    histories: list[History] = []
    driving: list[Expr] = []
    for c, t in _linear(e, n, fs):
        if isinstance(t, Call):
            calls.append(replace(t, coefficient=mul(c, t.coefficient) if t.coefficient != ONE else c))
        elif isinstance(t, History):
            histories.append(replace(t, coefficient=mul(c, t.coefficient) if t.coefficient != ONE else c))
        else:
            driving.append(c)
    return Branch(tuple(calls), tuple(histories), add(*driving))


def _linear(e: Expr, n: str, fs: frozenset[str]) -> list[tuple[Expr, Call | History | None]]:
    """e as a sum of coefficient * call; None for a term without calls."""
    if not functions(e) & fs:
        return [(e, None)]
    match e:
        case App(op, args) if op in fs:
            a, *others = args
            if functions(a) & fs:
                raise Rejected(f"{ascii(a)}: a nested call")
            scales = tuple((s.args[0].name, s.args[1].value) for s in others if isinstance(s, App)
                           and isinstance(s.args[0], Var) and isinstance(s.args[1], Num))
            return [(ONE, Call(ONE, op, a, scales))]
        case App("+", args):
            return [t for a in args for t in _linear(a, n, fs)]
        case App("neg", (a,)):
            return [(neg(c), t) for c, t in _linear(a, n, fs)]
        case App("*", args):
            with_calls = [a for a in args if functions(a) & fs]
            if len(with_calls) != 1:
                raise Rejected(f"{ascii(e)}: a product of calls")
            factor = mul(*(a for a in args if a is not with_calls[0]))
            return [(mul(factor, c) if c != ONE else factor, t) for c, t in _linear(with_calls[0], n, fs)]
        case App("/", (a, b)):
            if functions(b) & fs:
                raise Rejected(f"{ascii(e)}: a call in a denominator")
            return [(div(c, b), t) for c, t in _linear(a, n, fs)]
        case App("sum", (term, Var(i), lower, upper)):
            if (functions(lower) | functions(upper)) & fs:
                raise Rejected("a call in the range of a sum")
            out: list[tuple[Expr, Call | History | None]] = []
            for c, t in _linear(term, i, fs):
                if isinstance(t, History) or isinstance(t, Call) and t.scales:
                    raise Rejected("a nested sum of calls, or one of calls with several moving arguments")
                if t is None:
                    out.append((App("sum", (c, Var(i), lower, upper)), None))
                else:
                    if n in free_vars(c) and n != i:
                        inside = list(c.args if isinstance(c, App) and c.op == "*" else (c,))
                        outer = [f for f in inside if i not in free_vars(f)]
                        c = mul(*(f for f in inside if i in free_vars(f)))
                        out.append((mul(*outer), History(ONE, t.function, c, t.argument, i, lower, upper)))
                    else:
                        out.append((ONE, History(ONE, t.function, c, t.argument, i, lower, upper)))
            return out
    raise Rejected(f"{ascii(e)}: the recurrence is not linear")


def shifted_index(h: History, n: str, facts: Facts) -> History:
    """The same sum over k = the argument: sum_{i} w(i)*T(i + c) or T(c - i) (c may mention n) as sum_k w*T(k)."""
    if h.argument == Var(h.index):
        return h
    i = h.index
    a = _index_affine(h.argument, i, n, facts)
    if a is None:
        raise Rejected(f"{ascii(h.argument)}: the argument inside a sum is not i + c or c - i")
    sign, offset = a
    back = sub(Var(i), offset) if sign > 0 else sub(offset, Var(i))
    weight = _tidy(substitute(h.weight, {i: back}))
    ends = (add(h.lower, offset), add(h.upper, offset)) if sign > 0 else (sub(offset, h.upper), sub(offset, h.lower))
    return replace(h, weight=weight, argument=Var(i), lower=_linear_end(ends[0], n, facts),
                   upper=_linear_end(ends[1], n, facts))


def _linear_end(e: Expr, n: str, facts: Facts) -> Expr:
    """n - 1 - (n - 1) as 0: an end without rounding as slope*n + offset."""
    if any(isinstance(x, App) and x.op in ("floor", "ceil") for x in subterms(e)):
        return e
    p = affine(e, n, facts)
    q = p.slope.rational
    if q is None or p.lo != p.hi:
        return e
    if q == 0:
        return num(p.lo)
    return add(Var(n) if q == 1 else mul(num(q), Var(n)), *([num(p.lo)] if p.lo else []))


def merged_histories(b: Branch, n: str, facts: Facts) -> list[History]:
    """The history sums over their values T(k), those with the same weight and range added."""
    out: list[History] = []
    for raw in b.histories:
        h = shifted_index(raw, n, facts)
        h = replace(h, lower=_linear_end(h.lower, n, facts), upper=_linear_end(h.upper, n, facts),
                    weight=substitute(h.weight, {h.index: Var("k_")}), argument=Var("k_"), index="k_")
        for i, old in enumerate(out):
            if (old.function, old.weight, old.lower, old.upper) == (h.function, h.weight, h.lower, h.upper):
                out[i] = replace(old, coefficient=add(old.coefficient, h.coefficient))
                break
        else:
            out.append(h)
    return out


def _index_affine(e: Expr, i: str, n: str, facts: Facts) -> tuple[int, Expr] | None:
    terms = e.args if isinstance(e, App) and e.op == "+" else (e,)
    sign, rest = 0, []
    for t in terms:
        if t == Var(i):
            sign += 1
        elif t == neg(Var(i)):
            sign -= 1
        elif i in free_vars(t):
            return None
        else:
            rest.append(t)
    return (sign, add(*rest)) if sign in (1, -1) else None

