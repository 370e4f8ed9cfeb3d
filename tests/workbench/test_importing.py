"""Importing a file: every record is kept or put aside with its reason, and a table is whole or not there."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.cli.main import main
from marsad.connectors import RowAudit, connector, connector_names
from marsad.connectors.connector import one_row
from marsad.connectors.reading import read_records
from marsad.errors import InputError, NotFoundError
from marsad.evidence import TEMPORARY, check_table, read_metadata, read_rows, sha256_of, write_table
from marsad.model import COLUMNS, TableKind
from marsad.workbench import Imported, ImportOptions, Places, import_file, read_connector

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
HEAD = "event_id,date,country,latitude,longitude,deaths,actor1,actor2,notes"
GOOD = (
    "a1,2023-01-02,Pakistan,34.0,71.5,3,One group,Police,A bomb",
    "a2,2023-01-05,Afghanistan,34.5,69.2,0,Another,,Shots",
)
SHAPE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"shapeName": name, "shapeID": code, "shapeGroup": "PAK", "shapeType": "ADM1"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[west, 33], [west, 35], [west + 1, 35], [west + 1, 33], [west, 33]]],
            },
        }
        for name, code, west in (("West", "PK-W", 71), ("East", "PK-E", 72))
    ],
}


def write(folder: Path, *lines: str, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((HEAD, *lines, "")), encoding="utf-8")
    return path


def imported(path: Path, output: Path, options: ImportOptions | None = None, *, name: str = "generic") -> Imported:
    return import_file(read_connector(name, path), path, output, options=options)


def test_each_record_is_kept_beside_what_it_says(tmp_path: Path) -> None:
    path = write(tmp_path, *GOOD)
    made = imported(path, tmp_path / "t.parquet", ImportOptions(dataset="mine", version="7", retrieved_at="2026-01-02"))
    assert check_table(made.path, TableKind.EVENTS) == 2
    first, second = read_rows(made.path)
    assert (first["source_id"], first["deaths_best"], first["country"], first["release"]) == ("a1", 3, "PAK", "mine-7")
    assert json.loads(second["verbatim"]) == dict(zip(HEAD.split(","), GOOD[1].split(","), strict=True))
    assert (made.audit.read, made.audit.kept, made.quarantine) == (2, 2, None)


def test_the_table_says_which_release_it_is_and_what_became_of_the_records(tmp_path: Path) -> None:
    path = write(tmp_path, *GOOD, "a3,2023-13-40,Pakistan,34,71,1,x,y,z")
    options = ImportOptions(version="2 b", retrieved_at="2026-01-02", url="https://example.org/x")
    made = imported(path, tmp_path / "t.parquet", options)
    metadata = read_metadata(made.path)
    release = metadata["release"]
    assert (release["id"], release["version"], release["url"]) == ("events-2-b", "2 b", "https://example.org/x")
    assert (release["sha256"], release["file"], release["retrieved_at"]) == (sha256_of(path), path.name, "2026-01-02")
    assert metadata["audit"] == json.loads(json.dumps(made.audit.summary()))
    assert (metadata["audit"]["read"], metadata["rows"], metadata["kind"]) == (3, 2, "events")
    assert sum(metadata["audit"]["quarantined"].values()) == 1


def test_without_a_version_the_hash_of_the_file_is_one(tmp_path: Path) -> None:
    path = write(tmp_path, *GOOD)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    made = imported(path, tmp_path / "t.parquet")
    assert made.release["version"] == f"sha256 {sha256_of(path)[:12]}"
    assert made.release["retrieved_at"] == "2023-11-14"


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, *GOOD)
    one, other = (imported(path, tmp_path / f"{n}.parquet").path.read_bytes() for n in "ab")
    assert one == other


def test_what_is_put_aside_is_written_with_its_reason_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    output = tmp_path / "t.parquet"
    made = imported(write(tmp_path, *GOOD, "=a3,2023-01-02,Pakistan,34,71,=1+1,x,y,z", "a4,,Pakistan,,,-2,,,"), output)
    assert made.quarantine == tmp_path / "t.quarantine.csv"
    with made.quarantine.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["source_id"], row["value"]) for row in rows] == [("3", "'=a3", "'=1+1"), ("4", "a4", "-2")]
    assert all(row["reason"] and json.loads(row["verbatim"])["event_id"] for row in rows)
    assert imported(write(tmp_path, *GOOD), output).quarantine is None
    assert not made.quarantine.exists()


def test_a_file_of_which_nothing_can_be_kept_is_an_error_and_leaves_no_table(tmp_path: Path) -> None:
    output = tmp_path / "t.parquet"
    with pytest.raises(
        InputError, match=r"none of its 1 record could be kept; the first: row 1, deaths_best: '-\d+': .*below zero"
    ):
        imported(write(tmp_path, "a1,2023-01-02,Pakistan,34.0,71.5,-3,a,b,c"), output)
    with pytest.raises(InputError, match="none of its 0 records"):
        import_file(read_connector("acled", path := write(tmp_path)), path, output)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["events.csv"]


def test_an_import_that_fails_leaves_the_table_that_was_there(tmp_path: Path) -> None:
    before = imported(write(tmp_path, *GOOD), tmp_path / "t.parquet").path.read_bytes()
    bad = write(tmp_path, "a1,2023-01-02,Pakistan,34.0,71.5,-3,a,b,c", name="bad.csv")
    with pytest.raises(InputError):
        imported(bad, tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").read_bytes() == before


def test_an_import_that_is_killed_leaves_the_old_table_or_the_new(tmp_path: Path) -> None:
    old = imported(write(tmp_path, *GOOD), output := tmp_path / "t.parquet").path.read_bytes()
    many = write(tmp_path, *(GOOD[0].replace("a1", f"n{n}") for n in range(40_000)), name="many.csv")
    command = [sys.executable, "-m", "marsad", "import", "generic", str(many), "-o", str(output)]
    states = set()
    for wait in (0.6, 1.0, 1.4, 1.8):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        states.add(check_table(output, TableKind.EVENTS))
    assert states <= {2, 40_000}
    assert output.read_bytes() == old or check_table(output, TableKind.EVENTS) == 40_000
    subprocess.run(command, check=True, capture_output=True)
    assert check_table(output, TableKind.EVENTS) == 40_000
    assert not [path for path in tmp_path.glob(f"{TEMPORARY}*") if path.is_file()]


def test_boundaries_and_a_border_line_place_the_records(tmp_path: Path) -> None:
    (tmp_path / "areas.geojson").write_text(json.dumps(SHAPE))
    places = Places.read([tmp_path / "areas.geojson"], "PAK-AFG", name="The line")
    path = write(tmp_path, GOOD[0], "a2,2023-01-05,Pakistan,34.5,72.5,1,x,y,z", "a3,2023-01-05,Pakistan,,,1,x,y,z")
    rows = list(read_rows(imported(path, tmp_path / "t.parquet", ImportOptions(places=places)).path))
    assert [(row["admin1"], row["admin1_code"]) for row in rows] == [("West", "PK-W"), ("East", "PK-E"), (None, None)]
    assert [row["border"] for row in rows] == ["The line", "The line", None]
    assert 10 < rows[0]["border_km"] < 80 < rows[1]["border_km"] < 200


ELSEWHERE = "the coordinates lie more than 10 km outside the country that the source names, which stands"


def test_coordinates_far_outside_the_country_of_the_source_are_remarked_and_change_nothing(tmp_path: Path) -> None:
    lines = (
        "a1,2023-01-02,Pakistan,34.0,71.5,3,x,y,in it",
        "a2,2023-01-02,Afghanistan,34.09,71.12,3,x,y,some km over the border",
        "a3,2023-01-02,Sudan,12.9,3.48,3,x,y,in Nigeria: a digit is missing",
        "a4,2023-01-02,Afghanistan,5.0,5.0,3,x,y,in the sea",
        "a5,2023-01-02,Sudan,,,3,x,y,nowhere",
        "a6,2023-01-02,,12.9,3.48,3,x,y,the coordinates tell the country",
        "a7,2023-01-02,Atlantis,12.9,3.48,3,x,y,no country that is known",
    )
    made = imported(write(tmp_path, *lines), tmp_path / "t.parquet")
    rows = {row["source_id"]: row for row in read_rows(made.path)}
    assert (rows["a3"]["country"], rows["a3"]["latitude"], rows["a3"]["longitude"]) == ("SDN", 12.9, 3.48)
    remark = made.audit.remarks[ELSEWHERE]
    assert (remark.count, remark.rows) == (2, [3, 4])


def test_a_country_drawn_by_a_person_holds_for_the_remark_too(tmp_path: Path) -> None:
    shape = json.loads(json.dumps(SHAPE))
    shape["features"] = shape["features"][:1]
    shape["features"][0]["properties"] = {"name": "Afghanistan", "iso_a3": "AFG"}
    (tmp_path / "own.geojson").write_text(json.dumps(shape))
    path = write(tmp_path, "a1,2023-01-02,Afghanistan,34.3,71.9,3,x,y,z", "a2,2023-01-02,Afghanistan,33,74,3,x,y,z")
    plain = imported(path, tmp_path / "t.parquet")
    assert plain.audit.remarks[ELSEWHERE].count == 2
    places = Places.read([f"{tmp_path / 'own.geojson'}:0"])
    own = imported(path, tmp_path / "u.parquet", ImportOptions(places=places))
    assert own.audit.remarks[ELSEWHERE].rows == [2]


def test_a_real_longitude_without_its_first_digit_is_remarked(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    text = shared("awsd/awsd_incidents_global.csv").read_text(encoding="utf-8")
    header, tags, *others = csv.reader(text.splitlines())
    chosen = [line for line in others if line[0] in ("4243", "3915")]
    with (tmp_path / "awsd.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, tags, *chosen])
    made = imported(tmp_path / "awsd.csv", tmp_path / "t.parquet", name="awsd")
    rows = {row["source_id"]: row for row in read_rows(made.path)}
    assert rows["4243"]["country"] == "SDN"
    assert made.audit.remarks[ELSEWHERE].rows == [rows["4243"]["row"]]


def test_real_records_of_ucdp_are_all_accounted_for(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    path = shared("ucdp/ged_v23_1_sample.csv")
    made = imported(path, tmp_path / "ged.parquet", ImportOptions(version="sample"), name="ucdp-ged")
    with path.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    rows = list(read_rows(made.path))
    assert made.audit.read == len(given) == len(rows) + len(made.audit.quarantined)
    aside = {found.row for found in made.audit.quarantined}
    wanted = {str(int(float(row["id"]))): int(float(row["best"])) for n, row in enumerate(given, 1) if n not in aside}
    assert {row["source_id"]: row["deaths_best"] for row in rows} == wanted


def test_real_records_of_awsd_keep_the_identifier_used_twice_and_drop_no_row(
    tmp_path: Path, shared: Callable[[str], Path]
) -> None:
    path = shared("awsd/awsd_incidents_global.csv")
    made = imported(path, tmp_path / "awsd.parquet", name="awsd")
    with path.open(encoding="utf-8-sig", newline="") as file:
        given = sum(1 for _ in csv.DictReader(file))
    assert made.audit.read == given - 1, "all but the row of tags"
    assert made.audit.kept + len(made.audit.quarantined) == made.audit.read
    assert any("HXL" in text for text in made.audit.remarks)
    assert any("4664" in text for text in made.audit.remarks)
    assert sum(row["source_id"] == "4664" for row in read_rows(made.path)) == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("events.csv", "", "empty"),
        ("events.csv", "event_id,event_id\n1,2\n", "two columns are called 'event_id'"),
        ("events.doc", "x", "'.doc' is no format"),
        ("events.json", '{"a": [', "not JSON"),
        ("events.parquet", "x", "not a Parquet file"),
        ("events.xlsx", "x", "not an Excel workbook|damaged"),
        ("events.zip", "x", "not a zip file"),
    ],
)
def test_files_that_cannot_be_read_name_file_and_fault(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        imported(tmp_path / name, tmp_path / "t.parquet")
    assert name in str(caught.value)
    assert not (tmp_path / "t.parquet").exists()


def test_a_file_or_connector_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        import_file(read_connector("ucdp-ged", tmp_path / "x.csv"), tmp_path / "x.csv", tmp_path / "t.parquet")
    with pytest.raises(NotFoundError, match="ucpd"):
        read_connector("ucpd-gde", tmp_path / "x.csv")


def test_a_mapping_with_a_fault_is_named_with_its_file_and_field(tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("fields: {no_such_column: x}\n")
    with pytest.raises(InputError, match=r"map\.yaml.*no_such_column"):
        read_connector("generic", write(tmp_path, *GOOD), mapping)


HOSTILE = (
    '=1+1,2023-01-02,Pakistan,34.0,71.5,3,"=cmd|calc",x,"\u202etxet\x1b[31m red"',
    "h2,2023-01-03,Pak\u202eistan\x1b]0;title\x07,34.1,71.6,4,x,y,z",
    '\u2066h3,2023-01-03,Pakistan,34.1,71.6,-4,"a\x00b",y,z',
    f"h4,2023-01-03,Pakistan,34.1,71.6,4,x,y,{'w' * 500_000}",
    '+h5,2023-01-03,Pakistan,34.1,71.6,"@SUM(A1)\u202e",x,y,z',
)


def test_a_hostile_file_is_kept_as_it_is_and_shown_without_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, *HOSTILE)
    output = tmp_path / "t.parquet"
    assert main(["import", "generic", str(path), "-o", str(output)]) == 0
    shown = "".join(capsys.readouterr())
    for letter in "\x00\x07\x1b\u202e\u2066":
        assert letter not in shown
    assert "Put aside" in shown
    assert "is not known" in shown
    first, _, long = read_rows(output)
    assert (first["source_id"], first["side_a"]) == ("=1+1", "=cmd|calc")
    assert first["text"] == "\u202etxet\x1b[31m red"
    assert len(long["text"]) == 500_000
    with (tmp_path / "t.quarantine.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["3", "5"]
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row.values())
    assert main(["import", "generic", str(path), "-o", str(output), "--json"]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert json.loads(told)["audit"]["unknown"][0][1] == "Pak\u202eistan\x1b]0;title\x07"


def test_a_cell_without_end_is_an_error_and_no_memory(tmp_path: Path) -> None:
    path = write(tmp_path, f"h1,2023-01-03,Pakistan,34.1,71.6,4,x,y,{'w' * 2**21}")
    with pytest.raises(InputError, match="larger than field limit"):
        imported(path, tmp_path / "t.parquet")


@pytest.mark.parametrize("name", connector_names())
def test_what_a_connector_makes_fits_the_table_that_it_says(name: str, tmp_path: Path) -> None:
    """Whatever the table: a record without any statement still has the columns of its origin, and no other."""
    spec = connector(name).spec
    fields = {name: "" for rule in spec.fields.values() for name in rule.names[:1]}
    path = tmp_path / "empty.json"
    path.write_text(json.dumps([fields | dict.fromkeys((used.rstrip("?") for used in spec.used), "")]))
    source = replace(connector(name), rows=one_row, read=lambda file, _spec: read_records(file), guess=None)
    audit = RowAudit()
    rows = list(source.table_rows(path, release="r", audit=audit))
    known = {column.name for column in COLUMNS[spec.table]}
    assert all(set(row) <= known for row in rows)
    if rows:
        write_table(tmp_path / "t.parquet", spec.table, rows, metadata={})


def test_real_actors_of_ucdp_become_a_table_of_actors(tmp_path: Path) -> None:
    path = SHARED / "ucdp" / "actor_v22_1.csv"
    if not path.is_file():
        pytest.skip("../shared/data/ucdp is not here")
    made = import_file(connector("ucdp-actors"), path, tmp_path / "actors.parquet")
    assert made.audit.made == 1725
    rows = list(read_rows(made.path, columns=["name", "aliases"]))
    assert sum(bool(row["aliases"]) for row in rows) > 500
    assert all(row["name"] for row in rows)
