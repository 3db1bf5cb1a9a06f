"""Random expression trees built with the constructors of `verifier.lang.ast`."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from verifier.lang.ast import App, Expr, Num, Var, add, div, mul, neg, num, power, sub

NAMES = ("n", "k", "b", "m_d", "m_q")

rationals = st.one_of(st.integers(-12, 12), st.fractions(-5, 5, max_denominator=7)).map(num)
leaves: st.SearchStrategy[Expr] = st.one_of(rationals, st.sampled_from(NAMES).map(Var))


def _extend(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    many = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        many.map(lambda a: add(*a)),
        many.map(lambda a: mul(*a)),
        inner.map(neg),
        st.tuples(inner, inner).map(lambda a: sub(*a)),
        st.tuples(inner, inner).map(lambda a: div(*a)),
        st.tuples(inner, inner).map(lambda a: power(*a)),
        st.tuples(st.sampled_from(("log", "log2", "exp", "sqrt", "floor", "ceil", "factorial")), inner).map(
            lambda a: App(a[0], (a[1],))
        ),
        st.tuples(st.sampled_from(("min", "max", "log", "binomial")), inner, inner).map(lambda a: App(a[0], (a[1], a[2]))),
        st.tuples(inner, inner, inner).map(lambda a: App("sum", (a[0], Var("i"), a[1], a[2]))),
        st.tuples(inner, inner).map(lambda a: App("T", a)),
    )


expressions: st.SearchStrategy[Expr] = st.recursive(leaves, _extend, max_leaves=14)


def is_literal(e: Expr, value: Fraction) -> bool:
    """Whether e is the literal of that value."""
    return isinstance(e, Num) and e.value == value
