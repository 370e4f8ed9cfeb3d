"""A study's own events as rows of the event table: what its reports admit together, and nothing that none says."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from marsad.analysis.coded import VIOLENT
from marsad.evidence import read_rows, write_table
from marsad.model import Evidence, Kind, Statement, TableKind
from marsad.workbench.study_events import area_codes, study_event_rows

ROW = {"source": "news", "via": "", "locator": "page 1"}
LISTS = {"place", "actor", "target", "aliases"}


def record(kind: Kind, subject: str, report: str, /, **values: str) -> list[Statement]:
    return [
        Statement(kind=kind, subject=subject, record=report, property=key, value=value, **ROW)
        for key, text in values.items()
        for value in (text.split(";") if key in LISTS else [text])
    ]


def place(subject: str, kind: str, /, **values: str) -> list[Statement]:
    return record(Kind.PLACE, subject, subject, name=subject.title(), kind=kind, **values)


WORLD = [
    *place("pakistan", "country", lat="30", lon="70", precision="country"),
    *place("afghanistan", "country"),
    *place("punjab", "admin1", country="pakistan", lat="31", lon="72"),
    *place("lahore", "city", admin1="punjab", country="pakistan", lat="31.55", lon="74.34", precision="town"),
    *place("nowhere", "region"),
    *record(Kind.ACTOR, "band", "band", name="The Band", kind="armed_group"),
]


def rows(*reports: dict[str, str], subject: str = "e") -> list[dict[str, Any]]:
    statements = [
        one
        for n, report in enumerate(reports, 1)
        for one in record(Kind.EVENT, subject, f"{subject}-{n}", **{"kind": "bombing"} | report)
    ]
    return list(study_event_rows(Evidence.assemble([*WORLD, *statements], {}), dataset="my-study", kinds=VIOLENT))


def test_the_days_are_those_that_some_report_admits() -> None:
    (row,) = rows({"date": "2022-03-04"}, {"date": "2022-03"}, {"date": "2022-03-29/2022-04-02"}, {"killed": "3"})
    assert (row["date_start"], row["date_end"]) == (dt.date(2022, 3, 1), dt.date(2022, 4, 2))
    assert row["source_id"] == "e"
    assert json.loads(row["verbatim"])["reports"] == ["e-1", "e-2", "e-3", "e-4"]


@pytest.mark.parametrize(
    ("date", "precision"),
    [("2022-03-04", "day"), ("2022-03-04/2022-03-09", "days"), ("2022-03", "month"), ("2022", "year")],
)
def test_the_precision_is_that_of_the_days(date: str, precision: str) -> None:
    (row,) = rows({"date": date})
    assert row["date_precision"] == precision


def test_events_without_a_day_or_of_another_kind_have_no_row() -> None:
    assert rows({"killed": "3"}) == []
    assert rows({"date": "../2022"}) == []
    assert rows({"date": "2022-03-04", "kind": "statement"}) == []


@pytest.mark.parametrize(
    ("killed", "bounds"),
    [
        (["12"], (12, 12, 12)),
        (["12", "15"], (12, None, 15)),
        ([">=10", "12"], (10, None, None)),
        (["0"], (0, 0, 0)),
        ([], (None, None, None)),
        (["10..12"], (10, None, 12)),
    ],
)
def test_deaths_run_from_the_lowest_to_the_highest_report(killed: list[str], bounds: tuple[int | None, ...]) -> None:
    (row,) = rows({"date": "2022-03-04"}, *({"killed": value} for value in killed))
    assert tuple(row[f"deaths_{name}"] for name in ("low", "best", "high")) == bounds


def test_the_finest_place_that_a_report_gives_is_taken() -> None:
    (row,) = rows({"date": "2022-03-04", "place": "pakistan"}, {"place": "punjab;lahore"})
    assert (row["place"], row["admin1"], row["country"]) == ("Lahore", "Punjab", "PAK")
    assert (row["latitude"], row["longitude"], row["place_precision"], row["radius_km"]) == (31.55, 74.34, "near", 10.0)
    (wide,) = rows({"date": "2022-03-04", "place": "pakistan"})
    assert (wide["place_precision"], wide["country"], wide.get("admin1")) == ("country", "PAK", None)
    (bare,) = rows({"date": "2022-03-04", "place": "nowhere"})
    assert bare.get("latitude") is None
    assert bare["country"] is None


def test_places_in_two_countries_are_in_none() -> None:
    (row,) = rows({"date": "2022-03-04", "place": "lahore"}, {"place": "afghanistan"})
    assert row["country"] is None


def test_an_attack_on_forces_is_a_battle_and_one_on_others_is_not() -> None:
    kinds = [
        rows({"date": "2022-03-04", "kind": "armed_attack", "target": target})[0]["kind"]
        for target in ("police;military", "police;civilians")
    ]
    assert kinds == ["battle", "violence_against_civilians"]
    assert rows({"date": "2022-03-04", "kind": "suicide_bombing", "target": "police"})[0]["subkind"] == "suicide_bomb"


def test_sides_are_named_as_the_study_names_them() -> None:
    (row,) = rows({"date": "2022-03-04", "actor": "band", "target": "police"}, {"actor": "band", "target": "civilians"})
    assert (row["side_a"], row["side_b"]) == ("The Band", "civilians, police")


def test_countries_are_found_by_their_names() -> None:
    evidence = Evidence.assemble(WORLD, {})
    assert area_codes(evidence, ["pakistan", "lahore", "afghanistan"]) == {"pakistan": "PAK", "afghanistan": "AFG"}


def test_the_events_of_the_shipped_study_fit_the_common_table(tmp_path: Path, case: Path) -> None:
    from marsad.workbench import Workbench  # noqa: PLC0415 - only here

    evidence = Workbench(case).evidence
    made = list(study_event_rows(evidence, dataset="case", kinds=VIOLENT))
    write_table(tmp_path / "t.parquet", TableKind.EVENTS, made, metadata={})
    found = list(read_rows(tmp_path / "t.parquet"))
    assert len(found) == len({row["record"] for row in found}) == len({row["source_id"] for row in found}) > 10
    assert all(row["date_start"] <= row["date_end"] for row in found)
    assert {row["country"] for row in found} >= {"PAK", "AFG"}
