"""Tactics over the integers that every rule uses: identities by `ring`, signs by their structure, and relations as non-negative
combinations of known ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.bridge.integers import (
    ONE,
    Compared,
    Den,
    IntegerScope,
    Quotient,
    over,
    product,
    whole_poly,
)
from verifier.bridge.proof import Lines, block, shift
from verifier.bridge.text import NotExported
from verifier.kernel.context import Rejected
from verifier.kernel.normal import UNIT, factor, polynomial, to_expr
from verifier.lang.ast import App, Expr, Num, Var, power, sub
from verifier.lang.show import ascii

# ---------------------------------------------------------------- equations


def ring(es: Iterable[Expr], scope: IntegerScope) -> Lines:
    """Tactics for an equation that is an identity of polynomials over the atoms of the expressions."""
    return [*canonical(es, scope), "ring."]


def canonical(es: Iterable[Expr], scope: IntegerScope) -> Lines:
    """Sums with bounds, max and min with arguments, integer parts and powers with exponents in normal form."""
    lines: Lines = []
    seen: list[str] = []
    nodes = [n for e in es for n in _nodes(e)]
    shifted = _shifted_powers(nodes, scope)
    for node in nodes:
        own = scope.real(node)
        if own in seen:
            continue
        seen.append(own)

        def put(new: str, proof: str, own: str = own) -> None:
            name = scope.fresh("E")
            lines.append(f"assert ({name} : {own} = {new}) by ({proof}). rewrite ?{name}. clear {name}.")

        if own in shifted:
            new, k = shifted[own]
            if new != own:
                base = scope.tight(node.args[0])
                put(*((f"{base} ^ {k} * {new}", "apply GlueZ.pow_shift; [lia | lia | ring]") if k else (new, "apply f_equal; ring")))
            continue
        normal = scope.real(whole_poly(polynomial(node, scope.context)))
        if normal == own or _renamed(node, normal, scope):
            continue
        if node.op == "^":
            simple = power(node.args[0], to_expr(polynomial(node.args[1], scope.context)))
            shown = scope.real(simple)
            if shown != own:
                put(shown, "apply f_equal; ring")
            if shown != normal:
                put(normal, _power_laws(simple, scope), shown)
        elif node.op == "sum":
            put(normal, "apply f_equal2; ring")
        elif node.op in ("max", "min"):
            put(normal, "lia")
        else:
            put(normal, "Z.to_euclidean_division_equations; lia")
    return lines


def _shifted_powers(nodes: Sequence[App], scope: IntegerScope) -> dict[str, tuple[str, int]]:
    """Powers b^(e + j) of one b^e of which one has to stay below it, by their text: the least of them and the difference."""
    groups: dict[object, list[tuple[Fraction, App]]] = {}
    for n in nodes:
        if n.op == "^":
            p = polynomial(n, scope.context)
            if len(p) == 1:
                ((m, c),) = p.items()
                groups.setdefault(m, []).append((Fraction(c), n))
    out: dict[str, tuple[str, int]] = {}
    for group in groups.values():
        least, low = min(group, key=lambda t: t[0])
        if least.denominator == 1:
            continue
        simple = power(low.args[0], to_expr(polynomial(low.args[1], scope.context)))
        for _, n in group:
            gap = polynomial(sub(n.args[1], low.args[1]), scope.context)
            if n.args[0] != low.args[0] or not isinstance(n.args[0], Num) or any(m != UNIT for m in gap):
                raise NotExported("powers of bases with a common root")
            out[scope.real(n)] = scope.real(simple), int(Fraction(gap.get(UNIT, 0)))
    return out


def _power_laws(e: App, scope: IntegerScope) -> str:
    """b^(sum of c*x) as the product of (p^x)^c over the primes of b."""
    base, exponent = e.args
    out, bases = [], [scope.tight(base)]
    if isinstance(base, Num) and base.value >= 2:
        primes = factor(int(base.value))
        if list(primes.values()) != [1]:
            bases = [str(p) for p in primes]
            out.append(f"change {base.value} with ({' * '.join(f'{p} ^ {k}' for p, k in primes.items())}); rewrite ?Z.pow_mul_l")
            out += [f"rewrite ?(GlueZ.pow_swap {p} {k} {scope.tight(exponent)}) by (first [lia | pos])" for p, k in primes.items()]
    out.append("rewrite ?Z.pow_add_r by (first [lia | pos])")
    for m, c in polynomial(exponent, scope.context).items():
        if m != UNIT and c != 1:
            x = scope.tight(to_expr({m: 1}))
            out += [f"rewrite ?(GlueZ.pow_times {b} {c} {x}) by (first [lia | pos])" for b in bases]
    return "; ".join([*out, "ring"])


def _renamed(node: App, normal: str, scope: IntegerScope) -> bool:
    """Whether the normal form differs in the name of the index only."""
    if node.op != "sum":
        return False
    p = polynomial(node, scope.context)
    e = to_expr(p)
    return isinstance(e, App) and e.op == "sum" and e.args[2:] == node.args[2:]


def _nodes(e: Expr) -> list[App]:
    """Sums, extrema, integer parts and powers that are not natural numbers, a function before those in its arguments."""
    out: list[App] = []
    if isinstance(e, App):
        if e.op in ("sum", "max", "min", "floor", "ceil") or e.op == "^" and not isinstance(e.args[1], Num):
            out.append(e)
        for a in e.args if e.op != "sum" else ():
            out += _nodes(a)
    return out


# ---------------------------------------------------------------- signs


def nonnegative(e: Expr, scope: IntegerScope, *, strict: bool = False) -> Lines:
    """Tactics for 0 <= e (0 < e) for an integer expression, by manifest signs, shift positivity or the structure of e."""
    lemma = "GlueZ.pos_as" if strict else "GlueZ.nonneg_as"
    if isinstance(e, Num | Var):
        return ["lia."]
    try:
        shifted = shift(polynomial(e, scope.context), scope, strict=strict)
    except Rejected:
        shifted = None
    if shifted is None and not (scope.context.positive(f"({ascii(e)})") if strict else scope.context.at_least(e, Fraction(0))):
        raise NotExported(f"the sign of {ascii(e)[:60]}")
    if shifted is None or _has_power(e):
        return ["first [lia | pos | nia]."]
    text, plain = shifted
    if text == scope.real(e):
        return ["pos."]
    return [f"apply ({lemma} _ ({text})).", *block(ring([e, plain], scope)), *block(["pos."])]


def _has_power(e: Expr) -> bool:
    return any(n.op == "^" for n in _nodes(e))


def positive(d: Den, scope: IntegerScope) -> Lines:
    return ["reflexivity."] if not d.factors else nonnegative(d.expr(), scope, strict=True)


# ---------------------------------------------------------------- combinations


WHOLE = Quotient(ONE)


@dataclass(frozen=True)
class Part:
    """A known relation (the hypothesis `name`) times a quotient >= 0 (any for an equation)."""

    name: str
    known: Compared
    by: Quotient = WHOLE


def combine(goal: Compared, parts: Sequence[Part], scope: IntegerScope, slack: Quotient | None = None) -> Lines:
    """`goal` from a combination of known relations, and a quotient >= 0 on its larger side."""
    if slack is None and len(parts) == 1 and parts[0].by == WHOLE:
        (p,) = parts
        if (p.known.left, p.known.right) == (goal.left, goal.right):
            return [_exact(p.name, p.known.op, goal.op)]
    common = goal.den
    for p in parts:
        common = common.join(p.known.den * p.by.den)
    if slack is not None:
        common = common.join(slack.den)
    y = common.over(goal.den)
    terms, exprs = [], [goal.left, goal.right, y.expr()]
    proofs: list[tuple[Lines, bool]] = []
    strict = goal.op == "<"
    for p in parts:
        x = product(common.over(p.known.den * p.by.den).expr(), p.by.top)
        terms.append(f"{scope.tight(x)} * ({scope.real(p.known.right)} - ({scope.real(p.known.left)}))")
        exprs += [p.known.left, p.known.right, x]
        if p.known.op == "=":
            proofs.append(([f"apply {'GlueZ.part_eq' if goal.op == '=' else 'GlueZ.part_eq_le'}; exact {p.name}."], False))
        elif strict and p.known.op == "<":
            strict = False
            sign = nonnegative(x, scope, strict=True)
            proofs.append((["apply GlueZ.part_lt.", *block(sign), *block([f"exact {p.name}."])], True))
        else:
            known = _exact(p.name, p.known.op, "<=")
            proofs.append((["apply GlueZ.part_le.", *block(nonnegative(x, scope)), *block([known])], False))
    if slack is not None:
        s = over(common, slack)
        terms.append(scope.tight(s))
        exprs.append(s)
        proofs.append((nonnegative(s, scope, strict=strict), strict))
        strict = False
    if strict:
        raise NotExported("a strict inequality from weak ones")
    lemma = {"<=": "combine_le", "<": "combine_lt", "=": "combine_eq"}[goal.op]
    lines = [
        f"apply (GlueZ.{lemma} {scope.tight(y.expr())} _ _ ({' + '.join(terms) or '0'})).",
        *block(positive(y, scope)),
        *block(ring(exprs, scope)),
    ]
    if not terms:
        return [*lines, *block(["reflexivity." if goal.op == "=" else "lia."])]
    # ((t1 + t2) + t3): the sum is taken apart from the right
    shown, done = proofs[0]
    for proof, last in proofs[1:]:
        adding = "Z.add_nonneg_pos" if last else "Z.add_pos_nonneg" if done else "Z.add_nonneg_nonneg"
        shown = [f"apply {'GlueZ.add_zero' if goal.op == '=' else adding}.", *block(shown), *block(proof)]
        done = done or last
    return [*lines, *block(shown)]


def _exact(name: str, have: str, want: str) -> str:
    if have == want:
        return f"exact {name}."
    return {"<": f"exact (Z.lt_le_incl _ _ {name}).", "=": f"exact (Z.eq_le_incl _ _ {name})."}[have]


