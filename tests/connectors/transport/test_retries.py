from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.transport import Retries
from marsad.connectors.transport.retries import retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    now = NOW.timestamp()
    assert retry_after(None, now) is None
    assert retry_after("120", now) == 120
    assert retry_after(format_datetime(NOW + timedelta(minutes=2), usegmt=True), now) == 120
    assert retry_after(format_datetime(NOW - timedelta(minutes=2), usegmt=True), now) == 0
    assert retry_after("9" * 400, now) == math.inf


@given(st.text(max_size=40))
def test_any_retry_after_is_understood_or_ignored(text: str) -> None:
    wait = retry_after(text, NOW.timestamp())
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(1, 0.5, 1), (2, 1, 2), (4, 4, 8), (9, 30, 60), (10_000, 30, 60)]
)
def test_waits_double_up_to_their_bound(attempt: int, least: float, most: float) -> None:
    retries = Retries()
    assert retries.wait(attempt, 0.0) == least
    assert least < retries.wait(attempt, 0.5) < retries.wait(attempt, 0.999) < most


def test_which_statuses_are_tried_again() -> None:
    retries = Retries(statuses=frozenset({400}))
    assert [status for status in (200, 400, 401, 403, 404, 408, 429, 500, 503, 599) if retries.applies(status)] == [
        400,
        429,
        500,
        503,
        599,
    ]
    assert not Retries().applies(400)
