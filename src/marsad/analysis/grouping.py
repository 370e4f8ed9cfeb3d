"""Coded events by what their reports name: an event counts for everything that one of its reports names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from marsad.analysis import charts
from marsad.analysis.base import Result
from marsad.analysis.coded import CodedEvent, Selection
from marsad.analysis.printing import cell, count, count_cell, sources_of, table
from marsad.analysis.tolls import total
from marsad.model import Cell, Chart, Check, CheckStatus, Cite, Event, Evidence, Number, Passage, joined, label, plural

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
        vague: whether a key may overlap others (a border region), so that naming it contests nothing.
    """

    noun: str
    columns: tuple[str, ...]
    heads: Callable[[str], tuple[str, ...]]
    named: Callable[[Event], Iterable[str]]
    around: Callable[[str], frozenset[str]]
    property: str
    vague: Callable[[str], bool] = lambda _: False

    def name(self, key: str) -> str:
        """A key in one text."""
        return ", ".join(head for head in reversed(self.heads(key)) if head)


@dataclass(frozen=True, slots=True)
class Group:
    """The events of which a report names one thing.

    Attributes:
        key: what is named; empty for events of which no report names anything.
        events: those events.
        contested: those of them that another report lays to something else only.
    """

    key: str
    events: tuple[CodedEvent, ...]
    contested: tuple[CodedEvent, ...]


def finest(keys: Iterable[str], around: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """The keys without those that contain another one of them; ``around(key)`` is the key and all that contain it."""
    found = set(keys)
    return frozenset(key for key in found if not any(key in around(other) for other in found - {key}))


def gather(events: Sequence[CodedEvent], question: Question) -> list[Group]:
    """Groups by what reports name, the largest first, the unnamed last.

    A report that names only something wider than another report does (a country, where the other names its town) does
    not contest it.
    """
    members: dict[str, list[CodedEvent]] = {}
    contested: dict[str, list[CodedEvent]] = {}
    for event in events:
        each = [frozenset(question.named(report)) for report in event.reports]
        keys = finest(frozenset().union(*each), question.around)
        said = [narrow for report in each if (narrow := report & keys) and not any(map(question.vague, narrow))]
        for key in sorted(keys) or [""]:
            members.setdefault(key, []).append(event)
            if not question.vague(key) and any(key not in narrow for narrow in said):
                contested.setdefault(key, []).append(event)
    groups = [Group(key, tuple(found), tuple(contested.get(key, ()))) for key, found in members.items()]
    return sorted(groups, key=lambda group: (not group.key, -len(group.events), group.key))


def grouped(chosen: Selection, question: Question, evidence: Evidence) -> Result:
    """The table, the chart and the words for one grouping of the selected events."""
    noun = question.noun
    if not chosen.inside:
        return Result(title=f"Coded events by {noun}", text=chosen.passages())
    groups = gather(chosen.inside, question)
    note = (
        f"An event counts in each row that one of its reports names, and once in the last row. Contested: reports of "
        f"one event name different {noun}s."
    )
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
    cites = sources_of(report for event in events for report in event.reports)
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
    listed = joined([label(evidence, subject) for subject in disputed])
    return Check(
        name=f"Reports agree on the {noun}",
        status=CheckStatus.FAIL if disputed else CheckStatus.PASS,
        text=f"Reports differ on {listed}."
        if disputed
        else f"No two reports of one event name different {noun}s only.",
    )
