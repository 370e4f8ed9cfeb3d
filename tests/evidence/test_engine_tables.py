"""Columns go between Arrow, NumPy and Python as pyarrow itself would take them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.evidence.engine.tables import (
    arrow_column,
    compact_table,
    filled,
    joined,
    no_values,
    numpy_column,
    repeated,
    replaced,
    taken,
    with_gaps,
)

KINDS = [st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**63), 2**63 - 1), st.booleans()]


@pytest.mark.parametrize("kind", [*KINDS, st.floats(allow_nan=False)])
@given(data=st.data())
def test_lists_become_what_they_are(kind: st.SearchStrategy[Any], data: st.DataObject) -> None:
    values = data.draw(st.lists(kind | st.none(), min_size=1))
    found = arrow_column(values)
    found.validate(full=True)
    assert found.to_pylist() == values


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.bool_(), pa.int32(), pa.date32()])
@given(data=st.data())
def test_columns_come_back_with_nan_for_gaps(kind: pa.DataType, data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.none() | st.integers(0, 1), max_size=40))
    whole = pa.array(numbers, pa.int32()).cast(kind)
    cut = data.draw(st.integers(0, len(numbers)))
    column = pa.chunked_array([whole.slice(0, cut), whole.slice(cut)])
    wanted = np.array([np.nan if value is None else value for value in numbers], dtype=np.float64)
    np.testing.assert_array_equal(numpy_column(column).astype(np.float64), wanted)
    np.testing.assert_array_equal(numpy_column(whole.slice(cut)).astype(np.float64), wanted[cut:])


def test_parts_are_joined() -> None:
    assert joined([arrow_column(["a"]), arrow_column([]), arrow_column(["b", None])]).to_pylist() == ["a", "b", None]
    assert joined([np.arange(2), np.arange(1)]).tolist() == [0, 1, 0]


WORDS = st.lists(st.none() | st.sampled_from(["", "a", "b", "é"]), max_size=12)


@given(parts=st.lists(WORDS, max_size=4), coded=st.booleans())
def test_batches_become_one_table(parts: list[list[str | None]], coded: bool) -> None:  # noqa: FBT001 - of Hypothesis
    schema = pa.schema([("word", pa.string()), ("n", pa.int64())])
    batches = [
        pa.record_batch([pa.array(part, pa.string()), pa.array(range(len(part)), pa.int64())], schema=schema)
        for part in parts
    ]
    found = compact_table(batches, schema, {"word"} if coded else ())
    words = [word for part in parts for word in part]
    assert found.column_names == (["word", "n"] if not words or any(w is not None for w in words) else ["n"])
    if "word" in found.column_names:
        assert found.column("word").to_pylist() == words
        rows = np.arange(len(words))[::-1]
        back = taken(found.column("word"), rows)
        assert back.type == pa.string()
        assert back.to_pylist() == words[::-1]
    assert found.column("n").to_pylist() == [n for part in parts for n in range(len(part))]


@given(words=st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8), others=WORDS)
def test_texts_that_come_again_and_texts_that_stand_in(words: list[str], others: list[str | None]) -> None:
    column = pa.chunked_array([pa.array(words[:3], pa.string()), pa.array(words[3:], pa.string())])
    assert repeated(column).tolist() == [words.count(word) > 1 for word in words]
    rows = np.flatnonzero(repeated(column))
    new = [f"{words[row]}!" for row in rows.tolist()]
    assert replaced(column, rows, new).to_pylist() == [f"{w}!" if words.count(w) > 1 else w for w in words]
    first, second = pa.array(others, pa.string()), pa.array(["z"] * len(others), pa.string())
    for gaps in (first, first.dictionary_encode()):
        assert filled(gaps, second).to_pylist() == ["z" if word is None else word for word in others]


def test_columns_without_values_and_numbers_with_gaps() -> None:
    assert no_values("date", 2).equals(pa.nulls(2, pa.date32()))
    assert with_gaps(np.array([1.5, np.nan])).to_pylist() == [1.5, None]
