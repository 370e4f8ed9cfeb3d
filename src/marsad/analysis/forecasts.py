"""What is to be expected of a monthly series? A forecast as a distribution, with what the same model was worth before.

The numbers come with the inputs: who runs the analysis computes them, so that this module knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence

from marsad.analysis import chart_fans
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.before_after_checks import short
from marsad.analysis.forecast_checks import all_checks
from marsad.analysis.forecast_parameters import ForecastParameters
from marsad.analysis.forecast_tables import chance_text, happened, record_table, sums_table, whole
from marsad.analysis.printing import cell, slot_text, table
from marsad.analysis.release_series import by_name, by_slot, described, title_of
from marsad.model import (
    Cell,
    Chart,
    Cite,
    Finding,
    Forecast,
    Passage,
    Series,
    Table,
    joined,
    number_text,
    plural,
    upper_first,
)

__all__ = ["FORECAST_REFERENCE", "forecast"]

FORECAST_REFERENCE = (
    "CRPS: Gneiting & Raftery (2007), doi:10.1198/016214506000001437. Conflictology: Hegre et al. (2024), "
    "arXiv:2407.11045. Intervals of differences: Lazarus, Lewis, Stock & Watson (2018), "
    "doi:10.1080/07350015.2018.1506926; Politis & Romano (1992)."
)
"""Where the scores and their intervals come from."""

_SHOWN = 48


def forecast(inputs: Inputs, parameters: ForecastParameters) -> Finding:
    """Quantiles of each month ahead, the probability of reaching thresholds, and the record of the same model.

    The model sees nothing after the origin. Totals of the next three, six and twelve months come from months that are
    drawn jointly. The record is that of up to sixty earlier origins of the same series, each
    forecast from what came before it alone, against the series' own last twelve months taken as the sample.
    """
    wanted = parameters.as_text()
    found = next((one for one in inputs.forecasts if one.request == wanted), None)
    series = by_name(inputs).get(found.series) if found else None
    if found is None or series is None or found.problem:
        why = found.problem if found and found.problem else "The study holds no forecast of these parameters."
        return conclude("forecast", Result(title="What may come", text=[(why,)]), inputs, parameters)
    return conclude("forecast", _result(inputs, found, series), inputs, parameters)


def _result(inputs: Inputs, found: Forecast, series: Series) -> Result:
    name = title_of(series, inputs.evidence)
    return Result(
        title=f"What may come: {name} after {slot_text(found.origin)}",
        text=_words(found, series, name),
        tables=[_months(found, series, name), *sums_table(found, series, name), *_record(found)],
        charts=[_chart(found, series, name)],
        checks=all_checks(found, series),
        reference=FORECAST_REFERENCE,
    )


def _words(found: Forecast, series: Series, name: str) -> list[Passage]:
    """What is expected, how sure that is, how it did before, and what would make it wrong."""
    first = found.months[0]
    low, _, middle, _, high = map(whole, first.quantiles)
    told = (
        f"{upper_first(name)}, seen from {slot_text(found.origin)} by the model “{found.model}”: in "
        f"{slot_text(first.month)} half of the draws are at or below {middle}, and nine in ten lie between {low} and "
        f"{high}; {_until(found)} "
    )
    text: list[Passage] = [(told, Cite(cite=series.source), ".")]
    for place, limit in enumerate(found.thresholds):
        chances = [chance_text(chance) for chance in sorted(month.chances[place] for month in found.months)]
        span = chances[0] if chances[0] == chances[-1] else f"between {chances[0]} and {chances[-1]}"
        text.append((f"The probability that a month reaches {number_text(limit)} is {span}.",))
    caution = (
        "The model knows nothing but the past of this series. A ceasefire that begins or ends, an operation, a closed "
        "border or another way of counting would make it wrong."
    )
    return [*text, *_sum_words(found), _record_words(found), (caution,)]


def _sum_words(found: Forecast) -> list[Passage]:
    """What is expected of the longest of the totals, and what it was before."""
    if not found.sums:
        return []
    row = found.sums[-1]
    low, _, middle, _, high = map(whole, row.quantiles)
    told = (
        f"Of the total of the next {plural(row.months, 'month')}, half of the draws are at or below {middle}, and nine "
        f"in ten lie between {low} and {high}"
    )
    if row.before is None or row.more is None:
        return [(f"{told}.",)]
    before = f"the {plural(row.months, 'month')} before had {number_text(row.before)}"
    return [(f"{told}; {before}, and {chance_text(row.more)} of the draws are above that.",)]


def _until(found: Forecast) -> str:
    """The last month beside the first."""
    first, last = found.months[0], found.months[-1]
    when = slot_text(last.month)
    if all(month.quantiles == first.quantiles for month in found.months):
        return f"so it stays until {when}" if len(found.months) > 1 else "later months were not asked for"
    return f"in {when} between {whole(last.quantiles[0])} and {whole(last.quantiles[-1])}"


def _record_words(found: Forecast) -> Passage:
    """How the model did at earlier origins."""
    if not found.record or found.origins is None:
        return ("The series is too short for a record of earlier forecasts.",)
    own = found.record[0]
    start = (
        f"Its own record on this series: from {slot_text(found.origins[0])} to {slot_text(found.origins[1])} it would "
        f"have made {plural(own.cells, 'forecast')} of {plural(found.scored_months, 'month')}. Its mean CRPS was "
        f"{short(own.crps)}"
    )
    covered = f"its 90 % interval held {own.covered:.0%} of what happened."
    if len(found.record) < 2 or found.difference is None:
        return (f"{start}, and {covered}",)
    rival, (difference, low, high) = found.record[1], found.difference
    between = "" if low is None or high is None else f", 95 % interval {_signed(low)} to {_signed(high)}"
    other = (
        f"that of the last twelve months as the sample ({rival.model}) {short(rival.crps)} (smaller is better; "
        f"difference {_signed(difference)}{between})"
    )
    return (f"{start}, {other}, and {covered}",)


def _signed(number: float) -> str:
    """A difference with its sign."""
    return f"{'−' if number < 0 else '+'}{short(abs(number))}"


def _months(found: Forecast, series: Series, name: str) -> Table:
    """Quantiles and probabilities by month; what happened where it is known."""
    known = any(month.observed is not None for month in found.months)
    rows: list[Sequence[Cell]] = []
    for month in found.months:
        cells = [cell(slot_text(month.month)), *(cell(whole(value)) for value in month.quantiles)]
        cells += [cell(chance_text(chance)) for chance in month.chances]
        rows.append([*cells, *([happened(month.observed, series)] if known else [])])
    columns = ["Month", "#5 %", "#25 %", "#Median", "#75 %", "#95 %"]
    columns += [f"#Reaches {number_text(limit)}" for limit in found.thresholds]
    columns += ["#What happened"] if known else []
    note = f"Quantiles of {found.draws:,} draws. {described(series)}."
    return table(f"{upper_first(name)}: what is expected of each month", columns, rows, note)


def _record(found: Forecast) -> list[Table]:
    return record_table(
        found.record,
        found.origins,
        limits=found.thresholds,
        ahead=len(found.months),
        scored=found.scored_months,
    )


def _chart(found: Forecast, series: Series, name: str) -> Chart:
    """The last years of the series and the fan of what may come."""
    past = [
        (f"{slot}-01", None if None in values else sum(value for value in values if value is not None))
        for slot, values in by_slot(series, "month").items()
        if slot <= found.origin
    ]
    fan = [chart_fans.Fan(f"{month.month}-01", month.quantiles, month.observed) for month in found.months]
    limits = [(limit, number_text(limit)) for limit in found.thresholds]
    axis = f"{upper_first(name.split(',', maxsplit=1)[0])} a month"
    spec = chart_fans.fan(past[-_SHOWN:], fan, limits, title=axis)
    ends = [
        f"{whole(one.quantiles[0])} to {whole(one.quantiles[-1])} in {slot_text(one.month)}"
        for one in (found.months[0], found.months[-1])
    ]
    told = f"nine draws in ten at {joined(list(dict.fromkeys(ends)))}"
    alt = f"The last years of {name} and the forecast from {slot_text(found.origin)}: {told}."
    return Chart(title=f"{upper_first(name)}: the past and what is expected", alt=alt, spec=spec)
