"""The numbers of a document against one another, as its sentences print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.claims.audit.bracketed_shares import check_bracketed_shares
from marsad.claims.audit.changes import check_changes
from marsad.claims.audit.dated_changes import check_dated_changes
from marsad.claims.audit.numerals import check_numerals
from marsad.claims.audit.own_numbers import check_own_numbers
from marsad.claims.audit.pointed import check_pointed
from marsad.claims.audit.restated import check_restated
from marsad.claims.audit.splits import check_splits
from marsad.claims.audit.sums import check_sums
from marsad.claims.audit.tables import check_tables
from marsad.claims.audit.trends import check_trends
from marsad.documents import Document
from marsad.extraction.counted import CountedSentence, counted_sentences
from marsad.extraction.proposal import Proposal
from marsad.model import Finding

__all__ = ["check_arithmetic"]


def check_arithmetic(document: Document, figures: Sequence[Proposal] = ()) -> Iterator[Finding]:
    """Yield what does not add up within the sentences of a document, and trends that its figures contradict.

    One quantity with two values, parts of a period larger than the whole and broken records are found by the
    consistency checks of the evidence, from ``figure_statements``.

    Args:
        document: the document.
        figures: its figures, as they were proposed.
    """
    sentences = counted_sentences(document)
    before: CountedSentence | None = None
    for sentence in sentences:
        near = before if before is not None and before.block is sentence.block else None
        own = list(check_sums(document, sentence, near)) or list(check_splits(document, sentence, near))
        own += list(check_changes(document, sentence)) or list(check_dated_changes(document, sentence, near))
        kinds = {finding.kind for finding in own}
        own += [finding for finding in check_pointed(document, sentence) if finding.kind not in kinds]
        yield from own
        yield from check_numerals(document, sentence)
        before = sentence
    yield from check_bracketed_shares(document, sentences)
    yield from check_restated(document, sentences)
    yield from check_own_numbers(document, sentences)
    yield from check_tables(document)
    yield from check_trends(document, sentences, figures)
