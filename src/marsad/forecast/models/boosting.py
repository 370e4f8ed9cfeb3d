"""Hurdle gradient boosting: whether there will be any violence, and if so how much, as quantiles of a log ratio."""

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

__all__ = ["GROUPS", "LEVELS", "Boosting", "Trees"]

GROUPS: tuple[tuple[int, int], ...] = ((1, 2), (3, 5), (6, 9), (10, 14))
"""First and last step of each group; a group has trees of its own. Later steps are forecast as the last one is."""

LEVELS: tuple[float, ...] = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
"""Which quantiles of the count, where there is violence, are learnt; between them they are interpolated."""

_LEAST_ROWS = 40
_EARLIEST = 24
_FASTER = 2
"""The classifier has many more rows: it is given half as many trees of twice the weight."""


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """One group's trees; without, what was seen: the share of violent months and the quantiles of all units."""

    onset: Any
    sizes: tuple[Any, ...]
    share: float
    quantiles: NDArray[np.float64]
    clip: float = 5.0

    def chance(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        if self.onset is None:
            return np.full(len(rows), self.share)
        return np.asarray(self.onset.predict(rows, num_threads=1), np.float64)

    def ratios(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        if not self.sizes:
            return np.tile(self.quantiles, (len(rows), 1))
        found = np.column_stack([trees.predict(clipped(rows, self.clip), num_threads=1) for trees in self.sizes])
        return np.sort(found, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Hurdle:
    """Rows of features at one origin, and the trees."""

    units: tuple[str, ...]
    origin: int
    rows: NDArray[np.float32]
    groups: tuple[_Group, ...]

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        found = np.empty((len(self.units), len(steps), n))
        for place, step in enumerate(steps):
            found[:, place] = self._quantiles(step, even_levels(n))
        return shuffled(found, seed)

    def _quantiles(self, step: int, levels: NDArray[np.float64]) -> Counts:
        """The inverse of each unit's distribution: zero up to the chance of none, then the interpolated counts."""
        near = min(step, GROUPS[-1][1])
        group = next(one for one, (_, last) in zip(self.groups, GROUPS, strict=True) if near <= last)
        size = len(self.rows)
        rows = with_step(self.rows, np.full(size, near), np.full(size, self.origin + step))
        chance, ratios = group.chance(rows), group.ratios(rows)
        inner = (levels[None, :] - (1 - chance[:, None])) / np.maximum(chance[:, None], 1e-12)
        found = np.zeros((size, len(levels)))
        for unit in range(size):
            above = inner[unit] > 0
            logs = np.interp(inner[unit, above], LEVELS, ratios[unit]) + self.rows[unit, 0]
            found[unit, above] = np.clip(np.rint(np.exp(np.minimum(logs, np.log(LARGEST)))), 1, LARGEST)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """What was learnt up to one origin; it can be applied at that origin and at later ones."""

    learnt: int
    groups: tuple[_Group, ...]

    def at(self, panel: Panel, origin: int) -> _Hurdle:
        """The forecast from an origin with these trees.

        Raises:
            InputError: the origin is before what was learnt, so that the trees have seen its future.
        """
        if origin < self.learnt:
            raise InputError("Trees are applied at the origin that they were learnt at, or later")
        known = panel.up_to(origin)
        return _Hurdle(known.units, origin, history_features(known.values)[:, -1], self.groups)


@dataclass(frozen=True, slots=True)
class Boosting:
    """Gradient-boosted trees over the past of every unit: a hurdle for zero, then quantiles of log(count / level).

    One classifier gives the chance of violence, and one regression with the pinball loss each of ``LEVELS`` of the
    logarithm of the count divided by 1 + the unit's level; both directly for each of ``GROUPS`` of steps. Each unit and
    month with a known later count is a row; targets later than the origin are never seen. Ke et al. (2017), LightGBM;
    hurdle after Mullahy (1986), doi:10.1016/0304-4076(86)90002-3.

    Attributes:
        trees: how many to a regression; the classifier has half as many, of twice the weight.
        leaves: of a tree, at most.
        rate: how much each tree adds.
        least: rows in a leaf, at least; of the regressions.
        rows: how many rows a group learns from at most; months are thinned evenly where there are more.
        clip: features above it are taken as it in the regressions: of counts, log(1 + count). Wars greater than that
            (150 a month) are rare and each its own; they are forecast as other great ones, relative to their level.
        threads: for growing trees; the result does not depend on it.
    """

    trees: int = 120
    leaves: int = 6
    rate: float = 0.08
    least: int = 50
    rows: int = 80_000
    clip: float = 5.0
    threads: int = 1

    name: str = "boosting"

    def fit(self, panel: Panel, origin: int) -> _Hurdle:
        """Learn up to the origin and apply there."""
        known = panel.up_to(origin)
        return self.learn(known, origin).at(known, origin)

    def learn(self, panel: Panel, origin: int) -> Trees:
        """Grow the trees of each group from what is known at the origin."""
        known = panel.up_to(origin)
        history = history_features(known.values)
        return Trees(origin, tuple(self._group(known, history, group) for group in GROUPS))

    def _group(self, known: Panel, history: NDArray[np.float32], group: tuple[int, int]) -> _Group:
        rows, counts = self._rows(known, history, group)
        violent = counts > 0
        ratios = np.log(np.maximum(counts[violent], 1.0)) - rows[violent, 0]
        share = float(violent.mean()) if violent.size else 0.0
        quantiles = np.quantile(ratios, LEVELS) if ratios.size else np.zeros(len(LEVELS))
        onset = None
        if min(violent.sum(), (~violent).sum()) >= _LEAST_ROWS:
            onset = self._grow(rows, violent.astype(np.float64), {"objective": "binary"}, faster=_FASTER)
        if ratios.size < _LEAST_ROWS:
            return _Group(onset, (), share, quantiles, self.clip)
        pinball = [{"objective": "quantile", "alpha": level} for level in LEVELS]
        near = clipped(rows[violent], self.clip)
        sizes = tuple(self._grow(near, ratios, one) for one in pinball)
        return _Group(onset, sizes, share, quantiles, self.clip)

    def _rows(
        self, known: Panel, history: NDArray[np.float32], group: tuple[int, int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Rows and the counts that followed: each month with one of the group's steps, in turn."""
        first, last = group
        values = known.values
        months = np.arange(min(_EARLIEST, values.shape[1]), values.shape[1])
        months = months[:: max(1, -(-len(months) * len(values) // self.rows))]
        steps = first + np.arange(len(months)) % (last - first + 1)
        inside = months + steps < values.shape[1]
        months, steps = months[inside], steps[inside]
        counts = values[:, months + steps]
        seen = ~np.isnan(counts) & ~np.isnan(history[:, months, 0])
        unit, place = np.nonzero(seen)
        rows = history[unit, months[place]]
        target = known.first + months[place] + steps[place]
        return with_step(rows, steps[place], target), counts[seen]

    def _grow(self, rows: Any, target: Any, objective: dict[str, Any], faster: int = 1) -> Any:
        lightgbm = importlib.import_module("lightgbm")
        settings = {
            **objective,
            "learning_rate": min(1.0, self.rate * faster),
            "num_leaves": self.leaves,
            "min_data_in_leaf": min(self.least, max(2, len(target) // 10)),
            "feature_fraction": 0.5,
            "lambda_l2": 1.0,
            "max_bin": 63,
            "seed": 1,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "verbosity": -1,
        }
        return lightgbm.train(settings, lightgbm.Dataset(rows, target), max(1, self.trees // faster))
