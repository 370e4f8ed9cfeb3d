"""A calibration of levels: tails are stretched, the middle of a distribution stays as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["STRETCHES", "sorted_at", "stretched_levels"]

STRETCHES: tuple[float, ...] = tuple(float(one) for one in np.round(np.linspace(0, 0.9, 46), 3))
"""The stretches that are tried, from none to all but the whole of the tails."""

_TAIL = 0.05
_KEPT = 0.09


def stretched_levels(levels: NDArray[np.float64], stretch: float) -> NDArray[np.float64]:
    """Which level of the given distribution stands at each level of the stretched one: T(u) of the quantiles q(T(u)).

    T is piecewise linear: T(0.05) = 0.05 (1 - stretch), T(0.09) = 0.09, T(0.91) = 0.91, T(0.95) = 1 - 0.05 (1 -
    stretch). A stretch of zero changes nothing; the largest ones put the ends of the 90 % interval near the extremes.
    The middle stays as it is, and few draws move, because every draw that moves outwards costs a little CRPS. It is a
    recalibration of the probability integral transform: Gneiting & Ranjan (2013), doi:10.1214/13-EJS823.

    Args:
        levels: between 0 and 1.
        stretch: from 0 to below 1.
    """
    tail = _TAIL * (1 - stretch)
    return np.interp(levels, [0, _TAIL, _KEPT, 1 - _KEPT, 1 - _TAIL, 1], [0, tail, _KEPT, 1 - _KEPT, 1 - tail, 1])


def sorted_at(ordered: NDArray[np.floating], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of the distributions given by draws in rising order along the last axis, at these levels."""
    size = ordered.shape[-1]
    places = np.clip(np.ceil(levels * size - 1e-9) - 1, 0, size - 1).astype(np.intp)
    return np.asarray(ordered[..., places], np.float64)
