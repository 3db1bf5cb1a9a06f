"""Ring normal form of exp-log expressions: polynomials over monomials with rational coefficients.

A *monomial* is  prod_i A_i^{q_i} * exp(P): atoms A_i with rational exponents, P a polynomial again.  Atoms are
strings, the canonical ASCII of an expression: a parameter "n", a prime "2" (exponent strictly between 0 and 1), a
logarithm "log(n)", a sum "(n + 1)" (exponent not a natural number) or another function, "floor(0.5*n)".
Exponentials and powers share one form: 2^n is exp(log(2)*n), and exp(q*log(A)) is the atom power A^q, so that
b^(log(a)/log(b)) becomes a, (x^p)^(1/p) becomes x and surds multiply exactly.

The form is only valid where it is defined: an atom with an exponent that is not a natural number, or inside a logarithm, has
to be positive on the context.  `normal` refuses anything else, so equal normal forms mean equal values
wherever the context holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb

from verifier.kernel.context import Context, Rejected
from verifier.lang.ast import App, Expr, Num, Var, add, div, free_vars, mul, neg, power, substitute
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii

Rational = int | Fraction
Mono = tuple[tuple[tuple[str, Rational], ...], tuple[tuple["Mono", Rational], ...]]
Poly = dict[Mono, Rational]

UNIT: Mono = ((), ())
MAX_TERMS = 20_000
MAX_EXPONENT = 512
MAX_BITS = 200_000
_TRIAL = 100_000


def ratio(x: Fraction) -> Rational:
    """The rational as an int where it is one: integers hash and add faster."""
    return x.numerator if x.denominator == 1 else x


@dataclass(frozen=True, slots=True)
class Ratio:
    """num / den; den is None for 1 and otherwise has at least two terms and was shown positive by no one: `normal`'s
    caller decides what the sign of den has to be."""

    num: Poly
    den: Poly | None = None


# ---------------------------------------------------------------- polynomials

def constant(q: Rational) -> Poly:
    """The constant polynomial."""
    return {UNIT: q} if q else {}


def atom(key: str) -> Poly:
    """The polynomial of one atom."""
    return {(((key, 1),), ()): 1}


def plus(*polys: Poly) -> Poly:
    """Sum."""
    out: Poly = dict(polys[0]) if polys else {}
    for p in polys[1:]:
        for m, c in p.items():
            s = out.get(m, 0) + c
            if s:
                out[m] = s
            else:
                del out[m]
    return out


def scale(p: Poly, q: Rational) -> Poly:
    """q * p."""
    return {m: _q(c * q) for m, c in p.items()} if q else {}


def times(a: Poly, b: Poly) -> Poly:
    """Product; Rejected beyond MAX_TERMS terms."""
    if len(a) * len(b) > MAX_TERMS:
        raise Rejected("polynomial product too large")
    out: Poly = {}
    for m, c in a.items():
        for n, d in b.items():
            for k, q in mono_times(m, n).items():
                s = out.get(k, 0) + q * c * d
                if s:
                    out[k] = _q(s)
                else:
                    del out[k]
    return out


def mono_times(m: Mono, n: Mono) -> Poly:
    """Product of two monomials: a polynomial, since surds fold into the coefficient and a sum that comes to a natural
    power is expanded."""
    if m == UNIT:
        return {n: 1}
    if n == UNIT:
        return {m: 1}
    exponents = dict(m[0])
    for key, q in n[0]:
        s = exponents.get(key, 0) + q
        if s:
            exponents[key] = _q(s)
        else:
            del exponents[key]
    return _mono(exponents, plus(dict(m[1]), dict(n[1])) if m[1] and n[1] else dict(m[1] or n[1]))


def _mono(exponents: dict[str, Rational], exponential: Poly) -> Poly:
    """The polynomial of prod A^q * exp(P), in normal form."""
    coefficient: Rational = 1
    expand: list[tuple[str, int]] = []
    for m in list(exponential):
        if not m[1] and len(m[0]) == 1 and m[0][0][1] == 1 and m[0][0][0].startswith("log("):
            key, c = m[0][0][0][4:-1], exponential.pop(m)
            inverse = key_expr(key) if key.startswith("1/") else None
            if isinstance(inverse, App) and inverse.op == "/":  # log(1/A), not the log of a sum such as 1/n + 1
                key, c = ascii(inverse.args[1]), -c
            key = key if _is_atom_key(key) else f"({key})"
            s = exponents.get(key, 0) + c
            if s:
                exponents[key] = _q(s)
            else:
                exponents.pop(key, None)
    for key, q in list(exponents.items()):
        if key[0].isdigit():
            whole = q.numerator // q.denominator
            if whole:
                if abs(whole) * int(key).bit_length() > MAX_BITS:
                    raise Rejected("a numeric power is too large")
                coefficient = coefficient * Fraction(int(key)) ** whole
            if q == whole:
                del exponents[key]
            else:
                exponents[key] = q - whole
        elif key[0] == "(" and isinstance(q, int) and q > 0:
            del exponents[key]
            expand.append((key, q))
    mono: Mono = (tuple(sorted(exponents.items())), tuple(sorted(exponential.items(), key=_order)))
    out: Poly = {mono: ratio(Fraction(coefficient))}
    for key, q in expand:
        out = times(out, poly_power(_sum_atom(key), q))
    return out


def _order(item: tuple[Mono, Rational]) -> tuple[object, ...]:
    return mono_key(item[0])


def mono_key(m: Mono) -> tuple[object, ...]:
    """A total order on monomials, stable between runs."""
    return (tuple((k, Fraction(q)) for k, q in m[0]), tuple((mono_key(n), Fraction(q)) for n, q in m[1]))


def poly_power(p: Poly, k: int) -> Poly:
    """p^k for a natural number k (p^0 = 1)."""
    if k == 0:
        return constant(1)
    if k > MAX_EXPONENT and len(p) > 1 or comb(k + len(p) - 1, k) > MAX_TERMS:
        raise Rejected("polynomial power too large")
    if len(p) == 1:
        (m, c), = p.items()
        if max(Fraction(c).numerator.bit_length(), Fraction(c).denominator.bit_length()) * k > MAX_BITS:
            raise Rejected("a numeric power is too large")
        return times(mono_power(m, k), constant(ratio(Fraction(c) ** k)))
    out = constant(1)
    for _ in range(k):
        out = times(out, p)
    return out


def mono_power(m: Mono, q: Rational) -> Poly:
    """m^q for a rational q; the caller answers for the sign of m."""
    return _mono({k: _q(e * q) for k, e in m[0]}, {n: _q(c * q) for n, c in m[1]}) if q else constant(1)


def _q(x: Rational) -> Rational:
    return x if isinstance(x, int) or x.denominator != 1 else x.numerator


# ---------------------------------------------------------------- logarithms and exponentials

def log_mono(m: Mono, context: Context) -> Poly:
    """log of a monomial as a polynomial over logarithm atoms; every atom has to be positive on the context."""
    out = dict(m[1])
    for key, q in m[0]:
        out = plus(out, scale(_log_atom(key, context), q))
    return out


def _log_atom(key: str, context: Context) -> Poly:
    if key[0].isdigit():
        return atom(f"log({key})")
    if not context.positive(key):
        raise Rejected(f"log({key}): the argument is not shown positive")
    if _numeric_key(key) and key[0] != "(":  # a number below 1: keep the atom positive
        high = context.interval(key).hi
        if high is not None and high <= 1:
            return scale(atom(f"log(1/{key})"), -1)
    return atom(f"log({key[1:-1]})" if key[0] == "(" else f"log({key})")


def log_number(q: Fraction) -> Poly:
    """log of a positive rational over logarithms of primes."""
    if q <= 0:
        raise Rejected("log of a number that is not positive")
    out: Poly = {}
    for p, e in factor(q.numerator).items():
        out = plus(out, scale(atom(f"log({p})"), e))
    for p, e in factor(q.denominator).items():
        out = plus(out, scale(atom(f"log({p})"), -e))
    return out


@lru_cache(maxsize=4096)
def _factor(n: int) -> tuple[tuple[int, int], ...]:
    out, p = [], 2
    while p * p <= n and p < _TRIAL:
        e = 0
        while n % p == 0:
            n, e = n // p, e + 1
        if e:
            out.append((p, e))
        p += 1 if p == 2 else 2
    if n > 1:
        root, e = _perfect_power(n)
        out.append((root, e))
    return tuple(out)


def factor(n: int) -> dict[int, int]:
    """Prime factors by trial division; a cofactor without small primes is kept whole (the form stays correct, only less
    canonical)."""
    return dict(_factor(n))


def _perfect_power(n: int) -> tuple[int, int]:
    for e in (2, 3, 5, 7):
        root = round_root(n, e)
        if root ** e == n:
            base, f = _perfect_power(root)
            return base, e * f
    return n, 1


def round_root(n: int, k: int) -> int:
    """The integer part of the k-th root of n >= 0, by Newton's method on integers."""
    if n < 2:
        return n
    x = 1 << -(-n.bit_length() // k)
    while True:
        y = ((k - 1) * x + n // x ** (k - 1)) // k
        if y >= x:
            return x
        x = y


def exponential(p: Poly) -> Poly:
    """exp of a polynomial: one monomial."""
    return _mono({}, dict(p))


# ---------------------------------------------------------------- expressions

def normal(e: Expr, context: Context) -> Ratio:
    """Normal form of an expression; Rejected where it is not shown to be defined on the context."""
    match e:
        case Num(q):
            return Ratio(constant(ratio(q)))
        case Var(name):
            context.require(name)
            return Ratio(atom(name))
        case App("+", args):
            return _sum([normal(a, context) for a in args])
        case App("neg", (a,)):
            r = normal(a, context)
            return Ratio(scale(r.num, -1), r.den)
        case App("*", args):
            out = Ratio(constant(1))
            for a in args:
                out = _product(out, normal(a, context), context)
            return out
        case App("/", (a, b)):
            return _product(normal(a, context), _inverse(normal(b, context), context), context)
        case App("^", (a, b)):
            return _power(a, b, context)
        case App("sqrt", (a,)):
            return _power(a, Num(Fraction(1, 2)), context)
        case App("log", (a,)):
            return Ratio(_log(normal(a, context), context))
        case App("log", (a, b)):
            return _product(Ratio(_log(normal(a, context), context)),
                            _inverse(Ratio(_log(normal(b, context), context)), context), context)
        case App("log2", (a,)):
            return normal(App("log", (a, Num(Fraction(2)))), context)
        case App("exp", (a,)):
            r = normal(a, context)
            if r.den is not None:
                return Ratio(exponential(_fraction_atom(r, context)))
            return Ratio(exponential(r.num))
        case App(("floor" | "ceil") as op, (a,)):
            return Ratio(_rounding(op, normal(a, context), context))
        case App("factorial", (a,)):
            return _factorial(normal(a, context), context)
        case App("binomial", (a, Num(k))) if k.denominator == 1 and 0 <= k <= 64:
            top = normal(a, context)
            if top.den is not None or not all(isinstance(c, int) and _integral(m, context)
                                              for m, c in top.num.items()) or not context.at_least(a, Fraction(0)):
                raise Rejected("a binomial coefficient of a number that is not shown to be an integer >= 0")
            out = Ratio(constant(1))
            for j in range(k.numerator):
                out = _product(out, _sum([top, Ratio(constant(-j))]), context)
                out = Ratio(scale(out.num, Fraction(1, j + 1)), out.den)
            return out
        case App("binomial", (a, b)) if context.at_least(b, Fraction(0)) and \
                context.at_least(add(a, App("neg", (b,))), Fraction(0)):
            chosen, others = (normal(App("factorial", (x,)), context) for x in (b, add(a, App("neg", (b,)))))
            below = _product(chosen, others, context)
            return _product(normal(App("factorial", (a,)), context), _inverse(below, context), context)
        case App("sum", (term, Var(i), lower, upper)):
            return Ratio(atom(_sum_key(term, i, lower, upper, context)))
        case App(("min" | "max") as op, args):
            keys = sorted({ascii(expression(normal(a, context))): None for a in args})
            if len(keys) == 1:
                return normal(args[0], context)
            return Ratio(atom(f"{op}({', '.join(keys)})"))
        case App(op, args):
            return Ratio(atom(f"{op}({', '.join(ascii(expression(normal(a, context))) for a in args)})"))
    raise Rejected("a cost measure has no value in the kernel")


def polynomial(e: Expr, context: Context) -> Poly:
    """Normal form of an expression whose denominator is a monomial; Rejected otherwise."""
    r = normal(e, context)
    if r.den is not None:
        raise Rejected(f"{ascii(e)} has a denominator that is a sum")
    return r.num


def _sum(parts: Iterable[Ratio]) -> Ratio:
    out: Ratio | None = None
    plain: list[Poly] = []
    for r in parts:
        if r.den is None:
            plain.append(r.num)
        elif out is None:
            out = r
        elif out.den == r.den:
            out = Ratio(plus(out.num, r.num), out.den)
        else:
            out = Ratio(plus(times(out.num, r.den), times(r.num, out.den or constant(1))),
                        times(out.den or constant(1), r.den))
    total = plus({}, *plain)
    if out is None or out.den is None:
        return Ratio(total)
    return Ratio(plus(out.num, times(total, out.den)), out.den) if total else out


def _product(a: Ratio, b: Ratio, context: Context) -> Ratio:
    num, den = times(a.num, b.num), None
    if a.den is not None and a.den == b.num:
        num, den = a.num, b.den
    elif b.den is not None and b.den == a.num:
        num, den = b.num, a.den
    elif a.den is not None or b.den is not None:
        den = times(a.den or constant(1), b.den or constant(1))
    if den is not None and len(den) == 1:
        return _product(Ratio(num), _inverse(Ratio(den), context), context)
    return Ratio(num, den)


def _inverse(r: Ratio, context: Context) -> Ratio:
    if not r.num:
        raise Rejected("division by zero")
    top = r.den or constant(1)
    if len(r.num) > 1:
        return Ratio(top, r.num)
    (m, c), = r.num.items()
    for key, _ in m[0]:
        if not context.positive(key):
            raise Rejected(f"division by {key}, which is not shown positive")
    return Ratio(times(top, scale(mono_power(m, -1), ratio(Fraction(1) / Fraction(c)))))


def _power(base: Expr, exponent: Expr, context: Context) -> Ratio:
    ex = normal(exponent, context)
    if ex.den is None and (not ex.num or list(ex.num) == [UNIT]):
        q = Fraction(ex.num.get(UNIT, 0))
        b = normal(base, context)
        if q.denominator == 1:
            if abs(q) > MAX_BITS:
                raise Rejected("a power is too large")
            if q < 0:
                b, q = _inverse(b, context), -q
            return Ratio(poly_power(b.num, q.numerator),
                         None if b.den is None else poly_power(b.den, q.numerator))
        num = _root(b.num, q, context)
        return Ratio(num) if b.den is None else _product(Ratio(num), Ratio(_root(b.den, -q, context)), context)
    if ex.den is not None:
        ex = Ratio(_fraction_atom(ex, context))
    return Ratio(exponential(times(ex.num, _log(normal(base, context), context))))


def _root(p: Poly, q: Fraction, context: Context) -> Poly:
    """p^q for a rational q that is not an integer: p has to be positive (or a non-negative monomial, q > 0)."""
    if len(p) != 1:
        key = f"({ascii(to_expr(p))})"
        if not context.positive(key):
            raise Rejected(f"{key} is not shown positive")
        return _mono({key: ratio(q)}, {})
    (m, c), = p.items()
    if c < 0:
        raise Rejected("a rational power of a negative number")
    for key, e in m[0]:
        if not (context.positive(key) or (q > 0 and e > 0 and context.nonnegative(key))):
            raise Rejected(f"a rational power of {key}, which is not shown positive")
    return times(mono_power(m, ratio(q)), _mono({str(b): _q(Fraction(e) * q) for b, e in _signed_factor(Fraction(c))}, {}))


def _signed_factor(q: Fraction) -> list[tuple[int, int]]:
    return [*factor(q.numerator).items(), *((p, -e) for p, e in factor(q.denominator).items())]


def _log(r: Ratio, context: Context) -> Poly:
    out = _log_poly(r.num, context)
    return out if r.den is None else plus(out, scale(_log_poly(r.den, context), -1))


def _log_poly(p: Poly, context: Context) -> Poly:
    if not p:
        raise Rejected("log of zero")
    content, rest = primitive(p)
    (m, c), = content.items()
    out = plus(log_number(Fraction(c)), log_mono(m, context))
    if list(rest) != [UNIT]:
        text = ascii(to_expr(rest))
        if not context.positive(f"({text})"):
            raise Rejected(f"log({text}): the argument is not shown positive")
        out = plus(out, atom(f"log({text})"))
    return out


def primitive(p: Poly) -> tuple[Poly, Poly]:
    """p = content * rest: the positive rational content, and for a single term the monomial too."""
    if len(p) == 1:
        return p, constant(1)
    from math import gcd, lcm
    numerators = [Fraction(c) for c in p.values()]
    q = Fraction(gcd(*(abs(c.numerator) for c in numerators)), lcm(*(c.denominator for c in numerators)))
    return constant(ratio(q)), scale(p, ratio(1 / q))


def _fraction_atom(r: Ratio, context: Context) -> Poly:
    """num/den as num times the inverse of a sum atom, which has to be positive."""
    key = f"({ascii(to_expr(r.den or {}))})"
    if not context.positive(key):
        raise Rejected(f"division by {key}, which is not shown positive")
    return times(r.num, _mono({key: -1}, {}))


def _rounding(op: str, r: Ratio, context: Context) -> Poly:
    """floor and ceil: integer terms move out; the rest is an atom."""
    if r.den is not None:
        return atom(f"{op}({ascii(expression(r))})")
    whole: Poly = {}
    rest: Poly = {}
    for m, c in r.num.items():
        if isinstance(c, int) and _integral(m, context):
            whole[m] = c
        else:
            rest[m] = c
    if list(rest) == [UNIT]:
        q = Fraction(rest[UNIT])
        n = q.numerator // q.denominator
        return plus(whole, constant(n if op == "floor" else n + 1))
    return plus(whole, atom(f"{op}({ascii(to_expr(rest))})")) if rest else whole


def _integral(m: Mono, context: Context) -> bool:
    return not m[1] and all(isinstance(q, int) and q > 0 and context.integer(key) for key, q in m[0])


def _factorial(r: Ratio, context: Context) -> Ratio:
    """factorial(n + c) as factorial(n) times or over the linear factors between, c an integer constant."""
    if r.den is not None:
        raise Rejected("factorial of a fraction")
    shift = r.num.get(UNIT, 0)
    rest = {m: c for m, c in r.num.items() if m != UNIT}
    if not isinstance(shift, int) or not all(isinstance(c, int) and _integral(m, context) for m, c in rest.items()):
        raise Rejected("factorial of a number that is not an integer")
    if not rest:
        if not 0 <= shift <= 1000:
            raise Rejected("factorial out of range")
        out = 1
        for k in range(2, shift + 1):
            out *= k
        return Ratio(constant(out))
    low = to_expr(plus(rest, constant(min(shift, 0))))
    if not context.at_least(low, Fraction(0)) or abs(shift) > 32:
        raise Rejected(f"factorial of {ascii(low)}, which is not shown to be >= 0")
    out_ratio = Ratio(atom(f"factorial({ascii(to_expr(rest))})"))
    for j in range(1, shift + 1):
        out_ratio = _product(out_ratio, Ratio(plus(rest, constant(j))), context)
    for j in range(0, -shift):
        out_ratio = _product(out_ratio, _inverse(Ratio(plus(rest, constant(-j))), context), context)
    return out_ratio


def _sum_key(term: Expr, i: str, lower: Expr, upper: Expr, context: Context) -> str:
    """Bound index renamed away, to a name that is not free in the term, so that equal sums have equal keys; the term is kept
    as written."""
    index = "i_"
    while index in free_vars(term):
        index += "_"
    bounds = [ascii(expression(normal(b, context))) for b in (lower, upper)]
    return f"sum({ascii(substitute(term, {i: Var(index)}))}, {index}, {bounds[0]}, {bounds[1]})"


# ---------------------------------------------------------------- back to expressions

def expression(r: Ratio) -> Expr:
    """An expression with this normal form."""
    return to_expr(r.num) if r.den is None else div(to_expr(r.num), to_expr(r.den))


def to_expr(p: Poly) -> Expr:
    """An expression of the polynomial, in a fixed order (larger powers first)."""
    if not p:
        return Num(Fraction(0))
    terms = sorted(p.items(), key=lambda t: mono_key(t[0]), reverse=True)
    return add(*(mono_expr(m, c) if c > 0 else neg(mono_expr(m, -c)) for m, c in terms))


def mono_expr(m: Mono, c: Rational = 1) -> Expr:
    """c * m as an expression: a quotient where exponents are negative, parameters before functions."""
    above: list[Expr] = []
    below: list[Expr] = []
    for key, q in sorted(m[0], key=lambda t: ("(" in t[0], t[0])):
        base = key_expr(key)
        size = abs(Fraction(q))
        (above if q > 0 else below).append(base if size == 1 else power(base, Num(size)))
    rest: Poly = {}
    for n, q in m[1]:  # exp(log(2)*n) reads better as 2^n
        base_key = next((k for k, e in n[0] if k.startswith("log(") and k[4:-1].isdigit() and e == 1), None)
        if base_key is None:
            rest[n] = q
        else:
            inner = (tuple(t for t in n[0] if t[0] != base_key), n[1])
            (above if q > 0 else below).append(power(key_expr(base_key[4:-1]), mono_expr(inner, ratio(abs(Fraction(q))))))
    if rest:
        above.append(App("exp", (to_expr(rest),)))
    whole = Fraction(c)
    if whole != 1 or not above:
        above.insert(0, Num(whole))
    top = mul(*above)
    return div(top, mul(*below)) if below else top


@lru_cache(maxsize=65536)
def key_expr(key: str) -> Expr:
    """The expression an atom stands for."""
    return parse_expression(key, functions=None)


@lru_cache(maxsize=4096)
def _sum_atom(key: str) -> Poly:
    """The polynomial of a sum atom "(...)"; its atoms were checked when the atom was made."""
    return polynomial(key_expr(key), _PERMISSIVE)


def _is_atom_key(key: str) -> bool:
    e = key_expr(key)
    return isinstance(e, Var | Num) or isinstance(e, App) and e.op not in ("+", "*", "/", "^", "neg")


class _Permissive(Context):
    """Re-reads a polynomial that a real context has accepted before."""

    def positive(self, key: str) -> bool:
        return True

    def nonnegative(self, key: str) -> bool:
        return True

    def require(self, name: str) -> None:
        return None


_PERMISSIVE = _Permissive({}, ())


def numeric(m: Mono) -> bool:
    """Whether the monomial is a number: it mentions no parameter."""
    return all(_numeric_key(k) for k, _ in m[0]) and all(numeric(n) for n, _ in m[1])


@lru_cache(maxsize=65536)
def _numeric_key(key: str) -> bool:
    return not names_in(key)


@lru_cache(maxsize=65536)
def names_in(key: str) -> frozenset[str]:
    """The names that an atom mentions."""
    return frozenset() if key[0].isdigit() else free_vars(key_expr(key))
