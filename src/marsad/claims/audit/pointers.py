"""References to tables, figures, sections and chapters that the manuscript does not have, and captions out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from marsad.claims.audit.headings import numbered_headings
from marsad.claims.audit.scope import divide, number_of
from marsad.documents import BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.documents.vocabulary import NUMBERS
from marsad.model import Finding, Severity

__all__ = ["check_captions", "check_pointers"]

_SHOWN = re.compile(
    r"(?P<kind>tables?|figures?|figs?\.|maps?|charts?|graphs?"
    r"|box(?:es)?)\s+(?P<number>\d{1,2}(?:\.\d{1,2})?)(?![\w%.,]*\d)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?<!\w)(?:(?P<kind>section|subsection|sect\.)\s+|§\s?)(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})(?!\w)", re.IGNORECASE
)
_CHAPTER = re.compile(rf"(?<!\w)chapter\s+(?P<number>\d{{1,2}}|{'|'.join(NUMBERS[1:13])})(?![\w.]*\d|-)", re.IGNORECASE)
_ELSEWHERE_AFTER = re.compile(
    r"\s*(?:,\s*)?(?:(?:of|in|from|to)\s+(?!this\b|the (?:present|current|following|next|text|study|thesis|report"
    r"|paper)\b)|[’']s\b|,?\s*[A-Z][\w-]+\s*\(?\d{4})"
)
_ELSEWHERE_BEFORE = re.compile(
    r"(?:[’']s?|\b(?:their|his|her|its|ibid\.?,?|see also,?|[12]\d{3}[a-z]?[,:;]?))\s*$", re.IGNORECASE
)
_CITATION = re.compile(r"\([^()]*\b(?:1[89]|20)\d{2}[a-z]?\b[^()]*\)")
_KINDS = {"tab": "table", "fig": "figure", "map": "map", "cha": "chart", "gra": "graph", "box": "box"}

_RULE = "a reference names a table, figure, section or chapter that the text has"
_RULE_CAPTION = "tables and figures are numbered one after the other, each number once"


@dataclass(frozen=True, slots=True)
class _Caption:
    kind: str
    number: tuple[int, ...]
    start: int
    end: int
    text: str

    @property
    def name(self) -> str:
        return f"{self.kind.capitalize()} {'.'.join(str(part) for part in self.number)}"


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _captions(document: Document) -> list[_Caption]:
    found = []
    for block in document.blocks:
        if block.kind is BlockKind.CONTENTS or block.end - block.start > 600:
            continue
        text = document.text[block.start : block.end]
        match = _SHOWN.match(text.lstrip("*_ "))
        rest = text.lstrip("*_ ")[match.end() :].lstrip("*_ ") if match else ""
        if match and (block.kind is BlockKind.CAPTION or not rest or rest[0] in ".:–—-|"):
            kind = _KINDS[match["kind"][:3].casefold()]
            found.append(_Caption(kind, _number(match["number"]), block.start, block.end, text))
    return found


def check_captions(document: Document) -> Iterator[Finding]:
    """Yield two captions with one number, and numbers that are left out between captions."""
    captions = _captions(document)
    for kind in sorted({caption.kind for caption in captions}):
        own = [caption for caption in captions if caption.kind == kind]
        numbers = {caption.number for caption in own}
        for one, two in pairwise(own):
            step = two.number[-1] - one.number[-1]
            if one.number[:-1] != two.number[:-1] or not 0 <= step <= 3 or step == 1:
                continue
            left_out = (*one.number[:-1], one.number[-1] + 1)
            if (step == 0 and " ".join(one.text.split()) == " ".join(two.text.split())) or (
                step and left_out in numbers
            ):
                continue
            if step == 0 and re.search(r"continued|cont[’'.]?d|\bcont\.", two.text, re.IGNORECASE):
                continue
            yield textual_finding(
                document,
                kind="caption-number",
                severity=Severity.WARNING,
                title="Captions that are not counted up",
                message=f"Two captions carry the number of {one.name}."
                if step == 0
                else f"{one.name} is followed by {two.name}: there is none between them.",
                spans=[(one.start, one.end), (two.start, two.end)],
                rule=_RULE_CAPTION,
            )


def check_pointers(document: Document) -> Iterator[Finding]:
    """Yield the references to a table, figure, section or chapter of this text that it does not have."""
    shown = {(caption.kind, caption.number) for caption in _captions(document)}
    headings = numbered_headings(document)
    sections = {heading.number for heading in headings if not heading.is_chapter}
    chapters = {heading.number[0] for heading in headings if heading.is_chapter or len(heading.number) == 1}
    has_chapters = sum(heading.is_chapter for heading in headings) >= 2
    seen: set[str] = set()
    for name, start, end in _pointers(document):
        kind, _, label = name.partition(" ")
        number = _number(label)
        if kind == "section":
            tops = {one[0] for one in sections}
            is_beyond = len(number) == 1 and len(tops) >= 4 and tops == set(range(1, len(tops) + 1))
            is_sure = is_beyond or len([one for one in sections if len(one) > 1]) >= 3
            is_there = any(one[: len(number)] == number for one in sections)
        elif kind == "chapter":
            is_sure, is_there = has_chapters, number[0] in chapters or number[0] < max(chapters, default=0)
        else:
            is_sure = any(one[0] == kind for one in shown)
            is_there = (kind, number) in shown
        if is_sure and not is_there and name not in seen:
            seen.add(name)
            yield textual_finding(
                document,
                kind="missing-target",
                severity=Severity.WARNING,
                title="A reference to what is not there",
                message=f"The text refers to {kind} {label}, which it does not have.",
                spans=[(start, end)],
                rule=_RULE,
            )


def _pointers(document: Document) -> Iterator[tuple[str, int, int]]:
    """The references to parts of this text as ``kind number``, with their place."""
    for block in divide(document).body:
        if block.kind is BlockKind.CAPTION:
            continue
        text = document.text[block.start : block.end]
        cited = [match.span() for match in _CITATION.finditer(text)]
        for pattern in (_SHOWN, _SECTION, _CHAPTER):
            for match in pattern.finditer(text):
                is_cited = any(start <= match.start() < end for start, end in cited)
                if is_cited or match.start() == 0 or _ELSEWHERE_AFTER.match(text, match.end()):
                    continue
                if _ELSEWHERE_BEFORE.search(text, max(0, match.start() - 24), match.start()):
                    continue
                kind = (
                    "chapter"
                    if pattern is _CHAPTER
                    else "section"
                    if pattern is _SECTION
                    else _KINDS[match["kind"][:3].casefold()]
                )
                number = number_of(match["number"]) if pattern is _CHAPTER else match["number"]
                if number is None:  # digits of another script
                    continue
                yield f"{kind} {number}", block.start + match.start(), block.start + match.end()
