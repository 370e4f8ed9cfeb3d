"""Parameters of forecasts and of early warnings, which the workbench reads too: it computes what the analyses show."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from marsad.analysis.parameters import Names, Parameters
from marsad.model import Date

__all__ = ["EarlyWarningParameters", "ForecastParameters"]

_Limit = Annotated[float, Field(gt=0, le=1e15, allow_inf_nan=False)]


class ForecastParameters(Parameters):
    """What is forecast, by which model, from which month."""

    series: Annotated[str, Names("series")] = Field(
        default="", examples=["a-monthly-series"], description="the monthly series of counts; empty for the first"
    )
    model: Annotated[str, Names("models")] = Field(
        default="own-past", examples=["negative-binomial"], description="the model"
    )
    steps: int = Field(default=12, ge=1, le=36, examples=["6"], description="how many months ahead")
    origin: Date | None = Field(
        default=None,
        examples=["2023-06"],
        description="the last month that the model may see; empty for the last month of the series that has a value",
    )
    thresholds: tuple[_Limit, ...] = Field(
        default=(),
        examples=[["25", "100"]],
        description=(
            "counts a month whose reaching is of interest; empty for the upper quartile and the 95 % quantile of the "
            "ten years up to the origin"
        ),
    )

    @property
    def limits(self) -> tuple[float, ...]:
        """The thresholds, each once, in rising order."""
        return tuple(sorted(set(self.thresholds)))


class EarlyWarningParameters(Parameters):
    """Which months are warned of, how long before, and of what."""

    series: Annotated[str, Names("series")] = Field(
        default="", examples=["a-monthly-series"], description="the monthly series of counts; empty for the first"
    )
    model: Annotated[str, Names("models")] = Field(
        default="own-past", examples=["negative-binomial"], description="the model"
    )
    period: Date | None = Field(
        default=None, examples=["2022/2023"], description="the months that are warned of; empty for the study's period"
    )
    ahead: int = Field(default=3, ge=1, le=12, examples=["6"], description="up to how many months before")
    threshold: _Limit | None = Field(
        default=None,
        examples=["100"],
        description=(
            "the count a month that is warned of; empty for the upper quartile of the ten years before the warnings"
        ),
    )
