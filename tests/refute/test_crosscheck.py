"""The prover's conscience: sabotaged certificates are caught at concrete sizes, sound ones are not."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from time import monotonic

import pytest

from tests.refute.claims import make
from verifier.decide import Budget, decide
from verifier.decide.crosscheck import attack, bundle, suspicion, write_bundle
from verifier.refute.witnesses import decimal, show, witnesses

PROOFS = sorted((Path(__file__).parents[2] / "proofs").glob("*/*.json"))
CLAIMS = [
    "sum(j*n, j, 1, b) = Theta(b^2*n)",
    "n*log(n) = O(n^1.1)",
    "n^2 + 5*n = Theta(n^2)",
    "2^k*k = O(3^k)",
    "(n^2 + n)/(n + 3) = Theta(n)",
]


@pytest.mark.parametrize("text", CLAIMS)
def test_constants_that_are_too_tight_are_caught(text: str) -> None:
    d = decide(make(text), Budget(seconds=60))
    assert d.certificate is not None
    assert attack(d.certificate, 0.3) is None
    for side in ("upper", "lower"):
        if side in d.constants:
            wrong = copy.deepcopy(dict(d.certificate))
            factor = "1/1000" if side == "upper" else "1000"
            wrong["constants"] = {**wrong["constants"], side: f"({d.constants[side]})*{factor}"}
            hit = attack(wrong, 2)
            assert hit is not None, side
            assert hit.obligation.startswith(side)


def test_constants_of_assumptions_are_made_tight() -> None:
    d = decide(make("m_g*n = Theta(k*m_s*n)", ("m_g = Theta(k*m_s)",), (), ("m_g", "m_s")), Budget(seconds=60))
    assert d.certificate is not None
    assert attack(d.certificate, 0.3) is None
    wrong = {**d.certificate, "constants": {**d.constants, "upper": "_C0/2"}}
    hit = attack(wrong, 2)
    assert hit is not None
    assert "_C0" in hit.point


def test_the_bundle_has_all_that_is_needed(tmp_path: Path) -> None:
    d = decide(make(CLAIMS[0]), Budget(seconds=60))
    assert d.certificate is not None
    wrong = {**d.certificate, "constants": {"upper": "1/10", "lower": "1/2"}}
    hit = attack(wrong, 2)
    assert hit is not None
    data = json.loads(write_bundle(wrong, hit, tmp_path / "bundles" / "x.json").read_text(encoding="utf-8"))
    assert data == bundle(wrong, hit)
    assert data["certificate"]["claim"]["statement"] == CLAIMS[0]
    assert "fails at" in str(hit)


@pytest.mark.skipif(not PROOFS, reason="no proofs in the repository")
def test_the_proofs_of_the_repository_stand(seconds: float = 0.15) -> None:
    start = monotonic()
    for path in PROOFS:
        certificate = json.loads(path.read_text(encoding="utf-8"))
        assert attack(certificate, seconds) is None, path.name
    assert monotonic() - start < 30


@pytest.mark.parametrize(
    "text", ["n*log(n) = O(n)", "n^2 = Theta(n^2*log(n))", "log(n) = o(log(n))", "n^2 = omega(n^2)", "a*b = O(a + b)"]
)
def test_false_claims_look_suspect(text: str) -> None:
    trend = suspicion(make(text))
    assert trend is not None
    assert str(trend).startswith("suspect: along ")


@pytest.mark.parametrize(
    "text", ["n = O(n^2)", "n*log(n) = o(n^2)", "n^2 + n = Theta(n^2)", "a*b = O(a^2 + b^2)", "2^n = omega(n)"]
)
def test_true_claims_do_not(text: str) -> None:
    assert suspicion(make(text)) is None


def test_witnesses_of_a_family() -> None:
    d = decide(make("k^n = O(2^n)"), Budget(seconds=60))
    assert d.certificate is not None
    found = witnesses(d.certificate, seconds=60)
    assert found is not None
    assert [w["sizes"] for w in found["smallest"]] == [{"k": "3", "n": "2"}, {"k": "3", "n": "6"}, {"k": "4", "n": "7"}]
    assert {w["how"] for w in found["smallest"]} == {"smallest"}
    assert found["rows"][0]["ratio"] == "27/8"
    json.dumps(found)


def test_witnesses_need_a_positive_bound() -> None:
    d = decide(make("n^2 = O(n*log(n)^3)"), Budget(seconds=60))
    assert d.certificate is not None
    found = witnesses(d.certificate, seconds=60)
    assert found is not None
    assert all(w["value"] is not None for w in found["smallest"])


def test_numbers_as_text() -> None:
    from fractions import Fraction

    assert decimal(Fraction(1, 3), 5) == "0.33333"
    assert decimal(Fraction(10**400)) == "1e+400"
    assert decimal(Fraction(-123456, 1000), 12) == "-123.456"
    assert show(Fraction(7, 2)) == "7/2"
    assert show(Fraction(10**50)) == "~1e+50"


def test_a_hit_is_reported_with_a_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from verifier.decide import enrich

    monkeypatch.chdir(tmp_path)
    d = decide(make(CLAIMS[0]), Budget(seconds=60))
    assert d.certificate is not None
    wrong = {**d.certificate, "constants": {"upper": "1/10", "lower": "1/2"}}
    hit = attack(wrong, 2)
    assert hit is not None
    monkeypatch.setattr(enrich, "attack", lambda *_: hit)
    found = enrich.decide_fully(make(CLAIMS[0]), Budget(seconds=60, cross_check=True))
    assert any(f.startswith(enrich.INCONSISTENT) and "please report it" in f for f in found.findings)
    assert len(list(tmp_path.glob("aalp-inconsistency-*.json"))) == 1
