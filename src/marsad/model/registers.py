"""Registers of events as a study uses them: their measures by month, and their records that may be its own events."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from marsad.model.source import Release
from marsad.model.statement import Frozen

__all__ = ["Match", "Register", "RegisterMonth"]


class RegisterMonth(Frozen):
    """What a register counts in one month and area.

    Attributes:
        area: identifier of the study's place.
        month: such as ``2023-01``.
        events: how many events its records stand for.
        low, best, high: deaths; None where no record of the month states any.
    """

    area: str
    month: str
    events: int
    low: int | None = None
    best: int | None = None
    high: int | None = None


class Register(Frozen):
    """One release of a dataset of events.

    Attributes:
        release: which dataset, with version, licence and hash.
        source: its citation key.
        definition: short name of what it counts.
        counts: what it counts, in words.
        victims: whose deaths it counts.
        records: how many of its records lie in the areas of the study.
        elsewhere: how many of its other records lie elsewhere, or nowhere that could be told.
        first, last: the days of its earliest and latest record in the countries of these areas, of those dated to a
            month or closer; None where it has none.
        undated: how many of those records are dated less closely than to a month.
        remarks: what a reader should know of its records, each with how many.
        quarantined: why records were put aside -> how many.
        months: its measures, in order of area and month; months without a record are not there.
    """

    release: Release
    source: str
    definition: str
    counts: str
    victims: str = "everybody"
    records: int
    elsewhere: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    undated: int = 0
    remarks: dict[str, int] = Field(default_factory=dict)
    quarantined: dict[str, int] = Field(default_factory=dict)
    months: tuple[RegisterMonth, ...] = ()


class Match(Frozen):
    """A record of a register that may be an event of the study.

    Attributes:
        event: identifier of the study's event.
        release: identifier of the release.
        source_id: the register's own identifier of the record.
        row: its number in the file.
        probability: that both are one event, from 0 to 1.
        decision: ``same``, ``review``, ``not`` or ``part_of``.
        start, end: the days between which the record places it.
        place: where, as the register writes it.
        sides: who against whom.
        low, best, high: deaths as the register has them.
        reasons: why the two look alike, in words.
    """

    event: str
    release: str
    source_id: str
    row: int
    probability: float
    decision: str
    start: dt.date | None = None
    end: dt.date | None = None
    place: str = ""
    sides: str = ""
    low: int | None = None
    best: int | None = None
    high: int | None = None
    reasons: tuple[str, ...] = ()
