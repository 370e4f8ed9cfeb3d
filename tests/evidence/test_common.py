"""The common tables as Parquet: what is written comes back, what does not belong is named, and nothing grows."""

from __future__ import annotations

import datetime as dt
import enum
import math
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError, InternalError, NotFoundError
from marsad.evidence.common import check_table, read_metadata, read_rows, write_partitioned, write_table
from marsad.model import COLUMNS, ColumnType, TableKind

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = {
    ColumnType.TEXT: TEXT,
    ColumnType.TEXTS: st.lists(TEXT, max_size=3),
    ColumnType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    ColumnType.NUMBER: st.floats(allow_nan=False, allow_infinity=False),
    ColumnType.DATE: st.dates(),
}


def rows_of(kind: TableKind) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {column.name: st.none() | VALUES[column.type] for column in COLUMNS[kind]}
    return st.lists(st.fixed_dictionaries({}, optional=columns), max_size=5)


tables = st.sampled_from(TableKind).flatmap(lambda kind: st.tuples(st.just(kind), rows_of(kind)))


@given(tables)
def test_what_is_written_comes_back_and_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[TableKind, list[dict[str, Any]]]
) -> None:
    kind, rows = table
    folder = tmp_path_factory.mktemp("table")
    for name in ("one", "two"):
        assert write_table(folder / name, kind, iter(rows), metadata={"release": "r"}) == len(rows)
    empty = dict.fromkeys(column.name for column in COLUMNS[kind])
    assert list(read_rows(folder / "one")) == [empty | row for row in rows]
    assert (folder / "one").read_bytes() == (folder / "two").read_bytes()
    assert check_table(folder / "one", kind) == len(rows)
    assert read_metadata(folder / "one") == {"release": "r", "kind": kind.value, "rows": len(rows)}


def events(count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        yield {
            "record": f"{n:05}",
            "dataset": ("b", "a", "é%/=:")[n % 3],
            "row": n,
            "date_start": dt.date(2022 + n % 2, 1 + n % 12, 1),
        }


def test_many_rows_keep_their_order(tmp_path: Path) -> None:
    count = 150_001
    assert write_table(tmp_path / "t.parquet", TableKind.EVENTS, events(count), metadata={}) == count
    assert [row["row"] for row in read_rows(tmp_path / "t.parquet", ["row"])] == list(range(count))
    groups = pq.ParquetFile(tmp_path / "t.parquet").metadata
    assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [65_536, 65_536, 18_929]


def test_metadata_is_read_after_the_last_row(tmp_path: Path) -> None:
    counts = {"quarantined": 0}

    def rows() -> Iterator[dict[str, Any]]:
        yield {"record": "1"}
        counts["quarantined"] += 7

    write_table(tmp_path / "t.parquet", TableKind.EVENTS, rows(), metadata=counts)
    assert read_metadata(tmp_path / "t.parquet") == {"quarantined": 7, "kind": "events", "rows": 1}


class Word(enum.StrEnum):
    BATTLE = "battle"


def test_a_word_of_a_vocabulary_is_text(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", TableKind.EVENTS, [{"kind": Word.BATTLE, "latitude": 34}], metadata={})
    assert list(read_rows(tmp_path / "t.parquet", ["kind", "latitude"])) == [{"kind": "battle", "latitude": 34.0}]


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        (TableKind.EVENTS, "record", 5),
        (TableKind.EVENTS, "record", b"x"),
        (TableKind.EVENTS, "record", "\ud800"),
        (TableKind.EVENTS, "deaths_best", 1.0),
        (TableKind.EVENTS, "deaths_best", True),
        (TableKind.EVENTS, "deaths_best", "1"),
        (TableKind.EVENTS, "deaths_best", 2**63),
        (TableKind.EVENTS, "deaths_best", np.int64(1)),
        (TableKind.EVENTS, "latitude", math.nan),
        (TableKind.EVENTS, "latitude", math.inf),
        (TableKind.EVENTS, "latitude", False),
        (TableKind.EVENTS, "latitude", 2**53 + 1),
        (TableKind.EVENTS, "date_start", "2023-01-01"),
        (TableKind.EVENTS, "date_start", dt.datetime(2023, 1, 1, tzinfo=dt.UTC)),
        (TableKind.ACTORS, "aliases", "TTP"),
        (TableKind.ACTORS, "aliases", ["TTP", None]),
    ],
)
def test_a_value_of_another_type_is_named(tmp_path: Path, kind: TableKind, column: str, value: Any) -> None:
    rows = [{"record": "1"}, {"record": "2"}, {"record": "3", column: value}, {"record": "4"}]
    path = tmp_path / "t.parquet"
    with pytest.raises(
        InternalError, match=rf"row 3: column {column} of the table {kind} is of type .*, not "
    ) as found:
        write_table(path, kind, rows, metadata={})
    assert ascii(value) in str(found.value)
    with pytest.raises(InternalError, match="row 3"):
        write_partitioned(tmp_path / "parts", kind, rows, by=("dataset",), metadata={})
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_column_is_named_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_table(path, TableKind.EVENTS, [{"record": "old"}], metadata={})
    with pytest.raises(InternalError, match="row 2: the table events has no column 'colour'"):
        write_table(path, TableKind.EVENTS, [{}, {"record": "1", "colour": "red"}], metadata={})
    with pytest.raises(InternalError, match="is no JSON"):
        write_table(path, TableKind.EVENTS, [], metadata={"when": dt.date(2023, 1, 1)})
    assert [row["record"] for row in read_rows(path)] == ["old"]


def test_partitions(tmp_path: Path) -> None:
    rows = [*events(60), {"record": "last"}]
    folder = tmp_path / "events"
    assert write_partitioned(folder, TableKind.EVENTS, rows, by=("dataset", "year"), metadata={"release": "r"}) == 61
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))
    nothing = "__HIVE_DEFAULT_PARTITION__"
    assert names == [
        f"dataset={name}/year={year}/part-0.parquet"
        for name, years in (
            (nothing, [nothing]),
            ("a", [2022, 2023]),
            ("b", [2022, 2023]),
            ("é%25%2F%3D%3A", [2022, 2023]),
        )
        for year in years
    ]
    assert check_table(folder, TableKind.EVENTS) == 61
    assert read_metadata(folder) == {"release": "r", "kind": "events", "rows": 61}
    found = sorted(read_rows(folder, ["record", "dataset", "date_start"]), key=lambda row: row["record"])
    assert found == [{name: row.get(name) for name in ("record", "dataset", "date_start")} for row in rows]
    months = tmp_path / "months"
    write_partitioned(months, TableKind.EVENTS, events(12), by=("month",), metadata={})
    assert "month=2023-12" in {path.name for path in months.iterdir()}


def test_no_rows_at_all_are_a_table(tmp_path: Path) -> None:
    write_partitioned(tmp_path / "parts", TableKind.FIGURES, [], by=("dataset",), metadata={})
    write_table(tmp_path / "t.parquet", TableKind.FIGURES, [], metadata={})
    for path in (tmp_path / "parts", tmp_path / "t.parquet"):
        assert check_table(path, TableKind.FIGURES) == 0
        assert list(read_rows(path)) == []


@pytest.mark.parametrize("by", [(), ("latitude",), ("colour",), ("dataset", "dataset"), ("date_start",)])
def test_what_cannot_be_partitioned_by(tmp_path: Path, by: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="events cannot be partitioned by"):
        write_partitioned(tmp_path / "t", TableKind.EVENTS, [], by=by, metadata={})


def test_too_many_partitions_are_refused(tmp_path: Path) -> None:
    rows = (
        {"source_id": letter + other + third}
        for letter in string.ascii_letters
        for other in string.ascii_letters
        for third in "ab"
    )
    with pytest.raises(InputError, match="more than 2,000 folders"):
        write_partitioned(tmp_path / "t", TableKind.EVENTS, rows, by=("source_id",), metadata={})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"notes\.md, which is no Parquet"):
        write_partitioned(tmp_path, TableKind.EVENTS, events(3), by=("dataset",), metadata={})
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == "mine"


def test_reading_some_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_table(path, TableKind.EVENTS, [*events(6), {"record": "x"}], metadata={})

    def found(**where: Any) -> list[str]:
        return [row["record"] for row in read_rows(path, ["record"], where=where)]

    assert found(dataset="a") == ["00001", "00004"]
    assert found(dataset=["a", None]) == ["00001", "00004", "x"]
    assert found(dataset=None) == ["x"]
    assert found(dataset={"a", "b"}, row=[0, 1]) == ["00000", "00001"]
    assert found(date_start=dt.date(2022, 1, 1)) == ["00000"]
    assert found(dataset=[]) == []
    with pytest.raises(InputError, match="has no column colour; its columns are record, dataset"):
        read_rows(path, ["colour"])
    with pytest.raises(InputError, match="the column row is int64 and never 'many'"):
        list(read_rows(path, where={"row": "many"}))


def table(**changes: pa.Array | None) -> pa.Table:
    """An empty figures table with some columns changed or left out (``None``)."""
    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}
    columns = {column.name: pa.array([], types[column.type]) for column in COLUMNS[TableKind.FIGURES]}
    return pa.table({name: values for name, values in {**columns, **changes}.items() if values is not None})


def test_a_table_of_another_program_may_be_one(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    whole = table(unit=pa.array([], pa.large_string()), actor=pa.array([], pa.dictionary(pa.int32(), pa.string())))
    pq.write_table(whole.select(whole.column_names[::-1]), path)
    assert check_table(path, TableKind.FIGURES) == 0
    with pytest.raises(InputError, match="does not say which release"):
        read_metadata(path)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (table(best=None), "the column best is not there; make it again with `marsad import`"),
        (table(colour=pa.array([], pa.string())), "the column colour is unknown"),
        (table(best=pa.array([], pa.int64())), "the column best is int64, not number"),
        (table(row=pa.array([], pa.int32())), "the column row is int32, not integer"),
        (table(period_end=pa.array([], pa.timestamp("ms"))), r"the column period_end is timestamp\[ms\], not date"),
        (table(unit=pa.array([], pa.binary())), "the column unit is binary, not text"),
    ],
)
def test_what_is_no_common_table_is_named(tmp_path: Path, made: pa.Table, message: str) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(made, path)
    with pytest.raises(InputError, match=rf"t\.parquet: {message}"):
        check_table(path, TableKind.FIGURES)


def test_files_that_are_no_parquet(tmp_path: Path) -> None:
    good = tmp_path / "good.parquet"
    write_table(good, TableKind.EVENTS, events(5000), metadata={})
    content = good.read_bytes()
    for name, bad in {
        "cut": content[:-9],
        "empty": b"",
        "text": b"PAR1 or not",
        "half": content[: len(content) // 2],
    }.items():
        (tmp_path / name).write_bytes(bad)
        for read in (lambda path: check_table(path, TableKind.EVENTS), read_metadata, read_rows):
            with pytest.raises(InputError, match=f"{name} is no Parquet file or is damaged"):
                read(tmp_path / name)
    (tmp_path / "spoilt").write_bytes(content[:100] + bytes(2000) + content[2100:])
    with pytest.raises(InputError, match="spoilt is no Parquet file or is damaged"):
        list(read_rows(tmp_path / "spoilt"))
    with pytest.raises(NotFoundError, match="absent does not exist"):
        check_table(tmp_path / "absent", TableKind.EVENTS)
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="holds no file"):
        read_metadata(tmp_path / "folder")


PEAK = """
import sys
from pathlib import Path
from marsad.evidence.common import write_table
from marsad.model import TableKind
rows = ({"record": f"{n:032}", "dataset": "d", "row": n, "verbatim": f"{n} " * 60} for n in range(int(sys.argv[1])))
write_table(Path(sys.argv[2]), TableKind.EVENTS, rows, metadata={})
# Not by getrusage: that also counts what the process that started this one held.
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024)
"""


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    def peak(count: int) -> float:
        command = [sys.executable, "-c", PEAK, str(count), str(tmp_path / "t.parquet")]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert peak(400_000) < peak(100_000) + 60
