"""Which area each point is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from marsad.errors import InputError
from marsad.geography.arcs import nearest
from marsad.geography.boundaries import Boundaries
from marsad.geography.grid import coordinates, unit_vectors, usable

__all__ = ["Areas", "How", "assign"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_AT_ONCE = 250_000


class How(IntEnum):
    """How the area of a point was found."""

    UNUSABLE = 0
    """It has no usable coordinates: missing, or not on the globe."""
    NONE = 1
    """It is in no area and farther from all than the tolerance."""
    NEAR = 2
    """It is in no area; the nearest within the tolerance was taken."""
    INSIDE = 3
    """It is in the area or on its edge."""


@dataclass(frozen=True, eq=False)
class Areas:
    """The area of each point, in the order of the points.

    Attributes:
        boundaries: the areas.
        index: number of the area in ``boundaries``; -1 where there is none.
        how: a ``How`` for each.
        km: distance to the area, km: 0 inside, NaN where there is none.
    """

    boundaries: Boundaries
    index: Indices
    how: npt.NDArray[np.uint8]
    km: Floats

    def names(self) -> list[str | None]:
        """Names of the areas; None where there is none."""
        return self._of(self.boundaries.names)

    def codes(self) -> list[str | None]:
        """Codes of the areas; None where there is none, or the area has none."""
        return self._of(self.boundaries.codes)

    def countries(self) -> list[str | None]:
        """Alpha-3 codes of the countries of the areas; likewise."""
        return self._of(self.boundaries.countries)

    def counts(self) -> dict[str, int]:
        """How many points were found how, by the lower-case names of ``How``."""
        return {how.name.lower(): int((self.how == how).sum()) for how in How}

    def _of(self, values: tuple[str | None, ...]) -> list[str | None]:
        return np.array([*values, None], dtype=object)[self.index].tolist()  # type: ignore[no-any-return]


def assign(boundaries: Boundaries, lat: npt.ArrayLike, lon: npt.ArrayLike, *, tolerance_km: float = 10.0) -> Areas:
    """Assign points to areas.

    A point in an area, or on its edge, is inside; one on a common edge, or in two areas that overlap, belongs to the
    area that comes first in the file. A point in none goes to the nearest area within the tolerance (coasts and borders
    are simplified), of two equally near the first. Edges are straight between their vertices on the map of degrees, as
    GeoJSON has them. The answer for a point does not depend on the other points.

    Args:
        boundaries: the areas.
        lat: latitudes, degrees, NaN where missing.
        lon: longitudes, as many, degrees within 180.
        tolerance_km: how far outside a point may be, km; 0 for not at all.

    Raises:
        InputError: the tolerance is negative or NaN, or the lists are not as they must be.
    """
    if not tolerance_km >= 0:
        raise InputError(f"assign: tolerance_km is {tolerance_km}; give 0 or more")
    phi, lam = coordinates(lat, lon)
    good = usable(phi, lam)
    index = np.full(len(phi), -1, dtype=np.int64)
    how = np.where(good, How.NONE, How.UNUSABLE).astype(np.uint8)
    km = np.full(len(phi), np.nan)
    places, back = np.unique(lam[good] + 1j * phi[good], return_inverse=True)
    own_index = np.full(len(places), -1, dtype=np.int64)
    own_km = np.zeros(len(places))
    for begin in range(0, len(places), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        own_index[part], own_km[part] = _assign(boundaries, places[part].imag, places[part].real, tolerance_km)
    index[good], km[good] = own_index[back], own_km[back]
    how[good] = np.select([own_index < 0, own_km > 0], [How.NONE, How.NEAR], How.INSIDE)[back]
    return Areas(boundaries, index, how, km)


def _assign(boundaries: Boundaries, lat: Floats, lon: Floats, tolerance_km: float) -> tuple[Indices, Floats]:
    index = _inside(boundaries, lat, lon)
    # A point at 180 degrees is also at -180.
    edge = np.flatnonzero((np.abs(lon) == 180) & (index < 0))
    index[edge] = _inside(boundaries, lat[edge], -lon[edge])
    km = np.where(index >= 0, 0.0, np.nan)
    outside = np.flatnonzero(index < 0)
    if tolerance_km > 0 and len(outside):
        points = unit_vectors(lat[outside], lon[outside])
        arc, distance = nearest(points, boundaries.edges, limit_km=tolerance_km)
        found = arc >= 0
        index[outside[found]] = boundaries.edges.owner[arc[found]]
        # Just above zero: what is outside by rounding is near, not inside.
        km[outside[found]] = np.maximum(distance[found], np.nextafter(0, 1))
    return index, km


def _inside(boundaries: Boundaries, lat: Floats, lon: Floats) -> Indices:
    index = np.full(len(lat), -1, dtype=np.int64)
    for part, points in _candidates(boundaries, lat, lon):
        points = points[index[points] < 0]  # noqa: PLW2901 - only those still without an area
        if len(points):
            within = shapely.intersects_xy(boundaries.parts[part], lon[points], lat[points])
            index[points[within]] = boundaries.owner[part]
    return index


def _candidates(boundaries: Boundaries, lat: Floats, lon: Floats) -> Iterator[tuple[int, Indices]]:
    """For each part in order, the points within its bounding box."""
    if not len(lat) or not len(boundaries.parts):
        return
    point, part = boundaries.tree.query(shapely.points(lon, lat))
    order = np.lexsort((point, part))
    point, part = point[order], part[order]
    parts, begin = np.unique(part, return_index=True)
    for number, (first, last) in zip(parts, pairwise([*begin, len(part)]), strict=True):
        yield int(number), point[first:last]
