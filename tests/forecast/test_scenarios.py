"""Conditional forecasts: true ratios are found, intervals hold them as often as they say, and nothing breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from marsad.errors import InputError
from marsad.forecast import Panel
from marsad.forecast.models import MODELS
from marsad.forecast.scenarios import (
    LEAST_SEPARATE,
    SPREAD_FREEDOM,
    SPREAD_SCALE,
    Expectations,
    Window,
    conditional,
    effect_of,
    expectations,
    log_ratio,
    stated_effect,
)

FIRST, MONTHS = 600, 120
Floats = NDArray[np.float64]


def panel(values: Sequence[float | None]) -> Panel:
    row = np.array([[math.nan if value is None else value for value in values]], float)
    return Panel("deaths", ("here",), FIRST, row, ("1",), np.where(np.isnan(row), -1, 0).astype(np.int16))


def expected(values: Sequence[float | None], *, steps: int = 3) -> Expectations:
    return expectations(panel(values), MODELS["empirical"](), least=24, steps=steps, draws=60, seed=1)


def simulated(
    seed: int, ratio: float, *, spells: int, months: int = 3, spread: float = 0.0
) -> tuple[Floats, list[int]]:
    """Counts around a level that wanders, and the first months of spells in which it is multiplied by the ratio."""
    rng = np.random.default_rng(seed)
    level = np.zeros(MONTHS)
    for month in range(1, MONTHS):
        level[month] = 0.5 * level[month - 1] + 0.43 * rng.standard_normal()
    mean = 40 * np.exp(level)
    starts: list[int] = []
    while len(starts) < spells:
        start = int(rng.integers(26, MONTHS - months))
        if all(abs(start - other) > months + 1 for other in starts):
            starts.append(start)
    for start in starts:
        mean[start : start + months] *= ratio * math.exp(spread * rng.standard_normal())
    return rng.negative_binomial(5, 5 / (5 + mean)).astype(float), sorted(starts)


def windows(starts: Sequence[int], months: int = 3) -> list[list[Window]]:
    return [[Window(FIRST + start, FIRST + start + months - 1)] for start in starts]


@cache
def simulations(ratio: float, spells: int, spread: float = 0.0, *, times: int = 50) -> tuple[float, ...]:
    """Over series: how often the interval holds the ratio, the mean error, how often one is told, the mean width."""
    held, errors, told, width = [], [], [], []
    for seed in range(times):
        values, starts = simulated(seed, ratio, spells=spells, spread=spread)
        effect = effect_of(expected([*values]), windows(starts), n=200, seed=0)
        low, high = effect.interval
        held.append(low <= math.log(ratio) <= high)
        errors.append(effect.centre - math.log(ratio))
        told.append(effect.told_apart)
        width.append(high - low)
    return float(np.mean(held)), float(np.mean(errors)), float(np.mean(told)), float(np.mean(width))


@pytest.mark.parametrize(
    ("ratio", "spells", "spread", "times"),
    [(0.4, 1, 0.0, 200), (0.4, 3, 0.0, 200), (2.0, 4, 0.0, 80), (0.5, 4, 0.5, 80)],
)
def test_intervals_hold_the_true_ratio_at_least_as_often_as_they_say(
    ratio: float, spells: int, spread: float, times: int
) -> None:
    held, error, _, _ = simulations(ratio, spells, spread, times=times)
    assert held >= 0.9
    assert abs(error) < 0.1


def test_without_an_effect_few_are_told_apart_and_with_one_more_the_more_spells() -> None:
    assert simulations(1.0, 3)[2] <= 0.1
    one, three, many = (simulations(0.4, spells)[2:] for spells in (1, 3, 6))
    assert one[0] < three[0] < many[0]
    assert many[0] > 0.8
    assert one[1] > many[1]


def test_the_power_that_is_told_is_the_power_that_there_is() -> None:
    """At the fall that is told as detectable, about four in five of the series show it."""
    values, starts = simulated(1, 1.0, spells=3)
    fall = effect_of(expected([*values]), windows(starts), n=200, seed=0).detectable[0]
    found = [
        effect_of(expected([*series]), windows(places), n=200, seed=0)
        for series, places in (simulated(seed, math.exp(fall), spells=3) for seed in range(40))
    ]
    assert 0.6 <= np.mean([effect.told_apart for effect in found]) <= 1.0


def test_the_centre_is_the_mean_log_ratio_less_that_of_all_other_windows() -> None:
    values, starts = simulated(5, 0.5, spells=2)
    found = expected([*values])
    effect = effect_of(found, windows(starts), n=100, seed=0)
    own = [math.log((values[s : s + 3].sum() + 0.5) / (found.expected[s - 1 - 23, 2] + 0.5)) for s in starts]
    false = [
        math.log((values[o + 1 : o + 4].sum() + 0.5) / (found.expected[o - 23, 2] + 0.5))
        for o in range(23, MONTHS - 3)
        if all(o + 3 < s or o + 1 > s + 2 for s in starts)
    ]
    assert effect.expected_of_placebo == pytest.approx(np.mean(false))
    assert effect.spells == pytest.approx([one - np.mean(false) for one in own])
    assert effect.centre == pytest.approx(np.mean(own) - np.mean(false))
    assert list(effect.draws) == sorted(effect.draws)


def test_expectations_look_at_nothing_later() -> None:
    values, _ = simulated(2, 1.0, spells=0)
    poisoned = values.copy()
    poisoned[80:] = 1e9
    one, other = expected([*values]), expected([*poisoned])
    rows = 80 - 1 - (one.first - FIRST) + 1
    assert np.array_equal(one.expected[:rows], other.expected[:rows])
    assert not np.array_equal(one.expected[rows:], other.expected[rows:])


def test_a_spell_at_the_start_beyond_the_end_or_with_a_gap_has_no_totals() -> None:
    values: list[float | None] = [*simulated(3, 1.0, spells=0)[0]]
    values[60] = None
    found = expected(values)
    assert found.first == FIRST + 23
    for window in (Window(FIRST + 10, FIRST + 12), Window(FIRST + 23, FIRST + 24), Window(FIRST + 100, FIRST + 110)):
        assert all(map(math.isnan, found.of(window)))
    assert not math.isnan(found.of(Window(FIRST + 24, FIRST + 26))[1])
    assert math.isnan(found.of(Window(FIRST + 59, FIRST + 61))[1])
    assert math.isnan(found.of(Window(FIRST + MONTHS - 1, FIRST + MONTHS))[1])
    with pytest.raises(InputError, match="without a value"):
        effect_of(found, [[Window(FIRST + 59, FIRST + 61)]], n=10, seed=0)


def test_a_dispute_of_dates_widens_the_interval() -> None:
    values, _ = simulated(4, 1.0, spells=0)
    values[90:93], values[110:113] = 1.0, 400.0
    found = expected([*values])
    one, other = Window(FIRST + 90, FIRST + 92), Window(FIRST + 110, FIRST + 112)
    sure = effect_of(found, [[one]], avoid=[other], n=200, seed=0)
    disputed = effect_of(found, [[one, other]], n=200, seed=0)
    assert sure.centre < disputed.centre < effect_of(found, [[other]], avoid=[one], n=200, seed=0).centre
    assert np.subtract(*disputed.interval[::-1]) > 1.5 * np.subtract(*sure.interval[::-1])


def test_one_spell_leaves_the_spread_to_its_prior() -> None:
    values, starts = simulated(8, 0.5, spells=1)
    effect = effect_of(expected([*values]), windows(starts), n=100, seed=0)
    assert effect.spread == pytest.approx(SPREAD_SCALE * stats.t.ppf(0.75, SPREAD_FREEDOM), abs=0.02)


def test_spells_that_differ_make_the_interval_of_a_further_one_wider() -> None:
    values, _ = simulated(6, 1.0, spells=0)
    alike, unlike = values.copy(), values.copy()
    starts = [30, 55, 80, 105]
    for place, start in enumerate(starts):
        alike[start : start + 3] = values[start - 3 : start] * 0.5
        unlike[start : start + 3] = values[start - 3 : start] * (0.02 if place % 2 else 12.0)
    one, other = (effect_of(expected([*v]), windows(starts), n=200, seed=0) for v in (alike, unlike))
    assert other.spread > 1
    assert np.subtract(*other.interval[::-1]) > 2 * np.subtract(*one.interval[::-1])


@pytest.mark.parametrize(
    ("values", "spells", "message"),
    [
        ([5.0] * 60, [], "at least one spell"),
        ([5.0] * 60, [[]], "at least one reading"),
        ([5.0] * 30, [[Window(FIRST + 25, FIRST + 27)]], f"{LEAST_SEPARATE} are needed"),
    ],
)
def test_what_tells_no_effect_is_refused(values: list[float], spells: list[list[Window]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        effect_of(expected(values), spells, n=10, seed=0)


def test_a_series_without_a_past_or_of_two_units_is_refused() -> None:
    with pytest.raises(InputError, match="has 24 months before it"):
        expected([1.0] * 24)
    two = Panel("deaths", ("a", "b"), FIRST, np.ones((2, 60)), ("1",), np.zeros((2, 60), np.int16))
    with pytest.raises(InputError, match="of one unit"):
        expectations(two, MODELS["empirical"](), least=24, steps=3, draws=10, seed=0)


@pytest.mark.parametrize("level", [0.0, 7.0, 1e15])
def test_a_series_that_never_changes_has_a_finite_effect(level: float) -> None:
    effect = effect_of(expected([level] * 100), windows([50]), n=50, seed=0)
    assert effect.centre == pytest.approx(0, abs=1e-9)
    assert np.isfinite(effect.draws).all()
    assert not effect.told_apart


def test_the_same_seed_gives_the_same_effect() -> None:
    values, starts = simulated(7, 0.5, spells=3)
    found = expected([*values])
    one, same, other = (effect_of(found, windows(starts), n=300, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(one.draws, same.draws)
    assert not np.array_equal(one.draws, other.draws)


def test_a_stated_ratio_has_its_ends_at_5_and_95_percent() -> None:
    low, middle, high = np.exp(np.quantile(stated_effect(0.5, 1.1, 2000), [0.05, 0.5, 0.95]))
    assert low == pytest.approx(0.5, rel=0.01)
    assert middle == pytest.approx(math.sqrt(0.55), rel=0.01)
    assert high == pytest.approx(1.1, rel=0.01)
    assert np.ptp(stated_effect(2, 2, 10)) == 0
    for low, high in ((0, 1), (1, 0.5), (-1, 1), (1, math.inf), (math.nan, 1)):
        with pytest.raises(InputError, match="A ratio from"):
            stated_effect(low, high, 10)


def test_only_the_stated_months_change_and_the_mean_is_kept() -> None:
    rng = np.random.default_rng(0)
    draws = rng.negative_binomial(2, 0.05, (4, 1000)).astype(float)
    active = np.array([[False, True, True, False]])
    given = conditional(draws, [np.full(1000, math.log(0.37))], active, seed=3)
    assert np.array_equal(given[[0, 3]], draws[[0, 3]])
    assert np.array_equal(given, np.floor(given))
    assert given[1:3].mean() == pytest.approx(0.37 * draws[1:3].mean(), rel=0.02)
    assert np.array_equal(conditional(draws, [np.zeros(1000)], active, seed=3), draws)
    assert np.array_equal(given, conditional(draws, [np.full(1000, math.log(0.37))], active, seed=3))


def test_actions_in_one_month_multiply_and_each_draw_has_one_ratio() -> None:
    draws = np.full((2, 500), 1e6)
    effects = [stated_effect(0.2, 0.8, 500), np.full(500, math.log(3.0))]
    given = conditional(draws, effects, np.array([[True, True], [False, True]]), seed=0)
    assert given[1] / given[0] == pytest.approx(3, rel=1e-4)
    assert np.quantile(given[0], 0.5) / 1e6 == pytest.approx(0.4, rel=0.02)


@given(
    level=st.floats(0, 1e15),
    logs=st.lists(st.floats(-700, 700), min_size=8, max_size=8),
    months=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_draws_stay_counts(level: float, logs: list[float], months: list[bool]) -> None:
    draws = np.full((3, 8), math.floor(level))
    given = conditional(draws, [np.array(logs)], np.array([months]), seed=0)
    assert ((given >= 0) & (given <= 1e15)).all()
    assert np.array_equal(given, np.floor(given))
    assert level >= 1 or not given.any()


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="1 effects and months"):
        conditional(np.ones((2, 5)), [np.zeros(4)], np.ones((1, 2), bool), seed=0)
    with pytest.raises(InputError, match="for draws"):
        conditional(np.ones((2, 5)), [np.zeros(5)], np.ones((1, 3), bool), seed=0)


@given(st.floats(0, 1e15), st.floats(0, 1e15))
def test_log_ratios_are_finite_and_turn_their_sign(one: float, other: float) -> None:
    assert math.isfinite(float(log_ratio(one, other)))
    assert float(log_ratio(one, other)) == pytest.approx(-float(log_ratio(other, one)), abs=1e-12)
