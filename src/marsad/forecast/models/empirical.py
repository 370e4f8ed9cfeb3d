"""The decayed empirical distribution with a cap on spikes: conflictology that remembers longer, and less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.errors import InputError
from marsad.forecast.interface import Draws, check_request, even_levels, shuffled
from marsad.forecast.models.weights import decay, weighted_mean, weighted_quantiles
from marsad.forecast.panel import Counts, Panel

__all__ = ["DecayedEmpirical"]


@dataclass(frozen=True, slots=True, eq=False)
class _Weighted:
    """Values and weights of each unit; ``pool`` stands for units without any value."""

    units: tuple[str, ...]
    values: Counts
    weights: Counts
    pool: Counts

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        levels = even_levels(n)
        one = weighted_quantiles(self.values, self.weights, levels)
        empty = np.isnan(one[:, 0])
        if empty.any():
            one[empty] = weighted_quantiles(self.pool[None, :], np.tile(self.weights, len(self.values)), levels)
        return shuffled(np.repeat(one[:, None, :], len(steps), axis=1), seed)


@dataclass(frozen=True, slots=True)
class DecayedEmpirical:
    """A unit's own past is the sample, with weights that fall with age; one month's spike is capped.

    The weights are (1 + age / scale)^-power. Values above ``cap`` times the weighted mean are taken as that, so that
    one battle does not stand for what a war usually brings. A unit whose window has no value is forecast from all
    units' windows together.

    Attributes:
        months: the length of the window.
        scale: of the weights, in months.
        power: of the weights.
        cap: how many times the weighted mean a value counts at most; infinity for no cap.
    """

    months: int = 120
    scale: float = 6.0
    power: float = 2.0
    cap: float = 4.0

    def __post_init__(self) -> None:
        decay(self.months, scale=self.scale, power=self.power)
        if not self.cap >= 1:
            raise InputError(f"A cap of {self.cap} times the mean: it must be at least 1")

    @property
    def name(self) -> str:
        """``empirical``, with the settings where they are not the usual ones."""
        settings = (self.months, self.scale, self.power, self.cap)
        return "empirical" if settings == (120, 6.0, 2.0, 4.0) else "empirical-" + "-".join(f"{s:g}" for s in settings)

    def fit(self, panel: Panel, origin: int) -> _Weighted:
        """Cap the spikes of the window that ends with the origin.

        Raises:
            InputError: no unit has any value in the window.
        """
        known = panel.up_to(origin)
        window = known.trailing(self.months)
        weights = decay(window.shape[1], scale=self.scale, power=self.power)
        means = weighted_mean(window, weights)
        if np.isnan(means).all():
            raise InputError(f"No unit has a value in the {self.months} months up to the origin: nothing to draw from")
        with np.errstate(over="ignore", invalid="ignore"):  # an infinite cap times zero
            most = np.where(means > 0, np.ceil(self.cap * means), means)
        capped = np.minimum(window, most[:, None])
        return _Weighted(known.units, capped, weights, capped.ravel())
