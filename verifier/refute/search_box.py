"""The smallest violation of an explicit claim, by branch and bound over boxes of integers.

Sizes are ordered by their total number of decimal digits, then lexicographically in the order of the parameters.
A box is discarded when the claim is shown to hold on all of it: by the ranges of the two sides, or because their
ratio (or difference) changes monotonically with each size and the claim holds at the worst corner.  Boxes are
taken in the order of their lower corners, which bounds the order of all their points, so the first violation met
is the smallest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from time import thread_time
from typing import Any

from mpmath import libmp as mp

from verifier.kernel.context import Context, Rejected
from verifier.kernel.normal import Mono, Poly, normal, to_expr
from verifier.kernel.sign import manifestly_nonnegative, split_number
from verifier.lang.ast import App, Expr, Num, Relation, add, div, mul, neg, num, power, rebuild, sub, subterms
from verifier.lang.enclosure import EvaluationError
from verifier.lang.errors import SourceError
from verifier.lang.evaluate import Function, compare
from verifier.lang.show import ascii
from verifier.refute.search_bisect import Undecidable, first_true
from verifier.refute.search_range import (
    STIRLING,
    Ends,
    Growth,
    Interval,
    Range,
    Ranges,
    Unknown,
    gap,
    high_sign,
    low_sign,
    point_sign,
)

Point = dict[str, Fraction]
Box = dict[str, Ends]

SCALES = (16, 64, 256, 1024, 4096, 16384, 65536)
"""Binary exponents of the ends of the shells that are searched one after the other."""


def digits(q: Fraction | int) -> int:
    """Decimal digits of a rational: of the numerator, and of the denominator if there is one."""

    def length(n: int) -> int:
        n = abs(n)
        if n < 10**18:
            return len(str(n))
        estimate = int((n.bit_length() - 1) * 30103 // 100000)
        while 10**estimate <= n:
            estimate += 1
        while 10 ** (estimate - 1) > n:
            estimate -= 1
        return estimate

    return length(q.numerator) + (length(q.denominator) if q.denominator != 1 else 0)


Order = tuple[int, tuple[tuple[int, Fraction | int], ...]]


def order(values: Sequence[Fraction | int]) -> Order:
    """The documented order of sizes: fewest digits in all, then lexicographic, where fractions come after integers and
    in the order of their denominators."""
    return sum(map(digits, values)), tuple((v.denominator, v) for v in values)


def bases_of(r: Relation) -> list[int]:
    """2, 3, 10 and the small integers of a statement: bases of powers and logarithms, divisors."""
    found = {
        int(s.value)
        for side in (r.left, r.right)
        for s in subterms(side)
        if isinstance(s, Num) and s.value.denominator == 1 and 2 <= s.value <= 64
    }
    return sorted({2, 3, 10, *sorted(found)[:6]})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way to write left <= right, or for an equation one of its two halves: two sums of terms."""

    left: Expr
    right: Expr
    half: int = 0
    strict: bool = False


@dataclass
class Problem:
    """`statement` (=, <= or <) over integers and fixed reals, under exact assumptions.

    `violated` decides a single point, exactly; None where it has no value."""

    statement: Relation
    context: Context
    violated: Callable[[Point], bool | None]
    functions: Mapping[str, Function] = field(default_factory=dict)
    growth: Mapping[str, Growth] = field(default_factory=dict)
    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    deadline: float = float("inf")
    reach: int = 4096  # the gallop goes up to 2^reach
    cleared: tuple[int, int] | None = None  # a range of the only size on which the claim is known to hold

    def __post_init__(self) -> None:
        self.names = [n for n in self.context.names if n not in self.fixed and not n.startswith("_")]
        self.comparisons = list(comparisons(self.statement, self.context))
        self.prefixes: dict[tuple[Expr, int], list[Interval]] = {}
        self.bases = bases_of(self.statement)
        self.halves = 2 if self.statement.op == "=" else 1


def comparisons(r: Relation, context: Context) -> Iterator[Comparison]:
    """Forms of `left <= right` whose both sides have positive terms: as written, and with like terms combined."""
    pairs = [(r.left, r.right)]
    if r.op == "=":
        pairs.append((r.right, r.left))
    for half, (left, right) in enumerate(pairs):
        for a, b, strict in ((left, right, r.op == "<"), *_unrounded(left, right, r.op == "<", context)):
            yield Comparison(*_sorted_sides(a, b), half, strict)
            for x, y in ((a, b), (_stirling(a, context), _stirling(b, context))):
                combined = _combined(x, y, context) if x is a or (x, y) != (a, b) else None
                if combined is not None:
                    yield Comparison(*combined, half, strict)
                    divided = _divided(*combined, context)
                    if divided is not None:
                        yield Comparison(*divided, half, strict)


def _without_rest(e: Expr) -> Expr:
    return num(1) if isinstance(e, App) and e.op == STIRLING else rebuild(e, _without_rest)


def _divided(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr] | None:
    """Both sides divided by the first term of the right, where exponentials or powers of the sizes can cancel."""
    first = _without_rest(right.args[0] if isinstance(right, App) and right.op == "+" else right)
    if not any(isinstance(s, App) and s.op in ("exp", "^") and not isinstance(s.args[-1], Num) for s in subterms(first)):
        return None
    if not context.positive(f"({ascii(first)})"):
        return None
    try:
        a, b = normal(div(left, first), context), normal(div(right, first), context)
        return None if a.den is not None or b.den is not None else (_expression(a.num), _expression(b.num))
    except (Rejected, EvaluationError, SourceError):
        return None


def _expression(p: Poly) -> Expr:
    """The polynomial with all exponentials of a term in one, and numbers collected: 17^x * exp(-x) becomes
    exp(x*(log(17) - 1))."""
    out = []
    for m, c in sorted(p.items(), key=lambda t: repr(t[0])):
        groups: dict[Mono, Poly] = {}
        for n, q in m[1]:
            number, rest = split_number(n)
            groups.setdefault(rest, {})[number] = q
        exponent = [mul(to_expr({rest: 1}), to_expr(numbers)) for rest, numbers in groups.items()]
        atoms = to_expr({(m[0], ()): c})
        out.append(mul(atoms, App("exp", (add(*exponent),))) if exponent else atoms)
    return add(*out)


def _stirling(e: Expr, context: Context) -> Expr:
    """factorial(u) as u^u * exp(-u) * sqrt(u) * stirling(u), where u >= 1: the large factors can cancel."""
    e = rebuild(e, lambda a: _stirling(a, context))
    if isinstance(e, App) and e.op == "factorial" and context.at_least(sub(e.args[0], num(1)), Fraction(0)):
        u = e.args[0]
        return mul(power(u, u), App("exp", (neg(u),)), App("sqrt", (u,)), App(STIRLING, (u,)))
    return e


def _unrounded(left: Expr, right: Expr, strict: bool, context: Context) -> Iterator[tuple[Expr, Expr, bool]]:
    """For integer-valued f and g: ceil(u) <= g iff u <= g, floor(u) <= g iff u < g + 1, f <= floor(u) iff f <= u,
    f <= ceil(u) iff f < u + 1 (and a < b iff a + 1 <= b between integers)."""
    if isinstance(left, App) and left.op in ("floor", "ceil") and context.bounds(right).integer:
        bound = sub(right, num(1)) if strict else right
        yield (left.args[0], bound, False) if left.op == "ceil" else (left.args[0], add(bound, num(1)), True)
    if isinstance(right, App) and right.op in ("floor", "ceil") and context.bounds(left).integer:
        bound = add(left, num(1)) if strict else left
        yield (bound, right.args[0], False) if right.op == "floor" else (sub(bound, num(1)), right.args[0], True)


def _sorted_sides(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Subtracted terms move to the other side."""
    here: list[Expr] = []
    there: list[Expr] = []
    for side, plus, minus in ((left, here, there), (right, there, here)):
        for t in side.args if isinstance(side, App) and side.op == "+" else (side,):
            if isinstance(t, App) and t.op == "neg":
                minus.append(t.args[0])
            elif isinstance(t, Num) and t.value < 0:
                minus.append(Num(-t.value))
            else:
                plus.append(t)
    return add(*here), add(*there)


def _combined(left: Expr, right: Expr, context: Context) -> tuple[Expr, Expr] | None:
    try:
        found = normal(sub(left, right), context)
    except (Rejected, EvaluationError):
        return None
    if found.den is not None:
        try:
            if not manifestly_nonnegative(found.den, context, strict=True):
                return None
        except (Rejected, EvaluationError):
            return None
    if len(found.num) > 40:
        return None
    positive: Poly = {m: c for m, c in found.num.items() if c > 0}
    negative: Poly = {m: -c for m, c in found.num.items() if c < 0}
    try:
        return _expression(positive), _expression(negative)
    except SourceError:
        return None


@dataclass(slots=True)
class Outcome:
    """The smallest violation found and whether it is known to be the smallest of all; `examined` counts boxes."""

    point: Point | None
    smallest: bool
    examined: int
    limit: int | None = None


def smallest_violation(problem: Problem, deadline: float, found: Point | None = None) -> Outcome:
    """Search all sizes, shell after shell; `found` is a violation already known, and bounds the search."""
    examined = 0
    problem.deadline = min(problem.deadline, deadline)
    best = found
    best_order = order([found[n] for n in problem.names]) if found else None
    lows: dict[str, int] = {}
    for n in problem.names:
        domain = problem.context.names[n]
        if not domain.integer or domain.lo is None:
            return Outcome(found, False, 0)
        lows[n] = int(domain.lo)
    inner: int | None = None
    limit = None
    edges = [1 << exponent for exponent in SCALES]
    if found is not None and len(lows) == 1:
        top = int(found[problem.names[0]]) - 1
        edges = [e for e in edges if e < top] + [top]
    for edge in edges:
        queue = Queue(problem, best_order)
        for box in _shell(problem, lows, inner, edge):
            queue.push(box)
        while queue.heap:
            if thread_time() > deadline:
                return Outcome(best, False, examined + queue.examined, limit)
            point = queue.step()
            if point is not None:
                return Outcome(point, True, examined + queue.examined, limit)
        examined += queue.examined
        if queue.skipped:
            return Outcome(best, False, examined, limit)
        inner, limit = edge, edge
        if best is not None and all(v <= edge for n, v in best.items() if n in lows):
            if (
                len(lows) == 1
                or best_order is not None
                and sum(digits(x) for x in lows.values()) + digits(edge) - 1 > best_order[0]
            ):
                return Outcome(best, True, examined, limit)
        if all((hi := problem.context.names[n].hi) is not None and hi <= edge for n in problem.names):
            return Outcome(best, True, examined, limit)
    return Outcome(best, found is not None and len(lows) == 1, examined, limit)


def _shell(problem: Problem, lows: Mapping[str, int], inner: int | None, edge: int) -> Iterator[Box]:
    """The boxes of sizes up to `edge`, without those up to `inner`."""

    def ends(n: str, low: int, high: int) -> Ends | None:
        hi = problem.context.names[n].hi
        top = high if hi is None else min(high, int(hi))
        bottom = max(low, lows[n])
        return (Fraction(bottom), Fraction(top)) if bottom <= top else None

    names = problem.names
    pieces = range(len(names)) if inner is not None else (None,)
    for k in pieces:
        box: Box | None = {}
        for j, n in enumerate(names):
            if k is None or j > k:
                e = ends(n, lows[n], edge)
            elif j == k:
                e = ends(n, inner + 1, edge)  # type: ignore[operator]
            else:
                e = ends(n, lows[n], inner)  # type: ignore[arg-type]
            if e is None or box is None:
                box = None
                break
            box[n] = e
        if box is not None:
            yield box


class Queue:
    """Boxes by the order of their lower corners."""

    def __init__(self, problem: Problem, best: Order | None) -> None:
        self.problem = problem
        self.best = best
        self.heap: list[tuple[Order, int, Box]] = []
        self.examined = 0
        self.skipped = False
        self._count = 0

    def push(self, box: Box) -> None:
        """Keep the box unless a smaller violation is known."""
        low = order([lo for lo, _ in box.values()])
        if self.best is None or low < self.best:
            self._count += 1
            heappush(self.heap, (low, self._count, box))

    def step(self) -> Point | None:
        """Take the first box: the violation at its single point, or None after discarding or splitting it."""
        _, _, box = heappop(self.heap)
        self.examined += 1
        problem = self.problem
        if all(lo == hi for lo, hi in box.values()):
            point = {n: lo for n, (lo, _) in box.items()} | dict(problem.fixed)
            hit = problem.violated(point)
            if hit is None:
                self.skipped = self.skipped or not undefined_everywhere(problem, point)
            return point if hit else None
        judged = judge(problem, box)
        if judged is None:
            return None
        for part in judged:
            self.push(part)
        return None


def undefined_everywhere(problem: Problem, point: Point) -> bool:
    """Whether a point without a verdict is simply outside the domain of the statement."""
    from verifier.lang.enclosure import TooLarge, Undecided

    try:
        compare(problem.statement.left, problem.statement.right, point, functions=problem.functions)
    except (TooLarge, Undecided):
        return False
    except EvaluationError:
        return True
    return True


def judge(problem: Problem, box: Box) -> list[Box] | None:
    """None if the claim holds on the box (or no point of it satisfies the assumptions), else parts of the box."""
    if problem.cleared is not None:
        ((name, (lo, hi)),) = box.items()
        a, b = problem.cleared
        if a <= lo and hi <= b:
            return None
        if lo < a < hi or lo <= b < hi:
            cut = a if lo < a else b + 1
            return [{name: (lo, Fraction(cut - 1))}, {name: (Fraction(cut), hi)}]
    steps = {}
    whole: Box = box | {n: (q, q) for n, q in problem.fixed.items()}
    for h in problem.context.hypotheses:
        if _certainly_false(h, whole, problem):
            return None
    shown: set[int] = set()
    for c in problem.comparisons:
        if c.half in shown:
            continue
        ranges = Ranges(whole, 64, problem.growth, prefixes=problem.prefixes)
        try:
            left, right = ranges.of(c.left), ranges.of(c.right)
        except Unknown:
            continue
        finally:
            steps.update(ranges.steps)
        if _holds(left, right, c.strict):
            shown.add(c.half)
            continue
        corner = _worst_corner(problem, c, whole, ranges, left, right)
        if corner is True:
            shown.add(c.half)
        elif isinstance(corner, dict) and problem.halves == 1:
            return [corner]
    if len(shown) == problem.halves:
        return None
    return list(parts(box, steps, problem.bases))


def _holds(left: Range, right: Range, strict: bool) -> bool:
    return bool(mp.mpf_lt(left.value[1], right.value[0]) if strict else mp.mpf_le(left.value[1], right.value[0]))


def _certainly_false(h: Relation, box: Box, problem: Problem) -> bool:
    ranges = Ranges(box, 64, problem.growth, prefixes=problem.prefixes)
    try:
        a, b = ranges.of(h.left), ranges.of(h.right)
    except Unknown:
        return False
    if h.op == "<":
        return bool(mp.mpf_ge(a.value[0], b.value[1]))
    if h.op == "=" and mp.mpf_lt(a.value[1], b.value[0]):
        return True
    return bool(mp.mpf_gt(a.value[0], b.value[1]))


def _worst_corner(problem: Problem, c: Comparison, box: Box, ranges: Ranges, left: Range, right: Range) -> bool | Box | None:
    """True if the claim holds where left - right or left / right is greatest, as monotone sizes allow to tell; else, where
    one size moves and the claim only gets worse with it, the first point that fails."""
    worst: Box = dict(box)
    positive = low_sign(left.value) > 0 and low_sign(right.value) > 0
    rising = True
    for j, name in enumerate(ranges.names):
        lo, hi = box[name]
        sign = _trend(left.slope[j], right.slope[j]) or (
            _trend(left.elasticity[j], right.elasticity[j]) if positive else None
        )
        worst[name] = (lo, hi) if sign is None else (hi, hi) if sign > 0 else (lo, lo)
        rising = rising and sign == 1
    if worst == box:
        return None
    loose = frozenset(ranges.steps)
    if not loose and all(lo == hi for lo, hi in worst.values()):
        point = {n: lo for n, (lo, _) in worst.items()}
        if _fine(problem, c, point):
            return True
        moving = [n for n, (lo, hi) in box.items() if lo != hi]
        if not rising or len(moving) != 1 or problem.context.hypotheses:
            return None
        return _first_failure(problem, c, point, moving[0], box)
    for prec in (64, 512):
        corner = Ranges(worst, prec, problem.growth, loose, prefixes=problem.prefixes)
        try:
            if _holds(corner.of(c.left), corner.of(c.right), c.strict):
                return True
        except Unknown:
            return None
    return None


def _fine(problem: Problem, c: Comparison, point: Point) -> bool | None:
    """Whether a comparison holds at a point; None if that is not decided."""
    sign = point_sign(c.left, c.right, point, problem.growth, problem.prefixes)
    if sign is None:
        if thread_time() > problem.deadline:
            return None
        try:
            sign = compare(c.left, c.right, point, functions=problem.functions)
        except EvaluationError:
            return None
    return sign < 0 or sign == 0 and not c.strict


def _first_failure(problem: Problem, c: Comparison, point: Point, name: str, box: Box) -> Box | None:
    """The least value of one size at which a comparison fails, given that it fails from there on."""
    low, high = int(box[name][0]), int(box[name][1])

    def fails(m: int) -> bool | None:
        if thread_time() > problem.deadline:
            return None
        fine = _fine(problem, c, point | {name: Fraction(m)})
        return None if fine is None else not fine

    def score(m: int) -> Any | None:
        return gap(c.left, c.right, point | {name: Fraction(m)}, problem.growth)

    try:
        if not fails(high):
            return None
        first = low if fails(low) else first_true(fails, low, high, problem.bases, score)
    except Undecidable:
        return None
    return {n: (box[n] if n != name else (Fraction(first), Fraction(first))) for n in box if n in problem.names}


def _trend(a: object, b: object) -> int | None:
    """The sign of a - b, if the intervals show it; 0 counts as rising."""
    if a is None or b is None:
        return None
    d = mp.mpi_sub(a, b, 64)
    if low_sign(d) >= 0:
        return 1
    if high_sign(d) <= 0:
        return -1
    return None


def parts(box: Box, steps: Mapping[Expr, object], bases: Sequence[int] = (2,)) -> Iterator[Box]:
    """The box cut in two: where a rounding jumps if it takes two values, else at the middle of the widest side (by
    orders of magnitude)."""
    name = max(box, key=lambda n: _spread(*box[n]))
    lo, hi = int(box[name][0]), int(box[name][1])
    cut = _jump(box, name, steps, bases) or _middle(lo, hi)
    yield box | {name: (Fraction(lo), Fraction(cut - 1))}
    yield box | {name: (Fraction(cut), Fraction(hi))}


def _spread(lo: Fraction, hi: Fraction) -> float:
    a, b = int(lo), int(hi)
    if a <= 0:
        return 1e9 if b > a else 0.0
    shift = max(0, b.bit_length() - 1000)
    if a >> shift == 0:
        return float(b.bit_length() - a.bit_length())
    return float(b >> shift) / float(a >> shift) - 1 if b - a < 8 * a else float(b.bit_length() - a.bit_length()) + 8


def _middle(lo: int, hi: int) -> int:
    """The first number of the upper part."""
    if lo <= 0:
        return lo + 1
    if hi >= 4 * lo:
        return int(1 << ((lo.bit_length() + hi.bit_length()) // 2))
    return (lo + hi + 1) // 2


def _jump(box: Box, name: str, steps: Mapping[Expr, object], bases: Sequence[int]) -> int | None:
    """Where a rounding with few values on a box of one dimension changes first."""
    from verifier.lang.evaluate import Enclosure, evaluate
    from verifier.refute.search_range import Step

    if sum(lo != hi for lo, hi in box.values()) != 1:
        return None
    lo, hi = int(box[name][0]), int(box[name][1])
    for e, step in steps.items():
        if not isinstance(step, Step) or not 1 <= step.high - step.low <= 2 or hi - lo < 4:
            continue
        point = {n: a for n, (a, _) in box.items()}

        def at(n: int, e: Expr = e, point: Point = point) -> Fraction | None:
            try:
                v = evaluate(e, point | {name: Fraction(n)})
            except EvaluationError:
                return None
            return None if isinstance(v, Enclosure) else v

        first, last = at(lo), at(hi)
        if first is None or last is None or first == last:
            continue

        def moved(n: int, first: Fraction = first) -> bool | None:
            v = at(n)
            return None if v is None else v != first

        try:
            return first_true(moved, lo, hi, bases)
        except Undecidable:
            return None
    return None


__all__ = ["Box", "bases_of", "Comparison", "Outcome", "Point", "Problem", "digits", "order", "smallest_violation"]
