"""UCDP's deaths by country, year and type of violence: one record is several figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record
from marsad.connectors.registry import shipped_spec
from marsad.geography import country_code

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("ucdp-country-year")
_ESTIMATES = ("low", "best", "high")


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    year, number, government = record.integer("year_cy"), record.code("country_id_cy"), record.text("main_govt_name_cy")
    record.pop("version")
    if year is None or not 1900 <= year <= 2999:
        raise BadValue("year_cy", year, "not a year")
    common = {
        **row,
        "source_id": f"{number}-{year}",
        "country": _country(number, row.get("country_reported"), audit),
        "period_start": dt.date(year, 1, 1),
        "period_end": dt.date(year, 12, 31),
    }
    ranges = {stem: _range(record, stem) for stem in _SPEC.lookups["ranges"]}
    _check_parts(ranges, record.row, audit)
    for stem, measure in _SPEC.lookups["ranges"].items():
        actor = {"actor": government} if stem == "os_main_govt_killings" else {}
        yield {**common, **actor, **ranges[stem], "measure": measure}
    for field, measure in _SPEC.lookups["bests"].items():
        yield {**common, "best": _count(record, field), "measure": measure}


def _country(number: str | None, name: str | None, audit: RowAudit) -> str | None:
    """The country by its number; a state of the past that left several successors has no code."""
    found = None if number is None else country_code(number, "gw")
    if found is None:
        audit.unknown_category("country_id_cy", f"{number} ({name})")
    return found


def _range(record: Record, stem: str) -> dict[str, float | None]:
    return {estimate: _count(record, f"{stem}_{estimate}_cy") for estimate in _ESTIMATES}


def _count(record: Record, field: str) -> float | None:
    if field not in record.left:
        raise BadValue(field, None, "the field is missing")
    count = record.number(field)
    if count is not None and count < 0:
        raise BadValue(field, count, "a count below zero")
    return count


def _check_parts(ranges: dict[str, dict[str, float | None]], row: int, audit: RowAudit) -> None:
    """Remark where a whole is not the sum of its parts."""
    parts: dict[str, list[str]] = {}
    for part, whole in _SPEC.lookups["parts"].items():
        parts.setdefault(str(whole), []).append(part)
    for whole, names in parts.items():
        for estimate in _ESTIMATES:
            values = [ranges[name][estimate] for name in names]
            if None not in values and ranges[whole][estimate] != sum(value for value in values if value is not None):
                audit.remark(f"{_SPEC.lookups['ranges'][whole]} is not the sum of its parts", row)


CONNECTOR = Connector(_SPEC, rows=_rows)
"""Deaths by country and year since 1989."""
