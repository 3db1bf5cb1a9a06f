"""From the classes of both sides of a claim about T to the claim, or to its refutation.

A side is a function of n with a class that bounds it above and one that bounds it below.  `small <= c*big` for some c needs
above(small) <= below(big), for every c > 0 a strict inequality; it is refuted by below(small) > above(big), or >= for every c."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.bridge.recurrences_growth import Growth, order
from verifier.bridge.text import NotExported
from verifier.kernel.recurrence_real import Real

if TYPE_CHECKING:
    from verifier.bridge.recurrences_proof import Proof
    from verifier.bridge.recurrences_statement import Statement

PARTS = {"O": ("upper",), "o": ("upper",), "Omega": ("lower",), "omega": ("lower",), "Theta": ("upper", "lower")}


def needed(s: Statement) -> set[str]:
    """The bounds of T that decide the claim: those from its own side, or, for a refutation, from the other."""
    other = {"upper": "lower", "lower": "upper"}
    return {other[part] if s.refuted else part for part in PARTS[s.op]}


def strict(s: Statement) -> bool:
    """Whether the class of T and that of the claimed bound have to differ."""
    return (s.op in ("o", "omega")) != s.refuted


@dataclass(frozen=True)
class Scale:
    """A scale of the library: its name, the prefix of its lemmas, the number of its exponents, and their order of growth."""

    name: str
    prefix: str
    importance: tuple[int, ...]

    def blanks(self, times: int) -> str:
        return "_ " * (len(self.importance) * times)

    def gap(self, a: Sequence[Real], b: Sequence[Real]) -> int:
        """The sign of a - b."""
        return order(tuple(a[i] - b[i] for i in self.importance))


PLAIN = Scale("Sc", "", (0, 1, 2, 3))


@dataclass(frozen=True)
class Side:
    """A function nat -> R; `above` and `below` are its classes with their proofs."""

    text: str
    above: tuple[Sequence[Real], str] | None
    below: tuple[Sequence[Real], str] | None


def of_growth(p: Proof, text: str, g: Growth) -> Side:
    """The side with the growth g, which is positive."""
    def proof(way: str) -> str:
        return f"({p.order_scale.prefix}grows_{way} _ {g.text} {p.order_scale.blanks(1)}{p.sign_proof()} {g.name})"

    return Side(text, (g.exponents, proof("above")), (g.exponents, proof("below")))


def of_solution(p: Proof) -> Side:
    """T(n) with the classes that the theorem gave."""
    return Side(p.s.name, (p.upper, "class_upper") if p.upper is not None else None,
                (p.lower, "class_lower") if p.lower is not None else None)


def conclude(p: Proof) -> None:
    """The lemma `bounds`: the claim about T, or its negation."""
    s = p.s
    left, right = of_solution(p), of_growth(p, f"(rhs{s.fixed})" if s.fixed else "rhs", p.bound)
    pairs = {"upper": (left, right), "lower": (right, left)}
    parts = PARTS[s.op]
    every = s.op in ("o", "omega")
    if s.refuted:
        proof = _refutation(p, [(part, *pairs[part]) for part in parts], every)
        p.lines += [f"Lemma bounds : ~ bound{s.fixed} {s.name}.", f"Proof. {proof} Qed."]
        return
    proofs = [_proof(p, *pairs[part], every) for part in parts]
    text = f"split; [{proofs[0]} | {proofs[1]}]" if len(proofs) == 2 else proofs[0]
    p.lines += [f"Lemma bounds : bound{s.fixed} {s.name}.", f"Proof. {text}. Qed."]


def _proof(p: Proof, small: Side, big: Side, every: bool) -> str:
    if small.above is None or big.below is None:
        raise NotExported("a bound that the theorem does not give")
    (a, above), (b, below) = small.above, big.below
    side = p.order_scale.gap(a, b)
    if side > 0 or side == 0 and every:
        raise NotExported("a comparison that does not hold")
    if every:
        return f"exact (negligible {small.text} {big.text} _ _ {_smaller(p, a, b)} {above} {below})"
    return f"exact (bounded_by {small.text} {big.text} _ {_raised(p, small.text, a, b, above)} {below})"


def _refutation(p: Proof, parts: list[tuple[str, Side, Side]], every: bool) -> str:
    """~ (A /\\ B) from one part that fails."""
    for k, (_, small, big) in enumerate(parts):
        if small.below is None or big.above is None:
            continue
        (a, below), (b, above) = small.below, big.above
        side = p.order_scale.gap(a, b)
        if side < 0 or side == 0 and not every:
            continue
        if every:
            proof = f"not_negligible {small.text} {big.text} _ ltac:(intros; apply {p.order_scale.name}_pos) {_raised(p, big.text, b, a, above)} {below}"
        else:
            proof = f"not_bounded {small.text} {big.text} _ _ ltac:(intros; apply {p.order_scale.name}_pos) {_smaller(p, b, a)} {above} {below}"
        if len(parts) == 1:
            return f"exact ({proof})."
        return f"intros [U_ L_]. exact ({proof} {'U_' if k == 0 else 'L_'})."
    raise NotExported("a comparison that does not hold")


def _smaller(p: Proof, a: Sequence[Real], b: Sequence[Real]) -> str:
    """Sc a = o(Sc b)."""
    return f"({p.order_scale.name}_le {p.order_scale.blanks(2)}{_lexpos(p, a, b)})"


def _lexpos(p: Proof, a: Sequence[Real], b: Sequence[Real]) -> str:
    """b - a is positive, as a lemma."""
    p.counter += 1
    name = f"order_{p.counter}"
    g = p.grower
    gaps = " ".join(f"({y} - {x})" for x, y in zip(g.exponents_list(a), g.exponents_list(b), strict=True))
    p.lines += [f"Lemma {name} : {p.order_scale.prefix}lexpos {gaps}.", f"Proof. {g.separate(a, b)}close_{p.order_scale.prefix}lexpos. Qed."]
    return name


def _raised(p: Proof, text: str, a: Sequence[Real], b: Sequence[Real], above: str) -> str:
    """bounded_above f (Sc b) from bounded_above f (Sc a), a <= b."""
    return above if p.order_scale.gap(a, b) == 0 else f"({p.order_scale.prefix}raise_upper {text} {p.order_scale.blanks(2)}{_lexpos(p, a, b)} {above})"
