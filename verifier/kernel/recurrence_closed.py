"""Exact solutions: a closed form substituted back into the equation, and every initial value.

Three domains in which the identity  F(n) = sum a_i(n) F(r_i(n)) + g(n)  is decided: exponential polynomials over exact
reals (constant coefficients, arguments n - j), the ring normal form (any coefficients, arguments n - j), and dyadic forms
(arguments floor(n/2) and ceil(n/2), closed forms in n, L and 2^L with L = ceil(log2(n)) or floor(log2(n)))."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import comb

from verifier.kernel import normal as nf, recurrence_order as ro
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.recurrence_real import ONE, ZERO, Facts, Real, log_real, power_real, real, real_of
from verifier.kernel.recurrence_system import Branch, System, argument, integer_valued, merged_histories
from verifier.kernel.recurrence_value import Values
from verifier.lang.ast import App, Expr, Num, Var, add, free_vars, mul, num, sub, substitute
from verifier.lang.evaluate import compare
from verifier.lang.show import ascii

MAX_DEGREE = 40

# ---------------------------------------------------------------- exponential polynomials

ExpPoly = list[tuple[Real, list[Real]]]
"""sum_i (sum_k c_ik n^k) * b_i^n as pairs (b_i, [c_i0, c_i1, ...]), the b_i nonzero."""


def exp_poly(e: Expr, n: str, facts: Facts) -> ExpPoly:
    """Read an expression as an exponential polynomial in n; Rejected if it is none."""
    if n not in free_vars(e):
        return [(ONE, [real_of(e, facts)])]
    match e:
        case Var(_):
            return [(ONE, [ZERO, ONE])]
        case App("+", args):
            out: ExpPoly = []
            for a in args:
                out = ep_plus(out, exp_poly(a, n, facts))
            return out
        case App("neg", (a,)):
            return ep_scale(exp_poly(a, n, facts), real(-1))
        case App("*", args):
            out = [(ONE, [ONE])]
            for a in args:
                out = ep_times(out, exp_poly(a, n, facts))
            return out
        case App("/", (a, b)) if n not in free_vars(b):
            return ep_scale(exp_poly(a, n, facts), real_of(b, facts).inverse())
        case App("/", (a, App("^", (b, x)))) if n not in free_vars(b):
            return ep_times(exp_poly(a, n, facts), exp_poly(App("^", (b, App("neg", (x,)))), n, facts))
        case App("^", (a, Num(q))) if q.denominator == 1 and 0 <= q <= MAX_DEGREE:
            out = [(ONE, [ONE])]
            base = exp_poly(a, n, facts)
            for _ in range(int(q)):
                out = ep_times(out, base)
            return out
        case App("^", (a, x)) if n not in free_vars(a):
            slope, offset = _linear_exponent(x, n, facts)
            base_real = real_of(a, facts)
            if base_real.sign() == 0:
                raise Rejected("a power of 0")
            return [(power_real(base_real, slope), [power_real(base_real, offset)])]
        case App("exp", (x,)):
            return exp_poly(App("^", (App("exp", (num(1),)), x)), n, facts)
    raise Rejected(f"{ascii(e)} is not an exponential polynomial")


def _linear_exponent(x: Expr, n: str, facts: Facts) -> tuple[Real, Real]:
    p = exp_poly(x, n, facts)
    if len(p) != 1 or p[0][0] != ONE or len(p[0][1]) > 2:
        raise Rejected("an exponent that is not linear")
    c = p[0][1]
    return (c[1] if len(c) > 1 else ZERO), c[0]


def ep_plus(a: ExpPoly, b: ExpPoly) -> ExpPoly:
    """Sum; equal bases are merged."""
    out = [(base, list(c)) for base, c in a]
    for base, c in b:
        for k, (other, d) in enumerate(out):
            if (other - base).sign() == 0:
                size = max(len(c), len(d))
                merged = [(c[i] if i < len(c) else ZERO) + (d[i] if i < len(d) else ZERO) for i in range(size)]
                out[k] = (other, merged)
                break
        else:
            out.append((base, list(c)))
    return out


def ep_scale(a: ExpPoly, q: Real) -> ExpPoly:
    """q * a."""
    return [(b, [x * q for x in c]) for b, c in a]


def ep_times(a: ExpPoly, b: ExpPoly) -> ExpPoly:
    """Product."""
    out: ExpPoly = []
    for x, c in a:
        for y, d in b:
            if len(c) + len(d) > MAX_DEGREE + 2:
                raise Rejected("a polynomial of too high a degree")
            e = [ZERO] * (len(c) + len(d) - 1)
            for i, p in enumerate(c):
                for j, q in enumerate(d):
                    e[i + j] = e[i + j] + p * q
            out = ep_plus(out, [(x * y, e)])
    return out


def ep_shift(a: ExpPoly, j: int) -> ExpPoly:
    """a(n - j)."""
    out: ExpPoly = []
    for base, c in a:
        factor = power_real(base, real(-j))
        shifted = [ZERO] * len(c)
        for k, x in enumerate(c):
            for i in range(k + 1):
                shifted[i] = shifted[i] + x * factor * real(comb(k, i) * Fraction(-j) ** (k - i))
        out.append((base, shifted))
    return out


def ep_zero(a: ExpPoly) -> bool:
    """Whether it vanishes identically: distinct bases, every coefficient 0."""
    return all(x.sign() == 0 for _, c in a for x in c)


# ---------------------------------------------------------------- the identity

def _shifts(b: Branch, system: System) -> list[tuple[Expr, int]]:
    out = []
    for c in b.calls:
        if c.function != system.name:
            raise Rejected("a call of another function")
        p = argument(c.argument, system.variable, system.facts)
        if p.shift is None or p.shift < 1:
            raise Rejected("an argument that is not n - j")
        out.append((c.coefficient, p.shift))
    return out


def satisfies_exp_poly(system: System, f: Expr) -> bool:
    """F(n) - sum c_j F(n-j) - g(n) = 0 as exponential polynomials."""
    b = system.single
    if b.histories:
        raise Rejected("a sum over all smaller arguments")
    n, facts = system.variable, system.facts
    u = exp_poly(f, n, facts)
    gap = ep_plus(u, ep_scale(exp_poly(b.driving, n, facts), real(-1)))
    for coefficient, j in _shifts(b, system):
        gap = ep_plus(gap, ep_scale(ep_times(exp_poly(coefficient, n, facts), ep_shift(u, j)), real(-1)))
    return ep_zero(gap)


def context_of(system: System, start: int) -> Context:
    """n >= start and the positive constant parameters."""
    names = {name: Interval(low, low == 0) for name, low in system.facts.lower}
    return Context({**names, system.variable: Interval(Fraction(start), False, None, False, True)})


def satisfies_normal(system: System, f: Expr, start: int) -> bool:
    """F(n) - sum a_j(n) F(n-j) - g(n) = 0 in the ring normal form, for n >= start; sums up to n - i are reduced to a sum up
    to the least upper end, sum_{k<=m} t = sum_{k<=m-1} t + t(m)."""
    b = system.single
    n = system.variable
    if b.histories:
        return _history_identity(system, b, f, start)
    total = [f, App("neg", (b.driving,))]
    for coefficient, j in _shifts(b, system):
        at = substitute(f, {n: sub(Var(n), num(j))})
        total.append(App("neg", (mul(coefficient, at),)))
    return _vanishes(add(*total), system, start)


def _history_identity(system: System, b: Branch, f: Expr, start: int) -> bool:
    """With P(n) = (F(n) - g(n))/c(n): P(n+1) - P(n) = w(n) F(n) for n >= start, so that P(n) = sum_{k<n} w F + const; the
    initial values give the constant."""
    n = system.variable
    sums = merged_histories(b, n, system.facts)
    if b.calls or len(sums) != 1:
        raise Rejected("several sums")
    (h,) = sums
    end = argument(h.upper, n, system.facts)
    if end.shift != 1 or n in free_vars(h.lower):
        raise Rejected("a sum that does not run from a constant to n - 1")
    p = App("/", (sub(f, b.driving), h.coefficient))
    after = substitute(p, {n: add(Var(n), num(1))})
    gap = sub(sub(after, p), mul(substitute(h.weight, {h.index: Var(n)}), f))
    return _vanishes(gap, system, start)


def _vanishes(e: Expr, system: System, start: int) -> bool:
    n = system.variable
    least: dict[str, int] = {}
    _collect_sums(e, n, system, least)
    e = _reduce_sums(e, n, system, least, start)
    r = nf.normal(e, context_of(system, start))
    return not r.num


def _sum_end(e: Expr, n: str, system: System) -> int | None:
    if not (isinstance(e, App) and e.op == "sum") or n not in free_vars(e.args[3]):
        return None
    p = argument(e.args[3], n, system.facts)
    return None if p.shift is None else p.shift


def _collect_sums(e: Expr, n: str, system: System, least: dict[str, int]) -> None:
    if isinstance(e, App):
        k = _sum_end(e, n, system)
        if k is not None:
            key = ascii(App("sum", (*e.args[:3], num(0))))
            least[key] = max(least.get(key, k), k)
        for a in e.args:
            _collect_sums(a, n, system, least)


def _reduce_sums(e: Expr, n: str, system: System, least: Mapping[str, int], start: int) -> Expr:
    if not isinstance(e, App):
        return e
    k = _sum_end(e, n, system)
    if k is None:
        return App(e.op, tuple(_reduce_sums(a, n, system, least, start) for a in e.args))
    term, index, lower, _ = e.args
    if not isinstance(index, Var) or n in free_vars(term) or n in free_vars(lower) or not isinstance(lower, Num):
        raise Rejected("a sum whose term or start moves")
    last = least[ascii(App("sum", (*e.args[:3], num(0))))]
    if start - last < lower.value - 1:
        raise Rejected("a sum that may be empty")
    parts: list[Expr] = [App("sum", (term, index, lower, sub(Var(n), num(last))))]
    parts += [substitute(term, {index.name: sub(Var(n), num(i))}) for i in range(k, last)]
    return add(*parts)


# ---------------------------------------------------------------- dyadic forms

Dyadic = dict[tuple[int, int, int], Fraction]
"""A polynomial in n, X = 2^L and L, by exponents."""


def dyadic(e: Expr, n: str, op: str) -> Dyadic:
    """Read e as a polynomial in n, 2^L and L, with L = op(log2(n))."""
    level = (App(op, (App("log2", (Var(n),)),)), App(op, (App("log", (Var(n), num(2))),)))
    match e:
        case Num(q):
            return {(0, 0, 0): q} if q else {}
        case Var(name) if name == n:
            return {(1, 0, 0): Fraction(1)}
        case App("+", args):
            out: Dyadic = {}
            for a in args:
                out = _d_plus(out, dyadic(a, n, op))
            return out
        case App("neg", (a,)):
            return {k: -c for k, c in dyadic(a, n, op).items()}
        case App("*", args):
            out = {(0, 0, 0): Fraction(1)}
            for a in args:
                out = _d_times(out, dyadic(a, n, op))
            return out
        case App("/", (a, Num(q))) if q:
            return {k: c / q for k, c in dyadic(a, n, op).items()}
        case App("^", (Num(q), x)) if q == 2:
            p = dyadic(x, n, op)
            slope, offset = p.pop((0, 0, 1), Fraction(0)), p.pop((0, 0, 0), Fraction(0))
            if p or slope.denominator != 1 or offset.denominator != 1 or not 0 <= slope <= 8 or abs(offset) > 64:
                raise Rejected("an exponent that is not a + b*L")
            return {(0, int(slope), 0): Fraction(2) ** int(offset)}
        case App("^", (a, Num(q))) if q.denominator == 1 and 0 <= q <= 8:
            out = {(0, 0, 0): Fraction(1)}
            for _ in range(int(q)):
                out = _d_times(out, dyadic(a, n, op))
            return out
    if e in level:
        return {(0, 0, 1): Fraction(1)}
    raise Rejected(f"{ascii(e)} is not a polynomial in n, L and 2^L")


def _d_plus(a: Dyadic, b: Dyadic, factor: Fraction = Fraction(1)) -> Dyadic:
    out = dict(a)
    for k, c in b.items():
        out[k] = out.get(k, Fraction(0)) + factor * c
    return {k: c for k, c in out.items() if c}


def _d_times(a: Dyadic, b: Dyadic) -> Dyadic:
    if len(a) * len(b) > 4000:
        raise Rejected("a polynomial that is too large")
    out: Dyadic = {}
    for (i, j, k), c in a.items():
        for (p, q, r), d in b.items():
            key = (i + p, j + q, k + r)
            out[key] = out.get(key, Fraction(0)) + c * d
    return {k: c for k, c in out.items() if c}


def _d_at(f: Dyadic, at_n: Dyadic, at_x: Dyadic, at_level: Dyadic) -> Dyadic:
    """f with n, X and L replaced."""
    out: Dyadic = {}
    powers: dict[tuple[int, int], Dyadic] = {}

    def pw(which: int, base: Dyadic, k: int) -> Dyadic:
        found = powers.get((which, k))
        if found is None:
            found = {(0, 0, 0): Fraction(1)} if k == 0 else _d_times(pw(which, base, k - 1), base)
            powers[which, k] = found
        return found

    for (i, j, k), c in f.items():
        term = _d_times(_d_times(pw(0, at_n, i), pw(1, at_x, j)), pw(2, at_level, k))
        out = _d_plus(out, term, c)
    return out


_X: Dyadic = {(0, 1, 0): Fraction(1)}
_HALF_X: Dyadic = {(0, 1, 0): Fraction(1, 2)}
_L: Dyadic = {(0, 0, 1): Fraction(1)}
_M: Dyadic = {(1, 0, 0): Fraction(1)}


def _lower_level(by: int) -> Dyadic:
    return {(0, 0, 1): Fraction(1), (0, 0, 0): Fraction(-by)}


def _halves(system: System, b: Branch) -> tuple[Fraction, Fraction, Fraction]:
    """The total coefficients of T(floor(n/2)), T(ceil(n/2)) and T(n/2) with open rounding; Rejected for other calls."""
    n = system.variable
    if b.histories:
        raise Rejected("a sum over all smaller arguments")
    half = (App("/", (Var(n), num(2))), mul(num(Fraction(1, 2)), Var(n)))
    weights = {"floor": Fraction(0), "ceil": Fraction(0), "open": Fraction(0)}
    for c in b.calls:
        q = real_of(c.coefficient, system.facts).rational
        e = c.argument
        side = "open" if e in half else e.op if isinstance(e, App) and e.op in weights and e.args[0] in half else None
        if q is None or side is None or c.function != system.name:
            raise Rejected("an argument that is not floor(n/2) or ceil(n/2)")
        weights[side] += q
    return weights["floor"], weights["ceil"], weights["open"]


def _dyadic_parts(system: System, b: Branch, f: Expr, down: Fraction, up: Fraction) -> tuple[str, Dyadic, Dyadic, Dyadic]:
    """The level operation, F(n) - sum a F(r(n)) - g(n) for n = 2m and n = 2m + 1 with all arguments at the level L - 1,
    and F at the seam: the value at the level used minus that at the level the argument belongs to."""
    n = system.variable
    text = ascii(add(f, b.driving))
    op = "ceil" if "ceil(log" in text else "floor"
    u, g = dyadic(f, n, op), dyadic(b.driving, n, op)
    even_n: Dyadic = {(1, 0, 0): Fraction(2)}
    odd_n: Dyadic = {(1, 0, 0): Fraction(2), (0, 0, 0): Fraction(1)}
    low = _d_at(u, _M, _HALF_X, _lower_level(1))
    high = _d_at(u, {(1, 0, 0): Fraction(1), (0, 0, 0): Fraction(1)}, _HALF_X, _lower_level(1))
    even = _d_plus(_d_plus(_d_at(u, even_n, _X, _L), _d_at(g, even_n, _X, _L), Fraction(-1)), low, -(down + up))
    odd = _d_plus(_d_at(u, odd_n, _X, _L), _d_at(g, odd_n, _X, _L), Fraction(-1))
    odd = _d_plus(_d_plus(odd, low, -down), high, -up)
    if op == "ceil":
        quarter: Dyadic = {(0, 1, 0): Fraction(1, 4)}
        seam = _d_plus(_d_at(u, quarter, _HALF_X, _lower_level(1)), _d_at(u, quarter, quarter, _lower_level(2)), Fraction(-1))
        needed = down != 0
    else:
        seam = _d_plus(_d_at(u, _X, _HALF_X, _lower_level(1)), _d_at(u, _X, _X, _L), Fraction(-1))
        needed = up != 0
    return op, even, odd, seam if needed else {}


def satisfies_dyadic(system: System, f: Expr, start: int) -> bool:
    """F(n) = sum a_i F(r_i(n)) + g(n) for r_i in {floor(n/2), ceil(n/2)}, constant rational a_i, polynomials F and g in n,
    L, 2^L.

    With L = ceil(log2 n), n = 2m or 2m+1 in (2^(L-1), 2^L] (X = 2^L): m and m+1 belong to level L-1, except m = X/4 for
    n = X/2 + 1, which belongs to level L-2.  The identity is checked as one of polynomials in m, X, L, and the continuity
    F(X/4; L-2) = F(X/4; L-1) covers the exception.  With L = floor(log2 n), n in [2^L, 2^(L+1)): m is at level L-1,
    and m+1 = X
    for n = 2X - 1 is at level L, covered by F(X; L) = F(X; L-1).  Needs n >= 2."""
    if start < 2:
        raise Rejected("dyadic forms need n >= 2")
    down, up, either = _halves(system, system.single)
    if either:
        raise Rejected("an open rounding")
    _, even, odd, seam = _dyadic_parts(system, system.single, f, down, up)
    return not even and not odd and not seam


def dyadic_gaps(system: System, b: Branch, f: Expr) -> list[tuple[Dyadic, str]]:
    """The polynomials that have to be >= 0 for F(n) >= sum a_i F(r_i(n)) + g(n), each with its region: "ceil" or "floor" for
    even n = 2m, with "+1" for odd n, and "seam" for polynomials in X and L alone.  An open rounding counts both ways."""
    down, up, either = _halves(system, b)
    out: list[tuple[Dyadic, str]] = []
    for d, w in {(down + either, up), (down, up + either)}:
        if d < 0 or w < 0:
            raise Rejected("a negative coefficient")
        op, even, odd, seam = _dyadic_parts(system, b, f, d, w)
        out += [(even, op), (odd, op + "+1"), (seam, "seam")]
    return out


def nonnegative_on_block(p: Dyadic, region: str, start: int) -> bool:
    """Whether a polynomial in m, X = 2^L and L is >= 0 for all n = 2m or 2m + 1 >= start in the block of level L.

    Every block is a segment lo <= m <= hi with ends linear in X: m = lo + u, hi = m + v makes X and m linear in u, v
    >= 0, and
    L = L0 + w.  All coefficients >= 0 after the substitution suffice; since u + v is X/4 (or X/2) up to a constant, the
    constants are first carried by X >= 2^L0."""
    if not p:
        return True
    level0 = max(1, (start - 1).bit_length() if region.startswith("ceil") else start.bit_length() - 1)
    if region == "seam":
        level0 = max(1, start.bit_length() - 2)
    # X = X0 + x, x >= 0, and m at both ends: p is checked as a polynomial in (m, X, L) on the segment by its values in
    # Bernstein form: for degree <= 1 in m the two ends suffice
    if max(i for i, _, _ in p) > 1:
        return False
    if region == "seam":
        ends: list[Dyadic] = [{}]
        if any(i for i, _, _ in p):
            return False
    else:
        lo, hi = (Fraction(1, 4), Fraction(1, 2)) if region.startswith("ceil") else (Fraction(1, 2), Fraction(1))
        # even ceil: X/4 < m <= X/2, so m >= X/4 + 1/2; odd: X/4 <= m <= X/2 - 1.  even floor: X/2 <= m <= X - 1, odd the same
        odd = region.endswith("+1")
        shift_lo = Fraction(0) if odd or not region.startswith("ceil") else Fraction(1, 2)
        shift_hi = Fraction(-1) if odd or not region.startswith("ceil") else Fraction(0)
        ends = [{(0, 1, 0): lo, (0, 0, 0): shift_lo}, {(0, 1, 0): hi, (0, 0, 0): shift_hi}]
    x: Dyadic = {(0, 1, 0): Fraction(1), (0, 0, 0): Fraction(1 << level0)}
    w: Dyadic = {(0, 0, 1): Fraction(1), (0, 0, 0): Fraction(level0)}
    return all(all(c >= 0 for c in _d_at(_d_at(p, e, _X, _L), {}, x, w).values()) for e in ends)


def satisfies_power(system: System, f: Expr, start: int) -> bool:
    """T(n) = T(floor(n/b)) + c with F = c*floor(log(n, b)) + d, and T(n) = T(ceil(n/b)) + c with F = c*ceil(log(n, b)) + d,
    b >= 2 an integer: floor(log_b floor(n/b)) = floor(log_b n) - 1 for n >= b, ceil(log_b ceil(n/b)) = ceil(log_b n) - 1 for
    n > 1."""
    b = system.single
    n = system.variable
    if b.histories or len(b.calls) != 1 or real_of(b.calls[0].coefficient, system.facts) != ONE:
        raise Rejected("not of the form T(n/b) + c")
    match b.calls[0].argument:
        case App("floor" | "ceil" as op, (App("/", (Var(v), Num(q))),)) if v == n and q.denominator == 1 and q >= 2:
            pass
        case App("floor" | "ceil" as op, (App("*", (Num(r), Var(v))),)) if v == n and r.numerator == 1 and r < 1:
            q = Fraction(r.denominator)
        case _:
            raise Rejected("an argument that is not floor(n/b) or ceil(n/b)")
    if op == "floor" and start < q or op == "ceil" and start < 2:
        raise Rejected("the range starts below b")
    c = real_of(b.driving, system.facts)
    logs = [App(op, (App("log", (Var(n), Num(q))),))] + ([App(op, (App("log2", (Var(n),)),))] if q == 2 else [])
    for e in logs:
        stepped = substitute_term(f, e, sub(e, num(1)))
        gap = add(f, App("neg", (stepped,)), App("neg", (b.driving,)))
        marked = substitute_term(gap, e, Var("L_"))
        if n not in free_vars(marked):
            ctx = Context({"L_": Interval(Fraction(0), integer=True)})
            if not nf.normal(marked, ctx).num:
                return True
    return c.sign() == 0 and not free_vars(f)


def substitute_term(e: Expr, old: Expr, new: Expr) -> Expr:
    """e with every occurrence of the subterm replaced."""
    if e == old:
        return new
    if isinstance(e, App):
        return App(e.op, tuple(substitute_term(a, old, new) for a in e.args))
    return e


# ---------------------------------------------------------------- the rule

def rule_closed_form(system: System, f: Expr) -> int:
    """T(n) = F(n) for every n >= n1, where n1 is returned.

    F satisfies the equation identically for n >= s (one of the `satisfies_*` domains; s >= start is the first n at which all
    recursive arguments are >= n1), and F(n) = T(n) for n1 <= n < s by exact evaluation: T is defined by the equation from
    these values.  Fails for: base values not given, several branches, inequalities, open roundings.
    Rocq: rule_closed_form."""
    if system.relation != "=" or system.start is None or not system.bases:
        raise Rejected("a closed form needs given base values")
    n1 = min(b.high if b.low is None else b.low for b in system.bases)
    last = system.start
    reach, factor = _reach(system, f == num(0))
    problems: list[str] = []
    for first in range(n1, min(n1 + 4, last + 3)):
        begin = max(last, first + reach, factor * first, 2)
        try:
            if not _identity(system, f, begin):
                raise Rejected("the equation is not satisfied")
            _initial_values(system, f, first, begin + (1 if system.single.histories else 0))
        except Rejected as error:
            problems.append(str(error))
            continue
        return first
    raise Rejected(problems[0])


def _reach(system: System, allow_open: bool) -> tuple[int, int]:
    """j and B such that every argument is at least first for n >= max(first + j, B*first)."""
    j, factor = 0, 1
    for c in system.single.calls:
        p = argument(c.argument, system.variable, system.facts)
        q = p.slope.rational
        if p.shift is not None:
            j = max(j, p.shift)
            continue
        # floor(x) >= first as soon as x >= first; an open rounding gives at least the floor
        if q is None or q <= 0 or p.lo < -1 or not (integer_valued(c.argument, system.variable) or allow_open):
            raise Rejected("an argument without a given rounding")
        factor = max(factor, -(-q.denominator // q.numerator))
    return j, factor


def _identity(system: System, f: Expr, begin: int) -> bool:
    if f == num(0) and system.single.driving == num(0):
        return True
    reasons: list[str] = []
    domains: tuple[Callable[[], bool], ...] = (
        lambda: satisfies_exp_poly(system, f), lambda: satisfies_normal(system, f, begin),
        lambda: satisfies_dyadic(system, f, begin), lambda: satisfies_power(system, f, begin))
    for holds in domains:
        try:
            if holds():
                return True
            reasons.append("the equation is not satisfied")
        except Rejected as error:
            reasons.append(str(error))
    raise Rejected(next((r for r in reasons if r == "the equation is not satisfied"), reasons[0]))


def _initial_values(system: System, f: Expr, first: int, begin: int) -> None:
    values = Values({system.name: system})
    for n in range(first, begin):
        v = values(system.name, n)
        table = {system.name: lambda x, v=v: v}
        if compare(App(system.name, (num(n),)), f, {system.variable: n}, functions=table) != 0:
            raise Rejected(f"{system.name}({n}) is not the value of the closed form")


def leading_order(system: System, f: Expr) -> ro.Mono | None:
    """The order of a closed form that is positive for large n, None if it is <= 0 for all large n.

    For exponential polynomials: the term of the largest base, and of the largest degree there; its base has to be
    positive and no other base may have the same absolute value and degree."""
    try:
        p = exp_poly(f, system.variable, system.facts)
    except Rejected:
        s = ro.series(f, ro.Scope(system.variable, system.facts))
        if s.zero or s.lead[1] is not None and s.lead[1].sign() < 0:
            return None
        return s.lead[0]
    best: tuple[Real, int, Real, Real] | None = None  # |base|, degree, coefficient, base
    tie = False
    for base, c in p:
        degree = max((k for k, x in enumerate(c) if x.sign() != 0), default=-1)
        if degree < 0:
            continue
        size = base if base.sign() > 0 else -base
        if best is not None:
            side = (size - best[0]).sign()
            if side < 0 or side == 0 and degree < best[1]:
                continue
            tie = side == 0 and degree == best[1]
        best = (size, degree, c[degree], base)
    if best is None:
        return None
    if tie or best[3].sign() <= 0:
        raise Rejected("a closed form that oscillates")
    if best[2].sign() < 0:
        return None
    return ro.product(ro.size_mono(0, log_real(best[0])), ro.size_mono(1, real(best[1])))


# ---------------------------------------------------------------- characteristic roots

def homogeneous_order(system: System, roots: list[tuple[Real, int]]) -> ro.Mono:
    """The order O(n^(m-1) r^n) of every solution of the homogeneous equation, from its characteristic roots.

    x^k - sum c_j x^(k-j) = prod (x - r_i)^{m_i} over nonzero reals is checked coefficient by coefficient."""
    facts = system.facts
    shifts = [(real_of(c, facts), j) for c, j in _shifts(system.single, system)]
    k = max(j for _, j in shifts)
    wanted = [ZERO] * k + [ONE]
    for c, j in shifts:
        wanted[k - j] = wanted[k - j] - c
    found = [ONE]
    for r, m in roots:
        if r.sign() == 0 or not 1 <= m <= 16:
            raise Rejected("a root 0")
        for _ in range(m):
            found = [(found[i - 1] if i else ZERO) - (r * found[i] if i < len(found) else ZERO)
                     for i in range(len(found) + 1)]
    if len(found) != len(wanted) or any((a - b).sign() for a, b in zip(found, wanted, strict=True)):
        raise Rejected("these are not the characteristic roots")
    best: ro.Mono | None = None
    for r, m in roots:
        size = r if r.sign() > 0 else -r
        order = ro.product(ro.size_mono(0, log_real(size)), ro.size_mono(1, real(m - 1)))
        best = order if best is None or ro.compare(order, best) > 0 else best
    if best is None:
        raise Rejected("no roots")
    return best
