"""Exact algebra of closed expressions: when are two numbers built from roots, powers and logarithms equal?

A number is brought to the form  sum_t c_t * prod_a a^(r_a)  with rational c_t, r_a over atoms

    ("p", m)     an integer m > 1 free of the small primes, or a prime,
    ("log", m)   its natural logarithm,
    ("exp", M)   exp of a product of atoms,
    ("sum", F)   a positive sum that is no single product, raised to a power.

Every rewriting is an identity of real numbers (bases are checked to be positive), so equal forms mean equal
numbers; distinct forms mean nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verifier.lang.ast import App, Expr, Num, Var
from verifier.lang.enclosure import (
    Enclosure,
    EvaluationError,
    exact_power,
    integer_root,
)

if TYPE_CHECKING:
    from verifier.lang.evaluate import Evaluator

_SMALL = [p for p in range(2, 1000) if all(p % q for q in range(2, 32) if q < p)]
_MAX_TERMS = 200

Atom = tuple[str, Any]
Monomial = tuple[tuple[Atom, Fraction], ...]
Form = dict[Monomial, Fraction]


class _NoForm(Exception):
    """No form is known for the expression."""


def equal(a: Expr, b: Expr, evaluator: Evaluator) -> bool:
    """True only if a = b at the evaluator's assignment; False means not found."""
    try:
        difference = _add(_form(a, evaluator), _scale(_form(b, evaluator), Fraction(-1)))
        for _ in range(8):
            sums = sorted({atom for m in difference for atom, _ in m if atom[0] == "sum"}, key=repr)
            if not sums:
                break
            difference = _cleared(difference, sums[-1])
        return difference == {}
    except (_NoForm, EvaluationError):
        return False


def _cleared(form: Form, atom: Atom) -> Form:
    """The form times a power of the (non-zero) sum `atom`, so that its whole powers can be expanded."""
    least = min(dict(m).get(atom, Fraction(0)) for m in form)
    shift = -(least.numerator // least.denominator)
    if shift > 8:
        raise _NoForm
    out: Form = {}
    for m, c in form.items():
        exponents = dict(m)
        r = exponents.pop(atom, Fraction(0)) + shift
        whole = r.numerator // r.denominator
        if r != whole:
            exponents[atom] = r - whole
        if whole > 8:
            raise _NoForm
        rest, factor = _monomial(exponents)
        product: Form = {rest: c * factor}
        for _ in range(whole):
            product = _multiply(product, dict(atom[1]))
        out = _add(out, product)
    return out


def rational_value(e: Expr, evaluator: Evaluator) -> Fraction | None:
    """The value of e if its form is a rational number, else None."""
    try:
        form = _form(e, evaluator)
    except (_NoForm, EvaluationError):
        return None
    return _rational(form)


def _rational(form: Form) -> Fraction | None:
    if not form:
        return Fraction(0)
    if len(form) == 1 and () in form:
        return form[()]
    return None


def _constant(q: Fraction) -> Form:
    return {(): q} if q else {}


def _add(a: Form, b: Form) -> Form:
    out = dict(a)
    for m, c in b.items():
        total = out.get(m, Fraction(0)) + c
        if total:
            out[m] = total
        else:
            out.pop(m, None)
    return out


def _scale(a: Form, q: Fraction) -> Form:
    return {m: c * q for m, c in a.items()} if q else {}


def _monomial(exponents: dict[Atom, Fraction]) -> tuple[Monomial, Fraction]:
    # integer parts of powers of integers move into the coefficient
    coefficient = Fraction(1)
    kept: dict[Atom, Fraction] = {}
    for atom, r in exponents.items():
        if atom[0] == "p":
            whole = r.numerator // r.denominator
            if abs(whole) * atom[1].bit_length() > 100_000:
                raise _NoForm
            coefficient *= Fraction(atom[1]) ** whole
            r -= whole
        if r:
            kept[atom] = r
    return tuple(sorted(kept.items(), key=repr)), coefficient


def _times(m: Monomial, n: Monomial) -> tuple[Monomial, Fraction]:
    exponents = dict(m)
    for atom, r in n:
        exponents[atom] = exponents.get(atom, Fraction(0)) + r
    return _monomial(exponents)


def _multiply(a: Form, b: Form) -> Form:
    if len(a) * len(b) > _MAX_TERMS:
        raise _NoForm
    out: Form = {}
    for m, c in a.items():
        for n, d in b.items():
            monomial, factor = _times(m, n)
            out = _add(out, {monomial: c * d * factor})
    return out


def _factor(n: int) -> list[tuple[int, int]]:
    """Pairs (base, exponent) with product n >= 1: small primes and a rest that is not a perfect power."""
    out = []
    for p in _SMALL:
        if n == 1:
            break
        count = 0
        if p == 2:
            count = (n & -n).bit_length() - 1
            n >>= count
        while n % p == 0:
            n //= p
            count += 1
        if count:
            out.append((p, count))
    if n > 1:
        power = 1
        for k in _SMALL[:12]:
            while (root := integer_root(n, k)) ** k == n:
                n, power = root, power * k
        out.append((n, power))
    return out


def _log_of(e: Expr, evaluator: Evaluator) -> Form:
    """log e, without writing e down if it is a power or a product of positive factors."""
    match e:
        case App("^", (a, b)):
            _check_positive(a, evaluator)
            return _multiply(_form(b, evaluator), _log_of(a, evaluator))
        case App("exp", (a,)):
            return _form(a, evaluator)
        case App("*", args):
            total: Form = {}
            for a in args:
                total = _add(total, _log_of(a, evaluator))
            return total
        case App("/", (a, b)):
            return _add(_log_of(a, evaluator), _scale(_log_of(b, evaluator), Fraction(-1)))
    return _log(_form(e, evaluator))


def _log(form: Form) -> Form:
    """log of a positive single product."""
    if len(form) != 1:
        raise _NoForm
    ((monomial, c),) = form.items()
    if c <= 0:
        raise _NoForm
    out: Form = {}
    for m, sign in ((c.numerator, 1), (c.denominator, -1)):
        for base, count in _factor(m):
            out = _add(out, {((("log", base), Fraction(1)),): Fraction(sign * count)})
    for atom, r in monomial:
        if atom[0] == "p":
            for base, count in _factor(atom[1]):
                out = _add(out, {((("log", base), Fraction(1)),): r * count})
        elif atom[0] == "exp":
            out = _add(out, {atom[1]: r})
        else:  # log(log 2), or the log of a sum
            raise _NoForm
    return out


def _exp(form: Form) -> Form:
    exponents: dict[Atom, Fraction] = {}
    for monomial, c in form.items():
        if len(monomial) == 1 and monomial[0][0][0] == "log" and monomial[0][1] == 1:
            atom: Atom = ("p", monomial[0][0][1])
        else:
            atom = ("exp", monomial)
        exponents[atom] = exponents.get(atom, Fraction(0)) + c
    monomial, coefficient = _monomial(exponents)
    return {monomial: coefficient}


def _power(base: Form, r: Fraction) -> Form:
    if r == 0:
        return _constant(Fraction(1))
    if len(base) == 1:
        ((monomial, c),) = base.items()
        if r.denominator == 1:
            if abs(r) * max(c.numerator.bit_length(), c.denominator.bit_length()) > 100_000:
                raise _NoForm
            left, factor = _monomial({a: x * r for a, x in monomial})
            return {left: c**r.numerator * factor}
        if c < 0:
            raise _NoForm  # the caller never gets here: powers of negative numbers are undefined
        exponents = {a: x * r for a, x in monomial}
        for m, sign in ((c.numerator, 1), (c.denominator, -1)):
            for b, count in _factor(m):
                exponents[("p", b)] = exponents.get(("p", b), Fraction(0)) + sign * count * r
        left, factor = _monomial(exponents)
        return {left: factor}
    if r.denominator == 1 and 0 < r <= 8:
        out = base
        for _ in range(r.numerator - 1):
            out = _multiply(out, base)
        return out
    if not base:
        raise _NoForm
    # sums are made unique up to a rational factor: the leading coefficient is 1
    items = sorted(base.items(), key=repr)
    lead = items[0][1]
    root = exact_power(abs(lead), r)
    if lead < 0 or root is None:
        if r.denominator != 1:
            return {((("sum", tuple(items)), r),): Fraction(1)}
        root = Fraction(lead) ** r.numerator
    return {((("sum", tuple((m, c / lead) for m, c in items)), r),): Fraction(root)}


def _form(e: Expr, evaluator: Evaluator) -> Form:
    match e:
        case Num(q):
            return _constant(q)
        case Var():
            return _constant(Fraction(evaluator.exact(e)))
        case App("+", args):
            total: Form = {}
            for a in args:
                total = _add(total, _form(a, evaluator))
            return total
        case App("*", args):
            total = _constant(Fraction(1))
            for a in args:
                total = _multiply(total, _form(a, evaluator))
            return total
        case App("neg", (a,)):
            return _scale(_form(a, evaluator), Fraction(-1))
        case App("/", (a, b)):
            return _quotient(_form(a, evaluator), _form(b, evaluator))
        case App("sqrt", (a,)):
            return _real_power(a, _form(a, evaluator), _constant(Fraction(1, 2)), evaluator)
        case App("^", (a, b)):
            return _real_power(a, _form(a, evaluator), _form(b, evaluator), evaluator)
        case App("exp", (a,)):
            return _exp(_form(a, evaluator))
        case App("log", (a,)):
            return _log_of(a, evaluator)
        case App("log", (a, b)):
            return _quotient(_log_of(a, evaluator), _log_of(b, evaluator))
        case App("log2", (a,)):
            return _multiply(
                _log_of(a, evaluator), _power({((("log", 2), Fraction(1)),): Fraction(1)}, Fraction(-1))
            )
        case App("floor" | "ceil" | "factorial" | "binomial" | "sum" | "max_geometric"):
            v = evaluator.value(e)
            if not isinstance(v, Enclosure):
                return _constant(Fraction(v))
        case App("min" | "max" as op, args):
            return _extreme(op, args, evaluator)
        case App():
            v = evaluator.value(e)
            if not isinstance(v, Enclosure):
                return _constant(Fraction(v))
    raise _NoForm


def _quotient(a: Form, b: Form) -> Form:
    """a / b; a number where one is a multiple of the other, as in log(100)/log(10)."""
    b = _nonzero(b)
    if a.keys() == b.keys():
        ratios = {a[m] / b[m] for m in a}
        if len(ratios) == 1:
            return _constant(ratios.pop())
    return _multiply(a, _power(b, Fraction(-1)))


def _nonzero(form: Form) -> Form:
    # a form that is not empty may still be 0 (log 3*log 4 - log 9*log 2 is found, others are not); the
    # expression was evaluated before, which checked its domain
    if not form:
        raise _NoForm
    return form


def _extreme(op: str, args: tuple[Expr, ...], evaluator: Evaluator) -> Form:
    values = [evaluator.value(a) for a in args]
    ends = [v if isinstance(v, Enclosure) else Enclosure(Fraction(v), Fraction(v)) for v in values]
    for a, x in zip(args, ends, strict=True):
        if all(x is y or (x.hi <= y.lo if op == "min" else x.lo >= y.hi) for y in ends):
            return _form(a, evaluator)
    raise _NoForm


def _real_power(base_expr: Expr, base: Form, exponent: Form, evaluator: Evaluator) -> Form:
    r = _rational(exponent)
    if r is not None:
        if not base:
            if r > 0:
                return {}
            raise _NoForm
        if r.denominator != 1:
            _check_positive(base_expr, evaluator)
        return _power(base, r)
    _check_positive(base_expr, evaluator)
    return _exp(_multiply(exponent, _log(base)))


def _check_positive(e: Expr, evaluator: Evaluator) -> None:
    v = evaluator.value(e)
    if not (v.lo if isinstance(v, Enclosure) else v) > 0:
        raise _NoForm
