"""Frozen values: dates, quantities, locators, statements, records, sources, judgements, findings, and how
they are put into words. No I/O.
"""

from marsad.model.dates import Date
from marsad.model.evidence import Evidence, broader_targets
from marsad.model.finding import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Cite,
    Column,
    Finding,
    Method,
    Number,
    Passage,
    Severity,
    Table,
    plain,
)
from marsad.model.judgement import Judgement, Verdict
from marsad.model.locator import Locator
from marsad.model.quantity import ABOUT_TOLERANCE, Quantity
from marsad.model.records import RECORDS, Action, Actor, Attribute, Event, Figure, Place, Record, Relation
from marsad.model.series import Series, SeriesPoint, TurningPoint
from marsad.model.source import Release, Reliability, Source, SourceKind
from marsad.model.statement import Kind, Statement, content_hash
from marsad.model.text import Agreement
from marsad.model.wording import (
    bounds_text,
    date_text,
    joined,
    label,
    names,
    number_text,
    phrase,
    place_names,
    plural,
    quantity_text,
    short_name,
    source_name,
    span_text,
    targets_text,
    tie_text,
    upper_first,
    word,
)

__all__ = [
    "ABOUT_TOLERANCE",
    "RECORDS",
    "Action",
    "Actor",
    "Agreement",
    "Attribute",
    "Cell",
    "Chart",
    "Check",
    "CheckStatus",
    "Cite",
    "Column",
    "Date",
    "Event",
    "Evidence",
    "Figure",
    "Finding",
    "Judgement",
    "Kind",
    "Locator",
    "Method",
    "Number",
    "Passage",
    "Place",
    "Quantity",
    "Record",
    "Relation",
    "Release",
    "Reliability",
    "Series",
    "SeriesPoint",
    "Severity",
    "Source",
    "SourceKind",
    "Statement",
    "Table",
    "TurningPoint",
    "Verdict",
    "bounds_text",
    "broader_targets",
    "content_hash",
    "date_text",
    "joined",
    "label",
    "names",
    "number_text",
    "phrase",
    "place_names",
    "plain",
    "plural",
    "quantity_text",
    "short_name",
    "source_name",
    "span_text",
    "targets_text",
    "tie_text",
    "upper_first",
    "word",
]
