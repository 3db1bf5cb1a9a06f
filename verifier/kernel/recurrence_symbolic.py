"""Signs of constants that mention parameters: polynomials over positive atoms, under linear and other assumptions.

Everything here shows an identity  p = sum_k c_k*M_k*g_k + R  with rationals c_k > 0, positive monomials M_k, facts g_k >= 0
and a rest R whose terms are all >= 0, by taking off one term of the wrong sign at a time; or compares the logarithms
of two positive monomials.  The search is bounded; what it does not find is `UndecidedSign`, never a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from verifier.kernel import normal as nf
from verifier.kernel.context import Rejected
from verifier.kernel.normal import Mono, Poly, Rational
from verifier.lang.ast import Expr

_DEPTH = 3  # facts used in one identity
_NODES = 80  # partial identities tried for one sign
_NESTED = 2  # signs of logarithms within signs


class UndecidedSign(Rejected):
    """The sign of `expression` would have to be known."""

    def __init__(self, expression: Expr) -> None:
        super().__init__("the sign of a symbolic constant was not decided")
        self.expression = expression


class Signs:
    """Signs under `lower` (parameter > bound >= 0 if its name is in `strict`, else >= bound, and > 0 anyway), `positive`,
    `nonnegative` and `zero` polynomials.  `read` gives the polynomial of an atom's expression, `logarithm` that of the
    logarithm of a positive polynomial."""

    def __init__(self, lower: Mapping[str, Fraction], strict: frozenset[str], positive: Sequence[Poly],
                 nonnegative: Sequence[Poly], zero: Sequence[Poly], read: Callable[[str], Poly | None],
                 logarithm: Callable[[Poly], Poly], nested: int = 0) -> None:
        self.lower, self.strict = lower, strict
        self.zero = zero
        self.read, self.logarithm = read, logarithm
        self.nested = nested
        self.facts: list[tuple[Poly, bool]] = [(f, True) for f in positive] + [(f, False) for f in nonnegative]
        for name, low in lower.items():
            if low > 0:
                self.facts.append((nf.plus(nf.atom(name), nf.constant(nf.ratio(-low))), name in strict))
        self._atoms: dict[str, int] = {}
        self._seen: set[tuple[frozenset[tuple[Mono, Rational]], bool]] = set()
        self._found: dict[frozenset[tuple[Mono, Rational]], int | None] = {}

    def sign(self, p: Poly) -> int:
        """-1, 0 or 1; UndecidedSign if none is shown."""
        key = frozenset(p.items())
        if key not in self._found:
            self._found[key] = self._sign(p)
        found = self._found[key]
        if found is None:
            raise UndecidedSign(nf.to_expr(p))
        return found

    def _sign(self, p: Poly) -> int | None:
        if not p or self._vanishes(p):
            return 0
        if all(nf.numeric(m) for m in p):
            return _number_sign(p)
        try:
            for side in (1, -1):
                self._seen.clear()
                if self._positive(p if side > 0 else nf.scale(p, -1), False, _DEPTH):
                    return side
            return self._shifted(p) or self._by_logarithms(p)
        except Rejected:
            return None

    def _vanishes(self, p: Poly) -> bool:
        """Whether p is a monomial times a polynomial that is 0."""
        return any(len(z) == len(p) and any(nf.times(z, self._quotient(m, t, Fraction(c) / Fraction(d))) == p
                                            for t, d in z.items() for m, c in list(p.items())[:1]) for z in self.zero)

    # ---------------------------------------------------------------- atoms and monomials

    def atom(self, key: str) -> int:
        """The sign of an atom, 0 if it is not known."""
        if key[0].isdigit() or key in self.lower:
            return 1
        if key not in self._atoms:
            self._atoms[key] = 0  # an atom within itself
            self._atoms[key] = self._atom(key)
        return self._atoms[key]

    def _atom(self, key: str) -> int:
        if self.nested >= _NESTED:
            return 0
        inner: Poly | None = None
        if key.startswith("log("):
            inner = self.read(key[4:-1])
            if inner is not None:
                inner = nf.plus(inner, nf.constant(-1))
        elif key[0] == "(":
            inner = self.read(key[1:-1])
        if inner is None:
            return 0
        return self._deeper()._sign(inner) or 0

    def _deeper(self) -> Signs:
        out = Signs({}, self.strict, (), (), self.zero, self.read, self.logarithm, self.nested + 1)
        out.lower, out.facts = self.lower, self.facts
        return out

    def mono(self, m: Mono) -> int:
        """The sign of a monomial, 0 if it is not known.  Exponentials are positive."""
        out = 1
        for key, q in m[0]:
            s = self.atom(key)
            if s > 0:
                continue
            if s == 0 or Fraction(q).denominator != 1:
                return 0
            out = -out if q % 2 else out
        return out

    @staticmethod
    def _quotient(m: Mono, t: Mono, c: Rational) -> Poly:
        """c*m/t."""
        inverse = nf._mono({k: -q for k, q in t[0]}, {n: -q for n, q in t[1]})
        return nf.scale(nf.times({m: 1}, inverse), c)

    # ---------------------------------------------------------------- identities

    def _positive(self, p: Poly, strict: bool, depth: int) -> bool:
        """p > 0 as facts times monomials plus a rest that is >= 0; `strict` if a positive fact was used."""
        key = frozenset(p.items()), strict
        if key in self._seen or len(self._seen) > _NODES:
            return False
        self._seen.add(key)
        signs = {m: self.mono(m) * (1 if c > 0 else -1) for m, c in p.items()}
        numbers = {m: c for m, c in p.items() if nf.numeric(m)}
        if len(numbers) > 1 and (total := _number_sign(numbers)) is not None:
            signs |= dict.fromkeys(numbers, total or 1)
            strict = strict or total > 0
        wrong = sorted((m for m, s in signs.items() if s <= 0), key=nf.mono_key)
        if not wrong:
            return strict or len(p) > len(numbers) or len(numbers) == 1
        if depth == 0 or len(p) > 24:
            return False
        m = wrong[0]
        for fact, is_strict in (*self.facts, *((z, False) for z in self.zero)):
            equation = any(fact is z for z in self.zero)
            for t, d in fact.items():
                multiplier = self._quotient(m, t, Fraction(p[m]) / Fraction(d))
                if not equation and any(self.mono(k) * c <= 0 for k, c in multiplier.items()):
                    continue
                rest = nf.plus(p, nf.scale(nf.times(fact, multiplier), -1))
                if m not in rest and self._positive(rest, strict or is_strict, depth - 1):
                    return True
        return False

    def _shifted(self, p: Poly) -> int | None:
        """x = lower + y, y >= 0, for every name with a positive lower bound: equal signs of all coefficients, one of them
        of a term that does not vanish."""
        depth: dict[str, int] = {}
        for m in p:
            for k, q in m[0]:
                if isinstance(q, int) and q < 0 and self.atom(k) > 0:
                    depth[k] = max(depth.get(k, 0), -q)
        if depth:
            p = nf.times(p, nf._mono(dict(depth), {}))
        shifted: Poly = {}
        for m, c in p.items():
            term: Poly = {((), m[1]): c} if m[1] else nf.constant(c)
            for k, q in m[0]:
                if self.atom(k) <= 0:
                    return None
                natural = self._moves(k, q)
                base = nf.plus(nf.atom(k), nf.constant(nf.ratio(self.lower[k]))) if natural else nf._mono({k: q}, {})
                term = nf.times(term, nf.poly_power(base, int(q)) if natural else base)
            shifted = nf.plus(shifted, term)
        if len({c > 0 for c in shifted.values()}) != 1 or \
                all(any(self._moves(k, q) and k not in self.strict for k, q in m[0]) for m in shifted):
            return None
        return 1 if next(iter(shifted.values())) > 0 else -1

    def _moves(self, key: str, q: Rational) -> bool:
        return self.lower.get(key, 0) > 0 and isinstance(q, int) and q > 0

    def _by_logarithms(self, p: Poly) -> int | None:
        """The sign of a*M - b*N for a, b > 0 and positive monomials: that of log(a*M) - log(b*N)."""
        if len(p) != 2 or self.nested >= _NESTED or any(self.mono(m) <= 0 for m in p):
            return None
        (m, c), (n, d) = p.items()
        if (c > 0) == (d > 0):
            return None
        logs = [self.logarithm({m: abs(c)}), self.logarithm({n: abs(d)})]
        gap = nf.plus(logs[0], nf.scale(logs[1], -1))
        found = self._deeper()._sign(gap)
        return None if found is None else found if c > 0 else -found


def _number_sign(p: Poly) -> int | None:
    from verifier.kernel.recurrence_real import Real
    try:
        return Real(p).sign()
    except Rejected:
        return None
