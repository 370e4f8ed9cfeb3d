"""Rolling origins: every model is fitted to what was known at each, and its draws are scored on what followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast import scores
from marsad.forecast.interface import Draws, Fitted, Model
from marsad.forecast.months import month_text
from marsad.forecast.panel import Panel, VintageSpan

__all__ = [
    "AT_ONCE",
    "LEVELS",
    "MEASURES",
    "Backtest",
    "Row",
    "draws_in_parts",
    "run_backtest",
    "score_table",
    "seed_of",
]

Floats = NDArray[np.float64]
Row = dict[str, str | int | float]
"""One row of a table: a value under each column's name."""

AT_ONCE = 2**24
"""Most draws that a backtest asks of a model in one call (128 MiB), where one step of all units has no more."""

MEASURES: Mapping[str, str] = {
    "crps": "mean CRPS, in units of the count",
    "ign": "mean log score of the challenge's eleven bins, in bits; only at 1,000 draws",
    "mis": "mean interval score at 90 %, in units of the count",
    "crps_log1p": "mean CRPS of log(1 + count)",
    "covered": "share of cells inside the central 90 % interval",
    "width": "mean width of the central 90 % interval, in units of the count",
}
"""What a backtest measures on each cell, and what its mean is; Brier scores are added as ``brier_25`` for 25."""

LEVELS: Mapping[str, float] = {"none": 0, "below 25": 1, "25 to 999": 25, "1000 or more": 1000}
"""Levels of violence by the count of the twelve months up to the origin, each with its lower end.

25 and 1,000 deaths a year are UCDP's thresholds of armed conflict and of war (Gleditsch et al. 2002,
doi:10.1177/0022343302039005007). They are known at the origin: grouping by what happened afterwards would reward
forecasters who always cry wolf (Lerch et al. 2017, doi:10.1214/16-STS588).
"""

_SCORED_AT_ONCE = 2**20
_YEAR = 12
_GROUPS = ("model", "window", "unit", "level", "step", "violence")


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """The scores of every cell.

    Attributes:
        target: what is counted.
        models: names of the models; the first axis of each array of ``scores``.
        origins: running numbers of the origins; the second axis.
        units: the units observed up to any origin; the third axis.
        steps: months ahead; the last axis.
        draws: how many draws a cell.
        observed: origins x units x steps: what happened; NaN where nothing is known.
        recent: origins x units: the count of the twelve months up to the origin; NaN where all are gaps.
        scores: by measure, models x origins x units x steps; NaN where nothing is known or the model has no forecast.
        pit: models x origins x units x steps: the randomised probability integral transform.
        vintages: which months of the panel are of which version of the data.
    """

    target: str
    models: tuple[str, ...]
    origins: tuple[int, ...]
    units: tuple[str, ...]
    steps: tuple[int, ...]
    draws: int
    observed: Floats
    recent: Floats
    scores: Mapping[str, Floats]
    pit: Floats
    vintages: tuple[VintageSpan, ...]

    @property
    def windows(self) -> tuple[str, ...]:
        """The months that each origin is scored on, as ``2018-01/2018-12``."""
        ends = ((origin + min(self.steps), origin + max(self.steps)) for origin in self.origins)
        return tuple("/".join(map(month_text, pair)) for pair in ends)

    def without(self, units: Sequence[str]) -> Self:
        """The same scores without some units, so that one war does not speak for all.

        Raises:
            InputError: no such unit, or none would be left.
        """
        unknown = [unit for unit in units if unit not in self.units]
        left = [place for place, unit in enumerate(self.units) if unit not in units]
        if unknown or not left:
            raise InputError(f"No unit {unknown[0]!r} was scored" if unknown else "No unit would be left")
        return replace(
            self,
            units=tuple(self.units[place] for place in left),
            observed=self.observed[:, left],
            recent=self.recent[:, left],
            scores={measure: score[:, :, left] for measure, score in self.scores.items()},
            pit=self.pit[:, :, left],
        )

    def targets(self) -> NDArray[np.int64]:
        """Origins x steps: the running numbers of the months that are forecast."""
        return np.array([[origin + step for step in self.steps] for origin in self.origins], np.int64)

    def index(self, model: str) -> int:
        """The place of a model.

        Raises:
            InputError: there is none of this name.
        """
        if model not in self.models:
            raise InputError(f"No model {model!r} was scored. There are: {', '.join(self.models)}")
        return self.models.index(model)


def run_backtest(
    panel: Panel,
    models: Sequence[Model],
    *,
    origins: Sequence[int],
    steps: Sequence[int],
    draws: int = scores.CHALLENGE_DRAWS,
    seed: int = 0,
    thresholds: Sequence[float] = (),
) -> Backtest:
    """Score models over rolling origins.

    At each origin every model is given a copy of the panel that holds nothing later. Cells outside the panel, and gaps,
    are not scored. Draws are made in parts (``draws_in_parts``) and given up once they are scored: what is held is one
    part of them, and eight bytes a score, measure and cell.

    Args:
        panel: the whole panel; what follows an origin is what its forecasts are scored on.
        models: each with a name of its own.
        origins: running numbers of months.
        steps: months ahead of the origin.
        draws: how many draws a unit and step; the log score is left out unless they are 1,000.
        seed: the same gives the same scores.
        thresholds: counts whose reaching is scored with the Brier score.

    Raises:
        InputError: no model, origin or step; names that repeat; or an origin outside the panel.
    """
    names = tuple(model.name for model in models)
    if not names or not origins or not steps or len(set(names)) != len(names) or len(set(origins)) != len(origins):
        raise InputError("A backtest needs models with different names, different origins and steps")
    panel.up_to(min(origins))  # refuses at once what the loop would refuse late
    units = panel.up_to(max(origins)).units
    observed = np.stack([panel.observed([origin + step for step in steps], units) for origin in origins])
    measures = [*(name for name in MEASURES if name != "ign" or draws == scores.CHALLENGE_DRAWS)]
    measures += [f"brier_{threshold:g}" for threshold in thresholds]
    shape = (len(models), *observed.shape)
    found = {measure: np.full(shape, np.nan) for measure in measures}
    pits = np.full(shape, np.nan)
    recent = np.full((len(origins), len(units)), np.nan)
    for place, origin in enumerate(origins):
        known = panel.up_to(origin)
        recent[place] = _recent(known, units)
        for row, model in enumerate(models):
            targets = {measure: score[row, place] for measure, score in found.items()}
            parts = draws_in_parts(model.fit(known, origin), steps, draws, seed_of(seed, origin))
            pits[row, place] = _score(parts, units, observed[place], targets, thresholds, seed_of(seed, origin))
    return Backtest(
        target=panel.target,
        models=names,
        origins=tuple(origins),
        units=units,
        steps=tuple(steps),
        draws=draws,
        observed=observed,
        recent=recent,
        scores=found,
        pit=pits,
        vintages=panel.vintage_spans(),
    )


def draws_in_parts(
    fitted: Fitted, steps: Sequence[int], n: int, seed: int, *, most: int | None = None
) -> Iterator[tuple[slice, tuple[str, ...], Draws]]:
    """The draws of some steps at a time, so that those of a panel of thousands of units need not fit into memory.

    Every part has all units and as many steps as ``most`` draws allow, at least one. The first part is drawn with the
    seed itself, so that draws in one part are those of ``fitted.draw``; each other part with a seed of its own.

    Args:
        fitted: what draws.
        steps: months ahead of the origin.
        n: how many draws a unit and step.
        seed: the same gives the same draws.
        most: draws a part; left out: ``AT_ONCE``.

    Yields:
        which of the steps, the units, and units x these steps x n.
    """
    few = max(1, (AT_ONCE if most is None else most) // max(1, n * len(fitted.units)))
    for part, start in enumerate(range(0, len(steps), few)):
        chosen = slice(start, min(start + few, len(steps)))
        own = seed if part == 0 else int(np.random.SeedSequence([seed, part]).generate_state(1)[0])
        yield chosen, fitted.units, fitted.draw(steps[chosen], n, own)


def seed_of(seed: int, origin: int) -> int:
    """A seed for one origin, so that adding or leaving out origins does not change the others' draws."""
    return int(np.random.SeedSequence([seed, origin + 2**20]).generate_state(1)[0])


def _score(
    parts: Iterable[tuple[slice, tuple[str, ...], Draws]],
    units: tuple[str, ...],
    observed: Floats,
    targets: Mapping[str, Floats],
    thresholds: Sequence[float],
    seed: int,
) -> Floats:
    """Write the scores of one model and origin, units x steps, into ``targets``, block by block; returns the PIT.

    Units that were not known at the origin keep what is there.
    """
    places = {unit: place for place, unit in enumerate(units)}
    below, upto = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    for steps, names, drawn in parts:
        size = max(1, _SCORED_AT_ONCE // max(1, drawn[0].size))
        for start in range(0, len(names), size):
            at = np.array([places[unit] for unit in names[start : start + size]])
            block, y = drawn[start : start + size], observed[at, steps]
            for measure, score in _measured(block, y, thresholds):
                if measure in targets:
                    targets[measure][at, steps] = score
            below[at, steps], upto[at, steps] = scores.pit_ends(block, y)
    return np.asarray(below + np.random.default_rng(seed).random(observed.shape) * (upto - below))


def _measured(drawn: Draws, observed: Floats, thresholds: Sequence[float]) -> Iterator[tuple[str, Floats]]:
    yield "crps", scores.crps(drawn, observed)
    yield "crps_log1p", scores.crps_log1p(drawn, observed)
    yield "mis", scores.interval_score(drawn, observed)
    yield "covered", scores.covered(drawn, observed)
    low, high = scores.interval(drawn)
    yield "width", np.where(np.isnan(observed), np.nan, high - low)
    if drawn.shape[-1] == scores.CHALLENGE_DRAWS:
        yield "ign", scores.ignorance(drawn, observed)
    for threshold in thresholds:
        yield f"brier_{threshold:g}", scores.brier(drawn, observed, threshold=threshold)


def _recent(known: Panel, units: Sequence[str]) -> Floats:
    year = known.observed(range(known.last - _YEAR + 1, known.last + 1), units)
    return np.where(np.isnan(year).all(axis=1), np.nan, np.nansum(year, axis=1))


def score_table(found: Backtest, by: Sequence[str] = ("window", "model")) -> list[Row]:
    """Means of the scores by group, in the order of the groups' first appearance.

    Args:
        found: a backtest.
        by: any of ``model``, ``window``, ``unit``, ``level`` (of violence in the year up to the origin), ``step`` and
            ``violence`` (whether the month saw any: for coverage, not for choosing among models). Models are never
            mixed: ``model`` is added where it is missing.

    Returns:
        one row a group: its names, ``cells`` (how many are scored), ``missing`` (observed, but without a forecast of
        this model), ``mean`` (of what happened in the scored cells), and the mean of each measure.

    Raises:
        InputError: an unknown group.
    """
    unknown = [name for name in by if name not in _GROUPS]
    if unknown:
        raise InputError(f"Scores are not grouped by {unknown[0]!r}, but by {', '.join(_GROUPS)}")
    groups = [*dict.fromkeys(by)] if "model" in by else [*dict.fromkeys(by), "model"]
    labels = {name: _labels(found, name) for name in groups}
    shape = found.pit.shape
    code = np.zeros(shape, np.int64)
    for name in groups:
        names, codes = labels[name]
        code = code * len(names) + np.broadcast_to(codes, shape)
    return list(_grouped(found, code.ravel(), {name: labels[name][0] for name in groups}))


def _grouped(found: Backtest, code: NDArray[np.int64], names: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    sizes = tuple(len(one) for one in names.values())
    total = int(np.prod(sizes))
    observed = np.broadcast_to(found.observed, found.pit.shape).ravel()
    scored = ~np.isnan(found.scores["crps"]).ravel()
    cells = np.bincount(code[scored], minlength=total)
    missing = np.bincount(code[~scored & ~np.isnan(observed)], minlength=total)
    columns = {"mean": observed, **{measure: score.ravel() for measure, score in found.scores.items()}}
    sums = {name: np.bincount(code[scored], values[scored], minlength=total) for name, values in columns.items()}
    for group in np.flatnonzero(cells + missing):
        at = np.unravel_index(group, sizes)
        row: Row = {name: one[int(place)] for (name, one), place in zip(names.items(), at, strict=True)}
        row |= {"cells": int(cells[group]), "missing": int(missing[group])}
        yield row | {name: float(s[group] / cells[group]) if cells[group] else np.nan for name, s in sums.items()}


def _labels(found: Backtest, name: str) -> tuple[Sequence[str], NDArray[np.int64]]:
    """The names of a group, and for each cell the place of its own, to be broadcast to all cells."""
    makers: Mapping[str, Callable[[], tuple[Sequence[str], NDArray[np.int64]]]] = {
        "model": lambda: (found.models, np.arange(len(found.models))[:, None, None, None]),
        "window": lambda: (found.windows, np.arange(len(found.origins))[:, None, None]),
        "unit": lambda: (found.units, np.arange(len(found.units))[:, None]),
        "level": lambda: ([*LEVELS, "not known"], _level(found.recent)[..., None]),
        "step": lambda: ([str(step) for step in found.steps], np.arange(len(found.steps))),
        "violence": lambda: (["no", "yes"], (np.nan_to_num(found.observed) > 0).astype(np.int64)),
    }
    return makers[name]()


def _level(recent: Floats) -> NDArray[np.int64]:
    place = np.searchsorted(list(LEVELS.values()), np.nan_to_num(recent), side="right") - 1
    return np.where(np.isnan(recent), len(LEVELS), place).astype(np.int64)
