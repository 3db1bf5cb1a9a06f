"""What is known about sizes: signs and integrality on the whole domain, shown by shift positivity.

An expression is expanded as a polynomial over *atoms* (variables and non-polynomial subterms), each atom x
with a known lower bound L is written L + y with y >= 0, and known non-negative slacks are subtracted until
all coefficients are non-negative.  The answers are sound and incomplete: False means `not shown`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

from verifier.kernel.claim import Parameter
from verifier.lang.ast import ONE, App, Expr, Num, Relation, Var, num, sub, substitute

MAX_TERMS = 300
MAX_POWER = 12
_DEPTH = 6

Monomial = tuple[tuple[Expr, int], ...]
Poly = dict[Monomial, Fraction]


class _TooLarge(Exception):
    pass


@dataclass(frozen=True)
class Facts:
    """Bounds of variables, and expressions known to be >= 0."""

    parameters: Mapping[str, Parameter]
    slacks: tuple[Expr, ...] = ()
    _cache: dict[Expr, Fraction | None] = field(default_factory=dict, compare=False, repr=False)

    def assume(self, relation: Relation) -> Facts:
        """With an exact relation more; Landau relations say nothing about signs."""
        left, right = relation.left, relation.right
        match relation.op:
            case "<=" | "<":
                small, large = left, right
            case ">=" | ">":
                small, large = right, left
            case "=":
                return self.assume(Relation("<=", left, right)).assume(Relation(">=", left, right))
            case _:
                return self
        strict = relation.op in ("<", ">")
        gap = 1 if strict and self.integer(small) and self.integer(large) else 0
        return self.bounded(small, large, gap, strict and not gap)

    def bounded(self, small: Expr, large: Expr, gap: int, strict: bool) -> Facts:
        """small + gap <= large."""
        slack = sub(large, App("+", (small, num(gap))) if gap else small)
        parameters = dict(self.parameters)
        match small, large:
            case Num(value), Var(name) if name in parameters:
                p = parameters[name]
                if p.lower is None or value + gap >= p.lower:
                    parameters[name] = replace(p, lower=value + gap, lower_open=strict)
            case Var(name), Num(value) if name in parameters:
                p = parameters[name]
                if p.upper is None or value - gap <= p.upper:
                    parameters[name] = replace(p, upper=value - gap, upper_open=strict)
        return Facts(parameters, (*self.slacks, slack))

    def with_parameter(self, p: Parameter) -> Facts:
        """With a variable more, or another one of the same name."""
        return Facts({**self.parameters, p.name: p}, self.slacks)

    def with_index(self, name: str, lower: Expr, upper: Expr) -> Facts:
        """With an integer variable between two expressions."""
        facts = self.with_parameter(Parameter(name, "integer", None))
        return facts.assume(Relation("<=", lower, Var(name))).assume(Relation("<=", Var(name), upper))

    # -- questions ------------------------------------------------------------------------------

    def nonnegative(self, e: Expr) -> bool:
        """Whether e >= 0 was shown."""
        return self._shown(e, strict=False)

    def positive(self, e: Expr) -> bool:
        """Whether e > 0 was shown."""
        return self._shown(e, strict=True)

    def holds(self, r: Relation) -> bool:
        """Whether the relation was shown."""
        match r.op:
            case "<=":
                return self.nonnegative(sub(r.right, r.left))
            case ">=":
                return self.nonnegative(sub(r.left, r.right))
            case "<":
                return self._less(r.left, r.right)
            case ">":
                return self._less(r.right, r.left)
            case "=":
                return self.nonnegative(sub(r.right, r.left)) and self.nonnegative(sub(r.left, r.right))
        return False

    def _less(self, a: Expr, b: Expr) -> bool:
        if self.integer(a) and self.integer(b):
            return self.nonnegative(sub(b, App("+", (a, ONE))))
        return self.positive(sub(b, a))

    def integer(self, e: Expr) -> bool:
        """Whether e is an integer for all values."""
        match e:
            case Num(value):
                return value.denominator == 1
            case Var(name):
                return name in self.parameters and self.parameters[name].kind == "integer"
            case App("+" | "*" | "neg" | "max" | "min", args):
                return all(map(self.integer, args))
            case App("floor" | "ceil" | "factorial" | "binomial", _):
                return True
            case App("^", (base, exponent)):
                return self.integer(base) and self.integer(exponent) and self.nonnegative(exponent)
            case App("sum", (term, Var(i), lower, upper)):
                return self.with_index(i, lower, upper).integer(term)
        return False

    def lower(self, e: Expr) -> Fraction | None:
        """Some lower bound of e, or None."""
        try:
            p = self._shift(polynomial(e))
        except _TooLarge:
            return None
        c = p.pop((), Fraction(0))
        return c if self._reduced(p, _DEPTH) is not None else None

    # -- shift positivity -----------------------------------------------------------------------

    def _shown(self, e: Expr, strict: bool) -> bool:
        try:
            found = self._reduced(self._shift(polynomial(e)), _DEPTH)
        except _TooLarge:
            return False
        if found is None:
            return False
        return not strict or any(all(self._atom_positive(a) for a, _ in m) for m in found)

    def _reduced(self, p: Poly, depth: int) -> Poly | None:
        """p less multiples of slacks, with non-negative coefficients; None if none is found."""
        bad = next(
            (
                m
                for m, c in sorted(p.items(), key=lambda t: (-len(t[0]), repr(t[0])))
                if c < 0 or not self._monomial_nonnegative(m)
            ),
            None,
        )
        if bad is None:
            return p
        if depth == 0 or p[bad] > 0:
            return None
        for slack in self._slack_polys(p):
            for m, c in slack.items():
                rest = _quotient(bad, m) if c < 0 else None
                if rest is None or not self._monomial_nonnegative(rest):
                    continue
                factor = p[bad] / c
                found = self._reduced(
                    _add(p, {_times(rest, n): -factor * d for n, d in slack.items()}), depth - 1
                )
                if found is not None:
                    return found
        return None

    def _slack_polys(self, p: Poly) -> Iterator[Poly]:
        for s in self.slacks:
            try:
                yield self._shift(polynomial(s))
            except _TooLarge:
                continue
        for name, parameter in self.parameters.items():
            if parameter.upper is not None:
                yield self._shift(polynomial(sub(Num(parameter.upper), Var(name))))
        for a in {a for m in p for a, _ in m}:
            top = self._atom_upper(a)
            if top is not None:
                yield self._shift({((a, 1),): Fraction(-1), (): top})
            if isinstance(a, App) and a.op in ("floor", "ceil"):
                x = a.args[0]
                above, below = (x, a) if a.op == "floor" else (a, x)
                yield self._shift(polynomial(sub(above, below)))
                yield self._shift(polynomial(App("+", (below, ONE, App("neg", (above,))))))

    def _shift(self, p: Poly) -> Poly:
        """p with every bounded atom x written L + y, the y named by x."""
        out: Poly = {}
        for m, c in p.items():
            parts: Poly = {(): c}
            for a, n in m:
                low = self._atom_lower(a)
                for _ in range(n):
                    y: Poly = {((a, 1),): Fraction(1)}
                    parts = _multiply(parts, _add(y, {(): low}) if low else y)
            out = _add(out, parts)
        return out

    def _monomial_nonnegative(self, m: Monomial) -> bool:
        return all(n % 2 == 0 or self._atom_lower(a) is not None for a, n in m)

    def _atom_positive(self, a: Expr) -> bool:
        """Whether y = x - L is > 0 for this atom; L = 0 and open."""
        if isinstance(a, Var):
            p = self.parameters.get(a.name)
            return p is not None and p.lower is not None and p.lower_open
        return isinstance(a, App) and a.op in ("exp", "^", "/") and self._atom_lower(a) == 0

    def _atom_lower(self, a: Expr) -> Fraction | None:
        if a not in self._cache:
            self._cache[a] = None  # a cyclic question is answered by `unknown`
            self._cache[a] = self._lower_of_atom(a)
        return self._cache[a]

    def _atom_upper(self, a: Expr) -> Fraction | None:
        """An upper bound of c^(-x) and of 1/x."""
        match a:
            case App("^", (base, App("neg", (x,)))):
                low, exponent = self.lower(base), self.lower(x)
                if low is None or low < 1 or exponent is None or exponent < 0:
                    return None
                return Fraction(1) if exponent < 1 else 1 / low
            case App("/", (Num(value), x)) if value > 0:
                low = self.lower(x)
                return value / low if low is not None and low > 0 else None
        return None

    def _lower_of_atom(self, a: Expr) -> Fraction | None:
        match a:
            case Var(name):
                p = self.parameters.get(name)
                return p.lower if p is not None else None
            case App("floor", (x,)):
                low = self.lower(x)
                return None if low is None else Fraction(floor(low))
            case App("ceil", (x,)):
                if self.positive(x):
                    return Fraction(1)
                low = self.lower(x)
                return None if low is None else Fraction(ceil(low))
            case App("log" | "log2", args):
                return (
                    Fraction(0)
                    if all(self.nonnegative(sub(x, ONE)) for x in args[:1])
                    and all(self.positive(sub(x, ONE)) for x in args[1:])
                    else None
                )
            case App("sqrt", (x,)):
                return Fraction(1) if self.nonnegative(sub(x, ONE)) else Fraction(0)
            case App("exp", (x,)):
                return Fraction(1) if self.nonnegative(x) else Fraction(0)
            case App("^", (base, exponent)):
                if self.nonnegative(sub(base, ONE)) and self.nonnegative(exponent):
                    return Fraction(1)
                return Fraction(0) if self.positive(base) else None
            case App("/", (x, y)):
                return Fraction(0) if self.nonnegative(x) and self.positive(y) else None
            case App("max", args):
                lows = [low for low in map(self.lower, args) if low is not None]
                return max(lows, default=None)
            case App("min", args):
                every = [self.lower(x) for x in args]
                known = [low for low in every if low is not None]
                return min(known) if len(known) == len(every) else None
            case App("factorial", _):
                return Fraction(1)
            case App("binomial", _):
                return Fraction(0)
            case App("max_geometric", (k, _)):
                return Fraction(1) if self.nonnegative(sub(k, ONE)) else Fraction(0)
            case App("sum", (term, Var(i), lower, upper)):
                inner = self.with_index(i, lower, upper)
                return Fraction(0) if inner.nonnegative(term) else None
        return None


def facts_about(parameters: Iterable[Parameter], assumptions: Iterable[Relation] = ()) -> Facts:
    """The facts of declared parameters and exact assumptions."""
    facts = Facts({p.name: p for p in parameters})
    for r in assumptions:
        facts = facts.assume(r)
    return facts


def polynomial(e: Expr) -> Poly:
    """The expansion over atoms; _TooLarge beyond the limits."""
    match e:
        case Num(value):
            return {(): value} if value else {}
        case App("+", args):
            out: Poly = {}
            for a in args:
                out = _add(out, polynomial(a))
            return out
        case App("*", args):
            out = {(): Fraction(1)}
            for a in args:
                out = _multiply(out, polynomial(a))
            return out
        case App("neg", (a,)):
            return {m: -c for m, c in polynomial(a).items()}
        case App("/", (a, Num(value))) if value:
            return {m: c / value for m, c in polynomial(a).items()}
        case App("^", (base, Num(value))) if value.denominator == 1 and 0 <= value <= MAX_POWER:
            out = {(): Fraction(1)}
            for _ in range(int(value)):
                out = _multiply(out, polynomial(base))
            return out
        case App("/", (a, b)) if a != ONE:
            return _multiply(polynomial(a), {((App("/", (ONE, b)), 1),): Fraction(1)})
    return {((e, 1),): Fraction(1)}


def _add(p: Poly, q: Poly) -> Poly:
    out = dict(p)
    for m, c in q.items():
        s = out.get(m, Fraction(0)) + c
        if s:
            out[m] = s
        else:
            out.pop(m, None)
    return out


def _multiply(p: Poly, q: Poly) -> Poly:
    if len(p) * len(q) > MAX_TERMS:
        raise _TooLarge
    out: Poly = {}
    for m, c in p.items():
        for n, d in q.items():
            out = _add(out, {_times(m, n): c * d})
    return out


def _times(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for a, k in n:
        powers[a] = powers.get(a, 0) + k
    return tuple(sorted(powers.items(), key=lambda t: repr(t[0])))


def _quotient(m: Monomial, n: Monomial) -> Monomial | None:
    """m / n if n divides m; 1 divides everything."""
    powers = dict(m)
    for a, k in n:
        left = powers.get(a, 0) - k
        if left < 0:
            return None
        if left:
            powers[a] = left
        else:
            del powers[a]
    return tuple(sorted(powers.items(), key=lambda t: repr(t[0])))


def coefficients_in(e: Expr, index: str) -> dict[int, list[tuple[Monomial, Fraction]]] | None:
    """The coefficients of the powers of a variable; None if it occurs inside an atom, or e is too large."""
    try:
        p = polynomial(e)
    except _TooLarge:
        return None
    out: dict[int, list[tuple[Monomial, Fraction]]] = {}
    x = Var(index)
    for m, c in p.items():
        powers = dict(m)
        n = powers.pop(x, 0)
        if any(substitute(a, {index: ONE}) != a for a in powers):
            return None
        out.setdefault(n, []).append((tuple(powers.items()), c))
    return out
