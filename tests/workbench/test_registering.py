"""Registers in a study: imported by the build, measured, matched with the study's events, and shown in the report."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from marsad.cli.main import main
from marsad.errors import InputError, StudyError
from marsad.evidence import TEMPORARY, read_metadata, read_rows
from marsad.evidence.judgements import FiledJudgement, record_key
from marsad.evidence.ledger import Ledger
from marsad.model import Finding, Verdict, plain
from marsad.study import LEDGER, RELEASES_FOLDER, new_study
from marsad.workbench import Workbench, build
from marsad.workbench.registered import asked_series, series_faults

from .registers import DATA, HEAD, MAPPING, MARKET, OTHERS, SOURCE, edit

BORDERED = DATA + "border: {name: The border, between: [PAK, AFG]}\n"


def write_register(study: Path, *lines: str, name: str = "attacks") -> None:
    folder = study / RELEASES_FOLDER
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join((HEAD, *lines, "")))
    (folder / "attacks.yaml").write_text(MAPPING)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study that `marsad new` writes, in a country that there is, with a register; built, and only to be read."""
    folder = tmp_path_factory.mktemp("registers") / "small"
    new_study(folder, title="A small study")
    edit(folder / "places.csv", "country,Country,", "country,Pakistan,")
    edit(folder / "places.csv", "province,Province,", "province,Khyber Pakhtunkhwa,")
    edit(folder / "study.yaml", "area: [country]", "area: [country, province]")
    edit(
        folder / "study.yaml", "analyses:\n          - name: timeline", f"analyses:\n{ASKED}          - name: timeline"
    )
    with (folder / "sources.bib").open("a") as file:
        file.write(SOURCE)
    (folder / "data.yaml").write_text(BORDERED)
    write_register(folder, MARKET, *OTHERS)
    build(Workbench(folder))
    return folder


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    """A copy of it, with its build."""
    return Path(shutil.copytree(built, tmp_path / "small"))


ASKED = """\
          - name: registers
          - name: events-in-registers
          - name: series-by-month
            parameters: {series: "attacks:country:killed"}
"""


def outputs(folder: Path) -> dict[str, str]:
    """The hash of every output that does not hold the salt of DuckDB."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".duckdb"
        and path.name not in (".lock", "statements.json", "build.json")
        and TEMPORARY not in path.as_posix()
    }


def registered(study: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((study / "build" / "registers.json").read_bytes())
    return found


def finding(study: Path, name: str) -> Finding:
    (path,) = (study / "build" / "findings").glob(f"course.*.{name}.json")
    return Finding.model_validate_json(path.read_bytes())


def words(found: Finding) -> str:
    return " ".join(plain(passage) for passage in found.text)


def test_a_build_imports_and_measures_the_register(built: Path) -> None:
    folder = built / "build"
    table = folder / RELEASES_FOLDER / "attacks.parquet"
    rows = list(read_rows(table))
    assert [row["source_id"] for row in rows] == ["m1", "m2", "m3", "m4", "m5"]
    assert {row["release"] for row in rows} == {row["dataset"] for row in rows} == {"attacks"}
    assert 0 < rows[0]["border_km"] < 100
    assert (rows[0]["border"], rows[2]["border_km"]) == ("The border", None)
    (register,) = registered(built)["registers"]
    months = {(month["area"], month["month"]): month for month in register["months"]}
    assert months["country", "2022-03"] == {
        "area": "country", "month": "2022-03", "events": 2, "low": 12, "best": 14, "high": 16,
    }  # fmt: skip
    assert months["country", "2022-06"]["best"] == months["province", "2022-06"]["best"] == 5
    assert months["province", "2022-03"]["events"] == 1
    assert len(months) == 4
    assert (register["records"], register["elsewhere"], register["undated"]) == (4, 1, 1)
    assert (register["first"], register["last"]) == ("2022-03-04", "2022-06-30"), "a year says nothing of its months"
    assert register["quarantined"] == {"deaths_low: a count below zero": 1}
    assert (folder / RELEASES_FOLDER / "attacks.quarantine.csv").is_file()


def test_the_release_is_told_from_the_study_and_the_mapping(built: Path) -> None:
    release = registered(built)["registers"][0]["release"]
    digest = hashlib.sha256((built / RELEASES_FOLDER / "attacks.csv").read_bytes()).hexdigest()
    assert (release["id"], release["version"], release["retrieved_at"]) == ("attacks", "1.0", "2025-02-03")
    assert (release["sha256"], release["licence"], release["title"]) == (digest, "CC BY 4.0", "A register of attacks")
    assert (
        read_metadata(built / "build" / RELEASES_FOLDER / "attacks.parquet")["release"]["definition"]["id"] == "attacks"
    )


def test_the_event_of_the_study_is_found_in_the_register(built: Path) -> None:
    found = {match["source_id"]: match for match in registered(built)["matches"] if match["event"] == "market-attack"}
    assert found["m1"]["decision"] == "same"
    assert (found["m1"]["release"], found["m1"]["row"], found["m1"]["best"]) == ("attacks", 1, 12)
    assert found["m1"]["probability"] > 0.5
    assert found["m1"]["reasons"]
    assert all(match["decision"] != "same" for name, match in found.items() if name != "m1")
    told = finding(built, "events-in-registers")
    assert "Most probably it has a record of it." in words(told)
    cells = [cell.text for row in told.tables[0].rows for cell in row]
    assert "m1, Town, Khyber Pakhtunkhwa, row 1" in cells
    assert "same" in cells
    assert told.sources == tuple(sorted({"register2025", *told.sources}))


def test_registers_reach_the_series_and_the_report(built: Path) -> None:
    (series,) = [one for one in Workbench(built).inputs.series if (one.area, one.measure) == ("country", "killed")][1:]
    assert [(str(point.period), point.value) for point in series.points] == [
        ("2022-03", 14.0),
        ("2022-04", 0.0),
        ("2022-05", 0.0),
        ("2022-06", 5.0),
    ], "from the first record to the last, without the rest of the year"
    years = {row[0].text: row[-1].text for row in finding(built, "series-by-month").tables[0].rows}
    assert years == {"2022": "19"}
    table = finding(built, "registers").tables[1]
    assert [column.label for column in table.columns][2:4] == [
        "Events: A register of attacks",
        "Deaths: A register of attacks",
    ]
    report = (built / "build" / "report.html").read_text()
    for text in ("A register of attacks", "CC BY 4.0", "m1, Town", "Deaths by who counts them", "deaths_low: a count"):
        assert text in report
    digest = registered(built)["registers"][0]["release"]["sha256"]
    assert digest[:12] in report, "among the data of the report"


def test_the_same_study_gives_the_same_bytes(study: Path) -> None:
    before = outputs(study / "build")
    build(Workbench(study), force=True)
    assert outputs(study / "build") == before
    assert {"registers.json", "releases/attacks.parquet", "releases/_study.parquet"} <= before.keys()
    manifest = json.loads((study / "build" / "manifest.json").read_bytes())
    for name in ("registers.json", "releases/attacks.parquet", "releases/attacks.quarantine.csv"):
        assert manifest["outputs"][name] == before[name]


def test_an_unchanged_study_makes_nothing(study: Path) -> None:
    assert build(Workbench(study)).made == 0
    edit(study / "study.yaml", "A small study", "Another title")
    made = {step.name for step in build(Workbench(study)).steps if not step.fresh}
    assert not made & {"releases.attacks", "contradictions", "headline"}, "neither the file nor the mapping has changed"


@pytest.mark.parametrize("touched", ["attacks.csv", "attacks.yaml"])
def test_a_changed_register_is_imported_again_and_nothing_else_of_the_evidence(study: Path, touched: str) -> None:
    if touched == "attacks.csv":
        edit(study / RELEASES_FOLDER / touched, ",11,12,14,", ",11,13,14,")
    else:
        edit(study / RELEASES_FOLDER / touched, "kind: explosion", "kind: battle")
    made = {step.name for step in build(Workbench(study)).steps if not step.fresh}
    assert {"releases.attacks", "registers"} <= made
    assert not made & {"contradictions", "bibliography"}


def test_what_is_no_longer_of_the_study_leaves_the_build(study: Path) -> None:
    edit(study / "data.yaml", "id: attacks", "id: assaults")
    edit(study / "study.yaml", "attacks:country:killed", "assaults:country:killed")
    write_register(study, MARKET)
    build(Workbench(study))
    assert sorted(path.name for path in (study / "build" / RELEASES_FOLDER).iterdir()) == [
        "_study.parquet",
        "assaults.parquet",
    ]
    (study / "data.yaml").unlink()
    edit(study / "study.yaml", ASKED.replace("attacks:", "assaults:"), "")
    build(Workbench(study))
    assert not list((study / "build" / RELEASES_FOLDER).iterdir())
    assert not (study / "build" / "registers.json").exists()


def test_a_study_at_work_says_the_same_without_a_build(built: Path, study: Path) -> None:
    shutil.rmtree(study / "build")
    workbench = Workbench(study)
    told = {name: workbench.run(name) for name in ("registers", "events-in-registers")}
    assert not (study / "build").exists(), "nothing is written"
    assert told == {name: finding(built, name) for name in told}


def test_an_analysis_can_be_shown_without_a_build(built: Path, study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(study / "build")
    assert main(["show", str(study), "events-in-registers", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["tables"] == json.loads(finding(built, "events-in-registers").model_dump_json())["tables"]


def judge(study: Path, verdict: Verdict, author: str = "a person") -> None:
    tables = [study / "build" / RELEASES_FOLDER / name for name in ("_study.parquet", "attacks.parquet")]
    rows = [row for table in tables for row in read_rows(table) if row["source_id"] in ("market-attack", "m1")]
    left, right = (record_key(row["dataset"], row["record"]) for row in rows)
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with Ledger(study / LEDGER) as ledger:
        ledger.judge(FiledJudgement(left=left, right=right, verdict=verdict, author=author, made_at=moment))


def test_what_a_person_said_of_a_pair_holds_in_the_next_build(study: Path) -> None:
    judge(study, Verdict.NOT)
    build(Workbench(study))
    assert not [match for match in registered(study)["matches"] if match["source_id"] == "m1"]
    assert "Most probably" not in words(finding(study, "events-in-registers"))


def test_an_event_dated_to_a_year_waits_for_a_person(study: Path) -> None:
    for old in (",2022-03-04,town,", ",2022-03,town,"):
        edit(study / "events.csv", old, ",2022,town,")
    build(Workbench(study))
    found = [match["decision"] for match in registered(study)["matches"]]
    assert found
    assert "same" not in found
    judge(study, Verdict.SAME)
    build(Workbench(study))
    assert [m["decision"] for m in registered(study)["matches"] if m["source_id"] == "m1"] == ["same"]


def test_people_who_disagree_stop_no_build(study: Path) -> None:
    judge(study, Verdict.NOT)
    judge(study, Verdict.SAME, "another person")
    build(Workbench(study))
    (match,) = [match for match in registered(study)["matches"] if match["source_id"] == "m1"]
    assert match["decision"] == "review"
    assert "awaits a person's word" in words(finding(study, "events-in-registers"))


def test_a_release_may_have_any_name_that_an_identifier_can_be(study: Path) -> None:
    edit(study / "data.yaml", "id: attacks", "id: study")
    edit(study / "study.yaml", "attacks:country:killed", "study:country:killed")
    build(Workbench(study))
    assert registered(study)["registers"][0]["records"] == 4
    assert [match["source_id"] for match in registered(study)["matches"] if match["decision"] == "same"] == ["m1"]


def test_a_register_without_a_record_in_the_area_says_so(study: Path) -> None:
    write_register(study, OTHERS[3])
    edit(study / "study.yaml", ASKED[ASKED.index("          - name: series") :], "")
    build(Workbench(study))
    (register,) = registered(study)["registers"]
    assert (register["records"], register["elsewhere"], register["first"], register["months"]) == (0, 1, None, [])
    assert "no day" in words(finding(study, "registers"))


def test_a_series_of_a_register_that_has_no_month_there_is_a_fault_with_its_line(study: Path) -> None:
    write_register(study, OTHERS[3])
    line = next(
        n for n, text in enumerate((study / "study.yaml").read_text().split("\n"), 1) if "country:killed" in text
    )
    with pytest.raises(StudyError, match="is dated to a month, so that it gives no series") as caught:
        build(Workbench(study))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("study.yaml", line)
    assert fault.field.endswith("parameters.series")
    assert fault.remedy == "Take the analysis away, or fetch what covers the area"
    with pytest.raises(StudyError):
        _ = Workbench(study).inputs


def test_check_finds_it_too(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(study)]) == 0
    write_register(study, OTHERS[3])
    assert main(["check", str(study)]) == 2
    assert "is dated to a month, so that it gives no series" in " ".join(capsys.readouterr().err.split())


def test_the_series_that_there_are_are_named_beside_one_that_is_not(study: Path) -> None:
    write_register(study, OTHERS[0], OTHERS[4])
    edit(study / "study.yaml", "attacks:country:killed", "attacks:province:killed")
    with pytest.raises(StudyError, match=r"'province' is dated to a month.*There are: attacks:country:killed"):
        _ = Workbench(study).inputs


def test_the_series_of_registers_that_a_study_asks_for(study: Path) -> None:
    edit(study / "study.yaml", '{series: "attacks:country:killed"}', '{series: ["attacks:country:killed", "no"]}')
    with pytest.raises(StudyError, match="'no' is no series"):
        _ = Workbench(study).study
    edit(study / "study.yaml", ', "no"]', ", deaths-monthly]")
    (asked,) = asked_series(Workbench(study).study)
    assert (asked.release, asked.area, asked.measure, asked.path[-2:]) == (
        "attacks",
        "country",
        "killed",
        ("series", 0),
    )
    assert series_faults(Workbench(study).study, ()) != [], "a release that is no register gives none"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("connector: generic", "connector: genric", r"data\.yaml:4.*genric"),
        ("file: attacks.csv", "file: attack.csv", r"data\.yaml:7.*no file 'releases/attack\.csv'"),
        ("mapping: attacks.yaml", "mapping: none.yaml", r"data\.yaml:8.*no file 'releases/none\.yaml'"),
        ('retrieved_at: "2025-02-03"', 'retrieved_at: "3 Feb"', r"data\.yaml:9.*retrieved_at"),
        ("source: register2025", "source: nobody2025", r"data\.yaml:6.*nobody2025"),
        ("id: attacks", "id: At Tacks", r"data\.yaml:3.*id"),
    ],
)
def test_faults_of_data_yaml_are_named_with_their_line(study: Path, old: str, new: str, message: str) -> None:
    edit(study / "data.yaml", old, new)
    with pytest.raises(StudyError, match=message):
        build(Workbench(study))


def test_a_connector_that_is_not_there_is_found_before_anything_is_built(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(study / "build")
    edit(study / "data.yaml", "connector: generic", "connector: genric")
    assert main(["check", str(study)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "4:16" in said
    assert "genric" in said
    assert main(["build", str(study)]) == 2
    assert not (study / "build").exists()


def test_two_releases_of_one_name_are_a_fault(study: Path) -> None:
    text = (study / "data.yaml").read_text()
    item = text[text.index("  - id") : text.index("border")]
    (study / "data.yaml").write_text(text.replace(item, item * 2))
    with pytest.raises(StudyError, match=r"data\.yaml:10.*attacks"):
        build(Workbench(study))


def test_a_file_that_cannot_be_read_names_itself(study: Path) -> None:
    (study / RELEASES_FOLDER / "attacks.csv").write_text("id,day\n1,2\n")
    with pytest.raises(InputError, match=r"^data\.yaml, release 'attacks': .*attacks\.csv: there is no field 'start'"):
        build(Workbench(study))
