"""Crosswalks between the vocabularies of event datasets: ACLED's kinds, UCDP's types of violence, PLOVER's types.

They are data: ``crosswalks.yaml``. What a vocabulary does not settle stays null.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from marsad.documents.shipped import shipped_yaml

if TYPE_CHECKING:
    from marsad.connectors.mapping import Row

__all__ = ["actor_type", "completed", "kind_of", "kinds_of_ucdp", "plover_of", "radius_of", "violence_type_of"]


@cache
def _tables() -> dict[str, Mapping[str, Any]]:
    tables = shipped_yaml("marsad.connectors", "crosswalks.yaml")
    assert isinstance(tables, dict)  # noqa: S101 - for the type checker
    return tables


def kind_of(subkind: str | None) -> str | None:
    """The kind of event that one of ACLED's sub-event types, in lower_snake, belongs in; None for any other word."""
    return None if subkind is None else _tables()["subkinds"].get(subkind)


def plover_of(kind: str | None, subkind: str | None) -> str | None:
    """The PLOVER type of an event; None where kind and subkind do not settle it.

    Reference: Halterman et al. 2023, PLOVER and POLECAT, https://doi.org/10.31235/osf.io/rm5dw.
    """
    by_subkind: Mapping[str, str] = _tables()["plover_by_subkind"]
    if subkind is not None and subkind in by_subkind:
        return by_subkind[subkind]
    by_kind: Mapping[str, str] = _tables()["plover_by_kind"]
    return None if kind is None else by_kind.get(kind)


def kinds_of_ucdp(number: str) -> Mapping[str, str] | None:
    """``violence_type`` and the default ``kind`` of UCDP's type of violence ``1``, ``2`` or ``3``; None for another."""
    return _tables()["ucdp_types"].get(number)


def actor_type(inter: str | None) -> str | None:
    """Type of actor from ACLED's ``inter1`` or ``inter2``, a word or the older number; None where it is not known."""
    return None if inter is None else _tables()["acled_actors"].get(inter.strip().lower())


def violence_type_of(kind: str | None, first: str | None, second: str | None) -> str | None:
    """UCDP's type of violence by the kind of event and the types of both actors; None where UCDP leaves it open.

    Reference: https://www.uu.se/en/department/peace-and-conflict-research/research/ucdp/ucdp-definitions.
    """
    if kind is None or first is None or second is None:
        return None
    table: Mapping[str, str] = _tables()["violence_types"].get(kind, {})
    return table.get(" ".join(sorted((first, second))))


def radius_of(precision: str | None) -> float | None:
    """How far from its coordinates an event may have happened, km, by ``place_precision``; None where unbounded."""
    found = None if precision is None else _tables()["radius_km"].get(precision)
    return None if found is None else float(found)


def completed(row: Row) -> Row:
    """The row with what follows from its other columns: ``kind`` from ``subkind``, ``plover``, ``radius_km``.

    A value that is there stays.
    """
    made = dict(row)
    kind = made["kind"] if made.get("kind") is not None else kind_of(made.get("subkind"))
    derived = {
        "kind": kind,
        "plover": plover_of(kind, made.get("subkind")),
        "radius_km": radius_of(made.get("place_precision")) if made.get("latitude") is not None else None,
    }
    for name, value in derived.items():
        if made.get(name) is None and value is not None:
            made[name] = value
    return made
