"""The Global Terrorism Database, from a file of its published shape."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from marsad.connectors import RowAudit, connector

EVENT: dict[str, Any] = {
    "eventid": 202001150003,
    "iyear": 2020,
    "imonth": 1,
    "iday": 15,
    "country_txt": "Afghanistan",
    "provstate": "Kabul",
    "city": "Kabul",
    "latitude": 34.52,
    "longitude": 69.18,
    "specificity": 1,
    "vicinity": 0,
    "summary": "01/15/2020: Something happened.",
    "suicide": 0,
    "attacktype1_txt": "Armed Assault",
    "targtype1_txt": "Private Citizens & Property",
    "target1": "Civilian",
    "gname": "Taliban",
    "nkill": 4,
    "nkillter": 1,
    "nwound": 2,
    "nhostkid": -99,
    "scite1": "A",
    "scite2": "",
    "scite3": "C",
}


def _one(tmp_path: Path, **changes: Any) -> tuple[dict[str, Any], RowAudit]:
    path = tmp_path / "gtd.csv"
    record = EVENT | dict.fromkeys(connector("gtd").spec.ignored, "") | changes
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, record)
        writer.writeheader()
        writer.writerow(record)
    return _read(path)


def _read(path: Path) -> tuple[dict[str, Any], RowAudit]:
    audit = RowAudit()
    rows = list(connector("gtd").table_rows(path, release="r", audit=audit))
    return (rows[0] if rows else {}), audit


def test_the_yaml_knows_the_135_columns_of_the_codebook() -> None:
    spec = connector("gtd").spec
    names = {name for rule in spec.fields.values() for name in rule.names}
    assert len(names | {name.removesuffix("?") for name in spec.used} | set(spec.ignored)) == 135


def test_an_attack(tmp_path: Path) -> None:
    row, audit = _one(tmp_path)
    assert (row["source_id"], row["country"], str(row["date_start"])) == ("202001150003", "AFG", "2020-01-15")
    assert (row["deaths_best"], row["deaths_a"], row["injured"], row["abducted"]) == (4, 1, 2, None)
    assert (row["kind"], row["subkind"], row["plover"]) == ("violence_against_civilians", "attack", "ASSAULT")
    assert (row["side_a"], row["side_b"], row["sources"]) == ("Taliban", "Civilian", "A; C")
    assert (row["place_precision"], row["radius_km"]) == ("point", 5)
    assert not audit.unknown
    assert not audit.leftover


def test_an_excel_file_says_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(EVENT))
    book.active.append(list(EVENT.values()))
    path = tmp_path / "globalterrorismdb.xlsx"
    book.save(path)
    row, _ = _read(path)
    own = ("record", "verbatim", "row")
    assert {key: value for key, value in row.items() if key not in own} == {
        key: value for key, value in _one(tmp_path)[0].items() if key not in own
    }


@pytest.mark.parametrize(
    ("month", "day", "start", "end", "precision"),
    [(0, 0, "2020-01-01", "2020-12-31", "year"), (2, 0, "2020-02-01", "2020-02-29", "month")],
)
def test_zero_means_not_known(tmp_path: Path, month: int, day: int, start: str, end: str, precision: str) -> None:
    row, _ = _one(tmp_path, imonth=month, iday=day)
    assert (str(row["date_start"]), str(row["date_end"]), row["date_precision"]) == (start, end, precision)


@pytest.mark.parametrize("unknown", ["-9", "-99", "-99.0", ""])
def test_unknown_numbers_are_null(tmp_path: Path, unknown: str) -> None:
    row, audit = _one(tmp_path, nkill=unknown, nwound=unknown)
    assert (row["deaths_best"], row["injured"]) == (None, None)
    assert not audit.quarantined


def test_other_numbers_below_zero_are_put_aside(tmp_path: Path) -> None:
    row, audit = _one(tmp_path, nkill="-3")
    assert row == {}
    assert audit.reasons == {"deaths_best: a count below zero": 1}


@pytest.mark.parametrize(
    ("attack", "target", "suicide", "kind", "subkind"),
    [
        ("Armed Assault", "Military", 0, "battle", "armed_clash"),
        ("Assassination", "Police", 0, "battle", "armed_clash"),
        ("Assassination", "Government (General)", 0, "violence_against_civilians", "attack"),
        ("Bombing/Explosion", "Military", 0, "explosion", None),
        ("Bombing/Explosion", "Military", 1, "explosion", "suicide_bomb"),
        ("Hostage Taking (Kidnapping)", "NGO", 0, "violence_against_civilians", "abduction_forced_disappearance"),
        ("Facility/Infrastructure Attack", "Utilities", 0, "development", "looting_property_destruction"),
        ("Unknown", "Military", 0, None, None),
    ],
)
def test_kinds(tmp_path: Path, attack: str, target: str, suicide: int, kind: str | None, subkind: str | None) -> None:
    row, audit = _one(tmp_path, attacktype1_txt=attack, targtype1_txt=target, suicide=suicide)
    assert (row["kind"], row["subkind"]) == (kind, subkind)
    assert not audit.unknown


@pytest.mark.parametrize(
    ("changes", "precision"),
    [
        ({"vicinity": 1}, "near"),
        ({"specificity": 3}, "admin2"),
        ({"specificity": 4, "vicinity": 1}, "admin1"),
        ({"specificity": 5, "latitude": "", "longitude": ""}, None),
        ({"latitude": "", "longitude": ""}, None),
    ],
)
def test_places(tmp_path: Path, changes: dict[str, Any], precision: str | None) -> None:
    assert _one(tmp_path, **changes)[0].get("place_precision") == precision


def test_states_of_the_past_and_unknown_words(tmp_path: Path) -> None:
    row, audit = _one(tmp_path, country_txt="Soviet Union", target1="Unknown", gname="Unknown")
    assert (row["country"], row["side_b"], row.get("side_a")) == (None, "Private Citizens & Property", None)
    assert not audit.unknown
    _, audit = _one(tmp_path, country_txt="Atlantis", attacktype1_txt="Sorcery")
    assert set(audit.unknown) == {("country_txt", "Atlantis"), ("attacktype1_txt", "Sorcery")}
