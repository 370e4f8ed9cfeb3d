"""The dateline of a news story: where and when it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from marsad.extraction.dates import find_dates
from marsad.model import Date

__all__ = ["Dateline", "read_dateline"]

_LINE = re.compile(
    r"\s*(?P<place>[^\W\d_][^,()\n\d]{1,40}?)\s*(?:\((?P<country>[^()\d]{3,30})\))?,\s*"
    r"(?P<date>[^()\n]{3,30}?)\s*(?:\((?P<source>[^()]{2,60})\))?\s*(?:--|—|–)\s"
)
_REMARK = re.compile(r"\s*\[[^\[\]]{1,250}\]")


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when a story was written.

    Attributes:
        place: the town, as printed.
        country: the country in brackets; empty where none is given.
        date: the day; None where none is given.
        source: agency or station.
        end: where the running text begins, after remarks in square brackets.
    """

    place: str
    country: str
    date: Date | None
    source: str
    end: int


def read_dateline(text: str) -> Dateline | None:
    """The dateline at the start of a text (``LIMA, 3 JAN 90 (EFE) -- [TEXT]``); None where there is none."""
    found = _LINE.match(text[:300])
    if found is None:
        return None
    day = find_dates(_with_century(found["date"]))
    if not day and found["date"].upper() != "NO DATE":
        return None
    end = found.end()
    while remark := _REMARK.match(text, end):
        end = remark.end()
    dates = [each.date for each in day if each.date is not None]
    return Dateline(
        found["place"].strip(),
        (found["country"] or "").strip(),
        dates[0] if dates else None,
        found["source"] or "",
        end,
    )


def _with_century(text: str) -> str:
    """``3 JAN 90`` as ``3 JAN 1990``; news agencies write the year with two digits."""
    return re.sub(r"(?<=[A-Za-z.]\s)(\d\d)$", lambda year: ("19" if year[1] >= "40" else "20") + year[1], text.strip())
