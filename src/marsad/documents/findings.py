"""Findings that quote the words of a document."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.documents.document import Document
from marsad.documents.folding import fold_print
from marsad.model import Finding, Method, Quote, Severity, content_hash

__all__ = ["identified", "textual_finding"]

_EMPHASIS = str.maketrans("", "", "*_")


def identified(kind: str, message: str, quotes: Iterable[Quote]) -> str:
    """An identifier that depends on the kind, the message and the words quoted, not on how and where they are set."""
    texts = (message, *(quote.text for quote in quotes))
    return content_hash(kind, *(fold_print(text.translate(_EMPHASIS)).text.strip() for text in texts))


def textual_finding(
    document: Document,
    *,
    kind: str,
    severity: Severity,
    title: str,
    message: str,
    spans: Iterable[tuple[int, int]],
    rule: str,
) -> Finding:
    """A finding about words of a document.

    Args:
        document: the document.
        kind: kind of fault, ``part-exceeds-whole``, ``cited-not-listed`` …
        severity: how grave.
        title: in a few words.
        message: one plain sentence that says what is wrong and quotes the values.
        spans: every place that the message speaks of, as offsets, in the order of the message; empty ones do not count.
        rule: the rule that is broken, in words.

    Returns:
        A finding whose identifier is the same for the same text in another format.
    """
    quotes = tuple(document.quote(start, end) for start, end in spans if end > start)
    return Finding(
        id=identified(kind, message, quotes),
        kind=kind,
        title=title,
        text=((message,),),
        severity=severity,
        quotes=quotes,
        method=Method(name=kind, reference=rule),
    )
