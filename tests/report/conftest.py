"""A run with a proved, a refuted (family and assignment), and an undecided claim, certificates on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.refute.claims import make
from verifier.decide import Budget, decide
from verifier.kernel.claim import Claim
from verifier.lang.show import ascii_relation

CLAIMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    ("sums", "sum(j*n, j, 1, b) = Theta(b^2*n)", (), (), ()),
    ("log", "n*log(n) = O(n)", (), (), ()),
    ("ratio", "(m_q*b*k*l + m_d*b^2*k^2*l^2)/(m_q*k*l + m_d*b*l^2) = Theta(b*k^2)", ("b <= k",), (), ("m_q", "m_d")),
    ("explicit", "n^2 <= 1000*n", (), (), ()),
    ("sort", "T(n) = Theta(n*log(n))", (), ("T(n) = 2*T(n/2) + n",), ()),
    ("small", "log(n) = o(n^0.5)", (), (), ()),
    ("<script>alert('x')</script>", "n <= 2*n", (), (), ()),
]


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The JSON document of a run, and the directory its certificates are relative to."""
    root = tmp_path_factory.mktemp("run")
    entries = [one(root, *c) for c in CLAIMS]
    entries.append(
        {
            **entries[0],
            "id": "open",
            "verdict": "undecided",
            "certificate": None,
            "as_expected": False,
            "strength": None,
            "reason": "no proof and no counterexample found",
            "constants": None,
            "line": 7,
            "spec": "specs/a b.yaml",
        }
    )
    entries[1] |= {
        "as_expected": False,
        "expected": "proved",
        "repair": {"bound": "Theta(n*log(n))", "assumption": "n = O(1)"},
    }
    return {"format": 1, "claims": entries, "summary": {"claims": len(entries), "as_expected": len(entries) - 2}}, root


def one(
    root: Path, name: str, text: str, given: tuple[str, ...], equations: tuple[str, ...], real: tuple[str, ...]
) -> dict[str, Any]:
    """The entry of one claim, as a run prints it."""
    claim: Claim = make(text, given, equations, real)
    d = decide(claim, Budget(seconds=60))
    assert d.certificate is not None
    path = f"{'proofs' if d.verdict == 'proved' else 'counterexamples'}/paper/{abs(hash(name))}.json"
    certificate: Mapping[str, Any] = {**d.certificate, "meta": {"id": name}}
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(json.dumps(certificate), encoding="utf-8")
    return {
        "spec": "specs/paper.yaml",
        "id": name,
        "reading": None,
        "claim": text,
        "verdict": d.verdict,
        "strength": d.strength,
        "expected": d.verdict,
        "as_expected": True,
        "rests_on": list(given),
        "certificate": path,
        "constants": dict(d.constants) or None,
        "family": None,
        "witnesses": None,
        "repair": None,
        "reason": None,
        "seconds": 0.01,
        "statement": ascii_relation(claim.statement),
        "findings": [],
        "tried": [],
        "cost_model": None,
    }
