"""Distances on the sphere, and a grid of cells of about equal size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from marsad.errors import InputError

__all__ = ["EARTH_RADIUS_KM", "cell", "coordinates", "haversine_km", "unit_vectors", "usable"]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), km. Distances on the sphere are within 0.6 % of those on the WGS 84 ellipsoid."""

Floats = npt.NDArray[np.float64]
_ROW = 1 << 20


def haversine_km(lat1: npt.ArrayLike, lon1: npt.ArrayLike, lat2: npt.ArrayLike, lon2: npt.ArrayLike) -> Floats:
    """Great-circle distance in km between points in degrees; the four broadcast; NaN where a coordinate is missing.

    Longitudes may be of any turn (190 is -170). Reference: Sinnott 1984, Virtues of the haversine, Sky & Telescope 68.
    """
    phi1, lam1, phi2, lam2 = (np.radians(np.asarray(value, dtype=np.float64)) for value in (lat1, lon1, lat2, lon2))
    half = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lam2 - lam1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), dtype=np.float64)


def cell(lat: npt.ArrayLike, lon: npt.ArrayLike, size_km: float) -> npt.NDArray[np.int64]:
    """Number of the grid cell of each point; -1 where it has no usable coordinates.

    The sphere is cut into rows ``size_km`` high (or a little less, so that they fit), and each row into equal columns
    as near to ``size_km`` wide at its middle as fits, at least one. So a cell is about as large at the pole as at the
    equator, 180 and -180 degrees are one column, and a pole is one point. Cell = row * 2**20 + column, rows from the
    South Pole.

    Raises:
        InputError: ``size_km`` is not from 0.05 to 20,000, or the arrays do not have one length.
    """
    if not 0.05 <= size_km <= 20_000:
        raise InputError(f"cell: size_km is {size_km}; give a size from 0.05 to 20,000 km")
    phi, lam = coordinates(lat, lon)
    good = usable(phi, lam)
    phi, lam = np.where(good, phi, 0.0), np.where(good, lam, 0.0)
    rows = int(np.ceil(np.pi * EARTH_RADIUS_KM / size_km))
    row = np.clip(np.floor((phi + 90) / 180 * rows), 0, rows - 1)
    middle = np.radians((row + 0.5) / rows * 180 - 90)
    columns = np.maximum(1, np.rint(2 * np.pi * EARTH_RADIUS_KM * np.cos(middle) / size_km))
    lam = np.where(np.abs(phi) == 90, 0.0, lam)
    column = np.clip(np.floor((lam + 180) % 360 / 360 * columns), 0, columns - 1)
    return np.where(good, row * _ROW + column, -1).astype(np.int64)


def coordinates(lat: npt.ArrayLike, lon: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Latitudes and longitudes as two arrays of one length.

    Raises:
        InputError: they are no numbers, not one-dimensional, or of two lengths.
    """
    try:
        phi, lam = (np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in (lat, lon))
    except (TypeError, ValueError) as error:
        raise InputError(f"latitude and longitude must be numbers, NaN where they are missing: {error}") from None
    if phi.ndim != 1 or phi.shape != lam.shape:
        raise InputError(f"latitudes {phi.shape} and longitudes {lam.shape} must be two lists of one length")
    return phi, lam


def usable(lat: Floats, lon: Floats) -> npt.NDArray[np.bool_]:
    """Which points have coordinates on the globe: finite, latitude within 90 and longitude within 180 degrees."""
    return (np.abs(lat) <= 90) & (np.abs(lon) <= 180)


def unit_vectors(lat: Floats, lon: Floats) -> Floats:
    """Points on the unit sphere, (n, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))
