"""A source published before the event that it is cited for.

What a citation supports is the sentence in which it stands, from the citation before it to the end or to the next one;
of a citation in brackets, more loosely, also the sentences of the paragraph back to the citation before it. A date in
the sentence itself that lies after the source's publication is an error; one in the wider passage only a warning.
Plans and forecasts, words in quotation marks and dates that belong to another citation are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from marsad.citations.model import Link
from marsad.citations.remarks import Span, entry_span
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.model import Date, Finding, Severity, date_text

__all__ = ["DatedWords", "check_source_dates"]

DatedWords = tuple[int, int, Date]
"""An expression of time: its offsets in the document and what it means."""

_AHEAD = re.compile(
    r"\b(?:will|would|shall|plan(?:s|ned|ning)?|expect\w*|forecast\w*|project(?:ed|ions?)|predict\w*|anticipat\w*|"
    r"schedul\w*|targets?\s(?:of|for|date|year)|goals?|deadlines?|upcoming|forthcoming|future|intend\w*|likely|could|"
    r"should|might|may(?! \d)|pledg\w*|vow\w*|propos\w*|due\s(?:in|by|on)|set to|to be \w+ed|to be held|"
    r"next\s(?:year|election|decade)|ahead of|horizons?|scenarios?|outlook|vision|agenda|promis\w*|from now|onwards?|"
    r"valid|expir\w*)\b"
)
_LIMIT = re.compile(
    r"\b(?:by|until|till|through|up to|before|towards?)\s+(?:the\s+)?"
    r"(?:(?:end|beginning|middle|start|year|month|early|mid|late)[\s-]+(?:of\s+)?)*$"
)
_BEFORE, _BEHIND = 90, 45
_QUOTED = re.compile(r"[“\"][^“”\"]{0,600}[”\"]|‘[^‘’]{0,600}’")
_YEAR = re.compile(r"\d{4}")
_STRETCH = frozenset({"decade", "century", "open"})


@dataclass(frozen=True, slots=True)
class _Group:
    """The citations of one bracket, and the last day on which the youngest of them may have been published."""

    start: int
    end: int
    latest: dt.date | None
    links: tuple[Link, ...]
    is_narrative: bool

    @property
    def is_bracket(self) -> bool:
        """Whether names and years stand in brackets, which may support more than their own sentence."""
        return not self.is_narrative and all(link.citation.number is None for link in self.links)


def check_source_dates(document: Document, links: Sequence[Link], dates: Sequence[DatedWords]) -> tuple[Finding, ...]:
    """Citations of sources that are older than the events they are cited for, the gravest first in each paragraph.

    Args:
        document: the document.
        links: its citations with the works that fit them, ``CitationAudit.links``. Where several works fit, the
            youngest counts; where none does, the year of the citation.
        dates: the expressions of time in the document, in any order; those that lie within citations are passed over.
            One whose words hold no year of four digits gives a warning at most.
    """
    by_block: dict[int, list[_Group]] = defaultdict(list)
    groups = _groups(links)
    for group in groups:
        block = document.block_at(group.start)
        if block is not None:
            by_block[block.start].append(group)
    ordered = sorted(dates, key=lambda each: (each[0], each[1]))
    starts = [each[0] for each in ordered]
    found: list[Finding] = []
    for begin, members in by_block.items():
        block = document.block_at(begin)
        if block is None:
            continue
        here = ordered[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
        if here:
            blocked = _blocked(document, block.start, block.end, members)
            usable = [each for each in here if not _within(each, blocked)]
            found += _of_block(document, block.start, members, usable)
    return tuple(found)


def _groups(links: Sequence[Link]) -> list[_Group]:
    brackets: dict[Span, list[Link]] = defaultdict(list)
    for link in links:
        brackets[link.citation.group_start, link.citation.group_end].append(link)
    return [
        _Group(start, end, _latest(members), tuple(members), members[0].citation.is_narrative)
        for (start, end), members in sorted(brackets.items())
    ]


def _latest(links: Sequence[Link]) -> dt.date | None:
    """The last day on which any of the works may have been published; None where one bears no date."""
    days: list[dt.date] = []
    for link in links:
        cited = link.citation
        published = [work.date for work in link.references] or (
            [Date.parse(f"{cited.year:04d}")] if cited.year else [None]
        )
        for when in published:
            if when is None or when.latest is None:
                return None
            days.append(when.latest)
    return max(days, default=None)


def _blocked(document: Document, start: int, end: int, groups: Sequence[_Group]) -> list[Span]:
    """Stretches whose dates are not of events, in order and apart: citations and words in quotation marks."""
    quoted = [(match.start(), match.end()) for match in _QUOTED.finditer(document.text, start, end)]
    joined: list[Span] = []
    for first, last in sorted([*quoted, *((group.start, group.end) for group in groups)]):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _within(dated: DatedWords, spans: Sequence[Span]) -> bool:
    """Whether an expression of time overlaps one of the spans, which are in order and apart."""
    at = bisect_left(spans, (dated[1], 0)) - 1
    return at >= 0 and dated[0] < spans[at][1]


def _of_block(
    document: Document, begin: int, groups: Sequence[_Group], dates: Sequence[DatedWords]
) -> Iterator[Finding]:
    befores = [begin, *(left.end for left, _ in pairwise(groups))]
    starts = [each[0] for each in dates]
    for place, (group, before) in enumerate(zip(groups, befores, strict=True)):
        if group.latest is None:
            continue
        following = groups[place + 1].start if place + 1 < len(groups) else None
        own = _own(document, group, before, following)
        near = dates[bisect_left(starts, before) : bisect_left(starts, max(own))]
        late = [each for each in near if _is_late(each, group.latest) and not _is_ahead(document, each, own)]
        direct = [each for each in late if own[0] <= each[0] < own[1]]
        wider = [each for each in late if before <= each[0] < own[0]] if group.is_bracket else []
        if direct or wider:
            chosen = max(direct or wider, key=lambda each: (each[2].earliest or dt.date.min, -each[0]))
            is_plain = bool(direct) and _YEAR.search(document.text, chosen[0], chosen[1]) is not None
            yield _finding(
                document, group, chosen, Severity.ERROR if is_plain else Severity.WARNING, is_own=bool(direct)
            )


def _own(document: Document, group: _Group, before: int, following: int | None) -> Span:
    """The part of a citation's own sentence that it supports."""
    sentence = document.sentence_at(group.start) or (group.start, group.end)
    lead = document.text[sentence[0] : group.start]
    start, end = sentence
    if not group.is_narrative and not any(char.isalnum() for char in lead) and start > before:
        # A bracket behind the full stop belongs to the sentence before it.
        earlier = document.sentence_at(len(document.text[:start].rstrip()) - 1)
        start, end = (earlier[0] if earlier else start), group.end
    if not group.is_narrative and re.match(r"\s*[,;:–—]", document.text[group.end : group.end + 4]):
        end = group.end
    start = group.start if group.is_narrative else max(start, before)
    return start, min(end, following) if following is not None else end


def _is_late(dated: DatedWords, latest: dt.date) -> bool:
    when = dated[2]
    return when.earliest is not None and when.precision not in _STRETCH and when.earliest > latest


def _is_ahead(document: Document, dated: DatedWords, own: Span) -> bool:
    """Whether the words around a date speak of what was still to come."""
    sentence = document.sentence_at(dated[0]) or own
    before = document.text[max(sentence[0], dated[0] - _BEFORE) : dated[0]]
    behind = document.text[dated[1] : min(sentence[1], dated[1] + _BEHIND)]
    return any(found is not None for found in (_AHEAD.search(before), _AHEAD.search(behind), _LIMIT.search(before)))


def _finding(document: Document, group: _Group, dated: DatedWords, severity: Severity, *, is_own: bool) -> Finding:
    labels = "; ".join(link.citation.label for link in group.links)
    works = {work.key: work for link in group.links for work in link.references}
    words = " ".join(document.text[dated[0] : dated[1]].split())
    published = _published(group)
    where = "" if is_own else " in the sentences before it"
    known = "" if _YEAR.search(words) else f" ({date_text(dated[2])})"
    return textual_finding(
        document,
        kind="source-before-event",
        severity=severity,
        title="A source older than what it is cited for",
        message=f"“{labels}” was published {published} and is cited for “{words}”{known}{where}, which is later.",
        spans=[
            (group.start, group.end),
            (dated[0], dated[1]),
            *(entry_span(document, work) for work in list(works.values())[:4]),
        ],
        rule="a source cannot report what happened after it was published",
    )


def _published(group: _Group) -> str:
    """``in 2008``, ``on 2023-03-29``, ``by 2023-10-05`` where several works may be meant."""
    dates = [work.date for link in group.links for work in link.references if work.date]
    if len(dates) == 1:
        return f"{'on' if dates[0].is_day else 'in'} {dates[0]}"
    if dates:
        youngest = max(dates, key=lambda each: each.latest or dt.date.min)
        return f"{'on' if youngest.is_day else 'in'} {youngest} at the latest"
    return f"in {group.latest.year if group.latest else ''}"
