"""Coded events by what their reports name: an event counts for everything that one of its reports names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from marsad.analysis import charts
from marsad.analysis.base import Result
from marsad.analysis.coded import CAVEAT, CodedEvent, Selection
from marsad.analysis.printing import cell, count, count_cell, some, table
from marsad.analysis.tolls import total
from marsad.model import Cell, Chart, Check, CheckStatus, Cite, Event, Evidence, Number, Passage, label, plural

__all__ = ["Group", "Question", "finest", "gather", "grouped"]

_COLUMNS = ("#Events", "#Reports", "#Deaths as reported", "#Toll not stated", "#Contested")
_MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Question:
    """By what events are grouped.

    Attributes:
        noun: the thing that reports name, in the singular.
        columns: labels of the columns that name a group.
        heads: texts of these columns for a key.
        named: keys that a report names.
        around: a key and all keys that contain it.
        property: the property that the keys come from.
        rule: in which rows an event counts, in a sentence.
        narrows: whether of two named keys, one within the other, only the narrower counts.
        denied: keys of which a report says that they deny it.
        vague: whether a key may overlap others (a border region), so that naming it contests nothing.
    """

    noun: str
    columns: tuple[str, ...]
    heads: Callable[[str], tuple[str, ...]]
    named: Callable[[Event], Iterable[str]]
    around: Callable[[str], frozenset[str]]
    property: str
    rule: str
    narrows: bool = True
    denied: Callable[[Event], Iterable[str]] = lambda _: ()
    vague: Callable[[str], bool] = lambda _: False

    def name(self, key: str) -> str:
        """A key in one text."""
        return ", ".join(head for head in reversed(self.heads(key)) if head)

    def is_kin(self, one: str, other: str) -> bool:
        """Whether two keys are the same, or one is within the other."""
        return one in self.around(other) or other in self.around(one)


@dataclass(frozen=True, slots=True)
class Group:
    """The events of which a report names one thing.

    Attributes:
        key: what is named; empty for events of which no report names anything.
        events: those events.
        contested: those of them that another report lays to something else only, or that the named denies.
    """

    key: str
    events: tuple[CodedEvent, ...]
    contested: tuple[CodedEvent, ...]


def finest(keys: Iterable[str], around: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """The keys without those that contain another one of them; ``around(key)`` is the key and all that contain it."""
    found = set(keys)
    wider = {key for narrow in found for key in around(narrow) if key != narrow}
    return frozenset(found - wider)


def gather(events: Sequence[CodedEvent], question: Question) -> list[Group]:
    """Groups by what reports name, the largest first, the unnamed last.

    A report that only names something wider or narrower (a country and its town) does not contest.
    """
    members: dict[str, list[CodedEvent]] = {}
    contested: dict[str, list[CodedEvent]] = {}
    for event in events:
        said = {frozenset(question.named(report)) for report in event.reports}
        keys = frozenset().union(*said)
        for key in sorted(finest(keys, question.around) if question.narrows else keys) or [""]:
            members.setdefault(key, []).append(event)
            if key and _is_contested(key, said, event, question):
                contested.setdefault(key, []).append(event)
    groups = [Group(key, tuple(found), tuple(contested.get(key, ()))) for key, found in members.items()]
    return sorted(groups, key=lambda group: (not group.key, -len(group.events), group.key))


def _is_contested(key: str, said: Iterable[frozenset[str]], event: CodedEvent, question: Question) -> bool:
    """Whether a report names other things only, or says that the named denies it."""
    if question.vague(key):
        return False
    denied = {denier for report in event.reports for denier in question.denied(report)}
    others = (keys for keys in said if keys and not any(map(question.vague, keys)))
    return any(question.is_kin(key, denier) for denier in denied) or any(
        not any(question.is_kin(key, named) for named in keys) for keys in others
    )


def grouped(chosen: Selection, question: Question, evidence: Evidence) -> Result:
    """The table, the chart and the words for one grouping of the selected events."""
    noun = question.noun
    if not chosen.inside:
        return Result(title=f"Coded events by {noun}", text=chosen.passages())
    groups = gather(chosen.inside, question)
    note = f"{question.rule} Every event counts once in the last row. {CAVEAT}"
    words = chosen.passages()
    return Result(
        title=f"Coded events by {noun}",
        text=[*words[:2], *_lead(groups, question), *words[2:]],
        tables=[
            table(f"Coded events by {noun}", [*question.columns, *_COLUMNS], _rows(chosen, groups, question), note)
        ],
        charts=[_chart(groups, question)],
        checks=[_check(groups, noun, evidence)],
        subjects=[event.subject for event in chosen.inside],
    )


def _cells(events: Sequence[CodedEvent], contested: int, naming: str) -> list[Cell]:
    """Events, reports, deaths, events without a toll, contested events."""
    toll = total(event.toll for event in events)
    cites = [source for event in events for source in event.sources]
    return [
        count_cell(len(events), [found for event in events for found in event.ids("kind", naming)], cites),
        count_cell(sum(len(event.reports) for event in events)),
        cell("" if toll is None else str(toll), [found for event in events for found in event.toll_ids]),
        count_cell(sum(event.toll is None for event in events)),
        count_cell(contested),
    ]


def _rows(chosen: Selection, groups: Sequence[Group], question: Question) -> list[list[Cell]]:
    """A row a group, and one for all events."""
    rows = [
        [*map(cell, question.heads(group.key)), *_cells(group.events, len(group.contested), question.property)]
        for group in groups
    ]
    heads = ["All events", *([""] * (len(question.columns) - 1))]
    disputed = {event.subject for group in groups for event in group.contested}
    return [*rows, [*map(cell, heads), *_cells(chosen.inside, len(disputed), question.property)]]


def _lead(groups: Sequence[Group], question: Question) -> list[Passage]:
    """Which groups have most of the events."""
    top = [group for group in groups if group.key][:3]
    if not top:
        return [(f"No report names {_article(question.noun)}.",)]
    sentence: list[str | Number | Cite] = ["Named most often: "]
    for group in top:
        ids = [found for event in group.events for found in event.ids(question.property)]
        separator = "; " if len(sentence) > 1 else ""
        sentence += [f"{separator}{question.name(group.key)} (", count(len(group.events), ids, "event"), ")"]
    unnamed = next((group for group in groups if not group.key), None)
    tail = f". Of {plural(len(unnamed.events), 'event')} no report names {_article(question.noun)}." if unnamed else "."
    return [(*sentence, tail)]


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _chart(groups: Sequence[Group], question: Question) -> Chart:
    """Bars of the largest groups."""
    rows = [charts.Bar(question.name(group.key), len(group.events)) for group in groups[:_MOST_BARS]]
    alt = (
        f"Level bars of the number of coded events by {question.noun}; the longest is {rows[0].name}: {rows[0].count}."
    )
    return Chart(title=f"Coded events by {question.noun}", alt=alt, spec=charts.ranked(rows, unit="Coded events"))


def _check(groups: Sequence[Group], noun: str, evidence: Evidence) -> Check:
    """Whether reports of one event agree."""
    disputed = sorted({event.subject for group in groups for event in group.contested})
    listed = some([label(evidence, subject) for subject in disputed])
    return Check(
        name=f"Reports agree on the {noun}",
        status=CheckStatus.FAIL if disputed else CheckStatus.PASS,
        text=f"Reports differ on {listed}."
        if disputed
        else f"No two reports of one event name different {noun}s only.",
    )
