"""`--rocq` and `aalp rocq`: verdicts that coqc accepts as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Aalp
from verifier.bridge.run import missing

pytestmark = pytest.mark.rocq


@pytest.fixture(autouse=True)
def _compiled_library() -> None:
    import os
    reason = missing()
    if reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def test_prove_and_check(aalp: Aalp, project: Path) -> None:
    done = aalp("prove", "b*k = O(k^2)", "--given", "b <= k", "--rocq")
    assert done.out.startswith("proved+rocq (everywhere)")
    result = json.loads(aalp("check", "specs", "--rocq", "--format", "json").out)
    assert {c["id"]: c["rocq"] for c in result["claims"]} == {
        "linear": "accepted", "quadratic": "accepted", "wrong": "accepted"}


def test_files(aalp: Aalp, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    aalp("prove", "2*n*m = O(n^2 + m^2)", "--certificate", path)
    (entry,) = json.loads(aalp("rocq", path, "--format", "json").out)["certificates"]
    assert entry["rocq"] == "accepted"
    path.write_text(path.read_text().replace("O(n^2 + m^2)", "O(n^2)"))
    assert aalp("rocq", path).code == 1
