"""Shares and parts that a sentence ties to their whole by its words: ``won 220 of 575 seats, 48 per cent``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from marsad.claims.audit.numbers import percent_slack, printed, shown
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.documents.vocabulary import NUMBERS
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.model import Finding, Severity

__all__ = ["check_pointed"]

_PLAIN = frozenset({"count", "persons", "hectare"})
_COMMA = re.compile(r"\s*,\s*(?:or\s+)?(?:only\s+|just\s+)?")
_APPROVED = re.compile(
    r"[^.;:\d]{0,40}?\band\s+(?:had\s+|has\s+)?(?:approved|granted|accepted|rejected|verified|completed|cleared|opened"
    r"|settled|confirmed|resolved|investigated)\s+"
)
_OF_WHICH = re.compile(r"[^.;:\d]{0,90}?,\s+(?:of\s+(?:which|whom)|out\s+of\s+which)\s+(?:about\s+|some\s+)?")
_OF_THEM = re.compile(r"[^.:\d]{0,60}?[;,]\s+(?:and\s+)?(?:about\s+|some\s+)?")
_THEM = re.compile(r"\s+of\s+(?:them|these|those)\b")
_FRACTION = re.compile(
    rf"\b(?P<top>{'|'.join(NUMBERS[1:10])})\s+(?:in|out\s+of)\s+(?P<bottom>{'|'.join(NUMBERS[2:11])})\b[^.;()]{{0,90}}\(\s*"
    r"(?P<part>\d[\d,]*)\s+(?:out\s+)?of\s+(?:the\s+)?(?P<whole>\d[\d,]*)\s*\)",
    re.IGNORECASE,
)
_HUNDRED = Decimal(100)
_ROUGH = Decimal("0.1")

_RULE_SHARE = "a share is the part over the whole, within its rounding"
_RULE_PART = "a part is not larger than the whole that it belongs to"


def check_pointed(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the shares that do not follow from the part and whole before them, and parts larger than their whole."""
    yield from _shares(document, sentence)
    yield from _larger(document, sentence)
    yield from _fractions(document, sentence)


def _shares(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield ``220 of 575 seats, 48 per cent`` and ``received 1,650 claims and approved 1,049, 46 per cent``."""
    text = document.text
    for one, two, share in zip(sentence.counts, sentence.counts[1:], sentence.counts[2:], strict=False):
        if share.unit != "percent" or one.unit not in _PLAIN or two.unit not in _PLAIN:
            continue
        if not _COMMA.fullmatch(text, two.noun_end, share.found.start) or not re.match(
            r"\s*[,.;]", text[share.found.end :][:3]
        ):
            continue
        if one.partitive:
            yield from _share(document, one, two, share)
        elif one.noun and not two.noun and _APPROVED.fullmatch(text, one.noun_end, two.found.start):
            yield from _share(document, two, one, share)


def _share(document: Document, part: Count, whole: Count, share: Count) -> Iterator[Finding]:
    top, bottom, stated = (each.found.quantity.best for each in (part, whole, share))
    values = (part.found.quantity, whole.found.quantity)
    if (
        top is None
        or bottom is None
        or stated is None
        or bottom <= 0
        or any(value.text[0] in "~<>" for value in values)
    ):
        return
    value = top / bottom * _HUNDRED
    if abs(value - stated) > percent_slack(share.found.quantity):
        words = printed(document.text, share)
        yield textual_finding(
            document,
            kind="share-does-not-follow",
            severity=Severity.ERROR,
            title=f"{words} stated, {shown(value)} per cent reckoned",
            message=f"{shown(top)} of {shown(bottom)} is {shown(value)} per cent, not “{words}”.",
            spans=[(part.start, part.end), (whole.start, whole.end), (share.start, share.end)],
            rule=_RULE_SHARE,
        )


def _larger(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield ``62 raids, of which 70 in the capital`` and ``660 were launched; 740 of them were shot``."""
    text = document.text
    counts = [count for count in sentence.counts if count.unit in _PLAIN]
    for whole, part in pairwise(counts):
        between = text[whole.found.end : part.found.start]
        between = re.sub(r"\(\s*\d[\d.,]*\s?(?:%|per\s?cent)\s*\)", "", between)
        is_of = (_OF_WHICH.fullmatch(between) and not part.noun) or (
            _OF_THEM.fullmatch(between) and _THEM.match(text, part.found.end)
        )
        low, high = part.found.quantity.low or part.found.quantity.best, whole.found.quantity.best
        if not is_of or low is None or high is None or whole.partitive or whole.found.quantity.text[0] in "<>":
            continue
        if low > high * (1 + _ROUGH if whole.found.quantity.text[0] == "~" else 1):
            yield textual_finding(
                document,
                kind="part-exceeds-whole",
                severity=Severity.ERROR,
                title=f"{printed(text, part)} as a part of {printed(text, whole)}",
                message=f"“{printed(text, part)}” is given as a part of “{printed(text, whole)}”, which is smaller.",
                spans=[(whole.start, whole.end), (part.start, part.end)],
                rule=_RULE_PART,
            )


def _fractions(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield ``four in five of those asked (93 of 155)``."""
    for match in _FRACTION.finditer(document.text, sentence.start, sentence.end):
        top, bottom = (NUMBERS.index(match[name].casefold()) for name in ("top", "bottom"))
        part, whole = (int(match[name].replace(",", "")) for name in ("part", "whole"))
        if whole and bottom and abs(Decimal(top) / bottom - Decimal(part) / whole) > Decimal(1) / (2 * bottom):
            yield textual_finding(
                document,
                kind="share-does-not-follow",
                severity=Severity.ERROR,
                title=f"{match['top']} in {match['bottom']} stated, {part} of {whole} given",
                message=f"{part} of {whole} is {shown(Decimal(part) / whole * _HUNDRED)} per cent, "
                f"not “{match['top'].lower()} in {match['bottom'].lower()}”.",
                spans=[match.span()],
                rule=_RULE_SHARE,
            )
