"""What the datasets of Insecurity Insight have in common: precision of places and dates, weapons, what was done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.crosswalks import completed
from marsad.connectors.hdx import hdx_fetcher
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record, as_integer
from marsad.connectors.registry import shipped_spec
from marsad.documents.shipped import shipped_yaml

__all__ = ["insight"]

_WEAPON = "Weapon Carried/Used"
_PRECISION = "Geo Precision"


@cache
def _tables() -> Mapping[str, Any]:
    tables = shipped_yaml("marsad.connectors", "insecurity_insight.yaml")
    assert isinstance(tables, dict)  # noqa: S101 - for the type checker
    return tables


def insight(name: str, dataset: str = "") -> Connector:
    """The connector of one of the datasets.

    Its YAML has lookups besides those of its fields: ``acts``, the fields that count what was done to people and things
    with the sub-event type of each, in the order in which they decide; ``sums``, the fields that a column adds up.

    Args:
        name: of the connector.
        dataset: its name on HDX; empty where it has none of its own.
    """
    spec = shipped_spec(name)

    def rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
        sums = spec.lookups["sums"]
        counts = {field: _count(record, field, field in sums, audit) for field in {**spec.lookups["acts"], **sums}}
        made = {**row, **_place(record, row, audit), **_date(row)}
        for field, column in sums.items():
            if (count := counts[field]) is not None:
                made[str(column)] = made.get(str(column), 0) + count
        yield completed({**made, **_kind(record, counts, spec.lookups["acts"], audit)})

    return Connector(spec, rows=rows, fetch=hdx_fetcher(name, dataset))


def _count(record: Record, field: str, summed: bool, audit: RowAudit) -> int | None:  # noqa: FBT001
    """How many; a yes is one. Below zero it stops the record where a column adds it up, and otherwise is no count."""
    value = record.pop(field)
    if isinstance(value, bool) or str(value).lower() in ("true", "false"):
        return int(str(value).lower() == "true")
    number = as_integer(field, value)
    if number is None or number >= 0:
        return number
    if summed:
        raise BadValue(field, value, "a count below zero")
    audit.remark(f"{field} is below zero, so it is not used", record.row)
    return None


def _place(record: Record, row: Row, audit: RowAudit) -> Row:
    text = record.text(_PRECISION)
    if text is None or row.get("latitude") is None:
        return {}
    digit = re.match(r"\((\d)\)", text)
    found = _tables()["place_precision"].get(digit[1]) if digit is not None else None
    if found is None:
        audit.unknown_category(_PRECISION, text)
    return {"place_precision": found}


def _date(row: Row) -> Row:
    """The day, and how exactly it is that of the event by the first words of the description."""
    day = row.get("date_start")
    if day is None:
        return {}
    text = str(row.get("text") or "").lstrip()
    words = _tables()["date_precision"].items()
    precision = next((precision for word, precision in words if text.startswith(f"{word} ")), "day")
    return {"date_end": day, "date_precision": precision}


def _kind(record: Record, counts: Mapping[str, int | None], acts: Mapping[str, Any], audit: RowAudit) -> Row:
    """An explosion by its weapon; otherwise what was done, the gravest first; nothing where neither is told."""
    explosives = _tables()["explosives"]
    used = [weapon for weapon in _weapons(record.text(_WEAPON), audit) if weapon in explosives]
    if used:
        kinds = {explosives[weapon] for weapon in used}
        return {"kind": "explosion", "subkind": kinds.pop() if len(kinds) == 1 else None}
    for field, subkind in acts.items():
        if counts[field]:
            return {"subkind": subkind}
    return {}


def _weapons(text: str | None, audit: RowAudit) -> list[str]:
    """The weapons of a list, some of whose names have a comma of their own."""
    if text is None:
        return []
    known = (*_tables()["explosives"], *_tables()["others"])
    found, rest = [], text
    while rest:
        name = max((name for name in known if rest == name or rest.startswith(f"{name}, ")), key=len, default=None)
        if name is None:
            name = rest.split(", ", 1)[0]
            audit.unknown_category(_WEAPON, name)
        found.append(name)
        rest = rest[len(name) :].removeprefix(", ")
    return found
