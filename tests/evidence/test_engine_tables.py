"""Columns go between Arrow, NumPy and Python as pyarrow itself would take them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.evidence.engine.tables import arrow_column, joined, numpy_column

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
