"""A panel of events as a file: one row a unit and month, Parquet or CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from marsad.errors import InputError
from marsad.evidence import write_atomically
from marsad.evidence.engine import open_engine
from marsad.evidence.engine.tables import arrow_column
from marsad.forecast.months import month_text
from marsad.workbench.csv_text import Table, to_csv
from marsad.workbench.event_panel import EventPanel

__all__ = ["PANEL_COLUMNS", "check_panel_path", "write_panel"]

PANEL_COLUMNS = ("unit", "parent", "month", "value", "vintage")
"""The columns: month as ``2021-08``; value is a whole number, or empty where it is not known."""

_TYPES = {"unit": "string", "parent": "string", "month": "string", "value": "int64", "vintage": "string"}
_PARQUET = frozenset({".parquet", ".pq"})
_MOST_LINES = 2_000_000


def check_panel_path(output: Path) -> None:
    """Raise ``InputError`` where the name of the file does not say which of the two it is."""
    if output.suffix.lower() not in {*_PARQUET, ".csv"}:
        raise InputError(
            f"--output {output}: a panel is written as .parquet or .csv. Give the file one of these endings"
        )


def write_panel(panel: EventPanel, output: Path) -> None:
    """Write a panel, unit after unit in order of time; an old file stays until the new one is whole.

    Raises:
        InputError: the name ends in neither ``.parquet`` nor ``.csv``, or the CSV would be very large.
    """
    check_panel_path(output)
    units, months = panel.values.shape
    names = [month_text(month) for month in range(panel.first, panel.last + 1)]
    flat = panel.values.ravel()
    values = [
        None if unknown else int(value) for unknown, value in zip(np.isnan(flat).tolist(), flat.tolist(), strict=True)
    ]
    row, column = np.repeat(np.arange(units), months), np.tile(np.arange(months), units)
    columns = {
        "unit": arrow_column(list(panel.units)).take(arrow_column(row)),
        "parent": arrow_column(list(panel.parents)).take(arrow_column(row)),
        "month": arrow_column(names).take(arrow_column(column)),
        "value": arrow_column(values).cast("int64"),
        "vintage": arrow_column(list(panel.vintages)).take(arrow_column(panel.vintage.ravel().astype(np.int64))),
    }
    if output.suffix.lower() in _PARQUET:
        with open_engine() as engine:
            table = engine.table("panel", columns, _TYPES)
            engine.write(table, output, order_by=("unit", "month"))
        return
    if len(values) > _MOST_LINES:
        raise InputError(f"{len(values):,} rows are too many for CSV. Write {output.with_suffix('.parquet')} instead")
    lines = zip(*(columns[name].to_pylist() for name in PANEL_COLUMNS), strict=True)
    shown = tuple(
        {name: "" if cell is None else str(cell) for name, cell in zip(PANEL_COLUMNS, line, strict=True)}
        for line in lines
    )
    write_atomically(output, to_csv(Table("panel", PANEL_COLUMNS, shown)).encode())
