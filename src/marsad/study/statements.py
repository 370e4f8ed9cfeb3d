"""From checked rows to statements: each cell that is neither empty nor structure becomes one, each list item too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from marsad.model import Kind, Statement, content_hash
from marsad.study.dictionary import Field, Table
from marsad.study.faults import Faults
from marsad.study.tables import Row, TableRows

__all__ = ["statements_of"]

_PROVENANCE = ("source", "via", "locator")


def statements_of(tables: Iterable[TableRows], faults: Faults) -> tuple[Statement, ...]:
    """All statements, in order of tables, rows and columns.

    A row without a key that says again what an earlier row said at the same place adds nothing: it is left out with
    a warning.
    """
    return tuple(statement for rows in tables for statement in _of_table(rows, faults))


def _of_table(rows: TableRows, faults: Faults) -> Iterator[Statement]:
    table = rows.table
    first: dict[str, int] = {}
    for row in rows.rows:
        record = row.value(table.key) if table.key else _hash(table, row)
        if first.setdefault(record, row.line) == row.line:
            yield from _of_row(table, row, record)
        else:
            faults.warn(
                row.at(table.columns[0]),
                f"the row repeats line {first[record]}; it counts once",
                "Delete one of the two",
            )


def _hash(table: Table, row: Row) -> str:
    """Name of a row without a key: the hash of its cells in the order of the dictionary."""
    return content_hash(table.name, *(";".join(row.values.get(column, ())) for column in table.columns))


def _of_row(table: Table, row: Row, record: str) -> Iterator[Statement]:
    # The source of a place is a text on where its coordinates come from, no citation key: it is kept as its note.
    cites = next((field.type == "cite" for field in table.fields if field.name == "source"), False)
    source, via, locator = (row.value(name) for name in _PROVENANCE) if cites else ("", "", "")
    for field in table.fields:
        name = _property(table, field, cites=cites)
        for value in row.values.get(field.name, ()) if name else ():
            yield Statement(
                kind=Kind(table.kind),
                subject=row.value(table.subject),
                record=record,
                property=name,
                value=value,
                unit=row.value(field.unit_column) if field.unit_column else field.unit,
                source=source,
                via=via,
                locator=locator,
                origin=f"{row.file}:{row.line}",
            )


def _property(table: Table, field: Field, *, cites: bool) -> str:
    """Name of the property that a column gives; empty for a column that is structure."""
    if field.name == table.key or (field.name == table.subject and field.type == "id"):
        return ""
    if field.name in _PROVENANCE:
        return "note" if field.name == "source" and not cites else ""
    return field.name
