"""What the findings of the citation audit quote and say."""

from __future__ import annotations

import re

from marsad.citations.model import Citation, Reference
from marsad.documents import Document

__all__ = ["Span", "entry_span", "span_of", "times"]

Span = tuple[int, int]
"""Half-open offsets into the text of a document."""


def span_of(citation: Citation) -> Span:
    """The words of a citation: its bracket where it is alone in a short one, otherwise its own."""
    return citation.start, citation.end


def entry_span(document: Document, reference: Reference) -> Span:
    """The words of an entry without its bullet."""
    if not reference.is_listed:
        return 0, 0
    lead = re.match(r"[-•*▪●\s]*", document.text[reference.start : reference.end])
    return reference.start + (lead.end() if lead else 0), reference.end


def times(count: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
