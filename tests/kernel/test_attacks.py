"""Certificates of false statements, made to look right.  The kernel has to refuse every one of them."""

from __future__ import annotations

import pytest

from tests.kernel.support import accepted, explicit, integer, landau, real, refuted, rejected, row, step

N = integer("n")


def test_a_zeroth_power_is_not_greater_than_one() -> None:
    # x > 0 gives x^k > 0^k for k >= 1 only; with k = 0 a scaling by x^0 - 1 = 0 would turn 0 < 1 into 0 < 0
    x = real("x")
    steps = [step("dominate", "0 < 1"), step("scale", "0 < x - x", 0, by="x^0 - 1")]
    rejected(explicit("0 < x - x", [x], steps))


def test_binomial_of_a_real_may_be_negative() -> None:
    x = real("x")
    steps = [step("bounds", "0 <= binomial(x, 2)"), step("chain", "0 <= x*(x - 1)/2", 0)]
    rejected(explicit("0 <= x*(x - 1)/2", [x], steps))


def test_an_exponent_that_tends_to_zero_is_no_rate() -> None:
    # exp(n*exp(-n)) is bounded, although n tends to infinity
    facts = [{"tangent": "exp(n)", "eps": "exp(-1)", "times": "exp(-n)"}]
    steps = [step("dominate", "n*exp(n*exp(-n)) <= 4*n",
                  rows=[row("n*exp(n*exp(-n))", ("n", "1"), factor="4", facts=facts)])]
    rejected(landau("n = o(n)", [N], {"upper": "4", "rate": "exp(n*exp(-n))"}, {"upper": steps}, "all-large"),
             "rate")


def test_a_size_that_stays_bounded_leaves_no_tail() -> None:
    # along the family y = exp(t*exp(-t)) is bounded
    y = real("y", "0", role="growing")
    proofs = {"diverges": [step("dominate", "t*t <= t^2", rows=[row("t^2", ("t^2", "1"))])]}
    rejected(refuted("n = O(1)", [N, y], {"n": "t^2", "y": "exp(t*exp(-t))"}, proofs), "tail")


def test_an_even_power_of_a_logarithm_below_one() -> None:
    # (log x)^2 <= x fails at x = 1/100: the factor log x is negative there, its square is not
    x = real("x")
    rows = [row("log(x)^2", ("x", "1"), facts=[{"tangent": "log(x)", "eps": "1/2", "times": "2"}])]
    rejected(explicit("log(x)^2 <= x", [x], [step("dominate", "log(x)^2 <= x", rows=rows)]))


def test_an_even_power_of_a_negative_integer() -> None:
    # n^2 <= 4*2^n fails at n = -10
    n = integer("n", None)
    rows = [row("n^2", ("2^n", "1"), factor="4", facts=[{"tangent": "n", "eps": "1/4", "times": "2"},
                                                      {"plain": ["0", "n"], "times": "log(2) - 1/2"}])]
    rejected(explicit("n^2 <= 4*2^n", [n], [step("dominate", "n^2 <= 4*2^n", rows=rows)]))


@pytest.mark.parametrize("name", ["_c0", "_C0", "_c0_upper"])
def test_a_parameter_is_not_the_constant_of_an_assumption(name: str) -> None:
    from verifier.kernel.obligations import assumption_constant
    m = integer("m")
    for side in ("upper", "lower"):
        clash = assumption_constant(0, side)
        p = integer(clash)
        certificate = explicit(f"n <= {clash}*m", [N, m, p], [step("bounds", f"n <= {clash}*m")], ["n = O(m)"],
                               {"n": "1", "m": "1", clash: "1"})
        rejected(certificate)


def test_the_index_of_a_sum_captures_no_parameter() -> None:
    p = integer("i_")
    statement = "sum(i*i_, i, 1, n) = sum(j*j, j, 1, n)"
    rejected(explicit(statement, [N, p], [step("ring", statement)]))


def test_nothing_is_proved_on_an_empty_domain() -> None:
    n = integer("n", "5", upper="3")
    steps = [step("bounds", "5 <= n"), step("bounds", "n <= 3"), step("chain", "5 <= 3", 0, 1)]
    rejected(explicit("5 <= 3", [n], steps))
    x = real("x", "1", upper="1", upper_open=True)
    rejected(explicit("x <= x", [x], [step("ring", "x <= x")]))


def test_a_bounded_parameter_does_not_grow() -> None:
    # the tail x >= 2 of a parameter in (0, 1) is empty, so anything would hold in it
    x = real("x", "0", upper="1", upper_open=True, role="growing")
    certificate = landau("1/x = O(1)", [x], {"upper": "1", "threshold": "2"},
                         {"upper": [step("bounds", "1/x <= 1*1")]}, "all-large")
    rejected(certificate)


def test_a_violation_respects_landau_assumptions() -> None:
    # n = O(k - 1) forbids k = 1
    claim = {"parameters": [N, integer("k")], "statement": "n <= 0", "assumptions": ["n = O(k - 1)"]}
    rejected({"format": 1, "claim": claim, "verdict": "refuted", "assignment": {"n": "1", "k": "1"}})


def test_a_little_o_claim_is_not_refuted_by_a_small_size() -> None:
    # n = o(n^2) is true; at n = 1 the two sides are equal, and that says nothing
    certificate = refuted("n = o(n^2)", [N], {"n": "1"}, {"diverges": [step("evaluate", "1^2 <= 1")]},
                          strength="everywhere")
    rejected(certificate)


@pytest.mark.parametrize("name", ["e", "log", "Theta", "n + 1", "2", "", "(n)", "sum"])
def test_names_that_read_as_something_else(name: str) -> None:
    p = real(name, None)
    statement = "1 <= 1"
    rejected(explicit(statement, [p], [step("ring", statement)]))


def test_a_landau_class_beside_a_negative_value() -> None:
    # a function in Theta(n) may be 3*n, and then 3*n*log(x) + 2*n is negative for log(x) near -1
    x = real("x", "36/100", upper="37/100")
    steps = [step("bounds", "1/4 <= log(x) + 2"), step("scale", "1/4*n <= n*log(x) + 2*n", 0, by="n")]
    rejected(landau("Theta(n)*log(x) + 2*n = Omega(n)", [N, x], {"lower": "1/4"}, {"lower": steps}))


def test_shifting_leaves_roots_alone() -> None:
    # b = k = 100: 10 <= 2
    statement = "b^(1/2) <= 2 + k - b"
    rejected(explicit(statement, [integer("b"), integer("k")], [step("bounds", statement)], ["b <= k"],
                      {"b": "1", "k": "1"}))


def test_shifting_forgets_what_was_known_about_the_old_names() -> None:
    # with b = -10 + y, y >= 0, the hypothesis b + 3 <= c does not say y + 3 <= c; c = -7 is possible
    statement = "0 <= c - 3 + 0*b"
    parameters = [integer("b", "-10"), integer("c", None)]
    model = {"b": "1", "c": "10"}
    rejected(explicit(statement, parameters, [step("bounds", statement)], ["b + 3 <= c"], model))
    statement = "0 <= sqrt(c - 3) + b + 10"
    rejected(explicit(statement, parameters, [step("bounds", statement)], ["b + 3 <= c"], model))


@pytest.mark.parametrize("statement", ["exp(1/2*log(1/n + 1)) = (n + 1)^(-1/2)", "exp(n*log(1/n + 1)) = (n + 1)^(-n)",
                                       "(1/n + 1)^n = (n + 1)^(-n)"])
def test_the_inverse_of_a_sum_is_not_the_sum_of_inverses(statement: str) -> None:
    rejected(explicit(statement, [N], [step("ring", statement)]))


def test_cases_need_defined_values() -> None:
    # at n = 5 neither 1/(n - 5) <= 0 nor 0 <= 1/(n - 5) holds
    trivial = [step("ring", "1 <= 1")]
    certificate = explicit("1 <= 1", [N], [step("cases", "1 <= 1", left="exp(1/(n - 5))", right="1", first=trivial,
                                               second=trivial)])
    rejected(certificate, "not shown positive")


def test_a_true_claim_is_accepted() -> None:
    assert accepted(explicit("n <= n^2", [N], [step("dominate", "n <= n^2", rows=[row("n", ("n^2", "1"), facts=[
        {"log": ["1", "n"]}])])])).verdict == "proved"
