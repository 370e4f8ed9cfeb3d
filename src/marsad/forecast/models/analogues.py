"""Analogues: what followed the most similar stretches in the whole panel's history, scaled to the unit's own level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.interface import Draws, check_request, even_levels, shuffled
from marsad.forecast.models.histories import level, months_since
from marsad.forecast.panel import LARGEST, Counts, Panel

__all__ = ["LONGEST_STEP", "Analogues"]

LONGEST_STEP = 14
"""A stretch stands in the library only if all these months after it are past; later steps are forecast as this one."""

_BLOCKS: tuple[tuple[int, int], ...] = ((0, 1), (1, 2), (2, 3), (3, 6), (6, 9), (9, 12), (12, 18), (18, 24))
_WINDOW = 24
_QUIET = 240
_CHUNK = 64
_TOO_SHORT = f"No stretch of the panel is followed by {LONGEST_STEP} months: nothing to compare with"


@dataclass(frozen=True, slots=True, eq=False)
class _Neighbours:
    """Units x steps x neighbours: the scaled counts that followed, in rising order."""

    units: tuple[str, ...]
    followed: Counts

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        places = [min(step, LONGEST_STEP) - 1 for step in steps]
        chosen = np.floor(even_levels(n) * self.followed.shape[-1]).astype(np.intp)
        return shuffled(self.followed[:, places][:, :, chosen], seed)


@dataclass(frozen=True, slots=True)
class Analogues:
    """The sample is what followed the nearest stretches of 24 months, of any unit, that were wholly past at the origin.

    A stretch's shape is the logarithm of the mean counts of eight blocks of its months against its level, next to the
    level itself and the months since violence; shapes are compared by Euclidean distance. What followed is multiplied
    by the ratio of the levels (each plus one). Nearest neighbours as forecast of a distribution: Lall & Sharma (1996),
    doi:10.1029/95WR02966.

    Attributes:
        neighbours: how many stretches.
        weight: of the level and of the time since violence in the distance, against each block's.
        library: stretches are compared with at most so many; which, is drawn with a fixed seed.
    """

    neighbours: int = 200
    weight: float = 0.7
    library: int = 60_000

    name: str = "analogues"

    def __post_init__(self) -> None:
        if self.neighbours < 1 or self.library < self.neighbours or not self.weight >= 0:
            raise InputError("Analogues need at least one neighbour, a library of as many, and a weight not below zero")

    def fit(self, panel: Panel, origin: int) -> _Neighbours:
        """Find each unit's neighbours in what was known at the origin.

        Raises:
            InputError: the panel is too short for any stretch to be followed by 14 months.
        """
        known = panel.up_to(origin)
        values = known.values
        last = values.shape[1] - 1 - LONGEST_STEP
        if last < 0:
            raise InputError(_TOO_SHORT)
        shapes, levels = self._shapes(values)
        usable = ~np.isnan(levels[:, : last + 1])
        usable &= ~np.isnan(_following(values, last + 1)).all(axis=-1)
        unit, month = np.nonzero(usable)
        if not unit.size:
            raise InputError(_TOO_SHORT)
        order = np.random.default_rng(0).permutation(unit.size)[: self.library]
        unit, month = unit[order], month[order]
        near = self._nearest(shapes[:, -1], shapes[unit, month])
        after = _following(values, last + 1)[unit[near], month[near]]
        ratio = (1 + np.nan_to_num(levels[:, -1])[:, None]) / (1 + levels[unit[near], month[near]])
        scaled = np.minimum(np.rint(after * ratio[:, :, None]), LARGEST)
        return _Neighbours(known.units, _completed(np.sort(scaled.transpose(0, 2, 1), axis=-1)))

    def _shapes(self, values: Counts) -> tuple[NDArray[np.float32], Counts]:
        """Units x months x 10, and the levels."""
        levels = level(values)
        own = np.log1p(np.nan_to_num(levels))
        padded = np.nan_to_num(np.concatenate((np.zeros((len(values), _WINDOW)), values), axis=1))
        sums = np.concatenate((np.zeros((len(values), 1)), np.cumsum(padded, axis=1)), axis=1)
        end = np.arange(values.shape[1]) + _WINDOW + 1
        blocks = [np.maximum(sums[:, end - a] - sums[:, end - b], 0) / (b - a) for a, b in _BLOCKS]
        quiet = np.log1p(months_since(values, 1, _QUIET))
        parts = [*(np.log1p(block) - own for block in blocks), self.weight * own, self.weight * quiet]
        return np.stack(parts, axis=-1).astype(np.float32), levels

    def _nearest(self, shapes: NDArray[np.float32], library: NDArray[np.float32]) -> NDArray[np.intp]:
        few = min(self.neighbours, len(library))
        found = np.empty((len(shapes), few), np.intp)
        square = (library**2).sum(axis=1)
        for start in range(0, len(shapes), _CHUNK):
            distance = square - 2 * shapes[start : start + _CHUNK] @ library.T
            found[start : start + _CHUNK] = np.argpartition(distance, few - 1, axis=1)[:, :few]
        return found


def _following(values: Counts, months: int) -> Counts:
    """Units x months x 14: what followed each of the first months."""
    view: Counts = np.lib.stride_tricks.sliding_window_view(values, LONGEST_STEP, axis=1)[:, 1 : months + 1]
    return view


def _completed(ordered: Counts) -> Counts:
    """Where some of what followed is unknown (NaN, sorted to the end), the even quantiles of what is known."""
    known = (~np.isnan(ordered)).sum(axis=-1)
    size = ordered.shape[-1]
    places = np.floor(even_levels(size) * known[..., None]).astype(np.intp)
    filled: Counts = np.take_along_axis(ordered, places, axis=-1)
    return filled
