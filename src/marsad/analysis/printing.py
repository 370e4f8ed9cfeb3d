"""The cells, counts and tables that an analysis makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from marsad.model import Cell, Column, Date, Number, Record, Table, date_text, number_text, plural

__all__ = ["cell", "count", "count_cell", "slot_text", "sources_of", "table"]


def slot_text(slot: str) -> str:
    """A year or month such as ``2023-01`` for people: ``Jan 2023``."""
    return date_text(Date.parse(slot), short=True)


def sources_of(records: Iterable[Record]) -> tuple[str, ...]:
    """Citation keys of who says it, each once, in order."""
    return tuple(dict.fromkeys(record.source for record in records if record.source))


def cell(text: str, statements: Iterable[str] = (), cites: Iterable[str] = ()) -> Cell:
    """A cell; each statement and source once, in order."""
    return Cell(text=text, statements=tuple(dict.fromkeys(statements)), cites=tuple(dict.fromkeys(cites)))


def count_cell(number: int, statements: Iterable[str] = (), cites: Iterable[str] = ()) -> Cell:
    """A cell with a count."""
    return cell(number_text(number), statements, cites)


def count(number: int, statements: Iterable[str], singular: str, several: str = "") -> Number:
    """A count with its noun in running text, and the statements that it rests on."""
    return Number(text=plural(number, singular, several), statements=tuple(dict.fromkeys(statements)))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], note: str = "") -> Table:
    """A table; a column's label that starts with ``#`` is of a numeric column, ``label|unit`` names a unit."""
    made: list[Column] = []
    for text in columns:
        name, _, unit = text.removeprefix("#").partition("|")
        slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        same = sum(column.label == name or column.name == slug for column in made)
        made.append(Column(name=f"{slug}_{same + 1}" if same else slug, label=name, unit=unit, numeric=text[:1] == "#"))
    return Table(title=title, columns=tuple(made), rows=tuple(tuple(row) for row in rows), note=note)
