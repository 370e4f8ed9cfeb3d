"""Parameters of scenario forecasts: a stated future of actions, and what a researcher holds of their effect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import Field, field_validator

from marsad.analysis.forecast_parameters import ForecastParameters
from marsad.analysis.parameters import Names
from marsad.errors import ParseError
from marsad.model import Date
from marsad.model.text import TextValue, quoted

__all__ = ["LONGEST_SPELL", "ScenarioParameters", "StatedAction", "StatedRatio"]

LONGEST_SPELL = 36
"""The longest spell in months, as long as the longest forecast."""

_MOST = 24
_LARGEST_RATIO = 1000.0
_RATIO = re.compile(
    r"(?P<kind>\w+) +(?P<low>\d{1,6}(?:\.\d{1,6})?)\.\.(?P<high>\d{1,6}(?:\.\d{1,6})?) +because +(?P<reason>\S.*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class StatedAction(TextValue):
    """A kind of action and the months in which it is taken as given: ``ceasefire 2025-01/2025-03``.

    Attributes:
        kind: a word of the vocabulary ``action_kind``.
        period: the months, both ends known to the month.
    """

    WRITTEN: ClassVar[str] = "kinds of action, each with its months"
    """How a list of such values is described in the reference."""

    kind: str
    period: Date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; raises ``ParseError`` that says what is wrong."""
        words = text.split()
        if len(words) != 2:
            raise ParseError(f"{quoted(text)} is no stated action such as ceasefire 2025-01/2025-03")
        period = Date.parse(words[1])
        if period.earliest is None or period.latest is None or re.search("[~?%X]", words[1]):
            raise ParseError(f"{quoted(text)} does not state from which month to which")
        return cls(words[0], period)

    def __str__(self) -> str:
        """The kind and the period."""
        return f"{self.kind} {self.period}"

    @property
    def first(self) -> str:
        """The first month, such as ``2025-01``."""
        return self.period.earliest.isoformat()[:7] if self.period.earliest else ""

    @property
    def last(self) -> str:
        """The last month."""
        return self.period.latest.isoformat()[:7] if self.period.latest else ""


@dataclass(frozen=True, slots=True)
class StatedRatio(TextValue):
    """A researcher's own 90 % interval of the ratio that comes with a kind of action, and the reason.

    Written as ``ceasefire 0.5..1.1 because the truce of 2014 had about so much``.

    Attributes:
        kind: a word of the vocabulary ``action_kind``.
        low: the lower end, above zero.
        high: the upper end, not below it.
        reason: why.
    """

    WRITTEN: ClassVar[str] = "kinds of action, each with its ratio and the reason"
    """How a list of such values is described in the reference."""

    kind: str
    low: float
    high: float
    reason: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; raises ``ParseError`` that says what is wrong."""
        match = _RATIO.fullmatch(text.strip())
        if match is None:
            raise ParseError(f"{quoted(text)} is no ratio with its reason such as ceasefire 0.5..1.1 because of 2014")
        low, high = float(match["low"]), float(match["high"])
        if not 0 < low <= high <= _LARGEST_RATIO:
            raise ParseError(f"{quoted(text)} has no ratio above 0, from low to high, of at most {_LARGEST_RATIO:g}")
        return cls(match["kind"], low, high, " ".join(match["reason"].split()))

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.kind} {self.low:.15g}..{self.high:.15g} because {self.reason}"


class ScenarioParameters(ForecastParameters):
    """What is forecast, and which actions are taken as given."""

    scenario: Annotated[tuple[StatedAction, ...], Names("action_kind", first=True)] = Field(
        default=(),
        max_length=_MOST,
        examples=[["ceasefire 2025-01/2025-03"]],
        description=(
            "the stated future: kinds of action (words of the vocabulary `action_kind`), each with its months; empty "
            "for what came with every kind of action in the past, without a forecast"
        ),
    )
    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(),
        examples=[["an-armed-group"]],
        description="only past actions that these did or that were done towards them; empty for all",
    )
    ended_by: Annotated[tuple[str, ...], Names("action_kind")] = Field(
        default=(),
        examples=[["ceasefire_end"]],
        description=(
            "kinds of action that end a spell where one of them follows it, or is part of it, by its own row; empty: "
            "only a stated end counts"
        ),
    )
    lasting: int = Field(
        default=0,
        ge=0,
        le=LONGEST_SPELL,
        examples=["1"],
        description=(
            "how many months a past spell is taken to have lasted where no report says when it ended, an assumption "
            "that the finding names; 0: such spells are left out"
        ),
    )
    ratios: Annotated[tuple[StatedRatio, ...], Names("action_kind", first=True)] = Field(
        default=(),
        max_length=_MOST,
        examples=[["ceasefire 0.5..1.1 because an earlier truce had about so much"]],
        description=(
            "your own 90 % interval of the ratio that comes with a kind of action, with the reason, which is then used "
            "instead of the past spells"
        ),
    )

    @field_validator("ratios")
    @classmethod
    def _one_a_kind(cls, value: tuple[StatedRatio, ...]) -> tuple[StatedRatio, ...]:
        kinds = [ratio.kind for ratio in value]
        if len(set(kinds)) != len(kinds):
            raise ValueError("a kind of action has two ratios")
        return value

    @property
    def kinds(self) -> tuple[str, ...]:
        """The stated kinds of action, each once, in their order."""
        return tuple(dict.fromkeys(action.kind for action in self.scenario))
