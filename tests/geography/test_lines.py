"""Border lines and distances to them, against brute force."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely

from marsad.errors import InputError, NotFoundError, ParseError
from marsad.geography.boundaries import read_boundaries, world_boundaries
from marsad.geography.grid import EARTH_RADIUS_KM, haversine_km
from marsad.geography.lines import Line, border_between, distance_km, line_between, read_lines

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data are not at {DATA}")
Floats = npt.NDArray[np.float64]


def _brute_force(line: Line, lat: Floats, lon: Floats) -> Floats:
    """Distance to points on the line every 0.001 degrees."""
    several = shapely.segmentize(shapely.MultiLineString([path.tolist() for path in line.paths]), 0.001)
    points = shapely.get_coordinates(several)
    return np.array([haversine_km(points[:, 1], points[:, 0], y, x).min() for y, x in zip(lat, lon, strict=True)])


def _write(tmp_path: Path, *features: tuple[dict[str, Any], Any]) -> Path:
    rows = [{"type": "Feature", "properties": properties, "geometry": shape} for properties, shape in features]
    path = tmp_path / "lines.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


def _line(*points: tuple[float, float]) -> Line:
    return Line(None, None, None, (np.array(points, dtype=np.float64),))


def test_distance_to_a_border_is_that_of_brute_force() -> None:
    border = border_between("PAK", "AFG")
    random = np.random.default_rng(2)
    lat, lon = random.uniform(25, 40, 150), random.uniform(57, 79, 150)
    found, truth = distance_km(border, lat, lon), _brute_force(border, lat, lon)
    assert truth.max() > 500
    # Brute force is too far by up to half a step, 0.06 km, along the line.
    assert (np.abs(found - truth) <= np.maximum(0.0005 * truth, 0.06)).all()
    assert (found <= truth + 0.02).all()


@pytest.mark.parametrize(
    "line",
    [
        _line((-179, 10), (-181, 12), (-184, 11)),
        _line((0, 85), (90, 87), (180, 85)),
        _line((20, -3), (20, 3)),
        _line((-95, 49), (-123, 49)),
    ],
    ids=["over the dateline", "near the pole", "over the equator", "long, along a parallel"],
)
def test_distance_anywhere_on_the_globe(line: Line) -> None:
    random = np.random.default_rng(4)
    lat, lon = np.degrees(np.arcsin(random.uniform(-1, 1, 60))), random.uniform(-180, 180, 60)
    found, truth = distance_km(line, lat, lon), _brute_force(line, lat, lon)
    assert (np.abs(found - truth) <= np.maximum(0.0005 * truth, 0.06)).all()


def test_small_distances_are_exact() -> None:
    line = _line((10, 0), (20, 0))
    metre = 0.001 / EARTH_RADIUS_KM * 180 / math.pi
    assert distance_km(line, [0, metre, -metre], [15, 15, 12]) == pytest.approx([0, 0.001, 0.001], abs=1e-9)
    assert distance_km(line, [0, 0], [10, 10 - metre]) == pytest.approx([0, 0.001], abs=1e-9)


def test_distance_of_unusable_points_is_missing() -> None:
    line = _line((10, 0), (20, 0))
    assert np.isnan(distance_km(line, [math.nan, 95, 0], [0, 0, 300])).all()
    assert distance_km(line, [], []).tolist() == []


def test_a_line_of_one_place_has_a_distance() -> None:
    assert distance_km(_line((10, 0), (10, 0)), [1], [10]) == pytest.approx([math.pi * EARTH_RADIUS_KM / 180])


def test_distances_of_few_and_of_many_points_are_the_same() -> None:
    border = border_between("IND", "PAK")
    random = np.random.default_rng(6)
    lat, lon = random.uniform(20, 40, 5000), random.uniform(60, 80, 5000)
    many = distance_km(border, lat, lon)
    few = np.concatenate([distance_km(border, lat[:40], lon[:40]), distance_km(border, lat[40:90], lon[40:90])])
    assert (many[:90] == few).all()


def test_borders_of_the_world() -> None:
    border = border_between("Pakistan", "Afghanistan")
    assert (border.name, {border.left, border.right}) == ("PAK-AFG", {"PAK", "AFG"})
    assert border.length_km == pytest.approx(2244, rel=0.01)
    assert border_between("AFG", "PAK").length_km == border.length_km
    assert distance_km(border, [34.105, 30.92, 34.53, 24.86], [71.09, 66.45, 69.17, 67.01]) == pytest.approx(
        [1.5, 2, 85, 600], abs=60
    )
    assert (distance_km(border, [34.105, 30.92], [71.09, 66.45]) < 6).all()
    with pytest.raises(NotFoundError, match="between PAK and FRA; lines of PAK are with AFG, CHN, IND, IRN"):
        border_between("PAK", "FRA")


def test_a_border_from_boundaries_is_what_both_have(tmp_path: Path) -> None:
    path = tmp_path / "areas.json"
    rows = [
        {"type": "Feature", "properties": {"name": name, "id": name}, "geometry": json.loads(shapely.to_geojson(shape))}
        for name, shape in (
            ("W", shapely.box(0, 0, 1, 1)),
            ("E", shapely.box(1, 0, 2, 1)),
            ("far", shapely.box(5, 5, 6, 6)),
        )
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    areas = read_boundaries(path, level=1)
    border = border_between("W", "E", boundaries=areas)
    assert [sorted(line.tolist()) for line in border.paths] == [[[1, 0], [1, 1]]]
    with pytest.raises(InputError, match="W and far have no border in common; W borders E"):
        border_between("W", "far", boundaries=areas)
    with pytest.raises(NotFoundError, match="there is no area 'X'; the codes begin E, W, far"):
        border_between("W", "X", boundaries=areas)


def test_shipped_borders_are_those_of_the_shipped_map() -> None:
    fine, coarse = border_between("AFG", "PAK"), border_between("AFG", "PAK", boundaries=world_boundaries())
    points = np.concatenate(coarse.paths)
    assert distance_km(fine, points[:, 1], points[:, 0]).max() < 8
    assert coarse.length_km == pytest.approx(fine.length_km, rel=0.1)


def test_lines_are_read_with_their_sides(tmp_path: Path) -> None:
    shape = {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], [[2, 2, 9], [3, 3, 9]]]}
    own = {"name": "One", "adm0_a3_l": "IND", "adm0_a3_r": "PAK", "no": 5}
    path = _write(tmp_path, (own, shape), ({"name": None, "adm0_left": "India"}, {**shape, "type": "MultiLineString"}))
    one, two = read_lines(path)
    assert (one.name, one.left, one.right, len(one.paths)) == ("One", "IND", "PAK", 2)
    assert (two.name, two.left, two.right) == (None, "IND", None)
    assert line_between([one, two], "PAK", "India").length_km == pytest.approx(one.length_km)
    with pytest.raises(ParseError, match=r"feature 2: no: there is no such property"):
        read_lines(path, name_field="no")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (None, "geometry: it has no line"),
        ({"type": "Polygon", "coordinates": []}, "'Polygon', not a line; .* border_between"),
        ({"type": "LineString", "coordinates": [[0, 0]]}, "1 positions where 2 are needed"),
        ({"type": "LineString", "coordinates": [[0, 0], [0, 99]]}, "latitude 99 is not on the globe"),
        ({"type": "MultiLineString", "coordinates": 3}, "not nested as the type asks"),
    ],
)
def test_broken_lines_are_named(tmp_path: Path, shape: Any, message: str) -> None:
    with pytest.raises(ParseError, match=r"lines\.json: feature 1: .*" + message):
        read_lines(_write(tmp_path, ({}, shape)))


@needs_data
def test_the_shipped_border_is_that_of_natural_earth() -> None:
    lines = read_lines(DATA / "boundaries" / "ne_10m_admin_0_boundary_lines_land.json")
    theirs = line_between(lines, "AFG", "PAK")
    own = border_between("AFG", "PAK")
    points = np.concatenate(theirs.paths)
    assert distance_km(own, points[:, 1], points[:, 0]).max() < 0.5
    assert own.length_km == pytest.approx(theirs.length_km, rel=0.002)
