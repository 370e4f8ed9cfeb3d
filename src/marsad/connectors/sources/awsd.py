"""The Aid Worker Security Database: dates in three fields, the day often missing; places as exact as they are named."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.crosswalks import completed
from marsad.connectors.dates import days_between
from marsad.connectors.hdx import hdx_fetcher
from marsad.connectors.mapping import Row
from marsad.connectors.records import Record
from marsad.connectors.registry import shipped_spec

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("awsd")


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    year, month, day = (record.integer(name) for name in ("Year", "Month", "Day"))
    row |= days_between(year, month, day, audit=audit, row=record.row)
    row |= _kind(record, audit)
    row |= _country(row, audit)
    row |= _precision(row, audit, record.row)
    yield completed(row)


def _kind(record: Record, audit: RowAudit) -> Row:
    """Kind and subkind by the means of attack, unless the context says otherwise."""
    means, context = record.text("Means of attack"), record.text("Attack context")
    if means is None:
        return {}
    if means not in _SPEC.lookups["kind"]:
        audit.unknown_category("Means of attack", means)
        return {}
    both = f"{context}, {means}"
    found: Row = {}
    for column in ("kind", "subkind"):
        special = _SPEC.lookups[f"{column}_in_context"]
        found[column] = special[both] if both in special else _SPEC.lookups[column].get(means)
    return found


def _country(row: Row, audit: RowAudit) -> Row:
    """The country of places that have no code of their own."""
    name = row.get("country_reported")
    if row.get("country") is not None or name is None:
        return {}
    table = _SPEC.lookups["country_by_name"]
    if name not in table:
        audit.unknown_category("Country", name)
    return {"country": table.get(name)}


def _precision(row: Row, audit: RowAudit, number: int) -> Row:
    """How exactly the place is known: by the finest one that is named, unless the coordinates are an area's centre."""
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if latitude is None or longitude is None:
        return {}
    table = _SPEC.lookups["place_precision"]
    if latitude.is_integer() and longitude.is_integer():
        audit.remark("coordinates in whole degrees, which are the centre of some area", number)
        return {"place_precision": table["whole_degrees"]}
    return {"place_precision": next((table[column] for column in table if row.get(column) is not None), None)}


CONNECTOR = Connector(_SPEC, rows=_rows, fetch=hdx_fetcher("awsd", "security-incidents-on-aid-workers"))
"""Attacks on aid workers."""
