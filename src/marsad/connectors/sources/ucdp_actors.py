"""UCDP's actors: their names in several languages, where they are, from whom they came."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Connector
from marsad.connectors.mapping import Row
from marsad.connectors.records import Record
from marsad.connectors.registry import shipped_spec
from marsad.geography import country_code

__all__ = ["CONNECTOR"]

# Full names may hold commas of their own; a slash stands between two scripts of one name.
_NAMES = {
    "NameOrig": " / ",
    "NameOrigFull": " / ",
    "NameOrigFullEng": " / ",
    "NewName": ", ",
    "NewNameFullMotherTongue": " / ",
    "NewNameFullEng": " / ",
}
_NO_NAME = frozenset({"", "n/a", "N/A", "-"})
_STATE = "Government of "
_PARENTS = ("ActorIdPrev", "ActorIdGroup", "ActorIdAlliance")


def _rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    aliases = [name for field, mark in _NAMES.items() for name in _split(record.text(field), mark)]
    other = [name for name in dict.fromkeys(aliases) if name != row.get("name")]
    parents = [record.code(field) for field in _PARENTS]
    yield {
        **row,
        "aliases": other or None,
        "country": _country(record, row, audit),
        "parent": next((parent for parent in parents if parent is not None), None),
    }


def _split(text: str | None, mark: str) -> list[str]:
    parts = [] if text is None else text.split(mark)
    return [part.strip() for part in parts if part.strip() not in _NO_NAME]


def _country(record: Record, row: Row, audit: RowAudit) -> str | None:
    """A state's own country; for others the one where they fight, null where these are several."""
    name = str(row.get("name") or "")
    own = country_code(name.removeprefix(_STATE), "name") if name.startswith(_STATE) else None
    numbers = _split(record.code("GWNOLoc"), ",")
    codes = {number: country_code(number, "gw") for number in numbers}
    for number, code in codes.items():
        if code is None:
            audit.unknown_category("GWNOLoc", number)
    if own is None and len(numbers) > 1:
        audit.remark("fights in several countries, so none is given", record.row)
        return None
    return next(iter(codes.values()), None) if own is None else own


CONNECTOR = Connector(shipped_spec("ucdp-actors"), rows=_rows)
"""The actors of organised violence."""
