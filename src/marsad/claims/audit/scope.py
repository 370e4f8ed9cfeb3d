"""Which parts of a manuscript are its own prose, which are its list of abbreviations, and which its reference list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from marsad.documents import RUNNING, Block, BlockKind, Document
from marsad.documents.roman import roman, roman_value
from marsad.documents.vocabulary import NUMBERS
from marsad.model import Finding

__all__ = ["Scope", "distinct", "divide", "number_of"]

_REFERENCES = re.compile(
    r"(?:selected |annotated )?(?:references?(?: list| cited)?|bibliograph(?:y|ies)|works cited|literature(?: cited)?"
    r"|reference list|list of references|sources|end ?notes|notes)(?: and (?:references|notes|sources))?",
    re.IGNORECASE,
)
_ABBREVIATIONS = re.compile(
    r"(?:list of |table of )?(?:abbreviations?|acronyms?)(?:,? (?:and|&) (?:abbreviations?|acronyms?|glossary"
    r"|symbols))?",
    re.IGNORECASE,
)
_LONGEST_ROMAN = 8
_MOST_ROMAN = 400
_LABEL = re.compile(
    r"(?:(?:chapter|section|part|annex|appendix)\s+(?:\d+|[ivxlc]+|[a-z])\b[.:]?\s*)?(?:\d+(?:\.\d+)*\.?\s*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The running blocks of a document by what they are.

    Attributes:
        body: what the author says.
        abbreviations: the rows of the list of abbreviations.
        references: the reference list and the notes.
    """

    body: tuple[Block, ...]
    abbreviations: tuple[Block, ...]
    references: tuple[Block, ...]


def divide(document: Document) -> Scope:
    """Divide the running blocks of a document."""
    parts: dict[str, list[Block]] = {"body": [], "abbreviations": [], "references": []}
    part, level = "body", 0
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            named = _part_named(_LABEL.sub("", document.text[block.start : block.end], count=1))
            if named != "body" or part != "references" or block.level <= level:
                part, level = named, block.level
        elif block.kind in RUNNING:
            parts["references" if block.kind is BlockKind.NOTE else part].append(block)
    return Scope(*(tuple(parts[name]) for name in ("body", "abbreviations", "references")))


def _part_named(heading: str) -> str:
    title = heading.strip(" \t\n.:*_")
    if _REFERENCES.fullmatch(title):
        return "references"
    return "abbreviations" if _ABBREVIATIONS.fullmatch(title) else "body"


def number_of(word: str) -> int | None:
    """The number that digits, a small number word or a Roman numeral mean; None where it is none of them."""
    text = word.casefold()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    if text in NUMBERS:
        return NUMBERS.index(text)
    value = roman_value(text) if len(text) <= _LONGEST_ROMAN else 0
    # No chapter has a larger number: ``d``, ``m`` and ``mix`` are letters and words.
    return value if 0 < value < _MOST_ROMAN and roman(value) == text else None


def distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without those that quote the same words for the same reason."""
    seen: set[str] = set()
    for finding in findings:
        if finding.id not in seen:
            seen.add(finding.id)
            yield finding
