"""Aggregate figures: how many of what, where, when, by whom, as counted by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from marsad.documents import Document
from marsad.documents.limits import MOST_FIGURES
from marsad.extraction.counted import CountedSentence, counted_sentences
from marsad.extraction.counts import Count, is_list
from marsad.extraction.figure_context import (
    Context,
    Memory,
    actor_of,
    area_of,
    base_of,
    context_of,
    period_of,
    record_of,
    remembered,
    reporter_of,
    slot,
)
from marsad.extraction.figure_words import figure_words
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal, Slot
from marsad.extraction.sorting import sort_sentence
from marsad.extraction.words import tokenise
from marsad.model import Date, Kind

__all__ = ["extract_figures"]

_ACTS = frozenset({"attacks", "incidents"})
_HARM = frozenset({"killed", "injured", "casualties", "leaders", "prisoners"})
_LABELS = {"killed": "deaths", "injured": "injuries", "casualties": "casualties"}
_UNITS = {"year": "years", "month": "months", "day": "days", "week": "weeks", "hour": "hours", "USD": "usd"}
_INTRO = re.compile(r"(?:including|of\s+(?:whom|which|them|these)|among\s+(?:them|whom|these))\s*$", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|these|those|both|its|their)\s+$", re.IGNORECASE)
_CAUSE = re.compile(r"\b(?:in|from|due\s+to|during|through|as\s+a\s+result\s+of)\s+$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:The|These|Those|Such)\s+(?:[^\W\d_]+\s+){0,2}?(?:attacks?|incidents?|strikes|violence|clashes)\b"
)
_LASTING = re.compile(r"\bfor\s+$", re.IGNORECASE)
_HIGH_AFTER = re.compile(r"[\s-]+(?:high|low|record|peak|old)\b")
_OF = re.compile(r"^(?:of\s+)?(?:all\s+|the\s+|these\s+|its\s+|total\s+)*", re.IGNORECASE)
_REACH = 8
_STATUS = re.compile(r"\b(?:in)?voluntar(?:il)?y\b|\bforcibly\b", re.IGNORECASE)
_NEAR_STATUS = 25
_MANY = 500
_NEAR_JOINED = 60


def extract_figures(document: Document, *, gazetteer: Gazetteer, reference: Date | None = None) -> tuple[Proposal, ...]:
    """The aggregate figures of a document, as proposals, in the order of the text.

    A figure is a count, sum, share, length or change that is not the toll of a single incident.

    Args:
        document: the document.
        gazetteer: its places and actors.
        reference: date from which relative dates are reckoned.

    Returns:
        One proposal for each number, up to about ``MOST_FIGURES``, with the slots of the study folder's table of
        figures: ``measure``, ``value``, ``unit``, ``definition``, and where the text gives them ``area``, ``period``,
        ``actor``, ``target``,
        ``reported_by``, ``record_in``, ``compared_to`` and ``whole`` (the identifier of another proposal).
    """
    context = context_of(document, gazetteer)
    found: list[Proposal] = []
    memory, block = Memory(), None
    for sentence in counted_sentences(document, reference=reference):
        if sentence.block is not block:
            memory, block = Memory(), sentence.block
        found += _of_sentence(context, sentence, memory)
        if len(found) >= MOST_FIGURES:
            break
    return tuple(sorted(found, key=lambda proposal: (proposal.start, proposal.end)))


def _of_sentence(context: Context, sentence: CountedSentence, memory: Memory) -> list[Proposal]:
    """The figures of one sentence; what later sentences may go on from is kept in the memory."""
    reporter = reporter_of(context, sentence, memory)
    memory.reporter = reporter
    counts = [_with_measure(context, sentence, index, memory) for index in range(len(sentence.counts))]
    sort = sort_sentence(context.document, sentence.start, sentence.end) if counts else "neither"
    kept = [index for index, count in enumerate(counts) if _is_figure(context, sentence, count, sort, memory)]
    wholes = {index: whole for index in kept if (whole := _whole(context.document.text, counts, index)) in kept}
    sentence = replace(sentence, counts=tuple(counts))
    made: dict[int, Proposal] = {}
    for index in sorted(kept, key=lambda each: each in wholes):
        made[index] = _proposal(context, sentence, counts[index], memory, reporter, made.get(wholes.get(index, -1)))
    if not made:
        memory.period = remembered(context, sentence) or memory.period
    if sentence.citations:
        memory.reporter = None
    return list(made.values())


def _with_measure(context: Context, sentence: CountedSentence, index: int, memory: Memory) -> Count:
    """A count with the measure that its neighbours give it, where its own words do not."""
    count = sentence.counts[index]
    if count.partitive and index + 1 < len(sentence.counts):
        whole = sentence.counts[index + 1]
        return replace(count, measure=whole.measure, unit=whole.unit, rule="part of the next number")
    if not count.measure and count.noun in figure_words().people and count.unit == "count":
        after = context.document.text[count.end : min(count.end + 60, sentence.end)]
        if re.match(
            r"\s+(?:have|has|had|do\s+not\s+have|are|live)\b[^.;]{0,40}\b(?:no|without|proper|undocumented)\b", after
        ):
            return replace(count, measure="undocumented", unit="persons", rule="words after the noun")
    if not count.measure and count.unit == "percent_change":
        return replace(count, measure=_measure_of_change(context.document.text, sentence, index, memory))
    if not count.measure and not count.noun and count.unit == "count":
        return _elided(context.document.text, sentence, index)
    return count


def _measure_of_change(text: str, sentence: CountedSentence, index: int, memory: Memory) -> str:
    """What a change in percent is a change of: a noun beside it, a number before it, or what was counted last."""
    words, count = figure_words(), sentence.counts[index]
    after = [token.low for token in tokenise(text, count.end, sentence.end) if token.is_word][:_REACH]
    if after and after[0] in {"in", "of"}:
        for low in after[1:5]:
            if low in words.nouns or low in words.people_measures:
                return words.nouns.get(low) or words.people_measures[low]
    before = [each for each in sentence.counts[:index] if each.measure and each.unit in {"count", "persons"}]
    plain = [
        each
        for position, each in enumerate(before)
        if not position or not _INTRO.search(text[before[position - 1].end : each.found.start])
    ]
    if plain:
        return plain[-1].measure
    for token in reversed(tokenise(text, sentence.start, count.start)):
        if token.low in words.nouns and words.nouns[token.low] != "other":
            return words.nouns[token.low]
    return memory.measure


def _elided(text: str, sentence: CountedSentence, index: int) -> Count:
    """A bare number with the noun before it: ``attacks rose from 267 in 2021 to 365 in 2022``."""
    count = sentence.counts[index]
    words = figure_words()
    if not re.search(
        r"\b(?:from|to|at|by|of|with|and|against|reached|was|were)\s+$",
        text[max(sentence.start, count.start - 12) : count.start],
    ):
        return count
    moves = words.rise | words.fall
    tokens = tokenise(text, sentence.start, count.start)
    if not any(token.low in moves for token in tokens):
        return count
    for token in tokens:
        measure = words.nouns.get(token.low)
        if measure in _ACTS or measure in _LABELS:
            unit = "count" if measure in _ACTS else "persons"
            return replace(count, measure=measure, unit=unit, noun=token.low, rule=f"noun {token.low!r}")
    return count


def _is_figure(context: Context, sentence: CountedSentence, count: Count, sort: str, memory: Memory) -> bool:
    """Whether a count is an aggregate figure and not the toll of one incident or an empty phrase."""
    if not count.measure or count.found.rule.startswith("one of"):
        return False
    text = context.document.text
    before = text[max(sentence.start, count.found.start - 8) : count.found.start]
    if count.measure == "duration":
        is_joined = "-" in text[count.found.number_end : count.found.end]
        return (is_joined or _LASTING.search(before) is not None) and not _HIGH_AFTER.match(text, count.found.end)
    if count.measure in {"groups", "provinces", "leaders", "other"} and _DEFINITE.search(before):
        return False
    if count.unit in {"percent", "percent_change"} or count.measure not in _HARM | _ACTS:
        return True
    if count.measure in _ACTS:
        return _low(count) > 1
    return _is_of_many(text, sentence, count, sort, memory)


def _is_of_many(text: str, sentence: CountedSentence, count: Count, sort: str, memory: Memory) -> bool:
    """Whether a toll is that of many acts."""
    if sort == "incident":
        goes_on = memory.measure in _ACTS and not sentence.dates and _GOES_ON.match(text, sentence.start)
        has_day = any(found.date is not None and found.date.is_day for found in sentence.dates)
        return bool(goes_on) or (_low(count) >= _MANY and not has_day)
    return sort != "both" or any(each.measure in _ACTS and _low(each) > 1 for each in sentence.counts)


def _low(count: Count) -> Decimal:
    low = count.found.quantity.low
    return Decimal(0) if low is None else low


def _whole(text: str, counts: Sequence[Count], index: int) -> int:
    """The index of the count of which another is a part; -1 where it is none."""
    if counts[index].partitive:
        return index + 1
    for earlier in range(index - 1, -1, -1):
        first = earlier + 1
        if (
            _INTRO.search(text[counts[earlier].noun_end : counts[first].found.start])
            and counts[earlier].measure == counts[index].measure
        ):
            chain = range(first, index)
            is_chain = all(is_list(text, counts[at].noun_end, counts[at + 1].found.start) for at in chain)
            return earlier if is_chain else -1
    return -1


def _proposal(
    context: Context,
    sentence: CountedSentence,
    count: Count,
    memory: Memory,
    reporter: Slot | None,
    whole: Proposal | None,
) -> Proposal:
    document, text = context.document, context.document.text
    period = period_of(context, sentence, count, memory)
    area = area_of(context, sentence, count, memory)
    actors = actor_of(context, sentence, count, reporter)
    if actors and (claim := _claim(text, sentence, count, actors[0])):
        reporter = claim
    if whole is not None and not actors:
        actors = tuple(each for each in whole.slots if each.name == "actor")
    slots = [
        *_own_slots(text, sentence, count),
        *area,
        *([period] if period else []),
        *actors,
        *([reporter] if reporter else []),
    ]
    for extra in (base_of(context, sentence, count, period), record_of(context, sentence, count, period)):
        slots += [extra] if extra else []
    if whole is not None:
        slots.append(slot(text, "whole", whole.id, (whole.start, whole.end), "part of another number of the sentence"))
    memory.period = period if period and period.rule != "year of the report" else memory.period
    memory.area = area if area and area[0].start < area[0].end and count.measure != "length" else memory.area
    memory.measure = count.measure if count.unit in {"count", "persons"} else memory.measure
    page = document.page_at(count.start)
    return Proposal(
        kind=Kind.FIGURE,
        start=sentence.start,
        end=sentence.end,
        text=text[sentence.start : sentence.end],
        slots=tuple(slots),
        page=page.number if page else None,
        section=" > ".join(document.section_at(sentence.start)),
    )


def _claim(text: str, sentence: CountedSentence, count: Count, actor: Slot) -> Slot | None:
    """The actor as its own counter, where it claims the acts."""
    first, last = sorted(((actor.start, actor.end), (count.found.start, count.noun_end)))
    match = re.search(r"\bclaim(?:ed|ing|s)\b(?!\s+responsibility)", text[first[1] : last[0]])
    if match is None or count.measure not in _ACTS or last[0] > sentence.end:
        return None
    return actor.model_copy(update={"name": "reported_by", "rule": "the actor claims the acts"})


def _own_slots(text: str, sentence: CountedSentence, count: Count) -> Iterator[Slot]:
    """What the number and its own words say."""
    span = (count.found.start, count.found.end)
    yield slot(text, "measure", count.measure, (count.start, count.end), count.rule)
    yield slot(text, "value", str(count.found.quantity), span, count.found.rule)
    yield slot(text, "unit", _UNITS.get(count.unit, count.unit), span, "noun, verb or unit of the number")
    for target in count.targets:
        yield slot(text, "target", target, (count.found.end, count.noun_end), "noun after the number")
    words, place = _definition(text, sentence, count)
    yield slot(text, "definition", words, place, "words that are counted")


def _definition(text: str, sentence: CountedSentence, count: Count) -> tuple[str, tuple[int, int]]:
    """What was counted, in the words of the text: its noun phrase, of deaths also the acts that caused them."""
    own = (count.found.end, max(_phrase_end(text, sentence, count), count.found.end))
    if count.unit == "percent_change":
        own = (count.start, count.end)
    if count.measure in {"length", "duration"}:
        own = _thing(text, sentence, count)
    label = _LABELS.get(count.measure)
    words = _OF.sub("", " ".join(text[slice(*own)].split()))
    status = _STATUS.search(text, count.end, min(count.end + _NEAR_STATUS, sentence.end))
    if status is not None and count.unit == "persons":
        return _OF.sub("", " ".join(text[own[0] : status.end()].split())), (own[0], status.end())
    if label is None or count.unit not in {"count", "persons"}:
        return words or count.measure.replace("_", " "), own
    for act in sentence.counts:
        if act.measure in _ACTS and act is not count and act.unit == "count":
            cause = _CAUSE.search(text[max(sentence.start, act.found.start - 25) : act.found.start])
            end = _phrase_end(text, sentence, act)
            acts = " ".join(text[act.found.end : end].split())
            if cause or act.found.start < count.found.start:
                return f"{label} in {acts}", (act.found.end, end)
    return label, own


def _thing(text: str, sentence: CountedSentence, count: Count) -> tuple[int, int]:
    """What is so long: the noun for a line, the word after a duration."""
    if count.measure == "length":
        match = re.search(rf"\b{re.escape(count.noun)}\b", text[sentence.start : sentence.end], re.IGNORECASE)
        return (
            (sentence.start + match.start(), sentence.start + match.end()) if match else (count.start, count.noun_end)
        )
    after = next((token for token in tokenise(text, count.found.end, sentence.end) if token.is_word), None)
    if after and after.low not in figure_words().stop and not re.search(r"[^\s-]", text[count.found.end : after.start]):
        return after.start, after.end
    return count.found.end, count.found.end


def _phrase_end(text: str, sentence: CountedSentence, count: Count) -> int:
    """The end of the noun phrase with a noun that ``and`` joins to it."""
    if count.measure != "incidents":
        return count.noun_end
    match = re.match(
        r"\s+and\s+(?:[^\W\d_]+[\s-]+){0,3}?(?:operations|clashes|incidents|battles)\b",
        text[count.noun_end : min(count.noun_end + _NEAR_JOINED, sentence.end)],
    )
    return count.noun_end + match.end() if match else count.noun_end
