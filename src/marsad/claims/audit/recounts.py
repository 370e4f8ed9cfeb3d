"""An event that is told again with another toll: ``the bombing of Boma, in which 89 soldiers died``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from marsad.claims.audit.scope import number_of
from marsad.claims.audit.timeline import MOST, Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.extraction.found import FoundDate
from marsad.model import Finding, Severity

__all__ = ["check_recounts"]

_NAME = r"[^\W\d_a-z][^\W\d_]+(?:[ -][^\W\d_a-z][^\W\d_]+){0,3}"
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen"
)
_N = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|(?:{'|'.join(_TENS)})(?:-(?:{_UNITS}))?|(?:{_UNITS}))\b(?![,.]\d)"
_HEDGES = {
    "low": ("at least", "no fewer than", "not less than", "more than", "over"),
    "about": ("about", "some", "around", "nearly", "almost", "close to", "approximately", "an estimated", "roughly"),
    "high": ("up to", "as many as", "fewer than", "less than"),
}
_HEDGE_OF = {words: kind for kind, each in _HEDGES.items() for words in each}
_HEDGE = rf"(?:(?P<hedge>{'|'.join(_HEDGE_OF)})\s+)?"
_ASIDE = r"(?:,\s[^,.;:\d]{0,70},\s+)?"
_NOUN = (
    rf"(?:\s+(?!of\b|per\b|percent\b|and\b)(?P<noun>(?:(?!left\b|{_N})[a-z][\w-]*\s+){{0,2}}?"
    r"(?:people|men|women|children|[a-z]+s))\b)?"
)
_COUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"\b(?P<deed>kill(?:ed|ing|s)|executed|murdered|massacred|abduct(?:ed|ing)|kidnapp(?:ed|ing))\s+{_HEDGE}"
            rf"(?P<n>{_N})(?!\s*(?:%|per\s?cent\b|of\b|million\b|thousand\b)){_NOUN}"
        ),
        (
            rf"(?<![\w.,-]){_HEDGE}(?P<n>{_N})(?!\s*(?:%|per\s?cent\b|million\b|thousand\b)){_NOUN}"
            rf"\s*{_ASIDE}\s*(?:(?:were|was|had\s+been|have\s+been|lay)\s+)?"
            r"(?P<deed>killed|died|dead|executed|lost\s+their\s+lives|perished|abducted|kidnapped|surrendered)\b"
        ),
        rf"\b(?P<deed>abduction|kidnapping|killing|massacre|murder|deaths?|surrender)\s+of\s+{_HEDGE}(?P<n>{_N}){_NOUN}",
        rf"\b(?:claimed|cost|took)\s+(?:the\s+)?(?P<deed>lives)\s+of\s+{_HEDGE}(?P<n>{_N}){_NOUN}",
        rf"\b(?:claimed|cost|took)\s+{_HEDGE}(?P<n>{_N})(?P<noun>\b)\s+(?P<deed>lives)\b",
    )
)
_EVENTS = (
    r"attacks?|bombings?|massacre|killings?|strike|airstrike|raid|ambush|assault|siege|battle|explosion|blast|abduction"
    r"|kidnapping|shooting|bomb|missile|rocket|drone|mine|shelling|clash|stampede|executions?"
)
_AGAIN = re.compile(
    rf"\b(?:[Tt]he|[Tt]hat)\s+(?:[a-z][\w’'-]*\s+){{0,2}}?(?:{_EVENTS})\b[^.;:\d]{{0,40}}?"
    rf"\b(?:on|at|in|of|near|against|hit|struck)\s+(?:the\s+|a\s+)?(?P<name>{_NAME})"
)
_THAT_OF = re.compile(
    rf"\bthat\s+(?:(?:of|on)\s+[^.;:]{{0,20}}\d[^.;:]{{0,8}}?\s+)?(?:of|on|at|in|which\s+(?:hit|struck))\s+"
    rf"(?:the\s+)?(?P<name>{_NAME})"
)
_COUNTED = re.compile(
    rf"\b[Tt]he\s+(?:(?P<deed>abduction|kidnapping|killing|massacre|murder|surrender)|deaths?)\s+of\s+{_HEDGE}"
    rf"(?P<n>{_N}){_NOUN}\s+(?:at|in|from|near)\s+(?:the\s+)?(?P<name>{_NAME})"
)
_THAT_MANY = re.compile(
    rf"\b(?P<deed>abduction|kidnapping|massacre|surrender)\b[^.;:]{{0,60}}?,\s+that\s+of\s+{_HEDGE}(?P<n>{_N}){_NOUN}"
    rf"\s+(?:at|in|from|near)\s+(?:the\s+)?(?P<name>{_NAME})"
)
_STOP = re.compile(r"[;:]|\b(?:after|before|until|and|but|than)\s+that\b|,\s+(?:and|but|while)\b|\bwas the\b")
_UNSURE = re.compile(
    r"\b(?:second|another|previous|other|anniversary|estimate[sd]?|according|initially|at first|first put|revised"
    r"|claimed to|alleged|reportedly|later put|spoke of|of whom|of them|among them)\b",
    re.IGNORECASE,
)
_PART = re.compile(rf"\bincluding\s*$|\b{_N}\s+[a-z]+\s+(?:[a-z]+\s+)?and\s*$", re.IGNORECASE)
_FEW = 6
_MANY = 40
"""A place that is named in more sentences than this has too many events to be compared by its name."""
_REACH = 90
_HEADING = 60
_MONTHS = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_ANYBODY = frozenset({"", "people", "persons", "victims"})
_TAKEN = ("abduct", "kidnap")
_LOOSE = 0.25
_ADDED = 12
_SMALL = 5
"""Below this many a toll is not compared: two killed may be some of three."""

_RULE = "an event that is told again has the same toll"


@dataclass(frozen=True, slots=True)
class _Toll:
    """A number of people, what befell them, and the day beside it."""

    number: int
    hedge: str
    deed: str
    noun: str
    start: int
    end: int
    day: FoundDate | None = None


@dataclass(frozen=True, slots=True)
class _Telling:
    """A definite mention of an event at a named place with its toll."""

    name: str
    toll: _Toll
    sentence: Sentence
    start: int


def check_recounts(times: Timeline) -> Iterator[Finding]:
    """Yield the events whose toll differs from the only one that is told of the same place and day elsewhere."""
    seen: set[tuple[str, frozenset[int]]] = set()
    for telling in list(_tellings(times.sentences))[:MOST]:
        naming = [one for one in times.sentences if telling.name in one.text]
        if len(naming) > _MANY:
            continue
        others = list(_others(times.sentences, telling, naming))
        first = _only(others, telling, is_common=len(naming) > _FEW)
        if first is not None and not _is_told(times, telling, naming):
            severity = _verdict(telling.toll, first)
            numbers = telling.name, frozenset((telling.toll.number, first[1].number))
            if severity is not None and numbers not in seen:
                seen.add(numbers)
                yield _finding(times, telling, first, severity)


def _tellings(sentences: Sequence[Sentence]) -> Iterator[_Telling]:
    for sentence in sentences:
        for pattern in (_COUNTED, _THAT_MANY, _AGAIN, _THAT_OF):
            for match in pattern.finditer(sentence.text):
                toll = _counted(sentence, match) if pattern in (_COUNTED, _THAT_MANY) else _after(sentence, match)
                around = sentence.text[max(match.start() - 20, 0) : max(match.end(), toll.end if toll else 0)]
                is_place = not _MONTHS.match(match["name"])
                if toll is not None and toll.number >= _SMALL and is_place and not _UNSURE.search(around):
                    yield _Telling(match["name"], toll, sentence, match.start())


def _after(sentence: Sentence, match: re.Match[str]) -> _Toll | None:
    """The first toll after a mention, in the same clause."""
    rest = sentence.text[match.end() : match.end() + _REACH + 40]
    stop = _STOP.search(rest)
    limit = match.end() + (stop.start() if stop else len(rest))
    found = _tolls(sentence, start=match.end(), end=limit)
    tolls = (toll for toll in found if toll.start <= match.end() + _REACH)
    first = min(tolls, key=lambda toll: toll.start, default=None)
    return None if first is None else _dated(first, _day(sentence, match.start(), limit))


def _counted(sentence: Sentence, match: re.Match[str]) -> _Toll:
    toll = _read(match, match["deed"] or "deaths")
    return _dated(toll, _day(sentence, match.start(), match.end() + _REACH))


def _dated(toll: _Toll, day: FoundDate | None) -> _Toll:
    return _Toll(toll.number, toll.hedge, toll.deed, toll.noun, toll.start, toll.end, day)


def _day(sentence: Sentence, first: int, last: int) -> FoundDate | None:
    """The first date between two places of a sentence."""
    low, high = sentence.start + first, sentence.start + last
    return next((found for found in sentence.certain if low <= found.start and found.end <= high), None)


def _tolls(sentence: Sentence, *, start: int = 0, end: int | None = None) -> Iterator[_Toll]:
    """The tolls in a sentence, without days and years and without those that are a part of a sum."""
    text = sentence.text if end is None else sentence.text[:end]
    for pattern in _COUNTS:
        for match in pattern.finditer(text, start):
            if not _is_day(sentence, match.start("n")) and not _PART.search(text[: match.start()][-40:]):
                yield _read(match, match["deed"])


def _is_day(sentence: Sentence, at: int) -> bool:
    return any(found.start <= sentence.start + at < found.end for found in sentence.dates)


def _read(match: re.Match[str], deed: str) -> _Toll:
    hedge = _HEDGE_OF.get(" ".join((match["hedge"] or "").lower().split()), "")
    taken = deed.lower().startswith(_TAKEN)
    kind = "taken" if taken else "surrendered" if deed.lower().startswith("surrender") else "killed"
    noun = (match["noun"] or "").split()
    return _Toll(_value(match["n"]), hedge, kind, noun[-1].lower() if noun else "", match.start("n"), match.end("n"))


def _value(text: str) -> int:
    bare = text.lower().replace(",", "")
    tens, _, unit = bare.partition("-")
    if tens in _TENS:
        return 10 * (_TENS.index(tens) + 2) + (number_of(unit) or 0 if unit else 0)
    return number_of(bare) or 0


def _others(
    sentences: Sequence[Sentence], telling: _Telling, naming: Sequence[Sentence]
) -> Iterator[tuple[Sentence, _Toll]]:
    """The tolls of the same kind that are told of the place elsewhere: in its sentence, or under a heading with it."""
    at = {sentence.start: index for index, sentence in enumerate(sentences)}
    for sentence in naming:
        if sentence.start == telling.sentence.start:
            continue
        own = [toll for toll in _tolls(sentence) if toll.deed == telling.toll.deed]
        yield from ((sentence, _dated(toll, _before(sentence, toll) or _head(sentence))) for toll in own)
        is_heading = len(sentence.text) <= _HEADING and sentence.text.startswith(telling.name)
        for later in sentences[at[sentence.start] + 1 : at[sentence.start] + (4 if is_heading else 2)]:
            if own or later.block != sentence.block or later.certain or telling.name in later.text:
                break
            for toll in _tolls(later):
                if toll.deed == telling.toll.deed:
                    yield later, _dated(toll, _head(sentence))


def _before(sentence: Sentence, toll: _Toll) -> FoundDate | None:
    """The last date before a toll in its sentence."""
    earlier = [found for found in sentence.certain if found.end <= sentence.start + toll.start]
    return earlier[-1] if earlier else None


def _head(sentence: Sentence) -> FoundDate | None:
    return sentence.certain[0] if sentence.certain else None


def _only(
    others: Sequence[tuple[Sentence, _Toll]], telling: _Telling, *, is_common: bool
) -> tuple[Sentence, _Toll] | None:
    """The toll that is told of the same day, or, where the telling has none, of the only day."""
    day = telling.toll.day
    if day is not None and day.date is not None:
        fitting = [one for one in others if _overlaps(one[1].day, day)] or [one for one in others if one[1].day is None]
    else:
        fitting = list(others)
    days = {toll.day.date.text for _, toll in fitting if toll.day and toll.day.date}
    values = {(toll.number, toll.hedge) for _, toll in fitting}
    is_pinned = bool(day) and all(toll.day for _, toll in fitting)
    if len(values) != 1 or len(days) > 1 or (is_common and not is_pinned):
        return None
    return fitting[0]


def _overlaps(one: FoundDate | None, other: FoundDate) -> bool:
    return bool(one and one.date and other.date and one.date.overlaps(other.date))


def _is_told(times: Timeline, telling: _Telling, naming: Sequence[Sentence]) -> bool:
    """Whether the telling's number stands, by itself or as a sum of two, in a paragraph that names the place."""
    blocks = {sentence.block for sentence in naming if sentence.start != telling.sentence.start}
    numbers: dict[int, list[int]] = {block: [] for block in blocks}
    for sentence in times.sentences:
        if sentence.block in blocks and sentence.start != telling.sentence.start:
            numbers[sentence.block] += [
                _value(match[0])
                for match in re.finditer(rf"(?<![\w.,-]){_N}", sentence.text, re.IGNORECASE)
                if not _is_day(sentence, match.start())
            ]
    number = telling.toll.number
    return any(
        number in each or number in {one + other for one, other in combinations(each[:_ADDED], 2)}
        for each in numbers.values()
    )


def _verdict(toll: _Toll, first: tuple[Sentence, _Toll]) -> Severity | None:
    """How surely two tolls contradict each other; None where both may be right."""
    other = first[1]
    specific = {toll.noun, other.noun} - _ANYBODY
    is_part = toll.noun != other.noun and bool(specific)
    if is_part and (len(specific) > 1 or not _is_typed(toll.number, other.number)):
        return None
    hedges = {toll.hedge, other.hedge}
    if hedges == {""}:
        is_sure = toll.day is None or _overlaps(other.day, toll.day)
        return Severity.ERROR if is_sure else Severity.WARNING
    if hedges <= {"", "low"}:
        exact, low = (toll, other) if toll.hedge == "" else (other, toll)
        if exact.hedge == "" and exact.number < low.number:
            return Severity.WARNING
        return Severity.WARNING if _is_typed(toll.number, other.number) else None
    is_far = abs(toll.number - other.number) > _LOOSE * max(toll.number, other.number)
    return Severity.WARNING if "high" not in hedges and is_far else None


def _is_typed(one: int, other: int) -> bool:
    """Whether two numbers look like a slip of the keys: the same digits in another order, or another first digit."""
    left, right = str(one), str(other)
    return len(left) == len(right) > 1 and (sorted(left) == sorted(right) or left[1:] == right[1:])


def _finding(times: Timeline, telling: _Telling, first: tuple[Sentence, _Toll], severity: Severity) -> Finding:
    sentence, other = first
    words = {"killed": "killed", "taken": "abducted", "surrendered": "surrendered"}[other.deed]
    numbers = [_shown(toll) for toll in (other, telling.toll)]
    return textual_finding(
        times.document,
        kind="event-toll",
        severity=severity,
        title=f"{telling.name}: {numbers[0]} or {numbers[1]} {words}",
        message=(
            f"What is told of “{telling.name}” has {numbers[0]} {words} in one place and {numbers[1]} in another."
        ),
        spans=[
            (sentence.start, sentence.end),
            (telling.sentence.start + telling.start, telling.sentence.start + telling.toll.end),
        ],
        rule=_RULE,
    )


def _shown(toll: _Toll) -> str:
    lead = {"low": "at least ", "about": "about ", "high": "up to "}.get(toll.hedge, "")
    return f"{lead}{toll.number:,}"
