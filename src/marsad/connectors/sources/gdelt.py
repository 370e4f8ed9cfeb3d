"""GDELT 2.0: rows that software made of news, in files of 15 minutes or in a reduced table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.crosswalks import completed
from marsad.connectors.gdelt_files import COLUMNS, fetch_gdelt
from marsad.connectors.mapping import Row
from marsad.connectors.reading import Raw, first_line, read_records
from marsad.connectors.records import Record
from marsad.connectors.registry import shipped_spec
from marsad.connectors.spec import Spec
from marsad.geography import country_code

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("gdelt")
_COUNTRY = 1


def _read(path: Path, spec: Spec) -> Iterator[Raw]:
    """Tab-separated with or without headings, as exported and as bundled; otherwise as the file's name tells."""
    reader = spec.reader
    line = first_line(path, reader)
    if "\t" not in line:
        return read_records(path, reader.model_copy(update={"format": None, "quotes": True}))
    columns = () if line.lower().startswith(COLUMNS[0].lower()) else COLUMNS
    return read_records(path, reader.model_copy(update={"columns": columns}))


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    code = record.text("EventCode" if "EventCode" in record.values else "event_code")
    row |= _kinds(code, audit, record)
    row |= _place(record, audit)
    if row.get("date_start") is not None:
        row |= {"date_end": row["date_start"], "date_precision": "day"}
    yield completed(row)


def _kinds(code: str | None, audit: RowAudit, record: Record) -> Row:
    """Kind, finer kind and PLOVER type of a CAMEO code; a value that is null in the crosswalk stays so."""
    if code is None:
        return {}
    if _longest(_SPEC.lookups["kind"], code) is None:
        audit.unknown_category("EventCode" if "EventCode" in record.values else "event_code", code)
    found: Row = {"subkind": code}
    for column in ("kind", "subkind", "plover"):
        begins = _longest(_SPEC.lookups[column], code)
        if begins is not None:
            found[column] = _SPEC.lookups[column][begins]
    return found


def _longest(table: Mapping[str, Any], code: str) -> str | None:
    """The longest code of a table with which a code begins."""
    longest = max(map(len, table), default=0)
    return next((code[:size] for size in range(min(len(code), longest), 0, -1) if code[:size] in table), None)


def _place(record: Record, audit: RowAudit) -> Row:
    """Country by its FIPS 10-4 code, first-level area by its name, and how exactly the place is known."""
    if "ActionGeo_CountryCode" in record.values:
        fips, area = record.text("ActionGeo_CountryCode"), record.text("ActionGeo_ADM1Code")
        level = record.text("ActionGeo_Type")
    else:
        fips, area, level = _reduced(record)
    found: Row = {"country_reported": fips}
    if fips is not None:
        found["country"] = country_code(fips, "fips")
        if fips in _SPEC.lookups["no_country"]:
            audit.remark(f"a place in no country of today: {_SPEC.lookups['no_country'][fips]}", record.row)
        elif found["country"] is None:
            audit.unknown_category("ActionGeo_CountryCode", fips)
    if level is not None and level != "0":
        found["place_precision"] = _SPEC.lookups["place_precision"].get(level)
        found["admin1_reported"] = _area(record.values.get("ActionGeo_FullName"), level)
    if area is not None and found.get("admin1_reported") is None and area != fips:
        found["admin1_reported"] = area
    return {column: value for column, value in found.items() if value is not None}


def _reduced(record: Record) -> tuple[str | None, str | None, str | None]:
    """Country, area and kind of place of the reduced shape, whose ``location`` is ``AREA, COUNTRY`` in FIPS 10-4.

    ``country_code`` is no help: it is FIPS in the first snapshots and ISO 3166 in the later ones.
    """
    record.pop("country_code")
    location = record.text("location")
    if location is None:
        return None, None, None
    parts = [part.strip() for part in location.split(",")]
    return parts[-1], parts[0], str(_COUNTRY) if parts[0] == parts[-1] else None


def _area(name: Any, level: str) -> str | None:
    """The first-level area in ``City, Area, Country`` or ``Area, Country``."""
    parts = [part.strip() for part in str(name).split(",")] if name else []
    position = -2 if level in ("3", "4") else 0
    enough = 3 if level in ("3", "4") else 2
    return parts[position] if level != "1" and len(parts) >= enough else None


CONNECTOR = Connector(_SPEC, rows=_rows, fetch=fetch_gdelt, read=_read)
"""Events that GDELT's software found in the news."""
