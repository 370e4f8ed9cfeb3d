"""What happened when, as the documents report it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Parameters, Result, conclude, known
from marsad.analysis.happenings import LANES, Happening, drawn_span, events_and_actions
from marsad.analysis.printing import cell, count, count_cell, sources_of, table
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
    """Which events and actions.

    Attributes:
        kinds: kinds of event or action; empty for all.
        actors: those of which one did it; empty for all.
        period: EDTF; empty for the study's own period.
    """

    kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    period: Date | None = None


def timeline(inputs: Inputs, parameters: TimelineParameters) -> Finding:
    """Events and actions in order of time. Where reports disagree on a date, all dates stand in its row."""
    evidence = inputs.evidence
    period = parameters.period or inputs.period
    known(parameters.actors, evidence.actor_by_id, what="actor")
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
        listed = joined([f"{label(evidence, item.subject)} ({item.when_finest})" for item in disputed])
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
    alt = f"Events and actions over time in rows by kind: {joined(counted)}. Bars show dates known only to a span."
    return [Chart(title="Timeline of events and actions", alt=alt, spec=spec)]


def _lanes(evidence: Evidence, item: Happening, first: date, last: date) -> Iterator[chart_grids.Lane]:
    """One for each date that reports give, cut at the ends of the axis."""
    for day in item.finest:
        start, end = (min(max(edge, first), last) for edge in drawn_span(day, last=last))
        text = label(evidence, item.subject)
        yield chart_grids.Lane(word(item.kinds[0]), item.lane, start.isoformat(), end.isoformat(), text)


def _check(evidence: Evidence, disputed: list[Happening]) -> Check:
    return Check(
        name="Reports agree on the date",
        status=CheckStatus.FAIL if disputed else CheckStatus.PASS,
        text=f"{plural(len(disputed), 'event or action', 'events and actions')} with dates that cannot all be right: "
        f"{joined([label(evidence, item.subject) for item in disputed])}."
        if disputed
        else "No two reports of one event or action give dates that cannot both be right.",
    )
