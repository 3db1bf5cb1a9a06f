"""Values of expressions: exact rationals where they are rational, enclosures otherwise.

Conventions.  0^0 is 1.  A sum runs over all integers i with a <= i <= b (none: the sum is 0).  Powers of
negative numbers need an integer exponent.  binomial(n, k) is 0 unless 0 <= k <= n.  max_geometric(k, p) is
the expected maximum of k independent geometric variables with success probability p (trials, from 1).
A floor or ceiling is taken only when the enclosure decides it, or exact algebra does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import comb, factorial

from verifier.lang import enclosure as en
from verifier.lang.ast import App, Expr, Num, Var, div, free_vars
from verifier.lang.enclosure import (
    MAX_BITS,
    Enclosure,
    EvaluationError,
    Exact,
    Imprecise,
    TooLarge,
    Undecided,
    Undefined,
    Value,
    enclose,
)

__all__ = [
    "Enclosure",
    "EvaluationError",
    "TooLarge",
    "Unbound",
    "Undecided",
    "Undefined",
    "compare",
    "evaluate",
    "holds",
    "max_geometric",
]

MAX_TERMS = 100_000
"""Most terms of sums that are added one by one, over the whole expression."""
LAST_BITS = 4096
"""The precision at which a comparison is given up."""
EXACT_DENOMINATOR = 1 << 16
"""Rational sums whose denominator grows beyond this many bits go on as enclosures."""
Function = Callable[..., "Fraction | int | Enclosure"]


class Unbound(EvaluationError):
    """A variable without a value or a function without a definition."""


class Evaluator:
    """Values at one assignment and one working precision."""

    __slots__ = ("bits", "budget", "env", "functions")

    def __init__(
        self,
        env: Mapping[str, Fraction | int],
        functions: Mapping[str, Function],
        bits: int,
        budget: list[int] | None = None,
    ) -> None:
        self.env = env
        self.functions = functions
        self.bits = bits
        self.budget = [MAX_TERMS] if budget is None else budget  # terms left, shared with inner sums

    def value(self, e: Expr) -> Value:
        """The value of e; Imprecise where more bits are needed."""
        if type(e) is Num:
            q = e.value
            return q.numerator if q.denominator == 1 else q
        if type(e) is Var:
            try:
                return self.env[e.name]
            except KeyError:
                raise Unbound(f"no value for {e.name}") from None
        if type(e) is App:
            rule = _RULES.get(e.op)
            if rule is not None:
                return rule(self, e.args)
            return self.call(e)
        raise Unbound("a measure has no value before its cost expression replaces it")

    def call(self, e: App) -> Value:
        """A function defined outside, at exact arguments."""
        function = self.functions.get(e.op)
        if function is None:
            raise Unbound(f"no definition for {e.op}")
        result = function(*(Fraction(self.exact(a)) for a in e.args))
        return result if isinstance(result, Enclosure) else _tidy(result)

    def exact(self, e: Expr) -> Exact:
        """The value of e, which has to be rational."""
        v = self.value(e)
        if isinstance(v, Enclosure):
            q = self.settle(e, v)
            if q is None:
                raise Imprecise("a rational argument is needed")
            return q
        return v

    def settle(self, e: Expr, v: Enclosure) -> Exact | None:
        """The rational that e equals by exact algebra, if its enclosure v makes it look like one."""
        q = v.simplest()
        if q.numerator.bit_length() + q.denominator.bit_length() > self.bits // 2:
            return None
        return self.algebraic(e)

    def algebraic(self, e: Expr) -> Exact | None:
        """The rational that e equals by exact algebra, or None."""
        from verifier.lang.exact import rational_value

        found = rational_value(e, self)
        return None if found is None else _tidy(found)

    # -- arithmetic -----------------------------------------------------------------------------

    def sum_of(self, args: tuple[Expr, ...]) -> Value:
        """a_1 + ... + a_n."""
        total: Value = self.value(args[0])
        for a in args[1:]:
            total = self.add(total, self.value(a))
        return total

    def add(self, a: Value, b: Value) -> Value:
        """a + b."""
        if isinstance(a, Enclosure) or isinstance(b, Enclosure):
            return en.add(enclose(a), enclose(b), self.bits)
        return a + b

    def product(self, args: tuple[Expr, ...]) -> Value:
        """a_1 * ... * a_n."""
        total = self.value(args[0])
        for a in args[1:]:
            total = self.multiply(total, self.value(a))
        return total

    def multiply(self, a: Value, b: Value) -> Value:
        """a * b."""
        if isinstance(a, Enclosure) or isinstance(b, Enclosure):
            if a == 0 or b == 0:
                return 0
            return en.multiply(enclose(a), enclose(b), self.bits)
        if a.numerator.bit_length() + b.numerator.bit_length() > 2 * MAX_BITS:
            raise TooLarge("a product is too large")
        return a * b

    def negative(self, args: tuple[Expr, ...]) -> Value:
        """-a."""
        v = self.value(args[0])
        return en.negate(v) if isinstance(v, Enclosure) else -v

    def quotient(self, args: tuple[Expr, ...]) -> Value:
        """a / b."""
        return self.divide(self.value(args[0]), self.value(args[1]), args[1])

    def divide(self, a: Value, b: Value, divisor: Expr) -> Value:
        """a / b; `divisor` is the expression of b."""
        if isinstance(b, Enclosure):
            self.exclude_zero(b, divisor, "division by 0")
            return 0 if a == 0 else en.divide(enclose(a), b, self.bits)
        if b == 0:
            raise Undefined("division by 0")
        if isinstance(a, Enclosure):
            return en.divide(a, enclose(b), self.bits)
        return _tidy(Fraction(a) / b)

    def exclude_zero(self, v: Enclosure, e: Expr, message: str) -> None:
        """Undefined if e is 0, Imprecise if its enclosure v cannot tell."""
        if v.lo <= 0 <= v.hi:
            q = self.settle(e, v)
            if q is not None and q == 0:
                raise Undefined(message)
            raise Imprecise(message)

    def power_of(self, args: tuple[Expr, ...]) -> Value:
        """a ^ b."""
        return self.power(self.value(args[0]), self.value(args[1]), args[0])

    def power(self, a: Value, b: Value, base: Expr) -> Value:
        """a ^ b; `base` is the expression of a."""
        if not isinstance(b, Enclosure):
            if b == 0:
                return 1
            if isinstance(a, Enclosure):
                if b.denominator == 1:
                    if b < 0:
                        self.exclude_zero(a, base, "0 to a negative power")
                    return en.integer_power(a, b.numerator, self.bits)
                if a.lo <= 0 <= a.hi and b > 0 and self.settle(base, a) == 0:
                    return 0
            else:
                if a == 0:
                    if b < 0:
                        raise Undefined("0 to a negative power")
                    return 0
                if a == 1:
                    return 1
                if a < 0:
                    if b.denominator != 1:
                        raise Undefined("a negative number to a power that is not an integer")
                    size = self.power(-a, b, base)
                    if b.numerator % 2 == 0:
                        return size
                    return en.negate(size) if isinstance(size, Enclosure) else -size
                found = en.exact_power(a, b)
                if found is not None:
                    return found
        elif not isinstance(a, Enclosure):
            if a == 1:
                return 1
            if a <= 0:
                if a == 0 and b.lo > 0:
                    return 0
                raise Undefined("a power of a number that is not positive")
        base_value = enclose(a)
        if base_value.hi < 0:
            raise Undefined("a negative number to a power that is not an integer")
        if base_value.lo <= 0:
            self.exclude_zero(base_value, base, "a power of 0")
        return en.power(base_value, enclose(b), self.bits)

    def root(self, args: tuple[Expr, ...]) -> Value:
        """The square root."""
        v = self.value(args[0])
        if (v.hi if isinstance(v, Enclosure) else v) < 0:
            raise Undefined("the square root of a negative number")
        return self.power(v, Fraction(1, 2), args[0])

    # -- transcendental -------------------------------------------------------------------------

    def exponential(self, args: tuple[Expr, ...]) -> Value:
        """exp a."""
        v = self.value(args[0])
        if isinstance(v, Enclosure):
            return en.exp(v, self.bits)
        return 1 if v == 0 else en.exp_rational(v, self.bits)

    def logarithm(self, args: tuple[Expr, ...]) -> Value:
        """log a, or log a / log b."""
        if len(args) == 1:
            return self.natural(args[0])
        return self.to_base(args[0], self.value(args[1]), args[1])

    def logarithm2(self, args: tuple[Expr, ...]) -> Value:
        """log a / log 2."""
        return self.to_base(args[0], 2, _TWO)

    def to_base(self, e: Expr, base: Value, base_expr: Expr) -> Value:
        """log e / log base."""
        try:
            v = self.value(e)
        except TooLarge:
            found = self.algebraic(App("log", (e, base_expr)))
            if found is not None:
                return found
            v = Enclosure(Fraction(1), Fraction(2))  # known through its logarithm alone
        if not isinstance(v, Enclosure) and not isinstance(base, Enclosure):
            if v <= 0 or base <= 0:
                raise Undefined("the logarithm of a number that is not positive")
            if base == 1:
                raise Undefined("the logarithm to base 1")
            found = en.exact_log(v, base)
            if found is not None:
                return found
        bottom = self.log_value(base, base_expr)
        if not isinstance(bottom, Enclosure):  # log base is 0
            raise Undefined("the logarithm to base 1")
        self.exclude_zero(bottom, App("log", (base_expr,)), "the logarithm to base 1")
        top = self.natural(e)
        return 0 if top == 0 else en.divide(enclose(top), bottom, self.bits)

    def log_value(self, v: Value, e: Expr) -> Value:
        """log of the value v of e."""
        if isinstance(v, Enclosure):
            if v.lo <= 0 < v.hi and self.settle(e, v) == 0:
                raise Undefined("the logarithm of 0")
            return en.log(v, self.bits)
        if v <= 0:
            raise Undefined("the logarithm of a number that is not positive")
        return 0 if v == 1 else en.log_rational(v, self.bits)

    def natural(self, e: Expr) -> Value:
        """log e, also where e itself is too large to write down."""
        try:
            return self.log_value(self.value(e), e)
        except TooLarge:
            match e:
                case App("^", (a, b)):
                    return self.multiply(self.value(b), self.natural(a))
                case App("exp", (a,)):
                    return self.value(a)
                case App("sqrt", (a,)):
                    return self.multiply(Fraction(1, 2), self.natural(a))
                case App("*", args):
                    total: Value = 0
                    for a in args:
                        total = self.add(total, self.natural(a))
                    return total
                case App("/", (a, b)):
                    bottom = self.natural(b)
                    return self.add(self.natural(a), self.multiply(-1, bottom))
            raise

    # -- rounding and order ---------------------------------------------------------------------

    def floor(self, args: tuple[Expr, ...]) -> Value:
        """The greatest integer <= a."""
        e = args[0]
        if type(e) is App and e.op == "log2":
            x = self.whole(e.args[0])
            if x is not None:
                return x.bit_length() - 1
        v = self.value(e)
        if not isinstance(v, Enclosure):
            return v.numerator // v.denominator
        low, high = v.lo.numerator // v.lo.denominator, v.hi.numerator // v.hi.denominator
        if low == high:
            return low
        if high == low + 1:
            q = self.settle(e, v)
            if q is not None:
                return q.numerator // q.denominator
        raise Imprecise("a floor")

    def whole(self, e: Expr) -> int | None:
        """The value of e if it is a positive integer."""
        try:
            v = self.value(e)
        except TooLarge:
            return None
        return v.numerator if not isinstance(v, Enclosure) and v.denominator == 1 and v > 0 else None

    def ceiling(self, args: tuple[Expr, ...]) -> Value:
        """The least integer >= a."""
        e = args[0]
        if type(e) is App and e.op == "log2":
            x = self.whole(e.args[0])
            if x is not None:
                return (x - 1).bit_length()
        v = self.floor((App("neg", args),))
        return en.negate(v) if isinstance(v, Enclosure) else -v

    def minimum(self, args: tuple[Expr, ...]) -> Value:
        """The least of the arguments."""
        values = [self.value(a) for a in args]
        exact = [v for v in values if not isinstance(v, Enclosure)]
        if len(exact) == len(values):
            return min(exact)
        ends = [enclose(v) for v in values]
        low, high = min(x.lo for x in ends), min(x.hi for x in ends)
        for v, x in zip(values, ends, strict=True):
            if x.hi == high and all(x is y or x.hi <= y.lo for y in ends):
                return v
        return Enclosure(low, high)

    def maximum(self, args: tuple[Expr, ...]) -> Value:
        """The greatest of the arguments."""
        values = [self.value(a) for a in args]
        exact = [v for v in values if not isinstance(v, Enclosure)]
        if len(exact) == len(values):
            return max(exact)
        ends = [enclose(v) for v in values]
        low, high = max(x.lo for x in ends), max(x.hi for x in ends)
        for v, x in zip(values, ends, strict=True):
            if x.lo == low and all(x is y or x.lo >= y.hi for y in ends):
                return v
        return Enclosure(low, high)

    # -- counting -------------------------------------------------------------------------------

    def factorial_of(self, args: tuple[Expr, ...]) -> Value:
        """n! for an integer n >= 0."""
        n = self.exact(args[0])
        if n.denominator != 1 or n < 0:
            raise Undefined("the factorial of a number that is not an integer >= 0")
        if n * n.numerator.bit_length() > MAX_BITS:
            raise TooLarge("a factorial is too large")
        return factorial(n.numerator)

    def binomial_of(self, args: tuple[Expr, ...]) -> Value:
        """n choose k for integers n >= 0 and k."""
        n, k = self.exact(args[0]), self.exact(args[1])
        if n.denominator != 1 or k.denominator != 1 or n < 0:
            raise Undefined("a binomial coefficient of numbers that are not integers, n >= 0")
        if k < 0 or k > n:
            return 0
        k = min(k, n - k)
        if k * n.numerator.bit_length() > MAX_BITS:
            raise TooLarge("a binomial coefficient is too large")
        return comb(n.numerator, k.numerator)

    def geometric(self, args: tuple[Expr, ...]) -> Value:
        """E max(G_1..G_k)."""
        k = self.exact(args[0])
        if k.denominator != 1 or k < 0:
            raise Undefined("max_geometric of a number of variables that is not an integer >= 0")
        return max_geometric(k.numerator, self.value(args[1]), self.bits)

    def series(self, args: tuple[Expr, ...]) -> Value:
        """The sum of a term over an index."""
        term, index, lower, upper = args
        if not isinstance(index, Var):
            raise Undefined("the index of a sum is a name")
        first = self.ceiling((lower,))
        last = self.floor((upper,))
        if isinstance(first, Enclosure) or isinstance(last, Enclosure):
            raise Imprecise("the ends of a sum")
        a, b = int(first), int(last)
        if b < a:
            return 0
        inner = Evaluator(dict(self.env), self.functions, self.bits, self.budget)
        values: dict[str, Fraction | int] = inner.env  # type: ignore[assignment]

        def at(i: int) -> Value:
            values[index.name] = i
            return inner.value(term)

        degree = polynomial_degree(term, index.name, a)
        if degree is not None and b - a > degree + 1 and degree <= 64:
            return self.polynomial_series(at, degree, a, b)
        count = b - a + 1
        if count > self.budget[0]:
            shown = count if count < 10**30 else "more than 10^30"
            raise TooLarge(f"a sum of {shown} terms; at most {MAX_TERMS} are added one by one")
        self.budget[0] -= count
        return self.range_sum(at, a, b + 1)

    def range_sum(self, at: Callable[[int], Value], a: int, b: int) -> Value:
        """at(a) + ... + at(b-1), by halves so that exact fractions stay short."""
        if b - a <= 8:
            total = at(a)
            for i in range(a + 1, b):
                total = self.add(total, at(i))
            return total
        middle = (a + b) // 2
        total = self.add(self.range_sum(at, a, middle), self.range_sum(at, middle, b))
        if isinstance(total, Fraction) and total.denominator.bit_length() > EXACT_DENOMINATOR:
            return en.outward(total, total, self.bits)
        return total

    def polynomial_series(self, at: Callable[[int], Value], degree: int, a: int, b: int) -> Value:
        """Newton's forward differences: sum of f over a..b is sum_j (D^j f)(a) * C(b - a + 1, j + 1)."""
        row = [at(a + i) for i in range(degree + 1)]
        total: Value = 0
        choose = 1
        for j in range(degree + 1):
            choose = choose * (b - a + 1 - j) // (j + 1)
            total = self.add(total, self.multiply(row[0], choose))
            row = [self.add(y, self.multiply(-1, x)) for x, y in pairwise(row)]
        return total

    def no_value(self, args: tuple[Expr, ...]) -> Value:
        """A Landau class."""
        raise Unbound("a class of functions has no value")


def polynomial_degree(e: Expr, name: str, start: int) -> int | None:
    """A bound of the degree of e as a polynomial in the variable, which takes integer values >= start;
    None if e is not written as a polynomial."""
    if name not in free_vars(e):
        return 0
    match e:
        case Var():
            return 1
        case App("+", args):
            degrees = [polynomial_degree(a, name, start) for a in args]
            return None if None in degrees else max(d for d in degrees if d is not None)
        case App("*", args):
            degrees = [polynomial_degree(a, name, start) for a in args]
            return None if None in degrees else sum(d for d in degrees if d is not None)
        case App("neg", (a,)):
            return polynomial_degree(a, name, start)
        case App("/", (a, b)) if name not in free_vars(b):
            return polynomial_degree(a, name, start)
        case App("^", (a, Num(q))) if q.denominator == 1 and 0 <= q <= 64:
            d = polynomial_degree(a, name, start)
            return None if d is None else d * q.numerator
        case App("sum", (term, Var(i), lower, upper)) if i != name and name not in free_vars(lower):
            d = polynomial_degree(term, name, start)
            if d is None or name not in free_vars(upper):
                return d
            # sum_{i=c}^{x} of a polynomial is one in x only where x >= c - 1, which x >= start ensures
            if upper == Var(name) and isinstance(lower, Num) and lower.value.denominator == 1:
                c = lower.value.numerator
                inner = polynomial_degree(term, i, c)
                if c <= start + 1 and inner is not None:
                    return d + inner + 1
    return None


def max_geometric(k: int, p: Value, bits: int) -> Value:
    """sum_{j=1}^{k} (-1)^(j+1) * C(k, j) / (1 - (1-p)^j), for 0 < p <= 1; rational if that is short."""
    if isinstance(p, Enclosure):
        if p.hi <= 0 or p.lo > 1:
            raise Undefined("a probability outside (0, 1]")
        if p.lo <= 0 or p.hi > 1:
            raise Imprecise("a probability")
        # decreasing in p
        return Enclosure(enclose(max_geometric(k, p.hi, bits)).lo, enclose(max_geometric(k, p.lo, bits)).hi)
    if not 0 < p <= 1:
        raise Undefined("a probability outside (0, 1]")
    if k == 0:
        return 0
    if p == 1:
        return 1
    if k > 4000:
        raise TooLarge(f"max_geometric of {k} variables")
    q = 1 - Fraction(p)
    if k * k * q.denominator.bit_length() <= EXACT_DENOMINATOR:
        terms = [(-1) ** (j + 1) * comb(k, j) / (1 - q**j) for j in range(1, k + 1)]
        while len(terms) > 1:
            terms = [sum(terms[i : i + 2], Fraction(0)) for i in range(0, len(terms), 2)]
        return _tidy(terms[0])
    # terms up to 2^k / p cancel: work with so many more bits, in units of 2^-w
    w = bits + k + k.bit_length() + 2 * max(1, -en.magnitude(p)) + 16
    one = 1 << w
    low = high = (q.numerator << w) // q.denominator
    high += 1
    power_low, power_high = low, high
    total_low = total_high = 0
    choose = 1
    for j in range(1, k + 1):
        if power_high >= one:
            raise Imprecise("a probability close to 0")
        choose = choose * (k - j + 1) // j
        size = choose << (2 * w)
        small, large = size // (one - power_low), -(-size // (one - power_high))
        if j % 2:
            total_low += small
            total_high += large
        else:
            total_low -= large
            total_high -= small
        power_low, power_high = power_low * low >> w, (power_high * high >> w) + 1
    return en.outward(en.scaled(total_low, w), en.scaled(total_high, w), bits)


_TWO = Num(Fraction(2))
_Rule = Callable[[Evaluator, tuple[Expr, ...]], Value]
_RULES: dict[str, _Rule] = {
    "+": Evaluator.sum_of,
    "*": Evaluator.product,
    "neg": Evaluator.negative,
    "/": Evaluator.quotient,
    "^": Evaluator.power_of,
    "sqrt": Evaluator.root,
    "exp": Evaluator.exponential,
    "log": Evaluator.logarithm,
    "log2": Evaluator.logarithm2,
    "floor": Evaluator.floor,
    "ceil": Evaluator.ceiling,
    "min": Evaluator.minimum,
    "max": Evaluator.maximum,
    "factorial": Evaluator.factorial_of,
    "binomial": Evaluator.binomial_of,
    "sum": Evaluator.series,
    "max_geometric": Evaluator.geometric,
    "O": Evaluator.no_value,
    "Omega": Evaluator.no_value,
    "Theta": Evaluator.no_value,
    "o": Evaluator.no_value,
    "omega": Evaluator.no_value,
}


def _tidy(q: Fraction | int) -> Exact:
    return q.numerator if q.denominator == 1 else q


def evaluate(
    e: Expr,
    env: Mapping[str, Fraction | int],
    *,
    bits: int = 64,
    functions: Mapping[str, Function] | None = None,
) -> Fraction | Enclosure:
    """The value of e at an assignment: a Fraction if it is found to be rational, else an enclosure of
    relative width at most 2^-bits (absolute, if cancellation leaves a number near 0).

    `functions` gives the functions of recurrences as callables on Fractions.  Raises Undefined, TooLarge,
    Unbound, or Undecided if LAST_BITS (or 4*bits) do not suffice for a floor, a ceiling or a domain."""
    functions = functions or {}
    last = max(LAST_BITS, 4 * bits)
    working = bits + 32
    while True:
        evaluator = Evaluator(env, functions, working)
        final = working >= last
        try:
            v = evaluator.value(e)
        except Imprecise as error:
            if final:
                raise Undecided(f"not decided with {working} bits: {error}") from None
        else:
            if not isinstance(v, Enclosure):
                return Fraction(v)
            if v.lo == v.hi:
                return v.lo
            size = max(abs(v.lo), abs(v.hi))
            width = v.width
            if width * (1 << bits) <= size or final or (working > 2 * bits and width * (1 << bits) <= 1):
                found = evaluator.settle(e, v)
                return v if found is None else Fraction(found)
        working *= 2


def compare(
    a: Expr,
    b: Expr,
    env: Mapping[str, Fraction | int],
    *,
    functions: Mapping[str, Function] | None = None,
    bits: int = LAST_BITS,
) -> int:
    """-1, 0 or 1 as a < b, a = b or a > b at the assignment.

    Equality is found when both are rational or by exact algebra of roots, powers and logarithms; numbers too
    large to write down are compared by their logarithms.  Undecided when `bits` do not separate them."""
    functions = functions or {}
    logarithms = asked = False
    working = 64
    while True:
        evaluator = Evaluator(env, functions, working)
        try:
            x, y = (
                (evaluator.natural(a), evaluator.natural(b))
                if logarithms
                else (evaluator.value(a), evaluator.value(b))
            )
        except TooLarge:
            if logarithms:
                raise
            logarithms = True  # log is increasing; it exists only if both are positive
            continue
        except Imprecise as error:
            if working >= bits:
                raise Undecided(f"not decided with {working} bits: {error}") from None
            working *= 4
            continue
        if not isinstance(x, Enclosure) and not isinstance(y, Enclosure):
            return (x > y) - (x < y)
        p, q = enclose(x), enclose(y)
        if p.hi < q.lo:
            return -1
        if p.lo > q.hi:
            return 1
        if not asked:
            asked = True
            from verifier.lang.exact import equal

            if equal(App("log", (a,)), App("log", (b,)), evaluator) if logarithms else equal(a, b, evaluator):
                return 0
        if working >= bits:
            raise Undecided(f"the two sides agree to {working} bits")
        working *= 4


def holds(
    op: str,
    a: Expr,
    b: Expr,
    env: Mapping[str, Fraction | int],
    *,
    functions: Mapping[str, Function] | None = None,
) -> bool:
    """Whether `a op b` is true at the assignment; op is = <= >= < or >."""
    order = compare(a, b, env, functions=functions)
    match op:
        case "=":
            return order == 0
        case "<=":
            return order <= 0
        case ">=":
            return order >= 0
        case "<":
            return order < 0
        case ">":
            return order > 0
    raise ValueError(f"{op} is not decided at a single assignment")


def quotient_value(
    a: Expr,
    b: Expr,
    env: Mapping[str, Fraction | int],
    *,
    bits: int = 64,
    functions: Mapping[str, Function] | None = None,
) -> Fraction | Enclosure:
    """a / b, also where both are too large to write down."""
    try:
        return evaluate(div(a, b), env, bits=bits, functions=functions)
    except TooLarge:
        difference = App("+", (App("log", (a,)), App("neg", (App("log", (b,)),))))
        return evaluate(App("exp", (difference,)), env, bits=bits, functions=functions)
