"""Each rule of the kernel in words, with the numbers of the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from verifier.lang.ast import App, Expr, Num, Relation, Var, div, mul, neg, num, power, rebuild, sub, substitute
from verifier.lang.errors import SourceError
from verifier.lang.parse import parse_expression, parse_relation
from verifier.report.document import Block, Display, Formula, Inline, Paragraph, Run, Steps, is_long

Step = Mapping[str, Any]
Names = Callable[[Expr], Expr]


def expression(text: object) -> Expr:
    """An expression of a certificate, with internal names made readable."""
    return readable(parse_expression(str(text), functions=None))


def relation(text: object) -> Relation:
    """A relation of a certificate, with internal names made readable."""
    r = parse_relation(str(text), functions=None)
    return Relation(r.op, readable(r.left), readable(r.right))


def readable(e: Expr) -> Expr:
    """_C0 and _c0, the constants of an asymptotic assumption, are shown as C_0 and c_0; products without a factor 1."""
    if isinstance(e, Var):
        return Var(e.name[1:2] + "_" + e.name[2:]) if e.name[:2] in ("_C", "_c") and e.name[2:].isdigit() else e
    if isinstance(e, App) and e.op == "sum":
        term, index, low, high = e.args
        return App("sum", (readable(term), index, readable(low), readable(high)))
    e = rebuild(e, readable)
    if isinstance(e, App) and e.op == "*" and isinstance(e.args[0], Num) and e.args[0].value in (1, -1):
        rest = mul(*e.args[1:])
        return rest if e.args[0].value == 1 else neg(rest)
    return e


def proof(steps: Sequence[Step], prefix: str = "") -> list[Block]:
    """A proof as numbered steps; a proof of one step is a paragraph."""
    if len(steps) == 1:
        return step_blocks(steps[0], prefix, steps, alone=True)
    return [
        Steps([(f"{prefix}{k + 1}", step_blocks(s, prefix, steps, number=f"{prefix}{k + 1}")) for k, s in enumerate(steps)])
    ]


def step_blocks(step: Step, prefix: str, steps: Sequence[Step], *, number: str = "", alone: bool = False) -> list[Block]:
    """The conclusion of a step and why it holds."""
    goal = relation(step["conclusion"])
    why, nested = reason(step, goal, [f"({prefix}{k + 1})" for k in step.get("premises", [])], number or prefix.rstrip("."))
    out: list[Block] = []
    if is_long(goal):
        out += [Display(goal), Paragraph(_capital(why))]
    elif alone:
        out.append(Paragraph([goal, ": ", *why]))
    else:
        out.append(Paragraph([goal, ": ", *why]))
    return out + nested


def _capital(run: Run) -> Run:
    if run and isinstance(run[0], str) and run[0]:
        return [run[0][0].upper() + run[0][1:], *run[1:]]
    return run


def reason(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    """Why the conclusion of a step holds, and the proofs nested in it."""
    found = _RULES.get(str(step["rule"]))
    if found is None:
        return [f"by the rule {step['rule']}."], []
    return found(step, goal, list(dict.fromkeys(premises)), number)


def _listed(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def _join(parts: Sequence[Run], glue: str = ", ") -> list[Inline]:
    out: list[Inline] = []
    for k, p in enumerate(parts):
        if k:
            out.append(glue)
        out += p
    return out


def _ring(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["multiplied out, both sides are the same polynomial in the same terms."], []


def _bounds(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["an assumption, or immediate from the ranges of the parameters."], []


def _chain(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return [f"by transitivity from {_listed(premises)}."], []


def _antisymmetry(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return [f"both inequalities hold, by {_listed(premises)}."], []


def _scale(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return [f"multiply both sides of {_listed(premises)} by ", expression(step["by"]), ", which is positive."], []


def _dominate(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    rows = step.get("rows", [])
    if not rows:
        return [
            "move everything to the right-hand side and multiply out, over a common positive denominator if there is one: no "
            "coefficient is negative, and every term is non-negative."
        ], []
    items: list[tuple[str, Sequence[Block]]] = []
    for k, row in enumerate(rows):
        items.append((f"{number}.{k + 1}" if number else str(k + 1), [Paragraph(_row(row))]))
    start: Run = [
        "move everything to one side and multiply out, over a common positive denominator if there is one. The terms on the "
        "smaller side are covered one by one, and the coefficients used up do not exceed those on the larger side."
    ]
    return start, [Steps(items)]


def _row(row: Step) -> Run:
    """M <= C * sum_t w_t k_t G_t, and why."""
    term = expression(row["term"])
    weights = [(expression(w[0]), Fraction(w[1]), Fraction(w[2]) if len(w) > 2 else Fraction(1)) for w in row["weights"]]
    factor = Fraction(row.get("factor", "1"))
    scaled = [(g if k == 1 else mul(num(k), g), w) for g, w, k in weights]
    parts = [g if w == 1 else mul(num(w), g) for g, w in scaled]
    bound: Expr = parts[0] if len(parts) == 1 else App("+", tuple(parts))
    if factor != 1:
        bound = mul(num(factor), bound)
    out: list[Inline] = [Relation("<=", term, bound)]
    if "amount" in row:
        out += [" (used ", num(Fraction(row["amount"])), " times)"]
    if len(weights) > 1:
        product = mul(*(g if w == 1 else power(g, num(w)) for g, w in scaled))
        out += [
            ", since ",
            Relation("<=", term, product if factor == 1 else mul(num(factor), product)),
            " and a weighted geometric mean is at most the weighted arithmetic mean",
        ]
    facts = [_fact(f) for f in row.get("facts", [])]
    if facts:
        out += ["; this uses ", *_join(facts, "; ")]
    elif len(weights) == 1:
        out += [", since the factors left over are at least 1"]
    out.append(".")
    return out


def _fact(fact: Step) -> Run:
    times = fact.get("times", "1")
    out: list[Inline]
    if "tangent" in fact:
        a, eps = expression(fact["tangent"]), expression(fact["eps"])
        out = [
            Relation("<=", App("log", (a,)), App("+", (mul(eps, a), num(-1), neg(App("log", (eps,)))))),
            " (the tangent of the logarithm)",
        ]
    else:
        kind = "log" if "log" in fact else "plain"
        left, right = (expression(t) for t in fact[kind])
        out = [Relation("<=", left, right)]
        if kind == "log":
            out.append(" (in logarithms)")
    if times != "1":
        out += [" times ", expression(times)]
    return out


def _monotone(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return [
        f"put {_listed(premises)} into the expression, which is monotone in the places that change (sums, products with "
        "non-negative factors, quotients with positive divisors, powers, logarithms)."
    ], []


def _rounding(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    e = expression(step["of"])
    x = e.args[0] if isinstance(e, App) else e
    text = (
        "rounding down takes away less than 1" if isinstance(e, App) and e.op == "floor" else "rounding up adds less than 1"
    )
    if "denominator" in step:
        d = Fraction(step["denominator"])
        return [text + ", here at most ", num(1 - 1 / d), " because ", mul(num(d), x), " is an integer."], []
    return [text + "."], []


def _extremum(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    after = f", with {_listed(premises)}" if premises else ""
    return [f"by the definition of the maximum and the minimum{after}."], []


def _log_sum(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return [
        "the logarithm is concave (Jensen's inequality with the weights ",
        *_join([[num(Fraction(w))] for _, w in step["weights"]]),
        ").",
    ], []


def _tangent(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["the logarithm lies below its tangent at ", div(num(1), expression(step["eps"])), "."], []


def _stirling(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["Stirling's bounds of the factorial of ", expression(step["of"]), "."], []


def _max_geometric(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return [
        "bounds of the expected maximum of independent geometric variables (Eisenberg 2008)."
    ], []


def _telescoping(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    s, f = expression(step["of"]), expression(step["antidifference"])
    out: list[Inline] = ["the sum telescopes: "]
    if isinstance(s, App) and s.op == "sum" and isinstance(s.args[1], Var):
        i = s.args[1].name
        before = substitute(f, {i: sub(Var(i), num(1))})
        op = "=" if "inductive" not in step else "<=" if goal.left == s else ">="
        out += [
            "with ",
            Relation("=", App("F", (Var(i),)), f),
            ", ",
            Relation(op, s.args[0], App("+", (App("F", (Var(i),)), neg(App("F", (sub(Var(i), num(1)),)))))),
            " for every ",
            Var(i),
            " in the range",
        ]
        del before
    out.append(".")
    nested: list[Block] = []
    if "inductive" in step:
        nested = [Paragraph(["For the inequality of one term:"]), *proof(step["inductive"], f"{number}." if number else "")]
    return out, nested


def _termwise(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["bound every term by ", expression(step["term"]), "."], proof(step["inductive"], f"{number}." if number else "")


def _integral(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    how = "increases" if step.get("direction") == "increasing" else "decreases"
    return [
        f"compare the sum with an integral: the term {how} on the range, and ",
        expression(step["antiderivative"]),
        " is an antiderivative of it.",
    ], proof(step["monotone"], f"{number}." if number else "")


def _half_range(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["the term grows, so the upper half of the terms are at least the middle one."], proof(
        step["monotone"], f"{number}." if number else ""
    )


def _member(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    nested = proof(step["nonnegative"], f"{number}." if number else "") if "nonnegative" in step else []
    return ["a sum of non-negative terms is at least its term for the index ", expression(step["at"]), "."], nested


def _split(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    name, at, below = str(step["parameter"]), Fraction(step["at"]), step["below"]
    items: list[tuple[str, Sequence[Block]]] = []
    start = at - len(below)
    base = f"{number}." if number else ""
    for k, steps in enumerate(below):
        items.append(
            (
                f"{base}{k + 1}",
                [Paragraph(["Case ", Relation("=", Var(name), num(start + k)), ":"]), *proof(steps, f"{base}{k + 1}.")],
            )
        )
    k = len(below) + 1
    items.append(
        (f"{base}{k}", [Paragraph(["Case ", Relation(">=", Var(name), num(at)), ":"]), *proof(step["above"], f"{base}{k}.")])
    )
    return ["by cases."], [Steps(items)]


def _residues(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    name, m, d = str(step["parameter"]), str(step["quotient"]), Fraction(step["modulus"])
    base = f"{number}." if number else ""
    items: list[tuple[str, Sequence[Block]]] = []
    for r, steps in enumerate(step["cases"]):
        value = mul(num(d), Var(m)) if r == 0 else App("+", (mul(num(d), Var(m)), num(r)))
        items.append(
            (f"{base}{r + 1}", [Paragraph(["Case ", Relation("=", Var(name), value), ":"]), *proof(steps, f"{base}{r + 1}.")])
        )
    return ["by cases of the remainder of ", Var(name), " modulo ", num(d), "."], [Steps(items)]


def _cases(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    a, b = expression(step["left"]), expression(step["right"])
    base = f"{number}." if number else ""
    items: list[tuple[str, Sequence[Block]]] = [
        (f"{base}1", [Paragraph(["Case ", Relation("<=", a, b), ":"]), *proof(step["first"], f"{base}1.")]),
        (f"{base}2", [Paragraph(["Case ", Relation("<=", b, a), ":"]), *proof(step["second"], f"{base}2.")]),
    ]
    return ["one of two cases holds."], [Steps(items)]


def _evaluate(step: Step, goal: Relation, premises: Sequence[str], number: str) -> tuple[Run, list[Block]]:
    return ["a relation between numbers, by exact arithmetic."], []


Reason = Callable[[Step, Relation, Sequence[str], str], tuple[Run, list[Block]]]
_RULES: Mapping[str, Reason] = {
    "ring": _ring,
    "bounds": _bounds,
    "chain": _chain,
    "antisymmetry": _antisymmetry,
    "scale": _scale,
    "dominate": _dominate,
    "monotone": _monotone,
    "rounding": _rounding,
    "extremum": _extremum,
    "log_sum": _log_sum,
    "tangent": _tangent,
    "stirling": _stirling,
    "max_geometric": _max_geometric,
    "telescoping": _telescoping,
    "termwise": _termwise,
    "integral": _integral,
    "half_range": _half_range,
    "member": _member,
    "split": _split,
    "residues": _residues,
    "cases": _cases,
    "evaluate": _evaluate,
}
KNOWN = frozenset(_RULES)
"""The rules that have words of their own."""

__all__ = ["KNOWN", "Formula", "SourceError", "expression", "proof", "readable", "relation"]
