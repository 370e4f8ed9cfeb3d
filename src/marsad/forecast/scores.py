"""Proper scores of forecasts that are given as draws: one formula a function, over any number of cells at once.

Everywhere ``draws`` has the shape of ``observed`` and one axis more, the last, along which the draws of a cell lie. A
cell is NaN in the result where ``observed`` is NaN or where any of its draws is. Smaller scores are better. For a
forecast with ``m`` draws x_1 ... x_m and the observation y, F is the distribution that gives each draw the weight 1/m.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.errors import InputError

__all__ = [
    "CHALLENGE_BINS",
    "CHALLENGE_DRAWS",
    "CHALLENGE_LEVEL",
    "brier",
    "covered",
    "crps",
    "crps_log1p",
    "exceedance",
    "ignorance",
    "interval",
    "interval_score",
    "pit",
    "pit_ends",
]

Floats = NDArray[np.float64]

CHALLENGE_BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower ends of the eleven bins of the log score in the VIEWS 2023/24 prediction challenge; the last has no end.

Hegre et al. (2024), arXiv:2407.11045; ``evaluate_submissions.py`` of github.com/prio-data/prediction_competition_2023.
"""

CHALLENGE_DRAWS = 1000
"""How many draws the challenge's log score needs: with the added ones, its value depends on their number."""

CHALLENGE_LEVEL = 0.9
"""The level of the challenge's interval score."""


def crps(draws: ArrayLike, observed: ArrayLike) -> Floats:
    """The continuous ranked probability score of the draws as they are, in units of the count.

    mean |x_i - y| - (1 / 2 m^2) sum_ij |x_i - x_j|, computed from the sorted draws as
    (2 / m^2) sum_i (x_(i) - y) (m [y < x_(i)] - i + 1/2). It is the plain ensemble form (1/m^2) of the challenge, not
    the "fair" one (1/m(m-1)). Gneiting & Raftery (2007), doi:10.1198/016214506000001437; Jordan, Krueger & Lerch
    (2019), doi:10.18637/jss.v090.i12, equation 14.

    Raises:
        InputError: the shapes do not fit, or there are no draws.
    """
    x, y = _checked(draws, observed)
    return _crps(np.sort(x, axis=-1), y)


def crps_log1p(draws: ArrayLike, observed: ArrayLike) -> Floats:
    """The CRPS of log(1 + x) against log(1 + y): errors count by their ratio, so that no one war outweighs all others.

    Bosse et al. (2023), doi:10.1371/journal.pcbi.1011393.

    Raises:
        InputError: as ``crps``; a value is below zero.
    """
    x, y = _checked(draws, observed)
    _check_not_negative(x, y)
    return _crps(np.log1p(np.sort(x, axis=-1)), np.log1p(y))


def _crps(ordered: Floats, y: Floats) -> Floats:
    m = ordered.shape[-1]
    place = np.arange(0.5, m)
    weights = m * (y[..., None] < ordered) - place
    return np.asarray(2.0 / m**2 * np.sum((ordered - y[..., None]) * weights, axis=-1))


def ignorance(draws: ArrayLike, observed: ArrayLike, *, bins: tuple[float, ...] = CHALLENGE_BINS) -> Floats:
    """The log score of the VIEWS 2023/24 challenge (IGN), in bits: -log2 of the probability of the bin that holds y.

    One draw is added to each bin, so that none has the probability zero: (k + 1) / (m + number of bins), where k of the
    m draws are in y's bin. A bin holds its lower end; the last has no end. Scores are comparable only at the same
    number of draws, which is that of the challenge: 1,000.

    Hegre et al. (2024), arXiv:2407.11045; ``IgnoranceScore.py`` of github.com/prio-data/prediction_competition_2023.

    Raises:
        InputError: not exactly 1,000 draws, bins that do not rise, or a value below the first bin.
    """
    x, y = _checked(draws, observed)
    if x.shape[-1] != CHALLENGE_DRAWS:
        raise InputError(f"The log score needs exactly {CHALLENGE_DRAWS} draws, not {x.shape[-1]}. Draw as many")
    edges = np.array([*bins, np.inf])
    if len(bins) < 1 or not bool((np.diff(edges) > 0).all()):
        raise InputError("The bins of the log score rise, and there is at least one")
    if bool((x < edges[0]).any()) or bool((y < edges[0]).any()):
        raise InputError(f"The log score has no bin below {edges[0]:g}")
    at = np.clip(np.searchsorted(edges, np.nan_to_num(y), side="right") - 1, 0, len(bins) - 1)
    low, high = edges[at][..., None], edges[at + 1][..., None]
    hits = np.sum((x >= low) & (x < high), axis=-1)
    score = -np.log2((hits + 1) / (x.shape[-1] + len(bins)))
    return np.where(_missing(x, y), np.nan, score)


def interval(draws: ArrayLike, level: float = CHALLENGE_LEVEL) -> tuple[Floats, Floats]:
    """The central interval of the draws: the quantiles (1 - level) / 2 and (1 + level) / 2, linearly interpolated.

    The interpolation is numpy's, as in the challenge (Hyndman & Fan 1996, doi:10.2307/2684934, definition 7).

    Raises:
        InputError: the level is not between 0 and 1, or there are no draws.
    """
    x = np.asarray(draws, dtype=np.float64)
    if not 0 < level < 1:
        raise InputError(f"The level of an interval is between 0 and 1, not {level}")
    if x.ndim < 1 or not x.shape[-1]:
        raise InputError("A forecast needs at least one draw")
    low, high = np.quantile(x, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return low, high


def interval_score(draws: ArrayLike, observed: ArrayLike, *, level: float = CHALLENGE_LEVEL) -> Floats:
    """The interval score: the interval's width, and 2 / (1 - level) times the distance of an observation outside it.

    Its mean is the challenge's MIS. Gneiting & Raftery (2007), doi:10.1198/016214506000001437, equation 43.

    Raises:
        InputError: as ``interval``; the shapes do not fit.
    """
    x, y = _checked(draws, observed)
    low, high = interval(x, level)
    return high - low + 2 / (1 - level) * (np.maximum(low - y, 0) + np.maximum(y - high, 0))


def covered(draws: ArrayLike, observed: ArrayLike, *, level: float = CHALLENGE_LEVEL) -> Floats:
    """1 where the observation is in the central interval, ends included, and 0 where it is not.

    Of counts an interval covers more than its level where many draws are equal: see ``pit`` for calibration.

    Raises:
        InputError: as ``interval_score``.
    """
    x, y = _checked(draws, observed)
    low, high = interval(x, level)
    return np.where(_missing(x, y), np.nan, (low <= y) & (y <= high))


def pit(draws: ArrayLike, observed: ArrayLike, *, seed: int) -> Floats:
    """The randomised probability integral transform: F(y-) + v (F(y) - F(y-)) with v uniform on 0 to 1.

    Of a calibrated forecast of counts it is uniform. Czado, Gneiting & Held (2009),
    doi:10.1111/j.1541-0420.2009.01191.x, section 2.1.

    Raises:
        InputError: the shapes do not fit, or there are no draws.
    """
    below, upto = pit_ends(draws, observed)
    return np.asarray(below + np.random.default_rng(seed).random(below.shape) * (upto - below))


def pit_ends(draws: ArrayLike, observed: ArrayLike) -> tuple[Floats, Floats]:
    """Between what the probability integral transform of a count lies: F(y-) and F(y).

    Raises:
        InputError: as ``pit``.
    """
    x, y = _checked(draws, observed)
    missing = _missing(x, y)
    below = np.where(missing, np.nan, np.mean(x < y[..., None], axis=-1))
    return below, np.where(missing, np.nan, np.mean(x <= y[..., None], axis=-1))


def exceedance(draws: ArrayLike, threshold: float) -> Floats:
    """The share of draws that reach the threshold; NaN where any draw is.

    Raises:
        InputError: there are no draws.
    """
    x = np.asarray(draws, dtype=np.float64)
    if x.ndim < 1 or not x.shape[-1]:
        raise InputError("A forecast needs at least one draw")
    return np.where(np.isnan(x).any(axis=-1), np.nan, np.mean(x >= threshold, axis=-1))


def brier(draws: ArrayLike, observed: ArrayLike, *, threshold: float) -> Floats:
    """The Brier score of reaching a threshold: (P(x >= threshold) - [y >= threshold])^2.

    Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2. Its integral over all thresholds is the CRPS.

    Raises:
        InputError: the shapes do not fit, or there are no draws.
    """
    x, y = _checked(draws, observed)
    return np.where(_missing(x, y), np.nan, (exceedance(x, threshold) - (y >= threshold)) ** 2)


def _checked(draws: ArrayLike, observed: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(draws, dtype=np.float64), np.asarray(observed, dtype=np.float64)
    if x.shape[:-1] != y.shape or x.ndim != y.ndim + 1:
        raise InputError(f"Draws of shape {x.shape} for observations of {y.shape}: one axis more is needed, the last")
    if not x.shape[-1]:
        raise InputError("A forecast needs at least one draw")
    if bool(np.isinf(x).any()) or bool(np.isinf(y).any()):
        raise InputError("A draw or an observation is infinite: it has no score")
    return x, y


def _check_not_negative(x: Floats, y: Floats) -> None:
    if bool((x < 0).any()) or bool((y < 0).any()):
        raise InputError("A draw or an observation is below zero: it is no count")


def _missing(x: Floats, y: Floats) -> NDArray[np.bool_]:
    return np.isnan(y) | np.isnan(x).any(axis=-1)
