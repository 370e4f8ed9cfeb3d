"""Records: the statements of one row, read together. One class for each of the five kinds of subject, and two for
what they refer to (actors and places).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self, get_args, get_origin

from pydantic import Field

from marsad.model.dates import Date
from marsad.model.locator import Locator
from marsad.model.quantity import Quantity
from marsad.model.statement import Frozen, Kind, Statement

__all__ = ["RECORDS", "Action", "Actor", "Attribute", "Event", "Figure", "Place", "Record", "Relation", "typed_value"]


class Record(Frozen):
    """What the statements of one row have in common.

    Attributes:
        record: identifier of the row's statements.
        subject: identifier of what they are about.
        statements: the identifiers of the statements of each property.
        source, via, locator, origin: as in ``Statement``.
    """

    KIND: ClassVar[Kind]

    record: str
    subject: str
    statements: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    source: str = ""
    via: str = ""
    locator: Locator | None = None
    origin: str = ""
    note: str = ""

    @classmethod
    def assemble(cls, statements: Iterable[Statement]) -> Self:
        """Read the statements of one record together. At least one; all of one record."""
        values: dict[str, list[str]] = {}
        ids: dict[str, list[str]] = {}
        found = list(statements)
        first = found[0]
        for statement in found:
            values.setdefault(statement.property, []).append(statement.value)
            ids.setdefault(statement.property, []).append(statement.id)
        fields: dict[str, Any] = {name: _unpack(cls, name, texts) for name, texts in values.items()}
        return cls(
            record=first.record,
            subject=first.subject,
            statements={name: tuple(group) for name, group in ids.items()},
            source=first.source,
            via=first.via,
            locator=Locator.parse(first.locator) if first.locator else None,
            origin=first.origin,
            **fields,
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The identifiers of all its statements, in the order of its properties."""
        return tuple(found for group in self.statements.values() for found in group)

    def ids_of(self, *properties: str) -> tuple[str, ...]:
        """The identifiers of the statements of the named properties that it has."""
        return tuple(found for name in properties for found in self.statements.get(name, ()))


def _unpack(record: type[Record], name: str, values: list[str]) -> Any:
    """All values of a list property; the only value of another."""
    field = record.model_fields.get(name)
    return tuple(values) if field and get_origin(field.annotation) is tuple else values[0]


class Actor(Record):
    """A state, an organisation, a group, or a public figure in a public role."""

    KIND = Kind.ACTOR

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    since: Date | None = Field(None, alias="from")
    until: Date | None = Field(None, alias="to")


class Place(Record):
    """A place; ``lat`` and ``lon`` in degrees, WGS 84."""

    KIND = Kind.PLACE

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    admin1: str = ""
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    precision: str = ""


class Attribute(Record):
    """One property of an actor, as one source states it."""

    KIND = Kind.ATTRIBUTE

    actor: str
    dimension: str
    value: str
    since: Date | None = Field(None, alias="from")
    until: Date | None = Field(None, alias="to")


class Relation(Record):
    """One tie from actor ``a`` to actor ``b``, as one source states it."""

    KIND = Kind.RELATION

    a: str
    b: str
    about: str = ""
    kind: str
    sign: str
    stance: str
    by: str = ""
    since: Date | None = Field(None, alias="from")
    until: Date | None = Field(None, alias="to")


class Event(Record):
    """One report of one event; ``subject`` is the event."""

    KIND = Kind.EVENT

    kind: str
    title: str = ""
    date: Date | None = None
    place: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    attribution: str = ""
    target: tuple[str, ...] = ()
    killed: Quantity | None = None
    injured: Quantity | None = None
    killed_civilians: Quantity | None = None
    killed_security: Quantity | None = None
    killed_militants: Quantity | None = None
    cross_border: str = ""
    part_of: str = ""
    follows: str = ""


class Figure(Record):
    """One report of an aggregate number; ``subject`` is the figure."""

    KIND = Kind.FIGURE

    measure: str
    value: Quantity
    unit: str
    area: tuple[str, ...] = ()
    period: Date | None = None
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    definition: str
    reported_by: str = ""
    record_in: Date | None = None
    compared_to: Date | None = None
    whole: str = ""
    breakdown: str = ""
    follows: str = ""


class Action(Record):
    """One report of something that a state, a group or a mediator did; ``subject`` is the action."""

    KIND = Kind.ACTION

    kind: str
    title: str = ""
    since: Date | None = Field(None, alias="from")
    until: Date | None = Field(None, alias="to")
    place: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    killed: Quantity | None = None
    injured: Quantity | None = None
    outcome: str = ""
    part_of: str = ""
    follows: str = ""
    first_since: Date | None = None

    @property
    def date(self) -> Date | None:
        """When it began; None where it is not stated."""
        return self.since


RECORDS: dict[Kind, type[Record]] = {
    record.KIND: record for record in (Actor, Place, Attribute, Relation, Event, Figure, Action)
}
"""The class of record for each kind of subject."""


def typed_value(statement: Statement) -> Date | Quantity | float | str:
    """The value of a statement in the type that its record gives it; text for everything but dates and numbers."""
    record = RECORDS[statement.kind]
    for name, field in record.model_fields.items():
        if statement.property not in (name, field.alias):
            continue
        types = get_args(field.annotation) or (field.annotation,)
        for kind in (Date, Quantity):
            if kind in types:
                return kind.parse(statement.value)
        if float in types:
            return float(statement.value)
    return statement.value
