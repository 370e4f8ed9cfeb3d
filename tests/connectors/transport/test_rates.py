from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.transport import Rate
from marsad.connectors.transport.rates import Limiter
from marsad.errors import ParseError


def test_a_rate_is_read() -> None:
    assert Rate.parse("1/second").bounds == ((1, 1.0),)
    assert Rate.parse("60 / minute, 5000/day").bounds == ((60, 60.0), (5000, 86_400.0))


@pytest.mark.parametrize("text", ["", "often", "0/day", "1/fortnight", "-1/day", "1/day,", "1.5/second"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        Rate.parse(text)


bounds = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([1.0, 7.0, 60.0])), min_size=1, max_size=3)


@given(bounds, st.lists(st.floats(0, 30), max_size=60))
def test_no_window_holds_more_than_its_bound(bounds: list[tuple[int, float]], gaps: list[float]) -> None:
    now = [0.0]
    limiter = Limiter(Rate(tuple(bounds)), lambda: now[0])
    begun = []
    for gap in gaps:
        now[0] += gap
        now[0] += limiter.reserve("a.org")
        begun.append(now[0])
    for count, seconds in bounds:
        for first, later in zip(begun, begun[count:], strict=False):
            assert later - first >= seconds - 1e-6


def test_hosts_do_not_wait_for_each_other_and_the_first_do_not_wait_at_all() -> None:
    limiter = Limiter(Rate.parse("2/minute"), lambda: 5.0)
    assert [limiter.reserve(host) for host in ("a", "a", "b", "a", "b", "a")] == [0, 0, 0, 60, 0, 60]


def test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_the_bound() -> None:
    now = [1_000_000.0]
    limiter = Limiter(Rate.parse("1/minute"), lambda: now[0])
    limiter.reserve("a")
    now[0] = 0.0
    assert limiter.reserve("a") == 60.0
