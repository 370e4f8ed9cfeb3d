"""Days from year, month and day apart."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors import RowAudit
from marsad.connectors.dates import days_between
from marsad.connectors.records import BadValue


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_what_is_less_exact_holds_what_is_more_exact(day: dt.date) -> None:
    exact, month, year = (
        days_between(day.year, *parts, audit=RowAudit(), row=1)
        for parts in ((day.month, day.day), (day.month, None), (None, None))
    )
    assert exact == {"date_start": day, "date_end": day, "date_precision": "day"}
    assert year["date_start"] <= month["date_start"] <= day <= month["date_end"] <= year["date_end"]
    assert (month["date_precision"], year["date_precision"]) == ("month", "year")
    assert (month["date_end"] + dt.timedelta(days=1)).day == 1
    assert (year["date_end"] - year["date_start"]).days in (364, 365)


def test_without_a_year_nothing_is_known() -> None:
    audit = RowAudit()
    assert days_between(None, 3, 4, audit=audit, row=1) == {}
    assert not audit.remarks


@pytest.mark.parametrize("parts", [(2023, 2, 29), (2023, 0, 1), (2023, 1, 0), (99, 1, 1)])
def test_no_such_day(parts: tuple[int, int, int]) -> None:
    with pytest.raises(BadValue):
        days_between(*parts, audit=RowAudit(), row=1)
