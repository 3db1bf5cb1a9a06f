"""SMT-LIB 2 problems of certificates, with the opinions of z3 and cvc5.

Each domination step is a problem over positive reals (QF_NRA): the atoms are positive, the facts hold, and
the difference of the two sides is negative; the step is right if that is unsatisfiable.  Solvers run as subprocesses with limits; they are a second
opinion, never a source of trust."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from verifier.bridge import dominate as dom
from verifier.bridge.normalise import Atoms
from verifier.bridge.text import NotExported, Printer
from verifier.kernel.check import read_family
from verifier.kernel.claim import claim_from_json
from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import Poly
from verifier.kernel.obligations import obligations, refutation_obligations
from verifier.kernel.rules import expr
from verifier.lang.parse import parse_relation

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


@dataclass(frozen=True)
class Problem:
    """One step as an SMT-LIB 2 script; unsat is expected."""

    name: str
    text: str


def problems(certificate: Mapping[str, Any]) -> list[Problem]:
    """The SMT problems of a certificate's domination steps."""
    claim = claim_from_json(certificate["claim"])
    if claim.recurrences:
        return []
    constants = {str(k): str(v) for k, v in certificate.get("constants", {}).items()}
    if certificate["verdict"] == "proved":
        todo = obligations(claim, str(certificate.get("strength")), constants)
    elif "family" in certificate:
        data = certificate["family"]
        todo = refutation_obligations(
            claim, read_family(data), str(certificate["strength"]), data["side"], expr(data.get("divergence", "1")), constants
        )
    else:
        return []
    out = []
    for name, o in todo.items():
        for where, step, premises in _dominations(certificate.get("proofs", {}).get(name, []), name):
            goal = parse_relation(step["conclusion"], functions=None)
            try:
                out.append(Problem(where, script(step, goal, premises, o.context, where)))
            except (NotExported, Rejected):
                continue
    return out


def _dominations(steps: Sequence[Any], name: str) -> Iterator[tuple[str, Any, list[Any]]]:
    shown = [parse_relation(s["conclusion"], functions=None) for s in steps]
    for k, s in enumerate(steps):
        if s["rule"] == "dominate":
            yield f"{name}.{k}", s, [shown[i] for i in s.get("premises", [])]


def script(step: Any, goal: Any, premises: Sequence[Any], context: Context, name: str) -> str:
    """The SMT-LIB 2 script of one domination."""
    d = dom.analyse(step, goal, premises, context)
    atoms = dom.atoms_of(d, Atoms(Printer(context, frozenset())))
    order = list(atoms.roots)
    names = {a: f"x{k}" for k, a in enumerate(order)}
    lines = [f"; {name}: {step['conclusion']}".replace("\n", " "), "(set-logic QF_NRA)"]
    for a in order:
        lines += [
            f"; {names[a]} = {a[1] if a[0] == 'key' else 'exp of a monomial'}"
            + (f", root {atoms.roots[a]}" if atoms.roots[a] > 1 else ""),
            f"(declare-const {names[a]} Real)",
            f"(assert (< 0.0 {names[a]}))",
        ]
    for f in d.facts:
        small = {a: -q for a, q in f.vector.items() if q < 0}
        large = {a: q for a, q in f.vector.items() if q > 0}
        lines.append(
            f"(assert (<= {_mono(Fraction(f.number.denominator), small, atoms, names)} "
            f"{_mono(Fraction(f.number.numerator), large, atoms, names)}))"
        )
    lines += [f"(assert ({'<' if goal.op == '<=' else '<='} {_poly(d.num, atoms, names)} 0.0))", "(check-sat)"]
    return "\n".join(lines) + "\n"


def _number(q: Fraction) -> str:
    size = f"{abs(q.numerator)}.0" if q.denominator == 1 else f"(/ {abs(q.numerator)}.0 {q.denominator}.0)"
    return size if q >= 0 else f"(- {size})"


def _mono(c: Fraction, v: dom.Vector, atoms: Atoms, names: Mapping[Any, str]) -> str:
    factors = [_number(c)] + [names[a] for a, q in v.items() for _ in range(atoms.exponent(a, q))]
    return f"(* {' '.join(factors)})" if len(factors) > 1 else factors[0]


def _poly(p: Poly, atoms: Atoms, names: Mapping[Any, str]) -> str:
    """The polynomial times the monomial that clears negative exponents."""
    vectors = [(Fraction(c), dom.vector_of(m)) for m, c in p.items()]
    lift: dom.Vector = {}
    for _, v in vectors:
        for a, q in v.items():
            lift[a] = min(lift.get(a, Fraction(0)), q)
    terms = [
        _mono(c, {a: v.get(a, Fraction(0)) - lift.get(a, Fraction(0)) for a in {*v, *lift}}, atoms, names) for c, v in vectors
    ]
    return f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0] if terms else "0.0"


def z3(path: Path, seconds: float) -> str:
    """The answer of z3."""
    beside = Path(sys.executable).with_name("z3")
    binary = shutil.which("z3") or (str(beside) if beside.exists() else None)
    if binary is None:
        return "not installed"
    return _run([binary, f"-T:{max(1, int(seconds))}", str(path)], seconds)


def cvc5(path: Path, seconds: float) -> str:
    """The answer of cvc5, by its binary or its Python interface in a process of its own."""
    from importlib.util import find_spec

    binary = shutil.which("cvc5")
    if binary is not None:
        return _run([binary, "--no-nl-cov", "--nl-ext=full", "--nl-ext-tplanes", str(path)], seconds)
    if find_spec("cvc5") is None:
        return "not installed"
    return _run([sys.executable, "-c", CVC5_SCRIPT, str(path), *CVC5_OPTIONS], seconds)


def alethe(path: Path, seconds: float) -> str | None:
    """cvc5's Alethe proof of an unsatisfiable problem; None if it gives none."""
    text = path.read_text().replace("(set-logic", "(set-option :produce-proofs true)\n(set-logic", 1) + "(get-proof)\n"
    target = path.with_suffix(".proof.smt2")
    target.write_text(text)
    options = (*CVC5_OPTIONS, "proof-format-mode=alethe", "simplification=none")
    try:
        found = subprocess.run(
            [sys.executable, "-c", CVC5_SCRIPT, str(target), *options], capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        target.unlink(missing_ok=True)
    head, _, proof = found.stdout.partition("\n")
    return proof if head.strip() == "unsat" and proof.strip() else None


def _run(command: list[str], seconds: float) -> str:
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 2)
    except subprocess.TimeoutExpired:
        return "timeout"
    lines = found.stdout.split()
    return lines[0] if lines and lines[0] in ("sat", "unsat", "unknown") else "timeout" if "timeout" in lines else "error"


def ask(problem: Problem, folder: Path, seconds: float, *, proof: bool = False) -> dict[str, Any]:
    """Write a problem to a folder and ask both solvers."""
    path = folder / f"{problem.name.replace('@', '_at_').replace(':', '_')}.smt2"
    path.write_text(problem.text)
    start = time.monotonic()
    answers = {"z3": z3(path, seconds), "cvc5": cvc5(path, seconds)}
    entry: dict[str, Any] = {
        "step": problem.name,
        "file": path.name,
        **answers,
        "seconds": round(time.monotonic() - start, 2),
    }
    if proof:
        text = alethe(path, seconds)
        if text is not None:
            path.with_suffix(".alethe").write_text(text)
        entry["alethe"] = None if text is None else path.with_suffix(".alethe").name
    return entry
