"""Asymptotic orders of log-exp functions of one growing variable n.

A *monomial* is exp(sum_i c_i*K_i) with real c_i and infinite scales K_i: the integer k stands for the k-fold
logarithm (0: n, 1: log n, 2: log log n, ...), a monomial for itself.  So n^d*log(n)^k is ((1, d), (2, k)), 2^n is
((0, log 2),) and n^n is ((((1, 1), (2, 1)), 1),).  Two monomials are compared by the sign of the coefficient of the largest
scale in the difference of their logarithms, recursively: Hardy's logarithmico-exponential functions are totally
ordered (G. H. Hardy, Orders of Infinity, 1910).

A *series* is  sum_i c_i*M_i + O(err)  for all large n, with exact coefficients, or with the coefficient None: some
function between two positive constants.  Every function below raises `Rejected` rather than guess."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_real import (
    NO_FACTS,
    ONE,
    ZERO,
    Facts,
    Real,
    exp_real,
    log_real,
    power_real,
    real,
    real_of,
)
from verifier.lang.ast import App, Expr, Num, Var, div, free_vars, mul, power
from verifier.lang.show import ascii

Mono = tuple[tuple[Any, Real], ...]
"""Scales (an int or a Mono) with their coefficients, the largest scale first."""
Coefficient = Real | None

UNIT: Mono = ()
_DEPTH = 4  # correction terms kept in powers, logarithms and exponentials
_MAX_TERMS = 40


# ---------------------------------------------------------------- monomials

def scale(k: int) -> Mono:
    """The k-fold logarithm of n as a monomial."""
    return ((k + 1, ONE),)


N = scale(0)


def _as_mono(key: int | Mono) -> Mono:
    return scale(key) if isinstance(key, int) else key


def _as_key(m: Mono) -> int | Mono:
    if len(m) == 1 and isinstance(m[0][0], int) and m[0][0] >= 1 and m[0][1] == ONE:
        return m[0][0] - 1
    return m


def compare_keys(a: int | Mono, b: int | Mono) -> int:
    """1 if scale a grows strictly faster than b, 0 if they are the same, else -1."""
    if isinstance(a, int) and isinstance(b, int):
        return (b > a) - (b < a)
    return compare(_as_mono(a), _as_mono(b))


def compare(a: Mono, b: Mono) -> int:
    """1 if a/b -> oo, 0 if a = b, -1 if a/b -> 0: the sign of the coefficient of the largest scale of log a - log b."""
    i = j = 0
    while i < len(a) or j < len(b):
        side = 1 if j == len(b) else -1 if i == len(a) else compare_keys(a[i][0], b[j][0])
        if side > 0:
            return a[i][1].sign()
        if side < 0:
            return -b[j][1].sign()
        x, y = a[i][1], b[j][1]
        if x is not y:
            s = (x - y).sign()
            if s:
                return s
        i, j = i + 1, j + 1
    return 0


def product(*monos: Mono) -> Mono:
    """Product of monomials: exponents add."""
    entries: list[tuple[int | Mono, Real]] = []
    for m in monos:
        for key, c in m:
            for i, (k, old) in enumerate(entries):
                if k == key:
                    entries[i] = (k, old + c)
                    break
            else:
                entries.append((key, c))
    return _canonical(entries)


def _falling_scale(x: tuple[int | Mono, Real], y: tuple[int | Mono, Real]) -> int:
    return compare_keys(y[0], x[0])


def _canonical(entries: list[tuple[int | Mono, Real]]) -> Mono:
    kept = [(k, c) for k, c in entries if c.num]
    if len(kept) > 1:
        kept.sort(key=cmp_to_key(_falling_scale))
    return tuple(kept)


def raise_mono(m: Mono, q: Real) -> Mono:
    """m^q."""
    return _canonical([(k, c * q) for k, c in m])


def size_mono(k: int, c: Real) -> Mono:
    """exp(c * k-fold logarithm): e^(c*n) for k = 0, n^c for k = 1."""
    return ((k, c),) if c.num else ()


def infinite(m: Mono) -> bool:
    """Whether m -> oo."""
    return bool(m) and m[0][1].sign() > 0


def exponent(m: Mono, k: int) -> Real:
    """The exponent of the (k-1)-fold logarithm: exponent(m, 1) is the power of n, exponent(m, 2) that of log n."""
    for key, c in m:
        if key == k:
            return c
    return ZERO


def faster_than_powers(m: Mono) -> int:
    """1 if m outgrows every power of n, -1 if it vanishes faster than every power, else 0."""
    if not m or compare_keys(m[0][0], 1) <= 0:
        return 0
    return m[0][1].sign()


def log_type(m: Mono) -> bool:
    """Whether m = n^d * log(n)^k * log(log(n))^j * ...: no other scales."""
    return all(isinstance(k, int) and k >= 1 for k, _ in m)


# ---------------------------------------------------------------- series

@dataclass(frozen=True, slots=True)
class Series:
    """Terms in decreasing order of growth, and an error O(err), None for an exact sum."""

    terms: tuple[tuple[Mono, Coefficient], ...]
    err: Mono | None = None

    @property
    def lead(self) -> tuple[Mono, Coefficient]:
        """The dominant term; Rejected for 0 or if the error hides it."""
        if not self.terms:
            raise Rejected("the order of an expression could not be determined" if self.err is not None
                           else "the function is 0")
        return self.terms[0]

    @property
    def zero(self) -> bool:
        """Whether it is exactly 0 for large n."""
        return not self.terms and self.err is None

    def positive(self) -> bool:
        """Whether it is > 0 for all large n."""
        if not self.terms:
            return False
        c = self.terms[0][1]
        return c is None or c.sign() > 0


def exact(c: Real) -> Series:
    """A constant."""
    return Series(((UNIT, c),)) if c.num else Series(())


def of_mono(m: Mono, c: Coefficient = ONE) -> Series:
    """c*m."""
    return Series(((m, c),))


def order(m: Mono) -> Series:
    """Some function of order Theta(m)."""
    return Series(((m, None),))


def _falling(x: tuple[Mono, Coefficient], y: tuple[Mono, Coefficient]) -> int:
    return compare(y[0], x[0])


def _collect(terms: list[tuple[Mono, Coefficient]], err: Mono | None) -> Series:
    """Sort, merge equal monomials, drop what the error (or a leading unknown coefficient) hides."""
    merged: list[tuple[Mono, Coefficient]] = []
    index: dict[Mono, int] = {}
    for m, c in terms:
        at = index.get(m)
        if at is None:
            index[m] = len(merged)
            merged.append((m, c))
            continue
        old = merged[at][1]
        if old is not None and c is not None:
            merged[at] = (m, old + c)
        elif all(x is None or x.sign() >= 0 for x in (old, c)):
            merged[at] = (m, None)
        else:
            merged[at] = (m, ZERO)
            err = m if err is None or compare(m, err) > 0 else err
    kept = [(m, c) for m, c in merged if c is None or c.num]
    if len(kept) > 1:
        kept.sort(key=cmp_to_key(_falling))
    if err is not None:
        kept = [(m, c) for m, c in kept if compare(m, err) > 0]
    if kept and kept[0][1] is None:  # theta*M + lower terms is again theta'*M
        return Series((kept[0],))
    for i, (m, c) in enumerate(kept):
        if c is None or i >= _MAX_TERMS:
            return Series(tuple(kept[:i]), m)
    return Series(tuple(kept), err)


def plus(*parts: Series) -> Series:
    """Sum."""
    err: Mono | None = None
    for p in parts:
        if p.err is not None and (err is None or compare(p.err, err) > 0):
            err = p.err
    return _collect([t for p in parts for t in p.terms], err)


def minus(a: Series) -> Series:
    """-a; unknown coefficients become errors."""
    if any(c is None for _, c in a.terms):
        top = a.terms[0][0]
        return Series((), top)
    return Series(tuple((m, -c) for m, c in a.terms if c is not None), a.err)


def _times_coefficient(a: Coefficient, b: Coefficient) -> Coefficient | str:
    if a is not None and b is not None:
        return a * b
    other = a if b is None else b
    if other is None or other.sign() > 0:
        return None
    return "error"


def times(a: Series, b: Series) -> Series:
    """Product."""
    if a.zero or b.zero:
        return Series(())
    err: Mono | None = None

    def worse(m: Mono) -> None:
        nonlocal err
        if err is None or compare(m, err) > 0:
            err = m

    tops = [s.terms[0][0] if s.terms else None for s in (a, b)]
    if a.err is not None:
        if tops[1] is not None:
            worse(product(a.err, tops[1]))
        if b.err is not None:
            worse(product(a.err, b.err))
    if b.err is not None and tops[0] is not None:
        worse(product(b.err, tops[0]))
    terms: list[tuple[Mono, Coefficient]] = []
    for m, c in a.terms:
        for n, d in b.terms:
            e = _times_coefficient(c, d)
            if isinstance(e, str):
                worse(product(m, n))
            else:
                terms.append((product(m, n), e))
    return _collect(terms, err)


def _relative(s: Series) -> tuple[Mono, Real, Series]:
    """s = c*M*(1 + delta), delta -> 0."""
    m, c = s.lead
    if c is None:
        raise Rejected("unknown coefficient")
    inverse = raise_mono(m, real(-1))
    rest = Series(tuple((product(n, inverse), d / c if d is not None else None) for n, d in s.terms[1:]),
                  None if s.err is None else product(s.err, inverse))
    if any(d is None for _, d in rest.terms):
        rest = Series(tuple(t for t in rest.terms if t[1] is not None),
                      next(n for n, d in rest.terms if d is None))
    return m, c, rest


def _apply(coefficients: list[Real], delta: Series) -> Series:
    """sum_k coefficients[k]*delta^k, k < len, plus O(delta^len), for delta -> 0."""
    top = delta.terms[0][0] if delta.terms else delta.err
    if top is None:
        return exact(coefficients[0])
    out, p = exact(coefficients[0]), exact(ONE)
    for c in coefficients[1:]:
        p = times(p, delta)
        out = plus(out, times(exact(c), p))
    return plus(out, Series((), raise_mono(top, real(len(coefficients)))))


def power_series(s: Series, q: Real) -> Series:
    """s^q for a real constant q; s > 0 for large n unless q is a natural number."""
    r = q.rational
    if not q.num:
        return exact(ONE)
    if r is not None and r.denominator == 1 and 0 < r <= 8 and len(s.terms) <= 6:
        out = s
        for _ in range(int(r) - 1):
            out = times(out, s)
        return out
    m, c = s.lead
    if c is None:
        return order(raise_mono(m, q))
    if c.sign() < 0 and not (r is not None and r.denominator == 1):
        raise Rejected("a real power of a negative function")
    m, c, delta = _relative(s)
    binomials = [ONE]
    for k in range(1, _DEPTH + 1):
        binomials.append(binomials[-1] * (q - real(k - 1)) * real(Fraction(1, k)))
    head = of_mono(raise_mono(m, q), power_real(c, q))
    if delta.zero:
        return head
    return times(head, _apply(binomials, delta))


def log_series(s: Series) -> Series:
    """log s; s > 0 for large n."""
    m, c = s.lead
    main = [(_as_mono(k), e) for k, e in m]
    if c is None:
        return _collect([(k, e) for k, e in main], UNIT)
    if c.sign() <= 0:
        raise Rejected("log of a function that is not positive")
    constant = log_real(c)
    terms: list[tuple[Mono, Coefficient]] = [*main, *([(UNIT, constant)] if constant.num else [])]
    _, _, delta = _relative(s)
    if delta.zero:
        return _collect(terms, None)
    corrections = [ZERO] + [real(Fraction((-1) ** (k + 1), k)) for k in range(1, _DEPTH + 1)]
    return plus(_collect(terms, None), _apply(corrections, delta))


def exp_series(s: Series) -> Series:
    """e^s; the error must be bounded."""
    if s.err is not None and infinite(s.err):
        raise Rejected("the exponent is not known to within a constant")
    entries: list[tuple[int | Mono, Real]] = []
    small: list[tuple[Mono, Coefficient]] = []
    constant: Coefficient = ZERO
    for m, c in s.terms:
        if infinite(m):
            if c is None:
                raise Rejected("the exponent is not known to within a constant")
            entries.append((_as_key(m), c))
        elif m == UNIT:
            constant = c
        else:
            small.append((m, c))
    mono = _canonical(entries)
    if constant is None or s.err == UNIT:
        return order(mono)
    head = of_mono(mono, exp_real(constant))
    delta = _collect(small, s.err)
    if delta.zero:
        return head
    out, coefficients = ONE, [ONE]
    for k in range(1, _DEPTH + 1):
        out = out * real(Fraction(1, k))
        coefficients.append(out)
    return times(head, _apply(coefficients, delta))


def compose_mono(m: Mono, x: Series) -> Series:
    """m with n replaced by x(n) -> oo."""
    out = exact(ONE)
    logs: list[Series] = [x]
    exponents = Series(())
    for key, c in m:
        if isinstance(key, int) and key >= 1:
            while len(logs) < key:
                logs.append(log_series(logs[-1]))
            out = times(out, power_series(logs[key - 1], c))
        else:
            value = x if isinstance(key, int) else compose_mono(key, x)
            exponents = plus(exponents, times(exact(c), value))
    return out if exponents.zero else times(out, exp_series(exponents))


def compose(s: Series, x: Series) -> Series:
    """s(x(n)) for x -> oo."""
    out = [times(Series(((UNIT, c),)), compose_mono(m, x)) for m, c in s.terms]
    if s.err is not None:
        e = compose_mono(s.err, x)
        out.append(Series((), e.lead[0]))
    return plus(*out) if out else Series(())


# ---------------------------------------------------------------- sums

def log_derivative(m: Mono) -> tuple[Mono, Real]:
    """The dominant term of (log m)'."""
    best: tuple[Mono, Real] | None = None
    for key, c in m:
        if isinstance(key, int):  # (l_k)' = 1/(n*l_1*...*l_{k-1}), l_0' = 1
            d: Mono = _canonical([(j, real(-1)) for j in range(1, key + 1)])
            term = (d, c)
        else:
            inner, e = log_derivative(key)
            term = (product(key, inner), c * e)
        if best is None or compare(term[0], best[0]) > 0:
            best = term
    if best is None:
        raise Rejected("derivative of a constant")
    return best


def sum_lead(m: Mono, c: Coefficient) -> tuple[Mono, Coefficient] | None:
    """The leading term of sum_{i=i0}^{n} c*m(i) if the sum diverges, None if it converges (m > 0).

    Euler-Maclaurin: for a log-exp function f eventually monotone, sum f = integral f + O(max f(i0), f(n)), and for
    faster growth f(n)/(1 - e^-a) when log f ~ a*n, f(n) itself when log f grows faster than n."""
    growth = faster_than_powers(m)
    if growth < 0:
        return None
    if growth > 0:
        side = compare_keys(m[0][0], 0)
        if side > 0:
            return m, c
        if side == 0:
            if c is None:
                return m, None
            return m, c / (ONE - exp_real(-m[0][1]))
        d, e = log_derivative(m)
        return product(m, raise_mono(d, real(-1))), None if c is None else c / e
    if not log_type(m):
        raise Rejected("a sum of a function between the powers of log n and those of n")
    k = 1
    while True:
        e = exponent(m, k) + ONE
        sign = e.sign()
        if sign > 0:
            extra = _canonical([(j, ONE) for j in range(1, k + 1)])
            return product(m, extra), None if c is None else c / e
        if sign < 0:
            return None
        k += 1
        if k > 4:
            raise Rejected("a sum of too slow a growth")


def _faulhaber(d: int) -> Series:
    """sum_{i=1}^{n} i^d as an exact polynomial in n."""
    bernoulli = [Fraction(1)]
    from math import comb
    for m in range(1, d + 1):
        bernoulli.append(-sum((comb(m + 1, j) * bernoulli[j] for j in range(m)), Fraction(0)) / (m + 1))
    terms: list[tuple[Mono, Coefficient]] = []
    for j in range(d + 1):
        b = bernoulli[j] if j != 1 else Fraction(1, 2)
        c = comb(d + 1, j) * b / (d + 1)
        terms.append((raise_mono(N, real(d + 1 - j)), real(c)))
    return _collect(terms, None)


def summed_log(s: Series) -> Series:
    """sum_{i<=n} s(i) to within O(1): for terms i^d (d > -1: natural, or at most 1), 1/i and log i, and a convergent
    rest."""
    out: list[Series] = []
    for m, c in s.terms:
        if c is None:
            raise Rejected("a sum with an unknown coefficient")
        d = exponent(m, 1)
        if m == UNIT or m == raise_mono(N, d):
            q = d.rational
            if q is not None and q.denominator == 1 and 0 <= q <= 6:
                part = _faulhaber(int(q))
            elif (d + ONE).sign() == 0:
                part = Series(((scale(1), ONE),), UNIT)
            elif (d + ONE).sign() < 0:
                part = Series((), UNIT)
            elif (d - ONE).sign() <= 0:
                part = _collect([(raise_mono(N, d + ONE), (d + ONE).inverse()),
                                 (raise_mono(N, d), real(Fraction(1, 2)))], UNIT)
            else:
                raise Rejected("a sum of a real power above 1")
        elif m == scale(1):  # log n! = n*log n - n + log(n)/2 + O(1)
            part = _collect([(product(N, scale(1)), ONE), (N, real(-1)), (scale(1), real(Fraction(1, 2)))], UNIT)
        elif sum_lead(m, c) is None:
            part = Series((), UNIT)
        elif log_type(m) and not exponent(m, 1).num and (exponent(m, 1) + ONE).sign() > 0:
            raise Rejected("a sum of logarithms that is not known to within a constant")
        elif log_type(m) and (exponent(m, 1) + ONE).sign() == 0:
            lead = sum_lead(m, c)
            if lead is None or lead[1] is None:
                raise Rejected("a sum that is not known to within a constant")
            part = Series(((lead[0], lead[1] / c),), UNIT)
        else:
            raise Rejected("a sum that is not known to within a constant")
        out.append(times(exact(c), part))
    if s.err is not None:
        if sum_lead(s.err, None) is not None:
            raise Rejected("the error term of a sum diverges")
        out.append(Series((), UNIT))
    return plus(*out) if out else Series(())


# ---------------------------------------------------------------- expressions

@dataclass(frozen=True, slots=True)
class Scope:
    """The growing variable, whether it takes integers only, and what is known about the constants."""

    n: str
    facts: Facts = NO_FACTS
    functions: tuple[tuple[str, Series], ...] = ()


def series(e: Expr, scope: Scope) -> Series:
    """An asymptotic series of an expression, for n -> oo through the integers; Rejected if none is known."""
    if scope.n not in free_vars(e) and not _has_function(e):
        return exact(real_of(e, scope.facts))
    match e:
        case Var(_):
            return of_mono(N)
        case App("+", args):
            return plus(*(series(a, scope) for a in args))
        case App("neg", (a,)):
            return minus(series(a, scope))
        case App("*", args):
            out = exact(ONE)
            for a in args:
                out = times(out, series(a, scope))
            return out
        case App("/", (a, b)):
            return times(series(a, scope), power_series(series(b, scope), real(-1)))
        case App("^", (a, b)):
            if scope.n not in free_vars(a) and _integral(exponent_series := series(b, scope)):
                base = real_of(a, scope.facts)
                if base.sign() < 0:  # it alternates: only its size is known
                    return Series((), exp_series(times(exponent_series, exact(log_real(-base)))).lead[0])
            if scope.n not in free_vars(b):
                return power_series(series(a, scope), real_of(b, scope.facts))
            return exp_series(times(series(b, scope), log_series(series(a, scope))))
        case App("sqrt", (a,)):
            return power_series(series(a, scope), real(Fraction(1, 2)))
        case App("log", (a,)):
            return log_series(series(a, scope))
        case App("log", (a, b)):
            return times(log_series(series(a, scope)),
                         power_series(log_series(series(b, scope)), real(-1)))
        case App("log2", (a,)):
            return times(log_series(series(a, scope)), exact(log_real(real(2)).inverse()))
        case App("exp", (a,)):
            return exp_series(series(a, scope))
        case App("floor" | "ceil", (a,)):
            s = series(a, scope)
            return s if _integral(s) else plus(s, Series((), UNIT))
        case App("max" | "min" as op, args):
            out = series(args[0], scope)
            for a in args[1:]:
                out = _extremum(op, out, series(a, scope))
            return out
        case App("factorial", (a,)):
            return _factorial(series(a, scope))
        case App("binomial", (a, b)):
            return _binomial(a, b, scope)
        case App("sum", (term, Var(i), lower, upper)):
            return _sum(term, i, lower, upper, scope)
        case App("Theta", (a,)):
            m, c = series(a, scope).lead
            if c is not None and c.sign() <= 0:
                raise Rejected("Theta of a function that is not positive")
            return order(m)
        case App(op, (a,)):
            for name, s in scope.functions:
                if name == op:
                    return compose(s, series(a, scope))
    raise Rejected(f"no asymptotic series is known for {ascii(e)}")


def _has_function(e: Expr) -> bool:
    return isinstance(e, App) and (e.op in ("Theta", "O", "Omega", "o", "omega") or any(_has_function(a) for a in e.args))


def _integral(s: Series) -> bool:
    """Whether it is a polynomial in n with integer coefficients: its values are integers."""
    if s.err is not None:
        return False
    for m, c in s.terms:
        q, d = None if c is None else c.rational, exponent(m, 1).rational
        if q is None or q.denominator != 1 or d is None or d.denominator != 1 or d < 0 or m != raise_mono(N, real(d)):
            return False
    return True


def _extremum(op: str, a: Series, b: Series) -> Series:
    gap = plus(a, minus(b)) if not any(c is None for s in (a, b) for _, c in s.terms) else None
    if gap is not None and gap.zero:
        return a
    if gap is not None and gap.terms:
        larger = gap.lead[1]
        if larger is None:
            raise Rejected("max of two functions that are not comparable")
        return a if (larger.sign() > 0) == (op == "max") else b
    if a.positive() and b.positive():
        s = compare(a.lead[0], b.lead[0])
        if s == 0:
            return order(a.lead[0])
        return a if (s > 0) == (op == "max") else b
    raise Rejected("max of two functions that are not comparable")


def _factorial(s: Series) -> Series:
    """Stirling: log x! = x*log x - x + log(x)/2 + O(1)."""
    if not s.positive() or not infinite(s.lead[0]):
        raise Rejected("factorial of a function that does not grow")
    ls = log_series(s)
    return exp_series(plus(times(s, ls), minus(s), times(exact(real(Fraction(1, 2))), ls), Series((), UNIT)))


def _binomial(a: Expr, b: Expr, scope: Scope) -> Series:
    match b:
        case Num(q) if q.denominator == 1 and 0 <= q <= 16:
            out = exact(ONE)
            top = series(a, scope)
            for j in range(int(q)):
                out = times(out, times(plus(top, exact(real(-j))), exact(real(Fraction(1, j + 1)))))
            return out
    x, y = series(a, scope), series(b, scope)
    rest = plus(x, minus(y))
    if not (_integral(x) or ascii(a) == scope.n):
        raise Rejected("binomial of a number that is not an integer")
    parts = [_log_factorial(s) for s in (x, y, rest)]
    return exp_series(plus(parts[0], minus(parts[1]), minus(parts[2]), Series((), UNIT)))


def _log_factorial(s: Series) -> Series:
    if not s.positive() or not infinite(s.lead[0]):
        raise Rejected("factorial of a function that does not grow")
    ls = log_series(s)
    return plus(times(s, ls), minus(s), times(exact(real(Fraction(1, 2))), ls), Series((), UNIT))


def _sum(term: Expr, i: str, lower: Expr, upper: Expr, scope: Scope) -> Series:
    """sum(term, i, constant, h(n)), the term a product of a function of n and one of i, positive."""
    outer: list[Expr] = []
    inner: list[Expr] = []
    for f in (term.args if isinstance(term, App) and term.op == "*" else (term,)):
        names = free_vars(f)
        if scope.n in names and i in names:
            raise Rejected("a sum whose term mixes its index with n")
        (inner if i in names else outer).append(f)
    if scope.n in free_vars(lower):
        raise Rejected("a sum with a moving lower end")
    low = real_of(lower, scope.facts)
    inside = mul(*inner)
    q = low.rational
    if q is None or q.denominator != 1 or not nonnegative_from(inside, i, q):
        raise Rejected("a sum whose terms are not shown to be >= 0")
    h = series(inside, Scope(i, scope.facts))
    top = series(upper, scope)
    if not infinite(top.lead[0]) or not top.positive():
        raise Rejected("a sum whose upper end does not grow")
    factor = series(mul(*outer), scope)
    m, c = h.lead
    if len(h.terms) == 1 and h.err is None and log_type(m) and all(k == 1 for k, _ in m) and c is not None:
        d = exponent(m, 1).rational
        if d is not None and d.denominator == 1 and 0 <= d <= 8 and _integral(top):
            full = _faulhaber(int(d))
            skipped = sum((Fraction(j) ** int(d) for j in range(1, int(q))), Fraction(0)) \
                if q >= 1 else -sum((Fraction(j) ** int(d) for j in range(int(q), 1)), Fraction(0))
            return times(factor, times(exact(c), plus(compose(full, top), exact(real(-skipped)))))
    found = sum_lead(m, c)
    if found is None:
        if not positive_somewhere(inside, i, q):
            raise Rejected("a convergent sum that may be 0")
        return times(factor, order(UNIT))
    # the term is >= 0 and ~ c*m, so the sum is of the order of the sum of m; a fixed start changes it by O(1)
    return times(factor, order(compose_mono(found[0], top).lead[0]))


def nonnegative_from(e: Expr, n: str, low: Fraction) -> bool:
    """Whether e is defined and >= 0 for every integer n >= low, by its shape."""
    match e:
        case Num(q):
            return q >= 0
        case Var(name):
            return name != n or low >= 0
        case App("+", args):
            if all(nonnegative_from(a, n, low) for a in args):
                return True
            return _polynomial_at_least(e, n, low, 0)
        case App("*", args):
            return all(nonnegative_from(a, n, low) for a in args) or _polynomial_at_least(e, n, low, 0)
        case App("/", (a, b)):
            return nonnegative_from(a, n, low) and positive_from(b, n, low)
        case App("^", (a, b)):
            if isinstance(b, Num) and b.value >= 0:
                return nonnegative_from(a, n, low) or b.value.denominator == 1 and b.value % 2 == 0 and defined(a)
            return positive_from(a, n, low) and defined(b)
        case App("sqrt" | "floor" | "ceil", (a,)):
            return nonnegative_from(a, n, low)
        case App("log" | "log2", (a,)):
            return at_least_one(a, n, low)
        case App("log", (a, Num(q))):
            return q > 1 and at_least_one(a, n, low)
        case App("exp", (a,)):
            return defined(a)
        case App("factorial", (a,)):
            return nonnegative_from(a, n, low)
        case App("binomial", (a, b)):
            return nonnegative_from(a, n, low) and nonnegative_from(b, n, low)
        case App("max", args):
            return all(defined(a) for a in args) and any(nonnegative_from(a, n, low) for a in args)
        case App("min", args):
            return all(nonnegative_from(a, n, low) for a in args)
        case App("sum", (term, Var(i), lower, _)):
            if not isinstance(lower, Num) or lower.value.denominator != 1 or i == n:
                return False
            return n not in free_vars(term) and nonnegative_from(term, i, lower.value)
        case App("Theta", (a,)):
            return True
    return False


def defined(e: Expr) -> bool:
    """Whether e is built from numbers, variables, +, - and * only: defined everywhere."""
    return isinstance(e, Num | Var) or isinstance(e, App) and e.op in ("+", "*", "neg", "floor", "ceil") \
        and all(defined(a) for a in e.args)


def positive_from(e: Expr, n: str, low: Fraction) -> bool:
    """Whether e is defined and > 0 for every integer n >= low, by its shape."""
    match e:
        case Num(q):
            return q > 0
        case Var(name):
            return name != n or low > 0
        case App("+", args):
            if all(nonnegative_from(a, n, low) for a in args) and any(positive_from(a, n, low) for a in args):
                return True
            return _polynomial_at_least(e, n, low, 0, strict=True)
        case App("*" | "min", args):
            return all(positive_from(a, n, low) for a in args)
        case App("/", (a, b)):
            return positive_from(a, n, low) and positive_from(b, n, low)
        case App("^", (a, b)):
            return positive_from(a, n, low) and defined(b) or \
                positive_from(a, n, low) and nonnegative_from(b, n, low)
        case App("sqrt" | "ceil", (a,)):
            return positive_from(a, n, low)
        case App("floor", (a,)):
            return at_least_one(a, n, low)
        case App("log" | "log2", (a,)) | App("log", (a, _)):
            if isinstance(e, App) and len(e.args) == 2 and not (isinstance(e.args[1], Num) and e.args[1].value > 1):
                return False
            return at_least_one(a, n, low) and _polynomial_at_least(a, n, low, 1, strict=True)
        case App("exp", (a,)):
            return defined(a)
        case App("factorial", (a,)):
            return nonnegative_from(a, n, low)
        case App("max", args):
            return all(defined(a) for a in args) and any(positive_from(a, n, low) for a in args)
    return False


def at_least_one(e: Expr, n: str, low: Fraction) -> bool:
    """Whether e >= 1 for every integer n >= low, by its shape."""
    match e:
        case Num(q):
            return q >= 1
        case App("*", args) if all(at_least_one(a, n, low) for a in args):
            return True
        case App("^", (a, b)) if at_least_one(a, n, low) and nonnegative_from(b, n, low):
            return True
        case App("+", args) if all(nonnegative_from(a, n, low) for a in args) \
                and any(at_least_one(a, n, low) for a in args):
            return True
    return _polynomial_at_least(e, n, low, 1)


def positive_somewhere(e: Expr, n: str, low: Fraction) -> bool:
    """Whether the term e >= 0 is positive for some n >= low: for all of them, from low, low + 1 or low + 2 on."""
    return any(positive_from(e, n, low + k) for k in range(3))


def _polynomial_at_least(e: Expr, n: str, low: Fraction, value: int, *, strict: bool = False) -> bool:
    """Shift positivity: every coefficient of e(low + y) - value is >= 0."""
    p = polynomial(e, n)
    if p is None:
        return False
    shifted = [Fraction(0)] * len(p)
    for c in reversed(p):  # Horner in low + y
        carry = [Fraction(0)] * len(p)
        for k, x in enumerate(shifted):
            carry[k] += x * low
            if k + 1 < len(p):
                carry[k + 1] += x
        carry[0] += c
        shifted = carry
    shifted[0] -= value
    return all(c >= 0 for c in shifted) and (not strict or shifted[0] > 0)


def polynomial(e: Expr, n: str) -> list[Fraction] | None:
    """Coefficients of a polynomial in n with rational coefficients, lowest first, degree at most 40; else None."""
    match e:
        case Num(q):
            return [q]
        case Var(name):
            return [Fraction(0), Fraction(1)] if name == n else None
        case App("+", args):
            out: list[Fraction] = [Fraction(0)]
            for a in args:
                p = polynomial(a, n)
                if p is None:
                    return None
                out = [(out[k] if k < len(out) else Fraction(0)) + (p[k] if k < len(p) else Fraction(0))
                       for k in range(max(len(out), len(p)))]
            return out
        case App("neg", (a,)):
            p = polynomial(a, n)
            return None if p is None else [-c for c in p]
        case App("*", args):
            out = [Fraction(1)]
            for a in args:
                p = polynomial(a, n)
                if p is None or len(out) + len(p) > 42:
                    return None
                total = [Fraction(0)] * (len(out) + len(p) - 1)
                for i, x in enumerate(out):
                    for j, y in enumerate(p):
                        total[i + j] += x * y
                out = total
            return out
        case App("/", (a, Num(q))) if q:
            p = polynomial(a, n)
            return None if p is None else [c / q for c in p]
        case App("^", (a, Num(q))) if q.denominator == 1 and 0 <= q <= 40:
            return polynomial(App("*", (a,) * int(q)), n) if q > 1 else polynomial(a, n) if q == 1 else [Fraction(1)]
    return None


# ---------------------------------------------------------------- back to expressions

def mono_to_expr(m: Mono, n: str) -> Expr:
    """An expression of the monomial in the variable n."""
    factors: list[Expr] = []
    bottom: list[Expr] = []
    m = _without_factorial(m, n, factors, bottom)
    for key, c in m:
        if isinstance(key, int) and key >= 1:
            base: Expr = Var(n)
            for _ in range(key - 1):
                base = App("log", (base,))
            q = c.rational
            if q is not None and q < 0:
                bottom.append(base if q == -1 else power(base, Num(-q)))
            else:
                factors.append(base if c == ONE else power(base, c.expr))
            continue
        inner = _as_mono(key)
        log_power = exponent(inner, 2)
        if log_power == ONE and exponent(inner, 1).num:  # exp(c*n*log n) = n^(c*n)
            rest = mono_to_expr(product(inner, ((2, real(-1)),)), n)
            factors.append(power(Var(n), _scaled(c, rest)))
            continue
        base_real = exp_real(c)
        if "exp" in base_real.key or c.symbolic or log_power.num:
            factors.append(App("exp", (_scaled(c, mono_to_expr(inner, n)),)))
        else:
            factors.append(power(base_real.expr, mono_to_expr(inner, n)))
    top = mul(*factors)
    return div(top, mul(*bottom)) if bottom else top


def _scaled(c: Real, e: Expr) -> Expr:
    return e if c == ONE else mul(c.expr, e)


def _without_factorial(m: Mono, n: str, factors: list[Expr], bottom: list[Expr]) -> Mono:
    """Write exp(c*(n*log n - n + log(n)/2)) as factorial(n)^c if what is left has no power of e."""
    inner = product(N, scale(1))
    c = next((c for key, c in m if key == inner), None)
    if c is None or c.rational is None:
        return m
    rest = product(m, ((inner, -c), (0, c), (1, c * real(Fraction(-1, 2)))))
    linear = next((e for key, e in rest if key == 0), ZERO)
    if "exp" in exp_real(linear).key:
        return m
    f = App("factorial", (Var(n),))
    size = abs(c.rational)
    (factors if c.rational > 0 else bottom).append(f if size == 1 else power(f, Num(size)))
    return rest


def expr_of(c: Coefficient, m: Mono, n: str) -> Expr:
    """c*m as an expression (c = None reads as 1)."""
    body = mono_to_expr(m, n)
    if c is None or c == ONE:
        return body
    return c.expr if m == UNIT else mul(c.expr, body)

