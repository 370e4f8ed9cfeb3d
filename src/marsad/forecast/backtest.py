"""Rolling origins: every model is fitted to what was known at each, and its draws are scored on what followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast import scores
from marsad.forecast.interface import Draws, Fitted, Model
from marsad.forecast.months import month_text
from marsad.forecast.panel import Panel, VintageSpan

__all__ = ["LEVELS", "MEASURES", "Backtest", "Row", "run_backtest", "score_table", "seed_of"]

Floats = NDArray[np.float64]
Row = dict[str, str | int | float]
"""One row of a table: a value under each column's name."""

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
    are not scored.

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
    known = {origin: panel.up_to(origin) for origin in origins}
    seen = {unit for one in known.values() for unit in one.units}
    units = tuple(unit for unit in panel.units if unit in seen)
    observed = np.stack([panel.observed([origin + step for step in steps], units) for origin in origins])
    measures = [*(name for name in MEASURES if name != "ign" or draws == scores.CHALLENGE_DRAWS)]
    measures += [f"brier_{threshold:g}" for threshold in thresholds]
    shape = (len(models), *observed.shape)
    found = {measure: np.full(shape, np.nan) for measure in measures}
    pits = np.full(shape, np.nan)
    for place, origin in enumerate(origins):
        for row, model in enumerate(models):
            drawn = _aligned(model.fit(known[origin], origin), units, steps, draws, seed_of(seed, origin))
            for measure, score in _measured(drawn, observed[place], thresholds):
                if measure in found:
                    found[measure][row, place] = score
            pits[row, place] = scores.pit(drawn, observed[place], seed=seed_of(seed, origin))
    return Backtest(
        target=panel.target,
        models=names,
        origins=tuple(origins),
        units=units,
        steps=tuple(steps),
        draws=draws,
        observed=observed,
        recent=np.stack([_recent(known[origin], units) for origin in origins]),
        scores=found,
        pit=pits,
        vintages=panel.vintage_spans(),
    )


def seed_of(seed: int, origin: int) -> int:
    """A seed for one origin, so that adding or leaving out origins does not change the others' draws."""
    return int(np.random.SeedSequence([seed, origin + 2**20]).generate_state(1)[0])


def _aligned(fitted: Fitted, units: tuple[str, ...], steps: Sequence[int], n: int, seed: int) -> Draws:
    """The draws in the order of ``units``; NaN for those that were not known at the origin."""
    drawn = fitted.draw(steps, n, seed)
    if fitted.units == units:
        return drawn
    rows = {unit: row for row, unit in enumerate(fitted.units)}
    known = [place for place, unit in enumerate(units) if unit in rows]
    found = np.full((len(units), len(steps), n), np.nan)
    found[known] = drawn[[rows[units[place]] for place in known]]
    return found


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
