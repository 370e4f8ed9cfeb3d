"""The sentences of a manuscript with the dates that they give, and how dates are told to a person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marsad.claims.audit.scope import divide
from marsad.documents import BlockKind, Document
from marsad.extraction.dates import find_dates
from marsad.extraction.found import FoundDate

__all__ = ["MOST", "Sentence", "Timeline", "last_day", "timeline"]

MOST = 300
"""How many things of one kind are compared with one another, so that a hostile text takes no longer than its length."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the body.

    Attributes:
        text: its words.
        start, end: its place in the canonical text.
        block: number of its block among those of the body.
        dates: the dates in it, with places in the canonical text.
    """

    text: str
    start: int
    end: int
    block: int
    dates: tuple[FoundDate, ...]

    @property
    def certain(self) -> tuple[FoundDate, ...]:
        """The dates that are known without a reference date and have both ends."""
        return tuple(
            found
            for found in self.dates
            if found.date is not None and not found.relative and found.date.earliest and found.date.latest
        )


@dataclass(frozen=True, slots=True)
class Timeline:
    """The sentences of the body in order.

    Attributes:
        document: the document.
        sentences: the sentences.
        dates: all dates of the document, in order.
        end: last day that the body speaks of as past, by its dates with a month; None where it has too few.
    """

    document: Document
    sentences: tuple[Sentence, ...]
    dates: tuple[FoundDate, ...]
    end: date | None


def timeline(document: Document, *, dates: Sequence[FoundDate] | None = None) -> Timeline:
    """Read the dates of a document, sentence by sentence.

    Args:
        document: the document.
        dates: its dates, where they have been found already.
    """
    every = find_dates(document.text) if dates is None else dates
    found = tuple(one for one in every if not _is_cited(document.text, one))
    starts = [one.start for one in found]
    blocks = [block for block in divide(document).body if block.kind is not BlockKind.ROW]
    block_starts = [block.start for block in blocks]
    sentences = []
    for start, end in document.sentences:
        at = bisect_left(block_starts, start + 1) - 1
        if at >= 0 and end <= blocks[at].end:
            own = found[bisect_left(starts, start) : bisect_left(starts, end)]
            sentences.append(Sentence(document.text[start:end], start, end, at, own))
    return Timeline(document, tuple(sentences), found, last_day(sentences))


def _is_cited(text: str, found: FoundDate) -> bool:
    """Whether a date is that of a source: the year in ``(Author, 2023)`` or ``Author (2023)``."""
    if found.date is None or found.date.is_interval:
        return False
    before, after = text[max(0, found.start - 160) : found.start], text[found.end : found.end + 80]
    opened = before.rfind("(")
    if opened < 0 or ")" in before[opened:] or ")" not in after:
        return False
    words = before[opened + 1 :]
    is_alone = (
        not words.strip()
        and bool(re.match(r"[a-z]?(?:, p+\. ?\d+)?\)", after))
        and bool(re.search(r"[^\W\d_]\s*\($", before))
    )
    is_author = bool(re.match(r"(?:see |e\.g\.,? |cf\. )?[^\W\d_]", words)) and bool(
        re.search(r"(?:,|\bal\.|[.;&])\s*$|^[A-Z][\w-]+\s+$", words)
    )
    return is_alone or (is_author and found.date.precision in ("year", "day", "month"))


def last_day(sentences: Sequence[Sentence]) -> date | None:
    """The last day of the third latest date that is given to the month or day, at least: one slip does not move it."""
    days = sorted(
        found.date.latest
        for sentence in sentences
        for found in sentence.certain
        if found.date and found.date.latest and found.date.precision in ("day", "month") and not found.date.is_interval
    )
    return days[-2] if len(days) >= 4 else None
