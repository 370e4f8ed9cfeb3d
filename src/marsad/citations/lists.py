"""Where a document's reference list stands, and where each of its entries begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from marsad.citations.names import CAPITAL
from marsad.citations.years import DATE_WORDS, YEAR
from marsad.documents import Block, BlockKind, Document

__all__ = ["RawEntry", "list_blocks", "raw_entries"]

_HEADING = re.compile(
    r"\W*(?:(?:chapter|section|part)?\s*[\divxlc]{0,6}[.):]?\s*)?"
    r"(?:(?:list\s+of\s+|selected\s+|select\s+|cited\s+)?(?:references?|bibliograph(?:y|ies)|works\s+cited|literature(?:\s+cited)?|sources|"
    r"reference\s+list|references?\s+and\s+(?:notes|bibliography|sources)|bibliography\s+and\s+references|works\s+consulted|"
    r"sources\s+cited|literature\s+references))(?:\s+(?:list|cited|consulted))?\W*",
    re.IGNORECASE,
)
_END = re.compile(
    r"\W*(?:[\divxlc]{1,6}[.):]\s*)?(?:appendi(?:x|ces)|annex(?:es|ures?)?|index|glossary|about\s+the\s+authors?|author\s+biograph\w*|"
    r"acknowledge?ments?|endnotes|notes|footnotes|questionnaire|interview\s+(?:guide|questions|protocol)|curriculum\s+vitae|"
    r"list\s+of\s+(?:tables|figures|abbreviations?|interviews?)|abbreviations|supplementary\s+\w+|declarations?|funding)\b",
    re.IGNORECASE,
)
_NOTES = re.compile(r"\W*(?:[\divxlc]{1,6}[.):]\s*)?(?:end\s?)?notes\W*", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?:\[\d{1,4}\]|\d{1,4}[.)])\s*")
_BRACKET_ONE = re.compile(r"\s*\[1\]\s+\S")
_MARK = r"[*_]{0,2}"
_PERSON = (
    rf"(?:(?:van|von|de|der|den|del|della|di|da|la|le|el|al|ul|ur|bin|ibn|abu|ter|ten)[\s-])*{CAPITAL}[\w'’-]{{1,40}}"
    rf"(?:[ -]{CAPITAL}[\w'’-]{{1,40}}){{0,3}},\s?(?:{CAPITAL}\.[\s-]?){{1,4}}"
)
_HEAD = re.compile(
    rf"{_PERSON}(?:,?\s?(?:(?:&|and)\s)?{_PERSON}){{0,15}}(?:,?\s?et\.?\s?al\.?)?,?\s?(?:\((?:eds?\.?)\)[.,]?\s?)?"
    rf"(?:\(\s?(?:{YEAR}|n\.\s?d\.)|{YEAR}[a-z]?[.,])"
)
_WITHIN = re.compile(r"[.>)\]”\"*/\w](?:[*”\"]{0,2})\s+(?:[-•]\s+)?(?=\S)")
_CLOSED = re.compile(r"(?:[.>)\]”\"*/]|https?://\S+)[*”\"]{0,2}\s+(?:[-•*]\s+)?$")
_NUMBERED = re.compile(r"(?:^|(?<=\s))(?:\[(?P<a>\d{1,4})\]|(?P<b>\d{1,4})\.)\s+(?=[\"“‘]?\S)")
_DATED = re.compile(
    rf"\((?:{DATE_WORDS},?\s)?(?:{YEAR}|n\.\s?d\.)[^()]{{0,40}}\)|(?<![\d/-]){YEAR}(?![\d/-])", re.IGNORECASE
)
_DATED_BRACKET = re.compile(rf"\((?:{YEAR}|n\.\s?d\.)[^()]{{0,40}}\)", re.IGNORECASE)
_NEW = re.compile(
    rf"\s*(?:[-•*▪●◦–—‣·]\s+|\[\d{{1,4}}\]|\d{{1,4}}[.)]\s|{_MARK}[\"“‘]?{_MARK}{CAPITAL}|(?:van|von|de|al|el|ul)[\s-])"
)
_LETTER = re.compile(r"\W*\w\W*")
_RULE = re.compile(r"[_\-–—*\s]{3,}")
_SHORT = 60
_LONGEST = 3000


@dataclass(frozen=True, slots=True)
class RawEntry:
    """The place of one entry.

    Attributes:
        start, end: the entry, its bullet or number included.
        is_merged: whether it shares its block with another entry though the list has one to a block.
        block_start, block_end: that block.
    """

    start: int
    end: int
    is_merged: bool = False
    block_start: int = 0
    block_end: int = 0


def list_blocks(document: Document) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each reference list, without its headings; where none is headed, the entries at the end."""
    blocks = document.blocks
    found: list[tuple[Block, ...]] = []
    at = 0
    while at < len(blocks):
        if not (_is_list_heading(document, blocks[at]) or _is_numbered_notes(document, at)):
            at += 1
            continue
        end = _end_of_list(document, at + 1)
        body = tuple(block for block in blocks[at + 1 : end] if _is_body(document, block))
        if body and sum(_is_dated(document, block) for block in body[:12]) * 3 >= len(body[:12]):
            found.append(body)
        at = max(end, at + 1)
    return tuple(found) or _unheaded(document)


def raw_entries(document: Document, blocks: Sequence[Block]) -> tuple[RawEntry, ...]:
    """The entries of one list: entries that share a block parted, and the pieces of one entry joined."""
    joined = _joined(document, blocks)
    heads = [_heads(document.text, start, end) for start, end in joined]
    singles = sum(len(found) <= 1 for found in heads)
    is_one_to_a_block = singles * 10 >= len(joined) * 7 and len(joined) > 2
    found: list[RawEntry] = []
    for (start, end), begins in zip(joined, heads, strict=True):
        cuts = sorted({start, *begins, end})
        merged = is_one_to_a_block and 2 < len(cuts) < 6
        found += [
            RawEntry(
                left, _trimmed(document.text, left, right), merged, start if merged else left, end if merged else right
            )
            for left, right in pairwise(cuts)
            if document.text[left:right].strip()
        ]
    return tuple(found)


def _text(document: Document, block: Block) -> str:
    return document.text[block.start : block.end]


def _is_list_heading(document: Document, block: Block) -> bool:
    if block.kind is BlockKind.CONTENTS or block.end - block.start > _SHORT:
        return False
    return _HEADING.fullmatch(_text(document, block)) is not None


def _is_numbered_notes(document: Document, at: int) -> bool:
    """Whether notes are the reference list of a text that cites by number: ``[1] Author (2020)``."""
    if _NOTES.fullmatch(_text(document, document.blocks[at])) is None:
        return False
    first = next((block for block in document.blocks[at + 1 : at + 3]), None)
    return first is not None and _BRACKET_ONE.match(_text(document, first)) is not None


def _end_of_list(document: Document, begin: int) -> int:
    """Index of the block at which a list ends."""
    at = begin
    while at < len(document.blocks):
        block = document.blocks[at]
        text = _text(document, block)
        is_heading = block.kind in (BlockKind.HEADING, BlockKind.TITLE) or (
            block.end - block.start < _SHORT and text.isupper() and not _DATED.search(text)
        )
        if block.kind is BlockKind.NOTE or (
            block.end - block.start < _SHORT and _END.match(text) and not _DATED.search(text)
        ):
            return at
        if is_heading and not _HEADING.fullmatch(text):
            following = [other for other in document.blocks[at + 1 : at + 5] if _is_body(document, other)]
            if not following or sum(
                _is_dated(document, other) and len(_text(document, other)) < 900 for other in following
            ) * 2 < len(following):
                return at
        at += 1
    return at


def _is_body(document: Document, block: Block) -> bool:
    """Whether a block of a list may be an entry: no heading, rule, page number or single letter."""
    text = _text(document, block)
    if block.kind in (BlockKind.HEADING, BlockKind.TITLE, BlockKind.CONTENTS, BlockKind.NOTE, BlockKind.CAPTION):
        return block.kind is not BlockKind.CONTENTS and _DATED_BRACKET.search(text) is not None
    return len(text) > 4 and not _LETTER.fullmatch(text) and not _RULE.fullmatch(text) and not _HEADING.fullmatch(text)


def _is_dated(document: Document, block: Block) -> bool:
    return _DATED.search(document.text, block.start, min(block.end, block.start + 2000)) is not None


def _unheaded(document: Document) -> tuple[tuple[Block, ...], ...]:
    """The run of entries at the end of a document whose list has no heading."""
    run: list[Block] = []
    for block in reversed(document.blocks):
        text = document.text[block.start : min(block.end, block.start + 600)]
        if _HEAD.match(text.lstrip("-•* \t")) or (block.end - block.start < 400 and run and _numbered_start(text)):
            run.append(block)
        elif block.end - block.start > _SHORT or len(run) == 0:
            break
    return (tuple(reversed(run)),) if len(run) > 2 else ()


def _numbered_start(text: str) -> bool:
    return _NUMBERED.match(text) is not None and _DATED.search(text) is not None


def _joined(document: Document, blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """The places of entries that may run over several blocks."""
    found: list[tuple[int, int]] = []
    for block in blocks:
        text = _text(document, block)
        if (
            found
            and block.kind is not BlockKind.ITEM
            and found[-1][1] - found[-1][0] < _LONGEST
            and _continues(document.text[max(found[-1][0], found[-1][1] - 200) : found[-1][1]], text[:_LONGEST])
        ):
            found[-1] = (found[-1][0], block.end)
        else:
            found.append((block.start, block.end))
    return found


def _continues(before: str, text: str) -> bool:
    """Whether a block goes on with the entry before it rather than begins one."""
    if not _NEW.match(text) or re.match(r"https?://|www\.|doi:|retrieved\b|available\b|in\s", text, re.IGNORECASE):
        return True
    if _DATED_BRACKET.search(text[:400]) or _numbered_start(text):
        return False
    is_open = before.rstrip()[-1:] not in '.>)]”"*/' and re.search(r"https?://\S+$", before) is None
    return is_open and not _HEAD.match(text.lstrip("-•* ")) and not _DATED.search(text[:150])


def _heads(text: str, start: int, end: int) -> list[int]:
    """Where entries begin within a stretch of text, its own beginning left out."""
    numbered = _numbered(text, start, end)
    if numbered:
        return numbered
    return [
        match.end()
        for match in _WITHIN.finditer(text, start, end)
        if not _LABEL.fullmatch(text, start, match.end())
        and _CLOSED.search(text, max(start, match.start() - 80), match.end())
        and _HEAD.match(text, match.end(), end)
    ]


def _numbered(text: str, start: int, end: int) -> list[int]:
    """Beginnings of numbered entries: each number is one more than that before it."""
    found: list[int] = []
    number = None
    for match in _NUMBERED.finditer(text, start, end):
        this = int(match["a"] or match["b"])
        if number is None:
            if match.start() != start:
                return []
            number = this
        elif this == number + 1 and _DATED.search(text, match.end(), min(end, match.end() + 600)):
            number = this
            found.append(match.start())
    return found


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" -•\n\t"))
