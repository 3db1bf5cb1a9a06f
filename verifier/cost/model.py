"""Cost models: what one call of a model costs, as an expression in m (size), n (prompt) and t (reply)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from verifier.cost.program import Call, Model
from verifier.cost.simplify import tidy
from verifier.lang.ast import Expr, Var, free_vars, substitute
from verifier.lang.errors import Position
from verifier.lang.parse import parse_expression

NAMES = ("m", "n", "t", "p_in", "p_out")
"""Model size, prompt tokens, reply tokens, price of a prompt token and of a reply token."""


@dataclass(frozen=True, slots=True)
class CostModel:
    """A formula over NAMES."""

    name: str
    formula: Expr

    def price(self, model: Model, call: Call, env: Mapping[str, Expr]) -> Expr:
        """The cost of a call whose sizes are read under `env`."""
        values = {
            "m": model.size,
            "n": substitute(call.prompt, env),
            "t": substitute(call.reply, env),
            "p_in": model.p_in or Var("p_in"),
            "p_out": model.p_out or Var("p_out"),
        }
        return tidy(substitute(self.formula, values))

    @property
    def priced(self) -> bool:
        """Whether prices of tokens occur."""
        return not free_vars(self.formula).isdisjoint(("p_in", "p_out"))


_FORMULAS = {
    # Definition 2.2: token j of the reply is a forward pass over n + j tokens, sum_{j<t} m*(n+j)
    "forward-pass": "m*(t*n + t*(t-1)/2)",
    # the prefix is kept, every token is processed once
    "cached": "m*(n + t)",
    "calls": "1",
    "price": "m*(p_in*n + p_out*t)",
}
COST_MODELS = tuple(_FORMULAS)


@lru_cache(maxsize=256)
def cost_model(text: str, position: Position = Position()) -> CostModel:  # noqa: B008  (immutable)
    """The cost model of that name, or with that formula in m, n, t, p_in, p_out; SourceError."""
    text = text.strip()
    return CostModel(
        text, parse_expression(_FORMULAS.get(text, text), names=frozenset(NAMES), position=position)
    )


FORWARD_PASS = cost_model("forward-pass")
