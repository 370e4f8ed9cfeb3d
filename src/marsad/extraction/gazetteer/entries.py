"""The records of the gazetteer, and the loader of those that ship with the program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from marsad.documents.shipped import shipped_rows

__all__ = ["GazetteerActor", "GazetteerPlace", "general_actors", "general_places"]


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A place.

    Attributes:
        id: identifier.
        name: its usual name.
        kind: country, admin1, admin2, city, region, site …, as in the study folder's places.csv.
        aliases: other names and spellings.
        adjectives: words for what is of it: ``Salvadoran``.
        admin1: identifier of the province that contains it; empty where it is none or not known.
        country: identifier of its country; empty where it is a country or spans several.
    """

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    admin1: str = ""
    country: str = ""

    @property
    def parent(self) -> str:
        """The smallest place that contains it; empty where none is known."""
        return self.admin1 or self.country


@dataclass(frozen=True, slots=True)
class GazetteerActor:
    """A state, an organisation or a group.

    Attributes:
        id: identifier.
        name: its usual name.
        kind: state, government, security_force, armed_group, organisation …, as in the study folder's actors.csv.
        aliases: other names, spellings and acronyms.
        parent: identifier of the actor that it belongs to.
        country: identifier of the country it is of or mostly acts in; empty where several.
        is_minor: whether its short names are believed only where the text speaks of its country.
    """

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    country: str = ""
    is_minor: bool = False


@cache
def general_places() -> tuple[GazetteerPlace, ...]:
    """The places that ship with the program; sources and licences stand in its README."""
    return tuple(
        GazetteerPlace(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            aliases=_several(row["aliases"]),
            adjectives=_several(row.get("adjectives") or ""),
            admin1=row.get("admin1") or "",
            country=row.get("country") or "",
        )
        for name in ("countries.csv", "regions.csv", "cities.csv", "provinces.csv")
        for row in shipped_rows("marsad.extraction.gazetteer", name)
    )


@cache
def general_actors() -> tuple[GazetteerActor, ...]:
    """The actors that ship with the program: well-known ones first, then those of UCDP."""
    return tuple(
        GazetteerActor(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            aliases=_several(row["aliases"]),
            parent=row.get("parent") or "",
            country=row.get("country") or "",
            is_minor=name == "ucdp_actors.csv",
        )
        for name in ("actors.csv", "ucdp_actors.csv")
        for row in shipped_rows("marsad.extraction.gazetteer", name)
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
