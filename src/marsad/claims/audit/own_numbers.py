"""What a study says of itself in two places: how many it asked, over which years it counted, how long its war was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.numbers import printed
from marsad.claims.audit.timeline import MOST
from marsad.documents import BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.model import Date, Finding, Severity

__all__ = ["check_own_numbers"]

_OWN = re.compile(
    r"\b(?:we|our|us|this (?:study|paper|thesis|dissertation|article|report|research|book)|draw(?:ing|s)? on|drew on"
    r"|based on|on the basis of|were (?:held|conducted|carried out|interviewed|surveyed|collected|coded)|the author"
    r"|the (?:study|sample|survey|dataset))\b",
    re.IGNORECASE,
)
_STUDIED = frozenset(
    {"interviews", "interviewees", "respondents", "participants", "informants", "questionnaires", "surveys"}
    | {"households", "interview", "cases"}
)
_SOME = re.compile(
    r"\b(?:of (?:these|those|them|whom|which)|another|other|further|additional|more|remaining|rest|first|second|pilot"
    r"|each|per|only|follow-up|later|earlier|also|repeat(?:ed)?|by (?:telephone|phone))\b",
    re.IGNORECASE,
)
_PART = re.compile(r"\s+(?:(?:was|were)\s+)?(?:from|by|at|among|each|of)\b")
_DATA = re.compile(
    r"\b(?:incident\s+|event\s+|conflict\s+|panel\s+|original\s+)*(?:data|dataset|database|panel|study\s+period"
    r"|period\s+of\s+study)\b[^.;]{0,120}?\b(?:for|from|between|covers?|covering|of|in|over|is)\s+"
    r"(?:the\s+)?(?:years\s+|period\s+)?$",
    re.IGNORECASE,
)
_LASTED = re.compile(
    r"(?:\b(?P<noun>war|insurgency|conflict|occupation|rebellion|siege|blockade|mandate|mission)\b[^.;:,]{0,60}?\s"
    r"(?:lasted|of|that lasted|which lasted|lasting)\s+(?:for\s+)?(?:almost|nearly|about|some|over|more than)?\s*)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w-])[^\W\d_a-z][\w’'-]{2,}")
_NEAR = 180

_RULE_OWN = "a study has one number of what it has counted, wherever it says so"
_RULE_YEARS = "the data of a study are of one period, wherever it says so"
_RULE_LENGTH = "one war has one length"


def check_own_numbers(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[Finding]:
    """Yield what a study says of its own interviews, data and war with two values.

    Args:
        document: the document.
        sentences: its sentences with numbers, in order.
    """
    prose = [one for one in sentences if one.block.kind in {BlockKind.PARAGRAPH, BlockKind.ITEM}]
    yield from _interviews(document, prose)
    yield from _periods(document, prose)
    yield from _lengths(document, prose)


def _interviews(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[Finding]:
    """Yield the numbers of interviews, respondents … that are told of the whole study and differ."""
    first: dict[str, tuple[CountedSentence, Count]] = {}
    told: set[str] = set()
    for sentence in sentences:
        words = document.text[sentence.start : sentence.end]
        if not _OWN.search(words) or _SOME.search(words):
            continue
        own = [one for one in sentence.counts if _is_studied(document.text, one, sentence.end)]
        if len(own) != 1:
            continue
        count, noun = own[0], own[0].noun.removesuffix("s")
        other, before = first.setdefault(noun, (sentence, count))
        is_apart = document.section_at(other.start) != document.section_at(sentence.start)
        differs = before.found.quantity.best != count.found.quantity.best
        if is_apart and differs and noun not in told:
            told.add(noun)
            yield _finding(
                document,
                "quantity-conflict",
                (printed(document.text, before), printed(document.text, count)),
                f"{count.noun}",
                [(other.start, other.end), (sentence.start, sentence.end)],
                _RULE_OWN,
            )


def _is_studied(text: str, count: Count, end: int) -> bool:
    is_exact = count.found.quantity.is_exact and not count.partitive
    return (
        is_exact
        and count.noun in _STUDIED
        and _PART.match(text[count.noun_end : min(count.noun_end + 12, end)]) is None
    )


def _periods(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[Finding]:
    """Yield the spans of years of the study's data that differ at one end."""
    found: list[tuple[Date, int, int, CountedSentence]] = []
    for sentence in sentences:
        words = document.text[sentence.start : sentence.end]
        if not (_OWN.search(words) or re.search(r"\bdata were\b|\bdata was\b|\bdataset\b", words)):
            continue
        for one in sentence.dates:
            before = document.text[max(sentence.start, one.start - _NEAR) : one.start]
            if one.date is not None and _is_years(one.date) and _DATA.search(before):
                found.append((one.date, one.start, one.end, sentence))
    for (span, start, end, here), (other, first, last, there) in combinations(found[:MOST], 2):
        shares = (span.earliest == other.earliest) != (span.latest == other.latest)
        if shares and document.section_at(here.start) != document.section_at(there.start):
            values = " ".join(document.text[start:end].split()), " ".join(document.text[first:last].split())
            spans = [(here.start, here.end), (there.start, there.end)]
            yield _finding(document, "two-spans", values, "the years of the data", spans, _RULE_YEARS)
            return


def _is_years(date: Date) -> bool:
    return re.fullmatch(r"\d{4}/\d{4}", date.text) is not None


def _lengths(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[Finding]:
    """Yield the lengths in years of one war that differ by two years and a sixth."""
    found: list[tuple[str, frozenset[str], Count, CountedSentence]] = []
    for sentence in sentences:
        for count in sentence.counts:
            before = document.text[max(sentence.start, count.found.start - _NEAR) : count.found.start]
            match = _LASTED.search(before) if count.found.unit == "year" else None
            if match and count.found.quantity.best is not None:
                names = frozenset(name for name in _NAME.findall(before) if name.casefold() not in lexicon("no_names"))
                found.append((match["noun"].casefold(), names, count, sentence))
    for (noun, names, count, here), (other, others, again, there) in combinations(found[:MOST], 2):
        one, two = count.found.quantity.best, again.found.quantity.best
        if noun != other or not names & others or one is None or two is None or here is there:
            continue
        if abs(one - two) >= 2 and abs(one - two) * 6 > max(one, two):
            values = (printed(document.text, count), printed(document.text, again))
            spans = [(here.start, here.end), (there.start, there.end)]
            yield _finding(document, "quantity-conflict", values, f"the length of the {noun}", spans, _RULE_LENGTH)
            return


def _finding(
    document: Document, kind: str, values: tuple[str, str], what: str, spans: list[tuple[int, int]], rule: str
) -> Finding:
    return textual_finding(
        document,
        kind=kind,
        severity=Severity.WARNING,
        title=f"{values[0]} and {values[1]}",
        message=f"The text gives {what} as {values[0]} in one place and as {values[1]} in another.",
        spans=spans,
        rule=rule,
    )
