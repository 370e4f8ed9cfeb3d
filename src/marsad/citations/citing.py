"""All citations of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from marsad.citations.cited_names import CitedNames
from marsad.citations.index import Index, places_of
from marsad.citations.intext import author_year_citations
from marsad.citations.lists import list_blocks
from marsad.citations.matching import link_one
from marsad.citations.model import Citation, Reference
from marsad.citations.names import CAPITAL, acronym, compact
from marsad.citations.numeric import numeric_citations
from marsad.citations.organisations import same_organisation
from marsad.citations.references import find_references
from marsad.documents import RUNNING, Block, Document

__all__ = ["citations_among", "find_citations"]

_ALONE = re.compile(rf"\((?:see\s+(?:also\s+)?)?(?P<name>{CAPITAL}[\w.'’&/ -]{{2,60}})\)")
_PLACED = re.compile(
    r"\b(?:in|near|from|to|at|across|into|towards?|outside|around|visit(?:ed)?)\s+(?:the\s+)?([^\W\d_a-z][\w'’-]+)(?!\s*(?:\(|,\s*\d|and\s[A-Z]\w+\s\(|['’]s|et\sal))"
)
_FEW = 3


def find_citations(document: Document) -> tuple[Citation, ...]:
    """Every citation in the text of a document, in order; of several works in one bracket, each.

    Forms that may be something else (``(Doha, 2020)``, ``Operation Storm (2014)``) are citations only where the
    reference list has a work that fits.
    """
    return citations_among(document, find_references(document))


def citations_among(document: Document, references: Sequence[Reference]) -> tuple[Citation, ...]:
    """The citations of a document whose reference list is known."""
    index = Index(references)
    blocks = _text_blocks(document)
    found = list(_author_year(document, blocks, index))
    numbers = _numeric(document, blocks, index, has_names=bool(found))
    placed = _places(document, blocks) if any(_is_bare(citation) for citation in found) else frozenset()
    kept = [citation for citation in found if _is_kept(citation, index, placed)]
    alone = _names_alone(document, blocks, references)
    return tuple(
        sorted({*kept, *numbers, *alone}, key=lambda each: (each.start, each.end, each.number or 0, each.suffix))
    )


def _text_blocks(document: Document) -> list[Block]:
    """The blocks that may cite: running text outside of the reference lists."""
    listed = {block.start for blocks in list_blocks(document) for block in blocks}
    return [block for block in document.blocks if block.kind in RUNNING and block.start not in listed]


def _author_year(document: Document, blocks: Sequence[Block], index: Index) -> Iterator[Citation]:
    memory: dict[tuple[tuple[str, ...], str], bool] = {}

    def known(names: CitedNames) -> bool:
        form = (names.names, names.whole)
        if form not in memory:
            memory[form] = bool(names.names) and index.knows(names.names, names.whole)
        return memory[form]

    for block in blocks:
        yield from author_year_citations(document.text, block.start, block.end, known)


def _is_bare(citation: Citation) -> bool:
    """Whether a citation has one name of one word and so may be a place."""
    return len(citation.names) == 1 and not citation.others and " " not in citation.names[0]


def _is_kept(citation: Citation, index: Index, placed: frozenset[str]) -> bool:
    if citation.is_certain and not (_is_bare(citation) and compact(citation.names[0]) in placed):
        return True
    is_author = _is_bare(citation) and compact(citation.names[0]) in index.first_names
    return bool(link_one(citation, index).references) or (is_author and citation.year is not None)


def _places(document: Document, blocks: Sequence[Block]) -> frozenset[str]:
    """Words that stand behind a preposition of place at least twice."""
    seen: set[str] = set()
    twice: set[str] = set()
    for block in blocks:
        for match in _PLACED.finditer(document.text, block.start, block.end):
            word = compact(match[1])
            (twice if word in seen else seen).add(word)
    return frozenset(twice)


def _numeric(document: Document, blocks: Sequence[Block], index: Index, *, has_names: bool) -> list[Citation]:
    """Numeric citations, where the list is numbered or, in a text without other citations, where there are several."""
    numbered = len(index.by_number) * 2 > len(index.references) > 0
    found = [
        citation
        for block in blocks
        for citation in numeric_citations(document.text, block.start, block.end, superscripts=numbered)
    ]
    if numbered or (not has_names and not index.references and len({citation.start for citation in found}) >= _FEW):
        return found
    return []


def _names_alone(document: Document, blocks: Sequence[Block], references: Sequence[Reference]) -> Iterator[Citation]:
    """Brackets that hold the name of a listed newspaper or organisation and no year: ``(Al Jazeera)``."""
    names = {author.family for work in references for author in work.names if author.is_organisation}
    names |= {place for work in references for place in places_of(work)}
    names = {name for name in names if len(compact(name)) > 3 and len(name.split()) < 7}
    if not names:
        return
    for block in blocks:
        for match in _ALONE.finditer(document.text, block.start, block.end):
            name = match["name"]
            before = document.text[max(block.start, match.start() - 120) : match.start()]
            ends = document.text[match.end() : match.end() + 1]
            if name.isupper() or ends not in (".", ",", ";", "") or _abbreviates(name, before):
                continue
            if any(same_organisation(name, other) for other in names):
                yield Citation(
                    match.start("name"),
                    match.end("name"),
                    (name,),
                    status="undated",
                    group_start=match.start(),
                    group_end=match.end(),
                )


def _abbreviates(name: str, before: str) -> bool:
    """Whether a bracket gives the short form of the words before it."""
    tail = before.split()[-8:]
    return any(compact(name) in acronym(" ".join(tail[at:])) for at in range(len(tail))) or compact(name) in compact(
        before
    )
