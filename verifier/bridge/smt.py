"""SMT-LIB 2 problems of a certificate's steps (QF_NRA): the step is right if the problem is unsatisfiable.

Atoms of the normal forms become real variables, with the bounds that the context gives them; premises and hypotheses
hold, the conclusion does not.  A domination step has its monomial facts instead of its context.  Sums, logarithms and exponentials are
variables of which only bounds are known; a problem with any of them is `abstract`: a model of it refutes nothing.  Nested proofs are walked with
the contexts in which the kernel checks them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifier.bridge import dominate as dom
from verifier.bridge.normalise import Atom, Atoms
from verifier.bridge.text import NotExported, Printer
from verifier.kernel.check import check, inhabited, read_family
from verifier.kernel.claim import claim_from_json
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.normal import Poly, key_expr, normal
from verifier.kernel.obligations import obligations, refutation_obligations
from verifier.kernel.rules import RULES, expr
from verifier.kernel.sign import nonnegative
from verifier.lang.ast import LANDAU, App, Expr, Num, Relation, Var, free_vars, num, sub, substitute
from verifier.lang.errors import SourceError
from verifier.lang.parse import parse_relation
from verifier.lang.show import ascii, ascii_relation

MAX_EXPONENT = 60
"""Powers are written as products."""


@dataclass(frozen=True)
class Problem:
    """One step as an SMT-LIB 2 script; unsat is expected."""

    name: str
    text: str
    rule: str = "dominate"
    abstract: bool = False


@dataclass(frozen=True)
class Skipped:
    """A step that is no SMT problem, and why."""

    name: str
    rule: str
    reason: str


def problems(certificate: Mapping[str, Any]) -> list[Problem]:
    """The SMT problems of a certificate."""
    return [p for p in survey(certificate) if isinstance(p, Problem)]


def survey(certificate: Mapping[str, Any]) -> list[Problem | Skipped]:
    """Every step of a certificate, nested ones and those of comparisons of recurrences included."""
    out: list[Problem | Skipped] = []
    _certificate(certificate, "", out)
    return out


def _certificate(certificate: Mapping[str, Any], where: str, out: list[Problem | Skipped]) -> None:
    claim = claim_from_json(certificate["claim"])
    if claim.recurrences:
        from verifier.kernel.recurrence import check_recurrence

        def nested(inner: Mapping[str, Any]) -> Any:
            _certificate(inner, f"{where}comparison.", out)
            return check(inner)

        with suppress(Rejected, SourceError, LookupError, ValueError, TypeError):
            check_recurrence(certificate, claim, nested)
        return
    if "assignment" in certificate:
        return
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    strength = str(certificate.get("strength"))
    if certificate["verdict"] == "proved":
        todo = obligations(claim, strength, constants) | inhabited(
            certificate, claim, strength, claim.statement.op in (*LANDAU, "~")
        )
    else:
        data = certificate["family"]
        todo = refutation_obligations(
            claim, read_family(data), strength, data["side"], expr(data.get("divergence", "1")), constants
        )
    for name, o in todo.items():
        steps = certificate.get("proofs", {}).get(name) or [{"rule": "bounds", "conclusion": ascii_relation(o.goal)}]
        _steps(steps, o.context, where + name, out)


def _steps(steps: Sequence[Any], context: Context, where: str, out: list[Problem | Skipped]) -> None:
    shown: list[Relation] = []
    for k, step in enumerate(steps):
        goal = parse_relation(step["conclusion"], functions=None)
        premises = [shown[i] for i in step.get("premises", [])]
        shown.append(goal)
        name, rule = f"{where}.{k}", step["rule"]
        make = MAKERS.get(rule)
        if make is not None:
            try:
                text, abstract = make(step, goal, premises, context, name)
                out.append(Problem(name, text, rule, abstract))
            except (NotExported, Rejected) as error:
                out.append(Skipped(name, rule, str(error)))
        elif rule not in INSIDE:
            out.append(Skipped(name, rule, NAMED.get(rule, "a named fact")))
        count = itertools.count()

        def nested(inner: Any, case: Context, _: Relation, name: str = name, count: Any = count) -> None:
            _steps(inner, case, f"{name}.{next(count)}", out)

        with suppress(Rejected):  # it is the kernel that judges; what was met on the way is exported
            RULES[rule]({**step, "_prove": nested}, goal, premises, context)


# ---------------------------------------------------------------- scripts


@dataclass
class Script:
    """Assertions over the atoms of some polynomials."""

    context: Context
    atoms: Atoms
    polys: list[tuple[str, Poly]] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    abstract: bool = False

    @classmethod
    def over(cls, context: Context) -> Script:
        return cls(context, Atoms(Printer(context, frozenset())))

    def polynomial(self, r: Relation) -> Poly:
        """The numerator of right - left over a positive denominator."""
        difference = normal(sub(r.right, r.left), self.context)
        if difference.den is not None and not nonnegative(difference.den, self.context, strict=True):
            raise NotExported("a denominator of unknown sign")
        return difference.num

    def holds(self, r: Relation) -> None:
        self.add({"<=": "<=", "<": "<", "=": "="}[r.op], self.polynomial(r))

    def fails(self, r: Relation) -> None:
        self.add({"<=": "fails <=", "<": "fails <", "=": "fails ="}[r.op], self.polynomial(r))

    def add(self, op: str, p: Poly) -> None:
        self.atoms.add([p])
        self.polys.append((op, p))

    def hypotheses(self) -> None:
        """What the context says of its parameters, where that is polynomial."""
        for h in self.context.hypotheses:
            try:
                p = self.polynomial(h)
            except (NotExported, Rejected):
                self.abstract = True
                continue
            if all(kind == "key" and str(what) in self.context.names for kind, what in Atoms(self.atoms.printer).add([p]).roots):
                self.add(h.op, p)
            else:
                self.abstract = True

    def define(self) -> None:
        """Atoms that are sums, maxima, minima, floors and ceilings of others."""
        done: set[Atom] = set()
        while todo := [a for a in self.atoms.roots if a not in done]:
            for atom in todo:
                done.add(atom)
                kind, what = atom
                e = key_expr(str(what)) if kind == "key" else None
                if isinstance(e, App):
                    self._define(e)

    def _define(self, e: App) -> None:
        if e.op in ("+", "neg", "*"):
            return  # `text` says what it is, in the variables
        if e.op in ("floor", "ceil"):
            x = e.args[0]
            low, high = (e, x) if e.op == "floor" else (x, e)
            self.holds(Relation("<=", low, high))
            self.holds(Relation("<", sub(high, num(1)), low))
            self.abstract = True
        elif e.op in ("max", "min"):
            for a in e.args:
                self.holds(Relation("<=", a, e) if e.op == "max" else Relation("<=", e, a))
            self.abstract = True
        else:
            self.abstract = True

    def text(self, name: str, title: str) -> tuple[str, bool]:
        """The script, and whether it is abstract."""
        names = {a: f"x{k}" for k, a in enumerate(self.atoms.roots)}
        lines = [f"; {name}: {title}".replace("\n", " "), "(set-logic QF_NRA)"]
        for a, x in names.items():
            root = self.atoms.roots[a]
            lines += _declaration(a, x, root)
            if a[0] == "exp":
                self.abstract = True
                lines.append(f"(assert (< 0.0 {x}))")
                continue
            key = str(a[1])
            i = Interval(Fraction(key), False, Fraction(key)) if key.isdigit() else self.context.interval(key)
            if root > 1 or self._divided(a):
                if not i.positive:
                    raise NotExported(f"{key} may be 0")
                lines.append(f"(assert (< 0.0 {x}))")
            value = f"(* {' '.join([x] * root)})" if root > 1 else x
            lines += _interval(i, value)
        lines += [self._assertion(op, p, names) for op, p in self.polys]
        for a, x in names.items():
            lines += self._sum(a, x, names)
        return "\n".join([*lines, "(check-sat)"]) + "\n", self.abstract

    def _divided(self, a: Atom) -> bool:
        return any(q < 0 for _, p in self.polys for m in p for b, q in dom.vector_of(m).items() if b == a)

    def _assertion(self, op: str, p: Poly, names: Mapping[Atom, str]) -> str:
        text = _poly(p, self.atoms, names)
        return {
            "<=": f"(assert (<= 0.0 {text}))",
            "<": f"(assert (< 0.0 {text}))",
            "=": f"(assert (= 0.0 {text}))",
            "fails <=": f"(assert (< {text} 0.0))",
            "fails <": f"(assert (<= {text} 0.0))",
            "fails =": f"(assert (not (= {text} 0.0)))",
        }[op]

    def _sum(self, a: Atom, x: str, names: Mapping[Atom, str]) -> list[str]:
        """A sum atom is its sum, if its atoms are among the variables."""
        if a[0] != "key" or str(a[1])[0] != "(":
            return []
        from verifier.kernel.normal import _sum_atom

        p = _sum_atom(str(a[1]))
        inner = Atoms(self.atoms.printer).add([p]).roots
        root = self.atoms.roots[a]
        if not all(b in names and self.atoms.roots[b] % d == 0 for b, d in inner.items()) or _negative(p):
            self.abstract = True
            return []
        value = f"(* {' '.join([x] * root)})" if root > 1 else x
        return [f"(assert (= {value} {_poly(p, self.atoms, names)}))"]


def _negative(p: Poly) -> bool:
    return any(q < 0 for m in p for q in dom.vector_of(m).values())


def _declaration(a: Atom, x: str, root: int) -> list[str]:
    what = a[1] if a[0] == "key" else "exp of a monomial"
    return [f"; {x} = {what}" + (f", root {root}" if root > 1 else ""), f"(declare-const {x} Real)"]


def _interval(i: Interval, value: str) -> list[str]:
    out = []
    if i.lo is not None:
        out.append(f"(assert ({'<' if i.lo_open else '<='} {_number(i.lo)} {value}))")
    if i.hi is not None:
        out.append(f"(assert ({'<' if i.hi_open else '<='} {value} {_number(i.hi)}))")
    return out


def _number(q: Fraction) -> str:
    size = f"{abs(q.numerator)}.0" if q.denominator == 1 else f"(/ {abs(q.numerator)}.0 {q.denominator}.0)"
    return size if q >= 0 else f"(- {size})"


def _mono(c: Fraction, v: dom.Vector, atoms: Atoms, names: Mapping[Atom, str]) -> str:
    factors = [_number(c)]
    for a, q in v.items():
        n = atoms.exponent(a, q)
        if n > MAX_EXPONENT:
            raise NotExported(f"an exponent above {MAX_EXPONENT}")
        factors += [names[a]] * n
    return f"(* {' '.join(factors)})" if len(factors) > 1 else factors[0]


def _poly(p: Poly, atoms: Atoms, names: Mapping[Atom, str]) -> str:
    """The polynomial times the monomial that clears negative exponents."""
    vectors = [(Fraction(c), dom.vector_of(m)) for m, c in p.items()]
    lift: dom.Vector = {}
    for _, v in vectors:
        for a, q in v.items():
            lift[a] = min(lift.get(a, Fraction(0)), q)
    terms = [
        _mono(c, {a: v.get(a, Fraction(0)) - lift.get(a, Fraction(0)) for a in {**v, **lift}}, atoms, names) for c, v in vectors
    ]
    return f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0] if terms else "0.0"


# ---------------------------------------------------------------- steps


def script(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    """One domination: the atoms are positive, the monomial facts of its rows hold."""
    d = dom.analyse(step, goal, premises, context)
    atoms = dom.atoms_of(d, Atoms(Printer(context, frozenset())))
    names = {a: f"x{k}" for k, a in enumerate(atoms.roots)}
    lines = [f"; {name}: {step['conclusion']}".replace("\n", " "), "(set-logic QF_NRA)"]
    for a, x in names.items():
        lines += [*_declaration(a, x, atoms.roots[a]), f"(assert (< 0.0 {x}))"]
        if a[0] == "key" and str(a[1]).isdigit():
            lines += _interval(Interval(Fraction(str(a[1])), False, Fraction(str(a[1]))), f"(* {' '.join([x] * atoms.roots[a])} 1.0)")
    for f in d.facts:
        small = {a: -q for a, q in f.vector.items() if q < 0}
        large = {a: q for a, q in f.vector.items() if q > 0}
        lines.append(
            f"(assert (<= {_mono(Fraction(f.number.denominator), small, atoms, names)} "
            f"{_mono(Fraction(f.number.numerator), large, atoms, names)}))"
        )
    lines += [f"(assert ({'<' if goal.op == '<=' else '<='} {_poly(d.num, atoms, names)} 0.0))", "(check-sat)"]
    return "\n".join(lines) + "\n", False


def _follows(
    goal: Relation, premises: Iterable[Relation], context: Context, name: str, *, more: Iterable[Relation] = ()
) -> tuple[str, bool]:
    """The goal from premises on a context."""
    s = Script.over(context)
    for p in (*premises, *more):
        s.holds(p)
    s.fails(goal)
    s.hypotheses()
    s.define()
    return s.text(name, ascii_relation(goal))


def _plain(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    return _follows(goal, premises, context, name)


def _chain(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    """The links of a chain; sides with the same normal form are the same unknown number, whatever it is."""
    from verifier.kernel.rules import same

    sides: list[Expr] = []

    def variable(e: Expr) -> str:
        for k, other in enumerate(sides):
            if same(e, other, context):
                return f"x{k}"
        sides.append(e)
        return f"x{len(sides) - 1}"

    links = [f"(assert ({p.op} {variable(p.left)} {variable(p.right)}))" for p in premises]
    links.append(f"(assert (not ({goal.op} {variable(goal.left)} {variable(goal.right)})))")
    lines = [f"; {name}: {ascii_relation(goal)}", "(set-logic QF_NRA)"]
    for k, e in enumerate(sides):
        lines += [f"; x{k} = {ascii(e)}", f"(declare-const x{k} Real)"]
    return "\n".join([*lines, *links, "(check-sat)"]) + "\n", False


def _scale(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    return _follows(goal, premises, context, name, more=[Relation("<", num(0), expr(step["by"]))])


def _monotone(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    template = expr(step["template"])
    if f := _function_of_hole(template, {f"_{k}" for k in range(1, len(premises) + 1)}):
        raise NotExported(f"monotone under {f}")
    return _follows(goal, premises, context, name)


def _function_of_hole(e: Expr, holes: set[str]) -> str | None:
    if not isinstance(e, App) or not holes & set(free_vars(e)):
        return None
    if e.op not in ("+", "*", "/", "neg") and not (
        e.op == "^" and isinstance(e.args[1], Num) and e.args[1].value.denominator == 1
    ):
        return e.op
    return next((f for a in e.args if (f := _function_of_hole(a, holes))), None)


def _telescoping(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    """The increment of the antidifference is the term (a nested proof shows it where it is only a bound of it)."""
    if "inductive" in step:
        raise NotExported("its increment has a proof of its own")
    from verifier.kernel.rules import _sum_parts

    _, f, i, _, _, inner = _sum_parts(step, context, empty=True)
    big = expr(step["antidifference"])
    return _follows(Relation("=", f, sub(big, substitute(big, {i: sub(Var(i), num(1))}))), (), inner, name)


def _rounding(step: Any, goal: Relation, premises: Sequence[Relation], context: Context, name: str) -> tuple[str, bool]:
    if "denominator" in step:
        raise NotExported("rounding of a multiple of 1/d")
    return _follows(goal, (), context, name)


MAKERS: Mapping[str, Any] = {
    "dominate": script,
    "ring": _plain,
    "bounds": _plain,
    "chain": _chain,
    "antisymmetry": _plain,
    "evaluate": _plain,
    "extremum": _plain,
    "scale": _scale,
    "monotone": _monotone,
    "telescoping": _telescoping,
    "rounding": _rounding,
}
INSIDE = frozenset({"cases", "split", "residues", "termwise", "member"})
"""Rules whose content is in their nested proofs."""
NAMED = {
    "tangent": "a tangent of the logarithm",
    "log_sum": "concavity of the logarithm",
    "stirling": "Stirling's bounds",
    "max_geometric": "the maximum of geometric variables",
    "integral": "the integral test",
    "half_range": "the half-range bound of a sum",
}

__all__ = ["Problem", "Skipped", "problems", "script", "survey"]
