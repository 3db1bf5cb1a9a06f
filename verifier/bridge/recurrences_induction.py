"""Induction for explicit bounds: T(n) op U(n) from values below the start of the step and one inequality per choice of roundings.

The step  sum a_i U(r_i(n)) + g(n) op U(n)  is a plain claim with a certificate of its own; its lemma is written over the integers
and taken over to natural numbers, where the floor of n/m is the natural quotient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from verifier.bridge.export import _obligation
from verifier.bridge.obligations import domain_facts
from verifier.bridge.recurrences_explicit import Explicit
from verifier.bridge.recurrences_statement import Statement, argument_of, greatest, least
from verifier.bridge.statement import printer, state
from verifier.bridge.text import NotExported
from verifier.kernel.claim import claim_from_json
from verifier.kernel.obligations import obligations
from verifier.kernel.recurrence_system import integer_valued
from verifier.lang.ast import App, Expr, Num, free_vars, subterms
from verifier.lang.parse import parse_expression
from verifier.lang.show import ascii

OPENING = """From Coq Require Import Reals ZArith List Lra Lia.
From Aalp Require Import Numbers.
Open Scope R_scope.
"""
MOST_BASE = 60
"""Most values below the start of the step."""


class Plain:
    """The lemma of a plain claim about one integer (and constants), proved for every value of its parameters."""

    def __init__(self, name: str, certificate: Mapping[str, Any]) -> None:
        if certificate.get("verdict") != "proved" or certificate.get("strength") != "everywhere":
            raise NotExported("a step that is not proved everywhere")
        claim = claim_from_json(certificate["claim"])
        s = state(claim, "proved", None)
        todo = obligations(claim, "everywhere", {})
        if set(todo) != {"holds"}:
            raise NotExported("a step with several cases")
        self.name = name
        self.lines = _obligation(name, todo["holds"], certificate.get("proofs", {}).get("holds"), claim, s)
        self.arguments = [b.name for b in (*s.free, *s.fixed)]
        self.premises = len(domain_facts(todo["holds"].context, printer(claim, coerce=False)))

    def at(self, size: str) -> str:
        """The lemma for a natural number n, as a term."""
        given = " ".join(f"(Z.of_nat {size})" if x == size else x for x in self.arguments)
        return f"({self.name} {given}{' ltac:(first [assumption | apply IZR_le; lia | lra])' * self.premises})"


def transfer(s: Statement, argument: Expr, text: str, name: str) -> list[str]:
    """INR of a natural argument as the real expression of the plain claim: the hypothesis `name`."""
    n = s.system.variable
    p = replace(s.printer, naturals=frozenset({n}))
    out = []
    quotients = [x for x in subterms(argument) if isinstance(x, App) and x.op in ("floor", "ceil") and n in free_vars(x)]
    for k, x in enumerate(dict.fromkeys(quotients)):
        inner = argument_of(x, n, s.variable, "", s.system, s.printer).text
        out.append(f"assert (Q{k}_{name} : INR ({inner})%nat = {p.real(x)}) by (quotient_{x.op}).")
    facts = ", ".join(f"?Q{k}_{name}" for k in range(len(dict.fromkeys(quotients))))
    out.append(f"assert ({name} : INR ({text})%nat = {p.real(argument)}) by (natural_argument; {f'rewrite {facts}; ' if facts else ''}numerals).")
    return out


def induction(s: Statement, certificate: Mapping[str, Any]) -> str:
    """The proof of a certificate of the rule induction."""
    if s.size is None:
        raise NotExported("an induction without a size")
    begin, low = int(str(certificate["bound"]["start"])), least(s.size)
    if begin - low > MOST_BASE:
        raise NotExported("a long list of base values")
    p = Explicit(s)
    p.opening()
    bases = [p.compare(k, s.op) for k in range(low, begin)]
    calls = s.system.single.calls
    n = s.system.variable
    choices: list[tuple[Expr, ...]] = []
    for c in calls:
        choices.append((c.argument,) if integer_valued(c.argument, n) else (App("floor", (c.argument,)), App("ceil", (c.argument,))))
    picked = list(product(*choices))
    if len(picked) != len(certificate["steps"]):
        raise NotExported("one step for every choice of roundings")
    plain = [Plain(f"step_{k + 1}", x) for k, x in enumerate(certificate["steps"])]
    v, f = s.variable, s.name
    out = p.lines
    upper = greatest(s.size) is not None
    bases_of = {x.args[0]: None for x in subterms(s.bound) if isinstance(x, App) and x.op == "^" and n in free_vars(x.args[1])}

    def powers(where: str = "") -> str:
        """Natural powers as real ones."""
        return "".join(f"rewrite <- ?(Rpower_pow _ {s.printer.tight(b)}){where} by lra. rewrite ?plus_INR{where}. " for b in bases_of)

    for k, (arguments, step) in enumerate(zip(picked, plain, strict=True)):
        renamed = [parse_expression(ascii(a)) for a in arguments]
        texts = [argument_of(a, n, v, "", s.system, s.printer).text for a in arguments]
        known = "".join(f" -> {t.argument.rounding} {v} = ({x})%nat" for t, x in zip(s.terms, texts, strict=True) if t.argument.rounding)
        lines = [f"Lemma case_{k + 1} : forall {v}, ({begin} <= {v})%nat -> (forall m, (m < {v})%nat -> ({low} <= m)%nat -> "
                 f"{'' if not upper else f'(m <= {greatest(s.size)})%nat -> '}{f} m {s.op} rhs{s.fixed} m)"
                 f"{'' if not upper else f' -> ({v} <= {greatest(s.size)})%nat'}{known} -> {f} {v} {s.op} rhs{s.fixed} {v}.",
                 f"Proof. intros {v} L_ IH_{' B_' if upper else ''}{''.join(f' R{j}_' for j, t in enumerate(s.terms) if t.argument.rounding)}. "
                 f"pose proof (equation {v} ltac:(lia)) as E_."]
        lines += [f"  rewrite R{j}_ in E_." for j, t in enumerate(s.terms) if t.argument.rounding]
        lines.append(f"  pose proof {step.at(v)} as S_. rewrite <- ?INR_IZR_INZ in S_.")
        seen: dict[str, str] = {}
        early = s.printer.with_context(s.context)
        for j, (t, a, x) in enumerate(zip(s.terms, renamed, texts, strict=True)):
            if x not in seen:
                seen[x] = f"I{j}_"
                lines.append(f"  pose proof (IH_ ({x})%nat ltac:(lia) ltac:(lia){' ltac:(lia)' if upper else ''}) as I{j}_. unfold rhs in I{j}_. {powers(f' in I{j}_')}")
                lines += [f"  {y}" for y in transfer(s, a, x, f"A{j}_")]
                lines.append(f"  rewrite ?A{j}_ in I{j}_.")
            if not isinstance(t.coefficient, Num):
                lines.append(f"  pose proof (times_{NAMES[s.op]} ({early.real(t.coefficient)}) _ _ ltac:(first [pos | lra]) {seen[x]}) as M{j}_.")
        lines.append(f"  unfold rhs. {powers()}step_from S_. Qed.")
        out += lines
    split = " ".join(f"pose proof (H_{a.rounding} {v}) as C{j}_." for j, a in enumerate(s.roundings))
    cases = []
    for k, _ in enumerate(plain):
        cases.append(f"apply case_{k + 1}; first [assumption | lia]")
    body = (f"intros {v}. induction {v} as [{v} IH_] using lt_wf_ind. intros D_{' B_' if upper else ''}. destruct (le_lt_dec {begin} {v}) as [L_|L_].\n  - ")
    if s.roundings:
        options = []
        for j, a in enumerate(s.roundings):
            options.append(f"assert (O{j}_ : {a.rounding} {v} = ({a.low})%nat \\/ {a.rounding} {v} = ({a.high})%nat) by lia.")
        body += split + " " + " ".join(options) + " " + "".join(f"destruct O{j}_ as [O{j}_|O{j}_]; " for j in range(len(s.roundings)))
        body += f"first [{' | '.join(cases)}]."
    else:
        body += cases[0] + "."
    where = " \\/ ".join(f"{v} = {k}%nat" for k in range(low, begin)) or "False"
    body += f"\n  - assert (W_ : {where}) by lia. {base_cases(bases)}"
    head = OPENING + "\n".join(x for q in plain for x in q.lines) + "\n"
    return head + p.closing(body)


def base_cases(names: list[str]) -> str:
    """The listed values, one by one."""
    if not names:
        return "destruct W_."
    return "".join(f"destruct W_ as [->|W_]; [exact {x}|]. " for x in names[:-1]) + f"rewrite W_. exact {names[-1]}."


NAMES = {"<=": "le", "<": "lt", ">=": "ge", ">": "gt", "=": "eq"}
