"""Extraction: text to proposed statements, each with its quote, its offsets and the rule that read it."""

from marsad.extraction.dates import find_dates
from marsad.extraction.events import group_events
from marsad.extraction.figures import extract_figures
from marsad.extraction.found import FoundDate, FoundName, FoundQuantity
from marsad.extraction.incidents import extract_incidents
from marsad.extraction.limits import limits_reached, worth_comparing
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal, Slot
from marsad.extraction.quantities import find_quantities
from marsad.extraction.statements import event_title, name_statements, named_in, proposed_statements

__all__ = [
    "FoundDate",
    "FoundName",
    "FoundQuantity",
    "Gazetteer",
    "Proposal",
    "Slot",
    "event_title",
    "extract_figures",
    "extract_incidents",
    "find_dates",
    "find_quantities",
    "group_events",
    "limits_reached",
    "name_statements",
    "named_in",
    "proposed_statements",
    "worth_comparing",
]
