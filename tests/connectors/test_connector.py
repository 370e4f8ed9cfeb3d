"""From a file to rows: the row audit knows what became of every record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors import Connector, Record, Row, RowAudit, connector, fitted
from marsad.connectors.records import BadValue
from marsad.connectors.spec import read_spec
from marsad.errors import InputError

SPEC = read_spec(
    "thing.yaml",
    """
name: thing
title: Things
producer: Somebody
licence: none
citation: "Somebody, Things"
may_redistribute: true
table: events
definition: {id: things, text: what is a thing}
fields:
  source_id: {field: ID, code: true}
  date_start: Day
  date_end: {field: End, optional: true}
  latitude: {field: Lat, optional: true}
  longitude: {field: Lon, optional: true}
  kind: {field: Kind, lookup: kind, unstated: ["?"]}
  deaths_low: {field: Low, optional: true}
  deaths_best: {field: Dead, optional: true}
  deaths_high: {field: High, optional: true}
ignored: [Note]
used: ["More?"]
lookups: {kind: {fight: battle}}
expected_rows: {"1": 3}
""",
)
THING = Connector(SPEC)


def _rows(path: Path, text: str, made: Connector = THING, version: str = "") -> tuple[list[Row], RowAudit]:
    file = path / "things.csv"
    file.write_text(text, encoding="utf-8")
    audit = RowAudit()
    return list(made.table_rows(file, release="r1", audit=audit, version=version)), audit


def test_a_record_becomes_a_row_with_its_origin(tmp_path: Path) -> None:
    rows, audit = _rows(tmp_path, "ID,Day,Kind\n7.0,2023-01-30,fight\n", version="1")
    (row,) = rows
    assert (row["source_id"], row["kind"], str(row["date_start"])) == ("7", "battle", "2023-01-30")
    assert (row["dataset"], row["release"], row["row"], row["definition"]) == ("thing", "r1", 1, "things")
    assert json.loads(row["verbatim"]) == {"ID": "7.0", "Day": "2023-01-30", "Kind": "fight"}
    assert (audit.read, audit.kept, audit.made, audit.expected) == (1, 1, 1, 3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2023-02-30,fight,,,", "Day: not a day of the calendar"),
        ("1,2023-01-02,fight,x,,", "Dead: not a number"),
        ("1,2023-01-02,fight,-3,,", "deaths_best: a count below zero"),
        ("1,2023-01-02,fight,,91,3", "latitude: not between -90 and 90"),
        ("1,2023-01-02,fight,,9,", "latitude, longitude: only one of the two coordinates"),
        ("1,2023-01-02", "(row): fewer cells than columns"),
        ("1,2023-01-02,fight,,9,9,x", "(row): more cells than columns"),
    ],
)
def test_a_wrong_record_is_put_aside_with_its_reason(tmp_path: Path, line: str, reason: str) -> None:
    rows, audit = _rows(tmp_path, f"ID,Day,Kind,Dead,Lat,Lon\n2,2023-01-01,fight,0,1,1\n{line}\n")
    assert [row["source_id"] for row in rows] == ["2"]
    assert audit.reasons == {reason: 1}
    (bad,) = audit.quarantined
    assert (bad.row, bad.source_id) == (2, "1")
    assert json.loads(bad.verbatim)["ID"] == "1"


def test_what_nobody_uses_is_reported_and_what_the_yaml_ignores_is_not(tmp_path: Path) -> None:
    _, audit = _rows(tmp_path, "ID,Day,Kind,Note,New\n1,2023-01-01,fight,n,x\n2,2023-01-01,fight,n,\n")
    assert audit.leftover == {"New": 1}


def test_unknown_categories_are_counted_and_stay_null(tmp_path: Path) -> None:
    rows, audit = _rows(tmp_path, "ID,Day,Kind\n1,2023-01-01,brawl\n2,2023-01-01,brawl\n3,2023-01-01,?\n")
    assert audit.unknown == {("Kind", "brawl"): 2}
    assert all("kind" not in row for row in rows)


def test_a_changed_column_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no field 'Kind'.*ID, Day, Type.*Somebody has renamed it"):
        _rows(tmp_path, "ID,Day,Type\n1,2023-01-01,fight\n")


def test_the_same_record_twice_has_two_names_and_a_remark(tmp_path: Path) -> None:
    rows, audit = _rows(tmp_path, "ID,Day,Kind\n1,2023-01-01,fight\n1,2023-01-01,fight\n")
    assert len({row["record"] for row in rows}) == 2
    assert "the same record again, word for word" in audit.remarks
    assert "the source uses the identifier 1 again for another record" in audit.remarks


def test_estimates_in_the_wrong_order_are_kept_and_remarked(tmp_path: Path) -> None:
    rows, audit = _rows(tmp_path, "ID,Day,Kind,Low,Dead,High\n1,2023-01-01,fight,5,5,3\n2,2023-01-01,fight,1,9,3\n")
    assert len(rows) == 2
    assert audit.remarks["the lowest estimate of deaths is above the highest"].rows == [1]
    assert audit.remarks["the best estimate of deaths is outside the lowest and highest"].rows == [2]


def _twice(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    if record.text("More") == "stop":
        raise BadValue("More", "stop", "because")
    if record.text("Note") == "none":
        audit.remark("nothing to make", record.row)
        return ()
    return ({**row}, {**row, "deaths_best": 2})


def test_one_record_may_give_several_rows_or_none(tmp_path: Path) -> None:
    made = Connector(SPEC, rows=_twice)
    text = "ID,Day,Kind,More,Note\n1,2023-01-01,fight,,\n2,2023-01-01,fight,stop,\n3,2023-01-01,fight,,none\n"
    rows, audit = _rows(tmp_path, text, made)
    assert [row["record"].split(".")[1] for row in rows] == ["1", "2"]
    assert (audit.read, audit.kept, audit.made, len(audit.quarantined)) == (3, 1, 2, 1)
    remarks = audit.summary()["remarks"]
    assert remarks["nothing to make"] == {"count": 1, "rows": [3]}
    assert remarks["no coordinates"] == {"count": 1, "rows": [1]}, "a record of two rows counts once"


cells = st.sampled_from(["1", "2", "2023-01-01", "fight", "x", "", "-1", "99", "9" * 50, "é"])


@given(st.lists(st.lists(cells, min_size=6, max_size=6), max_size=12))
def test_every_record_is_kept_or_put_aside(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    text = "ID,Day,Kind,Dead,Lat,Lon\n" + "".join(",".join(line) + "\n" for line in table)
    rows, audit = _rows(tmp_path_factory.mktemp("things"), text)
    filled = sum(any(line) for line in table)
    assert audit.read == filled == audit.kept + len(audit.quarantined)
    assert len(rows) == audit.made == audit.kept
    assert len({row["record"] for row in rows}) == len(rows)


def test_identifiers_of_records_depend_on_what_they_say_only(tmp_path: Path) -> None:
    first, _ = _rows(tmp_path, "ID,Day,Kind\n1,2023-01-01,fight\n2,2023-01-02,fight\n")
    turned, _ = _rows(tmp_path, "ID,Day,Kind\n2,2023-01-02,fight\n1,2023-01-01,fight\n")
    names: Any = [{row["source_id"]: row["record"] for row in rows} for rows in (first, turned)]
    assert names[0] == names[1]


def test_half_of_a_character_is_put_aside_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    path.write_text(
        '[{"id": 1, "date": "2021-01-01", "notes": "\\ud800"}, {"id": 2, "date": "2021-01-02", "notes": "a"}]'
    )
    audit = RowAudit()
    source = fitted(connector("generic"), path)
    rows = list(source.table_rows(path, release="r", audit=audit))
    assert [row["source_id"] for row in rows] == ["2"]
    (bad,) = audit.quarantined
    assert "surrogate" in bad.reason
    assert bad.source_id == "1"
    bad.verbatim.encode()
