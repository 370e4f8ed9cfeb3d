"""Every analysis that there is: the one list to which a new one is added."""

from __future__ import annotations

from marsad.analysis.actions import ActionParameters, actions
from marsad.analysis.actors import ActorParameters, actors
from marsad.analysis.base import Analysis
from marsad.analysis.before_after import REFERENCE, BeforeAfterParameters, before_after
from marsad.analysis.coded import EventParameters
from marsad.analysis.early_warning import EARLY_WARNING_REFERENCE, early_warning
from marsad.analysis.events_by_actor import events_by_actor
from marsad.analysis.events_by_area import events_by_area
from marsad.analysis.events_by_target import events_by_target
from marsad.analysis.events_in_registers import RegisteredParameters, events_in_registers
from marsad.analysis.events_over_time import events_by_month, events_by_year
from marsad.analysis.figures_side_by_side import FigureParameters, figures_side_by_side
from marsad.analysis.forecast_parameters import EarlyWarningParameters, ForecastParameters
from marsad.analysis.forecasts import FORECAST_REFERENCE, forecast
from marsad.analysis.headline import HeadlineParameters, headline
from marsad.analysis.registers import RegisterParameters, registers
from marsad.analysis.relations import RelationParameters, relations
from marsad.analysis.returns import ReturnParameters, returns
from marsad.analysis.scenario_forecast import SCENARIO_REFERENCE, scenario_forecast
from marsad.analysis.scenario_parameters import ScenarioParameters
from marsad.analysis.series_over_time import SeriesParameters, series_by_month, series_by_year
from marsad.analysis.shared_attributes import SharedParameters, shared_attributes
from marsad.analysis.timeline import TimelineParameters, timeline

__all__ = ["ANALYSES"]

_ALL = (
    Analysis("actions", "What states, groups and mediators did, and what came of it", ActionParameters, actions),
    Analysis("actors", "The actors with their attributes and the sign of their ties", ActorParameters, actors),
    Analysis(
        "before-after",
        "A monthly rate before and after a turning point",
        BeforeAfterParameters,
        before_after,
        REFERENCE,
    ),
    Analysis(
        "early-warning",
        "Warnings of a monthly series as they would have been given, and their score",
        EarlyWarningParameters,
        early_warning,
        EARLY_WARNING_REFERENCE,
    ),
    Analysis("events-by-actor", "Coded events and deaths by the actor named", EventParameters, events_by_actor),
    Analysis("events-by-area", "Coded events and deaths by country and province", EventParameters, events_by_area),
    Analysis("events-by-month", "Coded events and deaths by month", EventParameters, events_by_month),
    Analysis("events-by-target", "Coded events and deaths by target", EventParameters, events_by_target),
    Analysis("events-by-year", "Coded events and deaths by year", EventParameters, events_by_year),
    Analysis(
        "events-in-registers",
        "The study's events beside the records of registers",
        RegisteredParameters,
        events_in_registers,
    ),
    Analysis("figures-side-by-side", "Reported figures by who reported them", FigureParameters, figures_side_by_side),
    Analysis(
        "forecast",
        "What may come of a monthly series, how sure that is, and how the model did before",
        ForecastParameters,
        forecast,
        FORECAST_REFERENCE,
    ),
    Analysis("headline", "The size of the evidence", HeadlineParameters, headline),
    Analysis("registers", "Registers of events side by side", RegisterParameters, registers),
    Analysis("relations", "Who is tied to whom, asserted and denied", RelationParameters, relations),
    Analysis("returns", "Phases of refugee return and the numbers reported", ReturnParameters, returns),
    Analysis(
        "scenario-forecast",
        "What may come of a monthly series if stated actions come, from what came with such actions before",
        ScenarioParameters,
        scenario_forecast,
        SCENARIO_REFERENCE,
    ),
    Analysis("series-by-month", "Data series by month, with the turning points", SeriesParameters, series_by_month),
    Analysis("series-by-year", "Data series by year", SeriesParameters, series_by_year),
    Analysis("shared-attributes", "Attributes that several actors share", SharedParameters, shared_attributes),
    Analysis("timeline", "Events and actions in order of time", TimelineParameters, timeline),
)

ANALYSES: dict[str, Analysis] = {analysis.name: analysis for analysis in _ALL}
"""Every analysis by its name, in order of the alphabet."""
