"""Border lines, and the distance of points to them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from marsad.errors import InputError, NotFoundError
from marsad.geography.arcs import Arcs, arcs_of, nearest
from marsad.geography.boundaries import Boundaries, features_of, read_features
from marsad.geography.countries import country_code
from marsad.geography.grid import EARTH_RADIUS_KM, coordinates, unit_vectors, usable
from marsad.geography.labels import border_sides, feature_name
from marsad.geography.reading import MAX_BYTES, Feature, json_of
from marsad.geography.shapes import line_paths
from marsad.geography.shipped import data_bytes

__all__ = ["Line", "border_between", "distance_km", "line_between", "read_lines"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A line on the map, of one or several paths.

    Attributes:
        name: its name; None where the file does not tell.
        left, right: alpha-3 codes of the countries that it parts; None where that is not known.
        paths: arrays (n, 2) of longitude and latitude, n at least 2.
    """

    name: str | None
    left: str | None
    right: str | None
    paths: tuple[Floats, ...]

    @cached_property
    def arcs(self) -> Arcs:
        """The line as great-circle arcs."""
        start = np.concatenate([path[:-1] for path in self.paths])
        end = np.concatenate([path[1:] for path in self.paths])
        return arcs_of(start, end, np.zeros(len(start), dtype=np.int64))

    @property
    def length_km(self) -> float:
        """Its length, km."""
        return float(sum(_length_km(path) for path in self.paths))


def _length_km(path: Floats) -> float:
    arcs = arcs_of(path[:-1], path[1:], np.zeros(len(path) - 1, dtype=np.int64))
    chord = np.linalg.norm(arcs.end - arcs.start, axis=1)
    return float((2 * np.arcsin(np.clip(chord / 2, 0, 1))).sum() * EARTH_RADIUS_KM)


def read_lines(
    path: str | os.PathLike[str],
    *,
    name_field: str | None = None,
    layer: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> tuple[Line, ...]:
    """Read the lines of a GeoJSON or TopoJSON file, in degrees, WGS 84, one ``Line`` a feature.

    Names and the countries of both sides are found where Natural Earth keeps them.

    Args:
        path: the file.
        name_field: property to take names from.
        layer: object of a topology, where it has several.
        max_bytes: largest file to read.

    Raises:
        NotFoundError, InputError, ParseError: as ``read_boundaries``; a feature that has no line is an error too.
    """
    features = read_features(Path(path), layer=layer, max_bytes=max_bytes)
    return tuple(_line(feature, name_field) for feature in features)


def _line(feature: Feature, name_field: str | None) -> Line:
    paths = tuple(line_paths(feature.geometry, feature.where))
    if not paths:
        raise feature.where.fault("geometry", "it has no line", "remove the feature or give its line")
    left, right = border_sides(feature)
    return Line(feature_name(feature, name_field), left, right, paths)


def line_between(lines: Sequence[Line], a: str, b: str) -> Line:
    """Of the lines of a file, those that part two countries, as one line.

    Args:
        lines: what ``read_lines`` gave.
        a: code or name of a country.
        b: the same of the other; their order does not matter.

    Raises:
        NotFoundError: no line has these sides.
    """
    one, two = _code(a), _code(b)
    found = [line for line in lines if {line.left, line.right} == {one, two}]
    if not found:
        beside = sorted({other for line in lines for own, other in _sides(line) if own == one and other is not None})
        near = f"; lines of {one} are with {', '.join(beside)}" if beside else ""
        raise NotFoundError(f"there is no line between {one} and {two}{near}")
    return Line(f"{one}-{two}", one, two, tuple(path for line in found for path in line.paths))


@cache
def _world_borders() -> tuple[Line, ...]:
    file = "borders-10m.json.gz"
    return tuple(_line(one, None) for one in features_of(json_of(gzip.decompress(data_bytes(file)), file), file))


def _sides(line: Line) -> tuple[tuple[str | None, str | None], ...]:
    return (line.left, line.right), (line.right, line.left)


def _code(text: str) -> str:
    return country_code(text) or text


def border_between(a: str, b: str, *, boundaries: Boundaries | None = None) -> Line:
    """The common border of two areas.

    Args:
        a: code of an area (of a country: its name too).
        b: the same of the other; their order does not matter.
        boundaries: where they are: the border is made of the segments that both have, so neighbours must share
            vertices, as in a topology; in files simplified area by area they do not. None takes the land borders of
            countries that ship with the program: Natural Earth, 1:10 million, de facto.

    Raises:
        NotFoundError: an area is not there, or two countries have no border that ships with the program.
        InputError: the two areas of ``boundaries`` have no border in common.
    """
    if boundaries is None:
        return line_between(_world_borders(), a, b)
    areas = boundaries
    one, two = (_code(text) if not areas.level else text for text in (a, b))
    first, second = (_undirected(areas, code) for code in (one, two))
    common = sorted(first & second)
    if not common:
        beside = sorted(_neighbours(areas, first) - {one})
        told = f"; {one} borders {', '.join(beside)}" if beside else ""
        raise InputError(f"{areas.source}: {one} and {two} have no border in common{told}")
    merged = shapely.line_merge(shapely.MultiLineString([list(segment) for segment in common]))
    paths = tuple(shapely.get_coordinates(path) for path in shapely.get_parts(merged))
    return Line(f"{one}-{two}", one if not areas.level else None, two if not areas.level else None, paths)


Segment = tuple[tuple[float, float], tuple[float, float]]


def _undirected(areas: Boundaries, code: str) -> set[Segment]:
    members = [number for number, own in enumerate(areas.codes) if own == code]
    if not members:
        known = ", ".join(sorted({own for own in areas.codes if own is not None})[:30])
        raise NotFoundError(f"{areas.source}: there is no area {code!r}; the codes begin {known}")
    return _segments(areas, np.isin(areas.segments[2], members))


def _segments(areas: Boundaries, chosen: npt.NDArray[np.bool_]) -> set[Segment]:
    start, end, _ = areas.segments
    ends = np.stack([start[chosen], end[chosen]], axis=1)
    return {(min(s, e), max(s, e)) for s, e in (map(tuple, pair) for pair in ends.tolist())}


def _neighbours(areas: Boundaries, own: set[Segment]) -> set[str]:
    start, end, owner = areas.segments
    keys = zip(map(tuple, start.tolist()), map(tuple, end.tolist()), owner.tolist(), strict=True)
    found = {number for s, e, number in keys if (min(s, e), max(s, e)) in own}
    return {code for number in found if (code := areas.codes[number]) is not None}


def distance_km(line: Line, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Floats:
    """Great-circle distance in km of each point to the nearest place on a line; NaN where it has no usable coordinates.

    Exact on the sphere of the Earth's mean radius, which differs from the WGS 84 ellipsoid by up to 0.6 %.

    Args:
        line: the line.
        lat: latitudes, degrees, NaN where missing.
        lon: longitudes, as many, degrees within 180.

    Raises:
        InputError: the lists are not as they must be.

    Reference: cross-track distance, https://www.movable-type.co.uk/scripts/latlong-vectors.html.
    """
    phi, lam = coordinates(lat, lon)
    good = usable(phi, lam)
    found = np.full(len(phi), np.nan)
    places, back = np.unique(lam[good] + 1j * phi[good], return_inverse=True)
    found[good] = nearest(unit_vectors(places.imag, places.real), line.arcs)[1][back]
    return found
