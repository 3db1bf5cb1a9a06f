"""From a claim to what has to be shown: the meaning of the Landau notation, strengths and refutations.

This module owns the translation.  A certificate supplies constants, a family or an assignment; the inequalities they must
satisfy are derived here from the claim alone, never read from the certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.kernel.claim import Claim, Parameter
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import Mono, key_expr, normal, polynomial
from verifier.kernel.sign import manifestly_nonnegative, nonnegative, nonnegative_mono, sign_of_number, split_number
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, free_vars, mul, num, sub, substitute
from verifier.lang.evaluate import compare
from verifier.lang.parse import parse_expression

SIDES: Mapping[str, tuple[str, ...]] = {
    "O": ("upper",), "Omega": ("lower",), "Theta": ("upper", "lower"), "o": ("upper",), "omega": ("lower",),
    "~": ("upper", "lower"),
}
"""The one-sided bounds that make up a Landau relation."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """`goal` has to be shown on `context`."""

    context: Context
    goal: Relation


def strip_landau(e: Expr, context: Context) -> Expr:
    """Theta(h) inside an expression stands for some function between c1*h and c2*h.  In sums and products of non-negative
    terms, exactly the places where it is accepted, replacing it by h changes the expression by bounded positive
    factors only, so every O, Omega, Theta, o and omega claim keeps its truth.  Rejected elsewhere, and where a term beside it
    is not shown to be >= 0 on the context."""
    if not _has_landau(e):
        if not context.at_least(e, Fraction(0)):
            raise Rejected("a Landau class next to a term that may be negative is not supported")
        return e
    match e:
        case App("Theta", (h,)) if not _has_landau(h):
            return strip_landau(h, context)
        case App(("+" | "*") as op, args):
            return App(op, tuple(strip_landau(a, context) for a in args))
        case App("sum", (term, Var(i), a, b)) if i not in context.names:
            index = Interval(context.bounds(a).lo, False, context.bounds(b).hi, False, True)
            return App("sum", (strip_landau(term, context.with_name(i, index)), Var(i), a, b))
        case App("/", (a, b)):
            return App("/", (strip_landau(a, context), strip_landau(b, context)))
    raise Rejected("a Landau class in this place is not supported")


def _has_landau(e: Expr) -> bool:
    return isinstance(e, App) and (e.op in LANDAU or any(map(_has_landau, e.args)))


def statement(claim: Claim) -> Relation:
    """The statement with `>=` and `>` turned round and Landau classes on the left replaced by their bounds."""
    r = claim.statement
    if _has_landau(r.left) or _has_landau(r.right):
        if r.op not in LANDAU:
            raise Rejected("a Landau class needs a Landau relation")
        context = base_context(claim)
        r = Relation(r.op, strip_landau(r.left, context), strip_landau(r.right, context))
    if r.op in (">=", ">"):
        return Relation(r.op.replace(">", "<"), r.right, r.left)
    return r


def interval(p: Parameter) -> Interval:
    """The domain of a parameter; an open integer end is moved to the next integer.  Rejected if it is empty."""
    d = domain_of(Interval(integer=p.kind == "integer"), p.lower, p.lower_open, p.upper, p.upper_open)
    if d.lo is not None and d.hi is not None and (d.lo > d.hi or d.lo == d.hi and (d.lo_open or d.hi_open)):
        raise Rejected(f"the domain of {p.name} is empty")
    return d


def base_context(claim: Claim, functions: Mapping[str, Interval] | None = None) -> Context:
    """Domains and assumptions.  An asymptotic assumption f = Theta(g) becomes c*g <= f <= C*g with fresh constant
    parameters: some positive constants, unknown but fixed."""
    names = {p.name: interval(p) for p in claim.parameters}
    hypotheses: list[Relation] = []
    for k, a in enumerate(claim.assumptions):
        for name in free_vars(a.left) | free_vars(a.right):
            if name not in names:
                raise Rejected(f"{name} is not declared")
        match a.op:
            case "<=" | "<" | "=":
                hypotheses.append(a)
            case ">=" | ">":
                hypotheses.append(Relation(a.op.replace(">", "<"), a.right, a.left))
            case "O" | "Omega" | "Theta":
                for side in SIDES[a.op]:
                    name = assumption_constant(k, side)
                    if name in names:
                        raise Rejected(f"{name} stands for the constant of an assumption")
                    names[name] = Interval(Fraction(0), True)
                    bound = mul(Var(name), a.right)
                    hypotheses.append(Relation("<=", a.left, bound) if side == "upper"
                                      else Relation("<=", bound, a.left))
            case _:
                raise Rejected(f"an assumption with {a.op} is not supported")
    return Context(_narrowed(names, hypotheses), tuple(hypotheses), functions or {})


def _narrowed(names: dict[str, Interval], hypotheses: Sequence[Relation]) -> dict[str, Interval]:
    """Hypotheses between a parameter and a number, as bounds of the parameter."""
    out = dict(names)
    for h in hypotheses:
        strict = h.op == "<"
        if isinstance(h.left, Num) and isinstance(h.right, Var):
            d = out[h.right.name]
            if d.lo is None or h.left.value > d.lo or strict and h.left.value == d.lo:
                out[h.right.name] = domain_of(d, h.left.value, strict, d.hi, d.hi_open)
        elif isinstance(h.left, Var) and isinstance(h.right, Num):
            d = out[h.left.name]
            if d.hi is None or h.right.value < d.hi or strict and h.right.value == d.hi:
                out[h.left.name] = domain_of(d, d.lo, d.lo_open, h.right.value, strict)
    return out


def domain_of(d: Interval, lo: Fraction | None, lo_open: bool, hi: Fraction | None, hi_open: bool) -> Interval:
    """An interval of d's kind; open integer ends are moved to the next integer."""
    if d.integer:
        if lo is not None:
            lo = Fraction(lo.__floor__() + 1 if lo_open else lo.__ceil__())
        if hi is not None:
            hi = Fraction(hi.__ceil__() - 1 if hi_open else hi.__floor__())
        return Interval(lo, False, hi, False, True)
    return Interval(lo, lo_open, hi, hi_open, False)


def assumption_constant(k: int, side: str) -> str:
    """The name of the constant that assumption number k introduces (a name no user can write)."""
    return f"_{'C' if side == 'upper' else 'c'}{k}"


def constant_names(claim: Claim) -> frozenset[str]:
    """The names that the constants of a bound may depend on."""
    fresh = {assumption_constant(k, s) for k, a in enumerate(claim.assumptions) for s in SIDES.get(a.op, ())}
    return frozenset(p.name for p in claim.parameters if p.role == "constant") | fresh


def growing(claim: Claim) -> tuple[str, ...]:
    """The growing parameters.  One that is bounded above does not grow, whatever its role says: its tail would be empty."""
    return tuple(p.name for p in claim.parameters if p.role == "growing" and p.upper is None)


def contexts(claim: Claim, strength: str, threshold: Fraction, base: Context) -> dict[str, Context]:
    """The tail condition of a strength as contexts, by suffix: one that raises every growing parameter (all-large), or one
    for each growing parameter that may be the large one (any-large)."""
    names = growing(claim)
    if strength == "everywhere":
        return {"": base}
    if strength == "all-large":
        for n in names:
            base = base.raised(n, threshold)
        return {"": base}
    if strength != "any-large":
        raise Rejected("unknown strength")
    return {f"@{n}" if len(names) > 1 else "": base.raised(n, threshold) for n in names}


def obligations(claim: Claim, strength: str, constants: Mapping[str, str]) -> dict[str, Obligation]:
    """What a proof of the claim has to show, by name.

    f = O(g): f <= c*g ("upper").  f = Omega(g): c*g <= f ("lower").  Theta: both.  f = o(g): f*h <= c*g with a rate h
    that tends to infinity under the tail condition and g >= 0, so that f <= (c/h)*g; omega with f and g exchanged; f ~ g:
    (f-g)*h <= c*g and (g-f)*h <= c*g.  The constants c > 0 mention constant parameters only."""
    r = statement(claim)
    base = base_context(claim)
    if r.op not in SIDES:
        if r.op not in ("=", "<=", "<"):
            raise Rejected("unknown relation")
        return {"holds": Obligation(base, r)}
    f, g = r.left, r.right
    threshold = Fraction(constants.get("threshold", "1"))
    if strength != "everywhere" and not growing(claim):
        raise Rejected("no parameter grows")
    out: dict[str, Obligation] = {}
    for suffix, context in contexts(claim, strength, threshold, base).items():
        for side in SIDES[r.op]:
            c = parse_expression(constants[side])
            if not free_vars(c) <= constant_names(claim) or not context.positive(f"({constants[side]})"):
                raise Rejected("a constant has to be positive and may mention constant parameters only")
            match r.op, side:
                case ("O" | "Theta", "upper"):
                    goal = Relation("<=", f, mul(c, g))
                case ("Omega" | "Theta", "lower"):
                    goal = Relation("<=", mul(c, g), f)
                case _:
                    h = parse_expression(constants["rate"])
                    if not tends_to_infinity(h, context, growing(claim), strength):
                        raise Rejected("the rate is not shown to tend to infinity under the tail condition")
                    small, large = {("o", "upper"): (f, g), ("omega", "lower"): (g, f),
                                    ("~", "upper"): (sub(f, g), g), ("~", "lower"): (sub(g, f), g)}[r.op, side]
                    if not shown_nonnegative(g, context):
                        raise Rejected("the bound is not shown to be >= 0")
                    goal = Relation("<=", mul(small, h), mul(c, large))
            out[side + suffix] = Obligation(context, goal)
    return out


def shown_nonnegative(e: Expr, context: Context) -> bool:
    """Whether e >= 0 is manifest."""
    r = normal(e, context)
    return (r.den is None or nonnegative(r.den, context, strict=True)) \
        and nonnegative(r.num, context) or context.at_least(e, Fraction(0))


def shown_positive(e: Expr, context: Context) -> bool:
    """Whether e > 0 is manifest."""
    r = normal(e, context)
    return (r.den is None or nonnegative(r.den, context, strict=True)) \
        and nonnegative(r.num, context, strict=True)


def tends_to_infinity(h: Expr, context: Context, names: tuple[str, ...], strength: str) -> bool:
    """Whether h tends to infinity under the tail condition: h is one positive monomial whose factors are bounded below by
    positive numbers, of which one (all-large) tends to infinity, or whose factors include for every growing
    parameter one that tends to infinity with it (any-large); or the minimum of several such monomials."""
    if isinstance(h, App) and h.op == "min":
        return all(tends_to_infinity(a, context, names, strength) for a in h.args)
    p = polynomial(h, context)
    if len(p) != 1:
        return False
    (m, c), = p.items()
    if c <= 0:
        return False
    unbounded: set[str] = set()
    for key, q in m[0]:
        low = context.interval(key).lo if not key[0].isdigit() else Fraction(1)
        if q < 0 or low is None or low <= 0:
            return False
        name = _grows_with(key)
        if name in names:
            unbounded.add(str(name))
    for n, q in m[1]:
        number, rest = split_number(n)
        if sign_of_number({number: q}) < 0 or not nonnegative_mono(rest, context):
            return False
        unbounded |= {str(_grows_with(k)) for k, e in rest[0]
                      if e > 0 and len(rest[0]) == 1 and not rest[1]} & set(names)
    if strength == "all-large":
        return bool(unbounded)
    for hyp in context.hypotheses:  # x <= y: y is large when x is
        if hyp.op in ("<=", "<") and isinstance(hyp.left, Var) and isinstance(hyp.right, Var) \
                and hyp.right.name in unbounded:
            unbounded.add(hyp.left.name)
    return set(names) <= unbounded


def _grows_with(key: str) -> str | None:
    """x for the keys x, log(x), log(log(x)), ...: they tend to infinity with x."""
    e = key_expr(key) if not key[0].isdigit() else Num(Fraction(1))
    while isinstance(e, App) and e.op == "log" and len(e.args) == 1:
        e = e.args[0]
    return e.name if isinstance(e, Var) else None


# ------------------------------------------------------------------------------------------ refutations

@dataclass(frozen=True, slots=True)
class Family:
    """Sizes x(t) for integers t >= start, one expression for every name of the context."""

    parameter: str
    start: Fraction
    sizes: Mapping[str, Expr]

    @property
    def context(self) -> Context:
        return Context({self.parameter: Interval(self.start, False, None, False, True)})

    def at(self, e: Expr) -> Expr:
        """e along the family."""
        return substitute(e, self.sizes)


def family_obligations(claim: Claim, family: Family, strength: str) -> dict[str, Obligation]:
    """That a family lies in the domain, satisfies the assumptions and leaves every tail: obligations for the
    assumptions (named "assumption", "assumption1", ..); everything else is checked here.

    all-large: every growing parameter tends to infinity with t; any-large: one of them does."""
    base, context = base_context(claim), family.context
    if set(family.sizes) != set(base.names):
        raise Rejected("a family gives a size to every parameter")
    fixed = constant_names(claim)
    for name, domain in base.names.items():
        size = family.sizes[name]
        if not free_vars(size) <= (frozenset() if name in fixed else {family.parameter}):
            raise Rejected(f"the size of {name} depends on what it must not")
        if not inside(size, domain, context):
            raise Rejected(f"the size of {name} is not shown to lie in its domain")
    unbounded = [n for n in growing(claim) if unbounded_in(family.sizes[n], context)]
    if strength == "all-large" and len(unbounded) < len(growing(claim)) or strength == "any-large" and not unbounded:
        raise Rejected("the family does not leave every tail")
    out = {}
    for k, h in enumerate(base.hypotheses):
        out[f"assumption{k or ''}"] = Obligation(context, Relation(h.op, family.at(h.left), family.at(h.right)))
    return out


def inside(size: Expr, domain: Interval, context: Context) -> bool:
    """Whether a size is shown to lie in a domain."""
    found = context.bounds(size)
    if domain.integer and not found.integer:
        return False
    if domain.lo is not None:
        gap = sub(size, num(domain.lo))
        if not (context.positive(f"({_text(gap)})") if domain.lo_open else context.at_least(gap, Fraction(0))):
            return False
    if domain.hi is not None:
        gap = sub(num(domain.hi), size)
        if not (context.positive(f"({_text(gap)})") if domain.hi_open else context.at_least(gap, Fraction(0))):
            return False
    return True


def _text(e: Expr) -> str:
    from verifier.lang.show import ascii
    return ascii(e)


def unbounded_in(size: Expr, context: Context) -> bool:
    """Whether the size tends to infinity with t: a sum of non-negative monomials of which one does."""
    p = polynomial(size, context)
    if not manifestly_nonnegative({m: c for m, c in p.items() if m != ((), ())}, context):
        return False
    return any(m != ((), ()) and c > 0 and mono_unbounded(m, context) for m, c in p.items())


def mono_unbounded(m: Mono, context: Context) -> bool:
    """Whether the monomial tends to infinity with the one parameter of the context."""
    from verifier.kernel.normal import mono_expr
    return tends_to_infinity(mono_expr(m), context, tuple(context.names), "all-large") or \
        any(_grows_with(k) for k, q in m[0] if q > 0) and all(q > 0 and context.interval(k).lo is not None
                                                              and context.nonnegative(k) for k, q in m[0]
                                                              if not k[0].isdigit()) and _late_positive(m, context)


def _late_positive(m: Mono, context: Context) -> bool:
    """Factors such as log(t), 0 at t = 1, are bounded below from t = 3 on."""
    later = context
    for name in context.names:
        later = later.raised(name, Fraction(16))
    from verifier.kernel.normal import mono_expr
    return tends_to_infinity(mono_expr(m), later, tuple(context.names), "all-large")


def refutation_obligations(claim: Claim, family: Family, strength: str, side: str, divergence: Expr,
                           constants: Mapping[str, str]) -> dict[str, Obligation]:
    """What refutes a Landau claim along a family, by name.

    O and Theta/upper:  g*h <= c*f;  Omega and Theta/lower:  f*h <= c*g;  h tends to infinity.  o: g <= c*f.  omega: f <= c*g.
    ~: (1 + d)*g <= f ("upper") or f <= (1 - d)*g ("lower") with a rational 0 < d < 1.  g > 0 throughout."""
    r = statement(claim)
    if r.op not in SIDES or side not in SIDES[r.op]:
        raise Rejected("this relation has no such side")
    if strength == "everywhere" and r.op in ("o", "omega", "~"):
        raise Rejected("a limit is refuted in a tail")
    out = family_obligations(claim, family, strength)
    context = family.context
    f, g = family.at(r.left), family.at(r.right)
    if not shown_positive(g, context):
        raise Rejected("the bound is not shown positive along the family")
    c = Fraction(constants["factor"])
    if c <= 0:
        raise Rejected("a factor must be positive")
    h = divergence
    if r.op in ("O", "Omega", "Theta"):
        if free_vars(h) - {family.parameter} or not unbounded_in(h, context):
            raise Rejected("the divergence is not shown to be unbounded")
    match r.op, side:
        case ("O" | "Theta", "upper"):
            goal = Relation("<=", mul(g, h), mul(num(c), f))
        case ("Omega" | "Theta", "lower"):
            goal = Relation("<=", mul(f, h), mul(num(c), g))
        case ("o", _):
            goal = Relation("<=", g, mul(num(c), f))
        case ("omega", _):
            goal = Relation("<=", f, mul(num(c), g))
        case ("~", "upper"):
            goal = Relation("<=", mul(num(1 + c), g), f)
        case _:
            if c >= 1:
                raise Rejected("the gap must be below 1")
            goal = Relation("<=", f, mul(num(1 - c), g))
    out["diverges"] = Obligation(context, goal)
    return out


def violates(claim: Claim, assignment: Mapping[str, Fraction]) -> None:
    """Check that an assignment lies in the domain, satisfies the (exact) assumptions and makes the explicit
    statement false; Rejected otherwise."""
    check_point(claim, assignment)
    r = statement(claim)
    if r.op not in ("=", "<=", "<"):
        raise Rejected("one assignment refutes no asymptotic claim")
    if holds(r, assignment):
        raise Rejected("the claim holds at the assignment")


def check_point(claim: Claim, assignment: Mapping[str, Fraction]) -> None:
    """Rejected unless the assignment lies in the domain and satisfies the exact assumptions."""
    if set(assignment) != {p.name for p in claim.parameters}:
        raise Rejected("an assignment gives a value to every parameter")
    for p in claim.parameters:
        if not interval(p).contains(assignment[p.name]):
            raise Rejected(f"{p.name} is outside its domain")
    for a in claim.assumptions:
        if a.op in LANDAU:
            if not all(constant_exists(a, side, assignment) for side in SIDES[a.op]):
                raise Rejected("an assumption does not hold at the assignment, whatever its constant")
        elif not holds(a, assignment):
            raise Rejected("an assumption does not hold at the assignment")


def constant_exists(a: Relation, side: str, assignment: Mapping[str, Fraction]) -> bool:
    """Whether f <= C*g (upper) or c*g <= f (lower) holds at numbers for some positive constant."""
    f, g = compare(a.left, num(0), assignment), compare(a.right, num(0), assignment)
    if side == "lower":
        f, g = -f, -g
    return g > 0 or f < 0 or f == g == 0


def holds(r: Relation, assignment: Mapping[str, Fraction]) -> bool:
    """The truth of an exact relation at numbers, by exact evaluation."""
    sign = compare(r.left, r.right, assignment)
    return {"=": sign == 0, "<=": sign <= 0, ">=": sign >= 0, "<": sign < 0, ">": sign > 0}[r.op]

