"""Whether hypotheses can hold together: their polynomial part, by z3."""

from __future__ import annotations

from typing import Any

from verifier.kernel.context import Context
from verifier.lang.ast import App, Expr, Num, Var


def unsatisfiable(context: Context, timeout_ms: int = 2000) -> bool:
    """True if z3 shows that no point of the domain satisfies the polynomial hypotheses."""
    import z3
    solver = z3.Solver()
    solver.set("timeout", timeout_ms)
    names = {n: z3.Int(n) if i.integer else z3.Real(n) for n, i in context.names.items()}
    for n, i in context.names.items():
        for end, op, closed in ((i.lo, i.lo_open, True), (i.hi, i.hi_open, False)):
            if end is not None:
                value = z3.Q(end.numerator, end.denominator)
                x = names[n]
                solver.add((x > value if op else x >= value) if closed else (x < value if op else x <= value))
    for h in context.hypotheses:
        a, b = _term(h.left, names), _term(h.right, names)
        if a is not None and b is not None:
            solver.add({"<=": a <= b, "<": a < b, "=": a == b}[h.op])
    return bool(solver.check() == z3.unsat)


def _term(e: Expr, names: dict[str, Any]) -> Any:
    import z3
    match e:
        case Num(q):
            return z3.Q(q.numerator, q.denominator)
        case Var(n):
            return names.get(n)
        case App(op, args):
            parts = [_term(a, names) for a in args]
            if any(p is None for p in parts):
                return None
            match op:
                case "+":
                    return z3.Sum(parts)
                case "*":
                    return z3.Product(parts)
                case "neg":
                    return -parts[0]
                case "/" if isinstance(args[1], Num) and args[1].value:
                    return parts[0] / parts[1]
                case "^" if isinstance(args[1], Num) and args[1].value.denominator == 1 and 0 <= args[1].value <= 8:
                    return z3.Product([parts[0]] * int(args[1].value)) if args[1].value else z3.RealVal(1)
    return None
