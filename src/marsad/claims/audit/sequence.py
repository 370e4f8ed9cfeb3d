"""What is told in an order that its dates do not have: begun in November and intensified in September."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from marsad.claims.audit.scope import number_of
from marsad.claims.audit.timeline import Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.documents.vocabulary import MONTHS, NUMBERS
from marsad.extraction.found import FoundDate
from marsad.model import MONTH_NAMES, Date, Finding, Severity

__all__ = ["check_after", "check_ago", "check_consequences", "check_stages_in_a_sentence"]

_BEGIN = re.compile(
    r"\b(?:began|begun|begins?|started|starts?|commenced|was launched|were launched|was initiated|opened|broke "
    r"out|erupted|took effect|came into force)\b",
    re.IGNORECASE,
)
_GO_ON = re.compile(
    r"\b(?:intensified|escalated|continued|ended|expanded|peaked|resumed|accelerated|culminated|stopped|concluded"
    r"|collapsed|broke down"
    r"|spread|was extended|were extended|was completed|were completed|finished|ceased|expired|lapsed|subsided"
    r"|worsened)\b",
    re.IGNORECASE,
)
_BARE_MONTH = re.compile(rf"(?:early |late |mid-)?(?P<month>{'|'.join(MONTH_NAMES)})", re.IGNORECASE)
_THAT_YEAR = re.compile(r"\s+(?:of\s+)?(?:that|the\s+same)\s+year\b")
_AFTER = re.compile(r"(?:[A-Z][a-z]+,\s+)?(?:after|following)\s+(?!that\b|this\b|which\b)", re.IGNORECASE)
_FLASHBACK = re.compile(
    r"\b(?:had|since|than|compared|comparison|earlier|previous(?:ly)?|before|already|ago|prior|first|originally"
    r"|until then|unlike|as in"
    r"|like|versus|against|formerly|anniversary|in contrast|whereas|while|recalled?|remember\w*|back in|last"
    r"|again|similar|born|when)\b",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"(?:(?:within|over the next|in the next|during the next|in the following|in the subsequent)\s+(?:a|an|the"
    r"|\w+)\s*(?:few\s+)?(?:days?|weeks?|months?|years?)?"
    r"|(?:a|one|two|three|four|five|six|several|some|a few)\s+(?:days?|weeks?|months?|years?)\s+later|the "
    r"following (?:day|week|month|year)"
    r"|soon after(?:wards)?|shortly after(?:wards)?|afterwards|thereafter|subsequently|(?:the )?next (?:day|week"
    r"|month|year))\b",
    re.IGNORECASE,
)
_FOLLOWS_FROM = re.compile(r"(?:in (?:retaliation|response)|as a (?:result|consequence)|consequently)\b", re.IGNORECASE)
_AGO = re.compile(
    r"(?P<about>about|around|nearly|almost|some|approximately|roughly|over|more than)?\s*(?P<count>\d{1,3}|a|"
    rf"{'|'.join(NUMBERS[1:13])})\s+(?P<unit>day|week|month|year)s?\s+(?:ago|earlier this year)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:recently|currently|now|at present|as of|today|at the time of writing|this month|presently|to date)\b",
    re.IGNORECASE,
)
_DAYS_IN = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}

_RULE = "what is told as later is not dated earlier"


def _error(times: Timeline, kind: str, message: str, spans: list[tuple[int, int]]) -> Finding:
    return textual_finding(
        times.document,
        kind=kind,
        severity=Severity.ERROR,
        title="An order that the dates do not have",
        message=message,
        spans=spans,
        rule=_RULE,
    )


def _words(times: Timeline, found: FoundDate) -> str:
    return " ".join(times.document.text[found.start : found.end].split())


def check_stages_in_a_sentence(times: Timeline) -> Iterator[Finding]:
    """Yield the sentences in which something begins on one date and goes on, grows or ends on an earlier one."""
    text = times.document.text
    for sentence in times.sentences:
        for one, two in pairwise(sentence.dates):
            first, last = one.date, two.date or _read_month(times, one, two)
            if first is None or last is None or not last.is_before(first) or one.relative:
                continue
            between = text[one.end : two.start]
            begins = _last(_BEGIN, text, sentence.start, one.start)
            goes_on = _GO_ON.search(between)
            if begins is None or goes_on is None or one.start - begins.end() > 30 or two.start - one.end > 90:
                continue
            joined = re.fullmatch(
                r",?\s*(?:and|but|then|before it|, and)?\s*(?:then\s+|later\s+|further\s+|it\s+|has\s+|only\s+)*",
                between[: goes_on.start()],
            )
            bridge = text[begins.end() : one.start] + between[goes_on.end() :]
            if joined and not re.search(r"[.;:]", bridge) and len(between[goes_on.end() :]) < 40:
                yield _error(
                    times,
                    "begun-after-its-course",
                    f"It is said to have begun on {_words(times, one)} and to have {_verb(goes_on[0])} in "
                    f"{_words(times, two)}, "
                    "which is earlier."
                    if two.date or _THAT_YEAR.match(text, two.end)
                    else f"It is said to have begun on {_words(times, one)} and to have {_verb(goes_on[0])} in "
                    f"{_words(times, two)}: in that year this is earlier, and the text does not reach the next.",
                    [(begins.start(), one.end), (goes_on.start() + one.end, two.end)],
                )


def _verb(words: str) -> str:
    """The participle of a verb that begins with an auxiliary: ``was extended`` as ``been extended``."""
    return re.sub(r"^(?:was|were)\b", "been", words.casefold()).replace("broke down", "broken down")


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text, start, end):  # noqa: B007 - the last one is wanted
        pass
    return found


def _read_month(times: Timeline, one: FoundDate, two: FoundDate) -> Date | None:
    """A month without a year after a full date: of the same year, where the same month a year later is not reached."""
    match = _BARE_MONTH.fullmatch(times.document.text[two.start : two.end])
    if match is None or one.date is None or one.date.latest is None:
        return None
    month, year = MONTHS[match["month"].casefold()], one.date.latest.year
    is_told = _THAT_YEAR.match(times.document.text, two.end) is not None
    if not is_told and (times.end is None or date(year + 1, month, 1) <= times.end):
        return None
    return Date.parse(f"{year}-{month:02d}")


def check_after(times: Timeline) -> Iterator[Finding]:
    """Yield the sentences ``After X in 2022, Y in 2021``."""
    text = times.document.text
    for sentence in times.sentences:
        opening = _AFTER.match(sentence.text)
        comma = sentence.text.find(",", opening.end()) if opening else -1
        if opening is None or comma < 0 or len(sentence.certain) != 2 or len(sentence.dates) != 2:
            continue
        one, two = sentence.certain
        cut = _clause_end(sentence, one)
        if cut is None or two.start < cut or one.date is None or two.date is None or not two.date.is_before(one.date):
            continue
        before = text[cut : two.start]
        is_told = re.fullmatch(r",?\s*(?:and\s+)?(?:in|on|by)\s+(?:the\s+\w+\s+of\s+)?", before) or re.search(
            r"\b(?:was|were|were\s+\w+ed|was\s+\w+ed|rose|fell|began|ended|resumed|increased|decreased|collapsed"
            r"|occurred|took place)\s+(?:in|on)\s+$",
            before,
        )
        if is_told and not _FLASHBACK.search(before):
            yield _error(
                times,
                "after-before",
                f"What is told to have happened after {_words(times, one)} is dated {_words(times, two)}.",
                [(sentence.start, one.end), (two.start, two.end)],
            )


def _clause_end(sentence: Sentence, one: FoundDate) -> int | None:
    """Where the opening clause of a sentence ends: the comma after its date."""
    rest = sentence.text[one.end - sentence.start :]
    comma = rest.find(",")
    return one.end + comma + 1 if 0 <= comma <= 30 else None


def check_consequences(times: Timeline) -> Iterator[Finding]:
    """Yield the sentences that say ``within a month`` or ``in retaliation`` of what their dates put before it."""
    for one, two in pairwise(times.sentences):
        if one.block != two.block or not one.certain or not two.certain:
            continue
        follows = _FOLLOWS.match(two.text)
        from_it = _FOLLOWS_FROM.match(two.text)
        anchor, later = one.certain[-1], two.certain[0]
        opening = re.match(r"(?:[A-Z][a-z]+,\s+)?(?:after|following|since|when|once|on|in)\b", one.text, re.IGNORECASE)
        if not (follows or from_it) or len(one.certain) != 1 or anchor.date is None or later.date is None:
            continue
        if not opening or _FLASHBACK.search(two.text[: later.start - two.start]) or _is_quoted_back(two, later):
            continue
        if later.date.is_before(anchor.date) and _is_apart(later.date, anchor.date):
            yield textual_finding(
                times.document,
                kind="consequence-before-cause",
                severity=Severity.ERROR if follows else Severity.WARNING,
                title="An order that the dates do not have",
                message=f"“{_lead(two.text)}” follows what happened in {_words(times, anchor)}, but it is dated "
                f"{_words(times, later)}, which is earlier.",
                spans=[(one.start, one.end), (two.start, two.end)],
                rule=_RULE,
            )


def _lead(text: str) -> str:
    return " ".join(text.split()[:9]) + " …"


def _is_quoted_back(sentence: Sentence, later: FoundDate) -> bool:
    """Whether the date only qualifies a noun: ``the agreement of 2020``, ``signed in 2020``, ``the 2020 accord``."""
    before = sentence.text[: later.start - sentence.start]
    return bool(
        re.search(r"(?:\b(?:the|of|from|since|than|to|by|a)\s+|\w+(?:ed|en|un|ung)\s+(?:in|on)\s+|\()$", before)
    )


def _is_apart(one: Date, two: Date) -> bool:
    return bool(one.latest and two.earliest and two.earliest - one.latest > timedelta(days=20))


def check_ago(times: Timeline) -> Iterator[Finding]:
    """Yield the dates said to lie ``two months ago`` that do not, reckoned from the present of the text."""
    text = times.document.text
    for at, sentence in enumerate(times.sentences):
        for match in _AGO.finditer(text, sentence.start, sentence.end):
            then = next((one for one in sentence.certain if _adjoins(text, match, one)), None)
            if then is None or then.date is None or not then.date.is_day:
                continue
            now = _now(times, at)
            if now is None or now.date is None:
                continue
            count, unit = number_of(match["count"]) or 1, match["unit"].casefold()
            if not (then.date.earliest and now.date.earliest and now.date.latest) or (count == 1 and unit != "year"):
                continue
            shortest = (now.date.earliest - then.date.earliest).days / _DAYS_IN[unit]
            longest = (now.date.latest - then.date.earliest).days / _DAYS_IN[unit]
            slack = max(0.75, count / 4)
            if longest < count - slack or shortest > count + slack:
                ago = " ".join(match[0].split())
                yield textual_finding(
                    times.document,
                    kind="relative-date",
                    severity=Severity.WARNING,
                    title="A time ago that does not fit its date",
                    message=f"{_words(times, then)} is called “{ago}” in a text that speaks of "
                    f"{_words(times, now)} as the present.",
                    spans=[(min(match.start(), then.start), max(match.end(), then.end)), (now.start, now.end)],
                    rule="a time reckoned from the present of the text fits the date that is given with it",
                )


def _adjoins(text: str, match: re.Match[str], found: FoundDate) -> bool:
    gap = text[match.end() : found.start] if found.start >= match.end() else text[found.end : match.start()]
    return bool(re.fullmatch(r",?\s*\(?(?:on|in)?\s*(?:the\s+)?", gap)) and gap != text


def _now(times: Timeline, at: int) -> FoundDate | None:
    """The present of the text: the month that is called so in the same paragraph."""
    for sentence in reversed(times.sentences[max(0, at - 12) : at + 1]):
        if sentence.block != times.sentences[at].block:
            break
        for found in sentence.certain:
            lead = sentence.text[max(0, found.start - sentence.start - 40) : found.start - sentence.start]
            if (
                _NOW.search(lead)
                and found.date
                and found.date.precision in ("day", "month")
                and not found.date.is_interval
            ):
                return found
    return None
