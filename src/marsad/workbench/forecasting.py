"""Forecasts of a study's monthly series: the numbers that the analyses of forecasts show.

An analysis computes no forecast itself, because analyses and models do not know each other: what it asks for is made
here, only when it is asked, and handed to it among its inputs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from marsad.analysis import ANALYSES, Inputs, check_parameters, names_of
from marsad.analysis.forecast_parameters import EarlyWarningParameters, ForecastParameters
from marsad.analysis.parameters import nearest
from marsad.analysis.scenario_parameters import ScenarioParameters
from marsad.errors import InputError
from marsad.forecast import Panel, scores
from marsad.forecast.months import month_text
from marsad.model import Forecast, ForecastMonth
from marsad.model.forecasts import ForecastSum
from marsad.workbench.early_warning import early_warnings
from marsad.workbench.forecast_months import joint_draws_of, month_of
from marsad.workbench.forecast_record import SUMS, record_of
from marsad.workbench.scenarios import scenario_forecast
from marsad.workbench.series_panel import (
    DRAWS,
    YEAR,
    Floats,
    check_long_enough,
    known_or_none,
    mean_of,
    model_names,
    origin_of,
    quantiles_of,
    series_panel,
    usual_levels,
)

__all__ = ["forecast_series", "request_of", "with_forecasts"]

_BEFORE = 36


def request_of(
    inputs: Inputs, name: str, parameters: Mapping[str, str | Sequence[str]]
) -> ForecastParameters | EarlyWarningParameters | None:
    """The forecasts that an analysis asks for; None where it is an analysis without any.

    Raises:
        InputError: a parameter is wrong, or there is no such model or kind of action.
    """
    model = ANALYSES[name].parameters if name in ANALYSES else None
    if model is None or not issubclass(model, (ForecastParameters, EarlyWarningParameters)):
        return None
    known: dict[str, Collection[str]] = {**names_of(inputs), "models": model_names()}
    if problems := check_parameters(name, parameters, known):
        raise InputError("\n".join(map(str, problems)))
    asked = model.model_validate(dict(parameters))
    if isinstance(asked, ScenarioParameters):
        _check_kinds(asked, known)
    return asked


def _check_kinds(asked: ScenarioParameters, known: Mapping[str, Collection[str]]) -> None:
    """Raise ``InputError`` where a stated action or ratio is of no kind of the vocabulary."""
    words = known.get("action_kind")
    kinds = {"scenario": asked.kinds, "ratios": tuple(ratio.kind for ratio in asked.ratios)}
    for field, named in kinds.items():
        for kind in named:
            if words is not None and kind not in words:
                raise InputError(f"{field}: {kind!r} is no action kind. {nearest(kind, words)}")


def with_forecasts(inputs: Inputs, name: str, parameters: Mapping[str, str | Sequence[str]]) -> Inputs:
    """The inputs with what one analysis asks for; the same where it asks for no forecast.

    Raises:
        InputError: as ``request_of``.
    """
    asked = request_of(inputs, name, parameters)
    if isinstance(asked, ScenarioParameters):
        return inputs.model_copy(update={"scenarios": (scenario_forecast(inputs, asked),)})
    if isinstance(asked, ForecastParameters):
        return inputs.model_copy(update={"forecasts": (forecast_series(inputs, asked),)})
    if isinstance(asked, EarlyWarningParameters):
        return inputs.model_copy(update={"warnings": (early_warnings(inputs, asked),)})
    return inputs


def forecast_series(inputs: Inputs, asked: ForecastParameters) -> Forecast:
    """The forecast of one series, from what was known at the origin alone; its record is of origins before it.

    What cannot be forecast has a ``problem``.
    """
    request = asked.as_text()
    try:
        chosen, panel = series_panel(inputs, asked.series)
        origin = origin_of(panel, asked.origin)
        known = panel.up_to(origin)
        check_long_enough(known)
        limits = asked.limits or usual_levels(known, (0.75, 0.95))
        drawn = joint_draws_of(asked.model, known, origin, asked.steps)
        record = record_of(known, asked.model, asked.steps, limits)
    except InputError as error:
        return Forecast(request=request, series=asked.series, model=asked.model, problem=str(error))
    recent, before = _levels(known)
    return Forecast(
        request=request,
        series=chosen,
        model=asked.model,
        origin=month_text(origin),
        known=int((~np.isnan(known.values)).sum()),
        draws=DRAWS,
        thresholds=limits,
        months=_months(drawn, panel, origin, limits),
        sums=tuple(_sum(drawn[:months], panel, origin, limits) for months in SUMS if months <= asked.steps),
        recent=recent,
        before=before,
        **record,
    )


def _months(drawn: Floats, panel: Panel, origin: int, limits: Sequence[float]) -> tuple[ForecastMonth, ...]:
    ahead = [origin + step for step in range(1, len(drawn) + 1)]
    observed = panel.observed(ahead)[0]
    return tuple(
        month_of(draws, month, limits, value) for month, draws, value in zip(ahead, drawn, observed, strict=True)
    )


def _sum(drawn: Floats, panel: Panel, origin: int, limits: Sequence[float]) -> ForecastSum:
    """What jointly drawn months tell of their total."""
    months = len(drawn)
    total = drawn.sum(axis=0)
    before = known_or_none(float(panel.observed(range(origin - months + 1, origin + 1))[0].sum()))
    return ForecastSum(
        months=months,
        last=month_text(origin + months),
        quantiles=quantiles_of(total),
        means=tuple(float(scores.exceedance(total, limit * months)) for limit in limits),
        some=tuple(float(scores.exceedance(drawn.max(axis=0), limit)) for limit in limits),
        before=before,
        more=None if before is None else float((total > before).mean()),
        observed=known_or_none(float(panel.observed(range(origin + 1, origin + months + 1))[0].sum())),
    )


def _levels(known: Panel) -> tuple[float | None, float | None]:
    """Means of the last year and of the three years before it."""
    row = known.values[0]
    recent, before = row[-YEAR:], row[-YEAR - _BEFORE : -YEAR]
    return mean_of(recent), mean_of(before)
