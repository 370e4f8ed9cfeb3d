"""Distances on the sphere and the grid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.geography.grid import EARTH_RADIUS_KM, cell, haversine_km

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
HALF = math.pi * EARTH_RADIUS_KM


@pytest.mark.parametrize(
    ("one", "two", "km"),
    [
        ((0, 0), (0, 90), HALF / 2),
        ((90, 10), (-90, 70), HALF),
        ((0, 179.5), (0, -179.5), HALF / 180),
        ((89, 0), (89, 180), HALF / 90),
        ((34.5, 69.2), (34.5, 69.2), 0),
        ((10, 190), (10, -170), 0),
    ],
)
def test_known_distances(one: tuple[float, float], two: tuple[float, float], km: float) -> None:
    assert float(haversine_km(*one, *two)) == pytest.approx(km, abs=1e-6)


def test_distance_broadcasts_and_keeps_what_is_missing() -> None:
    found = haversine_km([0, math.nan], [0, 0], 0, 1)
    assert found[0] == pytest.approx(HALF / 180)
    assert math.isnan(found[1])


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_that_of_the_angle_between_vectors(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    def vector(lat: float, lon: float) -> list[float]:
        phi, lam = math.radians(lat), math.radians(lon)
        return [math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)]

    one, two = np.array(vector(lat1, lon1)), np.array(vector(lat2, lon2))
    angle = math.atan2(float(np.linalg.norm(np.cross(one, two))), float(one @ two))
    assert float(haversine_km(lat1, lon1, lat2, lon2)) == pytest.approx(angle * EARTH_RADIUS_KM, abs=0.01)


@given(latitudes, longitudes, st.floats(1, 2000), st.integers(0, 2**32))
def test_points_of_one_cell_are_near_each_other(lat: float, lon: float, size: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    degrees = 2 * size / 111
    others = np.clip(lat + random.uniform(-degrees, degrees, 200), -90, 90)
    beside = (lon + random.uniform(-180, 180, 200) * min(1, degrees / 90) + 540) % 360 - 180
    same = cell(others, beside, size) == cell([lat], [lon], size)[0]
    # Columns are widest where a row is nearest to the equator; rounding to whole columns adds at most a half.
    assert (haversine_km(others, beside, lat, lon)[same] <= size * 3.2).all()


def test_the_dateline_and_the_poles_are_no_edge() -> None:
    assert cell([12.3], [180], 50)[0] == cell([12.3], [-180], 50)[0]
    assert len(set(cell([90] * 4, [-180, -90, 0, 77], 50).tolist())) == 1
    assert len(set(cell([-90] * 4, [-180, -90, 0, 77], 50).tolist())) == 1
    assert cell([89.99], [0], 500)[0] == cell([89.99], [1], 500)[0]


def test_cells_are_of_about_the_size_asked_for() -> None:
    random = np.random.default_rng(1)
    lat = np.degrees(np.arcsin(random.uniform(-1, 1, 400_000)))
    lon = random.uniform(-180, 180, 400_000)
    size = 500
    _, counts = np.unique(cell(lat, lon, size), return_counts=True)
    area = counts / 400_000 * 4 * math.pi * EARTH_RADIUS_KM**2
    assert np.median(area) == pytest.approx(size**2, rel=0.05)
    assert len(counts) == pytest.approx(4 * math.pi * EARTH_RADIUS_KM**2 / size**2, rel=0.03)


def test_cells_of_unusable_points_are_marked() -> None:
    assert cell([math.nan, 91, 0, 0], [0, 0, 181, math.inf], 10).tolist() == [-1] * 4


@pytest.mark.parametrize("size", [0, -1, math.nan, math.inf, 0.01])
def test_an_impossible_size_is_refused(size: float) -> None:
    with pytest.raises(InputError, match="size_km"):
        cell([0], [0], size)


@pytest.mark.parametrize(("lat", "lon"), [([1, 2], [1]), ([[1]], [[1]]), (["x"], [1])])
def test_lists_that_do_not_fit_are_refused(lat: Any, lon: Any) -> None:
    with pytest.raises(InputError):
        cell(lat, lon, 10)
