"""The scores against brute force, against scoringrules where it is installed, and by their properties."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy import stats

from marsad.errors import InputError
from marsad.forecast import scores

Floats = NDArray[np.float64]

RNG = np.random.default_rng(11)
DRAWS = RNG.negative_binomial(0.4, 0.01, size=(7, 3, 1000)).astype(np.float64)
OBSERVED = RNG.negative_binomial(0.4, 0.01, size=(7, 3)).astype(np.float64)
OBSERVED[0, 0], OBSERVED[1, 0] = 0.0, 90_000.0

values = st.floats(0, 1e6, allow_nan=False)
ensembles = hnp.arrays(np.float64, st.integers(1, 12), elements=values)


def _crps_by_pairs(x: Floats, y: float) -> float:
    m = len(x)
    return math.fsum(abs(a - y) for a in x) / m - math.fsum(abs(a - b) for a in x for b in x) / (2 * m * m)


def _crps_by_integral(x: Floats, y: float) -> float:
    """The definition: the integral of (F(t) - [y <= t])^2, which is a step function."""
    ends = sorted({*x.tolist(), y})
    parts = itertools.pairwise(ends)
    return math.fsum((b - a) * (float(np.mean(x <= a)) - (y <= a)) ** 2 for a, b in parts)


@given(ensembles, values)
def test_the_crps_is_that_of_all_pairs_and_of_the_integral(x: Floats, y: float) -> None:
    found = float(scores.crps(x, y))
    scale = max(1.0, y, float(x.max()))
    assert found == pytest.approx(_crps_by_pairs(x, y), abs=1e-9 * scale)
    assert found == pytest.approx(_crps_by_integral(x, y), abs=1e-9 * scale)
    assert float(scores.crps_log1p(x, y)) == pytest.approx(_crps_by_pairs(np.log1p(x), math.log1p(y)), abs=1e-9)


def test_scores_are_those_of_scoringrules() -> None:
    rules = pytest.importorskip("scoringrules", reason="scoringrules is not installed")
    theirs = rules.crps_ensemble(OBSERVED, DRAWS, estimator="qd")
    np.testing.assert_allclose(scores.crps(DRAWS, OBSERVED), theirs, rtol=1e-9)
    logs = rules.crps_ensemble(np.log1p(OBSERVED), np.log1p(DRAWS), estimator="qd")
    np.testing.assert_allclose(scores.crps_log1p(DRAWS, OBSERVED), logs, rtol=1e-9)
    low, high = np.quantile(DRAWS, 0.05, axis=-1), np.quantile(DRAWS, 0.95, axis=-1)
    np.testing.assert_allclose(
        scores.interval_score(DRAWS, OBSERVED), rules.interval_score(OBSERVED, low, high, 0.1), rtol=1e-9
    )
    chance = scores.exceedance(DRAWS, 25)
    np.testing.assert_allclose(
        scores.brier(DRAWS, OBSERVED, threshold=25), rules.brier_score(OBSERVED >= 25, chance), rtol=1e-9
    )


def _ignorance_by_counting(x: Floats, y: float) -> float:
    """As the challenge's script does it: one member of each bin is added, and the members of a bin are counted."""
    bins = [0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5]
    members = [*(np.digitize(x, bins) - 1).tolist(), *range(len(bins))]
    return -math.log2(Counter(members)[int(np.digitize(y, bins)) - 1] / len(members))


def test_the_log_score_is_that_of_the_challenge() -> None:
    found = scores.ignorance(DRAWS, OBSERVED)
    for cell in np.ndindex(OBSERVED.shape):
        assert found[cell] == pytest.approx(_ignorance_by_counting(DRAWS[cell], float(OBSERVED[cell])), abs=1e-12)


@pytest.mark.parametrize("edge", [0, 0.5, 2.5, 1000.5])
def test_a_bin_holds_its_lower_end(edge: float) -> None:
    inside, below = np.full(1000, edge), np.full(1000, max(edge - 0.25, 0))
    assert float(scores.ignorance(inside, edge)) == pytest.approx(-math.log2(1001 / 1011))
    if edge:
        assert float(scores.ignorance(below, edge)) == pytest.approx(-math.log2(1 / 1011))


def test_the_log_score_needs_a_thousand_draws_none_below_zero() -> None:
    with pytest.raises(InputError, match="exactly 1000 draws, not 12"):
        scores.ignorance(np.zeros(12), 0)
    with pytest.raises(InputError, match="no bin below 0"):
        scores.ignorance(np.full(1000, -1.0), 0)
    with pytest.raises(InputError, match="rise"):
        scores.ignorance(np.zeros(1000), 0, bins=(0, 2, 2))


@given(ensembles, values, st.floats(0.01, 0.99))
def test_the_interval_score_is_its_formula(x: Floats, y: float, level: float) -> None:
    alpha = 1 - level
    low, high = np.quantile(x, alpha / 2), np.quantile(x, 1 - alpha / 2)
    expected = (high - low) + 2 / alpha * (low - y) * (y < low) + 2 / alpha * (y - high) * (y > high)
    scale = max(1.0, y, float(x.max())) / alpha
    assert float(scores.interval_score(x, y, level=level)) == pytest.approx(expected, abs=1e-9 * scale)
    inside = low <= y <= high
    if abs(y - low) > 1e-6 * scale and abs(y - high) > 1e-6 * scale:
        assert bool(scores.covered(x, y, level=level)) == inside


@given(hnp.arrays(np.float64, (4,), elements=st.integers(0, 30)), st.integers(0, 30))
def test_the_crps_is_the_sum_of_brier_scores_over_whole_thresholds(x: Floats, y: int) -> None:
    total = sum(float(scores.brier(x, y, threshold=t)) for t in range(1, 32))
    assert float(scores.crps(x, y)) == pytest.approx(total, abs=1e-12)


def test_the_true_distribution_scores_best_on_average() -> None:
    """Propriety: against 4,000 counts from one distribution, its own draws beat wrong ones on every proper score."""
    rng = np.random.default_rng(3)
    y = rng.negative_binomial(2, 0.05, size=4000).astype(np.float64)
    right = rng.negative_binomial(2, 0.05, size=1000)
    for wrong in (rng.poisson(38, 1000), rng.negative_binomial(2, 0.1, 1000), rng.negative_binomial(0.5, 0.0125, 1000)):
        for score in (scores.crps, scores.crps_log1p, scores.ignorance, scores.interval_score):
            means = [float(np.mean(score(np.broadcast_to(x, (4000, 1000)), y))) for x in (right, wrong)]
            assert means[0] < means[1]


def test_the_transform_of_a_calibrated_forecast_is_uniform_and_of_others_is_not() -> None:
    rng = np.random.default_rng(4)
    y = rng.poisson(1.5, size=3000).astype(np.float64)
    right, wrong = rng.poisson(1.5, size=(3000, 400)), rng.poisson(3.0, size=(3000, 400))
    assert stats.kstest(scores.pit(right, y, seed=1), "uniform").pvalue > 0.01
    assert stats.kstest(scores.pit(wrong, y, seed=1), "uniform").pvalue < 1e-6
    assert np.array_equal(scores.pit(right, y, seed=1), scores.pit(right, y, seed=1))


@given(ensembles, values)
def test_the_transform_lies_between_the_shares_below_and_up_to(x: Floats, y: float) -> None:
    found = float(scores.pit(x, y, seed=2))
    assert float(np.mean(x < y)) <= found <= float(np.mean(x <= y))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_cells_are_scored_one_by_one(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(7)
    for score in (scores.crps, scores.crps_log1p, scores.ignorance, scores.interval_score, scores.covered):
        whole = score(DRAWS, OBSERVED)
        np.testing.assert_array_equal(score(DRAWS[order], OBSERVED[order]), whole[order])
        assert float(score(DRAWS[2, 1], OBSERVED[2, 1])) == pytest.approx(float(whole[2, 1]), rel=1e-12)
        mixed = np.random.default_rng(seed).permuted(DRAWS, axis=-1)
        np.testing.assert_allclose(score(mixed, OBSERVED), whole, rtol=1e-9)


def test_what_is_missing_has_no_score() -> None:
    draws, observed = DRAWS.copy(), OBSERVED.copy()
    draws[0, 0, 5] = np.nan
    observed[1, 1] = np.nan
    for found in (
        scores.crps(draws, observed),
        scores.crps_log1p(draws, observed),
        scores.ignorance(draws, observed),
        scores.interval_score(draws, observed),
        scores.covered(draws, observed),
        scores.pit(draws, observed, seed=0),
        scores.brier(draws, observed, threshold=1),
    ):
        assert np.isnan(found[0, 0])
        assert np.isnan(found[1, 1])
        assert int(np.isnan(found).sum()) == 2


def test_wrong_shapes_and_values_are_refused() -> None:
    for draws, observed in (
        (np.zeros((3, 5)), np.zeros(4)),
        (np.zeros(5), np.zeros(5)),
        (np.zeros((3, 0)), np.zeros(3)),
    ):
        with pytest.raises(InputError, match=r"one axis more|at least one draw"):
            scores.crps(draws, observed)
    with pytest.raises(InputError, match="infinite"):
        scores.crps([np.inf], 0)
    with pytest.raises(InputError, match="below zero"):
        scores.crps_log1p([-1.0], 0)
    for level in (0, 1, -0.1, math.nan):
        with pytest.raises(InputError, match="between 0 and 1"):
            scores.interval([1.0], level)
