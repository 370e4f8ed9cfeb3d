"""PDF: its lines with their geometry, put together to paragraphs and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from marsad.documents.canonical import HYPHEN_BREAK, PAGE_BREAK, canonical_line
from marsad.documents.document import BlockKind
from marsad.documents.furniture import furniture_lines
from marsad.documents.parts import Part, Reading
from marsad.documents.patterns import ITEM, REFERENCES_HEADING
from marsad.documents.pdf_lines import Line, read_lines
from marsad.documents.pdf_tables import find_tables

__all__ = ["read_pdf"]

_GAP = 1.14
_LARGER = 1.08
_SMALLER = 0.92
_SAME = 0.3
_INDENT = 6.0
_LONGEST_HEADING = 250
_NOTE = re.compile(r"(?P<label>[0-9]{1,3}|[*†‡])(?:[.)]\s*|\s+|(?=[^\W\d]))")
_ADDRESS_END = re.compile(r"(?:://|www\.)\S*/$")
_WORD_END = re.compile(r"(?<=[^\W\d_])[-\u2010]\Z")
_STOPS = set(",.;:!?)")
_FINISHED = (".", "!", "?", ":", ";", ")", "”", '"', "۔", "؟")


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in the document: size of its letters, distance of its lines, edges of its columns, and whether a
    space at the end of a line tells that the paragraph goes on.
    """

    size: float
    pitch: float
    left: float
    right: float
    spaced: bool


def read_pdf(data: bytes) -> Reading:
    """The parts of a PDF, its running heads, feet and page numbers left out, its footnotes at the end."""
    pages, file_labels, title, notices = read_lines(data)
    gone, labels = furniture_lines([[line.text for line in page] for page in pages])
    kept = [[line for at, line in enumerate(page) if at not in out] for page, out in zip(pages, gone, strict=True)]
    labels = [printed or named for printed, named in zip(labels, file_labels, strict=True)]
    style = _style([line for page in kept for line in page])
    parts: list[Part] = []
    notes: list[Part] = []
    references = False
    split = [_parted(page, style) for page in kept]
    bodies: list[list[Line]] = [[], *(body for body, _ in split), []]
    for number, (_, foot) in enumerate(split):
        notes += [_note(lines, number) for lines in _notes(foot)]
        for part in _parts(bodies[number : number + 3], number, style, references=references):
            if part.text:
                parts.append(part)
                references = bool(REFERENCES_HEADING.fullmatch(part.text[:_LONGEST_HEADING])) or (
                    references and part.kind is not BlockKind.HEADING
                )
    return Reading([*_ranked(parts), *notes], labels, title, notices)


def _parts(bodies: Sequence[list[Line]], page: int, style: _Style, *, references: bool) -> Iterator[Part]:
    """The paragraphs and headings of a page, and the rows of its tables.

    Args:
        bodies: the bodies of the page before, of the page, and of the page after.
        page: index of the page.
        style: what is usual in the document.
        references: whether the page goes on with a list of references.
    """
    before, body, after = bodies
    at = 0
    for table in () if references else find_tables(body, before, after):
        for lines in _paragraphs(body[at : table.start], style, references=False):
            yield _part(lines, page, style)
        for row in table.rows:
            yield Part("\t".join(canonical_line(cell) for cell in row), BlockKind.ROW, page=page, whole=True)
        at = table.end
    for lines in _paragraphs(body[at:], style, references=references):
        yield _part(lines, page, style)


def _style(lines: Sequence[Line]) -> _Style:
    sizes: Counter[float] = Counter()
    rights: Counter[int] = Counter()
    lefts: Counter[int] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
        rights[round(line.right / 4)] += 1
        lefts[round(line.left / 4)] += 1
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    pitches = [
        two.drop(one)
        for one, two in pairwise(lines)
        if one.size == two.size == size and 0.8 * size < two.drop(one) < 2.6 * size
    ]
    pitch = median(pitches) if pitches else 1.2 * size
    right = rights.most_common(1)[0][0] * 4.0 if rights else 0.0
    left = lefts.most_common(1)[0][0] * 4.0 if lefts else 0.0
    return _Style(size, pitch, left, right, _is_spaced(lines, pitch))


def _is_spaced(lines: Sequence[Line], pitch: float) -> bool:
    """Whether nearly all lines that are wrapped end with a space, and nearly no others."""
    inner: list[bool] = []
    last: list[bool] = []
    for one, two in pairwise(lines):
        drop = two.drop(one)
        if drop > _GAP * pitch + 0.5:
            last.append(one.space)
        elif 0.5 * pitch < drop and not one.hyphen:
            inner.append(one.space)
    return bool(inner and last) and sum(inner) > 0.8 * len(inner) and sum(last) < 0.2 * len(last)


def _parted(page: list[Line], style: _Style) -> tuple[list[Line], list[Line]]:
    """The body of a page and the footnotes under it: smaller lines at its end, the first with a number or sign."""
    start = len(page)
    while start and page[start - 1].size < _SMALLER * style.size:
        start -= 1
    while start < len(page) and not _NOTE.match(page[start].text):
        start += 1
    return (page[:start], page[start:]) if start else (page, [])


def _notes(lines: list[Line]) -> Iterator[list[Line]]:
    note: list[Line] = []
    for line in lines:
        if note and _NOTE.match(line.text) and not ITEM.match(note[-1].text) and line.text[0] != note[0].text[0]:
            yield note
            note = []
        note.append(line)
    if note:
        yield note


def _note(lines: list[Line], page: int) -> Part:
    text = _text(lines)
    found = _NOTE.match(text)
    return Part(text, BlockKind.NOTE, 0, found["label"] if found else "", page, whole=True)


def _paragraphs(lines: Sequence[Line], style: _Style, *, references: bool) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    hanging = references and _is_hanging(lines)
    for line in lines:
        if paragraph and _breaks(paragraph, line, style, hanging=hanging):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _is_hanging(lines: Sequence[Line]) -> bool:
    """Whether most lines stand further in than the outermost, as in a list of references."""
    if not lines:
        return False
    left = min(line.left for line in lines)
    return sum(line.left > left + _INDENT for line in lines) > 0.3 * len(lines)


def _breaks(paragraph: Sequence[Line], line: Line, style: _Style, *, hanging: bool) -> bool:
    """Whether a line begins a new paragraph."""
    before = paragraph[-1]
    if before.hyphen:
        return False
    larger = max(line.size, before.size) > _LARGER * min(line.size, before.size)
    bolder = line.bold != before.bold and (line.short(style.right) or before.short(style.right))
    drop = line.drop(before)
    pitch = style.pitch * max(line.size / style.size, 0.5)
    if larger or bolder or drop > _GAP * pitch + 0.5:
        return True
    if drop < _SAME * pitch:  # the same line, or the head of the next column
        return drop < -pitch and before.text.endswith(_FINISHED)
    return _begins(paragraph, line, style, hanging=hanging)


def _begins(paragraph: Sequence[Line], line: Line, style: _Style, *, hanging: bool) -> bool:
    """Whether a line that stands no further down than usual begins a paragraph, by its form and edges."""
    before = paragraph[-1]
    ended = before.text.endswith(_FINISHED)
    item = ITEM.match(line.text)
    if item and item["bullet"]:
        return True
    if item and abs(line.left - paragraph[0].left) < _INDENT and ITEM.match(paragraph[0].text):
        return True
    if hanging:
        return line.left < before.left - _INDENT / 2 or (len(paragraph) == 1 and abs(line.left - before.left) < 1)
    indented = line.left > before.left + _INDENT and len(paragraph) > 1
    return ended and (before.short(style.right) or indented)


def _text(lines: Sequence[Line]) -> str:
    """Lines as one text; an address that a line end has parted after a slash is put together."""
    text: list[str] = []
    for at, line in enumerate(lines):
        if text and not text[-1].endswith(HYPHEN_BREAK):
            closing = line.text[0] in _STOPS and abs(line.drop(lines[at - 1])) < 1  # after the mark of a note
            text.append("" if closing or _ADDRESS_END.search(text[-1]) else " ")
        parted = line.hyphen or _WORD_END.search(line.text)
        text.append(_WORD_END.sub("", line.text) + HYPHEN_BREAK if parted else line.text)
    return canonical_line("".join(text))


def _part(lines: list[Line], page: int, style: _Style) -> Part:
    text = _text(lines)
    size = max(line.size for line in lines)
    larger = size > _LARGER * style.size
    bold = all(line.bold for line in lines)
    if (larger or bold) and len(lines) <= 4 and len(text) <= _LONGEST_HEADING:
        return Part(text, BlockKind.HEADING, round(size * 10) if larger else 0, page=page)
    return Part(text, page=page, open=style.spaced and lines[-1].space)


def _ranked(parts: list[Part]) -> list[Part]:
    """Headings by size with levels from 1: the largest size that heads more than one part is the first."""
    counts = Counter(part.level for part in parts if part.kind is BlockKind.HEADING and part.level)
    ranks = {size: rank for rank, size in enumerate(sorted((s for s in counts if counts[s] > 1), reverse=True), 1)}
    return [
        replace(part, level=ranks.get(part.level, 0)) if part.kind is BlockKind.HEADING else part
        for part in parts
        if part.text.strip(PAGE_BREAK)
    ]
