"""What every model is: something that is fitted to a panel up to an origin, and then drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.panel import Panel

__all__ = ["Draws", "Fitted", "Model", "check_request", "even_levels", "shuffled"]

Draws = NDArray[np.float64]
"""Units x steps x draws; NaN where a model has no forecast for a unit."""


class Fitted(Protocol):
    """A model that has seen a panel up to its origin and nothing later."""

    @property
    def units(self) -> tuple[str, ...]:
        """The units that it forecasts: those observed up to the origin."""
        ...

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        """Draws from the forecast distributions, units x steps x n.

        Args:
            steps: months ahead of the origin, each at least 1.
            n: how many draws a unit and step.
            seed: the same gives the same draws.
        """
        ...


class Model(Protocol):
    """A way to forecast: its settings are its attributes, and it is frozen."""

    @property
    def name(self) -> str:
        """What tables call it; it tells the settings."""
        ...

    def fit(self, panel: Panel, origin: int) -> Fitted:
        """Learn from the panel up to the origin; cells after the origin are cut away first.

        Raises:
            InputError: the origin is outside the panel.
        """
        ...


def check_request(steps: Sequence[int], n: int) -> None:
    """Check what is asked of ``Fitted.draw``.

    Raises:
        InputError: no step, a step below 1 or twice, or no draws.
    """
    if not steps or min(steps) < 1 or len(set(steps)) != len(steps):
        raise InputError(f"Steps ahead are whole numbers from 1, each once: {list(steps)}")
    if n < 1:
        raise InputError(f"{n} draws: there must be at least one")


def even_levels(n: int) -> NDArray[np.float64]:
    """The n probabilities (i - 1/2) / n: the quantiles at them are the n draws nearest to a distribution in CRPS.

    Bracher et al. (2021), doi:10.1371/journal.pcbi.1008618.
    """
    return (np.arange(n) + 0.5) / n


def shuffled(draws: Draws, seed: int) -> Draws:
    """Each cell's draws in a random order of its own, so that draw i of one cell tells nothing of draw i of another."""
    return np.random.default_rng(seed).permuted(draws, axis=-1)
