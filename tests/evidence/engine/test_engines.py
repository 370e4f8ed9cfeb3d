"""What an expression gives is the same on every engine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.errors import InputError, NotFoundError
from marsad.evidence.common import write_partitioned
from marsad.evidence.engine import Engine
from marsad.evidence.engine.queries import Query
from marsad.model import TableKind


def put(path: Path, **columns: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path


def days(*values: str | None) -> pa.Array:
    return pa.array([value and dt.date.fromisoformat(value) for value in values], pa.date32())


def test_a_join_and_an_aggregate(engine: Engine, tmp_path: Path) -> None:
    events = engine.scan("events", put(tmp_path / "e.parquet", place=["a", "b", "a", None], dead=[1, 2, None, 8]))
    places = engine.table("places", {"place": ["a", "b"], "area": ["x", None]}, {"place": "string", "area": "string"})
    found = events.join(places, "place").group_by("area").aggregate(dead=lambda t: t.dead.sum(), n=lambda t: t.count())
    assert engine.collect(found) == [{"area": None, "dead": 2, "n": 1}, {"area": "x", "dead": 1, "n": 2}]


def test_whole_numbers_are_divided_alike(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=[7, -7, 7, -7, 7], b=[2, 2, -2, -2, 0]))
    b = t.b.nullif(0)
    found = engine.collect(t.select("a", "b", floor=t.a // b, ratio=t.a / b, rest=t.a % b))
    assert {(row["a"], row["b"]): (row["floor"], row["ratio"], row["rest"]) for row in found} == {
        (7, 2): (3, 3.5, 1),
        (-7, 2): (-4, -3.5, -1),
        (7, -2): (-4, -3.5, 1),
        (-7, -2): (3, 3.5, -1),
        (7, 0): (None, None, None),
    }


def test_dates_are_truncated_to_dates(engine: Engine, tmp_path: Path) -> None:
    path = put(tmp_path / "t.parquet", d=days("2023-01-01", "2024-02-29", "1500-03-05", "9999-12-31", None))
    t = engine.scan("t", path)
    found = t.select("d", w=t.d.truncate("W"), m=t.d.truncate("M"), y=t.d.truncate("Y"), n=t.d.year())
    got = {row["d"]: (row["w"], row["m"], row["y"], row["n"]) for row in engine.collect(found)}
    assert got == {
        day: (
            day - dt.timedelta(day.weekday()),
            day.replace(day=1),
            day.replace(day=1, month=1),
            day.year,
        )
        for day in got
        if day is not None
    } | {None: (None, None, None, None)}
    assert engine.collect_arrow(found).schema.field("m").type == pa.date32()


def test_days_between_dates(engine: Engine, tmp_path: Path) -> None:
    path = put(tmp_path / "t.parquet", a=days("2024-03-31", "2024-01-01"), b=days("2024-02-28", "2024-12-31"))
    t = engine.scan("t", path)
    assert [row["n"] for row in engine.collect(t.select(n=t.a.delta(t.b, unit="day")))] == [-365, 32]


def test_text_is_in_order_of_its_bytes_and_missing_values_come_first(engine: Engine, tmp_path: Path) -> None:
    words = ["b", "B", "é", "e", "", None, "zz", "پ", "𐎠", "Z", "_", "a b", "ab"]
    t = engine.scan("t", put(tmp_path / "t.parquet", word=words, n=list(range(len(words)))))
    expected = [None, *sorted((word for word in words if word is not None), key=lambda word: word.encode())]
    assert [row["word"] for row in engine.collect(t)] == expected
    assert [row["n"] for row in engine.collect(t, order_by=["n"])] == list(range(len(words)))
    found = engine.collect(t.filter(t.word > "Z").select("word"))
    assert {row["word"] for row in found} == {word for word in words if word is not None and word.encode() > b"Z"}


def test_an_order_by_an_unknown_column_is_refused(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=[1]))
    with pytest.raises(InputError, match="cannot sort by b: the columns are a"):
        engine.collect(t, order_by=["b"])


@pytest.mark.parametrize("what", ["sum", "plus"])
def test_an_overflow_is_an_error_and_never_a_wrong_number(engine: Engine, tmp_path: Path, what: str) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=[2**63 - 1, 2**63 - 1]))
    with pytest.raises(InputError, match="a number does not fit its type"):
        engine.collect(t.aggregate(s=t.a.sum()) if what == "sum" else t.select(s=t.a + t.a))


def test_sums_are_64_bit_integers_in_what_is_written_too(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=[2**53 + 1, 2**53]))
    engine.write(t.aggregate(s=t.a.sum(), mean=t.a.mean()), tmp_path / "out.parquet")
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.schema.field("s").type == pa.int64()
    assert written.column("s").to_pylist() == [2**54 + 1]


def test_columns_as_arrays(engine: Engine, tmp_path: Path) -> None:
    path = put(
        tmp_path / "t.parquet", i=[1, 2, 3], j=[4, None, 6], x=[0.5, None, 2.5], s=["a", None, "c"],
        d=days("2024-01-02", None, "1900-01-01"), b=[True, None, False],
    )  # fmt: skip
    found = engine.collect_numpy(engine.scan("t", path))
    assert {name: values.dtype.str for name, values in found.items()} == {
        "i": "<i8", "j": "<f8", "x": "<f8", "s": "|O", "d": "<M8[D]", "b": "|O",
    }  # fmt: skip
    np.testing.assert_array_equal(found["i"], [1, 2, 3])
    np.testing.assert_array_equal(found["j"], [4, np.nan, 6])
    np.testing.assert_array_equal(found["x"], [0.5, np.nan, 2.5])
    np.testing.assert_array_equal(found["d"], np.array(["2024-01-02", "NaT", "1900-01-01"], "M8[D]"))
    assert found["s"].tolist() == ["a", None, "c"]
    assert found["b"].tolist() == [True, None, False]


def test_lists_and_truths_come_back(engine: Engine, tmp_path: Path) -> None:
    path = put(tmp_path / "t.parquet", names=[["a", "b"], [], None], ok=[True, False, None])
    rows = engine.collect(engine.scan("t", path), order_by=["ok"])
    assert rows == [{"names": None, "ok": None}, {"names": [], "ok": False}, {"names": ["a", "b"], "ok": True}]


def test_a_scalar_and_a_column_are_tables_of_one_column(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=[3, 1]))
    assert engine.collect(t.a.max().name("top")) == [{"top": 3}]
    assert engine.collect(t.a) == [{"a": 1}, {"a": 3}]


HOSTILE = ["a'b", 'q"u', "a%20b", "50%", "a?b", "a[1]b", "a*b", "{a,b}", "x=1", "new\nline", "hash#", "$HOME", "ünï ö`"]


def test_hostile_names_of_files_tables_and_columns(engine: Engine, tmp_path: Path) -> None:
    for number, name in enumerate(HOSTILE):
        put(tmp_path / name / f"{name}.parquet", k=[number], **{"a`\"'; --": [name]})
    for number, name in enumerate(HOSTILE):
        table = engine.scan(name, tmp_path / name / f"{name}.parquet")
        assert engine.collect(table) == [{"k": number, "a`\"'; --": name}], name
    worst = "".join(HOSTILE)
    engine.write(table, tmp_path / worst / f"{worst}.parquet")
    assert engine.collect(engine.scan(worst, tmp_path / worst)) == engine.collect(table)
    everything = engine.scan("all", [tmp_path / name / f"{name}.parquet" for name in HOSTILE])
    assert [row["k"] for row in engine.collect(everything)] == list(range(len(HOSTILE)))


def test_hostile_partitions_come_back_on_both_engines(
    engine: Engine, duck: Engine, spark: Engine, tmp_path: Path
) -> None:
    values = [*HOSTILE, "é پ", "a/b", "..", "a:b", "back\\slash", "007", None]
    path = put(
        tmp_path / "t.parquet", part=values, year=[2020 + n % 2 for n in range(len(values))], k=range(len(values))
    )
    table = engine.scan("t", path)
    expected = engine.collect(table, order_by=["k"])
    engine.write(table, tmp_path / "parts", partition_by=["part", "year"])
    assert len(list((tmp_path / "parts").rglob("part-0.parquet"))) == len(values)
    for other in (duck, spark):
        again = other.scan("again", tmp_path / "parts")
        assert dict(again.schema().items())["year"] == ibis.dtype("int64")
        assert [
            {name: row[name] for name in ("part", "year", "k")} for row in other.collect(again, order_by=["k"])
        ] == expected
        assert other.collect(again.aggregate(n=again.count(where=again.year == 2021))) == [{"n": len(values) // 2}]


def test_a_partitioned_common_table(engine: Engine, tmp_path: Path) -> None:
    dates = [("é 1", dt.date(2023, 1, 1)), ("é 1", dt.date(2024, 1, 1)), (None, None), ("b", dt.date(2024, 5, 5))]
    rows = [{"record": str(n), "dataset": name, "date_start": day} for n, (name, day) in enumerate(dates)]
    write_partitioned(tmp_path / "events", TableKind.EVENTS, rows, by=("dataset", "year"), metadata={})
    table = engine.scan("events", tmp_path / "events")
    found = engine.collect(table.select("record", "dataset", "year"))
    assert found == [
        {"record": str(n), "dataset": name, "year": day and day.year} for n, (name, day) in enumerate(dates)
    ]


def test_writing_again_replaces_and_never_deletes_other_things(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=["x", "y"], k=[1, 2]))
    engine.write(t, tmp_path / "out", partition_by=["a"])
    engine.write(t.filter(t.a == "x"), tmp_path / "out", partition_by=["a"])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a=x"]
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"notes\.txt, which is no Parquet"):
        engine.write(t, tmp_path / "out", partition_by=["a"])
    assert (tmp_path / "out" / "notes.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(InputError, match="is a file"):
        engine.write(t, tmp_path / "t.parquet", partition_by=["a"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "t.parquet"]


def test_rows_are_written_in_order(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan(
        "t", put(tmp_path / "t.parquet", a=[n * 7919 % 1000 for n in range(1000)], k=[n % 3 for n in range(1000)])
    )
    engine.write(t, tmp_path / "out.parquet", order_by=["k"])
    written = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert written == sorted(written, key=lambda row: (row["k"], row["a"]))
    engine.write(t, tmp_path / "out", partition_by=["k"], order_by=["a"])
    one = pq.ParquetFile(tmp_path / "out" / "k=2" / "part-0.parquet").read().column("a").to_pylist()
    assert one == sorted(one)


def test_an_empty_table(engine: Engine, tmp_path: Path) -> None:
    t = engine.scan("t", put(tmp_path / "t.parquet", a=pa.array([], pa.int64()), s=pa.array([], pa.string())))
    assert engine.collect(t) == []
    assert engine.collect(t.aggregate(n=t.count(), s=t.a.sum())) == [{"n": 0, "s": None}]
    assert {name: len(values) for name, values in engine.collect_numpy(t).items()} == {"a": 0, "s": 0}
    engine.write(t, tmp_path / "out.parquet")
    engine.write(t, tmp_path / "out", partition_by=["s"])
    assert engine.collect(engine.scan("one", tmp_path / "out.parquet")) == []
    assert set(engine.scan("many", tmp_path / "out").columns) == {"a", "s"}
    assert engine.collect(engine.scan("many", tmp_path / "out")) == []


def test_files_that_cannot_be_read(engine: Engine, tmp_path: Path) -> None:
    good = put(tmp_path / "good.parquet", a=[1, 2], b=["x", "y"])
    (tmp_path / "cut.parquet").write_bytes(good.read_bytes()[:-20])
    (tmp_path / "text.parquet").write_text("a,b\n1,x\n", encoding="utf-8")
    (tmp_path / "none").mkdir()
    for name in ("cut.parquet", "text.parquet"):
        with pytest.raises(InputError, match=f"{name} is no Parquet file or is damaged"):
            engine.scan("t", [good, tmp_path / name])
    with pytest.raises(NotFoundError, match=r"absent\.parquet does not exist"):
        engine.scan("t", tmp_path / "absent.parquet")
    with pytest.raises(InputError, match="holds no file"):
        engine.scan("t", tmp_path / "none")
    with pytest.raises(InputError, match="no Parquet file was named"):
        engine.scan("t", [])


def test_files_of_different_columns_are_no_table(engine: Engine, tmp_path: Path) -> None:
    put(tmp_path / "t" / "1.parquet", a=[1], b=["x"])
    put(tmp_path / "t" / "2.parquet", b=["x"])
    with pytest.raises(InputError, match=r"2\.parquet: column a is missing here and BIGINT in"):
        engine.scan("t", tmp_path / "t")
    put(tmp_path / "t" / "2.parquet", b=["x"], a=[0.5])
    with pytest.raises(InputError, match=r"2\.parquet: column a is DOUBLE here and BIGINT in"):
        engine.scan("t", tmp_path / "t")
    put(tmp_path / "t" / "2.parquet", b=["y"], a=[5])
    assert [row["a"] for row in engine.collect(engine.scan("t", tmp_path / "t"))] == [1, 5]


def test_folders_that_would_be_misread(engine: Engine, tmp_path: Path) -> None:
    put(tmp_path / "t" / "a=1" / "1.parquet", k=[1])
    put(tmp_path / "t" / "b=1" / "1.parquet", k=[1])
    with pytest.raises(InputError, match="partitioned in several ways"):
        engine.scan("t", tmp_path / "t")
    put(tmp_path / "u" / "a=1" / "_1.parquet", k=[1])
    with pytest.raises(InputError, match="engines pass over names"):
        engine.scan("t", tmp_path / "u")
    put(tmp_path / "k=9" / "v.parquet", k=[1])
    assert engine.collect(engine.scan("t", tmp_path / "k=9" / "v.parquet")) == [{"k": 1}]


TYPES = {"name": "string", "day": "date", "n": "int64", "x": "float64", "empty": "string", "absent": "string"}


def test_files_are_read_in_order_in_their_types_and_without_empty_columns(engine: Engine, tmp_path: Path) -> None:
    path = put(
        tmp_path / "t.parquet",
        name=["é", "b", None, "b"],
        day=pa.array(["2024-02-29", None, "2024-01-01", "2023-12-31"]),
        n=[1, 2, 3, None],
        x=[1, 2, 3, 4],
        empty=pa.nulls(4, pa.string()),
        place=[4, 3, 2, 1],
        other=["x"] * 4,
    )
    found = engine.read(path, TYPES, order_by=("name", "place", "nowhere"), coded={"name"})
    assert found.column_names == ["name", "day", "n", "x"]
    assert found.column("name").type == pa.dictionary(pa.int32(), pa.string())
    assert [str(found.column(name).type) for name in ("day", "n", "x")] == ["date32[day]", "int64", "double"]
    assert found.column("name").to_pylist() == ["b", "b", "é", None]
    assert found.column("n").to_pylist() == [None, 2, 1, 3]
    assert found.column("day").to_pylist()[0] == dt.date(2023, 12, 31)


@pytest.mark.parametrize("rows", [0, 2])
def test_what_stands_for_missing_texts(engine: Engine, tmp_path: Path, rows: int) -> None:
    path = put(
        tmp_path / "t.parquet", a=pa.array(["x", None][:rows], pa.string()), n=pa.array([2, 1][:rows], pa.int64())
    )
    found = engine.read(path, {"a": "string", "b": "string"}, order_by=("n",), default={"a": "it's", "b": "y"})
    assert found.to_pydict() == {"a": ["it's", "x"][:rows], "b": ["y", "y"][:rows]}


def test_a_value_that_does_not_fit_its_type_is_told(engine: Engine, tmp_path: Path) -> None:
    late = 600_000  # found only when the first rows are there already
    path = put(tmp_path / "t.parquet", day=pa.array(["2024-12-01"] * late + ["2024-13-01"]))
    with pytest.raises(InputError, match="does not fit its type"):
        engine.read(path, {"day": "date"}, order_by=())


def test_a_partition_is_a_column_that_can_be_read(engine: Engine, tmp_path: Path) -> None:
    for part in "ab":
        put(tmp_path / "t" / f"part={part}" / "0.parquet", n=[1, 2])
    found = engine.read(tmp_path / "t", {"part": "string", "n": "int64"}, order_by=("n", "part"), coded={"part"})
    assert found.to_pydict() == {"part": ["a", "b", "a", "b"], "n": [1, 1, 2, 2]}


def test_a_query_runs_as_its_expression_on_every_engine(engine: Engine) -> None:
    def joined(left: Any, right: Any) -> Any:
        return left.mutate(m=ibis.range(0, left.times).unnest()).join(right, "n").select("n", "m", "x")

    query = Query({"l": {"n": "int64", "times": "int64"}, "r": {"n": "int64", "x": "float64"}}, joined, lambda: sql)
    sql = query.generated()
    left = {"n": np.array([1, 2, 3]), "times": np.array([2, 0, 1])}
    found = list(engine.batches(query, {"l": left, "r": {"n": np.array([3, 1]), "x": np.array([0.5, 2.0])}}))
    rows = {row for batch in found for row in zip(*(batch[name].tolist() for name in ("n", "m", "x")), strict=True)}
    assert rows == {(1, 0, 2.0), (1, 1, 2.0), (3, 0, 0.5)}
