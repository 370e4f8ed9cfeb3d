"""From a record to a row of the common table, by the rules of a connector's YAML."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from marsad.connectors.audit import RowAudit
from marsad.connectors.records import BadValue, Record, as_code, as_date, as_integer, as_number, as_text
from marsad.connectors.spec import FieldRule, Spec
from marsad.model import ColumnType, TableKind

__all__ = ["Mapper", "Row", "check_row", "converter", "record_id", "verbatim_json"]

Row = dict[str, Any]
"""A row of a common table: column -> value; a column that is not there is null."""

_DEATHS = ("deaths_a", "deaths_b", "deaths_best", "deaths_civilians", "deaths_high", "deaths_low", "deaths_unknown")
_COUNTS = (*_DEATHS, "abducted", "arrested", "events", "injured")


def verbatim_json(values: Mapping[str, Any]) -> str:
    """A record as it was read, as one JSON object."""
    return _ENCODER.encode(values)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def record_id(dataset: str, verbatim: str) -> str:
    """The identifier of a record: 16 hexadecimal digits of a hash of the dataset and of all that the record says."""
    return hashlib.sha256(f"{dataset}\0{verbatim}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Mapper:
    """The rules of a connector's YAML, made ready for many records.

    Args:
        spec: the description of the source.
    """

    def __init__(self, spec: Spec) -> None:
        types = spec.types
        self._constants = dict(spec.constants)
        self._totals = spec.totals
        self._rules = [
            _Rule(
                column=column,
                names=rule.names,
                unstated=frozenset(rule.unstated),
                code=rule.code,
                translate=_translation(spec, rule),
                convert=converter(types[column], rule, spec.reader.thousands),
            )
            for column, rule in spec.fields.items()
        ]

    def row(self, record: Record, audit: RowAudit) -> Row:
        """The columns that fields, constants and totals give; raises ``BadValue`` for what cannot be right."""
        row: Row = dict(self._constants)
        for rule in self._rules:
            name = rule.name(record)
            value = as_code(record.pop(name)) if rule.code else record.pop(name)
            if value is None or (rule.unstated and as_text(value) in rule.unstated):
                continue
            if rule.translate is not None:
                value = rule.translate(name, value, audit)
            if value is not None and (value := rule.convert(name, value)) is not None:
                row[rule.column] = value
        for column, parts in self._totals.items():
            if row.get(column) is None and all(row.get(part) is not None for part in parts):
                row[column] = sum(row[part] for part in parts)
        return row


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule, ready to be applied."""

    column: str
    names: tuple[str, ...]
    unstated: frozenset[str]
    code: bool
    translate: Callable[[str, Any, RowAudit], Any] | None
    convert: Callable[[str, Any], Any]

    def name(self, record: Record) -> str:
        """The name that the field has in this record."""
        if len(self.names) == 1:
            return self.names[0]
        return next((name for name in self.names if name in record.left), self.names[0])


def _translation(spec: Spec, rule: FieldRule) -> Callable[[str, Any, RowAudit], Any] | None:
    """What translates a value before it gets its type; None where nothing does."""
    if rule.lookup:
        return partial(_looked_up, spec.lookups[rule.lookup], rule.keep)
    return None if rule.country is None else partial(_country, rule.country)


def _looked_up(table: Mapping[str, Any], keep: bool, name: str, value: Any, audit: RowAudit) -> Any:  # noqa: FBT001
    text = as_text(value)
    if text is None:
        return None
    if text in table:
        return table[text]
    audit.unknown_category(name, text)
    return text if keep else None


def _country(scheme: str, name: str, value: Any, audit: RowAudit) -> str | None:
    text = as_text(value)
    if text is None:
        return None
    from marsad.geography import country_code  # noqa: PLC0415 - its tables are read only where countries are named

    code = country_code(text, scheme)
    if code is None:
        audit.unknown_category(name, text)
    return code


def converter(kind: ColumnType, rule: FieldRule, thousands: str = "") -> Callable[[str, Any], Any]:
    """What gives a field's value the type of its column; it raises ``BadValue`` where that cannot be.

    Args:
        kind: the type.
        rule: has the formats of dates and the separator of lists.
        thousands: the mark between the thousands of numbers; empty for none.
    """
    if kind is ColumnType.TEXT:
        return lambda _, value: as_text(value)
    if kind is ColumnType.TEXTS:
        return partial(_texts, rule.separator)
    if kind is ColumnType.DATE:
        formats = rule.formats
        return lambda name, value: as_date(name, value, *formats)
    number: Callable[[str, Any], Any] = as_integer if kind is ColumnType.INTEGER else as_number
    return partial(_ungrouped, number, thousands) if thousands else number


def _texts(separator: str, name: str, value: Any) -> list[str] | None:
    del name
    parts = value if isinstance(value, list) else str(value).split(separator)
    return [text for part in parts if (text := as_text(part))] or None


def _ungrouped(number: Callable[[str, Any], Any], mark: str, name: str, value: Any) -> Any:
    """A number whose thousands may be set apart: only where the groups are right, for ``1,5`` is no 15."""
    if isinstance(value, str) and mark in value:
        head, *groups = value.strip().split(mark)
        if re.fullmatch(r"[+-]?\d{1,3}", head) and all(re.fullmatch(r"\d{3}(\.\d*)?", group) for group in groups):
            return number(name, value.strip().replace(mark, ""))
    return number(name, value)


def check_row(row: Row, table: TableKind, audit: RowAudit, number: int) -> None:
    """Stop what is impossible, and remark on what is odd; raises ``BadValue``."""
    if table is TableKind.EVENTS:
        _check_event(row)
        _remark_on_event(row, audit, number)
    elif table is TableKind.FIGURES:
        low, high = row.get("low"), row.get("high")
        if low is not None and high is not None and low > high:
            audit.remark("the lowest estimate is above the highest", number)


def _check_event(row: Row) -> None:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if (latitude is None) != (longitude is None):
        raise BadValue("latitude, longitude", f"{latitude}, {longitude}", "only one of the two coordinates")
    if latitude is not None and not -90 <= latitude <= 90:
        raise BadValue("latitude", latitude, "not between -90 and 90")
    if longitude is not None and not -180 <= longitude <= 180:
        raise BadValue("longitude", longitude, "not between -180 and 180")
    start, end = row.get("date_start"), row.get("date_end")
    if start is not None and end is not None and start > end:
        raise BadValue("date_start, date_end", f"{start}, {end}", "ends before it begins")
    for name in _COUNTS:
        if (value := row.get(name)) is not None and value < 0:
            raise BadValue(name, value, "a count below zero")


def _remark_on_event(row: Row, audit: RowAudit, number: int) -> None:
    low, best, high = (row.get(name) for name in ("deaths_low", "deaths_best", "deaths_high"))
    if low is not None and high is not None and low > high:
        audit.remark("the lowest estimate of deaths is above the highest", number)
    elif best is not None and ((low is not None and best < low) or (high is not None and best > high)):
        audit.remark("the best estimate of deaths is outside the lowest and highest", number)
    if row.get("date_start") is None:
        audit.remark("no date", number)
    if row.get("latitude") is None:
        audit.remark("no coordinates", number)
    elif row["latitude"] == 0 and row["longitude"] == 0:
        audit.remark("coordinates 0, 0: perhaps not known", number)
