"""The linear pool: a distribution that mixes those of several models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.errors import InputError
from marsad.forecast.interface import Draws, Fitted, Model, check_request, shuffled
from marsad.forecast.panel import Panel

__all__ = ["LinearPool", "shares"]


@dataclass(frozen=True, slots=True, eq=False)
class _Pooled:
    units: tuple[str, ...]
    parts: tuple[Fitted, ...]
    weights: tuple[float, ...]

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        seeds = np.random.SeedSequence(seed).generate_state(len(self.parts) + 1)
        counts = shares(self.weights, n)
        drawn = [
            part.draw(steps, count, int(own))
            for part, count, own in zip(self.parts, counts, seeds, strict=False)
            if count
        ]
        return shuffled(np.concatenate(drawn, axis=-1), int(seeds[-1]))


@dataclass(frozen=True, slots=True)
class LinearPool:
    """Each draw comes from one of the models; how many from each, say the weights.

    Gneiting & Ranjan (2013), doi:10.1214/13-EJS823. A unit that one model does not forecast is not forecast.

    Attributes:
        name: what tables call it.
        models: at least one.
        weights: one a model; not below zero; they need not add up to one.
    """

    name: str
    models: tuple[Model, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        sound = all(math.isfinite(weight) and weight >= 0 for weight in self.weights)
        if not self.models or len(self.models) != len(self.weights) or not sound or not sum(self.weights) > 0:
            raise InputError(f"{self.name}: a pool has one weight a model, none below zero, and one above")

    def fit(self, panel: Panel, origin: int) -> _Pooled:
        """Fit every model.

        Raises:
            InputError: the models forecast different units.
        """
        known = panel.up_to(origin)
        parts = tuple(model.fit(known, origin) for model in self.models)
        if any(part.units != known.units for part in parts):
            raise InputError(f"{self.name}: the models of a pool forecast the same units in the same order")
        return _Pooled(known.units, parts, self.weights)


def shares(weights: Sequence[float], n: int) -> list[int]:
    """How many of n draws each model gives: its share rounded down, and the rest to the largest remainders.

    They add up to n; of equal remainders the earlier one is served first.
    """
    total = sum(weights)
    exact = [weight / total * n for weight in weights]
    whole = [math.floor(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda place: (whole[place] - exact[place], place))
    for place in order[: n - sum(whole)]:
        whole[place] += 1
    return whole
