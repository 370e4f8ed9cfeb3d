"""Where statements stand: their value, source, place in the document and row of the study folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from marsad.model import Evidence, Kind, Statement, word
from marsad.report.marks import EvidenceSet, Marks, runs
from marsad.report.prose import Prose

__all__ = ["KIND_TITLES", "Row", "appendix", "rows", "sets"]

KIND_TITLES = {
    Kind.ACTOR: "Actors",
    Kind.PLACE: "Places",
    Kind.ATTRIBUTE: "Attributes of actors",
    Kind.RELATION: "Relations",
    Kind.EVENT: "Events",
    Kind.FIGURE: "Reported figures",
    Kind.ACTION: "Actions",
}
"""Headings of the evidence appendix, by kind of subject."""
_ACTORS = frozenset({"actor", "a", "b", "about", "by", "reported_by", "parent"})
_PLACES = frozenset({"place", "area", "admin1", "country"})
_ACTOR_TARGETS = frozenset({Kind.ACTION})
_RANGE = Markup('<a href="#s{}">s{}</a>')


@dataclass(frozen=True, slots=True)
class Row:
    """Statements of one row of the study folder.

    Attributes:
        subject: identifier of what they are about.
        values: number and HTML of each: property, value as reported and unit.
        source: who says it, in APA, as HTML; and in which document it was read.
        place: where in that document, in words.
        origin: file and line of the study folder.
    """

    subject: str
    values: tuple[tuple[int, Markup], ...]
    source: Markup
    place: str
    origin: str


def rows(statements: Iterable[tuple[int, Statement]], *, evidence: Evidence, prose: Prose) -> list[Row]:
    """Numbered statements, in order, as rows; those of one record that follow one another share a row."""
    return [
        _row(list(group), evidence, prose)
        for _, group in groupby(statements, key=lambda item: (item[1].kind, item[1].record, item[1].origin))
    ]


def _row(statements: list[tuple[int, Statement]], evidence: Evidence, prose: Prose) -> Row:
    first = statements[0][1]
    values = tuple((number, _value(statement, evidence, prose)) for number, statement in statements)
    return Row(
        subject=first.subject,
        values=values,
        source=_source(first, prose),
        place=prose.place(first.locator) if first.locator else "",
        origin=first.origin,
    )


def _value(statement: Statement, evidence: Evidence, prose: Prose) -> Markup:
    value = statement.value
    if statement.property in _ACTORS or (statement.property == "target" and statement.kind in _ACTOR_TARGETS):
        value = evidence.actor_name(value)
    elif statement.property in _PLACES:
        value = evidence.place_name(value)
    unit = f" {word(statement.unit)}" if statement.unit and statement.unit != "count" else ""
    return Markup("{}: {}{}").format(word(statement.property), prose.value(value), unit)


def _source(statement: Statement, prose: Prose) -> Markup:
    if not statement.source:
        return escape("set by the study")
    said = prose.cite(statement.source)
    return said + Markup(", read in ") + prose.cite(statement.via) if statement.via else said


def appendix(marks: Marks, *, evidence: Evidence, prose: Prose) -> list[tuple[str, int, list[Row]]]:
    """Title, number of statements and rows of each kind, of all statements that marks have used."""
    found = []
    for kind, group in groupby(marks.used, key=lambda item: item[1].kind):
        statements = list(group)
        found.append((KIND_TITLES[kind], len(statements), rows(statements, evidence=evidence, prose=prose)))
    return found


def sets(found: Iterable[EvidenceSet]) -> list[tuple[EvidenceSet, Markup]]:
    """Each set with links to its statements, an unbroken run as ``12–15``."""
    return [
        (group, Markup(", ").join(_run(first, length) for first, length in runs(group.statements))) for group in found
    ]


def _run(first: int, length: int) -> Markup:
    start = _RANGE.format(first, first)
    return start if length == 1 else start + Markup("–") + _RANGE.format(first + length - 1, first + length - 1)
