"""z3 and cvc5 as subprocesses with limits on time and memory: a second opinion, never a source of trust."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from verifier.bridge.coqc import LIMITED
from verifier.bridge.smt import Problem

MEGABYTES = 4096
"""Memory limit for one solver."""

CVC5_SCRIPT = """
import sys, cvc5
s = cvc5.Solver()
for pair in sys.argv[2:]:
    s.setOption(*pair.split("="))
p = cvc5.InputParser(s)
p.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.argv[1])
symbols = p.getSymbolManager()
while True:
    c = p.nextCommand()
    if c.isNull():
        break
    out = c.invoke(s, symbols)
    if out.strip():
        print(out.strip(), flush=True)
"""
CVC5_OPTIONS = ("nl-cov=false", "nl-ext=full", "nl-ext-tplanes=true")


def z3(path: Path, seconds: float, megabytes: int = MEGABYTES) -> str:
    """The answer of z3."""
    beside = Path(sys.executable).with_name("z3")
    binary = shutil.which("z3") or (str(beside) if beside.exists() else None)
    if binary is None:
        return "not installed"
    return _answer([binary, f"-T:{max(1, int(seconds))}", str(path)], seconds, megabytes)


def cvc5(path: Path, seconds: float, megabytes: int = MEGABYTES) -> str:
    """The answer of cvc5, by its binary or its Python interface in a process of its own."""
    command = _cvc5(path, CVC5_OPTIONS)
    return "not installed" if command is None else _answer(command, seconds, megabytes)


def _cvc5(path: Path, options: tuple[str, ...]) -> list[str] | None:
    binary = shutil.which("cvc5")
    if binary is not None:
        return [binary, *(f"--{o}" for o in options), str(path)]
    return [sys.executable, "-c", CVC5_SCRIPT, str(path), *options] if find_spec("cvc5") is not None else None


def alethe(path: Path, seconds: float, megabytes: int = MEGABYTES) -> str | None:
    """cvc5's Alethe proof of an unsatisfiable problem; None if it gives none."""
    text = path.read_text().replace("(set-logic", "(set-option :produce-proofs true)\n(set-logic", 1) + "(get-proof)\n"
    target = path.with_suffix(".proof.smt2")
    command = _cvc5(target, (*CVC5_OPTIONS, "proof-format-mode=alethe", "simplification=none"))
    if command is None:
        return None
    target.write_text(text)
    output = _output(command, seconds, megabytes)
    target.unlink(missing_ok=True)
    head, _, proof = (output or "").partition("\n")
    return proof if head.strip() == "unsat" and "(step" in proof else None


def holes(proof: str) -> int:
    """How many steps of an Alethe proof are not justified by a rule of the format."""
    return len(re.findall(r":rule\s+(?:hole|lia_generic|trust\w*)\b", proof))


def _output(command: list[str], seconds: float, megabytes: int) -> str | None:
    """Standard output, None after the time limit."""
    limited = ["/bin/sh", "-c", LIMITED, "sh", str(megabytes * 1024), str(int(seconds) + 2), *command]
    with subprocess.Popen(limited, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            raw, _ = process.communicate(timeout=seconds + 1)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        except BaseException:
            process.kill()
            raise
    return raw.decode(errors="replace")


def _answer(command: list[str], seconds: float, megabytes: int) -> str:
    output = _output(command, seconds, megabytes)
    words = (output or "timeout").split()
    return words[0] if words and words[0] in ("sat", "unsat", "unknown", "timeout") else "error"


def ask(problem: Problem, folder: Path, seconds: float, *, proof: bool = False) -> dict[str, Any]:
    """Write a problem to a folder and ask both solvers."""
    path = folder / f"{re.sub(r'[^A-Za-z0-9_.-]', '_', problem.name)}.smt2"
    path.write_text(problem.text)
    start = time.monotonic()
    answers = {"z3": z3(path, seconds), "cvc5": cvc5(path, seconds)}
    entry: dict[str, Any] = {
        "step": problem.name,
        "rule": problem.rule,
        "abstract": problem.abstract,
        "file": path.name,
        **answers,
        "seconds": round(time.monotonic() - start, 2),
    }
    if proof:
        text = alethe(path, seconds) if answers["cvc5"] == "unsat" else None
        if text is not None:
            path.with_suffix(".alethe").write_text(text)
        entry["alethe"] = None if text is None else path.with_suffix(".alethe").name
        entry["holes"] = None if text is None else holes(text)
    return entry


def findings(entry: dict[str, Any]) -> list[str]:
    """What speaks against a step, or against a solver."""
    answers = (entry["z3"], entry["cvc5"])
    if set(answers) >= {"sat", "unsat"}:
        return [f"{entry['step']}: the solvers DISAGREE: z3 says {answers[0]}, cvc5 says {answers[1]}"]
    if "sat" in answers and not entry["abstract"]:
        names = " and ".join(n for n in ("z3", "cvc5") if entry[n] == "sat")
        return [f"{entry['step']}: {names} found a model: the step ({entry['rule']}) does not follow"]
    return []
