"""Tables that a person keeps: of institutes that publish no file, and of any other source."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.crosswalks import completed
from marsad.connectors.mapping import Row
from marsad.connectors.records import Record
from marsad.connectors.registry import shipped_spec

__all__ = ["kept_table", "whole_event"]


def kept_table(name: str) -> Connector:
    """The connector of an institute whose tables a person keeps; their mapping says what they count."""
    return Connector(shipped_spec(name), rows=_rows, needs_mapping=True)


def whole_event(row: Row) -> Row:
    """The row with the end of an event of one day, and what else follows from its columns."""
    if row.get("date_start") is not None and row.get("date_end") is None:
        row["date_end"] = row["date_start"]
    return completed(row)


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    del record, audit
    return (whole_event(row),)
