"""Weights of past months, and what is computed with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.panel import Counts

__all__ = ["LONGEST", "decay", "weighted_mean", "weighted_quantiles", "weighted_variance"]

LONGEST = 1_200
"""The longest window, in months: a century."""

Weights = NDArray[np.float64]


def decay(months: int, *, scale: float, power: float) -> Weights:
    """(1 + age / scale)^-power for the ages months - 1 ... 0: the last has the weight 1.

    It forgets fast at first and slowly later, as a mixture of half-lives does: a war's last months tell most, yet its
    earlier ones are not worth nothing.

    Args:
        months: how many.
        scale: in months; the weight has fallen to 2^-power at this age.
        power: above zero.

    Raises:
        InputError: a setting is not above zero, or there are too many months.
    """
    if not (1 <= months <= LONGEST and scale > 0 and power > 0):
        raise InputError(f"Decaying weights need 1 to {LONGEST} months, and a scale and a power above zero")
    return np.asarray((1 + np.arange(months)[::-1] / scale) ** -power)


def weighted_mean(values: Counts, weights: Weights) -> Counts:
    """The mean of each row, without its NaN; NaN where a row has nothing else.

    Args:
        values: rows x months.
        weights: by month; above zero.
    """
    known = ~np.isnan(values)
    total = (known * weights).sum(axis=1)
    sums = np.where(known, values, 0) @ weights
    found: Counts = np.divide(sums, total, out=np.full(len(values), np.nan), where=total > 0)
    return found


def weighted_variance(values: Counts, weights: Weights) -> Counts:
    """The variance of each row around its ``weighted_mean``, with the weights as they are; NaN as there."""
    return weighted_mean((values - weighted_mean(values, weights)[:, None]) ** 2, weights)


def weighted_quantiles(values: Counts, weights: Weights, levels: NDArray[np.float64]) -> Counts:
    """The smallest value of a row up to which at least each level of the weight lies: the inverse of its distribution.

    Args:
        values: rows x months; NaN is left out.
        weights: by month; above zero.
        levels: between 0 and 1, rising.

    Returns:
        rows x levels; NaN where a row has nothing but NaN.
    """
    found = np.full((len(values), len(levels)), np.nan)
    for row, line in enumerate(values):
        known = ~np.isnan(line)
        if known.any():
            order = np.argsort(line[known], kind="stable")
            ordered = line[known][order]
            shares = np.cumsum(weights[known][order])
            places = np.searchsorted(shares / shares[-1], levels, side="left")
            found[row] = ordered[np.minimum(places, len(ordered) - 1)]
    return found
