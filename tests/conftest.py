"""Tools that a test may need: without one the test is skipped on a developer's machine, and fails in CI."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = {"rocq": ("coqc", "make"), "browser": ("chromium", "chromedriver"), "latex": ("pdflatex",)}


@cache
def library() -> str | None:
    """Compile the Rocq library where it is not; why that is impossible.  One of several workers does it."""
    from verifier.bridge.library import missing

    if missing() is None:
        return None
    with (Path(tempfile.gettempdir()) / f"aalp-library-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing() is not None:
            subprocess.run(["make", "-C", str(ROOT / "proofs"), "theory"], capture_output=True, timeout=900)
    return missing()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, programs in TOOLS.items():
        if item.get_closest_marker(mark) is None:
            continue
        missing = [p for p in programs if shutil.which(p) is None]
        reason = f"needs {', '.join(missing)}" if missing else library() if mark == "rocq" else None
        if reason:
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
