"""The three datasets of Insecurity Insight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.connectors import RowAudit, connector

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "insecurity_insight"
AID = {
    "Date": "2023-05-04",
    "Event Description": "May 2023: Something happened.",
    "Country": "OPT",
    "Country ISO": "PSE",
    "Admin 1": "No Information",
    "Latitude": "31.5000000000",
    "Longitude": "34.4000000000",
    "Geo Precision": "(2) 25 km precision ",
    "Reported Perpetrator Name": "Unidentified armed actor",
    "Weapon Carried/Used": "Firearms",
    "Aid Workers Killed": "0",
    "Aid Workers Injured": "0",
    "Aid Workers Kidnapped": "0",
    "Aid Workers Arrested": "0",
    "SiND Event ID": 4711,
}


def _read(path: Path, name: str = "insecurity-insight-aid-workers", version: str = "") -> tuple[Any, RowAudit]:
    audit = RowAudit()
    return list(connector(name).table_rows(path, release="r", audit=audit, version=version)), audit


def _one(tmp_path: Path, **changes: Any) -> tuple[dict[str, Any], RowAudit]:
    path = tmp_path / "kika.json"
    path.write_text(json.dumps([AID | {key.replace("_", " "): value for key, value in changes.items()}]), "utf-8")
    rows, audit = _read(path)
    return (rows[0] if rows else {}), audit


def test_an_incident(tmp_path: Path) -> None:
    row, audit = _one(tmp_path, Aid_Workers_Killed="2", Aid_Workers_Kidnapped="1")
    assert (row["source_id"], row["country"], row["country_reported"]) == ("4711", "PSE", "OPT")
    assert (row["deaths_best"], row["injured"], row["abducted"], row["arrested"]) == (2, 0, 1, 0)
    assert (row["kind"], row["subkind"]) == ("violence_against_civilians", "attack")
    assert (str(row["date_start"]), str(row["date_end"]), row["date_precision"]) == ("2023-05-04", "2023-05-04", "day")
    assert "admin1_reported" not in row
    assert not audit.unknown
    assert not audit.leftover


@pytest.mark.parametrize(
    ("text", "precision", "radius"),
    [
        ("(2) 25 km Precision ", "near", 25),
        ("(3) District, communicipality, commune ", "admin2", 50),
        ("(4) Province, State, Governorate ", "admin1", 150),
        ("(5) Linear Feature e.g. Along Road/River ", "linear", 50),
        ("(6) Country", "country", 500),
        ("(7) Estimated Sea/Air Coordinates ", "region", None),
    ],
)
def test_precision_of_the_place(tmp_path: Path, text: str, precision: str, radius: float | None) -> None:
    row, _ = _one(tmp_path, Geo_Precision=text)
    assert (row["place_precision"], row.get("radius_km")) == (precision, radius)


@pytest.mark.parametrize(
    ("weapon", "counts", "kind", "subkind"),
    [
        ("Firearms", {}, None, None),
        ("Firearms", {"Aid Workers Kidnapped": "3"}, "violence_against_civilians", "abduction_forced_disappearance"),
        ("Firearms", {"Aid Workers Arrested": "3"}, "development", "arrests"),
        ("Aerial Bomb: Plane", {"Aid Workers Killed": "1"}, "explosion", "air_drone_strike"),
        ("Aerial Bomb: Drone, Firearms", {}, "explosion", "air_drone_strike"),
        ("Aerial Bomb: Plane, Artillery", {}, "explosion", None),
        ("Firearms, Stones, Sticks and Gravel", {"Aid Workers Injured": "1"}, "violence_against_civilians", "attack"),
        ("Tasers, Live and Rubber Bullets", {"Aid Workers Injured": "1"}, "violence_against_civilians", "attack"),
        ("VBIED", {}, "explosion", None),
    ],
)
def test_kinds(tmp_path: Path, weapon: str, counts: dict[str, str], kind: str, subkind: str) -> None:
    row, audit = _one(tmp_path, **{"Weapon Carried/Used": weapon, **counts})
    assert (row.get("kind"), row.get("subkind")) == (kind, subkind)
    assert not audit.unknown


def test_what_nobody_knows_is_reported(tmp_path: Path) -> None:
    row, audit = _one(tmp_path, **{"Weapon Carried/Used": "Firearms, Trebuchet", "Geo Precision": "(9) moon"})
    assert set(audit.unknown) == {("Weapon Carried/Used", "Trebuchet"), ("Geo Precision", "(9) moon")}
    assert row["place_precision"] is None


def test_a_report_without_a_day_of_its_own_is_less_exact(tmp_path: Path) -> None:
    row, _ = _one(tmp_path, Event_Description="As reported on 04 May 2023: A clinic was closed.")
    assert row["date_precision"] == "days"


def test_victims_below_zero_are_put_aside(tmp_path: Path) -> None:
    row, audit = _one(tmp_path, Aid_Workers_Killed="-1")
    assert row == {}
    assert audit.reasons == {"Aid Workers Killed: a count below zero": 1}


def _check(rows: list[dict[str, Any]], audit: RowAudit, killed: list[str]) -> None:
    assert audit.read == audit.kept == audit.expected == len(rows)
    assert not audit.unknown
    assert not audit.leftover
    told = [json.loads(row["verbatim"]) for row in rows]
    assert sum(row["deaths_best"] for row in rows) == sum(int(line[name]) for line in told for name in killed)
    assert len({row["source_id"] for row in rows}) == len(rows)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_the_real_aid_workers() -> None:
    rows, audit = _read(DATA / "aidWorkerKIKA.json", version="2024-02-26")
    _check(rows, audit, ["Aid Workers Killed"])
    assert {name: remark.count for name, remark in audit.remarks.items()} == {"no coordinates": 35}
    assert all(row.get("kind") for row in rows)
    assert all(row["country"] for row in rows)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_the_real_education() -> None:
    rows, audit = _read(DATA / "education.json", "insecurity-insight-education", "2024-03-01")
    _check(rows, audit, ["Educators Killed", "Students Killed"])
    assert not audit.remarks


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_the_real_health_care() -> None:
    name = "2016-2023-attacks-on-health-care-incident-data.xlsx"
    rows, audit = _read(DATA / name, "insecurity-insight-health", "2024-01-05")
    _check(rows, audit, ["Health Workers Killed"])
    assert audit.remarks["row of HXL tags, which is no record"].count == 1
    odd = "Looting/Theft/Robbery/Burglary of Health Supplies is below zero, so it is not used"
    assert audit.remarks[odd].count == 1
    assert {row["country_reported"] for row in rows if row.get("country") is None} == {
        "Unspecified",
        "International Waters",
    }
