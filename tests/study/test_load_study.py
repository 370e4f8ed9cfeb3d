from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.errors import Fault, StudyError
from marsad.model import Evidence, Record
from marsad.study import Study, dictionary, load_study

from .study_folder import StudyFolder

SHIPPED = Path(__file__).parents[2] / "studies" / "pakistan-afghanistan-2021-2024"
ALIASES = {"from": "since", "to": "until"}


def cells_of(record: Record, table: str) -> dict[str, str]:
    """A record as the row that it was made from."""
    known = dictionary().tables[table]
    found = {}
    for field in known.fields:
        name = ALIASES.get(field.name, field.name)
        if field.name == known.key:
            value: object = record.record
        elif field.name == known.subject and field.type == "id":
            value = record.subject
        elif table == "places" and field.name == "source":
            value = record.note
        else:
            value = getattr(record, name)
        if field.type == "number":
            found[field.name] = "" if value is None else str(float(str(value)))
        else:
            found[field.name] = ";".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return found


def assert_round_trip(root: Path, study: Study) -> None:
    evidence = Evidence.assemble(study.statements, study.sources)
    for name, table in dictionary().tables.items():
        rows = []
        path = root / table.file
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        numbers = [field.name for field in table.fields if field.type == "number"]
        for row in rows:
            row |= {column: str(float(row[column])) for column in numbers if row[column]}
        records: tuple[Record, ...] = getattr(evidence, name)
        assert [cells_of(record, name) for record in records] == rows, name


def test_every_cell_comes_back_from_the_evidence(folder: StudyFolder) -> None:
    assert_round_trip(folder.root, load_study(folder.root))


def test_a_statement_says_where_it_comes_from(folder: StudyFolder) -> None:
    statements = load_study(folder.root).statements
    killed = next(found for found in statements if found.record == "market-1" and found.property == "killed")
    assert killed.model_dump() == {
        "kind": "event",
        "subject": "market-attack",
        "record": "market-1",
        "property": "killed",
        "value": ">=10",
        "unit": "persons",
        "source": "newspaper2022",
        "via": "handbook2024",
        "locator": "page 5 para 2",
        "origin": "events.csv:3",
    }
    value = next(found for found in statements if found.record == "attacks-2022" and found.property == "value")
    assert (value.unit, value.origin) == ("count", "figures.csv:2")
    town = [found for found in statements if found.subject == "town"]
    assert {found.source for found in town} == {""}
    assert [found.value for found in town if found.property == "note"] == ["coder, to 0.01 degree"]
    assert [found.property for found in statements if found.subject == "government" and found.kind == "actor"] == [
        "name",
        "kind",
        "aliases",
        "aliases",
    ]


def test_values_are_canonical(folder: StudyFolder) -> None:
    (folder.root / "events.csv").write_text(folder.read("events.csv").replace(",34,", ",034.0,"))
    injured = next(found for found in load_study(folder.root).statements if found.property == "injured")
    assert injured.value == "34"


def test_the_files_that_were_read_are_listed_with_their_hashes(folder: StudyFolder) -> None:
    (folder.root / "documents" / "a").mkdir()
    (folder.root / "documents" / "a" / "paper.pdf").write_bytes(b"\xff\x00")
    study = load_study(folder.root)
    assert study.documents == ("documents/a/paper.pdf",)
    expected = {
        str(path.relative_to(folder.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.root.rglob("*"))
        if path.is_file() and path.name not in ("README.md", ".gitignore", ".gitkeep")
    }
    assert study.files == expected
    assert list(study.files) == sorted(study.files)


def test_loading_twice_gives_the_same(folder: StudyFolder) -> None:
    code = "import sys; from marsad.study import load_study; s = load_study(sys.argv[1])\nprint(s.model_dump_json())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, str(folder.root)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    statements = load_study(folder.root).statements
    assert len({statement.id for statement in statements}) == len(statements)


def test_a_later_step_can_point_at_a_node(folder: StudyFolder) -> None:
    study = load_study(folder.root)
    path = ("chapters", 0, "sections", 1, "analyses", 0, "name")
    lines = folder.read("study.yaml").split("\n")
    line, column = study.locate("study.yaml", path)
    assert lines[line - 1][column - 1 :] == "timeline"
    assert study.locate("study.yaml", (*path, "deeper")) == (line, column)
    assert study.locate("nothing.yaml", path) == (0, 0)
    assert study.fault("study.yaml", path, "no analysis", "Write one") == Fault(
        "study.yaml", line, column, "chapters[0].sections[1].analyses[0].name", "no analysis", "Write one"
    )


@pytest.mark.parametrize(
    ("language", "direction"),
    [("en", "ltr"), ("ur", "rtl"), ("fa-AF", "rtl"), ("ur-Latn", "ltr"), ("pa-Arab-PK", "rtl"), ("prs", "rtl")],
)
def test_the_direction_follows_from_the_language(folder: StudyFolder, language: str, direction: str) -> None:
    (folder.root / "study.yaml").write_text(folder.read("study.yaml").replace("language: en", f"language: {language}"))
    assert load_study(folder.root).config.direction == direction


def test_a_direction_that_is_given_wins(folder: StudyFolder) -> None:
    text = folder.read("study.yaml").replace("language: en", "language: ur\ndirection: ltr")
    (folder.root / "study.yaml").write_text(text)
    assert load_study(folder.root).config.direction == "ltr"


def test_right_to_left_text_is_kept(folder: StudyFolder) -> None:
    actors = folder.read("actors.csv").replace("Armed Group,", "تحریک,").replace(",AG,", ",ٹی‌ٹی‌پی,")
    (folder.root / "actors.csv").write_text(actors, encoding="utf-8")
    values = {statement.value for statement in load_study(folder.root).statements}
    assert {"تحریک", "ٹی‌ٹی‌پی"} <= values


FILES = ("study.yaml", "sources.bib", "actors.csv", "events.csv", "findings.yaml", "series/deaths-monthly.yaml")


@given(st.sampled_from(FILES), st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_no_damage_to_a_file_crashes_the_loader(folder: StudyFolder, name: str, at: int, cut: int, new: bytes) -> None:
    path = folder.root / name
    sound = path.read_bytes()
    path.write_bytes(sound[:at] + new + sound[at + cut :])
    faults: tuple[Fault, ...] = ()
    try:
        load_study(folder.root)
    except StudyError as error:
        faults = error.faults
    finally:
        path.write_bytes(sound)
    assert all(fault.message and fault.remedy and fault.file for fault in faults)
    assert not any("\n" in str(fault) for fault in faults)


def test_the_shipped_study_has_no_fault_and_comes_back_whole() -> None:
    study = load_study(SHIPPED)
    assert_round_trip(SHIPPED, study)
    assert len({statement.id for statement in study.statements}) == len(study.statements)
