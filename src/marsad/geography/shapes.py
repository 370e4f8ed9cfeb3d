"""GeoJSON geometries into polygons and paths on the map from -180 to 180 degrees, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marsad.geography.reading import Where

__all__ = ["line_paths", "map_polygons"]

Floats = npt.NDArray[np.float64]

_WHOLE = 360 - 1e-9
_DEEPEST = 16
_ROUNDING = 1e-6


def line_paths(geometry: Mapping[str, Any] | None, where: Where) -> list[Floats]:
    """Paths of a LineString, MultiLineString or collection of them: arrays (n, 2) of longitude, latitude.

    A path over the 180th meridian runs on beyond it (179, 181), so that no segment goes round the globe.

    Raises:
        ParseError: it is of another type or its coordinates are not on the globe.
    """
    paths = []
    for kind, coordinates in _simple(geometry, where, 0):
        if kind not in ("LineString", "MultiLineString"):
            remedy = "give lines; for the border of two areas take border_between"
            raise where.fault("geometry.type", f"it is {kind!r:.60}, not a line", remedy)
        several = [coordinates] if kind == "LineString" else _items(coordinates, where)
        paths += [_unwrapped(_positions(one, where, least=2)) for one in several]
    return paths


def map_polygons(geometry: Mapping[str, Any] | None, where: Where) -> tuple[list[shapely.Polygon], list[str]]:
    """Polygons of a Polygon, MultiPolygon or collection of them, and what had to be mended.

    Rings over the 180th meridian, whether they run on beyond it (179, 181) or jump (179, -179), are cut there. A ring
    round a pole is closed over it. Polygons that cross themselves are mended (GEOS ``make_valid``), which is said.

    Raises:
        ParseError: it is of another type, a ring is not closed, or coordinates are not on the globe.
    """
    polygons: list[shapely.Polygon] = []
    notes: list[str] = []
    for kind, coordinates in _simple(geometry, where, 0):
        if kind not in ("Polygon", "MultiPolygon"):
            raise where.fault("geometry.type", f"it is {kind!r:.60}, not a polygon", "give areas, or leave it out")
        for one in [coordinates] if kind == "Polygon" else _items(coordinates, where):
            every = [_ring(ring, where) for ring in _items(one, where)]
            # Quantisation makes rings of two or three positions of the smallest islands.
            rings = [ring for ring in every if len(ring) >= 4]
            if len(rings) < len(every):
                notes.append("a ring of fewer than 4 positions has no area and was left out")
            if rings and len(every[0]) >= 4:
                parts, note = _placed(rings, where)
                polygons += parts
                notes += [note] if note else []
    if not polygons:
        notes.append("it has no area")
    return polygons, [f"feature {where.feature}: {note}" for note in dict.fromkeys(notes)]


def _simple(geometry: Mapping[str, Any] | None, where: Where, depth: int) -> Iterator[tuple[object, object]]:
    """Type and coordinates of each geometry; collections are opened."""
    if geometry is None:
        return
    if depth > _DEEPEST or not isinstance(geometry, Mapping):
        raise where.fault("geometry", "it is not an object, or nested too deep", "see RFC 7946, section 3.1")
    if geometry.get("type") == "GeometryCollection":
        for part in _items(geometry.get("geometries"), where):
            yield from _simple(part, where, depth + 1)
    else:
        yield geometry.get("type"), geometry.get("coordinates")


def _items(value: object, where: Where) -> list[Any]:
    if not isinstance(value, list):
        raise where.fault("geometry.coordinates", "they are not nested as the type asks", "see RFC 7946, section 3.1")
    return value


def _positions(value: object, where: Where, *, least: int) -> Floats:
    """Positions as an array (n, 2); a third number, the height, is left out."""
    field = "geometry.coordinates"
    try:
        points = np.asarray(value)
    except ValueError:
        points = np.empty(0, dtype=object)
    if points.ndim != 2 or points.shape[1] < 2 or points.dtype.kind not in "iuf":
        raise where.fault(field, "they are not lists of two or three numbers", "see RFC 7946, section 3.1.1")
    if len(points) < least:
        raise where.fault(field, f"there are {len(points)} positions where {least} are needed", "remove the part")
    plane = points[:, :2].astype(np.float64)
    limits = np.array([360.0, 90.0])
    bad = ~(np.abs(plane) <= limits + _ROUNDING)
    if bad.any():
        lon, lat = plane[int(np.argmax(bad.any(axis=1)))]
        message = f"longitude {lon:g}, latitude {lat:g} is not on the globe"
        raise where.fault(field, message, "give degrees, longitude first, WGS 84; metres must be converted")
    return np.clip(plane, -limits, limits)


def _ring(value: object, where: Where) -> Floats:
    ring = _positions(value, where, least=1)
    if not np.array_equal(ring[0], ring[-1]):
        raise where.fault("geometry.coordinates", "a ring does not end where it begins", "repeat its first position")
    return ring


def _unwrapped(path: Floats) -> Floats:
    """The path with its jumps over the 180th meridian undone: 179, -179 becomes 179, 181."""
    step = np.diff(path[:, 0])
    turns = -np.rint(step / 360) * (np.abs(step) > 180)
    if not turns.any():
        return path
    shifted = path.copy()
    shifted[1:, 0] += 360 * np.cumsum(turns)
    return shifted


def _goes_round_the_map(ring: Floats) -> bool:
    """Whether its steps of 360 degrees run along the edge of the map, rather than over the 180th meridian."""
    length = np.abs(np.diff(ring[:, 0]))
    whole = length >= _WHOLE
    if not whole.any() or ((length > 180) & ~whole).any():
        return not (length > 180).any()
    return bool(whole.sum() == 1 or (np.abs(ring[:, 0]) == 180).all())


def _placed(rings: list[Floats], where: Where) -> tuple[list[shapely.Polygon], str]:
    """The polygons on the map of one polygon, and what was mended about it."""
    placed = [ring if _goes_round_the_map(ring) else _unwrapped(ring) for ring in rings]
    circles = [ring for ring in placed if abs(ring[-1, 0] - ring[0, 0]) > 180]
    if circles:
        rest = [ring for ring in placed if abs(ring[-1, 0] - ring[0, 0]) <= 180]
        return _round_the_pole(circles, rest, where), ""
    if np.ptp(placed[0][:, 0]) > 360 + _ROUNDING:
        raise where.fault("geometry.coordinates", "a ring is wider than the globe", "cut the polygon at 180 degrees")
    shell = placed[0] - [360 * np.floor((placed[0][:, 0].min() + 180) / 360), 0]
    middle = (shell[:, 0].min() + shell[:, 0].max()) / 2
    holes = [ring - [360 * np.rint((ring[:, 0].mean() - middle) / 360), 0] for ring in placed[1:]]
    polygon = shapely.Polygon(shell, holes)
    note = "" if shapely.is_valid(polygon) else f"it was mended ({shapely.is_valid_reason(polygon)})"
    return _cut(polygon if not note else shapely.make_valid(polygon)), note


def _round_the_pole(circles: list[Floats], holes: list[Floats], where: Where) -> list[shapely.Polygon]:
    """What is within one ring round the globe, with the pole on its side of the equator; of two, the band between."""
    latitudes = np.concatenate([ring[:, 1] for ring in circles])
    if len(circles) > 2 or (len(circles) == 1 and latitudes.min() < 0 < latitudes.max()):
        message = "a ring runs round the globe, and what is within cannot be told"
        raise where.fault("geometry.coordinates", message, "cut the polygon at 180 degrees and close it over the pole")
    pole = -90.0 if latitudes.max() <= 0 else 90.0
    caps = [shapely.union_all(_cap(ring, pole)) for ring in circles]  # the parts may overlap
    shape = shapely.symmetric_difference(*caps) if len(caps) == 2 else caps[0]
    for hole in holes:
        whole = hole - [360 * np.floor((hole[:, 0].min() + 180) / 360), 0]
        shape = shapely.difference(shape, shapely.union_all(_cut(shapely.make_valid(shapely.Polygon(whole)))))
    return _cut(shape)


def _cap(ring: Floats, pole: float) -> list[shapely.Polygon]:
    """A ring round the globe closed over a pole, along the meridian where it begins."""
    closed = np.vstack([ring, [ring[-1, 0], pole], [ring[0, 0], pole], ring[:1]])
    closed[:, 0] -= 360 * np.floor((closed[:, 0].min() + 180) / 360)
    return _cut(shapely.make_valid(shapely.Polygon(closed)))


def _cut(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons of a shape, cut at the 180th meridian and moved to where they belong on the map."""
    if shape.is_empty:
        return []
    parts: list[shapely.Geometry] = []
    first, last = (
        int(np.floor((edge + 180) / 360)) for edge in (shape.bounds[0], np.nextafter(shape.bounds[2], -1000))
    )
    for turn in range(first, max(first, last) + 1):
        west = 360 * turn - 180
        piece = shape if first >= last else shapely.intersection(shape, shapely.box(west, -90, west + 360, 90))
        parts += _polygons(shapely.transform(piece, partial(_shifted, degrees=360.0 * turn)) if turn else piece)
    return parts


def _shifted(points: Floats, *, degrees: float) -> Floats:
    return points - [degrees, 0.0]


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Polygons in a geometry, nested as it may be."""
    if hasattr(shape, "geoms"):
        return [inner for part in shape.geoms for inner in _polygons(part)]
    return [shape] if shape.geom_type == "Polygon" and not shape.is_empty else []
