"""Random mutation of valid certificates: a mutant is rejected, or what it establishes is not clearly false."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.kernel.truth import complaint
from verifier.decide import Budget, decide
from verifier.decide.question import Declarations, question
from verifier.kernel.check import check
from verifier.kernel.context import Rejected

D = Declarations
CLAIMS: list[tuple[str, Declarations]] = [
    ("b^2*k*l + b^2*k^2*l^2 = Theta(b^2*k^2*l^2)", D()),
    ("2*n*m = O(n^2 + m^2)", D()),
    ("n*log(n) = O(n^1.1)", D()),
    ("n*log(n) = o(n^1.1)", D()),
    ("2^k*k = O(3^k)", D()),
    ("log(n)^2 = o(n)", D()),
    ("n^2 + n ~ n^2", D()),
    ("b*k = O(k^2)", D(given=["b <= k"])),
    ("n^2 - n = Theta(n^2)", D(domains=["n >= 2"])),
    ("sum(i, i, 1, n) = Theta(n^2)", D()),
    ("sum(i^2, i, 1, n) = n*(n+1)*(2*n+1)/6", D()),
    ("(n^2 + n*m)/(n + m) = Theta(n)", D()),
    ("m*n + n = O(m*n^2 + n)", D(real=["m"])),
    ("k*n = O(n)", D(constant=["k"])),
    ("x*exp(-y) = O(1)", D()),
    ("n^2 = O(n)", D()),
    ("n*m = O(n + m)", D()),
    ("n + m = Theta(n)", D()),
    ("n = o(2*n)", D()),
    ("2*n ~ n", D()),
    ("m*n = O(n)", D(real=["m"])),
    ("2*n <= n^2 + 1", D()),
    ("n^2 <= 2^n", D()),
    ("floor(n/2) + ceil(n/2) = n", D()),
    ("n^2 >= n", D()),
    ("x <= x^2 + 1/4", D(real=["x"])),
    ("sum(i, i, 1, n) <= n^2", D()),
    ("max(n, m) <= n + m", D()),
]
FRAGMENTS = ["0", "1", "-1", "2", "1/2", "n", "m", "n^2", "log(n)", "n + 1", "n - 1", "2^n", "everywhere", "any-large",
             "all-large", "proved", "refuted", "upper", "lower", "growing", "constant", "uniform", "integer", "real",
             "dominate", "bounds", "ring", "chain", "scale", "monotone", "telescoping", "split", "tangent", "x", "t", "t^2"]


@cache
def certificates() -> tuple[dict[str, Any], ...]:
    out = []
    for text, declared in CLAIMS:
        found = decide(question(text, declared), Budget(seconds=10)).certificate
        if found is not None:
            out.append(json.loads(json.dumps(found)))
    return tuple(out)


@pytest.fixture(autouse=True, scope="module")
def _found_before_hypothesis_runs() -> None:
    certificates()  # a finder may use Hypothesis itself, and that does not nest


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    out = [here] if here else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for k, v in items:
        out += paths(v, (*here, k))
    return out


def mutate(certificate: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    out = copy.deepcopy(certificate)
    for _ in range(data.draw(st.integers(1, 2), label="changes")):
        path = data.draw(st.sampled_from(paths(out)), label="place")
        at = out
        for k in path[:-1]:
            at = at[k]
        key, old = path[-1], at[path[-1]]
        kind = data.draw(st.sampled_from(["fragment", "remove", "swap", "repeat", "digit", "relation"]), label="kind")
        if kind == "remove":
            del at[key]
        elif kind == "repeat" and isinstance(at, list):
            at.insert(key, copy.deepcopy(old))
        elif kind == "swap":
            other = data.draw(st.sampled_from(paths(out)), label="other")
            value: Any = out
            for k in other:
                value = value[k]
            at[key] = copy.deepcopy(value)
        elif kind == "digit" and isinstance(old, str) and any(c.isdigit() for c in old):
            place = data.draw(st.sampled_from([i for i, c in enumerate(old) if c.isdigit()]))
            at[key] = old[:place] + str(data.draw(st.integers(0, 9))) + old[place + 1:]
        elif kind == "relation" and isinstance(old, str) and "=" in old:
            a, b = data.draw(st.sampled_from([("<=", ">="), ("<=", "<"), ("=", "<="), ("<=", "="), (" + ", " - "),
                                              ("O(", "Omega("), ("Theta(", "o("), ("O(", "o("), ("Theta(", "O(")]))
            at[key] = old.replace(a, b, 1)
        else:
            at[key] = data.draw(st.sampled_from(FRAGMENTS))
        if not isinstance(out, dict) or not paths(out):
            break
    return out


def test_the_originals_are_accepted_and_not_false() -> None:
    assert len(certificates()) >= 25
    for c in certificates():
        assert check(c).verdict == c["verdict"]
        assert complaint(c) is None


@settings(max_examples=1500, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_mutants_are_rejected_or_true(data: st.DataObject) -> None:
    mutant = mutate(data.draw(st.sampled_from(certificates())), data)
    try:
        check(mutant)
    except Rejected:
        return
    found = complaint(mutant)
    assert found is None, f"{found}\n{json.dumps(mutant, indent=1)}"
