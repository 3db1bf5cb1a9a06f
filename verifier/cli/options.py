"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

DECLARATIONS = ("given", "domains", "recurrences", "real", "integer", "constant", "uniform", "growing")


def declarations(f: Callable[..., Any]) -> Callable[..., Any]:
    """What is said about the parameters of a claim given on the command line."""
    several: dict[str, Any] = {"multiple": True}
    for option in reversed((
        click.option("--given", **several, metavar="RELATION", help="An assumption: 'b <= k', 'm_g = Theta(k*m_s)'."),
        click.option("--domain", "domains", **several, metavar="RANGE",
                     help="The range of a parameter: 'n >= 2', '2 <= n <= 9', 'p: real in (0,1)'."),
        click.option("--recurrence", "recurrences", **several, metavar="EQUATIONS",
                     help="Equations of a function: 'T(n) = 2*T(n/2) + n; T(1) = 1'."),
        click.option("--real", **several, metavar="NAME", help="A positive real; uniform unless said otherwise."),
        click.option("--integer", **several, metavar="NAME", help="An integer >= 1 (what a name is unless said otherwise)."),
        click.option("--constant", **several, metavar="NAME", help="Does not grow; constants may depend on it."),
        click.option("--uniform", **several, metavar="NAME", help="Does not grow; constants must not depend on it."),
        click.option("--growing", **several, metavar="NAME", help="Grows (what an integer does unless said otherwise)."),
    )):
        f = option(f)
    return f


def budget_options(f: Callable[..., Any]) -> Callable[..., Any]:
    """How long to try."""
    for option in reversed((
        click.option("--budget", type=click.FloatRange(min=0, min_open=True), default=20.0, show_default=True,
                     metavar="SECONDS", help="Time for one claim."),
        click.option("--seed", type=int, default=None, help="Vary the search for sizes; without it runs repeat."),
        click.option("--cross-check", is_flag=True, help="Attack every proved claim at concrete sizes."),
    )):
        f = option(f)
    return f
