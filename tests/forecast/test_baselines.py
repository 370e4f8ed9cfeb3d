"""The baselines, and what every model must do: see nothing after the origin, and repeat itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from marsad.errors import InputError
from marsad.forecast import Bootstrap, Conflictology, ExactlyZero, LastPoisson, Model, Panel, published_baselines
from marsad.forecast.interface import even_levels
from marsad.forecast.models import simple_models

EVERY = pytest.mark.parametrize("model", [*published_baselines(), *simple_models()], ids=lambda model: model.name)
ORIGIN = 560


@EVERY
@pytest.mark.parametrize("poison", [1e9, np.nan])
def test_the_future_changes_nothing(small: Panel, model: Model, poison: float) -> None:
    values, vintage = small.values.copy(), small.vintage.copy()
    values[:, ORIGIN - small.first + 1 :] = poison
    vintage[:, ORIGIN - small.first + 1 :] = -1 if np.isnan(poison) else 1
    poisoned = replace(small, values=values, vintage=vintage)
    fitted, other = model.fit(small, ORIGIN), model.fit(poisoned, ORIGIN)
    assert fitted.units == other.units
    assert np.array_equal(fitted.draw([1, 3, 14], 60, 7), other.draw([1, 3, 14], 60, 7), equal_nan=True)


@EVERY
def test_the_past_changes_something(small: Panel, model: Model) -> None:
    values = small.values.copy()
    values[:, ORIGIN - small.first - 11 : ORIGIN - small.first + 1] += 500
    changed = model.fit(replace(small, values=values), ORIGIN).draw([3], 200, 7)
    same = np.array_equal(changed, model.fit(small, ORIGIN).draw([3], 200, 7), equal_nan=True)
    assert same == isinstance(model, ExactlyZero)


@EVERY
def test_draws_are_whole_counts_of_the_right_shape_and_follow_their_seed(small: Panel, model: Model) -> None:
    fitted = model.fit(small, ORIGIN)
    one = fitted.draw([3, 1], 50, 7)
    assert one.shape == (4, 2, 50)
    assert np.isfinite(one).all()
    assert (one >= 0).all()
    assert np.array_equal(one, np.floor(one))
    assert np.array_equal(one, fitted.draw([3, 1], 50, 7))
    if not isinstance(model, ExactlyZero):
        assert not np.array_equal(one, fitted.draw([3, 1], 50, 8))


@EVERY
@pytest.mark.parametrize(("steps", "n"), [([], 10), ([0], 10), ([1, 1], 10), ([1], 0)])
def test_what_cannot_be_drawn_is_refused(small: Panel, model: Model, steps: list[int], n: int) -> None:
    with pytest.raises(InputError, match=r"Steps ahead|at least one"):
        model.fit(small, ORIGIN).draw(steps, n, 1)


def test_zero_is_zero(small: Panel) -> None:
    assert not ExactlyZero().fit(small, ORIGIN).draw([1], 5, 0).any()


def test_the_last_value_is_the_mean_of_a_poisson(small: Panel) -> None:
    found = LastPoisson().fit(small, ORIGIN).draw([3], 4000, 0)[1, 0]
    rate = small.values[1, ORIGIN - small.first]
    assert not found[found != np.floor(found)].size
    assert abs(found.mean() - rate) < 4 * np.sqrt(rate / 4000)
    assert 0.9 < found.var() / rate < 1.1


def test_a_gap_at_the_origin_has_no_last_value(small: Panel) -> None:
    found = LastPoisson().fit(small, 536).draw([3], 5, 0)
    assert np.isnan(found[3]).all()
    assert not np.isnan(found[:3]).any()


def test_conflictology_draws_each_of_the_last_months_equally_often(small: Panel) -> None:
    fitted = Conflictology().fit(small, ORIGIN)
    window = small.values[:, ORIGIN - small.first - 11 : ORIGIN - small.first + 1]
    for n, most in ((12, 1), (120, 10)):
        found = fitted.draw([3, 9], n, 0)
        for unit in range(4):
            for step in range(2):
                own = Counter(window[unit].tolist())
                assert Counter(found[unit, step].tolist()) == {value: most * k for value, k in own.items()}
    thousand = fitted.draw([3], 1000, 0)[1, 0]
    counts = Counter(thousand.tolist())
    own = Counter(window[1].tolist())
    assert all(abs(counts[value] - 1000 / 12 * k) < 1 for value, k in own.items())


def test_conflictology_leaves_gaps_out_and_has_no_forecast_from_gaps_alone(small: Panel) -> None:
    found = Conflictology(3).fit(small, 537).draw([1], 6, 0)
    assert set(found[3, 0].tolist()) == {small.values[3, 537 - small.first]}
    assert np.isnan(Conflictology(2).fit(small, 536).draw([1], 6, 0)[3]).all()


def test_the_bootstrap_draws_from_all_units_alike(small: Panel) -> None:
    fitted = Bootstrap(24).fit(small, ORIGIN)
    window = small.values[:, ORIGIN - small.first - 23 : ORIGIN - small.first + 1]
    pool = window[~np.isnan(window)]
    found = fitted.draw([1], 5000, 0)
    for unit in range(4):
        assert set(found[unit, 0].tolist()) <= set(pool.tolist())
        assert stats.ks_2samp(found[unit, 0], pool).pvalue > 1e-3


def test_names_tell_the_settings_and_windows_need_a_month() -> None:
    assert [model.name for model in published_baselines()] == ["zero", "last-poisson", "conflictology", "bootstrap-240"]
    assert Conflictology(6).name == "conflictology-6"
    for make in (Bootstrap, Conflictology):
        with pytest.raises(InputError, match="at least one"):
            make(0)


def test_even_levels_are_the_middles_of_equal_parts() -> None:
    assert even_levels(4).tolist() == [0.125, 0.375, 0.625, 0.875]
