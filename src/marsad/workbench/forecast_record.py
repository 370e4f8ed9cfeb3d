"""How a model did at past origins of the same series: the record that stands beside every forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from marsad.forecast import Backtest, Conflictology, Fitted, Model, Panel, compare, run_backtest, scores
from marsad.forecast.backtest import seed_of
from marsad.forecast.dependence import coupled
from marsad.forecast.interface import Draws
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.model import ForecastRecord
from marsad.model.forecasts import SumRecord
from marsad.workbench.series_panel import DRAWS, LEAST_MONTHS, SEED

__all__ = ["SUMS", "record_of"]

SUMS = (3, 6, 12)
"""Of how many months ahead the total is told."""

_ORIGINS = 60
_EVERY = 3  # totals of nearer origins share nearly all of their months, and each order costs time


@dataclass(frozen=True, slots=True)
class _Kept:
    """A fitted model that keeps what is drawn of it."""

    fitted: Fitted
    kept: dict[int, Draws]
    origin: int

    @property
    def units(self) -> tuple[str, ...]:
        """As of the model."""
        return self.fitted.units

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        """As of the model."""
        self.kept[self.origin] = self.fitted.draw(steps, n, seed)
        return self.kept[self.origin]


@dataclass(frozen=True, slots=True)
class _Keeping:
    """A model whose draws are kept by origin, so that totals of months need no second fit."""

    model: Model
    kept: dict[int, Draws] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As of the model."""
        return self.model.name

    def fit(self, panel: Panel, origin: int) -> _Kept:
        """As of the model."""
        return _Kept(self.model.fit(panel, origin), self.kept, origin)


def record_of(known: Panel, name: str, steps: int, limits: Sequence[float], *, sums: bool = True) -> dict[str, Any]:
    """The scores of the last sixty origins before this one, of the model and of conflictology.

    Args:
        known: the series up to the origin.
        name: of the model.
        steps: months ahead.
        limits: thresholds whose reaching is scored.
        sums: whether totals of the next months are scored too.

    Returns:
        The fields ``record``, ``origins``, ``scored_months``, ``difference`` and ``sum_record`` of a ``Forecast``; none
        where the past is too short.
    """
    first = max(known.first + LEAST_MONTHS - 1, known.last - _ORIGINS)
    origins = [
        origin for origin in range(first, known.last) if (~np.isnan(known.up_to(origin).values)).sum() >= LEAST_MONTHS
    ]
    if not origins:
        return {}
    keeping = _Keeping(MODELS[name]())
    rivals: list[Model] = [keeping]
    if keeping.name != Conflictology().name:
        rivals.append(Conflictology())
    ahead = range(1, min(steps, known.last - origins[0]) + 1)
    found = run_backtest(known, rivals, origins=origins, steps=ahead, draws=DRAWS, seed=SEED, thresholds=limits)
    scored = ~np.isnan(found.scores["crps"][0])
    if not scored.any():
        return {}
    targets = np.broadcast_to(found.targets()[:, None, :], scored.shape)
    return {
        "record": tuple(_scores(found, place, limits) for place in range(len(rivals))),
        "origins": (month_text(origins[0]), month_text(origins[-1])),
        "scored_months": len(np.unique(targets[scored])),
        "difference": _difference(found) if len(rivals) > 1 else None,
        "sum_record": tuple(_sum_records(known, keeping.kept, ahead)) if sums else (),
    }


def _scores(found: Backtest, place: int, limits: Sequence[float]) -> ForecastRecord:
    mean = {measure: float(np.nanmean(values[place])) for measure, values in found.scores.items()}
    return ForecastRecord(
        model=found.models[place],
        cells=int((~np.isnan(found.scores["crps"][place])).sum()),
        crps=mean["crps"],
        crps_log1p=mean["crps_log1p"],
        interval_score=mean["mis"],
        covered=mean["covered"],
        width=mean["width"],
        brier=tuple(mean[f"brier_{limit:g}"] for limit in limits),
    )


def _difference(found: Backtest) -> tuple[float, float | None, float | None]:
    """The mean difference in CRPS with the wider of the two intervals over months."""
    told = compare(found, found.models[0], found.models[1], seed=SEED)
    low, high = np.array([[told.month_low, told.block_low], [told.month_high, told.block_high]])
    ends = (None, None) if np.isnan([low, high]).all() else (float(np.nanmin(low)), float(np.nanmax(high)))
    return (told.difference, *ends)


def _sum_records(known: Panel, kept: Mapping[int, Draws], ahead: Sequence[int]) -> Iterator[SumRecord]:
    """Scores of the totals of the next months at every third origin, drawn jointly and apart; of gaps none."""
    lengths = [months for months in SUMS if months <= len(ahead)]
    if not lengths:
        return
    chosen = sorted(kept, reverse=True)[::_EVERY]
    joint = {o: coupled(kept[o], known.up_to(o), o, ahead, seed=seed_of(SEED, o))[0] for o in chosen}
    for months in lengths:
        came = {o: float(known.observed(range(o + 1, o + months + 1))[0].sum()) for o in chosen}
        full = [o for o, total in came.items() if not np.isnan(total)]
        if not full:
            continue
        observed = np.array([came[o] for o in full])
        together = np.stack([joint[o][:months].sum(axis=0) for o in full])
        apart = np.stack([kept[o][0, :months].sum(axis=0) for o in full])
        low, high = scores.interval(together)
        yield SumRecord(
            months=months,
            cells=len(full),
            crps=float(scores.crps(together, observed).mean()),
            crps_apart=float(scores.crps(apart, observed).mean()),
            covered=float(scores.covered(together, observed).mean()),
            covered_apart=float(scores.covered(apart, observed).mean()),
            width=float((high - low).mean()),
        )
