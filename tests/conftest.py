"""Tools that a test may need: without one the test is skipped on a developer's machine, and fails in CI."""

from __future__ import annotations

import os
import shutil

import pytest

TOOLS = {"rocq": ("coqc",), "browser": ("chromium", "chromedriver"), "latex": ("pdflatex",)}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, programs in TOOLS.items():
        missing = [p for p in programs if shutil.which(p) is None]
        if missing and item.get_closest_marker(mark) is not None:
            reason = f"needs {', '.join(missing)}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
