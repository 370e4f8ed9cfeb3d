"""ReliefWeb's reports: texts with their publishers, countries and addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector, Fetched
from marsad.connectors.fetches import day_asked, fetch_pages, options_asked, today
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record, as_date, as_text
from marsad.connectors.registry import shipped_spec
from marsad.documents import read_bytes
from marsad.errors import InputError
from marsad.geography import country_code

if TYPE_CHECKING:
    from marsad.connectors.connector import FetchContext
    from marsad.connectors.transport.calls import Value

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("reliefweb")
_API = "https://api.reliefweb.int/v2/reports"
_SIZE = 200
_FIELDS = (
    *("title", "body", "body-html", "date", "language", "source", "country", "url", "url_alias", "status"),
    *("format", "theme", "disaster", "origin", "headline", "file"),
)
_DATES = ("original", "created")


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    found = record.pop("fields")
    if not isinstance(found, dict):
        raise BadValue("fields", found, "no fields of a report")
    fields = Record(found, row=record.row)
    row["title"] = fields.text("title")
    row["date"] = _day(fields.pop("date"), audit, record.row)
    row["language"] = _language(fields.pop("language"), audit, record.row)
    row["producers"] = _names(fields.pop("source"), "name")
    row["countries"] = _countries(fields.pop("country"), audit)
    row["body"] = _body(fields, audit)
    row["url"] = fields.text("url")
    known = frozenset(_SPEC.ignored)
    for name, value in fields.left.items():
        if f"fields.{name}" not in known and value not in ("", None):
            audit.leftover[f"fields.{name}"] += 1
    yield {column: value for column, value in row.items() if value is not None}


def _day(value: Any, audit: RowAudit, row: int) -> dt.date | None:
    """The day on which it was published, otherwise on which ReliefWeb took it in."""
    given = value if isinstance(value, dict) else {}
    name = next((name for name in _DATES if given.get(name) is not None), None)
    if name is None:
        audit.remark("no date", row)
        return None
    return as_date(f"date.{name}", given[name])


def _names(value: Any, key: str) -> list[str] | None:
    """What the items of a list have under a key."""
    items = value if isinstance(value, list) else [value]
    return [text for item in items if isinstance(item, dict) and (text := as_text(item.get(key)))] or None


def _language(value: Any, audit: RowAudit, row: int) -> str | None:
    codes = _names(value, "code")
    if codes is not None and len(codes) > 1:
        audit.remark("in several languages: the first is kept", row)
    return codes[0] if codes else None


def _countries(value: Any, audit: RowAudit) -> list[str] | None:
    """ISO 3166-1 alpha-3 codes; ReliefWeb's `wld` for the whole world is none."""
    found = []
    for code in _names(value, "iso3") or ():
        if (iso := country_code(code, "iso3")) is not None:
            found.append(iso)
        elif code.lower() != "wld":
            audit.unknown_category("country.iso3", code)
    return found or None


def _body(fields: Record, audit: RowAudit) -> str | None:
    """The text: of the HTML where there is some, otherwise the plain one."""
    markup, plain = fields.text("body-html"), fields.text("body")
    if markup is None:
        if plain is None:
            audit.remark("no text: the report is a file", fields.row)
        return plain
    page = f"<!doctype html><html><body><main>{markup}</main></body></html>"
    try:
        return as_text(read_bytes(page.encode(), "body.html").text)
    except InputError as error:
        audit.remark("its HTML holds no text that can be read: the plain text is kept", fields.row)
        if plain is None:
            raise BadValue("body-html", markup[:200], str(error)) from error
        return plain


def _fetch(context: FetchContext) -> Fetched:
    from marsad.connectors.transport import Offsets  # noqa: PLC0415 - httpx only where something is fetched

    query = options_asked(context, _SPEC)
    (appname,) = context.credentials.need(
        *_SPEC.credentials, purpose="ReliefWeb", where="https://apidoc.reliefweb.int/parameters#appname"
    )
    params: dict[str, Value | list[Value]] = {"appname": appname, "fields[include][]": list(_FIELDS)}
    params |= {"sort[]": "id:asc"} | _filters(query)
    plan = Offsets(_SIZE, total="totalCount")
    return fetch_pages(context, _API, plan, params, name=_SPEC.name, version=today(context))


def _filters(query: Mapping[str, str]) -> dict[str, Value | list[Value]]:
    """The conditions of a query, in the form of ReliefWeb's GET parameters."""
    found: dict[str, Value | list[Value]] = {}
    conditions: list[tuple[str, dict[str, Value | list[Value]]]] = []
    if "country" in query:
        codes: list[Value] = [code.strip().lower() for code in query["country"].split(",")]
        conditions.append(("country.iso3", {"[value][]": codes, "[operator]": "OR"}))
    days = {name: day for name in ("from", "to") if (day := day_asked(query, name)) is not None}
    if days:
        ends = {"from": "T00:00:00+00:00", "to": "T23:59:59+00:00"}
        conditions.append(("date.original", {f"[value][{name}]": f"{day}{ends[name]}" for name, day in days.items()}))
    if "source" in query:
        conditions.append(("source.shortname", {"[value]": query["source"]}))
    if conditions:
        found["filter[operator]"] = "AND"
    for number, (field, values) in enumerate(conditions):
        found[f"filter[conditions][{number}][field]"] = field
        found |= {f"filter[conditions][{number}]{name}": value for name, value in values.items()}
    return found | ({"query[value]": query["search"]} if "search" in query else {})


CONNECTOR = Connector(_SPEC, rows=_rows, fetch=_fetch)
"""Reports."""
