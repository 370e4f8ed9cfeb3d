"""A whole that is split in the words after it: ``63 interviews, 38 in the north and 25 in the south``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from marsad.claims.audit.numbers import is_aside, printed, total_of
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.figure_words import figure_words
from marsad.model import Finding, Severity, joined, number_text

__all__ = ["check_splits"]

_PLACED = re.compile(
    r"\s+(?:each\s+)?(?:(?:was|were|are|is)\s+)?(?:in|at|near|on|from|with|by|for|to|elsewhere|abroad|held by)\b",
    re.IGNORECASE,
)
_FATE = re.compile(
    r"\s+(?:(?:was|were|have been|has been)\s+(?:killed|injured|wounded|released|freed|rescued|verified|closed)|"
    r"remains?\b|remained\b|survived\b|died\b|escaped\b|(?:is|are|was|were) (?:dead|missing|alive))",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"[:;(,—–]\s*(?:that is,?\s*|with\s+|namely,?\s*)?(?:the\s+|some\s+|about\s+)?"
    r"(?:of\s+(?:whom|which|these|them)\s+)?(?:the\s+|some\s+|about\s+)?$",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(?:in|at|by|for|from|on|near|to|with|during)\b", re.IGNORECASE)
_FULL = re.compile(r"[:—–]\s*$|\bnamely,?\s*$", re.IGNORECASE)
_REST = re.compile(r"\b(?:rest|remaining|remainder|others?|elsewhere)\b", re.IGNORECASE)
_OVERLAP = re.compile(
    r"\b(?:both|more than one|overlap\w*|as well as|some of whom|several kinds|each|twice|respectively|at least)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"[^.:]{0,110}?(?:,|;|\band\b|&)\s*(?:the\s+(?:other|remaining|rest|police)\s+)?[^.:]{0,60}", re.DOTALL
)
_OF_THOSE = re.compile(r"Of\s+(?:those|the)\s+(?P<fate>killed|injured|wounded|dead|detained|arrested|displaced)\b")
_FATES = {"killed": "killed", "dead": "killed", "injured": "injured", "wounded": "injured", "displaced": "displaced"}
_OF_THEM = re.compile(r"\s+of\s+(?:them|whom|these)\s+(?:were\s+)?[^\W\d_]")
_PAIRS = (({"women", "girls", "female"}, {"men", "boys", "male"}), ({"girls"}, {"boys"}))
_PLAIN = frozenset({"count", "persons"})
_JOINT = 140
_ROUGH = Decimal("0.12")

_RULE = "the parts into which a whole is split are together the whole"


@dataclass(frozen=True, slots=True)
class _Split:
    whole: Count
    parts: tuple[Count, ...]
    is_full: bool


def check_splits(
    document: Document, sentence: CountedSentence, before: CountedSentence | None = None
) -> Iterator[Finding]:
    """Yield the splits whose parts are together more than the whole, or less where they are said to be all of it.

    Args:
        document: the document.
        sentence: the sentence.
        before: the sentence before it in the same paragraph; its only count may be the whole.
    """
    text = document.text
    if _OVERLAP.search(text, sentence.start, sentence.end):
        return
    counts = [count for count in sentence.counts if count.unit != "percent" and not is_aside(text, count)]
    split = _across(text, counts, sentence, before) if before is not None else None
    splits = (_after(text, sentence, counts, at) for at in range(len(counts) - 2))
    split = split or next((found for found in splits if found), None)
    if split is not None:
        yield from _judged(document, split)


def _after(text: str, sentence: CountedSentence, counts: Sequence[Count], at: int) -> _Split | None:
    """The split that begins after a count of the same sentence."""
    whole, first = counts[at], counts[at + 1]
    if whole.unit not in _PLAIN or whole.partitive or _is_bare_part(text, whole, sentence.end):
        return None
    between = text[whole.noun_end : first.found.start]
    opened = _OPENS.search(between)
    if opened is None or len(between) > _JOINT or "." in between:
        return None
    if opened[0].lstrip().startswith(",") and "of" not in opened[0] and _WHERE.search(between):
        return None
    parts = _run(text, sentence.end, counts[at + 1 :], whole)
    if len(parts) < 2 or not _is_listed(text, parts) or any(_exceeds(part, whole) for part in parts):
        return None
    is_full = _FULL.search(between) is not None or _is_exhaustive(parts) or _has_rest(text, parts, sentence)
    return _Split(whole, parts, is_full)


def _across(text: str, counts: Sequence[Count], sentence: CountedSentence, before: CountedSentence) -> _Split | None:
    """The split of the only count of the sentence before: ``24 interviews were held. Ten were with officers, …``."""
    wholes = [count for count in before.counts if count.unit in _PLAIN and not count.partitive]
    pointed = _OF_THOSE.match(text, sentence.start)
    if pointed is not None:
        measure = _FATES.get(pointed["fate"], pointed["fate"])
        wholes = [count for count in wholes if count.measure == measure]
        if len(wholes) != 1 or len(counts) < 2:
            return None
        return _Split(wholes[0], tuple(counts), is_full=False) if _all_people(counts) else None
    if len(wholes) != 1 or len(counts) < 2 or not wholes[0].noun or wholes[0].found.unit in {"year", "month"}:
        return None
    parts = _run(text, sentence.end, counts, wholes[0])
    if len(parts) != len(counts) or not _is_listed(text, parts) or any(part.noun for part in parts):
        return None
    begins = parts[0].found.start == sentence.start
    if not (begins and not sentence.dates):
        return None
    return _Split(wholes[0], parts, is_full=True)


def _all_people(parts: Sequence[Count]) -> bool:
    """Whether the counts are of people of two or more classes that do not overlap by their nouns."""
    people = figure_words().people
    return all(part.noun in people and part.unit in _PLAIN for part in parts) and len({part.noun for part in parts}) > 1


def _run(text: str, end: int, counts: Sequence[Count], whole: Count) -> tuple[Count, ...]:
    """The counts after a whole that read as its parts, to the first that does not."""
    parts: list[Count] = []
    for count in counts:
        if count.unit not in _PLAIN or count.found.unit != whole.found.unit or count.partitive:
            break
        if parts and not _LINK.fullmatch(text, parts[-1].found.end, count.found.start):
            break
        goes_on = bool(parts) and count.noun in figure_words().people and _is_of_them(text, parts[0])
        if not (_is_part(text, count, whole, end) or goes_on):
            break
        parts.append(count)
    return tuple(parts)


def _is_of_them(text: str, count: Count) -> bool:
    """Whether a count is told as a part: ``49 of them gendarmes``."""
    return _OF_THEM.match(text, count.found.end) is not None


def _is_part(text: str, count: Count, whole: Count, end: int) -> bool:
    """Whether a count says where or who its share of the whole is, and counts no other thing."""
    after = text[count.found.end : min(count.found.end + 40, end)]
    if _is_of_them(text, count) and whole.noun in figure_words().people:
        return True
    if _PLACED.match(after) or (_FATE.match(after) and not count.measure):
        return True
    if not count.noun and not count.measure:
        return False
    if count.noun and count.noun == whole.noun:
        return _PLACED.match(text[count.noun_end : min(count.noun_end + 40, end)]) is not None
    if not count.noun:
        return _FATE.match(after) is not None and (not whole.effect[1] or whole.measure in {"prisoners", count.measure})
    is_sexed = any(count.noun in side for pair in _PAIRS for side in pair)
    return is_sexed and whole.measure in {"", count.measure, "prisoners", "killed", "injured"}


def _is_bare_part(text: str, count: Count, end: int) -> bool:
    """Whether a count names nothing that it counts and reads as a part itself: ``twelve were with officers``."""
    after = text[count.found.end : min(count.found.end + 40, end)]
    return not (count.noun or count.measure) and _PLACED.match(after) is not None


def _is_listed(text: str, parts: Sequence[Count]) -> bool:
    """Whether the last part is joined with ``and``, or all are parted by semicolons."""
    links = [text[one.found.end : two.found.start] for one, two in pairwise(parts)]
    return re.search(r"\band\b|&", links[-1]) is not None or all(";" in link for link in links)


def _is_exhaustive(parts: Sequence[Count]) -> bool:
    """Whether the parts are women and men, or girls and boys."""
    if len(parts) != 2:
        return False
    nouns = [{part.noun} for part in parts]
    return any((nouns[0] <= one and nouns[1] <= two) or (nouns[0] <= two and nouns[1] <= one) for one, two in _PAIRS)


def _exceeds(part: Count, whole: Count) -> bool:
    return whole.found.quantity.is_below(part.found.quantity)


def _has_rest(text: str, parts: Sequence[Count], sentence: CountedSentence) -> bool:
    return _REST.search(text, parts[-2].found.end, min(sentence.end, parts[-1].found.end + 20)) is not None


def _judged(document: Document, split: _Split) -> Iterator[Finding]:
    low, high = total_of(split.parts)
    whole = split.whole.found.quantity
    if low is None or whole.text[0] in "<>" or any(part.found.quantity.text[0] in "<>" for part in split.parts):
        return
    values = (whole, *(part.found.quantity for part in split.parts))
    centre = whole.best if whole.best is not None else whole.high
    if centre is None:
        return
    slack = abs(centre) * _ROUGH if any(value.text[0] == "~" for value in values) else Decimal(0)
    is_over = low > centre + slack
    is_under = split.is_full and high is not None and high < centre - slack
    if not (is_over or is_under):
        return
    text = document.text
    total = number_text(low)
    yield textual_finding(
        document,
        kind="parts-do-not-add-up",
        severity=Severity.ERROR,
        title=f"{' + '.join(printed(text, part) for part in split.parts)} = {total}, not {printed(text, split.whole)}",
        message=(
            f"The parts {joined([printed(text, part) for part in split.parts])} make {total}, "
            f"but the whole is given as “{' '.join(text[split.whole.found.start : split.whole.noun_end].split())}”."
        ),
        spans=[(each.start, each.end) for each in (split.whole, *split.parts)],
        rule=_RULE,
    )
