"""TopoJSON into GeoJSON geometries: arcs, quantisation, transform.

Reference: The TopoJSON Format Specification, https://github.com/topojson/topojson-specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from marsad.geography.reading import Feature, Where

__all__ = ["topology_features"]

Floats = npt.NDArray[np.float64]

_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
_DEEPEST = 16
_MOST_POSITIONS = 50_000_000


@dataclass(slots=True)
class _Arcs:
    """The arcs, and how many positions may still be made of them: a small file can name one long arc often."""

    rows: list[Floats]
    left: int = _MOST_POSITIONS


def topology_features(found: Mapping[str, Any], file: str, *, layer: str | None = None) -> list[Feature]:
    """Features of one object (layer) of a topology, their coordinates decoded.

    Args:
        found: the topology.
        file: for messages.
        layer: name of the object; None takes the only one.

    Raises:
        ParseError: the topology is broken, or has several objects and none was named.
    """
    where = Where(file)
    objects = found.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise where.fault("objects", "the topology has none", "give a TopoJSON Topology")
    if layer is None and len(objects) > 1:
        raise where.fault("objects", f"it has several: {', '.join(sorted(objects))}", "name one as layer")
    chosen = objects.get(layer) if layer is not None else next(iter(objects.values()))
    if not isinstance(chosen, dict):
        raise where.fault("objects", f"there is no object {layer!r}", f"take one of {', '.join(sorted(objects))}")
    arcs = _arcs(found, where)
    rows = chosen.get("geometries") if chosen.get("type") == "GeometryCollection" else [chosen]
    if not isinstance(rows, list):
        raise where.fault("geometries", "they are not a list", "give a GeometryCollection")
    return [_feature(row, arcs, Where(file, number)) for number, row in enumerate(rows, 1)]


def _arcs(found: Mapping[str, Any], where: Where) -> _Arcs:
    rows = found.get("arcs")
    if not isinstance(rows, list):
        raise where.fault("arcs", "they are not a list", "give a TopoJSON Topology")
    transform = found.get("transform")
    scale = shift = None
    if transform is not None:
        scale, shift = (_pair(transform, name, where) for name in ("scale", "translate"))
    return _Arcs([_arc(row, number, scale, shift, where) for number, row in enumerate(rows)])


def _pair(transform: object, name: str, where: Where) -> Floats:
    value = transform.get(name) if isinstance(transform, dict) else None
    pair = np.asarray(value) if isinstance(value, list) and len(value) == 2 else np.empty(0, dtype=object)
    if pair.shape != (2,) or pair.dtype.kind not in "iuf":
        raise where.fault(f"transform.{name}", "it is not two numbers", "give a TopoJSON Topology")
    return pair.astype(np.float64)


def _arc(row: object, number: int, scale: Floats | None, shift: Floats | None, where: Where) -> Floats:
    try:
        points = np.asarray(row if isinstance(row, list) else None)
    except ValueError:
        points = np.empty(0, dtype=object)
    if points.ndim != 2 or points.shape[1] < 2 or points.dtype.kind not in "iuf":
        raise where.fault(f"arcs[{number}]", "it is not a list of positions", "give a TopoJSON Topology")
    plane = points[:, :2].astype(np.float64)
    return plane if scale is None or shift is None else np.cumsum(plane, axis=0) * scale + shift


def _feature(row: object, arcs: _Arcs, where: Where) -> Feature:
    if not isinstance(row, dict):
        raise where.fault("geometries", "it is not an object", "give a TopoJSON Topology")
    properties = row.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise where.fault("properties", "they are not an object", "give an object or null")
    own = {"id": row["id"]} if row.get("id") is not None else {}
    return Feature(where, {**own, **(properties or {})}, _geometry(row, arcs, where, 0))


def _geometry(row: object, arcs: _Arcs, where: Where, depth: int) -> dict[str, Any] | None:
    kind = row.get("type") if isinstance(row, dict) else None
    if not isinstance(row, dict) or depth > _DEEPEST:
        raise where.fault("geometries", "it is not an object, or nested too deep", "give a TopoJSON Topology")
    if kind is None:
        return None
    if kind == "GeometryCollection":
        parts = row.get("geometries")
        if not isinstance(parts, list):
            raise where.fault("geometries", "they are not a list", "give a list")
        return {"type": kind, "geometries": [_geometry(part, arcs, where, depth + 1) for part in parts]}
    if not isinstance(kind, str) or kind not in _DEPTH:
        return {"type": kind, "coordinates": row.get("coordinates")}
    return {"type": kind, "coordinates": _nested(row.get("arcs"), _DEPTH[kind], arcs, where)}


def _nested(value: object, depth: int, arcs: _Arcs, where: Where) -> Any:
    if not isinstance(value, list):
        raise where.fault("arcs", "they are not nested as the type asks", "give a TopoJSON Topology")
    if depth:
        return [_nested(one, depth - 1, arcs, where) for one in value]
    return _joined(value, arcs, where)


def _joined(indices: list[Any], arcs: _Arcs, where: Where) -> Floats:
    """Arcs end to end; a negative index is the arc of its complement, backwards."""
    parts = []
    for index in indices:
        if not isinstance(index, int) or isinstance(index, bool) or not -len(arcs.rows) <= index < len(arcs.rows):
            raise where.fault(
                "arcs", f"there is no arc {index!r:.40}", "the topology is cut off or broken: get it again"
            )
        parts.append(arcs.rows[index] if index >= 0 else arcs.rows[~index][::-1])
        arcs.left -= len(parts[-1])
        if arcs.left < 0:
            raise where.fault("arcs", f"they make more than {_MOST_POSITIONS:,} positions", "simplify the topology")
    for before, after in pairwise(parts):
        if not np.array_equal(before[-1], after[0]):
            raise where.fault("arcs", "one does not begin where the one before ends", "get the topology again")
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])]) if parts else np.empty((0, 2))
