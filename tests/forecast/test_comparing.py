"""Comparing two models: the formulas, and how often luck is taken for skill."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from marsad.errors import InputError
from marsad.forecast import Backtest, Panel, compare, compare_all, published_baselines, run_backtest
from marsad.forecast.comparing import block_interval, cluster_error, ewc_error, months_interval


@pytest.fixture
def found(small: Panel) -> Backtest:
    return run_backtest(small, published_baselines(), origins=(527, 539, 551), steps=range(3, 15), draws=1000, seed=4)


def test_a_comparison_adds_up(found: Backtest) -> None:
    one = compare(found, "conflictology", "zero")
    cells = found.scores["crps"][found.index("conflictology")] - found.scores["crps"][found.index("zero")]
    assert one.cells == int((~np.isnan(cells)).sum())
    assert one.difference == pytest.approx(float(np.nanmean(cells)))
    assert one.difference == pytest.approx(one.mean - one.mean_against)
    assert one.skill == pytest.approx(1 - one.mean / one.mean_against)
    assert one.month_low < one.difference < one.month_high
    assert one.unit_low < one.difference < one.unit_high
    assert one.block_low < one.difference < one.block_high
    assert one.heaviest == "war"
    rest = np.delete(cells, found.units.index("war"), axis=1)
    assert one.without_heaviest == pytest.approx(float(np.nanmean(rest)))
    assert one.units_better + one.units_worse <= 4


def test_turned_round_it_changes_its_sign_only(found: Backtest) -> None:
    one, other = compare(found, "conflictology", "zero"), compare(found, "zero", "conflictology")
    assert one.difference == pytest.approx(-other.difference)
    assert (one.month_low, one.unit_high) == pytest.approx((-other.month_high, -other.unit_low))
    assert (one.month_p, one.unit_p) == pytest.approx((other.month_p, other.unit_p))
    assert (one.units_better, one.units_worse) == (other.units_worse, other.units_better)


def test_a_model_against_itself_differs_by_nothing(found: Backtest) -> None:
    one = compare(found, "zero", "zero")
    assert (one.difference, one.skill, one.month_p, one.unit_p) == (0, 0, 1, 1)
    assert (one.month_low, one.month_high, one.block_low, one.block_high) == (0, 0, 0, 0)


def test_all_against_one_are_rows(found: Backtest) -> None:
    rows = compare_all(found, "conflictology", score="ign")
    assert [row["model"] for row in rows] == ["zero", "last-poisson", "bootstrap-240"]
    assert {row["against"] for row in rows} == {"conflictology"}


def test_what_cannot_be_compared_is_refused(found: Backtest) -> None:
    with pytest.raises(InputError, match="No model 'magic'"):
        compare(found, "magic", "zero")
    for score in ("covered", "width", "brier_25"):
        with pytest.raises(InputError, match="not compared by"):
            compare(found, "zero", "conflictology", score=score)


def test_the_error_over_time_is_the_mean_square_of_cosines() -> None:
    """Against the definition, written out with loops, for equal counts."""
    x = np.random.default_rng(2).normal(size=48)
    error, freedom = ewc_error(x * 10, np.full(48, 10.0))
    assert freedom == 5  # floor(0.41 * 48^(2/3)) = floor(5.42)
    total = 0.0
    for j in range(1, freedom + 1):
        wave = sum((x[t] - x.mean()) * math.cos(math.pi * j * (t + 0.5) / 48) for t in range(48))
        total += (math.sqrt(2 / 48) * wave) ** 2
    assert error == pytest.approx(math.sqrt(total / freedom / 48))
    assert ewc_error(x[:3], np.ones(3)) == pytest.approx((math.nan, 0), nan_ok=True)


def _autocorrelated(rng: np.random.Generator, rho: float) -> np.ndarray:
    noise = rng.normal(size=148)
    series = np.zeros(148)
    for t in range(1, 148):
        series[t] = rho * series[t - 1] + noise[t]
    return series[100:]


def test_luck_is_seldom_taken_for_skill_in_autocorrelated_months() -> None:
    """Of 600 series without any difference a nominal 5 % test rejects at most 9 %, the ordinary t-test over 20 %."""
    rng = np.random.default_rng(8)
    ours = ordinary = 0
    for _ in range(600):
        x = _autocorrelated(rng, 0.6)
        error, freedom = ewc_error(x, np.ones(48))
        ours += abs(x.mean() / error) > stats.t.ppf(0.975, freedom)
        ordinary += stats.ttest_1samp(x, 0).pvalue < 0.05
    assert ours / 600 < 0.09
    assert ordinary / 600 > 0.2


def test_the_cluster_error_is_that_of_the_clusters_means_where_they_are_alike() -> None:
    means = np.random.default_rng(3).normal(size=30)
    assert cluster_error(means * 12, np.full(30, 12)) == pytest.approx(float(stats.sem(means)))
    assert cluster_error(np.append(means * 12, 0), np.append(np.full(30, 12), 0)) == pytest.approx(
        float(stats.sem(means))
    )
    assert math.isnan(cluster_error(np.array([1.0, 0.0]), np.array([3, 0])))


def test_blocks_keep_the_months_of_a_block_together() -> None:
    """Months that alternate around 5 in blocks of two always average to 5; singly they do not."""
    x = np.tile([0.0, 10.0], 20)
    assert block_interval(x, np.ones(40), length=2, seed=1) == pytest.approx((5, 5))
    low, high = block_interval(x, np.ones(40), length=1, seed=1)
    assert low < 4
    assert high > 6
    assert block_interval(x, np.ones(40), length=5, seed=1) == block_interval(x, np.ones(40), length=5, seed=1)
    assert block_interval(x[:3], np.ones(3), length=2, seed=1) == pytest.approx((math.nan, math.nan), nan_ok=True)


def test_the_widest_interval_is_told(found: Backtest) -> None:
    told = compare(found, "zero", "conflictology")
    ends = [(told.month_low, told.month_high), (told.block_low, told.block_high), (told.unit_low, told.unit_high)]
    low, high = told.widest
    assert (low, high) in ends
    assert high - low == max(b - a for a, b in ends)
    nan = math.nan
    only = replace(told, month_low=nan, month_high=nan, block_low=nan, block_high=nan)
    assert only.widest == (told.unit_low, told.unit_high)
    assert all(math.isnan(end) for end in replace(only, unit_low=nan, unit_high=nan).widest)


@pytest.mark.parametrize("months", [24, 48])
def test_where_nothing_differs_the_interval_over_months_seldom_says_so(months: int) -> None:
    rng, ones = np.random.default_rng(4), np.ones(months)
    wrong = np.zeros(2)
    for _ in range(300):
        sums = rng.normal(size=months)
        for place, one in enumerate((months_interval, block_interval)):
            low, high = one(sums, ones, length=12, seed=0)
            wrong[place] += not low <= 0 <= high
    share, alone = wrong / 300
    assert share <= 0.09, "nominally 0.05"
    assert alone > 0.11, "why blocks of twelve months alone are not told"


def test_the_interval_over_months_is_the_wider_of_two_at_either_end() -> None:
    sums, counts = np.random.default_rng(2).normal(0.3, 1, 40), np.full(40, 2.0)
    low, high = months_interval(sums, counts, length=12, seed=1)
    error, freedom = ewc_error(sums, counts)
    reach = stats.t.ppf(0.975, freedom) * error
    mean, block = sums.sum() / 80, block_interval(sums, counts, length=12, seed=1)
    assert (low, high) == pytest.approx((min(mean - reach, block[0]), max(mean + reach, block[1])))
    assert np.isnan(months_interval(sums[:3], counts[:3], length=12, seed=1)).all()
