"""The sentences of a document with the numbers that count something in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.documents import Block, Document
from marsad.extraction.counts import Count, read_counts
from marsad.extraction.dates import find_dates
from marsad.extraction.figure_words import figure_words
from marsad.extraction.found import FoundDate, FoundQuantity
from marsad.extraction.quantities import find_quantities
from marsad.model import Date

__all__ = ["CountedSentence", "counted_sentences"]

_CITATION = re.compile(r"\([^()\n]{0,300}?\b(?:1[89]|20)\d\d[a-z]?\b[^()\n]{0,200}\)")
_AUTHOR = re.compile(r"\(\s*(?:see|cf\.|e\.g\.,?)?\s*[^\W\d_a-z][^\W\d_]+[^()]{0,120}?,?\s+(?:1[89]|20)\d\d", re.DOTALL)
_LABEL = re.compile(
    r"\b(?:table|figure|fig\.|chapter|section|page|pages|p\.|pp\.|para|no\.|article|annex|phase)\s*$", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARLY = re.compile(r"\b(?:in|since|until|during|by|from)\s+$", re.IGNORECASE)
_PLURAL = re.compile(r"(?:\s+[^\W\d_-]+){0,2}\s+(?:[^\W\d_]{3,}s|people|men|women|children|personnel)\b")
_ITEM = re.compile(r"[.)]\s")
_BEFORE = 12
_LONGEST = 5000
_MOST = 60
"""A sentence that is longer, in characters, or has more numbers is a table or a list of data, and no prose."""


@dataclass(frozen=True, slots=True)
class CountedSentence:
    """A sentence with its numbers and dates.

    Attributes:
        start, end: its place in the text.
        block: the paragraph in which it stands.
        counts: its numbers, in order, with what they count.
        dates: its dates, in order, without those of citations.
        citations: its citations in brackets, as offsets.
    """

    start: int
    end: int
    block: Block
    counts: tuple[Count, ...]
    dates: tuple[FoundDate, ...]
    citations: tuple[tuple[int, int], ...]


def counted_sentences(document: Document, *, reference: Date | None = None) -> tuple[CountedSentence, ...]:
    """Every sentence of the running text with its numbers, reference lists, front matter and bare data left out.

    Args:
        document: the document.
        reference: date from which relative dates are reckoned.
    """
    dates = find_dates(document.text, reference=reference)
    quantities = find_quantities(document.text)
    return tuple(_sentences(document, dates, quantities))


def _sentences(
    document: Document, dates: Sequence[FoundDate], quantities: Sequence[FoundQuantity]
) -> Iterator[CountedSentence]:
    date_starts = [date.start for date in dates]
    quantity_starts = [quantity.start for quantity in quantities]
    skipped: dict[tuple[str, ...], bool] = {}
    for start, end in document.sentences:
        block = document.block_at(start)
        path = document.section_at(start)
        if block is None or end - start > _LONGEST or skipped.setdefault(path, _is_skipped(path)):
            continue
        citations = _citations(document.text, start, end)
        near = dates[bisect_left(date_starts, start) : bisect_left(date_starts, end)]
        within = quantities[bisect_left(quantity_starts, start) : bisect_left(quantity_starts, end)]
        own = tuple(date for date in near if not _is_in(date.start, citations))
        numbers = [found for found in within if _counts(document.text, found, own, citations)]
        if len(numbers) > _MOST:
            continue
        counts = read_counts(document.text, (start, end), numbers)
        yield CountedSentence(start, end, block, counts, own, citations)


def _is_skipped(path: Sequence[str]) -> bool:
    """Whether a section holds no statements of figures."""
    skipped = figure_words().skipped_sections
    return any(re.sub(r"^[\W\d_]+|[\W_]+$", "", heading.lower()) in skipped for heading in path)


def _citations(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The brackets of a sentence that hold a capitalised name and a year."""
    return tuple(
        (match.start(), match.end())
        for match in _CITATION.finditer(text, start, end)
        if _AUTHOR.match(text, match.start(), match.end())
    )


def _is_in(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in spans)


def _counts(text: str, found: FoundQuantity, dates: Sequence[FoundDate], citations: Sequence[tuple[int, int]]) -> bool:
    """Whether a number counts something: it is no rank, label, citation or part of a date."""
    if found.unit == "ordinal" or _is_in(found.start, citations):
        return False
    if any(date.start < found.number_end and found.number_start < date.end for date in dates):
        return False
    before = text[max(found.start - _BEFORE, 0) : found.start]
    if _YEAR.fullmatch(text, found.start, found.end) and (_YEARLY.search(before) or not _PLURAL.match(text, found.end)):
        return False
    is_item = _ITEM.match(text, found.end) and (found.start == 0 or text[found.start - 1] == "\n")
    return not is_item and _LABEL.search(before) is None
