"""A table of contents against the headings that it lists, and against the pages on which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from marsad.claims.audit.headings import read_number
from marsad.claims.audit.scope import divide, number_of
from marsad.documents import Block, BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity

__all__ = ["check_contents", "check_contents_pages", "check_outline"]

_ENTRY = re.compile(r"(?P<title>\S.*?)[\s.…·_]*(?:(?<=[\s.…·_])(?P<page>\d{1,4}|[ivxlc]{1,7}))?\s*", re.DOTALL)
_LISTING = re.compile(r"(?:list of )?(?:tables?|figures?|maps?|contents|table of contents)\b.*", re.IGNORECASE)
_OUTLINED = re.compile(
    r"[*_]*chapter\s+(?P<number>[a-z]+|\d{1,2})\s*[:.–—-]\s*(?P<title>[^\n.]{4,120})[.*_]*", re.IGNORECASE
)
_NEAR = 0.72
_SAME = 0.9

_RULE = "each entry of the contents is a heading of the text, with the same number and words"
_RULE_PAGES = "the pages in the contents rise, and are those on which the headings stand"


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry of the contents or a heading, by number and words."""

    block: Block
    number: tuple[int, ...]
    title: str
    words: str
    page: str = ""

    @property
    def span(self) -> tuple[int, int]:
        return self.block.start, self.block.end

    @property
    def label(self) -> str:
        return ".".join(str(part) for part in self.number)


def _line(text: str, block: Block, page: str = "") -> _Line:
    heading = read_number(text, block)
    number, title = (heading.number, heading.title) if heading and not heading.is_chapter else ((), text)
    title = title.strip(" \t*_.…") if title.strip() else text
    return _Line(block, number, " ".join(title.split()), " ".join(re.findall(r"[^\W_]+", title.casefold())), page)


def _entries(document: Document) -> list[_Line]:
    found = []
    for block in document.blocks:
        if block.kind is BlockKind.CONTENTS and block.end - block.start < 400:
            match = _ENTRY.fullmatch(document.text[block.start : block.end])
            if match and not _LISTING.fullmatch(match["title"]) and re.search(r"[^\W\d_]{2}", match["title"]):
                found.append(_line(match["title"], block, match["page"] or ""))
    return found


def _headings(document: Document) -> list[_Line]:
    return [_line(document.text[block.start : block.end], block) for block in document.headings]


def check_contents(document: Document) -> Iterator[Finding]:
    """Yield the entries of the contents whose number or words differ from the heading, or that have no heading."""
    entries, headings = _entries(document), _headings(document)
    if len(entries) < 3 or len(headings) < 3:
        return
    known = {heading.words for heading in headings}
    starts = {
        " ".join(re.findall(r"[^\W_]+", document.text[b.start : b.end].casefold()))
        for b in document.blocks
        if b.kind not in (BlockKind.CONTENTS, BlockKind.HEADING) and b.end - b.start < 200
    }
    if sum(entry.words in known for entry in entries) * 2 < len(entries):
        return
    for entry in entries:
        same = [heading for heading in headings if heading.words in (entry.words, f"{entry.words} {entry.page}")]
        if same:
            yield from _other_number(document, entry, same)
        elif not _is_there(entry, known | starts):
            yield from _other_words(document, entry, headings, {other.words for other in entries})
    yield from _unlisted(document, entries, headings)


def _is_there(entry: _Line, texts: set[str]) -> bool:
    """Whether the words stand anywhere as a line or its beginning or end, or are a chapter's name split in two."""
    words = re.sub(r"^chapter \w+ ", "", entry.words)
    return any(
        words == text or text.endswith(f" {words}") or (len(words) > 12 and text.startswith(words)) for text in texts
    )


def _other_number(document: Document, entry: _Line, same: Sequence[_Line]) -> Iterator[Finding]:
    if not entry.number or any(not heading.number or heading.number == entry.number for heading in same):
        return
    heading = same[0]
    yield textual_finding(
        document,
        kind="contents-number",
        severity=Severity.ERROR,
        title="Another number in the contents",
        message=f"“{entry.title}” is number {entry.label} in the contents and {heading.label} in the text.",
        spans=[entry.span, heading.span],
        rule=_RULE,
    )


def _other_words(document: Document, entry: _Line, headings: Sequence[_Line], listed: set[str]) -> Iterator[Finding]:
    free = [heading for heading in headings if heading.words not in listed]
    near = [heading for heading in free if entry.number and heading.number == entry.number]
    near = near or [one for one in free if SequenceMatcher(None, one.words, entry.words).ratio() >= _NEAR]
    if near:
        heading = near[0]
        name = f" {entry.label}" if entry.number else ""
        yield textual_finding(
            document,
            kind="contents-wording",
            severity=Severity.WARNING,
            title="Other words in the contents",
            message=f"The contents call section{name} “{entry.title}”, its heading says “{heading.title}”.",
            spans=[entry.span, heading.span],
            rule=_RULE,
        )
    elif entry.number and len(entry.number) > 1 and entry.words:
        yield textual_finding(
            document,
            kind="contents-without-heading",
            severity=Severity.WARNING,
            title="No such heading",
            message=f"The contents list section {entry.label}, “{entry.title}”, but no heading in the text says so.",
            spans=[entry.span],
            rule=_RULE,
        )


def _unlisted(document: Document, entries: Sequence[_Line], headings: Sequence[_Line]) -> Iterator[Finding]:
    """The numbered headings that the contents leave out, though they list all others of that rank."""
    numbers = {entry.number for entry in entries}
    words = {entry.words for entry in entries}
    ranked = [heading for heading in headings if len(heading.number) > 1]
    missing = [heading for heading in ranked if heading.number not in numbers and heading.words not in words]
    for heading in missing:
        rank = [one for one in ranked if len(one.number) == len(heading.number)]
        absent = [one for one in missing if len(one.number) == len(heading.number)]
        if len(absent) <= len(rank) // 4:
            yield textual_finding(
                document,
                kind="heading-without-entry",
                severity=Severity.WARNING,
                title="Not in the contents",
                message=f"Section {heading.label}, “{heading.title}”, is not in the table of contents.",
                spans=[heading.span],
                rule=_RULE,
            )


def check_contents_pages(document: Document) -> Iterator[Finding]:
    """Yield the entries of the contents whose page is below that of the entry before, or is not the heading's page."""
    paged = [entry for entry in _entries(document) if entry.page]
    for one, two in pairwise(paged):
        if one.page.isdigit() != two.page.isdigit():
            continue
        if (number_of(one.page) or 0) > (number_of(two.page) or 0) > 0:
            yield textual_finding(
                document,
                kind="contents-pages-fall",
                severity=Severity.ERROR,
                title="Pages out of order in the contents",
                message=f"The contents put “{one.title}” on page {one.page} and “{two.title}”, which follows it, "
                f"on page {two.page}.",
                spans=[one.span, two.span],
                rule=_RULE_PAGES,
            )
    yield from _wrong_pages(document, paged)


def _wrong_pages(document: Document, paged: Sequence[_Line]) -> Iterator[Finding]:
    """Only where most of the pages agree with the labels that are printed on them."""
    headings = {heading.words: heading for heading in reversed(_headings(document))}
    pairs = []
    for entry in paged:
        heading = headings.get(entry.words)
        page = document.page_at(heading.block.start) if heading else None
        if heading and page and page.label:
            pairs.append((entry, heading, page.label))
    wrong = [pair for pair in pairs if pair[0].page.casefold() != pair[2].casefold()]
    if len(pairs) < 4 or len(wrong) * 4 > len(pairs):
        return
    for entry, heading, label in wrong:
        yield textual_finding(
            document,
            kind="contents-page",
            severity=Severity.WARNING,
            title="Another page in the contents",
            message=f"The contents put “{entry.title}” on page {entry.page}; it stands on page {label}.",
            spans=[entry.span, heading.span],
            rule=_RULE_PAGES,
        )


def check_outline(document: Document) -> Iterator[Finding]:
    """Yield the chapters that the outline, ``Chapter 5: Conclusion``, calls something else than their heading."""
    titles: dict[int, _Line] = {}
    for at, block in enumerate(document.blocks):
        heading = (
            read_number(document.text[block.start : block.end], block) if block.kind is BlockKind.HEADING else None
        )
        if heading and heading.is_chapter:
            following = document.blocks[at + 1] if at + 1 < len(document.blocks) else block
            named = block if heading.title else following
            if heading.title or following.kind is BlockKind.HEADING:
                line = _line(heading.title or document.text[named.start : named.end], named)
                titles[heading.number[0]] = line
    for block in divide(document).body:
        match = _OUTLINED.fullmatch(document.text[block.start : block.end]) if block.end - block.start < 200 else None
        actual = titles.get(number_of(match["number"]) or 0) if match else None
        if match is None or actual is None:
            continue
        said = _line(match["title"], block)
        if said.words.startswith(actual.words) or actual.words.startswith(said.words):
            continue
        if SequenceMatcher(None, said.words, actual.words).ratio() < _SAME:
            yield textual_finding(
                document,
                kind="outline-wording",
                severity=Severity.WARNING,
                title="Other words in the outline",
                message=f"The outline calls chapter {number_of(match['number'])} “{said.title}”, its heading says "
                f"“{actual.title}”.",
                spans=[said.span, actual.span],
                rule=_RULE,
            )
