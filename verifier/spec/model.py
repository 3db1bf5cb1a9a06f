"""The shape of a specification file.

All values are texts as they stand in the file; expressions in them are read by `verifier.spec.load`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from verifier.kernel.claim import Parameter

Text = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _names(value: Any) -> Any:
    return [v.strip() for v in value.split(",") if v.strip()] if isinstance(value, str) else value


Texts = Annotated[
    list[Text],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number"]},
                {"type": "array", "items": {"type": ["string", "number"]}},
            ]
        }
    ),
]
Names = Annotated[
    list[str],
    BeforeValidator(_names),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Expect = Literal["proved", "refuted", "undecided"]


class Part(BaseModel):
    """A mapping with known keys; a bare text stands for the key `shorthand`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    shorthand: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str) and cls.shorthand is not None:
            return {cls.shorthand: value}
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        if cls.shorthand is None:
            return found
        target = handler.resolve_ref_schema(found)
        whole = dict(target)
        target.clear()
        target.update({"anyOf": [{"type": ["string", "number"]}, whole]})
        return found


_DOMAIN = re.compile(
    r"""\s*(?:(?:a|an|any)\s+)?(?:(positive|non-negative|nonnegative)\s+)?(integer|real)s?\s*
    (?:(>=|>|≥)\s*(?P<low>NUM)\s*(?:,?\s*(?P<and>and\s+)?(?P<upop><=|<|≤)\s*(?P<up>NUM))?
      |in\s*(?P<open>[(\[])\s*(?P<from>NUM)\s*,\s*(?P<to>NUM|oo|inf)\s*(?P<close>[)\]])
      |in\s*(?P<first>NUM)\s*\.\.\s*(?P<last>NUM))?\s*""".replace("NUM", r"-?\d+(?:\.\d+)?(?:/\d+)?"),
    re.X,
)
DOMAINS = "integer >= 1, real > 0, real in (0,1), integer in [2, 8]"


def parse_domain(text: str) -> Parameter:
    """A nameless parameter with the domain; ValueError."""
    m = _DOMAIN.fullmatch(text) if len(text) <= 200 else None
    if not m:
        raise ValueError(f"'{text[:60]}' is not a domain; write for example {DOMAINS}")
    kind = m[2]
    lower: Fraction | None = None
    upper: Fraction | None = None
    lower_open = upper_open = False
    if m["low"] is not None:
        lower, lower_open = Fraction(m["low"]), m[3] == ">"
        if m["up"] is not None:
            upper, upper_open = Fraction(m["up"]), m["upop"] == "<"
    elif m["from"] is not None:
        lower, lower_open = Fraction(m["from"]), m["open"] == "("
        if m["to"] not in ("oo", "inf"):
            upper, upper_open = Fraction(m["to"]), m["close"] == ")"
    elif m["first"] is not None:
        lower, upper = Fraction(m["first"]), Fraction(m["last"])
    elif m[1]:
        lower, lower_open = Fraction(0), m[1] == "positive"
    if kind == "integer":
        lower, lower_open = _whole(lower, lower_open, 1)
        upper, upper_open = _whole(upper, upper_open, -1)
    if (
        lower is not None
        and upper is not None
        and (lower > upper or lower == upper and (lower_open or upper_open))
    ):
        raise ValueError(f"the domain '{text}' is empty")
    return Parameter("", kind, lower, lower_open, upper, upper_open, role_of(kind, lower))


def role_of(kind: str, lower: Fraction | None) -> str:
    """The role unless said otherwise: a positive real (a model's size) is uniform, anything else grows."""
    return "uniform" if kind == "real" and lower is not None and lower >= 0 else "growing"


def _whole(bound: Fraction | None, is_open: bool, direction: int) -> tuple[Fraction | None, bool]:
    """An integer bound without its open end."""
    if bound is None:
        return None, False
    if bound.denominator != 1:
        return Fraction(bound.__ceil__() if direction > 0 else bound.__floor__()), False
    return (bound + direction if is_open else bound), False


class ParameterPart(Part):
    """A size or another number the claims speak about."""

    shorthand: ClassVar[str | None] = "about"
    about: Text = ""
    domain: Text = Field("integer >= 1", description=f"for example {DOMAINS}")
    role: Literal["growing", "constant", "uniform"] | None = Field(
        None,
        description="growing (default); constant: constants may depend on it; uniform: they must not "
        "(default of real > 0)",
    )
    lower: Text | None = Field(None, description="a lower bound, in place of the one of the domain")
    upper: Text | None = None
    assume: Texts = Field(default_factory=list, description="relations to other parameters, such as b <= k")

    @model_validator(mode="before")
    @classmethod
    def _domain_as_text(cls, value: Any) -> Any:
        if isinstance(value, str) and re.match(r"\s*(integer|real)\b\s*(>|≥|in\b|$)", value):
            return {"domain": value}
        return value

    @field_validator("domain")
    @classmethod
    def _is_domain(cls, value: str) -> str:
        parse_domain(value)
        return value

    @field_validator("lower", "upper")
    @classmethod
    def _is_rational(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(
            r"\s*-?\d{1,400}(\.\d{1,400}|/0*[1-9]\d{0,400})?\s*", value
        ):
            raise ValueError("a bound is a rational number such as 2 or 1/2")
        return value

    def parameter(self, name: str) -> Parameter:
        """The parameter; ValueError if nothing is left of its domain."""
        p = parse_domain(self.domain)
        lower, lower_open = (p.lower, p.lower_open) if self.lower is None else (Fraction(self.lower), False)
        upper, upper_open = (p.upper, p.upper_open) if self.upper is None else (Fraction(self.upper), False)
        if p.kind == "integer":
            lower, _ = _whole(lower, False, 1)
            upper, _ = _whole(upper, False, -1)
        if lower is not None and upper is not None and lower > upper:
            raise ValueError(f"nothing lies between {lower} and {upper}")
        return Parameter(
            name, p.kind, lower, lower_open, upper, upper_open, self.role or role_of(p.kind, lower)
        )


class ModelPart(Part):
    """A language model."""

    shorthand: ClassVar[str | None] = "size"
    size: Text = Field(description="an expression: its size in the unit of cost")
    about: Text = ""
    capabilities: Names | None = Field(None, description="what it can do; without the key, anything")
    p_in: Text | None = Field(None, description="price of a prompt token (default: a parameter p_in > 0)")
    p_out: Text | None = Field(None, description="price of a reply token (default: a parameter p_out > 0)")


class AlgorithmPart(Part):
    """An algorithm as indented pseudo-code."""

    shorthand: ClassVar[str | None] = "body"
    body: Text | None = None
    params: dict[str, Text] | Names = Field(
        default_factory=list, description="sizes it takes: names, or names with domains"
    )
    about: Text = ""
    readings: dict[str, Text] = Field(
        default_factory=dict, description="several programs the published pseudo-code admits"
    )

    @model_validator(mode="after")
    def _has_a_body(self) -> AlgorithmPart:
        if self.body is None and not self.readings:
            raise ValueError("an algorithm needs a body, or readings")
        return self


class RecurrencePart(Part):
    """The equations of a function, one a line (or separated by `;`)."""

    shorthand: ClassVar[str | None] = "equations"
    equations: Texts
    about: Text = ""
    source: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"equations": value} if isinstance(value, list) else value


class ReadingPart(Part):
    """One reading of a claim: which algorithm or definition a name stands for.

    Keys other than the ones below name an algorithm, a `let` name or a parameter of the specification."""

    model_config = ConfigDict(extra="allow", frozen=True)
    claim: Text | None = None
    expect: Expect | None = None
    note: Text = ""
    assume: Texts = Field(default_factory=list)
    cost_model: Text | None = None

    @property
    def choices(self) -> dict[str, Any]:
        """The names that mean something else in this reading."""
        return dict(self.model_extra or {})


class ClaimPart(Part):
    """A claim."""

    shorthand: ClassVar[str | None] = "claim"
    claim: Text = Field(description="LEFT = Theta(RIGHT), LEFT <= RIGHT for n >= 2, ...; ASCII or LaTeX")
    about: Text = Field("", description="the claim in the words of the source")
    expect: Expect = "proved"
    note: Text = ""
    source: Text = ""
    location: Text = Field("", description="where the source states it")
    assume: Texts = Field(default_factory=list)
    cost_model: Text | None = None
    strength: Literal["everywhere", "any-large", "all-large"] | None = Field(
        None, description="the weakest strength that counts as proved (default all-large)"
    )
    readings: dict[str, ReadingPart] = Field(default_factory=dict)


class SourcePart(Part):
    """Where the claims were published."""

    shorthand: ClassVar[str | None] = "title"
    title: Text = ""
    authors: Text = ""
    venue: Text = ""
    year: Text = ""
    arxiv: Text = ""
    doi: Text = ""
    url: Text = ""
    section: Text = ""


class SpecFile(Part):
    """A specification: parameters, algorithms and the claims about them."""

    title: Text
    about: Text = ""
    source: SourcePart = Field(default_factory=SourcePart)
    parameters: dict[str, ParameterPart] = Field(default_factory=dict)
    let: dict[str, Text] = Field(default_factory=dict, description="names for expressions")
    models: dict[str, ModelPart] = Field(default_factory=dict)
    assumptions: Texts = Field(
        default_factory=list, description="exact (b <= k) or asymptotic (m_g = Theta(k*m_s))"
    )
    algorithms: dict[str, AlgorithmPart] = Field(
        default_factory=dict, description="name, or name(sizes), to pseudo-code"
    )
    recurrences: dict[str, RecurrencePart] = Field(default_factory=dict)
    cost_model: Text = Field(
        "forward-pass", description="forward-pass, cached, calls, price, or a formula in m, n, t"
    )
    claims: dict[str, ClaimPart] = Field(default_factory=dict)


_PARTS: dict[str, type[Part]] = {
    "parameters": ParameterPart,
    "models": ModelPart,
    "algorithms": AlgorithmPart,
    "recurrences": RecurrencePart,
    "claims": ClaimPart,
}


def known_keys(path: tuple[str | int, ...]) -> list[str]:
    """The keys a mapping at a path may have."""
    part: type[Part] | None = SpecFile if not path else None
    if path[:1] == ("source",) and len(path) == 1:
        part = SourcePart
    elif len(path) == 2:
        part = _PARTS.get(str(path[0]))
    elif len(path) == 4 and path[2] == "readings":
        part = ReadingPart
    return list(part.model_fields) if part else []


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a specification file."""
    schema = SpecFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
