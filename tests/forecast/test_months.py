"""Months as running numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import ParseError
from marsad.forecast import month_number, month_text, parse_month
from marsad.forecast.months import FIRST_MONTH, LAST_MONTH


def test_january_1970_is_zero_and_views_month_one_is_january_1980() -> None:
    assert month_number(1970, 1) == 0
    assert parse_month(1) == month_number(1980, 1)
    assert parse_month("454") == parse_month(454) == parse_month(454.0) == month_number(2017, 10)


@given(st.integers(FIRST_MONTH, LAST_MONTH))
def test_every_month_is_read_as_it_is_written(number: int) -> None:
    text = month_text(number)
    assert parse_month(text) == parse_month(f"{text}-28") == parse_month(dt.date.fromisoformat(f"{text}-01")) == number
    assert parse_month(dt.datetime.fromisoformat(f"{text}-01T12:00")) == number


@pytest.mark.parametrize(
    "value",
    [
        "2017-13",
        "2017-00",
        "October 2017",
        "",
        None,
        True,
        454.5,
        float("nan"),
        201710,
        "201710",
        -5000,
        "1899-12",
        "2017-02-29",
        "2017-10-99",
    ],
)
def test_what_is_no_month_is_refused(value: object) -> None:
    with pytest.raises(ParseError, match="VIEWS"):
        parse_month(value)


@pytest.mark.parametrize("year", [1900, 1989, 2017.0, "2024"])
def test_a_year_is_not_taken_for_the_number_of_a_month(year: object) -> None:
    with pytest.raises(ParseError, match="is a year, not a month"):
        parse_month(year)
    assert parse_month(1899) == month_number(2138, 3)
