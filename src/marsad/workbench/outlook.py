"""The early-warning list: series, areas or actors by how likely their next month is grave, and what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.analysis import Inputs
from marsad.errors import InputError
from marsad.forecast import Conflictology, Panel, run_backtest, scores
from marsad.forecast.backtest import seed_of
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.model import Date, plural
from marsad.workbench.series_panel import (
    DRAWS,
    LEAST_MONTHS,
    SEED,
    YEAR,
    Floats,
    check_long_enough,
    counted_series,
    known_or_none,
    mean_of,
    origin_of,
    quantiles_of,
    series_panel,
)

__all__ = ["QUARTER", "SLOW_MODELS", "OutlookRecord", "OutlookRow", "outlook", "panel_outlook", "what_moved"]

QUARTER = 3
"""How many months are held against the twelve before them."""

SLOW_MODELS = frozenset({"boosting", "combined", "forest"})
"""The models that learn for seconds or minutes: their record over past origins is not made in passing."""

_ORIGINS = 36
_RECORD_DRAWS = 240
_DECADE = 120
_GRAVE = 0.75
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """One series, area or actor of the early-warning list.

    Attributes:
        series: its name.
        month: the next month.
        threshold: the count whose reaching is warned of.
        chance: the probability that the next month reaches it.
        before: that probability as it was a month earlier; None where the past is too short.
        quantiles: of the next month, one for each of ``FORECAST_LEVELS``.
        last: the value of the last month.
        usual: the mean of the twelve months before the last; None where they have no value.
        problem: why there is no forecast; empty where there is one.
        below: the share of what was forecast of the last month a month ago that is below what came; None where there
            was no forecast.
        above: the share that is above it.
        quarter: the mean of the last three months; None where they have no value.
        year: the mean of the twelve months before those.
        since: how many months ago a month last reached the threshold, 0 for the last month; None where none did.
        skill: how much smaller the model's mean CRPS of the next month was than conflictology's at past origins, as a
            share; None where there is no record, or conflictology made no error.
        covered: the share of those months inside the model's 90 % interval.
        scored: how many months that record has.
    """

    series: str
    month: str = ""
    threshold: float = 0.0
    chance: float = 0.0
    before: float | None = None
    quantiles: tuple[float, ...] = ()
    last: float | None = None
    usual: float | None = None
    problem: str = ""
    below: float | None = None
    above: float | None = None
    quarter: float | None = None
    year: float | None = None
    since: int | None = None
    skill: float | None = None
    covered: float | None = None
    scored: int = 0


@dataclass(frozen=True, slots=True)
class OutlookRecord:
    """How a model did at past origins, one month ahead, on all units together.

    Attributes:
        model: its name.
        origins: the first and the last past origin.
        cells: how many forecasts were scored.
        crps: their mean CRPS, in units of the count.
        rival: that of conflictology, the last twelve months as the sample.
        covered: the share inside the model's 90 % interval.
        covered_violent: that of the months with a count above zero; None where there is none.
    """

    model: str
    origins: tuple[str, str]
    cells: int
    crps: float
    rival: float
    covered: float
    covered_violent: float | None


def outlook(
    inputs: Inputs, *, model: str, series: str = "", threshold: float | None = None, origin: Date | None = None
) -> tuple[OutlookRow, ...]:
    """The early-warning list: every monthly series of counts, by the probability that its next month is grave.

    Args:
        inputs: of the study.
        model: name of the model.
        series: the only one that is listed; empty for all.
        threshold: what is grave; None for the upper quartile of each series' last ten years.
        origin: the last month that the model may see; None for the last of each series.
    """
    names = [name for name in counted_series(inputs) if series in ("", name)]
    return _ordered([_of_series(inputs, name, model, threshold, origin) for name in names])


def _of_series(inputs: Inputs, name: str, model: str, threshold: float | None, origin: Date | None) -> OutlookRow:
    try:
        _, panel = series_panel(inputs, name)
        known = panel.up_to(origin_of(panel, origin))
        check_long_enough(known)
        rows, _ = panel_outlook(known, model=model, threshold=threshold)
    except InputError as error:
        return OutlookRow(series=name, problem=str(error))
    return rows[0]


def panel_outlook(
    panel: Panel, *, model: str, threshold: float | None = None, origins: int | None = None
) -> tuple[tuple[OutlookRow, ...], OutlookRecord | None]:
    """The list of all units of a panel, from one fit to all of them, and the record of the model on the panel.

    Args:
        panel: up to the last month that the model may see.
        model: name of the model.
        threshold: what is grave; None for the upper quartile of each unit's last ten years, at least 1.
        origins: of how many past months the record is; None for 36, or none where the model is slow.

    Raises:
        InputError: the panel has fewer than ``LEAST_MONTHS`` months.
    """
    if panel.values.shape[1] < LEAST_MONTHS:
        raise InputError(
            f"{plural(panel.values.shape[1], 'month')} up to {month_text(panel.last)}; a forecast needs {LEAST_MONTHS}"
        )
    drawn = _drawn(panel, model, panel.last, 1)[:, 0]
    limits = _limits(panel, threshold)
    long = panel.values.shape[1] > LEAST_MONTHS and not np.isnan(panel.values[:, :-1]).all()
    earlier = _earlier(panel, model) if long else np.full((len(panel.units), 2, DRAWS), np.nan)
    past = (0 if model in SLOW_MODELS else _ORIGINS) if origins is None else origins
    skill, record = _record(panel, model, past)
    rows = [
        _row(panel, place, float(limits[place]), drawn[place], earlier[place], skill[place])
        for place in range(len(panel.units))
    ]
    return _ordered(rows), record


def _ordered(rows: Sequence[OutlookRow]) -> tuple[OutlookRow, ...]:
    return tuple(sorted(rows, key=lambda row: (bool(row.problem), -row.chance, row.series)))


def _drawn(panel: Panel, model: str, origin: int, steps: int) -> Floats:
    """Units x steps x draws, in the order of the panel; NaN for a unit without a value up to the origin."""
    fitted = MODELS[model]().fit(panel, origin)
    made = fitted.draw(range(1, steps + 1), DRAWS, seed_of(SEED, origin))
    rows = {unit: row for row, unit in enumerate(panel.units)}
    found = np.full((len(panel.units), steps, DRAWS), np.nan)
    found[[rows[unit] for unit in fitted.units]] = made
    return found


def _earlier(panel: Panel, model: str) -> Floats:
    """What was forecast a month ago: of the last month and of the next."""
    return _drawn(panel, model, panel.last - 1, 2)


def _limits(panel: Panel, threshold: float | None) -> Floats:
    """What is grave for each unit; NaN where its last ten years have no value."""
    if threshold is not None:
        return np.full(len(panel.units), threshold)
    window = panel.trailing(_DECADE)
    found = np.full(len(panel.units), np.nan)
    known = ~np.isnan(window).all(axis=1)
    found[known] = np.maximum(1.0, np.ceil(np.nanquantile(window[known], _GRAVE, axis=1)))
    return found


_Skill = tuple[float | None, float | None, int]


def _row(panel: Panel, place: int, limit: float, drawn: Floats, earlier: Floats, skill: _Skill) -> OutlookRow:
    name, row = panel.units[place], panel.values[place]
    months = int((~np.isnan(row)).sum())
    if months < LEAST_MONTHS or np.isnan(drawn).any() or np.isnan(limit):
        why = f"{plural(months, 'month')} with a value up to {month_text(panel.last)}; a forecast needs {LEAST_MONTHS}"
        return OutlookRow(series=name, problem=f"{name} has {why}.")
    last, known = float(row[-1]), not np.isnan(earlier).any() and months > LEAST_MONTHS
    reached = np.flatnonzero(np.nan_to_num(row) >= limit)
    told = known and not np.isnan(last)
    return OutlookRow(
        series=name,
        month=month_text(panel.last + 1),
        threshold=limit,
        chance=float(scores.exceedance(drawn, limit)),
        before=float(scores.exceedance(earlier[1], limit)) if known else None,
        quantiles=quantiles_of(drawn),
        last=known_or_none(last),
        usual=mean_of(row[-1 - YEAR : -1]),
        below=float((earlier[0] < last).mean()) if told else None,
        above=float((earlier[0] > last).mean()) if told else None,
        quarter=mean_of(row[-QUARTER:]),
        year=mean_of(row[-QUARTER - YEAR : -QUARTER]),
        since=len(row) - 1 - int(reached[-1]) if reached.size else None,
        skill=skill[0],
        covered=skill[1],
        scored=skill[2],
    )


def _record(panel: Panel, model: str, past: int) -> tuple[list[_Skill], OutlookRecord | None]:
    """The scores of the months before the last, each seen from a month before, by unit and of all together."""
    nothing: _Skill = (None, None, 0)
    first = max(panel.first + LEAST_MONTHS - 1, panel.last - past)
    origins = [month for month in range(first, panel.last) if not np.isnan(panel.up_to(month).values).all()]
    if not origins:
        return [nothing] * len(panel.units), None
    rivals = [MODELS[model]()]
    if rivals[0].name != Conflictology().name:
        rivals.append(Conflictology())
    found = run_backtest(panel, rivals, origins=origins, steps=(1,), draws=_RECORD_DRAWS, seed=SEED)
    own, rival = found.scores["crps"][0, :, :, 0], found.scores["crps"][-1, :, :, 0]
    inside, observed = found.scores["covered"][0, :, :, 0], found.observed[:, :, 0]
    scored = ~(np.isnan(own) | np.isnan(rival))
    if not scored.any():
        return [nothing] * len(panel.units), None
    places = {unit: place for place, unit in enumerate(found.units)}
    by_unit = [
        _skill(own[:, at], rival[:, at], inside[:, at], scored[:, at]) if (at := places.get(unit, -1)) >= 0 else nothing
        for unit in panel.units
    ]
    violent = scored & (np.nan_to_num(observed) > 0)
    return by_unit, OutlookRecord(
        model=found.models[0],
        origins=(month_text(origins[0]), month_text(origins[-1])),
        cells=int(scored.sum()),
        crps=float(own[scored].mean()),
        rival=float(rival[scored].mean()),
        covered=float(inside[scored].mean()),
        covered_violent=float(inside[violent].mean()) if violent.any() else None,
    )


def _skill(
    own: Floats, rival: Floats, inside: Floats, scored: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> _Skill:
    """One unit's record: the share by which the model errs less, its coverage, and over how many months."""
    if not scored.any():
        return None, None, 0
    theirs = float(rival[scored].mean())
    better = 1 - float(own[scored].mean()) / theirs if theirs > 0 else None
    return better, float(inside[scored].mean()), int(scored.sum())


def what_moved(row: OutlookRow) -> str:
    """In one sentence why the probability is what it is: the last month, the last quarter, and when it was last so."""
    if row.problem:
        return row.problem
    told = "; ".join(part for part in (_last_month(row), _level(row), _since(row)) if part)
    if row.before is None:
        return told
    change = round(100 * row.chance) - round(100 * row.before)
    points = f"{change:+d} {'point' if abs(change) == 1 else 'points'}".replace("-", "−")
    return f"{'unchanged' if change == 0 else points}: {told}"


def _last_month(row: OutlookRow) -> str:
    if row.last is None:
        return "the last month has no value"
    had = f"the last month had {row.last:,.0f}"
    if row.below is None or row.above is None:
        return had
    if max(row.below, row.above) < _HALF:
        return f"{had}, as expected"
    side, share = ("more", row.below) if row.below >= row.above else ("less", row.above)
    return f"{had}, {side} than {'all' if share == 1 else f'{min(round(100 * share), 99)} %'} of what was expected"


def _level(row: OutlookRow) -> str:
    if row.quarter is None or row.year is None:
        return ""
    if row.quarter == row.year == 0:
        return f"none in {QUARTER + YEAR} months" if row.threshold > 1 else ""
    return f"{_number(row.quarter)} a month in the last three, {_number(row.year)} in the year before"


def _since(row: OutlookRow) -> str:
    if row.since is None:
        return f"never {_number(row.threshold)} so far"
    if row.since == 0:
        return ""  # the last month's count says so
    return f"{_number(row.threshold)} last reached {plural(row.since, 'month')} ago"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
