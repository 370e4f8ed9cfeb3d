"""Days from fields that hold year, month and day apart, the finer ones often missing."""

from __future__ import annotations

import calendar
import datetime as dt

from marsad.connectors.audit import RowAudit
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue

__all__ = ["days_between"]

_YEARS = (1000, 2999)


def days_between(year: int | None, month: int | None, day: int | None, *, audit: RowAudit, row: int) -> Row:
    """The days between which something happened: one day, a whole month or a whole year; never an invented day.

    Args:
        year: four digits; None where it is not stated, and then nothing is known.
        month: 1 to 12; None where it is not stated.
        day: of the month; None where it is not stated. Without a month it is not used.
        audit: takes a remark where month or day is missing.
        row: the number of the record, for the remark.

    Returns:
        ``date_start``, ``date_end`` and ``date_precision``; nothing without a year.

    Raises:
        BadValue: no such day in the calendar.
    """
    if year is None:
        return {}
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise BadValue("Year", year, "a day of no likely century")
    if month is None:
        audit.remark("no month", row)
        first, last, precision = dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    elif not 1 <= month <= 12:
        raise BadValue("Month", month, "not a month")
    else:
        end = calendar.monthrange(year, month)[1]
        if day is None:
            audit.remark("no day", row)
        elif not 1 <= day <= end:
            raise BadValue("Day", day, "not a day of that month")
        first = dt.date(year, month, 1 if day is None else day)
        last = dt.date(year, month, end if day is None else day)
        precision = "month" if day is None else "day"
    return {"date_start": first, "date_end": last, "date_precision": precision}
