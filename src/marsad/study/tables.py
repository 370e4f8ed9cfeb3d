"""From a CSV file to rows: the header and the shape of each row are checked here, the cells elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from marsad.study.delimited import MAX_CELL, Cell, Record, tokenise
from marsad.study.dictionary import Table
from marsad.study.faults import At, Faults, nearest, shown
from marsad.study.files import UNREADABLE

__all__ = ["Row", "TableRows", "read_rows"]

_THOUSANDS = re.compile(r"[<>=~]*\d{1,3},\d{3}(\.\d+)?(\.\..*)?")


@dataclass(slots=True)
class Row:
    """One row.

    Attributes:
        file: name of its file.
        line: 1-based line.
        cells: by name of the column; only known columns.
        sound: whether it has the shape of the header; otherwise its cells may be those of other columns.
        values: by name of the column, the canonical values of each cell that is neither empty nor faulty.
    """

    file: str
    line: int
    cells: dict[str, Cell]
    sound: bool
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, column: str) -> At:
        """Place of a cell; of the row where it has no such cell."""
        cell = self.cells.get(column)
        return At(self.file, cell.line if cell else self.line, cell.column if cell else 1, column)

    def value(self, column: str) -> str:
        """The only value of a cell; empty where there is none."""
        found = self.values.get(column)
        return found[0] if found else ""


@dataclass(slots=True)
class TableRows:
    """The rows of one table.

    Attributes:
        table: its columns.
        rows: in order of the file.
        columns: the known columns that its header has.
    """

    table: Table
    rows: list[Row]
    columns: frozenset[str]

    @property
    def is_complete(self) -> bool:
        """Whether every row could be read in full."""
        columns = set(self.table.columns)
        return self.columns >= columns and all(row.sound for row in self.rows)

    def names(self, column: str) -> frozenset[str] | None:
        """All values of a column of identifiers; None where the header lacks it."""
        if column not in self.columns:
            return None
        return frozenset(name for row in self.rows if column in row.cells and (name := row.cells[column].text))


def read_rows(table: Table, text: str, faults: Faults) -> TableRows:
    """Read a table; notes a fault for all that is wrong with header and shape."""
    records = tokenise(text)
    header = next(records, None)
    if header is None:
        faults.add(At(table.file), "the file is empty", f"Write the header {','.join(table.columns)}, or take it away")
        return TableRows(table, [], frozenset())
    names = _header(table, header, faults)
    if names is None:
        return TableRows(table, [], frozenset())
    rows = list(_rows(table, names, records, faults))
    if not rows:
        faults.warn(At(table.file, header.line), "the table has no rows", "Add rows, or take the file away")
    return TableRows(table, rows, frozenset(name for name in names if name))


def _header(table: Table, header: Record, faults: Faults) -> list[str] | None:
    """For each column of the file the column of the dictionary that it is; empty where it is none.

    None where the header is such that no row can be read by it.
    """
    at = At(table.file, header.line, 1)
    if header.problem:
        faults.add(at._replace(column=header.problem.column), header.problem.text, "Mend the header")
        return None
    written = [cell.text for cell in header.cells]
    if len(written) == 1 and len(table.columns) > 1 and _other_separator(written[0]):
        faults.add(at, f"the columns are separated by {_other_separator(written[0])}", "Save it separated by commas")
        return None
    missing = [name for name in table.columns if name not in written]
    names: list[str] = []
    for cell in header.cells:
        names.append(_column(table, cell, names, missing, faults))
    for name in missing:
        required = "each row needs it" if _is_required(table, name) else "it may be empty in every row"
        faults.add(at._replace(field=name), f"the column {name!r} is missing", f"Add the column; {required}")
    known = [name for name in names if name]
    if known != [name for name in table.columns if name in known]:
        faults.warn(at, "the columns are not in the order of the dictionary", f"Order: {','.join(table.columns)}")
    return names


def _other_separator(text: str) -> str:
    for mark, name in (("\t", "tabs"), (";", "semicolons"), ("|", "bars")):
        if mark in text:
            return name
    return ""


def _is_required(table: Table, name: str) -> bool:
    return next(field.required for field in table.fields if field.name == name)


def _column(table: Table, cell: Cell, before: list[str], missing: list[str], faults: Faults) -> str:
    """The column of the dictionary that a header cell names; a misspelt one counts as the one that is missing."""
    at = At(table.file, cell.line, cell.column, cell.text[:100])
    if cell.text in before:
        faults.add(at, f"the column {shown(cell.text)} stands here a second time", "Delete one of the two")
        return ""
    if cell.text in table.columns:
        return cell.text
    near = nearest(cell.text, missing)
    message = f"the column {shown(cell.text)} is not known"
    if near:
        faults.add(at, message, f"Rename it to {near[0]}")
        missing.remove(near[0])
        return near[0]
    faults.add(at, message, f"Delete it; known are {', '.join(table.columns)}")
    return ""


def _rows(table: Table, names: list[str], records: Iterator[Record], faults: Faults) -> Iterator[Row]:
    for record in records:
        sound = _has_shape(table, names, record, faults)
        cells = {
            name: _readable(table, name, cell, faults) for name, cell in zip(names, record.cells, strict=False) if name
        }
        if any(cell.text for cell in record.cells) or record.problem:
            yield Row(table.file, record.line, cells, sound)


def _has_shape(table: Table, names: list[str], record: Record, faults: Faults) -> bool:
    """Whether a row has as many cells as the header and none of its quotes is broken."""
    at = At(table.file, record.line, 1)
    count = len(record.cells)
    if record.problem:
        position = count if count < len(names) else -1
        at = At(table.file, record.line, record.problem.column, names[position])
        faults.add(at, record.problem.text, 'Close the quote in the same line, and write a quote inside a cell as ""')
        return False
    if not any(cell.text for cell in record.cells):
        faults.add(at, "the row is empty", "Delete the line")
        return False
    if count != len(names):
        many = "many" if count > len(names) else "few"
        remedy = _too_many(table, names, record) if count > len(names) else "Add the missing commas"
        faults.add(at, f"the row has too {many} cells: {count} for {len(names)} columns", remedy)
        return False
    return True


def _too_many(table: Table, names: list[str], record: Record) -> str:
    """How to mend a row with too many cells: a separator of thousands splits a number where there may be one."""
    numeric = {field.name for field in table.fields if field.type in ("quantity", "number")}
    pairs = zip(names, record.cells, record.cells[1:], strict=False)
    if any(name in numeric and _THOUSANDS.fullmatch(f"{a.text},{b.text}") for name, a, b in pairs):
        return 'Write numbers without separators of thousands (1000), and put a text with a comma into quotes ("a, b")'
    return 'Put a text with a comma into quotes ("a, b")'


def _readable(table: Table, column: str, cell: Cell, faults: Faults) -> Cell:
    """The cell itself; one that is not looked at again where it holds what no cell may hold."""
    if len(cell.text) <= MAX_CELL and "\n" not in cell.text and "\t" not in cell.text:
        return cell
    at = At(table.file, cell.line, cell.column, column)
    if len(cell.text) > MAX_CELL:
        faults.add(at, f"the cell has {len(cell.text)} characters; {MAX_CELL} are allowed", "Shorten it")
    else:
        name = "line break" if "\n" in cell.text else "tab"
        faults.add(at, f"the cell holds a {name}", "Write a space in its place")
    return cell._replace(text=UNREADABLE)
