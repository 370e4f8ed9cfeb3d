"""Any table: by a mapping, or by what the names of its fields tell."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from marsad.connectors import RowAudit, connector, fitted
from marsad.documents.shipped import shipped_text
from marsad.errors import InputError


def test_the_names_of_fields_tell_what_they_hold(read: Any, write: Any) -> None:
    text = (
        "source,event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,"
        "longitude,fatalities,notes,iso3\n"
        "acled,PAK1,2021-03-05,Battles,Armed clash,A,B,Pakistan,Balochistan,Quetta,30.2,67.0,4,Shots were heard,PAK\n"
        "acled,PAK2,05 March 2021,Explosions/Remote violence,Grenade,A,B,Pakistan,KP,Bannu,33,70.6,0,,PAK\n"
    )
    found = read("generic", write("acled_small.csv", text))
    first, second = found.rows
    assert (first["source_id"], first["dataset"], first["deaths_best"]) == ("PAK1", "acled", 4)
    assert (first["kind"], first["subkind"], first["plover"]) == ("battle", "armed_clash", "ASSAULT")
    assert (second["kind"], second["subkind"]) == ("explosion", "grenade")
    assert (second["date_start"], second["date_end"]) == (dt.date(2021, 3, 5), dt.date(2021, 3, 5))
    assert (first["country"], first["country_reported"], first["admin1_reported"]) == ("PAK", "Pakistan", "Balochistan")
    assert (first["side_a"], first["side_b"], first["place"]) == ("A", "B", "Quetta")
    guessed = {text for text in found.audit.remarks if text.startswith("guessed")}
    assert "guessed from the names of the fields: date_start is 'event_date'" in guessed
    assert len(guessed) == 14
    assert found.audit.leftover == {"source": 2}


def test_words_that_are_no_kind_stay_the_sources_own(read: Any, write: Any) -> None:
    found = read("generic", write("a.csv", "id,date,type\n1,2021-03-05,Ambush\n2,2021-03-05,riot\n"))
    assert [(row.get("kind"), row.get("subkind")) for row in found.rows] == [(None, "Ambush"), ("riot", None)]


def test_a_country_by_its_name_where_the_code_is_none(read: Any, write: Any) -> None:
    found = read(
        "generic", write("a.csv", "id,date,iso3,country\n1,2021-03-05,QQQ,Pakistan\n2,2021-03-05,QQQ,Nowhere\n")
    )
    assert [row.get("country") for row in found.rows] == ["PAK", None]
    assert found.audit.unknown == {("country", "QQQ"): 1, ("country_reported", "Nowhere"): 1}


def test_year_month_and_day_apart(read: Any, write: Any) -> None:
    found = read("generic", write("a.csv", "id,Year,Month,Day,killed\n1,2021,3,,4\n2,2021,3,5,1\n3,2021,13,,1\n"))
    assert [(row["date_start"].isoformat(), row["date_precision"]) for row in found.rows] == [
        ("2021-03-01", "month"),
        ("2021-03-05", "day"),
    ]
    assert found.audit.reasons == {"Month: not a month": 1}


def test_figures_have_no_dates_of_events(read: Any, write: Any) -> None:
    mapping = {"table": "figures", "fields": {"measure": "what", "best": "n"}}
    (row,) = read("generic", write("a.csv", "year,what,n\n2021,attacks,4\n"), mapping).rows
    assert "date_start" not in row


def test_an_ambiguous_date_is_put_aside_not_guessed(read: Any, write: Any) -> None:
    path = write("a.csv", "id,date\n1,03/04/2021\n")
    assert read("generic", path).audit.kept == 0
    mapping = {"fields": {"source_id": "id", "date_start": {"field": "date", "format": "%d/%m/%Y"}}}
    assert read("generic", path, mapping).rows[0]["date_start"] == dt.date(2021, 4, 3)


def test_one_coordinate_alone_is_not_guessed(read: Any, write: Any) -> None:
    found = read("generic", write("a.csv", "id,date,y,z\n1,2021-03-05,95,2\n"))
    assert found.audit.kept == 1
    assert found.audit.leftover == {"y": 1, "z": 1}


def test_a_table_without_a_name_that_tells_anything(read: Any, write: Any) -> None:
    with pytest.raises(InputError, match="no field has a name that tells"):
        read("generic", write("a.csv", "c1,c2\n1,2\n"))


def test_names_of_the_dataset(read: Any, write: Any) -> None:
    agreed = write("file_a.csv", "dataset,id,date\ncrash,1,2021-03-05\ncrash,2,2021-03-06\n")
    mixed = write("file_b.csv", "dataset,id,date\ncrash,1,2021-03-05\nother,2,2021-03-06\n")
    assert {row["dataset"] for row in read("generic", agreed).rows} == {"crash"}
    assert {row["dataset"] for row in read("generic", mixed).rows} == {"file_b"}
    assert {row["dataset"] for row in read("generic", mixed, {"name": "mine"}).rows} == {"mine"}


def test_totals_only_where_all_parts_are_stated(read: Any, write: Any) -> None:
    mapping = {
        "fields": {"source_id": "id", "deaths_a": "a", "deaths_b": "b", "deaths_best": {"field": "all"}},
        "totals": {"deaths_best": ["deaths_a", "deaths_b"]},
    }
    found = read("generic", write("a.csv", "id,a,b,all\n1,1,2,\n2,1,,\n3,1,2,9\n"), mapping)
    assert [row.get("deaths_best") for row in found.rows] == [3, None, 9]


@pytest.mark.parametrize(("number", "records"), [(1, 71), (2, 64), (3, 60)])
def test_the_meltt_files_need_no_mapping(read: Any, shared: Any, number: int, records: int) -> None:
    path = shared(f"meltt/crash_data{number}.csv")
    found = read("generic", path)
    assert (found.audit.kept, found.audit.quarantined) == (records, [])
    with path.open(encoding="utf-8", newline="") as file:
        for row, given in zip(found.rows, csv.DictReader(file), strict=True):
            assert row["source_id"] == given["event"]
            assert (row["date_start"].isoformat(), row["date_end"].isoformat()) == (given["date"], given["enddate"])
            assert (row["latitude"], row["longitude"]) == (float(given["latitude"]), float(given["longitude"]))
            assert row["dataset"] == f"crash_data{number}"
            assert json.loads(row["verbatim"]) == given


def handbook_mappings() -> list[dict[str, Any]]:
    blocks = re.findall(r"```yaml\n(.*?)```", shipped_text("marsad.connectors", "handbook.md"), re.DOTALL)
    return [yaml.safe_load(block) for block in blocks]


def test_the_mapping_of_the_handbook_reads_its_file(read: Any, shared: Any) -> None:
    found = read("generic", shared("ucdp/aec_all.csv"), handbook_mappings()[0])
    assert (found.audit.read, found.audit.kept) == (11_363, 11_363)
    assert found.audit.leftover == Counter()
    assert found.audit.unknown == Counter()
    assert {row["dataset"] for row in found.rows} == {"ucdp-aec"}
    countries = Counter(row["country"] for row in found.rows)
    assert (countries["PAK"], countries["AFG"]) == (376, 1024)
    for row in found.rows:
        given = json.loads(row["verbatim"])
        parts = ("deaths_side_a", "deaths_side_b", "deaths_civilian", "deaths_unknown")
        assert row["deaths_best"] == sum(int(given[part]) for part in parts)


def test_the_other_mappings_of_the_handbook_are_valid() -> None:
    monthly, wide = handbook_mappings()[1:3]
    assert connector("satp").spec.with_mapping(monthly, file="x").period == ("Month",)
    assert len(connector("picss").spec.with_mapping(wide, file="x").melt[0].fields) == 12


def test_a_panel_of_months_in_parquet(read: Any, shared: Any) -> None:
    found = read("generic", shared("views/cm_panel.parquet"), handbook_mappings()[3])
    assert (found.audit.read, found.audit.kept) == (70_995, 70_995)
    assert found.audit.leftover == Counter()
    assert {(row["measure"], row["unit"], row["dataset"]) for row in found.rows} == {
        ("killed", "persons", "deaths-by-month")
    }
    first = found.rows[0]
    assert (first["period_start"], first["period_end"]) == (dt.date(1990, 1, 1), dt.date(1990, 1, 31))
    assert found.audit.unknown == Counter()


def test_a_narrow_table_is_read_quickly(tmp_path: Path) -> None:
    """550,000 rows must take well under 30 s: so 20,000 well under one, on a machine that others use too."""
    path = tmp_path / "narrow.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "date", "latitude", "longitude", "actor1", "actor2", "deaths"))
        writer.writerows(
            (n, f"2020-01-{n % 28 + 1:02}", n % 90, n % 180, f"a{n % 9}", "b", n % 7) for n in range(20_000)
        )
    begun = time.process_time()
    rows = sum(1 for _ in fitted(connector("generic"), path).table_rows(path, release="r", audit=RowAudit()))
    assert rows == 20_000
    assert time.process_time() - begun < 1.1
