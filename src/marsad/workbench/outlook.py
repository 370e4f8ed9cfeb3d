"""The early-warning list: every monthly series of a study by how likely its next month is grave, and what moved."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.analysis import Inputs
from marsad.errors import InputError
from marsad.forecast import Panel, scores
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.workbench.series_panel import (
    LEAST_MONTHS,
    YEAR,
    check_long_enough,
    counted_series,
    draws_of,
    known_or_none,
    mean_of,
    origin_of,
    quantiles_of,
    series_panel,
    usual_levels,
)

__all__ = ["OutlookRow", "outlook"]


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """One series of the early-warning list.

    Attributes:
        series: its name.
        month: the next month.
        threshold: the count whose reaching is warned of.
        chance: the probability that the next month reaches it.
        before: that probability as it was a month earlier; None where the past is too short.
        quantiles: of the next month, one for each of ``FORECAST_LEVELS``.
        last: the value of the last month.
        usual: the mean of the twelve months before the last; None where they have no value.
        problem: why there is no forecast; empty where there is one.
    """

    series: str
    month: str = ""
    threshold: float = 0.0
    chance: float = 0.0
    before: float | None = None
    quantiles: tuple[float, ...] = ()
    last: float | None = None
    usual: float | None = None
    problem: str = ""


def outlook(inputs: Inputs, *, model: str, threshold: float | None = None) -> tuple[OutlookRow, ...]:
    """The early-warning list: every monthly series of counts, by the probability that its next month is grave.

    Args:
        inputs: of the study.
        model: name of the model.
        threshold: what is grave; None for the upper quartile of each series' last ten years.
    """
    rows = [_outlook(inputs, name, model, threshold) for name in counted_series(inputs)]
    return tuple(sorted(rows, key=lambda row: (bool(row.problem), -row.chance, row.series)))


def _outlook(inputs: Inputs, name: str, model: str, threshold: float | None) -> OutlookRow:
    try:
        _, panel = series_panel(inputs, name)
        known = panel.up_to(origin_of(panel, None))
        check_long_enough(known)
        limit = usual_levels(known, (0.75,))[0] if threshold is None else threshold
        draws = draws_of(MODELS[model](), known, known.last, 1)[0]
        earlier = _a_month_ago(known, model, limit)
    except InputError as error:
        return OutlookRow(series=name, problem=str(error))
    return OutlookRow(
        series=name,
        month=month_text(known.last + 1),
        threshold=limit,
        chance=float(scores.exceedance(draws, limit)),
        before=earlier,
        quantiles=quantiles_of(draws),
        last=known_or_none(float(known.values[0, -1])),
        usual=mean_of(known.values[0, -1 - YEAR : -1]),
    )


def _a_month_ago(known: Panel, model: str, limit: float) -> float | None:
    """The probability of the same month, two months ahead, at the origin before."""
    if known.last - 1 < known.first + LEAST_MONTHS - 1:
        return None
    earlier = known.up_to(known.last - 1)
    return float(scores.exceedance(draws_of(MODELS[model](), earlier, earlier.last, 2)[1], limit))
