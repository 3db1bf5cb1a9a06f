"""Theorems that give the order of growth of a recurrence.

Every function `rule_*` here takes a `System` (the equations, read by `recurrence_system`), decides the hypotheses of its
theorem exactly, and returns `Orders`: T = O(upper) and T = Omega(lower) as n -> oo, either side may be missing.  The
certificate only names the rule and gives what cannot be computed (an exponent, an ansatz); nothing of it is believed.

Common hypotheses.  T is defined on integers, satisfies the equation for n >= start, and the values below are given
or are arbitrary positive constants; an equation without range holds from some n0 on, below which T is positive.
Coefficients are >= 0.  A driving function g counts by its order as n -> oo; finitely many values of g act like base
values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from verifier.kernel import recurrence_order as ro
from verifier.kernel.context import Rejected
from verifier.kernel.recurrence_closed import (
    homogeneous_order,
    leading_order,
    rule_closed_form,
    satisfies_exp_poly,
    satisfies_normal,
)
from verifier.kernel.recurrence_order import Mono, Scope, Series
from verifier.kernel.recurrence_real import ONE as REAL_ONE, ZERO as REAL_ZERO, Real, exp_real, log_real, real, real_of
from verifier.kernel.recurrence_system import (
    Affine,
    Base,
    Branch,
    Call,
    History,
    System,
    affine,
    argument,
    integer_valued,
    merged_histories,
    root_argument,
    shifted_index,
)
from verifier.kernel.recurrence_value import positive_window
from verifier.lang.ast import ONE, ZERO, App, Expr, Num, Var, add, div, free_vars, mul, neg, num, power, sub, substitute
from verifier.lang.show import ascii


@dataclass(frozen=True, slots=True)
class Orders:
    """T = O(upper) and T = Omega(lower), upper and lower > 0; None: not known.  `nonnegative`: T >= 0 everywhere;
    `nonpositive`: T <= 0 for all large n, and no other bound is given."""

    upper: Mono | None
    lower: Mono | None
    nonnegative: bool = False
    nonpositive: bool = False

    @property
    def tight(self) -> bool:
        """Whether both are known and equal: T = Theta(upper)."""
        return self.upper is not None and self.lower is not None and ro.compare(self.upper, self.lower) == 0


Known = Mapping[str, Orders]
"""Orders of the functions treated before."""


@dataclass(frozen=True)
class Driving:
    """The driving functions of the branches as series; a side is None where it is not known (g = O(...) has no lower
    side)."""

    upper: tuple[Series | None, ...]
    lower: tuple[Series | None, ...]
    exact: bool = field(default=True)


# ---------------------------------------------------------------- driving functions

def landau_sides(e: Expr) -> tuple[Expr | None, Expr | None]:
    """An upper and a lower bound of a driving function in which Landau classes occur as summands: O(f) is at most a
    multiple of f and at least 0; Omega(f) has no upper bound."""
    terms = e.args if isinstance(e, App) and e.op == "+" else (e,)
    upper: list[Expr] | None = []
    lower: list[Expr] | None = []
    for t in terms:
        sign_free = t
        if isinstance(sign_free, App) and sign_free.op in ("O", "o"):
            if upper is not None:
                upper.append(App("Theta", sign_free.args))
        elif isinstance(sign_free, App) and sign_free.op in ("Omega", "omega"):
            upper = None
            if lower is not None:
                lower.append(App("Theta", sign_free.args))
        elif _mentions_class(t) and not (isinstance(t, App) and t.op == "Theta"):
            raise Rejected("a Landau class inside a product")
        else:
            if upper is not None:
                upper.append(t)
            if lower is not None:
                lower.append(t)
    return (None if upper is None else add(*upper)), (None if lower is None else add(*lower))


def _mentions_class(e: Expr) -> bool:
    stack = [e]
    while stack:
        x = stack.pop()
        if isinstance(x, App):
            if x.op in ("O", "Omega", "Theta", "o", "omega"):
                return True
            stack.extend(x.args)
    return False


def driving_series(system: System, branch: Branch, known: Known, side: str) -> Series | None:
    """The driving function with the calls of other functions, whose orders are known, on one side."""
    sides = landau_sides(branch.driving)
    e = sides[0] if side == "upper" else sides[1]
    if e is None:
        return None
    n = system.variable
    total = ro.series(e, Scope(n, system.facts))
    if not total.terms and total.err is not None:  # its size is bounded, its sign is not known
        if side == "lower":
            return None
        total = ro.order(total.err)
    for c in branch.calls:
        if c.function == system.name:
            continue
        orders = known.get(c.function)
        if orders is None:
            raise Rejected(f"the order of {c.function} is not known")
        m = orders.upper if side == "upper" else orders.lower
        if m is None:
            return None
        factor = ro.series(c.coefficient, Scope(n, system.facts))
        if not factor.positive():
            raise Rejected("a coefficient that is not positive")
        total = ro.plus(total, ro.times(factor, ro.order(_call_order(m, c.argument, n, system))))
    for h in branch.histories:
        if h.function != system.name:
            raise Rejected("a sum over the values of another function")
    return total


def _call_order(m: Mono, arg: Expr, n: str, system: System) -> Mono:
    """The order of B(r(n)) for B = Theta(m): the same at both ends of the range of r."""
    orders = []
    for e in argument_range(arg, n):
        orders.append(ro.compose_mono(m, ro.series(e, Scope(n, system.facts)) if not isinstance(e, Series) else e).lead[0])
    if any(ro.compare(o, orders[0]) for o in orders):
        raise Rejected("the rounding of an argument changes the order")
    return orders[0]


def argument_range(e: Expr, n: str) -> tuple[Expr, Expr]:
    """Two expressions without rounding between which the integer argument lies."""
    low, high = _ends(e, n)
    if not integer_valued(e, n):
        low, high = sub(low, ONE), add(high, ONE)
    return low, high


def _ends(e: Expr, n: str) -> tuple[Expr, Expr]:
    match e:
        case App("floor" | "ceil" as op, (a,)):
            low, high = _ends(a, n)
            if integer_valued(a, n):
                return low, high
            return (sub(low, ONE), high) if op == "floor" else (low, add(high, ONE))
        case App("+", args):
            pairs = [_ends(a, n) for a in args]
            return add(*(p[0] for p in pairs)), add(*(p[1] for p in pairs))
        case App("neg", (a,)):
            low, high = _ends(a, n)
            return neg(high), neg(low)
        case App("*", args) if sum(n in free_vars(a) for a in args) == 1:
            rest = [a for a in args if n not in free_vars(a)]
            if all(isinstance(a, Num) and a.value > 0 for a in rest):
                low, high = _ends(next(a for a in args if n in free_vars(a)), n)
                return mul(*rest, low), mul(*rest, high)
        case App("/", (a, Num(q))) if q > 0:
            low, high = _ends(a, n)
            return div(low, num(q)), div(high, num(q))
    if any(isinstance(s, App) and s.op in ("floor", "ceil") for s in _walk(e)):
        raise Rejected(f"{ascii(e)}: a rounding inside an argument")
    return e, e


def _walk(e: Expr) -> list[Expr]:
    out, stack = [], [e]
    while stack:
        x = stack.pop()
        out.append(x)
        if isinstance(x, App):
            stack.extend(x.args)
    return out


# ---------------------------------------------------------------- positivity

def eventually_positive(system: System, known: Known) -> bool:
    """Whether T(n) > 0 for all large n is shown, from the equation and the base values.

    Let the coefficients be >= 0.  (a) Base values not given, equation without range: n0 may be taken where g >= 0 begins.
    (b) Base values arbitrary positive or given and > 0, g >= 0 from start on: by induction, if some
    coefficient or g is positive.  (c) Otherwise exact values: T > 0 on a window that contains every argument of every later
    n, and g >= 0 from there on."""
    n = system.variable
    start = system.start
    scope = Scope(n, system.facts)
    for b in system.branches:
        if not b.calls and not b.histories and b.driving == ZERO:
            return False
        for c in b.calls:
            other = known.get(c.function)
            if c.function != system.name and (other is None or other.lower is None or
                                              start is not None and not other.nonnegative):
                return False
    try:
        lowers = [landau_sides(b.driving)[1] for b in system.branches]
        if start is None:
            return all(low is not None and (low == ZERO or ro.series(low, scope).positive())
                       and all(ro.series(c.coefficient, scope).positive() for c in b.calls)
                       and all(ro.series(h.coefficient, scope).positive()
                               and ro.nonnegative_from(h.weight, h.index, Fraction(0)) for h in b.histories)
                       for b, low in zip(system.branches, lowers, strict=True))
    except Rejected:
        return False
    low_end = Fraction(start)

    def nonnegative_after(at: Fraction) -> bool:
        return all(low is not None and (low == ZERO or ro.nonnegative_from(low, n, at))
                   and all(ro.nonnegative_from(c.coefficient, n, at) for c in b.calls)
                   and all(ro.nonnegative_from(h.coefficient, n, at) and ro.nonnegative_from(h.weight, h.index, Fraction(0))
                           for h in b.histories)
                   for b, low in zip(system.branches, lowers, strict=True))

    def strictly(at: Fraction, bases_positive: bool) -> bool:
        return all(low is not None and low != ZERO and ro.positive_from(low, n, at) or
                   bases_positive and any(ro.positive_from(c.coefficient, n, at) for c in b.calls)
                   for b, low in zip(system.branches, lowers, strict=True))

    signs = [_base_sign(b, system) for b in system.bases]
    if nonnegative_everywhere(system, known):
        if strictly(low_end, all(s is not None and s > 0 for s in signs)):
            return True
    return positive_window(system, nonnegative_after)


def nonnegative_everywhere(system: System, known: Known) -> bool:
    """Whether T(n) >= 0 wherever it is defined: base values, coefficients and driving functions are >= 0."""
    n = system.variable
    if system.start is None:
        return False
    at = Fraction(system.start)
    try:
        lowers = [landau_sides(b.driving)[1] for b in system.branches]
    except Rejected:
        return False
    for b, low in zip(system.branches, lowers, strict=True):
        if low is None or not (low == ZERO or ro.nonnegative_from(low, n, at)):
            return False
        for c in b.calls:
            if c.function != system.name and not (c.function in known and known[c.function].nonnegative):
                return False
            if not ro.nonnegative_from(c.coefficient, n, at):
                return False
        for h in b.histories:
            if not (ro.nonnegative_from(h.coefficient, n, at) and ro.nonnegative_from(h.weight, h.index, Fraction(0))):
                return False
    return all((s := _base_sign(b, system)) is not None and s >= 0 for b in system.bases)


def _base_sign(b: Base, system: System) -> int | None:
    """The sign of a base value: constant, or positive by its shape; None if unknown."""
    try:
        return real_of(b.value, system.facts).sign()
    except Rejected:
        if b.low is not None and ro.positive_from(b.value, system.variable, Fraction(b.low)):
            return 1
        if b.low is not None and ro.nonnegative_from(b.value, system.variable, Fraction(b.low)):
            return 0
        return None


# ---------------------------------------------------------------- Akra and Bazzi

@dataclass(frozen=True, slots=True)
class Sized:
    """A branch in its size variable X: sum a_i T(X*s_i) with 0 < s_i < 1, up to bounded perturbations of X."""

    terms: tuple[tuple[Real, Real], ...]  # (a_i, log s_i)

    def at(self, q: Real) -> Real:
        """S(q) = sum a_i s_i^q."""
        total = REAL_ZERO
        for a, log_s in self.terms:
            total = total + a * exp_real(q * log_s)
        return total


LEVELS = {"exp(n)": 0, "n": 1, "log(n)": 2}
"""The size variable and the scale whose coefficient is its exponent: X^d = exp(d * scale)."""


def sized(system: System, level: int) -> tuple[Sized, ...]:
    """The branches in the size variable of the level; Rejected where an argument does not fit."""
    n, out = system.variable, []
    for b in system.branches:
        if b.histories:
            raise Rejected("a sum over all smaller arguments")
        terms = []
        for c in b.calls:
            if c.function != system.name:
                continue
            a = real_of(c.coefficient, system.facts)
            if a.sign() <= 0:
                raise Rejected("a coefficient that is not positive")
            terms.append((a, _log_slope(c.argument, n, system, level)))
        out.append(Sized(tuple(terms)))
    return tuple(out)


def _log_slope(e: Expr, n: str, system: System, level: int) -> Real:
    if level == 2:
        s = root_argument(e, n, system.facts)
    else:
        p: Affine = argument(e, n, system.facts)
        if level == 0:
            if p.shift is None or p.shift < 1:
                raise Rejected(f"{ascii(e)} is not n - j")
            return real(-p.shift)
        s = p.slope
    if s.sign() <= 0 or (s - REAL_ONE).sign() >= 0:
        raise Rejected(f"{ascii(e)} does not shrink by a constant factor")
    return log_real(s)


def _shift(m: Mono, by: int) -> Mono:
    """Rename the scales: the k-fold logarithm becomes the (k+by)-fold one."""
    return tuple((k + by if isinstance(k, int) else _shift(k, by), c) for k, c in m)


def integral_order(m: Mono, level: int) -> Mono | None:
    """The order of the integral of m(X) dX/X, m a function of log X, log log X, ...; None if it converges."""
    found = ro.sum_lead(_shift(m, -level), None)
    return None if found is None else _shift(found[0], level)


def rule_akra_bazzi(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """Discrete Akra-Bazzi theorem with any bounded rounding, in three size variables.

    Let T(n) = sum_i a_i T(r_i(n)) + g(n) with constants a_i > 0, and X(n) = n with abs(r_i(n) - s_i n) <= c, or X(n) = e^n
    with r_i(n) = n - j_i, s_i = e^-j_i (linear recurrences), or X(n) = log n with abs(log r_i(n) - s_i log n) <= c
    (roots), where 0 < s_i < 1.  Put S(q) = sum_i a_i s_i^q, strictly decreasing, S(p) = 1.  Let g be a log-exp function
    up to constant factors, g = X^d L(X) with L between X^-eps and X^eps for every eps (d = +-oo if there is none), or 0.
      S(d) < 1 or d = +oo:   T = Theta(g)                     (root)
      S(d) = 1:              T = Theta(X^d * (1 + integral_1^X L(u) du/u))  (balanced)
      S(d) > 1 or d = -oo:   T = Theta(X^p)                   (leaves)
    d, p, and log powers may be any reals.  The lower bound of the leaves, and the balanced one if the
    integral converges, need T(n) > 0 for all large n; the other lower bounds need T >= 0 there or one branch
    only (T differs from the solution with base 0 by O(X^p)).
    One-sided: S(q) <= 1, q > d: T = O(X^q); S(q) >= 1: T = Omega(X^q) if T > 0.  For a maximum of branches upper bounds
    use max_j S_j, lower bounds any one branch; for a minimum upper bounds use any one branch, and T = Omega(X^q) if
    S_j(q) >= 1 for all j.
    Fails for: a_i not constant, s_i = 1 at level n, unbounded perturbations, g of unknown sign.
    Sources: Akra and Bazzi 1998; Leighton 1996 (perturbations O(n/log^(1+e) n)); CLRS 4th ed., theorem 4.2;
    Kuszmaul and Leiserson 2021 (floors and ceilings).  Rocq: rule_akra_bazzi."""
    level = LEVELS[str(data.get("size", "n"))]
    parts = sized(system, level)
    upper_g = [driving_series(system, b, known, "upper") for b in system.branches]
    lower_g = [driving_series(system, b, known, "lower") for b in system.branches]
    positive = eventually_positive(system, known)
    minimum = system.op == "min"
    exponents = exponents_of(data, system, level)
    upper: Mono | None = None
    lower: Mono | None = None
    c: Mono | None
    if all(g is not None for g in upper_g) and system.relation in ("=", "<="):
        candidates = [_akra_bazzi_upper(group, gs, level, exponents[0]) for group, gs in
                      ([([p], [g]) for p, g in zip(parts, upper_g, strict=True)] if minimum
                       else [(list(parts), upper_g)])]
        found = [c for c in candidates if c is not None]
        for c in found:
            upper = c if upper is None or ro.compare(c, upper) < 0 else upper
    if all(g is not None for g in lower_g) and system.relation in ("=", ">="):
        single = len(parts) == 1
        each = [_akra_bazzi_lower(p, g, level, exponents[1], positive, single)
                for p, g in zip(parts, lower_g, strict=True)]
        if minimum and not single:
            q = exponents[1]
            if q is not None and positive and all((p.at(q) - REAL_ONE).sign() >= 0 for p in parts):
                lower = size_power(level, q)
        else:
            for c in each:
                if c is not None and (lower is None or ro.compare(c, lower) > 0):
                    lower = c
    if upper is None and lower is None:
        raise Rejected("neither bound could be shown")
    return Orders(upper, lower)


def exponents_of(data: Mapping[str, object], system: System, level: int) -> tuple[Real | None, Real | None]:
    """The exponents of the leaves for the upper and the lower bound: `exponent` for both, or `upper_exponent` and
    `lower_exponent`; at level e^n they are given by their bases."""
    from verifier.lang.parse import parse_expression
    out: list[Real | None] = []
    for side in ("upper", "lower"):
        text = data.get("exponent", data.get(side + "_exponent"))
        base = data.get("base", data.get(side + "_base"))
        if base is not None:
            out.append(log_real(real_of(parse_expression(str(base)), system.facts)))
        elif text is not None:
            out.append(real_of(parse_expression(str(text)), system.facts))
        else:
            out.append(None)
    return out[0], out[1]


def growth_index(g: Series | None, level: int) -> tuple[str, Real | None, Mono | None]:
    """How g compares with powers of X: ("zero"), ("power", d, L), ("above", g), ("below")."""
    if g is None or g.zero:
        return "zero", None, None
    m, c = g.lead
    if c is not None and c.sign() < 0:
        return "negative", None, None
    if m and ro.compare_keys(m[0][0], level) > 0:
        return ("above" if m[0][1].sign() > 0 else "zero"), None, None
    d = ro.exponent(m, level)
    rest = ro.product(m, ((level, -d),)) if d.num else m
    return "power", d, rest


def size_power(level: int, q: Real) -> Mono:
    return ((level, q),) if q.num else ()


def _akra_bazzi_upper(parts: list[Sized], gs: list[Series | None], level: int, p: Real | None) -> Mono | None:
    total: Series = Series(())
    for g in gs:
        if g is not None and not g.zero and (g.lead[1] is None or g.positive()):
            total = ro.plus(total, ro.order(g.lead[0]))
    kind, d, rest = growth_index(total, level)
    if kind == "above":
        return total.lead[0]
    if kind == "power" and d is not None and rest is not None:
        signs = [(part.at(d) - REAL_ONE).sign() for part in parts]
        if all(s < 0 for s in signs):
            return total.lead[0]
        if all(s <= 0 for s in signs):
            grown = integral_order(rest, level)
            return size_power(level, d) if grown is None else ro.product(size_power(level, d), grown)
        if p is None or (p - d).sign() <= 0:
            return None
    if p is None:
        return None
    if all((part.at(p) - REAL_ONE).sign() <= 0 for part in parts):
        return size_power(level, p)
    return None


def _akra_bazzi_lower(part: Sized, g: Series | None, level: int, p: Real | None, positive: bool,
                      single: bool) -> Mono | None:
    kind, d, rest = growth_index(g, level)
    if kind == "negative" or g is None:
        return None
    if kind == "above":
        return g.lead[0] if positive or single else None
    if kind == "power" and d is not None and rest is not None:
        s = (part.at(d) - REAL_ONE).sign()
        if s < 0:
            return g.lead[0] if positive or single else None
        if s == 0:
            grown = integral_order(rest, level)
            if grown is None:
                return size_power(level, d) if positive else None
            return ro.product(size_power(level, d), grown) if positive or single else None
    if p is not None and positive and (part.at(p) - REAL_ONE).sign() >= 0:
        return size_power(level, p)
    if kind == "power" and positive and g.terms:
        return g.lead[0]
    return None


# ---------------------------------------------------------------- substitution

def rule_root(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """The driving function dominates.

    Let T(n) = sum_i a_i(n) T(r_i(n)) + c(n) sum_k w(k) T(k) + g(n) with coefficients >= 0, r_i(n) -> oo, and G the log-exp
    function with g = Theta(G).  If  limsup (sum_i a_i(n) G(r_i(n)) + c(n) sum_k w(k) G(k)) / G(n) < 1,  then T = Theta(G):
    K*G is a supersolution for large K, and T >= g.  The lower bound needs T(n) > 0 for large n.
    A log-exp function is eventually monotone, so G(r) is at most the larger of its values at the ends of the range of r.
    Fails for: a limit of 1 or more, sums with unknown leading constant.  Rocq: rule_root."""
    _decreasing(system)
    tops = [driving_series(system, b, known, "upper") for b in system.branches]
    if any(g is None or g.zero or not g.positive() for g in tops):
        raise Rejected("no driving function")
    top = max((g.lead[0] for g in tops if g is not None), key=_Ordered)
    for b in system.branches:
        ratio = _applied(system, b, top, upper=True)
        if ratio is None:
            continue
        m, c = ratio.lead if ratio.terms else (ratio.err or (), None)
        side = ro.compare(m, top)
        if side > 0 or side == 0 and (c is None or (c - REAL_ONE).sign() >= 0):
            raise Rejected("the driving function does not dominate")
    positive = eventually_positive(system, known)
    lower: Mono | None = None
    if positive and system.relation in ("=", ">="):
        lows = [driving_series(system, b, known, "lower") for b in system.branches]
        orders = [g.lead[0] for g in lows if g is not None and not g.zero and g.positive()]
        if orders and (system.op != "min" or len(orders) == len(lows)):
            lower = (min if system.op == "min" else max)(orders, key=_Ordered)
    return Orders(top if system.relation in ("=", "<=") else None, lower)


class _Ordered:
    """Sort key: the growth of a monomial."""

    __slots__ = ("m",)

    def __init__(self, m: Mono) -> None:
        self.m = m

    def __lt__(self, other: _Ordered) -> bool:
        return ro.compare(self.m, other.m) < 0


def _decreasing(system: System) -> None:
    """Rejected unless every recursive argument is < n for all large n."""
    n = system.variable
    scope = Scope(n, system.facts)
    for b in system.branches:
        ends = [argument_range(c.argument, n)[1] for c in b.calls if c.function == system.name]
        ends += [argument_range(shifted_index(h, n, system.facts).upper, n)[1] for h in b.histories]
        exact = [c.argument for c in b.calls] + [shifted_index(h, n, system.facts).upper for h in b.histories]
        for e in ends:
            if not ro.series(sub(Var(n), e), scope).positive():
                raise Rejected("an argument that does not decrease")
        for e in exact:
            if integer_valued(e, n):
                continue
            if not ro.infinite(ro.series(sub(Var(n), e), scope).lead[0]):
                raise Rejected("an argument that may be rounded to n")


def _applied(system: System, b: Branch, m: Mono, *, upper: bool, solution: Series | None = None) -> Series | None:
    """sum_i a_i(n) U(r_i(n)) + histories, for U = solution or the monomial m: an upper or a lower bound of it for the
    rounding; None if there is no call."""
    n, scope = system.variable, Scope(system.variable, system.facts)
    u = solution or ro.of_mono(m)
    parts: list[Series] = []
    for c in b.calls:
        if c.function != system.name:
            continue
        a = ro.series(c.coefficient, scope)
        if not a.positive():
            raise Rejected("a coefficient that is not positive")
        ends = []
        for e in argument_range(c.argument, n):
            x = ro.series(e, scope)
            if not x.positive() or not ro.infinite(x.lead[0]):
                raise Rejected("an argument that does not grow")
            ends.append(ro.compose(u, x))
        parts.append(ro.times(a, _extreme(ends[0], ends[1], upper)))
    for h in merged_histories(b, n, system.facts):
        parts.append(_history_applied(system, h, u))
    return ro.plus(*parts) if parts else None


def _extreme(a: Series, b: Series, upper: bool) -> Series:
    gap = ro.plus(a, ro.minus(b))
    if gap.zero:
        return a
    if not gap.terms:  # they differ by at most the error
        return ro.plus(a, gap)
    c = gap.lead[1]
    if c is None:
        raise Rejected("two ends that are not comparable")
    return a if (c.sign() > 0) == upper else b


def _history_applied(system: System, h: History, u: Series) -> Series:
    """c(n)*sum_{k=alpha n + O(1)}^{beta n + O(1)} w(k) U(k) to its leading term."""
    n, scope = system.variable, Scope(system.variable, system.facts)
    c = ro.series(h.coefficient, scope)
    if not c.positive():
        raise Rejected("a coefficient that is not positive")
    term = ro.times(ro.series(h.weight, Scope(h.index, system.facts)), u)
    m, coefficient = term.lead
    if coefficient is None or coefficient.sign() <= 0:
        raise Rejected("a sum with an unknown leading constant")
    lead = ro.sum_lead(m, coefficient)
    if lead is None or lead[1] is None:
        raise Rejected("a sum that converges")
    total: list[tuple[Mono, Real]] = []
    for end, sign in ((h.upper, 1), (h.lower, -1)):
        if n not in free_vars(end):
            continue
        p = affine(end, n, system.facts)
        if p.slope.sign() <= 0:
            raise Rejected("an end of a sum that does not grow")
        x = ro.series(argument_range(end, n)[0 if sign < 0 else 1], scope)
        at = ro.compose_mono(lead[0], x)
        top, k = at.lead
        if k is None:
            raise Rejected("a sum with an unknown leading constant")
        total.append((top, k * lead[1] * real(sign)))
    # only leading terms are known: the difference has to be visible in them
    if not total or total[0][1].sign() <= 0:
        raise Rejected("a sum whose upper end does not grow")
    m0, k0 = total[0]
    if len(total) == 2:
        side = ro.compare(total[1][0], m0)
        if side > 0:
            raise Rejected("an empty sum")
        if side == 0:
            k0 = k0 + total[1][1]
            if k0.sign() <= 0:
                raise Rejected("a sum over a short range")
    # lead ~ : the true sum is k0*m0*(1 + o(1)); the factor is absorbed by a strict inequality in the rules
    return ro.times(c, Series(((m0, k0),)))


_HARDY = frozenset(("+", "*", "neg", "/", "^", "sqrt", "log", "log2", "exp"))


def rule_substitution(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """Substitution method with an ansatz U (CLRS ch. 4.3).

    Let T(n) = sum_i a_i(n) T(r_i(n)) + g(n), coefficients >= 0, r_i(n) < n, r_i(n) -> oo, U > 0 eventually increasing,
    U -> oo, and D(n) = U(n) - sum_i a_i(n) U(r_i(n)).
      D >= c*g for large n and some c > 0 (and D >= 0):  T = O(U).
      D <= C*g for large n, and T(n) > 0 for large n:     T = Omega(U).
    Both by induction: K*U dominates T on a starting range and then everywhere, k*U is dominated.  Rounding is covered by
    evaluating U at both ends of the range of each argument.  If D = 0 exactly, then g = 0 (or g >= 0 for the lower bound)
    is needed.  Fails for: cancellation beyond the known terms of the series.  Rocq: rule_substitution."""
    from verifier.lang.parse import parse_expression
    n = system.variable
    if any(b.histories for b in system.branches):
        raise Rejected("a sum over all smaller arguments")
    _decreasing(system)
    ansatz = parse_expression(str(data["solution"]))
    if any(isinstance(s, App) and s.op not in _HARDY for s in _walk(ansatz)):
        raise Rejected("the ansatz is not a log-exp function")
    u = ro.series(ansatz, Scope(n, system.facts))
    m, k = u.lead
    if k is None or not u.positive() or not ro.infinite(m):
        raise Rejected("the ansatz does not tend to infinity")
    positive = eventually_positive(system, known)
    upper, lower = system.relation in ("=", "<="), system.relation in ("=", ">=") and positive
    one_lower = False
    for b in system.branches:
        for side in ("upper", "lower"):
            applied = _applied(system, b, m, upper=side == "upper", solution=u)
            d = u if applied is None else ro.plus(u, ro.minus(applied))
            g = driving_series(system, b, known, side)
            if side == "upper":
                upper = upper and g is not None and _at_least(d, g)
            else:
                one_lower = one_lower or g is not None and _at_most(d, g)
    lower = lower and one_lower and system.op != "min"
    if not upper and not lower:
        raise Rejected("the ansatz is neither a supersolution nor a subsolution")
    return Orders(m if upper else None, m if lower else None)


def _at_least(d: Series, g: Series) -> bool:
    """d >= c*g eventually for some c > 0, and d >= 0."""
    if g.zero:
        return d.zero or d.positive()
    if not g.positive() or not d.positive():
        return False
    return ro.compare(d.lead[0], g.lead[0]) >= 0


def _at_most(d: Series, g: Series) -> bool:
    """d <= C*g eventually for some C, g >= 0."""
    if d.zero:
        return g.zero or g.positive()
    if d.terms and not d.positive():
        return g.zero or g.positive()
    if g.zero or not g.positive():
        return False
    size = d.lead[0] if d.terms else d.err
    return size is None or ro.compare(size, g.lead[0]) <= 0


# ---------------------------------------------------------------- first order

def rule_first_order(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """T(n) = alpha(n) T(n-j) + beta(n), alpha > 0 for large n.

    With A(n) = product of alpha over n, n-j, n-2j, ... and S = T/A:  S(n) = S(n-j) + beta(n)/A(n), so
    T = A*(S0 + sum beta/A).  log A = sum log alpha is summed to within O(1) (Euler-Maclaurin), which gives A = Theta(...).
    If sum beta/A diverges, T = Theta(A * sum beta/A) for every base value; if it converges, T = O(A), and T = Omega(A) if
    T(n) > 0 for large n (then S increases).  beta = 0 is the convergent case.
    Fails for: log alpha not known to within a convergent error, beta of unknown sign.
    Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2.2 (summation factors).  Rocq: rule_first_order."""
    b = system.single
    calls = [c for c in b.calls if c.function == system.name]
    if len(calls) != 1 or b.histories:
        raise Rejected("not a recurrence of first order")
    n, scope = system.variable, Scope(system.variable, system.facts)
    p = argument(calls[0].argument, n, system.facts)
    step = p.shift
    if step is None or step < 1:
        raise Rejected("the argument is not n - j")
    alpha = ro.series(calls[0].coefficient, scope)
    upper_g, lower_g = (driving_series(system, b, known, s) for s in ("upper", "lower"))
    positive = eventually_positive(system, known)
    up = None if upper_g is None else first_order(alpha, upper_g, step, True)[0]
    low = None if lower_g is None else first_order(alpha, lower_g, step, positive)[1]
    return Orders(up if system.relation in ("=", "<=") else None, low if system.relation in ("=", ">=") else None)


def first_order(alpha: Series, beta: Series, step: int, positive: bool) -> tuple[Mono | None, Mono | None]:
    """Upper and lower order of T(n) = alpha(n) T(n-step) + beta(n), see `rule_first_order`."""
    product = product_order(alpha, step)
    if beta.zero:
        return product, product if positive else None
    m, c = beta.lead
    if c is not None and c.sign() < 0:
        return product, None
    gamma = ro.product(m, ro.raise_mono(product, real(-1)))
    found = ro.sum_lead(gamma, None)
    if found is None:
        return product, product if positive else None
    total = ro.product(product, found[0])
    return total, total


def product_order(alpha: Series, step: int) -> Mono:
    """The order of prod alpha(n - i*step): exp of the sum of the logarithms, known to within O(1)."""
    if not alpha.positive():
        raise Rejected("a coefficient that is not positive")
    logs = ro.log_series(alpha)
    total = ro.summed_log(logs)
    if step > 1:  # every step-th term: sum f = (F - f/2)/step + f/2 up to O(f'), f' bounded
        top = logs.terms[0][0] if logs.terms else ()
        if ro.compare(top, ro.N) > 0:
            raise Rejected("a coefficient of too fast a growth for a step above 1")
        s = real(step)
        total = ro.plus(ro.times(ro.exact(s.inverse()), total),
                        ro.times(ro.exact(real(Fraction(step - 1, 2 * step))), logs), Series((), ro.UNIT))
    return ro.exp_series(ro.plus(total, Series((), ro.UNIT))).lead[0]


# ---------------------------------------------------------------- full history

def rule_history(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """T(n) = g(n) + c(n) * sum_{k=lo}^{n-1} w(k) T(k), lo constant, by differencing.

    P(n) = sum_{k=lo}^{n-1} w(k) T(k) satisfies P(n+1) = (1 + w(n) c(n)) P(n) + w(n) g(n): a recurrence of first order, and
    T(n) = g(n) + c(n) P(n) with both terms >= 0, so T = Theta(max(g, c*P)).  Several such sums with the same
    range are added first.  P > 0 for large n is needed where the first-order rule needs it; it holds if T > 0 for
    large n and T >= 0 before.  Fails for: other upper ends, direct calls besides the sum.
    Source: Knuth, TAOCP 3, 5.2.2 (quicksort); Concrete Mathematics 2.2.  Rocq: rule_history."""
    b = system.single
    scope = Scope(system.variable, system.facts)
    if not b.histories or any(c.function == system.name for c in b.calls):
        raise Rejected("not a full-history recurrence")
    alpha, weight, coefficient = _history_factor(system, b)
    positive = eventually_positive(system, known)
    w = ro.series(weight, scope)
    c = ro.series(coefficient, scope)
    out: list[Mono | None] = []
    for side in ("upper", "lower"):
        g = driving_series(system, b, known, side)
        if g is None:
            out.append(None)
            continue
        if not g.zero and not g.positive():
            raise Rejected("a driving function that is not positive")
        p = first_order(alpha, ro.times(w, g), 1, positive or side == "upper")[0 if side == "upper" else 1]
        if p is None:
            out.append(g.lead[0] if positive and not g.zero else None)
            continue
        previous = ro.compose_mono(p, ro.plus(ro.of_mono(ro.N), ro.exact(real(-1)))).lead[0]
        value = ro.plus(g if g.zero else ro.order(g.lead[0]), ro.times(c, ro.order(previous)))
        out.append(value.lead[0])
    upper, lower = out
    return Orders(upper if system.relation in ("=", "<=") else None,
                  lower if system.relation in ("=", ">=") and positive else None)


def _history_factor(system: System, b: Branch) -> tuple[Series, Expr, Expr]:
    """(1 + w(n) c(n), w, c) of the history sums together."""
    n = system.variable
    weight: Expr | None = None
    coefficients: list[Expr] = []
    for h in merged_histories(b, n, system.facts):
        if n in free_vars(h.lower):
            p = affine(h.lower, n, system.facts)
            raise Rejected(f"a sum that starts at {ascii(h.lower)}") if p.slope.num else Rejected("a moving start")
        q = affine(h.lower, n, system.facts).lo
        if q.denominator != 1:
            raise Rejected("a sum that starts at a fraction")
        end = affine(h.upper, n, system.facts)
        if end.shift != 1:
            raise Rejected("a sum that does not end at n - 1")
        w = substitute(h.weight, {h.index: Var(n)})
        if weight is not None and w != weight:
            raise Rejected("sums with different weights")
        weight = w
        coefficients.append(h.coefficient)
    if weight is None:
        raise Rejected("no sum")
    c = add(*coefficients)
    alpha = ro.plus(ro.exact(REAL_ONE), ro.times(ro.series(weight, Scope(n, system.facts)),
                                                 ro.series(c, Scope(n, system.facts))))
    return alpha, weight, c


def differenced(system: System) -> System:
    """T(n) - T(n-1) for constant coefficients: T(n) = g + c*sum_{k=lo}^{n-s} T(k) gives
    T(n) = T(n-1) + c*T(n-s) + g(n) - g(n-1), one step later."""
    b = system.single
    n = system.variable
    if any(c.function == system.name for c in b.calls):
        raise Rejected("direct calls besides a sum")
    calls: list[Call] = [Call(ONE, system.name, sub(Var(n), ONE))]
    for h in merged_histories(b, n, system.facts):
        if n in free_vars(h.lower) or n in free_vars(h.coefficient) or h.weight != ONE:
            raise Rejected("a sum whose coefficients are not constant")
        end = affine(h.upper, n, system.facts)
        if end.shift is None or end.shift < 1:
            raise Rejected("a sum that does not end at n - s")
        calls.append(Call(h.coefficient, system.name, sub(Var(n), num(end.shift))))
    before = substitute(b.driving, {n: sub(Var(n), ONE)})
    driving = ZERO if n not in free_vars(b.driving) else sub(b.driving, before)
    calls = _merged(calls)
    return replace(system, branches=(Branch(tuple(calls), (), driving),),
                   start=None if system.start is None else system.start + 1)


def _merged(calls: list[Call]) -> list[Call]:
    out: list[Call] = []
    for c in calls:
        for k, old in enumerate(out):
            if old.argument == c.argument:
                out[k] = replace(old, coefficient=add(old.coefficient, c.coefficient))
                break
        else:
            out.append(c)
    return out


# ---------------------------------------------------------------- changes of the function

def rule_scaling(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """T(n) = n^s * U(n) turns coefficients n^e into constants where the arguments are roots of n.

    Let T(n) = sum_i alpha_i n^{e_i} T(r_i(n)) + g(n) with r_i(n) = n^{beta_i} (1 + O(n^-delta)), 0 < beta_i < 1, and
    e_i = s*(1 - beta_i) for all i.  Then U(n) = sum_i alpha_i (1 + O(n^-delta)) U(r_i(n)) + g(n)/n^s, and the factors
    change U by a constant factor only: along a recursion path the sizes grow doubly exponentially, so that
    prod (1 + O(n_k^-delta)) converges.  `rule_akra_bazzi` for X = log n gives the order of U.
    Fails for: coefficients with logarithms, arguments c*n^beta with c != 1.  Rocq: rule_scaling."""
    from verifier.lang.parse import parse_expression
    n = system.variable
    s = real_of(parse_expression(str(data["power"])), system.facts)
    branches = []
    for b in system.branches:
        calls = []
        if b.histories:
            raise Rejected("a sum over all smaller arguments")
        for c in b.calls:
            if c.function != system.name:
                raise Rejected("a call of another function")
            beta = root_argument(c.argument, n, system.facts)
            lead, k = ro.series(argument_range(c.argument, n)[1], Scope(n, system.facts)).lead
            if k != REAL_ONE or lead != ((1, beta),):
                raise Rejected("an argument that is not n^beta to within a factor 1 + O(n^-delta)")
            a = ro.series(c.coefficient, Scope(n, system.facts))
            m, alpha = a.lead
            gap = ro.plus(a, ro.minus(Series(((m, alpha),))))
            relative = gap.terms[0][0] if gap.terms else gap.err
            if relative is not None:
                rel = ro.product(relative, ro.raise_mono(m, real(-1)))
                if not rel or ro.exponent(rel, 1).sign() >= 0:
                    raise Rejected("a coefficient that is not alpha*n^e to within a factor 1 + O(n^-delta)")
            e = s * (REAL_ONE - beta)
            if alpha is None or m != (((1, e),) if e.num else ()):
                raise Rejected("the scaling does not make the coefficients constant")
            calls.append(replace(c, coefficient=alpha.expr))
        branches.append(replace(b, calls=tuple(calls), driving=div(b.driving, power(Var(n), s.expr))
                                if b.driving != ZERO else ZERO))
    inner = replace(system, branches=tuple(branches), start=None if system.start is None else system.start)
    positive = eventually_positive(system, known)
    orders = rule_akra_bazzi(replace(inner, bases=(), start=None), {**data, "size": "log(n)"}, known)
    factor: Mono = size_power(1, s)
    return Orders(None if orders.upper is None else ro.product(orders.upper, factor),
                  None if orders.lower is None or not positive else ro.product(orders.lower, factor))


def rule_differencing(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """T(n) = g(n) + c*sum_{k=lo}^{n-s} T(k) with constants c > 0, s >= 1: subtracting the equation for n - 1 gives the linear
    recurrence T(n) = T(n-1) + c*T(n-s) + g(n) - g(n-1), to which `rule_akra_bazzi` for X = e^n applies.  Positivity is
    shown for the original recurrence.  Rocq: rule_differencing."""
    positive = eventually_positive(system, known)
    linear = differenced(system)
    orders = rule_akra_bazzi(replace(linear, bases=(), start=None), {**data, "size": "exp(n)"}, known)
    return Orders(orders.upper, orders.lower if positive else None)


def rule_closed_form_order(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """T(n) = F(n) for all n >= n1 by `recurrence_closed.rule_closed_form`, hence T = Theta of F's leading term.
    Rocq: rule_closed_form."""
    from verifier.lang.parse import parse_expression
    f = parse_expression(str(data["solution"]))
    rule_closed_form(system, f)
    m = leading_order(system, f)
    return Orders(None, None, nonpositive=True) if m is None else Orders(m, m)


def rule_multiple(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """A positive solution of the same homogeneous equation.

    T(n) = sum_j a_j(n) T(n-j) with a_j(n) >= 0 for n >= s, U satisfies the same equation for n >= s identically and
    U(n) > 0 for n >= s - J, J the largest j.  Then c*U <= T <= C*U by induction: T = O(U), and
    T = Omega(U) if T(n) > 0 for large n.
    Fails for: a driving function, several branches.  Rocq: rule_multiple."""
    from verifier.lang.parse import parse_expression
    b = system.single
    n = system.variable
    if b.driving != ZERO or b.histories or system.relation != "=":
        raise Rejected("not a homogeneous equation")
    u = parse_expression(str(data["solution"]))
    reach = 0
    for c in b.calls:
        p = argument(c.argument, n, system.facts)
        if p.shift is None or p.shift < 1 or c.function != system.name:
            raise Rejected("an argument that is not n - j")
        reach = max(reach, p.shift)
    s = max(system.start or 0, reach + 2)
    at = Fraction(s)
    if not all(ro.nonnegative_from(c.coefficient, n, at) for c in b.calls):
        raise Rejected("a coefficient that is not >= 0")
    if not ro.positive_from(u, n, at - reach) or not satisfies_normal(system, u, s):
        raise Rejected("not a positive solution")
    m = ro.series(u, Scope(n, system.facts)).lead[0]
    return Orders(m, m if eventually_positive(system, known) else None)


def rule_characteristic(system: System, data: Mapping[str, object], known: Known) -> Orders:
    """Linear recurrence with constant coefficients of any sign, T(n) = sum c_j T(n-j) + g(n), any base values.

    If x^k - sum c_j x^(k-j) = prod (x - r_i)^{m_i} with real r_i, every solution is F + H with a particular solution F and
    H = O(n^(m-1) r^n), r the largest absolute value and m the largest multiplicity there.  Hence T = O(max(F, H)), and
    T = Theta(F) if F is positive for large n and outgrows that bound.  Fails for: complex roots, F not known.
    Source: Rosen, Discrete Mathematics, 8.2.  Rocq: rule_characteristic."""
    from verifier.lang.parse import parse_expression
    raw = data["roots"]
    if not isinstance(raw, list):
        raise Rejected("no roots")
    roots = [(real_of(parse_expression(str(r)), system.facts), int(m)) for r, m in raw]
    h = homogeneous_order(system, roots)
    text = data.get("particular")
    if text is None:
        if system.single.driving != ZERO:
            raise Rejected("no particular solution")
        return Orders(h if system.relation in ("=", "<=") else None, None)
    if system.relation != "=":
        raise Rejected("an inequality")
    f = parse_expression(str(text))
    if not satisfies_exp_poly(system, f):
        raise Rejected("the particular solution does not satisfy the equation")
    m = leading_order(system, f)
    if m is None:
        return Orders(h, None)
    if ro.compare(m, h) > 0:
        return Orders(m, m)
    return Orders(h, None)


RULES = {
    "multiple": rule_multiple, "closed_form": rule_closed_form_order, "characteristic": rule_characteristic,
    "akra_bazzi": rule_akra_bazzi, "root": rule_root, "substitution": rule_substitution,
    "first_order": rule_first_order, "history": rule_history, "scaling": rule_scaling,
    "differencing": rule_differencing,
}
