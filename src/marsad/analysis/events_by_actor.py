"""To whom do the coded reports lay the events, and on what ground?"""

from __future__ import annotations

from dataclasses import replace

from marsad.analysis.base import Inputs, conclude
from marsad.analysis.coded import EventParameters, Selection, select
from marsad.analysis.grouping import Question, grouped
from marsad.analysis.printing import cell, count_cell, table
from marsad.model import Event, Evidence, Finding, Table, short_name, word

__all__ = ["events_by_actor"]

_DENIED = "denied"
_GROUNDS = ("claimed", "stated", "accused", "denied", "unclaimed", "unknown")
_RULE = (
    "An event counts in the row of each actor to which a report lays it, also where one is part of another; an actor's "
    "denial does not lay it to that actor, nor does it take the event away from what other reports say. Contested: "
    "another report names others only, or the actor denies it."
)


def events_by_actor(inputs: Inputs, parameters: EventParameters) -> Finding:
    """Coded events and their deaths by the actor that reports name, with the ground on which they name it."""
    chosen = select(inputs, parameters)
    evidence = inputs.evidence
    question = Question(
        noun="actor",
        columns=("Actor",),
        heads=lambda key: (_name(evidence, key),),
        named=lambda report: () if report.attribution == _DENIED else report.actor,
        around=evidence.groups_around,
        property="actor",
        rule=_RULE,
        narrows=False,
        denied=lambda report: report.actor if report.attribution == _DENIED else (),
    )
    result = grouped(chosen, question, evidence)
    if chosen.inside:
        result = replace(result, tables=[*result.tables, _grounds(chosen, evidence)])
    return conclude("events-by-actor", result, inputs, parameters)


def _name(evidence: Evidence, key: str) -> str:
    return short_name(evidence, key) if key else "nobody named"


def _grounds(chosen: Selection, evidence: Evidence) -> Table:
    """Reports by the actor that they name, most first, and by the ground on which they lay the event to it."""
    naming: dict[str, list[Event]] = {}
    for event in chosen.inside:
        for report in event.reports:
            for key in report.actor or ("",):
                naming.setdefault(key, []).append(report)
    rows = []
    for key, reports in sorted(naming.items(), key=lambda item: (not item[0], -len(item[1]), item[0])):
        split = [[report for report in reports if report.attribution == ground] for ground in (*_GROUNDS, "")]
        cells = [count_cell(len(part), [i for r in part for i in r.ids_of("actor", "attribution")]) for part in split]
        rows.append([cell(_name(evidence, key)), *cells])
    columns = ["Actor", *(f"#{word(ground).capitalize()}" for ground in _GROUNDS), "#Not said"]
    return table("Reports by the ground of attribution", columns, rows, _MEANING)


_MEANING = "Claimed, denied: by the actor. Accused: by somebody else. Unclaimed: nobody claimed it."
