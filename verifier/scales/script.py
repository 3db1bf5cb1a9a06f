"""Writing the steps of a proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from verifier.lang.ast import Expr, Relation
from verifier.lang.show import ascii_relation

Step = dict[str, Any]


@dataclass
class Script:
    """Steps under construction; `add` returns the number of the step, to be used as a premise."""

    steps: list[Step] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    def add(self, rule: str, relation: Relation, premises: tuple[int, ...] = (), **data: Any) -> int:
        """Append a step unless an earlier one shows the same."""
        if relation in self.relations:
            return self.relations.index(relation)
        step: Step = {"rule": rule, "conclusion": ascii_relation(relation)}
        if premises:
            step["premises"] = list(premises)
        step.update(data)
        self.steps.append(step)
        self.relations.append(relation)
        return len(self.steps) - 1

    def end(self, k: int) -> None:
        """Let step k be the last: a proof ends with what it shows, and `add` may have found that further up."""
        del self.steps[k + 1:], self.relations[k + 1:]

    def extend(self, other: Script) -> int:
        """Append all steps of another script; the number of its last step."""
        offset = len(self.steps)
        for step, relation in zip(other.steps, other.relations):
            moved = dict(step)
            if "premises" in moved:
                moved["premises"] = [k + offset for k in moved["premises"]]
            self.steps.append(moved)
            self.relations.append(relation)
        return len(self.steps) - 1


def le(a: Expr, b: Expr) -> Relation:
    """a <= b."""
    return Relation("<=", a, b)
