"""From rows, CSV or Parquet to a panel; every fault names file, row and column."""

from __future__ import annotations

import csv
import datetime as dt
import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError, NotFoundError, ParseError
from marsad.evidence import read_rows
from marsad.forecast.hierarchy import Hierarchy
from marsad.forecast.months import month_text, parse_month
from marsad.forecast.panel import LARGEST, Panel

__all__ = ["MOST_CELLS", "PanelColumns", "panel_of_rows", "read_hierarchy", "read_panel"]

MOST_CELLS = 100_000_000
"""Most cells of a panel: PRIO-GRID's 64,818 cells over a century are 78 million."""

_MOST_VINTAGES = 1_000
_MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class PanelColumns:
    """How a file names what a panel needs.

    Attributes:
        unit: identifies the unit.
        time: the month: a date, ``2017-10``, or VIEWS' month_id (1 is January 1980).
        target: the count; empty where it is not known.
        vintage: the version of the data that a row is of; left out where all are of one.
        within: the unit that this one is a part of, such as the country of an area; empty where it is part of none.
    """

    unit: str
    time: str
    target: str
    vintage: str | None = None
    within: str | None = None

    def names(self) -> list[str]:
        """The columns that are read."""
        return [self.unit, self.time, self.target, *(one for one in (self.vintage, self.within) if one is not None)]


def read_panel(path: Path, columns: PanelColumns, *, vintage: str | None = None) -> Panel:
    """The panel of a CSV (UTF-8, with a heading) or Parquet file.

    Args:
        path: the file; which of the two it is says its suffix.
        columns: how it names what is needed.
        vintage: the name of the version where no column tells it; left out: the name of the file.

    Raises:
        NotFoundError: there is no such file, or it has no such column.
        InputError: it cannot be read, or a cell is wrong; it names file, row and column.
    """
    return panel_of_rows(
        _rows(path, columns), columns, vintage=path.name if vintage is None else vintage, name=str(path)
    )


def read_hierarchy(path: Path, columns: PanelColumns, *, vintage: str | None = None) -> tuple[Panel, Hierarchy]:
    """The panel of a file, and which of its units are parts of which others: as ``read_panel``, with ``within``.

    Rows of a parent itself may be in the file, or not. Their own ``within`` makes a further level.

    Raises:
        NotFoundError: as ``read_panel``.
        InputError: as ``read_panel``; or no column ``within``; or a unit is a part of two, or of itself.
    """
    if columns.within is None:
        raise InputError(f"{path}: name the column that tells which unit another is a part of")
    parts: dict[tuple[str, str], None] = {}

    def noted() -> Iterator[Mapping[str, Any]]:
        for number, row in enumerate(_rows(path, columns), start=1):
            parent = row.get(str(columns.within))
            missing = parent is None or (isinstance(parent, float) and math.isnan(parent))
            if not missing and str(parent).strip():
                where = f"{path}: row {number}"
                unit = _text(row.get(columns.unit), f"{where}: {columns.unit}")
                parts[unit, _text(parent, f"{where}: {columns.within}")] = None
            yield row

    panel = panel_of_rows(noted(), columns, vintage=path.name if vintage is None else vintage, name=str(path))
    return panel, Hierarchy.of(parts, name=str(path))


def _rows(path: Path, columns: PanelColumns) -> Iterator[Mapping[str, Any]]:
    if path.is_dir():
        raise NotFoundError(f"{path} is a folder. Name one file: CSV or Parquet")
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file")
    return _parquet(path, columns) if path.suffix.lower() in {".parquet", ".pq"} else _csv(path, columns)


def panel_of_rows(
    rows: Iterable[Mapping[str, Any]], columns: PanelColumns, *, vintage: str = "", name: str = "rows"
) -> Panel:
    """The panel of rows in any order.

    Units are sorted, numbers before texts; the order of the rows does not matter. A unit and month that no row has is a
    gap, as is one whose target is empty, None or NaN.

    Args:
        rows: one a unit and month.
        columns: how they name what is needed.
        vintage: the name of the version where no column tells it.
        name: what the errors call the rows.

    Raises:
        InputError: no rows, a wrong cell, or two rows of one unit and month; it names row and column.
    """
    cells = _Cells()
    for number, row in enumerate(rows, start=1):
        cells.add(*_cell(row, columns, vintage, f"{name}: row {number}"))
    if not cells.values:
        raise InputError(f"{name}: no rows. A panel needs at least one unit and month")
    if len(cells.labels) > _MOST_VINTAGES:
        raise InputError(f"{name}: {len(cells.labels)} vintages. Is this the column of the vintage?")
    cells.check_repetition(name)
    return _dense(cells, columns.target, name)


class _Cells:
    """The rows as columns of numbers: a tenth of the memory of tuples. Units and vintages are coded as they come."""

    def __init__(self) -> None:
        self.units: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.unit = array("q")
        self.month = array("q")
        self.values = array("d")
        self.label = array("q")

    def add(self, unit: str, month: int, value: float, label: str) -> None:
        """Take one row."""
        self.unit.append(self.units.setdefault(unit, len(self.units)))
        self.month.append(month)
        self.values.append(value)
        self.label.append(self.labels.setdefault(label, len(self.labels)))

    def check_repetition(self, name: str) -> None:
        """Raise ``InputError`` where two rows are of one unit and month."""
        unit, month = np.array(self.unit), np.array(self.month)
        order = np.lexsort((month, unit))  # stable: of equal rows the first comes first
        same = (np.diff(unit[order]) == 0) & (np.diff(month[order]) == 0)
        if not same.any():
            return
        second = int(order[1:][same].min())
        first = int(np.flatnonzero((unit == unit[second]) & (month == month[second]))[0])
        which = list(self.units)[unit[second]]
        raise InputError(
            f"{name}: row {second + 1}: {which} has {month_text(int(month[second]))} twice; the first is row "
            f"{first + 1}. Leave one out, or add them up"
        )


def _cell(row: Mapping[str, Any], columns: PanelColumns, vintage: str, where: str) -> tuple[str, int, float, str]:
    missing = [column for column in columns.names() if column not in row]
    if missing:
        raise NotFoundError(
            f"{where}: no column {missing[0]!r}. It has: {', '.join(sorted(map(str, row)))[:_MOST_TEXT]}"
        )
    unit = _text(row[columns.unit], f"{where}: {columns.unit}")
    try:
        month = parse_month(row[columns.time])
    except ParseError as error:
        raise InputError(f"{where}: {columns.time}: {error}") from error
    value = _count(row[columns.target], f"{where}: {columns.target}")
    label = vintage if columns.vintage is None else str(row[columns.vintage])[:_MOST_TEXT]
    return unit, month, value, label


def _text(value: Any, where: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and not isinstance(value, str | int | float | dt.date):
        raise InputError(f"{where}: {type(value).__name__} is no name of a unit. Write it as text or a whole number")
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    text = "" if missing else str(value).strip()
    if not text or len(text) > _MOST_TEXT:
        raise InputError(f"{where}: a unit needs a name of 1 to {_MOST_TEXT} characters")
    return text


def _count(value: Any, where: str) -> float:
    if value is None or (isinstance(value, str) and not value.strip()):
        return math.nan
    try:
        number = float(value.replace("_", "?") if isinstance(value, str) else value)  # Python takes 1_000 as 1000
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: {str(value)[:40]!r} is no number. Leave it empty where it is not known") from error
    if number < 0 or number > LARGEST:
        raise InputError(f"{where}: {number} is no count: it must be from 0 to {LARGEST:g}")
    return number


def _dense(cells: _Cells, target: str, name: str) -> Panel:
    month, found, label = (np.array(column) for column in (cells.month, cells.values, cells.label))
    known = ~np.isnan(found)
    units, rows = _sorted(cells.units, key=_order)
    labels, codes = _sorted({text: code for text, code in cells.labels.items() if (label[known] == code).any()})
    first, last = int(month.min()), int(month.max())
    if len(units) * (last - first + 1) > MOST_CELLS:
        raise InputError(
            f"{name}: {len(units)} units from {month_text(first)} to {month_text(last)} are more than {MOST_CELLS} "
            "cells. Check the months, or read fewer"
        )
    values = np.full((len(units), last - first + 1), np.nan)
    vintage = np.full(values.shape, -1, np.int16)
    at = (rows[np.array(cells.unit)[known]], month[known] - first)
    values[at] = found[known]
    vintage[at] = codes[label[known]]
    return Panel(target, units, first, values, labels, vintage)


def _sorted(
    coded: Mapping[str, int], key: Callable[[str], Any] | None = None
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names in order, and for each old code the place of its name."""
    names = tuple(sorted(coded, key=key))
    places = np.zeros(max(coded.values(), default=0) + 1, np.int64)
    places[[coded[name] for name in names]] = np.arange(len(names))
    return names, places


def _order(unit: str) -> tuple[int, int, str]:
    return (0, int(unit), unit) if unit.isascii() and unit.isdigit() else (1, 0, unit)


def _parquet(path: Path, columns: PanelColumns) -> Iterator[Mapping[str, Any]]:
    return read_rows(path, list(dict.fromkeys(columns.names())))


def _csv(path: Path, columns: PanelColumns) -> Iterator[Mapping[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            heading = next(reader, [])
            missing = [column for column in columns.names() if heading.count(column) != 1]
            if missing and not heading:
                raise InputError(f"{path}: the file has no heading: it is empty")
            if missing:
                raise NotFoundError(
                    f"{path}: the heading does not have {missing[0]!r} exactly once. It has: "
                    f"{', '.join(heading)[:_MOST_TEXT]}{_separated(heading)}"
                )
            for cells in reader:
                if len(cells) != len(heading):
                    raise InputError(
                        f"{path}: line {reader.line_num}: {len(cells)} cells under a heading of {len(heading)}"
                    )
                yield dict(zip(heading, cells, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: not CSV in UTF-8: {error}. Save it again as such") from error


def _separated(heading: list[str]) -> str:
    """A hint where a heading is one cell that other programs would have cut."""
    other = next((name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in heading[0]), "")
    return f". Its columns are separated by {other}: save it with commas" if other and len(heading) == 1 else ""
