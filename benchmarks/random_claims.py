"""Random Landau claims about posynomials and ratios of posynomials, with the truth by elementary means.

The truth is that of the weakest strength, all growing parameters large, and shares no code with the verifier:

- one term on the right, factors 2^(c*x) x^d (log x)^e: M/G is bounded if and only if for every variable (c, d, e) is
  lexicographically <= 0, since each variable may outgrow all the others;
- several terms on the right, powers only: M = O(G_1 + .. + G_r) if and only if some convex combination of the exponent
  vectors of M/G_t is <= 0 (if none is, the theorem of the alternative gives a direction u >= 0 in which every M/G_t
  tends to infinity).  The combination is sought among the vertices of a polygon, with rationals;
- M = o(..) if and only if such a combination is <= 0 and not 0 (Motzkin);
- f/h = O(g) if and only if f = O(g*h), and Omega is O with the sides exchanged.

Samples whose truth these rules do not give are drawn again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

Vector = tuple[Fraction, ...]
NAMES = ("x", "y", "z")


@dataclass(frozen=True)
class Term:
    """Exponents of one monomial by variable: 2^(c*x), x^d, (log x)^e, with a coefficient."""

    c: Vector
    d: Vector
    e: Vector
    coefficient: int = 1

    @property
    def plain(self) -> bool:
        """Powers only."""
        return not any(self.c) and not any(self.e)

    def text(self) -> str:
        """As the verifier reads it."""
        parts = [str(self.coefficient)] if self.coefficient != 1 else []
        for name, c, d, e in zip(NAMES, self.c, self.d, self.e):
            parts += [f"2^({c}*{name})"] * bool(c) + [f"{name}^({d})"] * bool(d) + [f"log({name})^({e})"] * bool(e)
        return "*".join(parts) or "1"

    def __mul__(self, other: Term) -> Term:
        return Term(*(tuple(a + b for a, b in zip(p, q)) for p, q in
                      ((self.c, other.c), (self.d, other.d), (self.e, other.e))))


Sum = tuple[Term, ...]


@dataclass(frozen=True)
class Sample:
    """A claim `numerator/denominator = relation(bound)` and whether it is true."""

    numerator: Sum
    denominator: Sum | None
    relation: str
    bound: Sum
    truth: bool

    @property
    def text(self) -> str:
        """As the verifier reads it."""
        left = _text(self.numerator)
        if self.denominator is not None:
            left = f"({left})/({_text(self.denominator)})"
        return f"{left} = {self.relation}({_text(self.bound)})"


def _text(s: Sum) -> str:
    return " + ".join(t.text() for t in s)


def _product(s: Sum, t: Sum) -> Sum:
    return tuple(a * b for a in s for b in t)


# ---------------------------------------------------------------- truth

def dominated(m: Term, bound: Sum, *, strictly: bool) -> bool | None:
    """Whether m = O(bound), or o(bound); None if the rules do not tell."""
    if len(bound) == 1:
        levels = [tuple(a - b for a, b in zip(p, q)) for p, q in zip(zip(m.c, m.d, m.e),
                                                                     zip(bound[0].c, bound[0].d, bound[0].e))]
        zero = (Fraction(0),) * 3
        return all(v <= zero for v in levels) and (not strictly or any(v < zero for v in levels))
    if not m.plain or not all(g.plain for g in bound):
        return True if any(dominated(m, (g,), strictly=strictly) for g in bound) else None
    rows = [tuple(a - b for a, b in zip(m.d, g.d)) for g in bound]
    corners = vertices(rows)
    if not corners:
        return False
    if not strictly:
        return True
    centre = [sum(w[t] for w in corners) / len(corners) for t in range(len(rows))]
    return any(sum(w * r[i] for w, r in zip(centre, rows)) < 0 for i in range(len(rows[0])))


def vertices(rows: Sequence[Vector]) -> list[list[Fraction]]:
    """The vertices of {w >= 0, sum w = 1, sum_t w_t rows[t] <= 0}, by trying every choice of tight constraints."""
    r = len(rows)
    walls = [[Fraction(t == s) for t in range(r)] for s in range(r)] + [[row[i] for row in rows]
                                                                       for i in range(len(rows[0]))]
    out: list[list[Fraction]] = []
    for tight in combinations(walls, r - 1):
        w = solve([[Fraction(1)] * r, *tight], [Fraction(1)] + [Fraction(0)] * (r - 1))
        if w is not None and all(x >= 0 for x in w) and w not in out and all(
                sum(a * b for a, b in zip(wall, w)) <= 0 for wall in walls[r:]):
            out.append(w)
    return out


def solve(a: list[list[Fraction]], b: list[Fraction]) -> list[Fraction] | None:
    """The solution of a regular linear system, by elimination; None if it is singular."""
    rows = [[*r, x] for r, x in zip(a, b)]
    n = len(rows)
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k])]
    return [r[-1] for r in rows]


def truth(f: Sum, relation: str, g: Sum) -> bool | None:
    """Whether f = relation(g); None if the rules do not tell."""
    if relation == "Theta":
        parts = [truth(f, "O", g), truth(f, "Omega", g)]
        return False if False in parts else None if None in parts else True
    if relation in ("Omega", "omega"):
        return truth(g, {"Omega": "O", "omega": "o"}[relation], f)
    found = [dominated(m, g, strictly=relation == "o") for m in f]
    return False if False in found else None if None in found else True


# ---------------------------------------------------------------- samples

def samples(count: int, seed: int) -> Iterator[Sample]:
    """Half true and half false."""
    source = random.Random(seed)
    found = {True: 0, False: 0}
    while sum(found.values()) < count:
        s = _draw(source)
        if s is not None and found[s.truth] < (count + 1) // 2:
            found[s.truth] += 1
            yield s


def _draw(source: random.Random) -> Sample | None:
    variables = source.choice((2, 2, 3))
    plain = source.random() < 0.6
    terms = [_term(source, variables, plain) for _ in range(6)]
    f = tuple(terms[:source.choice((1, 2, 2, 3))])
    relation = source.choice(("O", "O", "Omega", "Theta", "Theta", "o", "omega"))
    h: Sum | None = tuple(terms[3:3 + source.choice((1, 2))]) if source.random() < 0.4 else None
    g = tuple(terms[5:6])
    if source.random() < 0.6:  # near the boundary: terms of the left side, perhaps one left out
        base = f if h is None else _product(f, tuple(Term(*(tuple(-x for x in v) for v in (t.c, t.d, t.e))) for t in h[:1]))
        kept = source.sample(base, source.randint(1, min(3, len(base))))
        g = tuple(Term(t.c, t.d, t.e) for t in kept)
    elif source.random() < 0.4 and plain:
        g = tuple(terms[4:6])
    found = truth(f, relation, g if h is None else _product(g, h))
    if found is None or len({(t.c, t.d, t.e) for t in f}) < len(f):
        return None
    return Sample(f, h, relation, g, found)


def _term(source: random.Random, variables: int, plain: bool) -> Term:
    def vector(choices: Sequence[Fraction]) -> Vector:
        return tuple(source.choice(choices) for _ in range(variables))

    zero = (Fraction(0),) * variables
    d = vector([Fraction(k, 2) if source.random() < 0.25 else Fraction(k) for k in (0, 1, 1, 2, 3)])
    if plain:
        return Term(zero, d, zero, source.choice((1, 1, 2, 7)))
    e = vector([Fraction(0)] * 3 + [Fraction(1), Fraction(2)])
    c = vector([Fraction(0)] * 8 + [Fraction(1)])
    return Term(c, d, e, source.choice((1, 1, 3)))
