"""Slips of the pen: doubled words and signs, brackets and quotation marks left open, a sentence that stands twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.claims.audit.scope import divide
from marsad.documents import Block, BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity

__all__ = ["check_brackets", "check_doubled_words", "check_quotation_marks", "check_repeated_sentences"]

_DOUBLED = re.compile(
    r"\b(?P<word>the|an?|of|to|and|for|from|with|by|at|as|or|be|been|was|were|are|its?|this|their|has|will|which"
    r"|who|than|between"
    r"|into|after|before|during|against|because|also)\s+(?P=word)\b(?![-’'.])",
)
_PERCENT = re.compile(r"\d+\s?%\s+(?:per\s?cent|percent)\b|\bper\s?cent\s?%|%\s?%(?!\w)", re.IGNORECASE)
_LABEL = re.compile(r"(?:^|(?<=[\s;,:.]))(?:\d{1,3}|[a-zA-Z]|[ivxlc]{1,5})\)(?=\s|$)")
_FACE = re.compile(r"[:;]-?[()]")
_LONGEST_QUOTATION = 8
"""How many paragraphs a quotation may have."""
_OPEN, _CLOSE = "([", ")]"

_RULE_DOUBLED = "no word or sign stands twice by mistake"
_RULE_PAIRED = "what is opened is closed, in the same paragraph"
_RULE_SENTENCE = "a sentence stands once in its paragraph"


def _note(document: Document, kind: str, title: str, message: str, spans: list[tuple[int, int]], rule: str) -> Finding:
    return textual_finding(
        document, kind=kind, severity=Severity.NOTE, title=title, message=message, spans=spans, rule=rule
    )


def check_doubled_words(document: Document) -> Iterator[Finding]:
    """Yield ``the the`` and ``96% percent``."""
    for block in divide(document).body:
        if block.kind is BlockKind.ROW:
            continue
        for pattern in (_DOUBLED, _PERCENT):
            for match in pattern.finditer(document.text, block.start, block.end):
                words = " ".join(match[0].split())
                title, message = "A word or sign stands twice", f"“{words}” says the same thing twice."
                yield _note(document, "doubled-word", title, message, [_around(document, match)], _RULE_DOUBLED)


def _around(document: Document, match: re.Match[str]) -> tuple[int, int]:
    """The match with the words around it, as far as they are in its sentence."""
    start, end = document.sentence_at(match.start()) or match.span()
    left, right = max(start, match.start() - 40), min(max(end, match.end()), match.end() + 40)
    while left > start and document.text[left - 1].isalnum():
        left -= 1
    while right < end and document.text[right].isalnum():
        right += 1
    return left, right


def check_brackets(document: Document) -> Iterator[Finding]:
    """Yield the paragraphs with a bracket that is never closed, or closed without having been opened."""
    for block in divide(document).body:
        text = document.text[block.start : block.end]
        if block.kind is not BlockKind.PARAGRAPH or not ("(" in text or ")" in text or "[" in text or "]" in text):
            continue
        ignored = {at for pattern in (_LABEL, _FACE) for found in pattern.finditer(text) for at in range(*found.span())}
        open_at: list[int] = []
        stray: list[int] = []
        for at, sign in enumerate(text):
            if sign in _OPEN and at not in ignored:
                open_at.append(at)
            elif sign in _CLOSE and open_at and text[open_at[-1]] == _OPEN[_CLOSE.index(sign)]:
                open_at.pop()
            elif sign in _CLOSE and at not in ignored:
                stray.append(at)
        for at in sorted([*open_at, *stray])[:1]:
            said = "is opened and never closed" if text[at] in _OPEN else "is closed without having been opened"
            yield _sign(document, block, at, "unpaired-bracket", "A bracket without its partner", f"A bracket {said}")


def _sign(document: Document, block: Block, at: int, kind: str, title: str, said: str) -> Finding:
    """A finding about one sign, quoted with the words around it."""
    start, end = max(block.start, block.start + at - 40), min(block.end, block.start + at + 41)
    while start > block.start and not document.text[start - 1].isspace():
        start -= 1
    while end < block.end and not document.text[end].isspace():
        end += 1
    words = " ".join(document.text[start:end].split())
    return _note(document, kind, title, f"{said}: “{words}”.", [(start, end)], _RULE_PAIRED)


def check_quotation_marks(document: Document) -> Iterator[Finding]:
    """Yield the paragraphs in which a quotation is opened and not closed, or closed and not opened.

    A quotation of several paragraphs is no fault: what is opened in one may be closed in one of the next.
    """
    body = [block for block in divide(document).body if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)]
    odd = [
        (at, place)
        for at, block in enumerate(body)
        if (place := _unpaired(document.text[block.start : block.end])) is not None
    ]
    for index, (at, place) in enumerate(odd):
        near = [other for other, _ in odd[max(0, index - 1) : index + 2] if 0 < abs(other - at) <= _LONGEST_QUOTATION]
        following = document.text[body[at + 1].start] if at + 1 < len(body) else ""
        is_continued = document.text[body[at].start + place] in '“"' and following in ("“", '"')
        if not near and not is_continued:
            said = "A quotation is opened or closed without its partner"
            yield _sign(
                document, body[at], place, "unpaired-quotation-mark", "A quotation mark without its partner", said
            )


def _unpaired(text: str) -> int | None:
    """Where the first quotation mark without partner stands; None where all are paired, however they are printed.

    A straight mark after a digit may stand for inches, so that it is not missed and not needed.
    """
    marks = [at for at, sign in enumerate(text) if sign in '“”"']
    if len(marks) % 2 == 0 and all(text[at] == '"' for at in marks):
        return None
    inches = sum(text[at] == '"' and text[max(0, at - 1) : at].isdigit() for at in marks)
    if inches and (len(marks) - inches) % 2 == 0:
        return None
    if all(text[at] == '"' for at in marks):
        return marks[-1]
    open_at: int | None = None
    for at in marks:
        if text[at] == "“" or (text[at] == '"' and open_at is None):
            if open_at is not None and len(marks) % 2:
                return open_at
            open_at = at
        elif open_at is None:
            return at
        else:
            open_at = None
    return open_at


def check_repeated_sentences(document: Document) -> Iterator[Finding]:
    """Yield the long sentences that stand twice, word for word, in one paragraph."""
    seen: dict[tuple[int, str], tuple[int, int]] = {}
    body = {block.start for block in divide(document).body if block.kind is BlockKind.PARAGRAPH}
    for start, end in document.sentences:
        block = document.block_at(start)
        words = document.text[start:end].casefold().split()
        if len(words) < 12 or block is None or block.start not in body:
            continue
        key = (block.start, " ".join(words))
        first = seen.setdefault(key, (start, end))
        if first != (start, end):
            message = (
                f"The same sentence stands twice in this paragraph: “{' '.join(document.text[start:end].split())}”"
            )
            title = "A sentence stands twice"
            yield _note(document, "repeated-sentence", title, message, [first, (start, end)], _RULE_SENTENCE)
