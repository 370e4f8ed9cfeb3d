"""Areas by name."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from marsad.errors import InputError
from marsad.geography.assigning import assign
from marsad.geography.boundaries import read_boundaries
from marsad.geography.by_name import AreaFound, NamedArea, assign_by_name, bare_key
from marsad.geography.countries import country_code
from marsad.geography.keys import spelling_key

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data are not at {DATA}")

AREAS = [
    NamedArea("Y1", 1, "Hadramawt", "YEM"),
    NamedArea("Y2", 1, "Al Hodeidah", "YEM"),
    NamedArea("P1", 1, "Khyber Pakhtunkhwa", "PAK", aliases=("N.W.F.P.", "Sarhad")),
    NamedArea("P2", 1, "Punjab", "PAK"),
    NamedArea("P11", 2, "Kohat", "PAK", parent="P1"),
    NamedArea("P12", 2, "Central", "PAK", parent="P1"),
    NamedArea("P21", 2, "Central", "PAK", parent="P2"),
    NamedArea("P22", 2, "Lahore (Old)", "PAK", parent="P2"),
    NamedArea("A1", 1, "Kandahar", "AFG"),
    NamedArea("A2", 1, "Logar", "AFG"),
    NamedArea("A3", 1, "State", "AFG"),
]


def _one(country: str | None, first: str | None, second: str | None = None) -> AreaFound:
    return assign_by_name(AREAS, [country], [first], [second])[0]


@pytest.mark.parametrize(
    ("country", "first", "code", "how"),
    [
        ("YEM", "Ḩaḑramawt governorate", "Y1", "word"),
        ("YEM", "HADRAMAWT", "Y1", "name"),
        ("YEM", "Al Hudaydah Governorate", "Y2", "spelling"),
        ("PAK", "Khyber Pakhtunkhwa province", "P1", "word"),
        ("PAK", "NWFP", "P1", "name"),
        ("PAK", "Province of Punjab", "P2", "word"),
        ("PAK", "Sarhad (N.W.F.P.)", "P1", "part"),
        ("AFG", "Qandahār", "A1", "spelling"),
        ("AFG", "Lowgar", "A2", "spelling"),
        ("AFG", "State", "A3", "name"),
    ],
)
def test_first_level_names(country: str, first: str, code: str, how: str) -> None:
    assert _one(country, first) == AreaFound(code, None, how, "")


def test_the_second_level_is_sought_within_the_first() -> None:
    assert _one("PAK", "Punjab", "Central district") == AreaFound("P2", "P21", "word", "")
    assert _one("PAK", "N.W.F.P.", "Kohat") == AreaFound("P1", "P11", "name", "")


def test_a_second_level_of_another_first_is_not_taken() -> None:
    found = _one("PAK", "Punjab", "Kohat")
    assert (found.admin1, found.admin2) == ("P2", None)
    assert "'Kohat' is not known in P2" in found.reason


def test_an_ambiguous_name_gives_none_and_says_why() -> None:
    found = _one("PAK", None, "Central")
    assert (found.admin1, found.admin2) == (None, None)
    assert "several: P12, P21" in found.reason


def test_a_unique_second_level_gives_the_first() -> None:
    assert (_one("PAK", "FATA", "Kohat").admin1, _one("PAK", None, "Kohat").admin1) == ("P1", "P1")
    assert "'FATA' is not known" in _one("PAK", "FATA", "Kohat").reason


def test_a_first_level_that_is_a_second_one_gives_both() -> None:
    found = _one("PAK", "Lahore province")
    assert (found.admin1, found.admin2) == ("P2", "P22")
    assert "name of an admin2" in found.reason


@pytest.mark.parametrize(
    ("country", "first", "second", "reason"),
    [
        ("PAK", None, None, "no name is given"),
        ("PAK", "Atlantis", None, "'Atlantis' is not known in PAK"),
        ("PAK", None, "Atlantis", "'Atlantis' is not known in PAK"),
        ("IND", "Punjab", None, "no areas are known of country 'IND'"),
        (None, "Punjab", None, "no areas are known of country None"),
    ],
)
def test_what_is_not_found_says_why(country: str | None, first: str | None, second: str | None, reason: str) -> None:
    found = _one(country, first, second)
    assert (found.admin1, found.admin2, found.how) == (None, None, None)
    assert reason in found.reason


def test_a_name_of_kind_words_only_stays() -> None:
    assert bare_key("State province") == "state province"
    assert bare_key("Departamento de Córdoba") == "cordoba"


def test_spelling_does_not_join_different_provinces() -> None:
    with_neighbours = ["Paktya", "Paktika", "Kunar", "Kunduz", "Nimroz", "Kabul", "Kapisa", "Zabul", "Balkh", "Baghlan"]
    assert len({spelling_key(name.lower()) for name in with_neighbours}) == len(with_neighbours)


def test_broken_gazetteers_are_refused() -> None:
    with pytest.raises(InputError, match="'A': two rows"):
        assign_by_name([NamedArea("A", 1, "x", "AFG"), NamedArea("A", 1, "y", "AFG")], [], [])
    with pytest.raises(InputError, match="'A': level is 3"):
        assign_by_name([NamedArea("A", 3, "x", "AFG")], [], [])
    with pytest.raises(InputError, match="one length"):
        assign_by_name(AREAS, ["AFG"], [])


def _gazetteer() -> list[NamedArea]:
    with (DATA / "gazetteer" / "global-pcodes-adm-1-2.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not row["P-Code"].startswith("#")]
    return [
        NamedArea(
            row["P-Code"],
            int(row["Admin Level"]),
            row["Name"],
            row["Location"],
            parent=row["Parent P-Code"] if row["Admin Level"] == "2" else None,
        )
        for row in rows
    ]


def _ucdp(country: str) -> list[dict[str, str]]:
    rows = []
    for file in ("ged_v23_1_sample.csv", "GEDEvent_v23_0_10.csv"):
        with (DATA / "ucdp" / file).open(encoding="utf-8", newline="") as lines:
            rows += [row for row in csv.DictReader(lines) if country_code(row["country"]) == country and row["adm_1"]]
    return rows


@needs_data
@pytest.mark.parametrize(("country", "first", "second"), [("AFG", 0.98, 0.85), ("PAK", 0.98, 0.85)])
def test_share_of_ucdp_areas_found(country: str, first: float, second: float) -> None:
    rows = _ucdp(country)
    found = assign_by_name(
        _gazetteer(), [country] * len(rows), [row["adm_1"] for row in rows], [row["adm_2"] for row in rows]
    )
    asked = [one for one, row in zip(found, rows, strict=True) if row["adm_2"]]
    assert sum(one.admin1 is not None for one in found) >= first * len(rows) > 50
    assert sum(one.admin2 is not None for one in asked) >= second * len(asked) > 50


@needs_data
def test_names_agree_with_coordinates() -> None:
    gazetteer = _gazetteer()
    boundaries = read_boundaries(DATA / "boundaries" / "geoBoundaries-AFG-ADM1_simplified.geojson")
    own = assign_by_name(gazetteer, ["AFG"] * len(boundaries), boundaries.names)
    rows = [row for row in _ucdp("AFG") if float(row["where_prec"]) <= 4]
    by_name = assign_by_name(gazetteer, ["AFG"] * len(rows), [row["adm_1"] for row in rows])
    points = np.array([(float(row["latitude"]), float(row["longitude"])) for row in rows])
    by_place = [own[index].admin1 for index in assign(boundaries, points[:, 0], points[:, 1]).index]
    both = [(one.admin1, two) for one, two in zip(by_name, by_place, strict=True) if one.admin1 and two]
    assert sum(one == two for one, two in both) >= 0.97 * len(both) > 100
