"""The data dictionary of the study folder: tables, columns, vocabularies. One file holds it; all else reads it here."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import Field as Described

from marsad.model import Kind
from marsad.model.statement import Frozen

__all__ = ["Dictionary", "Field", "FieldType", "Table", "dictionary"]

FieldType = Literal["id", "text", "edtf", "quantity", "number", "term", "terms", "ref", "refs", "cite", "locator"]
"""The grammar of a cell; the head of ``dictionary.yaml`` says what each admits."""


class Field(Frozen):
    """One column.

    Attributes:
        name: name in the header row.
        type: grammar of its cells.
        description: what it says, for people.
        required: whether an empty cell is a fault.
        many: whether a text cell holds several values, separated by ``;`` (``list`` in the file).
        vocabulary: the vocabulary of a ``term``; empty for the other types.
        table: the table whose keys a ``ref`` names; empty for the other types.
        names: tables, one of whose subjects the cell names; empty where it names none.
        unit: unit of the value; empty where it has none or each row has its own.
        unit_column: the column of the same row that holds the unit; empty where the unit is fixed.
        min, max: bounds of a number; None where there is none.
        remedy: what to tell a person who left a required cell empty; empty for the usual words.
    """

    name: str
    type: FieldType
    description: str
    required: bool = False
    many: bool = Described(default=False, alias="list")
    vocabulary: str = ""
    table: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    unit_column: str = ""
    min: float | None = None
    max: float | None = None
    remedy: str = ""

    @property
    def is_list(self) -> bool:
        """Whether a cell may hold several values, separated by ``;``."""
        return self.many or self.type in ("terms", "refs")


class Table(Frozen):
    """One CSV file.

    Attributes:
        name: name of the table.
        file: name of the file in the study folder.
        row: what one row is, for people.
        kind: the kind of subject of its statements.
        subject: the column that names the subject.
        key: the column that names the row; empty where rows have no name.
        fields: its columns, in their order.
    """

    name: str
    file: str
    row: str
    kind: Kind
    subject: str
    key: str = ""
    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(field.name for field in self.fields)


class Dictionary(Frozen):
    """All tables and vocabularies.

    Attributes:
        tables: by name, in the order of the file.
        vocabularies: by name; each maps a word to its meaning.
    """

    tables: dict[str, Table]
    vocabularies: dict[str, dict[str, str]]


@cache
def dictionary() -> Dictionary:
    """The data dictionary that ships with the program; read once."""
    text = resources.files("marsad.study").joinpath("dictionary.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
    tables = {name: Table(name=name, **table) for name, table in found["tables"].items()}
    return Dictionary(tables=tables, vocabularies=found["vocabularies"])
