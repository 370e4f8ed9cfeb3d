"""The Global Terrorism Database, from the file that a person got from START."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.crosswalks import completed
from marsad.connectors.dates import days_between
from marsad.connectors.mapping import Row
from marsad.connectors.records import Record
from marsad.connectors.registry import shipped_spec
from marsad.geography import country_code

__all__ = ["CONNECTOR"]

_SPEC = shipped_spec("gtd")
_UNKNOWN = (-9, -99)
_COUNTS = {"nkill": "deaths_best", "nkillter": "deaths_a", "nwound": "injured", "nhostkid": "abducted"}


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    month, day = (_stated(record.integer(name), 0) for name in ("imonth", "iday"))
    made = {**row, **days_between(record.integer("iyear"), month, day, audit=audit, row=record.row)}
    made |= {column: _stated(record.integer(name)) for name, column in _COUNTS.items()}
    made["country"] = _country(row.get("country_reported"), audit)
    target, group = record.text("target1"), record.text("targtype1_txt")
    made["side_b"] = group if target in (None, "Unknown") else target
    made |= _kind(record, group, audit)
    if made.get("latitude") is None:
        made["place_precision"] = None
    if record.code("vicinity") == "1" and made.get("place_precision") == "point":
        made["place_precision"] = "near"
    cited = [text for name in ("scite1", "scite2", "scite3") if (text := record.text(name)) is not None]
    made["sources"] = "; ".join(cited) or None
    yield completed(made)


def _stated(number: int | None, *unknown: int) -> int | None:
    """A number, or None for those that the codebook has for "unknown"."""
    return None if number in (*_UNKNOWN, *unknown) else number


def _country(name: str | None, audit: RowAudit) -> str | None:
    if name is None:
        return None
    table = _SPEC.lookups["country_by_name"]
    if name in table:
        return None if table[name] is None else str(table[name])
    found = country_code(name, "name")
    if found is None:
        audit.unknown_category("country_txt", name)
    return found


def _kind(record: Record, group: str | None, audit: RowAudit) -> Row:
    """Kind and subkind by the type of attack, and for an attack with arms by the target."""
    attack, suicide = record.text("attacktype1_txt"), record.code("suicide")
    tables = _SPEC.lookups
    if attack is None:
        return {}
    if attack not in tables["kind"]:
        audit.unknown_category("attacktype1_txt", attack)
        return {}
    if attack in tables["armed_attacks"] and group is not None and group in tables["armed_targets"]:
        return {"kind": tables["armed_attacks"][attack], "subkind": tables["armed_targets"][group]}
    found = {"kind": tables["kind"][attack], "subkind": tables["subkind"][attack]}
    if found["kind"] == "explosion" and suicide == "1":
        found["subkind"] = "suicide_bomb"
    return found


CONNECTOR = Connector(_SPEC, rows=_rows)
"""Attacks since 1970."""
