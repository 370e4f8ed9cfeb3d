"""One thing with two beginners, two spans or two outcomes, and attacks in the month of a ceasefire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from marsad.claims.audit.timeline import MOST, Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.extraction.found import FoundDate
from marsad.model import Date, Finding, Severity

__all__ = ["check_beginners", "check_outcomes", "check_truce_months", "check_two_spans"]

_TALKS = r"(?:talks|negotiations|dialogue|peace process)"
_KINDS = r"(?P<these>the\s+|these\s+|such\s+|this\s+|its\s+)?(?:(?:direct|formal|secret|peace|new|official)\s+){0,2}"
_INITIATED = re.compile(
    rf"(?P<who>(?:[A-Z][\w’'-]*\s+){{1,5}})(?:had\s+|has\s+|itself\s+"
    rf"|first\s+)?initiated\s+{_KINDS}{_TALKS}\b(?P<rest>[^.;]{{0,80}})"
)
_WITH = re.compile(r"\bwith\s+(?:the\s+)?(?P<name>[A-Z][\w-]*(?:\s+[A-Z][\w-]*)*)")
_ENDED = re.compile(
    rf"\b{_TALKS}\s+(?:(?:have|had|has|finally|ultimately|eventually)\s+)?(?:failed|collapsed|broke down|broken "
    rf"down|ended|were called off|were abandoned)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    rf"\b(?:the (?:future|outcome|fate) of (?:the|these|those) (?:latest |current |peace )*{_TALKS} (?:is|are"
    rf"|remains?) (?:uncertain|unclear|open|to be seen)"
    rf"|(?:if|whether) (?:the|these|those) (?:latest |current |peace )*{_TALKS} will (?:succeed|hold|last|fail"
    rf"|bear fruit)"
    rf"|\b{_TALKS} (?:are|is) (?:still )?(?:ongoing|continuing|under way|underway|in progress))\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previous|earlier|first round|former|past|before|if|whether|could|would|may|might)\b", re.IGNORECASE
)
_AGAIN = re.compile(
    r"\b(?:resum\w+|reviv\w+|restart\w*|again|new round|second round|third round|another round|next round|fresh"
    r"|reopen\w*)\b",
    re.IGNORECASE,
)
_RUN = r"(?:launched|conducted|carried out|ran|fought|waged|mounted|undertook|took place|lasted|led)"
_THING = re.compile(
    r"\b(?P<kind>[a-z]+)\s+(?P<noun>operations?|offensives?|campaigns?|occupation|siege|blockade|insurgency"
    r"|uprising|war)\b"
)
_SPAN = re.compile(r"\b(?:from|between|during|in)\s+(?:the\s+(?:period|years)\s+(?:of\s+)?)?$", re.IGNORECASE)
_NUMBERS = re.compile(
    r"\b(?:number|rate|share|per ?cent|percent|average|total|figures?|data|rose|fell|increase[ds]?|decreased?"
    r"|declined?|killed)\b|%|\b(?!(?:19|20)\d\d\b)\d{3,}\b",
    re.IGNORECASE,
)
_TRUCE = re.compile(
    r"\b(?P<noun>ceasefire|cease-fire|truce)\b[^.;]{0,40}?\b(?:was|were|has been|had been)?\s*(?:declared"
    r"|announced|agreed|signed|took effect|came into force"
    r"|began|in force|in place)\b[^.;]{0,40}?\bin\s+$",
    re.IGNORECASE,
)
_ATTACKS = re.compile(
    r"\b(?:more than|over|at least|about|some|nearly|almost)?\s*(?P<count>\d[\d,]*"
    r"|[a-z]+(?:-[a-z]+)?)\s+(?:[a-z-]+\s+)?(?:attacks|strikes|bombings|raids|assaults)\b",
    re.IGNORECASE,
)


def _chapter(times: Timeline, sentence: Sentence) -> str:
    return next(iter(times.document.section_at(sentence.start)), "")


@dataclass(frozen=True, slots=True)
class _Start:
    """Who initiated talks."""

    who: str
    stems: frozenset[str]
    partner: str
    is_pointed: bool
    chapter: str
    start: int
    end: int


def check_beginners(times: Timeline) -> Iterator[Finding]:
    """Yield the talks that one side is said to have initiated, and elsewhere another: at most one pair in a chapter."""
    told: set[str] = set()
    for one, two in combinations(_starts(times)[:MOST], 2):
        same = one.chapter == two.chapter and (two.is_pointed or (one.partner and one.partner == two.partner))
        if not same or one.chapter in told or one.stems & two.stems:
            continue
        told.add(one.chapter)
        yield textual_finding(
            times.document,
            kind="two-initiators",
            severity=Severity.WARNING,
            title="Begun by two sides",
            message=f"The talks are said to have been initiated by {one.who} and by {two.who}.",
            spans=[(one.start, one.end), (two.start, two.end)],
            rule="one thing is initiated by one side",
        )


def _starts(times: Timeline) -> list[_Start]:
    found = []
    for sentence in times.sentences:
        for match in _INITIATED.finditer(sentence.text):
            who = re.sub(
                r"^(?:The|In|But|And|However|Moreover|Similarly|Additionally|Then|Later)\s+", "", match["who"].strip()
            )
            stems = frozenset(word[:5].casefold() for word in re.findall(r"[A-Z][\w-]+", who))
            if not stems or re.search(r"[’']s?$|\b(?:It|He|She|They|This|That|Both)$", who):
                continue
            with_whom = _WITH.search(match["rest"])
            name = f"the {who}" if re.search(rf"\bthe {re.escape(who)}", sentence.text, re.IGNORECASE) else who
            pointed = (match["these"] or "").strip().casefold() in ("these", "such", "the")
            start = sentence.start + match.start()
            partner = with_whom["name"] if with_whom else ""
            found.append(
                _Start(
                    name,
                    stems,
                    partner,
                    pointed,
                    _chapter(times, sentence),
                    start,
                    sentence.start + match.start("rest"),
                )
            )
    return found


def check_outcomes(times: Timeline) -> Iterator[Finding]:
    """Yield the talks that have failed and whose outcome is open in the same section, unless they began anew."""
    ended: dict[tuple[str, ...], tuple[int, int, int]] = {}
    told: set[tuple[str, ...]] = set()
    for at, sentence in enumerate(times.sentences):
        section = times.document.section_at(sentence.start)
        if match := _ENDED.search(sentence.text):
            if not _EARLIER.search(sentence.text[: match.start()]):
                ended[section] = (at, sentence.start + match.start(), sentence.start + match.end())
        elif (match := _OPEN.search(sentence.text)) and section in ended and section not in told:
            since, start, end = ended[section]
            if any(_AGAIN.search(between.text) for between in times.sentences[since : at + 1]):
                continue
            told.add(section)
            yield textual_finding(
                times.document,
                kind="ended-and-open",
                severity=Severity.WARNING,
                title="Both ended and open",
                message=f"“{times.document.text[start:end]}”, says this section, and later that their outcome is open: "
                f"“{match[0]}”.",
                spans=[(start, end), (sentence.start + match.start(), sentence.start + match.end())],
                rule="what has ended is not still open",
            )


def check_two_spans(times: Timeline) -> Iterator[Finding]:
    """Yield the operations of one kind that are dated to two spans which share one end and differ in the other."""
    found: list[tuple[str, frozenset[str], Date, int, int]] = []
    for sentence in times.sentences:
        things = list(_THING.finditer(sentence.text))
        spans = [(date, start, end) for date, start, end in _spans(times, sentence)]
        if len(spans) == 1 and things and not _NUMBERS.search(sentence.text):
            date, start, end = spans[0]
            near = min(things, key=lambda thing: abs(sentence.start + thing.start() - start))
            names = frozenset(name[:6].casefold() for name in re.findall(r"\b[A-Z][\w-]{3,}", sentence.text))
            if abs(sentence.start + near.start() - start) < 90:
                noun = f"{near['kind']} {near['noun'].rstrip('s')}"
                first, last = min(start, sentence.start + near.start()), max(end, sentence.start + near.end())
                found.append((noun, names, date, first, last))
    told: set[str] = set()
    for (noun, names, date, start, end), (other, others, when, first, last) in combinations(found[:MOST], 2):
        shares = (date.earliest == when.earliest) != (date.latest == when.latest)
        if noun == other and noun not in told and names & others and shares:
            told.add(noun)
            yield textual_finding(
                times.document,
                kind="two-spans",
                severity=Severity.WARNING,
                title="One thing with two spans of time",
                message=f"The {noun}s are dated {_years(date)} in one place and {_years(when)} in another.",
                spans=[(start, end), (first, last)],
                rule="one thing has one beginning and one end",
            )


def _years(date: Date) -> str:
    return f"{date.earliest.year}–{date.latest.year}" if date.earliest and date.latest else str(date)


def _spans(times: Timeline, sentence: Sentence) -> Iterator[tuple[Date, int, int]]:
    """The spans of whole years in a sentence: ``from 2007 to 2014``, ``between 2009 and 2014``."""
    text = times.document.text
    years: list[FoundDate] = []
    for found in sentence.certain:
        before = text[max(sentence.start, found.start - 30) : found.start]
        if (
            found.date
            and found.date.is_interval
            and found.date.precision == "year"
            and re.search(r"\b(?:from|between|during)\s+$|^$", before, re.IGNORECASE)
        ):
            yield found.date, found.start, found.end
        elif found.date and found.date.precision == "year" and not found.date.is_interval:
            years.append(found)
    for one, two in pairwise(years):
        is_joined = re.fullmatch(r"\s+(?:to|until|till)\s+", text[one.end : two.start])
        if is_joined and one.date and two.date and one.date.is_before(two.date):
            yield Date.parse(f"{one.date}/{two.date}"), one.start, two.end


def check_truce_months(times: Timeline) -> Iterator[Finding]:
    """Yield the months in which a ceasefire begins and many attacks by one of its parties are told of."""
    truces: list[tuple[Date, int, int, frozenset[str]]] = []
    for at, sentence in enumerate(times.sentences):
        for found in sentence.certain:
            before = sentence.text[: found.start - sentence.start][-140:]
            match = _TRUCE.search(before)
            if match and found.date and found.date.precision == "month" and not found.date.is_interval:
                start = found.start - len(before) + match.start("noun")
                around = " ".join(
                    each.text for each in times.sentences[max(0, at - 20) : at + 20] if each.block == sentence.block
                )
                truces.append((found.date, start, found.end, _shorts(sentence.text) or _shorts(around)))
    told: set[str] = set()
    for sentence in times.sentences if truces else ():
        count = _ATTACKS.search(sentence.text)
        if count is None or not count["count"][0].isdigit() or int(re.sub(r"\D", "", count["count"])[:6]) < 10:
            continue
        for found in sentence.certain:
            for date, start, end, parties in truces[:MOST]:
                if found.date == date and str(date) not in told and parties & _shorts(sentence.text):
                    told.add(str(date))
                    first = sentence.start + count.start()
                    yield textual_finding(
                        times.document,
                        kind="attacks-in-a-ceasefire",
                        severity=Severity.WARNING,
                        title="Attacks in the month of a ceasefire",
                        message=f"A ceasefire is dated "
                        f"{' '.join(times.document.text[found.start : found.end].split())}, and so are "
                        f"{' '.join(count[0].split())} by one of its parties.",
                        spans=[(start, end), (min(first, found.start), max(sentence.start + count.end(), found.end))],
                        rule="a ceasefire and many attacks by one of its parties do not fall into one month "
                        "without a word on it",
                    )


def _shorts(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b[A-Z]{3,}\b", re.sub(r"\([^()]*\d{4}[^()]*\)", "", text)))
