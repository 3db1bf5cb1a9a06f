"""Exact values of recurrences, memoised, at any size.

A divide-and-conquer recurrence reaches O(log n) distinct arguments, so n = 10^100 costs a few hundred steps.  Where
the equation leaves the rounding open, the value is an enclosure of all the values the roundings give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import ONE as one
from verifier.kernel.recurrence_system import (
    Branch,
    Call,
    History,
    System,
    affine,
    argument,
    root_argument,
    shifted_index,
)
from verifier.lang import enclosure as en
from verifier.lang.ast import App, Expr, Num, Var, free_vars
from verifier.lang.enclosure import Enclosure, EvaluationError, Value, enclose
from verifier.lang.evaluate import evaluate

MAX_ARGUMENTS = 400_000
"""Most distinct arguments evaluated for one value."""
Key = tuple[str, int]
_MISSING: Any = object()


class NotWellFounded(EvaluationError):
    """A value that depends on itself: `function`(n) calls `function`(argument) with argument >= n."""

    def __init__(self, function: str, n: int, argument: int) -> None:
        super().__init__(f"{function}({n}) calls {function}({argument})")
        self.function, self.n, self.argument = function, n, argument


class MissingBase(EvaluationError):
    """A value that neither an equation nor a base case defines."""

    def __init__(self, function: str, n: int) -> None:
        super().__init__(f"{function}({n}) is not defined by the equations")
        self.function, self.n = function, n


Compiled = Callable[[int], "int | Fraction"]


def compiled(e: Expr, n: str) -> Compiled | None:
    """A closure for e(n) at integers if e consists of rationals, n, +, -, *, quotients by numbers, natural powers, floor and
    ceil, so that every value is an exact rational; None otherwise."""
    match e:
        case Num(q):
            return _constant(q)
        case Var(name):
            return _same if name == n else None
        case App("floor" | "ceil" as op, (a,)):
            inner, q = _quotient(a)
            f = compiled(inner, n)
            return None if f is None else _rounded(f, q.numerator, q.denominator, op == "ceil")
        case App("neg" | "+" | "*" as op, args):
            found = [compiled(a, n) for a in args]
            parts = [f for f in found if f is not None]
            if len(parts) < len(args):
                return None
            return _negated(parts[0]) if op == "neg" else _added(parts) if op == "+" else _multiplied(parts)
        case App("/", (a, Num(q))) if q:
            f = compiled(a, n)
            return None if f is None else _multiplied([f, _constant(1 / q)])
        case App("^", (a, Num(q))) if q.denominator == 1 and 0 <= q <= 16:
            f = compiled(a, n)
            return None if f is None else _raised(f, int(q))
    return None


def _constant(q: Fraction) -> Compiled:
    value: int | Fraction = q.numerator if q.denominator == 1 else q
    return lambda x: value


def _same(x: int) -> int | Fraction:
    return x


def _negated(f: Compiled) -> Compiled:
    return lambda x: -f(x)


def _rounded(f: Compiled, p: int, q: int, up: bool) -> Compiled:
    """floor or ceil of f(x)*p/q."""
    return (lambda x: -(-f(x) * p // q)) if up else (lambda x: f(x) * p // q)


def _added(parts: list[Compiled]) -> Compiled:
    if len(parts) == 2:
        f, g = parts
        return lambda x: f(x) + g(x)
    return lambda x: sum(f(x) for f in parts)


def _multiplied(parts: list[Compiled]) -> Compiled:
    if len(parts) == 2:
        f, g = parts
        return lambda x: f(x) * g(x)

    def product(x: int) -> int | Fraction:
        out: int | Fraction = 1
        for f in parts:
            out = out * f(x)
        return out

    return product


def _raised(f: Compiled, k: int) -> Compiled:
    return lambda x: f(x) ** k


def _quotient(e: Expr) -> tuple[Expr, Fraction]:
    """a and q with e = a*q."""
    match e:
        case App("/", (a, Num(q))) if q:
            return a, 1 / q
        case App("*", (Num(q), a)):
            return a, q
    return e, Fraction(1)


class Values:
    """The values of the functions of a family of systems; `default` replaces base values that are not given.

    `pick` = "max" or "min" takes the rounding with the larger or smaller value wherever it is open; with coefficients
    >= 0 that is the largest or smallest value that any choice of roundings gives."""

    def __init__(self, systems: Mapping[str, System], *, default: Fraction | int | None = None,
                 env: Mapping[str, Fraction | int] | None = None, bits: int = 256, start: int | None = None,
                 pick: str | None = None, most: int = MAX_ARGUMENTS) -> None:
        self.systems = systems
        self.default = default
        self.env = dict(env or {})
        self.bits = bits
        self.start = start
        self.pick = pick
        self.most = most
        self.table: dict[Key, Value] = {}
        self.compiled: dict[int, Any] = {}
        self.kept: list[Expr] = []  # keeps the keys of `compiled` alive
        self.prefix: dict[tuple[str, int, str], tuple[list[Value], int]] = {}
        self.histories = {(name, i): [shifted_index(h, s.variable, s.facts) for h in b.histories]
                          for name, s in systems.items() for i, b in enumerate(s.branches)}

    def of(self, e: Expr, variable: str, n: int) -> Value:
        """The value of an expression without calls at n."""
        f = self.compiled.get(id(e), _MISSING)
        if f is _MISSING:
            f = compiled(e, variable)
            self.compiled[id(e)] = f
            self.kept.append(e)
        if f is not None:
            exact: int | Fraction = f(n)
            return exact
        v = evaluate(e, {**self.env, variable: n}, bits=self.bits)
        if isinstance(v, Fraction) and v.denominator == 1:
            return v.numerator
        return v

    def __call__(self, name: str, n: int) -> Value:
        """T(n); NotWellFounded, MissingBase or another EvaluationError."""
        root: Key = (name, n)
        stack: list[tuple[Key, bool]] = [(root, False)]
        active: set[Key] = set()
        while stack:
            key, ready = stack.pop()
            if ready:
                active.discard(key)
                self.table[key] = self._combine(key)
                continue
            if key in self.table:
                continue
            given = self._given(key)
            if given is not None:
                self.table[key] = given
                continue
            if key in active:
                raise NotWellFounded(key[0], key[1], key[1])
            active.add(key)
            stack.append((key, True))
            if len(self.table) + len(active) > self.most:
                raise en.TooLarge("the recurrence reaches too many arguments")
            for child in self._arguments(key):
                if child not in self.table:
                    if child in active:
                        raise NotWellFounded(child[0], key[1], child[1])
                    stack.append((child, False))
        return self.table[root]

    def _given(self, key: Key) -> Value | None:
        system = self.systems[key[0]]
        for b in system.bases:
            if (b.low is None or b.low <= key[1]) and key[1] <= b.high:
                return self.of(b.value, system.variable, key[1])
        start = system.start if system.start is not None else self.start
        if start is not None and key[1] >= start:
            return None
        if self.default is None or key[1] < min(-64, (start or 0) - 64):
            raise MissingBase(*key)
        return self.default

    def points(self, c: Call, system: System, n: int) -> list[int]:
        """The integers the argument may be: both neighbours where the rounding is open, but not n itself."""
        v = self.of(c.argument, system.variable, n)
        if type(v) is int:
            return [v]
        if isinstance(v, Enclosure):
            a, b = v.lo.numerator // v.lo.denominator, v.hi.numerator // v.hi.denominator
            if a != b:
                raise en.Imprecise("an argument")
        elif Fraction(v).denominator == 1:
            return [int(v)]
        else:
            a = Fraction(v).numerator // Fraction(v).denominator
        return [a] if a + 1 >= n > a else [a, a + 1]

    def _arguments(self, key: Key) -> list[Key]:
        name, n = key
        system = self.systems[name]
        out: list[Key] = []
        for i, b in enumerate(system.branches):
            for c in b.calls:
                for m in self.points(c, system, n):
                    if c.function == name and m >= n:
                        raise NotWellFounded(name, n, m)
                    out.append((c.function, m))
            for k, h in enumerate(self.histories[name, i]):
                low, high = self._range(h, system, n)
                if high >= low:
                    if h.function == name and high >= n:
                        raise NotWellFounded(name, n, high)
                    if high - low > MAX_ARGUMENTS:
                        raise en.TooLarge("a sum over too many values")
                    summed = self.prefix.get((name, low, f"{i}.{k}"))
                    done = low if summed is None else summed[1] + len(summed[0]) - 1
                    out.extend((h.function, m) for m in range(high, done - 1, -1))
        return out

    def _range(self, h: History, system: System, n: int) -> tuple[int, int]:
        low, high = Fraction(self._rational(h.lower, system, n)), Fraction(self._rational(h.upper, system, n))
        return -(-low.numerator // low.denominator), high.numerator // high.denominator

    def _rational(self, e: Expr, system: System, n: int) -> Fraction | int:
        v = self.of(e, system.variable, n)
        if isinstance(v, Enclosure):
            raise en.Imprecise("an end of a sum")
        return v

    def _combine(self, key: Key) -> Value:
        name, n = key
        system = self.systems[name]
        values = [self._branch(b, i, system, n) for i, b in enumerate(system.branches)]
        if len(values) == 1:
            return values[0]
        ends = [enclose(v) for v in values]
        pick = max if system.op == "max" else min
        if all(not isinstance(v, Enclosure) for v in values):
            return pick(values)  # type: ignore[type-var]
        return Enclosure(pick(e.lo for e in ends), pick(e.hi for e in ends))

    def _branch(self, b: Branch, i: int, system: System, n: int) -> Value:
        if system.scaled:
            raise Rejected("several moving arguments")
        total = self.of(b.driving, system.variable, n)
        for c in b.calls:
            values = [self.table[c.function, m] for m in self.points(c, system, n)]
            v = values[0]
            if len(values) == 2 and values[1] != v and self.pick is not None:
                if isinstance(v, Enclosure) or isinstance(values[1], Enclosure):
                    raise en.Imprecise("a choice between enclosures")
                v = max(v, values[1]) if self.pick == "max" else min(v, values[1])
            elif len(values) == 2 and values[1] != v:
                x, y = enclose(values[0]), enclose(values[1])
                v = Enclosure(min(x.lo, y.lo), max(x.hi, y.hi))
            total = self._add(total, self._times(self.of(c.coefficient, system.variable, n), v))
        for k, h in enumerate(self.histories[system.name, i]):
            total = self._add(total, self._times(self.of(h.coefficient, system.variable, n),
                                                 self._sum(h, f"{i}.{k}", system, n)))
        return total

    def _sum(self, h: History, label: str, system: System, n: int) -> Value:
        low, high = self._range(h, system, n)
        if high < low:
            return 0
        if system.variable in free_vars(h.weight):
            total: Value = 0
            for m in range(low, high + 1):
                w = evaluate(h.weight, {**self.env, system.variable: n, h.index: m}, bits=self.bits)
                total = self._add(total, self._times(w, self.table[h.function, m]))
            return total
        if system.variable in free_vars(h.lower):
            total = 0
            for m in range(low, high + 1):
                total = self._add(total, self._times(self.of(h.weight, h.index, m), self.table[h.function, m]))
            return total
        sums, first = self.prefix.setdefault((system.name, low, label), ([0], low))
        while len(sums) <= high - first + 1:
            m = first + len(sums) - 1
            sums.append(self._add(sums[-1], self._times(self.of(h.weight, h.index, m), self.table[h.function, m])))
        return sums[high - first + 1]

    def _add(self, a: Value, b: Value) -> Value:
        if isinstance(a, Enclosure) or isinstance(b, Enclosure):
            return en.add(enclose(a), enclose(b), self.bits)
        return a + b

    def _times(self, a: Value, b: Value) -> Value:
        if type(a) is int and a == 1:
            return b
        if isinstance(a, Enclosure) or isinstance(b, Enclosure):
            return 0 if a == 0 or b == 0 else en.multiply(enclose(a), enclose(b), self.bits)
        if a.numerator.bit_length() + b.numerator.bit_length() > 2 * en.MAX_BITS:
            raise en.TooLarge("a product is too large")
        return a * b


WINDOW = 96


def positive_window(system: System, nonnegative_after: Callable[[Fraction], bool]) -> bool:
    """Whether T > 0 on a window n1..M found by exact evaluation, every argument of a later n is at least n1, and all
    coefficients and the driving function are >= 0 after M: then T > 0 from n1 on.  With history sums T >= 0 is required
    from the start.  Base values that are not given count as arbitrary positive ones, so nothing is evaluated then."""
    if system.start is None or not system.bases or any(c.function != system.name for b in system.branches
                                                       for c in b.calls) or system.functions - {system.name}:
        return False
    try:
        values = Values({system.name: system})
        top = system.start + WINDOW
        signs: list[tuple[int, int]] = []
        low = min(b.high if b.low is None else b.low for b in system.bases)
        for n in range(low, top + 1):
            v = enclose(values(system.name, n))
            signs.append((n, 1 if v.lo > 0 else 0 if v.lo >= 0 else -1))
        first = next((n + 1 for n, s in reversed(signs) if s <= 0), low)
        if first > top or not nonnegative_after(Fraction(top + 1)):
            return False
        for b in system.branches:
            if b.histories and any(s < 0 for _, s in signs):
                return False
            if not b.calls and not b.histories:
                return False
            for c in b.calls:
                if _least_argument(c, system, top + 1) < first:
                    return False
    except (EvaluationError, Rejected):
        return False
    return True


def _least_argument(c: Call, system: System, n: int) -> Fraction:
    """A lower bound of the argument for every n' >= n."""
    try:
        p = argument(c.argument, system.variable, system.facts)
        if p.slope.sign() > 0:
            return p.slope.enclosure()[0] * n + p.lo
    except Rejected:
        pass
    root_argument(c.argument, system.variable, system.facts)  # c*n^beta + h, increasing
    v = enclose(evaluate(c.argument, {system.variable: n}))
    return v.lo - 2


def relaxed(systems: Mapping[str, System]) -> dict[str, System]:
    """Equations without a range whose small arguments do not shrink, T(n) = 2*T(floor(n/2) + 17) + n with T(1) = 1: they are
    read as holding from some n0 on, like equations without base values.  An argument equal to n is left to
    `check_well_founded`."""
    out = dict(systems)
    for name, s in systems.items():
        if s.explicit_start or s.start is None:
            continue
        try:
            check_well_founded({name: s})
        except NotWellFounded as error:
            if error.argument > error.n:
                out[name] = replace(s, start=None, bases=())
    return out


def check_well_founded(systems: Mapping[str, System]) -> None:
    """NotWellFounded if some T(n) in the range of its equation calls itself, directly, with an argument >= n.

    Arguments slope*n + hi with slope < 1 are below n as soon as n > hi/(1 - slope); smaller n are tried one by
    one.  An argument with slope 1 has to be n - j, j >= 1; a larger slope grows."""
    for s in systems.values():
        for b in s.branches:
            for c in b.calls:
                if c.function == s.name:
                    _check_call(c, s)
            for h in b.histories:
                if h.function == s.name:
                    end = shifted_index(h, s.variable, s.facts).upper
                    p = affine(end, s.variable, s.facts)
                    if (p.slope - one).sign() > 0 or p.slope == one and p.hi > -1:
                        n = s.start if s.start is not None else 1
                        v = evaluate(end, {s.variable: n})
                        raise NotWellFounded(s.name, n, int(enclose(v).lo))


def _check_call(c: Call, s: System) -> None:
    n = s.variable
    try:
        p = argument(c.argument, n, s.facts)
    except Rejected:
        return
    side = (p.slope - one).sign()
    first = s.start if s.start is not None else 2
    if side > 0 or side == 0 and p.hi > -1 and p.shift is not None:
        at = max(first, 1)
        v = enclose(evaluate(c.argument, {n: at}))
        if v.lo >= at or side > 0:
            raise NotWellFounded(s.name, at, int(v.lo))
    if side < 0 and s.start is not None and p.slope.rational is not None:
        limit = p.hi / (1 - p.slope.rational)
        values = Values({s.name: s})
        for at in range(s.start, min(int(limit) + 2, s.start + 2000)):
            for m in values.points(c, s, at):
                if m >= at:
                    raise NotWellFounded(s.name, at, m)

