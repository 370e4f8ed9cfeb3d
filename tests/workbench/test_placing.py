"""Where records lie: by coordinates, by name, never across a border, and what the source says of them stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors import RowAudit
from marsad.errors import InputError
from marsad.geography import border_between, distance_km
from marsad.workbench import Places
from marsad.workbench.placing import shipped_areas


def square(west: float, south: float, **properties: str) -> dict[str, Any]:
    ring = [[west, south], [west, south + 1], [west + 1, south + 1], [west + 1, south], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(path: Path, *features: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


@pytest.fixture
def provinces(tmp_path: Path) -> Path:
    about = {"shapeGroup": "PAK", "shapeType": "ADM1"}
    west, east = {"shapeName": "West", "shapeID": "W"}, {"shapeName": "East", "shapeID": "E"}
    return collection(tmp_path / "adm1.geojson", square(71, 33, **about, **west), square(72, 33, **about, **east))


def placed(places: Places, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    places.place(rows, RowAudit())
    return list(rows)


def at(lat: float, lon: float) -> dict[str, Any]:
    return {"latitude": lat, "longitude": lon}


def test_the_country_is_that_of_the_coordinates_where_the_source_names_none() -> None:
    rows = placed(
        Places(),
        {"latitude": 34.01, "longitude": 71.52},
        {"latitude": 34.53, "longitude": 69.17},
        {"latitude": 34.01, "longitude": 71.52, "country": "AFG"},
        {"latitude": 0.0, "longitude": -30.0},
        {"country": "PAK"},
    )
    assert [(row.get("country"), row.get("admin_by")) for row in rows] == [
        ("PAK", "coordinates"),
        ("AFG", "coordinates"),
        ("AFG", "source"),
        (None, None),
        ("PAK", "source"),
    ]


def test_own_countries_come_before_the_shipped_ones(tmp_path: Path, provinces: Path) -> None:
    own = collection(
        tmp_path / "own.geojson",
        square(71, 33, ADMIN="Afghanistan", ADM0_A3="AFG"),
        square(72, 33, ADMIN="Disputed ground"),
    )
    audit = RowAudit()
    points = [(33.5, 71.5), (33.5, 72.5), (34.05, 71.5), (31.55, 74.34), (33.5, 71.5)]
    rows: list[dict[str, Any]] = [{"latitude": lat, "longitude": lon, "row": n} for n, (lat, lon) in enumerate(points)]
    rows[-1]["country"] = "PAK"
    Places.read([provinces, f"{own}:0"]).place(rows, audit)
    assert [row.get("country") for row in rows] == ["AFG", None, "PAK", "PAK", "PAK"]
    assert [row.get("admin_by") for row in rows] == ["coordinates", None, "coordinates", "coordinates", "coordinates"]
    assert rows[0].get("admin1") is None, "the province is of another country"
    assert rows[4]["admin1"] == "West"
    (told,) = audit.remarks.values()
    assert "lies in Disputed ground of " in told.text
    assert told.rows == [1]


def test_an_own_country_near_by_is_taken_where_the_shipped_ones_have_none(tmp_path: Path) -> None:
    own = collection(tmp_path / "own.geojson", square(-31, 0, ADMIN="Portugal", ADM0_A3="PRT"))
    near, far = placed(Places.read([f"{own}:0"]), at(0.5, -29.95), at(0.5, -29.0))
    assert (near.get("country"), far.get("country")) == ("PRT", None)


def test_the_first_of_several_own_files_of_countries_counts(tmp_path: Path) -> None:
    files = [
        collection(tmp_path / f"{code}.geojson", square(71, 33, ADMIN=name, ADM0_A3=code))
        for name, code in (("Afghanistan", "AFG"), ("India", "IND"))
    ]
    for order in (files, files[::-1]):
        (row,) = placed(Places.read([f"{path}:0" for path in order]), at(33.5, 71.5))
        assert row["country"] == order[0].stem


def test_what_the_source_says_of_the_area_stays_beside_what_was_assigned(provinces: Path) -> None:
    given_row = {"latitude": 33.5, "longitude": 71.5, "country": "PAK", "admin1_reported": "Somewhere"}
    (row,) = placed(Places.read([provinces]), dict(given_row))
    assert (row["admin1"], row["admin1_code"], row["admin_by"]) == ("West", "W", "coordinates")
    assert {name: row[name] for name in given_row} == given_row
    (outside,) = placed(Places.read([provinces]), given_row | {"latitude": 30.0})
    assert (outside["admin1"], outside.get("admin1_code"), outside["admin_by"]) == ("Somewhere", None, "source")


@pytest.mark.parametrize(
    ("precision", "first", "second"),
    [
        ("point", "West", "Small"),
        (None, "West", "Small"),
        ("admin2", "West", "Small"),
        ("admin1", "West", None),
        ("country", None, None),
        ("region", None, None),
    ],
)
def test_a_point_that_stands_for_a_wider_area_is_in_no_finer_one(
    provinces: Path, tmp_path: Path, precision: str | None, first: str | None, second: str | None
) -> None:
    about = {"shapeGroup": "PAK", "shapeType": "ADM2", "shapeName": "Small", "shapeID": "S"}
    districts = collection(tmp_path / "adm2.geojson", square(71, 33, **about))
    row = {"latitude": 33.5, "longitude": 71.5, "country": "PAK", "place_precision": precision}
    (found,) = placed(Places.read([provinces, districts]), row)
    assert (found.get("admin1"), found.get("admin2")) == (first, second)


def test_no_area_of_another_country_is_taken(provinces: Path) -> None:
    inside, beside = placed(
        Places.read([provinces]),
        {"latitude": 33.5, "longitude": 71.5, "country": "AFG"},
        {"latitude": 33.5, "longitude": 70.95, "country": "AFG"},
    )
    assert inside.get("admin1") is None
    assert beside.get("admin1") is None


def test_of_areas_without_a_country_only_those_around_the_point_are_taken(tmp_path: Path) -> None:
    path = collection(tmp_path / "areas.geojson", square(71, 33, name="West"))
    inside, beside = placed(
        Places.read([f"{path}:1"]),
        {"latitude": 33.5, "longitude": 71.5, "country": "PAK"},
        {"latitude": 33.5, "longitude": 70.95, "country": "AFG"},
    )
    assert inside["admin1"] == "West"
    assert beside.get("admin1") is None, "some 5 km outside, and perhaps across a border"
    near, across = placed(
        Places.read([f"{path}:1:pak"]),
        {"latitude": 33.5, "longitude": 70.95, "country": "PAK"},
        {"latitude": 33.5, "longitude": 70.95, "country": "AFG"},
    )
    assert near["admin1"] == "West"
    assert across.get("admin1") is None


def test_a_file_that_does_not_tell_its_level_says_how_to_name_it(tmp_path: Path) -> None:
    path = collection(tmp_path / "areas.geojson", square(71, 33, name="West"))
    with pytest.raises(InputError, match=r"level.*areas\.geojson:1:PAK"):
        Places.read([path])
    colon = collection(tmp_path / "areas:1", square(71, 33, shapeName="X", shapeGroup="PAK", shapeType="ADM1"))
    assert len(Places.read([colon]).boundaries[0]) == 1, "a file of that very name goes first"


def test_areas_are_found_by_name_without_coordinates() -> None:
    area = next(area for area in shipped_areas() if area.level == 1 and area.country == "PAK")
    row, other, foreign = placed(
        Places(),
        {"country": "PAK", "admin1_reported": f"{area.name.upper()} province"},
        {"country": "PAK", "admin1_reported": "Atlantis"},
        {"country": "NOR", "admin1_reported": area.name},
    )
    assert (row["admin1"], row["admin1_code"], row["admin_by"]) == (area.name, area.code, "name")
    assert row["admin1_reported"] == f"{area.name.upper()} province"
    assert (other["admin1"], other.get("admin1_code"), other["admin_by"]) == ("Atlantis", None, "source")
    assert foreign.get("admin1_code") is None


def test_what_was_mended_in_the_boundaries_is_told_once(tmp_path: Path) -> None:
    about = {"shapeName": "X", "shapeGroup": "PAK", "shapeType": "ADM1"}
    feature = square(71, 33, **about)
    feature["geometry"]["coordinates"].append([[71.2, 33.2], [71.3, 33.3], [71.2, 33.2]])
    places = Places.read([collection(tmp_path / "a.geojson", feature)])
    audit = RowAudit()
    for _ in range(3):
        places.place([{"latitude": 33.5, "longitude": 71.5}], audit)
    (remark,) = audit.remarks.values()
    assert remark.text.startswith("boundaries: feature 1")
    assert remark.count == 1


@given(st.lists(st.tuples(st.floats(29, 37), st.floats(60, 75)), min_size=1, max_size=20))
def test_the_distance_to_the_border_is_that_of_the_geography(points: list[tuple[float, float]]) -> None:
    places = Places.read([], "afg-PAK", name="A line")
    rows = [{"latitude": lat, "longitude": lon, "country": "PAK"} for lat, lon in points]
    rows = placed(places, *rows)
    wanted = distance_km(border_between("PAK", "AFG"), *np.array(points).T)
    assert [row["border_km"] for row in rows] == pytest.approx(wanted.tolist(), abs=0.051)
    assert {row["border"] for row in rows} == {"A line"}


def test_a_border_from_a_file_is_one_line(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[70.0, 33.0], [71.0, 34.0]]}
    feature = {"type": "Feature", "properties": {"name": "Fence"}, "geometry": line}
    path = collection(tmp_path / "line.geojson", feature)
    (row,) = placed(Places.read([], str(path)), {"latitude": 33.0, "longitude": 70.0})
    assert (row["border"], row["border_km"]) == ("Fence", 0.0)
    with pytest.raises(InputError, match=r"holds 2 lines.*file of its own"):
        Places.read([], str(collection(tmp_path / "two.geojson", feature, feature)))


@pytest.mark.parametrize(
    ("border", "message"), [("PAK/AFG", "neither two countries"), ("PAK-NOR", "PAK.*NOR|NOR.*PAK")]
)
def test_a_border_that_is_none_is_an_error(border: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Places.read([], border)


def test_real_districts_hold_the_towns_that_lie_in_them(shared: Callable[[str], Path]) -> None:
    places = Places.read(
        [
            shared("boundaries/geoBoundaries-AFG-ADM1_simplified.geojson"),
            shared("boundaries/geoBoundaries-AFG-ADM2_simplified.geojson"),
            f"{shared('boundaries/pak.adm1.naturalearth.topo.json')}:1:PAK",
        ],
        "PAK-AFG",
    )
    kandahar, quetta, torkham = placed(
        places,
        {"latitude": 31.62, "longitude": 65.71},
        {"latitude": 30.18, "longitude": 66.99},
        {"latitude": 34.13, "longitude": 71.09, "country": "PAK"},
    )
    assert (kandahar["country"], kandahar["admin1"]) == ("AFG", "Kandahar")
    assert kandahar["admin2"]
    assert (quetta["country"], quetta["admin1"]) == ("PAK", "Baluchistan")
    assert quetta.get("admin2") is None
    assert torkham["border_km"] < 5
