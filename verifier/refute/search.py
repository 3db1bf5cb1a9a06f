"""The smallest sizes at which an explicit claim fails.

Three searches share the time: a gallop over sizes of growing magnitude (powers of two, three and ten, their neighbours, the
bases of the recurrence) finds some violation fast; branch and bound (`search_box`) finds the smallest and shows that it is;
Hypothesis (`search_sample`) climbs on the ratio of the two sides where neither succeeds.  The order of sizes is the
total number of decimal digits, then lexicographic.

Time is processor time, so that what is found does not depend on what else the machine does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from time import thread_time
from typing import Any

from verifier.kernel.claim import Claim
from verifier.kernel.context import Context, Interval, Rejected
from verifier.kernel.obligations import base_context, check_point, statement
from verifier.lang.ast import LANDAU, App, Expr, Relation, Var, rebuild, sub
from verifier.lang.enclosure import EvaluationError
from verifier.lang.evaluate import Function, compare
from verifier.refute.search_bisect import Undecidable, first_true
from verifier.refute.search_box import Outcome, Point, Problem, bases_of, order, smallest_violation
from verifier.refute.search_range import Growth, gap, point_sign
from verifier.refute.search_sample import sample_violation

MAX_EXPONENT = 4096
"""The gallop goes up to 2^MAX_EXPONENT."""


MINIMISE = 1.5
"""Seconds spent on making a violation smaller, or showing that it is the smallest."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A point at which the claim fails; `smallest` if every smaller one (in the documented order) was excluded."""

    point: Mapping[str, Fraction]
    smallest: bool
    examined: int


def find_violation(claim: Claim, *, seconds: float, seed: int | None = None) -> dict[str, Fraction] | None:
    """The smallest violation found within the time, or None."""
    found = search(claim, seconds=seconds, seed=seed)
    return None if found is None else dict(found.point)


def search(
    claim: Claim, *, seconds: float, seed: int | None = None, progress: Callable[[str], None] | None = None
) -> Violation | None:
    """The smallest violation found within the time, and whether it is known to be the smallest."""
    deadline = thread_time() + seconds
    say = progress or (lambda text: None)
    try:
        r = statement(claim)
        context = base_context(claim)
    except Rejected:
        return None
    if r.op in (*LANDAU, "~") or any(a.op in LANDAU for a in claim.assumptions):
        return None
    as_written = unrolled(claim, r)
    r = closed_sums(as_written, context)
    functions, growth = recurrence_functions(claim, r)
    decide_point = decider(claim, as_written, functions, growth, r)
    problems = [Problem(r, context, decide_point, functions, growth, fixed) for fixed in real_values(context.names)]
    best: Violation | None = None
    if len(problems) > 1:
        problems = _promising(problems, min(deadline, thread_time() + seconds / 4))
    for problem in problems:
        if thread_time() > deadline or best is not None:
            break
        share = deadline if len(problems) == 1 else min(deadline, thread_time() + seconds / 4)
        best = _search_integers(claim, r, problem, share, say)
    if best is None and thread_time() < deadline:
        say("sampling that climbs on the ratio of the two sides")
        sampled = sample_violation(claim, decide_point, growth, deadline - thread_time(), seed)
        if sampled is not None:
            best = Violation(sampled, False, 0)
    if best is not None and not best.smallest:
        limit = min(deadline, thread_time() + MINIMISE)
        best = Violation(reduce(context.names, best.point, decide_point, limit), False, best.examined)
    return best


def _promising(problems: list[Problem], deadline: float) -> list[Problem]:
    """The assignments of the real parameters in order; first the one under which the least small violation was seen."""
    seen: list[tuple[Any, Problem]] = []
    for problem in problems:
        if thread_time() > deadline:
            break
        found = _smallest_few(problem) or gallop(problem, min(deadline, thread_time() + 0.02))
        if found is not None:
            seen.append((order([found[n] for n in problem.context.names if n in found]), problem))
    if not seen:
        return problems
    first = min(seen, key=lambda t: t[0])[1]
    return [first, *(p for p in problems if p is not first)]


def _search_integers(
    claim: Claim, r: Relation, problem: Problem, deadline: float, say: Callable[[str], None]
) -> Violation | None:
    """The smallest violation for fixed values of the real parameters."""
    seconds = deadline - thread_time()
    single = len(problem.names) == 1
    if any(g.slow for g in problem.growth.values()):
        problem.reach = 13
    found = _smallest_few(problem)
    if found is None and problem.growth and single:
        say("induction over blocks of sizes")
        problem.cleared = _cleared(claim, r, problem, thread_time() + seconds * 0.4)
        found = _just_beyond(problem)
    if found is None:
        say("a gallop over sizes of growing magnitude")
        found = gallop(problem, min(deadline, thread_time() + seconds * (0.25 if single else 0.05)))
    if not problem.names:
        return None if found is None else Violation(found, not problem.fixed, 1)
    if found is not None and single:
        found = _polished(problem, found, min(deadline, thread_time() + MINIMISE / 2))
    if found is not None and single and problem.halves == 2:  # ranges seldom show an equation
        say("every size from the least on")
        scanned = _scan(problem, Outcome(found, False, 0), min(deadline, thread_time() + MINIMISE))
        if scanned is not None and scanned.point is not None:
            return Violation({n: scanned.point[n] for n in problem.context.names if n in scanned.point}, not problem.fixed, 0)
    say("branch and bound over sizes")
    share = min(deadline, thread_time() + MINIMISE) if found is not None else thread_time() + (deadline - thread_time()) / 2
    outcome = smallest_violation(problem, share, found)
    if single and not outcome.smallest:
        say("every size from the least on")
        scanned = _scan(problem, outcome, min(deadline, thread_time() + MINIMISE / 2))
        if scanned is not None:
            outcome = scanned
    if outcome.point is None:
        return None
    point = {n: outcome.point[n] for n in problem.context.names if n in outcome.point}
    return Violation(point, outcome.smallest and not problem.fixed, outcome.examined)


def _cleared(claim: Claim, r: Relation, problem: Problem, deadline: float) -> tuple[int, int] | None:
    """A range of sizes on which a bound of a recurrence holds by induction over blocks."""
    from verifier.refute.search_induction import cleared

    return cleared(claim, r, dict(problem.growth), deadline, 1 << MAX_EXPONENT)


def _smallest_few(problem: Problem) -> Point | None:
    """The first violation among the 65 smallest values of the only size."""
    if len(problem.names) != 1:
        return None
    (name,) = problem.names
    domain = problem.context.names[name]
    first = int(domain.lo) if domain.lo is not None else 0
    for v in range(first, first + 65 if domain.hi is None else min(first + 65, int(domain.hi) + 1)):
        point = {name: Fraction(v)} | dict(problem.fixed)
        if problem.violated(point):
            return point
    return None


def _scan(problem: Problem, known: Outcome, deadline: float) -> Outcome | None:
    """The first violation among sizes tried one by one, up to the known one; None if time runs out before."""
    (name,) = problem.names
    domain = problem.context.names[name]
    n = int(domain.lo) if domain.lo is not None else 0
    top = int(known.point[name]) if known.point is not None else int(domain.hi) + 1 if domain.hi is not None else None
    while top is None or n < top:
        if n % 16 == 0 and thread_time() > deadline:
            return None
        point = {name: Fraction(n)} | dict(problem.fixed)
        if problem.violated(point):
            return Outcome(point, True, known.examined)
        n += 1
    return Outcome(known.point, True, known.examined) if known.point is not None else None


def _polished(problem: Problem, found: Point, deadline: float) -> Point:
    """A smaller violation by bisection, as if the claim failed from some size on."""
    (name,) = problem.names
    domain = problem.context.names[name]
    low = int(domain.lo) if domain.lo is not None else 0
    if problem.cleared is not None:
        low = max(low, problem.cleared[1])

    def bad(v: int) -> bool | None:
        return problem.violated({name: Fraction(v)} | dict(problem.fixed)) if thread_time() < deadline else None

    def score(v: int) -> Any | None:
        point = {name: Fraction(v)} | dict(problem.fixed)
        return gap(problem.statement.left, problem.statement.right, point, problem.growth)

    try:
        if low >= found[name] or bad(low):
            return found
        return found | {name: Fraction(first_true(bad, low, int(found[name]), problem.bases, score))}
    except Undecidable:
        return found


def _just_beyond(problem: Problem) -> Point | None:
    """A violation right after the range that induction cleared: where it stops is where the claim is likely to break."""
    if problem.cleared is None:
        return None
    (name,), last = problem.names, problem.cleared[1]
    for v in range(last + 1, last + 5):
        point = {name: Fraction(v)} | dict(problem.fixed)
        if problem.violated(point):
            return point
    return None


def decider(
    claim: Claim, r: Relation, functions: Mapping[str, Function], growth: Mapping[str, Growth], closed: Relation | None = None
) -> Callable[[Point], bool | None]:
    """Whether the claim fails at a point: by narrow enclosures (of `closed`, the statement with sums in closed form), else
    exactly; None where it has no value."""
    near = closed or r
    prefixes: dict[Any, Any] = {}

    def violated(point: Point) -> bool | None:
        try:
            check_point(claim, point)
        except (Rejected, EvaluationError):
            return False
        sign = point_sign(near.left, near.right, point, growth, prefixes)
        if sign is None:
            try:
                sign = compare(r.left, r.right, point, functions=functions)
            except EvaluationError:
                return None
        return sign != 0 if r.op == "=" else sign > 0 if r.op == "<=" else sign >= 0

    return violated


# ------------------------------------------------------------------ recurrences


def recurrence_functions(claim: Claim, r: Relation) -> tuple[dict[str, Function], dict[str, Growth]]:
    """The functions of the recurrences at exact arguments, and those known not to decrease."""
    if not claim.recurrences:
        return {}, {}
    from verifier.refute.search_recurrence import functions

    return functions(claim, r)


def closed_sums(r: Relation, context: Context) -> Relation:
    """The statement with sums of polynomials, of c/i and of log i in closed form, where their ranges are never shorter than
    empty."""
    from verifier.refute.search_range import known_sum

    def close(e: Expr) -> Expr:
        e = rebuild(e, close)
        match e:
            case App("sum", (term, Var(i), lower, upper)):
                found = known_sum(term, i, lower, upper, context)
                try:
                    if found is not None and context.at_least(sub(upper, lower), Fraction(-1)):
                        return found
                except (Rejected, EvaluationError):
                    pass
        return e

    return Relation(r.op, close(r.left), close(r.right))


def unrolled(claim: Claim, r: Relation) -> Relation:
    """The statement with T(n) = T(n-1) + f(n) written as a sum."""
    if not claim.recurrences:
        return r
    from verifier.refute.search_recurrence import as_sums

    return as_sums(claim, r)


# ------------------------------------------------------------------ the gallop


def gallop(problem: Problem, deadline: float) -> Point | None:
    """Some violation among sizes of growing magnitude, close to the smallest of its kind."""
    names = problem.names
    bases = bases_of(problem.statement)

    def point(*values: int) -> Point:
        return {n: Fraction(v) for n, v in zip(names, values)} | dict(problem.fixed)

    if not names:
        return point() if problem.violated(point()) else None
    if len(names) == 1:
        return _gallop_line(problem, bases, deadline)
    columns = [list(_inside(_few(bases), problem.context.names[n])) for n in names]
    if len(names) > 2:
        columns = [c[:8] for c in columns]
    for values in sorted(product(*columns), key=order) if len(names) < 4 else product(*columns):
        if thread_time() > deadline:
            return None
        if problem.violated(point(*values)):
            return point(*values)
    return None


def _gallop_line(problem: Problem, bases: list[int], deadline: float) -> Point | None:
    """One size: b^k, b^k - 1 and b^k + 1 with k doubling; then the least such k between the last
    good one and the first bad one, by bisection."""
    (name,) = problem.names
    domain = problem.context.names[name]

    def bad(v: int) -> bool:
        if domain.lo is not None and v < domain.lo or domain.hi is not None and v > domain.hi:
            return False
        return bool(problem.violated({name: Fraction(v)} | dict(problem.fixed)))

    best: int | None = None
    for b in bases:
        top = problem.reach / (b.bit_length() - 1)
        for shift in (0, 1, -1):
            good, k = 0, 2
            if problem.cleared is not None:
                good = max(0, problem.cleared[1].bit_length() // b.bit_length() - 1)
                k = good + 2
            while k <= top and thread_time() < deadline:
                if best is not None and b**k > best:
                    break
                if bad(b**k + shift):
                    while k - good > 1 and thread_time() < deadline:
                        middle = (k + good) // 2
                        good, k = (good, middle) if bad(b**middle + shift) else (middle, k)
                    best = b**k + shift if best is None else min(best, b**k + shift)
                    break
                good, k = k, k + max(1, k // 2)
    return None if best is None else {name: Fraction(best)} | dict(problem.fixed)


def _few(bases: list[int]) -> list[int]:
    out = {*range(0, 11), 12, 15, 16, 17, 20, 24, 31, 32, 50, 64, 99, 100, 1000, 1024, 10**4, 10**6, 2**20, 2**32, 2**64}
    for b in bases:
        out |= {b - 1, b, b + 1, b * b, b**3}
    return sorted(out)


def _inside(values: Any, domain: Interval) -> Iterator[int]:
    lo, hi = domain.lo, domain.hi
    first: list[int] = []
    if lo is not None and lo > 64:
        first = list(range(int(lo), int(lo) + 65))
    for v in (*first, *values):
        if (lo is None or v >= lo) and (hi is None or v <= hi):
            yield v


def real_values(names: Mapping[str, Interval]) -> Iterator[dict[str, Fraction]]:
    """Simple values of the real parameters, fewest digits first; one empty assignment if there are none."""
    reals = [n for n, i in names.items() if not i.integer and not n.startswith("_")]
    if not reals:
        yield {}
        return
    grid = [Fraction(q) for q in range(10)]
    grid += [Fraction(a, b) for b in range(2, 10) for a in range(1, 10) if Fraction(a, b).denominator == b]
    grid += [Fraction(10), Fraction(1, 10), Fraction(100), Fraction(1, 100), Fraction(10**6), Fraction(1, 10**6)]
    columns = []
    for n in reals:
        d = names[n]
        inside = [
            q
            for q in grid
            if (d.lo is None or q > d.lo or q == d.lo and not d.lo_open)
            and (d.hi is None or q < d.hi or q == d.hi and not d.hi_open)
        ]
        extra = [d.lo] if d.lo is not None and not d.lo_open else []
        extra += [(d.lo + d.hi) / 2] if d.lo is not None and d.hi is not None else []
        inside += [q for q in extra if q not in inside]
        columns.append(inside[: 48 if len(reals) == 1 else 12 if len(reals) == 2 else 5])
    for values in sorted(product(*columns), key=order):
        yield dict(zip(reals, values))


# ------------------------------------------------------------------ shrinking


def reduce(
    domains: Mapping[str, Interval],
    point: Mapping[str, Fraction],
    violated: Callable[[Point], bool | None],
    deadline: float,
    fixed: frozenset[str] = frozenset(),
) -> dict[str, Fraction]:
    """A smaller violation: each size in turn is replaced by a smaller one that keeps the violation, by trial of small
    sizes and by bisection, and reals by simpler ones; names in `fixed` keep their values."""
    best = dict(point)
    changed = True
    while changed and thread_time() < deadline:
        changed = False
        for name in [n for n in best if n not in fixed]:
            d = domains[name]
            if not d.integer:
                for (q,) in (tuple(v.values()) for v in real_values({name: d})):
                    if order([q]) >= order([best[name]]) or thread_time() > deadline:
                        break
                    if violated(best | {name: q}):
                        best[name] = q
                        changed = True
                        break
                continue
            low = int(d.lo) if d.lo is not None else 0
            high = int(best[name])
            for v in range(low, min(high, low + 40)):
                if thread_time() > deadline:
                    return best
                if violated(best | {name: Fraction(v)}):
                    best[name] = Fraction(v)
                    changed = True
                    break
            else:
                a, b = low + 39, high
                while b - a > 1 and thread_time() < deadline:
                    middle = (a + b) // 2
                    if violated(best | {name: Fraction(middle)}):
                        b = middle
                    else:
                        a = middle
                if a >= low + 39 and b < high:
                    best[name] = Fraction(b)
                    changed = True
    return best


__all__ = ["Violation", "decider", "find_violation", "real_values", "recurrence_functions", "search"]
