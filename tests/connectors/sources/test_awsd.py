"""The Aid Worker Security Database."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from marsad.connectors import RowAudit, connector

REAL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "awsd" / "awsd_incidents_global.csv"
HEAD = (
    "Incident ID,Year,Month,Day,Country Code,Country,Region,District,City,Total killed,Total wounded,Total kidnapped,"
    "Total detained,Means of attack,Attack context,Latitude,Longitude,Actor name,Details,Source"
)
TAGS = (
    "#event+id,#date+year,#date+month,#date+day,#country+code,#country+name,#adm1,#adm2,#adm3,#killed,#injured,"
    "#kidnapped,#detained,#means,#type,#geo+lat,#geo+lon,#group,#description,"
)


def _read(path: Path) -> tuple[list[dict[str, Any]], RowAudit]:
    audit = RowAudit()
    return list(connector("awsd").table_rows(path, release="r", audit=audit, version="2025-08-17")), audit


def _one(tmp_path: Path, *lines: str) -> tuple[list[dict[str, Any]], RowAudit]:
    path = tmp_path / "awsd.csv"
    path.write_text("\n".join([HEAD, TAGS, *lines]) + "\n", encoding="utf-8")
    return _read(path)


def test_an_incident_with_all_that_is_known(tmp_path: Path) -> None:
    line = (
        '7,2019,3,5,AF,Afghanistan,Kabul,Kabul,Kabul,1,2,0,0,Shooting,Ambush,34.5,69.1,Unknown,"Shot, on a road",Media'
    )
    (row,), audit = _one(tmp_path, line)
    day = dt.date(2019, 3, 5)
    assert (row["source_id"], row["country"], row["place"]) == ("7", "AFG", "Kabul")
    assert (row["date_start"], row["date_end"], row["date_precision"]) == (day, day, "day")
    assert (row["deaths_best"], row["injured"], row["side_b"]) == (1, 2, "aid workers")
    assert "side_a" not in row, "an unknown actor is not stated"
    assert (row["kind"], row["subkind"], row["plover"]) == ("violence_against_civilians", "attack", "ASSAULT")
    assert (row["place_precision"], row["radius_km"]) == ("near", 25)
    assert list(audit.remarks) == ["row of HXL tags, which is no record"]


@pytest.mark.parametrize(
    ("parts", "start", "end", "precision"),
    [
        ("2020,2,", "2020-02-01", "2020-02-29", "month"),
        ("2020,,", "2020-01-01", "2020-12-31", "year"),
        ("2020,,7", "2020-01-01", "2020-12-31", "year"),
        ("2020,2,29", "2020-02-29", "2020-02-29", "day"),
    ],
)
def test_a_day_is_never_invented(tmp_path: Path, parts: str, start: str, end: str, precision: str) -> None:
    (row,), _ = _one(tmp_path, f"1,{parts},AF,Afghanistan,,,,0,0,1,0,Kidnapping,Unknown,33.9,67.7,,x,")
    assert (str(row["date_start"]), str(row["date_end"]), row["date_precision"]) == (start, end, precision)


@pytest.mark.parametrize(("parts", "field"), [("2019,2,29", "Day"), ("2019,13,1", "Month"), ("20,1,1", "Year")])
def test_a_date_that_cannot_be_is_put_aside(tmp_path: Path, parts: str, field: str) -> None:
    rows, audit = _one(tmp_path, f"1,{parts},AF,Afghanistan,,,,0,0,1,0,Kidnapping,Unknown,33.9,67.7,,x,")
    assert rows == []
    assert [bad.field for bad in audit.quarantined] == [field]


@pytest.mark.parametrize(
    ("places", "precision", "radius"),
    [(",,", "country", 500), ("Kabul,,", "admin1", 150), ("Kabul,Paghman,", "admin2", 50), (",,Kabul", "near", 25)],
)
def test_the_coordinates_are_as_exact_as_the_place_is_named(
    tmp_path: Path, places: str, precision: str, radius: float
) -> None:
    (row,), _ = _one(tmp_path, f"1,2019,1,1,AF,Afghanistan,{places},0,0,1,0,Kidnapping,Unknown,33.9,67.7,,x,")
    assert (row["place_precision"], row["radius_km"]) == (precision, radius)


def test_whole_degrees_are_the_centre_of_an_area_whatever_place_is_named(tmp_path: Path) -> None:
    (row,), audit = _one(tmp_path, "1,2019,1,1,SD,Sudan,West Darfur,,Kulbus,0,0,1,0,Kidnapping,Unknown,16,30,,x,")
    assert (row["place"], row["place_precision"], row["radius_km"]) == ("Kulbus", "country", 500)
    assert audit.remarks["coordinates in whole degrees, which are the centre of some area"].rows == [1]


@pytest.mark.parametrize(
    ("means", "kind", "subkind", "plover"),
    [
        ("Shooting,Ambush", "violence_against_civilians", "attack", "ASSAULT"),
        ("Shooting,Combat/Crossfire", "battle", "armed_clash", "ASSAULT"),
        ("Bodily assault,Mob violence", "riot", "mob_violence", None),
        ("Landmine ,Unknown", "explosion", "remote_explosive_landmine_ied", "ASSAULT"),
        ("Detention/arrest,Detention", "development", "arrests", "COERCE"),
        ("Kidnapping,Raid", "violence_against_civilians", "abduction_forced_disappearance", "ASSAULT"),
        ("Unknown,Combat/Crossfire", None, None, None),
        ("Unknown,Unknown", "violence_against_civilians", None, "ASSAULT"),
    ],
)
def test_kinds(tmp_path: Path, means: str, kind: str, subkind: str, plover: str) -> None:
    (row,), audit = _one(tmp_path, f"1,2019,1,1,AF,Afghanistan,,,,0,0,1,0,{means},33.9,67.7,,x,")
    assert (row.get("kind"), row.get("subkind"), row.get("plover")) == (kind, subkind, plover)
    assert not audit.unknown


def test_means_that_nobody_knows_are_reported(tmp_path: Path) -> None:
    (row,), audit = _one(tmp_path, "1,2019,1,1,,Chechnya,,,,0,0,1,0,Magic,Unknown,43.4,45.7,,x,")
    assert audit.unknown == {("Means of attack", "Magic"): 1}
    assert "kind" not in row
    assert row["country"] == "RUS", "it has no code of its own"


@pytest.mark.skipif(not REAL.is_file(), reason="needs ../shared/data")
def test_the_real_file_is_read_whole() -> None:
    rows, audit = _read(REAL)
    assert (audit.read, audit.kept, audit.expected) == (4954, 4954, 4954)
    assert not audit.quarantined
    assert not audit.leftover
    assert not audit.unknown
    assert audit.remarks["row of HXL tags, which is no record"].count == 1
    assert audit.remarks["no day"].count == 295
    assert audit.remarks["no month"].count == 52
    assert audit.remarks["the source uses the identifier 4664 again for another record"].count == 1
    same = [row for row in rows if row["source_id"] == "4664"]
    assert len({row["record"] for row in same}) == 2
    assert [str(row["date_start"]) for row in same] == ["2023-10-09", "2024-01-23"]
    assert sum(row.get("country") is None for row in rows) == 8
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        verbatim = list(csv.DictReader(file))[1:]
    assert [json.loads(row["verbatim"]) for row in rows] == verbatim
    assert sum(row["deaths_best"] for row in rows) == sum(int(line["Total killed"]) for line in verbatim)
    assert Counter(row.get("kind") for row in rows)[None] == 65
