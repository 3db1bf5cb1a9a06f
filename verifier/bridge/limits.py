"""o, omega and ~: a rate that tends to infinity in the tail gives the limit.

The kernel's rate is a monomial (or a minimum of monomials) with factors bounded below by positive numbers.  For every parameter
that may be the large one, one factor that tends to infinity with it is split off; the rest is bounded below by a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from verifier.bridge.obligations import Names, domain_facts, from_lemma, has_constants, head, intro_domain, lemma, named_facts
from verifier.bridge.proof import Lines, Scope, block, nonnegative, same
from verifier.bridge.statement import Statement, printer
from verifier.bridge.text import NotExported, ratio_text, safe
from verifier.kernel.claim import Claim
from verifier.kernel.context import Context
from verifier.kernel.normal import Mono, mono_expr, polynomial
from verifier.kernel.obligations import Obligation, _grows_with, growing, statement
from verifier.kernel.sign import sign_of_number, split_number
from verifier.lang.ast import App, Expr, Num, Var, mul, sub
from verifier.lang.parse import parse_expression


def limits(claim: Claim, s: Statement, constants: Mapping[str, str], todo: Mapping[str, Obligation]) -> Lines:
    """The lemmas prove_upper, prove_lower and main of a claim with o, omega or ~."""
    names = Names.of(s)
    p = printer(claim, coerce=False)
    h = parse_expression(constants["rate"])
    r = statement(claim)
    lines: Lines = []
    threshold = ratio_text(Fraction(constants.get("threshold", "1")))
    sides: dict[str, dict[str, Obligation]] = {}
    for name, o in todo.items():
        side, _, large = name.partition("@")
        sides.setdefault(side, {})[large] = o
    for large, o in next(iter(sides.values())).items():
        lines += rate(claim, s, h, o.context, large)
    typed = "".join(f" ({b.name} : {b.type})" for b in s.fixed)
    for side, cases in sides.items():
        c = parse_expression(constants[side])
        small, above = {
            ("o", "upper"): (r.left, r.right),
            ("omega", "lower"): (r.right, r.left),
            ("~", "upper"): (sub(r.left, r.right), r.right),
            ("~", "lower"): (sub(r.right, r.left), r.right),
        }[r.op, side]
        sign, what = ("right", small) if r.op == "omega" else ("left", above)
        known = f"forall{typed}, {'constants ' + names.fixed + ' -> ' if has_constants(s) else ''}" if s.fixed else ""
        lines += [f"Lemma prove_{side} : {known}{head(s, side)} {names.fixed}.", "Proof."]
        if s.fixed:
            lines.append(f"intros {names.fixed}{' K_. unfold constants in K_; conjunctions' if has_constants(s) else ''}.")
        lines.append("intros c_ P_.")
        bounds = [threshold]
        for large in cases:
            lines.append(f"destruct (rate_grows{_suffix(large)} {names.fixed} (c_ * {p.tight(c)})) as (M{_suffix(large)}_ & Rate{_suffix(large)}_).")
            bounds.append(f"M{_suffix(large)}_")
        most = bounds[-1]
        for b in reversed(bounds[:-1]):
            most = f"(Rmax {b} {most})"
        lines.append(
            f"exists {most}. intros {names.free} D_ T_. {intro_domain()} unfold tail in T_; conjunctions."
            f"{' destruct_cases.' if len(cases) > 1 else ''}"
        )
        if len(cases) == 1:
            lines.append("maxima. unfold lhs, rhs.")
        for large, o in cases.items():
            scope = Scope(p.with_context(o.context), [1000])  # beyond the names that Rocq gives to hypotheses
            body = [
                *(["maxima. unfold lhs, rhs."] if len(cases) > 1 else []),
                f"apply (limit_step _ _ ({p.real(h)}) {p.tight(c)}).",
                *block(["exact P_."]),
                *block(nonnegative(c, scope, strict=True)),
                *block([f"apply (Rate{_suffix(large)}_ {names.free}); known."]),
                *block([f"{sign}.", *named_facts(o.context, scope.printer), "plain_powers.", *nonnegative(what, scope)]),
                *block(
                    [
                        from_lemma(o, scope.printer),
                        *block(["plain_powers. same."]),
                        *block([f"apply ({lemma(side + ('@' + large if large else ''))} {names.every}); known."]),
                        *block(["plain_powers. same."]),
                    ]
                ),
            ]
            lines += block(body) if len(cases) > 1 else body
        lines.append("Qed.")
    end = "split; [apply prove_upper | apply prove_lower]" if len(sides) > 1 else f"apply prove_{next(iter(sides))}"
    intro = f"intros {names.fixed}{' K_' if has_constants(s) else ''}. " if s.fixed else ""
    return [*lines, f"Lemma main : {head(s, 'bound')}.", "Proof.", f"{intro}{end}{'; assumption' if s.fixed else ''}.", "Qed."]


def _suffix(large: str) -> str:
    return f"_{safe(large)}" if large else ""


def rate(claim: Claim, s: Statement, h: Expr, context: Context, large: str) -> Lines:
    """Lemma rate_grows: above any number once the parameters are large (`large`: the one that is, or any)."""
    parts = h.args if isinstance(h, App) and h.op == "min" else (h,)
    lines: Lines = []
    names = []
    for k, part in enumerate(parts):
        name = f"rate_grows{_suffix(large)}" + (f"_part{k}_" if len(parts) > 1 else "")
        names.append(name)
        lines += _monomial(claim, s, part, context, large, name)
    if len(parts) == 1:
        return lines
    p = printer(claim, coerce=False).with_context(context)
    n = Names.of(s)
    most = f"N{len(parts) - 1}_"
    for k in reversed(range(len(parts) - 1)):
        most = f"(Rmax N{k}_ {most})"
    lines += [
        *_statement(claim, s, context, large, h, f"rate_grows{_suffix(large)}"),
        "Proof.",
        f"intros {n.fixed} M_.",
        *(f"destruct ({name} {n.fixed} M_) as (N{k}_ & Rate{k}_)." for k, name in enumerate(names)),
        f"exists {most}. intros {n.free} {_hypotheses(context, p)} T_. conjunctions. maxima.",
        f"repeat apply Rmin_glb; first [{' | '.join(f'(apply (Rate{k}_ {n.free}); known)' for k in range(len(parts)))}].",
        "Qed.",
    ]
    return lines


def _hypotheses(context: Context, p: object) -> str:
    return " ".join(f"h{k}_" for k in range(len(domain_facts(context, p))))  # type: ignore[arg-type]


def _large(claim: Claim, s: Statement, large: str) -> list[str]:
    """The parameters whose size is assumed large."""
    return [large] if large else list(growing(claim))


def _statement(claim: Claim, s: Statement, context: Context, large: str, h: Expr, name: str) -> Lines:
    p = printer(claim, coerce=False).with_context(context)
    fixed = "".join(f" ({b.name} : {b.type})" for b in s.fixed)
    free = "".join(f" ({b.name} : {b.type})" for b in s.free)
    facts = domain_facts(context, p)
    tail = " /\\ ".join(f"N_ <= {p.real(Var(n))}" for n in _large(claim, s, large))
    return [f"Lemma {name} : forall{fixed} (M_ : R), exists N_ : R, forall{free}, {' -> '.join([*facts, ''])} {tail} -> M_ <= {p.real(h)}."]


def _monomial(claim: Claim, s: Statement, h: Expr, context: Context, large: str, name: str) -> Lines:
    """One monomial: a factor that tends to infinity, times a rest that is bounded below."""
    p = printer(claim, coerce=False).with_context(context)
    scope = Scope(p)
    n = Names.of(s)
    ((m, c),) = polynomial(h, context).items()
    x, grow, rest = growing_factor(m, Fraction(c), _followers(claim, context, _large(claim, s, large)), context)
    low = rational_below(rest, scope)
    function = replace(p, renamed={**(p.renamed or {}), x: "x_"}, integers=p.integers - {x}).real(grow)
    goal = mul(rest, grow)
    return [
        *_statement(claim, s, context, large, h, name),
        "Proof.",
        f"intros {n.fixed} M_.",
        f"assert (G_ : rate (fun x_ : R => {function})) by rates.",
        f"destruct (G_ (Rmax 0 M_ / {ratio_text(low)})) as (x0_ & X_). exists x0_. intros {n.free} {_hypotheses(context, p)} T_. conjunctions.",
        f"apply Rle_trans with (({p.real(rest)}) * ({p.real(grow)})).",
        *block(
            [
                f"apply (rate_times M_ {ratio_text(low)}); [lra | | apply X_; known].",
                *block(at_least_rational(rest, low, scope)),
            ]
        ),
        *block(["apply Req_le.", f"transitivity ({p.real(goal)}).", *block(["same."]), *block(same(goal, h, scope))]),
        "Qed.",
    ]


def _followers(claim: Claim, context: Context, names: Sequence[str]) -> list[str]:
    """The names that are large when these are: y for a hypothesis x <= y."""
    out = list(names)
    for h in context.hypotheses:
        if h.op in ("<=", "<") and isinstance(h.left, Var) and isinstance(h.right, Var) and h.left.name in out and h.right.name not in out:
            out.append(h.right.name)
    return out


def growing_factor(m: Mono, c: Fraction, names: Sequence[str], context: Context) -> tuple[str, Expr, Expr]:
    """(parameter, a factor of c*m that tends to infinity with it, the rest)."""
    for k, (key, q) in enumerate(m[0]):
        x = _grows_with(key)
        if x in names and q > 0:
            rest: Mono = (m[0][:k] + m[0][k + 1 :], m[1])
            return str(x), mono_expr((((key, q),), ())), mono_expr(rest, c)
    for k, (n, q) in enumerate(m[1]):
        number, part = split_number(n)
        if part[1] or len(part[0]) != 1 or sign_of_number({number: q}) <= 0:
            continue
        ((key, e),) = part[0]
        x = _grows_with(key)
        if x in names and e > 0:
            rest = (m[0], m[1][:k] + m[1][k + 1 :])
            return str(x), mono_expr(((), ((n, q),))), mono_expr(rest, c)
    raise NotExported("a rate whose growth the export does not find")


def rational_below(e: Expr, scope: Scope) -> Fraction:
    """A positive rational below the values of e."""
    low = scope.context.bounds(e).lo
    if low is None or low <= 0:
        raise NotExported("a rate with a factor that is not bounded below")
    k = 1
    while Fraction(int(low * k), k) * 8 < 7 * low or Fraction(int(low * k), k) >= low and low.denominator > 1000:
        k *= 2
    return Fraction(int(low * k), k)


def at_least_rational(e: Expr, q: Fraction, scope: Scope) -> Lines:
    """Tactics for q <= e."""
    if isinstance(e, Num):
        return ["lra."]
    return [f"apply (by_difference _ _ ({scope.real(sub(e, Num(q)))})).", *block(["same."]), *block(nonnegative(sub(e, Num(q)), scope))]


__all__ = ["at_least_rational", "growing_factor", "limits", "rate", "rational_below"]
