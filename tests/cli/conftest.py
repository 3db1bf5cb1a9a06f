"""Running commands in process, as the console script would."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from verifier.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Aalp = Callable[..., Done]


@pytest.fixture
def aalp(capsys: pytest.CaptureFixture[str]) -> Aalp:
    """Run `aalp ARGS`."""

    def run(*args: str | os.PathLike[str]) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([os.fspath(a) for a in args])
        captured = capsys.readouterr()
        code = stop.value.code
        return Done(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


SPEC = """\
title: Small
parameters:
  n: size
  b: {about: parts, assume: b <= n}
  m: {domain: real > 0}
models:
  M: m
algorithms:
  once: |
    M(prompt=n, reply=1)
  often: |
    for i in 1..b:
        M(prompt=n, reply=1)
claims:
  linear: cost(once) = Theta(m*n)
  quadratic: cost(often) = O(m*n^2)
  wrong: {claim: cost(often) = O(m*n), expect: refuted}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with specs/paper/small.yaml, made the working directory."""
    folder = tmp_path / "specs" / "paper"
    folder.mkdir(parents=True)
    (folder / "small.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path
