"""What a sentence and its paragraph say of a number beyond what it counts: period, area, actor, counter, record."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from marsad.documents import Document
from marsad.documents.vocabulary import NUMBERS
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.figure_lines import ends_of_line, lines_between
from marsad.extraction.figure_words import figure_words
from marsad.extraction.found import FoundDate, FoundName
from marsad.extraction.name_keys import slug
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Slot
from marsad.extraction.words import tokenise
from marsad.model import Date

__all__ = [
    "CARRIED",
    "Context",
    "Memory",
    "actor_of",
    "area_of",
    "base_of",
    "context_of",
    "period_of",
    "record_of",
    "remembered",
    "reporter_of",
    "slot",
]

CARRIED = "carried on from the sentence before"
"""The rule of a slot that the sentence itself does not give."""


_REPORT_BEFORE = re.compile(
    r"\b(?:[Rr]eport|[Rr]eports|[Ss]urvey|[Ss]tudy|[Yy]earbook|[Rr]eleased|[Pp]ublished|[Ii]ssued|[Dd]ated)\b"
    r"(?:\s+(?:in|on|of|by|for|released|published|issued|dated|the|[A-Z][\w-]*)){0,5}\s*$"
)
_REPORT_AFTER = re.compile(r"^\s*(?:annual\s+|security\s+|yearly\s+)*(?:report|survey|study|yearbook)\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:than|over|from|against|versus|compared\s+(?:to|with)|relative\s+to)\s+(?:that\s+of\s+|those\s+of\s+|in\s+|the\s+"
    r"(?:year|figure|figures)\s+(?:of\s+|for\s+)?|the\s+)*$",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"\b(?:previous|preceding|prior|last)\s+year\b|\byear\s+(?:before|earlier)\b|\byear[- ]on[- ]year\b", re.IGNORECASE
)
_BEGUN = re.compile(
    r"\b(?:began|begun|started|founded|established|created|formed|emerged|born|signed|launched|passed|adopted|built|drawn|as)\s+"
    r"(?:in|on|of|by[^.;]{0,30}in)\s+(?:early\s+|late\s+|mid-?\s*)?$",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:in|on|across|throughout|inside|within|from|over|around|of|at)\s+(?:the\s+)?(?:[^\W\d_]+\s+){0,2}$",
    re.IGNORECASE,
)
_SOIL = re.compile(r"^\s+(?:soil|territory|side|province|provinces|districts|cities)\b", re.IGNORECASE)
_SAW = re.compile(
    r"^\s+(?:saw|recorded|experienced|witnessed|suffered|faced|registered|endured|logged)\b", re.IGNORECASE
)
_HAD = re.compile(r"^\s+(?:(?:had|has|hosts|hosted)\s+)?(?:about|some|around|nearly|over|at least|approximately)?\s*\d")
_BECAME = re.compile(r"\bto\s+$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|and|&|, and|or)\s*(?:the\s+)?(?:[^\W\d_]+\s+){0,1}")
_ALONG = re.compile(
    r"\s+(?:on|along|near|across|at)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}(?:border|frontier|boundary|line|coast|highway)\b"
)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?$", re.IGNORECASE)
_LEAVING = frozenset({"returned", "deported", "displaced", "to_be_expelled"})
_BY = re.compile(
    r"\b(?:by|attributed\s+to|blamed\s+on|claimed\s+by|responsibility\s+of)\s+(?:the\s+)?(?:[^\W\d_]+\s+){0,2}$",
    re.IGNORECASE,
)
_DID = re.compile(
    r"\b(?:launched|launches|conducted|conducts|carried\s+out|claimed|claims|claiming|mounted|staged|perpetrated|undertook|"
    r"executed|started|(?<!were )(?<!was )(?:killed|injured)|committed|organi[sz]ation\s+in|responsible\s+for|"
    r"accountable\s+for|absorbed|behind|was\s+in)\b"
)
_AGAINST = re.compile(r"\b(?:against|on|targeting|fighting)\s+(?:the\s+)?$", re.IGNORECASE)
_ACCORDING = re.compile(
    r"\b(?:according\s+to|as\s+per|figures\s+of|data\s+(?:of|from)|statistics\s+of|by)\s+(?:some\s+|the\s+|a\s+|an\s+)*",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(?:[^\W\d_a-z][\w’'-]*)(?:\s+(?:of|for|on|and|the|in|[^\W\d_a-z][\w’'-]*))*\s+[^\W\d_a-z][\w’'-]+"
)
_HIGH = re.compile(r"\b(?P<years>[\w-]+?)[ -]year\s+high\b", re.IGNORECASE)
_HIGHEST = re.compile(
    r"(?<!track )(?<!on )\b(?:highest|record|peak|peaked|unprecedented)\b(?!\s+keeping)", re.IGNORECASE
)
_NEAR = 60
_OFTEN = 8
_MOST = 0.35
_SMALL = {word: number for number, word in enumerate(NUMBERS) if number > 1}
_ARMED = frozenset({"armed_group", "movement"})
_COUNTERS = frozenset({"research", "organisation", "media", "government", "public_figure"})


@dataclass(frozen=True)
class Context:
    """A document's names and dates, for look-ups by place.

    Attributes:
        home: the country that the document names most, if it names it often; otherwise empty.
    """

    document: Document
    gazetteer: Gazetteer
    places: tuple[FoundName, ...]
    actors: tuple[FoundName, ...]
    home: str

    def places_in(self, start: int, end: int) -> Sequence[FoundName]:
        """The places that are named between two offsets."""
        return _within(self.places, start, end)

    def actors_in(self, start: int, end: int) -> Sequence[FoundName]:
        """The actors that are named between two offsets."""
        return _within(self.actors, start, end)

    @cached_property
    def lines(self) -> frozenset[frozenset[str]]:
        """The pairs of places between which the document has a line."""
        return lines_between(self.document.text, self.places)

    def kind(self, actor: str) -> str:
        """The kind of an actor; empty where the gazetteer does not know it."""
        found = self.gazetteer.actors.get(actor)
        return found.kind if found else ""


@dataclass
class Memory:
    """What a paragraph has said so far, for the sentences that go on from it."""

    period: Slot | None = None
    area: tuple[Slot, ...] = ()
    reporter: Slot | None = None
    measure: str = ""


def context_of(document: Document, gazetteer: Gazetteer) -> Context:
    """Find the names of a document."""
    names = gazetteer.find(document.text)
    actors = tuple(name for name in names if name.kind == "actor" and name.rule != "suggestion")
    long = [(name.start, name.end) for name in actors]
    starts = [start for start, _ in long]
    places = tuple(
        name
        for name in names
        if name.kind == "place" and name.rule != "suggestion" and not _is_inside(name, long, starts)
    )
    countries = Counter(
        place.id for place in places if (found := gazetteer.places.get(place.id)) and found.kind == "country"
    )
    home = min(countries, key=lambda each: (-countries[each], each), default="")
    if countries[home] < max(_OFTEN, _MOST * countries.total()):
        home = ""
    return Context(document, gazetteer, places, actors, home)


def _is_inside(name: FoundName, spans: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
    """Whether a place is only a part of the name of an actor."""
    at = bisect_left(starts, name.end)
    return any(
        start <= name.start and name.end <= end and (end - start) > (name.end - name.start)
        for start, end in spans[max(at - 3, 0) : at]
    )


def _within(names: Sequence[FoundName], start: int, end: int) -> Sequence[FoundName]:
    at = bisect_left(names, start, key=lambda name: name.start)
    return names[at : bisect_left(names, end, lo=at, key=lambda name: name.start)]


def slot(text: str, name: str, value: str, span: tuple[int, int], rule: str) -> Slot:
    """A slot whose words stand at a place of the text."""
    return Slot(name=name, value=value, start=span[0], end=span[1], text=text[span[0] : span[1]], rule=rule)


def period_of(context: Context, sentence: CountedSentence, count: Count, memory: Memory) -> Slot | None:
    """The period of a count: a date after it, before it, anywhere in the sentence, of the report, or carried on."""
    text = context.document.text
    dates = [found for found in sentence.dates if found.date is not None and not _is_base(text, sentence, found)]
    usable = [found for found in dates if not _is_of_report(text, sentence, found)]
    gap = (count.found.end, min(count.found.end + _NEAR, sentence.end))
    if any(found.date is None and gap[0] <= found.start < gap[1] for found in sentence.dates):
        return None
    if chosen := _nearest(text, sentence, count, usable):
        return _period(text, *chosen)
    if dates and dates[0].date is not None and dates[0].date.precision == "year" and not dates[0].date.is_interval:
        return slot(text, "period", f"{dates[0].date.text}?", (dates[0].start, dates[0].end), "year of the report")
    if memory.period is not None and not usable:
        return memory.period.model_copy(update={"rule": CARRIED})
    return None


def _nearest(
    text: str, sentence: CountedSentence, count: Count, dates: Sequence[FoundDate]
) -> tuple[FoundDate, str] | None:
    """The date of a count and why: just after it, else before it, else after it."""
    after = [found for found in dates if found.start >= count.found.end]
    before = [found for found in dates if found.end <= count.found.start and not _is_left(text, sentence, count, found)]
    if after and after[0].start - count.found.end <= _NEAR:
        others = any(count.found.end <= each.found.start < after[0].start for each in sentence.counts)
        if not others and ";" not in text[count.found.end : after[0].start]:
            return after[0], "date after the number"
    if before:
        return before[-1], "date before the number"
    return (after[0], "date in the sentence") if after else None


def _is_left(text: str, sentence: CountedSentence, count: Count, found: FoundDate) -> bool:
    """Whether a date is compared with and a count is what its value became: ``Compared with 2021, … from 2 to 3``."""
    is_base = _COMPARED.search(text[max(sentence.start, found.start - _NEAR) : found.start]) is not None
    return is_base and _BECAME.search(text[max(sentence.start, count.found.start - 4) : count.found.start]) is not None


def remembered(context: Context, sentence: CountedSentence) -> Slot | None:
    """The only period that a sentence without figures names, for the next one."""
    text = context.document.text
    dates = [found for found in sentence.dates if found.date is not None and not _is_of_report(text, sentence, found)]
    if len(dates) != 1 or dates[0].date is None or dates[0].date.is_day:
        return None
    return _period(text, dates[0], "date of the sentence before")


def _period(text: str, found: FoundDate, rule: str) -> Slot:
    """The period that a date with its relation means: ``since August 2021`` is open at its end."""
    value = str(found.date)
    relation = found.rule.partition(":")[0]
    if "/" not in value:
        value = {
            "since": f"{value}/..",
            "from": f"{value}/..",
            "after": f"{value}/..",
            "until": f"../{value}",
            "by": f"../{value}",
            "before": f"../{value}",
        }.get(relation if ":" in found.rule else "", value)
    return slot(text, "period", value, (found.start, found.end), rule)


def _is_of_report(text: str, sentence: CountedSentence, found: FoundDate) -> bool:
    """Whether a date is that of a report: ``a report in 2022``, ``its 2023 report``."""
    before = text[max(sentence.start, found.start - _NEAR) : found.start]
    return (
        _REPORT_BEFORE.search(before) is not None
        or _REPORT_AFTER.match(text[found.end : found.end + _NEAR]) is not None
    )


def _is_base(text: str, sentence: CountedSentence, found: FoundDate) -> bool:
    """Whether a date is the one with which a change is compared."""
    if not any(each.unit == "percent_change" and each.found.start < found.start for each in sentence.counts):
        return False
    return _COMPARED.search(text[max(sentence.start, found.start - _NEAR) : found.start]) is not None


def base_of(context: Context, sentence: CountedSentence, count: Count, period: Slot | None) -> Slot | None:
    """The period with which a change is compared."""
    text = context.document.text
    if count.unit != "percent_change":
        return None
    for found in sentence.dates:
        if found.date is not None and _is_base(text, sentence, found):
            return slot(
                text, "compared_to", found.date.text, (found.start, found.end), "date after a word of comparison"
            )
    match = _PREVIOUS.search(text, count.start, sentence.end)
    if match and period is not None and re.fullmatch(r"\d{4}", period.value):
        return slot(text, "compared_to", str(int(period.value) - 1), match.span(), "the year before the period")
    return None


def area_of(context: Context, sentence: CountedSentence, count: Count, memory: Memory) -> tuple[Slot, ...]:
    """The area of a count: a place after it, the subject before it, one carried on, or the document's own country."""
    text = context.document.text
    places = context.places_in(sentence.start, sentence.end)
    if count.measure == "length":
        return ends_of_line(context.document.text, context.places, sentence, lines=context.lines)
    if _ALONG.match(text[count.noun_end : min(count.noun_end + _NEAR, sentence.end)]):
        return ()
    following = next(
        (
            each.found.start
            for each in sentence.counts
            if each.found.start > count.found.start and each.measure == count.measure
        ),
        sentence.end,
    )
    after = [place for place in places if place.start >= count.found.end and _is_location(text, sentence, place)]
    before = [place for place in places if place.end <= count.found.start and _is_location(text, sentence, place)]
    chosen = next((place for place in after if place.start < following), None)
    rule = "place after the number"
    if count.measure in _LEAVING:
        left = [
            each for each in (*after, *before) if _FROM.search(text[max(sentence.start, each.start - 12) : each.start])
        ]
        chosen, rule = (left[0], "place that they left") if left else (chosen, rule)
    if chosen is None and before:
        chosen, rule = before[-1], "place before the number"
    if chosen is None and after:
        chosen, rule = after[0], "place in the sentence"
    if chosen is not None:
        group = _joined_places(text, places, chosen)
        return tuple(slot(text, "area", place.id, (place.start, place.end), rule) for place in group)
    if memory.area:
        return tuple(each.model_copy(update={"rule": CARRIED}) for each in memory.area)
    if not context.home:
        return ()
    at = count.found.start
    return (slot(text, "area", context.home, (at, at), "the country that the document names most"),)


def _is_location(text: str, sentence: CountedSentence, place: FoundName) -> bool:
    """Whether a name of a place says where: after ``in``, before ``soil``, as the subject of ``saw``."""
    before = text[max(sentence.start, place.start - 40) : place.start]
    after = text[place.end : place.end + 20]
    if place.rule == "adjective":
        return _SOIL.match(after) is not None
    is_subject = _SAW.match(after) is not None or _HAD.match(after) is not None
    return _IN.search(before) is not None or is_subject or _SOIL.match(after) is not None


def _joined_places(text: str, places: Sequence[FoundName], first: FoundName) -> list[FoundName]:
    """A place with those that commas and ``and`` join to it."""
    group = [first]
    for place in places:
        if place.start >= group[-1].end and _JOINED.fullmatch(text, group[-1].end, place.start):
            group.append(place)
    return group


def actor_of(context: Context, sentence: CountedSentence, count: Count, reporter: Slot | None) -> tuple[Slot, ...]:
    """Who did what is counted: in the noun phrase, after ``by``, or the subject of the verb before the number."""
    text = context.document.text
    known = [
        actor
        for actor in context.actors_in(sentence.start, sentence.end)
        if (reporter is None or actor.id != reporter.value)
        and not any(start <= actor.start < end for start, end in sentence.citations)
        and _may_act(context, actor)
    ]
    inside = [actor for actor in known if count.found.end <= actor.start and actor.end <= count.noun_end]
    if inside:
        return _actors(text, inside[:1], "name before the noun")
    after = [actor for actor in known if actor.start >= count.noun_end]
    by = next(
        (actor for actor in after if _BY.search(text, max(count.noun_end - 20, actor.start - 60), actor.start)), None
    )
    if by is not None and not any(count.noun_end <= each.found.start < by.start - _NEAR for each in sentence.counts):
        group = [by]
        for actor in after:
            if actor.start >= group[-1].end and _JOINED.fullmatch(text, group[-1].end, actor.start):
                group.append(actor)
        return _actors(text, group, "name after ‘by’")
    for actor in reversed([each for each in known if each.end <= count.found.start]):
        if _AGAINST.search(text[max(sentence.start, actor.start - 20) : actor.start]):
            continue
        if _DID.search(text, actor.end, count.found.start):
            group = [actor]
            for other in reversed(known):
                if other.end <= group[0].start and _JOINED.fullmatch(text, other.end, group[0].start):
                    group.insert(0, other)
            return _actors(text, group, "subject of the verb before the number")
        return ()
    return ()


def _may_act(context: Context, actor: FoundName) -> bool:
    kind = context.kind(actor.id)
    if actor.id in figure_words().people:
        return False
    return kind in _ARMED or (not kind and actor.rule != "adjective")


def _actors(text: str, actors: Iterable[FoundName], rule: str) -> tuple[Slot, ...]:
    found = {actor.id: actor for actor in actors}
    return tuple(slot(text, "actor", actor.id, (actor.start, actor.end), rule) for actor in found.values())


def reporter_of(context: Context, sentence: CountedSentence, memory: Memory) -> Slot | None:
    """Who counted: after ``according to``, before ``reported``, in the citation, or carried on in the paragraph."""
    text = context.document.text
    actors = context.actors_in(sentence.start, sentence.end)
    for match in _ACCORDING.finditer(text, sentence.start, sentence.end):
        is_by = match[0].lower().startswith("by") and not _REPORT_BEFORE.search(text[sentence.start : match.start()])
        if is_by:
            continue
        named = [actor for actor in actors if match.end() <= actor.start <= match.end() + _NEAR]
        named = [actor for actor in named if context.kind(actor.id) in _COUNTERS or not context.kind(actor.id)]
        organisation = _ORGANISATION.match(text, match.end(), sentence.end)
        if named and (organisation is None or named[0].start <= organisation.end()):
            return slot(
                text, "reported_by", named[0].id, (named[0].start, named[0].end), f"name after {match[0].strip()!r}"
            )
        if organisation is not None:
            return slot(
                text, "reported_by", slug(organisation[0]), organisation.span(), f"name after {match[0].strip()!r}"
            )
    for actor in actors:
        if context.kind(actor.id) in _COUNTERS or not context.kind(actor.id):
            following = [
                token.low for token in tokenise(text, actor.end, min(actor.end + 40, sentence.end)) if token.is_word
            ]
            if set(following[:3]) & (figure_words().report_nouns | figure_words().reported) and _is_counter(
                context, actor
            ):
                return slot(text, "reported_by", actor.id, (actor.start, actor.end), "name before a word of reporting")
    return _cited_reporter(context, sentence) or (
        memory.reporter.model_copy(update={"rule": CARRIED}) if memory.reporter else None
    )


def _is_counter(context: Context, actor: FoundName) -> bool:
    """Whether an actor may have counted; a group that claims its own attacks is its own counter."""
    return context.kind(actor.id) in {"research", "organisation"} or (
        not context.kind(actor.id)
        and bool(
            re.search(
                r"institute|cent(?:re|er)|portal|project|observatory|commission|agency|organi[sz]ation|studies|monitor",
                actor.id,
            )
        )
    )


def _cited_reporter(context: Context, sentence: CountedSentence) -> Slot | None:
    """The organisation that is cited at the end of the sentence."""
    for start, end in sentence.citations:
        for actor in context.actors_in(start, end):
            if _is_counter(context, actor):
                text = context.document.text
                return slot(text, "reported_by", actor.id, (actor.start, actor.end), "organisation in the citation")
    return None


def record_of(context: Context, sentence: CountedSentence, count: Count, period: Slot | None) -> Slot | None:
    """The span in which the value is said to be the highest."""
    if period is None:
        return None
    text = context.document.text
    date = Date.parse(period.value)
    if date.latest is None or date.earliest is None:
        return None
    high = _HIGH.search(text, sentence.start, sentence.end)
    if high is not None:
        word = high["years"].lower()
        years = _SMALL.get(word) or (int(word) if word.isdecimal() and len(word) < 3 else None)
        if years:
            value = f"{date.latest.year - years + 1}/{date.latest.year}"
            return slot(text, "record_in", value, high.span(), "‘… year high’")
    match = _HIGHEST.search(text, max(sentence.start, count.start - _NEAR), min(sentence.end, count.end + _NEAR))
    if (
        match is None
        or count.measure not in {"attacks", "incidents", "killed", "injured", "casualties"}
        or date.is_interval
    ):
        return None
    return slot(text, "record_in", f"../{period.value.rstrip('?~%')}", match.span(), "word of a record")
