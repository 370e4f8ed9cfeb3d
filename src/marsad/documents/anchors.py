"""Anchors: a quote with the words around it and its offsets, found again after the text has changed.

An anchor is a selector of the W3C Web Annotation data model: TextQuoteSelector (exact, prefix, suffix) and
TextPositionSelector (start, end). It is looked for in three ways, the surest first: verbatim; the same words in another
setting (white space, quotation marks, hyphens); edited words, only where the words around them still stand. Where none
succeeds the quote is gone, and the answer is None: a near sentence elsewhere is not taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from marsad.documents.folding import fold_print
from marsad.errors import InputError

__all__ = ["CONTEXT", "SIMILAR", "Anchor", "Found", "FoundHow", "find_anchor", "make_anchor"]

CONTEXT = 32
"""Characters kept on either side of the quote."""

SIMILAR = 0.8
"""Least similarity (normalised indel similarity, 0 to 1) at which other words are taken for the quote, edited."""

# Least similarity of the words on one side for the place to be known by them.
_KNOWN_SIDE = 0.75
_KNOWN_ALONE = 0.9
_FEWEST_KNOWN = 8
# A word this long does not stand at its old offsets by chance.
_SHORTEST_WORD = 4
# A quote this long is known by its own words where they stand once only.
_LONG = 24
# Shorter quotes, and longer ones, are not looked for once edited: too little to know them by, too slow to align.
_SHORTEST_EDITED = 12
_LONGEST_EDITED = 8_000
_NEAR = 20_000
_MOST_PLACES = 300
_SEEDS = 24
_NUMBER = re.compile(r"\d+")
# Without those that the end of the context may cut.
_WHOLE_NUMBER = re.compile(r"(?<=[^\d])\d+(?=[^\d])")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a text that can be found again.

    Attributes:
        exact: the words, verbatim.
        prefix, suffix: what stands directly before and after them.
        start, end: offsets in code points when the anchor was made, half-open.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


class FoundHow(StrEnum):
    """How an anchor was found."""

    SAME_PLACE = "same place"
    MOVED = "moved"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Found:
    """Where an anchor stands in a text.

    Attributes:
        start, end: the place.
        how: at its old offsets; elsewhere with the same words (white space and typographic marks aside); or edited.
        score: how well quote and context agree, from 0 to 1; 1 where both are as they were.
    """

    start: int
    end: int
    how: FoundHow
    score: float


def make_anchor(text: str, start: int, end: int) -> Anchor:
    """Anchor a span of a text.

    Raises:
        InputError: the span is not within the text.
    """
    if not 0 <= start <= end <= len(text):
        raise InputError(f"the span {start}-{end} is not within the text of {len(text)} characters")
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(text[start:end], prefix, suffix, start, end)


def find_anchor(text: str, anchor: Anchor) -> Found | None:
    """Find an anchor in a text that may have changed since; None where the quote is gone or cannot be told apart.

    Near-linear in the text: a fixed number of substring searches and alignments of bounded size.
    """
    if found := _verbatim(text, anchor):
        return found
    begin, end = max(0, anchor.start - _NEAR), min(len(text), anchor.end + _NEAR)
    for first, last in dict.fromkeys([(begin, end), (0, len(text))]):
        if first < last and (found := _in_other_setting(text[first:last], anchor, first)):
            return found
    return None


def _verbatim(text: str, anchor: Anchor) -> Found | None:
    """The same words, best where the context is the same too."""
    if text.startswith(anchor.exact, anchor.start) and _context(text, anchor, anchor.start) == (1, 1):
        return Found(anchor.start, anchor.end, FoundHow.SAME_PLACE, 1.0)
    ranked = sorted(
        (_rank(text, anchor, at) for at in set(_places(text, anchor))),
        key=lambda place: (-place[0], abs(place[1] - anchor.start), place[1]),
    )
    if not ranked:
        return None
    score, at = ranked[0]
    exact = anchor.exact
    only = len(exact) >= _LONG and text.find(exact, text.find(exact) + 1) < 0
    if not (only or _is_known(text, anchor, at)):
        if len(exact) < _SHORTEST_WORD or not text.startswith(exact, anchor.start):
            return None
        score, at = _rank(text, anchor, anchor.start)
    how = FoundHow.SAME_PLACE if at == anchor.start else FoundHow.MOVED
    return Found(at, at + len(exact), how, (1 + score) / 2)


def _rank(text: str, anchor: Anchor, at: int) -> tuple[float, int]:
    return sum(_context(text, anchor, at)) / 2, at


def _is_known(text: str, anchor: Anchor, at: int) -> bool:
    """Whether the quote stands between its own words: all that is known of it, or on one side at least."""
    whole = anchor.prefix + anchor.exact + anchor.suffix
    if len(whole) > _FEWEST_KNOWN and at >= len(anchor.prefix) and text.startswith(whole, at - len(anchor.prefix)):
        return True
    before, after = _context(text, anchor, at)
    left = before >= _KNOWN_SIDE and len(anchor.prefix) >= _FEWEST_KNOWN
    right = after >= _KNOWN_SIDE and len(anchor.suffix) >= _FEWEST_KNOWN
    return left or right


def _places(text: str, anchor: Anchor) -> Iterator[int]:
    """Where the words may stand: with their context anywhere, on their own near the old place and then anywhere."""
    exact = anchor.exact
    for before in (anchor.prefix, anchor.prefix[-12:], ""):
        for after in (anchor.suffix, anchor.suffix[:12], ""):
            needle = before + exact + after
            many = _MOST_PLACES if before or after else 2 * _MOST_PLACES
            for at in islice(_occurrences(text, needle, max(0, anchor.start - _NEAR)), many if needle else 0):
                yield at + len(before)


def _occurrences(text: str, needle: str, begin: int) -> Iterator[int]:
    """Every occurrence from an offset on, then those before it."""
    at = text.find(needle, begin)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)
    at = text.find(needle, 0, begin + len(needle) - 1)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1, begin + len(needle) - 1)


def _context(text: str, anchor: Anchor, start: int, end: int | None = None) -> tuple[float, float]:
    """How like the words before and after a place are to those of the anchor.

    An anchor without words on a side stood at the beginning or end of its text.
    """
    end = start + len(anchor.exact) if end is None else end
    before = text[max(0, start - (len(anchor.prefix) or CONTEXT)) : start]
    after = text[end : end + (len(anchor.suffix) or CONTEXT)]
    return _similarity(before, anchor.prefix), _similarity(after, anchor.suffix)


def _similarity(a: str, b: str) -> float:
    if a == b:
        return 1.0
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - most texts are unchanged

    return Indel.normalized_similarity(a, b)


def _in_other_setting(text: str, anchor: Anchor, first: int) -> Found | None:
    """The words in another setting, or edited, in a stretch of the text that begins at ``first``."""
    folded = fold_print(text)
    exact = fold_print(anchor.exact).text
    if not exact.strip():
        return None
    alike = Anchor(
        exact=exact,
        prefix=fold_print(anchor.prefix).text,
        suffix=fold_print(anchor.suffix).text,
        start=max(0, anchor.start - first),
        end=max(0, anchor.start - first) + len(exact),
    )
    found = _verbatim(folded.text, alike) or _edited(folded.text, alike)
    if found is None:
        return None
    start, end = folded.origin(found.start, found.end)
    how = found.how
    if how is not FoundHow.EDITED:
        how = FoundHow.SAME_PLACE if first + start == anchor.start else FoundHow.MOVED
    return Found(first + start, first + end, how, found.score)


def _edited(text: str, anchor: Anchor) -> Found | None:
    """The place where edited words stand between words that are known."""
    size = len(anchor.exact)
    if not _SHORTEST_EDITED <= size <= _LONGEST_EDITED:
        return None
    pad = size // 4 + 2 * CONTEXT
    best: Found | None = None
    for guess in _guesses(text, anchor):
        begin = max(0, guess - pad)
        window = text[begin : guess + size + pad]
        start, end, alike = _aligned(window, anchor)
        sides = _context(window, anchor, start, end)
        score = (2 * alike + sum(sides)) / 4
        if alike >= SIMILAR and _holds(window, anchor, start, end) and (best is None or score > best.score):
            best = Found(begin + start, begin + end, FoundHow.EDITED, score)
    return best


def _holds(window: str, anchor: Anchor, start: int, end: int) -> bool:
    """Whether edited words stand between words that are known, and not in another sentence of the same pattern.

    Sentences of a pattern differ in their numbers: those of the quote or those beside it must have stayed.
    """
    sides = [
        (alike, now, then)
        for alike, now, then in zip(
            _context(window, anchor, start, end),
            (window[max(0, start - CONTEXT) : start], window[end : end + CONTEXT]),
            (anchor.prefix, anchor.suffix),
            strict=True,
        )
        if len(then) >= _FEWEST_KNOWN and alike >= _KNOWN_SIDE
    ]
    known = len(sides) == 2 or any(alike >= _KNOWN_ALONE for alike, _, _ in sides)
    stayed = _NUMBER.findall(anchor.exact)
    same = bool(stayed) and stayed == _NUMBER.findall(window[start:end])
    return known and (same or all(_WHOLE_NUMBER.findall(now) == _WHOLE_NUMBER.findall(then) for _, now, then in sides))


def _guesses(text: str, anchor: Anchor) -> list[int]:
    """The likeliest beginnings of the edited words: those that most of their pieces and of their context point to."""
    size = len(anchor.exact)
    piece = min(16, max(6, size // 8))
    steps = range(0, max(1, size - piece + 1), max(piece, size // _SEEDS))
    pieces = [(at, anchor.exact[at : at + piece]) for at in steps]
    pieces += [(-len(part), part) for part in (anchor.prefix, anchor.prefix[-12:]) if part]
    pieces += [(size, part) for part in (anchor.suffix, anchor.suffix[:12]) if part]
    cell = max(32, size // 8)
    votes: dict[int, list[int]] = {}
    for offset, part in pieces:
        for at in islice(_occurrences(text, part, max(0, anchor.start - _NEAR)), 50):
            votes.setdefault((at - offset) // cell, []).append(at - offset)
    likeliest = sorted(votes, key=lambda key: (-len(votes[key]), abs(key * cell - anchor.start)))[:6]
    return [max(0, sorted(votes[key])[len(votes[key]) // 2]) for key in likeliest]


def _aligned(window: str, anchor: Anchor) -> tuple[int, int, float]:
    """The span of the window most like the quote, and how like it is."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - needed for edited words only
    from rapidfuzz.distance import Indel  # noqa: PLC0415

    blocks = [block for block in Indel.opcodes(anchor.exact, window).as_matching_blocks() if block.size > 2]
    starts, ends = {0}, {len(window)}
    if blocks:
        starts.add(max(0, blocks[0].b - blocks[0].a))
        starts.add(blocks[0].b)
        last = blocks[-1]
        ends |= {last.b + last.size, min(len(window), last.b + len(anchor.exact) - last.a)}
    if rough := fuzz.partial_ratio_alignment(anchor.exact, window):
        starts.add(rough.dest_start)
        ends.add(rough.dest_end)
    for tail in (anchor.prefix[-12:], anchor.prefix[-6:]):
        if tail and (at := window.find(tail)) >= 0:
            starts.add(at + len(tail))
    for head in (anchor.suffix[:12], anchor.suffix[:6]):
        if head and (at := window.rfind(head)) >= 0:
            ends.add(at)
    spans = [(start, end) for start in starts for end in ends if start < end]

    def likeness(span: tuple[int, int]) -> tuple[float, float, int]:
        alike = Indel.normalized_similarity(anchor.exact, window[slice(*span)])
        return alike + 0.2 * sum(_context(window, anchor, *span)), alike, -span[0]

    best = max(spans, key=likeness)
    return *best, Indel.normalized_similarity(anchor.exact, window[slice(*best)])
