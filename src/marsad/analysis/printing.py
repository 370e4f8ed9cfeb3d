"""The cells, counts and tables that an analysis makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from marsad.model import (
    Cell,
    Column,
    Date,
    Evidence,
    Number,
    Record,
    Table,
    date_text,
    joined,
    number_text,
    plural,
    word,
)

__all__ = ["cell", "count", "count_cell", "in_order", "of_kind", "slot_text", "some", "sources_of", "table"]

_R = TypeVar("_R", bound=Record)

_NOUNS = {"media": "news organisation", "research": "research institute"}
"""What one of a kind is called, where the word of the kind is no noun that can be counted."""


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


def some(items: Sequence[str], most: int = 12) -> str:
    """A list in a sentence; of many only the first, and how many more there are."""
    more = len(items) - most
    return joined([*items[:most], f"{more:,} more"] if more > 1 else items)


def of_kind(number: int, kind: str) -> str:
    """How many there are of a kind: ``1 armed group``, ``4 parties``, ``2 news organisations``."""
    noun = _NOUNS.get(kind, word(kind))
    return plural(number, noun, _several(noun))


def _several(noun: str) -> str:
    """The regular plural of an English noun."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def in_order(records: Iterable[_R], evidence: Evidence) -> list[_R]:
    """Records by the date of their source, then by the place in the document in which they are read."""

    def key(record: _R) -> tuple[date, str, list[tuple[int, str]]]:
        source = evidence.sources.get(record.source)
        issued = source.issued.sort_key[0] if source and source.issued else date.max
        pieces = re.findall(r"\d+|\D+", str(record.locator or ""))
        place = [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
        return (issued, record.via or record.source, place)

    return sorted(records, key=key)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], note: str = "") -> Table:
    """A table; a column's label that starts with ``#`` is of a numeric column, ``label|unit`` names a unit."""
    made: list[Column] = []
    for text in columns:
        name, _, unit = text.removeprefix("#").partition("|")
        slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        same = sum(column.label == name or column.name == slug for column in made)
        made.append(Column(name=f"{slug}_{same + 1}" if same else slug, label=name, unit=unit, numeric=text[:1] == "#"))
    return Table(title=title, columns=tuple(made), rows=tuple(tuple(row) for row in rows), note=note)
