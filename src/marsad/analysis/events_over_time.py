"""How many coded events, and how many deaths in them, fall into each year or month?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from marsad.analysis import charts
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.coded import CAVEAT, CodedEvent, EventParameters, Selection, Unit, buckets, select, span_of
from marsad.analysis.printing import cell, count_cell, slot_text, some, table
from marsad.analysis.release_series import month_number, month_text
from marsad.analysis.tolls import total
from marsad.model import Cell, Chart, Check, CheckStatus, Finding, Passage, Table, joined, label, plural

__all__ = ["events_by_month", "events_by_year"]

_COLUMNS = ("#Events", "#Reports", "#Deaths as reported", "#Toll not stated")
_MARK = "*"
_MOST_SLOTS = 1200


def events_by_year(inputs: Inputs, parameters: EventParameters) -> Finding:
    """Coded events and their deaths by year. Every year of the period has its row, also without an event."""
    return _by(inputs, parameters, "year", "events-by-year")


def events_by_month(inputs: Inputs, parameters: EventParameters) -> Finding:
    """Coded events and their deaths by month. Months without an event have no row, but a place in the chart."""
    return _by(inputs, parameters, "month", "events-by-month")


def _by(inputs: Inputs, parameters: EventParameters, unit: Unit, name: str) -> Finding:
    """An event stands in the earliest year or month that a report gives it; where reports disagree, it is marked."""
    chosen = select(inputs, parameters)
    found = {event.subject: buckets(event, unit, chosen.period) for event in chosen.inside}
    used = [slots[0] for slots in found.values() if slots]
    placed: dict[str, list[CodedEvent]] = {slot: [] for slot in _slots(chosen, unit, used)}
    for event in chosen.inside:
        placed.setdefault(found[event.subject][0] if found[event.subject] else "", []).append(event)
    loose = placed.pop("", [])
    moved = [event for event in chosen.inside if len(found[event.subject]) > 1]
    result = Result(
        title=f"Coded events and deaths by {unit}",
        text=[*chosen.passages()[:2], *_peak(placed, unit), *_loose(loose, unit), *chosen.passages()[2:]],
        tables=[_table(inputs, placed, loose, moved, unit)] if chosen.inside else [],
        charts=_charts(placed, moved, unit) if any(placed.values()) else [],
        checks=_checks(inputs, chosen, moved, unit),
        subjects=[event.subject for event in chosen.inside],
    )
    return conclude(name, result, inputs, parameters)


def _slots(chosen: Selection, unit: Unit, used: Iterable[str]) -> list[str]:
    """Every year or month of the period, in order; of a very long period only from the first used one to the last."""
    span = span_of(chosen.period, chosen.inside)
    if span is None:
        return []
    first, last = span
    if unit == "year":
        slots = [f"{year:04d}" for year in range(first.year, last.year + 1)]
    else:
        months = range(month_number(first.isoformat()), month_number(last.isoformat()) + 1)
        slots = [month_text(month) for month in months]
    held = set(used)
    if len(slots) > _MOST_SLOTS and held:
        return [slot for slot in slots if min(held) <= slot <= max(held)]
    return slots


def _peak(placed: dict[str, list[CodedEvent]], unit: Unit) -> list[Passage]:
    """In which year or month most of the events fall."""
    most = max((len(group) for group in placed.values()), default=0)
    if not most:
        return []
    top = [slot_text(slot) for slot, group in placed.items() if len(group) == most]
    if len(top) > 3:
        return [(f"No {unit} has more than {plural(most, 'coded event')}.",)]
    return [(f"Most coded events of one {unit} fall into {joined(top)}: {most}{' each' if len(top) > 1 else ''}.",)]


def _loose(loose: list[CodedEvent], unit: Unit) -> list[Passage]:
    if not loose:
        return []
    return [(f"{plural(len(loose), 'event')} cannot be placed in one {unit}: no report dates them so closely.",)]


def _cells(group: Sequence[CodedEvent], mark: str = "") -> list[Cell]:
    """Events, reports, deaths, and events without a toll."""
    ids = [found for event in group for found in event.ids("kind", "date")]
    toll = total(event.toll for event in group)
    cites = [source for event in group for source in event.sources]
    return [
        cell(f"{len(group)}{mark}", ids, cites),
        count_cell(sum(len(event.reports) for event in group)),
        cell("" if toll is None else str(toll), [found for event in group for found in event.toll_ids]),
        count_cell(sum(event.toll is None for event in group)),
    ]


def _table(
    inputs: Inputs, placed: dict[str, list[CodedEvent]], loose: list[CodedEvent], moved: list[CodedEvent], unit: Unit
) -> Table:
    marked = {event.subject for event in moved}
    rows = [
        [cell(slot_text(slot)), *_cells(group, _mark(group, marked))]
        for slot, group in placed.items()
        if group or unit == "year"
    ]
    if loose:
        rows.append([cell(f"not placed in one {unit}"), *_cells(loose)])
    everything = [event for group in placed.values() for event in group] + loose
    rows.append([cell("Total"), *_cells(everything)])
    note = "" if unit == "year" else "Months without a coded event are left out. "
    if moved:
        listed = some([label(inputs.evidence, event.subject) for event in moved])
        note += (
            f"{_MARK} Reports disagree on the {unit}; the event stands in the earliest that a report gives: {listed}."
        )
    return table(f"Coded events by {unit}", [unit.capitalize(), *_COLUMNS], rows, f"{note} {CAVEAT}".strip())


def _mark(group: Sequence[CodedEvent], marked: set[str]) -> str:
    return _MARK if any(event.subject in marked for event in group) else ""


def _charts(placed: dict[str, list[CodedEvent]], moved: list[CodedEvent], unit: Unit) -> list[Chart]:
    marked = {event.subject for event in moved}
    rows = [charts.Bar(slot_text(slot), len(group), _mark(group, marked)) for slot, group in placed.items()]
    peak = max(rows, key=lambda row: row.count)
    found = [
        Chart(
            title=f"Coded events by {unit}",
            alt=f"Bars of the coded events in each {unit}; the highest is {peak.count} in {peak.name}.",
            spec=charts.bars(rows, title=unit.capitalize(), unit="Coded events"),
        )
    ]
    tolls = {slot: total(event.toll for event in group) for slot, group in placed.items()}
    if not any(tolls.values()):
        return found
    lines = [
        charts.Range(slot_text(slot), float(toll.low), float(toll.high), str(toll))
        for slot, toll in tolls.items()
        if toll is not None
    ]
    highest = max(lines, key=lambda row: row.high)
    alt = f"Ranges from the lowest to the highest reported deaths in each {unit}; highest in {highest.name}: "
    spec = charts.ranges(lines, [row.name for row in rows], title=unit.capitalize(), unit="Deaths, low to high")
    title = f"Deaths in coded events by {unit}, as reported"
    return [*found, Chart(title=title, alt=f"{alt}{highest.text}.", spec=spec)]


def _checks(inputs: Inputs, chosen: Selection, moved: list[CodedEvent], unit: Unit) -> list[Check]:
    """Whether reports agree on the year or month, and how many events have a toll."""
    if not chosen.inside:
        return []
    agree = Check(
        name=f"Reports agree on the {unit}",
        status=CheckStatus.FAIL if moved else CheckStatus.PASS,
        text=(
            f"Reports put {plural(len(moved), 'event')} of {len(chosen.inside)} into more than one {unit}: "
            f"{some([label(inputs.evidence, event.subject) for event in moved])}."
            if moved
            else f"No event stands in more than one {unit}."
        ),
    )
    stated = sum(event.toll is not None for event in chosen.inside)
    many = plural(len(chosen.inside), "event")
    text = f"Reports state a number of deaths for {stated} of {many}; the sums leave out the rest."
    return [agree, Check(name="Tolls stated", status=CheckStatus.INFORM, text=text)]
