"""Inequalities between numbers as Rocq tactics: an expression at a given size n = k.

Roundings are replaced by their values; logarithms to a rational base, roots and other irrational powers are enclosed between
fractions by comparing powers of integers; what remains is linear arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from verifier.bridge.text import NotExported, Printer
from verifier.lang.ast import App, Expr, Num
from verifier.lang.enclosure import Enclosure, EvaluationError, enclose
from verifier.lang.evaluate import evaluate

Range = tuple[Fraction, Fraction]
GRAINS = (1, 4, 12, 40, 120, 400, 1200)
"""Denominators of the fractions that enclose irrational numbers, until they decide."""
MOST_DIGITS = 4000
"""Most digits of a power that coqc is asked to compute."""


def exact(e: Expr, env: dict[str, Fraction]) -> Fraction | None:
    """The value, if it is rational."""
    try:
        v = evaluate(e, env)  # type: ignore[arg-type]
    except EvaluationError as error:
        raise NotExported(f"a value that is not computed: {error}") from error
    return None if isinstance(v, Enclosure) else Fraction(v)


def near(e: Expr, env: dict[str, Fraction]) -> Range:
    """An enclosure of the value."""
    v = enclose(evaluate(e, env))  # type: ignore[arg-type]
    return Fraction(v.lo), Fraction(v.hi)


@dataclass
class Numbers:
    """Tactics about expressions at n = k, where n is printed as the numeral k of the reals."""

    printer: Printer
    variable: str
    at: int
    rewrites: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env = {self.variable: Fraction(self.at)}
        self.printer = replace(self.printer, renamed={**(self.printer.renamed or {}), self.variable: str(self.at)})

    # ------------------------------------------------------------------ roundings
    def rounded(self, e: Expr) -> Expr:
        """The expression with its roundings replaced by their values; `rewrites` are the tactics that do so."""
        if not isinstance(e, App) or e.op == "sum":
            return e
        args = tuple(self.rounded(a) for a in e.args)
        real_power = e.op == "^" and self.printer.real(e).startswith("Rpower")
        e = App(e.op, args)
        if real_power and _whole(args[1], self.env):
            a, q, value = exact(args[0], self.env), exact(args[1], self.env), exact(e, self.env)
            if a is None or a.denominator != 1 or a < 1 or q is None or q < 0 or value is None:
                raise NotExported("a power of a fraction")
            known = f"power_whole {a} {q} {value} ltac:(lia) ltac:(lia) ltac:(vm_compute; reflexivity)"
            power = self.printer.tight(args[1])
            text = f"Rpower {self.printer.tight(args[0])} {power}"
            self._rewrite(f"{text} = {value}", f"first [exact ({known}) | replace {power} with {q} by lra; exact ({known})]")
            return Num(value)
        if e.op == "factorial":
            value = exact(e, self.env)
            if value is None or value > 10 ** 12:
                raise NotExported("a large factorial")
            self._rewrite(f"{self.printer.real(e)} = {value}", "rewrite INR_IZR_INZ; apply f_equal; vm_compute; reflexivity")
            return Num(value)
        if e.op not in ("floor", "ceil"):
            return e
        z = exact(e, self.env)
        if z is None or z < 0:
            raise NotExported("a rounding that is negative or not computed")
        pair = logarithm(args[0])
        if pair is not None:
            a, b = (exact(x, self.env) for x in pair)
            if a is None or b is None or a.denominator != 1 or b.denominator != 1 or a < 1 or b < 2:
                raise NotExported("a rounded logarithm of a fraction")
            self._rewrite(f"{self.printer.real(e)} = {z}", f"f_equal; apply (log_{e.op} {a} {b} {z}); [lia | lia | lia | vm_compute; reflexivity]")
        else:
            self._rewrite(f"{self.printer.real(e)} = {z}", f"f_equal; apply {e.op}_is; lra")
        return Num(z)

    def _rewrite(self, equation: str, proof: str) -> None:
        """Replace every occurrence of the left side."""
        if all(e != equation for e, _ in self.rewrites):
            self.rewrites.append((equation, proof))

    def simplify(self, where: str = "") -> str:
        """The tactics that replace roundings by their values, in the goal or in a hypothesis."""
        out = ""
        for k, (equation, proof) in enumerate(self.rewrites):
            out += f"assert (Z{k}_ : {equation}) by ({proof}). rewrite Z{k}_{f' in {where}' if where else ''}. "
        return out

    # ------------------------------------------------------------------ irrational numbers
    def decide(self, e: Expr, true: Callable[[Range], bool]) -> str:
        """Tactics after which linear arithmetic knows what `true` says of an enclosure of e (without roundings)."""
        atoms: dict[Expr, str] = {}
        self._atoms(e, atoms)
        for grain in GRAINS:
            try:
                facts = {a: self._enclose(a, grain) for a in atoms}
            except _Coarse:
                continue
            ranges = {a: r for a, (r, _) in facts.items()}
            if true(self._range(e, ranges)):
                break
        else:
            raise NotExported("numbers that are too close to be told apart")
        return " ".join(line for _, lines in facts.values() for line in lines)

    def _atoms(self, e: Expr, out: dict[Expr, str]) -> None:
        if not isinstance(e, App):
            return
        if logarithm(e) is not None or e.op == "sqrt" or e.op == "^" and not _whole(e.args[1], self.env):
            out[e] = ""
            return
        if e.op in ("log", "exp", "sum", "factorial"):
            raise NotExported(f"a value of {e.op}")
        for a in e.args:
            self._atoms(a, out)

    def _enclose(self, e: Expr, grain: int) -> tuple[Range, list[str]]:
        pair = logarithm(e)
        lo, hi = near(e, self.env)
        q = exact(e, self.env)
        if q is not None:
            grain = q.denominator
        low, high = Fraction((lo * grain).__floor__(), grain), Fraction((hi * grain).__ceil__(), grain)
        if q is not None:
            low = high = q
        text = self.printer.tight(e)
        if pair is not None:
            a, b = (exact(x, self.env) for x in pair)
            if a is None or b is None or a.denominator != 1 or b.denominator != 1 or a < 1 or b < 2:
                raise NotExported("a logarithm of a fraction")
            self._size(b, high.numerator)
            lines = [f"pose proof (log_at_{way} {a} {b} {v.numerator} {v.denominator} ltac:(lia) ltac:(lia) ltac:(lia) ltac:(lia) ltac:(vm_compute; reflexivity))."
                     for way, v in (("least", low), ("most", high))]
            return (low, high), lines
        root = e.args[0]
        power = Fraction(1, 2) if e.op == "sqrt" else exact(e.args[1], self.env)
        a = exact(root, self.env)
        if a is None or a.denominator != 1 or a < 1 or power is None or power < 0:
            raise NotExported(f"the value of {text}")
        if low <= 0:
            raise _Coarse
        self._size(max(a, high), power.numerator + power.denominator)
        lines = [f"rewrite (sqrt_as_root {self.printer.tight(root)}) by lra."] if e.op == "sqrt" else []
        for way, v in (("least", low), ("most", high)):
            lines.append(f"pose proof (root_at_{way} {a} {power.numerator} {power.denominator} {v.numerator} {v.denominator} "
                         "ltac:(lia) ltac:(lia) ltac:(lia) ltac:(lia) ltac:(lia) ltac:(vm_compute; reflexivity)).")
        return (low, high), lines

    @staticmethod
    def _size(base: Fraction, power: int) -> None:
        if power * len(str(base.numerator)) > MOST_DIGITS:
            raise NotExported("numbers that are too close to be told apart")

    def _range(self, e: Expr, ranges: dict[Expr, Range]) -> Range:
        if e in ranges:
            return ranges[e]
        q = exact(e, self.env)
        if q is not None:
            return q, q
        if not isinstance(e, App):
            raise NotExported("a value that is not computed")
        parts = [self._range(a, ranges) for a in e.args]
        match e.op:
            case "+":
                return sum((x for x, _ in parts), Fraction(0)), sum((y for _, y in parts), Fraction(0))
            case "neg":
                return -parts[0][1], -parts[0][0]
            case "*":
                out = parts[0]
                for other in parts[1:]:
                    out = _product(out, other)
                return out
            case "/" if parts[1][0] > 0:
                return _product(parts[0], (1 / parts[1][1], 1 / parts[1][0]))
            case "^" if parts[1][0] == parts[1][1] and parts[1][0].denominator == 1 and parts[1][0] > 0:
                out = parts[0]
                for _ in range(int(parts[1][0]) - 1):
                    out = _product(out, parts[0])
                return out
        raise NotExported(f"a value of {e.op}")


class _Coarse(Exception):
    """The grain is too coarse."""


def logarithm(e: Expr) -> tuple[Expr, Expr] | None:
    """(a, b) if e is log a / log b."""
    match e:
        case App("log2", (a,)):
            return a, Num(Fraction(2))
        case App("log", (a, b)):
            return a, b
        case App("/", (App("log", (a,)), App("log", (b,)))):
            return a, b
    return None


def _whole(e: Expr, env: dict[str, Fraction]) -> bool:
    q = exact(e, env)
    return q is not None and q.denominator == 1


def _product(x: Range, y: Range) -> Range:
    ends = [a * b for a in x for b in y]
    return min(ends), max(ends)
