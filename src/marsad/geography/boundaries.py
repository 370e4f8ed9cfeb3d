"""Boundaries of countries and of their first and second administrative level."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marsad.errors import InputError
from marsad.geography.arcs import Arcs, arcs_of
from marsad.geography.countries import country_code
from marsad.geography.labels import area_codes, area_countries, area_names, level_of
from marsad.geography.reading import MAX_BYTES, Feature, feature_collection, json_of, read_json
from marsad.geography.shapes import map_polygons
from marsad.geography.shipped import data_bytes
from marsad.geography.topology import topology_features

__all__ = ["Boundaries", "features_of", "read_boundaries", "read_features", "world_boundaries"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Areas with their names and codes, in the order of their file.

    Attributes:
        source: the file.
        level: 0 countries, 1 first level, 2 second level.
        names, codes, countries: of each area; None where the file does not tell. ``countries`` are alpha-3 codes.
        parts: the polygons of all areas, none over the 180th meridian.
        owner: which area each part belongs to, ascending.
        notes: what was mended or left out, with the number of the feature.
    """

    source: str
    level: int
    names: tuple[str | None, ...]
    codes: tuple[str | None, ...]
    countries: tuple[str | None, ...]
    parts: npt.NDArray[np.object_]
    owner: Indices
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of areas."""
        return len(self.names)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the parts, which are prepared for many questions."""
        shapely.prepare(self.parts)
        return shapely.STRtree(self.parts)

    @cached_property
    def segments(self) -> tuple[Floats, Floats, Indices]:
        """Start and end (longitude, latitude) of each segment of the boundaries, and the area it belongs to."""
        rings, part = shapely.get_rings(self.parts, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        same = ring[1:] == ring[:-1]
        owner = self.owner[part[ring[1:][same]]] if len(self.owner) else np.empty(0, dtype=np.int64)
        return points[:-1][same], points[1:][same], owner

    @cached_property
    def edges(self) -> Arcs:
        """The boundaries as great-circle arcs."""
        return arcs_of(*self.segments)


def read_boundaries(
    path: str | os.PathLike[str],
    *,
    level: int | None = None,
    country: str | None = None,
    name_field: str | None = None,
    code_field: str | None = None,
    layer: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Boundaries:
    """Read areas from a GeoJSON or TopoJSON file, in degrees, WGS 84.

    Names, codes, countries and level are found where geoBoundaries, Natural Earth, GADM and OCHA COD keep them. ``-99``
    and empty values are passed over for the next property.

    Args:
        path: the file.
        level: 0, 1 or 2; None finds it.
        country: code or name of the country that all areas belong to; None finds it.
        name_field: property to take names from.
        code_field: property to take codes from.
        layer: object of a topology, where it has several.
        max_bytes: largest file to read.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is too large, or level or names cannot be found.
        ParseError: it is broken; the message names file, feature, field and remedy.
    """
    file = str(path)
    if level is not None and level not in (0, 1, 2):
        raise InputError(f"{file}: level is {level!r}; give 0 (countries), 1 or 2")
    code = None
    if country is not None:
        code = country_code(country)
        if code is None:
            raise InputError(f"{file}: country {country!r} is not known; give its ISO 3166-1 alpha-3 code")
    features = read_features(Path(path), layer=layer, max_bytes=max_bytes)
    level = level_of(features, file) if level is None else level
    names = area_names(features, level, file, name_field)
    codes = area_codes(features, level, code_field, names)
    return _boundaries(features, file, level, (names, codes, area_countries(features, level, code, names)))


def read_features(path: Path, *, layer: str | None = None, max_bytes: int = MAX_BYTES) -> list[Feature]:
    """Features of a GeoJSON or TopoJSON file, geometries not yet checked; errors as of ``read_boundaries``."""
    found = read_json(path, max_bytes=max_bytes)
    features = features_of(found, str(path), layer=layer)
    if not features:
        raise InputError(f"{path}: features: there are none; give a file with at least one")
    return features


def features_of(found: dict[str, Any], file: str, *, layer: str | None = None) -> list[Feature]:
    """Features of a GeoJSON or TopoJSON object; ``file`` is for messages."""
    if found.get("type") == "Topology":
        return topology_features(found, file, layer=layer)
    return feature_collection(found, file)


@cache
def world_boundaries() -> Boundaries:
    """The countries of the world that ship with the program: Natural Earth, 1:50 million, de facto borders.

    Codes are alpha-3 by the ISO number of each country, or by name where it has none: ``XKX`` for Kosovo; Northern
    Cyprus and Somaliland keep their names and are filed under ``CYP`` and ``SOM``, as in ISO 3166-2; the Siachen
    Glacier and Australia's Indian Ocean Territories have no code. Borders are generalised: points within some 2 to 5 km
    of one may be assigned to the neighbour.
    """
    file = "countries-50m.json.gz"
    features = features_of(json_of(gzip.decompress(data_bytes(file)), file), file, layer="countries")
    names = area_names(features, 0, file, "name")
    codes = area_codes(features, 0, None, names)
    known = tuple(code if code is not None and not code.isdigit() else None for code in codes)
    return _boundaries(features, file, 0, (names, known, known))


def _boundaries(
    features: list[Feature], source: str, level: int, labels: tuple[tuple[str | None, ...], ...]
) -> Boundaries:
    parts: list[shapely.Polygon] = []
    owner: list[int] = []
    notes: list[str] = []
    for number, feature in enumerate(features):
        polygons, remarks = map_polygons(feature.geometry, feature.where)
        parts += polygons
        owner += [number] * len(polygons)
        notes += remarks
    array = np.empty(len(parts), dtype=object)
    array[:] = parts
    names, codes, countries = labels
    return Boundaries(source, level, names, codes, countries, array, np.array(owner, dtype=np.int64), tuple(notes))
