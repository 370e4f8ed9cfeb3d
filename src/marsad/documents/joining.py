"""Paragraphs that the break of a page has cut in two, put together."""

from __future__ import annotations

import re
from dataclasses import replace

from marsad.documents.canonical import HYPHEN_BREAK, PAGE_BREAK
from marsad.documents.document import BlockKind
from marsad.documents.parts import Part
from marsad.documents.patterns import REFERENCES_HEADING, is_short, is_unfinished

__all__ = ["joined"]

_LONG = 80
_PARTED_WORD = re.compile(r"[^\W\d_]-\Z")
_CLOSED = (")", "]", '"', "”", "’", "'")


def joined(parts: list[Part]) -> list[Part]:
    """The parts with those put together that are one paragraph.

    A paragraph goes on where its format says so; where it ends without terminal punctuation and the next begins with a
    small letter; and, if it is longer than a line and ends with no closed bracket or quotation, with a capital or a
    digit. Headings and items never go on with a sentence, nor entries of a list of references with a capital.
    """
    done: list[Part] = []
    pieces: list[str] = []
    references = was_open = False
    page = 0
    for part in parts:
        if part.kind is BlockKind.HEADING:
            references = is_short(part.text) and bool(REFERENCES_HEADING.fullmatch(part.text))
        if done and _continues(replace(done[-1], open=was_open), pieces[-1], part, references=references):
            pages = PAGE_BREAK * max(part.page - page, 0)
            pieces[-1] = _before_break(pieces[-1], part.text)
            pieces.append(pages + part.text)
            page += len(pages) + part.text.count(PAGE_BREAK)
        else:
            _close(done, pieces)
            done.append(part)
            pieces = [part.text]
            page = part.page + part.text.count(PAGE_BREAK)
        was_open = part.open
    _close(done, pieces)
    return done


def _close(done: list[Part], pieces: list[str]) -> None:
    if len(pieces) > 1:
        done[-1] = replace(done[-1], text="".join(pieces))


def _before_break(text: str, following: str) -> str:
    """The end of a page as it goes on: with a space, or with the hyphen of a parted word."""
    if not _PARTED_WORD.search(text[-2:]) or not following[:1].isalpha():
        return text + " "
    return text[:-1] + HYPHEN_BREAK if following[0].islower() else text


def _continues(first: Part, before: str, part: Part, *, references: bool) -> bool:
    """Whether a part goes on with the sentence that the part before it, ending with some words, left open."""
    if part.whole or first.whole or part.kind is not BlockKind.PARAGRAPH:
        return False
    if first.kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
        return False
    if first.open and part.page > first.page:
        return True
    return is_unfinished(before) and _goes_on(first, before, part, references=references)


def _goes_on(first: Part, before: str, part: Part, *, references: bool) -> bool:
    begins = part.text.lstrip(PAGE_BREAK + " \"“‘'([")[:1]
    if begins.islower():
        return len(first.text) >= _LONG // 2
    if references or len(first.text) < _LONG or before.endswith(_CLOSED):
        return False
    return begins.isdigit() or begins.isupper() or part.page > first.page
