"""Conflict events of the HDX Humanitarian API: ACLED's events added up by month and area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector, Fetched
from marsad.connectors.fetches import day_asked, fetch_pages, options_asked, today
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record
from marsad.connectors.registry import shipped_spec

if TYPE_CHECKING:
    from marsad.connectors.connector import FetchContext
    from marsad.connectors.transport.calls import Value

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("hdx-hapi-conflict-events")
_API = "https://hapi.humdata.org/api/v2/coordination-context/conflict-events"
_SIZE = 10_000
_PARAMETERS = {
    "country": "location_code",
    "from": "start_date",
    "to": "end_date",
    "level": "admin_level",
    "type": "event_type",
}


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    """A row for the events and one for the deaths, where they are stated."""
    kind = record.text("event_type")
    if kind is not None and kind not in _SPEC.lookups["event_type"]:
        audit.unknown_category("event_type", kind)
    group = _SPEC.lookups["event_type"].get(str(kind), kind)
    level = record.text("admin_level")
    for column in ("admin1", "admin2"):
        provider = record.text(f"provider_{column}_name")
        if (name := row.get(f"{column}_reported", provider)) is not None:
            row |= {f"{column}_reported": name, column: name, "admin_by": "source"}
    if level is not None:
        audit.remark(f"figures by areas of level {level}", record.row)
    for field, unit in _SPEC.lookups["units"].items():
        number = record.integer(field)
        if number is None:
            continue
        if number < 0:
            raise BadValue(field, number, "a count below zero")
        yield row | {"measure": f"{group}: {field}", "unit": unit, "best": float(number)}


def _fetch(context: FetchContext) -> Fetched:
    from marsad.connectors.transport import Offsets  # noqa: PLC0415 - httpx only where something is fetched

    query = options_asked(context, _SPEC)
    for name in ("from", "to"):
        day_asked(query, name)
    (identifier,) = context.credentials.need(
        *_SPEC.credentials, purpose="HDX HAPI", where="https://hapi.humdata.org/docs (encode_app_identifier)"
    )
    params: dict[str, Value] = {"output_format": "json", "app_identifier": identifier}
    params |= {_PARAMETERS[name]: value.upper() if name == "country" else value for name, value in query.items()}
    return fetch_pages(context, _API, Offsets(_SIZE), params, name=_SPEC.name, version=today(context))


CONNECTOR = Connector(_SPEC, rows=_rows, fetch=_fetch)
"""Events and deaths by month and area."""
