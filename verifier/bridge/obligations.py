"""What the parts of an exported proof have in common: names of lemmas, the facts of a context, definitions of the statement."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.bridge.proof import Lines
from verifier.bridge.statement import Statement
from verifier.bridge.text import Printer, ratio_text
from verifier.kernel.context import Context
from verifier.kernel.obligations import Obligation
from verifier.lang.ast import Var


@dataclass(frozen=True)
class Names:
    """The names of the fixed and the free variables of a statement, as arguments."""

    fixed: str
    free: str
    every: str

    @staticmethod
    def of(s: Statement) -> Names:
        fixed, free = " ".join(b.name for b in s.fixed), " ".join(b.name for b in s.free)
        return Names(fixed, free, f"{free} {fixed}".strip())


def head(s: Statement, name: str) -> str:
    """The name of a definition of the statement, applied to the functions it is about."""
    return f"{name} max_geometric" if s.geometric else name


def lemma(name: str) -> str:
    """The lemma of an obligation."""
    return "at_" + "".join(ch if ch.isalnum() else "_" for ch in name)


def domain_facts(c: Context, p: Printer) -> list[str]:
    """What the context says, as premises of a lemma."""
    out = []
    for name, i in c.names.items():
        x = p.real(Var(name))
        if i.lo is not None:
            out.append(f"{ratio_text(i.lo)} {'<' if i.lo_open else '<='} {x}")
        if i.hi is not None:
            out.append(f"{x} {'<' if i.hi_open else '<='} {ratio_text(i.hi)}")
    return out + [f"{p.real(h.left)} {h.op} {p.real(h.right)}" for h in c.hypotheses]


def named_facts(context: Context, p: Printer) -> Lines:
    """The facts of the context as hypotheses."""
    return [f"assert ({f}) by known." for f in domain_facts(context, p)]


def intro_domain(name: str = "D_") -> str:
    return f"unfold domain in {name}; conjunctions."


def from_lemma(o: Obligation, p: Printer) -> str:
    """Move to the inequality of an obligation's lemma."""
    return f"apply (le_eq _ ({p.real(o.goal.left)}) ({p.real(o.goal.right)}) _)."


def has_constants(s: Statement) -> bool:
    return "Definition constants" in s.text


__all__ = ["Names", "domain_facts", "from_lemma", "has_constants", "head", "intro_domain", "lemma", "named_facts"]
