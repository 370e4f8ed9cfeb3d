"""The smallest fact: at this place, this source says that this property of this subject has this value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

__all__ = ["Frozen", "Kind", "Statement", "content_hash"]


class Frozen(BaseModel):
    """Base of all values with fields: frozen, and strict about unknown fields.

    A field with an alias is written by its alias and read by either name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was computed and kept for the original is computed anew."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


class Kind(StrEnum):
    """What a statement is about."""

    ACTOR = "actor"
    PLACE = "place"
    ATTRIBUTE = "attribute"
    RELATION = "relation"
    EVENT = "event"
    FIGURE = "figure"
    ACTION = "action"


def content_hash(*parts: str) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of the parts; no two lists of parts share an input to it."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


class Statement(Frozen):
    """One value, one source, one locator, as reported. Never rewritten.

    Attributes:
        kind: kind of the subject.
        subject: identifier of the subject; reports of one event share it.
        record: identifier of the report; the statements of one row share it.
        property: name of the property.
        value: canonical text of the value.
        unit: unit of the value; empty where it has none.
        source: citation key of who says it; empty for what the study itself sets (a place's coordinates).
        via: citation key of the document in which it was read; empty where that is the source itself.
        locator: place in ``via``, or in ``source`` where ``via`` is empty; empty where none is given.
        origin: file and line in the study folder, ``events.csv:12``.
    """

    kind: Kind
    subject: str
    record: str
    property: str
    value: str
    unit: str = ""
    source: str = ""
    via: str = ""
    locator: str = ""
    origin: str = ""

    @cached_property
    def id(self) -> str:
        """Hash of all fields but ``origin``: the same fact at the same place has the same identifier everywhere."""
        return content_hash(
            self.kind,
            self.subject,
            self.record,
            self.property,
            self.value,
            self.unit,
            self.source,
            self.via,
            self.locator,
        )
