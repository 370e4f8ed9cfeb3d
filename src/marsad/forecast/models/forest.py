"""A forest of trees over every unit's past: what followed months like this one, as ratios to the unit's own level."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.interface import Draws, check_request, even_levels, shuffled
from marsad.forecast.models.features import clipped, history_features, with_step
from marsad.forecast.panel import LARGEST, Counts, Panel

__all__ = ["LONGEST_STEP", "Forest", "Grown"]

LONGEST_STEP = 14
"""Steps are learnt from 1 to this one; later ones are forecast as it."""

_STRIDE = 5
_EARLIEST = 24
_LEAST_ROWS = 40
_GROUPS = 10
_LEAF_LEVELS = 40
_CHUNK = 512


@dataclass(frozen=True, slots=True, eq=False)
class _Trees:
    """Some trees and, for each of their leaves one after the other, 40 even quantiles of what lies in it."""

    booster: Any
    starts: NDArray[np.intp]
    quantiles: NDArray[np.float32]

    def found(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Rows x (trees times 40): the logarithms of ratios in the leaves that the rows fall into."""
        if self.booster is None:
            return np.tile(self.quantiles, (len(rows), 1))
        found: NDArray[np.float32] = self.quantiles[_leaves(self.booster, rows) + self.starts]
        return found.reshape(len(rows), -1)


@dataclass(frozen=True, slots=True, eq=False)
class _Forecast:
    """Rows of features at one origin, and the trees; ``idle`` are counts in rising order."""

    units: tuple[str, ...]
    origin: int
    rows: NDArray[np.float32]
    trees: tuple[_Trees, ...]
    idle: Counts
    clip: float

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        levels = even_levels(n)
        found = np.zeros((len(self.units), len(steps), n))
        active = self.rows[:, 0] > 0
        if self.idle.size:
            found[~active] = self.idle[np.floor(levels * self.idle.size).astype(np.intp)]
        if self.trees:
            places = np.flatnonzero(active)
            for start in range(0, len(places), _CHUNK):
                some = places[start : start + _CHUNK]
                for column, step in enumerate(steps):
                    found[some, column] = self._counts(self.rows[some], step, levels)
        return shuffled(found, seed)

    def _counts(self, rows: NDArray[np.float32], step: int, levels: NDArray[np.float64]) -> Counts:
        month = np.full(len(rows), self.origin + step)
        seen = clipped(with_step(rows, np.full(len(rows), min(step, LONGEST_STEP)), month), self.clip)
        logs = np.sort(np.concatenate([one.found(seen) for one in self.trees], axis=1), axis=1)
        chosen = logs[:, np.floor(levels * logs.shape[1]).astype(np.intp)].astype(np.float64) + rows[:, :1]
        counts: Counts = np.abs(np.clip(np.rint(np.expm1(np.minimum(chosen, np.log(LARGEST)))), 0, LARGEST))
        return counts  # without the sign of -0


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """The trees that were grown up to one origin; they can be applied at that origin and at later ones."""

    learnt: int
    trees: tuple[_Trees, ...]
    idle: Counts
    clip: float

    def at(self, panel: Panel, origin: int) -> _Forecast:
        """The forecast from an origin with these trees.

        Raises:
            InputError: the origin is before what was learnt, so that the trees have seen its future.
        """
        if origin < self.learnt:
            raise InputError("Trees are applied at the origin that they were learnt at, or later")
        known = panel.up_to(origin)
        rows = history_features(known.values)[:, -1]
        return _Forecast(known.units, origin, rows, self.trees, self.idle, self.clip)


@dataclass(frozen=True, slots=True)
class Forest:
    """The sample is what followed the months that fell into the same leaves of a forest, of any unit, scaled.

    Each unit and month, paired with one of the steps 1 to 14 in turn, is a row; its target is the logarithm of (1 + the
    count that many months later) / (1 + the unit's level). Trees split the rows to predict its mean; a forecast is all
    the targets in the leaves that the origin's row falls into, each tree alike, times the unit's own (1 + level). The
    trees grow in ten groups, each from four units in five, so that no single war shapes all of them. Units that never
    had violence are forecast from what followed such months. Quantile regression forests: Meinshausen (2006), Journal
    of Machine Learning Research 7, 983-999; random forests: Breiman (2001), doi:10.1023/A:1010933404324.

    Attributes:
        trees: how many, over all groups; rounded up to a multiple of ten.
        leaves: of a tree, at most.
        least: rows in a leaf, at least.
        share: of the units that a group of trees sees.
        features: the share of the features that is tried at a split.
        rows: how many rows are learnt from at most; months are thinned evenly where there are more.
        clip: features above it are taken as it: of counts, log(1 + count), as in boosting.
        threads: for growing trees; the result does not depend on it.
    """

    trees: int = 100
    leaves: int = 64
    least: int = 60
    share: float = 0.8
    features: float = 0.7
    rows: int = 80_000
    clip: float = 5.0
    threads: int = 1

    name: str = "forest"

    def __post_init__(self) -> None:
        sound = 0 < self.share <= 1 and 0 < self.features <= 1
        if min(self.trees, self.least, self.rows, self.threads) < 1 or self.leaves < 2 or not sound:
            raise InputError("A forest needs at least one tree, two leaves and one row, and shares between 0 and 1")

    def fit(self, panel: Panel, origin: int) -> _Forecast:
        """Grow up to the origin and apply there."""
        known = panel.up_to(origin)
        return self.learn(known, origin).at(known, origin)

    def learn(self, panel: Panel, origin: int) -> Grown:
        """Grow the trees from what is known at the origin."""
        known = panel.up_to(origin)
        rows, counts, units = self._rows(known, history_features(known.values))
        active = rows[:, 0] > 0
        target = np.log1p(counts[active]) - rows[active, 0]
        trees = self._grow(clipped(rows[active], self.clip), target, units[active]) if target.size else ()
        return Grown(origin, trees, np.sort(counts[~active]), self.clip)

    def _rows(
        self, known: Panel, history: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.intp]]:
        """Rows, the counts that followed, and the units that they are of."""
        values = known.values
        months = np.arange(min(_EARLIEST, values.shape[1]), values.shape[1])
        months = months[:: max(1, -(-len(months) * len(values) // self.rows))]
        turn = np.arange(len(months))
        steps = 1 + (turn * _STRIDE + turn // LONGEST_STEP) % LONGEST_STEP  # shifted each round: else odd months alone
        inside = months + steps < values.shape[1]
        months, steps = months[inside], steps[inside]
        counts = values[:, months + steps]
        seen = ~np.isnan(counts) & ~np.isnan(history[:, months, 0])
        unit, place = np.nonzero(seen)
        month = known.first + months[place] + steps[place]
        return with_step(history[unit, months[place]], steps[place], month), counts[seen], unit

    def _grow(
        self, rows: NDArray[np.float32], target: NDArray[np.float64], units: NDArray[np.intp]
    ) -> tuple[_Trees, ...]:
        """The groups of trees; without enough rows one group without trees, that holds what all rows were."""
        order = np.argsort(target, kind="stable")
        rows, rising, units = rows[order], target[order].astype(np.float32), units[order]
        if len(rows) < _LEAST_ROWS:
            return (_Trees(None, np.zeros(1, np.intp), _quantiles(rising, np.zeros(len(rows), np.intp))),)
        rng = np.random.default_rng(0)
        names = np.unique(units)
        grown = []
        for group in range(_GROUPS):
            chosen = rng.permutation(names)[: max(1, round(self.share * len(names)))]
            some = np.flatnonzero(np.isin(units, chosen))
            grown.append(self._group(rows[some], rising[some], group))
        return tuple(grown)

    def _group(self, rows: NDArray[np.float32], rising: NDArray[np.float32], seed: int) -> _Trees:
        lightgbm = importlib.import_module("lightgbm")
        settings = {
            "objective": "regression",
            "boosting": "rf",
            "num_leaves": self.leaves,
            "min_data_in_leaf": min(self.least, max(1, len(rows) // 10)),
            "feature_fraction_bynode": self.features,
            "bagging_fraction": 0.6,
            "bagging_freq": 1,
            "max_bin": 63,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "verbosity": -1,
        }
        booster = lightgbm.train(settings, lightgbm.Dataset(rows, rising), -(-self.trees // _GROUPS))
        tables = [_quantiles(rising, leaf) for leaf in _leaves(booster, rows).T]
        starts = np.cumsum([0, *(len(table) for table in tables[:-1])])
        return _Trees(booster, starts, np.concatenate(tables))


def _leaves(booster: Any, rows: NDArray[np.float32]) -> NDArray[np.intp]:
    """Rows x trees: the numbers of the leaves that the rows fall into."""
    return np.asarray(booster.predict(rows, pred_leaf=True, num_threads=1), np.intp).reshape(len(rows), -1)


def _quantiles(rising: NDArray[np.float32], leaf: NDArray[np.intp]) -> NDArray[np.float32]:
    """Leaves x 40: even quantiles of the targets in each leaf; those of all where a leaf has none.

    Args:
        rising: the targets, in rising order.
        leaf: the number of the leaf of each.
    """
    levels = even_levels(_LEAF_LEVELS)
    ordered = rising[np.argsort(leaf, kind="stable")]
    sizes = np.bincount(leaf)
    starts = np.cumsum(sizes) - sizes
    places = starts[:, None] + np.floor(levels * sizes[:, None]).astype(np.intp)
    found: NDArray[np.float32] = ordered[np.minimum(places, len(ordered) - 1)]
    found[sizes == 0] = rising[np.floor(levels * len(rising)).astype(np.intp)]
    return found
