"""Days that are told from one another: ``On 26 September … Four days later, on 30 September``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from marsad.claims.audit.scope import number_of
from marsad.claims.audit.timeline import Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.extraction.found import FoundDate
from marsad.model import Finding, Severity, date_text

__all__ = ["check_later"]

_LATER = re.compile(
    r"(?<![\w-])(?P<hedge>(?:about|some|around|almost|nearly|more than|over|only|just|barely)\s+)?"
    r"(?P<count>a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\s+"
    r"(?P<unit>day|week|month|year)s?\s+(?P<way>later|earlier|before)\s*[,(]?\s*(?:that is,?\s*)?on\s+$",
    re.IGNORECASE,
)
_DAYS = {"day": (1.0, 1.0), "week": (7.0, 3.0), "month": (30.44, 16.0), "year": (365.25, 190.0)}
_LOOSE = 2.0
_BACK = 3

_RULE = "days told from one another lie as far apart as the text says"


def check_later(times: Timeline) -> Iterator[Finding]:
    """Yield the days that are not so far from any day told before them in the paragraph as the words say."""
    for at, sentence in enumerate(times.sentences):
        for found in sentence.certain:
            if found.date is None or not found.date.is_day or found.date.earliest is None:
                continue
            lead = sentence.text[max(found.start - sentence.start - 50, 0) : found.start - sentence.start]
            match = _LATER.search(lead)
            if match is None:
                continue
            bases = list(_bases(times, at, sentence, found))
            days = [base.date.earliest for base in bases if base.date and base.date.earliest]
            if days and not any(_fits(match, day, found.date.earliest) for day in days):
                yield _finding(times, match, bases[-1], found)


def _bases(times: Timeline, at: int, sentence: Sentence, found: FoundDate) -> Iterator[FoundDate]:
    """The days before a date in its paragraph, the nearest last."""
    for earlier in times.sentences[max(at - _BACK, 0) : at]:
        if earlier.block == sentence.block:
            yield from (one for one in earlier.certain if one.date and one.date.is_day)
    yield from (one for one in sentence.certain if one.end <= found.start and one.date and one.date.is_day)


def _fits(match: re.Match[str], base: date, day: date) -> bool:
    count = 1 if match["count"].lower() in {"a", "an"} else number_of(match["count"]) or 0
    length, slack = _DAYS[match["unit"].lower()]
    sign = 1 if match["way"].lower() == "later" else -1
    due = base + timedelta(days=sign * count * length)
    return abs((day - due).days) <= slack * (_LOOSE if match["hedge"] else 1)


def _finding(times: Timeline, match: re.Match[str], base: FoundDate, found: FoundDate) -> Finding:
    words = " ".join(match[0].split()).removesuffix(" on").strip(" ,(")
    first = date_text(base.date) if base.date else ""
    second = date_text(found.date) if found.date else ""
    return textual_finding(
        times.document,
        kind="interval-does-not-follow",
        severity=Severity.ERROR,
        title=f"{second} is not “{words}”",
        message=f"{second} is told as “{words}”, but the day before it in the text is {first}.",
        spans=[(base.start, base.end), (found.start, found.end)],
        rule=_RULE,
    )
