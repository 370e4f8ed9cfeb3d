"""What an event was, when and where: all types, days and places that a story offers for it, and what speaks for each.

The task wants one date and one location of each event, often by inference (no date told: ``before the dateline``). So
everything that could be the answer is listed with its properties; ``muc4_relevance`` chooses by learned weights.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.muc4_candidates import Candidate
from benchmarks.muc4_places import CAPITALS, Where, read_places, spell

from marsad.extraction.dates import find_dates
from marsad.extraction.found import FoundDate
from marsad.extraction.news.mentions import is_of_report

__all__ = ["Option", "date_options", "kind_options", "place_options"]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_REMARK = re.compile(r"\[(SPEECH|INTERVIEW|COMMENTARY|STATION COMMENTARY|EDITORIAL|COMMUNIQUE|REPORT|STATEMENT)")
_WORD = re.compile(r"[A-Z][A-Z'-]+")
_NUMBER = re.compile(r"\d+")
_LONGEST = 400
_REACH = 160
_TOGETHER = 60


@dataclass(slots=True)
class Option:
    """One possible answer, as the key writes it, and the names of its properties."""

    text: str
    properties: set[str] = field(default_factory=set)


def kind_options(event: Candidate) -> list[Option]:
    """The types that an event may have; the properties of each."""
    told = Counter(mention.kind for mention in event.mentions)
    words = {
        word for each in event.mentions for word in _WORD.findall(event.document.text[slice(*each.sentence)].upper())
    }
    hits = {f"{hit.target.sort} {hit.effect}" for mention in event.mentions for hit in mention.hits}
    found = []
    for kind in dict.fromkeys([*told, "attack", "bombing"]):
        properties = {f"share {4 * told[kind] // len(event.mentions)}", f"first {event.mentions[0].kind == kind}"}
        properties |= {f"rule {event.kind == kind}", f"others {len(told)}", *(f"hit {each}" for each in hits)}
        properties |= {f"w {word}" for word in words}
        found.append(
            Option(kind.upper(), {f"k {kind} {each}" for each in properties} | {f"k rule {event.kind == kind}"})
        )
    return found


def date_options(event: Candidate) -> list[Option]:
    """The days, ranges and ``before`` dates that an event may have; the properties of each."""
    line = event.dateline.date.latest if event.dateline and event.dateline.date else None
    options: dict[str, set[str]] = {}
    told = list(_told_dates(event))
    inside = any(each.startswith("in") for _, each in told)
    context = {f"inside {inside}", *_context(event)}
    if line is not None:
        for back in range(4):
            options.setdefault(_range(line - timedelta(days=back), line), set()).add(f"reckoned {back}")
        options.setdefault(f"- {_day(line)}", set()).add("before")
        options.setdefault(_day(line - timedelta(days=1)), set()).add("reckoned day before")
    for rank, (found, where) in enumerate(told):
        for text, shape in _spelt(event, found):
            properties = options.setdefault(text, set())
            properties |= _of_date(event, found, where, shape)
            if not any(each.startswith("in") for _, each in told[:rank]):
                properties.add(f"first {where.partition(' ')[0]}")
    for text, properties in options.items():
        properties.add(f"shape {_shape(text)}")
    return [_crossed("t", text, properties, context) for text, properties in options.items()]


def _told_dates(event: Candidate) -> Iterator[tuple[FoundDate, str]]:
    """The dates of a story (offsets of the document), and where they stand as seen from the event."""
    reference = event.dateline.date if event.dateline else None
    for (start, end), where in _stretches(event):
        text = event.document.text[start:end]
        for found in find_dates(text, reference=reference):
            said = " said" if is_of_report(text, found) else ""
            at, words = start + found.start, text[found.start : found.end]
            yield (
                FoundDate(at, at + len(words), found.date, found.rule, found.relative, words.upper()),
                where + said,
            )


def _stretches(event: Candidate) -> list[tuple[tuple[int, int], str]]:
    """The sentences of a story, nearest to the event first, with their relation to it."""
    sentences = list(event.document.sentences)
    body = event.dateline.end if event.dateline else 0
    own = [
        at
        for at, (start, end) in enumerate(sentences)
        for m in event.mentions
        if start < m.sentence[1] and m.sentence[0] < end
    ]
    found = []
    for at, (start, end) in enumerate(sentences):
        if end <= body:
            continue
        away = min((at - each for each in own), key=abs, default=99)
        if away == 0:
            where = f"in {min(own.index(at), 2)}"
        else:
            where = f"after {away}" if 0 < away <= 2 else f"before {-away}" if -2 <= away < 0 else "far"
        found.append(((max(start, body), end), where, abs(away)))
    return [(each, where) for each, where, _ in sorted(found, key=lambda each: (each[2], each[0]))]


def _of_date(event: Candidate, found: FoundDate, where: str, shape: str) -> set[str]:
    words = _NUMBER.sub("#", found.words)
    acts = [act.start for mention in event.mentions for act in mention.acts]
    gap = min((abs(at - found.start) for at in acts), default=9999)
    before = event.document.text[max(0, found.start - 25) : found.start].upper().split()
    return {
        f"told {where}",
        f"told {where} {shape}",
        f"words {words}" if len(words) < 20 else "words long",
        f"rule {found.rule}",
        f"gap {sum(gap > limit for limit in (20, 50, 100, 200, 400))}",
        f"lead {before[-1] if before else ''}",
        f"act before {any(0 < found.start - at < _REACH for at in acts)}",
    }


def _spelt(event: Candidate, found: FoundDate) -> Iterator[tuple[str, str]]:
    """How the key would write a date."""
    if found.date is None or found.date.earliest is None or found.date.latest is None:
        return
    first, last = found.date.earliest, found.date.latest
    line = event.dateline.date.latest if event.dateline and event.dateline.date else None
    if first == last:
        yield _day(first), "day"
        if "NIGHT" in found.words:
            yield _range(first, first + timedelta(days=1)), "night"
        return
    if (last - first).days <= _LONGEST:
        if line is not None and first <= line < last:
            last = line
        yield _range(first, last), "range"
        if line is not None and last < line:
            yield _range(first, line), "since"


def _shape(text: str) -> str:
    if text.startswith("-"):
        return "before"
    if " - " in text:
        return "range"
    return "day"


def _context(event: Candidate) -> Iterator[str]:
    remark = _REMARK.search(event.document.text[:300])
    yield f"remark {remark[1] if remark else ''}"
    yield f"kind {event.kind}"
    line = event.dateline
    yield f"clandestine {bool(line and line.place == 'CLANDESTINE')}"
    first = event.mentions[0]
    yield f"lead {first.sentence[0] - (line.end if line else 0) < 10}"


def _crossed(prefix: str, text: str, properties: set[str], context: Iterator[str] | set[str]) -> Option:
    kinds = [each for each in properties if each.startswith(("shape", "reckoned", "before", "depth"))]
    crossed = {f"{prefix} {each} & {kind}" for each in context for kind in kinds}
    return Option(text, {f"{prefix} {each}" for each in properties} | crossed)


def _range(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} - {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year % 100:02d}"


def place_options(event: Candidate) -> list[Option]:
    """The locations that an event may have; the properties of each."""
    text = event.document.text
    stretches = [
        (read_places(text, *stretch, event.country, event.here), where) for stretch, where in _stretches(event)
    ]
    options: dict[str, set[str]] = {}
    for places, properties in (*_general_places(event), *_told_places(event, stretches)):
        if spelt := spell(list(places), event.country, event.here):
            options.setdefault(spelt, set()).update(properties)
    if event.here and event.country in CAPITALS and event.here != CAPITALS[event.country]:
        options.setdefault(f"{event.country}: {event.here} (CITY)", set()).add("dateline town")
    inside = {each.name for places, where in stretches for each in places if where.startswith("in") and each.name}
    context = {f"inside {bool(inside)} {len(inside) > 1}", *_context(event)}
    words = set(_WORD.findall(text[slice(*event.mentions[0].sentence)].upper()))
    found = []
    for spelt, properties in options.items():
        parts = spelt.split(": ")
        option = _crossed("l", spelt, properties | set(_of_spelling(event, parts)), context)
        option.properties.update(f"l {len(parts)} {word}" for word in words)
        found.append(option)
    return found


def _general_places(event: Candidate) -> Iterator[tuple[Sequence[Where], set[str]]]:
    """The country, its capital, and what rules without weights would take."""
    yield [], {"story country"}
    yield event.places, {"rule"}
    if event.country in CAPITALS:
        yield [Where(0, event.country, CAPITALS[event.country], "CITY", strong=True)], {"capital"}


def _told_places(
    event: Candidate, stretches: Sequence[tuple[list[Where], str]]
) -> Iterator[tuple[Sequence[Where], set[str]]]:
    """Each place of the story, two that stand together, and all places of a near sentence."""
    counts = Counter(each.name or each.country for places, _ in stretches for each in places)
    acts = [act.start for mention in event.mentions for act in mention.acts]
    for places, where in stretches:
        if places and where != "far":
            yield places, {f"all {where}"}
            yield [each for each in places if each.strong], {f"strong {where}"}
        for at, each in enumerate(places):
            properties = _of_place(event, each, where, at, counts, acts)
            yield [each], properties
            for other in places[at + 1 : at + 2]:
                if other.start - each.start < _TOGETHER and other.country == each.country:
                    yield [each, other], properties | {f"pair {where}", f"pair {each.type} {other.type}"}
                    if other.name and each.name:
                        yield [other], {f"after another {other.type}"}


def _of_spelling(event: Candidate, parts: Sequence[str]) -> Iterator[str]:
    yield f"depth {len(parts)}"
    yield f"last {parts[-1].rpartition('(')[2]}"
    yield f"own country {parts[0] == event.country}"
    if len(parts) > 1 and parts[-1].startswith(f"{event.here} ("):
        yield "is dateline"
    if len(parts) > 1 and parts[-1].startswith(f"{CAPITALS.get(parts[0], '-')} ("):
        yield "is capital"


def _of_place(
    event: Candidate, place: Where, where: str, at: int, counts: Mapping[str, int], acts: Sequence[int]
) -> set[str]:
    gap = min((abs(each - place.start) for each in acts), default=9999)
    before = event.document.text[max(0, place.start - 25) : place.start].upper().split()
    lead = before[-1] if before else ""
    name = place.name or place.country
    return {
        f"told {where}",
        f"told {where} strong {place.strong}",
        f"rank {where} {min(at, 2)}",
        f"type {place.type}",
        f"lead {lead}",
        f"lead {where.partition(' ')[0]} {lead}",
        f"gap {sum(gap > limit for limit in (20, 50, 100, 200, 400))}",
        f"times {min(counts.get(name, 0), 3)}",
        f"act before {any(0 < place.start - each < _REACH for each in acts)}",
        f"country {place.country == event.country}",
    }
