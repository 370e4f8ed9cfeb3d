"""Reading boundaries, also from broken files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.errors import InputError, MarsadError, NotFoundError, ParseError
from marsad.geography.assigning import How, assign
from marsad.geography.boundaries import Boundaries, read_boundaries, world_boundaries

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data are not at {DATA}")

SQUARE = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]


def _collection(*features: tuple[dict[str, Any], Any]) -> dict[str, Any]:
    rows = [{"type": "Feature", "properties": properties, "geometry": shape} for properties, shape in features]
    return {"type": "FeatureCollection", "features": rows}


def _polygon(rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def _write(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "areas.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def _read(tmp_path: Path, shape: Any) -> Boundaries:
    return read_boundaries(_write(tmp_path, _collection(({"name": "A"}, shape))), level=1)


@pytest.mark.parametrize(
    ("properties", "level", "name", "code", "country"),
    [
        (
            {"shapeName": "X", "shapeISO": "", "shapeID": "7B", "shapeGroup": "AFG", "shapeType": "ADM2"},
            *(2, "X", "7B", "AFG"),
        ),
        (
            {"shapeName": "X", "shapeISO": "AF-KAN", "shapeID": "7", "shapeGroup": "AFG", "shapeType": "ADM1"},
            *(1, "X", "AF-KAN", "AFG"),
        ),
        (
            {"ADMIN": "France", "ADM0_A3": "FRA", "ISO_A3": "-99", "ISO_A3_EH": "FRA", "ISO_A2": "-99"},
            *(0, "France", "FRA", "FRA"),
        ),
        ({"NAME": "Kosovo", "ADM0_A3": "KOS", "ISO_A3": "-99", "ISO_A3_EH": "-99"}, 0, "Kosovo", "XKX", "XKX"),
        ({"NAME": "Glacier", "ADM0_A3": "KAS", "ISO_A3": "-99"}, 0, "Glacier", "KAS", None),
        ({"name": "Sind", "iso_3166_2": "PK-SD", "adm0_a3": "PAK", "admin": "Pakistan"}, 1, "Sind", "PK-SD", "PAK"),
        ({"GID_0": "PAK", "COUNTRY": "Pakistan", "GID_1": "PAK.8_1", "NAME_1": "Sindh"}, 1, "Sindh", "PAK.8_1", "PAK"),
        (
            {"ADM0_PCODE": "PK", "ADM1_EN": "Sindh", "ADM1_PCODE": "PK7", "ADM2_EN": "Thatta", "ADM2_PCODE": "PK730"},
            *(2, "Thatta", "PK730", "PAK"),
        ),
    ],
)
def test_known_properties(
    tmp_path: Path, properties: dict[str, Any], level: int, name: str, code: str, country: str | None
) -> None:
    found = read_boundaries(_write(tmp_path, _collection((properties, _polygon(SQUARE)))))
    assert (found.level, found.names, found.codes, found.countries) == (level, (name,), (code,), (country,))


def test_properties_that_the_caller_names(tmp_path: Path) -> None:
    path = _write(tmp_path, _collection(({"nom": "X", "no": 7}, _polygon(SQUARE))))
    found = read_boundaries(path, level=1, country="Pakistan", name_field="nom", code_field="no")
    assert (found.names, found.codes, found.countries) == (("X",), ("7",), ("PAK",))
    with pytest.raises(
        ParseError, match=r"areas\.json: feature 1: nam: there is no such property; take one of: no, nom"
    ):
        read_boundaries(path, level=1, name_field="nam")
    with pytest.raises(InputError, match="name_field, of: no, nom"):
        read_boundaries(path, level=1)
    with pytest.raises(InputError, match=r"level: .* give level=0"):
        read_boundaries(path, name_field="nom")
    with pytest.raises(InputError, match="country 'Atlantis' is not known"):
        read_boundaries(path, level=1, name_field="nom", country="Atlantis")
    with pytest.raises(InputError, match="level is 3"):
        read_boundaries(path, level=3)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"type": "Point", "coordinates": [0, 0]}, "geometry.type: it is 'Point', not a polygon"),
        ({"type": ["Polygon"], "coordinates": SQUARE}, "not a polygon"),
        ({"type": "Polygon"}, "not nested as the type asks"),
        ({"type": "Polygon", "coordinates": {"a": 1}}, "not nested as the type asks"),
        (_polygon([[[0, 0], [1, 0], [1, 1], [0, 1]]]), "a ring does not end where it begins; repeat"),
        (_polygon([[[0, 0], [1, "1"], [1, 1], [0, 0]]]), "not lists of two or three numbers"),
        (_polygon([[[0, 0], [1], [1, 1], [0, 0]]]), "not lists of two or three numbers"),
        (_polygon([[[0, 0], [1, None], [1, 1], [0, 0]]]), "not lists of two or three numbers"),
        (_polygon([[[True, False]] * 4]), "not lists of two"),
        (_polygon([[]]), "not lists of two or three numbers"),
        (_polygon([[[0, 0], [500000, 0], [500000, 91], [0, 0]]]), "longitude 500000, latitude 0 is not on the globe"),
        (_polygon([[[0, 0], [1, 0], [1, 91], [0, 0]]]), "latitude 91 is not on the globe; give degrees"),
        (_polygon([[[0, 10], [120, -10], [-120, 0], [0, 10]]]), "which|what is within cannot be told"),
    ],
)
def test_broken_geometries_are_named(tmp_path: Path, shape: Any, message: str) -> None:
    with pytest.raises(ParseError, match=r"areas\.json: feature 1: geometry\.") as caught:
        _read(tmp_path, shape)
    assert any(part in str(caught.value) for part in message.split("|"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON"),
        ("[]", "holds a list"),
        ("{", "not JSON"),
        ('{"type": "FeatureCollection"}', "no list of features"),
        ('{"type": "FeatureCollection", "features": []}', "there are none"),
        ('{"type": "FeatureCollection", "features": [1]}', "feature 1: type: it is not a Feature"),
        ('{"type": "Polygon", "coordinates": []}', "type is 'Polygon'"),
        ('{"type": "FeatureCollection", "features": [], "x": NaN}', "NaN is not a number of JSON"),
        ('{"type": "FeatureCollection", "features": [], "x": -Infinity}', "-Infinity is not a number"),
        ('{"type": "FeatureCollection", "features": [], "x": 1e999}', "1e999 is not a number"),
        ("[" * 100_000, "not JSON"),
        (
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": 3}]}',
            "properties: they are not",
        ),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": 3}]}', "geometry: it is not"),
        ('{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:32642"}}}', "EPSG:32642"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=r"areas\.json: ") as caught:
        read_boundaries(_write(tmp_path, content), level=1)
    assert message in str(caught.value)


def test_missing_and_large_files(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        read_boundaries(tmp_path / "none.json")
    with pytest.raises(InputError, match="more than"):
        read_boundaries(_write(tmp_path, " " * 100), max_bytes=99)
    with pytest.raises(InputError, match="cannot be read"):
        read_boundaries(tmp_path)


def test_what_has_no_area_stays_and_is_noted(tmp_path: Path) -> None:
    crossed = [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]
    path = _write(
        tmp_path,
        _collection(
            ({"name": "nowhere"}, None),
            ({"name": "crossed"}, _polygon(crossed)),
            ({"name": "small"}, _polygon([[[5, 5], [5, 6], [5, 5]]])),
        ),
    )
    found = read_boundaries(path, level=1)
    assert found.names == ("nowhere", "crossed", "small")
    assert set(found.owner.tolist()) == {1}
    assert [note.split(": ")[0] for note in found.notes] == ["feature 1", "feature 2", "feature 3", "feature 3"]
    assert "mended (Self-intersection" in found.notes[1]


DATELINE = {
    "jumping": [[[179, 0], [-179, 0], [-179, 2], [179, 2], [179, 0]]],
    "running on": [[[179, 0], [181, 0], [181, 2], [179, 2], [179, 0]]],
    "running on westwards": [[[-181, 0], [-179, 0], [-179, 2], [-181, 2], [-181, 0]]],
    "stitched": [[[179, 0], [180, 0], [-180, 0], [-179, 0], [-179, 2], [-180, 2], [180, 2], [179, 2], [179, 0]]],
}


@pytest.mark.parametrize("rings", DATELINE.values(), ids=DATELINE)
def test_polygons_over_the_dateline(tmp_path: Path, rings: Any) -> None:
    found = _read(tmp_path, _polygon(rings))
    assert sum(shapely.area(found.parts)) == pytest.approx(4)
    inside = assign(found, [1] * 6, [179.5, -179.5, 180, -180, 0, 178.5], tolerance_km=0)
    assert inside.how.tolist() == [How.INSIDE] * 4 + [How.NONE] * 2
    near = assign(found, [1, 1], [178.99, -178.99])
    assert near.how.tolist() == [How.NEAR] * 2
    assert near.km == pytest.approx([1.11, 1.11], abs=0.01)


def test_a_hole_over_the_dateline(tmp_path: Path) -> None:
    hole = [[179.5, 0.5], [179.5, 1.5], [-179.5, 1.5], [-179.5, 0.5], [179.5, 0.5]]
    found = _read(tmp_path, _polygon([*DATELINE["jumping"], hole]))
    assert assign(found, [1, 1, 0.2], [180, -179.7, 180], tolerance_km=0).index.tolist() == [-1, -1, 0]


@pytest.mark.parametrize(
    "ring",
    [
        [[-180, -70], [-90, -70], [0, -70], [90, -70], [180, -70], [180, -90], [-180, -90], [-180, -70]],
        [[-120, -70], [0, -70], [120, -70], [-120, -70]],
        [[120, -70], [0, -70], [-120, -70], [120, -70]],
        [[-180, -70], [180, -70], [180, -90], [-180, -90], [-180, -70]],
    ],
    ids=["along the map's edge", "round the pole", "the other way round", "of corners of the map"],
)
def test_polygons_round_a_pole(tmp_path: Path, ring: Any) -> None:
    found = _read(tmp_path, _polygon([ring]))
    points = [(-90, 0), (-80, 13), (-71, 180), (-71, -179), (-69, 0), (80, 0)]
    got = assign(found, *zip(*points, strict=True), tolerance_km=0)
    assert got.index.tolist() == [0, 0, 0, 0, -1, -1]


def _topology(**changes: Any) -> dict[str, Any]:
    """Two squares with a common edge, quantised by 1/10 and shifted by 10."""
    found = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [10, 10]},
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "properties": {"name": "west"}, "id": "W", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "properties": {"name": "east"}, "arcs": [[[-1, 2]]]},
                    {"type": None, "properties": {"name": "nowhere"}},
                ],
            }
        },
        "arcs": [
            [[10, 0], [0, 10]],
            [[10, 10], [-10, 0], [0, -10], [10, 0]],
            [[10, 0], [10, 0], [0, 10], [-10, 0]],
        ],
    }
    return {**found, **changes}


def test_topologies_are_decoded(tmp_path: Path) -> None:
    found = read_boundaries(_write(tmp_path, _topology()), level=1)
    assert found.names == ("west", "east", "nowhere")
    assert found.codes == ("W", None, None)
    assert shapely.equals(found.parts[0], shapely.box(10, 10, 11, 11))
    assert shapely.equals(found.parts[1], shapely.box(11, 10, 12, 11))
    # On the common edge the first of the file; in it to the last bit.
    assert assign(found, [10.5, 10.5, 10.5], [11, 10.9, 11.1], tolerance_km=0).index.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"objects": {}}, "objects: the topology has none"),
        ({"objects": {"a": {}, "b": {}}}, "it has several: a, b; name one as layer"),
        ({"objects": {"a": {"type": "GeometryCollection", "geometries": 3}}}, "geometries: they are not a list"),
        ({"objects": {"a": {"type": "Polygon", "arcs": [[99]], "properties": {"name": "x"}}}}, "there is no arc 99"),
        (
            {"objects": {"a": {"type": "Polygon", "arcs": [[True]], "properties": {"name": "x"}}}},
            "there is no arc True",
        ),
        ({"objects": {"a": {"type": "Polygon", "arcs": [0], "properties": {"name": "x"}}}}, "not nested"),
        ({"objects": {"a": {"type": "Polygon", "arcs": [[1, 1]], "properties": {"name": "x"}}}}, "one does not begin"),
        ({"objects": {"a": {"type": "Polygon", "arcs": [[0]], "properties": {"name": "x"}}}}, "does not end where"),
        ({"arcs": 3}, "arcs: they are not a list"),
        ({"arcs": [[[0, 0], ["a", 1]]]}, r"arcs[0]: it is not a list of positions"),
        ({"transform": {"scale": [1], "translate": [0, 0]}}, "transform.scale: it is not two numbers"),
        ({"transform": 1}, "transform.scale: it is not two numbers"),
    ],
)
def test_broken_topologies_are_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ParseError, match=r"areas\.json: ") as caught:
        read_boundaries(_write(tmp_path, _topology(**changes)), level=1)
    assert message in str(caught.value)


def test_a_small_topology_cannot_grow_without_limit(tmp_path: Path) -> None:
    arc = [[0, 0]] * 20_000
    ring = {"type": "Polygon", "arcs": [[0] * 5000], "properties": {"name": "x"}}
    with pytest.raises(ParseError, match="more than 50,000,000 positions; simplify"):
        read_boundaries(_write(tmp_path, _topology(arcs=[arc], objects={"a": ring})), level=1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-400, 400) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["type", "arcs", "id"]), inner),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(JSON, st.sampled_from(["Polygon", "MultiPolygon", "GeometryCollection"]))
def test_any_coordinates_are_read_or_refused(tmp_path: Path, value: Any, kind: str) -> None:
    shape = {"type": kind, "coordinates": value, "geometries": value}
    for content in (
        _collection(({"name": "A"}, shape)),
        _topology(objects={"a": {"type": kind, "arcs": value, "geometries": value, "properties": {"name": "x"}}}),
        _topology(arcs=value),
        _topology(objects=value),
    ):
        try:
            found = read_boundaries(_write(tmp_path, content), level=1)
        except MarsadError:
            continue
        assert len(found.owner) == len(found.parts)


def test_a_ring_round_the_globe_that_crosses_itself_is_mended(tmp_path: Path) -> None:
    ring = [[0, 0], [1, 0], [-1, 1], [180, 0], [0, 0]]
    found = _read(tmp_path, _polygon([ring]))
    assert len(found.parts)
    assert all(part.is_valid for part in found.parts)


RING = st.lists(st.tuples(st.integers(-200, 200), st.integers(-90, 90)), min_size=3, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(RING, st.sampled_from([[], SQUARE]))
def test_any_ring_ends_up_on_the_map(tmp_path: Path, ring: list[tuple[int, int]], shell: list[Any]) -> None:
    try:
        found = _read(tmp_path, _polygon([*shell, [*ring, ring[0]]]))
    except ParseError:
        return
    for part in found.parts:
        west, south, east, north = part.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        assert part.is_valid


def test_the_countries_that_ship_with_the_program() -> None:
    world = world_boundaries()
    assert len(world) == 241
    assert world.notes == ()
    nameless = {name for name, code in zip(world.names, world.codes, strict=True) if code is None}
    assert nameless == {"Siachen Glacier", "Indian Ocean Ter."}
    by_name = dict(zip(world.names, world.codes, strict=True))
    assert (by_name["Kosovo"], by_name["Somaliland"], by_name["N. Cyprus"]) == ("XKX", "SOM", "CYP")
    assert all(part.is_valid and -180 <= part.bounds[0] <= part.bounds[2] <= 180 for part in world.parts)


CITIES = {
    "AFG": (34.53, 69.17),
    "PAK": (24.86, 67.01),
    "USA": (52.9, 172.9),
    "RUS": (66.0, -172.0),
    "FJI": (-17.8, 178.0),
    "NZL": (-41.3, 174.8),
    "ATA": (-89.9, 12.0),
    "NOR": (78.2, 15.6),
    "COD": (-4.32, 15.31),
    "COG": (-4.25, 15.25),
    "PSE": (31.5, 34.45),
    "SSD": (4.85, 31.6),
}


@pytest.mark.parametrize(("code", "place"), CITIES.items(), ids=CITIES)
def test_cities_are_in_their_countries(code: str, place: tuple[float, float]) -> None:
    assert assign(world_boundaries(), [place[0]], [place[1]]).codes() == [code]


def test_points_without_coordinates_are_told_apart() -> None:
    found = assign(world_boundaries(), [math.nan, 99, 0, 0, 34.5], [0, 0, 200, -30, 69.2])
    assert found.how.tolist() == [How.UNUSABLE] * 3 + [How.NONE, How.INSIDE]
    assert found.codes() == [None, None, None, None, "AFG"]
    assert found.counts() == {"unusable": 3, "none": 1, "near": 0, "inside": 1}
    assert np.isnan(found.km[:4]).all()


@needs_data
@pytest.mark.parametrize(
    ("file", "level", "count", "country"),
    [
        ("geoBoundaries-AFG-ADM1_simplified.geojson", 1, 34, "AFG"),
        ("geoBoundaries-AFG-ADM2_simplified.geojson", 2, 398, "AFG"),
        ("ne_50m_admin_0_countries.json", 0, 241, None),
    ],
)
def test_real_files(file: str, level: int, count: int, country: str | None) -> None:
    found = read_boundaries(DATA / "boundaries" / file)
    assert (found.level, len(found)) == (level, count)
    assert all(found.names)
    assert all(found.codes)
    if country is not None:
        assert set(found.countries) == {country}


@needs_data
def test_the_map_agrees_with_natural_earth() -> None:
    other = read_boundaries(DATA / "boundaries" / "ne_50m_admin_0_countries.json")
    random = np.random.default_rng(1)
    lat, lon = np.degrees(np.arcsin(random.uniform(-1, 1, 50_000))), random.uniform(-180, 180, 50_000)
    one = np.array(assign(world_boundaries(), lat, lon, tolerance_km=0).countries(), dtype=object)
    two = np.array(assign(other, lat, lon, tolerance_km=0).countries(), dtype=object)
    assert np.mean(one != two) < 0.0003
