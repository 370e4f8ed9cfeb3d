"""VIEWS: forecasts of deaths in conflict by country and month."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector, Fetched
from marsad.connectors.fetches import day_asked, fetch_pages, options_asked
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record
from marsad.connectors.registry import shipped_spec
from marsad.errors import InputError, NotFoundError
from marsad.evidence.files import atomic_path

if TYPE_CHECKING:
    from marsad.connectors.connector import FetchContext

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("views")
_API = "https://api.viewsforecasting.org"
_SIZE = 1000
_RUN = re.compile(r"fatalities\d{3}_\d{4}_\d{2}_t\d{2}")
_VIOLENCE = ("sb", "ns", "os")
_UNITS = _SPEC.lookups["units"]


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    """A row for each model: every number that is neither a place nor a month is a forecast."""
    year, month = record.integer("year"), record.integer("month")
    if year is None or month is None or not 1 <= month <= 12 or not 1900 <= year <= 2999:
        raise BadValue("year, month", f"{year}, {month}", "not a month")
    last = calendar.monthrange(year, month)[1]
    row |= {"period_start": dt.date(year, month, 1), "period_end": dt.date(year, month, last)}
    record.pop("run")
    violence = record.text("type_of_violence")
    models = [name for name in record.left if name not in _SPEC.ignored]
    for name in models:
        value = record.number(name)
        if value is None:
            continue
        if name not in _UNITS:
            audit.unknown_category("model", name)
        what = f"forecast {name}" if violence is None else f"forecast {name} ({violence})"
        yield row | {"measure": what, "unit": _UNITS.get(name), "best": value}
    if not models:
        audit.remark("no forecast is stated", record.row)


def _fetch(context: FetchContext) -> Fetched:
    from marsad.connectors.transport import Numbered  # noqa: PLC0415 - httpx only where something is fetched

    query = options_asked(context, _SPEC)
    violence = query.get("type", "sb")
    if violence not in _VIOLENCE:
        raise InputError(f"views: type: {violence!r} is none of {', '.join(_VIOLENCE)}")
    params: dict[str, str | list[str]] = {}
    for name, parameter in (("from", "date_start"), ("to", "date_end")):
        if (day := day_asked(query, name)) is not None:
            params[parameter] = day.isoformat()
    if "country" in query:
        params["iso"] = [code.strip().upper() for code in query["country"].split(",")]
    run = _run(context, query)
    plan = Numbered(_SIZE, first=1, rows="data", pages="page_count")
    name = f"views-{run}-{violence}"
    found = fetch_pages(context, f"{_API}/{run}/cm/{violence}", plan, params, name=name, version=run)
    _name_source(found.path, {"run": run, "type_of_violence": violence})
    return found


def _run(context: FetchContext, query: Mapping[str, str]) -> str:
    """The run that was asked for, or the newest that forecasts deaths."""
    if (run := query.get("run")) is not None:
        if not _RUN.fullmatch(run):
            raise InputError(f"views: run: {run!r} is no run; write it as fatalities003_2026_08_t01")
        return run
    listing = context.client.get_json(f"{_API}/")
    runs = listing.get("runs") if isinstance(listing, dict) else None
    known = [run for run in runs if isinstance(run, str) and _RUN.fullmatch(run)] if isinstance(runs, list) else []
    if not known:
        raise NotFoundError(f"{_API}/: there is no run fatalitiesNNN_YYYY_MM_tNN. Name one with the option `run`")
    return max(known)


def _name_source(path: Path, names: Mapping[str, Any]) -> None:
    """Write into each record what only the address says: the run and the type of violence."""
    with atomic_path(path) as made, made.open("w", encoding="utf-8") as file, path.open(encoding="utf-8") as lines:
        for line in lines:
            file.write(json.dumps(json.loads(line) | names, ensure_ascii=False, sort_keys=True) + "\n")


CONNECTOR = Connector(_SPEC, rows=_rows, fetch=_fetch)
"""Forecasts by country and month."""
