"""One quantity told twice in a text with two numbers: by a slip of digits, or of one thing, time and place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.numbers import printed
from marsad.claims.audit.timeline import MOST
from marsad.documents import BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.figure_words import figure_words
from marsad.extraction.found import FoundDate
from marsad.model import Finding, Severity

__all__ = ["check_restated"]

_NAME = re.compile(r"(?<![\w-])[^\W\d_a-z][\w’'-]{2,}")
_WORD = re.compile(r"(?<![\w-])[a-z][a-z-]{3,}")
_BACK = re.compile(r"\bthere\b|^(?:It|They|This|These|Those|Its|The)\b")
_WEIGHED = re.compile(
    r"\b(?:compared|whereas|while|against|unlike|instead|rather|initially|at first|revised|estimate[sd]?|according"
    r"|claim(?:ed|s)|not|another|other|additional|further|more)\b",
    re.IGNORECASE,
)
_PLAIN = frozenset({"count", "persons", "hectare", "km", "km2", "t", "kg", "USD"})
_HARM = frozenset({"killed", "injured", "casualties"})
_STEM = 5
_DIGITS = 3
_LONG_SLIP = 4
_SHARED = 3
_LARGE = 2

_RULE_SLIP = "a number that is told twice has its digits in one order"
_RULE_ONE = "one thing of one time and place that is told twice has one number"


@dataclass(frozen=True, slots=True)
class _Told:
    """A number with what tells of what it is.

    Attributes:
        digits: its digits.
        noun: what is counted, in the singular as far as its end tells; the unit where it has no noun.
        dates: the dates named near it.
        names: the names in its sentence, and those that it refers back to.
        stems: the beginnings of the other words of its sentence.
        is_loose: whether its sentence weighs numbers or has several of the same noun, or it is no exact number.
    """

    sentence: CountedSentence
    count: Count
    digits: str
    noun: str
    dates: tuple[FoundDate, ...]
    names: frozenset[str]
    stems: frozenset[str]
    is_loose: bool


def check_restated(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[Finding]:
    """Yield the numbers that are told twice with their digits in another order, and other numbers of one thing.

    Args:
        document: the document.
        sentences: its sentences with numbers, in order.
    """
    slips: dict[str, list[_Told]] = {}
    things: dict[tuple[str, str], list[_Told]] = {}
    for one in _all_told(document, sentences):
        if len(one.digits.rstrip("0")) >= _DIGITS:
            slips.setdefault("".join(sorted(one.digits)), []).append(one)
        is_large = len(one.digits) >= _LARGE
        if is_large and one.count.noun and len(one.dates) == 1 and not one.is_loose:
            things.setdefault((one.noun, str(one.dates[0].date)), []).append(one)
    yield from _pairs(document, slips.values(), _is_slip, _slip)
    yield from _pairs(document, things.values(), _is_one_thing, _other_number)


def _pairs(
    document: Document,
    groups: Iterable[Sequence[_Told]],
    is_same: Callable[[_Told, _Told], bool],
    finding: Callable[[Document, _Told, _Told], Finding],
) -> Iterator[Finding]:
    """Yield a finding for each two numbers of a group that are told of the same."""
    for group in groups:
        seen: set[frozenset[str]] = set()
        for one, two in combinations(group[:MOST], 2):
            pair = frozenset((one.digits, two.digits))
            if len(pair) == 2 and pair not in seen and one.sentence is not two.sentence and is_same(one, two):
                seen.add(pair)
                yield finding(document, one, two)


def _all_told(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[_Told]:
    """The plain numbers of the prose with what they are of."""
    names: frozenset[str] = frozenset()
    block = None
    for sentence in sentences:
        if sentence.block.kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
            continue
        words = document.text[sentence.start : sentence.end]
        found = (name.casefold() for name in _NAME.findall(words))
        own = frozenset(name for name in found if name not in _common())
        if sentence.block is block and (not own or _BACK.search(words)):
            own |= names
        names, block = own, sentence.block
        stems = frozenset(word[:_STEM] for word in _WORD.findall(words) if word not in _common())
        yield from _of_sentence(sentence, own, stems, is_weighed=_WEIGHED.search(words) is not None)


@cache
def _common() -> frozenset[str]:
    """Words that name nothing and tell nothing of a thing."""
    words = figure_words()
    return lexicon("no_names") | words.stop | words.skipped_before | words.skipped_after | words.plain


def _of_sentence(
    sentence: CountedSentence, names: frozenset[str], stems: frozenset[str], *, is_weighed: bool
) -> Iterator[_Told]:
    unit = ""
    for count in sentence.counts:
        value = count.found.quantity
        if count.found.unit not in _PLAIN:
            continue
        unit = count.found.unit if count.found.unit not in {"count", "persons"} else unit
        digits = f"{value.low:f}" if value.low is not None else ""
        if not digits.isdigit() or value.text[0] in "~<" or count.partitive:
            continue
        same = [one for one in sentence.counts if one.noun == count.noun]
        yield _Told(
            sentence,
            count,
            digits,
            (count.noun or unit).removesuffix("s"),
            _dates_near(sentence, count),
            names,
            stems - {count.noun[:_STEM]},
            is_weighed or len(same) > 1 or not value.is_exact,
        )


def _dates_near(sentence: CountedSentence, count: Count) -> tuple[FoundDate, ...]:
    """The date that follows a number before the next one, or else all those of the sentence."""
    known = tuple(one for one in sentence.dates if one.date is not None)
    later = min((one.found.start for one in sentence.counts if one.found.start > count.found.start), default=None)
    after = tuple(one for one in known if one.start >= count.end and (later is None or one.start < later))
    return after[:1] or known


def _is_slip(one: _Told, two: _Told) -> bool:
    """Whether two numbers with the same digits are told of the same thing at the same time."""
    people = figure_words().people
    is_noun = one.noun == two.noun or not (one.count.noun and two.count.noun)
    is_noun = is_noun or (one.count.noun in people and two.count.noun in people)
    is_time = not (one.dates and two.dates) or any(
        here.date.overlaps(there.date) for here in one.dates for there in two.dates if here.date and there.date
    )
    is_measure = bool(one.count.measure) and one.count.measure == two.count.measure
    is_nameless = not (one.names and two.names) and bool(one.dates and two.dates)
    is_long = len(one.digits) >= _LONG_SLIP and is_nameless and is_measure
    return is_noun and is_time and (is_long or (bool(one.names & two.names) and bool(one.stems & two.stems)))


def _is_one_thing(one: _Told, two: _Told) -> bool:
    """Whether two numbers with the same noun and date are told of the same thing."""
    if (one.sentence.citations and two.sentence.citations) or one.count.targets != two.count.targets:
        return False
    if one.count.measure in _HARM or two.count.measure in _HARM:
        return False
    is_named = one.names <= two.names or two.names <= one.names
    return bool(one.names & two.names) and is_named and len(one.stems & two.stems) >= _SHARED


def _slip(document: Document, one: _Told, two: _Told) -> Finding:
    severity = Severity.ERROR if len(one.digits) >= _LONG_SLIP else Severity.WARNING
    return _finding(document, one, two, severity, "with the same digits in another order", _RULE_SLIP)


def _other_number(document: Document, one: _Told, two: _Told) -> Finding:
    return _finding(document, one, two, Severity.WARNING, "and the words tell of one thing", _RULE_ONE)


def _finding(document: Document, one: _Told, two: _Told, severity: Severity, why: str, rule: str) -> Finding:
    first, second = (printed(document.text, told.count) for told in (one, two))
    return textual_finding(
        document,
        kind="quantity-conflict",
        severity=severity,
        title=f"{first} and {second}",
        message=f"The text says {first} in one place and {second} in another, {why}.",
        spans=[(told.sentence.start, told.sentence.end) for told in (one, two)],
        rule=rule,
    )
