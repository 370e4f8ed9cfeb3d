"""In which country and province do the coded reports place the events?"""

from __future__ import annotations

from collections.abc import Iterable

from marsad.analysis.base import Inputs, conclude
from marsad.analysis.coded import EventParameters, select
from marsad.analysis.grouping import Question, finest, grouped
from marsad.model import Event, Evidence, Finding

__all__ = ["events_by_area"]

_VAGUE = ("region", "line", "world")
"""Kinds of place that may overlap provinces without containing them."""

_RULE = (
    "An event counts in the row of each province that a report names; where another only names the country, in the "
    "province. Contested: another report names other provinces only."
)


def events_by_area(inputs: Inputs, parameters: EventParameters) -> Finding:
    """Coded events and their deaths by province, with the country; regions that cross provinces stand by themselves."""
    evidence = inputs.evidence

    def named(report: Event) -> Iterable[str]:
        return {_province(evidence, place) for place in finest(report.place, evidence.areas_around)}

    question = Question(
        noun="area",
        columns=("Country", "Province or region"),
        heads=lambda key: _heads(evidence, key),
        named=named,
        around=evidence.areas_around,
        property="place",
        rule=_RULE,
        vague=lambda key: (found := evidence.place_by_id.get(key)) is not None and found.kind in _VAGUE,
    )
    return conclude("events-by-area", grouped(select(inputs, parameters), question, evidence), inputs, parameters)


def _province(evidence: Evidence, place: str) -> str:
    """The province of a place; the place itself where it has none (a country, a region, a border)."""
    found = evidence.place_by_id.get(place)
    if found is None or found.kind == "admin1":
        return place
    if found.admin1:
        return found.admin1
    return found.country if found.kind in ("admin2", "admin3", "city", "site") and found.country else place


def _heads(evidence: Evidence, key: str) -> tuple[str, ...]:
    """Country and province in words."""
    if not key:
        return ("", "no place named")
    found = evidence.place_by_id.get(key)
    if found is None:
        return ("", key)
    if found.kind == "country":
        return (found.name, "province not stated")
    return (evidence.place_name(found.country) if found.country else "", found.name)
