"""To whom do the coded reports lay the events, and on what ground?"""

from __future__ import annotations

from dataclasses import replace

from marsad.analysis.base import Inputs, conclude
from marsad.analysis.coded import EventParameters, Selection, select
from marsad.analysis.grouping import Question, gather, grouped
from marsad.analysis.printing import cell, count_cell, table
from marsad.model import Evidence, Finding, Table, short_name, word

__all__ = ["events_by_actor"]

_GROUNDS = ("claimed", "stated", "accused", "denied", "unclaimed", "unknown")


def events_by_actor(inputs: Inputs, parameters: EventParameters) -> Finding:
    """Coded events and their deaths by the actor that reports name, with the ground on which they name it."""
    chosen = select(inputs, parameters)
    evidence = inputs.evidence
    question = Question(
        noun="actor",
        columns=("Actor",),
        heads=lambda key: (short_name(evidence, key) if key else "nobody named",),
        named=lambda report: report.actor,
        around=evidence.groups_around,
        property="actor",
    )
    result = grouped(chosen, question, evidence)
    if chosen.inside:
        result = replace(result, tables=[*result.tables, _grounds(chosen, question, evidence)])
    return conclude("events-by-actor", result, inputs, parameters)


def _grounds(chosen: Selection, question: Question, evidence: Evidence) -> Table:
    """Reports that name an actor, by the ground on which they lay the event to it."""
    rows = []
    for group in gather(chosen.inside, question):
        reports = [report for event in group.events for report in event.reports]
        naming = [report for report in reports if (group.key in report.actor if group.key else not report.actor)]
        split = [[report for report in naming if report.attribution == ground] for ground in (*_GROUNDS, "")]
        cells = [count_cell(len(part), [i for r in part for i in r.ids_of("actor", "attribution")]) for part in split]
        rows.append([cell(short_name(evidence, group.key) if group.key else "nobody named"), *cells])
    columns = ["Actor", *(f"#{word(ground).capitalize()}" for ground in _GROUNDS), "#Not said"]
    return table("Reports by the ground of attribution", columns, rows, "Claimed: the actor claimed the event.")
