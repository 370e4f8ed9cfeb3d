"""Dates that cannot be: 31 June, a Tuesday that was a Sunday, an end before its beginning, a span of another length."""

from __future__ import annotations

import re
from calendar import day_name, monthrange
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from marsad.claims.audit.scope import divide, number_of
from marsad.claims.audit.timeline import Sentence, Timeline
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.documents.vocabulary import MONTHS, NUMBERS
from marsad.extraction.found import FoundDate
from marsad.model import MONTH_NAMES, Finding, Severity

__all__ = ["check_ages", "check_far_years", "check_impossible_days", "check_reversed", "check_spans", "check_weekdays"]

_MONTH = rf"(?P<month>{'|'.join([*MONTH_NAMES, *(month[:3] for month in MONTH_NAMES), 'Sept'])})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d{2})(?!\w))"
_DAY_FIRST = re.compile(rf"(?<![\w.,/:-]){_DAY}(?:\s+of)?\s+{_MONTH}{_YEAR}?")
_MONTH_FIRST = re.compile(rf"(?<![\w/-]){_MONTH}\s+{_DAY}(?![\w:%]|[.,]\d|\s*(?:people|per|km|/|-\d)){_YEAR}?")
_WEEKDAYS = tuple(day_name)
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})"
_WEEKDAY_FIRST = re.compile(rf"\b{_WEEKDAY},?\s+(?:the\s+)?$")
_WEEKDAY_LAST = re.compile(rf",?\s*\(?(?:a\s+)?{_WEEKDAY}\b")
_UNIT = r"(?P<unit>day|week|month|year|decade)"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS[1:13])})"
_LENGTH = re.compile(rf"(?<![\w.,-]){_COUNT}(?:-|\s+){_UNIT}s?(?![\w-])", re.IGNORECASE)
_DAYS_IN = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5}
_FALLS = re.compile(
    r"\b(?:fall|fell|fallen|drop\w*|decreas\w*|declin\w*|increas\w*|rise|rose|risen|grew|grown|grow|down|up|cut"
    r"|back|backwards?|reduced|changed?|revised|counting|reverse[sd]?|descending)\b[^,;]{0,60}$",
    re.IGNORECASE,
)
_PLANS = re.compile(
    r"\b(?:will|would|shall|by|until|till|to|target\w*|goals?|plan\w*|project\w*|expect\w*|forecast\w*|deadline"
    r"|vision|agenda|horizon"
    r"|scheduled?|future|could|may|might|should|expires?|through|scenario\w*|estimated|predict\w*|due|mandate|aims?)\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\bborn\b[^.;]{0,60}?$", re.IGNORECASE)
_DIED = re.compile(
    r"\b(?:died|was killed|was assassinated|was murdered|passed away|death)\b[^.;]{0,60}?$", re.IGNORECASE
)
_AGED = re.compile(r"\b(?:aged|at the age of)\s+(?P<age>\d{1,3})\b", re.IGNORECASE)

_RULE_DAY = "a date exists in the calendar, and fell on the weekday that is given"
_RULE_ORDER = "nothing ends before it begins"
_RULE_SPAN = "a duration is that of the dates given for it"


def _error(document: Document, kind: str, title: str, message: str, spans: list[tuple[int, int]], rule: str) -> Finding:
    return textual_finding(
        document, kind=kind, severity=Severity.ERROR, title=title, message=message, spans=spans, rule=rule
    )


def check_impossible_days(document: Document) -> Iterator[Finding]:
    """Yield the days that no calendar has: 31 June, 30 February, 29 February of a common year."""
    for block in divide(document).body:
        for pattern in (_DAY_FIRST, _MONTH_FIRST):
            for match in pattern.finditer(document.text, block.start, block.end):
                month = MONTHS[match["month"].casefold()]
                day, year = int(match["day"]), int(match["year"] or 2000)
                most = monthrange(year, month)[1]
                before = document.text[max(block.start, match.start() - 10) : match.start()]
                is_counted = re.search(r"\b(?:in|of|since|by|during|late|early)\s+$", before)
                if pattern is _MONTH_FIRST and not match["year"] and is_counted:
                    continue
                if (
                    most < day <= 39
                    and (match["year"] or day > 29 or month == 2)
                    and (pattern is _DAY_FIRST or match["year"] or day <= 31)
                ):
                    words = " ".join(match[0].split())
                    message = (
                        f"“{words}” is no date: {MONTH_NAMES[month - 1]}{f' {year}' if match['year'] else ''} "
                        f"has {most} "
                        f"days."
                    )
                    yield _error(
                        document, "impossible-date", "A date that does not exist", message, [match.span()], _RULE_DAY
                    )


def check_weekdays(times: Timeline) -> Iterator[Finding]:
    """Yield the dates that did not fall on the weekday that the text gives them."""
    for sentence in times.sentences:
        for found in sentence.certain:
            if (
                found.date is None
                or not found.date.is_day
                or found.date.earliest is None
                or found.date.earliest.year < 1900
            ):
                continue
            text = times.document.text
            # The expression may hold the weekday itself.
            words = text[found.start : found.end]
            own = re.search(rf"\b{_WEEKDAY}\b", words)
            before = _WEEKDAY_FIRST.search(text, max(sentence.start, found.start - 20), found.start)
            after = _WEEKDAY_LAST.match(text, found.end, min(sentence.end, found.end + 16))
            match = own or before or after
            if match is None or text[found.end : found.end + 1].isdigit():
                continue
            actual = _WEEKDAYS[found.date.earliest.weekday()]
            if match["weekday"] != actual:
                start, end = (
                    (found.start, found.end) if own else (min(found.start, match.start()), max(found.end, match.end()))
                )
                message = f"“{' '.join(text[start:end].split())}”: that day was a {actual}."
                yield _error(times.document, "weekday", "Another weekday", message, [(start, end)], _RULE_DAY)


def check_reversed(times: Timeline) -> Iterator[Finding]:
    """Yield the spans of time whose end lies before their beginning."""
    text = times.document.text
    for sentence in times.sentences:
        dates = sentence.certain
        for one, two in pairwise(dates):
            joint = text[one.end : two.start]
            before = text[max(sentence.start, one.start - 80) : one.start]
            is_span = (
                re.search(r"\bfrom\s+(?:the\s+)?$", before) and re.fullmatch(r"\s+(?:to|until|till|through)\s+", joint)
            ) or (re.search(r"\bbetween\s+$", before) and re.fullmatch(r"\s+(?:and|to)\s+", joint))
            is_years = re.fullmatch(r"\s?[-–—]\s?", joint) and re.fullmatch(
                r"\d{4}.{1,3}\d{4}", text[one.start : two.end]
            )
            if not (is_span or is_years) or one.date is None or two.date is None or not two.date.is_before(one.date):
                continue
            if _FALLS.search(before) or (is_years and re.search(r"[\w/.-]$", before)) or _is_counted(text, two.end):
                continue
            start = one.start - (len(before) - before.rfind(" ", 0, len(before.rstrip())) - 1 if is_span else 0)
            words = " ".join(text[start : two.end].split())
            message = f"“{words}” ends before it begins."
            yield _error(
                times.document, "reversed-span", "An end before its beginning", message, [(start, two.end)], _RULE_ORDER
            )


def _is_counted(text: str, end: int) -> bool:
    """Whether what looks like a year is a number of something: ``from 2010 to 1990 cases``."""
    return bool(
        re.match(
            r"\s+(?:people|cases|attacks|incidents|deaths|persons|tonnes|tons|units|points|dollars)\b",
            text[end : end + 16],
        )
    )


def check_spans(times: Timeline) -> Iterator[Finding]:
    """Yield the durations that are not those of the dates between which they are said to lie."""
    text = times.document.text
    for sentence in times.sentences:
        for first, last, start, end in _intervals(times, sentence):
            for match in _LENGTH.finditer(text, max(sentence.start, start - 45), min(sentence.end, end + 40)):
                if start <= match.start() < end or not _belongs(text, match, start, end):
                    continue
                count, unit = number_of(match["count"]) or 0, match["unit"].casefold()
                shortest, longest = _bounds(first, last, _DAYS_IN[unit])
                if shortest is None or shortest - 1.01 <= count <= longest + 1.01:
                    continue
                words = " ".join(text[match.start() : match.end()].split())
                span = " ".join(text[start:end].split())
                message = f"The text gives {words} for “{span}”, which is about {_about(shortest, longest)} {unit}s."
                spans = [(match.start(), match.end()), (start, end)]
                yield _error(
                    times.document, "duration", "A duration that does not fit its dates", message, spans, _RULE_SPAN
                )


def _about(shortest: float, longest: float) -> str:
    return f"{(shortest + longest) / 2:.0f}"


def _bounds(first: FoundDate, last: FoundDate, unit: float) -> tuple[float | None, float]:
    """The least and most units between two dates; None where the dates are coarser than the unit."""
    one, two = first.date, last.date
    if one is None or two is None or not (one.earliest and one.latest and two.earliest and two.latest):
        return None, 0
    shortest, longest = (two.earliest - one.latest).days, (two.latest - one.earliest).days + 1
    if longest - shortest > 2.2 * unit + 2:
        return None, 0
    return max(0, shortest) / unit, longest / unit


def _belongs(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether a duration is that of the span beside it, and not of something else in the sentence."""
    if match.end() <= start:
        between = text[match.end() : start]
        return bool(
            re.fullmatch(
                r"(?:\s+[a-z][\w-]*){0,3},?\s+(?:lasting\s+|running\s+|that (?:lasted|ran)\s+)?(?:from|between)\s+",
                between,
            )
        )
    between = text[end : match.start()]
    return bool(
        re.fullmatch(
            r",?\s*(?:\(|(?:or|a period of|a total of|for|lasting|that is|spanning)\s+)(?:a\s+|about\s+|some\s+"
            r"|nearly\s+)?",
            between,
        )
    )


def _intervals(times: Timeline, sentence: Sentence) -> Iterator[tuple[FoundDate, FoundDate, int, int]]:
    """The spans of a sentence, ``from … to …``, with their first and last date."""
    text = times.document.text
    for found in sentence.certain:
        date = found.date
        if date and date.is_interval and ".." not in date.text:
            left, right = (type(date).parse(part) for part in date.text.split("/"))
            one = FoundDate(found.start, found.end, left, found.rule)
            yield one, FoundDate(found.start, found.end, right, found.rule), found.start, found.end
    for one, two in pairwise(sentence.certain):
        joint = text[one.end : two.start]
        if re.fullmatch(r"\s+(?:to|until|till)\s+", joint) and one.date and two.date and one.date.is_before(two.date):
            yield one, two, one.start, two.end


def check_far_years(times: Timeline) -> Iterator[Finding]:
    """Yield the years in which something is said to have happened long after the time of which the text speaks."""
    years = Counter(
        found.date.latest.year
        for found in times.dates
        if found.date and found.date.latest and not found.date.is_interval and not found.relative
    )
    usual = [year for year, count in years.items() if count >= 3 and 1900 <= year <= 2100]
    if sum(years.values()) < 15 or not usual:
        return
    for sentence in times.sentences:
        for found in sentence.certain:
            year = found.date.earliest.year if found.date and found.date.earliest else 0
            words = " ".join(times.document.text[found.start : found.end].split())
            if (
                str(year) not in words
                or year <= max(usual) + 2
                or years[year] > 2
                or found.date is None
                or found.date.is_interval
            ):
                continue
            if _PLANS.search(sentence.text) or not re.search(
                r"\b(?:was|were|had|killed|attacked|took place|occurred|[a-z]{3,}ed)\b", sentence.text
            ):
                continue
            yield textual_finding(
                times.document,
                kind="far-year",
                severity=Severity.WARNING,
                title="A year after those of the text",
                message=f"Something is told as past for {words}, but the text otherwise reaches to {max(usual)}.",
                spans=[(found.start, found.end), (sentence.start, sentence.end)],
                rule="what is told as past does not lie in the future",
            )


def check_ages(times: Timeline) -> Iterator[Finding]:
    """Yield the ages at death that are not those of the dates of birth and death in the same sentence."""
    text = times.document.text
    for sentence in times.sentences:
        ages = list(_AGED.finditer(text, sentence.start, sentence.end))
        if len(ages) != 1 or len(sentence.certain) != 2:
            continue
        one, two = sentence.certain
        is_life = _BORN.search(text, sentence.start, one.start) and _DIED.search(text, one.end, two.start)
        if not is_life or one.date is None or two.date is None or not (one.date.earliest and two.date.earliest):
            continue
        years = two.date.earliest.year - one.date.earliest.year
        age = int(ages[0]["age"])
        if age not in (years, years - 1):
            message = (
                f"Somebody born in {one.date.earliest.year} who died in {two.date.earliest.year} was not {age} "
                f"years old."
            )
            spans = [(one.start, one.end), (two.start, two.end), ages[0].span()]
            yield _error(times.document, "age", "An age that does not fit its dates", message, spans, _RULE_SPAN)
