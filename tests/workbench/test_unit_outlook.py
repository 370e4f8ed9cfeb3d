"""The early-warning list of a study's areas and groups: from the registers of its build, or without one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from marsad.cli.outlook import print_outlook, print_unit_outlook, tell_units
from marsad.errors import InputError, NotFoundError
from marsad.model import Date
from marsad.study import RELEASES_FOLDER, new_study
from marsad.workbench import Workbench, build, registering, unit_outlook
from marsad.workbench.unit_outlook import unit_outlooks

MAPPING = """
title: A register of attacks
producer: Example Register
licence: CC BY 4.0
citation: Example Register (2025). Attacks.
may_redistribute: true
definition: {id: attacks, text: Attacks in which somebody was killed., victims: everybody, within: []}
fields:
  source_id: id
  date_start: day
  country: {field: country, country: iso3}
  admin1_reported: province
  side_a: attacker
  side_b: target
  deaths_best: killed
constants: {kind: KIND, date_precision: day}
"""
HEAD = "id,day,country,province,attacker,target,killed"
SOURCE = """
@misc{register2025,
  author = {{Example Register}},
  title = {Attacks},
  date = {2025},
  kind = {secondary},
  reliability = {B},
}
"""
RELEASE = """  - id: NAME
    connector: generic
    version: "1.0"
    source: register2025
    file: NAME.csv
    mapping: attacks.yaml
    retrieved_at: "2025-02-03"
"""
PROVINCES = ("Khyber Pakhtunkhwa", "Punjab", "Sindh")


def lines(months: int) -> list[str]:
    """Attacks by two groups in three provinces, the first in every month, the second in every third."""
    found = [HEAD]
    for number in range(months):
        day = f"{2020 + number // 12}-{number % 12 + 1:02d}-15"
        found.append(f"a{number},{day},PAK,{PROVINCES[0]},Group One,Civilians,{3 + number % 4}")
        if number % 3 == 0:
            found.append(f"b{number},{day},PAK,{PROVINCES[1]},Group Two,Army,1")
        if number in (1, 2):
            found.append(f"c{number},{day},PAK,{PROVINCES[2]},Unidentified gunmen,Group Three,1")
            found.append(f"d{number},{day},IND,Punjab,Another,Army,90")
    return found


def write_study(folder: Path, registers: dict[str, int], kind: str = "explosion") -> Path:
    new_study(folder, title="A study")
    path = folder / "places.csv"
    path.write_text(path.read_text().replace("country,Country,", "country,Pakistan,", 1))
    with (folder / "sources.bib").open("a") as file:
        file.write(SOURCE)
    releases = folder / RELEASES_FOLDER
    releases.mkdir(exist_ok=True)
    (releases / "attacks.yaml").write_text(MAPPING.replace("KIND", kind))
    for name, months in registers.items():
        (releases / f"{name}.csv").write_text("\n".join((*lines(months), "")))
    (folder / "data.yaml").write_text("releases:\n" + "".join(RELEASE.replace("NAME", name) for name in registers))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built study with a long and a short register, only to be read."""
    folder = write_study(tmp_path_factory.mktemp("units") / "study", {"long": 36, "short": 5})
    build(Workbench(folder))
    return folder


def test_areas_are_listed_by_register(built: Path) -> None:
    found = unit_outlooks(Workbench(built), unit="admin1", model="empirical")
    assert [one.register for one in found] == ["long", "short"]
    first, second = found
    assert [row.series for row in first.rows] == [f"PAK/{name}" for name in PROVINCES], "nothing of India"
    assert first.months == ("2020-01", "2022-12")
    assert first.rows[0].month == "2023-01"
    assert first.rows[0].last == 3 + 35 % 4
    assert first.rows[2].since == 33
    assert first.record is not None
    assert first.record.cells == 3 * 12
    assert not any("--" in notice for notice in first.notices)
    assert second.rows == ()
    assert "has 5 months, 2020-01 to 2020-05" in second.problem


def test_attacks_are_counted_too(built: Path) -> None:
    first = unit_outlooks(Workbench(built), unit="admin1", model="conflictology", count="events", threshold=2)[0]
    assert {row.series: row.last for row in first.rows} == {
        f"PAK/{PROVINCES[0]}": 1,
        **dict.fromkeys(("PAK/Punjab", "PAK/Sindh"), 0),
    }
    assert {row.threshold for row in first.rows} == {2}


def test_a_list_of_an_earlier_month_knows_no_later_record(built: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(built, study, ignore=shutil.ignore_patterns("build"))
    origin = Date.parse("2022-05")
    before = unit_outlooks(Workbench(built), unit="admin1", model="empirical", origin=origin)[0]
    assert (before.months, before.rows[0].month) == (("2020-01", "2022-05"), "2022-06")
    with (study / RELEASES_FOLDER / "long.csv").open("a") as file:
        file.write("z,2022-06-15,PAK,Balochistan,Group Two,Army,900\n")
    assert unit_outlooks(Workbench(study), unit="admin1", model="empirical", origin=origin)[0] == before
    assert len(unit_outlooks(Workbench(study), unit="admin1", model="empirical")[0].rows) == 4
    late = unit_outlooks(Workbench(built), unit="admin1", model="empirical", origin=Date.parse("2023-01"))[0]
    assert "ends with 2022-12, before 2023-01" in late.problem
    with pytest.raises(InputError, match="is not one month"):
        unit_outlooks(Workbench(built), unit="admin1", model="empirical", origin=Date.parse("2022"))


def test_only_groups_are_listed(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = unit_outlooks(Workbench(built), unit="actor", model="empirical", count="events")[0]
    assert {row.series for row in first.rows} == {"Army", "Group One", "Group Two"}
    assert "3 names left out: victims, unknown sides, or records in fewer than 3 months" in first.notices
    monkeypatch.setattr(unit_outlook, "_is_group", lambda *_: True)
    every = unit_outlooks(Workbench(built), unit="actor", model="empirical", count="events")[0]
    assert len(every.rows) == 6
    assert not any("left out: victims" in notice for notice in every.notices), "nobody is told of 0 names"


def test_the_target_of_violence_against_civilians_is_no_group(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", {"long": 36}, kind="violence_against_civilians")
    first = unit_outlooks(Workbench(study), unit="actor", model="empirical", count="events")[0]
    assert {row.series for row in first.rows} == {"Group One", "Group Two"}


def test_a_study_says_the_same_without_a_build(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = tmp_path / "study"
    shutil.copytree(built, study)
    told = unit_outlooks(Workbench(study), unit="admin1", model="empirical")
    shutil.rmtree(study / "build")
    assert unit_outlooks(Workbench(study), unit="admin1", model="empirical") == told
    assert not (study / "build").exists()

    def refuse(*_: object) -> None:
        raise AssertionError("the table of the build is up to date")

    monkeypatch.setattr(registering, "import_release", refuse)
    assert unit_outlooks(Workbench(built), unit="admin1", model="empirical") == told
    with (study / RELEASES_FOLDER / "long.csv").open("a") as file:
        file.write("z,2023-01-15,PAK,Sindh,Group Two,Army,9\n")
    with pytest.raises(AssertionError, match="up to date"):
        unit_outlooks(Workbench(study), unit="admin1", model="empirical")


def test_what_cannot_be_listed_is_refused(built: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a list is of series, admin1, admin2, actor"):
        unit_outlooks(Workbench(built), unit="village", model="empirical")
    with pytest.raises(NotFoundError, match="no model 'oracle'"):
        unit_outlooks(Workbench(built), unit="admin1", model="oracle")
    assert (
        "--count 'wounded'"
        in unit_outlooks(Workbench(built), unit="admin1", model="empirical", count="wounded")[0].problem
    )
    empty = tmp_path / "empty"
    new_study(empty, title="A study")
    with pytest.raises(InputError, match=r"no country that is known by name|no register of events"):
        unit_outlooks(Workbench(empty), unit="admin1", model="empirical")


def test_the_lists_are_told_as_text_and_as_json(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tell_units(built, "actor", model="empirical", count="events", origin="2022-05") == 0
    assert "events by group, A register of attacks" in " ".join(capsys.readouterr().out.split())
    assert tell_units(built, "admin1", model="empirical", json=True) == 0
    told = json.loads(capsys.readouterr().out)["outlook"]
    assert [one["register"] for one in told] == ["long", "short"]
    assert told[0]["rows"][0]["series"] == f"PAK/{PROVINCES[0]}"
    with pytest.raises(InputError, match=r"ends with 2022-12.*\n.*ends with 2020-05"):
        tell_units(built, "admin1", model="empirical", origin="2024-01")


def test_the_list_is_printed_with_the_record(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = unit_outlooks(Workbench(built), unit="admin1", model="empirical")
    for one in found:
        print_unit_outlook(one)
    out, err = (" ".join(text.split()) for text in capsys.readouterr())
    assert "deaths, best estimate by first-level area, A register of attacks, version 1.0 (2020-01 to 2022-12)" in out
    assert "PAK/Punjab" in out
    assert "The model “empirical” on all of them, a month ahead from 2021-12 to 2022-11" in out
    assert "has 5 months" in err
    print_outlook(found[0].rows[:1])
    assert "the next month of every series" in capsys.readouterr().out
