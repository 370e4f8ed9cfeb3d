"""The periods that texts of tables name."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.melting import period_of
from marsad.connectors.records import BadValue
from marsad.connectors.spec import PeriodUnit

FORMS = [
    "{y}-{m:02}",
    "{name} {y}",
    "{short} {y}",
    "{short}-{y}",
    "{y}-{short}",
    "{y} {name}",
    "{name}, {y}",
    "{NAME} {y}*",
]


@pytest.mark.parametrize("form", FORMS)
@given(year=st.integers(1950, 2050), month=st.integers(1, 12))
def test_months_in_every_writing(form: str, year: int, month: int) -> None:
    name = calendar.month_name[month]
    text = form.format(y=year, m=month, name=name, short=name[:3], NAME=name.upper())
    last = calendar.monthrange(year, month)[1]
    assert period_of(text, "Month") == {
        "period_start": dt.date(year, month, 1),
        "period_end": dt.date(year, month, last),
    }


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021*", "2021-01-01", "2021-12-31"),
        ("2021-03-05", "2021-03-05", "2021-03-05"),
        ("5 March 2021", "2021-03-05", "2021-03-05"),
        ("March 5, 2021", "2021-03-05", "2021-03-05"),
        ("2021-01/2021-06", "2021-01-01", "2021-06-30"),
        ("2021 3", "2021-03-01", "2021-03-31"),
        ("Sept 2021", "2021-09-01", "2021-09-30"),
    ],
)
def test_other_periods(text: str, start: str, end: str) -> None:
    found = period_of(text, "Month")
    assert (found["period_start"].isoformat(), found["period_end"].isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("value", "unit", "start", "end"),
    [
        (dt.datetime.fromisoformat("2021-03-01T00:00"), "month", "2021-03-01", "2021-03-31"),
        (dt.date(2021, 3, 1), "day", "2021-03-01", "2021-03-01"),
        (dt.date(2021, 3, 1), "year", "2021-01-01", "2021-12-31"),
        ("2021-03-15", "month", "2021-03-01", "2021-03-31"),
        ("2021-03", "month", "2021-03-01", "2021-03-31"),
        ("Mar-21", "month", "2021-03-01", "2021-03-31"),
        ("98 Dec", "month", "1998-12-01", "1998-12-31"),
        ("202103", "", "2021-03-01", "2021-03-31"),
        (202112, "month", "2021-12-01", "2021-12-31"),
    ],
)
def test_periods_of_a_unit(value: Any, unit: PeriodUnit, start: str, end: str) -> None:
    found = period_of(value, "Month", unit)
    assert (found["period_start"].isoformat(), found["period_end"].isoformat()) == (start, end)


def test_a_date_of_a_spreadsheet_may_stand_for_a_month() -> None:
    with pytest.raises(BadValue, match="period_unit"):
        period_of(dt.datetime.fromisoformat("2021-03-01T00:00"), "Month")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Total",
        "03/04/2021",
        "03-2021",
        "202113",
        "202100",
        "032021",
        "2021 13",
        "2021 3 5",
        "31 February 2021",
        "May",
        "Mar-21",
        "May June 2021",
        "2021 2022",
        "..",
        "2021/..",
        "Ma 2021",
    ],
)
def test_what_is_no_period_is_not_guessed(text: str) -> None:
    with pytest.raises(BadValue):
        period_of(text, "Month")
