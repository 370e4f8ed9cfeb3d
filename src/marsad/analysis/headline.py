"""What does the evidence of the study consist of?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.coded import VIOLENT
from marsad.analysis.parameters import Parameters
from marsad.analysis.printing import cell, count_cell, table
from marsad.model import (
    Cell,
    Check,
    CheckStatus,
    Evidence,
    Finding,
    Passage,
    Record,
    Reliability,
    Source,
    SourceKind,
    Table,
    plural,
)

__all__ = ["HeadlineParameters", "headline"]


class HeadlineParameters(Parameters):
    """The headline has no parameters."""


def headline(inputs: Inputs, parameters: HeadlineParameters) -> Finding:
    """The size of the evidence: sources by kind and reliability, statements, events, figures, actors, ties, actions."""
    evidence = inputs.evidence
    result = Result(
        title="The evidence in numbers",
        text=_words(evidence),
        tables=[
            table("The evidence in numbers", ("What", "#Number", "#Reports"), _rows(inputs)),
            *_reliability(evidence),
        ],
        checks=_checks(evidence),
    )
    return conclude("headline", result, inputs, parameters)


def _all(evidence: Evidence) -> list[Record]:
    groups: tuple[Sequence[Record], ...] = (
        evidence.actors,
        evidence.places,
        evidence.attributes,
        evidence.relations,
        evidence.events,
        evidence.figures,
        evidence.actions,
    )
    return [record for group in groups for record in group]


def _statements(evidence: Evidence) -> int:
    return len({found for record in _all(evidence) for found in record.ids})


def _subjects(records: Iterable[Record]) -> int:
    return len({record.subject for record in records})


def _words(evidence: Evidence) -> list[Passage]:
    """A sentence on the sources and one on the rest."""
    if not evidence.sources and not _all(evidence):
        return [("The evidence holds no sources and no statements.",)]
    kinds = Counter(source.kind for source in evidence.sources.values())
    violent = [event for event in evidence.events if event.kind in VIOLENT]
    return [
        (
            (
                f"It rests on {plural(len(evidence.sources), 'source')}, {kinds[SourceKind.PRIMARY]} primary, "
                f"{kinds[SourceKind.SECONDARY]} secondary, and holds {plural(_statements(evidence), 'statement')}."
            ),
        ),
        (
            (
                f"It has {plural(len(evidence.events), 'report')} of {plural(_subjects(evidence.events), 'event')} "
                f"({_subjects(violent)} of them violent), {plural(len(evidence.figures), 'reported figure')}, "
                f"{plural(len(evidence.actions), 'report')} of {plural(_subjects(evidence.actions), 'action')}, "
                f"{plural(len(evidence.actors), 'actor')} and {plural(len(evidence.relations), 'statement')} of ties."
            ),
        ),
    ]


def _rows(inputs: Inputs) -> list[list[Cell]]:
    evidence = inputs.evidence
    kinds = Counter(source.kind for source in evidence.sources.values())
    violent = [event for event in evidence.events if event.kind in VIOLENT]
    counted: list[tuple[str, int, int | None]] = [
        ("Sources", len(evidence.sources), None),
        ("Primary sources", kinds[SourceKind.PRIMARY], None),
        ("Secondary sources", kinds[SourceKind.SECONDARY], None),
        ("Statements", _statements(evidence), None),
        ("Events", _subjects(evidence.events), len(evidence.events)),
        ("Violent events", _subjects(violent), len(violent)),
        ("Actions", _subjects(evidence.actions), len(evidence.actions)),
        ("Figures", _subjects(evidence.figures), len(evidence.figures)),
        ("Actors", len(evidence.actors), None),
        ("Ties, statements", len(evidence.relations), None),
        ("Attributes, statements", len(evidence.attributes), None),
        ("Places", len(evidence.places), None),
        ("Data series", len(inputs.series), None),
    ]
    return [
        [cell(name), count_cell(number), cell("") if reports is None else count_cell(reports)]
        for name, number, reports in counted
    ]


def _reliability(evidence: Evidence) -> list[Table]:
    """Sources by grade and kind."""
    if not evidence.sources:
        return []
    rows = []
    for grade in Reliability:
        graded = [source for source in evidence.sources.values() if source.reliability is grade]
        split = [_of(graded, kind) for kind in SourceKind]
        cells = [count_cell(len(part), (), sorted(source.key for source in part)) for part in split]
        rows.append([cell(grade.value), cell(grade.meaning), *cells])
    columns = ("Grade", "Meaning", "#Primary", "#Secondary")
    return [table("Sources by reliability", columns, rows, "Admiralty scale (NATO AJP-2.1), graded by the coder.")]


def _of(sources: Iterable[Source], kind: SourceKind) -> list[Source]:
    return [source for source in sources if source.kind is kind]


def _checks(evidence: Evidence) -> list[Check]:
    """How many sources carry a statement, and how much is read at second hand."""
    records = [record for record in _all(evidence) if record.source]
    if not records:
        return []
    used = {record.source for record in records}
    second = sum(bool(record.via) for record in records)
    named = f"{len(used & set(evidence.sources))} of {plural(len(evidence.sources), 'source')}"
    text = (
        f"{named} carry a coded statement; {second:,} of {plural(len(records), 'report')} were read in another "
        "document that cites their source, not in the source itself."
    )
    return [Check(name="Read at second hand", status=CheckStatus.INFORM, text=text)]
