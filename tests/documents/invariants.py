"""What holds for every document, whatever it was read from."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from marsad.documents import BlockKind, Document

__all__ = ["faults"]

_FORBIDDEN = set("\r\f\v\x00\x02\ufeff\u200b\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00a0")


def faults(document: Document) -> list[str]:
    """The invariants that a document breaks; none for a sound one."""
    holds = {**_of_text(document), **_of_blocks(document), **_of_pages(document)}
    return [name for name, held in holds.items() if not held]


def _of_text(document: Document) -> dict[str, bool]:
    text = document.text
    lone = any("\ud800" <= one <= "\udfff" for one in text)
    return {
        "NFC": unicodedata.is_normalized("NFC", text),
        "no characters that no canonical text has": not _FORBIDDEN & set(text) and not lone,
        "a direction": document.direction in {"ltr", "rtl"},
    }


def _of_blocks(document: Document) -> dict[str, bool]:
    text, blocks = document.text, document.blocks
    edges = (blocks[0].start, len(text) - blocks[-1].end) if blocks else (0, len(text))
    words = [text[one.start : one.end] for one in blocks]
    tabs = {one.kind for one, word in zip(blocks, words, strict=True) if "\t" in word}
    return {
        "no empty block": all(one.start < one.end for one in blocks),
        "blocks parted by an empty line": all(text[one.end : two.start] == "\n\n" for one, two in pairwise(blocks)),
        "blocks from end to end": edges == (0, 0),
        "no white space around or between": all(one == one.strip() and not set(one) & {"\n"} for one in words),
        "no two spaces": "  " not in text,
        "tabs in rows and contents only": tabs <= {BlockKind.ROW, BlockKind.CONTENTS},
        "levels": all((one.level > 0) == (one.kind in {BlockKind.HEADING, BlockKind.ITEM}) for one in blocks),
    }


def _of_pages(document: Document) -> dict[str, bool]:
    pages = document.pages
    return {
        "pages in order": all(one.end == two.start for one, two in pairwise(pages)),
        "no empty page": all(one.start < one.end for one in pages),
        "pages from end to end": not pages or (pages[0].start, pages[-1].end) == (0, len(document.text)),
    }
