"""Rows from hypotheses between monomials, one logarithm up: m^2 <= s gives w*log(m) <= 1/2*w*log(s)."""

from __future__ import annotations

from fractions import Fraction

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import Mono, polynomial, times
from verifier.lang.ast import log
from verifier.lang.show import ascii
from verifier.scales.rows import Row
from verifier.scales.script import Script, le


def hypothesis_rows(m: Mono, target: Mono, context: Context) -> list[Row]:
    """Rows of m on one target, where the quotient of the two is that of the logarithms of a hypothesis' sides."""
    out: list[Row] = []
    for h in context.hypotheses:
        try:
            small, large = (polynomial(log(e), context) for e in (h.left, h.right))
            if h.op not in ("<=", "<", "=") or len(small) != 1 or len(large) != 1:
                continue
            ((a, p),), ((b, q),) = small.items(), large.items()
            if p <= 0 or q <= 0 or times({m: 1}, {b: 1}) != times({target: 1}, {a: 1}):
                continue
        except Rejected:
            continue
        script = Script()
        k = script.add("bounds", le(h.left, h.right))
        fact = le(log(h.left), log(h.right))
        script.add("monotone", fact, (k,), template="log(_1)")
        out.append(Row(m, ((target, Fraction(1)),), ({"log": [ascii(fact.left), ascii(fact.right)], "premise": 0},),
                       Fraction(q) / Fraction(p), lemmas=(script,)))
    return out
