"""UNHCR's Refugee Data Finder: people by year, country of origin and country of asylum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector, Fetch, Fetched
from marsad.connectors.fetches import fetch_pages, options_asked, today
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record
from marsad.connectors.registry import shipped_spec
from marsad.connectors.spec import Spec
from marsad.errors import InputError
from marsad.geography import country_code

if TYPE_CHECKING:
    from marsad.connectors.connector import FetchContext

__all__ = ["unhcr"]

_API = "https://api.unhcr.org/population/v1"
_SIZE = 1000
_REDACTED = (1, 4)
_PARAMETERS = {"from": "yearFrom", "to": "yearTo", "origin": "coo", "asylum": "coa"}


def unhcr(name: str, endpoint: str = "") -> Connector:
    """The connector of one of UNHCR's tables.

    Args:
        name: of the source.
        endpoint: last part of the address at the API; empty where the table is not given there.
    """
    spec = shipped_spec(name)

    def rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
        return _rows(spec, record, row, audit)

    return Connector(spec, rows=rows, fetch=_fetch(spec, endpoint) if endpoint else None)


def _rows(spec: Spec, record: Record, row: Row, audit: RowAudit) -> list[Row]:
    """A row for each measure that is stated."""
    year = record.integer("year")
    if year is None or not 1900 <= year <= 2999:
        raise BadValue("year", year, "not a year")
    row |= _countries(spec, record, audit)
    made = []
    for field, measure in spec.lookups["measures"].items():
        if (counted := _counted(record, field, audit)) is not None:
            flow = spec.lookups["when"].get(field) == "year"
            start = dt.date(year, 1, 1) if flow else dt.date(year, 12, 31)
            period = {"period_start": start, "period_end": dt.date(year, 12, 31)}
            made.append(row | period | {"measure": measure, "unit": "persons"} | counted)
    if not made:
        audit.remark("no number is stated", record.row)
    return made


def _counted(record: Record, field: str, audit: RowAudit) -> Row | None:
    """The number of a measure; an asterisk stands for one to four people."""
    if str(record.left.get(field, "")).strip() == "*":
        record.pop(field)
        audit.remark("a number from 1 to 4, which UNHCR does not print", record.row)
        return {"low": float(_REDACTED[0]), "high": float(_REDACTED[1])}
    number = record.integer(field)
    if number is None:
        return None
    if number < 0:
        raise BadValue(field, number, "a number of people below zero")
    return {"best": float(number)}


def _countries(spec: Spec, record: Record, audit: RowAudit) -> Row:
    """Origin and asylum as ISO 3166-1 alpha-3; the codes of UNHCR for no country stay null, with a remark."""
    special = spec.lookups["no_country"]
    found: Row = {}
    for column, field in (("country", "coo_iso"), ("counterpart", "coa_iso")):
        code = record.text(field)
        if code is None:
            audit.remark(f"{field} is not stated: the figure is of all countries together", record.row)
        elif code in special:
            audit.remark(f"{field} {code}: {special[code]}", record.row)
        elif (iso := country_code(code, "iso3")) is not None:
            found[column] = iso
        else:
            audit.unknown_category(field, code)
    return found


def _fetch(spec: Spec, endpoint: str) -> Fetch:
    def fetch(context: FetchContext) -> Fetched:
        from marsad.connectors.transport import Numbered  # noqa: PLC0415 - httpx only where something is fetched

        query = options_asked(context, spec)
        for name in ("from", "to"):
            if name in query and not (query[name].isdecimal() and len(query[name]) == 4):
                raise InputError(f"{spec.name}: {name}: {query[name]!r} is not a year")
        params: dict[str, str] = {"cf_type": "ISO"}
        params |= {_PARAMETERS[name]: value.upper() for name, value in query.items()}
        # Without a country the service adds all of them up, unless each is asked for.
        params |= {f"{name}_all": "true" for name in ("coo", "coa") if name not in params}
        plan = Numbered(_SIZE, page_name="page", size_name="limit", first=1, rows="items", pages="maxPages")
        return fetch_pages(context, f"{_API}/{endpoint}/", plan, params, name=spec.name, version=today(context))

    return fetch
