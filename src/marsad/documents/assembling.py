"""Parts put together: the canonical text, its blocks and its pages."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.documents.canonical import PAGE_BREAK
from marsad.documents.document import Block, BlockKind, PageSpan
from marsad.documents.parts import Part

__all__ = ["assembled"]


def assembled(parts: Sequence[Part], labels: Sequence[str]) -> tuple[str, tuple[Block, ...], tuple[PageSpan, ...]]:
    """The text of the parts, parted by empty lines; their blocks; and the spans of the pages that ``labels`` names."""
    texts: list[str] = []
    blocks: list[Block] = []
    turns: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        page = part.page
        start = at
        for piece in _pieces(part):
            if piece:
                turns.append((at, page))
                texts.append(piece)
                at += len(piece)
            page += 1
        if at > start:
            blocks.append(Block(start, at, part.kind or BlockKind.PARAGRAPH, part.level, part.label))
            texts.append("\n\n")
            at += 2
    text = "".join(texts[:-1])
    return text, tuple(blocks), _spans(turns, labels, len(text)) if labels else ()


def _pieces(part: Part) -> list[str]:
    """The text of a part page by page, no white space at its ends."""
    pieces = part.text.split(PAGE_BREAK)
    if len(pieces) == 1:
        return [part.text.strip()]
    full = [i for i, piece in enumerate(pieces) if piece.strip()]
    if not full:
        return []
    pieces[full[0]] = pieces[full[0]].lstrip()
    pieces[full[-1]] = pieces[full[-1]].rstrip()
    return [piece if piece.strip() else "" for piece in pieces]


def _spans(turns: Sequence[tuple[int, int]], labels: Sequence[str], length: int) -> tuple[PageSpan, ...]:
    if not turns:
        return ()
    spans: list[PageSpan] = []
    for start, page in turns:
        if not spans or spans[-1].number != page + 1:
            spans.append(PageSpan(start, start, page + 1, labels[page] if page < len(labels) else ""))
    ends = [span.start for span in spans[1:]] + [length]
    return tuple(PageSpan(span.start, end, span.number, span.label) for span, end in zip(spans, ends, strict=True))
