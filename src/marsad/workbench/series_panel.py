"""A monthly series of a study as a panel of one unit, and the draws of a model from it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.analysis import Inputs
from marsad.analysis.release_series import COUNTS, by_name, by_slot
from marsad.errors import InputError
from marsad.forecast import Model, Panel, scores
from marsad.forecast.backtest import seed_of
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_number, month_text, parse_month
from marsad.forecast.panel import LARGEST
from marsad.model import FORECAST_LEVELS, Date, Series, plural

__all__ = [
    "DRAWS",
    "LEAST_MONTHS",
    "SEED",
    "YEAR",
    "Floats",
    "check_long_enough",
    "counted_series",
    "draws_of",
    "known_or_none",
    "mean_of",
    "model_names",
    "month_of",
    "origin_of",
    "quantiles_of",
    "series_panel",
    "usual_levels",
]

Floats = NDArray[np.float64]
"""An array of counts or probabilities; NaN where there is none."""

LEAST_MONTHS = 24
"""The shortest past, in months, from which a forecast is made: two rounds of the calendar."""

DRAWS = scores.CHALLENGE_DRAWS
"""How many draws a month."""

SEED = 0
"""The same seed for every study, so that the same data give the same forecast."""

YEAR = 12
"""Months a year."""

_DECADE = 120


def counted_series(inputs: Inputs) -> list[str]:
    """The names of the series of counts that have months."""
    return [name for name, one in by_name(inputs).items() if one.unit in COUNTS and _monthly(one)]


def model_names() -> tuple[str, ...]:
    """The models that a forecast may name."""
    return tuple(MODELS)


def series_panel(inputs: Inputs, wanted: str) -> tuple[str, Panel]:
    """The name of a series and its months as a panel of one unit; raises ``InputError`` where it has none."""
    found = by_name(inputs)
    names = [wanted] if wanted else counted_series(inputs)
    if not names or names[0] not in found:
        raise InputError("The study holds no monthly series of counts.")
    name = names[0]
    series = found[name]
    values = _monthly(series)
    if series.unit not in COUNTS:
        raise InputError(f"The series {name} is not of counts, and only counts are forecast.")
    if not any(value is not None for value in values.values()):
        raise InputError(f"The series {name} holds no value for a single month.")
    if any(value is not None and not 0 <= value <= LARGEST for value in values.values()):
        raise InputError(f"The series {name} has values that are no counts.")
    first, last = min(values), max(values)
    row = np.full((1, last - first + 1), np.nan)
    for month, value in values.items():
        row[0, month - first] = math.nan if value is None else value
    vintage = np.where(np.isnan(row), -1, 0).astype(np.int16)
    return name, Panel(series.measure, (name,), first, row, (series.release.version,), vintage)


def _monthly(series: Series) -> dict[int, float | None]:
    """The values by running month; None where one of a month's has none."""
    return {
        parse_month(slot): None if None in values else sum(value for value in values if value is not None)
        for slot, values in by_slot(series, "month").items()
    }


def month_of(wanted: Date) -> int:
    """The running number of the month that a date is; raises ``InputError`` where it is not one month."""
    months = {(end.year, end.month) for end in (wanted.earliest, wanted.latest) if end is not None}
    if len(months) != 1 or wanted.earliest is None or wanted.latest is None:
        raise InputError(f"The origin {wanted} is not one month.")
    return month_number(*months.pop())


def origin_of(panel: Panel, wanted: Date | None) -> int:
    """The running number of the origin; raises ``InputError`` where it is none of the series' months."""
    observed = panel.spans()[0]
    if wanted is None:
        return observed.last
    origin = month_of(wanted)
    if not observed.first <= origin <= observed.last:
        span = f"{month_text(observed.first)} to {month_text(observed.last)}"
        raise InputError(f"The origin {wanted} is outside the series, which runs from {span}.")
    return origin


def check_long_enough(known: Panel) -> None:
    """Raise ``InputError`` where fewer than ``LEAST_MONTHS`` months have a value."""
    months = int((~np.isnan(known.values)).sum())
    if months < LEAST_MONTHS:
        raise InputError(
            f"The series {known.units[0]} has {plural(months, 'month')} with a value up to {month_text(known.last)}; a "
            f"forecast needs {LEAST_MONTHS}."
        )


def usual_levels(known: Panel, levels: Sequence[float]) -> tuple[float, ...]:
    """Quantiles of the last ten years as thresholds: whole numbers above zero."""
    window = known.trailing(_DECADE)
    found = np.nanquantile(window, levels)
    return tuple(sorted({max(1.0, float(np.ceil(value))) for value in found}))


def draws_of(model: Model, known: Panel, origin: int, steps: int) -> Floats:
    """Steps x draws of the one unit; raises ``InputError`` where the model has no forecast for it."""
    drawn = model.fit(known, origin).draw(range(1, steps + 1), DRAWS, seed_of(SEED, origin))
    if drawn.shape[0] != 1 or np.isnan(drawn).any():
        raise InputError(f"The model {model.name} makes no forecast of {known.units[0]} at {month_text(origin)}.")
    row: Floats = drawn[0]
    return row


def quantiles_of(draws: Floats) -> tuple[float, ...]:
    """The quantiles of some draws at ``FORECAST_LEVELS``."""
    return tuple(float(value) for value in np.quantile(draws, FORECAST_LEVELS))


def known_or_none(value: float) -> float | None:
    """A number; None where it is NaN."""
    return None if math.isnan(value) else float(value)


def mean_of(values: Floats) -> float | None:
    """The mean without NaN; None where there is nothing else."""
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if kept.size else None
