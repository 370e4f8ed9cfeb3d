"""The negative binomial whose mean and variance are those of a unit's own recent past."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.interface import Draws, check_request, even_levels, shuffled
from marsad.forecast.models.weights import decay, weighted_mean, weighted_variance
from marsad.forecast.panel import LARGEST, Counts, Panel

__all__ = ["NegativeBinomial", "negative_binomial_quantiles"]

_LARGE = 1e5
_LEAST_DISPERSION = 1.001


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    units: tuple[str, ...]
    mean: Counts
    variance: Counts

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        one = negative_binomial_quantiles(self.mean, self.variance, even_levels(n))
        return shuffled(np.repeat(one[:, None, :], len(steps), axis=1), seed)


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """Mean and variance are matched to the weighted ones of the window; the variance is inflated for what may change.

    The weights are (1 + age / scale)^-power. A unit whose window holds only zeros is forecast as zero; one without any
    value from the moments of all units together. Method of moments: Bodentien & Rueter (2024), the challenge's entry
    "Forecasting Monthly Fatalities via a Negative Binomial Distribution", without the decay.

    Attributes:
        months: the length of the window.
        scale: of the weights, in months.
        power: of the weights.
        inflation: what the variance is multiplied by.
    """

    months: int = 120
    scale: float = 6.0
    power: float = 2.0
    inflation: float = 1.5

    def __post_init__(self) -> None:
        decay(self.months, scale=self.scale, power=self.power)
        if not 0 < self.inflation < 1e6:
            raise InputError(f"A variance times {self.inflation}: the factor must be above zero")

    @property
    def name(self) -> str:
        """``negative-binomial``, with the settings where they are not the usual ones."""
        settings = (self.months, self.scale, self.power, self.inflation)
        usual = settings == (120, 6.0, 2.0, 1.5)
        return "negative-binomial" if usual else "negative-binomial-" + "-".join(f"{s:g}" for s in settings)

    def fit(self, panel: Panel, origin: int) -> _Moments:
        """Take the moments of the window that ends with the origin.

        Raises:
            InputError: no unit has any value in the window.
        """
        known = panel.up_to(origin)
        window = known.trailing(self.months)
        weights = decay(window.shape[1], scale=self.scale, power=self.power)
        mean, variance = weighted_mean(window, weights), weighted_variance(window, weights)
        empty = np.isnan(mean)
        if empty.all():
            raise InputError(f"No unit has a value in the {self.months} months up to the origin: nothing to draw from")
        if empty.any():
            pool, everyone = window.reshape(1, -1), np.tile(weights, len(window))
            mean = np.where(empty, weighted_mean(pool, everyone), mean)
            variance = np.where(empty, weighted_variance(pool, everyone), variance)
        return _Moments(known.units, mean, variance * self.inflation)


def negative_binomial_quantiles(mean: Counts, variance: Counts, levels: NDArray[np.float64]) -> Counts:
    """Quantiles of negative binomial distributions with given moments.

    With mean m and variance v > m, the size is m^2 / (v - m) and the probability m / v; where v is not above m, the
    distribution is all but Poisson. Above a mean of 100,000 the gamma distribution with the same moments, rounded,
    stands for it: they differ by less than one part in a thousand of the standard deviation.

    Args:
        mean: not below zero.
        variance: of the same shape.
        levels: between 0 and 1.

    Returns:
        The shape of ``mean`` and one axis more, the last, for the levels; zero where the mean is zero, and at most
        ``LARGEST``.
    """
    stats, special = importlib.import_module("scipy.stats"), importlib.import_module("scipy.special")
    v = np.maximum(variance, mean * _LEAST_DISPERSION)
    found = np.zeros((*mean.shape, len(levels)))
    small, large = (mean > 0) & (mean <= _LARGE), mean > _LARGE
    m, s = mean[small][:, None], v[small][:, None]
    found[small] = np.minimum(stats.nbinom.ppf(levels, m * m / (s - m), m / s), LARGEST)
    m, s = mean[large][:, None], v[large][:, None]
    found[large] = np.minimum(np.rint(special.gammaincinv(m * m / s, levels) * s / m), LARGEST)
    return found
