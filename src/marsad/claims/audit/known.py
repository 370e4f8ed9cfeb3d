"""Events that a text names without their day, though it is known: no older source tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from marsad.documents import Document
from marsad.documents.shipped import shipped_rows
from marsad.extraction import Proposal
from marsad.model import Date

__all__ = ["known_events", "told_elsewhere"]


def known_events(document: Document) -> Iterator[tuple[int, int, Date]]:
    """Where the running text names a well-known event, and when that was (its first day); in order for each block.

    The list stands in ``known_events.csv``: events of common knowledge, named by words that mean no other.
    """
    pattern, dates = _known()
    for block in document.running():
        for match in pattern.finditer(document.text, block.start, block.end):
            yield match.start(), match.end(), dates[str(match.lastgroup)]


def told_elsewhere(document: Document, incidents: Iterable[Proposal]) -> Iterator[tuple[int, int, Date]]:
    """Where an incident is told to the year at most, and on what day it was by another mention of the same event.

    The words are those of the sentence around its deed, up to a bracket. Mentions that disagree on the day say nothing.
    """
    groups: dict[str, list[Proposal]] = {}
    for incident in incidents:
        groups.setdefault(incident.event, []).append(incident)
    for mentions in groups.values():
        days = {day for mention in mentions for day in mention.values("date") if Date.parse(day).is_day}
        if len(days) != 1:
            continue
        day = Date.parse(days.pop())
        for mention in mentions:
            told = [Date.parse(date) for date in mention.values("date")]
            deed = next((slot.start for slot in mention.slots if slot.name == "deed" and slot.start < slot.end), None)
            if deed is not None and all(date.precision == "year" and date.contains(day) for date in told):
                yield *_clause(document, deed), day


def _clause(document: Document, offset: int) -> tuple[int, int]:
    """The words of a sentence around an offset that stand between brackets."""
    start, end = document.sentence_at(offset) or (offset, offset + 1)
    before, behind = document.text[start:offset], document.text[offset:end]
    begin = start + max(before.rfind("("), before.rfind(")")) + 1
    words = document.text[begin : offset + len(behind.partition("(")[0])]
    begin += len(words) - len(words.lstrip())
    return begin, begin + len(words.strip())


@cache
def _known() -> tuple[re.Pattern[str], dict[str, Date]]:
    rows = list(shipped_rows("marsad.claims.audit", "known_events.csv"))
    parts = (rf"(?P<e{number}>\b(?:{row['pattern']})\b)" for number, row in enumerate(rows))
    dates = {f"e{number}": Date.parse(row["date"]) for number, row in enumerate(rows)}
    return re.compile("|".join(parts), re.IGNORECASE), dates
