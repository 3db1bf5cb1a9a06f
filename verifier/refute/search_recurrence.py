"""Fast exact values of recurrences for the search.

The equations are turned into closures over machine integers and fractions once, so that one value of a divide-and-conquer
recurrence at n = 2^1000 takes a millisecond.  Where the rounding of an argument is open, the greatest and the least
values over all roundings are followed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from verifier.kernel.claim import Claim
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_system import Branch, System, affine, read_systems
from verifier.kernel.recurrence_value import Values
from verifier.lang import enclosure as en
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, free_vars, num, rebuild, substitute
from verifier.lang.enclosure import Enclosure, EvaluationError, TooLarge, Undefined
from verifier.lang.errors import SourceError
from verifier.lang.evaluate import Function, evaluate, polynomial_degree
from verifier.refute.search_range import Growth, Ranges, Unknown, low_sign

Number = int | Fraction
Value = int | Fraction | Enclosure
Closure = Callable[[int], Value]
MAX_STACK = 200_000
_BITS = 256


def compiled(e: Expr, n: str) -> Closure:
    """The value of an expression of one integer variable: exact arithmetic by closures, anything else by `evaluate`."""
    exact = _exact(e, n)
    if exact is not None:
        return exact

    def general(x: int) -> Value:
        v = evaluate(e, {n: x}, bits=_BITS)
        return v if isinstance(v, Enclosure) or v.denominator != 1 else v.numerator

    return general


def _exact(e: Expr, n: str) -> Callable[[int], Number] | None:
    match e:
        case Num(q):
            c: Number = q.numerator if q.denominator == 1 else q
            return lambda x: c
        case Var(name):
            return (lambda x: x) if name == n else None
        case App("floor" | "ceil" as op, (App("/", (a, Num(q))),)) if q.denominator == 1 and q > 0:
            inner, d = _exact(a, n), int(q)
            if inner is None:
                return None
            if op == "floor":
                return lambda x: inner(x) // d
            return lambda x: -((-inner(x)) // d)
        case App("floor", (App("log2", (Var(name),)),)) if name == n:
            return lambda x: _positive(x).bit_length() - 1
        case App("ceil", (App("log2", (Var(name),)),)) if name == n:
            return lambda x: (_positive(x) - 1).bit_length()
    if not isinstance(e, App):
        return None
    if e.op == "^" and isinstance(e.args[1], Num) and e.args[1].value.denominator == 1 and 0 <= e.args[1].value <= 64:
        base, k = _exact(e.args[0], n), int(e.args[1].value)
        return None if base is None else lambda x: base(x) ** k
    parts = [_exact(a, n) for a in e.args]
    if any(p is None for p in parts):
        return None
    fs: list[Callable[[int], Number]] = parts  # type: ignore[assignment]
    match e.op:
        case "+":
            return lambda x: sum(f(x) for f in fs)
        case "*":

            def product(x: int) -> Number:
                out: Number = 1
                for f in fs:
                    out = out * f(x)
                return out

            return product
        case "neg":
            return lambda x: -fs[0](x)
        case "/":

            def quotient(x: int) -> Number:
                bottom = fs[1](x)
                if bottom == 0:
                    raise Undefined("division by 0")
                return _tidy(Fraction(fs[0](x)) / bottom)

            return quotient
        case "floor":
            return lambda x: _floor(fs[0](x))
        case "ceil":
            return lambda x: -_floor(-fs[0](x))
        case "min":
            return lambda x: min(f(x) for f in fs)
        case "max":
            return lambda x: max(f(x) for f in fs)
    return None


def _positive(x: int) -> int:
    if x < 1:
        raise Undefined("the logarithm of a number that is not positive")
    return x


def _tidy(q: Fraction) -> Number:
    return q.numerator if q.denominator == 1 else q


def _floor(x: Number) -> int:
    return x.numerator // x.denominator


class Table:
    """Memoised values of linear recurrences without history sums; `greatest` chooses among open roundings."""

    def __init__(self, systems: dict[str, System], greatest: bool) -> None:
        self.systems = systems
        self.pick: Callable[..., Value] = max if greatest else min
        self.known: dict[tuple[str, int], Value] = {}
        self.equations = {name: [_compile_branch(b, s) for b in s.branches] for name, s in systems.items()}
        self.chains = {}
        for name, s in systems.items():
            if len(s.branches) == 1 and len(s.single.calls) == 1 and s.single.calls[0].function == name:
                calls, driving = self.equations[name][0]
                argument = _single(s.single.calls[0].argument, s.variable)
                if argument is not None:
                    self.chains[name] = (calls[0][0], name, argument), driving
        self.bases = {name: [(b.low, b.high, compiled(b.value, s.variable)) for b in s.bases] for name, s in systems.items()}

    def _chain(self, name: str, n: int) -> Value:
        """The value of T(n) = a(n)*T(argument(n)) + f(n): down to a known value, and back."""
        (coefficient, _, argument), driving = self.chains[name]
        known = self.known
        path = []
        value = known.get((name, n))
        while value is None:
            value = self._base(name, n)
            if value is None:
                path.append(n)
                m = argument(n)
                if m >= n:
                    raise Undefined(f"{name}({n}) calls {name}({m})")
                if len(path) > MAX_STACK:
                    raise TooLarge("the recursion is too deep")
                n = m
                value = known.get((name, n))
        for n in reversed(path):
            value = _plus(driving(n), _times(coefficient(n), value))
        if path:
            known[name, path[0]] = value
        return value

    def __call__(self, name: str, n: int) -> Value:
        """The value at n."""
        if name in self.chains:
            return self._chain(name, n)
        stack = [(name, n)]
        known = self.known
        while stack:
            key = stack[-1]
            if key in known:
                stack.pop()
                continue
            value = self._base(*key)
            if value is None:
                value = self._combine(key, stack)
                if value is None:
                    if len(stack) > MAX_STACK:
                        raise TooLarge("the recursion is too deep")
                    continue
            known[key] = value
            stack.pop()
        return known[name, n]

    def _base(self, name: str, n: int) -> Value | None:
        for low, high, value in self.bases[name]:
            if n <= high and (low is None or n >= low):
                return value(n)
        start = self.systems[name].start
        if start is None or n < start:
            raise Undefined(f"{name}({n}) is not defined by the equations")
        return None

    def _combine(self, key: tuple[str, int], stack: list[tuple[str, int]]) -> Value | None:
        """The right-hand side, or None after the missing arguments were put on the stack."""
        name, n = key
        known, missing = self.known, False
        branches = []
        for calls, driving in self.equations[name]:
            total: Value = 0 if missing else driving(n)
            for coefficient, function, arguments in calls:
                values = []
                for m in arguments(n):
                    if function == name and m >= n:
                        raise Undefined(f"{name}({n}) calls {name}({m})")
                    v = known.get((function, m))
                    if v is None:
                        stack.append((function, m))
                        missing = True
                    else:
                        values.append(v)
                if not missing:
                    total = _plus(total, _times(coefficient(n), values[0] if len(values) == 1 else self._one(values)))
            branches.append(total)
        if missing:
            return None
        if len(branches) == 1:
            return branches[0]
        return _extreme(branches, self.systems[name].op == "max")

    def _one(self, values: list[Value]) -> Value:
        return _extreme(values, self.pick is max)


def _compile_branch(b: Branch, s: System) -> tuple[list[tuple[Closure, str, Callable[[int], list[int]]]], Closure]:
    calls = []
    for c in b.calls:
        argument = _exact(c.argument, s.variable)
        calls.append((compiled(c.coefficient, s.variable), c.function, _points(c.argument, s.variable, argument)))
    return calls, compiled(b.driving, s.variable)


def _single(e: Expr, n: str) -> Callable[[int], int] | None:
    """The argument as a closure, if it is an integer at every n as written."""
    exact = _exact(e, n)
    if exact is None or not (isinstance(e, App) and e.op in ("floor", "ceil") or _integral(e)):
        return None
    return exact  # type: ignore[return-value]


def _integral(e: Expr) -> bool:
    match e:
        case Num(q):
            return q.denominator == 1
        case Var():
            return True
        case App("+" | "*" | "neg", args):
            return all(map(_integral, args))
    return False


def _points(e: Expr, n: str, exact: Callable[[int], Number] | None) -> Callable[[int], list[int]]:
    """The integers an argument may be: both neighbours of a value that is none, but never n itself."""

    def points(x: int) -> list[int]:
        v: Value = exact(x) if exact is not None else evaluate(e, {n: x}, bits=_BITS)
        if isinstance(v, Enclosure):
            low = v.lo.numerator // v.lo.denominator
            if low != v.hi.numerator // v.hi.denominator:
                raise en.Imprecise("an argument")
        elif v.denominator == 1:
            return [int(v)]
        else:
            low = v.numerator // v.denominator
        return [low] if low + 1 >= x > low else [low, low + 1]

    return points


def _plus(a: Value, b: Value) -> Value:
    if isinstance(a, Enclosure) or isinstance(b, Enclosure):
        return en.add(en.enclose(a), en.enclose(b), _BITS)
    return a + b


def _times(a: Value, b: Value) -> Value:
    if isinstance(a, Enclosure) or isinstance(b, Enclosure):
        return 0 if a == 0 or b == 0 else en.multiply(en.enclose(a), en.enclose(b), _BITS)
    return a * b


def _extreme(values: list[Value], greatest: bool) -> Value:
    if all(not isinstance(v, Enclosure) for v in values):
        return (max if greatest else min)(values)  # type: ignore[type-var]
    ends = [en.enclose(v) for v in values]
    pick = max if greatest else min
    return Enclosure(pick(v.lo for v in ends), pick(v.hi for v in ends))


# ------------------------------------------------------------------ functions of a claim


def functions(claim: Claim, r: Relation) -> tuple[dict[str, Function], dict[str, Growth]]:
    """For each function of the recurrences its value at exact integers, and what is known about its growth.

    Where roundings are open the value is the greatest on the smaller side of the statement and the least on the larger: a
    claim has to hold for every rounding."""
    try:
        systems = read_systems(claim)
    except (Rejected, SourceError):
        return {}, {}
    plain = not any(b.histories for s in systems.values() for b in s.branches) and all(
        not free_vars(s.body) - {s.variable} for s in systems.values()
    )
    greatest = True
    if plain and r.op != "=":
        here, there = _called(r.left, systems), _called(r.right, systems)
        greatest = bool(here) or not there
    table: Callable[[str, int], Value] = Table(systems, greatest) if plain else Values(systems)
    out: dict[str, Function] = {}
    growth: dict[str, Growth] = {}
    slow = not plain or any(_lag(c.argument, s) for s in systems.values() for b in s.branches for c in b.calls)
    rising = plain and _rising(systems, table)
    for name, s in systems.items():

        def at(n: int | Fraction, name: str = name) -> Value:
            if Fraction(n).denominator != 1:
                raise Undefined(f"{name} at a number that is not an integer")
            return table(name, int(n))

        lows = [b.low for b in s.bases if b.low is not None] + ([s.start] if s.start is not None else [])
        out[name] = at
        growth[name] = Growth(at, min(lows) if rising and lows else None, slow)
    return out, growth


def as_sums(claim: Claim, r: Relation) -> Relation:
    """The statement with every T(x) for which T(n) = T(n-1) + f(n), f a polynomial, replaced by its sum, where the claim's
    sizes start at the base."""
    try:
        systems = read_systems(claim)
    except (Rejected, SourceError):
        return r
    for name, s in systems.items():
        if len(s.branches) != 1 or len(s.single.calls) != 1 or s.single.histories or len(s.bases) != 1 or s.op != "single":
            continue
        call, base = s.single.calls[0], s.bases[0]
        if (
            call.coefficient != num(1)
            or call.function != name
            or _shift(call.argument, s) != 1
            or base.low != base.high
            or free_vars(base.value)
            or s.start != base.high + 1
            or polynomial_degree(s.single.driving, s.variable, 1) is None
        ):
            continue
        if any(p.lower is None or p.lower < base.high for p in claim.parameters):
            continue
        f = substitute(s.single.driving, {s.variable: Var("i_")})

        def unroll(e: Expr, name: str = name, f: Expr = f, start: int = base.high + 1, first: Expr = base.value) -> Expr:
            e = rebuild(e, unroll)
            if isinstance(e, App) and e.op == name and isinstance(e.args[0], Var):
                return add(first, App("sum", (f, Var("i_"), num(start), e.args[0])))
            return e

        r = Relation(r.op, unroll(r.left), unroll(r.right))
    return r


def _shift(argument: Expr, s: System) -> int | None:
    try:
        return affine(argument, s.variable, s.facts).shift
    except Rejected:
        return None


def _lag(argument: Expr, s: System) -> bool:
    try:
        slope = affine(argument, s.variable, s.facts).slope.rational
    except Rejected:
        return False
    return slope is None or slope >= 1


def _called(e: Expr, systems: dict[str, System]) -> bool:
    from verifier.lang.ast import functions as called

    return bool(called(e) & set(systems))


def _rising(systems: dict[str, System], table: Callable[[str, int], Value]) -> bool:
    """Whether every function is nondecreasing: checked one by one up to where all equations hold, and from there by
    induction, as coefficients are constants >= 0, arguments and driving functions nondecreasing."""
    top = 0
    for s in systems.values():
        if s.start is None:
            return False
        top = max([top, s.start, 1, *(b.high for b in s.bases)])
    for s in systems.values():
        for b in s.branches:
            parts = [c.argument for c in b.calls] + [b.driving]
            if any(free_vars(c.coefficient) or en.enclose(compiled(c.coefficient, s.variable)(0)).lo < 0 for c in b.calls):
                return False
            if not all(_nondecreasing(e, s.variable, max(1, s.start or 0)) for e in parts):
                return False
    limit = 4 * top + 64
    if limit > 5000:
        return False
    try:
        for name, s in systems.items():
            lows = [b.low for b in s.bases if b.low is not None] + [s.start or 0]
            previous: Value | None = None
            for n in range(min(lows), limit):
                v: Value = table(name, n)
                if previous is not None and not en.enclose(v).lo >= en.enclose(previous).hi:
                    return False
                previous = v
    except EvaluationError:
        return False
    return True


def _nondecreasing(e: Expr, n: str, low: int) -> bool:
    """Whether e does not decrease for real n >= low, tried on boxes up to 2^65536."""
    if n not in free_vars(e):
        return True
    match e:
        case App("floor" | "ceil", (a,)):
            return _nondecreasing(a, n, low)
    ends = [low, *(max(low, 1 << k) for k in (2, 4, 8, 16, 64, 1024, 65536))]
    for first, last in zip(ends, ends[1:]):
        if first == last:
            continue
        try:
            r = Ranges({n: (Fraction(max(1, first)), Fraction(last))}).of(e)
        except (Unknown, EvaluationError):
            return False
        if r.slope[0] is None or low_sign(r.slope[0]) < 0:
            return False
    return True


__all__ = ["Table", "compiled", "functions"]
