"""The months of a forecast: drawn jointly, and told by their quantiles and by the chances of passing thresholds."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.forecast import Panel, scores
from marsad.forecast.backtest import seed_of
from marsad.forecast.dependence import coupled
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.model import ForecastMonth
from marsad.workbench.series_panel import SEED, Floats, draws_of, known_or_none, quantiles_of

__all__ = ["joint_draws_of", "month_of"]


def joint_draws_of(name: str, known: Panel, origin: int, steps: int) -> Floats:
    """Steps x draws of the one unit, where draw i of each month is of one course of events.

    Args:
        name: of the model.
        known: the series up to the origin.
        origin: the running number of the last month that the model sees.
        steps: how many months ahead.

    Raises:
        InputError: the model has no forecast for it.
    """
    drawn = draws_of(MODELS[name](), known, origin, steps)
    row: Floats = coupled(drawn[None], known, origin, range(1, steps + 1), seed=seed_of(SEED, origin))[0]
    return row


def month_of(draws: Floats, month: int, limits: Sequence[float], observed: float) -> ForecastMonth:
    """What draws tell of a month.

    Args:
        draws: of the month.
        month: its running number.
        limits: thresholds.
        observed: what happened; NaN where it is not known.
    """
    return ForecastMonth(
        month=month_text(month),
        quantiles=quantiles_of(draws),
        chances=tuple(float(scores.exceedance(draws, limit)) for limit in limits),
        observed=known_or_none(observed),
    )
