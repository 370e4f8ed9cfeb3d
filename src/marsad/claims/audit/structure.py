"""All checks of a manuscript's structure: headings, contents, lists, references to its own parts, slips of the pen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from marsad.claims.audit.announced import check_announced, check_enumerations, check_ordinals
from marsad.claims.audit.contents import check_contents, check_contents_pages, check_outline
from marsad.claims.audit.headings import (
    check_chapters,
    check_empty_sections,
    check_numbering,
    check_sections,
    check_tops,
)
from marsad.claims.audit.pointers import check_captions, check_pointers
from marsad.claims.audit.scope import distinct
from marsad.claims.audit.slips import (
    check_brackets,
    check_doubled_words,
    check_quotation_marks,
    check_repeated_sentences,
)
from marsad.documents import Document
from marsad.model import Finding

__all__ = ["check_structure"]

_CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    check_chapters,
    check_sections,
    check_tops,
    check_numbering,
    check_empty_sections,
    check_contents,
    check_contents_pages,
    check_outline,
    check_announced,
    check_ordinals,
    check_enumerations,
    check_captions,
    check_pointers,
    check_doubled_words,
    check_brackets,
    check_quotation_marks,
    check_repeated_sentences,
)


def check_structure(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the headings, the contents, the lists and the references of a manuscript to itself."""
    yield from distinct(finding for check in _CHECKS for finding in check(document))
