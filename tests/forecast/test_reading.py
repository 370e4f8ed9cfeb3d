"""From rows and files to a panel."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError, NotFoundError
from marsad.forecast import PanelColumns, month_number, panel_of_rows, read_hierarchy, read_panel

NAN = float("nan")
COLUMNS = PanelColumns("who", "when", "n", "from")
ROWS: list[dict[str, Any]] = [
    {"who": 10, "when": "2020-01", "n": 3, "from": "b"},
    {"who": 9, "when": dt.date(2020, 3, 31), "n": 0, "from": "a"},
    {"who": 10, "when": 483, "n": 5.0, "from": "a"},
    {"who": "x", "when": "2020-02-15", "n": "", "from": "c"},
]


def test_rows_make_a_dense_matrix() -> None:
    panel = panel_of_rows(ROWS, COLUMNS)
    assert panel.units == ("9", "10", "x")
    assert panel.first == month_number(2020, 1)
    expected = [[np.nan, np.nan, 0], [3, np.nan, 5], [np.nan] * 3]
    assert np.array_equal(panel.values, expected, equal_nan=True)
    assert panel.vintages == ("a", "b")  # "c" has no value
    assert panel.vintage.tolist() == [[-1, -1, 0], [1, -1, 0], [-1, -1, -1]]


cells = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(0, 30)), st.one_of(st.none(), st.integers(0, 10**6)), min_size=1
)


@given(cells, st.randoms())
def test_the_order_of_rows_does_not_matter_and_no_value_is_lost(
    found: dict[tuple[str, int], int | None], order: random.Random
) -> None:
    rows = [{"who": unit, "when": 400 + month, "n": n, "from": "v"} for (unit, month), n in found.items()]
    one = panel_of_rows(rows, COLUMNS)
    order.shuffle(rows)
    other = panel_of_rows(rows, COLUMNS)
    assert one.units == other.units
    assert np.array_equal(one.values, other.values, equal_nan=True)
    kept = {
        (unit, one.first + column - 519): value
        for unit, row in zip(one.units, one.values, strict=True)
        for column, value in enumerate(row)
        if not np.isnan(value)
    }
    assert kept == {key: n for key, n in found.items() if n is not None}


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_csv_and_parquet_give_the_same_panel(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"who": "ä", "when": "2021-05", "n": 4},
        {"who": "b, c", "when": "2021-06", "n": None},
    ]
    _write(tmp_path / "p.csv", rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet")
    columns = PanelColumns("who", "when", "n")
    one, other = (read_panel(tmp_path / name, columns) for name in ("p.csv", "p.parquet"))
    assert one.units == other.units == ("b, c", "ä")
    assert np.array_equal(one.values, other.values, equal_nan=True)
    assert (one.vintages, other.vintages) == (("p.csv",), ("p.parquet",))
    assert read_panel(tmp_path / "p.csv", columns, vintage="GED 24.1").vintages == ("GED 24.1",)


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ({"who": "", "when": "2020-01", "n": 1}, r"row 2: who: a unit needs a name"),
        ({"who": "a", "when": "spring", "n": 1}, r"row 2: when: 'spring' is no month"),
        ({"who": "a", "when": "2020-02", "n": "many"}, r"row 2: n: 'many' is no number"),
        ({"who": "a", "when": "2020-02", "n": "1_000"}, r"row 2: n: '1_000' is no number"),
        ({"who": "a", "when": "2020-02-30", "n": "1"}, r"row 2: when: '2020-02-30' is no month"),
        ({"who": "a", "when": "2020", "n": "1"}, r"row 2: when: 2020 is a year, not a month. Write YYYY-MM"),
        ({"who": "a", "when": "2020-02", "n": "-1"}, r"row 2: n: -1.0 is no count"),
        ({"who": "a", "when": "2020-02", "n": "inf"}, r"row 2: n: inf is no count"),
        ({"who": "a", "when": "2020-01-09", "n": 2}, r"row 2: a has 2020-01 twice; the first is row 1"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, row: dict[str, Any], match: str) -> None:
    rows = [{"who": "a", "when": "2020-01", "n": 1}, row]
    _write(tmp_path / "p.csv", rows)
    with pytest.raises(InputError, match=match):
        read_panel(tmp_path / "p.csv", PanelColumns("who", "when", "n"))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"who,when\n", "does not have 'n' exactly once"),
        (b"who,when,n,n\n", "does not have 'n' exactly once"),
        (b"who,when,n\n", "no rows"),
        (b"", "the file has no heading: it is empty"),
        (
            b"who;when;n\na;2020-01;1\n",
            "It has: who;when;n. Its columns are separated by semicolons: save it with commas",
        ),
        (b"who\twhen\tn\na\t2020-01\t1\n", "separated by tabs"),
        (b"who,when,n\na,2020-01\n", "line 2: 2 cells under a heading of 3"),
        (b"who,when,n\n\xff,2020-01,1\n", "not CSV in UTF-8"),
        (b'who,when,n\n"a,2020-01,1\n', "not CSV in UTF-8"),
    ],
)
def test_a_wrong_csv_is_named(tmp_path: Path, content: bytes, match: str) -> None:
    (tmp_path / "p.csv").write_bytes(content)
    with pytest.raises(InputError, match=match):
        read_panel(tmp_path / "p.csv", PanelColumns("who", "when", "n"))


@pytest.mark.parametrize(
    ("units", "match"),
    [
        (pa.array([1.0, float("nan")]), "row 2: who: a unit needs a name"),
        (pa.array(["a", None]), "row 2: who: a unit needs a name"),
        (pa.array([b"a", b"b"]), "row 1: who: bytes is no name of a unit"),
        (pa.array([{"x": 1}, {"x": 2}]), "row 1: who: dict is no name of a unit"),
        (pa.array([[1], [2]]), "row 1: who: list is no name of a unit"),
    ],
)
def test_what_is_no_name_of_a_unit_is_refused(tmp_path: Path, units: pa.Array, match: str) -> None:
    pq.write_table(pa.table({"who": units, "when": ["2020-01", "2020-01"], "n": [1, 2]}), tmp_path / "p.parquet")
    with pytest.raises(InputError, match=match):
        read_panel(tmp_path / "p.parquet", PanelColumns("who", "when", "n"))


def test_files_that_are_missing_or_no_parquet_are_named(tmp_path: Path) -> None:
    columns = PanelColumns("who", "when", "n")
    with pytest.raises(NotFoundError, match="is a folder"):
        read_panel(tmp_path, columns)
    with pytest.raises(NotFoundError, match="no such file"):
        read_panel(tmp_path / "none.csv", columns)
    (tmp_path / "p.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(InputError, match=r"p\.parquet"):
        read_panel(tmp_path / "p.parquet", columns)
    pq.write_table(pa.table({"who": ["a"], "when": ["2020-01"]}), tmp_path / "q.parquet")
    with pytest.raises(InputError, match="no column n"):
        read_panel(tmp_path / "q.parquet", columns)


def test_months_far_apart_do_not_fill_the_memory() -> None:
    rows = [{"who": str(unit), "when": "1900-01", "n": 1} for unit in range(40_000)]
    rows.append({"who": "0", "when": "2149-12", "n": 1})
    with pytest.raises(InputError, match="cells"):
        panel_of_rows(rows, PanelColumns("who", "when", "n"))


def test_of_many_repetitions_the_first_is_named() -> None:
    rows = [{"who": unit, "when": "2020-01", "n": 1} for unit in ("b", "a", "b", "a")]
    with pytest.raises(InputError, match=r"row 3: b has 2020-01 twice; the first is row 1"):
        panel_of_rows(rows, PanelColumns("who", "when", "n"))


def test_a_thousand_vintages_are_taken_for_a_mistake() -> None:
    rows = [{"who": "a", "when": 1 + number, "n": 1, "from": f"{number}"} for number in range(1_001)]
    with pytest.raises(InputError, match="1001 vintages"):
        panel_of_rows(rows, COLUMNS)


NESTED = PanelColumns("area", "when", "n", None, "country")


def test_a_file_tells_what_is_a_part_of_what(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"area": "north", "when": "2021-05", "n": 4, "country": "X"},
        {"area": "south", "when": "2021-05", "n": 1, "country": "X"},
        {"area": "north", "when": "2021-06", "n": 2, "country": "X"},
        {"area": "X", "when": "2021-06", "n": 9, "country": None},
        {"area": "island", "when": "2021-05", "n": 0, "country": " "},
    ]
    _write(tmp_path / "p.csv", rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet")
    for name in ("p.csv", "p.parquet"):
        panel, tree = read_hierarchy(tmp_path / name, NESTED)
        assert panel.units == ("X", "island", "north", "south")
        assert dict(tree.parent_of) == {"north": "X", "south": "X"}
        assert np.array_equal(panel.values, read_panel(tmp_path / name, NESTED).values, equal_nan=True)


def test_numbers_of_parents_are_names_as_those_of_units_are(tmp_path: Path) -> None:
    rows = [{"area": 7, "when": 400, "n": 1, "country": 1.0}, {"area": 8, "when": 400, "n": 1, "country": NAN}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet")
    assert dict(read_hierarchy(tmp_path / "p.parquet", NESTED)[1].parent_of) == {"7": "1"}


def test_faults_of_a_hierarchy_name_the_file(tmp_path: Path) -> None:
    row = {"area": "Centre", "when": "2021-05", "n": 4, "country": "Mali"}
    _write(tmp_path / "p.csv", [row, row | {"when": "2021-06", "country": "Cameroon"}])
    with pytest.raises(InputError, match=r"p\.csv: Centre is a part of Mali and of Cameroon"):
        read_hierarchy(tmp_path / "p.csv", NESTED)
    with pytest.raises(InputError, match="name the column"):
        read_hierarchy(tmp_path / "p.csv", PanelColumns("area", "when", "n"))
    with pytest.raises(NotFoundError, match="'state'"):
        read_hierarchy(tmp_path / "p.csv", PanelColumns("area", "when", "n", None, "state"))
    with pytest.raises(NotFoundError, match="no such file"):
        read_hierarchy(tmp_path / "q.csv", NESTED)
    _write(tmp_path / "p.csv", [row | {"country": "x" * 501}])
    with pytest.raises(InputError, match="row 1: country"):
        read_hierarchy(tmp_path / "p.csv", NESTED)
