"""Where records lie: the country and areas of each, from coordinates or names, and the distance to a border line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.connectors import RowAudit
from marsad.documents.shipped import shipped_rows
from marsad.errors import InputError
from marsad.geography import NamedArea, country_code

if TYPE_CHECKING:
    from marsad.geography import Areas, Boundaries, Line

__all__ = ["Places", "shipped_areas"]

_GAZETTEER = "marsad.extraction.gazetteer"
_BETWEEN = re.compile(r"([A-Za-z]{3})-([A-Za-z]{3})")
_FILE = re.compile(r"(.+?)(?::([012])(?::([A-Za-z]{3}))?)?")
_WIDE = ("admin1", "country", "region")
_TOLERANCE_KM = 10.0

Row = dict[str, Any]


@cache
def shipped_areas() -> tuple[NamedArea, ...]:
    """The first- and second-level areas of the gazetteer that ships with the program."""
    countries = {row["id"]: country_code(row["name"]) for row in shipped_rows(_GAZETTEER, "countries.csv")}
    return tuple(
        NamedArea(
            code=row["id"],
            level=1 if row["kind"] == "admin1" else 2,
            name=row["name"],
            country=country,
            aliases=tuple(alias for alias in row["aliases"].split(";") if alias),
            parent=row["admin1"] or None,
        )
        for row in shipped_rows(_GAZETTEER, "provinces.csv")
        if row["kind"] in ("admin1", "admin2") and (country := countries.get(row["country"])) is not None
    )


@dataclass(frozen=True)
class Places:
    """What tells where a record lies.

    Attributes:
        boundaries: a person's own areas. Those of the first and second level that belong to one country hold for that
            country only. Those of level 0, countries, come before the countries that ship with the program, which hold
            where none of them lies; an area among them of which no country is known (a disputed one) has none.
        line: the line to which distances are measured; None for none.
        line_name: what it is called.
    """

    boundaries: tuple[Boundaries, ...] = ()
    line: Line | None = None
    line_name: str = ""

    @classmethod
    def read(cls, boundaries: Iterable[Path | str], border: str = "", *, name: str = "") -> Places:
        """Boundaries from files, and a line: two countries (``PAK-AFG``) or a file of lines.

        A file of boundaries that does not tell its level or country is named with them: ``provinces.json:1:PAK``.

        Raises:
            InputError: a file cannot be used, or the two countries have no border.
        """
        from marsad.geography import border_between, read_lines  # noqa: PLC0415 - reads shapes

        areas = tuple(_boundaries(str(path)) for path in boundaries)
        if not border:
            return cls(areas)
        if match := _BETWEEN.fullmatch(border):
            line = border_between(match[1].upper(), match[2].upper())
        elif Path(border).is_file():
            line = _one_line(border, read_lines(border))
        else:
            raise InputError(f"{border}: neither two countries such as PAK-AFG nor a file of lines")
        return cls(areas, line, name or (line.name if line.name is not None else border))

    def place(self, rows: Sequence[Row], audit: RowAudit) -> None:
        """Fill in the country, the areas and the distance of rows; what the source says of them stays."""
        for row in rows:
            for level in ("admin1", "admin2"):
                if row.get(level) is None and (reported := row.get(f"{level}_reported")) is not None:
                    row[level] = reported
            if row.get("admin1") is not None or row.get("country") is not None:
                row.setdefault("admin_by", "source")
        points = [row for row in rows if row.get("latitude") is not None]
        if points:
            self._by_coordinates(points, audit)
        _by_name([row for row in rows if row.get("admin1_code") is None and row.get("admin1") is not None])

    def _by_coordinates(self, rows: Sequence[Row], audit: RowAudit) -> None:
        from marsad.geography import assign, distance_km, world_boundaries  # noqa: PLC0415 - reads shapes

        lat, lon = ([row[name] for row in rows] for name in ("latitude", "longitude"))
        nobody: frozenset[int] = frozenset()
        if any(row.get("country") is None for row in rows):
            own = [assign(areas, lat, lon, tolerance_km=_TOLERANCE_KM) for areas in self.boundaries if not areas.level]
            world = assign(world_boundaries(), lat, lon, tolerance_km=_TOLERANCE_KM)
            nobody = _assign_countries(rows, own, world, audit)
        for areas in self.boundaries:
            if areas.level:
                _assign_level(rows, assign(areas, lat, lon, tolerance_km=_TOLERANCE_KM), nobody)
            for note in areas.notes:
                audit.remark(f"boundaries: {note}", 1)
        if self.line is not None:
            for row, km in zip(rows, distance_km(self.line, lat, lon).tolist(), strict=True):
                row["border"], row["border_km"] = self.line_name, round(km, 1)


def _boundaries(text: str) -> Boundaries:
    """The areas of a file, with the level and the country where they are named behind it."""
    from marsad.geography import read_boundaries  # noqa: PLC0415 - reads shapes

    named = None if Path(text).is_file() else _FILE.fullmatch(text)
    path, level, country = (text, None, None) if named is None else named.groups()
    try:
        return read_boundaries(path, level=None if level is None else int(level), country=country)
    except InputError as error:
        if level is None and ": level:" in str(error):
            raise InputError(f"{error}, behind the file: {path}:1, or {path}:1:PAK with the country") from error
        raise


def _one_line(path: str, lines: Sequence[Line]) -> Line:
    if len(lines) != 1:
        names = ", ".join(str(line.name) for line in lines[:8])
        raise InputError(f"{path}: holds {len(lines)} lines ({names}). Keep the one that is meant in a file of its own")
    return lines[0]


def _assign_countries(rows: Sequence[Row], own: Sequence[Areas], world: Areas, audit: RowAudit) -> frozenset[int]:
    """The country of each point of which the source names none: of the person's own areas those around it, otherwise
    the shipped country, otherwise the nearest of the person's own. Gives the places among the rows of those that lie in
    no country by the person's own word.
    """
    from marsad.geography import How  # noqa: PLC0415 - reads shapes

    around = [(areas, areas.countries(), areas.names(), (areas.how == How.INSIDE).tolist()) for areas in own]
    nobody: set[int] = set()
    for index, (row, shipped) in enumerate(zip(rows, world.codes(), strict=True)):
        if row.get("country") is not None:
            continue
        inside = next((found for found in around if found[3][index]), None)
        if inside is not None and inside[1][index] is None:
            nobody.add(index)
            name = inside[2][index] or "an area without a name"
            audit.remark(
                f"lies in {name} of {inside[0].boundaries.source}, which is no country that is known", _row(row)
            )
            continue
        country = shipped if inside is None else inside[1][index]
        if country is None:
            country = next((found[1][index] for found in around if found[1][index] is not None), None)
        if country is not None:
            row["country"], row["admin_by"] = country, "coordinates"
    return frozenset(nobody)


def _row(row: Row) -> int:
    """The number of the record in its file."""
    return int(row.get("row", 1))


def _assign_level(rows: Sequence[Row], found: Areas, nobody: frozenset[int]) -> None:
    """Name and code of the area of each point, unless its coordinates stand for something wider, or the area belongs to
    a country and the point (one of ``nobody``) to none.
    """
    level = found.boundaries.level
    columns = (found.names(), found.codes(), found.countries(), (found.km > 0).tolist())
    for index, (row, name, code, country, is_outside) in enumerate(zip(rows, *columns, strict=True)):
        if country is not None and index in nobody:
            continue
        if name is None or (country is not None and row.get("country") not in (None, country)):
            continue
        if country is None and is_outside:  # it may lie across a border
            continue
        if row.get("place_precision") in (_WIDE[1:] if level == 1 else _WIDE):
            continue
        key = f"admin{level}"
        row[key], row["admin_by"] = name, "coordinates"
        row[f"{key}_code"] = code
        if row.get("country") is None and country is not None:
            row["country"] = country


def _by_name(rows: Sequence[Row]) -> None:
    """Codes and usual names of the areas of rows that have only the names that their source gives."""
    from marsad.geography import assign_by_name  # noqa: PLC0415 - only where names are looked up

    if not rows:
        return
    areas = {area.code: area for area in shipped_areas()}
    countries, first, second = ([row.get(name) for row in rows] for name in ("country", "admin1", "admin2"))
    for row, found in zip(rows, assign_by_name(areas.values(), countries, first, second), strict=True):
        for level, code in (("admin1", found.admin1), ("admin2", found.admin2)):
            if code is not None and row.get(f"{level}_code") is None:
                row[level], row[f"{level}_code"], row["admin_by"] = areas[code].name, code, "name"
