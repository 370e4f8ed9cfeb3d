"""What happened when, as the documents report it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.happenings import LANES, Happening, drawn_span, events_and_actions
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, count_cell, some, sources_of, table
from marsad.model import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Date,
    Evidence,
    Finding,
    Passage,
    date_text,
    joined,
    label,
    names,
    place_names,
    plural,
    word,
)

__all__ = ["TimelineParameters", "timeline"]


class TimelineParameters(Parameters):
    """Which events and actions."""

    kinds: Annotated[tuple[str, ...], Names("event_kind", "action_kind")] = Field(
        default=(), examples=[["bombing", "talks"]], description="kinds of event or action; empty for all"
    )
    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(), examples=[["an-armed-group"]], description="those of which one did it; empty for all"
    )
    period: Date | None = Field(
        default=None, examples=["2020-01/2023-06"], description="when it happened; empty for the study's own period"
    )


def timeline(inputs: Inputs, parameters: TimelineParameters) -> Finding:
    """Events and actions in order of time. Where reports disagree on a date, all dates stand in its row."""
    evidence = inputs.evidence
    period = parameters.period or inputs.period
    found = [
        happening
        for happening in events_and_actions(evidence, parameters.kinds)
        if not parameters.actors or set(parameters.actors) & set(happening.named("actor"))
    ]
    inside = [happening for happening in found if any(span.overlaps(period) for span in happening.spans)]
    undated = sum(not happening.spans for happening in found)
    disputed = [happening for happening in inside if happening.is_disputed]
    result = Result(
        title="Timeline of events and actions",
        text=_words(evidence, inside, disputed, undated, period),
        tables=[
            table("Events and actions in order of time", _COLUMNS, [_row(evidence, item) for item in inside], _NOTE)
        ]
        if inside
        else [],
        charts=_chart(evidence, inside, period),
        checks=[_check(evidence, disputed)] if inside else [],
        subjects=[happening.subject for happening in inside],
    )
    return conclude("timeline", result, inputs, parameters)


_COLUMNS = ("When", "What", "Kind", "Group", "Actor", "Place", "#Reports")
_NOTE = "Dates of different reports stand side by side, with | between them; ≠ marks dates that cannot all be right."


def _words(
    evidence: Evidence, inside: list[Happening], disputed: list[Happening], undated: int, period: Date
) -> list[Passage]:
    span = f"within {date_text(period, short=True)}" if period.earliest or period.latest else "at any time"
    many = plural(undated, "event or action", "events and actions")
    left: list[Passage] = [(f"{many} without a date {'is' if undated == 1 else 'are'} left out.",)]
    if not inside:
        return [(f"The evidence holds no dated event or action of this kind {span}.",), *(left if undated else [])]
    ids = [found for happening in inside for found in happening.ids("kind", "date", "from")]
    text: list[Passage] = [
        (
            "The documents report ",
            count(len(inside), ids, "event or action", "events and actions"),
            f" {span}, a selection and not a register.",
        )
    ]
    if disputed:
        listed = some([f"{label(evidence, item.subject)} ({item.when_finest})" for item in disputed])
        text.append((f"Reports give dates that cannot all be right for {listed}.",))
    return [*text, *(left if undated else [])]


def _row(evidence: Evidence, happening: Happening) -> list[Cell]:
    mark = "≠ " if happening.is_disputed else ""
    places = place_names(evidence, happening.named("place"), short=True)
    return [
        cell(mark + happening.when_finest, happening.ids("date", "from", "to")),
        cell(label(evidence, happening.subject), happening.ids("kind"), sources_of(happening.reports)),
        cell(happening.kind_text),
        cell(happening.lane),
        cell(names(evidence, happening.named("actor"), short=True), happening.ids("actor")),
        cell(places, happening.ids("place")),
        count_cell(len(happening.reports)),
    ]


def _chart(evidence: Evidence, inside: list[Happening], period: Date) -> list[Chart]:
    """Rows by kind, the groups of kinds in the order of ``LANES``."""
    days = [day for item in inside for span in item.spans for day in (span.earliest, span.latest) if day]
    if not days:
        return []
    first, last = period.earliest or min(days), period.latest or max(days)
    items = [lane for item in inside for lane in _lanes(evidence, item, first, last)]
    spec = chart_grids.lanes(items, LANES, domain=(first.isoformat(), last.isoformat()))
    counted = [f"{sum(item.lane == lane for item in inside)} of {lane}" for lane in LANES]
    alt = f"Events and actions over time in rows by kind: {joined(counted)}. Lines are spans, or dates known to a span."
    return [Chart(title="Timeline of events and actions", alt=alt, spec=spec)]


def _lanes(evidence: Evidence, item: Happening, first: date, last: date) -> Iterator[chart_grids.Lane]:
    """One for each date that reports give, cut at the ends of the axis."""
    kind, text = word(item.kinds[0]), label(evidence, item.subject)
    for day in item.finest:
        start, end = (min(max(edge, first), last).isoformat() for edge in drawn_span(day, last=last))
        yield chart_grids.Lane(kind, item.lane, start, end, text, len(item.reports))


def _check(evidence: Evidence, disputed: list[Happening]) -> Check:
    return Check(
        name="Reports agree on the date",
        status=CheckStatus.FAIL if disputed else CheckStatus.PASS,
        text=f"{plural(len(disputed), 'event or action', 'events and actions')} with dates that cannot all be right: "
        f"{some([label(evidence, item.subject) for item in disputed])}."
        if disputed
        else "No two reports of one event or action give dates that cannot both be right.",
    )
