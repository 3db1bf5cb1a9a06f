"""What holds at the point under consideration: bounds of the parameters and hypotheses between them.

A context stands for a set of assignments of numbers to names.  `Context.bounds` encloses the values an expression
takes on it by interval arithmetic over the extended rationals: sound, not tight.  Everything
the kernel needs to know about signs and definedness comes from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from verifier.lang.ast import App, Expr, Num, Relation, Var
from verifier.lang.enclosure import exp_rational, log_rational


class Rejected(Exception):
    """The certificate does not show what it says."""


@dataclass(frozen=True, slots=True)
class Interval:
    """{x : lo <= x <= hi}, an open end excluded, None for an infinite end."""

    lo: Fraction | None = None
    lo_open: bool = False
    hi: Fraction | None = None
    hi_open: bool = False
    integer: bool = False

    @property
    def positive(self) -> bool:
        return self.lo is not None and (self.lo > 0 or self.lo == 0 and self.lo_open)

    @property
    def nonnegative(self) -> bool:
        return self.lo is not None and self.lo >= 0

    def contains(self, q: Fraction) -> bool:
        """Whether the number lies in the interval (and is an integer where it has to be)."""
        return not (self.integer and q.denominator != 1
                    or self.lo is not None and (q < self.lo or self.lo_open and q == self.lo)
                    or self.hi is not None and (q > self.hi or self.hi_open and q == self.hi))


EVERYTHING = Interval()
_ZERO, _ONE = Fraction(0), Fraction(1)
POSITIVE = Interval(_ZERO, True)
_BITS = 64


@dataclass(frozen=True)
class Context:
    """Bounds by name, and exact hypotheses `left <= right`, `left < right` or `left = right`.

    `functions` gives the bounds of functions of the recurrences, by name."""

    names: Mapping[str, Interval]
    hypotheses: tuple[Relation, ...] = ()
    functions: Mapping[str, Interval] = field(default_factory=dict)
    _signs: dict[str, Interval] = field(default_factory=dict, compare=False, repr=False)

    def require(self, name: str) -> None:
        """Rejected unless the name is declared."""
        if name not in self.names:
            raise Rejected(f"{name} is not declared")

    def with_name(self, name: str, interval: Interval, hypotheses: Iterable[Relation] = ()) -> Context:
        """The context with one more name (or a narrower interval for a name) and more hypotheses."""
        return replace(self, names={**self.names, name: interval},
                       hypotheses=(*self.hypotheses, *hypotheses), _signs={})

    def raised(self, name: str, lower: Fraction) -> Context:
        """The context in which `name` is also >= lower."""
        old = self.names[name]
        if old.lo is not None and old.lo >= lower:
            return self
        return self.with_name(name, replace(old, lo=lower, lo_open=False))

    def interval(self, key: str) -> Interval:
        """Bounds of an atom or of a sum atom "(...)"."""
        found = self._signs.get(key)
        if found is None:
            from verifier.kernel.normal import key_expr
            e = key_expr(key)
            found = self.bounds(e)
            if not found.positive and key[0] == "(":
                if self._shifted(e, _ZERO, strict=True):
                    found = replace(found, lo=_ZERO, lo_open=True)
                elif not found.nonnegative and self._shifted(e, _ZERO):
                    found = replace(found, lo=_ZERO, lo_open=False)
            self._signs[key] = found
        return found

    def positive(self, key: str) -> bool:
        """Whether the atom is shown to be > 0 everywhere on the context."""
        return key[0].isdigit() or self.interval(key).positive

    def nonnegative(self, key: str) -> bool:
        """Whether the atom is shown to be >= 0 everywhere on the context."""
        return key[0].isdigit() or self.interval(key).nonnegative

    def integer(self, key: str) -> bool:
        """Whether the atom takes integer values only."""
        return key[0].isdigit() or self.interval(key).integer

    def at_least(self, e: Expr, q: Fraction) -> bool:
        """Whether e >= q is shown everywhere on the context."""
        low = self.bounds(e).lo
        if low is not None and low >= q:
            return True
        return self._shifted(e, q)

    def _shifted(self, e: Expr, q: Fraction, *, strict: bool = False) -> bool:
        """Whether e >= q (> q) by shift positivity of the normal form."""
        from verifier.kernel.normal import constant, plus, polynomial, ratio
        from verifier.kernel.sign import nonnegative
        try:
            return nonnegative(plus(polynomial(e, self), constant(ratio(-q))), self, strict=strict)
        except Rejected:
            return False

    def bounds(self, e: Expr) -> Interval:
        """An interval that contains every value of e on the context where e is defined."""
        match e:
            case Num(q):
                return Interval(q, False, q, False, q.denominator == 1)
            case Var(name):
                self.require(name)
                return self.names[name]
            case App("+", args):
                parts = [self.bounds(a) for a in args]
                return Interval(*_total([(p.lo, p.lo_open) for p in parts]),
                                *_total([(p.hi, p.hi_open) for p in parts]), all(p.integer for p in parts))
            case App("neg", (a,)):
                b = self.bounds(a)
                return Interval(_minus(b.hi), b.hi_open, _minus(b.lo), b.lo_open, b.integer)
            case App("*", args):
                out = Interval(_ONE, False, _ONE, False, True)
                for a in args:
                    out = _times(out, self.bounds(a))
                return out
            case App("/", (a, b)):
                return _times(self.bounds(a), _inverse(self.bounds(b)))
            case App("^", (a, b)):
                return _power(self.bounds(a), self.bounds(b))
            case App("sqrt", (a,)):
                return _power(self.bounds(a), Interval(Fraction(1, 2), False, Fraction(1, 2)))
            case App("log", (a,)):
                return _log(self.bounds(a))
            case App("log2", (a,)):
                return _times(_log(self.bounds(a)), _inverse(_log(Interval(Fraction(2), False, Fraction(2)))))
            case App("log", (a, b)):
                return _times(_log(self.bounds(a)), _inverse(_log(self.bounds(b))))
            case App("exp", (a,)):
                return _exp(self.bounds(a))
            case App("floor", (a,)):
                b = self.bounds(a)
                return Interval(_floor(b.lo), False, _floor(b.hi), False, True)
            case App("ceil", (a,)):
                b = self.bounds(a)
                low = b.lo
                return Interval(None if low is None else Fraction(_ceil(low) + (b.lo_open and low.denominator == 1)),
                                False, None if b.hi is None else Fraction(_ceil(b.hi)), False, True)
            case App("max", args):
                parts = [self.bounds(a) for a in args]
                top = [p for p in parts if p.lo is not None]
                best = max(top, key=lambda p: (p.lo, p.lo_open), default=EVERYTHING)
                hi = None if any(p.hi is None for p in parts) else max(p.hi for p in parts if p.hi is not None)
                return Interval(best.lo, best.lo_open, hi, False, all(p.integer for p in parts))
            case App("min", args):
                negative = self.bounds(App("max", tuple(App("neg", (a,)) for a in args)))
                return Interval(_minus(negative.hi), negative.hi_open, _minus(negative.lo), negative.lo_open,
                                negative.integer)
            case App("factorial", (a,)):
                return Interval(_ONE, integer=True)
            case App("binomial", (a, b)):
                n = self.bounds(a)  # of a real number it may be negative: binomial(1/2, 2) = -1/8
                return Interval(_ZERO, integer=True) if n.nonnegative and n.integer else EVERYTHING
            case App("max_geometric", _):
                return Interval(_ZERO)
            case App("sum", (term, Var(i), lower, upper)):
                first = self.bounds(lower)
                index = Interval(first.lo, first.lo_open, self.bounds(upper).hi, False, first.integer)
                inner = self.with_name(i, index, (Relation("<=", Var(i), upper), Relation("<=", lower, Var(i))))
                t = inner.bounds(term)
                if not t.nonnegative:
                    return Interval(integer=t.integer)
                some = self.at_least(App("+", (upper, App("neg", (lower,)))), _ZERO)  # at least one term
                return Interval(t.lo if some else _ZERO, some and t.lo_open, integer=t.integer)
            case App(op, _):
                return self.functions.get(op, EVERYTHING)
        return EVERYTHING


def _minus(x: Fraction | None) -> Fraction | None:
    return None if x is None else -x


def _total(ends: list[tuple[Fraction | None, bool]]) -> tuple[Fraction | None, bool]:
    if any(x is None for x, _ in ends):
        return None, False
    return sum((x for x, _ in ends if x is not None), _ZERO), any(o for _, o in ends)


def _times(a: Interval, b: Interval) -> Interval:
    integer = a.integer and b.integer
    if a.lo == a.hi == 0 or b.lo == b.hi == 0:
        return Interval(_ZERO, False, _ZERO, False, True)
    if a.nonnegative and b.nonnegative and a.lo is not None and b.lo is not None:
        hi = None if a.hi is None or b.hi is None else a.hi * b.hi
        if a.hi == 0 or b.hi == 0:
            hi = _ZERO
        lo = a.lo * b.lo
        return Interval(lo, lo == 0 and a.positive and b.positive or lo > 0 and (a.lo_open or b.lo_open),
                        hi, False, integer)
    if b.hi is not None and b.hi <= 0:
        flipped = _times(a, Interval(_minus(b.hi), b.hi_open, _minus(b.lo), b.lo_open, b.integer))
        return Interval(_minus(flipped.hi), flipped.hi_open, _minus(flipped.lo), flipped.lo_open, integer)
    if a.hi is not None and a.hi <= 0:
        return _times(b, a)
    ends = [x * y if x is not None and y is not None else None for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    finite = [x for x in ends if x is not None]
    if len(finite) == 4:
        return Interval(min(finite), False, max(finite), False, integer)
    return Interval(integer=integer)


def _inverse(a: Interval) -> Interval:
    if a.positive and a.lo is not None:
        if a.hi is None:
            return Interval(_ZERO, True, 1 / a.lo if a.lo else None)
        return Interval(1 / a.hi, False, 1 / a.lo if a.lo else None)
    if a.hi is not None and (a.hi < 0 or a.hi == 0 and a.hi_open):
        b = _inverse(Interval(_minus(a.hi), a.hi_open, _minus(a.lo), a.lo_open))
        return Interval(_minus(b.hi), b.hi_open, _minus(b.lo), b.lo_open)
    return EVERYTHING


def _power(a: Interval, b: Interval) -> Interval:
    if b.lo is not None and b.lo == b.hi and b.lo.denominator == 1 and abs(b.lo) <= 64:
        k = b.lo.numerator
        if k == 0:
            return Interval(_ONE, False, _ONE, False, True)
        if k < 0:
            return _inverse(_power(a, Interval(Fraction(-k), False, Fraction(-k), False, True)))
        if a.nonnegative and a.lo is not None:
            return Interval(a.lo ** k, a.lo_open, None if a.hi is None else a.hi ** k, a.hi_open, a.integer)
        if k % 2 == 0 and k:
            return Interval(_ZERO, integer=a.integer)
        return EVERYTHING if k else Interval(_ONE, False, _ONE, False, True)
    if not (a.positive or a.nonnegative and b.positive) or a.lo is None:
        return EVERYTHING
    integer = a.integer and b.integer and b.nonnegative
    if a.lo >= 1 and b.nonnegative:
        # x^y >= 1 for x >= 1, y >= 0; for y >= 1 it is at least x
        return Interval(a.lo if b.lo is not None and b.lo >= 1 else _ONE, False, None, False, integer)
    at_most_one = _ONE if a.hi is not None and a.hi <= 1 and b.nonnegative \
        or a.lo >= 1 and b.hi is not None and b.hi <= 0 else None
    return Interval(_ZERO, a.positive, at_most_one, False, integer)


@lru_cache(maxsize=4096)
def _log_number(q: Fraction) -> tuple[Fraction, Fraction]:
    e = log_rational(q, _BITS)
    return e.lo, e.hi


def _log(a: Interval) -> Interval:
    lo = _log_number(a.lo)[0] if a.lo is not None and a.lo > 0 else None
    hi = _log_number(a.hi)[1] if a.hi is not None and a.hi > 0 else None
    return Interval(lo, a.lo_open and lo is not None, hi, a.hi_open)


def _exp(a: Interval) -> Interval:
    lo = exp_rational(a.lo, _BITS).lo if a.lo is not None and abs(a.lo) < 1000 else _ZERO
    hi = exp_rational(a.hi, _BITS).hi if a.hi is not None and abs(a.hi) < 1000 else None
    return Interval(lo, lo == 0, hi)


def _floor(x: Fraction | None) -> Fraction | None:
    return None if x is None else Fraction(x.numerator // x.denominator)


def _ceil(x: Fraction) -> int:
    return -((-x.numerator) // x.denominator)
