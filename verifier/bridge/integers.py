"""Claims about integers alone, over Z: rational expressions as quotients of integer ones with positive denominators.

An inequality between quotients is stated, and proved, as the inequality between the cross products.  Integer expressions
are built from integers by +, -, *, natural powers, finite sums, max, min, floor and ceil of quotients; whatever is not a
quotient of two such expressions is refused (`NotExported`), and the claim is exported over the reals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd, lcm

from verifier.bridge.proof import Scope
from verifier.bridge.text import NotExported, Printer, flat
from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import Mono, Poly, key_expr, mono_expr, polynomial, to_expr
from verifier.kernel.obligations import SIDES, assumption_constant, base_context
from verifier.kernel.rules import integral
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, free_vars, mul, neg, num, power, sub, substitute
from verifier.lang.show import ascii

ONE = num(1)


# ---------------------------------------------------------------- denominators


@dataclass(frozen=True)
class Den:
    """A positive integer: a number times powers of positive factors (compared by normal form)."""

    number: int = 1
    factors: Mapping[str, tuple[Expr, int]] = field(default_factory=dict)

    def __mul__(self, other: Den) -> Den:
        return self._with(other, lambda a, b: a + b, self.number * other.number)

    def join(self, other: Den) -> Den:
        """The least common multiple."""
        return self._with(other, max, lcm(self.number, other.number))

    def meet(self, other: Den) -> Den:
        """The greatest common divisor, factor by factor."""
        return self._with(other, min, gcd(self.number, other.number))

    def over(self, other: Den) -> Den:
        """The quotient by a divisor."""
        return self._with(other, lambda a, b: a - b, self.number // other.number)

    def _with(self, other: Den, f: object, number: int) -> Den:
        keys = [*self.factors, *(k for k in other.factors if k not in self.factors)]
        out = {}
        for k in keys:
            e = (self.factors.get(k) or other.factors[k])[0]
            n = f(self.factors.get(k, (e, 0))[1], other.factors.get(k, (e, 0))[1])  # type: ignore[operator]
            if n:
                out[k] = (e, n)
        return Den(number, out)

    def expr(self) -> Expr:
        """The integer as an expression."""
        factors = [e if n == 1 else power(e, num(n)) for e, n in self.factors.values()]
        return mul(*([] if self.number == 1 and factors else [num(self.number)]), *factors)

    @property
    def unit(self) -> bool:
        return self.number == 1 and not self.factors


@dataclass(frozen=True)
class Quotient:
    """An integer expression over a positive integer one."""

    top: Expr
    den: Den = Den()


@dataclass(frozen=True)
class Compared:
    """left op right between integers; (right - left)/den is the difference of the two sides it stands for."""

    left: Expr
    op: str
    right: Expr
    den: Den = Den()


def product(*factors: Expr) -> Expr:
    """A product with its numbers in front, and without factors 1."""
    whole = mul(*factors)
    number, rest = Fraction(1), []
    for f in whole.args if isinstance(whole, App) and whole.op == "*" else (whole,):
        if isinstance(f, Num):
            number *= f.value
        else:
            rest.append(f)
    return mul(*([] if number == 1 and rest else [Num(number)]), *rest)


def quotient(e: Expr, scope: IntegerScope) -> Quotient:
    """The expression as a quotient of integer expressions."""
    match e:
        case Num(q):
            return Quotient(num(q.numerator), Den(q.denominator))
        case Var(name):
            if name in scope.inverted:
                return Quotient(ONE, Den(1, {name: (e, 1)}))
            if name not in scope.context.names or not scope.context.names[name].integer:
                raise NotExported(f"{name} is not an integer")
            return Quotient(e)
        case App("+", args):
            parts = [quotient(a, scope) for a in args]
            common = joined(parts)
            return Quotient(add(*(over(common, p) for p in parts)), common)
        case App("neg", (a,)):
            p = quotient(a, scope)
            return Quotient(neg(p.top), p.den)
        case App("*", args):
            return times(*(quotient(a, scope) for a in args))
        case App("/", (a, b)):
            return times(quotient(a, scope), inverse(quotient(b, scope), scope))
        case App("^", (a, Num(q))) if q.denominator == 1 and abs(q) <= 512:
            k = q.numerator
            p = quotient(a, scope)
            if k < 0:
                p, k = inverse(p, scope), -k
            return Quotient(_raise(p.top, num(k)), Den(p.den.number**k, {f: (x, n * k) for f, (x, n) in p.den.factors.items()}) if k else Den())
        case App("^", (a, b)) if free_vars(b):
            return _variable_power(quotient(a, scope), b, scope)
        case App("sum", (term, Var(i), a, b)):
            low, high = quotient(a, scope), quotient(b, scope)
            if not (low.den.unit and high.den.unit):
                raise NotExported("the bounds of a sum are not integers")
            if i in scope.context.names:
                raise NotExported("an index shadows a parameter")
            p = quotient(term, scope.indexed(i, low.top, high.top))
            if any(i in free_vars(x) for x, _ in p.den.factors.values()):
                raise NotExported("a denominator that depends on the index of a sum")
            return Quotient(App("sum", (p.top, Var(i), low.top, high.top)), p.den)
        case App(("max" | "min") as op, args):
            parts = [quotient(a, scope) for a in args]
            common = joined(parts)
            return Quotient(App(op, tuple(over(common, p) for p in parts)), common)
        case App(("floor" | "ceil") as op, (a,)):
            p = quotient(a, scope)
            return Quotient(p.top if p.den.unit else e)
        case App("exp", (a,)):
            return times(*(quotient(x, scope) for x in _exponential_factors(a, scope.context)))
    raise NotExported(f"{ascii(e)[:60]} is not an expression over the integers")


def joined(parts: list[Quotient]) -> Den:
    """The common denominator."""
    out = Den()
    for p in parts:
        out = out.join(p.den)
    return out


def over(common: Den, p: Quotient) -> Expr:
    """The numerator over a common denominator."""
    rest = common.over(p.den)
    return p.top if rest.unit else product(rest.expr(), p.top)


def times(*parts: Quotient) -> Quotient:
    """The product, with common factors cancelled where they are denominators of one and numerators of another."""
    den = Den()
    for p in parts:
        den = den * p.den
    return Quotient(product(*(p.top for p in parts)), den)


def factors(e: Expr, scope: IntegerScope) -> Den:
    """A positive integer expression as a denominator."""
    number, out = 1, Den()
    for f in flat("*", e):
        match f:
            case Num(q) if q.denominator == 1 and q > 0:
                number *= q.numerator
                continue
            case App("^", (x, Num(k))) if k.denominator == 1 and k > 0:
                base, n = x, k.numerator
            case _:
                base, n = f, 1
        if not scope.context.positive(f"({ascii(base)})"):
            if scope.context.positive(f"({ascii(e)})"):
                return Den(1, {_key(e, scope): (e, 1)})
            raise NotExported(f"{ascii(base)[:60]} is not shown positive")
        out = out * Den(1, {_key(base, scope): (base, n)})
    return Den(number, out.factors)


def _key(e: Expr, scope: IntegerScope) -> str:
    return ascii(to_expr(polynomial(e, scope.context)))


def inverse(p: Quotient, scope: IntegerScope) -> Quotient:
    """1/p for a positive quotient."""
    return Quotient(p.den.expr(), factors(p.top, scope))


def _raise(e: Expr, k: Expr) -> Expr:
    if isinstance(e, Num) and isinstance(k, Num):
        return Num(e.value ** int(k.value))
    return e if k == ONE else power(e, k)


def _variable_power(p: Quotient, b: Expr, scope: IntegerScope) -> Quotient:
    """A power with an integer exponent that is not a number; terms of the exponent that may be negative go below."""
    if not integral_terms(b, scope.context):
        raise NotExported(f"the exponent {ascii(b)[:60]} is not an integer")
    if not scope.context.positive(f"({ascii(p.top)})"):
        raise NotExported(f"a power of {ascii(p.top)[:60]}, which may be 0")

    def split(x: Expr) -> tuple[Expr, Expr | None]:
        if scope.context.at_least(x, Fraction(0)):
            return x, None
        low = scope.context.bounds(x).lo
        if low is not None:
            return add(x, num(-low.__floor__())), num(-low.__floor__())
        e = polynomial(x, scope.context)
        up, down = to_expr({m: c for m, c in e.items() if c > 0}), to_expr({m: -c for m, c in e.items() if c < 0})
        if not all(scope.context.at_least(y, Fraction(0)) for y in (up, down)):
            raise NotExported(f"the sign of the exponent {ascii(b)[:60]}")
        return up, down

    up, down = split(b)
    lower = Den() if p.den.unit else factors(power(p.den.expr(), up), scope)
    if down is None:
        return Quotient(power(p.top, up), lower)
    if not p.den.unit:
        raise NotExported("a quotient to a power that may be negative")
    return Quotient(power(p.top, up), lower * factors(_raise(p.top, down), scope))


def _exponential_factors(a: Expr, context: Context) -> list[Expr]:
    """exp(a) as a product of powers b^e, from terms log(b)*e of a."""
    out: list[Expr] = [ONE]
    for m, c in polynomial(a, context).items():
        q = Fraction(c)
        base, e = (key_expr(m[0][0][0][4:-1]), ONE) if m[0] and len(m[0]) == 1 and m[0][0][0].startswith("log(") and m[0][0][1] == 1 and not m[1] else exponential(m)
        out.append(power(base, mul(Num(q), e) if e != ONE else Num(q)))
    return out


def integral_terms(e: Expr, context: Context) -> bool:
    """Whether an exponent is an integer."""
    try:
        return integral(e, context)
    except Rejected:
        return False


# ---------------------------------------------------------------- text


@dataclass(frozen=True)
class IntegerPrinter(Printer):
    """Prints integer expressions as text of type Z, with Z as the open scope."""

    def real(self, e: Expr) -> str:
        return self._integer(e, 0)

    def tight(self, e: Expr) -> str:
        return self._integer(e, 9)

    def _integer_parts(self, e: Expr) -> tuple[str, int]:
        match e:
            case Var(name) if self.renamed and name in self.renamed:
                return self.name(name), 9
            case App(("max" | "min") as op, args):
                out = self.tight(args[-1])
                for a in reversed(args[:-1]):
                    out = f"(Z.{op} {self.tight(a)} {out})"
                return out, 9
            case App(("floor" | "ceil") as op, (a,)):
                p = quotient(a, IntegerScope(self))
                above, below = self._integer(p.top, 3), self.tight(p.den.expr())
                return (f"{above} / {below}", 2) if op == "floor" else (f"- ((- {above}) / {below})", 1)
            case App("sum", (term, Var(i), a, b)):
                index = Interval(self.context.bounds(a).lo, False, self.context.bounds(b).hi, False, True)
                inner = self.with_index(i, self.context.with_name(i, index, (Relation("<=", a, Var(i)), Relation("<=", Var(i), b))))
                return f"sum (fun {self.name(i)} : Z => {inner.real(term)}) {self.tight(a)} {self.tight(b)}", 8
            case App("+", args) if isinstance(args[0], App) and args[0].op == "neg" or isinstance(e.args[0], Num) and e.args[0].value < 0:
                first = next((k for k, a in enumerate(args) if not _negative(a)), None)
                if first:
                    return super()._integer_parts(App("+", (args[first], *args[:first], *args[first + 1 :])))
        return super()._integer_parts(e)


def _negative(e: Expr) -> bool:
    return isinstance(e, App) and e.op == "neg" or isinstance(e, Num) and e.value < 0


# ---------------------------------------------------------------- places


@dataclass(frozen=True)
class IntegerScope(Scope):
    """The place of a proof over Z.  `kernel` is the kernel's context; the printer's context is the same over the integers:
    hypotheses between products, and d >= 1 with c = 1/d for a constant c of an assumption ("inverted")."""

    kernel: Context = field(default_factory=lambda: Context({}))
    inverted: frozenset[str] = frozenset()

    def indexed(self, i: str, a: Expr, b: Expr, kernel: Context | None = None) -> IntegerScope:
        """The scope inside a sum."""
        index = Interval(self.context.bounds(a).lo, False, self.context.bounds(b).hi, False, True)
        inner = self.context.with_name(i, index, (Relation("<=", a, Var(i)), Relation("<=", Var(i), b)))
        return replace(self, printer=self.printer.with_index(i, inner), kernel=kernel or self.kernel)

    def known(self, h: Relation, kernel: Context) -> IntegerScope:
        """The scope with one more hypothesis."""
        c = self.compared(h)
        inner = replace(self.context, hypotheses=(*self.context.hypotheses, Relation(c.op, c.left, c.right)), _signs={})
        return replace(self, printer=self.printer.with_context(inner), kernel=kernel)

    def compared(self, r: Relation) -> Compared:
        """A relation between quotients as one between integers."""
        left, right = quotient(r.left, self), quotient(r.right, self)
        common = left.den.join(right.den)
        return Compared(over(common, left), r.op, over(common, right), common)

    def tight(self, e: Expr) -> str:
        return self.printer.tight(e)

    def shown(self, c: Compared) -> str:
        return f"{self.real(c.left)} {c.op} {self.real(c.right)}"

    def text(self, r: Relation) -> str:
        return self.shown(self.compared(r))


def scope_of(names: Mapping[str, Interval], hypotheses: tuple[Relation, ...], kernel: Context, inverted: frozenset[str]) -> IntegerScope:
    """The scope of a kernel context: one hypothesis after the other, so that later ones may use earlier ones."""
    context = Context(names)
    s = IntegerScope(IntegerPrinter(context, frozenset(names)), kernel=kernel, inverted=inverted)
    for h in hypotheses:
        s = s.known(h, kernel)
    return s


def claim_scope(claim: Claim, context: Context | None = None) -> IntegerScope:
    """The scope of a claim (on a context of one of its obligations).  An unknown constant C of f <= C*g is an integer >= 1, and
    c of c*g <= f is 1/d: enlarging C or d keeps the assumption, so whole numbers lose no generality."""
    kernel = context or base_context(claim)
    unknown = {assumption_constant(k, side): side for k, a in enumerate(claim.assumptions) for side in SIDES.get(a.op, ())}
    names = {}
    for name, i in kernel.names.items():
        if name in unknown:
            i = Interval(Fraction(1), False, None, False, True)
        elif not i.integer:
            raise NotExported(f"{name} is not an integer")
        names[name] = i
    inverted = frozenset(n for n, side in unknown.items() if side == "lower")
    return scope_of(names, kernel.hypotheses, kernel, inverted)


def at_value(
    scope: IntegerScope, value: Mapping[str, Expr], c: Compared, new: Mapping[str, Interval] | None = None
) -> tuple[IntegerScope, Compared, Compared]:
    """The scope with values put in for parameters, and a relation there as it reads after the substitution and as printed."""

    def put(r: Relation) -> Relation:
        return Relation(r.op, substitute(r.left, value), substitute(r.right, value))

    kernel = Context(_without(scope.kernel.names, value, new), tuple(map(put, scope.kernel.hypotheses)), scope.kernel.functions)
    inner = scope_of(_without(scope.context.names, value, new), kernel.hypotheses, kernel, scope.inverted)
    inner = replace(inner, counter=scope.counter)
    old = Compared(substitute(c.left, value), c.op, substitute(c.right, value))
    left, right = quotient(old.left, inner), quotient(old.right, inner)
    if not (left.den.unit and right.den.unit):
        raise NotExported("a value that leaves the integers")
    return inner, old, Compared(left.top, c.op, right.top)


def _without(names: Mapping[str, Interval], value: Mapping[str, Expr], new: Mapping[str, Interval] | None) -> dict[str, Interval]:
    return {**{n: i for n, i in names.items() if n not in value}, **(new or {})}


def turn(old: Compared, now: Compared, scope: IntegerScope) -> list[str]:
    """From a relation to one that is the same up to `ring`."""
    name = scope.fresh("H")
    proof = {
        "=": f"eq_trans _ (eq_trans {name} _)",
        "<": f"Z.le_lt_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.lt_le_trans _ _ _ {name} (Z.eq_le_incl _ _ _))",
        "<=": f"Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ {name} (Z.eq_le_incl _ _ _))",
    }[old.op]
    return [f"cut ({scope.shown(now)}).", "{ " + f"intro {name}. first [exact {name} | refine ({proof}); ring | lia]." + " }"]


# ---------------------------------------------------------------- polynomials with integer exponents


def powers(m: Mono) -> list[tuple[str, Expr, Fraction]]:
    """The factors of a monomial: (key, base, exponent); b^e for exp(log(b)*e)."""
    out = [(k, key_expr(k), Fraction(q)) for k, q in m[0]]
    for n, q in m[1]:
        base, e = exponential(n)
        out.append((f"{ascii(base)}^({ascii(e)})", power(base, e), Fraction(q)))
    return out


def exponential(n: Mono) -> tuple[Expr, Expr]:
    """b, e with exp(n) = b^e for n = log(b)*e."""
    key = next((k for k, q in n[0] if k.startswith("log(") and q == 1), None)
    if key is None or n[1]:
        raise NotExported("an exponential of another base")
    rest = tuple(t for t in n[0] if t[0] != key)
    if not rest or any(q < 0 or Fraction(q).denominator != 1 or k.startswith("log(") for k, q in rest):
        raise NotExported("an exponential with another exponent")
    return key_expr(key[4:-1]), mono_expr((rest, ()))


def whole_poly(p: Poly) -> Expr:
    """The polynomial as an integer expression, powers b^e taken apart."""
    terms = []
    for m, c in p.items():
        q = Fraction(c)
        if q.denominator != 1:
            raise NotExported("a coefficient that is not an integer")
        parts = []
        for _, base, e in powers(m):
            if e.denominator != 1 or e < 0:
                raise NotExported("an exponent that is not a natural number")
            parts.append(base if e == 1 else power(base, num(e)))
        size = product(num(abs(q)), *parts) if parts else num(abs(q))
        terms.append(size if q > 0 else neg(size))
    return add(*terms)


def difference(c: Compared) -> Expr:
    return sub(c.right, c.left)


__all__ = ["Compared", "Den", "IntegerPrinter", "IntegerScope", "Quotient"]
