"""Plain text, also with light markup: its paragraphs, items, rows and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from marsad.documents.canonical import HYPHEN_BREAK, PAGE_BREAK, canonical_lines, one_line
from marsad.documents.document import BlockKind
from marsad.documents.furniture import without_furniture
from marsad.documents.limits import MOST_BLOCKS, MOST_PAGES
from marsad.documents.parts import Part, Reading
from marsad.documents.patterns import ITEM, NUMBERED, is_capitals
from marsad.errors import InputError

__all__ = ["read_plain", "without_markup"]

_UNWRAPPED = 160
_SHARE = 0.6
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*]+)(?<=\S)\1(?!\*)")
_TAG = re.compile(r"</?(?:i|b|u|em|strong|sup|sub|br|p|span|center|small)\s*/?>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<((?:https?|ftp|mailto):[^\s<>]+)>")
_LINK = re.compile(r"!?\[([^][\n]+)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_ESCAPE = re.compile(r"\\([*_#\[\]()`~>|\\])")
_HASHES = re.compile(r"^ {0,3}(#{1,6})[ \t]+(?=\S)")
_RULE = re.compile(r"\s*(?:[-*_=~]\s*){3,}")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\Z")
_ENTRY = re.compile(r"[\"“‘'(\[]*[^\W\d_a-z][^()]{0,300}\((?:[0-9]{4}|n\.\s?d)")


def read_plain(text: str) -> Reading:
    """The parts of a plain text; form feeds part its pages."""
    text = canonical_lines(text)
    if (count := text.count(PAGE_BREAK)) > MOST_PAGES:
        raise InputError(f"this text has {count:,} pages; {MOST_PAGES:,} are read at most. Split it")
    pages = [page.split("\n") for page in text.split(PAGE_BREAK)]
    if len(pages) > 1 and not any(line.strip() for line in pages[-1]):
        pages.pop()
    labels: list[str] = []
    if len(pages) > 1:
        pages, labels = without_furniture(pages)
    found = (part for number, page in enumerate(pages) for part in _page(page, number))
    return Reading(list(islice(found, MOST_BLOCKS + 1)), labels)


def without_markup(line: str) -> str:
    """A line without the signs of light markup: emphasis, simple tags, links, escapes."""
    if "<" in line:
        line = _TAG.sub("", _AUTOLINK.sub(r"\1", line))
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    if "*" in line:
        line = _EMPHASIS.sub(r"\2", line)
    return _ESCAPE.sub(r"\1", line) if "\\" in line else line


def _page(lines: list[str], page: int) -> Iterator[Part]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip() and not _RULE.fullmatch(line):
            block.append(line)
        elif block:
            yield from _block(block, page)
            block = []


def _block(lines: list[str], page: int) -> Iterator[Part]:
    """The parts of lines between two empty ones."""
    text = without_markup("\n".join(lines))
    lines = [line for line in text.split("\n") if line.strip()]
    longest = max((len(line) for line in lines), default=0)
    paragraph: list[str] = []
    for at, line in enumerate(lines):
        cells = _cells(line)
        marked = _HASHES.match(line)
        if marked or len(cells) > 1:
            yield from _paragraph(paragraph, page)
            paragraph = []
            if marked:
                yield Part(one_line(line[marked.end() :]), BlockKind.HEADING, len(marked[1]), page=page)
            else:
                yield Part("\t".join(cells), BlockKind.ROW, page=page)
            continue
        if paragraph and _breaks(lines[at - 1], line, longest):
            yield from _paragraph(paragraph, page)
            paragraph = []
        paragraph.append(line)
    yield from _paragraph(paragraph, page)


def _cells(line: str) -> list[str]:
    """The cells of a row: its parts between tabs, or between bars."""
    line = line.strip(" ")
    if "\t" in line.strip():
        cells = [one_line(cell) for cell in line.split("\t")]
        cells = [cell for cell in cells if cell]
        return [] if len(cells) == 2 and ITEM.fullmatch(cells[0] + " ") else cells
    if line.startswith("|") and line.endswith("|") and len(line) > 2:
        cells = [one_line(cell) for cell in line[1:-1].split("|")]
        return [] if all(re.fullmatch(r":?-*:?", cell) for cell in cells) else cells
    return []


def _breaks(before: str, line: str, longest: int) -> bool:
    """Whether a new paragraph or item begins with a line that no empty line parts from the one before."""
    if longest > _UNWRAPPED or ITEM.match(line.lstrip()):
        return True
    ended = before.rstrip().endswith((".", "!", "?", ":", ".”", '."', "۔", "؟"))
    indented = len(line) - len(line.lstrip()) > len(before) - len(before.lstrip()) and not ITEM.match(before.lstrip())
    if ended and (indented or len(before) < _SHARE * longest or _ENTRY.match(line)):
        return True
    numbered = NUMBERED.match(line)
    heading = (numbered is not None and "." in numbered["label"]) or (is_capitals(line) and not is_capitals(before))
    return heading and len(before) < _SHARE * longest


def _paragraph(lines: list[str], page: int) -> Iterator[Part]:
    if not lines:
        return
    joined = [_HYPHEN.sub(HYPHEN_BREAK, line.rstrip()) for line in lines[:-1]]
    text = one_line("\n".join([*joined, lines[-1]]).replace(HYPHEN_BREAK + "\n", HYPHEN_BREAK))
    if text:
        yield Part(text, page=page)
