"""The rule `dominate` over the integers, through the reflective checker of the library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

from verifier.bridge import dominate as dom
from verifier.bridge.integers import (
    ONE,
    Compared,
    Den,
    IntegerScope,
    Quotient,
    at_value,
    difference,
    factors,
    inverse,
    powers,
    product,
    quotient,
    times,
    turn,
)
from verifier.bridge.integers_combine import Part, combine, nonnegative, ring
from verifier.bridge.proof import Lines, Premise, block
from verifier.bridge.text import NotExported
from verifier.kernel.normal import UNIT, to_expr
from verifier.kernel.rules import expr
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, num, power, sub
from verifier.lang.show import ascii

Premises = Sequence[Premise]


def bounds(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    c = scope.compared(goal)
    hypotheses = scope.context.hypotheses
    if any(h.op in (goal.op, "=", "<") and {h.left, h.right} == {c.left, c.right} for h in hypotheses):
        return ["lia."]
    return combine(c, (), scope, Quotient(difference(c), c.den)) if c.op != "=" else ["lia."]


# ---------------------------------------------------------------- domination

Exponents = dict[str, int]


@dataclass
class Atoms:
    """The positive integers whose powers make up the monomials, by key."""

    scope: IntegerScope
    bases: dict[str, Expr]

    def vector(self, m: Any) -> dict[str, Fraction]:
        out: dict[str, Fraction] = {}
        for key, base, q in powers(m):
            self.bases.setdefault(key, base)
            out[key] = out.get(key, Fraction(0)) + (-q if key in self.scope.inverted else q)
        return out

    def text(self, v: Mapping[str, Fraction]) -> str:
        """The exponents in the order of the atoms."""
        out = [v.get(k, Fraction(0)) for k in self.bases]
        if any(q.denominator != 1 or q < 0 for q in out):
            raise NotExported("an exponent that is not a natural number")
        while out and out[-1] == 0:
            out.pop()
        return f"[{'; '.join(str(q.numerator) for q in out)}]"

    def expr(self, v: Mapping[str, Fraction]) -> list[Expr]:
        return [self.bases[k] if q == 1 else power(self.bases[k], num(q)) for k, q in v.items() if q]


@dataclass
class Entry:
    """A monomial fact c*P <= d*Q: its parts, and the tactics that prove it once the atoms are known."""

    small_number: int
    small: Mapping[str, Fraction]
    large_number: int
    large: Mapping[str, Fraction]
    proof: Callable[[], Lines]


Row = tuple[dom.Row, dict[int, Fraction]]
"""A row of the certificate with its multipliers of the entries."""


def dominate(step: Any, goal: Relation, premises: Premises, scope: IntegerScope) -> Lines:
    """Rows of the certificate as steps of the checker; monomials are multiplied by one that leaves no negative exponents."""
    d = dom.analyse(step, goal, [p for _, p in premises], scope.kernel)
    return _dominated(d, scope.compared(goal), premises, scope)


def _dominated(d: dom.Domination, c: Compared, premises: Premises, scope: IntegerScope) -> Lines:
    """A parameter that may be 0 is 0, where every row of a monomial with it says nothing, or at least 1."""
    zero = next((x for x in _plain_names(d) if _may_be_zero(x, scope)), None)
    if zero is not None:
        x, e = scope.printer.name(zero), scope.fresh("H")
        without = {m: q for m, q in d.num.items() if all(k != zero for k, _ in m[0])}
        rows = [r for r in d.rows if r.small in without]
        if d.den is not None or any(t not in without for r in rows for t, _, _ in r.weights):
            raise NotExported(f"{zero} may be 0")
        inner, old, now = at_value(scope, {zero: num(0)}, c)
        if c.op == "<" and not without:
            raise NotExported("a strict domination")
        first = [f"subst {x}.", *turn(old, now, inner), *_dominated(replace(d, num=without, rows=rows), now, premises, inner)]
        raised = scope.context.raised(zero, Fraction(1))
        above = replace(scope, printer=scope.printer.with_context(raised))
        second = [f"assert ({e}p : 1 <= {x}) by lia.", *_dominated(d, c, premises, above)]
        return [f"destruct (Z.eq_dec {x} 0) as [{e}|{e}].", *block(first), *block(second)]
    used = {m for r in d.rows for m in (r.small, *(t for t, _, _ in r.weights))}
    loose = {m: q for m, q in d.num.items() if q > 0 and m not in used and not _all_positive(m, scope)}
    kept = {m: q for m, q in d.num.items() if m not in loose}
    return _checked(replace(d, num=kept), loose, c, premises, scope)


def _plain_names(d: dom.Domination) -> list[str]:
    return list(dict.fromkeys(k for m in d.num for k, _ in m[0] if k.isidentifier()))


def _may_be_zero(x: str, scope: IntegerScope) -> bool:
    i = scope.context.names.get(x)
    return i is not None and i.lo == 0


def _all_positive(m: Any, scope: IntegerScope) -> bool:
    return all(scope.context.positive(k) for k, _ in m[0])


def _checked(d: dom.Domination, loose: Mapping[Any, Any], c: Compared, premises: Premises, scope: IntegerScope) -> Lines:
    """The rows by the checker, `loose` terms beside them, which are >= 0 by their signs."""
    atoms = Atoms(scope, {})
    vectors = {m: atoms.vector(m) for m in d.num}
    entries: list[Entry] = []
    rows = [(r, _facts(r, vectors, entries, premises, atoms, scope)) for r in d.rows if r.amount]
    clear: dict[str, Fraction] = {}
    beside = {m: atoms.vector(m) for m in loose}
    for v in (*vectors.values(), *beside.values()):
        for k, q in v.items():
            clear[k] = max(clear.get(k, Fraction(0)), -q)
    scale = 1
    for q in (*d.num.values(), *loose.values()):
        scale = lcm(scale, Fraction(q).denominator)
    for r, _ in rows:
        scale = lcm(scale, r.amount.denominator)
        for _, w, k in r.weights:
            scale = lcm(scale, (r.amount * r.factor * w * k).denominator)
    # (right - left)/D = num/den: y*(right - left) = x*polynomial
    y = Den(scale, {k: (atoms.bases[k], int(q)) for k, q in clear.items() if q})
    y, x = _denominators(d, y, c, scope)
    shared = y.meet(x)
    y, x = y.over(shared), x.over(shared)
    simple = y.unit and not x.factors
    if simple:
        scale, x = scale * x.number, Den()
    coefficients = {m: int(Fraction(q) * scale) for m, q in d.num.items()}
    rest_ = [(int(Fraction(q) * scale), _plus(beside[m], clear)) for m, q in loose.items()]
    if c.op == "<":
        m, left = _left_over(coefficients, rows, scale)
        coefficients[m] -= left
        rest_.append((left, _plus(vectors[m], clear)))
    terms = [(q, _plus(vectors[m], clear)) for m, q in coefficients.items() if q]
    steps = _steps(rows, atoms, vectors, clear, scale, entries)
    lines: Lines = []
    names, known = [], []
    for e in atoms.bases.values():
        names.append(scope.fresh("P"))
        lines += [f"assert ({names[-1]} : 0 < {scope.real(e)}).", *block(nonnegative(e, scope, strict=True))]
    xs = "[" + "; ".join(scope.real(e) for e in atoms.bases.values()) + "]"
    texts = [f"Fact {f.small_number} {atoms.text(f.small)} {f.large_number} {atoms.text(f.large)}" for f in entries]
    for f, text in zip(entries, texts):
        known.append(scope.fresh("F"))
        lines += [f"assert ({known[-1]} : PosynomialZ.fact_at {xs} ({text})).", *block(f.proof())]
    difference_ = "[" + "; ".join(f"({q}, {atoms.text(v)})" for q, v in terms) + "]"
    apply = [f"apply (PosynomialZ.dominate {xs}\n      [{'; '.join(texts)}]\n      {steps}\n      {difference_})."]
    rest = [
        *block([*(f"apply Forall_cons; [exact {n}|]." for n in names), "apply Forall_nil."]),
        *block([*(f"apply Forall_cons; [exact {n}|]." for n in known), "apply Forall_nil."]),
        *block(["vm_compute; reflexivity."]),
    ]
    if simple and not rest_:
        return [*lines, *apply, *block(["cbn [polynomial monomial].", *ring([c.left, c.right], scope)]), *rest]
    whole = add(*(product(num(q), *atoms.expr(v)) for q, v in terms))
    name = scope.fresh("H")
    lines += [
        f"assert ({name} : 0 <= {scope.real(whole)}).",
        *block([*apply, *block(["cbn [polynomial monomial]. ring."]), *rest]),
    ]
    part = Part(name, Compared(num(0), "<=", whole), Quotient(x.expr(), y))
    slack = Quotient(product(x.expr(), add(*(product(num(q), *atoms.expr(v)) for q, v in rest_))), y) if rest_ else None
    return [*lines, *combine(Compared(c.left, c.op, c.right), [part], scope, slack)]


def _left_over(coefficients: Mapping[Any, int], rows: Sequence[Row], scale: int) -> tuple[Any, int]:
    """A term of the larger side of which the rows leave a part."""
    left = dict(coefficients)
    for r, _ in rows:
        for t, w, k in r.weights:
            left[t] -= int(scale * r.amount * r.factor * w * k)
    found = next(((m, q) for m, q in left.items() if q > 0), None)
    if found is None:
        raise NotExported("a strict domination")
    return found


def _facts(
    r: dom.Row,
    vectors: Mapping[Any, Mapping[str, Fraction]],
    entries: list[Entry],
    premises: Premises,
    atoms: Atoms,
    scope: IntegerScope,
) -> dict[int, Fraction]:
    """The facts of a row with their multipliers: those between monomials that the certificate names, and what is left of

        sum w_t*log(G_t) - log(M) - sum of those

    as facts 1 <= atom, or powers of a parameter against exponentials in it."""
    out: dict[int, Fraction] = {}
    left: dict[str, Fraction] = {}
    for t, w, _ in r.weights:
        left = _plus(left, {k: w * q for k, q in vectors[t].items()})
    left = _plus(left, {k: -q for k, q in vectors[r.small].items()})
    for f, share in r.facts:
        if f.kind != "log" or f.times != {UNIT: 1}:
            continue
        n, small, m, large, k = _monomial_fact(f, atoms)
        left = _plus(left, {a: -share * q / k for a, q in _plus(large, {a: -q for a, q in small.items()}).items()})
        if k != 1:
            raise NotExported("a fact about roots")
        _enter(entries, out, share, Entry(n, small, m, large, _named(f, n, small, m, large, premises, atoms, scope)))
    for small, large, q in _exponentials(left, atoms, scope):
        name, n, m, check = _above(small, large, atoms, scope)
        _enter(entries, out, q, Entry(n, small, m, large, _exponential(name, n, small, m, large, check, atoms, scope)))
        left = _plus(left, {a: -q * e for a, e in _plus(large, {a: -e for a, e in small.items()}).items()})
    for a, q in left.items():
        if q < 0:
            raise NotExported("a fact about logarithms")
        if q > 0:
            large = {a: Fraction(1)}
            _enter(entries, out, q, Entry(1, {}, 1, large, _one_below(a, atoms, scope)))
    return out


def _enter(entries: list[Entry], out: dict[int, Fraction], share: Fraction, entry: Entry) -> None:
    """Add a fact with its multiplier, once."""
    for k, e in enumerate(entries):
        if (e.small_number, e.small, e.large_number, e.large) == (entry.small_number, entry.small, entry.large_number, entry.large):
            out[k] = out.get(k, Fraction(0)) + share
            return
    out[len(entries)] = share
    entries.append(entry)


def _enough(left: Expr, right: Expr, scope: IntegerScope) -> Lines:
    """From a fact of the checker to an inequality between products."""
    return [
        "apply TacticsZ.fact_intro. cbn [monomial repeat app unit].",
        f"cut ({scope.real(left)} <= {scope.real(right)}).",
        *block(
            [
                "rewrite ?Z.pow_0_r, ?Z.pow_1_r, ?Z.mul_1_r, ?Z.mul_1_l. let Q := fresh in intro Q; first [exact Q | "
                "refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ Q (Z.eq_le_incl _ _ _))); ring]."
            ]
        ),
    ]


def _named(
    f: dom.Fact,
    n: int,
    small: Mapping[str, Fraction],
    m: int,
    large: Mapping[str, Fraction],
    premises: Premises,
    atoms: Atoms,
    scope: IntegerScope,
) -> Callable[[], Lines]:
    """A fact from an inequality between monomials."""

    def proof() -> Lines:
        left, right = product(num(n), *atoms.expr(small)), product(num(m), *atoms.expr(large))
        a, b = (expr(t) for t in f.data["log"])
        r = Relation("<=", a, b)
        name = scope.fresh("H")
        shown = [f"assert ({name} : {scope.text(r)}).", *block(_shown(r, f.data, premises, scope))]
        by = times(Quotient(right), inverse(quotient(b, scope), scope))
        want = Compared(left, "<=", right)
        return [*_enough(left, right, scope), *shown, *combine(want, [Part(name, scope.compared(r), by)], scope)]

    return proof


def _one_below(key: str, atoms: Atoms, scope: IntegerScope) -> Callable[[], Lines]:
    """1 <= atom."""
    e = atoms.bases[key]
    if not scope.context.at_least(e, Fraction(1)):
        raise NotExported(f"{ascii(e)[:60]} may be below 1")

    def proof() -> Lines:
        if isinstance(e, App) and e.op == "^":
            return [*_enough(ONE, e, scope), "apply GlueZ.one_le_pow; pos."]
        return [*_enough(ONE, e, scope), *combine(Compared(ONE, "<=", e), (), scope, Quotient(sub(e, ONE)))]

    return proof


# ---------------------------------------------------------------- powers against exponentials

MAX_BASE, MAX_POWER, MAX_START = 10**6, 40, 400


def _exponentials(
    left: Mapping[str, Fraction], atoms: Atoms, scope: IntegerScope
) -> list[tuple[dict[str, Fraction], dict[str, Fraction], Fraction]]:
    """Facts x^p * prod b^x <= K * prod c^x that take the negative exponents away, with multipliers, for each parameter x."""
    groups: dict[str, dict[str, Fraction]] = {}
    for a, q in left.items():
        e = atoms.bases[a]
        if isinstance(e, App) and e.op == "^" and isinstance(e.args[0], Num) and isinstance(e.args[1], Var) and q:
            groups.setdefault(e.args[1].name, {})[a] = q
    out = []
    for x, part in groups.items():
        if left.get(x, Fraction(0)) < 0:
            part[x] = left[x]
        if all(q > 0 for q in part.values()) and all(atoms.bases[a].args[0].value > 1 for a in part) and not _low(x, scope):  # type: ignore[union-attr]
            continue
        k = 1
        for q in part.values():
            k = lcm(k, q.denominator)
        small = {a: -q * k for a, q in part.items() if q < 0}
        large = {a: q * k for a, q in part.items() if q > 0}
        out.append((small, large, Fraction(1, k)))
    return out


def _low(x: str, scope: IntegerScope) -> int:
    i = scope.context.names.get(x)
    if i is None or i.lo is None or i.lo < 0:
        raise NotExported(f"{x} has no lower bound")
    return i.lo.__ceil__()


def _above(
    small: Mapping[str, Fraction], large: Mapping[str, Fraction], atoms: Atoms, scope: IntegerScope
) -> tuple[str, int, int, tuple[int, int, int, int, int]]:
    """x, and d, k with d*x^p*b^x <= k*c^x for all x >= lo: k/d is the greatest value of x^p*b^x/c^x; p, b, c, lo and how many
    values to compare."""
    p, bases = 0, [1, 1]
    x = ""
    for side, v in enumerate((small, large)):
        for a, q in v.items():
            e = atoms.bases[a]
            if isinstance(e, App) and isinstance(e.args[0], Num) and isinstance(e.args[1], Var):
                x = e.args[1].name
                bases[side] *= int(e.args[0].value) ** int(q)
            else:
                p = int(q)
    b, c = bases
    lo = _low(x, scope)
    if max(b, c) > MAX_BASE or p > MAX_POWER or b >= c:
        raise NotExported("an exponential that does not grow beyond a power")
    n = max(lo, 1)
    while (n + 1) ** p * b > n**p * c:
        n += 1
        if n > MAX_START:
            raise NotExported("an exponential that grows too slowly")
    best = max(Fraction(v**p * b**v, c**v) for v in range(lo, n + 1))
    return x, best.denominator, best.numerator, (p, b, c, lo, n - lo)


def _exponential(
    x: str,
    n: int,
    small: Mapping[str, Fraction],
    m: int,
    large: Mapping[str, Fraction],
    check: tuple[int, int, int, int, int],
    atoms: Atoms,
    scope: IntegerScope,
) -> Callable[[], Lines]:
    def proof() -> Lines:
        p, b, c, lo, count = check
        left, right = product(num(n), *atoms.expr(small)), product(num(m), *atoms.expr(large))
        v = scope.real(Var(x))
        name = scope.fresh("H")
        lines = [*_enough(left, right, scope), f"pose proof (GlueZ.exponential {p} {b} {c} {n} {m} {lo} {count} ltac:(vm_compute; reflexivity) {v} ltac:(lia)) as {name}."]
        for value, side in ((b, small), (c, large)):
            parts = [(int(atoms.bases[a].args[0].value), int(q)) for a, q in side.items() if a != x]  # type: ignore[union-attr]
            if parts == [(value, 1)]:
                continue
            powers_ = " * ".join(f"({base} ^ {v}) ^ {q}" for base, q in parts) or "1"
            shape = " * ".join(f"{base} ^ {q}" for base, q in parts) or "1"
            swaps = "".join(f" rewrite ?(GlueZ.pow_swap {base} {q} {v}) by lia;" for base, q in parts)
            equal = scope.fresh("E")
            lines.append(
                f"assert ({equal} : {value} ^ {v} = {powers_}) by (change {value} with ({shape}); rewrite ?Z.pow_mul_l, ?Z.pow_1_l by lia;"
                f"{swaps} reflexivity). rewrite {equal} in {name}. clear {equal}."
            )
        return [*lines, f"refine (Z.le_trans _ _ _ (Z.eq_le_incl _ _ _) (Z.le_trans _ _ _ {name} (Z.eq_le_incl _ _ _))); ring."]

    return proof


# ---------------------------------------------------------------- parts


def _denominators(d: dom.Domination, y: Den, c: Compared, scope: IntegerScope) -> tuple[Den, Den]:
    """y*(right - left) = x*polynomial with the denominators of the kernel's normal form and of the goal."""
    if d.den is None:
        return y, c.den
    e = quotient(to_expr(d.den), scope)
    return y * factors(e.top, scope), c.den * e.den


def _plus(a: Mapping[str, Fraction], b: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {k: a.get(k, Fraction(0)) + b.get(k, Fraction(0)) for k in {**a, **b}}


def _monomial_fact(f: dom.Fact, atoms: Atoms) -> tuple[int, dict[str, Fraction], int, dict[str, Fraction], int]:
    """c*P <= d*Q for 1 <= (number*prod atom^e)^k, with the least k that leaves integers."""
    numbers: dict[int, Fraction] = {}
    vector: dict[str, Fraction] = {}
    for (kind, what), q in f.vector.items():
        if kind == "key" and str(what).isdigit():
            numbers[int(str(what))] = numbers.get(int(str(what)), Fraction(0)) + q
        elif kind == "key":
            for k, e in atoms.vector((((str(what), q),), ())).items():
                vector[k] = vector.get(k, Fraction(0)) + e
        else:
            for k, e in atoms.vector(((), ((what, q),))).items():
                vector[k] = vector.get(k, Fraction(0)) + e
    k = 1
    for q in (*numbers.values(), *vector.values()):
        k = lcm(k, q.denominator)
    number = f.number**k
    for p, q in numbers.items():
        number *= Fraction(p) ** int(q * k)
    small = {a: -q * k for a, q in vector.items() if q < 0}
    large = {a: q * k for a, q in vector.items() if q > 0}
    return number.denominator, small, number.numerator, large, k


def _shown(r: Relation, data: Mapping[str, Any], premises: Premises, scope: IntegerScope) -> Lines:
    if "premise" in data:
        name, p = premises[data["premise"]]
        c = scope.compared(p)
        if p.op == "=" and p.left != r.left:
            name, c = f"(eq_sym {name})", Compared(c.right, "=", c.left, c.den)
        return combine(scope.compared(r), [Part(name, c)], scope)
    return bounds({}, r, (), scope)


def _steps(
    rows: Sequence[Row],
    atoms: Atoms,
    vectors: Mapping[Any, Mapping[str, Fraction]],
    clear: Mapping[str, Fraction],
    scale: int,
    entries: Sequence[Entry],
) -> str:
    """The rows as steps with natural weights and multipliers; refused where the checker's comparison of integers would fail."""
    out = []
    for r, shares in rows:
        total = 1
        for _, w, _ in r.weights:
            total = lcm(total, w.denominator)
        for s in shares.values():
            total = lcm(total, s.denominator)
        multipliers = [int(shares.get(k, Fraction(0)) * total) for k in range(len(entries))]
        if any(x < 0 for x in multipliers):
            raise NotExported("a multiplier is negative")
        targets = [(int(w * total), int(scale * r.amount * r.factor * w * k), t) for t, w, k in r.weights]
        _compare(int(scale * r.amount), total, targets, multipliers, entries)
        while multipliers and multipliers[-1] == 0:
            multipliers.pop()
        text = "; ".join(f"Target {w} {b} {atoms.text(_plus(vectors[t], clear))}" for w, b, t in targets)
        out.append(
            f"Step {int(scale * r.amount)} {atoms.text(_plus(vectors[r.small], clear))} [{text}] "
            f"[{'; '.join(map(str, multipliers))}]%N"
        )
    return "[" + ";\n      ".join(out) + "]"


MAX_WEIGHT = 5000


def _compare(
    amount: int, total: int, targets: Sequence[tuple[int, int, Any]], multipliers: Sequence[int], entries: Sequence[Entry]
) -> None:
    """a^D * prod w^w * prod d^l <= D^D * prod b^w * prod c^l."""
    if total > MAX_WEIGHT:
        raise NotExported("weights too large to compute with")
    small, large = amount**total, total**total
    for w, b, _ in targets:
        small, large = small * w**w, large * b**w
    for n, e in zip(multipliers, entries):
        small, large = small * e.large_number**n, large * e.small_number**n
    if small > large:
        raise NotExported("a constant that only the reals reach")
