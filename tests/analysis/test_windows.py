"""Windows around a month and around false turning points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.analysis.windows import placebo_windows, windows_around


def test_windows_are_as_long_as_both_sides_allow() -> None:
    values: dict[int, float | None] = {month: float(month) for month in range(10)}
    windows = windows_around(values, 6, 36)
    assert windows is not None
    assert windows.months == 3
    assert list(windows.before) == [3, 4, 5]
    assert list(windows.after) == [7, 8, 9]


def test_months_without_a_value_leave_count_and_exposure() -> None:
    windows = windows_around({0: 1.0, 1: None, 2: 9.0, 3: 4.0, 4: None}, 2, 2)
    assert windows is not None
    assert (windows.x1, windows.t1, windows.x2, windows.t2) == (1, 1, 4, 1)


def test_no_windows_at_the_edge_or_outside_or_without_values() -> None:
    values: dict[int, float | None] = {0: 1.0, 1: 1.0, 2: 1.0}
    assert windows_around(values, 0, 5) is None
    assert windows_around(values, 2, 5) is None
    assert windows_around(values, 9, 5) is None
    assert windows_around({}, 0, 5) is None
    assert windows_around({0: None, 1: 1.0, 2: 1.0}, 1, 5) is None


@given(st.integers(3, 80), st.integers(1, 78), st.integers(1, 12))
def test_false_turning_points_have_full_windows_and_do_not_touch_the_real_one(
    length: int, at: int, months: int
) -> None:
    values: dict[int, float | None] = dict.fromkeys(range(length), 1.0)
    real = windows_around(values, at, months)
    if real is None:
        return
    found = placebo_windows(values, real)
    for windows in found:
        covered = {*windows.slots_before, windows.centre, *windows.slots_after}
        assert real.centre not in covered
        assert covered <= set(values)
        assert windows.t1 == windows.t2 == real.months
    every = [
        c for c in range(length) if c - real.months >= 0 and c + real.months < length and abs(c - at) > real.months
    ]
    assert [windows.centre for windows in found] == every
