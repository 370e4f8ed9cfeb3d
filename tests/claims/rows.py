"""Rows of evidence for the tests, as short as they can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_origin

from marsad.claims import check_consistency
from marsad.model import RECORDS, Evidence, Finding, Kind, Reliability, Source, SourceKind, Statement, plain

Row = list[Statement]
ABOUT_RECORD = ("source", "via", "locator", "subject", "origin")
DEFAULTS: dict[Kind, dict[str, str]] = {
    Kind.EVENT: {"kind": "bombing"},
    Kind.ACTION: {"kind": "operation", "actor": "army"},
    Kind.FIGURE: {"measure": "attacks", "unit": "count", "definition": "attacks"},
    Kind.RELATION: {"a": "a", "b": "b", "kind": "support", "sign": "positive", "stance": "asserted"},
    Kind.ATTRIBUTE: {"actor": "a", "dimension": "tactic"},
    Kind.ACTOR: {"kind": "armed_group"},
    Kind.PLACE: {"kind": "city"},
}


def row(kind: Kind, record: str, fields: Mapping[str, str]) -> Row:
    """The statements of one row; ``since`` and ``until`` stand for the columns ``from`` and ``to``."""
    about = {"source": "author", "via": "paper", "locator": "page 1", "subject": record} | {
        name: value for name, value in fields.items() if name in ABOUT_RECORD
    }
    model, found = RECORDS[kind], list[Statement]()
    for name, value in (DEFAULTS[kind] | dict(fields)).items():
        if name in ABOUT_RECORD:
            continue
        column = {"since": "from", "until": "to"}.get(name, name)
        field = model.model_fields.get(name)
        is_list = field is not None and get_origin(field.annotation) is tuple
        items = value.split(";") if is_list else [value]
        found += [Statement(kind=kind, record=record, property=column, value=item, **about) for item in items]
    return found


def event(record: str, subject: str = "blast", **fields: str) -> Row:
    """A report of an event."""
    return row(Kind.EVENT, record, {"subject": subject} | fields)


def action(record: str, subject: str = "raid", **fields: str) -> Row:
    """A report of an action."""
    return row(Kind.ACTION, record, {"subject": subject} | fields)


def figure(record: str, value: str, **fields: str) -> Row:
    """A figure."""
    return row(Kind.FIGURE, record, {"value": value} | fields)


def relation(record: str, **fields: str) -> Row:
    """A tie."""
    return row(Kind.RELATION, record, fields)


def attribute(record: str, value: str, **fields: str) -> Row:
    """An attribute."""
    return row(Kind.ATTRIBUTE, record, {"value": value} | fields)


def actor(record: str, **fields: str) -> Row:
    """An actor, named by its identifier with capitals."""
    return row(Kind.ACTOR, record, {"name": record.title()} | fields)


def place(record: str, **fields: str) -> Row:
    """A place, named by its identifier with capitals."""
    return row(Kind.PLACE, record, {"name": record.title()} | fields)


def source(key: str, issued: str, cited_as: tuple[str, ...] = ()) -> Source:
    """A source with a date of issue."""
    return Source.model_validate(
        {
            "key": key,
            "kind": SourceKind.SECONDARY,
            "reliability": Reliability.B,
            "title": key,
            "csl": {},
            "issued": issued,
            "cited_as": cited_as,
        }
    )


def assemble(rows: Iterable[Row], sources: Iterable[Source] = ()) -> Evidence:
    """Evidence of rows."""
    return Evidence.assemble([found for each in rows for found in each], {each.key: each for each in sources})


def check(*rows: Row, sources: Iterable[Source] = ()) -> tuple[Finding, ...]:
    """The findings for rows."""
    return check_consistency(assemble(rows, sources))


def brief(*rows: Row, sources: Iterable[Source] = ()) -> list[tuple[str, str]]:
    """Severity and kind of each finding."""
    return [(str(found.severity), found.kind) for found in check(*rows, sources=sources)]


def sentence(finding: Finding) -> str:
    """The text of a finding, plain."""
    return "\n".join(plain(passage) for passage in finding.text)
