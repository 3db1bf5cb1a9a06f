"""Rows of the rule `dominate`: multipliers that bound one monomial by others.

For a monomial M and targets G_t on a context: weights w_t >= 0 with sum 1, facts with multipliers and a factor C such that
log M <= sum_t w_t log G_t + log C.  First by comparing M with one target, then by the linear program over the linear
forms (z3, exact rationals)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import (
    UNIT,
    Mono,
    Poly,
    atom,
    constant,
    exponential,
    key_expr,
    log_mono,
    log_number,
    mono_expr,
    plus,
    polynomial,
    ratio,
    scale,
    times,
    to_expr,
)
from verifier.kernel.rules import positive_part
from verifier.kernel.sign import manifestly_nonnegative, nonnegative_mono, split_number
from verifier.lang.ast import App, Expr, Num, Var, free_vars
from verifier.lang.enclosure import exp_rational
from verifier.lang.evaluate import evaluate
from verifier.lang.show import ascii
from verifier.scales.deadline import quick, remaining
from verifier.scales.forms import Form, form, log_argument
from verifier.scales.script import Script


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the monomial, its weights on the targets, its facts (as in the certificate) and the factor C.

    `share` is a further factor, a monomial in constant parameters, that the constant of the bound has to contribute: the
    row bounds the term by C * share * prod_t (k_t G_t)^w_t, with the scales k_t (1 if there are none).  `lemmas` prove the
    premises that its facts name, in order."""

    term: Mono
    weights: tuple[tuple[Mono, Fraction], ...]
    facts: tuple[Mapping[str, Any], ...]
    factor: Fraction
    share: Mono = UNIT
    scales: tuple[Fraction, ...] = ()
    lemmas: tuple[Script, ...] = ()

    def spent(self) -> tuple[tuple[Mono, Fraction], ...]:
        """C * w_t * k_t by target: what one unit of the term takes from each budget."""
        scales = self.scales or (Fraction(1),) * len(self.weights)
        return tuple((t, self.factor * w * k) for (t, w), k in zip(self.weights, scales))

    def on(self, target: Mono) -> Mono:
        """The term of c * large that stands for a target."""
        return target if self.share == UNIT else next(iter(times({target: 1}, {self.share: 1})))

    def json(self, amount: Fraction | None = None) -> dict[str, Any]:
        """The row in a certificate, for a part of the monomial's coefficient or (None) for all of it."""
        out: dict[str, Any] = {"term": mono_text(self.term),
                               "weights": [[mono_text(self.on(m)), str(w)] for m, w in self.weights]}
        for entry, k in zip(out["weights"], self.scales):
            if k != 1:
                entry.append(str(k))
        if amount is not None:
            out["amount"] = str(amount)
        if self.facts:
            out["facts"] = [dict(f) for f in self.facts]
        if self.factor != 1:
            out["factor"] = str(self.factor)
        return out


def mono_text(m: Mono) -> str:
    """A monomial as the certificate writes it."""
    return ascii(mono_expr(m))


@dataclass(frozen=True, slots=True)
class Fact:
    """A usable inequality F >= 0: its certificate form and its polynomial."""

    data: Mapping[str, Any]
    poly: Poly


def direct_row(m: Mono, targets: Sequence[Mono], context: Context, *, tight: bool = False,
               names: frozenset[str] = frozenset()) -> Row | None:
    """M against a single target: their logarithms differ by manifestly non-negative terms and a number.

    `tight` uses the lower bounds of the domain to make the factor small."""
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
    except Rejected:
        return None
    best: Row | None = None
    for t in targets:
        if t == m:
            return Row(m, ((t, Fraction(1)),), (), Fraction(1))
        try:
            slack = plus(log_mono(t, local), scale(own, -1))
        except Rejected:
            continue
        row = finish(m, ((t, Fraction(1)),), (), slack, local, tight=tight, names=names)
        if row is not None and (best is None or row.factor < best.factor):
            best = row
            if not tight:
                return best
    return best


def finish(m: Mono, weights: tuple[tuple[Mono, Fraction], ...], facts: Sequence[Mapping[str, Any]], slack: Poly,
           context: Context, *, tight: bool = False, names: frozenset[str] = frozenset(),
           scales: tuple[Fraction, ...] = (), lemmas: tuple[Script, ...] = ()) -> Row | None:
    """Turn a slack polynomial (targets minus M minus facts) into a row with its factor, if it balances.

    What mentions only the constant parameters `names` goes into the share."""
    left_over = {k: c for k, c in slack.items() if constant_coordinate(split_number(k)[1], names)}
    share = UNIT
    if left_over:
        (share, c), = exponential(scale(left_over, -1)).items()
        if c != 1:
            return None
        slack = plus(slack, scale(left_over, -1))
    approximate = form(slack)
    for r, c in approximate.coefficients.items():
        if c < 0 or not nonnegative_mono(r, context):
            return None
    facts = list(facts)
    if tight:
        for r in approximate.coefficients:
            fact = lower_bound_fact(r, slack, context)
            if fact is not None:
                facts.append(fact.data)
                slack = plus(slack, scale(fact.poly, -1))
    number = {k: c for k, c in slack.items() if split_number(k)[1] == UNIT}
    return Row(m, weights, tuple(facts), exp_upper(scale(number, -1)), share, scales, lemmas)


def constant_coordinate(r: Mono, names: frozenset[str]) -> bool:
    """Whether a coordinate mentions constant parameters only (and at least one)."""
    if not names or r == UNIT:
        return False
    found = free_vars(mono_expr(r))
    return bool(found) and found <= names


def lower_bound_fact(r: Mono, slack: Poly, context: Context) -> Fact | None:
    """log(A) >= log(lo) or x >= lo for a coordinate with a lower bound, with the coordinate's coefficient."""
    if r[1] or len(r[0]) != 1 or r[0][0][1] != 1:
        return None
    key = r[0][0][0]
    argument = log_argument(key)
    low = context.interval(argument if argument and key_is_atom(argument) else key).lo if argument is None \
        or key_is_atom(argument) else None
    if low is None or low <= (1 if argument else 0):
        return None
    coefficient: Poly = {}
    for k, c in slack.items():
        numeric_part, rest = split_number(k)
        if rest == r:
            coefficient[numeric_part] = c
    low = simplest_below(low)
    gap = plus({r: 1}, scale(log_number(low), -1)) if argument else plus({r: 1}, constant(ratio(-low)))
    data = {"log" if argument else "plain": [ascii(Num(low)), argument or key],
            "times": ascii(to_expr(coefficient))}
    return Fact(data, times(coefficient, gap))


def key_is_atom(text: str) -> bool:
    """Whether the text is a key by itself (not a sum)."""
    e = key_expr(text)
    return isinstance(e, Var) or isinstance(e, App) and e.op not in ("+", "*", "/", "^", "neg")


def simplest_below(q: Fraction) -> Fraction:
    """A short rational <= q, near it."""
    if q.denominator == 1:
        return q
    for d in (1, 2, 4, 8, 16, 64, 256):
        n = Fraction((q * d).numerator // (q * d).denominator, d)
        if n > 0 and n >= q * Fraction(7, 8):
            return n
    return Fraction((q * 4096).numerator // (q * 4096).denominator, 4096)


_TINY = Fraction(1, 1 << 64)  # factors need not be smaller than this: a larger one is only weaker


def exp_upper(p: Poly) -> Fraction:
    """A rational >= exp of a numeric polynomial: exact for integer combinations of logarithms of integers, else short."""
    if not p:
        return Fraction(1)
    exact = Fraction(1)
    for m, c in p.items():
        key = m[0][0][0] if len(m[0]) == 1 and not m[1] and m[0][0][1] == 1 else ""
        if isinstance(c, int) and key.startswith("log(") and key[4:-1].isdigit() and abs(c) < 200:
            exact *= Fraction(int(key[4:-1])) ** c
        else:
            break
    else:
        return exact if exact > _TINY else _TINY
    value = evaluate(to_expr(p), {}, bits=64)
    top = Fraction(value) if isinstance(value, Fraction | int) else value.hi
    if top > 5000:
        raise Rejected("a factor is too large")
    if top < -64:
        return _TINY
    return simplest_above(exp_rational(top, 32).hi)


def simplest_above(q: Fraction) -> Fraction:
    """A short rational >= q, near it."""
    if q.denominator == 1:
        return q
    if q >= 8:
        return Fraction(-((-q.numerator) // q.denominator))
    for d in (1, 2, 4, 8, 16, 64, 256, 4096, 1 << 20, 1 << 40, 1 << 80):
        n = Fraction(-((-q.numerator * d) // q.denominator), d)
        if n <= q * Fraction(9, 8):
            return n
    return q


# ------------------------------------------------------------------------------------- the linear program

def facts_for(coordinates: set[Mono], context: Context) -> tuple[list[Fact], list[tuple[Mono, Mono, Expr]]]:
    """The facts a row may use: hypotheses and upper bounds in logarithms (times the factors that occur), and tangents
    (w*log A, w*A, A) that bring a coordinate one scale up."""
    facts: list[Fact] = []
    multipliers = [UNIT, *sorted({_without_log(r) for r in coordinates} - {UNIT, None}, key=repr)]  # type: ignore[type-var]
    for left, right in _log_pairs(context):
        try:
            a, b = polynomial(left, context), polynomial(right, context)
            gap = plus(_log_of(b, context), scale(_log_of(a, context), -1))
        except Rejected:
            continue
        for w in multipliers:
            p = times({w: 1}, gap) if w != UNIT else gap
            if w == UNIT or set(form(p).coefficients) & coordinates:
                facts.append(Fact({"log": [ascii(left), ascii(right)],
                                   **({} if w == UNIT else {"times": mono_text(w)})}, p))
    for r in coordinates:  # plain coordinates: r = s*x against s, and hypotheses between them
        for key, q in r[0]:
            if q != int(q) or q < 1 or key[0] == "(" or key[0].isdigit() or r == (((key, q),), ()) and log_argument(key):
                continue
            low = context.interval(key).lo
            rest = _divide(r, key)
            if low is not None and low > 0 and rest in coordinates and nonnegative_mono(rest, context):
                low = simplest_below(low)
                facts.append(Fact({"plain": [ascii(Num(low)), key], "times": mono_text(rest)},
                                  plus({r: 1}, {rest: ratio(-low)})))
    for h in context.hypotheses:
        try:
            a, b = polynomial(h.left, context), polynomial(h.right, context)
        except Rejected:
            continue
        if set(a) & coordinates and set(b) & coordinates:
            facts.append(Fact({"plain": [ascii(h.left), ascii(h.right)]}, plus(b, scale(a, -1))))
            if h.op == "=":
                facts.append(Fact({"plain": [ascii(h.right), ascii(h.left)]}, plus(a, scale(b, -1))))
    tangents: list[tuple[Mono, Mono, Expr]] = []
    pending, seen = sorted(coordinates, key=repr), set(coordinates)
    exponentials = {k for r in coordinates for k, _ in r[0] if not log_argument(k)}
    while pending:
        r = pending.pop()
        for key, q in r[0]:
            argument = log_argument(key)
            if argument is None or q < 1 or not context.positive(argument if key_is_atom(argument) else f"({argument})"):
                continue
            inner = polynomial(key_expr(argument), context)
            if len(inner) != 1:
                continue
            (a, c), = inner.items()
            rest = _divide(r, key)
            if c != 1 or not nonnegative_mono(rest, context):
                continue
            up = times({rest: 1}, {a: 1})
            (s, _), = up.items()
            if s not in seen and (log_argument(a[0][0][0]) if a[0] else None) is None \
                    and not {k for k, _ in a[0]} & exponentials:
                continue
            tangents.append((r, s, mono_expr(a)))
            if s not in seen:
                seen.add(s)
                pending.append(s)
    return facts, tangents


def _without_log(r: Mono) -> Mono | None:
    rest = tuple((k, q) for k, q in r[0] if not log_argument(k))
    return (rest, r[1]) if rest else None


def _divide(r: Mono, key: str) -> Mono:
    out = tuple((k, q if k != key else q - 1) for k, q in r[0])
    return tuple((k, q) for k, q in out if q), r[1]


def _log_pairs(context: Context) -> list[tuple[Expr, Expr]]:
    """a <= b between single positive monomials: hypotheses, their single terms, and upper bounds of the domain."""
    pairs: list[tuple[Expr, Expr]] = []
    for h in context.hypotheses:
        lefts = h.left.args if isinstance(h.left, App) and h.left.op == "+" else (h.left,)
        for left in lefts:
            if free_vars(left) and not (isinstance(h.right, App) and h.right.op == "+"):
                pairs.append((left, h.right))
        if h.op == "=" and len(lefts) == 1:
            rights = h.right.args if isinstance(h.right, App) and h.right.op == "+" else (h.right,)
            pairs.extend((r, h.left) for r in rights if free_vars(r) or len(rights) == 1)
    for name, interval in context.names.items():
        if interval.hi is not None and interval.hi > 0 and interval.positive:
            pairs.append((Var(name), Num(interval.hi)))
    return pairs


def _log_of(p: Poly, context: Context) -> Poly:
    if len(p) != 1:
        raise Rejected("not a monomial")
    (m, c), = p.items()
    return plus(log_mono(m, context), log_number(Fraction(c)))


def farkas_row(m: Mono, targets: Sequence[Mono], context: Context, names: frozenset[str] = frozenset(), *,
               timeout_ms: int = 2000, margin: Fraction = Fraction(0)) -> Row | None:
    """Weights and multipliers from the linear program (z3).

    Logarithms of numbers enter it approximated; where the exact row then does not balance, a second try keeps a
    margin on every coordinate."""
    import z3
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
    except Rejected:
        return None
    usable: list[tuple[Mono, Poly]] = []
    for t in targets:
        try:
            usable.append((t, log_mono(t, local)))
        except Rejected:
            continue
    if not usable:
        return None
    forms = [form(p) for _, p in usable]
    mine = form(own)
    coordinates = set(mine.coefficients).union(*(f.coefficients for f in forms))
    facts, tangents = facts_for(coordinates, local)
    fact_forms = [form(f.poly) for f in facts]
    solver = z3.Solver()
    solver.set("timeout", max(1, min(timeout_ms, int(remaining() * 1000))))
    weights = [z3.Real(f"w{i}") for i in range(len(usable))]
    mus = [z3.Real(f"m{i}") for i in range(len(facts))]
    mu_nu = [(z3.Real(f"t{i}"), z3.Real(f"e{i}")) for i in range(len(tangents))]
    solver.add(*(w >= 0 for w in weights), *(x >= 0 for x in mus), z3.Sum(weights) == 1)
    columns: dict[Mono, list[Any]] = {}
    touched = {s for _, s, _ in tangents}

    def put(f: Form, variable: Any, sign: int) -> None:
        for r, c in f.coefficients.items():
            columns.setdefault(r, []).append(sign * _z3(c) * variable)
    for f, w in zip(forms, weights):
        put(f, w, 1)
    for f, x in zip(fact_forms, mus):
        put(f, x, -1)
    for (r, s, _), (t, e) in zip(tangents, mu_nu):
        solver.add(t >= 0, e >= 0, z3.Or(t == 0, e > 0))
        columns.setdefault(r, []).append(t)
        columns.setdefault(s, []).append(-e)
    for r, c in mine.coefficients.items():
        columns.setdefault(r, []).append(_z3(-c))
    for r, parts in columns.items():
        if constant_coordinate(r, names):
            continue
        total = z3.Sum(parts)
        if not nonnegative_mono(r, local):
            solver.add(total == 0)
        elif margin and r in touched:
            solver.add(total >= _z3(margin))
        else:
            solver.add(total >= 0)
    if solver.check() != z3.sat:
        return None
    model = solver.model()

    def value(v: Any) -> Fraction:
        q = model.eval(v, model_completion=True)
        return Fraction(q.numerator_as_long(), q.denominator_as_long())
    slack = scale(own, -1)
    chosen, used = [], []
    for (t, p), w in zip(usable, weights):
        q = value(w)
        if q:
            chosen.append((t, q))
            slack = plus(slack, scale(p, ratio(q)))
    for f, x in zip(facts, mus):
        q = value(x)
        if q:
            data = dict(f.data)
            data["times"] = f"{q}*({data['times']})" if "times" in data else str(q)
            if data["times"] == "1":
                del data["times"]
            used.append(data)
            slack = plus(slack, scale(f.poly, ratio(-q)))
    for (r, _, a), (t, e) in zip(tangents, mu_nu):
        q = value(t)
        if q:
            eps = _interior(value(e) / q)
            rest = _divide(r, f"log({ascii(a)})")
            used.append({"tangent": ascii(a), "eps": str(eps), "times": f"{q}*{mono_text(rest)}" if rest != UNIT else str(q)})
            p = plus(scale(polynomial(a, local), ratio(eps)), constant(-1), scale(log_number(eps), -1),
                     scale(atom(f"log({ascii(a)})"), -1))
            slack = plus(slack, scale(times({rest: 1}, p), ratio(-q)))
    row = finish(m, tuple(chosen), used, slack, local, names=names)
    if not tangents or margin:
        return row
    try:
        rest = {k: c for k, c in slack.items() if not _fixed(k, names)}
        if row is not None and manifestly_nonnegative(rest, local):
            return row
    except Rejected:
        pass
    for wider in (Fraction(1, 1 << 16), Fraction(1, 1 << 10)):
        row = farkas_row(m, targets, context, names, timeout_ms=timeout_ms, margin=wider)
        if row is not None:
            return row
    return None


def _interior(eps: Fraction) -> Fraction:
    """eps itself if it came out of exact coefficients, else a short rational a little below (logarithms of numbers enter the
    program approximated)."""
    if eps.denominator < 1 << 20:
        return eps
    scale_up = 1
    while eps * scale_up < 4:
        scale_up *= 2
    return Fraction((eps * scale_up * Fraction(3, 4)).numerator // (eps * scale_up * Fraction(3, 4)).denominator,
                    scale_up)


def _z3(q: Fraction) -> Any:
    import z3
    return z3.Q(q.numerator, q.denominator)


def tangent_rows(m: Mono, target: Mono, context: Context) -> list[Row]:
    """Rows of m on one target with tangents at definite points, for inequalities with definite constants."""
    try:
        local = positive_part(m, context)
        slack = plus(log_mono(target, local), scale(log_mono(m, local), -1))
    except Rejected:
        return []
    out: list[Row] = []
    shape = form(slack).coefficients
    for r, c in shape.items():
        if c >= 0:
            continue
        for key, q in r[0]:
            argument = log_argument(key)
            if argument is None or q != 1 or not key_is_atom(argument):
                continue
            w = _divide(r, key)
            (up, _), = times({w: 1}, atom(argument)).items()
            low = local.interval(argument).lo
            if shape.get(up, 0) <= 0 or low is None or low < 1:
                continue
            for point in sorted({low + j for j in range(12)} | {low * 2 ** j for j in range(8)}):
                coefficient = {split_number(k)[0]: v for k, v in slack.items() if split_number(k)[1] == r}
                tangent = plus(scale(atom(argument), ratio(1 / point)), constant(-1), log_number(point),
                               scale(atom(key), -1))
                weight = times(scale(coefficient, -1), {w: 1})
                fact = {"tangent": argument, "eps": str(1 / point), "times": ascii(to_expr(weight))}
                try:
                    row = finish(m, ((target, Fraction(1)),), [fact], plus(slack, scale(times(weight, tangent), -1)),
                                 local, tight=True)
                except Rejected:
                    continue
                if row is not None:
                    out.append(row)
    out.sort(key=lambda row: row.factor)
    return out[:1]


def symbolic_row(m: Mono, targets: Sequence[Mono], context: Context, names: frozenset[str]) -> Row | None:
    """A row whose tangent has a slope in constant parameters: p*log(A) against q*A with p, q > 0 constant, by the tangent
    with e = q/p, and the rest into the share."""
    try:
        local = positive_part(m, context)
        own = log_mono(m, local)
    except Rejected:
        return None
    for t in targets:
        try:
            slack = plus(log_mono(t, local), scale(own, -1))
        except Rejected:
            continue
        facts: list[Mapping[str, Any]] = []
        for r, c in sorted(slack.items(), key=repr):
            if c >= 0:
                continue
            found = _symbolic_tangent(r, c, slack, local, names)
            if found is None:
                continue
            facts.append(found.data)
            slack = plus(slack, scale(found.poly, -1))
        row = finish(m, ((t, Fraction(1)),), facts, slack, local, names=names)
        if row is not None:
            return row
    return None


def _fixed(r: Mono, names: frozenset[str]) -> bool:
    """Whether a monomial is a number times constant parameters."""
    rest = split_number(r)[1]
    return rest == UNIT or constant_coordinate(rest, names)


def _symbolic_tangent(r: Mono, c: Any, slack: Poly, context: Context, names: frozenset[str]) -> Fact | None:
    """The tangent that removes c*r, r = k*log(A), against half of a positive term k'*A or k'*log(A)^..."""
    for key, q in r[0]:
        argument = log_argument(key)
        if argument is None or q != 1:
            continue
        coefficient = _divide(r, key)
        if not _fixed(coefficient, names):
            continue
        inner = polynomial(key_expr(argument), context)
        if len(inner) != 1:
            continue
        (a, one), = inner.items()
        if one != 1 or not a[0]:
            continue
        for s, d in slack.items():
            if d <= 0 or dict(s[0]).get(a[0][0][0], 0) < 1:
                continue
            rest = next(iter(times({s: 1}, exponential(scale(log_mono(a, context), -1)))))
            if not _fixed(rest, names):
                continue
            weight = {coefficient: ratio(-Fraction(c))}
            eps = times({rest: ratio(Fraction(d) / 2)}, exponential(scale(log_mono(coefficient, context), -1)))
            eps = scale(eps, ratio(1 / -Fraction(c)))
            (e_mono, e_q), = eps.items()
            tangent = plus(times(eps, {a: 1}), constant(-1), scale(log_number(Fraction(e_q)), -1),
                           scale(log_mono(e_mono, context), -1), scale(log_mono(a, context), -1))
            return Fact({"tangent": mono_text(a), "eps": ascii(to_expr(eps)), "times": ascii(to_expr(weight))},
                        times(weight, tangent))
    return None


def find_row(m: Mono, targets: Sequence[Mono], context: Context, names: frozenset[str] = frozenset()) -> Row | None:
    """A row for m: direct if possible, else a tangent with a symbolic slope, else from the linear program.  `names` are the
    constant parameters that the constant of the bound may mention."""
    row = direct_row(m, targets, context)
    if row is not None or quick():
        return row
    if names:
        from verifier.scales.decay import decaying_row
        row = direct_row(m, targets, context, names=names) or symbolic_row(m, targets, context, names) \
            or decaying_row(m, targets, context, names)
    return row if row is not None else farkas_row(m, targets, context, names)
