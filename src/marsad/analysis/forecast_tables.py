"""Tables that forecasts share: the record at past origins, and the totals of the next months."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.analysis.before_after_checks import short
from marsad.analysis.printing import cell, slot_text, table
from marsad.model import Cell, Forecast, ForecastRecord, Series, Table, number_text, plural, upper_first

__all__ = ["chance_text", "happened", "record_table", "sums_table", "whole"]

_LEAST = 0.005


def chance_text(chance: float) -> str:
    """A probability from draws: never 0 or 100 %, which a sample cannot tell."""
    if chance < _LEAST:
        return "under 1%"
    return "over 99%" if chance > 1 - _LEAST else f"{chance:.0%}"


def whole(number: float) -> str:
    """A quantile of counts: in whole numbers."""
    return number_text(round(number))


def happened(observed: float | None, series: Series) -> Cell:
    """What happened, with its source; a dash where it is not known."""
    return cell("–") if observed is None else cell(number_text(observed), cites=(series.source,))


def record_table(
    record: Sequence[ForecastRecord],
    origins: tuple[str, str] | None,
    *,
    limits: Sequence[float],
    ahead: int,
    scored: int,
) -> list[Table]:
    """The scores at earlier origins; no table where there are none.

    Args:
        record: of the model, then of those that it must beat.
        origins: the first and the last.
        limits: thresholds that are scored.
        ahead: up to how many months.
        scored: how many different months are scored.
    """
    if not record or origins is None:
        return []
    columns = ["Model", "#Forecasts", "#CRPS", "#CRPS of log(1 + count)", "#Interval score, 90 %"]
    columns += ["#Inside the 90 % interval", "#Its width"]
    columns += [f"#Brier score of {number_text(limit)}" for limit in limits]
    note = (
        f"Means over {plural(scored, 'month')}, up to {plural(ahead, 'month')} ahead of every "
        f"origin from {slot_text(origins[0])} to {slot_text(origins[1])}. Smaller scores are better; the "
        "share inside is best near 90 %. The data are today's version: what was known then may have differed."
    )
    return [table("The record of the model on this series", columns, [_scores(row) for row in record], note)]


def _scores(row: ForecastRecord) -> list[Cell]:
    cells = [row.model, number_text(row.cells), short(row.crps), short(row.crps_log1p), short(row.interval_score)]
    cells += [f"{row.covered:.0%}", short(row.width), *(f"{score:.3f}" for score in row.brier)]
    return [cell(text) for text in cells]


def sums_table(found: Forecast, series: Series, name: str) -> list[Table]:
    """What is expected of totals of the next months, and how such totals did; no tables where there are none."""
    if not found.sums:
        return []
    known = any(row.observed is not None for row in found.sums)
    rows = []
    for row in found.sums:
        cells = [cell(f"{plural(row.months, 'month')}, to {slot_text(row.last)}")]
        cells += [cell(whole(value)) for value in row.quantiles]
        cells += [cell(chance_text(chance)) for chance in (*row.means, *row.some)]
        cells.append(happened(row.before, series))
        cells.append(cell("–" if row.more is None else chance_text(row.more)))
        cells += [happened(row.observed, series)] if known else []
        rows.append(cells)
    columns = ["Total of", "#5 %", "#25 %", "#Median", "#75 %", "#95 %"]
    columns += [f"#On average {number_text(limit)} a month or more" for limit in found.thresholds]
    columns += [f"#Some month reaches {number_text(limit)}" for limit in found.thresholds]
    columns += ["#As many months before", "#More than before"]
    columns += ["#What happened"] if known else []
    note = "Months are drawn jointly: a draw is one course of the months, as much alike as months of the past were."
    title = f"{upper_first(name)}: what is expected of the next months together"
    return [table(title, columns, rows, note), *_sums_record(found)]


def _sums_record(found: Forecast) -> list[Table]:
    """How totals of so many months did at past origins; no table where there is no record."""
    if not found.sum_record:
        return []
    rows = [
        [
            plural(row.months, "month"),
            number_text(row.cells),
            short(row.crps),
            *map(_share, (row.covered, row.covered_apart)),
        ]
        for row in found.sum_record
    ]
    columns = ["Total of", "#Totals", "#CRPS", "#Inside the 90 % interval", "#Inside, months drawn apart"]
    note = "Totals from past origins; they overlap. The last column: had months been drawn each for itself."
    return [table("The record of the model on totals", columns, [[cell(text) for text in row] for row in rows], note)]


def _share(share: float) -> str:
    return f"{share:.0%}"
