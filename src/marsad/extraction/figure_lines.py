"""Which places a border or another line runs between."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from marsad.extraction.counted import CountedSentence
from marsad.extraction.found import FoundName
from marsad.extraction.proposal import Slot

__all__ = ["ends_of_line", "lines_between"]

_AND = re.compile(r"\s+and\s+(?:the\s+)?")
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_LINE_BETWEEN = re.compile(
    r"\b(?:border|frontier|boundary|fence|wall)\s+(?:\w+\s+){0,2}?between\s+(?:the\s+)?$", re.IGNORECASE
)
_LINE_WITH = re.compile(r"\b(?:border|frontier|boundary)\s+with\s+(?:the\s+)?$", re.IGNORECASE)
_NEAR = 60


def ends_of_line(
    text: str, names: Sequence[FoundName], sentence: CountedSentence, *, lines: frozenset[frozenset[str]]
) -> tuple[Slot, ...]:
    """The two places between which a line runs, in the sentence or before it in the paragraph.

    Where the sentence names one of them only, ``the border with A``, the other is that of the only line with that place
    in the document.

    Args:
        text: the canonical text.
        names: the places of the document, in order.
        sentence: the sentence.
        lines: the lines of the document, as ``lines_between`` gives them.

    Returns:
        Slots of the area; the place in the sentence alone where the other is not known.
    """
    first = bisect_left(names, sentence.block.start, key=lambda name: name.start)
    places = names[first : bisect_left(names, sentence.end, lo=first, key=lambda name: name.start)]
    for place, other in reversed(list(pairwise(places))):
        if _are_joined(text, place, other, _BETWEEN):
            ends = sorted((place, other), key=lambda each: each.id)
            return tuple(_slot(text, each.id, (each.start, each.end), "ends of the line") for each in ends)
    own = [place for place in places if place.start >= sentence.start][:1]
    named = tuple(_slot(text, each.id, (each.start, each.end), "place in the sentence") for each in own)
    if not own or not _LINE_WITH.search(text[max(own[0].start - _NEAR, sentence.start) : own[0].start]):
        return named
    pairs = [pair for pair in lines if own[0].id in pair]
    if len(pairs) != 1:
        return named
    (other_id,) = pairs[0] - {own[0].id}
    at = own[0].start
    rest = _slot(text, other_id, (at, at), "the only line with that place in the document")
    return tuple(sorted((*named, rest), key=lambda each: each.value))


def lines_between(text: str, names: Sequence[FoundName]) -> frozenset[frozenset[str]]:
    """The pairs of places between which the document has a line: ``the border between A and B``."""
    return frozenset(
        frozenset((one.id, two.id))
        for one, two in pairwise(names)
        if one.id != two.id and _are_joined(text, one, two, _LINE_BETWEEN)
    )


def _are_joined(text: str, one: FoundName, two: FoundName, before: re.Pattern[str]) -> bool:
    is_pair = one.end <= two.start <= one.end + _NEAR and _AND.fullmatch(text, one.end, two.start) is not None
    return is_pair and before.search(text[max(one.start - _NEAR, 0) : one.start]) is not None


def _slot(text: str, place: str, span: tuple[int, int], rule: str) -> Slot:
    return Slot(name="area", value=place, start=span[0], end=span[1], text=text[span[0] : span[1]], rule=rule)
