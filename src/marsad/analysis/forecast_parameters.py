"""Parameters of forecasts and of early warnings, which the workbench reads too: it computes what the analyses show."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, field_validator

from marsad.analysis.parameters import Names, Parameters
from marsad.model import Date

__all__ = ["EarlyWarningParameters", "ForecastParameters"]

_LARGEST = 1e15


class ForecastParameters(Parameters):
    """What is forecast, by which model, from which month."""

    series: Annotated[str, Names("series")] = Field(
        default="", examples=["a-monthly-series"], description="the monthly series of counts; empty for the first"
    )
    model: Annotated[str, Names("models")] = Field(
        default="combined", examples=["negative-binomial"], description="the model"
    )
    steps: int = Field(default=12, ge=1, le=36, examples=["6"], description="how many months ahead")
    origin: Date | None = Field(
        default=None,
        examples=["2023-06"],
        description="the last month that the model may see; empty for the last month of the series that has a value",
    )
    thresholds: tuple[str, ...] = Field(
        default=(),
        examples=[["25", "100"]],
        description=(
            "counts a month whose reaching is of interest; empty for the upper quartile and the 95 % quantile of the "
            "ten years up to the origin"
        ),
    )

    @field_validator("thresholds")
    @classmethod
    def _check_thresholds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            _number(text)
        return value

    @property
    def numbers(self) -> tuple[float, ...]:
        """The thresholds as numbers, each once, in rising order."""
        return tuple(sorted({_number(text) for text in self.thresholds}))


class EarlyWarningParameters(Parameters):
    """Which months are warned of, how long before, and of what."""

    series: Annotated[str, Names("series")] = Field(
        default="", examples=["a-monthly-series"], description="the monthly series of counts; empty for the first"
    )
    model: Annotated[str, Names("models")] = Field(
        default="combined", examples=["negative-binomial"], description="the model"
    )
    period: Date | None = Field(
        default=None, examples=["2022/2023"], description="the months that are warned of; empty for the study's period"
    )
    ahead: int = Field(default=3, ge=1, le=12, examples=["6"], description="up to how many months before")
    threshold: str = Field(
        default="",
        examples=["100"],
        description=(
            "the count a month that is warned of; empty for the upper quartile of the ten years before the warnings"
        ),
    )

    @field_validator("threshold")
    @classmethod
    def _check_threshold(cls, value: str) -> str:
        if value:
            _number(value)
        return value

    @property
    def number(self) -> float | None:
        """The threshold as a number; None where it is left to the data."""
        return _number(self.threshold) if self.threshold else None


def _number(text: str) -> float:
    """A threshold; raises ``ValueError`` where it is none."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found <= _LARGEST:
        raise ValueError(f"{text!r} is no count above zero, such as 25")
    return found
