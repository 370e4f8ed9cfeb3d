"""Forecasts as a study uses them: distributions by month, the record of the same model, and warnings as made then."""

from __future__ import annotations

from marsad.model.statement import Frozen

__all__ = [
    "FORECAST_LEVELS",
    "EarlyWarning",
    "EarlyWarnings",
    "Forecast",
    "ForecastMonth",
    "ForecastRecord",
    "WarningScore",
]

FORECAST_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The levels at which a forecast gives quantiles: the first and last enclose nine draws in ten."""


class ForecastMonth(Frozen):
    """What is expected of one month.

    Attributes:
        month: such as ``2024-01``.
        quantiles: one for each of ``FORECAST_LEVELS``.
        chances: for each threshold the probability that the month reaches it.
        observed: what happened; None where it is not known.
    """

    month: str
    quantiles: tuple[float, ...]
    chances: tuple[float, ...] = ()
    observed: float | None = None


class ForecastRecord(Frozen):
    """How a model did at past origins of the same series.

    Attributes:
        model: its name.
        cells: how many forecasts of single months were scored.
        crps: their mean CRPS, in units of the count.
        crps_log1p: mean CRPS of log(1 + count).
        interval_score: mean interval score at 90 %, in units of the count.
        covered: share of months inside the central 90 % interval.
        width: mean width of that interval, in units of the count.
        brier: for each threshold the mean Brier score of reaching it.
    """

    model: str
    cells: int
    crps: float
    crps_log1p: float
    interval_score: float
    covered: float
    width: float
    brier: tuple[float, ...] = ()


class Forecast(Frozen):
    """The forecast of one monthly series, with its record.

    Attributes:
        request: the parameters that it answers, as text.
        series: name of the series among those of the study; empty where it has none.
        model: name of the model.
        origin: the last month that the model saw.
        known: how many months up to the origin have a value.
        draws: how many draws a month.
        thresholds: counts whose reaching is of interest, in rising order.
        months: what is expected, in order of time.
        record: scores at past origins, of this model and then of those that it must beat; empty where the past is too
            short.
        origins: the first and the last past origin of the record.
        scored_months: how many different months the record covers.
        difference: mean CRPS less that of the first model to beat, with both ends of its 95 % interval; None where it
            cannot be told.
        recent: mean of the last twelve months up to the origin; None where they have no value.
        before: mean of the thirty-six months before those.
        problem: why there is no forecast; empty where there is one.
    """

    request: dict[str, str]
    series: str = ""
    model: str = ""
    origin: str = ""
    known: int = 0
    draws: int = 0
    thresholds: tuple[float, ...] = ()
    months: tuple[ForecastMonth, ...] = ()
    record: tuple[ForecastRecord, ...] = ()
    origins: tuple[str, str] | None = None
    scored_months: int = 0
    difference: tuple[float, float | None, float | None] | None = None
    recent: float | None = None
    before: float | None = None
    problem: str = ""


class EarlyWarning(Frozen):
    """What would have been said of one month at one earlier origin.

    Attributes:
        month: which month, such as ``2023-01``.
        ahead: how many months before it the forecast was made.
        chance: probability that it reaches the threshold.
        climatology: share of all months up to the origin that reached it.
        recent: share of the twelve months up to the origin that reached it.
        quantiles: one for each of ``FORECAST_LEVELS``.
        observed: what happened; None where it is not known.
    """

    month: str
    ahead: int
    chance: float
    climatology: float | None
    recent: float | None
    quantiles: tuple[float, ...]
    observed: float | None = None


class WarningScore(Frozen):
    """How good the warnings of one lead time were; smaller Brier scores are better.

    Attributes:
        ahead: how many months before.
        months: how many months are scored.
        passed: how many of them reached the threshold.
        brier: mean Brier score of the warnings.
        climatology: that of the share of all earlier months.
        recent: that of the share of the twelve months up to the origin.
        low: lower end of the 95 % interval of ``brier`` less ``climatology``; None where it cannot be told.
        high: its upper end.
    """

    ahead: int
    months: int
    passed: int
    brier: float
    climatology: float
    recent: float
    low: float | None = None
    high: float | None = None


class EarlyWarnings(Frozen):
    """The warnings of a period, each made only from what came before it.

    Attributes:
        request: the parameters that they answer, as text.
        series: name of the series among those of the study; empty where it has none.
        model: name of the model.
        threshold: the count whose reaching is warned of.
        warnings: by month, then by months ahead.
        scores: by months ahead.
        problem: why there are none; empty where there are.
    """

    request: dict[str, str]
    series: str = ""
    model: str = ""
    threshold: float = 0.0
    warnings: tuple[EarlyWarning, ...] = ()
    scores: tuple[WarningScore, ...] = ()
    problem: str = ""
