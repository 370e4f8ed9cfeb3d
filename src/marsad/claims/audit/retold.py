"""An event that is told again under another day: ``the attack on Boma on 25 March``, ``the coup of 1 May``."""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from marsad.claims.audit.recounts import check_recounts
from marsad.claims.audit.timeline import MOST, Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.extraction.found import FoundDate
from marsad.model import Date, Finding, Severity, date_text

__all__ = ["check_retold"]

_NAME = r"[^\W\d_a-z][^\W\d_]+(?:[ -][^\W\d_a-z][^\W\d_]+){0,3}"
_EVENTS = (
    r"attack|attacks|bombing|massacre|killing|killings|strike|airstrike|raid|ambush|assault|siege|battle|explosion|"
    r"blast|abduction|kidnapping|shooting|coup|accord|agreement|ceasefire|truce|offensive|operation|invasion|referendum|election|"
    r"fall|capture|surrender|bomb|missile|crash|protest|march|incident"
)
_AGAIN = re.compile(
    rf"\b(?:[Tt]he|[Tt]hat|[Tt]his)\s+(?:[a-z][\w’'-]*\s+){{0,3}}?(?:{_EVENTS})\b[^.;:\d]{{0,40}}?"
    rf"\b(?:on|at|in|of|near|against|hit|struck)\s+(?:the\s+|a\s+)?(?P<name>{_NAME})"
)
_THAT_OF = re.compile(rf"\bthat\s+(?:of|on|at|in|which\s+hit)\s+(?:the\s+)?(?P<name>{_NAME})")
_PACT = re.compile(
    r"(?P<name>(?:[^\W\d_a-z][^\W\d_]+[ -]){1,5}"
    r"(?:Agreement|Accords?|Charter|Treaty|Pact|Declaration|Protocol|Convention))\b"
)
_OTHER = re.compile(
    r"\b(?:second|another|third|later|subsequent|previous|earlier|new|next|following|again|similar|other|anniversary"
    r"|renewed|amended|extended|took effect|entered into force|ratified|published|reported|announced"
    r"|until(?!\s+that\s+(?:of|on|at|in)\b))\b",
    re.IGNORECASE,
)
_MONTHS = frozenset(month_name[1:])
_CLAUSE = re.compile(r"[;:]|\b(?:and|but|while|before|after|until|since)\b")
_SIGNED = re.compile(r"\s+(?:\([A-Z-]+\)\s+)?(?:of|(?:was\s+|were\s+)?(?:signed|concluded)\s+on)\s+(?:the\s+)?")
_NUMBER = re.compile(r"(?<![\d,.-])\d{2,3}(?![\d,.-])")
_PACTS = ("Agreement", "Accord", "Accords", "Charter", "Treaty", "Pact", "Declaration", "Protocol", "Convention")
_KINDS = {
    "coup": (
        r"\bcoup\b|overthr[eo]w|\boust|\btoppl|\bdepos|(?:seiz|took|taken).{0,12}\bpower|\barrested\b"
        r"|state of emergency"
    ),
    "accord": r"\baccord\b|\bagreement\b|\bsigned\b",
    "agreement": r"\baccord\b|\bagreement\b|\bsigned\b",
    "invasion": r"\binva(?:sion|ded)\b",
    "massacre": r"\bmassacre|\bkilled\b|\bkilling\b",
    "siege": r"\bsiege\b|\bbesieged\b",
    "referendum": r"\breferendum\b|\bvoters\b|\bvoted\b",
}
_OF_DAY = re.compile(rf"\b[Tt]he\s+(?:[a-z][\w’'-]*\s+){{0,2}}?(?P<kind>{'|'.join(_KINDS)})\s+(?:of|on)\s+(?:the\s+)?$")
_OPERATION = r"(?P<name>Operation\s+[A-Z\d][\w’'-]*(?:\s+[A-Z][\w’'-]*)?)"
_BEGAN = re.compile(
    _OPERATION + r"(?:\s+\([A-Z]+\))?,?\s+(?:which\s+|that\s+)?(?:was\s+|had\s+been\s+)?"
    r"(?:launched|began|begun|started)\s+on\s+(?:the\s+)?$"
)
_LAUNCHED = re.compile(r"\b(?:launched|began|started)\s+(?:[a-z]+\s+){0,2}?" + _OPERATION)
_MONTH = r"(?P<month{0}>" + "|".join(month_name[1:]) + ")"
_MONTH_DAY = re.compile(
    rf"\b(?:{_MONTH.format(1)}\s+(?P<day1>\d{{1,2}})|(?P<day2>\d{{1,2}})\s+{_MONTH.format(2)})\b(?!,?\s+\d{{4}})"
)
_THAT_DAY_AT = re.compile(
    rf"\b[Tt]hat\s+of\s+(?P<when>[^.;:]{{4,18}}?)\s+(?:on|at|in|against)\s+(?:the\s+)?(?P<name>{_NAME})"
)
_DAYS = 31
_FEW = 6
_NEAR = 70
_NEAREST = 45

_RULE = "an event that is told again has the same day"


@dataclass(frozen=True, slots=True)
class _Telling:
    """A name of an event's place, or of a pact, with the day beside it."""

    name: str
    found: FoundDate
    sentence: Sentence
    start: int
    end: int

    @property
    def date(self) -> Date:
        return self.found.date or Date.parse("")


def check_retold(times: Timeline) -> Iterator[Finding]:
    """Yield the events that are told again under a day that looks like a slip for the one given elsewhere."""
    yield from _again(times)
    yield from _pacts(times)
    yield from _by_kind(times)
    yield from _operations(times)
    yield from _without_year(times)
    yield from check_recounts(times)


def _again(times: Timeline) -> Iterator[Finding]:
    days = Counter(
        found.date.text for one in times.sentences for found in one.certain if found.date and found.date.is_day
    )
    spread = _spread(times.sentences)
    seen: set[str] = set()
    for telling in list(_tellings(times.sentences))[:MOST]:
        if days[telling.date.text] > 1 or telling.name in seen or not 1 < spread[telling.name] <= _FEW:
            continue
        first = _first(times.sentences, telling)
        if first is not None:
            seen.add(telling.name)
            yield _finding(times, telling, first)


def _spread(sentences: Sequence[Sentence]) -> Counter[str]:
    """In how many sentences each capitalised run of words stands."""
    return Counter(name for sentence in sentences for name in set(re.findall(_NAME, sentence.text)))


def _tellings(sentences: Sequence[Sentence]) -> Iterator[_Telling]:
    """The definite mentions of an event, ``the attack on Boma on 25 March 2020``."""
    for sentence in sentences:
        for pattern in (_AGAIN, _THAT_OF):
            for match in pattern.finditer(sentence.text):
                day = _day_after(sentence, match)
                around = sentence.text[max(match.start() - 30, 0) : match.end()]
                if day is not None and match["name"].split()[0] not in _MONTHS and not _OTHER.search(around):
                    yield _Telling(match["name"], day, sentence, sentence.start + match.start(), day.end)


def _day_after(sentence: Sentence, match: re.Match[str]) -> FoundDate | None:
    """The day just after a mention, in the same clause."""
    end = sentence.start + match.end()
    for found in sentence.certain:
        if 0 <= found.start - end < _NEAREST and found.date is not None and found.date.is_day:
            between = sentence.text[match.end() : found.start - sentence.start]
            return None if _CLAUSE.search(between) else found
    return None


def _first(sentences: Sequence[Sentence], telling: _Telling) -> FoundDate | None:
    """The only other day that stands beside the name, where it looks like the telling's own."""
    beside: dict[str, FoundDate] = {}
    nearest: dict[str, FoundDate] = {}
    for sentence in sentences:
        if sentence.start == telling.sentence.start:
            continue
        for match in re.finditer(rf"\b{re.escape(telling.name)}\b", sentence.text):
            at = sentence.start + match.start()
            near = [found for found in sentence.certain if found.date and abs(found.start - at) < 2 * _NEAR]
            beside |= {found.date.text: found for found in near if found.date}
            if near:
                closest = _nearest(near, at)
                nearest[closest.date.text if closest.date else ""] = closest
    if any(found.date and found.date.overlaps(telling.date) for found in beside.values()):
        return None
    for told in (beside, nearest):
        alike = [found for found in told.values() if found.date and _is_slip(found.date, telling.date)]
        if len(alike) == 1:
            return alike[0]
    return None


def _nearest(dates: Sequence[FoundDate], at: int) -> FoundDate:
    return min(dates, key=lambda found: abs(found.start - at))


def _is_slip(one: Date, other: Date) -> bool:
    """Whether two days share all but the day, the month or the year."""
    if not (one.is_day and other.is_day) or one.text == other.text:
        return False
    return sum(left == right for left, right in zip(one.text.split("-"), other.text.split("-"), strict=True)) == 2


def _pacts(times: Timeline) -> Iterator[Finding]:
    """Yield the pacts with a name of their own that were signed on two days."""
    told: dict[str, _Telling] = {}
    for sentence in times.sentences:
        for match in _PACT.finditer(sentence.text):
            name = re.sub(r"^(?:The|This|That|In|Under|After|Since)\s+", "", match["name"])
            end = sentence.start + match.end()
            day = next((found for found in sentence.certain if 0 <= found.start - end < _NEAREST), None)
            if day is None or day.date is None or not day.date.is_day or " " not in name:
                continue
            joint = sentence.text[match.end() : day.start - sentence.start]
            if not _SIGNED.fullmatch(joint):
                continue
            telling = _Telling(name, day, sentence, sentence.start + match.start(), day.end)
            earlier = told.setdefault(name, telling)
            if _is_slip(earlier.date, telling.date):
                yield _finding(times, telling, earlier.found)


def _by_kind(times: Timeline) -> Iterator[Finding]:
    """Yield ``the coup of 1 May 2003``, where the only like day of a coup has another month or year."""
    days = Counter(found.date.text for one in times.sentences for found in one.certain if found.date)
    tellings = (each for each in _of_kinds(times.sentences) if days[each[1].date.text] == 1)
    for kind, telling in islice(tellings, MOST):
        alike = _alike(times.sentences, telling, re.compile(_KINDS[kind], re.IGNORECASE))
        if len(alike) == 1:
            yield _finding(times, telling, next(iter(alike.values())))


def _of_kinds(sentences: Sequence[Sentence]) -> Iterator[tuple[str, _Telling]]:
    """The kinds of event that are named by their day."""
    for sentence in sentences:
        for found in sentence.certain:
            lead = sentence.text[max(found.start - sentence.start - 60, 0) : found.start - sentence.start]
            match = _OF_DAY.search(lead)
            if match is not None and found.date is not None and found.date.is_day:
                start = found.start - len(lead) + match.start()
                yield match["kind"], _Telling(f"the {match['kind']}", found, sentence, start, found.end)


def _alike(sentences: Sequence[Sentence], telling: _Telling, words: re.Pattern[str]) -> dict[str, FoundDate]:
    """The days of other sentences with some words that differ from the telling's in the month or the year alone."""
    return {
        found.date.text: found
        for sentence in sentences
        if sentence.start != telling.sentence.start and words.search(sentence.text)
        for found in sentence.certain
        if found.date and _is_slip(found.date, telling.date) and found.date.text[-2:] == telling.date.text[-2:]
    }


def _operations(times: Timeline) -> Iterator[Finding]:
    """Yield the named operations that begin on two days; under a heading with the name the first day is its day."""
    told: dict[str, _Telling] = {}
    for telling in sorted(_beginnings(times), key=lambda one: one.start):
        earlier = told.setdefault(telling.name, telling)
        if _is_slip(earlier.date, telling.date):
            yield _finding(times, telling, earlier.found)


def _beginnings(times: Timeline) -> Iterator[_Telling]:
    """The operations and the days on which they began."""
    last = ""
    for sentence in times.sentences:
        days = [found for found in sentence.certain if found.date and found.date.is_day]
        title = next(iter(times.document.section_at(sentence.start)[-1:]), "")
        named = re.search(_OPERATION + r"\s*$", title)
        if named and title != last and days and sentence.text.startswith("On "):
            yield _Telling(named["name"], days[0], sentence, sentence.start, days[0].end)
        last = title
        for found in days:
            lead = sentence.text[: found.start - sentence.start]
            if match := _BEGAN.search(lead[-90:]):
                yield _Telling(match["name"], found, sentence, sentence.start, found.end)
        is_first = bool(days) and sentence.text.startswith("On ") and days[0].start - sentence.start < _FEW
        if is_first and (match := _LAUNCHED.search(sentence.text)):
            yield _Telling(match["name"], days[0], sentence, sentence.start, sentence.start + match.end())


def _without_year(times: Timeline) -> Iterator[Finding]:
    """Yield ``that of November 17 on the Grand Hotel`` where the only day of that month beside the name is another."""
    found = ((sentence, match) for sentence in times.sentences for match in _THAT_DAY_AT.finditer(sentence.text))
    for sentence, match in islice(found, MOST):
        here = list(_month_days(match["when"]))
        if len(here) == 1:
            naming = [one for one in times.sentences if match["name"] in one.text and one.start != sentence.start]
            days = {day for one in naming[: _FEW + 1] for day in _month_days(one.text)}
            if len(naming) <= _FEW and len(days) == 1 and next(iter(days))[0] == here[0][0] and days != set(here):
                yield _yearless(times, match, sentence, naming, (next(iter(days)), here[0]))


def _month_days(text: str) -> Iterator[tuple[str, int]]:
    """The days without a year in a text."""
    for match in _MONTH_DAY.finditer(text):
        yield match["month1"] or match["month2"], int(match["day1"] or match["day2"])


def _yearless(
    times: Timeline,
    match: re.Match[str],
    sentence: Sentence,
    naming: Sequence[Sentence],
    days: tuple[tuple[str, int], tuple[str, int]],
) -> Finding:
    first, again = (f"{day} {month}" for month, day in days)
    dated = next(one for one in naming if days[0] in _month_days(one.text))
    return textual_finding(
        times.document,
        kind="event-date",
        severity=Severity.WARNING,
        title=f"{match['name']}: {first} or {again}",
        message=f"What is told of “{match['name']}” is dated {first} in one place and {again} in another.",
        spans=[(dated.start, dated.end), (sentence.start + match.start(), sentence.start + match.end())],
        rule=_RULE,
    )


def _finding(times: Timeline, telling: _Telling, first: FoundDate) -> Finding:
    days = [date_text(first.date) if first.date else "", date_text(telling.date)]
    document = times.document
    sentence = document.sentence_at(first.start)
    block = document.block_at(first.start)
    there = document.text[block.start : block.end] if block else ""
    is_sure = telling.name.endswith(_PACTS) or _tolls(there) & _tolls(telling.sentence.text)
    return textual_finding(
        document,
        kind="event-date",
        severity=Severity.ERROR if is_sure else Severity.WARNING,
        title=f"{telling.name}: {days[0]} or {days[1]}",
        message=f"What is told of “{telling.name}” is dated {days[0]} in one place and {days[1]} in another.",
        spans=[sentence or (first.start, first.end), (telling.start, telling.end)],
        rule=_RULE,
    )


def _tolls(text: str) -> frozenset[str]:
    """The numbers of two or three digits in a text that are no days: the same toll makes it the same event."""
    return frozenset(number for number in _NUMBER.findall(text) if int(number) > _DAYS)
