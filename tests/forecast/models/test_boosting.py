"""Hurdle gradient boosting: what it can learn, and that it does not look ahead."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.errors import InputError
from marsad.forecast import Conflictology, Panel, run_backtest
from marsad.forecast.models import Boosting

MONTHS = 168


def _panel(values: np.ndarray) -> Panel:
    units = tuple(f"u{row}" for row in range(len(values)))
    return Panel("deaths", units, 480, values.astype(np.float64), ("v",), np.zeros(values.shape, np.int16))


@pytest.fixture(scope="module")
def seasonal() -> Panel:
    """Violence from June to August only, at levels of their own, and a unit in four without any."""
    rng = np.random.default_rng(1)
    summer = np.isin(np.arange(480, 480 + MONTHS) % 12, (5, 6, 7))
    levels = np.repeat([0.0, 10.0, 40.0, 90.0], 6)[:, None]
    return _panel(rng.poisson(levels * summer))


def test_seasons_are_learnt(seasonal: Panel) -> None:
    found = run_backtest(
        seasonal,
        [Boosting(trees=60, least=20, threads=1), Conflictology()],
        origins=[620, 625],
        steps=range(3, 15),
        draws=100,
    )
    own, other = (float(np.nanmean(score)) for score in found.scores["crps"])
    assert own < 0.5 * other


def test_zeros_come_as_often_as_they_did_and_sizes_as_they_were() -> None:
    rng = np.random.default_rng(2)
    values = rng.negative_binomial(2, 0.05, (40, MONTHS)) * (rng.random((40, MONTHS)) < 0.3)
    found = Boosting(trees=40, threads=1).fit(_panel(values), 480 + MONTHS - 1).draw([4, 12], 1000, 0)
    assert (found > 0).mean() == pytest.approx((values > 0).mean(), abs=0.03)
    for level in (0.25, 0.5, 0.75):
        drawn, seen = (np.quantile(one[one > 0], level) for one in (found, values))
        assert drawn == pytest.approx(seen, rel=0.15)


def test_the_number_of_threads_changes_nothing(seasonal: Panel) -> None:
    one, two = (Boosting(trees=4, threads=threads).fit(seasonal, 600).draw([3, 14], 100, 0) for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_trees_can_be_applied_later_but_not_earlier(seasonal: Panel) -> None:
    model = Boosting(trees=5, threads=1)
    trees = model.learn(seasonal, 600)
    at_once, later = (trees.at(seasonal, origin).draw([3], 100, 0) for origin in (600, 606))
    np.testing.assert_array_equal(at_once, model.fit(seasonal, 600).draw([3], 100, 0))
    assert not np.array_equal(at_once, later)
    with pytest.raises(InputError, match="or later"):
        trees.at(seasonal, 599)


def test_rows_are_thinned_and_only_known_targets_are_learnt(seasonal: Panel) -> None:
    last = seasonal.last
    full, few = Boosting(), Boosting(rows=500)
    history = np.zeros((*seasonal.values.shape, 30), np.float32)
    for model, most in ((full, 24 * MONTHS), (few, 500)):
        rows, counts = model._rows(seasonal, history, (10, 14))
        assert 0 < len(rows) == len(counts) <= most
        assert set(rows[:, -3]) == {10, 11, 12, 13, 14}
    month = np.arange(seasonal.values.shape[1], dtype=np.float32)
    rows, counts = full._rows(seasonal, np.tile(month[:, None], (24, 1, 30)), (10, 14))
    target = rows[:, 0] + rows[:, -3]
    assert target.max() == last - seasonal.first
    unit = np.cumsum(np.diff(rows[:, 0], prepend=rows[0, 0]) < 0)  # unit by unit, months rising
    np.testing.assert_array_equal(counts, seasonal.values[unit, target.astype(int)])


def test_little_data_falls_back_to_what_was_seen() -> None:
    values = np.zeros((2, 40))
    values[0, 25:] = 6
    found = Boosting(threads=1).fit(_panel(values), 519).draw([3], 200, 0)
    assert 0 < (found[0] > 0).mean() < 1
    assert found[0].max() < 60
    assert not Boosting().fit(_panel(np.zeros((2, 10))), 489).draw([3], 20, 0).any()
