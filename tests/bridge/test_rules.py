"""Every rule of the kernel as a Rocq proof, and proofs that are altered in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bridge.test_rocq import coqc, corrupt  # noqa: F401  (a fixture)
from tests.decide.claims import claim
from tests.kernel.test_rules import CASES, holds
from verifier.bridge.export import Files, export
from verifier.bridge.proof import Scope, nonnegative
from verifier.bridge.rules import RULES
from verifier.bridge.run import compile_files
from verifier.bridge.text import Printer
from verifier.decide import Budget, decide
from verifier.kernel import rules as kernel
from verifier.kernel.context import Context
from verifier.lang.parse import parse_expression

RULE = {c.rule: c for c in CASES}
COMPILED = (
    "rounding", "log_sum", "stirling", "integral", "half_range", "split", "residues", "cases", "member", "evaluate",
)  # fmt: skip
CLAIMS = {
    "a logarithm that is 0 at 1": "n*k*log(n) = O(n^2*k + k^2)",
    "a strict domination": "n < 2^n",
    "a tail of one large parameter": "n*log(n) = omega(n)",
    "a rate that is a minimum": "n + k = o(n*k)",
    "an exponential rate": "exp(sqrt(n)) = o(exp(n))",
    "integer parts": "floor(n/2) + ceil(n/2) = n",
    "factorials": "sum(i*factorial(i), i, 1, n) = factorial(n+1) - 1",
    "binomial coefficients": "binomial(n, 3) = Theta(n^3)",
    "extrema": "min(n, k)*max(n, k) = Theta(n*k)",
    "a point with powers": "n^2 <= 2^n",
    "a point with logarithms": "n*log(n) <= 5*n",
    "roots of numbers": "sqrt(n + 1) = Theta(sqrt(n))",
    "an integral of a root": "sum(sqrt(i), i, 1, n) = Theta(n^1.5)",
}


def of_claim(name: str) -> Files:
    found = decide(claim(CLAIMS[name]), Budget(witnesses=False))
    assert found.certificate is not None, found.reason
    return export(found.certificate)


def of_rule(name: str) -> Files:
    return export(holds(RULE[name], RULE[name].steps))


def test_every_rule_has_an_export() -> None:
    assert RULES.keys() == kernel.RULES.keys()


@pytest.mark.parametrize("name", RULE)
def test_exported(name: str) -> None:
    assert "Theorem t" in of_rule(name).proof


@pytest.mark.rocq
@pytest.mark.parametrize("name", COMPILED)
def test_rule(coqc: None, name: str, tmp_path: Path) -> None:  # noqa: F811
    found = compile_files(of_rule(name), tmp_path)
    assert found.rocq == "accepted", found.reason


@pytest.mark.rocq
@pytest.mark.parametrize("name", CLAIMS)
def test_claim(coqc: None, name: str, tmp_path: Path) -> None:  # noqa: F811
    found = compile_files(of_claim(name), tmp_path)
    assert found.rocq == "accepted", found.reason
    assert len(found.axioms) <= 4


@pytest.mark.rocq
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("stirling", "3*sqrt", "2*sqrt"),
        ("integral", "+ n^2", "+ 1"),
        ("half_range", "^2 <=", "^3 <="),
        ("log_sum", "ln (n + n)", "ln n"),
        ("evaluate", "<= 3", "<= 2"),
        ("split", "+ 2", "+ 1"),
    ],
)
def test_altered_statement(coqc: None, name: str, old: str, new: str, tmp_path: Path) -> None:  # noqa: F811
    files = of_rule(name)
    lines = files.statement.splitlines()
    lhs, rhs = (lines[k + 1] for k, x in enumerate(lines) if x.startswith(("Definition lhs", "Definition rhs")))
    whole = f"{lhs.strip().rstrip('.')} <= {rhs.strip()}"
    assert old in whole
    left, right = whole.replace(old, new, 1).split(" <= ")
    changed = corrupt(files, f"{lhs}\n", f"  {left.rstrip('.')}.\n", statement=True)
    changed = corrupt(changed, f"{rhs}\n", f"  {right}\n", statement=True)
    assert compile_files(changed, tmp_path).rocq == "rejected"


@pytest.mark.rocq
def test_altered_enclosure(coqc: None, tmp_path: Path) -> None:  # noqa: F811
    """The digits of a logarithm are computed again by coqc."""
    files = of_claim("a point with logarithms")
    assert "log_enclosed" in files.proof
    lines = [line for line in files.proof.splitlines() if "log_enclosed" in line]
    numbers = lines[0].split("log_enclosed", 1)[1].split("(")
    low = numbers[3].split(")")[0]
    changed = corrupt(files, lines[0], lines[0].replace(f"({low})", f"({int(low) + 10**7})"))
    assert compile_files(changed, tmp_path).rocq == "rejected"


def test_signs_of_numbers() -> None:
    """Close numbers need more digits, and a wrong sign is not shown."""
    scope = Scope(Printer(Context({}), frozenset()))
    close = parse_expression("log(2) - 6931471805599/10000000000000")
    assert any("log_enclosed" in line for line in nonnegative(close, scope, strict=True))
    assert nonnegative(parse_expression("log(2) - 7/10"), scope) == ["bound."]
