"""The beginning of a document: what the rules of the audit and of the extraction look at where it is very long."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from marsad.documents.document import Document
from marsad.documents.limits import MOST_LOOKED_AT

__all__ = ["opening"]


def opening(document: Document, most: int = MOST_LOOKED_AT) -> Document:
    """The blocks of a document that end within so many characters, with a notice where there are more.

    A block that is longer by itself is cut. Offsets, pages and headings of what is kept stay as they are; ``beyond``
    says how many characters were left out.
    """
    if len(document.text) <= most:
        return document
    kept = bisect_right(document.blocks, most, key=lambda block: block.end)
    blocks = document.blocks[:kept] or (replace(document.blocks[0], end=most),)
    end = blocks[-1].end
    pages = tuple(replace(page, end=min(page.end, end)) for page in document.pages if page.start < end)
    until = f", up to page {pages[-1].number}" if pages else ""
    notice = (
        f"The text has {len(document.text):,} characters; only the first {end:,}{until} were looked at. "
        "Split the document to have all of it looked at."
    )
    return replace(
        document,
        text=document.text[:end],
        blocks=blocks,
        pages=pages,
        notices=(*document.notices, notice),
        beyond=document.beyond + len(document.text) - end,
    )
