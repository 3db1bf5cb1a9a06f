"""Tactics over the integers that every rule uses: identities by `ring`, signs by their structure, and relations as non-negative
combinations of known ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
from verifier.kernel.normal import factor, polynomial, to_expr
from verifier.lang.ast import App, Expr, Num, Var, power

# ---------------------------------------------------------------- equations


def ring(es: Iterable[Expr], scope: IntegerScope) -> Lines:
    """Tactics for an equation that is an identity of polynomials over the atoms of the expressions."""
    return [*canonical(es, scope), "ring."]


def canonical(es: Iterable[Expr], scope: IntegerScope) -> Lines:
    """Sums with bounds, max and min with arguments, and powers with exponents in normal form."""
    lines: Lines = []
    seen: list[str] = []
    for e in es:
        for node in _nodes(e):
            own = scope.real(node)
            if own in seen:
                continue
            seen.append(own)
            normal = scope.real(whole_poly(polynomial(node, scope.context)))
            if normal == own or _renamed(node, normal, scope):
                continue
            proof = {
                "^": "powers.",
                "sum": "apply f_equal2; ring.",
                "max": "lia.",
                "min": "lia.",
            }.get(node.op)
            if proof is None:
                raise NotExported("an integer part taken out of floor or ceil")
            if node.op == "^":
                simple = power(node.args[0], to_expr(polynomial(node.args[1], scope.context)))
                if scope.real(simple) != own:
                    name = scope.fresh("E")
                    lines.append(f"assert ({name} : {own} = {scope.real(simple)}) by (apply f_equal; ring). rewrite ?{name}. clear {name}.")
                    own, node = scope.real(simple), simple
                    if own == normal:
                        continue
            name = scope.fresh("E")
            lines.append(f"assert ({name} : {own} = {normal}) by ({_bases(node, scope)}{proof[:-1]}). rewrite ?{name}. clear {name}.")
    return lines


def _bases(node: App, scope: IntegerScope) -> str:
    """Composite bases as products of primes."""
    if node.op != "^" or not isinstance(node.args[0], Num):
        return ""
    n = int(node.args[0].value)
    primes = factor(n)
    if primes == {n: 1} or n < 2:
        return ""
    return f"replace {n} with ({' * '.join(f'{p}^{k}' if k > 1 else str(p) for p, k in primes.items())}) by reflexivity; rewrite <- ?Z.pow_mul_r by lia; "


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
    terms, exprs, proofs = [], [goal.left, goal.right], []
    strict = goal.op == "<"
    done = False
    for p in sorted(parts, key=lambda p: p.known.op != "<"):
        x = product(common.over(p.known.den * p.by.den).expr(), p.by.top)
        terms.append(f"{scope.tight(x)} * ({scope.real(p.known.right)} - ({scope.real(p.known.left)}))")
        exprs += [p.known.left, p.known.right, x]
        if p.known.op == "=":
            proofs.append([f"apply {'GlueZ.part_eq' if goal.op == '=' else 'GlueZ.part_eq_le'}; exact {p.name}."])
        elif strict and p.known.op == "<" and not done:
            done = True
            proofs.append(["apply GlueZ.part_lt.", *block(nonnegative(x, scope, strict=True)), *block([f"exact {p.name}."])])
        else:
            proofs.append(
                ["apply GlueZ.part_le.", *block(nonnegative(x, scope)), *block([_exact(p.name, p.known.op, "<=")])]
            )
    if slack is not None:
        s = over(common, slack)
        terms.append(scope.tight(s))
        exprs.append(s)
        proofs.append(nonnegative(s, scope, strict=strict and not done))
        done = done or strict
    if strict and not done:
        raise NotExported("a strict inequality from weak ones")
    lemma = {"<=": "combine_le", "<": "combine_lt", "=": "combine_eq"}[goal.op]
    adding = {"<=": "Z.add_nonneg_nonneg", "<": "Z.add_pos_nonneg", "=": "GlueZ.add_zero"}[goal.op]
    total = " + ".join(terms) or "0"
    lines = [f"apply (GlueZ.{lemma} {scope.tight(y.expr())} _ _ ({total})).", *block(positive(y, scope)), *block(ring([*exprs, y.expr()], scope))]
    if not terms:
        return [*lines, *block(["reflexivity." if goal.op == "=" else "lia."])]
    last: Lines = proofs[0]
    first = f"apply {adding}."
    # ((t1 + t2) + t3): the sum is taken apart from the right
    for q in proofs[1:]:
        rest = "apply Z.add_nonneg_nonneg." if goal.op == "<=" else first
        last = [rest, *block(last), *block(q)]
    return [*lines, *block(last)]


def _exact(name: str, have: str, want: str) -> str:
    if have == want:
        return f"exact {name}."
    return {"<": f"exact (Z.lt_le_incl _ _ {name}).", "=": f"exact (Z.eq_le_incl _ _ {name})."}[have]


