"""What a certificate says, tested at many sizes by an evaluator that shares nothing with the kernel's.

It computes with 60 digits (mpmath), so it may only say that something is clearly false; it never says that something is
true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from typing import Any

import mpmath

from verifier.kernel.claim import Claim, Parameter, claim_from_json
from verifier.lang.ast import App, Expr, Num, Relation, Var
from verifier.lang.parse import parse_expression

mpmath.mp.dps = 60
SMALL = mpmath.mpf(10) ** -40
Env = Mapping[str, mpmath.mpf]


class Unknown(Exception):
    """No value: undefined, or too large to compute."""


def value(e: Expr, env: Env) -> mpmath.mpf:
    """The value of an expression, rounded to 60 digits."""
    try:
        out = _value(e, env)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError) as error:
        raise Unknown(str(error)) from error
    if isinstance(out, mpmath.mpc) or not mpmath.isfinite(out):
        raise Unknown("not a real number")
    return out


def _value(e: Expr, env: Env) -> Any:
    match e:
        case Num(q):
            return mpmath.mpf(q.numerator) / q.denominator
        case Var(name):
            return env[name]
        case App("sum", (term, Var(i), low, high)):
            a, b = round(value(low, env)), round(value(high, env))
            if b - a > 3000:
                raise Unknown("a long sum")
            return mpmath.fsum(value(term, {**env, i: mpmath.mpf(k)}) for k in range(a, b + 1))
        case App(op, args):
            x = [value(a, env) for a in args]
            match op:
                case "+":
                    return mpmath.fsum(x)
                case "*":
                    return mpmath.fprod(x)
                case "neg":
                    return -x[0]
                case "/":
                    return x[0] / x[1]
                case "^":
                    return _power(x[0], x[1])
                case "log":
                    return mpmath.log(_positive(x[0])) / (mpmath.log(_positive(x[1])) if len(x) == 2 else 1)
                case "log2":
                    return mpmath.log(_positive(x[0])) / mpmath.log(2)
                case "exp":
                    return _power(mpmath.e, x[0])
                case "sqrt":
                    return mpmath.sqrt(x[0])
                case "floor":
                    return mpmath.floor(x[0] + SMALL)
                case "ceil":
                    return mpmath.ceil(x[0] - SMALL)
                case "min":
                    return min(x)
                case "max":
                    return max(x)
                case "factorial":
                    if x[0] > 10**5:
                        raise Unknown("a large factorial")
                    return mpmath.factorial(x[0])
                case "binomial":
                    return mpmath.binomial(x[0], x[1])
    raise Unknown(str(e))


def _positive(x: mpmath.mpf) -> mpmath.mpf:
    if x <= 0:
        raise Unknown("log of a number <= 0")
    return x


def _power(x: mpmath.mpf, y: mpmath.mpf) -> mpmath.mpf:
    if x > 0 and abs(y * mpmath.log(x)) > 10**7:
        raise Unknown("a large power")
    return mpmath.power(x, y)


def clearly_false(r: Relation, env: Env) -> bool:
    """Whether the relation fails by more than rounding can explain."""
    try:
        a, b = value(r.left, env), value(r.right, env)
    except Unknown:
        return False
    margin = SMALL * (1 + abs(a) + abs(b))
    match r.op:
        case "<=":
            return a > b + margin
        case "<":
            return a > b + margin or abs(a - b) <= SMALL * margin
        case ">=":
            return a < b - margin
        case ">":
            return a < b - margin or abs(a - b) <= SMALL * margin
        case "=":
            return abs(a - b) > margin
    raise AssertionError(r.op)


_SIZES = tuple(map(Fraction, (1, 2, 3, 5, 10, 37, 1000, 10**6, 10**12, 10**40)))
_REALS = (*_SIZES, *(Fraction(1, k) for k in (2, 3, 10, 1000)), Fraction(99, 100), Fraction(3, 2))


def _choices(p: Parameter, count: int) -> list[Fraction]:
    low = p.lower if p.lower is not None else Fraction(-3)
    found = [low, low + 1, *_SIZES] if p.kind == "integer" else [low, *(_REALS)]
    if p.lower is None:
        found += [Fraction(-1), Fraction(0), Fraction(-100)]
    if p.upper is not None:
        found += [p.upper, p.upper - 1, (low + p.upper) / 2]
    out = [q for q in dict.fromkeys(found) if _inside(p, q)]
    return out if len(out) <= count else out[::max(1, len(out) // count)] + out[-1:]


def _inside(p: Parameter, q: Fraction) -> bool:
    if p.kind == "integer" and q.denominator != 1:
        return False
    if p.lower is not None and (q < p.lower or p.lower_open and q == p.lower):
        return False
    return p.upper is None or q < p.upper or q == p.upper and not p.upper_open


def points(claim: Claim, limit: int = 1500) -> Iterator[dict[str, mpmath.mpf]]:
    """Points of the domain that satisfy the exact assumptions."""
    count = max(3, int(limit ** (1 / max(1, len(claim.parameters)))))
    for q in islice(product(*(_choices(p, count) for p in claim.parameters)), limit):
        env = {p.name: mpmath.mpf(v.numerator) / v.denominator for p, v in zip(claim.parameters, q)}
        if not any(clearly_false(a, env) for a in claim.assumptions if a.op in ("=", "<=", "<", ">=", ">")):
            yield env


def complaint(certificate: Mapping[str, Any]) -> str | None:
    """Where the statement that an accepted certificate establishes is clearly false; None if no such place was found.

    Certificates with Landau assumptions or Landau classes on the left are not judged: they speak about unknown constants."""
    claim = claim_from_json(certificate["claim"])
    if claim.recurrences or any(a.op not in ("=", "<=", "<", ">=", ">") for a in claim.assumptions):
        return None
    if certificate["verdict"] == "refuted":
        return _refutation(certificate, claim)
    r = claim.statement
    if r.op in ("=", "<=", "<", ">=", ">"):
        return next((f"{r} at {env}" for env in points(claim) if clearly_false(r, env)), None)
    constants = {k: parse_expression(str(v)) for k, v in certificate.get("constants", {}).items()}
    growing = [p.name for p in claim.parameters if p.role == "growing" and p.upper is None]
    threshold = mpmath.mpf(str(Fraction(str(certificate["constants"].get("threshold", "1"))).__ceil__()))
    for env in points(claim):
        large = [env[n] >= threshold for n in growing]
        strength = certificate["strength"]
        if strength == "all-large" and not all(large) or strength == "any-large" and not any(large):
            continue
        for obligation in _bounds(r, constants):
            if clearly_false(obligation, env):
                return f"{obligation} at {env}"
    return None


def _bounds(r: Relation, constants: Mapping[str, Expr]) -> Iterator[Relation]:
    def times(a: Expr, b: Expr) -> Expr:
        return App("*", (a, b))

    f, g = r.left, r.right
    match r.op:
        case "O":
            yield Relation("<=", f, times(constants["upper"], g))
        case "Omega":
            yield Relation("<=", times(constants["lower"], g), f)
        case "Theta":
            yield from _bounds(Relation("O", f, g), constants)
            yield from _bounds(Relation("Omega", f, g), constants)
        case "o":
            yield Relation("<=", times(f, constants["rate"]), times(constants["upper"], g))
        case "omega":
            yield Relation("<=", times(g, constants["rate"]), times(constants["lower"], f))
        case "~":
            minus = App("+", (f, App("neg", (g,))))
            yield Relation("<=", times(minus, constants["rate"]), times(constants["upper"], g))
            yield Relation("<=", times(App("neg", (minus,)), constants["rate"]), times(constants["lower"], g))


def _refutation(certificate: Mapping[str, Any], claim: Claim) -> str | None:
    r = claim.statement
    if "assignment" in certificate:
        env = {k: mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator
               for k, v in certificate["assignment"].items()}
        turned = {"=": "!=", "<=": ">", "<": ">=", ">=": "<", ">": "<="}[r.op]
        if turned != "!=" and clearly_false(Relation(turned, r.left, r.right), env):
            return f"{r} holds at {env}"
        return None
    family = certificate["family"]
    sizes = {k: parse_expression(str(v)) for k, v in family["sizes"].items()}
    t, start = family["parameter"], Fraction(family["from"]).__ceil__()
    ratios = []
    for step in (0, 1, 2, 5, 20, 60):
        at = {t: mpmath.mpf(start + step)}
        try:
            env = {k: value(e, at) for k, e in sizes.items()}
        except Unknown:
            continue
        for p in claim.parameters:
            outside = p.lower is not None and env[p.name] < p.lower.numerator / mpmath.mpf(p.lower.denominator) - SMALL
            if outside or p.kind == "integer" and abs(env[p.name] - mpmath.nint(env[p.name])) > SMALL:
                return f"{p.name} = {env[p.name]} leaves its domain"
        if any(clearly_false(a, env) for a in claim.assumptions):
            return f"an assumption fails at {env}"
        try:
            f, g = value(r.left, env), value(r.right, env)
        except Unknown:
            continue
        if g <= 0:
            return f"the bound is not positive at {env}"
        ratios.append(f / g)
    if len(ratios) < 3:
        return None
    last, first = ratios[-1], ratios[0]
    side = family["side"]
    if r.op in ("O", "Theta") and side == "upper" and last <= first * mpmath.mpf("0.999"):
        return f"the ratio does not grow: {first} .. {last}"
    if r.op in ("Omega", "Theta") and side == "lower" and first > 0 and last >= first * mpmath.mpf("1.001"):
        return f"the ratio does not fall: {first} .. {last}"
    return None
