"""Files of draws: what is written is read again, and what is wrong is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.errors import InputError, InternalError, NotFoundError
from marsad.evidence.draws import DRAW_COLUMNS, read_draws, write_draws

DRAWS = np.arange(12.0).reshape(2, 3, 2)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "draws.parquet"
    days = [dt.date(2018, month, 1) for month in (1, 2, 3)]
    assert write_draws(path, [(["a", "b"], days, DRAWS), (["c"], days, DRAWS[:1])], metadata={"model": "m"}) == 18
    rows = pq.read_table(path).to_pylist()
    assert list(rows[0]) == list(DRAW_COLUMNS)
    assert rows[7] == {"unit": "b", "time": days[0], "draw": 1, "value": 7.0}
    found = read_draws(path)
    assert found.units == ("a", "b", "c")
    assert found.times == tuple(days)
    assert found.value.tolist() == [*range(12), *range(6)]
    assert found.metadata == {"model": "m"}
    assert [found.units[code] for code in found.unit[[0, 6, 12]]] == ["a", "b", "c"]


def test_the_same_draws_give_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet")]
    for path in paths:
        write_draws(path, [([1, 2], [457, 458, 459], DRAWS)], metadata={"seed": 1})
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "draws.parquet"
    write_draws(path, [([1], [457, 458, 459], DRAWS[:1])], metadata={})
    old = path.read_bytes()
    wrong: tuple[list[Any], ...] = (
        [([1], [457, 458, 459], DRAWS[:1]), (["x"], [457, 458, 459], DRAWS[:1])],
        [([1], [457], DRAWS)],
        [],
    )
    for blocks in wrong:
        with pytest.raises(InternalError):
            write_draws(path, blocks, metadata={})
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"unit": ["a"], "time": [1], "draw": [0]}, "the column value is not there exactly once"),
        ({"unit": ["a"], "time": [1], "draw": [0], "value": pa.array([], pa.float64())}, ""),
        ({"unit": ["a", None], "time": [1, 1], "draw": [0, 1], "value": [1.0, 2.0]}, "row 2: unit is empty"),
        ({"unit": ["a"], "time": [1], "draw": ["first"], "value": [1.0]}, "the column draw is string"),
        ({"unit": ["a"], "time": [1], "draw": [0], "value": ["many"]}, "the column value is string"),
        ({"unit": ["a"], "time": [1], "draw": [0.5], "value": [1.0]}, "the column draw is double"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, columns: dict[str, Any], message: str) -> None:
    path = tmp_path / "odd.parquet"
    if message:
        pq.write_table(pa.table(columns), path)
    else:
        pq.write_table(pa.table({name: pa.array(values)[:0] for name, values in columns.items()}), path)
        message = "no rows"
    with pytest.raises(InputError, match=message) as caught:
        read_draws(path)
    assert str(path) in str(caught.value)


def test_no_file_and_no_parquet(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="marsad forecast backtest"):
        read_draws(tmp_path / "none.parquet")
    path = tmp_path / "text.parquet"
    path.write_text("unit,time\n")
    with pytest.raises(InputError, match="no Parquet"):
        read_draws(path)


def test_what_other_programs_write_is_read(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    units = pa.array(["a", "b"]).dictionary_encode()
    columns = {
        "unit": units,
        "time": pa.array([1, 1], pa.int16()),
        "draw": [0, 0],
        "value": pa.array([1, 2], pa.int32()),
    }
    pq.write_table(pa.table({**columns, "model": ["m", "m"]}), path)
    found = read_draws(path)
    assert found.units == ("a", "b")
    assert found.value.tolist() == [1.0, 2.0]
    assert found.metadata == {}
