"""One record: its fields are popped, its values get their types, and what cannot be right says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.records import BadValue, Record, as_code, as_date, as_integer, as_number, as_text


def test_a_field_counts_as_used_once_it_is_taken() -> None:
    record = Record({"a": "1", "b": " x ", "c": ""})
    assert (record.integer("a"), record.text("b")) == (1, "x")
    assert record.left == {"c": ""}
    assert record.values == {"a": "1", "b": " x ", "c": ""}


def test_texts_that_mean_not_stated_are_none() -> None:
    record = Record({"a": " n/a ", "b": float("nan"), "c": None, "d": "0"}, unstated=frozenset({"", "n/a"}))
    assert [record.pop(name) for name in "abcde"] == [None, None, None, "0", None]


@pytest.mark.parametrize(
    ("value", "expected"), [("300380.0", "300380"), (12.0, "12"), ("12.50", "12.50"), ("AFG1.0", "AFG1.0"), ("", None)]
)
def test_a_code_that_became_a_number_is_a_code_again(value: Any, expected: str | None) -> None:
    assert as_code(value) == expected


@pytest.mark.parametrize("value", ["1.5", "x", "nan", "1e400", "1,000", "--1"])
def test_what_is_no_whole_number_is_put_aside(value: str) -> None:
    with pytest.raises(BadValue, match="count"):
        as_integer("count", value)


@given(st.integers(-(2**52), 2**52))
def test_whole_numbers_come_back_in_any_writing(number: int) -> None:
    assert as_integer("n", str(number)) == as_integer("n", f" {number}.0 ") == as_integer("n", float(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number: float) -> None:
    assert as_number("n", repr(number)) == number


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_days_come_back_with_and_without_time(day: dt.date) -> None:
    for text in (day.isoformat(), f"{day.isoformat()} 00:00:00.000", f"{day.isoformat()}T00:00:00"):
        assert as_date("d", text) == day
    assert as_date("d", day.strftime("%d.%m.%Y"), "%d.%m.%Y") == day


@pytest.mark.parametrize("text", ["2023-02-30", "2023-1-1", "yesterday", "0001-01-01", "20230101"])
def test_what_is_no_day_is_put_aside(text: str) -> None:
    with pytest.raises(BadValue, match="date_start"):
        as_date("date_start", text)


@given(st.text())
def test_a_text_has_no_blanks_around_it_and_no_null_character(text: str) -> None:
    found = as_text(text)
    assert found is None or ("\0" not in found and found != "")
