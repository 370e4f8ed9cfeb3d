"""A study's own events as rows of the common event table, so that they can be set against registers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from marsad.connectors import record_id, verbatim_json
from marsad.documents.shipped import shipped_yaml
from marsad.geography import country_code
from marsad.model import Date, Event, Evidence, Place, Quantity, label

__all__ = ["area_codes", "study_event_rows"]

Row = dict[str, Any]


@cache
def _words() -> dict[str, Any]:
    """The packaged crosswalks."""
    found: dict[str, Any] = shipped_yaml("marsad.workbench", "study_events.yaml")
    return found


def area_codes(evidence: Evidence, areas: Iterable[str]) -> dict[str, str]:
    """Alpha-3 codes of those places that are countries, by the identifier of the place."""
    found = {}
    for area in areas:
        place = evidence.place_by_id.get(area)
        names = (place.name, *place.aliases) if place else (area,)
        code = next((code for name in names if (code := country_code(name)) is not None), None)
        if code is not None:
            found[area] = code
    return found


def study_event_rows(evidence: Evidence, *, dataset: str, kinds: Sequence[str]) -> Iterator[Row]:
    """One row for each event of these kinds that has a date: what its reports admit together.

    The days are those that all reports admit, or some where they disagree; the deaths run from the lowest to the
    highest report. The reports themselves stay apart in the evidence; the row only serves to find the event in
    registers.
    """
    events: dict[str, list[Event]] = {}
    for report in evidence.events:
        events.setdefault(report.subject, []).append(report)
    number = 0
    for subject, reports in events.items():
        days = [report.date for report in reports if report.date is not None]
        if not any(report.kind in kinds for report in reports) or not any(day.earliest and day.latest for day in days):
            continue
        number += 1
        yield _row(evidence, subject, reports, days) | {"dataset": dataset, "release": dataset, "row": number}


def _row(evidence: Evidence, subject: str, reports: Sequence[Event], days: Sequence[Date]) -> Row:
    first, last = _span(days)
    words = _words()
    kind, subkind = next(
        (words["kinds"][report.kind] for report in reports if report.kind in words["kinds"]), (None, None)
    )
    targets = {target for report in reports for target in report.target}
    if kind == "violence_against_civilians" and targets and targets <= set(words["forces"]):
        kind, subkind = "battle", "armed_clash"
    row: Row = {
        "source_id": subject,
        "date_start": first,
        "date_end": last,
        "date_precision": _precision(first, last),
        "kind": kind,
        "subkind": subkind,
        "side_a": _named(evidence, (actor for report in reports for actor in report.actor)),
        "side_b": ", ".join(sorted(targets)) or None,
        "definition": "reports",
        "text": _text(evidence, subject, reports),
    }
    row |= _place(evidence, reports)
    low, high = _bounds([report.killed for report in reports])
    row |= {"deaths_low": low, "deaths_best": low if low == high else None, "deaths_high": high}
    hurt = _bounds([report.injured for report in reports])
    row["injured"] = hurt[0] if hurt[0] == hurt[1] else None
    verbatim = verbatim_json({"event": subject, "reports": [report.record for report in reports]})
    return row | {"verbatim": verbatim, "record": record_id("study", verbatim)}


def _span(days: Sequence[Date]) -> tuple[dt.date, dt.date]:
    """The days that all reports admit; where they agree on none, from the first to the last that some report admits."""
    closed = [(day.earliest, day.latest) for day in days if day.earliest is not None and day.latest is not None]
    first, last = max(first for first, _ in closed), min(last for _, last in closed)
    return (first, last) if first <= last else (min(first for first, _ in closed), max(last for _, last in closed))


def _precision(first: dt.date, last: dt.date) -> str:
    length = (last - first).days
    steps = ((0, "day"), (5, "days"), (7, "week"), (31, "month"))
    return next((name for most, name in steps if length <= most), "year")


def _named(evidence: Evidence, actors: Iterable[str]) -> str | None:
    return ", ".join(dict.fromkeys(evidence.actor_name(actor) for actor in actors)) or None


def _text(evidence: Evidence, subject: str, reports: Sequence[Event]) -> str:
    """What the study calls it, where it was and what its coder noted: words that a register may use too."""
    places = (evidence.place_name(place) for report in reports for place in report.place)
    notes = (report.note for report in reports if report.note)
    return ". ".join(dict.fromkeys((label(evidence, subject), *places, *notes)))


def _place(evidence: Evidence, reports: Sequence[Event]) -> Row:
    """The finest place that a report gives, with how far around it the event may have been."""
    places = [found for report in reports for name in report.place if (found := evidence.place_by_id.get(name))]
    if not places:
        return {}
    finest = min(places, key=_reach)
    row: Row = {"place": finest.name}
    codes = {code for place in places for code in area_codes(evidence, _countries(place)).values()}
    row["country"] = next(iter(codes)) if len(codes) == 1 else None
    if finest.admin1:
        row["admin1"] = row["admin1_reported"] = evidence.place_name(finest.admin1)
    if finest.lat is not None and finest.lon is not None:
        precision, reach = _grain(finest)
        row |= {"latitude": finest.lat, "longitude": finest.lon, "radius_km": reach, "place_precision": precision}
    return row


def _countries(place: Place) -> tuple[str, ...]:
    return (place.country,) if place.country else (place.subject,)


def _grain(place: Place) -> tuple[str, float]:
    """What its point stands for: the coded precision, otherwise its kind."""
    grains = _words()["grains"]
    precision, reach = grains[next((name for name in (place.precision, place.kind) if name in grains), "region")]
    return str(precision), float(reach)


def _reach(place: Place) -> float:
    return _grain(place)[1] if place.lat is not None else math.inf


def _bounds(quantities: Iterable[Quantity | None]) -> tuple[int | None, int | None]:
    """The lowest and highest that reports admit; a missing end where a report leaves it open."""
    stated = [quantity for quantity in quantities if quantity is not None]
    if not stated:
        return None, None
    lows = [Decimal(0) if quantity.low is None else quantity.low for quantity in stated]
    highs = [quantity.high for quantity in stated]
    closed = [value for value in highs if value is not None]
    return int(min(lows)), int(max(closed)) if closed and len(closed) == len(highs) else None
