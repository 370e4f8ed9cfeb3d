"""Tolls as ranges over reports."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.analysis.tolls import Toll, toll_of, total
from marsad.model import Quantity

numbers = st.integers(0, 10_000)
quantities = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", ">", ">=", "<", "<=", "~"]), numbers),
    st.builds(lambda low, more: f"{low}..{low + more}", numbers, st.integers(1, 50)),
    st.sampled_from(["dozens", "hundreds", "several"]),
).map(Quantity.parse)


@pytest.mark.parametrize(
    ("reports", "text"),
    [
        (["60"], "60"),
        ([">50"], "50+"),
        ([">=50", "60"], "50–60+"),
        (["dozens"], "24+"),
        (["20..25"], "20–25"),
        (["<10"], "0–10"),
        (["~34"], "28–40"),
        (["1500", "1600"], "1,500–1,600"),
        (["100", "100"], "100"),
    ],
)
def test_the_range_of_reports(reports: list[str], text: str) -> None:
    assert str(toll_of(map(Quantity.parse, reports))) == text


def test_what_is_not_stated_is_no_zero() -> None:
    assert toll_of([]) is None
    assert toll_of([None]) is None
    assert total([None, None]) is None
    assert total([None, Toll(Decimal(2), Decimal(3))]) == Toll(Decimal(2), Decimal(3))


@given(st.lists(quantities, min_size=1, max_size=6), quantities)
def test_another_report_never_narrows_a_range(reports: list[Quantity], more: Quantity) -> None:
    before, after = toll_of(reports), toll_of([*reports, more])
    assert before is not None
    assert after is not None
    assert after.low <= before.low <= before.high <= after.high
    assert after.is_open >= before.is_open
    assert after == toll_of([more, *reversed(reports)])


@given(st.lists(quantities, min_size=1, max_size=6))
def test_totals_add_both_ends(reports: list[Quantity]) -> None:
    tolls = [toll_of([report]) for report in reports]
    found = total([*tolls, None])
    assert found is not None
    assert found.low == sum(toll.low for toll in tolls if toll)
    assert found.high == sum(toll.high for toll in tolls if toll)
    assert found.is_open == any(toll.is_open for toll in tolls if toll)
