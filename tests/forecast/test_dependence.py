"""Coupled draws: the values of a cell stay what they are, and sums spread as they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import spearmanr

from marsad.errors import InputError
from marsad.forecast import Coupling, Panel, coupled, month_number, scores, total
from marsad.forecast.models import DecayedEmpirical

Floats = NDArray[np.float64]
STEPS = range(1, 13)


def panel_of(values: Floats) -> Panel:
    vintage = np.where(np.isnan(values), -1, 0).astype(np.int16)
    return Panel("deaths", tuple(f"unit {n}" for n in range(len(values))), 480, values.copy(), ("v",), vintage)


def cells(units: int, steps: int, n: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).negative_binomial(0.5, 0.05, (units, steps, n)).astype(np.float64)


@settings(max_examples=40, deadline=None)
@given(
    units=st.integers(1, 12),
    months=st.integers(1, 60),
    steps=st.lists(st.integers(1, 90), min_size=1, max_size=6, unique=True),
    n=st.integers(1, 40),
    seed=st.integers(0, 2**31),
)
def test_every_cell_keeps_its_draws(units: int, months: int, steps: list[int], n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.poisson(3, (units, months)).astype(np.float64)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, -1] = 1
    draws = cells(units, len(steps), n, seed)
    draws[rng.random(draws.shape[:2]) < 0.2] = np.nan
    before = draws.copy()
    found = coupled(draws, panel_of(values), 480 + months - 1, steps, seed=seed)
    assert np.array_equal(np.sort(found, axis=-1), np.sort(draws, axis=-1), equal_nan=True)
    assert np.array_equal(draws, before, equal_nan=True)


def test_nothing_after_the_origin_is_looked_at(small: Panel) -> None:
    values = small.values.copy()
    values[:, 80:] = 1e6
    poisoned = Panel(small.target, small.units, small.first, values, small.vintages, small.vintage.copy())
    draws = cells(4, 12, 100)
    one, other = (coupled(draws, panel, 480 + 79, STEPS, seed=4) for panel in (small, poisoned))
    assert np.array_equal(one, other)
    assert not np.array_equal(one, coupled(draws, small, 480 + 79, STEPS, seed=5))


def test_blocks_of_units_are_ordered_as_all_together(small: Panel) -> None:
    draws = cells(4, 12, 50)
    coupling = Coupling.fit(small, small.last, STEPS)
    whole = coupling.ordered(draws, STEPS, seed=1)
    parts = [coupling.ordered(draws[[row]], STEPS, seed=1, rows=[row]) for row in (2, 0, 3, 1)]
    assert np.array_equal(np.concatenate(parts)[[1, 3, 0, 2]], whole)


def test_blocks_bounded_in_memory_do_not_change_the_order(small: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    draws = cells(4, 12, 50)
    whole = coupled(draws, small, small.last, STEPS, seed=1)
    monkeypatch.setattr("marsad.forecast.dependence._BLOCK_VALUES", 700)
    assert np.array_equal(coupled(draws, small, small.last, STEPS, seed=1), whole)


def wandering(units: int, months: int, rng: np.random.Generator, start: Floats | None = None) -> tuple[Floats, Floats]:
    """Counts around levels that wander, and the logarithms of the last levels."""
    now = rng.normal(3, 1, units) if start is None else start
    found = np.empty((units, months))
    for month in range(months):
        now = 3 + 0.95 * (now - 3) + 0.3 * rng.standard_normal(units)
        found[:, month] = rng.poisson(np.exp(now))
    return found, now


def test_sums_over_months_spread_as_in_the_process_that_made_the_panel() -> None:
    rng = np.random.default_rng(1)
    values, now = wandering(40, 150, rng)
    truth = np.stack([wandering(40, 12, rng, now)[0] for _ in range(400)], axis=-1)  # units x steps x draws: joint
    draws = rng.permuted(truth, axis=-1)
    spread = {
        name: np.median(one.sum(axis=1).std(axis=-1) / truth.sum(axis=1).std(axis=-1))
        for name, one in (("independent", draws), ("coupled", coupled(draws, panel_of(values), 629, STEPS, seed=2)))
    }
    assert spread["independent"] < 0.6
    assert 0.85 < spread["coupled"] < 1.15


def test_units_that_are_struck_together_are_drawn_together() -> None:
    rng = np.random.default_rng(2)

    def months(count: int) -> Floats:
        struck = np.where(rng.random(count) < 0.3, 60, 3)
        return rng.poisson(np.broadcast_to(struck, (30, count))).astype(np.float64)

    draws = np.stack([rng.permuted(months(500), axis=-1) for _ in STEPS], axis=1)
    found = coupled(draws, panel_of(months(240)), 719, STEPS, seed=0)
    truth = months(4000).sum(axis=0).std()
    assert draws.sum(axis=0).std(axis=-1).mean() < 0.3 * truth
    assert found.sum(axis=0).std(axis=-1).mean() > 0.75 * truth


def test_a_unit_follows_units_of_its_present_level() -> None:
    rng = np.random.default_rng(3)
    month = np.arange(121)
    wars = 100 * np.exp(np.where((month + rng.integers(0, 2, (40, 1))) % 2, 0.8, -0.8))  # one month high, one low
    quiet = 3 * np.exp(np.clip(rng.normal(0, 0.4, (40, 121)).cumsum(axis=1), -1, 1))  # months like those before
    panel = panel_of(np.concatenate((wars, quiet)))
    draws = np.tile(np.arange(600.0), (80, 2, 1))
    found = coupled(draws, panel, panel.last, [1, 2], seed=0)
    related = np.array([spearmanr(one[0], one[1]).statistic for one in found])
    assert np.median(related[:40]) < -0.5
    assert np.median(related[40:]) > 0.5


def test_a_cell_with_a_missing_draw_stays_as_it_is(small: Panel) -> None:
    draws = cells(4, 2, 9)
    draws[1, 0, 4] = np.nan
    found = coupled(draws, small, small.last, [1, 2], seed=0)
    assert np.array_equal(found[1, 0], draws[1, 0], equal_nan=True)


def test_without_a_past_the_months_hang_together_as_documented() -> None:
    draws = np.tile(np.arange(4000.0), (1, 3, 1))
    found = coupled(draws, panel_of(np.ones((1, 2))), 481, [1, 2, 6], seed=0)[0]
    for one, other, apart in ((0, 1, 1), (1, 2, 4), (0, 2, 5)):
        normal = 0.3 + 0.7 * 0.8**apart
        assert spearmanr(found[one], found[other]).statistic == pytest.approx(
            6 / np.pi * np.arcsin(normal / 2), abs=0.05
        )


def test_two_series_alone_do_not_share_their_noise() -> None:
    draws = np.tile(np.arange(2000.0), (1, 1, 1))
    one, other = (
        coupled(draws, Panel("n", (name,), 0, np.ones((1, 1)), ("v",), np.zeros((1, 1), np.int16)), 0, [1], seed=0)
        for name in ("a", "b")
    )
    assert abs(spearmanr(one[0, 0], other[0, 0]).statistic) < 0.1


def test_real_sums_of_twelve_months_are_held_by_their_intervals(views: Panel) -> None:
    panel = views.up_to(month_number(2017, 10))
    held: dict[str, list[float]] = {"independent": [], "coupled": []}
    crps: dict[str, list[float]] = {"independent": [], "coupled": []}
    for year in range(2004, 2017, 2):
        origin = month_number(year, 10)
        fitted = DecayedEmpirical().fit(panel, origin)
        draws = fitted.draw(STEPS, 300, 1)
        observed = panel.observed([origin + step for step in STEPS], fitted.units).sum(axis=1)
        active = np.nansum(panel.up_to(origin).trailing(12), axis=1) >= 25
        for name, one in (("independent", draws), ("coupled", coupled(draws, panel, origin, STEPS, seed=1))):
            sums = one.sum(axis=1)[active]
            held[name] += scores.covered(sums, observed[active]).tolist()
            crps[name] += scores.crps(sums, observed[active]).tolist()
    assert np.nanmean(held["independent"]) < 0.65
    assert np.nanmean(held["coupled"]) > 0.8
    assert np.nanmean(crps["coupled"]) < np.nanmean(crps["independent"])


def test_a_total_is_that_of_the_sums() -> None:
    draws = cells(2, 3, 200)
    found = total(draws, levels=(0.05, 0.5, 0.95), limits=(20, 1e9))
    sums = [draws[:, :, i].sum() for i in range(200)]
    assert found.mean == pytest.approx(np.mean(sums))
    assert found.quantiles == pytest.approx(np.quantile(sums, (0.05, 0.5, 0.95)))
    assert found.chances == (np.mean([one >= 20 for one in sums]), 0.0)


@pytest.mark.parametrize("draws", [np.zeros(5), np.zeros((0, 5)), np.full((2, 5), np.nan)])
def test_no_total_without_draws(draws: Floats) -> None:
    with pytest.raises(InputError, match="total"):
        total(draws, levels=(0.5,))


@pytest.mark.parametrize(
    ("shape", "steps", "origin", "told"),
    [
        ((3, 2, 5), [1, 2], 575, "4 units"),
        ((4, 3, 5), [1, 2], 575, "2 steps"),
        ((4, 2), [1, 2], 575, "draws"),
        ((4, 2, 5), [0, 1], 575, "Steps"),
        ((4, 1, 5), [1], 600, "outside"),
    ],
)
def test_what_does_not_fit_is_refused(
    small: Panel, shape: tuple[int, ...], steps: list[int], origin: int, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        coupled(np.zeros(shape), small, origin, steps, seed=0)
