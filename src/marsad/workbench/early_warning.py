"""Early warnings of a study's monthly series, as they would have been made then, and how good they were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marsad.analysis import Inputs
from marsad.analysis.forecast_parameters import EarlyWarningParameters
from marsad.errors import InputError
from marsad.forecast import Panel, scores
from marsad.forecast.comparing import months_interval
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_number, month_text
from marsad.model import Date, EarlyWarning, EarlyWarnings, WarningScore
from marsad.workbench.series_panel import (
    LEAST_MONTHS,
    SEED,
    YEAR,
    Floats,
    draws_of,
    known_or_none,
    quantiles_of,
    series_panel,
    usual_levels,
)

__all__ = ["early_warnings"]

_MOST_WARNED = 600


def early_warnings(inputs: Inputs, asked: EarlyWarningParameters) -> EarlyWarnings:
    """For each month of the period what the model would have said before it, made only from what came before.

    What cannot be made has a ``problem``.
    """
    request = asked.as_text()
    try:
        chosen, panel = series_panel(inputs, asked.series)
        months = _warned(panel, inputs.period if asked.period is None else asked.period)
        earliest = panel.up_to(max(months[0] - asked.ahead, panel.first + LEAST_MONTHS - 1))
        limit = usual_levels(earliest, (0.75,))[0] if asked.threshold is None else asked.threshold
        made = _made_at(panel, asked.model, months, asked.ahead, limit)
    except InputError as error:
        return EarlyWarnings(request=request, series=asked.series, model=asked.model, problem=str(error))
    ahead = {row.ahead for row in made}
    scored = (_warning_score([row for row in made if row.ahead == step], limit) for step in sorted(ahead))
    return EarlyWarnings(
        request=request,
        series=chosen,
        model=asked.model,
        threshold=limit,
        warnings=tuple(sorted(made, key=lambda row: (row.month, row.ahead))),
        scores=tuple(one for one in scored if one is not None),
    )


def _warned(panel: Panel, period: Date) -> list[int]:
    """The months of a period that the series has and that have a past to learn from."""
    observed = panel.spans()[0]
    start, end = (
        None if day is None else month_number(day.year, day.month) for day in (period.earliest, period.latest)
    )
    first = max(panel.first + LEAST_MONTHS, panel.first if start is None else start)
    last = min(observed.last, observed.last if end is None else end)
    if first > last:
        raise InputError(
            f"The series {panel.units[0]} holds no month of the period {period} with {LEAST_MONTHS} months before it."
        )
    return list(range(max(first, last - _MOST_WARNED + 1), last + 1))


def _made_at(panel: Panel, name: str, months: Sequence[int], ahead: int, limit: float) -> list[EarlyWarning]:
    """The warnings of every origin from which one of the months is near enough."""
    made: list[EarlyWarning] = []
    for origin in range(max(months[0] - ahead, panel.first + LEAST_MONTHS - 1), months[-1]):
        known = panel.up_to(origin)
        drawn = draws_of(MODELS[name](), known, origin, ahead)
        climatology, recent = _share(known.values[0], limit), _share(known.values[0, -YEAR:], limit)
        for step, draws in enumerate(drawn, start=1):
            if months[0] <= origin + step <= months[-1]:
                made.append(
                    EarlyWarning(
                        month=month_text(origin + step),
                        ahead=step,
                        chance=float(scores.exceedance(draws, limit)),
                        climatology=climatology,
                        recent=recent,
                        quantiles=quantiles_of(draws),
                        observed=known_or_none(float(panel.observed([origin + step])[0, 0])),
                    )
                )
    return made


def _share(values: Floats, limit: float) -> float | None:
    """The share of the months with a value that reach the threshold."""
    kept = values[~np.isnan(values)]
    return float((kept >= limit).mean()) if kept.size else None


def _warning_score(rows: Sequence[EarlyWarning], limit: float) -> WarningScore | None:
    """Brier scores of the months that all three ways of warning have; None where there is none."""
    full = [
        (row.chance, row.climatology, row.recent, float(row.observed >= limit))
        for row in sorted(rows, key=lambda row: row.month)
        if row.observed is not None and row.climatology is not None and row.recent is not None
    ]
    if not full:
        return None
    table = np.array(full)
    brier = (table[:, :3] - table[:, 3:]) ** 2
    means = brier.mean(axis=0)
    low, high = months_interval(brier[:, 0] - brier[:, 1], np.ones(len(full)), length=YEAR, seed=SEED)
    return WarningScore(
        ahead=rows[0].ahead,
        months=len(full),
        passed=int(table[:, 3].sum()),
        brier=float(means[0]),
        climatology=float(means[1]),
        recent=float(means[2]),
        low=known_or_none(low),
        high=known_or_none(high),
    )
