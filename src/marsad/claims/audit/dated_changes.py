"""Changes between two values that a sentence dates: ``200 in 2015 and 300 in 2016, an increase of 50 per cent``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from marsad.claims.audit.numbers import percent_slack, printed, shown
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.figure_words import figure_words
from marsad.extraction.found import FoundDate
from marsad.model import Finding, Severity

__all__ = ["check_dated_changes"]

_SAYS_SO = re.compile(
    r"(?:That|This|It)\s+(?:is|was|represents|represented|amounts\s+to|amounted\s+to|marks|marked|means|meant)\s+(?:an?|the)?\s*"
)
_THEN = re.compile(
    r"(?P<between>[^.;:\d]{0,50}(?:\d{4})?[^.;:\d]{0,20})\b(?:and|before|then)\s+(?:then\s+|had\s+|have\s+|has\s+)?"
    r"(?:rose|risen|fell|fallen|dropped|declined|decreased|increased|grew|grown|climbed)\s+to\s+(?:about\s+|some\s+)?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"[^.;:\d]{0,12},\s*(?P<hedge>exactly\s+|just\s+|almost\s+|nearly\s+|about\s+)?"
    r"(?P<words>double|twice\s+as\s+(?:much|many|high)|three\s+times\s+as\s+(?:much|many|high)|half\s+as\s+(?:much|many)\s+again)\b",
    re.IGNORECASE,
)
_MULTIPLES = {"double": Decimal(2), "twice": Decimal(2), "three": Decimal(3), "half": Decimal("1.5")}
_LOOSE, _TIGHT = Decimal("0.12"), Decimal("0.03")
_HUNDRED = Decimal(100)
_PLAIN = frozenset({"count", "persons", "percent"})

_RULE = "a change in percent is the later value over the earlier one, less one, within its rounding"
_RULE_TIMES = "double is about twice the earlier value"


@dataclass(frozen=True, slots=True)
class _Change:
    """An earlier and a later value."""

    old: Count
    new: Count

    @property
    def values(self) -> tuple[Decimal, Decimal]:
        return self.old.found.quantity.best or Decimal(0), self.new.found.quantity.best or Decimal(0)


def check_dated_changes(
    document: Document, sentence: CountedSentence, before: CountedSentence | None = None
) -> Iterator[Finding]:
    """Yield the percentages and multiples that do not follow from two values with their dates.

    Args:
        document: the document.
        sentence: the sentence.
        before: the sentence before it in the same paragraph, of which ``That is an increase of 43 per cent`` may speak.
    """
    text = document.text
    rates = [count for count in sentence.counts if _is_rate(text, count)]
    change = _change(text, sentence)
    if change is not None:
        yield from _multiple(document, change)
        later = [rate for rate in rates if 0 < rate.found.start - change.new.found.end < 60]
        if len(rates) == 1 and later:
            yield from _percent(document, change, later[0])
    elif before is not None and len(sentence.counts) == 1 and len(rates) == 1:
        said = _SAYS_SO.match(text, sentence.start)
        earlier = _change(text, before)
        if said is not None and earlier is not None and rates[0].start - said.end() < 12:
            yield from _percent(document, earlier, rates[0])


def _change(text: str, sentence: CountedSentence) -> _Change | None:
    """The only two values of a sentence, where it dates both or says that the one became the other."""
    counts = [count for count in sentence.counts if not _is_rate(text, count)]
    if len(counts) != 2 or not _is_pair(*counts):
        return None
    one, two = counts
    if _THEN.fullmatch(text, one.noun_end, two.found.start):
        return _Change(one, two)
    first, second = (_year(text, sentence, count) for count in counts)
    is_from = re.search(r"\bfrom\s+\S*$", text[max(one.found.start - 12, 0) : one.found.start])
    if first is None or second is None or is_from or first.date is None or second.date is None:
        return None
    if first.date.is_before(second.date):
        return _Change(one, two)
    return _Change(two, one) if second.date.is_before(first.date) else None


def _is_pair(one: Count, two: Count) -> bool:
    """Whether two counts are single values of one thing."""
    if any(count.unit not in _PLAIN and count.measure != "territory" for count in (one, two)) or one.partitive:
        return False
    is_single = one.found.quantity.best is not None and two.found.quantity.best is not None
    return is_single and (one.unit == "percent") == (two.unit == "percent") and _is_alike(one, two)


def _is_rate(text: str, count: Count) -> bool:
    """Whether a percentage is a change: ``an increase of 10 per cent``, ``fell to 5.1 million, by 36 per cent``."""
    if count.unit == "percent_change":
        return True
    return (
        count.unit == "percent"
        and re.search(r",\s+by\s+$", text[max(count.found.start - 6, 0) : count.found.start]) is not None
    )


def _is_alike(one: Count, two: Count) -> bool:
    """Whether the second value counts the same, or does not say what it counts."""
    return not (two.noun or two.measure) or (one.noun == two.noun and one.measure == two.measure)


def _year(text: str, sentence: CountedSentence, count: Count) -> FoundDate | None:
    """The date that stands just after a value and its noun."""
    for found in sentence.dates:
        gap = text[count.noun_end : found.start]
        if (
            found.start >= count.noun_end
            and len(gap) < 40
            and re.fullmatch(
                r"(?:\s+(?:of|per)\s+[^\W\d_]+(?:\s+[^\W\d_]+){0,3})?"
                r"\s+(?:in|by|at the end of|for|during)\s+(?:early |late )?",
                gap,
            )
        ):
            return found
    return None


def _percent(document: Document, change: _Change, rate: Count) -> Iterator[Finding]:
    old, new = change.values
    if old <= 0 or new <= 0:
        return
    text = document.text
    stated = rate.found.quantity
    centre = stated.best if stated.best is not None else stated.low
    if centre is None:
        return
    value = abs(new - old) / old * _HUNDRED
    words = figure_words()
    word = text[slice(*rate.effect)].lower()
    sign = (word in words.rise) - (word in words.fall)
    is_turned = sign != 0 and sign != (new > old) - (new < old) and new != old
    slack = percent_slack(stated)
    low, high = stated.low, stated.high
    fits = (low is None or value >= low - slack) and (high is None or value <= high + slack)
    if fits and not is_turned:
        return
    right = f"{shown(value)} per cent {'more' if new > old else 'less'}"
    yield textual_finding(
        document,
        kind="direction" if fits else "change-does-not-follow",
        severity=Severity.ERROR,
        title=f"{printed(text, rate)} stated, {right} reckoned",
        message=(
            f"“{' '.join(text[rate.start : rate.end].split())}” does not follow: {shown(new)} is {right} "
            f"than {shown(old)}."
        ),
        spans=[(change.old.start, change.old.end), (change.new.start, change.new.end), (rate.start, rate.end)],
        rule=_RULE,
    )


def _multiple(document: Document, change: _Change) -> Iterator[Finding]:
    last = max(change.old.noun_end, change.new.noun_end)
    match = _TIMES.match(document.text, last) or _TIMES.match(document.text, last + _tail(document.text, last))
    old, new = change.values
    if match is None or old <= 0 or new <= 0:
        return
    times = _MULTIPLES[match["words"].split()[0].lower()]
    slack = _TIGHT if (match["hedge"] or "").startswith("exactly") else _LOOSE
    if abs(new / old - times) <= times * slack:
        return
    ratio = f"{(new / old).quantize(Decimal('0.01')).normalize():f}"
    yield textual_finding(
        document,
        kind="multiple-does-not-follow",
        severity=Severity.ERROR,
        title=f"“{match['words']}”, but {shown(old)} to {shown(new)} is {ratio} times as much",
        message=f"From {shown(old)} to {shown(new)} is {ratio} times as much, which is not “{match['words']}”.",
        spans=[
            (change.old.start, change.old.end),
            (change.new.start, change.new.end),
            (match.start("words"), match.end("words")),
        ],
        rule=_RULE_TIMES,
    )


def _tail(text: str, at: int) -> int:
    """The length of a date in words such as `` in 2020`` after an offset."""
    match = re.compile(r"\s+in\s+(?:[A-Z][a-z]+\s+)?\d{4}").match(text, at)
    return match.end() - at if match else 0
