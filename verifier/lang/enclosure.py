"""Intervals with rational ends that are certain to contain a real number.

Everything is integer arithmetic with directed rounding; no floating point.  Logarithm and exponential are
power series on scaled integers: with x = m*2^k and m in [3/4, 3/2],

    log x = k*log 2 + 2*artanh((m - 1)/(m + 1)),      exp x = 2^k * sum r^j/j!  with r = x - k*log 2.

`bits` is the number of significant bits kept in an end; it governs how narrow a result is, never whether it
is right."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

MAX_BITS = 1 << 20
"""Numbers of more binary digits than this are refused."""


class EvaluationError(ArithmeticError):
    """A value could not be given."""


class Undefined(EvaluationError):
    """The expression has no value there: division by 0, log of a number <= 0, ..."""


class TooLarge(EvaluationError):
    """The value, or the work to find it, is out of bounds."""


class Undecided(EvaluationError):
    """The precision that was allowed does not settle the question."""


class Imprecise(EvaluationError):
    """The enclosure at hand is too wide; more bits may help."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The reals from lo to hi, both included; lo <= hi."""

    lo: Fraction
    hi: Fraction

    @property
    def width(self) -> Fraction:
        """hi - lo."""
        return self.hi - self.lo

    def contains(self, q: Fraction | int) -> bool:
        """Whether lo <= q <= hi."""
        return self.lo <= q <= self.hi

    def sign(self) -> int | None:
        """-1, 0 or 1 if every member has that sign, else None."""
        if self.lo > 0:
            return 1
        if self.hi < 0:
            return -1
        return 0 if self.lo == self.hi == 0 else None

    def simplest(self) -> Fraction:
        """The member with the least denominator (and then the least absolute numerator)."""
        if self.lo <= 0 <= self.hi:
            return Fraction(0)
        if self.hi < 0:
            return -Enclosure(-self.hi, -self.lo).simplest()
        a, b, c, d = self.lo.numerator, self.lo.denominator, self.hi.numerator, self.hi.denominator
        # continued fraction of the ends a/b and c/d as long as they agree; p/q runs through the convergents
        p0, q0, p1, q1 = 0, 1, 1, 0
        while True:
            whole, rest = divmod(a, b)
            if not rest or (whole + 1) * d <= c:
                step = whole + (rest != 0)
                return Fraction(step * p1 + p0, step * q1 + q0)
            p0, q0, p1, q1 = p1, q1, whole * p1 + p0, whole * q1 + q0
            a, b, c, d = d, c - whole * d, b, rest


Exact = int | Fraction
Value = int | Fraction | Enclosure


def enclose(v: Value) -> Enclosure:
    """The value as an enclosure (of width 0 if it is exact)."""
    if isinstance(v, Enclosure):
        return v
    q = Fraction(v)
    return Enclosure(q, q)


def magnitude(q: Exact) -> int:
    """An m with 2^(m-1) < |q| < 2^(m+1); 0 for q = 0."""
    return q.numerator.bit_length() - q.denominator.bit_length()


def scaled(m: int, shift: int) -> Fraction:
    """m * 2^-shift."""
    return Fraction(m, 1 << shift) if shift > 0 else Fraction(m << -shift)


def down(q: Fraction, bits: int) -> Fraction:
    """A rational <= q of about `bits` significant bits; q itself if it is short."""
    n, d = q.numerator, q.denominator
    if n.bit_length() + d.bit_length() <= bits + 64:
        return q
    shift = bits + d.bit_length() - n.bit_length()
    return scaled((n << shift) // d if shift > 0 else n // (d << -shift), shift)


def up(q: Fraction, bits: int) -> Fraction:
    """A rational >= q of about `bits` significant bits."""
    return -down(-q, bits)


def outward(lo: Fraction, hi: Fraction, bits: int) -> Enclosure:
    """The interval with its ends rounded away from each other."""
    return Enclosure(down(lo, bits), up(hi, bits))


def _plus(a: Fraction, b: Fraction, bits: int, upward: bool) -> Fraction:
    # a bound of a + b; a summand negligible beside the other is rounded first, or aligning them is costly
    gap = magnitude(a) - magnitude(b)
    if abs(gap) > 2 * bits + 4096 and a and b:
        big, small = (a, b) if gap > 0 else (b, a)
        tiny = scaled(1, 2 * bits - magnitude(big))
        if upward:
            small = tiny if small > 0 else Fraction(0)
        else:
            small = Fraction(0) if small > 0 else -tiny
        return big + small
    return a + b


def add(a: Enclosure, b: Enclosure, bits: int) -> Enclosure:
    """a + b."""
    return outward(_plus(a.lo, b.lo, bits, False), _plus(a.hi, b.hi, bits, True), bits)


def negate(a: Enclosure) -> Enclosure:
    """-a."""
    return Enclosure(-a.hi, -a.lo)


def multiply(a: Enclosure, b: Enclosure, bits: int) -> Enclosure:
    """a * b."""
    if a.lo >= 0 and b.lo >= 0:
        return outward(a.lo * b.lo, a.hi * b.hi, bits)
    products = (a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi)
    return outward(min(products), max(products), bits)


def divide(a: Enclosure, b: Enclosure, bits: int) -> Enclosure:
    """a / b; Undefined if b is 0, Imprecise if it may be."""
    if b.lo <= 0 <= b.hi:
        if b.lo == b.hi:
            raise Undefined("division by 0")
        raise Imprecise("a divisor that may be 0")
    return multiply(a, outward(1 / b.hi, 1 / b.lo, bits), bits)


def _artanh(n: int, d: int, w: int) -> tuple[int, int]:
    """Bounds of 2^w * artanh(n/d) for 0 <= n/d <= 1/3.

    With t = n/d the rounded powers p_j of t^(2j+1) fall short by less than 2: p_0 by less than 1, and
    2*t^2 + t*(2t + 1) + 1 < 2 for the next.  A term p_j/(2j+1) falls short by less than 3; when p_j is 0 the
    tail is at most 2/(1 - t^2) < 3."""
    t = (n << w) // d
    square = t * t >> w
    power, total, j = t, 0, 1
    while power:
        total += power // j
        power = power * square >> w
        j += 2
    return total, total + 3 * (j // 2) + 3


_LN2: dict[int, tuple[int, int]] = {}


def _ln2(w: int) -> tuple[int, int]:
    """Bounds of 2^w * log 2 = 2^w * 2*artanh(1/3)."""
    found = _LN2.get(w)
    if found is None:
        lo, hi = _artanh(1, 3, w)
        if len(_LN2) > 256:
            _LN2.clear()
        found = _LN2[w] = 2 * lo, 2 * hi
    return found


def log_rational(q: Exact, bits: int) -> Enclosure:
    """log q, natural, for rational q > 0; relative width below 2^-bits."""
    n, d = q.numerator, q.denominator
    if n <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    if n == d:
        return Enclosure(Fraction(0), Fraction(0))
    k = n.bit_length() - d.bit_length()
    if k >= 0:
        d <<= k
    else:
        n <<= -k
    if 4 * n < 3 * d:
        k -= 1
        n <<= 1
    elif 2 * n > 3 * d:
        k += 1
        d <<= 1
    difference = n - d
    w = bits + bits.bit_length() + k.bit_length() + 8
    if k == 0:  # near 1 the logarithm is small: keep its leading bits
        w += d.bit_length() - difference.bit_length()
    w = (w + 31) & ~31
    lo, hi = _artanh(abs(difference), n + d, w)
    lo, hi = (2 * lo, 2 * hi) if difference >= 0 else (-2 * hi, -2 * lo)
    if k:
        l2, h2 = _ln2(w)
        lo, hi = (lo + k * l2, hi + k * h2) if k > 0 else (lo + k * h2, hi + k * l2)
    return Enclosure(scaled(lo, w), scaled(hi, w))


def exp_rational(q: Exact, bits: int) -> Enclosure:
    """exp q for rational q; relative width below 2^-bits.  TooLarge above 2^MAX_BITS."""
    if q == 0:
        return Enclosure(Fraction(1), Fraction(1))
    if not -MAX_BITS < 2 * q < MAX_BITS:
        if q > 0:
            raise TooLarge(f"exp({_short(q)}) is too large")
        return Enclosure(Fraction(0), scaled(1, MAX_BITS // 2))
    w = (bits + bits.bit_length() + 48 + 31) & ~31
    low2, high2 = _ln2(w)
    x = (q.numerator << w) // q.denominator
    k = x // low2
    while True:
        below, above = (high2, low2) if k >= 0 else (low2, high2)
        r = x - k * below
        if r >= 0:
            break
        k -= 1
    spread = x + 1 - k * above - r
    # every term is rounded down by less than 2 altogether, as r < 1; so is the tail when a term is 0
    term = total = 1 << w
    j = 1
    while term:
        term = (term * r >> w) // j
        total += term
        j += 1
    high = total + 2 * j + 4
    high += (2 * high * spread >> w) + 1  # exp(s) <= 1 + 2s for 0 <= s <= 1
    return Enclosure(scaled(total, w - k), scaled(high, w - k))


def log(a: Enclosure, bits: int) -> Enclosure:
    """log a; Undefined if a <= 0, Imprecise if only a part of it is."""
    if a.hi <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    if a.lo <= 0:
        raise Imprecise("the logarithm of a number that may be 0")
    lo = log_rational(a.lo, bits)
    return lo if a.lo == a.hi else Enclosure(lo.lo, log_rational(a.hi, bits).hi)


def exp(a: Enclosure, bits: int) -> Enclosure:
    """exp a."""
    lo = exp_rational(a.lo, bits)
    return lo if a.lo == a.hi else Enclosure(lo.lo, exp_rational(a.hi, bits).hi)


def integer_power(a: Enclosure, n: int, bits: int) -> Enclosure:
    """a^n for an integer n of any sign, by squaring."""
    if n < 0:
        one = Enclosure(Fraction(1), Fraction(1))
        return divide(one, integer_power(a, -n, bits), bits)
    if n % 2 == 0 and a.lo < 0:  # x^2 does not see the sign
        a = Enclosure(max(Fraction(0), a.lo, -a.hi), max(-a.lo, a.hi))
    if n * max(abs(magnitude(x)) + 1 if x else 0 for x in (a.lo, a.hi)) > 2 * MAX_BITS:
        return power(a, Enclosure(Fraction(n), Fraction(n)), bits)
    bits += n.bit_length()
    result: Enclosure | None = None
    square = a
    while n:
        if n & 1:
            result = square if result is None else multiply(result, square, bits)
        n >>= 1
        if n:
            square = multiply(square, square, bits)
    return result if result is not None else Enclosure(Fraction(1), Fraction(1))


def power(a: Enclosure, b: Enclosure, bits: int) -> Enclosure:
    """a^b = exp(b*log a) for a > 0; Undefined or Imprecise otherwise."""
    bits += 8
    product = multiply(b, log(a, bits), bits)
    bits += max(0, magnitude(product.hi), magnitude(product.lo))
    return exp(product, bits)


def integer_root(n: int, k: int) -> int:
    """The largest r with r^k <= n, for n >= 0 and k >= 1."""
    if k == 1 or n < 2:
        return n
    if k == 2:
        return isqrt(n)
    if k >= n.bit_length():
        return 1
    r: int = 1 << -(-n.bit_length() // k)
    while True:  # Newton's method from above decreases until it is there
        s = ((k - 1) * r + n // int(r ** (k - 1))) // k
        if s >= r:
            return r
        r = s


def exact_power(q: Exact, r: Exact) -> Exact | None:
    """q^r if it is rational and not too large, else None; q > 0."""
    a, b = r.numerator, r.denominator
    n, d = q.numerator, q.denominator
    if n == d:
        return 1
    if b > 1:
        if b > max(n.bit_length(), d.bit_length()):
            return None
        root_n, root_d = integer_root(n, b), integer_root(d, b)
        if root_n**b != n or root_d**b != d:
            return None
        n, d = root_n, root_d
    if abs(a) * max(n.bit_length(), d.bit_length()) > MAX_BITS:
        return None
    if a < 0:
        n, d, a = d, n, -a
    return n**a if d == 1 else Fraction(n, d) ** a  # without a gcd: coprime already


def exact_log(q: Exact, base: Exact) -> Exact | None:
    """The rational r with base^r = q, or None if there is none; q, base > 0, base not 1."""
    if q == 1:
        return 0
    if base == 2:  # not a perfect power, so the logarithm is an integer if it is rational
        n = q.numerator if q.denominator == 1 else q.denominator
        if n & (n - 1) or (q.denominator != 1 and q.numerator != 1):
            return None
        return n.bit_length() - 1 if q.denominator == 1 else 1 - n.bit_length()
    longest = max(base.numerator.bit_length(), base.denominator.bit_length())
    bits = (
        2 * longest.bit_length() + max(q.numerator.bit_length(), q.denominator.bit_length()).bit_length() + 16
    )
    quotient = divide(log_rational(q, bits), log_rational(base, bits), bits)
    # base = t^b and q = t^a for coprime a, b, so b is at most the length of base
    r = quotient.simplest()
    if r.denominator > longest:
        return None
    a, b = r.numerator, r.denominator
    if abs(a) * longest > 2 * MAX_BITS:
        return None
    root = exact_power(base, Fraction(1, b))
    if root is None:
        return None
    n, d = (root.numerator, root.denominator) if a > 0 else (root.denominator, root.numerator)
    if n ** abs(a) != q.numerator or d ** abs(a) != q.denominator:
        return None
    return a if b == 1 else r


def _short(q: Exact) -> str:
    if q.denominator == 1 and q.numerator.bit_length() < 200:
        return str(q)
    return f"about 2^{magnitude(q)}"
