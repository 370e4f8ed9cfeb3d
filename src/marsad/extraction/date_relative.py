"""Dates that are reckoned from another date: ``two months ago``, ``last week``, ``on Tuesday``."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from marsad.extraction.date_points import Atom
from marsad.extraction.date_words import WEEKDAYS
from marsad.model import Date

__all__ = ["RELATIVE", "reckoned", "year_of"]

RELATIVE = frozenset({"ago", "past", "last", "last month", "weekday", "deictic", "same", "recent"})
"""Rules whose dates need a reference date."""

_DEICTIC = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_FUTURE_DAYS = 31
"""How far after the reference date a day or a month without a year may lie; reports look back."""


def reckoned(atom: Atom, reference: Date | None) -> Date | None:
    """The date of a relative expression; None where the reference date is missing or too coarse for it."""
    if reference is None or reference.earliest is None or reference.latest is None:
        return None
    reader = _READERS.get(atom.name)
    return None if reader is None else reader(atom, reference)


def _deictic(atom: Atom, reference: Date) -> Date | None:
    """``yesterday``, ``the day before yesterday``."""
    steps = _DEICTIC[atom.tokens[-1].text]
    steps += 0 if len(atom.tokens) == 1 else (1 if steps > 0 else -1)
    return _day_at(reference, steps)


def _ago(atom: Atom, reference: Date) -> Date | None:
    """``two months ago``."""
    unit = atom.tokens[-2].text.removesuffix("s")
    count = _count(atom)
    return _shifted(reference, unit, -count) if count else None


def _span(atom: Atom, reference: Date) -> Date | None:
    """``the past two years``."""
    return _past(reference, atom.tokens[-1].text.removesuffix("s"), _count(atom))


def _neighbour(atom: Atom, reference: Date) -> Date | None:
    """``last week``, ``this year``, ``the past month``; of ``the last days`` nobody knows how many."""
    first, last = atom.tokens[0], atom.tokens[-1]
    if last.kind == "v":
        return _day_at(reference, -(first.text == "last"))
    if last.text.endswith("s"):
        return None
    if first.text == "past":
        return _past(reference, last.text, 1)
    return _shifted(reference, last.text, {"L": -1, "N": 1, "S": 0}[first.kind])


def _day_at(reference: Date, steps: int) -> Date | None:
    return _shifted(reference, "day", steps)


def year_of(atom: Atom, reference: Date | None) -> int:
    """The year of a month or day that states none: of the reference, or the latest that is not in its future.

    A reference of one year gives that year. A month or a day gives the latest year in which the date is not more than
    a month after it. 0 where there is no reference, or it spans more than one year.
    """
    if reference is None or reference.earliest is None or reference.latest is None:
        return 0
    year = reference.latest.year
    if reference.earliest.year != year:
        return 0
    if reference.precision == "year" or reference.is_interval:
        return year
    last = calendar.monthrange(year, min(atom.month, 12))[1]
    stated = date(year, min(atom.month, 12), min(atom.day or 1, last))
    limit = min(reference.latest.toordinal() + _FUTURE_DAYS, date.max.toordinal())
    return year - 1 if stated.toordinal() > limit else year


def _count(atom: Atom) -> int:
    """The number of units; 0 where it is vague (``several``)."""
    numbers = [token for token in atom.tokens if token.kind in "#dz"]
    if any(token.text in ("several", "few", "some") for token in numbers):
        return 0
    return 2 if any(token.text == "couple" for token in numbers) else (numbers[-1].number if numbers else 1)


def _shifted(reference: Date, unit: str, steps: int) -> Date | None:
    """The day, week, month or year that lies so many units away; None where the reference date is too coarse."""
    first, last = reference.earliest, reference.latest
    if first is None or last is None:
        return None
    try:
        text = _edtf_of(first, last, unit, steps)
    except (OverflowError, ValueError):
        return None
    return Date.parse(text) if text else None


def _edtf_of(first: date, last: date, unit: str, steps: int) -> str:
    """The same in EDTF; empty where it is not known."""
    is_one_year = first.year == last.year
    if unit == "year" and is_one_year:
        return f"{date(first.year + steps, 1, 1).year:04d}"
    if unit == "decade" and is_one_year:
        return f"{date(first.year + 10 * steps, 1, 1).year // 10:03d}X"
    if unit == "month" and (first.year, first.month) == (last.year, last.month):
        year, month = divmod(first.year * 12 + first.month - 1 + steps, 12)
        return date(year, month + 1, 1).isoformat()[:7]
    if first != last:
        return ""
    monday = first - timedelta(days=first.weekday())
    return {
        "day": lambda: date.isoformat(first + timedelta(days=steps)),
        "week": lambda: _week(monday + timedelta(weeks=steps)),
        "hour": first.isoformat,
        "minute": first.isoformat,
    }.get(unit, str)()


def _week(monday: date) -> str:
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def _past(reference: Date, unit: str, count: int) -> Date | None:
    """The span that ends at the reference date: ``the past two years``."""
    begin = _shifted(reference, unit, -count) if count else None
    if begin is None or begin.earliest is None:
        return None
    end = reference.text if not reference.is_interval else str(reference.latest)
    start = str(begin.earliest) if begin.is_interval else begin.text
    return Date.parse(f"{start}/{end}")


def _weekday(atom: Atom, reference: Date) -> Date | None:
    """``on Tuesday``: the latest that is not after the reference date; ``last`` and ``next`` are never that day."""
    if not reference.is_day or reference.earliest is None:
        return None
    behind = (reference.earliest.weekday() - WEEKDAYS[atom.tokens[-1].text]) % 7
    kind = atom.tokens[0].kind
    if kind == "N":
        return _day_at(reference, 7 - behind)
    return _day_at(reference, -7 if kind == "L" and behind == 0 else -behind)


def _last_month(atom: Atom, reference: Date) -> Date | None:
    """``last December``: the latest one that is over, ``next March``: the first to come."""
    first, last = reference.earliest, reference.latest
    if first is None or last is None or (first.year, first.month) != (last.year, last.month):
        return None
    behind = (first.month - atom.tokens[-1].number) % 12
    is_next = atom.tokens[0].kind == "N"
    return _shifted(reference, "month", 12 - behind if is_next else -(behind or 12))


_READERS = {
    "deictic": _deictic,
    "weekday": _weekday,
    "last month": _last_month,
    "ago": _ago,
    "past": _span,
    "last": _neighbour,
}
