"""Adding to a study folder: what stood there stays, and a study that would not load is not written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import StudyError
from marsad.study import change_study, load_study, new_study, with_entry, with_rows, without_rows

CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
ROWS = st.lists(st.fixed_dictionaries({"id": CELL.filter(bool), "name": CELL, "kind": CELL}), max_size=5)
HEADER = "id,name,kind\n"


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@given(ROWS, ROWS)
def test_rows_are_added_behind_those_that_are_there(old: list[dict[str, str]], new: list[dict[str, str]]) -> None:
    before = with_rows(HEADER, "actors", old)
    after = with_rows(before, "actors", new)
    assert after.startswith(before)
    assert _read(after) == [*old, *new]


@given(ROWS, st.sets(CELL, max_size=3))
def test_only_the_named_rows_go(rows: list[dict[str, str]], names: set[str]) -> None:
    text = with_rows(HEADER, "actors", rows)
    assert _read(without_rows(text, "id", names)) == [row for row in rows if row["id"] not in names]


def test_rows_with_line_breaks_in_a_cell_stay_as_they_are() -> None:
    text = 'id,note\na,"one\ntwo"\nb,"x, y"\nc,\n'
    assert without_rows(text, "id", ["b"]) == 'id,note\na,"one\ntwo"\nc,\n'


def test_an_empty_file_gets_the_header_of_the_dictionary_and_a_lost_last_line_end_is_mended() -> None:
    assert with_rows("", "places", [{"id": "kech"}]).splitlines()[0].startswith("id,name,aliases,kind")
    assert with_rows("id,name\na,b", "actors", [{"id": "c"}]) == "id,name\na,b\nc,\n"


def test_a_column_that_the_file_lacks_is_added() -> None:
    assert with_rows("id,name\na,b\n", "actors", [{"id": "c", "note": "n"}]) == "id,name,note\na,b,\nc,,n\n"


def test_an_entry_of_the_bibliography_says_what_was_typed(tmp_path: Path) -> None:
    study = tmp_path / "s"
    new_study(study, title="T")
    text = (study / "sources.bib").read_text(encoding="utf-8")
    fields = {"title": "100 % of {x} & $5 \\ more_less", "author": "{Crisis Group}", "date": "2024-01-03"}
    fields |= {"kind": "secondary", "reliability": "B", "url": ""}
    change_study(study, {"sources.bib": with_entry(text, "misc", "crisis2024", fields).encode()})
    source = load_study(study).sources["crisis2024"]
    assert source.title == "100 % of (x) & $5 / more_less"
    assert str(source.issued) == "2024-01-03"
    assert source.csl["author"] == [{"literal": "Crisis Group"}]


def test_what_would_break_the_study_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    study = tmp_path / "s"
    new_study(study, title="T")
    before = {path.name: path.read_bytes() for path in study.iterdir() if path.is_file()}
    text = before["events.csv"].decode() if "events.csv" in before else ""
    bad = with_rows(text, "events", [{"report": "r1", "event": "e1", "kind": "no-such-kind"}])
    with pytest.raises(StudyError, match="fault"):
        change_study(study, {"events.csv": bad.encode()})
    assert {path.name: path.read_bytes() for path in study.iterdir() if path.is_file()} == before
