"""What a unit's past looks like at each month: running means, levels and the time since violence, all at once.

Every function takes units x months and gives units x months; the value at a month is computed from that month and
earlier ones only.
"""

from __future__ import annotations

import numpy as np

from marsad.forecast.panel import Counts

__all__ = ["fading_mean", "level", "months_since", "running_max", "running_mean"]

_FAST, _SLOW, _SHARE = 4.0, 24.0, 0.7


def running_mean(values: Counts, months: int) -> Counts:
    """The mean of the last months, without NaN; NaN where there is nothing else. Fewer months at the beginning."""
    known = ~np.isnan(values)
    sums, counts = (_trailing_sum(one, months) for one in (np.where(known, values, 0.0), known.astype(np.float64)))
    found: Counts = np.divide(sums, counts, out=np.full(values.shape, np.nan), where=counts > 0)
    return found


def _trailing_sum(values: Counts, months: int) -> Counts:
    padded = np.concatenate((np.zeros((len(values), 1)), np.cumsum(values, axis=1)), axis=1)
    start = np.maximum(np.arange(values.shape[1]) + 1 - months, 0)
    found: Counts = np.maximum(padded[:, 1:] - padded[:, start], 0.0)
    return found


def running_max(values: Counts, months: int) -> Counts:
    """The largest of the last months, without NaN; NaN where there is nothing else."""
    least = np.where(np.isnan(values), -np.inf, values)
    padded = np.concatenate((np.full((len(values), months - 1), -np.inf), least), axis=1)
    found: Counts = np.lib.stride_tricks.sliding_window_view(padded, months, axis=1).max(axis=-1)
    return np.where(np.isinf(found), np.nan, found)


def fading_mean(values: Counts, half_life: float) -> Counts:
    """The mean of all months so far, each with the weight 2^(-age / half_life), without NaN."""
    keep = 0.5 ** (1 / half_life)
    total, weight = np.zeros(len(values)), np.zeros(len(values))
    found = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        known = ~np.isnan(values[:, column])
        total = keep * total + np.where(known, values[:, column], 0.0)
        weight = keep * weight + known
        np.divide(total, weight, out=found[:, column], where=weight > 0)
    return found


def level(values: Counts) -> Counts:
    """What a unit usually counts: two fading means together, one fast (half-life 4 months) and one slow (24)."""
    found: Counts = _SHARE * fading_mean(values, _FAST) + (1 - _SHARE) * fading_mean(values, _SLOW)
    return found


def months_since(values: Counts, least: float, most: int) -> Counts:
    """Months since a count of at least ``least``: 0 in such a month; ``most`` where there was none so lately."""
    columns = np.arange(values.shape[1])
    last = np.maximum.accumulate(np.where(np.nan_to_num(values) >= least, columns, -most - 1), axis=1)
    return np.minimum(columns - last, most).astype(np.float64)
