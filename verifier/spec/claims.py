"""Claims of a specification, each made complete in itself.

Measures are replaced by their derived expressions and recurrences, definitions are expanded, and of the
parameters and assumptions those are kept that the statement depends on, directly or through assumptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from verifier.cost.derive import ROUNDS, Derived, Finding, derive
from verifier.cost.model import CostModel, cost_model as named_cost_model
from verifier.cost.program import Place, Program, System, reachable
from verifier.kernel.claim import Claim, Equation, Parameter
from verifier.lang.ast import App, Expr, Measure, Num, Relation, Var, free_vars, rebuild, substitute, subterms
from verifier.lang.errors import SourceError
from verifier.lang.parse import ClaimText, parse_any, parse_any_expression
from verifier.lang.show import ascii, ascii_relation
from verifier.spec.definedness import require_defined
from verifier.spec.document import Path
from verifier.spec.load import IMPLICIT, Spec, cost_model_at, empty, expression, item, narrow, read, relation
from verifier.spec.model import ClaimPart, ReadingPart
from verifier.spec.theorems import FORM, NotACase, theorem_relation


@dataclass(frozen=True, slots=True)
class SpecClaim:
    """One claim in one reading under one cost model.

    `claim` is None where there is nothing to decide: where
    `findings` report that an algorithm may never end.  In that case the claimed value is infinite in the
    worst case, and `truncation`, if there is one, states a necessary consequence of the claim: the cost after
    `rounds` rounds obeys its upper bound, whatever the number of rounds.  Refuting it refutes the claim.
    `expect` is None under another cost model than the one the specification speaks about."""

    spec: str | None
    id: str
    reading: str | None
    published: str
    claim: Claim | None
    expect: str | None
    cost_model: str
    measured: bool
    note: str = ""
    about: str = ""
    title: str = ""
    source: str = ""
    location: str = ""
    strength: str | None = None
    rests_on: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    truncation: Claim | None = None
    place: Place = field(default_factory=Place, compare=False)

    @property
    def name(self) -> str:
        """id, with the reading if there are several."""
        return f"{self.id}:{self.reading}" if self.reading else self.id


def claims(spec: Spec, cost_model: str | None = None) -> list[SpecClaim]:
    """Every claim in every reading.  `cost_model` replaces the one of the specification, for claims that do
    not name their own; SourceError for the first claim that cannot be read."""
    return list(iterate(spec, cost_model))


def iterate(spec: Spec, cost_model: str | None = None) -> Iterator[SpecClaim]:
    """The claims one after the other, as they are derived."""
    override = named_cost_model(cost_model) if cost_model is not None else None
    for name, part in spec.content.claims.items():
        yield from _Builder(spec, name, part, override).build()


def readings_of(spec: Spec, text: str, cost_model: str | None = None) -> list[SpecClaim]:
    """A claim that the specification does not list, in every reading of the algorithms it is about; SourceError."""
    override = named_cost_model(cost_model) if cost_model is not None else None
    return list(_Builder(spec, "?", ClaimPart.model_validate({"claim": text}), override).build())


@dataclass(frozen=True)
class _Choice:
    """What the names of the specification stand for in one reading."""

    label: str | None
    system: System
    part: ReadingPart
    path: Path


class _Builder:
    def __init__(self, spec: Spec, name: str, part: ClaimPart, override: CostModel | None) -> None:
        self.spec = spec
        self.doc = spec.document
        self.name = name
        self.part = part
        self.override = override
        base: Path = ("claims", name)
        self.base = base
        self.path: Path = base if base in self.doc.values and self.doc.text(base) else (*base, "claim")

    def build(self) -> Iterator[SpecClaim]:
        for choice in self.choices():
            yield self.one(choice)

    # -- readings -------------------------------------------------------------------------------

    def choices(self) -> list[_Choice]:
        """The readings of the claim."""
        out = []
        for label, part in self.part.readings.items():
            path: Path = (*self.base, "readings", label)
            out.append(_Choice(label, self.chosen(label, part, path), part, path))
        if out:
            return out
        return [_Choice(label, system, ReadingPart(), self.base) for label, system in self.variants()]

    def chosen(self, label: str, part: ReadingPart, path: Path) -> System:
        """The system in which the names of a reading are replaced."""
        spec = self.spec
        programs = dict(spec.programs)
        definitions = dict(spec.definitions)
        replaced: dict[str, Expr] = {}
        for name, labels in spec.variants.items():
            if label in labels:
                programs[name] = programs[f"{name}@{label}"]
        for name, value in part.choices.items():
            where: Path = (*path, name)
            text = value if isinstance(value, str) else ""
            if not text:
                raise self.doc.place(where).error("the name of an algorithm or an expression is expected")
            known_here = (
                name in spec.variants
                or name in spec.names
                or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", part.claim or self.part.claim)
            )
            if known_here and f"{name}@{text}" in spec.programs:
                programs[name] = spec.programs[f"{name}@{text}"]
            elif known_here and text in spec.programs and name not in spec.names:
                programs[name] = spec.programs[text]
            elif name in spec.names:
                replaced[name] = expression(self.doc, where, text, spec.names)
            else:
                known = [*ReadingPart.model_fields, *spec.programs, *sorted(spec.names)]
                from difflib import get_close_matches

                close = get_close_matches(text if name in spec.programs else name, known, 1, 0.5)
                raise self.doc.place(where, key=name not in spec.programs).error(
                    f"the reading '{label}' does not say what '{name}' is: '{text[:40]}' is no algorithm",
                    f"did you mean {close[0]}?" if close else "name an algorithm, or one of its readings",
                )
        if replaced:
            definitions = {n: substitute(e, replaced) for n, e in definitions.items()}
            definitions.update(replaced)
        return replace(spec.system, programs=programs, definitions=definitions)

    def variants(self) -> Iterator[tuple[str | None, System]]:
        """All choices of readings for the algorithms the claim is about."""
        spec = self.spec
        open_names = {n: v for n, v in spec.variants.items() if v and n not in spec.programs}
        used = (
            [n for n in open_names if re.search(rf"\b{re.escape(n)}\b", self.part.claim)]
            if open_names
            else []
        )
        for n in list(spec.programs):
            if open_names and re.search(rf"\b{re.escape(n)}\b", self.part.claim):
                used += [c for p in [spec.programs[n]] for c in _called(p, spec.programs) if c in open_names]
        used = list(dict.fromkeys(used))
        if not used:
            yield None, spec.system
            return
        groups: dict[tuple[str, ...], list[str]] = {}
        for n in used:
            groups.setdefault(open_names[n], []).append(n)
        for labels in product(*groups):
            programs = dict(spec.programs)
            for label, names in zip(labels, groups.values(), strict=True):
                for n in names:
                    programs[n] = programs[f"{n}@{label}"]
            yield ", ".join(labels), replace(spec.system, programs=programs)

    # -- one claim ------------------------------------------------------------------------------

    def one(self, choice: _Choice) -> SpecClaim:
        part, reading = self.part, choice.part
        text_path = self.path if reading.claim is None else (*choice.path, "claim")
        text = part.claim if reading.claim is None else reading.claim
        own = reading.cost_model or part.cost_model
        if own is not None:
            cost = cost_model_at(
                self.doc,
                ((*choice.path, "cost_model") if reading.cost_model else (*self.base, "cost_model")),
                own,
            )
        else:
            cost = self.override or self.spec.cost_model
        changed = (
            own is None and self.override is not None and self.override.name != self.spec.cost_model.name
        )
        extra = self.assumptions(choice)
        claim: Claim | None = None
        truncation: Claim | None = None
        derived: list[Derived] = []
        measured = False
        kept: tuple[Relation, ...] = ()
        if m := FORM.fullmatch(text):
            claim = self.about_theorem(m, text_path, extra)
            kept = claim.assumptions
        else:
            statement = self.read(text, text_path, choice)
            measured = any(
                isinstance(s, Measure)
                for side in (statement.relation.left, statement.relation.right)
                for s in subterms(side)
            )
            complete = self.complete(statement, choice, cost, derived, extra, text_path)
            kept = complete.assumptions
            if any(d.findings for d in derived):
                truncation = self.renamed(_truncated(complete))
            else:
                claim = complete
        findings = tuple(dict.fromkeys(f for d in derived for f in d.findings))
        rests_on = tuple(
            dict.fromkeys(
                [
                    *(r for d in derived for r in d.rests_on),
                    *(f"assumption: {ascii_relation(a)}" for a in kept),
                ]
            )
        )
        source = self.spec.content.source
        return SpecClaim(
            self.spec.file,
            self.name,
            choice.label,
            " ".join(text.split()),
            claim,
            None if changed and measured else reading.expect or part.expect,
            cost.name,
            measured,
            reading.note or part.note,
            part.about,
            self.spec.content.title,
            part.source
            or ", ".join(
                filter(
                    None,
                    (
                        source.authors,
                        source.title,
                        source.venue,
                        source.year,
                        f"arXiv:{source.arxiv}" if source.arxiv else "",
                    ),
                )
            ),
            part.location or (f"section {source.section}" if source.section else ""),
            part.strength,
            rests_on,
            findings,
            truncation,
            self.doc.place(text_path),
        )

    def renamed(self, claim: Claim | None) -> Claim | None:
        """The number of rounds under a name that is free."""
        if claim is None:
            return None
        name = "rounds"
        while name in self.spec.names:
            name += "_"
        values = {ROUNDS: Var(name)}
        return replace(
            claim,
            statement=_mapped(claim.statement, values),
            parameters=tuple(
                replace(p, name=values[p.name].name) if p.name in values else p for p in claim.parameters
            ),
        )

    def read(self, text: str, path: Path, choice: _Choice) -> ClaimText:
        spec = self.spec
        functions = frozenset(spec.recurrences)
        formals = {v for r in spec.recurrences.values() for e in r for v in free_vars(e.relation.left)}
        algorithms = frozenset(n for n in choice.system.programs if "@" not in n) | frozenset(spec.variants)
        return read(
            self.doc,
            path,
            text,
            lambda t, p: parse_any(
                t,
                names=spec.names | formals,
                functions=functions,
                algorithms=algorithms,
                models=frozenset(spec.models),
                position=p,
            ),
        )

    def assumptions(self, choice: _Choice) -> list[Relation]:
        out = []
        for path, texts in (
            ((*self.base, "assume"), self.part.assume),
            ((*choice.path, "assume"), choice.part.assume),
        ):
            for n, text in enumerate(texts):
                r = relation(self.doc, item(self.doc, path, n), text, self.spec.names)
                out.append(_mapped(r, choice.system.definitions))
        return out

    def about_theorem(self, m: re.Match[str], path: Path, extra: list[Relation]) -> Claim:
        function = m[2]
        if function not in self.spec.recurrences:
            place = self.doc.locate(path)(1, m.start(2) + 1)
            raise place.error(
                f"unknown recurrence '{function}'",
                "declared: " + ", ".join(self.spec.recurrences)
                if self.spec.recurrences
                else "declare it under recurrences",
            )
        equations = _closure_of_equations(self.spec.recurrences, {function})
        parameters, assumptions = self.about(_globals(equations), equations, extra, ())
        place = self.doc.locate(path)(1, m.start(4) + 1)
        try:
            statement = theorem_relation(
                m,
                equations,
                lambda t: parse_any_expression(t, names=self.spec.names, position=place.position),
            )
        except NotACase as error:
            raise place.error("not a case of the master theorem", str(error)) from None
        return Claim(parameters, statement, assumptions, equations)

    def complete(
        self,
        statement: ClaimText,
        choice: _Choice,
        cost: CostModel,
        derived: list[Derived],
        extra: list[Relation],
        path: Path,
    ) -> Claim:
        """The claim with measures derived."""
        definitions = choice.system.definitions
        conditions = [_mapped(c, definitions) for c in statement.conditions]
        system = choice.system
        # what holds for the claim holds for the algorithms in it: it decides which loops can be empty
        parameters, assumptions = narrow(system.parameters, [*system.assumptions, *extra, *conditions])
        system = replace(system, parameters=parameters, assumptions=tuple(assumptions))

        def value(e: Expr) -> Expr:
            if not isinstance(e, Measure):
                return (
                    definitions.get(e.name, e) if isinstance(e, Var) else _inside_sum(e, definitions, value)
                )
            if e.algorithm not in system.programs:
                labels = self.spec.variants.get(e.algorithm, ())
                raise self.doc.place(path).error(
                    f"'{e.algorithm}' has several readings", "choose one under readings: " + ", ".join(labels)
                )
            program = system.programs[e.algorithm]
            in_full = f"{e.measure}({', '.join([e.algorithm, *(p.name for p in program.params)])})"
            if e.args and len(e.args) != len(program.params):
                raise self.doc.place(path).error(
                    f"{e.algorithm} takes {len(program.params)} sizes, not {len(e.args)}",
                    in_full,
                )
            missing = [p.name for p in program.params if p.name not in self.spec.names] if not e.args else []
            if missing:
                raise self.doc.place(path).error(
                    f"{e.algorithm} is about the size{'s' * (len(missing) > 1)} {', '.join(missing)}, "
                    "which no parameter is called",
                    f"give its sizes: {in_full}",
                )
            args = [value(a) for a in e.args or (Var(p.name) for p in program.params)]
            found = derive(system, e.algorithm, args, measure=e.measure, model=e.model, cost_model=cost)
            derived.append(found)
            return found.expr

        r = statement.relation
        relation_ = Relation(r.op, value(r.left), value(r.right))
        equations = _closure_of_equations(self.spec.recurrences, _applied([relation_.left, relation_.right]))
        equations = (*equations, *dict.fromkeys(e for d in derived for e in d.equations))
        names = free_vars(relation_.left) | free_vars(relation_.right)
        found, kept = self.about(names, equations, extra, conditions)
        if any(d.findings for d in derived) and ROUNDS in names:
            found = (*found, Parameter(ROUNDS))
        claim = Claim(found, relation_, kept, equations)
        if not any(d.findings for d in derived):
            self.defined(claim, path)
        return claim

    def about(
        self,
        names: frozenset[str],
        equations: Iterable[Equation],
        extra: Iterable[Relation],
        conditions: Iterable[Relation],
    ) -> tuple[tuple[Parameter, ...], tuple[Relation, ...]]:
        """The parameters named, or tied to them by assumptions, and those assumptions."""
        spec = self.spec
        declared = {p.name: p for p in (*spec.parameters, *(p for p in IMPLICIT if p.name not in spec.names))}
        needed = set(names) | _globals(equations)
        for n in sorted(needed - set(declared) - {ROUNDS}):
            declared[n] = Parameter(n)  # the variable of a recurrence
        parameters, relations = narrow(tuple(declared.values()), [*spec.assumptions, *extra, *conditions])
        relations = list(dict.fromkeys(relations))
        while True:
            tied = {
                n
                for r in relations
                if not needed.isdisjoint(v := free_vars(r.left) | free_vars(r.right))
                for n in v
            }
            if tied <= needed:
                break
            needed |= tied
        kept = tuple(r for r in relations if (free_vars(r.left) | free_vars(r.right)) & needed)
        out = tuple(p for p in parameters if p.name in needed)
        for p in out:
            if empty(p):
                raise self.doc.place(self.path).error(
                    f"nothing is left of the domain of {p.name}",
                    "the conditions contradict the declared domain",
                )
        return out, kept

    def defined(self, claim: Claim, path: Path) -> None:
        """Refuse a division by 0 or a logarithm of something <= 0 that can happen."""
        place = self.doc.place(path)
        require_defined(claim, place.position, place.line)


def _inside_sum(e: Expr, definitions: Mapping[str, Expr], value: object) -> Expr:
    """Descend; a bound index hides a definition of the same name."""
    if isinstance(e, App) and e.op == "sum" and isinstance(e.args[1], Var) and e.args[1].name in definitions:
        return substitute(e, definitions)
    return rebuild(e, value)  # type: ignore[arg-type]


def _mapped(r: Relation, definitions: Mapping[str, Expr]) -> Relation:
    return Relation(r.op, substitute(r.left, definitions), substitute(r.right, definitions))


def _called(p: Program, programs: Mapping[str, Program]) -> tuple[str, ...]:
    from verifier.cost.program import callees

    direct = callees(p)
    out = list(direct)
    for n in out:
        out += [c for c in (callees(programs[n]) if n in programs else ()) if c not in out]
    return tuple(out)


def _applied(exprs: Iterable[Expr]) -> set[str]:
    return {s.op for e in exprs for s in subterms(e) if isinstance(s, App)}


def _closure_of_equations(
    recurrences: Mapping[str, tuple[Equation, ...]], names: set[str]
) -> tuple[Equation, ...]:
    """The equations of the functions and of those they use, in the order of the file."""
    found = {n for n in names if n in recurrences}
    while True:
        more = {
            s for n in found for e in recurrences[n] for s in _applied([e.relation.right]) if s in recurrences
        } - found
        if not more:
            return tuple(e for n in recurrences if n in found for e in recurrences[n])
        found |= more


def _globals(equations: Iterable[Equation]) -> frozenset[str]:
    """Parameters in equations that are not variables of the function."""
    out: frozenset[str] = frozenset()
    for e in equations:
        r = e.relation
        names = free_vars(r.right)
        for c in e.conditions:
            names |= free_vars(c.left) | free_vars(c.right)
        out |= names - free_vars(r.left)
    return out


def _truncated(claim: Claim) -> Claim | None:
    """What the claim implies about the cost after `rounds` rounds of a program that never ends.

    That cost is below the true one.  A side that rises with it is below its true value, so upper bounds of
    the side must hold for it as well; a side that falls with it is above its true value, and lower bounds
    must hold."""
    r = claim.statement
    left, right = _trend(r.left), _trend(r.right)
    if left is None or right is None or left * right > 0 or left == right:
        return None
    # the quotient left/right rises or falls with the number of rounds
    if left - right > 0:
        op = {"O": "O", "Theta": "O", "~": "O", "o": "O", "<=": "<=", "<": "<=", "=": "<="}.get(r.op)
    else:
        op = {
            "Omega": "Omega",
            "Theta": "Omega",
            "~": "Omega",
            "omega": "Omega",
            ">=": ">=",
            ">": ">=",
            "=": ">=",
        }.get(r.op)
    return replace(claim, statement=Relation(op, r.left, r.right)) if op else None


def _trend(e: Expr) -> int | None:
    """1 if e, built from non-negative parts, rises with the number of rounds, -1 if it falls, 0 if it does
    not depend on it, None if that is not evident."""
    if ROUNDS not in free_vars(e):
        return 0
    match e:
        case Var():
            return 1
        case App("+" | "*" | "max" | "min" | "sqrt" | "log2", args):
            trends = [_trend(a) for a in args]
        case App("log", (x,)):
            trends = [_trend(x)]
        case App("/", (a, b)):
            up, down = _trend(a), _trend(b)
            trends = [up, None if down is None else -down]
        case App("^", (base, Num(value))) if value > 0:
            trends = [_trend(base)]
        case _:
            return None
    found = {t for t in trends if t != 0}
    return found.pop() if len(found) == 1 else None


__all__ = ["SpecClaim", "SourceError", "ascii", "claims", "iterate", "reachable"]
