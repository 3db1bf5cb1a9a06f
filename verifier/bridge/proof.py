"""Rocq proofs of certificate steps over the reals: one small function for each rule of the kernel.

A function gets a step and returns tactics that prove its conclusion from its premises (hypotheses of the goal).  It
searches for nothing: what the certificate does not say is found by kernel functions, written into the file, and
checked by coqc."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from verifier.bridge import dominate as dom
from verifier.bridge.normalise import Atom, Atoms, Normaliser
from verifier.bridge.text import NotExported, Printer, ratio_text
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Poly,
    atom,
    constant,
    key_expr,
    mono_expr,
    normal,
    numeric,
    plus,
    polynomial,
    ratio,
    to_expr,
)
from verifier.kernel.rules import _sum_parts, expr
from verifier.kernel.sign import (
    _movable,
    _plain,
    manifestly_nonnegative,
    mono_positive,
    sign_of_number,
    split_number,
    substitute_poly,
)
from verifier.lang.ast import App, Expr, Num, Relation, Var, add, div, free_vars, mul, neg, num, sub, substitute, subterms
from verifier.lang.parse import parse_relation
from verifier.lang.show import ascii

Lines = list[str]
DIGITS = (6, 12, 24, 48)
"""Decimal digits of enclosures, tried in turn."""
Premise = tuple[str, Relation]


@dataclass(frozen=True)
class Scope:
    """The place of a proof: the kernel's context, the printer, names given so far."""

    printer: Printer
    counter: list[int] = field(default_factory=lambda: [0])
    hypotheses: tuple[str, ...] = ()

    @property
    def context(self) -> Context:
        return self.printer.context

    def real(self, e: Expr) -> str:
        return self.printer.real(e)

    def fresh(self, letter: str) -> str:
        self.counter[0] += 1
        return f"{letter}{self.counter[0]}"

    def normaliser(self, polys: Sequence[Poly]) -> Normaliser:
        return Normaliser(self.printer, Atoms(self.printer).add(polys), self.counter)

    def text(self, r: Relation) -> str:
        return f"{self.real(r.left)} {r.op} {self.real(r.right)}"


def block(lines: Lines) -> Lines:
    return ["{ " + "\n  ".join(lines) + " }"]


# ---------------------------------------------------------------- equations


def same(a: Expr, b: Expr, scope: Scope) -> Lines:
    """Tactics for the goal a = b of two expressions with one normal form."""
    if a == b:
        return ["reflexivity."]
    r = normal(sub(renamed(a), renamed(b)), scope.context)
    polys = [x for e in (a, b) for x in _polys(e, scope)]
    if r.num:
        raise NotExported("two sides differ in normal form")
    return scope.normaliser(polys).same([a, b])


def renamed(e: Expr) -> Expr:
    """The same expression with other indices of sums than the ones that the kernel chooses, so that a sum that was read off a
    normal form has the normal form it came from."""
    if not isinstance(e, App):
        return e
    if e.op == "sum" and isinstance(e.args[1], Var) and e.args[1].name.startswith("i_"):
        term, i, a, b = e.args
        index = Var(f"bound{i.name}" if isinstance(i, Var) else "bound")
        return App("sum", (renamed(substitute(term, {e.args[1].name: index})), index, renamed(a), renamed(b)))
    return App(e.op, tuple(map(renamed, e.args)))


def _polys(e: Expr, scope: Scope) -> list[Poly]:
    from verifier.bridge.normalise import nodes

    out = []
    for n in [e, *nodes(e)]:
        r = normal(n, scope.context)
        out += [r.num] if r.den is None else [r.num, r.den]
    return out


def glue(goal: Relation, fact: Relation, proof: Lines, scope: Scope) -> Lines:
    """`goal` from `fact` (same relation) whose sides have the same normal forms."""
    if goal == fact:
        return proof
    lemma = {"<=": "le_eq", "<": "lt_eq", "=": "eq_eq"}[goal.op]
    return [
        f"apply ({lemma} _ ({scope.real(fact.left)}) ({scope.real(fact.right)}) _).",
        *block(same(goal.left, fact.left, scope)),
        *block(proof),
        *block(same(fact.right, goal.right, scope)),
    ]


def weaken(name: str, r: Relation, want: str) -> str:
    """A term that proves `left want right` from the hypothesis `name : left op right`."""
    if r.op == want:
        return name
    return {"<": f"(Rlt_le _ _ {name})", "=": f"(Req_le _ _ {name})"}[r.op]


# ---------------------------------------------------------------- signs


def nonnegative(e: Expr, scope: Scope, *, strict: bool = False) -> Lines:
    """Tactics for 0 <= e (0 < e), by manifest signs, shift positivity, or interval arithmetic."""
    from verifier.bridge.enclose import lower

    try:
        r = normal(e, scope.context)
    except Rejected:
        return lower(e, scope, strict=strict) or ["bound."]
    if r.den is None and not (len(r.num) > 1 and all(map(numeric, r.num))):
        found = shifted_signs(e, r.num, scope, strict=strict)
        if found is not None:
            return found
    found = lower(e, scope, strict=strict)
    if found is None and r.den is not None:
        top, bottom = to_expr(r.num), to_expr(r.den)
        return [
            f"apply (by_difference{'_lt' if strict else ''} 0 _ (({scope.real(top)}) / ({scope.real(bottom)}))).",
            *block(_difference(e, div(top, bottom), scope)),
            f"apply {'div_pos' if strict else 'div_nonneg'}.",
            *block(nonnegative(top, scope, strict=strict)),
            *block(nonnegative(bottom, scope, strict=True)),
        ]
    return found or ["bound."]


def _difference(e: Expr, shifted: Expr, scope: Scope) -> Lines:
    return ["rewrite ?Rminus_0_r.", *same(e, shifted, scope)]


def shifted_signs(e: Expr, p: Poly, scope: Scope, *, strict: bool) -> Lines | None:
    """Tactics for 0 <= e (0 < e) for a polynomial all of whose coefficients are >= 0 after a shift of parameters to their lower
    bounds; None if that does not show it."""
    found = shifted(p, scope.context, strict=strict)
    if found is None:
        return None
    p, inner, values = found
    texts = {x: f"({scope.real(v)})" for x, v in values.items()}
    shown = replace(scope, printer=replace(scope.printer, renamed={**(scope.printer.renamed or {}), **texts}).with_context(inner))
    signs, total = _terms(p, shown, values, scope, strict)
    kind = "lt" if strict else "le"
    return [
        *signs,
        f"apply (by_difference{'_lt' if strict else ''} 0 _ ({shown.real(total)})).",
        *block(_difference(e, substitute(total, values), scope)),
        *block([f"positive_{kind}."]),
    ]


def _terms(p: Poly, shown: Scope, values: Mapping[str, Expr], scope: Scope, strict: bool) -> tuple[Lines, Expr]:
    """A polynomial as a sum of numbers >= 0 times monomials, with the signs of its factors as hypotheses."""
    from verifier.bridge.enclose import Encloser

    groups: dict[Mono, Poly] = {}
    for m, c in p.items():
        number, rest = split_number(m)
        groups.setdefault(rest, {})[number] = c
    found = Encloser(scope)
    parts: list[tuple[bool, Expr]] = []
    done: set[str] = set()
    for rest, coefficient in groups.items():
        for key, _ in rest[0]:
            if key in values or key in done or isinstance(key_expr(key), Var):
                continue
            done.add(key)
            end = found.low(key_expr(key))
            if end is not None and end.value > 0:
                found.positive(key_expr(key))
        number = to_expr(coefficient)
        positive = sign_of_number(coefficient) > 0
        if list(coefficient) != [UNIT] and positive:
            for digits in DIGITS:
                found.digits = digits
                if found.positive(number) is not None:
                    break
                found.known.pop(("low", scope.real(number)), None)
            found.digits = 6
        if positive:
            first = mono_positive(rest, shown.context)
            if rest == UNIT:
                parts.append((first, number))
            elif list(coefficient) == [UNIT]:
                parts.append((first, mono_expr(rest, coefficient[UNIT])))
            else:
                parts.append((first, mul(number, mono_expr(rest))))
    parts.sort(key=lambda t: not t[0])
    return found.lines, add(*(e for _, e in parts)) if parts else num(0)


def shift(p: Poly, scope: Any, *, strict: bool) -> tuple[str, Expr] | None:
    """The polynomial after such a shift, as text and as an expression; None if that does not show the sign."""
    found = shifted(p, scope.context, strict=strict)
    if found is None:
        return None
    p, inner, values = found
    texts = {x: f"({scope.real(v)})" for x, v in values.items()}
    printer = replace(scope.printer, renamed={**(scope.printer.renamed or {}), **texts}).with_context(inner)
    return printer.real(to_expr(p)), substitute(to_expr(p), values)


def shifted(p: Poly, context: Context, *, strict: bool) -> tuple[Poly, Context, dict[str, Expr]] | None:
    """p with x = lo + (x - lo) put in for parameters, so that all coefficients are >= 0, the context of the differences and
    what they stand for; None if that does not show the sign."""
    if manifestly_nonnegative(p, context, strict=strict):
        return p, context, {}
    movable = _movable(p, context)
    values: dict[str, Expr] = {}
    names = dict(context.names)
    moved: set[str] = set()
    for h in context.hypotheses:
        if h.op not in ("<=", "<", "=") or not isinstance(h.right, Var):
            continue
        x = h.right.name
        try:
            small = polynomial(h.left, context)
        except Rejected:
            continue
        inside = {k for m in small for k, _ in m[0]}
        if inside and x in movable - moved - inside and not inside & moved and _plain(small, inside, context):
            p = substitute_poly(p, {x: plus(small, atom(f"_slack_{x}"))})
            movable = _movable(p, context)
            values[f"_slack_{x}"] = sub(h.right, h.left)
            names[f"_slack_{x}"] = Interval(Fraction(0))
            moved.add(x)
    lower = {x: context.names[x] for x in movable - moved}
    put = {}
    for x, i in lower.items():
        if i.lo is not None and not i.lo_open:
            put[x] = plus(atom(f"_slack_{x}"), constant(ratio(i.lo)))
            values[f"_slack_{x}"] = sub(Var(x), num(i.lo))
            names[f"_slack_{x}"] = Interval(Fraction(0))
    p = substitute_poly(p, put)
    inner = replace(context, names=names, _signs={})
    return (p, inner, values) if manifestly_nonnegative(p, inner, strict=strict) else None


# ---------------------------------------------------------------- rules


def ring(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    return [*(["apply Req_le."] if goal.op == "<=" else []), *same(goal.left, goal.right, scope)]


def bounds(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    h = scope.context.hypotheses
    if goal in h or goal.op == "<=" and any(x.op in ("<", "=") and {x.left, x.right} == {goal.left, goal.right} for x in h):
        return ["known."]
    difference = sub(goal.right, goal.left)
    return [
        f"apply (by_difference _ _ ({scope.real(difference)})).",
        *block(["ring."]),
        *block(nonnegative(difference, scope)),
    ]


def at_least(e: Expr, q: int, scope: Scope) -> Lines:
    """Tactics for q <= e."""
    from verifier.bridge.enclose import Encloser

    found = Encloser(scope)
    end = found.low(e)
    if end is not None and end.value >= q:
        return [*found.lines, f"clear - {end.name}; lra."]
    difference = sub(e, num(q))
    return [f"apply (by_difference _ _ ({scope.real(difference)})).", *block(["ring."]), *block(nonnegative(difference, scope))]


def evaluate(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    difference = sub(goal.right, goal.left)
    if goal.op == "=":
        return same(goal.left, goal.right, scope)
    if not normal(difference, scope.context).num:
        return ["apply Req_le.", *same(goal.left, goal.right, scope)]
    strict = goal.op == "<"
    return [
        f"apply (by_difference{'_lt' if strict else ''} _ _ ({scope.real(difference)})).",
        *block(["ring."]),
        *block(nonnegative(difference, scope, strict=strict)),
    ]


def chain(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    lines: Lines = []
    if goal.op == "<=":
        for k, (name, p) in enumerate(premises[:-1]):
            nxt = premises[k + 1][1].left
            lines.append(f"apply (Rle_trans _ ({scope.real(nxt)}) _).")
            left = goal.left if k == 0 else p.left
            lines += block(
                glue(Relation("<=", left, nxt), Relation("<=", p.left, p.right), [f"exact {weaken(name, p, '<=')}."], scope)
            )
        name, p = premises[-1]
        left = goal.left if len(premises) == 1 else p.left
        return lines + glue(
            Relation("<=", left, goal.right), Relation("<=", p.left, p.right), [f"exact {weaken(name, p, '<=')}."], scope
        )
    pairs = [
        (goal.left, premises[0][1].left),
        *((a[1].right, b[1].left) for a, b in zip(premises, premises[1:])),
        (premises[-1][1].right, goal.right),
    ]
    for a, b in pairs:
        if a != b:
            lines += [f"assert ({scope.fresh('E')} : {scope.real(a)} = {scope.real(b)}).", *block(same(a, b, scope))]
    return [*lines, "lra."]


def antisymmetry(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    return ["apply Rle_antisym; assumption."]


def scaled(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    name, p = premises[0]
    q = expr(step["by"])
    fact = Relation(goal.op, mul(q, p.left), mul(q, p.right))
    text = scope.printer.tight(q)
    lemma = {"<=": "Rmult_le_compat_l", "<": "Rmult_lt_compat_l"}.get(goal.op)
    inner = (
        [
            f"apply {lemma}.",
            *block((["left."] if goal.op == "<=" else []) + nonnegative(q, scope, strict=True)),
            f"exact {name}.",
        ]
        if lemma
        else ["f_equal.", f"exact {name}."]
    )
    op = {"<=": "le_eq", "<": "lt_eq", "=": "eq_eq"}[goal.op]
    return [
        f"apply ({op} _ ({text} * ({scope.real(p.left)})) ({text} * ({scope.real(p.right)})) _).",
        *block(same(goal.left, fact.left, scope) if goal.left != fact.left else ["same."]),
        *block(inner),
        *block(same(fact.right, goal.right, scope) if goal.right != fact.right else ["same."]),
    ]


def monotone(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    from verifier.kernel.rules import trend

    template = expr(step["template"])
    inner = scope.context
    for k, (_, p) in enumerate(premises, 1):
        low, high = inner.interval(f"({ascii(p.left)})"), inner.interval(f"({ascii(p.right)})")
        inner = inner.with_name(f"_{k}", Interval(low.lo, low.lo_open, high.hi, high.hi_open))
    left, right = {}, {}
    for k, (_, p) in enumerate(premises, 1):
        up = trend(template, f"_{k}", inner) >= 0
        left[f"_{k}"], right[f"_{k}"] = (p.left, p.right) if up else (p.right, p.left)
    fact = Relation("<=", substitute(template, left), substitute(template, right))
    if all(p.op == "=" for _, p in premises):
        return glue(goal, fact, ["apply Req_le.", *(f"rewrite {name}." for name, _ in premises), "same."], scope)
    named = {f"_{k}": q for k, q in enumerate(premises, 1)}
    return glue(goal, fact, climb(template, left, right, named, scope), scope)


def shape(head: Expr, op: str, last: Expr, low: Mapping[str, Expr], high: Mapping[str, Expr], scope: Scope) -> Lines:
    """Bracket the goal as (head) op (last), which the printer may have flattened."""
    a = f"({scope.real(substitute(head, low))}) {op} ({scope.real(substitute(last, low))})"
    b = f"({scope.real(substitute(head, high))}) {op} ({scope.real(substitute(last, high))})"
    return [f"apply (le_eq _ ({a}) ({b}) _); [first [reflexivity | ring] | | first [reflexivity | ring]]."]


def climb(e: Expr, low: Mapping[str, Expr], high: Mapping[str, Expr], premises: Mapping[str, Premise], scope: Scope) -> Lines:
    """Tactics for e[low] <= e[high], along the structure of e."""
    holes = free_vars(e) & premises.keys()

    def sub_(x: Expr, *, down: bool = False) -> Lines:
        return block(climb(x, high, low, premises, scope) if down else climb(x, low, high, premises, scope))

    def at(x: Expr, values: Mapping[str, Expr], *, strict: bool = False) -> Lines:
        return block(nonnegative(substitute(x, values), scope, strict=strict))

    if not holes:
        return ["apply Rle_refl."]
    match e:
        case Var(hole):
            name, p = premises[hole]
            if p.op == "=" and low[hole] != p.left:
                return [f"exact (Req_le _ _ (eq_sym {name}))."]
            return [f"exact {weaken(name, p, '<=')}."]
        case App("neg", (x,)):
            return ["apply Ropp_le_contravar.", *sub_(x, down=True)]
        case App("+", args):
            head, last = add(*args[:-1]), args[-1]
            if isinstance(last, App) and last.op == "neg":
                return [
                    *shape(head, "-", last.args[0], low, high, scope),
                    "apply minus_le.",
                    *sub_(head),
                    *sub_(last.args[0], down=True),
                ]
            if isinstance(last, Num) and last.value < 0:
                return [
                    *shape(head, "-", Num(-last.value), low, high, scope),
                    "apply minus_le.",
                    *sub_(head),
                    *block(["apply Rle_refl."]),
                ]
            return [*shape(head, "+", last, low, high, scope), "apply Rplus_le_compat.", *sub_(head), *sub_(last)]
        case App("*", args):
            head, last = mul(*args[:-1]), args[-1]
            form = shape(head, "*", last, low, high, scope)
            if not free_vars(last) & holes:
                return [*form, "apply Rmult_le_compat_r.", *at(last, low), *sub_(head)]
            if not free_vars(head) & holes:
                return [*form, "apply Rmult_le_compat_l.", *at(head, low), *sub_(last)]
            return [*form, "apply Rmult_le_compat.", *at(head, low), *at(last, low), *sub_(head), *sub_(last)]
        case App("/", (x, y)):
            if not free_vars(y) & holes:
                return ["apply div_le_compat.", *at(y, low, strict=True), *sub_(x)]
            return ["apply div_anti.", *at(x, low), *at(y, high, strict=True), *sub_(x), *sub_(y, down=True)]
        case App("^", (x, Num(q))) if q.denominator == 1 and q >= 0:
            return ["apply pow_incr; split.", *at(x, low), *sub_(x)]
        case App("^", (x, Num(q))) if q.denominator == 1:
            return [
                "apply Rinv_le_contravar.",
                *block(["pos."]),
                *block(["apply pow_incr; split.", *at(x, high), *sub_(x, down=True)]),
            ]
        case App("^", (x, y)) if not free_vars(y) & holes and scope.context.bounds(y).nonnegative:
            return ["apply Rpower_mono; [split|].", *at(x, low, strict=True), *sub_(x), *block(nonnegative(y, scope))]
        case App("^", (x, y)) if not free_vars(x) & holes:
            return ["apply Rle_Rpower.", *block(at_least(x, 1, scope)), *sub_(y)]
        case App("sqrt", (x,)):
            return ["apply sqrt_le_1_alt.", *sub_(x)]
        case App("log", (x,)):
            return ["apply ln_le.", *at(x, low, strict=True), *sub_(x)]
        case App("log", (x, y)) if not free_vars(y) & holes:
            return [
                "apply div_le_compat.",
                *block(nonnegative(App("log", (y,)), scope, strict=True)),
                *block(["apply ln_le.", *at(x, low, strict=True), *sub_(x)]),
            ]
        case App("log2", (x,)):
            return ["apply div_le_compat.", *block(["bound."]), *block(["apply ln_le.", *at(x, low, strict=True), *sub_(x)])]
        case App("exp", (x,)):
            return ["apply exp_le.", *sub_(x)]
        case App(("floor" | "ceil") as op, (x,)):
            return [f"apply {op}_le.", *sub_(x)]
        case App(("max" | "min") as op, args):
            rest = args[1] if len(args) == 2 else App(op, args[1:])
            return [f"apply R{op}_mono.", *sub_(args[0]), *sub_(rest)]
    raise NotExported("monotone in a function that is not exported")


def dominate(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    from verifier.bridge.zeros import grouped, may_vanish

    d = dom.analyse(step, goal, [p for _, p in premises], scope.context)
    if goal.op == "<" or any(may_vanish(m, scope.context) for m in d.num):
        return grouped(d, goal, premises, scope)
    return domination(d, goal, premises, scope)


def domination(d: dom.Domination, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """The reflective checker on monomials whose factors are positive."""
    polys = [x for e in (goal.left, goal.right) for x in _polys(e, scope)]
    atoms = dom.atoms_of(d, Atoms(scope.printer).add(polys))
    used = dom.used_atoms(d)
    order = [a for a in atoms.roots if a in used]
    d.facts += dom.root_facts(order, atoms)
    normaliser = Normaliser(scope.printer, atoms, scope.counter)
    steps, clear = dom.steps_text(d, order, atoms, 1, 0)
    lines: Lines = []
    bases = [atoms.base(a) for a in order]
    xs = "[" + "; ".join(bases) + "]"
    for a, base in zip(order, bases):
        name = scope.fresh("P")
        lines += [f"assert ({name} : 0 < {base}).", *block(_atom_positive(a, atoms, scope))]
    texts = []
    names = []
    for f in d.facts:
        text = dom.fact_text(f, order, atoms)[0]
        name = scope.fresh("F")
        names.append(name)
        texts.append(text)
        lines += [f"assert ({name} : fact_at {xs} ({text})%Z).", *block(_fact(f, premises, order, atoms, scope))]
    den = f"{clear}" if d.den is None else f"({clear} * ({atoms.poly(d.den)}))"
    if d.den is not None:
        name = scope.fresh("D")
        lines += [f"assert ({name} : 0 < {atoms.poly(d.den)}).", *block(_denominator(d.den, atoms, scope))]
    for y in divisors([goal.left, goal.right]):
        name = scope.fresh("D")
        lines += [
            f"assert ({name} : 0 < {scope.real(y)}).",
            *block(nonnegative(y, scope, strict=True)),
            *_in_hypothesis(normaliser.rewrite([y]), name),
        ]
    rewriting = normaliser.rewrite([goal.left, goal.right])
    difference = dom.polynomial_text(d.num, clear, order, atoms)
    lines += [
        *rewriting,
        f"apply (dominate {xs}\n      [{'; '.join(texts)}]%Z\n      {steps}%Z\n      {difference}%Z\n      {den}).",
        *block(["apply_positive."]),
        *block([*normaliser.use_roots(), "equal_polynomials."]),
        *block(["repeat (apply Forall_cons; [assumption|]); apply Forall_nil."]),
        *block([*(f"apply Forall_cons; [exact {n}|]." for n in names), "apply Forall_nil."]),
        *block(["vm_compute; reflexivity."]),
    ]
    return lines


def divisors(es: Sequence[Expr]) -> list[Expr]:
    """The divisors with several terms, outside sums."""
    out: list[Expr] = []

    def walk(e: Expr) -> None:
        if isinstance(e, App):
            if e.op == "/" and any(isinstance(x, App) and x.op == "+" for x in subterms(e.args[1])) and e.args[1] not in out:
                out.append(e.args[1])
            for a in e.args if e.op != "sum" else ():
                walk(a)

    for e in es:
        walk(e)
    return out


def _atom_positive(a: Atom, atoms: Atoms, scope: Scope) -> Lines:
    kind, what = a
    if kind == "exp" or atoms.roots[a] != 1:
        return ["pos."]
    return nonnegative(key_expr(str(what)), scope, strict=True)


def _denominator(den: Poly, atoms: Atoms, scope: Scope) -> Lines:
    e = to_expr(den)
    name = scope.fresh("D")
    found = Normaliser(scope.printer, atoms, scope.counter)
    return [
        f"assert ({name} : 0 < {scope.real(e)}).",
        *block(nonnegative(e, scope, strict=True)),
        *_in_hypothesis(found.rewrite([e]), name),
        f"refine (lt_eq 0 0 _ _ eq_refl {name} _).",
        *found.use_roots(),
        *found.finish(),
    ]


def _fact(f: dom.Fact, premises: Sequence[Premise], order: Sequence[Atom], atoms: Atoms, scope: Scope) -> Lines:
    """A monomial fact from its log-linear form."""
    if f.kind == "root":
        ((a, _),) = f.vector.items()
        name = scope.fresh("E")
        return [
            f"pose proof (root_power {a[1]} {atoms.roots[a]} ltac:(lra)) as {name}. cbv [Pos.to_nat Pos.iter_op Nat.add Init.Nat.add] in {name}.",
            "apply fact_intro. polynomials. lra.",
        ]
    unit = f.times == {((), ()): 1}
    if f.kind == "slack" and f.number == 1 and len(f.vector) == 1:
        ((a, q),) = f.vector.items()
        if a[0] == "key" and q == 1 and atoms.roots[a] == 1:
            name = scope.fresh("H")
            return [
                "apply fact_intro.",
                f"assert ({name} : 1 <= {atoms.base(a)}).",
                *block(at_least(key_expr(str(a[1])), 1, scope)),
                "fact_from.",
            ]
        if a[0] == "exp" and q == 1 and atoms.roots[a] == 1:
            return ["apply fact_intro.", f"assert (1 <= {atoms.base(a)}) by one_le_exp.", "fact_from."]
    if (
        f.kind == "slack"
        and f.vector
        and all(
            a[0] == "key"
            and atoms.roots[a] == 1
            and abs(q) == 1
            and str(a[1]).startswith("log(")
            and not free_vars(key_expr(str(a[1])))
            for a, q in f.vector.items()
        )
    ):
        above, below = (
            mul(num(n), *(key_expr(str(a[1])) for a, q in f.vector.items() if q * sign > 0))
            for n, sign in ((f.number.numerator, 1), (f.number.denominator, -1))
        )
        name = scope.fresh("H")
        return [
            f"assert ({name} : 0 <= {scope.real(sub(above, below))}).",
            *block(nonnegative(sub(above, below), scope)),
            "apply fact_intro. polynomials. lra.",
        ]
    if unit and f.kind == "log":
        left, right = (expr(t) for t in f.data["log"])
        if all(atoms.roots[a] == 1 for a in f.vector):
            relation = Relation("<=", left, right)
            name = scope.fresh("H")
            out = [f"assert ({name} : {scope.text(relation)}).", *block(_shown(relation, f.data, premises, scope))]
            m = scope.normaliser([polynomial(left, scope.context), polynomial(right, scope.context)])
            rewriting = m.rewrite([left, right])
            return [*out, *_in_hypothesis(rewriting, name), "apply fact_intro.", f"fact_scaled {name}."]
    return _by_logarithms(f, premises, order, atoms, scope)


def _in_hypothesis(rewriting: Lines, name: str) -> Lines:
    return [f"{x[:-1]} in {name}." if x.startswith("try rewrite ") else x for x in rewriting]


def _shown(r: Relation, data: Mapping[str, Any], premises: Sequence[Premise], scope: Scope) -> Lines:
    if "premise" in data:
        name, p = premises[data["premise"]]
        if p.op == "=" and p.left != r.left:
            p, name = Relation("=", p.right, p.left), f"(eq_sym {name})"
        return glue(r, Relation("<=", p.left, p.right), [f"exact {weaken(name, p, '<=')}."], scope)
    return bounds({}, r, (), scope)


def _by_logarithms(f: dom.Fact, premises: Sequence[Premise], order: Sequence[Atom], atoms: Atoms, scope: Scope) -> Lines:
    form = to_expr(f.form)
    name = scope.fresh("H")
    out = [f"assert ({name} : 0 <= {scope.real(form)}).", *block(_form(f, form, premises, scope))]
    return [*out, "apply fact_intro. logs_start.", *_numeral_logs(f.number, scope), f"logs_end {name}."]


def _numeral_logs(q: Fraction, scope: Scope) -> Lines:
    """Logarithms of composite numbers as sums over primes."""
    from verifier.kernel.normal import factor

    lines: Lines = []
    for n in (q.numerator, q.denominator):
        primes = factor(n)
        if n > 1 and primes != {n: 1}:
            name, inner = scope.fresh("E"), scope.fresh("E")
            total = " + ".join(f"{e} * ln {p}" for p, e in primes.items())
            product = " * ".join(f"powerRZ {p} {e}" for p, e in primes.items())
            lines.append(
                f"assert ({name} : ln {n} = {total}). {{ assert ({inner} : {n} = {product}) by natural_log. rewrite {inner}. "
                f"expand_ln. ring. }} rewrite ?{name}."
            )
    return lines


def _form(f: dom.Fact, form: Expr, premises: Sequence[Premise], scope: Scope) -> Lines:
    if f.kind == "slack":
        return nonnegative(form, scope)
    multiplier = to_expr(f.times)
    if f.kind == "tangent":
        a, eps = expr(f.data["tangent"]), expr(f.data["eps"])
        fact = Relation("<=", App("log", (a,)), add(mul(eps, a), num(-1), neg(App("log", (eps,)))))
        base = sub(fact.right, fact.left)
        proof = [
            f"apply (Rules.rule_tangent ({scope.real(a)}) ({scope.real(eps)})).",
            *block(nonnegative(a, scope, strict=True)),
            *block(nonnegative(eps, scope, strict=True)),
        ]
    else:
        left, right = (expr(t) for t in f.data[f.kind])
        r = Relation("<=", left, right)
        if f.kind == "plain":
            fact, proof = r, _shown(r, f.data, premises, scope)
        else:
            fact = Relation("<=", App("log", (left,)), App("log", (right,)))
            name = scope.fresh("H")
            proof = [
                f"assert ({name} : {scope.text(r)}).",
                *block(_shown(r, f.data, premises, scope)),
                "apply ln_le.",
                *block(nonnegative(left, scope, strict=True)),
                f"exact {name}.",
            ]
        base = sub(right, left) if f.kind == "plain" else sub(fact.right, fact.left)
    name = scope.fresh("H")
    product = mul(multiplier, base)
    return [
        f"assert ({name} : {scope.text(fact)}).",
        *block(proof),
        f"replace ({scope.real(form)}) with ({scope.printer.tight(multiplier)} * ({scope.real(fact.right)} - ({scope.real(fact.left)}))).",
        *block(["apply Rmult_le_pos.", *block(nonnegative(multiplier, scope)), "lra."]),
        *block(same(mul(multiplier, sub(fact.right, fact.left)), form, scope) if product != form else ["same."]),
    ]


# ---------------------------------------------------------------- sums


def _sum(step: Any, scope: Scope, *, empty: bool) -> tuple[Expr, Expr, str, Expr, Expr, Scope, Lines]:
    s, f, i, a, b, inner = _sum_parts(step, scope.context, empty=empty)
    p = scope.printer.with_index(i, inner)
    index = p.name(i)
    if index in {p.name(n) for n in scope.context.names}:
        raise NotExported("an index shadows a parameter")
    low, high = scope.fresh("H"), scope.fresh("H")
    enter = [f"intros {index} R_.", "apply sum_range in R_. push_IZR_in R_.", f"destruct R_ as [{low} {high}]."]
    domain = inner.names[i]
    if domain.lo is not None:
        name = scope.fresh("H")
        enter.append(f"assert ({name} : {ratio_text(domain.lo)} <= IZR {index}) by known.")
    return s, f, i, a, b, replace(scope, printer=p), enter


def range_holds(a: Expr, b: Expr, scope: Scope, *, empty: bool) -> Lines:
    """Tactics for (a - 1 <= b)%Z, or (a <= b)%Z."""
    gap = add(b, neg(a), num(1)) if empty else sub(b, a)
    return [
        "apply Z_le_of_R. push_IZR.",
        f"apply (by_difference 0 _ ({scope.real(gap)})).",
        *block(["ring."]),
        *block(nonnegative(gap, scope)),
    ]


def telescoping(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    s, f, i, a, b, inner, enter = _sum(step, scope, empty=True)
    big = expr(step["antidifference"])
    increment = sub(big, substitute(big, {i: sub(Var(i), num(1))}))
    total = sub(substitute(big, {i: b}), substitute(big, {i: sub(a, num(1))}))
    index, p = inner.printer.name(i), inner.printer
    arguments = f"(fun {index} : Z => {p.real(f)}) (fun {index} : Z => {p.real(big)}) {scope.printer.integer(a)} {scope.printer.integer(b)}"
    end = ["cbv beta. push_IZR. same."]
    if "inductive" in step:
        upper = goal.left == s
        rel = Relation("<=", f, increment) if upper else Relation("<=", increment, f)
        fact = Relation("<=", s, total) if upper else Relation("<=", total, s)
        lemma = "telescope_le" if upper else "telescope_ge"
        nested = [
            *enter,
            f"assert (Q_ : {p.real(rel.left)} <= {p.real(rel.right)}).",
            *block(prove(step["inductive"], inner, rel)),
            "push_IZR.",
            "refine (le_eq _ _ _ _ _ Q_ _); same.",
        ]
        proof = [f"pose proof (Sums.{lemma} {arguments}) as Q_.", "refine (le_eq _ _ _ _ _ (Q_ _ _) _); clear Q_."]
        order = [
            ["reflexivity."] if upper else end,
            range_holds(a, b, scope, empty=True),
            nested,
            end if upper else ["reflexivity."],
        ]
        return glue(goal, fact, [*proof, *(x for o in order for x in block(o))], scope)
    fact = Relation("=", s, total)
    proof = [
        f"rewrite (Sums.telescope {arguments}).",
        *block(end),
        *block(range_holds(a, b, scope, empty=True)),
        *block([*enter, "push_IZR.", *_increments(f, increment, inner)]),
    ]
    if goal.op == "<=":
        forward = goal.left == s
        return [
            "apply Req_le.",
            *([] if forward else ["symmetry."]),
            *glue(Relation("=", s, goal.right if forward else goal.left), fact, proof, scope),
        ]
    if goal.left != s:
        return ["symmetry.", *glue(Relation("=", s, goal.left), fact, proof, scope)]
    return glue(goal, fact, proof, scope)


def _increments(f: Expr, increment: Expr, inner: Scope) -> Lines:
    return [f"transitivity ({inner.real(increment)}).", *block(same(f, increment, inner)), *block(["same."])]


def termwise(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    s, f, i, a, b, inner, enter = _sum(step, scope, empty=True)
    g = expr(step["term"])
    index, p = inner.printer.name(i), inner.printer
    upper = goal.left == s
    small, large = (f, g) if upper else (g, f)
    za, zb = scope.printer.integer(a), scope.printer.integer(b)
    other = App("sum", (g, Var(i), a, b))
    inside = [f"apply Sums.sum_le. {enter[0]}", *enter[1:], *prove(step["inductive"], inner, Relation("<=", small, large))]
    text = f"(fun {index} : Z => {p.real(g)})"
    if i in free_vars(g):
        fact = Relation("<=", s, other) if upper else Relation("<=", other, s)
        return glue(goal, fact, inside, scope)
    product = mul(add(b, neg(a), num(1)), g)
    fact = Relation("<=", s, product) if upper else Relation("<=", product, s)
    name = scope.fresh("E")
    proof = [
        f"assert ({name} : Sums.sum {text} {za} {zb} = {scope.real(product)}).",
        *block(
            [
                f"rewrite (Sums.sum_const ({scope.real(g)}) {za} {zb}).",
                *block(["push_IZR. same."]),
                *block(range_holds(a, b, scope, empty=True)),
            ]
        ),
        f"rewrite <- {name}.",
        *inside,
    ]
    return glue(goal, fact, proof, scope)


def member(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    s, f, i, a, b, inner, enter = _sum(step, scope, empty=False)
    j = expr(step["at"])
    index, p = inner.printer.name(i), inner.printer
    fact = Relation("<=", substitute(f, {i: j}), s)
    signs = prove(step["nonnegative"], inner, Relation("<=", num(0), f)) if "nonnegative" in step else nonnegative(f, inner)
    proof = [
        f"pose proof (Rules.rule_member (fun {index} : Z => {p.real(f)}) {scope.printer.integer(a)} {scope.printer.integer(b)} "
        f"{scope.printer.integer(j)}) as Q_.",
        "refine (le_eq _ _ _ _ _ (Q_ _ _) _); clear Q_.",
        *block(["cbv beta. push_IZR. same."]),
        *block(["split.", *block(range_holds(a, j, scope, empty=False)), *block(range_holds(j, b, scope, empty=False))]),
        *block([*enter, *signs]),
        *block(["reflexivity."]),
    ]
    return glue(goal, fact, proof, scope)


def extremum(step: Any, goal: Relation, premises: Sequence[Premise], scope: Scope) -> Lines:
    """Facts about maximum and minimum."""
    a, b = goal.left, goal.right
    lines: Lines = []
    if isinstance(b, App) and b.op == "max" and a not in b.args:  # the mean, if it is not a premise
        return [*_members(b, scope), "lra."]
    if isinstance(a, App) and a.op == "min" and b not in a.args:
        m, s = scope.fresh("M"), scope.fresh("H")
        total = add(*(div(num(1), x) for x in a.args))
        lines += [f"assert ({m} : 0 < {scope.real(a)}).", *block(nonnegative(a, scope, strict=True))]
        lines += _members(a, scope)
        for x in a.args:
            p = scope.fresh("P")
            lines += [f"assert ({p} : 0 < {scope.real(x)}).", *block(nonnegative(x, scope, strict=True))]
            lines.append(f"assert ({p}i : 1 / ({scope.real(x)}) <= 1 / ({scope.real(a)})) by (apply div_anti; lra).")
        q = div(num(len(a.args)), total)
        return [
            *lines,
            f"assert ({s} : {scope.real(a)} <= {scope.real(q)}).",
            *block([f"apply harmonic_swap; [exact {m} | | unfold Rdiv in *; lra].", *nonnegative(total, scope, strict=True)]),
            *glue(goal, Relation("<=", a, q), [f"exact {s}."], scope),
        ]
    if isinstance(a, App) and a.op == "max":
        for x in a.args:
            if scope.context.at_least(x, Fraction(0)):
                lines += [f"assert ({scope.fresh('B')} : 0 <= {scope.real(x)}).", *block(nonnegative(x, scope))]
        return [*lines, "repeat apply Rmax_lub; first [assumption | lra]."]
    if isinstance(b, App) and b.op == "min":
        for x in b.args:
            if scope.context.positive(f"({ascii(x)})"):
                lines += [f"assert ({scope.fresh('B')} : 0 < {scope.real(x)}).", *block(nonnegative(x, scope, strict=True))]
    return [*lines, "extremum."]


def _members(e: App, scope: Scope) -> Lines:
    """Every argument against the extremum, as hypotheses."""
    lines: Lines = []
    for x in e.args:
        r = Relation("<=", x, e) if e.op == "max" else Relation("<=", e, x)
        lines.append(f"assert ({scope.fresh('B')} : {scope.text(r)}) by extremum.")
    return lines


def prove(steps: Sequence[Any], scope: Scope, goal: Relation) -> Lines:
    """Tactics that prove `goal`: each step asserted, proved from its premises alone, the last one is the goal."""
    from verifier.bridge.rules import RULES

    shown: list[Premise] = []
    lines: Lines = []
    for step in steps:
        r = parse_relation(step["conclusion"], functions=None)
        premises = [shown[k] for k in step.get("premises", [])]
        name = scope.fresh("S")
        others = " ".join(n for n, _ in shown if n not in {m for m, _ in premises})
        lines.append(f"assert ({name} : {scope.text(r)}).")
        lines += block([*([f"clear {others}."] if others else []), *RULES[step["rule"]](step, r, premises, scope)])
        shown.append((name, r))
    name, r = shown[-1]
    if r.op == goal.op or goal.op == "<=":
        return lines + glue(goal, Relation(goal.op, r.left, r.right), [f"exact {weaken(name, r, goal.op)}."], scope)
    raise NotExported("the last step does not show the goal")


__all__ = ["Scope", "block", "glue", "nonnegative", "prove", "range_holds", "same", "shift"]
