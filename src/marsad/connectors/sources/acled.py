"""ACLED: its API with one's own account, or an export that one made; a living dataset, so each fetch is a snapshot."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector, FetchContext, Fetched
from marsad.connectors.crosswalks import actor_type, completed, kind_of, violence_type_of
from marsad.connectors.fetches import day_asked, options_asked, today
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record
from marsad.connectors.registry import shipped_spec
from marsad.connectors.sessions import session
from marsad.connectors.withdrawals import WithdrawalFields
from marsad.errors import InputError
from marsad.geography import country_code

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("acled")
_READ = "https://acleddata.com/api/acled/read"
_DELETED = "https://acleddata.com/api/deleted/read"
_PAGE = 5000
_HALF_WEEK = dt.timedelta(days=3)
_WRITINGS = ("%Y-%m-%d", "%d %B %Y", "%d-%B-%Y", "%d-%b-%Y", "%d %b %Y")


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    made = {**row, **_dates(record, audit)}
    _check_types(record, made, audit)
    if made.get("country") is None and (name := made.get("country_reported")) is not None:
        made["country"] = country_code(name, "name")
    first, second = (_actor(record, name, audit) for name in ("inter1", "inter2"))
    kind = made.get("kind")
    if (found := violence_type_of(kind, first, second)) is not None:
        made["violence_type"] = found
    yield completed(made)


def _dates(record: Record, audit: RowAudit) -> Row:
    """The days between which it happened: the day, the week around it or its month."""
    day, code = record.date("event_date", *_WRITINGS), record.code("time_precision")
    if day is None:
        raise BadValue("event_date", None, "no date, which every event has")
    precision = None if code is None else _SPEC.lookups["date_precision"].get(code)
    if code is not None and precision is None:
        audit.unknown_category("time_precision", code)
    start, end = day, day
    if precision == "week":
        start, end = day - _HALF_WEEK, day + _HALF_WEEK
    elif precision == "month":
        start, end = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return {"date_start": start, "date_end": end, "date_precision": precision}


def _check_types(record: Record, row: Row, audit: RowAudit) -> None:
    disorder = record.text("disorder_type")
    if disorder is not None and disorder not in _SPEC.lookups["disorder_type"]:
        audit.unknown_category("disorder_type", disorder)
    expected = kind_of(row.get("subkind"))
    if expected is not None and row.get("kind") not in (None, expected):
        audit.remark(f"sub_event_type {row['subkind']} does not belong in event_type {row['kind']}", record.row)


def _actor(record: Record, field: str, audit: RowAudit) -> str | None:
    """The type of an actor; 0 and nothing mean that there is none."""
    code = record.code(field)
    if code is None or code == "0":
        return None
    found = actor_type(code)
    if found is None:
        audit.unknown_category(field, code)
    return found


def _fetch(context: FetchContext) -> Fetched:
    """The events that the query selects, and beside them the identifiers of those that ACLED has withdrawn."""
    from marsad.connectors.acled_access import account  # noqa: PLC0415 - needs httpx

    query = options_asked(context, _SPEC)
    version = today(context)
    with session(context.client, access=account(context.credentials)):
        count = _pages(context, _READ, _filters(query), "acled")
        deleted = _pages(context, _DELETED, _since(query), "acled-deleted")
    if count == 0:
        raise InputError(f"{_READ}: no event fits the query. Widen it")
    path = context.folder / "acled.jsonl"
    return Fetched(path, version, _READ, context.folder / "acled-deleted.jsonl" if deleted else None)


def _pages(context: FetchContext, url: str, params: Mapping[str, str], name: str) -> int:
    """Fetch the pages of one address into one file; how many records there are."""
    from marsad.connectors.transport import Numbered, PagedDownload  # noqa: PLC0415 - needs httpx

    plan = Numbered(size=_PAGE, size_name="limit", first=1, rows="data")
    pages = PagedDownload(context.folder / f"{name}.pages", url, plan, {"_format": "json", **params})
    return pages.run(context.client, context.folder / f"{name}.jsonl").rows


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    """The query in the API's own words."""
    filters = {name: query[name] for name in ("country", "event_type") if name in query}
    start, end = day_asked(query, "start"), day_asked(query, "end")
    if start is not None or end is not None:
        first = dt.date(1997, 1, 1) if start is None else start
        last = dt.date(2999, 12, 31) if end is None else end
        filters |= {"event_date": f"{first}|{last}", "event_date_where": "BETWEEN"}
    return filters


def _since(query: Mapping[str, str]) -> dict[str, str]:
    if (day := day_asked(query, "deleted_since")) is None:
        return {}
    moment = dt.datetime.combine(day, dt.time(), dt.UTC)
    return {"deleted_timestamp": str(int(moment.timestamp())), "deleted_timestamp_where": ">="}


CONNECTOR = Connector(
    _SPEC,
    rows=_rows,
    fetch=_fetch,
    withdrawals=WithdrawalFields(identifier="event_id_cnty", moment="deleted_timestamp", entered="timestamp"),
)
"""Political violence, demonstrations and strategic developments."""
