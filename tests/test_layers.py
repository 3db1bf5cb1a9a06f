"""Imports follow one order only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "verifier"

ARROWS: dict[str, set[str]] = {
    "lang": set(),
    "kernel": {"lang"},
    "scales": {"kernel", "lang"},
    "cost": {"kernel", "lang"},
    "spec": {"cost", "kernel", "lang"},
    "prove": {"scales", "kernel", "lang"},
    "refute": {"scales", "kernel", "lang"},
    "decide": {"prove", "refute", "scales", "spec", "cost", "kernel", "lang"},
    "conform": {"decide", "spec", "cost", "kernel", "lang"},
    "bridge": {"decide", "spec", "cost", "kernel", "lang"},
    "report": {"bridge", "decide", "refute", "spec", "cost", "kernel", "lang"},
    "cli": {"report", "bridge", "conform", "decide", "prove", "refute", "scales", "spec", "cost", "kernel", "lang"},
}
STANDARD_LIBRARY_ONLY = ("lang", "kernel")


def imports(path: Path) -> set[str]:
    """Modules that a file imports, anywhere in it."""
    out = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            out |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            out |= {node.module or ""} | {f"{node.module}.{a.name}" for a in node.names if node.module == "verifier"}
    return out


def files(layer: str) -> list[Path]:
    return sorted((PACKAGE / layer).rglob("*.py"))


def test_every_package_has_its_place() -> None:
    found = {p.name for p in PACKAGE.iterdir() if p.is_dir() and any(p.glob("*.py"))}
    assert found <= set(ARROWS)


@pytest.mark.parametrize("layer", sorted(ARROWS))
def test_arrows(layer: str) -> None:
    for path in files(layer):
        for module in imports(path):
            parts = module.split(".")
            if parts[0] == "verifier" and len(parts) > 1:
                assert parts[1] == layer or parts[1] in ARROWS[layer], f"{path.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize("layer", STANDARD_LIBRARY_ONLY)
def test_trusted_layers_need_the_standard_library_only(layer: str) -> None:
    for path in files(layer):
        for module in imports(path):
            first = module.split(".")[0]
            assert first in sys.stdlib_module_names or first == "verifier", f"{path.name} imports {module}"


def test_kernel_has_no_assert_and_no_floats() -> None:
    for path in files("kernel"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not isinstance(node, ast.Assert), f"{path.name}:{node.lineno}: assert is gone under python -O"
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"{path.name}: a float"
            if isinstance(node, ast.Name):
                assert node.id != "float", f"{path.name}:{node.lineno}: float"


BUILTINS = {"eval", "exec", "compile", "__import__"}
METHODS = {"sympify", "parse_expr", "S"}  # of sympy: they run what they read


def test_user_text_is_never_evaluated() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            match node.func:
                case ast.Name(name):
                    assert name not in BUILTINS | METHODS, f"{place}: {name}"
                case ast.Attribute(ast.Name(owner), name):
                    assert name not in METHODS, f"{place}: {owner}.{name}"
                    assert not (owner == "yaml" and name in ("load", "unsafe_load", "full_load")), place


HEAVY = ("z3", "sympy", "hypothesis", "pydantic", "rich", "yaml", "jinja2", "cvc5", "mpmath")


def test_recheck_starts_light(tmp_path: Path) -> None:
    code = ("import sys, verifier.cli.recheck, verifier.kernel.check, verifier.lang.show\n"
            "import verifier.cli\n"
            f"print([m for m in {HEAVY!r} if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
