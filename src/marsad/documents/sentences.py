"""Sentences of a paragraph."""

from __future__ import annotations

import re

__all__ = ["split_sentences"]

_END = re.compile(r"[.!?؟۔][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\W\d_a-z]|\d)")


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of one paragraph as offsets into it, without the white space between them."""
    ends = [match.start() + len(match[0].rstrip()) for match in _END.finditer(text)]
    starts = [0, *(match.end() for match in _END.finditer(text))]
    return tuple((start, end) for start, end in zip(starts, [*ends, len(text.rstrip())], strict=True) if start < end)
