"""A document as everything else reads it: one canonical text, and where in the original each part of it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from marsad.documents.sentences import split_sentences
from marsad.model import Locator, Quote

__all__ = ["RUNNING", "Block", "BlockKind", "Document", "PageSpan"]


class BlockKind(StrEnum):
    """What a block of a document is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"
    CONTENTS = "contents"
    NOTE = "note"


RUNNING = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW, BlockKind.CAPTION, BlockKind.NOTE})
"""The kinds of block that say something; titles, headings and a table of contents only point to it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, item of a list, row of a table (cells parted by tabs), line of contents or footnote.

    Attributes:
        start, end: its place in the canonical text, without the line breaks around it.
        kind: what it is.
        level: of a heading, from 1 (the outermost); of an item, how deep it stands in its list, from 1; otherwise 0.
        label: the number or mark that stands before a heading (``2.4.1``), item (``1.``) or note (``3``), as printed;
            it is part of the text too, except for an item's bullet. Empty where there is none.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A stretch of the canonical text that stands on one page. A page has two where its footnotes stand at the end.

    Attributes:
        start, end: its place in the canonical text; the spans of a document follow one another without overlap.
        number: the page in the file, from 1.
        label: the number printed on it; empty where none is.
    """

    start: int
    end: int
    number: int
    label: str = ""


@dataclass(frozen=True)
class Document:
    """A document's canonical text and its structure.

    The text is NFC with LF line ends and no byte order mark; blocks are parted by one empty line; hyphenation and page
    breaks within a paragraph are healed; running heads, feet and page numbers are left out; footnotes stand at the end.
    All offsets are half-open and count Unicode code points of the text.

    Attributes:
        text: the canonical text.
        blocks: in order, without overlap; together they hold all of the text but the empty lines.
        pages: where each page begins and ends; empty for a format without pages.
        name: file name, for people.
        media_type: ``application/pdf``, ``text/plain`` …
        sha256: hash of the original bytes, hexadecimal.
        title: title that the file or its first lines give; empty where none is found.
        language: ISO 639-1 code of most of its text; empty where it cannot be told.
        direction: ``ltr`` or ``rtl``.
        notices: what a reader should know of the reading (pages without a text layer, parts left out), in sentences.
        beyond: how many characters follow that are not looked at (``opening``); 0 where the text is whole.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[PageSpan, ...] = ()
    name: str = ""
    media_type: str = "text/plain"
    sha256: str = ""
    title: str = ""
    language: str = ""
    direction: str = "ltr"
    notices: tuple[str, ...] = ()
    beyond: int = 0

    def block_at(self, offset: int) -> Block | None:
        """The block that holds an offset; None between blocks."""
        at = bisect_right(self._block_starts, offset) - 1
        return self.blocks[at] if at >= 0 and offset < self.blocks[at].end else None

    def page_at(self, offset: int) -> PageSpan | None:
        """The page that holds an offset; None where the format has no pages."""
        at = bisect_right(self._page_starts, offset) - 1
        return self.pages[max(at, 0)] if self.pages else None

    def section_at(self, offset: int) -> tuple[str, ...]:
        """The headings above an offset, outermost first; a heading stands above itself."""
        path: list[str] = []
        at = bisect_right(self._heading_starts, offset) - 1
        while at >= 0:
            heading = self.headings[at]
            path.append(self.text[heading.start : heading.end].replace("\n", " "))
            at = self._heading_parents[at]
        return tuple(reversed(path))

    def paragraph_at(self, offset: int) -> int:
        """The number of the running block that holds an offset among those of its section, from 1; 0 outside of any."""
        first = bisect_right(self._heading_starts, offset)
        begin = self.headings[first - 1].end if first else 0
        return bisect_right(self._running_starts, offset) - bisect_left(self._running_starts, begin)

    def locator_at(self, offset: int) -> Locator:
        """Where an offset stands, for a citation: the page where there are pages, otherwise section and paragraph."""
        page = self.page_at(offset)
        if page:
            return Locator((("page", page.label if page.label.isdecimal() else str(page.number)),))
        section = self._section_label(offset)
        paragraph = ("para", str(max(self.paragraph_at(offset), 1)))
        return Locator((("sec", section), paragraph) if section else (paragraph,))

    def _section_label(self, offset: int) -> str:
        """The number of the heading above an offset; its words as a slug where it has none."""
        at = bisect_right(self._heading_starts, offset) - 1
        if at < 0:
            return ""
        heading = self.headings[at]
        words = heading.label.strip(".") or self.text[heading.start : heading.end].lower()
        return re.sub(r"[^\w.]+", "-", words).strip("-.")[:60]

    def quote(self, start: int, end: int) -> Quote:
        """The words between two offsets with their page and section."""
        page = self.page_at(start)
        return Quote(
            text=self.text[start:end],
            start=start,
            end=end,
            page=page.number if page else None,
            section=" > ".join(self.section_at(start)),
        )

    def running(self) -> Iterator[Block]:
        """The blocks that say something, in order: no titles, headings or contents."""
        return (block for block in self.blocks if block.kind in RUNNING)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences of the running text as offsets, in order; none crosses a block."""
        return tuple(
            (block.start + start, block.start + end)
            for block in self.running()
            for start, end in split_sentences(self.text[block.start : block.end])
        )

    def sentence_at(self, offset: int) -> tuple[int, int] | None:
        """The sentence that holds an offset; None outside of the running text."""
        at = bisect_right(self._sentence_starts, offset) - 1
        return self.sentences[at] if at >= 0 and offset < self.sentences[at][1] else None

    @cached_property
    def headings(self) -> tuple[Block, ...]:
        """The headings, in order."""
        return tuple(block for block in self.blocks if block.kind is BlockKind.HEADING)

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _page_starts(self) -> list[int]:
        return [page.start for page in self.pages]

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.start for heading in self.headings]

    @cached_property
    def _heading_parents(self) -> list[int]:
        """For each heading the number of the one that it stands under; -1 for an outermost one."""
        parents: list[int] = []
        open_ones: list[int] = []
        for at, heading in enumerate(self.headings):
            while open_ones and self.headings[open_ones[-1]].level >= heading.level:
                open_ones.pop()
            parents.append(open_ones[-1] if open_ones else -1)
            open_ones.append(at)
        return parents

    @cached_property
    def _running_starts(self) -> list[int]:
        return [block.start for block in self.running()]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]
