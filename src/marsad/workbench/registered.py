"""What the registers of a study say: their measures, as series too, and their records that may be its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from marsad.model import Date, Match, Register, RegisterMonth, Series, SeriesPoint

__all__ = ["OWN_EVENTS", "Registered", "series_of"]

OWN_EVENTS = "_study.parquet"
"""The table of the study's own events among those of its releases, whose identifiers have no underscore."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the registers of a study say.

    Attributes:
        registers: the study's releases of events, with their measures.
        matches: their records that may be events of the study.
    """

    registers: tuple[Register, ...] = ()
    matches: tuple[Match, ...] = ()

    @property
    def series(self) -> tuple[Series, ...]:
        """The registers by month, as series."""
        return tuple(series for register in self.registers for series in series_of(register))


def series_of(register: Register) -> Iterator[Series]:
    """The events and deaths of a register by month, one series an area and measure.

    A month between the first and the last record of the register without a record there counts as zero.
    """
    if register.first is None or register.last is None:
        return
    span = _months_between(register.first, register.last)
    for area in dict.fromkeys(month.area for month in register.months):
        mine = {month.month: month for month in register.months if month.area == area}
        for measure, unit, field in (("incidents", "count", "events"), ("killed", "persons", "best")):
            points = tuple(SeriesPoint(period=Date.parse(slot), value=_value(mine.get(slot), field)) for slot in span)
            yield Series(
                release=register.release,
                source=register.source,
                measure=measure,
                unit=unit,
                area=area,
                definition=f"{register.counts} Records dated to a month, best estimate of deaths.",
                points=points,
            )


def _value(month: RegisterMonth | None, field: str) -> float | None:
    """What a month counts: zero where there is no record, nothing where no record says."""
    value = 0 if month is None else getattr(month, field)
    return None if value is None else float(value)


def _months_between(first: dt.date, last: dt.date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]
