"""The units of a panel of events: which columns name them, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["UNITS", "UnitNames", "names_of"]

UNITS: Mapping[str, tuple[str, ...]] = {
    "country": ("country",),
    "admin1": ("admin1",),
    "admin2": ("admin2",),
    "actor": ("actor",),
    "side_a": ("side_a",),
    "side_b": ("side_b",),
    "dyad": ("side_a", "side_b"),
    "kind": ("kind",),
    "violence_type": ("violence_type",),
    "dataset": ("dataset",),
}
"""The units, each with the dimensions of the engine that make it. A dyad is two sides, whichever comes first."""

_AREAS: Mapping[str, tuple[str, ...]] = {"admin1": ("country", "admin1"), "admin2": ("country", "admin1", "admin2")}
_LONGEST = 500


@dataclass(frozen=True, slots=True, eq=False)
class UnitNames:
    """The units of some groups.

    Attributes:
        units: their names, in the order of their first appearance.
        parents: the country of each area; empty for other units.
        code: for each group the place of its unit; -1 where it states none.
    """

    units: tuple[str, ...]
    parents: tuple[str, ...]
    code: NDArray[np.int64]


def names_of(unit: str, groups: Mapping[str, Any], *, rest: bool = False) -> UnitNames:
    """Name the units of the engine's groups.

    An area is called by its country too, since names repeat: ``PAK/Punjab``, ``PAK/Punjab/Lahore``; a slash within a
    name is doubled, and ``?`` stands for what is not stated. A dyad is its two sides in order: ``A - B``.

    Args:
        unit: one of ``UNITS``.
        groups: the columns of the groups.
        rest: whether groups that do not state the unit make one of their own.

    Raises:
        InputError: a name of more than 500 characters.
    """
    columns = _AREAS.get(unit, UNITS[unit])
    places: dict[tuple[str, str], int] = {}
    known: dict[tuple[Any, ...], int] = {}
    code = np.empty(len(groups[columns[0]]), np.int64)
    for number, key in enumerate(zip(*(groups[column] for column in columns), strict=True)):
        if key not in known:
            named = _named(unit, [_clean(part) for part in key], rest=rest)
            known[key] = -1 if named is None else places.setdefault(named, len(places))
        code[number] = known[key]
    return UnitNames(tuple(name for name, _ in places), tuple(parent for _, parent in places), code)


def _clean(part: Any) -> str | None:
    text = None if part is None else " ".join(str(part).split())
    return text or None


def _named(unit: str, parts: Sequence[str | None], *, rest: bool) -> tuple[str, str] | None:
    """The name and the parent; None where the unit is not stated."""
    missing = parts[-1] is None if unit != "dyad" else None in parts
    if missing and not rest:
        return None
    if unit == "dyad":
        name = " - ".join(sorted(part or "?" for part in parts))
    else:
        area = unit in _AREAS
        name = "/".join("?" if part is None else part.replace("/", "//") if area else part for part in parts)
    if len(name) > _LONGEST:
        raise InputError(f"{name[:80]!r}...: a name of more than {_LONGEST} characters. Shorten it in the event table")
    return name, (parts[0] or "") if unit in _AREAS else ""
