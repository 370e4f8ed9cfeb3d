"""The grid of windows: what is stable, where it falls, and cells that read in grey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.reconcile.windows import WindowResult, chart_cells, window_grid, window_rows


def result(unique: int, records: int = 100) -> WindowResult:
    return WindowResult(records, records - unique, unique)


def test_a_grid_says_where_the_result_is_stable() -> None:
    left = {(1, 0): 90, (1, 1): 80, (1, 2): 70, (2, 0): 85, (2, 1): 71, (2, 2): 70, (4, 0): 84, (4, 1): 70, (4, 2): 70}
    grid = window_grid(lambda km, days: result(left[int(km), int(days)]), kms=[4, 1, 2, 2], days=[0, 1, 2])
    assert [(cell.km, cell.days) for cell in grid.cells][:4] == [(1, 0), (1, 1), (1, 2), (2, 0)]
    assert {(cell.km, cell.days) for cell in grid.cells if cell.stable} == {(2, 2), (4, 2)}
    assert grid.cells[4].change == pytest.approx(0.14)
    assert "Between 2 and 4 km and 2 and 2 days, 2 of 9 windows" in grid.verdict
    assert grid.falls == ()
    rows = window_rows(grid)
    assert rows[0] == {
        "km": 1, "days": 0, "records": 100, "matches": 10, "unique": 90, "duplicates": 10,
        "change": pytest.approx(0.1), "stable": False, "plateau": 0,
    }  # fmt: skip


def test_a_result_that_always_changes_is_stable_nowhere() -> None:
    grid = window_grid(lambda km, days: result(100 - 5 * int(km) - 5 * int(days)), kms=range(5), days=range(5))
    assert not any(cell.stable for cell in grid.cells)
    assert "stable nowhere" in grid.verdict


def test_the_largest_of_several_plateaus_is_the_first() -> None:
    values = [90, 90, 70, 50, 50, 50]
    grid = window_grid(lambda km, _: result(values[int(km)]), kms=range(6), days=[1])
    assert [cell.plateau for cell in grid.cells] == [2, 0, 0, 0, 1, 1]


def test_a_wider_window_that_leaves_more_events_is_told() -> None:
    grid = window_grid(lambda km, _: result({1: 80, 2: 82}[int(km)]), kms=[1, 2], days=[3])
    assert grid.falls == (((1, 3), (2, 3)),)


def test_one_cell_has_no_neighbour_to_be_stable_against() -> None:
    grid = window_grid(lambda *_: result(80), kms=[4], days=[2])
    assert (grid.cells[0].change, grid.cells[0].stable) == (None, False)


def test_cells_of_the_chart_can_be_read_without_colour() -> None:
    grid = window_grid(lambda km, _: WindowResult(5000, 100, 4000 - 100 * int(km)), kms=range(11), days=[1])
    cells = chart_cells(grid)
    assert (cells[0]["text"], cells[0]["grey"], cells[0]["ink"]) == ("4,000", 0, "black")
    assert (cells[-1]["text"], cells[-1]["grey"], cells[-1]["ink"]) == ("3,000", 1, "white")


@pytest.mark.parametrize(("kms", "days"), [([], [1]), ([1], []), ([-1, 2], [1]), ([1], [float("nan")])])
def test_steps_that_make_no_sense_are_refused(kms: list[float], days: list[float]) -> None:
    with pytest.raises(InputError, match="none of them negative"):
        window_grid(lambda *_: result(1), kms=kms, days=days)


@pytest.mark.parametrize("wrong", [WindowResult(10, 0, 11), WindowResult(10, 6, 5), WindowResult(10, -1, 5)])
def test_results_that_cannot_be_are_refused(wrong: WindowResult) -> None:
    with pytest.raises(InputError, match="cannot be"):
        window_grid(lambda *_: wrong, kms=[1], days=[1])


@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_cell_is_stable_if_no_neighbour_is_far(unique: list[list[int]]) -> None:
    grid = window_grid(
        lambda km, day: result(unique[int(km)][int(day)]), kms=range(len(unique)), days=range(3), tolerance=0.1
    )
    for cell in grid.cells:
        near = [c for c in grid.cells if abs(c.km - cell.km) + abs(c.days - cell.days) == 1]
        assert cell.stable == all(abs(c.result.unique - cell.result.unique) <= 10 for c in near)
        assert (cell.plateau > 0) == cell.stable
        assert all(c.plateau == cell.plateau for c in near if c.stable and cell.stable)
