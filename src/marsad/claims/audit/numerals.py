"""Numbers that contradict their own words: in letters and digits, spans of time and lengths, fractions and shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from marsad.claims.audit.numbers import printed, shown
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.found import FoundDate
from marsad.model import Finding, Severity, date_text, number_text

__all__ = ["check_numerals"]

_BRACKET = re.compile(r"\s*[(\[]\s*$")
_CLOSED = re.compile(r"\s*[)\]]")
_DOUBLED = re.compile(
    r"(?<!\d)\d[\d.,]{0,30}\s?%\s*per\s?cent(?:age)?\b|\bper\s?cent\s+per\s?cent\b|\d\s?%\s*%|\bkm\s+kilomet\w+",
    re.IGNORECASE,
)
_AFTER_SPAN = re.compile(
    r"^\s*[,(–—-]?\s*(?:(?:for|over|in|within|lasting|covering|spanning|that is|i\.e\.|which is)\s+)?(?:a\s+)?"
    r"(?:(?:total|period|span|time|stretch)\s+of\s+)?(?:about\s+|the\s+)?$",
    re.IGNORECASE,
)
_BEFORE_SPAN = re.compile(
    r"^\s*(?:(?:war|insurgency|conflict|period|campaign|operation|study|ceasefire|rule|occupation|presence|mission|siege)\s*)?"
    r"[,(]?\s*(?:from|between|in the years|of|,)?\s*$",
    re.IGNORECASE,
)
_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.44"), "year": Decimal("365.25")}
_FRACTIONS = {
    "half": 50,
    "a third": 33,
    "one third": 33,
    "two thirds": 67,
    "a quarter": 25,
    "one quarter": 25,
    "three quarters": 75,
}
_FRACTION = re.compile(
    r"(?<!more than )(?<!over )(?<!nearly )(?<!almost )(?<!less than )(?<!under )(?<!about )(?<!around )"
    r"\b(?P<words>half|(?:a|one)[ -](?:third|quarter)|two[ -]thirds|three[ -]quarters)\b[^.;:\d()]{0,40}\(\s*$",
    re.IGNORECASE,
)
_FRACTION_SLACK = 4
_NEAR = 60

_RULE_SPELLED = "a number in words and the number in digits after it are the same"
_RULE_LENGTH = "the length of a span is the time from its beginning to its end, with or without its last unit"
_RULE_DOUBLED = "a unit is written once"
_RULE_FRACTION = "a fraction and the percentage beside it are the same share"


def check_numerals(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the numbers of one sentence that contradict the words beside them."""
    yield from _spelled(document, sentence)
    yield from _lengths(document, sentence)
    yield from _fractions(document, sentence)
    for match in _DOUBLED.finditer(document.text, sentence.start, sentence.end):
        words = " ".join(match[0].split())
        yield textual_finding(
            document,
            kind="doubled-unit",
            severity=Severity.NOTE,
            title=f"“{words}”",
            message=f"The unit is written twice: “{words}”.",
            spans=[match.span()],
            rule=_RULE_DOUBLED,
        )


def _spelled(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield ``twenty (25)``."""
    text = document.text
    for left, right in zip(sentence.counts, sentence.counts[1:], strict=False):
        first, second = left.found, right.found
        words = text[first.number_start : first.number_end]
        if not words[:1].isalpha() or not text[second.number_start : second.number_end][:1].isdigit():
            continue
        is_bracket = _BRACKET.fullmatch(text, first.end, second.start) and _CLOSED.match(text, second.number_end)
        if not is_bracket or first.unit not in {"count", second.unit} or second.unit != "count":
            continue
        one, other = first.quantity.best, second.quantity.best
        if one is None or other is None or one in {other, 1}:
            continue
        yield textual_finding(
            document,
            kind="number-written-twice",
            severity=Severity.ERROR,
            title=f"{' '.join(words.split())} ({number_text(other)})",
            message=f"The number is {number_text(one)} in words and {number_text(other)} in digits.",
            spans=[(first.number_start, second.number_end + 1)],
            rule=_RULE_SPELLED,
        )


def _lengths(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the spans of time beside a length that they do not have: ``from 2001 to 2021, ten years``."""
    for found in sentence.dates:
        if found.date is None or not found.date.is_interval or found.relative:
            continue
        earliest, latest = found.date.earliest, found.date.latest
        if earliest is None or latest is None:
            continue
        for count in sentence.counts:
            if count.found.unit in _DAYS and _is_beside(document.text, found, count):
                yield from _length(document, found, count, (earliest, latest))


def _is_beside(text: str, found: FoundDate, count: Count) -> bool:
    """Whether a length is said of a span: nothing but a few joining words stands between them."""
    if count.found.start >= found.end:
        return _AFTER_SPAN.match(text[found.end : count.found.start][:_NEAR]) is not None and (
            count.found.start - found.end < _NEAR
        )
    between = text[count.found.end : found.start]
    return len(between) < _NEAR and _BEFORE_SPAN.fullmatch(between) is not None


def _length(document: Document, found: FoundDate, count: Count, ends: tuple[date, date]) -> Iterator[Finding]:
    """Yield the contradiction where the stated length lies outside of what the ends of the span admit."""
    unit = _DAYS[count.found.unit]
    full = Decimal((ends[1] - ends[0]).days + 1)
    loose = {"year": Decimal(731), "month": Decimal(62), "season": Decimal(184), "day": Decimal(2)}
    precision = found.date.precision if found.date else "day"
    shortest = full - loose.get(precision, full)
    low, high = count.found.quantity.low, count.found.quantity.high
    slack = max(unit / 2, (count.found.quantity.best or Decimal(0)) * unit / 10)
    if (high is None or high * unit + slack >= shortest) and (low is None or low * unit - slack <= full):
        return
    stated = printed(document.text, count)
    span = " ".join(document.text[found.start : found.end].split())
    right = (
        shown(full / unit)
        if precision == "day"
        else f"{shown(max(shortest, Decimal(0)) / unit)} to {shown(full / unit)}"
    )
    yield textual_finding(
        document,
        kind="length-does-not-follow",
        severity=Severity.ERROR,
        title=f"{stated}, {date_text(found.date)}",
        message=f"“{span}” is {right} {count.found.unit}s, not “{stated}”.",
        spans=[(found.start, found.end), (count.found.start, count.found.end)],
        rule=_RULE_LENGTH,
    )


def _fractions(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield ``two thirds of them (45 per cent)``."""
    for count in sentence.counts:
        value = count.found.quantity.best
        if count.found.unit != "percent" or value is None or not count.found.quantity.is_exact:
            continue
        start = max(sentence.start, count.found.start - 80)
        match = _FRACTION.search(document.text, start, count.found.start)
        if match is None:
            continue
        expected = _FRACTIONS[match["words"].lower().replace("-", " ")]
        if abs(value - expected) <= _FRACTION_SLACK:
            continue
        yield textual_finding(
            document,
            kind="fraction-does-not-follow",
            severity=Severity.ERROR,
            title=f"{match['words']} ({printed(document.text, count)})",
            message=f"“{match['words']}” is about {expected} per cent, not “{printed(document.text, count)}”.",
            spans=[(match.start("words"), match.end("words")), (count.found.start, count.found.end)],
            rule=_RULE_FRACTION,
        )
