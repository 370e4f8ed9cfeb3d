"""How does a monthly rate before a turning point compare with the rate after it? A description, not an effect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from marsad.analysis import before_after_checks as checking
from marsad.analysis import chart_lines
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.coded import VIOLENT, EventParameters, bucket_of, buckets, select, span_of
from marsad.analysis.parameters import Names
from marsad.analysis.printing import cell, slot_text, table
from marsad.analysis.rates import dispersion, exact_interval, quasi_interval
from marsad.analysis.release_series import COUNTS, by_name, by_slot, described, month_number, month_text, title_of
from marsad.analysis.windows import Windows, windows_around
from marsad.model import (
    Chart,
    Cite,
    Date,
    Finding,
    Passage,
    Table,
    TurningPoint,
    date_text,
    joined,
    number_text,
    plural,
    upper_first,
    word,
)

__all__ = ["REFERENCE", "BeforeAfterParameters", "before_after"]

REFERENCE = (
    "Exact conditional interval: Przyborowski & Wilenski (1940), doi:10.1093/biomet/31.3-4.313; Clopper & Pearson "
    "(1934), doi:10.1093/biomet/26.4.404. Quasi-Poisson: McCullagh & Nelder (1989), doi:10.1201/9780203753736. "
    "Placebo in time: Abadie, Diamond & Hainmueller (2015), doi:10.1111/ajps.12116."
)
"""Where the intervals and the placebo come from."""


class BeforeAfterParameters(EventParameters):
    """What is compared, around which turning point."""

    turning_point: Annotated[str, Names("turning_points")] = Field(
        default="",
        examples=["a-turning-point"],
        description="the turning point; empty for the study's first that is dated to a month",
    )
    counts: Literal["series", "events"] = Field(
        default="series",
        examples=["events"],
        description="whether the values of a monthly series are compared, or coded events by month",
    )
    series: Annotated[str, Names("series")] = Field(
        default="", examples=["a-monthly-series"], description="the series; empty for the study's first"
    )
    months: int = Field(
        default=36,
        ge=1,
        le=1200,
        examples=["24"],
        description="how many months on each side, at most; both sides have the same number",
    )
    kinds: Annotated[tuple[str, ...], Names("event_kind")] = Field(
        default=VIOLENT,
        examples=[["bombing", "armed_attack"]],
        description="kinds of event, where events are counted",
    )
    period: Date | None = Field(
        default=None,
        examples=["2020-01/2023-06"],
        description="when they happened, where events are counted; empty for the study's own period",
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts by running month; None where a month has none.

    Attributes:
        values: by running month, without holes.
        name: what is counted, in a few words.
        described: what it is, with version and licence.
        source: citation key; empty where it is the coded evidence.
        statements: by running month, the statements that its count rests on.
    """

    values: Mapping[int, float | None]
    name: str
    described: str
    source: str
    statements: Mapping[int, tuple[str, ...]]


def before_after(inputs: Inputs, parameters: BeforeAfterParameters) -> Finding:
    """The rate a month before and after a turning point, their ratio with its interval, and what speaks against it.

    The month of the turning point belongs to neither side. Both windows have the same number of months: as many as
    asked for, or as both sides have. Months without a value are left out of both the count and the exposure.
    """
    point = _turning_point(inputs, parameters)
    counted = _events(inputs, parameters) if parameters.counts == "events" else _series(inputs, parameters)
    found = _compare(point, counted, parameters) if point and not isinstance(counted, str) else None
    if found is None:
        why = counted if isinstance(counted, str) else "The study names no turning point."
        found = Result(title="Before and after", text=[(why,)])
    return conclude("before-after", found, inputs, parameters)


def _turning_point(inputs: Inputs, parameters: BeforeAfterParameters) -> TurningPoint | None:
    points = {point.id: point for point in inputs.turning_points}
    if not parameters.turning_point:
        dated = [point for point in inputs.turning_points if bucket_of(point.date, "month")]
        return next(iter(dated or inputs.turning_points), None)
    return points.get(parameters.turning_point)


def _series(inputs: Inputs, parameters: BeforeAfterParameters) -> _Counted | str:
    """The monthly counts of a series, or why there are none."""
    named = by_name(inputs)
    series = named.get(parameters.series) if parameters.series else next(iter(named.values()), None)
    if series is None:
        return "The study holds no data series."
    months = {month_number(slot): values for slot, values in by_slot(series, "month").items()}
    if series.unit not in COUNTS:
        return f"The series {described(series)} is not of counts but of {word(series.unit)}: no rate can be compared."
    if not months:
        return f"The series {described(series)} has no months: no window can be set."
    sums = {month: sum(v for v in values if v is not None) for month, values in months.items() if None not in values}
    if any(value < 0 for value in sums.values()):
        return f"The series {described(series)} has values below zero: they are no counts."
    whole = range(min(months), max(months) + 1)
    values = {month: sums.get(month) for month in whole}
    return _Counted(values, title_of(series, inputs.evidence), described(series), series.source, {})


def _events(inputs: Inputs, parameters: BeforeAfterParameters) -> _Counted | str:
    """Coded events by month of the period, or why there are none."""
    chosen = select(inputs, parameters)
    span = span_of(chosen.period, chosen.inside)
    if span is None or not chosen.inside:
        return "The evidence holds no dated event of these kinds."
    first, last = (month_number(day.isoformat()) for day in span)
    statements: dict[int, list[str]] = {month: [] for month in range(first, last + 1)}
    values: dict[int, float | None] = dict.fromkeys(statements, 0.0)
    loose = sum(not buckets(event, "month", chosen.period) for event in chosen.inside)
    for event in chosen.inside:
        months = buckets(event, "month", chosen.period)
        if months:
            month = month_number(months[0])
            values[month] = (values.get(month) or 0.0) + 1
            statements.setdefault(month, []).extend(event.ids("kind", "date"))
    told = "Coded events: a selection that the documents report and not a register"
    told += f"; {plural(loose, 'event')} not dated to one month left out" if loose else ""
    return _Counted(values, "coded events", told, "", {month: tuple(ids) for month, ids in statements.items()})


def _compare(point: TurningPoint, counted: _Counted, parameters: BeforeAfterParameters) -> Result:
    """The comparison, or why there is none."""
    title = f"Before and after: {point.title} ({counted.name})"
    month = bucket_of(point.date, "month")
    when = date_text(point.date, short=True)
    if month is None:
        return Result(
            title=title,
            text=[(f"“{point.title}” ({when}) is not dated to one month: no window can be set.",)],
        )
    windows = windows_around(counted.values, month_number(month), parameters.months)
    if windows is None:
        return Result(title=title, text=[(f"{counted.described} has no months on both sides of {slot_text(month)}.",)])
    return Result(
        title=title,
        text=_words(point, counted, windows),
        tables=[_table(counted, windows), *checking.placebo_table(counted.values, windows)],
        charts=[_chart(point, counted, windows), *checking.placebo_chart(counted.values, windows)],
        checks=checking.all_checks(counted.values, windows),
        subjects=[point.subject] if point.subject else [],
        reference=REFERENCE,
    )


def _words(point: TurningPoint, counted: _Counted, windows: Windows) -> list[Passage]:
    """The two rates, their ratio, and what it is not."""
    w = windows
    cite: Passage = (" ", Cite(cite=counted.source)) if counted.source else ()
    span = plural(w.months, "month")
    when = f"before “{point.title}” ({slot_text(month_text(w.centre))})"
    before = f"{number_text(w.x1)} in the {span} {when}, or {checking.short(w.x1 / w.t1)} a month"
    after = f"{number_text(w.x2)} in the {span} after it, or {checking.short(w.x2 / w.t2)} a month"
    opening: Passage = (f"{upper_first(counted.name)}: {before}, and {after}", *cite, ".")
    missing = 2 * w.months - w.t1 - w.t2
    gap = f" {plural(missing, 'month')} without a value {'is' if missing == 1 else 'are'} left out." if missing else ""
    return [
        opening,
        _ratio_words(windows),
        (
            (
                f"This describes two spans of time and is no estimate of an effect: whatever else changed is in it. "
                f"The month of the turning point itself belongs to neither side.{gap}"
            ),
        ),
    ]


def _ratio_words(w: Windows) -> Passage:
    """The ratio with its intervals."""
    if math.isnan(w.ratio):
        return ("Both sides are zero: there is no ratio.",)
    low, high = exact_interval(w.x1, w.t1, w.x2, w.t2)
    text = (
        f"The rate after is {checking.short(w.ratio)} times the rate before (exact Poisson interval, 95%: "
        f"{_between(low, high)})"
    )
    if math.isinf(w.ratio):
        text = (
            "Nothing is counted before, so that the ratio has no upper end (exact Poisson interval, 95%: from "
            f"{checking.short(low)})"
        )
    adjusted = _adjusted(w)
    wider = f"; adjusted for overdispersion, {_between(*adjusted)}" if adjusted else ""
    return (f"{text}{wider}.",)


def _adjusted(w: Windows) -> tuple[float, float] | None:
    phi = dispersion(w.before, w.after)
    return None if phi is None else quasi_interval(w.x1, w.t1, w.x2, w.t2, phi=phi)


def _between(low: float, high: float) -> str:
    return f"{checking.short(low)} to {checking.short(high)}"


def _table(counted: _Counted, w: Windows) -> Table:
    """Both windows, the ratio and its intervals."""
    cites = (counted.source,) if counted.source else ()
    rows = []
    for name, slots, exposure, x in (("before", w.slots_before, w.t1, w.x1), ("after", w.slots_after, w.t2, w.x2)):
        ids = [i for month in slots for i in counted.statements.get(month, ())]
        span = f"{slot_text(month_text(slots[0]))} to {slot_text(month_text(slots[-1]))}"
        cells = [cell(number_text(x), ids, cites), cell(checking.short(x / exposure)), cell("")]
        rows.append([cell(name), cell(span), cell(str(exposure)), *cells])
    low, high = exact_interval(w.x1, w.t1, w.x2, w.t2)
    blank = [cell("")] * 3
    if not math.isnan(w.ratio):
        rows.append(
            [
                cell("ratio after / before"),
                *blank,
                cell("none before" if math.isinf(w.ratio) else checking.short(w.ratio)),
                cell(f"from {checking.short(low)}" if math.isinf(high) else _between(low, high)),
            ]
        )
    adjusted = _adjusted(w)
    if adjusted:
        cells = [cell(checking.short(w.ratio)), cell(_between(*adjusted))]
        rows.append([cell("ratio, adjusted for overdispersion"), *blank, *cells])
    columns = ["Window", "Months", "#Months with a value", "#Counted", "#Rate a month", "Interval, 95%"]
    return table(f"{upper_first(counted.name)}: {joined(['before', 'after'])}", columns, rows, counted.described)


def _chart(point: TurningPoint, counted: _Counted, w: Windows) -> Chart:
    """The months of both windows with their means."""
    months = range(w.slots_before[0], w.slots_after[-1] + 1)
    points = [(f"{month_text(month)}-01", counted.values[month]) for month in months]
    levels = [
        chart_lines.Level(
            f"{month_text(slots[0])}-01", f"{month_text(slots[-1])}-28", rate, f"{checking.short(rate)} a month"
        )
        for slots, rate in ((w.slots_before, w.x1 / w.t1), (w.slots_after, w.x2 / w.t2))
    ]
    day = point.date.earliest.isoformat() if point.date.earliest else f"{month_text(w.centre)}-01"
    axis = f"{upper_first(counted.name.split(',')[0])} a month"
    alt = f"Months before and after “{point.title}”; means {levels[0].text} before and {levels[1].text} after."
    spec = chart_lines.line(points, [(day, point.title)], title=axis, levels=levels)
    return Chart(title=f"{upper_first(counted.name)} around “{point.title}”", alt=alt, spec=spec)
