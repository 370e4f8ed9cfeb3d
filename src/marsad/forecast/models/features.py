"""What gradient boosting sees of the past: one row a unit and month, nothing later than that month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marsad.forecast.models.histories import fading_mean, level, months_since, running_max, running_mean
from marsad.forecast.panel import Counts

__all__ = ["FEATURES", "LONGEST_QUIET", "clipped", "history_features", "with_step"]

LONGEST_QUIET = 360
"""Months since violence are counted up to here."""

_MEANS = (3, 6, 12, 24, 60, 120)
_SHARES = (6, 12, 36, 120)
_SPREADS = (6, 12, 36)
_YEAR = 12
_ALIKE = 5
_MEMORY = 120

FEATURES: tuple[str, ...] = (
    "level",
    *(f"lag {lag}" for lag in range(3)),
    *(f"mean of {months}" for months in _MEANS),
    "fading mean, half-life 12",
    *(f"largest of {months}" for months in (12, 60)),
    *(f"share of violent months in {months}" for months in _SHARES),
    *(f"months since {count} or more" for count in (1, 25)),
    *(f"spread of logs in {months}" for months in _SPREADS),
    "smallest of 12 against level",
    "largest of 12 against level",
    "last against level",
    "mean of 3 against mean of 12",
    "mean of 12 against mean of 60",
    "units alike, mean of 6",
    "units alike, mean of 6 against mean of 24",
    "share of units with violence",
    "step",
    "month of the year, sine",
    "month of the year, cosine",
)
"""Names of the columns; counts are log(1 + count)."""


def history_features(values: Counts) -> NDArray[np.float32]:
    """Units x months x features: all but the last three, which depend on the month that is forecast.

    Args:
        values: units x months; NaN where nothing is known.
    """
    means = {months: np.log1p(running_mean(values, months)) for months in _MEANS}
    violent = np.where(np.isnan(values), np.nan, (values > 0).astype(np.float64))
    shares = {months: running_mean(violent, months) for months in _SHARES}
    alike = _alike(means[6])
    near = {months: _mean_of(means[months], alike) for months in (6, 24)}
    base = np.log1p(level(values))
    columns = [
        base,
        *(np.log1p(_lagged(values, lag)) for lag in range(3)),
        *means.values(),
        np.log1p(fading_mean(values, 12)),
        *(np.log1p(running_max(values, months)) for months in (12, 60)),
        *shares.values(),
        *(np.log1p(months_since(values, count, LONGEST_QUIET)) for count in (1, 25)),
        *(_spread(np.log1p(values), months) for months in _SPREADS),
        -running_max(-np.log1p(values), _YEAR) - base,
        np.log1p(running_max(values, _YEAR)) - base,
        np.log1p(values) - base,
        means[3] - means[12],
        means[12] - means[60],
        near[6],
        near[6] - near[24],
        np.broadcast_to(_share_of_units(shares[_YEAR]), values.shape),
    ]
    return np.stack(columns, axis=-1).astype(np.float32)


def with_step(rows: NDArray[np.float32], step: NDArray[np.int64], month: NDArray[np.int64]) -> NDArray[np.float32]:
    """Add the last three features.

    Args:
        rows: rows x the features of ``history_features``.
        step: by row: months ahead.
        month: by row: the running number of the month that is forecast.
    """
    angle = 2 * np.pi * (month % _YEAR) / _YEAR
    return np.column_stack((rows, step, np.sin(angle), np.cos(angle))).astype(np.float32)


def clipped(rows: NDArray[np.float32], most: float) -> NDArray[np.float32]:
    """A copy of rows of ``with_step`` whose features are at most ``most``, but for the last three."""
    found = rows.copy()
    np.minimum(rows[:, :-3], np.float32(most), out=found[:, :-3])
    return found


def _spread(logs: Counts, months: int) -> Counts:
    """The standard deviation of the last months."""
    square, mean = running_mean(logs**2, months), running_mean(logs, months)
    return np.sqrt(np.maximum(square - mean**2, 0.0))


def _lagged(values: Counts, lag: int) -> Counts:
    before = min(lag, values.shape[1])
    return np.concatenate((np.full((len(values), before), np.nan), values[:, : values.shape[1] - before]), axis=1)


def _share_of_units(violent: Counts) -> Counts:
    """By month: of the units that are known, how many had violence within the year."""
    known = (~np.isnan(violent)).sum(axis=0)
    found: Counts = np.divide((violent > 0).sum(axis=0), known, out=np.full(known.shape, np.nan), where=known > 0)
    return found


def _alike(series: Counts) -> NDArray[np.intp]:
    """Units x 5: whose ups and downs over the last ten years went most like the unit's own, by correlation."""
    recent = np.nan_to_num(series[:, -_MEMORY:])
    centred = recent - recent.mean(axis=1, keepdims=True)
    norm = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unit = np.divide(centred, norm, out=np.zeros_like(centred), where=norm > 0)
    few = min(_ALIKE, len(series) - 1)
    found = np.zeros((len(series), few), np.intp)
    for row in range(len(series)):
        likeness = unit @ unit[row]
        likeness[row] = -np.inf
        found[row] = _largest(likeness, few)
    return found


def _largest(values: NDArray[np.float64], few: int) -> NDArray[np.intp]:
    """The places of the largest values, in falling order and equal ones in their own, without sorting all."""
    if not few:
        return np.zeros(0, np.intp)
    least = np.partition(values, len(values) - few)[len(values) - few]
    places = np.flatnonzero(values >= least)
    found: NDArray[np.intp] = places[np.argsort(-values[places], kind="stable")[:few]]
    return found


def _mean_of(series: Counts, chosen: NDArray[np.intp]) -> Counts:
    """The mean of the chosen units' series; zero where there is none."""
    if not chosen.shape[1]:
        return np.zeros(series.shape)
    found: Counts = np.nan_to_num(series)[chosen].mean(axis=1)
    return found
