"""Deciding many claims: from specification files to verdicts, certificates on disk and one table of results."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verifier.cost.model import COST_MODELS
from verifier.decide.decision import Budget, Decision
from verifier.decide.enrich import INCONSISTENT, decide_fully
from verifier.decide.store import Place, file_name, place_of, remove_stale, serialised, shown, write_text
from verifier.kernel.check import check
from verifier.kernel.claim import STRENGTHS, Claim
from verifier.kernel.context import Rejected
from verifier.lang.errors import Position, SourceError
from verifier.lang.show import ascii_relation
from verifier.spec.claims import SpecClaim, iterate
from verifier.spec.load import load

FORMAT = 1
CONTRADICTION = "the assumptions contradict each other"
SUFFIXES = (".yaml", ".yml")


class Unreadable(Exception):
    """Bad input in one or more files; `errors` holds all of them."""

    def __init__(self, errors: Sequence[SourceError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


class Inconsistent(Exception):
    """The kernel does not accept what was about to be reported, or a proved claim was refuted by a number."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How claims are decided and where certificates go (`root` None: next to the `specs` directory)."""

    budget: Budget = field(default_factory=Budget)
    cost_model: str | None = None
    all_cost_models: bool = False
    write: bool = True
    root: Path | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """One claim to decide; `expected` None: no expectation is held under this cost model."""

    claim: SpecClaim
    place: Place | None
    expected: str | None
    other_model: bool

    @property
    def name(self) -> str:
        """Its file name, without the specification's."""
        return file_name(self.claim.id, self.claim.reading, self.claim.cost_model if self.other_model else None)


@dataclass(frozen=True, slots=True)
class Result:
    """A task, its verdict and the path its certificate was written to."""

    task: Task
    decision: Decision
    certificate: str | None = None
    repairs: Mapping[str, str] = field(default_factory=dict)
    """The paths of the certificates of a repair, by its key: bound, assumption."""


REPAIRS = {"bound": "tight", "assumption": "repaired"}
"""The parts of a repair, and what their certificates' names end in."""


def find_specs(paths: Iterable[Path]) -> list[Path]:
    """The files among the paths and the .yaml files below the directories; SourceError if there are none."""
    out: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found = sorted(f for f in path.rglob("*") if f.suffix in SUFFIXES and f.is_file()
                           and not any(p.startswith(".") for p in f.relative_to(path).parts))
            if not found:
                raise SourceError("there is no specification in this directory", position=Position(str(path)),
                                  hint="specifications are .yaml files")
            out.update(dict.fromkeys(found))
        elif path.exists():
            out[path] = None
        else:
            raise SourceError("there is no such file", position=Position(str(path)))
    return list(out)


def tasks(paths: Iterable[Path], settings: Settings) -> list[Task]:
    """Every claim of every specification; `Unreadable` with all that is wrong in them."""
    errors: list[SourceError] = []
    out: list[Task] = []
    for path in paths:
        try:
            out += _tasks(path, settings)
        except SourceError as error:
            errors.append(error)
    if errors:
        raise Unreadable(errors)
    return out


def _tasks(path: Path, settings: Settings) -> Iterator[Task]:
    spec = load(str(path))
    place = place_of(path, settings.root) if settings.write else None
    own = spec.cost_model.name
    models: list[str | None] = [settings.cost_model]
    if settings.all_cost_models:
        models = [None, *(m for m in COST_MODELS if m != own)]
    seen: set[tuple[str, str | None, str]] = set()
    for model in models:
        for c in iterate(spec, model):
            key = (c.id, c.reading, c.cost_model if c.measured else "")
            if key in seen:
                continue
            seen.add(key)
            other = c.measured and model is not None and c.cost_model != own
            yield Task(c, place, None if other else c.expect or "proved", other)


def run(todo: Sequence[Task], settings: Settings, progress: Callable[[int, Task], None] | None = None) -> list[Result]:
    """Decide all tasks, then write their certificates.

    `progress` is called with the number of claims done and the next task.  Unreadable if assumptions contradict each other:
    then nothing was written.  Inconsistent if a certificate does not check when read back."""
    decisions = list(_decisions(todo, settings, progress))
    errors = [_contradiction(t) for t, d in zip(todo, decisions) if CONTRADICTION in d.findings]
    if errors:
        raise Unreadable(errors)
    results = [_stored(t, d, settings) for t, d in zip(todo, decisions)]
    if settings.write and settings.cost_model is None:
        kept = frozenset(t.place.path(d.verdict, t.name) for t, d in zip(todo, decisions)
                         if t.place is not None and d.certificate is not None)
        kept |= frozenset(t.place.path("proved", f"{t.name}.{REPAIRS[key]}") for t, d in zip(todo, decisions)
                          if t.place is not None for key in _repair_certificates(d))
        if not settings.all_cost_models:
            kept |= frozenset(_other_models(todo))
        for place in dict.fromkeys(t.place for t in todo if t.place is not None):
            remove_stale(place, kept)
    return results


def _other_models(todo: Sequence[Task]) -> Iterator[Path]:
    """Certificates under other cost models, which a run under the specification's own does not touch."""
    for place in dict.fromkeys(t.place for t in todo if t.place is not None):
        for folder in ("proofs", "counterexamples"):
            yield from (place.root / folder / place.folder).glob(f"{place.stem}.*@*.json")


def _decisions(todo: Sequence[Task], settings: Settings, progress: Callable[[int, Task], None] | None
               ) -> Iterator[Decision]:
    jobs = min(settings.jobs or os.cpu_count() or 1, len(todo))
    if jobs <= 1:
        for n, task in enumerate(todo):
            if progress:
                progress(n, task)
            yield _placed(task, lambda task=task: decide_spec_claim(task.claim, settings.budget))
        return
    from multiprocessing import get_context
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            futures = [pool.submit(decide_spec_claim, t.claim, settings.budget) for t in todo]
            for n, (task, future) in enumerate(zip(todo, futures)):
                if progress:
                    progress(n, task)
                yield _placed(task, future.result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _placed(task: Task, decision: Callable[[], Decision]) -> Decision:
    """A decision; what is wrong with the claim itself is reported at its place."""
    try:
        return decision()
    except SourceError as error:
        raise Unreadable([task.claim.place.error(error.message, error.hint)]) from None


def decide_spec_claim(claim: SpecClaim, budget: Budget) -> Decision:
    """The verdict on a claim of a specification.

    Where an algorithm may never end there is no cost to bound; the claim is refuted if what it says about the first
    rounds already is, and undecided otherwise."""
    findings = tuple(f"{f.algorithm}, {f.place}: {f.message}" for f in claim.findings)
    if claim.claim is not None:
        found = decide_fully(claim.claim, budget)
        return replace(found, findings=(*findings, *found.findings))
    reason = "; ".join(findings) or "the claim has no formal statement"
    if claim.truncation is None:
        return Decision("undecided", reason=reason, findings=findings)
    found = decide_fully(claim.truncation, budget, repairs=False)
    if found.verdict == "refuted":
        return replace(found, reason=reason, findings=(*findings, *found.findings))
    return Decision("undecided", reason=reason, findings=findings, seconds=found.seconds)


def _contradiction(task: Task) -> SourceError:
    return task.claim.place.error("the assumptions of this claim contradict each other: nothing follows from them",
                                  "; ".join(r for r in task.claim.rests_on if r.startswith("assumption")) or None)


def _stored(task: Task, decision: Decision, settings: Settings) -> Result:
    if any(f.startswith(INCONSISTENT) for f in decision.findings):
        raise Inconsistent(f"{task.claim.name}: " + "; ".join(decision.findings))
    if decision.certificate is None:
        if decision.verdict != "undecided":
            raise Inconsistent(f"{task.claim.name}: {decision.verdict} without a certificate")
        return Result(task, decision)
    text = serialised(decision.certificate, _remarks(task))
    confirm(text, decision, task.claim.name)
    if task.place is None:
        return Result(task, decision)
    path = task.place.path(decision.verdict, task.name)
    write_text(path, text)
    return Result(task, decision, shown(path), dict(_store_repairs(task, decision, task.place)))


def _repair_certificates(d: Decision) -> dict[str, Mapping[str, Any]]:
    return {key: d.repair[f"{key}_certificate"] for key in REPAIRS if d.repair and d.repair.get(f"{key}_certificate")}


def _store_repairs(task: Task, d: Decision, place: Place) -> Iterator[tuple[str, str]]:
    """Write the certificates of a repair among the proofs; yields their paths by key."""
    for key, certificate in _repair_certificates(d).items():
        text = serialised(certificate, _remarks(task))
        confirm(text, Decision("proved", str(certificate["strength"])), f"{task.claim.name} ({REPAIRS[key]})")
        path = place.path("proved", f"{task.name}.{REPAIRS[key]}")
        write_text(path, text)
        yield key, shown(path)


def confirm(text: str, decision: Decision, name: str) -> None:
    """Check a certificate as it is written; Inconsistent unless the kernel finds the verdict that is reported."""
    try:
        checked = check(json.loads(text))
    except Rejected as error:
        raise Inconsistent(f"{name}: the kernel rejects its certificate: {error}") from error
    if (checked.verdict, checked.strength) != (decision.verdict, decision.strength):
        raise Inconsistent(f"{name}: reported as {decision.verdict} ({decision.strength}), its certificate shows "
                           f"{checked.verdict} ({checked.strength})")


def _remarks(task: Task) -> dict[str, Any]:
    c, place = task.claim, task.place
    spec = f"{place.source}{Path(c.spec or '').suffix}" if place else Path(c.spec or "").name
    return {"spec": spec, "id": c.id, "reading": c.reading, "cost_model": c.cost_model if c.measured else None,
            "title": c.title, "source": c.source, "location": c.location, "published": c.published, "about": c.about,
            "note": c.note, "rests_on": list(c.rests_on)}


# ---------------------------------------------------------------- results

def entry(result: Result) -> dict[str, Any]:
    """The machine-readable outcome of one claim."""
    task, d = result.task, result.decision
    c = task.claim
    out = outcome(d, claim=c.claim or c.truncation, text=c.published, expected=task.expected,
                  certificate=result.certificate, rests_on=c.rests_on, required=c.strength, repairs=result.repairs)
    out.update(spec=c.spec, id=c.id, reading=c.reading)
    out.update(cost_model=c.cost_model if c.measured else None, title=c.title, source=c.source, location=c.location,
               about=c.about, note=c.note)
    return out


def outcome(d: Decision, *, claim: Claim | None, text: str, expected: str | None = "proved",
            certificate: str | None = None, rests_on: Sequence[str] = (), required: str | None = None,
            repairs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The entry of a decision that comes from no specification.

    `required` is the weakest strength with which a proof meets the expectation."""
    reason = d.reason
    weak = d.verdict == "proved" and required in STRENGTHS and d.strength in STRENGTHS \
        and STRENGTHS.index(str(d.strength)) > STRENGTHS.index(str(required))
    if weak:
        reason = f"proved {d.strength}, while {required} is asked for"
    return {
        "spec": None, "id": None, "reading": None, "claim": text, "verdict": d.verdict, "strength": d.strength,
        "expected": expected, "as_expected": expected is None or d.verdict == expected and not weak,
        "rests_on": list(rests_on), "certificate": certificate, "constants": dict(d.constants) or None,
        "family": _plain(d.family), "witnesses": _plain(d.witnesses), "repair": _repair(d, repairs or {}), "reason": reason,
        "seconds": round(d.seconds, 4), "statement": None if claim is None else ascii_relation(claim.statement),
        "assumptions": [] if claim is None else [ascii_relation(a) for a in claim.assumptions],
        "assignment": _plain((d.certificate or {}).get("assignment")), "weaker": _plain(d.weaker),
        "findings": list(d.findings), "tried": list(d.tried),
    }


def _repair(d: Decision, paths: Mapping[str, str]) -> dict[str, Any] | None:
    """The repair with the paths of its certificates in place of their text."""
    if d.repair is None:
        return None
    text = {k: v for k, v in d.repair.items() if not k.endswith("_certificate")}
    return {**_plain(text), **{f"{key}_certificate": path for key, path in paths.items()}}


def _plain(value: Any) -> Any:
    """Mappings and sequences as JSON has them, anything else as its text."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def summary(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts by verdict and the exit code they amount to."""
    count = {v: sum(e["verdict"] == v for e in entries) for v in ("proved", "refuted", "undecided")}
    return {"claims": len(entries), **count, "as_expected": sum(bool(e["as_expected"]) for e in entries),
            "contradicted": sum(map(contradicts, entries)), "open": sum(map(left_open, entries)),
            "seconds": round(sum(e["seconds"] for e in entries), 4)}


def contradicts(e: Mapping[str, Any]) -> bool:
    """Whether the verdict speaks against the expectation, rather than being missing."""
    return not e["as_expected"] and e["verdict"] != "undecided"


def left_open(e: Mapping[str, Any]) -> bool:
    """Whether a verdict was expected and none was found."""
    return not e["as_expected"] and e["verdict"] == "undecided"


def document(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON document of a run."""
    return {"format": FORMAT, "claims": list(entries), "summary": summary(entries)}

