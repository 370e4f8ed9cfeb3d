"""What do the study's data series say, month by month and year by year?"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Annotated

from pydantic import Field

from marsad.analysis import chart_lines, charts
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.coded import Unit
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count_cell, slot_text, table
from marsad.analysis.release_series import COUNTS, by_slot, described, pick, title_of
from marsad.model import (
    MONTH_NAMES,
    Cell,
    Chart,
    Check,
    CheckStatus,
    Cite,
    Date,
    Finding,
    Passage,
    Series,
    Table,
    joined,
    number_text,
    upper_first,
    word,
)

__all__ = ["SeriesParameters", "series_by_month", "series_by_year"]

_BY = re.compile(r"\bby (?:month|year)\b")


class SeriesParameters(Parameters):
    """Which series."""

    series: Annotated[tuple[str, ...], Names("series")] = Field(
        default=(), examples=[["a-monthly-series"]], description="the series; empty for all"
    )
    period: Date | None = Field(
        default=None, examples=["2020/2023"], description="only the months or years within it; empty for all of them"
    )


def series_by_month(inputs: Inputs, parameters: SeriesParameters) -> Finding:
    """Each monthly series as a line with the turning points, and as a table of years by months with their totals."""
    return _series(inputs, parameters, "month", "series-by-month")


def series_by_year(inputs: Inputs, parameters: SeriesParameters) -> Finding:
    """Each series by year: sums of counts, with the number of periods that have a value."""
    return _series(inputs, parameters, "year", "series-by-year")


def _series(inputs: Inputs, parameters: SeriesParameters, unit: Unit, name: str) -> Finding:
    chosen = pick(inputs, parameters.series)
    text: list[Passage] = [] if chosen else [("The study holds no data series.",)]
    tables: list[Table] = []
    drawn: list[Chart] = []
    checks: list[Check] = []
    for series in chosen:
        slots = {
            slot: values
            for slot, values in by_slot(series, unit).items()
            if parameters.period is None or parameters.period.contains(Date.parse(slot))
        }
        if not any(value is not None for values in slots.values() for value in values):
            text.append((f"The series {described(series)} has no value for a single {unit}.",))
            continue
        text += _words(inputs, series, slots, unit)
        drawn += _chart(inputs, series, slots, unit, len(tables))
        tables.append(_months(series, slots) if unit == "month" else _years(series, slots))
        checks.append(_gaps(series, slots, unit))
    if unit == "year":
        text += _revisions(inputs, chosen)
    title = _title(chosen[0], unit) if len(chosen) == 1 else f"Data series by {unit}"
    result = Result(title=title, text=text, tables=tables, charts=drawn, checks=checks)
    return conclude(name, result, inputs, parameters)


def _revisions(inputs: Inputs, chosen: list[Series]) -> list[Passage]:
    """Years in which two series of one quantity differ: another version, or another way of counting."""
    text: list[Passage] = []
    for one, other in combinations(chosen, 2):
        if (one.measure, one.unit, one.area) != (other.measure, other.unit, other.area):
            continue
        left, right = (by_slot(series, "year") for series in (one, other))
        pairs = {year: (_sum(one, left[year]), _sum(other, right[year])) for year in left if year in right}
        found = [
            f"{year} ({number_text(a)} and {number_text(b)})"
            for year, (a, b) in pairs.items()
            if a is not None and b is not None and a != b
        ]
        named = f"{title_of(one, inputs.evidence)}: {one.release.title} and {other.release.title}"
        listed = f"differ in {joined(found)}" if found else f"agree in all {len(pairs)} years that both have"
        text.append((f"{upper_first(named)} {listed}.",))
    return text


def _sum(series: Series, values: list[float | None]) -> float | None:
    """The sum of counts; the only value of anything else; None where there is none, or nothing that may be summed."""
    present = [value for value in values if value is not None]
    if not present or (series.unit not in COUNTS and len(present) > 1):
        return None
    return sum(present)


def _words(inputs: Inputs, series: Series, slots: dict[str, list[float | None]], unit: Unit) -> list[Passage]:
    """What the series is, its span, and its highest and lowest year or month."""
    sums = {slot: value for slot, values in slots.items() if (value := _sum(series, values)) is not None}
    first, last = next(iter(slots)), list(slots)[-1]
    span = f"{upper_first(title_of(series, inputs.evidence))}, {slot_text(first)} to {slot_text(last)}"
    about = f"{span}, from {described(series)}: {series.definition.rstrip('.')} "
    opening: Passage = (about, Cite(cite=series.source), ".")
    if not sums:
        return [opening, (f"Its unit ({word(series.unit)}) cannot be summed over the periods of a {unit}.",)]
    high, low = max(sums, key=lambda slot: sums[slot]), min(sums, key=lambda slot: sums[slot])
    extremes = (
        (
            f"The highest {unit} is {slot_text(high)} ({number_text(sums[high])}), the lowest "
            f"{slot_text(low)} ({number_text(sums[low])}); unit: {word(series.unit)}."
        ),
    )
    return [opening, extremes]


def _value(series: Series, values: list[float | None]) -> Cell:
    """A printed value with its source; a dash where there is none."""
    found = _sum(series, values)
    return cell("–" if found is None else number_text(found), cites=(series.source,))


def _months(series: Series, slots: dict[str, list[float | None]]) -> Table:
    """Years by months, with the total of counts."""
    rows = []
    for year in sorted({slot[:4] for slot in slots}):
        months = [slots.get(f"{year}-{month:02d}", []) for month in range(1, 13)]
        total = [value for values in months for value in values]
        rows.append([cell(year), *(_value(series, values) for values in months), _value(series, total)])
    columns = ["Year", *(f"#{month[:3]}" for month in MONTH_NAMES), "#Total"]
    return table(_title(series, "month"), columns, rows, _note(series))


def _years(series: Series, slots: dict[str, list[float | None]]) -> Table:
    """Years with their totals, and how many of the producer's periods have a value."""
    rows = [
        [
            cell(year),
            _value(series, values),
            count_cell(sum(value is not None for value in values)),
            count_cell(sum(value is None for value in values)),
        ]
        for year, values in slots.items()
    ]
    columns = ["Year", f"#{word(series.measure).capitalize()}|{word(series.unit)}", "#Periods with a value", "#Without"]
    return table(_title(series, "year"), columns, rows, _note(series))


def _title(series: Series, unit: Unit) -> str:
    """The title of its release, by the unit that is shown: what comes by month may be shown by year."""
    title, times = _BY.subn(f"by {unit}", series.release.title, count=1)
    return title if times else f"{title}, by {unit}"


def _note(series: Series) -> str:
    return f"{described(series)}. {series.release.citation}"


def _chart(inputs: Inputs, series: Series, slots: dict[str, list[float | None]], unit: Unit, index: int) -> list[Chart]:
    """A line over the months, or bars of the years."""
    title = title_of(series, inputs.evidence)
    sums = {slot: _sum(series, values) for slot, values in slots.items()}
    axis = f"{word(series.measure).capitalize()} a {unit} ({word(series.unit)})"
    points = [(slot, value) for slot, value in sums.items() if value is not None]
    if not points:
        return []
    marks = [(point.date.earliest.isoformat(), point.title) for point in inputs.turning_points if point.date.earliest]
    first, last = points[0][0], points[-1][0]
    inside = [mark for mark in marks if first <= mark[0][: len(first)] <= last]
    named = f" Marked: {'; '.join(text for _, text in inside)}." if inside and unit == "month" else ""
    high = max(points, key=lambda point: point[1])
    alt = f"{title} by {unit}, {first} to {last}; highest in {slot_text(high[0])} with {number_text(high[1])}.{named}"
    spec = chart_lines.line([(f"{slot}-01-01"[:10], value) for slot, value in sums.items()], inside, title=axis)
    if unit == "year":
        spec = charts.bars([charts.Bar(slot, round(value)) for slot, value in points], title="Year", unit=axis)
    return [Chart(title=_title(series, unit), alt=alt, spec=spec, table=index)]


def _gaps(series: Series, slots: dict[str, list[float | None]], unit: Unit) -> Check:
    """Whether every year or month has all of its values."""
    most = max(len(values) for values in slots.values())
    short = [slot for slot, values in slots.items() if len(values) < most or any(value is None for value in values)]
    listed = ", ".join(short[:12]) + (" and more" if len(short) > 12 else "")
    return Check(
        name=f"Complete: {series.release.title}",
        status=CheckStatus.FAIL if short else CheckStatus.PASS,
        text=f"Periods are missing in {listed}." if short else f"Each {unit} has all of its values.",
    )
