"""Expressions as Rocq text, over the reals (integer parameters under IZR) or over the integers.

Every text is an atom or parenthesised by precedence, so it means the same in any place.  What has no faithful
counterpart is refused (`NotExported`), never approximated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from verifier.kernel.context import Context, Interval
from verifier.lang.ast import App, Expr, Num, Relation, Var
from verifier.lang.show import ascii


class NotExported(Exception):
    """The certificate has no Rocq form yet; the reason is the message."""


_RESERVED = frozenset(
    ["as", "at", "cofix", "else", "end", "exists", "exists2", "fix", "for", "forall", "fun", "if", "IF", "in", "let", "match", "mod", "return", "Set", "Prop", "SProp", "Type", "then", "using", "where", "with", "by", "Axiom", "Definition", "Lemma", "Theorem", "Proof", "Qed", "R", "Z", "N", "nat", "bool", "sum", "ln", "exp", "sqrt", "pow", "powerRZ", "Rpower", "IZR", "INR", "factorial", "binomial", "rpower", "floor", "ceil", "Rmax", "Rmin", "fact", "monomial", "polynomial", "unit", "at_least", "at_most", "Fact", "Step", "Target", "lhs", "rhs", "domain", "tail", "constants", "upper", "lower", "claim", "refuted", "inhabited", "strength", "everywhere", "any_large", "all_large", "O", "S", "I", "add", "mul", "sub", "le", "lt", "one", "zero", "inj", "pos", "mono", "same", "True", "False", "eq", "ex", "conj", "max", "min", "maximum_of_geometrics", "solvable", "recurrence", "sum_nat", "t", "holds", "bound", "statement", "defined", "lhs_under", "rhs_under"]
)
_GENERATED = re.compile(r"(H|E|S|D|F|P|h)\d*|[A-Z]\d+[a-z]?|.*_")


def safe(name: str) -> str:
    """A Rocq identifier for a parameter, injective."""
    out = "".join(ch if ch.isascii() and (ch.isalnum() or ch == "_") else f"u{ord(ch):x}u" for ch in name)
    if out != name or name in _RESERVED or _GENERATED.fullmatch(name) or not name[0].isalpha():
        return f"x_{out}_"
    return out


@dataclass(frozen=True)
class Printer:
    """Prints expressions; `integers` are the names of type Z, `coerce` leaves IZR to the coercion; `naturals` are of type nat;
    `zero` allows powers of a base that may be 0 (`rpower`)."""

    context: Context
    integers: frozenset[str]
    coerce: bool = False
    renamed: Mapping[str, str] | None = None
    naturals: frozenset[str] = frozenset()
    zero: bool = False

    def name(self, name: str) -> str:
        return (self.renamed or {}).get(name) or safe(name)

    def with_index(self, name: str, context: Context, *, integer: bool = True) -> Printer:
        return replace(self, context=context, integers=self.integers | {name} if integer else self.integers - {name})

    def with_context(self, context: Context) -> Printer:
        return replace(self, context=context)

    # ------------------------------------------------------------------------------ reals
    def real(self, e: Expr) -> str:
        """The expression as a term of type R."""
        return self._real(e, 0)

    def tight(self, e: Expr) -> str:
        """The expression as a term of type R that can stand as an argument."""
        return self._real(e, 9)

    def factor(self, e: Expr) -> str:
        """The expression as a factor of a product."""
        return self._real(e, 2)

    def _real(self, e: Expr, level: int) -> str:
        text, own = self._parts(e)
        return text if own >= level else f"({text})"

    def _parts(self, e: Expr) -> tuple[str, int]:
        match e:
            case Num(q):
                return number(q)
            case Var(name):
                if name in self.integers and not self.coerce:
                    return f"IZR {self.name(name)}", 8
                return self.name(name), 9
            case App("+", _):
                args = flat("+", e)
                out = self._real(args[0], 1)
                for a in args[1:]:
                    if isinstance(a, App) and a.op == "neg":
                        out += f" - {self._real(a.args[0], 2)}"
                    elif isinstance(a, Num) and a.value < 0:
                        out += f" - {self._real(Num(-a.value), 2)}"
                    else:
                        out += f" + {self._real(a, 2)}"
                return out, 1
            case App("neg", (a,)):
                return f"- {self._real(a, 3)}", 1
            case App("*", _):
                return "*".join(self._real(a, 2 if k == 0 else 3) for k, a in enumerate(flat("*", e))), 2
            case App("/", (a, b)):
                return f"{self._real(a, 2)}/{self._real(b, 3)}", 2
            case App("^", (a, b)):
                return self._power(a, b)
            case App("sqrt", (a,)):
                return f"sqrt {self.tight(a)}", 8
            case App("log", (a,)):
                return f"ln {self.tight(a)}", 8
            case App("log", (a, b)):
                return f"ln {self.tight(a)}/ln {self.tight(b)}", 2
            case App("log2", (a,)):
                return f"ln {self.tight(a)}/ln 2", 2
            case App("exp", (a,)):
                return f"exp {self.tight(a)}", 8
            case App(("floor" | "ceil") as op, (a,)):
                return f"IZR ({op} {self.tight(a)})", 8
            case App(("max" | "min") as op, args):
                out = self.tight(args[-1])
                for a in reversed(args[:-1]):
                    out = f"(R{op} {self.tight(a)} {out})"
                return out, 9
            case App("factorial", (Var(name),)) if name in self.naturals:
                return f"INR (fact {self.name(name)})", 8
            case App("factorial", (a,)) if not self.naturals:
                return f"factorial {self.integer(a)}", 8
            case App("binomial", (a, b)) if not self.naturals:
                return f"binomial {self.integer(a)} {self.integer(b)}", 8
            case App("max_geometric", (k, p)):
                return f"max_geometric ({self.integer(k)}) {self.tight(p)}", 8
            case App("sum", (term, Var(i), Num(low), Var(high))) if high in self.naturals and low.denominator == 1 and low >= 0:
                inner = self.with_index(i, self.context.with_name(i, Interval(low, integer=True)))
                inner = replace(inner, naturals=self.naturals | {i})
                return f"sum_nat (fun {self.name(i)} : nat => {inner.real(term)}) {low.numerator}%nat {self.name(high)}", 8
            case App("sum", (term, Var(i), a, b)) if not self.naturals:
                inner = self.with_index(i, self.context)
                return (f"sum (fun {self.name(i)} : Z => {inner.real(term)}) ({self.integer(a)}) ({self.integer(b)})", 8)
        raise NotExported(f"{ascii(e)} is not exported")

    def _power(self, a: Expr, b: Expr) -> tuple[str, int]:
        if isinstance(b, Num) and b.value.denominator == 1 and abs(b.value) <= 512:
            k = b.value.numerator
            return (f"{self._real(a, 8)}^{k}", 7) if k >= 0 else (f"/ {self._real(a, 8)}^{-k}", 2)
        if not self.context.positive(f"({ascii(a)})"):
            if self.zero and self.context.at_least(a, Fraction(0)):
                return f"rpower {self.tight(a)} {self.tight(b)}", 8
            raise NotExported(f"a power of {ascii(a)}, which may be 0")
        return f"Rpower {self.tight(a)} {self.tight(b)}", 8

    # ------------------------------------------------------------------------------ integers
    def integer(self, e: Expr) -> str:
        """The expression as a term of type Z in the scope Z."""
        return (
            f"{self._integer(e, 0)}" + "%Z"
            if isinstance(e, Var | Num) and not self._signed(e)
            else f"({self._integer(e, 0)})%Z"
        )

    def whole(self, e: Expr) -> str:
        """The expression as Z text, for a place where Z is the open scope."""
        return self._integer(e, 0)

    @staticmethod
    def _signed(e: Expr) -> bool:
        return isinstance(e, Num) and e.value < 0

    def _integer(self, e: Expr, level: int) -> str:
        text, own = self._integer_parts(e)
        return text if own >= level else f"({text})"

    def _integer_parts(self, e: Expr) -> tuple[str, int]:
        match e:
            case Num(q) if q.denominator == 1:
                return (str(q.numerator), 9) if q >= 0 else (f"- {-q.numerator}", 1)
            case Var(name) if name in self.integers:
                return self.name(name), 9
            case App("+", _):
                args = flat("+", e)
                out = self._integer(args[0], 1)
                for a in args[1:]:
                    if isinstance(a, App) and a.op == "neg":
                        out += f" - {self._integer(a.args[0], 2)}"
                    elif isinstance(a, Num) and a.value < 0:
                        out += f" - {self._integer(Num(-a.value), 2)}"
                    else:
                        out += f" + {self._integer(a, 2)}"
                return out, 1
            case App("neg", (a,)):
                return f"- {self._integer(a, 3)}", 1
            case App("*", _):
                args = flat("*", e)
                return "*".join(self._integer(a, 2 if k == 0 else 3) for k, a in enumerate(args)), 2
            case App("^", (a, b)) if self.context.at_least(b, Fraction(0)):
                return f"{self._integer(a, 8)}^{self._integer(b, 8)}", 7
            case App(("floor" | "ceil") as op, (a,)):
                return f"{op} {self.tight(a)}%R", 8
            case App("factorial", (a,)):
                return f"Z.of_nat (Factorial.fact (Z.to_nat {self._integer(a, 9)}))", 8
            case App("sum", (term, Var(i), a, b)):
                inner = self.with_index(i, self.context)
                return f"sum (fun {self.name(i)} : Z => {inner.whole(term)}) {self._integer(a, 9)} {self._integer(b, 9)}", 8
        raise NotExported(f"{ascii(e)} is not an integer expression of the export")


def flat(op: str, e: Expr) -> list[Expr]:
    """The operands of nested sums or products, as `ascii` prints them."""
    if isinstance(e, App) and e.op == op:
        return [x for a in e.args for x in flat(op, a)]
    return [e]


def number(q: Fraction) -> tuple[str, int]:
    """A rational as text of type R with its level."""
    if q.denominator == 1:
        return (str(q.numerator), 9) if q >= 0 else (f"- {-q.numerator}", 1)
    return f"{q.numerator}/{q.denominator}" if q > 0 else f"- {-q.numerator}/{q.denominator}", 2 if q > 0 else 1


def ratio_text(q: Fraction) -> str:
    """A rational as a factor."""
    text, level = number(q)
    return text if level == 9 else f"({text})"


def relation(r: Relation, p: Printer) -> str:
    """`a <= b` over the reals."""
    op = {"=": "=", "<=": "<=", "<": "<", ">=": ">=", ">": ">"}[r.op]
    return f"{p.real(r.left)} {op} {p.real(r.right)}"
