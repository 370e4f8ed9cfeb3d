"""Tables that a person keeps of institutes that publish no file: a mapping with a counting definition is compulsory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest

from marsad.connectors import connector
from marsad.errors import InputError

DEFINITION = {"id": "satp-killings", "text": "Incidents in which somebody was killed, by the press."}
INSTITUTES = ["satp", "pips", "picss", "crss"]
MONTHLY = (
    "Date/Month,Incidents of Killing,Civilians,Security Forces,Terrorists/Insurgents/Extremists,Not Specified,Total\n"
    'January 2021,20,10,14,"1,024",-,1048\n'
    "Feb-2021,8,1,2,3,0,6\n"
    "Total,28,11,16,1027,0,1054\n"
)
MAPPING = {
    "definition": DEFINITION,
    "period": "Date/Month",
    "melt": [
        {"fields": "Incidents of Killing", "set": {"measure": "incidents", "unit": "count"}},
        {
            "fields": ["Civilians", "Security Forces", "Terrorists/Insurgents/Extremists", "Not Specified"],
            "heading": "actor",
            "set": {"measure": "killed", "unit": "persons"},
        },
        {"fields": "Total", "set": {"measure": "killed", "unit": "persons"}},
    ],
}


@pytest.mark.parametrize("name", INSTITUTES)
def test_no_mapping_or_no_definition_is_an_error_with_an_example(read: Any, write: Any, name: str) -> None:
    path = write("a.csv", MONTHLY)
    with pytest.raises(InputError, match=r"a mapping is needed(.|\n)*definition:\n  id: "):
        read(name, path)
    with pytest.raises(InputError, match=r"mapping.yaml: there is no `definition`(.|\n)*publicly known"):
        read(name, path, {"period": "Date/Month"})


@pytest.mark.parametrize("name", INSTITUTES)
def test_their_rights_stay_theirs(name: str) -> None:
    spec = connector(name).spec
    assert not spec.may_redistribute
    assert spec.licence.startswith("©")
    assert spec.citation


def test_a_wide_monthly_table(read: Any, write: Any) -> None:
    found = read("satp", write("a.csv", MONTHLY), MAPPING)
    january = [row for row in found.rows if row["period_start"] == dt.date(2021, 1, 1)]
    assert [(row["measure"], row.get("actor"), row["best"]) for row in january] == [
        ("incidents", None, 20),
        ("killed", "Civilians", 10),
        ("killed", "Security Forces", 14),
        ("killed", "Terrorists/Insurgents/Extremists", 1024),
        ("killed", None, 1048),
    ]
    assert {row["period_end"] for row in january} == {dt.date(2021, 1, 31)}
    assert {(row["country"], row["definition"], row["dataset"]) for row in found.rows} == {
        ("PAK", "satp-killings", "satp")
    }
    assert len(found.rows) == 11
    assert found.audit.reasons == {"Date/Month: not a year, a month or a day": 1}
    assert not found.audit.leftover


def test_months_as_columns_in_a_workbook(read: Any, tmp_path: Any) -> None:
    book = openpyxl.Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("attacks")
    for cells in (["PICSS"], ["Province", "Year", "Jan", "Feb"], ["Balochistan", 2022, 12, None], ["KP", 2022, 31, 0]):
        sheet.append(cells)
    book.save(tmp_path / "picss.xlsx")
    mapping = {
        "definition": DEFINITION,
        "reader": {"table": "attacks", "heading": 2},
        "fields": {"admin1_reported": "Province"},
        "period": ["Year", "(heading)"],
        "melt": [{"fields": ["Jan", "Feb"], "set": {"measure": "attacks", "unit": "count"}}],
    }
    found = read("picss", tmp_path / "picss.xlsx", mapping)
    assert [(row["admin1_reported"], row["period_end"].isoformat(), row["best"]) for row in found.rows] == [
        ("Balochistan", "2022-01-31", 12),
        ("KP", "2022-01-31", 31),
        ("KP", "2022-02-28", 0),
    ]


def test_an_html_table(read: Any, write: Any) -> None:
    html = (
        "<html><body><table><tr><td>menu</td></tr></table><table><tr><th>Year</th><th>Attacks</th><th>Killed</th></tr>"
        "<tr><td>2021</td><td>207</td><td>335</td></tr><tr><td>2022</td><td>262</td><td>n/a</td></tr></table></body></html>"
    )
    mapping = {
        "definition": DEFINITION,
        "reader": {"table": 2},
        "period": "Year",
        "melt": [
            {"fields": "Attacks", "set": {"measure": "attacks", "unit": "count"}},
            {"fields": "Killed", "set": {"measure": "killed", "unit": "persons"}},
        ],
    }
    found = read("pips", write("a.html", html), mapping)
    assert [(row["measure"], row["best"]) for row in found.rows] == [
        ("attacks", 207),
        ("killed", 335),
        ("attacks", 262),
    ]


def test_a_list_of_incidents_becomes_events(read: Any, write: Any) -> None:
    text = "Date,District,Killed,What\n05/03/2021,Quetta,3,Blast near a bus\n07/03/2021,Kech,x,?\n"
    mapping = {
        "definition": DEFINITION,
        "table": "events",
        "fields": {
            "date_start": {"field": "Date", "format": "%d/%m/%Y"},
            "admin2_reported": "District",
            "deaths_best": "Killed",
            "text": "What",
        },
    }
    found = read("crss", write("a.csv", text), mapping)
    (row,) = found.rows
    assert (row["date_start"], row["date_end"], row["deaths_best"]) == (dt.date(2021, 3, 5), dt.date(2021, 3, 5), 3)
    assert found.audit.reasons == {"Killed: not a number": 1}


def test_a_renamed_column_is_named(read: Any, write: Any) -> None:
    with pytest.raises(InputError, match="there is no field 'Civilians'"):
        read("satp", write("a.csv", MONTHLY.replace("Civilians", "Civilian")), MAPPING)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"fields": {"deaths": "Total"}}, "no column 'deaths' in the table of figures"),
        ({"melt": [{"fields": "Total", "set": {"colour": "red"}}]}, "no column 'colour'"),
        ({"melt": [{"set": {}}]}, "melt.0.fields"),
        ({"table": "events"}, "melt and period are for tables of figures"),
        ({"reader": {"encoding": "base64"}}, "'base64' is no encoding of text"),
        ({"colour": 1}, "colour: Extra inputs"),
    ],
)
def test_faults_of_a_mapping_are_named(read: Any, write: Any, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"mapping.yaml: (.|\n)*{message}"):
        read("satp", write("a.csv", MONTHLY), MAPPING | wrong)
