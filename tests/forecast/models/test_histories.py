"""Running means and what else boosting sees, against loops; nothing looks ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from marsad.forecast import Panel
from marsad.forecast.models.features import FEATURES, history_features, with_step
from marsad.forecast.models.histories import fading_mean, level, months_since, running_max, running_mean

SERIES = hnp.arrays(np.float64, st.tuples(st.just(2), st.integers(1, 12)), elements=st.sampled_from([0, 1, 7, np.nan]))


@settings(max_examples=60)
@given(SERIES, st.integers(1, 15))
def test_running_values_are_those_of_a_loop(values: np.ndarray, months: int) -> None:
    means, largest = running_mean(values, months), running_max(values, months)
    fading, since = fading_mean(values, 3), months_since(values, 2, 9)
    for row, column in np.ndindex(values.shape):
        window = values[row, max(0, column - months + 1) : column + 1]
        known = window[~np.isnan(window)]
        assert means[row, column] == pytest.approx(known.mean() if known.size else np.nan, nan_ok=True)
        assert largest[row, column] == pytest.approx(known.max() if known.size else np.nan, nan_ok=True)
        past = values[row, : column + 1][::-1]
        weights = 0.5 ** (np.arange(column + 1) / 3)
        seen = ~np.isnan(past)
        expected = (weights[seen] * past[seen]).sum() / weights[seen].sum() if seen.any() else np.nan
        assert fading[row, column] == pytest.approx(expected, nan_ok=True)
        ages = np.flatnonzero(past >= 2)
        assert since[row, column] == min(ages[0] if ages.size else 9, 9)


def test_the_level_of_what_never_changes_is_what_it_is() -> None:
    assert level(np.full((1, 30), 8.0)) == pytest.approx(8)


def test_features_of_a_month_do_not_change_with_later_months(small: Panel) -> None:
    """But for the choice of the units alike, which is made once, with all that is known at the origin."""
    column = 60
    changed = small.values.copy()
    changed[:, column + 1 :] = 1e6
    own = [place for place, name in enumerate(FEATURES[:-3]) if not name.startswith("units alike")]
    before, after = history_features(small.values), history_features(changed)
    assert len(own) == len(FEATURES) - 5
    np.testing.assert_array_equal(before[:, : column + 1, own], after[:, : column + 1, own])
    assert not np.array_equal(before[:, column + 1 :, own], after[:, column + 1 :, own], equal_nan=True)


def test_units_alike_are_those_whose_ups_and_downs_go_together() -> None:
    rng = np.random.default_rng(0)
    wave = 50 + 50 * np.sin(np.arange(120) / 6)
    up, down = (np.rint(np.stack([one + rng.uniform(0, 3, 120) for _ in range(6)])) for one in (wave, 100 - wave))
    found = history_features(np.concatenate((up, down)))[..., FEATURES.index("units alike, mean of 6")]
    assert np.corrcoef(found[0], wave)[0, 1] > 0.8
    assert np.corrcoef(found[6], wave)[0, 1] < -0.8


def test_there_is_a_column_for_each_name(small: Panel) -> None:
    rows = history_features(small.values)[:, -1]
    whole = with_step(rows, np.full(4, 3), np.array([600, 603, 606, 609]))
    assert whole.shape == (4, len(FEATURES))
    assert whole[:, -1] == pytest.approx([1, 0, -1, 0], abs=1e-6)
    assert whole[:, -2] == pytest.approx([0, 1, 0, -1], abs=1e-6)
