"""The nearest of many great-circle arcs to each of many points, exactly.

The distance is on the sphere, so that poles and the 180th meridian need no care. Points and arcs are pruned together:
a group of points within radius r of its centre can only be nearest to arcs within 2 r of the arc nearest to the centre
(triangle inequality); groups are halved until few pairs are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from marsad.geography.grid import EARTH_RADIUS_KM, unit_vectors

__all__ = ["Arcs", "arcs_of", "nearest"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_LONGEST_STEP = 0.25
_FEW_PAIRS = 20_000
_FEW_ARCS = 12
_MOST_PAIRS = 30_000
_SLACK = 1e-7


@dataclass(frozen=True, eq=False)
class Arcs:
    """Great-circle arcs.

    Attributes:
        start, end: unit vectors, (n, 3).
        owner: number of the thing that each belongs to, (n,), ascending.
    """

    start: Floats
    end: Floats
    owner: Indices

    @cached_property
    def columns(self) -> tuple[Floats, ...]:
        """Fifteen rows of length n: start, end, normal, normal x start, end x normal; three coordinates each."""
        normal = np.cross(self.start, self.end)
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        normal = np.divide(normal, length, out=np.zeros_like(normal), where=length > 0)
        parts = (self.start, self.end, normal, np.cross(normal, self.start), np.cross(self.end, normal))
        return tuple(np.ascontiguousarray(part[:, axis]) for part in parts for axis in range(3))


def arcs_of(start: Floats, end: Floats, owner: Indices) -> Arcs:
    """Arcs from segments that are straight in degrees (longitude, latitude), as GeoJSON has them.

    Segments longer than a quarter of a degree are cut into equal parts first: then an arc leaves its segment by less
    than about 0.02 km at middle latitudes.
    """
    span = np.abs(end - start).max(axis=1, initial=0.0)
    pieces = np.maximum(1, np.ceil(span / _LONGEST_STEP)).astype(np.int64)
    which = np.repeat(np.arange(len(start)), pieces)
    step = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    total = pieces[which]
    shift = end[which] - start[which]
    first = start[which] + shift * (step / total)[:, None]
    last = np.where((step + 1 == total)[:, None], end[which], start[which] + shift * ((step + 1) / total)[:, None])
    return Arcs(unit_vectors(first[:, 1], first[:, 0]), unit_vectors(last[:, 1], last[:, 0]), owner[which])


def nearest(points: Floats, arcs: Arcs, *, limit_km: float = np.inf) -> tuple[Indices, Floats]:
    """The arc nearest to each point, and its distance.

    The answer for a point does not depend on the other points. Of arcs equally near (within some 0.1 m) the first wins.

    Args:
        points: unit vectors, (n, 3).
        arcs: at least one.
        limit_km: arcs farther than this are not looked for.

    Returns:
        Index of the arc (-1 where none is within the limit) and distance in km (NaN there).
    """
    found = np.full(len(points), -1, dtype=np.int64)
    limit = limit_km / EARTH_RADIUS_KM
    todo = [(np.arange(len(points)), np.arange(len(arcs.owner)))] if len(points) and len(arcs.owner) else []
    while todo:
        group, candidates = todo.pop()
        candidates = _possible(points[group], arcs, candidates, limit)
        if not len(candidates):
            continue
        if len(candidates) <= _FEW_ARCS or len(group) * len(candidates) <= _FEW_PAIRS or len(group) == 1:
            _look_at_all(points, arcs, group, candidates, found)
        else:
            todo.extend((half, candidates) for half in _halves(points, group))
    distance = _exact_km(points, arcs, found)
    beyond = ~(distance <= limit_km)
    found[beyond], distance[beyond] = -1, np.nan
    return found, distance


def _possible(group: Floats, arcs: Arcs, candidates: Indices, limit: float) -> Indices:
    """Those of the candidates that can be nearest to a point of the group and within the limit of it."""
    centre = group.mean(axis=0)
    length = float(np.linalg.norm(centre))
    centre = centre / length if length > _SLACK else group[0]
    radius = float(np.arccos(np.clip((group @ centre).min(), -1, 1)))
    angle = np.arccos(np.clip(_cosines(centre[None, :], arcs, candidates)[0], -1, 1))
    possible: Indices = candidates[angle <= min(float(angle.min()) + 2 * radius, limit + radius) + _SLACK]
    return possible


def _halves(points: Floats, group: Indices) -> tuple[Indices, Indices]:
    own = points[group]
    axis = int(np.argmax(np.ptp(own, axis=0)))
    middle = len(group) // 2
    order: Indices = np.argpartition(own[:, axis], middle)
    return group[order[:middle]], group[order[middle:]]


def _look_at_all(points: Floats, arcs: Arcs, group: Indices, candidates: Indices, found: Indices) -> None:
    size = max(1, _MOST_PAIRS // len(candidates))
    for begin in range(0, len(group), size):
        some = group[begin : begin + size]
        found[some] = candidates[np.argmax(_cosines(points[some], arcs, candidates), axis=1)]


def _cosines(points: Floats, arcs: Arcs, candidates: Indices) -> Floats:
    """Cosine of the angle between each point and its nearest place on each candidate, (points, candidates).

    Written out rather than as a matrix product, whose rounding depends on the shape.
    """
    x, y, z = (points[:, axis, None] for axis in range(3))
    own = [column[candidates] for column in arcs.columns]

    def dot(part: int) -> Floats:
        return np.asarray(x * own[3 * part] + y * own[3 * part + 1] + z * own[3 * part + 2])

    across = dot(2)
    beside = (dot(3) >= 0) & (dot(4) >= 0) & ((own[6] != 0) | (own[7] != 0) | (own[8] != 0))
    return np.where(beside, np.sqrt(np.maximum(0, 1 - across * across)), np.maximum(dot(0), dot(1)))


def _exact_km(points: Floats, arcs: Arcs, found: Indices) -> Floats:
    """Distance to the found arc, by formulas that keep their precision when it is small."""
    if not len(arcs.owner):
        return np.full(len(points), np.nan)
    own = np.column_stack([column[found] for column in arcs.columns]).reshape(-1, 5, 3)
    across, after, before = (np.einsum("ij,ij->i", points, own[:, part]) for part in (2, 3, 4))
    beside = (after >= 0) & (before >= 0) & own[:, 2].any(axis=1)
    ends = np.minimum(*(np.linalg.norm(points - own[:, part], axis=1) for part in (0, 1)))
    angle = np.where(beside, np.arcsin(np.clip(np.abs(across), 0, 1)), 2 * np.arcsin(np.clip(ends / 2, 0, 1)))
    return np.where(found >= 0, angle * EARTH_RADIUS_KM, np.nan)
