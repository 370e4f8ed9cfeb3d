"""Codes of countries."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.geography.countries import SCHEMES, country_code, country_name
from marsad.geography.shipped import data_rows

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data are not at {DATA}")
ROWS = data_rows("country_names.csv")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Yemen (North Yemen)", "YEM"),
        ("Yemen (South Yemen)", "YEM"),
        ("DR Congo (Zaire)", "COD"),
        ("Myanmar (Burma)", "MMR"),
        ("Russia (Soviet Union)", "RUS"),
        ("Serbia (Yugoslavia)", "SRB"),
        ("Zimbabwe (Rhodesia)", "ZWE"),
        ("Kingdom of eSwatini (Swaziland)", "SWZ"),
        ("Macedonia, FYR", "MKD"),
        ("OPT", "PSE"),
        ("  côte   D’IVOIRE ", "CIV"),
        ("Turkiye", "TUR"),
        ("U.K.", "GBR"),
        ("The Gambia", "GMB"),
        ("Trinidad & Tobago", "TTO"),
        ("Congo (Kinshasa)", "COD"),
        ("Congo (Brazzaville)", "COG"),
        ("Korea (Republic of)", "KOR"),
        ("Virgin Islands (British)", "VGB"),
        ("Micronesia (Federated States of)", "FSM"),
        ("Kosovo", "XKX"),
        ("Somaliland", "SOM"),
        ("pak", "PAK"),
        ("PK", "PAK"),
    ],
)
def test_names_that_datasets_write(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", "Atlantis", "Soviet Union", "Yugoslavia", "Korea", "in", "no", "-99", "Kashmir"]
)
def test_what_is_unknown_or_ambiguous_has_no_code(text: str) -> None:
    assert country_code(text) is None


def test_a_bracket_that_names_another_country_is_not_passed_over() -> None:
    assert country_code("Sudan (South)") == "SDN"
    assert country_code("Sudan (South Sudan)") is None


@pytest.mark.parametrize(
    ("text", "scheme", "code"),
    [
        ("770", "gw", "PAK"),
        ("700.0", "gw", "AFG"),
        ("2", "gw", "USA"),
        ("680", "gw", "YEM"),
        ("347", "gw", "XKX"),
        ("004", "numeric", "AFG"),
        ("4", "numeric", "AFG"),
        ("AG", "fips", "DZA"),
        ("ag", "iso2", "ATG"),
        ("GZ", "fips", "PSE"),
        ("WE", "fips", "PSE"),
        ("SF", "fips", "ZAF"),
        ("Pakistan", "iso3", None),
        ("PAK", "name", None),
        ("²", "gw", None),
    ],
)
def test_schemes_are_kept_apart(text: str, scheme: str, code: str | None) -> None:
    assert country_code(text, scheme) == code


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="name, iso2, iso3, gw, fips, numeric"):
        country_code("PAK", "cow")


@given(st.text(max_size=30), st.sampled_from([None, *SCHEMES]))
def test_any_text_gives_a_known_code_or_none(text: str, scheme: str | None) -> None:
    code = country_code(text, scheme)
    assert code is None or country_name(code) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["iso3"])
def test_every_name_and_code_of_the_table_leads_back_to_its_row(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[A-Z]{3}", row["iso3"])
    assert re.fullmatch(r"[A-Z]{2}", row["iso2"])
    assert re.fullmatch(r"\d{3}|", row["numeric"])
    assert country_name(row["iso3"]) == row["name"]
    assert country_code(row["iso3"]) == country_code(row["iso2"]) == row["iso3"]
    for name in (row["name"], *filter(None, row["aliases"].split(";"))):
        assert {country_code(name), country_code(name.upper(), "name")} == {row["iso3"]}
    for scheme in ("gw", "fips", "numeric"):
        assert {country_code(text, scheme) for text in row[scheme].split(";") if text} <= {row["iso3"]}


def test_the_table_has_every_country_of_the_system() -> None:
    path = Path("/usr/share/zoneinfo/iso3166.tab")
    if not path.is_file():
        pytest.skip("the system has no table of ISO 3166 (tzdata)")
    codes = {line[:2] for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()}
    assert {row["iso2"] for row in ROWS} - codes == {"XK"}
    assert codes - {row["iso2"] for row in ROWS} == set()


@needs_data
def test_codes_are_those_of_natural_earth() -> None:
    found = json.loads((DATA / "boundaries" / "ne_50m_admin_0_countries.json").read_text(encoding="utf-8"))
    rows = {row["iso3"]: row for row in ROWS}
    checked = 0
    for properties in (feature["properties"] for feature in found["features"]):
        row = rows.get(properties["ISO_A3_EH"])
        if row is None:
            continue
        checked += 1
        assert properties["ISO_A2"] in (row["iso2"], "-99")
        assert properties["ISO_N3"] in (row["numeric"], "-99")
        # Natural Earth has not yet parted Curaçao and Sint Maarten from the Netherlands Antilles (NT).
        assert properties["FIPS_10_"] in (*row["fips"].split(";"), "-99", "NT")
    assert checked > 225


@needs_data
@pytest.mark.parametrize(
    ("file", "column", "unknown"),
    [
        ("ucdp/organizedviolencecy_v25_1.csv", "country_cy", {"Czechoslovakia"}),
        ("ucdp/aec_all.csv", "location_root_name", set()),
        ("ucdp/ged_v23_1_sample.csv", "country", set()),
        ("ucdp/GEDEvent_v23_0_10.csv", "country", set()),
        ("ucdp/candidate_2026_reduced.csv", "country", set()),
        ("awsd/awsd_incidents_global.csv", "Country", {"#country+name+i_en", "Kashmir", ""}),
        ("gazetteer/global-pcodes-adm-1-2.csv", "Location", {"#country+code"}),
    ],
)
def test_countries_of_real_data_are_known(file: str, column: str, unknown: set[str]) -> None:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        names = {row[column] for row in csv.DictReader(lines)}
    assert {name for name in names if country_code(name) is None} <= unknown
    assert len(names - unknown) > 25


@needs_data
def test_ucdp_numbers_and_names_tell_the_same() -> None:
    with (DATA / "ucdp" / "organizedviolencecy_v25_1.csv").open(encoding="utf-8", newline="") as lines:
        pairs = {(row["country_id_cy"], row["country_cy"]) for row in csv.DictReader(lines)}
    assert [pair for pair in sorted(pairs) if country_code(pair[0], "gw") != country_code(pair[1], "name")] == []
