"""The simple models against brute force."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy import stats

from marsad.errors import InputError
from marsad.forecast import Conflictology, ExactlyZero, Panel, published_baselines
from marsad.forecast.models import DecayedEmpirical, LinearPool, NegativeBinomial, simple_models
from marsad.forecast.models.negative_binomial import negative_binomial_quantiles
from marsad.forecast.models.pool import shares
from marsad.forecast.models.weights import decay, weighted_mean, weighted_quantiles, weighted_variance

Floats = NDArray[np.float64]

ORIGIN = 560
rows = hnp.arrays(np.float64, (3, 9), elements=st.one_of(st.just(math.nan), st.integers(0, 50).map(float)))


def test_weights_are_one_at_the_origin_and_two_to_minus_the_power_at_the_scale() -> None:
    found = decay(13, scale=12, power=3)
    assert found[-1] == 1
    assert found[0] == pytest.approx(2**-3)
    assert (np.diff(found) > 0).all()
    for months, scale, power in ((0, 1, 1), (2000, 1, 1), (5, 0, 1), (5, 1, 0), (5, math.nan, 1)):
        with pytest.raises(InputError, match="above zero"):
            decay(months, scale=scale, power=power)


@given(rows)
def test_moments_and_quantiles_are_those_of_the_months_repeated_by_their_weights(values: Floats) -> None:
    weights = np.array([1, 1, 2, 1, 3, 4, 4, 5, 7])
    levels = np.array([0.1, 0.33, 0.5, 0.77, 0.95])
    for row, mean, variance, quantiles in zip(
        values,
        weighted_mean(values, weights.astype(float)),
        weighted_variance(values, weights.astype(float)),
        weighted_quantiles(values, weights.astype(float), levels),
        strict=True,
    ):
        repeated = np.repeat(row, weights)
        repeated = repeated[~np.isnan(repeated)]
        if not repeated.size:
            assert np.isnan([mean, variance, *quantiles]).all()
            continue
        assert mean == pytest.approx(repeated.mean())
        assert variance == pytest.approx(repeated.var(), abs=1e-9)
        expected = np.sort(repeated)[np.ceil(levels * repeated.size - 1e-9).astype(int) - 1]
        assert np.array_equal(quantiles, expected)


def test_without_cap_and_with_even_weights_the_empirical_model_is_conflictology(small: Panel) -> None:
    model = DecayedEmpirical(months=12, scale=1e12, power=1, cap=math.inf)
    found = np.sort(model.fit(small, ORIGIN).draw([3], 120, 0), axis=-1)
    assert np.array_equal(found, np.sort(Conflictology().fit(small, ORIGIN).draw([3], 120, 0), axis=-1))


def test_a_spike_is_capped_at_a_multiple_of_the_mean(small: Panel) -> None:
    origin = small.first + 62  # two months after the spike of 4,000
    model = DecayedEmpirical()
    window = small.up_to(origin).trailing(120)
    mean = weighted_mean(window, decay(window.shape[1], scale=6, power=2))[1]
    found = model.fit(small, origin).draw([3], 1000, 0)
    assert found[1].max() == math.ceil(4 * mean) < 4_000
    assert DecayedEmpirical(cap=math.inf).fit(small, origin).draw([3], 1000, 0)[1].max() == 4_000


@settings(max_examples=30)
@given(st.floats(0.01, 5_000), st.floats(1.01, 500))
def test_quantiles_of_the_negative_binomial_have_its_moments(mean: float, ratio: float) -> None:
    levels = (np.arange(20_000) + 0.5) / 20_000
    found = negative_binomial_quantiles(np.array([mean]), np.array([mean * ratio]), levels)[0]
    assert found.mean() == pytest.approx(mean, rel=0.05, abs=0.02)
    assert (np.diff(found) >= 0).all()
    middle = found[9_999]
    size, chance = mean / (ratio - 1), 1 / ratio
    assert stats.nbinom.cdf(middle, size, chance) >= 0.49995
    assert middle == 0 or stats.nbinom.cdf(middle - 1, size, chance) < 0.49998


def test_the_gamma_stands_for_large_means_and_a_small_variance_is_poisson() -> None:
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    for mean, variance in ((99_000.0, 4e9), (99_000.0, 99_000.0)):
        exact = negative_binomial_quantiles(np.array([mean]), np.array([variance]), levels)[0]
        near = negative_binomial_quantiles(np.array([mean * 1.02]), np.array([variance * 1.02**2]), levels)[0] / 1.02
        assert np.abs(exact - near).max() < 0.02 * math.sqrt(variance)
    poisson = negative_binomial_quantiles(np.array([30.0]), np.array([0.0]), levels)[0]
    assert np.abs(poisson - stats.poisson.ppf(levels, 30)).max() <= 1
    assert not negative_binomial_quantiles(np.zeros(2), np.zeros(2), levels).any()


def test_moments_of_the_draws_are_those_of_the_window(small: Panel) -> None:
    window = small.up_to(ORIGIN).trailing(120)
    weights = decay(window.shape[1], scale=6, power=2)
    found = NegativeBinomial().fit(small, ORIGIN).draw([3], 20_000, 0)[:, 0]
    assert found.mean(axis=1) == pytest.approx(weighted_mean(window, weights), rel=0.03)
    expected = np.maximum(1.5 * weighted_variance(window, weights), weighted_mean(window, weights))
    assert found[1:].var(axis=1) == pytest.approx(expected[1:], rel=0.1)
    assert not found[0].any()


@pytest.mark.parametrize("make", [DecayedEmpirical, NegativeBinomial])
def test_a_unit_without_value_in_the_window_is_forecast_from_all(small: Panel, make: type[DecayedEmpirical]) -> None:
    found = make(months=2).fit(small, 536).draw([1], 400, 0)
    assert not np.isnan(found).any()
    assert found[3].max() > 6  # its own counts are about 6; the war's are about 80
    with pytest.raises(InputError, match="nothing to draw from"):
        make(months=2).fit(small.select(["late"]), 536)


def test_settings_are_told_and_checked() -> None:
    assert (DecayedEmpirical().name, NegativeBinomial().name) == ("empirical", "negative-binomial")
    assert DecayedEmpirical(60).name == "empirical-60-6-2-4"
    assert NegativeBinomial(inflation=1).name == "negative-binomial-120-6-2-1"
    with pytest.raises(InputError, match="cap"):
        DecayedEmpirical(cap=0.5)
    with pytest.raises(InputError, match="factor"):
        NegativeBinomial(inflation=0)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=6).filter(lambda w: sum(w) > 0.01), st.integers(1, 2000))
def test_shares_add_up_and_are_near_the_weights(weights: list[float], n: int) -> None:
    found = shares(weights, n)
    assert sum(found) == n
    assert all(abs(count - weight / sum(weights) * n) < 1 for count, weight in zip(found, weights, strict=True))


def test_a_pool_has_each_model_in_its_share(small: Panel) -> None:
    pool = LinearPool("mixed", (ExactlyZero(), Conflictology()), (0.25, 0.75))
    found = pool.fit(small, ORIGIN).draw([3, 4], 400, 0)
    assert ((found[1] == 0).sum(axis=1) == 100).all()
    alone = LinearPool("one", (Conflictology(), ExactlyZero()), (1, 0)).fit(small, ORIGIN).draw([3], 120, 0)
    own = Conflictology().fit(small, ORIGIN).draw([3], 120, 0)
    assert np.array_equal(np.sort(alone), np.sort(own))
    for weights in ((1.0,), (-1.0, 2.0), (0.0, 0.0), (math.nan, 1.0)):
        with pytest.raises(InputError, match="one weight a model"):
            LinearPool("wrong", (ExactlyZero(), Conflictology()), weights)


@pytest.mark.parametrize("value", [0.001, 0.3, 1e9, 1e15])
def test_tiny_and_huge_values_give_finite_draws(small: Panel, value: float) -> None:
    values = small.values.copy()
    values[1, -30::2] = value
    panel = replace(small, values=values)
    for model in (*published_baselines(), *simple_models()):
        found = model.fit(panel, panel.last).draw([1, 14], 50, 0)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
