"""Dates with their own precision: a subset of EDTF (ISO 8601-2:2019, levels 0 and 1, and quarters).

Accepted::

    2022             a year                  199X, 18XX       a decade, a century
    2022-04          a month                 2022-04-XX       some day of that month
    2022-04-16       a day                   2022-XX-XX       some day of that year
    2024-21 .. -24   spring, summer, autumn, winter (northern, by whole months; winter ends in the next year)
    2024-33 .. -36   the four quarters
    2022-07~         approximate             2022-07?         uncertain          2022-07%   both
    2021-08/2024-06  an interval             2021-08/..  and  ../2021-12         open ends
    ..               not yet: the end of what still goes on

The day that a source does not give is never invented: ``2022-04`` stands for some time in April 2022.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from marsad.errors import ParseError
from marsad.model.text import Agreement, TextValue, quoted

__all__ = ["Date"]

_POINT = re.compile(r"(?P<year>\d{2}XX|\d{3}X|\d{4})(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<mark>[~?%])?")
_SEASONS = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3), 33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3)}
_PRECISIONS = ("day", "month", "season", "year", "decade", "century")
_SLACK = {"day": 3, "month": 31, "season": 92, "year": 366, "decade": 3653, "century": 36525}
"""How many days an approximate date reaches beyond its bounds: one unit of its precision (three days for a day)."""


@dataclass(frozen=True, slots=True)
class _Point:
    """One end of an interval, or a date that is no interval."""

    text: str
    earliest: date
    latest: date
    precision: str
    mark: str


@dataclass(frozen=True, slots=True)
class Date(TextValue):
    """A date or an interval as a source gives it.

    Attributes:
        text: the EDTF form.
        earliest: first day that it may mean, widened where it is approximate; None where its start is open or unknown.
        latest: last day that it may mean; None where its end is open or unknown.
        precision: the coarser of its ends: day, month, season, year, decade or century; ``open`` for ``../..``.
    """

    text: str
    earliest: date | None
    latest: date | None
    precision: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read EDTF; raises ``ParseError`` that says what is wrong."""
        if text.count("/") > 1:
            raise ParseError(f"{quoted(text)} is not a date: more than one '/'")
        if text == "..":
            return cls(text, None, None, "open")
        if "/" not in text:
            point = _parse_point(text)
            return cls(text, *_reach(point), point.precision)
        left, right = (None if end in ("", "..") else _parse_point(end) for end in text.split("/"))
        earliest = _reach(left)[0] if left else None
        latest = _reach(right)[1] if right else None
        if left and right and left.earliest > right.latest:
            raise ParseError(f"{quoted(text)} ends before it begins")
        precisions = [point.precision for point in (left, right) if point]
        return cls(text, earliest, latest, max(precisions, key=_PRECISIONS.index, default="open"))

    def __str__(self) -> str:
        """The EDTF form."""
        return self.text

    @property
    def is_interval(self) -> bool:
        """Whether it is written as an interval."""
        return "/" in self.text

    @property
    def is_day(self) -> bool:
        """Whether it names exactly one day."""
        return self.earliest is not None and self.earliest == self.latest

    @property
    def sort_key(self) -> tuple[date, date, str]:
        """Order by first day, then by last day, then by text; open starts first, open ends last."""
        return (self.earliest or date.min, self.latest or date.max, self.text)

    def compare(self, other: Date | None) -> Agreement:
        """Whether two reports of one date agree.

        Equal: the same text. Compatible: some day lies within both. Conflicting: none does.
        Unknown: there is no other date, or one of them has neither a first nor a last day.
        """
        if other is None or self._is_unbounded or other._is_unbounded:
            return Agreement.UNKNOWN
        if self.text == other.text:
            return Agreement.EQUAL
        return Agreement.COMPATIBLE if self.overlaps(other) else Agreement.CONFLICTING

    def overlaps(self, other: Date) -> bool:
        """Whether some day lies within both; open ends reach without limit."""
        return not (self.is_before(other) or other.is_before(self))

    def is_before(self, other: Date) -> bool:
        """Whether it certainly ended before the other began."""
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    def contains(self, other: Date) -> bool:
        """Whether every day of the other certainly lies within this one."""
        starts = self.earliest is None or (other.earliest is not None and self.earliest <= other.earliest)
        ends = self.latest is None or (other.latest is not None and other.latest <= self.latest)
        return starts and ends

    @property
    def _is_unbounded(self) -> bool:
        return self.earliest is None and self.latest is None


def _parse_point(text: str) -> _Point:
    match = _POINT.fullmatch(text)
    if match is None or not text.isascii():
        raise ParseError(f"{quoted(text)} is not an EDTF date (such as 2022, 2022-04, 2022-04-16, 2021-08/2024-06)")
    year, month, day, mark = match["year"], match["month"], match["day"], match["mark"] or ""
    if "X" in year and month is not None and (month, day) not in (("XX", None), ("XX", "XX")):
        raise ParseError(f"{quoted(text)} gives a month of an unspecified year")
    if month == "XX" and day not in (None, "XX"):
        raise ParseError(f"{quoted(text)} gives a day of an unspecified month")
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first == 0:
        raise ParseError(f"{quoted(text)} has the year 0, which does not exist here")
    if month is None or month == "XX":
        precision = {0: "year", 1: "decade", 2: "century"}[year.count("X")]
        return _Point(text, date(first, 1, 1), date(last, 12, 31), precision, mark)
    earliest, latest, precision = _within_year(text, first, int(month), day)
    return _Point(text, earliest, latest, precision, mark)


def _within_year(text: str, year: int, month: int, day: str | None) -> tuple[date, date, str]:
    """Bounds and precision of a season, a month or a day."""
    if month in _SEASONS and day is None:
        start, length = _SEASONS[month]
        end_year, end_month = divmod(year * 12 + start - 1 + length - 1, 12)
        if end_year > 9999:
            raise ParseError(f"{quoted(text)} lies beyond the year 9999")
        return date(year, start, 1), _month_end(end_year, end_month + 1), "season"
    if not 1 <= month <= 12:
        raise ParseError(f"{quoted(text)} has no month {month:02d}")
    if day is None or day == "XX":
        return date(year, month, 1), _month_end(year, month), "month"
    if not 1 <= int(day) <= calendar.monthrange(year, month)[1]:
        raise ParseError(f"{quoted(text)} does not exist: {year}-{month:02d} has no day {day}")
    exact = date(year, month, int(day))
    return exact, exact, "day"


def _reach(point: _Point) -> tuple[date, date]:
    """Bounds, widened where the date is marked approximate."""
    if point.mark not in ("~", "%"):
        return point.earliest, point.latest
    slack = timedelta(days=_SLACK[point.precision])
    earliest = point.earliest - slack if point.earliest - date.min > slack else date.min
    latest = point.latest + slack if date.max - point.latest > slack else date.max
    return earliest, latest


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
