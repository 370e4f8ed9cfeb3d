"""Months as running numbers: January 1970 is 0, so that steps ahead are additions."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from marsad.errors import ParseError

__all__ = ["FIRST_MONTH", "LAST_MONTH", "VIEWS_ZERO", "month_number", "month_text", "parse_month"]

VIEWS_ZERO = 119
"""The running number of VIEWS' month_id 0, so that month_id 1 is January 1980."""

FIRST_MONTH = -70 * 12
"""The first month that a panel may hold: January 1900."""

LAST_MONTH = 180 * 12 - 1
"""The last month that a panel may hold: December 2149."""

_CALENDAR = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ].*)?)?")
_NUMBER = re.compile(r"\d{1,9}")
_LEAST_YEAR = 1900


def month_number(year: int, month: int) -> int:
    """The running number of a month of the calendar; ``month`` is 1 to 12."""
    return (year - 1970) * 12 + month - 1


def month_text(number: int) -> str:
    """A running number as ``2017-10``."""
    return f"{1970 + number // 12:04d}-{number % 12 + 1:02d}"


def parse_month(value: Any) -> int:
    """The running number of what a file calls a month.

    Args:
        value: a date or a time, a text such as ``2017-10`` or ``2017-10-31``, or a whole number (also as text): VIEWS'
            month_id, of which 1 is January 1980. From 1900 (April 2138) on, a whole number is a year, and no month.

    Raises:
        ParseError: none of these, a day that the calendar has not, or not between 1900 and 2149.
    """
    found = _month(value)
    if found is not None and not isinstance(value, dt.date) and "-" not in str(value):
        year = found - VIEWS_ZERO
        if _LEAST_YEAR <= year <= LAST_MONTH - VIEWS_ZERO:
            raise ParseError(f"{year} is a year, not a month. Write YYYY-MM: a panel has a row a unit and month")
    if found is None or not FIRST_MONTH <= found <= LAST_MONTH:
        raise ParseError(
            f"{str(value)[:40]!r} is no month. Write a date, YYYY-MM, or VIEWS' month_id (1 is January 1980)"
        )
    return found


def _month(value: Any) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, dt.date):
        return month_number(value.year, value.month)
    if isinstance(value, float) and value.is_integer():
        return int(value) + VIEWS_ZERO
    if isinstance(value, int):
        return value + VIEWS_ZERO
    text = str(value).strip()
    calendar = _CALENDAR.fullmatch(text)
    if calendar:
        year, month, day = int(calendar[1]), int(calendar[2]), int(calendar[3] or 1)
        return month_number(year, month) if _is_day(year, month, day) else None
    return int(text) + VIEWS_ZERO if _NUMBER.fullmatch(text) else None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
