"""Forecasts of a study's monthly series: the numbers that the analyses ``forecast`` and ``early-warning`` show.

An analysis computes no forecast itself, because analyses and models do not know each other: what it asks for is made
here, only when it is asked, and handed to it among its inputs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from marsad.analysis import ANALYSES, Inputs, check_parameters, names_of
from marsad.analysis.forecast_parameters import EarlyWarningParameters, ForecastParameters
from marsad.errors import InputError
from marsad.forecast import Backtest, Conflictology, Panel, compare, run_backtest, scores
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.model import (
    Forecast,
    ForecastMonth,
    ForecastRecord,
)
from marsad.workbench.early_warning import early_warnings
from marsad.workbench.series_panel import (
    DRAWS,
    LEAST_MONTHS,
    SEED,
    YEAR,
    Floats,
    check_long_enough,
    draws_of,
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
_ORIGINS = 60


def request_of(
    inputs: Inputs, name: str, parameters: Mapping[str, str | Sequence[str]]
) -> ForecastParameters | EarlyWarningParameters | None:
    """The forecasts that an analysis asks for; None where it is an analysis without any.

    Raises:
        InputError: a parameter is wrong, or there is no such model.
    """
    model = ANALYSES[name].parameters if name in ANALYSES else None
    if model is None or not issubclass(model, (ForecastParameters, EarlyWarningParameters)):
        return None
    known: dict[str, Collection[str]] = {**names_of(inputs), "models": model_names()}
    if problems := check_parameters(name, parameters, known):
        raise InputError("\n".join(map(str, problems)))
    return model.model_validate(dict(parameters))


def with_forecasts(inputs: Inputs, name: str, parameters: Mapping[str, str | Sequence[str]]) -> Inputs:
    """The inputs with what one analysis asks for; the same where it asks for no forecast.

    Raises:
        InputError: as ``request_of``.
    """
    asked = request_of(inputs, name, parameters)
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
        drawn = draws_of(MODELS[asked.model](), known, origin, asked.steps)
        record = _record(known, asked.model, asked.steps, limits)
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
        recent=recent,
        before=before,
        **record,
    )


def _months(drawn: Floats, panel: Panel, origin: int, limits: Sequence[float]) -> tuple[ForecastMonth, ...]:
    ahead = [origin + step for step in range(1, len(drawn) + 1)]
    observed = panel.observed(ahead)[0]
    return tuple(
        ForecastMonth(
            month=month_text(month),
            quantiles=quantiles_of(draws),
            chances=tuple(float(scores.exceedance(draws, limit)) for limit in limits),
            observed=known_or_none(value),
        )
        for month, draws, value in zip(ahead, drawn, observed, strict=True)
    )


def _record(known: Panel, name: str, steps: int, limits: Sequence[float]) -> dict[str, Any]:
    """The scores of the last sixty origins before this one, of the model and of conflictology."""
    first = max(known.first + LEAST_MONTHS - 1, known.last - _ORIGINS)
    origins = [
        origin for origin in range(first, known.last) if (~np.isnan(known.up_to(origin).values)).sum() >= LEAST_MONTHS
    ]
    if not origins:
        return {}
    rivals = [MODELS[name]()]
    if rivals[0].name != Conflictology().name:
        rivals.append(Conflictology())
    ahead = range(1, min(steps, known.last - origins[0]) + 1)
    found = run_backtest(known, rivals, origins=origins, steps=ahead, draws=DRAWS, seed=SEED, thresholds=limits)
    scored = ~np.isnan(found.scores["crps"][0])
    if not scored.any():
        return {}
    targets = np.broadcast_to(found.targets()[:, None, :], scored.shape)
    return {
        "record": tuple(_scores(found, place, limits) for place in range(len(rivals))),
        "origins": (month_text(origins[0]), month_text(origins[-1])),
        "scored_months": len(np.unique(targets[scored])),
        "difference": _difference(found) if len(rivals) > 1 else None,
    }


def _scores(found: Backtest, place: int, limits: Sequence[float]) -> ForecastRecord:
    mean = {measure: float(np.nanmean(values[place])) for measure, values in found.scores.items()}
    return ForecastRecord(
        model=found.models[place],
        cells=int((~np.isnan(found.scores["crps"][place])).sum()),
        crps=mean["crps"],
        crps_log1p=mean["crps_log1p"],
        interval_score=mean["mis"],
        covered=mean["covered"],
        width=mean["width"],
        brier=tuple(mean[f"brier_{limit:g}"] for limit in limits),
    )


def _difference(found: Backtest) -> tuple[float, float | None, float | None]:
    """The mean difference in CRPS with the wider of the two intervals over months."""
    told = compare(found, found.models[0], found.models[1], seed=SEED)
    low, high = np.array([[told.month_low, told.block_low], [told.month_high, told.block_high]])
    ends = (None, None) if np.isnan([low, high]).all() else (float(np.nanmin(low)), float(np.nanmax(high)))
    return (told.difference, *ends)


def _levels(known: Panel) -> tuple[float | None, float | None]:
    """Means of the last year and of the three years before it."""
    row = known.values[0]
    recent, before = row[-YEAR:], row[-YEAR - _BEFORE : -YEAR]
    return mean_of(recent), mean_of(before)
