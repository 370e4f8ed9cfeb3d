"""Years and dates as citations and entries print them."""

from __future__ import annotations

import re

from marsad.documents.vocabulary import MONTH, MONTHS
from marsad.errors import ParseError
from marsad.model import Date

__all__ = ["DATE_WORDS", "YEAR", "read_date"]

YEAR = r"(?:1[4-9]|20)\d\d"
"""Regex of a year in which something may have been published."""

_MONTH = rf"{MONTH}\.?"

DATE_WORDS = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?)"
    rf"(?:\s?[-–—/]\s?(?:\d{{1,2}}|{_MONTH})(?:\s+\d{{1,2}})?)?"
)
"""Regex of a month with or without a day: ``June 22``, ``22 June``, ``June``."""

_WORDS = re.compile(
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})(?:\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)?(?P<rest>\s?[-–—/])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\s*(?P<month>\d{1,2})\s*[-/ .]\s*(?P<day>\d{1,2})\s*")


def read_date(year: int, words: str) -> Date | None:
    """The date that a year and the words beside it give, as precise as they are: ``2024``, ``June 22`` -> 2024-06-22.

    Of two dates (``June 22-24``) only the month is kept. None where there is no such day.
    """
    match = _WORDS.search(words)
    if match:
        day = None if match["rest"] else match["d1"] or match["d2"]
        return _date(year, MONTHS[match["month"].strip(".").casefold()], int(day) if day else None)
    if digits := _DIGITS.fullmatch(words.strip(" ,;")):
        return _date(year, int(digits["month"]), int(digits["day"]))
    return _date(year, None, None)


def _date(year: int, month: int | None, day: int | None) -> Date | None:
    parts = [f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)]
    try:
        return Date.parse("-".join(parts))
    except ParseError:
        return None
