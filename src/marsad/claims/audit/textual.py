"""Findings that quote the words of a document."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.documents import Document
from marsad.model import Finding, Method, Severity, content_hash

__all__ = ["textual_finding"]


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
        kind: kind of contradiction, ``part-exceeds-whole`` …
        severity: how grave.
        title: in a few words.
        message: one plain sentence that says what is wrong and quotes the values.
        spans: every place that the message speaks of, as offsets, in the order of the message.
        rule: the rule that is broken, in words.

    Returns:
        A finding whose identifier depends on its kind and the words that it quotes only, so that it is the same for the
        same text in another format.
    """
    quotes = tuple(document.quote(start, end) for start, end in spans)
    return Finding(
        id=content_hash(kind, *(" ".join(quote.text.split()) for quote in quotes)),
        kind=kind,
        title=title,
        text=((message,),),
        severity=severity,
        quotes=quotes,
        method=Method(name=kind, reference=rule),
    )
