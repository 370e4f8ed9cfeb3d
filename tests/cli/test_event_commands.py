"""The commands of event tables as a person types them: help, JSON, and errors that say what to do."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from marsad.cli.main import main
from marsad.connectors import connector_names
from marsad.evidence import parquet_rows
from marsad.study import new_study

COMMANDS = ("import", "fetch", "measure", "reconcile")
HEAD = "event_id,date,country,latitude,longitude,deaths,actor1,notes"
TAXONOMY = "data.source,base.categories,level1\na,bomb,heavy\nb,blast,heavy\n"
Captured = pytest.CaptureFixture[str]


def lines(source: str) -> list[str]:
    return [
        f"{source}{n},2023-0{n}-05,Pakistan,3{n}.0,7{n}.0,{n},Group,Bomb {n} on a police van near a market"
        for n in range(1, 5)
    ]


@pytest.fixture
def tables(tmp_path: Path, capsys: Captured) -> list[str]:
    made = []
    for name in "ab":
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join((HEAD, *lines(name), "")))
        made.append(str(tmp_path / f"{name}.parquet"))
        assert main(["import", "generic", str(path), "-o", made[-1]]) == 0
    capsys.readouterr()
    return made


def as_json(capsys: Captured, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def refused(capsys: Captured, *arguments: str) -> str:
    """What a refused command says; on one line, and the same with ``--json``."""
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert main([*arguments, "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    said = " ".join(err.split())
    assert "Traceback" not in said
    assert "our fault" not in said
    parts = [fault["message"] for fault in told["faults"]] or [told["error"]]
    assert "".join(parts[0].split())[:60] in "".join(said.split())
    return said


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_name_the_command(command: str, capsys: Captured) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Examples" in out
    assert out.count(f"marsad {command}") >= 3
    assert "--json" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_or_an_unknown_option_points_to_the_help(command: str, capsys: Captured) -> None:
    assert main([command, "--no-such-option"]) == 2
    assert "--help" in " ".join(capsys.readouterr().err.split())


def test_the_connectors_are_listed_with_what_they_need(capsys: Captured) -> None:
    found = as_json(capsys, "fetch", "--list")
    assert [item["name"] for item in found] == list(connector_names())
    assert all(item["licence"] and item["citation"] and item["producer"] for item in found)
    assert main(["fetch", "--list"]) == 0
    shown = capsys.readouterr().out
    for text in ("ucdp-ged", "MARSAD_ACLED_USERNAME", "CC BY 4.0", "fetch, file", f"{len(found)} connectors"):
        assert text in shown


def test_an_import_says_what_became_of_the_records(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join((f"{HEAD},mood", *(f"{line},bad" for line in lines("a")), "x,2023-01-01,,,,-1,,,", "")))
    told = as_json(capsys, "import", "generic", str(path), "-o", str(tmp_path / "a.parquet"), "--version", "2.0")
    assert (told["table"], told["audit"]["read"], told["audit"]["kept"]) == ("events", 5, 4)
    assert told["release"]["version"] == "2.0"
    assert told["audit"]["leftover"] == {"mood": 4}
    assert Path(told["quarantine"]).is_file()
    assert main(["import", "generic", str(path), "-o", str(tmp_path / "a.parquet")]) == 0
    out, err = capsys.readouterr()
    assert "4 rows of events from 5 records" in " ".join(out.split())
    assert "Put aside" in out
    assert "fields that nothing uses, kept verbatim: mood (4)" in " ".join(err.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generic", "none.csv", "-o", "t.parquet"], r"none.csv: there is no such file"),
        (["genric", "a.csv", "-o", "t.parquet"], "genric"),
        (["generic", "a.csv", "-o", "a.csv"], "a.csv is the file that is read; name another"),
        (["generic", "a.csv", "-o", "."], "is a folder; name a file in it"),
        (
            ["generic", "a.csv", "-o", "t.parquet", "--mapping", "none.yaml"],
            "none.yaml: No such file or directory. Name",
        ),
        (["generic", "a.csv", "-o", "t.parquet", "--mapping", "bad.yaml"], "bad.yaml: not YAML"),
        (
            ["generic", "a.csv", "-o", "t.parquet", "--mapping", "odd.yaml"],
            "odd.yaml: the mapping: Value error, there is",
        ),
        (["satp", "a.csv", "-o", "t.parquet"], "a mapping is needed (`--mapping FILE`)"),
        (["awsd", "a.csv", "-o", "t.parquet"], "a.csv: no table of Aid Worker Security Database: there is no field"),
        (["generic", "a.csv", "-o", "t.parquet", "--border", "XXX-YYY"], "XXX"),
        (["generic", "a.csv", "-o", "t.parquet", "--border", "nowhere"], "neither two countries such as PAK-AFG nor"),
        (["generic", "a.csv", "-o", "t.parquet", "--boundaries", "none.geojson"], "none.geojson"),
        (["generic", "a.csv", "-o", "t.parquet", "--boundaries", "a.csv"], "a.csv"),
        (["generic", "a.csv"], "Missing option '--output'"),
    ],
)
def test_an_import_that_cannot_be_says_why(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("\n".join((HEAD, *lines("a"), "")))
    Path("bad.yaml").write_text("fields: [\n")
    Path("odd.yaml").write_text("fields: {no_column: x}\n")
    assert message in refused(capsys, "import", *arguments)
    assert not Path("t.parquet").exists()


def test_an_import_puts_aside_what_the_producer_has_withdrawn(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fields = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,iso,country,admin1,location"
    rest = "latitude,longitude,geo_precision,fatalities,timestamp"
    rows = [
        f"ML{n},2023-01-0{n},1,Battles,Armed clash,Rebels,466,Mali,Gao,Bamba,17.0,-1.4,1,3,100" for n in range(1, 4)
    ]
    Path("acled.csv").write_text("\n".join((f"{fields},{rest}", *rows, "")))
    lists = {
        "deleted.json": json.dumps({"success": True, "data": [{"event_id_cnty": "ML2", "deleted_timestamp": 200}]}),
        "deleted.jsonl": '{"event_id_cnty": "ML2", "deleted_timestamp": 200}\n',
        "deleted.csv": "event_id_cnty,deleted_timestamp\nML2,200\n",
    }
    for name, text in lists.items():
        Path(name).write_text(text)
        told = as_json(capsys, "import", "acled", "acled.csv", "-o", "t.parquet", "--withdrawn", name)
        assert told["audit"]["quarantined"] == {"event_id_cnty: withdrawn by the producer since": 1}
        assert [row["source_id"] for row in parquet_rows(Path("t.parquet"))] == ["ML1", "ML3"]
    command = ("import", "acled", "acled.csv", "-o", "u.parquet", "--withdrawn")
    Path("other.csv").write_text("name,day\na,b\n")
    assert "none of its entries has 'event_id_cnty'" in refused(capsys, *command, "other.csv")
    assert "none.json: there is no such file" in refused(capsys, *command, "none.json")
    Path("a.csv").write_text("\n".join((HEAD, *lines("a"), "")))
    assert "gives no list of withdrawn records" in refused(
        capsys, "import", "generic", "a.csv", "-o", "u.parquet", "--withdrawn", "deleted.csv"
    )
    assert not Path("u.parquet").exists()


def test_a_table_cannot_stand_in_a_file(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join((HEAD, *lines("a"), "")))
    assert main(["import", "generic", str(path), "-o", str(path / "t.parquet")]) == 2
    assert "a.csv" in capsys.readouterr().err


def test_measures_are_printed_written_and_given_as_json(tables: list[str], tmp_path: Path, capsys: Captured) -> None:
    told = as_json(capsys, "measure", *tables, "--by", "month", "--by", "dataset")
    assert len(told["rows"]) == 8
    assert sum(row["deaths_best"] for row in told["rows"]) == 20
    assert told["checks"]["counted"] == 8
    assert main(["measure", *tables, "--by", "year,country", "--since", "2023-03-01"]) == 0
    out = capsys.readouterr().out
    assert "1 group" in out
    assert "2023" in out
    assert main(["measure", *tables, "--by", "dataset", "-o", str(tmp_path / "m.csv")]) == 0
    with (tmp_path / "m.csv").open(newline="") as file:
        assert {row["dataset"]: row["deaths_best"] for row in csv.DictReader(file)} == {"a": "10", "b": "10"}
    assert main(["measure", *tables, "--by", "month", "-o", str(tmp_path / "m.csv")]) == 0
    with (tmp_path / "m.csv").open(newline="") as file:
        assert [row["month"] for row in csv.DictReader(file)] == ["2023-01", "2023-02", "2023-03", "2023-04"]
    assert main(["measure", *tables, "-o", str(tmp_path / "m.parquet")]) == 0
    assert [row["records"] for row in parquet_rows(tmp_path / "m.parquet")] == [8]


def test_measures_of_nothing_say_so_and_keep_the_headings(tables: list[str], tmp_path: Path, capsys: Captured) -> None:
    assert main(["measure", *tables, "--country", "NOR"]) == 0
    assert "No record fits." in capsys.readouterr().out
    assert main(["measure", *tables, "--by", "year", "--country", "NOR", "-o", str(tmp_path / "m.csv")]) == 0
    assert (tmp_path / "m.csv").read_text().startswith("year,records,events,deaths_low")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "yaer"], "cannot be grouped by 'yaer'; they can by week"),
        (["--by", "year,month"], "one period"),
        (["--since", "yesterday"], "--since 'yesterday': write a day such as 2021-08-15"),
        (["--engine", "sparkle"], "sparkle"),
        (["--memory-limit", "much"], "much"),
        (["--border-km", "x"], "'--border-km'"),
    ],
)
def test_measures_that_cannot_be_say_why(
    tables: list[str], capsys: Captured, arguments: list[str], message: str
) -> None:
    assert message in refused(capsys, "measure", *tables, *arguments)


def test_what_is_no_table_is_named(tables: list[str], tmp_path: Path, capsys: Captured) -> None:
    text = tmp_path / "text.parquet"
    text.write_text("no table")
    assert "text.parquet" in refused(capsys, "measure", str(text))
    assert "no.parquet: there is no such file; `marsad import`" in refused(
        capsys, "measure", str(tmp_path / "no.parquet")
    )
    assert "text.parquet" in refused(capsys, "reconcile", tables[0], str(text), "-o", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_tables_are_reconciled_into_a_folder(tables: list[str], tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    told = as_json(capsys, "reconcile", *tables, "-o", str(out))
    assert told == json.loads((out / "summary.json").read_text())
    assert (told["records"], told["events"], told["pairs"]["same"]) == (8, 4, 4)
    with (out / "pairs.csv").open(newline="") as file:
        found = {(row["left_id"], row["right_id"]) for row in csv.DictReader(file) if row["decision"] == "same"}
    assert found == {(f"a{n}", f"b{n}") for n in range(1, 5)}
    assert main(["reconcile", *tables, "-o", str(out), "--threshold", "0.9", "--km", "50", "--days", "2"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "8 records report 4 events: 4 pairs are the same event" in shown
    assert "cannot tell" in shown or "If the sources found events independently" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mode", "meltt"], "--mode meltt needs --km, --days and --taxonomies FOLDER"),
        (["--mode", "meltt", "--km", "4", "--days", "2", "--taxonomies", "none"], "none"),
        (["--taxonomies", "x"], "--taxonomies belongs to --mode meltt"),
        (["--mode", "meltt", "--scorer", "splink", "--km", "4", "--days", "2", "--taxonomies", "x"], "--scorer"),
        (["--km", "4"], "give --km and --days, or neither"),
        (["--km", "0", "--days", "1"], "give days from 0 and km from above 0"),
        (["--km", "nan", "--days", "1"], "Invalid value for '--km'"),
        (["--threshold", "1.5"], "--threshold"),
        (["--threshold", "nan"], "Invalid value for '--threshold'"),
        (["--mode", "best"], "'--mode'"),
        (["--model", "none.json"], "none.json"),
        (["--ledger", "none.sqlite"], "none.sqlite: there is no such ledger"),
        (["--engine", "sparkle"], "sparkle"),
    ],
)
def test_reconciling_that_cannot_be_says_why(
    tables: list[str],
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, "reconcile", *tables, "-o", "out", *arguments)
    assert not Path("out").exists()


def test_options_of_the_scorer_are_not_taken_by_the_meltt_mode(
    tables: list[str], tmp_path: Path, capsys: Captured
) -> None:
    window = ["--mode", "meltt", "--km", "4", "--days", "2", "--taxonomies", str(tmp_path)]
    for option in (["--threshold", "0.5"], ["--model", "m.json"], ["--memory-limit", "1GB"], ["--engine", "spark"]):
        said = refused(capsys, "reconcile", *tables, "-o", str(tmp_path / "out"), *window, *option)
        assert f"{option[0]} does not belong to --mode meltt" in said


def test_a_file_or_one_table_is_no_place_or_pair(tables: list[str], capsys: Captured) -> None:
    assert "is a file; name a folder" in refused(capsys, "reconcile", *tables, "-o", tables[0])
    assert "name two event tables or more" in refused(capsys, "reconcile", tables[0], "-o", "out")


@pytest.fixture
def study(tmp_path: Path) -> str:
    new_study(tmp_path / "study", title="A study")
    return str(tmp_path / "study")


def test_a_study_without_releases_has_nothing_to_fetch(study: str, capsys: Captured) -> None:
    assert main(["fetch", "--study", study]) == 0
    assert "Nothing to fetch" in capsys.readouterr().out
    assert as_json(capsys, "fetch", "--study", study) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ucdp-ged"], "there is no source 'ucdpged'"),
        (["ucdp-ged", "--source", "monitor2022", "-q", "country"], "--query 'country': write KEY=VALUE"),
        (["ucdp-ged", "--source", "monitor2022", "-q", "contry=AFG"], "no option 'contry'"),
        (["ucdp-ged", "--source", "monitor2022", "--id", "Not An Id"], "--id 'Not An Id': an identifier has"),
        (["ucpd", "--source", "monitor2022"], "ucpd"),
        (["gtd", "--source", "monitor2022"], "cannot be fetched by a program"),
        (["--source", "monitor2022"], "name its connector too"),
        (["ucdp-ged", "--source", "monitor2022", "--version", "x"], "'x' is no version"),
    ],
)
def test_a_fetch_that_cannot_be_says_why(study: str, capsys: Captured, arguments: list[str], message: str) -> None:
    before = sorted(path.name for path in Path(study).iterdir())
    assert message in refused(capsys, "fetch", *arguments, "--study", study)
    assert sorted(path.name for path in Path(study).iterdir()) == before


def test_a_fetch_into_nowhere_says_so(tmp_path: Path, capsys: Captured) -> None:
    assert "there is no study folder at" in refused(capsys, "fetch", "--study", str(tmp_path / "none"))


def test_faults_of_data_yaml_are_told_with_line_and_remedy(study: str, capsys: Captured) -> None:
    (Path(study) / "data.yaml").write_text("releases:\n  - {id: A b, connector: ucdp-ged, source: monitor2022}\n")
    said = refused(capsys, "fetch", "--study", study)
    assert "data.yaml" in said
    assert "2:10" in said
    assert "→" in said
