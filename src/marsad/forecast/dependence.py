"""Dependence: the draws of all units and months are put into an order in which draw i is one possible future of all.

A model's draws of a cell are even quantiles in a random order: right for the cell, but sums of them over months or
units spread far too little, because a war that is heavier than expected in one month is so in the next. Here each
cell's draws are ordered as what followed past months was. Their values stay what they are, so no score of a cell
changes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.interface import Draws, check_request
from marsad.forecast.models.histories import level
from marsad.forecast.panel import Counts, Panel
from marsad.forecast.scores import exceedance

__all__ = ["NEIGHBOURS", "Coupling", "Total", "coupled", "total"]

NEIGHBOURS = 5
"""How far from its own place, in the order of all units by their level, a unit's donor may be."""

_WARM_UP = 11
_LONGEST = 24
_LASTING, _KEPT = 0.3, 0.8
_LEAST_NOISE, _PRIOR = 0.3, 20.0
_BLOCK_VALUES = 500_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Coupling:
    """What followed each past month of a panel, as the pattern by which draws are ordered.

    Every draw stands for one past month, the same for all units, so that what happened together comes together. A unit
    follows what a unit of nearly its present level counted after that month: the logarithm of (1 + count) / (1 + level)
    at each step. The draws of a cell are ranked by these, as in the Schaake shuffle (Clark et al. 2004,
    doi:10.1175/1525-7541(2004)005<0243:TSSAMF>2.0.CO;2; Schefzik, Thorarinsdottir & Gneiting 2013,
    doi:10.1214/13-STS443), which takes a unit's own past values instead: of wars, those are mostly of other levels. A
    normal noise is added that lasts from step to step with the correlation 0.3 + 0.7 x 0.8^distance. It breaks ties,
    and the fewer months the past has, the more it says: its variance is 0.09 + 20 reach / (unit-months with a known
    sequel). Without any past there is only the noise.

    How often 90 % intervals of totals of 3, 6 and 12 months hold, by the model ``own-past`` on 300 random series of ten
    years, each alone and as one panel: 94 to 96 % and 87 to 92 % where the log intensity is an AR(1) with coefficient
    0.8; 96 to 99 % and 91 to 95 % of independent negative binomial months, and 98 to 100 % of independent Poisson
    months: the noise says that months go together, which of those they do not. Drawn apart: 55 to 86 %, 81 to 87 % and
    86 to 92 %.

    Attributes:
        units: of the draws, in their order: those observed up to the origin.
        starts: columns of ``values`` which draws stand for.
        reach: the longest step that a pattern has; a later step follows it.
        values: units x months.
        levels: log (1 + level), units x months.
        order: starts x units: rows of ``values`` by their level at that month, those with a known sequel first.
        donors: by start, how many have a known sequel.
        noise: standard deviation of the noise.
    """

    units: tuple[str, ...]
    starts: NDArray[np.intp]
    reach: int
    values: Counts
    levels: Counts
    order: NDArray[np.int32]
    donors: NDArray[np.intp]
    noise: float

    @classmethod
    def fit(cls, panel: Panel, origin: int, steps: Sequence[int]) -> Coupling:
        """Learn the patterns of what was known at the origin.

        Raises:
            InputError: the origin is outside the panel, or a step is below 1.
        """
        check_request(steps, 1)
        known = panel.up_to(origin)
        months = known.values.shape[1]
        reach = max(1, min(max(steps), _LONGEST, months // 3))
        levels = np.log1p(level(known.values))
        starts = np.arange(min(_WARM_UP, months), max(months - reach, 0))
        order = np.empty((len(starts), len(known.units)), np.int32)
        donors = np.zeros(len(starts), np.intp)
        for place, start in enumerate(starts):
            usable = ~np.isnan(known.values[:, start : start + reach + 1]).any(axis=1)
            order[place] = np.argsort(np.where(usable, levels[:, start], np.inf), kind="stable")
            donors[place] = usable.sum()
        used = donors > 0
        told = float(donors.sum()) / reach
        noise = 1.0 if told == 0 else float(np.sqrt(_LEAST_NOISE**2 + _PRIOR / told))
        return cls(known.units, starts[used], reach, known.values, levels, order[used], donors[used], noise)

    def ordered(self, draws: Draws, steps: Sequence[int], *, seed: int, rows: Sequence[int] | None = None) -> Draws:
        """The draws in the order of the patterns.

        Args:
            draws: units x steps x n, of the units of ``rows``; a cell with a NaN stays as it is.
            steps: months ahead.
            seed: the same gives the same order, also where units are given in several blocks.
            rows: the places in ``units`` that the draws are of; left out: all.

        Raises:
            InputError: the shape does not fit.
        """
        places = np.arange(len(self.units)) if rows is None else np.asarray(rows, np.intp)
        check_request(steps, draws.shape[-1] if draws.ndim == 3 else 0)
        if draws.shape[:2] != (len(places), len(steps)):
            raise InputError(
                f"Draws of shape {draws.shape} for {len(places)} units and {len(steps)} steps: give units x steps x n"
            )
        found = np.empty(draws.shape)
        size = max(1, _BLOCK_VALUES // (len(steps) * draws.shape[-1]))
        starts = self._starts(draws.shape[-1], seed)
        for first in range(0, len(places), size):
            block = slice(first, first + size)
            keys = self._keys(places[block], steps, starts, draws.shape[-1], seed)
            np.put_along_axis(found[block], np.argsort(keys, axis=-1), np.sort(draws[block], axis=-1), axis=-1)
        unknown = np.isnan(draws).any(axis=-1)
        found[unknown] = draws[unknown]
        return found

    def _starts(self, n: int, seed: int) -> NDArray[np.intp]:
        """For each draw the place of its start: each as often as any other, or once less; none without any past."""
        if not self.starts.size:
            return self.starts
        return np.resize(np.random.default_rng(seed).permutation(len(self.starts)), n)

    def _keys(
        self, places: NDArray[np.intp], steps: Sequence[int], starts: NDArray[np.intp], n: int, seed: int
    ) -> Floats:
        """Units x steps x n: by what the draws of each cell are ranked."""
        keys = np.empty((len(places), len(steps), n))
        factor = self.noise * _factor(steps)
        choices = np.empty((2, len(places), n))
        for row, place in enumerate(places):
            rng = np.random.default_rng([seed, zlib.crc32(self.units[place].encode())])
            keys[row] = factor @ rng.standard_normal((len(steps), n))
            choices[:, row] = rng.random((2, n))
        if starts.size:
            donors = self._donors(places, starts, choices)
            begin = self.starts[starts]
            at = begin + np.minimum(np.array(steps), self.reach)[:, None]
            keys += np.log1p(self.values[donors[:, None, :], at]) - self.levels[donors, begin][:, None, :]
        return keys

    def _donors(self, places: NDArray[np.intp], starts: NDArray[np.intp], choices: Floats) -> NDArray[np.int32]:
        """Units x n: the rows of the units that each follows: near its level now, at the start of each draw."""
        now = self.levels[places, -1]
        low, high = (np.empty((len(places), len(self.starts)), np.intp) for _ in range(2))
        for place, start in enumerate(self.starts):
            ordered = self.levels[self.order[place, : self.donors[place]], start]
            low[:, place] = np.searchsorted(ordered, now, side="left")
            high[:, place] = np.searchsorted(ordered, now, side="right")
        near = min(NEIGHBOURS, len(self.units) // 10)
        first, last = low[:, starts] - near, high[:, starts] + near
        chosen = first + np.floor(choices[0] * (last - first + 1)).astype(np.intp)
        found: NDArray[np.int32] = self.order[starts, np.clip(chosen, 0, self.donors[starts] - 1)]
        return found


def coupled(draws: Draws, panel: Panel, origin: int, steps: Sequence[int], *, seed: int) -> Draws:
    """The draws of a forecast in an order that makes draw i one possible future of all units and months together.

    Each cell keeps exactly its draws. Nothing later than the origin is looked at. See ``Coupling``.

    Args:
        draws: units x steps x n, of the units observed up to the origin, as ``Fitted.draw`` gives them; cells with NaN
            stay as they are.
        panel: what the forecast was made from.
        origin: of the forecast.
        steps: months ahead.
        seed: the same gives the same order.

    Raises:
        InputError: the origin is outside the panel, or the shape does not fit.
    """
    return Coupling.fit(panel, origin, steps).ordered(draws, steps, seed=seed)


@dataclass(frozen=True, slots=True)
class Total:
    """The distribution of a total.

    Attributes:
        mean: of the draws.
        quantiles: at the levels that were asked for, linearly interpolated.
        chances: for each limit, the probability that the total reaches it.
    """

    mean: float
    quantiles: tuple[float, ...]
    chances: tuple[float, ...]


def total(draws: Draws, *, levels: Sequence[float], limits: Sequence[float] = ()) -> Total:
    """The total over all cells of coupled draws: of the next months of one unit, or of several units.

    Args:
        draws: cells in any number of axes, then n draws along the last; first put in order by ``coupled``.
        levels: of the quantiles, between 0 and 1.
        limits: counts.

    Raises:
        InputError: there is no cell or no draw, or a draw is NaN.
    """
    if draws.ndim < 2 or not draws.size or bool(np.isnan(draws).any()):
        raise InputError("A total needs cells x draws, at least one of each, and none that is not known")
    sums = draws.reshape(-1, draws.shape[-1]).sum(axis=0)
    return Total(
        mean=float(sums.mean()),
        quantiles=tuple(float(value) for value in np.quantile(sums, list(levels))),
        chances=tuple(float(exceedance(sums, limit)) for limit in limits),
    )


def _factor(steps: Sequence[int]) -> Floats:
    """The Cholesky factor of the correlation of the noise, steps x steps."""
    distance = np.abs(np.subtract.outer(steps, steps))
    return np.asarray(np.linalg.cholesky(_LASTING + (1 - _LASTING) * _KEPT**distance), np.float64)
