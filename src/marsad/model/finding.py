"""Findings: what every analysis and every check returns. The command line, the report and the notebook render them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from marsad.model.statement import Frozen

__all__ = [
    "Cell",
    "Chart",
    "Check",
    "CheckStatus",
    "Cite",
    "Column",
    "Finding",
    "Method",
    "Number",
    "Passage",
    "Quote",
    "Severity",
    "Table",
    "plain",
]


class Severity(StrEnum):
    """How grave a contradiction is.

    An error cannot be true as it stands; a warning needs a reader's eye; a note explains a difference.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class CheckStatus(StrEnum):
    """Whether a method may be trusted here."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    INFORM = "inform"


class Number(Frozen):
    """A number (or any value) in running text with the statements that it rests on."""

    text: str
    statements: tuple[str, ...]


class Cite(Frozen):
    """A citation in running text."""

    cite: str
    locator: str = ""


Passage = tuple[str | Number | Cite, ...]
"""A sentence or paragraph: text, numbers with their statements, citations."""


def plain(passage: Passage) -> str:
    """A passage as plain text; citations as ``[key]``."""
    return "".join(
        part if isinstance(part, str) else part.text if isinstance(part, Number) else f"[{part.cite}]"
        for part in passage
    )


class Column(Frozen):
    """A column of a table; ``numeric`` columns are set flush right."""

    name: str
    label: str
    unit: str = ""
    numeric: bool = False


class Cell(Frozen):
    """A value in a table as it is printed, the statements it rests on, and the sources that it names."""

    text: str = ""
    statements: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


class Table(Frozen):
    """A table; every row has one cell for each column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class Chart(Frozen):
    """A chart as one Vega-Lite specification, with the words for those who cannot see it.

    Attributes:
        title: what it shows.
        alt: what a reader should take from it, in one or two sentences.
        spec: Vega-Lite, with its data inside.
        table: index of the finding's table that holds the same data.
    """

    title: str
    alt: str
    spec: dict[str, Any]
    table: int = 0


class Check(Frozen):
    """A check that comes with a method: passes, fails, or only informs."""

    name: str
    status: CheckStatus
    text: str


class Method(Frozen):
    """How a finding was made: name, parameters as text, and the reference of its formula."""

    name: str
    parameters: dict[str, str] = Field(default_factory=dict)
    reference: str = ""


class Quote(Frozen):
    """Words of a document that a finding speaks of.

    Attributes:
        text: the words, verbatim.
        start, end: where they stand in the canonical text: half-open offsets of Unicode code points.
        page: the page on which they begin, from 1; None where the format has no pages.
        section: the headings above them, outermost first, joined by `` > ``; empty where there are none.
    """

    text: str
    start: int
    end: int
    page: int | None = None
    section: str = ""


class Finding(Frozen):
    """What an analysis or a check tells a person.

    Attributes:
        id: identifier, stable between builds of the same evidence.
        kind: ``analysis`` or the kind of a contradiction.
        title: in a few words.
        text: the finding in sentences.
        severity: of a contradiction; None for an analysis.
        subjects: the subjects that it is about.
        property: the property that it is about; empty where it is about whole records.
        statements: the statements that it rests on.
        sources: citation keys.
        quotes: the words of a document that it speaks of.
        data_versions: release or file -> version or hash.
    """

    id: str
    kind: str
    title: str
    text: tuple[Passage, ...]
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    checks: tuple[Check, ...] = ()
    severity: Severity | None = None
    subjects: tuple[str, ...] = ()
    property: str = ""
    statements: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    method: Method
    data_versions: dict[str, str] = Field(default_factory=dict)
