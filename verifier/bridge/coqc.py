"""coqc and coqchk as subprocesses with limits on time and memory, and what their answers mean."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from verifier.bridge.library import sources, theory

SECONDS = 60.0
"""Time limit for one file."""
MEGABYTES = 4096
"""Memory limit for one coqc."""

# the shell sets the limits and becomes coqc: a limit set in the child of a threaded process could deadlock
LIMITED = 'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; exec "$@"'

# a small minor heap and a lazy major collector: a third less time for short runs
COLLECTOR = "s=4M,o=1000"

_UNFIT = re.compile(
    r"has bad (magic|version) number|premature end of file|makes inconsistent assumptions over|[Cc]annot find a physical path"
    r"|Unable to locate library|Cannot load |Can't find file|[Ii]s corrupted"
)
"""A library that is absent, incomplete, of another version, or recompiled in part."""
_RESOURCES = re.compile(r"out of memory|Out of memory|Stack overflow|stack overflow")


@dataclass(frozen=True)
class Answer:
    """What became of one run: "good", "bad" (a refusal), or "none" (it says nothing about the file)."""

    kind: str
    output: str


def run(command: list[str], folder: Path, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Answer:
    """One coqc or coqchk."""
    shell = ["/bin/sh", "-c", LIMITED, "sh", str(megabytes * 1024), str(int(seconds) + 5), *command]
    environment = {k: v for k, v in os.environ.items() if k not in ("COQPATH", "COQRC")}
    environment.setdefault("OCAMLRUNPARAM", COLLECTOR)
    with subprocess.Popen(
        shell, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            raw, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return Answer("none", f"no answer within {seconds:g} s")
        except BaseException:
            process.kill()
            raise
    output, code = raw.decode(errors="replace"), process.returncode
    if code == 0:
        return Answer("good", output)
    if code in (126, 127):
        return Answer("none", f"{command[0]} cannot be run")
    if code < 0 or code > 128:
        number = -code if code < 0 else code - 128
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        return Answer("none", f"{command[0]} was stopped by {name} (limits: {seconds:g} s, {megabytes} MB)")
    if _RESOURCES.search(output):
        return Answer("none", f"{command[0]} ran out of memory ({megabytes} MB)")
    if _UNFIT.search(output):
        return Answer("none", f"the Rocq library does not fit, compile it again: {' '.join(output.split())[:300]}")
    return Answer("bad", output)


def compile_file(folder: Path, name: str, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Answer:
    """Run coqc on a file in a folder that stands for the library `Claim`."""
    return run(["coqc", "-q", "-Q", str(theory()), "Aalp", "-Q", ".", "Claim", name], folder, seconds, megabytes)


def recheck(folder: Path, modules: list[str], seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Answer:
    """coqchk on some modules; what they import is loaded unchecked."""
    names = [word for m in modules for word in ("-norec", m)]
    where = ["-Q", str(theory()), "Aalp", "-Q", ".", "Claim"]
    answer = run(["coqchk", "-silent", "-o", *where, *names], folder, seconds, megabytes)
    if answer.kind == "good" and (reason := unsound(answer.output)):
        return Answer("bad", reason)
    return answer


def unsound(summary: str) -> str | None:
    """What coqchk's summary lists that a proof may not rest on: axioms of its own, checks turned off."""
    for heading in ("type-in-type", "unsafe (co)fixpoints", "positivity is assumed"):
        if not re.search(re.escape(heading) + r": <none>", summary):
            return f"coqchk does not exclude: {heading}"
    own = re.search(r"^\s+((?:Claim|Aalp)\.\S+)$", summary, re.MULTILINE)
    return f"coqchk lists the axiom {own.group(1)}" if own else None


def library_modules() -> list[str]:
    """The modules of the library."""
    return [f"Aalp.{s.stem}" for s in sources()]
