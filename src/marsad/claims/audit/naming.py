"""All checks of names: abbreviations, names spelled in two ways, words written with and without a hyphen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from marsad.claims.audit.abbreviations import (
    check_abbreviations,
    check_two_abbreviations,
    check_unused,
    definitions,
)
from marsad.claims.audit.scope import distinct, divide
from marsad.claims.audit.spelling import check_heading_words, check_hyphens, check_names
from marsad.documents import Document
from marsad.model import Finding

__all__ = ["check_naming"]


def check_naming(document: Document) -> Iterator[Finding]:
    """Yield the names that a manuscript spells, abbreviates or explains in two ways."""
    known = definitions(document, divide(document))
    explained = (check(document, known) for check in (check_abbreviations, check_two_abbreviations, check_unused))
    spelled = (check(document) for check in (check_names, check_hyphens, check_heading_words))
    yield from distinct(chain.from_iterable(chain(explained, spelled)))
