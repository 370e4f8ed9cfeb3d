"""The numbers before a manuscript's headings: of another chapter, twice the same, or with a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from marsad.claims.audit.scope import number_of
from marsad.documents import RUNNING, Block, BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity, enumerated

__all__ = [
    "Numbered",
    "check_chapters",
    "check_empty_sections",
    "check_numbering",
    "check_sections",
    "check_tops",
    "numbered_headings",
    "read_number",
]

_CHAPTER = re.compile(
    r"chapter\s+(?P<number>[a-z]+|\d{1,3})(?![^\W_])[\s.:–—-]*(?P<title>.*)", re.IGNORECASE | re.DOTALL
)
_DOTTED = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?(?![\d%])\s*(?P<title>(?=[^\W\d_]|[\"“‘(])[^\n]*)", re.DOTALL
)

_RULE_CHAPTER = "the sections of a chapter carry its number"
_FEWEST_TOPS = 3
_MOST_MISSING = 2
_RULE_ORDER = "chapters and sections are numbered one after the other, each number once"
_RULE_EMPTY = "a section has text"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A heading that carries a number.

    Attributes:
        block: the heading.
        number: its parts: ``2.4.1`` is (2, 4, 1).
        title: the words after the number.
        is_chapter: whether it says ``chapter``.
        style: how the number is written: ``words``, ``digits`` or ``roman``.
    """

    block: Block
    number: tuple[int, ...]
    title: str
    is_chapter: bool = False
    style: str = "digits"

    @property
    def text(self) -> str:
        """The number as it is printed, but for the dot at its end."""
        return ".".join(str(part) for part in self.number)

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.block.start, self.block.end


def numbered_headings(document: Document) -> tuple[Numbered, ...]:
    """The headings of a document that carry an Arabic number or say ``chapter``, in order."""
    found = (read_number(document.text[block.start : block.end], block) for block in document.headings)
    return tuple(heading for heading in found if heading is not None)


def read_number(text: str, block: Block) -> Numbered | None:
    """A heading with its number; None where it has none."""
    words = text.strip(" *_")
    if match := _CHAPTER.match(words):
        number = number_of(match["number"])
        if number is not None:
            digits = match["number"].isdigit()
            style = "digits" if digits else "words" if len(match["number"]) > 2 and number < 21 else "roman"
            style = "roman" if re.fullmatch("[ivxlcIVXLC]+", match["number"]) else style
            return Numbered(block, (number,), match["title"].strip(), is_chapter=True, style=style)
    if match := _DOTTED.match(words):
        return Numbered(block, tuple(int(part) for part in match["number"].split(".")), match["title"].strip())
    return None


@dataclass(slots=True)
class _Chapter:
    heading: Numbered
    sections: list[Numbered] = field(default_factory=list)

    def is_own(self, section: Numbered) -> bool:
        return section.number[0] == self.heading.number[0]


def _chapters(document: Document) -> list[_Chapter]:
    """The chapters with those of their sections whose number has at least two parts.

    A heading with a single number opens a chapter only where the document has no headings that say ``chapter``.
    """
    headings = numbered_headings(document)
    named = any(heading.is_chapter for heading in headings)
    outermost = min((heading.block.level for heading in headings if len(heading.number) == 1), default=1)
    chapters: list[_Chapter] = []
    for heading in headings:
        if heading.is_chapter or (not named and len(heading.number) == 1 and heading.block.level == outermost):
            chapters.append(_Chapter(heading))
        elif len(heading.number) > 1 and chapters:
            chapters[-1].sections.append(heading)
    return chapters


def check_chapters(document: Document) -> Iterator[Finding]:
    """Yield the chapters whose sections carry the number of another chapter."""
    every = _chapters(document)
    numbers = {chapter.heading.number[0] for chapter in every}
    chapters = [chapter for chapter in every if chapter.sections]
    own = sum(all(chapter.is_own(section) for section in chapter.sections) for chapter in chapters)
    for chapter in chapters if own else ():
        alien = [section for section in chapter.sections if not chapter.is_own(section)]
        if len({section.number[0] for section in alien}) != 1:
            continue
        # In some books the sections of every chapter begin at 1.1.
        if alien[0].number[0] == 1 and own * 2 <= len(chapters):
            continue
        # Where no chapter carries that number, its heading may only have been lost in reading.
        if alien[0].number[0] == chapter.heading.number[0] + 1 and alien[0].number[0] not in numbers:
            continue
        number = chapter.heading.text
        yield textual_finding(
            document,
            kind="section-of-another-chapter",
            severity=Severity.ERROR,
            title="Sections numbered as of another chapter",
            message=f"Chapter {number} holds the section{'s' if len(alien) > 1 else ''} "
            f"{enumerated([section.text for section in alien])}, whose number says chapter {alien[0].number[0]}.",
            spans=[chapter.heading.span, *(section.span for section in alien)],
            rule=_RULE_CHAPTER,
        )


def check_sections(document: Document) -> Iterator[Finding]:
    """Yield the section numbers that stand before two headings, and the gaps between sections of one parent."""
    sections = [heading for heading in numbered_headings(document) if len(heading.number) > 1]
    titles: dict[tuple[int, ...], Numbered] = {}
    for section in sections:
        first = titles.setdefault(section.number, section)
        if first is not section and _plain(first.title) != _plain(section.title) and _is_book(sections):
            yield textual_finding(
                document,
                kind="heading-number-twice",
                severity=Severity.ERROR,
                title="One number before two headings",
                message=f"The number {section.text} stands before two sections: “{first.title}” and “{section.title}”.",
                spans=[first.span, section.span],
                rule=_RULE_ORDER,
            )
    begun = _beginnings(document)
    for one, two in pairwise(sections):
        parent = len(two.number) - 1
        if one.number[:parent] != two.number[:parent] or two.number[:-1] == one.number:
            continue
        missing = [(*two.number[:parent], part) for part in range(one.number[parent] + 1, two.number[parent])]
        if missing and len(missing) <= 5 and not any(number in begun for number in missing):
            names = [".".join(str(part) for part in number) for number in missing]
            yield textual_finding(
                document,
                kind="heading-number-gap",
                severity=Severity.WARNING,
                title="A section number is left out",
                message=f"Section {one.text} is followed by section {two.text}: there is no section "
                f"{enumerated(names)}.",
                spans=[one.span, two.span],
                rule=_RULE_ORDER,
            )


def check_tops(document: Document) -> Iterator[Finding]:
    """Yield the gaps between the sections of the first level, where their numbers run through the document."""
    tops = [one for one in numbered_headings(document) if len(one.number) == 1 and not one.is_chapter]
    numbers = [one.number[0] for one in tops]
    if len(tops) < _FEWEST_TOPS or numbers[0] > 1 or numbers != sorted(set(numbers)):
        return
    for one, two in pairwise(tops):
        missing = list(range(one.number[0] + 1, two.number[0]))
        if 0 < len(missing) <= _MOST_MISSING:
            yield textual_finding(
                document,
                kind="heading-number-gap",
                severity=Severity.WARNING,
                title="A section number is left out",
                message=f"Section {one.text} is followed by section {two.text}: there is no section "
                f"{enumerated([str(number) for number in missing])}.",
                spans=[one.span, two.span],
                rule=_RULE_ORDER,
            )


def _is_book(sections: Sequence[Numbered]) -> bool:
    """Whether the numbers run through the document: few of them stand twice."""
    numbers = [section.number for section in sections]
    return len(numbers) - len(set(numbers)) <= max(1, len(numbers) // 10)


def _plain(title: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", title.casefold()))


def _beginnings(document: Document) -> set[tuple[int, ...]]:
    """The dotted numbers with which any block begins, whatever the block is taken for."""
    found = (
        re.match(r"[*_\s]*(\d{1,3}(?:\.\d{1,3})+)", document.text[one.start : one.start + 40])
        for one in document.blocks
    )
    return {tuple(int(part) for part in match[1].split(".")) for match in found if match}


def check_numbering(document: Document) -> Iterator[Finding]:
    """Yield the chapters out of order, and a note where their numbers are written in two ways."""
    chapters = [heading for heading in numbered_headings(document) if heading.is_chapter]
    for one, two in pairwise(chapters):
        last, following = one.number[0], two.number[0]
        if following == last + 1 or following == 1:
            continue
        words = "is followed by" if following != last else "stands twice, before"
        yield textual_finding(
            document,
            kind="chapter-number",
            severity=Severity.ERROR if following <= last else Severity.WARNING,
            title="Chapters out of order",
            message=f"Chapter {last} {words} chapter {following}."
            if following != last
            else f"Two chapters that follow one another carry the number {last}.",
            spans=[one.span, two.span],
            rule=_RULE_ORDER,
        )
    styles = {heading.style: heading for heading in reversed(chapters)}
    if len(styles) > 1:
        shown = sorted(styles.values(), key=lambda heading: heading.block.start)
        labels = [" ".join(document.text[one.block.start : one.block.end].split()[:2]) for one in shown]
        yield textual_finding(
            document,
            kind="chapter-number-style",
            severity=Severity.NOTE,
            title="Chapter numbers written in different ways",
            message=f"The chapters are numbered in different ways: {enumerated([f'“{label}”' for label in labels])}.",
            spans=[heading.span for heading in shown],
            rule="the numbers of chapters are written in one way",
        )


def check_empty_sections(document: Document) -> Iterator[Finding]:
    """Yield the numbered sections without a word between their heading and the next of the same or a higher rank."""
    for block, following in pairwise(document.blocks):
        if block.kind is not BlockKind.HEADING or following.kind is not BlockKind.HEADING or block.kind in RUNNING:
            continue
        one = read_number(document.text[block.start : block.end], block)
        two = read_number(document.text[following.start : following.end], following)
        if one is None or two is None or min(len(one.number), len(two.number)) < 2 or len(one.number) < len(two.number):
            continue
        if one.number == two.number:
            continue
        yield textual_finding(
            document,
            kind="empty-section",
            severity=Severity.WARNING,
            title="A section without text",
            message=f"Section {one.text}, “{one.title}”, has no text: the heading {two.text} follows at once.",
            spans=[one.span, two.span],
            rule=_RULE_EMPTY,
        )
