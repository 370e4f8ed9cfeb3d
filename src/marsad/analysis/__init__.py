"""Analyses: one question a module, evidence in, a finding out. Pure: no study folder, no store, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from marsad.analysis.actions import ActionParameters, actions
from marsad.analysis.actors import ActorParameters, actors
from marsad.analysis.base import Analysis, Inputs, Parameters, nearest
from marsad.analysis.before_after import BeforeAfterParameters, before_after
from marsad.analysis.coded import EventParameters
from marsad.analysis.events_by_actor import events_by_actor
from marsad.analysis.events_by_area import events_by_area
from marsad.analysis.events_by_target import events_by_target
from marsad.analysis.events_over_time import events_by_month, events_by_year
from marsad.analysis.figures_side_by_side import FigureParameters, figures_side_by_side
from marsad.analysis.headline import HeadlineParameters, headline
from marsad.analysis.relations import RelationParameters, relations
from marsad.analysis.returns import ReturnParameters, returns
from marsad.analysis.series_over_time import SeriesParameters, series_by_month, series_by_year
from marsad.analysis.shared_attributes import SharedParameters, shared_attributes
from marsad.analysis.timeline import TimelineParameters, timeline
from marsad.errors import InputError
from marsad.model import Finding

__all__ = ["ANALYSES", "Analysis", "Inputs", "Parameters", "check_parameters", "run_analysis"]

_ALL = (
    Analysis("actions", "What states, groups and mediators did, and what came of it", ActionParameters, actions),
    Analysis("actors", "The actors with their attributes and the sign of their ties", ActorParameters, actors),
    Analysis("before-after", "A monthly rate before and after a turning point", BeforeAfterParameters, before_after),
    Analysis("events-by-actor", "Coded events and deaths by the actor named", EventParameters, events_by_actor),
    Analysis("events-by-area", "Coded events and deaths by country and province", EventParameters, events_by_area),
    Analysis("events-by-month", "Coded events and deaths by month", EventParameters, events_by_month),
    Analysis("events-by-target", "Coded events and deaths by target", EventParameters, events_by_target),
    Analysis("events-by-year", "Coded events and deaths by year", EventParameters, events_by_year),
    Analysis("figures-side-by-side", "Reported figures by who reported them", FigureParameters, figures_side_by_side),
    Analysis("headline", "The size of the evidence", HeadlineParameters, headline),
    Analysis("relations", "Who is tied to whom, asserted and denied", RelationParameters, relations),
    Analysis("returns", "Phases of refugee return and the numbers reported", ReturnParameters, returns),
    Analysis("series-by-month", "Data series by month, with the turning points", SeriesParameters, series_by_month),
    Analysis("series-by-year", "Data series by year", SeriesParameters, series_by_year),
    Analysis("shared-attributes", "Attributes that several actors share", SharedParameters, shared_attributes),
    Analysis("timeline", "Events and actions in order of time", TimelineParameters, timeline),
)

ANALYSES: dict[str, Analysis] = {analysis.name: analysis for analysis in _ALL}
"""Every analysis by its name, in order of the alphabet."""


def run_analysis(name: str, inputs: Inputs, parameters: Mapping[str, str | Sequence[str]]) -> Finding:
    """Run an analysis with parameters as text; raises ``InputError`` as ``check_parameters`` does."""
    chosen = check_parameters(name, parameters)
    return ANALYSES[name].run(inputs, chosen)


def check_parameters(name: str, parameters: Mapping[str, str | Sequence[str]]) -> Parameters:
    """Read the parameters of an analysis from text, without running it.

    Raises ``InputError`` for an unknown analysis or parameter, with the nearest names, and for a value that a parameter
    cannot have.
    """
    analysis = ANALYSES.get(name)
    if analysis is None:
        raise InputError(f"there is no analysis {name!r}; {nearest(name, ANALYSES)}")
    fields = analysis.parameters.model_fields
    for key in parameters:
        if key not in fields:
            hint = nearest(key, fields) or "it has no parameters"
            raise InputError(f"the analysis {name} has no parameter {key!r}; {hint}")
    try:
        return analysis.parameters.model_validate(dict(parameters))
    except ValidationError as error:
        problems = ", ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InputError(f"the analysis {name} cannot use its parameters: {problems}") from error
