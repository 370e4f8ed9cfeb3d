"""A table of any source: by a person's mapping, or by what the names of its fields tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.crosswalks import kind_of
from marsad.connectors.dates import days_between
from marsad.connectors.mapping import Row
from marsad.connectors.records import Record
from marsad.connectors.registry import shipped_spec
from marsad.connectors.tabular import whole_event
from marsad.geography import country_code

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("generic")
_KINDS = _SPEC.lookups["kinds"]
_VOCABULARY = {"battle", "explosion", "violence_against_civilians", "protest", "riot", "development"}

_NO_EVENT = frozenset({"measure", "name", "title"})
"""Of these columns, a row of each of the other tables has one."""


def _guess(fields: Iterable[str]) -> Mapping[str, str]:
    """Column -> the field that by its name holds it; no field for two columns."""
    left = {_bare(field): field for field in fields}
    found: dict[str, str] = {}
    for column, names in _SPEC.lookups["names"].items():
        key = next((key for name in str(names).split() if (key := _bare(name)) in left), None)
        if key is not None:
            found[column] = left.pop(key)
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if one in found and other not in found:
            del found[one]
    return found


def _bare(name: str) -> str:
    """A name without case and signs."""
    return re.sub(r"[\W_]+", "", name).lower()


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    if "country" in row or "country_reported" in row:
        _set_country(row, audit)
    if "kind" in row or "subkind" in row:
        row |= _kind(row)
        row = {column: value for column, value in row.items() if value is not None}
    if "date_start" not in row and row.keys().isdisjoint(_NO_EVENT):
        row |= _date_in_parts(record, audit)
    yield whole_event(row)


def _set_country(row: Row, audit: RowAudit) -> None:
    """Put the code of the country in the row, by its code or its name; report what is neither."""
    given = {column: text for column in ("country", "country_reported") if (text := row.get(column)) is not None}
    code = next((code for text in given.values() if (code := country_code(text)) is not None), None)
    if code is not None:
        row["country"] = code
        return
    row.pop("country", None)
    for column, text in given.items():
        audit.unknown_category(column, text)


def _date_in_parts(record: Record, audit: RowAudit) -> Row:
    """The days between which it happened, by fields for the year, the month and the day."""
    fields = {_bare(field): field for field in record.left}
    if "year" not in fields:
        return {}
    year, month, day = (record.integer(fields[name]) if name in fields else None for name in ("year", "month", "day"))
    return days_between(year, month, day, audit=audit, row=record.row)


def _kind(row: Row) -> Row:
    """Kind and finer kind in the vocabulary, where the words are of it; otherwise the source's word as finer kind."""
    kind, subkind = row.get("kind"), row.get("subkind")
    word = None if kind is None else _snake(kind)
    known = None if word is None else word if word in _VOCABULARY else _KINDS.get(word, kind_of(word))
    if known is None:
        found = subkind if subkind is not None else kind
    elif subkind is None and word is not None and kind_of(word) is not None:
        found = word
    else:
        found = subkind
    finer = None if found is None else _snake(found)
    return {"kind": known, "subkind": finer if kind_of(finer) is not None else found}


def _snake(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.lower()).strip("_")


CONNECTOR = Connector(_SPEC, rows=_rows, guess=_guess)
"""Any table."""
