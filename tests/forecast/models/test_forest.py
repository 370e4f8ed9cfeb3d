"""The forest: its leaves hold what a loop finds, its forecasts are scaled, and it does not look ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.forecast import Conflictology, Panel, run_backtest
from marsad.forecast.interface import even_levels
from marsad.forecast.models import Forest
from marsad.forecast.models.forest import LONGEST_STEP, _quantiles
from marsad.forecast.models.histories import level

MONTHS = 168


def _panel(values: np.ndarray) -> Panel:
    units = tuple(f"u{row}" for row in range(len(values)))
    return Panel("deaths", units, 480, values.astype(np.float64), ("v",), np.zeros(values.shape, np.int16))


def _step(month: int) -> int:
    return 1 + (5 * (month - 24) + (month - 24) // 14) % 14


@pytest.fixture(scope="module")
def seasonal() -> Panel:
    """Violence from June to August only, at levels of their own, and a unit in four without any."""
    rng = np.random.default_rng(1)
    summer = np.isin(np.arange(480, 480 + MONTHS) % 12, (5, 6, 7))
    levels = np.repeat([0.0, 10.0, 40.0, 90.0], 6)[:, None]
    return _panel(rng.poisson(levels * summer))


@given(st.lists(st.tuples(st.floats(-3, 3, width=32), st.integers(0, 4)), min_size=1, max_size=60))
def test_the_quantiles_of_a_leaf_are_those_of_its_rows(rows: list[tuple[float, int]]) -> None:
    rows.sort(key=lambda row: row[0])
    targets, leaves = (np.array(column) for column in zip(*rows, strict=True))
    found = _quantiles(targets.astype(np.float32), leaves)
    levels = even_levels(40)
    for leaf in range(leaves.max() + 1):
        inside = np.sort(targets[leaves == leaf]) if (leaves == leaf).any() else targets
        assert found[leaf].tolist() == [float(np.float32(inside[int(place * len(inside))])) for place in levels]


def test_fewer_than_forty_rows_are_one_leaf_whose_ratios_are_scaled_to_the_own_level() -> None:
    rng = np.random.default_rng(2)
    panel = _panel(rng.negative_binomial(2, [[0.02], [0.2], [0.004]], (3, 40)))
    found = np.sort(Forest().fit(panel, panel.last).draw([5], 40, 0)[:, 0], axis=-1)
    history, last = level(panel.values), panel.values.shape[1]
    rows = [(unit, month, _step(month)) for unit in range(3) for month in range(24, last)]
    ratios = [
        (1 + panel.values[unit, month + step]) / (1 + history[unit, month])
        for unit, month, step in rows
        if month + step < last
    ]
    assert 10 < len(ratios) < 40
    chosen = np.sort(ratios)[np.floor(even_levels(40) * len(ratios)).astype(int)]
    expected = np.maximum(chosen * (1 + history[:, -1:]) - 1, 0)
    assert np.abs(found - expected).max() <= 0.5 + 1e-3 * expected.max()


def test_seasons_are_learnt(seasonal: Panel) -> None:
    models = (Forest(least=10), Conflictology())
    found = run_backtest(seasonal, [*models], origins=[620, 625], steps=range(3, 15), draws=100)
    own, other = (float(np.nanmean(score)) for score in found.scores["crps"])
    assert own < 0.5 * other


def test_what_is_ten_times_as_much_is_forecast_ten_times_as_high() -> None:
    rng = np.random.default_rng(3)
    shape = np.exp(np.cumsum(rng.normal(0, 0.2, (20, MONTHS)), axis=1).clip(-1, 1))
    values = np.rint(shape * 200)
    values[10:] = 10 * values[:10]
    found = Forest().fit(_panel(values), 480 + MONTHS - 1).draw([3, 9], 200, 0)
    assert np.median(found[10:]) / np.median(found[:10]) == pytest.approx(10, rel=0.25)


def test_units_that_never_had_violence_are_forecast_from_such_months() -> None:
    rng = np.random.default_rng(4)
    values = np.zeros((60, MONTHS))
    for unit, start in enumerate(rng.integers(30, MONTHS, 40)):
        values[unit, start:] = 7
    panel = _panel(values)
    followed = [
        values[unit, month + _step(month)] > 0
        for unit in range(60)
        for month in range(24, MONTHS - 14)
        if not values[unit, : month + 1].any()
    ]
    found = Forest(trees=10).fit(panel, panel.last).draw([6], 2000, 0)[40:]
    assert (found > 0).mean() == pytest.approx(np.mean(followed), abs=0.01)
    assert set(np.unique(found)) == {0, 7}


def test_the_number_of_threads_changes_nothing(seasonal: Panel) -> None:
    one, two = (Forest(trees=20, threads=threads).fit(seasonal, 600).draw([3, 14], 100, 0) for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_trees_can_be_applied_later_but_not_earlier(seasonal: Panel) -> None:
    model = Forest(trees=10)
    trees = model.learn(seasonal, 600)
    at_once, later = (trees.at(seasonal, origin).draw([3], 100, 0) for origin in (600, 606))
    np.testing.assert_array_equal(at_once, model.fit(seasonal, 600).draw([3], 100, 0))
    assert not np.array_equal(at_once, later)
    with pytest.raises(InputError, match="or later"):
        trees.at(seasonal, 599)


def test_steps_come_in_turn_and_only_known_targets_are_learnt(seasonal: Panel) -> None:
    month = np.arange(MONTHS, dtype=np.float32)
    history = np.tile(month[:, None], (24, 1, 30))
    rows, counts, units = Forest()._rows(seasonal, history)
    months, steps = rows[:, 0].astype(int), rows[:, -3].astype(int)
    assert set(steps) == set(range(1, LONGEST_STEP + 1))
    assert set((months + steps) % 12) == set(range(12))
    assert (months + steps).max() == MONTHS - 1
    np.testing.assert_array_equal(counts, seasonal.values[units, months + steps])
    assert len(Forest(rows=500)._rows(seasonal, history)[0]) <= 500


def test_later_steps_are_forecast_as_the_fourteenth(seasonal: Panel) -> None:
    found = Forest(trees=10).fit(seasonal, 600).draw([14, 26], 100, 0)  # the same month of the year
    np.testing.assert_array_equal(np.sort(found[:, 0]), np.sort(found[:, 1]))


def test_little_data_falls_back_to_what_was_seen() -> None:
    values = np.zeros((2, 40))
    values[0, 25:] = 6
    found = Forest().fit(_panel(values), 519).draw([3], 200, 0)
    assert 0 < found[0].max() < 60
    assert not Forest().fit(_panel(np.zeros((2, 10))), 489).draw([3], 20, 0).any()


@pytest.mark.parametrize("wrong", [{"trees": 0}, {"leaves": 1}, {"least": 0}, {"share": 0.0}, {"features": 1.5}])
def test_settings_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="at least one tree"):
        Forest(**wrong)  # type: ignore[arg-type]
